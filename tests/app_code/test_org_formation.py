"""organization.yml of org-formation: what becomes of each thing in it, and what is refused."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
import yaml  # type: ignore[import-untyped] # its stubs are a package of their own

from odd_values import ODD, with_odd_values
from org_constructs.app_code.from_organization import app_from_tool
from org_constructs.app_code.tools.org_formation import is_org_formation, read_org_formation
from org_constructs.app_code.tools.read import read_tool_file
from org_constructs.aws.template_text import parse_yaml_of_anybody
from org_constructs.refusal import Refusal
from refusals import refuses
from written_app import check_style, synthesized, write

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from org_constructs.app_code.from_organization import AppCode
    from org_constructs.app_code.tools.file import ToolFile

ORGANIZATION = """\
AWSTemplateFormatVersion: 2010-09-09-OC
Description: The organization of acme

Parameters:
  devEmail:
    Type: String
    Default: aws+dev@acme.com

Organization:
  ManagementAccount:
    Type: OC::ORG::MasterAccount
    Properties:
      AccountName: acme
      AccountId: '111122223333'
      RootEmail: aws@acme.com
      Alias: acme
      PasswordPolicy: !Ref Passwords

  OrganizationRoot:
    Type: OC::ORG::OrganizationRoot
    Properties:
      ServiceControlPolicies:
        - !Ref DenyLeaving

  WorkloadsUnit:
    Type: OC::ORG::OrganizationalUnit
    Properties:
      OrganizationalUnitName: Workloads
      OrganizationalUnits: !Ref ProductionUnit
      Accounts:
        - !Ref DevAccount

  ProductionUnit:
    Type: OC::ORG::OrganizationalUnit
    Properties:
      OrganizationalUnitName: Production
      ServiceControlPolicies: !Ref Regions
      Accounts:
        - '222233334444'
        - '999988887777'

  DevAccount:
    Type: OC::ORG::Account
    Properties:
      AccountName: acme-dev
      RootEmail: !Ref devEmail
      Alias: acme-dev
      Tags:
        cost-center: 200
        temporary: true

  ProductionAccount:
    Type: OC::ORG::Account
    Properties:
      AccountName: acme-production
      AccountId: 222233334444
      RootEmail: aws+production@acme.com
      Alias: acme-production
      ServiceControlPolicies: '*'

  LegacyAccount:
    Type: OC::ORG::Account
    Properties:
      AccountName: Legacy
      AccountId: '012345670123'

  DenyLeaving:
    Type: OC::ORG::ServiceControlPolicy
    Properties:
      PolicyName: DenyLeaving
      Description: Nobody takes an account out
      PolicyDocument:
        Version: 2012-10-17
        Statement:
          - Sid: DenyLeaving
            Effect: Deny
            Action: organizations:LeaveOrganization
            Resource: '*'

  Regions:
    Type: OC::ORG::ServiceControlPolicy
    Properties:
      PolicyName: Regions
      PolicyDocument: !Include policies/regions.yml

  Passwords:
    Type: OC::ORG::PasswordPolicy
    Properties:
      MinimumPasswordLength: 14

OrganizationBindings:
  everywhere:
    Account: '*'
