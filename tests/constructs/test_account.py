"""`Account`."""

from __future__ import annotations

import re
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Match, Template

from org_constructs import Account, Organization, OrganizationalUnit

ACCOUNT = "AWS::Organizations::Account"
LONGEST_EMAIL = f"{'a' * 55}@acme.com"


@pytest.fixture
def organization(stack: cdk.Stack) -> Organization:
    return Organization(stack, "Organization")


def dev(stack: cdk.Stack, organization: Organization, **options: Any) -> Account:
    defaults = {"name": "acme-dev", "email": "aws+dev@acme.com", "parent": organization}
    return Account(stack, "Dev", **{**defaults, **options})


def test_creates_one_under_the_root(stack: cdk.Stack, organization: Organization) -> None:
    account = dev(stack, organization)
    template = Template.from_stack(stack)
    template.resource_count_is(ACCOUNT, 1)
    template.has_resource_properties(
        ACCOUNT,
        {
            "AccountName": "acme-dev",
            "Email": "aws+dev@acme.com",
            "ParentIds": [stack.resolve(organization.root_id)],
            "RoleName": Match.absent(),
            "Tags": Match.absent(),
        },
    )
    (logical_id,) = template.find_resources(ACCOUNT)
    assert stack.resolve(account.account_id) == {"Fn::GetAtt": [logical_id, "AccountId"]}


def test_creates_one_in_a_unit(stack: cdk.Stack, organization: Organization) -> None:
    unit = OrganizationalUnit(stack, "Workloads", name="workloads", parent=organization)
    dev(stack, organization, parent=unit)
    Template.from_stack(stack).has_resource_properties(
        ACCOUNT, {"ParentIds": [stack.resolve(unit.organizational_unit_id)]}
    )


def test_creates_one_in_an_existing_unit(stack: cdk.Stack) -> None:
    unit = OrganizationalUnit.from_organizational_unit_id("ou-ab12-11112222")
    Account(stack, "Dev", name="acme-dev", email="aws+dev@acme.com", parent=unit)
    Template.from_stack(stack).has_resource_properties(ACCOUNT, {"ParentIds": ["ou-ab12-11112222"]})


def test_takes_a_role_name_and_tags(stack: cdk.Stack, organization: Organization) -> None:
    dev(stack, organization, role_name="Admin", tags={"stage": "dev", "team": "core"})
    Template.from_stack(stack).has_resource_properties(
        ACCOUNT,
        {"RoleName": "Admin", "Tags": [{"Key": "stage", "Value": "dev"}, {"Key": "team", "Value": "core"}]},
    )


