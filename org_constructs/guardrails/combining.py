"""Several contents in as few policies as fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from org_constructs.aws.policy_types import POLICY_TYPES
from org_constructs.baseline.props import PolicyProps
from org_constructs.constructs.policy import CONTENT_MAX
from org_constructs.constructs.policy_json import json_characters
from org_constructs.constructs.policy_type import PolicyType
from org_constructs.constructs.validate import check_type, shown
from org_constructs.refusal import Refusal

from ._content import Content
from ._content import content as content_of


def combine(*contents: Mapping[str, Any]) -> tuple[Content, ...]:
    """Return the statements of several contents of one type in as few contents as fit that type's limit.

    Each statement goes to the first content that has room, in the order given, so that a guardrail added at the end
    moves none. What comes twice is put in once.

    Args:
        *contents: Contents of service control policies, or of resource control policies; one of any other type has no
            statements, and is returned alone.

    Raises:
        Refusal: The contents are of several types, two different statements have one Sid, or one is too long.
    """
    policy_type = _type_of(contents)
    if POLICY_TYPES[policy_type].key is not None:
        if len(contents) > 1:
            raise Refusal(
                "contents-not-combined",
                f"contents must be a single one for a {policy_type.value}, got {len(contents)}",
                "merge them",
            )
        return (dict(contents[0]),)
    maximum = CONTENT_MAX[policy_type]
    by_sid: dict[str, Mapping[str, Any]] = {}
    combined: list[list[Mapping[str, Any]]] = []
    for statement in (statement for content in contents for statement in content["Statement"]):
        sid = statement.get("Sid", "")
        if sid and by_sid.setdefault(sid, statement) != statement:
            raise Refusal(
                "sid-twice",
                f"contents must have unique Sids, got two statements with {sid!r}",
                "call its function once",
            )
        if any(statement in statements for statements in combined):
            continue
        characters = json_characters(content_of([statement]))
        if characters > maximum:
            raise Refusal(
                "statement-too-long",
                f"each statement must fit into the {maximum:,} characters of a {policy_type.value},"
                f" got {characters:,} in {sid!r}",
                "split it in two",
            )
        fitting = (old for old in combined if json_characters(content_of([*old, statement])) <= maximum)
        room = next(fitting, None)
        if room is None:
            combined.append([statement])
        else:
            room.append(statement)
    return tuple(content_of(statements) for statements in combined)


def policies(
    name: str, *contents: Mapping[str, Any], targets: Sequence[str], description: str | None = None
) -> tuple[PolicyProps, ...]:
    """Return the contents, combined, as the `policies` of an `OrgBaseline`.

    Args:
        name: The name of the first policy; the next ones, if there is more than fits one, are `name-2` and so on.
        *contents: What the functions of this module return, all for one type of policies.
        targets: What the policies are attached to, as in `PolicyProps`.
        description: What they are for; by default none.

    Raises:
        Refusal: As `combine`.
    """
    return tuple(
        PolicyProps(
            name=name if number == 1 else f"{name}-{number}",
            type=_type_of([content]),
            content=content,
            targets=targets,
            description=description,
        )
        for number, content in enumerate(combine(*contents), 1)
    )


def _type_of(contents: Sequence[Mapping[str, Any]]) -> PolicyType:
    types = [_type_of_one(f"contents[{index}]", content) for index, content in enumerate(contents)]
    if len(set(types)) != 1:
        got = ", ".join(sorted(set(types))) or "none"
        raise Refusal(
            "contents-types", f"contents must all have one policy type, got {got}", "combine each type separately"
        )
    return types[0]


def _type_of_one(argument: str, content: Mapping[str, Any]) -> PolicyType:
    check_type(argument, content, dict, "what a function of guardrails returns, or your own content")
    for policy_type, facts in POLICY_TYPES.items():
        if facts.key is not None and facts.key in content:
            return PolicyType(policy_type)
    statements = content.get("Statement")
    if not isinstance(statements, list) or not statements:
        raise Refusal("statements-none", f"{argument} must have a list of statements, got {shown(content)}")
    # Only a resource control policy says whom it is for: everybody.
    of_resources = any("Principal" in statement for statement in statements)
    return PolicyType.RESOURCE_CONTROL_POLICY if of_resources else PolicyType.SERVICE_CONTROL_POLICY
