"""What changes of the access that is in no permission set, between two times at which AWS was asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from .change import Change, Effect, Sides
from .wording import named

if TYPE_CHECKING:
    from org_constructs.templates.description import Description


def changes_beside(sides: Sides) -> Iterator[Change]:
    """Yield what changes of account access manager's entitlements, and of delegated administrators.

    Nothing if one side is of templates, which speak of neither.
    """
    if sides.old.live is None or sides.new.live is None:
        return
    old, new = (set(_sentences(side)) for side in (sides.old, sides.new))
    yield from (Change(Effect.WIDENS, f"{who} {now}") for who, now, _ in sorted(new - old))
    yield from (Change(Effect.NARROWS, f"{who} {no_longer}") for who, _, no_longer in sorted(old - new))


def _sentences(side: Description) -> Iterator[tuple[str, str, str]]:
    """Yield who may do something, and how that is said as long as it is so, and afterwards."""
    for entitlement in side.live.entitlements if side.live else ():
        where = f"{named(entitlement.role_arn)} in {_name(side, entitlement.account)}, by account access manager"
        yield _name(side, entitlement.principal), f"may assume {where}", f"may no longer assume {where}"
    for each in side.live.delegated_administrators if side.live else ():
        for service in each.services:
            what = f"{named(service)} for the organization"
            yield f"account {_name(side, each.account)}", f"administers {what}", f"no longer administers {what}"


def _name(side: Description, key: str) -> str:
    for things in (side.accounts, side.users, side.groups):
        if key in things:
            return named(things[key].name)
    return named(key)
