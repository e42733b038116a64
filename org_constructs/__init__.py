"""An AWS organization with IAM Identity Center, as AWS CDK constructs and one stack.

Names are imported when they are first used: the commands work on synthesized templates, and importing aws_cdk for
them would start Node.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from .account import Account, ExistingAccount
    from .assignment import Assignment, Principal, Target
    from .baseline import OrgBaseline
    from .checks import OrgBaselineChecks
    from .email import plus_address
    from .group import ExistingGroup, Group
    from .identity_center import IdentityCenter
    from .organization import ExistingOrganization, FeatureSet, Organization
    from .organizational_unit import ExistingOrganizationalUnit, OrganizationalUnit, Parent
    from .permission_set import CustomerManagedPolicy, ExistingPermissionSet, PermissionSet
    from .policy import ExistingPolicy, Policy
    from .policy_type import PolicyType
    from .props import (
        AccountProps,
        AlternateContactProps,
        AssignmentProps,
        GroupProps,
        OrganizationalUnitProps,
        PermissionSetProps,
        PolicyProps,
        UserProps,
    )
    from .user import ExistingUser, User, UserImplementation

__all__ = [
    "Account",
    "AccountProps",
    "AlternateContactProps",
    "Assignment",
    "AssignmentProps",
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
    "Target",
    "User",
    "UserImplementation",
    "UserProps",
    "plus_address",
]

_MODULES: Final = {
    "account": ("Account", "ExistingAccount"),
    "assignment": ("Assignment", "Principal", "Target"),
    "baseline": ("OrgBaseline",),
    "checks": ("OrgBaselineChecks",),
    "email": ("plus_address",),
    "group": ("ExistingGroup", "Group"),
    "identity_center": ("IdentityCenter",),
    "organization": ("ExistingOrganization", "FeatureSet", "Organization"),
    "organizational_unit": ("ExistingOrganizationalUnit", "OrganizationalUnit", "Parent"),
    "permission_set": ("CustomerManagedPolicy", "ExistingPermissionSet", "PermissionSet"),
    "policy": ("ExistingPolicy", "Policy"),
    "policy_type": ("PolicyType",),
    "props": (
        "AccountProps",
        "AlternateContactProps",
        "AssignmentProps",
        "GroupProps",
        "OrganizationalUnitProps",
        "PermissionSetProps",
        "PolicyProps",
        "UserProps",
    ),
    "user": ("ExistingUser", "User", "UserImplementation"),
}
_MODULE_OF: Final = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> object:
    """Import the module of a public name; see https://peps.python.org/pep-0562/."""
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_MODULE_OF[name]}", __name__), name)


def __dir__() -> list[str]:
    return __all__
