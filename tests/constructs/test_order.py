"""The order of changes, as it appears in templates: one chain for Organizations, lanes for assignments."""

from __future__ import annotations

import itertools
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template

from org_constructs import (
    Account,
    Assignment,
    Group,
    IdentityCenter,
    Organization,
    OrganizationalUnit,
    PermissionSet,
    Policy,
    PolicyType,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from org_constructs import Parent

GROUP_IDS = [f"11112222-3333-4444-5555-66667777888{number}" for number in range(10)]


def resources_of(stack: cdk.Stack) -> dict[str, Any]:
    resources: dict[str, Any] = Template.from_stack(stack).to_json()["Resources"]
    return resources


def referred(value: object) -> Iterator[str]:
    """The logical ids that a part of a template refers to by Ref or GetAtt."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key == "Ref":
                yield item
            elif key == "Fn::GetAtt":
                yield item[0]
            else:
                yield from referred(item)
    elif isinstance(value, list):
        for item in value:
            yield from referred(item)


def waits_for(resources: dict[str, Any]) -> dict[str, set[str]]:
    """What each resource waits for, directly or through others."""
    direct = {
        logical_id: {*referred(resource["Properties"]), *resource.get("DependsOn", ())} & resources.keys()
        for logical_id, resource in resources.items()
    }
    reached: dict[str, set[str]] = {}
    for logical_id in TopologicalSorter(direct).static_order():
        reached[logical_id] = direct[logical_id].union(*(reached[before] for before in direct[logical_id]))
    return reached


def of_service(resources: dict[str, Any], service: str) -> list[str]:
    """The logical ids of a service's resources, in the order of their definition."""
    return [name for name, resource in resources.items() if resource["Type"].startswith(f"AWS::{service}::")]


def assignments_of(resources: dict[str, Any]) -> list[str]:
    return [name for name in of_service(resources, "SSO") if resources[name]["Type"] == "AWS::SSO::Assignment"]


def assert_no_two_are_unordered(resources: dict[str, Any], logical_ids: list[str]) -> None:
    reached = waits_for(resources)
    unordered = [
        (one, other)
        for one, other in itertools.combinations(logical_ids, 2)
        if one not in reached[other] and other not in reached[one]
    ]
    assert unordered == []


def assert_no_depends_on_says_what_a_reference_says(resources: dict[str, Any]) -> None:
    """The rule W3005 of cfn-lint."""
    said_twice = {
        logical_id: said
        for logical_id, resource in resources.items()
        if (said := set(referred(resource["Properties"])) & set(resource.get("DependsOn", ())))
    }
    assert said_twice == {}


def account(scope: cdk.Stack, name: str, parent: Parent) -> Account:
    return Account(scope, name, name=name, email=f"aws+{name}@acme.com", parent=parent)


def policy(scope: cdk.Stack, name: str, *targets: Parent | Account) -> Policy:
    return Policy(scope, name, name=name, type=PolicyType.TAG_POLICY, content={"tags": {}}, targets=targets)


@pytest.fixture
def organization_resources(stack: cdk.Stack) -> dict[str, Any]:
    """Units, accounts and policies in an order in which some refer to the one before them and some do not."""
    organization = Organization(stack, "Organization")
    workloads = OrganizationalUnit(stack, "Workloads", name="workloads", parent=organization)
    production = OrganizationalUnit(stack, "Production", name="production", parent=workloads)
    sandbox = OrganizationalUnit(stack, "Sandbox", name="sandbox", parent=organization)
    shop = account(stack, "shop", production)
    dev = account(stack, "dev", workloads)
    play = account(stack, "play", sandbox)
    policy(stack, "none")
    policy(stack, "units", workloads, sandbox)
    toys = account(stack, "toys", sandbox)
    policy(stack, "accounts", shop, dev, play, toys)
    europe = OrganizationalUnit(stack, "Europe", name="europe", parent=production)
    policy(stack, "last", dev, europe)
    account(stack, "root", organization)
    return resources_of(stack)


def test_makes_one_organizations_change_at_a_time(organization_resources: dict[str, Any]) -> None:
    changes = of_service(organization_resources, "Organizations")
    assert len(changes) == 14
    assert_no_two_are_unordered(organization_resources, changes)


def test_makes_organizations_changes_in_the_order_of_their_definition(organization_resources: dict[str, Any]) -> None:
    changes = of_service(organization_resources, "Organizations")
    reached = waits_for(organization_resources)
    assert sorted(changes, key=lambda logical_id: len(reached[logical_id])) == changes


def test_says_no_dependency_twice(organization_resources: dict[str, Any]) -> None:
    assert_no_depends_on_says_what_a_reference_says(organization_resources)


def test_says_no_more_dependencies_than_the_chain_needs(organization_resources: dict[str, Any]) -> None:
    chain = of_service(organization_resources, "Organizations")
    for before, logical_id in itertools.pairwise(chain):
        resource = organization_resources[logical_id]
        expected = [] if before in set(referred(resource["Properties"])) else [before]
        assert resource.get("DependsOn", []) == expected


def test_orders_the_changes_to_an_existing_organization(stack: cdk.Stack) -> None:
    root = Organization.from_attributes(
        organization_id="o-exampleorg1", root_id="r-ab12", management_account_id="111122223333"
    )
    for name in ("dev", "production"):
        account(stack, name, root)
    policy(stack, "policy", root)
    resources = resources_of(stack)
    assert len(resources) == 3
    assert_no_two_are_unordered(resources, list(resources))


def test_orders_the_changes_of_each_stack_by_itself(app: cdk.App) -> None:
    root = Organization.from_attributes(
        organization_id="o-exampleorg1", root_id="r-ab12", management_account_id="111122223333"
    )
    stacks = [cdk.Stack(app, name) for name in ("One", "Two")]
    for name, each in itertools.product(("dev", "production"), stacks):
        account(each, name, root)
    for each in stacks:
        dev, production = Template.from_stack(each).to_json()["Resources"].items()
        assert "DependsOn" not in dev[1]
        assert production[1]["DependsOn"] == [dev[0]]


def test_does_not_order_identity_center_after_organizations(stack: cdk.Stack, identity_center: IdentityCenter) -> None:
    account(stack, "dev", Organization(stack, "Organization"))
    PermissionSet(stack, "Admin", identity_center=identity_center, name="Admin")
    Group(stack, "Admins", identity_center=identity_center, name="Administrators")
    resources = resources_of(stack)
    for service in ("SSO", "IdentityStore"):
        for logical_id in of_service(resources, service):
            assert "DependsOn" not in resources[logical_id]


def assign(stack: cdk.Stack, identity_center: IdentityCenter, account_ids: list[str], groups: int) -> dict[str, Any]:
    """Assign each account to each group, one group after the other, and return the resources."""
    permission_set = PermissionSet(stack, "Admin", identity_center=identity_center, name="Admin")
    for group_id, account_id in itertools.product(GROUP_IDS[:groups], account_ids):
        permission_set.assign(Group.from_group_id(group_id), account_id)
    return resources_of(stack)


def chains_of(resources: dict[str, Any], logical_ids: list[str]) -> list[list[str]]:
    """The chains that the DependsOn of assignments make; each assignment must stand in exactly one."""
    after: dict[str, str] = {}
    first = []
    for logical_id in logical_ids:
        before = resources[logical_id].get("DependsOn", [])
        if not before:
            first.append(logical_id)
        else:
            assert len(before) == 1
            assert before[0] not in after
            after[before[0]] = logical_id
    chains = []
    for logical_id in first:
        chain = [logical_id]
        while chain[-1] in after:
            chain.append(after[chain[-1]])
        chains.append(chain)
    assert sorted(itertools.chain(*chains)) == sorted(logical_ids)
    return chains


def test_makes_ten_assignments_at_a_time_at_most(stack: cdk.Stack, identity_center: IdentityCenter) -> None:
    account_ids = [f"{number:012}" for number in range(23)]
    resources = assign(stack, identity_center, account_ids, groups=3)
    assignments = assignments_of(resources)
    assert len(assignments) == 69
    assert len(chains_of(resources, assignments)) == 10


def test_makes_the_assignments_of_an_account_one_after_the_other(
    stack: cdk.Stack, identity_center: IdentityCenter
) -> None:
    account_ids = [f"{number:012}" for number in range(23)]
    resources = assign(stack, identity_center, account_ids, groups=3)
    for account_id in account_ids:
        of_account = [
            logical_id
            for logical_id, resource in resources.items()
            if resource["Properties"].get("TargetId") == account_id
        ]
        assert len(of_account) == 3
        assert_no_two_are_unordered(resources, of_account)
        reached = waits_for(resources)
        assert sorted(of_account, key=lambda logical_id: len(reached[logical_id])) == of_account


def test_makes_the_assignments_of_ten_accounts_side_by_side(stack: cdk.Stack, identity_center: IdentityCenter) -> None:
    account_ids = [f"{number:012}" for number in range(10)]
    resources = assign(stack, identity_center, account_ids, groups=1)
    assert all("DependsOn" not in resource for resource in resources.values())


def test_shares_a_lane_between_the_first_and_the_eleventh_account(
    stack: cdk.Stack, identity_center: IdentityCenter
) -> None:
    account_ids = [f"{number:012}" for number in range(11)]
    resources = assign(stack, identity_center, account_ids, groups=1)
    by_account = {
        resource["Properties"]["TargetId"]: logical_id
        for logical_id, resource in resources.items()
        if "TargetId" in resource["Properties"]
    }
    assert {logical_id for logical_id, resource in resources.items() if "DependsOn" in resource} == {
        by_account[account_ids[10]]
    }
    assert resources[by_account[account_ids[10]]]["DependsOn"] == [by_account[account_ids[0]]]


def test_keeps_the_lanes_where_assignments_reach_accounts_through_units(
    stack: cdk.Stack, identity_center: IdentityCenter
) -> None:
    organization = Organization(stack, "Organization")
    unit = OrganizationalUnit(stack, "Workloads", name="workloads", parent=organization)
    permission_set = PermissionSet(stack, "Admin", identity_center=identity_center, name="Admin")
    accounts = [account(stack, f"account{number}", unit) for number in range(6)]
    for number, group_id in enumerate(GROUP_IDS[:3]):
        Assignment(
            stack,
            f"Unit{number}",
            permission_set=permission_set,
            principal=Group.from_group_id(group_id),
            targets=[unit],
        )
    accounts += [account(stack, f"account{number}", unit) for number in range(6, 12)]
    resources = resources_of(stack)
    assignments = assignments_of(resources)
    assert len(assignments) == 36
    assert len(chains_of(resources, assignments)) == 10
    for one in accounts:
        account_id = stack.resolve(one.account_id)
        assert_no_two_are_unordered(
            resources, [name for name in assignments if resources[name]["Properties"]["TargetId"] == account_id]
        )
    assert_no_depends_on_says_what_a_reference_says(resources)
    assert_no_two_are_unordered(resources, of_service(resources, "Organizations"))
