"""What CDK's conventions ask of every construct: references, grants, tags, mixins, and no part that is missing."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import jsii
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_organizations as organizations
from aws_cdk import aws_s3 as s3
from aws_cdk.assertions import Template
from constructs import IConstruct, IMixin

from org_constructs import (
    Account,
    Group,
    IdentityCenter,
    Organization,
    OrganizationalUnit,
    PermissionSet,
    Policy,
    PolicyType,
)
from refusals import refuses

if TYPE_CHECKING:
    from collections.abc import Mapping

ACCOUNT_ID = "444455556666"


@pytest.fixture
def organization(stack: cdk.Stack) -> Organization:
    return Organization(stack, "Organization")


@pytest.fixture
def account(stack: cdk.Stack, organization: Organization) -> Account:
    return Account(stack, "Dev", name="acme-dev", email="aws+dev@acme.com", parent=organization)


def allowed(bucket: s3.Bucket) -> Any:
    """The statement that a grant adds to the bucket's policy."""
    stack = cdk.Stack.of(bucket)
    [policy] = Template.from_stack(stack).find_resources("AWS::S3::BucketPolicy").values()
    [statement] = policy["Properties"]["PolicyDocument"]["Statement"]
    return statement


def logical_id(stack: cdk.Stack, construct: Any) -> str:
    resolved: str = stack.resolve(construct.node.default_child.logical_id)
    return resolved


def test_an_account_is_granted_what_another_stack_owns(stack: cdk.Stack, account: Account) -> None:
    data = cdk.Stack(cdk.App.of(stack), "Data", env=cdk.Environment(account=stack.account, region=stack.region))
    bucket = s3.Bucket(data, "Bucket")
    bucket.grant_read(account)
    assert "AWS" in allowed(bucket)["Principal"]
    assert data.dependencies == [stack]


def test_an_existing_account_is_granted_the_same(stack: cdk.Stack) -> None:
    bucket = s3.Bucket(stack, "Bucket")
    bucket.grant_read(Account.from_account_id(ACCOUNT_ID))
    assert ACCOUNT_ID in str(allowed(bucket)["Principal"])


def test_a_value_that_is_granted_something_stays_the_value_that_it_was(stack: cdk.Stack) -> None:
    account = Account.from_account_id(ACCOUNT_ID)
    for name in ("One", "Another"):
        bucket = s3.Bucket(stack, name)
        bucket.grant_read(account)
        assert bucket.policy
        assert ACCOUNT_ID in str(stack.resolve(bucket.policy.document))
    assert {account} == {Account.from_account_id(ACCOUNT_ID)}
    with pytest.raises(FrozenInstanceError):
        account.account_id = "555566667777"


def test_a_role_trusts_the_principal_of_an_account(stack: cdk.Stack) -> None:
    role = iam.Role(stack, "Role", assumed_by=Account.from_account_id(ACCOUNT_ID).grant_principal)
    [statement] = stack.resolve(role.assume_role_policy)["Statement"]
    assert f":iam::{ACCOUNT_ID}:root" in str(statement["Principal"])


def test_everybody_in_an_organization_is_granted_something(stack: cdk.Stack, organization: Organization) -> None:
    bucket = s3.Bucket(stack, "Bucket")
    bucket.grant_read(organization)
    statement = allowed(bucket)
    organization_id = {"Fn::GetAtt": [logical_id(stack, organization), "Id"]}
    assert statement["Principal"] == {"AWS": "*"}
    assert statement["Condition"] == {"StringEquals": {"aws:PrincipalOrgID": organization_id}}


def test_everybody_in_an_existing_organization_is_granted_the_same(stack: cdk.Stack) -> None:
    existing = Organization.from_attributes(
        organization_id="o-exampleorg1", root_id="r-ab12", management_account_id=ACCOUNT_ID
    )
    bucket = s3.Bucket(stack, "Bucket")
    bucket.grant_read(existing)
    assert allowed(bucket)["Condition"] == {"StringEquals": {"aws:PrincipalOrgID": "o-exampleorg1"}}


def test_everybody_in_a_unit_and_below_it_is_granted_something(stack: cdk.Stack, organization: Organization) -> None:
    workloads = OrganizationalUnit(stack, "Workloads", name="workloads", parent=organization)
    production = OrganizationalUnit(stack, "Production", name="production", parent=workloads)
    bucket = s3.Bucket(stack, "Bucket")
    bucket.grant_read(production)
    ids = [(organization, "Id"), (organization, "RootId"), (workloads, "Id"), (production, "Id")]
    path = [part for each, name in ids for part in ({"Fn::GetAtt": [logical_id(stack, each), name]}, "/")]
    statement = allowed(bucket)
    assert statement["Principal"] == {"AWS": "*"}
    assert statement["Condition"] == {
        "ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": [{"Fn::Join": ["", [*path[:-1], "/*"]]}]}
    }


