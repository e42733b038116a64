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
    ("operator", "values", "value", "expected"),
    [
        ("IpAddress", "203.0.113.0/24", "203.0.113.7", True),
        ("IpAddress", ["198.51.100.0/24", "203.0.113.7"], "203.0.113.7", True),
        ("IpAddress", "203.0.113.7/24", "203.0.113.9", True),  # with bits of the host
        ("IpAddress", "203.0.113.0/24", "203.0.114.0", False),
        ("IpAddress", "0.0.0.0/0", "2001:db8::1", False),
        ("IpAddress", "2001:db8::/32", "2001:db8::1", True),
        ("NotIpAddress", "203.0.113.0/24", "203.0.113.7", False),
        ("NotIpAddressIfExists", "203.0.113.0/24", "198.51.100.7", True),
        ("IpAddress", ["10.*", "203.0.113.0/24"], "198.51.100.7", None),
        ("IpAddress", ["10.*", "203.0.113.0/24"], "203.0.113.7", True),
        ("IpAddress", "203.0.113.0/24", "somewhere", None),
        ("NumericLessThan", "3600", "60", True),
        ("NumericLessThan", 3600, "3600", False),
        ("NumericLessThanEquals", 3600, "3600", True),
        ("NumericGreaterThan", "1.5", "2", True),
        ("NumericGreaterThanEquals", ["9", "2"], "2", True),
        ("NumericEquals", "-1", "-1", True),
        ("NumericNotEquals", ["1", "2"], "2", False),
        ("NumericNotEquals", "1", "2", True),
        ("NumericEquals", "many", "2", None),
        ("NumericLike", "2", "2", None),
        ("DateGreaterThan", "2020-01-01T00:00:00Z", "2026-11-26T00:00:00Z", True),
        ("DateGreaterThan", "2020-01-01", "1577836801", True),
        ("DateLessThan", "1577836800", "2020-01-01T00:00:00+01:00", True),
        ("DateNotEquals", "2020-01-01", "1577836800", False),
        ("DateLessThan", "tomorrow", "1577836800", None),
    ],
)
def test_compares_addresses_numbers_and_times(operator: str, values: Any, value: str, *, expected: bool | None) -> None:
    tests = read_statement({"Condition": {operator: {"aws:x": values}}}).tests
    assert holds(tests, {"aws:x": value}) is expected


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
