"""`OrgBaseline-PolicyAllowsLittle`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from org_constructs.aws.policy_syntax import RESOURCE_CONTROL_POLICY, SERVICE_CONTROL_POLICY
from org_constructs.templates.iam import documents

from ._lockout import SOMETHING, excepts_nobody, is_ever, known, needed, remains, shut, shut_services
from ._requests import TIMES
from .rule import Finding, Rule, Severity, found, listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from org_constructs.templates.iam import Document, Statement, Test
    from org_constructs.templates.resources import Templates

    from ._requests import Known

_FEW: Final = 5
"""As few exceptions as look like a mistake; a list of the services that an account may use has more."""

_WORDS: Final = (("lessthan", "until"), ("greaterthan", "from"))


def _find(templates: Templates) -> Iterator[Finding]:
    ids = templates.once(known)
    for document in templates.once(documents):
        if document.kind not in {SERVICE_CONTROL_POLICY, RESOURCE_CONTROL_POLICY}:
            continue
        denying = [each for each in document.statements if each.effect == "Deny"]
        if document.kind == SERVICE_CONTROL_POLICY:
            yield from _little(document, denying, ids)
        for each in denying:
            yield from _for_a_time(document, each, ids)


def _little(document: Document, denying: Sequence[Statement], ids: Known) -> Iterator[Finding]:
    those: Sequence[Statement] = [each for each in denying if excepts_nobody(each, ids, document.kind)]
    left = remains(those, ids)
    if left == SOMETHING:
        # Where each of several leaves what is not its own region's, the exceptions may be as many as they like.
        those, left = denying, remains(denying, ids)
        those = needed(those, lambda some: remains(some, ids) == left)
    elif len(left) > _FEW:
        return
    if left and left != SOMETHING:
        yield found(
            document.resource,
            *(each.location for each in those if each.not_actions or each.not_resources),
            detail=f"It leaves {_shown(left)}.",
        )


def _for_a_time(document: Document, statement: Statement, ids: Known) -> Iterator[Finding]:
    """Yield that a statement denies everything, but for its dates, if these do not yet decide it for good."""
    dated = [(each, word) for each in statement.tests for word in [_word(each)] if word]
    if not dated or excepts_nobody(statement, ids, document.kind) or not is_ever(statement, ids, document.kind):
        return
    others = [each for each in statement.tests if each not in {test for test, _ in dated}]
    undated = replace(statement, body={**statement.body, "Condition": _condition(others)})
    when = " ".join(
        f"{word} {listed(each or '' for each in test.values):.100}"
        for test, word in sorted(dated, key=lambda it: it[1])
    )
    if of := shut([undated], document.kind, ids):
        says = shut_services(document.kind, of)
        detail = f"{says.removesuffix(' any more.')} {when}." if says else f"It denies everything {when}."
        yield found(document.resource, statement.location, detail=detail)
    elif (
        document.kind == SERVICE_CONTROL_POLICY and (left := remains([undated], ids)) != SOMETHING and len(left) <= _FEW
    ):
        yield found(document.resource, statement.location, detail=f"It leaves {_shown(left)} {when}.")


def _word(test: Test) -> str:
    """Return how a date limits a denial; empty where a test is about no date, or about a single moment."""
    is_dated = test.key in TIMES and None not in test.values
    return next((word for part, word in _WORDS if is_dated and part in test.operator), "")


def _condition(tests: Sequence[Test]) -> dict[str, dict[str, list[str | None]]]:
    condition: dict[str, dict[str, list[str | None]]] = {}
    for each in tests:
        operator, key = each.written
        condition.setdefault(operator, {})[key] = list(each.values)
    return condition


def _shown(left: Sequence[str]) -> str:
    return listed(f"{each:.100}" for each in left)


POLICY_ALLOWS_LITTLE: Final = Rule(
    id="OrgBaseline-PolicyAllowsLittle",
    sentence="A control policy denies everybody everything but a few actions or resources, or until or from a date.",
    explanation=(
        "In the accounts that it is attached to, nobody can do anything else any more, including administrators. If"
        " that is what should be denied, write Action for NotAction, or Resource for NotResource; if it is what"
        " everybody may do besides, add the condition that is missing, such as one on aws:RequestedRegion. Two regions"
        " that are each the only one in a statement of its own leave none. An account that is to expire is denied"
        " everything from a date; one that is denied everything until a date is so now."
    ),
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html",
    find=_find,
    severity=Severity.WARNING,
)
