"""`org-baseline doctor` in an organization of 1,000 accounts, and at AWS's limits."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import pytest
from botocore.client import BaseClient
from moto.core.exceptions import JsonRESTError

from doctor_patient import Patient
from local_aws_stacks import EXISTING, GROUP, INSTANCE, MANAGEMENT, PERMISSION_SET, account, assignment
from org_constructs.doctor.finding import Status
from org_constructs.rehearsal.local_aws import LocalAws
from org_constructs.rehearsal.local_aws.services import organizations, service_quotas
from published_rates import seconds

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ACCOUNTS: Final = 1_000


@pytest.fixture
def aws() -> Iterator[LocalAws]:
    with LocalAws(management_account_id=MANAGEMENT, region="us-east-1") as running:
        yield running


@pytest.fixture
def patient(aws: LocalAws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Patient:
    return Patient(aws, tmp_path, monkeypatch)


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Counter[tuple[str, str]]:
    """The calls that are made, by service and operation; a page is a call."""
    counted: Counter[tuple[str, str]] = Counter()
    call = BaseClient._make_api_call  # type: ignore[attr-defined] # not in the stubs

    def make_api_call(self: Any, operation: str, values: Any) -> Any:
        counted[self.meta.service_model.service_name, operation] += 1
        return call(self, operation, values)

    monkeypatch.setattr(BaseClient, "_make_api_call", make_api_call)
    return counted


@pytest.mark.long
def test_takes_less_than_a_minute_of_api_time_for_1000_accounts(
    patient: Patient, calls: Counter[tuple[str, str]]
) -> None:
    ids = tuple(f"{300000000000 + number}" for number in range(ACCOUNTS))
    patient.aws.seed(replace(EXISTING, account_ids=ids))
    service_quotas.backend_of(MANAGEMENT).organizations[0]["Value"] = 2_000.0
    sso_admin = patient.aws.client("sso-admin")
    of_group = {"PrincipalType": "GROUP", "PrincipalId": GROUP, "TargetType": "AWS_ACCOUNT"}
    resources: Any = {}
    for number, account_id in enumerate(ids, 1):
        name = f"existing-{number}"
        resources[f"Account{number}"] = account(AccountName=name, Email=f"{name}@example.com")
        resources[f"Assignment{number}"] = assignment(TargetId=account_id)
        sso_admin.create_account_assignment(
            InstanceArn=INSTANCE, TargetId=account_id, PermissionSetArn=PERMISSION_SET, **of_group
        )
    patient.synthesize(**resources)
    calls.clear()
    results = patient.examine()
    assert results["accounts"].findings[0].code == "resources-exist"
    assert results["accounts"].findings[0].found.startswith(f"{ACCOUNTS} ")
    assert results["assignments"].findings[0].code == "resources-exist"
    assert results["assignments"].findings[0].found.startswith(f"{ACCOUNTS} ")
    assert calls["organizations", "ListAccounts"] == ACCOUNTS // 20 + 1
    assert calls["sso-admin", "ListAccountAssignmentsForPrincipal"] == ACCOUNTS // 100
    assert seconds(calls) < 60


def test_tries_again_what_aws_refuses_as_too_fast(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    patient.seed()
    patient.synthesize(Dev=account())
    refusals = ["TooManyRequestsException", "TooManyRequestsException"]
    list_accounts = organizations.LocalOrganizationsResponse.list_accounts

    def list_accounts_slowly(response: organizations.LocalOrganizationsResponse) -> str:
        if refusals:
            raise JsonRESTError(refusals.pop(), "You have sent too many requests in too short a period of time.")
        return list_accounts(response)

    monkeypatch.setattr(organizations.LocalOrganizationsResponse, "list_accounts", list_accounts_slowly)
    [found] = patient.look("accounts")
    assert (found.status, refusals) == (Status.OK, [])
