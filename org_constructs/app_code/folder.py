"""A folder of files that is there complete, or not at all."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Final

from org_constructs.refusal import Refusal
from org_constructs.templates.words import first_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_SHOWN: Final = 3  # names of what is in a folder already


def check_folder(folder: Path) -> None:
    """Refuse a folder that `write_folder` cannot make: one with something in it, or the current one.

    The current one would be replaced under the feet of whoever is in it: a shell stays in the folder that is gone.

    Raises:
        Refusal: The folder is a file, is not empty, is the current one, or cannot be looked at.
    """
    with _refused(folder):
        if not folder.exists():
            return
        if not folder.is_dir():
            raise Refusal(
                "folder-is-file", f"FOLDER must be a folder, got the file {str(folder)!r}", "name another one"
            )
        if found := sorted(each.name for each in folder.iterdir()):
            raise Refusal(
                "folder-not-empty",
                f"FOLDER must be new or empty, and {str(folder)!r} has {first_of(found, _SHOWN)}",
                "name another one",
            )
        if folder.samefile(Path.cwd()):
            name = folder.resolve().name
            raise Refusal(
                "folder-is-current",
                f"FOLDER must not be the folder that you are in, {name!r}, since it is replaced in one step",
                f"run `cd ..` and name it: {name}",
            )


def write_folder(folder: Path, files: Mapping[str, str]) -> None:
    """Make a folder with files, in one step: whoever looks, and whenever this is killed, finds all of it or nothing.

    The files are written, down to the disk, into `.NAME.org-baseline-new` beside the folder, which then becomes the
    folder. What a run that was killed has left there is removed by the next. Two runs wait for each other, but on
    Windows, which has no lock for a folder.

    Args:
        folder: The folder, new or empty; folders above it are made. One that is there keeps its mode.
        files: The text of each file by its path in the folder, such as `app.py` or `policies/guardrails.json`; one
            that begins with `#!` can be executed.

    Raises:
        Refusal: As `check_folder`, or the folder cannot be written; it is then as it was.
    """
    check_folder(folder)
    real = Path(os.path.realpath(folder))
    with _refused(folder):
        real.parent.mkdir(parents=True, exist_ok=True)
        with _alone_in(real.parent):
            # Somebody may have made it since.
            check_folder(folder)
            beside = real.with_name(f".{real.name}.org-baseline-new")
            if beside.exists():
                shutil.rmtree(beside)
            try:
                _write(beside, files)
                _become(beside, real)
            except BaseException:
                shutil.rmtree(beside, ignore_errors=True)
                raise
            _sync(real.parent)


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
        _sync(Path(inside))


def _become(beside: Path, real: Path) -> None:
    if real.exists():
        beside.chmod(stat.S_IMODE(real.stat().st_mode))
        if os.name != "posix":
            real.rmdir()  # there alone a folder does not take the place of an empty one
    beside.rename(real)


def _sync(folder: Path) -> None:
    """Have the names in a folder on the disk."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextlib.contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Wait for other runs: the folder itself is locked, until this process ends at the latest."""
    if os.name != "posix":
        yield
        return
    import fcntl  # noqa: PLC0415 (here, as Windows has none)

    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        # NFS has no lock for a folder.
        with contextlib.suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _refused(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Refusal(
            "folder-unwritable", f"FOLDER must be one that can be written, got {str(folder)!r}: {error.strerror}"
        ) from None
