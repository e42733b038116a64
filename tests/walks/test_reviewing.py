"""docs/reviewing.md is true: what it shows is printed, and its workflow does what it says."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import click
import pytest
import yaml  # type: ignore[import-untyped]  # its stubs are a package of their own
from aws_cdk.assertions import Template
from click.testing import CliRunner

from cloud_assembly import baseline, stack, write_assembly
from org_constructs import AccountProps, AssignmentProps, GroupProps, OrgBaseline, PermissionSetProps, UserProps
from org_constructs.access_diff.comparison import State, compare
from org_constructs.access_diff.rendering import COMMENT_MARK, text
from org_constructs.cdk_cli.cli import CDK_CLI_VERSION
from org_constructs.commands import main
from org_constructs.templates.description import describe
from organizations import DAX, ENV, IDENTITY_CENTER, make_app
from project import ROOT

REVIEWING = (ROOT / "docs" / "reviewing.md").read_text(encoding="utf-8")

ADMINISTRATORS = AssignmentProps(
    principal="Administrators", permission_set="AdministratorAccess", targets=["management", "*"]
)
ADMINISTRATOR_ACCESS = PermissionSetProps(
    name="AdministratorAccess", managed_policies=["AdministratorAccess"], session_duration="PT12H"
)
READ_ONLY = PermissionSetProps(name="ReadOnly", managed_policies=["ReadOnlyAccess"], session_duration="PT4H")


def state(**arguments: Any) -> State:
    """The guide's organization, and what is added to it."""
    organization = OrgBaseline(
        make_app(),
        "OrgBaseline",
        **{
            "env": ENV,
            "company": "acme",
            "email": "aws@acme.com",
            "identity_center": IDENTITY_CENTER,
            "users": [DAX],
            "accounts": [AccountProps(key="dev"), AccountProps(key="production")],
            **arguments,
        },
    )
    templates = {"OrgBaseline": Template.from_stack(organization).to_json()}
    return State.of(describe(templates))


def test_shows_what_the_example_prints() -> None:
    old = state(permission_sets=[ADMINISTRATOR_ACCESS, READ_ONLY], assignments=[ADMINISTRATORS])
    new = state(
        users=[
            DAX,
            UserProps(user_name="kim@acme.com", given_name="Kim", family_name="Acme", groups=["Contractors"]),
        ],
        groups=[GroupProps(name="Administrators"), GroupProps(name="Contractors")],
        permission_sets=[ADMINISTRATOR_ACCESS, replace(READ_ONLY, session_duration="PT12H")],
        assignments=[
            ADMINISTRATORS,
            AssignmentProps(principal="Contractors", permission_set="ReadOnly", targets=["dev"]),
            AssignmentProps(principal="Contractors", permission_set="AdministratorAccess", targets=["production"]),
        ],
    )
    assert f"```text\n{click.unstyle(text(compare(old, new)))}```\n" in REVIEWING


def test_names_options_that_there_are() -> None:
    for line in re.findall(r"^\$ org-baseline (.+)$", REVIEWING, re.MULTILINE):
        command, *arguments = line.partition(" > ")[0].split()
        options = [each for each in arguments if each.startswith("--")]
        shown = CliRunner().invoke(main, [command, "--help"]).stdout
        assert "Usage" in shown
        assert all(option in shown for option in options)


@cache
def workflow() -> dict[Any, Any]:
    [block] = re.findall(r"^```yaml\n(# \.github/workflows/access\.yml\n.*?)^```$", REVIEWING, re.MULTILINE | re.DOTALL)
    loaded: dict[Any, Any] = yaml.safe_load(block)
    return loaded


def steps(job: str) -> dict[str, dict[str, Any]]:
    return {step.get("name", step.get("uses")): step for step in workflow()["jobs"][job]["steps"]}


class TestWorkflow:
    def test_runs_on_every_change_and_on_every_review(self) -> None:
        # YAML 1.1, which PyYAML reads, takes `on` for true.
        assert workflow()[True] == {"pull_request": None, "pull_request_review": {"types": ["submitted", "dismissed"]}}

    def test_what_runs_the_code_of_the_change_can_only_read(self) -> None:
        assert workflow()["permissions"] == {}
        assert workflow()["jobs"]["synthesize"]["permissions"] == {"contents": "read"}
        assert "secrets." not in str(workflow())
        assert "GH_TOKEN" not in str(workflow()["jobs"]["synthesize"])
        for job in workflow()["jobs"].values():
            for step in job["steps"]:
                if step.get("uses", "").startswith("actions/checkout@"):
                    assert step["with"]["persist-credentials"] is False

    def test_no_text_of_the_change_becomes_part_of_a_script(self) -> None:
        for job in workflow()["jobs"].values():
            assert not [step for step in job["steps"] if "${{" in step.get("run", "")]

    @pytest.mark.parametrize("job", ["synthesize", "review"])
    def test_what_is_merged_already_is_the_first_parent(self, job: str) -> None:
        checkout, back = workflow()["jobs"][job]["steps"][:2]
        assert checkout["with"] == {"ref": "${{ github.sha }}", "fetch-depth": 2, "persist-credentials": False}
        assert back["run"] == "git checkout --quiet --detach HEAD^1"
        assert back.get("if") == {"synthesize": "matrix.side == 'base'"}.get(job)

    def test_synthesizes_with_the_cli_of_this_project(self) -> None:
        synth = steps("synthesize")["Synthesize"]["run"]
        assert synth == "scripts/cdk synth --quiet --output assembly"
        assert (ROOT / "scripts" / "cdk").exists()
        assert CDK_CLI_VERSION not in REVIEWING


