"""What `org-baseline doctor` finds, each finding in a local AWS that was brought into that state."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from botocore.client import BaseClient
from moto.identitystore.responses import IdentityStoreResponse

from cloud_assembly import stack, write_assembly
from doctor_patient import Patient, assert_found, only, permissions_enforced, sentences
from local_aws_stacks import (
    DEV,
    EXISTING,
    GROUP,
    INSTANCE,
    MANAGEMENT,
    PERMISSION_SET,
    ROOT,
    STORE,
    UNIT,
    USER,
    account,
    assignment,
    deploy,
    group,
    membership,
    permission_set,
    policy,
    resource,
    unit,
    user,
)
from org_constructs.doctor import policy_types
from org_constructs.doctor.examination import Assembly
from org_constructs.doctor.finding import Fix, Status
from org_constructs.rehearsal.local_aws import LocalAws
from org_constructs.rehearsal.local_aws.cloudformation import api as cloudformation
from org_constructs.rehearsal.local_aws.services import organizations, service_quotas, sso_admin
from org_constructs.templates.metadata import DISPLAY_NAMES
from refusals import stands_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from syrupy.assertion import SnapshotAssertion

ORGANIZATION_TYPE = "AWS::Organizations::Organization"
SECURITY = {
    "Type": "SECURITY",
    "Name": "Dax Acme",
    "Title": "Head of security",
    "EmailAddress": "security@acme.com",
    "PhoneNumber": "+1 206 555 0100",
    "Accounts": ["management", "dev"],
}
WITH_DEV = {"Accounts": {"dev": {"Output": "AccountIdDev"}}, "Made": {"dev": "Dev"}}


@pytest.fixture
def aws() -> Iterator[LocalAws]:
    with LocalAws(management_account_id=MANAGEMENT, region="us-east-1") as running:
        yield running


@pytest.fixture
def patient(aws: LocalAws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Patient:
    return Patient(aws, tmp_path, monkeypatch)


def apply(fix: Fix) -> bool:
    fix.apply()
    return True


# The assembly


def test_says_what_is_not_compared_without_an_assembly(patient: Patient, snapshot: SnapshotAssertion) -> None:
    results = patient.examine()
    [found] = results["assembly"].findings
    assert_found(found, Status.SKIPPED, "assembly-missing")
    assert found.found.startswith(f"{patient.folder}")
    assert found.next[0].startswith("Run `cdk synth`")
    skipped = {check_id for check_id, result in results.items() if result.status is Status.SKIPPED}
    assert skipped == {
        *("assembly", "account", "trusted-access", "policy-types", "account-quota", "stacks", "organizational-units"),
        *("accounts", "policies", "permission-sets", "users", "groups", "memberships", "assignments", "deployed"),
        *("bootstrap", "alternate-contacts", "account-names", "root-access", "delegated-administrators", "leavers"),
    }
    for check_id in skipped - {"assembly"}:
        [found] = results[check_id].findings
        assert_found(found, Status.SKIPPED, "not-looked-at", "assembly")
    assert sentences(found) == snapshot


@pytest.mark.parametrize(("names", "said"), [(("Dev",), "1 account"), (("Dev", "Other"), "2 accounts")])
def test_counts_the_accounts_of_the_assembly(patient: Patient, names: tuple[str, ...], said: str) -> None:
    resources: dict[str, Any] = {name: account() for name in names}
    patient.synthesize(**resources)
    assert_found(patient.look("assembly")[0], Status.OK, "assembly-read", "OrgBaseline", f"{said} in it")


# Credentials


def test_waits_for_an_answer_twice_ten_seconds(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    configs: list[Any] = []
    call = BaseClient._make_api_call  # type: ignore[attr-defined] # not in the stubs

    def make_api_call(client: BaseClient, name: str, arguments: Any) -> Any:
        configs.append(client.meta.config)
        return call(client, name, arguments)

    monkeypatch.setattr(BaseClient, "_make_api_call", make_api_call)
    patient.look("credentials")
    [config] = configs
    assert (config.connect_timeout, config.read_timeout) == (10, 10)
    assert config.retries["total_max_attempts"] == 2


def test_says_whose_credentials_these_are(patient: Patient, snapshot: SnapshotAssertion) -> None:
    [found] = patient.look("credentials")
    assert_found(found, Status.OK, "credentials", MANAGEMENT, f"arn:aws:sts::{MANAGEMENT}:user/moto")
    assert sentences(found) == snapshot


def test_warns_of_the_root_user(patient: Patient, monkeypatch: pytest.MonkeyPatch, snapshot: SnapshotAssertion) -> None:
    from moto.sts.models import STSBackend  # noqa: PLC0415 (this test's alone)

    root = ("AIDA", f"arn:aws:iam::{MANAGEMENT}:root", MANAGEMENT)
    monkeypatch.setattr(STSBackend, "get_caller_identity", lambda *_: root)
    found = only(patient.look("credentials"), Status.WARNING)
    assert_found(found, Status.WARNING, "credentials-of-root")
    assert sentences(found) == snapshot


def test_finds_no_credentials(patient: Patient, monkeypatch: pytest.MonkeyPatch, snapshot: SnapshotAssertion) -> None:
    for name in (
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_PROFILE",
        "AWS_DEFAULT_PROFILE",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
    results = patient.examine()
    [found] = results["credentials"].findings
    assert_found(found, Status.UNKNOWN, "credentials-missing")
    assert sentences(found) == snapshot
    for check_id in ("organization", "identity-center"):
        assert_found(results[check_id].findings[0], Status.SKIPPED, "not-looked-at", "credentials")


def test_finds_a_profile_that_is_gone(
    patient: Patient, monkeypatch: pytest.MonkeyPatch, snapshot: SnapshotAssertion
) -> None:
    monkeypatch.delenv("AWS_DEFAULT_PROFILE")
    monkeypatch.setenv("AWS_PROFILE", "acme-old")
    [found] = patient.look("credentials")
    assert_found(found, Status.UNKNOWN, "profile-unknown", "acme-old")
    assert sentences(found) == snapshot


def test_finds_an_expired_token(patient: Patient, monkeypatch: pytest.MonkeyPatch, snapshot: SnapshotAssertion) -> None:
    refuse(monkeypatch, "GetCallerIdentity", "ExpiredToken", "The security token included in the request is expired")
    [found] = patient.look("credentials")
    assert_found(found, Status.UNKNOWN, "credentials-expired")
    assert sentences(found) == snapshot


def test_finds_a_session_that_nobody_is_signed_in_to(
    patient: Patient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, snapshot: SnapshotAssertion
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_DEFAULT_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    config = tmp_path / "config"
    config.write_text(
        "[profile acme-dev]\nsso_session = acme\nsso_account_id = 222233334444\nsso_role_name = AdministratorAccess\n"
        "[sso-session acme]\nsso_start_url = https://acme.awsapps.com/start\nsso_region = us-east-1\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    monkeypatch.setenv("AWS_PROFILE", "acme-dev")
    monkeypatch.setenv("HOME", str(tmp_path))
    [found] = patient.look("credentials")
    assert (found.status, found.why) == (Status.UNKNOWN, "AWS refuses every call.")
    assert_found(found, Status.UNKNOWN, "login-expired")
    assert sentences(found) == snapshot
    assert stands_in(found.next[0], "aws sso login", "--profile")


def test_says_what_aws_refuses_with(
    patient: Patient, monkeypatch: pytest.MonkeyPatch, snapshot: SnapshotAssertion
) -> None:
    refuse(monkeypatch, "GetCallerIdentity", "InternalFailure", "We are sorry")
    [found] = patient.look("credentials")
    assert_found(found, Status.UNKNOWN, "aws-refused")
    assert sentences(found) == snapshot


def test_finds_a_key_that_aws_does_not_know(patient: Patient, snapshot: SnapshotAssertion) -> None:
    with permissions_enforced():
        patient._use("AKIAIOSFODNN7EXAMPLE", "wrong", "")
        [found] = patient.look("credentials")
    assert_found(found, Status.UNKNOWN, "credentials-unknown")
    assert sentences(found) == snapshot


def test_finds_aws_out_of_reach(patient: Patient, monkeypatch: pytest.MonkeyPatch, snapshot: SnapshotAssertion) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://localhost:9")
    [found] = patient.look("credentials")
    assert_found(found, Status.UNKNOWN, "aws-unreachable")
    assert sentences(found) == snapshot


def test_finds_that_the_assembly_is_for_another_account(patient: Patient, snapshot: SnapshotAssertion) -> None:
    patient.synthesize("aws://999999999999/us-east-1", Dev=account())
    found = only(patient.look("account"), Status.PROBLEM)
    assert_found(found, Status.PROBLEM, "account-mismatch", "999999999999", MANAGEMENT)
    assert sentences(found) == snapshot
    assert found.paste == (f'env=cdk.Environment(account="{MANAGEMENT}", region="us-east-1"),',)


@pytest.mark.parametrize("environment", [f"aws://{MANAGEMENT}/us-east-1", "aws://unknown-account/unknown-region"])
def test_finds_that_the_assembly_is_for_this_account(patient: Patient, environment: str) -> None:
    patient.synthesize(environment, Dev=account())
    [found] = patient.look("account")
    assert found.status is Status.OK


# The organization


def test_finds_no_organization_that_the_deploy_creates(patient: Patient, snapshot: SnapshotAssertion) -> None:
    patient.synthesize(Organization=resource(ORGANIZATION_TYPE), Dev=account())
    [found] = patient.look("organization")
    assert_found(found, Status.WARNING, "organization-created")
    assert sentences(found) == snapshot


def test_finds_no_organization_although_the_assembly_creates_none(
    patient: Patient, snapshot: SnapshotAssertion
) -> None:
    patient.synthesize(Dev=account(ParentIds=[ROOT]))
    [found] = patient.look("organization")
    assert_found(found, Status.PROBLEM, "organization-none")
    assert sentences(found) == snapshot


ORGANIZATION_LINES = (
    "organization=Organization.from_attributes(",
    '    organization_id="o-acme123456",',
    '    root_id="r-acme",',
    '    management_account_id="111122223333",',
    "),",
)


def test_gives_the_lines_for_an_organization_that_exists(patient: Patient, snapshot: SnapshotAssertion) -> None:
    patient.seed()
    exists, lines = patient.look("organization")
    assert {exists.status, lines.status} == {Status.OK}
    assert_found(exists, Status.OK, "organization-exists", "o-acme123456")
    assert sentences(exists) == snapshot
    assert (lines.next, lines.paste) == (
        ("If no stack of the app has created it, add this to the app",),
        ORGANIZATION_LINES,
    )


def test_finds_that_the_deploy_would_create_a_second_organization(
    patient: Patient, snapshot: SnapshotAssertion
) -> None:
    patient.seed()
    patient.synthesize(Organization=resource(ORGANIZATION_TYPE), Dev=account())
    found = only(patient.look("organization"), Status.PROBLEM)
    assert_found(found, Status.PROBLEM, "organization-twice", "o-acme123456")
    assert sentences(found) == snapshot
    assert found.paste == ORGANIZATION_LINES


def test_finds_the_organization_of_the_stack_in_order(patient: Patient, aws: LocalAws) -> None:
    deploy(aws, Organization=resource(ORGANIZATION_TYPE))
    patient.synthesize(Organization=resource(ORGANIZATION_TYPE), Dev=account())
    [found] = patient.look("organization")
    assert found.status is Status.OK


def test_finds_the_root_of_another_organization(patient: Patient, snapshot: SnapshotAssertion) -> None:
    patient.seed()
    patient.synthesize(Dev=account(ParentIds=["r-other"]))
    found = only(patient.look("organization"), Status.PROBLEM)
    assert found.paste == ORGANIZATION_LINES
    assert_found(found, Status.PROBLEM, "root-mismatch", "r-other", "o-acme123456", "r-acme")
    assert sentences(found) == snapshot


def test_finds_that_this_is_a_member_account(patient: Patient, snapshot: SnapshotAssertion) -> None:
    patient.seed()
    patient.become(DEV)
    results = patient.examine()
    [found] = results["organization"].findings
    assert_found(found, Status.PROBLEM, "organization-member", DEV, "o-acme123456", MANAGEMENT)
    assert sentences(found) == snapshot
    assert_found(results["identity-center"].findings[0], Status.SKIPPED, "not-looked-at", "organization")


def test_finds_consolidated_billing_only(patient: Patient, aws: LocalAws, snapshot: SnapshotAssertion) -> None:
    aws.client("organizations").create_organization(FeatureSet="CONSOLIDATED_BILLING")
    patient.synthesize(Organization=resource(ORGANIZATION_TYPE), Policy=policy(), Dev=account())
    results = patient.examine()
    [found] = results["organization"].findings
    assert_found(found, Status.PROBLEM, "organization-billing-only")
    assert sentences(found) == snapshot
    assert_found(results["policy-types"].findings[0], Status.SKIPPED, "not-looked-at", "organization")


def test_finds_consolidated_billing_only_where_the_app_makes_no_organization(patient: Patient, aws: LocalAws) -> None:
    aws.client("organizations").create_organization(FeatureSet="CONSOLIDATED_BILLING")
    patient.synthesize(Dev=account())
    [found] = patient.look("organization")
    assert_found(found, Status.PROBLEM, "organization-billing-only")


def test_accepts_consolidated_billing_where_the_app_wants_it(patient: Patient, aws: LocalAws) -> None:
    billing = resource(ORGANIZATION_TYPE, FeatureSet="CONSOLIDATED_BILLING")
    deploy(aws, Organization=billing)
    patient.synthesize(Organization=billing, Dev=account())
    [found] = patient.look("organization")
    assert found.status is Status.OK


# IAM Identity Center


CENTER_LINES = (
    "identity_center=IdentityCenter(",
    f'    instance_arn="{INSTANCE}",',
    f'    identity_store_id="{STORE}",',
    "),",
)


def test_finds_identity_center_not_enabled_before_there_is_an_organization(
    patient: Patient, snapshot: SnapshotAssertion
) -> None:
    patient.synthesize(Organization=resource(ORGANIZATION_TYPE), Dev=account())
    [found] = patient.look("identity-center")
    assert_found(found, Status.OK, "identity-center-later")
    assert sentences(found) == snapshot


def test_finds_identity_center_not_enabled_in_an_organization(
    patient: Patient, aws: LocalAws, snapshot: SnapshotAssertion
) -> None:
    aws.client("organizations").create_organization(FeatureSet="ALL")
    [found] = patient.look("identity-center")
    assert_found(found, Status.WARNING, "identity-center-not-enabled")
    assert sentences(found) == snapshot


def test_finds_identity_center_not_enabled_although_the_assembly_uses_it(patient: Patient) -> None:
    patient.synthesize(Organization=resource(ORGANIZATION_TYPE), Set=permission_set())
    results = patient.examine()
    [found] = results["identity-center"].findings
    assert found.status is Status.PROBLEM
    assert found.next[0] == "Leave `identity_center` out of the app and deploy the organization first"
    assert_found(results["permission-sets"].findings[0], Status.SKIPPED, "not-looked-at", "identity-center")


def test_finds_identity_center_in_another_region_than_the_assembly_is_for(
    patient: Patient, aws: LocalAws, snapshot: SnapshotAssertion
) -> None:
    aws.client("organizations").create_organization(FeatureSet="ALL")
    sso_admin.backend_of(MANAGEMENT, "eu-central-1").enable(INSTANCE, STORE)
    patient.synthesize(Set=permission_set(), Organization=resource(ORGANIZATION_TYPE))
    found = only(patient.look("identity-center"), Status.PROBLEM)
    assert_found(found, Status.PROBLEM, "identity-center-region", "eu-central-1", "us-east-1")
    assert sentences(found) == snapshot
    assert found.paste == (f'env=cdk.Environment(account="{MANAGEMENT}", region="eu-central-1"),', *CENTER_LINES)


def test_finds_identity_center_in_another_region_without_an_assembly(
    patient: Patient, aws: LocalAws, snapshot: SnapshotAssertion
) -> None:
    aws.client("organizations").create_organization(FeatureSet="ALL")
    sso_admin.backend_of(MANAGEMENT, "eu-central-1").enable(INSTANCE, STORE)
    [found] = patient.look("identity-center")
    assert_found(found, Status.OK, "identity-center-to-name", "eu-central-1")
    assert sentences(found) == snapshot
    assert found.paste == (f'env=cdk.Environment(account="{MANAGEMENT}", region="eu-central-1"),', *CENTER_LINES)


def test_prefers_the_organization_instance_to_an_account_instance(
    patient: Patient, snapshot: SnapshotAssertion
) -> None:
    sso_admin.backend_of(MANAGEMENT, "eu-west-1").enable(INSTANCE[:-1] + "9", "d-0000000000", of_organization=False)
    patient.seed()
    found, other = patient.look("identity-center")
    assert (found.status, found.paste[1:]) == (Status.OK, CENTER_LINES)
    assert_found(other, Status.OK, "identity-center-other", "eu-west-1")
    assert sentences(other) == snapshot


def test_finds_an_instance_that_is_not_active(patient: Patient, snapshot: SnapshotAssertion) -> None:
    patient.seed()
    sso_admin.backend_of(MANAGEMENT, "us-east-1").instances[0].status = "CREATE_IN_PROGRESS"
    [found] = patient.look("identity-center")
    assert_found(found, Status.PROBLEM, "identity-center-not-active", "us-east-1", "CREATE_IN_PROGRESS")
    assert sentences(found) == snapshot


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"Set": permission_set(InstanceArn="arn:aws:sso:::instance/ssoins-1111222233334444")}, "ssoins-11112222"),
        ({"Set": permission_set(), "Dax": user(IdentityStoreId="d-1111222233")}, "d-1111222233"),
    ],
    ids=["instance", "identity store"],
)
def test_finds_another_instance_in_the_assembly(patient: Patient, wrong: Any, said: str) -> None:
    patient.seed()
    patient.synthesize(Dev=account(), **wrong)
    found = only(patient.look("identity-center"), Status.PROBLEM)
    assert said in found.found
    assert found.paste == CENTER_LINES


def test_finds_identity_center_enabled_that_the_assembly_does_not_use(patient: Patient) -> None:
    patient.seed()
    patient.synthesize(Dev=account())
    [found] = patient.look("identity-center")
    assert (found.status, found.paste) == (Status.WARNING, CENTER_LINES)


def test_finds_identity_center_in_order(patient: Patient, snapshot: SnapshotAssertion) -> None:
    patient.seed()
    patient.synthesize(Set=permission_set(), Team=group())
    [found] = patient.look("identity-center")
    assert_found(found, Status.OK, "identity-center-ready")
    assert sentences(found) == snapshot


def test_says_what_to_click_for_users_that_the_deploy_makes(patient: Patient, snapshot: SnapshotAssertion) -> None:
    patient.seed()
    patient.synthesize(Set=permission_set(), Dax=user())
    found = only(patient.look("identity-center"), Status.WARNING)
    assert_found(found, Status.WARNING, "users-without-invitation")
    assert sentences(found) == snapshot


@pytest.fixture
def users_are_external(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let users have what SCIM gives them, which moto has no place for."""
    list_users = IdentityStoreResponse.list_users

    def list_external_users(response: IdentityStoreResponse) -> str:
        answer = json.loads(list_users(response))
        for each in answer["Users"]:
            each["ExternalIds"] = [{"Issuer": "https://scim.acme.com", "Id": "1"}]
        return json.dumps(answer)

    monkeypatch.setattr(IdentityStoreResponse, "list_users", list_external_users)


