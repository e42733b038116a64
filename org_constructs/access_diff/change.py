"""One thing that changes, and the two states between which it does."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING

from .wording import Names

if TYPE_CHECKING:
    from org_constructs.templates.description import Description


class Effect(IntEnum):
    """What a change does to access, in the order in which a reviewer should read."""

    WIDENS = 0
    """Somebody can do more, or may be able to: what cannot be told counts as this."""

    NARROWS = 1
    OTHER = 2
    """It neither gives nor takes access by itself."""


@dataclass(frozen=True)
class Change:
    """A sentence and what it means for access."""

    effect: Effect
    sentence: str
    """With each name in the marks of `wording`."""

    about: tuple[str, ...] = ()
    """The keys of the permission sets and policies whose contents a reviewer then wants to know."""


@dataclass(frozen=True)
class Sides:
    """The old and the new state, with keys in common."""

    old: Description
    new: Description
    closed: frozenset[str] = frozenset()
    """The accounts that a deploy closes when their template loses them."""

    retained: frozenset[str] = frozenset()
    """The permission sets that stay in AWS when their template loses them."""

    names: Names = field(init=False)

    def __post_init__(self) -> None:
        """Name what is in either."""
        object.__setattr__(self, "names", Names(self.old, self.new))
