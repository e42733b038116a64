"""What values of templates are before a deploy, against the local AWS's own engine, which knows nothing of ours."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any, Final

import pytest

from org_constructs.rehearsal.local_aws.cloudformation.template import Evaluator, OtherStacks, Template
from org_constructs.templates.values import DEEPEST, MOST_WORK, Function, Reference, Unknown, Values, from_json, written
from refusals import refuses

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PSEUDO: Final = {
    "AWS::AccountId": "111122223333",
    "AWS::Partition": "aws-us-gov",
    "AWS::Region": "us-gov-west-1",
    "AWS::StackName": "S",
    "AWS::URLSuffix": "amazonaws.com",
}
PARAMETERS: Final = {
    "Stage": {"Type": "String", "Default": "production"},
    "Size": {"Type": "Number", "Default": 7},
    "Teams": {"Type": "CommaDelimitedList", "Default": "platform, data"},
}
RESOURCES: Final = {"Dev": {"Type": "AWS::Organizations::Account"}, "Kim": {"Type": "AWS::IdentityStore::User"}}
MAPPINGS: Final = {"ByStage": {"production": {"Hours": "1"}, "dev": {"Hours": "12"}}}


def values(template: Mapping[str, Any], **others: Mapping[str, Any]) -> Values:
    return Values({"S": template, **others}, lambda _stack, name: PSEUDO.get(name))


def value(node: Any, **sections: Any) -> Any:
    return values({"Resources": RESOURCES, "Parameters": PARAMETERS, "Mappings": MAPPINGS, **sections}).of("S", node)


class Generator:
    """Writes the same texts in ever other ways."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 (a seed, not a secret)
        self.conditions: dict[str, Any] = {}

    def text(self, depth: int, *, known: bool = False) -> Any:
        """Return a text; with functions in functions, as many as `depth`."""
        choose: list[Callable[[], Any]] = [
            lambda: self._random.choice(["acme", "dev-1", "a:b:c", "x,y", "", "é", "${!Literal}"]),
            lambda: {"Ref": self._random.choice([*PSEUDO, "Stage", "Size"])},
        ]
        if not known:
            choose += [
                lambda: {"Ref": "Dev"},
                lambda: {"Fn::GetAtt": ["Kim", "UserId"]},
                lambda: {"Fn::GetAtt": "Kim.A.B"},
            ]
        if depth:

            def inside(*, known: bool = known) -> Any:
                return self.text(depth - 1, known=known)

            def some() -> list[Any]:
                return [inside() for _ in range(self._random.randint(0, 3))]

            choose += [
                lambda: {"Fn::Join": [self._random.choice(["", "-", ":"]), some()]},
                lambda: {"Fn::Join": [",", {"Ref": "Teams"}]},
                lambda: {"Fn::Sub": "${AWS::Partition}-${Stage}-${!Kept}" + ("" if known else "-${Dev}-${Kim.UserId}")},
                lambda: {"Fn::Sub": ["${one}/${AWS::Region}/${two}${one}", {"one": inside(), "two": inside()}]},
                lambda: {"Fn::Select": [self._random.choice([0, "1"]), [inside(), inside()]]},
                lambda: {"Fn::Select": ["0", {"Fn::Split": [":", inside(known=True)]}]},
                lambda: {"Fn::Base64": inside(known=True)},
                lambda: {"Fn::FindInMap": ["ByStage", self._random.choice([{"Ref": "Stage"}, "dev"]), "Hours"]},
                lambda: {"Fn::If": [self.condition(depth - 1), inside(), inside()]},
            ]
        return self._random.choice(choose)()

    def condition(self, depth: int) -> str:
        """Return the name of a new condition."""
        choose: list[Callable[[], Any]] = [
            lambda: {"Fn::Equals": [{"Ref": "Stage"}, self._random.choice(["production", "dev"])]},
            lambda: {"Fn::Equals": [self.text(depth, known=True), self.text(depth, known=True)]},
            lambda: {"Fn::Equals": [{"Ref": "Size"}, self._random.choice(["7", 7, "8"])]},
        ]
        if depth:

            def several() -> list[Any]:
                return [{"Condition": self.condition(depth - 1)} for _ in range(2)]

            choose += [
                lambda: {"Fn::Not": [{"Condition": self.condition(depth - 1)}]},
                lambda: {"Fn::And": several()},
                lambda: {"Fn::Or": several()},
            ]
        made = self._random.choice(choose)()
        name = f"Condition{len(self.conditions)}"
        self.conditions[name] = made
        return name


