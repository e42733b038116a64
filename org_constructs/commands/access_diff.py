"""`org-baseline access-diff`: what a change of the templates means for people, for those who review it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from org_constructs.cdk_cli.synthesis import on_stderr
from org_constructs.refusal import Refusal
from org_constructs.templates.assembly import CDK_OUT, Stack
from org_constructs.templates.words import visible

from . import _options, _output
from ._live import LIVE
from ._said import said
from ._source import Source, read_in, read_source
from ._staleness import say_if_stale

if TYPE_CHECKING:
    from org_constructs.access_diff.comparison import Comparison, State
    from org_constructs.templates.description import Live

_WIDENED = 3


@click.command()
@click.argument("old")
@click.argument("new", required=False)
@_output.form_option(
    *(_output.MARKDOWN, _output.HTML, _output.JSON),
    said="Markdown is for a comment on a pull request, html a page of its own, json for programs. ",
)
@_output.option
@click.option(
    "--stack", "stacks", metavar="ID", multiple=True, help="Of assemblies, read only this stack. Can be repeated."
)
@_options.app
@_options.profile
def access_diff(
    *,
    old: str,
    new: str | None,
    form: str | None,
    output: Path | None,
    stacks: tuple[str, ...],
    app: str | None,
    profile: str | None,
) -> None:
    """Show what changes for people from OLD to NEW.

    OLD and NEW are each a folder that `cdk synth` has written, a template file, a folder with a cdk.json, a revision of
    git, a description that `org-baseline report --format json` saved, or `live`: what AWS has now. NEW is by default
    this folder as it is now. An app, or this folder at a revision, is synthesized first, with the packages that are
    installed now, and nothing is left behind.

    Where OLD is what AWS has or had, and NEW are templates, by default cdk.out, it shows what their deploy would
    change: what they say as before stays as it is in AWS, even where somebody changed it by hand, and so does what is
    from elsewhere.

    Who can do what where, which policies apply where, what permission sets allow, accounts: what widens access comes
    first, and what cannot be told, or could not be looked at, counts as that.

    Exits with 0 if access does not widen, 3 if it does or may, 2 if the input does not allow it.
    """
    from org_constructs.access_diff.comparison import State, compare  # noqa: PLC0415 (so that `--help` is quick)
    from org_constructs.access_diff.deploy import deploy  # noqa: PLC0415
    from org_constructs.access_diff.rendering import text  # noqa: PLC0415
    from org_constructs.cdk_cli.interruption import Interrupted, interruptions  # noqa: PLC0415

    def read(argument: str, source: str, say: Callable[[str], None] = on_stderr) -> Source:
        try:
            return read_source(source, stacks=stacks, app=app, profile=profile, say=say)
        except Refusal as refusal:
            raise refusal.within(f"{argument} {source!r}: ") from refusal

    try:
        with interruptions():
            if old == LIVE and new is None and not (CDK_OUT / "manifest.json").is_file():
                # Before AWS is read, which may take minutes.
                raise Refusal(
                    "assembly-missing",
                    f"NEW must be given where OLD is `live` and {str(CDK_OUT)!r} has no manifest.json",
                    "run `cdk synth`, or name NEW",
                )
            before, after, new, stale = _read_both(old, new, read)
            if before.description.live and not after.description.live:
                _check_account(before.description.live, after.stacks)
                states = deploy(before.description, after.description)
                by_hand = "What somebody changed by hand stays as it is; `org-baseline drift` shows it."
            else:
                states = State.of(before.description), State.of(after.description)
                by_hand = ""
            comparison = compare(*states)
    except Interrupted as interrupted:
        click.echo(f"{interrupted}: everything is stopped, and nothing is left behind", err=True)
        sys.exit(interrupted.exit_code)
    if by_hand and not comparison.changes:
        click.echo(by_hand, err=True)
    match _output.form_of(form, output):
        case _output.HTML:
            between = (
                f"This is what changes from {said(old, before.description, app)} to"
                f" {said(new, after.description, app)}, and the organization as it is then."
            )
            _output.write(_page(comparison, states, stale, between), output)
        case _output.TEXT if output is None:
            # Coloured on a terminal.
            click.echo(text(comparison), nl=False)
        case other:
            _output.write(_written(other, comparison, stale), output)
    sys.exit(_WIDENED if comparison.widens else 0)


def _read_both(old: str, new: str | None, read: Callable[..., Source]) -> tuple[Source, Source, str, str]:
    """Return what OLD and NEW say, what NEW is, and what was said if it is stale; two apps are run side by side."""
    from org_constructs.cdk_cli.child import beside  # noqa: PLC0415 (so that `--help` is quick)
    from org_constructs.cdk_cli.source import is_synthesized  # noqa: PLC0415

    with beside() as thread:
        later = None
        if LIVE not in {old, new} and is_synthesized(old) and is_synthesized(new or "."):
            later = read_in(thread, partial(read, "NEW", new or "."))
        before = read("OLD", old)
        new = new or (str(CDK_OUT) if before.description.live else ".")
        # What was is old on purpose.
        stale = say_if_stale(Path(new))
        return before, later() if later else read("NEW", new), new, stale


def _written(form: str, comparison: Comparison, stale: str) -> str:
    from org_constructs.access_diff.machine import to_json  # noqa: PLC0415 (so that `--help` is quick)
    from org_constructs.access_diff.rendering import comment, text  # noqa: PLC0415

    match form:
        case _output.MARKDOWN:
            return comment(comparison, stale=stale)
        case _output.JSON:
            return to_json(comparison, stale=stale)
    return click.unstyle(text(comparison))


def _page(comparison: Comparison, states: tuple[State, State], stale: str, between: str) -> str:
    from org_constructs.access_diff.identity import with_common_keys  # noqa: PLC0415 (so that `--help` is quick)
    from org_constructs.access_diff.rendering import on_a_page  # noqa: PLC0415
    from org_constructs.report.html import Difference, render_html  # noqa: PLC0415
    from org_constructs.report.model import make_report  # noqa: PLC0415

    verdict, changes = on_a_page(comparison)
    before, after = with_common_keys(*(state.description for state in states))
    return render_html(
        make_report(after, stale),
        Difference(between=visible(between), verdict=verdict, changes=changes, before=make_report(before)),
    )


def _check_account(live: Live, stacks: Iterable[Stack]) -> None:
    """Refuse to compare what AWS has with an app for another organization."""
    for stack in stacks:
        if live.management_account_id is not None and stack.account not in {None, live.management_account_id}:
            raise Refusal(
                "account-mismatch",
                f"NEW must be for the management account {live.management_account_id}, got the stack {stack.id!r} for"
                f" account {stack.account}",
                "name a profile of that account with --profile, or the app of this organization",
            )
