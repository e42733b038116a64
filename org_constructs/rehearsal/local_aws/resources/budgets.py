"""AWS::Budgets::Budget.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-budgets-budget.html
"""

from collections.abc import Mapping
from copy import deepcopy
from functools import partial
from typing import Final

from moto.budgets.models import Budget as MotoBudget
from moto.budgets.models import BudgetsBackend, budgets_backends

from .base import Model, Place, Properties, refusing, service_errors

_errors: Final = partial(
    service_errors, "Budgets", {"DuplicateRecordException": "AlreadyExists", "NotFoundException": "NotFound"}
)


def _backend(place: Place) -> BudgetsBackend:
    return budgets_backends[place.account_id]["aws"]


@refusing(_errors)
class Budget:
    """AWS::Budgets::Budget, whose name is its id."""

    def create(self, place: Place, properties: Properties) -> Model:
        """Make a budget, and whom it writes to."""
        name = properties["Budget"]["BudgetName"]
        notifications = [
            {"Notification": each["Notification"], "Subscribers": each["Subscribers"]}
            for each in properties.get("NotificationsWithSubscribers", ())
        ]
        _backend(place).create_budget(place.account_id, self._as_api(properties), deepcopy(notifications))
        return Model(properties, {"Id": name})

    def read(self, place: Place, identifier: Mapping[str, str], properties: Properties) -> Model:
        """Find a budget by its name."""
        _backend(place).describe_budget(place.account_id, identifier["Id"])
        return Model(properties, dict(identifier))

    def update(self, place: Place, model: Model, properties: Properties) -> Model:
        """Change what is no part of its name, nor whom it writes to."""
        backend, name = _backend(place), model.attributes["Id"]
        backend.describe_budget(place.account_id, name)
        there = backend.budgets[place.account_id][name]
        notifications = [
            {"Notification": each.details, "Subscribers": each.subscribers} for each in there.notifications
        ]
        backend.budgets[place.account_id][name] = MotoBudget(self._as_api(properties), notifications)
        return Model(properties, model.attributes)

    def delete(self, place: Place, model: Model) -> None:
        """Delete the budget."""
        _backend(place).delete_budget(place.account_id, model.attributes["Id"])

    @staticmethod
    def _as_api(properties: Properties) -> Properties:
        """Return a budget as CreateBudget takes it, which has amounts as texts."""
        budget = deepcopy(properties["Budget"])
        limit = budget["BudgetLimit"]
        return {**budget, "BudgetLimit": {**limit, "Amount": str(limit["Amount"])}}
