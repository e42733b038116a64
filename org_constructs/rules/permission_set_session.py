"""`OrgBaseline-PermissionSetSession`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from org_constructs.aws import limits
from org_constructs.aws.durations import seconds

from .rule import Finding, Rule, found

if TYPE_CHECKING:
    from org_constructs.templates.resources import Templates


def _find(templates: Templates) -> Iterator[Finding]:
    for resource in templates.of_type("AWS::SSO::PermissionSet"):
        duration = resource.properties.get("SessionDuration")
        if isinstance(duration, str) and not _is_allowed(duration):
            yield found(resource, "Properties.SessionDuration", detail=f"{resource.name} has {duration}.")


def _is_allowed(duration: str) -> bool:
    length = seconds(duration)
    return length is not None and limits.SESSION_HOURS_MIN * 3600 <= length <= limits.SESSION_HOURS_MAX * 3600


PERMISSION_SET_SESSION: Final = Rule(
    id="OrgBaseline-PermissionSetSession",
    sentence="A permission set's session is not 1 to 12 hours long.",
    explanation=(
        "AWS refuses it, although no schema says so, and the deploy fails at the permission set. Twelve hours, PT12H,"
        " is a long day for an administrator."
    ),
    source="https://docs.aws.amazon.com/singlesignon/latest/userguide/howtosessionduration.html",
    find=_find,
)
