"""Which stacks a large organization is spread over, since CloudFormation limits what one may have.

docs/decisions/0010-several-stacks.md has the rules of the words that name them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeVar

from org_constructs.aws.template_size import OUTPUTS_MAX, RESOURCES_MAX

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_Key = TypeVar("_Key")

_RESOURCES: Final = RESOURCES_MAX - 20
_OUTPUTS: Final = OUTPUTS_MAX - 10
"""Some room is left, for the next ones."""


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """How much there is of everything that is made."""

    fixed: int
    """The resources that are in the baseline's own stack in any case: the organization, units, policies, sets."""

    accounts: Sequence[str]
    """The keys of the accounts that are made, those first that have to be in the baseline's own stack."""

    accounts_named: int
    """How many accounts exist already."""

    groups: int
    permission_sets: int
    people: Mapping[str, int]
    """The resources of each person, who may be made here, with the memberships."""

    people_assigned: int
    """How many of the people who are made have assignments of their own; groups are counted by themselves."""

    assignments: Sequence[int]
    """How many resources each assignment is."""


@dataclass(frozen=True, kw_only=True)
class Stacks:
    """The words of the stacks beside the baseline's own; what has none is in that."""

    accounts: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
    assignments: Mapping[int, str] = field(default_factory=dict)
    """By the places of the assignments."""


def spread(sizes: Sizes) -> Stacks:
    """Return the stacks that everything fits into: one, as long as that has room."""
    in_core = sizes.fixed + sizes.groups
    everything = in_core + len(sizes.accounts) + sum(sizes.people.values()) + sum(sizes.assignments)
    own_outputs = 4 + sizes.accounts_named
    if everything <= RESOURCES_MAX and own_outputs + len(sizes.accounts) <= OUTPUTS_MAX:
        return Stacks()
    # Assignments leave first, as nothing refers to them; what they refer to then has an output.
    outputs = own_outputs + sizes.permission_sets + sizes.groups + sizes.people_assigned
    room = max(min(_OUTPUTS - outputs, _RESOURCES - in_core), 0)
    accounts = dict(_words(dict.fromkeys(sizes.accounts[room:], 1), _OUTPUTS))
    left = _RESOURCES - in_core - min(room, len(sizes.accounts))
    people, stays = dict(sizes.people), 0
    for resources in sizes.people.values():
        if stays + resources > left:
            break
        stays += resources
        people.pop(next(iter(people)))
    numbered = dict(enumerate(sizes.assignments))
    return Stacks(
        accounts=accounts, people=dict(_words(people, _RESOURCES)), assignments=dict(_words(numbered, _RESOURCES))
    )


def _words(sizes: Mapping[_Key, int], most: int) -> Iterator[tuple[_Key, str]]:
    """Yield each thing with the word of its stack: `more`, `more2` and so on."""
    number, full = 1, 0
    for key, size in sizes.items():
        if full + size > most:
            number, full = number + 1, 0
        full += size
        yield key, "more" if number == 1 else f"more{number}"
