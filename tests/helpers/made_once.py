"""What several tests of a module look at, made by the first worker that needs it."""

from __future__ import annotations

import fcntl
import pickle
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

T = TypeVar("T")


def made_once(folder: Path, make: Callable[[Path], T]) -> T:
    """Return what is made in a folder, which nobody changes; whoever needs it meanwhile waits."""
    folder.mkdir(parents=True, exist_ok=True)
    made = folder.with_suffix(".pickle")
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            made.write_bytes(pickle.dumps(make(folder)))
    found: T = pickle.loads(made.read_bytes())  # noqa: S301 (our own)
    return found
