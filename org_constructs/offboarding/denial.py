"""Where the denial stands that ends a person's open sessions, and how long."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any, Final

from org_constructs.aws import limits
from org_constructs.aws.durations import seconds
from org_constructs.aws.time_limit import without_times
from org_constructs.matching.restoring import has_functions
from org_constructs.templates.denial import denial, denied
from org_constructs.templates.permission_set import session
from org_constructs.templates.values import as_json, document, items_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from org_constructs.templates.description import PermissionSet

UNKNOWN_ID: Final = "USER_ID"
"""What stands for an id that AWS has given, and no template says."""

_HOUR: Final = 3600


def with_denial(permission_set: PermissionSet, user_id: str) -> dict[str, Any] | None:
    """Return the inline policy of a permission set with the denial in it, as the app has it; None where nobody knows.

    What its `until` and `not_before` add is left out, as the app adds it. Whom it denies everything already stays
    denied, in the same statement, since no two of a policy may have one Sid:
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html
    """
    if permission_set.only_named:
        return None
    own, _ = without_times(document(permission_set.properties.get("InlinePolicy")))
    read = json.loads(as_json(own or {"Statement": []}))
    if not isinstance(read, dict) or has_functions(read):
        return None
    has = items_of(read.get("Statement"))
    added = denial(*dict.fromkeys([*(each for statement in has for each in denied(statement)), user_id]))
    kept = [each for each in has if not denied(each)]
    return {**added, **read, "Statement": [*kept, *added["Statement"]]}


def longest_session(permission_sets: Iterable[PermissionSet]) -> int:
    """Return how many hours a session of the permission sets lasts at most, in whole hours; AWS's most where unknown.

    https://docs.aws.amazon.com/singlesignon/latest/userguide/howtosessionduration.html
    """
    hours = [_hours(each) for each in permission_sets]
    return max(hours, default=limits.SESSION_HOURS_MAX)


def _hours(permission_set: PermissionSet) -> int:
    lasts = None if permission_set.only_named else seconds(session(permission_set.properties))
    return limits.SESSION_HOURS_MAX if lasts is None else math.ceil(lasts / _HOUR)
