"""Nobody signs in as root, as an IAM user, or with a key that lasts."""

from __future__ import annotations

from typing import Final

from guardrail_trials import (
    ADMIN_SESSION,
    ASSUMED_ROOT,
    CDK_SESSION,
    IAM_USER,
    ROOT_USER,
    Case,
    Trials,
    by_role,
    role,
    user,
)
from org_constructs import guardrails

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


ROOT_TRIALS: Final = Trials(ROOT, ROOT_CASES)


@ROOT_TRIALS.parameters()
def test_root_user(number: int) -> None:
    ROOT_TRIALS.check(number)


def test_root_user_on_both_sides() -> None:
    ROOT_TRIALS.check_both_sides()


IAM_USERS_TRIALS: Final = Trials(IAM_USERS, IAM_USERS_CASES)


@IAM_USERS_TRIALS.parameters()
def test_iam_users_and_access_keys(number: int) -> None:
    IAM_USERS_TRIALS.check(number)


def test_iam_users_and_access_keys_on_both_sides() -> None:
    IAM_USERS_TRIALS.check_both_sides()
