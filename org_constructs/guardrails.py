"""Guardrails: contents of Organizations policies that keep members from what a small company never wants.

Each function returns one content, for `Policy` and `PolicyProps`; `policies` puts several into as few policies as fit.

What no policy reaches:

- Service control policies and resource control policies do not touch the management account.
- Service-linked roles are exempt from service control policies, and so are service principals.
- A policy denies; who may do what is left is said by IAM, as before.

A type of policies has to be enabled before, and a new organization has none enabled: `org-baseline doctor --fix`.

A service control policy has to be tried on one unit before the root gets it, AWS says:
https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from .aws import limits, policy_types
from .aws.regions import partition_of
from .aws.regions import regions as known_regions
from .baseline.props import PolicyProps
from .constructs.policy import CONTENT_MAX
from .constructs.policy_json import json_characters
from .constructs.policy_type import PolicyType
from .constructs.validate import (
    check_account_id,
    check_region,
    check_sequence,
    check_text,
    check_type,
    check_unique,
    is_token,
    shown,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Content: TypeAlias = dict[str, Any]

ORGANIZATION_ACCESS_ROLE: Final = "OrganizationAccountAccessRole"
"""The role that AWS makes in each account of an organization, for the management account to get in."""

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

GLOBAL_ACTIONS: Final = (
    "a4b:*",
    "access-analyzer:*",
    "account:*",
    "acm:*",
    "activate:*",
    "artifact:*",
    "aws-marketplace-management:*",
    "aws-marketplace:*",
    "aws-portal:*",
    "billing:*",
    "billingconductor:*",
    "budgets:*",
    "ce:*",
    "chatbot:*",
    "chime:*",
    "cloudfront:*",
    "cloudtrail:LookupEvents",
    "compute-optimizer:*",
    "config:*",
    "consoleapp:*",
    "consolidatedbilling:*",
    "cur:*",
    "datapipeline:GetAccountLimits",
    "devicefarm:*",
    "directconnect:*",
    "ec2:DescribeRegions",
    "ec2:DescribeTransitGateways",
    "ec2:DescribeVpnGateways",
    "ecr-public:*",
    "fms:*",
    "freetier:*",
    "globalaccelerator:*",
    "health:*",
    "iam:*",
    "importexport:*",
    "invoicing:*",
    "iq:*",
    "kms:*",
    "license-manager:ListReceivedLicenses",
    "lightsail:Get*",
    "mobileanalytics:*",
    "networkmanager:*",
    "notifications-contacts:*",
    "notifications:*",
    "organizations:*",
    "payments:*",
    "pricing:*",
    "quicksight:DescribeAccountSubscription",
    "resource-explorer-2:*",
    "route53-recovery-cluster:*",
    "route53-recovery-control-config:*",
    "route53-recovery-readiness:*",
    "route53:*",
    "route53domains:*",
    "s3:CreateMultiRegionAccessPoint",
    "s3:DeleteMultiRegionAccessPoint",
    "s3:DescribeMultiRegionAccessPointOperation",
    "s3:GetAccountPublicAccessBlock",
    "s3:GetBucketLocation",
    "s3:GetBucketPolicyStatus",
    "s3:GetBucketPublicAccessBlock",
    "s3:GetMultiRegionAccessPoint",
    "s3:GetMultiRegionAccessPointPolicy",
    "s3:GetMultiRegionAccessPointPolicyStatus",
    "s3:GetStorageLensConfiguration",
    "s3:GetStorageLensDashboard",
    "s3:ListAllMyBuckets",
    "s3:ListMultiRegionAccessPoints",
    "s3:ListStorageLensConfigurations",
    "s3:PutAccountPublicAccessBlock",
    "s3:PutMultiRegionAccessPointPolicy",
    "savingsplans:*",
    "shield:*",
    "sso:*",
    "sts:*",
    "support:*",
    "supportapp:*",
    "supportplans:*",
    "sustainability:*",
    "tag:GetResources",
    "tax:*",
    "trustedadvisor:*",
    "vendor-insights:ListEntitledSecurityProfiles",
    "waf-regional:*",
    "waf:*",
    "wafv2:*",
)
"""What is asked of one region whatever region the work is in: services without regions, and what they call.

