"""What a test expects to be refused: by its code and the values in it, not by its wording."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from org_constructs.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def refuses(code: str, *values: object) -> Iterator[pytest.ExceptionInfo[Refusal]]:
    """Expect a refusal with a code, whose sentence has each of some values as an error repeats them."""
    with pytest.raises(Refusal) as refused:
        yield refused
    assert refused.value.code == code, refused.value
    for value in values:
        said = value if isinstance(value, str) else repr(value)
        assert stands_in(said, str(refused.value)), (said, str(refused.value))


def stands_in(value: str, sentence: str) -> bool:
    """Whether a sentence has a value by itself, not as a part of a longer place, name or number."""
    return re.search(rf"(?<![\w.\]-])(?<!\d,){re.escape(value)}(?![\w\[]|[.,-]\w)", sentence) is not None
