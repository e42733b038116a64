"""Accounts that the deploy moves, and those that somebody has moved by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .finding import Finding, ok, problem, warning

if TYPE_CHECKING:
    from org_constructs.matching import Difference, Match

    from .examination import Examination


def look_at_move(examination: Examination, match: Match, difference: Difference) -> Finding:
    """Return what the deploy does to an account of a stack that is under another parent than the assembly says.

    CloudFormation moves it from where the template before says it is, so that one which was moved by hand is not found
    there, even if it was moved to where the assembly has it. Only CloudFormation knows that template; detecting drift
    compares it with what is there.
    """
    [now], [wanted] = difference.found, difference.template
    stack = next(stack for stack in examination.assembly.stacks if stack.id == match.stack)
    client = examination.live_in(stack.region or examination.region).client("cloudformation")
    drift = client.detect_stack_resource_drift(StackName=stack.name, LogicalResourceId=match.logical_id)[
        "StackResourceDrift"
    ]
    if drift["StackResourceDriftStatus"] == "IN_SYNC":
        return ok(f"{match.name} moves from {now} to {wanted}")
    moved = [each for each in drift.get("PropertyDifferences", ()) if each["PropertyPath"].startswith("/ParentIds")]
    if drift["StackResourceDriftStatus"] == "MODIFIED" and not moved:
        return ok(f"{match.name} moves from {now} to {wanted}")
    if not moved:
        return warning(
            f"{match.name} is under {now}, and CloudFormation cannot tell whether it was moved by hand",
            why="If it was, the deploy cannot move it and is rolled back.",
            next=("See CloudTrail for MoveAccount",),
        )
    before = _parent_id(moved[0]["ExpectedValue"])
    command = (
        f"aws organizations move-account --account-id {match.id} --source-parent-id {now}"
        f" --destination-parent-id {before}"
    )
    if before == wanted:
        return warning(
            f"{match.name} was moved by hand: it is under {now}, and in the stack and the assembly under {wanted}",
            why="The deploy does not notice and leaves it there, and the next change of its unit fails.",
            next=(f"`{examination.with_profile(command)}` brings it back; then let the app move it",),
        )
    return problem(
        f"{match.name} was moved by hand: it is under {now}, in the stack under {before}, and goes to {wanted}",
        why="CloudFormation moves it from where the stack has it, does not find it there, and rolls back.",
        next=(f"`{examination.with_profile(command)}`, then deploy",),
    )


def _parent_id(expected: str) -> str:
    """Return the id in a value of a property difference: itself, or in a list as JSON."""
    return expected.strip('[]" ')
