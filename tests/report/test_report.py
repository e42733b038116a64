"""What the report says, as text and as Markdown, and the command."""

from __future__ import annotations

import json
import re
import resource
import subprocess
import sys
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from org_constructs.commands import main
from org_constructs.report.html import render_html
from org_constructs.report.markdown import render_markdown
from org_constructs.report.model import Report, make_report
from org_constructs.report.text import render_text
from org_constructs.templates.access import effective_access
from org_constructs.templates.description import describe
from org_constructs.templates.words import count, in_a_line, visible
from organizations import ORGANIZATIONS, make_app, template_of
from plain_organizations import (
    HOSTILE_NAMES,
    account,
    assignment,
    group,
    hostile,
    large,
    membership,
    organization,
    permission_set,
    policy,
    unit,
    user,
)
from refusals import assert_refused

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from click.testing import Result


def report_of(template: Mapping[str, Any]) -> Report:
    return make_report(describe({"S": template}))


def text(**resources: Any) -> str:
    return render_text(report_of({"Resources": resources}))


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["report", *map(str, arguments)])


def written(folder: Path, template: Mapping[str, Any], name: str = "S.json") -> Path:
    file = folder / name
    file.write_text(json.dumps(template), encoding="utf-8")
    return file


def test_says_first_what_waits() -> None:
    metadata = {"OrgBaseline": {"Waiting": {"Users": 2, "Policies": 1}}}
    report = report_of({"Resources": {"Dev": account("dev", "dev@acme.com")}, "Metadata": metadata})
    people, policies = report.notes
    assert "2 people" in people
    assert "1 policy" in policies
    for rendered in (render_text(report), render_markdown(report), unescape(render_html(report))):
        for note in report.notes:
            assert f"Note: {note.partition(' until')[0]}" in rendered


def test_tells_all_of_a_grown_organization() -> None:
    shown = render_text(report_of(template_of("grown")))
    assert (
        shown.partition("\nWhat happens")[0]
        == """\
acme: 7 accounts, 3 people; dax@acme.com and kim@acme.com administer all of them.

└─ root  [deny-leaving from here on]
   ├─ acme (management account)  aws@acme.com  [no guardrails]
   ├─ acme-sandbox  aws+sandbox@acme.com  [deny-leaving, backups, deny-users]
   ├─ security
   │  └─ acme-logs  aws+log-archive@acme.com  [deny-leaving, backups]
   └─ workloads  [deny-users from here on]
      ├─ development
      │  ├─ acme-dev  aws+dev@acme.com  [deny-leaving, deny-users, backups]
      │  └─ acme-staging  aws+staging@acme.com  [deny-leaving, deny-users, backups]
      └─ Production workloads
         ├─ acme-production  aws+production@acme.com  [deny-leaving, deny-users, backups]
         └─ acme-billing  billing@acme.com  [deny-leaving, deny-users, backups]

Who has access
dax@acme.com   AdministratorAccess (12 h)   all 7 accounts                         through group Administrators
kim@acme.com   AdministratorAccess (12 h)   all 7 accounts                         through group Administrators
               ReadOnly (1 h)               acme-logs, acme-dev, acme-staging      through group Auditors
               Developer (8 h)              acme-sandbox, acme-dev, acme-staging   through group Developers
               ReadOnly (1 h)               acme-production, acme-billing          through group Developers
lou            ReadOnly (1 h)               acme-billing                           directly

What a permission set allows
AdministratorAccess (12 h)
   AWS managed policy AdministratorAccess (everything)
Developer (8 h)  Build and deploy
   AWS managed policy PowerUserAccess (everything but IAM, the organization and the account itself)
   Deny organizations:*
   and at most what the account's customer managed policy /acme/Boundary allows
ReadOnly (1 h)
   AWS managed policy ReadOnlyAccess (reads almost everything, also objects in S3, items in DynamoDB and logs)
   AWS managed policy job-function/Billing (sees and changes bills, payment methods and budgets)
   the account's customer managed policy /ReadTickets

What policies allow and deny, regardless of permission sets
deny-leaving (service control policy), attached to root, in force in all 6 accounts other than acme
   Deny organizations:LeaveOrganization
deny-users (service control policy), attached to workloads, acme-sandbox, in force in acme-sandbox, all 4 accounts now in workloads
   Deny iam:CreateUser
backups (backup policy), attached to acme-billing, acme-dev, acme-logs, acme-production, acme-sandbox, acme-staging, in force in all 6 accounts other than acme
"""  # noqa: E501 (as it is printed)
    )


