"""What a local stack does as CloudFormation does it: order, update, replacement, rollback, deletion, change sets."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError
from syrupy.assertion import SnapshotAssertion

from local_aws_stacks import (
    DEV,
    EXISTING,
    INSTANCE,
    MANAGEMENT,
    PERMISSION_SET,
    ROOT,
    STORE,
    UNIT,
    Resource,
    account,
    assignment,
    deploy,
    group,
    happened,
    membership,
    permission_set,
    physical_id,
    policy,
    resource,
    unit,
    user,
)
from org_constructs.rehearsal.local_aws import LocalAws
from policy_documents import ALLOW_LISTING
from refusals import without_ids

OTHER_PERMISSION_SET = PERMISSION_SET.replace("ps-1", "ps-2")
ACCOUNTS = tuple(f"3333{number:08}" for number in range(12))


@pytest.fixture
def empty_aws() -> Iterator[LocalAws]:
    with LocalAws(management_account_id=MANAGEMENT, region="us-east-1") as running:
        yield running


@pytest.fixture
def aws(empty_aws: LocalAws) -> LocalAws:
    accounts, permission_set_arns = (DEV, *ACCOUNTS), (PERMISSION_SET, OTHER_PERMISSION_SET)
    empty_aws.seed(replace(EXISTING, account_ids=accounts, permission_set_arns=permission_set_arns))
    return empty_aws


def units(aws: LocalAws) -> list[str]:
    listed = aws.client("organizations").list_organizational_units_for_parent(ParentId=ROOT)["OrganizationalUnits"]
    return [found["Name"] for found in listed if not found["Name"].startswith("existing")]


def permission_sets(aws: LocalAws) -> list[str]:
    sso = aws.client("sso-admin")
    arns = sso.list_permission_sets(InstanceArn=INSTANCE)["PermissionSets"]
    found = [sso.describe_permission_set(InstanceArn=INSTANCE, PermissionSetArn=a)["PermissionSet"] for a in arns]
    return [each["Name"] for each in found if not each["Name"].startswith("Existing")]


def notes(aws: LocalAws) -> list[str]:
    """What the local AWS says of its own to the stack's events, the first first."""
    cloudformation = aws.client("cloudformation")
    [stack] = cloudformation.list_stacks()["StackSummaries"]
    events = cloudformation.describe_stack_events(StackName=stack["StackId"])["StackEvents"][::-1]
    reasons = [event.get("ResourceStatusReason", "") for event in events]
    return [reason for reason in reasons if "[local AWS:" in reason]


class TestAtOnce:
    def test_refuses_two_organization_changes_that_nothing_orders(
        self, aws: LocalAws, snapshot: SnapshotAssertion
    ) -> None:
        status, reason = deploy(aws, Unit=unit(), Dev=account())
        assert status == "ROLLBACK_COMPLETE"
        assert without_ids(reason) == snapshot
        assert "Dev would run while Unit does" in reason
        assert units(aws) == []

    def test_takes_organization_changes_that_are_one_chain(self, aws: LocalAws) -> None:
        status, _ = deploy(aws, Policy=policy("Dev"), Dev=account("Unit"), Unit=unit())
        assert status == "CREATE_COMPLETE"
        made = [told for told in happened(aws) if told.endswith("CREATE_COMPLETE")]
        assert made == ["Unit CREATE_COMPLETE", "Dev CREATE_COMPLETE", "Policy CREATE_COMPLETE"]

    def test_counts_an_order_through_something_else(self, aws: LocalAws) -> None:
        between = group()
        between["DependsOn"] = ["Unit"]
        status, _ = deploy(aws, Unit=unit(), Team=between, Dev=account("Team"))
        assert status == "CREATE_COMPLETE"

    def test_refuses_two_updates_that_nothing_orders(self, aws: LocalAws, snapshot: SnapshotAssertion) -> None:
        deploy(aws, Unit=unit(), Dev=account("Unit"))
        tags = [{"Key": "Stage", "Value": "dev"}]
        status, reason = deploy(aws, Unit=unit(Tags=tags), Dev=account(Tags=tags))
        assert status == "UPDATE_ROLLBACK_COMPLETE"
        assert without_ids(reason) == snapshot

    def test_minds_only_what_changes(self, aws: LocalAws) -> None:
        deploy(aws, Unit=unit(), Dev=account("Unit"))
        status, _ = deploy(aws, Unit=unit(Name="Renamed"), Dev=account())
        assert status == "UPDATE_COMPLETE"

    def test_says_that_two_assignments_of_one_account_that_nothing_orders_are_slow(
        self, aws: LocalAws, snapshot: SnapshotAssertion
    ) -> None:
        other = assignment(PermissionSetArn=OTHER_PERMISSION_SET)
        assert deploy(aws, One=assignment(), Other=other) == ("CREATE_COMPLETE", "")
        [note] = notes(aws)
        assert f"One is of account {DEV} too" in note
        assert without_ids(note) == snapshot
        aws.client("cloudformation").delete_stack(StackName="OrgBaseline")
        assert f"Other is of account {DEV} too" in notes(aws)[1]

    def test_says_nothing_of_two_assignments_of_one_account_in_order(self, aws: LocalAws) -> None:
        other = assignment("One", PermissionSetArn=OTHER_PERMISSION_SET)
        assert deploy(aws, One=assignment(), Other=other) == ("CREATE_COMPLETE", "")
        assert notes(aws) == []

    def test_says_nothing_of_ten_assignments_at_once(self, aws: LocalAws) -> None:
        ten = {f"A{number}": assignment(TargetId=target) for number, target in enumerate(ACCOUNTS[:10])}
        assert deploy(aws, **ten) == ("CREATE_COMPLETE", "")
        assert notes(aws) == []

    def test_says_that_the_eleventh_assignment_at_once_is_slow(
        self, aws: LocalAws, snapshot: SnapshotAssertion
    ) -> None:
        eleven = {f"A{number}": assignment(TargetId=target) for number, target in enumerate(ACCOUNTS[:11])}
        assert deploy(aws, **eleven) == ("CREATE_COMPLETE", "")
        [note] = notes(aws)
        assert without_ids(note) == snapshot

    def test_says_nothing_of_twelve_assignments_in_ten_lanes(self, aws: LocalAws) -> None:
        lanes = {
            f"A{number}": assignment(*([f"A{number - 10}"] if number >= 10 else []), TargetId=target)
            for number, target in enumerate(ACCOUNTS)
        }
        assert deploy(aws, **lanes) == ("CREATE_COMPLETE", "")
        assert notes(aws) == []

    def test_deletes_units_that_nothing_orders_not_at_once(self, aws: LocalAws) -> None:
        deploy(aws, One=unit(Name="One"))
        body = {"One": unit(Name="One"), "Other": unit("One", Name="Other")}
        deploy(aws, **body)
        deploy(aws, One=unit(Name="One"), Other=unit(Name="Other"))
        aws.client("cloudformation").delete_stack(StackName="OrgBaseline")
        assert "Other DELETE_FAILED" in happened(aws)
        assert aws.client("cloudformation").describe_stacks()["Stacks"][0]["StackStatus"] == "DELETE_FAILED"


