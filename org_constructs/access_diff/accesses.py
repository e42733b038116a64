"""Who has access that they did not have before, and who no longer has it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from org_constructs.templates.access import Access, effective_access
from org_constructs.templates.administrators import administers
from org_constructs.templates.description import MANAGEMENT, Description
from org_constructs.templates.words import and_list

from .change import Change, Effect, Sides
from .wording import ACCOUNTS_NAMED

_Statement = tuple[str, bool, str, str]
"""Who, whether that is everybody in a group, what and where; the way to it is not part of what somebody has."""


_Ways = frozenset[str | None]
"""The groups that access comes through; None where it is assigned directly."""

_Alike = tuple[str, frozenset[str], _Ways]
"""What, where and by which ways."""


@dataclass(frozen=True, kw_only=True)
class Grant:
    """That somebody has a permission set in an account, by the keys of these."""

    who: str
    everybody: bool
    """Whether `who` is a group, for everybody whom AWS has in it."""

    permission_set: str
    account: str
    groups: frozenset[str]
    """The groups that it comes through."""

    directly: bool
    """Whether it is assigned to `who`."""


def grants(sides: Sides) -> tuple[tuple[Grant, ...], tuple[Grant, ...]]:
    """Return what people gain and what they lose."""
    old, new = _ways(effective_access(sides.old)), _ways(effective_access(sides.new))
    return _missing(new, old), _missing(old, new)


def access_changes(sides: Sides) -> Iterator[Change]:
    """Yield what people gain, what they lose, and what waits for a group to have members."""
    gained, lost = grants(sides)
    yield from _sentences(sides, gained, Effect.WIDENS)
    yield from _sentences(sides, lost, Effect.NARROWS)
    yield from _groups_without_members(sides)


def _missing(statements: dict[_Statement, _Ways], among: dict[_Statement, _Ways]) -> tuple[Grant, ...]:
    return tuple(
        Grant(
            who=who,
            everybody=everybody,
            permission_set=permission_set,
            account=account,
            groups=frozenset(way for way in ways if way is not None),
            directly=None in ways,
        )
        for (who, everybody, permission_set, account), ways in statements.items()
        if (who, everybody, permission_set, account) not in among
    )


def _ways(accesses: Iterable[Access]) -> dict[_Statement, _Ways]:
    ways: dict[_Statement, set[str | None]] = defaultdict(set)
    for each in accesses:
        through = each.through.key if each.through else None
        ways[each.who.key, each.everybody, each.permission_set.key, each.account.key].add(through)
    return {statement: frozenset(through) for statement, through in ways.items()}


def _sentences(sides: Sides, grants: Iterable[Grant], effect: Effect) -> Iterator[Change]:
    """Say together what the same people gain or lose, by the same way, in several accounts."""
    accounts: dict[tuple[str, bool, str, _Ways], set[str]] = defaultdict(set)
    for each in grants:
        ways = each.groups | ({None} if each.directly else set())
        accounts[each.who, each.everybody, each.permission_set, ways].add(each.account)
    people: dict[_Alike, list[str]] = defaultdict(list)
    several: set[_Alike] = set()
    for (who, everybody, permission_set, ways), among in accounts.items():
        name = sides.names.of(who)
        # Whom AWS has in a group that exists already no template says.
        grant = permission_set, frozenset(among), ways
        if everybody or grant in people:
            several.add(grant)
        people[grant].append(f"the members of group {name} in AWS" if everybody else name)
    side, no_longer = (sides.new, "") if effect is Effect.WIDENS else (sides.old, "no longer ")

    def weight(grant: _Alike) -> tuple[object, ...]:
        permission_set, where, _ = grant
        names = sides.names.of(permission_set), sorted(people[grant])
        return (
            not administers(side.permission_sets[permission_set]),
            MANAGEMENT not in where,
            *names,
            sides.names.sorted_accounts(where),
        )

    for grant in sorted(people, key=weight):
        permission_set, where, ways = grant
        sentence = (
            f"{and_list(sorted(people[grant]))} {no_longer}{'have' if grant in several else 'has'}"
            f" {sides.names.of(permission_set)} in {_where(sides, side, where)}{_through(sides, ways, effect)}"
        )
        yield Change(effect, sentence, (permission_set,) if effect is Effect.WIDENS else ())


def _where(sides: Sides, side: Description, where: Collection[str]) -> str:
    """Name the accounts, or where these are too many to read and nearly all there are, say so."""
    if len(where) > ACCOUNTS_NAMED:
        missing = side.accounts.keys() - where
        if not missing:
            return f"all {len(where):,} accounts"
        if len(missing) == 1:
            return f"all {len(where):,} accounts other than {sides.names.accounts(missing)}"
    return sides.names.accounts(where)


def _through(sides: Sides, ways: _Ways, effect: Effect) -> str:
    was = "" if effect is Effect.WIDENS else "was "
    groups = sorted(sides.names.of(way) for way in ways if way is not None)
    if not groups:
        return ""
    directly = " and directly" if None in ways else ""
    return f" ({was}through group{'s' if len(groups) > 1 else ''} {and_list(groups)}{directly})"


def _groups_without_members(sides: Sides) -> Iterator[Change]:
    def assigned(description: Description) -> set[tuple[str, str, str]]:
        return {(each.principal, each.permission_set, each.account) for each in description.assignments}

    waiting: dict[tuple[str, str], set[str]] = defaultdict(set)
    for principal, permission_set, account in assigned(sides.new) - assigned(sides.old):
        group = sides.new.groups.get(principal)
        if group is not None and not group.members and not group.only_named:
            waiting[principal, permission_set].add(account)
    for (group_key, permission_set), where in sorted(waiting.items(), key=lambda item: [*map(sides.names.of, item[0])]):
        yield Change(
            Effect.OTHER,
            f"whoever joins group {sides.names.of(group_key)} gets {sides.names.of(permission_set)} in"
            f" {_where(sides, sides.new, where)}; the group has no members",
        )
