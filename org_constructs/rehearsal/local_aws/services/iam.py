"""IAM: moto's, with the central management of root users that it lacks.

Added to moto 5.2.5: the two features, which the management account enables once IAM has trusted access.
https://docs.aws.amazon.com/IAM/latest/APIReference/API_EnableOrganizationsRootCredentialsManagement.html
https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListOrganizationsFeatures.html
"""

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import cast
from unittest.mock import patch

from moto.core.responses import ActionResult
from moto.iam.exceptions import IAMException
from moto.iam.models import IAMBackend, iam_backends
from moto.iam.responses import IamResponse
from moto.iam.urls import url_bases, url_paths
from moto.organizations.models import organizations_backends

from org_constructs.aws.root_access import FROM_ELSEWHERE, SERVICE

from . import organizations


class LocalIam(IAMBackend):
    """IAM of one account."""

    def __init__(self, region_name: str, account_id: str) -> None:
        """Begin without features."""
        super().__init__(region_name, account_id)
        self.organizations_features: set[str] = set()

    @property
    def _url_module(self) -> SimpleNamespace:
        return SimpleNamespace(url_bases=url_bases, url_paths=dict.fromkeys(url_paths, LocalIamResponse.dispatch))


class LocalIamResponse(IamResponse):
    """The API."""

    def list_organizations_features(self) -> ActionResult:
        """Return the features that are enabled."""
        organization = self._organization()
        return ActionResult({"OrganizationId": organization, "EnabledFeatures": sorted(self._features)})

    def enable_organizations_root_credentials_management(self) -> ActionResult:
        """Let the management account delete what root users sign in with."""
        return self._enable("RootCredentialsManagement")

    def enable_organizations_root_sessions(self) -> ActionResult:
        """Let the management account act as a root user for a quarter of an hour."""
        return self._enable("RootSessions")

    def disable_organizations_root_credentials_management(self) -> ActionResult:
        """Leave to member accounts what their root users sign in with."""
        return self._disable("RootCredentialsManagement")

    def disable_organizations_root_sessions(self) -> ActionResult:
        """Let nobody act as a root user of a member account."""
        return self._disable("RootSessions")

    def _enable(self, feature: str) -> ActionResult:
        self._organization()
        self._features.add(feature)
        return self.list_organizations_features()

    def _disable(self, feature: str) -> ActionResult:
        self._organization()
        self._features.discard(feature)
        return self.list_organizations_features()

    @property
    def _features(self) -> set[str]:
        return cast("LocalIam", self.backend).organizations_features

    def _organization(self) -> str:
        """Return the id of the organization that the caller manages, in which IAM has trusted access."""
        backend = organizations.backend_of(self.current_account)
        if self.current_account in organizations_backends.master_accounts:
            raise IAMException(FROM_ELSEWHERE, "The account is not the management account.")
        if backend.org is None:
            raise IAMException("OrganizationNotFoundException", "The account manages no organization.")
        if SERVICE not in {service["ServicePrincipal"] for service in backend.services}:
            raise IAMException("ServiceAccessNotEnabledException", "IAM has no trusted access.")
        return str(backend.org.id)


@contextmanager
def installed() -> Iterator[None]:
    """Put this IAM in the place of moto's, for a while."""
    with patch.object(iam_backends, "backend", LocalIam):
        yield