def test_shows_what_exists_already_apart_from_what_it_knows_the_place_of() -> None:
    shown = render_text(report_of(template_of("existing")))
    assert (
        """\
├─ root  [deny-leaving from here on]
│  └─ acme (111122223333, management account)  aws@acme.com  [no guardrails]
└─ place unknown to the templates
   ├─ acme-legacy (444455556666)  exists already  [deny-leaving]
   └─ workloads  exists already  [deny-leaving from here on]
"""
        in shown
    )
    assert "everybody in group aws-admins administers all of them" in shown
    assert re.search(r"everybody in group aws-admins +AdministratorAccess \(1 h\) +all 4 accounts +directly\n", shown)
    assert "Support\n   exists already; no template says what it allows\n" in shown


@pytest.fixture
def template(request: pytest.FixtureRequest) -> dict[str, Any]:
    """The template of one of the organizations, or of one that is made without CDK."""
    made_without_cdk = {"large": large, "hostile": hostile}
    name: str = request.param
    return made_without_cdk[name]() if name in made_without_cdk else template_of(name)


@pytest.mark.parametrize("template", [*ORGANIZATIONS, "large", "hostile"], indirect=True)
def test_its_grants_are_the_effective_access(template: dict[str, Any]) -> None:
    report = report_of(template)
    ways = [
        (person.key, person.everybody, grant.permission_set, place, grant.through)
        for grant in report.grants
        for person in grant.people
        for place in grant.accounts
    ]
    expected = {
        (
            each.who.key,
            each.everybody,
            each.permission_set.key,
            each.account.key,
            visible(each.through.name) if each.through else "",
        )
        for each in effective_access(describe({"S": template}))
    }
    assert len(ways) == len(set(ways))
    assert set(ways) == expected


@pytest.mark.parametrize("template", [*ORGANIZATIONS, "large", "hostile"], indirect=True)
def test_puts_together_people_with_equal_access_and_nobody_else(template: dict[str, Any]) -> None:
    report = report_of(template)
    has: dict[tuple[str, bool], set[tuple[str, str, str]]] = {}
    for each in effective_access(describe({"S": template})):
        way = each.permission_set.key, each.account.key, each.through.name if each.through else ""
        has.setdefault((each.who.key, each.everybody), set()).add(way)
    assert sorted(person for each in report.equals for person in each) == sorted(report.people)
    access = [[has.get((person.key, person.everybody), set()) for person in each] for each in report.equals]
    assert all(each[0] == other for each in access for other in each)
    alone = [each[0] for each, people in zip(access, report.equals, strict=True) if not people[0].everybody]
    assert len({frozenset(each) for each in alone}) == len(alone)
    assert all(len(people) == 1 for people in report.equals if people[0].everybody)


@pytest.mark.parametrize("template", [*ORGANIZATIONS, "large"], indirect=True)
def test_knows_who_reaches_and_who_administers_each_account(template: dict[str, Any]) -> None:
    report = report_of(template)
    reach: dict[str, tuple[set[str], set[str]]] = {key: (set(), set()) for key in report.accounts}
    for each in effective_access(describe({"S": template})):
        reach[each.account.key][0].add(each.who.key)
        if each.permission_set.name == "AdministratorAccess":
            reach[each.account.key][1].add(each.who.key)
    held = {key: tuple({each.key for each in some} for some in both) for key, both in report.holders.items()}
    assert held == reach
    assert any(few for _, few in reach.values())


