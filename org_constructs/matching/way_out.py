"""What comes next for a stack whose deploy failed, by its status: what the doctor and the rehearsal say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_ADOPT: Final = "`org-baseline adopt --stack {id}`"
_NOT_DELETED: Final = (
    "CloudFormation could not delete everything, and can do nothing with this stack but delete it.",
    "undo by hand what prevents the deletion, according to its events",
    (
        f"{_ADOPT} prints the commands that finish the deletion, which keeps what is retained, and then those with"
        " which the stack adopts that"
    ),
)
_GO_ON: Final = "`cdk deploy {id} --exclusively --no-rollback` continues, once the cause is fixed"
_TAKE_OVER: Final = f"{_ADOPT} prints the commands with which the stack adopts it"
_WAYS: Final[Mapping[str, tuple[str, ...]]] = {
    "ROLLBACK_COMPLETE": (
        "The first deploy failed and was rolled back: the stack is empty, and what is retained exists outside it.",
        f"{_ADOPT} finds what is there and prints the commands with which the stack adopts it",
    ),
    "ROLLBACK_FAILED": _NOT_DELETED,
    "DELETE_FAILED": _NOT_DELETED,
    "CREATE_FAILED": ("The first deploy failed, and with --no-rollback CloudFormation keeps what was created.", _GO_ON),
    "UPDATE_FAILED": ("The deploy failed, and with --no-rollback CloudFormation keeps what was changed.", _GO_ON),
    "UPDATE_ROLLBACK_COMPLETE": (
        "The deploy failed and was rolled back: the stack is as it was before.",
        "`cdk deploy {id} --exclusively`, once the cause is fixed",
    ),
    "UPDATE_ROLLBACK_FAILED": (
        "CloudFormation could neither update the stack nor roll back, and must roll back before the next update.",
        "undo the change in the app",
        f"{_ADOPT} prints the commands that finish the rollback, and then what is left to deploy",
    ),
}
_IF_EXISTS: Final = frozenset({"CREATE_FAILED", "UPDATE_FAILED", "UPDATE_ROLLBACK_COMPLETE"})
"""The statuses in which something may exist that the stack does not have, as it failed to make it."""


@dataclass(frozen=True, kw_only=True)
class WayOut:
    """How to go on with a stack."""

    why: str
    """What its status means."""

    steps: tuple[str, ...]
    """What to do, one after the other, or one or the other, as they say."""

    if_exists: str
    """What to do instead where something exists already that the stack does not have; empty where that is no other."""

    section: str
    """The heading in docs/recovery.md that says more."""


def way_out(status: str, *, stack_id: str) -> WayOut | None:
    """Return how to go on with a stack; None where its status is none of those in which a failed deploy leaves one.

    Args:
        status: The stack's.
        stack_id: What the CDK CLI selects it by.
    """
    if status not in _WAYS:
        return None
    why, *steps = (each.format(id=stack_id) for each in _WAYS[status])
    if_exists = _TAKE_OVER.format(id=stack_id) if status in _IF_EXISTS else ""
    section = "ROLLBACK_FAILED or DELETE_FAILED" if _WAYS[status] is _NOT_DELETED else status
    return WayOut(why=why, steps=tuple(steps), if_exists=if_exists, section=f"The stack is {section}")
