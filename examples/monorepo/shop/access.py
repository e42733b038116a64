"""Who may operate the shop: beside the workload, so that a change of the one is reviewed with the other."""

from collections.abc import Sequence

import aws_cdk as cdk
from constructs import Construct

from org_constructs import Account, Group, IdentityCenter, PermissionSet, User

from .workload import ORDERS


class ShopAccessStack(cdk.Stack):
    """The shop's operators, in the management account, where Identity Center is."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        env: cdk.Environment,
        identity_center: IdentityCenter,
        shop: Account,
        operators: Sequence[User],
    ) -> None:
        """Define the permission set and give it to the operators in the shop's account."""
        super().__init__(scope, construct_id, env=env, synthesizer=cdk.LegacyStackSynthesizer())

        orders = f"arn:aws:dynamodb:*:{shop.account_id}:table/{ORDERS}"
        shop_operator = PermissionSet(
            self,
            "ShopOperator",
            identity_center=identity_center,
            name="ShopOperator",
            description="See the shop's account, and read and correct orders",
            managed_policies=["job-function/ViewOnlyAccess"],
            inline_policy={
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Sid": "Orders",
                        "Effect": "Allow",
                        "Action": ["dynamodb:GetItem", "dynamodb:Query", "dynamodb:UpdateItem"],
                        "Resource": [orders, f"{orders}/index/*"],
                    }
                ],
            },
            session_duration="PT8H",
        )
        group = Group(self, "Operators", identity_center=identity_center, name="ShopOperators", members=operators)
        shop_operator.assign(group, shop)
