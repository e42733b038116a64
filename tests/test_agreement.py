"""Whatever functions a template is written with, every reader says the same as of the template in plain values."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any, Final

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk.assertions import Annotations, Match, Template

from checked_templates import organization
from cloud_assembly import stack, write_assembly
from org_constructs import AssignmentProps, CustomerManagedPolicy, OrgBaseline, PermissionSetProps
from org_constructs.access_diff.comparison import State, compare
from org_constructs.deploy_policy import make_deploy_policy
from org_constructs.matching.differences import session_differences
from org_constructs.matching.result import TYPES
from org_constructs.matching.template import Templates
from org_constructs.rehearsal.first_deploy import first_deploy
from org_constructs.rehearsal.names import Names
from org_constructs.rehearsal.selection import select
from org_constructs.rehearsal.taken_as_existing import find_existing
from org_constructs.report.model import make_report
from org_constructs.report.text import render_text
from org_constructs.rules import RULES
from org_constructs.templates.administrators import administers as is_administrator
from org_constructs.templates.assembly import describe_stacks, read_stacks
from org_constructs.templates.description import describe
from org_constructs.templates.profiles import find_access
from org_constructs.templates.resources import read_templates
from organizations import DAX, ENV, IDENTITY_CENTER

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from org_constructs.templates.assembly import Stack

PSEUDO: Final = {"us-east-1": "AWS::Region", "111122223333": "AWS::AccountId", "amazonaws.com": "AWS::URLSuffix"}


class Disguise:
    """Writes the values of a template with functions that come to the same."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 (a seed, not a secret)
        self.sections: dict[str, dict[str, Any]] = {
            "Parameters": {},
            "Mappings": {"Map": {"Values": {}}},
            "Conditions": {"Always": {"Fn::Equals": [{"Ref": "AWS::Region"}, "us-east-1"]}},
        }

    def value(self, value: Any, depth: int = 2) -> Any:
        """Return a value in which some texts, lists and mappings are what functions come to."""
        if isinstance(value, dict) and value.keys() & {"Ref", "Fn::GetAtt"}:
            return self._wrapped(value, depth, self._reference(value))
        if isinstance(value, dict):
            return self._wrapped({key: self.value(each) for key, each in value.items()}, depth)
        if isinstance(value, list):
            return self._wrapped([self.value(each) for each in value], depth)
        return self._wrapped(value, depth, self._text(value, depth)) if isinstance(value, str) else value

    def _wrapped(self, value: Any, depth: int, *ways: Callable[[], Any]) -> Any:
        same: list[Callable[[], Any]] = [
            lambda: value,
            lambda: {"Fn::If": ["Always", value, "another"]},
            lambda: {"Fn::Select": [1, ["another", value]]},
            *ways,
        ]
        return self._random.choice(same)() if depth and self._random.random() < 0.4 else value

    def _reference(self, value: Mapping[str, Any]) -> Callable[[], Any]:
        name = value.get("Ref") or ".".join(value["Fn::GetAtt"])
        return lambda: self._random.choice([{"Fn::Sub": f"${{{name}}}"}, {"Fn::Join": ["", [value]]}])

    def _text(self, text: str, depth: int) -> Callable[[], Any]:
        def halves() -> tuple[Any, Any]:
            at = self._random.randint(0, len(text))
            return self.value(text[:at], depth - 1), self.value(text[at:], depth - 1)

        def parameter() -> Any:
            name = f"Parameter{len(self.sections['Parameters'])}"
            self.sections["Parameters"][name] = {"Type": "String", "Default": text}
            return self._random.choice([{"Ref": name}, {"Fn::Sub": f"${{{name}}}"}])

        def mapped() -> Any:
            name = f"Value{len(self.sections['Mappings']['Map']['Values'])}"
            self.sections["Mappings"]["Map"]["Values"][name] = text
            return {"Fn::FindInMap": ["Map", "Values", name]}

        def sub() -> Any:
            one, two = halves()
            return {"Fn::Sub": ["${one}${two}", {"one": one, "two": two}]}

        def partition() -> Any:
            if text.startswith("arn:aws:"):
                return {"Fn::Sub": text.replace("${", "${!").replace("arn:aws:", "arn:${AWS::Partition}:", 1)}
            return {"Ref": PSEUDO[text]} if text in PSEUDO else {"Fn::Join": [":", text.split(":")]}

        ways: list[Callable[[], Any]] = [parameter, mapped, sub, partition, lambda: {"Fn::Join": ["", list(halves())]}]
        return self._random.choice(ways)


