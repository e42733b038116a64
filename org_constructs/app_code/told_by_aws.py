"""What AWS tells of the answers that a new app takes, so that nobody has to look them up."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final, TypeVar

from org_constructs.aws.regions import DEFAULT_REGION
from org_constructs.constructs.identity_center import IdentityCenter
from org_constructs.live.organization import LiveOrganization

if TYPE_CHECKING:
    from collections.abc import Callable

    import boto3

_PATIENCE: Final = 3  # seconds, for each of two attempts: somebody waits for the first question
_POLICIES: Final = "SERVICE_CONTROL_POLICY"

_T = TypeVar("_T")


@dataclass(frozen=True, kw_only=True)
class Told:
    """What AWS says; None of what it does not."""

    account: str | None = None
    """The management account's id; without an organization that of the credentials."""

    email: str | None = None
    """The management account's, which AWS tells of an organization's alone."""

    region: str | None = None
    """That of IAM Identity Center; if it is not enabled, the one that the credentials' configuration names."""

    identity_center: IdentityCenter | None = None
    policies_enabled: bool = False
    organization: str | None = None
    """The id of the organization."""


def ask(session: boto3.Session) -> Told:
    """Ask AWS, with little patience, what it knows of the account that the credentials are of.

    Raises:
        BotoCoreError: There are no credentials, or AWS cannot be reached.
        ClientError: AWS does not take the credentials.
    """
    from botocore.config import Config  # noqa: PLC0415 (boto3 takes a third of a second to import)

    config = Config(connect_timeout=_PATIENCE, read_timeout=_PATIENCE, retries={"total_max_attempts": 2})
    region = session.region_name or DEFAULT_REGION
    return told_by(LiveOrganization(partial(session.client, region_name=region, config=config)), session.region_name)


def told_by(live: LiveOrganization, region: str | None) -> Told:
    """Return what AWS tells; what it would not is left out, since it can be answered by hand."""
    caller = live.caller().account_id
    organization = _if_told(live.organization)
    account = organization.management_account_id if organization else caller
    root = _if_told(live.root) if organization else None
    # An instance of a member account gives access to no account.
    instances = _if_told(lambda: live.instances(everywhere=True)) or ()
    instance = next((each for each in instances if each.owner_account_id in {"", account}), None)
    if not organization:
        instance = None  # then it is one of this account alone
    return Told(
        account=account,
        email=organization.management_account_email if organization else None,
        region=(instance.primary_region if instance else None) or region,
        identity_center=IdentityCenter(instance_arn=instance.arn, identity_store_id=instance.identity_store_id)
        if instance
        else None,
        policies_enabled=root is not None and _POLICIES in root.policy_types,
        organization=organization.id if organization else None,
    )


def _if_told(ask: Callable[[], _T]) -> _T | None:
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 (boto3 takes a third of a second)

    try:
        return ask()
    except (BotoCoreError, ClientError):
        return None
