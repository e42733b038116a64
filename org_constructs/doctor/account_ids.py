"""The ids of the app's accounts, as far as they exist."""

from __future__ import annotations

from typing import TYPE_CHECKING

from org_constructs.templates.description import MANAGEMENT

if TYPE_CHECKING:
    from .examination import Examination


def account_ids(examination: Examination) -> dict[str, str]:
    """Return the ids of the app's accounts that exist, by their keys in the app."""
    live = examination.live
    ids = {MANAGEMENT: live.caller().account_id}
    if live.organization() is None:
        return ids
    by_email = {account.email.casefold(): account.id for account in live.accounts() if account.active}
    described = {
        account.output[1]: account for account in examination.assembly.description.accounts.values() if account.output
    }
    for key, account in examination.assembly.description.metadata.accounts.items():
        found = described.get(account.output)
        account_id = found and (found.account_id or by_email.get((found.email or "").casefold()))
        if account_id:
            ids[key] = account_id
    return ids
