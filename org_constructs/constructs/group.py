"""`Group`: people in the identity store of IAM Identity Center who get the same access."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import jsii
from aws_cdk import aws_identitystore as identitystore
from aws_cdk.interfaces import aws_identitystore as identitystore_refs

from org_constructs.aws import limits
from org_constructs.refusal import Refusal

from ._path import InStack, path_in_stack
from ._portal import say_portal
from .identity_center import IdentityCenter
from .user import ExistingUser, User
from .validate import check_principal_id, check_printable, check_sequence, check_type, check_unique, is_token

if TYPE_CHECKING:
    from constructs import Construct

_USER: Final = (User, ExistingUser)


@dataclass(frozen=True, kw_only=True)
class ExistingGroup:
    """A group that is in the identity store already; made by `Group.from_group_id`."""

    group_id: str

    def __post_init__(self) -> None:
        """Refuse an id of the wrong form."""
        check_principal_id("group_id", self.group_id)

    @property
    def _key(self) -> str:
        return self.group_id


def check_group(argument: str, *, name: str, description: str | None) -> None:
    """Refuse what the Identity Store would refuse; `argument` is put before the name of the argument."""
    check_printable(f"{argument}name", name, maximum=limits.GROUP_NAME_MAX, spaces=" \t\n\r")
    if name in limits.RESERVED_NAMES:
        raise Refusal(
            "name-reserved", f"{argument}name must not be a name that AWS reserves, got {name!r}", "choose another"
        )
    if description is not None:
        check_printable(
            f"{argument}description", description, maximum=limits.GROUP_DESCRIPTION_MAX, spaces=" \t\n\r\u3000"
        )


@jsii.implements(identitystore_refs.IGroupRef)
class Group(InStack):
    """Define a group in the identity store and who is in it.

    Creates one `AWS::IdentityStore::Group` and one `AWS::IdentityStore::GroupMembership` for each member.

    Name and description are updated in place. Removing a member deletes the membership, and the access that came with
    it; removing the group deletes the group with all memberships.

    ```python
    operators = Group(stack, "Operators", identity_center=identity_center, name="Operators", members=[dax])
    ```

    Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-identitystore-group.html
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        identity_center: IdentityCenter,
        name: str,
        description: str | None = None,
        members: Sequence[User | ExistingUser] = (),
    ) -> None:
        """Define the group.

        Args:
            scope: The stack or construct that holds it.
            construct_id: Its id in the scope.
            identity_center: The Identity Center whose identity store gets the group.
            name: Its name, 1 to 1024 characters, used by no other group.
            description: What it is for, 1 to 1024 characters; by default none.
            members: The users in it; by default nobody.

        Raises:
            Refusal: An argument breaks a rule of AWS's, or a member comes twice.
        """
        check_type("identity_center", identity_center, IdentityCenter, "an IdentityCenter")
        check_group("", name=name, description=description)
        check_sequence("members", members, _USER, "a User, or User.from_user_id(…)")
        for index, member in enumerate(members):
            _check_known(f"members[{index}]", member)
        check_unique("members", [member._key for member in members], what="user")
        super().__init__(scope, construct_id)
        self._resource = identitystore.CfnGroup(
            self,
            "Resource",
            identity_store_id=identity_center.identity_store_id,
            display_name=name,
            description=description,
        )
        say_portal(scope, identity_center)
        self._identity_center = identity_center
        self._members = {member._key for member in members}
        for member in members:
            define_membership(self, identity_center=identity_center, group=self, member=member)

    def add_member(self, member: User | ExistingUser) -> None:
        """Put another user into the group, from wherever in the app.

        Creates one `AWS::IdentityStore::GroupMembership` in the group's stack, with the same id as that of a user in
        `members`. So the group's stack is deployed after the stack that makes the user, which must not need the group.

        Args:
            member: The user.

        Raises:
            Refusal: It is no user, it is in the group already, or its id is known only during the deploy.
        """
        check_type("member", member, _USER, "a User, or User.from_user_id(…)")
        _check_known("member", member)
        if member._key in self._members:
            raise Refusal(
                "not-unique", f"member must not be in the group already, got {member._key!r}", "add each user once"
            )
        self._members.add(member._key)
        define_membership(self, identity_center=self._identity_center, group=self, member=member)

    @staticmethod
    def from_group_id(group_id: str) -> ExistingGroup:
        """Name a group that is in the identity store already, for instance one that an identity provider put there.

        Nothing is created.

        Args:
            group_id: The id in the identity store: `aws identitystore get-group-id`.

        Raises:
            Refusal: The id is not of AWS's form.
        """
        return ExistingGroup(group_id=group_id)

    @cached_property
    def group_id(self) -> str:
        """The id of the group in the identity store; a token."""
        return self._resource.attr_group_id

    @property
    def group_ref(self) -> identitystore_refs.GroupReference:
        """The reference that L1 constructs take: its id, a token, and that of the identity store."""
        return self._resource.group_ref

    @cached_property
    def _key(self) -> str:
        return path_in_stack(self)


def _check_known(argument: str, member: User | ExistingUser) -> None:
    if is_token(member._key):
        raise Refusal(
            "member-token",
            f"{argument} must have a user_id known at synth, since the membership's id is derived from it, got a token",
            "pass the User itself",
        )


def define_membership(
    scope: Construct, *, identity_center: IdentityCenter, group: Group, member: User | ExistingUser
) -> None:
    """Define the resource of one membership."""
    identitystore.CfnGroupMembership(
        scope,
        f"Member-{member._key}",
        identity_store_id=identity_center.identity_store_id,
        group_id=group.group_id,
        member_id=identitystore.CfnGroupMembership.MemberIdProperty(user_id=member.user_id),
    )
