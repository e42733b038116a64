"""`doctor --fix` from any state of what guards the organization: it reaches what is declared, and removes nothing."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Final

import pytest

from doctor_patient import Patient
from local_aws_stacks import MANAGEMENT, account
from org_constructs.aws.root_access import FEATURES, SERVICE
from org_constructs.doctor.finding import Status
from org_constructs.doctor.runner import CHECKS, run
from org_constructs.rehearsal.local_aws import LocalAws

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from org_constructs.doctor.finding import Fix

SERVICES: Final = (SERVICE, "account.amazonaws.com", "ram.amazonaws.com", "securityhub.amazonaws.com")
TYPES: Final = ("BACKUP_POLICY", "SERVICE_CONTROL_POLICY", "TAG_POLICY")
GUARDS: Final = ("trusted-access", "root-access", "policy-types")
STATES: Final = 40


@pytest.fixture
def aws() -> Iterator[LocalAws]:
    with LocalAws(management_account_id=MANAGEMENT, region="us-east-1") as running:
        yield running


def state(aws: LocalAws) -> dict[str, set[str]]:
    """Return what is enabled, of each kind."""
    organizations, iam = aws.client("organizations"), aws.client("iam")
    services = organizations.list_aws_service_access_for_organization()["EnabledServicePrincipals"]
    trusted = {each["ServicePrincipal"] for each in services}
    [root] = organizations.list_roots()["Roots"]
    return {
        "services": trusted,
        "features": set(iam.list_organizations_features()["EnabledFeatures"]) if SERVICE in trusted else set(),
        "types": {each["Type"] for each in root["PolicyTypes"]},
    }


def some(chance: Random, among: Collection[str]) -> list[str]:
    return [each for each in among if chance.random() < 0.5]


@pytest.mark.parametrize("seed", range(STATES))
def test_a_fix_reaches_what_is_declared_and_removes_nothing(
    seed: int, aws: LocalAws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = Random(seed)  # noqa: S311 (nothing secret)
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    patient = Patient(aws, tmp_path, monkeypatch)
    patient.seed()
    organizations, iam = aws.client("organizations"), aws.client("iam")
    for each in some(chance, SERVICES):
        organizations.enable_aws_service_access(ServicePrincipal=each)
    if SERVICE in state(aws)["services"]:
        for feature in some(chance, FEATURES):
            getattr(iam, FEATURES[feature])()
    [root] = organizations.list_roots()["Roots"]
    for each in some(chance, sorted({*TYPES} - state(aws)["types"])):
        organizations.enable_policy_type(RootId=root["Id"], PolicyType=each)
    root_access = chance.random() < 0.7
    declared = {
        "services": {*some(chance, SERVICES), *([SERVICE] if root_access else [])},
        "features": {*FEATURES} if root_access else set[str](),
        "types": {*some(chance, TYPES)},
    }
    patient.synthesize(
        metadata={
            "TrustedAccess": sorted(declared["services"]),
            "RootAccess": root_access,
            "PolicyTypes": sorted(declared["types"]),
        },
        Dev=account(),
    )
    before = state(aws)

    def apply(fix: Fix) -> bool:
        fix.apply()
        return True

    checks = [each for each in CHECKS if each.id in {"assembly", "credentials", "account", "organization", *GUARDS}]
    found = {each.check.id: each.status for each in run(patient.examination(), checks=checks, repair=apply)}
    after = state(aws)
    assert after == {kind: before[kind] | declared[kind] for kind in before}
    assert (found["trusted-access"], found["root-access"]) == (Status.OK, Status.OK)
    again = [each.findings for each in run(patient.examination(), checks=checks)]
    assert [finding.fix for findings in again for finding in findings if finding.fix] == []
