"""A content of every guardrail, each with an exception where it takes one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from org_constructs import guardrails
from org_constructs.guardrails import ORGANIZATION_ACCESS_ROLE, permission_set_role

if TYPE_CHECKING:
    from collections.abc import Mapping

ADMINISTRATORS: Final = permission_set_role("AdministratorAccess")

SERVICE_CONTROL: Final[Mapping[str, Mapping[str, Any]]] = {
    "deny_leaving_organization": guardrails.deny_leaving_organization(),
    "deny_root_user": guardrails.deny_root_user(),
    "deny_iam_users_and_access_keys": guardrails.deny_iam_users_and_access_keys(except_roles=["deploy/KeyRotation"]),
    "protect_baseline_roles": guardrails.protect_baseline_roles(except_roles=[ADMINISTRATORS]),
    "deny_disabling_audit": guardrails.deny_disabling_audit(
        trail_keys=["arn:aws:kms:us-east-1:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab"],
        except_roles=[ORGANIZATION_ACCESS_ROLE],
    ),
    "deny_disabling_security_services": guardrails.deny_disabling_security_services(except_roles=[ADMINISTRATORS]),
    "deny_deleting_flow_logs": guardrails.deny_deleting_flow_logs(except_roles=[ADMINISTRATORS]),
    "deny_region_opt_ins": guardrails.deny_region_opt_ins(),
    "allow_regions": guardrails.allow_regions(["eu-west-1", "eu-central-1"], except_roles=[ADMINISTRATORS]),
}
RESOURCE_CONTROL: Final[Mapping[str, Mapping[str, Any]]] = {
    "keep_data_in_organization": guardrails.keep_data_in_organization("o-exampleorg1"),
}
DECLARATIVE: Final[Mapping[str, Mapping[str, Any]]] = {"ec2_defaults": guardrails.ec2_defaults()}
