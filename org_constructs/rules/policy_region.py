"""`OrgBaseline-PolicyRegion`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from org_constructs.aws.regions import could_be_newer, regions
from org_constructs.refusal.nearest import nearest
from org_constructs.templates.condition import takes_wildcards
from org_constructs.templates.iam import Test, documents, matches

from ._similar import suggestions
from .rule import Finding, Rule, found, listed

if TYPE_CHECKING:
    from org_constructs.templates.resources import Templates

_REGION: Final = re.compile(r"arn:[^:]*:[^:]*:([^:$]+):")
"""An ARN with a region, which many have not."""


def _find(templates: Templates) -> Iterator[Finding]:
    meant = suggestions(_similar)
    for document in templates.once(documents):
        for statement in document.statements:
            asked = [
                each
                for test in statement.tests
                if test.key == "aws:requestedregion" and test.compares
                for each in test.values
                if each is not None and not may_be_region(test, each)
            ]
            named = [
                region[1]
                for each in (*statement.resources, *statement.not_resources)
                if each and (region := _REGION.match(each)) and not _may_be_matched(region[1])
            ]
            if unknown := [each[:50] for each in dict.fromkeys((*asked, *named))]:
                detail = f"AWS has no region {listed(unknown, meant)}."
                yield found(document.resource, statement.location, detail=detail)


def may_be_region(test: Test, value: str) -> bool:
    """Tell whether a value of `aws:RequestedRegion` may be a region's name."""
    region = value.lower() if "ignorecase" in test.operator else value
    # Who is asked, and what the template puts together, may be any; a wildcard that is none has a rule of its own.
    if "${" in region or ("*" in region and not takes_wildcards(test)):
        return True
    return _may_be_matched(region)


def _may_be_matched(pattern: str) -> bool:
    if re.search(r"[*?]", pattern):
        return any(matches(pattern, each) for each in regions())
    return pattern in regions() or could_be_newer(pattern)


def _similar(region: str) -> str | None:
    return nearest(region, regions())


POLICY_REGION: Final = Rule(
    id="OrgBaseline-PolicyRegion",
    sentence="A policy names a region that AWS does not have.",
    explanation=(
        "If everything is denied except in some regions, the region that was meant is closed; if some are denied or"
        " allowed, that one is not, and no resource has an ARN with it. Regions are written in lower case, as in"
        " eu-central-1; names in the form of a newer region are not reported."
    ),
    source="https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html",
    find=_find,
)
