"""Guardrails: contents of Organizations policies that keep members from what a small company never wants.

Each function returns one content, for `Policy` and `PolicyProps`; `policies` puts several into as few policies as fit.

What no policy reaches:

- Service control policies and resource control policies do not apply to the management account.
- Service-linked roles are exempt from service control policies, and so are service principals.
- A policy denies; IAM still says who may do what is left.

A new organization has no type of policies enabled; `org-baseline doctor --fix` enables those that the app needs.

A service control policy has to be tried on one unit before the root gets it, AWS says:
https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
"""

from .access_roles import ORGANIZATION_ACCESS_ROLE, permission_set_role, protect_baseline_roles
from .combining import combine, policies
from .costs import deny_commitments, deny_contact_and_billing_changes
from .data import RESOURCE_CONTROL_SERVICES, keep_data_in_organization
from .defaults import ai_services_opt_out, ec2_defaults, s3_defaults
from .deletion import deny_deleting_backups, deny_deleting_keys
from .detection import deny_deleting_flow_logs, deny_disabling_audit, deny_disabling_security_services
from .organization import deny_leaving_organization
from .regions import GLOBAL_ACTIONS, allow_regions, deny_region_opt_ins
from .sharing import deny_public_function_urls, deny_sharing_outside_organization, deny_unblocking_public_access
from .sign_in import deny_iam_users_and_access_keys, deny_other_identity_providers, deny_root_user

__all__ = [
    "GLOBAL_ACTIONS",
    "ORGANIZATION_ACCESS_ROLE",
    "RESOURCE_CONTROL_SERVICES",
    "ai_services_opt_out",
    "allow_regions",
    "combine",
    "deny_commitments",
    "deny_contact_and_billing_changes",
    "deny_deleting_backups",
    "deny_deleting_flow_logs",
    "deny_deleting_keys",
    "deny_disabling_audit",
    "deny_disabling_security_services",
    "deny_iam_users_and_access_keys",
    "deny_leaving_organization",
    "deny_other_identity_providers",
    "deny_public_function_urls",
    "deny_region_opt_ins",
    "deny_root_user",
    "deny_sharing_outside_organization",
    "deny_unblocking_public_access",
    "ec2_defaults",
    "keep_data_in_organization",
    "permission_set_role",
    "policies",
    "protect_baseline_roles",
    "s3_defaults",
]