class TestUpdate:
    def test_touches_only_what_changed(self, aws: LocalAws) -> None:
        deploy(aws, Admin=permission_set(), Team=group())
        before = len(happened(aws))
        status, _ = deploy(aws, Admin=permission_set(SessionDuration="PT12H"), Team=group())
        assert status == "UPDATE_COMPLETE"
        assert happened(aws, since=before) == ["Admin UPDATE_IN_PROGRESS", "Admin UPDATE_COMPLETE"]

    def test_changes_nothing_for_another_order(self, aws: LocalAws) -> None:
        deploy(aws, Admin=permission_set(), Team=group())
        before = len(happened(aws))
        status, _ = deploy(aws, Admin=permission_set("Team"), Team=group())
        assert status == "UPDATE_COMPLETE"
        assert happened(aws, since=before) == []

    def test_refuses_an_update_without_changes(self, aws: LocalAws, snapshot: SnapshotAssertion) -> None:
        deploy(aws, Team=group())
        with pytest.raises(ClientError) as refused:
            deploy(aws, Team=group())
        assert without_ids(str(refused.value)) == snapshot

    def test_moves_an_account_in_place(self, aws: LocalAws) -> None:
        deploy(aws, Dev=account())
        account_id = physical_id(aws, "Dev")
        status, _ = deploy(aws, Dev=account(ParentIds=[UNIT]))
        assert status == "UPDATE_COMPLETE"
        assert physical_id(aws, "Dev") == account_id
        parents = aws.client("organizations").list_parents(ChildId=account_id)["Parents"]
        assert parents == [{"Id": UNIT, "Type": "ORGANIZATIONAL_UNIT"}]

    def test_changes_a_permission_set_in_place(self, aws: LocalAws) -> None:
        administrator, view = (
            f"arn:aws:iam::aws:policy/{name}" for name in ("AdministratorAccess", "job-function/ViewOnlyAccess")
        )
        deploy(aws, Admin=permission_set(ManagedPolicies=[administrator], InlinePolicy=ALLOW_LISTING))
        arn = physical_id(aws, "Admin").split("|")[1]
        deploy(aws, Admin=permission_set(ManagedPolicies=[view], Description="View", SessionDuration="PT2H"))
        sso = aws.client("sso-admin")
        where = {"InstanceArn": INSTANCE, "PermissionSetArn": arn}
        attached = sso.list_managed_policies_in_permission_set(**where)["AttachedManagedPolicies"]
        assert [each["Arn"] for each in attached] == [view]
        assert sso.get_inline_policy_for_permission_set(**where)["InlinePolicy"] == ""
        described = sso.describe_permission_set(**where)["PermissionSet"]
        assert (described["Description"], described["SessionDuration"]) == ("View", "PT2H")

    def test_an_update_of_a_permission_set_takes_back_what_was_done_by_hand(self, aws: LocalAws) -> None:
        # updateManagedPolicyAttachment of the published handler lists what is attached.
        administrator = "arn:aws:iam::aws:policy/AdministratorAccess"
        view = "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess"
        deploy(aws, Admin=permission_set(ManagedPolicies=[view]))
        where = {"InstanceArn": INSTANCE, "PermissionSetArn": physical_id(aws, "Admin").split("|")[-1]}
        sso = aws.client("sso-admin")
        sso.attach_managed_policy_to_permission_set(ManagedPolicyArn=administrator, **where)
        sso.detach_managed_policy_from_permission_set(ManagedPolicyArn=view, **where)
        sso.put_inline_policy_to_permission_set(InlinePolicy=json.dumps(ALLOW_LISTING), **where)
        assert deploy(aws, Admin=permission_set(ManagedPolicies=[view], Description="View"))[0] == "UPDATE_COMPLETE"
        attached = sso.list_managed_policies_in_permission_set(**where)["AttachedManagedPolicies"]
        assert [policy["Arn"] for policy in attached] == [view]
        assert sso.get_inline_policy_for_permission_set(**where)["InlinePolicy"] == ""

    def test_changes_a_users_name_in_place(self, aws: LocalAws) -> None:
        deploy(aws, Dax=user())
        arn = physical_id(aws, "Dax")
        deploy(aws, Dax=user(DisplayName="Dax A", Name={"GivenName": "Dax", "FamilyName": "A"}))
        assert physical_id(aws, "Dax") == arn
        user_id = arn.rsplit("/", 1)[-1]
        described = aws.client("identitystore").describe_user(IdentityStoreId=STORE, UserId=user_id)
        assert (described["DisplayName"], described["Name"]["FamilyName"]) == ("Dax A", "A")

    def test_attaches_and_detaches_a_policy(self, aws: LocalAws) -> None:
        deploy(aws, Deny=policy(TargetIds=[DEV]))
        deploy(aws, Deny=policy(TargetIds=[UNIT]))
        targets = aws.client("organizations").list_targets_for_policy(PolicyId=physical_id(aws, "Deny"))["Targets"]
        assert [target["TargetId"] for target in targets] == [UNIT]

    def test_changes_what_a_policy_says(self, aws: LocalAws) -> None:
        deploy(aws, Deny=policy())
        deploy(aws, Deny=policy(Content=ALLOW_LISTING))
        described = aws.client("organizations").describe_policy(PolicyId=physical_id(aws, "Deny"))["Policy"]
        assert json.loads(described["Content"]) == ALLOW_LISTING

    def test_attaches_and_detaches_policies_of_the_accounts_own(self, aws: LocalAws) -> None:
        named = [{"Name": name, "Path": path} for name, path in (("Build", "/"), ("Read", "/acme/"), ("Write", "/"))]
        deploy(aws, Admin=permission_set(CustomerManagedPolicyReferences=named[:2]))
        deploy(aws, Admin=permission_set(CustomerManagedPolicyReferences=named[1:]))
        attached = aws.client("sso-admin").list_customer_managed_policy_references_in_permission_set(
            InstanceArn=INSTANCE, PermissionSetArn=physical_id(aws, "Admin").split("|")[1]
        )["CustomerManagedPolicyReferences"]
        assert sorted(attached, key=lambda each: each["Name"]) == named[1:]

    def test_replaces_what_has_a_new_create_only_property(self, aws: LocalAws) -> None:
        deploy(aws, Admin=permission_set(), Access=assigned_with_admin())
        old = physical_id(aws, "Admin")
        before = len(happened(aws))
        status, reason = deploy(aws, Admin=permission_set(Name="Owners"), Access=assigned_with_admin())
        assert (status, reason) == ("UPDATE_COMPLETE", "")
        assert physical_id(aws, "Admin") != old
        assert permission_sets(aws) == ["Owners"]
        done = [told for told in happened(aws, since=before) if told.endswith("COMPLETE")]
        assert done == [
            "Admin UPDATE_COMPLETE",
            "Access UPDATE_COMPLETE",
            "Access DELETE_COMPLETE",
            "Admin DELETE_COMPLETE",
        ]

    def test_keeps_what_it_replaced_if_the_template_says_so(self, aws: LocalAws) -> None:
        deploy(aws, Unit=unit())
        moved = {**unit(ParentId=UNIT), "UpdateReplacePolicy": "Retain"}
        status, _ = deploy(aws, Unit=moved)
        assert status == "UPDATE_COMPLETE"
        assert units(aws) == ["Workloads"]

    def test_deletes_what_is_no_longer_in_the_template(self, aws: LocalAws) -> None:
        deploy(aws, Admin=permission_set(), Team=group())
        deploy(aws, Team=group())
        assert permission_sets(aws) == []

    def test_keeps_a_retained_resource_that_is_no_longer_in_the_template(self, aws: LocalAws) -> None:
        deploy(aws, Unit=unit() | {"DeletionPolicy": "Retain"}, Team=group())
        deploy(aws, Team=group())
        assert units(aws) == ["Workloads"]

    @pytest.mark.parametrize("change", [{"AccountName": "acme-test"}, {"Email": "a@acme.com"}, {"RoleName": "Admin"}])
    def test_cannot_roll_back_a_changed_account(
        self, aws: LocalAws, change: dict[str, str], snapshot: SnapshotAssertion
    ) -> None:
        deploy(aws, Dev=account(), Admin=permission_set())
        changed = {"Admin": permission_set(SessionDuration="PT2H"), "Dev": account("Admin", **change)}
        status, reason = deploy(aws, **changed)
        assert status == "UPDATE_ROLLBACK_FAILED"
        assert without_ids(reason) == snapshot
        cloudformation = aws.client("cloudformation")
        with pytest.raises(ClientError) as refused:
            deploy(aws, Dev=account())
        assert without_ids(str(refused.value)) == snapshot
        cloudformation.continue_update_rollback(StackName="OrgBaseline", ResourcesToSkip=["Dev"])
        assert cloudformation.describe_stacks()["Stacks"][0]["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
        assert deploy(aws, Dev=account(), Admin=permission_set(Description="On"))[0] == "UPDATE_COMPLETE"

    def test_cannot_change_an_organizations_feature_set(self, empty_aws: LocalAws, snapshot: SnapshotAssertion) -> None:
        deploy(empty_aws, Org=resource("AWS::Organizations::Organization"))
        billing = resource("AWS::Organizations::Organization", FeatureSet="CONSOLIDATED_BILLING")
        status, reason = deploy(empty_aws, Org=billing)
        assert status == "UPDATE_ROLLBACK_FAILED"
        assert without_ids(reason) == snapshot


def assigned_with_admin(*depends_on: str, **properties: object) -> Resource:
    return assignment(*depends_on, PermissionSetArn={"Fn::GetAtt": ["Admin", "PermissionSetArn"]}, **properties)


class TestRollback:
    def test_deletes_what_a_failed_creation_made(self, aws: LocalAws) -> None:
        broken = assigned_with_admin(TargetId="999999999999")
        status, _ = deploy(aws, Admin=permission_set(), Access=broken)
        assert status == "ROLLBACK_COMPLETE"
        assert permission_sets(aws) == []
        assert happened(aws)[-1] == "Admin DELETE_COMPLETE"

    def test_leaves_retained_resources_of_a_failed_creation(self, aws: LocalAws) -> None:
        retained = unit() | {"DeletionPolicy": "Retain"}
        status, _ = deploy(aws, Unit=retained, Dev=account("Unit"), Deny=policy("Dev", Name="FullAWSAccess"))
        assert status == "ROLLBACK_COMPLETE"
        assert units(aws) == ["Workloads"]
        assert "Unit DELETE_SKIPPED" in happened(aws)

    def test_deletes_what_is_retained_except_on_create(self, aws: LocalAws) -> None:
        retained = unit() | {"DeletionPolicy": "RetainExceptOnCreate"}
        deploy(aws, Unit=retained, Deny=policy("Unit", Name="FullAWSAccess"))
        assert units(aws) == []

    def test_retains_an_account_by_default(self, aws: LocalAws) -> None:
        dev = account()
        del dev["DeletionPolicy"]
        deploy(aws, Dev=dev, Deny=policy("Dev", Name="FullAWSAccess"))
        accounts = aws.client("organizations").list_accounts()["Accounts"]
        assert [a["Status"] for a in accounts if a["Name"] == "acme-dev"] == ["ACTIVE"]

    def test_deletes_half_a_resource(self, aws: LocalAws) -> None:
        missing = "arn:aws:iam::aws:policy/Everything"
        deploy(aws, Admin=permission_set(ManagedPolicies=[missing]))
        assert permission_sets(aws) == []

    def test_puts_back_what_a_failed_update_changed(self, aws: LocalAws) -> None:
        deploy(aws, Admin=permission_set(), Team=group(), Unit=unit())
        changed = permission_set(Description="Changed")
        status, _ = deploy(
            aws, Admin=changed, Fresh=group(DisplayName="Fresh"), Broken=group(DisplayName="existing-1"), Unit=unit()
        )
        assert status == "UPDATE_ROLLBACK_COMPLETE"
        arn = physical_id(aws, "Admin").split("|")[1]
        sso = aws.client("sso-admin")
        described = sso.describe_permission_set(InstanceArn=INSTANCE, PermissionSetArn=arn)["PermissionSet"]
        assert described["Description"] == ""
        groups = aws.client("identitystore").list_groups(IdentityStoreId=STORE)["Groups"]
        assert sorted(each["DisplayName"] for each in groups) == ["Team", "existing-1"]

    def test_puts_back_what_a_failed_update_replaced(self, aws: LocalAws) -> None:
        deploy(aws, Admin=permission_set())
        old = physical_id(aws, "Admin")
        broken = assigned_with_admin(TargetId="999999999999")
        status, _ = deploy(aws, Admin=permission_set(Name="Owners"), Access=broken)
        assert status == "UPDATE_ROLLBACK_COMPLETE"
        assert physical_id(aws, "Admin") == old
        assert permission_sets(aws) == ["AdministratorAccess"]

    def test_goes_on_after_a_rolled_back_update(self, aws: LocalAws) -> None:
        deploy(aws, Team=group())
        deploy(aws, Team=group(), Broken=group(DisplayName="existing-1"))
        assert deploy(aws, Team=group(Description="Everyone"))[0] == "UPDATE_COMPLETE"

    def test_leaves_everything_if_rollback_is_disabled(self, aws: LocalAws) -> None:
        body = json.dumps({"Resources": {"Team": group(), "Broken": group(DisplayName="existing-1")}})
        cloudformation = aws.client("cloudformation")
        cloudformation.create_stack(StackName="OrgBaseline", TemplateBody=body, DisableRollback=True)
        assert cloudformation.describe_stacks()["Stacks"][0]["StackStatus"] == "CREATE_FAILED"
        groups = aws.client("identitystore").list_groups(IdentityStoreId=STORE)["Groups"]
        assert sorted(each["DisplayName"] for each in groups) == ["Team", "existing-1"]
        status, _ = deploy(aws, Team=group(), Broken=group(DisplayName="Mended"))
        assert status == "UPDATE_COMPLETE"


class TestDelete:
    def test_deletes_a_stack_that_has_failed_before_there_was_anything(self, aws: LocalAws) -> None:
        body = json.dumps({"Resources": {"Broken": group(DisplayName="existing-1")}})
        cloudformation = aws.client("cloudformation")
        cloudformation.create_stack(StackName="OrgBaseline", TemplateBody=body, DisableRollback=True)
        cloudformation.delete_stack(StackName="OrgBaseline")
        assert cloudformation.describe_stacks()["Stacks"] == []
        assert happened(aws)[-1] == "Broken DELETE_COMPLETE"

    def test_deletes_what_depends_first(self, aws: LocalAws) -> None:
        deploy(aws, Admin=permission_set(), Access=assigned_with_admin())
        before = len(happened(aws))
        aws.client("cloudformation").delete_stack(StackName="OrgBaseline")
        deleted = [told for told in happened(aws, since=before) if told.endswith("COMPLETE")]
        assert deleted == ["Access DELETE_COMPLETE", "Admin DELETE_COMPLETE"]

    def test_closes_an_account_and_keeps_its_email_taken(self, aws: LocalAws) -> None:
        deploy(aws, Dev=account())
        account_id = physical_id(aws, "Dev")
        aws.client("cloudformation").delete_stack(StackName="OrgBaseline")
        described = aws.client("organizations").describe_account(AccountId=account_id)["Account"]
        assert described["Status"] == "PENDING_CLOSURE"
        assert "Account with email [aws+dev@acme.com] already exists." in deploy(aws, Dev=account())[1]

    def test_takes_an_account_that_is_closed_already_as_deleted(self, aws: LocalAws) -> None:
        deploy(aws, Dev=account())
        aws.client("organizations").close_account(AccountId=physical_id(aws, "Dev"))
        aws.client("cloudformation").delete_stack(StackName="OrgBaseline")
        assert aws.client("cloudformation").describe_stacks()["Stacks"] == []

    def test_does_not_assign_a_closed_account(self, aws: LocalAws) -> None:
        aws.client("organizations").close_account(AccountId=DEV)
        assert "active account" in deploy(aws, Access=assignment())[1]

    def test_does_not_delete_a_unit_with_an_account_in_it(self, aws: LocalAws) -> None:
        dev = account(ParentIds=[{"Ref": "Unit"}]) | {"DeletionPolicy": "Retain"}
        deploy(aws, Unit=unit(), Dev=dev)
        aws.client("cloudformation").delete_stack(StackName="OrgBaseline")
        stack = aws.client("cloudformation").describe_stacks()["Stacks"][0]
        assert stack["StackStatus"] == "DELETE_FAILED"
        assert stack["StackStatusReason"] == "The following resource(s) failed to delete: [Unit]."
        aws.client("cloudformation").delete_stack(StackName="OrgBaseline", RetainResources=["Unit"])
        assert aws.client("cloudformation").describe_stacks()["Stacks"] == []

    def test_does_not_delete_an_organization_with_an_account_in_it(self, empty_aws: LocalAws) -> None:
        root = {"Fn::GetAtt": ["Org", "RootId"]}
        dev = account(ParentIds=[root]) | {"DeletionPolicy": "Retain"}
        deploy(empty_aws, Org=resource("AWS::Organizations::Organization"), Dev=dev)
        empty_aws.client("cloudformation").delete_stack(StackName="OrgBaseline")
        assert empty_aws.client("cloudformation").describe_stacks()["Stacks"][0]["StackStatus"] == "DELETE_FAILED"
        assert "Org DELETE_FAILED" in happened(empty_aws)

    def test_does_not_delete_a_permission_set_that_is_assigned(self, aws: LocalAws) -> None:
        deploy(aws, Admin=permission_set())
        arn = physical_id(aws, "Admin").split("|")[1]
        deploy(aws, "Another", Access=assignment(PermissionSetArn=arn))
        aws.client("cloudformation").delete_stack(StackName="OrgBaseline")
        assert "Admin DELETE_FAILED" in happened(aws)
        assert permission_sets(aws) == ["AdministratorAccess"]

    def test_deletes_a_resource_that_is_gone_already(self, aws: LocalAws) -> None:
        deploy(aws, Team=group())
        group_id = physical_id(aws, "Team").split("|")[0]
        aws.client("identitystore").delete_group(IdentityStoreId=STORE, GroupId=group_id)
        aws.client("cloudformation").delete_stack(StackName="OrgBaseline")
        assert aws.client("cloudformation").describe_stacks()["Stacks"] == []

    def test_does_not_delete_a_protected_stack(self, aws: LocalAws) -> None:
        deploy(aws, Team=group())
        cloudformation = aws.client("cloudformation")
        cloudformation.update_termination_protection(StackName="OrgBaseline", EnableTerminationProtection=True)
        with pytest.raises(ClientError, match="TerminationProtection is enabled"):
            cloudformation.delete_stack(StackName="OrgBaseline")
        cloudformation.update_termination_protection(StackName="OrgBaseline", EnableTerminationProtection=False)
        cloudformation.delete_stack(StackName="OrgBaseline")
        assert cloudformation.describe_stacks()["Stacks"] == []


class TestReferences:
    def test_returns_what_the_schemas_say(self, empty_aws: LocalAws) -> None:
        root = {"Fn::GetAtt": ["Org", "RootId"]}
        resources = {
            "Org": resource("AWS::Organizations::Organization"),
            "Unit": unit(ParentId=root),
            "Dev": account("Unit", ParentIds=[{"Ref": "Unit"}]),
        }
        attributes = {
            "Org": ["Arn", "Id", "ManagementAccountArn", "ManagementAccountEmail", "ManagementAccountId", "RootId"],
            "Unit": ["Arn", "Id", "Path"],
            "Dev": ["AccountId", "Arn", "JoinedMethod", "JoinedTimestamp", "State", "Status"],
        }
        outputs: dict[str, Any] = {
            f"{name}{attribute}": {"Value": {"Fn::GetAtt": [name, attribute]}}
            for name, of_it in attributes.items()
            for attribute in of_it
        }
        outputs |= {f"{name}Ref": {"Value": {"Ref": name}} for name in attributes}
        outputs["DevPath"] = {"Value": {"Fn::Select": [0, {"Fn::GetAtt": ["Dev", "Paths"]}]}}
        cloudformation = empty_aws.client("cloudformation")
        cloudformation.create_stack(
            StackName="S", TemplateBody=json.dumps({"Resources": resources, "Outputs": outputs})
        )
        stack = cloudformation.describe_stacks(StackName="S")["Stacks"][0]
        assert stack["StackStatus"] == "CREATE_COMPLETE"
        got = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
        organization, unit_id, account_id = got["OrgRef"], got["UnitRef"], got["DevRef"]
        assert (got["OrgId"], got["UnitId"], got["DevAccountId"]) == (organization, unit_id, account_id)
        assert got["OrgManagementAccountId"] == MANAGEMENT
        assert got["DevArn"] == f"arn:aws:organizations::{MANAGEMENT}:account/{organization}/{account_id}"
        assert got["UnitPath"] == f"{organization}/{got['OrgRootId']}/{unit_id}/"
        assert got["DevPath"] == f"{organization}/{got['OrgRootId']}/{unit_id}/{account_id}/"
        assert got["DevStatus"] == "ACTIVE"

    @pytest.mark.parametrize(
        ("name", "attribute"), [("Net", "DefaultNetworkAcl"), ("Card", "SecondaryPrivateIpAddresses")]
    )
    def test_says_that_it_lacks_an_attribute_of_what_moto_makes(
        self, aws: LocalAws, name: str, attribute: str, snapshot: SnapshotAssertion
    ) -> None:
        network = {
            "Net": resource("AWS::EC2::VPC", CidrBlock="10.0.0.0/16"),
            "Part": resource("AWS::EC2::Subnet", VpcId={"Ref": "Net"}, CidrBlock="10.0.0.0/24"),
            "Card": resource("AWS::EC2::NetworkInterface", SubnetId={"Ref": "Part"}),
        }
        status, why = deploy(aws, **network, Team=group(Description={"Fn::GetAtt": [name, attribute]}))
        assert status.startswith("ROLLBACK_")
        assert [without_ids(line) for line in why.splitlines() if attribute in line] == snapshot

    @pytest.mark.parametrize(
        ("region", "suffix"), [("eu-central-1", "amazonaws.com"), ("cn-north-1", "amazonaws.com.cn")]
    )
    def test_knows_the_domain_of_the_regions_partition(self, aws: LocalAws, region: str, suffix: str) -> None:
        cloudformation = aws._running.client("cloudformation", region)
        body = {
            "Resources": {"It": resource("AWS::CDK::Metadata")},
            "Outputs": {"S": {"Value": {"Ref": "AWS::URLSuffix"}}},
        }
        cloudformation.create_stack(StackName="S", TemplateBody=json.dumps(body))
        assert cloudformation.describe_stacks(StackName="S")["Stacks"][0]["Outputs"][0]["OutputValue"] == suffix

    def test_names_permission_sets_as_aws_documents(self, aws: LocalAws) -> None:
        deploy(aws, Admin=permission_set())
        instance, arn = physical_id(aws, "Admin").split("|")
        assert instance == INSTANCE
        assert arn.startswith("arn:aws:sso:::permissionSet/ssoins-7223abcd12345678/ps-")

    def test_gives_one_stacks_export_to_another(self, aws: LocalAws, snapshot: SnapshotAssertion) -> None:
        cloudformation = aws.client("cloudformation")
        exported = {"GroupId": {"Value": {"Fn::GetAtt": ["Team", "GroupId"]}, "Export": {"Name": "team"}}}
        body = {"Resources": {"Team": group()}, "Outputs": exported}
        cloudformation.create_stack(StackName="Teams", TemplateBody=json.dumps(body))
        status, _ = deploy(aws, In=membership(GroupId={"Fn::ImportValue": "team"}))
        assert status == "CREATE_COMPLETE"
        with pytest.raises(ClientError) as refused:
            cloudformation.delete_stack(StackName="Teams")
        assert without_ids(str(refused.value)) == snapshot

    def test_evaluates_functions_parameters_and_conditions(self, aws: LocalAws) -> None:
        body = {
            "Parameters": {
                "Stage": {"Type": "String", "Default": "dev"},
                "Ids": {"Type": "CommaDelimitedList", "Default": "a, b"},
            },
            "Mappings": {"Names": {"dev": {"Long": "development"}}},
            "Conditions": {
                "IsDev": {"Fn::Equals": [{"Ref": "Stage"}, "dev"]},
                "Never": {"Fn::Not": [{"Condition": "IsDev"}]},
            },
            "Resources": {"Team": group(), "Skipped": {**group(DisplayName="No"), "Condition": "Never"}},
            "Outputs": {
                "Sub": {
                    "Value": {"Fn::Sub": ["${Stage}-${X}-${AWS::Region}-${!Left}", {"X": {"Ref": "AWS::AccountId"}}]}
                },
                "Map": {"Value": {"Fn::FindInMap": ["Names", {"Ref": "Stage"}, "Long"]}},
                "Join": {"Value": {"Fn::Join": ["/", {"Ref": "Ids"}]}},
                "Split": {"Value": {"Fn::Select": [1, {"Fn::Split": [".", "a.b"]}]}},
                "If": {"Value": {"Fn::If": ["Never", "no", "yes"]}},
                "Hidden": {"Value": "x", "Condition": "Never"},
            },
        }
        cloudformation = aws.client("cloudformation")
        cloudformation.create_stack(StackName="S", TemplateBody=json.dumps(body))
        stack = cloudformation.describe_stacks(StackName="S")["Stacks"][0]
        assert {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]} == {
            "Sub": f"dev-{MANAGEMENT}-us-east-1-${{Left}}",
            "Map": "development",
            "Join": "a/b",
            "Split": "b",
            "If": "yes",
        }
        assert [told for told in happened(aws, name="S") if "Skipped" in told] == []


