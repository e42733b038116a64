"""`OrgBaseline-PolicyGlobalServices`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from org_constructs.aws.policy_syntax import SERVICE_CONTROL_POLICY
from org_constructs.aws.regions import DEFAULT_REGION, partition_of, regions
from org_constructs.templates.condition import holds
from org_constructs.templates.iam import Statement, documents

from ._places import role_of
from .rule import Finding, Rule, found, listed

if TYPE_CHECKING:
    from org_constructs.templates.resources import Templates

_REGION: Final = "aws:requestedregion"
_HOME: Final = "us-east-1"
_OF_IAM: Final = ("iam:createrole", "iam:getrole")
_ROLE: Final = "arn:aws:iam::111122223333:role/app"
_OTHERS: Final = (
    ("Organizations", "organizations:describeorganization"),
    ("Route 53", "route53:listhostedzones"),
    ("CloudFront", "cloudfront:listdistributions"),
    ("AWS Support", "support:describecases"),
)
"""Services that are asked in us-east-1 wherever somebody works, and what everybody asks them."""


def _find(templates: Templates) -> Iterator[Finding]:
    for document in templates.once(documents):
        region = document.resource.template.region or DEFAULT_REGION
        # Other partitions have no such region.
        if document.kind != SERVICE_CONTROL_POLICY or partition_of(region) != partition_of(_HOME):
            continue
        for statement in document.statements:
            if _closes_region(statement) and all(
                statement.has_action(each) and statement.has_resource(_ROLE) for each in _OF_IAM
            ):
                others = [name for name, action in _OTHERS if statement.has_action(action)]
                detail = f"It closes {listed(['IAM', *others])}."
                yield found(document.resource, statement.location, detail=detail)


def _closes_region(statement: Statement) -> bool:
    """Whether a statement denies what is of any service in the region of these, but not in all regions."""
    tests = statement.tests
    if statement.effect != "Deny" or statement.services is not None or not any(test.key == _REGION for test in tests):
        return False
    request = {_REGION: _HOME, "aws:principalarn": role_of(None, _HOME, None)}
    return holds(tests, request) is True and any(
        holds(tests, {**request, _REGION: each}) is False for each in regions()
    )


POLICY_GLOBAL_SERVICES: Final = Rule(
    id="OrgBaseline-PolicyGlobalServices",
    sentence="A service control policy closes IAM together with a region.",
    explanation=(
        "IAM, Organizations, Route 53, CloudFront and AWS Support are asked in us-east-1 wherever people work. A"
        " statement that denies everything there, or everywhere but in other regions, denies them in every account that"
        " it applies to: nobody can create a role there, and most stacks fail. Except them with NotAction, as"
        " guardrails.allow_regions does. A statement with another condition that may not hold is not found."
    ),
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws_deny-requested-region.html",
    find=_find,
)
