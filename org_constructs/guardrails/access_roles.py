"""The roles through which others get into accounts: how they are called, and that members leave them alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from org_constructs.aws import limits
from org_constructs.constructs.validate import check_text

from ._content import Content, content, deny, role_arns, unless

ORGANIZATION_ACCESS_ROLE: Final = "OrganizationAccountAccessRole"
"""The role that AWS makes in each account of an organization, for the management account to get in."""

_SUFFIX: Final = limits.ROLE_NAME_MAX - len("AWSReservedSSO_") - limits.PERMISSION_SET_NAME_MAX - len("_")

_ROLE_CHANGES: Final = (
    "iam:AttachRolePolicy",
    "iam:CreateRole",  # a role that is not there yet could be made with this name, and then be excepted by it
    "iam:DeleteRole",
    "iam:DeleteRolePermissionsBoundary",
    "iam:DeleteRolePolicy",
    "iam:DetachRolePolicy",
    "iam:PutRolePermissionsBoundary",
    "iam:PutRolePolicy",
    "iam:TagRole",
    "iam:UntagRole",
    "iam:UpdateAssumeRolePolicy",
    "iam:UpdateRole",
    "iam:UpdateRoleDescription",
)


def permission_set_role(name: str) -> str:
    """Return the role of a permission set in every account, for `except_roles`; of no other permission set.

    Its name ends in 16 characters that nobody knows before: with the longest name of a permission set, 32 characters,
    it has 64, which is IAM's most. The path has the home region in it, unless that is us-east-1. In a condition on an
    ARN `?` is one character, and `*` any number of them:
    https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html

    Raises:
        Refusal: No permission set can have this name.
    """
    check_text(
        "name",
        name,
        maximum=limits.PERMISSION_SET_NAME_MAX,
        pattern=limits.PERMISSION_SET_NAME,
        rule="letters, digits and +=,.@_-",
    )
    return f"aws-reserved/sso.amazonaws.com*/AWSReservedSSO_{name}_{'?' * _SUFFIX}"


def protect_baseline_roles(
    *,
    access_roles: Sequence[str] = (ORGANIZATION_ACCESS_ROLE,),
    bootstrap_qualifier: str = "hnb659fds",
    except_roles: Sequence[str] = (),
) -> Content:
    """Return a service control policy that keeps members from changing the roles through which others get in.

    These are the roles and the SAML provider of IAM Identity Center, which it alone may change, through its
    service-linked role; the role of the management account, which that role itself may change; and the roles of the
    CDK bootstrap, which that role and `except_roles` may change. What breaks: `cdk bootstrap` in a member account by
    anybody else.

    Limits: who may assume a role or pass it is not changed. Policies of your own that are attached to such a role are
    not protected.

    Source: https://docs.aws.amazon.com/singlesignon/latest/userguide/permissionsetsconcept.html,
    https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_access.html and
    https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html

    Args:
        access_roles: The management account's roles; by default the one that AWS makes. Name the `role_name` of
            accounts that have another.
        bootstrap_qualifier: The qualifier of the CDK bootstrap; by default the CDK's own.
        except_roles: Who may bootstrap beside the management account, as in `allow_regions`; by default nobody.

    Raises:
        Refusal: A name or the qualifier is not of AWS's form.
    """
    check_text(
        "bootstrap_qualifier", bootstrap_qualifier, maximum=10, pattern=r"[A-Za-z0-9]+", rule="letters and digits"
    )
    access = role_arns("access_roles", access_roles)
    bootstrap = [f"arn:*:iam::*:role/cdk-{bootstrap_qualifier}-*"]
    identity_center = ["arn:*:iam::*:role/aws-reserved/sso.amazonaws.com*", "arn:*:iam::*:saml-provider/AWSSSO_*"]
    by_access_roles = unless(access)
    by_others_too = unless([*access, *role_arns("except_roles", except_roles)])
    sso_changes = [*_ROLE_CHANGES, "iam:DeleteSAMLProvider", "iam:UpdateSAMLProvider"]
    return content(
        [
            deny("ProtectIdentityCenterRoles", sorted(sso_changes), identity_center),
            deny("ProtectOrganizationAccess", _ROLE_CHANGES, access, by_access_roles),
            deny("ProtectCdkBootstrap", _ROLE_CHANGES, bootstrap, by_others_too),
        ]
    )
