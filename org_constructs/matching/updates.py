"""What a deploy does to what a stack has: CloudFormation compares the new template with its own, and not with AWS."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from org_constructs.refusal import Refusal
from org_constructs.templates.retention import stays_when_removed, stays_when_replaced
from org_constructs.templates.values import Reference, Unknown, Value

from .result import CREATE_ONLY, TYPES, Difference, Match, State

if TYPE_CHECKING:
    from org_constructs.live import organization as live
    from org_constructs.templates.assembly import Stack

    from .matcher import Matcher
    from .template import Resource

_UNCHANGEABLE: Final[Mapping[str, frozenset[str]]] = {
    "AWS::Organizations::Account": frozenset({"AccountName", "Email", "RoleName"}),
    "AWS::Organizations::Organization": frozenset({"FeatureSet"}),
}
"""What the update handlers refuse to change, and the rollback after that as well; letters' case is no change to them.

https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-organizations
"""


Key: TypeAlias = tuple[str, str]
"""The name of a resource's stack, and its logical id."""


@dataclass(frozen=True, kw_only=True)
class Update:
    """What a deploy changes in a resource that a stack has."""

    changes: tuple[str, ...]
    """The properties that the templates differ in, or that refer to what the deploy replaces."""

    refused: tuple[str, ...]
    """Those of them that cannot be changed, so that the deploy fails."""

    ignored: tuple[str, ...]
    """Those of them that stay as they are, since nothing but the case of letters differs."""

    is_replacement: bool
    """Whether the deploy makes another resource in its place."""


UNCHANGED: Final = Update(changes=(), refused=(), ignored=(), is_replacement=False)


def updates(pairs: Collection[tuple[Resource, Resource]]) -> Mapping[Key, Update]:
    """Return what a deploy changes in resources: by the templates alone, as CloudFormation tells it.

    Args:
        pairs: What stacks were deployed with, each with what the next deploy has in its place.
    """
    replaced: frozenset[Key] = frozenset()
    while True:
        found = {(new.stack.name, new.logical_id): _update(old, new, replaced) for old, new in pairs}
        more = frozenset(key for key, update in found.items() if update.is_replacement)
        if more == replaced:
            return found
        replaced = more  # what refers to it changes with it


def _update(old: Resource, new: Resource, replaced: Collection[Key]) -> Update:
    before, after = old.properties, new.properties
    changes = tuple(
        name
        for name in {**before, **after}
        if before.get(name) != after.get(name) or _refers(after.get(name), replaced)
    )
    fixed = [name for name in changes if name in _UNCHANGEABLE.get(new.type, ())]
    ignored = tuple(name for name in fixed if _differs_in_case(before.get(name), after.get(name)))
    return Update(
        changes=changes,
        refused=tuple(name for name in fixed if name not in ignored),
        ignored=ignored,
        is_replacement=any(
            name in changes if "/" not in name else _part(before, name) != _part(after, name)
            for name in CREATE_ONLY[new.type]
        ),
    )


def _part(properties: Mapping[str, Any], path: str) -> Any:  # noqa: ANN401 (JSON)
    """Return a property of a property: `Budget/BudgetName`."""
    outer, _, inner = path.partition("/")
    found = properties.get(outer)
    return found.get(inner) if isinstance(found, Mapping) else found


@dataclass(frozen=True, kw_only=True)
class Removal:
    """A resource that a stack has and its template has no longer."""

    type: str
    name: str
    """What people know it by; its logical id where nobody knows it."""

    id: str

    retained: bool
    """Whether the deployed template has it stay where it is, without the stack."""


def removals(there: live.Stack, deployed: Stack, stack: Stack, matcher: Matcher) -> tuple[Removal, ...]:
    """Return what a deploy takes out of a stack.

    Args:
        there: The stack as CloudFormation has it.
        deployed: The stack with the template that it was deployed with.
        stack: What it is to become.
        matcher: What knows the names of what the deployed template has.
    """
    return tuple(
        _removal(there, deployed, logical_id, matcher)
        for logical_id in there.resources
        if logical_id not in stack.defined
    )


def _removal(there: live.Stack, deployed: Stack, logical_id: str, matcher: Matcher) -> Removal:
    name, found = logical_id, there.resources[logical_id]
    resource = matcher.templates.resource(deployed.name, logical_id)
    if resource is not None and resource.type in TYPES:
        with suppress(Refusal):  # it may name what is gone by now
            match = matcher.match(resource)
            name, found = match.name, match.id or found
    retained = stays_when_removed(deployed.defined.get(logical_id, {}))
    return Removal(type=there.types[logical_id], name=name, id=found, retained=retained)


def changed(matches: Sequence[Match], stack: Stack, *, before: Matcher, after: Matcher) -> tuple[Match, ...]:
    """Return matches with what a deploy changes in those that the stack has: what the templates differ in.

    Args:
        matches: The resources of the stack.
        stack: What it is to become.
        before: Knows the template that the stack was deployed with.
        after: Knows the stack's.
    """
    both = {
        match.logical_id: (old, new)
        for match in matches
        if match.state is State.DEPLOYED
        and (old := before.templates.resource(stack.name, match.logical_id))
        and (new := after.templates.resource(stack.name, match.logical_id))
    }
    found = updates(both.values())
    replaced = {key for key, update in found.items() if update.is_replacement}

    def judged(match: Match) -> Match:
        old, new = both[match.logical_id]
        update = found[stack.name, match.logical_id]
        differences = tuple(
            Difference(
                property=name,
                template=_readable(after, new.properties.get(name), replaced),
                found=_readable(before, old.properties.get(name)),
            )
            for name in update.changes
            if name not in update.ignored
        )
        match = replace(match, name=before.match(old).name, differences=differences)
        if update.refused:
            reason = Refusal(
                "change-refused",
                f"CloudFormation cannot change {' and '.join(update.refused)}",
                "undo that in the app",
            )
            return replace(match, state=State.IN_THE_WAY, reason=reason)
        if update.is_replacement:
            kept = stays_when_replaced(stack.defined.get(match.logical_id, {}))
            return replace(match, replaced="kept" if kept else "deleted")
        return match

    return tuple(judged(each) if each.logical_id in both else each for each in matches)


def _refers(value: Value, keys: Collection[Key]) -> bool:
    """Tell whether a value refers to one of some resources."""
    match value:
        case Unknown():
            return any(isinstance(part, Reference) and (part.stack, part.name) in keys for part in value.parts)
        case Mapping():
            return any(_refers(item, keys) for item in value.values())
        case list():
            return any(_refers(item, keys) for item in value)
    return False


def _differs_in_case(found: Value, wanted: Value) -> bool:
    return isinstance(found, str) and isinstance(wanted, str) and found.casefold() == wanted.casefold()


def _readable(matcher: Matcher, value: Value, replaced: Collection[Key] = ()) -> Value:
    """Return a value with what it refers to by name."""
    match value:
        case Unknown():
            shown = matcher.shown(value)
            return f"the new {shown}" if _refers(value, replaced) else shown
        case Mapping():
            return {key: _readable(matcher, item, replaced) for key, item in value.items()}
        case list():
            return [_readable(matcher, item, replaced) for item in value]
    return value
