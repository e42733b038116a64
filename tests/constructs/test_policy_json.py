"""JSON documents given as policy content."""

from __future__ import annotations

import json
import math
from types import MappingProxyType
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam

from org_constructs.constructs.policy_json import cfn_json, json_bytes, json_characters, json_content
from refusals import refuses

DOCUMENT = {"a": [1, 2.5, True, "", [], {}, {"b": "c"}]}


def statement() -> iam.PolicyStatement:
    return iam.PolicyStatement(effect=iam.Effect.DENY, actions=["organizations:LeaveOrganization"], resources=["*"])


def test_takes_every_kind_of_json_value_that_cdk_keeps() -> None:
    assert json_content("content", DOCUMENT) == DOCUMENT


def test_takes_a_policy_document() -> None:
    content = json_content("content", iam.PolicyDocument(statements=[statement()]))
    assert content == {
        "Statement": [{"Action": "organizations:LeaveOrganization", "Effect": "Deny", "Resource": "*"}],
        "Version": "2012-10-17",
    }


@pytest.mark.parametrize(
    ("content", "refused"),
    [
        ({}, ("policy-not-a-mapping", "content", "dict {}")),
        ('{"a": 1}', ("policy-not-a-mapping", "content", "str '{\"a\": 1}'")),
        ([1], ("policy-not-a-mapping", "content", "list [1]")),
        (None, ("policy-not-a-mapping", "content", "NoneType None")),
        ({"a": None}, ("policy-value-not-json", "content['a']", "NoneType None")),
        ({"a": {"b": [0, (1, 2)]}}, ("policy-value-not-json", "content['a']['b'][1]")),
        ({"a": {1}}, ("policy-value-not-json", "content['a']", "set {1}")),
        ({"a": b"b"}, ("policy-value-not-json", "content['a']", "bytes b'b'")),
        ({"a": math.nan}, ("policy-value-not-json", "content['a']", "float nan")),
        ({"a": [math.inf]}, ("policy-value-not-json", "content['a'][0]", "float")),
        ({7: "a"}, ("policy-key-not-text", "content", "got 7")),
        ({"a": {None: "b"}}, ("policy-key-not-text", "content['a']", "None")),
    ],
    ids=lambda value: str(value)[:30],
)
def test_refuses_what_json_or_cdk_cannot_take(content: Any, refused: tuple[str, ...]) -> None:
    with refuses(*refused):
        json_content("content", content)


def test_refuses_a_policy_document_without_statements() -> None:
    with refuses("policy-without-statement", "content"):
        json_content("content", iam.PolicyDocument())


def test_makes_plain_dicts_of_nested_mappings() -> None:
    content = cfn_json(MappingProxyType({"a": [MappingProxyType({"b": MappingProxyType({})})]}))
    assert content == {"a": [{"b": {}}]}
    assert type(content) is type(content["a"][0]) is type(content["a"][0]["b"]) is dict


def test_keeps_a_policy_document_open_for_later_statements() -> None:
    document = iam.PolicyDocument(statements=[statement()])
    assert cfn_json(document) is document


@pytest.mark.parametrize(
    ("content", "characters", "size"),
    [
        ({"a": 1}, 7, 7),
        (json.loads('{ "a" : [ 1 , 2 ] ,\n "b" : "c d" }'), 21, 21),
        ({"a": "é"}, 9, 10),
        ({"a": "→𝄞"}, 10, 15),
        ({"a": '"'}, 10, 10),
    ],
    ids=["plain", "spaces between and within", "two bytes", "three and four bytes", "escaped"],
)
def test_counts_without_whitespace_between_values(content: Any, characters: int, size: int) -> None:
    assert json_characters(content) == characters
    assert json_bytes(content) == size


def test_counts_nothing_for_tokens() -> None:
    content = {"a": [cdk.Fn.import_value("Name"), {"b": f"prefix {cdk.Aws.REGION}"}]}
    assert json_characters(content) == json_bytes(content) == len('{"a":["",{"b":""}]}')
