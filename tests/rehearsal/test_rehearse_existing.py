import json
from pathlib import Path
from typing import Any

from syrupy.assertion import SnapshotAssertion

from cloud_assembly import ACCOUNT, IDENTITY_STORE_ID, INSTANCE_ARN, baseline, get, stack, write_assembly
from org_constructs.rehearsal.local_aws.existing import Existing
from org_constructs.rehearsal.selection import select
from org_constructs.rehearsal.taken_as_existing import describe_existing, find_existing
from org_constructs.templates.assembly import read_stacks
from refusals import refuses

ASSIGNED = {
    "InstanceArn": INSTANCE_ARN,
    "PermissionSetArn": "arn:aws:sso:::permissionSet/ssoins-7223b02f4f2ea1c5/ps-0123456789abcdef",
    "PrincipalId": "90677a3e-5041-70d6-8e7e-5d3b5f4b1e6a",
    "PrincipalType": "USER",
    "TargetId": "444455556666",
    "TargetType": "AWS_ACCOUNT",
}


def existing(folder: Path, resources: dict[str, Any], **template: Any) -> Existing:
    described = stack(resources)
    described["template"].update(template)
    return find_existing(select(read_stacks(write_assembly(folder, {"OrgBaseline": described}))))


def test_takes_nothing_but_the_instance_for_a_new_organization(tmp_path: Path) -> None:
    assert existing(tmp_path, baseline()) == Existing(instance_arn=INSTANCE_ARN, identity_store_id=IDENTITY_STORE_ID)


def test_takes_no_instance_for_an_app_without_identity_center(tmp_path: Path) -> None:
    assert existing(tmp_path, {"Organization": {"Type": "AWS::Organizations::Organization"}}) == Existing()


def test_takes_an_organization_where_the_app_creates_none(tmp_path: Path) -> None:
    unit = {
        "Type": "AWS::Organizations::OrganizationalUnit",
        "Properties": {"Name": "workloads", "ParentId": "r-a1b2"},
    }
    found = existing(tmp_path, {"Unit": unit}, Metadata={"Organization": "o-a1b2c3d4e5"})
    assert (found.organization_id, found.root_id) == ("o-a1b2c3d4e5", "r-a1b2")


def test_takes_an_organization_under_an_example_id_where_the_app_does_not_name_it(tmp_path: Path) -> None:
    found = existing(
        tmp_path, {"Group": {"Type": "AWS::IdentityStore::Group", "Properties": {"DisplayName": "Admins"}}}
    )
    assert found.organization_id == "o-exampleorgid"


def test_takes_units_and_accounts_that_parents_and_targets_name(tmp_path: Path) -> None:
    resources = {
        "Account": {"Type": "AWS::Organizations::Account", "Properties": {"ParentIds": ["ou-a1b2-11111111"]}},
        "Policy": {
            "Type": "AWS::Organizations::Policy",
            "Properties": {"TargetIds": ["ou-a1b2-22222222", "444455556666", get("Account", "AccountId")]},
        },
    }
    found = existing(tmp_path, resources)
    assert found.organizational_unit_ids == ("ou-a1b2-11111111", "ou-a1b2-22222222")
    assert found.account_ids == ("444455556666",)


def test_takes_what_an_assignment_names(tmp_path: Path) -> None:
    found = existing(tmp_path, {"Assignment": {"Type": "AWS::SSO::Assignment", "Properties": ASSIGNED}})
    assert found.account_ids == ("444455556666",)
    assert found.user_ids == ("90677a3e-5041-70d6-8e7e-5d3b5f4b1e6a",)
    assert found.group_ids == ()
    assert found.permission_set_arns == (ASSIGNED["PermissionSetArn"],)


def test_tells_a_group_from_a_user_by_the_principal_type(tmp_path: Path) -> None:
    assignment = {"Type": "AWS::SSO::Assignment", "Properties": ASSIGNED | {"PrincipalType": "GROUP"}}
    found = existing(tmp_path, {"Assignment": assignment})
    assert (found.user_ids, found.group_ids) == ((), ("90677a3e-5041-70d6-8e7e-5d3b5f4b1e6a",))


