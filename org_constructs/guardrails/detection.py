"""What is recorded and found in accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._content import service_control

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ._content import Content


def deny_disabling_audit(*, except_roles: Sequence[str] = ()) -> Content:
    """Return a service control policy that keeps AWS CloudTrail, AWS Config and Amazon GuardDuty as they are.

    Trails, event data stores and detectors can still be made, and not be stopped, changed or deleted. What breaks:
    `cdk deploy` and `cdk destroy` of a changed trail; turning AWS Config on, since the same action narrows what it
    records, for all but `except_roles`.

    Limits: nothing is turned on. The bucket that a trail writes to is not protected: keep it in an account of its own.

    Source: https://github.com/aws-samples/service-control-policy-examples/tree/main/Deny-changes-to-security-services

    Args:
        except_roles: Who may, as in `allow_regions`; by default nobody.

    Raises:
        ValueError: `except_roles` has no names of roles.
    """
    actions = [
        "cloudtrail:DeleteEventDataStore",
        "cloudtrail:DeleteTrail",
        "cloudtrail:PutEventSelectors",
        "cloudtrail:PutInsightSelectors",
        "cloudtrail:StopEventDataStoreIngestion",
        "cloudtrail:StopLogging",
        "cloudtrail:UpdateEventDataStore",
        "cloudtrail:UpdateTrail",
        "config:DeleteConfigurationRecorder",
        "config:DeleteDeliveryChannel",
        "config:DeleteRetentionConfiguration",
        "config:DeleteServiceLinkedConfigurationRecorder",
        "config:DisassociateResourceTypes",
        "config:PutConfigurationRecorder",
        "config:PutDeliveryChannel",
        "config:PutRetentionConfiguration",
        "config:StopConfigurationRecorder",
        "guardduty:DeleteDetector",
        "guardduty:DeleteMembers",
        "guardduty:DeletePublishingDestination",
        "guardduty:DisassociateFromAdministratorAccount",
        "guardduty:DisassociateFromMasterAccount",
        "guardduty:DisassociateMembers",
        "guardduty:StopMonitoringMembers",
        "guardduty:UpdateDetector",
        "guardduty:UpdateMemberDetectors",
        "guardduty:UpdateOrganizationConfiguration",
        "guardduty:UpdatePublishingDestination",
    ]
    return service_control("DenyDisablingAudit", actions, except_roles)