def test_names_the_members_of_groups() -> None:
    groups = {each.name: (each.members, each.exists) for each in report_of(template_of("grown")).groups}
    assert groups == {
        "Administrators": (("dax@acme.com", "kim@acme.com"), False),
        "Auditors": (("kim@acme.com",), False),
        "Developers": (("kim@acme.com",), False),
    }
    assert {each.name: each.exists for each in report_of(template_of("existing")).groups} == {"aws-admins": True}


@pytest.mark.parametrize("template", [*ORGANIZATIONS, "large"], indirect=True)
def test_the_words_for_accounts_mean_exactly_these(template: dict[str, Any]) -> None:
    report = report_of(template)
    paths = {}

    def walk(each: Any) -> None:
        paths[each.path] = each.account_keys
        for inside in each.units:
            walk(inside)

    for top in (report.root, report.elsewhere):
        if top:
            walk(top)
    names = {each.name: key for key, each in report.accounts.items()}
    for grant in report.grants:
        meant: set[str] = set()
        for part in report.where(grant.accounts):
            if every := re.fullmatch(r"all ([\d,]+) accounts(?: other than (.+))?", part):
                assert len(report.accounts) - bool(every[2]) == int(every[1].replace(",", ""))
                meant |= set(report.accounts) - ({names[every[2]]} if every[2] else set())
            elif in_unit := re.fullmatch(r"all (\d+) accounts now in (.+)", part):
                assert len(paths[in_unit[2]]) == int(in_unit[1])
                meant |= paths[in_unit[2]]
            else:
                meant.add(names[part])
        assert meant == grant.accounts


def test_shows_access_that_nobody_has_yet_and_people_without_any() -> None:
    shown = text(
        **organization(),
        Dev=account("dev", "aws+dev@acme.com"),
        Lou=user("lou"),
        Developers=group("Developers"),
        Admin=permission_set("Admin"),
        Of=assignment("Developers", "GROUP", "Admin", {"Ref": "Dev"}),
    )
    assert re.search(r"^lou +nothing$", shown, re.MULTILINE)
    assert re.search(r"^group Developers +Admin \(1 h\) +dev +has no members$", shown, re.MULTILINE)
    assert "1 account, 1 person; nobody administers it." in shown
    assert "Admin (1 h)\n   allows nothing\n" in shown


def ending(**times: str) -> dict[str, Any]:
    """An organization in which lou administers for a time."""
    conditions = {operator: {"aws:CurrentTime": time} for operator, time in times.items()}
    denials = [
        {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {each: conditions[each]}} for each in times
    ]
    return {
        **organization(),
        "Dev": account("dev", "aws+dev@acme.com"),
        "Lou": user("lou"),
        "Admin": permission_set(
            "Admin",
            ManagedPolicies=["arn:aws:iam::aws:policy/AdministratorAccess"],
            InlinePolicy={"Version": "2012-10-17", "Statement": denials},
        ),
        "Of": assignment("Lou", "USER", "Admin", {"Ref": "Dev"}),
    }


UNTIL = "2026-12-31T18:00:00Z"
ENDS = 1_798_740_000


