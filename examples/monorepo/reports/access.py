"""Who may read the reports, and what they come from."""

import aws_cdk as cdk
from constructs import Construct

from org_constructs import Account, Assignment, Group, IdentityCenter, PermissionSet


class ReportsAccessStack(cdk.Stack):
    """The readers of the reports, in the management account, where Identity Center is."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        env: cdk.Environment,
        identity_center: IdentityCenter,
        reports: Account,
        shop: Account,
    ) -> None:
        """Define the group, and let it look at both accounts; other teams add their own people to it."""
        super().__init__(scope, construct_id, env=env, synthesizer=cdk.LegacyStackSynthesizer())

        self.readers = Group(self, "Readers", identity_center=identity_center, name="ReportReaders")
        report_reader = PermissionSet(
            self,
            "ReportReader",
            identity_center=identity_center,
            name="ReportReader",
            description="See what is in the accounts of the reports and of the shop",
            managed_policies=["job-function/ViewOnlyAccess"],
            session_duration="PT8H",
        )
        Assignment(self, "ReadersView", permission_set=report_reader, principal=self.readers, targets=[reports, shop])
