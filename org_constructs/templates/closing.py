"""What the unit and the policy of accounts that are being closed are called."""

from typing import Final

CLOSING: Final = "closing"
"""The path of the unit, and the name of the one that is made."""

POLICY: Final = "ClosingAccounts"
"""The name of the service control policy that denies everything but billing there."""
