"""That the rules stay quick on an app of ten thousand resources."""

from __future__ import annotations

import json
from time import perf_counter
from typing import TYPE_CHECKING

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
    user,
)
from cloud_assembly import get

from org_constructs.rules._templates import read_templates

if TYPE_CHECKING:
    from pathlib import Path

SECONDS = 1.5
"""Five times what all rules together may take on a machine that has nothing else to do: 0.3 s."""


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


def test_all_rules_are_quick_on_ten_thousand_resources(tmp_path: Path) -> None:
    file = tmp_path / "large.json"
    file.write_text(json.dumps({"Resources": ten_thousand_resources()}), encoding="utf-8")
    took = []
    for _ in range(3):
        templates = read_templates([file])
        start = perf_counter()
        assert findings(templates) == {}
        took.append(perf_counter() - start)
    assert min(took) < SECONDS
