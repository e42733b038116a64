"""`org-baseline aws-config`: what it writes, of what, and what it says."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from cloud_assembly import baseline, get, stack, write_assembly
from org_constructs.aws.portals import IDENTITY_CENTER
from org_constructs.aws_config.block import Block, parse_blocks
from org_constructs.commands import main
from org_constructs.templates.description import Account, PermissionSet
from org_constructs.templates.profiles import Access, Profile, Session, name_profiles
from project import ROOT
from refusals import assert_refused, stands_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from syrupy.assertion import SnapshotAssertion

DEV, PRODUCTION, MANAGEMENT = "222233334444", "333344445555", "111122223333"

SETTINGS = {
    "Format": 1,
    "Company": "acme",
    "SessionName": "acme",
    "DefaultRegion": "us-east-1",
    "IdentityCenterRegion": "us-east-1",
    "StartUrl": "https://acme.awsapps.com/start",
    "Accounts": {"dev": {"Output": "AccountIdDev"}, "production": {"Output": "AccountIdProduction"}},
}

OUTPUTS = {"OrgBaseline": {"ManagementAccountId": MANAGEMENT, "AccountIdDev": DEV, "AccountIdProduction": PRODUCTION}}

GUIDE = f"""\
# BEGIN org-baseline acme: `org-baseline aws-config` replaces all of this up to END
[sso-session acme]
sso_start_url = https://acme.awsapps.com/start
sso_region = us-east-1
sso_registration_scopes = sso:account:access

[profile acme-dev]
sso_session = acme
sso_account_id = {DEV}
sso_role_name = AdministratorAccess
region = us-east-1

[profile acme-management]
sso_session = acme
sso_account_id = {MANAGEMENT}
sso_role_name = AdministratorAccess
region = us-east-1

[profile acme-production]
sso_session = acme
sso_account_id = {PRODUCTION}
sso_role_name = AdministratorAccess
region = us-east-1
# END org-baseline acme
"""


def baseline_stack(resources: Mapping[str, Any], settings: Mapping[str, Any]) -> dict[str, Any]:
    """A stack as OrgBaseline writes it."""
    whole = stack(resources)
    whole["template"]["Metadata"] = {"OrgBaseline": settings}
    whole["template"]["Outputs"] = {
        "ManagementAccountId": {"Value": get("Organization", "ManagementAccountId")},
        "AccountIdDev": {"Value": get("Dev", "AccountId")},
        "AccountIdProduction": {"Value": get("Production", "AccountId")},
    }
    return whole


class Machine:
    """A home, an assembly, and the command in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config = folder / "home" / ".aws" / "config"
        self.credentials = folder / "home" / ".aws" / "credentials"
        self.credentials.parent.mkdir(parents=True)
        self.resources = baseline()
        self.settings: dict[str, Any] = dict(SETTINGS)
        self.environment: dict[str, str] = {}
        self.write_outputs(OUTPUTS)
        self.synthesize()

    def synthesize(self) -> None:
        write_assembly(self.folder / "cdk.out", {"OrgBaseline": baseline_stack(self.resources, self.settings)})

    def synthesize_single_constructs(self, *portals: str) -> None:
        """An app without OrgBaseline, hence without its outputs and metadata; a stack says where people sign in."""
        said = {f"/{n}": [{"type": IDENTITY_CENTER, "data": {"StartUrl": url}}] for n, url in enumerate(portals)}
        write_assembly(self.folder / "cdk.out", {"OrgBaseline": stack(self.resources, metadata=said)})

    def write_outputs(self, outputs: object) -> None:
        (self.folder / "outputs.json").write_text(json.dumps(outputs), encoding="utf-8")

    def give(self, set_name: str, account: str, principal: str = "Administrators") -> None:
        """Add a permission set, and give it to somebody in an account."""
        in_instance = {"InstanceArn": "arn:aws:sso:::instance/ssoins-7223b02f4f2ea1c5"}
        self.resources.setdefault(
            set_name, {"Type": "AWS::SSO::PermissionSet", "Properties": {**in_instance, "Name": set_name}}
        )
        user = principal == "Dax"
        properties = {
            **in_instance,
            "PermissionSetArn": get(set_name, "PermissionSetArn"),
            "PrincipalId": get(principal, "UserId" if user else "GroupId"),
            "PrincipalType": "USER" if user else "GROUP",
            "TargetType": "AWS_ACCOUNT",
            "TargetId": get(account, "AccountId"),
        }
        self.resources[f"{set_name}{account}{principal}"] = {"Type": "AWS::SSO::Assignment", "Properties": properties}
        self.synthesize()

    def add_user(self, name: str, *groups: str) -> None:
        self.resources[name] = {"Type": "AWS::IdentityStore::User", "Properties": {"UserName": f"{name}@acme.com"}}
        for group in groups:
            properties = {"GroupId": get(group, "GroupId"), "MemberId": {"UserId": get(name, "UserId")}}
            self.resources[f"{name}{group}"] = {"Type": "AWS::IdentityStore::GroupMembership", "Properties": properties}
            store = {"Type": "AWS::IdentityStore::Group", "Properties": {"DisplayName": group}}
            self.resources.setdefault(group, store)
        self.synthesize()

    def run(self, *arguments: str, answer: str | None = None) -> Result:
        here = Path.cwd()
        os.chdir(self.folder)
        try:
            environment = {"HOME": str(self.folder / "home"), "PATH": "", **self.environment}
            return CliRunner(env=environment).invoke(main, ["aws-config", *arguments], input=answer)
        finally:
            os.chdir(here)

    def of_outputs(self, *arguments: str, answer: str | None = None) -> Result:
        return self.run("--outputs", "outputs.json", *arguments, answer=answer)

    def printed(self, *arguments: str) -> str:
        result = self.of_outputs("--print", *arguments)
        assert result.exit_code == 0, result.output
        return result.stdout

    def told(self, text: str) -> str:
        """What is said of the machine, as it is on every one."""
        return text.replace(str(self.folder), "…")

    def profiles(self, *arguments: str) -> dict[str, str]:
        """The permission set of each profile."""
        (block,) = parse_blocks(self.printed(*arguments))
        return {profile.name: profile.permission_set for profile in block.profiles}


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    for name in os.environ:
        if name.startswith("AWS_"):
            monkeypatch.delenv(name)
    return Machine(tmp_path)


