"""Whether statements deny everything together, whoever asks: what control policies lock everybody out.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final, TypeVar

from org_constructs.aws.escalations import OTHER
from org_constructs.aws.policy_syntax import RESOURCE_CONTROL_POLICY
from org_constructs.aws.policy_types import RESOURCE_CONTROL_SERVICES
from org_constructs.aws.regions import partition_of
from org_constructs.templates.condition import holds
from org_constructs.templates.description import MANAGEMENT
from org_constructs.templates.iam import OWN_ACCOUNT, Statement, matches, service_actions

from ._access import managements
from ._examples import examples
from ._requests import Known, requests
from .rule import listed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from org_constructs.templates.resources import Templates

_MOST_COMPARED: Final = 100_000
"""As much as is compared: of statements that need more nothing is said."""

_FEW: Final = 20

_T = TypeVar("_T")

_WILDCARD: Final = re.compile(r"[*?]")

_ANY_RESOURCE: Final = ("-", f"arn:aws:{OTHER}:::{OTHER}")
"""What calls that know no resource are about, which no ARN matches, and a resource that no policy names."""

_DOORS: Final = ("sts:AssumeRole",)
"""Actions without which resources of their service are of no use: nobody enters a role.

https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
"""

SOMETHING: Final = ("*",)
"""What is left where not all but a few exceptions are denied."""


def known(templates: Templates) -> Known:
    """Return what templates say of the organization; for `Templates.once`."""
    made = list(templates.of_type("AWS::Organizations::Organization"))
    ids = [f"${{{each.logical_id}{attribute}}}" for each in made for attribute in (".Id", "")]
    own = templates.once(managements) - {None, MANAGEMENT}
    partitions = {partition_of(each.region).name for each in templates.all if each.region is not None}
    return Known(
        partition=next(iter(partitions)) if len(partitions) == 1 else None,
        examples=templates.once(examples),
        organizations=frozenset([*ids, *filter(None, [templates.references.organization_id])]),
        managements=frozenset(
            [
                *(f"${{{each.logical_id}.ManagementAccountId}}" for each in made),
                *(each for each in own if each),
                *([OWN_ACCOUNT] if made else []),
            ]
        ),
    )


def shut(denying: Sequence[Statement], kind: str, known: Known, role: str | None = None) -> frozenset[str]:
    """Return the services of which statements deny everything, whatever the request; `EVERY_SERVICE` for all.

    Args:
        denying: Statements that deny.
        kind: The type of their policies. Resource control policies name services one by one:
            https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_syntax.html
        known: What is known of the organization.
        role: The ARN of who asks; otherwise anybody.
    """
    services = (*RESOURCE_CONTROL_SERVICES, *_DOORS) if kind == RESOURCE_CONTROL_POLICY else (OTHER,)
    found = frozenset(each for each in services if not left(denying, each))
    asked = requests(denying, known, kind, role) if found else None
    if asked is None:
        return frozenset()
    decided: dict[tuple[bool, ...], frozenset[str]] = {}
    for request in asked:
        hold = tuple(holds(each.tests, request) is True for each in denying)
        if hold not in decided:
            holding = [each for each, does in zip(denying, hold, strict=True) if does]
            decided[hold] = frozenset(each for each in found if not left(holding, each))
        found &= decided[hold]
    return frozenset(each for each in found if each.partition(":")[0] not in found - {each})


def shut_services(kind: str, services: frozenset[str]) -> str:
    """Return a sentence that says which services are shut; empty where that is all of them."""
    is_of_some = kind == RESOURCE_CONTROL_POLICY and len(services) < len(RESOURCE_CONTROL_SERVICES)
    return f"Nobody can use {listed(services)} any more." if is_of_some else ""


def needed(of: Sequence[_T], are_enough: Callable[[Sequence[_T]], bool]) -> Sequence[_T]:
    """Return as few as are enough, if there are few to choose from."""
    kept = list(of)
    for each in of if len(of) <= _FEW else ():
        without = [one for one in kept if one is not each]
        if are_enough(without):
            kept = without
    return kept


def remains(denying: Sequence[Statement], known: Known) -> Sequence[str]:
    """Return what statements leave of all, whatever the request; `SOMETHING` where it is much."""
    # A condition of what names its services tells apart requests for these alone.
    wide = [each for each in denying if each.services is None]
    asked = None if left(denying) == SOMETHING else requests(wide, known)
    if asked is None:
        return SOMETHING
    decided: dict[tuple[bool, ...], Sequence[str]] = {}
    for request in asked:
        hold = tuple(holds(each.tests, request) is True for each in denying)
        if hold not in decided:
            decided[hold] = left([each for each, does in zip(denying, hold, strict=True) if does])
            if decided[hold] == SOMETHING:
                return SOMETHING
    return sorted({each for those in decided.values() for each in those})


def is_ever(statement: Statement, known: Known, kind: str) -> bool:
    """Tell whether a statement's condition holds for any request."""
    asked = requests([statement], known, kind)
    return asked is not None and any(holds(statement.tests, request) for request in asked)


