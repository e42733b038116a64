"""What the doctor says of the example's placeholders in the app of another company."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from doctor_patient import Patient, only, sentences
from local_aws_stacks import INSTANCE, MANAGEMENT, STORE, account, permission_set, resource, user
from org_constructs.doctor.finding import Status
from org_constructs.rehearsal.local_aws import Existing, LocalAws

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from syrupy.assertion import SnapshotAssertion

REAL = "999999999999"
START_URL = "https://acme.awsapps.com/start"
EXAMPLE_INSTANCE = "arn:aws:sso:::instance/ssoins-1111222233334444"
EXAMPLE_STORE = "d-1111222233"
GLOBEX: dict[str, Any] = {
    "Company": "globex",
    "Email": "aws@globex.com",
    "StartUrl": "https://d-9067abcd12.awsapps.com/start",
}


@pytest.fixture
def aws() -> Iterator[LocalAws]:
    with LocalAws(management_account_id=REAL, region="us-east-1") as running:
        running.seed(
            Existing(organization_id="o-globex1234", root_id="r-glob", instance_arn=INSTANCE, identity_store_id=STORE)
        )
        yield running


@pytest.fixture
def patient(aws: LocalAws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Patient:
    return Patient(aws, tmp_path, monkeypatch)


def synthesize(patient: Patient, *, account_id: str = REAL, metadata: Any = None, **resources: Any) -> None:
    there: Any = {
        "Organization": resource("AWS::Organizations::Organization"),
        "Dev": account(AccountName="globex-dev", Email="aws+dev@globex.com"),
        "Set": permission_set(),
        "Kim": user(UserName="kim@globex.com", Emails=[{"Value": "kim@globex.com", "Primary": True}]),
    }
    patient.synthesize(f"aws://{account_id}/us-east-1", {**GLOBEX, **(metadata or {})}, **{**there, **resources})


def test_finds_none_in_an_app_of_its_own(patient: Patient) -> None:
    synthesize(patient)
    [found] = patient.look("assembly")
    assert found.status is Status.OK


def test_finds_the_examples_account(patient: Patient, snapshot: SnapshotAssertion) -> None:
    synthesize(patient, account_id=MANAGEMENT)
    found = only(patient.look("account"), Status.PROBLEM)
    assert sentences(found) == snapshot
    assert found.paste == (f'env=cdk.Environment(account="{REAL}", region="us-east-1"),',)


def test_finds_the_examples_identity_center(patient: Patient, snapshot: SnapshotAssertion) -> None:
    synthesize(
        patient,
        Set=permission_set(InstanceArn=EXAMPLE_INSTANCE),
        Kim=user(IdentityStoreId=EXAMPLE_STORE, UserName="kim@globex.com"),
    )
    found = only(patient.look("identity-center"), Status.PROBLEM)
    assert sentences(found) == snapshot
    assert found.paste[1] == f'    instance_arn="{INSTANCE}",'


def test_finds_the_examples_start_url(patient: Patient, snapshot: SnapshotAssertion) -> None:
    synthesize(patient, metadata={"StartUrl": START_URL})
    found = only(patient.look("assembly"), Status.WARNING)
    assert sentences(found) == snapshot
    assert found.paste == (f'start_url="https://{STORE}.awsapps.com/start",',)


def test_finds_the_examples_start_url_beside_the_examples_identity_store(patient: Patient) -> None:
    kim = user(IdentityStoreId=EXAMPLE_STORE, UserName="kim@globex.com")
    synthesize(patient, metadata={"StartUrl": START_URL}, Kim=kim)
    assert only(patient.look("assembly"), Status.WARNING).paste == ()


@pytest.mark.parametrize(
    ("metadata", "email", "named"),
    [
        ({"Email": "aws@acme.com"}, "aws+dev@acme.com", "aws+dev@acme.com, aws@acme.com"),
        ({}, "AWS+dev@acme.com", "AWS+dev@acme.com"),
    ],
    ids=["of all accounts", "of one account"],
)
def test_finds_the_examples_email(
    patient: Patient, metadata: dict[str, str], email: str, named: str, snapshot: SnapshotAssertion
) -> None:
    synthesize(patient, metadata=metadata, Dev=account(AccountName="globex-dev", Email=email))
    found = only(patient.look("assembly"), Status.PROBLEM)
    assert found.found.endswith(f": {named}")
    assert sentences(found) == snapshot


def test_finds_the_examples_user(patient: Patient, snapshot: SnapshotAssertion) -> None:
    synthesize(patient, Kim=user())
    found = only(patient.look("assembly"), Status.PROBLEM)
    assert sentences(found) == snapshot


@pytest.mark.parametrize("company", ["acme", "Acme Labs"])
def test_takes_acmes_own_for_acmes(patient: Patient, company: str) -> None:
    synthesize(
        patient,
        metadata={"Company": company, "Email": "aws@acme.com", "StartUrl": START_URL},
        Dev=account(),
        Kim=user(),
    )
    [found] = patient.look("assembly")
    assert found.status is Status.OK
