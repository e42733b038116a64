"""What each rule finds, what it accepts, and what it is not about; the seeded templates show the plain cases."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import moto.iam.aws_managed_policies as published
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checked_templates import (
    Resources,
    account,
    allow,
    assignment,
    control_policy,
    deny,
    document,
    findings,
    group,
    member,
    organization,
    permission_set,
    resource,
    templates,
    user,
)
from cloud_assembly import INSTANCE_ARN, get
from every_guardrail import RESOURCE_CONTROL, SERVICE_CONTROL
from org_constructs import guardrails
from org_constructs.rules import RULES
from org_constructs.rules.permission_set_managed_policy import DEPRECATED
from org_constructs.templates.resources import Acknowledgement, Template, Templates

if TYPE_CHECKING:
    from org_constructs.rules.rule import Finding

BY_ID = {rule.id.removeprefix("OrgBaseline-"): rule for rule in RULES}


def found(rule: str, *stacks: Resources) -> list[str]:
    """Return the logical ids where a rule finds something, in the templates of these resources."""
    return [each.construct for each in BY_ID[rule].find(templates(*stacks))]


def details(rule: str, resources: Resources) -> str:
    return " ".join(each.detail for each in BY_ID[rule].find(templates(resources)))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_is_not_about_resources_of_other_kinds(rule: Any) -> None:
    resources = {
        "Bucket": resource("S3::Bucket", BucketName="acme"),
        "Role": resource("IAM::Role", Policies=[{"PolicyDocument": document(allow("*"))}]),
        "Call": {"Type": "Custom::AWS", "Properties": {"Create": json.dumps({"action": "listPolicies"})}},
    }
    assert list(rule.find(templates(resources))) == []


# Retain


@pytest.mark.parametrize("kind", ["Account", "Organization", "OrganizationalUnit"])
@pytest.mark.parametrize(
    ("policies", "locations"),
    [
        ({}, ("DeletionPolicy", "UpdateReplacePolicy")),
        ({"DeletionPolicy": "Retain"}, ("UpdateReplacePolicy",)),
        ({"UpdateReplacePolicy": "Retain"}, ("DeletionPolicy",)),
        # Deletes the account when its creation was rolled back.
        ({"DeletionPolicy": "RetainExceptOnCreate", "UpdateReplacePolicy": "Retain"}, ("DeletionPolicy",)),
        ({"DeletionPolicy": "Delete", "UpdateReplacePolicy": "Delete"}, ("DeletionPolicy", "UpdateReplacePolicy")),
    ],
    ids=["neither", "no-replace", "no-deletion", "except-on-create", "delete"],
)
def test_retain_finds_each_policy_that_does_not_retain(
    kind: str, policies: dict[str, str], locations: tuple[str, ...]
) -> None:
    [finding] = BY_ID["Retain"].find(templates({"It": resource(f"Organizations::{kind}") | policies}))
    assert (finding.construct, finding.locations) == ("It", locations)


@pytest.mark.parametrize("kind", ["Organizations::Policy", "SSO::Assignment", "S3::Bucket"])
def test_retain_is_not_about_access_and_other_resources(kind: str) -> None:
    assert found("Retain", {"It": resource(kind) | {"DeletionPolicy": "Delete"}}) == []


# Accounts


def test_features_of_an_organization_are_all_by_default() -> None:
    assert found("OrganizationFeatures", {"It": resource("Organizations::Organization")}) == []


def test_emails_are_compared_across_stacks() -> None:
    first, second = {"Dev": account("dev")}, {"Other": account("other", Email="aws+DEV@acme.com")}
    assert found("AccountEmail", first, second) == ["Dev", "Other"]


def test_emails_that_the_deploy_knows_are_not_compared() -> None:
    of_parameter = {"Ref": "Email"}
    assert found("AccountEmail", {"A": account("a", Email=of_parameter), "B": account("b", Email=of_parameter)}) == []


@pytest.mark.parametrize(
    "link",
    [
        {"DependsOn": "Unit"},
        {"Properties": {"ParentIds": [get("Unit", "Id")]}},
        {"Properties": {"Tags": [{"Key": "after", "Value": {"Fn::Sub": "it is ${Unit.Id}"}}]}},
        {"Properties": {"Tags": [{"Key": "after", "Value": {"Fn::Sub": ["${X}", {"X": {"Ref": "Unit"}}]}}]}},
        {"Properties": {"Tags": [{"Key": "after", "Value": {"Fn::Sub": ["${Unit.Id} of ${X}", {"X": "it"}]}}]}},
    ],
    ids=["DependsOn", "GetAtt", "Sub", "Sub-of-a-variable", "Sub-beside-a-variable"],
)
def test_accounts_may_follow_one_another_through_other_resources(link: dict[str, Any]) -> None:
    resources = {
        "Second": resource("Organizations::Account", AccountName="second") | link,
        "First": account("first"),
        "Unit": resource("Organizations::OrganizationalUnit", "First"),
    }
    assert found("AccountOrder", resources) == []
    del resources["Unit"]["DependsOn"]
    assert sorted(found("AccountOrder", resources)) == ["First", "Second"]


def test_finds_two_accounts_that_follow_the_same_one() -> None:
    resources = {"A": account("a"), "B": account("b", "A"), "C": account("c", "A"), "D": account("d", "B", "C")}
    assert found("AccountOrder", resources) == ["B", "C"]


def test_accounts_that_depend_on_one_another_in_a_circle_come_to_an_end() -> None:
    resources = {"A": account("a", "B"), "B": account("b", "A")}
    assert found("AccountOrder", resources) == []
    assert found("AccountOrder", resources | {"C": account("c"), "D": account("d")}) == ["B", "C", "D"]


def in_assembly(name: str, *after: str, account_id: str | None = "111122223333", **resources: Any) -> Template:
    body = {"Resources": resources}
    return Template(
        path=f"{name}.json", body=body, stack=name, construct=name, account=account_id, after=frozenset(after)
    )


def ordered(*stacks: Template) -> list[str]:
    return [each.construct for each in BY_ID["AccountOrder"].find(Templates(stacks))]


def test_accounts_of_stacks_that_do_not_wait_for_one_another_are_side_by_side() -> None:
    assert ordered(in_assembly("One", A=account("a")), in_assembly("Two", B=account("b"))) == ["A", "B"]


def test_accounts_of_a_stack_come_after_those_of_the_stacks_that_it_waits_for() -> None:
    first = in_assembly("One", A=account("a"), B=account("b", "A"))
    between = in_assembly("Between", "One", Bucket=resource("S3::Bucket"))
    assert ordered(first, between, in_assembly("Two", "Between", C=account("c"))) == []


def test_accounts_of_different_organizations_need_no_order() -> None:
    assert (
        ordered(in_assembly("One", A=account("a")), in_assembly("Two", account_id="444455556666", B=account("b"))) == []
    )


def test_accounts_of_templates_without_an_assembly_are_ordered_each_alone() -> None:
    assert found("AccountOrder", {"A": account("a")}, {"B": account("b")}) == []


# Who is in


def test_an_app_that_assigns_nobody_leaves_nobody_out() -> None:
    assert found("AccountAccess", {"Dev": account("dev")}) == []


def test_an_account_may_have_somebody_through_a_group_that_exists() -> None:
    resources = organization()
    resources["OfLogs"]["Properties"]["PrincipalId"] = "1111222233-11112222-3333-4444-5555-666677779999"
    assert found("AccountAccess", resources) == []


@pytest.mark.parametrize("name", ["GroupId", "MemberId"])
def test_a_membership_that_the_deploy_knows_may_be_anybodys_in_any_group(name: str) -> None:
    resources = organization()
    del resources["KimAdministrates"]
    properties = resources["LouDevelops"]["Properties"]
    chosen = {"Fn::If": ["X", "a", "b"]}
    if name == "MemberId":
        properties |= {"GroupId": get("Administrators", "GroupId"), "MemberId": {"UserId": chosen}}
    else:
        properties["GroupId"] = chosen
    assert found("AdministratorAlone", resources) == []


def test_an_account_that_is_assigned_in_another_stack_has_somebody() -> None:
    resources = organization()
    del resources["OfLogs"]
    imported = assignment("AdministratorAccess", "11112222-3333-4444-5555-666677779999", {"Fn::ImportValue": "Logs"})
    exporting = Template(
        path="a.json",
        stack="A",
        body={"Resources": resources, "Outputs": {"X": {"Value": {"Ref": "Logs"}, "Export": {"Name": "Logs"}}}},
    )
    importing = Template(path="b.json", stack="B", body={"Resources": {"It": imported}})
    assert list(BY_ID["AccountAccess"].find(Templates([exporting, importing]))) == []


def test_an_assignment_to_an_account_that_the_deploy_knows_may_be_to_any() -> None:
    resources = organization()
    resources["OfLogs"]["Properties"]["TargetId"] = {"Fn::If": ["Later", "111122223333", {"Ref": "AWS::NoValue"}]}
    assert findings(templates(resources)) == {}


def test_more_than_a_handful_are_counted_once_each_through_groups_and_directly() -> None:
    resources = organization()
    for index in range(3):
        resources[f"More{index}"] = user(f"more{index}")
        resources[f"In{index}"] = member("Administrators", f"More{index}")
    resources["Directly"] = assignment(
        "AdministratorAccess", get("More0", "UserId"), get("Organization", "ManagementAccountId"), "USER"
    )
    assert found("ManagementAdministrators", resources) == []
    resources["Directly"]["Properties"]["PrincipalId"] = get("Lou", "UserId")
    assert found("ManagementAdministrators", resources) == ["OfManagement", "Directly"]


def test_the_account_of_a_stack_that_makes_accounts_is_the_management_account() -> None:
    resources = organization()
    del resources["KimAdministrates"]
    resources["OfManagement"]["Properties"]["TargetId"] = "111122223333"
    for account_id, expected in (("111122223333", ["Dax"]), ("444455556666", []), (None, [])):
        stack = in_assembly("management", account_id=account_id, **resources)
        assert [each.construct for each in BY_ID["AdministratorAlone"].find(Templates([stack]))] == expected


def test_administrators_of_other_accounts_are_no_administrators_of_the_management_account() -> None:
    resources = organization()
    for index in range(9):
        resources[f"More{index}"] = user(f"more{index}")
        resources[f"In{index}"] = member("Developers", f"More{index}")
    resources["Developing"]["Properties"]["PermissionSetArn"] = get("AdministratorAccess", "PermissionSetArn")
    assert found("ManagementAdministrators", resources) == []


def test_whoever_may_do_everything_inline_is_an_administrator_too() -> None:
    resources = organization()
    resources["All"] = permission_set("All", InlinePolicy=document(allow("*")))
    resources["Directly"] = assignment("All", get("Lou", "UserId"), get("Dev", "AccountId"), "USER")
    assert found("AssignmentUserAdministrator", resources) == ["Directly"]


def test_knows_the_permission_set_that_exists_by_the_name_in_the_metadata() -> None:
    arn = "arn:aws:sso:::permissionSet/ssoins-1111222233334444/ps-1111222233334444"
    resources = organization()
    resources["Directly"] = assignment("Developer", get("Lou", "UserId"), get("Dev", "AccountId"), "USER")
    resources["Directly"]["Properties"]["PermissionSetArn"] = arn
    for name, expected in (("AdministratorAccess", ["Directly"]), ("Support", [])):
        body = {"Resources": resources, "Metadata": {"OrgBaseline": {"ExistingNames": {arn: name}}}}
        read = Templates([Template(path="a.json", stack="A", body=body)])
        assert [each.construct for each in BY_ID["AssignmentUserAdministrator"].find(read)] == expected


def test_a_person_with_access_of_their_own_to_less_is_fine() -> None:
    resources = organization()
    resources["Directly"] = assignment("Developer", get("Lou", "UserId"), get("Dev", "AccountId"), "USER")
    assert findings(templates(resources)) == {}


@pytest.mark.parametrize("changed", ["PermissionSetArn", "PrincipalId", "TargetId", "InstanceArn"])
def test_assignments_that_differ_are_no_duplicates(changed: str) -> None:
    resources = organization()
    properties = {**resources["OfDev"]["Properties"], changed: "another"}
    resources["Again"] = resource("SSO::Assignment", **properties)
    assert found("AssignmentDuplicate", resources) == []


def test_assignments_that_the_deploy_alone_can_tell_apart_are_no_duplicates() -> None:
    resources = organization()
    chosen = {"Fn::If": ["X", "a", "b"]}
    resources["One"] = assignment("Developer", chosen, get("Dev", "AccountId"))
    resources["Two"] = assignment("Developer", chosen, get("Dev", "AccountId"))
    assert found("AssignmentDuplicate", resources) == []


@pytest.mark.parametrize(
    "written",
    [
        {"TargetId": {"Fn::Sub": "${Dev.AccountId}"}},
        {"TargetId": {"Fn::Sub": ["${Account}", {"Account": {"Ref": "Dev"}}]}},
        {"TargetId": {"Fn::Join": ["", [get("Dev", "AccountId")]]}},
        {"TargetId": {"Fn::GetAtt": "Dev.AccountId"}},
        {"PrincipalId": {"Fn::Sub": "${Administrators.GroupId}"}},
        {"PermissionSetArn": {"Fn::Sub": "${AdministratorAccess.PermissionSetArn}"}},
        {"PermissionSetArn": {"Fn::Select": [0, [get("AdministratorAccess", "PermissionSetArn")]]}},
        {"InstanceArn": {"Fn::Sub": INSTANCE_ARN.replace("arn:aws:", "arn:${AWS::Partition}:")}},
        {"InstanceArn": {"Fn::Join": [":", INSTANCE_ARN.split(":")]}},
    ],
    ids=str,
)
def test_assignments_are_the_same_however_they_are_written(written: dict[str, Any]) -> None:
    resources = organization()
    resources["Again"] = resource("SSO::Assignment", **(resources["OfDev"]["Properties"] | written))
    assert found("AssignmentDuplicate", resources) == ["Again"]


@pytest.mark.parametrize("name", ["PrincipalId", "TargetId", "PermissionSetArn", "InstanceArn"])
def test_a_parameter_is_the_same_wherever_it_stands(name: str) -> None:
    resources = organization()
    properties = resources["OfDev"]["Properties"]
    resources["One"] = resource("SSO::Assignment", **(properties | {name: {"Ref": "Given"}}))
    resources["Two"] = resource("SSO::Assignment", **(properties | {name: {"Fn::Sub": "${Given}"}}))
    resources["Other"] = resource("SSO::Assignment", **(properties | {name: {"Ref": "Another"}}))
    assert found("AssignmentDuplicate", resources) == ["Two"]
    # In another stack it is another parameter, but of the instance, of which an organization has one.
    again = {"Third": resource("SSO::Assignment", **(properties | {name: {"Ref": "Given"}}))}
    assert "Third" not in found("AssignmentDuplicate", resources, again)


def test_one_administrator_is_alone_however_the_template_says_it() -> None:
    resources = organization()
    del resources["KimAdministrates"]
    resources["OfManagement"]["Properties"] |= {
        "TargetId": {"Fn::Sub": "${Organization.ManagementAccountId}"},
        "PrincipalId": {"Fn::Sub": "${Administrators.GroupId}"},
        "PermissionSetArn": {"Fn::Sub": "${AdministratorAccess.PermissionSetArn}"},
    }
    resources["DaxAdministrates"]["Properties"]["MemberId"] = {"UserId": {"Fn::Sub": "${Dax.UserId}"}}
    assert found("AdministratorAlone", resources) == ["Dax"]


@pytest.mark.parametrize(
    "second",
    [
        {"ManagedPolicies": ["arn:aws:iam::aws:policy/PowerUserAccess"]},
        {"InlinePolicy": document(allow("*"), deny("iam:*"))},
        {
            "InlinePolicy": document(allow("*")),
            "PermissionsBoundary": {"ManagedPolicyArn": "arn:aws:iam::aws:policy/X"},
        },
    ],
    ids=str,
)
def test_whoever_administers_nothing_is_no_second_administrator(second: dict[str, Any]) -> None:
    resources = organization()
    del resources["KimAdministrates"]
    resources["Second"] = permission_set("Second", **second)
    management = get("Organization", "ManagementAccountId")
    resources["Seconding"] = assignment("Second", get("Lou", "UserId"), management, "USER")
    assert found("AdministratorAlone", resources) == ["Dax"]
    resources["Second"] = permission_set("Second", InlinePolicy=document(allow("*"), deny("s3:*")))
    assert found("AdministratorAlone", resources) == []


def test_the_only_person_locks_nobody_out() -> None:
    resources = organization()
    for name in ("KimAdministrates", "LouDevelops"):
        del resources[name]
    assert found("AdministratorAlone", resources) == []
    # The second person brings the warning once something is assigned to their group.
    second = {"Others": group("Others"), "InOthers": member("Others", "Lou")}
    assert found("AdministratorAlone", resources | second) == []
    second["Reading"] = assignment("AdministratorAccess", get("Others", "GroupId"), get("Dev", "AccountId"))
    assert found("AdministratorAlone", resources | second) == ["Dax"]


@pytest.mark.parametrize(
    "principal",
    ["1111222233-11112222-3333-4444-5555-666677779999", {"Fn::If": ["X", "a", "b"]}],
    ids=["existing-group", "known-at-deploy"],
)
def test_one_administrator_is_not_alone_where_there_may_be_others(principal: Any) -> None:
    resources = organization()
    del resources["KimAdministrates"]
    management = get("Organization", "ManagementAccountId")
    resources["Others"] = assignment("AdministratorAccess", principal, management)
    assert found("AdministratorAlone", resources) == []


def test_names_the_only_administrator_who_exists_already_at_the_assignment() -> None:
    resources = organization()
    del resources["OfManagement"]
    who = "1111222233-11112222-3333-4444-5555-666677778888"
    resources["Only"] = assignment("AdministratorAccess", who, {"Ref": "AWS::AccountId"}, "USER")
    assert found("AdministratorAlone", resources) == ["Only"]
    assert who in details("AdministratorAlone", resources)


@pytest.mark.parametrize("call", ['{"parameters": {"UserName": "dax@acme.com"}}', "{}", "[]", "no JSON", None])
def test_names_people_whom_a_function_creates_by_their_user_names(call: str | None) -> None:
    resources = organization()
    del resources["KimAdministrates"]
    resources["Dax"] = {"Type": "Custom::IdentityStoreUser", "Properties": {"Create": call} if call else {}}
    name = "dax@acme.com" if call and "dax" in call else "Dax"
    assert details("AdministratorAlone", resources).startswith(f"Of 2 people, only {name} ")


# Permission sets


def inline(*statements: dict[str, Any], **more: Any) -> Resources:
    return {"It": permission_set("It", InlinePolicy=document(*statements), **more)}


@pytest.mark.parametrize(
    "statement",
    [
        allow("s3:*"),
        allow("*", on="arn:aws:s3:::acme/*"),
        deny("*"),
        allow("*", Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}}),
    ],
    ids=["some-actions", "some-resources", "deny", "condition"],
)
def test_less_than_everything_is_not_everything(statement: dict[str, Any]) -> None:
    assert found("PermissionSetAllowAll", inline(statement)) == []


@pytest.mark.parametrize("rest", ["s3:*", "ec2:Run*"])
def test_everything_is_allowed_whatever_else_stands_beside_it(rest: str) -> None:
    statement = allow(rest, "*", on=["arn:aws:s3:::acme/*", "*"])
    assert found("PermissionSetAllowAll", inline(statement)) == ["It"]


def test_finds_everything_allowed_in_a_policy_that_is_given_as_text() -> None:
    text = json.dumps(document(allow("*")))
    [finding] = BY_ID["PermissionSetAllowAll"].find(templates({"It": permission_set("It", InlinePolicy=text)}))
    assert finding.locations == ("Properties.InlinePolicy",)


ANY_ROLE = "arn:aws:iam::*:role/*"


@pytest.mark.parametrize(
    "statements",
    [
        [allow("iam:PutRolePolicy")],
        [allow("iam:*")],
        [allow("IAM:putrole*", on=ANY_ROLE)],
        [allow("iam:PutRolePolicy", on=["arn:aws:iam::*:role/app-*", ANY_ROLE])],
        [allow("iam:PutRolePolicy", on="arn:aws-us-gov:iam::*:role/*")],
        [allow("iam:PutRolePolicy", on={"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/*"})],
        [{"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}],
        [{"Effect": "Allow", "Action": "iam:PutRolePolicy", "NotResource": "arn:aws:iam::*:role/admin"}],
        [allow("iam:PutRolePolicy", Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}})],
        [allow("iam:PutRolePolicy"), deny("iam:PutUserPolicy")],
        [allow("iam:PutRolePolicy"), deny("iam:*", on="arn:aws:iam::*:role/admin")],
        [allow("iam:PutRolePolicy"), deny("iam:*", Condition={"StringEquals": {"aws:PrincipalTag/team": "a"}})],
        [allow("sts:AssumeRole")],
        [allow("identitystore:*")],
        [allow("iam:PassRole", "ec2:RunInstances")],
        [allow("ec2:*"), allow("iam:Pass*", on=ANY_ROLE)],
    ],
    ids=str,
)
def test_finds_ways_to_become_an_administrator(statements: list[dict[str, Any]]) -> None:
    assert found("PermissionSetEscalation", inline(*statements)) == ["It"]


@pytest.mark.parametrize(
    "statements",
    [
        [allow("iam:PutRolePolicy", on="arn:aws:iam::*:role/app-*")],
        [allow("iam:Get*", "iam:List*")],
        [allow("iam:CreateRole", "iam:CreateUser")],
        [
            allow(
                "iam:PutRolePolicy", Condition={"StringEquals": {"iam:PermissionsBoundary": "arn:aws:iam::1:policy/x"}}
            )
        ],
        [allow("iam:AttachRolePolicy", Condition={"ArnEquals": {"iam:PolicyARN": "arn:aws:iam::1:policy/x"}})],
        [allow("iam:PutRolePolicy"), deny("iam:Put*")],
        [allow("iam:PutRolePolicy"), {"Effect": "Deny", "NotAction": "s3:*", "Resource": "*"}],
        [{"Effect": "Allow", "NotAction": ["iam:*", "sts:*", "sso:*", "identitystore:*"], "Resource": "*"}],
        [allow("iam:PassRole")],
        [allow("ec2:RunInstances", "lambda:*")],
        [allow("iam:PassRole", "ec2:RunInstances"), deny("ec2:RunInstances")],
        [allow("iam:PassRole", on="arn:aws:iam::*:role/app-*"), allow("ec2:RunInstances")],
        [deny("iam:*")],
        [allow("iam:PutRolePolicy", on={"Ref": "RoleArn"})],
    ],
    ids=str,
)
def test_accepts_what_makes_nobody_an_administrator(statements: list[dict[str, Any]]) -> None:
    assert found("PermissionSetEscalation", inline(*statements)) == []


def test_accepts_any_action_under_a_boundary_but_not_under_an_empty_one() -> None:
    boundary = {"CustomerManagedPolicyReference": {"Name": "Boundary"}}
    assert found("PermissionSetEscalation", inline(allow("iam:*"), PermissionsBoundary=boundary)) == []
    assert found("PermissionSetEscalation", inline(allow("iam:*"), PermissionsBoundary={})) == ["It"]


def test_an_administrator_cannot_become_one() -> None:
    managed = ["arn:aws:iam::aws:policy/AdministratorAccess"]
    assert found("PermissionSetEscalation", inline(allow("iam:*"), ManagedPolicies=managed)) == []


def test_shows_five_ways_and_counts_the_others() -> None:
    assert "iam:AddClientIDToOpenIDConnectProvider, iam:AddUserToGroup, iam:AttachGroupPolicy," in details(
        "PermissionSetEscalation", inline(allow("iam:*"))
    )
    assert "iam:AttachRolePolicy, iam:AttachUserPolicy and 16 more." in details(
        "PermissionSetEscalation", inline(allow("iam:*"))
    )


@pytest.mark.parametrize("duration", ["PT1H", "PT12H", "PT60M", "PT43200S", "PT11H60M", {"Ref": "Hours"}, None])
def test_accepts_sessions_of_one_to_twelve_hours(duration: Any) -> None:
    properties = {} if duration is None else {"SessionDuration": duration}
    assert found("PermissionSetSession", {"It": permission_set("It", **properties)}) == []


@pytest.mark.parametrize("duration", ["PT13H", "PT12H1S", "PT59M", "P1D", "12h", "PT", "", "P1W"])
def test_finds_sessions_that_aws_refuses(duration: str) -> None:
    assert found("PermissionSetSession", {"It": permission_set("It", SessionDuration=duration)}) == ["It"]


@pytest.mark.parametrize("partition", ["aws", "aws-cn", {"Ref": "AWS::Partition"}], ids=str)
def test_administrators_are_called_so_in_any_partition(partition: Any) -> None:
    arn = {"Fn::Join": ["", ["arn:", partition, ":iam::aws:policy/AdministratorAccess"]]}
    for name, expected in (("Everything", ["It"]), ("platform-admins", [])):
        resources = {"It": permission_set(name, ManagedPolicies=[arn])}
        assert found("PermissionSetAdministratorName", resources) == expected


def test_a_policy_of_the_companys_own_with_the_name_of_a_deprecated_one_is_fine() -> None:
    arns = ["arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:aws:iam::111122223333:policy/AWSLambdaFullAccess"]
    assert found("PermissionSetManagedPolicy", {"It": permission_set("It", ManagedPolicies=arns)}) == []


def test_nothing_that_aws_publishes_is_called_deprecated_and_what_replaces_it_is_published() -> None:
    policies = json.loads(published.aws_managed_policies_data)
    assert not DEPRECATED.keys() & policies.keys()
    assert {instead for instead in DEPRECATED.values() if instead} <= policies.keys()


@pytest.mark.parametrize(
    "url",
    [
        "https://acme.com/",
        "https://console.aws.amazon.com.acme.com/",
        "https://console.aws.amazon.com@acme.com/",
        "https://acme.com\\@console.aws.amazon.com/",
        "https://acme.com/?https://console.aws.amazon.com/",
        "https://acme.com#console.aws.amazon.com",
        "https://fakeaws.amazon.com/",
        "https://acme.com\\.awsapps.com/start",
        "http://acme.awsapps.com/start",
        "https://amazonaws.com/",
        "https://acme.s3.amazonaws.com/login.html",
        "https://acme.s3.cn-north-1.amazonaws.com.cn/login.html",
        "http://console.aws.amazon.com/",
        "javascript:alert(1)",
        "//acme.com/console.aws.amazon.com",
        "https://[console.aws.amazon.com/",
        "ec2",
        {"Fn::Sub": "https://acme.com/${AWS::Region}"},
    ],
    ids=str,
)
def test_finds_pages_that_are_not_awss(url: Any) -> None:
    assert found("PermissionSetRelayState", {"It": permission_set("It", RelayStateType=url)}) == ["It"]


@pytest.mark.parametrize(
    "url",
    [
        "https://console.aws.amazon.com/",
        "https://eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1#Instances:",
        "HTTPS://CONSOLE.AWS.AMAZON.COM/",
        "https://console.aws.amazon.com:443/s3",
        "https://us-east-1.quicksight.aws.amazon.com/sn/start",
        "https://console.amazonaws.cn/ec2",
        "https://console.amazonaws-us-gov.com/",
        "https://eusc-de-east-1.console.amazonaws-eusc.eu/",
        "https://d-1234567890.awsapps.com/start",
        "https://ssoins-1111222233334444.portal.eu-west-1.app.aws",
        "https://ssoins-1111222233334444.us-east-1.portal.amazonaws.com",
        "https://ssoins-1111222233334444.portal.eusc-de-east-1.api.amazonwebservices.eu",
        {"Fn::Sub": "https://${AWS::Region}.console.aws.amazon.com/ec2"},
        {"Ref": "Page"},
        None,
    ],
    ids=str,
)
def test_accepts_pages_of_the_console_and_the_portal(url: Any) -> None:
    assert found("PermissionSetRelayState", {"It": permission_set("It", RelayStateType=url)}) == []


# Policies


@pytest.mark.parametrize(
    ("kind", "maximum"),
    [("SERVICE_CONTROL_POLICY", 10_240), ("RESOURCE_CONTROL_POLICY", 5_120), ("TAG_POLICY", 10_000)],
)
def test_counts_the_characters_of_a_policy_without_whitespace(kind: str, maximum: int) -> None:
    empty = len(json.dumps({"a": ""}, separators=(",", ":")))
    for more, expected in ((0, []), (1, ["It"])):
        content = {"a": "ü" * (maximum - empty + more)}
        policy = resource("Organizations::Policy", Name="p", Type=kind, Content=content)
        assert found("PolicySize", {"It": policy}) == expected


def test_counts_the_whitespace_of_a_policy_that_is_given_as_text() -> None:
    text = json.dumps(document(deny("s3:*"))) + " " * 10_240
    policy = resource("Organizations::Policy", Name="p", Type="SERVICE_CONTROL_POLICY", Content=text)
    assert found("PolicySize", {"It": policy}) == ["It"]


def test_counts_the_known_part_of_what_the_deploy_puts_together() -> None:
    for known, expected in (("x" * 10_000, []), ("x" * 10_240, ["It"])):
        for value in (
            {"Fn::Join": ["", [known, {"Ref": "AWS::Partition"}]]},
            {"Fn::Sub": known + "${AWS::Partition}"},
            {"Fn::Sub": [known + "${X}", {"X": "y" * 9}]},
        ):
            policy = resource("Organizations::Policy", Name="p", Type="SERVICE_CONTROL_POLICY", Content={"a": value})
            assert found("PolicySize", {"It": policy}) == expected


def test_policies_of_types_without_a_published_limit_may_be_of_any_size() -> None:
    policy = resource("Organizations::Policy", Name="p", Type="S3_POLICY", Content={"a": "x" * 99_999})
    assert found("PolicySize", {"It": policy}) == []


@pytest.mark.parametrize("spaces", [0, 32_768], ids=["dense", "spaced"])
def test_counts_the_bytes_of_an_inline_policy_with_and_without_whitespace(spaces: int) -> None:
    text = '{"a":"' + ("ü" * 5_121 if not spaces else "") + '"}' + " " * spaces
    assert found("PolicySize", {"It": permission_set("It", InlinePolicy=text)}) == ["It"]
    assert found("PolicySize", {"It": permission_set("It", InlinePolicy='{"a":"' + "ü" * 5_000 + '"}')}) == []


@pytest.mark.parametrize(
    "action",
    ["s3:GetObject", "S3:GETOBJECT", "s3:Get*", "*", "*:*", "s3:*", "ec2:Describe?nstances", "*:Describe*", "sso:*"],
)
def test_knows_the_actions_of_aws_in_any_spelling(action: str) -> None:
    assert found("PolicyAction", {"It": control_policy(deny(action))}) == []


@pytest.mark.parametrize(
    ("action", "meant"),
    [
        ("s3:GetObjekt", "s3:getobject"),
        ("ec2:Descrbe*", None),
        ("s3", None),
        ("identitstore:CreateUser", "identitystore"),
        ("organisations:*", "organizations"),
        ("no-such*:Get", None),
    ],
)
def test_finds_actions_that_aws_does_not_have_and_asks_what_was_meant(action: str, meant: str | None) -> None:
    resources = {"It": control_policy(deny("s3:PutObject", action))}
    assert found("PolicyAction", resources) == ["It"]
    assert action.lower() in details("PolicyAction", resources)
    assert "s3:putobject" not in details("PolicyAction", resources).replace("is it", "")
    if meant:
        assert f"(is it {meant}?)" in details("PolicyAction", resources)


def test_looks_for_unknown_actions_in_exceptions_too() -> None:
    statement = {"Effect": "Deny", "NotAction": ["iam:*", "suport:*"], "Resource": "*"}
    assert found("PolicyAction", {"It": control_policy(statement)}) == ["It"]
    assert found("PolicyAction", {"It": resource("Organizations::ResourcePolicy", Content=document(statement))}) == [
        "It"
    ]


def test_knows_nothing_of_actions_that_the_deploy_puts_in() -> None:
    assert (
        found("PolicyAction", {"It": control_policy({"Effect": "Deny", "Action": {"Ref": "X"}, "Resource": "*"})}) == []
    )


@pytest.mark.parametrize("kind", ["TAG_POLICY", "BACKUP_POLICY"])
def test_reads_no_statements_in_policies_of_other_languages(kind: str) -> None:
    policy = control_policy(deny("*"), allow("nothing:known"), kind=kind, TargetIds=["r-ab12"])
    assert findings(templates({"It": policy})) == {}


CONDITION = {"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}}


@pytest.mark.parametrize(
    ("statements", "unreachable"),
    [
        ([deny("s3:*"), deny("s3:PutObject")], [1]),
        ([deny("s3:PutObject"), deny("s3:*")], [0]),
        ([deny("s3:*"), deny("s3:*")], [1]),
        ([deny("S3:Put*", "ec2:*"), deny("s3:put*", on="arn:aws:s3:::acme/*")], [1]),
        ([allow("*"), deny("s3:*"), allow("s3:GetObject")], [2]),
        ([deny("s3:*", Condition=CONDITION), deny("s3:Get*", Condition=CONDITION)], [1]),
        ([deny("s3:*"), deny("s3:Get*", Condition=CONDITION)], [1]),
        ([{"Effect": "Deny", "NotAction": "iam:*", "Resource": "*"}, deny("s3:GetObject")], [1]),
        (
            [
                {"Effect": "Deny", "NotAction": "iam:*", "Resource": "*"},
                {"Effect": "Deny", "NotAction": ["iam:*", "sts:*"], "Resource": "*"},
            ],
            [1],
        ),
        (
            [
                {"Effect": "Deny", "Action": "s3:*", "NotResource": "arn:aws:s3:::a"},
                deny("s3:Get*", on="arn:aws:s3:::b"),
            ],
            [1],
        ),
    ],
    ids=str,
)
def test_finds_statements_that_never_decide(statements: list[dict[str, Any]], unreachable: list[int]) -> None:
    locations = [
        location
        for finding in BY_ID["PolicyStatement"].find(templates({"It": control_policy(*statements)}))
        for location in finding.locations
    ]
    assert locations == [f"Properties.Content.Statement.{index}" for index in unreachable]


@pytest.mark.parametrize(
    "statements",
    [
        [allow("*"), deny("s3:*")],
        [deny("s3:Get*"), deny("s3:*Object")],
        [deny("s3:*", Condition=CONDITION), deny("s3:GetObject")],
        [deny("s3:*", on="arn:aws:s3:::a/*"), deny("s3:GetObject", on="arn:aws:s3:::b/*")],
        [deny("s3:*", on="arn:aws:s3:::a?"), deny("s3:GetObject", on="arn:aws:s3:::a*")],
        [deny("s3:*", Principal="*"), deny("s3:*", Principal={"AWS": "111122223333"})],
        [{"Effect": "Deny", "NotAction": "iam:*", "Resource": "*"}, deny("iam:CreateUser")],
        [{"Effect": "Deny", "NotAction": "s3:GetObject", "Resource": "*"}, deny("s3:Get*")],
        [{"Effect": "Deny", "NotAction": ["iam:*", "sts:*"], "Resource": "*"}, deny("*", Condition=CONDITION)],
        [deny("s3:*"), {"Effect": "Deny", "Action": {"Ref": "X"}, "Resource": "*"}],
        [deny("s3:*", on={"Ref": "X"}), deny("s3:*", on="arn:aws:s3:::a")],
        [{"Effect": "Deny", "NotAction": {"Ref": "X"}, "Resource": "*"}, deny("s3:GetObject")],
        [allow("s3:GetObject"), allow("s3:PutObject")],
    ],
    ids=str,
)
def test_accepts_statements_that_decide_something(statements: list[dict[str, Any]]) -> None:
    assert found("PolicyStatement", {"It": control_policy(*statements)}) == []


@pytest.mark.parametrize("kind", ["SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"])
def test_finds_control_policies_that_deny_everything(kind: str) -> None:
    assert found("PolicyAllowsNothing", {"It": control_policy(deny("s3:*", "*"), kind=kind)}) == ["It"]


@pytest.mark.parametrize(
    "statement",
    [
        deny("*", Condition={"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/Rescue"}}),
        deny("*", on="arn:aws:s3:::acme/*"),
        {"Effect": "Deny", "NotAction": ["iam:*"], "Resource": "*"},
        allow("*"),
    ],
    ids=str,
)
def test_accepts_control_policies_that_leave_something(statement: dict[str, Any]) -> None:
    assert found("PolicyAllowsNothing", {"It": control_policy(statement)}) == []


def detach(target: Any, policy: str = "p-FullAWSAccess", **more: Any) -> dict[str, Any]:
    call = {"service": "Organizations", "action": "DetachPolicy", "parameters": {"PolicyId": policy, "TargetId": "@"}}
    before, after = json.dumps(call | more).split("@")
    text = before + target + after if isinstance(target, str) else {"Fn::Join": ["", [before, target, after]]}
    return {"Type": "Custom::AWS", "Properties": {"Update": text}}


DETACHED: Any = {"ou": "ou-ab12-11112222", "root": "r-ab12", "account": "111122223333", "unit": get("Workloads", "Id")}
DETACHED |= {"organization": get("Organization", "RootId"), "dev": get("Dev", "AccountId")}


@pytest.mark.parametrize("target", DETACHED.values(), ids=DETACHED)
def test_full_access_may_be_detached_where_another_policy_allows_something(target: Any) -> None:
    resources = organization() | {"Detach": detach(target)}
    assert found("PolicyDetach", resources) == ["Detach"]
    resources["Some"] = control_policy(deny("s3:*"), allow("ec2:*"), TargetIds=[target])
    assert found("PolicyDetach", resources) == []
    resources["Some"]["Properties"]["TargetIds"] = ["ou-ab12-99998888"]
    assert found("PolicyDetach", resources) == ["Detach"]
    resources["Some"]["Properties"] |= {"Content": document(deny("s3:*")), "TargetIds": [target]}
    assert found("PolicyDetach", resources) == ["Detach"]


def test_other_policies_may_be_detached_and_the_one_for_resources_never() -> None:
    unit = "ou-ab12-11112222"
    some = control_policy(allow("ec2:*"), TargetIds=[unit])
    assert found("PolicyDetach", {"It": detach(unit, "p-examplepolicy1")}) == []
    assert found("PolicyDetach", {"It": detach(unit, action="AttachPolicy")}) == []
    assert found("PolicyDetach", {"It": detach(unit, "p-RCPFullAWSAccess"), "Some": some}) == ["It"]


@pytest.mark.parametrize(
    "call",
    [
        *("detachPolicy", "[detachPolicy", '["detachPolicy"]', {"Ref": "X"}, 1, None),
        *('{"action": "detachPolicy"}', '{"action": "detachPolicy", "parameters": ["p-FullAWSAccess"]}'),
    ],
)
def test_a_custom_resource_with_other_properties_is_left_alone(call: Any) -> None:
    assert found("PolicyDetach", {"It": {"Type": "Custom::Other", "Properties": {"Create": call}}}) == []


@pytest.mark.parametrize(
    "content",
    [*guardrails.combine(*SERVICE_CONTROL.values()), *RESOURCE_CONTROL.values()],
    ids=lambda content: content["Statement"][0].get("Sid"),
)
def test_finds_nothing_in_the_guardrails(content: Any) -> None:
    policy = control_policy(*content["Statement"], TargetIds=["r-ab12"])
    assert findings(templates({"It": policy})) == {}


# Acknowledgements


def acknowledged(reason: str, construct: str = "Org/Dev", rule: str = "AwsSolutions::AwsSolutions-S1") -> list[Finding]:
    read = templates(organization(), acknowledgements=[Acknowledgement(construct, rule, reason)])
    return [each for ids in findings(read).values() for each in ids]


@pytest.mark.parametrize(
    "reason",
    [
        "",
        " ",
        "todo",
        "TBD",
        "accepted risk",
        "not needed for now",
        "False positive.",
        "S1 is not applicable",
        "1 2 3 4 5",
    ],
)
def test_finds_reasons_that_say_nothing(reason: str) -> None:
    [finding] = acknowledged(reason)
    assert "an acknowledgement" in BY_ID["AcknowledgementReason"].sentence.lower()
    assert repr(reason) in finding.detail


@pytest.mark.parametrize(
    ("enough", "too_little"),
    [("Workshop sandbox closed", "Workshop sandbox"), ("監査用に一時公開", "監査用に一時公")],
    ids=["words", "letters of a language without spaces"],
)
def test_three_words_or_eight_letters_are_the_least_that_a_reason_has(enough: str, too_little: str) -> None:
    assert acknowledged(enough) == []
    assert len(acknowledged(too_little)) == 1


def test_finds_a_reason_that_repeats_the_rule() -> None:
    rule = "AwsSolutions::AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/ReadOnlyAccess]"
    [finding] = acknowledged("AwsSolutions IAM4: managed policy ReadOnlyAccess, partition AWS, accepted", rule=rule)
    assert rule in finding.detail


@pytest.mark.parametrize(
    "reason",
    [
        "A sandbox that is closed after the workshop.",
        "Access logs of the log bucket would log themselves.",
        "ワークショップ後に閉鎖されるサンドボックス",
        "Der Ordner wird nach der Prüfung gelöscht",
    ],
)
def test_accepts_reasons_that_can_be_judged(reason: str) -> None:
    assert acknowledged(reason) == []


def test_an_acknowledgement_of_two_findings_is_a_blanket_and_of_one_is_not() -> None:
    resources = {"A": account("a"), "B": account("b", "A")}
    for logical_id, each in resources.items():
        each["DeletionPolicy"] = "Delete"
        each["Metadata"] = {"aws:cdk:path": f"Org/Accounts/{logical_id}/Resource"}
    reason = "A sandbox that is closed after the workshop."
    for construct, expected in (("Org/Accounts", 1), ("Org/Accounts/A", 0), ("Org/Acc", 0)):
        acknowledgement = Acknowledgement(construct, "OrgBaseline::OrgBaseline-Retain", reason)
        read = templates(resources, acknowledgements=[acknowledgement])
        assert len(list(BY_ID["AcknowledgementBlanket"].find(read))) == expected


# Whatever a template holds

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["Dev", "*", "AWS::NoValue"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["Ref", "Fn::Join", "Fn::Sub", "Fn::GetAtt", "Statement", "Action", "Resource", "Effect", "UserId", "x"]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)
KINDS = [*sorted({each["Type"] for each in organization().values()}), "Custom::AWS", "AWS::IAM::User"]
NAMES = [
    "AccountName", "Email", "ParentIds", "Type", "Content", "TargetIds", "Name", "SessionDuration", "ManagedPolicies",
    "InlinePolicy", "PermissionsBoundary", "GroupId", "MemberId", "InstanceArn", "PermissionSetArn", "PrincipalId",
    "PrincipalType", "TargetId", "Create", "UserName", "FeatureSet",
]  # fmt: skip


@given(
    st.dictionaries(
        st.sampled_from(["Dev", "B", "C", "D"]),
        JSON
        | st.fixed_dictionaries(
            {"Type": st.sampled_from(KINDS)},
            optional={
                "Properties": JSON | st.dictionaries(st.sampled_from(NAMES), JSON, max_size=6),
                "DependsOn": JSON,
                "Metadata": JSON,
                "DeletionPolicy": JSON,
            },
        ),
        max_size=4,
    )
)
def test_no_template_makes_a_rule_stumble(resources: Any) -> None:
    findings(templates(resources))


def test_reads_a_template_without_resources_or_with_a_loop_of_them() -> None:
    loop: Any = {"Fn::ForEach::Accounts": ["Name", ["a", "b"], {"${Name}": account("dev")}]}
    assert found("AccountOrder", {}, loop) == ["a", "b"]


# PermissionSetEnded and PermissionSetEndsLate

DAY = 24 * 3600


def ending(at: float) -> Resources:
    """A permission set that ends at an instant, as it is written by hand."""
    time = f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%SZ}"
    denial = deny("*", Condition={"DateGreaterThan": {"aws:CurrentTime": time}})
    return {"Set": permission_set("Contractor", InlinePolicy=document(allow("s3:*"), denial))}


@pytest.mark.parametrize(
    ("by", "rules"),
    [
        (-DAY, ["PermissionSetEnded"]),
        (-1, ["PermissionSetEnded"]),
        (60, []),
        (366 * DAY - 60, []),
        (366 * DAY + 60, ["PermissionSetEndsLate"]),
    ],
    ids=["yesterday", "just now", "in a minute", "in a year", "later than in a year"],
)
def test_finds_what_has_ended_and_what_ends_in_more_than_a_year(by: int, rules: list[str]) -> None:
    at = datetime.now(UTC).timestamp() + by
    assert [each for each in ("PermissionSetEnded", "PermissionSetEndsLate") if found(each, ending(at))] == rules
    time = f"{datetime.fromtimestamp(int(at), UTC):%Y-%m-%d %H:%M}"
    assert all(time in details(rule, ending(at)) for rule in rules)


def test_finds_no_time_in_what_has_none() -> None:
    assert found("PermissionSetEnded", organization()) == found("PermissionSetEndsLate", organization()) == []


# AdministratorEnds


def administered_for_a_time() -> Resources:
    """The organization, in which the management account is administered until some time, and no other for good."""
    resources = organization()
    denial = deny("*", Condition={"DateGreaterThan": {"aws:CurrentTime": "2026-12-31T18:00:00Z"}})
    resources["AdministratorAccess"]["Properties"]["InlinePolicy"] = document(denial)
    return resources


def test_finds_that_nobody_administers_the_management_account_for_good() -> None:
    assert found("AdministratorEnds", administered_for_a_time()) == ["OfManagement"]
    assert (
        details("AdministratorEnds", administered_for_a_time()) == "AdministratorAccess is until 2026-12-31 18:00 UTC."
    )
    resources = administered_for_a_time()
    resources["Also"] = assignment("Lasting", get("Nobody", "GroupId"), get("Organization", "ManagementAccountId"))
    resources["Lasting"] = permission_set(
        "AdministratorToo", ManagedPolicies=["arn:aws:iam::aws:policy/AdministratorAccess"]
    )
    resources["Nobody"] = group("Nobody")
    assert found("AdministratorEnds", resources) == ["OfManagement"]
    resources["DaxToo"] = member("Nobody", "Dax")
    assert found("AdministratorEnds", resources) == []


@pytest.mark.parametrize(
    ("permission_set_arn", "target"),
    [
        (get("Developer", "PermissionSetArn"), get("Organization", "ManagementAccountId")),
        (get("Lasting", "PermissionSetArn"), get("Dev", "AccountId")),
    ],
    ids=["less than administration", "another account"],
)
def test_what_does_not_administer_the_management_account_keeps_nobody_there(
    permission_set_arn: Any, target: Any
) -> None:
    resources = administered_for_a_time()
    resources["Lasting"] = permission_set(
        "AdministratorToo", ManagedPolicies=["arn:aws:iam::aws:policy/AdministratorAccess"]
    )
    resources["Also"] = assignment("Lasting", get("Developers", "GroupId"), target)
    resources["Also"]["Properties"]["PermissionSetArn"] = permission_set_arn
    assert found("AdministratorEnds", resources) == ["OfManagement"]


@pytest.mark.parametrize("unknown", [{"TargetId": {"Ref": "Account"}}, {"PrincipalId": "1111222233-1-2"}])
def test_what_only_the_deploy_knows_may_administer_it_for_good(unknown: dict[str, Any]) -> None:
    resources = administered_for_a_time()
    resources["Lasting"] = permission_set(
        "AdministratorToo", ManagedPolicies=["arn:aws:iam::aws:policy/AdministratorAccess"]
    )
    management = get("Organization", "ManagementAccountId")
    resources["Also"] = assignment("Lasting", get("Developers", "GroupId"), management)
    resources["Also"]["Properties"] |= unknown
    assert found("AdministratorEnds", resources) == []
