"""That every condition key that AWS's own policies ask for is one."""

from __future__ import annotations

import json

import pytest
from moto.iam.aws_managed_policies import aws_managed_policies_data

from org_constructs.aws.condition_keys import _OF_ALL_SERVICES, VALUES, is_condition_key, similar_key
from org_constructs.templates.iam import read_statement, statements


def test_knows_every_key_of_awss_managed_policies() -> None:
    documents = {name: each["Document"] for name, each in json.loads(aws_managed_policies_data).items()}
    asked = {
        (name, test.key)
        for name, document in documents.items()
        for statement in statements(document)
        for test in read_statement(statement).tests
    }
    assert (len(documents), len(asked)) > (1_500, 2_000)
    assert [each for each in asked if not is_condition_key(each[1])] == []


@pytest.mark.parametrize(
    ("ending", "number", "value", "other"),
    [
        ("Account", 4, "111122223333", "acme dev"),
        ("CalledVia", 1, "athena.amazonaws.com", "athena"),
        ("First", 1, "athena.amazonaws.com", "athena"),
        ("Last", 1, "athena.amazonaws.com", "athena"),
        ("Ip", 2, "203.0.113.7", "office"),
        ("IsAWSService", 1, "true", "yes"),
        ("OrgID", 4, "o-abcde12345", "r-ab12"),
        ("OrgPaths", 4, "o-abcde12345/r-ab12/", "r-ab12/"),
        ("Present", 1, "false", "no"),
        ("ServiceName", 1, "s3.amazonaws.com", "s3"),
        ("ServiceNamesList", 1, "s3.amazonaws.com", "s3"),
        ("Transport", 1, "true", "https"),
        ("Type", 1, "Account", "Role"),
        ("ViaAWSService", 1, "false", "no"),
        ("Vpc", 2, "vpc-0123abcd", "vpce-0123abcd"),
        ("Vpce", 1, "vpce-0123abcd", "vpc-0123abcd"),
    ],
)
def test_what_is_named_alike_has_values_that_look_alike(ending: str, number: int, value: str, other: str) -> None:
    keys = [each.lower() for each in _OF_ALL_SERVICES if each.endswith(ending)]
    assert len(keys) == number
    for key in keys:
        pattern, example = VALUES[key]
        assert pattern.fullmatch(value), key
        assert pattern.fullmatch(example.partition(",")[0]), key
        assert not pattern.fullmatch(other), key


def test_a_key_is_one_as_a_whole() -> None:
    for key in ("", "aws", ":", "aws:", "aws:principalarn ", "aws:principalarn/x", "s3", "aws:resourcetag", "ec2:*"):
        assert not is_condition_key(key), key


def test_nothing_is_like_a_key_of_nobody() -> None:
    assert [similar_key(each) for each in ("acme:team", "aws:", "", "x" * 100_000)] == [None] * 4
