"""IAM policies as documents, and in as many managed policies as they need."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from org_constructs.aws.limits import MANAGED_POLICY_MAX

Document: TypeAlias = dict[str, Any]


def allow(
    sid: str, actions: Sequence[str], arns: Sequence[str], condition: Mapping[str, Any] | None = None
) -> Document:
    """Return a statement that allows actions on resources, one of either not in a list."""
    statement: Document = {
        "Sid": sid,
        "Effect": "Allow",
        "Action": actions[0] if len(actions) == 1 else list(actions),
        "Resource": arns[0] if len(arns) == 1 else list(arns),
    }
    return {**statement, "Condition": dict(condition)} if condition else statement


def document(statements: Sequence[Document]) -> Document:
    """Return a policy of the statements."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def managed_policies(statements: Iterable[Document]) -> tuple[Document, ...]:
    """Return the statements in as many managed policies as they need, usually one."""
    policies: list[list[Document]] = []
    for statement in statements:
        for policy in policies:
            if _characters([*policy, statement]) <= MANAGED_POLICY_MAX:
                policy.append(statement)
                break
        else:
            policies.append([statement])
    return tuple(map(document, policies))


def _characters(statements: Sequence[Document]) -> int:
    return len(re.sub(r"\s", "", json.dumps(document(statements))))
