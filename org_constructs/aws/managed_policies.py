"""The managed policies of AWS, in the partition aws: what they are called and the path that each has.

`scripts/managed-policies` renews the list. AWS adds some twenty a month, so a name that is missing may be a newer one.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

SERVICE_LINKED_PATH: Final = "aws-service-role/"
"""The path of policies that no role but a service-linked one can have.

Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachRolePolicy.html (PolicyNotAttachable)
"""


def list_date() -> str:
    """Return the date of the list, such as `2026-09-30`."""
    return str(_read()["date"])


@cache
def policies_by_name() -> Mapping[str, str]:
    """Return the path and name of each policy by its name, which no other has: `job-function/Billing` of `Billing`."""
    return {policy.rpartition("/")[2]: policy for policy in _read()["policies"]}


@cache
def _read() -> dict[str, Any]:
    read: dict[str, Any] = json.loads((files(__package__) / "managed_policies.json").read_bytes())
    return read