def test_does_not_take_the_management_account_as_another_one(tmp_path: Path) -> None:
    assignments = {
        name: {"Type": "AWS::SSO::Assignment", "Properties": ASSIGNED | {"TargetId": target}}
        for name, target in {"Literal": ACCOUNT, "Pseudo": {"Ref": "AWS::AccountId"}}.items()
    }
    assert existing(tmp_path, assignments).account_ids == ()


def test_takes_no_account_of_an_organization_that_the_app_only_creates(tmp_path: Path) -> None:
    assignment = {"Type": "AWS::SSO::Assignment", "Properties": ASSIGNED}
    found = existing(tmp_path, {"Organization": {"Type": "AWS::Organizations::Organization"}, "Assignment": assignment})
    assert (found.organization_id, found.account_ids) == (None, ())


def test_takes_both_sides_of_a_membership(tmp_path: Path) -> None:
    membership = {
        "Type": "AWS::IdentityStore::GroupMembership",
        "Properties": {
            "IdentityStoreId": IDENTITY_STORE_ID,
            "GroupId": "11111111-5041-70d6-8e7e-5d3b5f4b1e6a",
            "MemberId": {"UserId": "22222222-5041-70d6-8e7e-5d3b5f4b1e6a"},
        },
    }
    found = existing(tmp_path, {"Membership": membership})
    assert found.group_ids == ("11111111-5041-70d6-8e7e-5d3b5f4b1e6a",)
    assert found.user_ids == ("22222222-5041-70d6-8e7e-5d3b5f4b1e6a",)


def test_finds_the_identity_store_in_the_call_of_a_custom_resource(tmp_path: Path) -> None:
    call = json.dumps({"service": "IdentityStore", "parameters": {"IdentityStoreId": IDENTITY_STORE_ID}})
    resources = {
        "Organization": {"Type": "AWS::Organizations::Organization"},
        "User": {"Type": "Custom::AWS", "Properties": {"Create": call}},
    }
    assert existing(tmp_path, resources).identity_store_id == IDENTITY_STORE_ID


def test_resolves_parameters_with_a_default_and_the_partition(tmp_path: Path) -> None:
    joined = {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":sso:::instance/ssoins-7223b02f4f2ea1c5"]]}
    resources = {
        "PermissionSet": {"Type": "AWS::SSO::PermissionSet", "Properties": {"InstanceArn": joined}},
        "Group": {"Type": "AWS::IdentityStore::Group", "Properties": {"IdentityStoreId": {"Ref": "Store"}}},
    }
    found = existing(tmp_path, resources, Parameters={"Store": {"Type": "String", "Default": IDENTITY_STORE_ID}})
    assert (found.instance_arn, found.identity_store_id) == (INSTANCE_ARN, IDENTITY_STORE_ID)


def test_refuses_two_instances(tmp_path: Path) -> None:
    resources = {
        name: {"Type": "AWS::SSO::PermissionSet", "Properties": {"InstanceArn": f"{INSTANCE_ARN[:-1]}{name}"}}
        for name in "12"
    }
    with refuses("several-organizations", "instance", f"{INSTANCE_ARN[:-1]}1", f"{INSTANCE_ARN[:-1]}2"):
        existing(tmp_path, resources)


def test_says_in_one_line_what_it_takes(tmp_path: Path, snapshot: SnapshotAssertion) -> None:
    taken = describe_existing(existing(tmp_path, {"A": {"Type": "AWS::SSO::Assignment", "Properties": ASSIGNED}}))
    assert taken == snapshot


def test_calls_what_exists_as_the_app_does(tmp_path: Path) -> None:
    metadata = {"OrgBaseline": {"ExistingNames": {"444455556666": "acme-legacy"}}}
    found = existing(tmp_path, {"A": {"Type": "AWS::SSO::Assignment", "Properties": ASSIGNED}}, Metadata=metadata)
    assert "the account acme-legacy (444455556666), the user 90677a3e" in describe_existing(found)


def test_says_nothing_where_it_takes_nothing() -> None:
    assert describe_existing(Existing()) == ""
