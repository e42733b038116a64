"""README.md is true: its commands run, and the output it shows is what they print."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from founder import FIRST_DAY, FIRST_DAY_MADE, README, Founder, commands, steps
from org_constructs.rehearsal.local_aws import LocalAws
from project import ROOT

if TYPE_CHECKING:
    from pathlib import Path

RUNNING_NOW = {"scripts/test", "scripts/check"}
"""What runs this very test."""


def without_ids(text: str) -> str:
    """The text without the ids of accounts that differ from run to run."""
    return re.sub(r"\b(?!111122223333)\d{12}\b", "…", text)


def test_says_of_every_guardrail_of_the_example_what_it_breaks() -> None:
    used = re.findall(r"guardrails\.((?:deny|allow|protect)_\w+)", (ROOT / "app.py").read_text(encoding="utf-8"))
    section = README.partition("## What the guardrails")[2].partition("\n## ")[0]
    assert used == re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)


def test_names_the_commands_that_a_newcomer_needs() -> None:
    assert {
        "uvx org-constructs init acme",
        "uvx 'org-constructs[rehearsal]' rehearse",
        "scripts/rehearse",
        "scripts/test",
        "cdk deploy OrgBaseline --no-rollback",
        "org-baseline doctor --fix",
    } <= set(commands(README))


def test_links_to_what_is_there() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", README)
    assert "app.py" in links
    assert [link for link in links if not (ROOT / link).exists()] == []


@pytest.mark.long
def test_every_command_runs_and_the_rehearsal_prints_what_is_shown(tmp_path: Path) -> None:
    shown = {without_ids(block.strip()) for block in re.findall(r"```text\n(.*?)```", README, re.DOTALL)}
    before, _, after = README.partition(FIRST_DAY)
    with LocalAws(management_account_id="111122223333", region="us-east-1") as aws:
        founder = Founder(aws, tmp_path)
        printed = without_ids("".join(founder.run(command) for command in commands(before)))
        assert founder.folder == tmp_path / "acme"
        assert "Read from AWS: account … and no organization yet" in printed.replace("111122223333", "…")
        commit = "git -c user.name=Dax -c user.email=dax@acme.com commit --all --message"
        for command in ("git init --quiet", "git add .", f"{commit} Begin"):
            founder.run(command)
        founder.spend_the_first_day()
        founder.run(f"{commit} People")
        assert founder.organization() == FIRST_DAY_MADE
        for command in commands("".join(step for _, step in steps(FIRST_DAY)[6:]) + after):
            if command not in RUNNING_NOW:
                founder.run(command)
    missing = [block for block in shown if block not in printed]
    assert shown, "the README shows what the rehearsal prints"
    assert not missing, f"{missing[0]}\n\nis not in\n\n{printed}"
