"""docs/recovery.md is true: CloudFormation says what it says there, and what it says to do mends it, in a local AWS."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest

from org_constructs.rehearsal.local_aws import Existing, LocalAws
from org_constructs.rehearsal.local_aws.services.organizations import LocalOrganizations
from printed_commands import printed, use_aws_cli
from project import ROOT
from synthesized_once import synthesize_once

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from loaded_cdk import LoadedCdk

MANAGEMENT = "111122223333"
INSTANCE = "arn:aws:sso:::instance/ssoins-1111222233334444"
RECOVERY = (ROOT / "docs" / "recovery.md").read_text(encoding="utf-8")
NOBODY_ASKS = {"deploy": ["--require-approval", "never"], "destroy": ["--force"]}


def commands(heading: str) -> list[list[str]]:
    """The blocks of commands under a heading, each a list."""
    section = RECOVERY.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    blocks = re.findall(r"^```console\n(.*?)^```", section, re.MULTILINE | re.DOTALL)
    return [[line.removeprefix("$ ") for line in block.splitlines()] for block in blocks]


[ADOPT] = commands("The stack is ROLLBACK_COMPLETE")
[ADOPT_AFTER_ROLLBACK_FAILED] = commands("The stack is ROLLBACK_FAILED or DELETE_FAILED")
[GO_ON], ADOPT_AFTER_CREATE_FAILED = commands("The stack is CREATE_FAILED")
[[GO_ON_WITH_UPDATE]] = commands("The stack is UPDATE_FAILED")
[[DEPLOY_AGAIN]] = commands("The stack is UPDATE_ROLLBACK_COMPLETE")
[ADOPT_AFTER_UPDATE_ROLLBACK_FAILED] = commands("The stack is UPDATE_ROLLBACK_FAILED")


class Company:
    """acme: its app.py in a folder, and its AWS."""

    def __init__(self, aws: LocalAws, folder: Path, cdk: LoadedCdk) -> None:
        self.aws = aws
        self.folder = folder
        self._cdk = cdk

    def tries(self, command: str) -> tuple[int, str]:
        """Run a command; return its exit code and what it wrote."""
        program, *arguments = shlex.split(command)
        if program == "aws":
            return 0, str(use_aws_cli(self.aws, *arguments))
        if program == "cdk":
            answers = NOBODY_ASKS.get(arguments[0], [])
            return self._cdk(*arguments, *answers, folder=self.folder, environment=self.aws.environment)
        done = subprocess.run(  # noqa: S603 (the page's commands)
            [program, *arguments],
            cwd=self.folder,
            env={**os.environ, **self.aws.environment},
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

    def fails(self, command: str, *, saying: str) -> str:
        code, written = self.tries(command)
        assert code == 1, written
        assert saying in " ".join(written.split()), written
        return written

    def goes_back(self) -> None:
        """Do as the page says of an update that could not be taken back."""
        synth, adopt = ADOPT_AFTER_UPDATE_ROLLBACK_FAILED
        self.does(synth)
        self.follows(self.fails(adopt, saying="UPDATE_ROLLBACK_FAILED"))
        self.follows(self.does(adopt))

    def replaces(self, old: str, new: str) -> None:
        app = self.folder / "app.py"
        code = app.read_text(encoding="utf-8")
        assert code.count(old) == 1
        app.write_text(code.replace(old, new), encoding="utf-8")

    def leaves_out_what_is_not_enabled(self) -> None:
        """Edit app.py for the first deploy, as README.md says."""
        app = self.folder / "app.py"
        code, removed = re.subn(
            r"    identity_center=IdentityCenter\(.*?\n    \),\n", "", app.read_text(encoding="utf-8"), flags=re.DOTALL
        )
        code, emptied = re.subn(r"enabled_policy_types=\[[^]]+\]", "enabled_policy_types=[]", code)
        assert (removed, emptied) == (1, 1)
        app.write_text(code, encoding="utf-8")

    def enables_what_no_deploy_can(self) -> None:
        """Do what `org-baseline doctor --fix` does, and the click; app.py is whole again."""
        organizations = self.aws.client("organizations")
        [root] = organizations.list_roots()["Roots"]
        organizations.enable_policy_type(RootId=root["Id"], PolicyType="SERVICE_CONTROL_POLICY")
        self.aws.enable_identity_center(INSTANCE, "d-1111222233")
        shutil.copy(ROOT / "app.py", self.folder)

    def spends_the_first_day(self) -> None:
        self.leaves_out_what_is_not_enabled()
        self.does("cdk deploy OrgBaseline")
        self.enables_what_no_deploy_can()
        self.does("cdk deploy OrgBaseline")

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
def company(request: pytest.FixtureRequest, tmp_path: Path, made_before: Path, cdk_cli: LoadedCdk) -> Iterator[Company]:
    for name in ("app.py", "cdk.json"):
        shutil.copy(ROOT / name, tmp_path)
    synthesize_once(tmp_path, made_before)
    failures = getattr(request, "param", [])
    with LocalAws(management_account_id=MANAGEMENT, region="us-east-1", failures=failures) as aws:
        yield Company(aws, tmp_path, cdk_cli)


EVERY_ACCOUNT = {"management", "acme-dev", "acme-production"}
OF_ACME = f'organization_id="o-acme123456", root_id="r-acme", management_account_id="{MANAGEMENT}"'


@contextmanager
def when_an_account_is_created(do: Callable[[], object]) -> Iterator[None]:
    """Do something, as somebody in the console may, while a deploy creates its first account."""
    create_account = LocalOrganizations.create_account
    first: list[Callable[[], object]] = [do]

    def create(backend: LocalOrganizations, **request: Any) -> Any:
        while first:
            first.pop()()
        return create_account(backend, **request)

    with patch.object(LocalOrganizations, "create_account", create):
        yield


@pytest.mark.long
@pytest.mark.parametrize("company", [["ACCOUNT_TIMEOUT:production"]], indirect=True)
def test_finishes_a_first_deploy_whose_account_timed_out(company: Company) -> None:
    company.leaves_out_what_is_not_enabled()
    company.fails("cdk deploy OrgBaseline", saying="returns IN_PROGRESS state before time out")
    assert company.status() == "ROLLBACK_COMPLETE"
    left = company.accounts()
    assert left.keys() == EVERY_ACCOUNT
    company.fails("cdk deploy OrgBaseline", saying="already a member of an organization")
    company.follows(company.does(*ADOPT))
    company.enables_what_no_deploy_can()
    company.does("cdk deploy OrgBaseline")
    assert company.accounts() == left
    assert company.assigned() == EVERY_ACCOUNT


@pytest.mark.long
@pytest.mark.parametrize("company", [["ACCOUNT_TIMEOUT:dev"]], indirect=True)
def test_finishes_the_deletion_that_a_policy_attached_by_hand_stopped(company: Company) -> None:
    company.aws.seed(Existing(organization_id="o-acme123456", root_id="r-acme"))
    company.leaves_out_what_is_not_enabled()
    company.replaces("enabled_policy_types=[],", f"organization=Organization.from_attributes({OF_ACME}),")
    company.replaces("    OrganizationalUnitProps,\n", "    Organization,\n    OrganizationalUnitProps,\n")
    organizations = company.aws.client("organizations")

    def attached_by_hand() -> dict[str, str]:
        [policy] = (
            each
            for each in organizations.list_policies(Filter="SERVICE_CONTROL_POLICY")["Policies"]
            if each["Name"] == "guardrails"
        )
        return {"PolicyId": policy["Id"], "TargetId": "r-acme"}

    with when_an_account_is_created(lambda: organizations.attach_policy(**attached_by_hand())):
        company.fails("cdk deploy OrgBaseline", saying="The policy is attached to one or more entities")
    assert company.status() == "ROLLBACK_FAILED"
    assert "OrgBaseline is ROLLBACK_FAILED" in company.tries("org-baseline doctor")[1]
    organizations.detach_policy(**attached_by_hand())
    left = company.accounts()
    synth, adopt = ADOPT_AFTER_ROLLBACK_FAILED
    company.does(synth)
    company.follows(company.fails(adopt, saying="ROLLBACK_FAILED"))
    company.follows(company.does(adopt))
    assert company.status() == "UPDATE_COMPLETE"
    assert company.accounts().keys() == left.keys() | {"acme-production"}
    assert left.items() <= company.accounts().items()


@pytest.mark.long
@pytest.mark.parametrize("company", [["FINALIZING_ORGANIZATION"]], indirect=True)
def test_continues_a_first_deploy_that_was_not_rolled_back(company: Company) -> None:
    company.leaves_out_what_is_not_enabled()
    company.fails(GO_ON, saying="hasn't finished initializing")
    assert company.status() == "CREATE_FAILED"
    company.does(GO_ON)
    assert company.accounts().keys() == EVERY_ACCOUNT


@pytest.mark.long
@pytest.mark.parametrize("company", [["ACCOUNT_TIMEOUT:production"]], indirect=True)
def test_finishes_a_first_deploy_that_cannot_be_continued(company: Company) -> None:
    company.leaves_out_what_is_not_enabled()
    company.fails(GO_ON, saying="returns IN_PROGRESS state before time out")
    company.fails(GO_ON, saying="Account with email")
    left = company.accounts()
    synth, adopt = ADOPT_AFTER_CREATE_FAILED
    company.does(synth)
    _, doctor = company.tries("org-baseline doctor")
    assert adopt in doctor
    assert "goes on, once" not in " ".join(doctor.split())
    company.follows(company.does(adopt))
    assert company.status() == "UPDATE_COMPLETE"
    assert company.accounts() == left


@pytest.mark.long
@pytest.mark.parametrize("company", [["ASSIGNMENT_FAILED:dev"]], indirect=True)
def test_continues_a_later_deploy_that_was_not_rolled_back(company: Company) -> None:
    company.leaves_out_what_is_not_enabled()
    company.does("cdk deploy OrgBaseline")
    company.enables_what_no_deploy_can()
    company.fails(GO_ON_WITH_UPDATE, saying="Error occurred during operation")
    assert company.status() == "UPDATE_FAILED"
    company.does(GO_ON_WITH_UPDATE)
    assert company.assigned() == EVERY_ACCOUNT


@pytest.mark.long
@pytest.mark.parametrize("company", [["ASSIGNMENT_FAILED:dev"]], indirect=True)
def test_repeats_a_later_deploy_that_was_rolled_back(company: Company) -> None:
    company.leaves_out_what_is_not_enabled()
    company.does("cdk deploy OrgBaseline")
    company.enables_what_no_deploy_can()
    company.fails(DEPLOY_AGAIN, saying="Error occurred during operation")
    assert company.status() == "UPDATE_ROLLBACK_COMPLETE"
    company.does(DEPLOY_AGAIN)
    assert company.assigned() == EVERY_ACCOUNT


@pytest.mark.long
def test_leaves_an_account_out_of_a_rollback_that_failed(company: Company) -> None:
    company.spends_the_first_day()
    there = company.accounts()
    company.replaces('key="dev",', 'key="dev", name="acme-development",')
    company.fails("cdk deploy OrgBaseline", saying="To modify the account name")
    assert company.status() == "UPDATE_ROLLBACK_FAILED"
    company.replaces(' name="acme-development",', "")
    company.goes_back()
    assert company.accounts() == there
    assert company.assigned() == EVERY_ACCOUNT


@pytest.mark.long
def test_takes_a_closed_account_out_of_the_code(company: Company) -> None:
    company.spends_the_first_day()
    there = company.accounts()
    company.aws.client("organizations").close_account(AccountId=there["acme-dev"])
    dev = '        AccountProps(key="dev", organizational_unit="workloads/dev"),\n'
    company.replaces(dev, dev.replace("workloads/dev", "workloads"))
    company.fails("cdk deploy OrgBaseline", saying="suspended account will not be managed")
    assert company.status() == "UPDATE_ROLLBACK_FAILED"
    company.replaces(dev.replace("workloads/dev", "workloads"), "")
    company.goes_back()
    assert company.accounts() == there
    resources = company.aws.client("cloudformation").describe_stack_resources(StackName="OrgBaseline")
    assert "Accountsdev8CA4B6D2" not in [each["LogicalResourceId"] for each in resources["StackResources"]]


@pytest.mark.long
def test_gives_again_what_somebody_took_away_by_hand(company: Company) -> None:
    company.spends_the_first_day()
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
    links = re.findall(r"\]\(([^)]+)\)", RECOVERY)
    assert len(links) > 10
    for link in links:
        if link.startswith("#"):
            assert link[1:] in anchors
        elif not link.startswith("https://"):
            assert (ROOT / "docs" / link.partition("#")[0]).exists(), link
