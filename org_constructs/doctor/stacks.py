"""The stacks as they are in CloudFormation: whether an update can begin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from .check import Check
from .finding import Finding, ok, problem, warning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from org_constructs.assembly import Stack

    from .examination import Examination

# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html
_CAN_BE_UPDATED: Final = frozenset(
    {
        *("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"),
        *("IMPORT_COMPLETE", "IMPORT_ROLLBACK_COMPLETE"),
        # Made by a change set that was never executed.
        "REVIEW_IN_PROGRESS",
    }
)


def _look(examination: Examination) -> Iterator[Finding]:
    for stack in examination.assembly.stacks:
        yield from _stack(examination, stack)


def _stack(examination: Examination, stack: Stack) -> Iterator[Finding]:
    region = stack.region or examination.region
    deployed = examination.live_in(region).stack(stack.name)
    if deployed is None:
        yield ok(f"{stack.name} is not deployed yet in {region}")
    elif deployed.status in _CAN_BE_UPDATED:
        yield ok(f"{stack.name} is {deployed.status} in {region}, with {len(deployed.resources)} resources")
    elif deployed.status == "ROLLBACK_COMPLETE":
        yield warning(
            f"{stack.name} is ROLLBACK_COMPLETE: its first deploy failed",
            why="The next deploy makes the stack anew. What the failed one made and retained is still there, the"
            " organization and accounts above all, and making it a second time fails.",
            next=(
                "See the checks of the resources for what is there; `org-baseline adopt` has the stack take it over",
            ),
        )
    elif deployed.status.endswith("_IN_PROGRESS"):
        yield problem(
            f"{stack.name} is {deployed.status}",
            why="A stack is changed by one deploy at a time.",
            next=("Wait until it has ended, then run this again",),
        )
    elif deployed.status == "UPDATE_ROLLBACK_FAILED":
        yield problem(
            f"{stack.name} is UPDATE_ROLLBACK_FAILED",
            why="CloudFormation could neither update it nor go back, and takes no update before it has.",
            # `cdk rollback` does it only with a bootstrap stack.
            next=(
                (
                    f"`aws cloudformation continue-update-rollback --stack-name {stack.name}`; a resource that cannot"
                    " go back, such as an account with another name, is left out with --resources-to-skip LOGICAL_ID"
                ),
            ),
        )
    elif deployed.status in {"CREATE_FAILED", "UPDATE_FAILED"}:
        yield warning(
            f"{stack.name} is {deployed.status}: a deploy with --no-rollback failed",
            why="CloudFormation kept what was made, and a deploy that rolls back cannot go on from there.",
            next=(f"`cdk deploy {stack.id} --no-rollback`, once what it failed for is no more",),
        )
    else:
        yield problem(
            f"{stack.name} is {deployed.status}",
            why="CloudFormation takes no update of a stack in this state.",
            next=(f"See why: https://{region}.console.aws.amazon.com/cloudformation/home?region={region}",),
        )


CHECK: Final = Check(id="stacks", title="the stacks in CloudFormation", look=_look, needs=("assembly", "credentials"))
