"""The user's `~/.aws/config`, read and replaced in one step."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Final

from org_constructs.folders import alone_in, sync
from org_constructs.refusal import Refusal

# The mode which the AWS CLI gives it: https://github.com/aws/aws-cli/blob/v2/awscli/customizations/configure/writer.py
_MODE: Final = 0o600
_FOLDER: Final = ".aws"


def default_file() -> Path:
    """Return the file that AWS's tools read: `AWS_CONFIG_FILE`, or `~/.aws/config`."""
    return Path(os.path.expandvars(os.environ.get("AWS_CONFIG_FILE") or "~/.aws/config")).expanduser()


def read(path: Path) -> bytes | None:
    """Return what is in the file; None where there is none.

    Raises:
        Refusal: It cannot be read, or is no file.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise Refusal("file-unreadable", f"{str(path)!r} must be a file")
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Refusal("file-unreadable", f"{str(path)!r} must be readable: {error.strerror}") from None


def write(path: Path, change: Callable[[bytes], bytes]) -> bool:
    """Change the file in one step, so that whoever reads it meets the old text or the new one, never a part.

    A link is followed. The mode is kept, but for what lets others write, which is taken from the file, and from its
    folder if that is `.aws`; a new file is readable by its owner alone. Runs of this command wait for each other; what
    another program wrote in between is read again, and lost by none of both.

    A file that has several names, as hard links are, is written where it is, so that each has the new text: in that
    case alone a reader may meet a part of it, and if the machine stops right then, the whole is in the file beside it.

    Args:
        path: The file.
        change: Makes the new text of the one that is there, empty for none.

    Returns:
        Whether there was anything to change.

    Raises:
        Refusal: The file cannot be read or written; it is then as it was. Or it is on Windows, whose files can
            not be replaced this way.
    """
    real = Path(os.path.realpath(path))
    if os.name != "posix":
        raise Refusal(
            "file-on-windows",
            "the file can only be written on Linux, macOS or WSL",
            "use --print and paste the output",
        )
    if real.exists() and not os.access(real, os.W_OK):
        raise Refusal("file-unwritable", f"{str(path)!r} must be writable, but is read-only")
    try:
        real.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with alone_in(real.parent):
            # Where there is no lock, that the file is read again just before it is replaced has to do.
            while True:
                old = read(real)
                new = change(old or b"")
                if new == (old or b""):
                    return False
                temporary = real.with_name(f".{real.name}.org-baseline-new")
                _write_beside(real, temporary, new)
                if read(real) == old:
                    if real.exists() and real.stat().st_nlink > 1:
                        _write_in_place(real, new)
                        temporary.unlink()
                    else:
                        temporary.replace(real)
                    sync(real.parent)
                    _close_folder(real.parent)
                    return True
    except OSError as error:
        raise Refusal(
            "file-unwritable", f"{str(path)!r} must be writable, and its folder too: {error.strerror}"
        ) from None


def _write_beside(real: Path, temporary: Path, text: bytes) -> None:
    # What a run that was killed has left; no other one is here now.
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _MODE)
    try:
        with os.fdopen(descriptor, "wb") as file:
            with contextlib.suppress(FileNotFoundError):
                before = real.stat()
                os.fchmod(file.fileno(), _closed(before))
                # Only root may give a file away; a group that cannot stay is no reason to stop.
                with contextlib.suppress(PermissionError):
                    os.fchown(file.fileno(), before.st_uid, before.st_gid)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        temporary.unlink()
        raise


def _write_in_place(real: Path, text: bytes) -> None:
    with os.fdopen(os.open(real, os.O_RDWR | os.O_NOFOLLOW), "r+b") as file:
        os.fchmod(file.fileno(), _closed(os.fstat(file.fileno())))
        file.write(text)
        file.truncate()
        file.flush()
        os.fsync(file.fileno())


def _close_folder(folder: Path) -> None:
    # Another folder than AWS's own is the user's to share.
    if folder.name == _FOLDER and folder.stat().st_uid == os.geteuid() and _others_write(folder):
        folder.chmod(_closed(folder.stat()))


def _closed(status: os.stat_result) -> int:
    """Return a mode without what lets others write."""
    return stat.S_IMODE(status.st_mode) & ~(stat.S_IWGRP | stat.S_IWOTH)


def writable_by_others(path: Path) -> tuple[Path, ...]:
    """Return what others than the user can write and so say where the user logs in: the file, and its folder.

    Where the file is a link, the folders of the link and of what it leads to. The user's own group is nobody else, as
    systems give one to each user, and in a folder with the sticky bit nobody replaces what is another's.
    """
    real = Path(os.path.realpath(path))
    return tuple(each for each in dict.fromkeys([path.absolute().parent, real.parent, real]) if _others_write(each))


def _others_write(place: Path) -> bool:
    if os.name != "posix":
        return False  # access is no part of the mode there
    try:
        status = place.stat()
    except OSError:
        return False
    if stat.S_ISDIR(status.st_mode) and status.st_mode & stat.S_ISVTX:
        return False
    return bool(status.st_mode & stat.S_IWOTH or (status.st_mode & stat.S_IWGRP and not _is_own_group(status)))


def _is_own_group(status: os.stat_result) -> bool:
    import grp  # noqa: PLC0415 (here, as Windows has none, and all but writing works there)
    import pwd  # noqa: PLC0415 (likewise)

    try:
        group, user = grp.getgrgid(status.st_gid), pwd.getpwuid(status.st_uid)
    except KeyError:
        return False
    return group.gr_name == user.pw_name and set(group.gr_mem) <= {user.pw_name}
