"""What `org-baseline doctor` finds of the names of accounts that people see, and what it renames."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from doctor_patient import Patient, assert_found, only, sentences
from local_aws_stacks import DEV, MANAGEMENT, account, deploy
from org_constructs.doctor.finding import Status
from org_constructs.rehearsal.local_aws import LocalAws
from org_constructs.templates.metadata import DISPLAY_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from syrupy.assertion import SnapshotAssertion

    from org_constructs.doctor.finding import Fix

WITH_DEV: Final = {"Accounts": {"dev": {"Output": "AccountIdDev"}}, "Made": {"dev": "Dev"}}
BOTH: Final = {"management": "Acme", "Dev": "Acme Development"}


@pytest.fixture
def aws() -> Iterator[LocalAws]:
    with LocalAws(management_account_id=MANAGEMENT, region="us-east-1") as running:
        yield running


@pytest.fixture
def patient(aws: LocalAws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Patient:
    made = Patient(aws, tmp_path, monkeypatch)
    made.seed()
    return made


def synthesize(patient: Patient, names: dict[str, str], **of_account: Any) -> None:
    entries = {"/OrgBaseline": [{"type": DISPLAY_NAMES, "data": names}]}
    existing = {"AccountName": "existing-1", "Email": "existing-1@example.com"}
    patient.synthesize(metadata=WITH_DEV, artifact={"metadata": entries}, Dev=account(**(of_account or existing)))


def apply(fix: Fix) -> bool:
    fix.apply()
    return True


def names(aws: LocalAws) -> dict[str, str]:
    return {each["Id"]: each["Name"] for each in aws.client("organizations").list_accounts()["Accounts"]}


def test_renames_the_management_account_and_members(
    patient: Patient, aws: LocalAws, snapshot: SnapshotAssertion
) -> None:
    aws.client("organizations").enable_aws_service_access(ServicePrincipal="account.amazonaws.com")
    synthesize(patient, BOTH)
    dev, management = patient.look("account-names")
    assert_found(management, Status.WARNING, "account-name-different", MANAGEMENT, "'Acme'")
    assert_found(dev, Status.WARNING, "account-name-different", DEV, "'existing-1'", "'Acme Development'")
    [found] = patient.look("account-names", repair=apply)
    assert_found(found, Status.OK, "account-names-set", "2")
    assert (sentences(dev), sentences(found)) == snapshot
    assert names(aws) == {MANAGEMENT: "Acme", DEV: "Acme Development"}


def test_a_renamed_account_of_the_stack_is_as_the_app_has_it(patient: Patient, aws: LocalAws) -> None:
    aws.client("organizations").enable_aws_service_access(ServicePrincipal="account.amazonaws.com")
    deploy(aws, Dev=account())
    synthesize(patient, {"Dev": "Acme Development"}, AccountName="acme-dev")
    [found] = patient.look("account-names", repair=apply)
    assert found.code == "account-names-set"
    assert "Acme Development" in names(aws).values()
    assert [each.code for each in patient.look("deployed") if each.status is not Status.OK] == []


def test_is_no_obstacle_to_an_adoption(patient: Patient) -> None:
    synthesize(patient, {"Dev": "Acme Development"}, AccountName="acme-dev", Email="existing-1@example.com")
    assert [each.code for each in patient.look("accounts")] == ["resources-exist"]


def test_renames_no_member_without_trusted_access(patient: Patient, snapshot: SnapshotAssertion) -> None:
    synthesize(patient, BOTH)
    members, management = patient.look("account-names")
    assert_found(members, Status.WARNING, "account-names-unreadable")
    assert sentences(members) == snapshot
    assert members.fix is None
    assert_found(management, Status.WARNING, "account-name-different", "'Acme'")


def test_leaves_names_of_accounts_for_after_the_deploy(patient: Patient, snapshot: SnapshotAssertion) -> None:
    synthesize(patient, {"Dev": "Acme Development"}, AccountName="acme-dev")
    later = only(patient.look("account-names"), Status.WARNING)
    assert_found(later, Status.WARNING, "account-names-later", "dev")
    assert sentences(later) == snapshot


def test_leaves_a_closed_account_alone(patient: Patient, aws: LocalAws) -> None:
    aws.client("organizations").enable_aws_service_access(ServicePrincipal="account.amazonaws.com")
    synthesize(patient, {"Dev": "Acme Development"})
    aws.client("organizations").close_account(AccountId=DEV)
    assert [each.code for each in patient.look("account-names")] == ["account-names-later"]


def test_looks_at_no_name_that_the_app_does_not_declare(patient: Patient, snapshot: SnapshotAssertion) -> None:
    synthesize(patient, {})
    [found] = patient.look("account-names")
    assert sentences(found) == snapshot