Source: AWS Control Tower's region control,
https://docs.aws.amazon.com/controltower/latest/userguide/primary-region-deny-policy.html
"""

RESOURCE_CONTROL_SERVICES: Final = ("aoss", "dynamodb", "ecr", "kms", "logs", "s3", "secretsmanager", "sqs", "sts")
"""The services with resource control policies that keep a company's data.

Others have them too. Amazon Cognito is left out since its callers are customers, of no organization.
Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
"""


def permission_set_role(name: str) -> str:
    """Return the role of a permission set in every account, for `except_roles`.

    Its ARN ends in a part that nobody knows before, and has the home region in its path, unless that is us-east-1:
    https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html

    Raises:
        ValueError: No permission set can have this name.
    """
    check_text(
        "name",
        name,
        maximum=limits.PERMISSION_SET_NAME_MAX,
        pattern=limits.PERMISSION_SET_NAME,
        rule="letters, digits and +=,.@_-",
    )
    return f"aws-reserved/sso.amazonaws.com*/AWSReservedSSO_{name}_*"


def deny_leaving_organization() -> Content:
    """Return a service control policy that keeps accounts in the organization, and open.

    Denies leaving, accepting another organization's invitation, which makes a member leave its own, and closing the
    account from within. What breaks: nothing that a member has to do; the management account still removes and closes
    accounts.

    Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_AcceptHandshake.html and
    https://github.com/aws-samples/service-control-policy-examples/tree/main/Privileged-access-controls
    """
    actions = ["account:CloseAccount", "organizations:AcceptHandshake", "organizations:LeaveOrganization"]
    return _service_control("DenyLeavingTheOrganization", actions)


def deny_root_user() -> Content:
    """Return a service control policy that denies everything to the root users of accounts.

    Sessions that the management account opens with `sts:AssumeRoot` still work: they are how a locked bucket or queue
    is opened again. What breaks: the other tasks that only a root user can do, such as an account's own closing; the
    root user still signs in and resets the password, which no policy covers.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user-privileged-task.html and
    https://docs.aws.amazon.com/controltower/latest/controlreference/strongly-recommended-preventive-controls.html
    """
    condition = {
        "ArnLike": {"aws:PrincipalArn": "arn:*:iam::*:root"},
        # Absent but in a session of AssumeRoot.
        "BoolIfExists": {"aws:AssumedRoot": "false"},
    }
    return _content([_deny("DenyTheRootUser", ["*"], condition=condition)])


def deny_iam_users_and_access_keys(*, except_roles: Sequence[str] = ()) -> Content:
    """Return a service control policy that denies making IAM users, and anything that lasts to sign in with.

    That is: users, passwords, access keys, and the credentials of single services, which are the long-lived keys of
    Amazon Bedrock too. What exists keeps working and can be switched off and deleted. What breaks: tools that take
    nothing but an access key, and SMTP passwords of Amazon SES, which are made of one.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html and
    https://docs.aws.amazon.com/wellarchitected/latest/security-pillar/sec_identities_unique.html

    Args:
        except_roles: Who may, as in `allow_regions`; by default nobody.

    Raises:
        ValueError: `except_roles` has no names of roles.
    """
    actions = [
        "iam:CreateAccessKey",
        "iam:CreateLoginProfile",
        "iam:CreateServiceSpecificCredential",
        "iam:CreateUser",
        "iam:ResetServiceSpecificCredential",
        "iam:UpdateLoginProfile",
        "iam:UploadSSHPublicKey",
        "iam:UploadSigningCertificate",
    ]
    return _service_control("DenyIamUsersAndAccessKeys", actions, except_roles)


def allow_regions(
    regions: Sequence[str], *, except_actions: Sequence[str] = (), except_roles: Sequence[str] = ()
) -> Content:
    """Return a service control policy that denies every region but these; services without regions stay.

    What breaks: whatever runs in another region, the console's home there included; AWS::CloudFormation stacks for
    CloudFront in us-east-1, unless that is among the regions; inference profiles of Amazon Bedrock that span regions,
    unless `except_actions` has `bedrock:InvokeModel*`.

    Limits: what is there already stays and goes on costing. AWS WAF, KMS, Config, ACM and STS are called across
    regions by services without one, so that they stay open everywhere (`GLOBAL_ACTIONS`).

    Source: https://docs.aws.amazon.com/controltower/latest/userguide/primary-region-deny-policy.html

    Args:
        regions: The regions, such as `["us-east-1", "eu-west-1"]`. Name us-east-1 too, if CloudFront is used.
        except_actions: More actions that are allowed everywhere, such as `bedrock:InvokeModel*`; by default none.
        except_roles: Roles that may go anywhere, by name, after their path if they have one, `*` and `?` allowed;
            `permission_set_role` names those of a permission set. Whoever may create a role of such a name is excepted
            too, so protect it (`protect_baseline_roles`). By default there is none.

    Raises:
        ValueError: There is no region, one does not exist or is of another partition, or something is not of AWS's
            form.
    """
    check_sequence("regions", regions, str, "a region")
    if not regions:
        raise ValueError("regions must name at least one region, got none; name the ones you work in")
    for index, region in enumerate(regions):
        check_region(f"regions[{index}]", region)
    check_unique("regions", regions, what="region")
    partitions = {partition_of(region).name: region for region in regions if not is_token(region)}
    if len(partitions) > 1:
        raise ValueError(
            f"regions must be of one partition, as an organization is, got {' and '.join(partitions.values())};"
            " name those of its own"
        )
    for region in regions:
        if not is_token(region) and region not in known_regions():
            warnings.warn(
                f"the region {region!r} is none that the installed boto3 knows; unless it is newer, what you meant is"
                " denied",
                stacklevel=2,
            )
    check_sequence("except_actions", except_actions, str, "an action")
    for index, action in enumerate(except_actions):
        check_text(
            f"except_actions[{index}]",
            action,
            maximum=128,
            pattern=r"[a-z0-9-]+:[A-Za-z0-9*?]+",
            rule="an action like 'bedrock:InvokeModel*'",
        )
    statement = _deny(
        "DenyOtherRegions",
        sorted({*GLOBAL_ACTIONS, *except_actions}),
        condition={
            "StringNotEquals": {"aws:RequestedRegion": _one_or_list(sorted(regions))},
            **_unless_roles(except_roles),
        },
    )
    statement["NotAction"] = statement.pop("Action")
    return _content([statement])


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
        ValueError: A name or the qualifier is not of AWS's form.
    """
    check_text(
        "bootstrap_qualifier", bootstrap_qualifier, maximum=10, pattern=r"[A-Za-z0-9]+", rule="letters and digits"
    )
    access = _role_arns("access_roles", access_roles)
    bootstrap = [f"arn:*:iam::*:role/cdk-{bootstrap_qualifier}-*"]
    identity_center = ["arn:*:iam::*:role/aws-reserved/sso.amazonaws.com*", "arn:*:iam::*:saml-provider/AWSSSO_*"]
    by_access_roles = _unless(access)
    by_others_too = _unless([*access, *_role_arns("except_roles", except_roles)])
    sso_changes = [*_ROLE_CHANGES, "iam:DeleteSAMLProvider", "iam:UpdateSAMLProvider"]
    return _content(
        [
            _deny("ProtectIdentityCenterRoles", sorted(sso_changes), identity_center),
            _deny("ProtectOrganizationAccess", _ROLE_CHANGES, access, by_access_roles),
            _deny("ProtectCdkBootstrap", _ROLE_CHANGES, bootstrap, by_others_too),
        ]
    )


