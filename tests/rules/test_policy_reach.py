"""Policies that reach no account, or change nothing where they do: a table on either side of each rule."""

from __future__ import annotations

import json
from typing import Any

import pytest

from checked_templates import Resources, account, allow, control_policy, deny, resource
from cloud_assembly import get
from org_constructs.rules import RULES
from org_constructs.templates.resources import Template, Templates

BY_ID = {rule.id.removeprefix("OrgBaseline-"): rule for rule in RULES}
OPEN = {"Ref": "Open"}
MANAGEMENT = "111122223333"
OF_ORGANIZATION = get("Organization", "ManagementAccountId")
ROOT = get("Organization", "RootId")
DEV = get("Dev", "AccountId")


def read(resources: Resources) -> Templates:
    body = {
        "Parameters": {
            "Open": {"Type": "String"},
            "None": {"Type": "CommaDelimitedList", "Default": ""},
            "Management": {"Type": "String", "Default": MANAGEMENT},
        },
        "Conditions": {"Never": {"Fn::Equals": ["a", "b"]}},
        "Resources": {
            "Organization": resource("Organizations::Organization"),
            "Unit": resource("Organizations::OrganizationalUnit", Name="unit", ParentId=ROOT),
            "Dev": account("dev"),
            **resources,
        },
    }
    return Templates([Template(path="A.json", body=body, stack="A", account=MANAGEMENT)])


def found(rule: str, resources: Resources) -> list[tuple[tuple[str, ...], str]]:
    return [(each.locations, each.detail) for each in BY_ID[rule].find(read(resources))]


def attached(*targets: Any, kind: str = "SERVICE_CONTROL_POLICY") -> Resources:
    return {"It": control_policy(deny("s3:*"), kind=kind, TargetIds=list(targets))}


NOTHING = "a-policy has no targets."
SPARED = "a-policy is attached only to the management account, to which it does not apply."


@pytest.mark.parametrize(
    ("resources", "detail"),
    [
        (attached(), NOTHING),
        ({"It": control_policy(deny("s3:*"))}, NOTHING),
        ({"It": control_policy(deny("s3:*"), TargetIds=None)}, NOTHING),
        ({"It": control_policy(deny("s3:*"), TargetIds={"Ref": "AWS::NoValue"})}, NOTHING),
        (
            {"It": control_policy(deny("s3:*"), TargetIds={"Fn::If": ["Never", [DEV], {"Ref": "AWS::NoValue"}]})},
            NOTHING,
        ),
        (attached({"Ref": "AWS::NoValue"}), NOTHING),
        (attached(kind="TAG_POLICY"), NOTHING),
        (attached(kind="RESOURCE_CONTROL_POLICY"), NOTHING),
        (attached(OF_ORGANIZATION), SPARED),
        (attached({"Ref": "AWS::AccountId"}), SPARED),
        (attached({"Fn::Sub": "${AWS::AccountId}"}), SPARED),
        (attached(MANAGEMENT), SPARED),
        (attached({"Ref": "Management"}), SPARED),
        (attached({"Fn::Sub": "${Organization.ManagementAccountId}"}, MANAGEMENT), SPARED),
        (attached(OF_ORGANIZATION, kind="RESOURCE_CONTROL_POLICY"), SPARED),
    ],
    ids=str,
)
def test_finds_a_policy_that_applies_to_no_account(resources: Resources, detail: str) -> None:
    assert [says for _, says in found("PolicyTargets", resources)] == [detail]


@pytest.mark.parametrize(
    "resources",
    [
        attached(ROOT),
        attached("r-ab12"),
        attached(get("Unit", "Id")),
        attached("ou-ab12-11112222"),
        attached(DEV),
        attached({"Ref": "Dev"}),
        attached("444455556666"),
        attached(OF_ORGANIZATION, DEV),
        attached(MANAGEMENT, ROOT),
        attached(OPEN),
        attached(OF_ORGANIZATION, OPEN),
        attached({"Fn::ImportValue": "Unit"}),
        {"It": control_policy(deny("s3:*"), TargetIds=OPEN)},
        {"It": control_policy(deny("s3:*"), TargetIds={"Fn::Split": [",", OPEN]})},
        attached(OF_ORGANIZATION, kind="TAG_POLICY"),
        attached(OF_ORGANIZATION, kind="BACKUP_POLICY"),
    ],
    ids=str,
)
def test_knows_where_policies_apply(resources: Resources) -> None:
    assert found("PolicyTargets", resources) == []


