"""What the report's page holds, without a browser."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from org_constructs.report.html import Difference, render_html
from org_constructs.report.model import make_report
from org_constructs.templates.description import (
    Description,
    Entity,
    Live,
    Origin,
    Unread,
    Whence,
    describe,
)
from organizations import template_of
from plain_organizations import account, assignment, organization, permission_set, policy, user

APP = Origin(whence=Whence.APP)
HAND = Origin(whence=Whence.HAND)
STACK = Origin(whence=Whence.STACK, stack="Platform", logical_id="Auditors")


def seen(html: str) -> str:
    """Return the text of a page, each element on its own."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def page(description: Description, **parts: Any) -> str:
    return render_html(make_report(description, **parts))


@pytest.fixture
def live() -> Description:
    """The grown organization as AWS could have it, with something from elsewhere."""
    grown = describe({"S": template_of("grown")})
    elsewhere = {"lou": HAND, "acme-sandbox": HAND, "Auditors": STACK, "ReadOnly": HAND, "backups": HAND}

    def from_there(things: Any) -> dict[str, Any]:
        def origin(thing: Entity) -> Origin:
            return elsewhere.get(thing.name, APP)

        return {key: replace(each, origin=origin(each)) for key, each in things.items()}

    accounts = from_there(grown.accounts)
    groups = from_there(grown.groups)
    kim = next(key for key, each in grown.users.items() if each.name == "kim@acme.com")
    return replace(
        grown,
        accounts={
            key: replace(each, state="CLOSED" if each.name == "acme-billing" else "ACTIVE")
            for key, each in accounts.items()
        },
        organizational_units=from_there(grown.organizational_units),
        users=from_there(grown.users),
        groups={
            key: replace(each, member_origins={member: HAND if member == kim else APP for member in each.members})
            for key, each in groups.items()
        },
        permission_sets=from_there(grown.permission_sets),
        policies=from_there(grown.policies),
        assignments=tuple(replace(each, origin=APP) for each in grown.assignments),
        live=Live(
            read_at="2026-11-26T18:30:00Z",
            region="us-east-1",
            organization_id="o-1111111111",
            management_account_id="111122223333",
            feature_set="ALL",
            policy_types=("SERVICE_CONTROL_POLICY",),
            trusted_services=("sso.amazonaws.com",),
            delegated_administrators=(),
            aws_policies={},
            entitlements=(),
            instances=(),
            stacks={},
            unread=(Unread(action="iam:Get<b>", what="who is in groups", why="AccessDenied"),),
        ),
    )


def test_a_page_of_templates_says_so_and_has_nothing_of_aws() -> None:
    shown = page(describe({"S": template_of("grown")}), source="cdk.out of 2026-11-26")
    assert "This is what a deploy makes of the organization, from cdk.out of 2026-11-26." in shown
    assert 'class="origin"' not in shown
    assert "Could not look" not in shown
    assert 'id="now"' not in shown


def test_a_page_of_aws_says_when_that_was_and_what_is_not_of_this_app(live: Description) -> None:
    shown = page(live)
    assert "This is what AWS had at 2026-11-26T18:30:00Z." in shown
    chips = set(re.findall(r'<span class="origin">([^<]+)</span>', shown))
    assert chips == {"a member by hand", "by hand", "from stack Platform"}
    text = seen(shown)
    for of in (
        "acme-sandbox aws+sandbox@acme.com by hand",
        "lou by hand",
        "Auditors 1 member from stack Platform",
        "ReadOnly 1 h a session by hand",
        "backups backup policy by hand",
        "through group Developers a member by hand",
        "acme-billing billing@acme.com closed nobody has access",
        "Services with trusted access sso.amazonaws.com",
        "by hand 1 account, 1 person, 1 permission set, 1 policy, 3 memberships",
    ):
        assert of in text
    assert "acme-dev aws+dev@acme.com by hand" not in text


def test_a_policy_that_is_in_force_nowhere_says_so_loud(live: Description) -> None:
    nowhere = {key: replace(each, targets=()) for key, each in live.policies.items()}
    attached, detached = page(live), page(replace(live, policies=nowhere))
    loud = "<p>Attached to nothing; in force in <b>no account</b>.</p>"
    assert (loud in attached, detached.count(loud)) == (False, len(nowhere))
    # Of nothing there is no key.
    assert ("Policies in force:" in attached, "Policies in force:" in detached) == (True, False)


