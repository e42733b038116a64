"""What the constructs say when they refuse: each wording once, by its code."""

from __future__ import annotations

import itertools
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from org_constructs import (
    Account,
    Assignment,
    Budget,
    CustomerManagedPolicy,
    Group,
    Organization,
    OrganizationalUnit,
    PermissionSet,
    Policy,
    PolicyType,
    ResourcePolicy,
    User,
    plus_address,
)
from org_constructs.constructs.validate import check_known, check_region
from organizations import IDENTITY_CENTER
from policy_documents import DENY_LEAVING, content_of, content_with
from refusals import listed_codes, sentences

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from syrupy.assertion import SnapshotAssertion

ORGANIZATION: Final = Organization.from_attributes(
    organization_id="o-exampleorg1", root_id="r-ab12", management_account_id="111122223333"
)
ADMINISTRATORS: Final = Group.from_group_id("1111222233-11112222-3333-4444-5555-666677778888")
READ_ONLY: Final = PermissionSet.from_permission_set_arn(
    "arn:aws:sso:::permissionSet/ssoins-1111222233334444/ps-1111222233334444", identity_center=IDENTITY_CENTER
)
SERVICE_CONTROL: Final = PolicyType.SERVICE_CONTROL_POLICY


def allow(resource: str) -> dict[str, Any]:
    return {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": resource}],
    }


def of_accounts_and_units(stack: cdk.Stack) -> Iterator[Callable[[], object]]:
    member: Any = partial(Account, stack, "Account", name="acme-dev", email="aws+dev@acme.com", parent=ORGANIZATION)
    yield lambda: Account.from_account_id("4444")
    yield lambda: Account.from_account_id(444455556666)  # type: ignore[arg-type] # what is tested
    yield lambda: member(email="aws")
    yield lambda: member(removal_policy=cdk.RemovalPolicy.SNAPSHOT)
    yield lambda: member(role_name="")
    yield lambda: member(role_name="a role")
    yield lambda: member(tags={f"key{number}": "value" for number in range(51)})
    yield lambda: member(tags={"aws:team": "core"})
    yield lambda: member(tags={"team": "core&"})
    unit: Any = partial(OrganizationalUnit, name="unit")
    deepest: Organization | OrganizationalUnit = Organization(stack, "Organization")
    for level in range(5):
        deepest = unit(stack, f"Unit{level}", parent=deepest)
    yield lambda: unit(stack, "Unit", parent=deepest)
    yield lambda: unit(stack, "Unit", parent=[deepest])
    yield lambda: OrganizationalUnit.from_organizational_unit_id("ou-ab12-11112222").grant_principal


def of_policies(stack: cdk.Stack) -> Iterator[Callable[[], object]]:
    policy: Any = partial(Policy, name="stay", type=SERVICE_CONTROL, content=DENY_LEAVING)
    yield lambda: policy(stack, "Policy", name="FullAWSAccess")
    yield lambda: policy(stack, "Policy", content=content_with(10_241, SERVICE_CONTROL))
    yield lambda: policy(stack, "Policy", content={})
    yield lambda: policy(stack, "Policy", content=iam.PolicyDocument())
    yield lambda: policy(stack, "Policy", content={7: "a"})
    yield lambda: policy(stack, "Policy", content={"a": None})
    for number in range(9):
        policy(stack, f"Policy{number}", targets=[ORGANIZATION])
    yield lambda: policy(stack, "Policy", targets=[ORGANIZATION])
    tags: Any = partial(policy, type=PolicyType.TAG_POLICY, content=content_of("TAG_POLICY"), targets=[ORGANIZATION])
    for number in range(10):
        tags(stack, f"Tags{number}")
    yield lambda: tags(stack, "Tags")


def of_people(stack: cdk.Stack) -> Iterator[Callable[[], object]]:
    group: Any = partial(Group, stack, "Group", identity_center=IDENTITY_CENTER)
    yield lambda: group(name="a\0")
    yield lambda: group(name="Administrator")
    yield lambda: group(name="Team", members="dax@acme.com")
    yield lambda: group(name="Team", members=[User.from_user_id(cdk.Fn.import_value("Id"))])
    dax = User.from_user_id("1111222233-11112222-3333-4444-5555-666677778888")
    yield lambda: group(name="Team", members=[dax]).add_member(dax)
    user = partial(User, stack, "User", identity_center=IDENTITY_CENTER, given_name="Dax", family_name="Acme")
    yield lambda: user(user_name="Administrator", email="dax@acme.com")


