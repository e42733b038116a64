"""What AWS and boto3 say when they do not answer, in a sentence for people."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from org_constructs.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

EXPIRED: Final = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired", "UnauthorizedException"})
"""The codes with which AWS refuses credentials that have expired."""

DENIED: Final = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"})
"""The codes with which AWS refuses what credentials may not do."""


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
    from botocore.exceptions import (  # noqa: PLC0415 (it takes a third of a second)
        BotoCoreError,
        ClientError,
        LoginRefreshRequired,
        LoginTokenLoadError,
        NoCredentialsError,
        ProfileNotFound,
        SSOTokenLoadError,
        TokenRetrievalError,
        UnauthorizedSSOTokenError,
    )

    ways = ["sign in with `aws login` or `aws sso login`", "name another profile with --profile"]
    how = ", ".join([*ways, instead]) if instead else ", or ".join(ways)
    whose = f"of profile {profile!r}" if profile else "that boto3 finds"
    try:
        yield
    except ProfileNotFound as error:
        name = error.kwargs["profile"]
        whence = "--profile" if profile else "AWS_PROFILE"
        raise Refusal("profile-unknown", f"{whence} must be a profile in AWS's files, got {name!r}", how) from None
    except NoCredentialsError:
        raise Refusal(
            "credentials-missing", f"credentials of the management account are needed to ask {asked}, got none", how
        ) from None
    except (LoginRefreshRequired, LoginTokenLoadError):
        command = f"aws login --profile {profile}" if profile else "aws login"
        raise Refusal("login-expired", f"the login {whose} must not have expired", f"run `{command}`") from None
    except (SSOTokenLoadError, TokenRetrievalError, UnauthorizedSSOTokenError):
        raise Refusal("login-expired", f"the login {whose} must not have expired", how) from None
    except ClientError as error:
        code, message = error.response["Error"]["Code"], error.response["Error"].get("Message", "")
        if code in EXPIRED:
            raise Refusal("credentials-expired", f"the credentials {whose} must not have expired", how) from None
        raise Refusal(
            "aws-refused",
            f"AWS must let the credentials {whose} call {error.operation_name}, got {code}: {message.rstrip('.')}",
            how,
        ) from None
    except BotoCoreError as error:
        raise Refusal(
            "aws-unreachable", f"AWS must be reachable with the credentials {whose}: {str(error).rstrip('.')}", how
        ) from None