@pytest.mark.usefixtures("users_are_external")
def test_finds_users_of_an_identity_provider_beside_users_of_the_assembly(
    patient: Patient, snapshot: SnapshotAssertion
) -> None:
    patient.seed()
    patient.synthesize(Set=permission_set(), Dax=user())
    found = only(patient.look("identity-center"), Status.WARNING)
    assert_found(found, Status.WARNING, "identity-provider-and-users")
    assert sentences(found) == snapshot
    assert found.paste == ('UserProps(user_name="…", user_id="…"),',)


@pytest.mark.usefixtures("users_are_external")
def test_finds_users_of_an_identity_provider(patient: Patient, snapshot: SnapshotAssertion) -> None:
    patient.seed()
    patient.synthesize(Set=permission_set())
    in_order, external = patient.look("identity-center")
    assert {in_order.status, external.status} == {Status.OK}
    assert_found(external, Status.OK, "identity-provider")
    assert sentences(external) == snapshot


# Policy types


def test_finds_each_policy_type_that_is_not_enabled(patient: Patient, snapshot: SnapshotAssertion) -> None:
    patient.seed()
    patient.synthesize(
        Dev=account(),
        Deny=policy(),
        Tags=policy(Name="Tags", Type="TAG_POLICY"),
        Backup=policy(Name="Backup", Type="BACKUP_POLICY"),
    )
    backup, tags, in_order = patient.look("policy-types")
    assert_found(backup, Status.PROBLEM, "policy-type-not-enabled", "r-acme", "BACKUP_POLICY")
    assert_found(tags, Status.PROBLEM, "policy-type-not-enabled", "r-acme", "TAG_POLICY")
    assert tags.next == (
        (
            "`aws organizations enable-policy-type --root-id r-acme --policy-type TAG_POLICY`,"
            " or `org-baseline doctor --fix`"
        ),
    )
    assert_found(in_order, Status.OK, "policy-types-enabled", "SERVICE_CONTROL_POLICY")
    assert sentences(in_order) == snapshot


