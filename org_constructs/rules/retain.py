"""`OrgBaseline-Retain`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from .rule import Finding, Rule, found

if TYPE_CHECKING:
    from org_constructs.templates.resources import Templates

_TYPES: Final = (
    "AWS::Organizations::Account",
    "AWS::Organizations::Organization",
    "AWS::Organizations::OrganizationalUnit",
)
_POLICIES: Final = ("DeletionPolicy", "UpdateReplacePolicy")


def _find(templates: Templates) -> Iterator[Finding]:
    for resource in templates.of_type(*_TYPES):
        lost = [policy for policy in _POLICIES if resource.body.get(policy) != "Retain"]
        if lost:
            yield found(resource, *lost)


RETAIN: Final = Rule(
    id="OrgBaseline-Retain",
    sentence="An organization, a unit or an account is not retained when it is removed from the template or replaced.",
    explanation=(
        "Deleting an account closes it: after 90 days it is gone with everything in it, and its e-mail"
        " address stays taken."
        " Set DeletionPolicy and UpdateReplacePolicy to Retain."
    ),
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-organizations-account.html",
    find=_find,
)