def check_refused(machine: Machine, result: Result, code: str, *values: str) -> None:
    __tracebackhide__ = True
    assert_refused(result, code, *values, before=result.stdout)
    assert not result.stderr.splitlines()[-2].endswith(".")
    assert not machine.config.exists()


def test_writes_the_guides_session_and_profiles(machine: Machine, snapshot: SnapshotAssertion) -> None:
    result = machine.of_outputs("--yes")
    assert (result.exit_code, result.stderr) == (0, "")
    assert machine.config.read_text(encoding="utf-8") == GUIDE
    assert result.stdout.startswith(f"--- {machine.config}\n+++ {machine.config}\n@@ -0,0 +1,24 @@\n+# BEGIN")
    assert re.findall(r": +(aws .+)", result.stdout) == [
        "aws sso login --sso-session=acme",
        "aws sts get-caller-identity --profile=acme-dev",
    ]
    assert machine.told(result.stdout.partition("# END org-baseline acme\n")[2]) == snapshot


def test_prints_the_same_and_writes_nothing(machine: Machine) -> None:
    result = machine.of_outputs("--print")
    assert (result.exit_code, result.stdout, result.stderr) == (0, GUIDE, "")
    assert not machine.config.exists()


def test_says_nothing_twice(machine: Machine) -> None:
    machine.of_outputs("--yes")
    before = machine.config.stat()
    result = machine.of_outputs()
    assert result.exit_code == 0
    assert result.stdout.startswith(f"{machine.config} is up to date")
    assert machine.config.stat().st_ino == before.st_ino


def test_writes_after_a_yes_and_not_after_a_no(machine: Machine) -> None:
    refused = machine.of_outputs(answer="n\n")
    assert (refused.exit_code, refused.stdout.splitlines()[-1]) == (1, "Nothing is written")
    assert not machine.config.exists()
    assert machine.of_outputs(answer="y\n").exit_code == 0
    assert machine.config.read_text(encoding="utf-8") == GUIDE


def test_refuses_to_write_where_nobody_answers(machine: Machine) -> None:
    check_refused(machine, machine.of_outputs(answer=""), "yes-missing")


def test_shows_what_it_would_write(machine: Machine) -> None:
    result = machine.of_outputs("--dry-run")
    assert result.exit_code == 0
    assert "+[profile acme-dev]\n" in result.stdout
    assert f"\n{machine.config} is left " in result.stdout
    assert not machine.config.exists()


def test_drops_the_profiles_of_accounts_that_are_gone(machine: Machine) -> None:
    machine.config.write_text("[profile old]\nregion = x\n", encoding="utf-8")
    machine.of_outputs("--yes")
    for name in "Production", "OfProduction":
        del machine.resources[name]
    machine.synthesize()
    result = machine.of_outputs("--yes")
    assert "-[profile acme-production]\n" in result.stdout
    text = machine.config.read_text(encoding="utf-8")
    assert text.startswith("[profile old]\nregion = x\n\n# BEGIN")
    assert "acme-production" not in text


def test_takes_its_block_out_again(machine: Machine) -> None:
    machine.config.write_bytes(b"[default]\r\nregion = x")
    machine.of_outputs("--yes")
    assert machine.run("--remove", "acme", "--yes").exit_code == 0
    assert machine.config.read_bytes() == b"[default]\r\nregion = x"


def test_does_not_show_secrets_that_stand_in_the_file(machine: Machine) -> None:
    machine.config.write_text("[default]\naws_secret_access_key = wJalrXUtnFEMI\n", encoding="utf-8")
    result = machine.of_outputs("--dry-run")
    assert " aws_secret_access_key = …\n" in result.stdout
    assert "wJalr" not in result.output


def test_leaves_what_is_the_users_and_says_how_it_differs(machine: Machine, snapshot: SnapshotAssertion) -> None:
    theirs = (
        "[sso-session acme]\nsso_start_url = https://acme.awsapps.com/start\nsso_region = us-east-1\n"
        "sso_registration_scopes = sso:account:access\n[profile acme-dev]\nregion = us-east-1\n"
    )
    machine.config.write_text(theirs, encoding="utf-8")
    result = machine.of_outputs("--yes")
    assert result.exit_code == 0
    session, profile = result.stderr.splitlines()
    assert stands_in(session, "[sso-session acme] on line 1", "--overwrite acme")
    assert stands_in(profile, "[profile acme-dev] on line 5", "sso_session, sso_account_id, sso_role_name", "acme-dev")
    assert (session, profile) == snapshot
    assert machine.config.read_text(encoding="utf-8").startswith(theirs)
    machine.of_outputs("--yes", "--overwrite", "acme", "--overwrite", "acme-dev")
    assert machine.config.read_text(encoding="utf-8").lstrip() == GUIDE


@pytest.mark.parametrize("file", ["mine", "of $HOME's"])
def test_names_where_the_file_is_if_aws_tools_do_not_look_there(machine: Machine, file: str) -> None:
    result = machine.of_outputs("--yes", "--file", file)
    [line] = [line for line in result.stdout.splitlines() if "export" in line]
    assert shlex.split(line.partition("read it: ")[2]) == ["export", f"AWS_CONFIG_FILE={machine.folder / file}"]
    machine.environment = {"AWS_CONFIG_FILE": str(machine.folder / file)}
    assert "export" not in machine.of_outputs().stdout
    assert not machine.config.exists()


def test_merges_a_file_that_a_colleague_has_printed(machine: Machine) -> None:
    (machine.folder / "shared").write_text(f"# of the platform team\n{machine.printed()}", encoding="utf-8")
    (machine.folder / "outputs.json").unlink()
    result = machine.run("--from", "shared", "--yes")
    assert result.exit_code == 0
    assert machine.config.read_text(encoding="utf-8") == GUIDE
    assert "--profile=acme-dev\n" in result.stdout


