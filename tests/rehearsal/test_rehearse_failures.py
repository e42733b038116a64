"""`--fail`: what can go wrong is listed, and an account is one of the app."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from cloud_assembly import baseline, get, stack, write_assembly
from org_constructs.commands import main
from org_constructs.rehearsal.asked_failures import with_accounts
from org_constructs.rehearsal.local_aws import FAILURE_KINDS
from org_constructs.rehearsal.local_aws.failures import parse
from org_constructs.templates.assembly import read_stacks
from refusals import refuses

if TYPE_CHECKING:
    from pathlib import Path

    from org_constructs.templates.assembly import Stack


@pytest.fixture
def plain(tmp_path: Path) -> tuple[Stack, ...]:
    return read_stacks(write_assembly(tmp_path / "plain", {"OrgBaseline": stack(baseline())}))


@pytest.fixture
def with_keys(tmp_path: Path) -> tuple[Stack, ...]:
    """A baseline, which says the keys of its accounts."""
    accounts = {"development": {"Output": "AccountIdDevelopment"}}
    template = {
        "Metadata": {"OrgBaseline": {"Format": 1, "Accounts": accounts}},
        "Resources": baseline(),
        "Outputs": {"AccountIdDevelopment": {"Value": get("Dev", "AccountId")}},
    }
    return read_stacks(write_assembly(tmp_path / "keys", {"OrgBaseline": {**stack({}), "template": template}}))


def test_help_lists_every_failure_with_what_happens() -> None:
    lines = [" ".join(line.split()) for line in CliRunner().invoke(main, ["rehearse", "--help"]).output.splitlines()]
    for kind in FAILURE_KINDS.values():
        assert f"{kind.form} {kind.what}" in lines


@pytest.mark.parametrize("written", ["production", "acme-production"])
def test_names_an_account_by_its_name_or_its_last_part(plain: tuple[Stack, ...], written: str) -> None:
    assert with_accounts([f"ACCOUNT_TIMEOUT:{written}"], plain) == ("ACCOUNT_TIMEOUT:acme-production",)


def test_names_an_account_by_its_key(with_keys: tuple[Stack, ...]) -> None:
    assert with_accounts(["ACCOUNT_TIMEOUT:development"], with_keys) == ("ACCOUNT_TIMEOUT:acme-dev",)


def test_needs_no_account_where_a_failure_is_of_none(plain: tuple[Stack, ...]) -> None:
    assert with_accounts(["FINALIZING_ORGANIZATION"], plain) == ("FINALIZING_ORGANIZATION",)


@pytest.mark.parametrize(
    ("failure", "available"),
    [
        ("ACCOUNT_TIMEOUT:staging", "development, acme-production"),
        ("ACCOUNT_TIMEOUT:management", "development, acme-production"),
        ("ASSIGNMENT_FAILED:staging", "development, acme-production, management"),
    ],
)
def test_refuses_an_account_that_is_not_there(with_keys: tuple[Stack, ...], failure: str, available: str) -> None:
    with refuses("failure-account-unknown", failure.partition(":")[2], f"available: {available}"):
        with_accounts([failure], with_keys)


@pytest.mark.parametrize("failure", ["EARTHQUAKE", "ACCOUNT_TIMEOUT"])
def test_refuses_what_cannot_go_wrong(failure: str) -> None:
    with refuses("failure-unknown", repr(failure), "ACCOUNT_TIMEOUT:ACCOUNT"):
        parse(failure)
