"""The files that somebody signs after a review of access, and what they say of where they are from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from org_constructs.templates.revision import commit_of, revision_of

from ._date import date_of
from ._live import LIVE, ask_controls

if TYPE_CHECKING:
    from org_constructs.live.control_answers import ControlAnswers
    from org_constructs.report.evidence.reviewed import Reviewed
    from org_constructs.templates.description import Description

    from ._source import Read


def write_evidence(
    folder: Path,
    sources: Sequence[str],
    read: Callable[[], Read],
    *,
    profile: str | None,
    date: str | None,
) -> None:
    """Write the files into a folder, all or none, and say so on stderr.

    Args:
        folder: The folder, new or empty.
        sources: What is reviewed.
        read: Reads it, once it is sure that the folder takes the files; and says of templates that they are old.
        profile: The CLI profile to ask AWS with, where AWS is reviewed.
        date: The date that the user gives.

    Raises:
        Refusal: As `read`; or the folder is not empty, or cannot be written; or the date is none.
    """
    from org_constructs.report.evidence.evidence import evidence  # noqa: PLC0415 (so that --help is quick)
    from org_constructs.report.evidence.folder import refuse_unless_free, write_folder  # noqa: PLC0415

    refuse_unless_free(folder)
    description, stale, time = read()
    answers = ask_controls(description, profile) if LIVE in sources else None
    reviewed = _of_aws(description, sources, answers, date) or _of_templates(sources, stale, date, time)
    files = evidence(description, reviewed, answers)
    write_folder(folder, files)
    click.echo(f"Wrote {folder}: {', '.join(files)}", err=True)


def _of_aws(
    description: Description, sources: Sequence[str], answers: ControlAnswers | None, date: str | None
) -> Reviewed | None:
    from org_constructs.report.evidence.reviewed import Reviewed  # noqa: PLC0415

    if description.live is None:
        return None
    read_at = description.live.read_at
    return Reviewed(
        # Whatever the date is that the files bear.
        source=f"AWS at {read_at}" + ("" if answers else f", as saved in {sources[0]}"),
        date=date_of(date or read_at, None),
        asked_with=answers.caller if answers else "",
    )


def _of_templates(sources: Sequence[str], stale: str, date: str | None, time: float | None) -> Reviewed:
    from org_constructs.cdk_cli.source import is_revision  # noqa: PLC0415 (so that --help is quick)
    from org_constructs.report.evidence.reviewed import Reviewed  # noqa: PLC0415

    path = Path(sources[0])
    around = path if path.is_dir() else path.parent
    return Reviewed(
        source=f"the templates of {', '.join(sources)}",
        date=date_of(date, time),
        revision=commit_of(sources[0]) if is_revision(sources[0]) else revision_of(around),
        stale=stale,
    )
