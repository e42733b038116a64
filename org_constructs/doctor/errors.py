"""What AWS's refusals mean, each as a finding."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from org_constructs.live.errors import DENIED, refusal_of, whose_credentials

from .finding import Finding, unknown
from .wording import begun, steps

if TYPE_CHECKING:
    from org_constructs.refusal import Refusal

    from .examination import Examination

_SERVICES: Final = (
    *("organizations", "sso-admin", "identitystore", "account"),
    *("cloudformation", "service-quotas", "ssm", "sts", "freetier"),
)
"""Those that the checks ask, to tell of which an operation is."""

_NOT_KNOWN: Final = frozenset({"InvalidClientTokenId", "UnrecognizedClientException", "SignatureDoesNotMatch"})

_WHY: Final = {
    "profile-unknown": "Calls to AWS need credentials.",
    "credentials-missing": "Calls to AWS need credentials.",
    "login-expired": "AWS refuses every call.",
    "credentials-expired": "AWS refuses every call.",
}


def explain(error: Exception, examination: Examination) -> Finding:
    """Return what could not be looked at, and why, in place of an error of botocore's.

    Raises:
        Exception: The error itself, if it is none of these.
    """
    if isinstance(error, TimeoutError):
        return unknown("aws-timeout", str(error))
    refusal = refusal_of(error, examination.profile)
    if refusal.code == "aws-refused":
        return _explain_refusal(error, refusal, examination)
    return unknown(refusal.code, begun(refusal.why), why=_WHY.get(refusal.code, ""), next=steps(refusal))


def _explain_refusal(error: Exception, refusal: Refusal, examination: Examination) -> Finding:
    whose = whose_credentials(examination.profile)
    response = getattr(error, "response", {})
    code, message = response["Error"]["Code"], response["Error"].get("Message", "").rstrip(".")
    if code in _NOT_KNOWN:
        return unknown(
            "credentials-unknown",
            f"AWS does not know the credentials {whose}: {message}",
            why="They were deleted, or belong to another partition.",
            next=steps(refusal),
        )
    if code in DENIED:
        action = _action(getattr(error, "operation_name", ""), message, examination)
        return unknown(
            "permission-missing",
            f"The credentials {whose} may not do {action}",
            why=f"AWS says {code}: {message}.",
            next=(f"Allow {action} for them, or use other credentials: --profile NAME",),
        )
    return unknown(refusal.code, begun(refusal.why))


def _action(operation: str, message: str, examination: Examination) -> str:
    """Return the IAM action that is missing: as AWS names it, else as the operation is called."""
    if named := re.search(r"not authorized to perform:? ([\w-]+:\w+)", message):
        return named[1]
    for service in _SERVICES:
        model = examination.live.client(service).meta.service_model
        if operation in model.operation_names:
            return f"{model.signing_name}:{operation}"
    return operation
