"""Which services a member account can administer for the organization: the delegated administrators of Organizations.

https://docs.aws.amazon.com/organizations/latest/userguide/orgs_integrate_delegated_admin.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from .cli import aws_command


@dataclass(frozen=True, kw_only=True)
class OwnCall:
    """What a service wants to be told itself, beside Organizations."""

    service: str
    operation: str
    option: str
    each_region: bool = True

    def command(self, account_id: str) -> str:
        """Return the command that makes an account the administrator, with credentials of the management account."""
        return aws_command(self.service, self.operation, **{self.option: account_id})


@dataclass(frozen=True, kw_only=True)
class Delegable:
    """What is known of a service that a member account can administer."""

    most: int | None = None
    """How many accounts AWS takes; None where it publishes no number."""

    own_call: OwnCall | None = None
    """What registering with Organizations alone leaves to do; None where it is enough."""


DELEGABLE: Final[Mapping[str, Delegable]] = {
    # Its page speaks of one account, and of changing it to another, and names no number:
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-settings.html
    "access-analyzer.amazonaws.com": Delegable(),
    "account.amazonaws.com": Delegable(),
    "auditmanager.amazonaws.com": Delegable(
        most=1,
        own_call=OwnCall(
            service="auditmanager", operation="register-organization-admin-account", option="admin_account_id"
        ),
    ),
    "backup.amazonaws.com": Delegable(),
    "cloudtrail.amazonaws.com": Delegable(
        most=3,
        own_call=OwnCall(
            service="cloudtrail",
            operation="register-organization-delegated-admin",
            option="member_account_id",
            each_region=False,
        ),
    ),
    "compute-optimizer.amazonaws.com": Delegable(most=1),
    # Who aggregates. The three of its rules and conformance packs are those of the service below.
    # https://docs.aws.amazon.com/config/latest/APIReference/API_PutConfigurationAggregator.html
    "config.amazonaws.com": Delegable(),
    "config-multiaccountsetup.amazonaws.com": Delegable(most=3),
    "cost-optimization-hub.bcm.amazonaws.com": Delegable(most=1),
    "detective.amazonaws.com": Delegable(
        most=1,
        own_call=OwnCall(service="detective", operation="enable-organization-admin-account", option="account_id"),
    ),
    "devops-guru.amazonaws.com": Delegable(),
    "ec2.capacitymanager.amazonaws.com": Delegable(),
    "fms.amazonaws.com": Delegable(
        own_call=OwnCall(service="fms", operation="associate-admin-account", option="admin_account", each_region=False)
    ),
    "guardduty.amazonaws.com": Delegable(
        most=1,
        own_call=OwnCall(service="guardduty", operation="enable-organization-admin-account", option="admin_account_id"),
    ),
    "health.amazonaws.com": Delegable(most=5),
    "iam.amazonaws.com": Delegable(),
    "inspector2.amazonaws.com": Delegable(
        most=1,
        own_call=OwnCall(
            service="inspector2", operation="enable-delegated-admin-account", option="delegated_admin_account_id"
        ),
    ),
    # Its page speaks of the IPAM account, and names no number:
    # https://docs.aws.amazon.com/vpc/latest/ipam/enable-integ-ipam.html
    "ipam.amazonaws.com": Delegable(
        own_call=OwnCall(
            service="ec2",
            operation="enable-ipam-organization-admin-account",
            option="delegated_admin_account_id",
            each_region=False,
        )
    ),
    "license-manager.amazonaws.com": Delegable(most=1),
    "macie.amazonaws.com": Delegable(
        most=1,
        own_call=OwnCall(service="macie2", operation="enable-organization-admin-account", option="admin_account_id"),
    ),
    "member.org.stacksets.cloudformation.amazonaws.com": Delegable(most=5),
    "reporting.trustedadvisor.amazonaws.com": Delegable(most=5),
    "resource-explorer-2.amazonaws.com": Delegable(),
    "security-ir.amazonaws.com": Delegable(most=1),
    "securityhub.amazonaws.com": Delegable(
        most=1,
        own_call=OwnCall(
            service="securityhub", operation="enable-organization-admin-account", option="admin_account_id"
        ),
    ),
    "securitylake.amazonaws.com": Delegable(
        most=1,
        own_call=OwnCall(
            service="securitylake",
            operation="register-data-lake-delegated-administrator",
            option="account_id",
            each_region=False,
        ),
    ),
    "servicecatalog.amazonaws.com": Delegable(),
    "ssm.amazonaws.com": Delegable(),
    "sso.amazonaws.com": Delegable(most=1),
    "storage-lens.s3.amazonaws.com": Delegable(most=5),
}
"""By the service principals; not all of them, as AWS adds some every year.

