"""Which regions that people are to work in service control policies close."""

from __future__ import annotations

import json
from typing import Any

import pytest

from checked_templates import Resources, allow, assignment, control_policy, deny, organization, permission_set, resource
from cloud_assembly import get
from org_constructs import guardrails
from org_constructs.rules.region_closed import REGION_CLOSED
from org_constructs.templates.resources import Template, Templates

ROOT, WORKLOADS = get("Organization", "RootId"), get("Workloads", "Id")
ADMINISTRATORS = guardrails.permission_set_role("AdministratorAccess")
OTHER = "444455556666"


def baseline(
    resources: Resources,
    *,
    default: str | None = "us-east-1",
    region: str | None = None,
    home: str = "us-east-1",
    account: str | None = None,
) -> Template:
    """Return the template of a baseline of which `dev` has the region, and the others none of their own."""
    dev = {"Output": "DevAccountId"} | ({"Region": region} if region else {})
    metadata = {
        "DefaultRegion": default,
        "IdentityCenterRegion": home,
        "Accounts": {
            "dev": dev,
            "logs": {"Output": "LogsAccountId"},
            "old": {"Output": "OldAccountId"},
            "management": {"Output": "ManagementAccountId"},
        },
    }
    outputs = {
        "DevAccountId": {"Value": get("Dev", "AccountId")},
        "LogsAccountId": {"Value": get("Logs", "AccountId")},
        "OldAccountId": {"Value": OTHER},
        "ManagementAccountId": {"Value": get("Organization", "ManagementAccountId")},
    }
    body = {"Resources": resources, "Outputs": outputs, "Metadata": {"OrgBaseline": metadata}}
    return Template(path=f"{account}.json", body=body, stack=f"Org{account}", account=account)


def with_policy(statement: Any, *targets: Any, **more: Any) -> Resources:
    return organization() | {"Regions": control_policy(statement, TargetIds=list(targets or [WORKLOADS]), **more)}


def closed(*stacks: Template) -> list[tuple[str, str]]:
    return [(each.construct, each.detail.partition(",")[0]) for each in REGION_CLOSED.find(Templates(stacks))]


def only(*regions: str, **more: Any) -> dict[str, Any]:
    [statement] = guardrails.allow_regions(regions, **more)["Statement"]
    return dict(statement)


def if_region(operator: str, *regions: str, **more: Any) -> dict[str, Any]:
    return {"Condition": {operator: {"aws:RequestedRegion": list(regions)}, **more}}


def test_units_that_are_in_one_another_end_somewhere() -> None:
    resources = with_policy(only("us-east-1"))
    unit = resources["Workloads"]
    resources["Other"] = {**unit, "Properties": {**unit["Properties"], "Name": "other", "ParentId": WORKLOADS}}
    resources["Workloads"] = {**unit, "Properties": {**unit["Properties"], "ParentId": get("Other", "Id")}}
    assert closed(baseline(resources, region="eu-central-1")) == [("Dev", "eu-central-1")]


def test_says_which_region_is_closed_where_by_what_and_what_to_do() -> None:
    [finding] = REGION_CLOSED.find(Templates([baseline(with_policy(only("us-east-1")), region="eu-central-1")]))
    assert finding.construct == "Dev"
    assert finding.detail == (
        "eu-central-1, the region of the CLI profiles of acme-dev, is closed to everybody by a-policy: allow it, or"
        " give the account 'dev' another region."
    )


@pytest.mark.parametrize(
    ("targets", "found"),
    [
        ([WORKLOADS], ["Dev"]),
        ([get("Logs", "AccountId")], ["Logs"]),
        ([OTHER], ["Regions"]),
        ([ROOT], ["Dev", "Logs", "Regions"]),
        (["r-ab12"], ["Dev", "Logs", "Regions"]),
        ([{"Fn::ImportValue": "Elsewhere"}], []),
        ([get("Organization", "ManagementAccountId")], []),
    ],
    ids=str,
)
def test_the_default_region_is_closed_by_what_is_attached_above(targets: list[Any], found: list[str]) -> None:
    resources = with_policy(only("us-east-1"), *targets)
    assert closed(baseline(resources, default="eu-west-1")) == [(each, "eu-west-1") for each in found]
    assert closed(baseline(resources)) == []


