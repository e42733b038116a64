"""`OrgBaseline-DelegationEverything`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from org_constructs.aws.escalations import ACCOUNT, ORGANIZATION, OTHER
from org_constructs.aws.policy_syntax import RESOURCE_POLICY
from org_constructs.templates.condition import Plain
from org_constructs.templates.iam import documents
from org_constructs.templates.permissions import is_about_any

from ._delegation import is_open
from .rule import Finding, Rule, found

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from org_constructs.templates.resources import Templates

_ANY_ACTION: Final = f"organizations:{OTHER}"
_RESOURCES: Final = tuple(
    f"arn:aws:organizations::{ACCOUNT}:{kind}/{OTHER}"
    for kind in (
        f"account/{ORGANIZATION}",
        f"ou/{ORGANIZATION}",
        f"root/{ORGANIZATION}",
        f"policy/{ORGANIZATION}/service_control_policy",
    )
)


def _find(templates: Templates) -> Iterator[Finding]:
    for document in templates.once(documents):
        for statement in document.statements if document.kind == RESOURCE_POLICY else ():
            if (
                statement.effect == "Allow"
                and statement.has_action(_ANY_ACTION)
                and any(is_about_any(statement, arn) for arn in _RESOURCES)
                and is_open(document, statement, _values)
            ):
                yield found(document.resource, statement.location)


def _values(key: str) -> Sequence[str | None]:
    return (None, Plain("SOME_OTHER_POLICY")) if key == "organizations:policytype" else ()


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
