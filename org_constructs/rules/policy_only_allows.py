"""`OrgBaseline-PolicyOnlyAllows`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from org_constructs.aws.policy_syntax import SERVICE_CONTROL_POLICY
from org_constructs.templates.iam import documents

from .policy_detach import full_access_detached
from .rule import Finding, Rule, Severity, found

if TYPE_CHECKING:
    from org_constructs.templates.resources import Templates


def _find(templates: Templates) -> Iterator[Finding]:
    for document in templates.once(documents):
        effects = {each.effect for each in document.statements}
        if document.kind != SERVICE_CONTROL_POLICY or not document.is_whole or effects != {"Allow"}:
            continue
        targets = document.resource.properties.get("TargetIds")
        keys = {
            templates.references.key(document.resource.stack, each)
            for each in (targets if isinstance(targets, list) else ())
        }
        detached = {each.target for each in templates.once(full_access_detached)}
        if keys and not keys & detached and None not in keys | detached:
            yield found(document.resource, "Properties.Content")


POLICY_ONLY_ALLOWS: Final = Rule(
    id="OrgBaseline-PolicyOnlyAllows",
    sentence="A service control policy only allows, next to FullAWSAccess.",
    explanation=(
        "AWS attaches FullAWSAccess, which allows everything, to the root, every unit and every account: what else is"
        " allowed there adds nothing, and what is not allowed is not denied. Deny what nobody may do; or detach"
        " FullAWSAccess from the same targets, and acknowledge this if another app does that."
    ),
    source="https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html",
    find=_find,
    severity=Severity.WARNING,
)
