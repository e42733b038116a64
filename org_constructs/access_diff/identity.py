"""What of one description is what of another: logical ids, stacks and some names change while the thing stays."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, Protocol, TypeVar

from org_constructs.access import is_made, lineage
from org_constructs.description import MANAGEMENT, ROOT, Account, Assignment, Description
from org_constructs.report.contents import written

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class _Thing(Protocol):
    @property
    def key(self) -> str: ...
    @property
    def name(self) -> str: ...


_T = TypeVar("_T", bound=_Thing)


def with_common_keys(old: Description, new: Description) -> tuple[Description, Description]:
    """Return both descriptions with keys under which a thing is the same in both.

    A person, a group or a permission set is the same by its name. An account is by its e-mail, or by its id where it is
    named by that. A policy is by type and name, a unit by its path; where these changed, by stack and logical id, under
    which CloudFormation renames them. The root and the management account keep their keys.
    """
    accounts: tuple[Mapping[str, str], ...] = _common_keys(
        "account", old.accounts, new.accounts, _by(_email), _by(lambda account: account.account_id)
    )
    management = {keys[MANAGEMENT] for keys in accounts if MANAGEMENT in keys}
    accounts = tuple(
        {key: MANAGEMENT if common in management else common for key, common in keys.items()} for keys in accounts
    )
    units = _common_keys(
        "unit",
        old.organizational_units,
        new.organizational_units,
        (lambda unit: unit_path(old, unit.key), lambda unit: unit_path(new, unit.key)),
        _by(lambda unit: unit.key),
    )
    users = _common_keys("user", old.users, new.users, _by(_name))
    groups = tuple(_made_or_not(keys) for keys in _common_keys("group", old.groups, new.groups, _by(_name)))
    permission_sets = _common_keys("permission-set", old.permission_sets, new.permission_sets, _by(_name))
    policies = _common_keys(
        "policy",
        old.policies,
        new.policies,
        _by(lambda policy: (policy.type, _name(policy))),
        _by(lambda policy: (policy.type, policy.key)),
    )

    def rekeyed(description: Description, which: int) -> Description:
        account, unit, user, group = accounts[which], units[which], users[which], groups[which]
        permission_set, policy = permission_sets[which], policies[which]
        place = {**account, **unit, ROOT: ROOT}
        principal = {**user, **group}
        return replace(
            description,
            accounts={
                account[key]: replace(
                    each,
                    key=account[key],
                    name=written(each.name),
                    email=None if each.email is None else written(each.email),
                    parent=place[each.parent] if each.parent else None,
                )
                for key, each in description.accounts.items()
            },
            organizational_units={
                unit[key]: replace(
                    each, key=unit[key], name=written(each.name), parent=place[each.parent] if each.parent else None
                )
                for key, each in description.organizational_units.items()
            },
            users={
                user[key]: replace(each, key=user[key], name=written(each.name))
                for key, each in description.users.items()
            },
            groups={
                group[key]: replace(
                    each,
                    key=group[key],
                    name=written(each.name),
                    members=tuple(user[member] for member in each.members),
                )
                for key, each in description.groups.items()
            },
            permission_sets={
                permission_set[key]: replace(each, key=permission_set[key], name=written(each.name))
                for key, each in description.permission_sets.items()
            },
            policies={
                policy[key]: replace(
                    each,
                    key=policy[key],
                    name=written(each.name),
                    targets=tuple(place[target] for target in each.targets),
                )
                for key, each in description.policies.items()
            },
            assignments=tuple(
                Assignment(
                    account=account[each.account],
                    permission_set=permission_set[each.permission_set],
                    principal=principal[each.principal],
                )
                for each in description.assignments
            ),
        )

    return rekeyed(old, 0), rekeyed(new, 1)


def unit_path(description: Description, key: str) -> str:
    """Return the names on the way from the root to a unit, and its own."""
    units = description.organizational_units
    return "/".join(written(units[each].name) for each in lineage(description, key) if each in units)


def _by(sameness: Callable[[_T], object]) -> tuple[Callable[[_T], object], Callable[[_T], object]]:
    """Return how to tell what is the same, the same way in both descriptions."""
    return sameness, sameness


def _common_keys(
    kind: str,
    old: Mapping[str, _T],
    new: Mapping[str, _T],
    *samenesses: tuple[Callable[[_T], object], Callable[[_T], object]],
) -> tuple[dict[str, str], dict[str, str]]:
    """Return the common keys by the keys of each description; the first sameness that two things have decides.

    The key of what one description alone has says, as it did, whether a template makes it.
    """
    partner: dict[str, str] = {}
    for of_old, of_new in samenesses:
        taken = set(partner.values())
        left: dict[object, str] = {}
        for key, thing in old.items():
            if key not in taken:
                left.setdefault(of_old(thing), key)
        left.pop(None, None)
        for key, thing in new.items():
            if key not in partner and (found := left.pop(of_new(thing), None)) is not None:
                partner[key] = found
    numbers = count()
    shared = set(partner.values())

    def key_of_its_own(key: str) -> str:
        return f"{kind}{'/' if is_made(key) else ' '}{next(numbers)}"

    old_keys = {key: f"{kind} {next(numbers)}" if key in shared else key_of_its_own(key) for key in old}
    new_keys = {key: old_keys[partner[key]] if key in partner else key_of_its_own(key) for key in new}
    return old_keys, new_keys


def _made_or_not(keys: Mapping[str, str]) -> dict[str, str]:
    """Let a slash in a group's key say that a template makes the group, as it does in any description."""
    return {key: common.replace(" ", "/") if is_made(key) else common for key, common in keys.items()}


def _name(thing: _Thing) -> object:
    return written(thing.name)


def _email(account: Account) -> object:
    if account.key == MANAGEMENT:
        return MANAGEMENT
    return None if account.email is None else written(account.email).casefold()