def test_is_retained_when_it_is_removed_or_replaced(stack: cdk.Stack, organization: Organization) -> None:
    dev(stack, organization)
    Template.from_stack(stack).has_resource(ACCOUNT, {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"})


def test_is_closed_when_it_is_removed_if_asked_to(stack: cdk.Stack, organization: Organization) -> None:
    dev(stack, organization, removal_policy=cdk.RemovalPolicy.DESTROY)
    Template.from_stack(stack).has_resource(ACCOUNT, {"DeletionPolicy": "Delete"})


def test_keeps_its_logical_id_when_anything_but_its_id_changes(app: cdk.App) -> None:
    logical_ids = []
    for suffix in ("", "2"):
        stack = cdk.Stack(app, f"Stack{suffix}")
        organization = Organization(stack, "Organization")
        parent = OrganizationalUnit(stack, "Unit", name="unit", parent=organization) if suffix else organization
        account = dev(stack, organization, name=f"acme{suffix}", email=f"aws{suffix}@acme.com", parent=parent)
        logical_ids.append(stack.resolve(account.account_id))
    assert logical_ids[0] == logical_ids[1]


@pytest.mark.parametrize(
    "options",
    [
        {"name": "d"},
        {"name": "d" * 50},
        {"name": " !~"},
        {"email": "a@b.cd"},
        {"email": LONGEST_EMAIL},
        {"email": "a!#$*+-./=?^_`{}~@acme.com"},
        {"email": "aws@mail.acme-corp.example"},
        {"role_name": "r"},
        {"role_name": "r" * 64},
        {"role_name": "Az_09+=,.@-"},
        {"tags": {}},
    ],
    ids=str,
)
def test_takes_what_organizations_takes(stack: cdk.Stack, organization: Organization, options: dict[str, Any]) -> None:
    dev(stack, organization, **options)
    assert len(stack.node.children) == 2


def test_takes_tokens(stack: cdk.Stack, organization: Organization) -> None:
    token = cdk.Fn.import_value("Value")
    dev(stack, organization, name=f"{token}é", email=token, role_name=f"role {token}", tags={"team": token})
    value = {"Fn::ImportValue": "Value"}
    Template.from_stack(stack).has_resource_properties(
        ACCOUNT,
        {
            "AccountName": {"Fn::Join": ["", [value, "é"]]},
            "Email": value,
            "RoleName": {"Fn::Join": ["", ["role ", value]]},
            "Tags": [{"Key": "team", "Value": value}],
        },
    )


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"name": ""}, "name must be 1 to 50 characters, got 0: ''"),
        ({"name": "d" * 51}, "name must be 1 to 50 characters, got 51: "),
        ({"name": "développement"}, "name must be printable ASCII, got 'développement'"),
        ({"name": "acme\n"}, "name must be printable ASCII, got 'acme\\n'"),
        ({"name": None}, "name must be text, got NoneType None"),
        ({"email": "a@b.c"}, "email must be 6 to 64 characters, got 5: 'a@b.c'; choose another address"),
        ({"email": f"a{LONGEST_EMAIL}"}, "email must be 6 to 64 characters, got 65: "),
        ({"email": ""}, "email must be 6 to 64 characters, got 0: "),
        ({"email": "acme.com"}, "email must be an e-mail address like 'aws+dev@acme.com', got 'acme.com'"),
        ({"email": "aws@acme"}, "email must be an e-mail address"),
        ({"email": "aws@acme.com\n"}, "email must be an e-mail address"),
        ({"email": ".aws@acme.com"}, "email must be an e-mail address"),
        ({"email": "aws@@acme.com"}, "email must be an e-mail address"),
        ({"email": "a@b@acme.com"}, "email must be an e-mail address"),
        ({"email": "aws dev@acme.com"}, "email must be an e-mail address"),
        ({"email": "aws%dev@acme.com"}, "email must be an e-mail address"),
        ({"email": "é@acme.com"}, "email must be an e-mail address"),
        ({"email": "aws@acme..com"}, "email must be an e-mail address"),
        ({"email": "aws@.acme.com"}, "email must be an e-mail address"),
        ({"email": "aws@-acme.com"}, "email must be an e-mail address"),
        ({"email": "aws@acme.com-"}, "email must be an e-mail address"),
        ({"email": "aws@ac_me.com"}, "email must be an e-mail address"),
        ({"email": ["aws@acme.com"]}, "email must be text, got list ['aws@acme.com']"),
        ({"role_name": ""}, "role_name must be 1 to 64 characters, got 0: ''"),
        ({"role_name": "r" * 65}, "role_name must be 1 to 64 characters, got 65: "),
        ({"role_name": "a role"}, "role_name must be letters, digits and +=,.@_-, got 'a role'"),
        ({"role_name": "rôle"}, "role_name must be letters, digits and +=,.@_-, got 'rôle'"),
        ({"role_name": True}, "role_name must be text, got bool True"),
        ({"tags": {"": "core"}}, "tags key must be 1 to 128 characters, got 0: ''"),
        ({"tags": [{"Key": "team", "Value": "core"}]}, "tags must be a mapping of tag keys to values, got list "),
        ({"parent": None}, "parent must be exactly one Organization or OrganizationalUnit, got None; "),
        ({"parent": "r-ab12"}, "parent must be exactly one Organization or OrganizationalUnit, got 'r-ab12'; "),
        ({"removal_policy": "retain"}, "removal_policy must be a RemovalPolicy, got str 'retain'"),
        ({"removal_policy": None}, "removal_policy must be a RemovalPolicy, got NoneType None"),
        (
            {"removal_policy": cdk.RemovalPolicy.SNAPSHOT},
            "removal_policy must be one that accounts have, got RemovalPolicy.SNAPSHOT; use RETAIN",
        ),
    ],
    ids=lambda value: str(value)[:50],
)
def test_refuses_what_organizations_would_refuse(
    stack: cdk.Stack, organization: Organization, options: dict[str, Any], error: str
) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(error)}"):
        dev(stack, organization, **options)
    assert stack.node.children == [organization]


def test_refuses_a_list_of_parents(stack: cdk.Stack, organization: Organization) -> None:
    with pytest.raises(ValueError, match=r"^parent must be exactly one .*, got a list of 1; name one that exists with"):
        dev(stack, organization, parent=[organization])
    assert stack.node.children == [organization]


def test_names_an_existing_one_without_creating_anything() -> None:
    assert Account.from_account_id("000011112222").account_id == "000011112222"


def test_passes_a_token_as_the_id_of_an_existing_one() -> None:
    assert Account.from_account_id(cdk.Aws.ACCOUNT_ID).account_id == cdk.Aws.ACCOUNT_ID


@pytest.mark.parametrize(
    "account_id", ["", "11112222333", "1111222233334", "111122223333\n", "11112222333a", "١١١١٢٢٢٢٣٣٣٣"]
)
def test_refuses_an_existing_one_whose_id_is_not_twelve_digits(account_id: str) -> None:
    error = f"account_id must be twelve digits, got {account_id!r}"
    with pytest.raises(ValueError, match=f"^{re.escape(error)}"):
        Account.from_account_id(account_id)


def test_refuses_a_number_as_the_id_of_an_existing_one() -> None:
    error = "account_id must be text: twelve digits in quotes, since a number loses leading zeros, got int 11112222"
    with pytest.raises(ValueError, match=f"^{error}$"):
        Account.from_account_id(11112222)  # type: ignore[arg-type] # what is tested
