"""The accounts in an organizational unit and below it: those placed so far and those still to come."""

from __future__ import annotations

from collections.abc import Callable


class AccountsBelow:
    """The accounts in a unit and below it.

    An assignment to a unit must reach an account whether it is placed before or after the assignment is written, so
    what looks at the accounts is told of each later one as well.
    """

    def __init__(self, above: AccountsBelow | None = None) -> None:
        """Start empty, under what is above."""
        self._above = above
        self._watchers: list[Callable[[str, str], None]] = []
        self.accounts: list[tuple[str, str]] = []

    def place(self, key: str, account_id: str) -> None:
        """Add an account, by a key that stays, here and in everything above."""
        self.accounts.append((key, account_id))
        for watcher in self._watchers:
            watcher(key, account_id)
        if self._above is not None:
            self._above.place(key, account_id)

    def for_each(self, watcher: Callable[[str, str], None]) -> None:
        """Call the watcher with key and id of each account placed so far, and later with those of each further one."""
        for key, account_id in self.accounts:
            watcher(key, account_id)
        self._watchers.append(watcher)
