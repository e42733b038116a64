"""What is said of policies that cannot be read before a deploy, and that intrinsics are evaluated as far as they go."""

from __future__ import annotations

import json
from typing import Any

import pytest

from checked_templates import Resources, allow, control_policy, deny, document, permission_set, resource, templates
from org_constructs.rules import RULES
from org_constructs.templates.resources import Template, Templates

BY_ID = {rule.id.removeprefix("OrgBaseline-"): rule for rule in RULES}
OPEN = {"Ref": "Open"}
BOUNDARY = {"StringEquals": {"iam:PermissionsBoundary": OPEN}}
OF_ACCOUNTS = {"CustomerManagedPolicyReference": {"Name": "B"}}
FULL = "arn:aws:iam::aws:policy/IAMFullAccess"
AT = "Properties.InlinePolicy"


def read(resources: Resources) -> Templates:
    """Return a template with a parameter without a default, one with, a mapping, a policy and a condition."""
    body = {
        "Parameters": {"Open": {"Type": "String"}, "All": {"Type": "String", "Default": "*"}},
        "Mappings": {"Allowed": {"dev": {"Actions": ["iam:PutRolePolicy"]}}},
        "Conditions": {"IsDev": {"Fn::Equals": [OPEN, "dev"]}, "Always": {"Fn::Equals": ["a", "a"]}},
        "Resources": {"Boundary": resource("IAM::ManagedPolicy"), **resources},
    }
    return Templates([Template(path="A.json", body=body, stack="A")])


def found(resources: Resources) -> dict[str, list[str]]:
    """Return the places of what the rules on what is allowed find, by rule."""
    rules = ("PermissionSetAllowAll", "PermissionSetEscalation", "PermissionSetBorrowedRole", "PolicyNotJudged")
    return {
        rule: places
        for rule in rules
        if (places := [place for each in BY_ID[rule].find(read(resources)) for place in each.locations])
    }


def inline(policy: Any, **more: Any) -> Resources:
    return {"It": permission_set("It", InlinePolicy=policy, **more)}


def stated(*statements: Any) -> Resources:
    return inline(document(*statements))


@pytest.mark.parametrize(
    ("resources", "place"),
    [
        (inline(OPEN), AT),
        (inline({"Fn::ImportValue": "Policy"}), AT),
        (inline({"Fn::If": ["IsDev", document(allow("*")), document(deny("*"))]}), AT),
        (inline("{no JSON"), AT),
        (inline({"Fn::Sub": '{"Statement": ${Open}}'}), AT),
        (inline({"Statement": OPEN}), AT),
        (stated({"Fn::If": ["IsDev", allow("s3:*"), OPEN]}), AT),
        (stated(allow(OPEN)), f"{AT}.Statement.0"),  # type: ignore[arg-type]
        (stated(allow({"Fn::Sub": "iam:${Open}"})), f"{AT}.Statement.0"),  # type: ignore[arg-type]
        (stated(allow("iam:PutRolePolicy", on=OPEN)), f"{AT}.Statement.0"),
        (
            stated(allow("iam:PutRolePolicy", on=["arn:aws:s3:::a", {"Fn::Sub": "arn:aws:iam::*:${Open}"}])),
            "Statement.0",
        ),
        (stated(allow("iam:PutRolePolicy", on={"Fn::GetAtt": ["Nested", "Outputs.Role"]})), f"{AT}.Statement.0"),
        (stated(deny("s3:*"), {"Effect": OPEN, "Action": "iam:*", "Resource": "*"}), f"{AT}.Statement.1"),
        (stated({"Effect": "Allow", "NotAction": OPEN, "Resource": "*"}), f"{AT}.Statement.0"),
        (stated({"Effect": "Allow", "Action": "iam:*", "NotResource": [OPEN]}), f"{AT}.Statement.0"),
        (stated(allow("iam:*"), deny(OPEN)), f"{AT}.Statement.0"),  # type: ignore[arg-type]
        (stated(allow("iam:*"), deny("iam:*", on=OPEN)), f"{AT}.Statement.0"),
        (stated(allow("iam:*", Condition=BOUNDARY)), f"{AT}.Statement.0"),
        (
            stated(allow("iam:*"), deny("iam:*", Condition={"StringNotEquals": {"aws:PrincipalTag/a": OPEN}})),
            "Statement.0",
        ),
        (inline(document(allow("iam:*")), PermissionsBoundary=OPEN), f"{AT}.Statement.0"),
        (inline(document(allow("iam:*")), PermissionsBoundary={"ManagedPolicyArn": OPEN}), f"{AT}.Statement.0"),
        (inline(document(allow(OPEN)), PermissionsBoundary=OF_ACCOUNTS), f"{AT}.Statement.0"),  # type: ignore[arg-type]
        (inline(document(allow("iam:*")), PermissionsBoundary=OF_ACCOUNTS), f"{AT}.Statement.0"),
        (
            {"It": permission_set("It", ManagedPolicies=[FULL], PermissionsBoundary=OF_ACCOUNTS)},
            "Properties.ManagedPolicies.0",
        ),
        ({"It": permission_set("It", ManagedPolicies=[OPEN])}, "Properties.ManagedPolicies.0"),
        ({"It": permission_set("It", ManagedPolicies=OPEN)}, "Properties.ManagedPolicies"),
        (
            {"It": permission_set("It", ManagedPolicies=["arn:aws:iam::aws:policy/NewerThanTheList"])},
            "Properties.ManagedPolicies.0",
        ),
        ({"It": control_policy(OPEN)}, "Properties.Content"),
        ({"It": control_policy(deny(OPEN))}, "Properties.Content.Statement.0"),  # type: ignore[arg-type]
        ({"It": control_policy({"Effect": OPEN, "Action": "*", "Resource": "*"})}, "Properties.Content.Statement.0"),
        ({"It": control_policy(deny("s3:*"), kind=OPEN)}, "Properties.Type"),  # type: ignore[arg-type]
        ({"It": resource("Organizations::ResourcePolicy", Content=OPEN)}, "Properties.Content"),
    ],
    ids=str,
)
def test_says_what_it_cannot_judge(resources: Resources, place: str) -> None:
    results = found(resources)
    assert list(results) == ["PolicyNotJudged"]
    assert all(each.endswith(place) for each in results["PolicyNotJudged"])