class Runner:
    """Runs a step as GitHub does, in bash, with a `gh` that answers as told and notes what it is asked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.asked = folder / "asked"
        self.answers = folder / "answers"
        self.answers.mkdir()
        tools = folder / "bin"
        tools.mkdir()
        gh = tools / "gh"
        gh.write_text(
            f'#!/bin/bash\necho "$@" >> {self.asked}\n'
            f'case "$*" in *graphql*) cat {self.answers}/approvals ;;\n'
            f"*--paginate*) cat {self.answers}/comments ;; esac\n",
            encoding="utf-8",
        )
        gh.chmod(0o755)
        self.environment = {
            "PATH": os.pathsep.join([str(tools), str(Path(sys.executable).parent), os.environ["PATH"]]),
            "RUNNER_TEMP": str(folder),
            "GITHUB_OUTPUT": str(folder / "output"),
            "GITHUB_STEP_SUMMARY": str(folder / "summary"),
            "GH_REPO": "acme/aws",
            "NUMBER": "7",
            "HEAD": "0123abc",
        }

    def run(self, name: str, **environment: str) -> int:
        bash = shutil.which("bash")
        assert bash
        # https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsshell
        command = [bash, "-e", "-c", steps("review")[name]["run"]]
        return subprocess.run(  # noqa: S603 (the workflow's own)
            command, cwd=self.folder, env=self.environment | environment, check=False, capture_output=True
        ).returncode


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    (tmp_path / "assemblies").mkdir()
    less = {key: each for key, each in baseline().items() if key != "OfDev"}
    write_assembly(tmp_path / "assemblies" / "base", {"OrgBaseline": stack(less)})
    write_assembly(tmp_path / "assemblies" / "head", {"OrgBaseline": stack(baseline())})
    return Runner(tmp_path)


class TestSteps:
    def test_compare_says_that_access_widens(self, runner: Runner) -> None:
        assert runner.run("Compare") == 0
        assert (runner.folder / "output").read_text(encoding="utf-8") == "widens=true\n"
        comment = (runner.folder / "comment.md").read_text(encoding="utf-8")
        assert comment.startswith(COMMENT_MARK)
        assert (runner.folder / "summary").read_text(encoding="utf-8") == comment

    def test_compare_says_that_access_does_not_widen(self, runner: Runner) -> None:
        shutil.rmtree(runner.folder / "assemblies" / "base")
        shutil.copytree(runner.folder / "assemblies" / "head", runner.folder / "assemblies" / "base")
        assert runner.run("Compare") == 0
        assert (runner.folder / "output").read_text(encoding="utf-8") == "widens=false\n"

    def test_compare_fails_where_it_cannot_tell(self, runner: Runner) -> None:
        shutil.rmtree(runner.folder / "assemblies" / "head")
        assert runner.run("Compare") == 2
        assert not (runner.folder / "output").exists()

    def test_comment_writes_one_and_then_replaces_it(self, runner: Runner) -> None:
        (runner.answers / "comments").write_text("", encoding="utf-8")
        assert runner.run("Comment") == 0
        assert runner.asked.read_text(encoding="utf-8").splitlines()[-1] == "pr comment 7 --body-file comment.md"
        (runner.answers / "comments").write_text("41\n42\n", encoding="utf-8")
        assert runner.run("Comment") == 0
        assert "--method PATCH repos/acme/aws/issues/comments/41" in runner.asked.read_text(encoding="utf-8")
        assert COMMENT_MARK in runner.asked.read_text(encoding="utf-8")

    @pytest.mark.parametrize(
        ("widens", "approvals", "expected"),
        [
            ("true", "0", "pending"),
            ("true", "1", "pending"),
            ("true", "2", "success"),
            ("true", "3", "success"),
            ("false", "0", "success"),
        ],
    )
    def test_a_second_review_is_asked_for_where_access_widens(
        self, runner: Runner, widens: str, approvals: str, expected: str
    ) -> None:
        (runner.answers / "approvals").write_text(f"{approvals}\n", encoding="utf-8")
        assert runner.run("Ask for a second review", WIDENS=widens) == 0
        last = runner.asked.read_text(encoding="utf-8").splitlines()[-1]
        assert "repos/acme/aws/statuses/0123abc" in last
        assert f"state={expected}" in last
        assert "context=access: second review" in last
