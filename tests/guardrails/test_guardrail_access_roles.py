"""The roles through which others get in stay as they are."""

from __future__ import annotations

from typing import Final

import pytest

from every_guardrail import SERVICE_CONTROL
from guardrail_trials import (
    ACCESS_SESSION,
    ADMIN,
    ADMIN_OF_EU,
    ADMIN_OF_EU_SESSION,
    ADMIN_SESSION,
    API_SESSION,
    CDK_EXECUTION,
    CDK_SESSION,
    DEV,
    DEVELOPER,
    DEVELOPER_SESSION,
    SSO,
    Case,
    Trials,
    by_role,
    role,
)
from org_constructs import guardrails
from org_constructs.aws.limits import PERMISSION_SET_NAME_MAX
from org_constructs.guardrails import ORGANIZATION_ACCESS_ROLE, permission_set_role
from refusals import refuses

ROLES: Final = guardrails.protect_baseline_roles(except_roles=[permission_set_role("AdministratorAccess")])
ROLES_CASES: Final = [
    Case(
        says="an administrator does not trust others with a permission set's role",
        who=ADMIN_SESSION,
        action="iam:UpdateAssumeRolePolicy",
        resource=role(DEVELOPER),
        denied_by="ProtectIdentityCenterRoles",
        refused_anyway=True,
    ),
    Case(
        says="nobody gives a permission set's role more, in another home region",
        who=ADMIN_OF_EU_SESSION,
        action="iam:AttachRolePolicy",
        resource=role(ADMIN_OF_EU),
        denied_by="ProtectIdentityCenterRoles",
        refused_anyway=True,
    ),
    Case(
        says="not even the management account's role does",
        who=ACCESS_SESSION,
        action="iam:DeleteRole",
        resource=role(ADMIN),
        denied_by="ProtectIdentityCenterRoles",
        refused_anyway=True,
    ),
    Case(
        says="nobody replaces the certificate that people sign in by",
        who=ADMIN_SESSION,
        action="iam:UpdateSAMLProvider",
        resource=f"arn:aws:iam::{DEV}:saml-provider/AWSSSO_0123456789abcdef_DO_NOT_DELETE",
        denied_by="ProtectIdentityCenterRoles",
    ),
    Case(
        says="nobody removes the identity provider",
        who=CDK_SESSION,
        action="iam:DeleteSAMLProvider",
        resource=f"arn:aws:iam::{DEV}:saml-provider/AWSSSO_0123456789abcdef_DO_NOT_DELETE",
        denied_by="ProtectIdentityCenterRoles",
    ),
    Case(
        says="an administrator does not shut the management account out",
        who=ADMIN_SESSION,
        action="iam:DeleteRole",
        resource=role(ORGANIZATION_ACCESS_ROLE),
        denied_by="ProtectOrganizationAccess",
    ),
    Case(
        says="an administrator does not let others in by the management account's role",
        who=ADMIN_SESSION,
        action="iam:UpdateAssumeRolePolicy",
        resource=role(ORGANIZATION_ACCESS_ROLE),
        denied_by="ProtectOrganizationAccess",
    ),
    Case(
        says="nobody makes a role of the excepted name where there is none",
        who=ADMIN_SESSION,
        action="iam:CreateRole",
        resource=role(ORGANIZATION_ACCESS_ROLE),
        denied_by="ProtectOrganizationAccess",
    ),
    Case(
        says="an application does not change the role that deploys it",
        who=API_SESSION,
        action="iam:PutRolePolicy",
        resource=role(CDK_EXECUTION),
        denied_by="ProtectCdkBootstrap",
    ),
    Case(
        says="a deployment does not change the role that it runs with",
        who=CDK_SESSION,
        action="iam:UpdateAssumeRolePolicy",
        resource=role(f"cdk-hnb659fds-deploy-role-{DEV}-us-east-1"),
        denied_by="ProtectCdkBootstrap",
    ),
    Case(
        says="a developer does not bootstrap",
        who=DEVELOPER_SESSION,
        action="iam:CreateRole",
        resource=role(f"cdk-hnb659fds-lookup-role-{DEV}-us-east-1"),
        denied_by="ProtectCdkBootstrap",
    ),
    Case(
        says="a permission set whose name goes on after an underscore is not excepted",
        who=by_role(f"{SSO}/AWSReservedSSO_AdministratorAccess_Audit_0123456789abcdef", "kim@acme.com"),
        action="iam:CreateRole",
        resource=role(CDK_EXECUTION),
        denied_by="ProtectCdkBootstrap",
    ),
    Case(
        says="nor is one whose name goes on as the end of a role does",
        who=by_role(f"{SSO}/eu-west-1/AWSReservedSSO_AdministratorAccess_a_0123456789abcdef", "kim@acme.com"),
        action="iam:CreateRole",
        resource=role(CDK_EXECUTION),
        denied_by="ProtectCdkBootstrap",
    ),
    Case(
        says="an administrator bootstraps",
        who=ADMIN_SESSION,
        action="iam:CreateRole",
        resource=role(CDK_EXECUTION),
    ),
    Case(
        says="an administrator of another home region bootstraps",
        who=ADMIN_OF_EU_SESSION,
        action="iam:PutRolePolicy",
        resource=role(CDK_EXECUTION),
    ),
    Case(
        says="the management account's role changes itself",
        who=ACCESS_SESSION,
        action="iam:UpdateAssumeRolePolicy",
        resource=role(ORGANIZATION_ACCESS_ROLE),
    ),
    Case(
        says="the management account's role bootstraps",
        who=ACCESS_SESSION,
        action="iam:AttachRolePolicy",
        resource=role(CDK_EXECUTION),
    ),
    Case(
        says="a deployment makes the roles of its application",
        who=CDK_SESSION,
        action="iam:CreateRole",
        resource=role("Stack-Api-1"),
    ),
    Case(
        says="an application's own identity provider is its own affair",
        who=ADMIN_SESSION,
        action="iam:UpdateSAMLProvider",
        resource=f"arn:aws:iam::{DEV}:saml-provider/Okta",
    ),
    Case(
        says="a permission set's role can be looked at",
        who=DEVELOPER_SESSION,
        action="iam:GetRole",
        resource=role(DEVELOPER),
    ),
]


