"""What brings back what somebody changed by hand: an update of its resource, where that writes it anew, or a command.

CloudFormation compares templates, and not what AWS has. An update comes about only where something of a resource is
another in the next template; what its handler then writes is as the template says, whatever was there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from org_constructs.aws.cli import aws_command
from org_constructs.aws.root_access import FEATURES

if TYPE_CHECKING:
    from .references import References
    from .template import Resource

REWRITTEN: Final[Mapping[str, frozenset[str]]] = {
    "AWS::Organizations::Policy": frozenset({"Name", "Content", "Description"}),
    "AWS::SSO::PermissionSet": frozenset(
        {
            *("Description", "SessionDuration", "RelayStateType", "InlinePolicy", "PermissionsBoundary"),
            *("ManagedPolicies", "CustomerManagedPolicyReferences", "Tags"),
        }
    ),
    "AWS::IdentityStore::Group": frozenset({"DisplayName", "Description"}),
}
"""What an update writes again, whatever the templates say of it; of a policy's targets it does so with those alone that
the template before did not have.

https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-organizations
https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-sso
https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-identitystore
"""

OUT_AND_IN: Final = "out of the app and deploy, which finds nothing to delete; then add it again and deploy"
"""How a deploy makes again what somebody deleted."""

TAKE_OUT: Final = "Remove the account and the access to it from the app, and deploy, which leaves the account as it is"
"""The step for an account that AWS does not let the stack change."""

_ASSIGNED: Final = {
    "instance_arn": "InstanceArn",
    "target_id": "TargetId",
    "target_type": "TargetType",
    "permission_set_arn": "PermissionSetArn",
    "principal_type": "PrincipalType",
    "principal_id": "PrincipalId",
}

# Organizations alone does not tell CloudFormation of it:
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-activate-trusted-access.html
STACK_SETS: Final = "member.org.stacksets.cloudformation.amazonaws.com"


def attach(policy_id: str | None, target_id: str) -> str:
    """Return the command that attaches a policy where the template has it: no update does."""
    return aws_command("organizations", "attach-policy", policy_id=policy_id, target_id=target_id)


def move(account_id: str | None, *, source: str, destination: str) -> str:
    """Return the command that moves an account; CloudFormation moves one only from where its template had it."""
    return aws_command(
        "organizations",
        "move-account",
        account_id=account_id,
        source_parent_id=source,
        destination_parent_id=destination,
    )


def assign(references: References, assignment: Resource, region: str | None) -> str:
    """Return the command that assigns again what a template assigns."""
    parts = {option: references.reference(assignment, assignment.properties[key]) for option, key in _ASSIGNED.items()}
    return aws_command("sso-admin", "create-account-assignment", **parts, region=region)


def revoke(**options: str | None) -> str:
    """Return the command that takes away access to an account which no stack has given."""
    in_order = {**dict.fromkeys(_ASSIGNED), "target_type": "AWS_ACCOUNT", **options}
    return aws_command("sso-admin", "delete-account-assignment", **in_order)


def end_membership(store: str, membership_id: str, region: str | None) -> str:
    """Return the command that takes somebody out of a group."""
    return aws_command(
        "identitystore",
        "delete-group-membership",
        identity_store_id=store,
        membership_id=membership_id,
        region=region,
    )


def enable_policy_type(root_id: str, policy_type: str) -> str:
    """Return the command that enables a type of policies: CloudFormation has no property for it."""
    return aws_command("organizations", "enable-policy-type", root_id=root_id, policy_type=policy_type)


def enable_service(principal: str) -> str:
    """Return the command that lets a service work with the organization: CloudFormation has no property for it."""
    if principal == STACK_SETS:
        return aws_command("cloudformation", "activate-organizations-access")
    return aws_command("organizations", "enable-aws-service-access", service_principal=principal)


def enable_root_access(feature: str) -> str:
    """Return the command that enables a feature of central root access: CloudFormation has no property for it."""
    return aws_command("iam", FEATURES[feature].replace("_", "-"))


def register(service: str, account_id: str | None) -> str:
    """Return the command that has an account administer a service: CloudFormation has no resource for it."""
    return aws_command(
        "organizations", "register-delegated-administrator", account_id=account_id, service_principal=service
    )


def deregister(service: str, account_id: str) -> str:
    """Return the command that takes a service away from an account that administers it."""
    return aws_command(
        "organizations", "deregister-delegated-administrator", account_id=account_id, service_principal=service
    )


def has_functions(value: Any) -> bool:  # noqa: ANN401 (JSON)
    """Tell whether only a deploy knows what a value says, so that it differs from all there is."""
    match value:
        case dict():
            return any(key == "Ref" or key.startswith("Fn::") or has_functions(each) for key, each in value.items())
        case list():
            return any(map(has_functions, value))
    return False
