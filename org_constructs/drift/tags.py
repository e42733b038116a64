"""Tags that somebody changed or took away."""

from __future__ import annotations

from collections.abc import Iterator

from org_constructs.aws.resource_types import ACCOUNT

from .finding import Drift, Way
from .look import Look, changes_of, drift_of, is_lost


def look(at: Look, kind: str) -> Iterator[Drift]:
    """Yield what lacks tags of its template: those of permission sets are among their contents.

    The handlers compare the tags of the two templates, and not those that AWS has:
    https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-organizations
    """
    for each in at.there(kind):
        if kind == ACCOUNT and is_lost(each):
            continue
        for change in changes_of(each, {"Tags"}):
            there = {tag["Key"]: tag["Value"] for tag in change.found or ()}
            lacking = [tag for tag in change.template if there.get(tag["Key"]) != tag["Value"]]
            yield drift_of(
                each,
                "drift-tags",
                f"has other tags: {', '.join(tag['Key'] for tag in lacking)}",
                [change],
                take_back=Way.run(
                    "No deploy does it: an update sets only the tags in which the templates differ. Run this",
                    at.aws("organizations", "tag-resource", resource_id=each.match.id, tags=lacking),
                ),
                take_over=at.app.take_over(each.before, [change]),
                leave=Way(text="No deploy notices it", safe=True),
            )