def judged(template: Mapping[str, Any], node: Any) -> Any:
    """Return what the local AWS makes of a value, with `${Name}` for resources that it has not made."""
    parsed = Template(json.dumps(template))
    _, parameters = parsed.parameter_values({}, str)
    engine = Evaluator(
        parsed,
        PSEUDO | parameters,
        lambda name: f"${{{name}}}",
        lambda name, attribute: f"${{{name}.{attribute}}}",
        OtherStacks(str, lambda *_: ""),
    )
    return engine.value(node)


@pytest.mark.parametrize("first", range(0, 250, 50))
def test_are_what_the_local_aws_makes_of_them(first: int) -> None:
    for seed in range(first, first + 50):
        generator = Generator(seed)
        node: dict[str, Any] = {
            "Text": generator.text(4),
            "List": [generator.text(3), {"Ref": "AWS::NoValue"}],
            "Gone": {"Ref": "AWS::NoValue"},
        }
        template = {
            "Parameters": PARAMETERS,
            "Mappings": MAPPINGS,
            "Conditions": generator.conditions,
            "Resources": {**RESOURCES, "It": {"Type": "AWS::SSO::PermissionSet", "Properties": node}},
        }
        ours = values(template).properties("S", "It")
        mine = {"Text": written(ours["Text"]), "List": [written(each) for each in ours["List"]]}
        assert mine == judged(template, node), json.dumps(node)


DEV: Final = Unknown((Reference("S", "Dev"),), {"Ref": "Dev"})
AZS: Final = {"Fn::GetAZs": ""}
UNHEARD_OF: Final[tuple[Any, ...]] = (
    AZS,
    {"Fn::Split": [":", {"Ref": "Dev"}]},
    {"Fn::Base64": {"Ref": "Dev"}},
    {"Fn::Select": [0, AZS]},
    {"Fn::Join": [",", AZS]},
    {"Fn::Length": AZS},
    {"Fn::If": ["Nowhere", "a", "b"]},
    {"Fn::ImportValue": "elsewhere"},
    {"Fn::GetStackOutput": {"StackName": "Other", "OutputName": "Id"}},
    # Shapes that CloudFormation refuses.
    {"Fn::Join": 5},
    {"Fn::Join": ["", [["a"]]]},
    {"Fn::Sub": [5, {}]},
    {"Fn::Sub": ["${a}", {"a": []}]},
    {"Fn::Select": [9, ["a"]]},
    {"Fn::Select": ["x", ["a"]]},
    {"Fn::Split": ["", "a"]},
    {"Fn::FindInMap": ["ByStage", "nowhere", "Hours"]},
    {"Fn::FindInMap": 5},
    {"Fn::GetAtt": []},
    {"Fn::If": "x"},
    {"Fn::ToJsonString": {"Ref": "AWS::NoValue"}},
)


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        ({"Ref": "Dev"}, DEV),
        ({"Fn::Select": [1, ["a", {"Ref": "Dev"}]]}, DEV),
        ({"Fn::Join": ["-", ["a", {"Ref": "Dev"}, "b"]]}, Unknown(("a-", Reference("S", "Dev"), "-b"), None)),
        ({"Fn::GetAtt": ["Dev", {"Ref": "Stage"}]}, Unknown((Reference("S", "Dev", "production"),), None)),
        # What depends on what only a deploy knows is known to it alone, and so is what nobody here provides.
        *((node, Unknown((Function(json.dumps(node)),), None)) for node in UNHEARD_OF),
        ("{{resolve:ssm:name}}", Unknown((Function("{{resolve:ssm:name}}"),), None)),
        ({"Fn::FindInMap": ["ByStage", "x", "Hours", {"DefaultValue": {"Ref": "Stage"}}]}, "production"),
        ({"Fn::Length": {"Ref": "Teams"}}, 2),
        ({"Fn::ToJsonString": {"a": [1, {"Ref": "Stage"}]}}, '{"a":[1,"production"]}'),
        ({"Fn::ToJsonString": {"a": {"Ref": "Dev"}}}, Unknown(('{"a":"', Reference("S", "Dev"), '"}'), None)),
        ({"Ref": "Stage", "Other": "key"}, {"Ref": "Stage", "Other": "key"}),
        ({"Ref": "AWS::NoValue"}, None),
    ],
    ids=str,
)
def test_of_what_only_a_deploy_knows_say_so(node: Any, expected: Any) -> None:
    assert value(node) == expected
    assert value(value(node)) == expected


