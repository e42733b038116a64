"""`OrgBaseline-PolicyStatement`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from org_constructs.templates.iam import Statement, documents

from .rule import Finding, Rule, Severity, found

if TYPE_CHECKING:
    from org_constructs.templates.resources import Templates


def _find(templates: Templates) -> Iterator[Finding]:
    for document in templates.once(documents):
        for index, statement in enumerate(document.statements):
            other = _decides_before(index, document.statements)
            if other is not None:
                how = "denies" if other.effect == "Deny" else "allows"
                detail = f"{other.location} {how} all that it is about."
                yield found(document.resource, statement.location, detail=detail)


def _decides_before(index: int, statements: Sequence[Statement]) -> Statement | None:
    """Return the statement that decides wherever this one would; of two that are the same, the first."""
    statement = statements[index]
    for position, other in enumerate(statements):
        if (
            position != index
            and other.effect in {"Deny", statement.effect}
            and other.covers(statement)
            and not (position > index and other.effect == statement.effect and statement.covers(other))
        ):
            return other
    return None


POLICY_STATEMENT: Final = Rule(
    id="OrgBaseline-PolicyStatement",
    sentence="A statement of a policy has no effect.",
    explanation=(
        "Another statement of the same policy already denies what it allows, or says the same. Remove it, or narrow"
        " the other one."
    ),
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html",
    find=_find,
    severity=Severity.WARNING,
)
