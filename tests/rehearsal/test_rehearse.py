"""The whole of `org-baseline rehearse`, with the real CDK CLI, as a user runs it: in a process of its own."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from time import sleep

import boto3
import pytest
from click.testing import CliRunner, Result

from cloud_assembly import ACCOUNT, baseline, stack, write_assembly
from org_constructs.cdk_cli import cli
from org_constructs.commands import main
from project import ROOT
from refusals import assert_refused

LONGEST = 180.0  # seconds that a rehearsal may take to say something, on a machine that is busy
APP = """
import aws_cdk as cdk
from aws_cdk import aws_organizations as organizations

app = cdk.App()
stack = cdk.Stack(app, "OrgBaseline")
organization = organizations.CfnOrganization(stack, "Organization")
organizations.CfnAccount(
    stack, "Dev", account_name="acme-dev", email="aws+dev@acme.com", parent_ids=[organization.attr_root_id]
)
app.synth()
"""


class Rehearsal:
    """`org-baseline rehearse` in a folder, its output line by line."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.process = subprocess.Popen(  # noqa: S603 (this project's own command)
            [sys.executable, "-m", "org_constructs", "rehearse", *arguments],
            cwd=folder,
            # Far from what a user's shell points at: nothing of it may reach the CDK CLI.
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", "AWS_PROFILE": "acme-production"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines: list[str] = []

    def until(self, text: str) -> str:
        """Read until a line that holds this text, and return the line; what says nothing more for long is ended."""
        assert self.process.stdout
        too_long = threading.Timer(LONGEST, self.process.kill)
        too_long.start()
        try:
            for line in self.process.stdout:
                self.lines.append(line.rstrip("\n"))
                if text in line:
                    return line
        finally:
            too_long.cancel()
        raise AssertionError("\n".join([f"never said {text!r}", *self.lines]))

    def ended(self) -> int:
        """Read to the end and return the exit code."""
        assert self.process.stdout
        self.lines += [line.rstrip("\n") for line in self.process.stdout]
        return self.process.wait(timeout=20)

    def descendants(self) -> set[int]:
        """Return the ids of the processes which it has started, and which those have."""
        listed = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout  # noqa: S607 (ps is where PATH says)
        parents = {int(pid): int(parent) for pid, parent in map(str.split, listed.splitlines())}
        found = {self.process.pid}
        while more := {pid for pid, parent in parents.items() if parent in found} - found:
            found |= more
        return found - {self.process.pid}

    @property
    def output(self) -> str:
        return "\n".join(self.lines)


@pytest.fixture
def started() -> Iterator[list[Rehearsal]]:
    """Rehearsals that are killed if the test leaves them running."""
    rehearsals: list[Rehearsal] = []
    yield rehearsals
    for each in rehearsals:
        each.process.kill()
        each.process.wait()
        assert each.process.stdout
        each.process.stdout.close()


@pytest.fixture
def assembly(tmp_path: Path) -> Path:
    return write_assembly(tmp_path / "cdk.out", {"OrgBaseline": stack(baseline())})


def start(started: list[Rehearsal], folder: Path, *arguments: str) -> Rehearsal:
    started.append(Rehearsal(folder, *arguments))
    return started[-1]


def is_open(endpoint_url: str) -> bool:
    with socket.socket() as connection:
        return connection.connect_ex(("127.0.0.1", int(endpoint_url.rpartition(":")[2]))) == 0


def is_alive(pid: int) -> bool:
    command = ["ps", "-o", "stat=", "-p", str(pid)]
    listed = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 (a number)
    return bool(listed.stdout.strip()) and not listed.stdout.startswith("Z")


def endpoint_in(line: str) -> str:
    found = re.search(r"http://localhost:\d+", line)
    assert found
    return found[0]


