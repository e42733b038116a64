"""What somebody did by hand, told from how AWS differs from what a stack was deployed with."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pytest

from org_constructs.aws.resource_types import ACCOUNT, MEMBERSHIP, PERMISSION_SET, POLICY, UNIT
from org_constructs.matching import Difference, Match, State
from org_constructs.matching.by_hand import HandEdit, What, hand_edits
from org_constructs.matching.deployed import Deployed
from org_constructs.matching.template import Resource
from org_constructs.matching.updates import UNCHANGED
from org_constructs.templates.assembly import Stack

STACK: Final = Stack(
    id="Org",
    name="Org",
    account=None,
    region=None,
    template={},
    template_file=Path("Org.template.json"),
    folder=Path(),
    artifact={},
)
TEAM: Final = {"Key": "team", "Value": "platform"}
COSTS: Final = {"Key": "costs", "Value": "12"}
RENAMED: Final = ("Name", "old", "new")
TAGGED: Final = ("Tags", [TEAM, COSTS], [COSTS, {"Key": "team", "Value": "other"}])


def edits(
    kind: str, *differences: tuple[str, Any, Any], gone: bool = False, made_again: str | None = None
) -> list[HandEdit]:
    match = Match(
        stack="Org",
        logical_id="Thing",
        type=kind,
        name="thing",
        state=State.DEPLOYED,
        id="id",
        differences=tuple(
            Difference(property=name, template=template, found=found) for name, template, found in differences
        ),
    )
    resource = Resource(STACK, "Thing", kind, {})
    deployed = Deployed(
        match=match,
        gone=gone,
        made_again=made_again,
        before=resource,
        after=resource,
        retagged=False,
        update=UNCHANGED,
    )
    return list(hand_edits(deployed))


def made(kind: str, *differences: tuple[str, Any, Any], gone: bool = False) -> list[tuple[What, list[str], list[Any]]]:
    """The kinds of edits, each with the properties, and which targets or tags it is about."""
    about = {What.DETACHED, What.ATTACHED, What.UNTAGGED}
    return [
        (each.what, [change.property for change in each.changes], each.which if each.what in about else [])
        for each in edits(kind, *differences, gone=gone)
    ]


def test_nothing_was_done_to_what_is_as_it_was_deployed() -> None:
    assert made(POLICY) == []


def test_of_what_is_gone_nothing_else_is_told() -> None:
    assert made(UNIT, RENAMED, gone=True) == [(What.DELETED, [], [])]


def test_tells_a_membership_that_was_made_again_by_both_ids() -> None:
    [edit] = edits(MEMBERSHIP, made_again="another")
    assert edit.what is What.MADE_AGAIN
    assert edit.changes == (Difference(property="MembershipId", template="id", found="another"),)


def test_of_an_account_that_cannot_be_used_nothing_else_is_told() -> None:
    differences = [("AccountName", "old", "new"), ("State", "ACTIVE", "CLOSED"), ("ParentIds", ["r-1"], ["ou-1"])]
    assert made(ACCOUNT, *differences) == [(What.CLOSED, ["State"], [])]


def test_tells_moving_and_renaming_apart() -> None:
    differences = [("AccountName", "old", "new"), ("Email", "a@acme.com", "b@acme.com"), ("ParentIds", ["1"], ["2"])]
    assert made(ACCOUNT, *differences) == [
        (What.MOVED, ["ParentIds"], []),
        (What.CHANGED, ["AccountName", "Email"], []),
    ]


@pytest.mark.parametrize(
    ("template", "found", "told"),
    [
        (["a", "b"], ["b"], [(What.DETACHED, ["a"])]),
        (["a"], None, [(What.DETACHED, ["a"])]),
        (None, ["a"], [(What.ATTACHED, ["a"])]),
        (["a", "c"], ["b", "c", "d"], [(What.DETACHED, ["a"]), (What.ATTACHED, ["b", "d"])]),
    ],
)
def test_tells_from_where_a_policy_was_detached_and_to_what_it_was_attached(
    template: list[str] | None, found: list[str] | None, told: list[tuple[What, list[str]]]
) -> None:
    assert made(POLICY, ("TargetIds", template, found)) == [(what, ["TargetIds"], which) for what, which in told]


def test_tags_that_no_update_brings_back_are_told_by_themselves() -> None:
    assert made(UNIT, RENAMED, TAGGED) == [
        (What.CHANGED, ["Name"], []),
        (What.UNTAGGED, ["Tags"], [TEAM]),
    ]


def test_tags_that_an_update_writes_are_told_with_the_rest() -> None:
    assert made(PERMISSION_SET, ("Description", "a", "b"), TAGGED) == [(What.CHANGED, ["Description", "Tags"], [])]


@pytest.mark.parametrize("kind", [UNIT, PERMISSION_SET])
def test_tags_that_no_template_names_are_nobodys_business(kind: str) -> None:
    assert made(kind, ("Tags", [TEAM], [COSTS, TEAM])) == []
    assert made(kind, ("Tags", None, [COSTS])) == []


def test_what_only_a_deploy_knows_is_no_edit() -> None:
    content = {"Statement": [{"Effect": "Deny", "Action": "*", "Resource": {"Fn::GetAtt": ["Dev", "Arn"]}}]}
    assert made(POLICY, ("Content", content, {}), ("Description", None, "By hand")) == [
        (What.CHANGED, ["Description"], [])
    ]
