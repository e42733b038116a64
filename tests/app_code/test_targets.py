"""Targets: `*` and units where they mean exactly the same accounts, and nothing else."""

from __future__ import annotations

from random import Random

import pytest

from org_constructs.app_code.targets import assignment_targets, policy_targets

PLACES = {
    "log": None,
    "a": "workloads/dev",
    "b": "workloads/dev",
    "c": "workloads/production",
    "d": "sandbox",
}


def meant(targets: list[str], places: dict[str, str | None]) -> set[str]:
    found: set[str] = set()
    for target in targets:
        below = {key for key, place in places.items() if f"{place}/".startswith(f"{target}/")}
        found |= set(places) if target == "*" else below or {target}
    return found


@pytest.mark.parametrize(
    ("accounts", "targets"),
    [
        ({"management", *PLACES}, ["management", "*"]),
        (set(PLACES), ["*"]),
        ({"a", "b"}, ["workloads/dev"]),
        ({"a", "b", "c"}, ["workloads"]),
        ({"a", "b", "log"}, ["workloads/dev", "log"]),
        ({"a", "c"}, ["a", "c"]),
        # That a unit has one account today does not say that the next one in it is meant.
        ({"d"}, ["d"]),
        ({"management"}, ["management"]),
    ],
)
def test_are_short_and_exact(accounts: set[str], targets: list[str]) -> None:
    assert assignment_targets(accounts, PLACES) == targets


def test_name_no_unit_that_is_only_named() -> None:
    assert assignment_targets({"a", "b", "c"}, PLACES, ["workloads/production"]) == ["workloads/dev", "c"]


def test_mean_the_same_of_random_accounts() -> None:
    random = Random(2)  # noqa: S311 (the same accounts each time)
    units = [None, "a", "a/b", "a/b/c", "a/d", "e", "ab"]
    for _ in range(500):
        places = {f"key-{number}": random.choice(units) for number in range(random.randrange(1, 9))}
        accounts = {key for key in [*places, "management"] if random.random() < 0.7}
        assert meant(assignment_targets(accounts, places), places) == accounts


def test_of_policies_name_what_they_are_attached_to() -> None:
    places = {"root", "management", "a", "b", "workloads/dev"}
    paths, keys = ["workloads", "workloads/dev"], ["a", "b"]
    assert policy_targets(places, paths, keys) == ["root", "management", "workloads/dev", "*"]
    assert policy_targets({"b"}, paths, keys) == ["b"]
    assert policy_targets({"b"}, paths, ["b"]) == ["b"]
