"""What changes in the cells of the matrix: who has what where in one report, and in another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from .model import Account, PermissionSet, Person, Report

GAINED: Final = "+"
LOST: Final = "-"
CHANGED: Final = "~"

Cell = tuple[str, str, str]
"""The keys of a person, of an account and of a permission set."""


@dataclass(frozen=True, kw_only=True)
class Cells:
    """What changes from one report to another, by whatever ways somebody comes to it."""

    signs: Mapping[Cell, str] = field(default_factory=dict)
    """What somebody gains, loses, or has as before while the permission set allows something else."""

    people: tuple[Person, ...] = ()
    """Who loses something and is not in the other report."""

    accounts: tuple[Account, ...] = ()
    """Where somebody loses something, and which is not in the other report."""

    permission_sets: tuple[PermissionSet, ...] = ()
    """What somebody loses, and which is not in the other report."""


def changed_cells(before: Report, after: Report) -> Cells:
    """Return what changes.

    Args:
        before: The organization as it was.
        after: As it is then, with the same keys for what is the same.
    """
    old, new = _held(before), _held(after)
    rewritten = {
        key
        for key, each in after.permission_sets.items()
        if key in before.permission_sets and _allowed(each) != _allowed(before.permission_sets[key])
    }
    signs = {
        **dict.fromkeys(sorted(new - old), GAINED),
        **dict.fromkeys(sorted(old - new), LOST),
        **{cell: CHANGED for cell in sorted(old & new) if cell[2] in rewritten},
    }
    people, accounts, permission_sets = (set(keys) for keys in zip(*signs, strict=True)) if signs else ((), (), ())
    there = {person.key for person in after.people}
    return Cells(
        signs=signs,
        people=tuple(each for each in before.people if each.key in people and each.key not in there),
        accounts=tuple(each for key, each in before.accounts.items() if key in accounts and key not in after.accounts),
        permission_sets=tuple(
            each
            for key, each in before.permission_sets.items()
            if key in permission_sets and key not in after.permission_sets
        ),
    )


def _held(report: Report) -> set[Cell]:
    return {
        (person.key, account, grant.permission_set)
        for grant in report.grants
        for person in grant.people
        for account in grant.accounts
    }


def _allowed(permission_set: PermissionSet) -> tuple[object, ...]:
    return permission_set.says, permission_set.document, permission_set.session, permission_set.time
