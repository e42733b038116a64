"""What `OrgBaseline` says when it refuses: each wording once, by its code."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import aws_cdk as cdk

from org_constructs import (
    AccountProps,
    AlternateContactProps,
    AssignmentProps,
    BudgetsProps,
    GroupProps,
    Organization,
    OrgBaseline,
    PermissionSetProps,
    PolicyProps,
    PolicyType,
    UserProps,
)
from org_constructs import OrganizationalUnitProps as Unit
from organizations import DAX, ENV, IDENTITY_CENTER
from policy_documents import DENY_LEAVING
from refusals import listed_codes, sentences

if TYPE_CHECKING:
    from collections.abc import Iterator

    from syrupy.assertion import SnapshotAssertion

ORGANIZATION: Final = Organization.from_attributes(
    organization_id="o-exampleorg1", root_id="r-ab12", management_account_id="111122223333"
)
TEAM: Final = GroupProps(name="Team", group_id="1111222233-11112222-3333-4444-5555-666677778888")
OLD: Final = Unit(name="old", organizational_unit_id="ou-ab12-11112222")
CONTACT: Final = AlternateContactProps(
    type="SECURITY", name="Dax", title="Security", email="security@acme.com", phone_number="+1 206 555 0100"
)
DENY: Final = PolicyProps(name="deny", type=PolicyType.SERVICE_CONTROL_POLICY, content=DENY_LEAVING, targets=["pay"])
PAY: Final = AccountProps(key="pay", stack="pay")
DEV: Final = AccountProps(key="dev")
UNTIL: Final = "2026-12-31T18:00Z"
EXISTING: Final = PermissionSetProps(
    name="AdministratorAccess",
    permission_set_arn="arn:aws:sso:::permissionSet/ssoins-1111222233334444/ps-1111222233334444",
)


def assigned(*targets: str) -> AssignmentProps:
    return AssignmentProps(principal="Administrators", permission_set="AdministratorAccess", targets=targets)


def deep_unit() -> Unit:
    inside: list[Unit] = []
    inside.append(Unit(name="a", organizational_units=inside))
    return inside[0]


def arguments() -> Iterator[dict[str, Any]]:
    token = cdk.Fn.import_value("Value")
    china = cdk.Environment(account="111122223333", region="cn-north-1")
    yield {"company": token}
    yield {"company": "!!!"}
    yield {"env": cdk.Environment(account="444455556666"), "organization": ORGANIZATION}
    yield {"env": china}
    yield {"default_region": "cn-north-1"}
    yield {"accounts": [PAY], "synthesizer": cdk.DefaultStackSynthesizer()}
    yield {"accounts": [AccountProps(key="root")]}
    yield {"accounts": [AccountProps(key="a-1"), AccountProps(key="a1")]}
    yield {"accounts": [AccountProps(key="dev", email="AWS@acme.com")]}
    yield {"accounts": [AccountProps(key="dev", account_id="111122223333")]}
    yield {"accounts": [AccountProps(key="dev", account_id="444455556666", role_name="Admin")]}
    yield {"accounts": [AccountProps(key="dev", stack="access")]}
    yield {"accounts": [AccountProps(key=f"a{number}") for number in range(198)], "assignments": []}
    yield {"accounts": [AccountProps(key=f"a{number}", stack="all") for number in range(201)], "assignments": []}
    closing = {"accounts": [AccountProps(key="dev", closing=True)]}
    yield {**closing, "organizational_units": [Unit(name="closing", key="other")]}
    yield {**closing, "policies": [replace(DENY, name="ClosingAccounts", targets=[])]}
    yield {"organizational_units": [Unit(name=token)]}
    yield {"organizational_units": [Unit(name="R/D")]}
    yield {"organizational_units": [Unit(name="root")]}
    yield {"organizational_units": [deep_unit()]}
    yield {"organizational_units": [OLD, replace(OLD, name="older")]}
    yield {"organizational_units": [Unit(name="new", organizational_units=[OLD])]}
    yield {"users": [DAX, UserProps(user_name="kim@acme.com", given_name="Kim", family_name="Acme")]}
    yield {"users": [UserProps(user_name="kim@acme.com", given_name="Kim")]}
    yield {"users": [replace(DAX, user_name="Administrators", email="dax@acme.com")]}
    yield {"users": [replace(DAX, groups=["Team"])], "groups": [TEAM], "assignments": []}
    yield {"groups": [GroupProps(name=token)], "assignments": []}
    yield {"assignments": [assigned()]}
    yield {"assignments": [assigned("dev"), assigned("*")], "accounts": [DEV]}
    yield {"assignments": [assigned("dev")], "accounts": [DEV], "organizational_units": [Unit(name="dev")]}
    yield {"assignments": [assigned("old")], "organizational_units": [OLD]}
    yield {"assignments": [assigned("dev"), replace(assigned("management"), until=UNTIL)], "accounts": [DEV]}
    yield {"assignments": [replace(assigned("dev"), until=UNTIL)], "permission_sets": [EXISTING], "accounts": [DEV]}
    yield {"assignments": [replace(assigned("management"), until=UNTIL)]}
    yield {"policies": [DENY], "accounts": [PAY]}
    yield {"policies": [replace(DENY, targets=["root"])], "enabled_policy_types": None}
    yield {"trusted_access": [token]}
    yield {"delegated_administrators": {"guarduty.amazonaws.com": "dev"}, "accounts": [DEV]}
    yield {"delegated_administrators": {"guardduty.amazonaws.com": "management"}, "accounts": [DEV]}
    yield {"delegated_administrators": {"guardduty.amazonaws.com": []}, "accounts": [DEV]}
    yield {"trusted_access": [], "alternate_contacts": [CONTACT], "accounts": [DEV]}
    yield {"budgets": BudgetsProps(emails=["dax@acme.com"])}
    yield {"alternate_contacts": [CONTACT, CONTACT], "trusted_access": ["account.amazonaws.com"]}


def test_say_why_and_what_to_do(app: cdk.App, snapshot_json: SnapshotAssertion) -> None:
    defaults = {
        "env": ENV,
        "company": "acme",
        "email": "aws@acme.com",
        "identity_center": IDENTITY_CENTER,
        "users": [DAX],
        "enabled_policy_types": [],
    }
    said = sentences(partial(OrgBaseline, app, "OrgBaseline", **{**defaults, **each}) for each in arguments())
    assert said == snapshot_json
    assert set(listed_codes()["baseline"]) <= set(said)
