"""Six hundred people in three stacks, deployed to a local AWS by the real CDK CLI; then more of both."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
import pytest
from click.testing import CliRunner

from made_by_hand import INSTANCE, MANAGEMENT, STORE, Hand
from org_constructs import AccountProps, AssignmentProps, GroupProps, OrgBaseline, PermissionSetProps, UserProps
from org_constructs.commands import main
from org_constructs.rehearsal.local_aws import Existing, LocalAws
from org_constructs.templates.assembly import read_stacks
from organizations import IDENTITY_CENTER, make_app

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from loaded_cdk import LoadedCdk

pytestmark = pytest.mark.long


def synthesize(folder: Path, *, people: int, in_a_stack: int, region: str = "us-east-1") -> Path:
    """Write the assembly of so many people, the first of them in the baseline's own stack."""

    def stack(number: int) -> str | None:
        return f"p{number // in_a_stack}" if number >= in_a_stack else None

    app = make_app(folder)
    OrgBaseline(
        app,
        "OrgBaseline",
        env=cdk.Environment(account=MANAGEMENT, region=region),
        company="acme",
        email="aws@acme.com",
        identity_center=IDENTITY_CENTER,
        accounts=[AccountProps(key="dev")],
        users=[
            UserProps(
                user_name=f"p{number}@acme.com",
                given_name="P",
                family_name=f"{number}",
                groups=["Everybody"] if number else ["Administrators", "Late"],
                stack=stack(number),
            )
            for number in range(people)
        ],
        groups=[GroupProps(name="Administrators"), GroupProps(name="Everybody"), GroupProps(name="Late", stack="late")],
        permission_sets=[
            PermissionSetProps(name="AdministratorAccess", managed_policies=["AdministratorAccess"]),
            PermissionSetProps(name="ReadOnly", managed_policies=["ReadOnlyAccess"]),
        ],
        assignments=[
            AssignmentProps(
                principal="Administrators", permission_set="AdministratorAccess", targets=["management", "*"]
            ),
            AssignmentProps(principal="Everybody", permission_set="ReadOnly", targets=["dev"]),
            AssignmentProps(principal="Late", permission_set="ReadOnly", targets=["dev"]),
            AssignmentProps(
                principal=f"p{in_a_stack}@acme.com", permission_set="AdministratorAccess", targets=["management"]
            ),
        ],
    )
    app.synth()
    return folder


@pytest.fixture(params=["us-east-1"])
def aws(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalAws]:
    with LocalAws(management_account_id=MANAGEMENT, region=request.param) as running:
        running.seed(Existing(instance_arn=INSTANCE, identity_store_id=STORE))
        for name, value in running.environment.items():
            monkeypatch.setenv(name, value)
        yield running


class Cdk:
    """The CDK CLI against a local AWS."""

    def __init__(self, aws: LocalAws, folder: Path, cli: LoadedCdk) -> None:
        self._aws, self._folder, self._cli = aws, folder, cli

    def __call__(self, *arguments: str) -> None:
        code, said = self._cli(*arguments, folder=self._folder, environment=self._aws.environment)
        assert code == 0, said

    def deploy(self, assembly: Path) -> None:
        if any(stack.bootstrap_reason for stack in read_stacks(assembly)):
            self("bootstrap", f"aws://{MANAGEMENT}/{read_stacks(assembly)[0].region}")
        options = ("--require-approval", "never", "--progress=events", "--concurrency", "2")
        self("deploy", "OrgBaseline*", "--app", str(assembly), *options)


def physical_ids(aws: LocalAws, assembly: Path) -> dict[str, str]:
    cloudformation = aws.client("cloudformation")
    return {
        f"{stack.name}/{resource['LogicalResourceId']}": resource["PhysicalResourceId"]
        for stack in read_stacks(assembly)
        for page in cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack.name)
        for resource in page["StackResourceSummaries"]
    }


