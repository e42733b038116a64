"""Keys of accounts and units: made of the names that people know, different, and the same in whatever order."""

from __future__ import annotations

from random import Random

import pytest

from org_constructs.app_code.keys import account_keys, company_of, unit_keys, unit_paths
from org_constructs.baseline.plan.accounts import plan_accounts
from org_constructs.baseline.props import AccountProps
from org_constructs.templates.description import ROOT, Account, OrganizationalUnit


def account(number: int, name: str, email: str = "", parent: str = ROOT) -> Account:
    key = f"{number:012}"
    return Account(key=key, account_id=key, name=name, email=email or f"root.{number}@acme.com", parent=parent)


def keys_of(*accounts: Account, units: tuple[OrganizationalUnit, ...] = ()) -> list[str]:
    by_key = {each.key: each for each in units}
    keys = account_keys(accounts, "acme", unit_paths(by_key, unit_keys(units)), by_key)
    return [keys[each.key] for each in accounts]


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("acme-dev", "dev"),
        ("Acme Log Archive", "log-archive"),
        ("Überwachung", "uberwachung"),
        ("acme", "acme"),
        ("billing (old)", "billing-old"),
    ],
)
def test_are_the_names_without_the_company(name: str, key: str) -> None:
    assert keys_of(account(1, name)) == [key]


@pytest.mark.parametrize("name", ["root", "management", "Management"])
def test_are_nothing_that_targets_mean_already(name: str) -> None:
    assert keys_of(account(1, name)) == [f"{name.lower()}-account"]


def test_are_no_paths_of_units() -> None:
    sandbox = OrganizationalUnit(key="ou-1", name="sandbox", parent=ROOT)
    assert keys_of(account(1, "sandbox", parent="ou-1"), units=(sandbox,)) == ["sandbox-sandbox"]
    assert keys_of(account(1, "acme-sandbox", parent="ou-1"), units=(sandbox,)) == ["acme-sandbox"]


def test_of_one_name_are_told_apart_by_what_people_see() -> None:
    payments = OrganizationalUnit(key="ou-1", name="Payments", parent=ROOT)
    web = OrganizationalUnit(key="ou-2", name="Web", parent=ROOT)
    by_email = [account(1, "Sandbox", "aws+sandbox1@acme.com"), account(2, "Sandbox", "aws+kim@acme.com")]
    assert keys_of(*by_email) == ["sandbox1", "sandbox-kim"]
    by_unit = [account(1, "Dev", parent="ou-1"), account(2, "Dev", parent="ou-2")]
    assert keys_of(*by_unit, units=(payments, web)) == ["dev-payments", "dev-web"]
    assert keys_of(account(1, "Dev"), account(2, "Dev", "dev.2@acme.com")) == ["dev-root-1", "dev-2"]
    same = [account(number, "Dev", f"dev@{number}.acme.com") for number in (1, 2)]
    assert keys_of(*same) == ["dev-000000000001", "dev-000000000002"]
    assert keys_of(account(1, "acme-dev"), account(2, "dev")) == ["acme-dev", "dev"]


def test_are_such_as_the_baseline_takes_and_do_not_depend_on_the_order() -> None:
    random = Random(1)  # noqa: S311 (the same names each time)
    words = ["a", "A", "a-1", "a1", "a 1", "acme-a", "***", "x" * 50, "x" * 49 + "y", "dev", "Dev ", "root", "ä"]
    for _ in range(200):
        accounts = [account(number, random.choice(words)) for number in range(random.randrange(20))]
        keys = keys_of(*accounts)
        plan_accounts(
            [AccountProps(key=key, name="a", email=f"{key}@acme.com"[-64:]) for key in keys], "a", "b@c.de", {}
        )
        mixed = random.sample(accounts, len(accounts))
        assert dict(zip(mixed, keys_of(*mixed), strict=True)) == dict(zip(accounts, keys, strict=True))


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("dev", "dev"),
        ("Team A", "Team A"),
        ("a/b", "a-b"),
        ("-legacy-", "legacy"),
        ("root", "root-unit"),
        ("--", "unit"),
    ],
)
def test_of_units_are_their_names_as_far_as_paths_take_them(name: str, key: str) -> None:
    [made] = unit_keys([OrganizationalUnit(key="ou-ab12-1", name=name, parent=ROOT)]).values()
    assert made == key


def test_of_units_beside_each_other_differ() -> None:
    units = [
        OrganizationalUnit(key=f"ou-ab12-{number}", name=name, parent=ROOT)
        for number, name in enumerate(("a/b", "a-b", "a--b"))
    ]
    assert unit_keys(units) == {"ou-ab12-0": "a-b-0", "ou-ab12-1": "a-b", "ou-ab12-2": "a-b-2"}


@pytest.mark.parametrize(
    ("management", "names", "company"),
    [
        ("acme", ["acme-dev", "acme-production"], "acme"),
        ("root account", ["acme-dev", "acme-production", "Legacy"], "acme"),
        ("Acme Inc.", ["Dev", "Production"], "Acme Inc."),
        ("acme", [], "acme"),
        ("payer", ["acme-pay-dev", "acme-pay-test"], "acme"),
    ],
)
def test_the_company_is_what_names_begin_with(management: str, names: list[str], company: str) -> None:
    assert company_of(management, names) == company
