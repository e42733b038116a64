"""What stays in AWS when its line is removed, and what goes, by the templates' `DeletionPolicy`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from org_constructs.aws.user_types import CUSTOM_USER
from org_constructs.templates.retention import stays_when_removed
from org_constructs.templates.values import written
from org_constructs.templates.words import count, visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from org_constructs.templates.values import Values

_WORDS: Final = {
    "AWS::Organizations::Organization": ("organization", "organizations", "deleted"),
    "AWS::Organizations::OrganizationalUnit": ("unit", "units", "deleted"),
    "AWS::Organizations::Account": ("account", "accounts", "closed"),
    "AWS::Organizations::Policy": ("policy", "policies", "deleted, and no longer in force"),
    "AWS::IdentityStore::User": ("user", "users", "deleted"),
    CUSTOM_USER: ("user", "users", "deleted"),
    "AWS::IdentityStore::Group": ("group", "groups", "deleted"),
    "AWS::IdentityStore::GroupMembership": ("membership", "memberships", "deleted, which revokes the access"),
    "AWS::SSO::PermissionSet": ("permission set", "permission sets", "deleted"),
    "AWS::SSO::Assignment": ("assignment", "assignments", "deleted, which revokes the access"),
}


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
    accounts: dict[tuple[tuple[str, str, str], bool], list[str]] = {}
    for resource_type, kept, account in _resources(values):
        accounts.setdefault((_WORDS[resource_type], kept), []).append(account)
    order = list(_WORDS.values())
    return tuple(
        Kind(
            one=one,
            many=many,
            number=len(names),
            end="kept" if kept else end,
            closed=() if kept else tuple(filter(None, names)),
        )
        for ((one, many, end), kept), names in sorted(
            accounts.items(), key=lambda each: (not each[0][1], order.index(each[0][0]))
        )
    )


def _resources(values: Values) -> Iterator[tuple[str, bool, str]]:
    """Yield the type of each resource, whether it stays, and the name of an account; empty for what is none."""
    for stack in values.stacks:
        for logical_id, resource in values.resources(stack).items():
            resource_type = resource["Type"]
            if resource_type in _WORDS:
                account = written(values.properties(stack, logical_id).get("AccountName", ""))
                yield resource_type, stays_when_removed(resource), visible(account)