@pytest.mark.parametrize(
    ("times", "at", "time", "who"),
    [
        ({"DateGreaterThanEquals": UNTIL}, ENDS - 1, "until 2026-12-31 18:00 UTC", "lou administers it"),
        ({"DateGreaterThanEquals": UNTIL}, ENDS, "ended 2026-12-31 18:00 UTC", "nobody administers it"),
        ({"DateLessThan": UNTIL}, ENDS - 1, "from 2026-12-31 18:00 UTC", "lou administers it"),
    ],
    ids=["before its end", "from its end on", "before it begins"],
)
def test_says_when_access_ends(times: dict[str, str], at: float, time: str, who: str) -> None:
    report = make_report(describe({"S": {"Resources": ending(**times)}}), at=at)
    shown, markdown, page = render_text(report), render_markdown(report), render_html(report)
    assert f"1 account, 1 person; {who}." in shown
    assert re.search(rf"^lou +Admin \(1 h, {time}\) +dev +directly$", shown, re.MULTILINE)
    assert f"\nAdmin (1 h, {time})\n" in shown
    assert f"| lou | Admin (1 h, {time}) | dev | directly |" in markdown
    assert f"<small>(1 h, {time})</small>" in page
    assert f"Admin <small>1 h a session, {time}</small>" in page
    assert ('<a class="set ended"' in page) == time.startswith("ended")
    # Who administers stands out, for as long as that is so.
    assert ('<a class="set administers"' in page) == ("lou" in who)
    assert ("1 administrator" in page) == ("lou" in who)


def test_says_by_the_clock_what_has_ended() -> None:
    old, new = (render_text(report_of({"Resources": ending(DateGreaterThan=f"{year}-01-01")})) for year in (2001, 2999))
    assert "Admin (1 h, ended 2001-01-01 00:00 UTC)" in old
    assert "Admin (1 h, until 2999-01-01 00:00 UTC)" in new


def ends_of(shown: str) -> dict[str, str]:
    lines = shown.partition("you remove a line\n")[2].partition("\n\n")[0].splitlines()
    return dict(re.split(" {2,}", line) for line in lines)


def test_says_which_accounts_a_removed_line_closes() -> None:
    shown = text(
        **organization(),
        Dev=account("dev", "aws+dev@acme.com", DeletionPolicy="Delete"),
        Kept=account("kept", "aws+kept@acme.com"),
        AlsoKept=account("also", "aws+also@acme.com", DeletionPolicy="RetainExceptOnCreate"),
        Lou=user("lou"),
    )
    assert ends_of(shown) == {
        "1 organization": "kept",
        "2 accounts": "kept",
        "1 account": "closed: dev",
        "1 user": "deleted",
    }


def test_says_what_ends_with_a_removed_line() -> None:
    resources = {
        **organization(),
        "Unit": unit("work"),
        "Deny": policy("Deny", {}),
        "Lou": user("lou"),
        "Team": group("Team"),
        "Member": membership("Team", "Lou"),
        "Read": permission_set("Read"),
        "Access": assignment("Team", "GROUP", "Read", "111122223333"),
    }
    shown = text(**{name: {**each, "DeletionPolicy": "Delete"} for name, each in resources.items()})
    assert ends_of(shown) == {
        "1 organization": "deleted",
        "1 unit": "deleted",
        "1 policy": "deleted, and no longer in force",
        "1 user": "deleted",
        "1 group": "deleted",
        "1 membership": "deleted, which revokes the access",
        "1 permission set": "deleted",
        "1 assignment": "deleted, which revokes the access",
    }


def test_counts_users_together_whatever_makes_them() -> None:
    call = {"Fn::Join": ["", ['{"action":"createUser","parameters":{"UserName":"', {"Ref": "Name"}, '@acme.com"}}']]}
    by_function = {"Type": "Custom::IdentityStoreUser", "Properties": {"Create": call}}
    shown = text(**organization(), Lou=user("lou"), Kim=by_function)
    assert re.search(r"^2 users +deleted$", shown, re.MULTILINE)
    assert re.search(r"^\${Name}@acme.com +nothing$", shown, re.MULTILINE)


