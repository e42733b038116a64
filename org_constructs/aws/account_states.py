"""The states of accounts, as `State` of AWS Organizations says them.

https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_account_state.html
"""

from collections.abc import Mapping
from typing import Final

ACTIVE: Final = "ACTIVE"
CLOSED: Final = frozenset({"PENDING_CLOSURE", "CLOSED"})
"""Those of an account that was closed, or is about to be: nobody can enter it."""

RESTRICTED: Final = "SUSPENDED"
"""Nobody can use it, until AWS says otherwise. The older `Status` has the word for closed accounts."""

_REOPEN: Final = "ask AWS Support to reopen it, within 90 days after it was closed"
_MEANING: Final[Mapping[str, tuple[str, str]]] = {
    "PENDING_ACTIVATION": (
        "not usable yet, since nobody has completed its sign-up",
        "sign in with its e-mail address and complete it",
    ),
    RESTRICTED: (
        "restricted by AWS",
        "ask AWS Support why, as the account's root user, who can still sign in for that",
    ),
    "PENDING_CLOSURE": ("being closed", _REOPEN),
    "CLOSED": ("closed", _REOPEN),
}


def meaning(state: str) -> str:
    """Return what an account in a state is, such as `restricted by AWS`; the state itself where that is not known."""
    return _MEANING.get(state, (state, ""))[0]


def way_back(state: str) -> str:
    """Return what has to be done so that an account in a state is active again."""
    return _MEANING.get(state, ("", "look in the console of AWS Organizations what it waits for"))[1]
