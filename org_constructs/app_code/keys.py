"""The names that an app gives to what AWS has: the company, and the keys of accounts and units, which are for good.

They are made of the names that people know, by rules that look at the whole organization and at no order, so that the
same organization always gets the same keys.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final, TypeVar

from org_constructs.aws import limits
from org_constructs.baseline.plan.accounts import output_name
from org_constructs.baseline.plan.names import EVERY_ACCOUNT, MANAGEMENT, ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from org_constructs.templates.description import Account, OrganizationalUnit

_Thing = TypeVar("_Thing")

_RESERVED: Final = frozenset({MANAGEMENT, ROOT, EVERY_ACCOUNT})


_ROOM_BESIDE_ID: Final = limits.ACCOUNT_NAME_MAX - len("-111122223333")


def slug(text: str) -> str:
    """Return a text as lower-case letters and digits in parts joined by `-`; empty where it has none."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", plain.lower()))


def company_of(management: str, accounts: Iterable[str]) -> str:
    """Return what most names of accounts begin with before a `-`; the management account's name where none do.

    Args:
        management: The name of the management account.
        accounts: The names of the others.
    """
    counts: Counter[str] = Counter()
    for name in accounts:
        parts = name.split("-")
        # What follows has to be a key.
        ends = (number for number in range(1, len(parts)) if slug("-".join(parts[number:])) == "-".join(parts[number:]))
        counts.update("-".join(parts[:number]) for number in ends)
    best = max(counts.values(), default=0)
    if best > 1 or management in counts:
        common = [each for each in counts if counts[each] == best]
        return management if management in common else min(common, key=lambda each: (len(each), each))
    return management


def account_keys(
    accounts: Collection[Account], company: str, units: Mapping[str, str], parents: Mapping[str, OrganizationalUnit]
) -> dict[str, str]:
    """Return a key for each account, by the account's own.

    Args:
        accounts: The accounts.
        company: What their names may begin with.
        units: The paths of units, by the units' keys: at the root they are targets, as keys of accounts are.
        parents: The units.
    """
    taken = {path for path in units.values() if "/" not in path} | _RESERVED

    def own(account: Account) -> str:
        return slug(account.name).removeprefix(f"{slug(company)}-") or _in_email(account) or "account"

    def unit(account: Account) -> str:
        parent = parents.get(account.parent or "")
        return slug(parent.name) if parent else ""

    def number(account: Account) -> str:
        return account.account_id or account.key

    ways: Sequence[Callable[[Account], str]] = (
        own,
        lambda account: slug(account.name),
        lambda account: _told_apart(own(account), _in_email(account)),
        lambda account: _joined(own(account), unit(account)),
        lambda account: _joined(own(account), "account"),
        lambda account: _told_apart(own(account), slug((account.email or "").partition("@")[0])),
        lambda account: _joined(own(account)[:_ROOM_BESIDE_ID].strip("-"), number(account)),
    )
    return _apart({each.key: each for each in accounts}, ways, taken, output_name)


def unit_keys(units: Collection[OrganizationalUnit]) -> dict[str, str]:
    """Return a key for each unit, by the unit's own: its name, where that can be one."""
    beside: dict[str | None, dict[str, OrganizationalUnit]] = defaultdict(dict)
    for each in units:
        beside[each.parent][each.key] = each
    keys: dict[str, str] = {}
    for parent, siblings in beside.items():
        taken = _RESERVED if parent == ROOT else frozenset()
        ways: Sequence[Callable[[OrganizationalUnit], str]] = (
            lambda unit: unit.name if _can_be_key(unit.name) else "",
            lambda unit: slug(unit.name),
            lambda unit: _joined(slug(unit.name), "unit"),
            lambda unit: _joined(slug(unit.name) or "unit", unit.key.rpartition("-")[2]),
        )
        keys |= _apart(siblings, ways, taken, maximum=limits.ORGANIZATIONAL_UNIT_NAME_MAX)
    return keys


def unit_paths(units: Mapping[str, OrganizationalUnit], keys: Mapping[str, str]) -> dict[str, str]:
    """Return the paths of units by the units' keys, parents first, each beside the others in the order of its key."""
    paths: dict[str, str] = {}

    def walk(parent: str, above: str) -> None:
        inside = sorted((keys[each.key], each.key) for each in units.values() if each.parent == parent)
        for name, key in inside:
            paths[key] = f"{above}{name}"
            walk(key, f"{paths[key]}/")

    walk(ROOT, "")
    return paths


def _apart(
    things: Mapping[str, _Thing],
    ways: Sequence[Callable[[_Thing], str]],
    taken: Collection[str],
    made_of: Callable[[str], str] = str,
    maximum: int = limits.ACCOUNT_NAME_MAX,
) -> dict[str, str]:
    """Return a name for each thing: by the first way that gives it one which no other gets by the same way.

    Args:
        things: What is named, by its key.
        ways: How, the last of which gives different names to all.
        taken: The names that nothing may have.
        made_of: What is made of a name, which has to differ.
        maximum: The most characters of a name.
    """
    names: dict[str, str] = {}
    for way in ways:
        offered = {key: way(each) for key, each in things.items() if key not in names}
        counts = Counter(map(made_of, [*offered.values(), *names.values()]))
        names |= {
            key: name
            for key, name in offered.items()
            if name and name not in taken and len(name) <= maximum and counts[made_of(name)] == 1
        }
    return names


def _joined(*parts: str) -> str:
    return "-".join(filter(None, parts))


def _told_apart(name: str, by: str) -> str:
    """Return a name with what tells it apart; that alone, if it begins with the name."""
    return by if by.startswith(name) else _joined(name, by)


def _in_email(account: Account) -> str:
    """Return what an address has behind a `+`: `dev` of `aws+dev@acme.com`."""
    return slug((account.email or "").partition("@")[0].partition("+")[2])


def _can_be_key(name: str) -> bool:
    return not ("/" in name or "--" in name or name.startswith("-") or name.endswith("-"))
