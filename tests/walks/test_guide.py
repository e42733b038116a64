"""The guide's whole way: deploy the example, write ~/.aws/config, log in, and be who the profile says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from org_constructs.cdk_cli.cli import find_cdk_cli
from org_constructs.live.description import describe_live
from org_constructs.live.organization import LiveOrganization
from org_constructs.rehearsal.local_aws import LocalAws
from org_constructs.rehearsal.selection import select
from org_constructs.rehearsal.taken_as_existing import find_existing
from org_constructs.templates.access import effective_access
from org_constructs.templates.assembly import read_stacks
from project import ROOT
from real_clients import AWS_CLI_RUNS, aws_cli, javascript_sdk, sst_cli, sst_environment
from sso_portal import SsoPortal, sso_portal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NODE = Path(sys.executable).parent / "node"

BOTO3 = (
    "import boto3, sys; print(boto3.Session(profile_name=sys.argv[1]).client('sts').get_caller_identity()['Account'])"
)

JAVASCRIPT = """
const { fromSSO } = require("@aws-sdk/credential-providers");
const { STSClient, GetCallerIdentityCommand } = require("@aws-sdk/client-sts");
new STSClient({ region: "us-east-1", credentials: fromSSO({ profile: process.argv[1] }) })
  .send(new GetCallerIdentityCommand({}))
  .then((answer) => console.log(answer.Account));
"""

# The AWS CLI waits for the browser before it listens to it, as a real one returns at once.
BROWSER = """#!/bin/sh
{python} -c 'import sys, urllib.request; urllib.request.urlopen(sys.argv[1])' "$1" &
"""


@dataclass(frozen=True)
class Deployed:
    """The example app, deployed to a local AWS, and a machine on which somebody works with it."""

    assembly: Path
    outputs: Path
    account_ids: dict[str, str]
    """By the names of the accounts in AWS."""

    home: Path
    environment: dict[str, str]
    """The local AWS's: the management account's credentials."""

    portal: SsoPortal

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command of this project's as whoever deployed."""
        # Where the files are is HOME's alone, as for a person.
        environment = self.environment | {"HOME": str(self.home), "PYTHONPATH": str(ROOT)}
        return run([sys.executable, "-m", "org_constructs", *arguments], environment, self.assembly.parent)

    def client(self, *command: object) -> subprocess.CompletedProcess[str]:
        """Run one of AWS's tools as somebody who logs in."""
        environment = {
            "HOME": str(self.home),
            "PATH": os.environ["PATH"],
            "NODE_PATH": str(javascript_sdk() / "node_modules"),
            "BROWSER": str(self.home / "browser"),
            "NO_PROXY": "127.0.0.1",
            **self.portal.environment,
        }
        return run(list(map(str, command)), environment, self.home)


