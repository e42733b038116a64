"""Child processes that are ended, with all of their own children, when the rehearsal ends."""

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path
from typing import Final

from .interruption import held

# Seconds which a signal is given before the next, harder one.
_GRACE: Final = ((signal.SIGINT, 3.0), (signal.SIGTERM, 2.0), (signal.SIGKILL, 2.0))

_BESIDE: Final[set[subprocess.Popen[str]]] = set()
"""What threads beside the main one run."""

_changing: Final = threading.Lock()
_abandoned: Final = threading.Event()


class Abandoned(BaseException):
    """Nobody waits any more for what runs in a thread."""


@contextlib.contextmanager
def beside() -> Iterator[Executor]:
    """Provide a thread that may run commands; if the block fails, they are ended, and the thread is waited for."""
    try:
        with ThreadPoolExecutor(1) as thread:
            try:
                yield thread
            except BaseException:
                with _changing:
                    _abandoned.set()
                    running = tuple(_BESIDE)
                for child in running:
                    _end(child)
                raise
    finally:
        _abandoned.clear()


def run(
    command: Sequence[str], *, environment: Mapping[str, str], folder: Path, each_line: Callable[[str], None]
) -> int:
    """Run a command without a terminal and hand over each line it writes, of either stream, as it comes.

    Returns:
        Its exit code.

    Raises:
        OSError: if the command cannot be started.
        Abandoned: if it was ended because it ran beside something that failed.
    """
    child: subprocess.Popen[str] | None = None
    try:
        with held():
            child = subprocess.Popen(  # noqa: S603 (the app command is the user's own; the rest is ours)
                command,
                env=dict(environment),
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                errors="replace",
                # A process group of its own: the CLI starts the app, and the app a Node.
                start_new_session=True,
            )
        assert child.stdout is not None  # noqa: S101 (PIPE above)
        with child.stdout as lines:
            _enter(child)
            for line in lines:
                each_line(line.rstrip())
        code = child.wait()
    finally:
        if child is not None:
            _end(child)
            _leave(child)
    return code


def _enter(child: subprocess.Popen[str]) -> None:
    """Have a child ended with the block of `beside` in whose thread it runs."""
    if threading.current_thread() is not threading.main_thread():
        with _changing:
            _BESIDE.add(child)
            if _abandoned.is_set():
                raise Abandoned


def _leave(child: subprocess.Popen[str]) -> None:
    with _changing:
        if child in _BESIDE:
            _BESIDE.remove(child)
            if _abandoned.is_set():
                raise Abandoned


def _end(child: subprocess.Popen[str]) -> None:
    """Signal the child's process group, harder each time, until it is empty."""
    for signal_number, seconds in _GRACE:
        if _is_over(child):
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal_number)
        end = time.monotonic() + seconds
        while not _is_over(child) and time.monotonic() < end:
            time.sleep(0.02)


def _is_over(child: subprocess.Popen[str]) -> bool:
    child.poll()
    try:
        os.killpg(child.pid, 0)
    except (ProcessLookupError, PermissionError):  # macOS refuses to signal a group of which only zombies are left
        return True
    return False
