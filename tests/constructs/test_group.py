"""`Group`."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Match, Template

from org_constructs import Group, IdentityCenter, User
from refusals import refuses

GROUP = "AWS::IdentityStore::Group"
MEMBERSHIP = "AWS::IdentityStore::GroupMembership"
USER_ID = "1111222233-11112222-3333-4444-5555-666677778888"


def admins(stack: cdk.Stack, identity_center: IdentityCenter, /, **options: Any) -> Group:
    return Group(stack, "Admins", **{"identity_center": identity_center, "name": "Administrators", **options})


def user(stack: cdk.Stack, identity_center: IdentityCenter, name: str) -> User:
    return User(
        stack,
        name.title(),
        identity_center=identity_center,
        user_name=f"{name}@acme.com",
        given_name=name,
        family_name="Acme",
    )


def test_creates_one_with_nobody_in_it(stack: cdk.Stack, identity_center: IdentityCenter) -> None:
    group = admins(stack, identity_center)
    template = Template.from_stack(stack)
    template.resource_count_is(GROUP, 1)
    template.resource_count_is(MEMBERSHIP, 0)
    template.has_resource(
        GROUP,
        {
            "DeletionPolicy": Match.absent(),
            "Properties": {
                "IdentityStoreId": "d-1111222233",
                "DisplayName": "Administrators",
                "Description": Match.absent(),
            },
        },
    )
    (logical_id,) = template.find_resources(GROUP)
    assert stack.resolve(group.group_id) == {"Fn::GetAtt": [logical_id, "GroupId"]}


def test_takes_a_description(stack: cdk.Stack, identity_center: IdentityCenter) -> None:
    admins(stack, identity_center, description="Administer every account")
    Template.from_stack(stack).has_resource_properties(GROUP, {"Description": "Administer every account"})


def test_creates_a_membership_for_each_member(stack: cdk.Stack, identity_center: IdentityCenter) -> None:
    dax = user(stack, identity_center, "dax")
    group = admins(stack, identity_center, members=(dax, User.from_user_id(USER_ID)))
    template = Template.from_stack(stack)
    template.resource_count_is(MEMBERSHIP, 2)
    for user_id in (stack.resolve(dax.user_id), USER_ID):
        template.has_resource(
            MEMBERSHIP,
            {
                "DeletionPolicy": Match.absent(),
                "Properties": {
                    "IdentityStoreId": "d-1111222233",
                    "GroupId": stack.resolve(group.group_id),
                    "MemberId": {"UserId": user_id},
                },
            },
        )


def test_keeps_a_membership_when_members_before_it_leave(
    cdk_context: dict[str, Any], identity_center: IdentityCenter
) -> None:
    memberships = []
    for names in (["ada", "dax"], ["dax"], ["dax", "ada"]):
        stack = cdk.Stack(cdk.App(context=cdk_context), "Stack", env=cdk.Environment(region="us-east-1"))
        users = {name: user(stack, identity_center, name) for name in ("ada", "dax")}
        admins(stack, identity_center, members=[users[name] for name in names])
        dax_id = stack.resolve(users["dax"].user_id)
        memberships.append(
            [
                logical_id
                for logical_id, resource in Template.from_stack(stack).find_resources(MEMBERSHIP).items()
                if resource["Properties"]["MemberId"]["UserId"] == dax_id
            ]
        )
    assert memberships[0] == memberships[1] == memberships[2]
    assert len(memberships[0]) == 1


@pytest.mark.parametrize(
    "options",
    [
        {"name": "g"},
        {"name": "g" * 1024},
        {"name": "Grüße & Co.\t\n\r"},
        {"description": "d"},
        {"description": "d" * 1024},
        {"description": "a b\u3000c"},
    ],
    ids=lambda options: str(options)[:30],
)
def test_takes_what_the_identity_store_takes(
    stack: cdk.Stack, identity_center: IdentityCenter, options: dict[str, Any]
) -> None:
    admins(stack, identity_center, **options)
    Template.from_stack(stack).resource_count_is(GROUP, 1)


def test_takes_tokens(stack: cdk.Stack, identity_center: IdentityCenter) -> None:
    token = cdk.Fn.import_value("Value")
    admins(stack, identity_center, name=token, description=f"{token}{'d' * 1024}")
    Template.from_stack(stack).has_resource_properties(GROUP, {"DisplayName": {"Fn::ImportValue": "Value"}})


@pytest.mark.parametrize(
    ("options", "refused"),
    [
        (
            {"identity_center": "d-1111222233"},
            ("wrong-type", "identity_center", "an IdentityCenter", "str 'd-1111222233'"),
        ),
        ({"name": ""}, ("wrong-length", "name", "1 to 1024", "got 0")),
        ({"name": "g" * 1025}, ("wrong-length", "name", "1 to 1024", "got 1025")),
        ({"name": "g\0"}, ("wrong-character", "name", "'\\x00'", "'g\\x00'")),
        ({"name": "a\u3000b"}, ("wrong-character", "name", "'\\u3000'")),
        ({"name": None}, ("wrong-type", "name", "NoneType None")),
        ({"description": ""}, ("wrong-length", "description", "1 to 1024", "got 0")),
        ({"description": "d" * 1025}, ("wrong-length", "description", "1 to 1024", "got 1025")),
        ({"description": "a\u00a0b"}, ("wrong-character", "description", "'\\xa0'")),
        ({"members": "dax@acme.com"}, ("not-a-list", "members", "str 'dax@acme.com'")),
        ({"members": None}, ("not-a-list", "members", "NoneType None")),
        ({"members": [USER_ID]}, ("wrong-type", "members[0]", "a User, or User.from_user_id(…)", f"str '{USER_ID}'")),
        ({"members": [{"user_id": USER_ID}]}, ("wrong-type", "members[0]", "dict")),
        (
            {"members": [User.from_user_id(USER_ID), User.from_user_id(USER_ID)]},
            ("not-unique", "members[1]", "members[0]", "user", f"'{USER_ID}'"),
        ),
    ],
    ids=lambda value: str(value)[:40],
)
def test_refuses_what_the_identity_store_would_refuse(
    stack: cdk.Stack, identity_center: IdentityCenter, options: dict[str, Any], refused: tuple[str, ...]
) -> None:
    with refuses(*refused):
        admins(stack, identity_center, **options)
    assert stack.node.children == []


def test_refuses_one_user_outside_a_list(stack: cdk.Stack, identity_center: IdentityCenter) -> None:
    dax = user(stack, identity_center, "dax")
    with refuses("not-a-list", "members", "User"):
        admins(stack, identity_center, members=dax)
    assert stack.node.children == [dax]


@pytest.mark.parametrize("name", ["Administrator", "AWSAdministrators"])
def test_refuses_a_name_that_aws_reserves(stack: cdk.Stack, identity_center: IdentityCenter, name: str) -> None:
    with refuses("name-reserved", "name", f"'{name}'"):
        Group(stack, "Group", identity_center=identity_center, name=name)
    assert stack.node.children == []


def test_adds_a_member_like_one_of_members(cdk_context: dict[str, Any], identity_center: IdentityCenter) -> None:
    def synthesized(*, later: bool) -> Any:
        stack = cdk.Stack(cdk.App(context=cdk_context), "Stack")
        people: list[Any] = [user(stack, identity_center, "dax"), User.from_user_id(USER_ID)]
        group = admins(stack, identity_center, members=[] if later else people)
        for each in people if later else ():
            group.add_member(each)
        return Template.from_stack(stack).to_json()

    assert synthesized(later=True) == synthesized(later=False)


def test_adds_a_member_of_another_stack_in_the_stack_of_the_group(identity_center: IdentityCenter) -> None:
    app, env = cdk.App(), cdk.Environment(account="111122223333", region="us-east-1")
    stack, team = cdk.Stack(app, "Stack", env=env), cdk.Stack(app, "Team", env=env)
    admins(stack, identity_center).add_member(user(team, identity_center, "lou"))
    Template.from_stack(stack).resource_count_is(MEMBERSHIP, 1)
    Template.from_stack(team).resource_count_is(MEMBERSHIP, 0)
    assert stack.dependencies == [team]


def test_refuses_to_add_who_is_in_it_or_is_no_user(stack: cdk.Stack, identity_center: IdentityCenter) -> None:
    dax = user(stack, identity_center, "dax")
    group = admins(stack, identity_center, members=[dax])
    nobody: Any = "dax@acme.com"
    with refuses("not-unique", "member", "'dax@acme.com'"):
        group.add_member(dax)
    with refuses("wrong-type", "member", "str"):
        group.add_member(nobody)
    with refuses("member-token", "member"):
        group.add_member(User.from_user_id(cdk.Fn.import_value("Id")))
    Template.from_stack(stack).resource_count_is(MEMBERSHIP, 1)


def test_refuses_a_user_who_comes_twice(stack: cdk.Stack, identity_center: IdentityCenter) -> None:
    dax = user(stack, identity_center, "dax")
    with refuses("not-unique", "members[1]", "members[0]", "user", "'dax@acme.com'"):
        admins(stack, identity_center, members=[dax, dax])
    assert stack.node.children == [dax]


def test_refuses_a_member_whose_id_is_not_known_at_synth(stack: cdk.Stack, identity_center: IdentityCenter) -> None:
    member = User.from_user_id(cdk.Fn.import_value("UserId"))
    with refuses("member-token", "members[0]"):
        admins(stack, identity_center, members=[member])
    assert stack.node.children == []


def test_names_an_existing_one_without_creating_anything() -> None:
    assert Group.from_group_id(USER_ID).group_id == USER_ID


def test_passes_a_token_as_the_id_of_an_existing_one() -> None:
    token = cdk.Fn.import_value("GroupId")
    assert Group.from_group_id(token).group_id == token


@pytest.mark.parametrize("make", [lambda i: Group.from_group_id(i).group_id, lambda i: User.from_user_id(i).user_id])
@pytest.mark.parametrize("principal_id", [USER_ID, USER_ID[11:], "ABCDEF00-abcd-ABCD-0000-0123456789aB"])
def test_takes_an_existing_one_with_an_id_of_awss_form(make: Any, principal_id: str) -> None:
    assert make(principal_id) == principal_id


@pytest.mark.parametrize(
    ("code", "group_id"),
    [
        ("wrong-length", ""),
        ("wrong-form", "Administrators"),
        ("wrong-form", USER_ID[1:]),
        ("wrong-length", f"{USER_ID}8"),
        ("wrong-form", f"{USER_ID[11:]}\n"),
        ("wrong-form", USER_ID.replace("8", "g")),
        ("wrong-type", 7),
    ],
)
def test_refuses_an_existing_one_with_an_id_of_another_form(code: str, group_id: Any) -> None:
    with refuses(code, "group_id"):
        Group.from_group_id(group_id)
