"""Assignments, one for each principal, permission set and account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from org_constructs.aws.administrator_access import ADMINISTRATOR_ACCESS
from org_constructs.constructs.validate import check_known
from org_constructs.refusal import Mistakes, Refusal

from .names import ADMINISTRATORS, EVERY_ACCOUNT, MANAGEMENT
from .planned import PlannedAssignment, PlannedGroup
from .stacks import Kind, access_stack, check_stack

if TYPE_CHECKING:
    from org_constructs.baseline.props import AssignmentProps, PermissionSetProps, UserProps

    from .targets import Targets


def plan_assignments(
    props: Sequence[AssignmentProps],
    targets: Targets,
    permission_sets: Mapping[str, PermissionSetProps],
    users: Mapping[str, UserProps],
    groups: Mapping[str, PlannedGroup],
) -> tuple[PlannedAssignment, ...]:
    """Check the assignments and return them with their principals and targets looked up."""
    given: dict[tuple[str, str, str], int] = {}
    mistakes = Mistakes()
    for index, assignment in enumerate(props):
        with mistakes.gathered():
            here = f"assignments[{index}]"
            check_known(
                f"{here}.permission_set",
                assignment.permission_set,
                permission_sets,
                what="a permission set",
                by_default=(ADMINISTRATOR_ACCESS,),
            )
            check_known(
                f"{here}.principal",
                assignment.principal,
                [*users, *groups],
                what="a user or a group",
                by_default=(ADMINISTRATORS,),
            )
            targets.check(f"{here}.targets", assignment.targets, (MANAGEMENT, EVERY_ACCOUNT))
            check_stack(f"{here}.stack", assignment.stack)
            if not assignment.targets:
                raise Refusal(
                    "targets-empty",
                    f"{here}.targets must name at least one account or unit, got none",
                    "remove the assignment instead",
                )
            for position, target in enumerate(assignment.targets):
                for account in targets.accounts_of(f"{here}.targets[{position}]", target):
                    triple = (account, assignment.permission_set, assignment.principal)
                    first = given.setdefault(triple, index)
                    if first != index:
                        raise Refusal(
                            "assignment-twice",
                            f"{here} must not repeat assignments[{first}], got {assignment.principal!r} with"
                            f" {assignment.permission_set!r} in {account!r} again",
                            "remove it from one of the two",
                        )
    mistakes.refuse()
    # Where each is made, those who exist already being made nowhere.
    made_in = {name: Kind.PEOPLE.stack(user.stack) for name, user in users.items() if user.user_id is None}
    made_in |= {name: Kind.GROUPS.stack(group.props.stack) for name, group in groups.items()}
    order = targets.order()
    # By account, in the order in which accounts come to exist, so that no lane waits for a later account than it needs.
    by_account = sorted(given.items(), key=lambda item: order[item[0][0]])
    return tuple(
        PlannedAssignment(
            account=account,
            permission_set=permission_set,
            principal=principal,
            stack=access_stack(targets.stack_of(account), props[index].stack, made_in.get(principal)),
        )
        for (account, permission_set, principal), index in by_account
    )
