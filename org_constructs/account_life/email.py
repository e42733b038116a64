"""Another e-mail address of an account's root user.

https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-update-root-user-email.html
"""

from __future__ import annotations

import re
from typing import Any, Final

from org_constructs.aws.account_states import meaning, way_back
from org_constructs.aws.limits import ACCOUNT_MANAGEMENT
from org_constructs.constructs.validate import check_email
from org_constructs.refusal import Refusal
from org_constructs.templates.description import MANAGEMENT

from .of_app import App, AppAccount, find_account

_SOURCE: Final = "https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-update-root-user-email.html"
_CODE: Final = "[a-zA-Z0-9]{6}"
"""https://docs.aws.amazon.com/accounts/latest/reference/API_AcceptPrimaryEmailUpdate.html"""


def check_change(app: App, key: str, email: str) -> tuple[AppAccount, bool]:
    """Return the account whose address may become this one, and whether it is that already.

    Raises:
        Refusal: It must not, for whatever reason can be seen before AWS is asked to begin.
    """
    if key == MANAGEMENT:
        raise Refusal(
            "email-of-management",
            "KEY must not be the management account, whose address nobody but its root user changes",
            f"sign in as that, see {_SOURCE}",
        )
    check_email("NEW", email)
    account = find_account(app, key)
    if account.there.email.casefold() == email.casefold():
        return account, True
    taken = next((each for each in app.live.accounts() if each.email.casefold() == email.casefold()), None)
    if taken is not None:
        raise Refusal(
            "email-taken",
            f"NEW must be the address of no other AWS account, got {email!r}, which account {taken.id} has",
            "choose another address; that of a closed account stays taken",
        )
    if not account.there.active:
        raise Refusal(
            "email-account-not-active",
            f"the account must be active, and {account.shown} is {meaning(account.there.state)}",
            way_back(account.there.state),
        )
    if ACCOUNT_MANAGEMENT not in app.live.trusted_services():
        raise Refusal(
            "email-needs-service",
            f"{ACCOUNT_MANAGEMENT} must have trusted access to change the address of a member account, and has none",
            f"add it to trusted_access, and run `org-baseline doctor --fix`, or `aws organizations"
            f" enable-aws-service-access --service-principal {ACCOUNT_MANAGEMENT}`",
        )
    return account, False


def check_code(code: str) -> None:
    """Refuse what is no code of AWS's."""
    if not re.fullmatch(_CODE, code, re.ASCII):
        raise Refusal(
            "email-code-form", f"the code must be the 6 letters and digits that AWS mailed, got {len(code)} characters"
        )


def start(app: App, account: AppAccount, email: str) -> None:
    """Have AWS mail a code to the new address; the code before is good for nothing then.

    Raises:
        Refusal: An account outside the organization has the address.
        botocore.exceptions.ClientError: AWS refuses for another reason.
    """
    client = app.live.client("account")
    try:
        client.start_primary_email_update(AccountId=account.there.id, PrimaryEmail=email)
    except client.exceptions.ConflictException:
        raise _elsewhere(email) from None


def accept(app: App, account: AppAccount, email: str, code: str) -> None:
    """Confirm the new address with the code that AWS mailed.

    Raises:
        Refusal: The code is wrong or too old, nothing was started, or AWS could not change it.
        botocore.exceptions.ClientError: AWS refuses for another reason.
    """
    client = app.live.client("account")
    again = "run the command without --otp, and AWS mails another code"
    try:
        answer: dict[str, Any] = client.accept_primary_email_update(
            AccountId=account.there.id, PrimaryEmail=email, Otp=code
        )
    except client.exceptions.ValidationException:
        raise Refusal("email-code-wrong", "the code must be the one that AWS mailed last, and is not", again) from None
    except client.exceptions.ResourceNotFoundException:
        raise Refusal(
            "email-not-started", f"a change to {email!r} must have been started within 24 hours, and none was", again
        ) from None
    except client.exceptions.ConflictException:
        raise _elsewhere(email) from None
    if answer["Status"] == "FAILED":
        raise Refusal("email-failed", f"AWS could not change the address to {email!r}", again)


def _elsewhere(email: str) -> Refusal:
    return Refusal(
        "email-taken-elsewhere",
        f"NEW must be the address of no other AWS account, got {email!r}, which one outside the organization has",
        "choose another address",
    )
