"""What a local template refuses and what its functions give, each by itself and without a stack."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

import pytest

from local_aws_stacks import group, resource
from org_constructs.rehearsal.local_aws.cloudformation.template import (
    Evaluator,
    OtherStacks,
    Template,
    TemplateError,
    references,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

TEAM: Final = {"Team": group()}
VALUES: Final = {"Text": "text", "Number": 7, "Items": ["a", "b", "c"], "AWS::Region": "eu-west-1", "Yes": True}


def template(**sections: Any) -> Template:
    return Template(json.dumps({"Resources": TEAM, **sections}))


def evaluator(**sections: Any) -> Evaluator:
    return Evaluator(
        template(**sections),
        VALUES,
        lambda name: f"id of {name}",
        lambda name, attribute: f"{attribute} of {name}",
        OtherStacks(lambda name: f"export {name}", lambda stack, name, region: f"{name} of {stack} in {region}"),
    )


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("plain", "plain"),
        ([1, True, None, "x"], [1, True, None, "x"]),
        ({"Ref": "Text"}, "text"),
        ({"Ref": "Team"}, "id of Team"),
        ({"Ref": "Text", "Other": "x"}, {"Ref": "Text", "Other": "x"}),
        ({"Ref": ["Text"]}, {"Ref": ["Text"]}),
        ({"Condition": "Holds"}, True),
        ({"Ref": "AWS::NoValue"}, None),
        ([{"Ref": "AWS::NoValue"}, "x"], ["x"]),
        ({"A": {"Ref": "AWS::NoValue"}, "B": {"Ref": "Text"}}, {"B": "text"}),
        ({"Fn::GetAtt": ["Team", "Arn"]}, "Arn of Team"),
        ({"Fn::GetAtt": "Team.Arn.First"}, "Arn.First of Team"),
        ({"Fn::GetAtt": ["Team", {"Ref": "Text"}]}, "text of Team"),
        ({"Fn::Join": ["-", ["a", {"Ref": "Text"}, True, 1]]}, "a-text-true-1"),
        ({"Fn::Join": ["", {"Ref": "Items"}]}, "abc"),
        ({"Fn::Split": ["e", {"Ref": "Text"}]}, ["t", "xt"]),
        ({"Fn::Select": [0, {"Ref": "Items"}]}, "a"),
        ({"Fn::Select": ["2", {"Ref": "Items"}]}, "c"),
        ({"Fn::Select": [{"Fn::Select": [0, ["1"]]}, ["x", {"Ref": "Text"}]]}, "text"),
        ({"Fn::Sub": "${Text}-${Team}-${Team.Arn}-${!Text}-${Yes}"}, "text-id of Team-Arn of Team-${Text}-true"),
        ({"Fn::Sub": ["${Text}-${Own}", {"Own": {"Ref": "Number"}, "Text": "mine"}]}, "mine-7"),
        ({"Fn::If": ["Holds", "a", "b"]}, "a"),
        ({"Fn::If": ["Not", "a", {"Ref": "Text"}]}, "text"),
        ({"Fn::If": ["Not", "a", {"Ref": "AWS::NoValue"}]}, None),
        ({"Fn::FindInMap": ["Of", {"Ref": "Text"}, "b"]}, "found"),
        ({"Fn::Equals": [{"Ref": "Number"}, "7"]}, True),
        ({"Fn::Equals": [{"Ref": "Text"}, "Text"]}, False),
        ({"Fn::Equals": [{"Ref": "Yes"}, "true"]}, True),
        ({"Fn::And": [{"Condition": "Holds"}, {"Condition": "Not"}]}, False),
        ({"Fn::And": [{"Condition": "Holds"}, {"Condition": "Holds"}]}, True),
        ({"Fn::Or": [{"Condition": "Holds"}, {"Condition": "Not"}]}, True),
        ({"Fn::Or": [{"Condition": "Not"}, {"Condition": "Not"}]}, False),
        ({"Fn::Not": [{"Condition": "Not"}]}, True),
        ({"Fn::Contains": [{"Ref": "Items"}, "c"]}, True),
        ({"Fn::Contains": [["x"], {"Ref": "Text"}]}, False),
        ({"Fn::GetAZs": ""}, ["eu-west-1a", "eu-west-1b", "eu-west-1c"]),
        ({"Fn::GetAZs": "us-east-1"}, ["us-east-1a", "us-east-1b", "us-east-1c"]),
        ({"Fn::Base64": {"Ref": "Text"}}, "dGV4dA=="),
        ({"Fn::ImportValue": {"Fn::Sub": "${Text}-Arn"}}, "export text-Arn"),
        (
            {"Fn::GetStackOutput": {"StackName": "S", "OutputName": {"Ref": "Text"}}},
            "text of S in eu-west-1",
        ),
        ({"Fn::GetStackOutput": {"StackName": "S", "OutputName": "O", "Region": "us-east-1"}}, "O of S in us-east-1"),
    ],
    ids=str,
)
def test_a_function_gives(written: object, value: object) -> None:
    conditions = {"Holds": {"Fn::Equals": ["a", "a"]}, "Not": {"Fn::Equals": ["a", "b"]}}
    got = evaluator(Conditions=conditions, Mappings={"Of": {"text": {"b": "found"}}}).value(written)
    assert got == value
    assert type(got) is type(value)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ({"Fn::Select": [3, ["a", "b", "c"]]}, "Fn::Select cannot select nonexistent value at index 3"),
        ({"Fn::FindInMap": ["Of", "x", "b"]}, "Unable to get mapping for Of::x::b"),
        ({"Fn::If": ["Nothing", 1, 2]}, "Unresolved condition dependency Nothing"),
        ({"Fn::ForEach::X": []}, "the function Fn::ForEach::X is not provided by this local AWS"),
        ("a {{resolve:ssm:/x}}", "dynamic references are not provided by this local AWS, got 'a {{resolve:ssm:/x}}'"),
        ({"Fn::GetStackOutput": {"StackName": "S"}}, "with StackName, OutputName and Region alone"),
        ({"Fn::GetStackOutput": {"StackName": "S", "OutputName": "O", "RoleArn": "r"}}, "got {'StackName': 'S'"),
        ({"Fn::GetStackOutput": "S.O"}, "got 'S.O'"),
    ],
    ids=str,
)
def test_a_function_refuses(written: object, why: str) -> None:
    with pytest.raises(TemplateError, match=re.escape(why)):
        evaluator(Mappings={"Of": {"a": {"b": "found"}}}).value(written)


@pytest.mark.parametrize(
    ("part", "names"),
    [
        ({"Ref": "A"}, ["A"]),
        ({"Ref": "A", "Other": {"Ref": "B"}}, ["B"]),
        ({"Fn::GetAtt": "A.Arn.First"}, ["A"]),
        ({"Fn::GetAtt": ["A", "Arn"]}, ["A"]),
        ({"Fn::Sub": "${A}${!B}${C.Arn}"}, ["A", "C"]),
        ({"Fn::Sub": ["${A}${B}", {"B": {"Ref": "C"}}]}, ["A", "C"]),
        ([{"x": [{"Ref": "A"}]}, "B"], ["A"]),
    ],
    ids=str,
)
def test_a_part_of_a_template_refers_to(part: Any, names: list[str]) -> None:
    assert list(references(part)) == names


@pytest.mark.parametrize(
    ("sections", "why"),
    [
        ({"Resources": []}, "Resources must be an object"),
        ({"Outputs": []}, "Outputs must be an object"),
        ({"Resources": {}}, "At least one Resources member must be defined."),
        ({"Resources": {"A": 1}}, "[/Resources/A] every resource must have a Type"),
        ({"Resources": {"A": {"Type": 1}}}, "[/Resources/A] every resource must have a Type"),
        ({"Resources": {"A-b": group()}}, "Resource name A-b is non alphanumeric."),
        ({"Resources": {"A" * 256: group()}}, "is non alphanumeric."),
        ({"Metadata": {"a": [0, None]}}, "[/Metadata/a/1] 'null' values are not allowed in templates"),
        (
            {"Outputs": {"O": {"Value": {"Ref": "B"}}, "P": {"Value": {"Ref": "A"}}}},
            "Unresolved resource dependencies [A, B] in the Outputs block",
        ),
        (
            {"Resources": {"A": {**group(), "DependsOn": "B"}}},
            "Unresolved resource dependencies [B] in the Resources block",
        ),
        (
            {"Outputs": {f"O{n}": {"Value": "x"} for n in range(201)}},
            "Number of outputs, 201, is greater than maximum allowed, 200",
        ),
    ],
    ids=lambda case: case if isinstance(case, str) else "",
)
def test_a_template_is_refused(sections: Mapping[str, Any], why: str) -> None:
    with pytest.raises(TemplateError, match=re.escape(why)):
        template(**sections)


def test_a_template_is_taken_up_to_its_limits() -> None:
    resources = {f"T{n}": group() for n in range(499)} | {"A" * 255: group()}
    outputs = {f"O{n}": {"Value": {"Ref": "AWS::StackName"}} for n in range(200)}
    taken = template(Resources=resources, Outputs=outputs)
    assert (len(taken.resources), len(taken.outputs)) == (500, 200)


def test_resources_wait_for_what_they_name() -> None:
    resources = {
        "A": {**group(DisplayName={"Fn::Sub": "${B}${P}"}), "DependsOn": "C"},
        "B": {**group(Description={"Fn::GetAtt": "D.Arn"}), "DependsOn": ["C", "D"]},
        "C": group(),
        "D": group(),
    }
    graph = template(Resources=resources, Parameters={"P": {"Type": "String"}}).graph
    assert graph.dependencies == {"A": ("C", "B"), "B": ("C", "D"), "C": (), "D": ()}


@pytest.mark.parametrize(("attribute", "refused"), [("GroupId", False), ("Arn", True), ("GroupId.More", False)])
def test_an_attribute_must_be_one_that_the_type_returns(attribute: str, *, refused: bool) -> None:
    outputs = {"O": {"Value": {"Fn::GetAtt": f"Team.{attribute}"}}}
    if refused:
        with pytest.raises(TemplateError, match="resource Team does not support attribute type Arn in Fn::GetAtt"):
            template(Outputs=outputs).check_attributes("us-east-1")
    else:
        template(Outputs=outputs).check_attributes("us-east-1")


def test_an_attribute_must_be_of_a_resource() -> None:
    parameters = {"P": {"Type": "String", "Default": "x"}}
    outputs = {"O": {"Value": {"Fn::GetAtt": ["P", "Arn"]}}}
    with pytest.raises(TemplateError, match="Fn::GetAtt references undefined resource P"):
        template(Parameters=parameters, Outputs=outputs).check_attributes("us-east-1")


def test_anything_may_be_an_attribute_of_a_type_without_schema() -> None:
    outputs = {"O": {"Value": {"Fn::GetAtt": ["It", "Whatever"]}}}
    template(Resources={"It": resource("Custom::It")}, Outputs=outputs).check_attributes("us-east-1")


@pytest.mark.parametrize(
    ("parameter", "given", "raw", "value"),
    [
        ({"Type": "String", "Default": "a"}, None, "a", "a"),
        ({"Default": 7}, None, "7", "7"),
        ({"Type": "String", "Default": "a"}, "", "", ""),
        ({"Type": "CommaDelimitedList"}, "a, b", "a, b", ["a", "b"]),
        ({"Type": "List<Number>"}, "1,2", "1,2", ["1", "2"]),
        ({"Type": "AWS::SSM::Parameter::Value<String>"}, "/x", "/x", "stored, /x"),
        ({"Type": "AWS::SSM::Parameter::Value<List<String>>"}, "/x", "/x", ["stored", "/x"]),
        ({"Type": "String", "AllowedValues": ["a", 1]}, "1", "1", "1"),
        ({"Type": "String", "AllowedPattern": "[a-z]+"}, "abc", "abc", "abc"),
    ],
    ids=str,
)
def test_a_parameter_has_a_value(parameter: Mapping[str, Any], given: str | None, raw: str, value: object) -> None:
    of = {} if given is None else {"P": given}
    assert template(Parameters={"P": parameter}).parameter_values(of, lambda name: f"stored, {name}") == (
        {"P": raw},
        {"P": value},
    )


@pytest.mark.parametrize(
    ("parameters", "given", "why"),
    [
        ({}, {"B": "x", "A": "x"}, "Parameters: [A, B] do not exist in the template"),
        ({"B": {}, "A": {}, "C": {"Default": ""}}, {}, "Parameters: [A, B] must have values"),
        ({"A": {"AllowedValues": ["a"]}}, {"A": "b"}, "Parameter 'A' must be one of AllowedValues"),
        ({"A": {"AllowedPattern": "[a-z]+"}}, {"A": "ab1"}, "Parameter A failed to satisfy constraint: [a-z]+"),
    ],
    ids=lambda case: case if isinstance(case, str) else "",
)
def test_a_parameter_is_refused(parameters: Mapping[str, Any], given: dict[str, str], why: str) -> None:
    with pytest.raises(TemplateError, match=re.escape(why)):
        template(Parameters=parameters).parameter_values(given, str)


def test_a_rule_is_broken_where_it_applies() -> None:
    def rule(of: str, **more: Any) -> dict[str, Any]:
        return {"Assertions": [{"Assert": {"Fn::Equals": [{"Ref": "Text"}, of]}, **more}]}

    assert evaluator().broken_rule() is None
    assert evaluator(Rules={"R": rule("text")}).broken_rule() is None
    assert evaluator(Rules={"Q": rule("text"), "R": rule("x", AssertDescription="why")}).broken_rule() == "why"
    assert evaluator(Rules={"R": rule("x")}).broken_rule() == "Template validation error: a rule is broken"
    both = {"Assertions": [*rule("text")["Assertions"], *rule("x", AssertDescription="second")["Assertions"]]}
    assert evaluator(Rules={"R": both}).broken_rule() == "second"
    skipped = {**rule("x"), "RuleCondition": {"Fn::Equals": ["a", "b"]}}
    assert evaluator(Rules={"R": skipped}).broken_rule() is None
    assert evaluator(Rules={"R": skipped, "S": rule("x", AssertDescription="why")}).broken_rule() == "why"
    applies = {**rule("x", AssertDescription="why"), "RuleCondition": {"Fn::Equals": ["a", "a"]}}
    assert evaluator(Rules={"R": applies}).broken_rule() == "why"


def test_a_condition_includes_or_leaves_out() -> None:
    conditions = {"Holds": {"Fn::Equals": ["a", "a"]}, "Not": {"Fn::Equals": ["a", "b"]}}
    of = evaluator(Conditions=conditions)
    assert [of.included(each) for each in ({}, {"Condition": "Holds"}, {"Condition": "Not"})] == [True, True, False]