def excepts_nobody(statement: Statement, known: Known, kind: str) -> bool:
    """Tell whether a statement's condition holds whatever the request."""
    if not statement.tests:
        return True
    asked = requests([statement], known, kind)
    return asked is not None and all(holds(statement.tests, request) for request in asked)


def left(denying: Sequence[Statement], service: str = OTHER) -> Sequence[str]:
    """Return what of a service, an action or all statements leave if their conditions hold; `SOMETHING` of much."""
    any_action = [service.lower() if ":" in service else f"{service}:{OTHER}"]
    prefix = service.partition(":")[0]
    about = [each for each in denying if each.services is None or prefix in each.services]
    if not about or not _are_denied(about, any_action, _ANY_RESOURCE):
        return SOMETHING
    exceptions = dict.fromkeys(
        each for one in denying for each in one.not_actions if each is not None and ":" not in service
    )
    kept = dict.fromkeys(each for one in denying for each in one.not_resources if each)
    patterns = sum(len(each.actions) + len(each.not_actions) + 1 for each in denying)
    if len(exceptions) * patterns > _MOST_COMPARED:
        return SOMETHING
    spared = {each: _names(each) for each in exceptions if not _is_denied_as_written(denying, each)}
    if sum(map(len, spared.values())) * (len(kept) + 2) * patterns > _MOST_COMPARED:
        return SOMETHING
    actions = [each for each, names in spared.items() if not _are_denied(denying, names, _ANY_RESOURCE)]
    resources = [each for each in kept if not _are_denied(denying, any_action, [each])]
    if actions or resources:
        return actions + resources
    return [
        f"{each} on {resource}"
        for each, names in spared.items()
        for resource in kept
        if not _are_denied(denying, names, [resource])
    ]


def _are_denied(denying: Sequence[Statement], actions: Sequence[str], arns: Sequence[str]) -> bool:
    """Whether for each action on each resource, or pattern of them, there is a statement that denies it."""
    return all(
        all(any(_has(each.actions, each.not_actions, action) for each in about) for action in actions)
        for arn in arns
        for about in [
            [each for each in denying if each.has_any_resource or _has(each.resources, each.not_resources, arn)]
        ]
    )


def _has(patterns: Sequence[str | None], exceptions: Sequence[str | None], value: str) -> bool:
    if exceptions:
        return not any(each is None or _may_meet(each, value) for each in exceptions)
    return any(matches(each, value) for each in patterns)


def _may_meet(pattern: str, other: str) -> bool:
    """Whether something may match both patterns, by what they begin and end with."""
    parts, others = _WILDCARD.split(pattern), _WILDCARD.split(other)
    if len(parts) == 1 or len(others) == 1:
        return matches(pattern, other) or matches(other, pattern)
    return all(
        one.startswith(two) or two.startswith(one)
        for one, two in ((parts[0], others[0]), (parts[-1][::-1], others[-1][::-1]))
    )


def _is_denied_as_written(denying: Sequence[Statement], pattern: str) -> bool:
    """Whether one statement denies all actions that a pattern matches."""
    return any(each.has_any_resource and any(matches(action, pattern) for action in each.actions) for each in denying)


@lru_cache(maxsize=1_000)
def _names(pattern: str) -> Sequence[str]:
    """Return actions that a pattern matches, of which one is newer than the list; itself if it is about any service."""
    service, _, name = pattern.partition(":")
    if _WILDCARD.search(service):
        return (pattern,)
    newer = pattern.replace("*", OTHER).replace("?", "x")
    return (newer, *(f"{service}:{each}" for each in service_actions(service) or () if matches(name, each)))
