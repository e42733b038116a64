"""An account's life, on a local AWS: another name and address, and closing, refused and interrupted at every step."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from unittest.mock import patch

import aws_cdk as cdk
import boto3
import pytest
from botocore.exceptions import EndpointConnectionError
from click.testing import CliRunner

from cloud_assembly import write_assembly
from drifting import NAME, World, display_names, synthesize
from in_process import local_aws
from made_by_hand import INSTANCE, MANAGEMENT, STORE
from org_constructs import AccountProps, AssignmentProps, IdentityCenter, OrganizationalUnitProps, PolicyType, UserProps
from org_constructs.access_diff.comparison import State as Side
from org_constructs.access_diff.comparison import compare
from org_constructs.access_diff.deploy import deploy
from org_constructs.access_diff.wording import plain
from org_constructs.aws.resource_types import ACCOUNT
from org_constructs.commands import main
from org_constructs.deploy_policy import account_life_policy, make_deploy_policy
from org_constructs.doctor import deployed
from org_constructs.doctor.examination import Assembly, Examination
from org_constructs.doctor.finding import Finding, Status
from org_constructs.drift.finding import How
from org_constructs.live.description import describe_live
from org_constructs.live.organization import LiveOrganization
from org_constructs.matching import State
from org_constructs.matching.adopt import plan_adoption
from org_constructs.rehearsal.local_aws import Existing
from org_constructs.rehearsal.local_aws.cloudformation.api import backend_of as cloudformation_of
from org_constructs.rehearsal.local_aws.services import account_access, organizations
from org_constructs.rehearsal.local_aws.services.account_management import codes_of
from org_constructs.report.model import make_report
from org_constructs.report.text import render_text
from org_constructs.rules import RULES
from org_constructs.templates.assembly import describe_stacks
from org_constructs.templates.metadata import DISPLAY_NAMES
from org_constructs.templates.resources import Template, Templates
from refusals import without_ids

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from click.testing import Result

OLD: Final = AccountProps(key="old")
DEV: Final = AccountProps(key="dev", organizational_unit="workloads")
CALLED: Final = replace(DEV, display_name="Acme Development")
CLOSING: Final = replace(DEV, closing=True)


def given(*accounts: AccountProps) -> dict[str, Any]:
    dax = UserProps(user_name="dax@acme.com", given_name="Dax", family_name="Acme")
    return {
        "env": cdk.Environment(account=MANAGEMENT, region="us-east-1"),
        "company": "acme",
        "email": "aws@acme.com",
        "identity_center": IdentityCenter(instance_arn=INSTANCE, identity_store_id=STORE),
        "organizational_units": [OrganizationalUnitProps(name="workloads")],
        "accounts": [*accounts, OLD],
        "users": [dax],
        "assignments": [
            AssignmentProps(
                principal="Administrators", permission_set="AdministratorAccess", targets=["management", "dev", "old"]
            )
        ],
        "enabled_policy_types": [PolicyType.SERVICE_CONTROL_POLICY],
        "trusted_access": ["account.amazonaws.com"],
    }


TEMPLATES: Final = {each: synthesize(given(each)) for each in (DEV, CALLED, CLOSING)}


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """The organization with two accounts, deployed; and a folder with its assembly."""
    with local_aws(
        MANAGEMENT,
        "us-east-1",
        management_account_email="aws@acme.com",
        new_organization_policy_types=("SERVICE_CONTROL_POLICY",),
    ) as aws:
        aws.seed(Existing(instance_arn=INSTANCE, identity_store_id=STORE))
        made = World(aws, TEMPLATES[DEV])
        made.deploy()
        made.client("organizations").enable_aws_service_access(ServicePrincipal="account.amazonaws.com")
        monkeypatch.chdir(tmp_path)
        session = type("Session", (), {"client": lambda _, name, **__: aws.client(name), "region_name": "us-east-1"})
        monkeypatch.setattr(boto3, "Session", lambda **_: session())
        yield made


def write(world: World, account: AccountProps) -> None:
    """Do as `cdk synth` does."""
    world.template = TEMPLATES[account]
    world.display_names = display_names(given(account), world.template)
    write_out(world)


def write_out(world: World, name: str = NAME) -> None:
    names = [{"type": DISPLAY_NAMES, "data": world.display_names}]
    whole = {
        "template": world.template,
        "environment": f"aws://{MANAGEMENT}/us-east-1",
        "artifact": {"metadata": {f"/{NAME}": names}},
    }
    write_assembly(Path("cdk.out"), {name: whole})


def account_id(world: World, name: str = "acme-dev") -> str:
    return next(each.id for each in world.live.accounts() if each.name == name)


def run(*arguments: str, typed: str | None = None) -> Result:
    """Run the command; with what is typed it has a terminal."""
    with patch("org_constructs.commands.account.sys") as system:
        system.stdin.isatty.return_value = typed is not None
        return CliRunner().invoke(main, ["account", *arguments], input=typed)


def states(world: World) -> dict[str, str]:
    return {each.name: each.state for each in world.live.accounts()}


OPEN: Final = {"management": "ACTIVE", "acme-dev": "ACTIVE", "acme-old": "ACTIVE"}


_TIME: Final = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d|\br-[0-9a-z]{4}\b(?!-)")
SAID: Final = json.loads((Path(__file__).parent / "__snapshots__" / "account_life.json").read_text(encoding="utf-8"))
"""The sentences of each code, without ids and times."""


def refused(result: Result, code: str) -> str:
    """Assert that a command refuses, and return what it says."""
    assert (result.exit_code, f"[{code}]") == (2, result.output.strip().splitlines()[-1]), result.output
    sentence = result.output.rpartition("Error: ")[2].partition("\n")[0]
    assert _TIME.sub("TIME", without_ids(sentence)) in SAID[code]
    return result.output


def wait(**since: int) -> None:
    """Let time go by since the last deploy."""
    for stack in cloudformation_of(MANAGEMENT, "us-east-1").all_stacks:
        for key, each in stack.resources.items():
            stack.resources[key] = replace(each, changed=each.changed - timedelta(**since))


def close_down(world: World) -> None:
    """Have the account be closing, for as long as it takes."""
    write(world, CLOSING)
    world.deploy()
    wait(days=7)


# Closing


def test_closes_the_account_whose_id_is_typed_and_then_the_line_can_go(world: World) -> None:
    dev = account_id(world)
    close_down(world)
    result = run("close", "dev", typed=f"{dev}\n")
    assert result.exit_code == 0, result.output
    assert "aws+dev@acme.com" in result.output
    assert states(world) == {**OPEN, "acme-dev": "CLOSED"}
    again = run("close", "dev")
    assert (again.exit_code, "closed already" in again.output) == (0, True)
    units = given()["organizational_units"]
    without = {**given(), "assignments": [], "organizational_units": [*units, OrganizationalUnitProps(name="closing")]}
    world.template = synthesize(without)
    world.deploy()
    assert states(world) == {**OPEN, "acme-dev": "CLOSED"}
    assert world.look().drifts == ()


def test_takes_the_id_as_an_option_where_nobody_can_be_asked(world: World) -> None:
    close_down(world)
    refused(run("close", "dev"), "close-id-missing")
    assert states(world) == OPEN
    assert run("close", "dev", "--account-id", account_id(world)).exit_code == 0
    assert states(world)["acme-dev"] == "CLOSED"


@pytest.mark.parametrize("typed", ["", "dev", "acme-dev", "yes", "111122223333", "OLD", "other"])
def test_closes_nothing_if_anything_else_is_typed(world: World, typed: str) -> None:
    close_down(world)
    text = {"OLD": account_id(world, "acme-old"), "other": "000000000000"}.get(typed, typed)
    refused(run("close", "dev", "--account-id", text), "close-id-different")
    result = run("close", "dev", typed=f"{text}\n" if text else "")
    assert result.exit_code != 0
    assert states(world) == OPEN


def test_closes_nothing_before_the_steps_are_done(world: World) -> None:
    """Each step by itself, in its order: what it lacks is said, and the id does not help."""
    dev = account_id(world)
    write(world, DEV)
    with_id = ("close", "dev", "--account-id", dev)
    refused(run("close", "management", "--account-id", MANAGEMENT), "close-management")
    assert "dev, old" in refused(run("close", "prod", "--account-id", dev), "account-unknown")
    refused(run(*with_id), "close-not-closing")
    write(world, CLOSING)
    refused(run(*with_id), "close-not-closing")  # not deployed yet
    world.deploy()
    refused(run(*with_id), "close-too-early")
    wait(days=6, hours=23)
    assert "7 days" in refused(run(*with_id), "close-too-early")
    wait(hours=1)
    write(world, DEV)
    refused(run(*with_id), "close-not-closing")  # the app takes it back
    write(world, CLOSING)
    assert states(world) == OPEN
    assert run(*with_id).exit_code == 0


def test_what_a_deploy_changes_in_it_counts_from_then(world: World) -> None:
    close_down(world)
    world.template = synthesize(given(replace(CLOSING, tags={"why": "moved"})))
    world.deploy()
    refused(run("close", "dev", "--account-id", account_id(world)), "close-too-early")


def assignment_in(world: World, target: str) -> dict[str, str]:
    [arn] = world.live.permission_set_arns(INSTANCE)
    [dax] = world.live.users(STORE)
    return {
        "InstanceArn": INSTANCE,
        "TargetId": target,
        "TargetType": "AWS_ACCOUNT",
        "PermissionSetArn": arn,
        "PrincipalType": "USER",
        "PrincipalId": dax.id,
    }


def test_closes_nothing_while_somebody_has_access(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The instance may be in another region than the stacks, and a member account may have one of its own."""
    close_down(world)
    dev, live = account_id(world), world.live
    assigned = assignment_in(world, dev)
    [own] = live.instances()
    theirs = replace(own, arn="arn:aws:sso:::instance/ssoins-00000000", owner_account_id=dev)
    monkeypatch.setattr(
        LiveOrganization, "instances", lambda _, *, everywhere=False: (theirs, own) if everywhere else ()
    )
    world.client("sso-admin").create_account_assignment(**assigned)
    assert "AdministratorAccess" in refused(run("close", "dev", "--account-id", dev), "close-assigned")
    assert states(world) == OPEN
    world.client("sso-admin").delete_account_assignment(**assigned)
    granted = {
        "principal": {"identityCenter": {"userId": assigned["PrincipalId"]}},
        "account": dev,
        "roleArn": f"arn:aws:iam::{dev}:role/Owner",
    }
    entitled = {"entitlementId": "ent-1", "createdAt": 0, "entitlement": {"principalRole": granted}}
    application = "arn:aws:account-access::111122223333:application/app-1"
    monkeypatch.setitem(account_access.entitlements, application, [entitled])
    assert "--entitlement-id ent-1" in refused(run("close", "dev", "--account-id", dev), "close-assigned")
    assert states(world) == OPEN
    granted["account"] = account_id(world, "acme-old")
    assert run("close", "dev", "--account-id", dev).exit_code == 0


