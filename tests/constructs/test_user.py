"""`User`: the AWS resource where a region has it, a custom resource elsewhere."""

from __future__ import annotations

import json
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import custom_resources
from aws_cdk.assertions import Match, Template

from org_constructs import IdentityCenter, User, UserImplementation
from refusals import refuses

AWS_USER = "AWS::IdentityStore::User"
CUSTOM_USER = "Custom::IdentityStoreUser"
USER_ID = "1111222233-11112222-3333-4444-5555-666677778888"
THIS_USER = {"IdentityStoreId": "d-1111222233", "UserId": "PHYSICAL:RESOURCEID:"}


@pytest.fixture
def elsewhere(app: cdk.App) -> cdk.Stack:
    """A stack in a region without the AWS resource."""
    return cdk.Stack(app, "Elsewhere", env=cdk.Environment(account="111122223333", region="eu-central-1"))


def dax(
    stack: cdk.Stack,
    identity_center: IdentityCenter,
    /,
    **options: Any,
) -> User:
    defaults = {
        "identity_center": identity_center,
        "user_name": "dax@acme.com",
        "given_name": "Dax",
        "family_name": "Raad",
    }
    return User(stack, options.pop("construct_id", "Dax"), **{**defaults, **options})


def calls(template: Template) -> dict[str, dict[str, Any]]:
    """The API calls of the only custom resource, by the event that makes them."""
    (resource,) = template.find_resources(CUSTOM_USER).values()
    return {event: json.loads(resource["Properties"][event]) for event in ("Create", "Update", "Delete")}


def test_creates_the_aws_resource_in_us_east_1(stack: cdk.Stack, identity_center: IdentityCenter) -> None:
    user = dax(stack, identity_center)
    template = Template.from_stack(stack)
    assert [resource["Type"] for resource in template.to_json()["Resources"].values()] == [AWS_USER]
    template.has_resource(
        AWS_USER,
        {
            "DeletionPolicy": Match.absent(),
            "UpdateReplacePolicy": Match.absent(),
            "Properties": {
                "IdentityStoreId": "d-1111222233",
                "UserName": "dax@acme.com",
                "Name": {"GivenName": "Dax", "FamilyName": "Raad"},
                "DisplayName": "Dax Raad",
                "Emails": [{"Value": "dax@acme.com", "Type": "work", "Primary": True}],
            },
        },
    )
    (logical_id,) = template.find_resources(AWS_USER)
    assert stack.resolve(user.user_id) == {"Fn::GetAtt": [logical_id, "UserId"]}


def test_takes_an_email_and_a_display_name(stack: cdk.Stack, identity_center: IdentityCenter) -> None:
    dax(stack, identity_center, user_name="dax", email="dax@acme.com", display_name="Dax")
    Template.from_stack(stack).has_resource_properties(
        AWS_USER,
        {
            "UserName": "dax",
            "DisplayName": "Dax",
            "Emails": [{"Value": "dax@acme.com", "Type": "work", "Primary": True}],
        },
    )


def test_creates_a_custom_resource_elsewhere(elsewhere: cdk.Stack, identity_center: IdentityCenter) -> None:
    user = dax(elsewhere, identity_center, email="raad@acme.com", display_name="Dax!")
    template = Template.from_stack(elsewhere)
    template.resource_count_is(AWS_USER, 0)
    emails = [{"Value": "raad@acme.com", "Type": "work", "Primary": True}]
    assert calls(template) == {
        "Create": {
            "service": "identitystore",
            "action": "createUser",
            "parameters": {
                "IdentityStoreId": "d-1111222233",
                "UserName": "dax@acme.com",
                "Name": {"GivenName": "Dax", "FamilyName": "Raad"},
                "DisplayName": "Dax!",
                "Emails": emails,
            },
            "physicalResourceId": {"responsePath": "UserId"},
            "outputPaths": ["UserId"],
        },
        "Update": {
            "service": "identitystore",
            "action": "updateUser",
            "parameters": {
                **THIS_USER,
                "Operations": [
                    {"AttributePath": "displayName", "AttributeValue": "Dax!"},
                    {"AttributePath": "name.givenName", "AttributeValue": "Dax"},
                    {"AttributePath": "name.familyName", "AttributeValue": "Raad"},
                    {"AttributePath": "emails", "AttributeValue": emails},
                ],
            },
            "outputPaths": ["UserId"],
        },
        "Delete": {
            "service": "identitystore",
            "action": "deleteUser",
            "parameters": THIS_USER,
            "ignoreErrorCodesMatching": "ResourceNotFoundException|ValidationException",
            "outputPaths": ["UserId"],
        },
    }
    template.has_resource(CUSTOM_USER, {"DeletionPolicy": "Delete", "Properties": {"InstallLatestAwsSdk": False}})
    (logical_id,) = template.find_resources(CUSTOM_USER)
    assert elsewhere.resolve(user.user_id) == {"Ref": logical_id}


