"""What AWS does not let the credentials see is told, and not taken for nothing; each permission is needed."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from in_process import local_aws
from local_aws_stacks import group
from made_by_hand import INSTANCE, MANAGEMENT, STORE, Hand
from org_constructs.access_diff.comparison import State, compare
from org_constructs.aws.policy_types import POLICY_TYPES
from org_constructs.deploy_policy import read_only_policy
from org_constructs.live.description import describe_live
from org_constructs.live.organization import Caller, LiveOrganization
from org_constructs.live.reads import DETAIL_READS, READS
from org_constructs.rehearsal.local_aws import Existing
from org_constructs.rehearsal.local_aws.services import account_access
from org_constructs.templates.access import effective_access
from org_constructs.templates.description import MANAGEMENT as MANAGEMENT_KEY
from org_constructs.templates.description import (
    Budget,
    BudgetAlert,
    Description,
    Live,
    Origin,
    Unread,
    Whence,
    described_budget,
)
from org_constructs.templates.metadata import Contact
from policy_documents import DENY_LEAVING_TEXT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from org_constructs.rehearsal.local_aws import LocalAws

APPLICATION: Final = f"arn:aws:account-access:us-east-1:{MANAGEMENT}:application/app-1"
NOW: Final = datetime(2026, 11, 26, 18, 30, tzinfo=UTC)
ACTIONS: Final = sorted({each.action for each in READS.values()})
DETAILS: Final = sorted({each.action for each in DETAIL_READS.values()} - {*ACTIONS})
ACTION_OF: Final = {
    **{
        ("sso-admin" if each.action.startswith("sso:") else each.action.split(":")[0], name): each.action
        for reads in (READS, DETAIL_READS)
        for name, each in reads.items()
    },
    ("sts", "GetCallerIdentity"): "",
}
"""The permissions that calls need, by service and operation."""


CONTACT: Final = {
    "Name": "Kim Acme",
    "Title": "Security",
    "EmailAddress": "kim@acme.com",
    "PhoneNumber": "+1 555 0100",
}


@pytest.fixture(scope="module")
def aws() -> Iterator[LocalAws]:
    """An organization that has something of everything that is read."""
    with local_aws(MANAGEMENT, "us-east-1", new_organization_policy_types=("SERVICE_CONTROL_POLICY",)) as running:
        running.seed(Existing(instance_arn=INSTANCE, identity_store_id=STORE))
        hand = Hand(running)
        made = hand.guide()
        unit = hand.unit("workloads")
        hand.policy("deny-leaving", DENY_LEAVING_TEXT, hand.root)
        organizations = running.client("organizations")
        organizations.move_account(AccountId=made["dev"], SourceParentId=hand.root, DestinationParentId=unit)
        organizations.enable_aws_service_access(ServicePrincipal="sso.amazonaws.com")
        organizations.enable_aws_service_access(ServicePrincipal="account.amazonaws.com")
        owner = [{"Key": "owner", "Value": "kim@acme.com"}]
        organizations.tag_resource(ResourceId=made["dev"], Tags=owner)
        listing = {"Effect": "Allow", "Principal": {"AWS": made["dev"]}, "Action": "organizations:ListRoots"}
        content = {"Version": "2012-10-17", "Statement": [{**listing, "Resource": "*"}]}
        organizations.put_resource_policy(Content=json.dumps(content), Tags=owner)
        for of in ({}, {"AccountId": made["dev"]}):
            running.client("account").put_alternate_contact(AlternateContactType="SECURITY", **CONTACT, **of)
        organizations.register_delegated_administrator(AccountId=made["dev"], ServicePrincipal="sso.amazonaws.com")
        hand.budget("dev", LinkedAccount=[made["dev"]], Service=["Amazon S3"])
        running.client("sso-admin").tag_resource(InstanceArn=INSTANCE, ResourceArn=made["set"], Tags=owner)
        resources = {"Team": group(IdentityStoreId=STORE, DisplayName="Team")}
        body = f'{{"Metadata": {{"OrgBaseline": {{"Company": "acme"}}}}, "Resources": {resources}}}'.replace("'", '"')
        running.client("cloudformation").create_stack(StackName="OrgBaseline", TemplateBody=body)
        principal = {"identityCenter": {"userId": made["user"]}}
        granted = {"principal": principal, "roleArn": "arn:aws:iam::1:role/r", "account": made["dev"]}
        account_access.entitlements[APPLICATION] = [
            {"entitlementId": "e-1", "createdAt": 0, "entitlement": {"principalRole": granted}}
        ]
        yield running


def watching(
    aws: LocalAws,
    actions: Counter[str],
    refused: frozenset[str] = frozenset(),
    code: str = "AccessDeniedException",
    *,
    paths: bool = True,
) -> Callable[[str], Any]:
    """Clients that note what they are asked, and are refused some of it; and do not hear of accounts' paths."""

    def without_paths(parsed: dict[str, Any], **_: object) -> None:
        for each in () if paths else parsed.get("Accounts", ()):
            each.pop("Paths", None)

    def answer(model: Any, **_: object) -> Any:
        action = ACTION_OF.get((model.service_model.service_name, model.name), model.name)
        actions[action] += 1
        if action in refused:
            return SimpleNamespace(status_code=400), {"Error": {"Code": code, "Message": "no"}, "ResponseMetadata": {}}
        return None

    def client(service: str) -> Any:
        made = aws.client(service)
        made.meta.events.unregister("before-call", unique_id="watching")
        made.meta.events.register("before-call", answer, unique_id="watching")
        made.meta.events.unregister("after-call", unique_id="paths")
        made.meta.events.register("after-call", without_paths, unique_id="paths")
        return made

    return cache(client)


