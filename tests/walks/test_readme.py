"""README.md and the pages that one reads first are true: their commands run, and what they show is printed."""

from __future__ import annotations

import json
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


BEGIN, _, CHANGE = TUTORIAL.partition("## Change it")
*COMMIT, REHEARSE = commands(CHANGE)


def test_the_app_of_single_constructs_breaks_no_rule(tmp_path: Path) -> None:
    [app] = code(page("monorepo"))
    exec(app.replace("cdk.App()", f"cdk.App(outdir={str(tmp_path)!r})"), {})  # noqa: S102 (the page's own)
    report = json.loads((tmp_path / "validation-report.json").read_text(encoding="utf-8"))
    assert report["pluginReports"] == []
    assert (tmp_path / "ShopAccess.template.json").is_file()


@pytest.mark.long
def test_the_tutorial_ends_with_the_change_that_it_shows(tmp_path: Path) -> None:
    with LocalAws(management_account_id="111122223333", region="us-east-1") as aws:
        founder = Founder(aws, tmp_path, {**os.environ, **GIT})
        # test_from_nothing.py has uvx rehearse this app.
        init, cd, _ = commands(BEGIN)
        assert "Read from AWS: account 111122223333 and no organization yet" in founder.run(init)
        founder.run(cd)
        assert founder.folder == tmp_path / "acme"
        for command in COMMIT:
            founder.run(command)
        lines = code(CHANGE)[0].partition("as before\n")[2].removesuffix(")\n")
        founder.edit(r"    users=\[\n.*?\n    \],\n", lines)
        names = ("AccountProps", "AssignmentProps", "GroupProps", "PermissionSetProps")
        founder.edit("    AccountProps,\n", "".join(f"    {name},\n" for name in names))
        assert output(CHANGE)[0] in founder.run(REHEARSE)


@pytest.mark.long
def test_every_command_of_the_first_day_and_of_the_guides_runs(tmp_path: Path, made_before: Path) -> None:
    with LocalAws(management_account_id="111122223333", region="us-east-1") as aws:
        founder = Founder(aws, tmp_path, {**os.environ, **GIT})
        synthesize_once(founder.folder, made_before)
        for command in COMMIT:
            founder.run(command)
        founder.spend_the_first_day()
        founder.run("git commit --quiet --all --message People")
        assert founder.organization() == FIRST_DAY_MADE
        for command in commands("".join([*(step for _, step in steps(FIRST_DAY)[6:]), *map(page, AFTER)])):
            founder.run(command)
        founder.run("scripts/rehearse --help")
