"""`OrgBaseline-PolicyTargets`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from org_constructs.templates.access import SPARE_THE_MANAGEMENT_ACCOUNT

from ._access import managements
from .rule import Finding, Rule, Severity, found

if TYPE_CHECKING:
    from org_constructs.templates.resources import Templates


def _find(templates: Templates) -> Iterator[Finding]:
    for resource in templates.of_type("AWS::Organizations::Policy"):
        targets = resource.properties.get("TargetIds")
        if targets in (None, []):
            yield found(resource, detail=f"{resource.name} has no targets.")
        elif isinstance(targets, list) and resource.properties.get("Type") in SPARE_THE_MANAGEMENT_ACCOUNT:
            keys = {templates.references.key(resource.stack, each) for each in targets}
            if keys <= templates.once(managements):
                detail = f"{resource.name} is attached only to the management account, to which it does not apply."
                yield found(resource, "Properties.TargetIds", detail=detail)


POLICY_TARGETS: Final = Rule(
    id="OrgBaseline-PolicyTargets",
    sentence="A policy applies to no account.",
    explanation=(
        "It is attached to nothing, or is a control policy on the management account, to which control policies do not"
        " apply. Attach it to the root, a unit or an account, or remove it; if something else attaches it, acknowledge"
        " this."
    ),
    source="https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html",
    find=_find,
    severity=Severity.WARNING,
)
