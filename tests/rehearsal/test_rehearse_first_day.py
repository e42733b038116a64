"""Which steps a first day has, by what the app makes; test_rehearse.py has them with the real CDK CLI."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pytest

from cloud_assembly import ACCOUNT, baseline, stack, write_assembly
from org_constructs.cdk_cli.cli import CdkCli
from org_constructs.rehearsal.deployer import Deployer
from org_constructs.rehearsal.first_day import App, deploy_first_time, enable_identity_center
from org_constructs.rehearsal.local_aws import Existing, LocalAws

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from org_constructs.templates.assembly import Stack

USER = "a1b2c3d4-5678-90ab-cdef-000000000001"
POLICY = {
    "Type": "AWS::Organizations::Policy",
    "Properties": {"Name": "guardrails", "Type": "SERVICE_CONTROL_POLICY", "Content": {}},
}
ORGANIZATION = {"Organization": baseline()["Organization"]}
PEOPLE = {"Administrators": baseline()["Administrators"]}


@dataclass(frozen=True)
class Recorder(Deployer):
    """Makes the organization and records the rest."""

    steps: list[str] = field(default_factory=list)

    def deploy(self, stacks: Sequence[Stack], assembly: Path, **how: Any) -> bool:
        self.steps.append(f"deploy {', '.join(name for stack in stacks for name in stack.template['Resources'])}")
        if "Organization" in self.steps[0] and len(self.steps) == 1:
            self.aws.client("organizations").create_organization(FeatureSet="ALL")
        assert how.get("quiet") is not True
        return assembly.is_dir()

    def enable(self, stacks: Sequence[Stack], assembly: Path, **how: Any) -> bool:
        self.steps.append("doctor --fix")
        return bool(stacks) and assembly.is_dir() and not how.get("quiet")


@pytest.fixture
def recorder(tmp_path: Path) -> Iterator[Recorder]:
    with LocalAws(management_account_id=ACCOUNT, region="us-east-1") as aws:
        yield Recorder(CdkCli(("cdk",), {}), aws, ACCOUNT, "us-east-1", tmp_path)


def app(folder: Path, **resources: Any) -> App:
    return App.read(write_assembly(folder / "assembly", {"OrgBaseline": stack(resources)}))


@pytest.mark.parametrize(
    ("resources", "steps"),
    [
        (ORGANIZATION, ["deploy Organization"]),
        (
            {**ORGANIZATION, "Guard": POLICY},
            ["deploy Organization", "doctor --fix", "deploy Organization, Guard"],
        ),
        ({**ORGANIZATION, **PEOPLE}, ["deploy Organization", "deploy Organization, Administrators"]),
        (
            {**ORGANIZATION, "Guard": POLICY, **PEOPLE},
            ["deploy Organization", "doctor --fix", "deploy Organization, Guard, Administrators"],
        ),
        ({"Guard": POLICY, **PEOPLE}, ["deploy Guard, Administrators"]),
    ],
    ids=["organization", "policies", "people", "everything", "existing"],
)
def test_has_the_steps_that_the_app_needs(
    recorder: Recorder, capsys: pytest.CaptureFixture[str], resources: dict[str, Any], steps: list[str]
) -> None:
    read = app(recorder.scratch, **resources)
    assert deploy_first_time(recorder, read, read.existing)
    assert recorder.steps == steps
    clicked = "Organization" in resources and "Administrators" in resources
    assert ("The click: " in capsys.readouterr().out) == clicked
    instances = recorder.aws.client("sso-admin").list_instances()["Instances"]
    assert bool(instances) == ("Administrators" in resources)


def test_enables_identity_center_once_with_who_is_in_it(recorder: Recorder) -> None:
    recorder.aws.client("organizations").create_organization(FeatureSet="ALL")
    existing = replace(app(recorder.scratch, **ORGANIZATION, **PEOPLE).existing, user_ids=(USER,))
    for _ in range(2):
        enable_identity_center(recorder, existing, quiet=True)
    [instance] = recorder.aws.client("sso-admin").list_instances()["Instances"]
    assert instance["InstanceArn"] == existing.instance_arn
    users = recorder.aws.client("identitystore").list_users(IdentityStoreId=instance["IdentityStoreId"])["Users"]
    assert [user["UserId"] for user in users] == [USER]


def test_enables_no_identity_center_that_the_app_does_not_use(recorder: Recorder) -> None:
    recorder.aws.client("organizations").create_organization(FeatureSet="ALL")
    enable_identity_center(recorder, Existing())
    assert recorder.aws.client("sso-admin").list_instances()["Instances"] == []


@pytest.mark.parametrize(("quiet", "shown"), [(False, ["  enabled     SERVICE_CONTROL_POLICY is enabled"]), (True, [])])
def test_shows_of_the_doctor_what_it_enabled(
    recorder: Recorder,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *,
    quiet: bool,
    shown: list[str],
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "real")
    client = recorder.aws.client("organizations")
    client.create_organization(FeatureSet="ALL")
    read = app(recorder.scratch, **baseline(), Guard=POLICY)
    assert Deployer.enable(recorder, read.stacks, read.assembly, quiet=quiet)
    [root] = client.list_roots()["Roots"]
    assert root["PolicyTypes"] == [{"Type": "SERVICE_CONTROL_POLICY", "Status": "ENABLED"}]
    assert capsys.readouterr().out.splitlines() == shown
    assert os.environ["AWS_PROFILE"] == "real"


def test_starts_no_tool_to_enable_something(recorder: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    recorder.aws.client("organizations").create_organization(FeatureSet="ALL")
    read = app(recorder.scratch, **baseline(), Guard=POLICY)
    monkeypatch.setattr("subprocess.Popen", None)
    assert Deployer.enable(recorder, read.stacks, read.assembly)


def test_says_why_the_doctor_cannot_look(recorder: Recorder, capsys: pytest.CaptureFixture[str]) -> None:
    read = app(recorder.scratch, **ORGANIZATION, Guard=POLICY)
    assert not Deployer.enable(recorder, read.stacks, read.assembly)
    assert capsys.readouterr().out.startswith("  Error: the assembly must have a stack with accounts")
