"""What contents in IAM's language consist of: statements that deny, and the roles that they except."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from org_constructs.aws import limits
from org_constructs.constructs.validate import check_sequence, check_text, check_unique

Content: TypeAlias = dict[str, Any]


def service_control(sid: str, actions: Sequence[str], except_roles: Sequence[str] = ()) -> Content:
    """Return a content that denies some actions to everybody but some roles."""
    return content([deny(sid, actions, condition=unless_roles(except_roles))])


def content(statements: Sequence[Mapping[str, Any]]) -> Content:
    """Return a content of statements."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def deny(
    sid: str, actions: Sequence[str], resources: Sequence[str] = ("*",), condition: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return a statement that denies actions on resources."""
    statement: dict[str, Any] = {
        "Sid": sid,
        "Effect": "Deny",
        "Action": one_or_list(actions),
        "Resource": one_or_list(resources),
    }
    if condition:
        statement["Condition"] = condition
    return statement


def unless_roles(except_roles: Sequence[str]) -> dict[str, Any]:
    """Return the condition that it is none of these roles."""
    return unless(role_arns("except_roles", except_roles))


def unless(arns: Sequence[str]) -> dict[str, Any]:
    """Return the condition that it is no session of a role with one of these ARNs."""
    # In a session of a role this key has the role's own ARN, with its path:
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn
    return {"ArnNotLike": {"aws:PrincipalArn": one_or_list(arns)}} if arns else {}


def role_arns(argument: str, roles: Sequence[str]) -> list[str]:
    """Return the ARNs of roles, in every account, by their names."""
    check_sequence(argument, roles, str, "the name of a role")
    check_unique(argument, roles, what="role")
    for index, role in enumerate(roles):
        check_text(
            f"{argument}[{index}]",
            role,
            maximum=512 + limits.ROLE_NAME_MAX,
            # A letter or digit at least, so that it is not everybody.
            pattern=r"(?!/)(?=[*?/]*[\w+=,.@-])[\w+=,.@*?/-]+(?<!/)",
            rule="a role's name, after its path if it has one, without 'role/' and without a '/' at either end",
        )
    return sorted(f"arn:*:iam::*:role/{role}" for role in roles)


def one_or_list(values: Sequence[str]) -> str | list[str]:
    """Return a single value by itself, as documents have it."""
    return values[0] if len(values) == 1 else list(values)
