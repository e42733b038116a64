"""What is recorded and found in accounts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from org_constructs.constructs.validate import check_sequence, check_text, check_unique

from ._content import Content, content, deny, service_control, unless_roles

_CLOUDTRAIL: Final = (
    "cloudtrail:DeleteChannel",
    "cloudtrail:DeleteEventDataStore",
    "cloudtrail:DeleteResourcePolicy",  # which lets others deliver into a channel
    "cloudtrail:DeleteServiceLinkedChannel",
    "cloudtrail:DeleteTrail",
    "cloudtrail:DisableFederation",
    "cloudtrail:PutEventConfiguration",
    "cloudtrail:PutEventSelectors",
    "cloudtrail:PutInsightSelectors",
    "cloudtrail:PutResourcePolicy",
    "cloudtrail:StopEventDataStoreIngestion",
    "cloudtrail:StopImport",
    "cloudtrail:StopLogging",
    "cloudtrail:UpdateChannel",
    "cloudtrail:UpdateEventDataStore",
    "cloudtrail:UpdateServiceLinkedChannel",
    "cloudtrail:UpdateTrail",
)
_CONFIG: Final = (
    "config:DeleteAggregationAuthorization",
    "config:DeleteConfigRule",
    "config:DeleteConfigurationAggregator",
    "config:DeleteConfigurationRecorder",
    "config:DeleteConformancePack",
    "config:DeleteConnector",
    "config:DeleteDeliveryChannel",
    "config:DeleteEvaluationResults",
    "config:DeleteOrganizationConfigRule",
    "config:DeleteOrganizationConformancePack",
    "config:DeletePendingAggregationRequest",
    "config:DeleteRemediationConfiguration",
    "config:DeleteResourceConfig",
    "config:DeleteRetentionConfiguration",
    "config:DeleteServiceLinkedConfigurationRecorder",
    "config:DisassociateResourceTypes",
    "config:PutConfigurationRecorder",
    "config:PutDeliveryChannel",
    "config:PutRemediationExceptions",
    "config:PutRetentionConfiguration",
    "config:StopConfigurationRecorder",
)
_GUARDDUTY: Final = (
    "guardduty:AcceptAdministratorInvitation",  # an administrator of another company's decides what is found
    "guardduty:AcceptInvitation",
    "guardduty:ArchiveFindings",
    "guardduty:CreateFilter",  # it may archive what it matches
    "guardduty:CreateIPSet",  # of trusted addresses, from which nothing is found
    "guardduty:CreateTrustedEntitySet",
    "guardduty:DeclineInvitations",
    "guardduty:DeleteCustomDetectionRuleAssociation",
    "guardduty:DeleteCustomDetectionRuleOrgConfiguration",
    "guardduty:DeleteDetector",
    "guardduty:DeleteFilter",
    "guardduty:DeleteIPSet",
    "guardduty:DeleteInvitations",
    "guardduty:DeleteMalwareProtectionPlan",
    "guardduty:DeleteMembers",
    "guardduty:DeletePublishingDestination",
    "guardduty:DeleteThreatEntitySet",
    "guardduty:DeleteThreatIntelSet",
    "guardduty:DeleteTrustedEntitySet",
    "guardduty:DisableOrganizationAdminAccount",
    "guardduty:DisassociateFromAdministratorAccount",
    "guardduty:DisassociateFromMasterAccount",
    "guardduty:DisassociateMembers",
    "guardduty:StopMonitoringMembers",
    "guardduty:UpdateCustomDetectionRuleAssociation",
    "guardduty:UpdateCustomDetectionRuleOrgConfiguration",
    "guardduty:UpdateDetector",
    "guardduty:UpdateFilter",
    "guardduty:UpdateFindingsFeedback",
    "guardduty:UpdateIPSet",
    "guardduty:UpdateMalwareProtectionPlan",
    "guardduty:UpdateMalwareScanSettings",
    "guardduty:UpdateMemberDetectors",
    "guardduty:UpdateOrganizationConfiguration",
    "guardduty:UpdatePublishingDestination",
    "guardduty:UpdateThreatEntitySet",
    "guardduty:UpdateThreatIntelSet",
    "guardduty:UpdateTrustedEntitySet",
)
_TRAIL_KEY: Final = (
    "kms:DeleteImportedKeyMaterial",
    "kms:DisableKey",
    "kms:ImportKeyMaterial",  # the same material again, with an end
    "kms:PutKeyPolicy",
    "kms:ScheduleKeyDeletion",
)

_ACCESS_ANALYZER: Final = (
    "access-analyzer:ApplyArchiveRule",
    "access-analyzer:CreateArchiveRule",
    "access-analyzer:DeleteAnalyzer",
    "access-analyzer:DeleteArchiveRule",
    "access-analyzer:DeleteServiceLinkedAnalyzer",
    "access-analyzer:UpdateAnalyzer",
    "access-analyzer:UpdateArchiveRule",
    "access-analyzer:UpdateFindings",
)
_INSPECTOR: Final = (
    "inspector2:BatchDisassociateCodeSecurityScanConfiguration",
    "inspector2:BatchUpdateMemberEc2DeepInspectionStatus",
    "inspector2:CreateFilter",  # it suppresses what it matches
    "inspector2:DeleteCisScanConfiguration",
    "inspector2:DeleteCodeSecurityIntegration",
    "inspector2:DeleteCodeSecurityScanConfiguration",
    "inspector2:DeleteConnector",
    "inspector2:DeleteFilter",
    "inspector2:Disable",
    "inspector2:DisableDelegatedAdminAccount",
    "inspector2:DisassociateMember",
    "inspector2:UpdateCisScanConfiguration",
    "inspector2:UpdateCodeSecurityIntegration",
    "inspector2:UpdateCodeSecurityScanConfiguration",
    "inspector2:UpdateConfiguration",
    "inspector2:UpdateConnector",
    "inspector2:UpdateConnectorScanConfiguration",
    "inspector2:UpdateEc2DeepInspectionConfiguration",
    "inspector2:UpdateFilter",
    "inspector2:UpdateOrgEc2DeepInspectionConfiguration",
    "inspector2:UpdateOrganizationConfiguration",
)
_MACIE: Final = (
    "macie2:AcceptInvitation",
    "macie2:BatchUpdateAutomatedDiscoveryAccounts",
    "macie2:CreateAllowList",  # what it matches is not sensitive
    "macie2:CreateFindingsFilter",  # it may archive what it matches
    "macie2:DeclineInvitations",
    "macie2:DeleteAllowList",
    "macie2:DeleteCustomDataIdentifier",
    "macie2:DeleteFindingsFilter",
    "macie2:DeleteInvitations",
    "macie2:DeleteMember",
    "macie2:DisableMacie",
    "macie2:DisableOrganizationAdminAccount",
    "macie2:DisassociateFromAdministratorAccount",
    "macie2:DisassociateFromMasterAccount",
    "macie2:DisassociateMember",
    "macie2:PutClassificationExportConfiguration",
    "macie2:PutFindingsPublicationConfiguration",
    "macie2:UpdateAllowList",
    "macie2:UpdateAutomatedDiscoveryConfiguration",
    "macie2:UpdateClassificationJob",
    "macie2:UpdateClassificationScope",
    "macie2:UpdateFindingsFilter",
    "macie2:UpdateMacieSession",
    "macie2:UpdateMemberSession",
    "macie2:UpdateOrganizationConfiguration",
    "macie2:UpdateResourceProfile",
    "macie2:UpdateResourceProfileDetections",
    "macie2:UpdateSensitivityInspectionTemplate",
)
_SECURITY_HUB: Final = (
    "securityhub:AcceptAdministratorInvitation",
    "securityhub:AcceptInvitation",
    "securityhub:BatchDeleteAutomationRules",
    "securityhub:BatchDisableStandards",
    "securityhub:BatchUpdateAutomationRules",
    "securityhub:BatchUpdateStandardsControlAssociations",
    "securityhub:CreateAutomationRule",  # it may suppress what it matches
    "securityhub:CreateAutomationRuleV2",
    "securityhub:DeclineInvitations",
    "securityhub:DeleteActionTarget",
    "securityhub:DeleteAggregatorV2",
    "securityhub:DeleteAutomationRuleV2",
    "securityhub:DeleteConfigurationPolicy",
    "securityhub:DeleteConnector",
    "securityhub:DeleteConnectorV2",
    "securityhub:DeleteFindingAggregator",
    "securityhub:DeleteInvitations",
    "securityhub:DeleteMembers",
    "securityhub:DisableImportFindingsForProduct",
    "securityhub:DisableOrganizationAdminAccount",
    "securityhub:DisableSecurityHub",
    "securityhub:DisableSecurityHubFeatureV2",
    "securityhub:DisableSecurityHubV2",
    "securityhub:DisassociateFromAdministratorAccount",
    "securityhub:DisassociateFromMasterAccount",
    "securityhub:DisassociateMembers",
    "securityhub:StartConfigurationPolicyDisassociation",
    "securityhub:UpdateActionTarget",
    "securityhub:UpdateAggregatorV2",
    "securityhub:UpdateAutomationRuleV2",
    "securityhub:UpdateConfigurationPolicy",
    "securityhub:UpdateConnector",
    "securityhub:UpdateConnectorV2",
    "securityhub:UpdateFindingAggregator",
    "securityhub:UpdateFindings",  # of before BatchUpdateFindings; it archives
    "securityhub:UpdateOrganizationConfiguration",
    "securityhub:UpdateSecurityControl",
    "securityhub:UpdateSecurityHubConfiguration",
    "securityhub:UpdateStandardsControl",
)

_TAGGING: Final = ("ec2:CreateTags", "lambda:CreateFunction", "lambda:TagResource")
_TAGS_THAT_HIDE: Final = ["GuardDutyExcluded", "InspectorCodeExclusion", "InspectorEc2Exclusion", "InspectorExclusion"]


def deny_disabling_audit(*, trail_keys: Sequence[str] = (), except_roles: Sequence[str] = ()) -> Content:
    """Return a service control policy that keeps AWS CloudTrail, AWS Config and Amazon GuardDuty as they are.

    Trails, channels, event data stores, rules, conformance packs and detectors can still be made, but not stopped,
    changed or deleted; nobody archives findings or tells GuardDuty whom to trust. What breaks: `cdk deploy` and
    `cdk destroy` of a changed trail, and of a stack that a rule is removed from; turning AWS Config on, since the same
    action narrows what it records, for all but `except_roles`.

    Limits: nothing is turned on. One action makes a rule, a conformance pack or an aggregator of AWS Config and changes
    it, so that a rule can be made to find nothing. An instance with the tag GuardDutyExcluded is not scanned for
    malware, until `deny_disabling_security_services` denies that tag. The bucket that a trail writes to is not
    protected: keep it in an account of its own. A key whose material is in a key store of yours can be cut off there.

    Source: https://github.com/aws-samples/service-control-policy-examples/tree/main/Deny-changes-to-security-services,
    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonguardduty.html, and of the key
    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/encrypting-cloudtrail-log-files-with-aws-kms.html

    Args:
        trail_keys: The ARNs of the KMS keys that trails and event data stores of these accounts are encrypted with.
            Nobody but `except_roles` disables them, schedules their deletion or changes who may use them. By default
            none; a key of another account needs no protection from members.
        except_roles: Who may, as in `allow_regions`; by default nobody.

    Raises:
        Refusal: `except_roles` has no names of roles, or `trail_keys` no ARNs of keys.
    """
    check_sequence("trail_keys", trail_keys, str, "the ARN of a KMS key")
    check_unique("trail_keys", trail_keys, what="key")
    for index, key in enumerate(trail_keys):
        check_text(
            f"trail_keys[{index}]",
            key,
            maximum=2048,
            pattern=r"arn:aws(-[a-z]+)*:kms:[a-z0-9-]+:\d{12}:key/[A-Za-z0-9-]+",
            rule="the ARN of a key, not of an alias, like 'arn:aws:kms:us-east-1:111122223333:key/…'",
        )
    exceptions = unless_roles(except_roles)
    statements = [deny("DenyDisablingAudit", [*_CLOUDTRAIL, *_CONFIG, *_GUARDDUTY], condition=exceptions)]
    if trail_keys:
        statements.append(deny("ProtectTrailKeys", _TRAIL_KEY, trail_keys, exceptions))
    return content(statements)


def deny_disabling_security_services(*, except_roles: Sequence[str] = ()) -> Content:
    """Return a service control policy that keeps the services on which find what is unsafe, and what they report.

    These are AWS Security Hub, IAM Access Analyzer, Amazon Macie and Amazon Inspector. They can still be turned on, but
    not turned off, narrowed, taken from their administrator or told to leave findings out. Nobody marks a finding of
    Security Hub as suppressed, or gives an instance or a function a tag that scans of Inspector and GuardDuty skip.
    What breaks: tuning in the account itself, such as switching a control off or filtering findings, for all but
    `except_roles`; do it from the delegated administrator's account.

    Limits: neither the management account nor service-linked roles are stopped. Nothing is turned on, and what has such
    a tag keeps it. Findings may still be resolved, and imported by products.

    Source: https://github.com/aws-samples/service-control-policy-examples/tree/main/Deny-changes-to-security-services,
    https://docs.aws.amazon.com/securityhub/latest/userguide/iam-permissions-batchupdatefindings.html,
    https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_BatchUpdateFindingsV2.html,
    https://docs.aws.amazon.com/inspector/latest/user/scanning_resources_lambda_exclude_functions.html and
    https://docs.aws.amazon.com/guardduty/latest/ug/malware-protection-customizations.html

    Args:
        except_roles: Who may, as in `allow_regions`; by default nobody.

    Raises:
        Refusal: `except_roles` has no names of roles.
    """
    exceptions = unless_roles(except_roles)
    services = [*_ACCESS_ANALYZER, *_INSPECTOR, *_MACIE, *_SECURITY_HUB]
    suppressing = {"StringEquals": {"securityhub:ASFFSyntaxPath/Workflow.Status": "SUPPRESSED"}}
    suppressing_in_ocsf = {"StringEquals": {"securityhub:OCSFSyntaxPath/StatusId": "3"}}
    hiding = {"ForAnyValue:StringEquals": {"aws:TagKeys": _TAGS_THAT_HIDE}}
    update = ["securityhub:BatchUpdateFindings"]  # of both versions of the API
    return content(
        [
            deny("DenyDisablingSecurityServices", services, condition=exceptions),
            deny("DenySuppressingFindings", update, condition={**suppressing, **exceptions}),
            deny("DenySuppressingOcsfFindings", update, condition={**suppressing_in_ocsf, **exceptions}),
            deny("DenyTagsThatHide", _TAGGING, condition={**hiding, **exceptions}),
        ]
    )


def deny_deleting_flow_logs(*, except_roles: Sequence[str] = ()) -> Content:
    """Return a service control policy that keeps the logs of networks: VPC flow logs and DNS queries.

    Both can still be made; a flow log cannot be changed anyway. What breaks: `cdk destroy` of a network that has one,
    and every deploy that replaces one.

    Limits: neither the management account nor service-linked roles are stopped. The log group or bucket that they are
    written to is not protected, nor the role that writes: send them to a bucket in an account of its own.

    Source: https://github.com/aws-samples/service-control-policy-examples/tree/main/Protect-cloud-platform-resource and
    https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs.html

    Args:
        except_roles: Who may, as in `allow_regions`; by default nobody.

    Raises:
        Refusal: `except_roles` has no names of roles.
    """
    actions = [
        "ec2:DeleteFlowLogs",
        "route53resolver:DeleteResolverQueryLogConfig",
        "route53resolver:DisassociateResolverQueryLogConfig",
        "vpc-lattice:DeleteAccessLogSubscription",
        "vpc-lattice:UpdateAccessLogSubscription",
    ]
    return service_control("DenyDeletingFlowLogs", actions, except_roles)
