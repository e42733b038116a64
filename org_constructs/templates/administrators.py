"""Which permission sets make administrators: the one answer, for every reader."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from org_constructs.aws.administrator_access import ADMINISTRATOR_ACCESS

from .permissions import permissions_of

if TYPE_CHECKING:
    from .description import PermissionSet


def allows_everything(properties: Mapping[str, Any]) -> bool:
    """Tell whether a permission set with the properties allows every action on every resource.

    It does by AWS's AdministratorAccess, or by statements of its inline policy without a condition. What it denies
    besides changes nothing unless administration itself is denied, or the permissions boundary lacks it.
    """
    return any(each.everything for each in permissions_of(properties))


def administers(permission_set: PermissionSet) -> bool | None:
    """Tell whether whoever has the permission set is an administrator.

    Of one that exists already there is a name at most: AdministratorAccess is what it is called, and of any other name
    nobody knows, which is None.
    """
    if permission_set.only_named:
        return True if permission_set.name == ADMINISTRATOR_ACCESS else None
    return allows_everything(permission_set.properties)
