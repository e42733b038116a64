"""The app's accounts, and the ids of those that exist and can be used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from org_constructs.aws.resource_types import ACCOUNT
from org_constructs.matching import State
from org_constructs.templates.description import MANAGEMENT

if TYPE_CHECKING:
    from org_constructs.templates.description import Account

    from .examination import Examination


def accounts_by_key(examination: Examination) -> dict[str, Account]:
    """Return the accounts of the assembly by their keys in the app; the management account where it is in there."""
    description = examination.assembly.description
    accounts = description.accounts_by_app_key
    if MANAGEMENT in description.accounts:
        accounts[MANAGEMENT] = description.accounts[MANAGEMENT]
    return accounts


def account_ids(examination: Examination) -> dict[str, str]:
    """Return the ids of the app's accounts that exist and are not closed, by their keys in the app."""
    live = examination.live
    ids = {MANAGEMENT: live.caller().account_id}
    if live.organization() is None:
        return ids
    by_resource = {}
    for resource in examination.matcher.templates.resources(ACCOUNT):
        match = examination.matcher.match(resource)
        is_there = match.state in {State.DEPLOYED, State.ADOPTED}
        if is_there and match.id and all(each.property != "State" for each in match.differences):
            by_resource[f"{resource.stack.name}/{resource.logical_id}"] = match.id
    for key, account in accounts_by_key(examination).items():
        if key != MANAGEMENT and (account_id := account.account_id or by_resource.get(account.key)):
            ids[key] = account_id
    return ids
