"""What ends sessions that are open, which go on when the access is taken away: a denial of all that people do.

https://docs.aws.amazon.com/singlesignon/latest/userguide/prereqs-revoking-user-permissions.html
https://docs.aws.amazon.com/singlesignon/latest/userguide/revoke-user-permissions.html
"""

from __future__ import annotations

from typing import Any, Final

from .values import items_of

SID: Final = "HasLeft"
"""What the statement is called."""


def denial(*user_ids: str) -> dict[str, Any]:
    """Return a policy that denies everything to people, in the sessions of every permission set.

    AWS gives an id to nobody else, unlike a name.
    """
    condition = {"StringEquals": {"identitystore:UserId": user_ids[0] if len(user_ids) == 1 else list(user_ids)}}
    statement = {"Sid": SID, "Effect": "Deny", "Action": "*", "Resource": "*", "Condition": condition}
    return {"Version": "2012-10-17", "Statement": [statement]}


def denied(statement: Any) -> list[str]:  # noqa: ANN401 (JSON)
    """Return the ids of the people whom a statement denies everything, if it is such a denial."""
    match statement:
        case {"Condition": {"StringEquals": {"identitystore:UserId": ids}}}:
            people = [each for each in items_of(ids) if isinstance(each, str)]
            return people if statement in denial(*people)["Statement"] else []
    return []
