"""Tags that somebody changed or took away."""

from __future__ import annotations

from collections.abc import Iterator

from org_constructs.matching.by_hand import What

from .finding import Drift, Way
from .look import Look, drift_of


def look(at: Look, kind: str) -> Iterator[Drift]:
    """Yield what lacks tags of its template: those of permission sets are among their contents.

    The handlers compare the tags of the two templates, and not those that AWS has:
    https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-organizations
    """
    for edit in at.deployed.by_hand(kind):
        if edit.what is What.UNTAGGED:
            tags = edit.which
            yield drift_of(
                edit,
                "drift-tags",
                f"has other tags: {', '.join(tag['Key'] for tag in tags)}",
                take_back=Way.run(
                    "No deploy does it: an update sets only the tags in which the templates differ. Run this",
                    at.aws("organizations", "tag-resource", resource_id=edit.resource.match.id, tags=tags),
                ),
                take_over=at.app.take_over(edit.resource.before, edit.changes),
                leave=Way(text="No deploy notices it", safe=True),
            )
