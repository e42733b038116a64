"""A folder of files that is there complete, or not at all."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Final

from org_constructs.folders import alone_in, sync
from org_constructs.refusal import Refusal
from org_constructs.templates.words import first_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_SHOWN: Final = 3  # names of what is in a folder already
_OF_GIT: Final = frozenset({".git", ".gitattributes", "LICENSE"})
"""What a new repository has, and no app that is written."""

_LEFT: Final = ".org-baseline-new"
_LAST: Final = "app.py"
"""Without it the other files are no app."""


def check_folder(folder: Path) -> None:
    """Refuse a folder that `write_folder` cannot make: one with more in it than a new repository of git has.

    Raises:
        Refusal: The folder is a file or a link to nothing, has something in it, or cannot be looked at.
    """
    with _refused(folder):
        if not folder.exists():
            if folder.is_symlink():
                target = str(folder.readlink())
                raise Refusal(
                    "folder-link-broken",
                    f"FOLDER must be a folder, got {str(folder)!r}, a link to {target!r}, which is not there",
                    "name another one, or remove the link",
                )
            return
        if not folder.is_dir():
            raise Refusal(
                "folder-is-file", f"FOLDER must be a folder, got the file {str(folder)!r}", "name another one"
            )
        left = folder / _LEFT
        found = sorted(
            each.name
            for each in folder.iterdir()
            if each.name not in _OF_GIT and (each.name == _LAST or not _is_left(each, left / each.name))
        )
        if found:
            raise Refusal(
                "folder-not-empty",
                f"FOLDER must be new, empty or a new git repository, and {str(folder)!r} has {first_of(found, _SHOWN)}",
                "name another one",
            )


def _is_left(path: Path, written: Path) -> bool:
    """Tell whether something in a folder is what a run that was killed has put there."""
    if path.name == _LEFT:
        return path.is_dir() and not path.is_symlink()
    if path.is_dir():
        return written.is_dir() and all(_is_left(each, written / each.name) for each in path.iterdir())
    return written.is_file() and path.samefile(written)


def write_folder(folder: Path, files: Mapping[str, str]) -> None:
    """Make a folder with files, in one step: whoever looks, and whenever this is killed, finds all of it or nothing.

    A new repository, or the current folder, cannot be replaced under whoever is in it. There each file appears in one
    step, and app.py last: a run that is killed leaves no app.py, and the next run writes everything anew.

    What a run that was killed has left there is removed by the next. Two runs wait for each other, but on Windows,
    which has no lock for a folder.

    Args:
        folder: The folder, new, empty or a new repository; folders above it are made. One that is there keeps its mode.
        files: The text of each file by its path in the folder, such as `app.py` or `policies/guardrails.json`; one
            that begins with `#!` can be executed.

    Raises:
        Refusal: As `check_folder`, or the folder cannot be written; it is then as it was.
    """
    check_folder(folder)
    real = Path(os.path.realpath(folder))
    with _refused(folder):
        real.parent.mkdir(parents=True, exist_ok=True)
        with alone_in(real.parent):
            # Somebody may have made it since.
            check_folder(folder)
            if real.is_dir() and (real.samefile(Path.cwd()) or any(real.iterdir())):
                _write_into(real, files)
                return
            beside = real.with_name(f".{real.name}.org-baseline-new")
            if beside.exists():
                shutil.rmtree(beside)
            try:
                _write(beside, files)
                _become(beside, real)
            except BaseException:
                shutil.rmtree(beside, ignore_errors=True)
                raise
            sync(real.parent)


def _write_into(folder: Path, files: Mapping[str, str]) -> None:
    """Put the files into a folder that stays: written beside first, each then appears in one step, app.py last.

    They appear as second names of those beside, so that none that is there is replaced, and so that the next run knows
    which ones a run that was killed has put there.
    """
    beside = folder / _LEFT
    _clear(folder, beside)
    try:
        _write(beside, files)
        for name in sorted(files, key=lambda name: name == _LAST):
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.hardlink_to(beside / name)
        sync(folder)
    except BaseException:
        _clear(folder, beside)
        raise
    shutil.rmtree(beside)


def _clear(folder: Path, beside: Path) -> None:
    """Remove what a run has put into a folder."""
    if not beside.exists():
        return
    for path in folder.iterdir():
        if path != beside and path.name not in _OF_GIT and _is_left(path, beside / path.name):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    shutil.rmtree(beside)


def _write(folder: Path, files: Mapping[str, str]) -> None:
    folder.mkdir()
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if text.startswith("#!"):
            mode = path.stat().st_mode
            path.chmod(mode | (mode & 0o444) >> 2)  # for whoever may read it
    for inside, _, _ in os.walk(folder):
        sync(Path(inside))


def _become(beside: Path, real: Path) -> None:
    if real.exists():
        beside.chmod(stat.S_IMODE(real.stat().st_mode))
        if os.name != "posix":
            real.rmdir()  # there alone a folder does not take the place of an empty one
    beside.rename(real)


@contextlib.contextmanager
def _refused(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Refusal(
            "folder-unwritable", f"FOLDER must be one that can be written, got {str(folder)!r}: {error.strerror}"
        ) from None
