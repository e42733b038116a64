"""The accounts in an organizational unit and below it: those placed so far and those still to come."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from .account import Account


class AccountsBelow:
    """The accounts in a unit and below it.

    An assignment to a unit must reach an account whether it is placed before or after the assignment is written, so
    what looks at the accounts is told of each later one as well.
    """

    def __init__(self, above: AccountsBelow | None = None) -> None:
        """Start empty, under what is above."""
        self._above = above
        self._watchers: list[Callable[[Account], None]] = []
        self.accounts: list[Account] = []

    def place(self, account: Account) -> None:
        """Add the account here and in everything above."""
        self.accounts.append(account)
        for watcher in self._watchers:
            watcher(account)
        if self._above is not None:
            self._above.place(account)

    def for_each(self, watcher: Callable[[Account], None]) -> None:
        """Call the watcher with each account placed so far, and later with each further one."""
        for account in self.accounts:
            watcher(account)
        self._watchers.append(watcher)
