"""Accounts of the stacks: what a deploy cannot change of them, and what it does not notice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from org_constructs.aws.account_states import CLOSED, meaning, way_back
from org_constructs.aws.resource_types import ACCOUNT, ASSIGNMENT
from org_constructs.matching import State
from org_constructs.matching.by_hand import HandEdit, What, hand_edits
from org_constructs.matching.restoring import TAKE_OUT
from org_constructs.templates.metadata import metadata_of_all
from org_constructs.templates.words import and_list

from .finding import Finding, problem, warning
from .moves import moves
from .wording import begun, names_of

if TYPE_CHECKING:
    from org_constructs.matching.deployed import Deployed

    from .examination import Examination

_FIXED: Final = {"AccountName": "name", "Email": "e-mail", "RoleName": "role_name"}
"""What CloudFormation does not change of an account that exists.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-organizations-account.html
"""

_TAKE_OUT: Final = f"{TAKE_OUT[0].lower()}{TAKE_OUT[1:]}"


def look(examination: Examination) -> Iterator[Finding]:
    """Yield what is to be said of the accounts that the stacks have."""
    accounts = list(examination.deployed.of_type(ACCOUNT))
    for name in _FIXED:
        yield from _fixed(examination, name, [each for each in accounts if name in each.update.refused])
    assigned = _newly_assigned(examination) if any(map(_become, accounts)) else frozenset()
    for account in accounts:
        if account.after is None:
            continue
        if become := _become(account):
            yield _not_active(account, *become, assigned=account.match.id in assigned)
        else:
            yield from _changed_by_hand(account)
            yield from moves(examination, account)


def _fixed(examination: Examination, name: str, accounts: Sequence[Deployed]) -> Iterator[Finding]:
    if not accounts:
        return
    what = _FIXED[name]
    changes = [
        f"that of {each.match.name.partition(' <')[0]} from {each.before.properties.get(name)!r}"
        f" to {each.after.properties.get(name)!r}"
        for each in accounts
        if each.after
    ]
    before = metadata_of_all(stack.template for stack in examination.deployed.stacks).email
    base = name == "Email" and before and before != examination.assembly.description.metadata.email
    yield problem(
        "account-change-refused",
        f"The app changes the {what} of {'accounts' if len(accounts) > 1 else 'an account'} in the stack:"
        f" {names_of(changes)}",
        why=(
            "CloudFormation cannot change the name, e-mail address or role_name of an existing account, even if AWS"
            " already has the new one: the deploy fails and cannot be rolled back."
        ),
        next=(
            "Restore in the app what the stack has"
            + ("" if name == "RoleName" else f"; change the {what} itself in the account's settings"),
        ),
        paste=(f'email="{before}",',) if base else (),
    )


def _become(account: Deployed) -> tuple[str, tuple[str, ...]] | None:
    """Return what has become of an account that nobody can use, and what to do about it; None of any other."""
    match next(hand_edits(account), None):
        case HandEdit(what=What.DELETED):
            return "is no longer in the organization", (TAKE_OUT,)
        case HandEdit(what=What.CLOSED, changes=(change,)):
            back = way_back(change.found)
            ways = (TAKE_OUT, f"or {back}") if change.found in CLOSED else (begun(back), f"or {_TAKE_OUT}")
            return f"is {meaning(change.found)}", ways
    return None


def _not_active(account: Deployed, become: str, ways: tuple[str, ...], *, assigned: bool) -> Finding:
    said = f"{account.match.name} ({account.match.id}) {become}, but the stack still has it"
    changed = and_list([*sorted(account.update.changes), *(["the stack's tags"] if account.retagged else [])])
    if changed:
        return problem(
            "account-not-active-changed",
            f"{said}; the deploy changes {changed} in it",
            why=(
                "CloudFormation cannot change an account that is not active: the deploy fails and cannot be rolled"
                " back."
            ),
            next=ways,
        )
    if assigned:
        return problem(
            "account-not-active-assigned",
            f"{said}; the deploy gives somebody access to it",
            why="IAM Identity Center does not find it: the deploy fails and is rolled back.",
            next=ways,
        )
    return warning(
        "account-not-active",
        said,
        why="The deploy does not notice it, and the next change to the account fails.",
        next=ways,
    )


def _newly_assigned(examination: Examination) -> frozenset[str | None]:
    """Return the ids of the accounts in which the deploy gives somebody access."""
    matcher = examination.matcher
    return frozenset(
        matcher.reference(assignment, assignment.properties["TargetId"])
        for assignment in matcher.templates.resources(ASSIGNMENT)
        if matcher.match(assignment).state is State.CREATED
    )


def _changed_by_hand(account: Deployed) -> Iterator[Finding]:
    for each in (change for edit in hand_edits(account) if edit.what is What.CHANGED for change in edit.changes):
        # A name that the app has people see is another check's.
        named = each.property == "AccountName" and account.before.logical_id in account.before.stack.display_names
        if each.property not in account.update.refused and not named:
            what = _FIXED[each.property]
            yield warning(
                "account-changed-by-hand",
                f"The {what} of account {account.match.id} is {each.found!r}, but {each.template!r} in the stack and"
                " the app",
                why="The deploy does not notice it and leaves it like that; a deploy that changes it would fail.",
                next=(f"Leave the {what} in the app as it is",),
            )
