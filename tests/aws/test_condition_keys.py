"""That every condition key that AWS's own policies ask for is one."""

from __future__ import annotations

import json

from moto.iam.aws_managed_policies import aws_managed_policies_data

from org_constructs.aws.condition_keys import is_condition_key, similar_key
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


def test_a_key_is_one_as_a_whole() -> None:
    for key in ("", "aws", ":", "aws:", "aws:principalarn ", "aws:principalarn/x", "s3", "aws:resourcetag", "ec2:*"):
        assert not is_condition_key(key), key


def test_nothing_is_like_a_key_of_nobody() -> None:
    assert [similar_key(each) for each in ("acme:team", "aws:", "", "x" * 100_000)] == [None] * 4
