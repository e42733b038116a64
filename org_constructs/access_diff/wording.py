"""How sentences name things: each name in marks, which become nothing in plain text and code in Markdown."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from org_constructs.templates.description import MANAGEMENT, ROOT, Description, Group, PermissionSet, User
from org_constructs.templates.markdown import as_code
from org_constructs.templates.words import and_list, count, visible

from .identity import unit_path

# Characters for private use, which `visible` leaves in no name.
_BEGIN: Final = "\ue000"
_END: Final = "\ue001"
ACCOUNTS_NAMED: Final = 6
"""How many accounts a sentence names one by one where there is a shorter way."""

_GROUPS_NAMED: Final = 3

_NAMED: Final = re.compile(f"{_BEGIN}(.*?){_END}")


def named(name: str) -> str:
    """Return a name as sentences hold it."""
    return f"{_BEGIN}{visible(name)}{_END}"


def plain(sentence: str) -> str:
    """Return a sentence as plain text."""
    return _NAMED.sub(r"\1", sentence)


def markdown(sentence: str) -> str:
    """Return a sentence as Markdown, where a name is code: it mentions nobody, links nowhere and is no HTML."""
    return _NAMED.sub(lambda match: as_code(match[1]), sentence)


def parts(sentence: str) -> tuple[str, ...]:
    """Return what of a sentence is no name and what is one, in turns."""
    return tuple(_NAMED.split(sentence))


def people_and_groups(people: int, groups: Sequence[str]) -> str:
    """Count people, and name the groups whose members AWS alone knows: `2 people and the group Contractors`."""
    which = ["the group " + each for each in groups]
    if len(groups) > _GROUPS_NAMED:
        which = [count(len(groups), "group")]
    return and_list([count(people, "person", "people")] * bool(people) + which)


def gets_and_loses(old: Sequence[str], new: Sequence[str], changed: Iterable[str] = ()) -> str:
    """Say which lines something gets and loses, and which go on with something else in them."""
    did = {
        "gets": [each for each in dict.fromkeys(new) if each not in old],
        "loses": [each for each in dict.fromkeys(old) if each not in new],
        "changes": list(changed),
    }
    said = [f"{verb} {and_list(list(map(named, lines)))}" for verb, lines in did.items() if lines]
    return and_list(said) or "is written differently"


class Names:
    """The names of what is in either of two descriptions with common keys; the new one's where they differ."""

    def __init__(self, old: Description, new: Description) -> None:
        """Find the names that several have, who are told apart by what makes them somebody else."""
        self._accounts = {**old.accounts, **new.accounts}
        self._names = {key: named(each.name) for key, each in {**old.policies, **new.policies}.items()}
        for things in (
            {**old.users, **new.users},
            {**old.groups, **new.groups},
            {**old.permission_sets, **new.permission_sets},
        ):
            several = Counter(each.name for each in things.values())
            self._names |= {key: _told_apart(each, several[each.name]) for key, each in things.items()}
        units = {key: side for side in (old, new) for key in side.organizational_units}
        paths = {key: unit_path(side, key) for key, side in units.items()}
        several = Counter(paths.values())
        self._units = {
            key: unit_path(units[key], key, by_id=True) if several[path] > 1 else path for key, path in paths.items()
        }
        self._times = Counter(account.name for account in self._accounts.values())

    def of(self, key: str) -> str:
        """Return the name of a person, a group, a permission set or a policy."""
        return self._names[key]

    def account(self, key: str) -> str:
        """Return the name of an account, with its e-mail or id where another account has the same."""
        account = self._accounts[key]
        if key == MANAGEMENT:
            return (
                f"{named(account.name)} (the management account)" if account.name != key else "the management account"
            )
        if self._times[account.name] > 1:
            return f"{named(account.name)} ({named(str(account.email or account.account_id))})"
        return named(account.name)

    def accounts(self, keys: Iterable[str]) -> str:
        """Return the names of accounts in alphabetical order, the management account's last."""
        return and_list([self.account(key) for key in self.sorted_accounts(keys)])

    def sorted_accounts(self, keys: Iterable[str]) -> list[str]:
        """Return the keys of accounts in the order of their names, the management account's last."""
        return sorted(keys, key=lambda key: (key == MANAGEMENT, self._accounts[key].name, self.account(key)))

    def place(self, key: str) -> str:
        """Return what to call an account, a unit or the root, after `to` or `in`."""
        if key == ROOT:
            return "the root"
        return f"unit {named(self._units[key])}" if key in self._units else self.account(key)


def _told_apart(thing: User | Group | PermissionSet, several: int) -> str:
    if several == 1:
        return named(thing.name)
    # Of an ARN, what is the permission set's own.
    own = named(thing.key.rpartition("/")[2]) if thing.only_named else "made by the templates"
    return f"{named(thing.name)} ({own})"
