"""Nobody signs in as root, as an IAM user, or with a key that lasts."""

from __future__ import annotations

from typing import Final

import pytest

from every_guardrail import SERVICE_CONTROL
from guardrail_trials import (
    ADMIN_SESSION,
    ASSUMED_ROOT,
    CDK_SESSION,
    DEV,
    DEVELOPER_SESSION,
    IAM_USER,
    ROOT_USER,
    Case,
    Trials,
    by_role,
    each,
    role,
    user,
)
from org_constructs import guardrails
from refusals import refuses

ROOT: Final = guardrails.deny_root_user()
ROOT_CASES: Final = [
    Case(
        says="the root user makes no bucket",
        who=ROOT_USER,
        action="s3:CreateBucket",
        resource="arn:aws:s3:::acme",
        denied_by="DenyTheRootUser",
    ),
    Case(
        says="the root user makes no access key",
        who=ROOT_USER,
        action="iam:CreateAccessKey",
        resource=user("ci"),
        denied_by="DenyTheRootUser",
    ),
    Case(
        says="a root session that says it was not assumed is denied, too",
        who={**ROOT_USER, "context": {**ROOT_USER["context"], "aws:AssumedRoot": "false"}},
        action="s3:CreateBucket",
        resource="arn:aws:s3:::acme",
        denied_by="DenyTheRootUser",
    ),
    Case(
        says="the management account opens a locked bucket as root",
        who=ASSUMED_ROOT,
        action="s3:DeleteBucketPolicy",
        resource="arn:aws:s3:::locked",
    ),
    Case(
        says="an administrator makes a bucket",
        who=ADMIN_SESSION,
        action="s3:CreateBucket",
        resource="arn:aws:s3:::acme",
    ),
    Case(
        says="a role called root is not the root user",
        who=by_role("root", "dax@acme.com"),
        action="s3:CreateBucket",
        resource="arn:aws:s3:::acme",
    ),
]

IAM_USERS: Final = guardrails.deny_iam_users_and_access_keys(except_roles=["deploy/KeyRotation"])
IAM_USERS_CASES: Final = [
    Case(
        says="an administrator makes no IAM user",
        who=ADMIN_SESSION,
        action="iam:CreateUser",
        resource=user("ci"),
        denied_by="DenyIamUsersAndAccessKeys",
    ),
    Case(
        says="CloudFormation makes none for `cdk deploy`",
        who=CDK_SESSION,
        action="iam:CreateUser",
        resource=user("Stack-Ci-1"),
        denied_by="DenyIamUsersAndAccessKeys",
    ),
    Case(
        says="an IAM user makes no second access key",
        who=IAM_USER,
        action="iam:CreateAccessKey",
        resource=user("ci"),
        denied_by="DenyIamUsersAndAccessKeys",
    ),
    Case(
        says="nobody sets a password",
        who=ADMIN_SESSION,
        action="iam:CreateLoginProfile",
        resource=user("ci"),
        denied_by="DenyIamUsersAndAccessKeys",
    ),
    Case(
        says="nobody makes a long-lived key of Amazon Bedrock",
        who=ADMIN_SESSION,
        action="iam:CreateServiceSpecificCredential",
        resource=user("bedrock"),
        denied_by="DenyIamUsersAndAccessKeys",
    ),
    Case(
        says="nobody makes a key of a Lightsail bucket",
        who=DEVELOPER_SESSION,
        action="lightsail:CreateBucketAccessKey",
        denied_by="DenyIamUsersAndAccessKeys",
    ),
    Case(
        says="a role of the excepted name under another path is not excepted",
        who=by_role("KeyRotation", "rotate"),
        action="iam:CreateAccessKey",
        resource=user("ci"),
        denied_by="DenyIamUsersAndAccessKeys",
    ),
    Case(
        says="the excepted role makes a key",
        who=by_role("deploy/KeyRotation", "rotate"),
        action="iam:CreateAccessKey",
        resource=user("ci"),
    ),
    Case(
        says="a leaked key is switched off",
        who=ADMIN_SESSION,
        action="iam:UpdateAccessKey",
        resource=user("ci"),
    ),
    Case(says="a user is deleted", who=ADMIN_SESSION, action="iam:DeleteUser", resource=user("ci")),
    Case(says="a role is made", who=CDK_SESSION, action="iam:CreateRole", resource=role("Stack-Api-1")),
]