By https://docs.aws.amazon.com/organizations/latest/userguide/orgs_integrate_services_list.html and the pages that it
leads to, read on 2026-11-26 in the version of December 2022, the last that AWS published as files:
https://github.com/awsdocs/aws-organizations-docs/blob/8df18e7aeb8068515cd8ab22e852ad25a052edbd/doc_source/orgs_integrate_services_list.md
And what came to it since: AWS Backup, Cost Optimization Hub, EC2 Capacity Manager, AWS Health, IAM, Resource Explorer,
Security Incident Response and Security Lake.
https://aws.amazon.com/blogs/storage/delegated-administrator-support-for-aws-backup/
https://docs.aws.amazon.com/cost-management/latest/userguide/coh-delegated-admin.html
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/enable-capacity-manager-da.html
https://docs.aws.amazon.com/health/latest/ug/delegated-administrator-organizational-view.html
https://docs.aws.amazon.com/organizations/latest/userguide/services-that-can-integrate-iam.html
https://docs.aws.amazon.com/organizations/latest/userguide/services-that-can-integrate-resource-explorer.html
https://docs.aws.amazon.com/security-ir/latest/userguide/security-ir-organizations.html
https://docs.aws.amazon.com/organizations/latest/userguide/services-that-can-integrate-sl.html

How many accounts a service takes:
https://docs.aws.amazon.com/audit-manager/latest/userguide/delegated-admin-issues.html
https://aws.amazon.com/cloudtrail/faqs/
https://docs.aws.amazon.com/compute-optimizer/latest/ug/delegate-administrator-account.html
https://docs.aws.amazon.com/config/latest/APIReference/API_PutOrganizationConfigRule.html
https://docs.aws.amazon.com/cost-management/latest/userguide/coh-delegated-admin.html
https://docs.aws.amazon.com/detective/latest/adminguide/accounts-designate-admin.html
https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_organizations.html
https://docs.aws.amazon.com/health/latest/ug/delegated-administrator-organizational-view.html
https://docs.aws.amazon.com/inspector/latest/user/designating-admin.html
https://github.com/awsdocs/aws-license-manager-user-guide/blob/6e0e9164c459a132528d74812ceb9a060c84ef2b/doc_source/delegated-administrator.md
https://docs.aws.amazon.com/macie/latest/APIReference/admin.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-delegated-admin.html
https://docs.aws.amazon.com/security-ir/latest/userguide/considerations_important.html
https://docs.aws.amazon.com/securityhub/latest/userguide/designate-orgs-admin-account.html
https://docs.aws.amazon.com/security-lake/latest/userguide/multi-account-management.html
https://docs.aws.amazon.com/singlesignon/latest/userguide/delegated-admin-how-to-register.html
https://docs.aws.amazon.com/organizations/latest/userguide/services-that-can-integrate-s3lens.html
https://docs.aws.amazon.com/awssupport/latest/user/trusted-advisor-priority.html

What a service is told itself, and what is missing without: the administrator of GuardDuty is one of each region, beside
the one that Organizations has for all of them; CloudTrail's call alone makes its role in the management account.
https://docs.aws.amazon.com/guardduty/latest/ug/delegated-admin-designate.html
https://docs.aws.amazon.com/guardduty/latest/ug/change-guardduty-delegated-admin.html
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-delegated-administrator.html
https://docs.aws.amazon.com/detective/latest/APIReference/API_EnableOrganizationAdminAccount.html
https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_EnableOrganizationAdminAccount.html
https://docs.aws.amazon.com/macie/latest/APIReference/admin.html
https://docs.aws.amazon.com/inspector/v2/APIReference/API_EnableDelegatedAdminAccount.html
https://docs.aws.amazon.com/fms/2018-01-01/APIReference/API_AssociateAdminAccount.html
https://docs.aws.amazon.com/audit-manager/latest/APIReference/API_RegisterOrganizationAdminAccount.html
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_EnableIpamOrganizationAdminAccount.html
https://docs.aws.amazon.com/security-lake/latest/APIReference/API_RegisterDataLakeDelegatedAdministrator.html
"""

NOT_DELEGABLE: Final = frozenset(
    {
        "aws-artifact-account-sync.amazonaws.com",
        "controltower.amazonaws.com",
        "ram.amazonaws.com",
        "servicequotas.amazonaws.com",
        "stacksets.cloudformation.amazonaws.com",
        "tagpolicies.tag.amazonaws.com",
    }
)
"""Services that work with Organizations, and that the management account alone administers, by the same list."""

IDENTITY_CENTER: Final = "sso.amazonaws.com"
"""Whose delegated administrator may not change what the management account has:
https://docs.aws.amazon.com/singlesignon/latest/userguide/delegated-admin.html
"""


def delegates_most(service: str) -> int | None:
    """Return how many accounts may administer a service; None where AWS publishes no number."""
    return DELEGABLE.get(service, Delegable()).most
