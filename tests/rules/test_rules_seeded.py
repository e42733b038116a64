"""Thirty templates, each with one thing wrong: the pack finds that, there, and nothing else."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from checked_templates import (
    Resources,
    allow,
    assignment,
    control_policy,
    deny,
    document,
    findings,
    group,
    member,
    organization,
    resource,
    templates,
    user,
)
from cloud_assembly import get
from org_constructs.rules import RULES
from org_constructs.templates.resources import Acknowledgement, Template, Templates

if TYPE_CHECKING:
    from collections.abc import Callable

Seed = tuple[str, str, str, str]
"""The rule, the logical id, the location, and what the detail says, each as the pack has it."""

SEEDS: dict[str, tuple[Callable[[Resources], object], Seed]] = {}


def seed(
    rule: str, logical_id: str, location: str = "", detail: str = ""
) -> Callable[[Callable[[Resources], object]], Callable[[Resources], object]]:
    def register(spoil: Callable[[Resources], object]) -> Callable[[Resources], object]:
        SEEDS[spoil.__name__] = spoil, (f"OrgBaseline-{rule}", logical_id, location, detail)
        return spoil

    return register


@seed("Retain", "Pro", "DeletionPolicy")
def account_deleted(it: Resources) -> None:
    it["Pro"]["DeletionPolicy"] = "Delete"


@seed("Retain", "Workloads", "UpdateReplacePolicy")
def unit_not_retained_on_replace(it: Resources) -> None:
    del it["Workloads"]["UpdateReplacePolicy"]


@seed("Retain", "Organization", "DeletionPolicy")
def organization_retained_except_on_create(it: Resources) -> None:
    it["Organization"]["DeletionPolicy"] = "RetainExceptOnCreate"


@seed("OrganizationFeatures", "Organization", "Properties.FeatureSet")
def consolidated_billing(it: Resources) -> None:
    it["Organization"]["Properties"]["FeatureSet"] = "CONSOLIDATED_BILLING"


@seed("AccountOrder", "Logs", "DependsOn", "Nothing defines which of acme-logs, acme-production comes first.")
def accounts_side_by_side(it: Resources) -> None:
    it["Logs"]["DependsOn"] = ["Dev"]


@seed("AccountEmail", "Logs", "Properties.Email", "aws+dev@acme.com is the address of acme-dev, acme-logs.")
def same_email_in_capitals(it: Resources) -> None:
    it["Logs"]["Properties"]["Email"] = "AWS+Dev@acme.com"


@seed("AccountParent", "Dev", "Properties.ParentIds")
def two_parents(it: Resources) -> None:
    it["Dev"]["Properties"]["ParentIds"].append("ou-ab12-11112222")


@seed("AccountAccess", "Logs", "", "Nobody can enter acme-logs: no permission set is assigned in it.")
def nobody_assigned(it: Resources) -> None:
    del it["OfLogs"]


@seed("AccountAccess", "Logs", "", "Nobody can enter acme-logs: the groups assigned to it have no members.")
def group_without_members(it: Resources) -> None:
    it["Auditors"] = group("Auditors")
    it["OfLogs"]["Properties"]["PrincipalId"] = get("Auditors", "GroupId")


@seed("PermissionSetAllowAll", "Developer", "Properties.InlinePolicy.Statement.1")
def allow_all_inline(it: Resources) -> None:
    it["Developer"]["Properties"]["InlinePolicy"] = document(deny("organizations:LeaveOrganization"), allow("*"))


@seed("PermissionSetAllowAll", "Developer", "Properties.InlinePolicy.Statement")
def allow_all_in_other_words(it: Resources) -> None:
    it["Developer"]["Properties"]["InlinePolicy"] = {
        "Statement": {"Effect": "Allow", "Action": "*:*", "Resource": "arn:*:*:*:*:*"}
    }


@seed("PermissionSetEscalation", "Developer", "Properties.InlinePolicy.Statement.0", "with iam:AttachRolePolicy.")
def attach_any_policy(it: Resources) -> None:
    it["Developer"]["Properties"]["InlinePolicy"] = document(allow("iam:AttachRolePolicy", on="arn:aws:iam::*:role/*"))


@seed(
    "PermissionSetEscalation",
    "Developer",
    "Properties.InlinePolicy.Statement.1",
    "It does so with iam:PassRole and lambda:CreateFunction and lambda:InvokeFunction.",
)
def pass_any_role_to_a_function(it: Resources) -> None:
    any_role = {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":iam::", {"Ref": "AWS::AccountId"}, ":role/*"]]}
    it["Developer"]["Properties"]["InlinePolicy"] = document(
        allow("lambda:CreateFunction", "lambda:InvokeFunction"), allow("iam:PassRole", on=any_role)
    )


@seed(
    "PermissionSetEscalation", "Developer", "Properties.InlinePolicy.Statement.0", "with sso:CreateAccountAssignment."
)
def assign_anybody_anything(it: Resources) -> None:
    it["Developer"]["Properties"]["InlinePolicy"] = document(allow("sso:Create*Assignment"))


@seed(
    "PermissionSetBorrowedRole",
    "Developer",
    "Properties.InlinePolicy.Statement.0",
    "It does so with lambda:UpdateFunctionCode.",
)
def rewrite_any_function(it: Resources) -> None:
    it["Developer"]["Properties"]["InlinePolicy"] = document(allow("lambda:UpdateFunctionCode"))


@seed(
    "PermissionSetEscalation", "Developer", "Properties.ManagedPolicies.1", "iam:AddUserToGroup, iam:AttachGroupPolicy"
)
def manage_iam_by_a_managed_policy(it: Resources) -> None:
    it["Developer"]["Properties"]["ManagedPolicies"].append("arn:aws:iam::aws:policy/IAMFullAccess")


@seed("PermissionSetEscalation", "Developer", "Properties.ManagedPolicies.0", "identitystore:CreateGroupMembership")
def power_user_in_the_management_account(it: Resources) -> None:
    principal, management = get("Developers", "GroupId"), get("Organization", "ManagementAccountId")
    it["Managing"] = assignment("Developer", principal, management)


@seed("PermissionSetRelayState", "Developer", "Properties.RelayStateType", "It is https://aws.acme.com/console.")
def page_of_somebody_else(it: Resources) -> None:
    it["Developer"]["Properties"]["RelayStateType"] = "https://aws.acme.com/console"


@seed("PolicyNotJudged", "Leave", "Properties.Content", "Some of it could not be read as statements.")
def policy_that_the_deploy_knows(it: Resources) -> None:
    it["Leave"]["Properties"]["Content"] = {"Ref": "Content"}


@seed("DelegationAnybody", "Delegation", "Properties.Content.Statement.0")
def anybody_may_read(it: Resources) -> None:
    content = document(allow("organizations:List*", Principal={"AWS": "*"}))
    it["Delegation"] = resource("Organizations::ResourcePolicy", Content=content)


@seed("DelegationEverything", "Delegation", "Properties.Content.Statement.0")
def everything_is_delegated(it: Resources) -> None:
    content = document(allow("organizations:*", Principal={"AWS": "444455556666"}))
    it["Delegation"] = resource("Organizations::ResourcePolicy", Content=content)


@seed("DelegationPolicies", "Delegation", "Properties.Content.Statement.0", "It delegates organizations:DetachPolicy.")
def detaching_is_delegated(it: Resources) -> None:
    content = document(allow("organizations:DetachPolicy", Principal={"AWS": "444455556666"}))
    it["Delegation"] = resource("Organizations::ResourcePolicy", Content=content)


@seed("PermissionSetSession", "AdministratorAccess", "Properties.SessionDuration", "AdministratorAccess has PT13H.")
def administrator_for_13_hours(it: Resources) -> None:
    it["AdministratorAccess"]["Properties"]["SessionDuration"] = "PT13H"


def ending(it: Resources, year: int) -> None:
    condition = {"DateGreaterThanEquals": {"aws:CurrentTime": f"{year}-12-31T18:00:00Z"}}
    it["Developer"]["Properties"]["InlinePolicy"]["Statement"].append(deny("*", Condition=condition))


@seed(
    "AdministratorEnds", "OfManagement", "Properties.PermissionSetArn", "AdministratorAccess is from 2001-12-31 18:00"
)
def administration_that_begins(it: Resources) -> None:
    denial = deny("*", Condition={"DateLessThan": {"aws:CurrentTime": "2001-12-31T18:00:00Z"}})
    it["AdministratorAccess"]["Properties"]["InlinePolicy"] = document(denial)


@seed("PermissionSetEnded", "Developer", "Properties.InlinePolicy", "Developer ended 2001-12-31 18:00 UTC.")
def access_that_has_ended(it: Resources) -> None:
    ending(it, 2001)


@seed("PermissionSetEndsLate", "Developer", "Properties.InlinePolicy", "Developer is until 2999-12-31 18:00 UTC.")
def access_that_ends_in_a_mistyped_year(it: Resources) -> None:
    ending(it, 2999)


@seed("PermissionSetAdministratorName", "AdministratorAccess", "Properties.Name", "Developers does not contain it.")
def administrator_by_another_name(it: Resources) -> None:
    it["AdministratorAccess"]["Properties"]["Name"] = "Developers"


@seed(
    "PermissionSetManagedPolicy",
    "Developer",
    "Properties.ManagedPolicies.1",
    "AWSLambdaFullAccess is deprecated; AWSLambda_FullAccess replaces it.",
)
def deprecated_managed_policy(it: Resources) -> None:
    it["Developer"]["Properties"]["ManagedPolicies"].append("arn:aws:iam::aws:policy/AWSLambdaFullAccess")


@seed("ManagementAdministrators", "OfManagement", "Properties.PrincipalId", "6 people do.")
def six_administrators(it: Resources) -> None:
    for index in range(4):
        it[f"More{index}"] = user(f"more{index}")
        it[f"More{index}Administers"] = member("Administrators", f"More{index}")


@seed("AssignmentUserAdministrator", "LouDirectly", "Properties.PrincipalType")
def administrator_directly(it: Resources) -> None:
    it["LouDirectly"] = assignment("AdministratorAccess", get("Lou", "UserId"), get("Dev", "AccountId"), "USER")


@seed("AssignmentDuplicate", "Again", "", "OfDev assigns the same.")
def assigned_twice(it: Resources) -> None:
    it["Again"] = assignment("AdministratorAccess", get("Administrators", "GroupId"), {"Ref": "Dev"})


@seed("AdministratorAlone", "Dax", "", "Of 2 people, only dax@acme.com administers the management account.")
def one_administrator(it: Resources) -> None:
    del it["KimAdministrates"]


@seed("PolicySize", "Leave", "Properties.Content", "a SERVICE_CONTROL_POLICY has at most 10,240.")
def control_policy_too_long(it: Resources) -> None:
    it["Leave"]["Properties"]["Content"] = document(
        deny("s3:DeleteBucket", Sid="x" * (10_240 - 100)), deny("s3:PutBucketPolicy")
    )


@seed("PolicySize", "Developer", "Properties.InlinePolicy")
def inline_policy_too_long(it: Resources) -> None:
    it["Developer"]["Properties"]["InlinePolicy"] = document(deny("s3:DeleteBucket", Sid="x" * 10_240))


@seed("PolicyAction", "Leave", "Properties.Content.Statement.0")
def mistyped_action(it: Resources) -> None:
    it["Leave"]["Properties"]["Content"] = document(deny("organizations:LeaveOrganisation"))


@seed("PolicyAction", "Developer", "Properties.InlinePolicy.Statement.0")
def service_that_is_none(it: Resources) -> None:
    it["Developer"]["Properties"]["InlinePolicy"] = document(deny("cloudwatchlogs:*"))


@seed(
    "PolicyStatement",
    "Developer",
    "Properties.InlinePolicy.Statement.0",
    "Properties.InlinePolicy.Statement.1 denies all that it is about.",
)
def allowed_and_denied(it: Resources) -> None:
    read = allow("s3:GetObject", on="arn:aws:s3:::acme/*")
    it["Developer"]["Properties"]["InlinePolicy"] = document(read, deny("s3:*"))


@seed("PolicyStatement", "Leave", "Properties.Content.Statement.1", "Properties.Content.Statement.0 denies all")
def denied_again(it: Resources) -> None:
    it["Leave"]["Properties"]["Content"] = document(deny("ec2:*"), deny("ec2:RunInstances"))


@seed("PolicyAllowsNothing", "Leave", "Properties.Content.Statement.0")
def deny_all(it: Resources) -> None:
    it["Leave"]["Properties"]["Content"] = document(deny("*"))


@seed(
    "PolicyAllowsNothing", "Leave", "Properties.Content.Statement.0", "Nobody is excepted by Bool aws:SecureTransport"
)
def deny_whoever_encrypts(it: Resources) -> None:
    it["Leave"]["Properties"]["Content"] = document(deny("*", Condition={"Bool": {"aws:SecureTransport": "true"}}))


@seed("PolicyAllowsLittle", "Leave", "Properties.Content.Statement.0", "It leaves organizations:leaveorganization.")
def deny_all_but_what_was_meant(it: Resources) -> None:
    statement = {"Effect": "Deny", "NotAction": "organizations:LeaveOrganization", "Resource": "*"}
    it["Leave"]["Properties"]["Content"] = document(statement)


@seed("PolicyConditionValue", "Leave", "Properties.Content.Statement.0", "aws:PrincipalOrgID is never <my-org-id>, but")
def placeholder_in_a_condition(it: Resources) -> None:
    condition = {"StringNotEquals": {"aws:PrincipalOrgID": "<my-org-id>"}}
    it["Leave"]["Properties"]["Content"] = document(deny("s3:*", Condition=condition))


@seed("PolicyConditionKey", "Leave", "Properties.Content.Statement.0", "aws:PrincipleArn (is it aws:PrincipalArn?)")
def mistyped_condition_key(it: Resources) -> None:
    condition = {"ArnNotLike": {"aws:PrincipleArn": "arn:aws:iam::*:role/Admin"}}
    it["Leave"]["Properties"]["Content"] = document(deny("s3:*", Condition=condition))


@seed("PolicyRegion", "Leave", "Properties.Content.Statement.0", "AWS has no region eu-centrl-1 (is it eu-central-1?).")
def mistyped_region(it: Resources) -> None:
    condition = {"StringNotEquals": {"aws:RequestedRegion": ["eu-centrl-1"]}}
    it["Leave"]["Properties"]["Content"] = document(deny("s3:*", Condition=condition))


@seed("PolicyPrincipal", "Leave", "Properties.Content.Statement.0", "(write arn:aws:iam::*:role/Admin)")
def session_is_excepted(it: Resources) -> None:
    condition = {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:sts::*:assumed-role/Admin/*"}}
    it["Leave"]["Properties"]["Content"] = document(deny("s3:*", Condition=condition))


@seed("PolicyWildcard", "Leave", "Properties.Content.Statement.0", "StringNotEquals compares aws:PrincipalArn with ")
def wildcard_that_is_none(it: Resources) -> None:
    condition = {"StringNotEquals": {"aws:PrincipalArn": "arn:aws:iam::*:role/Admin"}}
    it["Leave"]["Properties"]["Content"] = document(deny("s3:*", Condition=condition))


@seed("PolicyGlobalServices", "Leave", "Properties.Content.Statement.0", "It closes AWS Support, CloudFront, IAM, ")
def region_closed_with_all_that_is_asked_there(it: Resources) -> None:
    condition = {"StringNotEquals": {"aws:RequestedRegion": ["eu-central-1", "eu-west-1"]}}
    it["Leave"]["Properties"]["Content"] = document(deny("*", Condition=condition))


@seed(
    "PolicyDeniesServices", "Perimeter", "Properties.Content.Statement.0", "It denies them s3:GetObject, s3:PutObject."
)
def perimeter_that_keeps_services_out(it: Resources) -> None:
    condition = {"StringNotEqualsIfExists": {"aws:PrincipalOrgID": get("Organization", "Id")}}
    it["Perimeter"] = control_policy(
        deny("s3:*", Principal="*", Condition=condition),
        kind="RESOURCE_CONTROL_POLICY",
        TargetIds=[get("Organization", "RootId")],
    )


@seed("PolicyTargets", "Leave", "Properties.TargetIds", "a-policy is attached only to the management account")
def management_account_is_denied(it: Resources) -> None:
    it["Leave"]["Properties"]["TargetIds"] = [get("Organization", "ManagementAccountId")]


@seed("PolicyOnlyAllows", "Leave", "Properties.Content")
def allowed_beside_everything(it: Resources) -> None:
    it["Leave"]["Properties"]["Content"] = document(allow("s3:*"))


@seed("PolicyDetach", "Detach", "Properties.Create")
def last_policy_detached(it: Resources) -> None:
    call = json.dumps(
        {
            "service": "Organizations",
            "action": "detachPolicy",
            "parameters": {"PolicyId": "p-FullAWSAccess", "TargetId": "@"},
        }
    ).split("@")
    joined = {"Fn::Join": ["", [call[0], get("Workloads", "Id"), call[1]]]}
    it["Detach"] = {"Type": "Custom::AWS", "Properties": {"Create": joined}}


@seed("IamUser", "Robot", "Type")
def iam_user(it: Resources) -> None:
    it["Robot"] = resource("IAM::User")


@seed("IamAccessKey", "Key", "Type")
def access_key(it: Resources) -> None:
    it["Key"] = resource("IAM::AccessKey", UserName="robot")


def test_seeds_thirty_templates_and_more() -> None:
    assert len(SEEDS) >= 30


def test_finds_nothing_in_the_organization_that_the_seeds_go_into() -> None:
    assert findings(templates(organization())) == {}


@pytest.mark.parametrize("name", SEEDS)
def test_finds_what_was_put_into_it_and_nothing_else(name: str) -> None:
    spoil, (rule, logical_id, location, detail) = SEEDS[name]
    resources = organization()
    spoil(resources)
    found = findings(templates(resources))
    assert list(found) == [rule]
    at = {finding.construct: finding for finding in found[rule]}
    assert logical_id in at, "at the resource that is wrong"
    assert at[logical_id].locations == ((location,) if location else ())
    assert detail in at[logical_id].detail


def test_every_rule_about_resources_finds_a_seed() -> None:
    seeded = {rule for _, (rule, *_) in SEEDS.values()}
    others = {"AcknowledgementBlanket", "AcknowledgementReason", "IamLoginProfile", "RegionClosed"}
    assert seeded | {f"OrgBaseline-{each}" for each in others} == {rule.id for rule in RULES}


def test_finds_the_password_beside_the_iam_user_that_has_it() -> None:
    resources = organization() | {"Robot": resource("IAM::User", LoginProfile={"Password": "{{resolve:x}}"})}
    found = findings(templates(resources))
    assert list(found) == ["OrgBaseline-IamLoginProfile", "OrgBaseline-IamUser"]
    assert found["OrgBaseline-IamLoginProfile"][0].locations == ("Properties.LoginProfile",)


@pytest.mark.parametrize("construct", ["", "Stage", "Stage/Org"], ids=["app", "stage", "stack"])
def test_finds_an_acknowledgement_for_a_whole_stack(construct: str) -> None:
    acknowledgement = Acknowledgement(construct, "AwsSolutions::AwsSolutions-S1", "Access logs would log themselves.")
    template = Template(path="Org.json", body={"Resources": organization()}, stack="Org", construct="Stage/Org")
    found = findings(Templates([template], [acknowledgement]))
    assert list(found) == ["OrgBaseline-AcknowledgementBlanket"]
    assert found["OrgBaseline-AcknowledgementBlanket"][0].construct == construct


def test_finds_an_acknowledgement_without_a_reason() -> None:
    acknowledgement = Acknowledgement("Org/Dev", "AwsSolutions::AwsSolutions-S1", "Accepted risk, for now.")
    found = findings(templates(organization(), acknowledgements=[acknowledgement]))
    assert list(found) == ["OrgBaseline-AcknowledgementReason"]
    assert found["OrgBaseline-AcknowledgementReason"][0].construct == "Org/Dev"
