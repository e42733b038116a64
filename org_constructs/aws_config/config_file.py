"""The user's `~/.aws/config`, read and replaced in one step."""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Final

from org_constructs.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# The mode which the AWS CLI gives it.
_MODE: Final = 0o600


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

    A link is followed, the mode is kept, and a new file is readable by its owner alone. Runs of this command wait for
    each other; what another program wrote in between is read again, and lost by none of both.

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
            "the file must be on Linux or macOS, or in WSL, to be written",
            "use --print and paste it",
        )
    if real.exists() and not os.access(real, os.W_OK):
        raise Refusal("file-unwritable", f"{str(path)!r} must be writable, and is read-only")
    try:
        real.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _alone_in(real.parent):
            while True:
                old = read(real)
                new = change(old or b"")
                if new == (old or b""):
                    return False
                temporary = real.with_name(f".{real.name}.org-baseline-new")
                _write_beside(real, temporary, new)
                if read(real) == old:
                    temporary.replace(real)
                    _sync_folder(real.parent)
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
                os.fchmod(file.fileno(), stat.S_IMODE(before.st_mode))
                # Only root may give a file away; a group that cannot stay is no reason to stop.
                with contextlib.suppress(PermissionError):
                    os.fchown(file.fileno(), before.st_uid, before.st_gid)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        temporary.unlink()
        raise


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Wait for other runs of this command: the folder itself is locked, until this process ends at the latest."""
    import fcntl  # noqa: PLC0415 (here, as Windows has none, and all but writing works there)

    descriptor = os.open(folder, os.O_RDONLY)
    try:
        # NFS has no lock for a folder; that the file is read again just before it is replaced has to do there.
        with contextlib.suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
