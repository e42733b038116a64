"""Where a stack is asked for, and whether the credentials at hand are of its account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from org_constructs.refusal import Refusal

if TYPE_CHECKING:
    import boto3

    from org_constructs.templates.assembly import Stack


def region_of(stack: Stack, session: boto3.Session, *others: Stack) -> str:
    """Return the region of a stack; where the app leaves it open, that of the session, else that of another stack.

    Raises:
        Refusal: None of them has one.
    """
    regions = (stack.region, session.region_name, *(other.region for other in others))
    if region := next(filter(None, regions), None):
        return region
    raise Refusal("region-missing", f"the region of the stack {stack.id!r} must be known", "set AWS_DEFAULT_REGION")


def check_account(stack: Stack, caller: str, instead: str = "") -> None:
    """Refuse credentials of another account than a stack's.

    Args:
        stack: The stack.
        caller: The account that the credentials are of.
        instead: What else can be done, to end the sentence with: ", or use --outputs".

    Raises:
        Refusal: They are of another one.
    """
    if stack.account is not None and stack.account != caller:
        raise Refusal(
            "account-mismatch",
            f"the credentials must be those of account {stack.account}, which the stack {stack.id!r} is for, got"
            f" account {caller}",
            f"pass a profile of the management account with --profile{instead}",
        )
