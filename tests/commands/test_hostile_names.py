"""Names with escape sequences, line breaks, bidirectional and invisible characters: no command prints them as they are.

https://trojansource.codes and https://cwe.mitre.org/data/definitions/150.html say what they can do.
"""

from __future__ import annotations

import json
import re
import unicodedata
from typing import TYPE_CHECKING, Any, Final

import click
import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError
from click.testing import CliRunner

from checked_templates import allow, control_policy, deny, document, resource
from cloud_assembly import IDENTITY_STORE_ID, INSTANCE_ARN, baseline, get, stack, write_assembly
from made_by_hand import INSTANCE, MANAGEMENT, STORE, Hand
from org_constructs.commands import main
from org_constructs.rehearsal.deploy_progress import Progress
from org_constructs.rehearsal.local_aws import Existing, LocalAws
from org_constructs.rehearsal.names import Names
from org_constructs.templates.assembly import read_stacks

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

RAW: Final = "\x1b[2K\x1b[1A\x1b[8m\r\nFORGED\u202e\u2066\u200b\x7f\x9b\u2028"
"""What erases a line, goes up, hides and begins a line of its own, turns text round, and is not seen."""

NAMES: Final = frozenset(
    {
        *("AccountName", "Email", "Name", "DisplayName", "UserName", "GivenName", "FamilyName", "Description"),
        *("Key", "Value", "Sid", "RelayStateType", "SessionDuration", "aws:cdk:path", "DeletionPolicy"),
        *("Company", "SessionName", "StartUrl", "DefaultRegion", "IdentityCenterRegion"),
    }
)
OF_COLOURS: Final = re.compile(r"\x1b\[(?:[0-2]|3[1-6]|90)m")


def spoiled(value: Any, names: frozenset[str] = NAMES) -> Any:
    """Return the value with the characters after each name."""
    if isinstance(value, dict):
        return {
            key: item + RAW if isinstance(item, str) and key in names else spoiled(item, names)
            for key, item in value.items()
        }
    return [spoiled(each, names) for each in value] if isinstance(value, list) else value


def of_hand() -> dict[str, Any]:
    """Return the resources of the baseline, for the instance of IAM Identity Center that `Hand` fills."""
    text = json.dumps(baseline()).replace(INSTANCE_ARN, INSTANCE).replace(IDENTITY_STORE_ID, STORE)
    resources: dict[str, Any] = json.loads(text)
    return resources


def hostile(folder: Path, *, with_others: bool) -> Path:
    """Write an assembly with the characters in every name, and in ids and types `with_others` beside."""
    resources = of_hand()
    resources["AdministratorAccess"]["Properties"] |= {
        "Description": "d",
        "RelayStateType": "https://acme.com/",
        "SessionDuration": "PT12H",
        "Tags": [{"Key": "team", "Value": "it"}],
        "InlinePolicy": document(
            allow(f"s3:Get{RAW}", on=f"arn:aws:s3:::{RAW}", Sid="S"),
            deny("s3:*", Condition={"StringNotEquals": {f"aws:PrincipleArn{RAW}": f"*{RAW}"}}),
            deny("s3:*", Condition={"StringEquals": {"aws:RequestedRegion": RAW, "aws:PrincipalArn": f"*{RAW}"}}),
        ),
    }
    resources["Denying"] = control_policy(deny("*", Sid="S"))
    if with_others:
        resources[f"Odd{RAW}"] = resource(f"Odd::Type{RAW}")
        resources[f"Policy{RAW}"] = control_policy(deny("s3:*"), kind=f"SERVICE_CONTROL_POLICY{RAW}")
        resources[f"User{RAW}"] = resource("IAM::User", LoginProfile={})
    for each in resources.values():
        each["Metadata"] = {"aws:cdk:path": "S/It"}
    settings = {"Company": "acme", "SessionName": "acme", "StartUrl": "https://acme.awsapps.com/start", "Accounts": {}}
    settings |= {"DefaultRegion": "us-east-1", "IdentityCenterRegion": "us-east-1"}
    made = stack(spoiled(resources), properties={"stackName": "S"})
    made["template"] |= {
        "Description": RAW,
        "Metadata": {"OrgBaseline": spoiled(settings) if with_others else settings},
        "Outputs": {f"Out{RAW}": {"Value": RAW}} if with_others else {},
    }
    return write_assembly(folder / "cdk.out", {"S": made})


def raw_characters(output: str) -> set[str]:
    """Return what of an output is not seen, but the line breaks and colours of our own."""
    ours = OF_COLOURS.sub("", output)
    return {
        each for each in ours if each != "\n" and unicodedata.category(each) in {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}
    }


