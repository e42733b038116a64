"""Where what AWS has is from: by the stacks that have it, its tags, its name, or whoever manages the identity store."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import pytest

from in_process import local_aws
from local_aws_stacks import group, policy
from made_by_hand import INSTANCE, MANAGEMENT, STORE, Hand
from org_constructs.live.description import describe_live
from org_constructs.live.organization import LiveOrganization
from org_constructs.live.origins import HAND, STACK_NAME_TAG, UNKNOWN, Origins, told_apart
from org_constructs.rehearsal.local_aws import Existing
from org_constructs.templates.description import Origin, Whence
from policy_documents import DENY_LEAVING, DENY_LEAVING_TEXT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from org_constructs.rehearsal.local_aws import LocalAws

USER: Final = "9067abcd12-a1b2c3d4-5678-90ab-cdef-000000000001"
GROUP: Final = "9067abcd12-a1b2c3d4-5678-90ab-cdef-000000000002"
ARN: Final = "arn:aws:sso:::permissionSet/ssoins-1111222233334444/ps-1234567890abcdef"
DEV: Final = "222233334444"


@pytest.mark.parametrize(
    ("resource_type", "physical_id", "own"),
    [
        ("AWS::Organizations::Organization", "o-acme123456", "o-acme123456"),
        ("AWS::Organizations::Account", DEV, DEV),
        ("AWS::Organizations::OrganizationalUnit", "ou-acme-12345678", "ou-acme-12345678"),
        ("AWS::Organizations::Policy", "p-12345678", "p-12345678"),
        ("AWS::SSO::PermissionSet", f"{INSTANCE}|{ARN}", ARN),
        ("AWS::IdentityStore::Group", f"{GROUP}|{STORE}", GROUP),
        ("AWS::IdentityStore::GroupMembership", f"{STORE}|{GROUP}", GROUP),
        ("AWS::IdentityStore::User", f"arn:aws:identitystore:::user/{USER}", USER),
        ("Custom::IdentityStoreUser", USER, USER),
        ("AWS::SSO::Assignment", f"{INSTANCE}|{DEV}|AWS_ACCOUNT|{ARN}|USER|{USER}", f"{DEV}|{ARN}|{USER}"),
        ("AWS::SSO::Assignment", f"{INSTANCE}|AWS_ACCOUNT|{ARN}|USER|{USER}", None),
        ("AWS::AccountAccess::Entitlement", "arn:aws:account-access:us-east-1:1:application/a|e-1", "e-1"),
        ("AWS::Organizations::Account", "", None),
        ("AWS::S3::Bucket", "bucket", None),
    ],
)
def test_a_physical_id_has_the_id_of_the_thing(resource_type: str, physical_id: str, own: str | None) -> None:
    assert told_apart(resource_type, physical_id) == own


def test_tags_tell_of_a_stack_that_may_not_be_read_or_is_elsewhere() -> None:
    tags = {STACK_NAME_TAG: "Elsewhere", "aws:cloudformation:logical-id": "Set"}
    for all_read in (True, False):
        found = Origins({}, ["OrgBaseline"], all_read=all_read)
        assert found.of_tagged(ARN, tags) == Origin(whence=Whence.STACK, stack="Elsewhere", logical_id="Set")
        assert found.of_tagged(ARN, {**tags, STACK_NAME_TAG: "OrgBaseline"}).whence is Whence.APP
        assert found.of_tagged(ARN, {}) == (HAND if all_read else UNKNOWN)


@pytest.fixture
def aws() -> Iterator[LocalAws]:
    with local_aws(MANAGEMENT, "us-east-1", new_organization_policy_types=("SERVICE_CONTROL_POLICY",)) as running:
        running.seed(Existing(instance_arn=INSTANCE, identity_store_id=STORE))
        yield running


def test_each_thing_says_where_it_is_from(aws: LocalAws) -> None:
    hand = Hand(aws)
    made = hand.guide()
    hand.policy("deny-leaving", DENY_LEAVING_TEXT)
    hand.policy("aws-guardrails-AbCdEf", DENY_LEAVING_TEXT)
    hand.permission_set("AWSPowerUserAccess")
    hand.group("AWSControlTowerAdmins")
    provided, of_provider = hand.user("kim@acme.com", "kim@acme.com"), hand.group("Okta")
    hand.member(of_provider, provided)
    hand.provided(provided, of_provider)
    cloudformation = aws.client("cloudformation")
    for name, of_app in {"OrgBaseline": True, "Teams": False}.items():
        resources = {"Team": group(IdentityStoreId=STORE, DisplayName=name)}
        if of_app:
            resources["Deny"] = policy(Name="ours", Type="SERVICE_CONTROL_POLICY", Content=DENY_LEAVING)
        body = json.dumps({"Resources": resources})
        cloudformation.create_stack(StackName=name, TemplateBody=body)
    description = describe_live(LiveOrganization(aws.client), own_stacks=["OrgBaseline"])
    said = {
        each.name: str(each.origin)
        for kind in (description.groups, description.users, description.policies, description.permission_sets)
        for each in kind.values()
    }
    assert said == {
        "Administrators": "by hand",
        "AWSControlTowerAdmins": "AWS",
        "Okta": "the identity provider",
        "OrgBaseline": "this app",
        "Teams": "stack Teams",
        "dax@acme.com": "by hand",
        "kim@acme.com": "the identity provider",
        "deny-leaving": "by hand",
        "aws-guardrails-AbCdEf": "AWS",
        "ours": "this app",
        "AdministratorAccess": "by hand",
        "AWSPowerUserAccess": "AWS",
    }
    assert {str(each) for each in description.groups[of_provider].member_origins.values()} == {"the identity provider"}
    assert {str(each.origin) for each in description.assignments} == {"by hand"}
    [ours] = (each for each in description.policies.values() if each.name == "ours")
    assert ours.origin == Origin(whence=Whence.APP, stack="OrgBaseline", logical_id="Deny")
    assert description.live is not None
    assert description.live.stacks.keys() == {"OrgBaseline"}
    assert made["group"] in description.groups
