"""Access that ends: the ends of assignments, which are those of their permission sets, and who administers for good."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from org_constructs.baseline.props import AssignmentProps, PermissionSetProps
from org_constructs.constructs.time_limit import instant
from org_constructs.constructs.validate import check_sequence
from org_constructs.refusal import Refusal

from .names import MANAGEMENT
from .permission_sets import administers

if TYPE_CHECKING:
    from .planned import Plan


def with_ends_of_assignments(
    permission_sets: Sequence[PermissionSetProps], assignments: Sequence[AssignmentProps]
) -> tuple[PermissionSetProps, ...]:
    """Return the permission sets, each with the end at which all its assignments end."""
    check_sequence("permission_sets", permission_sets, PermissionSetProps, "a PermissionSetProps")
    check_sequence("assignments", assignments, AssignmentProps, "an AssignmentProps")
    return tuple(_ending(each, assignments) for each in permission_sets)


def check_administrator_stays(plan: Plan) -> None:
    """Refuse that everybody's administration of the management account begins later or ends."""
    administering = [
        (assignment, permission_set)
        for assignment in plan.assignments
        if assignment.account == MANAGEMENT and assignment.principal not in plan.empty_groups_with_access
        for permission_set in [plan.permission_sets[assignment.permission_set]]
        if administers(permission_set)
    ]
    if administering and all(_has_time(permission_set) for _, permission_set in administering):
        assignment, permission_set = administering[0]
        raise Refusal(
            "last-administrator-ends",
            "assignments must leave somebody who administers the management account at any time, got only"
            f" {assignment.principal!r} with {permission_set.name!r},"
            f" {'until' if permission_set.until else 'not before'} {permission_set.until or permission_set.not_before}",
            f"assign a permission set without until and not_before as well, with targets=[{MANAGEMENT!r}]",
        )


def _ending(permission_set: PermissionSetProps, assignments: Sequence[AssignmentProps]) -> PermissionSetProps:
    given = {
        f"assignments[{index}].until": assignment.until
        for index, assignment in enumerate(assignments)
        if assignment.permission_set == permission_set.name
    }
    ending = {argument: until for argument, until in given.items() if until is not None}
    if not ending:
        return permission_set
    (argument, until), *_ = ending.items()
    if permission_set.permission_set_arn is not None:
        raise Refusal(
            "existing-unchanged",
            f"{argument} must not be given with a permission set that exists already, got {until!r} for"
            f" {permission_set.name!r}",
            "give them a permission set that is made here",
        )
    others = {f"until of {permission_set.name!r}": permission_set.until} if permission_set.until is not None else {}
    for other, end in {**others, **given}.items():
        if end is None or instant(other, end) != instant(argument, until):
            raise Refusal(
                "assignment-until",
                f"{argument} must be the end of every assignment of {permission_set.name!r}, since a permission set"
                f" ends for everybody who has it, got {until!r}, and {'none' if end is None else repr(end)} as {other}",
                "give those who have it for a time a permission set of their own",
            )
    return replace(permission_set, until=until)


def _has_time(permission_set: PermissionSetProps) -> bool:
    return permission_set.until is not None or permission_set.not_before is not None
