"""`OrgBaseline-PolicyConditionValue`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from org_constructs.aws.condition_keys import VALUES, WITH_WILDCARDS
from org_constructs.templates.condition import read_network, read_number, read_time
from org_constructs.templates.iam import Test, documents

from ._examples import examples
from .rule import Finding, Rule, found, listed

if TYPE_CHECKING:
    from org_constructs.templates.resources import Templates

_KINDS: Final[tuple[tuple[str, Callable[[str], bool], str], ...]] = (
    ("ipaddress", lambda value: read_network(value) is not None, "an address or a range of them, as in 203.0.113.0/24"),
    ("numeric", lambda value: read_number(value) is not None, "a number"),
    ("date", lambda value: read_time(value) is not None, "a time, as in 2026-11-26T00:00:00Z"),
    ("bool", lambda value: value.lower() in {"true", "false"}, "true or false"),
    ("null", lambda value: value.lower() in {"true", "false"}, "true or false"),
)
"""What operators compare, how it is read, and what it is.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""


def _find(templates: Templates) -> Iterator[Finding]:
    fill = templates.once(examples).fill
    for document in templates.once(documents):
        for statement in document.statements:
            for test in statement.tests:
                form = _form(test)
                if form is None:
                    continue
                is_one, what = form
                wrong = [
                    f"{each:.100}" for each in test.values if each is not None and not _may_be(test, fill(each), is_one)
                ]
                if wrong:
                    detail = f"{test.written[1]:.200} is never {listed(wrong)}, but {what}."
                    yield found(document.resource, statement.location, detail=detail)


def _form(test: Test) -> tuple[Callable[[str], bool], str] | None:
    """Return what tells values that a test's key may have, and what they are; None if they may be any."""
    for kind, is_one, what in _KINDS:
        if kind in test.operator:
            return is_one, what
    if test.key not in VALUES:
        return None
    pattern, example = VALUES[test.key]
    if "ignorecase" in test.operator:
        pattern = re.compile(pattern.pattern, pattern.flags | re.IGNORECASE)
    return lambda value: pattern.fullmatch(value) is not None, f"something like {example}"


def _may_be(test: Test, value: str, is_one: Callable[[str], bool]) -> bool:
    # A wildcard that is none has a rule of its own, and what stands for a variable may be anything.
    is_open = "${" in value or (test.key not in WITH_WILDCARDS and re.search("[*?]", value) is not None)
    return is_open or is_one(value)


POLICY_CONDITION_VALUE: Final = Rule(
    id="OrgBaseline-PolicyConditionValue",
    sentence="A condition compares a key with something that it never is.",
    explanation=(
        "A comparison with it never holds, so that whoever it should exempt or allow is not; a negated one always"
        " holds, so that a denial applies to everybody. It may be a placeholder that nobody has replaced, or another"
        " attribute of what the template makes: the organization's ARN is not its id. Paths of Organizations begin with"
        " its id and its root and end with a slash, services are called as in lambda.amazonaws.com, and texts are"
        " compared letter by letter, so that no address equals a range."
    ),
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html",
    find=_find,
)
