"""What a rehearsal ends with: what there is, in the report's words, and what changed, in those of the access diff."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click import unstyle

from made_by_hand import INSTANCE, MANAGEMENT, STORE, Hand
from org_constructs.live.organization import LiveOrganization
from org_constructs.rehearsal.local_aws import Existing, LocalAws
from org_constructs.rehearsal.summary import describe, summarize, what_it_means
from policy_documents import DENY_LEAVING_TEXT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from syrupy.assertion import SnapshotAssertion

NOTHING = Existing()
GROUP, SET = "90677a3e-1111-2222-3333-444444444444", f"{INSTANCE.replace('instance', 'permissionSet')}/ps-1"
EXISTING = Existing(
    instance_arn=INSTANCE,
    identity_store_id=STORE,
    account_ids=("444455556666",),
    group_ids=(GROUP,),
    permission_set_arns=(SET,),
    names={SET: "AdministratorAccess"},
)


@pytest.fixture
def aws() -> Iterator[LocalAws]:
    with LocalAws(management_account_id=MANAGEMENT, region="us-east-1") as running:
        running.seed(Existing(instance_arn=INSTANCE, identity_store_id=STORE))
        yield running


def summary(aws: LocalAws, existing: Existing = NOTHING) -> list[str]:
    return summarize(describe(LiveOrganization(aws.client), existing)).splitlines()


def test_shows_how_much_there_is_the_tree_and_who_can_do_what(aws: LocalAws) -> None:
    hand = Hand(aws)
    made = hand.guide()
    hand.service_control_policies()
    workloads = hand.unit("workloads")
    staging = hand.account("acme-staging", "aws+staging@acme.com", workloads)
    hand.policy("guardrails", DENY_LEAVING_TEXT, workloads)
    management = aws.client("organizations").describe_account(AccountId=MANAGEMENT)["Account"]
    where = f"{management['Name']}, acme-dev, acme-production"
    assert summary(aws) == [
        "Organization: 4 accounts, 1 person; nobody administers all of them.",
        "",
        "└─ root",
        f"   ├─ {management['Name']} ({MANAGEMENT}, management account)  {management['Email']}  [no guardrails]",
        f"   ├─ acme-dev ({made['dev']})  aws+dev@acme.com  [no guardrails]",
        f"   ├─ acme-production ({made['production']})  aws+production@acme.com  [no guardrails]",
        "   └─ workloads  [guardrails from here on]",
        f"      └─ acme-staging ({staging})  aws+staging@acme.com  [guardrails]",
        "",
        "Who has access",
        f"dax@acme.com   AdministratorAccess (12 h)   {where}   through group Administrators",
    ]


def test_says_that_no_organization_exists(aws: LocalAws) -> None:
    assert summary(aws) == ["No organization exists."]


def test_knows_of_what_exists_already_what_the_app_says_of_it(aws: LocalAws) -> None:
    aws.seed(EXISTING)
    hand = Hand(aws)
    hand.assign(SET, GROUP, MANAGEMENT, *EXISTING.account_ids)
    hand.member(GROUP, hand.user())
    shown = summary(aws, EXISTING)
    assert shown[0].endswith(f"; dax@acme.com and everybody in group {GROUP} administer all of them.")
    assert shown[4].startswith("└─ place unknown")
    assert shown[5] == "   └─ 444455556666  exists already"
    assert shown[-2:] == [
        f"{'dax@acme.com':58}AdministratorAccess   all 2 accounts   through group {GROUP}",
        f"everybody in group {GROUP}   AdministratorAccess   all 2 accounts   directly",
    ]


def test_says_which_accounts_were_closed_and_who_gains_and_loses_what(
    aws: LocalAws, snapshot: SnapshotAssertion
) -> None:
    hand = Hand(aws)
    made = hand.guide()
    before = describe(LiveOrganization(aws.client), NOTHING)
    aws.client("organizations").close_account(AccountId=made["dev"])
    hand.assign(made["set"], hand.user("kim@acme.com", "kim@acme.com"), made["production"], kind="USER")
    after = describe(LiveOrganization(aws.client), NOTHING)
    changes = [line for line in unstyle(what_it_means(before, after)).splitlines() if line[:2] in {"+ ", "- ", "~ "}]
    assert [(line[0], line.split()[1]) for line in changes] == [
        ("+", "kim@acme.com"),
        ("-", "dax@acme.com"),
        ("~", "account"),
        ("~", "kim@acme.com"),
    ]
    assert changes == snapshot
    assert what_it_means(after, after) == snapshot
