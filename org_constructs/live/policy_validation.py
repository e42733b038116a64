"""What AWS itself finds in a policy: IAM Access Analyzer's ValidatePolicy, which reads it, keeps nothing and is free.

https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_ValidatePolicy.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
https://aws.amazon.com/iam/access-analyzer/pricing/
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .organization import LiveOrganization


@dataclass(frozen=True, kw_only=True)
class PolicyFinding:
    """What AWS says of a policy."""

    kind: str
    """`ERROR`, `SECURITY_WARNING`, `WARNING` or `SUGGESTION`."""

    code: str
    """AWS's name of the kind of finding, such as `INVALID_ACTION`."""

    sentence: str
    link: str
    """Where AWS explains it."""

    locations: tuple[str, ...]
    """Where in the document, such as `Statement.0.Action`; empty where it is about all of it."""


def validate_policy(
    live: LiveOrganization, text: str, policy_type: str, resource_type: str | None = None
) -> tuple[PolicyFinding, ...]:
    """Return what AWS finds in a policy; botocore's errors pass.

    Args:
        live: Asks AWS, with the permission `access-analyzer:ValidatePolicy`.
        text: The document as JSON.
        policy_type: `IDENTITY_POLICY`, `RESOURCE_POLICY`, `SERVICE_CONTROL_POLICY` or `RESOURCE_CONTROL_POLICY`.
        resource_type: What a resource policy is attached to, where AWS has checks of its own for that.
    """
    of = {"validatePolicyResourceType": resource_type} if resource_type else {}
    pages = live.client("accessanalyzer").get_paginator("validate_policy")
    return tuple(
        PolicyFinding(
            kind=each["findingType"],
            code=each["issueCode"],
            sentence=each["findingDetails"],
            link=each["learnMoreLink"],
            locations=tuple(dict.fromkeys(filter(None, (_location(place["path"]) for place in each["locations"])))),
        )
        for page in pages.paginate(policyDocument=text, policyType=policy_type, locale="EN", **of)
        for each in page["findings"]
    )


def _location(path: Sequence[Mapping[str, Any]]) -> str:
    """Return a path as findings have it. `value` names what a key holds and `key` the key; parts of texts are left out.

    https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_PathElement.html
    """
    return ".".join(str(step[kind]) for step in path for kind in ("key", "value", "index") if kind in step)
