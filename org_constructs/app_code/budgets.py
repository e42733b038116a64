"""The budgets of an app, as far as `OrgBaseline` makes just those that there are."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from org_constructs.aws import limits
from org_constructs.baseline.plan.budgets import ORGANIZATION, plan_budgets
from org_constructs.baseline.props import BudgetsProps
from org_constructs.constructs.budget import budget_name, check_budget_emails, check_budget_region, check_limit
from org_constructs.templates.description import MANAGEMENT
from org_constructs.templates.words import and_list

from .arguments import is_of_stack, refused, some

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from org_constructs.templates.description import Budget, Description

    from .arguments import Notes
    from .places import Places

_ALERTS: Final = [("ACTUAL", "GREATER_THAN", percentage, "PERCENTAGE") for percentage in limits.BUDGET_PERCENTAGES]


def budgets(description: Description, places: Places, region: str, notes: Notes) -> BudgetsProps | None:
    """Return the budgets, and note those that the app leaves alone."""
    own = [each for each in description.budgets.values() if not is_of_stack(each)]
    if of_others := [f"{each.name} ({each.origin})" for each in description.budgets.values() if is_of_stack(each)]:
        notes.say("budgets", f"Budgets of others are left alone: {some(of_others)}.")
    if own and (refusal := refused(check_budget_region, region=region)):
        notes.say("budgets", f"Budgets are left alone: {some([each.name for each in own])}. {refusal.why}.")
        return None
    keys = {places.name(key): key for key in description.accounts if key not in places.left_out}
    by_emails = {emails: _fitting(own, emails, keys, places) for emails in sorted(set(filter(None, map(_emails, own))))}
    emails, fitting = max(by_emails.items(), key=lambda item: len(item[1]), default=((), {}))
    if others := [each for each in own if each not in fitting.values()]:
        filtered = " Those with Metrics may have a filter expression, which the app cannot say." * any(
            "Metrics" in each.more for each in others
        )
        unread = " AWS was not asked, or would not tell, whom it writes to." * any(each.alerts is None for each in own)
        notes.say(
            "budgets",
            f"Budgets are left alone that `budgets` would make under other names or in another way:"
            f" {some([_with_more(each) for each in others])}.{filtered}{unread}",
        )
    amounts = {key: _amount(each) for key, each in fitting.items()}
    return _props(emails, amounts, [MANAGEMENT, *places.places]) if amounts else None


def _with_more(budget: Budget) -> str:
    return f"{budget.name} (with {and_list(budget.more)})" if budget.more else budget.name


def _emails(budget: Budget) -> tuple[str, ...]:
    """Return whom AWS writes to, where it does so as of a budget of `OrgBaseline`; nobody where it does not."""
    alerts = budget.alerts or ()
    if [(each.type, each.comparison, each.threshold, each.threshold_type) for each in alerts] != _ALERTS:
        return ()
    first, *others = (each.subscribers for each in alerts)
    is_taken = all(each == first for each in others) and refused(check_budget_emails, emails=first) is None
    return first if is_taken else ()


def _fitting(
    own: Sequence[Budget], emails: tuple[str, ...], keys: Mapping[str, str], places: Places
) -> dict[str, Budget]:
    """Return the budgets that an app makes which has them with these addresses, by the keys of their accounts."""
    every = plan_budgets(BudgetsProps(emails=emails, organization=1, each_account=1), places.places, places.company)
    names = {budget_name(each.name, emails): key for key, each in every.items()}
    return {
        key: each
        for each in own
        if (key := names.get(each.name)) is not None
        and _emails(each) == emails
        and each.accounts == (() if key == ORGANIZATION else (keys[key],))
        and (each.type, each.time_unit, each.unit, each.more) == ("COST", "MONTHLY", limits.BUDGET_CURRENCY, ())
        and refused(check_limit, limit=each.amount) is None
    }


def _amount(budget: Budget) -> float:
    amount = budget.amount or 0
    return int(amount) if amount == int(amount) else amount


def _props(emails: Sequence[str], amounts: Mapping[str, float], every: Sequence[str]) -> BudgetsProps:
    accounts = {key: amounts[key] for key in every if key in amounts}
    each_account = None
    if len(accounts) == len(every):
        [(each_account, _)] = Counter(accounts.values()).most_common(1)
    return BudgetsProps(
        emails=[*emails],
        organization=amounts.get(ORGANIZATION),
        each_account=each_account,
        accounts={key: amount for key, amount in accounts.items() if amount != each_account},
    )
