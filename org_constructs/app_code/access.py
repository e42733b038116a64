"""The permission sets and assignments of an app."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import fields
from typing import TYPE_CHECKING

from org_constructs.baseline.props import AssignmentProps, PermissionSetProps
from org_constructs.constructs.permission_set import CustomerManagedPolicy, check_permission_set
from org_constructs.refusal import Refusal
from org_constructs.templates.permission_set import arguments
from org_constructs.templates.words import count

from .arguments import Told, in_order, is_of_aws, is_of_stack, refused, some, why_by_id
from .targets import assignment_targets

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from org_constructs.templates.description import Assignment, Description, PermissionSet

    from .arguments import Notes
    from .people import People
    from .places import Places


def own_assignments(description: Description, left_out: Collection[str], notes: Notes) -> list[Assignment]:
    """Return the assignments that the app makes, and note which it leaves alone.

    Args:
        description: What AWS has.
        left_out: The keys of the accounts that the app does not have.
        notes: Is told what is left alone.
    """
    own = []
    left: Counter[str] = Counter()
    for each in description.assignments:
        if each.account in left_out:
            left["in accounts that are left out"] += 1
        elif is_of_stack(each):
            left[f"that the {each.origin} has"] += 1
        elif is_of_aws(description.permission_sets[each.permission_set]) and is_of_aws(
            description.groups.get(each.principal)
        ):
            left["of AWS's own permission sets to AWS's own groups"] += 1
        else:
            own.append(each)
    for which, number in sorted(left.items()):
        notes.say("assignments", f"Left alone: {count(number, 'assignment')} {which}.")
    return own


def assignments(
    own: Collection[Assignment], permission_sets: Mapping[str, PermissionSet], places: Places, people: People
) -> list[Told]:
    """Return the assignments: of groups before those of people, one for each permission set that somebody has."""
    accounts: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for each in own:
        accounts[each.principal, each.permission_set].add(places.name(each.account))

    def order(pair: tuple[str, str]) -> tuple[bool, str, str]:
        principal, permission_set = pair
        return people.is_person(principal), people.name(principal).casefold(), permission_sets[permission_set].name

    return [
        Told(
            AssignmentProps(
                principal=people.name(principal),
                permission_set=permission_sets[permission_set].name,
                targets=assignment_targets(accounts[principal, permission_set], places.places, places.units_by_id),
            )
        )
        for principal, permission_set in sorted(accounts, key=order)
    ]


def permission_sets(description: Description, used: Collection[str], notes: Notes) -> list[Told]:
    """Return the permission sets, and note which are left alone.

    Args:
        description: What AWS has.
        used: The keys of those that the app assigns.
        notes: Is told what is left alone.
    """
    told, left = [], []
    named: defaultdict[str, list[str]] = defaultdict(list)
    for key, each in in_order(description.permission_sets):
        if is_of_aws(each) and key not in used:
            left.append(each.name)
            continue
        why = why_by_id(each)
        made = None if why else _permission_set(each)
        if isinstance(made, PermissionSetProps):
            told.append(Told(made))
        else:
            told.append(Told(PermissionSetProps(name=each.name, permission_set_arn=key)))
            named[why or f"this app could not make them ({made.why if made else ''})"].append(each.name)
    if left:
        notes.say("permission_sets", f"AWS's own permission sets are left alone: {some(left)}.")
    notes.say_named("permission_sets", "permission sets", named)
    return told


def _permission_set(found: PermissionSet) -> PermissionSetProps | Refusal:
    """Return what makes such a permission set, or why nothing does."""
    try:
        made = arguments(found.properties, CustomerManagedPolicy)
    except Refusal as refusal:
        return refusal
    props = PermissionSetProps(name=found.name, **made, tags=dict(found.tags) or None)
    given = {each.name: getattr(props, each.name) for each in fields(props) if each.name != "permission_set_arn"}
    return refused(check_permission_set, **given) or props
