"""By which statements of a permission set its people could make themselves administrators, and how."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from org_constructs.aws.escalations import (
    ADD_MEMBER,
    ADD_USER,
    ANY_ROLE,
    ASSIGN,
    ASSUME_ROLE,
    BORROWED,
    CDK_DEPLOYMENT,
    CDK_EXECUTION,
    CLOUD_FORMATION,
    GROUP,
    GROUPS_OF_ADMINISTRATORS,
    MADE,
    OF_IAM,
    OF_MANAGEMENT,
    OF_ORGANIZATION,
    PASS_ROLE,
    PASSED,
    ROLE,
    ROLES_OF_ACCOUNTS,
    ROLES_OF_ADMINISTRATORS,
    TRUST,
)
from org_constructs.templates.iam import if_made, text
from org_constructs.templates.permissions import Granted, Permissions, named

from ._access import Grant, grants, permissions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from org_constructs.templates.resources import Resource, Templates


class Escalating(NamedTuple):
    """A permission set by which somebody may become an administrator."""

    resource: Resource

    everything: Sequence[str]
    """The places of the statements that allow everything together; of such a permission set no more is said."""

    ways: Mapping[str, Sequence[str]]
    borrowed: Mapping[str, Sequence[str]]
    """The ways that are open where something has a role with more permissions already."""

    unsure: Mapping[str, Sequence[str]]
    """What it lets them do besides, if the deploy makes it so; empty where that may be everything."""


class _Where(NamedTuple):
    """Where a permission set is assigned."""

    in_management: bool = False
    only_elsewhere: bool = False
    """Whether it is assigned, and the management account is not among its accounts."""

    roles: tuple[str, ...] = ROLES_OF_ACCOUNTS
    """The names of roles that administer the accounts, and trust the management account."""

    administering: Mapping[str, frozenset[str]] = {}
    """ARNs of groups and permission sets that administer an account, by the actions that give people one of them."""

    targets: tuple[Any, ...] = ()
    """Its accounts as assignments have them; none if they are not all known."""

    @property
    def accounts(self) -> frozenset[str]:
        """The ids of all its accounts, as policies have them; none if they are not all known."""
        ids = {text(target, if_made) for target in self.targets}
        return frozenset() if None in ids else frozenset(each for each in ids if each is not None)


def escalating(templates: Templates) -> tuple[Escalating, ...]:
    """Return the permission sets by which somebody may become an administrator; for `Templates.once`."""
    given: defaultdict[str | None, list[Grant]] = defaultdict(list)
    for grant in templates.once(grants):
        given[grant.permission_set].append(grant)
    administering = _administering(templates)
    roles = tuple(dict.fromkeys((*ROLES_OF_ACCOUNTS, *_roles(templates))))
    nowhere = _Where(roles=roles, administering=administering)
    where = {key: _where(nowhere, those) for key, those in given.items()}
    found = (
        _together(
            [
                _escalating(resource, where.get(resource.key, nowhere), known)
                for known in templates.once(permissions)[resource.key]
            ]
        )
        for resource in templates.of_type("AWS::SSO::PermissionSet")
    )
    return tuple(each for each in found if any(each[1:]))


def _where(nowhere: _Where, given: Sequence[Grant]) -> _Where:
    in_management = any(grant.is_in_management for grant in given)
    targets = {grant.account: grant.resource.properties.get("TargetId") for grant in given}
    return nowhere._replace(
        in_management=in_management,
        only_elsewhere=not in_management and None not in targets,
        targets=() if None in targets else tuple(targets.values()),
    )


def _administering(templates: Templates) -> Mapping[str, frozenset[str]]:
    given = [grant for grant in templates.once(grants) if grant.administers]
    groups = {text(each.resource.properties.get("PrincipalId"), if_made) for each in given if not each.is_to_user}
    permission_sets = {text(each.resource.properties.get("PermissionSetArn"), if_made) for each in given}
    return {
        ADD_MEMBER: frozenset(GROUP.format(each) for each in groups if each),
        ASSIGN: frozenset(each for each in permission_sets if each),
    }


def _roles(templates: Templates) -> Iterator[str]:
    """Yield the names that the templates give the roles by which the management account enters accounts."""
    for account in templates.of_type("AWS::Organizations::Account"):
        name = text(account.properties.get("RoleName"))
        if name:
            yield name


def _together(found: Sequence[Escalating]) -> Escalating:
    """Return what is found of a permission set in any of the partitions where it may be."""
    first = next((each for each in found if each.everything), found[0])
    if first.everything or len(found) == 1:
        return first
    return first._replace(
        ways=_merged(each.ways for each in found),
        borrowed=_merged(each.borrowed for each in found),
        unsure=_merged(each.unsure for each in found),
    )


def _merged(found: Iterable[Mapping[str, Sequence[str]]]) -> Mapping[str, Sequence[str]]:
    merged: dict[str, dict[str, None]] = {}
    for each in found:
        for location, ways in each.items():
            merged.setdefault(location, {}).update(dict.fromkeys(ways))
    return {location: list(ways) for location, ways in merged.items()}


def _escalating(resource: Resource, where: _Where, known: Permissions) -> Escalating:
    if known.names_accounts:
        known = known.within(where.accounts)
    if known.everything:
        return Escalating(resource, sorted({each.location for each in known.everything}), {}, {}, {})
    ways, borrowed = _found(known, _ways, where), _found(known, _borrowed, where)
    possible = known.at_most()
    if possible.is_as(known):
        return Escalating(resource, (), ways, borrowed, {})
    if possible.everything:
        return Escalating(resource, (), ways, borrowed, {each.location: () for each in possible.everything})
    unsure: dict[str, list[str]] = {}
    for find, sure in ((_ways, ways), (_borrowed, borrowed)):
        for location, may_be in _found(possible, find, where).items():
            if more := [way for way in may_be if way not in sure.get(location, ())]:
                unsure.setdefault(location, []).extend(more)
    return Escalating(resource, (), ways, borrowed, unsure)


def _found(
    permissions: Permissions, find: Callable[[Permissions, Granted, _Where], Iterator[str]], where: _Where
) -> dict[str, list[str]]:
    """Return the ways by the places of the statements that open them; those of a managed policy are at one place."""
    found: dict[str, dict[str, None]] = {}
    for granted in permissions.granted:
        found.setdefault(granted.location, {}).update(dict.fromkeys(find(permissions, granted, where)))
    return {location: list(ways) for location, ways in found.items() if ways}


def _ways(permissions: Permissions, granted: Granted, where: _Where) -> Iterator[str]:
    """Yield what makes an administrator by a statement."""
    for action, resources in OF_IAM.items():
        if permissions.allows(granted, action, *resources):
            yield action
    administering = (*ROLES_OF_ADMINISTRATORS, *map(ROLE.format, where.roles), CDK_EXECUTION)
    for action, those in ((TRUST, administering), (ADD_USER, GROUPS_OF_ADMINISTRATORS)):
        if any(permissions.allows(granted, action, arn) for arn in those):
            yield action
    for action, resources in OF_ORGANIZATION.items():
        of_administrators = ((resources[0], arn) for arn in where.administering.get(action, ()))
        is_open = any(permissions.allows(granted, action, *each) for each in (resources, *of_administrators))
        if is_open and _is_meant(granted, action, where):
            yield action
    if _assumes(permissions, granted, where):
        yield ASSUME_ROLE
    if where.in_management:
        yield from (" and ".join(actions) for actions in OF_MANAGEMENT if _takes(permissions, granted, actions))
    yield from _made(permissions, granted)
    yield from _passed(permissions, granted)


def _made(permissions: Permissions, granted: Granted) -> Iterator[str]:
    """Yield what makes an administrator of a role or a user by a statement that names it, and takes its place."""
    for kind, (making, becoming) in MADE.items():
        for action in making:
            if permissions.allows(granted, action, *OF_IAM[action]):
                continue  # It is enough alone.
            for arn in permissions.allowed_on(granted, action, kind):
                others = [other for other in becoming if permissions.allows_on(other, arn)]
                yield from (f"{action} and {other}" for other in others or _passing(permissions, arn))


def _passed(permissions: Permissions, granted: Granted) -> Iterator[str]:
    """Yield what runs code with any role of an account by a statement that passes it, or with an administrator's."""
    for role in (ANY_ROLE, *ROLES_OF_ADMINISTRATORS, CDK_EXECUTION):
        if permissions.allows(granted, PASS_ROLE, role):
            yield from _passing(permissions, role, granted)
            return


