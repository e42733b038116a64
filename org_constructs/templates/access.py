"""Who has what where, and which policies are in force where: what follows from a description.

Statements are equal when what they name is the same to CloudFormation, whatever it is called: two relations can be
subtracted from one another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from .description import MANAGEMENT, ROOT, Description, Policy

SPARE_THE_MANAGEMENT_ACCOUNT: Final = frozenset({"SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"})
"""Types of policies that do nothing in the management account, wherever they are attached.

https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
"""


@dataclass(frozen=True, kw_only=True)
class Named:
    """Something of a description: the key is its identity, the name is for people."""

    key: str
    name: str = field(compare=False)

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, kw_only=True)
class Access:
    """What somebody has in an account, by one way."""

    who: Named
    """A user; or a group that exists already, and then everybody in it, whoever that is."""

    everybody: bool
    """Whether `who` is such a group."""

    permission_set: Named
    account: Named

    through: Named | None
    """The group that the access comes through; None where the assignment is to `who`."""

    def __str__(self) -> str:
        who = f"everybody in group {self.who}" if self.everybody else f"{self.who}"
        through = f" (through group {self.through})" if self.through else ""
        return f"{who} has {self.permission_set} in {self.account}{through}"


@dataclass(frozen=True, kw_only=True)
class PolicyInForce:
    """An Organizations policy that applies to an account, or to a unit and so to whatever comes to be in it."""

    policy: Named
    type: str
    place: Named
    """The account or the unit, or the root."""

    attached_to: Named
    """Where it is attached: the place itself, or what the place is in."""

    def __str__(self) -> str:
        inherited = "" if self.attached_to == self.place else f" (attached to {self.attached_to})"
        return f"{self.policy} applies to {self.place}{inherited}"


def effective_access(description: Description) -> frozenset[Access]:
    """Return who has what where, a statement for each way in which somebody has it.

    Nobody has anything in an account that is closed. A group that templates make has the members that templates give
    it, and gives nothing to anybody without them. A group that exists already gives it to everybody in it, and to those
    whom templates put in it by name as well.
    """
    return frozenset(_effective_access(description))


def policies_in_force(description: Description) -> frozenset[PolicyInForce]:
    """Return which policies apply where, inherited from the root and from units as well as attached.

    The root's policies apply to everything. Of a unit or an account that exists already no template says what it is
    in, so that more may apply to it. In the management account service control policies and resource control policies
    do nothing, and are none of its policies in force.
    """
    return frozenset(
        PolicyInForce(
            policy=Named(key=policy.key, name=policy.name),
            type=policy.type,
            place=place_named(description, place),
            attached_to=place_named(description, above),
        )
        for policy, place, above in applying(description)
    )


def applying(description: Description) -> Iterator[tuple[Policy, str, str]]:
    """Yield `policies_in_force` as a policy, the key of a place, and that of what the policy is attached to."""
    attached: defaultdict[str, list[Policy]] = defaultdict(list)
    for policy in description.policies.values():
        for target in policy.targets:
            attached[target].append(policy)
    for place in (ROOT, *description.organizational_units, *description.accounts):
        for above in lineage(description, place):
            for policy in attached.get(above, ()):
                if not (place == MANAGEMENT and policy.type in SPARE_THE_MANAGEMENT_ACCOUNT):
                    yield policy, place, above


def lineage(description: Description, place: str) -> tuple[str, ...]:
    """Return the keys of what a unit or an account is in, from the root down, and of itself.

    The root alone stands above what no template says the parent of.
    """
    upwards: dict[str, None] = {}
    at: str | None = place
    while at is not None and at != ROOT and at not in upwards:
        upwards[at] = None
        known = description.organizational_units.get(at) or description.accounts.get(at)
        at = known.parent if known else None
    return (ROOT, *reversed(upwards))


def place_named(description: Description, key: str) -> Named:
    """Return a unit, an account or the root with its name."""
    known = description.organizational_units.get(key) or description.accounts.get(key)
    return Named(key=key, name=known.name if known else key)


def reached(description: Description, principal: str) -> Iterator[tuple[Named, bool, Named | None]]:
    """Yield whom an assignment to the principal reaches: `who`, `everybody` and `through` of `Access`."""
    group = description.groups.get(principal)
    through = None if group is None else Named(key=principal, name=group.name)
    if group is not None and through is not None and group.only_named:
        yield through, True, None
    for user in description.people(principal):
        yield Named(key=user, name=description.users[user].name), False, through


def _effective_access(description: Description) -> Iterator[Access]:
    accounts = {key: Named(key=key, name=each.name) for key, each in description.accounts.items()}
    permission_sets = {key: Named(key=key, name=each.name) for key, each in description.permission_sets.items()}
    principals = {each.principal for each in description.assignments}
    reach = {principal: tuple(reached(description, principal)) for principal in principals}
    for assignment in description.assignments:
        if description.accounts[assignment.account].is_closed:
            continue
        for who, everybody, through in reach[assignment.principal]:
            yield Access(
                who=who,
                everybody=everybody,
                permission_set=permission_sets[assignment.permission_set],
                account=accounts[assignment.account],
                through=through,
            )
