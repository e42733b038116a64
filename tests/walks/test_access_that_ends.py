"""Access that ends, by every tool that looks at it: on a local AWS that it was deployed to, and changed by hand in."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import aws_cdk as cdk
import pytest

from drifting import NAME, World, synthesize
from in_process import local_aws
from made_by_hand import INSTANCE, MANAGEMENT, STORE
from org_constructs import AccountProps, AssignmentProps, IdentityCenter, PermissionSetProps, UserProps
from org_constructs.access_diff.change import Effect
from org_constructs.access_diff.comparison import compare
from org_constructs.access_diff.deploy import deploy
from org_constructs.access_diff.wording import plain
from org_constructs.deploy_policy import make_deploy_policy
from org_constructs.live.description import describe_live
from org_constructs.matching import State
from org_constructs.matching.adopt import plan_adoption
from org_constructs.rehearsal.local_aws import Existing
from org_constructs.report.model import make_report
from org_constructs.report.text import render_text
from org_constructs.templates.description import describe
from org_constructs.templates.profiles import find_access

if TYPE_CHECKING:
    from collections.abc import Iterator

READ: Final = {"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}
UNTIL: Final = "2026-12-31T18:00:00Z"
LATER: Final = "2027-01-31T18:00:00Z"
BEFORE, AFTER = 1_798_739_999, 1_798_740_000
"""A second before the end, and the end."""


def inline_policy(*times: str) -> dict[str, Any]:
    """The policy that ends at a time, or at none."""
    condition = [{"DateGreaterThanEquals": {"aws:CurrentTime": each}} for each in times]
    ends = [
        {"Sid": "AccessEnds", "Effect": "Deny", "Action": "*", "Resource": "*", "Condition": each} for each in condition
    ]
    return {"Version": "2012-10-17", "Statement": [READ, *ends]}


def template(until: str | None) -> dict[str, Any]:
    dax, kim = (
        UserProps(user_name=f"{name}@acme.com", given_name=name.title(), family_name="Acme", groups=groups)
        for name, groups in (("dax", ["Administrators"]), ("kim", []))
    )
    return synthesize(
        {
            "env": cdk.Environment(account=MANAGEMENT, region="us-east-1"),
            "company": "acme",
            "email": "aws@acme.com",
            "identity_center": IdentityCenter(instance_arn=INSTANCE, identity_store_id=STORE),
            "accounts": [AccountProps(key="dev")],
            "users": [dax, kim],
            "permission_sets": [
                PermissionSetProps(name="AdministratorAccess", managed_policies=["AdministratorAccess"]),
                PermissionSetProps(name="Contractor", inline_policy=inline_policy(), until=until),
            ],
            "assignments": [
                AssignmentProps(
                    principal="Administrators", permission_set="AdministratorAccess", targets=["management", "dev"]
                ),
                AssignmentProps(principal="kim@acme.com", permission_set="Contractor", targets=["dev"]),
            ],
        }
    )


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with local_aws(MANAGEMENT, "us-east-1", management_account_email="aws@acme.com") as aws:
        aws.seed(Existing(instance_arn=INSTANCE, identity_store_id=STORE))
        made = World(aws, template(UNTIL))
        made.deploy()
        yield made


def put_by_hand(world: World, *times: str) -> None:
    """Write the inline policy in the console, as it were."""
    (arn,) = (each.arn for each in world.live.permission_sets(INSTANCE) if each.name == "Contractor")
    world.client("sso-admin").put_inline_policy_to_permission_set(
        InstanceArn=INSTANCE, PermissionSetArn=arn, InlinePolicy=json.dumps(inline_policy(*times), indent=2)
    )


def test_nothing_drifts_after_a_deploy(world: World) -> None:
    assert world.look().drifts == ()


@pytest.mark.parametrize(
    ("times", "lines"), [([LATER], (f'until="{LATER}",',)), ([], ("until=None,",))], ids=["later", "none"]
)
def test_drift_finds_another_end_and_says_it_as_the_app_does(
    world: World, times: list[str], lines: tuple[str, ...]
) -> None:
    put_by_hand(world, *times)
    [drift] = world.look().drifts
    assert (drift.code, drift.name, [each.property for each in drift.changes]) == (
        "drift-changed",
        "Contractor",
        ["InlinePolicy"],
    )
    [paste] = drift.take_over.pastes
    assert (paste.place, paste.lines) == ('PermissionSetProps(name="Contractor")', lines)
    put_by_hand(world, UNTIL)
    assert world.look().drifts == ()


def test_a_report_of_aws_says_it_by_when_aws_was_asked(world: World) -> None:
    description = describe_live(world.live, own_stacks={NAME})
    shown = [render_text(make_report(description, at=at)) for at in (BEFORE, AFTER)]
    assert ["Contractor (1 h, until 2026-12-31 18:00 UTC)" in each for each in shown] == [True, False]
    assert ["Contractor (1 h, ended 2026-12-31 18:00 UTC)" in each for each in shown] == [False, True]


def test_profiles_end_for_what_aws_has(world: World) -> None:
    description = describe_live(world.live, own_stacks={NAME})
    named = [{each.permission_set.name for each in find_access(description, at=at)[0]} for at in (BEFORE, AFTER)]
    assert named == [{"AdministratorAccess", "Contractor"}, {"AdministratorAccess"}]


def test_an_access_diff_of_aws_says_what_a_deploy_does_to_the_end(world: World) -> None:
    comparison = compare(*deploy(describe_live(world.live, own_stacks={NAME}), describe({NAME: template(LATER)})))
    [change] = comparison.changes
    assert change.effect is Effect.WIDENS
    assert plain(change.sentence) == (
        "permission set Contractor ends later, at 2027-01-31 18:00 UTC instead of 2026-12-31 18:00 UTC (1 person in"
        " 1 account)"
    )


@pytest.mark.parametrize(("until", "differs"), [(UNTIL, False), (LATER, True), (None, True)])
def test_adopt_takes_over_what_ends_alike_and_says_what_does_not(
    world: World, until: str | None, *, differs: bool
) -> None:
    """The stack forgets what it has made, which then is as if somebody had made it by hand."""
    stack = World(world.aws, template(until)).stack
    other = type(stack)(**{**vars(stack), "id": "Another", "name": "Another"})
    [match] = (each for each in plan_adoption([other], other, world.live).matches if each.name == "Contractor")
    assert match.state is State.ADOPTED
    assert [each.property for each in match.differences] == ["InlinePolicy"] * differs


def test_a_deploy_takes_no_other_permission(world: World) -> None:
    """What a policy says, the permission to write it does not ask."""
    allowed = {
        until: make_deploy_policy([World(world.aws, template(until)).stack], organization_id="o-exampleorg1").statements
        for until in (UNTIL, LATER, None)
    }
    assert allowed[UNTIL] == allowed[LATER] == allowed[None]
    assert "sso:PutInlinePolicyToPermissionSet" in json.dumps(allowed[UNTIL], default=str)