@pytest.mark.parametrize(
    ("old", "new", "code", "value"),
    [
        (
            "region = us-east-1\n\n[profile acme-m",
            "credential_process = rm -rf /\n\n[profile acme-m",
            "block-malformed",
            "line 11",
        ),
        (
            "region = us-east-1\n\n[profile acme-m",
            "credential_process = evil\n\n[profile acme-m",
            "block-settings",
            "credential_process",
        ),
        (f"sso_account_id = {DEV}", "sso_account_id = 12", "wrong-form", "'12'"),
        ("https://acme", "http://acme", "wrong-form", "'http://acme.awsapps.com/start'"),
        ("[profile acme-dev]", "[profile default]", "wrong-form", "got 'default'"),
        ("[profile acme-dev]", "[profile acme-production]", "block-malformed", "'[profile acme-production]'"),
        ("[profile acme-dev]\nsso_session = acme", "[profile acme-dev]\nsso_session = b", "block-settings", "got 'b'"),
        ("# END org-baseline acme\n", "", "block-malformed", "'# END org-baseline acme'"),
        ("# END org-baseline acme\n", "# END org-baseline acme\n[default]\n", "block-malformed", "'[default]'"),
        ("sso:account:access", "codewhisperer:completions", "block-settings", "sso:account:access"),
        (GUIDE.partition("\n\n")[2].rpartition("#")[0], "", "block-settings", "'acme'"),
    ],
)
def test_refuses_a_shared_file_that_says_anything_else(
    machine: Machine, old: str, new: str, code: str, value: str
) -> None:
    shared = machine.printed()
    assert old in shared
    (machine.folder / "shared").write_text(shared.replace(old, new), encoding="utf-8")
    check_refused(machine, machine.run("--from", "shared", "--yes"), code, "--from 'shared': ", value)


def test_refuses_a_shared_file_that_is_not_there_or_has_no_block(machine: Machine) -> None:
    check_refused(machine, machine.run("--from", "shared"), "file-missing", "'shared'")
    (machine.folder / "shared").write_text("# nothing\n", encoding="utf-8")
    check_refused(machine, machine.run("--from", "shared"), "block-missing", "--from 'shared': ")


SAFE = st.text("abcXYZ019._-", min_size=1, max_size=12)
PROFILES = st.lists(
    st.builds(
        Profile,
        name=SAFE.filter(lambda name: name != "default"),
        account_id=st.text("0123456789", min_size=12, max_size=12),
        permission_set=st.text("abcXYZ019+=,.@_-", min_size=1, max_size=32),
        region=st.sampled_from([None, "us-east-1", "ap-southeast-2", "us-gov-west-1"]),
    ),
    unique_by=lambda profile: profile.name,
    min_size=1,
)


@given(name=SAFE, profiles=PROFILES)
def test_reads_back_what_it_has_printed(name: str, profiles: list[Profile]) -> None:
    session = Session(name=name, start_url="https://d-1111222233.awsapps.com/start", region="eu-central-1")
    block = Block(session=session, profiles=tuple(profiles))
    assert parse_blocks(block.render()) == (block,)


def test_names_further_permission_sets_after_the_account(machine: Machine) -> None:
    machine.give("ReadOnly", "Dev")
    machine.give("Billing", "Production")
    assert machine.profiles() == {
        "acme-dev": "AdministratorAccess",
        "acme-dev-ReadOnly": "ReadOnly",
        "acme-management": "AdministratorAccess",
        "acme-production": "AdministratorAccess",
        "acme-production-Billing": "Billing",
    }


def test_takes_the_first_permission_set_of_the_template_where_there_is_no_administrator(machine: Machine) -> None:
    del machine.resources["OfDev"]
    machine.give("Zoo", "Production")
    machine.give("ReadOnly", "Dev")
    machine.give("Zoo", "Dev")
    profiles = machine.profiles()
    assert (profiles["acme-dev"], profiles["acme-dev-ReadOnly"]) == ("Zoo", "ReadOnly")


def test_tries_first_what_stands_first_in_the_template_but_for_the_management_account(machine: Machine) -> None:
    machine.resources["Dev"]["Properties"]["AccountName"] = "acme-sandbox"
    machine.synthesize()
    assert "--profile=acme-sandbox\n" in machine.of_outputs("--yes").stdout


def test_says_which_names_would_be_several_profiles(machine: Machine) -> None:
    machine.resources["Dev"]["Properties"]["AccountName"] = "acme-production"
    machine.synthesize()
    said = machine.of_outputs("--print").stderr
    assert said.startswith("Note: 'acme-production' would be several profiles, so there is ")
    assert stands_in(said, f"acme-production-{DEV}", f"acme-production-{PRODUCTION}")


def test_takes_administrator_access_wherever_it_stands_in_the_template(machine: Machine) -> None:
    administrator = machine.resources.pop("AdministratorAccess")
    machine.give("ReadOnly", "Dev")
    machine.resources["AdministratorAccess"] = administrator
    machine.synthesize()
    profiles = machine.profiles()
    assert (profiles["acme-dev"], profiles["acme-dev-ReadOnly"]) == ("AdministratorAccess", "ReadOnly")


def test_narrows_to_what_one_person_has_through_groups_and_directly(machine: Machine) -> None:
    machine.add_user("kim", "Developers")
    machine.give("ReadOnly", "Dev", "Developers")
    machine.give("Billing", "Production", "Dax")
    assert machine.profiles("--for", "kim@acme.com") == {"acme-dev": "ReadOnly"}
    assert machine.profiles("--for", "dax@acme.com")["acme-production-Billing"] == "Billing"
    assert "acme-dev-ReadOnly" not in machine.profiles("--for", "dax@acme.com")


def test_narrows_to_permission_sets(machine: Machine) -> None:
    machine.give("ReadOnly", "Dev")
    machine.give("Billing", "Production")
    narrowed = machine.profiles("--permission-set", "ReadOnly", "--permission-set", "Billing")
    assert narrowed == {"acme-dev": "ReadOnly", "acme-production": "Billing"}


