"""Change sets of type IMPORT in the local AWS: they take in what exists, and refuse what CloudFormation refuses."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError
from syrupy.assertion import SnapshotAssertion

from local_aws_stacks import (
    DEV,
    EXISTING,
    GROUP,
    INSTANCE,
    MANAGEMENT,
    PERMISSION_SET,
    ROOT,
    STORE,
    UNIT,
    USER,
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
from policy_documents import DENY_LEAVING_TEXT
from refusals import without_ids

ORGANIZATION = "AWS::Organizations::Organization"


@pytest.fixture
def aws() -> Iterator[LocalAws]:
    with LocalAws(management_account_id=MANAGEMENT, region="us-east-1") as running:
        running.seed(EXISTING)
        yield running


Identifiers = Mapping[str, Mapping[str, str]]


def import_(
    aws: LocalAws,
    resources: Mapping[str, Resource],
    identifiers: Identifiers,
    /,
    stack: str = "OrgBaseline",
    **more: Any,
) -> str:
    """Import resources into a stack; return its status."""
    cloudformation = aws.client("cloudformation")
    wanted = [
        {"LogicalResourceId": name, "ResourceType": resources[name]["Type"], "ResourceIdentifier": dict(identifier)}
        for name, identifier in identifiers.items()
    ]
    change_set = cloudformation.create_change_set(
        StackName=stack,
        ChangeSetName="import",
        ChangeSetType="IMPORT",
        TemplateBody=json.dumps({"Resources": resources, **more}),
        ResourcesToImport=wanted,
    )["Id"]
    cloudformation.execute_change_set(ChangeSetName=change_set)
    return str(cloudformation.describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"])


def refusal(aws: LocalAws, resources: Mapping[str, Resource], identifiers: Identifiers, /, **more: Any) -> str:
    with pytest.raises(ClientError) as refused:
        import_(aws, resources, identifiers, **more)
    return str(refused.value)


def account_id_of(dev: str = DEV) -> dict[str, dict[str, str]]:
    return {"Dev": {"AccountId": dev}}


def state(aws: LocalAws) -> dict[str, Any]:
    """Everything that an import must leave as it is."""
    organizations, sso, store = (aws.client(name) for name in ("organizations", "sso-admin", "identitystore"))
    return {
        "accounts": organizations.list_accounts()["Accounts"],
        "units": organizations.list_organizational_units_for_parent(ParentId=ROOT)["OrganizationalUnits"],
        "policies": organizations.list_policies(Filter="SERVICE_CONTROL_POLICY")["Policies"],
        "sets": sso.list_permission_sets(InstanceArn=INSTANCE)["PermissionSets"],
        "users": store.list_users(IdentityStoreId=STORE)["Users"],
        "groups": store.list_groups(IdentityStoreId=STORE)["Groups"],
        "memberships": store.list_group_memberships(IdentityStoreId=STORE, GroupId=GROUP)["GroupMemberships"],
        "assignments": sso.list_account_assignments(
            InstanceArn=INSTANCE, AccountId=DEV, PermissionSetArn=PERMISSION_SET
        )["AccountAssignments"],
    }


def test_takes_in_one_of_each_type_and_changes_nothing(aws: LocalAws) -> None:
    organizations, sso, store = (aws.client(name) for name in ("organizations", "sso-admin", "identitystore"))
    organizations.move_account(AccountId=DEV, SourceParentId=ROOT, DestinationParentId=UNIT)
    policy_id = organizations.create_policy(
        Name="DenyRoot", Type="SERVICE_CONTROL_POLICY", Description="", Content=DENY_LEAVING_TEXT
    )["Policy"]["PolicySummary"]["Id"]
    membership_id = store.create_group_membership(IdentityStoreId=STORE, GroupId=GROUP, MemberId={"UserId": USER})
    assigned = {
        "InstanceArn": INSTANCE,
        "TargetId": DEV,
        "TargetType": "AWS_ACCOUNT",
        "PermissionSetArn": PERMISSION_SET,
        "PrincipalType": "GROUP",
        "PrincipalId": GROUP,
    }
    sso.create_account_assignment(**assigned)
    before = state(aws)

    resources = {
        "Organization": resource(ORGANIZATION),
        "Unit": unit(ParentId={"Fn::GetAtt": ["Organization", "RootId"]}),
        "Dev": account(ParentIds=[{"Ref": "Unit"}]),
        "Policy": policy(TargetIds=[{"Fn::GetAtt": ["Dev", "AccountId"]}]),
        "Set": permission_set(),
        "User": user(),
        "Group": group(),
        "Membership": membership(
            GroupId={"Fn::GetAtt": ["Group", "GroupId"]}, MemberId={"UserId": {"Fn::GetAtt": ["User", "UserId"]}}
        ),
        "Assignment": assignment(
            TargetId={"Fn::GetAtt": ["Dev", "AccountId"]},
            PermissionSetArn={"Fn::GetAtt": ["Set", "PermissionSetArn"]},
            PrincipalId={"Fn::GetAtt": ["Group", "GroupId"]},
        ),
    }
    identifiers = {
        "Organization": {"Id": str(EXISTING.organization_id)},
        "Unit": {"Id": UNIT},
        "Dev": {"AccountId": DEV},
        "Policy": {"Id": policy_id},
        "Set": {"InstanceArn": INSTANCE, "PermissionSetArn": PERMISSION_SET},
        "User": {"Arn": f"arn:aws:identitystore:::user/{USER}"},
        "Group": {"GroupId": GROUP, "IdentityStoreId": STORE},
        "Membership": {"MembershipId": membership_id["MembershipId"], "IdentityStoreId": STORE},
        "Assignment": assigned,
    }
    assert import_(aws, resources, identifiers) == "IMPORT_COMPLETE"
    assert state(aws) == before
    assert {told.split()[1] for told in happened(aws)} == {"IMPORT_IN_PROGRESS", "IMPORT_COMPLETE"}
    assert physical_id(aws, "Dev") == DEV
    assert physical_id(aws, "Set") == f"{INSTANCE}|{PERMISSION_SET}"

    # The stack can work with what it has taken in: a change reaches the thing itself, and deletion takes it away.
    resources["Dev"]["Properties"]["ParentIds"] = [{"Fn::GetAtt": ["Organization", "RootId"]}]
    resources["Group"]["Properties"]["DisplayName"] = "People"
    del resources["Assignment"]
    for before_it, name in (("Organization", "Unit"), ("Unit", "Dev"), ("Dev", "Policy")):
        resources[name]["DependsOn"] = [before_it]
    assert deploy(aws, **resources)[0] == "UPDATE_COMPLETE"
    after = state(aws)
    assert [each["DisplayName"] for each in after["groups"]] == ["People"]
    assert after["assignments"] == []


def test_adds_to_a_stack_that_is_there(aws: LocalAws) -> None:
    stack = {"Group": group(DisplayName="Team")}
    assert deploy(aws, **stack)[0] == "CREATE_COMPLETE"
    assert import_(aws, stack | {"Dev": account()}, account_id_of()) == "IMPORT_COMPLETE"
    assert physical_id(aws, "Dev") == DEV


def test_tells_what_identifies_the_types_that_can_be_imported(aws: LocalAws) -> None:
    template = {
        "Resources": {"Set": permission_set(), "Dev": account(), "Prod": account(), "Log": resource("Custom::X")}
    }
    summaries = aws.client("cloudformation").get_template_summary(TemplateBody=json.dumps(template))
    assert summaries["ResourceIdentifierSummaries"] == [
        {
            "ResourceType": "AWS::Organizations::Account",
            "LogicalResourceIds": ["Dev", "Prod"],
            "ResourceIdentifiers": ["AccountId"],
        },
        {
            "ResourceType": "AWS::SSO::PermissionSet",
            "LogicalResourceIds": ["Set"],
            "ResourceIdentifiers": ["InstanceArn", "PermissionSetArn"],
        },
    ]


@pytest.mark.parametrize(
    ("name", "made", "identifier"),
    [
        pytest.param("Organization", lambda: resource(ORGANIZATION), {"Id": "o-other12345"}, id="organization"),
        pytest.param("Unit", unit, {"Id": "ou-acme-99999999"}, id="unit"),
        pytest.param("Unit", unit, {"Id": ROOT}, id="root-as-unit"),
        pytest.param("Dev", account, {"AccountId": "999999999999"}, id="account"),
        pytest.param("Policy", policy, {"Id": "p-99999999"}, id="policy"),
        pytest.param("Policy", policy, {"Id": "p-FullAWSAccess"}, id="policy-of-aws"),
        pytest.param(
            "Set",
            permission_set,
            {"InstanceArn": INSTANCE, "PermissionSetArn": PERMISSION_SET.replace("ps-1", "ps-9")},
            id="permission-set",
        ),
        pytest.param("User", user, {"Arn": f"arn:aws:identitystore:::user/{GROUP}"}, id="user"),
        pytest.param("User", user, {"Arn": f"arn:aws:iam:::user/{USER}"}, id="arn-of-no-user"),
        pytest.param("Group", group, {"GroupId": USER, "IdentityStoreId": STORE}, id="group"),
        pytest.param("Membership", membership, {"MembershipId": USER, "IdentityStoreId": STORE}, id="membership"),
        pytest.param(
            "Assignment",
            assignment,
            {
                "InstanceArn": INSTANCE,
                "TargetId": DEV,
                "TargetType": "AWS_ACCOUNT",
                "PermissionSetArn": PERMISSION_SET,
                "PrincipalType": "GROUP",
                "PrincipalId": GROUP,
            },
            id="assignment",
        ),
    ],
)
def test_refuses_what_does_not_exist(
    aws: LocalAws, name: str, made: Callable[[], Resource], identifier: dict[str, str]
) -> None:
    assert "was not found" in refusal(aws, {name: made()}, {name: identifier})
    assert aws.client("cloudformation").describe_stacks()["Stacks"] == []


def test_refuses_what_another_stack_has(aws: LocalAws, snapshot: SnapshotAssertion) -> None:
    import_(aws, {"Dev": account()}, account_id_of(), stack="First")
    assert without_ids(refusal(aws, {"Dev": account()}, account_id_of())) == snapshot


def test_refuses_what_the_stack_has(aws: LocalAws, snapshot: SnapshotAssertion) -> None:
    import_(aws, {"Dev": account()}, account_id_of())
    assert without_ids(refusal(aws, {"Dev": account()}, account_id_of())) == snapshot


def test_refuses_a_new_resource_that_is_not_imported(aws: LocalAws, snapshot: SnapshotAssertion) -> None:
    said = refusal(aws, {"Dev": account(), "Team": group(DisplayName="New")}, account_id_of())
    assert without_ids(said) == snapshot


def test_refuses_to_change_or_remove_beside_the_import(aws: LocalAws, snapshot: SnapshotAssertion) -> None:
    assert deploy(aws, Team=group(), Other=group(DisplayName="Other"))[0] == "CREATE_COMPLETE"
    said = refusal(aws, {"Team": group(DisplayName="People"), "Dev": account()}, account_id_of())
    assert without_ids(said) == snapshot


def test_refuses_outputs_that_are_new(aws: LocalAws, snapshot: SnapshotAssertion) -> None:
    said = refusal(aws, {"Dev": account()}, account_id_of(), Outputs={"Id": {"Value": {"Ref": "Dev"}}})
    assert without_ids(said) == snapshot


def test_refuses_a_resource_without_a_deletion_policy(aws: LocalAws, snapshot: SnapshotAssertion) -> None:
    dev = account()
    del dev["DeletionPolicy"]
    assert without_ids(refusal(aws, {"Dev": dev}, account_id_of())) == snapshot


def test_refuses_half_an_identifier(aws: LocalAws) -> None:
    said = refusal(aws, {"Set": permission_set()}, {"Set": {"PermissionSetArn": PERMISSION_SET}})
    assert "must be InstanceArn, PermissionSetArn, got PermissionSetArn" in said


def test_refuses_an_identifier_that_the_template_contradicts(aws: LocalAws, snapshot: SnapshotAssertion) -> None:
    other = INSTANCE.replace("7223", "9999")
    said = refusal(aws, {"Set": permission_set()}, {"Set": {"InstanceArn": other, "PermissionSetArn": PERMISSION_SET}})
    assert without_ids(said) == snapshot


def test_refuses_a_type_that_cannot_be_imported(aws: LocalAws, snapshot: SnapshotAssertion) -> None:
    person = {"Type": "Custom::IdentityStoreUser", "DeletionPolicy": "Delete", "Properties": {"ServiceToken": "x"}}
    said = refusal(aws, {"Dax": person}, {"Dax": {"Id": USER}})
    assert without_ids(said) == snapshot


def test_refuses_properties_that_aws_does_not_accept(aws: LocalAws) -> None:
    assert "Properties validation failed" in refusal(aws, {"Dev": account(Email="nobody")}, account_id_of())


def test_refuses_a_reference_to_what_is_not_imported(aws: LocalAws) -> None:
    said = refusal(aws, {"Dev": account("Team")}, account_id_of())
    assert "Unresolved resource dependencies [Team]" in said


def test_refuses_a_stack_whose_creation_was_rolled_back(aws: LocalAws, snapshot: SnapshotAssertion) -> None:
    assert deploy(aws, Dev=account("Team"), Team=group(IdentityStoreId="d-0000000000"))[0] == "ROLLBACK_COMPLETE"
    assert without_ids(refusal(aws, {"Dev": account()}, account_id_of())) == snapshot


def test_says_in_the_change_set_what_is_imported(aws: LocalAws) -> None:
    cloudformation = aws.client("cloudformation")
    change_set = cloudformation.create_change_set(
        StackName="OrgBaseline",
        ChangeSetName="import",
        ChangeSetType="IMPORT",
        TemplateBody=json.dumps({"Resources": {"Dev": account()}}),
        ResourcesToImport=[
            {
                "LogicalResourceId": "Dev",
                "ResourceType": "AWS::Organizations::Account",
                "ResourceIdentifier": {"AccountId": DEV},
            }
        ],
    )["Id"]
    [change] = cloudformation.describe_change_set(ChangeSetName=change_set)["Changes"]
    assert change["ResourceChange"]["Action"] == "Import"
    assert change["ResourceChange"]["PhysicalResourceId"] == DEV
