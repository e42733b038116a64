"""Accounts that are opened, moved, closed or let go, and users who come and go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from org_constructs.access import is_made, policies_in_force
from org_constructs.description import MANAGEMENT

from .change import Change, Effect
from .wording import and_list, named

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from org_constructs.description import Account

    from .change import Sides


def account_changes(sides: Sides, closed_emails: Collection[str]) -> Iterator[Change]:
    """Yield what becomes of accounts.

    Args:
        sides: The two states.
        closed_emails: The e-mails of the accounts that a deploy closes when their template loses them.
    """
    names = sides.names
    old, new = sides.old.accounts, sides.new.accounts
    for key in names.sorted_accounts((old.keys() | new.keys()) - {MANAGEMENT}):
        if key not in old:
            yield _comes(sides, key)
        elif key not in new:
            yield Change(Effect.OTHER, f"account {names.account(key)} {_goes(old[key], closed_emails)}")
        else:
            before, after = old[key].parent, new[key].parent
            if before is not None and after is not None and before != after:
                yield Change(
                    Effect.OTHER,
                    f"account {names.account(key)} moves from {names.place(before)} to {names.place(after)}",
                )
            # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-organizations-account.html
            if is_renamed(old[key], new[key]):
                yield Change(
                    Effect.OTHER,
                    f"account {named(old[key].name)} is to be called {named(new[key].name)}, which CloudFormation"
                    " cannot do: the deploy will fail",
                )


def is_renamed(old: Account, new: Account) -> bool:
    """Tell whether an account that templates make has another name; of others only what they are called changes."""
    return bool(old.email and new.email) and old.name != new.name


def user_changes(sides: Sides) -> Iterator[Change]:
    """Yield which users templates make, and which they delete."""
    for key in sorted(sides.old.users.keys() ^ sides.new.users.keys(), key=sides.names.of):
        if is_made(key):
            what = "is a new user" if key in sides.new.users else "is deleted as a user"
            yield Change(Effect.OTHER, f"{sides.names.of(key)} {what}")


def _comes(sides: Sides, key: str) -> Change:
    account = sides.new.accounts[key]
    if not is_made(key):
        return Change(
            Effect.OTHER, f"account {sides.names.account(key)}, which exists already, is named for the first time"
        )
    policies = {each.policy.key for each in policies_in_force(sides.new) if each.place.key == key}
    apply = f"{and_list(sorted(map(sides.names.of, policies)))} {'applies' if len(policies) == 1 else 'apply'}"
    under = f", where {apply}" if policies else ", where no policy of the templates applies"
    where = f" in {sides.names.place(account.parent)}" if account.parent else ""
    return Change(Effect.OTHER, f"account {named(account.name)} ({named(str(account.email))}) is opened{where}{under}")


def _goes(account: Account, closed_emails: Collection[str]) -> str:
    if not is_made(account.key):
        return "is no longer named; nothing happens to it, but access given here ends"
    if account.email in closed_emails:
        return "is closed: its DeletionPolicy is Delete, and after 90 days nothing in it can be got back"
    return "is no longer managed: it stays open, and access given here ends"
