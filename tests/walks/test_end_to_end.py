"""The whole way with the real CDK CLI against the local AWS: create, change, deploy unchanged, destroy."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import pytest

from org_constructs import (
    AccountProps,
    AssignmentProps,
    IdentityCenter,
    OrganizationalUnitProps,
    OrgBaseline,
    PermissionSetProps,
    UserProps,
)
from org_constructs.cdk_cli.cli import find_cdk_cli
from org_constructs.rehearsal.local_aws import Existing, LocalAws

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from org_constructs.cdk_cli.cli import CdkCli

MANAGEMENT = "111122223333"

ADMINISTRATOR_ACCESS = PermissionSetProps(
    name="AdministratorAccess", managed_policies=["AdministratorAccess"], session_duration="PT12H"
)
READ_ONLY = PermissionSetProps(name="ReadOnly", managed_policies=["ReadOnlyAccess"])
ADMINISTRATORS = AssignmentProps(
    principal="Administrators", permission_set="AdministratorAccess", targets=["management", "*"]
)


def read_only(*targets: str) -> AssignmentProps:
    return AssignmentProps(principal="dax@acme.com", permission_set="ReadOnly", targets=targets)


class Organization:
    """One organization in a local AWS, deployed to and asked about as people do it."""

    def __init__(self, aws: LocalAws, cli: CdkCli, folder: Path, context: dict[str, Any], region: str) -> None:
        self._aws = aws
        self._cli = cli
        self._folder = folder
        self._context = context
        self._region = region

    def run(self, *arguments: str) -> list[str]:
        lines: list[str] = []
        code = self._cli.run(*arguments, folder=self._folder, each_line=lines.append, environment=self._aws.environment)
        assert code == 0, "\n".join(lines)
        return lines

    def synthesize(self, identity_center: IdentityCenter, **arguments: Any) -> None:
        app = cdk.App(context=self._context, outdir=str(self._folder / "cdk.out"))
        OrgBaseline(
            app,
            "OrgBaseline",
            env=cdk.Environment(account=MANAGEMENT, region=self._region),
            company="acme",
            email="aws@acme.com",
            identity_center=identity_center,
            **arguments,
        )
        app.synth()

    def deploy(self, identity_center: IdentityCenter, **arguments: Any) -> list[str]:
        self.synthesize(identity_center, **arguments)
        return self.run("deploy", "OrgBaseline", "--app", "cdk.out", "--require-approval", "never", "--progress=events")

    def accounts(self) -> dict[str, str]:
        """The ids of the accounts by name."""
        pages = self._aws.client("organizations").get_paginator("list_accounts").paginate()
        return {account["Name"]: account["Id"] for page in pages for account in page["Accounts"]}

    def statuses(self) -> set[str]:
        pages = self._aws.client("organizations").get_paginator("list_accounts").paginate()
        return {account["Status"] for page in pages for account in page["Accounts"]}

    def parent_name(self, account: str) -> str:
        organizations = self._aws.client("organizations")
        [parent] = organizations.list_parents(ChildId=self.accounts()[account])["Parents"]
        if parent["Type"] == "ROOT":
            return "root"
        unit = organizations.describe_organizational_unit(OrganizationalUnitId=parent["Id"])["OrganizationalUnit"]
        return str(unit["Name"])

    def users(self, identity_center: IdentityCenter) -> dict[str, tuple[str, str]]:
        """Id and display name of the users by user name."""
        client = self._aws.client("identitystore")
        users = client.list_users(IdentityStoreId=identity_center.identity_store_id)["Users"]
        return {user["UserName"]: (user["UserId"], user["DisplayName"]) for user in users}

    def access(self, identity_center: IdentityCenter) -> set[tuple[str, str, str]]:
        """Who has which permission set in which account: kind of principal, permission set, account's name."""
        admin = self._aws.client("sso-admin")
        instance = identity_center.instance_arn
        found = set()
        for arn in admin.list_permission_sets(InstanceArn=instance)["PermissionSets"]:
            described = admin.describe_permission_set(InstanceArn=instance, PermissionSetArn=arn)
            for name, account_id in self.accounts().items():
                assignments = admin.list_account_assignments(
                    InstanceArn=instance, AccountId=account_id, PermissionSetArn=arn
                )["AccountAssignments"]
                for assignment in assignments:
                    found.add((assignment["PrincipalType"], described["PermissionSet"]["Name"], name))
        return found


