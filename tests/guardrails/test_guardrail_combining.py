"""Guardrails by what they do: requests that a simulator of IAM decides, with and without them."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass, field
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

import pytest

from iam_simulator import ANONYMOUS, Decision, Policies, Request, decide
from org_constructs import PolicyProps, PolicyType, guardrails
from org_constructs.constructs.policy import CONTENT_MAX
from org_constructs.constructs.policy_json import json_characters
from org_constructs.guardrails import ORGANIZATION_ACCESS_ROLE, permission_set_role

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

DEV: Final = "444455556666"
PRODUCTION: Final = "777788889999"
MANAGEMENT: Final = "111122223333"
VENDOR: Final = "999900001111"
ORGANIZATION: Final = "o-exampleorg1"

SSO: Final = "aws-reserved/sso.amazonaws.com"
ADMIN: Final = f"{SSO}/AWSReservedSSO_AdministratorAccess_0123456789abcdef"
ADMIN_OF_EU: Final = f"{SSO}/eu-west-1/AWSReservedSSO_AdministratorAccess_0123456789abcdef"
DEVELOPER: Final = f"{SSO}/AWSReservedSSO_Developer_fedcba9876543210"
CDK_EXECUTION: Final = f"cdk-hnb659fds-cfn-exec-role-{DEV}-us-east-1"
API: Final = "service-role/api-handler"


def by_role(role: str, session: str, *, account: str = DEV, organization: str | None = ORGANIZATION) -> dict[str, Any]:
    """A session of a role: AWS leaves the path out of its ARN, and not out of what the condition sees."""
    context = {
        "aws:PrincipalArn": f"arn:aws:iam::{account}:role/{role}",
        "aws:PrincipalAccount": account,
        "aws:PrincipalType": "AssumedRole",
        "aws:PrincipalIsAWSService": "false",
        **({"aws:PrincipalOrgID": organization} if organization else {}),
    }
    name = role.rpartition("/")[2]
    return {"principal": f"arn:aws:sts::{account}:assumed-role/{name}/{session}", "context": context}


def by_long_lived(name: str) -> dict[str, Any]:
    """The root user, or an IAM user."""
    arn = f"arn:aws:iam::{DEV}:{name}"
    return {"principal": arn, "context": {"aws:PrincipalArn": arn, "aws:PrincipalOrgID": ORGANIZATION}}


ADMIN_SESSION: Final = by_role(ADMIN, "dax@acme.com")
ADMIN_OF_EU_SESSION: Final = by_role(ADMIN_OF_EU, "dax@acme.com")
DEVELOPER_SESSION: Final = by_role(DEVELOPER, "kim@acme.com")
ACCESS_SESSION: Final = by_role(ORGANIZATION_ACCESS_ROLE, "botocore-session-1700000000")
CDK_SESSION: Final = by_role(CDK_EXECUTION, "AWSCloudFormation")
API_SESSION: Final = by_role(API, "api-handler-1a2b3c")
ROOT_USER: Final = by_long_lived("root")
ASSUMED_ROOT: Final = {**ROOT_USER, "context": {**ROOT_USER["context"], "aws:AssumedRoot": "true"}}
IAM_USER: Final = by_long_lived("user/ci")


@dataclass(frozen=True, kw_only=True)
class Case:
    """A request, and the statement that denies it; none for what stays allowed."""

    says: str
    who: Mapping[str, Any]
    action: str
    resource: str
    denied_by: str | None = None
    region: str = "us-east-1"
    context: Mapping[str, str] = field(default_factory=dict)
    resource_policy: Mapping[str, Any] | None = None
    refused_anyway: bool = False
    """AWS itself refuses it, whatever policies say."""

    def request(self) -> Request:
        return Request(
            principal=self.who["principal"],
            action=self.action,
            resource=self.resource,
            account=DEV,
            context={"aws:RequestedRegion": self.region, **self.who["context"], **self.context},
            resource_policy=self.resource_policy,
        )


def role(name: str) -> str:
    return f"arn:aws:iam::{DEV}:role/{name}"


def user(name: str) -> str:
    return f"arn:aws:iam::{DEV}:user/{name}"


LEAVING: Final = guardrails.deny_leaving_organization()
LEAVING_CASES: Final = [
    Case(
        says="an administrator does not leave",
        who=ADMIN_SESSION,
        action="organizations:LeaveOrganization",
        resource="*",
        denied_by="DenyLeavingTheOrganization",
    ),
    Case(
        says="an administrator does not follow another organization's invitation",
        who=ADMIN_SESSION,
        action="organizations:AcceptHandshake",
        resource=f"arn:aws:organizations::{VENDOR}:handshake/o-otherorg123/invite/h-examplehandshakeid111",
        denied_by="DenyLeavingTheOrganization",
    ),
    Case(
        says="the root user does not close the account",
        who=ROOT_USER,
        action="account:CloseAccount",
        resource=f"arn:aws:account::{DEV}:account",
        denied_by="DenyLeavingTheOrganization",
    ),
    Case(
        says="a member may look at its organization",
        who=ADMIN_SESSION,
        action="organizations:DescribeOrganization",
        resource="*",
    ),
    Case(
        says="a member may change its contact",
        who=ADMIN_SESSION,
        action="account:PutContactInformation",
        resource=f"arn:aws:account::{DEV}:account",
    ),
]

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

REGIONS: Final = guardrails.allow_regions(
    ["eu-west-1", "eu-central-1"],
    except_actions=["bedrock:InvokeModel*"],
    except_roles=[permission_set_role("AdministratorAccess")],
)


def instance(region: str) -> str:
    return f"arn:aws:ec2:{region}:{DEV}:instance/i-0123456789abcdef0"


REGIONS_CASES: Final = [
    Case(
        says="no instance in another region",
        who=DEVELOPER_SESSION,
        action="ec2:RunInstances",
        resource=instance("ap-southeast-1"),
        region="ap-southeast-1",
        denied_by="DenyOtherRegions",
    ),
    Case(
        says="no function in us-east-1, where the services without regions are",
        who=CDK_SESSION,
        action="lambda:CreateFunction",
        resource=f"arn:aws:lambda:us-east-1:{DEV}:function:mine",
        denied_by="DenyOtherRegions",
    ),
    Case(
        says="no stack in another region",
        who=API_SESSION,
        action="cloudformation:CreateStack",
        resource=f"arn:aws:cloudformation:us-west-2:{DEV}:stack/mine/1",
        region="us-west-2",
        denied_by="DenyOtherRegions",
    ),
    Case(
        says="no bucket in another region",
        who=DEVELOPER_SESSION,
        action="s3:CreateBucket",
        resource="arn:aws:s3:::acme",
        region="us-west-2",
        denied_by="DenyOtherRegions",
    ),
    Case(
        says="no model is tuned elsewhere",
        who=API_SESSION,
        action="bedrock:CreateModelCustomizationJob",
        resource=f"arn:aws:bedrock:us-west-2:{DEV}:custom-model/anthropic.claude/1",
        region="us-west-2",
        denied_by="DenyOtherRegions",
    ),
    Case(
        says="a permission set whose name begins like the excepted one is not excepted",
        who=by_role(f"{SSO}/AWSReservedSSO_AdministratorAccessLite_0123456789abcdef", "kim@acme.com"),
        action="ec2:RunInstances",
        resource=instance("us-west-2"),
        region="us-west-2",
        denied_by="DenyOtherRegions",
    ),
    Case(
        says="a role that somebody calls like a permission set's is not excepted",
        who=by_role("AWSReservedSSO_AdministratorAccess_0123456789abcdef", "mallory"),
        action="ec2:RunInstances",
        resource=instance("us-west-2"),
        region="us-west-2",
        denied_by="DenyOtherRegions",
    ),
    Case(
        says="an instance in an allowed region",
        who=DEVELOPER_SESSION,
        action="ec2:RunInstances",
        resource=instance("eu-central-1"),
        region="eu-central-1",
    ),
    Case(
        says="administrators go anywhere, where Identity Center's home is us-east-1",
        who=ADMIN_SESSION,
        action="ec2:RunInstances",
        resource=instance("us-west-2"),
        region="us-west-2",
    ),
    Case(
        says="administrators go anywhere, where Identity Center's home is another region",
        who=ADMIN_OF_EU_SESSION,
        action="ec2:RunInstances",
        resource=instance("us-west-2"),
        region="us-west-2",
    ),
    Case(says="IAM has no region", who=CDK_SESSION, action="iam:CreateRole", resource=role("Stack-Api-1")),
    Case(
        says="CloudFront has no region",
        who=CDK_SESSION,
        action="cloudfront:CreateDistribution",
        resource="*",
    ),
    Case(
        says="Route 53 has no region",
        who=CDK_SESSION,
        action="route53:ChangeResourceRecordSets",
        resource="arn:aws:route53:::hostedzone/Z1",
    ),
    Case(
        says="the certificate of a CloudFront distribution is in us-east-1",
        who=CDK_SESSION,
        action="acm:RequestCertificate",
        resource="*",
    ),
    Case(
        says="a session starts at the STS of us-east-1",
        who=API_SESSION,
        action="sts:AssumeRole",
        resource=role("other"),
    ),
    Case(says="costs are looked at", who=DEVELOPER_SESSION, action="ce:GetCostAndUsage", resource="*"),
    Case(says="buckets are listed in us-east-1", who=DEVELOPER_SESSION, action="s3:ListAllMyBuckets", resource="*"),
    Case(
        says="a model answers from another region through an inference profile",
        who=API_SESSION,
        action="bedrock:InvokeModelWithResponseStream",
        resource="arn:aws:bedrock:eu-north-1::foundation-model/anthropic.claude",
        region="eu-north-1",
    ),
]

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

TRAIL: Final = f"arn:aws:cloudtrail:us-east-1:{DEV}:trail/all"
DETECTOR: Final = f"arn:aws:guardduty:us-east-1:{DEV}:detector/0123456789abcdef"
AUDIT: Final = guardrails.deny_disabling_audit(except_roles=[ORGANIZATION_ACCESS_ROLE])
AUDIT_CASES: Final = [
    Case(
        says="an administrator does not stop a trail",
        who=ADMIN_SESSION,
        action="cloudtrail:StopLogging",
        resource=TRAIL,
        denied_by="DenyDisablingAudit",
    ),
    Case(
        says="a deployment does not send a trail elsewhere",
        who=CDK_SESSION,
        action="cloudtrail:UpdateTrail",
        resource=TRAIL,
        denied_by="DenyDisablingAudit",
    ),
    Case(
        says="nobody leaves management events out",
        who=API_SESSION,
        action="cloudtrail:PutEventSelectors",
        resource=TRAIL,
        denied_by="DenyDisablingAudit",
    ),
    Case(
        says="nobody stops AWS Config",
        who=ADMIN_SESSION,
        action="config:StopConfigurationRecorder",
        resource="*",
        denied_by="DenyDisablingAudit",
    ),
    Case(
        says="nobody narrows what AWS Config records",
        who=ADMIN_SESSION,
        action="config:PutConfigurationRecorder",
        resource="*",
        denied_by="DenyDisablingAudit",
    ),
    Case(
        says="nobody deletes a detector",
        who=ADMIN_SESSION,
        action="guardduty:DeleteDetector",
        resource=DETECTOR,
        denied_by="DenyDisablingAudit",
    ),
    Case(
        says="nobody suspends a detector",
        who=ADMIN_SESSION,
        action="guardduty:UpdateDetector",
        resource=DETECTOR,
        denied_by="DenyDisablingAudit",
    ),
    Case(
        says="no account leaves its GuardDuty administrator",
        who=ROOT_USER,
        action="guardduty:DisassociateFromAdministratorAccount",
        resource="*",
        denied_by="DenyDisablingAudit",
    ),
    Case(
        says="the management account turns AWS Config on",
        who=ACCESS_SESSION,
        action="config:PutConfigurationRecorder",
        resource="*",
    ),
    Case(
        says="the management account changes a trail",
        who=ACCESS_SESSION,
        action="cloudtrail:UpdateTrail",
        resource=TRAIL,
    ),
    Case(says="a trail is made", who=CDK_SESSION, action="cloudtrail:CreateTrail", resource=TRAIL),
    Case(says="a trail is started", who=CDK_SESSION, action="cloudtrail:StartLogging", resource=TRAIL),
    Case(says="events are looked at", who=DEVELOPER_SESSION, action="cloudtrail:LookupEvents", resource="*"),
    Case(says="a rule of Config is made", who=CDK_SESSION, action="config:PutConfigRule", resource="*"),
    Case(says="findings are looked at", who=DEVELOPER_SESSION, action="guardduty:GetFindings", resource="*"),
]

OPT_INS: Final = guardrails.deny_region_opt_ins()
OPT_INS_CASES: Final = [
    Case(
        says="nobody turns a region on",
        who=ADMIN_SESSION,
        action="account:EnableRegion",
        resource=f"arn:aws:account::{DEV}:account",
        denied_by="DenyRegionOptIns",
    ),
    Case(
        says="nobody turns a region off",
        who=ACCESS_SESSION,
        action="account:DisableRegion",
        resource=f"arn:aws:account::{DEV}:account",
        denied_by="DenyRegionOptIns",
    ),
    Case(says="regions are looked at", who=ADMIN_SESSION, action="account:ListRegions", resource="*"),
    Case(says="regions of EC2 are looked at", who=API_SESSION, action="ec2:DescribeRegions", resource="*"),
]


def allows(**principal: str | Sequence[str]) -> dict[str, Any]:
    """A resource's policy that lets somebody do everything."""
    return {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": principal or "*", "Action": "*", "Resource": "*"}],
    }


