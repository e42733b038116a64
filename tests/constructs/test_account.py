"""`Account`."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Match, Template

from org_constructs import Account, Organization, OrganizationalUnit
from refusals import refuses

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
    ("options", "refused"),
    [
        ({"name": ""}, ("wrong-length", "name", "1 to 50", "got 0")),
        ({"name": "d" * 51}, ("wrong-length", "name", "1 to 50", "got 51")),
        ({"name": "développement"}, ("wrong-form", "name", "printable ASCII", "'développement'")),
        ({"name": "acme\n"}, ("wrong-form", "name", "printable ASCII", "'acme\\n'")),
        ({"name": None}, ("wrong-type", "name", "NoneType None")),
        ({"email": "a@b.c"}, ("wrong-length", "email", "6 to 64", "got 5", "'a@b.c'")),
        ({"email": f"a{LONGEST_EMAIL}"}, ("wrong-length", "email", "6 to 64", "got 65")),
        ({"email": ""}, ("wrong-length", "email", "6 to 64", "got 0")),
        ({"email": "acme.com"}, ("email-form", "email", "'acme.com'")),
        ({"email": "aws@acme"}, ("email-form", "email")),
        ({"email": "aws@acme.com\n"}, ("email-form", "email")),
        ({"email": ".aws@acme.com"}, ("email-form", "email")),
        ({"email": "aws@@acme.com"}, ("email-form", "email")),
        ({"email": "a@b@acme.com"}, ("email-form", "email")),
        ({"email": "aws dev@acme.com"}, ("email-form", "email")),
        ({"email": "aws%dev@acme.com"}, ("email-form", "email")),
        ({"email": "é@acme.com"}, ("email-form", "email")),
        ({"email": "aws@acme..com"}, ("email-form", "email")),
        ({"email": "aws@.acme.com"}, ("email-form", "email")),
        ({"email": "aws@-acme.com"}, ("email-form", "email")),
        ({"email": "aws@acme.com-"}, ("email-form", "email")),
        ({"email": "aws@ac_me.com"}, ("email-form", "email")),
        ({"email": ["aws@acme.com"]}, ("wrong-type", "email", "list ['aws@acme.com']")),
        ({"role_name": ""}, ("wrong-length", "role_name", "1 to 64", "got 0")),
        ({"role_name": "r" * 65}, ("wrong-length", "role_name", "1 to 64", "got 65")),
        ({"role_name": "a role"}, ("wrong-form", "role_name", "letters, digits and +=,.@_-", "'a role'")),
        ({"role_name": "rôle"}, ("wrong-form", "role_name", "'rôle'")),
        ({"role_name": True}, ("wrong-type", "role_name", "bool True")),
        ({"tags": {"": "core"}}, ("wrong-length", "tags key", "1 to 128", "got 0")),
        (
            {"tags": [{"Key": "team", "Value": "core"}]},
            ("wrong-type", "tags", "a mapping of tag keys to values", "list"),
        ),
        ({"parent": None}, ("parent-not-one", "parent", "None")),
        ({"parent": "r-ab12"}, ("parent-not-one", "parent", "'r-ab12'")),
        ({"removal_policy": "retain"}, ("wrong-type", "removal_policy", "a RemovalPolicy", "str 'retain'")),
        ({"removal_policy": None}, ("wrong-type", "removal_policy", "NoneType None")),
        (
            {"removal_policy": cdk.RemovalPolicy.SNAPSHOT},
            ("account-removal-policy", "removal_policy", "RemovalPolicy.SNAPSHOT"),
        ),
    ],
    ids=lambda value: str(value)[:50],
)
def test_refuses_what_organizations_would_refuse(
    stack: cdk.Stack, organization: Organization, options: dict[str, Any], refused: tuple[str, ...]
) -> None:
    with refuses(*refused):
        dev(stack, organization, **options)
    assert stack.node.children == [organization]


def test_refuses_a_list_of_parents(stack: cdk.Stack, organization: Organization) -> None:
    with refuses("parent-not-one", "parent", "a list of 1"):
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
    with refuses("account-id-form", "account_id", repr(account_id)):
        Account.from_account_id(account_id)


def test_refuses_a_number_as_the_id_of_an_existing_one() -> None:
    with refuses("wrong-type", "account_id", "text of twelve digits, in quotes", "int 11112222"):
        Account.from_account_id(11112222)  # type: ignore[arg-type] # what is tested