@pytest.mark.parametrize(
    "resources",
    [
        stated(allow("s3:GetObject", on=OPEN)),
        stated(allow("s3:GetObject", on={"Fn::Sub": "arn:aws:s3:::${Open}/*"})),
        stated(allow({"Fn::Sub": "s3:${Open}"})),  # type: ignore[arg-type]
        stated(allow(OPEN, on="arn:aws:s3:::acme/*")),  # type: ignore[arg-type]
        stated(allow("iam:PutRolePolicy", on={"Fn::Sub": "arn:aws:iam::*:role/app-${Open}"})),
        stated(allow("iam:PutRolePolicy", on={"Fn::GetAtt": ["Boundary", "Arn"]})),
        stated(allow("iam:PutRolePolicy", on={"Ref": "Boundary"})),
        stated(
            allow("iam:PutRolePolicy", Condition={"StringEquals": {"iam:PermissionsBoundary": {"Ref": "Boundary"}}})
        ),
        stated(allow("iam:*"), deny("iam:*"), deny(OPEN)),  # type: ignore[arg-type]
        stated(deny(OPEN)),  # type: ignore[arg-type]
        stated(deny("s3:*", on=OPEN), allow("s3:*")),
        inline(document(allow("s3:*")), PermissionsBoundary=OF_ACCOUNTS),
        inline(document(allow("iam:*"), deny("iam:*")), PermissionsBoundary=OF_ACCOUNTS),
        inline(None),
        inline(""),
        inline({"Fn::ToJsonString": document(allow("s3:GetObject", on=OPEN))}),
        {"It": permission_set("It", CustomerManagedPolicyReferences=[{"Name": OPEN}])},
        {"It": permission_set("It", ManagedPolicies=["arn:aws:iam::aws:policy/AWSLambdaFullAccess"])},
        {"It": control_policy(deny("s3:*", on=OPEN), deny("ec2:*"))},
        {"It": control_policy(deny("s3:*", Condition={"StringEquals": {"aws:RequestedRegion": OPEN}}))},
        {"It": control_policy(OPEN, kind="TAG_POLICY")},
    ],
    ids=str,
)
def test_says_nothing_where_it_makes_no_difference(resources: Resources) -> None:
    assert found(resources) == {}


PUT = '{"Statement": {"Effect": "Allow", "Action": "iam:PutRolePolicy", "Resource": "arn:aws:iam::*:role/@"}}'


