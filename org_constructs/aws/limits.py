"""What AWS allows, each limit with its unit and source, read on 2026-11-24.

The lengths and patterns are those of the CloudFormation resource types, which
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/ lists under each service; where AWS enforces
another limit later, in the service itself, the source stands beside it.
"""

from typing import Final

# Organizations
ACCOUNT_ID: Final = r"\d{12}"
ACCOUNT_NAME_MAX: Final = 50  # characters
ACCOUNT_NAME: Final = r"[\u0020-\u007E]+"
# https://docs.aws.amazon.com/accounts/latest/reference/API_PutAccountName.html
ACCOUNT_DISPLAY_NAME: Final = r"[ -;=?-~]+"
EMAIL_MIN: Final = 6  # characters
EMAIL_MAX: Final = 64  # characters
# https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreateAccount.html (Email)
EMAIL: Final = r"(?!\.)[a-zA-Z0-9!#$*+\-./=?^_`{}~]+@(?!-)[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(?<!-)"
ROLE_NAME_MAX: Final = 64  # characters
ROLE_NAME: Final = r"[\w+=,.@-]+"
ORGANIZATION_ID: Final = r"o-[a-z0-9]{10,32}"
ROOT_ID: Final = r"r-[0-9a-z]{4,32}"
ORGANIZATIONAL_UNIT_ID: Final = r"ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}"
ORGANIZATIONAL_UNIT_NAME_MAX: Final = 128  # characters
# https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
ORGANIZATIONAL_UNIT_DEPTH_MAX: Final = 5  # levels under the root
ACCOUNTS_QUOTA: Final = "Default maximum number of accounts"  # its name, which stays
ACCOUNTS_QUOTA_CODE: Final = "L-E619E033"  # which may change
ACCOUNTS_QUOTA_DEFAULT: Final = 10  # accounts, until the quota is raised; new organizations may get fewer
POLICY_ID: Final = r"p-[0-9a-zA-Z_]{8,128}"
# https://docs.aws.amazon.com/organizations/latest/APIReference/API_PutResourcePolicy.html
RESOURCE_POLICY_MAX: Final = 40_000  # characters
# https://docs.aws.amazon.com/organizations/latest/APIReference/API_ResourcePolicySummary.html
RESOURCE_POLICY_ID: Final = r"rp-[0-9a-zA-Z_]{4,128}"
POLICY_NAME_MAX: Final = 128  # characters
POLICY_DESCRIPTION_MAX: Final = 512  # characters
TAG_KEY_MAX: Final = 128  # characters
TAG_VALUE_MAX: Final = 256  # characters
TAGS_MAX: Final = 50  # tags of one resource
TAG_SYMBOLS: Final = "_.:/=+-@"  # allowed beside letters, digits and spaces
# https://docs.aws.amazon.com/organizations/latest/APIReference/API_EnableAWSServiceAccess.html
SERVICE_PRINCIPAL_MAX: Final = 128  # characters
SERVICE_PRINCIPAL: Final = r"[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com(\.cn)?"

# CloudFormation
# https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html
STACK_NAME_MAX: Final = 128  # characters
STACK_NAME: Final = r"[A-Za-z][A-Za-z0-9-]*"

# Account Management
# https://docs.aws.amazon.com/accounts/latest/reference/API_PutAlternateContact.html
CONTACT_TYPES: Final = ("BILLING", "OPERATIONS", "SECURITY")
CONTACT_NAME_MAX: Final = 64  # characters
CONTACT_TITLE_MAX: Final = 50  # characters
CONTACT_EMAIL_MAX: Final = 254  # characters
CONTACT_EMAIL: Final = r"[\w+=.#|!&-]+@[\w.-]+\.\w+"
CONTACT_PHONE_NUMBER_MAX: Final = 25  # characters
CONTACT_PHONE_NUMBER: Final = r"[\s0-9()+-]+"
# Without its trusted access neither contacts nor names of member accounts can be set from the management account:
# https://docs.aws.amazon.com/accounts/latest/reference/using-orgs-trusted-access.html
ACCOUNT_MANAGEMENT: Final = "account.amazonaws.com"

