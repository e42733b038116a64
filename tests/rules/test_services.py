"""What control policies close of AWS's services that people and services need: a table on either side."""

from __future__ import annotations

from typing import Any

import pytest

from checked_templates import allow, control_policy, deny, resource
from cloud_assembly import get
from every_guardrail import RESOURCE_CONTROL, SERVICE_CONTROL
from org_constructs.rules import RULES
from org_constructs.templates.resources import Template, Templates

BY_ID = {rule.id.removeprefix("OrgBaseline-"): rule for rule in RULES}
ROLE = "arn:aws:iam::*:role/Rescue"
OURS = get("Organization", "Id")
EU = ["eu-central-1", "eu-west-1"]

Statement = dict[str, Any]


def found(
    rule: str, *statements: Statement, kind: str = "SERVICE_CONTROL_POLICY", region: str = "eu-west-1"
) -> list[str]:
    policy = control_policy(*statements, kind=kind)
    body = {
        "Parameters": {"Open": {"Type": "String"}, "Home": {"Type": "String", "Default": "eu-west-1"}},
        "Resources": {"Organization": resource("Organizations::Organization"), "It": policy},
    }
    given = Templates([Template(path="A.json", body=body, stack="A", construct="A", region=region)])
    return [each.detail for each in BY_ID[rule].find(given)]


def outside(regions: Any, *, operator: str = "StringNotEquals", **more: Any) -> Statement:
    """Return a condition on regions, and what else an operator asks for."""
    condition = {operator: {"aws:RequestedRegion": regions}}
    return {"Condition": condition | {name: {key: value} for name, (key, value) in more.items()}}


def all_but(*actions: str, **more: Any) -> Statement:
    return {"Effect": "Deny", "NotAction": list(actions), "Resource": "*", **more}


ALL = "It closes AWS Support, CloudFront, IAM, Organizations, Route 53."


@pytest.mark.parametrize(
    ("statement", "detail"),
    [
        (deny("*", **outside(EU)), ALL),
        (deny("*:*", **outside("eu-west-1")), ALL),
        (deny("*", **outside("eu-*", operator="StringNotLike")), ALL),
        (deny("*", **outside(EU, operator="StringNotEqualsIfExists")), ALL),
        (deny("*", **outside(EU, operator="ForAllValues:StringNotEquals")), ALL),
        (deny("*", **outside("us-east-1", operator="StringEquals")), ALL),
        (deny("*", **outside("us-*", operator="StringLike")), ALL),
        (deny("*", **outside({"Ref": "Home"})), ALL),
        (deny("*", **outside(EU, ArnNotLike=("aws:PrincipalArn", ROLE))), ALL),
        (all_but("s3:*", "sts:*", **outside(EU)), ALL),
        (all_but("organizations:*", "support:*", **outside(EU)), "It closes CloudFront, IAM, Route 53."),
        (all_but("cloudfront:*", "organizations:*", "route53:*", "support:*", **outside(EU)), "It closes IAM."),
    ],
    ids=str,
)
def test_finds_that_iam_is_closed_with_its_region(statement: Statement, detail: str) -> None:
    assert found("PolicyGlobalServices", statement) == [detail]


@pytest.mark.parametrize(
    "statement",
    [
        all_but("iam:*", **outside(EU)),
        all_but("iam:*", "cloudfront:*", "organizations:*", "route53:*", "support:*", **outside(EU)),
        all_but("iam:Get*", "sts:*", **outside(EU)),  # where roles are made elsewhere
        deny("*", **outside([*EU, "us-east-1"])),
        deny("*", **outside(["eu-*", "us-*"], operator="StringNotLike")),
        deny("*", **outside("eu-west-1", operator="StringEquals")),
        deny("*", **outside({"Ref": "Open"})),
        deny("*", **outside(EU, StringNotEquals=("aws:PrincipalTag/team", "x"))),
        deny("*", **outside(EU, ArnLike=("aws:PrincipalArn", ROLE))),
        deny("ec2:*", "iam:*", **outside(EU)),
        deny("*", on="arn:aws:s3:::*", **outside(EU)),
        allow("*", **outside(EU)),
        deny("*"),  # which PolicyAllowsNothing finds
        *(each for policy in SERVICE_CONTROL.values() for each in policy["Statement"]),
    ],
    ids=lambda each: str(each)[:200],
)
def test_accepts_what_leaves_iam_open(statement: Statement) -> None:
    assert found("PolicyGlobalServices", statement) == []


