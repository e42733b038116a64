"""Where accounts work."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Final

from org_constructs.aws.regions import partition_of
from org_constructs.aws.regions import regions as known_regions
from org_constructs.constructs.validate import check_region, check_sequence, check_text, check_unique, is_token
from org_constructs.refusal import Refusal

from ._content import Content, content, deny, one_or_list, service_control, unless_roles

_OF_CONTROL_TOWER: Final = (
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
    "tax:*",
    "trustedadvisor:*",
    "vendor-insights:ListEntitledSecurityProfiles",
    "waf-regional:*",
    "waf:*",
    "wafv2:*",
)
"""Source: AWS Control Tower's region controls, whose two pages have the same list,
https://docs.aws.amazon.com/controltower/latest/controlreference/primary-region-deny-policy.html and
https://docs.aws.amazon.com/controltower/latest/controlreference/ou-region-deny.html
"""

_OF_EXAMPLES: Final = ("wellarchitected:*",)
"""What AWS's examples have, and Control Tower has not.

Source: https://github.com/aws-samples/service-control-policy-examples/tree/main/Region-controls
"""

_SINCE: Final = (
    # Billing and costs, which have one endpoint, as botocore's endpoint rules say.
    "bcm-dashboards:*",
    "bcm-data-exports:*",
    "bcm-pricing-calculator:*",
    "bcm-recommended-actions:*",
    "cost-optimization-hub:*",
    "purchase-orders:*",
    # Of CloudFront: the values that its functions read, and its flat-rate plans.
    # https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/security-iam-awsmanpol.html
    "cloudfront-keyvaluestore:*",
    "pricingplanmanager:*",
    # Of IAM Identity Center, in its home region, which may be none of these.
    # https://docs.aws.amazon.com/singlesignon/latest/userguide/regions.html
    "identity-sync:*",
    "identitystore-auth:*",
    "identitystore:*",
    "sso-directory:*",
    "sso-oauth:*",
    # AWS Partner Central, with one endpoint.
    "partnercentral:*",
    # The console's assistant, which is in us-east-1 and asks other regions.
    # https://docs.aws.amazon.com/amazonq/latest/qdeveloper-ug/cross-region-calls.html
    "q:*",
    # What has no region is shared in us-east-1.
    # https://docs.aws.amazon.com/ram/latest/userguide/working-with-regional-vs-global.html
    "ram:*",
    # The quotas of what has no region are in us-east-1, such as Route 53's.
    # https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html
    "servicequotas:*",
    # Signing in, for the console and `aws login`, wherever that is answered.
    # https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssignin.html
    "signin:*",
    # The console's own: cases of AWS Support, and how it looks.
    # https://docs.aws.amazon.com/awssupport/latest/user/support-console-access-control.html
    # https://docs.aws.amazon.com/awsconsolehelpdocs/latest/gsg/uxc.html
    "support-console:*",
    "uxc:*",
    # What has no region is tagged where Control Tower reads its tags. A service's own permission is needed as well:
    # https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_TagResources.html
    "tag:*",
)
"""What has no region either, and neither of those lists has."""

GLOBAL_ACTIONS: Final = tuple(sorted({*_OF_CONTROL_TOWER, *_OF_EXAMPLES, *_SINCE}))
"""What is asked of one region whatever region the work is in, as of 2026-11-26: services without regions, and what they
call."""


def allow_regions(
    regions: Sequence[str], *, except_actions: Sequence[str] = (), except_roles: Sequence[str] = ()
) -> Content:
    """Return a service control policy that denies every region but these; services without regions stay.

    What breaks: whatever runs in another region, including the console's home there; AWS::CloudFormation stacks for
    CloudFront in us-east-1, unless that is among the regions; inference profiles of Amazon Bedrock that span regions,
    unless `except_actions` has `bedrock:InvokeModel*`.

    Limits: what is there already stays, and so do its costs. AWS WAF, KMS, Config, ACM and STS are called across
    regions by services without one, so that they stay open everywhere, and so do tags, quotas and sharing, which
    things without a region have in us-east-1 (`GLOBAL_ACTIONS`). Alarms on what has none, such as CloudFront, are
    regional: name us-east-1 for them.

    Source: https://docs.aws.amazon.com/controltower/latest/controlreference/primary-region-deny-policy.html

    Args:
        regions: The regions, such as `["us-east-1", "eu-west-1"]`. Name us-east-1 too, if CloudFront is used.
        except_actions: More actions that are allowed everywhere, such as `bedrock:InvokeModel*`; by default none.
        except_roles: Roles that may go anywhere, by name, after their path if they have one, `*` and `?` allowed;
            `permission_set_role` names those of a permission set. Whoever may create a role of such a name is excepted
            too, so protect it (`protect_baseline_roles`). By default there is none.

    Raises:
        Refusal: There is no region, one does not exist or is of another partition, or something is not of AWS's
            form.
    """
    check_sequence("regions", regions, str, "a region")
    if not regions:
        raise Refusal(
            "regions-none", "regions must name at least one region, got none", ("name the regions that you work in")
        )
    for index, region in enumerate(regions):
        check_region(f"regions[{index}]", region)
    check_unique("regions", regions, what="region")
    partitions = {partition_of(region).name: region for region in regions if not is_token(region)}
    if len(partitions) > 1:
        raise Refusal(
            "regions-partitions",
            f"regions must be in one partition, like the organization, got {' and '.join(partitions.values())}",
            "name the regions of its partition",
        )
    for region in regions:
        if not is_token(region) and region not in known_regions():
            warnings.warn(
                f"the region {region!r} is not one that the installed boto3 knows; unless it is newer, the region that"
                " you meant is denied",
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
    statement = deny(
        "DenyOtherRegions",
        sorted({*GLOBAL_ACTIONS, *except_actions}),
        condition={
            "StringNotEquals": {"aws:RequestedRegion": one_or_list(sorted(regions))},
            **unless_roles(except_roles),
        },
    )
    statement["NotAction"] = statement.pop("Action")
    return content([statement])


def deny_region_opt_ins(*, except_roles: Sequence[str] = ()) -> Content:
    """Return a service control policy that keeps accounts from turning regions on and off.

    Regions introduced since 2019 are off until somebody opts in. What breaks: nothing else; the management account can
    do it for a member.

    Source: https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html and
    https://github.com/aws-samples/service-control-policy-examples/tree/main/Region-controls

    Args:
        except_roles: Who may, as in `allow_regions`; by default nobody.

    Raises:
        Refusal: `except_roles` has no names of roles.
    """
    return service_control("DenyRegionOptIns", ["account:DisableRegion", "account:EnableRegion"], except_roles)
