"""What a check found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


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


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that was found, why it matters, and what to do next."""

    status: Status
    found: str
    why: str = ""
    next: tuple[str, ...] = ()
    """Commands and clicks, one of them or one after the other, as they say."""

    paste: tuple[str, ...] = ()
    """Lines for the app."""

    fix: Fix | None = None

    stops: bool = False
    """Whether the checks that need this one have nothing to look at."""


def ok(found: str, *, why: str = "", next: tuple[str, ...] = (), paste: tuple[str, ...] = ()) -> Finding:  # noqa: A002 (what --json calls it)
    """Return a finding that is as it should be."""
    return Finding(status=Status.OK, found=found, why=why, next=next, paste=paste)


def warning(
    found: str,
    *,
    why: str = "",
    next: tuple[str, ...] = (),  # noqa: A002 (what --json calls it)
    paste: tuple[str, ...] = (),
    fix: Fix | None = None,
) -> Finding:
    """Return a finding that a deploy can go ahead with."""
    return Finding(status=Status.WARNING, found=found, why=why, next=next, paste=paste, fix=fix)


def problem(
    found: str,
    *,
    why: str = "",
    next: tuple[str, ...] = (),  # noqa: A002 (what --json calls it)
    paste: tuple[str, ...] = (),
    fix: Fix | None = None,
    stops: bool = False,
) -> Finding:
    """Return a finding that a deploy cannot go ahead with."""
    return Finding(status=Status.PROBLEM, found=found, why=why, next=next, paste=paste, fix=fix, stops=stops)


def unknown(found: str, *, why: str = "", next: tuple[str, ...] = ()) -> Finding:  # noqa: A002 (what --json calls it)
    """Return that something could not be looked at."""
    return Finding(status=Status.UNKNOWN, found=found, why=why, next=next, stops=True)


def skipped(found: str, *, next: tuple[str, ...] = ()) -> Finding:  # noqa: A002 (what --json calls it)
    """Return that something was not looked at."""
    return Finding(status=Status.SKIPPED, found=found, next=next, stops=True)
