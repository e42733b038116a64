"""`OrgBaseline-PermissionSetBorrowedRole`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ._escalation import escalating
from .rule import Finding, Rule, Severity, found, listed

if TYPE_CHECKING:
    from org_constructs.templates.resources import Templates


def _find(templates: Templates) -> Iterator[Finding]:
    for each in templates.once(escalating):
        for location, ways in each.borrowed.items():
            yield found(each.resource, location, detail=f"It does so with {listed(ways)}.")


PERMISSION_SET_BORROWED_ROLE: Final = Rule(
    id="OrgBaseline-PermissionSetBorrowedRole",
    sentence="A permission set lets people act with the roles of any function, instance, build or stack.",
    explanation=(
        "A policy that names the service allows running other code with the role of any of them: if one of those roles"
        " may do more than the permission set, so may whoever has the permission set. Name the resources, such as"
        " function:app-*, or require a tag on them in a condition. Whoever assumes the deploy role of cdk bootstrap, as"
        " in role/cdk-*, deploys any stack with AdministratorAccess, unless cdk bootstrap was given other policies"
        " for its execution role."
    ),
    source="https://pathfinding.cloud/paths/",
    find=_find,
    severity=Severity.WARNING,
)