def deny_disabling_audit(*, except_roles: Sequence[str] = ()) -> Content:
    """Return a service control policy that keeps AWS CloudTrail, AWS Config and Amazon GuardDuty as they are.

    Trails, event data stores and detectors can still be made, and not be stopped, changed or deleted. What breaks:
    `cdk deploy` and `cdk destroy` of a changed trail; turning AWS Config on, since the same action narrows what it
    records, for all but `except_roles`.

    Limits: nothing is turned on. The bucket that a trail writes to is not protected: keep it in an account of its own.

    Source: https://github.com/aws-samples/service-control-policy-examples/tree/main/Deny-changes-to-security-services

    Args:
        except_roles: Who may, as in `allow_regions`; by default nobody.

    Raises:
        ValueError: `except_roles` has no names of roles.
    """
    actions = [
        "cloudtrail:DeleteEventDataStore",
        "cloudtrail:DeleteTrail",
        "cloudtrail:PutEventSelectors",
        "cloudtrail:PutInsightSelectors",
        "cloudtrail:StopEventDataStoreIngestion",
        "cloudtrail:StopLogging",
        "cloudtrail:UpdateEventDataStore",
        "cloudtrail:UpdateTrail",
        "config:DeleteConfigurationRecorder",
        "config:DeleteDeliveryChannel",
        "config:DeleteRetentionConfiguration",
        "config:DeleteServiceLinkedConfigurationRecorder",
        "config:DisassociateResourceTypes",
        "config:PutConfigurationRecorder",
        "config:PutDeliveryChannel",
        "config:PutRetentionConfiguration",
        "config:StopConfigurationRecorder",
        "guardduty:DeleteDetector",
        "guardduty:DeleteMembers",
        "guardduty:DeletePublishingDestination",
        "guardduty:DisassociateFromAdministratorAccount",
        "guardduty:DisassociateFromMasterAccount",
        "guardduty:DisassociateMembers",
        "guardduty:StopMonitoringMembers",
        "guardduty:UpdateDetector",
        "guardduty:UpdateMemberDetectors",
        "guardduty:UpdateOrganizationConfiguration",
        "guardduty:UpdatePublishingDestination",
    ]
    return _service_control("DenyDisablingAudit", actions, except_roles)


