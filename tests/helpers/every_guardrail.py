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
    "deny_other_identity_providers": guardrails.deny_other_identity_providers(
        except_oidc_providers=["token.actions.githubusercontent.com"], except_roles=[ADMINISTRATORS]
    ),
    "protect_baseline_roles": guardrails.protect_baseline_roles(except_roles=[ADMINISTRATORS]),
    "deny_disabling_audit": guardrails.deny_disabling_audit(
        trail_keys=["arn:aws:kms:us-east-1:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab"],
        except_roles=[ORGANIZATION_ACCESS_ROLE],
    ),
    "deny_disabling_security_services": guardrails.deny_disabling_security_services(except_roles=[ADMINISTRATORS]),
    "deny_deleting_flow_logs": guardrails.deny_deleting_flow_logs(except_roles=[ADMINISTRATORS]),
    "deny_deleting_keys": guardrails.deny_deleting_keys(except_roles=[ADMINISTRATORS]),
    "deny_deleting_backups": guardrails.deny_deleting_backups(except_roles=[ADMINISTRATORS]),
    "deny_unblocking_public_access": guardrails.deny_unblocking_public_access(except_roles=[ADMINISTRATORS]),
    "deny_public_function_urls": guardrails.deny_public_function_urls(except_roles=[ADMINISTRATORS]),
    "deny_sharing_outside_organization": guardrails.deny_sharing_outside_organization(except_roles=[ADMINISTRATORS]),
    "deny_commitments": guardrails.deny_commitments(except_roles=[ADMINISTRATORS]),
    "deny_contact_and_billing_changes": guardrails.deny_contact_and_billing_changes(except_roles=[ADMINISTRATORS]),
    "deny_region_opt_ins": guardrails.deny_region_opt_ins(),
    "allow_regions": guardrails.allow_regions(["eu-west-1", "eu-central-1"], except_roles=[ADMINISTRATORS]),
}
RESOURCE_CONTROL: Final[Mapping[str, Mapping[str, Any]]] = {
    "keep_data_in_organization": guardrails.keep_data_in_organization("o-exampleorg1"),
}
DECLARATIVE: Final[Mapping[str, Mapping[str, Any]]] = {
    "ec2_defaults": guardrails.ec2_defaults(
        message="Ask dax@acme.com", require_imdsv2=True, vpc_block="block_ingress", image_providers=["amazon"]
    ),
    "s3_defaults": guardrails.s3_defaults(),
    "ai_services_opt_out": guardrails.ai_services_opt_out(),
}
