"""`org-baseline access-diff`: what a change of the templates means for people, for those who review it."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

import click

from org_constructs.refusal import Refusal

from ._staleness import say_if_stale

_WIDENED = 3


@click.command()
@click.argument("old")
@click.argument("new", default=".")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown"]),
    default="text",
    show_default=True,
    help="Markdown is for a comment on a pull request.",
)
@click.option(
    "--stack", "stacks", metavar="ID", multiple=True, help="Of assemblies, read only this stack. Can be repeated."
)
@click.option(
    "--app", metavar="COMMAND", help="The command that runs the app, if it is synthesized; default: as in cdk.json."
)
def access_diff(*, old: str, new: str, form: str, stacks: tuple[str, ...], app: str | None) -> None:
    """Show what changes for people from OLD to NEW.

    OLD and NEW are each a folder that `cdk synth` has written, a template file, a folder with a cdk.json, or a
    revision of git; NEW is by default this folder as it is now. An app, or this folder at a revision, is synthesized
    first, with the packages that are installed now, and nothing is left behind.

    Who can do what where, which policies apply where, what permission sets allow, accounts: what widens access comes
    first, and what cannot be told counts as that.

    Exits with 0 if access does not widen, 3 if it does or may, 2 if the input does not allow it.
    """
    from org_constructs.access_diff.comparison import State, compare  # noqa: PLC0415 (so that `--help` is quick)
    from org_constructs.access_diff.rendering import comment, text  # noqa: PLC0415
    from org_constructs.access_diff.sources import read  # noqa: PLC0415
    from org_constructs.cdk_cli.interruption import Interrupted, interruptions  # noqa: PLC0415

    def state(argument: str, source: str) -> State:
        try:
            return read(source, stacks=stacks, app=app, say=partial(click.echo, err=True))
        except Refusal as refusal:
            raise refusal.within(f"{argument} {source!r}: ") from refusal

    try:
        with interruptions():
            # What was is old on purpose.
            stale = say_if_stale(Path(new))
            comparison = compare(state("OLD", old), state("NEW", new))
    except Interrupted as interrupted:
        click.echo(f"{interrupted}: everything is stopped, and nothing is left behind", err=True)
        sys.exit(interrupted.exit_code)
    click.echo(text(comparison) if form == "text" else comment(comparison, stale=stale), nl=False)
    sys.exit(_WIDENED if comparison.widens else 0)
