"""What AWS answers where controls ask for more than who has access: each call, with its answer or its refusal."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from .errors import EXPIRED

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

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

    root_access: Answer
    """The features of central root access that are enabled."""

    delegation: Answer
    """The organization's resource policy."""

    security_contacts: Mapping[str, Answer]
    """The security contact of each account that is active, by the account's id, without its telephone number."""


def ask_for_controls(live: LiveOrganization) -> ControlAnswers:
    """Return what AWS answers, in two calls and one for each active account.

    https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListOrganizationsFeatures.html
    https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribeResourcePolicy.html
    https://docs.aws.amazon.com/accounts/latest/reference/API_GetAlternateContact.html

    Args:
        live: An organization, of which there is one.
    """
    organization = live.organization()
    management = organization.management_account_id if organization else live.caller().account_id
    accounts = [each.id for each in live.accounts() if each.active] if organization else [management]
    return ControlAnswers(
        root_access=_ask(
            "iam:ListOrganizationsFeatures",
            lambda: {"EnabledFeatures": live.client("iam").list_organizations_features()["EnabledFeatures"]},
        ),
        delegation=_ask(
            "organizations:DescribeResourcePolicy",
            lambda: json.loads(live.client("organizations").describe_resource_policy()["ResourcePolicy"]["Content"]),
        ),
        security_contacts={
            account: _ask("account:GetAlternateContact", partial(_security_contact, live, account, management))
            for account in sorted(accounts)
        },
    )


def _security_contact(live: LiveOrganization, account: str, management: str) -> Mapping[str, str]:
    # The management account must not name itself.
    of = {} if account == management else {"AccountId": account}
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
