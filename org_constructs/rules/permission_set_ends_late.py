"""`OrgBaseline-PermissionSetEndsLate`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from org_constructs.aws.limits import TIME_LIMIT_DAYS_MAX
from org_constructs.templates.time_limit import now

from ._access import time_limits
from .rule import Finding, Rule, found

if TYPE_CHECKING:
    from org_constructs.templates.resources import Templates


def _find(templates: Templates) -> Iterator[Finding]:
    latest = now() + TIME_LIMIT_DAYS_MAX * 24 * 3600
    for resource, limit in templates.once(time_limits):
        if limit.ends is not None and limit.ends > latest:
            yield found(resource, "Properties.InlinePolicy", detail=f"{resource.name} is {limit}.")


PERMISSION_SET_ENDS_LATE: Final = Rule(
    id="OrgBaseline-PermissionSetEndsLate",
    sentence=f"The access that a permission set gives ends in more than {TIME_LIMIT_DAYS_MAX} days.",
    explanation=(
        "A mistyped year looks like this, and by then nobody remembers what it was for. Choose an earlier end, and move"
        " it when it comes near; or leave the end out, and let reviews decide."
    ),
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#remove-credentials",
    find=_find,
)
