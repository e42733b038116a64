"""AWS Account Management: moto's alternate contacts, with the refusals that it lacks.

Added to moto 5.2.5: an account that is named is a member of the caller's organization, which has trusted access enabled
for Account Management; the management account does not name itself.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from unittest.mock import patch

from moto.account.models import AccountBackend, account_backends
from moto.account.responses import AccountResponse
from moto.account.urls import url_bases, url_paths
from moto.core.exceptions import JsonRESTError

from org_constructs.aws.limits import ACCOUNT_MANAGEMENT

from . import organizations


class LocalAccountManagement(AccountBackend):
    """The contacts of one account."""

    @property
    def _url_module(self) -> SimpleNamespace:
        return SimpleNamespace(
            url_bases=url_bases, url_paths=dict.fromkeys(url_paths, LocalAccountManagementResponse.dispatch)
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
            raise JsonRESTError("AccessDeniedException", "User is not authorized to access the account's contacts.")
        return str(named)


@contextmanager
def installed() -> Iterator[None]:
    """Put this Account Management in the place of moto's, for a while."""
    with patch.object(account_backends, "backend", LocalAccountManagement):
        yield
