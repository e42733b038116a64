"""`Budget`."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Match, Template

from org_constructs import Account, Budget
from org_constructs.aws.limits import BUDGET_RESOURCE_REGIONS
from org_constructs.aws.regions import partition_of
from refusals import refuses

if TYPE_CHECKING:
    from org_constructs import ExistingAccount

BUDGET = "AWS::Budgets::Budget"
DEV = "222233334444"


def budget(stack: cdk.Stack, construct_id: str = "Of", **options: Any) -> Budget:
    return Budget(stack, construct_id, **{"name": "acme", "limit": 50, "emails": ["dax@acme.com"], **options})


def test_writes_at_80_and_100_percent_of_what_all_accounts_may_be_charged_in_a_month(stack: cdk.Stack) -> None:
    made = budget(stack, emails=["dax@acme.com", "kim@acme.com"], limit=99.5)
    template = Template.from_stack(stack)
    [(logical_id, resource)] = template.find_resources(BUDGET).items()
    data = resource["Properties"]["Budget"]
    assert data.pop("BudgetName").startswith("acme-")
    assert data == {"BudgetType": "COST", "TimeUnit": "MONTHLY", "BudgetLimit": {"Amount": 99.5, "Unit": "USD"}}
    subscribers = [{"SubscriptionType": "EMAIL", "Address": f"{each}@acme.com"} for each in ("dax", "kim")]
    assert resource["Properties"]["NotificationsWithSubscribers"] == [
        {
            "Notification": {
                "NotificationType": "ACTUAL",
                "ComparisonOperator": "GREATER_THAN",
                "Threshold": percent,
                "ThresholdType": "PERCENTAGE",
            },
            "Subscribers": subscribers,
        }
        for percent in (80, 100)
    ]
    assert stack.resolve(made.budget_name) == {"Ref": logical_id}
    template.has_resource(BUDGET, {"DeletionPolicy": Match.absent()})


def test_is_of_one_account(stack: cdk.Stack) -> None:
    account: ExistingAccount = Account.from_account_id(DEV)
    budget(stack, account=account)
    filters = {"CostFilters": {"LinkedAccount": [DEV]}}
    Template.from_stack(stack).has_resource_properties(BUDGET, {"Budget": Match.object_like(filters)})


def test_has_another_name_for_other_addresses_alone(stack: cdk.Stack) -> None:
    """CloudFormation makes another budget for other addresses, before it deletes the one of that name."""
    lists = (["dax@acme.com"], ["kim@acme.com"], ["kim@acme.com", "dax@acme.com"], ["DAX@acme.com", "kim@acme.com"])
    for number, emails in enumerate(lists):
        budget(stack, f"Of{number}", emails=emails)
    made = Template.from_stack(stack).find_resources(BUDGET).values()
    one, other, both, again = (each["Properties"]["Budget"]["BudgetName"] for each in made)
    assert both == again
    assert len({one, other, both}) == 3


@pytest.mark.parametrize(
    ("options", "code", "values"),
    [
        ({"limit": 0}, "budget-limit", ["limit", "0"]),
        ({"limit": -1.5}, "budget-limit", ["-1.5"]),
        ({"limit": float("nan")}, "budget-limit", ["nan"]),
        ({"limit": True}, "budget-limit", ["True"]),
        ({"limit": "50"}, "wrong-type", ["limit", "'50'"]),
        ({"emails": []}, "budget-emails", ["emails", "0"]),
        ({"emails": [f"a{number}@acme.com" for number in range(11)]}, "budget-emails", ["11"]),
        ({"emails": ["dax"]}, "wrong-form", ["emails[0]", "'dax'"]),
        ({"emails": ["dax@acme.com", "Dax@acme.com"]}, "not-unique", ["emails[1]"]),
        ({"emails": [cdk.Aws.STACK_NAME]}, "budget-email-token", ["emails[0]"]),
        ({"name": "a:b"}, "wrong-form", ["name", "'a:b'"]),
        ({"name": "a" * 94}, "wrong-length", ["name", "94"]),
        ({"account": DEV}, "wrong-type", ["account", f"'{DEV}'"]),
    ],
)
def test_refuses_what_aws_budgets_would_refuse(
    stack: cdk.Stack, options: dict[str, Any], code: str, values: list[str]
) -> None:
    with refuses(code, *values):
        budget(stack, **options)


def test_takes_the_longest_name_and_the_most_addresses(stack: cdk.Stack) -> None:
    budget(stack, name="a" * 93, emails=[f"a{number}@acme.com" for number in range(10)])
    [made] = Template.from_stack(stack).find_resources(BUDGET).values()
    assert len(made["Properties"]["Budget"]["BudgetName"]) == 100


@pytest.mark.parametrize("region", ["us-gov-west-1", "cn-north-1", "eu-north-1"])
def test_refuses_a_region_whose_cloudformation_makes_none_in_usd(region: str) -> None:
    stack = cdk.Stack(cdk.App(), "Stack", env=cdk.Environment(account="111122223333", region=region))
    with refuses("budget-region", region):
        budget(stack)


def test_knows_the_regions_in_which_the_type_is_published() -> None:
    providers = files("cfnlint.data.schemas") / "providers"
    published = {
        file.name.removesuffix(".json")
        for file in providers.iterdir()
        if file.name.endswith(".json") and BUDGET in json.loads(file.read_bytes())
    }
    # In other partitions bills may be in another currency: in China in CNY, in the European Sovereign Cloud in EUR.
    assert {each for each in published if partition_of(each).name == "aws"} == {*BUDGET_RESOURCE_REGIONS}
