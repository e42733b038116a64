"""`budgets` of `OrgBaseline`, and what the commands make of them."""

from __future__ import annotations

import json
import shlex
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk.assertions import Template
from click.testing import CliRunner

from cloud_assembly import stack, write_assembly
from in_process import local_aws
from made_by_hand import INSTANCE, MANAGEMENT, STORE
from org_constructs import AccountProps, BudgetsProps, OrgBaseline
from org_constructs.app_code.organization import arguments_of
from org_constructs.commands import main
from org_constructs.live.description import describe_live
from org_constructs.live.organization import LiveOrganization
from org_constructs.matching import Matcher, State
from org_constructs.rehearsal.local_aws import Existing, LocalAws
from org_constructs.rehearsal.names import Names
from org_constructs.templates.assembly import read_stacks
from org_constructs.templates.description import Whence, describe
from organizations import ENV, guide, make_app, template_of
from refusals import refuses

if TYPE_CHECKING:
    from collections.abc import Iterator

    import aws_cdk as cdk
    from click.testing import Result

BUDGET = "AWS::Budgets::Budget"
BUDGETS = BudgetsProps(emails=["dax@acme.com"], organization=500, each_account=50, accounts={"production": 200.5})


def baseline(app: cdk.App, budgets: BudgetsProps = BUDGETS, **options: Any) -> OrgBaseline:
    """The guide's organization with budgets, and without people."""
    return OrgBaseline(
        app, "OrgBaseline", **{"env": ENV, "company": "acme", "email": "aws@acme.com", "budgets": budgets, **options}
    )


@cache
def resources() -> dict[str, Any]:
    """The budgets of the template, synthesized once; nobody changes them."""
    return dict(Template.from_stack(baseline(make_app())).find_resources(BUDGET))


def with_budgets(limit: float | None = None) -> dict[str, Any]:
    """The guide's template with the budgets in it, and with another limit of the account dev."""
    template = deepcopy(template_of("guide"))
    template["Resources"] |= deepcopy(resources())
    if limit is not None:
        of_dev(template)["Properties"]["Budget"]["BudgetLimit"]["Amount"] = limit
    return template


def of_dev(template: dict[str, Any]) -> dict[str, Any]:
    [found] = [each for name, each in template["Resources"].items() if name.startswith("Budgetsdev")]
    return dict(found)


def test_each_account_has_one_and_all_together_have_one() -> None:
    limits = {
        each["Properties"]["Budget"]["BudgetName"].rpartition("-")[0]: each["Properties"]["Budget"]["BudgetLimit"]
        for each in resources().values()
    }
    assert limits == {
        "all-of-acme": {"Amount": 500, "Unit": "USD"},
        "acme-management": {"Amount": 50, "Unit": "USD"},
        "acme-dev": {"Amount": 50, "Unit": "USD"},
        "acme-production": {"Amount": 200.5, "Unit": "USD"},
    }
    accounts = [each["Properties"]["Budget"].get("CostFilters") for each in resources().values()]
    assert [each and each["LinkedAccount"][0]["Fn::GetAtt"][1] for each in accounts] == [
        None,
        "ManagementAccountId",
        "AccountId",
        "AccountId",
    ]
    # They are API, as of everything else: another one is another budget.
    assert sorted(resources()) == [
        "BudgetsOrganizationA144A7A8",
        "Budgetsdev8D6EEADC",
        "Budgetsmanagement62137959",
        f"Budgetsproduction{next(name for name in resources() if 'production' in name)[-8:]}",
    ]


def test_are_in_the_stacks_of_their_accounts_and_only_of_accounts_that_are_named() -> None:
    app = make_app()
    made = baseline(
        app,
        BudgetsProps(emails=["dax@acme.com"], accounts={"dev": 50, "production": 10}),
        accounts=[AccountProps(key="dev"), AccountProps(key="production", stack="more"), AccountProps(key="test")],
    )
    assert list(made.budgets) == ["dev", "production"]
    stacks = {key: each.node.path.split("/")[0] for key, each in made.budgets.items()}
    assert stacks == {"dev": "OrgBaseline", "production": "OrgBaseline-more"}


def test_there_are_none_by_default() -> None:
    assert dict(guide(make_app()).budgets) == {}


