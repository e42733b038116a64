"""In which properties a template and what exists differ, however each of them writes it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from .result import Difference

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

DEFAULT_SESSION: Final = "PT1H"
"""https://docs.aws.amazon.com/singlesignon/latest/userguide/howtosessionduration.html"""


def differences(template: Mapping[str, Any], found: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Return the differences between the same properties of both, a missing one being None."""
    return tuple(
        Difference(property=name, template=wanted, found=found[name])
        for name, wanted in template.items()
        if wanted != found[name]
    )


def tag_differences(wanted: Sequence[Mapping[str, str]], found: Mapping[str, str]) -> tuple[Difference, ...]:
    """Compare the tags that a template names; others stay as they are."""
    there = [{"Key": tag["Key"], "Value": found[tag["Key"]]} for tag in wanted if tag["Key"] in found]
    return () if list(wanted) == there else (Difference(property="Tags", template=wanted, found=there or None),)


def session_differences(wanted: str | None, found: str) -> tuple[Difference, ...]:
    """Compare the lengths of sessions: PT60M is PT1H, which is what AWS takes where nothing is said."""
    if _minutes(wanted or DEFAULT_SESSION) == _minutes(found or DEFAULT_SESSION):
        return ()
    return (Difference(property="SessionDuration", template=wanted, found=found),)


def customer_managed(policies: Iterable[Mapping[str, str]] | None) -> list[dict[str, str]] | None:
    """Return references to customer managed policies in one order, with the path that AWS takes where none is given."""
    listed = [{"Name": each["Name"], "Path": each.get("Path") or "/"} for each in policies or ()]
    return sorted(listed, key=lambda each: (each["Path"], each["Name"])) or None


def _minutes(duration: str) -> float | str:
    found = re.fullmatch(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?", duration)
    if found is None:
        return duration
    hours, minutes, seconds = (int(number or 0) for number in found.groups())
    return hours * 60 + minutes + seconds / 60
