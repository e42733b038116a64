"""README.md and the pages that one reads first are true: their commands run, and what they show is printed."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final

import pytest

from founder import (
    FIRST_DAY,
    FIRST_DAY_MADE,
    README,
    TUTORIAL,
    Founder,
    code,
    commands,
    output,
    page,
    steps,
    without_ids,
)
from org_constructs.rehearsal.local_aws import LocalAws
from project import ROOT
from synthesized_once import synthesize_once

if TYPE_CHECKING:
    from pathlib import Path

GIT: Final = {f"GIT_{who}_{what}": "dax@acme.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
AFTER: Final = ("adoption", "deploy-role", "drift")
"""The pages whose commands run in an organization that there is."""


def test_names_the_commands_that_a_newcomer_needs() -> None:
    assert commands(README) == [
        "pip install 'org-constructs[rehearsal]'",
        "org-baseline rehearse --app 'python app.py'",
    ]
    assert {"uvx org-constructs init acme", "uvx 'org-constructs[rehearsal]' rehearse"} <= set(commands(TUTORIAL))
    assert {"cdk deploy OrgBaseline --no-rollback", "org-baseline doctor --fix"} <= set(commands(FIRST_DAY))


def test_links_to_what_is_there() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", README)
    assert "docs/tutorial.md" in links
    assert [link for link in links if not (ROOT / link).exists()] == []


@pytest.mark.long
def test_every_command_of_the_pages_runs_and_prints_what_is_shown(tmp_path: Path, made_before: Path) -> None:
    begin, _, change = TUTORIAL.partition("## Change it")
    with LocalAws(management_account_id="111122223333", region="us-east-1") as aws:
        founder = Founder(aws, tmp_path, {**os.environ, **GIT})
        # test_from_nothing.py has uvx rehearse this app.
        init, cd, _ = commands(begin)
        assert "Read from AWS: account 111122223333 and no organization yet" in founder.run(init)
        founder.run(cd)
        assert founder.folder == tmp_path / "acme"
        synthesize_once(founder.folder, made_before)

        *commit, rehearse = commands(change)
        for command in commit:
            founder.run(command)
        lines = code(change)[0].partition("as before\n")[2].removesuffix(")\n")
        founder.edit(r"    users=\[\n.*?\n    \],\n", lines)
        founder.edit(
            "    AccountProps,\n", "    AccountProps,\n    AssignmentProps,\n    GroupProps,\n    PermissionSetProps,\n"
        )
        assert without_ids(output(change)[0]) in without_ids(founder.run(rehearse))

        founder.run("git checkout --quiet app.py")
        founder.spend_the_first_day()
        founder.run("git commit --quiet --all --message People")
        assert founder.organization() == FIRST_DAY_MADE
        for command in commands("".join([*(step for _, step in steps(FIRST_DAY)[6:]), *map(page, AFTER)])):
            founder.run(command)
        founder.run("scripts/rehearse --help")