def run(command: list[str], environment: dict[str, str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, check=False, timeout=60)  # noqa: S603 (the callers')


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    folder = tmp_path_factory.mktemp("guide")
    cli = find_cdk_cli(folder, default_account="111122223333")
    assembly, outputs = folder / "cdk.out", folder / "outputs.json"
    lines: list[str] = []
    app = f"{sys.executable} {ROOT / 'app.py'}"
    synth = ("synth", "--quiet", "--app", app, "--output", str(assembly))
    assert cli.run(*synth, folder=ROOT, each_line=lines.append) == 0, "\n".join(lines)
    selection = select(read_stacks(assembly))
    with LocalAws(
        management_account_id=selection.account,
        region=selection.region,
        new_organization_policy_types=["SERVICE_CONTROL_POLICY"],
    ) as aws:
        aws.seed(find_existing(selection))
        deploy = ("deploy", "OrgBaseline", "--app", str(assembly), "--outputs-file", str(outputs))
        arguments = (*deploy, "--require-approval", "never", "--ci")
        code = cli.run(*arguments, folder=folder, environment=aws.environment, each_line=lines.append)
        assert code == 0, "\n".join(lines)
        made = describe_live(LiveOrganization(aws.client))
        access = [
            (str(made.accounts[each.account.key].account_id), each.permission_set.name)
            for each in effective_access(made)
            if each.who.name == "dax@acme.com"
        ]
        accounts = {account.name: str(account.account_id) for account in made.accounts.values()}
        home = folder / "home"
        home.mkdir()
        browser = home / "browser"
        browser.write_text(BROWSER.format(python=sys.executable), encoding="utf-8")
        browser.chmod(0o755)
        files = {"AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"}
        environment = {name: value for name, value in aws.environment.items() if name not in files}
        with sso_portal(access=access, start_url="https://acme.awsapps.com/start", region="us-east-1") as portal:
            yield Deployed(
                assembly=assembly,
                outputs=outputs,
                account_ids=accounts | {"acme-management": selection.account},
                home=home,
                environment={"PATH": os.environ["PATH"], **environment},
                portal=portal,
            )


@pytest.fixture(scope="module")
def config(deployed: Deployed) -> Path:
    """The file, written from what CloudFormation says."""
    ended = deployed.command("aws-config", "--yes")
    assert ended.returncode == 0, ended.stderr
    return deployed.home / ".aws" / "config"


@pytest.fixture(scope="module")
def logged_in(deployed: Deployed, config: Path) -> Path:
    """The file, after the login that the command names."""
    ended = deployed.client(aws_cli(), "sso", "login", "--sso-session=acme")
    assert "Successfully logged into Start URL: https://acme.awsapps.com/start" in ended.stdout, ended.stderr
    return config


def test_writes_what_the_guide_says(deployed: Deployed, config: Path) -> None:
    ids = deployed.account_ids
    assert (
        config.read_text(encoding="utf-8")
        == f"""\
# BEGIN org-baseline acme: `org-baseline aws-config` replaces all of this up to END
[sso-session acme]
sso_start_url = https://acme.awsapps.com/start
sso_region = us-east-1
sso_registration_scopes = sso:account:access

[profile acme-dev]
sso_session = acme
sso_account_id = {ids["acme-dev"]}
sso_role_name = AdministratorAccess
region = us-east-1

[profile acme-management]
sso_session = acme
sso_account_id = {ids["acme-management"]}
sso_role_name = AdministratorAccess
region = us-east-1

[profile acme-production]
sso_session = acme
sso_account_id = {ids["acme-production"]}
sso_role_name = AdministratorAccess
region = us-east-1
# END org-baseline acme
"""
    )


def test_says_the_same_of_the_outputs_file_and_of_a_shared_one(deployed: Deployed, config: Path) -> None:
    printed = deployed.command("aws-config", "--outputs", str(deployed.outputs), "--print")
    assert printed.stdout == config.read_text(encoding="utf-8")
    shared = deployed.assembly.parent / "shared"
    shared.write_text(printed.stdout, encoding="utf-8")
    again = deployed.command("aws-config", "--from", str(shared))
    assert f"{config} is up to date; nothing is written" in again.stdout
    assert again.returncode == 0


def test_names_the_next_steps(deployed: Deployed, config: Path) -> None:
    assert config.is_file()
    steps = deployed.command("aws-config", "--outputs", str(deployed.outputs)).stdout
    assert "aws sso login --sso-session=acme\n" in steps
    assert "aws sts get-caller-identity --profile=acme-dev\n" in steps
    assert "AWS_CONFIG_FILE" not in steps


@pytest.mark.skipif(not AWS_CLI_RUNS, reason="the registry's AWS CLI is one for Linux on x86-64")
@pytest.mark.parametrize("profile", ["acme-dev", "acme-management", "acme-production"])
@pytest.mark.parametrize(
    "identity",
    [
        lambda profile: (sys.executable, "-c", BOTO3, profile),
        lambda profile: (
            *(aws_cli(), "sts", "get-caller-identity", f"--profile={profile}"),
            *("--query", "Account", "--output", "text"),
        ),
        lambda profile: (NODE, "-e", JAVASCRIPT, profile),
    ],
    ids=["boto3", "the AWS CLI", "the JavaScript SDK"],
)
@pytest.mark.usefixtures("logged_in")
def test_each_client_is_in_the_account_that_the_profile_names(
    deployed: Deployed, identity: Callable[[str], tuple[object, ...]], profile: str
) -> None:
    ended = deployed.client(*identity(profile))
    assert ended.stdout.strip() == deployed.account_ids[profile], ended.stderr


@pytest.mark.skipif(not AWS_CLI_RUNS, reason="the registry's AWS CLI is one for Linux on x86-64")
@pytest.mark.usefixtures("logged_in")
def test_the_login_asks_for_the_scope_that_lets_it_be_refreshed(deployed: Deployed) -> None:
    assert deployed.portal.scopes == ["sso:account:access"]
    tokens = [json.loads(file.read_text()) for file in (deployed.home / ".aws" / "sso" / "cache").iterdir()]
    assert any("refreshToken" in token for token in tokens)


@pytest.mark.skipif(not AWS_CLI_RUNS, reason="the registry's AWS CLI is one for Linux on x86-64")
@pytest.mark.usefixtures("logged_in")
def test_sst_deploys_each_stage_to_its_account(deployed: Deployed, tmp_path: Path) -> None:
    (tmp_path / "sst.config.ts").write_text(deployed.command("sst").stdout, encoding="utf-8")
    (tmp_path / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    files = {"AWS_CONFIG_FILE": str(deployed.home / ".aws" / "config")}
    # Where it keeps what it has deployed is asked for with the stage's credentials, and nobody answers that here.
    aws = {"AWS_ENDPOINT_URL": deployed.portal.endpoint_url, **deployed.portal.environment}
    environment = sst_environment(deployed.home, "4") | files | aws | {"NO_PROXY": "127.0.0.1"}
    for stage, account in ("production", "acme-production"), ("dax", "acme-dev"):
        command = [str(sst_cli("4")), "secret", "list", "--stage", stage, "--print-logs"]
        ended = run(command, environment, tmp_path)
        assert f"profile={account}" in ended.stderr + ended.stdout
        assert "GetParameter" in ended.stderr + ended.stdout
        assert deployed.portal.given[-1] == deployed.account_ids[account]


def test_refuses_credentials_of_another_account(deployed: Deployed) -> None:
    assembly = deployed.assembly.parent / "of another"
    assembly.mkdir()
    for file in deployed.assembly.iterdir():
        if file.suffix == ".json":
            text = file.read_text(encoding="utf-8").replace("aws://111122223333/", "aws://444455556666/")
            (assembly / file.name).write_text(text, encoding="utf-8")
    ended = deployed.command("aws-config", "--assembly", str(assembly), "--file", str(assembly / "config"), "--yes")
    assert ended.returncode == 2
    *_, sentence, code = ended.stderr.splitlines()
    assert sentence == (
        "Error: the credentials must be those of account 444455556666, which the stack 'OrgBaseline' is for, got"
        " account 111122223333; pass a profile of the management account with --profile, or use --outputs"
    )
    assert code == "[account-mismatch]"
    assert not (assembly / "config").exists()
