"""What no stack of the app has, and so no deploy takes away."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from org_constructs.aws.cli import aws_command
from org_constructs.aws.user_types import USERS
from org_constructs.matching.restoring import revoke
from org_constructs.templates.description import Whence

if TYPE_CHECKING:
    from org_constructs.templates.description import Assignment, Description, Instance, Origin, User


class Commands:
    """The commands for a person."""

    def __init__(self, description: Description, user: User, profile: str | None) -> None:
        """Take the person, what is described, and the CLI profile that the commands are for."""
        self._description = description
        self._live = description.live
        self._user = user
        self._more = {"region": self._region, "profile": profile}

    def take_away(self) -> Iterator[str]:
        """Yield what ends assignments and memberships that somebody made by hand."""
        for each in self._assignments():
            if each.origin and each.origin.is_by_hand:
                yield revoke(
                    instance_arn=self._instance.arn if self._instance else "",
                    target_id=self._description.accounts[each.account].account_id or each.account,
                    permission_set_arn=each.permission_set,
                    principal_type="USER",
                    principal_id=self._user.key,
                    **self._more,
                )
        for group, origin in self._memberships():
            if origin and origin.is_by_hand:
                member = {"UserId": self._user.key}
                ask = self._store_command("get-group-membership-id", group_id=group, member_id=member)
                end = self._store_command("delete-group-membership")
                yield f'{end} --membership-id "$({ask} --query MembershipId --output text)"'

    def delete(self) -> str:
        """Return what deletes the person; empty where a stack or the identity provider does."""
        origin = self._user.origin
        return self._store_command("delete-user", user_id=self._user.key) if origin and origin.is_by_hand else ""

    def tell_id(self) -> str:
        """Return what tells the id of a person whom a stack has made."""
        name = {"UniqueAttribute": {"AttributePath": "userName", "AttributeValue": self._user.name}}
        ask = self._store_command("get-user-id", alternate_identifier=name)
        return f"{ask} --query UserId --output text"

    def elsewhere(self) -> Iterator[str]:
        """Yield what somebody else has to take away, a line each."""
        described = self._description
        for each in self._assignments():
            if whose := _whose(each.origin):
                permission_set, account = (
                    described.permission_sets[each.permission_set],
                    described.accounts[each.account],
                )
                yield f"{whose} has the assignment of {permission_set.name} in {account.name}"
        for group, origin in self._memberships():
            if whose := _whose(origin):
                yield f"{whose} has the membership in {described.groups[group].name}"
        for entitlement in self._live.entitlements if self._live else ():
            if entitlement.principal == self._user.key:
                account = described.accounts[entitlement.account]
                yield f"account access manager lets the person assume {entitlement.role_arn} in {account.name}"

    def _assignments(self) -> Iterator[Assignment]:
        return (each for each in self._description.assignments if each.principal == self._user.key)

    def _memberships(self) -> Iterator[tuple[str, Origin | None]]:
        for key, group in self._description.groups.items():
            if self._user.key in group.members:
                yield key, group.member_origins.get(self._user.key)

    @cached_property
    def _instance(self) -> Instance | None:
        return next((each for each in self._live.instances if each.is_described), None) if self._live else None

    @property
    def _region(self) -> str | None:
        return self._live.region if self._live else self._description.metadata.identity_center_region

    def _store_command(self, operation: str, **options: object) -> str:
        store = self._instance.identity_store_id if self._instance else self._store_of_template()
        return aws_command("identitystore", operation, identity_store_id=store, **options, **self._more)

    def _store_of_template(self) -> str:
        """Return the identity store of templates, which every user and group of theirs names."""
        values = self._description.values
        for stack in values.stacks:
            for logical_id, body in values.resources(stack).items():
                if body["Type"] in {*USERS, "AWS::IdentityStore::Group"}:
                    store = values.properties(stack, logical_id).get("IdentityStoreId")
                    if isinstance(store, str):
                        return store
        return "IDENTITY_STORE_ID"


def _whose(origin: Origin | None) -> str:
    if origin is None:
        return ""
    if origin.whence is Whence.STACK:
        return f"the stack {origin.stack}"
    return "the identity provider" if origin.whence is Whence.PROVIDER else ""
