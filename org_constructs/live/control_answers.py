"""What AWS answers where controls ask for more than who has access: each call, with its answer or its refusal."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from org_constructs.templates.description import MANAGEMENT, Description

from .errors import EXPIRED

if TYPE_CHECKING:
    from .description import Progress
    from .organization import LiveOrganization


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What AWS said to a call."""

    call: str
    """The call by the permission that it needs, such as `iam:ListOrganizationsFeatures`."""

    content: Any = None
    """The part of the answer that decides, as JSON; None where AWS gave an error instead."""

    error: str = ""
    """The code of the error; empty where there was none."""


@dataclass(frozen=True, kw_only=True)
class ControlAnswers:
    """The answers."""

    caller: str
    """The ARN of whose credentials AWS was asked with."""

    root_access: Answer
    """The features of central root access that are enabled."""

    delegation: Answer
    """The organization's resource policy."""

    security_contacts: Mapping[str, Answer]
    """The security contact of each account that is active, by the account's id, without its telephone number."""


ACTIONS: Final = (
    "account:GetAlternateContact",
    "iam:ListOrganizationsFeatures",
    "organizations:DescribeResourcePolicy",
)
"""The permissions that the calls need, for which `org-baseline deploy-policy --read-only` has a statement of its own.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListOrganizationsFeatures.html
https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribeResourcePolicy.html
https://docs.aws.amazon.com/accounts/latest/reference/API_GetAlternateContact.html
"""


def ask_for_controls(
    live: LiveOrganization, description: Description, progress: Progress = lambda _what, _done, _of: None
) -> ControlAnswers:
    """Return what AWS answers, in two calls and one for each account that is active.

    Args:
        live: Asks AWS.
        description: What AWS has, of which the accounts are asked about.
        progress: Is told what is asked.

    Raises:
        botocore.exceptions.ClientError: The credentials have expired.
        botocore.exceptions.BotoCoreError: AWS does not answer.
    """
    progress("what controls ask for", 0, 1)
    contact, features, policy = ACTIONS
    accounts = {each.account_id: each.key for each in description.accounts.values() if not each.is_closed}
    contacts = {}
    for number, (account, key) in enumerate(sorted((id_, key) for id_, key in accounts.items() if id_)):
        progress("security contacts", number, len(accounts))
        contacts[account] = _ask(contact, partial(_security_contact, live, account, of_management=key == MANAGEMENT))
    return ControlAnswers(
        caller=live.caller().arn,
        root_access=_ask(features, partial(_features, live)),
        delegation=_ask(policy, partial(_resource_policy, live)),
        security_contacts=contacts,
    )


def _features(live: LiveOrganization) -> Mapping[str, Any]:
    return {"EnabledFeatures": live.client("iam").list_organizations_features()["EnabledFeatures"]}


def _resource_policy(live: LiveOrganization) -> Any:  # noqa: ANN401 (JSON)
    return json.loads(live.client("organizations").describe_resource_policy()["ResourcePolicy"]["Content"])


def _security_contact(live: LiveOrganization, account: str, *, of_management: bool) -> Mapping[str, str]:
    # The management account must not name itself.
    of = {} if of_management else {"AccountId": account}
    contact = live.client("account").get_alternate_contact(AlternateContactType="SECURITY", **of)["AlternateContact"]
    return {field: contact[field] for field in ("Name", "Title", "EmailAddress") if field in contact}


def _ask(call: str, ask: Callable[[], Any]) -> Answer:
    from botocore.exceptions import ClientError  # noqa: PLC0415 (it takes a third of a second)

    try:
        return Answer(call=call, content=ask())
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code in EXPIRED:
            raise
        return Answer(call=call, error=code)