def test_no_guardrails_are_said_only_where_that_is_known(live: Description) -> None:
    def unguarded(description: Description) -> list[str]:
        return [each.name for each in make_report(description).accounts.values() if each.has_no_guardrails]

    only_dev = {key: replace(each, targets=()) for key, each in live.policies.items() if each.name != "deny-leaving"}
    only_dev |= {
        key: replace(each, targets=tuple(a.key for a in live.accounts.values() if a.name == "acme-dev"))
        for key, each in live.policies.items()
        if each.name == "deny-leaving"
    }
    known = replace(live, policies=only_dev)
    # The closed account is not one of them.
    assert unguarded(known) == ["acme", "acme-sandbox", "acme-logs", "acme-staging", "acme-production"]
    assert page(known).count("no guardrails") == 5
    assert unguarded(replace(live, policies={})) == []
    unread = Unread(
        action="organizations:ListTargetsForPolicy", what="what policies are attached to", why="AccessDenied"
    )
    assert live.live is not None
    assert unguarded(replace(known, live=replace(live.live, unread=(unread,)))) == []


def test_no_guardrails_are_not_said_of_an_account_whose_place_nobody_knows() -> None:
    resources = {
        **organization(),
        "Dev": account("dev", "aws+dev@acme.com"),
        "Sandbox": account("sandbox", "aws+sandbox@acme.com"),
        "Lou": user("lou"),
        "Set": permission_set("Set"),
        "There": assignment("Lou", "USER", "Set", "444455556666"),
        "Policy": policy("p", {"Statement": []}, "Dev"),
    }
    report = make_report(describe({"S": {"Resources": resources}}))
    assert {each.name: each.has_no_guardrails for each in report.accounts.values()} == {
        "dev": False,
        "sandbox": True,
        "444455556666": False,
    }


def test_a_page_says_what_could_not_be_looked_at(live: Description) -> None:
    shown = page(live)
    assert "Could not look, so that there may be more than is shown:" in shown
    assert "iam:Get&lt;b&gt;" in shown
    assert "<b>)" not in shown


def test_a_group_whose_members_are_from_here_and_there_has_what_it_has_once(live: Description) -> None:
    (card,) = re.findall(r'<article class="card" id="group-0">.*?</article>', page(live))
    assert seen(card).count("AdministratorAccess") == 1


def test_links_lead_to_aws_alone() -> None:
    resources = {
        **organization(),
        "Dev": account("dev", "aws+dev@acme.com"),
        "Lou": user("lou"),
        "Set": permission_set("Set"),
        "Of": assignment("Lou", "USER", "Set", {"Ref": "Dev"}),
        "There": assignment("Lou", "USER", "Set", "444455556666"),
        "Policy": policy("p", {"Statement": []}, "Dev"),
    }

    def links(**metadata: str) -> list[str]:
        template = {"Metadata": {"OrgBaseline": metadata}, "Resources": resources}
        return sorted(set(re.findall(r'href="([^#"][^"]*)"', page(describe({"S": template})))) - {"data:,"})

    assert links() == []
    assert links(IdentityCenterRegion="cn-north-1", StartUrl="https://start.home.awsapps.cn/directory/acme") == [
        "https://cn-north-1.console.amazonaws.cn/organizations/v2/home/accounts",
        "https://cn-north-1.console.amazonaws.cn/organizations/v2/home/accounts/444455556666",
        "https://cn-north-1.console.amazonaws.cn/singlesignon/home",
        "https://start.home.awsapps.cn/directory/acme",
    ]
    assert links(IdentityCenterRegion="evil.example/#", StartUrl="javascript:alert(1)") == []
    assert links(StartUrl="https://awsapps.com.evil.example/start") == []


def test_a_difference_comes_first_and_is_escaped() -> None:
    report = make_report(describe({"S": template_of("guide")}))
    difference = Difference(
        between="from <a> to b",
        verdict="Access <widens>.",
        changes=(("Gained", "+", (("", "<i>dax</i>", " has ", "x", ""),)),),
        before=report,
    )
    shown = render_html(report, difference)
    assert "from &lt;a&gt; to b" in shown
    assert "what a deploy makes" not in shown
    assert shown.index('id="changes"') < shown.index('id="organization"')
    assert "<p><b>Access &lt;widens&gt;.</b></p>" in shown
    assert '<span class="sign">+</span> <b>&lt;i&gt;dax&lt;/i&gt;</b> has <b>x</b></li>' in shown
    assert '<a href="#changes">Changes <b>1</b></a>' in shown
