"""Service Quotas: moto's, with the quotas of AWS Organizations, which it lacks.

They are in us-east-1 only: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any, Final
from unittest.mock import patch

from moto.servicequotas.exceptions import NoSuchResource
from moto.servicequotas.models import ServiceQuotasBackend, servicequotas_backends
from moto.servicequotas.responses import ServiceQuotasResponse
from moto.servicequotas.urls import url_bases

from org_constructs.aws.limits import ACCOUNTS_QUOTA, ACCOUNTS_QUOTA_CODE, ACCOUNTS_QUOTA_DEFAULT

_REGION: Final = "us-east-1"


class LocalServiceQuotas(ServiceQuotasBackend):
    """The quotas of one account and region."""

    def __init__(self, region_name: str, account_id: str) -> None:
        """Begin with what AWS gives a new organization."""
        super().__init__(region_name, account_id)
        self.organizations = [
            {
                "ServiceCode": "organizations",
                "ServiceName": "AWS Organizations",
                "QuotaArn": f"arn:aws:servicequotas::{account_id}:organizations/{ACCOUNTS_QUOTA_CODE}",
                "QuotaCode": ACCOUNTS_QUOTA_CODE,
                "QuotaName": ACCOUNTS_QUOTA,
                "Value": float(ACCOUNTS_QUOTA_DEFAULT),
                "Unit": "None",
                "Adjustable": True,
                "GlobalQuota": True,
            }
        ]

    @property
    def _url_module(self) -> SimpleNamespace:
        return SimpleNamespace(url_bases=url_bases, url_paths={"{0}/$": LocalServiceQuotasResponse.dispatch})

    def list_service_quotas(self, service_code: str) -> list[dict[str, Any]]:
        """Return the quotas of a service that apply."""
        if service_code == "organizations" and self.region_name == _REGION:
            return self.organizations
        raise NoSuchResource

    def get_service_quota(self, service_code: str, quota_code: str) -> dict[str, Any]:
        """Return a quota that applies."""
        if service_code != "organizations":
            return super().get_service_quota(service_code, quota_code)
        for quota in self.list_service_quotas(service_code):
            if quota["QuotaCode"] == quota_code:
                return quota
        raise NoSuchResource


class LocalServiceQuotasResponse(ServiceQuotasResponse):
    """The API, with the call that moto lacks."""

    def list_service_quotas(self) -> str:
        quotas = backend_of(self.current_account, self.region).list_service_quotas(self._get_param("ServiceCode"))
        return json.dumps({"Quotas": quotas})


def backend_of(account_id: str, region: str = _REGION) -> LocalServiceQuotas:
    """Return the quotas of an account and region."""
    backend = servicequotas_backends[account_id][region]
    if not isinstance(backend, LocalServiceQuotas):
        raise TypeError(f"Service Quotas of account {account_id} were made before the local AWS was started")
    return backend


@contextmanager
def installed() -> Iterator[None]:
    """Put these Service Quotas in the place of moto's, for a while."""
    with patch.object(servicequotas_backends, "backend", LocalServiceQuotas):
        yield