def trusts(action: str, **principal: str) -> dict[str, Any]:
    """A role's trust policy."""
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": principal, "Action": action}]}


def by_service(name: str, **source: str) -> dict[str, Any]:
    context = {f"aws:{key}": value for key, value in source.items()}
    return {"principal": f"{name}.amazonaws.com", "context": {"aws:PrincipalIsAWSService": "true", **context}}


OBJECT: Final = "arn:aws:s3:::acme/report.csv"
VENDOR_SESSION: Final = by_role("collector", "collect", account=VENDOR, organization="o-vendororg12")
ALONE_SESSION: Final = by_role("collector", "collect", account=VENDOR, organization=None)
PARTNER_SESSION: Final = by_role("partner", "sync", account="222233334444", organization="o-partnerorg1")
NOBODY: Final = {"principal": ANONYMOUS, "context": {}}
DATA: Final = guardrails.keep_data_in_organization(ORGANIZATION, except_accounts=["222233334444"])
OF_OTHERS: Final = "DenyPrincipalsOfOthers"
FOR_OTHERS: Final = "DenyServicesActingForOthers"
DATA_CASES: Final = [
    Case(
        says="a role of the account reads an object",
        who=API_SESSION,
        action="s3:GetObject",
        resource=OBJECT,
    ),
    Case(
        says="another account of the organization reads an object",
        who=by_role("report", "nightly", account=PRODUCTION),
        action="s3:GetObject",
        resource=OBJECT,
        resource_policy=allows(AWS=f"arn:aws:iam::{PRODUCTION}:root"),
    ),
    Case(
        says="another organization reads no object, whatever the bucket says",
        who=VENDOR_SESSION,
        action="s3:GetObject",
        resource=OBJECT,
        resource_policy=allows(AWS=f"arn:aws:iam::{VENDOR}:root"),
        denied_by=OF_OTHERS,
    ),
    Case(
        says="an account without an organization reads no object",
        who=ALONE_SESSION,
        action="s3:GetObject",
        resource=OBJECT,
        resource_policy=allows(AWS=f"arn:aws:iam::{VENDOR}:root"),
        denied_by=OF_OTHERS,
    ),
    Case(
        says="the world reads no object of a public bucket",
        who=NOBODY,
        action="s3:GetObject",
        resource=OBJECT,
        resource_policy=allows(),
        denied_by=OF_OTHERS,
    ),
    Case(
        says="an excepted account reads an object",
        who=PARTNER_SESSION,
        action="s3:GetObject",
        resource=OBJECT,
        resource_policy=allows(AWS="arn:aws:iam::222233334444:root"),
    ),
    Case(
        says="a vendor's tool does not assume a role",
        who=VENDOR_SESSION,
        action="sts:AssumeRole",
        resource=role("vendor"),
        resource_policy=trusts("sts:AssumeRole", AWS=f"arn:aws:iam::{VENDOR}:root"),
        denied_by=OF_OTHERS,
    ),
    Case(
        says="an excepted account assumes a role",
        who=PARTNER_SESSION,
        action="sts:AssumeRole",
        resource=role("partner"),
        resource_policy=trusts("sts:AssumeRole", AWS="arn:aws:iam::222233334444:root"),
    ),
    Case(
        says="the management account gets in",
        who=by_role(ADMIN, "dax@acme.com", account=MANAGEMENT),
        action="sts:AssumeRole",
        resource=role(ORGANIZATION_ACCESS_ROLE),
        resource_policy=trusts("sts:AssumeRole", AWS=f"arn:aws:iam::{MANAGEMENT}:root"),
    ),
    Case(
        says="Lambda assumes a function's role, and does not say for whom",
        who=by_service("lambda"),
        action="sts:AssumeRole",
        resource=role(API),
        resource_policy=trusts("sts:AssumeRole", Service="lambda.amazonaws.com"),
    ),
    Case(
        says="another organization decrypts nothing",
        who=VENDOR_SESSION,
        action="kms:Decrypt",
        resource=f"arn:aws:kms:us-east-1:{DEV}:key/1",
        resource_policy=allows(AWS=f"arn:aws:iam::{VENDOR}:root"),
        denied_by=OF_OTHERS,
    ),
    Case(
        says="another organization reads no secret",
        who=VENDOR_SESSION,
        action="secretsmanager:GetSecretValue",
        resource=f"arn:aws:secretsmanager:us-east-1:{DEV}:secret:db-1",
        resource_policy=allows(AWS=f"arn:aws:iam::{VENDOR}:root"),
        denied_by=OF_OTHERS,
    ),
    Case(
        says="another organization writes into no queue",
        who=VENDOR_SESSION,
        action="sqs:SendMessage",
        resource=f"arn:aws:sqs:us-east-1:{DEV}:jobs",
        resource_policy=allows(AWS=f"arn:aws:iam::{VENDOR}:root"),
        denied_by=OF_OTHERS,
    ),
    Case(
        says="the organization's trail writes into the bucket",
        who=by_service("cloudtrail", SourceOrgID=ORGANIZATION, SourceAccount=PRODUCTION),
        action="s3:PutObject",
        resource=OBJECT,
        resource_policy=allows(Service="cloudtrail.amazonaws.com"),
    ),
    Case(
        says="another organization's trail does not",
        who=by_service("cloudtrail", SourceOrgID="o-vendororg12", SourceAccount=VENDOR),
        action="s3:PutObject",
        resource=OBJECT,
        resource_policy=allows(Service="cloudtrail.amazonaws.com"),
        denied_by=FOR_OTHERS,
    ),
    Case(
        says="the trail of an account without an organization does not, either",
        who=by_service("cloudtrail", SourceAccount=VENDOR),
        action="s3:PutObject",
        resource=OBJECT,
        resource_policy=allows(Service="cloudtrail.amazonaws.com"),
        denied_by=FOR_OTHERS,
    ),
    Case(
        says="an excepted account's topic writes into the queue",
        who=by_service("sns", SourceAccount="222233334444", SourceOrgID="o-partnerorg1"),
        action="sqs:SendMessage",
        resource=f"arn:aws:sqs:us-east-1:{DEV}:jobs",
        resource_policy=allows(Service="sns.amazonaws.com"),
    ),
    Case(
        says="a load balancer's log, which has no account with it, is written",
        who=by_service("logdelivery.elasticloadbalancing"),
        action="s3:PutObject",
        resource=OBJECT,
        resource_policy=allows(Service="logdelivery.elasticloadbalancing.amazonaws.com"),
    ),
    Case(
        says="what has no such policies stays: a function",
        who=VENDOR_SESSION,
        action="lambda:InvokeFunction",
        resource=f"arn:aws:lambda:us-east-1:{DEV}:function:public",
        resource_policy=allows(AWS=f"arn:aws:iam::{VENDOR}:root"),
    ),
]

