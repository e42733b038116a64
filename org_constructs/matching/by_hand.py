"""What somebody did by hand to what the stacks have; the doctor says what it means for a deploy, drift the ways on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import TYPE_CHECKING, Any

from org_constructs.aws.resource_types import ACCOUNT, GROUP, PERMISSION_SET, UNIT
from org_constructs.aws.user_types import USERS

from .restoring import REWRITTEN, has_functions
from .result import Difference

if TYPE_CHECKING:
    from .deployed import Deployed, DeployedStacks


class What(StrEnum):
    """What somebody did."""

    DELETED = auto()
    """It is gone: an account has left the organization, a membership or an assignment was ended."""

    MADE_AGAIN = auto()
    """A membership was ended and made again: the stack knows the one that has ended."""

    CLOSED = auto()
    """An account is not active."""

    MOVED = auto()
    """An account is under another parent."""

    CHANGED = auto()
    """It says something else; tags are part of that where an update writes them with the rest."""

    DETACHED = auto()
    """A policy is not attached to all that its template says."""

    ATTACHED = auto()
    """A policy is attached to more than its template says."""

    UNTAGGED = auto()
    """It lacks tags of its template, which no update brings back."""


@dataclass(frozen=True, kw_only=True)
class HandEdit:
    """One thing that somebody did by hand."""

    what: What
    resource: Deployed
    changes: tuple[Difference, ...] = ()
    """How AWS differs from what the stack was deployed with, without what only a deploy knows."""

    @property
    def which(self) -> list[Any]:
        """Which targets a policy was detached from or attached to, or which tags something lacks."""
        [change] = self.changes
        return _without(change.found, change.template) if self.what is What.ATTACHED else _lacking(change)


def by_hand(deployed: DeployedStacks, *types: str) -> Iterator[HandEdit]:
    """Yield what somebody did to what the stacks have of some types.

    Raises:
        Refusal: As `DeployedStacks.of_type`.
        botocore.exceptions.ClientError: As `DeployedStacks.of_type`.
    """
    return (edit for each in deployed.of_type(*types) for edit in hand_edits(each))


def missing(deployed: DeployedStacks) -> AbstractSet[str | None]:
    """Return the ids of what somebody deleted or closed: what was attached to it or joined it is gone with it.

    Raises:
        Refusal: As `DeployedStacks.of_type`.
        botocore.exceptions.ClientError: As `DeployedStacks.of_type`.
    """
    return {
        edit.resource.match.id
        for edit in by_hand(deployed, UNIT, PERMISSION_SET, GROUP, *USERS, ACCOUNT)
        if edit.what in (What.DELETED, What.CLOSED)
    }


def hand_edits(resource: Deployed) -> Iterator[HandEdit]:
    """Yield what somebody did to a resource: of each kind once at most, in the order of the kinds."""
    if resource.gone:
        yield HandEdit(what=What.DELETED, resource=resource)
        return
    found: dict[What, list[Difference]] = {}
    if resource.made_again is not None:
        again = Difference(property="MembershipId", template=resource.match.id, found=resource.made_again)
        found[What.MADE_AGAIN] = [again]
    for each in resource.match.differences:
        for what in () if has_functions(each.template) else _whats(each, resource.before.type):
            found.setdefault(what, []).append(each)
    # Nothing else of it can be changed back.
    for what in (What.CLOSED,) if What.CLOSED in found else What:
        if what in found:
            yield HandEdit(what=what, resource=resource, changes=tuple(found[what]))


def _whats(change: Difference, resource_type: str) -> Iterator[What]:
    match change.property:
        case "State":
            yield What.CLOSED
        case "ParentIds":
            yield What.MOVED
        case "TargetIds":
            if _lacking(change):
                yield What.DETACHED
            if _without(change.found, change.template):
                yield What.ATTACHED
        case "Tags":
            if _lacking(change):  # those that no template names may be there
                yield What.CHANGED if "Tags" in REWRITTEN.get(resource_type, ()) else What.UNTAGGED
        case _:
            yield What.CHANGED


def _lacking(change: Difference) -> list[Any]:
    """Return what of a list in a template AWS does not have."""
    return _without(change.template, change.found)


def _without(these: Sequence[Any] | None, others: Sequence[Any] | None) -> list[Any]:
    return [each for each in these or () if each not in (others or ())]
