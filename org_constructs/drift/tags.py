"""Tags that somebody changed or took away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from .app import ACCOUNT, POLICY, UNIT
from .finding import Drift, How, Way
from .look import changes_of, is_lost, owned

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .look import Look

_KINDS: Final = {UNIT: "unit", ACCOUNT: "account", POLICY: "policy"}


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
            yield Drift(
                "drift-tags",
                kind=_KINDS[kind],
                name=each.match.name,
                what=f"has other tags: {', '.join(tag['Key'] for tag in lacking)}",
                changes=(change,),
                **owned(each),
                take_back=Way(
                    how=How.RUN,
                    text="No deploy does it: an update sets only the tags in which the templates differ. Run this",
                    safe=True,
                    commands=(at.aws("organizations", "tag-resource", resource_id=each.match.id, tags=lacking),),
                ),
                take_over=at.app.take_over(each.before, [change]),
                leave=Way(text="No deploy notices it", safe=True),
            )
