"""The revision of git that a file is of."""

from __future__ import annotations

import subprocess
from pathlib import Path


def revision_of(folder: Path) -> str:
    """Return the commit that is checked out around a folder, such as `403c0fc1d2e3`; empty where git does not know any.

    Ends in ` with uncommitted changes` where files that git knows differ from it.
    """
    commit = _git(folder, "rev-parse", "--verify", "--quiet", "--short=12", "HEAD")
    changed = commit and _git(folder, "status", "--porcelain", "--untracked-files=no")
    return f"{commit} with uncommitted changes" if changed else commit


def commit_of(revision: str) -> str:
    """Return the commit that a revision names in this folder, such as `403c0fc1d2e3`; empty where git knows none."""
    return _git(Path(), "rev-parse", "--verify", "--quiet", "--short=12", "--end-of-options", f"{revision}^{{commit}}")


def commit_time(revision: str, folder: Path = Path()) -> int | None:
    """Return when a revision was committed, in seconds since 1970; None where git knows none in the folder."""
    what = ("--no-patch", "--no-show-signature", "--format=%ct", "--end-of-options", f"{revision}^{{commit}}")
    seconds = _git(folder, "show", *what)
    return int(seconds) if seconds else None


def _git(folder: Path, *arguments: str) -> str:
    try:
        command = ["git", "-C", str(folder), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 (of our own)
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
