"""What AWS has of an organization, as the description that templates give of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from org_constructs.templates.description import (
    MANAGEMENT,
    ROOT,
    Account,
    Assignment,
    Description,
    Entity,
    Group,
    OrganizationalUnit,
    PermissionSet,
    Policy,
    User,
)
from org_constructs.templates.values import Values

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from . import organization as aws

_Entity = TypeVar("_Entity", bound=Entity)


def describe_live(live: aws.LiveOrganization) -> Description:
    """Return what AWS has, all of it known.

    Keys are AWS's ids, but those of the root and of the management account, and everything is in the order of its
    names. Left out is what nobody can do anything by or with: closed accounts, and policies of types that are not
    enabled. So are AWS's own policies, which are attached to everything and allow everything:
    https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
    """
    return _Reader(live).describe()


def permission_set_properties(
    live: aws.LiveOrganization, instance_arn: str, found: aws.PermissionSet
) -> dict[str, Any]:
    """Return the properties with which a template makes such a permission set, but its tags."""
    of = (instance_arn, found.arn)
    properties = {
        "InstanceArn": instance_arn,
        "Name": found.name,
        "Description": found.description,
        "SessionDuration": found.session_duration,
        "RelayStateType": found.relay_state,
        "ManagedPolicies": sorted(live.managed_policies(*of)),
        "CustomerManagedPolicyReferences": list(live.customer_managed_policies(*of)),
        "InlinePolicy": live.inline_policy(*of),
        "PermissionsBoundary": live.permissions_boundary(*of),
    }
    return {name: value for name, value in properties.items() if value}


class _Reader:
    """Puts the description together, call by call."""

    def __init__(self, live: aws.LiveOrganization) -> None:
        self._live = live
        self._organization = organization = live.organization()
        self._keys = {live.root().id: ROOT, organization.management_account_id: MANAGEMENT} if organization else {}
        # An instance of a member account gives access to no account.
        owners = {"", organization.management_account_id} if organization else {"", live.caller().account_id}
        self._instance = next((each for each in live.instances() if each.owner_account_id in owners), None)

    def describe(self) -> Description:
        """Read the organization and the IAM Identity Center, as far as there are any."""
        accounts, users, groups = _by_key(self._accounts()), _by_key(self._users()), _by_key(self._groups())
        permission_sets = _by_key(self._permission_sets())
        names = {each.key: each.name for each in (*accounts.values(), *permission_sets.values())}
        assignments = [
            (principal.name, names[assignment.permission_set], names[assignment.account], assignment)
            for kind, principals in (("USER", users), ("GROUP", groups))
            for principal in principals.values()
            for assignment in self._assignments(kind, principal.key)
            if {assignment.permission_set, assignment.account} <= names.keys()
        ]
        return Description(
            accounts=accounts,
            organizational_units=_by_key(self._organizational_units()),
            users=users,
            groups=groups,
            permission_sets=permission_sets,
            policies=_by_key(self._policies()),
            assignments=tuple(assignment for *_, assignment in sorted(assignments)),
            values=Values({}),
        )

    def _key(self, aws_id: str) -> str:
        return self._keys.get(aws_id, aws_id)

    def _accounts(self) -> Iterator[Account]:
        for each in self._live.accounts() if self._organization else ():
            if each.active:
                yield Account(
                    key=self._key(each.id),
                    name=each.name,
                    email=each.email,
                    parent=self._key(each.parent_id),
                    account_id=each.id,
                )

    def _organizational_units(self) -> Iterator[OrganizationalUnit]:
        for each in self._live.all_organizational_units() if self._organization else ():
            yield OrganizationalUnit(key=each.id, name=each.name, parent=self._key(each.parent_id))

    def _policies(self) -> Iterator[Policy]:
        for policy_type in sorted(self._live.root().policy_types) if self._organization else ():
            for each in self._live.policies(policy_type):
                if not each.aws_managed:
                    yield Policy(
                        key=each.id,
                        name=each.name,
                        type=each.type,
                        content=self._live.policy_content(each.id),
                        targets=tuple(sorted(map(self._key, self._live.policy_targets(each.id)))),
                    )

    def _users(self) -> Iterator[User]:
        for each in self._live.users(self._instance.identity_store_id) if self._instance else ():
            yield User(key=each.id, name=each.user_name or each.id)

    def _groups(self) -> Iterator[Group]:
        if self._instance is None:
            return
        store = self._instance.identity_store_id
        users = {user.key for user in self._users()}
        for each in self._live.groups(store):
            members = {membership.user_id for membership in self._live.memberships(store, each.id)}
            yield Group(key=each.id, name=each.name or each.id, members=tuple(sorted(members & users)))

    def _permission_sets(self) -> Iterator[PermissionSet]:
        if self._instance is None:
            return
        for each in self._live.permission_sets(self._instance.arn):
            properties = permission_set_properties(self._live, self._instance.arn, each)
            yield PermissionSet(key=each.arn, name=each.name, properties=properties)

    def _assignments(self, principal_type: str, principal_id: str) -> Iterator[Assignment]:
        if self._instance is None:
            return
        for each in self._live.assignments(self._instance.arn, principal_type, principal_id):
            yield Assignment(
                account=self._key(each.account_id),
                permission_set=each.permission_set_arn,
                principal=principal_id,
            )


def _by_key(entities: Iterable[_Entity]) -> Mapping[str, _Entity]:
    return {each.key: each for each in sorted(entities, key=lambda each: (each.name, each.key))}
