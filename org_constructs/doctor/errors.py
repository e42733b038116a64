"""What AWS's refusals mean, each as a finding."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from org_constructs.live.errors import EXPIRED

from .finding import Finding, unknown

if TYPE_CHECKING:
    from .examination import Examination

_SERVICES: Final = (
    *("organizations", "sso-admin", "identitystore", "account"),
    *("cloudformation", "service-quotas", "ssm", "sts", "freetier"),
)
"""Those that the checks ask, to tell of which an operation is."""

_DENIED: Final = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"})
_NOT_KNOWN: Final = frozenset({"InvalidClientTokenId", "UnrecognizedClientException", "SignatureDoesNotMatch"})

SIGN_IN: Final = (
    "Run `aws login` with a user of the management account, or `aws sso login` if you have a user in Identity Center",
    "or name a profile that works: --profile NAME",
)


def explain(error: Exception, examination: Examination) -> Finding:  # noqa: PLR0911 (one for each kind of error)
    """Return what could not be looked at, and why, in place of an error of botocore's.

    Raises:
        Exception: The error itself, if it is none of these.
    """
    from botocore.exceptions import (  # noqa: PLC0415 (see Examination.session)
        BotoCoreError,
        ClientError,
        ConnectTimeoutError,
        EndpointConnectionError,
        LoginRefreshRequired,
        LoginTokenLoadError,
        NoCredentialsError,
        ProfileNotFound,
        ReadTimeoutError,
        SSOTokenLoadError,
        TokenRetrievalError,
        UnauthorizedSSOTokenError,
    )

    whose = f"of the profile {examination.profile}" if examination.profile else "that boto3 finds"
    match error:
        case ProfileNotFound():
            return unknown(
                "profile-unknown",
                str(error).rstrip("."),
                why="Calls to AWS need credentials.",
                next=(
                    "`aws configure list-profiles` lists the profiles; AWS_PROFILE may name one that does not exist",
                ),
            )
        case NoCredentialsError():
            return unknown(
                "credentials-missing",
                "No credentials were found",
                why="Calls to AWS need credentials.",
                next=SIGN_IN,
            )
        case LoginRefreshRequired() | LoginTokenLoadError():
            return unknown(
                "login-expired",
                f"The login {whose} has expired",
                why="AWS refuses every call.",
                next=(f"`{examination.with_profile('aws login')}`, then run this again",),
            )
        case SSOTokenLoadError() | TokenRetrievalError() | UnauthorizedSSOTokenError():
            return unknown(
                "login-expired", f"The login {whose} has expired", why="AWS refuses every call.", next=SIGN_IN
            )
        case EndpointConnectionError() | ConnectTimeoutError() | ReadTimeoutError():
            return unknown(
                "aws-unreachable",
                f"AWS cannot be reached: {str(error).rstrip('.')}",
                next=("Check the network, the proxy or VPN, and AWS_ENDPOINT_URL; then run this again",),
            )
        case TimeoutError():
            return unknown("aws-timeout", str(error))
        case ClientError():
            return _explain_refusal(error, examination, whose)
        case BotoCoreError():
            return unknown("aws-error", f"The call to AWS failed: {str(error).rstrip('.')}", next=SIGN_IN)
    raise error


def _explain_refusal(error: Exception, examination: Examination, whose: str) -> Finding:
    response = getattr(error, "response", {})
    code, message = response["Error"]["Code"], response["Error"].get("Message", "").rstrip(".")
    if code in EXPIRED:
        return unknown(
            "credentials-expired", f"The credentials {whose} have expired", why="AWS refuses every call.", next=SIGN_IN
        )
    if code in _NOT_KNOWN:
        return unknown(
            "credentials-unknown",
            f"AWS does not know the credentials {whose}: {message}",
            why="They were deleted, or belong to another partition.",
            next=SIGN_IN,
        )
    if code in _DENIED:
        action = _action(getattr(error, "operation_name", ""), message, examination)
        return unknown(
            "permission-missing",
            f"The credentials {whose} may not do {action}",
            why=f"AWS says {code}: {message}.",
            next=(f"Allow {action} for them, or use other credentials: --profile NAME",),
        )
    return unknown("aws-refused", f"AWS refuses {getattr(error, 'operation_name', 'a call')} with {code}: {message}")


def _action(operation: str, message: str, examination: Examination) -> str:
    """Return the IAM action that is missing: as AWS names it, else as the operation is called."""
    if named := re.search(r"not authorized to perform:? ([\w-]+:\w+)", message):
        return named[1]
    for service in _SERVICES:
        model = examination.live.client(service).meta.service_model
        if operation in model.operation_names:
            return f"{model.signing_name}:{operation}"
    return operation
