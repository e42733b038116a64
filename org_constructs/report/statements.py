"""What the statements of a policy forbid, in words, each with its name."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from org_constructs.templates.contents import pretty_json, says_content
from org_constructs.templates.iam import statements
from org_constructs.templates.values import items_of, written
from org_constructs.templates.words import and_list, in_a_line, visible

from .known_guardrails import KNOWN

_SHOWN: Final = 6
_ROLE: Final = "arn:*:iam::*:role/"
_PERMISSION_SET_ROLE: Final = re.compile(
    r"aws-reserved/sso\.amazonaws\.com\*?/(?:\*/)?AWSReservedSSO_([\w+=,.@-]+)_[?*]+"
)


@dataclass(frozen=True, kw_only=True)
class Statement:
    """A statement of a policy."""

    name: str
    """The guardrail that it is of, or else its `Sid`; empty where it has none."""

    words: str
    document: str
    """The statement itself, as JSON."""


def in_words(content: Any) -> tuple[Statement, ...]:  # noqa: ANN401 (JSON)
    """Return the statements of a policy; none if it has none."""
    return tuple(
        Statement(
            name=_name(statement),
            words=visible(_forbids(statement) or line),
            document=pretty_json(statement),
        )
        for statement, line in zip(statements(content), says_content(content), strict=True)
    )


def fingerprint(statement: Mapping[str, Any]) -> str:
    """Return what tells that a statement denies the same actions as another."""
    denied = {
        name: sorted(map(written, items_of(statement[name]))) for name in ("Action", "NotAction") if name in statement
    }
    return hashlib.sha256(json.dumps([statement.get("Effect"), denied]).encode()).hexdigest()[:16]


def _known(statement: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return the guardrail and what it forbids; None where the actions are not the guardrail's."""
    guardrail, forbids, actions = KNOWN.get(written(statement.get("Sid", "")), ("", "", ""))
    return (guardrail, forbids) if guardrail and actions == fingerprint(statement) else None


def _name(statement: Mapping[str, Any]) -> str:
    known = _known(statement)
    return known[0] if known else visible(written(statement.get("Sid", "")))


def _forbids(statement: Mapping[str, Any]) -> str:
    """Say what nobody may do; empty for a statement that does not forbid it to everybody."""
    if statement.get("Effect") != "Deny" or "NotPrincipal" in statement:
        return ""
    if items_of(statement.get("Principal", "*")) not in (["*"], [{"AWS": "*"}]):
        return ""
    known = _known(statement)
    what = known[1] if known else _actions(statement)
    return f"Nobody may {what}{_resources(statement, apposed=known is not None)}{_conditions(statement)}."


def _actions(statement: Mapping[str, Any]) -> str:
    if "NotAction" in statement:
        return f"do anything except {in_a_line(list(map(written, items_of(statement['NotAction']))), _SHOWN)}"
    services: dict[str, list[str]] = {}
    actions = list(map(written, items_of(statement.get("Action"))))
    if "*" in actions:
        return "do anything"
    for action in actions[: _SHOWN if len(actions) > _SHOWN + 1 else None]:
        service, _, name = action.partition(":")
        services.setdefault(service, []).append(_verb(name, action))
    more = len(actions) - sum(map(len, services.values()))
    named = [f"{', '.join(each)} ({service})" for service, each in services.items()]
    return "; ".join(named) + (f" … and {more:,} more actions" if more else "")


def _verb(name: str, action: str) -> str:
    """Return `create access key` for `CreateAccessKey`, and a pattern as it is."""
    if name == "*":
        return "do anything"
    if not re.fullmatch(r"[A-Za-z0-9]+", name):
        return action
    # A row of capitals is an abbreviation: CreateSAMLProvider.
    words = re.findall(r"[A-Z]+(?![a-z])[0-9]*|[A-Z]?[a-z0-9]+", name)
    return " ".join(word if len(word) > 1 and word.isupper() else word.lower() for word in words)


