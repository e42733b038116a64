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
from click.testing import CliRunner

from checked_templates import allow, control_policy, deny, document, resource
from cloud_assembly import baseline, stack, write_assembly
from org_constructs.commands import main
from org_constructs.rehearsal.deploy_progress import Progress
from org_constructs.rehearsal.names import Names
from org_constructs.templates.assembly import read_stacks

if TYPE_CHECKING:
    from collections.abc import Mapping
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
OF_COLOURS: Final = re.compile(r"\x1b\[(?:[0-2]|3[1-6])m")


def spoiled(value: Any, names: frozenset[str] = NAMES) -> Any:
    """Return the value with the characters after each name."""
    if isinstance(value, dict):
        return {
            key: item + RAW if isinstance(item, str) and key in names else spoiled(item, names)
            for key, item in value.items()
        }
    return [spoiled(each, names) for each in value] if isinstance(value, list) else value


def hostile(folder: Path, *, with_others: bool) -> Path:
    """Write an assembly with the characters in every name, and in ids and types `with_others` beside."""
    resources = baseline()
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
    "report": ("report", "{new}"),
    "report of a file": ("report", "{new}/S.template.json"),
    "report as markdown": ("report", "--format", "markdown", "{new}"),
    "report as html": ("report", "--format", "html", "{new}"),
    "access-diff to it": ("access-diff", "{old}", "{new}"),
    "access-diff from it": ("access-diff", "{new}", "{old}"),
    "access-diff as markdown": ("access-diff", "{old}", "{new}", "--format", "markdown"),
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
