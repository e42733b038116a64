"""The statements of `org_constructs.guardrails`, by their `Sid`, so that a page says in words what they forbid.

The guardrails themselves are not imported: that would start the CDK. A statement is a guardrail's if it denies the same
actions, whatever its `Sid` says; on what and except for whom, the words add from the statement itself.
"""

from __future__ import annotations

from typing import Final

KNOWN: Final = {
    "DenyLeavingTheOrganization": (
        "deny_leaving_organization",
        "leave the organization, join another one or close the account",
        "0fe550efdf911a02",
    ),
    "DenyTheRootUser": (
        "deny_root_user",
        "do anything",
        "8146e62c2d697f32",
    ),
    "DenyIamUsersAndAccessKeys": (
        "deny_iam_users_and_access_keys",
        "create IAM users, passwords, access keys or credentials of single services",
        "84ecf9272595596d",
    ),
    "DenyOtherIdentityProviders": (
        "deny_other_identity_providers",
        "add or change SAML providers, IAM Roles Anywhere or an Identity Center instance of the account's own",
        "7f5c71340666eb65",
    ),
    "DenyOidcProviders": (
        "deny_other_identity_providers",
        "add or change OIDC providers",
        "24631d3d68e575e0",
    ),
    "ProtectIdentityCenterRoles": (
        "protect_baseline_roles",
        "create, change or delete what is Identity Center's",
        "61f1650e8e6d36c5",
    ),
    "ProtectOrganizationAccess": (
        "protect_baseline_roles",
        "create, change or delete roles that let the management account in",
        "7306a97f7326e787",
    ),
    "ProtectCdkBootstrap": (
        "protect_baseline_roles",
        "create, change or delete roles of the CDK bootstrap",
        "7306a97f7326e787",
    ),
    "DenyDisablingAudit": (
        "deny_disabling_audit",
        "stop, narrow or delete what CloudTrail, AWS Config and GuardDuty record and find, or archive findings",
        "6fe5f7cc926ec14d",
    ),
    "ProtectTrailKeys": (
        "deny_disabling_audit",
        "make a trail's key unusable",
        "4f27ef4080f73d49",
    ),
    "DenyDisablingSecurityServices": (
        "deny_disabling_security_services",
        "turn off, narrow or filter Security Hub, Access Analyzer, Macie and Inspector",
        "39a7edef4341b728",
    ),
    "DenySuppressingFindings": (
        "deny_disabling_security_services",
        "suppress findings of Security Hub",
        "b1111203fca0a576",
    ),
    "DenySuppressingOcsfFindings": (
        "deny_disabling_security_services",
        "suppress findings of Security Hub",
        "b1111203fca0a576",
    ),
    "DenyTagsThatHide": (
        "deny_disabling_security_services",
        "set tags that exclude something from scans",
        "98de035d99986e05",
    ),
    "DenyDeletingFlowLogs": (
        "deny_deleting_flow_logs",
        "delete VPC flow logs and DNS query logs",
        "f5f8d05bb22ca30a",
    ),
    "DenyDeletingKeys": (
        "deny_deleting_keys",
        "delete keys of KMS and CloudHSM",
        "2886a205e8756488",
    ),
    "DenyDeletingBackups": (
        "deny_deleting_backups",
        "delete backups, database snapshots, and the plans, vaults and locks of AWS Backup",
        "88340730e5bb046e",
    ),
    "DenyUnblockingPublicAccess": (
        "deny_unblocking_public_access",
        "loosen the account-wide blocks of public access",
        "b0a8906aa0d85d48",
    ),
    "DenyUnblockingPublicDocuments": (
        "deny_unblocking_public_access",
        "change a setting of Systems Manager",
        "c3671b6d740e7229",
    ),
    "DenyPublicFunctionUrls": (
        "deny_public_function_urls",
        "give a Lambda function a URL that everybody may call",
        "afc3c4ab441ef3cf",
    ),
    "DenySharesForOthers": (
        "deny_sharing_outside_organization",
        "share through AWS RAM with anybody outside the organization",
        "0dafac6393e0dd93",
    ),
    "DenyOpeningShares": (
        "deny_sharing_outside_organization",
        "open a share of AWS RAM to anybody outside the organization",
        "7864bf07315d14a2",
    ),
    "DenyAddingToOpenShares": (
        "deny_sharing_outside_organization",
        "add to a share of AWS RAM that is open to anybody outside the organization",
        "f4e6fcce6c45b8ef",
    ),
    "DenySharingByAccount": (
        "deny_sharing_outside_organization",
        "share images, snapshots, layers or documents with other accounts",
        "fbffd344d99a0537",
    ),
    "DenyCommitments": (
        "deny_commitments",
        "buy reservations, savings plans, domains, support plans, other subscriptions, or anything on AWS Marketplace",
        "637160d82885f3ac",
    ),
    "DenyContactAndBillingChanges": (
        "deny_contact_and_billing_changes",
        "change contacts, names, e-mail addresses, payment, invoices and taxes",
        "c88ca62a8d29d984",
    ),
    "DenyRegionOptIns": (
        "deny_region_opt_ins",
        "turn regions on or off",
        "fe050aa63c0c8af3",
    ),
    "DenyOtherRegions": (
        "allow_regions",
        "use regional services",
        "7a8ea9ad226874f1",
    ),
    "DenyPrincipalsOfOthers": (
        "keep_data_in_organization",
        "reach data, or assume roles,",
        "9ba988eb90208635",
    ),
    "DenyServicesActingForOthers": (
        "keep_data_in_organization",
        "reach data, or assume roles,",
        "9ba988eb90208635",
    ),
}
"""The guardrail, what nobody may do, and the `fingerprint` of its actions."""
