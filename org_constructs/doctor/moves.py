"""Accounts that the deploy moves, and those that somebody has moved by hand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from org_constructs.aws.resource_types import UNIT
from org_constructs.matching.by_hand import What, hand_edits
from org_constructs.matching.restoring import TAKE_OUT, move

from .finding import Finding, ok, problem, warning

if TYPE_CHECKING:
    from org_constructs.matching.by_hand import HandEdit
    from org_constructs.matching.deployed import Deployed

    from .examination import Examination


def moves(examination: Examination, account: Deployed) -> Iterator[Finding]:
    """Yield what the deploy does to an account of a stack that is, or is to be, under another parent.

    CloudFormation moves it from where the template before has it, so that one which was moved by hand is not found
    there, even if it was moved to where the assembly has it.
    https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-organizations
    """
    before = examination.deployed.matcher.parent(account.before)
    wanted = examination.matcher.parent(account.after) if account.after else before
    by_hand = next((edit for edit in hand_edits(account) if edit.what is What.MOVED), None)
    if by_hand is not None:
        yield _moved_by_hand(examination, by_hand, wanted)
    elif wanted != before:
        yield ok("account-moves", f"{account.match.name} moves from {before} to {wanted}")


def _moved_by_hand(examination: Examination, edit: HandEdit, wanted: str) -> Finding:
    account, [change] = edit.resource, edit.changes
    [now], [before] = change.found, change.template
    name = account.match.name
    command = examination.with_profile(move(account.match.id, source=now, destination=before))
    if any(unit.gone and unit.match.id == before for unit in examination.deployed.of_type(UNIT)):
        steps: tuple[str, ...] = (
            TAKE_OUT,
            "then add it again, in the unit where it belongs, and `org-baseline adopt` lets the stack adopt it",
        )
    elif before == wanted:
        steps = (f"`{command}` moves it back; then let the app move it",)
    else:
        steps = (f"`{command}`, then deploy",)
    if before == wanted:
        return warning(
            "account-moved-by-hand",
            f"{name} was moved by hand: it is in {now}, but in {wanted} in the stack and the assembly",
            why="The deploy does not notice it and leaves it there, and the next change of its unit fails.",
            next=steps,
        )
    back = f"is rolled back, which moves it to {before}" if now == wanted else "cannot be rolled back"
    return problem(
        "account-moved-by-hand",
        f"{name} was moved by hand: it is in {now}, but in {before} in the stack, and the app moves it to {wanted}",
        why=(
            "CloudFormation moves it from where it is in the stack, and does not find it there: the deploy fails and"
            f" {back}."
        ),
        next=steps,
    )
