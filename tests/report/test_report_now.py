"""What the report says of AWS as it is, beside what it says of every organization."""

from __future__ import annotations

import html
from dataclasses import replace
from typing import Any, Final

import pytest

from org_constructs.report.html import render_html
from org_constructs.report.markdown import render_markdown
from org_constructs.report.model import make_report
from org_constructs.report.now import now_of
from org_constructs.report.text import render_text
from org_constructs.templates.description import (
    MANAGEMENT,
    ROOT,
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
    Origin,
    PermissionSet,
    Policy,
    ResourcePolicy,
    User,
    Whence,
    describe,
)
from org_constructs.templates.markdown import as_text
from org_constructs.templates.values import Values
from organizations import template_of

DEV: Final = "222233334444"
OLD: Final = "333344445555"
HAND: Final = Origin(whence=Whence.HAND)
APP: Final = Origin(whence=Whence.APP, stack="OrgBaseline", logical_id="It")
FULL: Final = Policy(
    key="p-FullAWSAccess",
    name="FullAWSAccess",
    type="SERVICE_CONTROL_POLICY",
    content={},
    targets=(ROOT, MANAGEMENT),
    origin=Origin(whence=Whence.AWS),
)
INSTANCE: Final = Instance(
    arn="i-1", identity_store_id="d-1", owner_account_id="1", status="ACTIVE", region="eu-west-1", is_described=True
)
LIVE: Final = Live(
    read_at="2026-11-26T18:30:00Z",
    region="us-east-1",
    organization_id="o-acme123456",
    management_account_id="111122223333",
    feature_set="ALL",
    policy_types=("SERVICE_CONTROL_POLICY",),
    trusted_services=("sso.amazonaws.com",),
    delegated_administrators=(DelegatedAdministrator(account=DEV, services=("guardduty.amazonaws.com",)),),
    aws_policies={FULL.key: FULL},
    entitlements=(Entitlement(id="e", principal="u", account=DEV, role_arn="arn:aws:iam::2:role/r", origin=HAND),),
    instances=(INSTANCE, replace(INSTANCE, arn="i-2", region=None, is_described=False)),
    stacks={},
    unread=(),
    root_features=("RootSessions",),
    resource_policy=ResourcePolicy(
        id="rp-12345678",
        content={
            "Statement": {
                "Effect": "Allow",
                "Principal": {"AWS": "222233334444"},
                "Action": "organizations:List*",
                "Resource": "*",
            }
        },
    ),
)
DESCRIPTION: Final = Description(
    accounts={
        MANAGEMENT: Account(key=MANAGEMENT, name="acme", parent=ROOT, state="ACTIVE", origin=APP),
        DEV: Account(key=DEV, name="acme-dev", parent=ROOT, state="ACTIVE", origin=APP),
        OLD: Account(key=OLD, name="acme-old", parent=ROOT, state="CLOSED", origin=HAND),
    },
    organizational_units={},
    users={"u": User(key="u", name="kim@acme.com", origin=HAND)},
    groups={"g": Group(key="g", name="Team", members=("u",), member_origins={"u": HAND}, origin=APP)},
    permission_sets={"ps": PermissionSet(key="ps", name="ReadOnly", only_named=True, origin=APP)},
    policies={},
    assignments=tuple(
        Assignment(account=account, permission_set="ps", principal="g", origin=origin)
        for account, origin in ((MANAGEMENT, APP), (DEV, HAND), (OLD, APP))
    ),
    values=Values({}),
    live=LIVE,
)


DECLARED: Final[dict[str, Any]] = {
    "Metadata": {
        "OrgBaseline": {
            "Accounts": {"dev": {"Output": "AccountIdDev"}},
            "TrustedAccess": ["guardduty.amazonaws.com", "iam.amazonaws.com"],
            "RootAccess": True,
            "DelegatedAdministrators": {"guardduty.amazonaws.com": ["dev"], "config.amazonaws.com": ["dev", "later"]},
        }
    },
    "Resources": {
        "Dev": {
            "Type": "AWS::Organizations::Account",
            "Properties": {"AccountName": "acme-dev", "Email": "a@acme.com"},
        },
        "Delegation": {
            "Type": "AWS::Organizations::ResourcePolicy",
            "Properties": {
                "Content": {
                    "Statement": {
                        "Effect": "Allow",
                        "Principal": {"AWS": {"Ref": "Dev"}},
                        "Action": "organizations:List*",
                        "Resource": "*",
                    }
                }
            },
        },
    },
    "Outputs": {"AccountIdDev": {"Value": {"Ref": "Dev"}}},
}


