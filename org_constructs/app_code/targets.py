"""Accounts as targets name them: `*` and paths of units where they mean exactly the same."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from org_constructs.baseline.plan.names import EVERY_ACCOUNT, MANAGEMENT, ROOT

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

_SEVERAL: Final = 2
"""That a single account is all there is in its unit says nothing of the accounts to come."""


def assignment_targets(
    accounts: Collection[str], places: Mapping[str, str | None], closed_to: Collection[str] = ()
) -> list[str]:
    """Return the shortest targets of an assignment that mean these accounts and no other.

    Args:
        accounts: The keys of the accounts, `management` for the management account.
        places: The path of the unit that each account of the app is in, None for the root, by the accounts' keys.
        closed_to: The paths of units that assignments cannot name, since they are named by their ids.
    """
    members = {key for key in accounts if key != MANAGEMENT}
    targets = [MANAGEMENT] if MANAGEMENT in accounts else []
    if len(members) >= _SEVERAL and members == places.keys():
        return [*targets, EVERY_ACCOUNT]
    below: defaultdict[str, set[str]] = defaultdict(set)
    for key, place in places.items():
        parts = place.split("/") if place else []
        for number in range(1, len(parts) + 1):
            below["/".join(parts[:number])].add(key)
    for each in closed_to:
        for path in [path for path in below if each == path or each.startswith(f"{path}/")]:
            del below[path]
    # What is nearest to the root comes first.
    for path in sorted(below, key=lambda path: (path.count("/"), path)):
        if len(below[path]) >= _SEVERAL and below[path] <= members:
            targets.append(path)
            members -= below[path]
    return [*targets, *(key for key in places if key in members)]


def policy_targets(places: Collection[str], paths: Collection[str], keys: Collection[str]) -> list[str]:
    """Return the targets of a policy: `root`, paths of units, keys of accounts, `*` for all of these.

    Args:
        places: What it is attached to: `root`, `management`, paths and keys.
        paths: The paths of all units, in their order.
        keys: The keys of all accounts, in their order.
    """
    every = len(keys) >= _SEVERAL and {*keys} <= {*places}
    accounts = [EVERY_ACCOUNT] if every else [key for key in keys if key in places]
    special = [each for each in (ROOT, MANAGEMENT) if each in places]
    return [*special, *(path for path in paths if path in places), *accounts]
