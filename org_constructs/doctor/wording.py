"""How findings list names, and begin sentences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from org_constructs.templates.words import first_of

if TYPE_CHECKING:
    from org_constructs.refusal import Refusal

SHOWN: Final = 10
"""Names that a finding lists."""


def names_of(names: Sequence[str]) -> str:
    """Return the first names, and how many more there are."""
    return first_of(names, SHOWN)


def begun(text: str) -> str:
    """Return a text as the beginning of a sentence."""
    return f"{text[:1].upper()}{text[1:]}"


def steps(refusal: Refusal) -> tuple[str, ...]:
    """Return what a refusal says to do, as steps."""
    return (begun(refusal.fix),) if refusal.fix else ()