def test_waits_for_a_policy_type_that_is_being_enabled(
    patient: Patient, aws: LocalAws, snapshot: SnapshotAssertion
) -> None:
    patient.seed()
    aws.client("organizations").enable_policy_type(RootId=ROOT, PolicyType="TAG_POLICY")
    patient.synthesize(Dev=account(), Tags=policy(Type="TAG_POLICY"))
    # The organization's check sees the root once, whereupon the local AWS has it enabled.
    organizations.backend_of(MANAGEMENT).root.policy_types[-1]["Status"] = "PENDING_ENABLE"
    assert "PENDING_ENABLE" in str(aws.client("organizations").list_roots())
    organizations.backend_of(MANAGEMENT).root.policy_types[-1]["Status"] = "PENDING_ENABLE"
    examination = patient.examination()
    [found] = policy_types.CHECK.look(examination)
    assert_found(found, Status.WARNING, "policy-type-pending", "TAG_POLICY")
    assert sentences(found) == snapshot


BASELINE = {"Format": 1, "Company": "acme", "PolicyTypes": ["SERVICE_CONTROL_POLICY", "TAG_POLICY"]}


@pytest.mark.parametrize(
    ("metadata", "next_step", "paste"),
    [
        (
            BASELINE,
            "Add this to the app and deploy, then run `org-baseline doctor --fix`",
            ("enabled_policy_types=[],",),
        ),
        (
            None,
            "Leave the policies out and deploy; add them again, run `org-baseline doctor --fix`, and deploy",
            (),
        ),
    ],
    ids=["a baseline", "single constructs"],
)
def test_finds_that_an_organization_is_to_be_made_together_with_policies(
    patient: Patient,
    metadata: Mapping[str, Any] | None,
    next_step: str,
    paste: tuple[str, ...],
    snapshot: SnapshotAssertion,
) -> None:
    patient.synthesize(
        metadata=metadata,
        Organization=resource(ORGANIZATION_TYPE),
        Dev=account(),
        Deny=policy(),
        Tags=policy(Type="TAG_POLICY"),
    )
    [found] = patient.look("policy-types")
    assert_found(found, Status.PROBLEM, "policies-with-new-organization", "SERVICE_CONTROL_POLICY", "TAG_POLICY")
    assert sentences(found) == snapshot
    assert (found.next, found.paste) == ((next_step,), paste)


def test_accepts_policies_that_wait_for_a_new_organization(patient: Patient, snapshot: SnapshotAssertion) -> None:
    patient.synthesize(metadata=BASELINE, Organization=resource(ORGANIZATION_TYPE), Dev=account())
    [found] = patient.look("policy-types")
    assert (found.status, found.next) == (Status.OK, ("Deploy, then run `org-baseline doctor --fix`",))
    assert_found(found, Status.OK, "policies-later", "SERVICE_CONTROL_POLICY", "TAG_POLICY")
    assert sentences(found) == snapshot


@pytest.mark.parametrize(
    ("made", "waiting"),
    [({"Deny": policy()}, "TAG_POLICY"), ({}, "SERVICE_CONTROL_POLICY, TAG_POLICY")],
    ids=["one type waits", "both wait"],
)
def test_enables_the_types_that_policies_wait_for_and_prints_the_line(
    patient: Patient,
    aws: LocalAws,
    monkeypatch: pytest.MonkeyPatch,
    *,
    made: dict[str, Any],
    waiting: str,
    snapshot: SnapshotAssertion,
) -> None:
    monkeypatch.setattr(time, "sleep", lambda _seconds: None)
    patient.seed()
    patient.synthesize(metadata=BASELINE, Dev=account(), **made)
    lacking, *_ = patient.look("policy-types")
    assert_found(lacking, Status.WARNING, "policy-type-not-enabled", "TAG_POLICY")
    assert sentences(lacking) == snapshot
    in_order, to_paste = patient.look("policy-types", repair=apply)
    assert (in_order.status, to_paste.status) == (Status.OK, Status.WARNING)
    assert_found(to_paste, Status.WARNING, "policies-waiting", waiting)
    assert sentences(to_paste) == snapshot
    assert to_paste.paste == ("enabled_policy_types=[PolicyType.SERVICE_CONTROL_POLICY, PolicyType.TAG_POLICY],",)
    [root] = aws.client("organizations").list_roots()["Roots"]
    assert {each["Type"] for each in root["PolicyTypes"]} == {"SERVICE_CONTROL_POLICY", "TAG_POLICY"}


def test_names_the_service_that_a_policy_type_needs(patient: Patient, aws: LocalAws) -> None:
    patient.seed()
    patient.synthesize(metadata={**BASELINE, "PolicyTypes": ["INSPECTOR_POLICY"]}, Dev=account())
    [found] = patient.look("policy-types", repair=apply)
    assert found.why == "AWS enables it only while inspector2.amazonaws.com has trusted access."
    assert found.paste == ('trusted_access=["inspector2.amazonaws.com"],',)
    aws.client("organizations").enable_aws_service_access(ServicePrincipal="inspector2.amazonaws.com")
    [found] = patient.look("policy-types")
    assert found.fix is not None


