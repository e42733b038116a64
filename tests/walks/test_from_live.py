"""From an organization that was made by hand to its code: `init --from live`, synth, adopt, and the real CDK CLI."""

from __future__ import annotations

import os
import subprocess
import sys
from random import Random
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from everything_there import snapshot
from made_by_hand import INSTANCE, MANAGEMENT, STORE, Hand
from org_constructs.aws.template_size import INLINE_TEMPLATE_MAX, yaml_bytes
from org_constructs.cdk_cli.cli import find_cdk_cli
from org_constructs.commands import main
from org_constructs.rehearsal.local_aws import Existing, LocalAws
from org_constructs.templates.assembly import read_stacks
from printed_commands import printed
from project import ROOT
from random_live_organizations import make

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.long


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalAws]:
    with LocalAws(
        management_account_id=MANAGEMENT, region="us-east-1", management_account_email="aws@acme.com"
    ) as running:
        running.seed(Existing(instance_arn=INSTANCE, identity_store_id=STORE))
        for name, value in running.environment.items():
            monkeypatch.setenv(name, value)
        yield running


class Person:
    """Whoever types the commands of the new folder's README."""

    def __init__(self, aws: LocalAws, folder: Path) -> None:
        self._aws = aws
        self._folder = folder
        self._cli = find_cdk_cli(folder.parent / "home", default_account=MANAGEMENT)

    def cdk(self, *arguments: str) -> str:
        lines: list[str] = []
        path = {"PATH": f"{os.path.dirname(sys.executable)}{os.pathsep}{os.environ['PATH']}"}  # noqa: PTH120
        code = self._cli.run(
            *arguments,
            folder=self._folder,
            each_line=lines.append,
            environment={**self._aws.environment, **path},
        )
        assert code == 0, "\n".join(lines)
        return "\n".join(lines)

    def baseline(self, *arguments: str) -> str:
        result = CliRunner().invoke(main, arguments, catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.output

    def take_over(self) -> None:
        """Take over what exists, and see that nothing was made and nothing changed."""
        before = snapshot(self._aws)
        self.cdk("synth", "--quiet")
        stacks = read_stacks(self._folder / "cdk.out")
        # More than CloudFormation takes in a request goes through the bucket of the bootstrap; quotes come on top.
        if any(yaml_bytes(each.template) > 0.9 * INLINE_TEMPLATE_MAX for each in stacks):
            self.cdk("bootstrap", f"aws://{MANAGEMENT}/us-east-1")
        for stack in stacks:
            said = self.baseline("adopt", "--stack", stack.id)
            assert "Does not exist" not in said
            assert "a deploy changes" not in said
            for program, *rest in printed(said):
                if program == "cdk":
                    answer = self.cdk(*rest, *(["--require-approval", "never"] if rest[0] == "deploy" else []))
                    assert "CREATE" not in answer
            assert snapshot(self._aws) == before
        assert "There were no differences" in self.cdk("diff")
        assert "no changes" in self.cdk("deploy", "--all", "--require-approval", "never")
        assert snapshot(self._aws) == before
        assert "Nothing changes for anybody." in self.baseline("access-diff", "live")


def written(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder that `init --from live` has made, the current one from here on."""
    monkeypatch.chdir(folder)
    result = CliRunner().invoke(main, ["init", "app", "--from", "live"], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    monkeypatch.chdir(folder / "app")
    for command in (
        ["ruff", "format", "--isolated", "--line-length=120", "--check", "."],
        ["ruff", "check", "--isolated", "--line-length=120", "."],
        ["mypy", "--strict", f"--cache-dir={ROOT / '.mypy_cache'}", "."],
    ):
        ran = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 (tools of ours)
        assert ran.returncode == 0, ran.stdout + ran.stderr
    return folder / "app"


def test_the_guides_end_state_is_taken_over(aws: LocalAws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Hand(aws).guide()
    folder = written(tmp_path, monkeypatch)
    assert (folder / "app.py").read_text(encoding="utf-8").count("\n") <= 45
    person = Person(aws, folder)
    person.take_over()
    person.baseline("drift")


@pytest.mark.parametrize("seed", [4, 8])
def test_a_random_organization_is_taken_over(
    aws: LocalAws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    make(aws, Random(seed), accounts=12, people=12, assignments=60)  # noqa: S311 (the same organizations each time)
    Person(aws, written(tmp_path, monkeypatch)).take_over()
