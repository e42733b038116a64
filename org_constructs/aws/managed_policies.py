"""The managed policies of AWS, in the partition aws: what they are called, their paths, and what in them decides.

`scripts/managed-policies` renews the lists from moto's copy of what IAM answers, which is of the date in them:
https://github.com/getmoto/moto/blob/master/moto/iam/aws_managed_policies.py
AWS adds some twenty a month, so a name that is missing may be a newer one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Final

SERVICE_LINKED_PATH: Final = "aws-service-role/"
"""The path of policies that no role but a service-linked one can have.

Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachRolePolicy.html (PolicyNotAttachable)
"""

IN_WORDS: Final[Mapping[str, str]] = {
    "AWSDenyAll": "denies everything",
    "AdministratorAccess": "everything",
    "Billing": "sees and changes bills, payment methods and budgets",
    "IAMFullAccess": "everything in IAM, so whatever one gives oneself",
    "PowerUserAccess": "everything but IAM, the organization and the account itself",
    "ReadOnlyAccess": "reads almost everything, also objects in S3, items in DynamoDB and logs",
    "SecurityAudit": "reads how everything is configured, for a security audit",
    "SupportUser": "opens support cases, and reads what these need",
    "ViewOnlyAccess": "lists resources and their settings, without objects in S3 or items in DynamoDB",
}
"""What those allow that many organizations use, by their names, after their descriptions and documents.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_job-functions.html and
https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
"""

_POLICY: Final = re.compile(r"(?:arn:[^/]+:iam::aws:policy/)?(?:[^:/]+/)*([^:/]+)")


def list_date() -> str:
    """Return the date of the list, such as `2026-09-30`."""
    return str(_read()["date"])


@cache
def policies_by_name() -> Mapping[str, str]:
    """Return the path and name of each policy by its name, which no other has: `job-function/Billing` of `Billing`."""
    return {policy.rpartition("/")[2]: policy for policy in _read()["policies"]}


def path_and_name(policy: str) -> str:
    """Return the path and name of an AWS managed policy that is given so, or by its ARN in any partition."""
    return policy.rpartition(":aws:policy/")[2]


def is_listed(policy: str) -> bool:
    """Tell whether AWS has a managed policy that is given by its path and name or by its ARN, as far as is known."""
    return path_and_name(policy) in policies_by_name().values()


@cache
def statements_by_name() -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Return of each policy's statements, by its name, what is about `escalations.ACTIONS`.

    A policy of which nothing is about them is not there; nor are those that only service-linked roles have.
    """
    statements: Mapping[str, Sequence[Mapping[str, Any]]] = _read("managed_policy_documents.json")["statements"]
    return statements


def name_of(policy: str) -> str | None:
    """Return the name of an AWS managed policy that is given so, with its path or by its ARN; None if it is none.

    No two have one name, whatever their paths: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    """
    found = _POLICY.fullmatch(policy)
    return found[1] if found else None


@cache
def _read(file: str = "managed_policies.json") -> dict[str, Any]:
    read: dict[str, Any] = json.loads((files(__package__) / file).read_bytes())
    return read
