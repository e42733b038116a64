"""Closing an account: what has to be so before, and the call that does it.

https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_close.html
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from org_constructs.aws.account_states import meaning, way_back
from org_constructs.aws.policy_syntax import SERVICE_CONTROL_POLICY
from org_constructs.live.errors import is_without_account_access
from org_constructs.matching.differences import differences
from org_constructs.refusal import Refusal
from org_constructs.templates.closing import CLOSING, DAYS, POLICY, denied_since, said
from org_constructs.templates.description import MANAGEMENT
from org_constructs.templates.metadata import metadata_of_all

from .of_app import App, AppAccount, find_account

if TYPE_CHECKING:
    from collections.abc import Mapping

    from org_constructs.live.organization import LiveOrganization

_BY_HAND: Final = (
    "what somebody changed by hand is in `org-baseline drift`, and once it is back, deploy another tag of the account,"
    " so that the 7 days begin anew"
)
_SOURCE: Final = "https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-closing.html"


@dataclass(frozen=True, kw_only=True)
class Closable:
    """An account that nothing keeps from being closed; or one that is closed already."""

    account: AppAccount
    since: datetime | None
    """Since when everything is denied in it; None where it is closed already."""


def check_closable(app: App, key: str, *, now: datetime | None = None) -> Closable:
    """Return the account that the app calls so, if it may be closed; nothing is changed.

    Raises:
        Refusal: It must not be closed: what it lacks, in the order in which that comes about.
        botocore.exceptions.ClientError: AWS does not let the credentials look, or does not answer.
    """
    if key == MANAGEMENT:
        raise _management()
    account = find_account(app, key)
    if account.there.closed:
        return Closable(account=account, since=None)
    if not account.there.active:
        raise Refusal(
            "close-not-active",
            f"the account must be active, and {account.shown} is {meaning(account.there.state)}",
            way_back(account.there.state),
        )
    since = _check_denied(app, account)
    may_from = since + DAYS
    if (now or datetime.now(UTC)) < may_from:
        raise Refusal(
            "close-too-early",
            f"an account must have been in the unit {CLOSING!r} for {DAYS.days} days, and {key!r} is in it since"
            f" {said(since)}",
            f"run the command again from {said(may_from)} on; until then all comes back if you take closing=True out",
        )
    _refuse_assigned(app, account)
    _refuse_delegated(app, account)
    return Closable(account=account, since=since)


def _check_denied(app: App, account: AppAccount) -> datetime:
    """Return when CloudFormation last changed what denies everything there: the account's unit, and the policy.

    Whatever else a deploy changes in them counts from then, but nobody tells of what was moved out, detached or changed
    by hand and is back. docs/decisions/0017-the-life-of-accounts.md
    """
    templates = (app.live_in(each.region).deployed_template(each.name) for each in app.stacks)
    deployed = metadata_of_all(filter(None, templates))
    if account.key not in deployed.closing or not account.described.is_closing:
        raise Refusal(
            "close-not-closing",
            f"the account must have closing=True in the app, and be deployed with it, and {account.key!r} is not",
            "write that, deploy, and wait for 7 days",
        )
    unit = account.described.parent or ""
    unit_resource = app.resource(unit)
    unit_id = unit_resource["PhysicalResourceId"] if unit_resource else unit
    policy = next(
        (
            key
            for key, each in app.description.policies.items()
            if (each.name, each.type) == (POLICY, SERVICE_CONTROL_POLICY)
        ),
        "",
    )
    resource = app.resource(policy)
    attached = app.live.policy_targets(resource["PhysicalResourceId"]) if resource else ()
    if resource is None or unit_id not in attached or account.there.parent_id != unit_id:
        raise Refusal(
            "close-not-denied",
            f"the account must be in the unit {CLOSING!r}, where the policy {POLICY!r} denies everything, and"
            f" {account.key!r} is in {account.there.parent_id}, and the policy"
            f" {'is attached to ' + ', '.join(attached) if attached else 'is attached nowhere'}",
            f"enable service control policies if the policy waits for that; {_BY_HAND}",
        )
    content = app.live.policy_content(resource["PhysicalResourceId"])
    if differences({"Content": app.description.policies[policy].content}, {"Content": content}):
        raise Refusal(
            "close-denial-changed",
            f"the policy {POLICY!r} must deny in AWS what it denies in the app, and says something else",
            f"deploy; {_BY_HAND}",
        )
    return denied_since(account.deployed, resource)


def _refuse_assigned(app: App, account: AppAccount) -> None:
    owners = {"", app.live.caller().account_id}
    for instance in app.live.instances(everywhere=True):
        # AWS lists those of member accounts too, which give access to no account, and answers no others about them.
        if instance.owner_account_id not in owners:
            continue
        live = app.live_in(instance.primary_region)
        assigned = live.assignments_in(instance.arn, account.there.id)
        if assigned:
            first = live.permission_set(instance.arn, assigned[0].permission_set_arn).name
            number = len(assigned)
            left = f"an assignment of {first}" if number == 1 else f"{number} assignments, one of {first},"
            raise Refusal(
                "close-assigned",
                f"nobody must have access to the account any more, and {left} is left in {account.key!r}",
                "deploy, and revoke what somebody gave by hand: `org-baseline drift` lists it",
            )
        _refuse_entitled(live, account)


def _refuse_entitled(live: LiveOrganization, account: AppAccount) -> None:
    """Refuse what account access manager gives, beside all assignments."""
    from botocore.exceptions import EndpointConnectionError  # noqa: PLC0415 (it takes a third of a second)

    try:
        applications = live.entitlement_applications()
    except EndpointConnectionError as error:
        if not is_without_account_access(error):
            raise
        return
    for application in applications:
        for each in live.entitlements(application):
            if each.account_id == account.there.id:
                region = f" --region {live.region}" if live.region else ""
                raise Refusal(
                    "close-assigned",
                    "nobody must have access to the account any more, and account access manager lets somebody assume"
                    f" {each.role_arn} in {account.key!r}",
                    f"run `aws account-access delete-entitlement --application-arn {application} --entitlement-id"
                    f" {each.id}{region}`",
                )


def _refuse_delegated(app: App, account: AppAccount) -> None:
    if account.there.id in app.live.delegated_administrators():
        services = app.live.delegated_services(account.there.id)
        raise Refusal(
            "close-delegated",
            f"the account must administer no service for the organization, and {account.key!r} administers"
            f" {', '.join(sorted(services))}",
            "take it out of delegated_administrators, and run `aws organizations deregister-delegated-administrator"
            f" --account-id {account.there.id} --service-principal {min(services)}`",
        )


def close(app: App, account: AppAccount, typed: str) -> None:
    """Close the account whose id was typed, and no other.

    Raises:
        Refusal: The id is not the account's, or AWS refuses for a reason that it says:
            https://docs.aws.amazon.com/organizations/latest/APIReference/API_CloseAccount.html
        botocore.exceptions.ClientError: AWS refuses for another one.
    """
    from botocore.exceptions import ClientError  # noqa: PLC0415 (it takes a third of a second)

    if typed != account.there.id:
        raise Refusal(
            "close-id-different",
            f"the id must be that of the account {account.key!r}, {account.shown}, got {typed!r}",
            "nothing was closed; type the id of the account that is to be closed for good",
        )
    client = app.live.client("organizations")
    try:
        client.close_account(AccountId=account.there.id)
    except client.exceptions.AccountAlreadyClosedException:
        return
    except ClientError as error:
        answer: Mapping[str, object] = error.response
        match answer.get("Reason"):
            case "CANNOT_CLOSE_MANAGEMENT_ACCOUNT":
                raise _management() from None
            case "CLOSE_ACCOUNT_QUOTA_EXCEEDED":
                raise Refusal(
                    "close-quota",
                    "AWS closes 250 accounts of an organization in 30 days, or a fifth of its members if that is more,"
                    " and at most 1,000, and this would be one more",
                    "wait until 30 days have passed since the first of them",
                ) from None
            case "CLOSE_ACCOUNT_REQUESTS_LIMIT_EXCEEDED":
                raise Refusal(
                    "close-at-once",
                    "AWS closes 3 accounts of an organization at a time, and this would be one more",
                    "run the command again in some minutes",
                ) from None
        raise


def _management() -> Refusal:
    return Refusal(
        "close-management",
        "KEY must not be the management account, which no organization closes",
        f"sign in as its root user once all members are closed, see {_SOURCE}",
    )
