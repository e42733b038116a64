"""That the rules stay quick on an app of ten thousand resources."""

from __future__ import annotations

import json
from time import process_time
from typing import TYPE_CHECKING

import pytest

from checked_templates import (
    Resources,
    account,
    allow,
    assignment,
    control_policy,
    deny,
    document,
    findings,
    member,
    organization,
    permission_set,
    templates,
    user,
)
from cloud_assembly import get
from org_constructs import guardrails
from org_constructs.rules import RULES
from org_constructs.templates.resources import read_templates

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.timed

SECONDS = 0.6
"""Of processor time: twice what all rules together may take, 0.3 s, as a busy machine takes half as long again."""


def ten_thousand_resources() -> Resources:
    """Return 1,003 accounts, 303 people, 102 permission sets, 101 service control policies, and their assignments."""
    resources = organization()
    last = "Logs"
    for index in range(1000):
        resources[f"Account{index}"] = account(f"{index}", last, ParentIds=[get("Workloads", "Id")])
        last = f"Account{index}"
    for index in range(300):
        resources[f"User{index}"] = user(f"{index}")
        resources[f"Member{index}"] = member("Developers", f"User{index}")
    for index in range(100):
        buckets = [f"arn:aws:s3:::acme-{index}-{each}/*" for each in range(10)]
        reads = [allow("s3:Get*", "s3:ListBucket", on=bucket) for bucket in buckets]
        resources[f"Set{index}"] = permission_set(f"{index}", InlinePolicy=document(*reads, deny("organizations:*")))
        keeps = [deny("s3:DeleteBucket", "s3:Put*", on=bucket) for bucket in buckets]
        resources[f"Policy{index}"] = control_policy(*keeps, TargetIds=[get("Workloads", "Id")])
    index = 0
    while len(resources) < 10_000:
        target = get(f"Account{index % 1000}", "AccountId")
        resources[f"Assignment{index}"] = assignment(f"Set{index // 1000}", get("Developers", "GroupId"), target)
        index += 1
    return resources


def test_statements_of_many_policies_are_compared_quickly() -> None:
    services = ["s3", "ec2", "iam", "sts", "kms", "sns", "sqs", "rds", "ecs", "eks", "lambda", "logs", "ssm", "glue"]
    statements = [deny(f"{services[index % len(services)]}:Get{index}") for index in range(60)]
    start = process_time()
    [rule] = [each for each in RULES if each.id == "OrgBaseline-PolicyStatement"]
    assert list(rule.find(templates({f"It{index}": control_policy(*statements) for index in range(100)}))) == []
    assert process_time() - start < SECONDS


def test_all_rules_are_quick_on_ten_thousand_resources(tmp_path: Path) -> None:
    file = tmp_path / "large.json"
    resources = ten_thousand_resources()
    resources["Regions"] = control_policy(*guardrails.allow_regions(["us-east-1"])["Statement"], TargetIds=["r-ab12"])
    accounts = [name for name in resources if resources[name]["Type"] == "AWS::Organizations::Account"]
    metadata = {"DefaultRegion": "us-east-1", "Accounts": {each: {"Output": f"{each}Id"} for each in accounts}}
    template = {
        "Metadata": {"OrgBaseline": metadata},
        "Outputs": {f"{each}Id": {"Value": get(each, "AccountId")} for each in accounts},
        "Resources": resources,
    }
    file.write_text(json.dumps(template), encoding="utf-8")
    took = []
    for _ in range(3):
        read = read_templates([file])
        start = process_time()
        assert findings(read) == {}
        took.append(process_time() - start)
    assert min(took) < SECONDS, took
