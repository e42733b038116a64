"""`OrgBaseline-DelegationPolicies`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from org_constructs.aws.escalations import ACCOUNT, ORGANIZATION, OTHER
from org_constructs.aws.policy_syntax import RESOURCE_POLICY
from org_constructs.templates.iam import Document, Statement, documents
from org_constructs.templates.permissions import is_about_any

from ._delegation import delegates_everything, is_open, of_other_types
from .rule import Finding, Rule, found, listed

if TYPE_CHECKING:
    from org_constructs.templates.resources import Templates

_ACTIONS: Final = tuple(f"organizations:{each}Policy" for each in ("Attach", "Delete", "Detach", "Update"))
_DISABLE: Final = "organizations:DisablePolicyType"
_ANY_ROOT: Final = f"arn:aws:organizations::{ACCOUNT}:root/{ORGANIZATION}/{OTHER}"
_ANY_POLICY: Final = f"arn:aws:organizations::{ACCOUNT}:policy/{ORGANIZATION}/{OTHER}/{OTHER}"
_OF_SERVICE_CONTROL: Final = "/service_control_policy"
_SERVICE_CONTROL_POLICY: Final = f"arn:aws:organizations::{ACCOUNT}:policy/{ORGANIZATION}{_OF_SERVICE_CONTROL}/{OTHER}"


def _find(templates: Templates) -> Iterator[Finding]:
    for document in templates.once(documents):
        for statement in document.statements if document.kind == RESOURCE_POLICY else ():
            delegated = [each for each in (*_ACTIONS, _DISABLE) if _delegates(document, statement, each)]
            if delegated and not delegates_everything(document, statement):
                detail = f"It delegates {listed(delegated)}."
                yield found(document.resource, statement.location, detail=detail)


def _delegates(document: Document, statement: Statement, action: str) -> bool:
    """Whether a statement delegates an action on policies whatever their type is."""
    return (
        statement.effect == "Allow"
        and statement.has_action(action.lower())
        and (
            is_about_any(statement, _ANY_ROOT)
            if action == _DISABLE
            else is_about_any(statement, _ANY_POLICY) or _is_about_service_control(statement)
        )
        and is_open(document, replace(statement, actions=(action.lower(),), not_actions=()), of_other_types)
    )


def _is_about_service_control(statement: Statement) -> bool:
    """Whether a statement is about service control policies by a wildcard, such as `policy/*/*_policy/*`."""
    unnamed = [None if _OF_SERVICE_CONTROL in (each or "") else each for each in statement.resources]
    return is_about_any(replace(statement, resources=tuple(unnamed)), _SERVICE_CONTROL_POLICY)


DELEGATION_POLICIES: Final = Rule(
    id="OrgBaseline-DelegationPolicies",
    sentence="The organization's resource policy delegates changing policies of every type.",
    explanation=(
        "Whoever administers the account that it is delegated to can take service control policies away from every"
        " account, switch off their type, or change what they deny. Require the type by equality in a condition on"
        " organizations:PolicyType, or name it, without wildcards, in the policies' ARNs, such as"
        " policy/o-abcde12345/backup_policy/*; organizations:DisablePolicyType takes the condition alone."
    ),
    source="https://docs.aws.amazon.com/organizations/latest/userguide/orgs_delegate_policies.html",
    find=_find,
)
