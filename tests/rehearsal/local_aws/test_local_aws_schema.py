"""What the local AWS takes for a property, and what of a resource cannot change: the published schemas, read."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import Any

import pytest

from org_constructs.rehearsal.local_aws.cloudformation.plan import create_only, differing, takes_stack_tags
from org_constructs.rehearsal.local_aws.cloudformation.schema import Schema, exists, schema_of
from project import ROOT


def problems(value: object, **rules: Any) -> list[str]:
    return list(Schema({"properties": {"It": rules}}).problems({"It": value}))


@pytest.mark.parametrize(
    ("kind", "taken", "refused"),
    [
        ("string", ["a", "", 1, 1.5, True], [[], {}, None]),
        ("integer", [1, "1", "-12"], [1.5, "1.5", "a", "", "1a", "a1", []]),
        ("number", [1, 1.5, "1", "-1.5"], ["a", "1.", ".5", "1.5.0", {}]),
        ("boolean", [True, False, "true", "false"], ["True", "yes", 2, [], None]),
        ("array", [[], ["a"]], ["a", {}]),
        ("object", [{}, {"a": 1}], ["a", []]),
        ("null", [None], ["", 0]),
        (["array", "object"], [[], {}], ["a", 1]),
    ],
    ids=str,
)
def test_a_property_is_of_a_type(kind: object, taken: list[object], refused: list[object]) -> None:
    assert [value for value in taken if problems(value, type=kind)] == []
    assert [value for value in refused if not problems(value, type=kind)] == []


def test_says_where_another_type_stands_and_which_would_do() -> None:
    assert problems([], type="string") == ["#/It: expected type string, got []"]
    assert problems(1, type=["object", "array"]) == ["#/It: expected type array or object, got 1"]
    inside = {"items": {"properties": {"Name": {"type": "array"}}}}
    assert problems([{"Name": "a"}], **inside) == ["#/It/0/Name: expected type array, got 'a'"]


@pytest.mark.parametrize(
    ("pattern", "taken", "refused"),
    [
        ("[a-z]+", ["abc"], ["abc1", "1abc", ""]),
        ("^[a-z]+", ["abc", "abc1"], ["1abc"]),
        ("[a-z]+$", ["abc", "1abc"], ["abc1"]),
        (r"\p{L}+", ["é"], ["1"]),
    ],
)
def test_a_pattern_without_anchors_is_of_the_whole_text(pattern: str, taken: list[str], refused: list[str]) -> None:
    assert [value for value in taken if problems(value, pattern=pattern)] == []
    for value in refused:
        assert problems(value, pattern=pattern) == [f"#/It: string {value!r} does not match pattern {pattern}"]
    assert problems(7, pattern=pattern) == []


def test_says_everything_that_is_wrong_in_the_order_of_the_properties() -> None:
    rules = {"A": {"type": "array"}, "B": {"type": "array"}, "Id": {"type": "string"}}
    schema = Schema({"properties": rules, "readOnlyProperties": ["/properties/Id"]})
    assert list(schema.problems({"B": "b", "Id": "x", "A": "a"})) == [
        "#/Id: the property is read-only",
        "#/A: expected type array, got 'a'",
        "#/B: expected type array, got 'b'",
    ]


def test_reads_what_a_type_is_identified_by_and_what_never_changes() -> None:
    schema = schema_of("AWS::SSO::PermissionSet", "us-east-1")
    assert schema is not None
    assert schema.primary_identifier == ("InstanceArn", "PermissionSetArn")
    assert (set(schema.create_only), set(schema.read_only)) == ({"InstanceArn", "Name"}, {"PermissionSetArn"})
    assert schema.taggable
    assert not Schema({}).taggable
    assert schema_of("AWS::SSO::Nothing", "us-east-1") is None
    with pytest.raises(ValueError, match=re.escape("region must be one of AWS's, got 'mars-1'")):
        schema_of("AWS::SSO::PermissionSet", "mars-1")


def test_tells_the_properties_that_differ_and_which_of_them_only_a_new_resource_can_have() -> None:
    old, new = {"Name": "a", "Same": 1, "Gone": None}, {"Same": 1, "Name": "b", "Description": "x", "InstanceArn": None}
    assert differing(old, new) == ("Name", "Gone", "Description", "InstanceArn")
    old, new = {"Description": "a", "Name": "A"}, {"Description": "b", "Name": "B"}
    assert create_only("AWS::SSO::PermissionSet", "us-east-1", old, new) == ("Name",)
    assert create_only("AWS::SSO::PermissionSet", "us-east-1", old, {**new, "Name": "A"}) == ()
    assert create_only("Custom::It", "us-east-1", old, new) == ()


def test_tells_a_part_of_a_property_that_only_a_new_resource_can_have_from_the_others() -> None:
    old = {"Budget": {"BudgetName": "a", "TimeUnit": "MONTHLY"}}
    for part, replaced in (("TimeUnit", ()), ("BudgetName", ("Budget",))):
        new = {"Budget": {**old["Budget"], part: "b"}}
        assert create_only("AWS::Budgets::Budget", "us-east-1", old, new) == replaced


@pytest.mark.parametrize(
    ("resource_type", "takes"),
    [
        ("AWS::SSO::PermissionSet", True),
        ("AWS::Organizations::Account", True),
        ("AWS::SSO::Assignment", False),
        ("AWS::IdentityStore::Group", False),
        ("AWS::S3::Bucket", False),
        ("Custom::It", False),
    ],
)
def test_tells_whether_a_stacks_tags_are_a_resources_too(resource_type: str, *, takes: bool) -> None:
    assert takes_stack_tags(resource_type, "us-east-1") is takes


def test_knows_the_types_of_a_region_that_it_does_not_make_too() -> None:
    assert (exists("AWS::IdentityStore::User", "us-east-1"), exists("AWS::IdentityStore::User", "eu-west-1")) == (
        True,
        False,
    )
    assert exists("AWS::AppStream::Fleet", "us-east-1")
    assert schema_of("AWS::AppStream::Fleet", "us-east-1") is None


@pytest.mark.long
def test_has_the_installed_schemas() -> None:
    program = [sys.executable, str(ROOT / "scripts" / "schemas.py")]
    written = subprocess.run(program, capture_output=True, check=True, text=True, cwd=ROOT).stdout  # noqa: S603 (ours)
    file = ROOT / "org_constructs" / "rehearsal" / "local_aws" / "cloudformation" / "schemas.json"
    assert file.read_text(encoding="utf-8") == written, "run scripts/schemas"
