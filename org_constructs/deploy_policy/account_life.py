"""What whoever renames accounts, changes their e-mail addresses and closes them may do."""

from __future__ import annotations

from typing import Final

from .documents import Document, allow, document

_READ: Final = (
    "account-access:ListApplications",
    "account-access:ListEntitlements",
    "account:GetAccountInformation",
    "cloudformation:DescribeStacks",
    "cloudformation:GetTemplate",
    "cloudformation:ListStackResources",
    "organizations:DescribeOrganization",
    "organizations:DescribePolicy",
    "organizations:ListAWSServiceAccessForOrganization",
    "organizations:ListAccounts",
    "organizations:ListAccountsForParent",
    "organizations:ListDelegatedAdministrators",
    "organizations:ListDelegatedServicesForAccount",
    "organizations:ListOrganizationalUnitsForParent",
    "organizations:ListRoots",
    "organizations:ListTargetsForPolicy",
    "sso:DescribePermissionSet",
    "sso:ListAccountAssignments",
    "sso:ListInstances",
    "sso:ListPermissionSetsProvisionedToAccount",
)


def account_life_policy() -> Document:
    """Return the IAM policy of `org-baseline account`, and of `doctor --fix` as far as it renames accounts.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsaccountmanagement.html
    https://docs.aws.amazon.com/account-access/latest/APIReference/API_Operations.html
    """
    return document(
        [
            allow("ReadAccounts", _READ, ["*"]),
            allow("RenameAccounts", ["account:PutAccountName"], ["*"]),
            allow(
                "ChangeEmailAddresses",
                ["account:AcceptPrimaryEmailUpdate", "account:StartPrimaryEmailUpdate"],
                ["*"],
            ),
            allow("CloseAccounts", ["organizations:CloseAccount"], ["*"]),
        ]
    )
