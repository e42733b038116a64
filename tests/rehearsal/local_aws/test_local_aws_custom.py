"""Custom::AWS: the calls that CDK's AwsCustomResource describes."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from local_aws_stacks import EXISTING, MANAGEMENT, STORE, USER, Resource, deploy, group, happened, physical_id, resource
from org_constructs.rehearsal.local_aws import LocalAws
from refusals import without_ids

NEW_USER = {
    "IdentityStoreId": STORE,
    "UserName": "dax@acme.com",
    "DisplayName": "Dax",
    "Name": {"GivenName": "Dax", "FamilyName": "Acme"},
}
THIS_USER = {"IdentityStoreId": STORE, "UserId": "PHYSICAL:RESOURCEID:"}
TRUST = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}]}
FUNCTION = {
    "Role": resource("AWS::IAM::Role", AssumeRolePolicyDocument=TRUST),
    "Function": resource(
        "AWS::Lambda::Function",
        Code={"ZipFile": "never run"},
        Handler="index.handler",
        Runtime="nodejs22.x",
        Role={"Fn::GetAtt": ["Role", "Arn"]},
    ),
}


@pytest.fixture
def aws() -> Iterator[LocalAws]:
    with LocalAws(management_account_id=MANAGEMENT, region="us-east-1") as running:
        running.seed(EXISTING)
        yield running


def call(action: str, parameters: dict[str, Any], service: str = "identitystore", **more: object) -> str:
    return json.dumps({"service": service, "action": action, "parameters": parameters, **more})


def user(**calls: str | None) -> Resource:
    defaults = {
        "ServiceToken": {"Fn::GetAtt": ["Function", "Arn"]},
        "Create": call("createUser", NEW_USER, physicalResourceId={"responsePath": "UserId"}),
        "Delete": call("deleteUser", THIS_USER, ignoreErrorCodesMatching="ResourceNotFound|Validation"),
    }
    return resource("Custom::AWS", **{**defaults, **calls})


def users(aws: LocalAws) -> list[str]:
    return [each["DisplayName"] for each in aws.client("identitystore").list_users(IdentityStoreId=STORE)["Users"]]


def test_makes_the_calls_of_create_update_and_delete(aws: LocalAws) -> None:
    assert deploy(aws, **FUNCTION, Dax=user()) == ("CREATE_COMPLETE", "")
    user_id = physical_id(aws, "Dax")
    operations = [{"AttributePath": "displayName", "AttributeValue": "Dax A"}]
    update = call("updateUser", {**THIS_USER, "Operations": operations})
    assert deploy(aws, **FUNCTION, Dax=user(Update=update)) == ("UPDATE_COMPLETE", "")
    assert physical_id(aws, "Dax") == user_id
    assert users(aws) == ["Existing 1", "Dax A"]
    aws.client("cloudformation").delete_stack(StackName="OrgBaseline")
    assert users(aws) == ["Existing 1"]


def test_returns_what_the_call_answered(aws: LocalAws) -> None:
    team = group(Description={"Fn::GetAtt": ["Dax", "UserId"]})
    assert deploy(aws, **FUNCTION, Dax=user(), Team=team) == ("CREATE_COMPLETE", "")
    groups = aws.client("identitystore").list_groups(IdentityStoreId=STORE)["Groups"]
    assert physical_id(aws, "Dax") in [each.get("Description") for each in groups]


def test_returns_the_output_paths_only(aws: LocalAws) -> None:
    create = call(
        "createUser", NEW_USER, physicalResourceId={"responsePath": "UserId"}, outputPaths=["IdentityStoreId"]
    )
    team = group(Description={"Fn::GetAtt": ["Dax", "UserId"]})
    status, reason = deploy(aws, **FUNCTION, Dax=user(Create=create), Team=team)
    assert (status, "doesn't contain UserId" in reason) == ("ROLLBACK_COMPLETE", True)


def test_is_replaced_when_its_physical_id_changes(aws: LocalAws) -> None:
    deploy(aws, **FUNCTION, Dax=user())
    other = {**NEW_USER, "UserName": "other@acme.com", "DisplayName": "Other"}
    update = call("createUser", other, physicalResourceId={"responsePath": "UserId"})
    assert deploy(aws, **FUNCTION, Dax=user(Update=update)) == ("UPDATE_COMPLETE", "")
    assert users(aws) == ["Existing 1", "Other"]
    assert "Dax DELETE_COMPLETE" in happened(aws)


@pytest.mark.parametrize(
    "create",
    [
        call("createUser", {**NEW_USER, "UserName": "existing-1@example.com"}),
        call("inviteUser", NEW_USER),
        call("createUser", NEW_USER, service="PeopleStore"),
        call("createUser", {"UserName": "dax"}),
        call("describeStacks", {}, service="CloudFormation"),
        call("createUser", NEW_USER, assumedRoleArn="arn"),
        call("createUser", NEW_USER, physicalResourceId={"responsePath": "User.Id"}),
        "{",
    ],
    ids=["conflict", "action", "service", "parameter", "cloudformation", "role", "response path", "json"],
)
def test_fails_with_what_is_wrong(aws: LocalAws, create: str, snapshot: SnapshotAssertion) -> None:
    status, reason = deploy(aws, **FUNCTION, Dax=user(Create=create))
    assert status == "ROLLBACK_COMPLETE"
    assert without_ids(reason) == snapshot


def test_is_deleted_after_a_failed_creation_too(aws: LocalAws, snapshot: SnapshotAssertion) -> None:
    taken = {**NEW_USER, "UserName": "existing-1@example.com"}
    delete = call("deleteUser", THIS_USER, ignoreErrorCodesMatching="ResourceNotFoundException")
    status, reason = deploy(aws, **FUNCTION, Dax=user(Create=call("createUser", taken), Delete=delete))
    assert status == "ROLLBACK_FAILED"
    assert without_ids(reason) == snapshot


def test_a_rollback_goes_on_after_what_cannot_be_deleted(aws: LocalAws) -> None:
    kim = user(Delete=call("deleteUser", {"IdentityStoreId": STORE}))
    dax = {**user(Create=call("inviteUser", NEW_USER), Delete=call("deleteUser", {})), "DependsOn": ["Kim"]}
    status, _ = deploy(aws, **FUNCTION, Kim=kim, Dax=dax)
    assert status == "ROLLBACK_FAILED"
    assert {"Dax DELETE_FAILED", "Kim DELETE_FAILED"} <= set(happened(aws))


def test_takes_the_names_of_either_sdk(aws: LocalAws) -> None:
    create = call(
        "DescribeUserCommand", {"IdentityStoreId": STORE, "UserId": USER}, service="@aws-sdk/client-identitystore"
    )
    assert deploy(aws, **FUNCTION, Dax=user(Create=create, Delete=None)) == ("CREATE_COMPLETE", "")
    assert physical_id(aws, "Dax") == "Dax"


def test_refuses_a_function_that_does_not_exist(aws: LocalAws) -> None:
    token = f"arn:aws:lambda:us-east-1:{MANAGEMENT}:function:other"
    status, reason = deploy(
        aws, **FUNCTION, Dax={**user(), "Properties": {**user()["Properties"], "ServiceToken": token}}
    )
    assert status == "ROLLBACK_COMPLETE"
    assert "ServiceToken" in reason
