"""What `org-baseline doctor` finds, each finding in a local AWS that was brought into that state."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from moto.identitystore.responses import IdentityStoreResponse

from cloud_assembly import stack, write_assembly
from doctor_patient import Patient, only, permissions_enforced
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
from org_constructs.doctor.errors import SIGN_IN
from org_constructs.doctor.examination import Assembly
from org_constructs.doctor.finding import Fix, Status
from org_constructs.rehearsal.local_aws import LocalAws
from org_constructs.rehearsal.local_aws.cloudformation import api as cloudformation
from org_constructs.rehearsal.local_aws.services import organizations, service_quotas, sso_admin

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

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


def test_says_what_is_not_compared_without_an_assembly(patient: Patient) -> None:
    results = patient.examine()
    [found] = results["assembly"].findings
    assert found.status is Status.SKIPPED
    assert found.found.startswith(f"{patient.folder}")
    assert found.next[0].startswith("Run `cdk synth`")
    skipped = {check_id for check_id, result in results.items() if result.status is Status.SKIPPED}
    assert skipped == {
        *("assembly", "account", "trusted-access", "policy-types", "account-quota", "stacks", "organizational-units"),
        *("accounts", "policies", "permission-sets", "users", "groups", "memberships", "assignments", "deployed"),
        *("bootstrap", "alternate-contacts"),
    }
    assert {finding.found for check_id in skipped - {"assembly"} for finding in results[check_id].findings} == {
        "Not checked, because it depends on assembly"
    }


# Credentials


def test_says_whose_credentials_these_are(patient: Patient) -> None:
    [found] = patient.look("credentials")
    assert (found.status, found.found) == (Status.OK, f"Account {MANAGEMENT}, as arn:aws:sts::{MANAGEMENT}:user/moto")


def test_warns_of_the_root_user(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    from moto.sts.models import STSBackend  # noqa: PLC0415 (this test's alone)

    root = ("AIDA", f"arn:aws:iam::{MANAGEMENT}:root", MANAGEMENT)
    monkeypatch.setattr(STSBackend, "get_caller_identity", lambda *_: root)
    found = only(patient.look("credentials"), Status.WARNING)
    assert found.found == "These are credentials of the root user"


def test_finds_no_credentials(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
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
    assert (found.status, found.found) == (Status.UNKNOWN, "No credentials were found")
    assert "`aws login`" in found.next[0]
    assert results["organization"].findings[0].found == "Not checked, because it depends on credentials"
    assert results["identity-center"].findings[0].found == "Not checked, because it depends on credentials"


def test_finds_a_profile_that_is_gone(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_DEFAULT_PROFILE")
    monkeypatch.setenv("AWS_PROFILE", "acme-old")
    [found] = patient.look("credentials")
    assert found.status is Status.UNKNOWN
    assert "acme-old" in found.found


def test_finds_an_expired_token(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    refuse(monkeypatch, "GetCallerIdentity", "ExpiredToken", "The security token included in the request is expired")
    [found] = patient.look("credentials")
    assert (found.status, found.found) == (Status.UNKNOWN, "The credentials that boto3 finds have expired")


def test_finds_a_session_that_nobody_is_signed_in_to(
    patient: Patient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
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
    assert found.found.endswith("has expired")
    assert found.next == SIGN_IN


def test_says_what_aws_refuses_with(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    refuse(monkeypatch, "GetCallerIdentity", "InternalFailure", "We are sorry")
    [found] = patient.look("credentials")
    assert found.status is Status.UNKNOWN
    assert found.found == "AWS refuses GetCallerIdentity with InternalFailure: We are sorry"


def test_finds_a_key_that_aws_does_not_know(patient: Patient) -> None:
    with permissions_enforced():
        patient._use("AKIAIOSFODNN7EXAMPLE", "wrong", "")
        [found] = patient.look("credentials")
    assert found.status is Status.UNKNOWN
    assert found.found.startswith("AWS does not know the credentials that boto3 finds: ")


def test_finds_aws_out_of_reach(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://localhost:9")
    [found] = patient.look("credentials")
    assert found.status is Status.UNKNOWN
    assert found.found.startswith("AWS cannot be reached: ")


def test_finds_that_the_assembly_is_for_another_account(patient: Patient) -> None:
    patient.synthesize("aws://999999999999/us-east-1", Dev=account())
    found = only(patient.look("account"), Status.PROBLEM)
    assert found.found == (
        f"The stack OrgBaseline is for account 999999999999, and these are credentials of account {MANAGEMENT}"
    )
    assert found.paste == (f'env=cdk.Environment(account="{MANAGEMENT}", region="us-east-1"),',)


@pytest.mark.parametrize("environment", [f"aws://{MANAGEMENT}/us-east-1", "aws://unknown-account/unknown-region"])
def test_finds_that_the_assembly_is_for_this_account(patient: Patient, environment: str) -> None:
    patient.synthesize(environment, Dev=account())
    [found] = patient.look("account")
    assert found.status is Status.OK


# The organization


def test_finds_no_organization_that_the_deploy_creates(patient: Patient) -> None:
    patient.synthesize(Organization=resource(ORGANIZATION_TYPE), Dev=account())
    [found] = patient.look("organization")
    assert (found.status, found.found) == (
        Status.WARNING,
        "No organization exists yet; the deploy creates it",
    )
    assert "may refuse accounts" in found.why
    assert "hasn't finished initializing" in found.next[0]


def test_finds_no_organization_although_the_assembly_creates_none(patient: Patient) -> None:
    patient.synthesize(Dev=account(ParentIds=[ROOT]))
    [found] = patient.look("organization")
    assert (found.status, found.found) == (
        Status.PROBLEM,
        "No organization exists, and the assembly creates none",
    )


ORGANIZATION_LINES = (
    "organization=Organization.from_attributes(",
    '    organization_id="o-acme123456",',
    '    root_id="r-acme",',
    '    management_account_id="111122223333",',
    "),",
)


def test_gives_the_lines_for_an_organization_that_exists(patient: Patient) -> None:
    patient.seed()
    exists, lines = patient.look("organization")
    assert {exists.status, lines.status} == {Status.OK}
    assert exists.found == "The organization o-acme123456 exists, with all features; this is its management account"
    assert lines.paste == ORGANIZATION_LINES


def test_finds_that_the_deploy_would_create_a_second_organization(patient: Patient) -> None:
    patient.seed()
    patient.synthesize(Organization=resource(ORGANIZATION_TYPE), Dev=account())
    found = only(patient.look("organization"), Status.PROBLEM)
    assert found.found == "The stack OrgBaseline would create an organization, but o-acme123456 exists already"
    assert "`org-baseline adopt`" in found.next[0]
    assert found.paste == ORGANIZATION_LINES


def test_finds_the_organization_of_the_stack_in_order(patient: Patient, aws: LocalAws) -> None:
    deploy(aws, Organization=resource(ORGANIZATION_TYPE))
    patient.synthesize(Organization=resource(ORGANIZATION_TYPE), Dev=account())
    [found] = patient.look("organization")
    assert found.status is Status.OK


def test_finds_the_root_of_another_organization(patient: Patient) -> None:
    patient.seed()
    patient.synthesize(Dev=account(ParentIds=["r-other"]))
    found = only(patient.look("organization"), Status.PROBLEM)
    assert found.paste == ORGANIZATION_LINES
    assert found.found == (
        "The assembly refers to the root r-other, but the root of the organization o-acme123456 is r-acme"
    )


def test_finds_that_this_is_a_member_account(patient: Patient) -> None:
    patient.seed()
    patient.become(DEV)
    results = patient.examine()
    [found] = results["organization"].findings
    assert found.status is Status.PROBLEM
    assert found.found.startswith(
        f"Account {DEV} is a member of the organization o-acme123456, whose management account is {MANAGEMENT}"
    )
    assert results["identity-center"].findings[0].found == "Not checked, because it depends on organization"


def test_finds_consolidated_billing_only(patient: Patient, aws: LocalAws) -> None:
    aws.client("organizations").create_organization(FeatureSet="CONSOLIDATED_BILLING")
    patient.synthesize(Organization=resource(ORGANIZATION_TYPE), Policy=policy(), Dev=account())
    results = patient.examine()
    [found] = results["organization"].findings
    assert found.status is Status.PROBLEM
    assert found.found.endswith("has only consolidated billing")
    assert found.next[0].startswith("`aws organizations enable-all-features`")
    assert results["policy-types"].findings[0].found == "Not checked, because it depends on organization"


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


def test_finds_identity_center_not_enabled_before_there_is_an_organization(patient: Patient) -> None:
    patient.synthesize(Organization=resource(ORGANIZATION_TYPE), Dev=account())
    [found] = patient.look("identity-center")
    assert found.status is Status.OK
    assert found.found == "IAM Identity Center is not enabled yet; that comes after the first deploy"


def test_finds_identity_center_not_enabled_in_an_organization(patient: Patient, aws: LocalAws) -> None:
    aws.client("organizations").create_organization(FeatureSet="ALL")
    [found] = patient.look("identity-center")
    assert (found.status, found.found) == (Status.WARNING, "IAM Identity Center is not enabled")
    assert "console.aws.amazon.com/singlesignon/home?region=us-east-1" in found.next[0]


def test_finds_identity_center_not_enabled_although_the_assembly_uses_it(patient: Patient) -> None:
    patient.synthesize(Organization=resource(ORGANIZATION_TYPE), Set=permission_set())
    results = patient.examine()
    [found] = results["identity-center"].findings
    assert found.status is Status.PROBLEM
    assert found.next[0] == "Leave `identity_center` out of the app and deploy the organization first"
    assert results["permission-sets"].findings[0].found == "Not checked, because it depends on identity-center"


def test_finds_identity_center_in_another_region_than_the_assembly_is_for(patient: Patient, aws: LocalAws) -> None:
    aws.client("organizations").create_organization(FeatureSet="ALL")
    sso_admin.backend_of(MANAGEMENT, "eu-central-1").enable(INSTANCE, STORE)
    patient.synthesize(Set=permission_set(), Organization=resource(ORGANIZATION_TYPE))
    found = only(patient.look("identity-center"), Status.PROBLEM)
    assert found.found == "IAM Identity Center is enabled in eu-central-1, and the assembly is for us-east-1"
    assert found.paste == (f'env=cdk.Environment(account="{MANAGEMENT}", region="eu-central-1"),', *CENTER_LINES)


def test_finds_identity_center_in_another_region_without_an_assembly(patient: Patient, aws: LocalAws) -> None:
    aws.client("organizations").create_organization(FeatureSet="ALL")
    sso_admin.backend_of(MANAGEMENT, "eu-central-1").enable(INSTANCE, STORE)
    [found] = patient.look("identity-center")
    assert (found.status, found.found) == (Status.OK, "IAM Identity Center is enabled in eu-central-1")
    assert found.paste == (f'env=cdk.Environment(account="{MANAGEMENT}", region="eu-central-1"),', *CENTER_LINES)


def test_prefers_the_organization_instance_to_an_account_instance(patient: Patient) -> None:
    sso_admin.backend_of(MANAGEMENT, "eu-west-1").enable(INSTANCE[:-1] + "9", "d-0000000000", of_organization=False)
    patient.seed()
    found, other = patient.look("identity-center")
    assert (found.status, found.paste[1:]) == (Status.OK, CENTER_LINES)
    assert other.status is Status.OK
    assert other.found.startswith("Another instance of IAM Identity Center exists, of this account, in eu-west-1: ")


def test_finds_an_instance_that_is_not_active(patient: Patient) -> None:
    patient.seed()
    sso_admin.backend_of(MANAGEMENT, "us-east-1").instances[0].status = "CREATE_IN_PROGRESS"
    [found] = patient.look("identity-center")
    assert (found.status, found.found) == (
        Status.PROBLEM,
        "The instance of IAM Identity Center in us-east-1 is CREATE_IN_PROGRESS",
    )


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


def test_finds_identity_center_in_order(patient: Patient) -> None:
    patient.seed()
    patient.synthesize(Set=permission_set(), Team=group())
    [found] = patient.look("identity-center")
    assert found.status is Status.OK
    assert found.found.endswith("as in the assembly")


def test_says_what_to_click_for_users_that_the_deploy_makes(patient: Patient) -> None:
    patient.seed()
    patient.synthesize(Set=permission_set(), Dax=user())
    found = only(patient.look("identity-center"), Status.WARNING)
    assert found.found == "Whether AWS sends new users an e-mail at their first sign-in cannot be read"
    assert "'Send email OTP for users created from API'" in found.next[0]


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
def test_finds_users_of_an_identity_provider_beside_users_of_the_assembly(patient: Patient) -> None:
    patient.seed()
    patient.synthesize(Set=permission_set(), Dax=user())
    found = only(patient.look("identity-center"), Status.WARNING)
    assert found.found.startswith("An identity provider adds users to IAM Identity Center, but the assembly creates")
    assert found.paste == ('UserProps(user_name="…", user_id="…"),',)


@pytest.mark.usefixtures("users_are_external")
def test_finds_users_of_an_identity_provider(patient: Patient) -> None:
    patient.seed()
    patient.synthesize(Set=permission_set())
    in_order, external = patient.look("identity-center")
    assert {in_order.status, external.status} == {Status.OK}
    assert external.found.startswith("An identity provider adds users to IAM Identity Center")


# Policy types


def test_finds_each_policy_type_that_is_not_enabled(patient: Patient) -> None:
    patient.seed()
    patient.synthesize(
        Dev=account(),
        Deny=policy(),
        Tags=policy(Name="Tags", Type="TAG_POLICY"),
        Backup=policy(Name="Backup", Type="BACKUP_POLICY"),
    )
    backup, tags, in_order = patient.look("policy-types")
    assert (backup.status, tags.status) == (Status.PROBLEM, Status.PROBLEM)
    assert (backup.found, tags.found) == (
        "The root r-acme does not have BACKUP_POLICY enabled",
        "The root r-acme does not have TAG_POLICY enabled",
    )
    assert tags.next == (
        (
            "`aws organizations enable-policy-type --root-id r-acme --policy-type TAG_POLICY`,"
            " or `org-baseline doctor --fix`"
        ),
    )
    assert (in_order.status, in_order.found) == (Status.OK, "The root has SERVICE_CONTROL_POLICY enabled")


def test_waits_for_a_policy_type_that_is_being_enabled(patient: Patient, aws: LocalAws) -> None:
    patient.seed()
    aws.client("organizations").enable_policy_type(RootId=ROOT, PolicyType="TAG_POLICY")
    patient.synthesize(Dev=account(), Tags=policy(Type="TAG_POLICY"))
    # The organization's check sees the root once, whereupon the local AWS has it enabled.
    organizations.backend_of(MANAGEMENT).root.policy_types[-1]["Status"] = "PENDING_ENABLE"
    assert "PENDING_ENABLE" in str(aws.client("organizations").list_roots())
    organizations.backend_of(MANAGEMENT).root.policy_types[-1]["Status"] = "PENDING_ENABLE"
    examination = patient.examination()
    [found] = policy_types.CHECK.look(examination)
    assert (found.status, found.found) == (Status.WARNING, "TAG_POLICY is being enabled")


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
    patient: Patient, metadata: Mapping[str, Any] | None, next_step: str, paste: tuple[str, ...]
) -> None:
    patient.synthesize(
        metadata=metadata,
        Organization=resource(ORGANIZATION_TYPE),
        Dev=account(),
        Deny=policy(),
        Tags=policy(Type="TAG_POLICY"),
    )
    [found] = patient.look("policy-types")
    assert found.status is Status.PROBLEM
    assert found.found == (
        "The deploy creates the organization and policies of type SERVICE_CONTROL_POLICY, TAG_POLICY at once"
    )
    assert (found.next, found.paste) == ((next_step,), paste)


def test_accepts_policies_that_wait_for_a_new_organization(patient: Patient) -> None:
    patient.synthesize(metadata=BASELINE, Organization=resource(ORGANIZATION_TYPE), Dev=account())
    [found] = patient.look("policy-types")
    assert (found.status, found.next) == (Status.OK, ("Deploy, then run `org-baseline doctor --fix`",))
    assert found.found.startswith("Policies of type SERVICE_CONTROL_POLICY, TAG_POLICY come with the deploy after")


@pytest.mark.parametrize(
    ("made", "waiting"),
    [({"Deny": policy()}, "TAG_POLICY"), ({}, "SERVICE_CONTROL_POLICY, TAG_POLICY")],
    ids=["one type waits", "both wait"],
)
def test_enables_the_types_that_policies_wait_for_and_prints_the_line(
    patient: Patient, aws: LocalAws, monkeypatch: pytest.MonkeyPatch, made: dict[str, Any], waiting: str
) -> None:
    monkeypatch.setattr(time, "sleep", lambda _seconds: None)
    patient.seed()
    patient.synthesize(metadata=BASELINE, Dev=account(), **made)
    lacking, *_ = patient.look("policy-types")
    assert lacking.status is Status.WARNING
    assert lacking.found == "The root r-acme does not have TAG_POLICY enabled"
    in_order, to_paste = patient.look("policy-types", repair=apply)
    assert (in_order.status, to_paste.status) == (Status.OK, Status.WARNING)
    assert to_paste.found == f"Policies of type {waiting} still wait in the app"
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
    assert (found.status, found.found) == (Status.OK, "The root has TAG_POLICY enabled")
    assert slept == [1.0]
    [root] = aws.client("organizations").list_roots()["Roots"]
    assert {"Type": "TAG_POLICY", "Status": "ENABLED"} in root["PolicyTypes"]


def test_leaves_a_policy_type_that_was_not_wanted(patient: Patient, aws: LocalAws) -> None:
    patient.seed()
    patient.synthesize(Dev=account(), Tags=policy(Type="TAG_POLICY"))
    [found] = patient.look("policy-types", repair=lambda _fix: False)
    assert found.status is Status.PROBLEM
    assert "TAG_POLICY" not in str(aws.client("organizations").list_roots())


def test_says_that_aws_did_not_enable_a_policy_type_in_time(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    patient.seed()
    patient.synthesize(Dev=account(), Tags=policy(Type="TAG_POLICY"))
    monkeypatch.setattr(policy_types, "_PATIENCE", 0)
    findings = patient.look("policy-types", repair=apply)
    found = only(findings, Status.UNKNOWN)
    assert found.found == "AWS did not enable TAG_POLICY within 0 seconds; check again later"


# Trusted access


def test_finds_no_declared_trusted_access(patient: Patient) -> None:
    patient.seed()
    patient.synthesize(Dev=account())
    [found] = patient.look("trusted-access")
    assert (found.status, found.found) == (Status.OK, "The app declares no trusted access")


def test_finds_each_service_without_trusted_access_and_enables_it(patient: Patient, aws: LocalAws) -> None:
    patient.seed()
    patient.synthesize(metadata={"TrustedAccess": ["cloudtrail.amazonaws.com", "ram.amazonaws.com"]}, Dev=account())
    cloudtrail, _ = patient.look("trusted-access")
    assert (cloudtrail.status, cloudtrail.found) == (Status.WARNING, "cloudtrail.amazonaws.com has no trusted access")
    assert "--service-principal cloudtrail.amazonaws.com`" in cloudtrail.next[0]
    [found] = patient.look("trusted-access", repair=apply)
    assert (found.status, found.found) == (
        Status.OK,
        "cloudtrail.amazonaws.com, ram.amazonaws.com have trusted access",
    )
    enabled = aws.client("organizations").list_aws_service_access_for_organization()["EnabledServicePrincipals"]
    assert [each["ServicePrincipal"] for each in enabled] == ["cloudtrail.amazonaws.com", "ram.amazonaws.com"]


def test_leaves_stack_sets_to_cloudformations_own_call(patient: Patient, aws: LocalAws) -> None:
    patient.seed()
    patient.synthesize(metadata={"TrustedAccess": ["member.org.stacksets.cloudformation.amazonaws.com"]}, Dev=account())
    [found] = patient.look("trusted-access", repair=apply)
    assert found.next == ("`aws cloudformation activate-organizations-access`",)
    assert not aws.client("organizations").list_aws_service_access_for_organization()["EnabledServicePrincipals"]


def test_leaves_trusted_access_for_after_the_organization(patient: Patient) -> None:
    patient.synthesize(
        metadata={"TrustedAccess": ["ram.amazonaws.com"]}, Organization=resource(ORGANIZATION_TYPE), Dev=account()
    )
    [found] = patient.look("trusted-access", repair=apply)
    assert (found.status, found.found) == (
        Status.WARNING,
        "ram.amazonaws.com can be enabled once the organization exists",
    )


def test_says_that_a_fix_is_not_allowed(patient: Patient) -> None:
    patient.seed()
    patient.become_user_who_may_not("organizations:EnableAWSServiceAccess")
    patient.synthesize(metadata={"TrustedAccess": ["ram.amazonaws.com"]}, Dev=account())
    with permissions_enforced():
        findings = patient.look("trusted-access", repair=apply)
    found = only(findings, Status.UNKNOWN)
    assert found.found == "The credentials that boto3 finds may not do organizations:EnableAWSServiceAccess"


# Alternate contacts


def existing_dev() -> Any:
    return account(AccountName="existing-1", Email="existing-1@example.com")


def test_sets_contacts_of_the_management_account_and_of_members(patient: Patient, aws: LocalAws) -> None:
    patient.seed()
    aws.client("organizations").enable_aws_service_access(ServicePrincipal="account.amazonaws.com")
    patient.synthesize(metadata={**WITH_DEV, "AlternateContacts": [SECURITY]}, Dev=existing_dev())
    management, dev = patient.look("alternate-contacts")
    assert (management.found, dev.found) == (
        "The management account has no SECURITY contact",
        "The account dev has no SECURITY contact",
    )
    [found] = patient.look("alternate-contacts", repair=apply)
    assert (found.status, found.found) == (Status.OK, "2 alternate contacts are as the app declares")
    for of in ({}, {"AccountId": DEV}):
        now = aws.client("account").get_alternate_contact(AlternateContactType="SECURITY", **of)["AlternateContact"]
        assert now["Name"] == "Dax Acme"


def test_shows_a_contact_that_it_would_replace(patient: Patient, aws: LocalAws) -> None:
    patient.seed()
    before = {**{key: SECURITY[key] for key in ("Title", "PhoneNumber", "EmailAddress")}, "Name": "Kim"}
    aws.client("account").put_alternate_contact(AlternateContactType="SECURITY", **before)
    patient.synthesize(
        metadata={**WITH_DEV, "AlternateContacts": [{**SECURITY, "Accounts": ["management"]}]}, Dev=existing_dev()
    )
    [found] = patient.look("alternate-contacts")
    assert found.found == "The management account has another SECURITY contact (Name: 'Kim' becomes 'Dax Acme')"
    assert found.fix is not None
    assert found.fix.question.endswith("in place of Kim <security@acme.com>?")


def test_leaves_contacts_of_members_without_trusted_access(patient: Patient) -> None:
    patient.seed()
    patient.synthesize(metadata={**WITH_DEV, "AlternateContacts": [SECURITY]}, Dev=existing_dev())
    members, management = patient.look("alternate-contacts")
    assert members.found == "The contacts of member accounts can neither be read nor set"
    assert members.fix is None
    assert management.found == "The management account has no SECURITY contact"


def test_leaves_contacts_of_accounts_for_after_the_deploy(patient: Patient) -> None:
    patient.seed()
    patient.synthesize(metadata={**WITH_DEV, "AlternateContacts": [SECURITY]}, Dev=account())
    later, _ = patient.look("alternate-contacts")
    assert later.found == "The accounts dev do not exist yet, so their contacts come later"


# The quota of accounts


def test_finds_the_quota_of_accounts_too_low(patient: Patient) -> None:
    patient.seed()
    service_quotas.backend_of(MANAGEMENT).organizations[0]["Value"] = 3.0
    patient.synthesize(Dev=account(), Production=account(AccountName="acme-production", Email="aws+p@acme.com"))
    [found] = patient.look("account-quota")
    assert (found.status, found.found) == (
        Status.PROBLEM,
        "2 accounts exist, 2 would be created, and the organization's quota is 3",
    )
    assert "--quota-code L-E619E033 --desired-value 4 --region us-east-1" in found.next[0]


def test_finds_the_quota_of_accounts_high_enough(patient: Patient) -> None:
    patient.seed()
    service_quotas.backend_of(MANAGEMENT).organizations[0]["Value"] = 3.0
    patient.synthesize(Dev=account())
    [found] = patient.look("account-quota")
    assert (found.status, found.found) == (
        Status.OK,
        "2 accounts exist, 1 would be created, and the organization's quota is 3",
    )


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


def test_needs_no_quota_where_every_account_exists(patient: Patient) -> None:
    patient.seed()
    patient.synthesize(Dev=existing_dev())
    [found] = patient.look("account-quota")
    assert (found.status, found.found) == (Status.OK, "The deploy creates no accounts")


# The stacks


def test_finds_a_stack_that_is_not_deployed(patient: Patient) -> None:
    patient.synthesize(Dev=account())
    [found] = patient.look("stacks")
    assert (found.status, found.found) == (Status.OK, "OrgBaseline is not deployed yet in us-east-1")


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
def test_finds_what_exists_and_is_not_in_the_stack(patient: Patient, check_id: str) -> None:
    there, _, name = SIMPLE[check_id]
    patient.aws.seed(replace(EXISTING, policy_ids=("p-12345678",)))
    patient.synthesize(There=there, Set=permission_set(), Team=group(), Dev=account())
    found = only(patient.look(check_id), Status.PROBLEM)
    assert found.found == f"1 exists already but is not in the stack: {name}"
    assert "AlreadyExists" in found.why
    assert found.next[0].startswith("Run `org-baseline adopt`")


@pytest.mark.parametrize("check_id", SIMPLE)
def test_finds_what_is_to_be_created(patient: Patient, check_id: str) -> None:
    _, new, _ = SIMPLE[check_id]
    patient.seed()
    patient.synthesize(New=new, Set=permission_set(Name="Other"), Dev=account(AccountName="o", Email="o@acme.com"))
    findings = patient.look(check_id)
    assert {finding.status for finding in findings} == {Status.OK}
    assert findings[0].found.startswith("To be created: ")


@pytest.mark.parametrize("check_id", SIMPLE)
def test_finds_what_is_in_the_stack(patient: Patient, aws: LocalAws, check_id: str) -> None:
    _, new, _ = SIMPLE[check_id]
    patient.seed()
    deploy(aws, New=new)
    patient.synthesize(New=new, Set=permission_set(Name="Other"), Dev=account(AccountName="o", Email="o@acme.com"))
    assert any(finding.found.startswith("In the stack: ") for finding in patient.look(check_id))


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
    assert found.found.startswith("1 exists already but is not in the stack: ")


def test_lists_no_more_than_ten_names(patient: Patient) -> None:
    patient.seed()
    units: Any = {f"Unit{number}": unit(Name=f"unit-{number}") for number in range(12)}
    patient.synthesize(Dev=account(), **units)
    [found] = patient.look("organizational-units")
    assert found.found.endswith("unit-9 and 2 more")


def test_finds_a_closed_account_that_holds_a_wanted_e_mail(patient: Patient, aws: LocalAws) -> None:
    patient.seed()
    aws.client("organizations").close_account(AccountId=DEV)
    patient.synthesize(Dev=existing_dev())
    found = only(patient.look("accounts"), Status.PROBLEM)
    assert found.found.endswith("is in the way: State is 'SUSPENDED', and 'ACTIVE' in the app")
    assert "keeps its e-mail address until 90 days after it was closed" in found.why


def test_finds_an_account_name_that_cannot_change(patient: Patient) -> None:
    patient.seed()
    patient.synthesize(Dev=account(Email="existing-1@example.com"))
    found = only(patient.look("accounts"), Status.PROBLEM)
    assert "AccountName is 'existing-1', and 'acme-dev' in the app" in found.found


def test_finds_two_users_that_could_be_meant(patient: Patient) -> None:
    patient.aws.seed(replace(EXISTING, user_ids=(USER, USER[:-1] + "9")))
    both = user(UserName="existing-1@example.com", Emails=[{"Value": "existing-2@example.com", "Primary": True}])
    patient.synthesize(Dax=both, Set=permission_set())
    found = only(patient.look("users"), Status.PROBLEM)
    assert "is ambiguous" in found.found


def test_finds_that_a_resource_refers_to_nothing(patient: Patient) -> None:
    patient.seed()
    patient.synthesize(Dev=account(), Unit=unit(ParentId="ou-acme-87654321"))
    found = only(patient.look("organizational-units"), Status.PROBLEM)
    assert found.found.startswith("The assembly cannot be compared: a unit that the app refers to by id must exist")
    assert len(found.next) == 1
    assert found.next[0] not in found.found


# Accounts that move


def test_finds_an_account_under_another_parent(patient: Patient, aws: LocalAws) -> None:
    patient.seed()
    aws.client("organizations").move_account(AccountId=DEV, SourceParentId=ROOT, DestinationParentId=UNIT)
    patient.synthesize(Dev=existing_dev())
    found = only(patient.look("accounts"), Status.WARNING)
    assert found.found.endswith(f"is in {UNIT}, but in {ROOT} in the assembly")


def test_finds_an_account_that_the_deploy_moves(patient: Patient, aws: LocalAws) -> None:
    patient.seed()
    deploy(aws, Dev=account())
    patient.synthesize(Dev=account(ParentIds=[UNIT]))
    moves, _ = patient.look("deployed")
    assert (moves.status, moves.found) == (
        Status.OK,
        f"acme-dev <aws+dev@acme.com> moves from {ROOT} to {UNIT}",
    )


def move_by_hand(aws: LocalAws, destination: str) -> str:
    client = aws.client("organizations")
    made = next(each["Id"] for each in client.list_accounts()["Accounts"] if each["Name"] == "acme-dev")
    client.move_account(AccountId=made, SourceParentId=ROOT, DestinationParentId=destination)
    return str(made)


def test_finds_a_move_that_a_move_by_hand_blocks(patient: Patient, aws: LocalAws) -> None:
    patient.seed()
    other = aws.client("organizations").create_organizational_unit(ParentId=ROOT, Name="Other")
    other_id = other["OrganizationalUnit"]["Id"]
    deploy(aws, Dev=account())
    made = move_by_hand(aws, other_id)
    patient.synthesize(Dev=account(ParentIds=[UNIT]))
    found = only(patient.look("deployed"), Status.PROBLEM)
    assert (
        f"was moved by hand: it is in {other_id}, but in {ROOT} in the stack, and the app moves it to {UNIT}"
        in found.found
    )
    assert found.next == (
        (
            f"`aws organizations move-account --account-id {made} --source-parent-id {other_id}"
            f" --destination-parent-id {ROOT}`, then deploy"
        ),
    )
    said = deploy(aws, Dev=account(ParentIds=[UNIT]))[1]
    assert f"We can't find {ROOT} as the parent of account {made}." in said


def test_finds_a_move_by_hand_that_the_deploy_does_not_notice(patient: Patient, aws: LocalAws) -> None:
    patient.seed()
    deploy(aws, Dev=account())
    move_by_hand(aws, UNIT)
    patient.synthesize(Dev=account())
    found = only(patient.look("deployed"), Status.WARNING)
    assert f"was moved by hand: it is in {UNIT}, but in {ROOT} in the stack and the assembly" in found.found


# The bootstrap

BOOTSTRAP = {
    "properties": {
        "requiresBootstrapStackVersion": 6,
        "bootstrapStackVersionSsmParameter": "/cdk-bootstrap/hnb659fds/version",
        "assumeRoleArn": f"arn:${{AWS::Partition}}:iam::{MANAGEMENT}:role/cdk-hnb659fds-deploy-role",
    }
}


def test_finds_that_no_stack_needs_the_bootstrap(patient: Patient) -> None:
    patient.synthesize(Dev=account())
    [found] = patient.look("bootstrap")
    assert (found.status, found.found) == (Status.OK, "No stack needs `cdk bootstrap`")


def test_finds_no_bootstrap(patient: Patient) -> None:
    patient.synthesize(artifact=BOOTSTRAP, Dev=account())
    [found] = patient.look("bootstrap")
    assert (found.status, found.found) == (Status.PROBLEM, f"{MANAGEMENT} is not bootstrapped in us-east-1")
    assert found.next == (f"`cdk bootstrap aws://{MANAGEMENT}/us-east-1`",)
    assert found.why == "The stack OrgBaseline needs it: its synthesizer requires bootstrap version 6 or newer."


def test_finds_no_bootstrap_of_the_qualifier(patient: Patient) -> None:
    parameter = {"bootstrapStackVersionSsmParameter": "/cdk-bootstrap/acme/version"}
    patient.synthesize(artifact={"properties": {**BOOTSTRAP["properties"], **parameter}}, Dev=account())
    [found] = patient.look("bootstrap")
    assert found.next == (f"`cdk bootstrap aws://{MANAGEMENT}/us-east-1 --qualifier acme`",)


def bootstrap(aws: LocalAws, version: str) -> None:
    aws.client("ssm").put_parameter(Name="/cdk-bootstrap/hnb659fds/version", Value=version, Type="String")


def test_finds_a_bootstrap_that_is_too_old(patient: Patient, aws: LocalAws) -> None:
    bootstrap(aws, "5")
    patient.synthesize(artifact=BOOTSTRAP, Dev=account())
    [found] = patient.look("bootstrap")
    assert (found.status, found.found) == (
        Status.PROBLEM,
        f"The bootstrap of {MANAGEMENT} in us-east-1 is version 5, and OrgBaseline needs 6",
    )


def test_finds_a_bootstrap_that_these_credentials_may_use(patient: Patient, aws: LocalAws) -> None:
    bootstrap(aws, "30")
    patient.synthesize(artifact=BOOTSTRAP, Dev=account())
    version, role = patient.look("bootstrap")
    assert version.found == f"{MANAGEMENT} is bootstrapped in us-east-1, version 30"
    assert role.found == "These credentials may assume cdk-hnb659fds-deploy-role"


def test_finds_a_bootstrap_that_these_credentials_may_not_use(patient: Patient, aws: LocalAws) -> None:
    bootstrap(aws, "30")
    patient.become_user_who_may_not("sts:AssumeRole")
    patient.synthesize(artifact=BOOTSTRAP, Dev=account())
    with permissions_enforced():
        found = only(patient.look("bootstrap"), Status.WARNING)
    assert found.found == (f"These credentials may not assume arn:aws:iam::{MANAGEMENT}:role/cdk-hnb659fds-deploy-role")


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
    patient.synthesize(
        metadata=metadata,
        artifact=BOOTSTRAP,
        Dev=account(),
        Tags=policy(Type="TAG_POLICY"),
        Set=permission_set(),
        Team=group(),
        Dax=user(),
    )
    with permissions_enforced():
        results = patient.examine()
    found = only(results[check_id].findings, Status.UNKNOWN)
    assert found.found == f"The credentials that boto3 finds may not do {action}"
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
    assert found.found == "The credentials that boto3 finds may not do servicequotas:GetServiceQuota"


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
    assert statuses[Status.WARNING] == ["environment", "organization"]


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
    assert found.found == "1 exists already but is not in the stack: acme-dev <aws+dev@acme.com>"


def test_reads_what_a_baseline_of_several_stacks_declares(tmp_path: Path) -> None:
    beside = stack({"Dev": account()})
    beside["template"]["Metadata"] = {"OrgBaseline": {"PartOf": "OrgBaseline", "Accounts": {}}}
    own = stack({"Old": account()})
    own["template"]["Metadata"] = {"OrgBaseline": {"TrustedAccess": ["ram.amazonaws.com"]}}
    own["template"]["Outputs"] = {"ManagementAccountId": {"Value": MANAGEMENT}}
    write_assembly(tmp_path, {"Beside": beside, "OrgBaseline": own})
    assert Assembly.read(tmp_path).declared["TrustedAccess"] == ["ram.amazonaws.com"]


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
