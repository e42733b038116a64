"""Whether conditions hold for a request."""

from __future__ import annotations

from typing import Any

import pytest

from org_constructs.templates.condition import holds
from org_constructs.templates.iam import read_statement

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
    assert holds(read_statement({"Condition": {operator: {key: values}}}).tests, REQUEST) is expected


@pytest.mark.parametrize(
    ("operator", "values", "expected"),
    [
        ("StringEquals", "a", False),
        ("StringEqualsIfExists", "a", True),
        ("StringNotEquals", "a", True),
        ("StringNotEqualsIfExists", "a", True),
        ("ForAnyValue:StringEquals", "a", False),
        ("ForAnyValue:StringNotEquals", "a", False),
        ("ForAllValues:StringEquals", "a", True),
        ("ArnNotLike", "*", True),
        ("Bool", "true", False),
        ("BoolIfExists", True, True),
        ("NumericLessThan", 1, False),
        ("NotIpAddress", "10.0.0.0/8", True),
        ("IpAddressIfExists", "10.0.0.0/8", True),
        ("Null", True, True),
        ("Null", "false", False),
        ("Null", {"Ref": "Whether"}, None),
        ("StringEquals", {"Ref": "Team"}, False),
    ],
)
def test_reads_an_operator_where_the_request_lacks_the_key(operator: str, values: Any, *, expected: bool) -> None:
    statement = read_statement({"Condition": {operator: {"aws:PrincipalTag/team": values}}})
    assert holds(statement.tests, {"aws:principaltag/team": None}) is expected


@pytest.mark.parametrize(
    ("operator", "values", "expected"),
    [
        ("StringEquals", [{"Ref": "Region"}, "eu-west-1"], True),
        ("StringNotEquals", [{"Ref": "Region"}, "eu-west-1"], False),
        ("StringNotEquals", [{"Ref": "Region"}, "us-east-1"], None),
    ],
)
def test_one_known_value_may_decide_whatever_the_deploy_adds(
    operator: str, values: Any, *, expected: bool | None
) -> None:
    statement = read_statement({"Condition": {operator: {"aws:RequestedRegion": values}}})
    assert holds(statement.tests, REQUEST) is expected


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
    assert holds(read_statement({"Condition": condition}).tests, REQUEST) is expected
