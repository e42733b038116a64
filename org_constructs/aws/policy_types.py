"""What Organizations says of each type of policies: its syntax, its size, and how many of them a target takes.

Read on 2026-11-26. Source of the numbers, which AWS publishes for these types only:
https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, kw_only=True)
class PolicyTypeFacts:
    """A type of policies that `AWS::Organizations::Policy` creates."""

    key: str | None
    """The one key that a content begins with; None where the content is in IAM's language.

    Source: the page on the type's syntax, orgs_manage_policies_…_syntax.html.
    """

    characters: int | None = None
    """The most that a content may have, white space included; None where AWS publishes no limit."""

    per_target: int | None = None
    """The most of them that the root, a unit or an account may have attached; None where AWS publishes no limit."""

    attached_by_aws: str | None = None
    """The policy of AWS's own that every target has from the day that the type is enabled, and that counts."""

    @property
    def own_per_target(self) -> int | None:
        """The most of them that a target takes beside the one of AWS's own."""
        return self.per_target if self.per_target is None else self.per_target - bool(self.attached_by_aws)


POLICY_TYPES: Final = {
    "AISERVICES_OPT_OUT_POLICY": PolicyTypeFacts(key="services", characters=2_500, per_target=5),
    "BACKUP_POLICY": PolicyTypeFacts(key="plans", characters=10_000, per_target=10),
    "BEDROCK_POLICY": PolicyTypeFacts(key="bedrock"),
    "CHATBOT_POLICY": PolicyTypeFacts(key="chatbot", characters=10_000, per_target=5),
    "DECLARATIVE_POLICY_EC2": PolicyTypeFacts(key="ec2_attributes", characters=10_000, per_target=10),
    "GUARDDUTY_POLICY": PolicyTypeFacts(key="guardduty"),
    "INSPECTOR_POLICY": PolicyTypeFacts(key="inspector"),
    "NETWORK_SECURITY_DIRECTOR_POLICY": PolicyTypeFacts(key="network_security_director"),
    "RESOURCE_CONTROL_POLICY": PolicyTypeFacts(
        key=None, characters=5_120, per_target=5, attached_by_aws="RCPFullAWSAccess"
    ),
    "S3_POLICY": PolicyTypeFacts(key="s3_attributes"),
    "SECURITYHUB_POLICY": PolicyTypeFacts(key="securityhub", characters=10_000, per_target=10),
    "SERVICE_CONTROL_POLICY": PolicyTypeFacts(
        key=None, characters=10_240, per_target=10, attached_by_aws="FullAWSAccess"
    ),
    "TAG_POLICY": PolicyTypeFacts(key="tags", characters=10_000, per_target=10),
    # https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_upgrade_syntax.html
    "UPGRADE_ROLLOUT_POLICY": PolicyTypeFacts(key="upgrade_rollout", characters=5_120),
}

# https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html#rcp-supported-services
RESOURCE_CONTROL_SERVICES_DATE: Final = "2026-09-26"
RESOURCE_CONTROL_SERVICES: Final = (
    "aoss",
    "appconfig",
    "appstream",
    "autoscaling",
    "autoscaling-plans",
    "budgets",
    "clouddirectory",
    "cloudfront",
    "cloudsearch",
    "cloudtrail-data",
    "codeartifact",
    "codebuild",
    "codecommit",
    "codepipeline",
    "cognito-identity",
    "cognito-idp",
    "comprehend",
    "comprehendmedical",
    "compute-optimizer",
    "cost-optimization-hub",
    "dax",
    "dsql",
    "dynamodb",
    "ecr",
    "ecr-public",
    "events",
    "firehose",
    "fis",
    "fms",
    "gamelift",
    "health",
    "inspector-scan",
    "kendra",
    "kinesisvideo",
    "kms",
    "logs",
    "memorydb",
    "networkmonitor",
    "notifications",
    "opensearch",
    "pca-connector-ad",
    "personalize",
    "polly",
    "pricing",
    "resource-groups",
    "rolesanywhere",
    "s3",
    "secretsmanager",
    "servicediscovery",
    "signin",
    "sqs",
    "sts",
    "support",
    "swf",
    "textract",
    "timestream-influxdb",
    "transcribe",
    "transfer",
    "translate",
    "wafv2",
    "workspaces",
    "xray",
)
"""The prefixes of the services whose actions a resource control policy may name."""
