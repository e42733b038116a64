"""Policies that somebody attached or detached."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from org_constructs.aws.resource_types import POLICY
from org_constructs.matching.restoring import attach
from org_constructs.templates.words import and_list

from .finding import Drift, Way
from .look import Look, drift_of

if TYPE_CHECKING:
    from org_constructs.matching.deployed import Deployed
    from org_constructs.matching.result import Difference


def look(at: Look) -> Iterator[Drift]:
    """Yield the policies that are attached to less or more than their templates say."""
    for each in at.there(POLICY):
        for change in each.match.differences:
            if change.property != "TargetIds":
                continue
            wanted, found = (set(value or ()) for value in (change.template, change.found))
            # What was attached to a unit that is deleted is not attached any longer.
            if detached := sorted(wanted - found - at.missing):
                yield _detached(at, each, change, detached)
            if attached := sorted(found - wanted):
                yield _attached(at, each, change, attached)


def _detached(at: Look, policy: Deployed, change: Difference, targets: Sequence[str]) -> Drift:
    """Tell of one that no longer applies where the template has it.

    An update attaches what the template before did not, even where it changes something else of the policy:
    https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-organizations
    """
    return drift_of(
        policy,
        "drift-detached",
        f"was detached from {and_list([at.shown(each) for each in targets])}",
        [change],
        take_back=Way.run(
            "No deploy attaches it: an update attaches only where the template before did not. Run this",
            *(at.run(attach(policy.match.id, each)) for each in targets),
        ),
        take_over=_take_over(at, policy, change),
        leave=Way(text="No deploy notices it, and the policy does not apply there", safe=False),
    )


def _attached(at: Look, policy: Deployed, change: Difference, targets: Sequence[str]) -> Drift:
    return drift_of(
        policy,
        "drift-attached",
        f"was attached to {and_list([at.shown(each) for each in targets])}",
        [change],
        take_back=Way.run(
            "No deploy detaches what no template has attached. Run this",
            *(at.aws("organizations", "detach-policy", policy_id=policy.match.id, target_id=each) for each in targets),
        ),
        take_over=_take_over(at, policy, change),
        leave=Way(
            text="No deploy notices it. One that takes the policy out of the app fails, since it is still in use",
            safe=False,
        ),
    )


def _take_over(at: Look, policy: Deployed, change: Difference) -> Way:
    return at.app.take_over(policy.before, [change], more=at.app.adding(change.found or ()))
