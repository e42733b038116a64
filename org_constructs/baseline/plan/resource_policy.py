"""The organization's resource policy, in which the keys of accounts stand for their ids."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from org_constructs.baseline.props import ResourcePolicyProps
from org_constructs.constructs.policy_json import is_unknown
from org_constructs.constructs.resource_policy import check_resource_policy
from org_constructs.constructs.validate import check_known, check_type
from org_constructs.refusal import Refusal

if TYPE_CHECKING:
    from .planned import PlannedAccount


def plan_resource_policy(
    props: ResourcePolicyProps | None, accounts: Mapping[str, PlannedAccount]
) -> ResourcePolicyProps | None:
    """Check the resource policy, with an id in the place of each account's key, and return it as it is."""
    check_type("resource_policy", props, (ResourcePolicyProps, type(None)), "a ResourcePolicyProps")
    if props is None:
        return None

    def known(key: str) -> str:
        check_known("resource_policy.content's Principal", key, accounts, what="an account's key")
        if accounts[key].props.stack is not None:
            raise Refusal(
                "policy-target-own-stack",
                f"resource_policy.content's Principal must not name accounts with a stack, got {key!r}, which is"
                " created after the resource policy",
                "write its id once it exists",
            )
        return "0" * 12

    check_resource_policy("resource_policy.", content=with_account_ids(props.content, known), tags=props.tags)
    return props


def with_account_ids(content: Any, id_of: Callable[[str], str]) -> Any:  # noqa: ANN401 (JSON)
    """Return a document with ids for the keys of accounts in `Principal`, if it is a mapping."""
    if not isinstance(content, Mapping):
        return content
    statements = content.get("Statement")
    many = (
        [_with_ids(each, id_of) for each in statements]
        if isinstance(statements, list)
        else _with_ids(statements, id_of)
    )
    return {**content, "Statement": many} if statements is not None else content


def _with_ids(statement: Any, id_of: Callable[[str], str]) -> Any:  # noqa: ANN401 (JSON)
    principal = statement.get("Principal") if isinstance(statement, Mapping) else None
    if not isinstance(principal, Mapping) or "AWS" not in principal:
        return statement
    given = principal["AWS"]
    ids = [_id(each, id_of) for each in given] if isinstance(given, list) else _id(given, id_of)
    return {**statement, "Principal": {**principal, "AWS": ids}}


def _id(given: Any, id_of: Callable[[str], str]) -> Any:  # noqa: ANN401 (JSON)
    is_key = isinstance(given, str) and not is_unknown(given) and not re.match(r"\d{12}$|arn:|\*$", given)
    return id_of(given) if is_key else given
