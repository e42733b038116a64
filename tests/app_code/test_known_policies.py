"""Policies that consist of guardrails: the calls that stand for them make them to the letter, and nothing else does."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest

from every_guardrail import DECLARATIVE, RESOURCE_CONTROL, SERVICE_CONTROL
from org_constructs import guardrails
from org_constructs.app_code.known_policies import calls_of
from org_constructs.app_code.source import Code

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

EVERY = {**SERVICE_CONTROL, **RESOURCE_CONTROL, **DECLARATIVE}


def code_of(contents: Sequence[Any]) -> list[str] | None:
    calls = calls_of(contents)
    return None if calls is None else list(map(Code().flat, calls))


def made_by(code: Sequence[str]) -> list[Any]:
    made = [eval(each, {"guardrails": guardrails}) for each in code]  # noqa: S307 (what is tested)
    return list(guardrails.combine(*made))


@pytest.mark.parametrize("name", sorted(EVERY))
def test_each_is_called_by_its_name(name: str) -> None:
    code = code_of([EVERY[name]])
    assert code is not None
    assert [each.partition("(")[0] for each in code] == [f"guardrails.{name}"]
    assert made_by(code) == [EVERY[name]]


def test_roles_are_called_as_people_call_them() -> None:
    assert code_of([SERVICE_CONTROL["deny_deleting_keys"]]) == [
        'guardrails.deny_deleting_keys(except_roles=[guardrails.permission_set_role("AdministratorAccess")])'
    ]
    roles = [guardrails.ORGANIZATION_ACCESS_ROLE, "deploy/CI"]
    assert code_of([guardrails.deny_deleting_backups(except_roles=roles)]) == [
        'guardrails.deny_deleting_backups(except_roles=[guardrails.ORGANIZATION_ACCESS_ROLE, "deploy/CI"])'
    ]


@pytest.mark.parametrize(
    "content",
    [
        guardrails.allow_regions(["us-east-1"], except_actions=["bedrock:InvokeModel*"]),
        guardrails.protect_baseline_roles(access_roles=["Root", "Other"], bootstrap_qualifier="acme"),
        guardrails.deny_other_identity_providers(),
        guardrails.keep_data_in_organization("o-acme111111", services=["s3"], except_accounts=["444455556666"]),
        guardrails.ec2_defaults(),
        guardrails.ec2_defaults(
            hop_limit=1,
            serial_console=True,
            vpc_block="block_bidirectional",
            vpc_exclusions=True,
            image_providers=["amazon", "444455556666"],
            only_report_images=True,
        ),
    ],
)
def test_other_arguments_are_read_off_the_statements(content: Any) -> None:
    code = code_of([content])
    assert code is not None
    assert made_by(code) == [content]


def test_all_together_are_as_many_policies_as_they_make() -> None:
    contents = guardrails.combine(*SERVICE_CONTROL.values())
    assert len(contents) > 1
    code = code_of(contents)
    assert code is not None
    assert len(code) == len(SERVICE_CONTROL)
    assert made_by(code) == list(contents)


def changed(content: Any, **more: Any) -> Mapping[str, Any]:
    copied: dict[str, Any] = copy.deepcopy(content)
    copied["Statement"][0].update(more)
    return copied


@pytest.mark.parametrize(
    "content",
    [
        changed(guardrails.deny_root_user(), Action=["s3:*"]),
        changed(guardrails.deny_root_user(), Sid="Other"),
        changed(guardrails.deny_deleting_keys(), Condition={"StringEquals": {"aws:PrincipalTag/a": "b"}}),
        changed(guardrails.allow_regions(["us-east-1"]), Condition={}),
        {**guardrails.deny_root_user(), "Id": "Other"},
        {"Version": "2012-10-17", "Statement": guardrails.deny_root_user()["Statement"][0]},
        {**guardrails.protect_baseline_roles(), "Statement": guardrails.protect_baseline_roles()["Statement"][:2]},
        {"Version": "2012-10-17", "Statement": []},
        {"plans": {}},
        {"ec2_attributes": {"serial_console_access": {"status": {"@@assign": "disabled"}}}},
        {**guardrails.ec2_defaults(message="Ask dax@acme.com"), "other": {}},
        {"ec2_attributes": "none"},
    ],
)
def test_what_differs_in_anything_is_none(content: Any) -> None:
    assert code_of([content]) is None