def delegate(world: World, account: str) -> None:
    client = world.client("organizations")
    client.enable_aws_service_access(ServicePrincipal="guardduty.amazonaws.com")
    client.register_delegated_administrator(AccountId=account, ServicePrincipal="guardduty.amazonaws.com")


def move_out(world: World, account: str) -> None:
    [there] = [each.parent_id for each in world.live.accounts() if each.id == account]
    world.client("organizations").move_account(
        AccountId=account, SourceParentId=there, DestinationParentId=world.live.root().id
    )


@pytest.mark.parametrize(
    ("meanwhile", "code"),
    [
        (
            lambda world, dev: world.client("sso-admin").create_account_assignment(**assignment_in(world, dev)),
            "assigned",
        ),
        (delegate, "delegated"),
        (move_out, "not-denied"),
    ],
    ids=["assigned", "delegated", "moved"],
)
def test_looks_again_once_the_id_is_typed(world: World, meanwhile: Callable[[World, str], object], code: str) -> None:
    close_down(world)
    dev = account_id(world)

    def prompt(*_: object, **__: object) -> str:
        meanwhile(world, dev)
        return dev

    with patch("org_constructs.commands.account.click.prompt", prompt):
        refused(run("close", "dev", typed=""), f"close-{code}")
    assert states(world) == OPEN


