"""What a rehearsal synthesizes of an app that waits: what it is going to be, once everything is enabled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk.assertions import Template

from org_constructs import Organization, OrgBaseline, PolicyType, UserProps, guardrails
from org_constructs.baseline.rehearsed import rehearsed
from refusals import refuses

if TYPE_CHECKING:
    import aws_cdk as cdk

DAX = UserProps(user_name="dax@acme.com", given_name="Dax", family_name="Acme")
WAITING: dict[str, Any] = {
    "env": {"account": "111122223333", "region": "us-east-1"},
    "company": "acme",
    "email": "aws@acme.com",
    "users": [DAX],
    "policies": guardrails.policies("guardrails", guardrails.deny_leaving_organization(), targets=["root"]),
    "enabled_policy_types": [],
}


def types(app: cdk.App, **arguments: Any) -> set[str]:
    template = Template.from_stack(OrgBaseline(app, "OrgBaseline", **{**WAITING, **arguments})).to_json()
    return {each["Type"].removeprefix("AWS::") for each in template["Resources"].values()}


@pytest.fixture
def rehearsal(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in rehearsed({}).items():
        monkeypatch.setenv(name, value)


FIRST = {"Organizations::Organization", "Organizations::Account"}
PEOPLE = {
    "IdentityStore::User",
    "IdentityStore::Group",
    "IdentityStore::GroupMembership",
    "SSO::PermissionSet",
    "SSO::Assignment",
}


def test_a_deploy_waits(app: cdk.App) -> None:
    assert types(app) == FIRST


@pytest.mark.usefixtures("rehearsal")
def test_a_rehearsal_has_what_waits(app: cdk.App) -> None:
    assert types(app) == FIRST | PEOPLE | {"Organizations::Policy"}


@pytest.mark.usefixtures("rehearsal")
def test_nobody_waits_where_there_is_nobody(app: cdk.App) -> None:
    assert types(app, users=[], policies=[]) == FIRST


@pytest.mark.usefixtures("rehearsal")
def test_in_an_organization_that_exists_it_is_as_the_app_says(app: cdk.App) -> None:
    existing = Organization.from_attributes(
        organization_id="o-acmeacme00", root_id="r-acme", management_account_id="111122223333"
    )
    assert types(app, organization=existing) == {"Organizations::Account"}


@pytest.mark.usefixtures("rehearsal")
def test_a_type_that_is_enabled_twice_is_refused_there_too(app: cdk.App) -> None:
    with refuses("not-unique"):
        types(app, enabled_policy_types=[PolicyType.TAG_POLICY, PolicyType.TAG_POLICY])


@pytest.mark.usefixtures("rehearsal")
def test_the_instance_is_in_the_partition_of_the_region(app: cdk.App) -> None:
    stack = OrgBaseline(app, "OrgBaseline", **{**WAITING, "env": {"account": "111122223333", "region": "cn-north-1"}})
    sets = Template.from_stack(stack).find_resources("AWS::SSO::PermissionSet").values()
    arns = {each["Properties"]["InstanceArn"] for each in sets}
    assert arns == {"arn:aws-cn:sso:::instance/ssoins-1111222233334444"}
