"""The types of what an organization consists of, as templates have them, and what people call one and several of each.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_Organizations.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_SSO.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_IdentityStore.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_Budgets.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from .user_types import USERS

ORGANIZATION: Final = "AWS::Organizations::Organization"
UNIT: Final = "AWS::Organizations::OrganizationalUnit"
ACCOUNT: Final = "AWS::Organizations::Account"
POLICY: Final = "AWS::Organizations::Policy"
RESOURCE_POLICY: Final = "AWS::Organizations::ResourcePolicy"
GROUP: Final = "AWS::IdentityStore::Group"
MEMBERSHIP: Final = "AWS::IdentityStore::GroupMembership"
PERMISSION_SET: Final = "AWS::SSO::PermissionSet"
ASSIGNMENT: Final = "AWS::SSO::Assignment"
BUDGET: Final = "AWS::Budgets::Budget"

NAMES: Final[Mapping[str, tuple[str, str]]] = {
    ORGANIZATION: ("organization", "organizations"),
    UNIT: ("unit", "units"),
    ACCOUNT: ("account", "accounts"),
    POLICY: ("policy", "policies"),
    RESOURCE_POLICY: ("resource policy", "resource policies"),
    **dict.fromkeys(USERS, ("user", "users")),
    GROUP: ("group", "groups"),
    MEMBERSHIP: ("membership", "memberships"),
    PERMISSION_SET: ("permission set", "permission sets"),
    ASSIGNMENT: ("assignment", "assignments"),
    BUDGET: ("budget", "budgets"),
}
