"""`PolicyType`: the types of Organizations policies, each of which has to be enabled on the root."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from .validate import check_sequence, check_unique


class PolicyType(StrEnum):
    """The policy types that CloudFormation creates.

    A type must be enabled on the root before a policy of it is created, and a new organization has none enabled.
    CloudFormation cannot enable one: `org-baseline doctor --fix` does, or `aws organizations enable-policy-type`.

    Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies.html
    """

    AISERVICES_OPT_OUT_POLICY = "AISERVICES_OPT_OUT_POLICY"
    BACKUP_POLICY = "BACKUP_POLICY"
    BEDROCK_POLICY = "BEDROCK_POLICY"
    CHATBOT_POLICY = "CHATBOT_POLICY"
    DECLARATIVE_POLICY_EC2 = "DECLARATIVE_POLICY_EC2"
    GUARDDUTY_POLICY = "GUARDDUTY_POLICY"
    INSPECTOR_POLICY = "INSPECTOR_POLICY"
    NETWORK_SECURITY_DIRECTOR_POLICY = "NETWORK_SECURITY_DIRECTOR_POLICY"
    RESOURCE_CONTROL_POLICY = "RESOURCE_CONTROL_POLICY"
    S3_POLICY = "S3_POLICY"
    SECURITYHUB_POLICY = "SECURITYHUB_POLICY"
    SERVICE_CONTROL_POLICY = "SERVICE_CONTROL_POLICY"
    TAG_POLICY = "TAG_POLICY"
    UPGRADE_ROLLOUT_POLICY = "UPGRADE_ROLLOUT_POLICY"


def check_enabled_policy_types(types: Sequence[PolicyType]) -> None:
    """Refuse what is no list of different types."""
    check_sequence("enabled_policy_types", types, PolicyType, "a PolicyType, such as PolicyType.SERVICE_CONTROL_POLICY")
    check_unique("enabled_policy_types", [each.value for each in types], what="type")
