"""`org-baseline report`: an organization, for people to read."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

import click

from org_constructs.refusal import Refusal
from org_constructs.templates.assembly import CDK_OUT

from . import _options, _output
from ._evidence import write_evidence
from ._live import LIVE
from ._said import said
from ._source import Read, Source, of_assembly, of_templates, read_source
from ._staleness import say_if_stale


@click.command()
@click.argument("sources", metavar="[SOURCE]...", nargs=-1)
@_options.stacks
@_options.app
@_options.profile
@_output.form_option(_output.MARKDOWN, _output.HTML, _output.JSON)
@_output.option
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
    " synthesized, the revision was committed or AWS was asked.",
)
def report(
    *,
    sources: tuple[str, ...],
    stacks: tuple[str, ...],
    app: str | None,
    profile: str | None,
    form: str | None,
    output: Path | None,
    evidence: Path | None,
    date: str | None,
) -> None:
    """Show who can do what where.

    It is the organization's tree, everybody's access, and what policies say.

    A SOURCE is `live`, what AWS has now; or a folder that `cdk synth` has written, by default cdk.out; a template file;
    a folder with a cdk.json; a revision of git; or a description that was saved with --format json. Several template
    files are of one organization. As html it is one page that needs nothing else, to be mailed or kept as an artifact
    of a pipeline. As json it is everything that is known, to be reported or compared later, without AWS.

    `live` takes the permissions that `org-baseline deploy-policy --read-only` prints, and says what it could not look
    at. stderr shows how far it is.

    With --evidence the files are written all or none, and the same input and date make the same bytes.

    Exits with 2 if the input does not allow it, and with 130 after Ctrl-C; then nothing is written.
    """
    from org_constructs.cdk_cli.interruption import Interrupted, interruptions  # noqa: PLC0415 (so that --help is quick)

    if evidence is not None and (form or output):
        option = "--format" if form else "--output"
        raise Refusal("options-together", f"{option} must not be given with --evidence", "leave it out")
    if evidence is None and date is not None:
        raise Refusal("date-alone", "--date must only be given with --evidence", "leave it out")
    form = _output.form_of(form, output)
    if app is not None and not sources:
        sources = (".",)
    try:
        with interruptions():
            if evidence is not None:
                read = partial(_read, sources, stacks, app, profile, details=False)
                write_evidence(evidence, sources or (str(CDK_OUT),), read, profile=profile, date=date)
                return
            read_now = _read(sources, stacks, app, profile, details=form == _output.JSON)
            text = _render(form, sources, read_now, app)
    except Interrupted as interrupted:
        click.echo(f"{interrupted}: nothing is written", err=True)
        sys.exit(interrupted.exit_code)
    _output.write(text, output)


def _read(
    sources: tuple[str, ...], stacks: tuple[str, ...], app: str | None, profile: str | None, *, details: bool
) -> Read:
    """Return what the sources say together; with details what a file is to hold, and no other report shows."""
    files = [Path(source) for source in sources if Path(source).is_file() and source != LIVE]
    if len(sources) > 1 and len(files) < len(sources):
        raise Refusal(
            "several-folders",
            f"the input must be one source, or template files, got {', '.join(sources)}",
            "name one",
        )
    if stacks and (files or LIVE in sources):
        raise Refusal(
            "stack-of-file",
            f"--stack must be given with a folder that `cdk synth` wrote, got {sources[0]}",
            "leave it out",
        )
    folders = [path.parent for path in files] or [Path(source) for source in sources if source != LIVE]
    stale = [said for folder in dict.fromkeys(folders or [CDK_OUT] * (not sources)) if (said := say_if_stale(folder))]
    if not sources:
        read = of_assembly(CDK_OUT, stacks)
    elif len(sources) > 1:
        read = Source(of_templates(files), time=max(file.stat().st_mtime for file in files))
    else:
        read = read_source(sources[0], stacks=stacks, app=app, profile=profile, details=details)
    description = read.description
    if not (description.accounts or description.permission_sets or description.assignments or description.live):
        raise Refusal("organization-missing", f"{', '.join(sources)} must have accounts or permission sets, got none")
    return Read(description, "; ".join(stale), read.time)


def _render(form: str, sources: tuple[str, ...], read: Read, app: str | None) -> str:
    description, stale, _ = read
    if form == _output.JSON:
        from org_constructs.templates.saved import to_json  # noqa: PLC0415 (so that --help is quick)

        return to_json(description)
    # Each format on its own: a page's parts are no terminal's business.
    from org_constructs.report.model import make_report  # noqa: PLC0415

    if form == _output.HTML:
        from org_constructs.report.html import render_html  # noqa: PLC0415

        source = "; ".join(said(each, description, app) for each in sources or (str(CDK_OUT),))
        return render_html(make_report(description, stale, source))
    made = make_report(description, stale)
    if form == _output.MARKDOWN:
        from org_constructs.report.markdown import render_markdown  # noqa: PLC0415

        return render_markdown(made)
    from org_constructs.report.text import render_text  # noqa: PLC0415

    return render_text(made, _output.width())
