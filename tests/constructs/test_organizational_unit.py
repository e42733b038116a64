"""`OrganizationalUnit`."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Match, Template

from org_constructs import Organization, OrganizationalUnit
from refusals import refuses

UNIT = "AWS::Organizations::OrganizationalUnit"


@pytest.fixture
def organization(stack: cdk.Stack) -> Organization:
    return Organization(stack, "Organization")


def test_creates_one_under_the_root(stack: cdk.Stack, organization: Organization) -> None:
    unit = OrganizationalUnit(stack, "Workloads", name="workloads", parent=organization)
    template = Template.from_stack(stack)
    template.resource_count_is(UNIT, 1)
    root_id = stack.resolve(organization.root_id)
    template.has_resource_properties(UNIT, {"Name": "workloads", "ParentId": root_id, "Tags": Match.absent()})
    (logical_id,) = template.find_resources(UNIT)
    assert stack.resolve(unit.organizational_unit_id) == {"Fn::GetAtt": [logical_id, "Id"]}
    assert unit.parent_id == unit.organizational_unit_id


def test_creates_one_under_another_unit(stack: cdk.Stack, organization: Organization) -> None:
    workloads = OrganizationalUnit(stack, "Workloads", name="workloads", parent=organization)
    OrganizationalUnit(stack, "Production", name="production", parent=workloads)
    Template.from_stack(stack).has_resource_properties(
        UNIT, {"Name": "production", "ParentId": stack.resolve(workloads.organizational_unit_id)}
    )


def test_creates_one_under_an_existing_root_or_unit(stack: cdk.Stack) -> None:
    root = Organization.from_attributes(
        organization_id="o-exampleorg1", root_id="r-ab12", management_account_id="111122223333"
    )
    unit = OrganizationalUnit.from_organizational_unit_id("ou-ab12-11112222")
    OrganizationalUnit(stack, "UnderRoot", name="under root", parent=root)
    OrganizationalUnit(stack, "UnderUnit", name="under unit", parent=unit)
    template = Template.from_stack(stack)
    template.has_resource_properties(UNIT, {"Name": "under root", "ParentId": "r-ab12"})
    template.has_resource_properties(UNIT, {"Name": "under unit", "ParentId": "ou-ab12-11112222"})


def test_is_retained_when_it_is_removed_or_replaced(stack: cdk.Stack, organization: Organization) -> None:
    OrganizationalUnit(stack, "Workloads", name="workloads", parent=organization)
    Template.from_stack(stack).has_resource(UNIT, {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"})


def test_keeps_its_logical_id_when_it_is_renamed(app: cdk.App) -> None:
    logical_ids = []
    for name in ("workloads", "products"):
        stack = cdk.Stack(app, f"Stack-{name}")
        unit = OrganizationalUnit(stack, "Workloads", name=name, parent=Organization(stack, "Organization"))
        logical_ids.append(stack.resolve(unit.organizational_unit_id))
    assert logical_ids[0] == logical_ids[1]


def test_sorts_its_tags(stack: cdk.Stack, organization: Organization) -> None:
    OrganizationalUnit(
        stack, "Workloads", name="workloads", parent=organization, tags={"team": "core", "cost-center": "7"}
    )
    Template.from_stack(stack).has_resource_properties(
        UNIT, {"Tags": [{"Key": "cost-center", "Value": "7"}, {"Key": "team", "Value": "core"}]}
    )


@pytest.mark.parametrize("name", ["w", "w" * 128, "Résumé & Söhne"], ids=["1", "128", "not ASCII"])
def test_takes_a_name_of_1_to_128_characters(stack: cdk.Stack, organization: Organization, name: str) -> None:
    OrganizationalUnit(stack, "Workloads", name=name, parent=organization)
    assert len(stack.node.children) == 2


def test_takes_tokens(stack: cdk.Stack, organization: Organization) -> None:
    token = cdk.Fn.import_value("Name")
    OrganizationalUnit(stack, "Workloads", name=f"{token}{'x' * 128}", parent=organization, tags={"team": token})
    Template.from_stack(stack).has_resource_properties(
        UNIT, {"Tags": [{"Key": "team", "Value": {"Fn::ImportValue": "Name"}}]}
    )


@pytest.mark.parametrize(
    ("options", "refused"),
    [
        ({"name": ""}, ("wrong-length", "name", "1 to 128", "got 0")),
        ({"name": "w" * 129}, ("wrong-length", "name", "1 to 128", "got 129")),
        ({"name": 7}, ("wrong-type", "name", "int 7")),
        ({"tags": {"aws:team": "core"}}, ("tag-key-reserved", "tags key")),
        ({"tags": ["team"]}, ("wrong-type", "tags", "list ['team']")),
    ],
    ids=lambda value: str(value)[:40],
)
def test_refuses_what_organizations_would_refuse(
    stack: cdk.Stack, organization: Organization, options: dict[str, Any], refused: tuple[str, ...]
) -> None:
    with refuses(*refused):
        OrganizationalUnit(stack, "Workloads", **{"name": "workloads", "parent": organization, **options})
    assert stack.node.children == [organization]


@pytest.mark.parametrize(
    ("parent", "got"),
    [
        (None, "None"),
        ("r-ab12", "'r-ab12'"),
        ([], "a list of 0"),
        ((1, 2), "a tuple of 2"),
        ({"parent": "r-ab12"}, "{'parent': 'r-ab12'}"),
    ],
    ids=str,
)
def test_refuses_a_parent_that_is_not_exactly_one(stack: cdk.Stack, parent: Any, got: str) -> None:
    with refuses("parent-not-one", "parent", got):
        OrganizationalUnit(stack, "Workloads", name="workloads", parent=parent)
    assert stack.node.children == []
    if parent is not None:
        with refuses("parent-not-one", "parent", got):
            OrganizationalUnit.from_organizational_unit_id("ou-ab12-11112222", parent=parent)


def test_takes_five_levels_and_refuses_the_sixth(stack: cdk.Stack, organization: Organization) -> None:
    parent: Organization | OrganizationalUnit = organization
    for level in range(1, 6):
        parent = OrganizationalUnit(stack, f"Level{level}", name=f"level {level}", parent=parent)
    with refuses("unit-too-deep", "name", "at most 5", "'level 6'", "at level 6"):
        OrganizationalUnit(stack, "Level6", name="level 6", parent=parent)
    assert len(stack.node.children) == 6


def test_an_existing_unit_is_at_least_one_level_down(stack: cdk.Stack) -> None:
    parent: Any = OrganizationalUnit.from_organizational_unit_id("ou-ab12-11112222")
    for level in range(2, 6):
        parent = OrganizationalUnit(stack, f"Level{level}", name="level", parent=parent)
    with refuses("unit-too-deep", "name", "at level 6"):
        OrganizationalUnit(stack, "Level6", name="level", parent=parent)
    assert len(stack.node.children) == 4


def test_an_existing_unit_that_says_its_parent_is_one_level_below_it(stack: cdk.Stack) -> None:
    above: Any = Organization.from_attributes(
        organization_id="o-exampleorg1", root_id="r-ab12", management_account_id="111122223333"
    )
    for level in range(1, 6):
        above = OrganizationalUnit.from_organizational_unit_id(f"ou-ab12-1111222{level}", parent=above)
    with refuses("unit-too-deep", "name", "at level 6"):
        OrganizationalUnit(stack, "Level6", name="level", parent=above)


def test_names_an_existing_one_without_creating_anything() -> None:
    unit = OrganizationalUnit.from_organizational_unit_id("ou-ab12-11112222")
    assert unit.organizational_unit_id == unit.parent_id == "ou-ab12-11112222"


def test_passes_a_token_as_the_id_of_an_existing_one() -> None:
    token = cdk.Fn.import_value("UnitId")
    assert OrganizationalUnit.from_organizational_unit_id(token).parent_id == token


@pytest.mark.parametrize("unit_id", ["ou-ab12-11112222", f"ou-{'a' * 32}-{'b' * 32}"])
def test_takes_an_existing_one_with_an_id_of_awss_form(unit_id: str) -> None:
    assert OrganizationalUnit.from_organizational_unit_id(unit_id).parent_id == unit_id


@pytest.mark.parametrize(
    ("code", "unit_id"),
    [
        ("wrong-length", ""),
        ("wrong-form", "r-ab12"),
        ("wrong-form", "ou-ab1-11112222"),
        ("wrong-form", "ou-ab12-1111222"),
        ("wrong-form", "ou-ab12-11112222\n"),
        ("wrong-form", "ou-AB12-11112222"),
        ("wrong-length", f"ou-{'a' * 32}-{'b' * 33}"),
        ("wrong-length", f"ou-{'a' * 33}-{'b' * 32}"),
        ("wrong-form", f"ou-{'a' * 3}-{'b' * 33}"),
        ("wrong-form", f"ou-{'a' * 33}-{'b' * 31}"),
        ("wrong-type", 12),
    ],
)
def test_refuses_an_existing_one_with_an_id_of_another_form(code: str, unit_id: Any) -> None:
    with refuses(code, "organizational_unit_id"):
        OrganizationalUnit.from_organizational_unit_id(unit_id)
