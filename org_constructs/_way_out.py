"""What comes next for a stack whose deploy failed, by its status: what the doctor, adopt and the rehearsal say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

TO_BE_DESTROYED: Final = frozenset({"ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", "DELETE_FAILED"})
"""The statuses in which a stack takes nothing over before it is deleted, and deleting it leaves what is retained.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html
"""

_NOT_DELETED: Final = (
    "CloudFormation could not delete all that it had to, and takes nothing of this stack but its deletion.",
    "undo by hand what the events say stops it, then `cdk destroy {id}`: what is retained stays",
    "`org-baseline adopt`, which prints the commands with which the stack takes over what is there",
)
_WAYS: Final[Mapping[str, tuple[str, ...]]] = {
    "ROLLBACK_COMPLETE": (
        "The first deploy failed and was taken back: the stack holds nothing, and what is retained exists without it.",
        "`org-baseline adopt` finds what is there and prints the commands with which the stack takes it over",
    ),
    "ROLLBACK_FAILED": _NOT_DELETED,
    "DELETE_FAILED": _NOT_DELETED,
    "CREATE_FAILED": (
        "The first deploy failed, and with --no-rollback CloudFormation keeps what was made.",
        "`cdk deploy {id} --no-rollback` goes on, once what it failed for is no more",
        (
            "or, where it failed for something that exists now, such as an account that timed out: `cdk destroy {id}`,"
            " which leaves what is retained, then `org-baseline adopt`"
        ),
    ),
    "UPDATE_FAILED": (
        "The deploy failed, and with --no-rollback CloudFormation keeps what was changed.",
        "`cdk deploy {id} --no-rollback` goes on, once what it failed for is no more",
        "or `aws cloudformation rollback-stack --stack-name {name}` takes the deploy back",
    ),
    "UPDATE_ROLLBACK_COMPLETE": (
        "The deploy failed and was taken back: the stack is as it was.",
        (
            "`cdk deploy {id}`, once what it failed for is no more; where an account of the failed deploy exists,"
            " `org-baseline adopt` first"
        ),
    ),
    "UPDATE_ROLLBACK_FAILED": (
        "CloudFormation could neither update the stack nor go back, and takes no update before it has.",
        "take the change back in the app",
        (
            "`aws cloudformation continue-update-rollback --stack-name {name} --resources-to-skip {stuck}` leaves out"
            " what cannot go back, such as an account with another name"
        ),
        "`cdk deploy {id}`",
    ),
}


@dataclass(frozen=True, kw_only=True)
class WayOut:
    """How to go on with a stack."""

    why: str
    """What its status means."""

    steps: tuple[str, ...]
    """What to do, one after the other, or one or the other, as they say."""

    section: str
    """The heading in docs/recovery.md that says more."""


def way_out(status: str, *, stack_id: str, stack_name: str, stuck: Sequence[str] = ()) -> WayOut | None:
    """Return how to go on with a stack; None where its status is none of those in which a failed deploy leaves one.

    Args:
        status: The stack's.
        stack_id: What the CDK CLI selects it by.
        stack_name: Its name in CloudFormation.
        stuck: The logical ids of what could not go back, where they are known.
    """
    if status not in _WAYS:
        return None
    why, *steps = _WAYS[status]
    values = {"id": stack_id, "name": stack_name, "stuck": " ".join(stuck) or "LOGICAL_ID"}
    return WayOut(why=why, steps=tuple(each.format_map(values) for each in steps), section=f"The stack is {status}")
