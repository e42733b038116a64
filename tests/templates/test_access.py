"""Who has access where, and the policies in force, from templates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from org_constructs.templates.access import effective_access, lineage, policies_in_force
from org_constructs.templates.description import MANAGEMENT, ROOT, describe
from organizations import ORGANIZATIONS, template_of

if TYPE_CHECKING:
    from org_constructs.templates.description import Description

STORE = {"IdentityStoreId": "d-1111222233"}
A_GROUP, A_USER = (f"1111222233-11112222-3333-4444-5555-66667777{last}" for last in ("9999", "8888"))


def described(name: str) -> Description:
    return describe({"OrgBaseline": template_of(name)})


def membership(group: Any, user: Any) -> dict[str, Any]:
    return {
        "Type": "AWS::IdentityStore::GroupMembership",
        "Properties": {**STORE, "GroupId": group, "MemberId": {"UserId": user}},
    }


def assignment(principal: Any, kind: str = "GROUP", account: Any = "444455556666") -> dict[str, Any]:
    return {
        "Type": "AWS::SSO::Assignment",
        "Properties": {
            "PermissionSetArn": {"Fn::GetAtt": ["Set", "PermissionSetArn"]},
            "PrincipalId": principal,
            "PrincipalType": kind,
            "TargetId": account,
        },
    }


def statements(**resources: Any) -> set[str]:
    resources["Set"] = {"Type": "AWS::SSO::PermissionSet", "Properties": {"Name": "Admin"}}
    return {str(each) for each in effective_access(describe({"S": {"Resources": resources}}))}


def group(name: str = "Developers") -> dict[str, Any]:
    return {"Type": "AWS::IdentityStore::Group", "Properties": {**STORE, "DisplayName": name}}


def user(name: str) -> dict[str, Any]:
    return {"Type": "AWS::IdentityStore::User", "Properties": {**STORE, "UserName": name}}


def ref(name: str, attribute: str) -> dict[str, Any]:
    return {"Fn::GetAtt": [name, attribute]}


def test_says_who_can_do_what_where_through_which_group() -> None:
    assert {str(each) for each in effective_access(described("grown"))} == {
        *(
            f"{who}@acme.com has AdministratorAccess in {account} (through group Administrators)"
            for who in ("dax", "kim")
            for account in (
                "acme", "acme-billing", "acme-dev", "acme-logs", "acme-production", "acme-sandbox", "acme-staging",
            )
        ),
        *(
            f"kim@acme.com has Developer in {account} (through group Developers)"
            for account in ("acme-dev", "acme-staging", "acme-sandbox")
        ),
        "kim@acme.com has ReadOnly in acme-production (through group Developers)",
        "kim@acme.com has ReadOnly in acme-billing (through group Developers)",
        "kim@acme.com has ReadOnly in acme-logs (through group Auditors)",
        "kim@acme.com has ReadOnly in acme-dev (through group Auditors)",
        "kim@acme.com has ReadOnly in acme-staging (through group Auditors)",
        "lou has ReadOnly in acme-billing",
    }  # fmt: skip


def test_a_group_that_exists_already_stands_for_everybody_in_it() -> None:
    assert {str(each) for each in effective_access(described("existing"))} == {
        "everybody in group aws-admins has AdministratorAccess in acme",
        "everybody in group aws-admins has AdministratorAccess in acme-legacy",
        "everybody in group aws-admins has AdministratorAccess in acme-dev",
        "everybody in group aws-admins has AdministratorAccess in acme-staging",
        "dax@acme.com has Support in acme-legacy",
        "dax@acme.com has Support in acme-staging",
    }


def test_whom_a_template_puts_in_a_group_that_exists_already_is_named_as_well() -> None:
    found = statements(Dax=user("dax"), In=membership(A_GROUP, ref("Dax", "UserId")), Of=assignment(A_GROUP))
    assert found == {
        f"everybody in group {A_GROUP} has Admin in 444455556666",
        f"dax has Admin in 444455556666 (through group {A_GROUP})",
    }


def test_a_group_without_members_gives_nobody_anything() -> None:
    assert statements(Developers=group(), Of=assignment(ref("Developers", "GroupId"))) == set()


def test_two_ways_to_the_same_are_two_statements() -> None:
    found = statements(
        Dax=user("dax"),
        Developers=group(),
        In=membership(ref("Developers", "GroupId"), ref("Dax", "UserId")),
        ByGroup=assignment(ref("Developers", "GroupId")),
        Direct=assignment(ref("Dax", "UserId"), "USER"),
        Existing=assignment(A_USER, "USER"),
    )
    assert found == {
        "dax has Admin in 444455556666 (through group Developers)",
        "dax has Admin in 444455556666",
        f"{A_USER} has Admin in 444455556666",
    }


def test_a_name_is_no_part_of_what_a_statement_is() -> None:
    def access(name: str) -> frozenset[Any]:
        resources = {
            "Dax": user("dax"),
            "G": group(name),
            "In": membership(ref("G", "GroupId"), ref("Dax", "UserId")),
            "Of": assignment(ref("G", "GroupId")),
            "Set": {"Type": "AWS::SSO::PermissionSet", "Properties": {"Name": name}},
        }
        return effective_access(describe({"S": {"Resources": resources}}))

    assert access("Developers") == access("Builders")
    assert {str(each) for each in access("Developers")} != {str(each) for each in access("Builders")}


def test_policies_apply_from_the_root_down() -> None:
    assert {str(each) for each in policies_in_force(described("grown"))} == {
        "deny-leaving applies to root",
        *(
            f"deny-leaving applies to {place} (attached to root)"
            for place in (
                "security", "workloads", "development", "Production workloads", "acme-logs", "acme-dev",
                "acme-staging", "acme-production", "acme-billing", "acme-sandbox",
            )
        ),
        "deny-users applies to workloads",
        *(
            f"deny-users applies to {place} (attached to workloads)"
            for place in (
                "development", "Production workloads", "acme-dev", "acme-staging", "acme-production", "acme-billing",
            )
        ),
        "deny-users applies to acme-sandbox",
        *(
            f"backups applies to acme-{account}"
            for account in ("logs", "dev", "staging", "production", "billing", "sandbox")
        ),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("policy_type", "reaches"),
    [("SERVICE_CONTROL_POLICY", False), ("RESOURCE_CONTROL_POLICY", False), ("BACKUP_POLICY", True)],
)
def test_service_and_resource_control_policies_spare_the_management_account(policy_type: str, *, reaches: bool) -> None:
    policy = {"Name": "p", "Type": policy_type, "Content": {}, "TargetIds": ["r-ab12", {"Ref": "AWS::AccountId"}]}
    template = {"Resources": {"P": {"Type": "AWS::Organizations::Policy", "Properties": policy}}}
    places = {each.place.key for each in policies_in_force(describe({"S": template}))}
    assert places == ({ROOT, MANAGEMENT} if reaches else {ROOT})


def test_the_policies_of_the_root_reach_what_no_template_says_the_place_of() -> None:
    found = {str(each) for each in policies_in_force(described("existing"))}
    assert "deny-leaving applies to acme-legacy (attached to root)" in found
    assert "deny-leaving applies to acme-legacy" in found
    assert "deny-leaving applies to new (attached to workloads)" in found


def test_units_that_are_in_one_another_end_somewhere() -> None:
    resources = {
        name: {
            "Type": "AWS::Organizations::OrganizationalUnit",
            "Properties": {"Name": name, "ParentId": ref(parent, "Id")},
        }
        for name, parent in (("A", "B"), ("B", "A"))
    }
    assert lineage(describe({"S": {"Resources": resources}}), "S/A") == (ROOT, "S/B", "S/A")


@pytest.mark.parametrize("name", ORGANIZATIONS)
def test_every_statement_is_about_something_described(name: str) -> None:
    description = described(name)
    accesses = effective_access(description)
    assert len(accesses) > 2
    for each in accesses:
        assert each.who.key in (description.groups if each.everybody else description.users)
        assert each.account.name == description.accounts[each.account.key].name
        assert each.permission_set.name == description.permission_sets[each.permission_set.key].name
