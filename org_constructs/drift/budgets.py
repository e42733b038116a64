"""Budgets whose limit or account somebody changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from org_constructs.templates.python_text import argument

from .finding import Drift, How, Paste, Way
from .look import Look, drift_of

if TYPE_CHECKING:
    from org_constructs.matching.by_hand import HandEdit


def changed(at: Look, edit: HandEdit) -> Drift:
    """Tell of one that is for something else; whom it writes to is not compared."""
    budget, [change] = edit.resource, edit.changes
    limit = change.template["BudgetLimit"] or {}
    wanted = {
        **change.template,
        "BudgetName": budget.match.id,
        "BudgetType": budget.before.properties["Budget"]["BudgetType"],
        "BudgetLimit": {**limit, "Amount": str(limit.get("Amount"))},
    }
    return drift_of(
        edit,
        "drift-budget-changed",
        "was changed",
        take_back=Way.run(
            "No deploy notices it. Run this",
            at.aws("budgets", "update-budget", account_id=at.live.caller().account_id, new_budget=wanted),
        ),
        take_over=_take_over(at, edit),
        leave=Way(
            text="No deploy notices it. The first one that changes the budget writes all of it as the app says",
            safe=True,
        ),
    )


def _take_over(at: Look, edit: HandEdit) -> Way:
    if not at.app.is_baseline:
        return at.app.take_over(edit.resource.before, edit.changes)
    [change] = edit.changes
    if {**change.template, "BudgetLimit": None} != {**change.found, "BudgetLimit": None}:
        return Way.none("The app cannot say it: each budget of OrgBaseline is a month's, for one account or for all")
    amount = change.found["BudgetLimit"]["Amount"]
    account = change.found["CostFilters"].get("LinkedAccount")
    lines = argument("accounts", {at.app.key(account[0]): amount}) if account else argument("organization", amount)
    return Way(
        text="Use this in the app, beside what it says of other accounts, and deploy, which changes nothing in AWS",
        safe=True,
        pastes=(Paste(place="BudgetsProps", lines=lines),),
        how=How.PASTE,
    )