@pytest.mark.parametrize(
    "statement",
    [
        deny("*", **if_region("StringEquals", "eu-west-1", "eu-west-2")),
        deny("*", **if_region("StringLike", "eu-*")),
        deny("*", **if_region("StringNotLike", "us-*")),
        deny("*", **if_region("StringNotEqualsIfExists", "us-east-1")),
        deny("*", **if_region("ForAnyValue:StringNotEquals", "us-east-1")),
        deny("ec2:*", "lambda:*", "cloudformation:*", **if_region("StringNotEquals", "us-east-1")),
        only("us-east-1", except_actions=["s3:*", "logs:*", "bedrock:InvokeModel*"]),
        only("us-east-1", except_roles=["Rescue"]),
    ],
    ids=json.dumps,
)
def test_a_region_is_closed_where_nothing_is_deployed_and_nothing_runs(statement: dict[str, Any]) -> None:
    assert closed(baseline(with_policy(statement), region="eu-west-1")) == [("Dev", "eu-west-1")]


@pytest.mark.parametrize(
    "statement",
    [
        only("us-east-1", "eu-west-1"),
        only("us-east-1", except_actions=["ec2:*"]),
        deny("ec2:*", **if_region("StringNotEquals", "us-east-1")),
        deny("*", on="arn:aws:s3:::*", **if_region("StringNotEquals", "us-east-1")),
        deny("ec2:Run*", "lambda:*", "cloudformation:*", **if_region("StringNotEquals", "us-east-1")),
        deny("*", **if_region("StringNotEquals", "us-east-1", StringEquals={"aws:PrincipalTag/team": "web"})),
        deny("*", Condition={"StringNotEquals": {"aws:RequestedRegion": {"Ref": "Region"}}}),
        # Of what everybody is denied everywhere another rule speaks.
        deny("*"),
        # FullAWSAccess allows the rest.
        allow("*", **if_region("StringEquals", "us-east-1")),
    ],
    ids=json.dumps,
)
def test_a_region_is_open_where_something_can_be_done_or_that_is_not_known(statement: dict[str, Any]) -> None:
    assert closed(baseline(with_policy(statement), region="eu-west-1")) == []


@pytest.mark.parametrize(
    "action",
    [
        *("cloudformation:CreateStack", "cloudformation:ListStacks", "ec2:RunInstances", "ec2:DescribeInstances"),
        *("lambda:CreateFunction", "lambda:ListFunctions"),
    ],
)
def test_a_region_is_open_where_one_can_deploy_or_run_something_or_see_it(action: str) -> None:
    resources = with_policy(only("us-east-1", except_actions=[action]))
    assert closed(baseline(resources, region="eu-west-1")) == []


def test_several_policies_close_a_region_together() -> None:
    resources = with_policy(deny("ec2:*", "lambda:*", **if_region("StringNotEquals", "us-east-1")))
    assert closed(baseline(resources, region="eu-west-1")) == []
    more = deny("cloudformation:*", **if_region("StringLike", "eu-*"))
    resources["More"] = control_policy(more, TargetIds=[ROOT]) | {}
    resources["More"]["Properties"]["Name"] = "more"
    [finding] = REGION_CLOSED.find(Templates([baseline(resources, region="eu-west-1")]))
    assert "by a-policy, more:" in finding.detail


def test_is_about_service_control_policies_alone() -> None:
    resources = with_policy(only("us-east-1"), kind="RESOURCE_CONTROL_POLICY")
    assert closed(baseline(resources, region="eu-west-1")) == []


