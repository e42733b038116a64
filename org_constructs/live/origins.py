"""Where what AWS has is from: the stacks of CloudFormation that have it, AWS itself, or somebody's hand."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from org_constructs.aws import limits
from org_constructs.aws.resource_types import BUDGET
from org_constructs.aws.user_types import USERS
from org_constructs.templates.description import Origin, Whence

AWS: Final = Origin(whence=Whence.AWS)
HAND: Final = Origin(whence=Whence.HAND)
PROVIDER: Final = Origin(whence=Whence.PROVIDER)
UNKNOWN: Final = Origin(whence=Whence.UNKNOWN)

STACK_NAME_TAG: Final = "aws:cloudformation:stack-name"
"""A tag that CloudFormation gives, and nobody else can: it tells of stacks in other regions, too.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-resource-tags.html
"""

ASSIGNMENT: Final = "AWS::SSO::Assignment"
ENTITLEMENT: Final = "AWS::AccountAccess::Entitlement"
MEMBERSHIP: Final = "AWS::IdentityStore::GroupMembership"

_OWN_ID: Final[Mapping[str, str]] = {
    "AWS::Organizations::Organization": limits.ORGANIZATION_ID,
    "AWS::Organizations::OrganizationalUnit": limits.ORGANIZATIONAL_UNIT_ID,
    "AWS::Organizations::Account": limits.ACCOUNT_ID,
    "AWS::Organizations::Policy": limits.POLICY_ID,
    "AWS::Organizations::ResourcePolicy": limits.RESOURCE_POLICY_ID,
    "AWS::SSO::PermissionSet": r"arn:.*:permissionSet/.*",
    ENTITLEMENT: r"(?!arn:).+",
    **dict.fromkeys(("AWS::IdentityStore::Group", MEMBERSHIP, *USERS), limits.PRINCIPAL_ID),
}
"""How the part of a physical id looks which is the id of the thing itself, by the types of resources."""

# https://docs.aws.amazon.com/controltower/latest/userguide/sso-groups.html
CONTROL_TOWER_GROUPS: Final = frozenset(
    {
        *("AWSAccountFactory", "AWSServiceCatalogAdmins", "AWSControlTowerAdmins", "AWSSecurityAuditPowerUsers"),
        *("AWSSecurityAuditors", "AWSLogArchiveAdmins", "AWSLogArchiveViewers", "AWSAuditAccountAdmins"),
    }
)
CONTROL_TOWER_PERMISSION_SETS: Final = frozenset(
    {
        *("AWSAdministratorAccess", "AWSOrganizationsFullAccess", "AWSPowerUserAccess", "AWSReadOnlyAccess"),
        *("AWSServiceCatalogAdminFullAccess", "AWSServiceCatalogEndUserAccess"),
    }
)
# https://docs.aws.amazon.com/controltower/latest/controlreference/preventive-controls.html
CONTROL_TOWER_POLICY: Final = re.compile(r"aws-guardrails-[A-Za-z]+")


class Origins:
    """Says of each thing where it is from, by what the stacks have."""

    def __init__(
        self, stacks: Mapping[str, Sequence[Mapping[str, Any]]], own: Collection[str], *, all_read: bool
    ) -> None:
        """Take the stacks.

        Args:
            stacks: What every stack has that could be read, as CloudFormation lists it, by the stacks' names.
            own: The names of those of this app.
            all_read: Whether that is all of them, so that what none of them has is none's.
        """
        self._own = own
        self._elsewhere = HAND if all_read else UNKNOWN
        self._by_id: dict[str, Origin] = {}
        for stack, resources in stacks.items():
            for each in resources:
                if told := told_apart(each["ResourceType"], each["PhysicalResourceId"]):
                    self._by_id[told] = self._of_stack(stack, each["LogicalResourceId"])

    def of(self, own_id: str, *, otherwise: Origin | None = None) -> Origin:
        """Return where something is from, by its id; if no stack has it, `otherwise` where that is given."""
        return self._by_id.get(own_id) or otherwise or self._elsewhere

    def of_tagged(self, own_id: str, tags: Mapping[str, str], *, otherwise: Origin | None = None) -> Origin:
        """Return where something is from that takes the tags of its stack."""
        if STACK_NAME_TAG in tags:
            otherwise = self._of_stack(tags[STACK_NAME_TAG], tags.get("aws:cloudformation:logical-id", ""))
        return self.of(own_id, otherwise=otherwise)

    def of_assignment(self, account_id: str, permission_set_arn: str, principal_id: str) -> Origin:
        """Return where an assignment is from, which has no id."""
        return self.of(_assignment(account_id, permission_set_arn, principal_id))

    def of_budget(self, name: str) -> Origin:
        """Return where a budget is from, whose id is its name."""
        return self.of(_budget(name))

    def _of_stack(self, name: str, logical_id: str) -> Origin:
        return Origin(whence=Whence.APP if name in self._own else Whence.STACK, stack=name, logical_id=logical_id)


def told_apart(resource_type: str, physical_id: str) -> str | None:
    """Return the part of a physical id that tells a resource from others: the id by which AWS lists it, if it has one.

    Of several values, which `|` separates, others are the instance's and the identity store's; and of a user it may be
    an ARN. None for a type that is no part of an organization, and for an id that is not as AWS makes it.
    """
    if resource_type == BUDGET:
        return _budget(physical_id)
    parts = physical_id.split("|")
    if resource_type == ASSIGNMENT:
        account, permission_set, principal = (
            next((part for part in parts if re.fullmatch(pattern, part)), None)
            for pattern in (limits.ACCOUNT_ID, _OWN_ID["AWS::SSO::PermissionSet"], limits.PRINCIPAL_ID)
        )
        return _assignment(account, permission_set, principal) if account and permission_set and principal else None
    if resource_type in USERS:
        parts = [part.rpartition("/")[2] for part in parts]
    own = _OWN_ID.get(resource_type)
    return next((part for part in parts if own and re.fullmatch(own, part)), None)


def _assignment(account_id: str, permission_set_arn: str, principal_id: str) -> str:
    return f"{account_id}|{permission_set_arn}|{principal_id}"


def _budget(name: str) -> str:
    return f"budget {name}"
