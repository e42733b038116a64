"""The calls with which an organization is read, the permission that each needs, and what is unknown without it.

Nothing is read by another call: `org-baseline deploy-policy --read-only` prints these permissions, and no others.
Sources, for each service its page of the Service Authorization Reference:
https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsorganizations.html
https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsiamidentitycenter.html
https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentitystore.html
https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudformation.html
https://docs.aws.amazon.com/account-access/latest/APIReference/API_Operations.html
https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsbudgetservice.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple


class Read(NamedTuple):
    """What a call is for."""

    action: str
    """The permission that it needs."""

    what: str
    """What is unknown where the call is refused."""

    of_access: bool = True
    """Whether that is who may do what."""


READS: Final[Mapping[str, Read]] = {
    "DescribeOrganization": Read("organizations:DescribeOrganization", "whether there is an organization"),
    "ListRoots": Read("organizations:ListRoots", "the units, and the policy types that are enabled"),
    "ListOrganizationalUnitsForParent": Read(
        "organizations:ListOrganizationalUnitsForParent", "the units that are in others"
    ),
    "ListAccounts": Read("organizations:ListAccounts", "the accounts, and their states"),
    # Only if AWS leaves `Paths` out of what it says of accounts.
    "ListAccountsForParent": Read("organizations:ListAccountsForParent", "the accounts, and their states"),
    "ListPolicies": Read("organizations:ListPolicies", "the policies of the organization"),
    "DescribePolicy": Read("organizations:DescribePolicy", "what policies say"),
    "ListTargetsForPolicy": Read("organizations:ListTargetsForPolicy", "what policies are attached to"),
    "DescribeResourcePolicy": Read(
        "organizations:DescribeResourcePolicy", "what the organization lets member accounts administer"
    ),
    "ListAWSServiceAccessForOrganization": Read(
        "organizations:ListAWSServiceAccessForOrganization", "the services that have trusted access"
    ),
    "ListOrganizationsFeatures": Read(
        "iam:ListOrganizationsFeatures", "whether root users of member accounts are managed centrally"
    ),
    "ListDelegatedAdministrators": Read("organizations:ListDelegatedAdministrators", "the delegated administrators"),
    "ListDelegatedServicesForAccount": Read(
        "organizations:ListDelegatedServicesForAccount", "the services that a delegated administrator administers"
    ),
    "ListInstances": Read("sso:ListInstances", "the instances of IAM Identity Center, and all that is in them"),
    "ListPermissionSets": Read("sso:ListPermissionSets", "the permission sets"),
    "DescribePermissionSet": Read("sso:DescribePermissionSet", "names and sessions of permission sets"),
    "ListManagedPoliciesInPermissionSet": Read(
        "sso:ListManagedPoliciesInPermissionSet", "the managed policies in permission sets"
    ),
    "ListCustomerManagedPolicyReferencesInPermissionSet": Read(
        "sso:ListCustomerManagedPolicyReferencesInPermissionSet", "the customer managed policies in permission sets"
    ),
    "GetInlinePolicyForPermissionSet": Read(
        "sso:GetInlinePolicyForPermissionSet", "the inline policies of permission sets"
    ),
    "GetPermissionsBoundaryForPermissionSet": Read(
        "sso:GetPermissionsBoundaryForPermissionSet", "the permissions boundaries of permission sets"
    ),
    "ListTagsForResource": Read("sso:ListTagsForResource", "the tags of permission sets"),
    "ListAccountAssignmentsForPrincipal": Read("sso:ListAccountAssignmentsForPrincipal", "who has access to accounts"),
    "ListUsers": Read("identitystore:ListUsers", "the people"),
    "ListGroups": Read("identitystore:ListGroups", "the groups"),
    "ListGroupMemberships": Read("identitystore:ListGroupMemberships", "who is in groups"),
    "ListApplications": Read("account-access:ListApplications", "the access by account access manager"),
    "ListEntitlements": Read("account-access:ListEntitlements", "the access by account access manager"),
    "DescribeBudgets": Read("budgets:ViewBudget", "the budgets", of_access=False),
    "ListStacks": Read("cloudformation:ListStacks", "which stack something is from"),
    "ListStackResources": Read("cloudformation:ListStackResources", "what stacks have"),
    "GetTemplate": Read("cloudformation:GetTemplate", "what stacks were deployed with"),
}
"""By the operations; sts:GetCallerIdentity needs no permission.

https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
"""

_ALERTS: Final = Read("budgets:ViewBudget", "whom AWS writes to of budgets", of_access=False)

DETAIL_READS: Final[Mapping[str, Read]] = {
    "GetAlternateContact": Read("account:GetAlternateContact", "the alternate contacts of accounts"),
    "ListTagsForResource": Read("organizations:ListTagsForResource", "the tags of accounts, units and policies"),
    "DescribeBudgetNotificationsForAccount": _ALERTS,
    "DescribeSubscribersForNotification": _ALERTS,
}
"""The same of what nobody's access depends on, which is read for a saved description alone.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsaccountmanagement.html
"""

DRIFT_READS: Final = (
    "account:GetAlternateContact",
    "cloudformation:DescribeStacks",
    "organizations:ListTagsForResource",
)
"""The permissions that finding drift takes beside these."""