GUARDRAILS: Final = {
    "leaving": (LEAVING, LEAVING_CASES),
    "root": (ROOT, ROOT_CASES),
    "iam-users": (IAM_USERS, IAM_USERS_CASES),
    "regions": (REGIONS, REGIONS_CASES),
    "roles": (ROLES, ROLES_CASES),
    "audit": (AUDIT, AUDIT_CASES),
    "opt-ins": (OPT_INS, OPT_INS_CASES),
    "data": (DATA, DATA_CASES),
}
ASKED: Final = [(guardrail, case) for guardrail, (_, cases) in GUARDRAILS.items() for case in cases]
SERVICE_CONTROL: Final = [LEAVING, ROOT, IAM_USERS, ROLES, AUDIT, OPT_INS, REGIONS]


def in_force(content: Mapping[str, Any]) -> Policies:
    if content is DATA:
        return Policies(resource_control=[content])
    return Policies(service_control=[content])


@pytest.fixture(scope="module")
def decisions() -> list[tuple[Decision, Decision]]:
    """What is decided of each case, without the guardrail and with it."""
    asked = []
    for guardrail, case in ASKED:
        asked += [(case.request(), Policies()), (case.request(), in_force(GUARDRAILS[guardrail][0]))]
    decided = decide(asked)
    return list(zip(decided[::2], decided[1::2], strict=True))


