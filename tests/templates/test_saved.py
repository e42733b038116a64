"""A description in a file: the same when it is read again, and refused in a sentence where it is not one."""

from __future__ import annotations

import copy
import json
from random import Random
from typing import TYPE_CHECKING, Any, Final

import pytest

from org_constructs.access_diff.comparison import State, compare
from org_constructs.refusal import Refusal
from org_constructs.report.model import make_report
from org_constructs.report.text import render_text
from org_constructs.templates.description import (
    MANAGEMENT,
    Account,
    Assignment,
    Budget,
    BudgetAlert,
    DelegatedAdministrator,
    Description,
    Entitlement,
    Group,
    Instance,
    Live,
    OrganizationalUnit,
    Origin,
    PermissionSet,
    Policy,
    Unread,
    User,
    Whence,
    describe,
)
from org_constructs.templates.metadata import Contact
from org_constructs.templates.saved import FORMAT, from_json, is_saved, to_json
from org_constructs.templates.values import Values
from organizations import ORGANIZATIONS, template_of
from plain_organizations import account, hostile, large, organization, permission_set, policy, unit
from refusals import refuses

if TYPE_CHECKING:
    from collections.abc import Mapping

BY_HAND: Final = Origin(whence=Whence.HAND)
OURS: Final = Origin(whence=Whence.APP, stack="OrgBaseline", logical_id="AccountDev")
LIVE: Final = Description(
    accounts={
        MANAGEMENT: Account(
            key=MANAGEMENT,
            name="acme",
            parent="root",
            account_id="111122223333",
            state="ACTIVE",
            tags={"owner": "kim"},
            contacts=(
                Contact(type="BILLING", name="Kim", title="CFO", email_address="kim@acme.com", phone_number="+1 555"),
            ),
        ),
        "222233334444": Account(
            key="222233334444", name="acme-dev", parent="ou-acme-12345678", state="SUSPENDED", origin=OURS
        ),
    },
    organizational_units={
        "ou-acme-12345678": OrganizationalUnit(key="ou-acme-12345678", name="dev", parent="root", tags={})
    },
    users={
        "u-1": User(
            key="u-1",
            name="kim@acme.com",
            display_name="Kim",
            given_name="Kim",
            family_name="Acme",
            emails=("kim@acme.com",),
            origin=BY_HAND,
        )
    },
    groups={"g-1": Group(key="g-1", name="Developers", members=("u-1",), member_origins={"u-1": BY_HAND})},
    permission_sets={"ps-1": PermissionSet(key="ps-1", name="ReadOnly", only_named=True, tags={"owner": "kim"})},
    policies={"p-1": Policy(key="p-1", name="deny", type="SERVICE_CONTROL_POLICY", content={}, targets=("root",))},
    assignments=(Assignment(account="222233334444", permission_set="ps-1", principal="g-1", origin=BY_HAND),),
    values=Values({}),
    budgets={
        "acme": Budget(
            key="acme",
            name="acme",
            type="COST",
            time_unit="MONTHLY",
            amount=500.5,
            unit="USD",
            accounts=("222233334444",),
            alerts=(
                BudgetAlert(
                    type="ACTUAL",
                    comparison="GREATER_THAN",
                    threshold=80,
                    threshold_type="PERCENTAGE",
                    subscribers=("kim@acme.com",),
                ),
            ),
            origin=BY_HAND,
        )
    },
    live=Live(
        read_at="2026-11-26T18:30:00Z",
        region="us-east-1",
        organization_id="o-acme123456",
        management_account_id="111122223333",
        feature_set="ALL",
        policy_types=("SERVICE_CONTROL_POLICY",),
        trusted_services=("sso.amazonaws.com",),
        delegated_administrators=(DelegatedAdministrator(account="222233334444", services=("sso.amazonaws.com",)),),
        aws_policies={},
        entitlements=(
            Entitlement(
                id="e-1", principal="u-1", account=MANAGEMENT, role_arn="arn:aws:iam::1:role/r", origin=BY_HAND
            ),
        ),
        instances=(
            Instance(
                arn="i-1",
                identity_store_id="d-1",
                owner_account_id="1",
                status="ACTIVE",
                region=None,
                is_described=True,
            ),
        ),
        stacks={"OrgBaseline": {"Resources": {}}},
        unread=(Unread(action="sso:ListTagsForResource", what="tags", why="AccessDenied", of=("ps-1",)),),
        root_id="r-acme",
        unread_details=(Unread(action="organizations:ListTagsForResource", what="tags", why="AccessDenied"),),
    ),
)
_OF_THE_DEPLOY: Final = {
    "Parameters": {"Team": {"Type": "String"}},
    "Resources": {
        "Set": permission_set(
            "Team",
            ManagedPolicies=[{"Ref": "Team"}],
            InlinePolicy={"Statement": {"Effect": "Allow", "Action": {"Fn::Sub": "s3:${Team}"}, "Resource": "*"}},
        ),
        "Deny": policy("deny", {"Statement": {"Effect": "Deny", "Action": {"Ref": "Team"}, "Resource": "*"}}, "Unit"),
        "Unit": unit("Unit"),
        "Dev": account("acme-dev", "dev@acme.com"),
        "Delegation": {
            "Type": "AWS::Organizations::ResourcePolicy",
            "Properties": {
                "Content": {
                    "Statement": {
                        "Effect": "Allow",
                        "Principal": {"AWS": {"Fn::GetAtt": ["Dev", "AccountId"]}},
                        "Action": {"Fn::Sub": "organizations:${Team}"},
                        "Resource": "*",
                    }
                }
            },
        },
    }
    | organization(),
}
TEMPLATES: Final[Mapping[str, dict[str, Any]]] = {
    "of the deploy": _OF_THE_DEPLOY,
    "large": large(),
    "hostile": hostile(),
}


