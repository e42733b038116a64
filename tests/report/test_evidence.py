"""What somebody signs after a review of who has access: the rows, the controls, the page, and the command."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import os
import random
import re
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from click.testing import CliRunner

from browser import chromium
from cloud_assembly import baseline, stack, write_assembly
from org_constructs.aws.cis_benchmark import TITLES
from org_constructs.commands import main
from org_constructs.live.control_answers import Answer, ControlAnswers
from org_constructs.report.evidence.access_review import access_rows, render_csv
from org_constructs.report.evidence.controls import judge
from org_constructs.report.evidence.evidence import evidence
from org_constructs.report.evidence.reviewed import Reviewed
from org_constructs.templates.access import effective_access
from org_constructs.templates.description import (
    MANAGEMENT,
    ROOT,
    Account,
    Assignment,
    DelegatedAdministrator,
    Description,
    Entitlement,
    Group,
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
from org_constructs.templates.metadata import AlternateContact, BaselineMetadata
from org_constructs.templates.values import Values
from organizations import ORGANIZATIONS, template_of
from plain_organizations import hostile, large
from refusals import assert_refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from click.testing import Result

    from org_constructs.report.evidence.control import Control

DENY: Final = {"Statement": [{"Effect": "Deny", "Action": "iam:CreateUser", "Resource": "*"}]}
HAND: Final = Origin(whence=Whence.HAND)
APP: Final = Origin(whence=Whence.APP, stack="OrgBaseline", logical_id="Made")
REVIEWED: Final = Reviewed(source="the templates in cdk.out", date="2026-11-26")


def description(**parts: Any) -> Description:
    """An organization of two member accounts in units, with a guardrail, of which dax administers one."""
    given: dict[str, Any] = {
        "accounts": {
            MANAGEMENT: Account(key=MANAGEMENT, name="acme", parent=ROOT, account_id="111122223333"),
            "444455556666": Account(key="444455556666", name="acme-dev", parent="ou-dev", account_id="444455556666"),
            "777788889999": Account(key="777788889999", name="acme-shop", parent="ou-shop", account_id="777788889999"),
        },
        "organizational_units": {
            "ou-dev": OrganizationalUnit(key="ou-dev", name="dev", parent=ROOT),
            "ou-shop": OrganizationalUnit(key="ou-shop", name="shop", parent=ROOT),
        },
        "users": {"u-dax": User(key="u-dax", name="dax@acme.com", display_name="Dax Acme", emails=("dax@acme.com",))},
        "groups": {"g-admins": Group(key="g-admins", name="Admins", members=("u-dax",))},
        "permission_sets": {
            "ps-admin": PermissionSet(
                key="ps-admin",
                name="Administrator",
                properties={"ManagedPolicies": ["arn:aws:iam::aws:policy/AdministratorAccess"]},
            ),
        },
        "policies": {
            "p-deny": Policy(
                key="p-deny", name="guardrails", type="SERVICE_CONTROL_POLICY", content=DENY, targets=(ROOT,)
            )
        },
        "assignments": (Assignment(account="444455556666", permission_set="ps-admin", principal="g-admins"),),
        "metadata": BaselineMetadata(company="acme"),
        "values": Values({}),
    }
    return Description(**{**given, **parts})


def live(**parts: Any) -> Live:
    given: dict[str, Any] = {
        "read_at": "2026-11-26T18:30:05Z",
        "region": "us-east-1",
        "organization_id": "o-1111111111",
        "management_account_id": "111122223333",
        "feature_set": "ALL",
        "policy_types": ("SERVICE_CONTROL_POLICY",),
        "trusted_services": (),
        "delegated_administrators": (),
        "aws_policies": {},
        "entitlements": (),
        "instances": (),
        "stacks": {},
        "unread": (),
    }
    return Live(**{**given, **parts})


def answers(**parts: Any) -> ControlAnswers:
    given: dict[str, Any] = {
        "caller": "arn:aws:iam::111122223333:user/kim",
        "root_access": Answer(call="iam:ListOrganizationsFeatures", content={"EnabledFeatures": []}),
        "delegation": Answer(call="organizations:DescribeResourcePolicy", error="ResourcePolicyNotFoundException"),
        "security_contacts": {},
    }
    return ControlAnswers(**{**given, **parts})


def control(control_id: str, *given: Any) -> Control:
    [found] = [each for each in judge(*given) if each.id == control_id]
    return found


def read_csv(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True))


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["report", *map(str, arguments)])


@pytest.fixture
def assembly(tmp_path: Path) -> Path:
    return write_assembly(tmp_path / "cdk.out", {"OrgBaseline": stack(baseline())})


class TestRows:
    @pytest.mark.parametrize("name", ORGANIZATIONS)
    def test_are_the_statements_of_who_has_what(self, name: str) -> None:
        described = describe({"S": template_of(name)})
        rows = read_csv(render_csv(access_rows(described)))
        assert {
            (row["person"], row["permission set"], row["account"].replace(" (management account)", ""), row["through"])
            for row in rows
            if row["kind"] == "person"
        } == {
            (str(each.who), str(each.permission_set), str(each.account), str(each.through or "directly"))
            for each in effective_access(described)
            if not each.everybody
        }

    def test_say_who_somebody_is_and_whence_it_comes(self) -> None:
        groups = {"g-admins": Group(key="g-admins", name="Admins", members=("u-dax",), member_origins={"u-dax": HAND})}
        given = Assignment(account=MANAGEMENT, permission_set="ps-admin", principal="g-admins", origin=APP)
        [row] = read_csv(render_csv(access_rows(description(groups=groups, assignments=(given,)))))
        assert row == {
            "row": "1",
            "person": "dax@acme.com",
            "display name": "Dax Acme",
            "email": "dax@acme.com",
            "person id": "u-dax",
            "kind": "person",
            "account": "acme (management account)",
            "account id": "111122223333",
            "permission set": "Administrator",
            "permission set id": "ps-admin",
            "through": "Admins",
            "group id": "g-admins",
            "administers": "yes",
            "time": "",
            "origin": "this app",
            "origin of membership": "by hand",
            "keep or remove": "",
            "why": "",
        }

    @pytest.mark.parametrize(
        ("date", "time", "administers"),
        [
            ("2026-12-31", "until 2026-12-31 18:00 UTC", "yes"),
            ("2026-12-31T17:59:59Z", "until 2026-12-31 18:00 UTC", "yes"),
            ("2026-12-31T18:00:00Z", "ended 2026-12-31 18:00 UTC", "no"),
            ("2027-01-01", "ended 2026-12-31 18:00 UTC", "no"),
        ],
    )
    def test_say_by_the_date_until_when_access_is(self, date: str, time: str, administers: str) -> None:
        condition = {"DateGreaterThanEquals": {"aws:CurrentTime": "2026-12-31T18:00:00Z"}}
        denial = {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": condition}
        [admin] = description().permission_sets.values()
        ending = replace(admin, properties={**admin.properties, "InlinePolicy": json.dumps({"Statement": [denial]})})
        files = evidence(description(permission_sets={"ps-admin": ending}), replace(REVIEWED, date=date))
        [row] = read_csv(files[f"access-review-{date[:10]}.csv"].decode())
        assert (row["time"], row["administers"]) == (time, administers)
        page = files[f"sign-off-{date[:10]}.html"].decode()
        assert ("Nobody administers anything." in page) == (administers == "no")
        assert f"<dt>Administer</dt><dd>{int(administers == 'yes')}</dd>" in page

    def test_of_templates_have_the_people_s_names_and_addresses(self) -> None:
        [first, *_] = access_rows(describe({"S": {"Resources": baseline()}}))
        assert (first.display_name, first.email) == ("Dax Raad", "dax@acme.com")

    def test_of_custom_users_have_the_people_s_names_and_addresses(self) -> None:
        create = {"parameters": {"UserName": "kim", "DisplayName": "Kim", "Emails": [{"Value": "kim@acme.com"}]}}
        users = {"Kim": {"Type": "Custom::IdentityStoreUser", "Properties": {"Create": json.dumps(create)}}}
        [kim] = describe({"S": {"Resources": users}}).users.values()
        assert (kim.name, kim.display_name, kim.emails) == ("kim", "Kim", ("kim@acme.com",))

    @pytest.mark.parametrize(
        ("group", "kind", "person"),
        [
            (Group(key="g-admins", name="Admins", only_named=True), "everybody in the group", "Admins"),
            (Group(key="g-admins", name="Admins"), "nobody yet", ""),
        ],
    )
    def test_keep_groups_whose_members_are_not_known_or_none(self, group: Group, kind: str, person: str) -> None:
        [row] = access_rows(description(groups={"g-admins": group}))
        assert (row.kind, row.person, row.person_id, row.through) == (kind, person, "", "Admins")

    def test_have_what_account_access_manager_gives(self) -> None:
        role = "arn:aws:iam::777788889999:role/ops/Break"
        given = Entitlement(id="e-1", principal="u-dax", account="777788889999", role_arn=role, origin=HAND)
        [row] = access_rows(description(assignments=(), live=live(entitlements=(given,))))
        assert (row.person, row.permission_set, row.permission_set_id) == ("dax@acme.com", "role Break", role)
        assert (row.administers, row.through, row.origin) == ("unknown", "directly", "by hand")

    def test_name_somebody_by_an_id_whom_aws_does_not_list(self) -> None:
        given = Entitlement(id="e-1", principal="u-gone", account=MANAGEMENT, role_arn="arn:x/Break", origin=HAND)
        [row] = access_rows(description(assignments=(), live=live(entitlements=(given,))))
        assert (row.kind, row.person, row.person_id, row.email) == ("person", "u-gone", "u-gone", "")

    @pytest.mark.parametrize(("state", "said"), [("CLOSED", "closed"), ("SUSPENDED", "restricted by AWS")])
    def test_say_that_nobody_can_use_an_account(self, state: str, said: str) -> None:
        shut = Account(key="444455556666", name="acme-dev", account_id="444455556666", state=state)
        [row] = access_rows(description(accounts={"444455556666": shut}))
        assert row.account == f"acme-dev ({said})"

    def test_do_not_depend_on_the_order_of_the_templates(self) -> None:
        template = large(accounts=6, people=12)
        resources = list(template["Resources"].items())
        before = render_csv(access_rows(describe({"S": template})))
        random.Random(1).shuffle(resources)  # noqa: S311 (a test)
        assert render_csv(access_rows(describe({"S": {"Resources": dict(resources)}}))) == before
        people = [row["person"] for row in read_csv(before)]
        assert people == sorted(people)


class TestCsv:
    def test_is_as_rfc_4180_has_it(self) -> None:
        text = render_csv(access_rows(describe({"S": large(accounts=6, people=12)})))
        assert text.isascii()
        lines = text.split("\r\n")
        assert lines.pop() == ""
        assert all(re.fullmatch(r'"([^"]|"")*"(,"([^"]|"")*")*', line) for line in lines)
        assert len({len(next(csv.reader([line], strict=True))) for line in lines}) == 1

    @pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\uff1d", " =", "\u00a0+"], ids=ascii)
    def test_has_no_formula(self, begin: str) -> None:
        name = f'{begin}HYPERLINK("http://x")'
        users = {"u-dax": User(key="u-dax", name=name, display_name=name, emails=(name,))}
        [row] = read_csv(render_csv(access_rows(description(users=users))))
        assert {row["person"], row["display name"], row["email"]} == {f"'{name}"}

    def test_has_no_cell_that_breaks_out_of_its_place(self) -> None:
        described = describe({"S": hostile()})
        rows = access_rows(described)
        text = render_csv(rows)
        assert text.count("\r\n") == text.count("\n") == len(rows) + 1
        assert all(len(row) == 18 and None not in row.values() for row in read_csv(text))
        assert not re.search(r"[\x00-\x09\x0b\x0c\x0e-\x1f\u2028\u202e]", text)

    def test_tells_excel_its_encoding_where_that_matters(self) -> None:
        users = {"u-dax": User(key="u-dax", name="d\u00e4x")}
        assert render_csv(access_rows(description(users=users))).startswith('\ufeff"row","person"')
        assert render_csv(access_rows(description())).startswith('"row"')


class TestControls:
    @pytest.mark.parametrize(
        "given", [(description(),), (description(live=live()), answers())], ids=["templates", "AWS"]
    )
    def test_are_those_of_the_benchmark_in_its_order(self, given: Any) -> None:
        assert [each.id for each in judge(*given)] == list(TITLES)

    def test_rest_on_what_aws_answered(self) -> None:
        for each in judge(description(live=live()), answers()):
            if each.verdict in {"pass", "fail"}:
                assert each.asked, each.id
                assert all(re.fullmatch(r"[a-z-]+:\w+(, [a-z-]+:\w+)*", one.source) for one in each.asked), each.id

    @pytest.mark.parametrize(
        ("content", "error", "verdict"),
        [
            (["RootCredentialsManagement", "RootSessions"], "", "pass"),
            (["RootCredentialsManagement"], "", "pass"),
            (["RootSessions"], "", "fail"),
            ([], "", "fail"),
            (None, "ServiceAccessNotEnabledException", "fail"),
            (None, "OrganizationNotInAllFeaturesModeException", "fail"),
            (None, "OrganizationNotFoundException", "cannot tell"),
            (None, "AccessDenied", "cannot tell"),
            (None, "AccountNotManagementOrDelegatedAdministratorException", "cannot tell"),
        ],
    )
    def test_of_root_users_are_the_features_of_iam(self, content: Any, error: str, verdict: str) -> None:
        answer = Answer(call="iam:ListOrganizationsFeatures", content={"EnabledFeatures": content}, error=error)
        found = control("2.1.1", description(live=live()), answers(root_access=answer))
        assert found.verdict == verdict
        assert found.asked[0].answer == ({"Error": error} if error else {"EnabledFeatures": content})
        assert ("iam:ListOrganizationsFeatures" in found.why) == (verdict == "cannot tell")

    def test_of_root_users_are_not_told_by_what_is_declared(self) -> None:
        found = control("2.1.1", replace(description(), metadata=BaselineMetadata(root_access=True)))
        assert found.verdict == "cannot tell"
        assert [each.source for each in found.asked] == ["Metadata.OrgBaseline.RootAccess"]
        assert control("2.1.1", description()).asked == ()

    def test_of_services_are_not_told_by_what_is_declared(self) -> None:
        declared = BaselineMetadata(delegated_administrators={"guardduty.amazonaws.com": ("security",)})
        found = control("2.1.6", replace(description(), metadata=declared))
        assert found.verdict == "cannot tell"
        assert found.asked[0].answer == {"guardduty.amazonaws.com": ["security"]}

    @pytest.mark.parametrize("is_live", [True, False])
    def test_of_guardrails_pass_where_each_account_has_one(self, *, is_live: bool) -> None:
        found = control("2.1.2", description(live=live() if is_live else None))
        assert found.verdict == "pass"
        assert found.asked[0].answer == {"444455556666": ["guardrails"], "777788889999": ["guardrails"]}
        assert found.confirm

    @pytest.mark.parametrize(("is_live", "verdict"), [(True, "fail"), (False, "cannot tell")])
    @pytest.mark.parametrize(
        "policy",
        [
            {"targets": ("ou-dev",)},
            {"content": {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}},
            {"type": "TAG_POLICY"},
        ],
        ids=["elsewhere", "allows", "of another type"],
    )
    def test_of_guardrails_name_the_account_without_one(
        self, policy: dict[str, Any], verdict: str, *, is_live: bool
    ) -> None:
        policies = {"p-deny": replace(description().policies["p-deny"], **policy)}
        found = control("2.1.2", description(policies=policies, live=live() if is_live else None))
        assert found.verdict == verdict
        assert "acme-shop" in found.why

    def test_of_guardrails_leave_closed_accounts_out(self) -> None:
        shut = replace(description().accounts["777788889999"], state="CLOSED", parent=ROOT)
        accounts = {**description().accounts, "777788889999": shut}
        policies = {"p-deny": replace(description().policies["p-deny"], targets=("ou-dev",))}
        given = description(accounts=accounts, policies=policies, live=live())
        assert control("2.1.2", given).verdict == "pass"
        assert control("2.1.4", given).verdict == "manual"

    @pytest.mark.parametrize(
        ("control_id", "action"),
        [
            ("2.1.2", "organizations:DescribeOrganization"),
            ("2.1.2", "organizations:ListTargetsForPolicy"),
            ("2.1.4", "organizations:ListAccounts"),
            ("2.1.6", "organizations:DescribeOrganization"),
            ("2.1.6", "organizations:ListDelegatedAdministrators"),
            ("2.3", "organizations:ListAccounts"),
            ("2.20", "sso:ListInstances"),
            ("2.20", "sso:ListManagedPoliciesInPermissionSet"),
        ],
    )
    def test_that_aws_would_not_tell_pass_for_nothing(self, control_id: str, action: str) -> None:
        unread = (Unread(action=action, what="something", why="AccessDeniedException"),)
        found = control(control_id, description(live=live(unread=unread)), answers())
        assert found.verdict == "cannot tell"
        assert action in found.why
        assert control(control_id, description(live=live()), answers()).verdict != "cannot tell"

    @pytest.mark.parametrize(
        ("control_id", "action"),
        [
            ("2.1.3", "sso:ListAccountAssignmentsForPrincipal"),
            ("2.1.3", "sso:ListInstances"),
            ("2.19", "identitystore:ListUsers"),
        ],
    )
    def test_that_a_person_judges_count_nobody_whom_aws_would_not_tell(self, control_id: str, action: str) -> None:
        unread = (Unread(action=action, what="something", why="AccessDeniedException"),)
        found = control(control_id, description(assignments=(), users={}, groups={}, live=live(unread=unread)))
        assert (found.verdict, action in found.why) == ("manual", True)
        assert "Nobody" not in found.why
        assert "0 people" not in found.why

    @pytest.mark.parametrize(("kind", "verdict"), [("SERVICE_CONTROL_POLICY", "cannot tell"), ("S3_POLICY", "pass")])
    def test_of_guardrails_do_not_need_types_of_policies_that_are_none(self, kind: str, verdict: str) -> None:
        unread = (
            Unread(action="organizations:ListPolicies", what="policies", why="InvalidInputException", of=(kind,)),
        )
        assert control("2.1.2", description(live=live(unread=unread))).verdict == verdict

    def test_without_an_organization_are_told_of_none(self) -> None:
        given = description(
            accounts={}, organizational_units={}, policies={}, assignments=(), live=live(organization_id=None)
        )
        told = {each.id: each for each in judge(given, answers())}
        assert {told[each].verdict for each in ("2.1.2", "2.1.4", "2.1.6")} == {"cannot tell"}
        alone = description(accounts={}, assignments=(), live=live())
        assert control("2.1.2", alone).verdict == "pass"

    def test_of_cloud_shell_name_permission_sets_that_are_only_named(self) -> None:
        sets = {"ps-admin": PermissionSet(key="ps-admin", name="Elsewhere", only_named=True)}
        assert "Elsewhere" in control("2.20", description(permission_sets=sets)).why
        assert "Elsewhere" not in control("2.20", description(permission_sets=sets, assignments=())).why

    def test_of_the_management_account_count_who_has_access_to_it(self) -> None:
        given = (Assignment(account=MANAGEMENT, permission_set="ps-admin", principal="g-admins"),)
        assert control("2.1.3", description(assignments=given)).asked[0].answer == ["dax@acme.com"]
        assert control("2.1.3", description()).asked[0].answer == []
        assert control("2.1.3", description()).verdict == "manual"

    @pytest.mark.parametrize(("parent", "verdict"), [(ROOT, "fail"), (None, "cannot tell"), ("ou-shop", "manual")])
    def test_of_units_look_at_where_accounts_are(self, parent: str | None, verdict: str) -> None:
        moved = replace(description().accounts["777788889999"], parent=parent)
        found = control("2.1.4", description(accounts={**description().accounts, "777788889999": moved}))
        assert found.verdict == verdict
        assert ("acme-shop" in found.why) == (verdict != "manual")

    @pytest.mark.parametrize(
        ("statement", "verdict", "named"),
        [
            (
                {"Principal": {"AWS": "arn:aws:iam::777788889999:root"}, "Action": "organizations:*"},
                "pass",
                "acme-shop",
            ),
            ({"Principal": {"AWS": ["777788889999"]}, "Action": ["organizations:AttachPolicy"]}, "pass", "acme-shop"),
            ({"Principal": {"AWS": "777788889999"}, "Action": "organizations:ListPolicies"}, "fail", ""),
            ({"Principal": {"AWS": "111122223333"}, "Action": "organizations:*"}, "fail", ""),
            ({"Principal": "*", "Action": "organizations:UpdatePolicy"}, "fail", "every account"),
            ({"Effect": "Deny", "Principal": {"AWS": "777788889999"}, "Action": "organizations:*"}, "fail", ""),
        ],
    )
    def test_of_policies_read_the_organization_s_resource_policy(
        self, statement: dict[str, Any], verdict: str, named: str
    ) -> None:
        policy = {"Statement": [{"Effect": "Allow", "Resource": "*", **statement}]}
        delegation = Answer(call="organizations:DescribeResourcePolicy", content=policy)
        found = control("2.1.5", description(live=live()), answers(delegation=delegation))
        assert found.verdict == verdict
        assert named in found.why
        assert found.asked[0].answer == policy

    def test_of_policies_read_the_resource_policy_of_templates(self) -> None:
        statement = {"Effect": "Allow", "Principal": {"AWS": "777788889999"}, "Action": "organizations:*"}
        resource = {
            "Type": "AWS::Organizations::ResourcePolicy",
            "Properties": {"Content": {"Statement": [statement]}},
        }
        of_templates = describe({"S": {"Resources": {"Delegation": resource}}}).resource_policies
        assert control("2.1.5", description(resource_policies=of_templates)).verdict == "pass"
        assert control("2.1.5", description()).verdict == "cannot tell"

    @pytest.mark.parametrize(
        ("error", "verdict"), [("ResourcePolicyNotFoundException", "fail"), ("AccessDeniedException", "cannot tell")]
    )
    def test_of_policies_tell_none_from_not_seen(self, error: str, verdict: str) -> None:
        delegation = Answer(call="organizations:DescribeResourcePolicy", error=error)
        assert control("2.1.5", description(live=live()), answers(delegation=delegation)).verdict == verdict

    @pytest.mark.parametrize(
        ("trusted", "delegated", "verdict"),
        [
            ((), (), "pass"),
            (("guardduty.amazonaws.com",), ("guardduty.amazonaws.com",), "pass"),
            (("guardduty.amazonaws.com", "sso.amazonaws.com"), ("guardduty.amazonaws.com",), "fail"),
            (("securitylake.amazonaws.com",), (), "fail"),
            (("ram.amazonaws.com",), (), "manual"),
        ],
    )
    def test_of_services_want_a_delegated_administrator(
        self, trusted: Sequence[str], delegated: Sequence[str], verdict: str
    ) -> None:
        administrators = (
            (DelegatedAdministrator(account="777788889999", services=tuple(delegated)),) if delegated else ()
        )
        asked = live(trusted_services=tuple(trusted), delegated_administrators=administrators)
        found = control("2.1.6", description(live=asked))
        assert found.verdict == verdict
        missing = set(trusted) - set(delegated)
        assert all(each in found.why for each in missing)

    @pytest.mark.parametrize(
        ("errors", "verdict", "named"),
        [
            (("", ""), "pass", "2 accounts"),
            (("", "ResourceNotFoundException"), "fail", "acme-shop"),
            (("AccessDeniedException", "ResourceNotFoundException"), "fail", "acme-shop"),
            (("", "AccessDeniedException"), "cannot tell", "acme-shop"),
        ],
    )
    def test_of_security_contacts_look_at_each_account(self, errors: Sequence[str], verdict: str, named: str) -> None:
        contact = {"Name": "Kim", "EmailAddress": "security@acme.com"}
        contacts = {
            account: Answer(call="account:GetAlternateContact", content=None if error else contact, error=error)
            for account, error in zip(("444455556666", "777788889999"), errors, strict=True)
        }
        found = control("2.3", description(live=live()), answers(security_contacts=contacts))
        assert found.verdict == verdict
        assert named in found.why
        assert found.asked[0].answer == {
            account: {"Error": each.error} if each.error else contact for account, each in contacts.items()
        }

    def test_of_security_contacts_say_what_the_app_declares(self) -> None:
        contact = AlternateContact(
            type="SECURITY",
            name="Kim",
            title="CISO",
            email_address="security@acme.com",
            phone_number="+1 555 0100",
            accounts=("dev", "management"),
        )
        declared = (contact, replace(contact, type="BILLING", accounts=("production",)))
        found = control("2.3", description(metadata=BaselineMetadata(alternate_contacts=declared)))
        assert found.verdict == "cannot tell"
        assert found.asked[0].answer == ["dev", "management"]
        assert "dev, management" in found.why

    @pytest.mark.parametrize(("assigned", "verdict"), [(True, "fail"), (False, "manual")])
    def test_of_cloud_shell_look_at_permission_sets(self, verdict: str, *, assigned: bool) -> None:
        shell = PermissionSet(
            key="ps-shell",
            name="Shell",
            properties={"ManagedPolicies": ["arn:aws:iam::aws:policy/AWSCloudShellFullAccess"]},
        )
        given = Assignment(account=MANAGEMENT, permission_set="ps-shell", principal="u-dax")
        found = control(
            "2.20",
            description(
                permission_sets={**description().permission_sets, "ps-shell": shell},
                assignments=(given,) if assigned else (),
            ),
        )
        assert found.verdict == verdict
        assert found.asked[0].answer == {"PermissionSets": ["Shell"]}

    def test_that_nobody_asked_aws_about_say_so(self) -> None:
        for control_id in ("2.1.1", "2.1.6", "2.3"):
            assert control(control_id, description()).verdict == "cannot tell"
        saved = judge(description(live=live()))
        assert [each.id for each in saved if "saved description" in each.why] == ["2.1.1", "2.1.5", "2.3"]


class TestPage:
    def test_has_the_sums_of_the_other_files(self) -> None:
        files = dict(evidence(description(), REVIEWED))
        page = files["sign-off-2026-11-26.html"].decode()
        assert sorted(files) == [
            "SHA256SUMS",
            "access-review-2026-11-26.csv",
            "controls-2026-11-26.json",
            "sign-off-2026-11-26.html",
        ]
        for name in ("access-review-2026-11-26.csv", "controls-2026-11-26.json"):
            assert f'<th scope="row">{name}</th><td>{hashlib.sha256(files[name]).hexdigest()}</td>' in page
        sums = files.pop("SHA256SUMS").decode()
        assert sums == "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in files.items())

    def test_has_everything_that_controls_say(self) -> None:
        files = evidence(description(live=live()), REVIEWED, answers())
        told = json.loads(files["controls-2026-11-26.json"])
        page = unescape(files["sign-off-2026-11-26.html"].decode())
        assert (told["benchmark"], told["version"]) == ("CIS Amazon Web Services Foundations Benchmark", "7.0.0")
        for each in told["controls"]:
            assert f"<b>{each['title']}</b><br>{each['why']}</td>" in page
        assert "3 pass, 2 fail, 6 manual" in page

    def test_counts_and_names_administrators(self) -> None:
        people = {f"u-{number}": User(key=f"u-{number}", name=f"person-{number:02}@acme.com") for number in range(20)}
        groups = {"g-admins": Group(key="g-admins", name="Admins", members=tuple(list(people)[:14]))}
        given = description(users=people, groups=groups, live=live())
        page = evidence(given, REVIEWED, answers())["sign-off-2026-11-26.html"].decode()
        for name, number in (("People", 20), ("With access", 14), ("Administer", 14), ("Rows to decide on", 14)):
            assert f"<dt>{name}</dt><dd>{number}</dd>" in page
        assert page.count("through group Admins") == 12
        assert "and 2 more, in the table of access" in page

    def test_keeps_the_ways_of_an_administrator_apart(self) -> None:
        shown = description(live=live())
        [through_group] = shown.assignments
        directly = replace(through_group, principal="u-dax", origin=HAND)
        given = replace(shown, assignments=(through_group, directly))
        page = evidence(given, REVIEWED, answers())["sign-off-2026-11-26.html"].decode()
        assert "<td>directly, by hand; through group Admins</td>" in page

    @pytest.mark.parametrize(
        ("given", "said"),
        [
            (description(), "AWS was not asked"),
            (
                description(live=live(unread=(Unread(action="sso:X", what="who has access", why="AccessDenied"),))),
                "AWS did not tell who has access (sso:X: AccessDenied).",
            ),
        ],
        ids=["templates", "unread"],
    )
    def test_says_what_it_cannot_know(self, given: Description, said: str) -> None:
        page = evidence(given, REVIEWED)["sign-off-2026-11-26.html"].decode()
        assert said in page
        assert said not in evidence(description(live=live()), REVIEWED)["sign-off-2026-11-26.html"].decode()

    def test_says_the_revision_and_that_templates_are_old(self) -> None:
        given = replace(
            REVIEWED,
            asked_with="arn:aws:iam::111122223333:user/kim",
            revision="403c0fc1d2e3",
            stale="cdk.out is older than app.py",
            date="2026-11-26T18:30:05Z",
        )
        page = evidence(description(), given)["sign-off-2026-11-26.html"].decode()
        for said in ("403c0fc1d2e3", "cdk.out is older than app.py.", "2026-11-26 18:30 UTC", "kim</dd>"):
            assert said in page

    def test_names_nobody_as_an_administrator_who_is_none(self) -> None:
        sets = {"ps-admin": PermissionSet(key="ps-admin", name="ReadOnly", properties={"ManagedPolicies": []})}
        page = evidence(description(permission_sets=sets), REVIEWED)["sign-off-2026-11-26.html"].decode()
        assert "Nobody administers anything." in page
        assert "<dt>Administer</dt><dd>0</dd>" in page

    def test_has_no_name_as_markup_and_lets_nothing_in(self) -> None:
        given = replace(REVIEWED, source="<img src=a>", stale="<img src=b>", revision="<img src=c>")
        in_no_unit = Account(key="777788889999", name="<img src=d>", parent=ROOT)
        shown = description(accounts={"777788889999": in_no_unit, **describe({"S": hostile()}).accounts})
        hostile_page = evidence(describe({"S": hostile()}), given)["sign-off-2026-11-26.html"].decode()
        page = evidence(replace(shown, assignments=()), given)["sign-off-2026-11-26.html"].decode()
        assert "&lt;img src=d&gt;" in page
        assert not re.search(r"<(script|img)", page + hostile_page)
        style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
        assert style
        digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
        assert f"default-src 'none'; style-src 'sha256-{digest}'" in page

    @pytest.mark.parametrize(
        "given", [(description(),), (description(live=live()), answers())], ids=["templates", "AWS"]
    )
    def test_of_a_small_organization_is_two_printed_pages(self, given: Any, tmp_path: Path) -> None:
        described, *answered = given
        file = tmp_path / "page.html"
        file.write_bytes(evidence(described, REVIEWED, *answered)["sign-off-2026-11-26.html"])
        with chromium() as chrome:
            chrome.get(file.as_uri())
            assert chrome.get_log("browser") == []  # type: ignore[no-untyped-call] # Selenium's, untyped
            for paper in ({"paperWidth": 8.27, "paperHeight": 11.69}, {"paperWidth": 8.5, "paperHeight": 11}):
                printed = chrome.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True, **paper})
                assert len(re.findall(rb"/Type\s*/Page\b", base64.b64decode(printed["data"]))) == 2


class TestCommand:
    def test_writes_the_files_and_says_so(self, assembly: Path, tmp_path: Path) -> None:
        folder = tmp_path / "review"
        result = run(assembly, "--evidence", folder, "--date", "2026-11-26")
        assert (result.exit_code, result.stdout) == (0, "")
        names = sorted(path.name for path in folder.iterdir())
        assert names == sorted(evidence(description(), REVIEWED))
        assert all(name in result.stderr for name in names)
        assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".review")] == []

    def test_writes_the_same_bytes_again_and_fills_an_empty_folder(self, assembly: Path, tmp_path: Path) -> None:
        contents = []
        for name in ("one", "two"):
            (tmp_path / name).mkdir()
            assert run(assembly, "--evidence", tmp_path / name).exit_code == 0
            contents.append({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()})
        assert contents[0] == contents[1]
        assert len(contents[0]) == 4

    def test_takes_the_date_of_the_assembly(self, assembly: Path, tmp_path: Path) -> None:
        os.utime(assembly / "manifest.json", (1_700_000_000, 1_700_000_000))
        assert run(assembly, "--evidence", tmp_path / "review").exit_code == 0
        assert "2023-11-14 22:13 UTC" in (tmp_path / "review" / "sign-off-2023-11-14.html").read_text("utf-8")

    def test_takes_the_date_of_source_date_epoch_and_before_it_one_that_is_given(
        self, assembly: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
        run(assembly, "--evidence", tmp_path / "epoch")
        assert (tmp_path / "epoch" / "sign-off-1970-01-02.html").is_file()
        run(assembly, "--evidence", tmp_path / "given", "--date", "2026-11-26T18:30:05Z")
        assert (tmp_path / "given" / "sign-off-2026-11-26.html").is_file()

    @pytest.mark.parametrize("date", ["26.11.2026", "2026-02-30", "2026-11-26T18:30", "../../x", ""])
    def test_refuses_what_is_no_date(self, date: str, assembly: Path, tmp_path: Path) -> None:
        assert_refused(run(assembly, "--evidence", tmp_path / "review", "--date", date), "date-form", repr(date))
        assert not (tmp_path / "review").exists()

    @pytest.mark.parametrize("epoch", ["soon", "99999999999999999999"])
    def test_refuses_an_epoch_that_is_none(
        self, epoch: str, assembly: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
        assert_refused(run(assembly, "--evidence", tmp_path / "review"), "date-form", repr(epoch))

    def test_refuses_a_folder_that_has_something(self, assembly: Path, tmp_path: Path) -> None:
        (tmp_path / "review").mkdir()
        (tmp_path / "review" / "notes.txt").write_text("mine", encoding="utf-8")
        result = run(assembly, "--evidence", tmp_path / "review")
        assert_refused(result, "evidence-folder-not-empty", str(tmp_path / "review"), "notes.txt")
        assert [path.name for path in (tmp_path / "review").iterdir()] == ["notes.txt"]

    @pytest.mark.parametrize("place", ["file", "file/inside", "nowhere/inside"])
    def test_refuses_what_cannot_be_written(self, place: str, assembly: Path, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("mine", encoding="utf-8")
        assert_refused(run(assembly, "--evidence", tmp_path / place), "file-unwritable", str(tmp_path / place))
        assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"

    def test_leaves_nothing_where_it_cannot_write_all(
        self, assembly: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write = Path.write_bytes

        def fails(path: Path, content: bytes) -> int:
            if path.suffix == ".html":
                raise OSError(28, "No space left on device")
            return write(path, content)

        monkeypatch.setattr(Path, "write_bytes", fails)
        result = run(assembly, "--evidence", tmp_path / "review")
        assert_refused(result, "file-unwritable", str(tmp_path / "review"), "No space left on device")
        assert [path.name for path in tmp_path.iterdir()] == ["cdk.out"]

    @pytest.mark.parametrize(
        ("options", "code"),
        [
            (("--evidence", "review", "--format", "html"), "options-together"),
            (("--evidence", "review", "--output", "x.md"), "options-together"),
            (("--date", "2026-11-26"), "date-alone"),
        ],
    )
    def test_refuses_options_that_do_not_go_together(
        self, options: Sequence[str], code: str, assembly: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        assert_refused(run(assembly, *options), code)
        assert [path.name for path in tmp_path.iterdir()] == ["cdk.out"]
