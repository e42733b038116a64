"""`OrgBaseline-PermissionSetAllowAll`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ._escalation import escalating
from .rule import Finding, Rule, found

if TYPE_CHECKING:
    from org_constructs.templates.resources import Templates


def _find(templates: Templates) -> Iterator[Finding]:
    for each in templates.once(escalating):
        for location in each.everything:
            if location.startswith("Properties.InlinePolicy"):
                yield found(each.resource, location)


PERMISSION_SET_ALLOW_ALL: Final = Rule(
    id="OrgBaseline-PermissionSetAllowAll",
    sentence="A permission set allows every action on every resource in its inline policy.",
    explanation=(
        "Whoever has it is an administrator, and no list of permission sets shows that. Allow what is needed, or"
        " attach the managed policy AdministratorAccess to a permission set of that name. If it denies what makes"
        " administrators, such as iam:*, or has a permissions boundary, it is judged by what remains."
    ),
    source="https://docs.aws.amazon.com/singlesignon/latest/userguide/permissionsetcustom.html",
    find=_find,
)
