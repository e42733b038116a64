"""Which actions CloudFormation calls for a type of resource, and on what.

What CloudFormation calls is published in the schema of the type, as the permissions of its handlers;
`handler_permissions.json` has them, with the date of the schemas, and `scripts/handler-permissions` renews it. What an
action can be narrowed to is in the service authorization reference:
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

from org_constructs.templates.iam import resources_of_action

RESOURCE_TYPES: Final = (
    "AWS::Budgets::Budget",
    "AWS::IAM::Policy",
    "AWS::IAM::Role",
    "AWS::IdentityStore::Group",
    "AWS::IdentityStore::GroupMembership",
    "AWS::IdentityStore::User",
    "AWS::Lambda::Function",
    "AWS::Logs::LogGroup",
    "AWS::Organizations::Account",
    "AWS::Organizations::Organization",
    "AWS::Organizations::OrganizationalUnit",
    "AWS::Organizations::Policy",
    "AWS::Organizations::ResourcePolicy",
    "AWS::SSO::Assignment",
    "AWS::SSO::InstanceAccessControlAttributeConfiguration",
    "AWS::SSO::PermissionSet",
)
"""The types of which the permissions are known: those of an organization, and those that make users elsewhere."""

NO_RESOURCE: Final = "NoResource"
_SUBJECTS: Final[Mapping[str, Mapping[str, str]]] = {
    "lambda": {
        "capacityProvider": "CapacityProviders",
        "code signing config": "CodeSigningConfigs",
        "function": "Functions",
        "layerVersion": "Layers",
    },
    "logs": {"log-group": "LogGroups"},
    "organizations": {
        "account": "Accounts",
        "organizationalunit": "Units",
        "policy": "Policies",
        "resourcepolicy": "ResourcePolicies",
        "root": "Roots",
    },
    "sso": {"Account": "AssignedAccounts", "Instance": "Instance", "PermissionSet": "PermissionSets"},
}
"""By service: the kinds of resources that its actions are called on, in words of statement ids."""
_ON_ITSELF: Final = re.compile("ListParents|ListTagsForResource|(Unt|T)agResource")
"""What is called on any kind of resource: a handler calls it on its own."""
_OWN: Final[Mapping[str, tuple[str, ...]]] = {
    "AWS::Budgets::Budget": ("Budgets",),
    "AWS::IdentityStore::Group": ("Groups", "IdentityStore"),
    "AWS::IdentityStore::GroupMembership": ("Groups", "IdentityStore", "Memberships", "Users"),
    "AWS::IdentityStore::User": ("IdentityStore", "Users"),
    "AWS::Lambda::Function": ("Functions",),
    "AWS::Logs::LogGroup": ("LogGroups",),
    "AWS::Organizations::Account": ("Accounts",),
    "AWS::Organizations::OrganizationalUnit": ("Units",),
    "AWS::Organizations::Policy": ("Policies",),
    "AWS::Organizations::ResourcePolicy": ("ResourcePolicies",),
    "AWS::SSO::InstanceAccessControlAttributeConfiguration": ("Instance",),
    "AWS::SSO::PermissionSet": ("Instance", "PermissionSets"),
}
"""By type: what it is itself."""
_OTHERS: Final = {
    "billing": "BillingViews",
    "ec2": NO_RESOURCE,
    "elasticfilesystem": "FileSystems",
    "firehose": "DeliveryStreams",
    "kms": "KeysThroughLambda",
    "s3": "Bootstrap",
    "s3files": "FileSystems",
    "ssm": "Bootstrap",
}
SERVICE_LINKED: Final = ("organizations.amazonaws.com", "sso.amazonaws.com")
"""The services that get a role of their own when an organization is made, and when it gets Identity Center."""
NO_ACTIONS: Final = ("s3:REST.PUT.OBJECT",)
"""What schemas list though it is no action of IAM, which has no dots."""

# Identity Center keeps its roles in the management account with the permissions of whoever asks it to, and in members
# with its own; it may also have to update its identity provider there:
# https://docs.aws.amazon.com/singlesignon/latest/userguide/iam-auth-access-using-id-policies.html
KEEPING_ROLES: Final = (
    "iam:AttachRolePolicy",
    "iam:CreateRole",
    "iam:DeleteRole",
    "iam:DeleteRolePermissionsBoundary",
    "iam:DeleteRolePolicy",
    "iam:DetachRolePolicy",
    "iam:GetRole",
    "iam:GetSAMLProvider",
    "iam:ListAttachedRolePolicies",
    "iam:ListRolePolicies",
    "iam:PutRolePermissionsBoundary",
    "iam:PutRolePolicy",
    "iam:UpdateRole",
    "iam:UpdateRoleDescription",
    "iam:UpdateSAMLProvider",
)


@cache
def handler_permissions() -> Mapping[str, Any]:
    """Return `handler_permissions.json`: the date of the schemas, and per type the permissions of its handlers."""
    text = (files(__package__ or "org_constructs.deploy_policy") / "handler_permissions.json").read_text(
        encoding="utf-8"
    )
    permissions: Mapping[str, Any] = json.loads(text)
    return permissions


def subjects(resource_type: str, action: str) -> tuple[str, ...]:
    """Return what an action is called on for a type, in words of statement ids."""
    service, _, name = action.partition(":")
    if service == "iam":
        return (_subject_in_iam(resource_type, name),)
    if service in _OTHERS:
        return (_OTHERS[service],)
    called_on = resources_of_action(action)
    if service not in _SUBJECTS or called_on is None or _ON_ITSELF.fullmatch(name):
        return _OWN.get(resource_type, (NO_RESOURCE,))
    return tuple(sorted(_SUBJECTS[service][each] for each in called_on if each in _SUBJECTS[service])) or (NO_RESOURCE,)


def _subject_in_iam(resource_type: str, name: str) -> str:
    if name == "CreateServiceLinkedRole":
        return "ServiceLinkedRoles"
    if resource_type.startswith("AWS::SSO::"):
        return "IdentityCenterRoles"
    if name.endswith(("UserPolicy", "GroupPolicy")):
        return "StackUsersAndGroups"
    return {
        "AttachRolePolicy": "AttachedRoles",
        "DetachRolePolicy": "AttachedRoles",
        "ListRoles": NO_RESOURCE,
        "PassRole": "PassedRoles",
    }.get(name, "StackRoles")
