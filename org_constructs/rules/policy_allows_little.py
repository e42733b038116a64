"""`OrgBaseline-PolicyAllowsLittle`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from org_constructs.aws.policy_syntax import SERVICE_CONTROL_POLICY
from org_constructs.templates.iam import documents

from ._lockout import SOMETHING, excepts_nobody, left, organizations
from .rule import Finding, Rule, Severity, found, listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from org_constructs.templates.resources import Templates

_FEW: Final = 5
"""As few exceptions as look like a mistake; a list of the services that an account may use has more."""


def _find(templates: Templates) -> Iterator[Finding]:
    ids = templates.once(organizations)
    for document in templates.once(documents):
        if document.kind != SERVICE_CONTROL_POLICY:
            continue
        denying = [
            each for each in document.statements if each.effect == "Deny" and (each.not_actions or each.not_resources)
        ]
        if left(denying) == SOMETHING:
            continue
        for_all = [each for each in document.statements if each.effect == "Deny" and excepts_nobody(each, ids)]
        remains = left(for_all)
        if remains and remains != SOMETHING and len(remains) <= _FEW:
            yield found(
                document.resource,
                *(each.location for each in for_all if each.not_actions or each.not_resources),
                detail=f"It leaves {listed(f'{each:.100}' for each in remains)}.",
            )


POLICY_ALLOWS_LITTLE: Final = Rule(
    id="OrgBaseline-PolicyAllowsLittle",
    sentence="A service control policy denies everybody everything but a few actions or resources.",
    explanation=(
        "In the accounts that it is attached to, nobody can do anything else any more, including administrators. If"
        " that is what should be denied, write Action for NotAction, or Resource for NotResource; if it is what"
        " everybody may do besides, add the condition that is missing, such as one on aws:RequestedRegion."
    ),
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html",
    find=_find,
    severity=Severity.WARNING,
)
