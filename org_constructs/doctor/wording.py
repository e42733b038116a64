"""How findings list names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from org_constructs.templates.words import first_of

if TYPE_CHECKING:
    from collections.abc import Sequence

SHOWN: Final = 10
"""Names that a finding lists."""


def names_of(names: Sequence[str]) -> str:
    """Return the first names, and how many more there are."""
    return first_of(names, SHOWN)
