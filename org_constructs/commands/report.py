"""`org-baseline report`: the organization of templates, for people to read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from org_constructs.refusal import Refusal
from org_constructs.templates.assembly import CDK_OUT

from . import _options
from ._evidence import write_evidence
from ._source import read_organization

if TYPE_CHECKING:
    from pathlib import Path

_TEXT, _MARKDOWN, _HTML = "text", "markdown", "html"
_OF_ENDING: Final = {".md": _MARKDOWN, ".markdown": _MARKDOWN, ".html": _HTML, ".htm": _HTML}


@click.command()
@click.argument("templates", metavar="[TEMPLATE]...", nargs=-1, type=_options.PATH)
@_options.stacks
@click.option(
    "--format",
    "form",
    type=click.Choice([_TEXT, _MARKDOWN, _HTML]),
    help="Default: as the ending of --output says, or text.",
)
@click.option("-o", "--output", type=_options.PATH, help="Write this file; default: stdout.")
@click.option(
    "--evidence",
    metavar="FOLDER",
    type=_options.PATH,
    help="Write what a review of access needs into this folder, which is new or empty: a table of who has what where,"
    " what can be told of the controls of the CIS benchmark, and a page to sign.",
)
@click.option(
    "--date",
    metavar="DATE",
    help="With --evidence: the date on it, such as 2026-11-26; default: SOURCE_DATE_EPOCH, or when the templates were"
    " synthesized.",
)
def report(
    *,
    templates: tuple[Path, ...],
    stacks: tuple[str, ...],
    form: str | None,
    output: Path | None,
    evidence: Path | None,
    date: str | None,
) -> None:
    """Show an organization: its tree, who can do what where, what policies say.

    A TEMPLATE is a file, or a folder that `cdk synth` has written; by default cdk.out. Several files are of one
    organization. As html it is one page that needs nothing else, to be mailed or kept as an artifact of a pipeline.

    With --evidence the files are written all or none, and the same input and date make the same bytes.

    Exits with 2 if the input does not allow it; then nothing is written.
    """
    if evidence is not None:
        if form or output:
            option = "--format" if form else "--output"
            raise Refusal("options-together", f"{option} must not be given with --evidence", "leave it out")
        write_evidence(evidence, templates or (CDK_OUT,), lambda: read_organization(templates, stacks), date)
        return
    if date is not None:
        raise Refusal("date-alone", "--date must only be given with --evidence", "leave it out")
    form = form or _OF_ENDING.get(output.suffix.lower() if output else "", _TEXT)
    text = _render(form, templates, stacks)
    if output is None:
        click.echo(text.encode(), nl=False)
        return
    try:
        output.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise Refusal(
            "file-unwritable", f"--output must be a file that can be written, got {str(output)!r}: {error.strerror}"
        ) from None
    click.echo(f"Wrote {output}", err=True)


def _render(form: str, paths: tuple[Path, ...], stacks: tuple[str, ...]) -> str:
    # Each format on its own: a page's parts are no terminal's business.
    from org_constructs.report.model import make_report  # noqa: PLC0415 (so that --help is quick)

    read = read_organization(paths, stacks)
    made = make_report(read.description, read.stale)
    if form == _HTML:
        from org_constructs.report.html import render_html  # noqa: PLC0415

        return render_html(made)
    if form == _MARKDOWN:
        from org_constructs.report.markdown import render_markdown  # noqa: PLC0415

        return render_markdown(made)
    from org_constructs.report.text import render_text  # noqa: PLC0415

    return render_text(made)
