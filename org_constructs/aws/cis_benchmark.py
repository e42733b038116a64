"""Which recommendations of the CIS Amazon Web Services Foundations Benchmark are about an organization and its people.

Ids as in the benchmark, which https://www.cisecurity.org/benchmark/amazon_web_services gives away, and titles that are
ours and short. The others are about what is inside an account. The list was read on 2026-11-26:
https://github.com/prowler-cloud/prowler/blob/master/prowler/compliance/aws/cis_7.0_aws.json
"""

from __future__ import annotations

from typing import Final

BENCHMARK: Final = "CIS Amazon Web Services Foundations Benchmark"
VERSION: Final = "7.0.0"

TITLES: Final = {
    "2.1.1": "Central management of root users",
    "2.1.2": "Guardrails on every member account",
    "2.1.3": "No workloads in the management account",
    "2.1.4": "Units by environment and sensitivity",
    "2.1.5": "Policies managed from a delegated account",
    "2.1.6": "Services managed from delegated accounts",
    "2.2": "Contact details up to date",
    "2.3": "Security contact set",
    "2.19": "People managed in one place",
    "2.20": "AWSCloudShellFullAccess restricted",
    "5.15": "Changes of the organization monitored",
}
"""What each is about, by its id, in the benchmark's order."""

DELEGABLE_SERVICES: Final = frozenset(
    {
        "access-analyzer.amazonaws.com",
        "account.amazonaws.com",
        "auditmanager.amazonaws.com",
        "backup.amazonaws.com",
        "cloudtrail.amazonaws.com",
        "compute-optimizer.amazonaws.com",
        "config.amazonaws.com",
        "config-multiaccountsetup.amazonaws.com",
        "cost-optimization-hub.bcm.amazonaws.com",
        "detective.amazonaws.com",
        "devops-guru.amazonaws.com",
        "fms.amazonaws.com",
        "guardduty.amazonaws.com",
        "health.amazonaws.com",
        "iam.amazonaws.com",
        "inspector2.amazonaws.com",
        "ipam.amazonaws.com",
        "license-manager.amazonaws.com",
        "macie.amazonaws.com",
        "member.org.stacksets.cloudformation.amazonaws.com",
        "reporting.trustedadvisor.amazonaws.com",
        "resource-explorer-2.amazonaws.com",
        "security-ir.amazonaws.com",
        "securityhub.amazonaws.com",
        "securitylake.amazonaws.com",
        "servicecatalog.amazonaws.com",
        "ssm.amazonaws.com",
        "sso.amazonaws.com",
        "storage-lens.s3.amazonaws.com",
    }
)
"""Services with trusted access that a member account can administer; not all of them, as AWS adds some every year.

By https://docs.aws.amazon.com/organizations/latest/userguide/orgs_integrate_services_list.html and the pages that it
leads to, read on 2026-11-26 in the version of December 2022, the last that AWS published as files:
https://github.com/awsdocs/aws-organizations-docs/blob/8df18e7aeb8068515cd8ab22e852ad25a052edbd/doc_source/orgs_integrate_services_list.md
And what came to it since: AWS Backup, Cost Optimization Hub, AWS Health, IAM, Resource Explorer, Security Incident
Response and Security Lake.
https://aws.amazon.com/blogs/storage/delegated-administrator-support-for-aws-backup/
https://docs.aws.amazon.com/cost-management/latest/userguide/coh-delegated-admin.html
https://docs.aws.amazon.com/health/latest/ug/delegated-administrator-organizational-view.html
https://docs.aws.amazon.com/organizations/latest/userguide/services-that-can-integrate-iam.html
https://docs.aws.amazon.com/organizations/latest/userguide/services-that-can-integrate-resource-explorer.html
https://docs.aws.amazon.com/security-ir/latest/userguide/security-ir-organizations.html
https://docs.aws.amazon.com/organizations/latest/userguide/services-that-can-integrate-sl.html
"""
