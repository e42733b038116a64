"""The source `live`, as it is typed: what is shown, saved, compared and refused."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import pytest
from botocore.exceptions import ClientError
from click.testing import CliRunner, Result

from cloud_assembly import stack, write_assembly
from in_process import local_aws
from made_by_hand import INSTANCE, MANAGEMENT, STORE, Hand
from org_constructs.cdk_cli.interruption import Interrupted
from org_constructs.commands import _progress, main
from org_constructs.commands._progress import progress
from org_constructs.deploy_policy import read_only_policy
from org_constructs.live.organization import LiveOrganization
from org_constructs.rehearsal.local_aws import Existing, LocalAws
from organizations import template_of
from printed_commands import use_aws_cli
from refusals import assert_refused

if TYPE_CHECKING:
    from collections.abc import Iterator


READ_ONLY: Final = "arn:aws:iam::aws:policy/ReadOnlyAccess"


@pytest.fixture
def aws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalAws]:
    """The guide's organization, deployed from cdk.out in this folder."""
    with local_aws(MANAGEMENT, "us-east-1") as running:
        running.seed(Existing(instance_arn=INSTANCE, identity_store_id=STORE))
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(LiveOrganization, "connect", lambda *_: LiveOrganization(running.client))
        running.client("cloudformation").create_stack(
            StackName="OrgBaseline", TemplateBody=json.dumps(template_of("guide"))
        )
        assembly(template_of("guide"))
        yield running


def assembly(template: dict[str, Any], account: str = MANAGEMENT) -> None:
    described = stack(template["Resources"], environment=f"aws://{account}/us-east-1")
    write_assembly(Path("cdk.out"), {"OrgBaseline": {**described, "template": template}})


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def mallory(aws: LocalAws) -> str:
    """Let mallory in by hand: into the group, and as an administrator of production."""
    hand = Hand(aws)
    user = hand.user("mallory@acme.com", "mallory@acme.com")
    live = LiveOrganization(aws.client)
    [group] = live.groups(STORE)
    hand.member(group.id, user)
    production = next(each.id for each in live.accounts() if each.name == "acme-production")
    hand.assign(live.permission_set_arns(INSTANCE)[0], user, production, kind="USER")
    return user


def lines(result: Result) -> list[str]:
    return result.stdout.splitlines()


def test_a_report_shows_what_is_there_and_where_it_is_from(aws: LocalAws, monkeypatch: pytest.MonkeyPatch) -> None:
    mallory(aws)
    monkeypatch.setenv("COLUMNS", "120")
    result = run("report", "live")
    assert result.exit_code == 0
    rows = [line.split("   ") for line in lines(result)]
    ways = [[cell.strip() for cell in row if cell][-1] for row in rows if row[0].startswith(("dax", "mallory"))]
    assert ways == ["through group Administrators", "through group Administrators, a member by hand"]
    at = lines(result).index("by hand: 1 person, 1 membership, 1 assignment")
    assert lines(result)[at + 1 : at + 4] == [
        "   person mallory@acme.com",
        "   membership mallory@acme.com in Administrators",
        "   assignment mallory@acme.com: AdministratorAccess in acme-production",
    ]
    assert "this app: 3 accounts, 1 person, 1 group, 1 permission set, 1 membership, 3 assignments" in lines(result)
    said = "What somebody changed by hand in what is from this app, `org-baseline drift` shows."
    assert said in lines(result)
    assert "Reading AWS: accounts" in result.stderr.splitlines()


