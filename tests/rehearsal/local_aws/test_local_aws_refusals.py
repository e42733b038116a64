"""What AWS refuses, the local AWS refuses: as a resource's failure, and the stack rolls back."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError
from syrupy.assertion import SnapshotAssertion

from local_aws_stacks import (
    DEV,
    EXISTING,
    GROUP,
    MANAGEMENT,
    PERMISSION_SET,
    ROOT,
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
    policy,
    resource,
    unit,
    user,
)
from org_constructs.rehearsal.local_aws import LocalAws
from org_constructs.rehearsal.local_aws.cloudformation.schema import schema_of
from policy_documents import ALLOW_LISTING, DENY_LEAVING_TEXT, content_of
from refusals import without_ids


@pytest.fixture
def aws() -> Iterator[LocalAws]:
    with LocalAws(management_account_id=MANAGEMENT, region="us-east-1") as running:
        running.seed(EXISTING)
        yield running


DELEGATION: dict[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"AWS": DEV},
            "Action": "organizations:DescribeOrganization",
            "Resource": "*",
        }
    ],
}
ACCEPTED = {
    "account": account(ParentIds=[UNIT], RoleName="Admin", Tags=[{"Key": "Stage", "Value": "dev"}]),
    "organizational unit": unit(ParentId=UNIT),
    "policy": policy(TargetIds=[ROOT, DEV]),
    "resource policy": resource("AWS::Organizations::ResourcePolicy", Content=DELEGATION),
    "permission set": permission_set(
        SessionDuration="PT12H",
        ManagedPolicies=["arn:aws:iam::aws:policy/AdministratorAccess"],
        InlinePolicy=ALLOW_LISTING,
        CustomerManagedPolicyReferences=[{"Name": "Ours"}],
        PermissionsBoundary={"ManagedPolicyArn": "arn:aws:iam::aws:policy/PowerUserAccess"},
        Tags=[{"Key": "Team", "Value": "platform"}],
    ),
    "service control policy of 10,240 characters": policy(Content=DENY_LEAVING_TEXT.ljust(10_240)),
    "inline policy of 32,768 characters": permission_set(InlinePolicy=json.dumps(ALLOW_LISTING).ljust(32_768)),
    "assignment to a group": assignment(),
    "assignment to a user": assignment(PrincipalType="USER", PrincipalId=USER),
    "assignment of the management account": assignment(TargetId=MANAGEMENT),
    "user": user(),
    "group": group(Description="Everyone"),
    "membership": membership(),
}


@pytest.mark.parametrize("accepted", ACCEPTED.values(), ids=ACCEPTED.keys())
def test_makes_and_unmakes_what_is_right(aws: LocalAws, accepted: Resource) -> None:
    status, reason = deploy(aws, It=accepted)
    assert (status, reason) == ("CREATE_COMPLETE", "")
    aws.client("cloudformation").delete_stack(StackName="OrgBaseline")
    stack = aws.client("cloudformation").list_stacks()["StackSummaries"][0]
    assert stack["StackStatus"] == "DELETE_COMPLETE"


@pytest.mark.parametrize("accepted", ACCEPTED.values(), ids=ACCEPTED.keys())
def test_has_every_attribute_that_the_schema_names(aws: LocalAws, accepted: Resource) -> None:
    schema = schema_of(accepted["Type"], "us-east-1")
    assert schema
    outputs: dict[str, Any] = {name: {"Value": {"Fn::GetAtt": ["It", name]}} for name in schema.read_only}
    if "Paths" in outputs:
        outputs["Paths"] = {"Value": {"Fn::Join": ["", outputs["Paths"]["Value"]]}}
    cloudformation = aws.client("cloudformation")
    body = json.dumps({"Resources": {"It": accepted}, "Outputs": outputs})
    cloudformation.create_stack(StackName="S", TemplateBody=body)
    [made] = cloudformation.describe_stacks(StackName="S")["Stacks"]
    assert made["StackStatus"] == "CREATE_COMPLETE"
    assert {each["OutputKey"] for each in made.get("Outputs", ()) if each["OutputValue"]} == {*schema.read_only}


REFUSED = {
    "missing property": unit(Name=None),
    "property that does not exist": unit(Colour="red"),
    "read-only property": account(AccountId=DEV),
    "wrong type": account(ParentIds=UNIT),
    "name of 51 characters": account(AccountName="a" * 51),
    "name with a letter beyond ASCII": account(AccountName="acmé"),
    "e-mail with a space": account(Email="aws dev@acme.com"),
    "parent that is no id": account(ParentIds=["root"]),
    "two parents": account(ParentIds=[ROOT, UNIT]),
    "parent that does not exist": account(ParentIds=["ou-acme-87654321"]),
    "account e-mail that exists": account(Email="EXISTING-1@example.com"),
    "unit under a parent that does not exist": unit(ParentId="ou-acme-87654321"),
    "unit name that the parent has": unit(Name="existing-1"),
    "second organization": resource("AWS::Organizations::Organization"),
    "policy name that exists": policy(Name="FullAWSAccess"),
    "policy of an unknown type": policy(Type="ROOT_POLICY"),
    "policy of a type that is not enabled": policy(
        Type="TAG_POLICY", Content=content_of("TAG_POLICY"), TargetIds=[ROOT]
    ),
    "service control policy of 10,241 characters": policy(Content='{"a":"' + "x" * 10_233 + '"}'),
    "policy that is not JSON": policy(Content="Deny everything"),
    "policy on a target that does not exist": policy(TargetIds=["999999999999"]),
    "permission set of an instance that does not exist": permission_set(
        InstanceArn="arn:aws:sso:::instance/ssoins-0000000000000000"
    ),
    "permission-set name that exists": permission_set(Name="Existing1"),
    "permission-set name that exists in other letters": permission_set(Name="existing1"),
    "permission-set name with a space": permission_set(Name="Admin Access"),
    "permission-set name of 33 characters": permission_set(Name="a" * 33),
    "session of 13 hours": permission_set(SessionDuration="PT13H"),
    "session of 59 minutes": permission_set(SessionDuration="PT59M"),
    "managed policy that does not exist": permission_set(ManagedPolicies=["arn:aws:iam::aws:policy/Everything"]),
    "managed policy without its path": permission_set(ManagedPolicies=["arn:aws:iam::aws:policy/ViewOnlyAccess"]),
    "managed policy that only a service-linked role has": permission_set(
        ManagedPolicies=["arn:aws:iam::aws:policy/aws-service-role/AmazonECSServiceRolePolicy"]
    ),
    "inline policy beyond Latin-1": permission_set(
        InlinePolicy={"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::→"}]}
    ),
    "inline policy that is not JSON": permission_set(InlinePolicy="Allow"),
    "inline policy that is too long": permission_set(InlinePolicy={"Statement": "a" * 32768}),
    "assignment of an account that does not exist": assignment(TargetId="999999999999"),
    "assignment to a group that does not exist": assignment(PrincipalId=USER),
    "assignment to a user that does not exist": assignment(PrincipalType="USER"),
    "assignment with a permission set that does not exist": assignment(
        PermissionSetArn=PERMISSION_SET.replace("ps-1", "ps-2")
    ),
    "user name that exists": user(UserName="existing-1@example.com"),
    "user e-mail that exists": user(Emails=[{"Value": "Existing-1@example.com"}]),
    "user without a family name": user(Name={"GivenName": "Dax"}),
    "user in a store that does not exist": user(IdentityStoreId="d-0000000000"),
    "user name that is reserved": user(UserName="Administrator"),
    "user name with a space": user(UserName="dax acme"),
    "group name that is reserved": group(DisplayName="AWSAdministrators"),
    "group name that exists": group(DisplayName="existing-1"),
    "membership of a user that does not exist": membership(MemberId={"UserId": GROUP}),
    "membership in a group that does not exist": membership(GroupId=USER),
}


@pytest.mark.parametrize("refused", REFUSED.values(), ids=REFUSED.keys())
def test_refuses(aws: LocalAws, refused: Resource, snapshot: SnapshotAssertion) -> None:
    status, reason = deploy(aws, It=refused)
    assert status == "ROLLBACK_COMPLETE"
    assert without_ids(reason) == snapshot


TWICE = {
    "assignment": assignment(),
    "membership": membership(),
    "resource policy": ACCEPTED["resource policy"],
}


@pytest.mark.parametrize("twice", TWICE.values(), ids=TWICE.keys())
def test_refuses_what_another_stack_made(aws: LocalAws, twice: Resource, snapshot: SnapshotAssertion) -> None:
    assert deploy(aws, It=twice) == ("CREATE_COMPLETE", "")
    status, reason = deploy(aws, "Another", It=twice)
    assert status == "ROLLBACK_COMPLETE"
    assert without_ids(reason) == snapshot


def test_refuses_a_unit_at_the_sixth_level(aws: LocalAws) -> None:
    levels = {
        f"Level{n}": unit(Name=f"L{n}", ParentId={"Ref": f"Level{n - 1}"} if n > 1 else ROOT) for n in range(1, 7)
    }
    status, reason = deploy(aws, **levels)
    assert (status, "OU_DEPTH_LIMIT_EXCEEDED" in reason) == ("ROLLBACK_COMPLETE", True)
    assert "Level5 CREATE_COMPLETE" in happened(aws)


@pytest.mark.parametrize(
    ("policy_type", "most"), [("SERVICE_CONTROL_POLICY", 9), ("RESOURCE_CONTROL_POLICY", 4), ("CHATBOT_POLICY", 5)]
)
def test_refuses_one_more_policy_than_a_target_takes(aws: LocalAws, policy_type: str, most: int) -> None:
    organizations = aws.client("organizations")
    enabled = {each["Type"] for each in organizations.list_roots()["Roots"][0]["PolicyTypes"]}
    if policy_type not in enabled:
        organizations.enable_policy_type(RootId=ROOT, PolicyType=policy_type)
    ids = [
        organizations.create_policy(
            Name=f"p{number}", Description="", Type=policy_type, Content=json.dumps(content_of(policy_type))
        )["Policy"]["PolicySummary"]["Id"]
        for number in range(most + 1)
    ]
    for policy_id in ids[:-1]:
        organizations.attach_policy(PolicyId=policy_id, TargetId=ROOT)
    with pytest.raises(ClientError) as refused:
        organizations.attach_policy(PolicyId=ids[-1], TargetId=ROOT)
    error = refused.value.response["Error"]
    assert error["Code"] == "ConstraintViolationException"
    assert error["Message"].endswith("(MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED)")


@pytest.mark.parametrize(
    "principal",
    [
        {},
        {"Principal": "*", "NotPrincipal": "*"},
        {"Principal": DEV},
        {"Principal": {"Aws": DEV}},
        {"Principal": {"AWS": []}},
    ],
    ids=["neither", "both", "no mapping", "unknown element", "empty list"],
)
def test_refuses_a_resource_policy_that_does_not_say_for_whom(
    aws: LocalAws, principal: dict[str, Any], snapshot: SnapshotAssertion
) -> None:
    statement = {key: value for key, value in DELEGATION["Statement"][0].items() if key != "Principal"}
    content = {**DELEGATION, "Statement": {**statement, **principal}}
    with pytest.raises(ClientError) as refused:
        aws.client("organizations").put_resource_policy(Content=json.dumps(content))
    assert refused.value.response["Error"]["Message"] == snapshot
    assert refused.value.response["Error"]["Code"] == "InvalidInputException"
