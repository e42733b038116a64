"""What AWS has, described: what a template deployed is described as the template itself is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from random import Random
from typing import TYPE_CHECKING, Any, Final

import pytest

from local_aws_stacks import (
    Resource,
    account,
    assignment,
    deploy,
    group,
    membership,
    permission_set,
    policy,
    resource,
    unit,
    user,
)
from made_by_hand import INSTANCE, MANAGEMENT, STORE, Hand
from org_constructs.aws.limits import SESSION_DEFAULT
from org_constructs.live.description import describe_live
from org_constructs.live.organization import LiveOrganization
from org_constructs.rehearsal.local_aws import Existing, LocalAws
from org_constructs.templates.access import effective_access
from org_constructs.templates.description import MANAGEMENT as MANAGEMENT_KEY
from org_constructs.templates.description import ROOT, Description, describe
from org_constructs.templates.values import Values
from policy_documents import ALLOW_LISTING, DENY_LEAVING_TEXT, content_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

POLICY_TYPES: Final = ("BACKUP_POLICY", "RESOURCE_CONTROL_POLICY", "SERVICE_CONTROL_POLICY", "TAG_POLICY")
QUICK: Final = 3
NOW: Final = datetime(2026, 11, 26, 18, 30, tzinfo=UTC)
PERMISSIONS: Final[tuple[dict[str, Any], ...]] = (
    {"ManagedPolicies": ["arn:aws:iam::aws:policy/ReadOnlyAccess"], "Description": "Reads"},
    {"InlinePolicy": ALLOW_LISTING, "SessionDuration": "PT8H", "RelayStateType": "https://console.aws.amazon.com/s3"},
    {"CustomerManagedPolicyReferences": [{"Name": "team", "Path": "/acme/"}]},
    {
        "ManagedPolicies": [f"arn:aws:iam::aws:policy/{name}" for name in ("AdministratorAccess", "ReadOnlyAccess")],
        "PermissionsBoundary": {"CustomerManagedPolicyReference": {"Name": "boundary", "Path": "/"}},
    },
)


@pytest.fixture
def aws() -> Iterator[LocalAws]:
    with LocalAws(
        management_account_id=MANAGEMENT, region="us-east-1", new_organization_policy_types=POLICY_TYPES
    ) as running:
        running.seed(Existing(instance_arn=INSTANCE, identity_store_id=STORE))
        yield running


def get(logical_id: str, attribute: str) -> Resource:
    return {"Fn::GetAtt": [logical_id, attribute]}


def organization(choose: Random) -> dict[str, Resource]:
    """Some of everything, each thing of the organization after the one before, as AWS takes one at a time."""
    in_instance, in_store = {"InstanceArn": INSTANCE}, {"IdentityStoreId": STORE}
    made = {"Organization": resource("AWS::Organizations::Organization", FeatureSet="ALL")}
    places = [get("Organization", "RootId")]

    def add(logical_id: str, each: Resource) -> None:
        made[logical_id] = {**each, "DependsOn": [list(made)[-1]]}

    inside = [0]
    for number in range(choose.randrange(6)):
        parent = choose.randrange(len(places))
        # Units of different places have one name.
        add(f"Unit{number}", unit(Name=f"unit-{inside[parent]}", ParentId=places[parent]))
        inside[parent] += 1
        inside.append(0)
        places.append(get(f"Unit{number}", "Id"))
    accounts = [get("Organization", "ManagementAccountId")]
    for number in range(choose.randrange(6)):
        given = {"AccountName": f"acme-{number // 2}", "Email": f"aws+{number}@acme.com"}
        add(f"Account{number}", account(**given, ParentIds=[choose.choice(places)]))
        accounts.append(get(f"Account{number}", "AccountId"))
    for number in range(choose.randrange(4)):
        kind = choose.choice(POLICY_TYPES)
        # Resource control policies and the like are attached to the management account to no effect, but may be.
        targets = some(choose, [*places, *accounts])
        add(f"Policy{number}", policy(Name=f"policy-{number}", Type=kind, Content=content_of(kind), TargetIds=targets))
    users = [f"User{number}" for number in range(choose.randrange(5))]
    groups = [f"Group{number}" for number in range(choose.randrange(1, 4))]
    for name in users:
        emails = [{"Value": f"{name}@acme.com", "Primary": True}]
        add(name, user(**in_store, UserName=f"{name}@acme.com", Emails=emails))
    for name in groups:
        add(name, group(**in_store, DisplayName=name))
        for member in some(choose, users):
            ids = {"GroupId": get(name, "GroupId"), "MemberId": {"UserId": get(member, "UserId")}}
            add(f"{name}{member}", membership(**in_store, **ids))
    principals = [("GROUP", get(name, "GroupId")) for name in groups] + [("USER", get(u, "UserId")) for u in users]
    for number, permissions in enumerate(choose.sample(PERMISSIONS, choose.randrange(1, 4))):
        add(f"Set{number}", permission_set(**in_instance, Name=f"Set{number}", **permissions))
        pairs = [(principal, target) for principal in principals for target in accounts]
        # The first is there always: templates speak of the management account where they give access to it.
        for index in sorted({0, *some(choose, range(len(pairs)))}):
            (kind, principal), target = pairs[index]
            ids = {"PermissionSetArn": get(f"Set{number}", "PermissionSetArn"), "PrincipalId": principal}
            add(f"Assignment{len(made)}", assignment(**in_instance, **ids, PrincipalType=kind, TargetId=target))
    return made


def some(choose: Random, items: Sequence[Any]) -> list[Any]:
    return choose.sample(items, choose.randrange(min(len(items), 4) + 1))


def by_names(description: Description) -> dict[str, Any]:
    """All of a description without ids: AWS alone knows these, and the management account's name and e-mail."""
    names = {ROOT: ROOT, MANAGEMENT_KEY: MANAGEMENT_KEY}

    def path(key: str) -> str:
        if key in names:
            return names[key]
        each = description.organizational_units[key]
        return f"{path(str(each.parent))}/{each.name}"

    names |= {key: path(key) for key in description.organizational_units}
    members = {key: each for key, each in description.accounts.items() if key != MANAGEMENT_KEY}
    # Several accounts have one name.
    names |= {key: str(each.email) for key, each in members.items()}
    for entities in (description.users, description.groups, description.permission_sets):
        names |= {key: each.name for key, each in entities.items()}
    return {
        "accounts": {each.email: (each.name, names[str(each.parent)], each.only_named) for each in members.values()},
        "the management account": description.accounts[MANAGEMENT_KEY].parent,
        "units": sorted(names[key] for key in description.organizational_units),
        "users": sorted(each.name for each in description.users.values()),
        "groups": {each.name: sorted(map(names.get, each.members)) for each in description.groups.values()},
        "permission sets": {
            each.name: {"SessionDuration": SESSION_DEFAULT, **each.properties}
            for each in description.permission_sets.values()
        },
        "policies": {
            each.name: (each.type, each.content, sorted(names[target] for target in each.targets))
            for each in description.policies.values()
        },
        "assignments": sorted(
            (names[each.account], names[each.permission_set], names[each.principal]) for each in description.assignments
        ),
    }


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
def test_describes_what_a_template_made_as_the_template_is_described(aws: LocalAws, seed: int) -> None:
    resources = organization(Random(seed))  # noqa: S311 (the same organizations each time)
    assert deploy(aws, **resources) == ("CREATE_COMPLETE", "")
    assert by_names(describe_live(LiveOrganization(aws.client))) == by_names(
        describe({"OrgBaseline": {"Resources": resources}})
    )


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
    followed: set[str] = set()
    paged = describe_live(LiveOrganization(one_to_a_page(aws, followed)), now=lambda: NOW)
    assert paged == describe_live(LiveOrganization(aws.client), now=lambda: NOW)
    assert {deny, leave} == paged.policies.keys()
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
        made["dev"]: "SUSPENDED",
        made["production"]: "ACTIVE",
    }
    assert made["dev"] in {each.account for each in description.assignments}
    assert made["dev"] not in {each.account.key for each in effective_access(description)}
    assert description.policies[deny].targets == ()
    assert description.live is not None
    assert "SERVICE_CONTROL_POLICY" not in description.live.policy_types
