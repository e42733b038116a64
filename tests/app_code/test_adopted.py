"""Apps written from organizations that were made by hand: taken over with them, nothing is made and nothing changes."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest

from in_process import local_aws
from made_by_hand import INSTANCE, MANAGEMENT, STORE, Hand
from org_constructs.rehearsal.local_aws import Existing
from random_live_organizations import make
from written_app import adopted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from org_constructs.rehearsal.local_aws import LocalAws


@pytest.fixture
def aws() -> Iterator[LocalAws]:
    with local_aws(MANAGEMENT, "us-east-1", management_account_email="aws@acme.com") as running:
        running.seed(Existing(instance_arn=INSTANCE, identity_store_id=STORE))
        yield running


def test_the_guides_end_state_is_as_short_as_a_person_writes_it(aws: LocalAws, tmp_path: Path) -> None:
    Hand(aws).guide()
    app, [adoption] = adopted(aws, tmp_path)
    assert app.files.keys() == {"app.py"}
    assert app.files["app.py"].count("\n") <= 45
    assert len(adoption.mapping) == 10


@pytest.mark.parametrize("seed", range(12))
def test_random_organizations_are_taken_over_as_they_are(aws: LocalAws, tmp_path: Path, seed: int) -> None:
    choose = Random(seed)  # noqa: S311 (the same organizations each time)
    make(aws, choose, accounts=12, people=12, assignments=60)
    adopted(aws, tmp_path)