SESSION: Final = ("--session", "acme", "--start-url", "https://acme.awsapps.com/start", "--sso-region", "us-east-1")
COMMANDS: Final[Mapping[str, tuple[str, ...]]] = {
    "check": ("check", "{new}"),
    "check of a file": ("check", "{new}/S.template.json"),
    "check as json": ("check", "--json", "{new}"),
    "check as sarif, in json": ("check", "--format", "sarif", "{new}"),
    "check as github": ("check", "--format", "github", "{new}"),
    "check as junit": ("check", "--format", "junit", "{new}"),
    "report": ("report", "{new}"),
    "report of a file": ("report", "{new}/S.template.json"),
    "report as markdown": ("report", "--format", "markdown", "{new}"),
    "report as html": ("report", "--format", "html", "{new}"),
    "access-diff to it": ("access-diff", "{old}", "{new}"),
    "access-diff from it": ("access-diff", "{new}", "{old}"),
    "access-diff as markdown": ("access-diff", "{old}", "{new}", "--format", "markdown"),
    "access-diff as json": ("access-diff", "{old}", "{new}", "--format", "json"),
    "access-diff as html": ("access-diff", "{old}", "{new}", "--format", "html"),
    "offboard": ("offboard", "S/Dax", "{new}"),
    "offboard as markdown": ("offboard", "S/Dax", "{new}", "--format", "markdown"),
    "offboard as json": ("offboard", "S/Dax", "{new}", "--format", "json"),
    "deploy-policy": ("deploy-policy", "--assembly", "{new}"),
    "deploy-policy as json": ("deploy-policy", "--assembly", "{new}", "--format", "json"),
    "sst": ("sst", "--assembly", "{new}"),
    "aws-config": ("aws-config", "--print", "--assembly", "{new}", *SESSION),
    "a stack that is none": ("report", "--stack", f"X{RAW}", "{new}"),
    "a file that is none": ("check", f"{{new}}/no{RAW}.json"),
}


@pytest.mark.parametrize("with_others", [False, True], ids=["names", "names and ids"])
@pytest.mark.parametrize("command", COMMANDS)
def test_names_are_printed_escaped(tmp_path: Path, command: str, *, with_others: bool) -> None:
    new = hostile(tmp_path / "new", with_others=with_others)
    old = write_assembly(tmp_path / "old" / "cdk.out", {"S": stack(baseline())})
    arguments = [each.format(new=new, old=old) for each in COMMANDS[command]]
    # In colour, as on a terminal: otherwise click takes escape sequences out.
    result = CliRunner().invoke(main, arguments, color=True)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert raw_characters(result.output) == set()
    assert not any(line.lstrip().startswith("FORGED") for line in result.output.splitlines())
    if "json" in command and result.exit_code != 2:
        json.loads(result.stdout)


@pytest.mark.parametrize(
    "line",
    [
        "S |  1/14 | 7:31:09 AM | CREATE_COMPLETE | AWS::Organizations::Account | Org/It@ (Dev) @",
        "S |  1/14 | 7:31:09 AM | CREATE_FAILED | AWS::Organizations::Account | Org/It@ (Dev) why@",
        "S |  1/14 | 7:31:09 AM | CREATE_COMPLETE | AWS::SSO::PermissionSet | AdministratorAccess@",
        "S |  1/14 | 7:31:09 AM | DELETE_COMPLETE | Custom::Odd@ | Other@ (Other1) @",
        "❌  S failed: @",
    ],
)
def test_the_progress_of_a_rehearsal_shows_names_escaped(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str
) -> None:
    names = Names(read_stacks(hostile(tmp_path, with_others=True)))
    with click.Context(click.Command("it"), color=True):
        Progress(names, Names(()))(line.replace("@", RAW.replace("\n", "")))
    output = capsys.readouterr().out
    assert output.count("\n") == 1
    assert raw_characters(output) == set()


# What succeeds: names that are settings are refused, and others may be anything

OF_PEOPLE: Final = NAMES - {
    "AccountName",
    "Name",
    "Company",
    "SessionName",
    "StartUrl",
    "DefaultRegion",
    "IdentityCenterRegion",
}
CONFIGURED: Final = {
    "sst": ("sst", "--assembly", "{}/cdk.out"),
    "sst 2": ("sst", "--sst", "2", "--assembly", "{}/cdk.out"),
    "aws-config, printed": ("aws-config", "--print"),
    "aws-config, not written": ("aws-config", "--dry-run", "--file", "{}/config"),
    "aws-config": ("aws-config", "--yes", "--file", "{}/config"),
    "aws-config, overwritten": ("aws-config", "--yes", "--file", "{}/config", "--overwrite", "acme-dev"),
}


