"""Which stacks what is made is spread over, by how much there is of it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from org_constructs.app_code.room import Sizes, spread

if TYPE_CHECKING:
    from collections.abc import Mapping


def sizes(**more: Any) -> Sizes:
    given = {"fixed": 0, "accounts": (), "accounts_named": 0, "groups": 0, "permission_sets": 0, "people": {}}
    return Sizes(**{**given, "people_assigned": 0, "assignments": (), **more})


def keys(number: int) -> tuple[str, ...]:
    return tuple(f"key-{each:03}" for each in range(number))


def words(found: Mapping[Any, str]) -> dict[str, int]:
    return dict(Counter(found.values()))


FULL = {
    "fixed": 100,
    "groups": 50,
    "accounts": keys(100),
    "people": dict.fromkeys(keys(75), 2),
    "assignments": [5] * 20,
}


@pytest.mark.parametrize(
    "more",
    [
        {"fixed": 101},
        {"groups": 51},
        {"accounts": keys(101)},
        {"people": {**dict.fromkeys(keys(75), 2), "one": 1}},
        {"assignments": [5] * 20 + [1]},
    ],
    ids=lambda more: next(iter(more)),
)
def test_one_stack_takes_500_resources(more: Any) -> None:
    assert spread(sizes(**FULL)) == spread(sizes())
    assert spread(sizes(**{**FULL, **more})) != spread(sizes())


@pytest.mark.parametrize("named", [0, 46])
def test_one_stack_takes_200_outputs_four_of_them_its_own(named: int) -> None:
    accounts = keys(196 - named)
    assert spread(sizes(accounts=accounts, accounts_named=named)).accounts == {}
    # Ten are left for the next ones.
    found = spread(sizes(accounts=accounts, accounts_named=named + 1)).accounts
    assert found == dict.fromkeys(accounts[-11:], "more")


@pytest.mark.parametrize("what", ["accounts_named", "permission_sets", "groups", "people_assigned"])
def test_accounts_leave_that_the_outputs_of_what_is_referred_to_take_the_room_of(what: str) -> None:
    accounts = keys(150)
    found = spread(sizes(accounts=accounts, assignments=[600], **{what: 40})).accounts
    assert found == dict.fromkeys(accounts[146:], "more")


def test_accounts_fill_one_stack_after_another() -> None:
    found = spread(sizes(accounts=keys(600))).accounts
    assert words(found) == {"more": 190, "more2": 190, "more3": 34}
    assert list(found) == list(keys(600)[186:])


def test_more_of_everything_else_than_a_stack_takes_leaves_no_account_in_it() -> None:
    assert words(spread(sizes(fixed=600, accounts=keys(2))).accounts) == {"more": 2}


def test_people_leave_from_the_first_that_the_stack_has_no_room_for() -> None:
    people = {**dict.fromkeys(keys(100), 3), "large": 150, "small": 1}
    found = spread(sizes(fixed=60, groups=10, accounts=keys(20), people=people, assignments=[100]))
    assert found.accounts == {}
    assert found.people == {"large": "more", "small": "more"}
    assert spread(sizes(fixed=29, people={**people, "late": 100})).people == {"late": "more"}


def test_assignments_leave_first_each_whole() -> None:
    found = spread(sizes(fixed=1, assignments=[200, 280, 1, 479, 1, 480]))
    assert found.assignments == {0: "more", 1: "more", 2: "more2", 3: "more2", 4: "more3", 5: "more4"}
