"""What AWS has after a deploy: as it was foretold from what it had before, changes by hand included."""

from __future__ import annotations

import json
from random import Random
from typing import TYPE_CHECKING, Any, Final

import pytest

from in_process import local_aws
from local_aws_stacks import Resource, account, deploy, permission_set, resource, unit
from made_by_hand import ADMINISTRATOR_ACCESS, INSTANCE, MANAGEMENT, STORE, Hand
from org_constructs.access_diff.comparison import State, compare
from org_constructs.access_diff.deploy import deploy as foretell
from org_constructs.live.description import describe_live
from org_constructs.live.organization import LiveOrganization
from org_constructs.rehearsal.local_aws import Existing
from org_constructs.templates.description import MANAGEMENT as MANAGEMENT_KEY
from org_constructs.templates.description import ROOT, describe
from org_constructs.templates.saved import from_json, to_json
from org_constructs.templates.values import Environment
from random_organizations import POLICY_TYPES, by_names, get, organization

if TYPE_CHECKING:
    from collections.abc import Iterator

    from org_constructs.rehearsal.local_aws import LocalAws
    from org_constructs.templates.description import Description

NAME: Final = "OrgBaseline"
QUICK: Final = 2
READ_ONLY: Final = "arn:aws:iam::aws:policy/ReadOnlyAccess"
ACCESS: Final = frozenset({"AWS::SSO::Assignment", "AWS::IdentityStore::GroupMembership"})
"""The types of what a change of a template leaves out, without anything else that refers to it."""


@pytest.fixture
def aws() -> Iterator[LocalAws]:
    with local_aws(MANAGEMENT, "us-east-1", new_organization_policy_types=POLICY_TYPES) as running:
        running.seed(Existing(instance_arn=INSTANCE, identity_store_id=STORE))
        yield running


def now(aws: LocalAws) -> Description:
    return describe_live(LiveOrganization(aws.client), own_stacks=[NAME])


def described(resources: dict[str, Resource]) -> Description:
    return describe({NAME: {"Resources": resources}}, {NAME: Environment(None, "us-east-1")})


def properties(resources: dict[str, Resource]) -> dict[str, Any]:
    return {key: each["Properties"] for key, each in resources.items()}


def changed(resources: dict[str, Resource], choose: Random) -> dict[str, Resource]:
    """The template with some assignments and memberships less, other permissions and another group."""
    gone = {key for key, each in resources.items() if each["Type"] in ACCESS and choose.random() < 1 / 3}
    kept: dict[str, Resource] = {}
    for key, each in resources.items():
        if key in gone:
            continue
        # Each thing is still made after the one before.
        kept[key] = {**each, "DependsOn": [list(kept)[-1]] if kept else []}
        if each["Type"] == "AWS::SSO::PermissionSet" and choose.random() < 1 / 2:
            given = {**each["Properties"], "ManagedPolicies": [READ_ONLY], "SessionDuration": "PT2H"}
            kept[key] = {**kept[key], "Properties": given}
        if each["Type"] == "AWS::Organizations::Policy" and choose.random() < 1 / 2:
            kept[key] = {**kept[key], "Properties": {**each["Properties"], "TargetIds": []}}
    if "User0" in kept:
        member = {"UserId": {"Fn::GetAtt": ["User0", "UserId"]}}
        of = {"GroupId": {"Fn::GetAtt": ["New", "GroupId"]}, "IdentityStoreId": STORE}
        kept["New"] = {
            "Type": "AWS::IdentityStore::Group",
            "Properties": {"IdentityStoreId": STORE, "DisplayName": "New"},
        }
        kept["NewMember"] = {"Type": "AWS::IdentityStore::GroupMembership", "Properties": {**of, "MemberId": member}}
    return kept


def edit_by_hand(aws: LocalAws, choose: Random) -> None:
    """Add, change and take away what an administrator may with a few clicks."""
    hand, found = Hand(aws), now(aws)
    mallory = hand.user("mallory@acme.com", "mallory@acme.com")
    hand.assign(choose.choice(sorted(found.permission_sets)), mallory, MANAGEMENT, kind="USER")
    for group in sorted(found.groups):
        if choose.random() < 1 / 2:
            hand.member(group, mallory)
    for each in (edit_permission_sets, delete_assignments, delete_memberships, detach_policies, rename_groups):
        each(aws, found, choose)


def edit_permission_sets(aws: LocalAws, found: Description, choose: Random) -> None:
    for arn, each in found.permission_sets.items():
        if choose.random() < 1 / 2 and ADMINISTRATOR_ACCESS not in each.properties.get("ManagedPolicies", ()):
            aws.client("sso-admin").attach_managed_policy_to_permission_set(
                InstanceArn=INSTANCE, PermissionSetArn=arn, ManagedPolicyArn=ADMINISTRATOR_ACCESS
            )


def rename_groups(aws: LocalAws, found: Description, choose: Random) -> None:
    for key, each in found.groups.items():
        if choose.random() < 1 / 2:
            aws.client("identitystore").update_group(
                IdentityStoreId=STORE,
                GroupId=key,
                Operations=[{"AttributePath": "displayName", "AttributeValue": f"{each.name} by hand"}],
            )


