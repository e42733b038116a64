"""AWS Budgets: moto's, with the pages that it lacks, and with whom a budget writes to.

Added to moto 5.2.5: the notifications of all budgets, and the subscribers of one. A list of nothing is left out.
https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_Operations_AWS_Budgets.html
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any, Final
from unittest.mock import patch

from moto.budgets.exceptions import NotFoundException
from moto.budgets.models import Budget, BudgetsBackend, Notification, budgets_backends
from moto.budgets.responses import BudgetsResponse
from moto.budgets.urls import url_bases, url_paths

_PAGE: Final = 100


class LocalBudgets(BudgetsBackend):
    """The budgets of one account."""

    @property
    def _url_module(self) -> SimpleNamespace:
        return SimpleNamespace(url_bases=url_bases, url_paths=dict.fromkeys(url_paths, LocalBudgetsResponse.dispatch))


class LocalBudgetsResponse(BudgetsResponse):
    """The API."""

    def describe_budgets(self) -> str:
        return self._page("Budgets", [each.to_dict() for each in self._budgets.values()])

    def describe_budget_notifications_for_account(self) -> str:
        listed = [
            {"BudgetName": name, "Notifications": each.get_notifications()}
            for name, each in self._budgets.items()
            if each.notifications
        ]
        return self._page("BudgetNotificationsForAccount", listed)

    def describe_subscribers_for_notification(self) -> str:
        budget, asked = self._budgets.get(self._get_param("BudgetName")), self._get_param("Notification")
        found = next((each for each in budget.notifications if each.details == asked), None) if budget else None
        if found is None:
            raise NotFoundException("Unable to get subscribers - the notification doesn't exist.")
        return self._page("Subscribers", _subscribers(found))

    @property
    def _budgets(self) -> dict[str, Budget]:
        budgets: dict[str, Budget] = self.backend.budgets[self._get_param("AccountId")]
        return budgets

    def _page(self, key: str, items: Sequence[Any]) -> str:
        start = int(self._get_param("NextToken") or 0)
        end = start + (self._get_param("MaxResults") or _PAGE)
        more = {"NextToken": str(end)} if end < len(items) else {}
        return json.dumps({key: items[start:end], **more} if items else {})


def _subscribers(notification: Notification) -> list[dict[str, str]]:
    subscribers: Any = notification.subscribers  # which moto takes for a mapping
    return list(subscribers)


@contextmanager
def installed() -> Iterator[None]:
    """Put these budgets in the place of moto's, for a while."""
    with patch.object(budgets_backends, "backend", LocalBudgets):
        yield