def plain() -> dict[str, Any]:
    """Return an organization with something for each reader to say."""
    made = organization()
    made["Developer"]["Properties"]["SessionDuration"] = "P0DT13H"
    made["Root"] = {
        "Type": "AWS::SSO::PermissionSet",
        "Properties": {
            **{name: made["Developer"]["Properties"][name] for name in ("InstanceArn",)},
            "Name": "Root",
            "ManagedPolicies": ["arn:aws:iam::aws:policy/AdministratorAccess"],
        },
    }
    made["OfLou"] = {
        "Type": "AWS::SSO::Assignment",
        "Properties": made["OfDev"]["Properties"]
        | {
            "PermissionSetArn": {"Fn::GetAtt": ["Root", "PermissionSetArn"]},
            "PrincipalId": {"Fn::GetAtt": ["Lou", "UserId"]},
            "PrincipalType": "USER",
        },
    }
    return made


def answers(folder: Path, template: Mapping[str, Any]) -> dict[str, Any]:
    """Return what each reader makes of a template."""
    resources = template["Resources"]
    one = stack(resources)
    one["template"] = dict(template)
    assembly = write_assembly(folder / "cdk.out", {"Org": one})
    stacks = read_stacks(assembly)
    description, _ = describe_stacks(stacks)
    templates = read_templates([assembly / "Org.template.json"])
    names, matching = Names(stacks), Templates(stacks, lambda: "111122223333")
    left = first_deploy(stacks, assembly, folder / "first")
    return {
        "description": description,
        "administrators": {key: is_administrator(each) for key, each in description.permission_sets.items()},
        "report": render_text(make_report(description)),
        "profiles": find_access(description),
        "findings": [
            (rule.id, each.construct, each.locations, each.detail) for rule in RULES for each in rule.find(templates)
        ],
        "deploy policy": make_deploy_policy(stacks),
        "existing": find_existing(select(stacks)),
        "first deploy": [(each.id, sorted(each.template["Resources"])) for each in left],
        "names": {logical_id: names.of("Org", logical_id) for logical_id in resources},
        "matched": {
            (each.logical_id, each.type): dict(each.properties) for kind in TYPES for each in matching.resources(kind)
        },
    }


def state(stacks: tuple[Stack, ...]) -> State:
    description, _ = describe_stacks(stacks)
    return State.of(description)


def with_administrator(**properties: Any) -> dict[str, Any]:
    """Return the organization, in which Lou has a permission set Root with other properties."""
    made = plain()
    kept = {name: made["Root"]["Properties"][name] for name in ("InstanceArn", "Name")}
    made["Root"]["Properties"] = kept | properties
    return made


@pytest.mark.parametrize("duration", ["P0DT12H", "PT720M", "PT43200S", {"Fn::Sub": "PT${Hours}H"}], ids=str)
def test_of_readers_however_a_duration_is_written(tmp_path: Path, duration: Any) -> None:
    parameters = {"Hours": {"Type": "Number", "Default": 12}}
    readers = ("report", "findings", "administrators", "deploy policy", "names")
    one, other = (
        answers(tmp_path / name, {"Parameters": parameters, "Resources": with_administrator(SessionDuration=written)})
        for name, written in (("hours", "PT12H"), ("other", duration))
    )
    for reader in readers:
        assert one[reader] == other[reader]
    assert "Root (12 h)" in one["report"]
    before, after = (state(read_stacks(tmp_path / name / "cdk.out")) for name in ("hours", "other"))
    assert compare(before, after).changes == ()
    evaluated = other["matched"]["Root", "AWS::SSO::PermissionSet"]["SessionDuration"]
    assert session_differences(evaluated, "PT12H") == ()


ALL: Final = {"Effect": "Allow", "Action": "*", "Resource": "*"}


