"""Permission sets by name."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from org_constructs.aws.administrator_access import ADMINISTRATOR_ACCESS, is_administrator_access
from org_constructs.baseline.props import PermissionSetProps
from org_constructs.constructs.permission_set import PermissionSet, check_partition, check_permission_set
from org_constructs.constructs.validate import check_sequence, check_unique

from .checks import argument_in, check_apart, construct_id, refuse_beside

if TYPE_CHECKING:
    from collections.abc import Sequence

    from org_constructs.constructs.identity_center import IdentityCenter


def plan_permission_sets(
    props: Sequence[PermissionSetProps], identity_center: IdentityCenter | None
) -> dict[str, PermissionSetProps]:
    """Check the permission sets and return them by name; AdministratorAccess is the default one."""
    check_sequence("permission_sets", props, PermissionSetProps, "a PermissionSetProps")
    own = [field.name for field in fields(PermissionSetProps) if field.name not in ("name", "permission_set_arn")]
    for index, permission_set in enumerate(props):
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
    check_unique("permission_sets", [permission_set.name for permission_set in props], what="name", ignore_case=True)
    check_apart("permission_sets", "name", [permission_set.name for permission_set in props], construct_id, only="'/'")
    check_unique(
        "permission_sets",
        [permission_set.permission_set_arn or permission_set.name for permission_set in props],
        what="permission set ARN",
    )
    return {permission_set.name: permission_set for permission_set in props}


def administers(permission_set: PermissionSetProps) -> bool:
    """Return whether a permission set is the one of administrators."""
    if permission_set.permission_set_arn is not None:
        return permission_set.name == ADMINISTRATOR_ACCESS
    return any(map(is_administrator_access, permission_set.managed_policies))
