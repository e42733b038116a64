"""To whom the organization's resource policy delegates its administration.

https://docs.aws.amazon.com/organizations/latest/userguide/orgs_delegate_policies.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from org_constructs.aws.escalations import ACCOUNT, ORGANIZATION, OTHER
from org_constructs.aws.policy_syntax import RESOURCE_POLICY
from org_constructs.templates.condition import Plain, holds, requests
from org_constructs.templates.iam import Document, Statement, if_made, text
from org_constructs.templates.permissions import is_about_any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence


_OF_OTHERS: Final[Mapping[str, tuple[str | None, ...]]] = {
    "aws:principalaccount": (Plain(ACCOUNT),),
    "aws:principalorgid": (Plain(f"o-{OTHER}"), None),
    "aws:principalorgpaths": (Plain(f"o-{OTHER}/r-{OTHER}/"), None),
}
"""Keys that say whose account somebody comes from, and what they are of one of somebody else's.

An account that is in no organization has no keys of one.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""


_ANY_ACTION: Final = f"organizations:{OTHER}"
_RESOURCES: Final = tuple(
    f"arn:aws:organizations::{ACCOUNT}:{kind}/{OTHER}"
    for kind in (
        f"account/{ORGANIZATION}",
        f"ou/{ORGANIZATION}",
        f"root/{ORGANIZATION}",
        f"policy/{ORGANIZATION}/service_control_policy",
    )
)


def is_for_anybody(document: Document, statement: Statement) -> bool | None:
    """Tell whether a statement of a resource policy allows something to whoever asks; None if the deploy decides."""
    if document.kind != RESOURCE_POLICY or statement.effect != "Allow":
        return False
    principals = ["*"] if "NotPrincipal" in statement.body else list(_principals(statement.body.get("Principal")))
    if not {"*", None} & set(principals) or not is_open(document, statement, _of_others(statement)):
        return False
    return True if "*" in principals else None


def delegates_everything(document: Document, statement: Statement) -> bool:
    """Tell whether a statement of a resource policy allows every action of Organizations, on policies of every type."""
    return (
        document.kind == RESOURCE_POLICY
        and statement.effect == "Allow"
        and statement.has_action(_ANY_ACTION)
        and any(is_about_any(statement, arn) for arn in _RESOURCES)
        and is_open(document, statement, of_other_types)
    )


def of_other_types(key: str) -> Sequence[str | None]:
    """Return what condition keys are for a policy of a type that nobody names."""
    return (None, Plain("SOME_OTHER_POLICY")) if key == "organizations:policytype" else ()


def is_open(document: Document, statement: Statement, values: Callable[[str], Sequence[str | None]]) -> bool:
    """Tell whether a statement allows one of the requests with the values, and no other statement denies it."""
    denied = [each for each in document.statements if each.effect == "Deny" and _is_within(statement, each)]
    return any(
        holds(statement.tests, request) is not False and not any(holds(each.tests, request) for each in denied)
        for request in requests([test for each in (statement, *denied) for test in each.tests], values)
    )


def _principals(given: Any) -> Iterator[str | None]:  # noqa: ANN401 (JSON)
    """Yield who is named; None is somebody whom the deploy alone knows, who may be anybody."""
    for each in given.values() if isinstance(given, dict) else [given]:
        for one in each if isinstance(each, list) else [each]:
            yield text(one, if_made) if one is not None else ""


def _of_others(statement: Statement) -> Callable[[str], Sequence[str | None]]:
    """Return what the keys are for somebody in an account of nobody here."""
    # A role of a name that everybody may give theirs.
    arns = [
        each
        for test in statement.tests
        if test.key == "aws:principalarn" and test.compares
        for each in test.values
        if each
    ]
    likely = [re.sub(r"^(arn:[^:]*:[^:]*:[^:]*):[*?]+:", rf"\1:{ACCOUNT}:", each).replace("*", OTHER) for each in arns]
    roles = [Plain(each) for each in (f"arn:aws:iam::{ACCOUNT}:role/{OTHER}", *likely) if f":{ACCOUNT}:" in each]

    def values(key: str) -> Sequence[str | None]:
        if key == "aws:principalarn":
            return roles
        return _OF_OTHERS.get(key, ())

    return values


def _is_within(statement: Statement, denying: Statement) -> bool:
    """Whether all that a statement is about, and for whom, another is about too, whatever their conditions are."""
    is_for_all = list(_principals(denying.body.get("Principal"))) == ["*"]
    return (is_for_all or denying.principal == statement.principal) and denying.covers_calls(statement)
