"""What the properties of a permission set come to: how long a session lasts, and which arguments make them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from org_constructs.aws import limits
from org_constructs.aws.durations import are_same
from org_constructs.aws.managed_policies import is_listed, path_and_name
from org_constructs.aws.time_limit import without_times

from .values import document, written


def session(properties: Mapping[str, Any]) -> str:
    """Return how long a session lasts; where nothing is said, AWS has a length of its own."""
    return written(properties.get("SessionDuration") or limits.SESSION_DEFAULT)


def arguments(properties: Mapping[str, Any], customer_managed_policy: Callable[..., Any]) -> dict[str, Any]:
    """Return what makes these properties, but name and tags; None or nothing of what is a default, or is not there.

    A value of a form that is not known stays as it is, which an app refuses, so that nothing is lost in silence.

    Args:
        properties: All or some of them, each with the value that AWS has, or None.
        customer_managed_policy: `CustomerManagedPolicy`, or what stands for it.
    """

    def own(reference: Mapping[str, str]) -> Any:  # noqa: ANN401 (what the caller makes)
        path = reference.get("Path") or "/"
        return customer_managed_policy(name=reference["Name"], **({} if path == "/" else {"path": path}))

    def boundary(found: Any) -> Any:  # noqa: ANN401 (JSON)
        match found:
            case {"ManagedPolicyArn": str(arn)}:
                return _managed(arn)
            case {"CustomerManagedPolicyReference": {"Name": str()} as reference}:
                return own(reference)
        return found or None

    is_default = are_same(session(properties), limits.SESSION_DEFAULT)
    readers: dict[str, tuple[str, Callable[[Any], Any]]] = {
        "Description": ("description", lambda found: found or None),
        "ManagedPolicies": ("managed_policies", lambda found: tuple(map(_managed, found or ()))),
        "CustomerManagedPolicyReferences": ("customer_managed_policies", lambda found: tuple(map(own, found or ()))),
        "PermissionsBoundary": ("permissions_boundary", boundary),
        "SessionDuration": ("session_duration", lambda found: None if is_default else found),
        "RelayStateType": ("relay_state", lambda found: found or None),
    }
    made = {argument: of(properties[name]) for name, (argument, of) in readers.items() if name in properties}
    if "InlinePolicy" in properties:
        policy, times = without_times(document(properties["InlinePolicy"] or None))
        made |= {"inline_policy": policy, "not_before": None, "until": None, **times}
    return made


def _managed(arn: str) -> str:
    """Return the path and name of one of AWS's managed policies; the ARN of one that is not listed."""
    return path_and_name(arn) if is_listed(arn) else arn
