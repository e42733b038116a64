"""What records and finds stays on."""

from __future__ import annotations

from typing import Final

import pytest

from every_guardrail import SERVICE_CONTROL
from guardrail_trials import (
    ACCESS_SESSION,
    ADMIN_SESSION,
    API_SESSION,
    CDK_SESSION,
    DEV,
    DEVELOPER_SESSION,
    ROOT_USER,
    Case,
    Trials,
    by_role,
    each,
)
from iam_reference import matching, services
from org_constructs import guardrails
from org_constructs.guardrails import ORGANIZATION_ACCESS_ROLE
from refusals import refuses

TRAIL: Final = f"arn:aws:cloudtrail:us-east-1:{DEV}:trail/all"
DETECTOR: Final = f"arn:aws:guardduty:us-east-1:{DEV}:detector/0123456789abcdef"
KEY: Final = f"arn:aws:kms:us-east-1:{DEV}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
AUDIT: Final = guardrails.deny_disabling_audit(trail_keys=[KEY], except_roles=[ORGANIZATION_ACCESS_ROLE])
AUDIT_CASES: Final = [
    Case(
        says="an administrator does not stop a trail",
        who=ADMIN_SESSION,
        action="cloudtrail:StopLogging",
        resource=TRAIL,
        denied_by="DenyDisablingAudit",
    ),
    Case(
        says="a deployment does not send a trail elsewhere",
        who=CDK_SESSION,
        action="cloudtrail:UpdateTrail",
        resource=TRAIL,
        denied_by="DenyDisablingAudit",
    ),
    Case(
        says="nobody leaves management events out",
        who=API_SESSION,
        action="cloudtrail:PutEventSelectors",
        resource=TRAIL,
        denied_by="DenyDisablingAudit",
    ),
    Case(
        says="nobody stops AWS Config",
        who=ADMIN_SESSION,
        action="config:StopConfigurationRecorder",
        resource="*",
        denied_by="DenyDisablingAudit",
    ),
    Case(
        says="nobody narrows what AWS Config records",
        who=ADMIN_SESSION,
        action="config:PutConfigurationRecorder",
        resource="*",
        denied_by="DenyDisablingAudit",
    ),
    Case(
        says="nobody deletes a detector",
        who=ADMIN_SESSION,
        action="guardduty:DeleteDetector",
        resource=DETECTOR,
        denied_by="DenyDisablingAudit",
    ),
    Case(
        says="nobody suspends a detector",
        who=ADMIN_SESSION,
        action="guardduty:UpdateDetector",
        resource=DETECTOR,
        denied_by="DenyDisablingAudit",
    ),
    Case(
        says="no account leaves its GuardDuty administrator",
        who=ROOT_USER,
        action="guardduty:DisassociateFromAdministratorAccount",
        resource="*",
        denied_by="DenyDisablingAudit",
    ),
    Case(
        says="the management account turns AWS Config on",
        who=ACCESS_SESSION,
        action="config:PutConfigurationRecorder",
        resource="*",
    ),
    Case(
        says="the management account changes a trail",
        who=ACCESS_SESSION,
        action="cloudtrail:UpdateTrail",
        resource=TRAIL,
    ),
    Case(says="a trail is made", who=CDK_SESSION, action="cloudtrail:CreateTrail", resource=TRAIL),
    Case(says="a trail is started", who=CDK_SESSION, action="cloudtrail:StartLogging", resource=TRAIL),
    Case(says="events are looked at", who=DEVELOPER_SESSION, action="cloudtrail:LookupEvents", resource="*"),
    Case(says="a rule of Config is made", who=CDK_SESSION, action="config:PutConfigRule", resource="*"),
    Case(says="findings are looked at", who=DEVELOPER_SESSION, action="guardduty:GetFindings", resource="*"),
    *each(
        [
            "guardduty:ArchiveFindings",
            "guardduty:CreateFilter",
            "guardduty:CreateIPSet",
            "guardduty:UpdateIPSet",
            "guardduty:DeleteIPSet",
            "guardduty:CreateTrustedEntitySet",
            "guardduty:UpdateTrustedEntitySet",
            "guardduty:DeleteTrustedEntitySet",
            "guardduty:UpdateThreatEntitySet",
            "guardduty:DeleteThreatEntitySet",
            "guardduty:UpdateThreatIntelSet",
            "guardduty:DeleteThreatIntelSet",
            "guardduty:UpdateMalwareScanSettings",
            "guardduty:UpdateMemberDetectors",
            "guardduty:UpdateOrganizationConfiguration",
            "guardduty:DeletePublishingDestination",
            "guardduty:UpdatePublishingDestination",
            "guardduty:UpdateFindingsFeedback",
            "guardduty:AcceptAdministratorInvitation",
            "guardduty:DisassociateMembers",
        ],
        says="GuardDuty finds and reports what it did",
        who=ADMIN_SESSION,
        denied_by="DenyDisablingAudit",
    ),
    *each(
        [
            "config:DeleteConfigRule",
            "config:DeleteConformancePack",
            "config:DeleteOrganizationConfigRule",
            "config:DeleteOrganizationConformancePack",
            "config:DeleteConfigurationAggregator",
            "config:DeleteAggregationAuthorization",
            "config:DeleteRemediationConfiguration",
            "config:DeleteEvaluationResults",
            "config:DeleteServiceLinkedConfigurationRecorder",
            "config:PutRemediationExceptions",
            "config:DisassociateResourceTypes",
        ],
        says="AWS Config judges what it did",
        who=CDK_SESSION,
        denied_by="DenyDisablingAudit",
    ),
    *each(
        [
            "cloudtrail:DeleteChannel",
            "cloudtrail:UpdateChannel",
            "cloudtrail:DeleteEventDataStore",
            "cloudtrail:UpdateEventDataStore",
            "cloudtrail:StopEventDataStoreIngestion",
            "cloudtrail:DisableFederation",
            "cloudtrail:PutEventConfiguration",
            "cloudtrail:PutInsightSelectors",
            "cloudtrail:DeleteResourcePolicy",
        ],
        says="CloudTrail records what it did",
        who=ROOT_USER,
        denied_by="DenyDisablingAudit",
    ),
    *[
        Case(says="a trail's key stays", who=ADMIN_SESSION, action=action, resource=KEY, denied_by="ProtectTrailKeys")
        for action in ("kms:DisableKey", "kms:ScheduleKeyDeletion", "kms:PutKeyPolicy", "kms:ImportKeyMaterial")
    ],
    *each(
        ["kms:DisableKey", "kms:ScheduleKeyDeletion", "kms:PutKeyPolicy"],
        says="other keys are their owners' affair",
        who=ADMIN_SESSION,
    ),
    Case(says="a trail's key encrypts", who=CDK_SESSION, action="kms:GenerateDataKey", resource=KEY),
    Case(
        says="the management account changes a trail's key", who=ACCESS_SESSION, action="kms:PutKeyPolicy", resource=KEY
    ),
    Case(
        says="a role of the excepted name in other letters is not excepted",
        who=by_role(ORGANIZATION_ACCESS_ROLE.lower(), "mallory"),
        action="guardduty:CreateFilter",
        denied_by="DenyDisablingAudit",
    ),
    Case(
        says="a role of the excepted name under a path is not excepted",
        who=by_role(f"team/{ORGANIZATION_ACCESS_ROLE}", "mallory"),
        action="guardduty:CreateFilter",
        denied_by="DenyDisablingAudit",
    ),
    Case(
        says="a role that says it is a service is not excepted",
        who={**ADMIN_SESSION, "context": {**ADMIN_SESSION["context"], "aws:PrincipalIsAWSService": "true"}},
        action="guardduty:CreateFilter",
        denied_by="DenyDisablingAudit",
    ),
    Case(
        says="nor is one with a tag",
        who={
            **ADMIN_SESSION,
            "context": {**ADMIN_SESSION["context"], "aws:PrincipalTag/role": ORGANIZATION_ACCESS_ROLE},
        },
        action="guardduty:CreateFilter",
        denied_by="DenyDisablingAudit",
    ),
    *each(
        [
            "guardduty:CreateDetector",
            "guardduty:CreateThreatIntelSet",
            "guardduty:UnarchiveFindings",
            "cloudtrail:CreateEventDataStore",
            "config:PutConformancePack",
            "config:StartConfigurationRecorder",
            "config:AssociateResourceTypes",
        ],
        says="more is recorded and found",
        who=CDK_SESSION,
    ),
]