@pytest.mark.parametrize(
    ("parameter", "expected"),
    [
        ({"Type": "String"}, Unknown((Reference("S", "It"),), None)),
        ({"Type": "String", "Default": "it", "NoEcho": True}, Unknown((Reference("S", "It"),), None)),
        ({"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/it"}, Unknown((Reference("S", "It"),), None)),
        ({"Type": "Number", "Default": 5}, "5"),
        ({"Type": "List<Number>", "Default": "1, 2"}, ["1", "2"]),
    ],
    ids=str,
)
def test_of_a_parameter_is_its_default(parameter: dict[str, Any], expected: Any) -> None:
    assert value({"Ref": "It"}, Parameters={"It": parameter}) == expected


def test_follow_outputs_to_other_stacks() -> None:
    outputs = {
        "Id": {"Value": {"Ref": "Made"}, "Export": {"Name": {"Fn::Sub": "${AWS::StackName}-id"}}},
        "Gone": {"Value": "gone", "Export": {"Name": "gone"}, "Condition": "Never"},
    }
    other = {"Conditions": {"Never": {"Fn::Equals": ["a", "b"]}}, "Outputs": outputs, "Resources": {}}
    both = values({"Resources": RESOURCES}, Other=other)
    for node in (
        {"Fn::ImportValue": {"Fn::Join": ["-", ["S", "id"]]}},
        {"Fn::GetStackOutput": {"StackName": "Other", "OutputName": "Id"}},
    ):
        assert both.of("S", node) == Unknown((Reference("Other", "Made"),), None)
        assert both.of("S", node).source == node
        assert list(both.references("S", {"a": [node]})) == [Reference("Other", "Made")]
    assert both.of("S", {"Fn::ImportValue": "gone"}) == Unknown((Function('{"Fn::ImportValue": "gone"}'),), None)


def test_leave_out_what_a_condition_leaves_out_and_add_what_a_loop_makes() -> None:
    group = {
        "Type": "AWS::IdentityStore::Group",
        "Properties": {"DisplayName": {"Fn::Sub": "${Team}-people"}, "A": {"Ref": "Team"}},
    }
    template = {
        "Parameters": {**PARAMETERS, "Open": {"Type": "String"}},
        "Conditions": {"Never": {"Fn::Equals": ["a", "b"]}, "Perhaps": {"Fn::Equals": [{"Ref": "Open"}, "b"]}},
        "Resources": {
            "Never": {"Type": "A::B::C", "Condition": "Never"},
            "Perhaps": {"Type": "A::B::C", "Condition": "Perhaps"},
            "Fn::ForEach::Teams": ["Team", {"Ref": "Teams"}, {"${Team}Group": group}],
            "Fn::ForEach::Nobody": ["Team", {"Ref": "Open"}, {"${Team}Nobody": group}],
        },
    }
    found = values(template)
    assert list(found.resources("S")) == ["Perhaps", "platformGroup", "dataGroup"]
    assert found.properties("S", "dataGroup") == {"DisplayName": "data-people", "A": "data"}


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ({"Fn::Equals": [{"Ref": "Dev"}, {"Ref": "Dev"}]}, True),
        ({"Fn::Equals": [{"Ref": "Dev"}, "a"]}, None),
        ({"Fn::Not": [{"Fn::Equals": [{"Ref": "Dev"}, "a"]}]}, None),
        ({"Fn::And": [{"Fn::Equals": ["a", "b"]}, {"Fn::Equals": [{"Ref": "Dev"}, "a"]}]}, False),
        ({"Fn::And": [{"Fn::Equals": ["a", "a"]}, {"Fn::Equals": [{"Ref": "Dev"}, "a"]}]}, None),
        ({"Fn::Or": [{"Fn::Equals": ["a", "a"]}, {"Fn::Equals": [{"Ref": "Dev"}, "a"]}]}, True),
        ({"Fn::Or": [{"Fn::Equals": ["a", "b"]}, {"Fn::Equals": [{"Ref": "Dev"}, "a"]}]}, None),
        ("nonsense", None),
    ],
    ids=str,
)
def test_of_conditions_are_certain_only_where_they_are(condition: Any, *, holds: bool | None) -> None:
    node = {"Fn::If": ["It", "then", "otherwise"]}
    known = {True: "then", False: "otherwise", None: Unknown((Function(json.dumps(node)),), None)}
    assert value(node, Conditions={"It": condition}) == known[holds]


