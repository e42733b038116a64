"""Central management of the root users of member accounts, which IAM has for an organization.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user.html#id_root-user-access-management
"""

from __future__ import annotations

from typing import Final

SERVICE: Final = "iam.amazonaws.com"
"""What needs trusted access first.

https://docs.aws.amazon.com/organizations/latest/userguide/services-that-can-integrate-iam.html
"""

FEATURES: Final = {
    "RootCredentialsManagement": "enable_organizations_root_credentials_management",
    "RootSessions": "enable_organizations_root_sessions",
}
"""What it consists of: deleting what root users sign in with, and short sessions as one, each with what enables it.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_EnableOrganizationsRootCredentialsManagement.html
https://docs.aws.amazon.com/IAM/latest/APIReference/API_EnableOrganizationsRootSessions.html
"""

NONE_ENABLED: Final = frozenset({"ServiceAccessNotEnabledException", "OrganizationNotInAllFeaturesModeException"})
"""Errors of ListOrganizationsFeatures that say that no feature is enabled.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListOrganizationsFeatures.html
"""

FROM_ELSEWHERE: Final = "AccountNotManagementOrDelegatedAdministratorException"
"""The error for credentials of an account that may not ask."""