SERVICES: Final = guardrails.deny_disabling_security_services(except_roles=[ORGANIZATION_ACCESS_ROLE])
OFF: Final = "DenyDisablingSecurityServices"
INSTANCE: Final = f"arn:aws:ec2:us-east-1:{DEV}:instance/i-0123456789abcdef0"
SUPPRESSED: Final = {"securityhub:ASFFSyntaxPath/Workflow.Status": "SUPPRESSED"}
SUPPRESSED_IN_OCSF: Final = {"securityhub:OCSFSyntaxPath/StatusId": "3"}
SERVICES_CASES: Final = [
    *each(
        [
            "securityhub:DisableSecurityHub",
            "securityhub:DisableSecurityHubV2",
            "securityhub:BatchDisableStandards",
            "securityhub:UpdateStandardsControl",
            "securityhub:BatchUpdateStandardsControlAssociations",
            "securityhub:UpdateSecurityControl",
            "securityhub:DisassociateFromAdministratorAccount",
            "securityhub:DisableImportFindingsForProduct",
            "securityhub:CreateAutomationRule",
            "securityhub:CreateAutomationRuleV2",
            "securityhub:UpdateFindings",
        ],
        says="Security Hub stays on, with its standards and controls",
        who=ADMIN_SESSION,
        denied_by=OFF,
    ),
    *each(
        [
            "access-analyzer:DeleteAnalyzer",
            "access-analyzer:UpdateAnalyzer",
            "access-analyzer:CreateArchiveRule",
            "access-analyzer:UpdateArchiveRule",
            "access-analyzer:ApplyArchiveRule",
            "access-analyzer:UpdateFindings",
        ],
        says="Access Analyzer stays on, and reports",
        who=CDK_SESSION,
        denied_by=OFF,
    ),
    *each(
        [
            "macie2:DisableMacie",
            "macie2:UpdateMacieSession",
            "macie2:DisassociateFromAdministratorAccount",
            "macie2:CreateFindingsFilter",
            "macie2:CreateAllowList",
            "macie2:UpdateClassificationScope",
            "macie2:UpdateAutomatedDiscoveryConfiguration",
            "macie2:PutFindingsPublicationConfiguration",
        ],
        says="Macie stays on, and reports",
        who=ROOT_USER,
        denied_by=OFF,
    ),
    *each(
        [
            "inspector2:Disable",
            "inspector2:DisassociateMember",
            "inspector2:CreateFilter",
            "inspector2:UpdateFilter",
            "inspector2:UpdateConfiguration",
            "inspector2:UpdateEc2DeepInspectionConfiguration",
            "inspector2:DeleteCisScanConfiguration",
        ],
        says="Inspector stays on, and reports",
        who=API_SESSION,
        denied_by=OFF,
    ),
    Case(
        says="a finding is not suppressed",
        who=ADMIN_SESSION,
        action="securityhub:BatchUpdateFindings",
        context=SUPPRESSED,
        denied_by="DenySuppressingFindings",
    ),
    Case(
        says="a finding of the newer API is not suppressed",
        who=ADMIN_SESSION,
        action="securityhub:BatchUpdateFindings",
        context=SUPPRESSED_IN_OCSF,
        denied_by="DenySuppressingOcsfFindings",
    ),
    *[
        Case(says="a finding is resolved", who=ADMIN_SESSION, action="securityhub:BatchUpdateFindings", context=context)
        for context in (
            {"securityhub:ASFFSyntaxPath/Workflow.Status": "RESOLVED"},
            {"securityhub:OCSFSyntaxPath/StatusId": "4"},
            {},
        )
    ],
    *[
        Case(
            says=f"nobody hides something with the tag {tag}",
            who=DEVELOPER_SESSION,
            action=action,
            resource=resource,
            context={"aws:TagKeys": ["Name", tag], f"aws:RequestTag/{tag}": "x"},
            denied_by="DenyTagsThatHide",
        )
        for action, resource, tag in (
            ("ec2:CreateTags", INSTANCE, "InspectorEc2Exclusion"),
            ("ec2:CreateTags", INSTANCE, "GuardDutyExcluded"),
            ("lambda:TagResource", None, "InspectorExclusion"),
            ("lambda:CreateFunction", None, "InspectorCodeExclusion"),
        )
    ],
    Case(
        says="an instance is named",
        who=DEVELOPER_SESSION,
        action="ec2:CreateTags",
        resource=INSTANCE,
        context={"aws:TagKeys": ["Name"], "aws:RequestTag/Name": "web"},
    ),
    Case(says="a function without tags is made", who=CDK_SESSION, action="lambda:CreateFunction"),
    Case(
        says="the excepted role switches a control off", who=ACCESS_SESSION, action="securityhub:UpdateStandardsControl"
    ),
    Case(
        says="the excepted role suppresses a finding",
        who=ACCESS_SESSION,
        action="securityhub:BatchUpdateFindings",
        context=SUPPRESSED,
    ),
    *each(
        [
            "securityhub:EnableSecurityHub",
            "securityhub:BatchEnableStandards",
            "securityhub:GetFindings",
            "access-analyzer:CreateAnalyzer",
            "access-analyzer:StartPolicyGeneration",
            "macie2:EnableMacie",
            "macie2:CreateClassificationJob",
            "inspector2:Enable",
            "inspector2:ListFindings",
        ],
        says="it is turned on and looked at",
        who=ADMIN_SESSION,
    ),
]

