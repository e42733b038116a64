"""`OrgBaseline-PermissionSetEnded`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from org_constructs.templates.time_limit import now

from ._access import time_limits
from .rule import Finding, Rule, found

if TYPE_CHECKING:
    from org_constructs.templates.resources import Templates


def _find(templates: Templates) -> Iterator[Finding]:
    time = now()
    for resource, limit in templates.once(time_limits):
        if limit.has_ended(time):
            yield found(resource, "Properties.InlinePolicy", detail=f"{resource.name} {limit.at(time)}.")


PERMISSION_SET_ENDED: Final = Rule(
    id="OrgBaseline-PermissionSetEnded",
    sentence="The access that a permission set gives has ended.",
    explanation=(
        "Its policies allow nothing any more, and yet people are assigned to it. Remove its line and those of its"
        " assignments, or move its end, which access-diff calls wider. The rule reads the clock of whoever synthesizes;"
        " the template depends on none."
    ),
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws-dates.html",
    find=_find,
)
