"""Work stays in its regions, and what has none stays possible."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any, Final

import pytest

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
from org_constructs import guardrails
from org_constructs.guardrails import permission_set_role

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


def test_regions_on_both_sides() -> None:
    REGIONS_TRIALS.check_both_sides()


OPT_INS_TRIALS: Final = Trials(OPT_INS, OPT_INS_CASES)


@OPT_INS_TRIALS.parameters()
def test_region_opt_ins(number: int) -> None:
    OPT_INS_TRIALS.check(number)


def test_region_opt_ins_on_both_sides() -> None:
    OPT_INS_TRIALS.check_both_sides()


def test_the_whole_of_a_service_is_excepted_that_botocore_asks_of_one_region_only() -> None:
    partition = json.loads((files("botocore") / "data" / "endpoints.json").read_text(encoding="utf-8"))["partitions"][0]
    of_one_region = {name for name, service in partition["services"].items() if service.get("isRegionalized") is False}
    # Programs reach these with credentials of their own, and AWS's IAM has no actions of them.
    of_one_region -= {"codecatalyst", "mturk-requester"}
    assert {f"{name}:*" for name in of_one_region} <= set(guardrails.GLOBAL_ACTIONS)
    assert len(of_one_region) >= 15


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
