"""The names of accounts that people see: a change of one is told, and widens nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import pytest

from live_answers import NOTHING
from org_constructs.access_diff.change import Effect
from org_constructs.access_diff.comparison import State, compare
from org_constructs.access_diff.deploy import deploy
from org_constructs.access_diff.wording import plain
from org_constructs.templates.description import MANAGEMENT, ROOT, Account, Description, Origin, Whence, describe
from org_constructs.templates.values import Values

STACK: Final = "OrgBaseline"
DEV: Final = f"{STACK}/Dev"
TEMPLATE: Final[dict[str, Any]] = {
    "Metadata": {"OrgBaseline": {"Company": "acme", "Accounts": {"dev": {"Output": "AccountIdDev"}}}},
    "Resources": {
        "Dev": {"Type": "AWS::Organizations::Account", "Properties": {"AccountName": "acme-dev", "Email": "d@acme.com"}}
    },
    "Outputs": {"ManagementAccountId": {"Value": "111122223333"}, "AccountIdDev": {"Value": {"Ref": "Dev"}}},
}
LIVE: Final = Description(
    accounts={
        MANAGEMENT: Account(key=MANAGEMENT, name="acme", parent=ROOT, account_id="111122223333", state="ACTIVE"),
        "222233334444": Account(
            key="222233334444",
            name="acme-dev",
            email="d@acme.com",
            parent=ROOT,
            account_id="222233334444",
            state="ACTIVE",
            origin=Origin(whence=Whence.APP, stack=STACK, logical_id="Dev"),
        ),
    },
    organizational_units={},
    users={},
    groups={},
    permission_sets={},
    policies={},
    assignments=(),
    values=Values({}),
    live=replace(NOTHING, stacks={STACK: TEMPLATE}),
)


def app(**names: str | None) -> Description:
    """Return the app with display names of accounts, by `management` and `dev`."""
    described = describe({STACK: TEMPLATE})
    keys = {"management": MANAGEMENT, "dev": DEV}
    shown = {
        keys[name]: replace(described.accounts[keys[name]], display_name=display_name)
        for name, display_name in names.items()
    }
    return replace(described, accounts={**described.accounts, **shown})


def sentences(old: State, new: State) -> list[str]:
    comparison = compare(old, new)
    assert not comparison.widens
    assert {each.effect for each in comparison.changes} <= {Effect.OTHER}
    return [plain(each.sentence) for each in comparison.changes]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ({}, {}, []),
        ({"management": "Acme"}, {"management": "Acme"}, []),
        (
            {},
            {"management": "Acme"},
            ["acme (the management account) will be called Acme, once the doctor has renamed it"],
        ),
        (
            {"management": "Acme"},
            {},
            ["acme (the management account) has no display name any more, which leaves its name as AWS has it"],
        ),
        (
            {"dev": "Development"},
            {"dev": "Workshop"},
            ["account acme-dev will be called Workshop, once the doctor has renamed it"],
        ),
    ],
)
def test_what_becomes_of_a_name_is_told(old: dict[str, str], new: dict[str, str], said: list[str]) -> None:
    assert sentences(State.of(app(**old)), State.of(app(**new))) == said


def test_an_account_that_is_created_says_what_it_will_be_called() -> None:
    without = replace(app(), accounts={MANAGEMENT: app().accounts[MANAGEMENT]})
    created, called = sentences(State.of(without), State.of(app(dev="Workshop")))
    assert created.startswith("account acme-dev (d@acme.com) is created")
    assert called == "account acme-dev will be called Workshop, once the doctor has renamed it"


def test_what_aws_calls_an_account_already_is_no_change() -> None:
    assert sentences(*deploy(LIVE, app(management="acme", dev="acme-dev"))) == []
    assert sentences(*deploy(LIVE, app(management="Acme", dev="Workshop"))) == [
        "acme (the management account) will be called Acme, once the doctor has renamed it",
        "account acme-dev will be called Workshop, once the doctor has renamed it",
    ]