@pytest.mark.parametrize("command", CONFIGURED)
def test_what_succeeds_is_printed_escaped(tmp_path: Path, command: str) -> None:
    accounts = {name: {"Output": f"AccountId{name.title()}"} for name in ("dev", "production")}
    made = stack(spoiled(baseline(), OF_PEOPLE), properties={"stackName": "S"})
    made["template"] |= {
        "Description": RAW,
        "Metadata": {"OrgBaseline": {"Company": "acme", "DefaultRegion": "us-east-1", "Accounts": accounts}},
        "Outputs": {
            "ManagementAccountId": {"Value": get("Organization", "ManagementAccountId")},
            **{each["Output"]: {"Value": get(name.title(), "AccountId")} for name, each in accounts.items()},
        },
    }
    write_assembly(tmp_path / "cdk.out", {"S": made})
    ids = {"ManagementAccountId": MANAGEMENT, "AccountIdDev": "444455556666", "AccountIdProduction": "777788889999"}
    (tmp_path / "outputs.json").write_text(json.dumps({"S": ids}), encoding="utf-8")
    mine = RAW.replace("\r\n", "")
    (tmp_path / "config").write_text(f"[profile acme-dev]\n# {mine}\nregion = eu-west-1{mine}\n", encoding="utf-8")
    arguments = [each.format(tmp_path) for each in CONFIGURED[command]]
    if arguments[0] == "aws-config":
        arguments += ["--assembly", f"{tmp_path}/cdk.out", "--outputs", f"{tmp_path}/outputs.json", *SESSION]
    result = CliRunner().invoke(main, arguments, color=True)
    assert result.exit_code == 0, result.output
    assert raw_characters(result.output) == set(), repr(result.output)


# What AWS answers

OF_AWS: Final = frozenset(
    {
        *("Name", "Email", "DisplayName", "UserName", "GivenName", "FamilyName", "Description", "Value", "Key"),
        *("RelayState", "SessionDuration", "MasterAccountEmail", "FullName", "StatusReason", "ResourceStatusReason"),
    }
)
"""Where AWS answers with what people wrote."""


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalAws]:
    """A local AWS with the guide's organization and more, of which every name is answered with the characters."""
    with LocalAws(management_account_id=MANAGEMENT, region="us-east-1") as running:
        running.seed(Existing(instance_arn=INSTANCE, identity_store_id=STORE))
        hand = Hand(running)
        hand.guide()
        hand.service_control_policies()
        unit = hand.unit("sandbox")
        hand.account("acme-dev", "aws+other@acme.com", unit)
        hand.policy("a-policy", json.dumps(document(deny("s3:*"))), unit)
        hand.group("Developers")
        hand.user("kim@acme.com", "kim@acme.com")
        for name, value in running.environment.items():
            monkeypatch.setenv(name, value)
        call = BaseClient._make_api_call  # type: ignore[attr-defined] # not in the stubs

        def answered(client: Any, name: str, arguments: Any) -> Any:
            return spoiled(call(client, name, arguments), OF_AWS)

        monkeypatch.setattr(BaseClient, "_make_api_call", answered)
        yield running


def beside_what_exists(root: str) -> dict[str, Any]:
    """Return the resources of the baseline in an organization that exists already."""
    ids = {"RootId": root, "ManagementAccountId": MANAGEMENT}
    resources = of_hand()
    del resources["Organization"]
    text = json.dumps(resources)
    for attribute, value in ids.items():
        text = text.replace(json.dumps(get("Organization", attribute)), json.dumps(value))
    made: dict[str, Any] = json.loads(text)
    return made


OF_LIVE: Final = {
    "doctor": ("doctor", "--assembly", "{}"),
    "adopt": ("adopt", "--assembly", "{}", "--dry-run"),
    "adopt, written": ("adopt", "--assembly", "{}", "-o", "{}/mapping.json"),
}


def assert_escaped(*arguments: str) -> str:
    result = CliRunner().invoke(main, arguments, color=True)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert raw_characters(result.output) == set(), repr(result.output)
    assert not any(line.lstrip().startswith("FORGED") for line in result.output.splitlines())
    return OF_COLOURS.sub("", result.output)


@pytest.mark.parametrize("template", ["the same names", "other names"])
@pytest.mark.parametrize("command", OF_LIVE)
def test_names_that_aws_answers_are_printed_escaped(
    tmp_path: Path, aws: LocalAws, monkeypatch: pytest.MonkeyPatch, command: str, template: str
) -> None:
    monkeypatch.chdir(tmp_path)
    if template == "the same names":
        folder = hostile(tmp_path, with_others=False)
    else:
        resources = beside_what_exists(Hand(aws).root)
        folder = write_assembly(tmp_path / "cdk.out", {"S": stack(resources)})
    output = assert_escaped(*(each.format(folder) for each in OF_LIVE[command]))
    assert "\\u001b" in output, "nothing of what AWS answers is shown"


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize("command", ["doctor", "adopt"])
def test_errors_that_aws_answers_are_printed_escaped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    def refuses(_client: Any, name: str, _arguments: Any) -> Any:
        raise ClientError({"Error": {"Code": f"Odd{RAW}", "Message": f"because{RAW}"}}, name)

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(BaseClient, "_make_api_call", refuses)
    folder = write_assembly(tmp_path / "cdk.out", {"S": stack(baseline())})
    assert "because\\u001b" in assert_escaped(*(each.format(folder) for each in OF_LIVE[command]))
