"""Policies that somebody attached or detached."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from org_constructs.matching.restoring import attach
from org_constructs.templates.words import and_list

from .finding import Drift, Way
from .look import Look, drift_of

if TYPE_CHECKING:
    from org_constructs.matching.by_hand import HandEdit


def detached(at: Look, edit: HandEdit) -> Drift | None:
    """Tell of one that no longer applies where the template has it.

    An update attaches what the template before did not, even where it changes something else of the policy:
    https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-organizations
    """
    # What was attached to a unit that is deleted is not attached any longer.
    targets = [each for each in edit.which if each not in at.missing]
    if not targets:
        return None
    return drift_of(
        edit,
        "drift-detached",
        f"was detached from {and_list([at.shown(each) for each in targets])}",
        take_back=Way.run(
            "No deploy attaches it: an update attaches only where the template before did not. Run this",
            *(at.run(attach(edit.resource.match.id, each)) for each in targets),
        ),
        take_over=_take_over(at, edit),
        leave=Way(text="No deploy notices it, and the policy does not apply there", safe=False),
    )


def attached(at: Look, edit: HandEdit) -> Drift:
    """Tell of one that also applies where no template has it."""
    detach = partial(at.aws, "organizations", "detach-policy", policy_id=edit.resource.match.id)
    return drift_of(
        edit,
        "drift-attached",
        f"was attached to {and_list([at.shown(each) for each in edit.which])}",
        take_back=Way.run(
            "No deploy detaches what no template has attached. Run this",
            *(detach(target_id=each) for each in edit.which),
        ),
        take_over=_take_over(at, edit),
        leave=Way(
            text="No deploy notices it. One that takes the policy out of the app fails, since it is still in use",
            safe=False,
        ),
    )


def _take_over(at: Look, edit: HandEdit) -> Way:
    [change] = edit.changes
    return at.app.take_over(edit.resource.before, edit.changes, more=at.app.adding(change.found or ()))
