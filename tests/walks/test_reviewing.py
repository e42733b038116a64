"""docs/reviewing.md is true: what it shows is printed, and its workflow does what it says."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from typing import Any

import click
import yaml  # type: ignore[import-untyped]  # its stubs are a package of their own
from aws_cdk.assertions import Template
from click.testing import CliRunner

from org_constructs import AccountProps, AssignmentProps, GroupProps, OrgBaseline, PermissionSetProps, UserProps
from org_constructs.access_diff.comparison import State, compare
from org_constructs.access_diff.rendering import text
from org_constructs.cdk_cli.cli import CDK_CLI_VERSION
from org_constructs.commands import main
from org_constructs.templates.description import describe
from organizations import DAX, ENV, IDENTITY_CENTER, make_app
from project import ROOT

VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
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


def blocks(file: str) -> list[Any]:
    """What the page shows of a file."""
    found = re.findall(rf"^```yaml\n# {re.escape(file)}\n(.*?)^```$", REVIEWING, re.MULTILINE | re.DOTALL)
    return [yaml.safe_load(each) for each in found]


class TestWorkflow:
    [WORKFLOW] = blocks(".github/workflows/access.yml")

    def test_runs_on_every_change_and_on_every_review(self) -> None:
        # YAML 1.1, which PyYAML reads, takes `on` for true.
        assert self.WORKFLOW[True] == {
            "pull_request": None,
            "pull_request_review": {"types": ["submitted", "dismissed"]},
        }

    def test_what_runs_the_code_of_the_change_can_only_read(self) -> None:
        assert self.WORKFLOW["permissions"] == {}
        synthesize, review = self.WORKFLOW["jobs"].values()
        assert synthesize["permissions"] == {"contents": "read"}
        assert [step["with"] for step in synthesize["steps"]] == [{"synthesize": "${{ matrix.side }}"}]
        assert synthesize["strategy"]["matrix"]["side"] == ["base", "head"]
        assert (review["needs"], [step.get("with") for step in review["steps"]]) == ("synthesize", [None])

    def test_uses_the_action_of_this_version(self) -> None:
        used = [step["uses"] for job in self.WORKFLOW["jobs"].values() for step in job["steps"]]
        assert set(used) == {f"OWNER/org_constructs@v{VERSION}"}

    def test_names_inputs_and_outputs_that_there_are(self) -> None:
        action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
        [_, with_inputs, *_] = re.findall(r"^```yaml\n(.*?)^```$", REVIEWING, re.MULTILINE | re.DOTALL)
        assert yaml.safe_load(with_inputs)["with"].keys() <= action["inputs"].keys()
        for name in ("working-directory", "install", "synth", "fail-on", "sarif"):
            assert f"`{name}" in REVIEWING
            assert name in action["inputs"]
        assert all(f"`{name}`" in REVIEWING for name in action["outputs"])

    def test_synthesizes_a_clone_with_the_cli_of_this_project(self) -> None:
        assert "synth: scripts/cdk synth --quiet" in REVIEWING
        assert (ROOT / "scripts" / "cdk").exists()
        assert CDK_CLI_VERSION not in REVIEWING


def test_includes_the_component_and_the_hook_that_there_are() -> None:
    [pipeline], [hooks] = blocks(".gitlab-ci.yml"), blocks(".pre-commit-config.yaml")
    [component] = pipeline["include"]
    name, version = component["component"].rpartition("/")[2].split("@")
    assert (ROOT / "templates" / f"{name}.yml").exists()
    [repository] = hooks["repos"]
    assert version == repository["rev"].removeprefix("v") == VERSION
    there = {each["id"] for each in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))}
    assert {each["id"] for each in repository["hooks"]} <= there
