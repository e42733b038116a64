"""Which stack of several something is made in, and how much fits into one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from org_constructs._template_size import OUTPUTS_MAX, RESOURCES_MAX
from org_constructs._validate import check_text

if TYPE_CHECKING:
    from .planned import Plan

_STACK: Final = r"[a-z0-9]+"
_ACCESS: Final = "access"


def access_stack(of_account: str | None, of_assignment: str | None) -> str | None:
    """Return the stack of an assignment: its account's `access`, and of that the part that the assignment names.

    Apart from the account's own stack, so that the next accounts can be opened while these get their assignments.
    """
    if of_account is None and of_assignment is None:
        return None
    return "-".join(part for part in (of_account, _ACCESS, of_assignment) if part is not None)


def is_access_stack(stack: str) -> bool:
    """Tell whether a stack is one of assignments, by its name."""
    return _ACCESS in stack.split("-")


def check_stack(argument: str, stack: str | None) -> None:
    if stack is None:
        return
    check_text(argument, stack, maximum=32, pattern=_STACK, rule="lower-case letters and digits")
    if stack == _ACCESS:
        raise ValueError(
            f"{argument} must not be {_ACCESS!r}, which names the stacks of assignments; choose another name"
        )


def check_room(plan: Plan) -> None:
    """Refuse a stack that CloudFormation would refuse for its size.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
    """
    for noun, counts, maximum in (
        ("resources", plan.resources_by_stack(), RESOURCES_MAX),
        ("outputs", plan.outputs_by_stack(), OUTPUTS_MAX),
    ):
        for stack, count in counts.items():
            if count > maximum:
                where = "the baseline's own stack" if stack is None else f"the stack {stack!r}"
                raise ValueError(
                    f"accounts and assignments must fit into their stacks, got {count:,} {noun} in {where}, where"
                    f" CloudFormation takes {maximum}; leave what is deployed where it is, and give new accounts or new"
                    " assignments a stack, such as stack='more'"
                )
