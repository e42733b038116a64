"""What a rule is and what it finds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from org_constructs.templates.words import first_of

if TYPE_CHECKING:
    from org_constructs.templates.resources import Resource, Templates

_SHOWN: Final = 5


class Severity(StrEnum):
    """How much a finding matters."""

    ERROR = "error"
    """It breaks or endangers something; synth fails."""

    WARNING = "warning"
    """Reasonable people differ; synth shows it and goes on."""


@dataclass(frozen=True)
class Finding:
    """A place where a rule is broken."""

    construct: str
    """The path of the construct, or the logical id where that is not known."""

    resource: Resource | None = None
    """The resource; None where it is about a construct that is none."""

    locations: tuple[str, ...] = ()
    """What in the resource breaks it, such as `DeletionPolicy` or `Properties.InlinePolicy.Statement.0`."""

    detail: str = ""
    """What is there, as a sentence; empty where rule and locations say it all."""


def listed(names: Iterable[str], note: Callable[[str], str] = lambda _name: "") -> str:
    """Return the names, sorted, each with a note; of many, the first few and how many there are more."""
    given = sorted(names)
    return first_of([f"{each}{note(each)}" for each in given[:_SHOWN]] + given[_SHOWN:], _SHOWN)


def found(resource: Resource, *locations: str, detail: str = "") -> Finding:
    """Return a finding in a resource."""
    return Finding(resource.construct, resource, locations, detail)


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A rule: its id is API, its sentence is what people see."""

    id: str
    sentence: str
    """What is wrong where it finds something."""

    explanation: str
    """What comes of it, and what to do."""

    source: str
    find: Callable[[Templates], Iterable[Finding]]
    severity: Severity = Severity.ERROR
    details: str = ""
    """What counts exactly, where that is long: docs/rules.md has it, and findings do not."""

    def by_detail(self, templates: Templates) -> Mapping[str, Sequence[Finding]]:
        """Return what it finds; findings of which the same is to be said are together."""
        together: defaultdict[str, list[Finding]] = defaultdict(list)
        for finding in self.find(templates):
            together[finding.detail].append(finding)
        return together