def _passing(permissions: Permissions, role: str, granted: Granted | None = None) -> Iterator[str]:
    """Yield what runs code with a role that is passed along, by a statement or by any."""
    open_ways = [
        actions
        for service, ways in PASSED.items()
        if (role != CDK_EXECUTION or service == CLOUD_FORMATION)
        and (
            permissions.allows(granted, PASS_ROLE, role, service=service)
            if granted
            else permissions.allows_on(PASS_ROLE, role, service)
        )
        for actions in ways
        if all(map(permissions.allows_somewhere, actions))
    ]
    # Those that are meant say more than those that come along with everything else.
    meant = [actions for actions in open_ways if all(map(permissions.names, actions))]
    for actions in meant or open_ways:
        yield " and ".join((PASS_ROLE, *actions))


def _assumes(permissions: Permissions, granted: Granted, where: _Where) -> bool:
    """Whether a statement is about assuming roles of other accounts that trust the management account.

    No other account can assume them, wherever else a policy names them.
    """
    if where.only_elsewhere or not (where.in_management or named(granted, ASSUME_ROLE)):
        return False
    roles = (*map(ROLE.format, where.roles), *(ROLES_OF_ADMINISTRATORS if where.in_management else ()))
    return any(permissions.allows(granted, ASSUME_ROLE, role) for role in roles)


def _takes(permissions: Permissions, granted: Granted, actions: Mapping[str, Sequence[str]]) -> bool:
    """Whether actions are allowed together, the first of them by a statement."""
    (first, resources), *others = actions.items()
    return permissions.allows(granted, first, *resources) and all(
        permissions.allows_somewhere(action) for action, _ in others
    )


def _is_meant(granted: Granted, action: str, where: _Where) -> bool:
    """Whether a statement is about what the action does in the management account, or in one that it delegated to.

    Along with everything else it comes to ordinary accounts too, where there is nothing to do with it. Of Organizations
    alone there is no delegation of it, so that a policy of some service that has the action is nothing there either.
    https://docs.aws.amazon.com/organizations/latest/APIReference/API_RegisterDelegatedAdministrator.html
    """
    patterns = named(granted, action)
    if where.only_elsewhere and action.startswith("organizations:"):
        return any("*" in each for each in patterns)
    return where.in_management or bool(patterns)


def _borrowed(permissions: Permissions, granted: Granted, _where: _Where) -> Iterator[str]:
    """Yield what takes the role of something that is there, by a statement that is about its service."""
    for actions in BORROWED:
        if _takes(permissions, granted, actions) and named(granted, next(iter(actions))):
            yield " and ".join(actions)
    # Whoever names any role may mean others.
    names_cdk = any(each and ":role/cdk-" in each for each in granted.statement.resources)
    if names_cdk and permissions.allows(granted, ASSUME_ROLE, CDK_DEPLOYMENT):
        yield ASSUME_ROLE
