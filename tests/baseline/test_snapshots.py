"""Four whole organizations: what a change of the code changes in them, and that they are clean.

The logical ids are the contract: another id of an account is another account. The templates show the rest.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Final

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template
from cdk_nag import AwsSolutionsChecks
from cfnlint import api as cfnlint  # type: ignore[import-untyped] # it has no types
from cfnlint.config import ManualArgs  # type: ignore[import-untyped] # it has no types

from org_constructs import OrgBaselineChecks
from organizations import ORGANIZATIONS, make_app, template_of
from project import ROOT
from published_schemas import broken_rules

if TYPE_CHECKING:
    from pathlib import Path

    from syrupy.assertion import SnapshotAssertion

ACCEPTED_LINT: Final = {
    # The function of CDK's AwsCustomResource names its role in DependsOn as well as in Role, which changes nothing.
    "elsewhere": ["W3005"],
}
every_organization = pytest.mark.parametrize("name", ORGANIZATIONS, ids=list(ORGANIZATIONS))


@every_organization
def test_keeps_its_logical_ids(name: str, snapshot_json: SnapshotAssertion) -> None:
    resources = template_of(name)["Resources"]
    assert {logical_id: resource["Type"] for logical_id, resource in resources.items()} == snapshot_json


@every_organization
def test_keeps_its_template(name: str, snapshot_json: SnapshotAssertion) -> None:
    assert template_of(name) == snapshot_json


@every_organization
def test_has_no_finding_of_aws_solutions_or_of_ours(name: str, tmp_path: Path) -> None:
    app = make_app(tmp_path)
    ORGANIZATIONS[name](app)
    cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app), OrgBaselineChecks(app))
    app.synth()
    reports = json.loads((tmp_path / "validation-report.json").read_text(encoding="utf-8"))["pluginReports"]
    assert [violation for report in reports for violation in report["violations"]] == []


@every_organization
def test_passes_cfn_lint(name: str) -> None:
    region = "eu-west-1" if name == "elsewhere" else "us-east-1"
    config = ManualArgs(regions=[region], ignore_checks=ACCEPTED_LINT.get(name, []))
    assert cfnlint.lint(json.dumps(template_of(name)), config=config) == []


@every_organization
def test_passes_the_published_schemas(name: str) -> None:
    assert broken_rules(template_of(name)) == []


@pytest.mark.parametrize("name", ["guide", "grown", "existing"])
def test_needs_aws_resources_only_and_no_bootstrap(name: str, tmp_path: Path) -> None:
    app = make_app(tmp_path)
    template = Template.from_stack(ORGANIZATIONS[name](app)).to_json()
    assert {resource["Type"].split("::")[1] for resource in template["Resources"].values()} <= {
        "Organizations",
        "SSO",
        "IdentityStore",
    }
    assert "Parameters" not in template
    assert "Rules" not in template
    assert not list(tmp_path.glob("asset.*"))
    assert not list(tmp_path.glob("*.assets.json"))


def test_synthesizes_the_same_in_another_directory_and_with_another_hash_seed(tmp_path: Path) -> None:
    code = "import json, organizations as o; print(json.dumps([o.template_of(name) for name in o.ORGANIZATIONS]))"
    seed = "1" if os.environ.get("PYTHONHASHSEED") == "0" else "0"
    elsewhere = subprocess.run(  # noqa: S603 (our own program)
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT / "tests" / "helpers")},
        stdout=subprocess.PIPE,
        check=True,
        text=True,
        timeout=120,
    )
    assert elsewhere.stdout.strip() == json.dumps([template_of(name) for name in ORGANIZATIONS])
