"""Access that somebody took away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from org_constructs.matching.restoring import assign

from .finding import Drift, How, Way
from .look import Look, drift_of

if TYPE_CHECKING:
    from org_constructs.matching.by_hand import HandEdit


def ended(at: Look, edit: HandEdit) -> Drift | None:
    """Tell of one that is gone, of what is still there."""
    before = edit.resource.before
    joined = at.matcher.joined(before)
    if not at.missing.isdisjoint(joined):
        return None
    return drift_of(
        edit,
        "drift-assignment-ended",
        "was deleted",
        aws_id="|".join(map(str, joined)),
        take_back=Way.run(
            "No deploy notices it. Run this, which makes what the stack knows",
            at.run(assign(at.matcher, before, at.region(before))),
        ),
        take_over=_take_over(at, edit),
        leave=Way(text="No deploy notices it and restores nothing: the access is gone", safe=False),
    )


def _take_over(at: Look, gone: HandEdit) -> Way:
    text = "Take it out of the app, and deploy, which finds nothing to delete"
    if not at.app.is_baseline:
        return Way(text=f"{text}: {gone.resource.before.shown}", safe=True, how=How.TAKE_OUT)
    _, permission_set, principal = at.matcher.joined(gone.resource.before)
    who, _, access = gone.resource.match.name.partition(": ")
    all_of_it = f"every assignment of {access.rpartition(' in ')[0]} to {who}"
    line = at.assignment_line(permission_set or "", principal or "")
    if line is None:
        text = f"Take {all_of_it} out of the app, and deploy, which finds nothing to delete"
        return Way(text=text, safe=True, how=How.TAKE_OUT)
    text = f"Use this in the app in place of {all_of_it}, and deploy"
    return Way(text=text, safe=True, pastes=(line,), how=How.PASTE)
