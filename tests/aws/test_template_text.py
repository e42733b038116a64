"""Templates as CloudFormation reads them, JSON or YAML."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped] # its stubs are a package of their own

from org_constructs.aws.template_text import parse_template, parse_yaml_of_anybody

TEMPLATE = {
    "Resources": {
        "Dev": {
            "Type": "AWS::Organizations::Account",
            "Properties": {
                "AccountName": "acme-dev",
                "Email": "aws+dev@acme.com",
                "ParentIds": [{"Fn::GetAtt": ["Unit", "Id"]}],
                "Tags": [{"Key": "on", "Value": "2026-11-26"}, {"Key": "no", "Value": "0123"}],
            },
        }
    }
}


@pytest.mark.parametrize("write", [json.dumps, yaml.safe_dump], ids=["JSON", "YAML"])
def test_reads_what_was_written(write: Any) -> None:
    assert parse_template(write(TEMPLATE)) == TEMPLATE


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("!Ref Unit", {"Ref": "Unit"}),
        ("!Condition New", {"Condition": "New"}),
        ("!GetAtt Unit.Id", {"Fn::GetAtt": ["Unit", "Id"]}),
        ("!GetAtt [Unit, Id]", {"Fn::GetAtt": ["Unit", "Id"]}),
        ("!Sub ${Unit}", {"Fn::Sub": "${Unit}"}),
        (
            "!Join ['', [!Ref Unit, !GetAtt Dev.Arn]]",
            {"Fn::Join": ["", [{"Ref": "Unit"}, {"Fn::GetAtt": ["Dev", "Arn"]}]]},
        ),
        ("!Transform {Name: Include}", {"Fn::Transform": {"Name": "Include"}}),
        ("2012-10-17", "2012-10-17"),
    ],
)
def test_reads_short_forms_and_dates(text: str, said: object) -> None:
    assert parse_template(f"Value: {text}") == {"Value": said}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "Expecting property name"),
        ("a: [", "did not find expected node content"),
        ("a: {b: 1, b: 2}", "found 'b' twice"),
        ("? [a]\n: b", "found a key that is no text"),
    ],
    ids=["JSON", "YAML", "a key twice", "a list as a key"],
)
def test_refuses_what_is_neither(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        parse_template(text)


def test_refuses_a_yaml_template_so_deep_that_libyaml_would_end_the_process() -> None:
    with pytest.raises(ValueError, match="100 levels"):
        parse_template("[" * 100_000)


class TestYamlOfAnybody:
    """What somebody may have written to take all memory, the stack, or more."""

    LAUGHTER = "\n".join(["a0: &a0 [x]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 30))])
    MERGED = "\n".join(
        ["a0: &a0 {k: 1}", *(f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 10)}]}}" for n in range(1, 30))]
    )
    CHAIN = "\n".join(["a0: &a0 [x]", *(f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, 300))])

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            (LAUGHTER, "100,000 values"),
            (MERGED, "100,000 values"),
            ("a: &a [*a]", "100,000 values"),
            (CHAIN, "100 levels"),
            ("[" * 100_000, "100 levels"),
            ("- " * 100_000, "100 levels"),
            ("a: !!python/object/apply:os.system [ls]", "python/object"),
            ("a: 1\n---\na: 2", "single document"),
            ("a: \0", "control characters"),
            ("a: 1\na: 2", "twice"),
        ],
        ids=["laughter", "merged", "itself", "chain", "deep", "deep list", "python", "two", "control", "twice"],
    )
    def test_is_refused(self, text: str, said: str) -> None:
        with pytest.raises(ValueError, match=said):
            parse_yaml_of_anybody(text)

    def test_is_read_where_people_write_it(self) -> None:
        text = "a: &a {k: 1}\nb: {<<: *a, l: !Ref Dev}\nc: " + "[" * 98 + "]" * 98
        parsed = parse_yaml_of_anybody(text)
        assert parsed["b"] == {"k": 1, "l": {"Ref": "Dev"}}
        assert parse_yaml_of_anybody("") is None
