"""What the doctor says of the account itself: its plan, and who set it up."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError
from moto.iam.models import iam_backends

from doctor_patient import Patient, only, sentences
from local_aws_stacks import DEV, MANAGEMENT, account, resource
from org_constructs.doctor.finding import Status
from org_constructs.rehearsal.local_aws import LocalAws
from org_constructs.rehearsal.local_aws.services import free_tier

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from syrupy.assertion import SnapshotAssertion

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
        (None, Status.OK, "The account has no plan that can end"),
    ],
    ids=["free", "free with credits", "free and over", "paid", "older than the plans"],
)
def test_says_whether_an_organization_ends_the_plan(
    patient: Patient, plan: dict[str, Any] | None, status: Status, said: str, snapshot: SnapshotAssertion
) -> None:
    free_tier.plans[MANAGEMENT] = plan
    patient.synthesize(Organization=ORGANIZATION, Dev=account())
    [found] = patient.look("account-plan")
    assert (found.status, found.found) == (status, said)
    assert sentences(found) == snapshot


def test_says_nothing_of_a_plan_where_there_is_an_organization(patient: Patient) -> None:
    free_tier.plans[MANAGEMENT] = FREE
    patient.seed()
    [found] = patient.look("account-plan")
    assert (found.status, found.found) == (
        Status.OK,
        "An organization exists already, so a deploy does not change the account's plan",
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


# The new sign-up


def statement(sid: str, **more: object) -> dict[str, object]:
    return {"Sid": sid, "Effect": "Deny", "Action": "*", "Resource": "*", **more}


def sign_up(aws: LocalAws) -> None:
    """Set up what AWS leaves in an organization of its new sign-up with advanced features."""
    client = aws.client("organizations")
    client.create_account(AccountName="acme Identity Delegated Admin", Email="aws+identity@acme.com")
    allowed = {"StringNotEquals": {"aws:RequestedRegion": ["unspecified", "us-east-1", "us-east-2"]}}
    policies = {
        "ManagedAccountSecurityControlPolicy": [statement("BlockOrgEscape"), statement("ProtectManagedRoles")],
        "AdvancedModeRegionRestrictionSecurityControlPolicy": [statement("RegionFloor", Condition=allowed)],
    }
    for name, statements in policies.items():
        content = json.dumps({"Version": "2012-10-17", "Statement": statements})
        client.create_policy(Name=name, Description="", Type="SERVICE_CONTROL_POLICY", Content=content)


def use_role(patient: Patient, path: str) -> None:
    """Use credentials of a role of the member account, under this path."""
    trust = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{MANAGEMENT}:root"}, "Action": "sts:AssumeRole"}
    iam_backends[DEV]["aws"].create_role(
        "AccountFullAccessRole",
        json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
        path=path,
        permissions_boundary=None,
        description="",
        tags=[],
        max_session_duration="3600",
    )
    patient.become(DEV, f"{path.strip('/')}/AccountFullAccessRole".strip("/"))


def test_knows_a_project_of_the_new_sign_up(patient: Patient, snapshot: SnapshotAssertion) -> None:
    patient.seed()
    use_role(patient, "/managed/")
    [found] = patient.look("organization")
    assert (found.status, found.stops) == (Status.PROBLEM, True)
    assert DEV in found.found
    assert f"use credentials of account {MANAGEMENT}" in found.next[1]
    assert sentences(found) == snapshot


def test_takes_a_role_of_the_name_elsewhere_for_that_of_a_member(patient: Patient) -> None:
    patient.seed()
    use_role(patient, "/")
    [found] = patient.look("organization")
    assert found.found.startswith(f"Account {DEV} is a member of the organization o-acme123456")


def test_names_what_aws_keeps_in_an_organization_of_the_new_sign_up(
    patient: Patient, aws: LocalAws, snapshot: SnapshotAssertion
) -> None:
    patient.seed()
    sign_up(aws)
    found = only(patient.look("organization"), Status.WARNING)
    assert sentences(found) == snapshot


def test_takes_a_policy_of_the_name_alone_for_one_of_the_owners(patient: Patient, aws: LocalAws) -> None:
    patient.seed()
    content = json.dumps({"Version": "2012-10-17", "Statement": [statement("DenyAll")]})
    aws.client("organizations").create_policy(
        Name="ManagedAccountSecurityControlPolicy", Description="", Type="SERVICE_CONTROL_POLICY", Content=content
    )
    assert {found.status for found in patient.look("organization")} == {Status.OK}
