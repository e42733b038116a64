"""What AWS has, described: what a template deployed is described as the template itself is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from random import Random
from typing import TYPE_CHECKING, Any, Final

import pytest

from in_process import local_aws
from local_aws_stacks import deploy
from made_by_hand import INSTANCE, MANAGEMENT, STORE, Hand
from org_constructs.live.description import describe_live
from org_constructs.live.organization import LiveOrganization
from org_constructs.rehearsal.local_aws import Existing, LocalAws
from org_constructs.templates.access import effective_access
from org_constructs.templates.description import MANAGEMENT as MANAGEMENT_KEY
from org_constructs.templates.description import Description, Whence, describe
from org_constructs.templates.values import Values
from policy_documents import DENY_LEAVING_TEXT
from random_organizations import POLICY_TYPES, by_names, organization

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

QUICK: Final = 3
NOW: Final = datetime(2026, 11, 26, 18, 30, tzinfo=UTC)


@pytest.fixture
def aws() -> Iterator[LocalAws]:
    with LocalAws(
        management_account_id=MANAGEMENT, region="us-east-1", new_organization_policy_types=POLICY_TYPES
    ) as running:
        running.seed(Existing(instance_arn=INSTANCE, identity_store_id=STORE))
        yield running


@pytest.fixture
def in_process() -> Iterator[LocalAws]:
    with local_aws(MANAGEMENT, "us-east-1", new_organization_policy_types=POLICY_TYPES) as running:
        running.seed(Existing(instance_arn=INSTANCE, identity_store_id=STORE))
        yield running


def one_to_a_page(aws: LocalAws, followed: set[str]) -> Callable[[str], Any]:
    """Clients that ask for pages of one, and note which calls went on to a second page."""

    def page(params: dict[str, Any], model: Any, **_: object) -> dict[str, Any]:
        if "NextToken" in params:
            followed.add(model.name)
        return (
            {**params, "MaxResults": 1} if model.input_shape and "MaxResults" in model.input_shape.members else params
        )

    def client(service: str) -> Any:
        made = aws.client(service)
        made.meta.events.register("provide-client-params", page)
        return made

    return client


@pytest.mark.parametrize(
    "seed", [each if each < QUICK else pytest.param(each, marks=pytest.mark.long) for each in range(100)]
)
def test_describes_what_a_template_made_as_the_template_is_described(in_process: LocalAws, seed: int) -> None:
    resources = organization(Random(seed))  # noqa: S311 (the same organizations each time)
    assert deploy(in_process, **resources) == ("CREATE_COMPLETE", "")
    live = describe_live(LiveOrganization(in_process.client), own_stacks=["OrgBaseline"], details=True)
    assert by_names(live) == by_names(describe({"OrgBaseline": {"Resources": resources}}))
    made: list[Any] = [
        *live.users.values(),
        *live.groups.values(),
        *live.permission_sets.values(),
        *live.policies.values(),
    ]
    assert {each.origin.whence for each in [*made, *live.assignments]} <= {Whence.APP}


def test_follows_the_pages_of_everything(aws: LocalAws) -> None:
    hand = Hand(aws)
    made = hand.guide()
    deny, leave = (hand.policy(name, DENY_LEAVING_TEXT) for name in ("deny", "leave"))
    hand.unit("Inner", parent=hand.unit("Outer"))
    hand.unit("Other")
    hand.member(made["group"], hand.user("kim@acme.com", "kim@acme.com"))
    hand.group("Developers")
    policies = (f"arn:aws:iam::aws:policy/{name}" for name in ("AdministratorAccess", "ReadOnlyAccess"))
    hand.permission_set("Both", policies=tuple(policies))
    for name in ("acme", "acme-dev"):
        hand.budget(name)
    followed: set[str] = set()
    paged = describe_live(LiveOrganization(one_to_a_page(aws, followed)), details=True, now=lambda: NOW)
    assert paged == describe_live(LiveOrganization(aws.client), details=True, now=lambda: NOW)
    assert {deny, leave} == paged.policies.keys()
    assert {each.name: each.description for each in paged.groups.values()}["Developers"] == "Administer every account"
    assert followed == {
        "ListAccounts",
        "ListOrganizationalUnitsForParent",
        "ListPolicies",
        "ListUsers",
        "ListGroups",
        "ListGroupMemberships",
        "ListPermissionSets",
        "ListManagedPoliciesInPermissionSet",
        "ListAccountAssignmentsForPrincipal",
        "DescribeBudgets",
        "DescribeBudgetNotificationsForAccount",
        "DescribeSubscribersForNotification",
    }


def test_describes_nothing_where_nothing_is(aws: LocalAws) -> None:
    assert replace(describe_live(LiveOrganization(aws.client)), live=None) == Description(
        accounts={},
        organizational_units={},
        users={},
        groups={},
        permission_sets={},
        policies={},
        assignments=(),
        values=Values({}),
    )


def test_has_what_nobody_can_do_anything_with(aws: LocalAws) -> None:
    hand = Hand(aws)
    made = hand.guide()
    deny = hand.policy("deny", DENY_LEAVING_TEXT, hand.root)
    aws.client("organizations").disable_policy_type(RootId=hand.root, PolicyType="SERVICE_CONTROL_POLICY")
    aws.client("organizations").close_account(AccountId=made["dev"])
    description = describe_live(LiveOrganization(aws.client))
    assert {key: each.state for key, each in description.accounts.items()} == {
        MANAGEMENT_KEY: "ACTIVE",
        made["dev"]: "CLOSED",
        made["production"]: "ACTIVE",
    }
    assert made["dev"] in {each.account for each in description.assignments}
    assert made["dev"] not in {each.account.key for each in effective_access(description)}
    assert description.policies[deny].targets == ()
    assert description.live is not None
    assert "SERVICE_CONTROL_POLICY" not in description.live.policy_types
