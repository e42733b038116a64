"""The accounts in an organizational unit and below it: those placed so far and those still to come."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol


class Placed(Protocol):
    """An account with a key that stays; both are asked for when they are needed, since each is a call into Node."""

    @property
    def _key(self) -> str: ...

    @property
    def account_id(self) -> str: ...


class AccountsBelow:
    """The accounts in a unit and below it.

    An assignment to a unit must reach an account whether it is placed before or after the assignment is written, so
    what looks at the accounts is told of each later one as well.
    """

    def __init__(self, above: AccountsBelow | None = None) -> None:
        """Start empty, under what is above."""
        self._above = above
        self._watchers: list[Callable[[Placed], None]] = []
        self.accounts: list[Placed] = []

    def place(self, account: Placed) -> None:
        """Add an account, here and in everything above."""
        self.accounts.append(account)
        for watcher in self._watchers:
            watcher(account)
        if self._above is not None:
            self._above.place(account)

    def for_each(self, watcher: Callable[[Placed], None]) -> None:
        """Call the watcher with each account placed so far, and later with each further one."""
        for account in self.accounts:
            watcher(account)
        self._watchers.append(watcher)