@pytest.mark.parametrize(
    ("budgets", "code", "values"),
    [
        ({}, "budgets-without-limit", []),
        ({"accounts": {"dve": 50}}, "name-unknown", ["budgets.accounts", "'dve'", "'dev'"]),
        ({"accounts": {"dev": 0}}, "budget-limit", ["budgets.accounts['dev']"]),
        ({"organization": 0}, "budget-limit", ["budgets.organization"]),
        ({"each_account": -1}, "budget-limit", ["budgets.each_account"]),
        ({"organization": 1, "emails": []}, "budget-emails", ["budgets.emails"]),
    ],
)
def test_refuses(budgets: dict[str, Any], code: str, values: list[str]) -> None:
    with refuses(code, *values):
        baseline(make_app(), BudgetsProps(**{"emails": ["dax@acme.com"], **budgets}))


def test_refuses_a_home_region_that_has_no_budgets() -> None:
    with refuses("budget-region", "eu-north-1"):
        baseline(make_app(), env={"account": MANAGEMENT, "region": "eu-north-1"})


@pytest.fixture
def aws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalAws]:
    """The organization, deployed from cdk.out in this folder."""
    with local_aws(MANAGEMENT, "us-east-1") as running:
        running.seed(Existing(instance_arn=INSTANCE, identity_store_id=STORE))
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(LiveOrganization, "connect", lambda *_: LiveOrganization(running.client))
        deploy(running, with_budgets())
        yield running


def deploy(aws: LocalAws, template: dict[str, Any]) -> None:
    described = stack(template["Resources"], environment=f"aws://{MANAGEMENT}/us-east-1")
    write_assembly(Path("cdk.out"), {"OrgBaseline": {**described, "template": template}})
    cloudformation, body = aws.client("cloudformation"), json.dumps(template)
    there = [each["StackName"] for each in cloudformation.describe_stacks()["Stacks"]]
    (cloudformation.update_stack if there else cloudformation.create_stack)(StackName="OrgBaseline", TemplateBody=body)
    [made] = cloudformation.describe_stacks(StackName="OrgBaseline")["Stacks"]
    assert made["StackStatus"] in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}, made


def limits(aws: LocalAws) -> dict[str, float]:
    found = aws.client("budgets").describe_budgets(AccountId=MANAGEMENT)["Budgets"]
    return {each["BudgetName"]: float(each["BudgetLimit"]["Amount"]) for each in found}


def run(*words: str) -> Result:
    return CliRunner().invoke(main, words, catch_exceptions=False)


def test_a_limit_is_updated_and_other_addresses_are_another_budget(aws: LocalAws) -> None:
    before = limits(aws)
    assert sorted(before.values()) == [50, 50, 200.5, 500]
    deploy(aws, with_budgets(75))
    [name] = [each for each in before if each.startswith("acme-dev-")]
    assert limits(aws) == before | {name: 75}
    template = with_budgets(75)
    properties = of_dev(template)["Properties"]
    properties["Budget"]["BudgetName"] = "acme-dev-other"
    properties["NotificationsWithSubscribers"][0]["Subscribers"][0]["Address"] = "kim@acme.com"
    deploy(aws, template)
    assert limits(aws).keys() == before.keys() - {name} | {"acme-dev-other"}


