"""Accounts that are created, moved, closed or no longer managed, and users who are created and deleted."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from org_constructs.aws.account_states import meaning
from org_constructs.templates.access import policies_in_force
from org_constructs.templates.description import MANAGEMENT, Account
from org_constructs.templates.words import and_list

from .change import Change, Effect, Sides
from .wording import named


def account_changes(sides: Sides) -> Iterator[Change]:
    """Yield what becomes of accounts."""
    names = sides.names
    old, new = sides.old.accounts, sides.new.accounts
    if MANAGEMENT in old and MANAGEMENT in new:
        yield from _called(names.account(MANAGEMENT), old[MANAGEMENT].display_name, new[MANAGEMENT].display_name)
    for key in names.sorted_accounts((old.keys() | new.keys()) - {MANAGEMENT}):
        if key not in old:
            yield _comes(sides, key)
            yield from _called(f"account {names.account(key)}", None, new[key].display_name)
        elif key not in new:
            yield Change(Effect.OTHER, f"account {names.account(key)} {_goes(old[key], sides.closed)}")
        else:
            before, after = old[key].parent, new[key].parent
            if before is not None and after is not None and before != after:
                yield Change(
                    Effect.OTHER,
                    f"account {names.account(key)} moves from {names.place(before)} to {names.place(after)}",
                )
            now = new[key].state
            if now is not None and not new[key].is_active and now != old[key].state:
                yield Change(Effect.OTHER, f"account {names.account(key)} is {meaning(now)}")
            elif now is not None and new[key].is_active and not old[key].is_active:
                yield Change(Effect.OTHER, f"account {names.account(key)} is active again")
            yield from _called(f"account {names.account(key)}", old[key].display_name, new[key].display_name)
            if not new[key].only_named and (refused := _refused(old[key], new[key])):
                yield Change(
                    Effect.OTHER,
                    f"the deploy will fail: account {named(old[key].name)} would have {and_list(refused)}, but"
                    " CloudFormation cannot change the name, e-mail address or role name of an existing account",
                )


def _called(account: str, old: str | None, new: str | None) -> Iterator[Change]:
    """Yield what becomes of the name that people see, which no deploy sets, and whoever runs the doctor does."""
    if old != new:
        what = (
            f"will be called {named(new)}, once the doctor has renamed it"
            if new
            else "has no display name any more, which leaves its name as AWS has it"
        )
        yield Change(Effect.OTHER, f"{account} {what}")


def _refused(old: Account, new: Account) -> list[str]:
    """Return what of an account is to change and cannot; in another case a text is the same.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-organizations-account.html
    """
    return [
        f"the {what} {named(after)}" if after else f"no {what}"
        for what, before, after in (
            ("name", old.name, new.name),
            ("e-mail address", old.email, new.email),
            # AWS does not tell it.
            *([("role name", old.role_name, new.role_name)] if old.state is new.state is None else []),
        )
        if (before or "").casefold() != (after or "").casefold()
    ]


def user_changes(sides: Sides) -> Iterator[Change]:
    """Yield which users templates make, and which they delete."""
    users = {**sides.old.users, **sides.new.users}
    for key in sorted(sides.old.users.keys() ^ sides.new.users.keys(), key=sides.names.of):
        if not users[key].only_named:
            what = "is a new user" if key in sides.new.users else "is no longer a user"
            yield Change(Effect.OTHER, f"{sides.names.of(key)} {what}")


def _comes(sides: Sides, key: str) -> Change:
    account = sides.new.accounts[key]
    if account.only_named:
        return Change(
            Effect.OTHER, f"account {sides.names.account(key)}, which exists already, is new in the templates"
        )
    policies = {each.policy.key for each in policies_in_force(sides.new) if each.place.key == key}
    apply = f"{and_list(sorted(map(sides.names.of, policies)))} {'applies' if len(policies) == 1 else 'apply'}"
    under = f", where {apply}" if policies else ", where no policy of the templates applies"
    where = f" in {sides.names.place(account.parent)}" if account.parent else ""
    return Change(Effect.OTHER, f"account {named(account.name)} ({named(str(account.email))}) is created{where}{under}")


def _goes(account: Account, closed: Collection[str]) -> str:
    if account.only_named:
        return "is no longer in the templates; it stays as it is, but access given here ends"
    if account.key in closed:
        return "is closed: its DeletionPolicy is Delete, and after 90 days nothing in it can be recovered"
    return "is no longer managed: it stays open, but access given here ends"
