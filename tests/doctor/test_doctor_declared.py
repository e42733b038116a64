"""What `OrgBaseline` takes for `org-baseline doctor --fix`: trusted access and alternate contacts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template

from org_constructs import AccountProps, AlternateContactProps, OrgBaseline
from organizations import ENV, IDENTITY_CENTER
from refusals import refuses

SECURITY: Final = AlternateContactProps(
    type="SECURITY",
    name="Dax Acme",
    title="Head of security",
    email="security@acme.com",
    phone_number="+1 206 555 0100",
)


def baseline(app: cdk.App, **arguments: Any) -> OrgBaseline:
    defaults = {"env": ENV, "company": "acme", "email": "aws@acme.com", "identity_center": IDENTITY_CENTER}
    return OrgBaseline(app, "OrgBaseline", **{**defaults, **arguments})


def metadata_of(app: cdk.App, **arguments: Any) -> dict[str, Any]:
    return dict(Template.from_stack(baseline(app, **arguments)).to_json()["Metadata"]["OrgBaseline"])


def test_writes_nothing_about_them_by_default(app: cdk.App) -> None:
    assert metadata_of(app).keys().isdisjoint({"TrustedAccess", "AlternateContacts"})


def test_writes_trusted_access_in_an_order_of_its_own(app: cdk.App) -> None:
    written = metadata_of(app, trusted_access=["ram.amazonaws.com", "account.amazonaws.com"])
    assert written["TrustedAccess"] == ["account.amazonaws.com", "ram.amazonaws.com"]


def test_makes_a_contact_one_of_every_account_by_default(app: cdk.App) -> None:
    accounts = [AccountProps(key="old", account_id="444455556666"), AccountProps(key="dev")]
    written = metadata_of(
        app, accounts=accounts, trusted_access=["account.amazonaws.com"], alternate_contacts=[SECURITY]
    )
    assert written["AlternateContacts"] == [
        {
            "Type": "SECURITY",
            "Name": "Dax Acme",
            "Title": "Head of security",
            "EmailAddress": "security@acme.com",
            "PhoneNumber": "+1 206 555 0100",
            "Accounts": ["management", "old", "dev"],
        }
    ]


def test_makes_a_contact_one_of_the_accounts_that_it_names(app: cdk.App) -> None:
    contacts = [
        replace(SECURITY, accounts=["production"]),
        replace(SECURITY, name="Kim", accounts=["management", "dev"]),
    ]
    written = metadata_of(app, trusted_access=["account.amazonaws.com"], alternate_contacts=contacts)
    assert [contact["Accounts"] for contact in written["AlternateContacts"]] == [["production"], ["management", "dev"]]


def test_needs_no_trusted_access_for_a_contact_of_the_management_account_alone(app: cdk.App) -> None:
    written = metadata_of(app, alternate_contacts=[replace(SECURITY, accounts=["management"])])
    assert written["AlternateContacts"][0]["Accounts"] == ["management"]


@pytest.mark.parametrize("field", ["name", "title", "email", "phone_number"])
def test_takes_each_field_at_its_longest(app: cdk.App, field: str) -> None:
    longest: dict[str, Any] = {
        "name": "a" * 64,
        "title": "a" * 50,
        "email": "a@" + "b" * 248 + ".com",
        "phone_number": "1" * 25,
    }
    contact = replace(SECURITY, accounts=["management"], **{field: longest[field]})
    assert metadata_of(app, alternate_contacts=[contact])


def contact(**fields: Any) -> dict[str, Any]:
    return {"alternate_contacts": [replace(SECURITY, **fields)], "trusted_access": ["account.amazonaws.com"]}


REFUSED: Final = {
    "trusted access that is one text": (
        {"trusted_access": "ram.amazonaws.com"},
        ("not-a-list", "trusted_access", "str 'ram.amazonaws.com'"),
    ),
    "service without a domain": (
        {"trusted_access": ["cloudtrail"]},
        ("wrong-form", "trusted_access[0]", "a service principal like 'cloudtrail.amazonaws.com'", "'cloudtrail'"),
    ),
    "service principal of 129 characters": (
        {"trusted_access": ["a" * 115 + ".amazonaws.com"]},
        ("wrong-length", "trusted_access[0]", "1 to 128", "got 129"),
    ),
    "service twice": (
        {"trusted_access": ["ram.amazonaws.com", "ram.amazonaws.com"]},
        ("not-unique", "trusted_access[1]", "trusted_access[0]", "service principal"),
    ),
    "service that is a token": (
        {"trusted_access": [cdk.Fn.import_value("Service")]},
        ("doctor-token", "trusted_access[0]"),
    ),
    "contact that is no contact": (
        {"alternate_contacts": [{"type": "SECURITY"}]},
        ("wrong-type", "alternate_contacts[0]", "an AlternateContactProps", "dict"),
    ),
    "contact of an unknown type": (
        contact(type="SECURTY"),
        ("name-unknown", "alternate_contacts[0].type", "a type of contact", "'SECURTY'", "'SECURITY'"),
    ),
    "name of 65 characters": (
        contact(name="a" * 65),
        ("wrong-length", "alternate_contacts[0].name", "1 to 64", "got 65"),
    ),
    "name of no characters": (contact(name=""), ("wrong-length", "alternate_contacts[0].name", "1 to 64", "got 0")),
    "title of 51 characters": (
        contact(title="a" * 51),
        ("wrong-length", "alternate_contacts[0].title", "1 to 50", "got 51"),
    ),
    "email of 255 characters": (
        contact(email="a@" + "b" * 249 + ".com"),
        ("wrong-length", "alternate_contacts[0].email", "1 to 254", "got 255"),
    ),
    "email without a domain": (
        contact(email="security"),
        ("wrong-form", "alternate_contacts[0].email", "an e-mail address like 'security@acme.com'", "'security'"),
    ),
    "phone number of 26 characters": (
        contact(phone_number="1" * 26),
        ("wrong-length", "alternate_contacts[0].phone_number", "1 to 25", "got 26"),
    ),
    "phone number in letters": (
        contact(phone_number="CALL ME"),
        (
            "wrong-form",
            "alternate_contacts[0].phone_number",
            "digits, spaces and ()+-, like '+1 206 555 0100'",
            "'CALL ME'",
        ),
    ),
    "phone number that is a token": (
        contact(phone_number=cdk.Fn.import_value("Phone")),
        ("doctor-token", "alternate_contacts[0].phone_number"),
    ),
    "account that does not exist": (
        contact(accounts=["prod"]),
        ("name-unknown", "alternate_contacts[0].accounts[0]", "an account's key or 'management'", "'prod'"),
    ),
    "account twice": (
        contact(accounts=["dev", "dev"]),
        ("not-unique", "alternate_contacts[0].accounts[1]", "alternate_contacts[0].accounts[0]", "account"),
    ),
    "second contact of a type in an account": (
        {
            "trusted_access": ["account.amazonaws.com"],
            "alternate_contacts": [replace(SECURITY, accounts=["dev"]), SECURITY],
        },
        ("contact-twice", "alternate_contacts[1]", "SECURITY", "'dev'"),
    ),
    "contact of member accounts without trusted access": (
        {"alternate_contacts": [SECURITY], "trusted_access": ["ram.amazonaws.com"]},
        ("trusted-access-missing", "trusted_access", "'account.amazonaws.com'", "alternate_contacts[0]"),
    ),
}


@pytest.mark.parametrize(("arguments", "refusal"), REFUSED.values(), ids=REFUSED.keys())
def test_refuses(app: cdk.App, arguments: dict[str, Any], refusal: tuple[str, ...]) -> None:
    with refuses(*refusal):
        baseline(app, **arguments)
    assert not [child for child in app.node.children if child.node.id == "OrgBaseline"]
