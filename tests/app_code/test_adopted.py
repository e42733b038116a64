"""Apps written from organizations that were made by hand: taken over with them, nothing is made and nothing changes."""

from __future__ import annotations

import json
from random import Random
from typing import TYPE_CHECKING

import pytest

from in_process import local_aws
from made_by_hand import INSTANCE, MANAGEMENT, STORE, Hand
from org_constructs import guardrails
from org_constructs.app_code.from_organization import app_from
from org_constructs.rehearsal.local_aws import Existing
from random_live_organizations import make
from written_app import adopted, described

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from org_constructs.rehearsal.local_aws import LocalAws

QUICK = {1, 8}
"""Of the random organizations; random_adoptions.py takes over as many as one likes."""


@pytest.fixture
def aws() -> Iterator[LocalAws]:
    with local_aws(MANAGEMENT, "us-east-1", management_account_email="aws@acme.com") as running:
        running.seed(Existing(instance_arn=INSTANCE, identity_store_id=STORE))
        yield running


def test_the_guides_end_state_is_as_short_as_a_person_writes_it(aws: LocalAws, tmp_path: Path) -> None:
    Hand(aws).guide()
    app, [adoption] = adopted(aws, tmp_path)
    assert {name for name in app.files if name.endswith(".py")} == {"app.py"}
    assert app.files["app.py"].count("\n") <= 45
    assert len(adoption.mapping) == 10


def test_people_whose_names_no_line_says_are_named_by_id(aws: LocalAws) -> None:
    hand = Hand(aws)
    hand.organization()
    kim = hand.user("kim@acme.com", "kim@acme.com", given="Kim", middle="Q.", display="Kim Acme")
    code = app_from(described(aws)).files["app.py"]
    assert f'UserProps(user_name="kim@acme.com", user_id="{kim}"),  # Kim Acme' in code


@pytest.mark.parametrize(
    "seed", [each if each in QUICK else pytest.param(each, marks=pytest.mark.long) for each in range(12)]
)
def test_random_organizations_are_taken_over_as_they_are(aws: LocalAws, tmp_path: Path, seed: int) -> None:
    choose = Random(seed)  # noqa: S311 (the same organizations each time)
    make(aws, choose, accounts=12, people=12, assignments=60)
    adopted(aws, tmp_path)


def test_guardrails_are_called_by_their_names(aws: LocalAws, tmp_path: Path) -> None:
    hand = Hand(aws)
    hand.guide()
    hand.service_control_policies()
    roles = [guardrails.permission_set_role("AdministratorAccess")]
    every = [
        guardrails.deny_root_user(),
        guardrails.deny_disabling_security_services(except_roles=roles),
        guardrails.deny_commitments(),
        guardrails.deny_contact_and_billing_changes(),
        guardrails.allow_regions(["us-east-1"]),
    ]
    made = guardrails.policies("guardrails", *every, targets=[])
    assert len(made) > 1
    for each in made:
        hand.policy(each.name, json.dumps(each.content), hand.root)
    app, _ = adopted(aws, tmp_path)
    assert not any(name.startswith("policies/") for name in app.files)
    code = app.files["app.py"]
    assert code.count("guardrails.policies(") == 1
    assert "guardrails.deny_commitments()," in code
    assert code.count("\n") <= 60