def deny_region_opt_ins(*, except_roles: Sequence[str] = ()) -> Content:
    """Return a service control policy that keeps accounts from turning regions on and off.

    The regions since 2019 are off until somebody opts in. What breaks: nothing but that; the management account can do
    it for a member.

    Source: https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html and
    https://github.com/aws-samples/service-control-policy-examples/tree/main/Region-controls

    Args:
        except_roles: Who may, as in `allow_regions`; by default nobody.

    Raises:
        ValueError: `except_roles` has no names of roles.
    """
    return _service_control("DenyRegionOptIns", ["account:DisableRegion", "account:EnableRegion"], except_roles)


def keep_data_in_organization(
    organization_id: str,
    *,
    services: Sequence[str] = RESOURCE_CONTROL_SERVICES,
    except_accounts: Sequence[str] = (),
) -> Content:
    """Return a resource control policy that denies data and roles to whoever is not of the organization.

    AWS services may reach a resource where they do it for an account of the organization, as they say with
    `aws:SourceOrgID`; services that do not say for whom are let through, which role trust and grants bind already.

    What breaks: public buckets, CloudFront's origin access identities (origin access control works), and other
    companies' tools that assume a role, until their accounts are in `except_accounts`; so do load balancers of old
    regions that write their logs from an account of AWS's.

    Limits: people of Identity Center and web identities such as GitHub's are of no organization while they sign in, so
    that `sts:AssumeRoleWithSAML` and `sts:AssumeRoleWithWebIdentity` stay as the roles' trust has them. Resource
    control policies are not for the management account's resources, nor for keys that AWS manages.

    Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_examples.html and
    https://github.com/aws-samples/data-perimeter-policy-examples/tree/main/resource_control_policies

    Args:
        organization_id: The organization's id, `o-…`; a token is allowed.
        services: What it is for; by default `RESOURCE_CONTROL_SERVICES`.
        except_accounts: Accounts of others that may, by their ids; by default none.

    Raises:
        ValueError: An id is not of AWS's form, or a service has no resource control policies.
    """
    check_text(
        "organization_id",
        organization_id,
        maximum=34,
        pattern=limits.ORGANIZATION_ID,
        rule="an id like 'o-exampleorg1'",
    )
    check_sequence("services", services, str, "the prefix of a service's actions")
    check_unique("services", services, what="service")
    for index, service in enumerate(services):
        if service not in policy_types.RESOURCE_CONTROL_SERVICES:
            raise ValueError(
                f"services[{index}] must have resource control policies, got {service!r};"
                f" choose of {', '.join(policy_types.RESOURCE_CONTROL_SERVICES)}"
            )
    if not services:
        raise ValueError("services must name at least one service, got none; leave it out for all")
    check_sequence("except_accounts", except_accounts, str, "an account id")
    check_unique("except_accounts", except_accounts, what="account")
    for index, account in enumerate(except_accounts):
        check_account_id(f"except_accounts[{index}]", account)
    others = {"aws:PrincipalAccount": _one_or_list(sorted(except_accounts))} if except_accounts else {}
    sources = {"aws:SourceAccount": _one_or_list(sorted(except_accounts))} if except_accounts else {}
    actions = ["sts:AssumeRole" if service == "sts" else f"{service}:*" for service in sorted(services)]
    principals = _deny(
        "DenyPrincipalsOfOthers",
        actions,
        condition={
            "StringNotEqualsIfExists": {"aws:PrincipalOrgID": organization_id, **others},
            "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
        },
    )
    deputies = _deny(
        "DenyServicesActingForOthers",
        actions,
        condition={
            "StringNotEqualsIfExists": {"aws:SourceOrgID": organization_id, **sources},
            # That of an account in no organization is there as well.
            "Null": {"aws:SourceAccount": "false"},
            "Bool": {"aws:PrincipalIsAWSService": "true"},
        },
    )
    return _content([{**statement, "Principal": "*"} for statement in (principals, deputies)])


