"""What the stacks have, against the assembly and AWS: what a deploy fails at, and what it does not notice.

CloudFormation compares the template that it has with the one that it gets, and changes where they differ. It does not
look at what AWS has: what somebody took away by hand stays away, and what somebody changed fails where it is to change.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from org_constructs.aws.resource_types import (
    ASSIGNMENT,
    GROUP,
    MEMBERSHIP,
    NAMES,
    PERMISSION_SET,
    POLICY,
    UNIT,
)
from org_constructs.aws.user_types import USER, USERS
from org_constructs.matching.by_hand import What, by_hand, missing
from org_constructs.matching.restoring import OUT_AND_IN, assign, attach, end_membership
from org_constructs.refusal import Refusal
from org_constructs.templates.assembly import values_of

from . import closing, deployed_accounts
from .check import Check
from .finding import Finding, Status, ok, problem, unknown, warning
from .wording import SHOWN, names_of, steps

if TYPE_CHECKING:
    from org_constructs.matching.deployed import Deployed

    from .examination import Examination

_NAMED: Final = ((UNIT,), (POLICY,), (PERMISSION_SET,), (GROUP,), USERS)
"""What may be deleted by hand and leaves its name behind, together what people call by one word."""


def _look(examination: Examination) -> Iterator[Finding]:
    try:
        stacks = examination.deployed.stacks
    except Refusal as refusal:
        yield _not_comparable(refusal)
        return
    if not stacks:
        yield ok("deployed-nothing", "No stack of the assembly is deployed yet")
    quiet = True
    refused: set[str] = set()
    for look in _LOOKS if stacks else (closing.look,):  # a first deploy denies others everything as well
        try:
            for finding in look(examination):
                quiet &= finding.status is Status.OK
                yield finding
        except Refusal as refusal:
            # Several of them read what cannot be read.
            if str(refusal) not in refused:
                yield _not_comparable(refusal)
            refused.add(str(refusal))
    if stacks and quiet and not refused:
        yield ok("deployed-unchanged", "AWS has everything that the stacks were deployed with")


def _not_comparable(refusal: Refusal) -> Finding:
    return unknown(refusal.code, f"What is deployed cannot be compared: {refusal.why}", next=steps(refusal))


def _detached(examination: Examination) -> Iterator[Finding]:
    """Tell of policies that somebody detached from where the stack and the assembly attach them.

    An update attaches what the template before did not, even where it changes something else of the policy:
    https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-organizations
    """
    gone = missing(examination.deployed)
    for edit in by_hand(examination.deployed, POLICY):
        policy, after = edit.resource, edit.resource.after
        if edit.what is not What.DETACHED or after is None:
            continue
        wanted = {examination.matcher.reference(after, each) for each in after.properties.get("TargetIds", ())} - gone
        if detached := [each for each in edit.which if each in wanted]:
            yield warning(
                "policy-detached-by-hand",
                f"{policy.match.name} was detached by hand from {', '.join(detached)}",
                why="The deploy does not notice it, and the policy does not apply there.",
                next=tuple(f"`{examination.with_profile(attach(policy.match.id, target))}`" for target in detached),
            )


def _contents(examination: Examination) -> Iterator[Finding]:
    """Tell of policies and permission sets that say something else than the stack has."""
    for edit in by_hand(examination.deployed, POLICY, PERMISSION_SET):
        changed = sorted({each.property for each in edit.changes} - {"Name", "Tags"})
        if edit.what is not What.CHANGED or edit.resource.after is None or not changed:
            continue
        said = f"{edit.resource.match.name} was changed by hand: {', '.join(changed)}"
        if edit.resource.is_updated:
            yield warning(
                "changed-by-hand-overwritten",
                said,
                why="The deploy changes it, and overwrites all of it with what the app has.",
                next=("To keep the change by hand, add it to the app",),
            )
        else:
            yield warning(
                "changed-by-hand",
                said,
                why="The deploy does not notice it and leaves it like that.",
                next=(
                    "To keep it, add it to the app",
                    "To undo it, also change its description in the app: the deploy then overwrites all of it",
                ),
            )


def _users(examination: Examination) -> Iterator[Finding]:
    """Tell of users whose user name or e-mail the deploy changes: it makes another user.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-identitystore-user.html
    """
    for user in examination.deployed.of_type(USER):
        changed = sorted({"UserName", "Emails"}.intersection(user.update.changes))
        if user.after is None or not changed:
            continue
        said = f"The app changes {' and '.join(changed)} of {user.match.name}"
        before, after = (_unique(each.properties) for each in (user.before, user.after))
        if before & after:
            yield problem(
                "user-replaced-in-conflict",
                f"{said}: from {', '.join(sorted(before))} to {', '.join(sorted(after))}",
                why=(
                    "CloudFormation creates another user before it deletes this one, but user names and e-mail"
                    " addresses are unique in IAM Identity Center: the deploy fails and is rolled back."
                ),
                next=(
                    (
                        "Restore in the app what the stack has, and change the user in the IAM Identity Center"
                        " console, where no deploy undoes it"
                    ),
                ),
            )
        else:
            yield warning(
                "user-replaced",
                f"{said}: from {', '.join(sorted(before))} to {', '.join(sorted(after))}",
                why="CloudFormation creates another user and deletes this one, with its password and MFA devices.",
                next=("If it is the same person, restore in the app what the stack has",),
            )


def _unique(user: Mapping[str, Any]) -> set[str]:
    """Return what no two users of an identity store have in common: the user name and the e-mail."""
    emails = {each["Value"].casefold() for each in user.get("Emails", ()) if isinstance(each.get("Value"), str)}
    return {str(user["UserName"]).casefold(), *emails}


def _gone(examination: Examination) -> Iterator[Finding]:
    """Tell of what the stack has, and somebody deleted."""
    for types in _NAMED:
        gone = [each for each in _deleted(examination, *types) if each.after is not None]
        failing = [each for each in gone if each.is_updated or _is_referred_to(examination, each)]
        silent = [each for each in gone if each not in failing]
        next_ = (f"Take it, and what refers to it, {OUT_AND_IN}",)
        if failing:
            yield problem(
                "deleted-by-hand-needed",
                _deleted_by_hand(failing),
                why=(
                    "The deploy changes it, or creates something that refers to it, and fails because AWS does not"
                    " find it."
                ),
                next=next_,
            )
        if silent:
            yield warning(
                "deleted-by-hand",
                _deleted_by_hand(silent),
                why="The deploy does not notice it, and the next change to it fails.",
                next=next_,
            )


def _deleted(examination: Examination, *types: str) -> list[Deployed]:
    return [edit.resource for edit in by_hand(examination.deployed, *types) if edit.what is What.DELETED]


def _deleted_by_hand(gone: Sequence[Deployed]) -> str:
    number, (one, several) = len(gone), NAMES[gone[0].before.type]
    said = f"The {one} was" if number == 1 else f"{number} {several} were"
    return f"{said} deleted by hand, but the stack still has {'it' if number == 1 else 'them'}: {_names(gone)}"


def _is_referred_to(examination: Examination, gone: Deployed) -> bool:
    """Tell whether the deploy makes or changes something that refers to it."""
    if gone.after is None:
        return False
    stack = next(stack for stack in examination.deployed.stacks if stack.id == gone.before.stack.id)
    values = values_of([gone.after.stack])
    return any(
        resource.get("Properties") != stack.defined.get(logical_id, {}).get("Properties")
        and any(
            each.name == gone.before.logical_id for each in values.references(stack.name, resource.get("Properties"))
        )
        for logical_id, resource in values.resources(stack.name).items()
    )


def _taken_away(examination: Examination) -> Iterator[Finding]:
    """Tell of memberships and assignments that somebody ended, of what is still there."""
    gone = missing(examination.deployed)
    joined = examination.deployed.matcher.joined

    def taken(kind: str) -> list[Deployed]:
        return [
            each
            for each in _deleted(examination, kind)
            if each.after is not None and not each.update.changes and gone.isdisjoint(joined(each.before))
        ]

    why = "The deploy does not notice it and restores nothing."
    if memberships := taken(MEMBERSHIP):
        yield warning(
            "membership-ended-by-hand",
            f"Memberships were removed by hand, but the stack still has them: {_names(memberships)}",
            why=why,
            next=(f"To restore it, take it {OUT_AND_IN}", "To keep it like that, remove it from the app"),
        )
    if assignments := taken(ASSIGNMENT):
        yield warning(
            "assignment-ended-by-hand",
            f"Assignments were deleted by hand, but the stack still has them: {_names(assignments)}",
            why=why,
            next=(
                *(f"`{_assign(examination, each)}`" for each in assignments[:SHOWN]),
                "To keep it like that, remove it from the app",
            ),
        )


def _made_again(examination: Examination) -> Iterator[Finding]:
    """Tell of who was taken out of a group by hand and put in again: the stack knows a membership that has ended."""
    for edit in by_hand(examination.deployed, MEMBERSHIP):
        if edit.what is not What.MADE_AGAIN:
            continue
        membership, [again] = edit.resource, edit.changes
        region = membership.before.stack.region or examination.region
        ended = end_membership(membership.before.properties["IdentityStoreId"], again.found, region)
        command = examination.with_profile(ended)
        said = f"{membership.match.name} by hand, after the membership in the stack was deleted"
        if membership.after is None:
            yield problem(
                "membership-made-again",
                said,
                why="The deploy removes it from the stack, finds nothing to delete, and leaves the access as it is.",
                next=(f"`{command}`",),
            )
        else:
            yield warning(
                "membership-made-again",
                said,
                why="The deploy does not notice it, and a deploy without it leaves the access as it is.",
                next=(f"`{command}`, and take it {OUT_AND_IN}",),
            )


def _assign(examination: Examination, assignment: Deployed) -> str:
    region = assignment.before.stack.region or examination.region
    return examination.with_profile(assign(examination.deployed.matcher, assignment.before, region))


def _names(resources: Sequence[Deployed]) -> str:
    return names_of([each.match.name for each in resources])


_LOOKS: Final = (deployed_accounts.look, closing.look, _detached, _contents, _users, _gone, _taken_away, _made_again)

CHECK: Final = Check(
    id="deployed", title="what is deployed", look=_look, needs=("assembly", "credentials", "organization")
)
