"""A hundred accounts with a thousand assignments, deployed to a local AWS; then one account more."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import pytest

from benchmarks.organizations import (
    IDENTITY_STORE,
    INSTANCE_ARN,
    MANAGEMENT_ACCOUNT,
    REGION,
    Shape,
    baseline_arguments,
)
from org_constructs import OrgBaseline
from org_constructs.rehearsal.local_aws import Existing, LocalAws
from org_constructs.templates.assembly import read_stacks

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from org_constructs.templates.assembly import Stack

pytestmark = pytest.mark.long

BEFORE = Shape(accounts=100, groups=10, in_baseline=0, per_stack=30)
"""The last stack of accounts has room for another."""

Changes = list[dict[str, Any]]


def synthesize(shape: Shape, folder: Path) -> Sequence[Stack]:
    """Return the stacks in the order in which they are deployed."""
    # CloudFormation's own checks come with the deploy.
    app = cdk.App(outdir=str(folder), builtin_cloud_formation_validation=False)
    env = cdk.Environment(account=MANAGEMENT_ACCOUNT, region=REGION)
    OrgBaseline(app, "OrgBaseline", env=env, **baseline_arguments(shape))
    app.synth()
    stacks = {stack.id: stack for stack in read_stacks(folder)}
    order: dict[str, Stack] = {}
    while len(order) < len(stacks):
        order |= {name: stack for name, stack in stacks.items() if stack.needed_stacks <= order.keys()}
    return list(order.values())


def deploy(aws: LocalAws, stacks: Sequence[Stack], kind: str) -> dict[str, Changes]:
    """Deploy the stacks by change sets, as the CDK CLI does, and return what changed in each."""
    cloudformation, bucket = aws.client("cloudformation"), aws.client("s3")
    bucket.create_bucket(Bucket=kind.lower())
    changed: dict[str, Changes] = {}
    for stack in stacks:
        bucket.put_object(Bucket=kind.lower(), Key=stack.name, Body=stack.template_file.read_bytes())
        names = {"StackName": stack.name, "ChangeSetName": kind}
        url = f"{aws.endpoint_url}/{kind.lower()}/{stack.name}"
        cloudformation.create_change_set(**names, ChangeSetType=kind, TemplateURL=url)
        described = cloudformation.describe_change_set(**names)
        changed[stack.name] = [change["ResourceChange"] for change in described["Changes"]]
        if changed[stack.name]:
            cloudformation.execute_change_set(**names)
            status = cloudformation.describe_stacks(StackName=stack.name)["Stacks"][0]["StackStatus"]
            assert status == f"{kind}_COMPLETE", stack.name
        else:
            assert described["StatusReason"].startswith("The submitted information didn't contain changes.")
    return changed


def physical_ids(aws: LocalAws, stacks: Sequence[Stack]) -> dict[str, str]:
    cloudformation = aws.client("cloudformation")
    return {
        f"{stack.name}/{resource['LogicalResourceId']}": resource["PhysicalResourceId"]
        for stack in stacks
        for page in cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack.name)
        for resource in page["StackResourceSummaries"]
    }


def test_one_account_more_changes_the_resources_of_no_other(tmp_path: Path) -> None:
    before = synthesize(BEFORE, tmp_path / "before")
    after = synthesize(replace(BEFORE, accounts=101), tmp_path / "after")
    with LocalAws(management_account_id=MANAGEMENT_ACCOUNT, region=REGION) as aws:
        aws.seed(Existing(instance_arn=INSTANCE_ARN, identity_store_id=IDENTITY_STORE))
        deploy(aws, before, "CREATE")
        existing = physical_ids(aws, before)
        assert len([each for each in existing if "/Assignments" in each]) == 1_001

        changed = deploy(aws, after, "UPDATE")
        assert {
            stack: sorted(f"{change['Action']} {change['ResourceType']}" for change in changes)
            for stack, changes in changed.items()
            if changes
        } == {
            "OrgBaseline-s3": ["Add AWS::Organizations::Account"],
            "OrgBaseline-s3-access": ["Add AWS::SSO::Assignment"] * 10,
        }
        grown = physical_ids(aws, after)
        assert {name: grown[name] for name in existing} == existing
        assert len(grown) == len(existing) + 11
