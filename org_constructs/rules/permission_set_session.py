"""`OrgBaseline-PermissionSetSession`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from org_constructs.aws import limits

from .rule import Finding, Rule, found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from org_constructs.templates.resources import Templates

_DURATION: Final = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?", re.ASCII)


def _find(templates: Templates) -> Iterator[Finding]:
    for resource in templates.of_type("AWS::SSO::PermissionSet"):
        duration = resource.properties.get("SessionDuration")
        if isinstance(duration, str) and not _is_allowed(duration):
            yield found(resource, "Properties.SessionDuration", detail=f"{resource.name} has {duration}.")


def _is_allowed(duration: str) -> bool:
    parts = _DURATION.fullmatch(duration)
    if parts is None:
        return False
    days, hours, minutes, seconds = (int(part or 0) for part in parts.groups())
    hour = 3600
    total = days * 24 * hour + hours * hour + minutes * 60 + seconds
    return limits.SESSION_HOURS_MIN * hour <= total <= limits.SESSION_HOURS_MAX * hour


PERMISSION_SET_SESSION: Final = Rule(
    id="OrgBaseline-PermissionSetSession",
    sentence="A permission set's session is not of 1 to 12 hours.",
    explanation=(
        "AWS refuses it, which no schema says, so that the deploy fails when it comes to the permission set."
        " Twelve hours, PT12H, is a long day of an administrator."
    ),
    source="https://docs.aws.amazon.com/singlesignon/latest/userguide/howtosessionduration.html",
    find=_find,
)
