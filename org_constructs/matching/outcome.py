"""The three outcomes that every kind of resource shares."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from org_constructs.aws.user_types import CUSTOM_USER
from org_constructs.refusal import Refusal

from .result import Difference, Match, State

if TYPE_CHECKING:
    from .template import Resource

_USER: Final = 'UserProps(user_name={name}, user_id="{id}"{groups}),'
_LINES: Final = {
    "AWS::Organizations::Account": 'AccountProps(key="…", account_id="{id}"),  # {shown}',
    "AWS::Organizations::OrganizationalUnit": 'OrganizationalUnitProps(name={name}, organizational_unit_id="{id}"),',
    "AWS::SSO::PermissionSet": 'PermissionSetProps(name={name}, permission_set_arn="{id}"),',
    "AWS::IdentityStore::User": _USER,
    CUSTOM_USER: _USER,
    "AWS::IdentityStore::Group": 'GroupProps(name={name}, group_id="{id}"),',
}


def created(resource: Resource, name: str) -> Match:
    """Return that there is nothing of it."""
    return Match(
        stack=resource.stack.id, logical_id=resource.logical_id, type=resource.type, name=name, state=State.CREATED
    )


def exists(
    resource: Resource,
    name: str,
    found_id: str,
    identifier: Mapping[str, str],
    differences: Iterable[Difference] = (),
    *,
    reason: Refusal | None = None,
    named: bool = False,
    groups: Sequence[str] = (),
) -> Match:
    """Return that it exists; with a reason, why it is in the way.

    Args:
        resource: The template's.
        name: What people know it by.
        found_id: The id of what exists.
        identifier: What an import knows it by.
        differences: In what the template and it differ.
        reason: Why it is in the way; by default it is not.
        named: Whether it is in the way no longer once the app names it by its id.
        groups: Of a user, the groups of the app to be in all the same.
    """
    return Match(
        stack=resource.stack.id,
        logical_id=resource.logical_id,
        type=resource.type,
        name=name,
        state=State.IN_THE_WAY if reason else State.ADOPTED,
        id=found_id,
        identifier={} if reason else identifier,
        differences=tuple(differences),
        reason=reason,
        lines=_lines(resource.type, name, found_id, groups) if named or not reason else (),
    )


def in_other_case(resource: Resource, name: str, name_property: str, there: Iterable[tuple[str, str]]) -> Match:
    """Return that there is nothing of it, or something whose name differs in upper and lower case alone.

    Whether AWS takes the two for one is not documented, so that a deploy might fail, or make a second one.

    Args:
        resource: The template's.
        name: What people know it by.
        name_property: The property that has its name.
        there: The names and ids of what exists beside.
    """
    wanted = resource.properties[name_property]
    for found, found_id in there:
        if isinstance(wanted, str) and found.casefold() == wanted.casefold():
            return exists(
                resource,
                name,
                found_id,
                {},
                [Difference(property=name_property, template=wanted, found=found)],
                reason=Refusal(
                    "name-in-other-case",
                    f"{found_id} has the same name in different upper and lower case, and AWS may refuse both",
                    "use the existing name in the app, or another one",
                ),
            )
    return created(resource, name)


def _lines(resource_type: str, shown: str, found_id: str, groups: Sequence[str]) -> tuple[str, ...]:
    if resource_type not in _LINES:
        return ()
    in_groups = f", groups={json.dumps(list(groups), ensure_ascii=False)}" if groups else ""
    name = shown.rpartition("/")[2] if resource_type == "AWS::Organizations::OrganizationalUnit" else shown
    quoted = json.dumps(name, ensure_ascii=False)
    return (_LINES[resource_type].format(name=quoted, id=found_id, groups=in_groups, shown=shown),)


def ambiguous(resource: Resource, name: str, what: str, found: Sequence[str]) -> Match:
    """Return that several things could be it."""
    return Match(
        stack=resource.stack.id,
        logical_id=resource.logical_id,
        type=resource.type,
        name=name,
        state=State.AMBIGUOUS,
        reason=Refusal(
            "ambiguous",
            f"{len(found)} {what}: {', '.join(found)}",
            "change the others, or refer to the right one in the app by id",
        ),
    )