def test_an_unknown_target_is_not_the_management_account_of_a_stack_of_no_account() -> None:
    body = {"Resources": {"Dev": account("dev"), **attached(OPEN)}, "Parameters": {"Open": {"Type": "String"}}}
    assert list(BY_ID["PolicyTargets"].find(Templates([Template(path="A.json", body=body, stack="A")]))) == []


def allowing(*statements: dict[str, Any], at: Any = ROOT, **more: Any) -> Resources:
    return {"It": control_policy(*(statements or (allow("s3:*"),)), TargetIds=[at], **more)}


def detaching(target: Any, policy: str = "p-FullAWSAccess") -> Resources:
    """Return CDK's custom resource that detaches a policy."""
    call = {"service": "Organizations", "action": "detachPolicy", "parameters": {"PolicyId": policy, "TargetId": "@"}}
    before, after = json.dumps(call).split("@")
    return {"Detach": {"Type": "Custom::AWS", "Properties": {"Create": {"Fn::Join": ["", [before, target, after]]}}}}


@pytest.mark.parametrize(
    "resources",
    [
        allowing(),
        allowing(allow("*")),
        allowing(allow("s3:*"), allow("ec2:*")),
        allowing({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}),
        allowing(allow("s3:*", Condition={"StringEquals": {"aws:RequestedRegion": "eu-west-1"}})),
        allowing(at=DEV),
        allowing(at="ou-ab12-11112222"),
        allowing(at=get("Unit", "Id")),
        allowing() | detaching(DEV),
        allowing() | detaching(ROOT, "p-RCPFullAWSAccess0"),
        {
            "It": control_policy(TargetIds=[ROOT])
            | {
                "Properties": {
                    "Type": "SERVICE_CONTROL_POLICY",
                    "TargetIds": [ROOT],
                    "Content": json.dumps({"Statement": allow("s3:*")}),
                }
            }
        },
        allowing({"Effect": {"Fn::Sub": "Allow"}, "Action": "s3:*", "Resource": "*"}),
        allowing(allow(OPEN)),  # type: ignore[arg-type]
        {"It": control_policy(allow("s3:*"), TargetIds=[ROOT, DEV])} | detaching(get("Unit", "Id")),
    ],
    ids=str,
)
def test_finds_a_service_control_policy_that_only_allows(resources: Resources) -> None:
    assert found("PolicyOnlyAllows", resources) == [(("Properties.Content",), "")]


@pytest.mark.parametrize(
    "resources",
    [
        allowing(deny("s3:*")),
        allowing(allow("s3:*"), deny("iam:*")),
        allowing() | detaching(ROOT),
        allowing(at=DEV) | detaching(DEV),
        {"It": control_policy(allow("s3:*"), TargetIds=[ROOT, DEV])} | detaching(DEV),
        allowing() | detaching(OPEN),
        allowing(at=OPEN),
        {"It": control_policy(allow("s3:*"), TargetIds=OPEN)},
        attached(),  # which PolicyTargets finds
        {"It": control_policy(allow("s3:*"))},
        allowing({"Effect": OPEN, "Action": "s3:*", "Resource": "*"}),
        allowing(allow("s3:*"), OPEN),
        allowing(kind="RESOURCE_CONTROL_POLICY"),
        allowing(kind="TAG_POLICY"),
        {"It": control_policy(TargetIds=[ROOT])},
        {"It": resource("Organizations::ResourcePolicy", Content={"Statement": allow("s3:*")})},
    ],
    ids=str,
)
def test_knows_when_allowing_changes_something(resources: Resources) -> None:
    assert found("PolicyOnlyAllows", resources) == []
