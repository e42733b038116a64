"""AWS's managed policy that allows everything, after which the permission set for it is called as well.

Source: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AdministratorAccess.html
"""

import re
from typing import Final

ADMINISTRATOR_ACCESS: Final = "AdministratorAccess"

# A managed policy's name is unique whatever its path:
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html (names must be unique within an account)
_POLICY: Final = re.compile(rf"(arn:[^/]+:iam::aws:policy/)?([^/:]+/)*{ADMINISTRATOR_ACCESS}")


def is_administrator_access(policy: str) -> bool:
    """Tell whether it is the policy: by its name or its ARN, in any partition, whatever the path."""
    return _POLICY.fullmatch(policy) is not None
