"""`OrgBaseline-PermissionSetAdministratorName`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ._access import administrator_policy, administrators
from .rule import Finding, Rule, Severity, found

if TYPE_CHECKING:
    from org_constructs.templates.resources import Templates


def _find(templates: Templates) -> Iterator[Finding]:
    for resource in templates.of_type("AWS::SSO::PermissionSet"):
        name = resource.properties.get("Name")
        if (
            administrator_policy(resource)
            and templates.once(administrators)[resource.key]
            and isinstance(name, str)
            and "admin" not in name.lower()
        ):
            yield found(resource, "Properties.Name", detail=f"{name} does not contain it.")


PERMISSION_SET_ADMINISTRATOR_NAME: Final = Rule(
    id="OrgBaseline-PermissionSetAdministratorName",
    sentence="A permission set with AdministratorAccess has a name without admin in it.",
    explanation=(
        "People see nothing but the name, in the access portal, in profiles and in reviews. Call it"
        " AdministratorAccess."
    ),
    source="https://docs.aws.amazon.com/singlesignon/latest/userguide/permissionsetsconcept.html",
    find=_find,
    severity=Severity.WARNING,
)
