"""What AWS answers where controls ask for more than who has access."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from made_by_hand import INSTANCE, MANAGEMENT, STORE, Hand
from org_constructs.deploy_policy import read_only_policy
from org_constructs.live.control_answers import ACTIONS, ControlAnswers, ask_for_controls
from org_constructs.live.description import describe_live
from org_constructs.live.organization import LiveOrganization
from org_constructs.rehearsal.local_aws import Existing, LocalAws

if TYPE_CHECKING:
    from collections.abc import Iterator

CONTACT = {"Name": "Kim", "Title": "CISO", "EmailAddress": "security@acme.com"}
"""Without the telephone number, which is nobody's business."""


@pytest.fixture
def aws() -> Iterator[LocalAws]:
    with LocalAws(management_account_id=MANAGEMENT, region="us-east-1") as running:
        running.seed(Existing(instance_arn=INSTANCE, identity_store_id=STORE))
        yield running


@pytest.fixture
def hand(aws: LocalAws) -> Hand:
    made = Hand(aws)
    made.organization()
    return made


def asked(clients: Any) -> ControlAnswers:
    live = LiveOrganization(clients)
    return ask_for_controls(live, describe_live(live))


def trust(aws: LocalAws, service: str) -> None:
    aws.client("organizations").enable_aws_service_access(ServicePrincipal=service)


@pytest.mark.usefixtures("hand")
def test_tells_what_is_not_there_by_aws_s_own_errors(aws: LocalAws) -> None:
    answers = asked(aws.client)
    assert answers.root_access.error == "ServiceAccessNotEnabledException"
    assert answers.delegation.error == "ResourcePolicyNotFoundException"
    assert {account: each.error for account, each in answers.security_contacts.items()} == {
        MANAGEMENT: "ResourceNotFoundException"
    }


def test_tells_what_is_there(aws: LocalAws, hand: Hand) -> None:
    policy = {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "organizations:List*", "Resource": "*"}]}
    trust(aws, "iam.amazonaws.com")
    trust(aws, "account.amazonaws.com")
    aws.client("iam").enable_organizations_root_credentials_management()
    aws.client("organizations").put_resource_policy(Content=json.dumps(policy))
    member = hand.account("acme-dev", "aws+dev@acme.com")
    for of in ({}, {"AccountId": member}):
        aws.client("account").put_alternate_contact(
            AlternateContactType="SECURITY", PhoneNumber="+1 555 0100", **CONTACT, **of
        )
    answers = asked(aws.client)
    assert answers.caller == LiveOrganization(aws.client).caller().arn
    assert answers.root_access.content == {"EnabledFeatures": ["RootCredentialsManagement"]}
    assert answers.delegation.content == policy
    assert {account: each.content for account, each in answers.security_contacts.items()} == {
        MANAGEMENT: CONTACT,
        member: CONTACT,
    }


def test_asks_of_no_account_that_is_closed(aws: LocalAws, hand: Hand) -> None:
    member = hand.account("acme-dev", "aws+dev@acme.com")
    aws.client("organizations").close_account(AccountId=member)
    assert list(asked(aws.client).security_contacts) == [MANAGEMENT]


@pytest.mark.usefixtures("hand")
def test_every_permission_that_is_used_is_in_the_policy_and_no_other(aws: LocalAws) -> None:
    used = set()

    def client(service: str) -> Any:
        made = aws.client(service)
        made.meta.events.register("before-call", lambda model, **_: used.add(f"{service}:{model.name}"))
        return made

    live = LiveOrganization(client)
    description = describe_live(live)
    used.clear()
    ask_for_controls(live, description)
    *_, statement = read_only_policy()["Statement"]
    assert used - {"sts:GetCallerIdentity"} == set(statement["Action"]) == set(ACTIONS)


@pytest.mark.parametrize(("code", "kept"), [("AccessDenied", True), ("ExpiredToken", False)])
@pytest.mark.usefixtures("hand")
def test_keeps_a_refusal_for_an_answer_but_not_old_credentials(aws: LocalAws, code: str, *, kept: bool) -> None:
    def client(service: str) -> Any:
        made = aws.client(service)
        if service == "iam":

            def refuse(**_: object) -> None:
                raise ClientError({"Error": {"Code": code}}, "ListOrganizationsFeatures")

            made.meta.events.register("before-call", refuse)
        return made

    if kept:
        assert asked(client).root_access.error == code
        return
    with pytest.raises(ClientError, match=code):
        asked(client)