def test_walks_the_first_day_and_keeps_the_local_aws_until_ctrl_c(assembly: Path, started: list[Rehearsal]) -> None:
    untouched = assembly.stat().st_mtime_ns
    rehearsal = start(started, assembly.parent, "--app", "cdk.out", "--keep")
    rehearsal.until("`aws organizations list-accounts`")
    assert assembly.stat().st_mtime_ns == untouched
    told = [line for line in rehearsal.lines if re.match(r"\d\. |  (created|enabled) +|Deployed ", line)]
    first, click = (
        told.index("  created     account acme-production"),
        next(number for number, line in enumerate(told) if line.startswith("2. The click: ")),
    )
    deployed = [number for number, line in enumerate(told) if re.fullmatch(r"Deployed OrgBaseline \(\d+\.\d s\)", line)]
    assert [0, first, deployed[0], click] == sorted([0, first, deployed[0], click])
    assert told[0].startswith("1. The first deploy: ")
    assert told[click + 2].startswith("3. The next deploy: ")
    assert "  created     AdministratorAccess in acme-dev for group Administrators" in told[click : deployed[1]]
    assert re.search(
        r"^   ├─ .*\(111122223333, management account\).*\n   ├─ acme-dev .*\n   └─ acme-production ",
        rehearsal.output,
        re.MULTILINE,
    )
    assert re.search(
        r"^dax@acme\.com   AdministratorAccess \(12 h\)   all 3 accounts   through group Administrators$",
        rehearsal.output,
        re.MULTILINE,
    )
    assert "Organization: 3 accounts, 1 person; dax@acme.com administers all of them." in rehearsal.lines
    assert "The local AWS runs until you press Ctrl-C. To use it from another shell:" in rehearsal.lines

    exported: Mapping[str, str] = dict(re.findall(r"^  export (\w+)=(.*)$", rehearsal.output, re.MULTILINE))
    organizations = boto3.client(
        "organizations",
        endpoint_url=exported["AWS_ENDPOINT_URL"],
        region_name=exported["AWS_REGION"],
        aws_access_key_id=exported["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=exported["AWS_SECRET_ACCESS_KEY"],
    )
    assert organizations.describe_organization()["Organization"]["MasterAccountId"] == ACCOUNT
    rehearsal.process.send_signal(signal.SIGINT)
    assert rehearsal.ended() == 0, rehearsal.output
    assert not is_open(exported["AWS_ENDPOINT_URL"])


def test_synthesizes_bootstraps_and_deploys_the_app_of_the_folder_and_leaves_nothing_there(
    tmp_path: Path, started: list[Rehearsal]
) -> None:
    (tmp_path / "app.py").write_text(APP, encoding="utf-8")
    (tmp_path / "cdk.json").write_text('{"app": "python app.py"}', encoding="utf-8")
    rehearsal = start(started, tmp_path)
    assert rehearsal.ended() == 0, rehearsal.output
    assert [line for line in rehearsal.lines if line.endswith(" account 111122223333 and region us-east-1")]
    assert [
        line for line in rehearsal.lines if re.match("Bootstrapping us-east-1, .* OrgBaseline: .* version 6 ", line)
    ]
    assert "Organization: 2 accounts, 0 people; nobody administers all of them." in rehearsal.lines
    assert sorted(path.name for path in tmp_path.iterdir()) == ["app.py", "cdk.json"]


def test_shows_the_account_that_a_failed_deploy_left_behind(assembly: Path, started: list[Rehearsal]) -> None:
    rehearsal = start(started, assembly.parent, "--app", "cdk.out", "--fail", "ACCOUNT_TIMEOUT:production")
    assert rehearsal.ended() == 1, rehearsal.output
    assert re.search(r"^Not deployed \(", rehearsal.output, re.MULTILINE)
    assert "  rolls back  stack OrgBaseline" in rehearsal.lines
    shown = rehearsal.output.partition("This is what exists")[2]
    assert re.search(r"─ acme-production \(\d{12}\)", shown)
    assert "dax@acme.com administers" not in shown
    steps = shown.partition("What to do next: ")[2]
    assert steps.startswith("OrgBaseline is ROLLBACK_COMPLETE\n")
    assert re.search(r"^  1\. `org-baseline adopt --stack OrgBaseline` ", steps, re.MULTILINE)


def test_refuses_a_failure_of_an_account_that_the_app_lacks(assembly: Path, started: list[Rehearsal]) -> None:
    rehearsal = start(started, assembly.parent, "--app", "cdk.out", "--fail", "ACCOUNT_TIMEOUT:staging")
    assert rehearsal.ended() == 2, rehearsal.output
    *_, sentence, code = rehearsal.lines
    assert code == "[failure-account-unknown]"
    assert "available: acme-dev, acme-production" in sentence
    assert "http://localhost:" not in rehearsal.output


def test_ends_everything_at_ctrl_c_while_it_deploys(assembly: Path, started: list[Rehearsal]) -> None:
    rehearsal = start(started, assembly.parent, "--app", "cdk.out")
    endpoint = endpoint_in(rehearsal.until("http://localhost:"))
    rehearsal.until("Deploying OrgBaseline")
    assert is_open(endpoint)
    while not (children := rehearsal.descendants()):
        sleep(0.05)
        assert rehearsal.process.poll() is None, rehearsal.ended() or rehearsal.output
    rehearsal.process.send_signal(signal.SIGINT)
    assert rehearsal.ended() == 130, rehearsal.output
    assert rehearsal.lines[-1].startswith("Interrupt: ")
    assert not [pid for pid in children if is_alive(pid)]
    assert not is_open(endpoint)


def test_ends_the_app_at_sigterm_while_it_synthesizes(tmp_path: Path, started: list[Rehearsal]) -> None:
    (tmp_path / "app.py").write_text("open('started', 'w').close(); import time; time.sleep(60)", encoding="utf-8")
    rehearsal = start(started, tmp_path, "--app", "python app.py")
    while not (tmp_path / "started").exists():
        sleep(0.05)
        assert rehearsal.process.poll() is None, rehearsal.ended() or rehearsal.output
    children = rehearsal.descendants()
    assert len(children) > 1
    rehearsal.process.send_signal(signal.SIGTERM)
    assert rehearsal.ended() == 143, rehearsal.output
    assert not [pid for pid in children if is_alive(pid)]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["rehearse", *arguments])