def test_enables_a_policy_type_and_waits_until_it_is(
    patient: Patient, aws: LocalAws, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    patient.seed()
    patient.synthesize(Dev=account(), Tags=policy(Type="TAG_POLICY"))
    [found] = patient.look("policy-types", repair=apply)
    assert_found(found, Status.OK, "policy-types-enabled", "TAG_POLICY")
    assert slept == [1.0]
    [root] = aws.client("organizations").list_roots()["Roots"]
    assert {"Type": "TAG_POLICY", "Status": "ENABLED"} in root["PolicyTypes"]


def test_leaves_a_policy_type_that_was_not_wanted(patient: Patient, aws: LocalAws) -> None:
    patient.seed()
    patient.synthesize(Dev=account(), Tags=policy(Type="TAG_POLICY"))
    [found] = patient.look("policy-types", repair=lambda _fix: False)
    assert found.status is Status.PROBLEM
    assert "TAG_POLICY" not in str(aws.client("organizations").list_roots())


def test_says_that_aws_did_not_enable_a_policy_type_in_time(
    patient: Patient, monkeypatch: pytest.MonkeyPatch, snapshot: SnapshotAssertion
) -> None:
    patient.seed()
    patient.synthesize(Dev=account(), Tags=policy(Type="TAG_POLICY"))
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    patient.intercept("EnablePolicyType", lambda _ask, _arguments: {})
    findings = patient.look("policy-types", repair=apply)
    found = only(findings, Status.UNKNOWN)
    assert_found(found, Status.UNKNOWN, "aws-timeout", "TAG_POLICY", "120")
    assert slept == [1.0] * 120
    assert sentences(found) == snapshot


# Trusted access


def test_finds_no_declared_trusted_access(patient: Patient, snapshot: SnapshotAssertion) -> None:
    patient.seed()
    patient.synthesize(Dev=account())
    [found] = patient.look("trusted-access")
    assert_found(found, Status.OK, "trusted-access-undeclared")
    assert sentences(found) == snapshot


def test_finds_each_service_without_trusted_access_and_enables_it(
    patient: Patient, aws: LocalAws, snapshot: SnapshotAssertion
) -> None:
    patient.seed()
    patient.synthesize(metadata={"TrustedAccess": ["cloudtrail.amazonaws.com", "ram.amazonaws.com"]}, Dev=account())
    cloudtrail, _ = patient.look("trusted-access")
    assert_found(cloudtrail, Status.WARNING, "trusted-access-disabled", "cloudtrail.amazonaws.com")
    assert sentences(cloudtrail) == snapshot
    assert "--service-principal cloudtrail.amazonaws.com`" in cloudtrail.next[0]
    [found] = patient.look("trusted-access", repair=apply)
    assert_found(found, Status.OK, "trusted-access-enabled", "cloudtrail.amazonaws.com", "ram.amazonaws.com")
    assert sentences(found) == snapshot
    enabled = aws.client("organizations").list_aws_service_access_for_organization()["EnabledServicePrincipals"]
    assert [each["ServicePrincipal"] for each in enabled] == ["cloudtrail.amazonaws.com", "ram.amazonaws.com"]


def test_leaves_stack_sets_to_cloudformations_own_call(patient: Patient, aws: LocalAws) -> None:
    patient.seed()
    patient.synthesize(metadata={"TrustedAccess": ["member.org.stacksets.cloudformation.amazonaws.com"]}, Dev=account())
    [found] = patient.look("trusted-access", repair=apply)
    assert found.next == ("`aws cloudformation activate-organizations-access`",)
    assert not aws.client("organizations").list_aws_service_access_for_organization()["EnabledServicePrincipals"]


def test_leaves_trusted_access_for_after_the_organization(patient: Patient, snapshot: SnapshotAssertion) -> None:
    patient.synthesize(
        metadata={"TrustedAccess": ["ram.amazonaws.com"]}, Organization=resource(ORGANIZATION_TYPE), Dev=account()
    )
    [found] = patient.look("trusted-access", repair=apply)
    assert_found(found, Status.WARNING, "trusted-access-later", "ram.amazonaws.com")
    assert sentences(found) == snapshot


def test_says_that_a_fix_is_not_allowed(patient: Patient, snapshot: SnapshotAssertion) -> None:
    patient.seed()
    patient.become_user_who_may_not("organizations:EnableAWSServiceAccess")
    patient.synthesize(metadata={"TrustedAccess": ["ram.amazonaws.com"]}, Dev=account())
    with permissions_enforced():
        findings = patient.look("trusted-access", repair=apply)
    found = only(findings, Status.UNKNOWN)
    assert_found(found, Status.UNKNOWN, "permission-missing", "organizations:EnableAWSServiceAccess")
    assert sentences(found) == snapshot


# Root access


def test_finds_no_declared_root_access(patient: Patient) -> None:
    patient.seed()
    patient.synthesize(Dev=account())
    [found] = patient.look("root-access")
    assert_found(found, Status.OK, "root-access-undeclared")


def test_finds_each_feature_of_root_access_and_enables_it(
    patient: Patient, aws: LocalAws, snapshot: SnapshotAssertion
) -> None:
    patient.seed()
    aws.client("organizations").enable_aws_service_access(ServicePrincipal="iam.amazonaws.com")
    patient.synthesize(metadata={"RootAccess": True}, Dev=account())
    credentials, sessions = patient.look("root-access")
    assert_found(credentials, Status.WARNING, "root-access-disabled", "RootCredentialsManagement")
    assert "`aws iam enable-organizations-root-credentials-management`" in credentials.next[0]
    assert_found(sessions, Status.WARNING, "root-access-disabled", "RootSessions")
    assert "`aws iam enable-organizations-root-sessions`" in sessions.next[0]
    assert sentences(credentials) == snapshot
    [found] = patient.look("root-access", repair=apply)
    assert_found(found, Status.OK, "root-access-enabled")
    enabled = aws.client("iam").list_organizations_features()["EnabledFeatures"]
    assert enabled == ["RootCredentialsManagement", "RootSessions"]


def test_root_access_waits_for_trusted_access(patient: Patient) -> None:
    patient.seed()
    patient.synthesize(metadata={"RootAccess": True, "TrustedAccess": ["iam.amazonaws.com"]}, Dev=account())
    [found] = patient.look("root-access", repair=apply)
    assert_found(found, Status.WARNING, "root-access-needs-service")
    assert found.why.startswith("iam.amazonaws.com ")


def test_leaves_root_access_for_after_the_organization(patient: Patient) -> None:
    patient.synthesize(metadata={"RootAccess": True}, Organization=resource(ORGANIZATION_TYPE), Dev=account())
    [found] = patient.look("root-access", repair=apply)
    assert_found(found, Status.WARNING, "root-access-later")


def test_says_that_root_access_may_not_be_seen(patient: Patient) -> None:
    patient.seed()
    patient.become_user_who_may_not("iam:ListOrganizationsFeatures")
    patient.synthesize(metadata={"RootAccess": True}, Dev=account())
    with permissions_enforced():
        [found] = patient.look("root-access", repair=apply)
    assert_found(found, Status.UNKNOWN, "permission-missing", "iam:ListOrganizationsFeatures")


# Delegated administrators

GUARD_DUTY = "guardduty.amazonaws.com"
AUDIT = "333344445555"


def existing_dev() -> Any:
    return account(AccountName="existing-1", Email="existing-1@example.com")


def delegating(**delegated: list[str]) -> dict[str, Any]:
    services = {f"{name}.amazonaws.com": keys for name, keys in delegated.items()}
    return {**WITH_DEV, "DelegatedAdministrators": services}


def trust(aws: LocalAws, *services: str) -> None:
    for each in services:
        aws.client("organizations").enable_aws_service_access(ServicePrincipal=each)


def test_finds_no_declared_delegated_administrators(patient: Patient) -> None:
    patient.seed()
    patient.synthesize(Dev=account())
    [found] = patient.look("delegated-administrators")
    assert_found(found, Status.OK, "delegation-undeclared")


def test_finds_each_account_that_is_to_administer_a_service_and_registers_it(
    patient: Patient, aws: LocalAws, snapshot: SnapshotAssertion
) -> None:
    patient.seed()
    trust(aws, GUARD_DUTY, "sso.amazonaws.com", "cloudtrail.amazonaws.com")
    patient.synthesize(metadata=delegating(guardduty=["dev"], sso=["dev"], cloudtrail=["dev"]), Dev=existing_dev())
    of_guard_duty, of_identity_center, of_cloud_trail = patient.look("delegated-administrators")
    assert_found(of_guard_duty, Status.WARNING, "delegation-unregistered", "dev", GUARD_DUTY)
    own = f"`aws guardduty enable-organization-admin-account --admin-account-id {DEV}`"
    assert own in of_guard_duty.next[1]
    assert of_guard_duty.fix is not None
    assert own in of_guard_duty.fix.done
    assert "each region" in of_guard_duty.next[1]
    assert "each region" not in of_cloud_trail.next[1]
    [register] = of_identity_center.next
    assert (
        f"`aws organizations register-delegated-administrator --account-id {DEV} --service-principal sso." in register
    )
    assert sentences(of_guard_duty) == snapshot
    [found] = patient.look("delegated-administrators", repair=apply)
    assert_found(found, Status.OK, "delegation-registered", "dev", GUARD_DUTY, "dev", "sso.amazonaws.com")
    assert sentences(found) == snapshot
    services = aws.client("organizations").list_delegated_services_for_account(AccountId=DEV)["DelegatedServices"]
    assert len(services) == 3


def test_delegation_waits_for_trusted_access(patient: Patient, snapshot: SnapshotAssertion) -> None:
    patient.seed()
    patient.synthesize(metadata=delegating(guardduty=["dev"]), Dev=existing_dev())
    [found] = patient.look("delegated-administrators", repair=apply)
    assert_found(found, Status.WARNING, "delegation-needs-service", "dev", GUARD_DUTY)
    assert sentences(found) == snapshot


def test_leaves_delegation_for_after_the_organization_and_the_account(
    patient: Patient, aws: LocalAws, snapshot: SnapshotAssertion
) -> None:
    metadata = delegating(guardduty=["dev"])
    patient.synthesize(metadata=metadata, Organization=resource(ORGANIZATION_TYPE), Dev=account())
    [found] = patient.look("delegated-administrators", repair=apply)
    assert_found(found, Status.WARNING, "delegation-later", GUARD_DUTY)
    assert sentences(found) == snapshot
    patient.seed()
    trust(aws, GUARD_DUTY)
    patient.synthesize(metadata=metadata, Dev=account())
    [found] = patient.look("delegated-administrators", repair=apply)
    assert_found(found, Status.WARNING, "delegation-account-later", "dev", GUARD_DUTY)
    assert sentences(found) == snapshot


def test_takes_no_service_away_from_who_administers_it(
    patient: Patient, aws: LocalAws, snapshot: SnapshotAssertion
) -> None:
    patient.seed()
    trust(aws, GUARD_DUTY)
    organizations = aws.client("organizations")
    made = organizations.create_account(AccountName="audit", Email="aws+audit@acme.com")["CreateAccountStatus"]
    organizations.register_delegated_administrator(AccountId=made["AccountId"], ServicePrincipal=GUARD_DUTY)
    patient.synthesize(metadata=delegating(guardduty=["dev"]), Dev=existing_dev())
    [found] = patient.look("delegated-administrators", repair=apply)
    assert_found(found, Status.WARNING, "delegation-taken", "dev", GUARD_DUTY, made["AccountId"])
    assert f"deregister-delegated-administrator --account-id {made['AccountId']} " in found.next[0]
    [left] = organizations.list_delegated_administrators(ServicePrincipal=GUARD_DUTY)["DelegatedAdministrators"]
    assert left["Id"] == made["AccountId"]
    assert {
        code: [each.replace(made["AccountId"], AUDIT) for each in said] for code, said in sentences(found).items()
    } == snapshot


def test_says_that_delegated_administrators_may_not_be_seen(patient: Patient, aws: LocalAws) -> None:
    patient.seed()
    trust(aws, GUARD_DUTY)
    patient.become_user_who_may_not("organizations:ListDelegatedAdministrators")
    patient.synthesize(metadata=delegating(guardduty=["dev"]), Dev=existing_dev())
    with permissions_enforced():
        [found] = patient.look("delegated-administrators", repair=apply)
    assert_found(found, Status.UNKNOWN, "permission-missing", "organizations:ListDelegatedAdministrators")


def test_somebody_who_was_faster_has_done_it(patient: Patient, aws: LocalAws) -> None:
    patient.seed()
    trust(aws, GUARD_DUTY)
    patient.synthesize(metadata=delegating(guardduty=["dev"]), Dev=existing_dev())

    def slowly(fix: Fix) -> bool:
        aws.client("organizations").register_delegated_administrator(AccountId=DEV, ServicePrincipal=GUARD_DUTY)
        return apply(fix)

    [found] = patient.look("delegated-administrators", repair=slowly)
    assert_found(found, Status.OK, "delegation-registered", "dev", GUARD_DUTY)


# Alternate contacts


def test_sets_contacts_of_the_management_account_and_of_members(
    patient: Patient, aws: LocalAws, snapshot: SnapshotAssertion
) -> None:
    patient.seed()
    aws.client("organizations").enable_aws_service_access(ServicePrincipal="account.amazonaws.com")
    patient.synthesize(metadata={**WITH_DEV, "AlternateContacts": [SECURITY]}, Dev=existing_dev())
    management, dev = patient.look("alternate-contacts")
    assert_found(management, Status.WARNING, "alternate-contact-different", "management", "SECURITY")
    assert_found(dev, Status.WARNING, "alternate-contact-different", "dev", "SECURITY")
    [found] = patient.look("alternate-contacts", repair=apply)
    assert_found(found, Status.OK, "alternate-contacts-set", "2")
    assert sentences(found) == snapshot
    for of in ({}, {"AccountId": DEV}):
        now = aws.client("account").get_alternate_contact(AlternateContactType="SECURITY", **of)["AlternateContact"]
        assert now["Name"] == "Dax Acme"


def test_shows_a_contact_that_it_would_replace(patient: Patient, aws: LocalAws, snapshot: SnapshotAssertion) -> None:
    patient.seed()
    before = {**{key: SECURITY[key] for key in ("Title", "PhoneNumber", "EmailAddress")}, "Name": "Kim"}
    aws.client("account").put_alternate_contact(AlternateContactType="SECURITY", **before)
    patient.synthesize(
        metadata={**WITH_DEV, "AlternateContacts": [{**SECURITY, "Accounts": ["management"]}]}, Dev=existing_dev()
    )
    [found] = patient.look("alternate-contacts")
    assert_found(found, Status.WARNING, "alternate-contact-different", "SECURITY", "'Kim'", "'Dax Acme'")
    assert sentences(found) == snapshot
    assert found.fix is not None
    assert found.fix.question.endswith("in place of Kim <security@acme.com>?")


def test_leaves_contacts_of_members_without_trusted_access(patient: Patient, snapshot: SnapshotAssertion) -> None:
    patient.seed()
    patient.synthesize(metadata={**WITH_DEV, "AlternateContacts": [SECURITY]}, Dev=existing_dev())
    members, management = patient.look("alternate-contacts")
    assert_found(members, Status.WARNING, "alternate-contacts-unreadable")
    assert sentences(members) == snapshot
    assert members.fix is None
    assert_found(management, Status.WARNING, "alternate-contact-different", "SECURITY")


def test_leaves_contacts_of_accounts_for_after_the_deploy(patient: Patient, snapshot: SnapshotAssertion) -> None:
    patient.seed()
    patient.synthesize(metadata={**WITH_DEV, "AlternateContacts": [SECURITY]}, Dev=account())
    later, _ = patient.look("alternate-contacts")
    assert_found(later, Status.WARNING, "alternate-contacts-later", "dev")
    assert sentences(later) == snapshot


# The quota of accounts


def test_finds_the_quota_of_accounts_too_low(patient: Patient, snapshot: SnapshotAssertion) -> None:
    patient.seed()
    service_quotas.backend_of(MANAGEMENT).organizations[0]["Value"] = 3.0
    patient.synthesize(Dev=account(), Production=account(AccountName="acme-production", Email="aws+p@acme.com"))
    [found] = patient.look("account-quota")
    assert_found(found, Status.PROBLEM, "account-quota-exceeded", "2", "2", "3")
    assert sentences(found) == snapshot
    assert "--quota-code L-E619E033 --desired-value 4 --region us-east-1" in found.next[0]


def test_finds_the_quota_of_accounts_high_enough(patient: Patient, snapshot: SnapshotAssertion) -> None:
    patient.seed()
    service_quotas.backend_of(MANAGEMENT).organizations[0]["Value"] = 3.0
    patient.synthesize(Dev=account())
    [found] = patient.look("account-quota")
    assert_found(found, Status.OK, "account-quota-enough", "2", "1", "3")
    assert sentences(found) == snapshot


def test_finds_the_quota_of_accounts_under_another_code(patient: Patient) -> None:
    patient.seed()
    service_quotas.backend_of(MANAGEMENT).organizations[0] |= {"QuotaCode": "L-00000000", "Value": 2.0}
    patient.synthesize(Dev=account())
    [found] = patient.look("account-quota")
    assert found.status is Status.PROBLEM
    assert "--quota-code L-00000000" in found.next[0]


def test_warns_where_the_quota_of_accounts_is_not_known(patient: Patient) -> None:
    patient.seed()
    service_quotas.backend_of(MANAGEMENT).organizations.clear()
    patient.synthesize(Dev=account())
    [found] = patient.look("account-quota")
    assert found.status is Status.WARNING
    assert "ACCOUNT_LIMIT_EXCEEDED" in found.next[0]


def test_needs_no_quota_where_every_account_exists(patient: Patient, snapshot: SnapshotAssertion) -> None:
    patient.seed()
    patient.synthesize(Dev=existing_dev())
    [found] = patient.look("account-quota")
    assert_found(found, Status.OK, "account-quota-unaffected")
    assert sentences(found) == snapshot


# The stacks


def test_looks_for_a_stack_of_any_region_where_the_credentials_are_for(patient: Patient, aws: LocalAws) -> None:
    deploy(aws, Team=resource("AWS::CDK::Metadata"))
    patient.synthesize("aws://unknown-account/unknown-region", Dev=account())
    [found] = patient.look("stacks")
    assert_found(found, Status.OK, "stack-ready", "OrgBaseline", "us-east-1", "1")


def test_finds_a_stack_that_is_not_deployed(patient: Patient, snapshot: SnapshotAssertion) -> None:
    patient.synthesize(Dev=account())
    [found] = patient.look("stacks")
    assert_found(found, Status.OK, "stack-not-deployed", "OrgBaseline", "us-east-1")
    assert sentences(found) == snapshot


@pytest.mark.parametrize(
    ("status", "meaning", "step"),
    [
        ("UPDATE_COMPLETE", Status.OK, ""),
        ("UPDATE_ROLLBACK_COMPLETE", Status.OK, ""),
        ("REVIEW_IN_PROGRESS", Status.OK, ""),
        ("ROLLBACK_COMPLETE", Status.WARNING, "`org-baseline adopt --stack OrgBaseline` finds what is there"),
        ("UPDATE_IN_PROGRESS", Status.PROBLEM, "Wait until it has ended"),
        ("UPDATE_ROLLBACK_FAILED", Status.PROBLEM, "undo the change in the app"),
        ("CREATE_FAILED", Status.WARNING, "`cdk deploy OrgBaseline --exclusively --no-rollback` continu"),
        ("UPDATE_FAILED", Status.WARNING, "`cdk deploy OrgBaseline --exclusively --no-rollback` continu"),
        ("ROLLBACK_FAILED", Status.PROBLEM, "undo by hand what prevents the d"),
        ("DELETE_FAILED", Status.PROBLEM, "undo by hand what prevents the d"),
        (
            "IMPORT_ROLLBACK_FAILED",
            Status.PROBLEM,
            "See why: https://us-east-1.console.aws.amazon.com/cloudformation",
        ),
    ],
)
def test_finds_in_which_state_a_stack_is(
    patient: Patient, aws: LocalAws, status: str, meaning: Status, step: str
) -> None:
    patient.seed()
    deploy(aws, Dev=account())
    cloudformation.backend_of(MANAGEMENT, "us-east-1").all_stacks[0].status = status
    patient.synthesize(Dev=account())
    [found] = patient.look("stacks")
    assert found.status is meaning
    assert status in found.found
    assert [each[: len(step)] for each in found.next[:1]] == ([step] if step else [])


def test_sends_to_adopt_where_going_on_would_make_what_exists(patient: Patient, aws: LocalAws) -> None:
    patient.seed()
    deploy(aws, Team=group())
    cloudformation.backend_of(MANAGEMENT, "us-east-1").all_stacks[0].status = "CREATE_FAILED"
    patient.synthesize(Team=group(), Dev=existing_dev())
    [found] = patient.look("stacks")
    assert [each.partition(" prints")[0] for each in found.next] == ["`org-baseline adopt --stack OrgBaseline`"]


# Every resource against what exists

SIMPLE = {
    "organizational-units": (unit(Name="existing-1"), unit(), "existing-1"),
    "accounts": (existing_dev(), account(), "existing-1 <existing-1@example.com>"),
    "policies": (policy(Name="existing-1"), policy(), "existing-1 (SERVICE_CONTROL_POLICY)"),
    "permission-sets": (permission_set(Name="Existing1"), permission_set(), "Existing1"),
    "users": (
        user(UserName="existing-1@example.com", Emails=[{"Value": "existing-1@example.com", "Primary": True}]),
        user(),
        "existing-1@example.com",
    ),
    "groups": (group(DisplayName="existing-1"), group(), "existing-1"),
}
"""Of each check, a resource that exists and one that does not."""


@pytest.mark.parametrize("check_id", SIMPLE)
def test_finds_what_exists_and_is_not_in_the_stack(
    patient: Patient, check_id: str, snapshot: SnapshotAssertion
) -> None:
    there, _, name = SIMPLE[check_id]
    patient.aws.seed(replace(EXISTING, policy_ids=("p-12345678",)))
    patient.synthesize(There=there, Set=permission_set(), Team=group(), Dev=account())
    found = only(patient.look(check_id), Status.PROBLEM)
    assert_found(found, Status.PROBLEM, "resources-exist", "1", name)
    assert sentences(found) == snapshot


@pytest.mark.parametrize("check_id", SIMPLE)
def test_finds_what_is_to_be_created(patient: Patient, check_id: str) -> None:
    _, new, _ = SIMPLE[check_id]
    patient.seed()
    patient.synthesize(New=new, Set=permission_set(Name="Other"), Dev=account(AccountName="o", Email="o@acme.com"))
    findings = patient.look(check_id)
    assert {finding.status for finding in findings} == {Status.OK}
    assert findings[0].code == "resources-created"


@pytest.mark.parametrize("check_id", SIMPLE)
def test_finds_what_is_in_the_stack(patient: Patient, aws: LocalAws, check_id: str) -> None:
    _, new, _ = SIMPLE[check_id]
    patient.seed()
    deploy(aws, New=new)
    patient.synthesize(New=new, Set=permission_set(Name="Other"), Dev=account(AccountName="o", Email="o@acme.com"))
    assert "resources-deployed" in [finding.code for finding in patient.look(check_id)]


def test_gives_the_lines_for_what_exists(patient: Patient) -> None:
    patient.seed()
    patient.synthesize(**{f"There{number}": there for number, (there, _, _) in enumerate(SIMPLE.values())})
    results = patient.examine()
    lines = [line for check_id in SIMPLE for finding in results[check_id].findings for line in finding.paste]
    assert lines == [
        f'OrganizationalUnitProps(name="existing-1", organizational_unit_id="{UNIT}"),',
        f'AccountProps(key="…", account_id="{DEV}"),  # existing-1 <existing-1@example.com>',
        f'PermissionSetProps(name="Existing1", permission_set_arn="{PERMISSION_SET}"),',
        f'UserProps(user_name="existing-1@example.com", user_id="{USER}"),',
        f'GroupProps(name="existing-1", group_id="{GROUP}"),',
    ]


@pytest.mark.parametrize(
    ("check_id", "there"),
    [("memberships", membership()), ("assignments", assignment())],
    ids=["membership", "assignment"],
)
def test_finds_what_joins_people_and_accounts_already(
    patient: Patient, aws: LocalAws, check_id: str, there: dict[str, Any]
) -> None:
    patient.seed()
    deploy(aws, "ByHand", There=there)
    patient.synthesize(There=there, Set=permission_set(), Dev=account())
    found = only(patient.look(check_id), Status.PROBLEM)
    assert_found(found, Status.PROBLEM, "resources-exist", "1")


def test_lists_no_more_than_ten_names(patient: Patient, snapshot: SnapshotAssertion) -> None:
    patient.seed()
    units: Any = {f"Unit{number}": unit(Name=f"unit-{number}") for number in range(12)}
    patient.synthesize(Dev=account(), **units)
    [found] = patient.look("organizational-units")
    assert_found(found, Status.OK, "resources-created", "unit-9", "2")
    assert sentences(found) == snapshot


def test_finds_a_closed_account_that_holds_a_wanted_e_mail(
    patient: Patient, aws: LocalAws, snapshot: SnapshotAssertion
) -> None:
    patient.seed()
    aws.client("organizations").close_account(AccountId=DEV)
    patient.synthesize(Dev=existing_dev())
    found = only(patient.look("accounts"), Status.PROBLEM)
    assert_found(found, Status.PROBLEM, "account-closed", "'CLOSED'", "'ACTIVE'")
    assert sentences(found) == snapshot


def test_finds_an_account_name_that_cannot_change(patient: Patient, snapshot: SnapshotAssertion) -> None:
    patient.seed()
    patient.synthesize(Dev=account(Email="existing-1@example.com"))
    found = only(patient.look("accounts"), Status.PROBLEM)
    assert_found(found, Status.PROBLEM, "account-name-fixed", "'existing-1'", "'acme-dev'")
    assert sentences(found) == snapshot


def test_finds_two_users_that_could_be_meant(patient: Patient, snapshot: SnapshotAssertion) -> None:
    patient.aws.seed(replace(EXISTING, user_ids=(USER, USER[:-1] + "9")))
    both = user(UserName="existing-1@example.com", Emails=[{"Value": "existing-2@example.com", "Primary": True}])
    patient.synthesize(Dax=both, Set=permission_set())
    found = only(patient.look("users"), Status.PROBLEM)
    assert_found(found, Status.PROBLEM, "ambiguous", "existing-1@example.com")
    assert sentences(found) == snapshot


def test_finds_that_a_resource_refers_to_nothing(patient: Patient, snapshot: SnapshotAssertion) -> None:
    patient.seed()
    patient.synthesize(Dev=account(), Unit=unit(ParentId="ou-acme-87654321"))
    found = only(patient.look("organizational-units"), Status.PROBLEM)
    assert_found(found, Status.PROBLEM, "unit-missing", "ou-acme-87654321")
    assert sentences(found) == snapshot
    assert len(found.next) == 1
    assert found.next[0] not in found.found


# Accounts that move


def test_finds_an_account_under_another_parent(patient: Patient, aws: LocalAws, snapshot: SnapshotAssertion) -> None:
    patient.seed()
    aws.client("organizations").move_account(AccountId=DEV, SourceParentId=ROOT, DestinationParentId=UNIT)
    patient.synthesize(Dev=existing_dev())
    found = only(patient.look("accounts"), Status.WARNING)
    assert_found(found, Status.WARNING, "account-moves-after-import", UNIT, ROOT)
    assert sentences(found) == snapshot


def test_finds_an_account_that_the_deploy_moves(patient: Patient, aws: LocalAws, snapshot: SnapshotAssertion) -> None:
    patient.seed()
    deploy(aws, Dev=account())
    patient.synthesize(Dev=account(ParentIds=[UNIT]))
    moves, _ = patient.look("deployed")
    assert_found(moves, Status.OK, "account-moves", "acme-dev <aws+dev@acme.com>", ROOT, UNIT)
    assert sentences(moves) == snapshot


def move_by_hand(aws: LocalAws, destination: str) -> str:
    client = aws.client("organizations")
    made = next(each["Id"] for each in client.list_accounts()["Accounts"] if each["Name"] == "acme-dev")
    client.move_account(AccountId=made, SourceParentId=ROOT, DestinationParentId=destination)
    return str(made)


def test_finds_a_move_that_a_move_by_hand_blocks(patient: Patient, aws: LocalAws, snapshot: SnapshotAssertion) -> None:
    patient.seed()
    other = aws.client("organizations").create_organizational_unit(ParentId=ROOT, Name="Other")
    other_id = other["OrganizationalUnit"]["Id"]
    deploy(aws, Dev=account())
    made = move_by_hand(aws, other_id)
    patient.synthesize(Dev=account(ParentIds=[UNIT]))
    found = only(patient.look("deployed"), Status.PROBLEM)
    assert_found(found, Status.PROBLEM, "account-moved-by-hand", other_id, ROOT, UNIT)
    assert sentences(found) == snapshot
    assert found.next == (
        (
            f"`aws organizations move-account --account-id {made} --source-parent-id {other_id}"
            f" --destination-parent-id {ROOT}`, then deploy"
        ),
    )
    said = deploy(aws, Dev=account(ParentIds=[UNIT]))[1]
    assert f"We can't find {ROOT} as the parent of account {made}." in said


@pytest.mark.parametrize(
    ("destination", "end"), [(UNIT, f"is rolled back, which moves it to {ROOT}"), ("", "cannot be rolled back")]
)
def test_says_how_a_move_ends_that_a_move_by_hand_blocks(
    patient: Patient, aws: LocalAws, destination: str, end: str
) -> None:
    patient.seed()
    other = aws.client("organizations").create_organizational_unit(ParentId=ROOT, Name="Other")
    deploy(aws, Dev=account())
    move_by_hand(aws, destination or other["OrganizationalUnit"]["Id"])
    patient.synthesize(Dev=account(ParentIds=[UNIT]))
    assert f"the deploy fails and {end}." in only(patient.look("deployed"), Status.PROBLEM).why


def test_finds_a_move_by_hand_that_the_deploy_does_not_notice(
    patient: Patient, aws: LocalAws, snapshot: SnapshotAssertion
) -> None:
    patient.seed()
    deploy(aws, Dev=account())
    move_by_hand(aws, UNIT)
    patient.synthesize(Dev=account())
    found = only(patient.look("deployed"), Status.WARNING)
    assert_found(found, Status.WARNING, "account-moved-by-hand", UNIT, ROOT)
    assert sentences(found) == snapshot


# The bootstrap

BOOTSTRAP = {
    "properties": {
        "requiresBootstrapStackVersion": 6,
        "bootstrapStackVersionSsmParameter": "/cdk-bootstrap/hnb659fds/version",
        "assumeRoleArn": f"arn:${{AWS::Partition}}:iam::{MANAGEMENT}:role/cdk-hnb659fds-deploy-role",
    }
}


def test_finds_that_no_stack_needs_the_bootstrap(patient: Patient, snapshot: SnapshotAssertion) -> None:
    patient.synthesize(Dev=account())
    [found] = patient.look("bootstrap")
    assert_found(found, Status.OK, "bootstrap-not-needed")
    assert sentences(found) == snapshot


def test_finds_no_bootstrap(patient: Patient, snapshot: SnapshotAssertion) -> None:
    patient.synthesize(artifact=BOOTSTRAP, Dev=account())
    [found] = patient.look("bootstrap")
    assert_found(found, Status.PROBLEM, "bootstrap-missing", MANAGEMENT, "us-east-1")
    assert sentences(found) == snapshot
    assert found.next == (f"`cdk bootstrap aws://{MANAGEMENT}/us-east-1`",)


def test_finds_no_bootstrap_of_the_qualifier(patient: Patient) -> None:
    parameter = {"bootstrapStackVersionSsmParameter": "/cdk-bootstrap/acme/version"}
    patient.synthesize(artifact={"properties": {**BOOTSTRAP["properties"], **parameter}}, Dev=account())
    [found] = patient.look("bootstrap")
    assert found.next == (f"`cdk bootstrap aws://{MANAGEMENT}/us-east-1 --qualifier acme`",)


def bootstrap(aws: LocalAws, version: str) -> None:
    aws.client("ssm").put_parameter(Name="/cdk-bootstrap/hnb659fds/version", Value=version, Type="String")


def test_finds_a_bootstrap_that_is_too_old(patient: Patient, aws: LocalAws, snapshot: SnapshotAssertion) -> None:
    bootstrap(aws, "5")
    patient.synthesize(artifact=BOOTSTRAP, Dev=account())
    [found] = patient.look("bootstrap")
    assert_found(found, Status.PROBLEM, "bootstrap-outdated", MANAGEMENT, "us-east-1", "5", "6")
    assert sentences(found) == snapshot


def test_finds_a_bootstrap_that_these_credentials_may_use(
    patient: Patient, aws: LocalAws, snapshot: SnapshotAssertion
) -> None:
    bootstrap(aws, "30")
    patient.synthesize(artifact=BOOTSTRAP, Dev=account())
    version, role = patient.look("bootstrap")
    assert_found(version, Status.OK, "bootstrap-ready", MANAGEMENT, "us-east-1", "30")
    assert sentences(version) == snapshot
    assert_found(role, Status.OK, "bootstrap-role-allowed", "cdk-hnb659fds-deploy-role")
    assert sentences(role) == snapshot


def test_finds_a_bootstrap_that_these_credentials_may_not_use(
    patient: Patient, aws: LocalAws, snapshot: SnapshotAssertion
) -> None:
    bootstrap(aws, "6")
    patient.become_user_who_may_not("sts:AssumeRole")
    patient.synthesize(artifact=BOOTSTRAP, Dev=account())
    with permissions_enforced():
        found = only(patient.look("bootstrap"), Status.WARNING)
    assert_found(
        found, Status.WARNING, "bootstrap-role-denied", f"arn:aws:iam::{MANAGEMENT}:role/cdk-hnb659fds-deploy-role"
    )
    assert sentences(found) == snapshot


@pytest.mark.parametrize(
    ("arn", "roles"),
    [
        (None, []),
        (
            "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/deploy-${AWS::AccountId}-${AWS::Region}",
            [f"These credentials may assume deploy-{MANAGEMENT}-us-east-1"],
        ),
    ],
    ids=["none", "placeholders"],
)
def test_asks_for_the_role_that_the_stack_is_deployed_with(
    patient: Patient, aws: LocalAws, arn: str | None, roles: list[str]
) -> None:
    bootstrap(aws, "30")
    patient.synthesize(artifact={"properties": {**BOOTSTRAP["properties"], "assumeRoleArn": arn}}, Dev=account())
    version, *others = patient.look("bootstrap")
    assert_found(version, Status.OK, "bootstrap-ready", MANAGEMENT, "us-east-1", "30")
    assert [each.found for each in others] == roles


# A permission that is missing

DENIED = {
    "organization": "organizations:DescribeOrganization",
    "identity-center": "sso:ListInstances",
    "trusted-access": "organizations:ListAWSServiceAccessForOrganization",
    "policy-types": "organizations:ListRoots",
    "account-quota": "servicequotas:GetServiceQuota",
    "stacks": "cloudformation:DescribeStacks",
    "bootstrap": "ssm:GetParameter",
    "alternate-contacts": "account:GetAlternateContact",
    "account-names": "account:GetAccountInformation",
    "permission-sets": "sso:ListPermissionSets",
    "users": "identitystore:ListUsers",
    "groups": "identitystore:ListGroups",
}


@pytest.mark.parametrize(("check_id", "action"), DENIED.items(), ids=DENIED.keys())
def test_names_the_permission_that_a_check_lacks_and_runs_the_others(
    patient: Patient, check_id: str, action: str
) -> None:
    patient.seed()
    patient.become_user_who_may_not(action)
    metadata = {
        **WITH_DEV,
        "TrustedAccess": ["ram.amazonaws.com"],
        "AlternateContacts": [{**SECURITY, "Accounts": ["management"]}],
    }
    names = {"/OrgBaseline": [{"type": DISPLAY_NAMES, "data": {"management": "Acme"}}]}
    patient.synthesize(
        metadata=metadata,
        artifact={**BOOTSTRAP, "metadata": names},
        Dev=account(),
        Tags=policy(Type="TAG_POLICY"),
        Set=permission_set(),
        Team=group(),
        Dax=user(),
    )
    with permissions_enforced():
        results = patient.examine()
    found = only(results[check_id].findings, Status.UNKNOWN)
    assert_found(found, Status.UNKNOWN, "permission-missing", action)
    assert found.next[0].startswith(f"Allow {action} for them")
    looked = [result for result in results.values() if result.status not in {Status.SKIPPED, Status.UNKNOWN}]
    assert len(looked) >= 5


def test_names_the_operation_where_aws_does_not_name_the_action(
    patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse(
        monkeypatch,
        "GetServiceQuota",
        "AccessDeniedException",
        "You don't have permissions to access this resource.",
    )
    patient.seed()
    patient.synthesize(Dev=account())
    [found] = patient.look("account-quota")
    assert_found(found, Status.UNKNOWN, "permission-missing", "servicequotas:GetServiceQuota")


def refuse(monkeypatch: pytest.MonkeyPatch, operation: str, code: str, message: str) -> None:
    """Let an operation fail as AWS lets it fail in a state that the local AWS has not."""
    from botocore.client import BaseClient  # noqa: PLC0415 (see above)
    from botocore.exceptions import ClientError  # noqa: PLC0415

    call = BaseClient._make_api_call  # type: ignore[attr-defined] # not in the stubs

    def make_api_call(self: Any, operation_name: str, arguments: Any) -> Any:
        if operation_name == operation:
            raise ClientError({"Error": {"Code": code, "Message": message}}, operation)
        return call(self, operation_name, arguments)

    monkeypatch.setattr(BaseClient, "_make_api_call", make_api_call)


def test_is_ready_for_the_guides_first_deploy(patient: Patient) -> None:
    patient.synthesize(Organization=resource(ORGANIZATION_TYPE), Dev=account())
    statuses: dict[Status, list[str]] = {}
    for check_id, result in patient.examine().items():
        statuses.setdefault(result.status, []).append(check_id)
    assert statuses.keys() == {Status.OK, Status.WARNING}
    assert statuses[Status.WARNING] == ["organization"]


def test_finds_what_a_deploy_left_that_died_after_an_account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    template: Any = {
        "Organization": {**resource(ORGANIZATION_TYPE), "DeletionPolicy": "Retain"},
        "Dev": account("Organization"),
    }
    with LocalAws(management_account_id=MANAGEMENT, region="us-east-1", failures=["ACCOUNT_TIMEOUT:dev"]) as aws:
        assert deploy(aws, **template)[0] == "ROLLBACK_COMPLETE"
        patient = Patient(aws, tmp_path, monkeypatch)
        patient.synthesize(**template)
        results = patient.examine()
    assert {result.check.id for result in results.values() if result.status is Status.PROBLEM} == {
        "organization",
        "accounts",
    }
    assert "ROLLBACK_COMPLETE" in results["stacks"].findings[0].found
    found = only(results["accounts"].findings, Status.PROBLEM)
    assert_found(found, Status.PROBLEM, "resources-exist", "1", "acme-dev <aws+dev@acme.com>")


def test_reads_what_a_baseline_of_several_stacks_declares(tmp_path: Path) -> None:
    beside = stack({"Dev": account()})
    beside["template"]["Metadata"] = {"OrgBaseline": {"PartOf": "OrgBaseline", "Accounts": {}}}
    own = stack({"Old": account()})
    own["template"]["Metadata"] = {"OrgBaseline": {"TrustedAccess": ["ram.amazonaws.com"]}}
    own["template"]["Outputs"] = {"ManagementAccountId": {"Value": MANAGEMENT}}
    write_assembly(tmp_path, {"Beside": beside, "OrgBaseline": own})
    assert Assembly.read(tmp_path).description.metadata.trusted_access == ("ram.amazonaws.com",)


def test_leaves_stacks_of_other_things_and_accounts_alone(patient: Patient) -> None:
    patient.synthesize(Dev=account())
    app = stack({"Bucket": resource("AWS::S3::Bucket")}, environment="aws://222233334444/eu-west-1")
    center = stack({"Set": permission_set()}, environment=f"aws://{MANAGEMENT}/eu-central-1")
    write_assembly(patient.folder, {"App": app, "OrgBaseline": stack({"Dev": account()}), "Center": center})
    assert [found.status for found in patient.look("account")] == [Status.OK]
    assembly = Assembly.read(patient.folder)
    assert [each.id for each in assembly.stacks] == ["OrgBaseline", "Center"]
    assert assembly.region == "eu-central-1"


def test_reads_the_stacks_that_were_selected(patient: Patient) -> None:
    patient.synthesize(Dev=account())
    other = stack({"Dev": account()})
    write_assembly(patient.folder, {"Other": other, "OrgBaseline": stack({"Dev": account()})})
    assert [each.id for each in Assembly.read(patient.folder, ["Other"]).stacks] == ["Other"]


# One and several


@pytest.mark.parametrize(
    ("units", "said"),
    [
        ((UNIT,), "1 exists already but is not in the stack: existing-1"),
        ((UNIT, "ou-acme-87654321"), "2 exist already but are not in the stack: existing-1, existing-2"),
    ],
)
def test_counts_what_exists_already(patient: Patient, units: tuple[str, ...], said: str) -> None:
    patient.aws.seed(replace(EXISTING, organizational_unit_ids=units))
    resources: dict[str, Any] = {f"Unit{n}": unit(Name=f"existing-{n + 1}") for n in range(len(units))}
    patient.synthesize(Dev=account(), **resources)
    assert only(patient.look("organizational-units"), Status.PROBLEM).found == said


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (("A",), "The group was deleted by hand, but the stack still has it: A"),
        (("A", "B"), "2 groups were deleted by hand, but the stack still has them: A, B"),
    ],
)
def test_counts_what_somebody_deleted(patient: Patient, aws: LocalAws, names: tuple[str, ...], said: str) -> None:
    patient.seed()
    groups: dict[str, Any] = {name: group(DisplayName=name) for name in names}
    deploy(aws, **groups, Set=permission_set())
    store = aws.client("identitystore")
    for each in store.list_groups(IdentityStoreId=STORE)["Groups"]:
        if each["DisplayName"] in names:
            store.delete_group(IdentityStoreId=STORE, GroupId=each["GroupId"])
    patient.synthesize(**groups, Set=permission_set())
    assert only(patient.look("deployed"), Status.WARNING).found == said


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        (["ram.amazonaws.com"], "ram.amazonaws.com has trusted access"),
        (
            ["cloudtrail.amazonaws.com", "ram.amazonaws.com"],
            "cloudtrail.amazonaws.com, ram.amazonaws.com have trusted access",
        ),
    ],
)
def test_counts_what_has_trusted_access(patient: Patient, declared: list[str], said: str) -> None:
    patient.seed()
    patient.synthesize(metadata={"TrustedAccess": declared}, Dev=account())
    [found] = patient.look("trusted-access", repair=apply)
    assert found.found == said


def test_counts_one_contact(patient: Patient) -> None:
    patient.seed()
    of_management = {"AlternateContacts": [{**SECURITY, "Accounts": ["management"]}]}
    patient.synthesize(metadata=of_management, Dev=account())
    [found] = patient.look("alternate-contacts", repair=apply)
    assert found.found == "1 alternate contact is as the app declares"