def custom_user(
    cdk_context: dict[str, Any], identity_center: IdentityCenter, **options: str
) -> tuple[str, dict[str, Any]]:
    """The logical id and the properties of Dax as a custom resource in an app of its own."""
    stack = cdk.Stack(cdk.App(context=cdk_context), "Stack", env=cdk.Environment(region="eu-central-1"))
    dax(stack, identity_center, **options)
    ((logical_id, resource),) = Template.from_stack(stack).find_resources(CUSTOM_USER).items()
    return logical_id, resource["Properties"]


@pytest.mark.parametrize(
    "change",
    [{"display_name": "Dax R."}, {"given_name": "D."}, {"family_name": "R."}, {"email": "raad@acme.com"}],
    ids=str,
)
def test_updates_the_user_in_place_when_anything_but_the_user_name_changes(
    cdk_context: dict[str, Any], identity_center: IdentityCenter, change: dict[str, str]
) -> None:
    before_id, before = custom_user(cdk_context, identity_center)
    after_id, after = custom_user(cdk_context, identity_center, **change)
    assert after_id == before_id
    assert {name for name in before | after if before.get(name) != after.get(name)} == {"Create", "Update"}


def test_replaces_the_user_when_the_user_name_changes(
    cdk_context: dict[str, Any], identity_center: IdentityCenter
) -> None:
    before_id, _ = custom_user(cdk_context, identity_center)
    after_id, _ = custom_user(cdk_context, identity_center, user_name="raad@acme.com", email="dax@acme.com")
    assert after_id != before_id


def test_keeps_the_logical_id_of_the_aws_resource_whatever_changes(
    cdk_context: dict[str, Any], identity_center: IdentityCenter
) -> None:
    user_ids = []
    for change in ({}, {"user_name": "raad@acme.com"}, {"display_name": "Dax R."}):
        stack = cdk.Stack(cdk.App(context=cdk_context), "Stack", env=cdk.Environment(region="us-east-1"))
        user_ids.append(stack.resolve(dax(stack, identity_center, **change).user_id))
    assert user_ids[0] == user_ids[1] == user_ids[2]


def test_shares_one_function_role_and_statement_among_users(
    elsewhere: cdk.Stack, identity_center: IdentityCenter
) -> None:
    for name in ("ada", "dax", "eve"):
        dax(elsewhere, identity_center, construct_id=name.title(), user_name=f"{name}@acme.com")
    template = Template.from_stack(elsewhere)
    template.resource_count_is(CUSTOM_USER, 3)
    template.resource_count_is("AWS::Lambda::Function", 1)
    template.resource_count_is("AWS::IAM::Role", 1)
    ((policy_id, policy),) = template.find_resources("AWS::IAM::Policy").items()
    assert policy["Properties"]["PolicyDocument"]["Statement"] == [
        {
            "Effect": "Allow",
            "Action": ["identitystore:CreateUser", "identitystore:DeleteUser", "identitystore:UpdateUser"],
            "Resource": [
                "arn:aws:identitystore::111122223333:identitystore/d-1111222233",
                "arn:aws:identitystore:::user/*",
            ],
        }
    ]
    for resource in template.find_resources(CUSTOM_USER).values():
        assert resource["DependsOn"] == [policy_id]


def test_allows_each_identity_store_that_gets_users(elsewhere: cdk.Stack, identity_center: IdentityCenter) -> None:
    other = IdentityCenter(instance_arn=identity_center.instance_arn, identity_store_id="d-9999888877")
    dax(elsewhere, identity_center)
    dax(elsewhere, other, construct_id="Other")
    (policy,) = Template.from_stack(elsewhere).find_resources("AWS::IAM::Policy").values()
    stores = [
        resource
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        for resource in statement["Resource"]
        if ":identitystore/" in resource
    ]
    assert sorted(stores) == [
        "arn:aws:identitystore::111122223333:identitystore/d-1111222233",
        "arn:aws:identitystore::111122223333:identitystore/d-9999888877",
    ]


