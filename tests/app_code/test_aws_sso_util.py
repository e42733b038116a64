"""Templates and configurations of aws-sso-util: what becomes of each thing in them, and what is refused."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
import yaml  # type: ignore[import-untyped] # its stubs are a package of their own

from made_by_hand import INSTANCE, MANAGEMENT, STORE
from odd_values import ODD, with_odd_values
from org_constructs.app_code.from_organization import app_from_tool
from org_constructs.app_code.tools.aws_sso_util import is_aws_sso_util, read_aws_sso_util
from org_constructs.app_code.tools.read import read_tool_file
from org_constructs.aws.template_text import parse_yaml_of_anybody
from org_constructs.refusal import Refusal
from refusals import refuses
from written_app import check_style, synthesized, write

if TYPE_CHECKING:
    from pathlib import Path

    from org_constructs.app_code.tools.file import ToolFile

TEMPLATE = """\
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS-SSO-Util-2020-11-08
Metadata:
  SSO:
    NumChildStacks: 10
    DefaultSessionDuration: PT8H
Parameters:
  Later:
    Type: String
  Sandbox:
    Type: String
    Default: "333344445555"
Resources:
  ReadOnlySet:
    Type: AWS::SSO::PermissionSet
    Properties:
      Name: ReadOnly
      ManagedPolicies: [ReadOnlyAccess, ViewOnlyAccess]
      CustomerManagedPolicyReferences:
      - Name: team
      PermissionsBoundary:
        CustomerManagedPolicyReference:
          Name: boundary
      InlinePolicy:
        Version: 2012-10-17
        Statement: [{Effect: Deny, Action: "s3:GetObject", Resource: "*"}]
      Tags:
      - Key: owner
        Value: kim
  Topic:
    Type: AWS::SNS::Topic
  Auditors:
    Type: SSOUtil::SSO::AssignmentGroup
    Properties:
      Name: Auditors
      InstanceArn: ssoins-1111222233334444
      Principal:
      - Type: GROUP
        Id:
        - 11112222-3333-4444-5555-666677778888
        - 11112222-3333-4444-5555-666677779999
      - PrincipalType: USER
        PrincipalIds: 99992222-3333-4444-5555-666677778888
      PermissionSet:
      - !GetAtt ReadOnlySet.PermissionSetArn
      - ps-1111222233334444
      Target:
      - Type: AWS_ACCOUNT
        Id: [222233334444, "111122223333", !Ref Sandbox, !Ref Later]
      - Type: AWS_OU
        Recursive: true
        Id: ou-1a2b-3c4d5e6f