def described(
    aws: LocalAws, *refused: str, code: str = "AccessDeniedException", paths: bool = True
) -> tuple[Description, Live]:
    clients = watching(aws, Counter[str](), frozenset(refused), code, paths=paths)
    description = describe_live(LiveOrganization(clients), details=True, now=lambda: NOW)
    assert description.live is not None
    return description, description.live


@pytest.fixture(scope="module")
def full(aws: LocalAws) -> Description:
    description, _ = described(aws)
    return description


def test_every_permission_that_is_used_is_in_the_policy_and_no_other(aws: LocalAws) -> None:
    statements = {each["Sid"]: each for each in read_only_policy()["Statement"]}
    for details, sids in ((False, ["ReadOrganization"]), (True, ["ReadOrganization", "ReadDetails"])):
        actions = Counter[str]()
        describe_live(LiveOrganization(watching(aws, actions, paths=False)), details=details)
        allowed = [action for sid in sids for action in statements[sid]["Action"]]
        assert sorted({*actions} - {""}) == sorted(allowed)
        assert {(statements[sid]["Effect"], statements[sid]["Resource"]) for sid in sids} == {("Allow", "*")}


def test_nothing_is_unread_where_all_may_be_seen(aws: LocalAws) -> None:
    description, live = described(aws)
    assert (live.unread, live.unread_details) == ((), ())
    assert (len(live.entitlements), len(live.delegated_administrators)) == (1, 1)
    assert {each.origin.whence for each in description.groups.values() if each.origin} == {Whence.APP, Whence.HAND}


@pytest.mark.parametrize("action", [*ACTIONS, *DETAILS])
def test_each_permission_is_needed(aws: LocalAws, full: Description, action: str) -> None:
    paths = action != "organizations:ListAccountsForParent"
    description, live = described(aws, action, paths=paths)
    unread = live.unread_details if action in DETAILS else live.unread
    assert unread
    assert {*live.unread, *live.unread_details} == {*unread}
    assert {(each.action, each.why) for each in unread} == {(action, "AccessDeniedException")}
    assert replace(description, live=replace(live, unread=(), unread_details=())) != full


def test_accounts_are_where_they_are_also_if_aws_says_no_paths(aws: LocalAws, full: Description) -> None:
    assert described(aws, paths=False)[0] == full


def test_a_group_whose_members_may_not_be_seen_is_not_empty(aws: LocalAws) -> None:
    description, live = described(aws, "identitystore:ListGroupMemberships")
    administrators = next(each for each in description.groups.values() if each.name == "Administrators")
    assert administrators.only_named
    assert {str(each.who) for each in effective_access(description) if each.everybody} == {"Administrators"}
    [unread] = live.unread
    assert unread.of == tuple(sorted(description.groups))