TEMPLATE_ERRORS = {
    "unknown reference": {"Resources": {"In": membership(GroupId={"Ref": "Team"})}},
    "unknown dependency": {"Resources": {"Team": group() | {"DependsOn": "No"}}},
    "circle": {"Resources": {"A": unit("B"), "B": unit("A", Name="B")}},
    "unknown attribute": {"Resources": {"Team": group()}, "Outputs": {"O": {"Value": {"Fn::GetAtt": ["Team", "Arn"]}}}},
    "null": {"Resources": {"Team": {"Type": "AWS::IdentityStore::Group", "Properties": {"DisplayName": None}}}},
    "no resources": {"Resources": {}},
    "501 resources": {"Resources": {f"T{n}": group(DisplayName=f"T{n}") for n in range(501)}},
    "missing parameter": {"Parameters": {"P": {"Type": "String"}}, "Resources": {"Team": group()}},
    "unknown attribute in a list": {
        "Resources": {"Team": group(), "It": group(DisplayName={"Fn::Join": ["", [{"Fn::GetAtt": "Team.Arn"}]]})}
    },
    "type that does not exist": {"Resources": {"It": resource("AWS::Organizations::Company")}},
    "type that is not provided": {"Resources": {"It": resource("AWS::SSO::Instance")}},
    "custom resource that is not provided": {"Resources": {"It": resource("Custom::Other")}},
}


