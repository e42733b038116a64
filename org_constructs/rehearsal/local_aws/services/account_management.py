"""AWS Account Management: moto's alternate contacts, with the refusals that it lacks, and accounts' names and e-mails.

Added to moto 5.2.5: an account that is named is a member of the caller's organization, which has trusted access enabled
for Account Management; the management account does not name itself. An e-mail address changes with the code that AWS
mails to the new one: nobody gets mail here, so `codes_of` has the code.
"""

import secrets
import string
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Final
from unittest.mock import patch

from moto.account.models import AccountBackend, account_backends
from moto.account.responses import AccountResponse
from moto.account.urls import url_bases, url_paths
from moto.core.exceptions import JsonRESTError
from moto.core.responses import ActionResult, EmptyResult
from moto.organizations.models import FakeAccount

from org_constructs.aws.limits import ACCOUNT_MANAGEMENT

from . import organizations

_OPERATIONS: Final = (
    "acceptPrimaryEmailUpdate",
    "getAccountInformation",
    "getPrimaryEmail",
    "putAccountName",
    "startPrimaryEmailUpdate",
)
"""Those that moto lacks."""


class LocalAccountManagement(AccountBackend):
    """The contacts of one account, and what it begins in its members."""

    def __init__(self, region_name: str, account_id: str) -> None:
        """Begin with nothing begun."""
        super().__init__(region_name, account_id)
        self.codes: dict[str, tuple[str, str]] = {}

    @property
    def _url_module(self) -> SimpleNamespace:
        paths = [*url_paths, *(f"{{0}}/{operation}$" for operation in _OPERATIONS)]
        return SimpleNamespace(
            url_bases=url_bases, url_paths=dict.fromkeys(paths, LocalAccountManagementResponse.dispatch)
        )


class LocalAccountManagementResponse(AccountResponse):
    """The API, which looks at who asks of whom."""

    def _get_account_id(self) -> str:
        """Return the account that is meant, if the caller may name it.

        See https://docs.aws.amazon.com/accounts/latest/reference/API_GetAlternateContact.html.
        """
        named = self._get_param("AccountId")
        if named is None:
            return str(self.current_account)
        backend = organizations.backend_of(self.current_account)
        if named == self.current_account:
            raise JsonRESTError("ValidationException", "The management account can't specify its own AccountId.")
        services = {service["ServicePrincipal"] for service in backend.services}
        members = {account.id for account in backend.organization_accounts()}
        if ACCOUNT_MANAGEMENT not in services or named not in members:
            raise JsonRESTError("AccessDeniedException", "User is not authorized to access the account.")
        return str(named)

    @property
    def _account(self) -> FakeAccount:
        """The account that is meant, as the caller's organization has it."""
        return organizations.backend_of(self.current_account).get_account_by_id(self._get_account_id())

    def get_account_information(self) -> ActionResult:
        account = self._account
        return ActionResult(
            {
                "AccountId": account.id,
                "AccountName": account.name,
                "AccountCreatedDate": account.create_time,
                "AccountState": account.state,
            }
        )

    def put_account_name(self) -> EmptyResult:
        self._account.name = self._get_param("AccountName")
        return EmptyResult()

    def get_primary_email(self) -> ActionResult:
        return ActionResult({"PrimaryEmail": self._account.email})

    def start_primary_email_update(self) -> ActionResult:
        """Answer StartPrimaryEmailUpdate: a second one takes the place of the first."""
        account, email = self._account, self._get_param("PrimaryEmail")
        if organizations.backend_of(self.current_account).email_is_taken(email):
            raise JsonRESTError("ConflictException", "The email address is already in use.")
        codes_of(self.current_account)[account.id] = (email, "".join(secrets.choice(string.digits) for _ in range(6)))
        return ActionResult({"Status": "PENDING"})

    def accept_primary_email_update(self) -> ActionResult:
        account = self._account
        if account.id not in codes_of(self.current_account):
            raise JsonRESTError("ResourceNotFoundException", "There is no pending update of the email address.")
        email, code = codes_of(self.current_account)[account.id]
        if (self._get_param("PrimaryEmail"), self._get_param("Otp")) != (email, code):
            raise JsonRESTError("ValidationException", "The OTP or the email address is invalid.")
        account.email = email
        del codes_of(self.current_account)[account.id]
        return ActionResult({"Status": "ACCEPTED"})


def codes_of(account_id: str) -> dict[str, tuple[str, str]]:
    """Return the new e-mail addresses and the codes that were mailed to them, by the members that they are to be of."""
    backend = account_backends[account_id]["aws"]
    assert isinstance(backend, LocalAccountManagement)  # noqa: S101 (installed)
    return backend.codes


@contextmanager
def installed() -> Iterator[None]:
    """Put this Account Management in the place of moto's, for a while."""
    with patch.object(account_backends, "backend", LocalAccountManagement):
        yield
