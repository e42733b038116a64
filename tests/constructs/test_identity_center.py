"""`IdentityCenter`."""

from __future__ import annotations

import dataclasses
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template

from org_constructs import Group, IdentityCenter, PermissionSet
from org_constructs.aws.portals import IDENTITY_CENTER
from refusals import refuses

ARN = "arn:aws:sso:::instance/ssoins-1111222233334444"
UUID = "11112222-3333-4444-5555-666677778888"


def make(**values: Any) -> IdentityCenter:
    return IdentityCenter(**{"instance_arn": ARN, "identity_store_id": "d-1111222233", **values})


def test_is_a_value_that_does_not_change() -> None:
    assert make() == make()
    with pytest.raises(dataclasses.FrozenInstanceError):
        make().instance_arn = ARN  # type: ignore[misc] # what is tested


@pytest.mark.parametrize(
    ("values", "start_url"),
    [
        ({}, "https://d-1111222233.awsapps.com/start"),
        ({"start_url": "https://acme.awsapps.com/start"}, "https://acme.awsapps.com/start"),
        ({"start_url": "https://ssoins-1111.portal.us-east-1.app.aws"}, "https://ssoins-1111.portal.us-east-1.app.aws"),
        ({"instance_arn": ARN.replace("aws", "aws-cn")}, None),
        ({"identity_store_id": UUID}, None),
    ],
    ids=str,
)
def test_has_the_start_url_of_its_identity_store_where_that_is_known(
    values: dict[str, str], start_url: str | None
) -> None:
    assert make(**values).start_url == start_url


@pytest.mark.parametrize(
    "values",
    [
        {"instance_arn": "arn:aws-us-gov:sso:::instance/ins-abcDEF-.12345678"},
        {"identity_store_id": "d-0123456789"},
        {"identity_store_id": "d-abcdef0123"},
        {"start_url": f"https://{'a' * 2040}"},
    ],
    ids=lambda values: str(values)[:60],
)
def test_takes_values_of_awss_form(values: dict[str, str]) -> None:
    center = make(**values)
    assert {name: getattr(center, name) for name in values} == values


@pytest.mark.parametrize("name", ["instance_arn", "identity_store_id", "start_url"])
def test_takes_tokens(name: str) -> None:
    token = cdk.Fn.import_value("Value")
    assert getattr(make(**{name: token}), name) == token


@pytest.mark.parametrize("name", ["instance_arn", "identity_store_id"])
def test_has_no_start_url_by_default_where_a_token_hides_it(name: str) -> None:
    assert make(**{name: cdk.Fn.import_value("Value")}).start_url is None


@pytest.mark.parametrize(
    ("values", "refused"),
    [
        ({"instance_arn": ""}, ("wrong-length", "instance_arn", "10 to 1224", "got 0")),
        ({"instance_arn": "x" * 1225}, ("wrong-length", "instance_arn", "10 to 1224", "got 1225")),
        ({"instance_arn": "ssoins-1111222233334444"}, ("wrong-form", "instance_arn", f"an ARN like '{ARN}'")),
        ({"instance_arn": ARN[:-1]}, ("wrong-form", "instance_arn", f"an ARN like '{ARN}'")),
        ({"instance_arn": f"{ARN}4"}, ("wrong-form", "instance_arn", f"an ARN like '{ARN}'")),
        ({"instance_arn": f"{ARN}\n"}, ("wrong-form", "instance_arn", f"an ARN like '{ARN}'")),
        ({"instance_arn": None}, ("wrong-type", "instance_arn", "NoneType None")),
        ({"identity_store_id": ""}, ("wrong-length", "identity_store_id", "1 to 36", "got 0")),
        ({"identity_store_id": f"{UUID}8"}, ("wrong-length", "identity_store_id", "1 to 36", "got 37")),
        ({"identity_store_id": "d-111122223"}, ("wrong-form", "identity_store_id", "an id like 'd-1111222233'")),
        ({"identity_store_id": "d-11112222333"}, ("wrong-form", "identity_store_id")),
        ({"identity_store_id": "d-111122223G"}, ("wrong-form", "identity_store_id")),
        ({"identity_store_id": "d-1111222233\n"}, ("wrong-form", "identity_store_id")),
        ({"identity_store_id": 1111222233}, ("wrong-type", "identity_store_id", "int 1111222233")),
        ({"start_url": ""}, ("wrong-length", "start_url", "1 to 2048", "got 0")),
        ({"start_url": f"https://{'a' * 2041}"}, ("wrong-length", "start_url", "1 to 2048", "got 2049")),
        (
            {"start_url": "http://acme.awsapps.com/start"},
            ("wrong-form", "start_url", "a URL like 'https://acme.awsapps.com/start'"),
        ),
        (
            {"start_url": "https://acme.awsapps.com/start#/"},
            ("wrong-form", "start_url", "a URL like 'https://acme.awsapps.com/start'"),
        ),
        (
            {"start_url": "https://acme.awsapps.com/start\n"},
            ("wrong-form", "start_url", "a URL like 'https://acme.awsapps.com/start'"),
        ),
        ({"start_url": 7}, ("wrong-type", "start_url", "int 7")),
    ],
    ids=lambda value: str(value)[:50],
)
def test_refuses_values_of_another_form(values: dict[str, Any], refused: tuple[str, ...]) -> None:
    with refuses(*refused):
        make(**values)


def test_the_assembly_says_once_in_a_stack_where_people_sign_in(
    stack: cdk.Stack, identity_center: IdentityCenter
) -> None:
    Group(stack, "Group", identity_center=identity_center, name="Developers")
    PermissionSet(stack, "Reader", identity_center=identity_center, name="Reader")
    said = [each for each in stack.node.metadata if each.type == IDENTITY_CENTER]
    assert [each.data for each in said] == [{"StartUrl": "https://acme.awsapps.com/start"}]
    # Not in the template, where a deploy would take it for a change that it cannot make.
    assert "Metadata" not in Template.from_stack(stack).to_json()
