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

    from click.testing import Result

CODES: Final = (ROOT / "docs" / "codes.md").read_text(encoding="utf-8")
_MADE_UP: Final = re.compile(
    r"\b(\d{12}|o-(?!acme)[0-9a-z]{10}|p-[0-9a-z]{8,}|ou-[0-9a-z]+-[0-9a-z]{8,}"
    r"|ps-[0-9a-f]{16}|car-[0-9a-z]{8}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})\b"
)
"""Ids that the local AWS makes up anew each time."""


@contextmanager
def refuses(code: str, *values: object) -> Iterator[pytest.ExceptionInfo[Refusal]]:
    """Expect a refusal with a code, whose sentence has each of some values as an error repeats them."""
    with pytest.raises(Refusal) as refused:
        yield refused
    assert_refusal(refused.value, code, *values)


def assert_refusal(refusal: Refusal | None, code: str, *values: object) -> None:
    """Assert that there is a refusal, of what code, and with which values."""
    assert refusal is not None
    assert refusal.code == code, refusal
    assert "must be ," not in refusal.why, refusal  # a rule that nobody put in words
    for value in values:
        said = value if isinstance(value, str) else repr(value)
        assert stands_in(str(refusal), said), (said, str(refusal))


def assert_refused(result: Result, code: str, *values: str, before: str = "") -> None:
    """Assert that a command was refused what it was asked: in a sentence with the values, and the code on a line below.

    Args:
        result: How the command ended.
        code: The refusal's.
        values: What the sentence repeats.
        before: What the command wrote until then; by default nothing.
    """
    assert (result.exit_code, result.stdout) == (2, before), result.output
    *_, sentence, below = result.stderr.splitlines()
    assert sentence.startswith("Error: "), result.stderr
    assert below == f"[{code}]", result.stderr
    assert [value for value in values if value not in sentence] == []


def stands_in(sentence: str, *values: str) -> bool:
    """Whether a sentence has values in their order, each by itself, not as a part of a longer place, name or number."""
    alone = (rf"(?<![\w.\]-])(?<!\d,){re.escape(value)}(?![\w\[]|[.,-]\w)" for value in values)
    return re.search(".*?".join(alone), sentence, re.DOTALL) is not None


def without_ids(sentence: str) -> str:
    """Return a sentence as a snapshot can hold it: with no id that differs from run to run."""
    return _MADE_UP.sub("ID", sentence)


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
