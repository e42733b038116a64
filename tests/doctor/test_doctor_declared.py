"""What `OrgBaseline` takes for `org-baseline doctor --fix`: trusted access, delegated administrators and contacts."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Annotations, Match, Template

from org_constructs import AccountProps, AlternateContactProps, OrgBaseline
from org_constructs.templates.assembly import read_stacks
from organizations import ENV, IDENTITY_CENTER

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
    assert (
        metadata_of(app)
        .keys()
        .isdisjoint({"TrustedAccess", "RootAccess", "DelegatedAdministrators", "AlternateContacts"})
    )


def test_writes_trusted_access_in_an_order_of_its_own(app: cdk.App) -> None:
    written = metadata_of(app, trusted_access=["ram.amazonaws.com", "account.amazonaws.com"])
    assert written["TrustedAccess"] == ["account.amazonaws.com", "ram.amazonaws.com"]


def test_root_access_brings_the_trusted_access_that_it_needs(app: cdk.App) -> None:
    written = metadata_of(app, trusted_access=["ram.amazonaws.com"], root_access=True)
    assert written["RootAccess"] is True
    assert written["TrustedAccess"] == ["iam.amazonaws.com", "ram.amazonaws.com"]


@pytest.mark.parametrize(
    "declared", [{"root_access": True}, {"delegated_administrators": {"guardduty.amazonaws.com": "dev"}}]
)
def test_what_guards_the_organization_makes_no_resource(app: cdk.App, declared: dict[str, Any]) -> None:
    without = Template.from_stack(baseline(cdk.App())).to_json()["Resources"]
    assert Template.from_stack(baseline(app, **declared)).to_json()["Resources"] == without


def test_delegated_administrators_bring_the_trusted_access_that_they_need(app: cdk.App) -> None:
    delegated = {"macie.amazonaws.com": "dev", "backup.amazonaws.com": ["production", "dev"]}
    written = metadata_of(app, trusted_access=["ram.amazonaws.com"], delegated_administrators=delegated)
    assert [*written["DelegatedAdministrators"].items()] == [
        ("backup.amazonaws.com", ["dev", "production"]),
        ("macie.amazonaws.com", ["dev"]),
    ]
    assert written["TrustedAccess"] == ["backup.amazonaws.com", "macie.amazonaws.com", "ram.amazonaws.com"]


def warnings(stack: OrgBaseline) -> list[str]:
    found = Annotations.from_stack(stack).find_warning("*", Match.string_like_regexp("Delegated|NotListed"))
    return [str(each.entry.data) for each in found]


def test_says_what_a_delegate_of_identity_center_may_and_may_not(app: cdk.App) -> None:
    [warned] = warnings(baseline(app, delegated_administrators={"sso.amazonaws.com": "dev"}))
    assert warned == (
        "whoever administers 'dev' can give anybody access to every account but the management account;"
        " AdministratorAccess, assigned there, can be changed from there alone: docs/delegation.md"
        " [ack: OrgBaseline-IdentityCenterDelegated]"
    )


def test_takes_a_service_that_is_newer_with_a_warning(app: cdk.App) -> None:
    service = "quantum-detector.amazonaws.com"
    stack = baseline(app, delegated_administrators={service: ["dev", "production"]})
    [warned] = warnings(stack)
    assert service in warned
    assert warned.endswith(f"[ack: OrgBaseline-ServiceNotListed:{service}]")


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


def display_names_of(app: cdk.App, **arguments: Any) -> dict[str, Any]:
    """Return what people are to see, by the accounts' names in the template."""
    baseline(app, trusted_access=["account.amazonaws.com"], **arguments)
    (stack,) = read_stacks(Path(app.synth().directory))
    resources = stack.template["Resources"]
    return {
        resources[key]["Properties"]["AccountName"] if key in resources else key: name
        for key, name in stack.display_names.items()
    }


def test_writes_the_names_that_people_see_beside_the_template() -> None:
    accounts = [AccountProps(key="dev", display_name="Acme Development"), AccountProps(key="production")]
    names = display_names_of(cdk.App(), accounts=accounts, management_account_name="Acme")
    assert names == {"acme-dev": "Acme Development", "management": "Acme"}


