"""`org-baseline drift`: what somebody changed by hand, and how the app and AWS agree again."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Final

import click

from org_constructs.live.errors import said_in_a_sentence
from org_constructs.refusal import Refusal
from org_constructs.templates.assembly import Stack, describe_stacks, read_stacks

from . import _options, _output
from ._live import live_regions
from ._progress import progress

if TYPE_CHECKING:
    from pathlib import Path

    from org_constructs.drift.finding import Report

DRIFTED: Final = 3
UNREAD: Final = 1


@click.command()
@_options.assembly
@_options.stacks
@_options.profile
@click.option(
    "--leave",
    metavar="KEY",
    multiple=True,
    help="Leave this drift as it is, by its `key` in --format json. Can be repeated.",
)
@_output.form_option(_output.MARKDOWN, _output.JSON)
@_output.option
def drift(
    *,
    assembly: Path,
    stacks: tuple[str, ...],
    profile: str | None,
    leave: tuple[str, ...],
    form: str | None,
    output: Path | None,
) -> None:
    """Find what somebody changed by hand.

    Compares what the stacks were deployed with, whatever the assembly says by now, to what AWS has: what is gone, what
    says something else, and what no stack has made. Says of each how to take it back, how to take it over into the
    app, and what happens if it is left. AWS is read and not changed.

    Exits with 0 if nothing drifted, 3 if something did, 1 if nothing did as far as could be looked, and 2 if the input
    does not allow it or AWS could not be asked; nothing is written then.
    """
    from org_constructs.drift.rendering import as_json, render_markdown, render_text  # noqa: PLC0415 (quick --help)

    form = _output.form_of(form, output)
    if form == _output.HTML:
        raise Refusal(
            "drift-format", f"--output must not be a page, got {str(output)!r}", "end it in .md, .json or .txt"
        )
    _, read = describe_stacks(read_stacks(assembly), stacks)
    with said_in_a_sentence(profile):
        report = _compare(read, profile, leave)
    if form == _output.JSON:
        text = json.dumps(as_json(report), indent=2, ensure_ascii=False) + "\n"
    elif form == _output.MARKDOWN:
        text = render_markdown(report)
    else:
        text = render_text(report, _output.width())
    _output.write(text, output)
    for key in sorted({*leave} - {each.key for each in report.left}):
        click.secho(f"Note: nothing that drifted has the key {key!r}", fg="yellow", err=True)
    sys.exit(DRIFTED if report.drifts else UNREAD if report.unread else 0)


def _compare(stacks: tuple[Stack, ...], profile: str | None, leave: tuple[str, ...]) -> Report:
    from org_constructs.drift.runner import find_drift  # noqa: PLC0415 (so that `--help` is quick)

    live_in = live_regions(stacks, profile)
    with progress("Reading AWS") as tell:
        return find_drift(stacks, live_in, profile=profile, leave=leave, progress=tell)