def ec2_defaults(*, message: str | None = None) -> Content:
    """Return a declarative policy for Amazon EC2: IMDSv2, no public images, no public snapshots.

    The metadata settings are defaults of instances launched from then on, with two hops, so that containers reach the
    metadata. What breaks: images that speak IMDSv1 only; sharing an image or a snapshot with everybody, which ends for
    snapshots that are public now, and not for images.

    Limits: a launch may still ask for IMDSv1 by name. EC2 has to have trusted access: declare
    `trusted_access=["ec2.amazonaws.com"]`.

    Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_declarative_syntax.html

    Args:
        message: What AWS answers where it refuses; by default its own words.

    Raises:
        ValueError: The message is empty.
    """
    attributes: dict[str, Any] = {
        "image_block_public_access": {"state": _assign("block_new_sharing")},
        "instance_metadata_defaults": {
            "http_endpoint": _assign("no_preference"),
            "http_put_response_hop_limit": _assign("2"),
            "http_tokens": _assign("required"),
            "instance_metadata_tags": _assign("no_preference"),
        },
        "snapshot_block_public_access": {"state": _assign("block_all_sharing")},
    }
    if message is not None:
        check_text("message", message, maximum=1024)
        attributes["exception_message"] = _assign(message)
    return {"ec2_attributes": attributes}


def combine(*contents: Mapping[str, Any]) -> tuple[Content, ...]:
    """Return the statements of several contents of one type in as few contents as fit that type's limit.

    Each statement goes to the first content that has room, in the order given, so that a guardrail added at the end
    moves none. What comes twice is put in once.

    Args:
        *contents: Contents of service control policies, or of resource control policies; a declarative policy has no
            statements, and is returned alone.

    Raises:
        ValueError: The contents are of several types, two different statements have one Sid, or one is too long.
    """
    policy_type = _type_of(contents)
    if policy_type is PolicyType.DECLARATIVE_POLICY_EC2:
        if len(contents) > 1:
            raise ValueError(f"contents must be one where it is a {policy_type.value}, got {len(contents)}; merge them")
        return (dict(contents[0]),)
    maximum = CONTENT_MAX[policy_type]
    by_sid: dict[str, Mapping[str, Any]] = {}
    combined: list[list[Mapping[str, Any]]] = []
    for statement in (statement for content in contents for statement in content["Statement"]):
        sid = statement.get("Sid", "")
        if sid and by_sid.setdefault(sid, statement) != statement:
            raise ValueError(
                f"contents must have one statement of each Sid, got two of {sid!r}; call its function once"
            )
        if any(statement in statements for statements in combined):
            continue
        characters = json_characters(_content([statement]))
        if characters > maximum:
            raise ValueError(
                f"each statement must fit into the {maximum:,} characters of a {policy_type.value},"
                f" got {characters:,} in {sid!r}; make two of it"
            )
        fitting = (old for old in combined if json_characters(_content([*old, statement])) <= maximum)
        room = next(fitting, None)
        if room is None:
            combined.append([statement])
        else:
            room.append(statement)
    return tuple(_content(statements) for statements in combined)