def facts(description: Description = DESCRIPTION) -> dict[str, tuple[str, ...]]:
    return dict(make_report(description).facts)


def test_templates_say_nothing_of_it() -> None:
    described = describe({"OrgBaseline": template_of("guide")})
    assert now_of(described) is None
    report = make_report(described)
    assert report.facts == ()
    assert 'id="settings"' not in render_html(report)
    assert {each.origin for each in report.grants} | {each.origin for each in report.accounts.values()} == {""}
    assert {each.origin for each in report.groups} | {each.origin for each in report.people} == {""}


def test_has_each_fact() -> None:
    assert list(facts().values()) == [
        ("SERVICE_CONTROL_POLICY",),
        ("FullAWSAccess: acme-dev",),
        ("sso.amazonaws.com",),
        ("RootSessions",),
        ("acme-dev: guardduty.amazonaws.com",),
        ("222233334444: Allow organizations:List*",),
        ("kim@acme.com may assume arn:aws:iam::2:role/r in acme-dev, by hand",),
        (
            "i-1 in eu-west-1, account 1",
            "i-2 in a region that AWS does not name, account 1, which is not described here",
        ),
    ]


def test_templates_say_alike_what_they_declare() -> None:
    described = describe({"OrgBaseline": DECLARED})
    assert facts(described) == {
        "Services with trusted access, which `org-baseline doctor --fix` enables": (
            "guardduty.amazonaws.com",
            "iam.amazonaws.com",
        ),
        "Central management of root users, which `org-baseline doctor --fix` enables": (
            "RootCredentialsManagement",
            "RootSessions",
        ),
        "Delegated administrators, which `org-baseline doctor --fix` registers": (
            "acme-dev: guardduty.amazonaws.com, config.amazonaws.com",
            "later: config.amazonaws.com",
        ),
        "What the organization's resource policy allows": ("acme-dev: Allow organizations:List*",),
    }


@pytest.mark.parametrize("description", [DESCRIPTION, describe({"OrgBaseline": DECLARED})], ids=["live", "declared"])
def test_each_format_says_each_fact(description: Description) -> None:
    report = make_report(description)
    page = html.unescape(render_html(report))
    settings = page.partition('<section id="settings"')[2].partition("</section>")[0]
    assert '<a href="#settings">Settings</a>' in page
    for title, lines in facts(description).items():
        assert f"<h3>{title.replace('`', '')}</h3><ul><li>{'</li><li>'.join(lines)}</li></ul>" in settings
        assert "\n".join(("", title, *(f"   {line}" for line in lines), "")) in render_text(report)
        listed = (f"- {as_text(line)}" for line in lines)
        assert "\n".join(("", f"## {title}", "", *listed, "")) in render_markdown(report)


def test_says_what_budgets_are_of_and_whom_aws_writes_to() -> None:
    alerts = tuple(
        BudgetAlert(
            type=kind, comparison="GREATER_THAN", threshold=threshold, threshold_type=unit, subscribers=("a@acme.com",)
        )
        for kind, threshold, unit in (
            ("ACTUAL", 80, "PERCENTAGE"),
            ("FORECASTED", 1000.5, "ABSOLUTE_VALUE"),
            ("ACTUAL", None, "PERCENTAGE"),
        )
    )
    plain: dict[str, Any] = {"type": "COST", "time_unit": "MONTHLY", "amount": 1500, "unit": "USD", "origin": HAND}
    budgets = (
        Budget(key="all", name="all", alerts=alerts, **plain),
        Budget(key="dev", name="dev", **{**plain, "amount": 50.5, "accounts": (DEV, "999999999999")}),
        Budget(
            key="s3", name="s3", more=("Service",), **{**plain, "type": "USAGE", "unit": "GB", "time_unit": "DAILY"}
        ),
        Budget(key="auto", name="auto", more=("AutoAdjustData",), **{**plain, "amount": None}),
    )
    described = replace(DESCRIPTION, budgets={each.key: each for each in budgets})
    when = "at 80 %, at 1000.5 of the forecast and at a threshold of the deploy's"
    assert facts(described)["Budgets"] == (
        f"all: 1,500 USD a month of all accounts together; AWS writes to a@acme.com {when}",
        "dev: 50.50 USD a month of acme-dev, 999999999999",
        "s3: 1,500 GB a day of all accounts together (USAGE), with Service",
        "auto: no fixed amount a month of all accounts together, with AutoAdjustData",
    )
    now = now_of(described)
    assert now is not None
    assert [each.counted[2] for each in now.origins if each.origin == "by hand"] == ["4 budgets"]