def test_drift_finds_another_limit_and_a_budget_that_is_gone_and_the_ways_back_lead_back(aws: LocalAws) -> None:
    assert run("drift").exit_code == 0
    client = aws.client("budgets")
    [dev, production] = [name for name in limits(aws) if name.startswith(("acme-dev", "acme-prod"))]
    there = client.describe_budget(AccountId=MANAGEMENT, BudgetName=dev)["Budget"]
    client.delete_budget(AccountId=MANAGEMENT, BudgetName=production)
    client.delete_budget(AccountId=MANAGEMENT, BudgetName=dev)
    changed = {key: there[key] for key in ("BudgetName", "BudgetType", "TimeUnit", "CostFilters")}
    limit = {"Amount": "60.0", "Unit": "USD"}
    client.create_budget(AccountId=MANAGEMENT, Budget={**changed, "BudgetLimit": limit})
    result = run("drift", "--format", "json")
    assert result.exit_code == 3
    gone, other = json.loads(result.stdout)["drift"]
    assert (gone["code"], gone["kind"], gone["id"]) == ("drift-gone", "budget", production)
    assert (other["code"], other["kind"], other["id"]) == ("drift-budget-changed", "budget", dev)
    [words] = map(shlex.split, other["takeBack"]["commands"])
    assert words[:3] == ["aws", "budgets", "update-budget"]
    wanted = json.loads(words[words.index("--new-budget") + 1])
    assert wanted == {**changed, "BudgetLimit": {"Amount": "50.0", "Unit": "USD"}}
    assert other["takeOver"]["paste"] == [{"in": "BudgetsProps", "lines": ['accounts={"dev": 60.0},']}]
    deploy(aws, with_budgets(60))
    assert [each["code"] for each in json.loads(run("drift", "--format", "json").stdout)["drift"]] == ["drift-gone"]


def test_adopt_imports_a_budget_of_the_name(tmp_path: Path) -> None:
    template = with_budgets()
    name = of_dev(template)["Properties"]["Budget"]["BudgetName"]
    with local_aws(MANAGEMENT, "us-east-1") as aws:
        aws.client("budgets").create_budget(
            AccountId=MANAGEMENT,
            Budget={
                "BudgetName": name,
                "BudgetType": "COST",
                "TimeUnit": "MONTHLY",
                "BudgetLimit": {"Amount": "20", "Unit": "USD"},
            },
        )
        described = stack(template["Resources"], environment=f"aws://{MANAGEMENT}/us-east-1")
        folder = write_assembly(tmp_path, {"OrgBaseline": {**described, "template": template}})
        names = Names(read_stacks(folder))
        found = Matcher(read_stacks(folder), LiveOrganization(aws.client)).matches(BUDGET)
    assert [each.name for each in found if each.state is State.CREATED] == [
        each for each in (match.name for match in found) if each != name
    ]
    assert {names.of("OrgBaseline", each.logical_id) for each in found} == {f"budget {each.name}" for each in found}
    [adopted] = [each for each in found if each.state is State.ADOPTED]
    assert (adopted.name, dict(adopted.identifier)) == (name, {"Id": name})
    assert [each.property for each in adopted.differences] == ["Budget"]


def test_aws_has_what_the_template_says_and_init_writes_it_again(aws: LocalAws) -> None:
    live = describe_live(LiveOrganization(aws.client), details=True)
    names = {each.key: "acme" if each.key == "management" else each.name for each in live.accounts.values()}
    declared = describe({"OrgBaseline": with_budgets()})
    named = {each.key: each.name for each in declared.accounts.values()}
    assert {
        (each.name, each.amount, tuple(map(names.get, each.accounts)), each.more, each.alerts)
        for each in live.budgets.values()
    } == {
        (each.name, each.amount, tuple(map(named.get, each.accounts)), each.more, each.alerts)
        for each in declared.budgets.values()
    }
    assert {each.origin.whence for each in live.budgets.values() if each.origin} == {Whence.APP}
    assert arguments_of(live).budgets == BUDGETS


@pytest.mark.usefixtures("aws")
def test_what_they_are_to_reports_reviews_policies_and_rules() -> None:
    said = run("report", "--format", "markdown").stdout
    assert "AWS writes e-mails of 4 budgets, at no cost" in said
    title, of_all = "\n## Budgets\n\n- a", ": 500 USD a month of all accounts together"
    assert title in said
    assert f"{of_all}; AWS writes to dax@acme.com at 80 % and at 100 %" in said
    live = run("report", "live", "--format", "markdown").stdout
    assert title in live
    assert f"{of_all}\n" in live
    assert "Not estimated" not in said
    write_assembly(Path("before"), {"OrgBaseline": {**stack({}), "template": template_of("guide")}})
    assert run("access-diff", "before", "cdk.out").stdout == "Nothing changes for anybody.\n"
    assert run("check", "cdk.out").exit_code == 0
    policy = run("deploy-policy", "--format", "json").stdout
    assert '"budgets:ModifyBudget"' in policy
    assert f'"arn:aws:budgets::{MANAGEMENT}:budget/acme-dev-' in policy