@pytest.mark.parametrize(
    ("number", "case"),
    [pytest.param(number, case, id=f"{guardrail}: {case.says}") for number, (guardrail, case) in enumerate(ASKED)],
)
def test_decides(number: int, case: Case, decisions: list[tuple[Decision, Decision]]) -> None:
    without, with_guardrail = decisions[number]
    assert without.denied_by == []
    if case.refused_anyway:
        assert (without.result, with_guardrail.denied_by) == ("ImplicitlyDenied", [case.denied_by])
        return
    assert without.result == "Allowed"
    assert with_guardrail.denied_by == ([case.denied_by] if case.denied_by else [])
    assert with_guardrail.result == ("ExplicitlyDenied" if case.denied_by else "Allowed")


def test_decides_both_sides_of_every_statement() -> None:
    assert len(ASKED) >= 60
    for content, cases in GUARDRAILS.values():
        assert {case.denied_by for case in cases} == {None, *(statement["Sid"] for statement in content["Statement"])}


def test_people_and_web_identities_still_sign_in_where_data_is_kept() -> None:
    """They are of no organization; the simulator knows no such principal, so the actions are looked at."""
    for statement in DATA["Statement"]:
        assert [action for action in statement["Action"] if action.startswith("sts:")] == ["sts:AssumeRole"]


