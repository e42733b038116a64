"""Access that somebody took away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from org_constructs.aws.resource_types import ASSIGNMENT
from org_constructs.matching.restoring import assign

from .finding import Drift, How, Way
from .look import Look, drift_of

if TYPE_CHECKING:
    from org_constructs.matching.deployed import Deployed


_JOINED: Final = ("TargetId", "PermissionSetArn", "PrincipalId")


def look(at: Look) -> Iterator[Drift]:
    """Yield the assignments that are gone, of what is still there."""
    for each in at.deployed.of_type(ASSIGNMENT):
        if each.gone and at.missing.isdisjoint(_joined(at, each)):
            yield drift_of(
                each,
                "drift-assignment-ended",
                "was deleted",
                aws_id="|".join(map(str, _joined(at, each))),
                take_back=Way.run(
                    "No deploy notices it. Run this, which makes what the stack knows",
                    at.run(assign(at.matcher, each.before, at.region(each.before))),
                ),
                take_over=_take_over(at, each),
                leave=Way(text="No deploy notices it and restores nothing: the access is gone", safe=False),
            )


def _joined(at: Look, assignment: Deployed) -> tuple[str | None, ...]:
    return tuple(at.matcher.reference(assignment.before, assignment.before.properties[key]) for key in _JOINED)


def _take_over(at: Look, gone: Deployed) -> Way:
    text = "Take it out of the app, and deploy, which finds nothing to delete"
    if not at.app.is_baseline:
        return Way(text=f"{text}: {gone.before.shown}", safe=True, how=How.TAKE_OUT)
    _, permission_set, principal = _joined(at, gone)
    who, _, access = gone.match.name.partition(": ")
    all_of_it = f"every assignment of {access.rpartition(' in ')[0]} to {who}"
    line = at.assignment_line(permission_set or "", principal or "")
    if line is None:
        text = f"Take {all_of_it} out of the app, and deploy, which finds nothing to delete"
        return Way(text=text, safe=True, how=How.TAKE_OUT)
    text = f"Use this in the app in place of {all_of_it}, and deploy"
    return Way(text=text, safe=True, pastes=(line,), how=How.PASTE)
