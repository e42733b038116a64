"""`OrgBaseline-AccountParent`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from .rule import Finding, Rule, found

if TYPE_CHECKING:
    from org_constructs.templates.resources import Templates


def _find(templates: Templates) -> Iterator[Finding]:
    for resource in templates.of_type("AWS::Organizations::Account"):
        parents = resource.properties.get("ParentIds")
        if isinstance(parents, list) and len(parents) > 1:
            yield found(resource, "Properties.ParentIds")


ACCOUNT_PARENT: Final = Rule(
    id="OrgBaseline-AccountParent",
    sentence="An account has several parents.",
    explanation=(
        "The property is a list, but AWS takes one parent, and the deploy fails at the account. Name one unit, or"
        " leave ParentIds out for the root."
    ),
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-organizations-account.html",
    find=_find,
)