def test_a_name_that_people_see_changes_nothing_in_the_template() -> None:
    templates = [
        Template.from_stack(
            baseline(
                cdk.App(),
                accounts=[AccountProps(key="dev", display_name=name)],
                trusted_access=["account.amazonaws.com"],
                management_account_name=name,
            )
        ).to_json()
        for name in (None, "Acme Development")
    ]
    assert templates[0] == templates[1]


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


def shown(name: Any, **of_account: Any) -> dict[str, Any]:
    """What has people see a name of an account."""
    account = AccountProps(key="dev", display_name=name, **of_account)
    return {"accounts": [account], "trusted_access": ["account.amazonaws.com"]}


REFUSED: Final = {
    "display name of 51 characters": (
        shown("a" * 51),
        "accounts[0].display_name must be 1 to 50 characters, got 51",
    ),
    "display name with an angle bracket": (
        shown("Acme <dev>"),
        "accounts[0].display_name must be printable ASCII without '<' and '>', got 'Acme <dev>'",
    ),
    "display name that is a token": (
        shown(cdk.Fn.import_value("Name")),
        "accounts[0].display_name must be known at synth, since `org-baseline doctor` reads it from the assembly",
    ),
    "display name of an account that something else manages": (
        shown("Acme Development", account_id="444455556666"),
        "accounts[0].display_name must not be given together with account_id, got 'Acme Development'",
    ),
    "display name without the trusted access that it needs": (
        {"accounts": [AccountProps(key="dev", display_name="Dev")]},
        "trusted_access must include 'account.amazonaws.com' for accounts[0].display_name",
    ),
    "name of the management account of no characters": (
        {"management_account_name": ""},
        "management_account_name must be 1 to 50 characters, got 0",
    ),
    "trusted access that is one text": (
        {"trusted_access": "ram.amazonaws.com"},
        "trusted_access must be a list, got str 'ram.amazonaws.com'; put it in brackets",
    ),
    "service without a domain": (
        {"trusted_access": ["cloudtrail"]},
        "trusted_access[0] must be a service principal like 'cloudtrail.amazonaws.com', got 'cloudtrail'",
    ),
    "service principal of 129 characters": (
        {"trusted_access": ["a" * 115 + ".amazonaws.com"]},
        "trusted_access[0] must be 1 to 128 characters, got 129",
    ),
    "service twice": (
        {"trusted_access": ["ram.amazonaws.com", "ram.amazonaws.com"]},
        "trusted_access[1] must not repeat the service principal of trusted_access[0]",
    ),
    "service that is a token": (
        {"trusted_access": [cdk.Fn.import_value("Service")]},
        "trusted_access[0] must be known at synth, since `org-baseline doctor` reads it from the assembly",
    ),
    "root access that is a text": ({"root_access": "yes"}, "root_access must be True or False, got str 'yes'"),
    "delegates that are no mapping": (
        {"delegated_administrators": ["guardduty.amazonaws.com"]},
        "delegated_administrators must be a mapping of service principals to accounts, got list",
    ),
    "delegate that is the management account": (
        {"delegated_administrators": {"guardduty.amazonaws.com": "management"}},
        (
            "delegated_administrators['guardduty.amazonaws.com'] must not be the management account, which administers"
            " every service, got 'management'; name a member account"
        ),
    ),
    "delegate that is no account": (
        {"delegated_administrators": {"guardduty.amazonaws.com": ["dve"]}},
        "delegated_administrators['guardduty.amazonaws.com'] must name an account's key, got 'dve'; did you mean 'dev'",
    ),
    "delegate twice": (
        {"delegated_administrators": {"backup.amazonaws.com": ["dev", "dev"]}},
        "delegated_administrators['backup.amazonaws.com'][1] must not repeat the account of",
    ),
    "service of no delegate": (
        {"delegated_administrators": {"guardduty.amazonaws.com": []}},
        "delegated_administrators['guardduty.amazonaws.com'] must be one account, got 0; leave the service out",
    ),
    "two delegates of a service that takes one": (
        {"delegated_administrators": {"guardduty.amazonaws.com": ["dev", "production"]}},
        "delegated_administrators['guardduty.amazonaws.com'] must be one account, got 2; leave accounts out",
    ),
    "two delegates of a service that is told nothing itself": (
        {"delegated_administrators": {"compute-optimizer.amazonaws.com": ["dev", "production"]}},
        "delegated_administrators['compute-optimizer.amazonaws.com'] must be one account, got 2; leave accounts out",
    ),
    "misspelled service": (
        {"delegated_administrators": {"guard-duty.amazonaws.com": "dev"}},
        (
            "delegated_administrators must name a service that a member account can administer, got"
            " 'guard-duty.amazonaws.com'; did you mean 'guardduty.amazonaws.com'?"
        ),
    ),
    "service that the management account administers": (
        {"delegated_administrators": {"ram.amazonaws.com": "dev"}},
        (
            "delegated_administrators must name a service that a member account can administer, got"
            " 'ram.amazonaws.com'; leave it out: only the management account administers it"
        ),
    ),
    "delegated service that is a token": (
        {"delegated_administrators": {cdk.Fn.import_value("Service"): "dev"}},
        "delegated_administrators must be known at synth",
    ),
    "contact that is no contact": (
        {"alternate_contacts": [{"type": "SECURITY"}]},
        "alternate_contacts[0] must be an AlternateContactProps, got dict",
    ),
    "contact of an unknown type": (
        contact(type="SECURTY"),
        "alternate_contacts[0].type must name a type of contact, got 'SECURTY'; did you mean 'SECURITY'?",
    ),
    "name of 65 characters": (contact(name="a" * 65), "alternate_contacts[0].name must be 1 to 64 characters, got 65"),
    "name of no characters": (contact(name=""), "alternate_contacts[0].name must be 1 to 64 characters, got 0"),
    "title of 51 characters": (
        contact(title="a" * 51),
        "alternate_contacts[0].title must be 1 to 50 characters, got 51",
    ),
    "email of 255 characters": (
        contact(email="a@" + "b" * 249 + ".com"),
        "alternate_contacts[0].email must be 1 to 254 characters, got 255",
    ),
    "email without a domain": (
        contact(email="security"),
        "alternate_contacts[0].email must be an e-mail address like 'security@acme.com', got 'security'",
    ),
    "phone number of 26 characters": (
        contact(phone_number="1" * 26),
        "alternate_contacts[0].phone_number must be 1 to 25 characters, got 26",
    ),
    "phone number in letters": (
        contact(phone_number="CALL ME"),
        "alternate_contacts[0].phone_number must be digits, spaces and ()+-, like '+1 206 555 0100', got 'CALL ME'",
    ),
    "phone number that is a token": (
        contact(phone_number=cdk.Fn.import_value("Phone")),
        "alternate_contacts[0].phone_number must be known at synth",
    ),
    "account that does not exist": (
        contact(accounts=["prod"]),
        "alternate_contacts[0].accounts[0] must name an account's key or 'management', got 'prod'",
    ),
    "account twice": (
        contact(accounts=["dev", "dev"]),
        "alternate_contacts[0].accounts[1] must not repeat the account of alternate_contacts[0].accounts[0]",
    ),
    "second contact of a type in an account": (
        {
            "trusted_access": ["account.amazonaws.com"],
            "alternate_contacts": [replace(SECURITY, accounts=["dev"]), SECURITY],
        },
        "alternate_contacts[1] must not be a second SECURITY contact of an account, got 'dev', which",
    ),
    "contact of member accounts without trusted access": (
        {"alternate_contacts": [SECURITY], "trusted_access": ["ram.amazonaws.com"]},
        "trusted_access must include 'account.amazonaws.com' for alternate_contacts[0], a contact of member accounts",
    ),
}


@pytest.mark.parametrize(("arguments", "message"), REFUSED.values(), ids=REFUSED.keys())
def test_refuses(app: cdk.App, arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}"):
        baseline(app, **arguments)
    assert not [child for child in app.node.children if child.node.id == "OrgBaseline"]
