"""What the resources of templates cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from org_constructs.templates.contents import policy_type_in_words
from org_constructs.templates.words import count, in_a_line, visible

if TYPE_CHECKING:
    from org_constructs.templates.values import Values

# https://aws.amazon.com/organizations/faqs/ · https://aws.amazon.com/iam/identity-center/faqs/ ·
# https://aws.amazon.com/iam/faqs/ · https://aws.amazon.com/cloudformation/pricing/
# https://aws.amazon.com/aws-cost-management/aws-budgets/pricing/ (those that only write)
_FREE: Final = (
    *("AWS::Organizations::", "AWS::SSO::", "AWS::IdentityStore::", "AWS::IAM::", "AWS::CDK::Metadata"),
    "AWS::Budgets::Budget",
)
_FUNCTIONS: Final = ("AWS::Lambda::", "AWS::Logs::LogGroup", "Custom::")
_CHARGED_SERVICES: Final = {
    "BACKUP_POLICY": "AWS Backup",
    "GUARDDUTY_POLICY": "Amazon GuardDuty",
    "INSPECTOR_POLICY": "Amazon Inspector",
    "SECURITYHUB_POLICY": "AWS Security Hub",
}
_TYPES_SHOWN: Final = 6


def costs(values: Values, policy_types: Iterable[str]) -> tuple[str, ...]:
    """Return sentences on what is charged for the templates' resources, the first one as an answer."""
    types = Counter[str](resource["Type"] for stack in values.stacks for resource in values.resources(stack).values())
    return tuple(_sentences(types, frozenset(policy_types)))


def _sentences(types: Counter[str], policy_types: frozenset[str]) -> Iterator[str]:
    yield (
        "The organization itself: nothing. AWS Organizations, IAM Identity Center and the CloudFormation resources for"
        " them are free of charge; what runs in the accounts is not."
    )
    if types["AWS::Organizations::Organization"]:
        # https://aws.amazon.com/free/free-tier-faqs/
        yield (
            "Creating an organization ends the Free Tier's credits at once, and moves an account on the free plan to a"
            " paid one."
        )
    functions = types["AWS::Lambda::Function"]
    if functions:
        # https://aws.amazon.com/lambda/pricing/
        yield (
            f"{count(functions, 'Lambda function')}, run only by deploys: nothing within Lambda's free tier of a"
            " million requests a month, and cents beyond that."
        )
    for policy_type in sorted(policy_types & _CHARGED_SERVICES.keys()):
        name = policy_type_in_words(policy_type)
        yield (
            f"A {name} turns on {_CHARGED_SERVICES[policy_type]}, which is charged to the accounts in which it is in"
            " force."
        )
    unknown = {
        resource_type: number
        for resource_type, number in sorted(types.items())
        if not resource_type.startswith(_FREE + _FUNCTIONS)
    }
    if unknown:
        named = [f"{visible(resource_type)} ({number:,})" for resource_type, number in unknown.items()]
        yield f"Not estimated, because it depends on usage: {in_a_line(named, _TYPES_SHOWN)}."
    if budgets := types["AWS::Budgets::Budget"]:
        yield f"AWS writes e-mails of {count(budgets, 'budget')}, at no cost."
