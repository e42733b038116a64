"""`OrgBaseline-PolicyAllowsLittle`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from org_constructs.aws.policy_syntax import SERVICE_CONTROL_POLICY
from org_constructs.templates.condition import TIMES

from ._lockout import SOMETHING, excepts_nobody, is_ever, known, needed, remains, shut, shut_services
from ._places import Denying, accounts_of, denying_policies
from .rule import Finding, Rule, Severity, found, listed

if TYPE_CHECKING:
    from org_constructs.templates.iam import Statement, Test
    from org_constructs.templates.resources import Templates

    from ._requests import Known


_FEW: Final = 5
"""As few exceptions as look like a mistake; a list of the services that an account may use has more."""

_WORDS: Final = (("lessthan", "until"), ("greaterthan", "from"))


def _find(templates: Templates) -> Iterator[Finding]:
    ids = templates.once(known)
    leaving_much = set()
    for policy in templates.once(denying_policies):
        if policy.kind == SERVICE_CONTROL_POLICY:
            those, left = _little(policy, ids)
            if left == SOMETHING:
                leaving_much.add(policy.resource.key)
            elif left:
                locations = [each.location for each in those if each.not_actions or each.not_resources]
                yield found(policy.resource, *locations, detail=f"It leaves {_shown(left)}.")
        for each in policy.statements:
            yield from _for_a_time(policy, each, ids)
    seen = set[object]()
    for account in templates.once(accounts_of):
        over = tuple(each for each in account.policies if each.resource.key in leaving_much)
        case = tuple(each.resource.key for each in over)
        if case not in seen:
            seen.add(case)
            yield from _in_several(over, ids)


def _little(policy: Denying, ids: Known) -> tuple[Sequence[Statement], Sequence[str]]:
    """Return the statements of a policy that deny the rest, and what they leave; nothing where that is no mistake."""
    those: Sequence[Statement] = [each for each in policy.statements if excepts_nobody(each, ids, policy.kind)]
    left = remains(those, ids)
    if left != SOMETHING:
        return those, left if len(left) <= _FEW else ()
    # Where each of several leaves what is not its own region's, the exceptions may be as many as they like.
    left = remains(policy.statements, ids)
    return needed(policy.statements, lambda some: remains(some, ids) == left), left


def _in_several(policies: Sequence[Denying], ids: Known) -> Iterator[Finding]:
    """Yield that policies of an account and of what it is in leave little together, and none of them alone."""

    def left_by(some: Sequence[Denying]) -> Sequence[str]:
        return remains([each for policy in some for each in policy.statements], ids)

    left = left_by(policies)
    if left and left != SOMETHING:
        nearest, *others = needed(policies, lambda some: left_by(some) == left)
        names = listed({each.resource.name for each in others})
        detail = f"It leaves {_shown(left)} together with {names}."
        yield found(nearest.resource, "Properties.Content", detail=detail)


def _for_a_time(policy: Denying, statement: Statement, ids: Known) -> Iterator[Finding]:
    """Yield that a statement denies everything, but for its dates, if these do not yet decide it for good."""
    dated = [(each, word) for each in statement.tests for word in [_word(each)] if word]
    if not dated or excepts_nobody(statement, ids, policy.kind) or not is_ever(statement, ids, policy.kind):
        return
    others = [each for each in statement.tests if each not in {test for test, _ in dated}]
    undated = replace(statement, body={**statement.body, "Condition": _condition(others)})
    when = " ".join(
        f"{word} {listed(each or '' for each in test.values):.100}"
        for test, word in sorted(dated, key=lambda it: it[1])
    )
    if of := shut([undated], policy.kind, ids):
        says = shut_services(policy.kind, of)
        detail = f"{says.removesuffix(' any more.')} {when}." if says else f"It denies everything {when}."
        yield found(policy.resource, statement.location, detail=detail)
    elif policy.kind == SERVICE_CONTROL_POLICY and (left := remains([undated], ids)) != SOMETHING and len(left) <= _FEW:
        yield found(policy.resource, statement.location, detail=f"It leaves {_shown(left)} {when}.")


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
        " everybody may do besides, add the condition that is missing, such as one on aws:RequestedRegion. Statements"
        " count together, and so do the policies of an account, its units and the root: two regions that are each the"
        " only one in a statement of its own leave none. An account that is to expire is denied everything from a date;"
        " one that is denied everything until a date is so now."
    ),
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html",
    find=_find,
    severity=Severity.WARNING,
)