FLOW_LOGS: Final = guardrails.deny_deleting_flow_logs(except_roles=[ORGANIZATION_ACCESS_ROLE])
FLOW_LOGS_CASES: Final = [
    *each(
        [
            "ec2:DeleteFlowLogs",
            "route53resolver:DeleteResolverQueryLogConfig",
            "route53resolver:DisassociateResolverQueryLogConfig",
            "vpc-lattice:DeleteAccessLogSubscription",
        ],
        says="what a network logs stays",
        who=ADMIN_SESSION,
        denied_by="DenyDeletingFlowLogs",
    ),
    *each(
        ["ec2:CreateFlowLogs", "route53resolver:CreateResolverQueryLogConfig", "ec2:DeleteVpc"],
        says="networks come and go, and log",
        who=CDK_SESSION,
    ),
    *each(["ec2:DeleteFlowLogs"], says="the excepted role replaces a log", who=ACCESS_SESSION),
]

AUDIT_TRIALS: Final = Trials(AUDIT, AUDIT_CASES)
SERVICES_TRIALS: Final = Trials(SERVICES, SERVICES_CASES)
FLOW_LOGS_TRIALS: Final = Trials(FLOW_LOGS, FLOW_LOGS_CASES)


@AUDIT_TRIALS.parameters()
def test_audit(number: int) -> None:
    AUDIT_TRIALS.check(number)


