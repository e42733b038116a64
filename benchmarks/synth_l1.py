"""The same resources as L1 constructs, written as one writes them: `python -m benchmarks.synth_l1 SHAPE`.

The same: every resource with its properties; retained accounts that are made one after the other, and ten assignments
at a time; the ids of the accounts as outputs, which is how one gets to know them; the paths in the metadata; and the
checks of the CDK, of cdk-nag and of this package.

Not the same: no construct stands around an account; neither outputs nor stacks have descriptions, and no output says
what to do next; nothing is checked before synth; no permission set is retained; templates lack what the commands of
org-baseline read, and have the parameter and the rule of the CDK's bootstrap. Stacks are as few as CloudFormation takes
so many resources and outputs in, each with the assignments of its accounts, of which those of one account may run at
the same time. Ids are asked for where they are used, as one writes them.
"""

import sys

import aws_cdk as cdk
from aws_cdk import aws_identitystore as identitystore
from aws_cdk import aws_organizations as organizations
from aws_cdk import aws_sso as sso
from cdk_nag import AwsSolutionsChecks

from org_constructs import OrgBaselineChecks

from .organizations import (
    COMPANY,
    IDENTITY_STORE,
    INSTANCE_ARN,
    MANAGEMENT_ACCOUNT,
    PERMISSION_SET,
    REGION,
    SESSION_DURATION,
    USER,
    Shape,
    accounts_max,
)

shape = Shape.from_words(sys.argv[1:])
app = cdk.App()
environment = cdk.Environment(account=MANAGEMENT_ACCOUNT, region=REGION)
stack = cdk.Stack(app, "Straightforward", env=environment)

organization = organizations.CfnOrganization(stack, "Organization", feature_set="ALL")
organization.apply_removal_policy(cdk.RemovalPolicy.RETAIN)
in_a_stack = accounts_max(shape.groups)
stacks = dict.fromkeys(shape.account_keys[:in_a_stack], stack)
for first in range(in_a_stack, shape.accounts, in_a_stack):
    part = cdk.Stack(app, f"Straightforward{first // in_a_stack}", env=environment)
    stacks |= dict.fromkeys(shape.account_keys[first : first + in_a_stack], part)
accounts = {}
before: cdk.CfnResource = organization
for key in shape.account_keys:
    account = organizations.CfnAccount(
        stacks[key],
        f"Account-{key}",
        account_name=f"{COMPANY}-{key}",
        email=f"aws+{key}@acme.com",
        parent_ids=[organization.attr_root_id],
    )
    account.apply_removal_policy(cdk.RemovalPolicy.RETAIN)
    account.add_resource_dependency(before)
    accounts[key] = before = account

user = identitystore.CfnUser(
    stack,
    "User",
    identity_store_id=IDENTITY_STORE,
    user_name=USER,
    display_name="Dax Acme",
    name=identitystore.CfnUser.NameProperty(given_name="Dax", family_name="Acme"),
    emails=[identitystore.CfnUser.EmailsItemsProperty(value=USER, type="work", primary=True)],
)
groups = {}
for name in shape.group_names:
    groups[name] = identitystore.CfnGroup(stack, f"Group-{name}", identity_store_id=IDENTITY_STORE, display_name=name)
    identitystore.CfnGroupMembership(
        stack,
        f"Membership-{name}",
        identity_store_id=IDENTITY_STORE,
        group_id=groups[name].attr_group_id,
        member_id=identitystore.CfnGroupMembership.MemberIdProperty(user_id=user.attr_user_id),
    )
permission_set = sso.CfnPermissionSet(
    stack,
    "PermissionSet",
    instance_arn=INSTANCE_ARN,
    name=PERMISSION_SET,
    description="Everything, for 12 hours at a time",
    managed_policies=[f"arn:aws:iam::aws:policy/{PERMISSION_SET}"],
    session_duration=SESSION_DURATION,
)
assignments: list[sso.CfnAssignment] = []
for key, account_id in [
    ("management", organization.attr_management_account_id),
    *((key, account.attr_account_id) for key, account in accounts.items()),
]:
    for name, group in groups.items():
        if key == "management" and name != "Administrators":
            continue
        assignment = sso.CfnAssignment(
            stacks.get(key, stack),
            f"Assignment-{key}-{name}",
            instance_arn=INSTANCE_ARN,
            permission_set_arn=permission_set.attr_permission_set_arn,
            principal_type="GROUP",
            principal_id=group.attr_group_id,
            target_type="AWS_ACCOUNT",
            target_id=account_id,
        )
        if len(assignments) >= 10:  # noqa: PLR2004
            assignment.add_resource_dependency(assignments[-10])
        assignments.append(assignment)

cdk.CfnOutput(stack, "ManagementAccountId", value=organization.attr_management_account_id)
for key, account in accounts.items():
    cdk.CfnOutput(stacks[key], f"AccountId-{key}", value=account.attr_account_id)

cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app), OrgBaselineChecks(app))
app.synth()
