"""README.md and the pages that one reads first are true: their commands run, and what they show is printed."""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING, Final

import pytest
from botocore.exceptions import ClientError

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
        leave(founder)


def leave(founder: Founder) -> None:
    """Do all that the page on leaving says, one thing before everything."""
    text = page("leaving")
    deploy, destroy, orphan = commands(text)
    named = re.findall(r"`((?:cdk|org-baseline) [^`]+)`", text)
    synth, diff, *last_day = [each for each in named if each not in {"cdk bootstrap", "cdk destroy"}]
    assert (synth, diff) == ("cdk synth", "cdk diff OrgBaseline")
    assert [each.split()[1] for each in last_day] == ["report", "report", "report", "aws-config"]
    cloudformation = founder.aws.client("cloudformation")
    founder.run(synth)
    template = (founder.folder / re.findall(r"`(cdk\.out/[^`]+)`", text)[0]).read_text(encoding="utf-8")
    with pytest.raises(ClientError, match="No updates are to be performed"):
        cloudformation.update_stack(StackName="OrgBaseline", TemplateBody=template)

    [account_id] = re.findall(r'cdk import .*"AccountId":"(\d{12})"', founder.run(orphan))
    assert founder.organization() == FIRST_DAY_MADE
    founder.edit(r'(?<=AccountProps\(key="dev", )organizational_unit="workloads/dev"', f'account_id="{account_id}"')
    [retain] = code(text)
    founder.edit(r"(?=app\.synth\(\))", retain)
    founder.run(deploy)
    assert "There were no differences" in founder.run(diff)
    founder.run(destroy)
    with pytest.raises(ClientError, match="does not exist"):
        cloudformation.describe_stacks(StackName="OrgBaseline")
    assert founder.organization() == FIRST_DAY_MADE
    for command in last_day:
        founder.run(command)
    assert account_id in (founder.folder / "live.json").read_text(encoding="utf-8")
