"""`OrgBaseline`: what it refuses, before anything is added to the app."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Final

import aws_cdk as cdk
import pytest

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
from organizations import ENV, IDENTITY_CENTER
from policy_documents import content_of

EXISTING_ID: Final = "1111222233-11112222-3333-4444-5555-666677778888"
EXISTING_ORGANIZATION: Final = Organization.from_attributes(
    organization_id="o-exampleorg1", root_id="r-ab12", management_account_id="111122223333"
)
EXISTING_UNIT: Final = Unit(name="old", organizational_unit_id="ou-ab12-11112222")
PERMISSION_SET_ARN: Final = "arn:aws:sso:::permissionSet/ssoins-1111222233334444/ps-1111222233334444"
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
    ("arguments", "message"),
    [
        pytest.param(
            {"company": ""},
            "company must be 1 to 50 characters, got 0: ''",
            id="a-company-of-no-characters",
        ),
        pytest.param(
            {"company": "a" * 51},
            "company must be 1 to 50 characters, got 51: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'",
            id="a-company-of-51-characters",
        ),
        pytest.param(
            {"company": "Ärzte"},
            "company must be printable ASCII, got 'Ärzte'",
            id="a-company-outside-ascii",
        ),
        pytest.param(
            {"company": cdk.Fn.import_value("Company")},
            "company must be known at synth, since names are made of it, got a token; write it out",
            id="a-company-not-known-yet",
        ),
        pytest.param(
            {"email": "aws"},
            "email must be 6 to 64 characters, got 3: 'aws'; choose another address",
            id="an-email-that-is-none",
        ),
        pytest.param(
            {"email": "aws+x@acme.com"},
            "accounts[0]: email must not hold a '+', since accounts get theirs by adding one, got "
            "'aws+x@acme.com'; use the address before the '+', aws@acme.com",
            id="an-email-with-a-plus",
        ),
        pytest.param(
            {"email": "a" * 55 + "@acme.com"},
            "accounts[0]: email must be 6 to 64 characters, got 68: "
            "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa+dev@acme.com' (derived from "
            "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@acme.com' for 'dev'); give "
            "the account an email of its own",
            id="an-email-too-long-to-derive-from",
        ),
        pytest.param(
            {"company": "!!!"},
            "session_name must be given where the company has no letter or digit, got '!!!'; pass session_name",
            id="a-company-that-gives-no-session-name",
        ),
        pytest.param(
            {"session_name": "acme sso"},
            "session_name must be letters, digits and ._-, got 'acme sso'",
            id="a-session-name-with-a-space",
        ),
        pytest.param(
            {"session_name": "a" * 65},
            "session_name must be 1 to 64 characters, got 65: "
            "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'",
            id="a-session-name-of-65-characters",
        ),
        pytest.param(
            {"default_region": "Frankfurt"},
            "default_region must be a region of AWS, got 'Frankfurt'; write it like 'us-east-1'",
            id="a-default-region-that-is-none",
        ),
        pytest.param(
            {"organization": "o-exampleorg1"},
            "organization must be Organization.from_attributes(…), got str 'o-exampleorg1'",
            id="an-organization-that-is-none",
        ),
        pytest.param(
            {"identity_center": "ssoins-1111222233334444"},
            "identity_center must be an IdentityCenter, got str 'ssoins-1111222233334444'",
            id="an-identity-center-that-is-none",
        ),
        pytest.param(
            {"organizational_units": "workloads"},
            "organizational_units must be a list, got str 'workloads'; put it in brackets",
            id="units-that-are-no-list",
        ),
        pytest.param(
            {"organizational_units": ["workloads"]},
            "organizational_units[0] must be an OrganizationalUnitProps, got str 'workloads'",
            id="a-unit-that-is-none",
        ),
        pytest.param(
            {"organizational_units": [Unit(name="a"), Unit(name="a", key="b")]},
            "organizational_units[1] must not repeat the name of organizational_units[0], got 'a'; use each name once",
            id="a-unit-name-twice",
        ),
        pytest.param(
            {"organizational_units": [Unit(name="a"), Unit(name="b", key="a")]},
            "organizational_units[1] must not repeat the key of organizational_units[0], got 'a'; use each key once",
            id="a-unit-key-twice",
        ),
        pytest.param(
            {"organizational_units": [Unit(name="up", organizational_units=[Unit(name="a"), Unit(name="a")])]},
            "organizational_units[0].organizational_units[1] must not repeat the name of "
            "organizational_units[0].organizational_units[0], got 'a'; use each name once",
            id="a-unit-name-twice-in-a-unit",
        ),
        pytest.param(
            {"organizational_units": [unit_in_itself()]},
            "organizational_units[0].organizational_units[0] must not be its own ancestor, got 'a'"
            " under itself; make another unit for the inner one",
            id="a-unit-in-itself",
        ),
        pytest.param(
            {"organizational_units": [units_nested(6)]},
            "organizational_units[0].organizational_units[0].organizational_units[0].organizational_units[0].organizational_units[0].organizational_units[0].name"
            " must be of a unit at most 5 levels under the root, got 'deepest' at level 6; place "
            "it higher",
            id="a-unit-on-level-6",
        ),
        pytest.param(
            {"organizational_units": [Unit(name="")]},
            "organizational_units[0].name must be 1 to 128 characters, got 0: ''",
            id="a-unit-without-a-name",
        ),
        pytest.param(
            {"organizational_units": [Unit(name="a" * 129)]},
            "organizational_units[0].name must be 1 to 128 characters, got 129: "
            "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…",
            id="a-unit-name-of-129-characters",
        ),
        pytest.param(
            {"organizational_units": [Unit(name="a", key="")]},
            "organizational_units[0].key must be 1 to 128 characters, got 0: ''",
            id="a-unit-key-of-no-characters",
        ),
        pytest.param(
            {"organizational_units": [Unit(name="R/D")]},
            "organizational_units[0].key must hold neither '/', which parts a path, nor '--', and "
            "have no '-' at its ends, got 'R/D'; give the unit a plain key",
            id="a-unit-key-with-a-slash",
        ),
        pytest.param(
            {"organizational_units": [Unit(name="a--b")]},
            "organizational_units[0].key must hold neither '/', which parts a path, nor '--', and "
            "have no '-' at its ends, got 'a--b'; give the unit a plain key",
            id="a-unit-key-with-two-hyphens",
        ),
        pytest.param(
            {"organizational_units": [Unit(name="-a")]},
            "organizational_units[0].key must hold neither '/', which parts a path, nor '--', and "
            "have no '-' at its ends, got '-a'; give the unit a plain key",
            id="a-unit-key-that-starts-with-a-hyphen",
        ),
        pytest.param(
            {"organizational_units": [Unit(name="a", key="a-")]},
            "organizational_units[0].key must hold neither '/', which parts a path, nor '--', and "
            "have no '-' at its ends, got 'a-'; give the unit a plain key",
            id="a-unit-key-that-ends-with-a-hyphen",
        ),
        pytest.param(
            {"organizational_units": [Unit(name=cdk.Fn.import_value("Unit"))]},
            "organizational_units[0].key must be known at synth, since ids are made of it, got a token; write it out",
            id="a-unit-key-not-known-yet",
        ),
        pytest.param(
            {"organizational_units": [Unit(name="root")]},
            "organizational_units[0].key must not be 'root', which has a meaning of its own in "
            "targets; give the unit another key",
            id="a-unit-called-root",
        ),
        pytest.param(
            {"organizational_units": [Unit(name="management")]},
            "organizational_units[0].key must not be 'management', which has a meaning of its own "
            "in targets; give the unit another key",
            id="a-unit-called-management",
        ),
        pytest.param(
            {"organizational_units": [Unit(name="*")]},
            "organizational_units[0].key must not be '*', which has a meaning of its own in "
            "targets; give the unit another key",
            id="a-unit-called-star",
        ),
        pytest.param(
            {"organizational_units": [Unit(name="a", tags={"aws:a": "b"})]},
            "organizational_units[0].tags key must not start with 'aws:', which is AWS's own, got 'aws:a'",
            id="a-tag-of-a-unit-that-is-aws-own",
        ),
        pytest.param(
            {"organizational_units": [Unit(name="new", organizational_units=[EXISTING_UNIT])]},
            "organizational_units[0].organizational_units[0].organizational_unit_id must be of a unit under one that"
            " exists, got 'ou-ab12-11112222' in 'new', which is created; give that one's id, too",
            id="an-existing-unit-in-a-created-one",
        ),
        pytest.param(
            {"organizational_units": [Unit(name="a", organizational_unit_id="ou-1")]},
            "organizational_units[0].organizational_unit_id must be an id like 'ou-ab12-11112222', got 'ou-1'",
            id="an-existing-unit-of-another-form",
        ),
        pytest.param(
            {"organizational_units": [replace(EXISTING_UNIT, tags={"a": "b"})]},
            "organizational_units[0].tags must not be given beside organizational_unit_id, got "
            "{'a': 'b'}; leave it out, since what exists already is not changed here",
            id="tags-of-an-existing-unit",
        ),
        pytest.param(
            {
                "organizational_units": [
                    EXISTING_UNIT,
                    replace(EXISTING_UNIT, name="older"),
                ]
            },
            "organizational_units[1].organizational_unit_id must be of one"
            " unit only, got 'ou-ab12-11112222', which is 'old' already; remove one of the two",
            id="an-existing-unit-twice",
        ),
        pytest.param(
            {"accounts": "dev"},
            "accounts must be a list, got str 'dev'; put it in brackets",
            id="accounts-that-are-no-list",
        ),
        pytest.param(
            {"accounts": ["dev"]},
            "accounts[0] must be an AccountProps, got str 'dev'",
            id="an-account-that-is-none",
        ),
        pytest.param(
            {"accounts": [AccountProps(key="Dev")]},
            "accounts[0].key must be lower-case letters and digits, in parts joined by '-', got 'Dev'",
            id="an-account-key-in-capitals",
        ),
        pytest.param(
            {"accounts": [AccountProps(key="a--b")]},
            "accounts[0].key must be lower-case letters and digits, in parts joined by '-', got 'a--b'",
            id="an-account-key-with-two-hyphens",
        ),
        pytest.param(
            {"accounts": [AccountProps(key="a" * 51)]},
            "accounts[0].key must be 1 to 50 characters, got 51: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'",
            id="an-account-key-of-51-characters",
        ),
        pytest.param(
            {"accounts": [AccountProps(key=cdk.Fn.import_value("Key"))]},
            "accounts[0].key must be known at synth, since ids are made of it, got a token; write it out",
            id="an-account-key-not-known-yet",
        ),
        pytest.param(
            {"accounts": [AccountProps(key="management")]},
            "accounts[0].key must not be 'management', which has a meaning of its own in targets; choose another key",
            id="an-account-called-management",
        ),
        pytest.param(
            {"accounts": [AccountProps(key="root")]},
            "accounts[0].key must not be 'root', which has a meaning of its own in targets; choose another key",
            id="an-account-called-root",
        ),
        pytest.param(
            {"accounts": [AccountProps(key="dev"), AccountProps(key="dev")]},
            "accounts[1] must not repeat the key of accounts[0], got 'dev'; use each key once",
            id="an-account-key-twice",
        ),
        pytest.param(
            {"accounts": [AccountProps(key="a-1"), AccountProps(key="a1")]},
            "accounts[1].key must differ from accounts[0].key in more than '-', got 'a1' and 'a-1'; choose another key",
            id="account-keys-with-one-output",
        ),
        pytest.param(
            {"accounts": [AccountProps(key="dev", region="Frankfurt")]},
            "accounts[0].region must be a region of AWS, got 'Frankfurt'; write it like 'us-east-1'",
            id="an-account-region-that-is-none",
        ),
        pytest.param(
            {"accounts": [AccountProps(key="dev", organizational_unit="workloads")]},
            "accounts[0].organizational_unit must name an organizational unit by its path, got "
            "'workloads'; there is none",
            id="an-account-in-no-unit",
        ),
        pytest.param(
            {
                "organizational_units": [Unit(name="workloads")],
                "accounts": [AccountProps(key="dev", organizational_unit="workload")],
            },
            "accounts[0].organizational_unit must name an organizational unit by its path, got "
            "'workload'; did you mean 'workloads'?",
            id="an-account-in-a-unit-misspelt",
        ),
        pytest.param(
            {"accounts": [AccountProps(key="dev", name="")]},
            "accounts[0].name must be 1 to 50 characters, got 0: ''",
            id="an-account-without-a-name",
        ),
        pytest.param(
            {"accounts": [AccountProps(key="dev", name="Ärzte")]},
            "accounts[0].name must be printable ASCII, got 'Ärzte'",
            id="an-account-name-outside-ascii",
        ),
        pytest.param(
            {"company": "a" * 48},
            "accounts[0].name must be 1 to 50 characters, got 52: "
            "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-dev'",
            id="an-account-name-that-got-too-long",
        ),
        pytest.param(
            {"accounts": [AccountProps(key="dev", email="dev.acme.com")]},
            "accounts[0].email must be an e-mail address like 'aws+dev@acme.com', got 'dev.acme.com'",
            id="an-account-email-that-is-none",
        ),
        pytest.param(
            {"accounts": [AccountProps(key="dev", role_name="a b")]},
            "accounts[0].role_name must be letters, digits and +=,.@_-, got 'a b'",
            id="an-account-role-name-with-a-space",
        ),
        pytest.param(
            {"accounts": [AccountProps(key="dev", tags={"": "b"})]},
            "accounts[0].tags key must be 1 to 128 characters, got 0: ''",
            id="an-account-tag-without-a-key",
        ),
        pytest.param(
            {"accounts": [AccountProps(key="dev", email="AWS@acme.com")]},
            "accounts[0].email must not be the management account's, got 'AWS@acme.com'; leave it "
            "out for a plus-address",
            id="the-email-of-the-management-account",
        ),
        pytest.param(
            {"accounts": [AccountProps(key="a", email="AWS+b@acme.com"), AccountProps(key="b")]},
            "accounts[1] must not repeat the email of accounts[0], got 'aws+b@acme.com'; use each email once",
            id="an-email-of-two-accounts",
        ),
        pytest.param(
            {"accounts": [AccountProps(key="old", account_id="4444")]},
            "accounts[0].account_id must be twelve digits, got '4444'",
            id="an-existing-account-of-another-form",
        ),
        pytest.param(
            {"accounts": [AccountProps(key="old", account_id=444455556666)]},  # type: ignore[arg-type] # what is tested
            "accounts[0].account_id must be text: twelve digits in quotes, since a number loses "
            "leading zeros, got int 444455556666",
            id="an-existing-account-as-a-number",
        ),
        pytest.param(
            {
                "accounts": [
                    AccountProps(key="a", account_id="444455556666"),
                    AccountProps(key="b", account_id="444455556666"),
                ]
            },
            "accounts[1] must not repeat the account id of accounts[0], got '444455556666'; use each account id once",
            id="an-existing-account-twice",
        ),
        pytest.param(
            {"accounts": [AccountProps(key="dev"), AccountProps(key="old", account_id="111122223333")]},
            "accounts[1].account_id must not be the management account's, got '111122223333'; "
            "leave it out, targets name the management account 'management'",
            id="the-management-account-as-a-member",
        ),
        pytest.param(
            {
                "env": None,
                "organization": EXISTING_ORGANIZATION,
                "accounts": [AccountProps(key="old", account_id="111122223333")],
            },
            "accounts[0].account_id must not be the management account's, got '111122223333'; "
            "leave it out, targets name the management account 'management'",
            id="the-existing-management-account-as-a-member",
        ),
        pytest.param(
            {"accounts": [AccountProps(key="old", account_id="444455556666", email="old@acme.com")]},
            "accounts[0].email must not be given beside account_id, got 'old@acme.com'; leave it out,"
            " since what exists already is not changed here",
            id="the-email-of-an-existing-account",
        ),
        pytest.param(
            {"accounts": [AccountProps(key="old", account_id="444455556666", organizational_unit="a")]},
            "accounts[0].organizational_unit must not be given beside account_id, got 'a'; leave it out,"
            " since what exists already is not changed here",
            id="the-unit-of-an-existing-account",
        ),
        pytest.param(
            {"accounts": [AccountProps(key="old", account_id="444455556666", role_name="a")]},
            "accounts[0].role_name must not be given beside account_id, got 'a'; leave it out,"
            " since what exists already is not changed here",
            id="the-role-of-an-existing-account",
        ),
        pytest.param(
            {"accounts": [AccountProps(key="old", account_id="444455556666", tags={"a": "b"})]},
            "accounts[0].tags must not be given beside account_id, got {'a': 'b'}; leave it out,"
            " since what exists already is not changed here",
            id="the-tags-of-an-existing-account",
        ),
        pytest.param(
            {"organization": EXISTING_ORGANIZATION, "env": cdk.Environment(account="444455556666")},
            "env must name the management account, '111122223333', got '444455556666'; name that one, "
            "since only there can the organization and Identity Center be changed",
            id="another-environment-than-the-management-account",
        ),
        pytest.param(
            {"groups": "Administrators"},
            "groups must be a list, got str 'Administrators'; put it in brackets",
            id="groups-that-are-no-list",
        ),
        pytest.param(
            {"groups": ["Administrators"]},
            "groups[0] must be a GroupProps, got str 'Administrators'",
            id="a-group-that-is-none",
        ),
        pytest.param(
            {"groups": [GroupProps(name="")], "assignments": []},
            "groups[0].name must be 1 to 1024 characters, got 0: ''",
            id="a-group-without-a-name",
        ),
        pytest.param(
            {"groups": [GroupProps(name="a"), GroupProps(name="A")], "assignments": []},
            "groups[1] must not repeat the name of groups[0], got 'A'; use each name once",
            id="a-group-name-twice",
        ),
        pytest.param(
            {"groups": [GroupProps(name="a/b"), GroupProps(name="a--b")], "assignments": []},
            "groups[1].name must differ from groups[0].name in more than '/' and '--', got 'a--b' "
            "and 'a/b'; choose another name",
            id="group-names-with-one-construct-id",
        ),
        pytest.param(
            {"groups": [GroupProps(name=cdk.Fn.import_value("Group"))], "assignments": []},
            "groups[0].name must be known at synth, since ids are made of it, got a token; write it out",
            id="a-group-name-not-known-yet",
        ),
        pytest.param(
            {"groups": [GroupProps(name="a", group_id="a")], "assignments": []},
            "groups[0].group_id must be an id like '1111222233-11112222-3333-4444-5555-666677778888', got 'a'",
            id="an-existing-group-of-another-form",
        ),
        pytest.param(
            {
                "groups": [GroupProps(name="a", group_id=EXISTING_ID), GroupProps(name="b", group_id=EXISTING_ID)],
                "assignments": [],
            },
            "groups[1] must not repeat the group id of groups[0], got "
            "'1111222233-11112222-3333-4444-5555-666677778888'; use each group id once",
            id="an-existing-group-twice",
        ),
        pytest.param(
            {"groups": [GroupProps(name="a", group_id=EXISTING_ID, description="A")], "assignments": []},
            "groups[0].description must not be given beside group_id, got 'A'; leave it out,"
            " since what exists already is not changed here",
            id="the-description-of-an-existing-group",
        ),
        pytest.param(
            {"users": "dax@acme.com"},
            "users must be a list, got str 'dax@acme.com'; put it in brackets",
            id="users-that-are-no-list",
        ),
        pytest.param(
            {"users": ["dax@acme.com"]},
            "users[0] must be a UserProps, got str 'dax@acme.com'",
            id="a-user-that-is-none",
        ),
        pytest.param(
            {"users": [user(user_name="dax acme@acme.com")]},
            "users[0].user_name must not contain the character ' ', got 'dax acme@acme.com'; remove it",
            id="a-user-name-with-a-space",
        ),
        pytest.param(
            {"users": [user(user_name="dax")]},
            "users[0].user_name must be an e-mail address where email is left out, which then is "
            "the user name, got 'dax'",
            id="a-user-name-that-is-no-email",
        ),
        pytest.param(
            {"users": [user(user_name="Administrator", email="dax@acme.com")]},
            "users[0].user_name must not be a name that AWS reserves, got 'Administrator'; choose another",
            id="a-user-name-that-aws-reserves",
        ),
        pytest.param(
            {"users": [user(user_name="a" * 129, email="dax@acme.com")]},
            "users[0].user_name must be 1 to 128 characters, got 129: "
            "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…",
            id="a-user-name-of-129-characters",
        ),
        pytest.param(
            {"users": [user(user_name="Administrators", email="dax@acme.com")]},
            "users[0].user_name must not be the name of a group as well, since assignments would "
            "not know which is meant, got 'Administrators'; rename the group",
            id="a-user-called-like-a-group",
        ),
        pytest.param(
            {"users": [user(), user(user_name="DAX@acme.com")]},
            "users[1] must not repeat the user name of users[0], got 'DAX@acme.com'; use each user name once",
            id="a-user-name-twice",
        ),
        pytest.param(
            {"users": [user(user_name=cdk.Fn.import_value("User"))]},
            "users[0].user_name must be known at synth, since ids are made of it, got a token; write it out",
            id="a-user-name-not-known-yet",
        ),
        pytest.param(
            {"users": [user(user_name="a/b@acme.com"), user(user_name="a--b@acme.com")]},
            "users[1].user_name must differ from users[0].user_name in more than '/' and '--', got"
            " 'a--b@acme.com' and 'a/b@acme.com'; choose another user name",
            id="user-names-with-one-construct-id",
        ),
        pytest.param(
            {"users": [user(), user(user_name="dax", email="Dax@acme.com")]},
            "users[1] must not repeat the email of users[0], got 'Dax@acme.com'; use each email once",
            id="an-email-of-two-users",
        ),
        pytest.param(
            {"users": [user(email="dax")]},
            "users[0].email must be an address like 'dax@acme.com', got 'dax'",
            id="a-user-email-that-is-none",
        ),
        pytest.param(
            {"users": [user(given_name=None)]},
            "users[0].given_name must be given, since Identity Center needs it to create a user, "
            "got none for 'dax@acme.com'; for a user that exists already pass user_id",
            id="a-user-without-a-given-name",
        ),
        pytest.param(
            {"users": [user(family_name=None)]},
            "users[0].family_name must be given, since Identity Center needs it to create a user, "
            "got none for 'dax@acme.com'; for a user that exists already pass user_id",
            id="a-user-without-a-family-name",
        ),
        pytest.param(
            {"users": [user(given_name="")]},
            "users[0].given_name must be 1 to 1024 characters, got 0: ''",
            id="a-given-name-of-no-characters",
        ),
        pytest.param(
            {"users": [user(display_name="Dax\0")]},
            "users[0].display_name must not contain the character '\\x00', got 'Dax\\x00'; remove it",
            id="a-display-name-with-a-control-character",
        ),
        pytest.param(
            {"users": [user(groups="Administrators")]},
            "users[0].groups must be a list, got str 'Administrators'; put it in brackets",
            id="groups-of-a-user-that-are-no-list",
        ),
        pytest.param(
            {"users": [user(groups=["Administrator"])]},
            "users[0].groups[0] must name a group, got 'Administrator'; did you mean 'Administrators'?",
            id="a-group-of-a-user-misspelt",
        ),
        pytest.param(
            {"users": [user(groups=["Administrators", "Administrators"])]},
            "users[0].groups[1] must not repeat the group of users[0].groups[0], got "
            "'Administrators'; use each group once",
            id="a-group-of-a-user-twice",
        ),
        pytest.param(
            {"users": [user(groups=["a"])], "groups": [GroupProps(name="a", group_id=EXISTING_ID)], "assignments": []},
            "users[0].groups[0] must be a group made here, got 'a', which exists already; add its "
            "members where it is managed",
            id="a-group-of-a-user-that-exists-already",
        ),
        pytest.param(
            {"users": [KIM, user(groups=None)]},
            "users[1].groups must be given when there is more than one user, got none for "
            "'dax@acme.com'; groups=['Administrators'] for somebody who administers, groups=[] "
            "for nobody's access by group",
            id="a-second-user-without-groups",
        ),
        pytest.param(
            {"users": [UserProps(user_name="dax", user_id="dax")]},
            "users[0].user_id must be an id like '1111222233-11112222-3333-4444-5555-666677778888', got 'dax'",
            id="an-existing-user-of-another-form",
        ),
        pytest.param(
            {"users": [UserProps(user_name="", user_id=EXISTING_ID)]},
            "users[0].user_name must be 1 to 128 characters, got 0: ''",
            id="an-existing-user-without-a-name",
        ),
        pytest.param(
            {"users": [UserProps(user_name="a", user_id=EXISTING_ID), UserProps(user_name="b", user_id=EXISTING_ID)]},
            "users[1] must not repeat the user id of users[0], got "
            "'1111222233-11112222-3333-4444-5555-666677778888'; use each user id once",
            id="an-existing-user-twice",
        ),
        pytest.param(
            {"users": [UserProps(user_name="dax", user_id=EXISTING_ID, given_name="Dax")]},
            "users[0].given_name must not be given beside user_id, got 'Dax'; leave it out,"
            " since what exists already is not changed here",
            id="the-given-name-of-an-existing-user",
        ),
        pytest.param(
            {"users": [UserProps(user_name="dax", user_id=EXISTING_ID, email="dax@acme.com")]},
            "users[0].email must not be given beside user_id, got 'dax@acme.com'; leave it out,"
            " since what exists already is not changed here",
            id="the-email-of-an-existing-user",
        ),
        pytest.param(
            {"permission_sets": "AdministratorAccess"},
            "permission_sets must be a list, got str 'AdministratorAccess'; put it in brackets",
            id="permission-sets-that-are-no-list",
        ),
        pytest.param(
            {"permission_sets": ["AdministratorAccess"]},
            "permission_sets[0] must be a PermissionSetProps, got str 'AdministratorAccess'",
            id="a-permission-set-that-is-none",
        ),
        pytest.param(
            {"permission_sets": [PermissionSetProps(name="a b")], "assignments": []},
            "permission_sets[0].name must be letters, digits and +=,.@_-, without spaces, got 'a b'",
            id="a-permission-set-name-with-a-space",
        ),
        pytest.param(
            {"permission_sets": [PermissionSetProps(name="a" * 33)], "assignments": []},
            "permission_sets[0].name must be 1 to 32 characters, got 33: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'",
            id="a-permission-set-name-of-33-characters",
        ),
        pytest.param(
            {"permission_sets": [PermissionSetProps(name="a"), PermissionSetProps(name="a")], "assignments": []},
            "permission_sets[1] must not repeat the name of permission_sets[0], got 'a'; use each name once",
            id="a-permission-set-name-twice",
        ),
        pytest.param(
            {"permission_sets": [PermissionSetProps(name="a"), PermissionSetProps(name="A")], "assignments": []},
            "permission_sets[1] must not repeat the name of permission_sets[0], got 'A'; use each name once",
            id="a-permission-set-name-twice-but-for-case",
        ),
        pytest.param(
            {
                "permission_sets": [
                    PermissionSetProps(name="a", managed_policies=["arn:aws-cn:iam::aws:policy/AdministratorAccess"])
                ],
                "assignments": [],
            },
            "permission_sets[0].managed_policies[0] must be in the partition of the Identity Center, got"
            " 'arn:aws-cn:iam::aws:policy/AdministratorAccess'; write"
            " 'arn:aws:iam::aws:policy/AdministratorAccess'",
            id="a-managed-policy-of-another-partition",
        ),
        pytest.param(
            {"env": cdk.Environment(region="eu-centrl-1")},
            "env.region must be a region of AWS, got 'eu-centrl-1'; did you mean 'eu-central-1'?",
            id="a-home-region-that-is-none",
        ),
        pytest.param(
            {"env": cdk.Environment(region="cn-north-1")},
            "identity_center.instance_arn must be in the partition 'aws-cn', as env's region 'cn-north-1' is, got"
            " 'arn:aws:sso:::instance/ssoins-1111222233334444'; copy the ARN of the Identity Center of that region, or"
            " correct the region",
            id="an-identity-center-of-another-partition",
        ),
        pytest.param(
            {"default_region": "cn-north-1"},
            "default_region must be in the partition 'aws', which the organization is in, got 'cn-north-1' in 'aws-cn';"
            " choose one of that partition, since accounts of another are in another organization",
            id="a-default-region-of-another-partition",
        ),
        pytest.param(
            {"env": None, "accounts": [AccountProps(key="dev", region="us-gov-west-1")]},
            "accounts[0].region must be in the partition 'aws', which the organization is in, got 'us-gov-west-1' in"
            " 'aws-us-gov'; choose one of that partition, since accounts of another are in another organization",
            id="an-account-region-of-another-partition-than-the-identity-center",
        ),
        pytest.param(
            {"stack_name": "org_baseline"},
            "stack_name must be letters, digits and '-', the first of them a letter, since the stack is called after"
            " it, got 'org_baseline'",
            id="a-stack-name-with-an-underscore",
        ),
        pytest.param(
            {"stack_name": "a" * 117, "accounts": [AccountProps(key="dev", stack="more")]},
            f"stack_name must be 1 to 116 characters, got 117: '{'a' * 78}…",
            id="a-stack-name-too-long-for-the-stacks-beside-it",
        ),
        pytest.param(
            {"permission_sets": [PermissionSetProps(name=cdk.Fn.import_value("Name"))], "assignments": []},
            "permission_sets[0].name must be known at synth, since ids are made of it, got a token; write it out",
            id="a-permission-set-name-not-known-yet",
        ),
        pytest.param(
            {"permission_sets": [PermissionSetProps(name="a", session_duration="PT13H")], "assignments": []},
            "permission_sets[0].session_duration must be 1 to 12 hours, got 'PT13H'; use 'PT1H' to 'PT12H'",
            id="a-session-of-13-hours",
        ),
        pytest.param(
            {
                "permission_sets": [PermissionSetProps(name="a", permission_set_arn="arn:aws:sso:::a")],
                "assignments": [],
            },
            "permission_sets[0].permission_set_arn must be an ARN like "
            "'arn:aws:sso:::permissionSet/ssoins-1111222233334444/ps-1111222233334444', got "
            "'arn:aws:sso:::a'",
            id="an-existing-permission-set-of-another-form",
        ),
        pytest.param(
            {
                "permission_sets": [
                    PermissionSetProps(name="a", permission_set_arn=PERMISSION_SET_ARN.replace("ssoins-1", "ssoins-2"))
                ],
                "assignments": [],
            },
            "permission_sets[0].permission_set_arn must belong to the instance "
            "ssoins-1111222233334444, got "
            "'arn:aws:sso:::permissionSet/ssoins-2111222233334444/ps-1111222233334444'; copy it "
            "from this Identity Center",
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
            "permission_sets[1] must not repeat the permission set ARN of permission_sets[0], got "
            "'arn:aws:sso:::permissionSet/ssoins-1111222233334444/ps-1111222233334444'; use each "
            "permission set ARN once",
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
            "permission_sets[0].managed_policies must not be given beside permission_set_arn, got "
            "['ReadOnlyAccess']; leave it out, since what exists already is not changed here",
            id="the-policies-of-an-existing-permission-set",
        ),
        pytest.param(
            {"assignments": administer("*")},
            "assignments must be a list, got AssignmentProps "
            "AssignmentProps(principal='Administrators', permission_set='AdministratorAccess…; put"
            " it in brackets",
            id="assignments-that-are-no-list",
        ),
        pytest.param(
            {"assignments": ["Administrators"]},
            "assignments[0] must be an AssignmentProps, got str 'Administrators'",
            id="an-assignment-that-is-none",
        ),
        pytest.param(
            {"assignments": [AssignmentProps(principal="Administrators", permission_set="Admin", targets=["*"])]},
            "assignments[0].permission_set must name a permission set, got 'Admin'; there is 'AdministratorAccess'",
            id="an-assignment-of-no-permission-set",
        ),
        pytest.param(
            {"assignments": [AssignmentProps(principal="dax", permission_set="AdministratorAccess", targets=["*"])]},
            "assignments[0].principal must name a user or a group, got 'dax'; there is 'Administrators'",
            id="an-assignment-of-nobody",
        ),
        pytest.param(
            {
                "assignments": [
                    AssignmentProps(principal="Administrators", permission_set="AdministratorAccess", targets="*")
                ]
            },
            "assignments[0].targets must be a list, got str '*'; put it in brackets",
            id="targets-that-are-no-list",
        ),
        pytest.param(
            {"assignments": [administer("staging")]},
            "assignments[0].targets[0] must name an account's key, a unit's path or one of "
            "'management', '*', got 'staging'; there is '*', 'dev', 'management', 'production'",
            id="a-target-that-is-nothing",
        ),
        pytest.param(
            {"assignments": [administer("prodution")]},
            "assignments[0].targets[0] must name an account's key, a unit's path or one of "
            "'management', '*', got 'prodution'; did you mean 'production'?",
            id="a-target-misspelt",
        ),
        pytest.param(
            {"assignments": [administer("root")]},
            "assignments[0].targets[0] must name an account's key, a unit's path or one of "
            "'management', '*', got 'root'; there is '*', 'dev', 'management', 'production'",
            id="the-root-as-a-target-of-an-assignment",
        ),
        pytest.param(
            {"assignments": [administer("dev", "dev")]},
            "assignments[0].targets[1] must not repeat the target of assignments[0].targets[0], "
            "got 'dev'; use each target once",
            id="a-target-twice",
        ),
        pytest.param(
            {"assignments": [administer()]},
            "assignments[0].targets must name at least one account or unit, got none; remove the assignment instead",
            id="no-targets",
        ),
        pytest.param(
            {"assignments": [administer("dev"), administer("*")]},
            "assignments[1] must not repeat assignments[0], got 'Administrators' with "
            "'AdministratorAccess' in 'dev' again; remove it from one of the two",
            id="an-assignment-twice",
        ),
        pytest.param(
            {"organizational_units": [Unit(name="dev")], "assignments": [administer("dev")]},
            "assignments[0].targets[0] must mean one thing, got 'dev', which is the key of an "
            "account and the path of a unit; give the unit another key",
            id="a-target-that-means-two-things",
        ),
        pytest.param(
            {"organizational_units": [EXISTING_UNIT], "assignments": [administer("old")]},
            "assignments[0].targets[0] must be a unit whose accounts are known at synth, got "
            "'old', where 'old' exists already; name its accounts instead",
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
            "assignments[0].targets[0] must be a unit whose accounts are known at synth, got 'up',"
            " where 'up' exists already; name its accounts instead",
            id="a-unit-with-an-existing-one-in-it-as-a-target",
        ),
        pytest.param(
            {"policies": policy("deny")},
            "policies must be a list, got PolicyProps PolicyProps(name='deny', "
            "type=<PolicyType.SERVICE_CONTROL_POLICY: 'SERVICE_CONT…; put it in brackets",
            id="policies-that-are-no-list",
        ),
        pytest.param(
            {"policies": ["deny"]},
            "policies[0] must be a PolicyProps, got str 'deny'",
            id="a-policy-that-is-none",
        ),
        pytest.param(
            {"policies": [policy("")]},
            "policies[0].name must be 1 to 128 characters, got 0: ''",
            id="a-policy-without-a-name",
        ),
        pytest.param(
            {
                "policies": [
                    policy("deny"),
                    policy("deny", type=PolicyType.TAG_POLICY, content=content_of("TAG_POLICY")),
                ]
            },
            "policies[1] must not repeat the name of policies[0], got 'deny'; use each name once",
            id="a-policy-name-twice",
        ),
        pytest.param(
            {"policies": [policy("a/b"), policy("a--b")]},
            "policies[1].name must differ from policies[0].name in more than '/' and '--', got "
            "'a--b' and 'a/b'; choose another name",
            id="policy-names-with-one-construct-id",
        ),
        pytest.param(
            {"policies": [policy("deny", type="SERVICE_CONTROL_POLICY")]},
            "policies[0].type must be a PolicyType, such as PolicyType.SERVICE_CONTROL_POLICY, got"
            " str 'SERVICE_CONTROL_POLICY'",
            id="a-policy-type-in-text",
        ),
        pytest.param(
            {"policies": [policy("deny", content={})]},
            "policies[0].content must be a mapping that is not empty, or a PolicyDocument, got "
            "dict {}; for JSON text use json.loads",
            id="a-policy-without-content",
        ),
        pytest.param(
            {"policies": [policy("long", content=content_of("SERVICE_CONTROL_POLICY", "b" * 10_240))]},
            "policies[0].content must be at most 10,240 characters without whitespace for a "
            "SERVICE_CONTROL_POLICY, got 10,386 in policy 'long'; shorten it or split it into "
            "several policies",
            id="a-policy-that-is-too-long",
        ),
        pytest.param(
            {"policies": [policy("deny", content={"Version": "2012-10-17", "Statement": {"Effect": "deny"}})]},
            "policies[0].content['Statement']['Effect'] must be 'Allow' or 'Deny' in a service control policy, got"
            " 'deny'; write 'Deny'",
            id="a-policy-of-wrong-syntax",
        ),
        pytest.param(
            {
                "policies": [policy(f"deny-{number}", "*") for number in range(9)]
                + [policy("deny-9", "root"), policy("deny-10", "dev")]
            },
            "policies[10].targets['dev'] must have at most 9 policies of the type SERVICE_CONTROL_POLICY beside"
            " FullAWSAccess, got 10; put the contents of several into one",
            id="a-tenth-policy-of-an-account",
        ),
        pytest.param(
            {"policies": [policy("deny", description="a" * 513)]},
            "policies[0].description must be 0 to 512 characters, got 513: "
            "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…",
            id="a-policy-description-of-513-characters",
        ),
        pytest.param(
            {"policies": [replace(policy("deny"), targets="root")]},
            "policies[0].targets must be a list, got str 'root'; put it in brackets",
            id="policy-targets-that-are-no-list",
        ),
        pytest.param(
            {"policies": [policy("deny", "staging")]},
            "policies[0].targets[0] must name an account's key, a unit's path or one of 'root', "
            "'management', '*', got 'staging'; there is '*', 'dev', 'management', 'production', "
            "'root'",
            id="a-policy-target-that-is-nothing",
        ),
        pytest.param(
            {"policies": [policy("deny")], "enabled_policy_types": None},
            "enabled_policy_types must be given with policies of an organization that is created, since a new one has"
            " no policy type enabled, got None; pass [] for its first deploy, and from then on"
            " [PolicyType.SERVICE_CONTROL_POLICY], which `org-baseline doctor --fix` enables",
            id="policies-of-a-new-organization-and-no-word-of-their-types",
        ),
        pytest.param(
            {"enabled_policy_types": ["SERVICE_CONTROL_POLICY"]},
            "enabled_policy_types[0] must be a PolicyType, such as PolicyType.SERVICE_CONTROL_POLICY, got str"
            " 'SERVICE_CONTROL_POLICY'",
            id="an-enabled-policy-type-in-text",
        ),
        pytest.param(
            {"enabled_policy_types": [PolicyType.TAG_POLICY, PolicyType.TAG_POLICY]},
            "enabled_policy_types[1] must not repeat the type of enabled_policy_types[0], got"
            " 'TAG_POLICY'; use each type once",
            id="an-enabled-policy-type-twice",
        ),
        pytest.param(
            {"policies": [policy("deny", "root", "root")]},
            "policies[0].targets[1] must not repeat the target of policies[0].targets[0], got "
            "'root'; use each target once",
            id="a-policy-target-twice",
        ),
    ],
)
def test_refuses_and_adds_nothing_to_the_app(app: cdk.App, arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        baseline(app, **arguments)
    assert app.node.children == []


def test_takes_a_unit_on_level_5(app: cdk.App) -> None:
    assert len(baseline(app, organizational_units=[units_nested(5)]).organizational_units) == 5


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


@pytest.mark.parametrize("construct_id", ["Org_Baseline", "Org Baseline", "1Org", "a" * 129])
def test_refuses_an_id_that_no_stack_can_have_as_its_name(app: cdk.App, construct_id: str) -> None:
    with pytest.raises(ValueError, match=r"^construct_id must be (letters, digits and '-', the first|1 to 128 char)"):
        OrgBaseline(app, construct_id, env=ENV, company="acme", email="aws@acme.com")
    assert [child.node.id for child in app.node.children if isinstance(child, cdk.Stack)] == []


def test_refuses_an_id_too_long_with_its_stages_name(app: cdk.App) -> None:
    stage = cdk.Stage(app, "Prod")
    with pytest.raises(ValueError, match=r"^construct_id must be 1 to 128 characters, got 129: 'Prod-aaa"):
        OrgBaseline(stage, "a" * 124, env=ENV, company="acme", email="aws@acme.com")
    OrgBaseline(stage, "a" * 123, env=ENV, company="acme", email="aws@acme.com")
