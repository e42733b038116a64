"""The states of an account.

https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_account_state.html
"""

from typing import Final

ACTIVE: Final = "ACTIVE"
SUSPENDED: Final = "SUSPENDED"
"""What `Status` says of a closed account, and `State` of one that AWS has restricted."""

CLOSED: Final = frozenset({"PENDING_CLOSURE", SUSPENDED, "CLOSED"})
"""Those of an account that was closed, or is about to be: nobody can enter it."""