"""

GROUP = "11112222-3333-4444-5555-666677778888"
PERSON = "99992222-3333-4444-5555-666677778888"
SET = "arn:aws:sso:::permissionSet/ssoins-1111222233334444/ps-1111222233334444"
CONFIG: dict[str, Any] = {
    "Instance": INSTANCE,
    "Groups": GROUP,
    "PermissionSets": [{"Name": "ReadOnly", "ManagedPolicies": "ReadOnlyAccess"}],
    "Accounts": "222233334444",
}
ANSWERS = {"company": "acme", "email": "aws@acme.com", "account": MANAGEMENT, "identity_store_id": STORE}


def read(folder: Path, content: object = TEMPLATE, **answers: str) -> ToolFile:
    file = folder / "sso.yaml"
    file.write_text(content if isinstance(content, str) else yaml.safe_dump(content), encoding="utf-8")
    found = read_tool_file(file, {**ANSWERS, **answers})
    assert found is not None
    return found


def access(file: ToolFile) -> list[tuple[str, str, str]]:
    return [(each.principal, each.permission_set, each.account) for each in file.description.assignments]


def test_a_template_becomes_an_app_that_synthesizes(tmp_path: Path) -> None:
    app = app_from_tool(read(tmp_path))
    write(app, tmp_path / "acme")
    check_style(tmp_path / "acme")
    [stack] = synthesized(tmp_path / "acme")
    made = [each for each in stack.template["Resources"].values() if each["Type"] == "AWS::SSO::Assignment"]
    assert len(made) == 3 * 2 * 3
    assert {each["Properties"]["InstanceArn"] for each in made} == {INSTANCE}
    [permission_set] = [
        each["Properties"] for each in stack.template["Resources"].values() if each["Type"] == "AWS::SSO::PermissionSet"
    ]
    assert permission_set["SessionDuration"] == "PT8H"
    assert [each.rpartition(":aws:policy/")[2] for each in permission_set["ManagedPolicies"]] == [
        "ReadOnlyAccess",
        "job-function/ViewOnlyAccess",
    ]
    assert permission_set["CustomerManagedPolicyReferences"] == [{"Name": "team", "Path": "/"}]
    assert permission_set["PermissionsBoundary"] == {
        "CustomerManagedPolicyReference": {"Name": "boundary", "Path": "/"}
    }
    assert permission_set["InlinePolicy"]["Statement"][0]["Effect"] == "Deny"
    assert permission_set["Tags"] == [{"Key": "owner", "Value": "kim"}]


@pytest.mark.parametrize("part", ["Metadata", "Topic", "ou-1a2b-3c4d5e6f", "Later", "ids of accounts"])
def test_what_the_app_cannot_say_is_listed(tmp_path: Path, part: str) -> None:
    assert [each for _, each in read(tmp_path).remarks if part in each] != []


def test_no_property_is_listed_that_the_app_says(tmp_path: Path) -> None:
    said = [each for _, each in read(tmp_path).remarks if "No line says" in each and "ReadOnlySet" in each]
    assert said == []


def test_a_configuration_gives_each_principal_each_set_in_each_account(tmp_path: Path) -> None:
    config = CONFIG | {
        "Users": [PERSON],
        "PermissionSets": [*CONFIG["PermissionSets"], SET.rpartition("permissionSet/")[2], "ps-1111222233334444"],
        "Accounts": [222233334444, MANAGEMENT],
    }
    assert set(access(read(tmp_path, config))) == {
        (principal, permission_set, account)
        for principal in (GROUP, PERSON)
        for permission_set in ("ReadOnly", SET)
        for account in ("222233334444", "management")
    }


def test_the_assignments_of_cloudformation_are_read_as_well(tmp_path: Path) -> None:
    properties = {"InstanceArn": INSTANCE, "PermissionSetArn": SET, "PrincipalType": "GROUP", "PrincipalId": GROUP}
    assignment = {
        "Type": "AWS::SSO::Assignment",
        "Properties": {**properties, "TargetType": "AWS_ACCOUNT", "TargetId": "222233334444"},
    }
    template = {"Transform": ["AWS-SSO-Util-2020-11-08"], "Resources": {"A": assignment}}
    assert access(read(tmp_path, template)) == [(GROUP, SET, "222233334444")]


def test_a_set_that_only_a_deploy_knows_is_left_out_with_who_has_it(tmp_path: Path) -> None:
    file = read(tmp_path, TEMPLATE.replace("Name: ReadOnly\n", "Name: !Ref Later\n"))
    assert {each for _, each, _ in access(file)} == {SET}
    assert [each for argument, each in file.remarks if argument == "permission_sets" and "ReadOnlySet" in each] != []


@pytest.mark.parametrize("name", ["company", "email", "account", "identity_store_id"])
def test_what_no_file_says_must_be_an_option(tmp_path: Path, name: str) -> None:
    with refuses("answers-missing", f"--{name.replace('_', '-')}", "sso.yaml"):
        read(tmp_path, **{name: None})  # type: ignore[arg-type] # as if it was not given


def test_options_are_looked_at_before_anything_is_written(tmp_path: Path) -> None:
    with refuses("account-id-form", "account", "'1234'"):
        read(tmp_path, account="1234")
    with refuses("email-form", "email", "'nobody'"):
        read(tmp_path, email="nobody")


def test_the_instance_is_in_the_file_or_an_option(tmp_path: Path) -> None:
    without = {name: each for name, each in CONFIG.items() if name != "Instance"}
    assert read(tmp_path, without, instance_arn=INSTANCE).description.assignments
    with refuses("answers-missing", "--instance-arn"):
        read(tmp_path, without)
    with refuses("options-together", "--instance-arn"):
        read(tmp_path, CONFIG, instance_arn=INSTANCE)


@pytest.mark.parametrize(
    ("changed", "value"),
    [
        ({"Accounts": "dev"}, "dev"),
        ({"Groups": "Administrators"}, "Administrators"),
        ({"PermissionSets": "ReadOnly"}, "ReadOnly"),
        ({"PermissionSets": [{"Name": "A", "InlinePolicy": "{"}]}, "A.InlinePolicy"),
        ({"PermissionSets": [{"ManagedPolicies": []}]}, "sso.yaml.Name"),
    ],
    ids=str,
)
def test_what_aws_sso_util_would_not_take_is_refused(tmp_path: Path, changed: dict[str, Any], value: str) -> None:
    with refuses("tool-file-invalid", value):
        read(tmp_path, {**CONFIG, **changed})


@pytest.mark.parametrize(("old", "new"), [("Type: GROUP", "Type: ROLE"), ("Type: AWS_OU", "Type: AWS_ROOT")])
def test_principals_and_targets_are_of_known_types(tmp_path: Path, old: str, new: str) -> None:
    with refuses("tool-file-invalid", new.removeprefix("Type: ")):
        read(tmp_path, TEMPLATE.replace(old, new))


def test_all_of_a_file_is_in_one_instance(tmp_path: Path) -> None:
    other = "    Properties:\n      InstanceArn: ssoins-9999222233334444\n      Name: ReadOnly\n"
    with refuses("tool-file-invalid", "InstanceArn", "ssoins-9999222233334444"):
        read(tmp_path, TEMPLATE.replace("    Properties:\n      Name: ReadOnly\n", other))


@pytest.mark.parametrize("content", [TEMPLATE, yaml.safe_dump(CONFIG)], ids=["template", "configuration"])
def test_whatever_stands_somewhere_is_written_or_refused(tmp_path: Path, content: str) -> None:
    ended = Counter[bool]()
    for odd in with_odd_values(parse_yaml_of_anybody(content)):
        try:
            if is_aws_sso_util(odd):
                app_from_tool(read_aws_sso_util(tmp_path / "sso.yaml", odd, ANSWERS))
            ended[True] += 1
        except Refusal:
            ended[False] += 1
    assert min(ended.values()) > len(ODD), ended


@pytest.mark.parametrize("content", [{"Resources": {"T": {"Type": "AWS::SNS::Topic"}}}, {"PermissionSets": []}, []])
def test_yaml_of_something_else_is_none_of_its(content: object) -> None:
    assert not is_aws_sso_util(content)
