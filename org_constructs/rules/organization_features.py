"""`OrgBaseline-OrganizationFeatures`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from .rule import Finding, Rule, found

if TYPE_CHECKING:
    from org_constructs.templates.resources import Templates


def _find(templates: Templates) -> Iterator[Finding]:
    for resource in templates.of_type("AWS::Organizations::Organization"):
        if resource.properties.get("FeatureSet") == "CONSOLIDATED_BILLING":
            yield found(resource, "Properties.FeatureSet")


ORGANIZATION_FEATURES: Final = Rule(
    id="OrgBaseline-OrganizationFeatures",
    sentence="An organization has only consolidated billing.",
    explanation=(
        "Without all features it has no policies, and IAM Identity Center cannot give access to its accounts;"
        " CloudFormation cannot change that later. Leave FeatureSet out, or set it to ALL."
    ),
    source="https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_org_support-all-features.html",
    find=_find,
)