@pytest.mark.parametrize(
    ("resources", "rule"),
    [
        (inline(json.dumps(document(allow("*")))), "PermissionSetAllowAll"),
        (inline({"Fn::Sub": PUT.replace("@", "*")}), "PermissionSetEscalation"),
        (inline({"Fn::Sub": PUT.replace("@", "${All}")}), "PermissionSetEscalation"),
        (
            inline({"Fn::Join": ["", [*PUT.split("@")[:1], {"Ref": "All"}, PUT.split("@")[1]]]}),
            "PermissionSetEscalation",
        ),
        (inline({"Fn::ToJsonString": document(allow("iam:*"))}), "PermissionSetEscalation"),
        (stated(allow("iam:PutRolePolicy", on={"Ref": "All"})), "PermissionSetEscalation"),
        (stated(allow("iam:PutRolePolicy", on={"Fn::Sub": ["arn:aws:iam::${A}:${All}", {"A": "*"}]})), "Escalation"),
        (stated({"Fn::If": ["Always", allow("iam:*"), OPEN]}), "PermissionSetEscalation"),
        (
            stated({"Effect": "Allow", "Action": {"Fn::FindInMap": ["Allowed", "dev", "Actions"]}, "Resource": "*"}),
            "PermissionSetEscalation",
        ),
        (stated(allow({"Fn::Select": [1, ["s3:*", "iam:*"]]})), "PermissionSetEscalation"),  # type: ignore[arg-type]
        (stated({"Effect": "Allow", "Action": {"Fn::Split": [",", "s3:*,iam:*"]}, "Resource": "*"}), "Escalation"),
        (stated({"Effect": {"Fn::Sub": "Allow"}, "Action": "iam:*", "Resource": "*"}), "PermissionSetEscalation"),
        (stated(allow("iam:*"), {"Ref": "AWS::NoValue"}), "PermissionSetEscalation"),
        (stated(allow("iam:PutRolePolicy", on=[OPEN, "*"])), "PermissionSetEscalation"),
        (stated(allow({"Fn::Sub": "lambda:Update${All}"})), "PermissionSetBorrowedRole"),  # type: ignore[arg-type]
        (
            {"It": permission_set("It", ManagedPolicies=[{"Fn::Sub": "arn:${Open}:iam::aws:policy/IAMFullAccess"}])},
            "Esc",
        ),
    ],
    ids=str,
)
def test_evaluates_intrinsics_as_far_as_they_go(resources: Resources, rule: str) -> None:
    [only] = found(resources)
    assert rule in only


def test_says_what_it_may_come_to() -> None:
    def detail(resources: Resources) -> str:
        return " ".join(each.detail for each in BY_ID["PolicyNotJudged"].find(read(resources)))

    assert detail(stated(allow(OPEN))) == "Whether it allows everything is known only during the deploy."  # type: ignore[arg-type]
    some = detail(stated(allow("iam:PutRolePolicy", "iam:GetRole", on=OPEN)))
    assert some == "Whether it allows iam:PutRolePolicy is known only during the deploy."
    bounded = detail(inline(document(allow("iam:PutRolePolicy")), PermissionsBoundary=OF_ACCOUNTS))
    assert bounded == (
        "Whether it allows iam:PutRolePolicy depends on its permissions boundary, a customer managed policy."
    )
    by_aws = {"It": permission_set("It", ManagedPolicies=[FULL], PermissionsBoundary=OF_ACCOUNTS)}
    assert detail(by_aws).endswith(" depends on its permissions boundary, a customer managed policy.")
    newer = {"It": permission_set("It", ManagedPolicies=["arn:aws:iam::aws:policy/Newer"])}
    assert detail(newer).startswith("AWS had no managed policy Newer on 2")


def test_is_about_templates_that_are_checked_together() -> None:
    exporting = {"Outputs": {"X": {"Value": "iam:*", "Export": {"Name": "X"}}}, "Resources": {}}
    importing = {"Resources": stated(allow({"Fn::ImportValue": "X"}))}  # type: ignore[arg-type]
    stacks = [Template(path=name, body=body, stack=name) for name, body in (("A", exporting), ("B", importing))]
    assert [each.construct for each in BY_ID["PermissionSetEscalation"].find(Templates(stacks))] == ["It"]
    assert list(BY_ID["PolicyNotJudged"].find(templates(importing["Resources"])))