class TestRefusals:
    @pytest.fixture(autouse=True)
    def in_an_empty_folder(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)

    def test_refuses_a_folder_without_an_app(self, tmp_path: Path) -> None:
        assert_refused(run(), "app-missing", f"'{tmp_path}'")

    def test_refuses_a_cdk_json_that_is_no_json(self, tmp_path: Path) -> None:
        (tmp_path / "cdk.json").write_text("app: python app.py", encoding="utf-8")
        assert_refused(run(), "cdk-json-syntax")

    def test_refuses_a_cdk_json_without_an_app(self, tmp_path: Path) -> None:
        (tmp_path / "cdk.json").write_text('{"context": {}}', encoding="utf-8")
        assert_refused(run(), "app-missing")

    def test_refuses_an_unknown_failure_and_lists_the_known_ones(self) -> None:
        result = run("--app", "python app.py", "--fail", "EARTHQUAKE")
        assert_refused(result, "failure-unknown", "'EARTHQUAKE'", "ACCOUNT_TIMEOUT")

    def test_shows_why_an_app_does_not_synthesize(self, tmp_path: Path) -> None:
        (tmp_path / "app.py").write_text("raise SystemExit('email must look like an address')", encoding="utf-8")
        result = run("--app", "python app.py")
        assert_refused(result, "synth-failed", "'python app.py'", before="Synthesizing: python app.py\n")
        assert "email must look like an address\n" in result.stderr

    def test_refuses_an_app_without_an_organization(self, tmp_path: Path) -> None:
        write_assembly(tmp_path / "cdk.out", {"Website": stack({"Bucket": {"Type": "AWS::S3::Bucket"}})})
        result = run("--app", "cdk.out")
        assert_refused(result, "organization-missing", "Website", before=result.stdout)
        assert result.stdout.count("\n") == 1

    @pytest.mark.parametrize("region", ["us-east-9", "me-west-1"])
    def test_refuses_a_region_that_the_local_aws_does_not_have(self, tmp_path: Path, region: str) -> None:
        """Of the second botocore has the name, but none of its services."""
        organization = {"Organization": {"Type": "AWS::Organizations::Organization"}}
        write_assembly(tmp_path / "cdk.out", {"A": stack(organization, environment=f"aws://{ACCOUNT}/{region}")})
        assert_refused(run("--app", "cdk.out"), "region-not-local", region, before="Using the assembly in cdk.out\n")

    # Of these, moto brings Flask only with its server: https://docs.getmoto.org/en/latest/docs/server_mode.html
    @pytest.mark.parametrize("package", ["moto", "flask", "regex", "jsonschema"])
    def test_names_the_extra_where_it_is_not_installed(self, monkeypatch: pytest.MonkeyPatch, package: str) -> None:
        monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == package else object())
        assert_refused(run(), "extra-missing", package, "pip install 'org-constructs[rehearsal]'")

    def test_names_the_extra_where_its_packages_do_not_fit(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail() -> None:
            raise ImportError("no such name in moto")

        monkeypatch.setattr("org_constructs.rehearsal.rehearse._import_local_aws", fail)
        write_assembly(tmp_path / "cdk.out", {"OrgBaseline": stack(baseline())})
        result = run("--app", "cdk.out")
        assert_refused(result, "extra-missing", "no such name in moto", before=result.stdout)

    def test_says_how_to_install_a_cdk_cli_where_there_is_none(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(shutil, "which", lambda _name, path: None)  # noqa: ARG005 (which's signature)
        command = f"`npm install --global aws-cdk@{cli.CDK_CLI_VERSION}`"
        assert_refused(run("--app", "python app.py"), "cdk-cli-missing", command)