def test_every_action_is_one_that_aws_has() -> None:
    """The simulator refuses an action that it does not know."""
    actions = {
        action
        for content in SERVICE_CONTROL
        for statement in content["Statement"]
        for action in statement.get("Action", statement.get("NotAction"))
        if "*" not in action
    }
    requests = [Request(action=action, resource="*", account=DEV, **ADMIN_SESSION) for action in sorted(actions)]
    assert len(decide([(request, Policies()) for request in requests])) == len(actions) > 60


def test_the_whole_of_a_service_is_excepted_that_botocore_asks_of_one_region_only() -> None:
    partition = json.loads((files("botocore") / "data" / "endpoints.json").read_text(encoding="utf-8"))["partitions"][0]
    of_one_region = {name for name, service in partition["services"].items() if service.get("isRegionalized") is False}
    # Programs reach these with credentials of their own, and AWS's IAM has no actions of them.
    of_one_region -= {"codecatalyst", "mturk-requester"}
    assert {f"{name}:*" for name in of_one_region} <= set(guardrails.GLOBAL_ACTIONS)
    assert len(of_one_region) >= 15


def test_combines_all_service_control_policies_into_one_that_decides_the_same() -> None:
    (combined,) = guardrails.combine(*SERVICE_CONTROL)
    cases = [case for guardrail, case in ASKED if guardrail != "data" and case.denied_by and not case.refused_anyway]
    decided = decide([(case.request(), in_force(combined)) for case in cases])
    for case, decision in zip(cases, decided, strict=True):
        assert case.denied_by in decision.denied_by
        assert decision.result == "ExplicitlyDenied"


