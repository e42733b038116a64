"""The shortest contents that AWS takes as policies."""

from __future__ import annotations

import json
from functools import reduce
from typing import Any, Final

DENY_LEAVING: Final[dict[str, Any]] = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Deny", "Action": "organizations:LeaveOrganization", "Resource": "*"}],
}
DENY_LEAVING_TEXT: Final = json.dumps(DENY_LEAVING)
ALLOW_LISTING: Final[dict[str, Any]] = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}],
}
_STATEMENTS: Final = {
    "SERVICE_CONTROL_POLICY": {"Effect": "Deny", "Action": "iam:*", "Resource": "*"},
    "RESOURCE_CONTROL_POLICY": {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"},
}
_SETTINGS: Final = {
    "AISERVICES_OPT_OUT_POLICY": "services.default.opt_out_policy",
    "BACKUP_POLICY": "plans.daily.rules.daily.target_backup_vault_name",
    "BEDROCK_POLICY": "bedrock.guardrail_inference.us-east-1.config_1.identifier",
    "CHATBOT_POLICY": "chatbot.default.client",
    "DECLARATIVE_POLICY_EC2": "ec2_attributes.exception_message",
    "GUARDDUTY_POLICY": "guardduty.enablement.default.foundational.status",
    "INSPECTOR_POLICY": "inspector.enablement.ec2_scanning.enable_in_regions",
    "NETWORK_SECURITY_DIRECTOR_POLICY": (
        "network_security_director.enablement.network_security_scan.enable_in_regions"
    ),
    "S3_POLICY": "s3_attributes.public_access_block_configuration",
    "SECURITYHUB_POLICY": "securityhub.enable_in_regions",
    "TAG_POLICY": "tags.team.tag_value",
    "UPGRADE_ROLLOUT_POLICY": "upgrade_rollout.default.patch_order",
}


def content_of(kind: str, text: Any = "x") -> dict[str, Any]:
    """Return a content of the type that holds the text once, which may be of any length."""
    if kind in _STATEMENTS:
        condition = {"StringEquals": {"aws:PrincipalTag/team": text}}
        return {"Version": "2012-10-17", "Statement": [{**_STATEMENTS[kind], "Condition": condition}]}
    nested: dict[str, Any] = reduce(
        lambda inner, key: {key: inner}, reversed(_SETTINGS[kind].split(".")), {"@@assign": text}
    )
    return nested


def content_with(characters: int, kind: str) -> dict[str, Any]:
    """Return a content of the type that has this many characters without whitespace."""
    rest = json.dumps(content_of(kind, ""), separators=(",", ":"))
    return content_of(kind, "é" * (characters - len(rest)))
