"""`OrgBaseline-AssignmentDuplicate`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from org_constructs.templates.iam import text
from org_constructs.templates.values import Function, Unknown

from ._access import grants
from .rule import Finding, Rule, found

if TYPE_CHECKING:
    from org_constructs.templates.resources import Resource, Templates


def _find(templates: Templates) -> Iterator[Finding]:
    same: defaultdict[tuple[str, ...], list[Resource]] = defaultdict(list)
    for grant in templates.once(grants):
        triple = (
            grant.account or _unfollowed(grant.resource, "TargetId"),
            grant.permission_set or _unfollowed(grant.resource, "PermissionSetArn"),
            grant.principal or _unfollowed(grant.resource, "PrincipalId"),
        )
        if None not in triple:
            same[grant.instance, *(key or "" for key in triple)].append(grant.resource)
    for resources in same.values():
        for resource in resources[1:]:
            yield found(resource, detail=f"{resources[0].construct} assigns the same.")


def _unfollowed(resource: Resource, name: str) -> str | None:
    """Return a property that leads to no resource: what a parameter comes to is the same wherever it stands."""
    value = resource.properties.get(name)
    if not isinstance(value, Unknown) or any(isinstance(part, Function) for part in value.parts):
        return None
    return text(value) or f"{resource.stack}/{value}"


ASSIGNMENT_DUPLICATE: Final = Rule(
    id="OrgBaseline-AssignmentDuplicate",
    sentence="Two assignments have the same principal, permission set and account.",
    explanation="CloudFormation refuses an assignment that exists already, so the deploy fails. Remove one.",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sso-assignment.html",
    find=_find,
)
