"""What the command line of a peer's program asks for."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Final, NoReturn

INSTANCE_ARN: Final = "arn:aws:sso:::instance/ssoins-1111222233334444"
IDENTITY_STORE: Final = "d-1111222233"
MANAGEMENT_ACCOUNT: Final = "111122223333"
REGION: Final = "us-east-1"
PERMISSION_SET: Final = "AdministratorAccess"
MANAGED_POLICY: Final = "arn:aws:iam::aws:policy/AdministratorAccess"


@dataclass(frozen=True)
class Intent:
    """What is wanted: `accounts`, or `access` of groups to accounts."""

    what: str
    accounts: int
    groups: int

    @property
    def keys(self) -> list[str]:
        """The keys of the accounts."""
        return [f"a{number}" for number in range(self.accounts)]

    @property
    def account_ids(self) -> list[str]:
        """The ids of the accounts, where they exist."""
        return [f"{222233330000 + number}" for number in range(self.accounts)]

    @property
    def group_names(self) -> list[str]:
        """The names of the groups."""
        return [f"Team{number}" for number in range(self.groups)]

    @property
    def group_ids(self) -> list[str]:
        """The ids of the groups, where they exist."""
        return [f"11112222-3333-4444-5555-66667777{number:04}" for number in range(self.groups)]


def intent() -> Intent:
    """Return what the command line asks for."""
    what, accounts, *groups = sys.argv[1:]
    return Intent(what, int(accounts), int(groups[0]) if groups else 0)


def cannot(why: str) -> NoReturn:
    """End the program of a library that has no such thing."""
    sys.exit(why)