@pytest.mark.parametrize("template", TEMPLATE_ERRORS.values(), ids=TEMPLATE_ERRORS.keys())
def test_refuses_a_template_with(aws: LocalAws, template: dict[str, Any], snapshot: SnapshotAssertion) -> None:
    body = json.dumps(template, separators=(",", ":"))
    where = {"TemplateBody": body}
    if len(body) > 51_200:
        aws.client("s3").create_bucket(Bucket="templates")
        aws.client("s3").put_object(Bucket="templates", Key="t.json", Body=body.encode())
        where = {"TemplateURL": f"{aws.endpoint_url}/templates/t.json"}
    with pytest.raises(ClientError) as refused:
        aws.client("cloudformation").create_change_set(
            StackName="S", ChangeSetName="C", ChangeSetType="CREATE", **where
        )
    assert refused.value.response["Error"]["Message"] == snapshot


@pytest.mark.parametrize("body", ["[]", "- Team", "Team", "1"])
def test_refuses_a_template_that_is_no_mapping(aws: LocalAws, body: str) -> None:
    with pytest.raises(ClientError, match="unsupported structure"):
        aws.client("cloudformation").create_stack(StackName="S", TemplateBody=body)


def test_refuses_a_template_that_is_not_in_its_bucket(aws: LocalAws) -> None:
    aws.client("s3").create_bucket(Bucket="templates")
    url = f"{aws.endpoint_url}/templates/gone.json"
    with pytest.raises(ClientError, match="The specified key does not exist") as refused:
        aws.client("cloudformation").create_change_set(
            StackName="S", ChangeSetName="C", ChangeSetType="CREATE", TemplateURL=url
        )
    assert refused.value.response["Error"]["Code"] == "ValidationError"


