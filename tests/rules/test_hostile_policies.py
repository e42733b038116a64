"""Policies that nobody would write: no rule stumbles over them, nor takes long."""

from __future__ import annotations

import json
from time import process_time
from typing import Any

import pytest

from checked_templates import (
    Resources,
    account,
    allow,
    control_policy,
    deny,
    document,
    findings,
    permission_set,
    resource,
)
from checked_templates import templates as read
from org_constructs.aws.managed_policies import statements_by_name
from org_constructs.templates.iam import services

SECONDS = 2
TAG, NOT = "aws:PrincipalTag", "StringNotEquals"


def as_many_as_are_read(statements: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a document of the first statements, as many as are judged."""
    kept: list[dict[str, Any]] = []
    size = 2
    for each in statements[:500]:
        size += len(json.dumps(each)) + 2
        if size > 64_000:
            break
        kept.append(each)
    assert kept
    return document(*kept)


def inline(statements: list[dict[str, Any]]) -> Resources:
    return {"It": permission_set("It", InlinePolicy=as_many_as_are_read(statements))}


def control(*statements: dict[str, Any]) -> Resources:
    content = as_many_as_are_read(list(statements))
    root = "r-ab12"
    policy = resource(
        "Organizations::Policy", Name="it", Type="SERVICE_CONTROL_POLICY", Content=content, TargetIds=[root]
    )
    return {"It": policy, "Dev": account("dev", ParentIds=[root]), "Other": account("other", ParentIds=[root])}


def all_but(*actions: str, **more: Any) -> dict[str, Any]:
    return {"Effect": "Deny", "NotAction": list(actions), "Resource": "*", **more}


LARGE: dict[str, Resources] = {
    "asterisks": inline([allow("iam:PutRolePolicy", on="*a" * 4_000 + f"b{index}") for index in range(9)]),
    "asterisks in actions": inline([allow("*a" * 8 + "*:*" + "a*" * index) for index in range(200)]),
    "question marks": inline([allow("iam:" + "*?a" * 900, on="*?a" * 900 + str(index)) for index in range(9)]),
    "one service": inline([allow(f"iam:Put*{i}x*", on=f"arn:aws:iam::*:role/{i}*") for i in range(500)]),
    "accounts": inline(
        [allow("*", on=[f"arn:aws:iam::1{i:011}:*" for i in range(900)]), deny("iam:*", on=["arn:*"] * 900)]
    ),
    "tags": inline([allow("iam:*", Condition={NOT: {f"{TAG}/{i}": "a" for i in range(1_500)}})]),
    "tags and denials": inline(
        [
            each
            for i in range(250)
            for each in (
                allow("*", Condition={NOT: {f"{TAG}/{i}": "b"}}),
                deny("*", Condition={"StringNotLike": {f"{TAG}/{i}": "a", "iam:PolicyARN": "b"}}),
            )
        ]
    ),
    "exceptions": inline(
        [{"Effect": "Allow", "NotAction": [f"iam:{i}*{j}" for j in range(30)], "Resource": "*"} for i in range(300)]
    ),
    "control policy": {
        "It": resource(
            "Organizations::Policy",
            Name="it",
            Type="SERVICE_CONTROL_POLICY",
            Content=as_many_as_are_read([deny(f"s3:Get{i}*", on=f"arn:aws:s3:::{i}*") for i in range(500)]),
        )
    },
    "denials of everything": control(
        *(
            deny("*", Condition={"Bool": {f"{TAG}/{i}": ["true", "false"] for i in range(4)}, NOT: {TAG: f"{j}"}})
            for j in range(500)
        )
    ),
    "denials of everything, each with requests of its own": control(
        *(deny("*", Condition={"StringLikeIfExists": {f"{TAG}/{i}{j}": "*" for i in range(6)}}) for j in range(500))
    ),
    "denials of everything together": control(
        *(deny("*", on=f"arn:aws:s3:::{i}") for i in range(400)),
        {"Effect": "Deny", "Action": "*", "NotResource": [f"arn:aws:s3:::{i}" for i in range(400)]},
    ),
    "exceptions that others deny": control(
        *(all_but(*(f"iam:{i}x{j}" for j in range(100))) for i in range(20)),
        *(deny(*(f"iam:{i}x{j}" for j in range(100))) for i in range(20)),
    ),
    "exceptions of all services": control(
        all_but(*(f"{service}:*" for service in services())), deny(*(f"{service}:?*" for service in services()))
    ),
    "resource policy": {
        "It": resource(
            "Organizations::ResourcePolicy",
            Content=as_many_as_are_read(
                [
                    each
                    for i in range(250)
                    for each in (
                        allow("organizations:*", Principal="*"),
                        deny("*", Principal="*", Condition={"ArnLike": {"aws:PrincipalArn": f"arn:*{'*a' * 20}{i}"}}),
                    )
                ]
            ),
        )
    },
    "words that AWS does not have": {
        f"It{i}": control_policy(
            *(
                deny(f"ec2:DescribeFo{i}x{j}", Condition={"StringEquals": {f"aws:Princ{i}x{j}": f"{j}*"}})
                for j in range(100)
            )
        )
        for i in range(40)
    },
    "actions that AWS does not have": {
        f"It{i}": control_policy({"Effect": "Deny", "NotAction": [f"s3:G{j}" for j in range(5_000)], "Resource": "*"})
        for i in range(20)
    },
    "principals and regions": inline(
        [
            deny("s3:*", Condition={operator: {key: [f"{value}{i}" for i in range(500)]}})
            for operator, key, value in (
                ("ArnNotLike", "aws:PrincipalArn", "arn:aws:sts::*:assumed-role/a"),
                ("ArnNotLike", "aws:PrincipalArn", "arn:aws:iam::*:role/AWSReservedSSO_"),
                ("StringNotLike", "aws:RequestedRegion", "*?*?*?x"),
            )
        ]
    ),
    "managed policies": {
        "It": permission_set("It", ManagedPolicies=[f"arn:aws:iam::aws:policy/{each}" for each in statements_by_name()])
    },
    "relay state": {"It": permission_set("It", RelayStateType="https://" + "@" * 100_000)},
}


@pytest.mark.timed
@pytest.mark.parametrize("what", LARGE)
def test_takes_no_rule_long(what: str) -> None:
    findings(read({"Other": control_policy(deny("s3:GetObject"))}))  # what AWS has is read once
    start = process_time()
    findings(read(LARGE[what]))
    assert process_time() - start < SECONDS


@pytest.mark.parametrize("size", ["statements", "characters"])
def test_a_policy_larger_than_aws_takes_is_not_judged(size: str) -> None:
    statements = [allow("iam:*") for _ in range(501)] if size == "statements" else [allow("iam:*", Sid="x" * 64_001)]
    found = findings(read({"It": permission_set("It", InlinePolicy=document(*statements))}))
    assert sorted(found) == ["OrgBaseline-PolicyNotJudged", "OrgBaseline-PolicySize"]


WRONG: tuple[Any, ...] = (
    None,
    True,
    5,
    "",
    "x",
    [],
    [[]],
    {},
    {"x": 1},
    [None],
    [{"x": []}],
    {"Ref": "X"},
    {"Ref": []},
)


@pytest.mark.parametrize("name", ["Effect", "Action", "NotAction", "Resource", "NotResource", "Condition", "Principal"])
@pytest.mark.parametrize("value", WRONG, ids=str)
def test_makes_no_rule_stumble(name: str, value: Any) -> None:
    content = document({**allow("*", Principal="*"), name: value})
    nested = document(allow("*", Principal=[value], Condition={"StringEquals": {"aws:PrincipalArn": value}}))
    for each in (content, nested, value):
        findings(
            read(
                {
                    "Set": permission_set("Set", InlinePolicy=each, ManagedPolicies=value, PermissionsBoundary=value),
                    "Boundary": permission_set(
                        "Boundary",
                        InlinePolicy=document(allow("*")),
                        ManagedPolicies=[value],
                        PermissionsBoundary={"ManagedPolicyArn": value},
                        RelayStateType=value,
                    ),
                    "Control": resource("Organizations::Policy", Type="SERVICE_CONTROL_POLICY", Content=each),
                    "Typed": resource("Organizations::Policy", Type=value, Content=each, Name=value),
                    "Resource": resource("Organizations::ResourcePolicy", Content=each),
                }
            )
        )
