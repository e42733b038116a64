"""What a deploy does to what a stack has: CloudFormation compares the new template with its own, and not with AWS."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from org_constructs.refusal import Refusal
from org_constructs.templates.retention import stays_when_removed, stays_when_replaced
from org_constructs.templates.values import Reference, Unknown

from .result import CREATE_ONLY, TYPES, Difference, Match, State

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from org_constructs.live import organization as live
    from org_constructs.templates.assembly import Stack
    from org_constructs.templates.values import Value

    from .matcher import Matcher
    from .template import Resource

_UNCHANGEABLE: Final[Mapping[str, frozenset[str]]] = {
    "AWS::Organizations::Account": frozenset({"AccountName", "Email", "RoleName"}),
    "AWS::Organizations::Organization": frozenset({"FeatureSet"}),
}
"""What the update handlers refuse to change, and the rollback after that as well; letters' case is no change to them.

https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-organizations
"""


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
        if logical_id not in stack.template.get("Resources", {})
    )


def _removal(there: live.Stack, deployed: Stack, logical_id: str, matcher: Matcher) -> Removal:
    name, found = logical_id, there.resources[logical_id]
    resource = matcher.templates.resource(deployed.name, logical_id)
    if resource is not None and resource.type in TYPES:
        with suppress(Refusal):  # it may name what is gone by now
            match = matcher.match(resource)
            name, found = match.name, match.id or found
    retained = stays_when_removed(deployed.template.get("Resources", {}).get(logical_id, {}))
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
    replaced: set[str] = set()
    while True:
        updates = {
            match.logical_id: _changed(match, *both[match.logical_id], replaced)
            for match in matches
            if match.logical_id in both
        }
        more = {name for name, match in updates.items() if match.replaced}
        if more == replaced:
            break
        replaced = more  # what refers to it changes with it

    def readable(match: Match) -> Match:
        return replace(
            match,
            name=before.match(both[match.logical_id][0]).name,
            differences=tuple(
                replace(
                    each,
                    template=_readable(after, each.template, replaced),
                    found=_readable(before, each.found),
                )
                for each in match.differences
            ),
        )

    return tuple(readable(updates[each.logical_id]) if each.logical_id in updates else each for each in matches)


def _changed(match: Match, old: Resource, new: Resource, replaced: Collection[str]) -> Match:
    before, after = old.properties, new.properties
    unchangeable = _UNCHANGEABLE.get(match.type, ())
    differences = tuple(
        Difference(property=name, template=after.get(name), found=before.get(name))
        for name in {**before, **after}
        if (before.get(name) != after.get(name) or _refers(after.get(name), replaced))
        and not (name in unchangeable and _differs_in_case(before.get(name), after.get(name)))
    )
    match = replace(match, differences=differences)
    if refused := [each.property for each in differences if each.property in unchangeable]:
        reason = Refusal(
            "change-refused", f"CloudFormation cannot change {' and '.join(refused)}", "take that back in the app"
        )
        return replace(match, state=State.IN_THE_WAY, reason=reason)
    if CREATE_ONLY[match.type].isdisjoint(each.property for each in differences):
        return match
    definition = new.stack.template["Resources"].get(new.logical_id, {})
    kept = stays_when_replaced(definition)
    return replace(match, replaced="kept" if kept else "deleted")


def _refers(value: Value, names: Collection[str]) -> bool:
    """Tell whether a value refers to one of some resources."""
    match value:
        case Unknown():
            return any(isinstance(part, Reference) and part.name in names for part in value.parts)
        case Mapping():
            return any(_refers(item, names) for item in value.values())
        case list():
            return any(_refers(item, names) for item in value)
    return False


def _differs_in_case(found: Value, wanted: Value) -> bool:
    return isinstance(found, str) and isinstance(wanted, str) and found.casefold() == wanted.casefold()


def _readable(matcher: Matcher, value: Value, replaced: Collection[str] = ()) -> Value:
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