def test_takes_no_dynamic_reference_for_a_text(aws: LocalAws, snapshot: SnapshotAssertion) -> None:
    status, reason = deploy(aws, Team=group(DisplayName="{{resolve:ssm:/acme/team}}"))
    assert status == "ROLLBACK_COMPLETE"
    assert without_ids(reason) == snapshot


def test_asks_for_no_parameter_that_has_a_default_or_a_value(aws: LocalAws) -> None:
    parameters = {"Given": {"Type": "String"}, "Usual": {"Type": "String", "Default": "B"}}
    name = {"Fn::Sub": "${Given}${Usual}"}
    aws.client("cloudformation").create_stack(
        StackName="S",
        TemplateBody=json.dumps({"Parameters": parameters, "Resources": {"Team": group(DisplayName=name)}}),
        Parameters=[{"ParameterKey": "Given", "ParameterValue": "A"}],
    )
    groups = aws.client("identitystore").list_groups(IdentityStoreId=STORE)["Groups"]
    assert "AB" in {each["DisplayName"] for each in groups}


def test_refuses_another_type_under_a_logical_id(aws: LocalAws, snapshot: SnapshotAssertion) -> None:
    deploy(aws, It=group())
    with pytest.raises(ClientError) as refused:
        deploy(aws, It=permission_set())
    assert without_ids(str(refused.value)) == snapshot


