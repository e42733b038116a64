"""Accounts, with their names and addresses derived."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from org_constructs.aws import limits
from org_constructs.baseline.props import AccountProps
from org_constructs.constructs.account import check_account
from org_constructs.constructs.email import plus_address
from org_constructs.constructs.validate import (
    check_account_id,
    check_known,
    check_region,
    check_sequence,
    check_text,
    check_type,
    check_unique,
    is_token,
)
from org_constructs.refusal import Mistakes, Refusal
from org_constructs.templates.closing import CLOSING

from .checks import check_apart, refuse_beside
from .names import MANAGEMENT, ROOT
from .planned import PlannedAccount, PlannedUnit
from .stacks import check_stack

_KEY: Final = r"[a-z0-9]+(-[a-z0-9]+)*"


def plan_accounts(
    props: Sequence[AccountProps], company: str, email: str, units: Mapping[str, PlannedUnit]
) -> dict[str, PlannedAccount]:
    """Check the accounts and return them by key, with the names, e-mails and units that are defaults."""
    check_sequence("accounts", props, AccountProps, "an AccountProps")
    accounts: dict[str, PlannedAccount] = {}
    mistakes = Mistakes()
    for index, account in enumerate(props):
        with mistakes.gathered():
            here = f"accounts[{index}]"
            check_text(
                f"{here}.key",
                account.key,
                maximum=limits.ACCOUNT_NAME_MAX,
                pattern=_KEY,
                rule="lower-case letters and digits, in parts joined by '-'",
            )
            if account.key in (MANAGEMENT, ROOT):
                raise Refusal(
                    "key-reserved",
                    f"{here}.key must not be {account.key!r}, which has a special meaning in targets",
                    "choose another key",
                )
            check_stack(f"{here}.stack", account.stack)
            check_type(f"{here}.closing", account.closing, bool, "True or False")
            if account.region is not None:
                check_region(f"{here}.region", account.region)
            accounts[account.key] = _plan_account(here, account, company, email, units)
    mistakes.refuse()
    check_unique("accounts", [account.key for account in props], what="key")
    check_unique("accounts", [account.account_id or account.key for account in props], what="account id")
    check_apart("accounts", "key", [account.key for account in props], output_name, only="'-'")
    _check_emails(email, [accounts[account.key] for account in props])
    return accounts


def _plan_account(
    here: str, account: AccountProps, company: str, email: str, units: Mapping[str, PlannedUnit]
) -> PlannedAccount:
    name = f"{company}-{account.key}" if account.name is None else account.name
    if account.account_id is not None:
        check_account_id(f"{here}.account_id", account.account_id)
        others = ("closing", "display_name", "email", "organizational_unit", "role_name", "tags")
        refuse_beside(here, account, "account_id", others)
        return PlannedAccount(
            key=account.key, output=output_name(account.key), name=name, email="", parent=None, props=account
        )
    if account.organizational_unit is not None:
        check_known(
            f"{here}.organizational_unit", account.organizational_unit, units, what="an organizational unit by its path"
        )
    try:
        address = plus_address(email, account.key) if account.email is None else account.email
    except Refusal as refusal:
        raise refusal.within(f"{here}: ") from None
    check_account(f"{here}.", name=name, email=address, role_name=account.role_name, tags=account.tags)
    return PlannedAccount(
        key=account.key,
        output=output_name(account.key),
        name=name,
        email=address,
        parent=CLOSING if account.closing else account.organizational_unit,
        props=account,
    )


def _check_emails(email: str, accounts: Sequence[PlannedAccount]) -> None:
    for index, account in enumerate(accounts):
        if not is_token(account.email) and account.email.lower() == email.lower():
            raise Refusal(
                "email-management-account",
                f"accounts[{index}].email must not be the management account's, got {account.email!r}",
                "leave it out for a plus-address",
            )
    created = [account.email if account.props.account_id is None else account.key for account in accounts]
    check_unique("accounts", created, what="email", ignore_case=True)


def output_name(key: str) -> str:
    """Return the name of the output that holds the account's id: `AccountIdDev` for `dev`."""
    return "AccountId" + "".join(part.capitalize() for part in key.split("-"))
