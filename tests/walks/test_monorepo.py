"""examples/monorepo: it synthesizes, is clean and rehearsed, and its workload learns its account as the README says."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from test_app import without_paths

from org_constructs.cdk_cli.cli import find_cdk_cli
from org_constructs.rehearsal.local_aws import Existing, LocalAws
from org_constructs.templates.assembly import read_stacks
from project import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from syrupy.assertion import SnapshotAssertion

    from org_constructs.cdk_cli.cli import CdkCli
    from org_constructs.templates.assembly import Stack

EXAMPLE = ROOT / "examples" / "monorepo"
MANAGEMENT = "111122223333"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the example, in which files may come and go."""
    return shutil.copytree(EXAMPLE, tmp_path / "monorepo", ignore=shutil.ignore_patterns("cdk.out", "__pycache__"))


@pytest.fixture
def cli(tmp_path: Path) -> CdkCli:
    return find_cdk_cli(tmp_path / "home", default_account=MANAGEMENT)


def run(cli: CdkCli, folder: Path, *arguments: str, environment: dict[str, str] | None = None) -> str:
    lines: list[str] = []
    code = cli.run(*arguments, folder=folder, each_line=lines.append, environment=environment)
    printed = "\n".join(lines)
    assert code == 0, printed
    return printed


def synthesize(cli: CdkCli, folder: Path) -> tuple[str, dict[str, Stack]]:
    """Return what `cdk synth` prints, and the stacks."""
    printed = run(cli, folder, "synth", "--quiet")
    return printed, {stack.id: stack for stack in read_stacks(folder / "cdk.out")}


def test_synthesizes_the_stacks_of_all_teams_without_a_finding(
    folder: Path, cli: CdkCli, snapshot_json: SnapshotAssertion
) -> None:
    printed, stacks = synthesize(cli, folder)
    assert "warning" not in printed.lower()
    report = json.loads((folder / "cdk.out" / "validation-report.json").read_text(encoding="utf-8"))
    assert report["pluginReports"] == []
    assert {stack.id: (stack.account, bool(stack.bootstrap_reason)) for stack in stacks.values()} == {
        "Organization": (MANAGEMENT, False),
        "ShopAccess": (MANAGEMENT, False),
        "Shop": ("222233334444", True),
        "ReportsAccess": (MANAGEMENT, False),
        "Reports/Workload": ("333344445555", True),
    }
    assert {stack_id: without_paths(dict(stack.template)) for stack_id, stack in stacks.items()} == snapshot_json


def test_both_packs_look_at_every_stack(folder: Path, cli: CdkCli) -> None:
    for file, right, wrong in (
        (
            "organization.py",
            '"shop"), parent=workloads\n',
            '"shop"), parent=workloads, removal_policy=cdk.RemovalPolicy.DESTROY\n',
        ),
        ("shop/access.py", '"dynamodb:Query"', '"dynamodb:Qery"'),
        ("shop/workload.py", "recovery_enabled=True", "recovery_enabled=False"),
        ("reports/workload.py", "enforce_ssl=True", "enforce_ssl=False"),
    ):
        code = (folder / file).read_text(encoding="utf-8")
        assert code.count(right) == 1
        (folder / file).write_text(code.replace(right, wrong), encoding="utf-8")
    lines: list[str] = []
    assert cli.run("synth", "--quiet", folder=folder, each_line=lines.append) != 0
    reports = json.loads((folder / "cdk.out" / "validation-report.json").read_text(encoding="utf-8"))["pluginReports"]
    found = {violation["ruleName"] for report in reports for violation in report["violations"]}
    assert found == {"OrgBaseline-Retain", "OrgBaseline-PolicyAction", "AwsSolutions-DDB3", "AwsSolutions-SNS3"}


@pytest.mark.long
def test_is_rehearsed_but_for_the_workload(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "org_constructs", "rehearse"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Left out: Shop, for account 222233334444" in done.stdout
    assert "Deployed Organization, ShopAccess, ReportsAccess" in done.stdout
    # Of the shop's team, and in the group of the reports' stack.
    assert re.search(
        r"^lou@acme\.com +ReportReader \(8 h\) .*\n"
        r"(?: .*\n)*? +ShopOperator \(8 h\) +acme-shop +through group ShopOperators$",
        done.stdout,
        re.MULTILINE,
    )


@pytest.mark.long
def test_the_workload_is_in_the_account_that_the_deploy_made(folder: Path, cli: CdkCli) -> None:
    readme = (folder / "README.md").read_text(encoding="utf-8")
    [deploy] = re.findall(r"^\$ cdk (deploy Organization .*--outputs-file accounts\.json)$", readme, re.MULTILINE)
    (folder / "accounts.json").unlink()
    printed, stacks = synthesize(cli, folder)
    assert "Shop and Reports are left out until" in printed
    assert stacks.keys() == {"Organization", "ShopAccess", "ReportsAccess"}
    with LocalAws(
        management_account_id=MANAGEMENT, region="us-east-1", new_organization_policy_types=["SERVICE_CONTROL_POLICY"]
    ) as aws:
        aws.seed(
            Existing(instance_arn="arn:aws:sso:::instance/ssoins-1111222233334444", identity_store_id="d-1111222233")
        )
        accounts = aws.client("organizations").get_paginator("list_accounts")
        for arguments in (deploy, "deploy Organization --outputs-file accounts.json"):
            run(cli, folder, *arguments.split(), "--require-approval", "never", environment=aws.environment)
            made = {account["Name"]: account["Id"] for page in accounts.paginate() for account in page["Accounts"]}
            stacks = synthesize(cli, folder)[1]
            assert stacks["Shop"].account == made["acme-shop"]
            assert stacks["Reports/Workload"].account == made["acme-reports"]
