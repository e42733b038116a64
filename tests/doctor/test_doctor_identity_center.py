"""What the doctor says of IAM Identity Center's instances: whose they are, what is off, and who is let in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from doctor_patient import Patient, only, sentences
from local_aws_stacks import DEV, INSTANCE, MANAGEMENT, STORE, account, permission_set, resource
from org_constructs.doctor.finding import Fix, Status
from org_constructs.rehearsal.local_aws import LocalAws
from org_constructs.rehearsal.local_aws.services import sso_admin

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from syrupy.assertion import SnapshotAssertion

ORGANIZATION = resource("AWS::Organizations::Organization")
WITH_ACCESS: Any = {"Set": permission_set()}
CONSOLE = "https://us-east-1.console.aws.amazon.com/singlesignon/home?region=us-east-1"
UPDATE = f"aws sso-admin update-instance --instance-arn {INSTANCE}"
VPC = f"arn:aws:ec2:us-east-1:{MANAGEMENT}:vpc/vpc-0123456789abcdef0"
KEY = f"arn:aws:kms:us-east-1:{MANAGEMENT}:key/mrk-1234abcd12ab34cd56ef1234567890ab"


@pytest.fixture
def aws() -> Iterator[LocalAws]:
    with LocalAws(management_account_id=MANAGEMENT, region="us-east-1") as running:
        yield running


@pytest.fixture
def patient(aws: LocalAws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Patient:
    return Patient(aws, tmp_path, monkeypatch)


@pytest.fixture
def custom(patient: Patient) -> None:
    """An organization, and an instance that was set up as Custom, without permission sets."""
    patient.aws.client("organizations").create_organization(FeatureSet="ALL")
    patient.aws.client("organizations").enable_aws_service_access(ServicePrincipal="sso.amazonaws.com")
    sso_admin.backend_of(MANAGEMENT, "us-east-1").enable(INSTANCE, STORE)
    sso_admin.backend_of(MANAGEMENT, "us-east-1").instance(INSTANCE).permission_sets_enabled = False


def update(patient: Patient, **changes: object) -> None:
    """Change the instance of the local AWS by UpdateInstance."""
    patient.aws.client("sso-admin").update_instance(InstanceArn=INSTANCE, **changes)


def advice(patient: Patient) -> str:
    """Return all that is said."""
    findings = patient.look("identity-center")
    return " ".join(text for each in findings for text in (each.found, each.why, *each.next))


@pytest.mark.usefixtures("custom")
def test_names_the_call_that_enables_permission_sets(patient: Patient, snapshot: SnapshotAssertion) -> None:
    patient.synthesize(Organization=ORGANIZATION, Set=permission_set())
    found = only(patient.look("identity-center"), Status.PROBLEM)
    assert f"`{UPDATE} --permission-sets-enabled --region us-east-1`" in found.next[0]
    assert sentences(found) == snapshot


@pytest.mark.usefixtures("custom")
def test_enables_permission_sets(patient: Patient, aws: LocalAws) -> None:
    def apply(fix: Fix) -> bool:
        fix.apply()
        return True

    patient.synthesize(Organization=ORGANIZATION, Set=permission_set())
    [found] = patient.look("identity-center", repair=apply)
    assert (found.status, found.found) == (
        Status.OK,
        "IAM Identity Center is enabled in us-east-1, as in the assembly",
    )
    assert aws.client("sso-admin").describe_instance(InstanceArn=INSTANCE)["PermissionSetsEnabled"]


@pytest.mark.usefixtures("custom")
def test_leaves_permission_sets_disabled_where_the_app_has_none(patient: Patient) -> None:
    lines, found = patient.look("identity-center")
    assert lines.paste
    assert (found.status, found.fix) == (Status.WARNING, None)
    assert found.next == (f"`{UPDATE} --permission-sets-enabled --region us-east-1`",)


def test_asks_whose_an_instance_without_permission_sets_and_trusted_access_is(
    patient: Patient, aws: LocalAws, snapshot: SnapshotAssertion
) -> None:
    aws.client("organizations").create_organization(FeatureSet="ALL")
    sso_admin.backend_of(MANAGEMENT, "us-east-1").enable(INSTANCE, STORE, of_organization=False)
    [found] = patient.look("identity-center")
    assert (found.status, found.stops) == (Status.PROBLEM, True)
    assert CONSOLE in found.next[0]
    assert f"`{UPDATE} --permission-sets-enabled --region us-east-1`" in found.next[1]
    assert sentences(found) == snapshot


@pytest.mark.parametrize("wanted", [False, True], ids=["first deploy", "named by the app"])
def test_finds_an_instance_from_before_the_organization(
    patient: Patient, *, wanted: bool, snapshot: SnapshotAssertion
) -> None:
    sso_admin.backend_of(MANAGEMENT, "us-east-1").enable(INSTANCE, STORE, of_organization=False)
    patient.synthesize(Organization=ORGANIZATION, Dev=account(), **(WITH_ACCESS if wanted else {}))
    [found] = patient.look("identity-center")
    assert (found.status, found.stops) == ((Status.PROBLEM, True) if wanted else (Status.WARNING, False))
    assert INSTANCE in found.found
    assert CONSOLE in found.next[0]
    assert sentences(found) == snapshot


def test_names_the_instance_of_a_member(patient: Patient) -> None:
    def listed(ask: Any, _: object) -> Any:
        member = {
            "InstanceArn": INSTANCE[:-1] + "9",
            "IdentityStoreId": "d-0000000000",
            "OwnerAccountId": DEV,
            "PrimaryRegion": "eu-west-1",
            "Status": "ACTIVE",
        }
        return {"Instances": [member, *ask()["Instances"]]}

    patient.seed()
    patient.synthesize(Set=permission_set())
    patient.intercept("ListInstances", listed)
    found, other = patient.look("identity-center")
    assert found.found.endswith("as in the assembly")
    assert (other.status, other.found) == (
        Status.OK,
        f"Another instance of IAM Identity Center exists, of account {DEV}, in eu-west-1: {INSTANCE[:-1]}9",
    )


@pytest.mark.parametrize(
    ("status", "step"),
    [("CREATE_FAILED", "See why, and enable it again: "), ("DELETE_IN_PROGRESS", "Wait some minutes")],
)
def test_says_what_to_do_about_an_instance_that_is_not_active(
    patient: Patient, status: str, step: str, snapshot: SnapshotAssertion
) -> None:
    patient.seed()
    sso_admin.backend_of(MANAGEMENT, "us-east-1").instances[0].status = status
    [found] = patient.look("identity-center")
    assert found.next[0].startswith(step)
    assert sentences(found) == snapshot


@pytest.mark.parametrize(
    ("network", "let_in"),
    [
        ({}, "VPC endpoints of the organization"),
        (
            {"RestrictSourceVpcs": [VPC], "AllowSourceIps": ["192.0.2.0/24"]},
            "VPC endpoints of vpc-0123456789abcdef0 and 192.0.2.0/24",
        ),
    ],
    ids=["any VPC", "some VPCs and addresses"],
)
def test_names_whom_a_network_configuration_lets_in(
    patient: Patient, network: dict[str, Any], let_in: str, snapshot: SnapshotAssertion
) -> None:
    patient.seed()
    patient.synthesize(Set=permission_set())
    update(patient, NetworkConfiguration={"VpceAccessRequired": True, **network})
    found = only(patient.look("identity-center"), Status.WARNING)
    assert found.found.endswith(let_in)
    assert sentences(found) == snapshot
    assert f"`{UPDATE} --network-configuration VpceAccessRequired=false --region us-east-1`" in found.next[1]


def test_finds_nothing_in_a_network_configuration_that_lets_everybody_in(patient: Patient) -> None:
    patient.seed()
    patient.synthesize(Set=permission_set())
    update(patient, NetworkConfiguration={"VpceAccessRequired": False})
    [found] = patient.look("identity-center")
    assert found.status is Status.OK


@pytest.mark.parametrize(
    ("details", "said"),
    [
        ({}, f"encrypted with {KEY}, a customer managed key"),
        (
            {"EncryptionStatus": "UPDATE_FAILED", "EncryptionStatusReason": "the key is disabled"},
            f"encrypted with {KEY}, a customer managed key, whose status is UPDATE_FAILED: the key is disabled",
        ),
    ],
    ids=["enabled", "failed"],
)
def test_names_a_customer_managed_key(
    patient: Patient, details: dict[str, str], said: str, snapshot: SnapshotAssertion
) -> None:
    patient.seed()
    patient.synthesize(Set=permission_set())
    key = {"KeyType": "CUSTOMER_MANAGED_KEY", "KmsKeyArn": KEY}
    update(patient, EncryptionConfiguration=key)
    sso_admin.backend_of(MANAGEMENT, "us-east-1").instance(INSTANCE).encryption |= details
    found = only(patient.look("identity-center"), Status.WARNING)
    assert found.found.endswith(said)
    assert sentences(found) == snapshot


def test_finds_nothing_in_a_key_of_awss_own(patient: Patient) -> None:
    patient.seed()
    patient.synthesize(Set=permission_set())
    update(patient, EncryptionConfiguration={"KeyType": "AWS_OWNED_KMS_KEY"})
    [found] = patient.look("identity-center")
    assert found.status is Status.OK


def replicate(patient: Patient, region: str) -> None:
    regions = [
        {"RegionName": "us-east-1", "Status": "ACTIVE", "IsPrimaryRegion": True},
        {"RegionName": region, "Status": "ACTIVE", "IsPrimaryRegion": False},
    ]
    patient.intercept("DescribeInstance", lambda ask, _: {**ask(), "Regions": regions})


def test_names_the_regions_that_an_instance_is_replicated_to(patient: Patient) -> None:
    patient.seed()
    patient.synthesize(Set=permission_set())
    replicate(patient, "eu-west-1")
    [found] = patient.look("identity-center")
    assert found.found == (
        "IAM Identity Center is enabled in us-east-1 and replicated to eu-west-1, as in the assembly"
    )


def test_refuses_a_deploy_where_an_instance_is_replicated_to(patient: Patient) -> None:
    patient.seed()
    patient.synthesize(f"aws://{MANAGEMENT}/eu-west-1", Set=permission_set())
    replicate(patient, "eu-west-1")
    found = only(patient.look("identity-center"), Status.PROBLEM)
    assert found.why.endswith("not in regions that it is replicated to.")
    assert found.paste[0] == f'env=cdk.Environment(account="{MANAGEMENT}", region="us-east-1"),'


def test_names_the_single_region_instance_among_the_consoles_three(
    patient: Patient, aws: LocalAws, snapshot: SnapshotAssertion
) -> None:
    aws.client("organizations").create_organization(FeatureSet="ALL")
    [found] = patient.look("identity-center")
    assert found.next[1].startswith("Choose Single-Region: ")
    assert sentences(found) == snapshot


@pytest.mark.parametrize(("organization", "trusted"), [(False, False), (True, False), (True, True)])
@pytest.mark.parametrize("named", [False, True])
def test_never_advises_to_delete_anything(
    patient: Patient, aws: LocalAws, *, organization: bool, trusted: bool, named: bool
) -> None:
    if organization:
        aws.client("organizations").create_organization(FeatureSet="ALL")
    if trusted:
        aws.client("organizations").enable_aws_service_access(ServicePrincipal="sso.amazonaws.com")
    sso_admin.backend_of(MANAGEMENT, "us-east-1").enable(INSTANCE, STORE, of_organization=False)
    patient.synthesize(Organization=ORGANIZATION, Dev=account(), **(WITH_ACCESS if named else {}))
    assert "delet" not in advice(patient).lower()
