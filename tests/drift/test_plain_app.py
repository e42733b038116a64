"""What drift says of an app of plain resources, which has no `OrgBaseline`."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest

from drifting import World
from in_process import local_aws
from local_aws_stacks import (
    EXISTING,
    INSTANCE,
    MANAGEMENT,
    ROOT,
    STORE,
    UNIT,
    account,
    assignment,
    group,
    membership,
    permission_set,
    policy,
    unit,
    user,
)
from org_constructs.drift.finding import How
from org_constructs.rehearsal.local_aws.services.organizations import backend_of
from policy_documents import DENY_LEAVING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from syrupy.assertion import SnapshotAssertion

TAGS: Final = [{"Key": "team", "Value": "platform"}]
RESOURCES: Final = {
    "Outer": unit(),
    "Inner": unit(Name="inner", ParentId={"Ref": "Outer"}),
    "Dev": account("Inner", ParentIds=[{"Ref": "Outer"}], Tags=TAGS),
    "Prod": account("Dev", AccountName="acme-prod", Email="aws+prod@acme.com"),
    "Deny": policy("Prod", TargetIds=[UNIT]),
    "Read": permission_set(Name="ReadOnly"),
    "Team": group(),
    "Dax": user(),
    "Member": membership(GroupId={"Fn::GetAtt": "Team.GroupId"}, MemberId={"UserId": {"Fn::GetAtt": "Dax.UserId"}}),
    **{
        f"To{name}": assignment(
            TargetId={"Ref": name},
            PermissionSetArn={"Fn::GetAtt": "Read.PermissionSetArn"},
            PrincipalId={"Fn::GetAtt": "Team.GroupId"},
        )
        for name in ("Dev", "Prod")
    },
}


@pytest.fixture
def world() -> Iterator[World]:
    with local_aws(MANAGEMENT, "us-east-1") as running:
        running.seed(replace(EXISTING, account_ids=(), permission_set_arns=(), user_ids=(), group_ids=()))
        made = World(running, {"Resources": RESOURCES})
        made.deploy()
        yield made


def ids_of(world: World) -> dict[str, str]:
    """Return what AWS calls each resource."""
    stack = world.live.stack("OrgBaseline")
    assert stack is not None
    ids = dict(stack.resources)
    ids["Read"] = ids["Read"].rpartition("|")[2]
    ids["Dax"] = ids["Dax"].rpartition("/")[2]
    return ids | {name: ids[name].partition("|")[0] for name in ("Team", "Member")}


def said_of(world: World, ids: Mapping[str, str]) -> dict[str, list[str]]:
    """Return what is said of each thing that drifted, with names in the place of ids: its own, and both ways."""

    def named(text: str) -> str:
        for name, aws_id in ids.items():
            text = text.replace(aws_id, f"<{name}>")
        return text

    report = world.look()
    assert (report.unread, report.others) == ((), ())
    assert all(each.take_back.how is not How.NOTHING for each in report.drifts)
    return {
        f"{each.code}: {each.kind} {each.name} {named(each.what)}": [
            named(each.id or ""),
            *map(named, each.take_back.commands),
            f"{each.take_over.how.name}: {each.take_over.text}",
            *(named(f"{paste.place}: {line}") for paste in each.take_over.pastes for line in paste.lines),
        ]
        for each in report.drifts
    }


def test_nothing_drifts_after_a_deploy(world: World) -> None:
    assert said_of(world, ids_of(world)) == {}


def test_what_was_changed(world: World, snapshot: SnapshotAssertion) -> None:
    ids = ids_of(world)
    organizations, sso, store = (world.client(each) for each in ("organizations", "sso-admin", "identitystore"))
    organizations.update_organizational_unit(OrganizationalUnitId=ids["Inner"], Name="renamed")
    organizations.move_account(AccountId=ids["Prod"], SourceParentId=ROOT, DestinationParentId=UNIT)
    organizations.untag_resource(ResourceId=ids["Dev"], TagKeys=["team"])
    organizations.update_policy(PolicyId=ids["Deny"], Description="By hand")
    organizations.detach_policy(PolicyId=ids["Deny"], TargetId=UNIT)
    organizations.attach_policy(PolicyId=ids["Deny"], TargetId=ids["Outer"])
    sso.update_permission_set(InstanceArn=INSTANCE, PermissionSetArn=ids["Read"], SessionDuration="PT2H")
    rename = {"AttributePath": "displayName", "AttributeValue": "Crew"}
    store.update_group(IdentityStoreId=STORE, GroupId=ids["Team"], Operations=[rename])
    rename = {"AttributePath": "displayName", "AttributeValue": "Dax Acme"}
    store.update_user(IdentityStoreId=STORE, UserId=ids["Dax"], Operations=[rename])
    renamed = backend_of(MANAGEMENT).get_account_by_id(ids["Dev"])
    renamed.name = "acme-development"
    assert said_of(world, ids) == snapshot


def test_what_is_gone(world: World, snapshot: SnapshotAssertion) -> None:
    ids = ids_of(world)
    organizations, sso, store = (world.client(each) for each in ("organizations", "sso-admin", "identitystore"))
    organizations.delete_organizational_unit(OrganizationalUnitId=ids["Inner"])
    organizations.detach_policy(PolicyId=ids["Deny"], TargetId=UNIT)
    organizations.delete_policy(PolicyId=ids["Deny"])
    organizations.close_account(AccountId=ids["Prod"])
    store.delete_group_membership(IdentityStoreId=STORE, MembershipId=ids["Member"])
    sso.delete_account_assignment(
        InstanceArn=INSTANCE,
        TargetId=ids["Dev"],
        TargetType="AWS_ACCOUNT",
        PermissionSetArn=ids["Read"],
        PrincipalType="GROUP",
        PrincipalId=ids["Team"],
    )
    assert said_of(world, ids) == snapshot


def test_what_was_made_by_hand(world: World, snapshot: SnapshotAssertion) -> None:
    ids = ids_of(world)
    organizations, sso, store = (world.client(each) for each in ("organizations", "sso-admin", "identitystore"))
    # Of what no resource type makes, it says nothing.
    organizations.enable_aws_service_access(ServicePrincipal="guardduty.amazonaws.com")
    organizations.register_delegated_administrator(AccountId=ids["Dev"], ServicePrincipal="guardduty.amazonaws.com")
    made = organizations.create_organizational_unit(ParentId=ids["Inner"], Name="by-hand")
    ids["unit"] = made["OrganizationalUnit"]["Id"]
    made = organizations.create_account(AccountName="by-hand", Email="hand@acme.com")
    ids["account"] = made["CreateAccountStatus"]["AccountId"]
    made = organizations.create_policy(
        Name="ByHand", Type="SERVICE_CONTROL_POLICY", Description="", Content=json.dumps(DENY_LEAVING)
    )
    ids["policy"] = made["Policy"]["PolicySummary"]["Id"]
    organizations.attach_policy(PolicyId=ids["policy"], TargetId=ids["Outer"])
    made = sso.create_permission_set(InstanceArn=INSTANCE, Name="ByHand")
    ids["set"] = made["PermissionSet"]["PermissionSetArn"]
    for kind in ("USER", "GROUP"):
        sso.create_account_assignment(
            InstanceArn=INSTANCE,
            TargetId=ids["Prod"],
            TargetType="AWS_ACCOUNT",
            PermissionSetArn=ids["set"],
            PrincipalType=kind,
            PrincipalId=ids["Dax" if kind == "USER" else "Team"],
        )
    ids["user"] = store.create_user(
        IdentityStoreId=STORE,
        UserName="kim@acme.com",
        DisplayName="Kim",
        Name={"GivenName": "Kim", "FamilyName": "Acme"},
        Emails=[{"Value": "kim@acme.com", "Primary": True}],
    )["UserId"]
    ids["group"] = store.create_group(IdentityStoreId=STORE, DisplayName="ByHand")["GroupId"]
    # Members of a group that the app does not have are others' business.
    for each in ("group", "Team"):
        member = {"UserId": ids["user"]}
        made = store.create_group_membership(IdentityStoreId=STORE, GroupId=ids[each], MemberId=member)
        ids["membership"] = made["MembershipId"]
    assert said_of(world, ids) == snapshot


def test_a_type_of_policies_that_was_disabled(world: World) -> None:
    ids = ids_of(world)
    # As AWS does it, and moto does not.
    world.client("organizations").detach_policy(PolicyId=ids["Deny"], TargetId=UNIT)
    world.client("organizations").disable_policy_type(RootId=ROOT, PolicyType="SERVICE_CONTROL_POLICY")
    named = "SERVICE_CONTROL_POLICY was disabled, which detached all policies of the type"
    enable = f"aws organizations enable-policy-type --root-id {ROOT} --policy-type SERVICE_CONTROL_POLICY"
    said = said_of(world, ids)
    assert [each.partition(":")[0] for each in said] == ["drift-policy-type", "drift-detached"]
    assert said[f"drift-policy-type: policy type {named}"] == [
        "SERVICE_CONTROL_POLICY",
        enable,
        "TAKE_OUT: Take the policies of the type out of the app, and deploy",
    ]
