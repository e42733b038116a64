"""`OrgBaselineChecks` and how its findings are shown and acknowledged."""

from __future__ import annotations

import json
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import pytest
from organizations import ENV, make_app

from org_constructs import Account, Organization, OrgBaselineChecks
from org_constructs.rules import RULES
from org_constructs.rules._rule import Templates
from org_constructs.rules.retain import RETAIN

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


def lost(body: dict[str, Any]) -> list[tuple[str, tuple[str, ...]]]:
    """Return logical id and locations of what the retain rule finds in a template with this resource."""
    findings = RETAIN.find(Templates({"Stack.template.json": {"Resources": {"It": body}}}))
    return [(finding.resource.logical_id, finding.locations) for finding in findings]


def test_has_the_name_the_version_and_the_rules_of_the_package() -> None:
    checks = OrgBaselineChecks(make_app())
    assert checks.name == "OrgBaseline"
    assert checks.version == version("org-constructs")
    assert checks.rule_ids == [rule.id for rule in RULES]


def test_every_rule_has_an_id_of_the_pack_two_sentences_and_a_source() -> None:
    ids = [rule.id for rule in RULES]
    assert ids == sorted(set(ids))
    for rule in RULES:
        assert rule.id.startswith("OrgBaseline-")
        assert rule.sentence.endswith(".")
        assert rule.explanation.endswith(".")
        assert rule.source.startswith("https://")


def test_finds_nothing_in_a_retained_account(tmp_path: Path) -> None:
    app, _ = account_with(cdk.RemovalPolicy.RETAIN, tmp_path)
    app.synth()


def test_fails_synth_with_the_rule_the_construct_and_the_properties(tmp_path: Path) -> None:
    app, _ = account_with(cdk.RemovalPolicy.DESTROY, tmp_path)
    with pytest.raises(RuntimeError) as failed:
        app.synth()
    shown = str(failed.value)
    assert "ERROR An organization, a unit or an account is not retained when it leaves the template" in shown
    assert "Set DeletionPolicy and UpdateReplacePolicy to Retain. (OrgBaseline)" in shown
    assert "Stack/Dev/Resource (Dev" in shown
    assert "Acknowledge with 'OrgBaseline::OrgBaseline-Retain'" in shown
    (report,) = json.loads((tmp_path / "validation-report.json").read_text(encoding="utf-8"))["pluginReports"]
    (violation,) = report["violations"]
    assert (report["pluginName"], violation["ruleName"]) == ("OrgBaseline", "OrgBaseline-Retain")
    (construct,) = violation["violatingConstructs"]
    assert construct["constructPath"] == "Stack/Dev/Resource"
    assert construct["cloudFormationResource"]["propertyPaths"] == ["DeletionPolicy", "UpdateReplacePolicy"]


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


@pytest.mark.parametrize("kind", ["Account", "Organization", "OrganizationalUnit"])
@pytest.mark.parametrize(
    ("policies", "locations"),
    [
        ({}, ("DeletionPolicy", "UpdateReplacePolicy")),
        ({"DeletionPolicy": "Retain"}, ("UpdateReplacePolicy",)),
        ({"UpdateReplacePolicy": "Retain"}, ("DeletionPolicy",)),
        # Deletes the account when its creation was rolled back.
        ({"DeletionPolicy": "RetainExceptOnCreate", "UpdateReplacePolicy": "Retain"}, ("DeletionPolicy",)),
        ({"DeletionPolicy": "Delete", "UpdateReplacePolicy": "Delete"}, ("DeletionPolicy", "UpdateReplacePolicy")),
    ],
    ids=["neither", "no-replace", "no-deletion", "except-on-create", "delete"],
)
def test_retain_finds_each_policy_that_does_not_retain(
    kind: str, policies: dict[str, str], locations: tuple[str, ...]
) -> None:
    assert lost({"Type": f"AWS::Organizations::{kind}", **policies}) == [("It", locations)]


@pytest.mark.parametrize("kind", ["Account", "Organization", "OrganizationalUnit"])
def test_retain_accepts_what_is_retained(kind: str) -> None:
    retained = {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}
    assert lost({"Type": f"AWS::Organizations::{kind}", **retained}) == []


@pytest.mark.parametrize("resource_type", ["AWS::Organizations::Policy", "AWS::SSO::Assignment", "AWS::S3::Bucket"])
def test_retain_is_not_about_access_and_other_resources(resource_type: str) -> None:
    assert lost({"Type": resource_type, "DeletionPolicy": "Delete"}) == []