ROLES_TRIALS: Final = Trials(ROLES, ROLES_CASES)


@ROLES_TRIALS.parameters()
def test_access_roles(number: int) -> None:
    ROLES_TRIALS.check(number)


def test_access_roles_on_both_sides() -> None:
    ROLES_TRIALS.check_both_sides()
    ROLES_TRIALS.check_among([*SERVICE_CONTROL.values()])


@pytest.mark.parametrize("roles", [["*"], ["**"], ["*/?"], ["/deploy"], ["deploy/"], [""], ["role x"], ["arn:aws:x"]])
def test_refuses_what_is_no_role_or_everybody(roles: list[str]) -> None:
    with refuses("wrong-form" if roles[0] else "wrong-length", "except_roles[0]"):
        guardrails.deny_region_opt_ins(except_roles=roles)


@pytest.mark.parametrize("name", ["X", "Developer", "p" * PERMISSION_SET_NAME_MAX])
def test_the_role_of_a_permission_set_ends_in_sixteen_characters(name: str) -> None:
    assert permission_set_role(name).endswith(f"/AWSReservedSSO_{name}_????????????????")


def test_refuses_the_name_of_no_permission_set() -> None:
    with refuses("wrong-form", "name", "Administrator Access"):
        permission_set_role("Administrator Access")


def test_refuses_the_qualifier_of_no_bootstrap() -> None:
    with refuses("wrong-form", "bootstrap_qualifier", "'*'"):
        guardrails.protect_baseline_roles(bootstrap_qualifier="*")
    # As long as cdk bootstrap takes it: https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-customizing.html
    guardrails.protect_baseline_roles(bootstrap_qualifier="a" * 10)
    with refuses("wrong-length", "bootstrap_qualifier", "10", "11"):
        guardrails.protect_baseline_roles(bootstrap_qualifier="a" * 11)
