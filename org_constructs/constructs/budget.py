"""`Budget`: a monthly budget, which writes e-mails when it is nearly spent and when it is."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from functools import cached_property

from aws_cdk import aws_budgets as budgets
from constructs import Construct

from org_constructs.aws import limits
from org_constructs.refusal import Refusal

from ._path import stack_of
from .account import Account, ExistingAccount
from .validate import check_sequence, check_text, check_type, check_unique, is_token, shown

_SIGN_LENGTH = 6
"""Characters of the sign of who gets the e-mails."""


def check_budget(argument: str, *, limit: float, emails: Sequence[str]) -> None:
    """Refuse what AWS Budgets would refuse; `argument` is put before the names of the arguments."""
    check_limit(f"{argument}limit", limit)
    check_budget_emails(f"{argument}emails", emails)


def check_limit(argument: str, limit: float) -> None:
    """Refuse what is no amount of money."""
    check_type(argument, limit, (int, float), "an amount in USD, such as 50")
    if isinstance(limit, bool) or not math.isfinite(limit) or limit <= 0:
        raise Refusal("budget-limit", f"{argument} must be more than 0 USD a month, got {shown(limit)}")


def check_budget_emails(argument: str, emails: Sequence[str]) -> None:
    """Refuse addresses that AWS Budgets would not write to."""
    check_sequence(argument, emails, str, "an e-mail address")
    if not 1 <= len(emails) <= limits.BUDGET_EMAILS_MAX:
        raise Refusal(
            "budget-emails",
            f"{argument} must be 1 to {limits.BUDGET_EMAILS_MAX} addresses, got {len(emails)}",
            "name a mailing list that has them all",
        )
    for index, email in enumerate(emails):
        check_text(
            f"{argument}[{index}]",
            email,
            maximum=limits.CONTACT_EMAIL_MAX,
            pattern=limits.CONTACT_EMAIL,
            rule="an e-mail address like 'aws@acme.com'",
        )
        if is_token(email):
            raise Refusal(
                "budget-email-token",
                f"{argument}[{index}] must be known at synth, since the budget's name has a sign of it, got a token",
                "use the literal value",
            )
    check_unique(argument, emails, what="address", ignore_case=True)


def check_budget_region(argument: str, region: str) -> None:
    """Refuse a stack in a region whose CloudFormation makes no budgets, or whose bills are not in USD."""
    if not is_token(region) and region not in limits.BUDGET_RESOURCE_REGIONS:
        raise Refusal(
            "budget-region",
            f"{argument} must be left out in {region}, where CloudFormation has no AWS::Budgets::Budget in USD",
            "make the budgets in the console, or with a `Budget` in a stack of the management account in us-east-1,"
            " since they are the same in every region",
        )


class Budget(Construct):
    """Define a monthly budget of the organization, or of one of its accounts.

    Creates one `AWS::Budgets::Budget` of costs in USD, which belongs in the management account, as that pays for all
    accounts. AWS compares what has been charged in a calendar month, credits and refunds taken off, a few times a day,
    and writes to each address at 80 % of the limit and at 100 %. It stops nothing. Budgets that only write are free:
    https://aws.amazon.com/aws-cost-management/aws-budgets/pricing/

    The limit is updated in place. Other addresses are another budget, which CloudFormation makes before it deletes the
    old one: the name ends in a sign of them, since AWS takes no name twice. Nothing is retained.

    ```python
    Budget(stack, "Everything", name="acme", limit=500, emails=["aws@acme.com"])
    ```

    Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-budgets-budget.html
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        limit: float,
        emails: Sequence[str],
        account: Account | ExistingAccount | None = None,
    ) -> None:
        r"""Define the budget.

        Args:
            scope: The stack or construct that holds it, for the management account.
            construct_id: Its id in the scope. Another id is another budget.
            name: What it is called in e-mails, 1 to 93 characters without `:` and `\`, before the sign of the
                addresses. Another name is another budget.
            limit: What may be charged in a month, in USD, more than 0.
            emails: The addresses that AWS writes to, 1 to 10.
            account: The account that it is for; by default all accounts of the organization together.

        Raises:
            Refusal: An argument breaks a rule of AWS's, or the stack's region has no such resource.
        """
        check_text(
            "name",
            name,
            maximum=limits.BUDGET_NAME_MAX - _SIGN_LENGTH - 1,
            pattern=limits.BUDGET_NAME,
            rule="without ':', '\\' and '/action/'",
        )
        check_budget("", limit=limit, emails=emails)
        check_type("account", account, (Account, ExistingAccount, type(None)), "an Account")
        check_budget_region("Budget", stack_of(scope).region)
        super().__init__(scope, construct_id)
        subscribers = [
            budgets.CfnBudget.SubscriberProperty(subscription_type="EMAIL", address=email) for email in emails
        ]
        self._resource = budgets.CfnBudget(
            self,
            "Resource",
            budget=budgets.CfnBudget.BudgetDataProperty(
                budget_name=budget_name(name, emails),
                budget_type="COST",
                time_unit="MONTHLY",
                budget_limit=budgets.CfnBudget.SpendProperty(amount=limit, unit=limits.BUDGET_CURRENCY),
                cost_filters=None if account is None else {"LinkedAccount": [account.account_id]},
            ),
            notifications_with_subscribers=[
                budgets.CfnBudget.NotificationWithSubscribersProperty(
                    notification=budgets.CfnBudget.NotificationProperty(
                        notification_type="ACTUAL",
                        comparison_operator="GREATER_THAN",
                        threshold=percent,
                        threshold_type="PERCENTAGE",
                    ),
                    subscribers=subscribers,
                )
                for percent in limits.BUDGET_PERCENTAGES
            ],
        )

    @cached_property
    def budget_name(self) -> str:
        """The whole name of the budget, with the sign of the addresses; a token."""
        return self._resource.ref


def budget_name(name: str, emails: Sequence[str]) -> str:
    """Return the whole name of a budget: with what tells one list of addresses from another, whatever their order."""
    listed = "\n".join(sorted(email.casefold() for email in emails))
    return f"{name}-{hashlib.sha256(listed.encode()).hexdigest()[:_SIGN_LENGTH]}"