"""

REGIONS = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Deny",
            "NotAction": ["iam:*", "sts:*"],
            "Resource": "*",
            "Condition": {"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1", "us-east-1"]}},
        }
    ],
}

MASTER = {"AccountName": "acme", "AccountId": "111122223333", "RootEmail": "aws@acme.com"}
DEV = {"AccountName": "acme-dev", "RootEmail": "aws+dev@acme.com"}
POLICY = {"PolicyName": "Regions", "PolicyDocument": REGIONS}


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "regions.yml").write_text(yaml.safe_dump(REGIONS), encoding="utf-8")
    file = tmp_path / "organization.yml"
    file.write_text(ORGANIZATION, encoding="utf-8")
    return file


def read(file: Path, **answers: str) -> ToolFile:
    found = read_tool_file(file, answers)
    assert found is not None
    return found


def organization(folder: Path, beside: Mapping[str, Any] | None = None, **resources: tuple[str, Any]) -> Path:
    """A file with a management account and these resources, by their types without `OC::ORG::`."""
    there = {"Master": ("MasterAccount", MASTER), **resources}
    section = {key: {"Type": f"OC::ORG::{kind}", "Properties": said} for key, (kind, said) in there.items()}
    file = folder / "organization.yml"
    file.write_text(yaml.safe_dump({"Organization": section, **(beside or {})}), encoding="utf-8")
    return file


def code(app: AppCode) -> str:
    return app.files["app.py"]


class TestWhole:
    """The file above, with everything that the documentation has."""

    def test_writes_an_app_that_synthesizes(self, whole: Path, tmp_path: Path) -> None:
        app = app_from_tool(read(whole))
        folder = tmp_path / "acme"
        write(app, folder)
        check_style(folder)
        [stack] = synthesized(folder)
        made = [
            (each["Type"].rpartition("::")[2], each["Properties"].get("AccountName") or each["Properties"].get("Name"))
            for each in stack.template["Resources"].values()
        ]
        assert sorted(made, key=str) == [
            ("Account", "acme-dev"),
            ("Account", "acme-production"),
            ("Organization", None),
            ("OrganizationalUnit", "Production"),
            ("OrganizationalUnit", "Workloads"),
            ("Policy", "DenyLeaving"),
            ("Policy", "Regions"),
        ]

    def test_says_everything_as_the_file_has_it(self, whole: Path) -> None:
        written = code(app_from_tool(read(whole)))
        assert '"""The organization of acme, as organization.yml of org-formation has it."""' in written
        assert 'account="111122223333", region="us-east-1"' in written
        dev = (
            'AccountProps(key="dev", organizational_unit="Workloads", tags={"cost-center": "200", "temporary": "true"})'
        )
        assert dev in written
        assert 'AccountProps(key="production", organizational_unit="Workloads/Production")' in written
        assert 'AccountProps(key="legacy", name="Legacy", account_id="012345670123")' in written
        assert 'targets=["root", "production"]' in written
        assert 'targets=["Workloads/Production", "production"]' in written
        assert "enabled_policy_types=[PolicyType.SERVICE_CONTROL_POLICY]" in written

    @pytest.mark.parametrize(
        "said",
        [
            "No line says Passwords, which is of the type OC::ORG::PasswordPolicy.",
            "No line says Alias, which the file has of DevAccount and ProductionAccount.",
            "No line says Alias and PasswordPolicy, which the file has of ManagementAccount.",
            "No line says what organization.yml has beside the organization: OrganizationBindings.",
            "ProductionUnit.Accounts has 999988887777, which the file says no more of: left out.",
            "With the RootEmail of LegacyAccount in the file, the app could take it over.",
            "organization.yml says nothing of IAM Identity Center",
        ],
    )
    def test_what_it_cannot_say_is_a_comment_and_in_the_summary(self, whole: Path, said: str) -> None:
        app = app_from_tool(read(whole))
        comments = " ".join(line.strip(" #") for line in code(app).splitlines() if line.strip().startswith("#"))
        assert said in comments
        assert any(said in note for note in app.notes)

    def test_options_say_what_it_does_not(self, whole: Path) -> None:
        arn, store = "arn:aws:sso:::instance/ssoins-1234567890abcdef", "d-1234567890"
        written = code(app_from_tool(read(whole, region="eu-west-1", instance_arn=arn, identity_store_id=store)))
        assert 'region="eu-west-1"' in written
        assert f'instance_arn="{arn}"' in written
        assert "says nothing of IAM Identity Center" not in written


def test_an_organization_may_be_included(tmp_path: Path) -> None:
    file = organization(tmp_path, Dev=("Account", DEV))
    including = tmp_path / "main.yml"
    including.write_text("AWSTemplateFormatVersion: 2010-09-09-OC\nOrganization: !Include ./organization.yml\n")
    assert read(including).description.accounts == read(file).description.accounts


def test_a_management_account_without_an_address_needs_the_option(tmp_path: Path) -> None:
    file = organization(tmp_path, Master=("MasterAccount", {**MASTER, "RootEmail": None}))
    with refuses("answers-missing", "--email", "organization.yml"):
        read(file)
    assert read(file, email="aws@acme.com").description.accounts["management"].email == "aws@acme.com"


@pytest.mark.parametrize(("name", "value"), [("email", "x@acme.com"), ("company", "x"), ("account", "222222222222")])
def test_an_option_does_not_say_what_the_file_says(tmp_path: Path, name: str, value: str) -> None:
    with refuses("options-together", f"--{name}"):
        read(organization(tmp_path), **{name: value})


def test_half_an_instance_is_refused(tmp_path: Path) -> None:
    with refuses("instance-incomplete", "--instance-arn"):
        read(organization(tmp_path), identity_store_id="d-1234567890")


@pytest.mark.parametrize("document", [None, {"Statement": {"Resource": {"Fn::Sub": "${AWS::Partition}"}}}])
def test_a_policy_that_only_the_tool_can_fill_in_is_left_out(tmp_path: Path, document: object) -> None:
    found = read(organization(tmp_path, P=("ServiceControlPolicy", {**POLICY, "PolicyDocument": document})))
    assert found.description.policies == {}
    assert [argument for argument, said in found.remarks if "The policy Regions is left out" in said] == ["policies"]


def test_a_document_may_be_a_text(tmp_path: Path) -> None:
    text = '{"Version": "2012-10-17", "Statement": []}'
    found = read(organization(tmp_path, P=("ServiceControlPolicy", {**POLICY, "PolicyDocument": text})))
    assert found.description.policies["P"].content == {"Version": "2012-10-17", "Statement": []}


@pytest.mark.parametrize(
    ("resources", "values"),
    [
        ({"Master": ("Account", DEV)}, ["Organization", "OC::ORG::MasterAccount"]),
        ({"Other": ("MasterAccount", MASTER)}, ["Organization", "Master", "Other"]),
        ({"Master": ("MasterAccount", {**MASTER, "AccountId": 12345670123})}, ["Master.AccountId", "12345670123"]),
        ({"Master": ("MasterAccount", {**MASTER, "AccountName": None})}, ["Master.AccountName", "nothing"]),
        ({"Master": ("MasterAccount", {**MASTER, "AccountName": "{{ name }}"})}, ["Master.AccountName", "{{ name }}"]),
        ({"Dev": ("Account", {"AccountName": "acme-dev"})}, ["Dev.RootEmail", "AccountId"]),
        ({"Dev": ("Account", {**DEV, "AccountName": ["acme-dev"]})}, ["Dev.AccountName", "['acme-dev']"]),
        ({"Dev": ("Account", {**DEV, "Tags": ["a"]})}, ["Dev.Tags", "['a']"]),
        ({"Dev": ("Account", ["acme-dev"])}, ["Organization.Dev.Properties", "['acme-dev']"]),
        (
            {each: ("Account", {**DEV, "AccountId": "222233334444"}) for each in ("A", "B")},
            ["B.AccountId", "222233334444"],
        ),
        (
            {"U": ("OrganizationalUnit", {"OrganizationalUnitName": "U", "Accounts": {"Ref": "Gone"}})},
            ["U.Accounts", "Gone"],
        ),
        (
            {"U": ("OrganizationalUnit", {"OrganizationalUnitName": "U", "OrganizationalUnits": {"Ref": "U"}})},
            ["U.OrganizationalUnits"],
        ),
        (
            {
                "Dev": ("Account", DEV),
                "U": ("OrganizationalUnit", {"OrganizationalUnitName": "U", "Accounts": {"Ref": "Dev"}}),
                "V": ("OrganizationalUnit", {"OrganizationalUnitName": "V", "Accounts": [{"Ref": "Dev"}]}),
            },
            ["V.Accounts", "U", "Dev"],
        ),
        ({"P": ("ServiceControlPolicy", {**POLICY, "PolicyDocument": "{"})}, ["P.PolicyDocument"]),
        ({"P": ("ServiceControlPolicy", {**POLICY, "PolicyDocument": ["x"]})}, ["P.PolicyDocument", "['x']"]),
    ],
    ids=str,
)
def test_what_org_formation_would_not_take_is_refused(
    tmp_path: Path, resources: dict[str, Any], values: list[str]
) -> None:
    with refuses("tool-file-invalid", *values):
        read(organization(tmp_path, **resources))


def test_a_new_account_is_checked_as_synth_would(tmp_path: Path) -> None:
    with refuses("email-form", "Dev: email", "nobody"):
        read(organization(tmp_path, Dev=("Account", {**DEV, "RootEmail": "nobody"})))


def test_a_file_of_tasks_is_not_the_organization(tmp_path: Path) -> None:
    file = tmp_path / "organization-tasks.yml"
    task = {"Type": "update-organization", "Template": "./organization.yml"}
    file.write_text(yaml.safe_dump({"OrganizationUpdate": task}), encoding="utf-8")
    with refuses("tool-file-invalid", "./organization.yml"):
        read(file)


@pytest.mark.parametrize(
    ("name", "text"),
    [("../secret.yml", "x"), ("organization.yml", ""), ("again.yml", "!Include again.yml")],
    ids=["above", "itself", "in a circle"],
)
def test_an_include_stays_below_and_ends(tmp_path: Path, name: str, text: str) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    if text:
        (folder / name).write_text(text, encoding="utf-8")
    file = folder / "organization.yml"
    file.write_text(f"AWSTemplateFormatVersion: 2010-09-09-OC\nOrganization: !Include {name}\n", encoding="utf-8")
    with refuses("tool-file-invalid", "!Include", name):
        read(file)


def test_includes_do_not_multiply(tmp_path: Path) -> None:
    file = tmp_path / "organization.yml"
    (tmp_path / "list.yml").write_text("[a, b]", encoding="utf-8")
    many = ", ".join(["!Include list.yml"] * 51)
    file.write_text(f"AWSTemplateFormatVersion: 2010-09-09-OC\nOrganization: [{many}]\n", encoding="utf-8")
    with refuses("tool-file-invalid", "!Include", "50"):
        read(file)


def test_whatever_stands_somewhere_is_written_or_refused(tmp_path: Path) -> None:
    parsed = parse_yaml_of_anybody(ORGANIZATION)
    parsed["Organization"]["Regions"]["Properties"]["PolicyDocument"] = REGIONS
    ended = Counter[bool]()
    for odd in with_odd_values(parsed):
        try:
            if is_org_formation(odd):
                app_from_tool(read_org_formation(tmp_path / "organization.yml", odd, {}))
            ended[True] += 1
        except Refusal:
            ended[False] += 1
    assert min(ended.values()) > len(ODD), ended


def test_yaml_of_something_else_is_none_of_its(tmp_path: Path) -> None:
    file = tmp_path / "template.yaml"
    file.write_text("Resources: {}\n", encoding="utf-8")
    assert read_tool_file(file, {}) is None


def test_what_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with refuses("tool-file-unreadable", "gone.yml"):
        read_tool_file(tmp_path / "gone.yml", {})
    large = tmp_path / "large.yml"
    large.write_text("#" * 2_000_001, encoding="utf-8")
    with refuses("tool-file-invalid", "large.yml", "2,000,000"):
        read_tool_file(large, {})
