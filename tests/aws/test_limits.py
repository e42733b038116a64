"""The limits are AWS's: those of its APIs by botocore's models, and those of CloudFormation's published schemas."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files
from typing import Any

import botocore.session
import pytest

from org_constructs.aws import limits, stack_statuses

SCHEMAS = files("cfnlint.data.schemas")


@cache
def model(service: str) -> Any:
    return botocore.session.get_session().get_service_model(service)


def shape(service: str, operation: str, *path: str) -> Any:
    """What an argument of a call may be: its model, through the members that the path names, lists left out."""
    found = model(service).operation_model(operation).input_shape
    for name in path:
        found = found.member if found.type_name == "list" else found
        found = found.members[name]
    return found.metadata


@cache
def schema(resource_type: str) -> Any:
    types = json.loads((SCHEMAS / "providers/us-east-1.json").read_bytes())
    return json.loads((SCHEMAS / "resources" / f"{types[resource_type]}.json").read_bytes())["properties"]


ACCOUNT = ("organizations", "CreateAccount")
CONTACT = ("account", "PutAlternateContact")
PERMISSION_SET = ("sso-admin", "CreatePermissionSet")
CUSTOMER_MANAGED = (
    "sso-admin",
    "AttachCustomerManagedPolicyReferenceToPermissionSet",
    "CustomerManagedPolicyReference",
)


@pytest.mark.parametrize(
    ("limit", "argument"),
    [
        (limits.ACCOUNT_NAME_MAX, (*ACCOUNT, "AccountName")),
        (limits.EMAIL_MAX, (*ACCOUNT, "Email")),
        (limits.ROLE_NAME_MAX, (*ACCOUNT, "RoleName")),
        (limits.ORGANIZATIONAL_UNIT_NAME_MAX, ("organizations", "CreateOrganizationalUnit", "Name")),
        (limits.POLICY_NAME_MAX, ("organizations", "CreatePolicy", "Name")),
        (limits.POLICY_DESCRIPTION_MAX, ("organizations", "CreatePolicy", "Description")),
        (limits.TAG_KEY_MAX, ("organizations", "TagResource", "Tags", "Key")),
        (limits.TAG_VALUE_MAX, ("organizations", "TagResource", "Tags", "Value")),
        (limits.SERVICE_PRINCIPAL_MAX, ("organizations", "EnableAWSServiceAccess", "ServicePrincipal")),
        (limits.CONTACT_NAME_MAX, (*CONTACT, "Name")),
        (limits.CONTACT_TITLE_MAX, (*CONTACT, "Title")),
        (limits.CONTACT_EMAIL_MAX, (*CONTACT, "EmailAddress")),
        (limits.CONTACT_PHONE_NUMBER_MAX, (*CONTACT, "PhoneNumber")),
        (limits.PERMISSION_SET_NAME_MAX, (*PERMISSION_SET, "Name")),
        (limits.PERMISSION_SET_DESCRIPTION_MAX, (*PERMISSION_SET, "Description")),
        (limits.RELAY_STATE_MAX, (*PERMISSION_SET, "RelayState")),
        (limits.MANAGED_POLICY_ARN_MAX, ("sso-admin", "AttachManagedPolicyToPermissionSet", "ManagedPolicyArn")),
        (limits.CUSTOMER_MANAGED_POLICY_NAME_MAX, (*CUSTOMER_MANAGED, "Name")),
        (limits.CUSTOMER_MANAGED_POLICY_PATH_MAX, (*CUSTOMER_MANAGED, "Path")),
        (limits.INLINE_POLICY_BYTES_MAX, ("sso-admin", "PutInlinePolicyToPermissionSet", "InlinePolicy")),
        (limits.USER_NAME_MAX, ("identitystore", "CreateUser", "UserName")),
        (limits.PERSON_NAME_MAX, ("identitystore", "CreateUser", "Name", "GivenName")),
        (limits.PERSON_NAME_MAX, ("identitystore", "CreateUser", "Name", "FamilyName")),
        (limits.PERSON_NAME_MAX, ("identitystore", "CreateUser", "DisplayName")),
        (limits.GROUP_NAME_MAX, ("identitystore", "CreateGroup", "DisplayName")),
        (limits.GROUP_DESCRIPTION_MAX, ("identitystore", "CreateGroup", "Description")),
    ],
    ids=str,
)
def test_is_as_long_as_the_call_takes_it(limit: int, argument: tuple[str, ...]) -> None:
    assert limit == shape(*argument)["max"]


@pytest.mark.parametrize(
    ("limit", "resource_type", "name", "keyword"),
    [
        (limits.EMAIL_MIN, "AWS::Organizations::Account", "Email", "minLength"),
        (limits.EMAIL_MAX, "AWS::Organizations::Account", "Email", "maxLength"),
        (limits.ATTACHED_POLICIES_MAX, "AWS::SSO::PermissionSet", "ManagedPolicies", "maxItems"),
        (limits.ATTACHED_POLICIES_MAX, "AWS::SSO::PermissionSet", "CustomerManagedPolicyReferences", "maxItems"),
        # 75 by the API of Identity Center; what is deployed has to suit both.
        (limits.TAGS_MAX, "AWS::SSO::PermissionSet", "Tags", "maxItems"),
    ],
)
def test_is_what_the_resource_type_takes(limit: int, resource_type: str, name: str, keyword: str) -> None:
    assert limit == schema(resource_type)[name][keyword]


@pytest.mark.parametrize(
    ("pattern", "argument"),
    [
        (limits.ACCOUNT_NAME, (*ACCOUNT, "AccountName")),
        (limits.PERMISSION_SET_NAME, (*PERMISSION_SET, "Name")),
        (limits.CONTACT_PHONE_NUMBER, (*CONTACT, "PhoneNumber")),
        (limits.PRINCIPAL_ID, ("sso-admin", "CreateAccountAssignment", "PrincipalId")),
    ],
    ids=str,
)
def test_is_the_pattern_of_the_call(pattern: str, argument: tuple[str, ...]) -> None:
    assert pattern == shape(*argument)["pattern"]


@pytest.mark.parametrize(
    ("pattern", "resource_type", "name"),
    [
        (limits.INSTANCE_ARN, "AWS::SSO::PermissionSet", "InstanceArn"),
        (limits.PERMISSION_SET_ARN, "AWS::SSO::PermissionSet", "PermissionSetArn"),
        (limits.PRINCIPAL_ID, "AWS::IdentityStore::Group", "GroupId"),
        (limits.POLICY_ID, "AWS::Organizations::Policy", "Id"),
        (limits.ORGANIZATIONAL_UNIT_ID, "AWS::Organizations::OrganizationalUnit", "Id"),
        (limits.ACCOUNT_ID, "AWS::Organizations::Account", "AccountId"),
    ],
)
def test_is_the_pattern_of_the_resource_type(pattern: str, resource_type: str, name: str) -> None:
    published = schema(resource_type)[name]["pattern"]
    assert pattern == published.removeprefix("^").removesuffix("$")


@pytest.mark.parametrize(
    ("pattern", "argument", "around"),
    [
        (limits.ROLE_NAME, (*ACCOUNT, "RoleName"), ""),
        (limits.CUSTOMER_MANAGED_POLICY_PATH, (*CUSTOMER_MANAGED, "Path"), "/"),
        (limits.RELAY_STATE, (*PERMISSION_SET, "RelayState"), ""),
    ],
    ids=["role name", "path of a customer managed policy", "relay state"],
)
def test_takes_the_characters_that_the_call_takes(pattern: str, argument: tuple[str, ...], around: str) -> None:
    published = shape(*argument)["pattern"]
    texts = [f"{around}{chr(character)}{around}" for character in range(0x250)]
    taken = [text for text in texts if re.fullmatch(published, text)]
    assert len(taken) > 60
    assert [text for text in texts if re.fullmatch(pattern, text)] == taken


def test_the_types_of_contacts_are_those_of_the_call() -> None:
    assert list(limits.CONTACT_TYPES) == shape(*CONTACT, "AlternateContactType")["enum"]


def test_a_stack_takes_an_update_after_everything_that_ended_with_the_stack_in_place() -> None:
    ended = {each for each in model("cloudformation").shape_for("StackStatus").enum if each.endswith("_COMPLETE")}
    assert ended - {"ROLLBACK_COMPLETE", "DELETE_COMPLETE"} | {"REVIEW_IN_PROGRESS"} == stack_statuses.FINISHED
