"""Tags that somebody changed or took away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .finding import Drift, Way
from .look import Look, drift_of

if TYPE_CHECKING:
    from org_constructs.matching.by_hand import HandEdit


def lacking(at: Look, edit: HandEdit) -> Drift:
    """Tell of what lacks tags of its template: those of permission sets are among their contents.

    The handlers compare the tags of the two templates, and not those that AWS has:
    https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-organizations
    """
    return drift_of(
        edit,
        "drift-tags",
        f"has other tags: {', '.join(tag['Key'] for tag in edit.which)}",
        take_back=Way.run(
            "No deploy does it: an update sets only the tags in which the templates differ. Run this",
            at.aws("organizations", "tag-resource", resource_id=edit.resource.match.id, tags=edit.which),
        ),
        take_over=at.app.take_over(edit.resource.before, edit.changes),
        leave=Way(text="No deploy notices it", safe=True),
    )
