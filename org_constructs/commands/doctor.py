"""`org-baseline doctor`: what stands in the way of a deploy, looked at before it."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from org_constructs.refusal import Refusal
from org_constructs.templates.assembly import CDK_OUT
from org_constructs.templates.words import visible

from . import _options, _output
from ._staleness import say_if_stale

if TYPE_CHECKING:
    from pathlib import Path

    from org_constructs.doctor.check import Check
    from org_constructs.doctor.finding import Fix


@click.command()
@click.option(
    *_options.ASSEMBLY,
    type=_options.PATH,
    help="The folder that `cdk synth` wrote; default: cdk.out, if it exists.",
)
@_options.stacks
@_options.profile
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.option(
    "--fix",
    is_flag=True,
    help=(
        "Do what CloudFormation cannot, after asking about each: enable policy types, trusted access, central root"
        " access, and permission sets in an instance without them; set alternate contacts and names of accounts."
    ),
)
@click.option("-y", "--yes", is_flag=True, help="With --fix: do everything without asking.")
def doctor(
    *, assembly: Path | None, stacks: tuple[str, ...], profile: str | None, as_json: bool, fix: bool, yes: bool
) -> None:
    """Look for what stands in the way of a deploy.

    Compares the assembly, this machine and AWS, and says what was found, why it matters and what to do next. Without
    --fix nothing is changed, and with it nothing is taken away.

    Exits with 0 if a deploy can go ahead, 1 if not, 2 if it could not be looked at.
    """
    if yes and not fix:
        raise Refusal("yes-alone", "--yes must only be given with --fix", "leave it out: nothing changes without --fix")
    if fix and not yes and not _can_ask():
        raise Refusal("yes-missing", "--yes must be given with --fix if nobody can be asked; nothing is changed")
    from org_constructs.doctor import report  # noqa: PLC0415 (so that `--help` is quick)
    from org_constructs.doctor.examination import Assembly, Examination  # noqa: PLC0415
    from org_constructs.doctor.runner import exit_code, run  # noqa: PLC0415

    where = assembly or CDK_OUT
    try:
        read = Assembly.read(where, stacks) if assembly or (where / "manifest.json").exists() else None
    except Refusal:
        # What cannot be read is seldom the newest; of the rest the check of the assembly says so.
        say_if_stale(where)
        raise
    examination = Examination(assembly=read, where=where, profile=profile)
    results = []
    for result in run(examination, begin=_say_what_begins, repair=_Repair(yes=yes) if fix else None):
        results.append(result)
        _clear()
        if not as_json and result.cause is None:
            click.echo(f"{report.render(result, width=_output.width())}\n")
    if as_json:
        click.echo(json.dumps(report.as_json(results), indent=2))
    else:
        for lines in report.render_not_looked_at(results, width=_output.width()):
            click.echo(f"{lines}\n")
        click.echo(report.summary(results))
    sys.exit(exit_code(results))


class _Repair:
    """Asks for each fix, applies it and says so; on stderr, so that --json stays JSON."""

    def __init__(self, *, yes: bool) -> None:
        self._yes = yes

    def __call__(self, fix: Fix) -> bool:
        _clear()
        if self._yes:
            click.echo(visible(fix.question), err=True)
        elif not click.confirm(visible(fix.question), err=True):
            return False
        # Enabling a type of policies takes AWS a while.
        _say("Doing it")
        fix.apply()
        _clear()
        click.echo(f"{visible(fix.done)}\n", err=True)
        return True


def _can_ask() -> bool:
    return sys.stdin.isatty()


def _say_what_begins(check: Check) -> None:
    _say(f"Checking {check.title}")


def _say(what: str) -> None:
    """Say what is being done, on a line that the next thing takes."""
    if sys.stderr.isatty():
        click.echo(f"\r\x1b[K{what} …", nl=False, err=True)


def _clear() -> None:
    if sys.stderr.isatty():
        click.echo("\r\x1b[K", nl=False, err=True)
