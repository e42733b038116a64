"""How a long read is told on stderr: a line that changes on a terminal, and lines now and then elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Final

import click

_EVERY: Final = 10.0
"""Seconds between two lines of the same where nobody sees a line change."""

_CLEAR_LINE: Final = "\r\x1b[K"


@contextmanager
def progress(doing: str) -> Iterator[Callable[[str, int, int], None]]:
    """Yield what is told what is read, how many of it have been, and of how many.

    Args:
        doing: What every line begins with: `Reading AWS`.
    """
    telling = _Progress(doing)
    try:
        yield telling.tell
    finally:
        telling.end()


class _Progress:
    """Writes the lines."""

    def __init__(self, doing: str) -> None:
        self._doing = doing
        self._terminal = sys.stderr.isatty()
        self._what = ""
        self._told = monotonic()

    def tell(self, what: str, done: int, of: int) -> None:
        line = f"{self._doing}: {what}"
        if of > 1:
            line += f", {done:,} of {of:,}" if done else f" ({of:,})"
        if self._terminal:
            click.echo(f"{_CLEAR_LINE}{line}", err=True, nl=False)
        elif what != self._what or monotonic() - self._told >= _EVERY:
            click.echo(line, err=True)
            self._told = monotonic()
        self._what = what

    def end(self) -> None:
        if self._terminal and self._what:
            click.echo(_CLEAR_LINE, err=True, nl=False)
