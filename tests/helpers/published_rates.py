"""How long calls take at the rates that AWS publishes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Mapping

RATES: Final[Mapping[str, float]] = {
    # https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html, "Throttling limits"
    "DescribeOrganization": 1,
    "DescribePolicy": 2,
    "ListAccounts": 8,
    "ListAccountsForParent": 5,
    "ListOrganizationalUnitsForParent": 5,
    "ListPolicies": 5,
    "ListRoots": 1,
    "ListTagsForResource": 10,
    "ListTargetsForPolicy": 5,
    # https://docs.aws.amazon.com/singlesignon/latest/userguide/limits.html, all calls together
    "sso-admin": 20,
    # The same page: each call by itself.
    "identitystore": 20,
    # https://docs.aws.amazon.com/accounts/latest/reference/quotas.html
    "GetAlternateContact": 10,
    # https://docs.aws.amazon.com/servicequotas/latest/userguide/reference_limits.html
    "GetServiceQuota": 5,
}
"""How often in a second AWS lets an account make a call, or call a service."""

_SLOW: Final = 1  # of what is not in it: slow for any of AWS's


def seconds(calls: Counter[tuple[str, str]]) -> float:
    """Return how long the calls take, by service and operation, one kind after the other, bursts left out."""
    return sum(
        number / RATES.get(operation, RATES.get(service, _SLOW)) for (service, operation), number in calls.items()
    )