def test_counts_people_and_groups_apart() -> None:
    everywhere = {"Dev": account("dev", "aws+dev@acme.com"), "Admin": permission_set("AdministratorAccess")}
    everywhere["Admin"]["Properties"]["ManagedPolicies"] = ["arn:aws:iam::aws:policy/AdministratorAccess"]
    for number in range(3):
        everywhere |= {
            f"User{number}": user(f"u{number}"),
            f"OfUser{number}": assignment(f"User{number}", "USER", "Admin", {"Ref": "Dev"}),
        }
        of_group = assignment("User0", "GROUP", "Admin", {"Ref": "Dev"})
        of_group["Properties"]["PrincipalId"] = f"1111222233-11112222-3333-4444-5555-66667777000{number}"
        everywhere[f"OfGroup{number}"] = of_group
        summary = text(**everywhere).splitlines()[0]
        expected = [
            "1 person; u0 and everybody in group 1111222233-11112222-3333-4444-5555-666677770000 administer it.",
            "2 people; 2 people and 2 groups administer it.",
            "3 people; 3 people and 3 groups administer it.",
        ]
        assert summary == f"Organization: 1 account, {expected[number]}"


def test_says_what_is_charged_and_what_it_cannot_say() -> None:
    shown = text(
        **organization(),
        Dev=account("dev", "aws+dev@acme.com"),
        Backups=policy("b", {"plans": {}}, "Dev", policy_type="BACKUP_POLICY"),
        Function={"Type": "AWS::Lambda::Function"},
        Bucket={"Type": "AWS::S3::Bucket"},
        Other={"Type": "AWS::S3::Bucket"},
    ).partition("What it costs\n")[2]
    assert "ends the Free Tier's credits" in shown
    assert "A backup policy turns on AWS Backup" in shown
    assert "1 Lambda function, run only by deploys" in shown
    assert "depends on usage: AWS::S3::Bucket (2)." in shown
    assert "Free Tier" not in text(Dev=account("dev", "aws+dev@acme.com"))


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ({"Effect": "Allow", "Action": "*", "Resource": "*"}, "Allow everything"),
        ({"Effect": "Allow", "Action": "*:*", "Resource": ["*", "x"]}, "Allow everything"),
        # Calls that know no resource have `*` for theirs.
        ({"Effect": "Allow", "Action": "*", "Resource": "arn:*"}, "Allow everything on arn:*"),
        ({"Effect": "Deny", "Action": ["a:B", "a:C"], "Resource": ["x", "y"]}, "Deny a:B, a:C on x, y"),
        ({"Effect": "Deny", "NotAction": "a:*", "Resource": "*"}, "Deny everything except a:*"),
        ({"Effect": "Allow", "Action": "a:B", "NotResource": "x"}, "Allow a:B on everything except x"),
        (
            {
                "Effect": "Deny",
                "Action": "*",
                "Resource": "*",
                "Condition": {"StringNotEquals": {"aws:RequestedRegion": ["us-east-1", "eu-west-1"]}},
            },
            "Deny everything, if StringNotEquals aws:RequestedRegion us-east-1, eu-west-1",
        ),
        (
            {"Effect": "Deny", "Action": [f"a:{number}" for number in range(9)], "Resource": "*"},
            "Deny a:0, a:1, a:2, a:3, a:4, a:5, a:6 … and 2 more",
        ),
        (
            {"Effect": "Allow", "Action": "a:B", "Resource": {"Fn::Sub": "arn:${AWS::Partition}:s3:::x"}},
            "Allow a:B on arn:${AWS::Partition}:s3:::x",
        ),
    ],
)
def test_says_statements_in_a_line(statement: dict[str, Any], said: str) -> None:
    in_text = {"Fn::ToJsonString": {"Statement": statement}}
    for document in ({"Statement": [statement]}, {"Statement": statement}, in_text):
        assert f"\n   {said}\n" in text(Set=permission_set("Set", InlinePolicy=document))


