"""What the doctor says of what is deployed, each finding beside the end of the deploy that it is about."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

import pytest
import yaml  # type: ignore[import-untyped] # its stubs are a package of their own

from cloud_assembly import stack, write_assembly
from doctor_patient import Patient, assert_found, only, permissions_enforced, sentences
from local_aws_stacks import (
    DEV,
    GROUP,
    INSTANCE,
    MANAGEMENT,
    PERMISSION_SET,
    ROOT,
    STORE,
    UNIT,
    account,
    assignment,
    deploy,
    group,
    membership,
    permission_set,
    physical_id,
    policy,
    unit,
    user,
)
from org_constructs.doctor.finding import Finding, Status
from org_constructs.rehearsal.local_aws import LocalAws
from org_constructs.rehearsal.local_aws.cloudformation import api as cloudformation
from printed_commands import use_aws_cli

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from syrupy.assertion import SnapshotAssertion

    from local_aws_stacks import Resource

FINE: Final = "UPDATE_COMPLETE"
ROLLED_BACK: Final = "UPDATE_ROLLBACK_COMPLETE"
STUCK: Final = "UPDATE_ROLLBACK_FAILED"

EVERYTHING: Final = "arn:aws:iam::aws:policy/AdministratorAccess"
DENY_ROOT: Final = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Deny", "Action": "iam:CreateUser", "Resource": "*"}],
}
DEV_TAG: Final = [{"Key": "team", "Value": "platform"}]


@pytest.fixture
def aws() -> Iterator[LocalAws]:
    with LocalAws(management_account_id=MANAGEMENT, region="us-east-1") as running:
        yield running


@pytest.fixture
def patient(aws: LocalAws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Patient:
    patient = Patient(aws, tmp_path, monkeypatch)
    patient.seed()
    return patient


class Hand:
    """What somebody does by hand to what the stack has."""

    def __init__(self, aws: LocalAws) -> None:
        self._aws = aws
        self._organizations = aws.client("organizations")

    def id(self, logical_id: str) -> str:
        return physical_id(self._aws, logical_id)

    def close(self) -> None:
        self._organizations.close_account(AccountId=self.id("Dev"))

    def restrict(self) -> None:
        from org_constructs.rehearsal.local_aws.services import organizations  # noqa: PLC0415 (no API does it)

        found = organizations.backend_of(MANAGEMENT).get_account_by_id(self.id("Dev"))
        found.status = found.state = "SUSPENDED"

    def remove(self) -> None:
        self._organizations.remove_account_from_organization(AccountId=self.id("Dev"))

    def move(self, destination: str = UNIT) -> None:
        self._organizations.move_account(AccountId=self.id("Dev"), SourceParentId=ROOT, DestinationParentId=destination)

    def rename(self, **changes: str) -> None:
        from org_constructs.rehearsal.local_aws.services import organizations  # noqa: PLC0415 (no API does it)

        found = organizations.backend_of(MANAGEMENT).get_account_by_id(self.id("Dev"))
        for name, value in changes.items():
            setattr(found, name, value)

    def detach(self) -> None:
        self._organizations.detach_policy(PolicyId=self.id("Deny"), TargetId=UNIT)

    def delete_policy(self) -> None:
        self.detach()
        self._organizations.delete_policy(PolicyId=self.id("Deny"))

    def delete_unit(self) -> None:
        self._organizations.delete_organizational_unit(OrganizationalUnitId=self.id("Unit"))

    def delete_permission_set(self) -> None:
        self._aws.client("sso-admin").delete_permission_set(
            InstanceArn=INSTANCE, PermissionSetArn=self.id("Read").split("|")[-1]
        )

    def delete_group(self) -> None:
        self._aws.client("identitystore").delete_group(IdentityStoreId=STORE, GroupId=self.id("Team").split("|")[0])

    def delete_user(self) -> None:
        user_id = self.id("Dax").rpartition("/")[2]
        self._aws.client("identitystore").delete_user(IdentityStoreId=STORE, UserId=user_id)

    def rename_group(self) -> None:
        self._aws.client("identitystore").update_group(
            IdentityStoreId=STORE,
            GroupId=self.id("Team").split("|")[0],
            Operations=[{"AttributePath": "displayName", "AttributeValue": "Crew"}],
        )

    def leave(self) -> None:
        membership_id = self.id("Member").split("|")[0]
        self._aws.client("identitystore").delete_group_membership(IdentityStoreId=STORE, MembershipId=membership_id)

    def leave_and_join(self) -> None:
        self.leave()
        self._aws.client("identitystore").create_group_membership(
            IdentityStoreId=STORE,
            GroupId=self.id("Team").split("|")[0],
            MemberId={"UserId": self.id("Dax").rpartition("/")[2]},
        )

    def rewrite(self) -> None:
        self._organizations.update_policy(PolicyId=self.id("Deny"), Content=json.dumps(DENY_ROOT))

    def allow_all(self) -> None:
        self._aws.client("sso-admin").attach_managed_policy_to_permission_set(
            InstanceArn=INSTANCE, PermissionSetArn=self.id("Read").split("|")[-1], ManagedPolicyArn=EVERYTHING
        )

    def change_all(self) -> None:
        self.rewrite()
        self._organizations.update_policy(PolicyId=self.id("Deny"), Description="By hand")
        self.allow_all()
        sso = self._aws.client("sso-admin")
        of = {"InstanceArn": INSTANCE, "PermissionSetArn": self.id("Read").split("|")[-1]}
        sso.update_permission_set(**of, Description="By hand", SessionDuration="PT2H", RelayState="https://acme.com")
        sso.put_inline_policy_to_permission_set(**of, InlinePolicy=json.dumps(DENY_ROOT))
        sso.put_permissions_boundary_to_permission_set(**of, PermissionsBoundary={"ManagedPolicyArn": EVERYTHING})
        sso.attach_customer_managed_policy_reference_to_permission_set(
            **of, CustomerManagedPolicyReference={"Name": "Reader"}
        )

    def revoke_and_close(self) -> None:
        self.revoke(self.id("Dev"))
        self.close()

    def revoke(self, account_id: str = DEV) -> None:
        self._aws.client("sso-admin").delete_account_assignment(
            InstanceArn=INSTANCE,
            TargetId=account_id,
            TargetType="AWS_ACCOUNT",
            PermissionSetArn=PERMISSION_SET,
            PrincipalType="GROUP",
            PrincipalId=GROUP,
        )


@pytest.fixture
def hand(aws: LocalAws) -> Hand:
    return Hand(aws)


def look(patient: Patient, **resources: Any) -> list[Finding]:
    """Return what is worth saying of what is deployed, with an assembly of these resources beside one set."""
    patient.synthesize(Set=permission_set(), **resources)
    return [found for found in patient.look("deployed") if found.status is not Status.OK]


FIXED = {
    "a name": (account(), account(AccountName="acme-development"), ("name", "'acme-dev'", "'acme-development'")),
    "an e-mail": (account(), account(Email="d@acme.com"), ("e-mail", "'aws+dev@acme.com'", "'d@acme.com'")),
    "a role name": (account(RoleName="Admin"), account(RoleName="Root"), ("role_name", "'Admin'", "'Root'")),
    "a role name that comes": (account(), account(RoleName="Admin"), ("role_name", "None", "'Admin'")),
    "a role name that goes": (account(RoleName="Admin"), account(), ("role_name", "'Admin'", "None")),
}


@pytest.mark.parametrize(("before", "after", "values"), FIXED.values(), ids=FIXED.keys())
def test_stops_a_change_of_an_account_that_aws_refuses(
    patient: Patient, aws: LocalAws, before: Resource, after: Resource, values: tuple[str, ...]
) -> None:
    deploy(aws, Dev=before, Set=permission_set())
    [found] = look(patient, Dev=after)
    assert_found(found, Status.PROBLEM, "account-change-refused", *values)
    assert deploy(aws, Dev=after, Set=permission_set())[0] == STUCK


def test_says_which_base_e_mail_the_accounts_were_made_with(patient: Patient, aws: LocalAws) -> None:
    def baseline(email: str, **resources: Resource) -> dict[str, Any]:
        whole = stack({"Set": permission_set(), **resources}, environment=f"aws://{MANAGEMENT}/us-east-1")
        whole["template"]["Metadata"] = {"OrgBaseline": {"Format": 1, "Email": email}}
        whole["template"]["Outputs"] = {"ManagementAccountId": {"Value": MANAGEMENT}}
        return whole

    def accounts(local: str) -> dict[str, Resource]:
        return {
            f"A{each}": account(
                *([f"A{each - 1}"] if each else []), AccountName=f"a{each}", Email=f"{local}+{each}@acme.com"
            )
            for each in range(12)
        }

    body = json.dumps(baseline("aws@acme.com", **accounts("aws"))["template"])
    aws.client("cloudformation").create_stack(StackName="OrgBaseline", TemplateBody=body)
    write_assembly(patient.folder, {"OrgBaseline": baseline("cloud@acme.com", **accounts("cloud"))})
    found = only(patient.look("deployed"), Status.PROBLEM)
    assert_found(found, Status.PROBLEM, "account-change-refused", "a0", "'aws+0@acme.com'", "'cloud+0@acme.com'", "2")
    assert found.paste == ('email="aws@acme.com",',)


DENY: Final = policy(TargetIds=[UNIT])
OF_UNIT: Final = policy(TargetIds=[{"Ref": "Unit"}])
GIVEN: Final = assignment()
TEAM: Final = {
    "Team": group(),
    "Dax": user(),
    "Member": membership(
        GroupId={"Fn::GetAtt": ["Team", "GroupId"]}, MemberId={"UserId": {"Fn::GetAtt": ["Dax", "UserId"]}}
    ),
}
MEMBERLESS: Final = {key: TEAM[key] for key in ("Team", "Dax")}
READ: Final = permission_set(Name="ReadOnly")
IN_DEV: Final = assignment(TargetId={"Fn::GetAtt": ["Dev", "AccountId"]})
SMALL: Final = account(AccountName="acme-dev", Email="AWS+Dev@acme.com")
ANOTHER: Final = {"Emails": [{"Value": "d@acme.com", "Primary": True}]}

Case = tuple[
    dict[str, "Resource"], "Callable[[Hand], object]", dict[str, "Resource"], Status | None, str, tuple[str, ...], str
]
CASES: Final[dict[str, Case]] = {
    "an account as it was": ({"Dev": account()}, lambda _: None, {"Dev": SMALL}, None, "", (), FINE),
    "an account renamed by hand": (
        *({"Dev": account()}, lambda hand: hand.rename(name="acme-development"), {"Dev": account()}),
        *(Status.WARNING, "account-changed-by-hand", ("'acme-development'", "'acme-dev'"), FINE),
    ),
    "an account whose e-mail was changed by hand": (
        *({"Dev": account()}, lambda hand: hand.rename(email="d@acme.com"), {"Dev": account()}),
        *(Status.WARNING, "account-changed-by-hand", ("'d@acme.com'", "'aws+dev@acme.com'"), FINE),
    ),
    "an account renamed by hand, then in the app": (
        *({"Dev": account()}, lambda hand: hand.rename(name="new"), {"Dev": account(AccountName="new")}),
        *(Status.PROBLEM, "account-change-refused", ("name", "acme-dev", "'acme-dev'", "'new'"), STUCK),
    ),
    "a closed account": (
        *({"Dev": account()}, Hand.close, {"Dev": account()}),
        *(Status.WARNING, "account-not-active", ("acme-dev", "closed"), FINE),
    ),
    "a closed account in which an assignment was ended": (
        *({"Dev": account(), "Given": IN_DEV}, Hand.revoke_and_close, {"Dev": account(), "Given": IN_DEV}),
        *(Status.WARNING, "account-not-active", ("acme-dev", "closed"), FINE),
    ),
    "a closed account that changes": (
        *({"Dev": account()}, Hand.close, {"Dev": account(Tags=DEV_TAG)}),
        *(Status.PROBLEM, "account-not-active-changed", ("closed", "Tags"), STUCK),
    ),
    "a closed account that is given": (
        *({"Dev": account()}, Hand.close, {"Dev": account(), "Given": IN_DEV}),
        *(Status.PROBLEM, "account-not-active-assigned", ("acme-dev", "closed"), ROLLED_BACK),
    ),
    "an account that AWS restricts": (
        *({"Dev": account()}, Hand.restrict, {"Dev": account()}),
        *(Status.WARNING, "account-not-active", ("acme-dev", "restricted by AWS"), FINE),
    ),
    "an account that AWS restricts and that changes": (
        *({"Dev": account()}, Hand.restrict, {"Dev": account(Tags=DEV_TAG)}),
        *(Status.PROBLEM, "account-not-active-changed", ("restricted by AWS", "Tags"), STUCK),
    ),
    "a closed account that is taken out": ({"Dev": account(), "Given": IN_DEV}, Hand.close, {}, None, "", (), FINE),
    "an account that left the organization": (
        *({"Dev": account()}, Hand.remove, {"Dev": account()}),
        *(Status.WARNING, "account-not-active", ("acme-dev",), FINE),
    ),
    "an account that left and changes": (
        *({"Dev": account()}, Hand.remove, {"Dev": account(Tags=DEV_TAG)}),
        *(Status.PROBLEM, "account-not-active-changed", ("acme-dev", "Tags"), STUCK),
    ),
    "an account moved by hand": (
        *({"Dev": account()}, Hand.move, {"Dev": account()}),
        *(Status.WARNING, "account-moved-by-hand", ("acme-dev", UNIT, ROOT), FINE),
    ),
    "an account moved by hand, then in the app": (
        *({"Dev": account()}, Hand.move, {"Dev": account(ParentIds=[UNIT])}),
        *(Status.PROBLEM, "account-moved-by-hand", (UNIT, ROOT, UNIT), ROLLED_BACK),
    ),
    "a policy detached by hand": (
        *({"Deny": DENY}, Hand.detach, {"Deny": policy(TargetIds=[UNIT], Description="More")}),
        *(Status.WARNING, "policy-detached-by-hand", ("DenyRoot (SERVICE_CONTROL_POLICY)", UNIT), FINE),
    ),
    "a policy detached by hand, then in the app": ({"Deny": DENY}, Hand.detach, {"Deny": policy()}, None, "", (), FINE),
    "a policy deleted by hand": (
        *({"Deny": DENY}, Hand.delete_policy, {"Deny": DENY}),
        *(Status.WARNING, "deleted-by-hand", ("policy", "DenyRoot"), FINE),
    ),
    "a policy deleted by hand that changes": (
        *({"Deny": DENY}, Hand.delete_policy, {"Deny": policy(TargetIds=[UNIT], Description="More")}),
        *(Status.PROBLEM, "deleted-by-hand-needed", ("policy", "DenyRoot"), STUCK),
    ),
    "a unit deleted by hand": (
        *({"Unit": unit()}, Hand.delete_unit, {"Unit": unit()}),
        *(Status.WARNING, "deleted-by-hand", ("unit", "Workloads"), FINE),
    ),
    "a unit deleted by hand that had a policy": (
        *({"Unit": unit(), "Deny": OF_UNIT}, Hand.delete_unit, {"Unit": unit(), "Deny": OF_UNIT}),
        *(Status.WARNING, "deleted-by-hand", ("unit", "Workloads"), FINE),
    ),
    "a unit deleted by hand that gets an account": (
        *({"Unit": unit()}, Hand.delete_unit),
        {"Unit": unit(), "Dev": account(ParentIds=[{"Fn::Sub": "${Unit}"}])},
        *(Status.PROBLEM, "deleted-by-hand-needed", ("unit", "Workloads"), ROLLED_BACK),
    ),
    "an e-mail of a person": (
        *(TEAM, lambda _: None, {**TEAM, "Dax": user(**ANOTHER)}),
        *(
            Status.PROBLEM,
            "user-replaced-in-conflict",
            ("Emails", "dax@acme.com", "dax@acme.com", "d@acme.com"),
            ROLLED_BACK,
        ),
    ),
    "user name and e-mail of a person": (
        *(TEAM, lambda _: None, {**TEAM, "Dax": user(**ANOTHER, UserName="d@acme.com")}),
        *(Status.WARNING, "user-replaced", ("Emails", "UserName", "dax@acme.com", "dax@acme.com", "d@acme.com"), FINE),
    ),
    "a person replaced, and with it a membership that somebody ended": (
        *(TEAM, Hand.leave, {**TEAM, "Dax": user(**ANOTHER, UserName="d@acme.com")}),
        *(Status.WARNING, "user-replaced", ("Emails", "UserName", "dax@acme.com", "d@acme.com"), FINE),
    ),
    "a permission set deleted by hand": (
        *({"Read": READ}, Hand.delete_permission_set, {"Read": READ}),
        *(Status.WARNING, "deleted-by-hand", ("permission set", "ReadOnly"), FINE),
    ),
    "a group deleted by hand": (
        *(TEAM, Hand.delete_group, TEAM),
        *(Status.WARNING, "deleted-by-hand", ("group", "Team"), FINE),
    ),
    "a group deleted by hand, then out of the app": (TEAM, Hand.delete_group, {"Dax": user()}, None, "", (), FINE),
    "a group renamed by hand": (TEAM, Hand.rename_group, TEAM, None, "", (), FINE),
    "a user deleted by hand": (
        *({"Dax": user()}, Hand.delete_user, {"Dax": user(DisplayName="Dax A.")}),
        *(Status.PROBLEM, "deleted-by-hand-needed", ("user", "dax@acme.com"), STUCK),
    ),
    "a membership that somebody ended and made": (
        *(TEAM, Hand.leave_and_join, TEAM),
        *(Status.WARNING, "membership-made-again", ("dax@acme.com", "Team"), FINE),
    ),
    "a membership that somebody made, then out of the app": (
        *(TEAM, Hand.leave_and_join, MEMBERLESS),
        *(Status.PROBLEM, "membership-made-again", ("dax@acme.com", "Team"), FINE),
    ),
    "a policy rewritten by hand": (
        *({"Deny": DENY}, Hand.rewrite, {"Deny": DENY}),
        *(Status.WARNING, "changed-by-hand", ("DenyRoot (SERVICE_CONTROL_POLICY)", "Content"), FINE),
    ),
    "a permission set that somebody widened": (
        *({"Read": READ}, Hand.allow_all, {"Read": READ}),
        *(Status.WARNING, "changed-by-hand", ("ReadOnly", "ManagedPolicies"), FINE),
    ),
    "a membership that somebody ended": (
        *(TEAM, Hand.leave, TEAM),
        *(Status.WARNING, "membership-ended-by-hand", ("dax@acme.com", "Team"), FINE),
    ),
    "a membership that somebody ended, then the app": (*(TEAM, Hand.leave, MEMBERLESS, None, "", (), FINE),),
    "an assignment that somebody ended": (
        *({"Given": GIVEN}, Hand.revoke, {"Given": GIVEN}),
        *(Status.WARNING, "assignment-ended-by-hand", ("existing-1: Existing1", "existing-1"), FINE),
    ),
    "an assignment that somebody ended, then the app": ({"Given": GIVEN}, Hand.revoke, {}, None, "", (), FINE),
}


@pytest.mark.parametrize(("before", "do", "after", "status", "code", "values", "end"), CASES.values(), ids=CASES.keys())
def test_says_how_the_deploy_ends(
    patient: Patient,
    aws: LocalAws,
    hand: Hand,
    *,
    before: dict[str, Resource],
    do: Callable[[Hand], object],
    after: dict[str, Resource],
    status: Status | None,
    code: str,
    values: tuple[str, ...],
    end: str,
    snapshot: SnapshotAssertion,
) -> None:
    deploy(aws, Set=permission_set(), **before)
    do(hand)
    found = look(patient, **after)
    if status:
        [one] = found
        assert_found(one, status, code, *values)
        assert sentences(one) == snapshot
    else:
        assert found == []
    # Something else changes, since CloudFormation takes no update without a change.
    assert deploy(aws, Set=permission_set(Description="Another"), **after)[0] == end


def test_goes_on_after_what_there_is_nothing_to_say_of(patient: Patient, aws: LocalAws, hand: Hand) -> None:
    def named(name: str) -> dict[str, Any]:
        return {"UserName": f"{name}@acme.com", "Emails": [{"Value": f"{name}@acme.com", "Primary": True}]}

    kim = {**TEAM["Member"], "Properties": {**TEAM["Member"]["Properties"]}}
    kim["Properties"]["MemberId"] = {"UserId": {"Fn::GetAtt": ["Kim", "UserId"]}}
    before = {
        "Old": account(AccountName="acme-old", Email="aws+old@acme.com"),
        "Dev": account("Old"),
        "Other": policy("Dev", Name="Other", TargetIds=[UNIT]),
        "Deny": policy("Other", TargetIds=[UNIT]),
        "Kim": user(**named("kim")),
        "Lou": user(**named("lou")),
        "OfKim": kim,
        **TEAM,
    }
    deploy(aws, Set=permission_set(), **before)
    hand.rename(name="acme-development")
    hand.detach()
    hand.rewrite()
    hand.leave_and_join()
    after = {**before, "Dev": account(), "Lou": user(**{**named("lou"), "UserName": "d@acme.com"})}
    found = look(patient, **{key: each for key, each in after.items() if key != "Old"})
    assert [(each.code, each.found.split()[0]) for each in found] == [
        ("account-changed-by-hand", "The"),
        ("policy-detached-by-hand", "DenyRoot"),
        ("changed-by-hand", "DenyRoot"),
        ("user-replaced-in-conflict", "The"),
        ("membership-made-again", "dax@acme.com"),
    ]


def test_counts_the_tags_of_the_stack_as_a_change_of_a_closed_account(
    patient: Patient, aws: LocalAws, hand: Hand
) -> None:
    resources = {"Dev": account(), "Set": permission_set("Dev")}
    deploy(aws, **resources)
    hand.close()
    write_assembly(patient.folder, {"OrgBaseline": stack(resources, properties={"tags": {"team": "platform"}})})
    [found] = patient.look("deployed")
    assert_found(found, Status.PROBLEM, "account-not-active-changed", "acme-dev", "tags")
    aws.client("cloudformation").update_stack(StackName="OrgBaseline", UsePreviousTemplate=True, Tags=DEV_TAG)
    [described] = aws.client("cloudformation").describe_stacks(StackName="OrgBaseline")["Stacks"]
    assert described["StackStatus"] == STUCK


@pytest.mark.parametrize(
    ("before", "do"),
    [({"Deny": DENY}, Hand.rewrite), ({"Read": READ}, Hand.allow_all)],
    ids=["policy", "permission set"],
)
def test_an_update_writes_again_what_was_changed_by_hand(
    patient: Patient,
    aws: LocalAws,
    hand: Hand,
    *,
    before: dict[str, Resource],
    do: Callable[[Hand], object],
    snapshot: SnapshotAssertion,
) -> None:
    deploy(aws, Set=permission_set(), **before)
    do(hand)
    [found] = look(patient, **before)
    assert found.code == "changed-by-hand"
    after = {name: {**each, "Properties": {**each["Properties"], "Description": "x"}} for name, each in before.items()}
    [found] = look(patient, **after)
    assert_found(found, Status.WARNING, "changed-by-hand-overwritten")
    assert sentences(found) == snapshot
    assert deploy(aws, Set=permission_set(), **after)[0] == FINE
    assert look(patient, **after) == []


def test_names_all_that_was_changed_by_hand(patient: Patient, aws: LocalAws, hand: Hand) -> None:
    deploy(aws, Set=permission_set(), Deny=DENY, Read=READ)
    hand.change_all()
    of_policy, of_set = look(patient, Deny=DENY, Read=READ)
    assert of_policy.found.rpartition(": ")[2] == "Content, Description"
    assert of_set.found.rpartition(": ")[2] == (
        "CustomerManagedPolicyReferences, Description, InlinePolicy, ManagedPolicies, PermissionsBoundary,"
        " RelayStateType, SessionDuration"
    )


def follow(aws: LocalAws, found: Finding) -> None:
    """Run the commands of the AWS CLI in what comes next."""
    commands = [command for step in found.next for command in re.findall("`aws ([^`]+)`", step)]
    assert commands
    for command in commands:
        use_aws_cli(aws, *command.split())


@pytest.mark.parametrize(
    ("before", "do", "after"),
    [
        ({"Deny": DENY}, Hand.detach, {"Deny": DENY}),
        ({"Given": GIVEN}, Hand.revoke, {"Given": GIVEN}),
        ({"Dev": account()}, Hand.move, {"Dev": account()}),
        ({"Dev": account()}, Hand.move, {"Dev": account(ParentIds=[UNIT])}),
        (TEAM, Hand.leave_and_join, MEMBERLESS),
    ],
    ids=["attaches", "assigns", "moves back", "moves back what then moves", "takes out of a group"],
)
def test_the_commands_put_it_right(
    patient: Patient,
    aws: LocalAws,
    hand: Hand,
    *,
    before: dict[str, Resource],
    do: Callable[[Hand], object],
    after: dict[str, Resource],
) -> None:
    deploy(aws, Set=permission_set(), **before)
    do(hand)
    [found] = look(patient, **after)
    follow(aws, found)
    assert look(patient, **after) == []
    assert deploy(aws, Set=permission_set(Description="Another"), **after)[0] == FINE


@pytest.mark.parametrize(
    ("before", "do", "without"),
    [
        (TEAM, Hand.leave, ("Member",)),
        (TEAM, Hand.delete_group, ("Team", "Member")),
        ({"Deny": DENY}, Hand.delete_policy, ("Deny",)),
        ({"Unit": unit()}, Hand.delete_unit, ("Unit",)),
    ],
    ids=["membership", "group", "policy", "unit"],
)
def test_out_of_the_app_and_in_again_puts_it_right(
    patient: Patient,
    aws: LocalAws,
    hand: Hand,
    *,
    before: dict[str, Resource],
    do: Callable[[Hand], object],
    without: tuple[str, ...],
) -> None:
    deploy(aws, Set=permission_set(), **before)
    do(hand)
    [found] = look(patient, **before)
    assert "out of the app" in found.next[0]
    less = {name: each for name, each in before.items() if name not in without}
    for step in (less, before):
        assert deploy(aws, Set=permission_set(), **step)[0] == FINE
    assert look(patient, **before) == []


def test_does_not_send_an_account_back_to_a_unit_that_is_gone(
    patient: Patient, aws: LocalAws, hand: Hand, snapshot: SnapshotAssertion
) -> None:
    before = {"Unit": unit(), "Dev": account(ParentIds=[{"Ref": "Unit"}])}
    deploy(aws, Set=permission_set(), **before)
    aws.client("organizations").move_account(
        AccountId=hand.id("Dev"), SourceParentId=hand.id("Unit"), DestinationParentId=ROOT
    )
    hand.delete_unit()
    moved, deleted = look(patient, **before)
    assert_found(moved, Status.WARNING, "account-moved-by-hand", "acme-dev", ROOT)
    assert_found(deleted, Status.WARNING, "deleted-by-hand", "unit", "Workloads")
    assert sentences(moved) == snapshot
    kept = {**before["Dev"], "DeletionPolicy": "Retain"}
    deploy(aws, Set=permission_set(), Unit=unit(), Dev=kept)
    assert deploy(aws, Set=permission_set(), Unit=unit())[0] == FINE


def deploy_yaml(
    aws: LocalAws, name: str, resources: dict[str, Resource], outputs: dict[str, Any] | None = None
) -> None:
    whole = {"Resources": resources, **({"Outputs": outputs} if outputs else {})}
    aws.client("cloudformation").create_stack(StackName=name, TemplateBody=yaml.safe_dump(whole))


@pytest.mark.parametrize("moved", [False, True], ids=["as deployed", "moved by hand"])
def test_follows_references_between_stacks_as_the_cdk_cli_deploys_them(
    patient: Patient, aws: LocalAws, hand: Hand, *, moved: bool
) -> None:
    outputs = {"Unit": {"Value": {"Ref": "Unit"}, "Export": {"Name": "Unit"}}}
    first = {"Unit": unit(), "Set": permission_set()}
    second = {"Dev": account(ParentIds=[{"Fn::ImportValue": "Unit"}])}
    deploy_yaml(aws, "Units", first, outputs)
    deploy_yaml(aws, "OrgBaseline", second)
    units = stack(first)
    units["template"]["Outputs"] = outputs
    write_assembly(patient.folder, {"Units": units, "OrgBaseline": stack(second), "Later": stack({"Deny": policy()})})
    where = physical_id(aws, "Unit", name="Units")
    if moved:
        aws.client("organizations").move_account(
            AccountId=hand.id("Dev"), SourceParentId=where, DestinationParentId=UNIT
        )
    [found] = patient.look("deployed")
    if moved:
        assert_found(found, Status.WARNING, "account-moved-by-hand", UNIT, where)
    else:
        assert_found(found, Status.OK, "deployed-unchanged")


def test_says_nothing_of_a_stack_that_is_not_deployed(patient: Patient) -> None:
    patient.synthesize(Dev=account(), Set=permission_set())
    [found] = patient.look("deployed")
    assert_found(found, Status.OK, "deployed-nothing")


def test_leaves_a_stack_that_is_unfinished_to_the_check_of_the_stacks(patient: Patient, aws: LocalAws) -> None:
    deploy(aws, Dev=account(), Set=permission_set())
    cloudformation.backend_of(MANAGEMENT, "us-east-1").all_stacks[0].status = "UPDATE_ROLLBACK_FAILED"
    assert look(patient, Dev=account(AccountName="new")) == []


def test_could_not_look_at_what_is_deployed(patient: Patient, aws: LocalAws) -> None:
    deploy(aws, Dev=account(), Set=permission_set())
    patient.become_user_who_may_not("cloudformation:GetTemplate")
    with permissions_enforced():
        [found] = look(patient, Dev=account(AccountName="new"))
    assert_found(found, Status.UNKNOWN, "permission-missing", "cloudformation:GetTemplate")


def test_could_not_read_what_is_deployed(patient: Patient, aws: LocalAws) -> None:
    deploy(aws, Dev=account(), Set=permission_set())
    patient.intercept("GetTemplate", lambda _ask, _arguments: {"TemplateBody": "a: ["})
    [found] = look(patient, Dev=account())
    assert_found(found, Status.UNKNOWN, "stack-template-unreadable", "OrgBaseline")


def test_could_not_read_what_a_newer_version_deployed(patient: Patient, aws: LocalAws) -> None:
    deploy(aws, Dev=account(), Set=permission_set())
    newer = {"Resources": {"Dev": account(), "Set": permission_set()}, "Metadata": {"OrgBaseline": {"Format": 2}}}
    patient.intercept("GetTemplate", lambda _ask, _arguments: {"TemplateBody": json.dumps(newer)})
    [found] = look(patient, Dev=account(Email="aws+new@acme.com"))
    assert_found(found, Status.UNKNOWN, "metadata-newer", "Metadata.OrgBaseline", "1", "2")
    [step] = found.next
    assert step.startswith("Update org_constructs")


def test_looks_for_each_stack_in_its_own_region(patient: Patient, aws: LocalAws) -> None:
    dev = {"Dev": account()}
    cloudformation = aws._running.client("cloudformation", "eu-west-1")
    cloudformation.create_stack(StackName="Org", TemplateBody=json.dumps({"Resources": dev}))
    stacks = {
        "People": stack({"Set": permission_set()}, environment=f"aws://{MANAGEMENT}/us-east-1"),
        "Org": stack(dev, environment=f"aws://{MANAGEMENT}/eu-west-1"),
    }
    write_assembly(patient.folder, stacks)
    assert [found.code for found in patient.look("deployed")] == ["deployed-unchanged"]
