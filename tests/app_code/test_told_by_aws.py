"""What AWS tells of a new app's answers, so that nobody looks them up, and what it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError, NoCredentialsError

from in_process import local_aws
from made_by_hand import INSTANCE, MANAGEMENT, STORE
from org_constructs.app_code.told_by_aws import Told, ask, told_by
from org_constructs.live.organization import LiveOrganization

if TYPE_CHECKING:
    from collections.abc import Iterator

    from org_constructs.rehearsal.local_aws import LocalAws


@pytest.fixture
def aws() -> Iterator[LocalAws]:
    with local_aws(MANAGEMENT, "eu-central-1") as running:
        yield running


def told(aws: LocalAws, region: str | None = "us-west-2") -> Told:
    return told_by(LiveOrganization(aws.client), region)


def test_a_new_account_tells_its_id_and_its_configuration_the_region(aws: LocalAws) -> None:
    assert told(aws) == Told(account=MANAGEMENT, region="us-west-2")
    assert told(aws, None).region is None


def test_an_organization_tells_the_email_and_what_is_enabled(aws: LocalAws) -> None:
    organizations = aws.client("organizations")
    made = organizations.create_organization(FeatureSet="ALL")["Organization"]
    found = told(aws)
    assert (found.email, found.organization) == (made["MasterAccountEmail"], made["Id"])
    assert (found.identity_center, found.policies_enabled) == (None, False)
    root = organizations.list_roots()["Roots"][0]["Id"]
    organizations.enable_policy_type(RootId=root, PolicyType="TAG_POLICY")
    assert not told(aws).policies_enabled
    organizations.enable_policy_type(RootId=root, PolicyType="SERVICE_CONTROL_POLICY")
    assert not told(aws).policies_enabled  # it is pending
    assert told(aws).policies_enabled


def test_identity_center_tells_its_instance_and_its_region(aws: LocalAws) -> None:
    aws.client("organizations").create_organization(FeatureSet="ALL")
    aws.enable_identity_center(INSTANCE, STORE)
    found = told(aws)
    assert found.region == "eu-central-1"
    assert found.identity_center is not None
    assert (found.identity_center.instance_arn, found.identity_center.identity_store_id) == (INSTANCE, STORE)


@pytest.mark.parametrize(
    ("service", "operation", "missing"),
    [
        ("organizations", "describe_organization", {"email", "organization", "identity_center"}),
        ("organizations", "list_roots", set()),
        ("sso-admin", "list_instances", {"identity_center"}),
    ],
)
def test_what_the_credentials_may_not_see_is_left_out(
    aws: LocalAws, monkeypatch: pytest.MonkeyPatch, service: str, operation: str, missing: set[str]
) -> None:
    aws.client("organizations").create_organization(FeatureSet="ALL")
    aws.enable_identity_center(INSTANCE, STORE)

    def refused(**_: Any) -> None:
        raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no"}}, operation)

    client = aws.client(service)
    monkeypatch.setattr(client, operation, refused)
    paginate = client.get_paginator
    monkeypatch.setattr(
        client, "get_paginator", lambda name: refused() if name == operation else paginate(name), raising=False
    )
    found = told(aws)
    assert found.account == MANAGEMENT
    assert {name for name in ("email", "organization", "identity_center") if getattr(found, name) is None} == missing


def test_an_instance_of_another_account_is_none_of_the_organization(aws: LocalAws) -> None:
    aws.client("organizations").create_organization(FeatureSet="ALL")
    aws.enable_identity_center(INSTANCE, STORE)
    live = LiveOrganization(aws.client)
    [instance] = live.instances(everywhere=True)
    object.__setattr__(instance, "owner_account_id", "444455556666")
    assert told_by(live, "us-east-1") == Told(
        account=MANAGEMENT,
        email=told(aws).email,
        region="us-east-1",
        organization=told(aws).organization,
    )


def test_without_credentials_it_is_an_error_of_boto3s(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "AWS_CONTAINER_CREDENTIALS_FULL_URI"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, "/dev/null")
    with pytest.raises(NoCredentialsError):
        ask(boto3.Session())