def test_gives_the_function_its_permissions_where_another_custom_resource_made_it(
    elsewhere: cdk.Stack, identity_center: IdentityCenter
) -> None:
    custom_resources.AwsCustomResource(
        elsewhere,
        "Other",
        on_create=custom_resources.AwsSdkCall(
            service="s3", action="listBuckets", physical_resource_id=custom_resources.PhysicalResourceId.of("buckets")
        ),
        policy=custom_resources.AwsCustomResourcePolicy.from_sdk_calls(
            resources=custom_resources.AwsCustomResourcePolicy.ANY_RESOURCE
        ),
        install_latest_aws_sdk=False,
    )
    dax(elsewhere, identity_center)
    template = Template.from_stack(elsewhere)
    (function,) = template.find_resources("AWS::Lambda::Function").values()
    role_id = function["Properties"]["Role"]["Fn::GetAtt"][0]
    granted = {
        policy_id: policy["Properties"]["PolicyDocument"]["Statement"][0]["Action"]
        for policy_id, policy in template.find_resources("AWS::IAM::Policy").items()
        if policy["Properties"]["Roles"] == [{"Ref": role_id}]
    }
    create_user = [policy_id for policy_id, actions in granted.items() if "identitystore:CreateUser" in actions]
    (user,) = template.find_resources(CUSTOM_USER).values()
    assert len(create_user) == 1
    assert create_user[0] in user["DependsOn"]


def test_becomes_the_aws_resource_in_a_stack_for_any_region(app: cdk.App, identity_center: IdentityCenter) -> None:
    anywhere = cdk.Stack(app, "Anywhere")
    dax(anywhere, identity_center)
    Template.from_stack(anywhere).resource_count_is(AWS_USER, 1)


@pytest.mark.parametrize(
    ("implementation", "resource_type"),
    [(UserImplementation.AWS_RESOURCE, AWS_USER), (UserImplementation.CUSTOM_RESOURCE, CUSTOM_USER)],
)
@pytest.mark.parametrize("region", ["us-east-1", None])
def test_becomes_what_it_is_told_to_become(
    app: cdk.App,
    identity_center: IdentityCenter,
    region: str | None,
    implementation: UserImplementation,
    resource_type: str,
) -> None:
    stack = cdk.Stack(app, "Stack", env=cdk.Environment(region=region))
    dax(stack, identity_center, implementation=implementation)
    template = Template.from_stack(stack)
    users = [r["Type"] for r in template.to_json()["Resources"].values() if r["Type"] in {AWS_USER, CUSTOM_USER}]
    assert users == [resource_type]


@pytest.mark.parametrize(
    ("region", "implementation"),
    [
        ("us-east-1", UserImplementation.AWS_RESOURCE),
        ("us-east-2", UserImplementation.CUSTOM_RESOURCE),
        ("eu-central-1", UserImplementation.CUSTOM_RESOURCE),
        (cdk.Aws.REGION, UserImplementation.AWS_RESOURCE),
    ],
    ids=["us-east-1", "us-east-2", "eu-central-1", "any"],
)
def test_knows_what_each_region_has(region: str, implementation: UserImplementation) -> None:
    assert UserImplementation.of_region(region) is implementation


@pytest.mark.parametrize(
    "options",
    [
        {"user_name": "u", "email": "dax@acme.com"},
        {"user_name": "u" * 128, "email": "dax@acme.com"},
        {"user_name": "Zoë+二郎@acme.com"},
        {"given_name": "g" * 1024, "display_name": "Dax"},
        {"family_name": "f" * 1024, "display_name": "Dax"},
        {"given_name": "g" * 500, "family_name": "f" * 523},
        {"given_name": "Anna Maria", "family_name": "d'Ávila-二\u00a0郎\u3000"},
        {"display_name": "d"},
        {"display_name": "d" * 1024},
        {"email": f"{'e' * 1015}@acme.com"},
    ],
    ids=lambda options: str(options)[:40],
)
def test_takes_what_the_identity_store_takes(
    stack: cdk.Stack, identity_center: IdentityCenter, options: dict[str, Any]
) -> None:
    dax(stack, identity_center, **options)
    Template.from_stack(stack).resource_count_is(AWS_USER, 1)


def test_takes_tokens(stack: cdk.Stack, identity_center: IdentityCenter) -> None:
    token = cdk.Fn.import_value("Value")
    dax(
        stack,
        identity_center,
        user_name=token,
        given_name=token,
        family_name=token,
        email=token,
        display_name=f"{token}{'d' * 1024}",
    )
    value = {"Fn::ImportValue": "Value"}
    Template.from_stack(stack).has_resource_properties(
        AWS_USER,
        {
            "UserName": value,
            "Name": {"GivenName": value, "FamilyName": value},
            "DisplayName": {"Fn::Join": ["", [value, "d" * 1024]]},
            "Emails": [{"Value": value, "Type": "work", "Primary": True}],
        },
    )


