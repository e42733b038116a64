"""What stays in AWS when its line is removed, and what goes, by the templates' `DeletionPolicy`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from org_constructs.aws.resource_types import ACCOUNT, ASSIGNMENT, MEMBERSHIP, NAMES, POLICY
from org_constructs.templates.retention import stays_when_removed
from org_constructs.templates.values import Values, written
from org_constructs.templates.words import count, visible

_REVOKED: Final = "deleted, which revokes the access"
_ENDS: Final = {
    ACCOUNT: "closed",
    POLICY: "deleted, and no longer in force",
    MEMBERSHIP: _REVOKED,
    ASSIGNMENT: _REVOKED,
}
"""What becomes of a resource when its line is removed; of the others, that they are deleted."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """Resources that meet the same end, called by one word: users are, whichever type makes them."""

    one: str
    many: str
    number: int
    end: str
    """What becomes of one when its line is removed."""

    closed: tuple[str, ...]
    """The names of the accounts that are closed."""

    @property
    def counted(self) -> str:
        """How many there are."""
        return count(self.number, self.one, self.many)


def kinds(values: Values) -> tuple[Kind, ...]:
    """Return what becomes of the organization's resources when their lines are removed, those that stay first."""
    accounts: dict[tuple[bool, tuple[str, str], str], list[str]] = {}
    for resource_type, kept, account in _resources(values):
        end = "kept" if kept else _ENDS.get(resource_type, "deleted")
        accounts.setdefault((not kept, NAMES[resource_type], end), []).append(account)
    order = list(NAMES.values())
    return tuple(
        Kind(one=one, many=many, number=len(names), end=end, closed=tuple(filter(None, names)) if goes else ())
        for (goes, (one, many), end), names in sorted(
            accounts.items(), key=lambda each: (each[0][0], order.index(each[0][1]))
        )
    )


def _resources(values: Values) -> Iterator[tuple[str, bool, str]]:
    """Yield the type of each resource, whether it stays, and the name of an account; empty for what is none."""
    for stack in values.stacks:
        for logical_id, resource in values.resources(stack).items():
            resource_type = resource["Type"]
            if resource_type in NAMES:
                account = written(values.properties(stack, logical_id).get("AccountName", ""))
                yield resource_type, stays_when_removed(resource), visible(account)
