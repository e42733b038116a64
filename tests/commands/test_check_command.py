"""`org-baseline check`: templates and assemblies in, findings and an exit code out."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from click import style
from click.testing import CliRunner, Result

from checked_templates import Resources, account, organization, resource
from cloud_assembly import stack, write_assembly
from org_constructs.commands import main
from refusals import assert_refused, stands_in

if TYPE_CHECKING:
    from pathlib import Path

    from syrupy.assertion import SnapshotAssertion


def check(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["check", *map(str, arguments)])


def write(path: Path, resources: Resources) -> Path:
    path.write_text(json.dumps({"Resources": resources}), encoding="utf-8")
    return path


def spoiled() -> Resources:
    resources = organization()
    resources["Dev"]["DeletionPolicy"] = "Delete"
    resources["AdministratorAccess"]["Properties"]["Name"] = "Everything"
    return resources


def test_finds_nothing_in_a_good_template(tmp_path: Path) -> None:
    result = check(write(tmp_path / "good.json", organization()))
    assert (result.exit_code, result.stdout) == (0, "nothing found in 1 template\n")


def test_shows_each_finding_with_its_place_what_comes_of_it_and_the_source(
    tmp_path: Path, snapshot: SnapshotAssertion
) -> None:
    template = write(tmp_path / "bad.json", spoiled())
    result = check(template)
    assert result.exit_code == 1
    assert [line.split(":")[0] for line in result.stdout.splitlines() if re.match("[A-Z]", line)] == [
        "WARNING OrgBaseline-PermissionSetAdministratorName",
        "ERROR OrgBaseline-Retain",
    ]
    assert result.stdout.replace(str(template), "bad.json") == snapshot


def test_colours_how_bad_a_finding_is_by_that(tmp_path: Path) -> None:
    template = write(tmp_path / "bad.json", spoiled())
    shown = CliRunner().invoke(main, ["check", str(template)], color=True).stdout
    assert f"{style('WARNING', fg='yellow', bold=True)} OrgBaseline-PermissionSetAdministratorName" in shown
    assert f"{style('ERROR', fg='red', bold=True)} OrgBaseline-Retain" in shown


def test_exits_with_1_for_a_warning_alone(tmp_path: Path) -> None:
    resources = organization()
    del resources["OfLogs"]
    result = check(write(tmp_path / "bad.json", resources))
    assert result.exit_code == 1
    assert result.stdout.endswith("1 warning in 1 template\n")


def test_prints_json(tmp_path: Path) -> None:
    template = write(tmp_path / "bad.json", spoiled())
    result = check("--json", template)
    assert result.exit_code == 1
    name, retain = json.loads(result.stdout)
    assert (name["rule"], name["severity"]) == ("OrgBaseline-PermissionSetAdministratorName", "warning")
    assert name["detail"].startswith("Everything ")
    assert retain["rule"] == "OrgBaseline-Retain"
    assert (retain["template"], retain["logicalId"], retain["construct"]) == (str(template), "Dev", "Dev")
    assert retain["locations"] == ["DeletionPolicy"]
    assert json.loads(check("--json", write(tmp_path / "good.json", organization())).stdout) == []


def test_relates_templates_that_are_named_together(tmp_path: Path) -> None:
    one = write(tmp_path / "one.json", {"A": account("a")})
    two = write(tmp_path / "two.json", {"B": account("b", Email="AWS+A@acme.com")})
    assert check(one).exit_code == check(two).exit_code == 0
    result = check(one, two)
    assert result.exit_code == 1
    assert stands_in(result.stdout, "aws+a@acme.com", "acme-a", "acme-b")
    assert result.stdout.endswith("2 errors in 2 templates\n")


def test_says_what_no_template_has_yet(tmp_path: Path) -> None:
    template = {"Resources": organization(), "Metadata": {"OrgBaseline": {"Waiting": {"PermissionSets": 3}}}}
    (tmp_path / "a.json").write_text(json.dumps(template), encoding="utf-8")
    result = check(tmp_path / "a.json")
    assert (result.exit_code, result.stdout) == (0, "nothing found in 1 template\n")
    assert "3 permission sets" in result.stderr
    assert "[OrgBaseline-NoIdentityCenter]" in result.stderr


def test_names_the_construct_where_the_template_does(tmp_path: Path) -> None:
    user = resource("IAM::User") | {"Metadata": {"aws:cdk:path": "Stack/Robot/Resource"}}
    assert "  Stack/Robot/Resource (Robot1234)  Type\n" in check(write(tmp_path / "a.json", {"Robot1234": user})).output


def acknowledged(folder: Path, construct: str, rule: str) -> Path:
    entry = {"type": "aws:cdk:acknowledged-rules", "data": {rule: "A sandbox that is closed after the workshop."}}
    metadata = {construct: [entry], "/Org/Dev/Resource": [{"type": "aws:cdk:logicalId", "data": "Dev"}]}
    resources = organization()
    resources["Dev"]["DeletionPolicy"] = "Delete"
    (folder / "cdk.out").mkdir()
    (folder / "cdk.out" / "Org.metadata.json").write_text(json.dumps(metadata))
    return write_assembly(folder / "cdk.out", {"Org": stack(resources, additionalMetadataFile="Org.metadata.json")})


def test_reads_the_assembly_of_the_folder_by_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_assembly(
        tmp_path / "cdk.out", {"Org": stack(organization()), "Other": stack({"Robot": resource("IAM::User")})}
    )
    result = check()
    assert result.exit_code == 1
    assert result.stdout.endswith("1 error in 2 templates\n")


def test_leaves_out_what_the_app_acknowledged(tmp_path: Path) -> None:
    result = check(acknowledged(tmp_path, "/Org/Dev", "OrgBaseline::OrgBaseline-Retain"))
    assert (result.exit_code, result.stdout) == (0, "nothing found in 1 template; 1 acknowledged\n")


@pytest.mark.parametrize(
    ("construct", "rule"),
    [("/Org/Pro", "OrgBaseline::OrgBaseline-Retain"), ("/Org/Dev", "OrgBaseline::OrgBaseline-IamUser")],
    ids=["another-construct", "another-rule"],
)
def test_shows_what_something_else_was_acknowledged_for(tmp_path: Path, construct: str, rule: str) -> None:
    result = check(acknowledged(tmp_path, construct, rule))
    assert result.exit_code == 1
    assert "  Org/Dev/Resource (Dev)  DeletionPolicy\n" in result.stdout


@pytest.mark.parametrize(
    "written", ["OrgBaseline-Retain", "Annotation::OrgBaseline-Retain"], ids=["plain", "by-the-cdk"]
)
def test_says_what_to_acknowledge_a_finding_with_and_that_the_rule_alone_does_nothing(
    tmp_path: Path, written: str
) -> None:
    result = check(acknowledged(tmp_path, "/Org/Dev", written))
    assert (result.exit_code, "acknowledged" in result.stdout.splitlines()[-1]) == (1, False)
    assert "  Acknowledge with 'OrgBaseline::OrgBaseline-Retain'\n" in result.stdout
    [note] = [line for line in result.stderr.splitlines() if "Org/Dev" in line]
    assert stands_in(note, "OrgBaseline-Retain", "Org/Dev", "'OrgBaseline::OrgBaseline-Retain'")
    assert "Annotation" not in note


YAML = """
AWSTemplateFormatVersion: 2010-09-09
Resources:
  Organization:
    Type: AWS::Organizations::Organization
    DeletionPolicy: Retain
    UpdateReplacePolicy: Retain
  DenyAll:
    Type: AWS::Organizations::Policy
    Properties:
      Name: deny-all
      Type: SERVICE_CONTROL_POLICY
      TargetIds: [!GetAtt Organization.RootId]
      Content:
        Version: 2012-10-17
        Statement: [{Effect: Deny, Action: "*", Resource: "*"}]
