"""What was found: what drifted, with the three ways to go on, what is no drift, and what could not be looked at."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from org_constructs.matching.result import Difference
    from org_constructs.templates.description import Origin


class How(StrEnum):
    """What a way consists of, after its commands; the values are part of `--format json`, and stay."""

    RUN = "run"
    """Nothing more."""

    CHANGE_DESCRIPTION = "change-description"
    """Change the description in the app and deploy: the update writes all of it."""

    OUT_AND_IN = "out-and-in"
    """Take it, and what refers to it, out of the app and deploy; add it again and deploy."""

    OUT_AND_ADOPT = "out-and-adopt"
    """Take it, and what refers to it, out of the app and deploy; add it again, import the accounts, and deploy."""

    TAKE_OUT = "take-out"
    """Take it, and what refers to it, out of the app and deploy."""

    PASTE = "paste"
    """Paste the lines and deploy."""

    ADOPT = "paste-and-adopt"
    """Paste the lines; AWS has it already, and CloudFormation would refuse to create it: import it, then deploy."""

    ELSEWHERE = "elsewhere"
    """Neither a deploy nor a command does it alone."""

    NOTHING = "nothing"
    """There is nothing to do, or nothing that can be done."""


@dataclass(frozen=True, kw_only=True)
class Paste:
    """Lines to paste into the app."""

    place: str
    """Where they belong: `PolicyProps(name="deny-leaving")`, or the argument `assignments`."""

    lines: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Way:
    """One of the three ways to go on with something that drifted."""

    how: How = How.NOTHING
    text: str
    """What to do, or why this is no way; a sentence or several, without a full stop at the end."""

    safe: bool
    """Whether it takes away nobody's access, and stops no later deploy."""

    possible: bool = True
    """Whether it is a way at all."""

    commands: tuple[str, ...] = ()
    """What to run, in this order, before the rest."""

    pastes: tuple[Paste, ...] = ()
    """What to paste into the app."""

    @classmethod
    def run(cls, text: str, *commands: str, safe: bool = True) -> Way:
        """Return the way of commands that are all there is to do."""
        return cls(how=How.RUN, text=text, safe=safe, commands=commands)

    @classmethod
    def none(cls, why: str) -> Way:
        """Return that there is no way, and why."""
        return cls(text=why, safe=False, possible=False)


@dataclass(frozen=True)
class Drift:
    """One thing that is not as the stacks were deployed with it."""

    code: str
    """What the kind of drift is called, such as `drift-detached`; it is part of `--format json`, and stays."""

    _: KW_ONLY
    kind: str
    """What it is: `policy`, `permission set`."""

    name: str
    id: str | None
    what: str
    """What has become of it, after its kind and name: `was detached from workloads`."""

    changes: tuple[Difference, ...] = ()
    stack: str = ""
    """The name of the stack that has it; empty where none does."""

    logical_id: str = ""
    origin: Origin | None = None
    """Where it is from; None of what a stack has made."""

    take_back: Way
    """How AWS becomes as the template says."""

    take_over: Way
    """How the app becomes as AWS is."""

    leave: Way
    """What becomes of it if nobody does anything."""

    @property
    def key(self) -> str:
        """What it is told from others by, in each run the same: `--leave` takes it."""
        return f"{self.code}:{self.id or self.name}"


@dataclass(frozen=True, kw_only=True)
class Other:
    """Things that no template of these stacks has, and that are no drift: whoever has made them looks after them."""

    kind: str
    origin: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Unread:
    """Something that could not be compared."""

    code: str
    _: KW_ONLY
    what: str


@dataclass(frozen=True, kw_only=True)
class Report:
    """All that was found."""

    stacks: tuple[str, ...]
    """The names of the stacks that were compared."""

    not_deployed: tuple[str, ...]
    """The names of the others, which are not deployed yet."""

    compared: int
    """The resources of the stacks that were compared."""

    not_compared: tuple[str, ...]
    """The types of other resources of the stacks, each with a number: `2 AWS::IAM::Role`."""

    drifts: tuple[Drift, ...]
    left: tuple[Drift, ...]
    """What drifted and is to be left as it is."""

    others: tuple[Other, ...]
    unread: tuple[Unread, ...]
