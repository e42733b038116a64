"""`OrgBaseline-DelegationAnybody`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from org_constructs.templates.iam import documents

from ._delegation import is_for_anybody
from .rule import Finding, Rule, found

if TYPE_CHECKING:
    from org_constructs.templates.resources import Templates


def _find(templates: Templates) -> Iterator[Finding]:
    for document in templates.once(documents):
        for statement in document.statements:
            if is_for_anybody(document, statement):
                yield found(document.resource, statement.location)


DELEGATION_ANYBODY: Final = Rule(
    id="OrgBaseline-DelegationAnybody",
    sentence="The organization's resource policy allows something to anybody.",
    explanation=(
        "Its principal is *, or everybody except some, so other people's accounts are allowed it too. Name the"
        " accounts, or require aws:PrincipalOrgID, aws:PrincipalAccount or such an ARN by equality in a condition."
    ),
    source="https://docs.aws.amazon.com/organizations/latest/userguide/orgs_delegate_policies.html",
    find=_find,
)
