"""Permission sets by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from aws_cdk import aws_iam as iam

from org_constructs.aws.administrator_access import ADMINISTRATOR_ACCESS
from org_constructs.baseline.props import PermissionSetProps
from org_constructs.constructs.permission_set import PermissionSet, check_partition, check_permission_set
from org_constructs.constructs.policy_json import cfn_json
from org_constructs.constructs.validate import check_unique
from org_constructs.refusal import Mistakes
from org_constructs.templates.administrators import allows_everything

from .checks import argument_in, check_apart, construct_id, refuse_beside

if TYPE_CHECKING:
    from org_constructs.constructs.identity_center import IdentityCenter


def plan_permission_sets(
    props: Sequence[PermissionSetProps], identity_center: IdentityCenter | None
) -> dict[str, PermissionSetProps]:
    """Check the permission sets and return them by name; AdministratorAccess is the default one."""
    own = [field.name for field in fields(PermissionSetProps) if field.name not in ("name", "permission_set_arn")]
    mistakes = Mistakes()
    for index, permission_set in enumerate(props):
        with mistakes.gathered():
            here = f"permission_sets[{index}]"
            check_permission_set(
                f"{here}.", name=permission_set.name, **{field: getattr(permission_set, field) for field in own}
            )
            if permission_set.permission_set_arn is not None:
                refuse_beside(here, permission_set, "permission_set_arn", own)
            if identity_center is not None:
                check_partition(
                    f"{here}.",
                    managed_policies=permission_set.managed_policies,
                    permissions_boundary=permission_set.permissions_boundary,
                    identity_center=identity_center,
                )
                if permission_set.permission_set_arn is not None:
                    with argument_in(here):
                        PermissionSet.from_permission_set_arn(
                            permission_set.permission_set_arn, identity_center=identity_center
                        )
    mistakes.refuse()
    check_unique("permission_sets", [permission_set.name for permission_set in props], what="name", ignore_case=True)
    check_apart("permission_sets", "name", [permission_set.name for permission_set in props], construct_id, only="'/'")
    check_unique(
        "permission_sets",
        [permission_set.permission_set_arn or permission_set.name for permission_set in props],
        what="permission set ARN",
    )
    return {permission_set.name: permission_set for permission_set in props}


def administers(permission_set: PermissionSetProps) -> bool:
    """Tell whether whoever has a permission set is an administrator, by what every reader of its template finds."""
    if permission_set.permission_set_arn is not None:
        return permission_set.name == ADMINISTRATOR_ACCESS
    properties: dict[str, Any] = {"ManagedPolicies": list(permission_set.managed_policies)}
    inline, boundary = permission_set.inline_policy, permission_set.permissions_boundary
    if inline is not None:
        properties["InlinePolicy"] = inline.to_json() if isinstance(inline, iam.PolicyDocument) else cfn_json(inline)
    if boundary is not None:
        of_aws = isinstance(boundary, str)
        properties["PermissionsBoundary"] = {
            "ManagedPolicyArn" if of_aws else "CustomerManagedPolicyReference": boundary
        }
    return allows_everything(properties)