GITHUB: Final = f"arn:aws:iam::{DEV}:oidc-provider/token.actions.githubusercontent.com"
EKS: Final = f"arn:aws:iam::{DEV}:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF"
PROVIDERS: Final = guardrails.deny_other_identity_providers(
    except_oidc_providers=["token.actions.githubusercontent.com", "oidc.eks.*.amazonaws.com/id/*"],
    except_roles=["deploy/KeyRotation"],
)
OTHERS: Final = "DenyOtherIdentityProviders"
PROVIDERS_CASES: Final = [
    *each(
        [
            "sso:CreateInstance",
            "iam:CreateSAMLProvider",
            "iam:UpdateSAMLProvider",
            "rolesanywhere:CreateTrustAnchor",
            "rolesanywhere:UpdateTrustAnchor",
            "rolesanywhere:EnableTrustAnchor",
            "rolesanywhere:CreateProfile",
            "rolesanywhere:UpdateProfile",
            "rolesanywhere:EnableProfile",
            "rolesanywhere:PutAttributeMapping",
        ],
        says="nobody else lets people in",
        who=ADMIN_SESSION,
        denied_by=OTHERS,
    ),
    *each(["sso:CreateInstance"], says="not even root", who=ROOT_USER, denied_by=OTHERS),
    *[
        Case(says=says, who=CDK_SESSION, action=action, resource=resource, denied_by="DenyOidcProviders")
        for says, action, resource in (
            ("no provider of somebody else", "iam:CreateOpenIDConnectProvider", GITHUB.replace("token", "mytoken")),
            ("no provider that begins alike", "iam:CreateOpenIDConnectProvider", f"{GITHUB}.evil.example"),
            ("no path of the excepted host", "iam:CreateOpenIDConnectProvider", f"{GITHUB}/evil"),
            ("no clients for another", "iam:AddClientIDToOpenIDConnectProvider", f"{GITHUB}.evil.example"),
            ("no certificate for another", "iam:UpdateOpenIDConnectProviderThumbprint", f"{GITHUB}.evil.example"),
        )
    ],
    *[
        Case(says="the excepted providers are made and changed", who=CDK_SESSION, action=action, resource=resource)
        for action in (
            "iam:CreateOpenIDConnectProvider",
            "iam:AddClientIDToOpenIDConnectProvider",
            "iam:UpdateOpenIDConnectProviderThumbprint",
        )
        for resource in (GITHUB, EKS)
    ],
    *each(
        ["sso:CreateInstance", "iam:CreateSAMLProvider", "iam:CreateOpenIDConnectProvider"],
        says="the excepted role makes any",
        who=by_role("deploy/KeyRotation", "rotate"),
    ),
    *each(
        [
            "iam:DeleteSAMLProvider",
            "iam:DeleteOpenIDConnectProvider",
            "rolesanywhere:DisableTrustAnchor",
            "rolesanywhere:ImportCrl",
            "sso:DeleteInstance",
            "iam:GetOpenIDConnectProvider",
            "cognito-idp:CreateUserPool",
        ],
        says="providers end, and customers sign in",
        who=ADMIN_SESSION,
    ),
]

ROOT_TRIALS: Final = Trials(ROOT, ROOT_CASES)


@ROOT_TRIALS.parameters()
def test_root_user(number: int) -> None:
    ROOT_TRIALS.check(number)


def test_root_user_on_both_sides() -> None:
    ROOT_TRIALS.check_both_sides()
    ROOT_TRIALS.check_among([*SERVICE_CONTROL.values()])


IAM_USERS_TRIALS: Final = Trials(IAM_USERS, IAM_USERS_CASES)


@IAM_USERS_TRIALS.parameters()
def test_iam_users_and_access_keys(number: int) -> None:
    IAM_USERS_TRIALS.check(number)


def test_iam_users_and_access_keys_on_both_sides() -> None:
    IAM_USERS_TRIALS.check_both_sides()
    IAM_USERS_TRIALS.check_among([*SERVICE_CONTROL.values()])


PROVIDERS_TRIALS: Final = Trials(PROVIDERS, PROVIDERS_CASES)


@PROVIDERS_TRIALS.parameters()
def test_other_identity_providers(number: int) -> None:
    PROVIDERS_TRIALS.check(number)


def test_other_identity_providers_on_both_sides() -> None:
    PROVIDERS_TRIALS.check_both_sides()
    PROVIDERS_TRIALS.check_among([*SERVICE_CONTROL.values()])


def test_excepts_no_provider_by_default() -> None:
    _, of_oidc = guardrails.deny_other_identity_providers()["Statement"]
    assert (of_oidc["Resource"], "NotResource" in of_oidc) == ("*", False)


@pytest.mark.parametrize("provider", ["*", "*.*", "https://github.com", "*.com", "github", "github.com/", ""])
def test_refuses_what_is_no_provider_or_everybodys(provider: str) -> None:
    code = "wrong-form" if provider else "wrong-length"
    with refuses(code, "except_oidc_providers[0]"):
        guardrails.deny_other_identity_providers(except_oidc_providers=[provider])
