"""Several contents in as few policies as fit."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any, Final

import pytest

from every_guardrail import SERVICE_CONTROL
from guardrail_trials import ORGANIZATION
from org_constructs import PolicyProps, PolicyType, guardrails
from org_constructs.constructs.policy import CONTENT_MAX
from org_constructs.constructs.policy_json import json_characters
from refusals import refuses

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LEAVING: Final = SERVICE_CONTROL["deny_leaving_organization"]
ROOT: Final = SERVICE_CONTROL["deny_root_user"]
OPT_INS: Final = SERVICE_CONTROL["deny_region_opt_ins"]
REGIONS: Final = SERVICE_CONTROL["allow_regions"]
DATA: Final = guardrails.keep_data_in_organization(ORGANIZATION)


def test_combines_into_the_fewest_policies_in_any_order() -> None:
    many_roles = [f"path/{'r' * 50}{n}" for n in range(60)]
    contents = [*list(SERVICE_CONTROL.values())[:-1], guardrails.allow_regions(["us-east-1"], except_roles=many_roles)]
    limit = CONTENT_MAX[PolicyType.SERVICE_CONTROL_POLICY]
    fewest = -(-sum(json_characters(content) for content in contents) // limit)
    assert fewest > 1
    for _ in range(40):
        shuffled = random.sample(contents, len(contents))
        assert len(guardrails.combine(*shuffled)) == fewest


@pytest.fixture
def large() -> list[dict[str, Any]]:
    """Five guardrails of which two fit one policy."""
    return [
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Sid": f"Large{n}", "Effect": "Deny", "Action": [f"s3:{'x' * 3900}{n}"], "Resource": "*"},
            ],
        }
        for n in range(5)
    ]


def sids(contents: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    return [[statement["Sid"] for statement in content["Statement"]] for content in contents]


def test_goes_on_in_another_policy_where_one_is_full(large: list[dict[str, Any]]) -> None:
    combined = guardrails.combine(*large, OPT_INS)
    assert sids(combined) == [["Large0", "Large1", "DenyRegionOptIns"], ["Large2", "Large3"], ["Large4"]]
    for content in combined:
        assert json_characters(content) <= CONTENT_MAX[PolicyType.SERVICE_CONTROL_POLICY]


def test_fills_a_policy_to_its_last_character() -> None:
    def with_action_of(characters: int) -> dict[str, Any]:
        return {
            "Version": "2012-10-17",
            "Statement": [{"Sid": "Long", "Effect": "Deny", "Action": "s3:" + "x" * characters, "Resource": "*"}],
        }

    empty = json_characters(with_action_of(0))
    exactly = CONTENT_MAX[PolicyType.SERVICE_CONTROL_POLICY] - empty
    assert len(guardrails.combine(with_action_of(exactly))) == 1
    with refuses("statement-too-long", "10,240", "10,241", "'Long'"):
        guardrails.combine(with_action_of(exactly + 1))


def test_a_guardrail_added_at_the_end_moves_none(large: list[dict[str, Any]]) -> None:
    before, after = sids(guardrails.combine(*large)), sids(guardrails.combine(*large, LEAVING, ROOT))
    assert [now[: len(then)] for then, now in zip(before, after, strict=True)] == before


def test_puts_in_once_what_comes_twice() -> None:
    assert guardrails.combine(LEAVING, ROOT, LEAVING) == guardrails.combine(LEAVING, ROOT)


def test_refuses_two_different_statements_of_one_sid() -> None:
    with refuses("sid-twice", "'DenyOtherRegions'"):
        guardrails.combine(REGIONS, guardrails.allow_regions(["us-east-1"]))


def test_refuses_contents_of_two_types() -> None:
    with refuses("contents-types", "RESOURCE_CONTROL_POLICY", "SERVICE_CONTROL_POLICY"):
        guardrails.combine(LEAVING, DATA)


@pytest.mark.parametrize("content", [{}, {"Statement": []}, {"plan": {}}])
def test_refuses_a_content_without_statements(content: dict[str, Any]) -> None:
    with refuses("statements-none", "contents[0]"):
        guardrails.combine(content)


def test_refuses_no_contents() -> None:
    with refuses("contents-types", "none"):
        guardrails.combine()


def test_makes_props_of_the_type_that_the_contents_are_of() -> None:
    (control,) = guardrails.policies("guardrails", LEAVING, ROOT, targets=["workloads"], description="Never wanted")
    assert control == PolicyProps(
        name="guardrails",
        type=PolicyType.SERVICE_CONTROL_POLICY,
        content=guardrails.combine(LEAVING, ROOT)[0],
        targets=["workloads"],
        description="Never wanted",
    )
    (data,) = guardrails.policies("data", DATA, targets=["root"])
    assert data.type is PolicyType.RESOURCE_CONTROL_POLICY
    (ec2,) = guardrails.policies("ec2", guardrails.ec2_defaults(), targets=["root"])
    assert ec2.type is PolicyType.DECLARATIVE_POLICY_EC2


def test_numbers_the_policies_after_the_first(large: list[dict[str, Any]]) -> None:
    props = guardrails.policies("guardrails", *large, targets=["root"])
    assert [each.name for each in props] == ["guardrails", "guardrails-2", "guardrails-3"]


@pytest.mark.parametrize(
    ("code", "contents"),
    [
        ("contents-not-combined", (guardrails.ec2_defaults(), guardrails.ec2_defaults())),
        ("contents-not-combined", (guardrails.s3_defaults(), guardrails.s3_defaults())),
        ("contents-types", (guardrails.ec2_defaults(), LEAVING)),
    ],
)
def test_refuses_to_combine_a_declarative_policy(code: str, contents: Sequence[Mapping[str, Any]]) -> None:
    with refuses(code):
        guardrails.combine(*contents)
