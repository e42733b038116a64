"""What a page says that it is read from: which source, of when, at which revision."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from org_constructs.templates.revision import commit_of, commit_time, revision_of
from org_constructs.templates.staleness import app_time

from ._date import date_of

if TYPE_CHECKING:
    from org_constructs.templates.description import Description


def said(source: str, description: Description, app: str | None = None) -> str:
    """Return a source as people say it: `cdk.out of 2026-11-26T18:30:05Z, revision 403c0fc1d2e3`.

    Of AWS it is when AWS was asked. Nothing of that is of now, so that the same input makes the same page. A name that
    a folder and a branch have is what it was read as.

    Args:
        source: As for `read_source`.
        description: What it says.
        app: The command that runs an app, where one was given.

    Raises:
        Refusal: SOURCE_DATE_EPOCH is no number of seconds.
    """
    if description.live is not None:
        return f"AWS at {description.live.read_at}"
    from org_constructs.cdk_cli.source import is_revision  # noqa: PLC0415 (so that `--help` is quick)

    if is_revision(source, app):
        return f"revision {source} ({commit_of(source)})"
    path = Path(source)
    file = path / "manifest.json" if path.is_dir() else path
    if file.is_file():
        of = f"{source} of {date_of(None, file.stat().st_mtime)}"
    else:
        of = "this folder" if source == "." else source
        if (written := _written(path, app)) is not None:
            of = f"{of} of {date_of(None, written)}"
    revision = revision_of(path if path.is_dir() else path.parent)
    return f"{of}, revision {revision}" if revision else of


def _written(folder: Path, app: str | None) -> float | None:
    """Return when an app's folder was committed, as it is, or else when its newest file was written."""
    revision = revision_of(folder)
    if revision and " " not in revision:
        return commit_time("HEAD", folder)
    from org_constructs.cdk_cli.synthesis import app_of  # noqa: PLC0415 (so that `--help` is quick)

    return app_time(folder, app or app_of(folder))
