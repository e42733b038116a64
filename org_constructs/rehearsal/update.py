"""What an update did to resources, by what the stacks have before and after it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from org_constructs.access_diff.identity import unit_path
from org_constructs.live.organization import Client, LiveOrganization

from .summary import describe

if TYPE_CHECKING:
    from org_constructs.templates.description import Description

    from .local_aws import Existing
    from .names import Names

# In the order in which they are told.
_VERBS: Final = ("created", "moved", "changed", "replaced", "deleted", "kept")

_ResourceId = tuple[str, str]
"""The name of a stack, and the logical id."""


@dataclass(frozen=True)
class Snapshot:
    """What there is at one time."""

    description: Description
    statuses: Mapping[str, str]
    """Of the stacks, by their names."""

    resources: Mapping[_ResourceId, str]
    """Their physical ids."""

    ends: Mapping[_ResourceId, tuple[str, ...]]
    """In which statuses their events of the last operation ended, the last first."""

    types: Mapping[_ResourceId, str]


def look(clients: Callable[[str], Client], stacks: Iterable[str], existing: Existing) -> Snapshot:
    """Return what there is now.

    Args:
        clients: Makes boto3 clients from the names of services.
        stacks: The names of the stacks to look at.
        existing: What was taken as existing.
    """
    live = LiveOrganization(clients)
    statuses: dict[str, str] = {}
    resources: dict[_ResourceId, str] = {}
    ends = defaultdict[_ResourceId, list[str]](list)
    types: dict[_ResourceId, str] = {}
    for name in stacks:
        stack = live.stack(name)
        if stack is None:
            continue
        statuses[name] = stack.status
        resources |= {(name, logical_id): physical_id for logical_id, physical_id in stack.resources.items()}
        pages = live.client("cloudformation").get_paginator("describe_stack_events").paginate(StackName=name)
        for event in (event for page in pages for event in page["StackEvents"]):
            itself = event["LogicalResourceId"] == name
            if not event["ResourceStatus"].endswith("_IN_PROGRESS"):
                ends[name, event["LogicalResourceId"]].append(event["ResourceStatus"])
                types[name, event["LogicalResourceId"]] = event["ResourceType"]
            elif itself and event.get("ResourceStatusReason") == "User Initiated":
                break
    told = {each: tuple(statuses) for each, statuses in ends.items()}
    return Snapshot(describe(live, existing), statuses, resources, told, types)


def what_it_did(before: Snapshot, after: Snapshot, old: Names, new: Names) -> Iterator[tuple[str, str]]:
    """Yield what the update did to each resource: `created`, and what people call it."""
    did = sorted(_did(before, after, old, new), key=lambda each: _VERBS.index(each[0]))
    yield from dict.fromkeys(did)


def _did(before: Snapshot, after: Snapshot, old: Names, new: Names) -> Iterator[tuple[str, str]]:
    moved = _moved(before.description, after.description)
    for each in dict.fromkeys((*before.resources, *after.resources)):
        if "AWS::CDK::Metadata" in {before.types.get(each), after.types.get(each)}:
            continue
        was, is_now = before.resources.get(each), after.resources.get(each)
        old_name, new_name = old.of(*each) or each[1], new.of(*each) or each[1]
        if was is None:
            yield "created", new_name
        elif is_now is None:
            yield ("kept" if after.ends.get(each, ("",))[0] == "DELETE_SKIPPED" else "deleted"), old_name
        elif was != is_now and old_name == new_name:
            yield "replaced", new_name
        elif was != is_now:
            yield "created", new_name
            yield "deleted", old_name
        elif is_now in moved:
            yield "moved", f"{new_name} {moved[is_now]}"
        elif _is_changed(each, before, after):
            yield "changed", new_name
    # A failed deploy may leave one behind.
    were, are = before.description.accounts, after.description.accounts
    for key in sorted(are.keys() - were.keys() - set(after.resources.values())):
        yield "created", f"account {are[key].name}, which no stack has"


def _is_changed(each: _ResourceId, before: Snapshot, after: Snapshot) -> bool:
    went_well = not any("ROLLBACK" in status for status in after.ends.get((each[0], each[0]), ()))
    return each in before.resources and went_well and "UPDATE_COMPLETE" in after.ends.get(each, ())


def _moved(before: Description, after: Description) -> dict[str, str]:
    """Return how the accounts moved that did, by their ids."""
    was, is_now = _places(before), _places(after)
    return {
        account_id: f"from {was[account_id]} to {place}"
        for account_id, place in is_now.items()
        if was.get(account_id, place) != place
    }


def _places(description: Description) -> dict[str, str]:
    return {
        key: unit_path(description, account.parent) or "the root"
        for key, account in description.accounts.items()
        if account.parent
    }
