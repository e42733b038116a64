"""Accounts that are closing: who else is denied everything with them, and from when they may be closed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from org_constructs.aws.resource_types import ACCOUNT, POLICY, UNIT
from org_constructs.matching import State
from org_constructs.matching.by_hand import hand_edits
from org_constructs.matching.closing import others_denied
from org_constructs.matching.restoring import move
from org_constructs.templates import closing
from org_constructs.templates.metadata import metadata_of_all

from .account_ids import account_ids
from .finding import Finding, ok, problem, warning
from .wording import SHOWN, names_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from org_constructs.matching.template import Resource

    from .examination import Examination


def look(examination: Examination) -> Iterator[Finding]:
    """Yield what is to be said of the accounts that are closing, of their unit and of the policy there."""
    now, before = (
        frozenset(metadata_of_all(stack.template for stack in stacks).closing)
        for stacks in (examination.assembly.stacks, examination.deployed.stacks)
    )
    if before and not now:
        yield from _left(examination)
    templates = examination.matcher.templates
    for policy in templates.resources(POLICY):
        if now and policy.properties["Name"] == closing.POLICY:
            yield from _shared(examination, policy)
            yield from _from_when(examination, policy, now & before)


def _left(examination: Examination) -> Iterator[Finding]:
    """Tell of the unit that no account is closing in any more."""
    for unit in examination.deployed.of_type(UNIT):
        if unit.match.name == closing.CLOSING and unit.after is None and not unit.gone:
            yield warning(
                "closing-unit-left",
                f"The deploy takes the unit {closing.CLOSING!r} out of the stack, and it stays in AWS",
                why=(
                    "The next account that is closing finds it in the way: CloudFormation fails with AlreadyExists, and"
                    " only `org-baseline adopt` brings it back into the stack."
                ),
                next=("Keep it in the app, among its organizational_units",),
                paste=(f'OrganizationalUnitProps(name="{closing.CLOSING}"),',),
            )


def _shared(examination: Examination, policy: Resource) -> Iterator[Finding]:
    """Tell of accounts in the unit that the app does not make, such as in one that was there before."""
    others = others_denied(examination.matcher, policy)
    if not others:
        return
    names = names_of([f"{each.name} <{each.email}> ({each.id})" for each in others])
    root = examination.live.root().id
    commands = [move(each.id, source=each.parent_id, destination=root) for each in others[:SHOWN]]
    steps = [f"`{examination.with_profile(each)}` moves it to the root" for each in commands]
    found = f"The unit {closing.CLOSING!r} also has what the app does not make: {names}"
    if examination.matcher.match(policy).state is State.DEPLOYED:
        yield warning(
            "closing-unit-shared",
            found,
            why=f"The policy {closing.POLICY} denies everything but billing there.",
            next=(*steps,),
        )
    else:
        yield problem(
            "closing-unit-shared",
            found,
            why=f"The deploy attaches the policy {closing.POLICY} to the unit, which denies everything but billing.",
            next=(*steps,),
        )


def _from_when(examination: Examination, policy: Resource, keys: frozenset[str]) -> Iterator[Finding]:
    """Tell from when accounts may be closed that were deployed as closing, and are still as they were deployed."""
    unchanged = {
        (each.match.type, each.match.id): each.before
        for each in examination.deployed.of_type(ACCOUNT, POLICY)
        if not any(hand_edits(each))
    }
    denial = unchanged.get((POLICY, examination.matcher.match(policy).id))
    ids = account_ids(examination)
    for key in sorted(keys):
        account = unchanged.get((ACCOUNT, ids.get(key)))
        if denial and account:
            since = closing.denied_since(_summary(examination, account), _summary(examination, denial))
            time = closing.said(since + closing.DAYS)
            yield ok(
                "closing-from", f"The account {key!r} can be closed from {time} on: `org-baseline account close {key}`"
            )


def _summary(examination: Examination, resource: Resource) -> Mapping[str, Any]:
    """Return what CloudFormation says of a resource that a stack has."""
    live = examination.live_in(resource.stack.region or examination.region)
    return next(
        each for each in live.stack_resources(resource.stack.name) if each["LogicalResourceId"] == resource.logical_id
    )
