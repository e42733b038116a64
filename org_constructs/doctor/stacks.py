"""The stacks as they are in CloudFormation: whether an update can begin."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from org_constructs.aws import stack_statuses
from org_constructs.aws.consoles import console
from org_constructs.matching import TYPES, State
from org_constructs.matching.way_out import way_out
from org_constructs.refusal import Refusal

from .check import Check
from .finding import Finding, ok, problem, warning

if TYPE_CHECKING:
    from org_constructs.templates.assembly import Stack

    from .examination import Examination

_CAN_BE_GONE_ON_WITH: Final = frozenset({"ROLLBACK_COMPLETE", "CREATE_FAILED", "UPDATE_FAILED"})


def _look(examination: Examination) -> Iterator[Finding]:
    for stack in examination.assembly.stacks:
        yield from _stack(examination, stack)


def _stack(examination: Examination, stack: Stack) -> Iterator[Finding]:
    region = stack.region or examination.region
    deployed = examination.live_in(region).stack(stack.name)
    if deployed is None:
        yield ok("stack-not-deployed", f"{stack.name} is not deployed yet in {region}")
    elif deployed.status in stack_statuses.FINISHED:
        yield ok(
            "stack-ready", f"{stack.name} is {deployed.status} in {region}, with {len(deployed.resources)} resources"
        )
    elif deployed.status.endswith("_IN_PROGRESS"):
        yield problem(
            "stack-in-progress",
            f"{stack.name} is {deployed.status}",
            why="Only one deploy can change a stack at a time.",
            next=("Wait until it has ended, then run this again",),
        )
    elif out := way_out(deployed.status, stack_id=stack.id):
        say = warning if deployed.status in _CAN_BE_GONE_ON_WITH else problem
        exists = out.if_exists and _something_exists(examination, stack)
        yield say(
            "stack-failed",
            f"{stack.name} is {deployed.status}",
            why=out.why,
            next=(out.if_exists,) if exists else out.steps,
        )
    else:
        page = console(region, f"cloudformation/home?region={region}") or "the console of CloudFormation"
        yield problem(
            "stack-stuck",
            f"{stack.name} is {deployed.status}",
            why="CloudFormation does not update a stack in this state.",
            next=(f"See why: {page}",),
        )


def _something_exists(examination: Examination, stack: Stack) -> bool:
    """Tell whether there is something that the stack makes and does not have, so that going on would fail."""
    try:
        return any(
            match.state is State.ADOPTED and match.stack == stack.id
            for each in TYPES
            for match in examination.matcher.matches(each)
        )
    except Refusal:  # the checks of the resources say what keeps them from being compared
        return False


CHECK: Final = Check(id="stacks", title="the stacks in CloudFormation", look=_look, needs=("assembly", "credentials"))
