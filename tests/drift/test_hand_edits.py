"""200 random edits by hand in an organization of 30 accounts: all are found, no other, and each way back works."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from contextlib import suppress
from random import Random
from typing import TYPE_CHECKING

import pytest

from drifting import World, arguments, synthesize
from hand_edits import EDITS, Hands, OccupiedError
from in_process import local_aws
from made_by_hand import INSTANCE, MANAGEMENT, STORE
from org_constructs.drift.finding import How
from org_constructs.rehearsal.local_aws import Existing
from org_constructs.rehearsal.local_aws.services.organizations import backend_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from syrupy.assertion import SnapshotAssertion

    from org_constructs.drift.finding import Report

pytestmark = pytest.mark.long

_NAMES = re.compile(r"(?<=assignment of )\S+ to \S+(?=,| out)")
"""What differs between the assignments of one set to one group and those of another."""

EDITED = 200
AT_ONCE = 25


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


def take_back(world: World, report: Report) -> None:
    """Follow the way back of all that has drifted."""
    out = [each.logical_id for each in report.drifts if each.take_back.how is How.OUT_AND_IN]
    described = [each.logical_id for each in report.drifts if each.take_back.how is How.CHANGE_DESCRIPTION]
    for each in report.drifts:
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


def test_nothing_drifts_after_a_deploy(world: World) -> None:
    report = world.look()
    assert (report.drifts, report.unread) == ((), ())


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
        said[each.code].add(tuple(_NAMES.sub("…", way.text) for way in (each.take_back, each.take_over, each.leave)))
    assert {code: sorted(texts) for code, texts in sorted(said.items())} == snapshot
    take_back(world, report)
    assert found_in(world.look()) == Counter()


def test_finds_every_edit_and_no_other_and_takes_each_back(world: World) -> None:
    made: Counter[str] = Counter()
    for number in range(EDITED // AT_ONCE):
        hands = Hands(world, Random(number))  # noqa: S311 (nothing secret)
        waiting = [*EDITS] if number == 0 else []
        while sum(hands.expected.values()) < AT_ONCE:
            edit = waiting.pop() if waiting else hands.random.choice(EDITS)
            try:
                edit(hands)
            except OccupiedError:
                continue
            made[edit.__name__] += 1
        report = world.look()
        assert found_in(report) == hands.expected
        assert report.unread == ()
        take_back(world, report)
        assert found_in(world.look()) == Counter()
    assert set(made) == {each.__name__ for each in EDITS}
