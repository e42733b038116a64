"""Failures that a rehearsal asks for: what AWS does on a bad day, on purpose and in a local AWS.

A failure is written `WORD` or `WORD:NAME`, NAME being an account's name or its last part (`production` is
`acme-production`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from org_constructs.refusal import Refusal


@dataclass(frozen=True)
class FailureKind:
    """One thing that goes wrong, as it is named and as CloudFormation tells it."""

    word: str
    code: str
    """The HandlerErrorCode of the resource's failure."""
    message: str
    """What the resource's handler says; `{request}` is the id of the request that it made of the service."""
    named: bool
    """Whether the failure names an account."""
    once: bool
    """Whether it happens at the first try only, so that a second deploy shows the way out."""
    source: str
    """Where the behaviour is described."""
    what: str
    """What happens, in a phrase."""

    @property
    def form(self) -> str:
        """How it is written."""
        return f"{self.word}:ACCOUNT" if self.named else self.word


_ACCOUNT_HANDLER: Final = (
    "https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-organizations/blob/main/"
    "aws-organizations-account/src/main/java/software/amazon/organizations/account/CreateHandler.java"
)
_CREATE_ACCOUNT: Final = "https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreateAccountStatus.html"

ACCOUNT_TIMEOUT: Final = FailureKind(
    "ACCOUNT_TIMEOUT",
    "NotStabilized",
    "DescribeCreateAccountStatus returns IN_PROGRESS state before time out.Please check account creation status with "
    "CreateAccountRequestID [{request}] and import account to CloudFormation if it is created successfully.",
    named=True,
    once=True,
    source=_ACCOUNT_HANDLER,
    what="CloudFormation gives up on the account, which comes to exist all the same",
)
ACCOUNT_EMAIL_EXISTS: Final = FailureKind(
    "ACCOUNT_EMAIL_EXISTS",
    "AlreadyExists",
    "Account creation failed with reason [EMAIL_ALREADY_EXISTS] for request id: {request}",
    named=True,
    once=False,
    source=_CREATE_ACCOUNT,
    what="another AWS account has the e-mail, and keeps it",
)
FINALIZING_ORGANIZATION: Final = FailureKind(
    "FINALIZING_ORGANIZATION",
    "InvalidRequest",
    "AWS Organizations couldn't perform the operation because your organization hasn't finished initializing. This can "
    "take up to an hour. Try again later.",
    named=False,
    once=True,
    source="https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreateAccount.html",
    what="the organization is too new for its first account; a second try works",
)
ACCOUNT_LIMIT_EXCEEDED: Final = FailureKind(
    "ACCOUNT_LIMIT_EXCEEDED",
    "ServiceLimitExceeded",
    "You have exceeded the allowed number of AWS accounts.",
    named=True,
    once=False,
    source=_CREATE_ACCOUNT,
    what="the organization has all the accounts that it may have",
)
ASSIGNMENT_FAILED: Final = FailureKind(
    "ASSIGNMENT_FAILED",
    "GeneralServiceException",
    "Error occurred during operation 'Request {request} failed due to: Received a 404 status error: the account "
    "is not ready.'.",
    named=True,
    once=True,
    source="https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_AccountAssignmentOperationStatus.html",
    what="the first assignment in the account fails; a second try works",
)

FAILURE_KINDS: Final = {
    kind.word: kind
    for kind in (
        ACCOUNT_TIMEOUT,
        ACCOUNT_EMAIL_EXISTS,
        FINALIZING_ORGANIZATION,
        ACCOUNT_LIMIT_EXCEEDED,
        ASSIGNMENT_FAILED,
    )
}


class Failures:
    """The failures one rehearsal was asked for, and which of them have happened.

    Raises:
        Refusal: A failure is unknown, names no account and must, or names one and must not.
    """

    def __init__(self, wanted: Sequence[str]) -> None:
        """Take the failures as they are written."""
        self._pending = [parse(failure) for failure in wanted]

    def add(self, wanted: Sequence[str]) -> None:
        """Let more go wrong from now on."""
        self._pending += [parse(failure) for failure in wanted]

    def take(self, kind: FailureKind, account_name: str = "") -> bool:
        """Tell whether `kind` strikes this account now; one that happens once does not strike again."""
        for pending in self._pending:
            wanted, name = pending
            if wanted is kind and (not name or account_name == name or account_name.endswith(f"-{name}")):
                if kind.once:
                    self._pending.remove(pending)
                return True
        return False


def parse(failure: str) -> tuple[FailureKind, str]:
    """Return the kind of a failure as it is written, and the account that it names, if any.

    Raises:
        Refusal: As `Failures`.
    """
    word, colon, name = failure.partition(":")
    kind = FAILURE_KINDS.get(word)
    known = ", ".join(kind.form for kind in FAILURE_KINDS.values())
    if kind is None:
        raise Refusal("failure-unknown", f"failures must be among {known}, got {failure!r}")
    if kind.named != bool(name) or bool(colon) != bool(name):
        rule = "must name an account" if kind.named else "takes no name"
        raise Refusal("failure-unknown", f"failure {word} {rule}, got {failure!r}", f"the failures are {known}")
    return kind, name
