"""Budgets, against what exists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from org_constructs.templates.values import items_of

from .differences import differences
from .outcome import created, exists

if TYPE_CHECKING:
    from .references import References
    from .result import Match
    from .template import Resource


class BudgetsMatcher:
    """Matches what AWS Budgets has."""

    def __init__(self, matcher: References) -> None:
        """Take what follows references."""
        self._matcher = matcher

    def budget(self, resource: Resource) -> Match:
        """Match a budget by its name, which is unique, and without one by what the stack has.

        Compared is what it is for and the limit, not whom it writes to.
        """
        wanted = resource.properties["Budget"]
        name = wanted.get("BudgetName")
        shown = name if isinstance(name, str) else resource.logical_id
        found = self._matcher.live.budgets().get(self._matcher.deployed_id(resource) or shown)
        if found is None:
            return created(resource, shown)
        changed = differences({"Budget": self._compared(resource, wanted)}, {"Budget": _compared(found)})
        return exists(resource, shown, found["BudgetName"], {"Id": found["BudgetName"]}, changed)

    def _compared(self, resource: Resource, wanted: Mapping[str, Any]) -> dict[str, Any]:
        filters = {
            key: [
                self._matcher.reference(resource, each) if key == "LinkedAccount" else each for each in items_of(values)
            ]
            for key, values in (wanted.get("CostFilters") or {}).items()
        }
        return _compared({**wanted, "CostFilters": filters})


def _compared(budget: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is compared; the API has amounts as texts, and no filters as an empty mapping."""
    limit = budget.get("BudgetLimit")
    return {
        "BudgetLimit": {"Amount": float(limit["Amount"]), "Unit": limit["Unit"]} if limit else None,
        "CostFilters": {key: sorted(map(str, values)) for key, values in (budget.get("CostFilters") or {}).items()},
        "TimeUnit": budget["TimeUnit"],
    }
