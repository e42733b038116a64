"""`OrgBaseline-DelegationEverything`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from org_constructs.templates.iam import documents

from ._delegation import delegates_everything
from .rule import Finding, Rule, found

if TYPE_CHECKING:
    from org_constructs.templates.resources import Templates


def _find(templates: Templates) -> Iterator[Finding]:
    for document in templates.once(documents):
        for statement in document.statements:
            if delegates_everything(document, statement):
                yield found(document.resource, statement.location)


DELEGATION_EVERYTHING: Final = Rule(
    id="OrgBaseline-DelegationEverything",
    sentence="The organization's resource policy delegates every action of Organizations.",
    explanation=(
        "Whoever administers the account that it is delegated to can remove every policy of the organization, and gets"
        " every action that AWS adds. Name the actions, or the policy type in a condition on organizations:PolicyType."
    ),
    source="https://docs.aws.amazon.com/organizations/latest/userguide/orgs_delegate_policies.html",
    find=_find,
)