def test_people_who_may_not_be_listed_are_in_their_groups_by_their_ids(aws: LocalAws) -> None:
    description, _ = described(aws, "identitystore:ListUsers")
    [user] = description.users.values()
    assert (user.name, user.only_named) == (user.key, True)
    assert {each.who.key for each in effective_access(description)} == {user.key}


def test_accounts_that_may_not_be_listed_are_named_by_what_leads_to_them(aws: LocalAws, full: Description) -> None:
    description, live = described(aws, "organizations:ListAccounts")
    assert description.accounts.keys() == {each.account for each in full.assignments}
    assert {each.only_named for each in description.accounts.values()} == {True}
    assert MANAGEMENT_KEY in description.accounts
    assert [str(each) for each in live.unread] == [
        "the accounts, and their states (organizations:ListAccounts: AccessDeniedException)"
    ]


def test_units_that_may_not_be_listed_are_named_by_what_is_in_them(aws: LocalAws) -> None:
    description, _ = described(aws, "organizations:ListOrganizationalUnitsForParent")
    [unit] = description.organizational_units.values()
    assert (unit.name, unit.only_named) == (unit.key, True)
    assert unit.key in {each.parent for each in description.accounts.values()}


def test_a_permission_set_whose_content_may_not_be_seen_is_only_named(aws: LocalAws) -> None:
    description, _ = described(aws, "sso:GetInlinePolicyForPermissionSet")
    [permission_set] = description.permission_sets.values()
    assert (permission_set.name, permission_set.only_named) == ("AdministratorAccess", True)


def test_where_not_all_stacks_may_be_seen_nobody_is_said_to_have_made_something_by_hand(aws: LocalAws) -> None:
    for action in ("cloudformation:ListStacks", "cloudformation:ListStackResources"):
        description, _ = described(aws, action)
        assert {each.origin.whence for each in description.users.values() if each.origin} == {Whence.UNKNOWN}


def test_a_type_of_policies_that_the_partition_lacks_is_told(aws: LocalAws) -> None:
    _, live = described(aws, "organizations:ListPolicies", code="InvalidInputException")
    assert live.unread == (
        Unread(
            action="organizations:ListPolicies",
            what="the policies of the organization",
            why="InvalidInputException",
            of=tuple(sorted(POLICY_TYPES)),
        ),
    )


def test_another_refusal_ends_it(aws: LocalAws) -> None:
    with pytest.raises(ClientError, match="ExpiredToken"):
        described(aws, "identitystore:ListUsers", code="ExpiredToken")


@pytest.mark.parametrize(
    ("asked", "endpoint", "action"),
    [
        ("entitlement_applications", "account-access.eu-central-2", "account-access:ListApplications"),
        ("budgets", "budgets.us-gov-west-1", "budgets:ViewBudget"),
    ],
)
def test_some_services_are_not_in_every_region(
    aws: LocalAws, monkeypatch: pytest.MonkeyPatch, asked: str, endpoint: str, action: str
) -> None:
    def nowhere(_: LiveOrganization) -> None:
        raise EndpointConnectionError(endpoint_url=f"https://{endpoint}.amazonaws.com/")

    monkeypatch.setattr(LiveOrganization, asked, nowhere)
    _, live = described(aws)
    assert [(each.action, each.why) for each in live.unread] == [(action, "EndpointConnectionError")]


def test_has_the_tags_and_contacts_of_accounts_only_where_they_are_asked_for(aws: LocalAws, full: Description) -> None:
    [dev] = [each for each in full.accounts.values() if each.name == "acme-dev"]
    contact = Contact(
        type="SECURITY", name="Kim Acme", title="Security", email_address="kim@acme.com", phone_number="+1 555 0100"
    )
    assert (dev.tags, dev.contacts) == ({"owner": "kim@acme.com"}, (contact,))
    assert full.live is not None
    assert full.live.resource_policy is not None
    assert full.live.resource_policy.tags == dev.tags
    assert {key: each.contacts for key, each in full.accounts.items() if each.contacts} == {
        MANAGEMENT_KEY: (contact,),
        dev.key: (contact,),
    }
    short = describe_live(LiveOrganization(watching(aws, Counter[str]())))
    assert {(each.tags, each.contacts) for each in short.accounts.values()} == {(None, None)}


