"""An AWS organization with IAM Identity Center, as AWS CDK constructs and one stack.

Names are imported when they are first used: the commands work on synthesized templates, and importing aws_cdk for
them would start Node.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from .baseline.props import (
        AccountProps,
        AlternateContactProps,
        AssignmentProps,
        BudgetsProps,
        GroupProps,
        OrganizationalUnitProps,
        PermissionSetProps,
        PolicyProps,
        ResourcePolicyProps,
        UserProps,
    )
    from .baseline.stack import OrgBaseline
    from .checks import OrgBaselineChecks
    from .constructs.account import Account, ExistingAccount
    from .constructs.assignment import Assignment, Principal, Target
    from .constructs.budget import Budget
    from .constructs.email import plus_address
    from .constructs.group import ExistingGroup, Group
    from .constructs.identity_center import IdentityCenter
    from .constructs.organization import ExistingOrganization, FeatureSet, Organization
    from .constructs.organizational_unit import ExistingOrganizationalUnit, OrganizationalUnit, Parent
    from .constructs.permission_set import CustomerManagedPolicy, ExistingPermissionSet, PermissionSet
    from .constructs.policy import ExistingPolicy, Policy
    from .constructs.policy_type import PolicyType
    from .constructs.resource_policy import ResourcePolicy
    from .constructs.user import ExistingUser, User, UserImplementation
    from .refusal import Refusal

__all__ = [
    "Account",
    "AccountProps",
    "AlternateContactProps",
    "Assignment",
    "AssignmentProps",
    "Budget",
    "BudgetsProps",
    "CustomerManagedPolicy",
    "ExistingAccount",
    "ExistingGroup",
    "ExistingOrganization",
    "ExistingOrganizationalUnit",
    "ExistingPermissionSet",
    "ExistingPolicy",
    "ExistingUser",
    "FeatureSet",
    "Group",
    "GroupProps",
    "IdentityCenter",
    "OrgBaseline",
    "OrgBaselineChecks",
    "Organization",
    "OrganizationalUnit",
    "OrganizationalUnitProps",
    "Parent",
    "PermissionSet",
    "PermissionSetProps",
    "Policy",
    "PolicyProps",
    "PolicyType",
    "Principal",
    "Refusal",
    "ResourcePolicy",
    "ResourcePolicyProps",
    "Target",
    "User",
    "UserImplementation",
    "UserProps",
    "plus_address",
]

_MODULES: Final = {
    "constructs.account": ("Account", "ExistingAccount"),
    "constructs.assignment": ("Assignment", "Principal", "Target"),
    "baseline.stack": ("OrgBaseline",),
    "constructs.budget": ("Budget",),
    "checks": ("OrgBaselineChecks",),
    "constructs.email": ("plus_address",),
    "constructs.group": ("ExistingGroup", "Group"),
    "constructs.identity_center": ("IdentityCenter",),
    "constructs.organization": ("ExistingOrganization", "FeatureSet", "Organization"),
    "constructs.organizational_unit": ("ExistingOrganizationalUnit", "OrganizationalUnit", "Parent"),
    "constructs.permission_set": ("CustomerManagedPolicy", "ExistingPermissionSet", "PermissionSet"),
    "constructs.policy": ("ExistingPolicy", "Policy"),
    "constructs.policy_type": ("PolicyType",),
    "constructs.resource_policy": ("ResourcePolicy",),
    "baseline.props": (
        "AccountProps",
        "AlternateContactProps",
        "AssignmentProps",
        "BudgetsProps",
        "GroupProps",
        "OrganizationalUnitProps",
        "PermissionSetProps",
        "PolicyProps",
        "ResourcePolicyProps",
        "UserProps",
    ),
    "constructs.user": ("ExistingUser", "User", "UserImplementation"),
    "refusal": ("Refusal",),
}
_MODULE_OF: Final = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> object:
    """Import the module of a public name; see https://peps.python.org/pep-0562/."""
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_MODULE_OF[name]}", __name__), name)


def __dir__() -> list[str]:
    return __all__
