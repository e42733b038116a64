"""The organization of acme: its accounts, its administrators, and what nobody may do."""

import aws_cdk as cdk
from constructs import Construct

from org_constructs import (
    Account,
    Group,
    IdentityCenter,
    Organization,
    OrganizationalUnit,
    PermissionSet,
    Policy,
    PolicyType,
    User,
    guardrails,
    plus_address,
)


class OrganizationStack(cdk.Stack):
    """What the platform team owns, in the management account."""

    def __init__(
        self, scope: Construct, construct_id: str, *, env: cdk.Environment, identity_center: IdentityCenter
    ) -> None:
        """Define the organization; the workloads' stacks refer to its accounts and people."""
        # With the caller's own credentials: `cdk bootstrap` would leave roles and a bucket in the management account.
        super().__init__(scope, construct_id, env=env, synthesizer=cdk.LegacyStackSynthesizer())

        # [] until they are enabled, and no Policy: a new organization has no policy type enabled.
        organization = Organization(self, "Organization", enabled_policy_types=[PolicyType.SERVICE_CONTROL_POLICY])
        workloads = OrganizationalUnit(self, "Workloads", name="workloads", parent=organization)
        Policy(
            self,
            "DenyLeaving",
            name="deny-leaving-organization",
            type=PolicyType.SERVICE_CONTROL_POLICY,
            content=guardrails.deny_leaving_organization(),
            targets=[workloads],
        )
        self.shop = Account(
            self, "Shop", name="acme-shop", email=plus_address("aws@acme.com", "shop"), parent=workloads
        )
        self.reports = Account(
            self, "Reports", name="acme-reports", email=plus_address("aws@acme.com", "reports"), parent=workloads
        )
        # The names are the keys in accounts.json.
        cdk.CfnOutput(self, "ShopAccountId", value=self.shop.account_id)
        cdk.CfnOutput(self, "ReportsAccountId", value=self.reports.account_id)

        self.people = {
            name: User(
                self,
                name,
                identity_center=identity_center,
                user_name=f"{name.lower()}@acme.com",
                given_name=name,
                family_name="Acme",
            )
            for name in ("Dax", "Kim", "Lou")
        }
        administrators = Group(
            self,
            "Administrators",
            identity_center=identity_center,
            name="Administrators",
            members=[self.people["Dax"], self.people["Kim"]],
        )
        administrator_access = PermissionSet(
            self,
            "AdministratorAccess",
            identity_center=identity_center,
            name="AdministratorAccess",
            managed_policies=["AdministratorAccess"],
            session_duration="PT4H",
        )
        administrator_access.assign(administrators, self.account)  # the management account
        administrator_access.assign(administrators, workloads)
