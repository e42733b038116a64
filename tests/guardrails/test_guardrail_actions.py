"""Every guardrail as others read it: its language, its actions, its resources and its conditions."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

import pytest
from cfnlint.helpers import load_resource  # type: ignore[import-untyped] # it has no types

from every_guardrail import DECLARATIVE, RESOURCE_CONTROL, SERVICE_CONTROL
from iam_reference import action, matching
from org_constructs import guardrails
from org_constructs.aws.policy_types import POLICY_TYPES
from org_constructs.constructs.policy import CONTENT_MAX, check_policy
from org_constructs.constructs.policy_json import json_characters
from policy_judges import refused_by_cloud_copilot

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

IN_IAMS_LANGUAGE: Final = {**SERVICE_CONTROL, **RESOURCE_CONTROL}
STATEMENTS: Final = [
    pytest.param(statement, id=f"{name}-{statement['Sid']}")
    for name, content in IN_IAMS_LANGUAGE.items()
    for statement in content["Statement"]
]
OF_EVERY_REQUEST: Final = {
    "aws:AssumedRoot",
    "aws:PrincipalAccount",
    "aws:PrincipalArn",
    "aws:PrincipalIsAWSService",
    "aws:PrincipalOrgID",
    "aws:RequestedRegion",
    "aws:SourceAccount",
    "aws:SourceOrgID",
}
"""https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html"""


def listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def patterns(statement: Mapping[str, Any]) -> list[str]:
    return [each for each in listed(statement.get("Action", statement.get("NotAction"))) if each != "*"]


def test_every_guardrail_is_tried() -> None:
    functions = {name for name in guardrails.__all__ if callable(getattr(guardrails, name))}
    helpers = {"combine", "permission_set_role", "policies"}
    assert {*SERVICE_CONTROL, *RESOURCE_CONTROL, *DECLARATIVE} == functions - helpers


@pytest.mark.parametrize("name", [*IN_IAMS_LANGUAGE, *DECLARATIVE])
def test_aws_takes_it_as_a_policy(name: str) -> None:
    content = {**IN_IAMS_LANGUAGE, **DECLARATIVE}[name]
    (props,) = guardrails.policies(name, content, targets=["root"])
    check_policy("", name=name, type=props.type, content=props.content, description=None, tags=None)


def test_others_read_it_as_a_policy_of_its_type() -> None:
    documents = [
        *(("SERVICE_CONTROL_POLICY", content) for content in SERVICE_CONTROL.values()),
        *(("RESOURCE_CONTROL_POLICY", content) for content in RESOURCE_CONTROL.values()),
    ]
    assert not any(refused_by_cloud_copilot(documents))


@pytest.mark.parametrize("statement", STATEMENTS)
def test_aws_has_every_action(statement: Mapping[str, Any]) -> None:
    unknown = [pattern for pattern in patterns(statement) if not matching(pattern)]
    assert unknown == []


@pytest.mark.parametrize("statement", STATEMENTS)
def test_cfn_lint_knows_every_action(statement: Mapping[str, Any]) -> None:
    known = load_resource("cfnlint.data.AdditionalSpecs", "Policies.json")
    unknown = []
    for pattern in patterns(statement):
        service, _, operation = pattern.lower().partition(":")
        wanted = re.compile(operation.replace("*", ".*"))
        if not any(wanted.fullmatch(each) for each in known.get(service, {"Actions": {}})["Actions"]):
            unknown.append(pattern)
    assert unknown == []


@pytest.mark.parametrize("statement", STATEMENTS)
def test_its_actions_are_in_order_and_once(statement: Mapping[str, Any]) -> None:
    assert patterns(statement) == sorted(set(patterns(statement)))


@pytest.mark.parametrize("statement", STATEMENTS)
def test_requests_of_its_actions_have_what_it_looks_at(statement: Mapping[str, Any]) -> None:
    keys = set(chain.from_iterable(statement.get("Condition", {}).values())) - OF_EVERY_REQUEST
    assert not (keys and "NotAction" in statement)
    for key in keys:
        for name in patterns(statement):
            having = {re.sub(r"\$\{.*", "", each) for each in action(name).condition_keys}
            assert any(key == each or (each.endswith("/") and key.startswith(each)) for each in having), (name, key)


@pytest.mark.parametrize("statement", STATEMENTS)
def test_its_actions_are_about_the_resources_that_it_names(statement: Mapping[str, Any]) -> None:
    resources = listed(statement.get("NotResource", statement.get("Resource")))
    for name in patterns(statement) if resources != ["*"] else []:
        kinds = [re.sub(r"\$\{\w+\}", "*", arn) for arn in action(name).arns]
        assert any(alike(resource, kind) for resource in resources for kind in kinds), name


def alike(resource: str, kind: str) -> bool:
    """Whether a resource may be of a kind: the same service, and the same word before the name."""
    ours, theirs = resource.split(":", 5), kind.split(":", 5)
    return ours[2] == theirs[2] and re.split("[/:]", ours[5])[0] == re.split("[/:]", theirs[5])[0]


def test_all_fit_what_a_target_takes() -> None:
    for contents in ([*SERVICE_CONTROL.values()], [*RESOURCE_CONTROL.values()]):
        props = guardrails.policies("all", *contents, targets=["root"])
        assert len(props) <= fewest(contents, CONTENT_MAX[props[0].type])
        assert len(props) <= (POLICY_TYPES[props[0].type].own_per_target or 0)


def fewest(contents: Sequence[Mapping[str, Any]], maximum: int) -> int:
    """How few policies hold the statements, if they were sand."""
    return -(-sum(json_characters(content) for content in contents) // maximum)
