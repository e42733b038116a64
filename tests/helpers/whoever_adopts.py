"""Somebody who types the commands that take over what exists, with the real CDK CLI."""

from __future__ import annotations

import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from click.testing import CliRunner

from everything_there import snapshot
from loaded_cdk import loaded_cdk
from made_by_hand import MANAGEMENT
from org_constructs.cdk_cli.cli import find_cdk_cli
from org_constructs.commands import main
from org_constructs.templates.assembly import read_stacks
from printed_commands import printed
from project import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from org_constructs.rehearsal.local_aws import LocalAws


class Cdk(Protocol):
    """What runs the CDK CLI in the current folder, and returns what it says."""

    def __call__(self, *command: str, environment: Mapping[str, str]) -> str: ...


def started_each_time(home: Path) -> Cdk:
    """Run the CDK CLI as people do."""
    cli = find_cdk_cli(home, default_account=MANAGEMENT)

    def run(*command: str, environment: Mapping[str, str]) -> str:
        lines: list[str] = []
        # The CLI's environment again, since that of the local AWS comes before it, and the app is run with this Python.
        path = {"PATH": cli.environment["PATH"]}
        code = cli.run(*command, folder=Path.cwd(), each_line=lines.append, environment={**environment, **path})
        assert code == 0, "\n".join(lines)
        return "\n".join(lines)

    return run


@contextmanager
def loaded_once(home: Path) -> Iterator[Cdk]:
    """Run the CDK CLI in one process that stays."""
    with loaded_cdk(home, default_account=MANAGEMENT) as cdk:

        def run(*command: str, environment: Mapping[str, str]) -> str:
            code, said = cdk(*command, folder=Path.cwd(), environment=environment)
            assert code == 0, said
            return said

        yield run


@dataclass(frozen=True)
class Person:
    """Whoever types the commands of the new folder's README, in that folder."""

    aws: LocalAws
    run: Cdk

    def cdk(self, *arguments: str) -> str:
        return self.run(*arguments, environment=self.aws.environment)

    def baseline(self, *arguments: str) -> str:
        result = CliRunner().invoke(main, arguments, catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.output

    def take_over(self) -> int:
        """Take over what exists, and see that nothing was made and nothing changed; returns the number of stacks."""
        before = snapshot(self.aws)
        stacks = read_stacks(Path("cdk.out"))
        for stack in stacks:
            said = self.baseline("adopt", "--stack", stack.id)
            assert "Does not exist" not in said
            assert "a deploy changes" not in said
            for program, *rest in printed(said):
                if program == "cdk":
                    answer = self.cdk(*rest, *(["--require-approval", "never"] if rest[0] == "deploy" else []))
                    assert rest[0] == "bootstrap" or "CREATE" not in answer
            assert snapshot(self.aws) == before
        assert "There were no differences" in self.cdk("diff", "--app", "cdk.out")
        assert "no changes" in self.cdk("deploy", "--all", "--app", "cdk.out", "--require-approval", "never")
        assert snapshot(self.aws) == before
        assert "Nothing changes for anybody." in self.baseline("access-diff", "live")
        return len(stacks)


def check_code(folder: Path) -> None:
    """See that ruff and mypy take the app of a folder as it is written."""
    for command in (
        ["ruff", "format", "--isolated", "--line-length=120", "--check", "."],
        ["ruff", "check", "--isolated", "--line-length=120", "."],
        ["mypy", f"--config-file={ROOT / 'pyproject.toml'}", f"--cache-dir={ROOT / '.mypy_cache'}", "."],
    ):
        ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603 (ours)
        assert ran.returncode == 0, ran.stdout + ran.stderr
