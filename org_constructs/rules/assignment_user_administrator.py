"""`OrgBaseline-AssignmentUserAdministrator`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ._access import grants
from .rule import Finding, Rule, Severity, found

if TYPE_CHECKING:
    from org_constructs.templates.resources import Templates


def _find(templates: Templates) -> Iterator[Finding]:
    for grant in templates.once(grants):
        if grant.is_to_user and grant.administers:
            yield found(grant.resource, "Properties.PrincipalType")


ASSIGNMENT_USER_ADMINISTRATOR: Final = Rule(
    id="OrgBaseline-AssignmentUserAdministrator",
    sentence="A person is an administrator by a direct assignment.",
    explanation=(
        "For whoever takes over, or leaves, somebody then has to create or find an assignment in each account. Assign"
        " a group, and add the person to it."
    ),
    source="https://docs.aws.amazon.com/singlesignon/latest/userguide/useraccess.html",
    find=_find,
    severity=Severity.WARNING,
)