# IAM Identity Center
AWS_REGION: Final = r"[a-z]{2,4}(-[a-z]+)+-\d"
START_URL: Final = r"https://[A-Za-z0-9.-]+(/[A-Za-z0-9._~/-]*)?"
INSTANCE_ARN: Final = r"arn:aws(-[a-z]{1,5}){0,3}:sso:::instance/(sso)?ins-[a-zA-Z0-9-.]{16}"
IDENTITY_STORE_ID: Final = r"d-[0-9a-f]{10}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
PRINCIPAL_ID: Final = r"([0-9a-f]{10}-|)[A-Fa-f0-9]{8}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{12}"
PERMISSION_SET_ARN: Final = (
    r"arn:aws(-[a-z]{1,5}){0,3}:sso:::permissionSet/(sso)?ins-[a-zA-Z0-9-.]{16}/ps-[a-zA-Z0-9-./]{16}"
)
PERMISSION_SET_NAME_MAX: Final = 32  # characters
PERMISSION_SET_NAME: Final = r"[\w+=,.@-]+"
PERMISSION_SET_TAG: Final = r"[\w+=,.@-]"  # somewhere in each key and value
PERMISSION_SET_DESCRIPTION_MAX: Final = 700  # characters
PERMISSION_SET_DESCRIPTION: Final = r"[\u0009\u000A\u000D\u0020-\u007E\u00A1-\u00FF]+"
RELAY_STATE_MAX: Final = 240  # characters
RELAY_STATE: Final = r"[a-zA-Z0-9&$@#\\/%?=~\-_'\"|!:,.;*+\[\]\ \(\)\{\}]+"
# https://docs.aws.amazon.com/singlesignon/latest/userguide/howtosessionduration.html
SESSION_HOURS_MIN: Final = 1
SESSION_HOURS_MAX: Final = 12
SESSION_DEFAULT: Final = "PT1H"
# https://docs.aws.amazon.com/singlesignon/latest/userguide/limits.html
ATTACHED_POLICIES_MAX: Final = 25  # managed and customer managed policies of one permission set
# Of the 15 outstanding ones that it allows; the others are left to whoever else assigns something.
ASSIGNMENTS_AT_ONCE: Final = 10
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
POLICIES_OF_ROLE: Final = 10  # managed policies of one role, until the quota is raised
MANAGED_POLICY_MAX: Final = 6_144  # characters of a managed policy, whitespace not counted
# https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_PutInlinePolicyToPermissionSet.html
INLINE_POLICY_NOT: Final = r"[^\u0000-\u00FF]"  # no character of it; JSON escapes control characters
# https://docs.aws.amazon.com/singlesignon/latest/userguide/limits.html
INLINE_POLICY_BYTES_MAX: Final = 32_768  # bytes, whitespace included
INLINE_POLICY_NON_WHITESPACE_MAX: Final = 10_240  # bytes, whitespace left out
TIME_LIMIT_DAYS_MAX: Final = 366  # days; ours, not AWS's: what ends later is nobody's to remember
CUSTOMER_MANAGED_POLICY_NAME_MAX: Final = 128  # characters
CUSTOMER_MANAGED_POLICY_PATH_MAX: Final = 512  # characters
CUSTOMER_MANAGED_POLICY_PATH: Final = r"((/[A-Za-z0-9.,+@=_-]+)*)/"
MANAGED_POLICY_ARN_MAX: Final = 2048  # characters
MANAGED_POLICY_ARN: Final = r"arn:aws(-[a-z]{1,5}){0,3}:iam::aws:policy(/[A-Za-z0-9.,+@=_-]+)+"
MANAGED_POLICY_NAME_MAX: Final = CUSTOMER_MANAGED_POLICY_PATH_MAX + CUSTOMER_MANAGED_POLICY_NAME_MAX  # characters
MANAGED_POLICY_NAME: Final = r"[A-Za-z0-9.,+@=_-]+(/[A-Za-z0-9.,+@=_-]+)*"

# Identity Store
USER_NAME_MAX: Final = 128  # characters
# https://docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/API_CreateGroup.html (DisplayName): of users
# and groups
RESERVED_NAMES: Final = ("Administrator", "AWSAdministrators")
PERSON_NAME_MAX: Final = 1024  # characters, each of given name, family name and display name
GROUP_NAME_MAX: Final = 1024  # characters
GROUP_DESCRIPTION_MAX: Final = 1024  # characters
# The AWS::IdentityStore::User type is published there only:
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-identitystore-user.html
USER_RESOURCE_REGIONS: Final = ("us-east-1",)

# Budgets
# https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_Budget.html (BudgetName)
BUDGET_NAME_MAX: Final = 100  # characters
BUDGET_NAME: Final = r"(?!.*/action/)[^:\\]+"
# https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_NotificationWithSubscribers.html
BUDGET_EMAILS_MAX: Final = 10  # addresses
BUDGET_PERCENTAGES: Final = (80, 100)  # of the limit, at which AWS writes; ours
BUDGET_CURRENCY: Final = "USD"  # of every account in the partition aws that has chosen none for its invoices
# The AWS::Budgets::Budget type is published there only, in the partition aws:
# https://schema.cloudformation.us-east-1.amazonaws.com/CloudformationSchema.zip, and so for each region
BUDGET_RESOURCE_REGIONS: Final = (
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "eu-central-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
)
