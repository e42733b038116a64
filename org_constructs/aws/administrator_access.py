"""AWS's managed policy that allows everything, after which the permission set for it is called as well.

Source: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AdministratorAccess.html
"""

from typing import Final

ADMINISTRATOR_ACCESS: Final = "AdministratorAccess"