"""


def test_reads_yaml_with_the_short_forms_of_cloudformation(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(YAML)
    result = check("--json", tmp_path / "a.yaml")
    [finding] = json.loads(result.stdout)
    assert (finding["rule"], finding["locations"]) == (
        "OrgBaseline-PolicyAllowsNothing",
        ["Properties.Content.Statement.0"],
    )


@pytest.mark.parametrize(
    ("name", "text", "code", "value"),
    [
        ("a.json", "{", "template-syntax", "JSON"),
        ("a.json", "[]", "template-not-a-mapping", ""),
        ("a.json", '{"Resources": []}', "template-without-resources", ""),
        ("a.yaml", "a: [", "template-syntax", "YAML"),
        ("a.yaml", "a: 1\na: 2", "template-syntax", "YAML"),
        ("a.yaml", "", "template-not-a-mapping", ""),
    ],
)
def test_refuses_what_is_no_template(tmp_path: Path, name: str, text: str, code: str, value: str) -> None:
    (tmp_path / name).write_text(text)
    assert_refused(check(tmp_path / name), code, repr(str(tmp_path / name)), value)


def test_refuses_a_file_that_is_missing_and_a_folder_that_is_no_assembly(tmp_path: Path) -> None:
    missing = tmp_path / "none.json"
    assert_refused(check(missing), "template-unreadable", repr(str(missing)), "No such file")
    assert_refused(check(tmp_path), "assembly-missing", repr(str(tmp_path)))


def test_without_a_template_it_looks_for_the_folder_that_cdk_synth_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert_refused(check(), "assembly-missing", "'cdk.out'", "`cdk synth`")


def test_starts_no_node_and_does_not_import_aws_cdk(tmp_path: Path) -> None:
    template = write(tmp_path / "good.json", organization())
    code = (
        "import sys; from org_constructs.commands import main\n"
        f"try: main(['check', {str(template)!r}])\n"
        "except SystemExit as done: assert done.code == 0\n"
        "assert not {'aws_cdk', 'jsii', 'boto3', 'cfnlint'} & sys.modules.keys()"
    )
    environment: dict[str, Any] = {"PATH": ""}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment, capture_output=True)  # noqa: S603 (our own)
