"""The order in which CloudFormation makes changes: what AWS refuses to do side by side, done one after the other.

Organizations takes one change at a time, and Identity Center one assignment of an account at a time and about ten in
all:
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-organizations-account.html,
https://docs.aws.amazon.com/singlesignon/latest/userguide/limits.html
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from org_constructs.aws.limits import ASSIGNMENTS_AT_ONCE

if TYPE_CHECKING:
    from aws_cdk import CfnResource, Stack


class _StackOrder:
    def __init__(self) -> None:
        self.last_organization_change: CfnResource | None = None
        self.lane_of_account: dict[str, int] = {}
        self.last_assignment_in_lane: dict[int, CfnResource] = {}


_orders: WeakKeyDictionary[Stack, _StackOrder] = WeakKeyDictionary()


def order_organization_change(resource: CfnResource, stack: Stack, *, referenced: Collection[CfnResource]) -> None:
    """Have the Organizations resource wait for the one defined before it in its stack.

    Nothing is added where the resource refers to that one anyway (`referenced`), since CloudFormation then waits
    already.
    """
    order = _orders.setdefault(stack, _StackOrder())
    before = order.last_organization_change
    if before is not None and before not in referenced:
        resource.add_resource_dependency(before)
    order.last_organization_change = resource


def order_assignment(resource: CfnResource, stack: Stack, *, account_id: str) -> None:
    """Have the assignment wait for the one before it in its account's lane.

    Accounts take the lanes in turn, in the order of their first assignment. When that is the order in which the
    accounts come to exist, no lane waits for an account that its next assignment does not need.
    """
    order = _orders.setdefault(stack, _StackOrder())
    lane = order.lane_of_account.setdefault(account_id, len(order.lane_of_account) % ASSIGNMENTS_AT_ONCE)
    before = order.last_assignment_in_lane.get(lane)
    if before is not None:
        resource.add_resource_dependency(before)
    order.last_assignment_in_lane[lane] = resource