def test_closes_accounts_where_the_region_has_no_account_access_manager(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nowhere(_: LiveOrganization) -> None:
        raise EndpointConnectionError(endpoint_url=f"https://{host}.eu-central-2.amazonaws.com/applications-list")

    close_down(world)
    monkeypatch.setattr(LiveOrganization, "entitlement_applications", nowhere)
    host = "sso"
    assert run("close", "dev", "--account-id", account_id(world)).exit_code != 0
    assert states(world) == OPEN
    host = "account-access"
    assert run("close", "dev", "--account-id", account_id(world)).exit_code == 0


def test_closes_no_delegated_administrator(world: World) -> None:
    close_down(world)
    dev = account_id(world)
    delegate(world, dev)
    assert "guardduty.amazonaws.com" in refused(run("close", "dev", "--account-id", dev), "close-delegated")
    assert states(world) == OPEN


@pytest.mark.parametrize("step", ["moved out", "detached", "emptied"])
def test_closes_nothing_that_somebody_opened_again_by_hand(world: World, step: str) -> None:
    close_down(world)
    dev, client, live = account_id(world), world.client("organizations"), world.live
    [unit] = [each.id for each in live.all_organizational_units() if each.name == "closing"]
    if step == "moved out":
        move_out(world, dev)
    else:
        [policy] = [each.id for each in live.policies("SERVICE_CONTROL_POLICY") if each.name == "ClosingAccounts"]
        if step == "detached":
            client.detach_policy(PolicyId=policy, TargetId=unit)
        else:
            content = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
            client.update_policy(PolicyId=policy, Content=json.dumps(content))
    code = "close-denial-changed" if step == "emptied" else "close-not-denied"
    refused(run("close", "dev", "--account-id", dev), code)
    assert states(world) == OPEN


def test_an_account_that_aws_restricts_is_not_taken_for_closed(world: World) -> None:
    close_down(world)
    found = organizations.backend_of(MANAGEMENT).get_account_by_id(account_id(world))
    found.status = found.state = "SUSPENDED"  # no API does it
    assert "AWS Support" in refused(run("close", "dev", "--account-id", found.id), "close-not-active")
    refused(run("email", "dev", NEW), "email-account-not-active")
    [drift] = world.look().drifts
    assert (drift.code, drift.id) == ("drift-not-active", found.id)
    assert "AWS Support" in drift.take_back.text


@pytest.mark.parametrize(
    ("limit", "value", "code"),
    [("CLOSED_IN_30_DAYS", (0, 0, 0), "close-quota"), ("CLOSED_AT_ONCE", 0, "close-at-once")],
)
def test_says_which_limit_of_aws_is_reached(
    world: World, limit: str, value: object, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    close_down(world)
    monkeypatch.setattr(organizations, limit, value)
    refused(run("close", "dev", "--account-id", account_id(world)), code)
    assert states(world) == OPEN


def test_killed_at_any_step_nothing_is_closed_but_by_the_last(world: World) -> None:
    close_down(world)
    dev = account_id(world)
    order: list[str] = []
    limit = 0

    def killed(model: Any, **_: object) -> None:
        order.append(model.name)
        if len(order) > limit:
            raise KeyboardInterrupt

    services = ("cloudformation", "organizations", "sso-admin", "sts", "account-access")
    for each in services:
        world.client(each).meta.events.register_first("before-call", killed, unique_id="killed")
    while True:
        order.clear()
        result = run("close", "dev", "--account-id", dev)
        if result.exit_code == 0:
            break
        assert order[-1] != "CloseAccount" or len(order) == limit + 1
        interrupted = list(order)
        keep, limit = limit, 10_000
        assert states(world) == OPEN, interrupted
        limit = keep + 1
    assert order[-1] == "CloseAccount"
    assert order.count("CloseAccount") == 1
    assert limit == len(order) > 8


# A name


def test_a_rename_is_no_difference_of_the_template_and_drifts_nowhere(world: World) -> None:
    assert TEMPLATES[CALLED] == TEMPLATES[DEV]
    dev = account_id(world)
    world.client("account").put_account_name(AccountId=dev, AccountName="Acme Development")
    [drift] = world.look().drifts
    assert (drift.code, drift.id, drift.take_over.how) == ("drift-account-changed", dev, How.PASTE)
    [paste] = drift.take_over.pastes
    assert (paste.place, paste.lines) == ('AccountProps(key="dev")', ('display_name="Acme Development",',))
    write(world, CALLED)
    assert world.look().drifts == ()
    world.client("account").put_account_name(AccountId=dev, AccountName="acme-dev")
    [drift] = world.look().drifts
    assert [(each.template, each.found) for each in drift.changes] == [("Acme Development", "acme-dev")]


def described(world: World) -> Any:
    return describe_stacks([world.stack])[0]


def test_the_report_and_the_access_diff_say_what_people_see(world: World) -> None:
    before = described(world)
    write(world, CALLED)
    after = described(world)
    [line] = [each for each in render_text(make_report(after)).splitlines() if "acme-dev (" in each]
    assert "(called Acme Development)" in line
    [change] = compare(Side.of(before), Side.of(after)).changes
    assert plain(change.sentence) == (
        "account acme-dev will be called Acme Development, once the doctor has renamed it"
    )


def test_adopt_takes_an_account_by_the_name_that_people_see(world: World) -> None:
    world.client("account").put_account_name(AccountId=account_id(world), AccountName="Acme Development")
    for account, state in ((DEV, State.IN_THE_WAY), (CALLED, State.ADOPTED)):
        write(world, account)
        stack = world.stack
        other = type(stack)(**{**vars(stack), "id": "Another", "name": "Another"})
        [match] = (
            each
            for each in plan_adoption([other], other, world.live).matches
            if each.type == ACCOUNT and "dev" in each.name
        )
        assert match.state is state


# What the tools say of an account that is closing


def test_nobody_keeps_access_to_an_account_that_is_closing(world: World) -> None:
    before = described(world)
    write(world, CLOSING)
    after = described(world)
    said = {plain(each.sentence) for each in compare(Side.of(before), Side.of(after)).changes}
    assert said == {
        "dax@acme.com no longer has AdministratorAccess in acme-dev (was through group Administrators)",
        "service control policy ClosingAccounts now applies to acme-dev",
        "account acme-dev moves from unit workloads to unit closing",
    }
    assert "acme-dev (closing)" in render_text(make_report(after))
    world.deploy()
    assert world.look().drifts == ()
    live = describe_live(world.live, own_stacks={NAME})
    assert {live.accounts[each.account].name for each in live.assignments} == {"management", "acme-old"}
    back = {plain(each.sentence) for each in compare(*deploy(live, before)).changes}
    assert "dax@acme.com has AdministratorAccess in acme-dev (through group Administrators)" in back, back
    write(world, DEV)
    world.deploy()
    moved = next(each for each in world.live.accounts() if each.name == "acme-dev")
    [unit] = [each for each in world.live.all_organizational_units() if each.id == moved.parent_id]
    assert unit.name == "workloads"


def test_no_rule_finds_anything_in_an_account_that_is_closing() -> None:
    found = {
        account: [
            each.detail
            for rule in RULES
            for each in rule.find(
                Templates([Template(path=f"{NAME}.template.json", stack=NAME, body=TEMPLATES[account])])
            )
        ]
        for account in (DEV, CLOSING)
    }
    assert found[CLOSING] == found[DEV]


def test_adopt_takes_the_unit_that_an_earlier_closing_left(world: World) -> None:
    close_down(world)
    write(world, DEV)
    world.deploy()
    assert "closing" in {each.name for each in world.live.all_organizational_units()}
    write(world, CLOSING)
    with pytest.raises(AssertionError, match="already exists"):
        world.deploy()
    found = {each.name: each.state for each in plan_adoption([world.stack], world.stack, world.live).matches}
    assert found["closing"] is State.ADOPTED
    world.adopt()
    world.deploy()
    assert examined().keys() == {"closing-from"}


def test_a_deploy_may_move_it(world: World) -> None:
    allowed = make_deploy_policy([World(world.aws, TEMPLATES[CLOSING]).stack], organization_id="o-exampleorg1")
    said = json.dumps(allowed.statements, default=str)
    assert all(f"organizations:{each}" in said for each in ("MoveAccount", "CreatePolicy", "AttachPolicy"))
    assert "organizations:CloseAccount" not in said


# What the doctor says before and after


def examined() -> dict[str, Finding]:
    """Look at what is deployed, as the doctor does: what it says of closing, by the codes."""
    examination = Examination(assembly=Assembly.read(Path("cdk.out")), where=Path())
    return {each.code: each for each in deployed.CHECK.look(examination) if each.code.startswith("closing-")}


def test_the_doctor_says_from_when_an_account_may_be_closed(world: World) -> None:
    write(world, CLOSING)
    assert examined() == {}
    world.deploy()
    [found] = examined().values()
    [_, may_from] = re.findall(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC", refused(run("close", "dev"), "close-too-early"))
    assert (found.code, found.status, may_from in found.found) == ("closing-from", Status.OK, True)
    move_out(world, account_id(world))
    assert examined() == {}


def adopting() -> str:
    """What `org-baseline adopt` says."""
    return CliRunner().invoke(main, ["adopt", "--dry-run"]).stdout


def test_the_doctor_lists_accounts_of_others_where_everything_is_denied(world: World) -> None:
    client, root = world.client("organizations"), world.live.root().id
    unit = client.create_organizational_unit(ParentId=root, Name="closing")["OrganizationalUnit"]["Id"]
    inner = client.create_organizational_unit(ParentId=unit, Name="inner")["OrganizationalUnit"]["Id"]
    made = client.create_account(AccountName="theirs", Email="theirs@acme.com")["CreateAccountStatus"]["AccountId"]
    client.move_account(AccountId=made, SourceParentId=root, DestinationParentId=inner)
    write(world, DEV)
    assert examined() == {}
    write(world, CLOSING)
    [found] = examined().values()
    assert (found.code, found.status) == ("closing-unit-shared", Status.PROBLEM)
    theirs = f"theirs <theirs@acme.com> ({made})"
    assert theirs in found.found
    assert f"Is denied everything with a deploy (1)\n  {theirs}\n" in adopting()
    write_out(world, "NotDeployed")
    assert examined() == {found.code: found}
    assert theirs in adopting()
    write_out(world)
    [step] = found.next
    world.run(step.split("`")[1])
    assert examined() == {}
    for each in (inner, unit):
        client.delete_organizational_unit(OrganizationalUnitId=each)
    close_down(world)
    [unit] = [each.id for each in world.live.all_organizational_units() if each.name == "closing"]
    client.move_account(AccountId=made, SourceParentId=root, DestinationParentId=unit)
    assert examined()["closing-unit-shared"].status is Status.WARNING
    assert theirs not in adopting()  # a deploy has denied it everything before
    client.close_account(AccountId=made)
    assert examined().keys() == {"closing-from"}


def test_the_doctor_says_how_to_keep_the_unit_before_a_deploy_leaves_it_behind(world: World) -> None:
    close_down(world)
    write(world, DEV)
    [found] = examined().values()
    assert (found.code, found.status) == ("closing-unit-left", Status.WARNING)
    assert found.paste == ('OrganizationalUnitProps(name="closing"),',)
    units = [*given()["organizational_units"], OrganizationalUnitProps(name="closing")]
    world.template = synthesize({**given(DEV), "organizational_units": units})
    write_out(world)
    assert examined() == {}
    world.deploy()
    write(world, CLOSING)
    world.deploy()
    assert examined().keys() == {"closing-from"}


# An e-mail address

NEW: Final = "dev@acme.com"


def address(world: World, name: str = "acme-dev") -> str:
    return next(each.email for each in world.live.accounts() if each.name == name)


def test_changes_an_address_with_the_code_that_is_typed(world: World) -> None:
    write(world, DEV)
    before = TEMPLATES[DEV]["Resources"]
    sent: list[str] = []

    def prompt(*_: object, **__: object) -> str:
        sent.append(codes_of(MANAGEMENT)[account_id(world)][1])
        return sent[0]

    with patch("org_constructs.commands.account.click.prompt", prompt):
        result = run("email", "dev", NEW, typed="")
    assert (result.exit_code, address(world)) == (0, NEW), result.output
    assert "already" in run("email", "dev", NEW).output
    # The template has the address that the account was made with, and CloudFormation compares templates.
    assert any(each.get("Properties", {}).get("Email") == "aws+dev@acme.com" for each in before.values())
    world.template = synthesize(given(replace(DEV, tags={"team": "dev"})))
    world.deploy()
    assert address(world) == NEW
    [drift] = world.look().drifts
    assert (drift.code, [each.property for each in drift.changes]) == ("drift-account-changed", ["Email"])


def test_goes_on_with_the_code_after_an_interruption(world: World) -> None:
    write(world, DEV)
    started = run("email", "dev", NEW)
    assert (started.exit_code, "--otp" in started.output) == (0, True)
    code = codes_of(MANAGEMENT)[account_id(world)][1]
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    refused(run("email", "dev", NEW, "--otp", wrong), "email-code-wrong")
    refused(run("email", "dev", NEW, "--otp", "12"), "email-code-form")
    assert address(world) == "aws+dev@acme.com"
    assert run("email", "dev", NEW, "--otp", code).exit_code == 0
    assert address(world) == NEW


def test_interrupted_at_the_code_it_begins_anew(world: World) -> None:
    write(world, DEV)
    run("email", "dev", NEW)
    first = codes_of(MANAGEMENT)[account_id(world)]
    result = run("email", "dev", NEW, typed="")  # the terminal is closed
    assert result.exit_code == 1
    assert codes_of(MANAGEMENT)[account_id(world)] != first
    assert address(world) == "aws+dev@acme.com"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("management", NEW), "email-of-management"),
        (("prod", NEW), "account-unknown"),
        (("dev", "aws+old@acme.com"), "email-taken"),
        (("dev", "AWS@acme.com"), "email-taken"),
        (("dev", "not an address"), "email-form"),
        (("dev", "a@b.c"), "wrong-length"),
        (("dev", NEW, "--otp", "123456"), "email-not-started"),
    ],
    ids=lambda each: each if isinstance(each, str) else "-".join(each[:2]).replace(" ", "_"),
)
def test_refuses_what_cannot_become_an_address(world: World, arguments: tuple[str, ...], code: str) -> None:
    write(world, DEV)
    before = {each.id: each.email for each in world.live.accounts()}
    refused(run("email", *arguments), code)
    assert {each.id: each.email for each in world.live.accounts()} == before
    assert codes_of(MANAGEMENT) == {}


