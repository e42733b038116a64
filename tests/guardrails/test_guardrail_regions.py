"""Work stays in its regions, and what has none stays possible."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from typing import Any, Final

import pytest
from botocore.endpoint_provider import EndpointProvider
from botocore.exceptions import EndpointProviderError
from botocore.loaders import Loader

from every_guardrail import SERVICE_CONTROL
from guardrail_trials import (
    ACCESS_SESSION,
    ADMIN_OF_EU_SESSION,
    ADMIN_SESSION,
    API_SESSION,
    CDK_SESSION,
    DEV,
    DEVELOPER_SESSION,
    SSO,
    Case,
    Trials,
    by_role,
    role,
)
from iam_reference import matching
from org_constructs import guardrails
from org_constructs.guardrails import permission_set_role
from refusals import refuses

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


REGIONS_TRIALS: Final = Trials(REGIONS, REGIONS_CASES)


@REGIONS_TRIALS.parameters()
def test_regions(number: int) -> None:
    REGIONS_TRIALS.check(number)


def test_the_order_of_regions_changes_nothing() -> None:
    regions = ["us-east-1", "eu-west-1", "eu-central-1"]
    assert guardrails.allow_regions(regions) == guardrails.allow_regions(regions[::-1])


def test_regions_on_both_sides() -> None:
    REGIONS_TRIALS.check_both_sides()
    REGIONS_TRIALS.check_among([*SERVICE_CONTROL.values()])


OPT_INS_TRIALS: Final = Trials(OPT_INS, OPT_INS_CASES)


@OPT_INS_TRIALS.parameters()
def test_region_opt_ins(number: int) -> None:
    OPT_INS_TRIALS.check(number)


def test_region_opt_ins_on_both_sides() -> None:
    OPT_INS_TRIALS.check_both_sides()
    OPT_INS_TRIALS.check_among([*SERVICE_CONTROL.values()])


EXAMPLES: Final = {
    pattern: min(matching(pattern), key=lambda name: (not re.match(r"[\w-]+:(Get|List|Describe)", name), name))
    for pattern in guardrails.GLOBAL_ACTIONS
}
"""An action of each, one that reads where there is one: those have been there longest, and the simulator has them."""

EVERYWHERE: Final = Trials(
    guardrails.allow_regions(["eu-west-1"]),
    [
        Case(says="is asked of one region", who=ADMIN_SESSION, action=EXAMPLES[pattern], region=region)
        for pattern in guardrails.GLOBAL_ACTIONS
        for region in ("us-east-1", "us-west-2")
        if not pattern.startswith("kms:")
    ],
)


@EVERYWHERE.parameters()
def test_excepts_each_service_without_a_region(number: int) -> None:
    EVERYWHERE.check(number)


@pytest.mark.parametrize(
    "action",
    [
        "q:SendMessage",
        "billing:GetBillingData",
        "bcm-data-exports:CreateExport",
        "cost-optimization-hub:ListRecommendations",
        "purchase-orders:ListPurchaseOrders",
        "servicequotas:RequestServiceQuotaIncrease",
        "tag:TagResources",
        "signin:CreateOAuth2Token",
        "identitystore:DescribeUser",
        "ram:CreateResourceShare",
        "wellarchitected:CreateWorkload",
        "pricingplanmanager:CreateSubscription",
        "cloudfront-keyvaluestore:PutKey",
        "support-console:CreateCaseDraft",
        "uxc:GetAccountColor",
        "sso-directory:DescribeUser",
    ],
)
def test_excepts_what_was_found_denied(action: str) -> None:
    assert any(action in matching(pattern) for pattern in guardrails.GLOBAL_ACTIONS)


def test_the_whole_of_a_service_is_excepted_that_botocore_asks_of_one_region_only() -> None:
    partition = json.loads((files("botocore") / "data" / "endpoints.json").read_text(encoding="utf-8"))["partitions"][0]
    of_one_region = {name for name, service in partition["services"].items() if service.get("isRegionalized") is False}
    # Programs reach these with credentials of their own, and AWS's IAM has no actions of them.
    of_one_region -= {"codecatalyst", "mturk-requester"}
    assert {f"{name}:*" for name in of_one_region} <= set(guardrails.GLOBAL_ACTIONS)
    assert len(of_one_region) >= 15


def test_excepts_what_botocore_asks_another_region_for() -> None:
    """A service whose endpoint is elsewhere, or signed for elsewhere, whatever region it is asked of."""
    loader = Loader()
    partitions = loader.load_data("partitions")
    elsewhere = set()
    for service in loader.list_available_services("endpoint-rule-set-1"):
        rules = loader.load_service_model(service, "endpoint-rule-set-1")
        try:
            endpoint = EndpointProvider(rules, partitions).resolve_endpoint(
                Region="eu-central-1", UseDualStack=False, UseFIPS=False
            )
        except EndpointProviderError:  # it depends on what is asked for
            continue
        regions = {scheme.get("signingRegion") for scheme in endpoint.properties.get("authSchemes", [])} - {None, "*"}
        if "eu-central-1" not in endpoint.url or regions - {"eu-central-1"}:
            metadata = loader.load_service_model(service, "service-2")["metadata"]
            elsewhere.add(metadata.get("signingName", metadata["endpointPrefix"]))
    # Neither is of AWS's IAM, and the third has another name there.
    elsewhere = elsewhere - {"codecatalyst", "IngestionService", "partnercentral-channel"} | {"partnercentral"}
    assert {f"{service}:*" for service in elsewhere} - set(guardrails.GLOBAL_ACTIONS) == set()
    assert len(elsewhere) >= 25


def test_warns_of_a_region_that_boto3_does_not_know() -> None:
    with pytest.warns(
        UserWarning, match=r"^the region 'eu-central-9' is not one that the installed boto3 knows; unless it"
    ):
        guardrails.allow_regions(["us-east-1", "eu-central-9"])


@pytest.mark.parametrize(
    ("code", "regions", "argument"),
    [
        ("regions-none", [], "regions"),
        ("not-a-list", "us-east-1", "regions"),
        ("region-unknown", ["us-east"], "regions[0]"),
        ("region-unknown", ["*"], "regions[0]"),
        ("region-unknown", ["us-east-1", "eu-centrl-1"], "regions[1]"),
        ("not-unique", ["us-east-1", "us-east-1"], "regions[1]"),
        ("regions-partitions", ["us-east-1", "us-gov-west-1"], "regions"),
    ],
)
def test_refuses_what_are_no_regions(code: str, regions: Any, argument: str) -> None:
    with refuses(code, argument):
        guardrails.allow_regions(regions)


@pytest.mark.parametrize("action", ["*", "bedrock", "bedrock:", "*:*", "bedrock:Invoke Model"])
def test_refuses_what_is_no_action(action: str) -> None:
    with refuses("wrong-form", "except_actions[0]", repr(action)):
        guardrails.allow_regions(["us-east-1"], except_actions=[action])