def test_says_that_the_contacts_of_members_are_not_to_be_seen_without_trusted_access(
    aws: LocalAws, full: Description
) -> None:
    organizations = aws.client("organizations")
    organizations.disable_aws_service_access(ServicePrincipal="account.amazonaws.com")
    try:
        description, live = described(aws)
    finally:
        organizations.enable_aws_service_access(ServicePrincipal="account.amazonaws.com")
    [unread] = live.unread_details
    assert (unread.action, unread.why) == (DETAILS[0], "account.amazonaws.com has no trusted access")
    assert unread.of == tuple(sorted(description.accounts.keys() - {MANAGEMENT_KEY}))
    assert description.accounts[MANAGEMENT_KEY].contacts == full.accounts[MANAGEMENT_KEY].contacts


def test_has_budgets_and_whom_aws_writes_to_only_where_that_is_asked_for(aws: LocalAws, full: Description) -> None:
    [dev] = [each.key for each in full.accounts.values() if each.name == "acme-dev"]
    alerts = tuple(
        BudgetAlert(
            type="ACTUAL",
            comparison="GREATER_THAN",
            threshold=each,
            threshold_type="PERCENTAGE",
            subscribers=("dax@acme.com", "kim@acme.com"),
        )
        for each in (80, 100)
    )
    budget = Budget(
        key="dev",
        name="dev",
        type="COST",
        time_unit="MONTHLY",
        amount=50,
        unit="USD",
        accounts=(dev,),
        more=("Service",),
        alerts=alerts,
        origin=Origin(whence=Whence.HAND),
    )
    assert full.budgets == {"dev": budget}
    short = describe_live(LiveOrganization(watching(aws, Counter[str]())))
    assert short.budgets == {"dev": replace(budget, alerts=None)}


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"Metrics": ["NetUnblendedCost"]}, ("Metrics",)),
        ({"Metrics": ["UnblendedCost"], "CostTypes": {"IncludeTax": True, "UseBlended": False}}, ()),
        ({"CostTypes": {"IncludeTax": False, "UseBlended": True}}, ("IncludeTax", "UseBlended")),
        ({"AutoAdjustData": {"AutoAdjustType": "FORECAST"}, "CostFilters": {}}, ("AutoAdjustData",)),
    ],
)
def test_says_what_else_there_is_to_a_budget(more: dict[str, Any], said: tuple[str, ...]) -> None:
    assert described_budget("b", {"BudgetType": "COST", "TimeUnit": "MONTHLY", **more}, str, alerts=()).more == said


def test_no_access_depends_on_what_could_not_be_read_of_tags_contacts_and_budgets(
    aws: LocalAws, full: Description
) -> None:
    description, live = described(aws, *DETAILS, "budgets:ViewBudget")
    assert [each.action for each in live.unread] == ["budgets:ViewBudget"]
    assert [each.action for each in live.unread_details] == DETAILS
    assert not compare(State.of(full), State.of(description)).widens


def test_with_credentials_of_another_account_nobody_is_said_to_have_made_something_by_hand(
    aws: LocalAws, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller = Caller(account_id="222233334444", arn="arn:aws:iam::222233334444:role/delegated")
    monkeypatch.setattr(LiveOrganization, "caller", lambda _: caller)
    description, live = described(aws)
    assert {each.origin.whence for each in description.users.values() if each.origin} == {Whence.UNKNOWN}
    assert Whence.APP in {each.origin.whence for each in description.groups.values() if each.origin}
    why = "these are credentials of account 222233334444, not of the management account"
    assert [(each.action, each.why) for each in live.unread] == [
        ("budgets:ViewBudget", why),
        ("cloudformation:ListStacks", why),
    ]
    assert description.budgets == {}


def test_what_a_stack_in_another_region_has_is_not_by_hand(aws: LocalAws, full: Description) -> None:
    class Home(LiveOrganization):
        def stack_names(self) -> tuple[str, ...]:
            return ()

    clients = watching(aws, Counter[str]())
    alone = describe_live(Home(clients), details=True, now=lambda: NOW)
    assert {each.origin.whence for each in alone.groups.values() if each.origin} == {Whence.HAND}
    assert describe_live(Home(clients), also_in=[LiveOrganization(clients)], details=True, now=lambda: NOW) == full
