"""What a test expects to be refused: by its code and the values in it, not by its wording."""

from __future__ import annotations

import re
from collections import defaultdict
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import pytest

from org_constructs.refusal import Refusal
from project import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

CODES: Final = (ROOT / "docs" / "codes.md").read_text(encoding="utf-8")


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


def sentences(provocations: Iterable[Callable[[], object]]) -> Mapping[str, list[str]]:
    """What is said when each of them is refused, by code: the wordings, asserted once."""
    said: dict[str, list[str]] = defaultdict(list)
    for provoke in provocations:
        with pytest.raises(Refusal) as refused:
            provoke()
        said[refused.value.code].append(str(refused.value))
    return dict(sorted(said.items()))


def listed_codes() -> Mapping[str, list[str]]:
    """The codes of each section of docs/codes.md, which is a package, in their order."""
    _, *parts = re.split(r"^## ", CODES, flags=re.MULTILINE)
    return {
        heading: re.findall(r"^- `(.+?)`: [A-Z].+\.$", text, re.MULTILINE)
        for heading, _, text in (part.partition("\n") for part in parts)
    }
