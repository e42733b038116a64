"""What the unit and the policy of accounts that are being closed are called, and from when one may be closed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

CLOSING: Final = "closing"
"""The path of the unit, and the name of the one that is made."""

POLICY: Final = "ClosingAccounts"
"""The name of the service control policy that denies everything but billing there."""

DAYS: Final = timedelta(days=7)
"""How long everything has to be denied in an account before it may be closed; ours, not AWS's."""


def denied_since(account: Mapping[str, Any], policy: Mapping[str, Any]) -> datetime:
    """Return since when everything is denied in an account, from what CloudFormation says of it and of the policy.

    docs/decisions/0017-the-life-of-accounts.md
    """
    since: datetime = max(account["LastUpdatedTimestamp"], policy["LastUpdatedTimestamp"])
    return since


def said(time: datetime) -> str:
    """Return a time as people read it."""
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
