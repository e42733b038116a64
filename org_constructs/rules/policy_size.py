"""`OrgBaseline-PolicySize`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from org_constructs.aws import limits
from org_constructs.aws.policy_types import POLICY_TYPES
from org_constructs.templates.values import Unknown, Value

from .rule import Finding, Rule, found

if TYPE_CHECKING:
    from org_constructs.templates.resources import Templates


def _find(templates: Templates) -> Iterator[Finding]:
    for resource in templates.of_type("AWS::Organizations::Policy"):
        kind = resource.properties.get("Type")
        facts = POLICY_TYPES.get(kind) if isinstance(kind, str) else None
        characters = len(_as_sent(resource.properties.get("Content")))
        if facts is not None and facts.characters is not None and characters > facts.characters:
            detail = f"{resource.name} has {characters:,} characters; a {kind} has at most {facts.characters:,}."
            yield found(resource, "Properties.Content", detail=detail)
    for resource in templates.of_type("AWS::SSO::PermissionSet"):
        sent = _as_sent(resource.properties.get("InlinePolicy")).encode()
        dense = len(re.sub(rb"\s", b"", sent))
        if len(sent) > limits.INLINE_POLICY_BYTES_MAX or dense > limits.INLINE_POLICY_NON_WHITESPACE_MAX:
            detail = (
                f"{resource.name} has {dense:,} bytes without whitespace; an inline policy has at most"
                f" {limits.INLINE_POLICY_NON_WHITESPACE_MAX:,}, and {limits.INLINE_POLICY_BYTES_MAX:,} with it."
            )
            yield found(resource, "Properties.InlinePolicy", detail=detail)


def _as_sent(content: Value) -> str:
    """Return a policy as CloudFormation passes it on: JSON without whitespace, text as it is."""
    known = _known(content)
    return known if isinstance(known, str) else json.dumps(known, separators=(",", ":"), ensure_ascii=False)


def _known(value: Value) -> Value:
    """Return the value with nothing in place of what the deploy alone knows: that is not counted."""
    match value:
        case Unknown():
            return value.filled(lambda _part: "")
        case dict():
            return {key: _known(item) for key, item in value.items()}
        case list():
            return [_known(item) for item in value]
    return value


POLICY_SIZE: Final = Rule(
    id="OrgBaseline-PolicySize",
    sentence="A policy is larger than AWS allows.",
    explanation=(
        "The deploy fails at it. Shorten it, with wildcards or without Sids, or split it into several policies; in a"
        " policy that is given as text, whitespace counts."
    ),
    source="https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html",
    find=_find,
)
