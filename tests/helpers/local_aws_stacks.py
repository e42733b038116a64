"""Resources for the tests of the local AWS, each as AWS accepts it until a test says otherwise, and their deploy."""

import json
from typing import Any

from org_constructs.rehearsal.local_aws import Existing, LocalAws
from policy_documents import DENY_LEAVING

MANAGEMENT = "111122223333"
INSTANCE = "arn:aws:sso:::instance/ssoins-7223abcd12345678"
STORE = "d-9067abcd12"
USER = "a1b2c3d4-5678-90ab-cdef-000000000001"
GROUP = "a1b2c3d4-5678-90ab-cdef-000000000002"
ROOT = "r-acme"
DEV = "222233334444"
PERMISSION_SET = "arn:aws:sso:::permissionSet/ssoins-7223abcd12345678/ps-1234567890abcdef"
UNIT = "ou-acme-12345678"
EXISTING = Existing(
    organization_id="o-acme123456",
    root_id=ROOT,
    instance_arn=INSTANCE,
    identity_store_id=STORE,
    account_ids=(DEV,),
    organizational_unit_ids=(UNIT,),
    user_ids=(USER,),
    group_ids=(GROUP,),
    permission_set_arns=(PERMISSION_SET,),
)

Resource = dict[str, Any]


def deploy(aws: LocalAws, name: str = "OrgBaseline", /, **resources: Resource) -> tuple[str, str]:
    """Deploy resources as a stack, anew or as an update; return its status and why what failed did."""
    cloudformation = aws.client("cloudformation")
    body = json.dumps({"Resources": resources})
    stacks = [stack["StackName"] for stack in cloudformation.describe_stacks()["Stacks"]]
    if name in stacks:
        cloudformation.update_stack(StackName=name, TemplateBody=body)
    else:
        cloudformation.create_stack(StackName=name, TemplateBody=body)
    status = cloudformation.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]
    events = cloudformation.describe_stack_events(StackName=name)["StackEvents"]
    reasons = [e["ResourceStatusReason"] for e in events if e["ResourceStatus"].endswith("_FAILED")]
    return status, "\n".join(reason for reason in reasons if not reason.startswith("The following"))


def resource(kind: str, /, *depends_on: str, **properties: object) -> Resource:
    return {
        "Type": kind,
        "DeletionPolicy": "Delete",
        "DependsOn": list(depends_on),
        "Properties": {key: value for key, value in properties.items() if value is not None},
    }


def account(*depends_on: str, **properties: object) -> Resource:
    return resource(
        "AWS::Organizations::Account",
        *depends_on,
        **{"AccountName": "acme-dev", "Email": "aws+dev@acme.com"} | properties,
    )


def unit(*depends_on: str, **properties: object) -> Resource:
    return resource(
        "AWS::Organizations::OrganizationalUnit", *depends_on, **{"Name": "Workloads", "ParentId": ROOT} | properties
    )


def policy(*depends_on: str, **properties: object) -> Resource:
    defaults = {"Name": "DenyRoot", "Type": "SERVICE_CONTROL_POLICY", "Content": DENY_LEAVING}
    return resource("AWS::Organizations::Policy", *depends_on, **defaults | properties)


def permission_set(*depends_on: str, **properties: object) -> Resource:
    defaults = {"Name": "AdministratorAccess", "InstanceArn": INSTANCE}
    return resource("AWS::SSO::PermissionSet", *depends_on, **defaults | properties)


def assignment(*depends_on: str, **properties: object) -> Resource:
    defaults = {
        "InstanceArn": INSTANCE,
        "TargetId": DEV,
        "TargetType": "AWS_ACCOUNT",
        "PermissionSetArn": PERMISSION_SET,
        "PrincipalType": "GROUP",
        "PrincipalId": GROUP,
    }
    return resource("AWS::SSO::Assignment", *depends_on, **defaults | properties)


def user(**properties: object) -> Resource:
    defaults = {
        "IdentityStoreId": STORE,
        "UserName": "dax@acme.com",
        "DisplayName": "Dax",
        "Name": {"GivenName": "Dax", "FamilyName": "Acme"},
        "Emails": [{"Value": "dax@acme.com", "Primary": True}],
    }
    return resource("AWS::IdentityStore::User", **defaults | properties)


def group(**properties: object) -> Resource:
    return resource("AWS::IdentityStore::Group", **{"IdentityStoreId": STORE, "DisplayName": "Team"} | properties)


def membership(**properties: object) -> Resource:
    defaults = {"IdentityStoreId": STORE, "GroupId": GROUP, "MemberId": {"UserId": USER}}
    return resource("AWS::IdentityStore::GroupMembership", **defaults | properties)


def physical_id(aws: LocalAws, logical_id: str, *, name: str = "OrgBaseline") -> str:
    resources = aws.client("cloudformation").describe_stack_resources(StackName=name)["StackResources"]
    return str(next(r["PhysicalResourceId"] for r in resources if r["LogicalResourceId"] == logical_id))


def happened(aws: LocalAws, *, name: str = "OrgBaseline", since: int = 0) -> list[str]:
    """Tell what happened to the stack's resources, the first first: `Dev CREATE_COMPLETE`."""
    cloudformation = aws.client("cloudformation")
    stack_id = next(s["StackId"] for s in cloudformation.list_stacks()["StackSummaries"] if s["StackName"] == name)
    events = cloudformation.describe_stack_events(StackName=stack_id)["StackEvents"][::-1]
    told = [f"{e['LogicalResourceId']} {e['ResourceStatus']}" for e in events if e["LogicalResourceId"] != name]
    return told[since:]