def end(machine: Machine, permission_set: str, year: int) -> None:
    """Have a permission set deny everything from a year on."""
    condition = {"DateGreaterThanEquals": {"aws:CurrentTime": f"{year}-12-31T18:00:00Z"}}
    denial = {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": condition}
    machine.resources[permission_set]["Properties"]["InlinePolicy"] = {"Version": "2012-10-17", "Statement": [denial]}
    machine.synthesize()


def test_leaves_out_what_has_ended(machine: Machine) -> None:
    machine.give("ReadOnly", "Dev")
    machine.give("Billing", "Dev")
    end(machine, "ReadOnly", 2001)
    end(machine, "Billing", 2999)
    result = machine.of_outputs("--print")
    assert result.stderr == "Note: left out: permission set ReadOnly, which ended 2001-12-31 18:00 UTC\n"
    assert "acme-dev-ReadOnly" not in machine.profiles()
    assert machine.profiles()["acme-dev-Billing"] == "Billing"
    check_refused(
        machine,
        machine.of_outputs("--print", "--permission-set", "ReadOnly"),
        "access-missing",
        "with ReadOnly",
        "none that has not ended",
    )


def test_what_ends_takes_the_name_of_no_other_profile(machine: Machine) -> None:
    """Even where it administers: a name that means something else from a day on would lead astray."""
    machine.give("ReadOnly", "Dev")
    before = machine.profiles()
    assert before["acme-dev"] == "AdministratorAccess"
    end(machine, "AdministratorAccess", 2999)
    assert machine.profiles()["acme-dev"] == "ReadOnly"
    assert machine.profiles()["acme-dev-AdministratorAccess"] == "AdministratorAccess"
    assert machine.profiles()["acme-production"] == "AdministratorAccess"


def test_says_whose_members_the_template_does_not_know(machine: Machine, snapshot: SnapshotAssertion) -> None:
    assignment = machine.resources["OfDev"]["Properties"]
    assignment["PrincipalId"] = "11112222-3333-4444-5555-666677778888"
    machine.settings["ExistingNames"] = {"11112222-3333-4444-5555-666677778888": "Engineers"}
    machine.synthesize()
    result = machine.of_outputs("--print", "--for", "dax@acme.com")
    assert "[profile acme-dev]" not in result.stdout
    assert result.stderr == snapshot


def test_says_which_permission_set_has_no_name_in_the_template(machine: Machine, snapshot: SnapshotAssertion) -> None:
    arn = "arn:aws:sso:::permissionSet/ssoins-7223b02f4f2ea1c5/ps-1111222233334444"
    machine.resources["OfDev"]["Properties"]["PermissionSetArn"] = arn
    machine.synthesize()
    result = machine.of_outputs("--print")
    assert "[profile acme-dev]" not in result.stdout
    assert arn in result.stderr
    assert result.stderr == snapshot
    machine.settings["ExistingNames"] = {arn: "ReadOnly"}
    machine.synthesize()
    assert machine.profiles()["acme-dev"] == "ReadOnly"


@pytest.mark.parametrize(
    ("arguments", "code", "values"),
    [
        (["--for", "kim@acme.com"], "user-unknown", ["'kim@acme.com'", "dax@acme.com"]),
        (["--permission-set", "Admin"], "permission-set-unknown", ["'Admin'", "AdministratorAccess"]),
        (["--session", "ac me"], "wrong-form", ["'ac me'"]),
        (["--start-url", "acme"], "wrong-form", ["'acme'"]),
        (["--sso-region", "Virginia"], "wrong-form", ["'Virginia'", "--sso-region"]),
        (["--region", "x"], "wrong-form", ["profile 'acme-dev'", "'x'"]),
        (["--overwrite", "acme-deb"], "overwrite-unknown", ["'acme-deb'"]),
        (["--stack", "Org"], "stack-unknown", ["'Org'", "OrgBaseline"]),
        (["--print", "--yes"], "options-together", ["--print", "--yes"]),
        (["--dry-run", "--yes"], "options-together", ["--dry-run", "--yes"]),
        (["--from", "x"], "options-together", ["--from", "--outputs"]),
        (["--profile", "x"], "options-together", ["--outputs", "--profile"]),
        (["--remove", "acme"], "options-together", ["--remove", "--outputs"]),
    ],
)
def test_refuses_bad_options_in_one_sentence(
    machine: Machine, arguments: list[str], code: str, values: list[str]
) -> None:
    check_refused(machine, machine.of_outputs(*arguments), code, *values)


OF_ASSEMBLY = (
    *("--assembly", "--stack", "--outputs", "--profile", "--for", "--permission-set", "--session", "--start-url"),
    *("--sso-region", "--region"),
)


@pytest.mark.parametrize(
    ("alone", "option"),
    [
        *(("--from", option) for option in OF_ASSEMBLY),
        *(("--remove", option) for option in (*OF_ASSEMBLY, "--from", "--overwrite")),
        *(("--print", option) for option in ("--file", "--overwrite", "--remove", "--dry-run", "--yes")),
    ],
)
def test_refuses_what_says_nothing_beside_another_option(machine: Machine, alone: str, option: str) -> None:
    flags = {"--print", "--dry-run", "--yes"}
    given = [word for each in (alone, option) for word in ([each] if each in flags else [each, "x"])]
    check_refused(machine, machine.run(*given), "options-together", alone, option)


def test_refuses_a_person_without_access(machine: Machine) -> None:
    machine.add_user("kim")
    check_refused(machine, machine.of_outputs("--for", "kim@acme.com"), "access-missing", "kim@acme.com")


@pytest.mark.parametrize(
    ("outputs", "code", "value"),
    [
        ([], "outputs-malformed", "'outputs.json'"),
        ({}, "output-missing", "'acme-dev' as OrgBaseline.AccountIdDev, got None"),
        (
            {"OrgBaseline": {**OUTPUTS["OrgBaseline"], "AccountIdDev": "x"}},
            "output-missing",
            "OrgBaseline.AccountIdDev, got 'x'",
        ),
    ],
    ids=["no mapping", "not deployed", "no id"],
)
def test_refuses_outputs_that_do_not_fit(machine: Machine, outputs: object, code: str, value: str) -> None:
    machine.write_outputs(outputs)
    check_refused(machine, machine.of_outputs("--yes"), code, value)


def test_refuses_outputs_that_are_no_json_or_not_there(machine: Machine) -> None:
    (machine.folder / "outputs.json").write_text("{", encoding="utf-8")
    check_refused(machine, machine.of_outputs("--yes"), "outputs-malformed", "'outputs.json'")
    (machine.folder / "outputs.json").unlink()
    check_refused(machine, machine.of_outputs("--yes"), "file-unreadable", "'outputs.json'", "No such file")


def test_refuses_where_nothing_is_synthesized(machine: Machine) -> None:
    check_refused(
        machine,
        machine.of_outputs("--assembly", "elsewhere"),
        "assembly-missing",
        "'elsewhere'",
        "manifest.json",
    )
    (machine.folder / "cdk.out" / "OrgBaseline.template.json").unlink()
    check_refused(machine, machine.of_outputs(), "assembly-missing", "'cdk.out'", "OrgBaseline.template.json")
    (machine.folder / "cdk.out" / "manifest.json").write_text("[]", encoding="utf-8")
    check_refused(machine, machine.of_outputs(), "assembly-invalid", "'cdk.out'")


def test_refuses_an_assembly_without_an_organization(machine: Machine) -> None:
    write_assembly(machine.folder / "cdk.out", {"App": stack({"Topic": {"Type": "AWS::SNS::Topic"}})})
    check_refused(machine, machine.of_outputs(), "organization-missing", "App")


def test_asks_which_of_two_organizations(machine: Machine) -> None:
    both = {name: baseline_stack(machine.resources, machine.settings) for name in ("OrgBaseline", "Sandbox")}
    write_assembly(machine.folder / "cdk.out", both)
    check_refused(machine, machine.of_outputs(), "several-organizations", "OrgBaseline, Sandbox")
    assert machine.printed("--stack", "OrgBaseline") == GUIDE


def test_reads_the_stacks_of_a_stage(machine: Machine) -> None:
    stage = machine.folder / "cdk.out" / "assembly-Live"
    write_assembly(stage, {"Live-Org": baseline_stack(machine.resources, machine.settings)})
    nested = {"type": "cdk:cloud-assembly", "properties": {"directoryName": "assembly-Live"}}
    manifest = {"version": "48.0.0", "artifacts": {"assembly-Live": nested}}
    (machine.folder / "cdk.out" / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    machine.write_outputs({"Live-Org": OUTPUTS["OrgBaseline"]})
    assert machine.printed() == GUIDE


def test_asks_for_what_an_app_of_single_constructs_does_not_say(machine: Machine) -> None:
    machine.synthesize_single_constructs()
    check_refused(machine, machine.of_outputs(), "session-incomplete", "--session, --start-url, --sso-region")
    where = ["--session", "acme", "--start-url", "https://acme.awsapps.com/start", "--sso-region", "eu-west-1"]
    check_refused(machine, machine.of_outputs(*where), "outputs-not-enough", "'acme-dev'")


def test_single_constructs_say_where_people_sign_in(machine: Machine, aws: FakeAws) -> None:
    machine.synthesize_single_constructs("https://acme.awsapps.com/start")
    result = machine.run("--print")
    assert result.exit_code == 0, result.output
    assert aws.calls[0] == "GetCallerIdentity"
    assert result.stdout.splitlines()[:4] == GUIDE.splitlines()[:4]


def test_asks_where_single_constructs_say_two_portals_or_one_that_is_not_awss(machine: Machine) -> None:
    machine.synthesize_single_constructs("https://acme.awsapps.com/start", "https://globex.awsapps.com/start")
    check_refused(machine, machine.of_outputs(), "session-incomplete", "--session, --start-url, --sso-region")
    machine.synthesize_single_constructs("https://sso.acme.com/start")
    check_refused(machine, machine.of_outputs(), "session-incomplete", "--session must")


def test_is_not_misled_by_stacks_of_other_accounts_and_names_a_stack_by_its_name(machine: Machine) -> None:
    org = stack(machine.resources, displayName="Live/Org", properties={"stackName": "Org"})
    accounts = {"Dev": "Dev", "P": "Production"}
    org["template"]["Outputs"] = {name: {"Value": get(account, "AccountId")} for name, account in accounts.items()}
    app = stack({"Topic": {"Type": "AWS::SNS::Topic"}}, environment="aws://999988887777/us-east-1")
    write_assembly(machine.folder / "cdk.out", {"App": app, "LiveOrg": org})
    machine.write_outputs({"Org": {"Dev": DEV, "P": PRODUCTION}})
    where = ["--session", "acme", "--start-url", "https://acme.awsapps.com/start", "--sso-region", "us-east-1"]
    (block,) = parse_blocks(machine.printed(*where))
    assert {profile.name: profile.account_id for profile in block.profiles} == {
        "acme-dev": DEV,
        "acme-production": PRODUCTION,
        "management": MANAGEMENT,
    }


def test_refuses_two_stacks_of_one_name(machine: Machine) -> None:
    org = stack(machine.resources, properties={"stackName": "Org"})
    write_assembly(machine.folder / "cdk.out", {"A": org, "B": org})
    check_refused(machine, machine.of_outputs(), "stack-name-twice", "A, B")


def test_uses_the_region_of_an_account_where_it_has_one(machine: Machine) -> None:
    machine.settings["Accounts"] = {"dev": {"Output": "AccountIdDev", "Region": "eu-west-1"}}
    machine.synthesize()
    (block,) = parse_blocks(machine.printed())
    assert [profile.region for profile in block.profiles] == ["eu-west-1", "us-east-1", "us-east-1"]
    (block,) = parse_blocks(machine.printed("--region", "ap-southeast-2"))
    assert [profile.region for profile in block.profiles] == ["eu-west-1", "ap-southeast-2", "ap-southeast-2"]


def accesses(*pairs: tuple[str, str]) -> list[Access]:
    """Accesses by account name and permission set; the first of an account is its main one."""
    seen: set[str] = set()
    found = []
    for name, permission_set in pairs:
        account = Account(key=f"S/{name}", name=name)
        main_one = name not in seen
        seen.add(name)
        found.append(
            Access(
                account=account, permission_set=PermissionSet(key=permission_set, name=permission_set), main=main_one
            )
        )
    return found


def names(*pairs: tuple[str, str], **ids: str) -> tuple[list[str], tuple[str, ...]]:
    found = accesses(*pairs)
    default = {access.account.key: access.account.name[:1] * 12 for access in found}
    named = name_profiles(found, default | ids, "acme")
    return [name for name, _ in named.profiles], named.notes


def test_keeps_to_characters_that_every_tool_takes() -> None:
    assert names(("Acme Dev (old)!", "A"), ("Acme Dev (old)!", "Read+Only"), ("x/y", "A")) == (
        ["Acme-Dev-old", "Acme-Dev-old-Read-Only", "x-y"],
        (),
    )


def test_resolves_one_name_for_two_accounts_with_their_ids(snapshot: SnapshotAssertion) -> None:
    got, notes = names(("a b", "A"), ("a-b", "A"), ("c", "A"), **{"S/a b": "1" * 12, "S/a-b": "2" * 12})
    assert got == ["a-b-111111111111", "a-b-222222222222", "c"]
    assert notes == snapshot


def test_resolves_an_account_called_like_anothers_permission_set() -> None:
    got, notes = names(("dev", "A"), ("dev", "Ops"), ("dev-Ops", "A"), **{"S/dev": "1" * 12, "S/dev-Ops": "2" * 12})
    assert got == ["dev", "dev-Ops-111111111111", "dev-Ops-222222222222"]
    [note] = notes
    assert stands_in(note, "'dev-Ops'", "dev-Ops-111111111111, dev-Ops-222222222222")


def test_resolves_permission_sets_that_differ_in_what_cannot_stay() -> None:
    got, notes = names(("dev", "A"), ("dev", "R+W"), ("dev", "R=W"))
    assert len(set(got)) == 3
    assert all(name.startswith("dev-R-W-dddddddddddd-") for name in got[1:])
    assert len(notes) == 1


def test_leaves_the_default_profile_to_the_user(snapshot: SnapshotAssertion) -> None:
    got, notes = names(("default", "A"))
    assert got == ["default-dddddddddddd"]
    assert notes == snapshot


ACCOUNTS = st.sampled_from(["a", "a-b", "a b", "a.b", "default", "b"])
SETS = st.sampled_from(["b", "B-", "b+", "b="])


@given(st.lists(st.tuples(ACCOUNTS, SETS), unique=True))
def test_gives_every_access_a_name_of_its_own(pairs: list[tuple[str, str]]) -> None:
    pairs.sort()
    got, _ = names(*pairs, **{f"S/{name}": f"{index:012}" for index, (name, _) in enumerate(dict(pairs).items())})
    assert len(set(got)) == len(got) == len(pairs)
    assert "default" not in got


def test_warns_of_a_session_that_leads_elsewhere_than_to_aws(machine: Machine, snapshot: SnapshotAssertion) -> None:
    elsewhere = "https://acme.awsapps.com.example.org/start"
    shared = machine.printed().replace("https://acme.awsapps.com/start", elsewhere)
    (machine.folder / "shared.ini").write_text(shared, encoding="utf-8")
    told = []
    for result in (
        machine.run("--from", "shared.ini", "--yes"),
        machine.of_outputs("--start-url", elsewhere, "--print"),
        machine.of_outputs("--start-url", elsewhere, answer="n\n"),
    ):
        assert result.exit_code in (0, 1)
        [warned] = result.stderr.splitlines()
        assert stands_in(warned, "Warning", "acme", elsewhere)
        told.append(warned)
    assert told[0] == told[1] == told[2] == snapshot


def test_says_nothing_of_a_session_of_aws(machine: Machine) -> None:
    result = machine.of_outputs("--start-url", "https://ssoins-1111222233334444.portal.us-east-1.app.aws", "--print")
    assert (result.exit_code, result.stderr) == (0, "")


def test_warns_of_a_file_that_others_write_and_leaves_none_so(machine: Machine, snapshot: SnapshotAssertion) -> None:
    machine.of_outputs("--yes")
    folder = machine.config.parent
    machine.config.chmod(0o666)
    folder.chmod(0o777)
    unchanged = machine.of_outputs("--yes")
    for warned, place in zip(unchanged.stderr.splitlines(), (folder, machine.config), strict=True):
        assert warned.endswith(f"`chmod go-w {place}`")
    assert machine.told(unchanged.stderr) == snapshot
    written = machine.of_outputs("--region", "eu-west-1", "--yes")
    assert written.stderr == unchanged.stderr
    done = [line for line in written.stdout.splitlines() if line.startswith("Others")]
    assert [line.split()[-1] for line in done] == [str(folder), str(machine.config)]
    assert machine.told("\n".join(done)) == snapshot
    assert machine.of_outputs("--yes").stderr == ""


def test_says_of_no_folder_that_stays_open_that_others_can_no_longer_write_it(machine: Machine) -> None:
    file = machine.folder / "shared" / "config"
    file.parent.mkdir()
    file.touch()
    file.chmod(0o666)
    file.parent.chmod(0o777)
    written = machine.of_outputs("--file", str(file), "--yes")
    assert [line for line in written.stdout.splitlines() if line.startswith("Others")] == [
        f"Others can no longer write {file}"
    ]


def test_warns_of_keys_that_hide_a_profile(machine: Machine, snapshot: SnapshotAssertion) -> None:
    machine.credentials.write_text(
        "[default]\naws_access_key_id = A\n[acme-dev]\naws_access_key_id = A\n[acme-production]\nregion = x\n"
    )
    result = machine.of_outputs("--yes")
    assert result.exit_code == 0
    assert machine.told(result.stderr) == snapshot


@pytest.mark.parametrize("text", [b"\xff", b"not a section\n"])
def test_does_not_mind_a_broken_credentials_file(machine: Machine, text: bytes) -> None:
    machine.credentials.write_bytes(text)
    result = machine.of_outputs("--yes")
    assert (result.exit_code, result.stderr) == (0, "")


def test_warns_of_an_environment_that_wins(machine: Machine) -> None:
    machine.environment = {"AWS_PROFILE": "other", "AWS_ACCESS_KEY_ID": "AKIA"}
    result = machine.of_outputs("--yes")
    assert result.exit_code == 0
    assert [line.partition(",")[0] for line in result.stderr.splitlines()] == [
        "Warning: AWS_PROFILE is set to other",
        "Warning: AWS_ACCESS_KEY_ID is set",
    ]


@pytest.mark.parametrize(
    ("script", "warnings"),
    [
        ("echo aws-cli/2.9.0 Python/3", 0),
        ("echo aws-cli/2.38.5 Python/3", 0),
        ("echo aws-cli/2.8.13 Python/3", 1),
        ("echo aws-cli/1.46.2 Python/3 1>&2", 1),
        ("exit 3", 0),
    ],
)
def test_warns_of_an_aws_cli_without_sessions(machine: Machine, script: str, warnings: int) -> None:
    aws = machine.folder / "bin" / "aws"
    aws.parent.mkdir()
    aws.write_text(f"#!/bin/sh\n{script}\n")
    aws.chmod(0o755)
    machine.environment = {"PATH": str(aws.parent)}
    result = machine.of_outputs("--yes")
    assert result.exit_code == 0
    assert result.stderr.count("needs 2.9.0 ") == result.stderr.count("\n") == warnings


@pytest.mark.parametrize(("version", "warnings"), [("2.38.5", 0), ("2.8.13", 1)])
def test_knows_the_version_of_an_aws_cli_by_its_folder(machine: Machine, version: str, warnings: int) -> None:
    aws = machine.folder / "aws-cli" / "v2" / version / "dist" / "aws"
    aws.parent.mkdir(parents=True)
    aws.write_text(f"#!/bin/sh\ntouch {machine.folder / 'asked'}\n")
    aws.chmod(0o755)
    (machine.folder / "aws").symlink_to(aws)
    machine.environment = {"PATH": str(machine.folder)}
    result = machine.of_outputs("--yes")
    assert result.stderr.count(f"AWS CLI on PATH is {version}") == warnings
    assert not (machine.folder / "asked").exists()


class FakeAws:
    """STS and CloudFormation as boto3 meets them, each call answered with what is set here."""

    def __init__(self) -> None:
        self.account_id = MANAGEMENT
        self.resources: dict[str, str] = {"Dev": DEV, "Production": PRODUCTION}
        self.errors: dict[str, tuple[str, str]] = {}
        self.calls: list[str] = []

    def answer(self, query: Mapping[str, list[str]]) -> tuple[int, str]:
        action = query["Action"][0]
        self.calls.append(action)
        if action in self.errors:
            code, message = self.errors[action]
            error = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
            return 400, f"<ErrorResponse>{error}<RequestId>1</RequestId></ErrorResponse>"
        if action == "GetCallerIdentity":
            result = f"<Account>{self.account_id}</Account><Arn>arn:aws:iam::{self.account_id}:user/dax</Arn>"
        elif action == "DescribeStacks":
            result = (
                "<Stacks><member><StackId>arn:aws:cloudformation:us-east-1::stack/OrgBaseline/1</StackId>"
                "<StackName>OrgBaseline</StackName><StackStatus>CREATE_COMPLETE</StackStatus></member></Stacks>"
            )
        else:
            # In pages of one, as CloudFormation has pages too.
            index = int(query.get("NextToken", ["0"])[0])
            logical_id, physical_id = list(self.resources.items())[index]
            more = index + 1 < len(self.resources)
            result = (
                f"<StackResourceSummaries><member><LogicalResourceId>{logical_id}</LogicalResourceId>"
                f"<PhysicalResourceId>{physical_id}</PhysicalResourceId><ResourceStatus>CREATE_COMPLETE</ResourceStatus>"
                "<ResourceType>AWS::Organizations::Account</ResourceType></member></StackResourceSummaries>"
                f"{f'<NextToken>{index + 1}</NextToken>' if more else ''}"
            )
        return 200, f"<{action}Response><{action}Result>{result}</{action}Result></{action}Response>"


@contextmanager
def served(aws: FakeAws) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            status, body = aws.answer(query)
            self.send_response(status)
            self.send_header("Content-Type", "text/xml")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def aws(machine: Machine) -> Iterator[FakeAws]:
    fake = FakeAws()
    with served(fake) as url:
        machine.environment = {
            "AWS_ENDPOINT_URL": url,
            "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
            "AWS_SECRET_ACCESS_KEY": "x",
            "AWS_MAX_ATTEMPTS": "1",
            "NO_PROXY": "127.0.0.1",
        }
        yield fake


def test_asks_the_stack_for_the_ids(machine: Machine, aws: FakeAws) -> None:
    result = machine.run("--yes")
    assert result.exit_code == 0, result.output
    assert machine.config.read_text(encoding="utf-8") == GUIDE
    assert result.stderr.startswith("Asking AWS ")
    assert aws.calls == ["GetCallerIdentity", "DescribeStacks", "ListStackResources", "ListStackResources"]


def test_asks_the_stack_of_single_constructs_too(machine: Machine, aws: FakeAws) -> None:
    machine.synthesize_single_constructs()
    where = ["--session", "acme", "--start-url", "https://acme.awsapps.com/start", "--sso-region", "us-east-1"]
    result = machine.run("--print", *where)
    assert result.exit_code == 0, result.output
    assert aws.calls[0] == "GetCallerIdentity"
    assert "[profile management]" in result.stdout
    expected = GUIDE.replace("[profile acme-management]", "[profile management]")
    assert sorted(result.stdout.splitlines()) == sorted(expected.splitlines())


@pytest.mark.parametrize(
    ("action", "error", "refused"),
    [
        (
            "DescribeStacks",
            ("ValidationError", "Stack with id OrgBaseline does not exist"),
            ["not-deployed", "'OrgBaseline'", "111122223333", "us-east-1"],
        ),
        ("GetCallerIdentity", ("ExpiredToken", "The security token is expired"), ["credentials-expired"]),
        ("ListStackResources", ("ExpiredTokenException", "expired"), ["credentials-expired"]),
        (
            "GetCallerIdentity",
            ("InvalidClientTokenId", "invalid."),
            ["aws-refused", "GetCallerIdentity", "InvalidClientTokenId: invalid;"],
        ),
        (
            "ListStackResources",
            ("AccessDenied", "not authorized"),
            ["aws-refused", "ListStackResources", "AccessDenied: not authorized"],
        ),
    ],
)
def test_says_in_one_sentence_what_aws_refuses(
    machine: Machine, aws: FakeAws, action: str, error: tuple[str, str], refused: list[str]
) -> None:
    aws.errors[action] = error
    check_refused(machine, machine.run("--yes"), *refused)


def test_refuses_credentials_of_another_account(machine: Machine, aws: FakeAws) -> None:
    aws.account_id = "444455556666"
    values = ("111122223333", "'OrgBaseline'", "444455556666", "--outputs")
    check_refused(machine, machine.run("--yes"), "account-mismatch", *values)
    assert aws.calls == ["GetCallerIdentity"]


@pytest.mark.parametrize("physical_id", ["", "car-1111"], ids=["being created", "failed"])
def test_refuses_accounts_that_are_not_deployed_yet(machine: Machine, aws: FakeAws, physical_id: str) -> None:
    aws.resources = {"Dev": DEV, "Production": physical_id}
    check_refused(machine, machine.run("--yes"), "not-deployed", "acme-production", "`cdk deploy OrgBaseline`")


def test_refuses_without_credentials(machine: Machine) -> None:
    machine.environment = {"AWS_EC2_METADATA_DISABLED": "true"}
    check_refused(machine, machine.run("--yes"), "credentials-missing")


def test_refuses_a_profile_that_is_not_there(machine: Machine) -> None:
    check_refused(machine, machine.run("--profile", "nobody"), "profile-unknown", "--profile", "'nobody'")
    machine.environment = {"AWS_PROFILE": "nobody"}
    check_refused(machine, machine.run("--yes"), "profile-unknown", "AWS_PROFILE", "'nobody'")


def test_refuses_a_login_that_has_expired(machine: Machine) -> None:
    machine.config.write_text(GUIDE, encoding="utf-8")
    result = machine.run("--profile", "acme-management", "--yes")
    assert_refused(result, "login-expired", "'acme-management'")
    assert machine.config.read_text(encoding="utf-8") == GUIDE


def test_refuses_where_aws_cannot_be_reached(machine: Machine, aws: FakeAws) -> None:
    assert aws.calls == []
    machine.environment["AWS_ENDPOINT_URL"] = "http://127.0.0.1:1"
    check_refused(machine, machine.run("--yes"), "aws-unreachable", "http://127.0.0.1:1")


@pytest.mark.parametrize(
    ("text", "code"),
    [(b"region = x\n", "config-syntax"), (b"# BEGIN org-baseline acme\n", "block-damaged")],
    ids=["no section", "damaged"],
)
def test_leaves_a_file_that_it_does_not_understand(machine: Machine, text: bytes, code: str) -> None:
    machine.config.write_bytes(text)
    result = machine.of_outputs("--yes")
    assert_refused(result, code)
    assert len(result.stderr.splitlines()) == 2  # the sentence and its code
    assert machine.config.read_bytes() == text


def test_refuses_a_file_that_is_none(machine: Machine) -> None:
    machine.config.mkdir()
    assert_refused(machine.of_outputs("--yes"), "file-unreadable", repr(str(machine.config)))


def test_imports_no_boto3_and_no_node_where_the_ids_are_given(machine: Machine) -> None:
    code = (
        "import sys; from org_constructs.commands import main;"
        "main(['aws-config', '--outputs', 'outputs.json', '--print'], standalone_mode=False);"
        "print({'aws_cdk', 'boto3', 'botocore', 'jsii', 'moto', 'yaml'} & set(sys.modules))"
    )
    environment = {"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]}
    command = [sys.executable, "-c", code]
    ended = subprocess.run(command, cwd=machine.folder, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 (above)
    assert (ended.stdout, ended.stderr) == (f"{GUIDE}set()\n", "")


@pytest.mark.timed
def test_takes_under_half_a_second_for_a_thousand_profiles(machine: Machine) -> None:
    outputs = {}
    for number in range(1000):
        name = f"team{number}"
        properties = {"AccountName": f"acme-{name}", "Email": f"aws+{name}@acme.com"}
        machine.resources[name] = {"Type": "AWS::Organizations::Account", "Properties": properties}
        assignment = {**machine.resources["OfDev"]["Properties"], "TargetId": get(name, "AccountId")}
        machine.resources[f"Of{name}"] = {"Type": "AWS::SSO::Assignment", "Properties": assignment}
        outputs[name] = f"{number:012}"
    whole = baseline_stack(machine.resources, machine.settings)
    whole["template"]["Outputs"] |= {name: {"Value": get(name, "AccountId")} for name in outputs}
    write_assembly(machine.folder / "cdk.out", {"OrgBaseline": whole})
    machine.write_outputs({"OrgBaseline": OUTPUTS["OrgBaseline"] | outputs})
    environment = {"PYTHONPATH": str(ROOT), "HOME": str(machine.folder / "home"), "PATH": ""}
    command = [sys.executable, "-m", "org_constructs", "aws-config", "--outputs", "outputs.json", "--yes"]
    seconds = []
    for _ in range(10):
        machine.config.unlink(missing_ok=True)
        process = subprocess.Popen(command, cwd=machine.folder, env=environment, stdout=subprocess.DEVNULL)  # noqa: S603 (this project's)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0
        # The processor's time, as a busy machine makes any other longer.
        seconds.append(used.ru_utime + used.ru_stime)
    assert machine.config.read_text(encoding="utf-8").count("[profile ") == 1003
    assert min(seconds) < 0.5


WHERE = ["--session", "acme", "--start-url", "https://acme.awsapps.com/start", "--sso-region", "us-east-1"]
AGNOSTIC = "aws://unknown-account/unknown-region"


def test_asks_who_is_asking_where_a_stack_is_of_any_account(machine: Machine, aws: FakeAws) -> None:
    write_assembly(machine.folder / "cdk.out", {"OrgBaseline": stack(machine.resources, environment=AGNOSTIC)})
    check_refused(machine, machine.run(*WHERE), "region-missing", "AWS_DEFAULT_REGION")
    machine.environment["AWS_DEFAULT_REGION"] = "us-east-1"
    aws.account_id = "444455556666"
    result = machine.run("--print", *WHERE)
    assert result.exit_code == 0, result.stderr
    (block,) = parse_blocks(result.stdout)
    assert {profile.name: profile.account_id for profile in block.profiles}["management"] == "444455556666"


def test_cannot_know_the_management_account_of_a_stack_of_any_account(machine: Machine) -> None:
    org = stack(machine.resources, environment=AGNOSTIC)
    accounts = {"AccountIdDev": "Dev", "AccountIdProduction": "Production"}
    org["template"]["Outputs"] = {name: {"Value": get(account, "AccountId")} for name, account in accounts.items()}
    write_assembly(machine.folder / "cdk.out", {"OrgBaseline": org})
    check_refused(machine, machine.of_outputs(*WHERE), "outputs-not-enough", "the management account")


def test_asks_nobody_where_every_id_is_in_the_template(machine: Machine) -> None:
    for name, account_id in ("Dev", DEV), ("Production", PRODUCTION):
        del machine.resources[name]
        machine.resources[f"Of{name}"]["Properties"]["TargetId"] = account_id
    machine.synthesize_single_constructs()
    result = machine.run("--print", *WHERE)
    assert (result.exit_code, result.stderr) == (0, "")
    assert f"[profile {DEV}]" in result.stdout
    assert f"sso_account_id = {MANAGEMENT}" in result.stdout


def test_merges_the_blocks_of_several_organizations_from_one_file(machine: Machine) -> None:
    acme = machine.printed()
    globex = acme.replace("acme", "globex")
    (machine.folder / "shared").write_text(acme + globex, encoding="utf-8")
    assert machine.run("--from", "shared", "--yes").exit_code == 0
    assert machine.config.read_text(encoding="utf-8") == f"{acme}\n{globex}"
    machine.config.unlink()
    (machine.folder / "shared").write_text(acme + acme, encoding="utf-8")
    check_refused(machine, machine.run("--from", "shared", "--yes"), "block-malformed", "acme, acme")


def test_does_not_wait_for_an_aws_cli_that_hangs(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("org_constructs.aws_config.aws_cli._PATIENCE", 0.1)
    aws = machine.folder / "aws"
    aws.write_text("#!/bin/sh\nexec /bin/sleep 600\n")
    aws.chmod(0o755)
    machine.environment = {"PATH": str(machine.folder)}
    started = time.monotonic()
    result = machine.of_outputs("--yes")
    assert (result.exit_code, result.stderr) == (0, "")
    assert time.monotonic() - started < 300
