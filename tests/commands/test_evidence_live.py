"""`org-baseline report live --evidence`: what AWS has, for a review that somebody signs."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from made_by_hand import INSTANCE, MANAGEMENT, STORE, Hand
from org_constructs.commands import main
from org_constructs.commands._date import date_of
from org_constructs.rehearsal.local_aws import Existing, LocalAws
from policy_documents import DENY_LEAVING_TEXT
from refusals import refuses

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def aws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalAws]:
    """The guide's organization, made by hand, with a guardrail; the commands are run in an empty folder."""
    with LocalAws(management_account_id=MANAGEMENT, region="us-east-1") as running:
        running.seed(Existing(instance_arn=INSTANCE, identity_store_id=STORE))
        hand = Hand(running)
        hand.guide()
        hand.service_control_policies()
        hand.policy("deny-leaving", DENY_LEAVING_TEXT, hand.root)
        for name, value in running.environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.chdir(tmp_path)
        yield running


def report(*arguments: str) -> Any:
    return CliRunner().invoke(main, ["report", *arguments])


def contents(folder: Path) -> tuple[list[dict[str, str]], dict[str, Any], str]:
    """Return the rows, the controls by their ids with all that is said beside them, and the page."""
    [table], [controls], [page] = (list(folder.glob(each)) for each in ("*.csv", "*.json", "*.html"))
    with table.open(newline="") as file:
        rows = list(csv.DictReader(file))
    told = json.loads(controls.read_text("utf-8"))
    return rows, told | {each["id"]: each for each in told["controls"]}, page.read_text("utf-8")


def test_has_what_aws_answers(aws: LocalAws, tmp_path: Path) -> None:
    for service in ("iam", "account"):
        aws.client("organizations").enable_aws_service_access(ServicePrincipal=f"{service}.amazonaws.com")
    aws.client("iam").enable_organizations_root_credentials_management()
    result = report("live", "--evidence", "review")
    assert (result.exit_code, result.stdout) == (0, ""), result.output
    rows, told, page = contents(tmp_path / "review")
    assert [(row["person"], row["display name"], row["email"], row["origin"]) for row in rows] == [
        ("dax@acme.com", "Dax Acme", "dax@acme.com", "by hand")
    ] * 3
    assert {control["id"]: control["verdict"] for control in told["controls"]} == {
        "2.1.1": "pass",
        "2.1.2": "pass",
        "2.1.3": "manual",
        "2.1.4": "fail",
        "2.1.5": "fail",
        "2.1.6": "fail",
        "2.2": "manual",
        "2.3": "fail",
        "2.19": "manual",
        "2.20": "manual",
        "5.15": "manual",
    }
    assert told["2.1.1"]["asked"] == [
        {"source": "iam:ListOrganizationsFeatures", "answer": {"EnabledFeatures": ["RootCredentialsManagement"]}}
    ]
    assert told["reviewed"]["asked_with"] in page
    assert told["reviewed"]["asked_with"] == aws.client("sts").get_caller_identity()["Arn"]
    assert told["reviewed"]["source"] == f"AWS at {told['reviewed']['date']}"
    assert "AWS was not asked" not in page


def test_of_a_saved_description_says_what_it_does_not_have(tmp_path: Path) -> None:
    assert report("live", "--output", "live.json").exit_code == 0
    contents_of = []
    for folder in ("one", "two"):
        assert report("live.json", "--evidence", folder).exit_code == 0
        contents_of.append({path.name: path.read_bytes() for path in (tmp_path / folder).iterdir()})
    assert contents_of[0] == contents_of[1]
    _, told, page = contents(tmp_path / "one")
    assert (told["2.1.1"]["verdict"], told["2.1.2"]["verdict"]) == ("cannot tell", "pass")
    assert told["reviewed"]["source"] == f"AWS at {told['reviewed']['date']}, as saved in live.json"
    assert told["reviewed"]["source"] in page


def test_of_another_day_says_when_aws_was_asked(tmp_path: Path) -> None:
    assert report("live", "--evidence", "review", "--date", "2020-01-01").exit_code == 0
    _, told, page = contents(tmp_path / "review")
    assert told["reviewed"]["date"] == "2020-01-01"
    assert "AWS at 2020-01-01" not in page


def test_refuses_what_has_no_date() -> None:
    with refuses("date-missing", "--date"):
        date_of(None, None)
