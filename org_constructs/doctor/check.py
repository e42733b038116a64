"""What a check is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .examination import Examination
    from .finding import Finding


@dataclass(frozen=True, kw_only=True)
class Check:
    """One check; its id is part of `--json` and stays."""

    id: str
    title: str
    """What it looks at, as it is said: `the organization`."""

    look: Callable[[Examination], Iterator[Finding]]
    """Looks, and changes nothing. What AWS refuses it lets pass."""

    needs: tuple[str, ...] = ()
    """The ids of the checks that must not have failed for this one to say anything."""
