"""What the page says in words that policies forbid."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from every_guardrail import RESOURCE_CONTROL, SERVICE_CONTROL
from org_constructs.report.known_guardrails import KNOWN
from org_constructs.report.statements import in_words

if TYPE_CHECKING:
    from collections.abc import Mapping

GUARDRAILS = {**SERVICE_CONTROL, **RESOURCE_CONTROL}


def statement(**elements: Any) -> dict[str, Any]:
    return {"Effect": "Deny", "Action": "s3:DeleteBucket", "Resource": "*", **elements}


def words(**elements: Any) -> str:
    (only,) = in_words({"Statement": statement(**elements)})
    return only.words


@pytest.mark.parametrize("guardrail", GUARDRAILS)
def test_calls_each_statement_of_a_guardrail_by_the_guardrails_name(guardrail: str) -> None:
    said = in_words(GUARDRAILS[guardrail])
    assert {each.name for each in said} == {guardrail}
    for each, written in zip(said, GUARDRAILS[guardrail]["Statement"], strict=True):
        assert each.words.startswith(f"Nobody may {KNOWN[written['Sid']][1]}")
        assert json.loads(each.document) == written


def test_knows_no_guardrail_that_there_is_not() -> None:
    assert KNOWN.keys() == {each["Sid"] for content in GUARDRAILS.values() for each in content["Statement"]}


@pytest.mark.parametrize(
    "changed",
    [{"Action": "account:CloseAccount"}, {"Action": ["*"]}, {"Effect": "Allow"}, {"NotAction": "iam:*", "Action": []}],
    ids=["fewer", "more", "allows", "not"],
)
def test_believes_no_sid(changed: Mapping[str, Any]) -> None:
    (leaving,) = GUARDRAILS["deny_leaving_organization"]["Statement"]
    (said,) = in_words({"Statement": {**leaving, **changed}})
    assert said.name == "DenyLeavingTheOrganization"
    assert "leave the organization" not in said.words


def test_says_what_a_guardrail_is_limited_to_and_whom_it_excepts() -> None:
    said = [each.words for name in ("protect_baseline_roles", "allow_regions") for each in in_words(GUARDRAILS[name])]
    assert said == [
        (
            "Nobody may create, change or delete what is Identity Center's"
            " (role/aws-reserved/sso.amazonaws.com*, saml-provider/AWSSSO_*)."
        ),
        (
            "Nobody may create, change or delete roles that let the management account in"
            " (role/OrganizationAccountAccessRole), except that role itself."
        ),
        (
            "Nobody may create, change or delete roles of the CDK bootstrap (role/cdk-hnb659fds-*),"
            " except the role OrganizationAccountAccessRole and people with AdministratorAccess."
        ),
        "Nobody may use regional services outside eu-central-1 and eu-west-1, except people with AdministratorAccess.",
    ]


@pytest.mark.parametrize(
    ("operator", "key", "value", "said"),
    [
        *((each, "aws:PrincipalArn", "arn:*:iam::*:root", " as the root user") for each in ("ArnLike", "ArnEquals")),
        *(
            (each, "aws:PrincipalArn", "arn:*:iam::*:role/x", ", except the role x")
            for each in ("ArnNotLike", "ArnNotEquals", "StringNotLike", "StringNotEquals")
        ),
        *((each, "aws:RequestedRegion", "eu-*", " outside eu-*") for each in ("StringNotEquals", "StringNotLike")),
        *(
            (each, "aws:RequestedRegion", ["eu-*", "us-*"], " in eu-* or us-*")
            for each in ("StringEquals", "StringLike")
        ),
        ("BoolIfExists", "aws:AssumedRoot", "false", ", except in sessions of sts:AssumeRoot"),
        ("BoolIfExists", "aws:AssumedRoot", "true", ", if BoolIfExists aws:AssumedRoot true"),
        ("BoolIfExists", "aws:PrincipalIsAWSService", False, ", except AWS services"),
        ("Bool", "aws:PrincipalIsAWSService", "true", " through an AWS service"),
        ("Bool", "aws:PrincipalIsAWSService", "false", ", if Bool aws:PrincipalIsAWSService false"),
        ("StringNotEqualsIfExists", "aws:PrincipalOrgID", "o-acme", " from outside o-acme"),
        ("StringNotEqualsIfExists", "aws:SourceOrgID", ["o-1", "o-2"], " for anybody outside o-1 or o-2"),
    ],
)
def test_says_a_condition_in_words(operator: str, key: str, value: object, said: str) -> None:
    assert words(Condition={operator: {key: value}}) == f"Nobody may delete bucket (s3){said}."


@pytest.mark.parametrize(
    ("elements", "said"),
    [
        ({"Action": "*"}, "Nobody may do anything."),
        (
            {"Action": ["iam:CreateSAMLProvider", "iam:CreateUser"]},
            "Nobody may create SAML provider, create user (iam).",
        ),
        ({"Action": ["s3:*", "ec2:Describe*"]}, "Nobody may do anything (s3); ec2:Describe* (ec2)."),
        (
            {"Action": [f"s3:Get{number}" for number in range(9)]},
            "Nobody may get0, get1, get2, get3, get4, get5 (s3) … and 3 more actions.",
        ),
        ({"NotAction": "iam:*", "Action": []}, "Nobody may do anything except iam:*."),
        ({"Resource": "arn:aws:s3:::b"}, "Nobody may delete bucket (s3) on arn:aws:s3:::b."),
        (
            {"NotResource": "arn:*:s3:::b", "Resource": []},
            "Nobody may delete bucket (s3) on anything but s3 b.",
        ),
        (
            {"Condition": {"ArnLike": {"aws:PrincipalARN": "arn:*:iam::*:root"}}},
            "Nobody may delete bucket (s3) as the root user.",
        ),
        (
            {"Condition": {"ArnLike": {"aws:PrincipalArn": "arn:*:iam::*:role/x"}}},
            "Nobody may delete bucket (s3), if ArnLike aws:PrincipalArn arn:*:iam::*:role/x.",
        ),
        (
            {"Condition": {"StringNotEqualsIfExists": {"aws:RequestedRegion": "eu-west-1"}}},
            "Nobody may delete bucket (s3), if StringNotEqualsIfExists aws:RequestedRegion eu-west-1.",
        ),
        (
            {"Condition": {"StringNotLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/x"}}},
            "Nobody may delete bucket (s3), except arn:aws:iam::111122223333:role/x.",
        ),
        ({"Effect": "Allow"}, "Allow s3:DeleteBucket"),
        ({"Principal": {"AWS": "arn:aws:iam::111122223333:root"}}, "Deny s3:DeleteBucket"),
        ({"NotPrincipal": "*"}, "Deny s3:DeleteBucket"),
    ],
    ids=str,
)
def test_says_what_anybody_elses_statement_forbids(elements: dict[str, Any], said: str) -> None:
    assert words(**elements) == said


def test_says_nothing_of_a_policy_without_statements() -> None:
    assert in_words({"plans": {}}) == ()


def test_shows_what_cannot_be_seen() -> None:
    (said,) = in_words({"Statement": statement(Sid="\u202e", Action="s3:\u202e")})
    assert "\u202e" not in said.name + said.words + said.document
