"""Tags: how they are checked and what they become."""

from __future__ import annotations

import re
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template

from org_constructs import Account, IdentityCenter, Organization, OrganizationalUnit, PermissionSet, Policy, PolicyType
from org_constructs.constructs._tags import cfn_tags
from org_constructs.constructs.validate import check_tags
from refusals import refuses


def test_are_sorted_by_key() -> None:
    assert [(tag.key, tag.value) for tag in cfn_tags({"b": "1", "a": "2", "C": "3"}) or ()] == [
        ("C", "3"),
        ("a", "2"),
        ("b", "1"),
    ]


@pytest.mark.parametrize("tags", [None, {}])
def test_leave_the_property_out_when_there_are_none(tags: dict[str, str] | None) -> None:
    assert cfn_tags(tags) is None


@pytest.mark.parametrize(
    "tags",
    [
        {},
        {"k": ""},
        {"k" * 128: "v" * 256},
        {f"key{number}": "value" for number in range(50)},
        {"Büro_.:/=+-@ 7": "Übersee \u3000二"},
        {"laws:key": "value"},
    ],
    ids=lambda tags: str(tags)[:40],
)
def test_take_what_aws_takes(tags: dict[str, str]) -> None:
    check_tags("tags", tags)


def test_take_tokens() -> None:
    token = cdk.Fn.import_value("Value")
    check_tags("tags", {token: f"{token} & {'v' * 256}", f"key & {token}": token})


@pytest.mark.parametrize(
    ("tags", "refused"),
    [
        ({f"key{number}": "value" for number in range(51)}, ("tags-too-many", "tags", "50", "got 51")),
        ({"": "v"}, ("wrong-length", "tags key", "1 to 128", "got 0")),
        ({"k" * 129: "v"}, ("wrong-length", "tags key", "1 to 128", "got 129")),
        ({"k": "v" * 257}, ("wrong-length", "tags['k']", "0 to 256", "got 257")),
        ({"aws:k": "v"}, ("tag-key-reserved", "tags key", "'aws:k'")),
        ({"AWS:k": "v"}, ("tag-key-reserved", "tags key", "'AWS:k'")),
        ({"k&": "v"}, ("tag-character", "tags", "'_.:/=+-@'", "'k&'")),
        ({"k": "v\n"}, ("tag-character", "tags", "'_.:/=+-@'", "'v\\n'")),
        ({7: "v"}, ("wrong-type", "tags key", "int 7")),
        ({"k": 7}, ("wrong-type", "tags['k']", "int 7")),
        ({"k": None}, ("wrong-type", "tags['k']", "NoneType None")),
        ("k=v", ("wrong-type", "tags", "str 'k=v'")),
        ([("k", "v")], ("wrong-type", "tags", "list")),
    ],
    ids=lambda value: str(value)[:40],
)
def test_refuse_what_aws_would_refuse(tags: Any, refused: tuple[str, ...]) -> None:
    with refuses(*refused):
        check_tags("tags", tags)


def resource_of(kind: str, stack: cdk.Stack, identity_center: IdentityCenter, tags: dict[str, str]) -> None:
    organization = Organization.from_attributes(
        organization_id="o-exampleorg1", root_id="r-ab12", management_account_id="111122223333"
    )
    if kind == "account":
        Account(stack, "Thing", name="acme-dev", email="aws+dev@acme.com", parent=organization, tags=tags)
    elif kind == "unit":
        OrganizationalUnit(stack, "Thing", name="workloads", parent=organization, tags=tags)
    elif kind == "policy":
        content = {"tags": {"team": {"tag_key": {"@@assign": "team"}}}}
        Policy(stack, "Thing", name="tags", type=PolicyType.TAG_POLICY, content=content, tags=tags)
    else:
        PermissionSet(stack, "Thing", identity_center=identity_center, name="Admin", tags=tags)


@pytest.mark.parametrize("kind", ["account", "unit", "policy", "permission set"])
@pytest.mark.parametrize("of_stack", [0, 1, 2])
def test_are_at_most_50_together_with_the_stacks(
    app: cdk.App, identity_center: IdentityCenter, kind: str, of_stack: int
) -> None:
    stack = cdk.Stack(app, "Stack", tags={f"stack{number}": "value" for number in range(of_stack)})
    resource_of(kind, stack, identity_center, {f"key{number}": "value" for number in range(49)})
    if of_stack <= 1:
        Template.from_stack(stack)
        return
    error = "tags must be at most 50 together with the stack's, which AWS adds to 'Stack/Thing', got 51; remove some"
    with pytest.raises(RuntimeError, match=re.escape(error)):
        Template.from_stack(stack)


@pytest.mark.parametrize(
    ("kind", "stack_tags", "context", "refused"),
    [
        ("account", {"team": "core"}, {}, True),
        ("account", {}, {}, True),
        ("account", {}, {"@aws-cdk/core:explicitStackTags": True}, False),
        ("account", {"cost": "core"}, {"@aws-cdk/core:explicitStackTags": True}, False),
        ("unit", {"team": "core"}, {}, False),
    ],
    ids=["the stack's own", "by cdk.Tags", "by cdk.Tags with the flag", "another on the stack", "of a unit"],
)
def test_of_an_account_are_not_the_stacks_as_well(
    identity_center: IdentityCenter, kind: str, stack_tags: dict[str, str], context: dict[str, bool], *, refused: bool
) -> None:
    app = cdk.App(context=context)
    stack = cdk.Stack(app, "Stack", tags=stack_tags)
    resource_of(kind, stack, identity_center, {"stage": "dev"})
    cdk.Tags.of(app).add("team", "core")
    if not refused:
        Template.from_stack(stack)
        return
    error = (
        "tags must not be on both the stack and an account, since CloudFormation then passes the key twice and AWS"
        " refuses it, got 'team' on 'Stack/Thing'; with cdk.Tags, leave out the stack, by"
        " exclude_resource_types=['aws:cdk:stack'] or the flag @aws-cdk/core:explicitStackTags"
    )
    with pytest.raises(RuntimeError, match=re.escape(error)):
        Template.from_stack(stack)


def test_that_cdk_tags_leaves_off_the_stack_are_taken(identity_center: IdentityCenter) -> None:
    stack = cdk.Stack(cdk.App(), "Stack")
    resource_of("account", stack, identity_center, {"stage": "dev"})
    cdk.Tags.of(stack).add("team", "core", exclude_resource_types=["aws:cdk:stack"])
    tags = [{"Key": "stage", "Value": "dev"}, {"Key": "team", "Value": "core"}]
    Template.from_stack(stack).has_resource_properties("AWS::Organizations::Account", {"Tags": tags})
