"""What the doctor says of the account itself: its plan, and who set it up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError
from doctor_patient import Patient
from local_aws_stacks import MANAGEMENT, account, resource

from org_constructs.doctor.finding import Status
from org_constructs.rehearsal.local_aws import LocalAws
from org_constructs.rehearsal.local_aws.services import free_tier

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ORGANIZATION = resource("AWS::Organizations::Organization")
FREE = {"accountPlanType": "FREE", "accountPlanStatus": "ACTIVE"}
CREDITS = {"accountPlanRemainingCredits": {"amount": 118.4, "unit": "USD"}}
ENDS = 1806624000.0
"""2027-04-02, as AWS's JSON has it."""


@pytest.fixture
def aws() -> Iterator[LocalAws]:
    with LocalAws(management_account_id=MANAGEMENT, region="us-east-1") as running:
        yield running


@pytest.fixture
def patient(aws: LocalAws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Patient:
    return Patient(aws, tmp_path, monkeypatch)


# The plan


@pytest.mark.parametrize(
    ("plan", "status", "said"),
    [
        (FREE, Status.WARNING, "The account is on the free plan"),
        (
            {**FREE, **CREDITS, "accountPlanExpirationDate": ENDS},
            Status.WARNING,
            "The account is on the free plan, with 118.40 USD of credits left; it ends on 2027-04-02",
        ),
        (
            {**FREE, "accountPlanStatus": "EXPIRED", "accountPlanExpirationDate": ENDS},
            Status.WARNING,
            "The account is on the free plan; it ended on 2027-04-02",
        ),
        (free_tier.PAID, Status.OK, "The account is on the paid plan"),
        (None, Status.OK, "The account has no plan that could end"),
    ],
    ids=["free", "free with credits", "free and over", "paid", "older than the plans"],
)
def test_says_whether_an_organization_ends_the_plan(
    patient: Patient, plan: dict[str, Any] | None, status: Status, said: str
) -> None:
    free_tier.plans[MANAGEMENT] = plan
    patient.synthesize(Organization=ORGANIZATION, Dev=account())
    [found] = patient.look("account-plan")
    assert (found.status, found.found) == (status, said)
    assert ("ends the credits" in found.why) == (status is Status.WARNING)


def test_says_nothing_of_a_plan_where_there_is_an_organization(patient: Patient) -> None:
    free_tier.plans[MANAGEMENT] = FREE
    patient.seed()
    [found] = patient.look("account-plan")
    assert (found.status, found.found) == (
        Status.OK,
        "There is an organization already, so that a deploy does not change the plan of the account",
    )


def test_asks_for_no_plan_in_another_partition(patient: Patient) -> None:
    patient.synthesize(f"aws://{MANAGEMENT}/cn-north-1", Organization=ORGANIZATION, Dev=account())
    [found] = patient.look("account-plan")
    assert (found.status, found.found) == (Status.OK, "AWS has no plans for accounts in the partition aws-cn")


def test_could_not_look_at_the_plan(patient: Patient) -> None:
    def refuse(_: object, __: object) -> Any:
        message = f"User: arn:aws:iam::{MANAGEMENT}:user/kim is not authorized to perform: freetier:GetAccountPlanState"
        raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": message}}, "GetAccountPlanState")

    patient.intercept("GetAccountPlanState", refuse)
    patient.synthesize(Organization=ORGANIZATION, Dev=account())
    [found] = patient.look("account-plan")
    assert (found.status, found.found) == (
        Status.UNKNOWN,
        "The credentials that boto3 finds may not do freetier:GetAccountPlanState",
    )
