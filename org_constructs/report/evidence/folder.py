"""A folder that is written completely or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from typing import TYPE_CHECKING

from org_constructs.refusal import Refusal

if TYPE_CHECKING:
    from pathlib import Path


def refuse_unless_free(folder: Path) -> None:
    """Refuse a folder that has something in it, or that is none.

    Raises:
        Refusal: It has, or it is a file, or cannot be looked into.
    """
    try:
        inside = next(folder.iterdir(), None)
    except FileNotFoundError:
        return
    except OSError as error:
        raise _unwritable(folder, error) from None
    if inside is not None:
        raise Refusal(
            "evidence-folder-not-empty",
            f"--evidence must be a folder that is new or empty, got {str(folder)!r}, which has {inside.name}",
            "name another one",
        )


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write the files into a folder, which is made, or filled where it is empty.

    They are written beside it first, so that whoever looks finds all of them or none.

    Raises:
        Refusal: As `refuse_unless_free`, or it cannot be written.
    """
    refuse_unless_free(folder)
    whole = folder.absolute()
    beside = whole.with_name(f".{whole.name}-{os.getpid()}")
    try:
        beside.mkdir()
        for name, content in files.items():
            (beside / name).write_bytes(content)
        if whole.exists():
            whole.rmdir()
        beside.rename(whole)
    except OSError as error:
        raise _unwritable(folder, error) from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _unwritable(folder: Path, error: OSError) -> Refusal:
    return Refusal(
        "file-unwritable", f"--evidence must be a folder that can be written, got {str(folder)!r}: {error.strerror}"
    )