@pytest.mark.parametrize(
    ("properties", "administers"),
    [
        ({"ManagedPolicies": ["arn:aws-us-gov:iam::aws:policy/AdministratorAccess"]}, True),
        ({"ManagedPolicies": ["arn:aws-eusc:iam::aws:policy/some/path/AdministratorAccess"]}, True),
        ({"ManagedPolicies": [{"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/AdministratorAccess"}]}, True),
        ({"InlinePolicy": {"Statement": ALL}}, True),
        ({"InlinePolicy": json.dumps({"Statement": [ALL]})}, True),
        ({"InlinePolicy": {"Fn::ToJsonString": {"Statement": [ALL]}}}, True),
        ({"InlinePolicy": {"Statement": {"Fn::If": ["Nowhere", ALL, ALL]}}}, False),
        ({"InlinePolicy": {"Statement": ALL | {"Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}}}, False),
        ({"ManagedPolicies": ["arn:aws:iam::aws:policy/ReadOnlyAccess"]}, False),
    ],
    ids=str,
)
def test_of_readers_on_who_administers(tmp_path: Path, properties: dict[str, Any], *, administers: bool) -> None:
    found = answers(tmp_path, {"Resources": with_administrator(**properties)})
    assert found["administrators"]["Org/Root"] is administers
    stacks = read_stacks(tmp_path / "cdk.out")
    description, _ = describe_stacks(stacks)
    report = make_report(description)
    assert report.permission_sets["Org/Root"].administers is administers
    rules = {rule for rule, construct, _, _ in found["findings"] if construct == "OfLou"}
    assert ("OrgBaseline-AssignmentUserAdministrator" in rules) is administers


@pytest.mark.parametrize(
    ("arguments", "administers"),
    [
        ({"managed_policies": ["AdministratorAccess"]}, True),
        ({"inline_policy": {"Version": "2012-10-17", "Statement": [ALL]}}, True),
        ({"inline_policy": iam.PolicyDocument.from_json({"Version": "2012-10-17", "Statement": [ALL]})}, True),
        ({"managed_policies": ["AdministratorAccess"], "permissions_boundary": "ReadOnlyAccess"}, False),
        ({"managed_policies": ["AdministratorAccess"], "permissions_boundary": "AdministratorAccess"}, True),
        (
            {"managed_policies": ["AdministratorAccess"], "permissions_boundary": CustomerManagedPolicy(name="Most")},
            False,
        ),
        ({"managed_policies": ["ReadOnlyAccess"]}, False),
    ],
    ids=[
        *("administrator-access", "inline-mapping", "inline-document"),
        *("boundary-read-only", "boundary-administrator", "boundary-of-the-account", "read-only"),
    ],
)
def test_of_synth_and_readers_on_who_administers(arguments: dict[str, Any], *, administers: bool) -> None:
    stack = OrgBaseline(
        cdk.App(),
        "OrgBaseline",
        env=ENV,
        company="acme",
        email="aws@acme.com",
        identity_center=IDENTITY_CENTER,
        users=[DAX],
        permission_sets=[PermissionSetProps(name="Root", **arguments)],
        assignments=[AssignmentProps(principal="Administrators", permission_set="Root", targets=["management"])],
    )
    template = Template.from_stack(stack).to_json()
    (permission_set,) = describe({"OrgBaseline": template}).permission_sets.values()
    assert is_administrator(permission_set) is administers
    warned = Annotations.from_stack(stack).find_warning(
        "/OrgBaseline", Match.string_like_regexp("OrgBaseline-NobodyAdministratesManagement")
    )
    assert (warned == []) is administers


@pytest.mark.parametrize("first", [0, *(pytest.param(each, marks=pytest.mark.long) for each in range(50, 300, 50))])
def test_of_readers_whatever_the_functions(tmp_path: Path, first: int) -> None:
    expected = answers(tmp_path / "plain", {"Resources": plain()})
    assert len(expected["findings"]) > 2
    disguised = 0
    for seed in range(first, first + 50):
        disguise = Disguise(seed)
        resources = {
            name: each | {"Properties": {key: disguise.value(value) for key, value in each["Properties"].items()}}
            for name, each in plain().items()
        }
        disguised += resources != plain()
        found = answers(tmp_path / str(seed), {"Resources": resources, **disguise.sections})
        for reader, answer in expected.items():
            assert found[reader] == answer, (seed, reader)
        before, after = (read_stacks(tmp_path / each / "cdk.out") for each in ("plain", str(seed)))
        assert compare(state(before), state(after)).changes == ()
    assert disguised == 50
