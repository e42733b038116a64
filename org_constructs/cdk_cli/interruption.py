"""Signals that end a rehearsal, as an exception: whatever was started is ended by the block that started it."""

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType
from typing import Final

# SIGHUP, which Windows lacks: a closed terminal does not reach the children, which are sessions of their own.
_SIGNALS: Final = tuple(each for each in signal.Signals if each.name in {"SIGINT", "SIGTERM", "SIGHUP"})


class Interrupted(BaseException):
    """A signal asked the rehearsal to stop.

    Not an `Exception`, like KeyboardInterrupt: nobody handles it by accident.

    Attributes:
        exit_code: what a shell reports for this signal, 130 for Ctrl-C.
    """

    def __init__(self, signal_number: int) -> None:
        """Take the signal's number."""
        super().__init__(signal.strsignal(signal_number))
        self.exit_code = 128 + signal_number


@contextlib.contextmanager
def interruptions() -> Iterator[None]:
    """Raise `Interrupted` once on SIGINT, SIGTERM or SIGHUP; while things then end, further signals change nothing."""

    def interrupt(signal_number: int, _frame: FrameType | None) -> None:
        for each in _SIGNALS:
            signal.signal(each, lambda _number, _frame: None)
        raise Interrupted(signal_number)

    previous = {each: signal.signal(each, interrupt) for each in _SIGNALS}
    try:
        yield
    finally:
        for each, handler in previous.items():
            signal.signal(each, handler)


@contextlib.contextmanager
def held() -> Iterator[None]:
    """Hold signals back while something comes to exist that nobody could end yet; deliver them afterwards.

    Only the main thread gets any: https://docs.python.org/3/library/signal.html#signals-and-threads
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    waiting: list[int] = []
    previous = {each: signal.signal(each, lambda number, _frame: waiting.append(number)) for each in _SIGNALS}
    try:
        yield
    finally:
        for each, handler in previous.items():
            signal.signal(each, handler)
    if waiting:
        signal.raise_signal(waiting[0])
