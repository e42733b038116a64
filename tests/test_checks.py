"""`OrgBaselineChecks` and how its findings are shown and acknowledged."""

from __future__ import annotations

import json
from importlib.metadata import version
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_organizations as organizations
from aws_cdk import aws_sso as sso

from org_constructs import Account, AccountProps, Organization, OrgBaseline, OrgBaselineChecks
from org_constructs.rules import RULES
from organizations import ENV, IDENTITY_CENTER, ORGANIZATIONS, grown_arguments, make_app

if TYPE_CHECKING:
    from pathlib import Path


def account_with(removal_policy: cdk.RemovalPolicy, outdir: Path) -> tuple[cdk.App, Account]:
    app = make_app(outdir)
    stack = cdk.Stack(app, "Stack", env=ENV)
    account = Account(
        stack,
        "Dev",
        name="acme-dev",
        email="aws+dev@acme.com",
        parent=Organization(stack, "Organization"),
        removal_policy=removal_policy,
    )
    cdk.Validations.of(app).add_plugins(OrgBaselineChecks(app))
    return app, account


def test_has_the_name_the_version_and_the_rules_of_the_package() -> None:
    checks = OrgBaselineChecks(make_app())
    assert checks.name == "OrgBaseline"
    assert checks.version == version("org-constructs")
    assert checks.rule_ids == [rule.id for rule in RULES]


def test_finds_nothing_in_a_retained_account(tmp_path: Path) -> None:
    app, _ = account_with(cdk.RemovalPolicy.RETAIN, tmp_path)
    app.synth()


def test_fails_synth_with_the_rule_the_construct_and_the_properties(tmp_path: Path) -> None:
    app, _ = account_with(cdk.RemovalPolicy.DESTROY, tmp_path)
    with pytest.raises(RuntimeError) as failed:
        app.synth()
    shown = str(failed.value)
    assert "ERROR An organization, a unit or an account is not retained when it is removed from the template" in shown
    assert "Set DeletionPolicy and UpdateReplacePolicy to Retain. (OrgBaseline)" in shown
    assert "Stack/Dev/Resource (Dev" in shown
    assert "Acknowledge with 'OrgBaseline::OrgBaseline-Retain'" in shown
    (report,) = json.loads((tmp_path / "validation-report.json").read_text(encoding="utf-8"))["pluginReports"]
    (violation,) = report["violations"]
    assert (report["pluginName"], violation["ruleName"]) == ("OrgBaseline", "OrgBaseline-Retain")
    (construct,) = violation["violatingConstructs"]
    assert construct["constructPath"] == "Stack/Dev/Resource"
    assert construct["cloudFormationResource"]["propertyPaths"] == ["DeletionPolicy", "UpdateReplacePolicy"]


