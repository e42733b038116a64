"""What the local CloudFormation answers, whole: clients read more of it than the stacks' tests look at."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final
from unittest.mock import ANY

import pytest
from botocore.exceptions import ClientError

from local_aws_stacks import EXISTING, INSTANCE, MANAGEMENT, STORE, deploy, group, permission_set, resource
from org_constructs.rehearsal.local_aws import LocalAws

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROLE: Final = f"arn:aws:iam::{MANAGEMENT}:role/Deploy"
ID: Final = rf"arn:aws:cloudformation:us-east-1:{MANAGEMENT}:stack/S/"
TEMPLATE: Final[Mapping[str, Any]] = {
    "AWSTemplateFormatVersion": "2010-09-09",
    "Description": "A team",
    "Metadata": {"Of": "acme"},
    "Parameters": {
        "Name": {"Type": "String", "Default": "Team", "Description": "The team's name"},
        "Version": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/bootstrap/version"},
        "Secret": {"Type": "String", "NoEcho": True},
    },
    "Resources": {"Team": group(DisplayName={"Ref": "Name"}), "Admin": permission_set("Team")},
    "Outputs": {
        "Id": {"Value": {"Ref": "Name"}, "Description": "Whose", "Export": {"Name": "team"}},
        "Plain": {"Value": "x"},
    },
}
PARAMETERS: Final = [{"ParameterKey": "Secret", "ParameterValue": "hush"}]
TAGS: Final = [{"Key": "Stage", "Value": "dev"}]
SHOWN_PARAMETERS: Final = [
    {"ParameterKey": "Name", "ParameterValue": "Team"},
    {"ParameterKey": "Version", "ParameterValue": "/bootstrap/version", "ResolvedValue": "27"},
    {"ParameterKey": "Secret", "ParameterValue": "hush"},
]
CHANGE_SET: Final = {
    "ChangeSetId": ANY,
    "ChangeSetName": "C",
    "StackId": ANY,
    "StackName": "S",
    "Description": "The first",
    "CreationTime": ANY,
    "Status": "CREATE_COMPLETE",
    "ExecutionStatus": "AVAILABLE",
}


@pytest.fixture
def aws() -> Iterator[LocalAws]:
    with LocalAws(management_account_id=MANAGEMENT, region="us-east-1") as running:
        running.seed(EXISTING)
        yield running


def whole(answer: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in answer.items() if key != "ResponseMetadata"}


def make_change_set(aws: LocalAws) -> Any:
    aws.client("ssm").put_parameter(Name="/bootstrap/version", Value="27", Type="String")
    cloudformation = aws.client("cloudformation")
    cloudformation.create_change_set(
        StackName="S",
        ChangeSetName="C",
        ChangeSetType="CREATE",
        Description="The first",
        TemplateBody=json.dumps(TEMPLATE),
        Parameters=PARAMETERS,
        Tags=TAGS,
        RoleARN=ROLE,
    )
    return cloudformation


def test_of_a_change_set(aws: LocalAws) -> None:
    cloudformation = make_change_set(aws)
    assert whole(cloudformation.list_change_sets(StackName="S")) == {"Summaries": [CHANGE_SET]}
    added: dict[str, Any] = {"Action": "Add", "Scope": [], "Details": []}
    assert whole(cloudformation.describe_change_set(StackName="S", ChangeSetName="C")) == {
        **CHANGE_SET,
        "Parameters": SHOWN_PARAMETERS,
        "Tags": TAGS,
        "NotificationARNs": [],
        "Capabilities": [],
        "Changes": [
            {"Type": "Resource", "ResourceChange": {**added, "LogicalResourceId": name, "ResourceType": kind}}
            for name, kind in (("Team", "AWS::IdentityStore::Group"), ("Admin", "AWS::SSO::PermissionSet"))
        ],
    }


def test_of_a_change_set_that_has_been_executed(aws: LocalAws) -> None:
    cloudformation = make_change_set(aws)
    deploy(aws, "Other", Other=group(DisplayName="Other"))
    cloudformation.execute_change_set(StackName="S", ChangeSetName="C")
    assert whole(cloudformation.list_change_sets(StackName="S")) == {"Summaries": []}
    with pytest.raises(cloudformation.exceptions.ChangeSetNotFoundException):
        cloudformation.describe_change_set(StackName="S", ChangeSetName="C")


def test_of_a_stack(aws: LocalAws) -> None:
    cloudformation = make_change_set(aws)
    cloudformation.execute_change_set(StackName="S", ChangeSetName="C")
    described = {
        "StackId": ANY,
        "StackName": "S",
        "Description": "A team",
        "Parameters": SHOWN_PARAMETERS,
        "CreationTime": ANY,
        "StackStatus": "CREATE_COMPLETE",
        "DisableRollback": False,
        "NotificationARNs": [],
        "Capabilities": ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
        "Outputs": [
            {"OutputKey": "Id", "OutputValue": "Team", "Description": "Whose", "ExportName": "team"},
            {"OutputKey": "Plain", "OutputValue": "x"},
        ],
        "RoleARN": ROLE,
        "Tags": TAGS,
        "EnableTerminationProtection": False,
    }
    assert whole(cloudformation.describe_stacks(StackName="S")) == {"Stacks": [described]}
    assert whole(cloudformation.describe_stacks()) == {"Stacks": [described]}
    [summary] = cloudformation.list_stacks()["StackSummaries"]
    assert summary == {"StackId": ANY, "StackName": "S", "CreationTime": ANY, "StackStatus": "CREATE_COMPLETE"}
    assert cloudformation.list_stacks(StackStatusFilter=["DELETE_COMPLETE"])["StackSummaries"] == []
    assert len(cloudformation.list_stacks(StackStatusFilter=["CREATE_COMPLETE"])["StackSummaries"]) == 1
    [export] = cloudformation.list_exports()["Exports"]
    assert export == {"ExportingStackId": ANY, "Name": "team", "Value": "Team"}
    assert export["ExportingStackId"].startswith(ID)


def test_of_the_resources_of_a_stack(aws: LocalAws) -> None:
    cloudformation = make_change_set(aws)
    cloudformation.execute_change_set(StackName="S", ChangeSetName="C")
    team = {
        "LogicalResourceId": "Team",
        "PhysicalResourceId": ANY,
        "ResourceType": "AWS::IdentityStore::Group",
        "ResourceStatus": "CREATE_COMPLETE",
    }
    of_stack = {"StackId": ANY, "StackName": "S"}
    [summary, other] = cloudformation.list_stack_resources(StackName="S")["StackResourceSummaries"]
    assert summary == {**team, "LastUpdatedTimestamp": ANY}
    assert other["PhysicalResourceId"].startswith(f"{INSTANCE}|arn:aws:sso:::permissionSet/")
    [resource_of] = cloudformation.describe_stack_resources(StackName="S", LogicalResourceId="Team")["StackResources"]
    assert resource_of == {**team, **of_stack, "Timestamp": ANY}
    assert resource_of["PhysicalResourceId"].endswith(f"|{STORE}")
    assert len(cloudformation.describe_stack_resources(StackName="S")["StackResources"]) == 2
    detail = cloudformation.describe_stack_resource(StackName="S", LogicalResourceId="Team")["StackResourceDetail"]
    assert detail == {**team, **of_stack, "LastUpdatedTimestamp": ANY}


def test_of_the_events_of_a_stack(aws: LocalAws) -> None:
    cloudformation = make_change_set(aws)
    cloudformation.execute_change_set(StackName="S", ChangeSetName="C")
    events = cloudformation.describe_stack_events(StackName="S")["StackEvents"]
    stack_id = cloudformation.describe_stacks()["Stacks"][0]["StackId"]
    kinds = {"S": "AWS::CloudFormation::Stack", "Team": "AWS::IdentityStore::Group", "Admin": "AWS::SSO::PermissionSet"}
    for event in events:
        assert (event["StackId"], event["StackName"]) == (stack_id, "S")
        assert event["ResourceType"] == kinds[event["LogicalResourceId"]]
        assert event["EventId"]
    assert len({event["EventId"] for event in events}) == len(events)
    times = [event["Timestamp"] for event in events]
    assert times == sorted(set(times), reverse=True)
    assert [f"{event['LogicalResourceId']} {event['ResourceStatus']}" for event in events] == [
        "S CREATE_COMPLETE",
        "Admin CREATE_COMPLETE",
        "Admin CREATE_IN_PROGRESS",
        "Team CREATE_COMPLETE",
        "Team CREATE_IN_PROGRESS",
        "S CREATE_IN_PROGRESS",
        "S REVIEW_IN_PROGRESS",
    ]


def test_of_a_template(aws: LocalAws) -> None:
    cloudformation = make_change_set(aws)
    cloudformation.execute_change_set(StackName="S", ChangeSetName="C")
    text = {"ParameterType": "String", "NoEcho": False, "Description": ""}
    summary = whole(cloudformation.get_template_summary(StackName="S"))
    assert json.loads(summary.pop("Metadata")) == TEMPLATE["Metadata"]
    assert summary == {
        "Parameters": [
            {**text, "ParameterKey": "Name", "DefaultValue": "Team", "Description": "The team's name"},
            {
                **text,
                "ParameterKey": "Version",
                "ParameterType": "AWS::SSM::Parameter::Value<String>",
                "DefaultValue": "/bootstrap/version",
            },
            {**text, "ParameterKey": "Secret", "NoEcho": True},
        ],
        "ResourceTypes": ["AWS::IdentityStore::Group", "AWS::SSO::PermissionSet"],
        "Description": "A team",
        "Version": "2010-09-09",
        "ResourceIdentifierSummaries": ANY,
    }
    bare = json.dumps({"Resources": {"It": resource("AWS::CDK::Metadata")}})
    of_bare = whole(cloudformation.get_template_summary(TemplateBody=bare))
    assert of_bare.keys() & {"Metadata", "Description", "Version"} == set()
    assert whole(cloudformation.validate_template(TemplateBody=json.dumps(TEMPLATE))) == {
        "Description": "A team",
        "Parameters": [],
    }
    assert whole(cloudformation.validate_template(TemplateBody=bare)) == {"Description": "", "Parameters": []}
    got = whole(cloudformation.get_template(StackName="S"))
    assert got == {"TemplateBody": TEMPLATE, "StagesAvailable": ["Original", "Processed"]}


def test_of_a_stack_that_was_updated_and_then_deleted(aws: LocalAws) -> None:
    cloudformation = aws.client("cloudformation")
    deploy(aws, "S", Team=group())
    [before] = cloudformation.describe_stacks()["Stacks"]
    assert before.keys() & {"LastUpdatedTime", "DeletionTime", "RoleARN", "Description"} == set()
    assert before["Tags"] == before["Outputs"] == before["Parameters"] == []
    cloudformation.update_termination_protection(StackName="S", EnableTerminationProtection=True)
    deploy(aws, "S", Team=group(Description="Everyone"))
    [after] = cloudformation.describe_stacks()["Stacks"]
    assert (after["StackId"], after["CreationTime"]) == (before["StackId"], before["CreationTime"])
    assert after["LastUpdatedTime"] > before["CreationTime"]
    assert after["EnableTerminationProtection"] is True
    cloudformation.update_termination_protection(StackName="S", EnableTerminationProtection=False)
    cloudformation.delete_stack(StackName="S")
    [gone] = cloudformation.describe_stacks(StackName=after["StackId"])["Stacks"]
    assert gone["StackStatus"] == "DELETE_COMPLETE"
    assert gone["DeletionTime"] > after["LastUpdatedTime"]
    cloudformation.delete_stack(StackName=after["StackId"])
    [summary] = cloudformation.list_stacks()["StackSummaries"]
    assert (summary["StackId"], summary["StackStatus"]) == (after["StackId"], "DELETE_COMPLETE")


def test_of_a_second_stack_of_a_name_is_a_refusal(aws: LocalAws) -> None:
    cloudformation = aws.client("cloudformation")
    deploy(aws, "S", Team=group())
    with pytest.raises(cloudformation.exceptions.AlreadyExistsException, match=r"Stack \[S\] already exists"):
        cloudformation.create_stack(StackName="S", TemplateBody=json.dumps({"Resources": {"Other": group()}}))


def test_of_a_deletion_is_a_refusal_only_where_another_stack_imports(aws: LocalAws) -> None:
    cloudformation = aws.client("cloudformation")
    exporting = {"Resources": {"Team": group()}, "Outputs": {"O": {"Value": "x", "Export": {"Name": "team"}}}}
    for name, description in (
        ("Mentions", "team"),
        ("Imports", {"Fn::Sub": ["${A}", {"A": {"Fn::ImportValue": "team"}}]}),
    ):
        cloudformation.create_stack(StackName="S", TemplateBody=json.dumps(exporting))
        deploy(aws, name, Other=group(DisplayName=name, Description=description))
        if name == "Imports":
            with pytest.raises(ClientError, match="Export team cannot be deleted as it is in use by Imports"):
                cloudformation.delete_stack(StackName="S")
            cloudformation.delete_stack(StackName="Imports")
        cloudformation.delete_stack(StackName="S")
        assert "S" not in {stack["StackName"] for stack in cloudformation.describe_stacks()["Stacks"]}


def test_of_what_a_modification_changes(aws: LocalAws) -> None:
    cloudformation = aws.client("cloudformation")
    body = {"Resources": {"Admin": permission_set(), "Owner": permission_set(Name="Owner")}}
    cloudformation.create_stack(StackName="S", TemplateBody=json.dumps(body))
    old = {
        each["LogicalResourceId"]: each
        for each in cloudformation.describe_stack_resources(StackName="S")["StackResources"]
    }
    body["Resources"]["Admin"] = permission_set(Name="Root", Description="All") | {"Metadata": {"a": 1}}
    cloudformation.create_change_set(StackName="S", ChangeSetName="C", TemplateBody=json.dumps(body), Tags=TAGS)

    def detail(recreation: str, **target: str) -> dict[str, Any]:
        return {
            "Target": {**target, "RequiresRecreation": recreation},
            "Evaluation": "Static",
            "ChangeSource": "DirectModification",
        }

    changes = cloudformation.describe_change_set(StackName="S", ChangeSetName="C")["Changes"]
    assert [each["ResourceChange"] for each in changes] == [
        {
            "Action": "Modify",
            "LogicalResourceId": "Admin",
            "PhysicalResourceId": old["Admin"]["PhysicalResourceId"],
            "ResourceType": "AWS::SSO::PermissionSet",
            "Replacement": "True",
            "Scope": ["Properties", "Metadata", "Tags"],
            "Details": [
                detail("Always", Attribute="Properties", Name="Name"),
                detail("Never", Attribute="Properties", Name="Description"),
                detail("Never", Attribute="Metadata"),
                detail("Never", Attribute="Tags"),
            ],
        },
        {
            "Action": "Modify",
            "LogicalResourceId": "Owner",
            "PhysicalResourceId": old["Owner"]["PhysicalResourceId"],
            "ResourceType": "AWS::SSO::PermissionSet",
            "Replacement": "False",
            "Scope": ["Tags"],
            "Details": [detail("Never", Attribute="Tags")],
        },
    ]