def test_refuses_without_trusted_access_and_of_what_is_closed(world: World) -> None:
    write(world, DEV)
    world.client("organizations").disable_aws_service_access(ServicePrincipal="account.amazonaws.com")
    refused(run("email", "dev", NEW), "email-needs-service")
    world.client("organizations").close_account(AccountId=account_id(world))
    refused(run("email", "dev", NEW), "email-account-not-active")


def test_says_that_another_organization_has_the_address(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    write(world, DEV)
    monkeypatch.setattr(organizations.LocalOrganizations, "email_is_taken", lambda *_: True)
    refused(run("email", "dev", NEW), "email-taken-elsewhere")


# Which account


def test_knows_accounts_of_its_own_alone(world: World) -> None:
    template = synthesize({**given(DEV), "accounts": [DEV, OLD, AccountProps(key="theirs", account_id="444455556666")]})
    world.template = template
    whole = {"template": template, "environment": f"aws://{MANAGEMENT}/us-east-1", "artifact": {}}
    write_assembly(Path("cdk.out"), {NAME: whole})
    refused(run("close", "theirs"), "account-of-others")
    world.client("cloudformation").delete_stack(StackName=NAME)
    refused(run("close", "dev"), "account-not-deployed")


def test_says_that_an_account_has_left(world: World) -> None:
    write(world, DEV)
    backend = organizations.backend_of(MANAGEMENT)
    backend.accounts.remove(backend.get_account_by_id(account_id(world)))
    refused(run("close", "dev"), "account-gone")


def test_calls_nothing_that_its_policy_does_not_allow(world: World) -> None:
    actions = [each["Action"] for each in account_life_policy()["Statement"]]
    allowed = {action for each in actions for action in ([each] if isinstance(each, str) else each)}
    operations = {action.partition(":")[2] for action in allowed} | {"GetCallerIdentity"}
    made: set[str] = set()
    write(world, DEV)
    for each in ("cloudformation", "organizations", "sso-admin", "sts", "account", "account-access"):
        world.client(each).meta.events.register_first("before-call", lambda model, **_: made.add(model.name))
    run("email", "dev", NEW)
    run("email", "dev", NEW, "--otp", codes_of(MANAGEMENT)[account_id(world)][1])
    close_down(world)
    made.clear()
    assert run("close", "dev", "--account-id", account_id(world)).exit_code == 0
    assert made - operations == set()
    assert "CloseAccount" in made
