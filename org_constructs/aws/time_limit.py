"""Access with a time: the statements that deny everything outside it, and the times that make them.

AWS compares the time of each request, in UTC, so that sessions that are open end as well; a policy has no other clock.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-currenttime
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from .limits import TIME_LIMIT_DAYS_MAX

LONGEST: Final = timedelta(days=TIME_LIMIT_DAYS_MAX)
_DENIALS: Final = {"not_before": ("AccessBegins", "DateLessThan"), "until": ("AccessEnds", "DateGreaterThanEquals")}
"""With which Sid and operator the arguments of a permission set deny everything outside a time, in their order."""


def limited(policy: Any, **times: datetime) -> Any:  # noqa: ANN401 (JSON)
    """Return a policy, or None, with what denies everything before `not_before` and from `until` on, both in UTC."""
    if not times:
        return policy
    given = {"Version": "2012-10-17", "Statement": []} if policy is None else policy
    own = given.get("Statement", [])
    denials = [_denial(argument, times[argument]) for argument in _DENIALS if argument in times]
    return {**given, "Statement": [*(own if isinstance(own, list) else [own]), *denials]}


def without_times(policy: Any) -> tuple[Any, dict[str, str]]:  # noqa: ANN401 (JSON)
    """Return what of a policy is not made by the `not_before` and `until` of an app, None being nothing, and these.

    The policy stays whole, without times, where `limited` does not make just the same of them, or no app takes them.
    """
    listed = policy.get("Statement") if isinstance(policy, Mapping) else None
    own = [*listed] if isinstance(listed, list) else []
    times = {}
    for argument in reversed(_DENIALS):
        if own and (time := _time_of(argument, own[-1])):
            times[argument] = time
            own.pop()
    rest = {**policy, "Statement": own} if own else None
    is_span = len(times) < len(_DENIALS) or timedelta() < times["until"] - times["not_before"] <= LONGEST
    if times and is_span and limited(rest, **times) == policy:
        return rest, {argument: _text(time) for argument, time in times.items()}
    return policy, {}


def _denial(argument: str, time: datetime) -> dict[str, Any]:
    sid, operator = _DENIALS[argument]
    condition = {operator: {"aws:CurrentTime": _text(time)}}
    return {"Sid": sid, "Effect": "Deny", "Action": "*", "Resource": "*", "Condition": condition}


def _time_of(argument: str, statement: Any) -> datetime | None:  # noqa: ANN401 (JSON)
    """Return the time of which an argument makes just that statement."""
    try:
        text = statement["Condition"][_DENIALS[argument][1]]["aws:CurrentTime"]
        time = datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except (KeyError, TypeError, ValueError):
        return None
    return time if statement == _denial(argument, time) else None


def _text(time: datetime) -> str:
    return time.isoformat().replace("+00:00", "Z")
