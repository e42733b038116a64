"""Whether conditions hold for a request."""

from __future__ import annotations

import json
from typing import Any

import pytest

from org_constructs.templates.condition import holds

REQUEST = {"aws:requestedregion": "eu-west-1", "aws:principalarn": "arn:aws:iam::111122223333:role/aws/Dev_1"}


@pytest.mark.parametrize(
    ("operator", "key", "values", "expected"),
    [
        ("StringEquals", "aws:RequestedRegion", "eu-west-1", True),
        ("StringEquals", "AWS:requestedRegion", ["us-east-1", "eu-west-1"], True),
        ("StringEquals", "aws:RequestedRegion", "eu-*", False),
        ("StringEquals", "aws:RequestedRegion", "EU-WEST-1", False),
        ("StringEqualsIgnoreCase", "aws:RequestedRegion", "EU-WEST-1", True),
        ("StringNotEquals", "aws:RequestedRegion", ["us-east-1", "us-west-2"], True),
        ("StringNotEquals", "aws:RequestedRegion", ["us-east-1", "eu-west-1"], False),
        ("StringNotEqualsIfExists", "aws:RequestedRegion", "us-east-1", True),
        ("ForAnyValue:StringNotEquals", "aws:RequestedRegion", "us-east-1", True),
        ("ForAllValues:StringEquals", "aws:RequestedRegion", "us-east-1", False),
        ("StringLike", "aws:RequestedRegion", "eu-*", True),
        ("stringnotlike", "aws:RequestedRegion", ["us-*", "eu-west-?"], False),
        ("StringNotLike", "aws:RequestedRegion", "us-*", True),
        ("Null", "aws:RequestedRegion", "true", False),
        ("Null", "aws:RequestedRegion", "false", True),
        ("ArnNotLike", "aws:PrincipalArn", "arn:*:iam::*:role/*Dev_*", False),
        ("ArnNotEquals", "aws:PrincipalArn", "arn:*:iam::*:role/Rescue", True),
        ("StringEquals", "aws:RequestedRegion", {"Ref": "Region"}, None),
        ("StringEquals", "aws:RequestedRegion", "${aws:PrincipalTag/region}", None),
        ("NumericEquals", "aws:RequestedRegion", "1", None),
        ("StringEquals", "aws:PrincipalTag/team", "web", None),
    ],
)
def test_reads_one_operator(operator: str, key: str, values: Any, *, expected: bool | None) -> None:
    assert holds(json.dumps({operator: {key: values}}), REQUEST) is expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({}, True),
        ({"StringLike": {"aws:RequestedRegion": "eu-*", "aws:PrincipalArn": "*Dev*"}}, True),
        ({"StringLike": {"aws:RequestedRegion": "eu-*"}, "ArnNotLike": {"aws:PrincipalArn": "*Dev*"}}, False),
        ({"StringLike": {"aws:RequestedRegion": "eu-*", "aws:SourceVpc": "*"}}, None),
        ({"StringLike": {"aws:RequestedRegion": "us-*", "aws:SourceVpc": "*"}}, False),
        ({"StringLike": "eu-*"}, None),
    ],
)
def test_all_of_a_condition_have_to_hold(condition: dict[str, Any], *, expected: bool | None) -> None:
    assert holds(json.dumps(condition) if condition else "", REQUEST) is expected
