"""What changes for people between two states of an organization, in sentences, and whether it widens access."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from org_constructs.aws.durations import in_words
from org_constructs.templates.contents import says_only_named, says_permission_set
from org_constructs.templates.permission_set import session
from org_constructs.templates.retention import stays_when_removed
from org_constructs.templates.time_limit import time_limit
from org_constructs.templates.words import count

from .accesses import access_changes
from .beside import changes_beside
from .change import Change, Effect, Sides
from .identity import with_common_keys
from .permission_sets import permission_set_changes
from .places import account_changes, user_changes
from .policies import policy_changes, policy_content
from .wording import named

if TYPE_CHECKING:
    from org_constructs.templates.description import Description, Unread

_ACCESS = frozenset({"AWS::SSO::Assignment", "AWS::IdentityStore::GroupMembership"})


@dataclass(frozen=True)
class State:
    """An organization as templates describe it, with what becomes of that which they no longer hold."""

    description: Description
    closed: frozenset[str] = frozenset()
    """The keys of the accounts that a deploy closes when their template loses them."""

    retained: frozenset[str] = frozenset()
    """The keys of the permission sets that stay when their template loses them."""

    retained_access: int = 0
    """How many assignments and memberships stay when their template loses them."""

    @staticmethod
    def of(description: Description) -> State:
        """Return the state that a description tells."""
        values = description.values
        ends = {
            f"{stack}/{logical_id}": (resource["Type"], stays_when_removed(resource))
            for stack in values.stacks
            for logical_id, resource in values.resources(stack).items()
        }
        return State(
            description,
            frozenset(key for key, end in ends.items() if end == ("AWS::Organizations::Account", False)),
            frozenset(key for key, end in ends.items() if end == ("AWS::SSO::PermissionSet", True)),
            sum(kind in _ACCESS and stays for kind, stays in ends.values()),
        )


@dataclass(frozen=True)
class Comparison:
    """What changes."""

    changes: tuple[Change, ...]
    """In the order in which a reviewer should read them: what widens access first."""

    contents: tuple[tuple[str, tuple[str, ...]], ...]
    """What the permission sets and policies say that the changes are about, by their names."""

    sides: Sides
    """What is compared."""

    unread: tuple[Unread, ...] = ()
    """What could not be compared, since AWS would not tell it of one side or the other."""

    @property
    def widens(self) -> bool:
        """Whether somebody can do more, or may be able to: what could not be compared counts as that."""
        return bool(self.unread) or any(change.effect is Effect.WIDENS for change in self.changes)


def compare(old: State, new: State) -> Comparison:
    """Return what changes for people when the old state becomes the new one."""
    sides = Sides(*with_common_keys(old.description, new.description), old.closed, old.retained)
    changes = sorted(_changes(sides, old), key=lambda change: change.effect)
    about = dict.fromkeys(key for change in changes for key in change.about)
    unread = {
        each.action: each
        for side in (old, new)
        if side.description.live
        for each in side.description.live.unread
        if each.of_access
    }
    return Comparison(
        tuple(changes),
        tuple((sides.names.of(key), _content(sides, key)) for key in about),
        sides,
        tuple(unread[action] for action in sorted(unread)),
    )


def _changes(sides: Sides, old: State) -> Iterator[Change]:
    accesses = tuple(access_changes(sides))
    yield from accesses
    yield from changes_beside(sides)
    yield from permission_set_changes(sides)
    yield from policy_changes(sides)
    yield from account_changes(sides)
    yield from user_changes(sides)
    if old.retained_access and any(change.effect is Effect.NARROWS for change in accesses):
        one = old.retained_access == 1
        which = count(old.retained_access, "old assignment or membership", "old assignments and memberships")
        yield Change(
            Effect.OTHER,
            f"{which} {'has' if one else 'have'} the DeletionPolicy {named('Retain')}: the access"
            " stays, whatever is said here, until somebody revokes it by hand",
        )


def _content(sides: Sides, key: str) -> tuple[str, ...]:
    for side in (sides.new, sides.old):
        if key in side.policies:
            return policy_content(sides, key)
        if key in side.permission_sets:
            properties = side.permission_sets[key].properties
            if properties:
                sessions = f"sessions of {in_words(session(properties))}"
                return tuple(filter(None, (*says_permission_set(properties), sessions, str(time_limit(properties)))))
    return (says_only_named(sides.new if key in sides.new.permission_sets else sides.old),)