@pytest.mark.parametrize(
    ("properties", "administers"),
    [
        ({"ManagedPolicies": ["arn:aws-cn:iam::aws:policy/AdministratorAccess"]}, True),
        (
            {
                "ManagedPolicies": [
                    {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":iam::aws:policy/AdministratorAccess"]]}
                ]
            },
            True,
        ),
        ({"InlinePolicy": {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}}, True),
        ({"InlinePolicy": {"Statement": {"Effect": "Allow", "Action": ["*:*"], "Resource": "arn:*:*"}}}, True),
        ({"InlinePolicy": {"Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}}}, False),
        ({"InlinePolicy": {"Statement": {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}}}, False),
        ({"ManagedPolicies": ["arn:aws:iam::aws:policy/AdministratorAccess-Amplify"]}, False),
    ],
)
def test_knows_who_administers(properties: dict[str, Any], *, administers: bool) -> None:
    shown = text(
        Dev=account("dev", "aws+dev@acme.com"),
        Lou=user("lou"),
        Admin=permission_set("Admin", **properties),
        Of=assignment("Lou", "USER", "Admin", {"Ref": "Dev"}),
    )
    assert ("lou administers it" in shown) == administers
    assert ("nobody administers it" in shown) != administers


@pytest.mark.parametrize(
    ("properties", "said"),
    [
        (
            {"PermissionsBoundary": {"ManagedPolicyArn": "arn:aws:iam::aws:policy/PowerUserAccess"}},
            "and at most what the AWS managed policy PowerUserAccess allows",
        ),
        ({"ManagedPolicies": [{"Ref": "Name"}]}, "AWS managed policy ${Name}"),
        ({"ManagedPolicies": [{"Fn::GetAtt": ["A", "Arn"]}]}, "AWS managed policy ${A.Arn}"),
        ({"ManagedPolicies": [{"Fn::If": ["A", "b", "c"]}]}, 'AWS managed policy {"Fn::If": ["A", "b", "c"]}'),
        ({"InlinePolicy": {"Fn::Sub": "${Policy}"}}, "something that is known only during the deploy"),
        (
            {"InlinePolicy": {"Statement": [{"Fn::If": ["A", {}, {}]}]}},
            "something that is known only during the deploy",
        ),
    ],
)
def test_says_what_a_permission_set_allows(properties: dict[str, Any], said: str) -> None:
    assert f"\n   {said}\n" in text(Set=permission_set("Set", **properties))


def test_the_page_shows_people_without_access_and_access_without_people() -> None:
    resources = {
        "Dev": account("dev", "aws+dev@acme.com"),
        "Lou": user("lou"),
        "Developers": group("Developers"),
        "Admin": permission_set("Admin"),
        "Of": assignment("Developers", "GROUP", "Admin", {"Ref": "Dev"}),
    }
    report = report_of({"Resources": resources})
    assert '<th scope="row">lou</th><td>nothing</td>' in render_html(report)
    card = re.findall(r"<article.*?</article>", render_html(report), re.DOTALL)[0]
    assert re.sub(r"<[^>]+>", "", card) == "Developers no membersThey would have:Admin (1 h) in dev"
    assert "| lou | nothing |  |  |" in render_markdown(report)


def test_folds_a_unit_of_many_accounts() -> None:
    many = {f"A{number}": account(f"a{number}", f"a{number}@acme.com", "Unit") for number in range(42)}
    shown = text(**organization(), Unit=unit("unit"), **many)
    assert "      ├─ a38  a38@acme.com\n      └─ … and 3 more accounts\n" in shown
    assert "a39 " not in shown


def test_shows_nothing_that_cannot_be_seen() -> None:
    for render in (render_text, render_markdown):
        shown = render(report_of(hostile()))
        assert not [each for each in shown if not each.isprintable() and each != "\n"]
        assert r"\u202eright to left" in shown.replace("\\\\", "\\")


def test_markdown_draws_a_chart_of_a_node_each() -> None:
    shown = render_markdown(report_of(template_of("grown")))
    (chart,) = re.findall(r"```mermaid\n(.*?)\n```", shown, re.DOTALL)
    assert chart.count("---") == 11
    assert '  n0(["root<br>deny-leaving from here on"]):::unit' in chart
    assert '["acme<br>management account<br>aws@acme.com<br>no guardrails"]:::management' in chart
    assert '["acme-dev<br>aws+dev@acme.com<br>in force: deny-leaving, deny-users, backups"]' in chart
    assert "| lou | ReadOnly (1 h) | acme-billing | directly |" in shown


def test_markdown_draws_apart_what_it_does_not_know_the_place_of() -> None:
    (chart,) = re.findall(r"```mermaid\n(.*?)\n```", render_markdown(report_of(template_of("existing"))), re.DOTALL)
    assert re.findall(r'\(\["(.*?)(?:<br>.*)?"\]\):::unit', chart) == [
        *("root", "place unknown to the templates", "workloads", "new")
    ]


def test_markdown_escapes_names() -> None:
    shown = render_markdown(report_of(hostile()))
    (chart,) = re.findall(r"```mermaid\n(.*?)\n```", shown, re.DOTALL)
    for line in chart.splitlines()[3:]:
        assert re.fullmatch(r'  n\d+( --- n\d+|(\(\["|\[")([\w .,+/@:()<>#;-]|(?<=\w)n)+("\]\)|"\])(:::\w+)?)', line), (
            line
        )
        assert set(re.findall("<.*?>", line)) <= {"<br>"}
    outside = re.sub(r"```(mermaid|json)\n.*?```", "", shown, flags=re.DOTALL)
    assert not re.search(r"(?<!\\)<(?!/?details>|/?summary>|!-- -->)", outside)
    rows = [line for line in outside.splitlines() if line.startswith("| ")]
    columns = {len(re.findall(r"(?<!\\)\|", row)) for row in rows}
    assert columns == {5, 3}
    assert not re.search(r"(?<![\w])@(?!<!-- -->)", outside)


def test_markdown_has_blank_lines_around_what_is_folded() -> None:
    # Without them what follows is no Markdown to GitHub: https://github.github.com/gfm/#html-blocks
    lines = [line.strip() for line in render_markdown(report_of(template_of("grown"))).splitlines()]
    folded = [number for number, line in enumerate(lines) if "details>" in line]
    assert len(folded) > 2
    assert {around for number in folded for around in (lines[number - 1], lines[number + 1])} == {""}


@pytest.mark.parametrize("units", [40, 1500])
def test_the_chart_of_a_large_organization_stays_within_what_mermaid_draws(units: int) -> None:
    resources = organization()
    for number in range(units):
        resources[f"Unit{number}"] = unit(f"u{number}", None if number < 30 else f"Unit{number // 30 - 1}")
        resources[f"Account{number}"] = account(f"a{number}", f"a{number}@acme.com", f"Unit{number}")
    resources |= {f"More{number}": account(f"m{number}", f"m{number}@acme.com") for number in range(90)}
    shown = render_markdown(report_of({"Resources": resources}))
    (chart,) = re.findall(r"```mermaid\n(.*?)\n```", shown, re.DOTALL)
    assert chart.count(" --- ") < 500
    assert len(chart) < 50_000
    counted = re.findall(r'\["([\d,]+) accounts?(?: in [\d,]+ more units?)?"\]', chart)
    assert sum(int(each.replace(",", "")) for each in counted) == units + 90


def test_reads_an_assembly_or_template_files(tmp_path: Path) -> None:
    app = make_app(tmp_path / "cdk.out")
    ORGANIZATIONS["grown"](app)
    app.synth()
    of_assembly = run(tmp_path / "cdk.out")
    assert of_assembly.exit_code == 0
    assert of_assembly.output == render_text(report_of(template_of("grown")), 80)
    of_file = run(tmp_path / "cdk.out" / "OrgBaseline.template.json")
    assert of_file.output == of_assembly.output
    assert run("--stack", "OrgBaseline", tmp_path / "cdk.out").output == of_assembly.output


def test_reads_cdk_out_by_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = make_app(tmp_path / "cdk.out")
    ORGANIZATIONS["guide"](app)
    app.synth()
    monkeypatch.chdir(tmp_path)
    assert run().output.startswith("acme: 3 accounts, 1 person; dax@acme.com administers all of them.\n")


@pytest.mark.parametrize(
    ("arguments", "first"),
    [
        (["-o", "report.html"], "<!doctype html>"),
        (["-o", "report.md"], "# acme"),
        (["-o", "report.txt"], "acme: 3 accounts"),
        (["-o", "report.txt", "--format", "markdown"], "# acme"),
    ],
)
def test_writes_the_format_that_the_file_asks_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], first: str
) -> None:
    file = written(tmp_path, template_of("guide"))
    monkeypatch.chdir(tmp_path)
    result = run(file, *arguments)
    assert result.exit_code == 0
    assert result.output == f"Wrote {arguments[1]}\n"
    assert (tmp_path / arguments[1]).read_text(encoding="utf-8").startswith(first)


