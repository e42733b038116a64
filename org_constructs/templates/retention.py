"""What stays in AWS when its stack does not want it any more.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

_KEEPING: Final = ("Retain", "RetainExceptOnCreate")
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-organizations-account.html
_KEPT_BY_DEFAULT: Final = "AWS::Organizations::Account"


def deletion_policy(resource: Mapping[str, Any]) -> object:
    """Return the `DeletionPolicy` of a resource, or what CloudFormation takes where it has none."""
    return resource.get("DeletionPolicy", "Retain" if resource.get("Type") == _KEPT_BY_DEFAULT else "Delete")


def stays_when_removed(resource: Mapping[str, Any]) -> bool:
    """Tell whether a resource stays when its template loses it."""
    return deletion_policy(resource) in _KEEPING


def stays_when_replaced(resource: Mapping[str, Any]) -> bool:
    """Tell whether a resource stays when a deploy makes another in its place."""
    return resource.get("UpdateReplacePolicy") in _KEEPING