@pytest.mark.parametrize("home", ["us-east-1", "eu-west-1"])
def test_roles_that_are_excepted_count_as_far_as_people_have_them(home: str) -> None:
    path = "" if home == "us-east-1" else f"/{home}"
    role = f"aws-reserved/sso.amazonaws.com{path}/AWSReservedSSO_AdministratorAccess_*"
    resources = with_policy(only("us-east-1", except_roles=[role]))
    stack = baseline(resources, region="eu-west-1", home=home)
    [finding] = REGION_CLOSED.find(Templates([stack]))
    assert "is closed to people with Developer" in finding.detail
    del resources["Developing"]
    assert closed(stack) == []


def test_people_with_a_permission_set_of_unknown_name_are_excepted_by_none() -> None:
    resources = with_policy(only("us-east-1", except_roles=[ADMINISTRATORS]), OTHER)
    resources["OfOld"] = assignment("AdministratorAccess", get("Administrators", "GroupId"), OTHER)
    stack = baseline(resources, default="eu-west-1")
    assert closed(stack) == []
    resources["OfOld"]["Properties"]["PermissionSetArn"] = "arn:aws:sso:::permissionSet/ssoins-1/ps-1"
    assert closed(stack) == [("Regions", "eu-west-1")]


def detach(target: Any) -> dict[str, Any]:
    before, after = json.dumps(
        {"action": "detachPolicy", "parameters": {"PolicyId": "p-FullAWSAccess", "TargetId": "@"}}
    ).split("@")
    return {"Type": "Custom::AWS", "Properties": {"Create": {"Fn::Join": ["", [before, target, after]]}}}


def test_what_is_allowed_in_place_of_everything_closes_the_other_regions() -> None:
    resources = with_policy(allow("*", **if_region("StringEquals", "us-east-1"))) | {"Detach": detach(WORKLOADS)}
    stack = baseline(resources, region="eu-west-1")
    assert closed(stack) == [("Dev", "eu-west-1")]
    assert closed(baseline(resources, region="us-east-1")) == []
    too = allow("ec2:*", Condition={"StringEquals": {"aws:PrincipalTag/team": "web"}})
    resources["Too"] = control_policy(too, TargetIds=[WORKLOADS])
    assert closed(stack) == [], "as it may allow something there"
    del resources["Too"]
    resources["Detach"] = detach(get("Logs", "AccountId"))
    assert closed(stack) == [], "as FullAWSAccess still allows the rest there"


def test_stacks_of_an_organization_are_taken_together_and_organizations_apart() -> None:
    policies = {"Regions": control_policy(only("us-east-1"), TargetIds=["r-ab12"])}
    acme = baseline(organization(), region="eu-west-1", account="111122223333")
    for account, found in (("111122223333", [("Dev", "eu-west-1")]), ("777788889999", [])):
        of_policies = Template(path="p.json", body={"Resources": policies}, stack="Policies", account=account)
        assert closed(acme, of_policies) == found


def test_accounts_of_stacks_beside_the_baseline_have_its_default() -> None:
    main = baseline(organization(), default="eu-west-1")
    more = {"Web": resource("Organizations::Account", AccountName="acme-web", ParentIds=["ou-ab12-11112222"])}
    more["Regions"] = control_policy(only("us-east-1"), TargetIds=["ou-ab12-11112222"])
    more["Readers"] = permission_set("Readers")
    body = {
        "Resources": more,
        "Outputs": {"WebAccountId": {"Value": get("Web", "AccountId")}},
        "Metadata": {"OrgBaseline": {"PartOf": "OrgNone", "Accounts": {"web": {"Output": "WebAccountId"}}}},
    }
    beside = Template(path="b.json", body=body, stack="Beside")
    [finding] = REGION_CLOSED.find(Templates([main, beside]))
    assert finding.construct == "Web"
    assert finding.detail.endswith("set another default_region, which by default is IAM Identity Center's region.")