def test_prints_a_page_in_utf_8_whatever_the_terminal_takes(tmp_path: Path) -> None:
    file = written(tmp_path, {"Resources": {"Lou": user("雲"), "Set": permission_set("Set")}})
    printed = subprocess.run(  # noqa: S603 (ours)
        [sys.executable, "-m", "org_constructs", "report", str(file), "--format", "html"],
        env={"PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=True,
    ).stdout
    assert "雲" in printed.decode("utf-8")


def test_refuses_what_it_cannot_read_and_writes_nothing(tmp_path: Path) -> None:
    good = written(tmp_path, template_of("guide"))
    half = written(tmp_path, {"Resources": {"A": {"Type": "AWS::Organizations::Account"}}}, "half.json")
    nothing = written(tmp_path, {"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}, "nothing.json")
    by_parameter = {"Set": permission_set("Set"), "Lou": user("lou")}
    by_parameter["Of"] = assignment("Lou", "USER", "Set", {"Ref": "Parameter"})
    parameter = written(tmp_path, {"Resources": by_parameter}, "parameter.json")
    for arguments, code in (
        ([tmp_path / "missing"], "source-unknown"),
        ([tmp_path], "source-unknown"),
        ([half], "template-incomplete"),
        ([nothing], "organization-missing"),
        ([parameter], "reference-unknown"),
        ([tmp_path, good], "several-folders"),
        ([good, "--stack", "S"], "stack-of-file"),
        ([good, "--output", tmp_path / "no" / "where.html"], "file-unwritable"),
    ):
        result = run(*arguments, *([] if "--output" in arguments else ["--output", tmp_path / "out.html"]))
        assert_refused(result, code)
        assert result.output.count("\n") == 2  # the sentence and its code
        assert not (tmp_path / "out.html").exists()


def test_a_thousand_accounts_take_less_than_a_second_and_no_node(tmp_path: Path) -> None:
    file = written(tmp_path, large(accounts=1000))
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    code = (
        "import sys; from org_constructs.commands import main;"
        f"main(['report', {str(file)!r}, '-o', {str(tmp_path / 'report.html')!r}], standalone_mode=False);"
        "sys.exit('aws_cdk' in sys.modules or 'boto3' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)  # noqa: S603 (ours)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    # Of the process alone, however busy the machine is.
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 1


def test_words_of_text_reports() -> None:
    assert [count(number, "person", "people") for number in (0, 1, 1000)] == ["0 people", "1 person", "1,000 people"]
    assert [in_a_line("abc", size) for size in (2, 3)] == ["a … and 2 more", "a, b, c"]
    assert visible("Ünïcode 雲") == "Ünïcode 雲"
    assert visible("a\x1b\u202e\ud800b") == r"a\u001b\u202e\ud800b"
    assert all(visible(name).isprintable() for name in HOSTILE_NAMES)
