"""What the real CDK CLI says of the local AWS: outputs, differences, what changes, why a deploy failed."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_identitystore as identitystore
from aws_cdk import aws_organizations as organizations
from aws_cdk import aws_sso as sso

from local_aws_stacks import INSTANCE, MANAGEMENT, STORE
from org_constructs.rehearsal.local_aws import Existing, LocalAws

CDK = shutil.which("cdk")
IDENTITY_CENTER = Existing(instance_arn=INSTANCE, identity_store_id=STORE)


def run(aws: LocalAws, assembly: Path, *arguments: str) -> tuple[int, str]:
    """Run the CDK CLI over a synthesized assembly; return its exit code and all that it said."""
    assert CDK is not None, "the CDK CLI must be on PATH; scripts/test puts it there"
    command = [CDK, *arguments, "--app", str(assembly), "--no-notices", "--no-color"]
    environment = {**os.environ, **aws.environment, "CDK_DISABLE_VERSION_CHECK": "1", "CI": "1"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 (the pinned CLI)
    return done.returncode, done.stdout + done.stderr


def synthesize(context: dict[str, Any], out: Path, *, hours: int, ordered: bool = True) -> Path:
    """Synthesize an organization of two accounts and a user, without bootstrap."""
    app = cdk.App(context=context, outdir=str(out), analytics_reporting=False)
    environment = cdk.Environment(account=MANAGEMENT, region="us-east-1")
    stack = cdk.Stack(app, "OrgBaseline", env=environment, synthesizer=cdk.LegacyStackSynthesizer())
    organization = organizations.CfnOrganization(stack, "Organization")
    organization.apply_removal_policy(cdk.RemovalPolicy.RETAIN)
    accounts: list[organizations.CfnAccount] = []
    for name in ("dev", "production"):
        account = organizations.CfnAccount(
            stack,
            name,
            account_name=f"acme-{name}",
            email=f"aws+{name}@acme.com",
            parent_ids=[organization.attr_root_id],
        )
        if accounts and ordered:
            account.add_resource_dependency(accounts[-1])
        accounts.append(account)
    permission_set = sso.CfnPermissionSet(
        stack,
        "PermissionSet",
        instance_arn=INSTANCE,
        name="AdministratorAccess",
        session_duration=f"PT{hours}H",
        managed_policies=["arn:aws:iam::aws:policy/AdministratorAccess"],
    )
    user = identitystore.CfnUser(
        stack,
        "dax",
        identity_store_id=STORE,
        user_name="dax@acme.com",
        display_name="Dax",
        name=identitystore.CfnUser.NameProperty(given_name="Dax", family_name="Acme"),
    )
    for account in accounts:
        sso.CfnAssignment(
            account,
            "Assignment",
            instance_arn=INSTANCE,
            permission_set_arn=permission_set.attr_permission_set_arn,
            principal_id=user.attr_user_id,
            principal_type="USER",
            target_id=account.attr_account_id,
            target_type="AWS_ACCOUNT",
        )
    cdk.CfnOutput(stack, "DevId", value=accounts[0].attr_account_id)
    app.synth()
    return out


@pytest.fixture
def aws() -> Iterator[LocalAws]:
    with LocalAws(management_account_id=MANAGEMENT, region="us-east-1") as running:
        running.seed(IDENTITY_CENTER)
        yield running


def test_says_what_it_deploys_and_what_a_change_changes(
    aws: LocalAws, cdk_context: dict[str, Any], tmp_path: Path
) -> None:
    first = synthesize(cdk_context, tmp_path / "first", hours=12)
    code, said = run(aws, first, "deploy", "--require-approval", "never")
    assert code == 0, said
    assert "OrgBaseline.DevId = " in said
    second = synthesize(cdk_context, tmp_path / "second", hours=8)
    code, said = run(aws, second, "diff")
    assert code == 0, said
    assert "[+] PT8H" in said
    assert "Number of stacks with differences: 1" in said
    code, said = run(aws, second, "deploy", "--require-approval", "never")
    assert code == 0, said
    updated = [line for line in said.splitlines() if "UPDATE_COMPLETE " in line and "AWS::CloudFormation" not in line]
    assert len(updated) == 1
    assert "AWS::SSO::PermissionSet" in updated[0]


def test_tells_why_a_deploy_failed(aws: LocalAws, cdk_context: dict[str, Any], tmp_path: Path) -> None:
    code, said = run(
        aws,
        synthesize(cdk_context, tmp_path / "out", hours=12, ordered=False),
        "deploy",
        "--require-approval",
        "never",
    )
    assert code == 1
    assert "HandlerErrorCode: ResourceConflict" in " ".join(said.split())
    assert "ROLLBACK_COMPLETE" in said
