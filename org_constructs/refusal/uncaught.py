"""How Python shows a refusal that an app does not catch: where the app is, and the sentence."""

from __future__ import annotations

import sys
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_PACKAGE: Final = f"{Path(__file__).parents[1]}/"
_SHOWING: Final[set[type[BaseException]]] = set()


def show_without_our_frames(kind: type[BaseException]) -> None:
    """Have Python leave out of the traceback of an uncaught error of a kind what is not the app's own.

    Which line of this package finds a mistake of the app says nothing to its author; nor do the frames of jsii, through
    which every construct is made. Whatever else shows uncaught errors, such as a debugger, shows the others as before.
    """
    if kind in _SHOWING:
        return
    _SHOWING.add(kind)
    before = sys.excepthook

    def show(found: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
        if isinstance(error, kind):
            # What was being handled when it was raised is ours too.
            error.__cause__, error.__suppress_context__ = None, True
            traceback = _without_ours(traceback)
            error.__traceback__ = traceback
        before(found, error, traceback)

    sys.excepthook = show


def _without_ours(traceback: TracebackType | None) -> TracebackType | None:
    kept = None
    for each in reversed([*_entries(traceback)]):
        file = each.tb_frame.f_code.co_filename
        if not file.startswith(_PACKAGE) and "/site-packages/jsii/" not in file.replace("\\", "/"):
            kept = TracebackType(kept, each.tb_frame, each.tb_lasti, each.tb_lineno)
    return kept


def _entries(traceback: TracebackType | None) -> Iterator[TracebackType]:
    while traceback is not None:
        yield traceback
        traceback = traceback.tb_next
