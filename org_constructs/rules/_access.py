"""Who is assigned what where, as far as templates say it; what the deploy alone knows is None."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from org_constructs.aws.administrator_access import ADMINISTRATOR_ACCESS
from org_constructs.aws.managed_policies import name_of
from org_constructs.aws.policy_syntax import INLINE_POLICY
from org_constructs.templates.description import MANAGEMENT
from org_constructs.templates.iam import documents, text
from org_constructs.templates.permissions import Permissions, permissions_of
from org_constructs.templates.time_limit import TimeLimit, time_limit
from org_constructs.templates.values import written

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from org_constructs.templates.resources import Resource, Templates


HANDFUL: Final = 5
"""As many administrators of the management account as may be; more is a finding."""


class Grant(NamedTuple):
    """An assignment, with the keys of what it joins; a tuple, as there may be ten thousand."""

    resource: Resource
    instance: str
    """The Identity Center instance, as it is written where the deploy alone knows it."""

    account: str | None
    is_in_management: bool
    """Whether the account is the management account; False where that is not known."""

    permission_set: str | None
    principal: str | None
    is_to_user: bool
    people: frozenset[str] | None
    """The keys of the users whom it reaches; None if there may be others."""

    administers: bool | None
    """Whether its permission set allows everything."""


def grants(templates: Templates) -> tuple[Grant, ...]:
    """Return the assignments of the templates; for `Templates.once`."""
    return tuple(_grants(templates))


def everyone(given: Iterable[Grant]) -> frozenset[str]:
    """Return the people, as far as they are known, whom the grants reach; most of them reach the same groups."""
    return frozenset[str]().union(*{grant.people for grant in given if grant.people})


def administrator_policy(permission_set: Resource) -> str | None:
    """Return where a permission set allows everything; None if it does not."""
    policies = permission_set.properties.get("ManagedPolicies")
    for index, policy in enumerate(policies if isinstance(policies, list) else []):
        if name_of(written(policy)) == ADMINISTRATOR_ACCESS:
            return f"Properties.ManagedPolicies.{index}"
    return None


def permissions(templates: Templates) -> dict[str, Sequence[Permissions]]:
    """Return what the permission sets of the templates allow, by their keys; for `Templates.once`."""
    return {
        each.resource.key: permissions_of(each.resource.properties, each.resource.template.region, each)
        for each in templates.once(documents)
        if each.kind == INLINE_POLICY
    }


def time_limits(templates: Templates) -> tuple[tuple[Resource, TimeLimit], ...]:
    """Return the permission sets of the templates whose access has a time; for `Templates.once`."""
    return tuple(
        (each.resource, limit)
        for each in templates.once(documents)
        if each.kind == INLINE_POLICY and (limit := time_limit(each.resource.properties, each))
    )


def administrators(templates: Templates) -> dict[str, bool]:
    """Tell of each permission set that templates make whether it allows everything; for `Templates.once`."""
    return {key: any(each.everything for each in those) for key, those in templates.once(permissions).items()}


def managements(templates: Templates) -> frozenset[str | None]:
    """Return the keys of the management account, or of several organizations'; for `Templates.once`."""
    # Nothing else can make these, so that whatever account a stack with them is for is one.
    return frozenset(
        {
            MANAGEMENT,
            *(
                resource.template.account
                for resource in templates.of_type(
                    "AWS::Organizations::Organization",
                    "AWS::Organizations::OrganizationalUnit",
                    "AWS::Organizations::Account",
                )
            ),
        }
        - {None}
    )


def _grants(templates: Templates) -> Iterator[Grant]:
    references = templates.references
    administering = templates.once(administrators)
    groups = _members(templates)
    for resource in templates.of_type("AWS::SSO::Assignment"):
        properties, stack = resource.properties, resource.stack
        account = references.key(stack, properties.get("TargetId"))
        permission_set = references.key(stack, properties.get("PermissionSetArn"))
        principal = references.key(stack, properties.get("PrincipalId"))
        instance = properties.get("InstanceArn")
        is_to_user = properties.get("PrincipalType") == "USER"
        manages = account in templates.once(managements)
        yield Grant(
            resource=resource,
            instance=text(instance) or written(instance),
            # Stacks of several organizations have a management account each.
            account=f"{MANAGEMENT} of {resource.template.account}" if manages else account,
            is_in_management=manages,
            permission_set=permission_set,
            principal=principal,
            is_to_user=is_to_user,
            people=_people(groups, principal, is_to_user=is_to_user),
            administers=_administers(administering, permission_set, templates),
        )


def _people(
    groups: Mapping[str, frozenset[str] | None], principal: str | None, *, is_to_user: bool
) -> frozenset[str] | None:
    if principal is None:
        return None
    # A group that no template makes has members that no template says.
    return frozenset({principal}) if is_to_user else groups.get(principal)


def _members(templates: Templates) -> dict[str, frozenset[str] | None]:
    """Return the members of the groups that templates make."""
    members: defaultdict[str | None, set[str | None]] = defaultdict(set)
    for resource in templates.of_type("AWS::IdentityStore::GroupMembership"):
        member: Any = resource.properties.get("MemberId")
        user = member.get("UserId") if isinstance(member, dict) else None
        group = templates.references.key(resource.stack, resource.properties.get("GroupId"))
        members[group].add(templates.references.key(resource.stack, user))
    somewhere = bool(members.pop(None, ()))
    return {
        group.key: None if somewhere or None in inside else frozenset(each for each in inside if each is not None)
        for group in templates.of_type("AWS::IdentityStore::Group")
        for inside in [members.get(group.key, set())]
    }


def _administers(administering: Mapping[str, bool], permission_set: str | None, templates: Templates) -> bool | None:
    if permission_set is None:
        return None
    if permission_set in administering:
        return administering[permission_set]
    # Of one that exists already there is a name at most, and that may be anything.
    return True if templates.references.name(permission_set) == ADMINISTRATOR_ACCESS else None
