"""From an organization that was made by hand to its code: `init --from live`, synth, adopt, and the real CDK CLI."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest

from made_by_hand import INSTANCE, MANAGEMENT, STORE, Hand
from org_constructs.rehearsal.local_aws import Existing, LocalAws
from random_live_organizations import make
from whoever_adopts import Person, check_code, loaded_once, started_each_time
from written_app import synthesized

if TYPE_CHECKING:
    from collections.abc import Iterator

    from whoever_adopts import Cdk

pytestmark = pytest.mark.long


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[LocalAws]:
    with LocalAws(
        management_account_id=MANAGEMENT, region="us-east-1", management_account_email="aws@acme.com"
    ) as running:
        running.seed(Existing(instance_arn=INSTANCE, identity_store_id=STORE))
        for name, value in running.environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.chdir(tmp_path)
        yield running


def adopter(aws: LocalAws, cdk: Cdk, monkeypatch: pytest.MonkeyPatch) -> Person:
    """Return somebody in the folder that `init --from live` has made."""
    person = Person(aws, cdk)
    person.baseline("init", "app", "--from", "live")
    monkeypatch.chdir("app")
    check_code(Path())
    return person


def test_the_guides_end_state_is_taken_over(aws: LocalAws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Hand(aws).guide()
    person = adopter(aws, started_each_time(tmp_path / "home"), monkeypatch)
    assert Path("app.py").read_text(encoding="utf-8").count("\n") <= 45
    person.cdk("synth", "--quiet")
    person.take_over()
    person.baseline("drift")
    code = Path("app.py").read_text(encoding="utf-8")
    renamed = code.replace("    email=", '    management_account_name="Acme",\n    email=', 1)
    Path("app.py").write_text(renamed, encoding="utf-8")
    person.cdk("synth", "--quiet")
    assert "There were no differences" in person.cdk("diff")
    person.baseline("doctor", "--fix", "--yes")
    assert "Acme" in {each["Name"] for each in aws.client("organizations").list_accounts()["Accounts"]}
    assert "There were no differences" in person.cdk("diff")
    person.baseline("drift")


@pytest.mark.parametrize("seed", [1, 8])
def test_a_random_organization_is_taken_over(
    aws: LocalAws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    make(aws, Random(seed), accounts=12, people=12, assignments=60)  # noqa: S311 (the same organizations each time)
    with loaded_once(tmp_path / "home") as cdk:
        person = adopter(aws, cdk, monkeypatch)
        synthesized(Path.cwd())
        person.take_over()