def policies(
    name: str, *contents: Mapping[str, Any], targets: Sequence[str], description: str | None = None
) -> tuple[PolicyProps, ...]:
    """Return the contents, combined, as the `policies` of an `OrgBaseline`.

    Args:
        name: The name of the first policy; the next ones, if there is more than fits one, are `name-2` and so on.
        *contents: What the functions of this module return, all for one type of policies.
        targets: What the policies are attached to, as in `PolicyProps`.
        description: What they are for; by default none.

    Raises:
        ValueError: As `combine`.
    """
    return tuple(
        PolicyProps(
            name=name if number == 1 else f"{name}-{number}",
            type=_type_of([content]),
            content=content,
            targets=targets,
            description=description,
        )
        for number, content in enumerate(combine(*contents), 1)
    )


def _type_of(contents: Sequence[Mapping[str, Any]]) -> PolicyType:
    types = [_type_of_one(f"contents[{index}]", content) for index, content in enumerate(contents)]
    if len(set(types)) != 1:
        got = ", ".join(sorted(set(types))) or "none"
        raise ValueError(f"contents must all be of one type of policies, got {got}; combine each type by itself")
    return types[0]


def _type_of_one(argument: str, content: Mapping[str, Any]) -> PolicyType:
    check_type(argument, content, dict, "what a function of guardrails returns, or a content of your own")
    if "ec2_attributes" in content:
        return PolicyType.DECLARATIVE_POLICY_EC2
    statements = content.get("Statement")
    if not isinstance(statements, list) or not statements:
        raise ValueError(f"{argument} must have a list of statements, got {shown(content)}")
    # Only a resource control policy says whom it is for: everybody.
    of_resources = any("Principal" in statement for statement in statements)
    return PolicyType.RESOURCE_CONTROL_POLICY if of_resources else PolicyType.SERVICE_CONTROL_POLICY


def _service_control(sid: str, actions: Sequence[str], except_roles: Sequence[str] = ()) -> Content:
    return _content([_deny(sid, actions, condition=_unless_roles(except_roles))])


def _content(statements: Sequence[Mapping[str, Any]]) -> Content:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def _deny(
    sid: str, actions: Sequence[str], resources: Sequence[str] = ("*",), condition: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    statement: dict[str, Any] = {
        "Sid": sid,
        "Effect": "Deny",
        "Action": _one_or_list(actions),
        "Resource": _one_or_list(resources),
    }
    if condition:
        statement["Condition"] = condition
    return statement


def _unless_roles(except_roles: Sequence[str]) -> dict[str, Any]:
    return _unless(_role_arns("except_roles", except_roles))


def _unless(arns: Sequence[str]) -> dict[str, Any]:
    # In a session of a role this key has the role's own ARN, with its path:
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn
    return {"ArnNotLike": {"aws:PrincipalArn": _one_or_list(arns)}} if arns else {}


def _role_arns(argument: str, roles: Sequence[str]) -> list[str]:
    check_sequence(argument, roles, str, "the name of a role")
    check_unique(argument, roles, what="role")
    for index, role in enumerate(roles):
        check_text(
            f"{argument}[{index}]",
            role,
            maximum=512 + limits.ROLE_NAME_MAX,
            # A letter or digit at least, so that it is not everybody.
            pattern=r"(?!/)(?=[*?/]*[\w+=,.@-])[\w+=,.@*?/-]+(?<!/)",
            rule="a role's name, after its path if it has one, without 'role/' and a '/' at its ends",
        )
    return sorted(f"arn:*:iam::*:role/{role}" for role in roles)


def _one_or_list(values: Sequence[str]) -> str | list[str]:
    return values[0] if len(values) == 1 else list(values)


def _assign(value: str) -> dict[str, str]:
    return {"@@assign": value}
