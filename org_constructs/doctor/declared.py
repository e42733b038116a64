"""What the app declares and no template can set, in the order in which it can be looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from .examination import Examination
    from .finding import Finding


DEPLOY_AND_FIX: Final = "Deploy, then run `org-baseline doctor --fix`"


def look_at_declared(
    examination: Examination,
    *,
    is_declared: bool,
    undeclared: Finding,
    later: Finding,
    missing: Callable[[], Iterator[Finding]],
    there: Finding,
) -> Iterator[Finding]:
    """Yield what is to be said of it.

    Args:
        examination: What is looked at.
        is_declared: Whether the app declares anything of the kind.
        undeclared: What is said where it does not.
        later: What is said where there is no organization yet.
        missing: Yields what AWS does not have of it.
        there: What is said where AWS has all of it.
    """
    if not is_declared:
        yield undeclared
    elif examination.live.organization() is None:
        yield later
    else:
        is_there = True
        for each in missing():
            is_there = False
            yield each
        if is_there:
            yield there
