"""What records and finds stays on."""

from __future__ import annotations

from typing import Final

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
)
from org_constructs import guardrails
from org_constructs.guardrails import ORGANIZATION_ACCESS_ROLE

TRAIL: Final = f"arn:aws:cloudtrail:us-east-1:{DEV}:trail/all"
DETECTOR: Final = f"arn:aws:guardduty:us-east-1:{DEV}:detector/0123456789abcdef"
AUDIT: Final = guardrails.deny_disabling_audit(except_roles=[ORGANIZATION_ACCESS_ROLE])
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
]


AUDIT_TRIALS: Final = Trials(AUDIT, AUDIT_CASES)


@AUDIT_TRIALS.parameters()
def test_audit(number: int) -> None:
    AUDIT_TRIALS.check(number)


def test_audit_on_both_sides() -> None:
    AUDIT_TRIALS.check_both_sides()
