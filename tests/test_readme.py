"""README.md is true: its commands run, and the output it shows is what they print."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from typing import TYPE_CHECKING

import pytest
from conftest import ROOT

from org_constructs.rehearsal.local_aws import Existing, LocalAws

if TYPE_CHECKING:
    from collections.abc import Iterator

README = (ROOT / "README.md").read_text(encoding="utf-8")

ANSWERS = {
    "cdk deploy OrgBaseline --no-rollback": ["--require-approval", "never"],
    "org-baseline aws-config": ["--yes"],
}
"""What a person is asked, since nobody is there to answer."""

RUNNING_NOW = {"scripts/test", "scripts/check"}
"""What runs this very test."""


def commands() -> list[str]:
    """The lines after a `$` in the console blocks."""
    blocks = re.findall(r"^ *```console\n(.*?)^ *```", README, re.MULTILINE | re.DOTALL)
    return [line.strip().removeprefix("$ ") for block in blocks for line in block.splitlines() if line.strip()]


def without_ids(text: str) -> str:
    """The text with every id that differs from run to run replaced by its kind."""
    text = re.sub(r"\bo-[a-z0-9]{10}\b", "o-…", text)
    text = re.sub(r"\br-[a-z0-9]{4}\b", "r-…", text)
    text = re.sub(r"\bou-[a-z0-9]{4}-[a-z0-9]{8}\b", "ou-…", text)
    return re.sub(r"\b(?!111122223333)\d{12}\b", "…", text)


@pytest.fixture(scope="module")
def aws() -> Iterator[LocalAws]:
    with LocalAws(
        management_account_id="111122223333",
        region="us-east-1",
        new_organization_policy_types=["SERVICE_CONTROL_POLICY"],
    ) as local_aws:
        local_aws.seed(
            Existing(instance_arn="arn:aws:sso:::instance/ssoins-1111222233334444", identity_store_id="d-1111222233")
        )
        yield local_aws


def run(command: str, environment: dict[str, str]) -> str:
    arguments = [*shlex.split(command), *ANSWERS.get(command, ())]
    done = subprocess.run(  # noqa: S603 (the README's commands)
        arguments,
        cwd=ROOT,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout


def test_says_of_every_guardrail_of_the_example_what_it_breaks() -> None:
    used = re.findall(r"guardrails\.((?:deny|allow|protect)_\w+)", (ROOT / "app.py").read_text(encoding="utf-8"))
    section = README.partition("## What the guardrails")[2].partition("\n## ")[0]
    assert used == re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)


def test_names_the_commands_that_a_newcomer_needs() -> None:
    assert {"scripts/rehearse", "scripts/test", "cdk deploy OrgBaseline --no-rollback", "org-baseline doctor"} <= set(
        commands()
    )


def test_links_to_what_is_there() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", README)
    assert "app.py" in links
    assert [link for link in links if not (ROOT / link).exists()] == []


@pytest.mark.long
def test_every_command_runs_and_the_rehearsal_prints_what_is_shown(aws: LocalAws) -> None:
    shown = {without_ids(block.strip()) for block in re.findall(r"```text\n(.*?)```", README, re.DOTALL)}
    printed = ""
    for command in commands():
        if command not in RUNNING_NOW:
            printed += without_ids(run(command, aws.environment))
    missing = [block for block in shown if block not in printed]
    assert shown, "the README shows what the rehearsal prints"
    assert not missing, f"{missing[0]}\n\nis not in\n\n{printed}"
