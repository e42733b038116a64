"""The files that somebody signs after a review of access, and what they say of where they are from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from org_constructs.templates.revision import revision_of

from ._date import date_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from ._source import Read


def write_evidence(folder: Path, paths: Sequence[Path], read: Callable[[], Read], date: str | None) -> None:
    """Write the files into a folder, all or none, and say so on stderr.

    Args:
        folder: The folder, new or empty.
        paths: The folder or the files of the templates; nothing is asked of them where AWS is described.
        read: Reads them, once it is sure that the folder takes the files.
        date: The date that the user gives.

    Raises:
        Refusal: As `read`; or the folder is not empty, or cannot be written; or the date is none.
    """
    from org_constructs.report.evidence.evidence import evidence  # noqa: PLC0415 (so that --help is quick)
    from org_constructs.report.evidence.folder import refuse_unless_free, write_folder  # noqa: PLC0415
    from org_constructs.report.evidence.reviewed import Reviewed  # noqa: PLC0415

    refuse_unless_free(folder)
    description, stale = read()
    if description.live is not None:
        read_at = description.live.read_at
        reviewed = Reviewed(source=f"AWS as it was at {read_at}", date=date_of(date or read_at, ()))
    else:
        reviewed = Reviewed(
            source=f"the templates in {', '.join(map(str, paths))}",
            date=date_of(date, [path / "manifest.json" if path.is_dir() else path for path in paths if path.exists()]),
            revision=revision_of(paths[0] if paths[0].is_dir() else paths[0].parent),
            stale=stale,
        )
    files = evidence(description, reviewed)
    write_folder(folder, files)
    click.echo(f"Wrote {folder}: {', '.join(files)}", err=True)
