"""`OrgBaseline-PermissionSetAllowAll`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from org_constructs.aws.policy_syntax import INLINE_POLICY
from org_constructs.templates.iam import documents

from .rule import Finding, Rule, found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from org_constructs.templates.resources import Templates


def _find(templates: Templates) -> Iterator[Finding]:
    for document in templates.once(documents):
        if document.kind == INLINE_POLICY:
            for statement in document.statements:
                if statement.effect == "Allow" and statement.is_about_everything:
                    yield found(document.resource, statement.location)


PERMISSION_SET_ALLOW_ALL: Final = Rule(
    id="OrgBaseline-PermissionSetAllowAll",
    sentence="A permission set allows every action on every resource in its inline policy.",
    explanation=(
        "Whoever has it is an administrator, and no list of permission sets shows that. Allow what is needed, or attach"
        " the managed policy AdministratorAccess to a permission set that is named so."
    ),
    source="https://docs.aws.amazon.com/singlesignon/latest/userguide/permissionsetcustom.html",
    find=_find,
)