def test_in_json_are_what_they_were() -> None:
    text = value({"Fn::Sub": '{"action": "detach", "id": "${Dev}", "${Dev}": ["a-${Kim.UserId}"]}'})
    assert from_json(text) == {
        "action": "detach",
        "id": DEV,
        "${Dev}": [Unknown(("a-", Reference("S", "Kim", "UserId")), None)],
    }
    with pytest.raises(json.JSONDecodeError):
        from_json("{")
    with refuses("template-too-deep"):
        from_json("[" * 10_000)
    with refuses("template-character"):
        from_json(value({"Fn::Sub": '"\ue0009\ue001${Dev}"'}))


def nested(levels: int, wrap: Callable[[Any], Any], inside: Any = "xx") -> Any:
    for _ in range(levels):
        inside = wrap(inside)
    return inside


HOSTILE: Final[Mapping[str, tuple[str, Any, Mapping[str, Any]]]] = {
    "deep lists": ("template-too-deep", nested(5_000, lambda inside: [inside]), {}),
    "deep mappings": ("template-too-deep", nested(5_000, lambda inside: {"a": inside, "b": 1}), {}),
    "deep joins": ("template-too-deep", nested(400, lambda inside: {"Fn::Join": ["", [inside]]}), {}),
    "a deep unknown function": ("template-too-deep", nested(5_000, lambda inside: {"Fn::Unheard": inside}), {}),
    "a text that doubles": (
        "template-too-large",
        nested(60, lambda inside: {"Fn::Sub": ["${a}${a}", {"a": inside}]}),
        {},
    ),
    "an unknown text that doubles": (
        "template-too-large",
        nested(60, lambda inside: {"Fn::Sub": ["${a}${a}", {"a": inside}]}, {"Ref": "Dev"}),
        {},
    ),
    "a loop in loops": (
        "template-too-large",
        nested(12, lambda inside: {f"Fn::ForEach::{len(str(inside))}": ["I", list("abcdefghij"), {"${I}": inside}]}),
        {},
    ),
    "conditions in a circle": (
        "template-cycle",
        {"Fn::If": ["A", "a", "b"]},
        {"Conditions": {"A": {"Condition": "B"}, "B": {"Fn::Not": [{"Condition": "A"}]}}},
    ),
    "a long line of conditions": (
        "template-too-deep",
        {"Fn::If": ["C0", "a", "b"]},
        {"Conditions": {f"C{at}": {"Fn::And": [{"Condition": f"C{at + 1}"}] * 2} for at in range(5_000)}},
    ),
    "deep conditions": (
        "template-too-deep",
        {"Fn::If": ["A", "a", "b"]},
        {"Conditions": {"A": nested(5_000, lambda inside: {"Fn::Not": [inside]})}},
    ),
    "outputs in a circle": (
        "template-cycle",
        {"Fn::ImportValue": "a"},
        {"Outputs": {"A": {"Value": {"Fn::ImportValue": "a"}, "Export": {"Name": "a"}}}},
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_of_a_hostile_template_are_refused(name: str) -> None:
    code, node, sections = HOSTILE[name]
    limits = {"template-too-deep": f"{DEEPEST}", "template-too-large": f"{MOST_WORK:,}"}
    with refuses(code, limits.get(code, "stack 'S'")):
        value(node, **sections)
    assert value({"Ref": "Stage"}) == "production"


@pytest.mark.parametrize(
    "junk", [None, 5, "text", [], [[]], {"a": 5}, {"a": []}, {"a": {"Type": 5}}, {"Fn::ForEach::a": [5]}], ids=str
)
def test_of_a_template_in_the_wrong_shape_are_none(junk: Any) -> None:
    found = values(dict.fromkeys(("Resources", "Parameters", "Mappings", "Conditions", "Outputs"), junk))
    assert (found.resources("S"), [name for name in found.outputs("S") if name != "a"]) == ({}, [])
    assert isinstance(found.of("S", {"Ref": "a"}), Unknown)
    assert isinstance(found.of("S", {"Fn::If": ["a", 1, 2]}), Unknown)
    assert isinstance(found.of("S", {"Fn::ImportValue": "a"}), Unknown)
