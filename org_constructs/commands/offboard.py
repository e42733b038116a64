"""`org-baseline offboard`: what somebody who leaves has, and how that comes to nothing."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from org_constructs.refusal import Refusal
from org_constructs.templates.assembly import CDK_OUT

from . import _options, _output
from ._live import LIVE
from ._source import of_assembly, read_source
from ._staleness import say_if_stale

if TYPE_CHECKING:
    from org_constructs.templates.description import Description

_NOT_SAFE = 3
_UNREAD = 1


@click.command()
@click.argument("user")
@click.argument("source", required=False)
@_options.stacks
@_options.profile
@_output.form_option(_output.MARKDOWN, _output.JSON)
@_output.option
def offboard(
    *,
    user: str,
    source: str | None,
    stacks: tuple[str, ...],
    profile: str | None,
    form: str | None,
    output: Path | None,
) -> None:
    """Say what somebody who leaves has, and what takes it away.

    USER is a user name, an e-mail address, a display name or an id. SOURCE is `live`, what AWS has now, with what
    somebody gave the person by hand; or a folder that `cdk synth` has written, by default cdk.out; a template file; a
    folder with a cdk.json; a revision of git; or a description that `org-baseline report --format json` saved.

    What the person has and through what, the lines to take out of the app, the denial that ends open sessions, and the
    order of it all. Nothing is changed, in the app or in AWS.

    Exits with 0 if the person can go, 3 if nobody is known to administer the management account afterwards, 1 if AWS
    would not tell something, and 2 if the input does not allow it; nothing is written then.
    """
    from org_constructs.offboarding.leaving import leave  # noqa: PLC0415 (so that `--help` is quick)
    from org_constructs.offboarding.person import find_person  # noqa: PLC0415
    from org_constructs.offboarding.rendering import as_json, render_markdown, render_text  # noqa: PLC0415

    form = _output.form_of(form, output)
    if form == _output.HTML:
        raise Refusal(
            "offboard-format", f"--output must not be a page, got {str(output)!r}", "end it in .md, .json or .txt"
        )
    described, app = _read(source, stacks, profile)
    leaving = leave(described, find_person(described, user), app, profile=profile)
    if form == _output.JSON:
        text = json.dumps(as_json(leaving), indent=2) + "\n"
    elif form == _output.MARKDOWN:
        text = render_markdown(leaving)
    else:
        text = render_text(leaving, _output.width())
    _output.write(text, output)
    sys.exit(_NOT_SAFE if leaving.why_not else _UNREAD if leaving.unread else 0)


def _read(source: str | None, stacks: tuple[str, ...], profile: str | None) -> tuple[Description, Description | None]:
    """Return what is described, and what the app's templates say."""
    say_if_stale(Path(source) if source not in {None, LIVE} else CDK_OUT)
    if source is None:
        described = of_assembly(CDK_OUT, stacks).description
    else:
        described = read_source(source, stacks=stacks, profile=profile).description
    if described.live is None:
        return described, described
    if (CDK_OUT / "manifest.json").is_file():
        return described, of_assembly(CDK_OUT, stacks).description
    from org_constructs.templates.description import describe  # noqa: PLC0415 (so that `--help` is quick)

    return described, describe(described.live.stacks) if described.live.stacks else None
