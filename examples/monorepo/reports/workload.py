"""The workload, in the account of the reports, as a stage: a pipeline deploys it whole."""

import aws_cdk as cdk
from aws_cdk import aws_sns as sns
from constructs import Construct

from org_constructs import Account


class ReportsStage(cdk.Stage):
    """What a pipeline of the team deploys: with CDK Pipelines, by `pipeline.add_stage(ReportsStage(…))`."""

    def __init__(self, scope: Construct, construct_id: str, *, env: cdk.Environment, shop_account_id: str) -> None:
        """Define the stage; it has its own assembly, so what is outside of it comes as values."""
        super().__init__(scope, construct_id, env=env)
        ReportsStack(self, "Workload", shop_account_id=shop_account_id)


class ReportsStack(cdk.Stack):
    """What runs in the account of the reports."""

    def __init__(self, scope: Construct, construct_id: str, *, shop_account_id: str) -> None:
        """Define the topic of orders, and let the shop's account publish to it."""
        super().__init__(scope, construct_id)
        orders = sns.Topic(self, "Orders", topic_name="shop-orders", enforce_ssl=True)
        orders.grant_publish(Account.from_account_id(shop_account_id))