def test_a_policy_of_a_type_that_is_not_enabled_is_missing_nowhere() -> None:
    disabled = replace(DESCRIPTION, live=replace(LIVE, policy_types=()))
    assert not any("FullAWSAccess" in line for lines in facts(disabled).values() for line in lines)


def test_counts_what_is_ours_and_names_what_is_not() -> None:
    now = now_of(DESCRIPTION)
    assert now is not None
    assert [(each.origin, each.counted, each.named) for each in now.origins] == [
        ("this app", ("2 accounts", "1 group", "1 permission set", "2 assignments"), ()),
        (
            "by hand",
            ("1 account", "1 person", "1 membership", "1 assignment"),
            (
                "account acme-old",
                "person kim@acme.com",
                "membership kim@acme.com in Team",
                "assignment Team: ReadOnly in acme-dev",
            ),
        ),
        ("from AWS", ("1 policy",), ("policy FullAWSAccess",)),
    ]


def test_nobody_has_anything_in_an_account_that_is_closed() -> None:
    report = make_report(DESCRIPTION)
    assert {key for grant in report.grants for key in grant.accounts} == {MANAGEMENT, DEV}
    assert sorted(grant.way for grant in report.grants) == [
        "through group Team, a member by hand",
        "through group Team, by hand, a member by hand",
    ]
    assert report.summary.startswith("2 accounts, 1 person")
    assert report.where({MANAGEMENT, DEV}) == ["all 2 accounts"]
    assert "acme-old (closed)" in render_text(report)


def test_what_people_have_in_an_account_that_aws_restricts_stays() -> None:
    restricted = {**DESCRIPTION.accounts, DEV: replace(DESCRIPTION.accounts[DEV], state="SUSPENDED")}
    report = make_report(replace(DESCRIPTION, accounts=restricted))
    assert {key for grant in report.grants for key in grant.accounts} == {MANAGEMENT, DEV}
    for render in (render_text, render_markdown, render_html):
        assert "restricted by AWS" in render(report)


def test_lists_the_first_ones_of_many() -> None:
    users: dict[str, Any] = {str(n): User(key=str(n), name=f"{n}@acme.com", origin=HAND) for n in range(100)}
    lines = render_text(make_report(replace(DESCRIPTION, users={**DESCRIPTION.users, **users}))).splitlines()
    assert "   … and 64 more; `--format json` has all of them" in lines


def test_the_card_of_a_group_marks_whom_somebody_put_there_by_hand() -> None:
    assert [each.from_elsewhere for each in make_report(DESCRIPTION).groups] == [{"kim@acme.com": "a member by hand"}]
    ours = replace(DESCRIPTION.groups["g"], member_origins={"u": APP})
    theirs = replace(DESCRIPTION.groups["g"], origin=HAND)
    for group in (ours, theirs):
        assert [each.from_elsewhere for each in make_report(replace(DESCRIPTION, groups={"g": group})).groups] == [{}]
    card = render_html(make_report(DESCRIPTION)).partition('id="group-0"')[2].partition("</article>")[0]
    assert '<p>kim@acme.com <span class="origin">a member by hand</span></p>' in card


def test_points_to_what_finds_changes_of_what_is_from_this_app() -> None:
    now = now_of(DESCRIPTION)
    assert now is not None
    assert "`org-baseline drift`" in now.changed
    elsewhere = replace(DESCRIPTION, accounts={}, groups={}, permission_sets={}, assignments=(), users={})
    none = now_of(replace(elsewhere, live=replace(LIVE, delegated_administrators=(), entitlements=())))
    assert none is not None
    assert none.changed == ""
