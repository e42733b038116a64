"""In which properties a template and what exists differ, however each of them writes it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from org_constructs.aws import limits
from org_constructs.aws.durations import seconds
from org_constructs.templates.values import as_json

from .result import Difference

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


def differences(template: Mapping[str, Any], found: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Return the differences between the same properties of both, a missing one being None."""
    return tuple(
        Difference(property=name, template=json.loads(as_json(wanted)), found=found[name])
        for name, wanted in template.items()
        if wanted != found[name]
    )


def tag_differences(wanted: Sequence[Mapping[str, str]], found: Mapping[str, str]) -> tuple[Difference, ...]:
    """Compare the tags that a template names; others stay as they are."""
    there = [{"Key": tag["Key"], "Value": found[tag["Key"]]} for tag in wanted if tag["Key"] in found]
    return () if list(wanted) == there else (Difference(property="Tags", template=wanted, found=there or None),)


def session_differences(wanted: str | None, found: str) -> tuple[Difference, ...]:
    """Compare the lengths of sessions, however they are written; where nothing is said, AWS has one of its own."""
    before, after = (each or limits.SESSION_DEFAULT for each in (wanted, found))
    if before == after or seconds(before) == seconds(after) is not None:
        return ()
    return (Difference(property="SessionDuration", template=wanted, found=found),)


def customer_managed(policies: Iterable[Mapping[str, str]] | None) -> list[dict[str, str]] | None:
    """Return references to customer managed policies in one order, with the path that AWS takes where none is given."""
    listed = [{"Name": each["Name"], "Path": each.get("Path") or "/"} for each in policies or ()]
    return sorted(listed, key=lambda each: (each["Path"], each["Name"])) or None
