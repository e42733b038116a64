"""`OrgBaseline-AcknowledgementBlanket`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from .rule import Finding, Rule, Severity, listed

if TYPE_CHECKING:
    from org_constructs.templates.resources import Acknowledgement, Templates


def acknowledgement_blanket(rules: Iterable[Rule]) -> Rule:
    """Return the rule, which looks at the findings of the other rules."""
    by_id = {rule.id: rule for rule in rules}

    def find(templates: Templates) -> Iterator[Finding]:
        stacks = [template.construct for template in templates.all if template.construct]
        for acknowledgement in templates.acknowledgements:
            if any(acknowledgement.covers(stack) for stack in stacks) or not acknowledgement.construct:
                yield _finding(acknowledgement, "everything in a stack, now and later")
            elif len(covered := _covered(acknowledgement, by_id, templates)) > 1:
                yield _finding(acknowledgement, f"{len(covered)} findings: {listed(covered)}")

    return Rule(
        id="OrgBaseline-AcknowledgementBlanket",
        sentence="An acknowledgement covers more than one finding.",
        explanation=(
            "Its reason was written for one of them, and later findings are never shown. Acknowledge each finding on"
            " the construct that causes it."
        ),
        source="https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.Validations.html",
        find=find,
        severity=Severity.WARNING,
    )


def _covered(acknowledgement: Acknowledgement, by_id: dict[str, Rule], templates: Templates) -> set[str]:
    """Return the constructs of the findings that it is for, where it is for a rule of this pack."""
    rule = by_id.get(acknowledgement.id.rpartition("::")[2])
    if rule is None:
        return set()
    return {each.construct for each in rule.find(templates) if acknowledgement.covers(each.construct)}


def _finding(acknowledgement: Acknowledgement, what: str) -> Finding:
    return Finding(acknowledgement.construct, detail=f"The one for {acknowledgement.id} covers {what}.")
