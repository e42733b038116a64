"""`OrgBaseline`: what it refuses, before anything is added to the app."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template

from org_constructs import (
    AccountProps,
    AssignmentProps,
    GroupProps,
    Organization,
    OrgBaseline,
    PermissionSetProps,
    PolicyProps,
    PolicyType,
    UserProps,
)
from org_constructs import OrganizationalUnitProps as Unit
from org_constructs.refusal import Refusals
from organizations import ENV, IDENTITY_CENTER
from policy_documents import content_of
from refusals import refuses

EXISTING_ID: Final = "1111222233-11112222-3333-4444-5555-666677778888"
EXISTING_ORGANIZATION: Final = Organization.from_attributes(
    organization_id="o-exampleorg1", root_id="r-ab12", management_account_id="111122223333"
)
EXISTING_UNIT: Final = Unit(name="old", organizational_unit_id="ou-ab12-11112222")
PERMISSION_SET_ARN: Final = "arn:aws:sso:::permissionSet/ssoins-1111222233334444/ps-1111222233334444"
CLOSING: Final[dict[str, Any]] = {"accounts": [AccountProps(key="dev", closing=True)]}
KIM: Final = UserProps(user_name="kim@acme.com", given_name="Kim", family_name="Acme", groups=[])


def baseline(app: cdk.App, **arguments: Any) -> OrgBaseline:
    defaults = {
        "env": ENV,
        "company": "acme",
        "email": "aws@acme.com",
        "identity_center": IDENTITY_CENTER,
        "enabled_policy_types": [],
    }
    return OrgBaseline(app, "OrgBaseline", **{**defaults, **arguments})


def user(**fields: Any) -> UserProps:
    defaults = {"user_name": "dax@acme.com", "given_name": "Dax", "family_name": "Acme", "groups": []}
    return UserProps(**{**defaults, **fields})


def policy(name: str, *targets: str, **fields: Any) -> PolicyProps:
    content = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "iam:*", "Resource": "*"}]}
    defaults = {"type": PolicyType.SERVICE_CONTROL_POLICY, "content": content}
    return PolicyProps(name=name, targets=targets, **{**defaults, **fields})


def administer(*targets: str) -> AssignmentProps:
    return AssignmentProps(principal="Administrators", permission_set="AdministratorAccess", targets=targets)


def unit_in_itself() -> Unit:
    inside: list[Unit] = []
    unit = Unit(name="a", organizational_units=inside)
    inside.append(unit)
    return unit


def units_nested(levels: int) -> Unit:
    unit = Unit(name="deepest")
    for _ in range(levels - 1):
        unit = Unit(name="up", organizational_units=[unit])
    return unit


@pytest.mark.parametrize(
    ("arguments", "refused"),
    [
        pytest.param({"company": ""}, ("wrong-length", "company", "1 to 50", "got 0"), id="a-company-of-no-characters"),
        pytest.param(
            {"company": "a" * 51},
            ("wrong-length", "company", "1 to 50", "got 51"),
            id="a-company-of-51-characters",
        ),
        pytest.param(
            {"company": "Ärzte"},
            ("wrong-form", "company", "printable ASCII", "'Ärzte'"),
            id="a-company-outside-ascii",
        ),
        pytest.param(
            {"company": cdk.Fn.import_value("Company")},
            ("company-token", "company"),
            id="a-company-not-known-yet",
        ),
        pytest.param(
            {"email": "aws"},
            ("wrong-length", "email", "6 to 64", "got 3", "'aws'"),
            id="an-email-that-is-none",
        ),
        pytest.param(
            {"email": "aws+x@acme.com"},
            ("email-plus", "accounts[0]: email", "'aws+x@acme.com'", "aws@acme.com"),
            id="an-email-with-a-plus",
        ),
        pytest.param(
            {"email": "a" * 55 + "@acme.com"},
            ("email-derived", "accounts[0]: email", f"'{'a' * 55}@acme.com'", "'dev'"),
            id="an-email-too-long-to-derive-from",
        ),
        pytest.param(
            {"company": "!!!"},
            ("session-name-empty", "session_name", "'!!!'"),
            id="a-company-that-gives-no-session-name",
        ),
        pytest.param(
            {"session_name": "acme sso"},
            ("wrong-form", "session_name", "letters, digits and ._-", "'acme sso'"),
            id="a-session-name-with-a-space",
        ),
        pytest.param(
            {"session_name": "a" * 65},
            ("wrong-length", "session_name", "1 to 64", "got 65"),
            id="a-session-name-of-65-characters",
        ),
        pytest.param(
            {"default_region": "Frankfurt"},
            ("region-unknown", "default_region", "'Frankfurt'", "write it like 'us-east-1'"),
            id="a-default-region-that-is-none",
        ),
        pytest.param(
            {"organization": "o-exampleorg1"},
            ("wrong-type", "organization", "Organization.from_attributes(…)", "str 'o-exampleorg1'"),
            id="an-organization-that-is-none",
        ),
        pytest.param(
            {"identity_center": "ssoins-1111222233334444"},
            ("wrong-type", "identity_center", "str 'ssoins-1111222233334444'"),
            id="an-identity-center-that-is-none",
        ),
        pytest.param(
            {"organizational_units": "workloads"},
            ("not-a-list", "organizational_units", "str 'workloads'"),
            id="units-that-are-no-list",
        ),
        pytest.param(
            {"organizational_units": ["workloads"]},
            ("wrong-type", "organizational_units[0]", "an OrganizationalUnitProps", "str 'workloads'"),
            id="a-unit-that-is-none",
        ),
        pytest.param(
            {"organizational_units": [Unit(name="a"), Unit(name="a", key="b")]},
            ("not-unique", "organizational_units[1]", "organizational_units[0]", "name", "'a'"),
            id="a-unit-name-twice",
        ),
        pytest.param(
            {"organizational_units": [Unit(name="a"), Unit(name="b", key="a")]},
            ("not-unique", "organizational_units[1]", "organizational_units[0]", "key", "'a'"),
            id="a-unit-key-twice",
        ),
        pytest.param(
            {"organizational_units": [Unit(name="up", organizational_units=[Unit(name="a"), Unit(name="a")])]},
            (
                "not-unique",
                "organizational_units[0].organizational_units[1]",
                "organizational_units[0].organizational_units[0]",
                "name",
                "'a'",
            ),
            id="a-unit-name-twice-in-a-unit",
        ),
        pytest.param(
            {"organizational_units": [unit_in_itself()]},
            ("unit-in-itself", "organizational_units[0].organizational_units[0]", "'a'"),
            id="a-unit-in-itself",
        ),
        pytest.param(
            {"organizational_units": [units_nested(6)]},
            (
                "unit-too-deep",
                "organizational_units[0].organizational_units[0].organizational_units[0].organizational_units[0].organizational_units[0].organizational_units[0].name",
                "5",
                "'deepest'",
                "6",
            ),
            id="a-unit-on-level-6",
        ),
        pytest.param(
            {"organizational_units": [Unit(name="")]},
            ("wrong-length", "organizational_units[0].name", "1 to 128", "got 0"),
            id="a-unit-without-a-name",
        ),
        pytest.param(
            {"organizational_units": [Unit(name="a" * 129)]},
            ("wrong-length", "organizational_units[0].name", "1 to 128", "got 129"),
            id="a-unit-name-of-129-characters",
        ),
        pytest.param(
            {"organizational_units": [Unit(name="a", key="")]},
            ("wrong-length", "organizational_units[0].key", "1 to 128", "got 0"),
            id="a-unit-key-of-no-characters",
        ),
        pytest.param(
            {"organizational_units": [Unit(name="R/D")]},
            ("unit-key-form", "organizational_units[0].key", "'R/D'"),
            id="a-unit-key-with-a-slash",
        ),
        pytest.param(
            {"organizational_units": [Unit(name="a--b")]},
            ("unit-key-form", "organizational_units[0].key", "'a--b'"),
            id="a-unit-key-with-two-hyphens",
        ),
        pytest.param(
            {"organizational_units": [Unit(name="-a")]},
            ("unit-key-form", "organizational_units[0].key", "'-a'"),
            id="a-unit-key-that-starts-with-a-hyphen",
        ),
        pytest.param(
            {"organizational_units": [Unit(name="a", key="a-")]},
            ("unit-key-form", "organizational_units[0].key", "'a-'"),
            id="a-unit-key-that-ends-with-a-hyphen",
        ),
        pytest.param(
            {"organizational_units": [Unit(name=cdk.Fn.import_value("Unit"))]},
            ("id-token", "organizational_units[0].key"),
            id="a-unit-key-not-known-yet",
        ),
        pytest.param(
            {"organizational_units": [Unit(name="root")]},
            ("key-reserved", "organizational_units[0].key", "'root'"),
            id="a-unit-called-root",
        ),
        pytest.param(
            {"organizational_units": [Unit(name="management")]},
            ("key-reserved", "organizational_units[0].key", "'management'"),
            id="a-unit-called-management",
        ),
        pytest.param(
            {"organizational_units": [Unit(name="*")]},
            ("key-reserved", "organizational_units[0].key", "'*'"),
            id="a-unit-called-star",
        ),
        pytest.param(
            {"organizational_units": [Unit(name="a", tags={"aws:a": "b"})]},
            ("tag-key-reserved", "organizational_units[0].tags key", "'aws:a'"),
            id="a-tag-of-a-unit-that-is-aws-own",
        ),
        pytest.param(
            {"organizational_units": [Unit(name="new", organizational_units=[EXISTING_UNIT])]},
            (
                "unit-existing-under-created",
                "organizational_units[0].organizational_units[0].organizational_unit_id",
                "'ou-ab12-11112222'",
                "'new'",
            ),
            id="an-existing-unit-in-a-created-one",
        ),
        pytest.param(
            {"organizational_units": [Unit(name="a", organizational_unit_id="ou-1")]},
            ("wrong-form", "organizational_units[0].organizational_unit_id", "an id like 'ou-ab12-11112222'", "'ou-1'"),
            id="an-existing-unit-of-another-form",
        ),
        pytest.param(
            {"organizational_units": [replace(EXISTING_UNIT, tags={"a": "b"})]},
            ("existing-unchanged", "organizational_units[0].tags", "organizational_unit_id", "{'a': 'b'}"),
            id="tags-of-an-existing-unit",
        ),
        pytest.param(
            {
                "organizational_units": [
                    EXISTING_UNIT,
                    replace(EXISTING_UNIT, name="older"),
                ]
            },
            ("unit-existing-twice", "organizational_units[1].organizational_unit_id", "'ou-ab12-11112222'", "'old'"),
            id="an-existing-unit-twice",
        ),
        pytest.param({"accounts": "dev"}, ("not-a-list", "accounts", "str 'dev'"), id="accounts-that-are-no-list"),
        pytest.param(
            {"accounts": ["dev"]},
            ("wrong-type", "accounts[0]", "an AccountProps", "str 'dev'"),
            id="an-account-that-is-none",
        ),
        pytest.param(
            {"accounts": [AccountProps(key="Dev")]},
            ("wrong-form", "accounts[0].key", "lower-case letters and digits, in parts joined by '-'", "'Dev'"),
            id="an-account-key-in-capitals",
        ),
        pytest.param(
            {"accounts": [AccountProps(key="a--b")]},
            ("wrong-form", "accounts[0].key", "'a--b'"),
            id="an-account-key-with-two-hyphens",
        ),
        pytest.param(
            {"accounts": [AccountProps(key="a" * 51)]},
            ("wrong-length", "accounts[0].key", "1 to 50", "got 51"),
            id="an-account-key-of-51-characters",
        ),
        pytest.param(
            {"accounts": [AccountProps(key=cdk.Fn.import_value("Key"))]},
            ("id-token", "accounts[0].key"),
            id="an-account-key-not-known-yet",
        ),
        pytest.param(
            {"accounts": [AccountProps(key="dev", closing="yes")]},  # type: ignore[arg-type] # what is refused
            ("wrong-type", "accounts[0].closing", "True or False", "'yes'"),
            id="an-account-that-is-closing-in-words",
        ),
        pytest.param(
            {"accounts": [AccountProps(key="dev", closing=True, account_id="444455556666")]},
            ("existing-unchanged", "accounts[0].closing", "account_id", "True"),
            id="an-account-of-others-that-is-closing",
        ),
        pytest.param(
            {
                **CLOSING,
                "accounts": [*CLOSING["accounts"], AccountProps(key="open", organizational_unit="closing")],
                "organizational_units": [Unit(name="closing")],
            },
            ("closing-unit-occupied", "'closing'", "'open'"),
            id="an-open-account-where-others-are-closing",
        ),
        pytest.param(
            {**CLOSING, "organizational_units": [Unit(name="closing", organizational_units=[Unit(name="more")])]},
            ("closing-unit-occupied", "'closing'", "'closing/more'"),
            id="a-unit-where-accounts-are-closing",
        ),
        pytest.param(
            {**CLOSING, "organizational_units": [Unit(name="closing", key="other")]},
            ("closing-unit-occupied", "'closing'", "'other'"),
            id="another-unit-of-the-name",
        ),
        pytest.param(
            {**CLOSING, "policies": [policy("ClosingAccounts")]},
            ("closing-policy-name", "'ClosingAccounts'"),
            id="another-policy-of-the-name",
        ),
        pytest.param(
            {"accounts": [AccountProps(key="management")]},
            ("key-reserved", "accounts[0].key", "'management'"),
            id="an-account-called-management",
        ),
        pytest.param(
            {"accounts": [AccountProps(key="root")]},
            ("key-reserved", "accounts[0].key", "'root'"),
            id="an-account-called-root",
        ),
        pytest.param(
            {"accounts": [AccountProps(key="dev"), AccountProps(key="dev")]},
            ("not-unique", "accounts[1]", "accounts[0]", "key", "'dev'"),
            id="an-account-key-twice",
        ),
        pytest.param(
            {"accounts": [AccountProps(key="a-1"), AccountProps(key="a1")]},
            ("ids-too-alike", "accounts[1].key", "accounts[0].key", "'-'", "'a1'", "'a-1'"),
            id="account-keys-with-one-output",
        ),
        pytest.param(
            {"accounts": [AccountProps(key="dev", region="Frankfurt")]},
            ("region-unknown", "accounts[0].region", "'Frankfurt'"),
            id="an-account-region-that-is-none",
        ),
        pytest.param(
            {"accounts": [AccountProps(key="dev", organizational_unit="workloads")]},
            (
                "name-unknown",
                "accounts[0].organizational_unit",
                "an organizational unit by its path",
                "'workloads'",
                "available: none",
            ),
            id="an-account-in-no-unit",
        ),
        pytest.param(
            {
                "organizational_units": [Unit(name="workloads")],
                "accounts": [AccountProps(key="dev", organizational_unit="workload")],
            },
            ("name-unknown", "accounts[0].organizational_unit", "'workload'", "'workloads'"),
            id="an-account-in-a-unit-misspelt",
        ),
        pytest.param(
            {"accounts": [AccountProps(key="dev", name="")]},
            ("wrong-length", "accounts[0].name", "1 to 50", "got 0"),
            id="an-account-without-a-name",
        ),
        pytest.param(
            {"accounts": [AccountProps(key="dev", name="Ärzte")]},
            ("wrong-form", "accounts[0].name", "printable ASCII", "'Ärzte'"),
            id="an-account-name-outside-ascii",
        ),
        pytest.param(
            {"company": "a" * 48},
            ("wrong-length", "accounts[0].name", "1 to 50", "got 52"),
            id="an-account-name-that-got-too-long",
        ),
        pytest.param(
            {"accounts": [AccountProps(key="dev", email="dev.acme.com")]},
            ("email-form", "accounts[0].email", "'dev.acme.com'"),
            id="an-account-email-that-is-none",
        ),
        pytest.param(
            {"accounts": [AccountProps(key="dev", role_name="a b")]},
            ("wrong-form", "accounts[0].role_name", "'a b'"),
            id="an-account-role-name-with-a-space",
        ),
        pytest.param(
            {"accounts": [AccountProps(key="dev", tags={"": "b"})]},
            ("wrong-length", "accounts[0].tags key", "1 to 128", "got 0"),
            id="an-account-tag-without-a-key",
        ),
        pytest.param(
            {"accounts": [AccountProps(key="dev", email="AWS@acme.com")]},
            ("email-management-account", "accounts[0].email", "'AWS@acme.com'"),
            id="the-email-of-the-management-account",
        ),
        pytest.param(
            {"accounts": [AccountProps(key="a", email="AWS+b@acme.com"), AccountProps(key="b")]},
            ("not-unique", "accounts[1]", "accounts[0]", "email", "'aws+b@acme.com'"),
            id="an-email-of-two-accounts",
        ),
        pytest.param(
            {"accounts": [AccountProps(key="old", account_id="4444")]},
            ("account-id-form", "accounts[0].account_id", "'4444'"),
            id="an-existing-account-of-another-form",
        ),
        pytest.param(
            {"accounts": [AccountProps(key="old", account_id=444455556666)]},  # type: ignore[arg-type] # what is tested
            (
                "wrong-type",
                "accounts[0].account_id",
                "text of twelve digits, in quotes, since a number loses leading zeros",
                "int 444455556666",
            ),
            id="an-existing-account-as-a-number",
        ),
        pytest.param(
            {
                "accounts": [
                    AccountProps(key="a", account_id="444455556666"),
                    AccountProps(key="b", account_id="444455556666"),
                ]
            },
            ("not-unique", "accounts[1]", "accounts[0]", "account id", "'444455556666'"),
            id="an-existing-account-twice",
        ),
        pytest.param(
            {"accounts": [AccountProps(key="dev"), AccountProps(key="old", account_id="111122223333")]},
            ("member-is-management-account", "accounts[1].account_id", "'111122223333'", "'management'"),
            id="the-management-account-as-a-member",
        ),
        pytest.param(
            {
                "env": None,
                "organization": EXISTING_ORGANIZATION,
                "accounts": [AccountProps(key="old", account_id="111122223333")],
            },
            ("member-is-management-account", "accounts[0].account_id", "'111122223333'", "'management'"),
            id="the-existing-management-account-as-a-member",
        ),
        pytest.param(
            {"accounts": [AccountProps(key="old", account_id="444455556666", email="old@acme.com")]},
            ("existing-unchanged", "accounts[0].email", "account_id", "'old@acme.com'"),
            id="the-email-of-an-existing-account",
        ),
        pytest.param(
            {"accounts": [AccountProps(key="old", account_id="444455556666", organizational_unit="a")]},
            ("existing-unchanged", "accounts[0].organizational_unit", "account_id", "'a'"),
            id="the-unit-of-an-existing-account",
        ),
        pytest.param(
            {"accounts": [AccountProps(key="old", account_id="444455556666", role_name="a")]},
            ("existing-unchanged", "accounts[0].role_name", "account_id", "'a'"),
            id="the-role-of-an-existing-account",
        ),
        pytest.param(
            {"accounts": [AccountProps(key="old", account_id="444455556666", tags={"a": "b"})]},
            ("existing-unchanged", "accounts[0].tags", "account_id", "{'a': 'b'}"),
            id="the-tags-of-an-existing-account",
        ),
        pytest.param(
            {"organization": EXISTING_ORGANIZATION, "env": cdk.Environment(account="444455556666")},
            ("env-not-management-account", "env", "'111122223333'", "'444455556666'"),
            id="another-environment-than-the-management-account",
        ),
        pytest.param(
            {"groups": "Administrators"},
            ("not-a-list", "groups", "str 'Administrators'"),
            id="groups-that-are-no-list",
        ),
        pytest.param(
            {"groups": ["Administrators"]},
            ("wrong-type", "groups[0]", "a GroupProps", "str 'Administrators'"),
            id="a-group-that-is-none",
        ),
        pytest.param(
            {"groups": [GroupProps(name="")], "assignments": []},
            ("wrong-length", "groups[0].name", "1 to 1024", "got 0"),
            id="a-group-without-a-name",
        ),
        pytest.param(
            {"groups": [GroupProps(name="a"), GroupProps(name="A")], "assignments": []},
            ("not-unique", "groups[1]", "groups[0]", "name", "'A'"),
            id="a-group-name-twice",
        ),
        pytest.param(
            {"groups": [GroupProps(name="a/b"), GroupProps(name="a--b")], "assignments": []},
            ("ids-too-alike", "groups[1].name", "groups[0].name", "'/' and '--'", "'a--b'", "'a/b'"),
            id="group-names-with-one-construct-id",
        ),
        pytest.param(
            {"groups": [GroupProps(name=cdk.Fn.import_value("Group"))], "assignments": []},
            ("id-token", "groups[0].name"),
            id="a-group-name-not-known-yet",
        ),
        pytest.param(
            {"groups": [GroupProps(name="a", group_id="a")], "assignments": []},
            ("wrong-form", "groups[0].group_id", f"an id like '{EXISTING_ID}'", "'a'"),
            id="an-existing-group-of-another-form",
        ),
        pytest.param(
            {
                "groups": [GroupProps(name="a", group_id=EXISTING_ID), GroupProps(name="b", group_id=EXISTING_ID)],
                "assignments": [],
            },
            ("not-unique", "groups[1]", "groups[0]", "group id", f"'{EXISTING_ID}'"),
            id="an-existing-group-twice",
        ),
        pytest.param(
            {"groups": [GroupProps(name="a", group_id=EXISTING_ID, description="A")], "assignments": []},
            ("existing-unchanged", "groups[0].description", "group_id", "'A'"),
            id="the-description-of-an-existing-group",
        ),
        pytest.param(
            {"users": "dax@acme.com"},
            ("not-a-list", "users", "str 'dax@acme.com'"),
            id="users-that-are-no-list",
        ),
        pytest.param(
            {"users": ["dax@acme.com"]},
            ("wrong-type", "users[0]", "a UserProps", "str 'dax@acme.com'"),
            id="a-user-that-is-none",
        ),
        pytest.param(
            {"users": [user(user_name="dax acme@acme.com")]},
            ("wrong-character", "users[0].user_name", "' '", "'dax acme@acme.com'"),
            id="a-user-name-with-a-space",
        ),
        pytest.param(
            {"users": [user(user_name="dax")]},
            ("wrong-form", "users[0].user_name", "'dax'"),
            id="a-user-name-that-is-no-email",
        ),
        pytest.param(
            {"users": [user(user_name="Administrator", email="dax@acme.com")]},
            ("name-reserved", "users[0].user_name", "'Administrator'"),
            id="a-user-name-that-aws-reserves",
        ),
        pytest.param(
            {"users": [user(user_name="a" * 129, email="dax@acme.com")]},
            ("wrong-length", "users[0].user_name", "1 to 128", "got 129"),
            id="a-user-name-of-129-characters",
        ),
        pytest.param(
            {"users": [user(user_name="Administrators", email="dax@acme.com")]},
            ("principal-ambiguous", "users[0].user_name", "'Administrators'"),
            id="a-user-called-like-a-group",
        ),
        pytest.param(
            {"users": [user(), user(user_name="DAX@acme.com")]},
            ("not-unique", "users[1]", "users[0]", "user name", "'DAX@acme.com'"),
            id="a-user-name-twice",
        ),
        pytest.param(
            {"users": [user(user_name=cdk.Fn.import_value("User"))]},
            ("id-token", "users[0].user_name"),
            id="a-user-name-not-known-yet",
        ),
        pytest.param(
            {"users": [user(user_name="a/b@acme.com"), user(user_name="a--b@acme.com")]},
            (
                "ids-too-alike",
                "users[1].user_name",
                "users[0].user_name",
                "'/' and '--'",
                "'a--b@acme.com'",
                "'a/b@acme.com'",
                "user name",
            ),
            id="user-names-with-one-construct-id",
        ),
        pytest.param(
            {"users": [user(), user(user_name="dax", email="Dax@acme.com")]},
            ("not-unique", "users[1]", "users[0]", "email", "'Dax@acme.com'"),
            id="an-email-of-two-users",
        ),
        pytest.param(
            {"users": [user(email="dax")]},
            ("wrong-form", "users[0].email", "'dax'"),
            id="a-user-email-that-is-none",
        ),
        pytest.param(
            {"users": [user(given_name=None)]},
            ("person-name-missing", "users[0].given_name", "'dax@acme.com'"),
            id="a-user-without-a-given-name",
        ),
        pytest.param(
            {"users": [user(family_name=None)]},
            ("person-name-missing", "users[0].family_name", "'dax@acme.com'"),
            id="a-user-without-a-family-name",
        ),
        pytest.param(
            {"users": [user(given_name="")]},
            ("wrong-length", "users[0].given_name", "1 to 1024", "got 0"),
            id="a-given-name-of-no-characters",
        ),
        pytest.param(
            {"users": [user(display_name="Dax\0")]},
            ("wrong-character", "users[0].display_name", "'\\x00'", "'Dax\\x00'"),
            id="a-display-name-with-a-control-character",
        ),
        pytest.param(
            {"users": [user(groups="Administrators")]},
            ("not-a-list", "users[0].groups", "str 'Administrators'"),
            id="groups-of-a-user-that-are-no-list",
        ),
        pytest.param(
            {"users": [user(groups=["Administrator"])]},
            ("name-unknown", "users[0].groups[0]", "a group", "'Administrator'", "'Administrators'"),
            id="a-group-of-a-user-misspelt",
        ),
        pytest.param(
            {"groups": [GroupProps(name="Developers")], "users": [user(groups=["Administrators"])]},
            ("name-unknown", "users[0].groups[0]", "'Administrators'", "the default", "'Developers'"),
            id="the-default-group-beside-others",
        ),
        pytest.param(
            {"users": [user(groups=["Administrators", "Administrators"])]},
            ("not-unique", "users[0].groups[1]", "users[0].groups[0]", "group", "'Administrators'"),
            id="a-group-of-a-user-twice",
        ),
        pytest.param(
            {"users": [user(groups=["a"])], "groups": [GroupProps(name="a", group_id=EXISTING_ID)], "assignments": []},
            ("group-existing-member", "users[0].groups[0]", "'a'"),
            id="a-group-of-a-user-that-exists-already",
        ),
        pytest.param(
            {"users": [KIM, user(groups=None)]},
            ("groups-missing", "users[1].groups", "'dax@acme.com'", "'Administrators'"),
            id="a-second-user-without-groups",
        ),
        pytest.param(
            {"users": [UserProps(user_name="dax", user_id="dax")]},
            ("wrong-form", "users[0].user_id", "'dax'"),
            id="an-existing-user-of-another-form",
        ),
        pytest.param(
            {"users": [UserProps(user_name="", user_id=EXISTING_ID)]},
            ("wrong-length", "users[0].user_name", "1 to 128", "got 0"),
            id="an-existing-user-without-a-name",
        ),
        pytest.param(
            {"users": [UserProps(user_name="a", user_id=EXISTING_ID), UserProps(user_name="b", user_id=EXISTING_ID)]},
            ("not-unique", "users[1]", "users[0]", "user id", f"'{EXISTING_ID}'"),
            id="an-existing-user-twice",
        ),
        pytest.param(
            {"users": [UserProps(user_name="dax", user_id=EXISTING_ID, given_name="Dax")]},
            ("existing-unchanged", "users[0].given_name", "user_id", "'Dax'"),
            id="the-given-name-of-an-existing-user",
        ),
        pytest.param(
            {"users": [UserProps(user_name="dax", user_id=EXISTING_ID, email="dax@acme.com")]},
            ("existing-unchanged", "users[0].email", "user_id", "'dax@acme.com'"),
            id="the-email-of-an-existing-user",
        ),
        pytest.param(
            {"permission_sets": "AdministratorAccess"},
            ("not-a-list", "permission_sets", "str 'AdministratorAccess'"),
            id="permission-sets-that-are-no-list",
        ),
        pytest.param(
            {"permission_sets": ["AdministratorAccess"]},
            ("wrong-type", "permission_sets[0]", "a PermissionSetProps", "str 'AdministratorAccess'"),
            id="a-permission-set-that-is-none",
        ),
        pytest.param(
            {"permission_sets": [PermissionSetProps(name="a b")], "assignments": []},
            ("wrong-form", "permission_sets[0].name", "'a b'"),
            id="a-permission-set-name-with-a-space",
        ),
        pytest.param(
            {"permission_sets": [PermissionSetProps(name="a" * 33)], "assignments": []},
            ("wrong-length", "permission_sets[0].name", "1 to 32", "got 33"),
            id="a-permission-set-name-of-33-characters",
        ),
        pytest.param(
            {"permission_sets": [PermissionSetProps(name="a"), PermissionSetProps(name="a")], "assignments": []},
            ("not-unique", "permission_sets[1]", "permission_sets[0]", "name", "'a'"),
            id="a-permission-set-name-twice",
        ),
        pytest.param(
            {"permission_sets": [PermissionSetProps(name="a"), PermissionSetProps(name="A")], "assignments": []},
            ("not-unique", "permission_sets[1]", "permission_sets[0]", "name", "'A'"),
            id="a-permission-set-name-twice-but-for-case",
        ),
        pytest.param(
            {
                "permission_sets": [
                    PermissionSetProps(name="a", managed_policies=["arn:aws-cn:iam::aws:policy/AdministratorAccess"])
                ],
                "assignments": [],
            },
            (
                "managed-policy-partition",
                "permission_sets[0].managed_policies[0]",
                "'arn:aws-cn:iam::aws:policy/AdministratorAccess'",
                "'arn:aws:iam::aws:policy/AdministratorAccess'",
            ),
            id="a-managed-policy-of-another-partition",
        ),
        pytest.param(
            {"env": cdk.Environment(region="eu-centrl-1")},
            ("region-unknown", "env.region", "'eu-centrl-1'", "'eu-central-1'"),
            id="a-home-region-that-is-none",
        ),
        pytest.param(
            {"env": cdk.Environment(region="cn-north-1")},
            (
                "identity-center-partition",
                "identity_center.instance_arn",
                "'aws-cn'",
                "'cn-north-1'",
                "'arn:aws:sso:::instance/ssoins-1111222233334444'",
            ),
            id="an-identity-center-of-another-partition",
        ),
        pytest.param(
            {"default_region": "cn-north-1"},
            ("region-partition", "default_region", "'aws'", "'cn-north-1'", "'aws-cn'"),
            id="a-default-region-of-another-partition",
        ),
        pytest.param(
            {"env": None, "accounts": [AccountProps(key="dev", region="us-gov-west-1")]},
            ("region-partition", "accounts[0].region", "'aws'", "'us-gov-west-1'", "'aws-us-gov'"),
            id="an-account-region-of-another-partition-than-the-identity-center",
        ),
        pytest.param(
            {"stack_name": "org_baseline"},
            (
                "wrong-form",
                "stack_name",
                "letters, digits and '-', beginning with a letter, since the stack is named after it",
                "'org_baseline'",
            ),
            id="a-stack-name-with-an-underscore",
        ),
        pytest.param(
            {"stack_name": "a" * 117, "accounts": [AccountProps(key="dev", stack="more")]},
            ("wrong-length", "stack_name", "1 to 116", "got 117"),
            id="a-stack-name-too-long-for-the-stacks-beside-it",
        ),
        pytest.param(
            {"permission_sets": [PermissionSetProps(name=cdk.Fn.import_value("Name"))], "assignments": []},
            ("id-token", "permission_sets[0].name"),
            id="a-permission-set-name-not-known-yet",
        ),
        pytest.param(
            {"permission_sets": [PermissionSetProps(name="a", session_duration="PT13H")], "assignments": []},
            ("session-length", "permission_sets[0].session_duration", "'PT13H'"),
            id="a-session-of-13-hours",
        ),
        pytest.param(
            {
                "permission_sets": [PermissionSetProps(name="a", permission_set_arn="arn:aws:sso:::a")],
                "assignments": [],
            },
            (
                "wrong-form",
                "permission_sets[0].permission_set_arn",
                f"an ARN like '{PERMISSION_SET_ARN}'",
                "'arn:aws:sso:::a'",
            ),
            id="an-existing-permission-set-of-another-form",
        ),
        pytest.param(
            {
                "permission_sets": [
                    PermissionSetProps(name="a", permission_set_arn=PERMISSION_SET_ARN.replace("ssoins-1", "ssoins-2"))
                ],
                "assignments": [],
            },
            (
                "permission-set-instance",
                "permission_sets[0].permission_set_arn",
                "ssoins-1111222233334444",
                "'arn:aws:sso:::permissionSet/ssoins-2111222233334444/ps-1111222233334444'",
            ),
            id="an-existing-permission-set-of-another-instance",
        ),
        pytest.param(
            {
                "permission_sets": [
                    PermissionSetProps(name="a", permission_set_arn=PERMISSION_SET_ARN),
                    PermissionSetProps(name="b", permission_set_arn=PERMISSION_SET_ARN),
                ],
                "assignments": [],
            },
            ("not-unique", "permission_sets[1]", "permission_sets[0]", "permission set ARN", f"'{PERMISSION_SET_ARN}'"),
            id="an-existing-permission-set-twice",
        ),
        pytest.param(
            {
                "permission_sets": [
                    PermissionSetProps(
                        name="a", permission_set_arn=PERMISSION_SET_ARN, managed_policies=["ReadOnlyAccess"]
                    )
                ],
                "assignments": [],
            },
            ("existing-unchanged", "permission_sets[0].managed_policies", "permission_set_arn", "['ReadOnlyAccess']"),
            id="the-policies-of-an-existing-permission-set",
        ),
        pytest.param(
            {"assignments": administer("*")},
            (
                "not-a-list",
                "assignments",
                "AssignmentProps AssignmentProps(principal='Administrators', permission_set='AdministratorAccess…",
            ),
            id="assignments-that-are-no-list",
        ),
        pytest.param(
            {"assignments": ["Administrators"]},
            ("wrong-type", "assignments[0]", "an AssignmentProps", "str 'Administrators'"),
            id="an-assignment-that-is-none",
        ),
        pytest.param(
            {"assignments": [AssignmentProps(principal="Administrators", permission_set="Admin", targets=["*"])]},
            (
                "name-unknown",
                "assignments[0].permission_set",
                "a permission set",
                "'Admin'",
                "available: 'AdministratorAccess'",
            ),
            id="an-assignment-of-no-permission-set",
        ),
        pytest.param(
            {"assignments": [AssignmentProps(principal="dax", permission_set="AdministratorAccess", targets=["*"])]},
            ("name-unknown", "assignments[0].principal", "a user or a group", "'dax'", "available: 'Administrators'"),
            id="an-assignment-of-nobody",
        ),
        pytest.param(
            {
                "permission_sets": [PermissionSetProps(name="Look", managed_policies=["ReadOnlyAccess"])],
                "assignments": [administer("*")],
            },
            ("name-unknown", "assignments[0].permission_set", "'AdministratorAccess'", "the default", "'Look'"),
            id="the-default-permission-set-beside-others",
        ),
        pytest.param(
            {
                "groups": [GroupProps(name="Developers")],
                "users": [user(groups=["Developers"])],
                "assignments": [administer("*")],
            },
            ("name-unknown", "assignments[0].principal", "'Administrators'", "the default", "'Developers'"),
            id="an-assignment-of-the-default-group-beside-others",
        ),
        pytest.param(
            {
                "assignments": [
                    AssignmentProps(principal="Administrators", permission_set="AdministratorAccess", targets="*")
                ]
            },
            ("not-a-list", "assignments[0].targets", "str '*'"),
            id="targets-that-are-no-list",
        ),
        pytest.param(
            {"assignments": [administer("staging")]},
            (
                "name-unknown",
                "assignments[0].targets[0]",
                "an account's key, a unit's path or one of 'management', '*'",
                "'staging'",
                "available: '*', 'dev', 'management', 'production'",
            ),
            id="a-target-that-is-nothing",
        ),
        pytest.param(
            {"assignments": [administer("prodution")]},
            ("name-unknown", "assignments[0].targets[0]", "'prodution'", "'production'"),
            id="a-target-misspelt",
        ),
        pytest.param(
            {"assignments": [administer("root")]},
            ("name-unknown", "assignments[0].targets[0]", "'root'"),
            id="the-root-as-a-target-of-an-assignment",
        ),
        pytest.param(
            {"assignments": [administer("dev", "dev")]},
            ("not-unique", "assignments[0].targets[1]", "assignments[0].targets[0]", "target", "'dev'"),
            id="a-target-twice",
        ),
        pytest.param({"assignments": [administer()]}, ("targets-empty", "assignments[0].targets"), id="no-targets"),
        pytest.param(
            {"assignments": [administer("dev"), administer("*")]},
            (
                "assignment-twice",
                "assignments[1]",
                "assignments[0]",
                "'Administrators'",
                "'AdministratorAccess'",
                "'dev'",
            ),
            id="an-assignment-twice",
        ),
        pytest.param(
            {"organizational_units": [Unit(name="dev")], "assignments": [administer("dev")]},
            ("target-ambiguous", "assignments[0].targets[0]", "'dev'"),
            id="a-target-that-means-two-things",
        ),
        pytest.param(
            {"organizational_units": [EXISTING_UNIT], "assignments": [administer("old")]},
            ("unit-accounts-unknown", "assignments[0].targets[0]", "'old'"),
            id="an-existing-unit-as-a-target",
        ),
        pytest.param(
            {
                "organizational_units": [
                    Unit(
                        name="up",
                        organizational_unit_id="ou-ab12-33334444",
                        organizational_units=[EXISTING_UNIT],
                    )
                ],
                "assignments": [administer("up")],
            },
            ("unit-accounts-unknown", "assignments[0].targets[0]", "'up'"),
            id="a-unit-with-an-existing-one-in-it-as-a-target",
        ),
        pytest.param(
            {"policies": policy("deny")},
            (
                "not-a-list",
                "policies",
                "PolicyProps PolicyProps(name='deny', type=<PolicyType.SERVICE_CONTROL_POLICY: 'SERVICE_CONT…",
            ),
            id="policies-that-are-no-list",
        ),
        pytest.param(
            {"policies": ["deny"]},
            ("wrong-type", "policies[0]", "a PolicyProps", "str 'deny'"),
            id="a-policy-that-is-none",
        ),
        pytest.param(
            {"policies": [policy("")]},
            ("wrong-length", "policies[0].name", "1 to 128", "got 0"),
            id="a-policy-without-a-name",
        ),
        pytest.param(
            {
                "policies": [
                    policy("deny"),
                    policy("deny", type=PolicyType.TAG_POLICY, content=content_of("TAG_POLICY")),
                ]
            },
            ("not-unique", "policies[1]", "policies[0]", "name", "'deny'"),
            id="a-policy-name-twice",
        ),
        pytest.param(
            {"policies": [policy("a/b"), policy("a--b")]},
            ("ids-too-alike", "policies[1].name", "policies[0].name", "'/' and '--'", "'a--b'", "'a/b'"),
            id="policy-names-with-one-construct-id",
        ),
        pytest.param(
            {"policies": [policy("deny", type="SERVICE_CONTROL_POLICY")]},
            ("wrong-type", "policies[0].type", "str 'SERVICE_CONTROL_POLICY'"),
            id="a-policy-type-in-text",
        ),
        pytest.param(
            {"policies": [policy("deny", content={})]},
            ("policy-not-a-mapping", "policies[0].content", "dict {}"),
            id="a-policy-without-content",
        ),
        pytest.param(
            {"policies": [policy("long", content=content_of("SERVICE_CONTROL_POLICY", "b" * 10_240))]},
            ("policy-too-large", "policies[0].content", "10,240", "SERVICE_CONTROL_POLICY", "got 10,386", "'long'"),
            id="a-policy-that-is-too-long",
        ),
        pytest.param(
            {"policies": [policy("deny", content={"Version": "2012-10-17", "Statement": {"Effect": "deny"}})]},
            ("policy-effect", "policies[0].content['Statement']['Effect']", "'Allow' or 'Deny'", "'deny'", "'Deny'"),
            id="a-policy-of-wrong-syntax",
        ),
        pytest.param(
            {
                "policies": [policy(f"deny-{number}", "*") for number in range(9)]
                + [policy("deny-9", "root"), policy("deny-10", "dev")]
            },
            (
                "target-policies-too-many",
                "policies[10].targets['dev']",
                "9",
                "SERVICE_CONTROL_POLICY beside FullAWSAccess",
                "got 10",
            ),
            id="a-tenth-policy-of-an-account",
        ),
        pytest.param(
            {"policies": [policy("deny", description="a" * 513)]},
            ("wrong-length", "policies[0].description", "0 to 512", "got 513"),
            id="a-policy-description-of-513-characters",
        ),
        pytest.param(
            {"policies": [replace(policy("deny"), targets="root")]},
            ("not-a-list", "policies[0].targets", "str 'root'"),
            id="policy-targets-that-are-no-list",
        ),
        pytest.param(
            {"policies": [policy("deny", "staging")]},
            (
                "name-unknown",
                "policies[0].targets[0]",
                "an account's key, a unit's path or one of 'root', 'management', '*'",
                "'staging'",
                "available: '*', 'dev', 'management', 'production', 'root'",
            ),
            id="a-policy-target-that-is-nothing",
        ),
        pytest.param(
            {"policies": [policy("deny")], "enabled_policy_types": None},
            ("policy-types-missing", "enabled_policy_types", "PolicyType.SERVICE_CONTROL_POLICY"),
            id="policies-of-a-new-organization-and-no-word-of-their-types",
        ),
        pytest.param(
            {"enabled_policy_types": ["SERVICE_CONTROL_POLICY"]},
            ("wrong-type", "enabled_policy_types[0]", "str 'SERVICE_CONTROL_POLICY'"),
            id="an-enabled-policy-type-in-text",
        ),
        pytest.param(
            {"enabled_policy_types": [PolicyType.TAG_POLICY, PolicyType.TAG_POLICY]},
            ("not-unique", "enabled_policy_types[1]", "enabled_policy_types[0]", "type", "'TAG_POLICY'"),
            id="an-enabled-policy-type-twice",
        ),
        pytest.param(
            {"policies": [policy("deny", "root", "root")]},
            ("not-unique", "policies[0].targets[1]", "policies[0].targets[0]", "target", "'root'"),
            id="a-policy-target-twice",
        ),
    ],
)
def test_refuses_and_adds_nothing_to_the_app(app: cdk.App, arguments: dict[str, Any], refused: tuple[str, ...]) -> None:
    with refuses(*refused):
        baseline(app, **arguments)
    assert app.node.children == []


def test_takes_a_unit_on_level_5(app: cdk.App) -> None:
    assert len(baseline(app, organizational_units=[units_nested(5)]).organizational_units) == 5


def test_attaches_the_denial_to_a_unit_of_the_app_s_own_that_is_called_so(app: cdk.App) -> None:
    unit = Unit(name="closing", organizational_unit_id="ou-ab12-11112222")
    scp = [PolicyType.SERVICE_CONTROL_POLICY]
    template = Template.from_stack(
        baseline(app, **CLOSING, organizational_units=[unit], enabled_policy_types=scp)
    ).to_json()
    properties = {each["Type"]: each["Properties"] for each in template["Resources"].values()}
    assert properties["AWS::Organizations::Account"]["ParentIds"] == ["ou-ab12-11112222"]
    assert properties["AWS::Organizations::Policy"]["TargetIds"] == ["ou-ab12-11112222"]
    assert "AWS::Organizations::OrganizationalUnit" not in properties


def test_takes_an_account_key_that_a_unit_has_as_well_while_no_target_names_it(app: cdk.App) -> None:
    unit = Unit(name="dev")
    account = AccountProps(key="dev", organizational_unit="dev")
    stack = baseline(app, organizational_units=[unit], accounts=[account], assignments=[administer("*")])
    assert list(stack.accounts) == list(stack.organizational_units) == ["dev"]


def test_takes_keys_and_names_that_are_as_long_as_aws_allows(app: cdk.App) -> None:
    stack = baseline(
        app,
        accounts=[AccountProps(key="a" * 50, name="b" * 50, email=f"{'c' * 55}@acme.com", role_name="d" * 64)],
        organizational_units=[Unit(name="e" * 128)],
        users=[user(user_name="f" * 119 + "@acme.com")],
        groups=[GroupProps(name="g" * 1024, description="h" * 1024)],
        permission_sets=[PermissionSetProps(name="i" * 32, description="j" * 700)],
        policies=[policy("k" * 128, description="l" * 512)],
        assignments=[AssignmentProps(principal="g" * 1024, permission_set="i" * 32, targets=["*"])],
        session_name="m" * 64,
    )
    assert list(stack.accounts) == ["a" * 50]


@pytest.mark.parametrize(
    ("construct_id", "refused"),
    [
        ("Org_Baseline", ("wrong-form", "letters, digits and '-', beginning")),
        ("Org Baseline", ("wrong-form", "letters, digits and '-', beginning")),
        ("1Org", ("wrong-form", "letters, digits and '-', beginning")),
        ("a" * 129, ("wrong-length", "1 to 128")),
    ],
)
def test_refuses_an_id_that_no_stack_can_have_as_its_name(
    app: cdk.App, construct_id: str, refused: tuple[str, ...]
) -> None:
    with refuses(*refused, "construct_id"):
        OrgBaseline(app, construct_id, env=ENV, company="acme", email="aws@acme.com")
    assert [child.node.id for child in app.node.children if isinstance(child, cdk.Stack)] == []


def test_refuses_an_id_too_long_with_its_stages_name(app: cdk.App) -> None:
    stage = cdk.Stage(app, "Prod")
    with refuses("wrong-length", "construct_id", "1 to 128", "got 129") as refused:
        OrgBaseline(stage, "a" * 124, env=ENV, company="acme", email="aws@acme.com")
    assert "'Prod-aaa" in refused.value.why
    OrgBaseline(stage, "a" * 123, env=ENV, company="acme", email="aws@acme.com")


def test_tells_all_mistakes_that_do_not_depend_on_each_other(app: cdk.App) -> None:
    with pytest.raises(Refusals) as refused:
        baseline(
            app,
            organizational_units=[Unit(name="workloads")],
            accounts=[
                AccountProps(key="dev", organizational_unit="workload"),
                AccountProps(key="Test"),
                AccountProps(key="staging"),
            ],
            default_region="us-esat-1",
            groups=[GroupProps(name="x" * 1025), GroupProps(name="Administrators")],
            permission_sets=[PermissionSetProps(name="no space"), PermissionSetProps(name="Read", until="soon")],
            # What names the others is looked at when they are right.
            assignments=[AssignmentProps(principal="Nobody", permission_set="Read", targets=["dev"])],
        )
    assert [each.why.partition(" ")[0] for each in refused.value.refusals] == [
        "accounts[0].organizational_unit",
        "accounts[1].key",
        "default_region",
        "groups[0].name",
        "permission_sets[0].name",
        "permission_sets[1].until",
    ]
    assert refused.value.code == "name-unknown"
    assert len(app.node.children) == 0


def test_tells_all_mistakes_of_units_and_of_what_names_others(app: cdk.App) -> None:
    with pytest.raises(Refusals) as refused:
        baseline(
            app, organizational_units=[Unit(name="a/b"), Unit(name="c", organizational_units=[Unit(name="root/")])]
        )
    assert [each.code for each in refused.value.refusals] == ["unit-key-form", "unit-key-form"]
    with pytest.raises(Refusals) as refused:
        baseline(
            app,
            assignments=[
                AssignmentProps(principal="Nobody", permission_set="AdministratorAccess", targets=["dev"]),
                AssignmentProps(principal="Administrators", permission_set="AdministratorAccess", targets=["prod"]),
            ],
            users=[user()],
        )
    assert [each.why.partition(" ")[0] for each in refused.value.refusals] == [
        "assignments[0].principal",
        "assignments[1].targets[0]",
    ]
