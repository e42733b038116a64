"""`org-baseline deploy-policy`: what is printed, and where."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from click.testing import CliRunner, Result

from cloud_assembly import baseline, stack, write_assembly
from org_constructs.commands import main
from org_constructs.deploy_policy import handler_permissions, make_deploy_policy
from org_constructs.templates.assembly import read_stacks

if TYPE_CHECKING:
    from collections.abc import Mapping

MANAGEMENT: Final = "111122223333"
IAM: Final = f"arn:aws:iam::{MANAGEMENT}"
# What makes users in other regions: more than one managed policy takes.
USERS: Final = {
    "Function": {"Type": "AWS::Lambda::Function", "Properties": {}},
    "Role": {"Type": "AWS::IAM::Role", "Properties": {}},
    "LogGroup": {"Type": "AWS::Logs::LogGroup", "Properties": {}},
    "Policies": {"Type": "AWS::Organizations::Policy", "Properties": {"Type": "SERVICE_CONTROL_POLICY"}},
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def assembly(resources: Mapping[str, Any], *, bootstrapped: bool = False) -> Path:
    execution_role = {"cloudFormationExecutionRoleArn": f"arn:${{AWS::Partition}}:iam::{MANAGEMENT}:role/cdk-exec"}
    deployed = stack(resources, properties=execution_role if bootstrapped else {})
    return write_assembly(Path("cdk.out"), {"OrgBaseline": deployed})


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["deploy-policy", *arguments])


def commands(text: str) -> list[list[str]]:
    """The command lines in the text, which are indented by two."""
    _, _, after = text.partition("Make it once")
    return [shlex.split(line) for line in after.splitlines() if line.startswith("  ")]


def test_prints_the_policy_alone_as_json() -> None:
    (document,) = make_deploy_policy(read_stacks(assembly(baseline()))).documents
    result = run("--format", "json")
    assert (result.exit_code, json.loads(result.stdout)) == (0, document)


def test_says_on_stderr_what_is_not_narrowed() -> None:
    assembly(baseline())
    result = run("--format", "json", "--organization-id", "o-exampleorg1")
    assert result.stderr.startswith("Note: it can assign anybody to any account")
    assert result.stderr.count("\n") == 1


def test_prints_the_policy_and_its_use_by_a_role_of_its_own() -> None:
    (document,) = make_deploy_policy(read_stacks(assembly(baseline()))).documents
    result = run()
    assert result.exit_code == 0
    date = handler_permissions()["schema_date"][:10]
    assert result.stdout.startswith(f"For OrgBaseline in {MANAGEMENT}, us-east-1, by AWS's schemas of {date}:\n\n")
    assert json.dumps(document, indent=2) in result.stdout
    create, policy, role, attach, deploy = commands(result.stdout)
    assert create == ["org-baseline", "deploy-policy", "--format", "json", ">", "OrgBaselineDeploy.json"]
    assert policy[:3] == ["aws", "iam", "create-policy"]
    assert policy[3:] == ["--policy-name", "OrgBaselineDeploy", "--policy-document", "file://OrgBaselineDeploy.json"]
    assert role[:-1] == [
        *["aws", "iam", "create-role", "--role-name", "OrgBaselineDeploy", "--assume-role-policy-document"]
    ]
    (trust,) = json.loads(role[-1])["Statement"]
    assert (trust["Principal"], trust["Action"]) == ({"Service": "cloudformation.amazonaws.com"}, "sts:AssumeRole")
    assert attach[-1] == f"{IAM}:policy/OrgBaselineDeploy"
    assert deploy == ["cdk", "deploy", "OrgBaseline", "--role-arn", f"{IAM}:role/OrgBaselineDeploy"]


def test_the_command_that_is_printed_has_the_options_that_were_given() -> None:
    write_assembly(Path("an assembly"), {"OrgBaseline": stack(baseline())})
    options = ["--assembly", "an assembly", "--stack", "OrgBaseline", "--organization-id", "o-exampleorg1"]
    options += ["--keep-retained"]
    (_, _, *again), *_ = commands(run(*options).stdout)
    assert again[:-2] == [*options, "--format", "json"]
    assert json.loads(run(*again[:-2]).stdout)["Statement"]


def test_prints_the_bootstrap_where_its_roles_deploy() -> None:
    assembly(baseline(), bootstrapped=True)
    *_, bootstrap, deploy = commands(run().stdout)
    assert bootstrap == [
        *["cdk", "bootstrap", f"aws://{MANAGEMENT}/us-east-1"],
        *["--cloudformation-execution-policies", f"{IAM}:policy/OrgBaselineDeploy"],
    ]
    assert deploy == ["cdk", "deploy", "OrgBaseline"]


def test_prints_each_part_of_what_one_managed_policy_does_not_take() -> None:
    policy = make_deploy_policy(read_stacks(assembly({**baseline(), **USERS}, bootstrapped=True)))
    first, second, third, fourth, bootstrap, _ = commands(run().stdout)
    assert [line[-1] for line in (first, second, third, fourth)] == [
        "OrgBaselineDeploy1.json",
        "file://OrgBaselineDeploy1.json",
        "OrgBaselineDeploy2.json",
        "file://OrgBaselineDeploy2.json",
    ]
    assert bootstrap[-1] == f"{IAM}:policy/OrgBaselineDeploy1,{IAM}:policy/OrgBaselineDeploy2"
    parts = [json.loads(run(*line[2:-2]).stdout) for line in (first, third)]
    assert tuple(parts) == policy.documents


def test_attaches_each_part_to_the_role() -> None:
    assembly({**baseline(), **USERS})
    *_, attach, attach_too, _ = commands(run().stdout)
    assert [attach[-1], attach_too[-1]] == [f"{IAM}:policy/OrgBaselineDeploy{number}" for number in (1, 2)]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--format", "json"], "--part must be 1 to 2, since a managed policy has at most 6,144 characters and"),
        (["--format", "json", "--part", "3"], "--part must be at most 2, got 3; there are no more parts"),
        (["--part", "1"], "--part must be given with --format json only, since the text has every part; leave"),
        (["--stack", "Org"], "--stack must be a stack of the assembly, got 'Org'; there is OrgBaseline"),
        (["--assembly", "nowhere"], "the assembly must be a folder that `cdk synth` has written, and 'nowhere'"),
        (["--part", "0"], "Invalid value for '--part': 0 is not in the range x>=1."),
    ],
)
def test_refuses_in_one_sentence_and_prints_nothing(arguments: list[str], message: str) -> None:
    assembly({**baseline(), **USERS})
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"Error: {message}" in result.stderr
