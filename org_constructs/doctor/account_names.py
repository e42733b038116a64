"""The names of accounts that people see, as the app declares them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Final

from org_constructs.aws.limits import ACCOUNT_MANAGEMENT
from org_constructs.templates.description import MANAGEMENT

from .account_ids import account_ids, accounts_by_key
from .check import Check
from .declared import DEPLOY_AND_FIX
from .finding import Finding, Fix, ok, warning

if TYPE_CHECKING:
    from org_constructs.templates.description import Account

    from .examination import Examination


def _look(examination: Examination) -> Iterator[Finding]:
    declared = {key: account for key, account in accounts_by_key(examination).items() if account.display_name}
    if not declared:
        yield ok("account-names-undeclared", "The app has people see the names of the templates")
        return
    ids = account_ids(examination)
    later = sorted(declared.keys() - ids.keys())
    if later:
        which = f"The account {later[0]} does" if len(later) == 1 else f"The accounts {', '.join(later)} do"
        yield warning(
            "account-names-later",
            f"{which} not exist yet, so what people see of {'it' if len(later) == 1 else 'them'} comes later",
            next=(DEPLOY_AND_FIX,),
        )
    there = [key for key in declared if key in ids]
    if there != [MANAGEMENT] and there and ACCOUNT_MANAGEMENT not in examination.live.trusted_services():
        yield warning(
            "account-names-unreadable",
            "The names of member accounts cannot be set",
            why=f"{ACCOUNT_MANAGEMENT} has no trusted access.",
            next=("Enable it, see trusted-access",),
        )
        there = [key for key in there if key == MANAGEMENT]
    wrong = list(filter(None, (_compare(examination, declared[key], ids[key]) for key in there)))
    yield from wrong
    if right := len(there) - len(wrong):
        which = "1 account has its" if right == 1 else f"{right} accounts have their"
        yield ok("account-names-set", f"{which} display name")


def _compare(examination: Examination, account: Account, account_id: str) -> Finding | None:
    client = examination.live.client("account")
    # The management account must not name itself:
    # https://docs.aws.amazon.com/accounts/latest/reference/API_PutAccountName.html
    of = {} if account.key == MANAGEMENT else {"AccountId": account_id}
    now = client.get_account_information(**of)["AccountName"]
    if now == account.display_name:
        return None
    return warning(
        "account-name-different",
        f"Account {account_id} is called {now!r} in AWS, and the app has people see {account.display_name!r}",
        why="Consoles, bills and the access portal show that one.",
        next=("`org-baseline doctor --fix` renames it; CloudFormation cannot",),
        fix=Fix(
            question=f"Rename account {account_id} from {now!r} to {account.display_name!r}?",
            apply=partial(client.put_account_name, AccountName=account.display_name, **of),
            done=f"Account {account_id} is called {account.display_name}",
        ),
    )


CHECK: Final = Check(
    id="account-names", title="the names of accounts", look=_look, needs=("assembly", "credentials", "organization")
)