def test_refuses_an_export_that_another_stack_has(aws: LocalAws, snapshot: SnapshotAssertion) -> None:
    cloudformation = aws.client("cloudformation")

    def exporting(name: str) -> str:
        output = {"Value": "x", "Export": {"Name": "the-name"}}
        return json.dumps({"Resources": {"Team": group(DisplayName=name)}, "Outputs": {"O": output}})

    cloudformation.create_stack(StackName="One", TemplateBody=exporting("One"))
    cloudformation.update_stack(StackName="One", TemplateBody=exporting("Renamed"))
    with pytest.raises(ClientError) as refused:
        cloudformation.create_stack(StackName="Two", TemplateBody=exporting("Two"))
    assert without_ids(str(refused.value)) == snapshot


def test_describes_the_resource_that_is_asked_for(aws: LocalAws, snapshot: SnapshotAssertion) -> None:
    deploy(aws, Team=group(), Other=group(DisplayName="Other"))
    cloudformation = aws.client("cloudformation")
    for name in ("Team", "Other"):
        detail = cloudformation.describe_stack_resource(StackName="OrgBaseline", LogicalResourceId=name)
        assert detail["StackResourceDetail"]["LogicalResourceId"] == name
        assert detail["StackResourceDetail"]["PhysicalResourceId"] == physical_id(aws, name)
    with pytest.raises(ClientError) as refused:
        cloudformation.describe_stack_resource(StackName="OrgBaseline", LogicalResourceId="No")
    assert without_ids(str(refused.value)) == snapshot


