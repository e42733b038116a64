"""How much fits into a stack, and how much of the plan is made in each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import TYPE_CHECKING, Final

from org_constructs.aws.template_size import OUTPUTS_MAX, RESOURCES_MAX
from org_constructs.refusal import Refusal

if TYPE_CHECKING:
    from .planned import Plan

_RESOURCES_OF_FUNCTION: Final = 4
"""The function that creates users outside us-east-1, its log group, its role and the role's policy."""


def check_room(plan: Plan, users_by_lambda: Collection[str | None], *, creates_organization: bool) -> None:
    """Refuse a stack that CloudFormation would refuse for its size; some have a function that creates their users.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
    """
    resources = _resources_by_stack(plan)
    resources.update(dict.fromkeys(users_by_lambda, _RESOURCES_OF_FUNCTION))
    resources[None] += creates_organization
    for noun, counts, maximum in (
        ("resources", resources, RESOURCES_MAX),
        ("outputs", _outputs_by_stack(plan), OUTPUTS_MAX),
    ):
        for stack, count in counts.items():
            if count > maximum:
                where = "the baseline's own stack" if stack is None else f"the stack {stack!r}"
                raise Refusal(
                    "stack-full",
                    f"accounts, people, groups and assignments must fit into their stacks, got {count:,} {noun} in"
                    f" {where}, where CloudFormation allows {maximum}",
                    "leave what is deployed where it is, and give new ones a stack, such as stack='more'",
                )


def _resources_by_stack(plan: Plan) -> Counter[str | None]:
    """Return how many resources each stack holds at least, None being the baseline's own."""
    counts: Counter[str | None] = Counter()
    counts[None] += len(plan.policies) + (plan.resource_policy is not None)
    counts[None] += sum(unit.props.organizational_unit_id is None for unit in plan.organizational_units.values())
    counts[None] += sum(each.permission_set_arn is None for each in plan.permission_sets.values())
    counts.update(account.props.stack for account in plan.accounts.values() if account.props.account_id is None)
    counts.update([*plan.users_made_in.values(), *plan.groups_made_in.values()])
    for members in plan.memberships.values():
        counts.update({stack: len(users) for stack, users in members.items()})
    counts.update(assignment.stack for assignment in plan.assignments)
    counts.update(map(plan.budget_stack, plan.budgets.values()))
    return counts


def _outputs_by_stack(plan: Plan) -> Counter[str | None]:
    """Return how many outputs each stack has at least, None being the baseline's own.

    Each thing has one that another stack refers to; the baseline's own stack has those of the ids of organization
    and management account, too, and the next steps.
    """
    counts = Counter(plan.output_stacks.values())
    counts[None] += 3
    sets = {assignment.permission_set for assignment in plan.assignments if assignment.stack is not None}
    counts[None] += sum(plan.permission_sets[name].permission_set_arn is None for name in sets)
    used_in = {(assignment.principal, assignment.stack) for assignment in plan.assignments}
    used_in |= {
        (name, stack)
        for group, members in plan.memberships.items()
        for stack, users in members.items()
        for name in (group, *users)
    }
    made_in = {**plan.users_made_in, **plan.groups_made_in}
    counts.update(made_in[name] for name in {name for name, stack in used_in if made_in.get(name, stack) != stack})
    return counts
