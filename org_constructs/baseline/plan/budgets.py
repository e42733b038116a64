"""The monthly budgets of accounts, and of all of them together."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Final

from org_constructs.baseline.props import BudgetsProps
from org_constructs.constructs.budget import check_budget_emails, check_limit
from org_constructs.constructs.validate import check_known, check_type
from org_constructs.refusal import Refusal

from .names import MANAGEMENT
from .planned import PlannedBudget

ORGANIZATION: Final = "Organization"
"""The key of the budget of all accounts together, which no account can have."""


def plan_budgets(props: BudgetsProps | None, accounts: Collection[str], company: str) -> dict[str, PlannedBudget]:
    """Check the budgets and return each by the key of its account, that of all accounts together first."""
    if props is None:
        return {}
    check_type("budgets", props, BudgetsProps, "a BudgetsProps")
    check_budget_emails("budgets.emails", props.emails)
    keys = [MANAGEMENT, *accounts]
    check_type("budgets.accounts", props.accounts, Mapping, "a mapping of accounts to USD a month")
    for key, limit in props.accounts.items():
        check_known("budgets.accounts", key, keys, what="an account's key or 'management'")
        check_limit(f"budgets.accounts[{key!r}]", limit)
    limits: dict[str, float | None] = {ORGANIZATION: props.organization}
    limits |= {key: props.accounts.get(key, props.each_account) for key in keys}
    for argument in ("organization", "each_account"):
        if (limit_of := getattr(props, argument)) is not None:
            check_limit(f"budgets.{argument}", limit_of)
    # Names hold neither ':' nor '\\', and are parts of ARNs.
    prefix = re.sub(r"[^A-Za-z0-9._-]+", "-", company)
    planned = {
        key: PlannedBudget(
            name=f"all-of-{prefix}" if key == ORGANIZATION else f"{prefix}-{key}",
            limit=limit,
            emails=tuple(props.emails),
            account=None if key == ORGANIZATION else key,
        )
        for key, limit in limits.items()
        if limit is not None
    }
    if not planned:
        raise Refusal(
            "budgets-without-limit",
            "budgets must have a limit, got none of organization, each_account and accounts",
            "pass organization=100, in USD a month, or leave budgets out",
        )
    return planned
