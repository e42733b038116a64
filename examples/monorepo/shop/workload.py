"""The workload, in the shop's own account."""

from typing import Final

import aws_cdk as cdk
from aws_cdk import aws_dynamodb as dynamodb
from constructs import Construct

ORDERS: Final = "shop-orders"
"""The name of the table of orders, which the shop's permission set names as well."""


class ShopStack(cdk.Stack):
    """What runs in the shop's account."""

    def __init__(self, scope: Construct, construct_id: str, *, env: cdk.Environment) -> None:
        """Define the table of orders."""
        super().__init__(scope, construct_id, env=env)
        dynamodb.Table(
            self,
            "Orders",
            table_name=ORDERS,
            partition_key=dynamodb.Attribute(name="id", type=dynamodb.AttributeType.STRING),
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            deletion_protection=True,
        )