def test_everybody_in_an_existing_unit_is_granted_the_same(stack: cdk.Stack) -> None:
    organization = Organization.from_attributes(
        organization_id="o-exampleorg1", root_id="r-ab12", management_account_id=ACCOUNT_ID
    )
    workloads = OrganizationalUnit.from_organizational_unit_id("ou-ab12-11112222", parent=organization)
    production = OrganizationalUnit.from_organizational_unit_id("ou-ab12-33334444", parent=workloads)
    bucket = s3.Bucket(stack, "Bucket")
    bucket.grant_read(production)
    assert allowed(bucket)["Condition"] == {
        "ForAnyValue:StringLike": {
            "aws:PrincipalOrgPaths": ["o-exampleorg1/r-ab12/ou-ab12-11112222/ou-ab12-33334444/*"]
        }
    }


def test_refuses_to_grant_to_a_unit_of_which_nobody_knows_where_it_is(stack: cdk.Stack) -> None:
    existing = OrganizationalUnit.from_organizational_unit_id("ou-ab12-11112222")
    for unit in (existing, OrganizationalUnit(stack, "Below", name="below", parent=existing)):
        with refuses("unit-path-unknown", "parent", "'ou-ab12-11112222'"):
            unit.grant_principal  # noqa: B018 (it is what refuses)


def test_each_has_the_reference_of_its_resource(
    stack: cdk.Stack, organization: Organization, account: Account, identity_center: IdentityCenter
) -> None:
    unit = OrganizationalUnit(stack, "Workloads", name="workloads", parent=organization)
    policy = Policy(stack, "Policy", name="p", type=PolicyType.TAG_POLICY, content={"tags": {}}, targets=[unit])
    group = Group(stack, "Group", identity_center=identity_center, name="Developers")
    permission_set = PermissionSet(stack, "Reader", identity_center=identity_center, name="Reader")
    ids: Mapping[Any, str] = {
        organization: organization.organization_ref.organization_id,
        account: account.account_ref.account_id,
        unit: unit.organizational_unit_ref.organizational_unit_id,
        policy: policy.policy_ref.policy_id,
        group: group.group_ref.group_id,
        permission_set: permission_set.permission_set_ref.permission_set_arn,
    }
    for construct, value in ids.items():
        assert f"'{logical_id(stack, construct)}'" in str(stack.resolve(value))
        assert construct.env.region == stack.region


def test_is_taken_where_cdk_takes_a_reference(stack: cdk.Stack, account: Account) -> None:
    assert stack.resolve(organizations.CfnAccount.arn_for_account(account)) == stack.resolve(
        account.account_ref.account_arn
    )


def test_takes_the_tags_of_an_aspect(stack: cdk.Stack, organization: Organization, account: Account) -> None:
    unit = OrganizationalUnit(stack, "Workloads", name="workloads", parent=organization, tags={"team": "it"})
    cdk.Tags.of(stack).add("cost-center", "42")
    cdk.Tags.of(account).add("owner", "dax")
    template = Template.from_stack(stack)
    tags = {
        name: {tag["Key"]: tag["Value"] for tag in template.to_json()["Resources"][name]["Properties"]["Tags"]}
        for name in (logical_id(stack, account), logical_id(stack, unit))
    }
    assert list(tags.values()) == [{"cost-center": "42", "owner": "dax"}, {"cost-center": "42", "team": "it"}]


@jsii.implements(IMixin)
class Owned:
    """A mixin as a platform team has it: whatever becomes a resource says whose it is."""

    def supports(self, construct: IConstruct) -> bool:
        return isinstance(construct, cdk.CfnResource)

    def apply_to(self, construct: IConstruct) -> None:
        assert isinstance(construct, cdk.CfnResource)
        construct.add_metadata("owner", "dax")


def test_takes_a_mixin(stack: cdk.Stack, account: Account) -> None:
    cdk.Mixins.of(account).apply(Owned())
    [resource] = Template.from_stack(stack).find_resources("AWS::Organizations::Account").values()
    assert resource["Metadata"]["owner"] == "dax"