def delete_assignments(aws: LocalAws, found: Description, choose: Random) -> None:
    for each in found.assignments:
        if choose.random() < 1 / 4:
            aws.client("sso-admin").delete_account_assignment(
                InstanceArn=INSTANCE,
                TargetId=MANAGEMENT if each.account == MANAGEMENT_KEY else each.account,
                TargetType="AWS_ACCOUNT",
                PermissionSetArn=each.permission_set,
                PrincipalType="GROUP" if each.principal in found.groups else "USER",
                PrincipalId=each.principal,
            )


def delete_memberships(aws: LocalAws, found: Description, choose: Random) -> None:
    for group, each in found.groups.items():
        for membership in LiveOrganization(aws.client).memberships(STORE, group):
            if membership.user_id in each.members and choose.random() < 1 / 4:
                aws.client("identitystore").delete_group_membership(IdentityStoreId=STORE, MembershipId=membership.id)


def detach_policies(aws: LocalAws, found: Description, choose: Random) -> None:
    for key, policy in found.policies.items():
        for target in policy.targets:
            if choose.random() < 1 / 3 and target not in {MANAGEMENT_KEY, ROOT}:
                aws.client("organizations").detach_policy(PolicyId=key, TargetId=target)


@pytest.mark.parametrize(
    "seed", [each if each < QUICK else pytest.param(each, marks=pytest.mark.long) for each in range(30)]
)
def test_foretells_what_aws_has_after_the_deploy(aws: LocalAws, seed: int) -> None:
    choose = Random(seed)  # noqa: S311 (the same organizations each time)
    before = organization(choose)
    assert deploy(aws, NAME, **before) == ("CREATE_COMPLETE", "")
    edit_by_hand(aws, choose)
    had, after = now(aws), changed(before, choose)
    _, foretold = foretell(had, described(after))
    # CloudFormation refuses an update of nothing. One that takes away what a hand has taken away already goes on.
    if properties(after) != properties(before):
        deploy(aws, NAME, **after)
    assert by_names(foretold.description) == by_names(now(aws))


def test_a_deploy_of_the_same_changes_nothing_whatever_was_changed_by_hand(aws: LocalAws) -> None:
    choose = Random(3)  # noqa: S311 (the same organization each time)
    resources = organization(choose)
    deploy(aws, NAME, **resources)
    edit_by_hand(aws, choose)
    had = now(aws)
    assert compare(State(had), State(now(aws))).changes == ()
    assert compare(*foretell(had, described(resources))).changes == ()
    saved = from_json(json.loads(to_json(had)))
    assert compare(*foretell(saved, described(resources))).changes == ()


def test_what_templates_deployed_is_what_they_say(aws: LocalAws) -> None:
    resources = organization(Random(5))  # noqa: S311 (the same organization each time)
    deploy(aws, NAME, **resources)
    comparison = compare(State.of(described(resources)), State(now(aws)))
    assert (comparison.changes, comparison.unread) == ((), ())


def test_what_templates_say_for_the_first_time_becomes_so_where_it_is_there(aws: LocalAws) -> None:
    hand = Hand(aws)
    hand.organization()
    account_id, arn = hand.account("acme-dev", "dev@acme.com"), hand.permission_set(session="PT12H")
    of_the_set = {"Name": "AdministratorAccess", "SessionDuration": "PT2H"}
    resources = {
        "Organization": resource("AWS::Organizations::Organization", FeatureSet="ALL"),
        "Unit": unit(Name="Workloads", ParentId=get("Organization", "RootId")),
        "Dev": account(AccountName="acme-dev", Email="dev@acme.com", ParentIds=[get("Unit", "Id")]),
        "Set": permission_set(InstanceArn=INSTANCE, **of_the_set),
    }
    _, foretold = foretell(now(aws), described(resources))
    after = foretold.description
    assert after.organizational_units[str(after.accounts[account_id].parent)].name == "Workloads"
    assert after.permission_sets[arn].properties["SessionDuration"] == "PT2H"


def test_an_account_that_leaves_its_stack_is_closed_or_kept(aws: LocalAws) -> None:
    resources: dict[str, Any] = {
        "Organization": {"Type": "AWS::Organizations::Organization", "Properties": {"FeatureSet": "ALL"}}
    }
    for name, policy in {"Closed": "Delete", "Kept": "Retain"}.items():
        resources[name] = {
            "Type": "AWS::Organizations::Account",
            "DeletionPolicy": policy,
            "DependsOn": list(resources)[-1],
            "Properties": {"AccountName": name, "Email": f"{name}@acme.com"},
        }
    deploy(aws, NAME, **resources)
    del resources["Closed"], resources["Kept"]
    before, after = foretell(now(aws), described(resources))
    left = {each.name for each in after.description.accounts.values()}
    assert "Kept" in left
    assert "Closed" not in left
    assert [
        change.sentence for change in compare(before, after).changes if "DeletionPolicy is Delete" in change.sentence
    ]
