"""200 random edits by hand in an organization of 30 accounts: all are found, no other, and each way back works."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from contextlib import suppress
from random import Random
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

from drifting import World, arguments, display_names, synthesize
from hand_edits import EDITS, MANAGED, Hands, OccupiedError
from in_process import local_aws
from made_by_hand import INSTANCE, MANAGEMENT, STORE
from org_constructs import GroupProps
from org_constructs.drift.finding import How
from org_constructs.live.organization import LiveOrganization
from org_constructs.rehearsal.local_aws import Existing
from org_constructs.rehearsal.local_aws.services import account_access
from org_constructs.rehearsal.local_aws.services.organizations import backend_of
from org_constructs.templates.description import Whence
from pasting import all_of, lists, paste

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from syrupy.assertion import SnapshotAssertion

    from org_constructs.drift.finding import Drift, Report, Way

pytestmark = pytest.mark.long

_NAMES = re.compile(r"(?<=assignment of )\S+ to \S+(?=,| out)")
"""What differs between the assignments of one set to one group and those of another."""

EDITED = 200
AT_ONCE = 40


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    types = ("SERVICE_CONTROL_POLICY", "BACKUP_POLICY")
    with local_aws(
        MANAGEMENT, "us-east-1", management_account_email="aws@acme.com", new_organization_policy_types=types
    ) as aws:
        aws.seed(Existing(instance_arn=INSTANCE, identity_store_id=STORE))
        made = World(aws, synthesize(arguments()))
        made.deploy()
        made.prepare()
        yield made


def found_in(report: Report) -> Counter[tuple[str, str | None]]:
    return Counter((each.code, each.id) for each in report.drifts)


def take_back(world: World, report: Report, only: Callable[[Drift], bool] = lambda _: True) -> None:
    """Follow the way back of all that has drifted."""
    drifts = [each for each in report.drifts if only(each)]
    out = [each.logical_id for each in drifts if each.take_back.how is How.OUT_AND_IN]
    described = [each.logical_id for each in drifts if each.take_back.how is How.CHANGE_DESCRIPTION]
    for each in drifts:
        if each.take_back.how is How.ELSEWHERE:
            account = backend_of(MANAGEMENT).get_account_by_id(each.id or "")  # AWS Support reopens it
            account.status = account.state = "ACTIVE"
            continue
        for command in each.take_back.commands:
            world.run(command)
    if out:
        world.deploy(world.without(out))
    for name in described:
        properties = world.template["Resources"][name]["Properties"]
        properties["Description"] = "Again" if properties.get("Description") != "Again" else "Once more"
    world.deploy()


def in_words(way: Way) -> str:
    return f"{_NAMES.sub('…', way.text)}; {'safe' if way.safe else 'not safe'}"


def test_nothing_drifts_after_a_deploy(world: World) -> None:
    report = world.look()
    assert (report.drifts, report.unread) == ((), ())
    assert {(each.kind, each.origin, each.names) for each in report.others} == {
        ("assignments", "stack Other", ("Others: ReadOnly in acme-c-dev",)),
        ("groups", "stack Other", ("Others",)),
        ("memberships", "stack Other", ("lou@acme.com in Administrators",)),
        ("permission sets", "stack Other", ("Other",)),
        ("policies", "stack Other", ("Other",)),
        ("units", "stack Other", ("other",)),
    }


def test_says_what_to_do(world: World, snapshot: SnapshotAssertion) -> None:
    """The wordings of each code, asserted once."""
    hands = Hands(world, Random(1))  # noqa: S311 (nothing secret)
    for edit in EDITS:
        for _ in range(20):
            with suppress(OccupiedError):
                edit(hands)
                break
    report = world.look()
    assert found_in(report) == hands.expected
    said: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for each in report.drifts:
        # Scripts read how it is done.
        assert [way.how is not How.NOTHING for way in (each.take_back, each.take_over)] == [
            True,
            each.take_over.possible,
        ]
        ways = (each.take_back, each.take_over, each.leave)
        said[each.code].add(tuple(map(in_words, ways)))
    assert {code: sorted(texts) for code, texts in sorted(said.items())} == snapshot
    take_back(world, report)
    assert found_in(world.look()) == Counter()


def test_finds_every_edit_and_no_other_and_takes_each_back(world: World) -> None:
    made: Counter[str] = Counter()
    for number in range(EDITED // AT_ONCE):
        hands = Hands(world, Random(number))  # noqa: S311 (nothing secret)
        # Each kind at least once, in the first round that has room for it.
        waiting = [each for each in EDITS if each.__name__ not in made] * 5
        while waiting or sum(made.values()) < AT_ONCE * (number + 1):
            edit = waiting.pop() if waiting else hands.random.choice(EDITS)
            if waiting and edit.__name__ in made:
                continue
            with suppress(OccupiedError):
                edit(hands)
                made[edit.__name__] += 1
        report = world.look()
        assert found_in(report) == hands.expected
        assert {each.origin.whence for each in report.drifts if each.origin} <= {Whence.HAND}
        assert report.unread == ()
        take_back(world, report)
        assert found_in(world.look()) == Counter()
    assert sum(made.values()) >= EDITED
    assert set(made) == {each.__name__ for each in EDITS}


def test_detaches_what_no_update_detaches(world: World) -> None:
    arn = next(each.arn for each in world.live.permission_sets(INSTANCE) if each.name == "Inline")
    world.client("sso-admin").attach_managed_policy_to_permission_set(
        InstanceArn=INSTANCE, PermissionSetArn=arn, ManagedPolicyArn=f"{MANAGED}SecurityAudit"
    )
    report = world.look()
    [found] = report.drifts
    assert found.take_back.how is How.CHANGE_DESCRIPTION
    command = (
        f"aws sso-admin detach-managed-policy-from-permission-set --instance-arn {INSTANCE} --permission-set-arn {arn}"
        f" --managed-policy-arn {MANAGED}SecurityAudit --region us-east-1"
    )
    assert found.take_back.commands == (command,)
    take_back(world, report)
    assert found_in(world.look()) == Counter()


def test_names_the_unit_that_an_account_was_moved_to(world: World) -> None:
    organizations, live = world.client("organizations"), world.live
    account = next(each for each in live.accounts() if each.name == "acme-a-dev")
    units = {each.id: each for each in live.all_organizational_units()}
    made = organizations.create_organizational_unit(ParentId=account.parent_id, Name="quarantine")
    unit = made["OrganizationalUnit"]["Id"]
    organizations.move_account(AccountId=account.id, SourceParentId=account.parent_id, DestinationParentId=unit)
    report = world.look()
    [moved] = [each for each in report.drifts if each.code == "drift-moved"]
    path, parent = ["quarantine"], account.parent_id
    while parent in units:
        path, parent = [units[parent].name, *path], units[parent].parent_id
    assert moved.what == f"was moved to {'/'.join(path)} ({unit})"
    take_back(world, report)
    assert found_in(world.look()) == Counter()


def test_an_account_of_a_deleted_unit_is_adopted_again(world: World) -> None:
    organizations, live = world.client("organizations"), world.live
    parents = {each.name: each for each in live.all_organizational_units()}
    unit = parents["production"]
    inside = [each for each in live.accounts() if each.parent_id == unit.id]
    for each in inside:
        organizations.move_account(AccountId=each.id, SourceParentId=unit.id, DestinationParentId=live.root().id)
    for policy in live.policies("BACKUP_POLICY"):
        if unit.id in live.policy_targets(policy.id):
            organizations.detach_policy(PolicyId=policy.id, TargetId=unit.id)
    organizations.delete_organizational_unit(OrganizationalUnitId=unit.id)
    report = world.look()
    assert found_in(report) == Counter({("drift-gone", unit.id): 1, **{("drift-moved", each.id): 1 for each in inside}})
    assert {each.take_back.how for each in report.drifts} == {How.OUT_AND_ADOPT}
    assert {way.safe for each in report.drifts for way in (each.take_back, each.take_over)} == {False}
    world.deploy(world.without([each.logical_id for each in report.drifts], accounts=True))
    world.adopt()
    world.deploy()
    assert found_in(world.look()) == Counter()


def test_what_went_with_a_deleted_group_is_counted(world: World) -> None:
    group = next(each for each in world.live.groups(STORE) if each.name == "Administrators")
    world.client("identitystore").delete_group(IdentityStoreId=STORE, GroupId=group.id)
    report = world.look()
    gone = next(each for each in report.drifts if each.id == group.id)
    assert gone.what == "was deleted, and with it 2 memberships and 11 assignments"
    take_back(world, report)
    assert found_in(world.look()) == Counter()


def test_an_account_that_left_is_gone(world: World) -> None:
    account = next(each for each in world.live.accounts() if each.name == "acme-j-dev")
    backend_of(MANAGEMENT).accounts.remove(backend_of(MANAGEMENT).get_account_by_id(account.id))
    [left] = world.look().drifts
    assert (left.code, left.id, left.take_back.how) == ("drift-gone", account.id, How.ELSEWHERE)
    world.deploy(world.without([left.logical_id]))
    assert found_in(world.look()) == Counter()


def test_an_entitlement_by_hand_is_access(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    application, [user, *_] = "arn:aws:account-access::111122223333:application/app-1", world.live.users(STORE)
    account = next(each for each in world.live.accounts() if each.name == "acme-a-dev")
    granted = {
        "principal": {"identityCenter": {"userId": user.id}},
        "account": account.id,
        "roleArn": f"arn:aws:iam::{account.id}:role/Owner",
    }
    entitled = {"entitlementId": "ent-1", "entitlement": {"principalRole": granted}}
    monkeypatch.setitem(account_access.entitlements, application, [entitled])
    [found] = world.look().drifts
    assert (found.code, found.kind, found.id) == ("drift-added", "entitlement", "ent-1")
    assert found.name == f"{user.user_name}: {granted['roleArn']} in acme-a-dev"
    command = f"aws account-access delete-entitlement --application-arn {application} --entitlement-id ent-1"
    assert found.take_back.commands == (f"{command} --region us-east-1",)
    assert (found.take_back.safe, found.take_over.safe) == (False, True)


def test_contacts_of_member_accounts_need_trusted_access(world: World) -> None:
    world.client("organizations").disable_aws_service_access(ServicePrincipal="account.amazonaws.com")
    report = world.look()
    assert found_in(report) == Counter({("drift-service", "account.amazonaws.com"): 1})
    assert [each.code for each in report.unread] == ["drift-contacts-unreadable"]
    take_back(world, report)
    assert (world.look().drifts, world.look().unread) == ((), ())


def test_root_access_that_is_declared_and_not_enabled(world: World) -> None:
    given = arguments()
    given["groups"][1] = GroupProps(name="Developers", description="Since metadata alone is no change")
    world.template = synthesize({**given, "root_access": True})
    world.deploy()
    report = world.look()
    assert found_in(report) == Counter(
        {
            ("drift-service", "iam.amazonaws.com"): 1,
            ("drift-root-access", "RootCredentialsManagement"): 1,
            ("drift-root-access", "RootSessions"): 1,
        }
    )
    assert all("root_access=False," in each.take_over.pastes[0].lines for each in report.drifts)
    take_back(world, report)
    assert found_in(world.look()) == Counter()
    world.client("iam").disable_organizations_root_sessions()
    report = world.look()
    assert found_in(report) == Counter({("drift-root-access", "RootSessions"): 1})
    take_back(world, report)  # the next test has the same world


def test_delegated_administrators_are_compared_with_what_the_app_declares(world: World) -> None:
    service, given = "backup.amazonaws.com", arguments()
    given["groups"][1] = GroupProps(name="Developers", description="Since metadata alone is no change, again")
    ids = {each.name: each.id for each in world.live.accounts()}
    organizations = world.client("organizations")
    organizations.enable_aws_service_access(ServicePrincipal=service)
    organizations.register_delegated_administrator(AccountId=ids["acme-a-dev"], ServicePrincipal=service)
    world.template = synthesize({**given, "delegated_administrators": {service: ["a-dev", "b-dev"]}})
    world.deploy()
    report = world.look()
    missing = ("drift-delegation", f"{ids['acme-b-dev']}|{service}")
    assert found_in(report) == Counter({missing: 1})
    [paste] = report.drifts[0].take_over.pastes
    assert paste.lines == (f'delegated_administrators={{"{service}": ["a-dev"]}},',)
    take_back(world, report)
    organizations.register_delegated_administrator(AccountId=ids["acme-c-dev"], ServicePrincipal=service)
    report = world.look()
    assert found_in(report) == Counter({("drift-delegated", f"{ids['acme-c-dev']}|{service}"): 1})
    [paste] = report.drifts[0].take_over.pastes
    assert (paste.place, *paste.lines) == ("delegated_administrators", f'"{service}": ["a-dev", "b-dev", "c-dev"],')
    # Once the app says so, it is no drift, although no deploy brings metadata alone.
    world.template = synthesize({**given, "delegated_administrators": {service: ["a-dev", "b-dev", "c-dev"]}})
    assert found_in(world.look()) == Counter()
    organizations.disable_aws_service_access(ServicePrincipal=service)
    [found] = world.look().drifts
    assert (found.code, found.id) == ("drift-service", service)
    assert "delegated_administrators={}," in found.take_over.pastes[0].lines
    take_back(world, world.look())
    for each in ("a", "b", "c"):  # the next test has the same world
        organizations.deregister_delegated_administrator(AccountId=ids[f"acme-{each}-dev"], ServicePrincipal=service)
    world.template = synthesize(given)


def test_services_that_may_not_be_seen_are_not_gone(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*_: object) -> object:
        raise ClientError({"Error": {"Code": "AccessDeniedException"}}, "ListAWSServiceAccessForOrganization")

    monkeypatch.setattr(LiveOrganization, "trusted_services", denied)
    report = world.look()
    assert report.drifts == ()
    assert [each.code for each in report.unread] == ["drift-denied"] * 3


def test_takes_over_into_the_app_what_somebody_did(world: World) -> None:
    hands = Hands(world, Random(2))  # noqa: S311 (nothing secret)
    for edit in (*EDITS, *EDITS):
        for _ in range(20):
            with suppress(OccupiedError):
                edit(hands)
                break
    take_back(world, world.look(), only=lambda each: not each.take_over.possible)
    report = world.look()
    kinds = {(each.code, each.kind) for each in report.drifts}
    assert len(kinds) >= 20, kinds
    given = lists(arguments())
    for each in report.drifts:
        for command in each.take_over.commands:
            world.run(command)
    for pasted in all_of([pasted for each in report.drifts for pasted in each.take_over.pastes]):
        paste(given, pasted)
    out = [each.logical_id for each in report.drifts if each.take_over.how is How.TAKE_OUT]
    world.template = synthesize(given)
    world.display_names = display_names(given, world.template)
    world.template = world.without(out)
    world.adopt()
    world.deploy()
    assert found_in(world.look()) == Counter()
