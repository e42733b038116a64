"""In which properties a template and what exists differ, however each of them writes it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from org_constructs.aws import limits
from org_constructs.aws.durations import are_same
from org_constructs.templates.values import as_json

from .result import Difference


def differences(template: Mapping[str, Any], found: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Return the differences between the same properties of both, a missing one being None."""
    return tuple(
        Difference(property=name, template=json.loads(as_json(wanted)), found=found[name])
        for name, wanted in template.items()
        if _normal(wanted) != _normal(found[name])
    )


def tag_differences(wanted: Sequence[Mapping[str, str]], found: Mapping[str, str]) -> tuple[Difference, ...]:
    """Compare the tags that a template names; others stay as they are."""
    there = [{"Key": tag["Key"], "Value": found[tag["Key"]]} for tag in wanted if tag["Key"] in found]
    return () if list(wanted) == there else (Difference(property="Tags", template=wanted, found=there or None),)


def dropping_tag_differences(
    wanted: Sequence[Mapping[str, str]], found: Mapping[str, str], others: Sequence[Difference]
) -> tuple[Difference, ...]:
    """Compare the tags of what loses, with whatever changes in it, those that the template does not name.

    Args:
        wanted: The template's tags.
        found: Those that are there.
        others: The other differences; where there is none, nothing is changed and no tag is lost.
    """
    if not others and not tag_differences(wanted, found):
        return ()
    there = [{"Key": key, "Value": value} for key, value in sorted(found.items())]
    if {each["Key"]: each["Value"] for each in wanted} == found:
        return ()
    return (Difference(property="Tags", template=list(wanted) or None, found=there or None),)


def _normal(document: Any) -> Any:  # noqa: ANN401 (JSON)
    """Return a policy document so that it equals those that say the same, one value and a list of it being one.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
    """
    if not isinstance(document, Mapping) or "Statement" not in document:
        return document
    given = document["Statement"]
    statements = given if isinstance(given, list) else [given]
    return {**document, "Statement": [_as_lists(each) for each in statements]}


def _as_lists(value: Any) -> Any:  # noqa: ANN401 (JSON)
    """Return a statement with each value that may be a list as one, in one order where they are texts."""
    if not isinstance(value, Mapping):
        listed = value if isinstance(value, list) else [value]
        return sorted(listed) if all(isinstance(each, str) for each in listed) else listed
    return {key: _as_lists(item) for key, item in value.items()}


def session_differences(wanted: str | None, found: str) -> tuple[Difference, ...]:
    """Compare the lengths of sessions, however they are written; where nothing is said, AWS has one of its own."""
    if are_same(wanted or limits.SESSION_DEFAULT, found or limits.SESSION_DEFAULT):
        return ()
    return (Difference(property="SessionDuration", template=wanted, found=found),)


def customer_managed(policies: Iterable[Mapping[str, str]] | None) -> list[dict[str, str]] | None:
    """Return references to customer managed policies in one order, with the path that AWS takes where none is given."""
    listed = [{"Name": each["Name"], "Path": each.get("Path") or "/"} for each in policies or ()]
    return sorted(listed, key=lambda each: (each["Path"], each["Name"])) or None
