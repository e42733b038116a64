"""What AWS and boto3 say when they do not answer, in a sentence for people."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from org_constructs.aws.cli import with_profile
from org_constructs.refusal import Refusal

EXPIRED: Final = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired", "UnauthorizedException"})
"""The codes with which AWS refuses credentials that have expired."""
_LIST: Final = "name one of those that `aws configure list-profiles` lists"

DENIED: Final = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"})
"""The codes with which AWS refuses what credentials may not do."""

_BUSY: Final = frozenset(
    {
        "ConcurrentModificationException",
        "ConflictException",
        "RequestLimitExceeded",
        "ServiceUnavailableException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)
"""The codes with which AWS refuses for the moment, which boto3 has tried again before.

https://docs.aws.amazon.com/boto3/latest/guide/retries.html
https://docs.aws.amazon.com/organizations/latest/APIReference/API_CloseAccount.html
"""


def is_without_account_access(error: Exception) -> bool:
    """Tell whether what failed is that the region has no account access manager, as few have.

    https://docs.aws.amazon.com/general/latest/gr/account-access.html
    """
    return "//account-access." in str(error)


def is_without_budgets(error: Exception) -> bool:
    """Tell whether what failed is that the partition has no AWS Budgets.

    https://docs.aws.amazon.com/general/latest/gr/billing.html
    """
    return "//budgets." in str(error)


@contextmanager
def said_in_a_sentence(profile: str | None, *, asked: str = "AWS", instead: str = "") -> Iterator[None]:
    """Say in one sentence that there are no credentials, that they are old or may not, or that AWS does not answer.

    Args:
        profile: The CLI profile whose credentials are used; None for those that boto3 finds.
        asked: What is asked.
        instead: What else can be done, to end the sentence with: "or take --outputs".

    Raises:
        Refusal: The sentence.
    """
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 (it takes a third of a second)

    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise refusal_of(error, profile, asked=asked, instead=instead) from None


def refusal_of(  # noqa: PLR0911 (one for each kind of error)
    error: Exception, profile: str | None, *, asked: str = "AWS", instead: str = ""
) -> Refusal:
    """Return what an error of botocore's means; the arguments are those of `said_in_a_sentence`.

    Raises:
        Exception: The error itself, if it is none of botocore's.
    """
    from botocore.exceptions import (  # noqa: PLC0415 (it takes a third of a second)
        BotoCoreError,
        ClientError,
        ConnectionError,  # noqa: A004 (the base of botocore's own)
        HTTPClientError,
        LoginRefreshRequired,
        LoginTokenLoadError,
        NoCredentialsError,
        ProfileNotFound,
        SSOTokenLoadError,
        TokenRetrievalError,
        UnauthorizedSSOTokenError,
    )

    def how(*ways: str) -> str:
        return f"{', '.join(ways)}, {instead}" if instead else ", or ".join(ways)

    whose = whose_credentials(profile)
    sign_in = how(
        "sign in with `aws login`, or `aws sso login` for a user in Identity Center",
        "name another profile with --profile",
    )
    said = str(error).rstrip(".")
    match error:
        case ProfileNotFound():
            whence, name = "--profile" if profile else "AWS_PROFILE", error.kwargs["profile"]
            return Refusal("profile-unknown", f"{whence} must be a profile in AWS's files, got {name!r}", how(_LIST))
        case NoCredentialsError():
            return Refusal("credentials-missing", f"there are no credentials to ask {asked} with", sign_in)
        case LoginRefreshRequired() | LoginTokenLoadError():
            command = with_profile("aws login", profile)
            return Refusal("login-expired", f"the login {whose} has expired", f"run `{command}`")
        case SSOTokenLoadError() | TokenRetrievalError() | UnauthorizedSSOTokenError():
            return Refusal("login-expired", f"the login {whose} has expired", sign_in)
        case ConnectionError() | HTTPClientError():
            check = how("check the network, the proxy or VPN, and AWS_ENDPOINT_URL")
            return Refusal("aws-unreachable", f"AWS cannot be reached: {said}", check)
        case BotoCoreError():
            return Refusal("aws-error", f"the call to AWS failed: {said}", sign_in)
        case ClientError():
            code, message = error.response["Error"]["Code"], error.response["Error"].get("Message", "").rstrip(".")
            if code in EXPIRED:
                return Refusal("credentials-expired", f"the credentials {whose} have expired", sign_in)
            refused = f"AWS refuses {error.operation_name} to the credentials {whose}, with {code}: {message}"
            return Refusal("aws-refused", refused, "run this again in a minute" if code in _BUSY else sign_in)
    raise error


def whose_credentials(profile: str | None) -> str:
    """Say which credentials are asked with, behind a noun."""
    return f"of the profile {profile!r}" if profile else "that boto3 finds"
