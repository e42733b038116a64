"""The three outcomes that every kind of resource shares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .result import Difference, Match, State

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from .template import Resource


def created(resource: Resource, name: str) -> Match:
    """Return that there is nothing of it."""
    return Match(
        stack=resource.stack.id, logical_id=resource.logical_id, type=resource.type, name=name, state=State.CREATED
    )


def exists(
    resource: Resource,
    name: str,
    found_id: str,
    identifier: Mapping[str, str],
    differences: Iterable[Difference] = (),
    *,
    reason: str = "",
) -> Match:
    """Return that it exists; with a reason, why it is in the way."""
    return Match(
        stack=resource.stack.id,
        logical_id=resource.logical_id,
        type=resource.type,
        name=name,
        state=State.IN_THE_WAY if reason else State.ADOPTED,
        id=found_id,
        identifier={} if reason else identifier,
        differences=tuple(differences),
        reason=reason,
    )


def ambiguous(resource: Resource, name: str, what: str, found: Sequence[str]) -> Match:
    """Return that several things could be it."""
    return Match(
        stack=resource.stack.id,
        logical_id=resource.logical_id,
        type=resource.type,
        name=name,
        state=State.AMBIGUOUS,
        reason=f"{len(found)} {what}: {', '.join(found)}; change the others, or name the one in the app by its id",
    )
