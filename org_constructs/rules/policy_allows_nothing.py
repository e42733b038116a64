"""`OrgBaseline-PolicyAllowsNothing`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from org_constructs.aws.policy_syntax import RESOURCE_CONTROL_POLICY, SERVICE_CONTROL_POLICY
from org_constructs.templates.iam import documents

from .rule import Finding, Rule, found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from org_constructs.templates.resources import Templates


def _find(templates: Templates) -> Iterator[Finding]:
    for document in templates.once(documents):
        if document.kind in {SERVICE_CONTROL_POLICY, RESOURCE_CONTROL_POLICY}:
            for statement in document.statements:
                if statement.effect == "Deny" and statement.is_about_everything:
                    yield found(document.resource, statement.location)


POLICY_ALLOWS_NOTHING: Final = Rule(
    id="OrgBaseline-PolicyAllowsNothing",
    sentence="A control policy denies every action on every resource.",
    explanation=(
        "In the accounts that it is attached to, nobody can do anything any more, including administrators, roles and"
        " AWS's own automation. Name the actions, or exempt a role with a condition on aws:PrincipalArn."
    ),
    source="https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_examples.html",
    find=_find,
)
