"""`OrgBaseline-PolicyDeniesServices`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from org_constructs.aws.policy_syntax import RESOURCE_CONTROL_POLICY
from org_constructs.templates.condition import holds
from org_constructs.templates.iam import documents

from .rule import Finding, Rule, found, listed

if TYPE_CHECKING:
    from org_constructs.templates.resources import Templates

_OF_ORGANIZATION: Final = frozenset({"aws:principalorgid", "aws:principalorgpaths"})
_SERVICE: Final[Mapping[str, str | None]] = {
    **dict.fromkeys(_OF_ORGANIZATION),
    "aws:principalisawsservice": "true",
    "aws:securetransport": "true",
    "aws:viaawsservice": "false",
}
"""The requests of a service that calls as itself, which is in no organization.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalisawsservice
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgid
"""

_CALLS: Final = (
    "kms:Decrypt",
    "kms:GenerateDataKey",
    "s3:GetObject",
    "s3:PutObject",
    "sqs:SendMessage",
    "sts:AssumeRole",
)
"""What services do as themselves: AWS CloudTrail writes its logs, Amazon SNS sends to queues, AWS Lambda takes the role
of a function.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
https://docs.aws.amazon.com/sns/latest/dg/subscribe-sqs-queue-to-sns-topic.html
https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html
"""


def _find(templates: Templates) -> Iterator[Finding]:
    for document in templates.once(documents):
        for statement in document.statements if document.kind == RESOURCE_CONTROL_POLICY else ():
            if (
                statement.effect == "Deny"
                and statement.has_any_resource
                and any(test.key in _OF_ORGANIZATION for test in statement.tests)
                and holds(statement.tests, _SERVICE) is True
                and (denied := [each for each in _CALLS if statement.has_action(each.lower())])
            ):
                yield found(document.resource, statement.location, detail=f"It denies them {listed(denied)}.")


POLICY_DENIES_SERVICES: Final = Rule(
    id="OrgBaseline-PolicyDeniesServices",
    sentence="A resource control policy keeps AWS's own services out.",
    explanation=(
        "A service that calls as itself is in no organization: a negated condition on aws:PrincipalOrgID or"
        " aws:PrincipalOrgPaths holds for it, with IfExists too. So CloudTrail no longer writes its logs, and Lambda no"
        " longer takes the role of a function. Add BoolIfExists with aws:PrincipalIsAWSService false to the condition."
        " A statement on some resources alone, or with another condition that may not hold, is not found."
    ),
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_data-perimeters.html",
    find=_find,
)