def test_tells_of_each_step_of_an_update_that_is_rolled_back(aws: LocalAws) -> None:
    deploy(aws, Unit=unit(), Dev=account("Unit"))
    tags = [{"Key": "Stage", "Value": "dev"}]
    deploy(aws, Unit=unit(Tags=tags), Dev=account(Tags=tags))
    events = aws.client("cloudformation").describe_stack_events(StackName="OrgBaseline")["StackEvents"][::-1]
    told = [e["ResourceStatus"] for e in events if e["LogicalResourceId"] == "OrgBaseline"]
    assert told[told.index("UPDATE_IN_PROGRESS") :] == [
        "UPDATE_IN_PROGRESS",
        "UPDATE_ROLLBACK_IN_PROGRESS",
        "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
        "UPDATE_ROLLBACK_COMPLETE",
    ]


def test_tells_by_its_id_what_was_made(aws: LocalAws) -> None:
    deploy(aws, Team=group())
    events = aws.client("cloudformation").describe_stack_events(StackName="OrgBaseline")["StackEvents"]
    ids = {(e["LogicalResourceId"], e["ResourceStatus"]): e.get("PhysicalResourceId") for e in events}
    assert ids["Team", "CREATE_COMPLETE"] == physical_id(aws, "Team")
    assert ids["OrgBaseline", "CREATE_COMPLETE"] == events[0]["StackId"]


def test_describes_a_stack_as_one_that_rolls_back_and_may_be_deleted(aws: LocalAws) -> None:
    deploy(aws, Team=group())
    stack = aws.client("cloudformation").describe_stacks(StackName="OrgBaseline")["Stacks"][0]
    assert (stack["DisableRollback"], stack["EnableTerminationProtection"]) == (False, False)


@pytest.mark.parametrize(("throughput", "made"), [("1.5", True), (2, True), ("fast", False)])
def test_takes_a_text_for_a_number_that_it_spells(aws: LocalAws, throughput: object, made: bool) -> None:  # noqa: FBT001 (of the cases)
    files = resource("AWS::EFS::FileSystem", ThroughputMode="provisioned", ProvisionedThroughputInMibps=throughput)
    status, why = deploy(aws, Files=files)
    assert (status == "CREATE_COMPLETE") is made
    assert ("#/ProvisionedThroughputInMibps: expected type number, got 'fast'" in why) is not made


def test_refuses_an_inline_template_of_more_than_51200_bytes(aws: LocalAws, snapshot: SnapshotAssertion) -> None:
    body = json.dumps({"Resources": {"Team": group()}, "Description": "x" * 51_200})
    with pytest.raises(ClientError) as refused:
        aws.client("cloudformation").create_stack(StackName="S", TemplateBody=body)
    assert without_ids(str(refused.value)) == snapshot


def test_refuses_a_user_resource_outside_us_east_1(aws: LocalAws, snapshot: SnapshotAssertion) -> None:
    cloudformation = aws._running.client("cloudformation", "eu-west-1")
    with pytest.raises(ClientError) as refused:
        cloudformation.create_stack(StackName="S", TemplateBody=json.dumps({"Resources": {"Dax": user()}}))
    assert without_ids(str(refused.value)) == snapshot


