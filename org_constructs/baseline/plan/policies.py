"""Organizations policies, with their targets resolved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from org_constructs.baseline.props import PolicyProps
from org_constructs.constructs.policy import check_attached, check_policy
from org_constructs.constructs.policy_type import PolicyType, check_enabled_policy_types
from org_constructs.constructs.validate import check_sequence, check_unique
from org_constructs.refusal import Mistakes, Refusal

from .checks import check_apart, construct_id
from .names import EVERY_ACCOUNT, MANAGEMENT, ROOT
from .planned import PlannedPolicy

if TYPE_CHECKING:
    from .targets import Targets


def plan_policies(
    props: Sequence[PolicyProps], targets: Targets, *, enabled_types: Sequence[PolicyType] | None
) -> dict[str, PlannedPolicy]:
    """Check the policies and return them by name, with their targets looked up."""
    check_sequence("policies", props, PolicyProps, "a PolicyProps")
    if enabled_types is not None:
        check_enabled_policy_types(enabled_types)
    policies: dict[str, PlannedPolicy] = {}
    attached: Counter[tuple[str, str]] = Counter()
    mistakes = Mistakes()
    for index, policy in enumerate(props):
        with mistakes.gathered():
            here = f"policies[{index}]"
            check_policy(
                f"{here}.",
                name=policy.name,
                type=policy.type,
                content=policy.content,
                description=policy.description,
                tags=policy.tags,
            )
            targets.check(f"{here}.targets", policy.targets, (ROOT, MANAGEMENT, EVERY_ACCOUNT))
            units, accounts = targets.of_policy(policy.targets)
            for account in accounts:
                if targets.stack_of(account) is not None:
                    raise Refusal(
                        "policy-target-own-stack",
                        f"{here}.targets must not be accounts with a stack, got {account!r}, which is created after the"
                        " policies",
                        "attach it to their unit instead",
                    )
            everywhere = (*units, *accounts, *([ROOT] if ROOT in policy.targets else []))
            check_attached(attached, policy.type, {target: f"{here}.targets[{target!r}]" for target in everywhere})
            policies[policy.name] = PlannedPolicy(
                units=units,
                accounts=accounts,
                root=ROOT in policy.targets,
                waits=enabled_types is not None and policy.type not in enabled_types,
                props=policy,
            )
    mistakes.refuse()
    check_unique("policies", [policy.name for policy in props], what="name")
    check_apart("policies", "name", [policy.name for policy in props], construct_id, only="'/' and '--'")
    return policies