@pytest.mark.parametrize("form", ["text", "markdown", "html"])
def test_a_saved_description_is_reported_as_what_was_saved_without_aws(
    aws: LocalAws, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    mallory(aws)
    assert run("report", "live", "--output", "live.json").exit_code == 0
    at = json.loads(Path("live.json").read_text(encoding="utf-8"))["live"]["read_at"]
    now = run("report", "live", "--format", form).stdout
    monkeypatch.setattr(LiveOrganization, "connect", None)
    then = run("report", "live.json", "--format", form)
    assert then.exit_code == 0
    assert at[:16] in then.stdout
    assert len(then.stdout.splitlines()) == len(now.splitlines())
    assert "mallory@acme.com" in then.stdout


def test_a_deploy_of_what_is_deployed_changes_nothing_though_people_were_let_in_by_hand(aws: LocalAws) -> None:
    mallory(aws)
    result = run("access-diff", "live")
    assert (result.stdout, result.exit_code) == ("Nothing changes for anybody.\n", 0)
    # Who reads only that must not take it for a word on what is there.
    assert result.stderr.splitlines()[-1].endswith("`org-baseline drift` shows it.")


@pytest.mark.usefixtures("aws")
def test_refuses_what_a_deploy_changes_without_an_assembly_before_aws_is_read() -> None:
    Path("cdk.out", "manifest.json").unlink()
    result = run("access-diff", "live")
    assert_refused(result, "assembly-missing", "'cdk.out'")
    assert "Reading AWS" not in result.stderr


def test_shows_what_a_deploy_changes_from_what_is_there(aws: LocalAws) -> None:
    mallory(aws)
    run("report", "live", "--output", "live.json")
    changed = json.loads(json.dumps(template_of("guide")))
    [permission_set] = [each for each in changed["Resources"].values() if each["Type"] == "AWS::SSO::PermissionSet"]
    permission_set["Properties"]["ManagedPolicies"] = [READ_ONLY]
    assembly(changed)
    result = run("access-diff", "live")
    assert result.exit_code == 3
    told = [line for line in lines(result) if "gets the AWS managed policy ReadOnlyAccess" in line]
    # Mallory, whom no template knows, has it as well.
    assert [line.rpartition(" (")[2] for line in told] == ["2 people in 3 accounts)"]
    assert run("access-diff", "live.json").stdout == result.stdout


def test_compares_what_is_there_with_what_was(aws: LocalAws) -> None:
    run("report", "live", "--output", "live.json")
    mallory(aws)
    result = run("access-diff", "live.json", "live")
    assert result.exit_code == 3
    gained = "+ mallory@acme.com has AdministratorAccess in acme-production (through group Administrators and directly)"
    assert gained in lines(result)
    assert "~ mallory@acme.com is a new user" in lines(result)
    again = run("access-diff", "live", "live.json")
    assert again.exit_code == 0


def test_compares_templates_with_what_is_there(aws: LocalAws) -> None:
    assert run("access-diff", "cdk.out", "live").stdout == "Nothing changes for anybody.\n"
    mallory(aws)
    assert run("access-diff", "cdk.out", "live").exit_code == 3


@pytest.mark.usefixtures("aws")
def test_what_may_not_be_looked_at_is_told_and_counts_as_wider(monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*_: object) -> None:
        answer: Any = {"Error": {"Code": "AccessDeniedException", "Message": "no"}}
        raise ClientError(answer, "ListGroupMemberships")

    monkeypatch.setattr(LiveOrganization, "memberships", denied)
    monkeypatch.setenv("COLUMNS", "120")
    unknown = "who is in groups, of 1 (identitystore:ListGroupMemberships: AccessDeniedException)"
    report = run("report", "live")
    assert f"Could not look: {unknown}" in " ".join(report.stdout.split())
    assert any(line.startswith("everybody in group Administrators ") for line in lines(report))
    compared = run("access-diff", "live")
    assert (compared.exit_code, lines(compared)[1]) == (3, f"? {unknown}")
    saved = json.loads(run("report", "live", "--format", "json").stdout)
    assert [each["action"] for each in saved["live"]["unread"]] == ["identitystore:ListGroupMemberships"]
    assert f"- **?** `{unknown}`" in run("access-diff", "live", "--format", "markdown").stdout.splitlines()


def test_an_app_for_another_account_is_not_compared_and_not_taken_for_this_one(aws: LocalAws) -> None:
    assembly(template_of("guide"), account="999988887777")
    assert_refused(run("access-diff", "live"), "account-mismatch", "999988887777", MANAGEMENT)
    report = run("report", "live")
    assert report.exit_code == 0
    assert "999988887777" in next(line for line in report.stderr.splitlines() if line.startswith("Note: "))
    # An OrgBaseline made them all the same.
    assert any(line.startswith("this app: 3 accounts") for line in lines(report)), aws


def test_refuses_an_account_without_an_organization(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    with local_aws("444455556666", "us-east-1") as aws:
        monkeypatch.setattr(LiveOrganization, "connect", lambda *_: LiveOrganization(aws.client))
        assert_refused(run("report", "live"), "nothing-live", "444455556666")


def test_refuses_a_newer_description(tmp_path: Path) -> None:
    file = tmp_path / "live.json"
    file.write_text('{"OrganizationDescription": 99}', encoding="utf-8")
    assert_refused(run("report", str(file)), "description-newer", "99")
    assert_refused(run("access-diff", str(file), str(file)), "description-newer", "OLD", "99")


@pytest.mark.parametrize(
    "text",
    ["{}", '{"OrganizationDescription": 1}', "[" * 100_000, '{"OrganizationDescription": '],
    ids=["no template", "empty", "deep", "half"],
)
def test_refuses_what_is_no_description(tmp_path: Path, text: str) -> None:
    file = tmp_path / "live.json"
    file.write_text(text, encoding="utf-8")
    result = run("report", str(file))
    assert result.exit_code == 2
    assert result.stderr.splitlines()[-1].startswith("[")


def test_ctrl_c_writes_nothing(aws: LocalAws, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise Interrupted(signal.SIGINT)

    monkeypatch.setattr(LiveOrganization, "users", interrupted)
    result = run("report", "live", "--output", "live.json")
    assert (result.exit_code, result.stdout) == (130, "")
    assert result.stderr.splitlines()[-1] == "Interrupt: nothing is written"
    assert not Path("live.json").exists(), aws


class TestProgress:
    def test_writes_a_line_for_each_thing_where_nobody_sees_it_change(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # It looks when it begins, after each line, and before a line of the same.
        clock = iter([0.0, 1.0, 2.0, 3.0, 13.0, 14.0, 15.0])
        monkeypatch.setattr(_progress, "monotonic", lambda: next(clock))
        with progress("Reading AWS") as tell:
            tell("accounts", 0, 1)
            for done in range(4):
                tell("assignments", done, 3_000)
        assert capsys.readouterr().err.splitlines() == [
            "Reading AWS: accounts",
            "Reading AWS: assignments (3,000)",
            "Reading AWS: assignments, 2 of 3,000",
        ]

    def test_changes_one_line_on_a_terminal_and_leaves_none(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
        with suppress(KeyboardInterrupt), progress("Reading AWS") as tell:
            tell("accounts", 0, 1)
            tell("assignments", 1, 2)
            raise KeyboardInterrupt
        clear = "\r\x1b[K"
        assert capsys.readouterr().err == (
            f"{clear}Reading AWS: accounts{clear}Reading AWS: assignments, 1 of 2{clear}"
        )


class TestReadOnlyPolicy:
    def test_is_printed_alone_as_json(self) -> None:
        assert json.loads(run("deploy-policy", "--read-only", "--format", "json").stdout) == read_only_policy()

    def test_is_printed_with_the_commands_that_make_it(self) -> None:
        printed = run("deploy-policy", "--read-only").stdout
        heading = "What whoever reads the organization may do, a person or a pipeline:"
        assert printed.startswith(f"{heading}\n\n{json.dumps(read_only_policy(), indent=2)}\n\n")
        assert printed.splitlines()[-5:] == [
            "",
            "Create it as an administrator of the management account, and attach it to who reads:",
            "",
            "  org-baseline deploy-policy --read-only --format json > OrgBaselineReader.json",
            "  aws iam create-policy --policy-name OrgBaselineReader --policy-document file://OrgBaselineReader.json",
        ]

    @pytest.mark.parametrize(
        "option", [("--for", "deployer"), ("--part", "1"), ("--allow-closing",), ("--organization-id", "o-acme123456")]
    )
    def test_takes_no_option_of_the_other_policies(self, option: tuple[str, ...]) -> None:
        assert_refused(run("deploy-policy", "--read-only", *option), "options-together", option[0])


@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="sends a signal")
def test_ctrl_c_ends_a_read_that_is_under_way(tmp_path: Path) -> None:
    with LocalAws(management_account_id=MANAGEMENT, region="us-east-1") as aws:
        aws.seed(Existing(instance_arn=INSTANCE, identity_store_id=STORE))
        Hand(aws).guide()
        command = [sys.executable, "-m", "org_constructs", "report", "live", "--output", "live.json"]
        with subprocess.Popen(  # noqa: S603 (ours)
            command, cwd=tmp_path, env={**os.environ, **aws.environment}, stderr=subprocess.PIPE, text=True
        ) as reading:
            assert reading.stderr is not None
            first = reading.stderr.readline()
            reading.send_signal(signal.SIGINT)
            said = reading.stderr.read()
    assert first.startswith("Reading AWS: ")
    assert (reading.returncode, said.splitlines()[-1]) == (130, "Interrupt: nothing is written")
    assert list(tmp_path.iterdir()) == []


def test_offboard_finds_what_somebody_gave_by_hand_and_its_commands_leave_nothing_of_it(aws: LocalAws) -> None:
    user = mallory(aws)
    before = json.loads(run("report", "live", "--format", "json").stdout)
    said = json.loads(run("offboard", "mallory@acme.com", "live", "--format", "json").stdout)
    assert (said["person"]["id"], said["person"]["origin"], said["takeOut"]) == (user, "by hand", [])
    assert [(each["through"], each["origin"]) for each in said["has"]] == [
        (None, "by hand"),
        ("Administrators", "this app"),
    ]
    assert said["groups"] == [{"name": "Administrators", "origin": "by hand"}]
    assert (said["safe"], said["whyNot"]) == (True, [])  # dax stays
    for command in said["commands"]:
        use(aws, command)
    assert_refused(run("offboard", "mallory@acme.com", "live"), "person-unknown", "mallory@acme.com")
    after = json.loads(run("report", "live", "--format", "json").stdout)
    assert [each for each in before["assignments"] if each["principal"] != user] == after["assignments"]
    [group] = after["groups"].values()
    assert group["members"] == [each for each in before["groups"][group["key"]]["members"] if each != user]


def test_the_denial_of_offboard_is_reported_and_access_is_wider_without_it(aws: LocalAws) -> None:
    hand = Hand(aws)
    hand.service_control_policies()
    run("report", "live", "--output", "without.json")
    said = json.loads(run("offboard", "dax@acme.com", "live", "--format", "json").stdout)
    hand.policy("HasLeft", json.dumps(said["denial"]["serviceControlPolicy"]), hand.root)
    report = lines(run("report", "live"))
    assert "   policy HasLeft" in report[report.index("by hand: 1 policy") :]
    assert any("HasLeft" in each for each in report[: report.index("by hand: 1 policy")])
    assert run("access-diff", "without.json", "live").exit_code == 0
    wider = run("access-diff", "live", "without.json")
    gone = "+ service control policy HasLeft no longer applies to the whole organization"
    assert (wider.exit_code, gone in lines(wider)) == (3, True)


def use(aws: LocalAws, command: str) -> None:
    """Run a command that is printed, with another in it as a shell has that."""
    outer, _, inner = command.partition(' --membership-id "$(')
    words = shlex.split(outer)[1:]
    if inner:
        asked = shlex.split(inner.removesuffix(')"').partition(" --query ")[0])[1:]
        words += ["--membership-id", cast("Any", use_aws_cli(aws, *asked))["MembershipId"]]
    use_aws_cli(aws, *words)


def test_offboard_takes_out_of_the_app_whom_the_app_has_made(aws: LocalAws) -> None:
    del aws
    with_cdk_out = run("offboard", "dax@acme.com", "live", "--format", "json")
    assert with_cdk_out.exit_code == 3  # nobody else administers
    said = json.loads(with_cdk_out.stdout)
    assert [each["what"] for each in said["takeOut"]] == ['UserProps(user_name="dax@acme.com")']
    assert (said["commands"], said["person"]["origin"]) == ([], "this app")
    # What is deployed says it where nothing is synthesized; service control policies are not enabled.
    shutil.rmtree("cdk.out")
    assert json.loads(run("offboard", "dax@acme.com", "live", "--format", "json").stdout) == said
    assert said["denial"]["serviceControlPolicy"] is None
    [inline] = said["denial"]["inlinePolicies"]
    condition = {"StringEquals": {"identitystore:UserId": said["person"]["id"]}}
    assert inline["inlinePolicy"]["Statement"][-1]["Condition"] == condition


def test_offboard_leaves_to_an_identity_provider_whom_it_has_made(aws: LocalAws) -> None:
    user = mallory(aws)
    Hand(aws).provided(user)
    said = json.loads(run("offboard", "mallory@acme.com", "live", "--format", "json").stdout)
    assert said["person"]["origin"] == "the identity provider"
    assert not any("delete-user" in each for each in said["commands"])
    assert "in the identity provider first" in said["steps"][0]["text"]


def test_offboard_does_not_call_safe_what_aws_would_not_tell(aws: LocalAws, monkeypatch: pytest.MonkeyPatch) -> None:
    mallory(aws)

    def denied(*_: object, **__: object) -> None:
        raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": ""}}, "ListPolicies")

    monkeypatch.setattr(LiveOrganization, "policies", denied)
    result = run("offboard", "mallory@acme.com", "live")
    assert result.exit_code == 1
    assert "Could not look: " in result.stdout