@pytest.mark.parametrize("region", ["cn-north-1", "us-gov-west-1"])
def test_other_partitions_have_iam_elsewhere(region: str) -> None:
    assert found("PolicyGlobalServices", deny("*", **outside(region)), region=region) == []


def perimeter(operator: str, value: Any = OURS, key: str = "aws:PrincipalOrgID", **more: Any) -> Statement:
    """Return a condition on whose request it is, and what else an operator asks for."""
    condition = {operator.replace("__", ":"): {key: value}}
    return {"Principal": "*", "Condition": condition | {name: {of: to} for name, (of, to) in more.items()}}


SERVICES: dict[str, Any] = {"BoolIfExists": ("aws:PrincipalIsAWSService", "false")}


@pytest.mark.parametrize(
    ("statement", "detail"),
    [
        (deny("s3:*", **perimeter("StringNotEquals")), "It denies them s3:GetObject, s3:PutObject."),
        (deny("s3:*", **perimeter("StringNotEqualsIfExists")), "It denies them s3:GetObject, s3:PutObject."),
        (deny("sts:*", "kms:*", **perimeter("StringNotEquals")), "kms:Decrypt, kms:GenerateDataKey, sts:AssumeRole."),
        (deny("*", **perimeter("StringNotEquals")), "s3:PutObject, sqs:SendMessage and 1 more."),
        (deny("sqs:Send*", **perimeter("StringNotLike", "o-abcde*")), "It denies them sqs:SendMessage."),
        (deny("s3:PutObject", **perimeter("StringNotEquals", {"Ref": "Open"})), "It denies them s3:PutObject."),
        (deny("s3:*", **perimeter("ForAllValues__StringNotLike", "o-*/*", "aws:PrincipalOrgPaths")), "s3:PutObject."),
        (deny("s3:*", **perimeter("Null", "true")), "s3:PutObject."),
        (deny("s3:*", **perimeter("StringNotEquals", Bool=("aws:PrincipalIsAWSService", "true"))), "s3:PutObject."),
        (deny("s3:*", **perimeter("StringNotEquals", Bool=("aws:SecureTransport", "true"))), "s3:PutObject."),
        (all_but("s3:*", **perimeter("StringNotEquals")), "sts:AssumeRole."),
        (deny("s3:*", on=["*"], **perimeter("StringNotEquals")), "s3:PutObject."),
    ],
    ids=str,
)
def test_finds_that_services_are_kept_out(statement: Statement, detail: str) -> None:
    [says] = found("PolicyDeniesServices", statement, kind="RESOURCE_CONTROL_POLICY")
    assert says.endswith(detail)


@pytest.mark.parametrize(
    "statement",
    [
        deny("s3:*", **perimeter("StringNotEquals", **SERVICES)),
        deny("s3:*", **perimeter("StringNotEqualsIfExists", **SERVICES)),
        deny("s3:*", **perimeter("StringNotEquals", Bool=("aws:PrincipalIsAWSService", "false"))),
        deny("s3:*", **perimeter("StringNotEquals", Null=("aws:PrincipalOrgID", "false"))),
        deny("s3:*", **perimeter("StringNotEquals", StringNotEqualsIfExists=("aws:PrincipalAccount", "111122223333"))),
        deny("s3:*", **perimeter("StringNotEquals", ArnNotLike=("aws:PrincipalArn", ROLE))),
        deny("s3:*", **perimeter("StringEquals")),
        deny("s3:*", **perimeter("ForAnyValue__StringNotLike", "o-*/*", "aws:PrincipalOrgPaths")),
        deny("s3:DeleteBucket", **perimeter("StringNotEquals")),
        deny("s3:*", on="arn:aws:s3:::acme-reports/*", **perimeter("StringNotEquals")),
        deny("s3:*", **perimeter("StringNotEquals", "111122223333", "aws:PrincipalAccount")),
        deny("s3:*", Principal="*", Condition={"Bool": {"aws:SecureTransport": "false"}}),
        *(each for policy in RESOURCE_CONTROL.values() for each in policy["Statement"]),
    ],
    ids=lambda each: str(each)[:200],
)
def test_accepts_what_lets_services_in(statement: Statement) -> None:
    assert found("PolicyDeniesServices", statement, kind="RESOURCE_CONTROL_POLICY") == []


def test_service_control_policies_do_not_apply_to_services() -> None:
    assert found("PolicyDeniesServices", deny("s3:*", **perimeter("StringNotEquals"))) == []