@SERVICES_TRIALS.parameters()
def test_security_services(number: int) -> None:
    SERVICES_TRIALS.check(number)


@FLOW_LOGS_TRIALS.parameters()
def test_flow_logs(number: int) -> None:
    FLOW_LOGS_TRIALS.check(number)


@pytest.mark.parametrize("trials", [AUDIT_TRIALS, SERVICES_TRIALS, FLOW_LOGS_TRIALS], ids=["audit", "services", "logs"])
def test_decides_both_sides(trials: Trials) -> None:
    trials.check_both_sides()
    trials.check_among([*SERVICE_CONTROL.values()])


LEFT: Final = {
    "cloudtrail": {
        "makes more": ["Create*", "Enable*", "Register*", "Restore*", "Start*"],
        "is about looking": ["CancelQuery", "GenerateQuery", "DeleteDashboard", "UpdateDashboard"],
        "is the management account's": ["DeregisterOrganizationDelegatedAdmin"],
        "is a label": ["AddTags", "RemoveTags"],
    },
    "config": {
        "makes more": ["Associate*", "Start*", "PutServiceLinked*", "PutThirdParty*", "DeleteRemediationExceptions"],
        "makes and changes": [
            "PutAggregationAuthorization",
            "PutConfig*",
            "PutConformancePack",
            "PutConnector",
            "PutOrganization*",
            "PutRemediationConfigurations",
        ],
        "is what rules answer": ["PutEvaluations", "PutExternalEvaluation", "PutResourceConfig"],
        "is about looking": ["*StoredQuery"],
        "is a label": ["*agResource"],
    },
    "guardduty": {
        "makes more": ["Create*", "Enable*", "Invite*", "Send*", "Start*", "UnarchiveFindings"],
        "is a label": ["*agResource"],
    },
    "access-analyzer": {
        "makes more": ["Create*", "Generate*", "Start*"],
        "is about looking": ["CancelPolicyGeneration"],
        "is a label": ["*agResource"],
    },
    "inspector2": {
        "makes more": ["Associate*", "BatchAssociate*", "Create*", "Enable*", "Send*", "Start*"],
        "is about looking": ["Cancel*"],
        "ends one session of one scan": ["StopCisSession"],
        "is the key of what is found": ["ResetEncryptionKey", "UpdateEncryptionKey"],
        "is a label": ["*agResource"],
    },
    "macie2": {
        "makes more": ["Create*", "Enable*"],
        "is about looking": ["TestCustomDataIdentifier", "UpdateRevealConfiguration"],
        "is a label": ["*agResource"],
    },
    "securityhub": {
        "makes more": ["*Enable*", "Create*", "Connector*", "Invite*", "StartConfigurationPolicyAssociation"],
        "is about looking": ["*ExportJobV2", "*Insight", "Generate*", "AllowVendedLogDeliveryForResource"],
        "is what products find, and what is resolved": ["BatchImportFindings"],
        "is a label": ["*agResource"],
    },
}
"""What changes something in these services and is denied by no statement, by the reason."""


@pytest.mark.parametrize("service", LEFT)
def test_every_change_of_a_service_is_denied_or_left_for_a_reason(service: str) -> None:
    contents = [AUDIT, SERVICES]
    denied = {action for content in contents for statement in content["Statement"] for action in statement["Action"]}
    denied |= {"securityhub:BatchUpdateFindings"}
    changes = {f"{service}:{name}" for name, action in services()[service].items() if action.changes}
    patterns = [f"{service}:{pattern}" for names in LEFT[service].values() for pattern in names]
    assert [pattern for pattern in patterns if not matching(pattern) - denied] == []
    assert changes - denied == {name for pattern in patterns for name in matching(pattern)} & changes - denied


@pytest.mark.parametrize("key", [KEY.replace(":key/", ":alias/"), "1234abcd", "*", "arn:aws:kms:*:*:key/*"])
def test_refuses_what_is_no_key(key: str) -> None:
    with refuses("wrong-form", "trail_keys[0]", key):
        guardrails.deny_disabling_audit(trail_keys=[key])


def test_refuses_keys_that_are_no_list() -> None:
    with refuses("not-a-list", "trail_keys"):
        guardrails.deny_disabling_audit(trail_keys=KEY)
