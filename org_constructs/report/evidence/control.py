"""A control, and what can be told of it."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from enum import StrEnum
from typing import Any

from org_constructs.aws.cis_benchmark import TITLES


class Verdict(StrEnum):
    """What can be told of a control."""

    PASS = "pass"  # noqa: S105 (no password)
    FAIL = "fail"
    CANNOT_TELL = "cannot tell"
    """Nobody was asked who knows, or AWS would not say."""

    MANUAL = "manual"
    """No API tells: a person has to look."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a verdict rests on."""

    source: str
    """A call, such as `organizations:ListPolicies`, or a type of resource in templates."""

    answer: Any
    """What it said, as JSON; or the error of a call."""


@dataclass(frozen=True)
class Control:
    """A control, and what can be told of it."""

    id: str
    verdict: Verdict
    why: str
    """A sentence or two."""

    _: KW_ONLY
    confirm: str = ""
    """What whoever signs confirms by it, since no API tells; empty where nothing is left."""

    asked: tuple[Asked, ...] = ()

    @property
    def title(self) -> str:
        """What it is about."""
        return TITLES[self.id]
