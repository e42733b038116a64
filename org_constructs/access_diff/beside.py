"""What changes of the access that is in no permission set, between two times at which AWS was asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from org_constructs.templates.delegation import delegated_administrators, delegations
from org_constructs.templates.description import name_of

from .change import Change, Effect, Sides
from .wording import named

if TYPE_CHECKING:
    from org_constructs.templates.delegation import Delegation
    from org_constructs.templates.description import Description

_ROOT: Final = {
    "RootCredentialsManagement": (
        "the management account may delete what root users of member accounts sign in with",
        "the management account may no longer delete what root users of member accounts sign in with",
    ),
    "RootSessions": (
        "the management account may act as the root user of member accounts, by sts:AssumeRoot",
        "the management account may no longer act as the root user of member accounts, by sts:AssumeRoot",
    ),
}
"""What each feature of central root access allows, and how it is said when it no longer does.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user.html#id_root-user-access-management
"""


def changes_beside(sides: Sides) -> Iterator[Change]:
    """Yield what changes of entitlements of account access manager, of delegated administrators, and of root access.

    Of two templates, what they declare of it; nothing if one side alone is of templates.
    """
    yield from _resource_policy(sides)
    if sides.old.live is None and sides.new.live is None:
        yield from _declared(sides)
    if sides.old.live is None or sides.new.live is None:
        return
    old, new = (set(_sentences(side)) for side in (sides.old, sides.new))
    yield from (Change(Effect.WIDENS, f"{who} {now}") for who, now, _ in sorted(new - old))
    yield from (Change(Effect.NARROWS, f"{who} {no_longer}") for who, _, no_longer in sorted(old - new))
    before, after = sides.old.live.root_features, sides.new.live.root_features
    if before is not None and after is not None:
        for feature, (may, may_not) in _ROOT.items():
            if (feature in before) != (feature in after):
                yield Change(Effect.WIDENS, may) if feature in after else Change(Effect.NARROWS, may_not)


def _resource_policy(sides: Sides) -> Iterator[Change]:
    """Yield what changes of what the resource policy lets accounts administer.

    Whoever loses a denial may do more, as whoever gains what is allowed.
    """
    old, new = _delegations(sides.old), _delegations(sides.new)
    if (sides.old.live is None) != (sides.new.live is None) or old is None or new is None:
        return  # nobody knows, or a deploy decides
    for each in sorted(old ^ new):
        is_new = each in new
        widens = is_new != each.says.startswith("Deny")
        says = "now says" if is_new else "no longer says"
        yield Change(Effect.WIDENS if widens else Effect.NARROWS, f"the organization's resource policy {says} {each}")


def _delegations(side: Description) -> set[Delegation] | None:
    """Return what a side's resource policy says; None where nobody knows."""
    if side.live is None:
        return {said for each in side.resource_policies.values() for said in delegations(side, each)}
    policy = side.live.resource_policy
    return None if policy is None else {*delegations(side, policy.content)}


def _declared(sides: Sides) -> Iterator[Change]:
    """Yield what changes of what no deploy does, and whoever runs the doctor does: it only adds."""
    if sides.new.metadata.root_access and not sides.old.metadata.root_access:
        yield from (Change(Effect.WIDENS, f"{may}, once the doctor has enabled it") for may, _ in _ROOT.values())
    if sides.old.metadata.root_access and not sides.new.metadata.root_access:
        yield Change(
            Effect.OTHER, "central management of root users is no longer declared, which leaves it as AWS has it"
        )
    old, new = (set(_delegates(side)) for side in (sides.old, sides.new))
    for account, service in sorted(new - old):
        yield Change(Effect.WIDENS, f"account {account} {_administers(service)}, once the doctor has registered it")
    for account, service in sorted(old - new):
        yield Change(
            Effect.OTHER,
            f"account {account} is no longer declared to administer {named(service)}, which leaves it as AWS has it",
        )


def _delegates(side: Description) -> Iterator[tuple[str, str]]:
    """Yield the names of the accounts that administer services, each with the service."""
    for each in delegated_administrators(side):
        yield from ((named(name_of(side, each.account)), service) for service in each.services)


def _administers(service: str) -> str:
    return f"administers {named(service)} for the organization"


def _sentences(side: Description) -> Iterator[tuple[str, str, str]]:
    """Yield who may do something, and how that is said as long as it is so, and afterwards."""
    for entitlement in side.live.entitlements if side.live else ():
        account = named(name_of(side, entitlement.account))
        where = f"{named(entitlement.role_arn)} in {account}, by account access manager"
        yield named(name_of(side, entitlement.principal)), f"may assume {where}", f"may no longer assume {where}"
    for account, service in _delegates(side):
        administers = _administers(service)
        yield f"account {account}", administers, f"no longer {administers}"