def of_permission_sets(stack: cdk.Stack) -> Iterator[Callable[[], object]]:
    permission_set: Any = partial(PermissionSet, stack, "PermissionSet", identity_center=IDENTITY_CENTER, name="Admin")
    other = "arn:aws:sso:::permissionSet/ssoins-5555666677778888/ps-1111222233334444"
    yield lambda: PermissionSet.from_permission_set_arn(other, identity_center=IDENTITY_CENTER)
    yield lambda: permission_set(inline_policy=allow("arn:aws:s3:::→"))
    yield lambda: permission_set(inline_policy=allow(f"arn:aws:s3:::{'a' * 10_240}"))
    yield lambda: permission_set(managed_policies=["arn:aws-cn:iam::aws:policy/ReadOnlyAccess"])
    yield lambda: permission_set(managed_policies=["AmazonECSServiceRolePolicy"])
    yield lambda: permission_set(managed_policies=["Billing"])
    yield lambda: permission_set(managed_policies=["AWSLambdaFullAccess"])
    yield lambda: permission_set(managed_policies=["ReadOnlyAccess", "ReadOnlyAccess"])
    many = [CustomerManagedPolicy(name=f"Policy{number}") for number in range(26)]
    yield lambda: permission_set(customer_managed_policies=many)
    yield lambda: permission_set(session_duration="12H")
    yield lambda: permission_set(session_duration="PT13H")
    yield lambda: permission_set(tags={"team": ":"})
    yield lambda: permission_set(until="2026-12-31T18:00")
    yield lambda: permission_set(until="31.12.2026")
    yield lambda: permission_set(until=cdk.Fn.import_value("Time"))
    yield lambda: permission_set(not_before="2026-12-31T18:00Z", until="2026-12-01T08:00Z")
    yield lambda: permission_set(not_before="2026-12-01T08:00Z", until="2036-12-31T18:00Z")
    statements = {"Fn::If": ["Condition", [], []]}
    yield lambda: permission_set(inline_policy={"Statement": statements}, until="2026-12-31T18:00Z")
    yield lambda: permission_set(inline_policy=allow(f"arn:aws:s3:::{'a' * 10_000}"), until="2026-12-31T18:00Z")

    assign: Any = partial(Assignment, permission_set=READ_ONLY, principal=ADMINISTRATORS, targets=["444455556666"])
    existing: Any = OrganizationalUnit.from_organizational_unit_id("ou-ab12-11112222")
    yield lambda: assign(stack, "Assignment", targets=[existing])
    yield lambda: assign(stack, "Assignment", targets=[])
    yield lambda: assign(stack, "Assignment", target="444455556666")
    yield lambda: assign(stack, "Assignment", targets=[cdk.Aws.ACCOUNT_ID, cdk.Fn.import_value("Id")])
    yield lambda: PermissionSet(stack, "Assigned", identity_center=IDENTITY_CENTER, name="Admin").assign(
        ADMINISTRATORS, cdk.Fn.import_value("Id")
    )
    assign(stack, "Assignment1")
    yield lambda: assign(stack, "Assignment2")


def of_resource_policies(stack: cdk.Stack) -> Iterator[Callable[[], object]]:
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": "444455556666"},
        "Action": "organizations:DescribePolicy",
        "Resource": "*",
    }
    content = {"Version": "2012-10-17", "Statement": [statement]}
    ResourcePolicy(stack, "Delegation", content=content)
    yield lambda: ResourcePolicy(stack, "Second", content=content)


def of_budgets(stack: cdk.Stack) -> Iterator[Callable[[], object]]:
    budget: Any = partial(Budget, stack, "Budget", name="acme", limit=50, emails=["dax@acme.com"])
    yield lambda: budget(limit=0)
    yield lambda: budget(emails=[])
    yield lambda: budget(emails=[cdk.Fn.import_value("Email")])
    china = cdk.Stack(cdk.App(), "China", env=cdk.Environment(account="111122223333", region="cn-north-1"))
    yield lambda: Budget(china, "Budget", name="acme", limit=50, emails=["dax@acme.com"])


def of_arguments() -> Iterator[Callable[[], object]]:
    yield lambda: check_region("region", "eu-centrl-1")
    yield lambda: check_region("region", "Frankfurt")
    yield lambda: check_region("region", "us-east-9", listed=True)
    yield lambda: check_known("account", "prodution", ["dev", "production"], what="an account")
    yield lambda: check_known("account", "qa", ["dev", "production"], what="an account")
    yield lambda: check_known("account", "qa", [], what="an account")
    yield lambda: plus_address("acme.com", "dev")
    yield lambda: plus_address("aws+org@acme.com", "dev")
    yield lambda: plus_address("aws@acme.com", "a b")
    yield lambda: plus_address(cdk.Fn.import_value("Email"), "dev")


def test_say_why_and_what_to_do(stack: cdk.Stack, snapshot_json: SnapshotAssertion) -> None:
    of_stack = [
        provoke(stack)
        for provoke in (
            of_accounts_and_units,
            of_policies,
            of_people,
            of_permission_sets,
            of_resource_policies,
            of_budgets,
        )
    ]
    said = sentences(itertools.chain(*of_stack, of_arguments()))
    assert said == snapshot_json
    assert set(listed_codes()["constructs"]) <= set(said)
