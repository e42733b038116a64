"""`OrgBaseline-PermissionSetEscalation`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ._escalation import escalating
from .rule import Finding, Rule, found, listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from org_constructs.templates.resources import Templates


def _find(templates: Templates) -> Iterator[Finding]:
    for each in templates.once(escalating):
        for location, ways in each.ways.items():
            yield found(each.resource, location, detail=f"It does with {listed(ways)}.")


PERMISSION_SET_ESCALATION: Final = Rule(
    id="OrgBaseline-PermissionSetEscalation",
    sentence="A permission set lets people make themselves administrators.",
    explanation=(
        "Its inline policy, or a managed policy of AWS's, allows, on any role, user or policy of an account, what gives"
        " more permissions than the permission set has: to change who may do what, or to run code with a role that is"
        " passed along. In the management account that goes for IAM Identity Center, Organizations and the roles of"
        " other accounts too, and elsewhere where a policy names their services. What a statement denies, a permissions"
        " boundary, and a condition that requires a tag, a boundary, a policy or a service to pass the role to, by"
        " equality, are taken into account. Name the resources, such as role/app-*, or give the permission set a"
        " permissions boundary. Policies that each account has of its own are not looked into."
    ),
    source="https://pathfinding.cloud/paths/",
    find=_find,
)