class TestChangeSets:
    def change_set(self, aws: LocalAws, kind: str, **resources: Resource) -> dict[str, Any]:
        cloudformation = aws.client("cloudformation")
        body = json.dumps({"Resources": resources, "Outputs": {"Id": {"Value": {"Ref": next(iter(resources))}}}})
        cloudformation.create_change_set(StackName="S", ChangeSetName="C", ChangeSetType=kind, TemplateBody=body)
        described: dict[str, Any] = cloudformation.describe_change_set(StackName="S", ChangeSetName="C")
        return described

    def test_creates_a_stack_with_its_outputs(self, aws: LocalAws) -> None:
        described = self.change_set(aws, "CREATE", Team=group())
        assert [c["ResourceChange"]["Action"] for c in described["Changes"]] == ["Add"]
        cloudformation = aws.client("cloudformation")
        assert cloudformation.describe_stacks()["Stacks"][0]["StackStatus"] == "REVIEW_IN_PROGRESS"
        cloudformation.execute_change_set(StackName="S", ChangeSetName="C")
        stack = cloudformation.describe_stacks()["Stacks"][0]
        assert stack["StackStatus"] == "CREATE_COMPLETE"
        assert stack["Outputs"][0]["OutputValue"] == physical_id(aws, "Team", name="S")

    def test_begins_a_stack_once_that_has_no_template_yet(self, aws: LocalAws, snapshot: SnapshotAssertion) -> None:
        self.change_set(aws, "CREATE", Team=group())
        cloudformation = aws.client("cloudformation")
        body = json.dumps({"Resources": {"Team": group()}})
        cloudformation.create_change_set(StackName="S", ChangeSetName="D", ChangeSetType="CREATE", TemplateBody=body)
        [begun] = cloudformation.describe_stack_events(StackName="S")["StackEvents"]
        assert (begun["ResourceStatus"], begun["ResourceStatusReason"]) == ("REVIEW_IN_PROGRESS", "User Initiated")
        with pytest.raises(ClientError) as refused:
            cloudformation.get_template_summary(StackName="S")
        assert without_ids(str(refused.value)) == snapshot

    def test_says_what_would_change_and_what_would_be_replaced(self, aws: LocalAws) -> None:
        self.change_set(aws, "CREATE", Admin=permission_set(), Access=assigned_with_admin(), Team=group())
        aws.client("cloudformation").execute_change_set(StackName="S", ChangeSetName="C")
        renamed = {
            "Admin": permission_set(Name="Owners"),
            "Access": assigned_with_admin(),
            "Other": group(DisplayName="O"),
        }
        changes = [c["ResourceChange"] for c in self.change_set(aws, "UPDATE", **renamed)["Changes"]]
        assert {(c["LogicalResourceId"], c["Action"], c.get("Replacement")) for c in changes} == {
            ("Admin", "Modify", "True"),
            ("Access", "Modify", "True"),
            ("Other", "Add", None),
            ("Team", "Remove", None),
        }

    def test_has_no_changes_if_nothing_changed(self, aws: LocalAws, snapshot: SnapshotAssertion) -> None:
        self.change_set(aws, "CREATE", Team=group())
        aws.client("cloudformation").execute_change_set(StackName="S", ChangeSetName="C")
        described = self.change_set(aws, "UPDATE", Team=group())
        assert described["Status"] == "FAILED"
        assert described["StatusReason"] == snapshot

    def test_is_not_executed_on_a_stack_that_cannot_be_updated_by_then(self, aws: LocalAws) -> None:
        deploy(aws, "S", Dev=account(), Admin=permission_set())
        self.change_set(aws, "UPDATE", Dev=account(), Admin=permission_set(Description="On"))
        broken = {"Admin": permission_set(SessionDuration="PT2H"), "Dev": account("Admin", RoleName="Admin")}
        assert deploy(aws, "S", **broken)[0] == "UPDATE_ROLLBACK_FAILED"
        with pytest.raises(ClientError, match="is in UPDATE_ROLLBACK_FAILED state and can not be updated"):
            aws.client("cloudformation").execute_change_set(StackName="S", ChangeSetName="C")

    def test_is_not_found_if_it_is_not_there(self, aws: LocalAws) -> None:
        deploy(aws, Team=group())
        cloudformation = aws.client("cloudformation")
        with pytest.raises(cloudformation.exceptions.ChangeSetNotFoundException):
            cloudformation.describe_change_set(StackName="OrgBaseline", ChangeSetName="No")
        cloudformation.delete_change_set(StackName="OrgBaseline", ChangeSetName="No")

    def test_keeps_an_ssm_parameters_name(self, aws: LocalAws) -> None:
        ssm = aws.client("ssm")
        ssm.put_parameter(Name="/bootstrap/version", Value="27", Type="String")
        parameters = {"Version": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/bootstrap/version"}}
        template = {"Parameters": parameters, "Resources": {"Team": group(Description={"Ref": "Version"})}}
        cloudformation = aws.client("cloudformation")
        cloudformation.create_stack(StackName="S", TemplateBody=json.dumps(template))
        ssm.put_parameter(Name="/bootstrap/version", Value="28", Type="String", Overwrite=True)
        previous = [{"ParameterKey": "Version", "UsePreviousValue": True}]
        cloudformation.update_stack(StackName="S", UsePreviousTemplate=True, Parameters=previous)
        groups = aws.client("identitystore").list_groups(IdentityStoreId=STORE)["Groups"]
        assert [each["Description"] for each in groups if each["DisplayName"] == "Team"] == ["28"]

    def test_refuses_a_template_whose_rule_is_broken(self, aws: LocalAws) -> None:
        rule = {
            "Assertions": [
                {"Assert": {"Fn::Not": [{"Fn::Contains": [["1", "2"], {"Ref": "V"}]}]}, "AssertDescription": "too old"}
            ]
        }
        parameters = {"V": {"Type": "String", "Default": "2"}}
        body = json.dumps({"Parameters": parameters, "Rules": {"R": rule}, "Resources": {"Team": group()}})
        with pytest.raises(ClientError, match="too old"):
            aws.client("cloudformation").create_stack(StackName="S", TemplateBody=body)


def test_takes_five_hundred_assignments_in_ten_lanes_quickly(aws: LocalAws) -> None:
    users = [f"a1b2c3d4-5678-90ab-cdef-{number:012}" for number in range(100, 148)]
    store = aws.client("identitystore")
    ids = [
        store.create_user(
            IdentityStoreId=STORE, UserName=name, DisplayName="A", Name={"GivenName": "A", "FamilyName": "B"}
        )["UserId"]
        for name in users
    ]
    lanes: dict[str, Resource] = {}
    for lane, target in enumerate(ACCOUNTS[:10]):
        for number, user_id in enumerate(ids):
            before = [f"A{lane}x{number - 1}"] if number else []
            lanes[f"A{lane}x{number}"] = assignment(*before, TargetId=target, PrincipalType="USER", PrincipalId=user_id)
    body = json.dumps({"Resources": lanes})
    aws.client("s3").create_bucket(Bucket="templates")
    aws.client("s3").put_object(Bucket="templates", Key="t.json", Body=body.encode())
    cloudformation = aws.client("cloudformation")
    cloudformation.create_stack(StackName="S", TemplateURL=f"{aws.endpoint_url}/templates/t.json")
    assert cloudformation.describe_stacks()["Stacks"][0]["StackStatus"] == "CREATE_COMPLETE"
