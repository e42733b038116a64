"""What a check found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass
from enum import StrEnum
from functools import partial
from typing import Final


class Status(StrEnum):
    """What a finding means for a deploy; the values are part of `--json`. The worse comes later."""

    OK = "ok"
    SKIPPED = "skipped"
    """Not looked at, because of what another check found."""
    WARNING = "warning"
    """A deploy can go ahead."""
    UNKNOWN = "unknown"
    """It could not be looked at."""
    PROBLEM = "problem"
    """A deploy would fail, or do what nobody wants."""

    @property
    def severity(self) -> int:
        """How bad it is, among the others."""
        return list(Status).index(self)


@dataclass(frozen=True, kw_only=True)
class Fix:
    """What `--fix` does about a finding, once it was asked for; it takes nothing away."""

    question: str
    """What is asked first, such as `Enable TAG_POLICY?`."""

    apply: Callable[[], None]
    done: str
    """What is said then."""


@dataclass(frozen=True)
class Finding:
    """One thing that was found, why it matters, and what to do next."""

    status: Status
    code: str
    """What the kind of finding is called, such as `organization-missing`; it is part of `--json`, and stays."""

    found: str
    _: KW_ONLY
    why: str = ""
    next: tuple[str, ...] = ()
    """Commands and clicks, one of them or one after the other, as they say."""

    paste: tuple[str, ...] = ()
    """Lines for the app."""

    fix: Fix | None = None

    stops: bool = False
    """Whether the checks that need this one have nothing to look at."""


ok: Final = partial(Finding, Status.OK)
warning: Final = partial(Finding, Status.WARNING)
problem: Final = partial(Finding, Status.PROBLEM)
unknown: Final = partial(Finding, Status.UNKNOWN, stops=True)
skipped: Final = partial(Finding, Status.SKIPPED, stops=True)