def everywhere(kind: str, permission_set: str, accounts: Sequence[str]) -> set[tuple[str, str, str]]:
    return {(kind, permission_set, account) for account in accounts}


@pytest.mark.long
@pytest.mark.parametrize("region", ["us-east-1", "eu-central-1"])
def test_creates_changes_keeps_and_destroys_an_organization(
    region: str, tmp_path: Path, cdk_context: dict[str, Any], identity_center: IdentityCenter
) -> None:
    dax = UserProps(user_name="dax@acme.com", given_name="Dax", family_name="Acme", groups=["Administrators"])
    with LocalAws(management_account_id=MANAGEMENT, region=region) as aws:
        aws.seed(
            Existing(instance_arn=identity_center.instance_arn, identity_store_id=identity_center.identity_store_id)
        )
        cli = find_cdk_cli(tmp_path, default_account=MANAGEMENT)
        organization = Organization(aws, cli, tmp_path, cdk_context, region)
        if region != "us-east-1":
            organization.run("bootstrap", f"aws://{MANAGEMENT}/{region}")

        before: dict[str, Any] = {
            "users": [dax],
            "organizational_units": [OrganizationalUnitProps(name="workloads")],
            "permission_sets": [ADMINISTRATOR_ACCESS, READ_ONLY],
            "accounts": [AccountProps(key="dev"), AccountProps(key="production", organizational_unit="workloads")],
            "assignments": [ADMINISTRATORS, read_only("dev", "production")],
        }
        organization.deploy(identity_center, **before)
        accounts = organization.accounts()
        member_names = ["acme-dev", "acme-production"]
        [management_name] = set(accounts) - set(member_names)
        assert accounts[management_name] == MANAGEMENT
        assert organization.parent_name("acme-dev") == "root"
        assert organization.parent_name("acme-production") == "workloads"
        assert organization.access(identity_center) == (
            everywhere("GROUP", "AdministratorAccess", [management_name, *member_names])
            | everywhere("USER", "ReadOnly", member_names)
        )
        [(user_id, display_name)] = organization.users(identity_center).values()
        assert display_name == "Dax Acme"

        # A user's new name, another account in front, a move between units, a revoked assignment.
        after: dict[str, Any] = {
            **before,
            "users": [replace(dax, display_name="Dax of Acme")],
            "accounts": [
                AccountProps(key="staging", organizational_unit="workloads"),
                AccountProps(key="dev", organizational_unit="workloads"),
                AccountProps(key="production"),
            ],
            "assignments": [ADMINISTRATORS, read_only("dev")],
        }
        organization.deploy(identity_center, **after)
        grown = organization.accounts()
        assert {name: grown[name] for name in accounts} == accounts, "no account was made again"
        assert set(grown) - set(accounts) == {"acme-staging"}
        assert organization.parent_name("acme-dev") == organization.parent_name("acme-staging") == "workloads"
        assert organization.parent_name("acme-production") == "root"
        assert organization.users(identity_center) == {"dax@acme.com": (user_id, "Dax of Acme")}
        assert organization.access(identity_center) == (
            everywhere("GROUP", "AdministratorAccess", list(grown)) | everywhere("USER", "ReadOnly", ["acme-dev"])
        )

        unchanged = organization.deploy(identity_center, **after)
        assert any("no changes" in line for line in unchanged), unchanged
        assert any("no differences" in line for line in organization.run("diff", "OrgBaseline", "--app", "cdk.out"))

        destroyed = organization.run("destroy", "OrgBaseline", "--app", "cdk.out", "--force")
        assert any("OrgBaseline: destroyed" in line for line in destroyed), destroyed
        assert organization.accounts() == grown
        assert organization.statuses() == {"ACTIVE"}
        assert organization.parent_name("acme-dev") == "workloads"
        assert organization.access(identity_center) == set()
        assert organization.users(identity_center) == {}
