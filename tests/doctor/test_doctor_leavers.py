"""What `org-baseline doctor` finds of denials to people who have left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from doctor_patient import Patient, assert_found, sentences
from local_aws_stacks import MANAGEMENT, USER, permission_set, policy
from org_constructs.doctor.finding import Status
from org_constructs.rehearsal.local_aws import LocalAws
from org_constructs.templates.denial import denial
from policy_documents import DENY_LEAVING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from syrupy.assertion import SnapshotAssertion

GONE: Final = "a1b2c3d4-5678-90ab-cdef-00000000dead"


@pytest.fixture
def patient(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Patient]:
    with LocalAws(management_account_id=MANAGEMENT, region="us-east-1") as aws:
        made = Patient(aws, tmp_path, monkeypatch)
        made.seed()
        yield made


def synthesize(patient: Patient, content: Any, inline_policy: Any = None) -> None:
    patient.synthesize(
        Guard=policy(Name="has-left", Content=content),
        Read=permission_set(Name="Read", InlinePolicy=inline_policy or {}),
    )


def test_says_which_denials_can_go_and_since_when(patient: Patient, snapshot: SnapshotAssertion) -> None:
    synthesize(patient, denial(GONE, USER), denial(GONE))
    left_over, needed = patient.look("leavers")
    assert_found(left_over, Status.WARNING, "denial-left-over", GONE, "policy has-left", "permission set Read")
    assert_found(needed, Status.OK, "denials-needed", "1 person")
    assert left_over.fix is None
    assert (sentences(left_over), sentences(needed)) == snapshot


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (DENY_LEAVING, "denials-none"),
        # A statement of somebody else's on the same key is no denial of everything.
        ({"Statement": [{**denial(GONE)["Statement"][0], "Action": "s3:*"}]}, "denials-none"),
        (denial(USER), "denials-needed"),
    ],
    ids=["another", "of one service", "still there"],
)
def test_reminds_of_nothing_else(patient: Patient, content: Any, code: str) -> None:
    synthesize(patient, content)
    [found] = patient.look("leavers")
    assert_found(found, Status.OK, code)