def test_takes_tokens_elsewhere(elsewhere: cdk.Stack, identity_center: IdentityCenter) -> None:
    dax(elsewhere, identity_center, user_name=cdk.Fn.import_value("Name"), display_name=cdk.Fn.import_value("Shown"))
    (resource,) = Template.from_stack(elsewhere).find_resources(CUSTOM_USER).values()
    referred = {
        part["Fn::ImportValue"] for part in resource["Properties"]["Create"]["Fn::Join"][1] if isinstance(part, dict)
    }
    assert referred == {"Name", "Shown"}


@pytest.mark.parametrize(
    ("options", "refused"),
    [
        ({"identity_center": "d-1111222233"}, ("wrong-type", "identity_center", "str 'd-1111222233'")),
        ({"user_name": ""}, ("wrong-length", "user_name", "1 to 128", "got 0")),
        ({"user_name": "u" * 129}, ("wrong-length", "user_name", "1 to 128", "got 129")),
        ({"user_name": "dax raad"}, ("wrong-character", "user_name", "' '", "'dax raad'")),
        ({"user_name": "dax@acme.com\n"}, ("wrong-character", "user_name", "'\\n'")),
        ({"user_name": 7}, ("wrong-type", "user_name", "int 7")),
        ({"user_name": "Administrator"}, ("name-reserved", "user_name", "'Administrator'")),
        (
            {"user_name": "AWSAdministrators", "email": "dax@acme.com"},
            ("name-reserved", "user_name", "'AWSAdministrators'"),
        ),
        (
            {"user_name": "dax"},
            (
                "wrong-form",
                "user_name",
                "an e-mail address if email is left out, since the user name is then the e-mail address",
                "'dax'",
            ),
        ),
        ({"given_name": ""}, ("wrong-length", "given_name", "1 to 1024", "got 0")),
        ({"given_name": "g" * 1025}, ("wrong-length", "given_name", "1 to 1024", "got 1025")),
        ({"given_name": "g\0"}, ("wrong-character", "given_name", "'\\x00'")),
        ({"given_name": None}, ("wrong-type", "given_name", "NoneType None")),
        ({"family_name": ""}, ("wrong-length", "family_name", "1 to 1024", "got 0")),
        ({"family_name": "f" * 1025}, ("wrong-length", "family_name", "1 to 1024", "got 1025")),
        ({"family_name": "f\x7f"}, ("wrong-character", "family_name", "'\\x7f'")),
        (
            {"given_name": "g" * 500, "family_name": "f" * 524},
            ("wrong-length", "display_name", "1 to 1024", "got 1025"),
        ),
        ({"display_name": ""}, ("wrong-length", "display_name", "1 to 1024", "got 0")),
        ({"display_name": "d" * 1025}, ("wrong-length", "display_name", "1 to 1024", "got 1025")),
        ({"display_name": ["Dax"]}, ("wrong-type", "display_name", "list ['Dax']")),
        ({"email": ""}, ("wrong-length", "email", "1 to 1024", "got 0")),
        ({"email": "dax"}, ("wrong-form", "email", "an address like 'dax@acme.com'", "'dax'")),
        ({"email": "dax@@acme.com"}, ("wrong-form", "email", "'dax@@acme.com'")),
        ({"email": "dax @acme.com"}, ("wrong-character", "email", "' '")),
        ({"email": f"{'e' * 1016}@acme.com"}, ("wrong-length", "email", "1 to 1024", "got 1025")),
        ({"email": 7}, ("wrong-type", "email", "int 7")),
        (
            {"implementation": "AWS_RESOURCE"},
            ("wrong-type", "implementation", "a UserImplementation", "str 'AWS_RESOURCE'"),
        ),
    ],
    ids=lambda value: str(value)[:40],
)
def test_refuses_what_the_identity_store_would_refuse(
    stack: cdk.Stack, identity_center: IdentityCenter, options: dict[str, Any], refused: tuple[str, ...]
) -> None:
    with refuses(*refused):
        dax(stack, identity_center, **options)
    assert stack.node.children == []


def test_names_an_existing_one_without_creating_anything() -> None:
    assert User.from_user_id(USER_ID).user_id == USER_ID


def test_passes_a_token_as_the_id_of_an_existing_one() -> None:
    token = cdk.Fn.import_value("UserId")
    assert User.from_user_id(token).user_id == token


@pytest.mark.parametrize(
    ("code", "user_id"),
    [
        ("wrong-length", ""),
        ("wrong-form", "dax@acme.com"),
        ("wrong-form", USER_ID[1:]),
        ("wrong-length", f"{USER_ID}8"),
        ("wrong-form", f"{USER_ID[11:]}\n"),
        ("wrong-form", USER_ID.replace("8", "g")),
        ("wrong-type", 7),
    ],
)
def test_refuses_an_existing_one_with_an_id_of_another_form(code: str, user_id: Any) -> None:
    with refuses(code, "user_id"):
        User.from_user_id(user_id)
