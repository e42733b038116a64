"""What a baseline writes into the metadata of its templates is read as it was; nothing else is taken for it."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, Final

import pytest

from org_constructs.templates.metadata import (
    AccountMetadata,
    AlternateContact,
    BaselineMetadata,
    Waiting,
    is_baseline,
    metadata_of,
    metadata_of_all,
)
from refusals import refuses

if TYPE_CHECKING:
    from collections.abc import Mapping

CONTACT: Final = AlternateContact(
    type="BILLING",
    name="Dax",
    title="CFO",
    email_address="billing@acme.com",
    phone_number="+1 555 0100",
    accounts=("dev", "management"),
)
WHOLE: Final = BaselineMetadata(
    company="acme",
    email="aws@acme.com",
    session_name="acme-sso",
    default_region="eu-west-1",
    identity_center_region="us-east-1",
    start_url="https://acme.awsapps.com/start",
    existing_names={"444455556666": "acme-legacy"},
    policy_types=("BACKUP_POLICY", "TAG_POLICY"),
    trusted_access=("account.amazonaws.com",),
    root_access=True,
    delegated_administrators={"backup.amazonaws.com": ("dev", "security")},
    alternate_contacts=(CONTACT,),
    closing=("live",),
    waiting=Waiting(users=2, groups=1, permission_sets=1, assignments=3),
    part_of="OrgBaseline",
    accounts={
        "dev": AccountMetadata(output="AccountIdDev", region="eu-west-2"),
        "live": AccountMetadata(output="Live"),
    },
)
WRITTEN: Final[Mapping[str, Any]] = {
    "Format": 1,
    "Company": "acme",
    "Email": "aws@acme.com",
    "SessionName": "acme-sso",
    "DefaultRegion": "eu-west-1",
    "IdentityCenterRegion": "us-east-1",
    "StartUrl": "https://acme.awsapps.com/start",
    "ExistingNames": {"444455556666": "acme-legacy"},
    "PolicyTypes": ["BACKUP_POLICY", "TAG_POLICY"],
    "TrustedAccess": ["account.amazonaws.com"],
    "RootAccess": True,
    "DelegatedAdministrators": {"backup.amazonaws.com": ["dev", "security"]},
    "AlternateContacts": [
        {
            "Type": "BILLING",
            "Name": "Dax",
            "Title": "CFO",
            "EmailAddress": "billing@acme.com",
            "PhoneNumber": "+1 555 0100",
            "Accounts": ["dev", "management"],
        }
    ],
    "Closing": ["live"],
    "Waiting": {"Users": 2, "Groups": 1, "PermissionSets": 1, "Assignments": 3, "Policies": 0},
    "PartOf": "OrgBaseline",
    "Accounts": {"dev": {"Output": "AccountIdDev", "Region": "eu-west-2"}, "live": {"Output": "Live"}},
}


def template(metadata: object) -> dict[str, Any]:
    return {"Metadata": {"OrgBaseline": metadata}}


def test_is_written_under_its_keys_in_their_order() -> None:
    assert list(WHOLE.to_dict().items()) == list(WRITTEN.items())
    assert all(getattr(WHOLE, each.name) for each in fields(WHOLE))


def test_is_written_without_what_is_not_said_but_with_accounts() -> None:
    assert BaselineMetadata().to_dict() == {"Format": 1, "Accounts": {}}


def test_is_read_as_it_was_written() -> None:
    assert BaselineMetadata.from_dict(WRITTEN) == WHOLE
    assert BaselineMetadata.from_dict({}) == BaselineMetadata()


@pytest.mark.parametrize("version", [{}, {"Format": 0}, {"Format": 1}], ids=["without", "older", "this"])
def test_is_read_as_it_is_of_an_older_format_and_with_keys_that_are_not_known(version: dict[str, int]) -> None:
    assert BaselineMetadata.from_dict({**version, "Company": "acme", "Colour": 1}) == BaselineMetadata(company="acme")


def test_is_refused_of_a_newer_format() -> None:
    with refuses("metadata-newer", "Metadata.OrgBaseline", "1", "got 2"):
        BaselineMetadata.from_dict({"Format": 2, "Company": ["a", "b"]})


@pytest.mark.parametrize(
    ("said", "where", "got"),
    [
        ("mine", "Metadata.OrgBaseline", '"mine"'),
        (None, "Metadata.OrgBaseline", "null"),
        (["mine"], "Metadata.OrgBaseline", '["mine"]'),
        ({"Format": "2"}, "Metadata.OrgBaseline.Format", '"2"'),
        ({"Format": True}, "Metadata.OrgBaseline.Format", "true"),
        ({"Company": 7}, "Metadata.OrgBaseline.Company", "7"),
        ({"Company": ["acme"]}, "Metadata.OrgBaseline.Company", '["acme"]'),
        ({"PartOf": {"Ref": "A"}}, "Metadata.OrgBaseline.PartOf", '{"Ref": "A"}'),
        ({"PolicyTypes": "TAG_POLICY"}, "Metadata.OrgBaseline.PolicyTypes", '"TAG_POLICY"'),
        ({"TrustedAccess": ["a", 7]}, "Metadata.OrgBaseline.TrustedAccess[1]", "7"),
        ({"ExistingNames": {"a": 7}}, "Metadata.OrgBaseline.ExistingNames.a", "7"),
        ({"Accounts": ["dev"]}, "Metadata.OrgBaseline.Accounts", '["dev"]'),
        ({"Accounts": {"dev": "Dev"}}, "Metadata.OrgBaseline.Accounts.dev", '"Dev"'),
        ({"Accounts": {"dev": {}}}, "Metadata.OrgBaseline.Accounts.dev.Output", "null"),
        ({"Waiting": {"Users": "2"}}, "Metadata.OrgBaseline.Waiting.Users", '"2"'),
        ({"AlternateContacts": [{}]}, "Metadata.OrgBaseline.AlternateContacts[0].Type", "null"),
    ],
)
def test_is_refused_where_something_else_stands(said: object, where: str, got: str) -> None:
    with refuses("metadata-invalid", where, got):
        BaselineMetadata.from_dict(said)


def test_leaves_out_what_the_deploy_alone_knows() -> None:
    late = {"Ref": "Parameter"}
    said = {
        "StartUrl": late,
        "ExistingNames": {"a": late, "b": "B"},
        "Accounts": {"dev": {"Output": "D", "Region": late}},
    }
    assert BaselineMetadata.from_dict(said) == BaselineMetadata(
        existing_names={"b": "B"}, accounts={"dev": AccountMetadata(output="D")}
    )


@pytest.mark.parametrize("other", [{}, {"Metadata": "x"}, {"Metadata": {"Mine": {}}}], ids=["none", "text", "another"])
def test_is_none_of_a_template_of_something_else(other: dict[str, Any]) -> None:
    assert metadata_of(other) is None
    assert not is_baseline(other)


@pytest.mark.parametrize(
    ("said", "is_its"),
    [
        ({"Company": "acme"}, True),
        ({"Company": {"Ref": "Company"}, "Email": "aws@acme.com"}, True),
        ({"Accounts": {"a": {"Output": "A"}}}, True),
        ({"PartOf": "OrgBaseline", "Accounts": {"a": {"Output": "A"}}}, False),
        ({"Format": 1, "Accounts": {}}, False),
    ],
    ids=["company", "company of the deploy", "accounts", "stack beside", "nothing"],
)
def test_tells_the_baseline_from_the_stacks_beside_it(said: Mapping[str, Any], is_its: bool) -> None:  # noqa: FBT001
    of_all = metadata_of_all([{}, template(said)])
    assert is_baseline(template(said)) == of_all.is_of_baseline == is_its


def test_of_all_templates_is_the_baselines_with_every_account() -> None:
    own, beside = (
        template({**WRITTEN, "PartOf": ""}),
        template({"PartOf": "OrgBaseline", "Accounts": {"a": {"Output": "A"}}}),
    )
    whole = replace(WHOLE, part_of="", accounts={**WHOLE.accounts, "a": AccountMetadata(output="A")})
    for templates in ([own, beside], [beside, own], [{}, own, {}, beside]):
        assert metadata_of_all(templates) == whole
    assert metadata_of_all([beside]) == BaselineMetadata()
    assert metadata_of_all([]) == BaselineMetadata()