def saved(description: Description = LIVE) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(to_json(description))
    return parsed


@pytest.mark.parametrize("name", sorted([*TEMPLATES, *ORGANIZATIONS]))
def test_what_templates_say_is_the_same_when_it_is_read_again(name: str) -> None:
    description = describe({"OrgBaseline": TEMPLATES.get(name) or template_of(name)})
    again = from_json(saved(description))
    assert (again, to_json(again)) == (description, to_json(description))
    before, after = State.of(description), State.of(again)
    assert (after.closed, after.retained, after.retained_access) == (
        before.closed,
        before.retained,
        before.retained_access,
    )
    assert render_text(make_report(again)) == render_text(make_report(description))


def test_what_aws_has_is_the_same_when_it_is_read_again() -> None:
    again = from_json(saved())
    assert (again, again.assignments[0].origin) == (LIVE, BY_HAND)


def test_reads_what_the_first_format_had() -> None:
    first = saved()
    first["OrganizationDescription"] = 1
    del first["live"]["root_id"], first["live"]["unread_details"]
    for each in first["accounts"].values():
        del each["tags"], each["contacts"]
    for each in (*first["organizational_units"].values(), *first["policies"].values()):
        del each["tags"]
    for each in first["users"].values():
        del each["given_name"], each["family_name"]
    read = from_json(first)
    assert read.live is not None
    assert read.live.root_id is None
    assert {(each.tags, each.contacts) for each in read.accounts.values()} == {(None, None)}
    assert render_text(make_report(read)) == render_text(make_report(LIVE))


def test_a_number_may_lose_its_decimals_and_is_no_text() -> None:
    changed = saved()
    changed["budgets"]["acme"]["amount"] = 500
    assert from_json(changed).budgets["acme"].amount == 500
    changed["budgets"]["acme"]["amount"] = "500"
    with refuses("description-invalid", "budgets.acme.amount", "a number", "'500'"):
        from_json(changed)


def test_has_no_character_that_steers_a_terminal() -> None:
    assert to_json(describe({"OrgBaseline": hostile()})).replace("\n", "").isprintable()


def test_tells_a_description_from_a_template() -> None:
    parsed: list[Any] = [saved(), template_of("guide"), [], "OrganizationDescription"]
    assert list(map(is_saved, parsed)) == [True, False, False, False]


def test_refuses_a_newer_format() -> None:
    with refuses("description-newer", f"up to {FORMAT}", f"got {FORMAT + 1}"):
        from_json({**saved(), "OrganizationDescription": FORMAT + 1})


@pytest.mark.parametrize("version", [0, -1, True, None, "1", [1]], ids=str)
def test_refuses_a_format_that_never_was(version: object) -> None:
    with refuses("description-invalid", "OrganizationDescription"):
        from_json({**saved(), "OrganizationDescription": version})


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        (("accounts",), [], "accounts"),
        (("accounts", MANAGEMENT, "name"), 1, "accounts.management.name"),
        (("accounts", MANAGEMENT, "only_named"), "no", "accounts.management.only_named"),
        (("accounts", MANAGEMENT, "key"), "other", "accounts.management.key"),
        (("accounts", MANAGEMENT, "output"), ["OrgBaseline"], "accounts.management.output"),
        (("accounts", "222233334444", "origin", "whence"), "the moon", "accounts.222233334444.origin.whence"),
        (("groups", "g-1", "members"), ["u-2"], "groups.g-1.members"),
        (("assignments", 0, "principal"), "u-2", "assignments.principal"),
        (("assignments", 0, "account"), None, "assignments[0].account"),
        (("policies", "p-1", "targets"), ["ou-2"], "policies.p-1.targets"),
        (("accounts", MANAGEMENT, "parent"), "ou-2", "accounts.management.parent"),
        (("live", "unread", 0), {}, "live.unread[0].action"),
        (("accounts", MANAGEMENT, "tags"), ["owner"], "accounts.management.tags"),
        (("accounts", MANAGEMENT, "contacts", 0, "title"), None, "accounts.management.contacts[0].title"),
        (("live", "colour"), "red", "live"),
        (("resources",), None, "resources"),
        (("resources",), {"AccountDev": {"Type": "AWS::Organizations::Account"}}, "resources.AccountDev"),
    ],
    ids=lambda value: ".".join(map(str, value)) if isinstance(value, tuple) else "",
)
def test_refuses_what_is_not_as_it_is_written(path: tuple[Any, ...], value: object, where: str) -> None:
    changed = saved()
    at: Any = changed
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    with refuses("description-invalid", where):
        from_json(changed)


def _places(value: Any) -> list[tuple[Any, Any]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for key, each in inside for place in ((value, key), *_places(each))]


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_changed_in_it_a_command_reads_it_or_refuses_it(seed: int) -> None:
    choose = Random(seed)  # noqa: S311 (the same changes each time)
    known = describe({"OrgBaseline": template_of("grown")})
    refused = 0
    for original in (saved(), saved(known)):
        for _ in range(25):
            changed = copy.deepcopy(original)
            holder, key = choose.choice(_places(changed))
            if key == "OrganizationDescription":
                continue
            if choose.random() < 1 / 3 and isinstance(holder, dict):
                del holder[key]
            else:
                holder[key] = choose.choice([None, True, 7, "", "x", [], ["x"], {}, {"x": []}])
            try:
                read = from_json(changed)
            except Refusal:
                refused += 1
                continue
            render_text(make_report(read))
            compare(State.of(known), State.of(read))
    assert refused