def _resources(statement: Mapping[str, Any], *, apposed: bool) -> str:
    """Say on which resources; in brackets behind words that say of what kind they are."""
    for key, but in (("Resource", ""), ("NotResource", "anything but ")):
        named = [written(each) for each in items_of(statement.get(key))]
        if named and "*" not in named:
            which = but + in_a_line(list(map(_resource, named)), _SHOWN)
            return f" ({which})" if apposed else f" on {which}"
    return ""


def _resource(arn: str) -> str:
    """Leave out of an ARN the partition, the region and the account, where these are any."""
    anywhere = re.fullmatch(r"arn:\*:([a-z0-9-]+):\*?:\*?:(.+)", arn)
    if anywhere is None:
        return arn
    return anywhere[2] if anywhere[1] == "iam" else f"{anywhere[1]} {anywhere[2]}"


def _conditions(statement: Mapping[str, Any]) -> str:
    tests = [
        (operator, key, [written(each) for each in items_of(value)])
        for operator, inside in (statement.get("Condition") or {}).items()
        for key, value in (inside.items() if isinstance(inside, dict) else ())
    ]
    protected = [written(each) for each in items_of(statement.get("Resource"))]
    said = [
        (_condition(operator, key.lower(), values, protected), operator, key, values) for operator, key, values in tests
    ]
    where = [each for each, *_ in said if each.startswith(" ")]
    unless = [each for each, *_ in said if each.startswith(",")]
    others = [f"{operator} {key} {in_a_line(values, _SHOWN)}" for each, operator, key, values in said if not each]
    return "".join([*where, *unless, f", if {' and '.join(others)}" if others else ""])


def _condition(operator: str, key: str, values: list[str], protected: list[str]) -> str:
    """Return a condition in words, of a statement about these resources; empty for one without words of its own."""
    if operator in _ARN_NOT and key == "aws:principalarn" and values == protected and values[0].startswith(_ROLE):
        return ", except that role itself" if len(values) == 1 else ", except these roles themselves"
    return next(
        (
            say(values)
            for operators, of_key, only, say in _SAID
            if operator in operators and key == of_key and only in (None, values)
        ),
        "",
    )


def _role(arn: str) -> str:
    if not arn.startswith(_ROLE):
        return arn
    role = arn.removeprefix(_ROLE)
    permission_set = _PERMISSION_SET_ROLE.fullmatch(role)
    return f"people with {permission_set[1]}" if permission_set else f"the role {role}"


_ARN_NOT: Final = ("ArnNotLike", "ArnNotEquals", "StringNotLike", "StringNotEquals")
_SAID: Final[Sequence[tuple[Sequence[str], str, list[str] | None, Callable[[list[str]], str]]]] = (
    (("ArnLike", "ArnEquals"), "aws:principalarn", ["arn:*:iam::*:root"], lambda _: " as the root user"),
    (_ARN_NOT, "aws:principalarn", None, lambda arns: f", except {and_list(list(map(_role, arns)))}"),
    (("StringNotEquals", "StringNotLike"), "aws:requestedregion", None, lambda names: f" outside {and_list(names)}"),
    (("StringEquals", "StringLike"), "aws:requestedregion", None, lambda names: f" in {' or '.join(names)}"),
    (("BoolIfExists",), "aws:assumedroot", ["false"], lambda _: ", except in sessions of sts:AssumeRoot"),
    (("BoolIfExists",), "aws:principalisawsservice", ["false"], lambda _: ", except AWS services"),
    (("Bool",), "aws:principalisawsservice", ["true"], lambda _: " through an AWS service"),
    (("StringNotEqualsIfExists",), "aws:principalorgid", None, lambda ids: f" from outside {' or '.join(ids)}"),
    (("StringNotEqualsIfExists",), "aws:sourceorgid", None, lambda ids: f" for anybody outside {' or '.join(ids)}"),
)
"""Conditions in words: operators, key, the values where only these are meant, and what is said.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""