def test_combines_into_the_fewest_policies_in_any_order() -> None:
    many_roles = [f"path/{'r' * 50}{n}" for n in range(60)]
    contents = [*SERVICE_CONTROL[:-1], guardrails.allow_regions(["us-east-1"], except_roles=many_roles)]
    limit = CONTENT_MAX[PolicyType.SERVICE_CONTROL_POLICY]
    assert limit < sum(json_characters(content) for content in contents) < 2 * limit
    for ordered in itertools.islice(itertools.permutations(contents), 0, None, 101):
        assert len(guardrails.combine(*ordered)) == 2


@pytest.fixture
def large() -> list[dict[str, Any]]:
    """Five guardrails of which two fit one policy."""
    return [
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Sid": f"Large{n}", "Effect": "Deny", "Action": [f"s3:{'x' * 3900}{n}"], "Resource": "*"},
            ],
        }
        for n in range(5)
    ]


def sids(contents: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    return [[statement["Sid"] for statement in content["Statement"]] for content in contents]


def test_goes_on_in_another_policy_where_one_is_full(large: list[dict[str, Any]]) -> None:
    combined = guardrails.combine(*large, OPT_INS)
    assert sids(combined) == [["Large0", "Large1", "DenyRegionOptIns"], ["Large2", "Large3"], ["Large4"]]
    for content in combined:
        assert json_characters(content) <= CONTENT_MAX[PolicyType.SERVICE_CONTROL_POLICY]


def test_fills_a_policy_to_its_last_character() -> None:
    def with_action_of(characters: int) -> dict[str, Any]:
        return {
            "Version": "2012-10-17",
            "Statement": [{"Sid": "Long", "Effect": "Deny", "Action": "s3:" + "x" * characters, "Resource": "*"}],
        }

    empty = json_characters(with_action_of(0))
    exactly = CONTENT_MAX[PolicyType.SERVICE_CONTROL_POLICY] - empty
    assert len(guardrails.combine(with_action_of(exactly))) == 1
    with pytest.raises(ValueError, match=r"^each statement must fit into the 10,240 characters of a SERVICE_CONTROL"):
        guardrails.combine(with_action_of(exactly + 1))


def test_a_guardrail_added_at_the_end_moves_none(large: list[dict[str, Any]]) -> None:
    before, after = sids(guardrails.combine(*large)), sids(guardrails.combine(*large, LEAVING, ROOT))
    assert [now[: len(then)] for then, now in zip(before, after, strict=True)] == before


def test_puts_in_once_what_comes_twice() -> None:
    assert guardrails.combine(LEAVING, ROOT, LEAVING) == guardrails.combine(LEAVING, ROOT)


def test_refuses_two_different_statements_of_one_sid() -> None:
    with pytest.raises(ValueError, match=r"^contents must have one statement of each Sid, got two of 'DenyOtherRegi"):
        guardrails.combine(REGIONS, guardrails.allow_regions(["us-east-1"]))


def test_refuses_contents_of_two_types() -> None:
    with pytest.raises(ValueError, match="got RESOURCE_CONTROL_POLICY, SERVICE_CONTROL_POLICY; combine each type"):
        guardrails.combine(LEAVING, DATA)


@pytest.mark.parametrize("content", [{}, {"Statement": []}, {"plans": {}}])
def test_refuses_a_content_without_statements(content: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"^contents\[0\] must have a list of statements"):
        guardrails.combine(content)


def test_refuses_no_contents() -> None:
    with pytest.raises(ValueError, match="got none"):
        guardrails.combine()


def test_makes_props_of_the_type_that_the_contents_are_of() -> None:
    (control,) = guardrails.policies("guardrails", LEAVING, ROOT, targets=["workloads"], description="Never wanted")
    assert control == PolicyProps(
        name="guardrails",
        type=PolicyType.SERVICE_CONTROL_POLICY,
        content=guardrails.combine(LEAVING, ROOT)[0],
        targets=["workloads"],
        description="Never wanted",
    )
    (data,) = guardrails.policies("data", DATA, targets=["root"])
    assert data.type is PolicyType.RESOURCE_CONTROL_POLICY
    (ec2,) = guardrails.policies("ec2", guardrails.ec2_defaults(), targets=["root"])
    assert ec2.type is PolicyType.DECLARATIVE_POLICY_EC2


def test_numbers_the_policies_after_the_first(large: list[dict[str, Any]]) -> None:
    props = guardrails.policies("guardrails", *large, targets=["root"])
    assert [each.name for each in props] == ["guardrails", "guardrails-2", "guardrails-3"]


def test_fits_the_limit_of_resource_control_policies_with_every_service_and_many_accounts() -> None:
    content = guardrails.keep_data_in_organization(
        ORGANIZATION,
        services=[*guardrails.RESOURCE_CONTROL_SERVICES, "cognito-identity", "cognito-idp"],
        except_accounts=[f"{n:012}" for n in range(100)],
    )
    assert guardrails.combine(content) == (content,)


def test_ec2_defaults_name_metadata_images_and_snapshots() -> None:
    content = guardrails.ec2_defaults(message="Ask dax@acme.com")
    assert content["ec2_attributes"] == {
        "exception_message": {"@@assign": "Ask dax@acme.com"},
        "image_block_public_access": {"state": {"@@assign": "block_new_sharing"}},
        "instance_metadata_defaults": {
            "http_endpoint": {"@@assign": "no_preference"},
            "http_put_response_hop_limit": {"@@assign": "2"},
            "http_tokens": {"@@assign": "required"},
            "instance_metadata_tags": {"@@assign": "no_preference"},
        },
        "snapshot_block_public_access": {"state": {"@@assign": "block_all_sharing"}},
    }
    assert "exception_message" not in guardrails.ec2_defaults()["ec2_attributes"]


@pytest.mark.parametrize(
    "contents", [(guardrails.ec2_defaults(), guardrails.ec2_defaults()), (guardrails.ec2_defaults(), LEAVING)]
)
def test_refuses_to_combine_a_declarative_policy(contents: Sequence[Mapping[str, Any]]) -> None:
    with pytest.raises(ValueError, match=r"^contents must "):
        guardrails.combine(*contents)


@pytest.mark.parametrize("roles", [["*"], ["**"], ["*/?"], ["/deploy"], ["deploy/"], [""], ["role x"], ["arn:aws:x"]])
def test_refuses_what_is_no_role_or_everybody(roles: list[str]) -> None:
    with pytest.raises(ValueError, match=r"^except_roles\[0\] must be "):
        guardrails.deny_region_opt_ins(except_roles=roles)


def test_warns_of_a_region_that_boto3_does_not_know() -> None:
    with pytest.warns(
        UserWarning, match=r"^the region 'eu-central-9' is none that the installed boto3 knows; unless it"
    ):
        guardrails.allow_regions(["us-east-1", "eu-central-9"])


@pytest.mark.parametrize(
    "regions",
    [[], "us-east-1", ["us-east"], ["us-east-1", "us-east-1"], ["*"], ["eu-centrl-1"], ["us-east-1", "us-gov-west-1"]],
)
def test_refuses_what_are_no_regions(regions: Any) -> None:
    with pytest.raises(ValueError, match=r"^regions"):
        guardrails.allow_regions(regions)


@pytest.mark.parametrize("action", ["*", "bedrock", "bedrock:", "*:*", "bedrock:Invoke Model"])
def test_refuses_what_is_no_action(action: str) -> None:
    with pytest.raises(ValueError, match=r"^except_actions\[0\] must be an action like"):
        guardrails.allow_regions(["us-east-1"], except_actions=[action])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"organization_id": "r-ab12"}, "^organization_id must be "),
        ({"services": ["s3", "ec2"]}, r"^services\[1\] must have resource control policies, got 'ec2'"),
        ({"services": []}, "^services must name at least one"),
        ({"except_accounts": ["12345"]}, r"^except_accounts\[0\] must be "),
    ],
)
def test_refuses_what_a_resource_control_policy_cannot_say(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        guardrails.keep_data_in_organization(**{"organization_id": ORGANIZATION, **arguments})


def test_refuses_the_name_of_no_permission_set() -> None:
    with pytest.raises(ValueError, match=r"^name must be letters"):
        permission_set_role("Administrator Access")


def test_refuses_the_qualifier_of_no_bootstrap() -> None:
    with pytest.raises(ValueError, match=r"^bootstrap_qualifier must be letters and digits"):
        guardrails.protect_baseline_roles(bootstrap_qualifier="*")
