"""What an update did: to resources, by what the stacks have before and after it, and to people, by what AWS has."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from org_constructs.live.organization import Live
from org_constructs.templates.words import and_list

from .portrait import read_portrait

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from org_constructs.live.organization import Client

    from .names import Names
    from .portrait import Organization, Portrait, Unit

# In the order in which they are told.
_VERBS: Final = ("created", "moved", "changed", "replaced", "deleted", "kept")
_CONTENT: Final = frozenset({"AWS::SSO::PermissionSet", "AWS::Organizations::Policy"})
"""The types of which a change says nothing before somebody reads what they say."""

_ResourceId = tuple[str, str]
"""The name of a stack, and the logical id."""


@dataclass(frozen=True)
class Snapshot:
    """What there is at one time."""

    portrait: Portrait
    statuses: Mapping[str, str]
    """Of the stacks, by their names."""

    resources: Mapping[_ResourceId, str]
    """Their physical ids."""

    ends: Mapping[_ResourceId, tuple[str, ...]]
    """In which statuses their events of the last operation ended, the last first."""

    types: Mapping[_ResourceId, str]
    groups: Mapping[str, str]
    """The ids of groups by their names."""


def look(clients: Callable[[str], Client], stacks: Iterable[str]) -> Snapshot:
    """Return what there is now.

    Args:
        clients: Makes boto3 clients from the names of services.
        stacks: The names of the stacks to look at.
    """
    live = Live(clients)
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
    groups = {group.name: group.id for each in live.instances() for group in live.groups(each.identity_store_id)}
    return Snapshot(read_portrait(clients), statuses, resources, told, types, groups)


def what_it_did(before: Snapshot, after: Snapshot, old: Names, new: Names) -> Iterator[tuple[str, str]]:
    """Yield what the update did to each resource: `created`, and what people call it."""
    did = sorted(_did(before, after, old, new), key=lambda each: _VERBS.index(each[0]))
    yield from dict.fromkeys(did)


def changed_contents(before: Snapshot, after: Snapshot, new: Names) -> list[str]:
    """Return the permission sets and policies that say something else now, or may."""
    return [
        name
        for each, kind in after.types.items()
        if kind in _CONTENT and _is_changed(each, before, after) and (name := new.of(*each))
    ]


def what_it_means(before: Snapshot, after: Snapshot, existing_groups: Collection[str]) -> Iterator[str]:
    """Yield what people have in addition and no longer have, and what policies apply to, in sentences.

    Args:
        before: What there was.
        after: What there is.
        existing_groups: The ids of the groups that no deploy made, of which nobody here knows who is in them.
    """
    groups = {name: each for name, each in {**before.groups, **after.groups}.items() if each in existing_groups}
    names = {**_accounts(before.portrait), **_accounts(after.portrait)}

    def sentences(gone: set[_Access], come: set[_Access], now: str, no_longer: str, between: str) -> Iterator[str]:
        for statements, verb in ((come, now), (gone, no_longer)):
            where = defaultdict[tuple[str, str], list[str]](list)
            for who, what, account_id in statements:
                where[who, what].append(names.get(account_id, account_id))
            for (who, what), accounts in sorted(where.items()):
                yield f"{who} {verb} {what}{between}{and_list(sorted(accounts))}"

    had, has = _access(before.portrait, groups), _access(after.portrait, groups)
    yield from sentences(had - has, has - had, "now has", "no longer has", " in ")
    applied, applies = _in_force(before.portrait.organization), _in_force(after.portrait.organization)
    yield from sentences(applied - applies, applies - applied, "now applies to", "no longer applies to", "")


_Access = tuple[str, str, str]
"""Who, what, and in which account."""


def _did(before: Snapshot, after: Snapshot, old: Names, new: Names) -> Iterator[tuple[str, str]]:
    moved = _moved(before.portrait.organization, after.portrait.organization)
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
    accounts = _accounts(after.portrait)
    for account_id in sorted(accounts.keys() - _accounts(before.portrait).keys() - set(after.resources.values())):
        yield "created", f"account {accounts[account_id]}, which no stack has"


def _is_changed(each: _ResourceId, before: Snapshot, after: Snapshot) -> bool:
    went_well = not any("ROLLBACK" in status for status in after.ends.get((each[0], each[0]), ()))
    return each in before.resources and went_well and "UPDATE_COMPLETE" in after.ends.get(each, ())


def _moved(before: Organization | None, after: Organization | None) -> dict[str, str]:
    """Return how the accounts moved that did, by their ids."""
    was, is_now = _places(before), _places(after)
    return {
        account_id: f"from {was[account_id]} to {place}"
        for account_id, place in is_now.items()
        if was.get(account_id, place) != place
    }


def _places(organization: Organization | None) -> dict[str, str]:
    def inside(unit: Unit, path: str) -> Iterator[tuple[str, str]]:
        yield from ((account.id, path or "the root") for account in unit.accounts)
        for each in unit.units:
            yield from inside(each, f"{path}/{each.name}" if path else each.name)

    return dict(inside(organization.root, "")) if organization else {}


def _in_force(organization: Organization | None) -> set[_Access]:
    def inside(unit: Unit, above: frozenset[str]) -> Iterator[_Access]:
        policies = above | set(unit.policies)
        for account in unit.accounts:
            if organization is not None and account.id != organization.management_account_id:
                yield from ((f"policy {name}", "", account.id) for name in policies | set(account.policies))
        for each in unit.units:
            yield from inside(each, policies)

    return set(inside(organization.root, frozenset())) if organization else set()


def _access(portrait: Portrait, group_ids: Mapping[str, str]) -> set[_Access]:
    def whom(person: str, through: str) -> str:
        if person:
            return person
        known = f" ({group_ids[through]})" if through in group_ids else ""
        return f"whoever is in group {through}{known}"

    return {
        (whom(each.person, each.through), each.permission_set, account_id)
        for each in (*portrait.access, *portrait.empty_groups)
        for account_id in each.account_ids
    }


def _accounts(portrait: Portrait) -> dict[str, str]:
    return {each.id: each.name for each in portrait.organization.root.all_accounts()} if portrait.organization else {}
