"""`org-baseline deploy-policy`: what is printed, and where."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from click.testing import CliRunner, Result

from cloud_assembly import baseline, stack, write_assembly
from org_constructs.aws.limits import MANAGED_POLICY_MAX
from org_constructs.commands import main
from org_constructs.deploy_policy import handler_permissions, make_deploy_policy
from org_constructs.templates.assembly import read_stacks
from refusals import assert_refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from syrupy.assertion import SnapshotAssertion

MANAGEMENT: Final = "111122223333"
IAM: Final = f"arn:aws:iam::{MANAGEMENT}"
WHOSE: Final = ("role", "deployer", "trust")
BOOTSTRAPPED: Final = {"assumeRoleArn": f"arn:${{AWS::Partition}}:iam::{MANAGEMENT}:role/cdk-deploy"}
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
    deployed = stack(resources, properties=BOOTSTRAPPED if bootstrapped else {})
    return write_assembly(Path("cdk.out"), {"OrgBaseline": deployed})


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["deploy-policy", *arguments])


def commands(text: str) -> list[list[str]]:
    """The command lines in the text, which are indented by two."""
    _, _, after = text.partition("Create it once")
    return [shlex.split(line) for line in after.splitlines() if line.startswith("  ")]


def test_prints_the_policy_alone_as_json() -> None:
    (document,) = make_deploy_policy(read_stacks(assembly(baseline()))).documents
    result = run("--format", "json")
    assert (result.exit_code, json.loads(result.stdout)) == (0, document)


def test_says_on_stderr_what_is_not_narrowed(snapshot: SnapshotAssertion) -> None:
    assembly(baseline())
    result = run("--format", "json", "--organization-id", "o-exampleorg1")
    assert result.stderr == snapshot
    assert result.stderr.count("\n") == 1


def test_prints_each_document_alone_as_json() -> None:
    policy = make_deploy_policy(read_stacks(assembly(baseline())))
    printed = {whose: json.loads(run("--format", "json", "--for", whose).stdout) for whose in WHOSE}
    assert printed == {
        "role": policy.documents[0],
        "deployer": policy.deployer_documents[0],
        "trust": policy.trust,
    }


def test_trusts_cloudformation_for_this_account() -> None:
    assembly(baseline())
    (trust,) = json.loads(run("--format", "json", "--for", "trust").stdout)["Statement"]
    assert (trust["Principal"], trust["Action"]) == ({"Service": "cloudformation.amazonaws.com"}, "sts:AssumeRole")
    assert trust["Condition"] == {"StringEqualsIfExists": {"aws:SourceAccount": MANAGEMENT}}


def test_prints_the_policies_and_their_use_by_a_role_of_its_own(snapshot: SnapshotAssertion) -> None:
    policy = make_deploy_policy(read_stacks(assembly(baseline())))
    result = run()
    assert result.exit_code == 0
    around = result.stdout
    date = handler_permissions()["schema_date"][:10]
    for known in (*(json.dumps(each, indent=2) for each in (*policy.documents, *policy.deployer_documents)), date):
        assert around.count(known) == 1
        around = around.replace(known, "…")
    assert around == snapshot
    role = "OrgBaselineDeploy"
    print_json = ["org-baseline", "deploy-policy", "--format", "json"]
    create_policy = ["aws", "iam", "create-policy", "--policy-name"]
    assert commands(result.stdout) == [
        [*print_json, ">", f"{role}.json"],
        [*create_policy, role, "--policy-document", f"file://{role}.json"],
        [*print_json, "--for", "trust", ">", f"{role}Trust.json"],
        [
            *["aws", "iam", "create-role", "--role-name", role],
            *["--assume-role-policy-document", f"file://{role}Trust.json"],
        ],
        ["aws", "iam", "attach-role-policy", "--role-name", role, "--policy-arn", f"{IAM}:policy/{role}"],
        [*print_json, "--for", "deployer", ">", "OrgBaselineDeployer.json"],
        [*create_policy, "OrgBaselineDeployer", "--policy-document", "file://OrgBaselineDeployer.json"],
        ["cdk", "diff", "OrgBaseline", "--method", "template"],
        ["cdk", "deploy", "OrgBaseline", "--role-arn", f"{IAM}:role/{role}"],
    ]


def test_the_commands_that_are_printed_have_the_options_that_were_given() -> None:
    write_assembly(Path("an assembly"), {"OrgBaseline": stack(baseline())})
    options = ["--assembly", "an assembly", "--stack", "OrgBaseline", "--organization-id", "o-exampleorg1"]
    options += ["--allow-closing"]
    printed = [command[2:-2] for command in commands(run(*options).stdout) if command[0] == "org-baseline"]
    assert printed == [
        [*options, "--format", "json", *whose] for whose in ([], ["--for", "trust"], ["--for", "deployer"])
    ]
    assert "organizations:CloseAccount" in run(*printed[0]).stdout
    assert [json.loads(run(*each).stdout)["Version"] for each in printed] == ["2012-10-17"] * 3


def test_prints_the_bootstrap_where_its_roles_deploy() -> None:
    assembly(baseline(), bootstrapped=True)
    said = run().stdout
    *_, bootstrap, _, _, deploy = commands(said)
    assert bootstrap == [
        *["cdk", "bootstrap", f"aws://{MANAGEMENT}/us-east-1"],
        *["--cloudformation-execution-policies", f"{IAM}:policy/OrgBaselineDeploy"],
    ]
    assert deploy == ["cdk", "deploy", "OrgBaseline"]
    assert "create-role" not in said


def test_prints_both_ways_where_the_bootstrap_deploys_some_of_the_stacks() -> None:
    deployed = {"Direct": stack(baseline()), "ByBootstrap": stack(baseline(), properties=BOOTSTRAPPED)}
    write_assembly(Path("cdk.out"), deployed)
    printed = commands(run().stdout)
    assert [command[:2] for command in printed if command[0] == "cdk"] == [
        ["cdk", "bootstrap"],
        ["cdk", "deploy"],
        ["cdk", "diff"],
        ["cdk", "deploy"],
    ]
    assert [command[2] for command in printed if command[:2] == ["cdk", "deploy"]] == ["ByBootstrap", "Direct"]


def test_prints_each_part_of_what_one_managed_policy_does_not_take() -> None:
    policy = make_deploy_policy(read_stacks(assembly({**baseline(), **USERS}, bootstrapped=True)))
    first, second, third, fourth, bootstrap, *_ = commands(run().stdout)
    assert [line[-1] for line in (first, second, third, fourth)] == [
        "OrgBaselineDeploy1.json",
        "file://OrgBaselineDeploy1.json",
        "OrgBaselineDeploy2.json",
        "file://OrgBaselineDeploy2.json",
    ]
    assert bootstrap[-1] == f"{IAM}:policy/OrgBaselineDeploy1,{IAM}:policy/OrgBaselineDeploy2"
    parts = [json.loads(run(*line[2:-2]).stdout) for line in (first, third)]
    assert tuple(parts) == policy.documents


def test_prints_each_part_of_what_deploys_very_many_stacks() -> None:
    names = [f"OrgBaseline-{number:03}-{'x' * 100}-people" for number in range(60)]
    write_assembly(Path("cdk.out"), {name: stack({"Organization": baseline()["Organization"]}) for name in names})
    policy = make_deploy_policy(read_stacks(Path("cdk.out")))
    parts = [command for command in commands(run().stdout) if command[:2] == ["org-baseline", "deploy-policy"]]
    of_deployer = [json.loads(run(*command[2:-2]).stdout) for command in parts if "deployer" in command]
    assert tuple(of_deployer) == policy.deployer_documents
    assert 1 < len(of_deployer) <= 10  # as many as a role takes by default
    for document in of_deployer:
        assert len(re.sub(r"\s", "", json.dumps(document))) <= MANAGED_POLICY_MAX
    on = [statement["Resource"] for document in of_deployer for statement in document["Statement"]]
    assert all(sum(f":stack/{name}/*" in str(each) for each in on) == 3 for name in names)


def test_attaches_each_part_to_the_role() -> None:
    assembly({**baseline(), **USERS})
    attached = [command[-1] for command in commands(run().stdout) if command[2:3] == ["attach-role-policy"]]
    assert attached == [f"{IAM}:policy/OrgBaselineDeploy{number}" for number in (1, 2)]


def test_has_no_trust_where_the_bootstrap_makes_the_roles() -> None:
    assembly(baseline(), bootstrapped=True)
    result = run("--format", "json", "--for", "trust")
    assert_refused(result, "role-of-bootstrap", "--for trust")


@pytest.mark.parametrize(
    ("arguments", "code", "values"),
    [
        (["--format", "json"], "part-missing", ["--part must be 1 to 2", "6,144"]),
        (["--format", "json", "--part", "3"], "part-unknown", ["--part", "most 2", "got 3"]),
        (["--part", "1"], "part-of-text", ["--part must", "--format json"]),
        (["--for", "trust"], "part-of-text", ["--for must", "--format json"]),
        (["--stack", "Org"], "stack-unknown", ["--stack", "'Org'", "available: OrgBaseline"]),
        (["--assembly", "nowhere"], "assembly-missing", ["'nowhere'"]),
    ],
    ids=["no-part", "part-3", "part-of-text", "whose-of-text", "stack", "assembly"],
)
def test_refuses_and_prints_nothing(arguments: list[str], code: str, values: list[str]) -> None:
    assembly({**baseline(), **USERS})
    assert_refused(run(*arguments), code, *values)


def test_says_why_it_refuses(snapshot: SnapshotAssertion) -> None:
    assembly({**baseline(), **USERS})
    as_json = ("--format", "json")
    assert [run(*arguments).stderr for arguments in (as_json, (*as_json, "--part", "3"), ("--part", "1"))] == snapshot
    assembly(baseline(), bootstrapped=True)
    assert run(*as_json, "--for", "trust").stderr == snapshot


def test_refuses_a_part_that_is_no_number_of_one() -> None:
    assembly({**baseline(), **USERS})
    result = run("--part", "0")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "'--part': 0 " in result.stderr