def said(*arguments: str, exit_code: int = 0) -> str:
    result = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert result.exit_code == exit_code, result.output
    return result.output


def test_more_people_and_one_stack_more_move_nobody(aws: LocalAws, tmp_path: Path, cdk_cli: LoadedCdk) -> None:
    before = synthesize(tmp_path / "before", people=599, in_a_stack=200)
    after = synthesize(tmp_path / "after", people=601, in_a_stack=200)
    loaded = Cdk(aws, tmp_path, cdk_cli)
    loaded.deploy(before)
    existing = physical_ids(aws, before)
    loaded.deploy(after)
    grown = physical_ids(aws, after)
    assert {name: grown[name] for name in existing} == existing
    assert {name.partition("/")[0] for name in grown.keys() - existing.keys()} == {
        "OrgBaseline-p2-people",
        "OrgBaseline-p3-people",
    }
    assert len(grown) == len(existing) + 4

    assert "acme: 2 accounts, 601 people; p0@acme.com administers all of them." in said("report", str(after))
    new = said("access-diff", str(before), str(after), exit_code=3)
    assert [line.split()[1] for line in new.splitlines() if line.startswith("~")] == ["p599@acme.com", "p600@acme.com"]
    examined = said("doctor", "--assembly", str(after))
    assert "OrgBaseline-p3-people is CREATE_COMPLETE in us-east-1, with 2" in examined
    assert said("aws-config", "--assembly", str(after), "--print").count("[profile ") == 3
    policy = said("deploy-policy", "--assembly", str(after))
    assert "cdk deploy OrgBaseline OrgBaseline-late-groups OrgBaseline-p1-people" in policy
    adopted = said("adopt", "--assembly", str(after), "--stack", "OrgBaseline-p3-people")
    assert "OrgBaseline-p3-people: 2 resources " in adopted


@pytest.mark.parametrize("aws", ["eu-central-1"], indirect=True)
def test_people_outside_us_east_1_grow_by_functions_of_their_stacks(
    aws: LocalAws, tmp_path: Path, cdk_cli: LoadedCdk
) -> None:
    before = synthesize(tmp_path / "before", people=6, in_a_stack=3, region="eu-central-1")
    after = synthesize(tmp_path / "after", people=9, in_a_stack=3, region="eu-central-1")
    loaded = Cdk(aws, tmp_path, cdk_cli)
    loaded.deploy(before)
    existing = physical_ids(aws, before)
    loaded.deploy(after)
    grown = physical_ids(aws, after)
    assert {name: grown[name] for name in existing} == existing
    users = aws.client("identitystore").list_users(IdentityStoreId=STORE)["Users"]
    assert {user["UserName"] for user in users} == {f"p{number}@acme.com" for number in range(9)}


def test_people_made_by_hand_are_adopted_stack_by_stack(
    aws: LocalAws, tmp_path: Path, cdk_cli: LoadedCdk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    hand = Hand(aws)
    hand.organization()
    made = [hand.user(f"p{n}@acme.com", f"p{n}@acme.com", given="P", family=f"{n}", display=f"P {n}") for n in range(6)]
    everybody, late = hand.group("Everybody", ""), hand.group("Late", "")
    for user in made[1:]:
        hand.member(everybody, user)
    hand.member(late, made[0])
    assembly = synthesize(tmp_path / "cdk.out", people=6, in_a_stack=3)
    loaded = Cdk(aws, tmp_path, cdk_cli)
    for stack in read_stacks(assembly):
        printed = said("adopt", "--stack", stack.id)
        for command in [line.split() for line in printed.splitlines() if line.startswith("    cdk ")]:
            loaded(*command[1:], *(["--require-approval", "never"] if command[1] == "deploy" else []))
    ids = "\n".join(physical_ids(aws, assembly).values())
    assert [user for user in [*made, everybody, late] if user not in ids] == []
    assert len(aws.client("identitystore").list_users(IdentityStoreId=STORE)["Users"]) == 6
