"""How long a first deploy takes, simulated, beside what no order could undercut."""

from __future__ import annotations

from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import pytest

from benchmarks.makespan import ACCOUNT, ASSIGNMENT, STACK_SECONDS, lower_bound, makespan, most_at_once, simulate
from benchmarks.organizations import GUIDE, MANAGEMENT_ACCOUNT, REGION, Shape, baseline_arguments
from org_constructs import OrgBaseline
from org_constructs.templates.assembly import Stack, read_stacks

if TYPE_CHECKING:
    from pathlib import Path

ORGANIZATION = "AWS::Organizations::Organization"

SHAPES = [
    pytest.param(GUIDE, id="the-guide"),
    pytest.param(Shape.of(100, groups=10), id="100-accounts-1000-assignments"),
    pytest.param(Shape.of(1_000, groups=10), id="1000-accounts-10000-assignments", marks=pytest.mark.long),
]


@pytest.mark.parametrize("shape", SHAPES)
def test_a_first_deploy_takes_hardly_longer_than_what_aws_does_at_a_time_lets_it(shape: Shape, tmp_path: Path) -> None:
    # What CloudFormation thinks of the templates is not the question here.
    app = cdk.App(outdir=str(tmp_path), builtin_cloud_formation_validation=False)
    env = cdk.Environment(account=MANAGEMENT_ACCOUNT, region=REGION)
    OrgBaseline(app, "OrgBaseline", env=env, **baseline_arguments(shape))
    app.synth()
    made = simulate(read_stacks(tmp_path))
    assert 1 <= makespan(made) / lower_bound(made) <= 1.05
    assert most_at_once(each for each in made if each.type.startswith("AWS::Organizations::")) == 1
    assignments = [each for each in made if each.type == ASSIGNMENT]
    assert len(assignments) == shape.accounts * shape.groups + 1
    assert most_at_once(assignments) <= 10
    by_account = sorted(assignments, key=lambda each: (each.target, each.start))
    for _, of_account in groupby(by_account, key=lambda each: each.target):
        assert all(earlier.end <= later.start for earlier, later in pairwise(of_account))


def stack(folder: Path, name: str, resources: dict[str, Any], *needed: str) -> Stack:
    return Stack(
        id=name,
        name=name,
        account=None,
        region=None,
        template={"Resources": resources},
        template_file=folder,
        folder=folder,
        artifact={},
        needed_stacks=frozenset(needed),
    )


def account(after: str) -> dict[str, Any]:
    return {"Type": ACCOUNT, "Properties": {}, "DependsOn": after}


def assignment(target: str, *after: str) -> dict[str, Any]:
    return {"Type": ASSIGNMENT, "Properties": {"TargetId": {"Fn::GetAtt": [target, "AccountId"]}}, "DependsOn": after}


def test_a_resource_starts_when_what_it_depends_on_is_done(tmp_path: Path) -> None:
    resources = {
        "O": {"Type": ORGANIZATION, "Properties": {}},
        "A": account("O"),
        "B": account("A"),
        "InA": assignment("A"),
        "InB": assignment("B", "InA"),
    }
    made = simulate([stack(tmp_path, "One", resources)])
    assert {each.logical_id: each.start - STACK_SECONDS for each in made} == {
        "O": 0,
        "A": 10,
        "B": 50,
        "InA": 50,
        "InB": 90,
    }
    assert lower_bound(made) == makespan(made) == STACK_SECONDS + 120


def test_two_stacks_are_deployed_at_a_time_each_after_those_it_needs(tmp_path: Path) -> None:
    def alone(name: str, *needed: str) -> Stack:
        return stack(tmp_path, name, {name: {"Type": ORGANIZATION, "Properties": {}}}, *needed)

    made = simulate([alone("A"), alone("B"), alone("C"), alone("D", "A")], stack_seconds=0)
    assert {each.stack: each.start for each in made} == {"A": 0, "B": 0, "C": 10, "D": 10}


def test_an_order_that_waits_for_what_it_does_not_need_is_seen(tmp_path: Path) -> None:
    accounts = {f"A{number}": account(f"A{number - 1}" if number else "O") for number in range(10)}
    resources = {
        "O": {"Type": ORGANIZATION, "Properties": {}},
        **accounts,
        # One after the other, once every account exists.
        **{
            f"In{name}": assignment(name, "A9", *([f"InA{int(name[1:]) - 1}"] if name != "A0" else []))
            for name in accounts
        },
    }
    made = simulate([stack(tmp_path, "One", resources)])
    assert makespan(made) / lower_bound(made) > 1.5
