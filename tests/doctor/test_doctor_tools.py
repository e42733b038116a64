"""What `org-baseline doctor` finds on this machine."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, NoReturn

import pytest

from cloud_assembly import baseline, stack, write_assembly
from doctor_patient import sentences
from org_constructs.doctor import environment, tools
from org_constructs.doctor.examination import Assembly, Examination
from org_constructs.doctor.finding import Finding, Status

if TYPE_CHECKING:
    from pathlib import Path

    from syrupy.assertion import SnapshotAssertion

    from org_constructs.doctor.check import Check


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder on PATH, and that of Python."""
    programs = tmp_path / "bin"
    programs.mkdir()
    monkeypatch.setenv("PATH", str(programs))
    monkeypatch.setattr(sys, "executable", str(programs / "python"))
    return programs


def install(machine: Path, name: str, says: str) -> None:
    (machine / name).write_text(f"#!/bin/sh\necho '{says}'\n", encoding="utf-8")
    (machine / name).chmod(0o755)


def look(check: Check, tmp_path: Path) -> Finding:
    [found] = check.look(Examination(assembly=None, where=tmp_path))
    return found


@pytest.mark.parametrize(
    ("says", "code", "status", "value"),
    [
        ("v24.1.0", "node-ready", Status.OK, "24.1.0"),
        ("v22.0.0", "node-ready", Status.OK, "22.0.0"),
        ("v21.7.3", "node-outdated", Status.WARNING, "21.7.3"),
        ("Segmentation fault", "node-broken", Status.PROBLEM, "/node"),
    ],
    ids=["24", "22", "21", "broken"],
)
def test_looks_at_the_version_of_node(
    machine: Path, *, says: str, code: str, status: Status, value: str, snapshot: SnapshotAssertion
) -> None:
    install(machine, "node", says)
    finding = look(tools.NODE, machine)
    assert (finding.status, finding.code) == (status, code)
    assert value in finding.found
    assert sentences(finding)[code][1:] == snapshot


def test_waits_ten_seconds_for_node(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(command: list[str], **options: float) -> NoReturn:
        raise subprocess.TimeoutExpired(command, options["timeout"])

    waited: list[float] = []
    monkeypatch.setattr(subprocess.TimeoutExpired, "__init__", lambda _self, _command, timeout: waited.append(timeout))
    monkeypatch.setattr(subprocess, "run", run)
    install(machine, "node", "v24.1.0")
    assert look(tools.NODE, machine).code == "node-broken"
    assert waited == [10]


def test_finds_no_node(machine: Path, snapshot: SnapshotAssertion) -> None:
    finding = look(tools.NODE, machine)
    assert (finding.status, finding.code) == (Status.PROBLEM, "node-missing")
    assert sentences(finding) == snapshot


def test_finds_a_cdk_cli_that_fits(machine: Path) -> None:
    install(machine, "cdk", "2.1148.1 (build abcdef0)")
    assert look(tools.CDK_CLI, machine).status is Status.OK


def test_finds_a_cdk_cli_that_does_not_fit_beside_npx(machine: Path) -> None:
    install(machine, "cdk", "3.0.0 (build abcdef0)")
    install(machine, "npx", "")
    finding = look(tools.CDK_CLI, machine)
    assert (finding.status, finding.code) == (Status.WARNING, "cdk-cli-unfit")
    assert finding.found == "The cdk on PATH is 3.0.0, but this app needs 2.1148.1 or a newer 2.x"
    assert "npm install --global aws-cdk@2.1148.1" in finding.next[0]
    assert "2.1148.1 can" in finding.why


def test_finds_no_cdk_cli(machine: Path) -> None:
    finding = look(tools.CDK_CLI, machine)
    assert (finding.status, finding.code) == (Status.PROBLEM, "cdk-cli-missing")
    assert finding.next[0].startswith("Install it with `npm install --global aws-cdk@2.1148.1`")
    assert "2.1148.1 can" in finding.why


@pytest.fixture
def no_aws(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))


@pytest.mark.usefixtures("no_aws")
def test_finds_an_environment_that_wins_over_nothing(tmp_path: Path) -> None:
    assert look(environment.CHECK, tmp_path).code == "environment-clear"


@pytest.mark.usefixtures("no_aws")
@pytest.mark.parametrize(
    ("name", "code"), [("AWS_PROFILE", "profile-in-environment"), ("AWS_ACCESS_KEY_ID", "key-in-environment")]
)
def test_finds_what_wins_over_a_profile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, code: str, snapshot: SnapshotAssertion
) -> None:
    monkeypatch.setenv(name, "acme")
    finding = look(environment.CHECK, tmp_path)
    assert (finding.status, finding.code) == (Status.WARNING, code)
    assert name in finding.found
    assert sentences(finding) == snapshot


@pytest.mark.usefixtures("no_aws")
@pytest.mark.parametrize(
    ("url", "codes"),
    [
        ("http://localhost:4566", ["environment-local"]),
        ("http://[::1]:4566", ["environment-local"]),
        ("https://aws.acme.com", ["profile-in-environment", "key-in-environment"]),
        ("http://[", ["profile-in-environment", "key-in-environment"]),
    ],
)
def test_leaves_the_environment_of_a_local_aws_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str, codes: list[str]
) -> None:
    for name, value in (("AWS_PROFILE", "default"), ("AWS_ACCESS_KEY_ID", "AKIA"), ("AWS_ENDPOINT_URL", url)):
        monkeypatch.setenv(name, value)
    found = list(environment.CHECK.look(Examination(assembly=None, where=tmp_path)))
    assert [each.code for each in found] == codes


@pytest.mark.usefixtures("no_aws")
def test_finds_static_keys_under_the_name_of_a_profile(tmp_path: Path) -> None:
    (tmp_path / "credentials").write_text("[acme-dev]\naws_access_key_id = AKIA\n", encoding="utf-8")
    write_assembly(tmp_path / "cdk.out", {"OrgBaseline": stack(baseline())})
    assembly = Assembly.read(tmp_path / "cdk.out")
    [finding] = environment.CHECK.look(Examination(assembly=assembly, where=tmp_path))
    assert finding.code == "static-keys"
    assert "acme-dev" in finding.found
    assert finding.next == ("Delete them",)
