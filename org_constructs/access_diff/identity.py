"""What of one description is what of another: logical ids, stacks and some names change while the thing stays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from org_constructs.templates.access import lineage
from org_constructs.templates.description import (
    MANAGEMENT,
    Account,
    Description,
    Group,
    OrganizationalUnit,
    Policy,
)

_Sameness = Callable[[Description, Any], object]
"""What one thing of a description has in common with the same thing of another."""


def with_common_keys(old: Description, new: Description) -> tuple[Description, Description]:
    """Return both descriptions with keys under which a thing is the same in both; the old ones stay.

    What exists already is the same by its id and nothing else: another id under the same name is somebody else, and so
    is what templates make in its place, since no template says which id that will have. What AWS has is the same by its
    id where the other side knows that, and is taken for what that side does not say of it.

    Of what templates make, a person and a permission set are the same by name, and a group, a policy, by type too, and
    a unit, by path, also where CloudFormation renames them: by stack and logical id. An account is first of all what
    has its stack and logical id, whose e-mail and name no deploy changes, and then what has its e-mail.
    """
    old, new = _with_one_management_account(old, _in_the_stack_of(old, new))
    found = {key: same for kind in KINDS for key, same in partners(kind, old, new).items()}
    found |= {
        key: key
        for kind in KINDS
        for key in getattr(new, kind)
        if key in getattr(old, kind) and _by_id(old, new, kind, key)
    }
    new = rekeyed(new, {key: found.get(key, f"new {key}") for key in _made(new)})
    return _filled(old, new), _filled(new, old)


def unit_path(description: Description, key: str, *, by_id: bool = False) -> str:
    """Return the names on the way from the root to a unit, and its own; by the ids of those that exist already."""
    units = description.organizational_units
    way = (each for each in lineage(description, key) if each in units)
    return "/".join(each if by_id and units[each].only_named else units[each].name for each in way)


_SAMENESSES: Final[Mapping[str, tuple[_Sameness, ...]]] = {
    "accounts": (lambda _, account: account.key, lambda _, account: (account.email or account.key).casefold()),
    "organizational_units": (
        lambda description, unit: unit_path(description, unit.key, by_id=True),
        lambda _, unit: unit.key,
    ),
    "users": (lambda _, user: user.name,),
    "groups": (lambda _, group: group.name, lambda _, group: group.key),
    "permission_sets": (lambda _, permission_set: permission_set.name,),
    "policies": (lambda _, policy: (policy.type, policy.name), lambda _, policy: (policy.type, policy.key)),
}
"""How to tell what templates make, the surest way first."""


def _by_id(old: Description, new: Description, kind: str, key: str) -> bool:
    """Tell whether what both sides have under a key is one thing, since the key is AWS's id."""
    return bool(old.live and new.live) or any(
        side.live and getattr(other, kind)[key].only_named for side, other in ((old, new), (new, old))
    )


def _filled(side: Description, other: Description) -> Description:
    """Return a side with what AWS, on the other, says of what the side only names."""
    if other.live is None:
        return side
    changed: dict[str, Any] = {}
    for kind in KINDS:
        things = changed[kind] = dict(getattr(side, kind))
        for key, known in getattr(other, kind).items():
            if key in things and things[key].only_named and not known.only_named:
                named = things[key]
                things[key] = known
                if isinstance(named, Group):
                    things[key] = replace(known, members=tuple(dict.fromkeys([*known.members, *named.members])))
    users = {member for group in changed["groups"].values() for member in group.members}
    changed["users"] |= {key: each for key, each in other.users.items() if key in users - changed["users"].keys()}
    return replace(side, **changed)


KINDS: Final = tuple(_SAMENESSES)
"""The kinds of things: the names of their fields in a description."""


def partners(kind: str, old: Description, new: Description) -> dict[str, str]:
    """Return the keys of the old description by those of the new one, of what is the same thing in both."""
    found: dict[str, str] = {}
    for sameness in _SAMENESSES[kind]:
        taken = set(found.values())
        left: dict[object, str] = {}
        for key, thing in getattr(old, kind).items():
            if not thing.only_named and key not in taken:
                left.setdefault(sameness(old, thing), key)
        for key, thing in getattr(new, kind).items():
            if thing.only_named or key in found:
                continue
            if (same := left.pop(sameness(new, thing), None)) is not None:
                found[key] = same
    return found


def _in_the_stack_of(old: Description, new: Description) -> Description:
    """Return the new description in the old one's stack where each is one of one stack: a file has any name."""
    before, after = ({key.partition("/")[0] for key in _made(side)} for side in (old, new))
    if len(before) == len(after) == 1 and before != after:
        (stack,) = before
        return rekeyed(new, {key: f"{stack}/{key.partition('/')[2]}" for key in _made(new)})
    return new


def _made(description: Description) -> list[str]:
    things = (getattr(description, kind) for kind in KINDS)
    return [key for kind in things for key, thing in kind.items() if not thing.only_named]


def _with_one_management_account(old: Description, new: Description) -> tuple[Description, Description]:
    """Let the management account be that of the new description; of another organization it is another account."""
    before, after = (
        side.accounts[MANAGEMENT].account_id if MANAGEMENT in side.accounts else None for side in (old, new)
    )
    if before and after and before != after:
        return rekeyed(old, {MANAGEMENT: before, after: MANAGEMENT}), new
    return (
        rekeyed(old, {after: MANAGEMENT} if after else {}),
        rekeyed(new, {before: MANAGEMENT} if before else {}),
    )


def rekeyed(description: Description, keys: Mapping[str, str]) -> Description:
    """Return the description with other keys for some of what is in it."""
    if not keys:
        return description

    def key_of(key: str) -> str:
        return keys.get(key, key)

    def rekeyed(thing: Any) -> Any:  # noqa: ANN401 (of any kind)
        changed: dict[str, Any] = {"key": keys[thing.key]} if thing.key in keys else {}
        match thing:
            case Account() | OrganizationalUnit() if thing.parent is not None and thing.parent in keys:
                changed["parent"] = keys[thing.parent]
            case Group() if not keys.keys().isdisjoint(thing.members):
                changed["members"] = tuple(map(key_of, thing.members))
                changed["member_origins"] = {key_of(key): each for key, each in thing.member_origins.items()}
            case Policy() if not keys.keys().isdisjoint(thing.targets):
                changed["targets"] = tuple(map(key_of, thing.targets))
        return replace(thing, **changed) if changed else thing

    things: dict[str, Any] = {
        kind: {key_of(key): rekeyed(thing) for key, thing in getattr(description, kind).items()} for kind in KINDS
    }
    return replace(
        description,
        assignments=tuple(
            replace(
                each,
                account=key_of(each.account),
                permission_set=key_of(each.permission_set),
                principal=key_of(each.principal),
            )
            for each in description.assignments
        ),
        **things,
    )
