"""However a template is written, every reader says the same as of the template in plain values."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk.assertions import Annotations, Match, Template

from checked_templates import permission_set
from cloud_assembly import stack, write_assembly
from disguises import Disguise, plain, plain_resources
from org_constructs import AssignmentProps, CustomerManagedPolicy, OrgBaseline, PermissionSetProps
from org_constructs.access_diff.comparison import State, compare
from org_constructs.aws.regions import partition_of
from org_constructs.deploy_policy import make_deploy_policy
from org_constructs.matching.adopt import in_order
from org_constructs.matching.differences import session_differences
from org_constructs.matching.result import TYPES
from org_constructs.matching.template import Templates
from org_constructs.offboarding.leaving import leave
from org_constructs.offboarding.rendering import as_json
from org_constructs.rehearsal.asked_failures import with_accounts
from org_constructs.rehearsal.first_deploy import first_deploy
from org_constructs.rehearsal.names import Names
from org_constructs.rehearsal.selection import select
from org_constructs.rehearsal.taken_as_existing import find_existing
from org_constructs.report.evidence.access_review import access_rows
from org_constructs.report.evidence.evidence import evidence
from org_constructs.report.evidence.reviewed import Reviewed
from org_constructs.report.model import make_report
from org_constructs.report.text import render_text
from org_constructs.rules import RULES
from org_constructs.templates.administrators import administers as is_administrator
from org_constructs.templates.assembly import describe_stacks, read_stacks
from org_constructs.templates.description import describe
from org_constructs.templates.policies import policies
from org_constructs.templates.profiles import find_access
from org_constructs.templates.resources import read_templates
from org_constructs.templates.saved import to_json
from organizations import DAX, ENV, IDENTITY_CENTER

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from org_constructs.templates.assembly import Stack


def answers(folder: Path, template: Mapping[str, Any], environment: str = "111122223333/us-east-1") -> dict[str, Any]:
    """Return what each reader of templates makes of one, with no AWS to look at."""
    one = stack(template["Resources"], environment=f"aws://{environment}")
    one["template"] = dict(template)
    assembly = write_assembly(folder / "cdk.out", {"Org": one})
    stacks = read_stacks(assembly)
    description, _ = describe_stacks(stacks)
    templates = read_templates([assembly / "Org.template.json"])
    names, matching = Names(stacks), Templates(stacks, lambda: "111122223333")
    left = first_deploy(stacks, assembly, folder / "first")
    report = make_report(description)
    return {
        "description": description,
        "administrators": {key: is_administrator(each) for key, each in description.permission_sets.items()},
        "report": render_text(report),
        "page": report,
        "evidence": evidence(description, Reviewed(source="the templates", date="2026-11-26")),
        "saved": to_json(description),
        "profiles": find_access(description),
        "findings": [
            (rule.id, each.construct, each.locations, each.detail) for rule in RULES for each in rule.find(templates)
        ],
        "policies": [(each.resource.logical_id, each.text, each.unknown) for each in policies(templates)],
        "deploy policy": make_deploy_policy(stacks),
        "leaving": {each.name: as_json(leave(description, each, description)) for each in description.users.values()},
        "existing": find_existing(select(stacks)),
        "first deploy": [(each.id, sorted(each.defined)) for each in left],
        "failures": with_accounts(["ACCOUNT_TIMEOUT:production", "ASSIGNMENT_FAILED:acme-logs"], stacks),
        "names": {logical_id: names.of("Org", logical_id) for logical_id in stacks[0].defined},
        "matched": {
            (each.logical_id, each.type): dict(each.properties) for kind in TYPES for each in matching.resources(kind)
        },
        "adopted in order": [each.id for each in in_order(stacks)],
    }


def state(stacks: tuple[Stack, ...]) -> State:
    description, _ = describe_stacks(stacks)
    return State.of(description)


def with_administrator(**properties: Any) -> dict[str, Any]:
    """Return the template, in which Lou has a permission set Root with other properties."""
    return plain(plain_resources() | {"Root": permission_set("Root", **properties)})


AS_WRITTEN: Final = {"description", "page", "profiles", "matched", "saved"}
"""What has the properties of permission sets as the template has them."""


@pytest.mark.parametrize("duration", ["P0DT12H", "PT720M", "PT43200S", {"Fn::Sub": "PT${Hours}H"}], ids=str)
def test_of_readers_however_a_duration_is_written(tmp_path: Path, duration: Any) -> None:
    parameters = {"Hours": {"Type": "Number", "Default": 12}}
    one, other = (
        answers(tmp_path / name, {"Parameters": parameters, **with_administrator(SessionDuration=written)})
        for name, written in (("hours", "PT12H"), ("other", duration))
    )
    for reader in one.keys() - AS_WRITTEN:
        assert one[reader] == other[reader], reader
    assert "Root (12 h)" in one["report"]
    before, after = (state(read_stacks(tmp_path / name / "cdk.out")) for name in ("hours", "other"))
    assert compare(before, after).changes == ()
    evaluated = other["matched"]["Root", "AWS::SSO::PermissionSet"]["SessionDuration"]
    assert session_differences(evaluated, "PT12H") == ()


@pytest.mark.parametrize("region", ["cn-north-1", "us-gov-west-1", "us-iso-east-1", "eusc-de-east-1"])
def test_of_readers_however_a_partition_is_written(tmp_path: Path, region: str) -> None:
    plainly, environment = json.dumps(plain()), f"111122223333/{region}"
    by_name = plainly.replace("arn:aws:", f"arn:{partition_of(region).name}:")
    by_function = re.sub(r'"arn:aws:([^"]*)"', r'{"Fn::Sub": "arn:${AWS::Partition}:\1"}', plainly)
    one, other = (
        answers(tmp_path / name, json.loads(written), environment)
        for name, written in (("name", by_name), ("function", by_function))
    )
    assert one == other
    assert "arn:aws:" not in str(one["deploy policy"])


def test_of_readers_however_the_account_is_written(tmp_path: Path) -> None:
    by_id = plain()
    by_id["Resources"]["OfLou"]["Properties"]["TargetId"] = "111122223333"
    by_function = json.loads(json.dumps(by_id).replace('"111122223333"', '{"Ref": "AWS::AccountId"}'))
    one, other = (answers(tmp_path / name, each) for name, each in (("id", by_id), ("function", by_function)))
    assert one == other
    assert one["description"].accounts["management"].account_id == "111122223333"


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
    found = answers(tmp_path, with_administrator(**properties))
    assert found["administrators"]["Org/Root"] is administers
    stacks = read_stacks(tmp_path / "cdk.out")
    description, _ = describe_stacks(stacks)
    report = make_report(description)
    assert report.permission_sets["Org/Root"].administers is administers
    assert {each.administers for each in access_rows(description) if each.permission_set == "Root"} == {
        "yes" if administers else "no"
    }
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
def test_of_readers_however_a_template_is_written(tmp_path: Path, first: int) -> None:
    expected = answers(tmp_path / "plain", plain())
    assert len(expected["findings"]) > 2
    disguised = 0
    for seed in range(first, first + 50):
        template = Disguise(seed).template(plain())
        disguised += template["Resources"] != plain()["Resources"]
        found = answers(tmp_path / str(seed), template)
        for reader, answer in expected.items():
            assert found[reader] == answer, (seed, reader)
        before, after = (read_stacks(tmp_path / each / "cdk.out") for each in ("plain", str(seed)))
        assert compare(state(before), state(after)).changes == ()
    assert disguised == 50
