"""What a baseline makes of which nothing is said."""

from __future__ import annotations

from typing import Final

from org_constructs.aws.administrator_access import ADMINISTRATOR_ACCESS
from org_constructs.baseline.props import AccountProps, AssignmentProps, GroupProps, PermissionSetProps

from .names import ADMINISTRATORS, EVERY_ACCOUNT, MANAGEMENT

DEFAULT_ACCOUNTS: Final = (AccountProps(key="dev"), AccountProps(key="production"))
DEFAULT_GROUPS: Final = (GroupProps(name=ADMINISTRATORS, description="Administer every account"),)
DEFAULT_PERMISSION_SETS: Final = (
    PermissionSetProps(
        name=ADMINISTRATOR_ACCESS,
        description="Everything, for 12 hours at a time",
        managed_policies=(ADMINISTRATOR_ACCESS,),
        session_duration="PT12H",
    ),
)
DEFAULT_ASSIGNMENTS: Final = (
    AssignmentProps(principal=ADMINISTRATORS, permission_set=ADMINISTRATOR_ACCESS, targets=(MANAGEMENT, EVERY_ACCOUNT)),
)
