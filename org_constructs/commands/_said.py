"""What a page says that it is read from: which source, of when, at which revision."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from org_constructs.templates.revision import commit_of, revision_of

from ._date import date_of

if TYPE_CHECKING:
    from org_constructs.templates.description import Description


def said(source: str, description: Description) -> str:
    """Return a source as people say it: `cdk.out of 2026-11-26T18:30:05Z, revision 403c0fc1d2e3`.

    Of AWS it is when AWS was asked. Nothing of that is of now, so that the same input makes the same page.

    Raises:
        Refusal: SOURCE_DATE_EPOCH is no number of seconds.
    """
    if description.live is not None:
        return f"AWS at {description.live.read_at}"
    path = Path(source)
    file = path / "manifest.json" if path.is_dir() else path
    if file.is_file():
        of = f"{source} of {date_of(None, file.stat().st_mtime)}"
    elif path.is_dir():
        of = "this folder" if source == "." else source
    else:
        return f"revision {source} ({commit_of(source)})"
    revision = revision_of(path if path.is_dir() else path.parent)
    return f"{of}, revision {revision}" if revision else of
