"""What local stacks give to each other: exports, which hold the stack that gives them, and outputs by their names."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError

from local_aws_stacks import EXISTING, MANAGEMENT, STORE, group, physical_id
from org_constructs.rehearsal.local_aws import LocalAws

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

OF_OUTPUT = {"Fn::GetStackOutput": {"StackName": "Core", "OutputName": "Name"}}
OF_OUTPUT_OF_REGION = {"Fn::GetStackOutput": OF_OUTPUT["Fn::GetStackOutput"] | {"Region": "us-east-1"}}
OF_EXPORT = {"Fn::ImportValue": "the-name"}


@pytest.fixture
def aws() -> Iterator[LocalAws]:
    with LocalAws(management_account_id=MANAGEMENT, region="us-east-1") as running:
        running.seed(EXISTING)
        yield running


def create(aws: LocalAws, name: str, template: Mapping[str, Any]) -> str:
    cloudformation = aws.client("cloudformation")
    cloudformation.create_stack(StackName=name, TemplateBody=json.dumps(template))
    return str(cloudformation.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"])


def core(value: str = "People") -> dict[str, Any]:
    output = {"Value": value, "Export": {"Name": "the-name"}}
    return {"Resources": {"Team": group(DisplayName="Core")}, "Outputs": {"Name": output}}


def groups(aws: LocalAws) -> set[str]:
    listed = aws.client("identitystore").list_groups(IdentityStoreId=STORE)["Groups"]
    return {each["DisplayName"] for each in listed if not each["DisplayName"].startswith("existing")}


@pytest.mark.parametrize("reference", [OF_OUTPUT, OF_OUTPUT_OF_REGION, OF_EXPORT])
def test_give_a_value_to_another_stack(aws: LocalAws, reference: dict[str, Any]) -> None:
    assert create(aws, "Core", core()) == "CREATE_COMPLETE"
    assert create(aws, "Other", {"Resources": {"Team": group(DisplayName=reference)}}) == "CREATE_COMPLETE"
    assert groups(aws) == {"Core", "People"}


@pytest.mark.parametrize("reference", [OF_OUTPUT, OF_EXPORT])
def test_change_nothing_where_the_value_is_the_same(aws: LocalAws, reference: dict[str, Any]) -> None:
    create(aws, "Core", core())
    template = {"Resources": {"Team": group(DisplayName=reference)}}
    create(aws, "Other", template)
    cloudformation = aws.client("cloudformation")
    team = physical_id(aws, "Team", name="Other")
    change_set = cloudformation.create_change_set(
        StackName="Other", ChangeSetName="more", TemplateBody=json.dumps(template | {"Description": "The same"})
    )["Id"]
    assert cloudformation.describe_change_set(ChangeSetName=change_set)["Changes"] == []
    cloudformation.execute_change_set(ChangeSetName=change_set)
    assert physical_id(aws, "Team", name="Other") == team


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        pytest.param(OF_OUTPUT, "Output Name of stack Core does not exist", id="output"),
        pytest.param(OF_EXPORT, "No export named the-name found", id="export"),
        pytest.param(
            {"Fn::GetStackOutput": OF_OUTPUT["Fn::GetStackOutput"] | {"RoleArn": "arn:aws:iam::222233334444:role/x"}},
            "StackName, OutputName and Region",
            id="another-account",
        ),
    ],
)
def test_fail_a_stack_that_wants_what_is_not_there(aws: LocalAws, reference: dict[str, Any], said: str) -> None:
    assert create(aws, "Other", {"Resources": {"Team": group(DisplayName=reference)}}) == "ROLLBACK_COMPLETE"
    events = aws.client("cloudformation").describe_stack_events(StackName="Other")["StackEvents"]
    assert any(said in event.get("ResourceStatusReason", "") for event in events)


def test_are_held_by_an_export_and_not_by_an_output(aws: LocalAws) -> None:
    cloudformation = aws.client("cloudformation")
    create(aws, "Core", core())
    create(aws, "Other", {"Resources": {"Team": group(DisplayName=OF_EXPORT)}})
    with pytest.raises(ClientError, match="in use by Other"):
        cloudformation.delete_stack(StackName="Core")
    cloudformation.delete_stack(StackName="Other")
    create(aws, "Other", {"Resources": {"Team": group(DisplayName=OF_OUTPUT)}})
    cloudformation.delete_stack(StackName="Core")
    assert groups(aws) == {"People"}


def test_give_outputs_to_other_regions(aws: LocalAws) -> None:
    west = boto3.client(
        "cloudformation",
        region_name="eu-west-1",
        endpoint_url=aws.endpoint_url,
        aws_access_key_id=aws.environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=aws.environment["AWS_SECRET_ACCESS_KEY"],
    )
    template = {"Resources": {"Log": {"Type": "AWS::Logs::LogGroup"}}, "Outputs": {"Name": {"Value": "West"}}}
    west.create_stack(StackName="Core", TemplateBody=json.dumps(template))
    reference = {"Fn::GetStackOutput": OF_OUTPUT["Fn::GetStackOutput"] | {"Region": "eu-west-1"}}
    assert create(aws, "Other", {"Resources": {"Team": group(DisplayName=reference)}}) == "CREATE_COMPLETE"
    assert groups(aws) == {"West"}
