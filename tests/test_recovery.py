"""docs/recovery.md is true: what it says to do after each failure is done, in a local AWS, and mends it."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from conftest import ROOT
from printed_commands import printed, use_aws_cli

from org_constructs.rehearsal.cdk_cli import find_cdk_cli
from org_constructs.rehearsal.local_aws import Existing, LocalAws

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.long

MANAGEMENT = "111122223333"
INSTANCE = "arn:aws:sso:::instance/ssoins-1111222233334444"
RECOVERY = (ROOT / "docs" / "recovery.md").read_text(encoding="utf-8")
NOBODY_ASKS = {"deploy": ["--require-approval", "never"], "destroy": ["--force"]}


def commands(heading: str) -> list[list[str]]:
    """The blocks of commands under a heading, each a list."""
    section = RECOVERY.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    blocks = re.findall(r"^```console\n(.*?)^```", section, re.MULTILINE | re.DOTALL)
    return [[line.removeprefix("$ ") for line in block.splitlines()] for block in blocks]


ADOPT, CONTINUE = commands("The first deploy died")
[SKIP] = commands("The stack is UPDATE_ROLLBACK_FAILED")


class Company:
    """acme: its app.py in a folder, and its AWS."""

    def __init__(self, aws: LocalAws, folder: Path) -> None:
        self.aws = aws
        self.folder = folder
        cli = find_cdk_cli(folder / "home", default_account=MANAGEMENT)
        self._cdk = cli.command
        self._environment = {**cli.environment, **aws.environment}

    def tries(self, command: str) -> tuple[int, str]:
        """Run a command; return its exit code and what it wrote."""
        program, *arguments = shlex.split(command)
        if program == "aws":
            return 0, str(use_aws_cli(self.aws, *arguments))
        line = [*(self._cdk if program == "cdk" else [program]), *arguments, *NOBODY_ASKS.get(arguments[0], [])]
        done = subprocess.run(  # noqa: S603 (the page's commands)
            [shutil.which(line[0], path=self._environment["PATH"]) or line[0], *line[1:]],
            cwd=self.folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            text=True,
            timeout=120,
        )
        return done.returncode, done.stdout

    def does(self, *lines: str) -> str:
        """Run commands that all go well; return what the last one wrote."""
        written = ""
        for line in lines:
            code, written = self.tries(line)
            assert code == 0, f"{line}\n{written}"
        return written

    def follows(self, said: str) -> None:
        """Run what a command has printed, and what that prints."""
        for words in printed(said):
            written = self.does(shlex.join(words))
            if words[0] == "org-baseline":
                self.follows(written)

    def fails(self, command: str, *, saying: str) -> None:
        code, written = self.tries(command)
        assert code == 1
        assert saying in " ".join(written.split())

    def replaces(self, old: str, new: str) -> None:
        app = self.folder / "app.py"
        code = app.read_text(encoding="utf-8")
        assert code.count(old) == 1
        app.write_text(code.replace(old, new), encoding="utf-8")

    def status(self) -> str:
        [stack] = self.aws.client("cloudformation").describe_stacks(StackName="OrgBaseline")["Stacks"]
        return str(stack["StackStatus"])

    def accounts(self) -> dict[str, str]:
        accounts = self.aws.client("organizations").list_accounts()["Accounts"]
        return {account["Name"]: account["Id"] for account in accounts}

    def assigned(self) -> set[str]:
        """The names of the accounts to which somebody is assigned."""
        admin = self.aws.client("sso-admin")
        sets = admin.list_permission_sets(InstanceArn=INSTANCE)["PermissionSets"]
        return {
            name
            for name, account_id in self.accounts().items()
            for arn in sets
            if admin.list_account_assignments(InstanceArn=INSTANCE, AccountId=account_id, PermissionSetArn=arn)[
                "AccountAssignments"
            ]
        }


@pytest.fixture
def company(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Company]:
    for name in ("app.py", "cdk.json"):
        shutil.copy(ROOT / name, tmp_path)
    failures = getattr(request, "param", [])
    with LocalAws(
        management_account_id=MANAGEMENT,
        region="us-east-1",
        failures=failures,
        new_organization_policy_types=["SERVICE_CONTROL_POLICY"],
    ) as aws:
        aws.seed(Existing(instance_arn=INSTANCE, identity_store_id="d-1111222233"))
        yield Company(aws, tmp_path)


EVERY_ACCOUNT = {"management", "acme-dev", "acme-production"}


@pytest.mark.parametrize("company", [["ACCOUNT_TIMEOUT:production"]], indirect=True)
def test_finishes_a_first_deploy_whose_account_timed_out(company: Company) -> None:
    company.fails("cdk deploy OrgBaseline", saying="returns IN_PROGRESS state before time out")
    assert company.status() == "ROLLBACK_COMPLETE"
    left = company.accounts()
    assert left.keys() == EVERY_ACCOUNT
    assert company.assigned() == set()
    company.fails("cdk deploy OrgBaseline", saying="already a member of an organization")
    company.follows(company.does(*ADOPT))
    assert company.accounts() == left
    assert company.assigned() == EVERY_ACCOUNT


@pytest.mark.parametrize("company", [["FINALIZING_ORGANIZATION", "ASSIGNMENT_FAILED:dev"]], indirect=True)
def test_continues_a_first_deploy_that_was_not_rolled_back(company: Company) -> None:
    [deploy] = CONTINUE
    company.fails(deploy, saying="hasn't finished initializing")
    assert company.status() == "CREATE_FAILED"
    company.fails(deploy, saying="Error occurred during operation 'Request")
    company.does(deploy)
    assert company.assigned() == EVERY_ACCOUNT


@pytest.mark.parametrize("company", [["ACCOUNT_TIMEOUT:production"]], indirect=True)
def test_finishes_a_first_deploy_that_cannot_be_continued(company: Company) -> None:
    [deploy] = CONTINUE
    company.fails(deploy, saying="returns IN_PROGRESS state before time out")
    company.fails(deploy, saying="Account with email")
    left = company.accounts()
    company.follows(company.does(*ADOPT))
    assert company.accounts() == left
    assert company.assigned() == EVERY_ACCOUNT


def test_leaves_an_account_out_of_a_rollback_that_failed(company: Company) -> None:
    company.does("cdk deploy OrgBaseline")
    there = company.accounts()
    company.replaces('key="dev",', 'key="dev", name="acme-development",')
    company.fails("cdk deploy OrgBaseline", saying="To modify the account name")
    assert company.status() == "UPDATE_ROLLBACK_FAILED"
    company.replaces(' name="acme-development",', "")
    company.does(*SKIP)
    assert company.accounts() == there
    assert company.assigned() == EVERY_ACCOUNT


def test_gives_again_what_somebody_took_away_by_hand(company: Company) -> None:
    company.does("cdk deploy OrgBaseline")
    admin = company.aws.client("sso-admin")
    [arn] = admin.list_permission_sets(InstanceArn=INSTANCE)["PermissionSets"]
    dev = company.accounts()["acme-dev"]
    [found] = admin.list_account_assignments(InstanceArn=INSTANCE, AccountId=dev, PermissionSetArn=arn)[
        "AccountAssignments"
    ]
    admin.delete_account_assignment(
        InstanceArn=INSTANCE,
        TargetId=dev,
        TargetType="AWS_ACCOUNT",
        PermissionSetArn=arn,
        PrincipalType=found["PrincipalType"],
        PrincipalId=found["PrincipalId"],
    )
    assert "no changes" in company.does("cdk deploy OrgBaseline")
    assert company.assigned() == {"management", "acme-production"}
    imports = "    AccountProps,\n"
    company.replaces(imports, imports + "    AssignmentProps,\n")
    only = 'AssignmentProps(principal="Administrators", permission_set="AdministratorAccess", targets=[TARGETS])'
    company.replaces("    organizational_units=[\n", f"    assignments=[{only}],\n    organizational_units=[\n")
    company.replaces("TARGETS", '"management", "production"')
    company.does("cdk deploy OrgBaseline")
    company.replaces('"management", "production"', '"management", "*"')
    company.does("cdk deploy OrgBaseline")
    assert company.assigned() == EVERY_ACCOUNT


def test_every_link_leads_somewhere() -> None:
    headings = re.findall(r"^## (.+)$", RECOVERY, re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
    for link in re.findall(r"\]\(([^)]+)\)", RECOVERY):
        if link.startswith("#"):
            assert link[1:] in anchors
        elif not link.startswith("https://"):
            assert (ROOT / "docs" / link).exists(), link
