"""Every permission that finding drift takes is in the policy that `deploy-policy --read-only` prints."""

from __future__ import annotations

from collections import Counter
from typing import Final

import pytest

from drifting import World, arguments, synthesize
from in_process import local_aws
from made_by_hand import INSTANCE, MANAGEMENT, STORE
from org_constructs import BudgetsProps
from org_constructs.deploy_policy import read_only_policy
from org_constructs.live.reads import DRIFT_READS, READS
from org_constructs.rehearsal.local_aws import Existing

pytestmark = pytest.mark.long

SERVICES: Final = (
    "organizations",
    "sso-admin",
    "identitystore",
    "cloudformation",
    "account",
    "account-access",
    "iam",
    "budgets",
)
# An operation needs the permission of its own name, but for these:
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsbudgetservice.html
PERMISSIONS: Final = {"budgets:DescribeBudgets": "budgets:ViewBudget"}


def test_what_finding_drift_asks_of_aws_is_in_the_read_only_policy() -> None:
    types = ("SERVICE_CONTROL_POLICY", "BACKUP_POLICY")
    with local_aws(
        MANAGEMENT, "us-east-1", management_account_email="aws@acme.com", new_organization_policy_types=types
    ) as aws:
        aws.seed(Existing(instance_arn=INSTANCE, identity_store_id=STORE))
        budgets = BudgetsProps(emails=["aws@acme.com"], organization=500)
        world = World(aws, synthesize({**arguments(), "budgets": budgets}))
        world.deploy()
        world.prepare()
        asked = Counter[tuple[str, str]]()
        for service in SERVICES:
            prefix = service.removesuffix("-admin")
            note = lambda model, prefix=prefix, **_: asked.update([(prefix, model.name)])  # noqa: E731
            aws.client(service).meta.events.register("before-call", note)
        world.look()
    known = {each.action for each in READS.values()} | set(DRIFT_READS)
    operations = (f"{prefix}:{operation}" for prefix, operation in asked)
    called = {PERMISSIONS.get(operation, operation) for operation in operations}
    assert called - known == set()
    assert set(DRIFT_READS) - called == set()
    allowed = {action for statement in read_only_policy()["Statement"] for action in statement["Action"]}
    assert called <= allowed