def test_that_go_wrong_fail_synth_and_do_not_pass(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app, _ = account_with(cdk.RemovalPolicy.RETAIN, tmp_path)
    monkeypatch.setattr("org_constructs.checks.read_templates", lambda *_: 1 / 0)
    with pytest.raises(RuntimeError) as failed:
        app.synth()
    assert "ERROR The templates could not be checked: ZeroDivisionError: division by zero." in str(failed.value)


def test_passes_with_the_one_finding_acknowledged(tmp_path: Path) -> None:
    app, account = account_with(cdk.RemovalPolicy.DESTROY, tmp_path)
    cdk.Validations.of(account).acknowledge(
        cdk.Acknowledgment(id="OrgBaseline::OrgBaseline-Retain", reason="A sandbox that is closed after the workshop.")
    )
    app.synth()


def test_an_acknowledgement_on_one_account_does_not_cover_another(tmp_path: Path) -> None:
    app, account = account_with(cdk.RemovalPolicy.DESTROY, tmp_path)
    Account(
        cdk.Stack.of(account),
        "Production",
        name="acme-production",
        email="aws+production@acme.com",
        parent=Organization.from_attributes(
            organization_id="o-exampleorg1", root_id="r-ab12", management_account_id="111122223333"
        ),
        removal_policy=cdk.RemovalPolicy.DESTROY,
    )
    cdk.Validations.of(account).acknowledge(
        cdk.Acknowledgment(id="OrgBaseline::OrgBaseline-Retain", reason="A sandbox that is closed after the workshop.")
    )
    with pytest.raises(RuntimeError, match="Stack/Production/Resource") as failed:
        app.synth()
    assert "Stack/Dev/Resource" not in str(failed.value)


def violations(outdir: Path) -> dict[str, list[dict[str, Any]]]:
    """Return the violations of the pack in the report, by their rules."""
    reports = json.loads((outdir / "validation-report.json").read_text(encoding="utf-8"))["pluginReports"]
    by_rule: dict[str, list[dict[str, Any]]] = {}
    for report in reports:
        if report["pluginName"] == "OrgBaseline":
            for violation in report["violations"]:
                by_rule.setdefault(violation["ruleName"], []).append(violation)
    return by_rule


@pytest.mark.parametrize("name", ORGANIZATIONS, ids=list(ORGANIZATIONS))
def test_finds_nothing_in_the_organizations_of_the_snapshots(name: str, tmp_path: Path) -> None:
    app = make_app(tmp_path)
    ORGANIZATIONS[name](app)
    cdk.Validations.of(app).add_plugins(OrgBaselineChecks(app))
    app.synth()
    assert violations(tmp_path) == {}


def test_follows_an_organization_over_its_stacks(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    arguments = grown_arguments()
    # The backups are attached to every account, of which there are some that come to exist later.
    arguments["policies"] = [policy for policy in arguments["policies"] if policy.name != "backups"]
    arguments["accounts"] = [
        *arguments["accounts"],
        *(AccountProps(key=f"{stack}-{number}", stack=stack) for stack in ("pay", "web") for number in range(2)),
    ]
    OrgBaseline(app, "OrgBaseline", **arguments)
    cdk.Validations.of(app).add_plugins(OrgBaselineChecks(app))
    app.synth()
    assert (tmp_path / "OrgBaseline-web-access.template.json").is_file()
    assert violations(tmp_path) == {}


def test_shows_a_warning_and_goes_on(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    app = make_app(tmp_path)
    sso.CfnPermissionSet(
        cdk.Stack(app, "Stack", env=ENV),
        "Everything",
        instance_arn=IDENTITY_CENTER.instance_arn,
        name="Everything",
        managed_policies=["arn:aws:iam::aws:policy/AdministratorAccess"],
    )
    cdk.Validations.of(app).add_plugins(OrgBaselineChecks(app))
    app.synth()
    [violation] = violations(tmp_path)["OrgBaseline-PermissionSetAdministratorName"]
    assert violation["severity"] == "warning"
    assert violation["violatingConstructs"][0]["constructPath"] == "Stack/Everything"
    assert violation["violatingConstructs"][0]["cloudFormationResource"]["propertyPaths"] == ["Properties.Name"]
    # What Node writes arrives from a thread of its own.
    shown, deadline = "", monotonic() + 30
    while "Acknowledge with" not in shown and monotonic() < deadline:
        shown += capfd.readouterr().err
        sleep(0.05)
    assert "WARNING A permission set with AdministratorAccess has a name without admin in it. Everything" in shown
    assert "Acknowledge with 'OrgBaseline::OrgBaseline-PermissionSetAdministratorName'" in shown


def test_says_of_each_finding_what_is_there(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    for name in ("One", "Two"):
        stack = cdk.Stack(app, name, env=ENV)
        for key in ("a", "b"):
            organizations.CfnAccount(stack, key, account_name=f"{name}-{key}", email=f"{key}@acme.com")
    cdk.Validations.of(app).add_plugins(OrgBaselineChecks(app))
    with pytest.raises(RuntimeError, match=r"a@acme\.com is the address of One-a, Two-a"):
        app.synth()
    same = violations(tmp_path)["OrgBaseline-AccountEmail"]
    assert [[each["constructPath"] for each in violation["violatingConstructs"]] for violation in same] == [
        ["One/a", "Two/a"],
        ["One/b", "Two/b"],
    ]
    [unordered] = violations(tmp_path)["OrgBaseline-AccountOrder"]
    assert len(unordered["violatingConstructs"]) == 4


def test_knows_which_stacks_wait_for_one_another(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    one, two = cdk.Stack(app, "One", env=ENV), cdk.Stack(app, "Two", env=ENV)
    two.add_dependency(one)
    for stack in (one, two):
        account = organizations.CfnAccount(stack, "It", account_name=stack.node.id, email=f"{stack.node.id}@acme.com")
        account.apply_removal_policy(cdk.RemovalPolicy.RETAIN)
    cdk.Validations.of(app).add_plugins(OrgBaselineChecks(app))
    app.synth()
    assert violations(tmp_path) == {}


def test_looks_into_nested_stacks_and_stages(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    # As the CDK CLI does: the parent's template then says which file the nested one's is.
    app.node.set_context("aws:cdk:enable-asset-metadata", True)  # noqa: FBT003 (a value of any type)
    stage = cdk.Stage(app, "Stage", env=ENV)
    nested = cdk.NestedStack(cdk.Stack(stage, "Stack"), "Nested")
    iam.CfnUser(nested, "Robot")
    cdk.Validations.of(app).add_plugins(OrgBaselineChecks(app))
    with pytest.raises(RuntimeError, match="Stage/Stack/Nested/Robot"):
        app.synth()


REASON = "A sandbox that is closed after the workshop."


@pytest.mark.parametrize("scope", ["app", "stack"])
def test_reports_an_acknowledgement_for_everything(scope: str, tmp_path: Path) -> None:
    app, account = account_with(cdk.RemovalPolicy.DESTROY, tmp_path)
    where = app if scope == "app" else cdk.Stack.of(account)
    cdk.Validations.of(where).acknowledge(cdk.Acknowledgment(id="OrgBaseline::OrgBaseline-Retain", reason=REASON))
    app.synth()
    [violation] = violations(tmp_path)["OrgBaseline-AcknowledgementBlanket"]
    assert [each["constructPath"] for each in violation["violatingConstructs"]] == ["" if scope == "app" else "Stack"]


def test_reports_an_acknowledgement_without_a_reason(tmp_path: Path) -> None:
    app, account = account_with(cdk.RemovalPolicy.DESTROY, tmp_path)
    cdk.Validations.of(account).acknowledge(cdk.Acknowledgment(id="OrgBaseline::OrgBaseline-Retain", reason="todo"))
    with pytest.raises(RuntimeError, match="no reason that others can judge"):
        app.synth()
    [violation] = violations(tmp_path)["OrgBaseline-AcknowledgementReason"]
    assert [each["constructPath"] for each in violation["violatingConstructs"]] == ["Stack/Dev"]
