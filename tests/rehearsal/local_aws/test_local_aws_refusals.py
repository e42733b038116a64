"""What AWS refuses, the local AWS refuses: as a resource's failure, and the stack rolls back."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

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
from policy_documents import ALLOW_LISTING, content_of


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


REFUSED = {
    "missing property": (unit(Name=None), "'Name' is a required property"),
    "property that does not exist": (unit(Colour="red"), "'Colour' was unexpected"),
    "read-only property": (account(AccountId=DEV), "#/AccountId: the property is read-only"),
    "wrong type": (account(ParentIds=UNIT), "#/ParentIds: expected type array"),
    "name of 51 characters": (account(AccountName="a" * 51), "#/AccountName: .* is too long"),
    "name with a letter beyond ASCII": (account(AccountName="acmé"), "#/AccountName: .* does not match pattern"),
    "e-mail with a space": (account(Email="aws dev@acme.com"), "#/Email: .* does not match pattern"),
    "parent that is no id": (account(ParentIds=["root"]), "#/ParentIds/0: .* does not match pattern"),
    "two parents": (account(ParentIds=[ROOT, UNIT]), "Can not specify more than one parent id"),
    "parent that does not exist": (account(ParentIds=["ou-acme-87654321"]), "find the destination container"),
    "account e-mail that exists": (account(Email="EXISTING-1@example.com"), "EMAIL_ALREADY_EXISTS"),
    "unit under a parent that does not exist": (
        unit(ParentId="ou-acme-87654321"),
        "You specified parent that doesn't exist",
    ),
    "unit name that the parent has": (unit(Name="existing-1"), r"name \[existing-1\] already exists in parent"),
    "second organization": (resource("AWS::Organizations::Organization"), "already a member of an organization"),
    "policy name that exists": (policy(Name="FullAWSAccess"), r"already exists for policy name \[FullAWSAccess\]"),
    "policy of an unknown type": (policy(Type="ROOT_POLICY"), "'ROOT_POLICY' is not one of"),
    "policy of a type that is not enabled": (
        policy(Type="TAG_POLICY", Content=content_of("TAG_POLICY"), TargetIds=[ROOT]),
        "This operation can be performed only for enabled policy types",
    ),
    "service control policy of 10,241 characters": (
        policy(Content='{"a":"' + "x" * 10_233 + '"}'),
        "maximum policy size of 10240 characters with 10241",
    ),
    "policy that is not JSON": (
        policy(Content="Deny everything"),
        "The provided policy document does not meet the requirements of the specified policy type",
    ),
    "policy on a target that does not exist": (
        policy(TargetIds=["999999999999"]),
        "You specified a target that doesn't exist",
    ),
    "permission set of an instance that does not exist": (
        permission_set(InstanceArn="arn:aws:sso:::instance/ssoins-0000000000000000"),
        "Could not find Instance",
    ),
    "permission-set name that exists": (permission_set(Name="Existing1"), "PermissionSet with name Existing1 already"),
    "permission-set name that exists in other letters": (permission_set(Name="existing1"), "existing1 already"),
    "permission-set name with a space": (permission_set(Name="Admin Access"), "#/Name: .* does not match pattern"),
    "permission-set name of 33 characters": (permission_set(Name="a" * 33), "#/Name: .* is too long"),
    "session of 13 hours": (permission_set(SessionDuration="PT13H"), "between PT1H and PT12H, got 'PT13H'"),
    "session of 59 minutes": (permission_set(SessionDuration="PT59M"), "between PT1H and PT12H, got 'PT59M'"),
    "managed policy that does not exist": (
        permission_set(ManagedPolicies=["arn:aws:iam::aws:policy/Everything"]),
        "Policy does not exist with ARN",
    ),
    "managed policy without its path": (
        permission_set(ManagedPolicies=["arn:aws:iam::aws:policy/ViewOnlyAccess"]),
        "Policy does not exist with ARN",
    ),
    "managed policy that only a service-linked role has": (
        permission_set(ManagedPolicies=["arn:aws:iam::aws:policy/aws-service-role/AmazonECSServiceRolePolicy"]),
        "Cannot attach a Service Role Policy to a Customer Role",
    ),
    "inline policy beyond Latin-1": (
        permission_set(
            InlinePolicy={"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::→"}]}
        ),
        "Member must satisfy regular expression pattern",
    ),
    "inline policy that is not JSON": (
        permission_set(InlinePolicy="Allow"),
        "Invalid PermissionsPolicy Document Allow",
    ),
    "inline policy that is too long": (
        permission_set(InlinePolicy={"Statement": "a" * 32768}),
        "Member must have length less than or equal to 32768",
    ),
    "assignment of an account that does not exist": (
        assignment(TargetId="999999999999"),
        "active account with id 9999",
    ),
    "assignment to a group that does not exist": (assignment(PrincipalId=USER), "Could not find GROUP"),
    "assignment to a user that does not exist": (assignment(PrincipalType="USER"), "Could not find USER"),
    "assignment with a permission set that does not exist": (
        assignment(PermissionSetArn=PERMISSION_SET.replace("ps-1", "ps-2")),
        "Could not find PermissionSet",
    ),
    "user name that exists": (user(UserName="existing-1@example.com"), "Duplicate UserName"),
    "user e-mail that exists": (user(Emails=[{"Value": "Existing-1@example.com"}]), "Duplicate Email"),
    "user without a family name": (user(Name={"GivenName": "Dax"}), "familyname is required"),
    "user in a store that does not exist": (
        user(IdentityStoreId="d-0000000000"),
        "IdentityStore d-0000000000 not found",
    ),
    "user name that is reserved": (user(UserName="Administrator"), "Administrator is a reserved name"),
    "user name with a space": (user(UserName="dax acme"), "#/UserName: .* does not match pattern"),
    "group name that is reserved": (group(DisplayName="AWSAdministrators"), "AWSAdministrators is a reserved name"),
    "group name that exists": (group(DisplayName="existing-1"), "Duplicate GroupDisplayName"),
    "membership of a user that does not exist": (membership(MemberId={"UserId": GROUP}), "Member does not exist"),
    "membership in a group that does not exist": (membership(GroupId=USER), "Group does not exist"),
}


@pytest.mark.parametrize(("refused", "why"), REFUSED.values(), ids=REFUSED.keys())
def test_refuses(aws: LocalAws, refused: Resource, why: str) -> None:
    status, reason = deploy(aws, It=refused)
    assert status == "ROLLBACK_COMPLETE"
    assert re.search(why, reason), reason


TWICE = {
    "assignment": (assignment(), "AlreadyExists"),
    "membership": (membership(), "Member and Group relationship already exists"),
    "resource policy": (ACCEPTED["resource policy"], "There is already a ResourcePolicy"),
}


@pytest.mark.parametrize(("twice", "why"), TWICE.values(), ids=TWICE.keys())
def test_refuses_what_another_stack_made(aws: LocalAws, twice: Resource, why: str) -> None:
    assert deploy(aws, It=twice) == ("CREATE_COMPLETE", "")
    status, reason = deploy(aws, "Another", It=twice)
    assert status == "ROLLBACK_COMPLETE"
    assert why in reason


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
    assert error["Message"] == (
        "You have attached the maximum number of policies to the specified target."
        " (MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED)"
    )


@pytest.mark.parametrize(
    ("principal", "why"),
    [
        ({}, "['Statement'] must have one of Principal and NotPrincipal, got neither; add one"),
        ({"Principal": "*", "NotPrincipal": "*"}, "must have one of Principal and NotPrincipal, got both; remove one"),
        ({"Principal": DEV}, f"['Principal'] must be a mapping, got '{DEV}'; write it in braces"),
        (
            {"Principal": {"Aws": DEV}},
            "must have no element but AWS, CanonicalUser, Federated, Service, got 'Aws'; did",
        ),
        ({"Principal": {"AWS": []}}, "['Principal']['AWS'] must have an item, got an empty list; add one"),
    ],
)
def test_refuses_a_resource_policy_that_does_not_say_for_whom(
    aws: LocalAws, principal: dict[str, Any], why: str
) -> None:
    statement = {key: value for key, value in DELEGATION["Statement"][0].items() if key != "Principal"}
    content = {**DELEGATION, "Statement": {**statement, **principal}}
    with pytest.raises(ClientError, match=re.escape(why)) as refused:
        aws.client("organizations").put_resource_policy(Content=json.dumps(content))
    assert refused.value.response["Error"]["Code"] == "InvalidInputException"
