"""`org-baseline doctor`: what it says, how it ends, and what it asks before it changes anything."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import click
import pytest
from botocore.client import BaseClient
from click import testing
from click.testing import CliRunner, Result

from doctor_patient import Patient
from local_aws_stacks import EXISTING, MANAGEMENT, account, policy, resource
from org_constructs.commands import doctor as command
from org_constructs.commands import main
from org_constructs.doctor.finding import ok, problem, skipped, unknown, warning
from org_constructs.doctor.report import render, summary
from org_constructs.doctor.runner import CHECKS, exit_code
from org_constructs.doctor.runner import Result as Examined
from org_constructs.rehearsal.local_aws import LocalAws
from refusals import assert_refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from syrupy.assertion import SnapshotAssertion

    from org_constructs.doctor.finding import Finding


@pytest.fixture
def aws() -> Iterator[LocalAws]:
    with LocalAws(management_account_id=MANAGEMENT, region="us-east-1") as running:
        yield running


@pytest.fixture
def patient(aws: LocalAws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Patient:
    monkeypatch.chdir(tmp_path)
    return Patient(aws, tmp_path, monkeypatch)


def run(*arguments: str, answer: str | None = None) -> Result:
    return CliRunner().invoke(main, ["doctor", *arguments], input=answer)


def make_ready(patient: Patient) -> None:
    patient.synthesize(Organization=resource("AWS::Organizations::Organization"), Dev=account())


def make_blocked(patient: Patient) -> None:
    """A policy type and trusted access are missing, which --fix brings."""
    patient.aws.seed(EXISTING)
    patient.synthesize(metadata={"TrustedAccess": ["ram.amazonaws.com"]}, Dev=account(), Tags=policy(Type="TAG_POLICY"))


# What it says


def test_says_in_one_block_what_was_not_looked_at(patient: Patient) -> None:
    patient.aws.seed(EXISTING)
    result = run()
    [block] = [each for each in result.output.split("\n\n") if "Not checked" in each]
    assert block.startswith("skipped         Not checked, because of assembly: account, trusted-access,")
    assert "\n                " in block
    assert " ".join(block.split()).endswith("bootstrap, alternate-contacts, account-names, leavers")
    assert "\nbootstrap\n" not in result.output
    checks = {each["id"]: each["findings"][0]["code"] for each in json.loads(run("--json").output)["checks"]}
    assert checks["bootstrap"] == "not-looked-at"


def test_says_what_was_found_why_it_matters_and_what_to_do(patient: Patient, snapshot: SnapshotAssertion) -> None:
    make_ready(patient)
    result = run()
    assert result.exit_code == 0
    _, organization = result.output.split("\norganization\n")
    found, after = organization.split("\naccount-plan\n")
    assert found.startswith("warning  ")
    assert "\n                [organization-created]\n" in found
    assert (found, after.splitlines()[-1]) == snapshot


def test_does_not_call_a_deploy_ready_without_an_assembly(patient: Patient, snapshot: SnapshotAssertion) -> None:
    patient.aws.seed(EXISTING)
    result = run()
    assert result.exit_code == 0
    assert result.output.splitlines()[-1] == snapshot


def test_says_in_a_line_what_blocks_a_deploy(patient: Patient, snapshot: SnapshotAssertion) -> None:
    make_blocked(patient)
    result = run()
    assert result.exit_code == 1
    assert result.output.splitlines()[-1] == snapshot


def test_says_in_a_line_what_could_not_be_looked_at(
    patient: Patient, monkeypatch: pytest.MonkeyPatch, snapshot: SnapshotAssertion
) -> None:
    make_ready(patient)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://localhost:9")
    result = run()
    assert result.exit_code == 2
    assert result.output.splitlines()[-1] == snapshot


def test_writes_json_for_machines(patient: Patient, snapshot: SnapshotAssertion) -> None:
    make_blocked(patient)
    result = run("--json")
    written = json.loads(result.stdout)
    assert result.exit_code == written["exit_code"] == 1
    assert written["format"] == 1
    assert [check["id"] for check in written["checks"]] == [check.id for check in CHECKS]
    [found] = next(check for check in written["checks"] if check["id"] == "policy-types")["findings"]
    assert (found["status"], found["code"], found["fixable"]) == ("problem", "policy-type-not-enabled", True)
    assert found == snapshot


def test_keeps_the_ids_of_its_checks() -> None:
    assert [check.id for check in CHECKS] == [
        *("node", "cdk-cli", "environment", "assembly", "credentials", "account", "organization", "account-plan"),
        *(
            "identity-center",
            "trusted-access",
            "root-access",
            "delegated-administrators",
            "policy-types",
            "account-quota",
            "stacks",
            "organizational-units",
            "accounts",
            "policies",
        ),
        *("permission-sets", "users", "groups", "memberships", "assignments", "deployed", "bootstrap"),
        "alternate-contacts",
        "account-names",
        "leavers",
    ]


def test_runs_each_check_after_those_that_it_needs() -> None:
    ids = [check.id for check in CHECKS]
    assert all(ids.index(need) < ids.index(check.id) for check in CHECKS for need in check.needs)


def examined(*findings: Finding, check_id: str = "organization") -> Examined:
    return Examined(next(check for check in CHECKS if check.id == check_id), findings)


@pytest.mark.parametrize(
    ("results", "code", "named"),
    [
        ([examined(ok("acme-test", "fine"))], 0, set()),
        ([examined(ok("acme-test", "fine"), warning("acme-test", "hm"))], 0, {"organization"}),
        ([examined(problem("acme-test", "no"), warning("acme-test", "hm"))], 1, {"organization"}),
        (
            [examined(ok("acme-test", "fine")), examined(skipped("acme-test", "no assembly"), check_id="assembly")],
            0,
            set(),
        ),
        ([examined(ok("acme-test", "fine"), problem("acme-test", "no"), ok("acme-test", "fine"))], 1, {"organization"}),
        (
            [examined(unknown("acme-test", "denied")), examined(problem("acme-test", "no"), check_id="accounts")],
            1,
            {"accounts"},
        ),
        (
            [examined(unknown("acme-test", "denied")), examined(ok("acme-test", "fine"), check_id="accounts")],
            2,
            {"organization"},
        ),
        (
            [
                examined(problem("acme-test", "no Node"), check_id="node"),
                examined(unknown("acme-test", "expired"), check_id="credentials"),
            ],
            2,
            {"credentials"},
        ),
    ],
    ids=[
        "well",
        "warnings",
        "a problem after a warning",
        "skipped",
        "a problem",
        "a problem beside what was denied",
        "denied",
        "no credentials",
    ],
)
def test_ends_with_what_it_means_for_a_deploy(results: list[Examined], code: int, named: set[str]) -> None:
    assert exit_code(results) == code
    assert {each.check.id for each in results if each.check.id in summary(results)} == named


@pytest.mark.parametrize(("say", "said"), [(ok, False), (skipped, False), (warning, True), (problem, True)])
def test_names_the_code_of_what_is_not_as_it_should_be(say: Callable[[str, str], Finding], *, said: bool) -> None:
    text = re.sub(r"\x1b\[\d+m", "", render(examined(say("acme-test", "it is so"))))
    assert ("it is so [acme-test]" in text) is said


def test_tells_which_checks_run_in_words_of_their_own() -> None:
    titles = [check.title for check in CHECKS]
    assert titles[:2] == ["Node", "the CDK CLI"]
    assert all(titles)
    assert len({*titles}) == len(titles)


def test_prints_the_checks_id_bold_and_the_word_in_its_colour() -> None:
    heading, found = render(examined(problem("acme-test", "it is so"))).splitlines()
    assert heading == click.style(examined().check.id, bold=True)
    assert found.startswith("\x1b[31mproblem")


def test_breaks_no_line_that_is_to_be_copied() -> None:
    line = 'identity_center=IdentityCenter(instance_arn="arn:aws:sso:::instance/ssoins-1111222233334444"),'
    step = "`aws organizations move-account --account-id 1 --source-parent-id r-acme --destination-parent-id ou-1`"
    text = render(
        examined(warning("acme-test", "It is " + "very " * 20 + "long", next=(step,), paste=(line,))), width=60
    )
    plain = re.sub(r"\x1b\[\d+m", "", text).splitlines()
    assert f"                    {line}" in plain
    assert max(len(each) for each in plain if line not in each) <= 60
    said = " ".join(" ".join(plain).split())
    assert "very long" in said
    assert step in said


# What it refuses


@pytest.mark.parametrize(
    ("arguments", "code", "value"),
    [
        (["--yes"], "yes-alone", "--yes"),
        (["--fix"], "yes-missing", "--yes"),
        (["--assembly", "nowhere"], "assembly-missing", "'nowhere'"),
        (["--stack", "Other"], "stack-unknown", "'Other'"),
    ],
    ids=["yes alone", "fix without a terminal", "no assembly", "no such stack"],
)
def test_refuses(patient: Patient, arguments: list[str], code: str, value: str) -> None:
    make_blocked(patient)
    assert_refused(run(*arguments), code, value)
    assert not fixed(patient)


def test_says_what_becomes_of_yes(patient: Patient, snapshot: SnapshotAssertion) -> None:
    make_blocked(patient)
    assert [run("--yes").stderr, run("--fix").stderr] == snapshot


def test_refuses_an_assembly_without_an_organization(patient: Patient) -> None:
    patient.synthesize(Bucket=resource("AWS::S3::Bucket"))
    assert_refused(run(), "organization-missing", "OrgBaseline")


# --fix


def fixed(patient: Patient) -> set[str]:
    client = patient.aws.client("organizations")
    [root] = client.list_roots()["Roots"]
    services = client.list_aws_service_access_for_organization()["EnabledServicePrincipals"]
    types = {each["Type"] for each in root["PolicyTypes"]} - {"SERVICE_CONTROL_POLICY"}
    return types | {each["ServicePrincipal"] for each in services}


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "_can_ask", lambda: True)


@pytest.mark.usefixtures("terminal")
def test_asks_before_each_fix(patient: Patient, snapshot: SnapshotAssertion) -> None:
    make_blocked(patient)
    result = run("--fix", answer="n\ny\n")
    assert result.stderr == snapshot
    assert [line.endswith("[y/N]: n") for line in result.stderr.splitlines() if "[y/N]" in line] == [True, False]
    assert fixed(patient) == {"TAG_POLICY"}
    assert result.exit_code == 0
    assert re.search("^warning +ram\\.amazonaws\\.com ", result.stdout, re.MULTILINE)
    assert re.search("^ok .* TAG_POLICY ", result.stdout, re.MULTILINE)


@pytest.mark.usefixtures("terminal")
def test_does_nothing_that_nobody_answers(patient: Patient) -> None:
    make_blocked(patient)
    result = run("--fix", answer="")
    assert result.exit_code == 1
    assert not fixed(patient)


def test_does_all_of_it_when_told_so(patient: Patient) -> None:
    make_blocked(patient)
    result = run("--fix", "--yes")
    assert result.exit_code == 0
    assert fixed(patient) == {"TAG_POLICY", "ram.amazonaws.com"}
    assert "ram.amazonaws.com has trusted access" in result.stderr


def test_says_on_a_terminal_what_it_does_and_leaves_nothing_of_that(
    patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_blocked(patient)
    monkeypatch.setattr(testing._NamedTextIOWrapper, "isatty", lambda it: it.name == "<stderr>")
    shown = run("--fix", "--yes").output
    assert re.findall(r"\rChecking (.+?) …", shown) == [check.title for check in CHECKS]
    assert "\rDoing it …\r" in shown
    assert "…" not in re.sub(r"[^\n]*\r", "", shown)


def test_does_nothing_a_second_time(patient: Patient) -> None:
    make_blocked(patient)
    run("--fix", "--yes")
    assert run("--fix", "--yes").stderr == ""


def test_only_reads_without_fix(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    make_blocked(patient)
    made: list[str] = []
    call = BaseClient._make_api_call  # type: ignore[attr-defined] # not in the stubs

    def make_api_call(self: Any, operation: str, values: Any) -> Any:
        made.append(operation)
        return call(self, operation, values)

    monkeypatch.setattr(BaseClient, "_make_api_call", make_api_call)
    run()
    assert "ListRoots" in made
    assert [each for each in made if not each.startswith(("Get", "List", "Describe"))] == []
