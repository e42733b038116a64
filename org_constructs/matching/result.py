"""What matching a resource with what exists can result in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, Literal

from org_constructs.aws.user_types import CUSTOM_USER

if TYPE_CHECKING:
    from org_constructs.refusal import Refusal

PRIMARY_IDENTIFIERS: Final[Mapping[str, tuple[str, ...]]] = {
    "AWS::Organizations::Organization": ("Id",),
    "AWS::Organizations::OrganizationalUnit": ("Id",),
    "AWS::Organizations::Policy": ("Id",),
    "AWS::Organizations::Account": ("AccountId",),
    "AWS::Organizations::ResourcePolicy": ("Id",),
    "AWS::SSO::PermissionSet": ("InstanceArn", "PermissionSetArn"),
    "AWS::IdentityStore::Group": ("GroupId", "IdentityStoreId"),
    "AWS::IdentityStore::User": ("Arn",),
    "AWS::IdentityStore::GroupMembership": ("MembershipId", "IdentityStoreId"),
    "AWS::Budgets::Budget": ("Id",),
    "AWS::SSO::Assignment": (
        "InstanceArn",
        "TargetId",
        "TargetType",
        "PermissionSetArn",
        "PrincipalType",
        "PrincipalId",
    ),
}
"""What CloudFormation knows a resource by that it shall import: `primaryIdentifier` in the schema of each type, from
https://schema.cloudformation.us-east-1.amazonaws.com/CloudformationSchema.zip."""

CREATE_ONLY: Final[Mapping[str, frozenset[str]]] = {
    "AWS::Organizations::Organization": frozenset(),
    "AWS::Organizations::OrganizationalUnit": frozenset({"ParentId"}),
    "AWS::Organizations::Policy": frozenset({"Type"}),
    "AWS::Organizations::Account": frozenset(),
    "AWS::Organizations::ResourcePolicy": frozenset(),
    "AWS::SSO::PermissionSet": frozenset({"InstanceArn", "Name"}),
    "AWS::IdentityStore::Group": frozenset({"IdentityStoreId"}),
    "AWS::IdentityStore::User": frozenset(
        {"Addresses", "Emails", "IdentityStoreId", "PhoneNumbers", "Photos", "Roles", "UserName"}
    ),
    "AWS::IdentityStore::GroupMembership": frozenset({"GroupId", "IdentityStoreId", "MemberId"}),
    "AWS::SSO::Assignment": frozenset(PRIMARY_IDENTIFIERS["AWS::SSO::Assignment"]),
    "AWS::Budgets::Budget": frozenset({"Budget/BudgetName", "NotificationsWithSubscribers"}),
    CUSTOM_USER: frozenset(),
}
"""The properties that only a new resource can have: `createOnlyProperties` in the same schemas."""

TYPES: Final = (*PRIMARY_IDENTIFIERS, CUSTOM_USER)
"""The resource types that are matched."""


class State(StrEnum):
    """What a deploy has to do with a resource of a template."""

    DEPLOYED = "deployed"
    """It is in the stack already."""

    ADOPTED = "adopted"
    """It exists, in no stack that is known here, and an import takes it into the stack."""

    CREATED = "to be created"
    """There is nothing of the kind; a deploy makes it."""

    IN_THE_WAY = "in the way"
    """It exists but cannot become what the template says, so that a deploy would fail or make a second one."""

    AMBIGUOUS = "ambiguous"
    """Several things could be it."""


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A property in which the template and what exists differ."""

    property: str
    template: Any
    """What the template says, with references to what exists as their ids; None where it says nothing."""

    found: Any
    """What is there, as the template would say it; None where there is nothing."""


@dataclass(frozen=True, kw_only=True)
class Match:
    """One resource of a template, and what exists of it."""

    stack: str
    """The stack's id in the assembly."""

    logical_id: str
    type: str
    name: str
    """What people know it by: a name, an e-mail, a path, or what is assigned to whom."""

    state: State
    id: str | None = None
    """The id of what exists: that of AWS, or a permission set's ARN; an assignment has none."""

    identifier: Mapping[str, str] = field(default_factory=dict)
    """The primary identifier that an import needs, by the names of the properties."""

    differences: tuple[Difference, ...] = ()
    """Of what is adopted or deployed, what a deploy will change; of what is in the way, what cannot change."""

    reason: Refusal | None = None
    """Why it is in the way or ambiguous, and what to do."""

    replaced: Literal["", "deleted", "kept"] = ""
    """What a deploy does to it where it makes another in its place."""

    lines: tuple[str, ...] = ()
    """The lines with which the app names what exists by its id instead; none where that is no way."""


@dataclass(frozen=True, kw_only=True)
class Unknown:
    """Something that exists, and that no template knows."""

    type: str
    """The resource type that it would be in a template."""

    name: str
    id: str
