"""What a new organization takes of an app, made from the assembly of the whole."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from cloud_assembly import baseline, get, stack, write_assembly
from org_constructs.rehearsal.first_deploy import creates_organization, first_deploy
from org_constructs.templates.assembly import read_stacks
from project import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from org_constructs.templates.assembly import Stack

POLICY = {
    "Type": "AWS::Organizations::Policy",
    "Properties": {"Name": "guardrails", "TargetIds": [get("Workloads", "Id")]},
    "DependsOn": "Dev",
}
PRODUCTION = {"Type": "AWS::Organizations::Account", "Properties": {"AccountName": "acme-production"}}


def synthesized(folder: Path, context: dict[str, Any], code: str) -> Path:
    """Run the code of an app here, where Node runs already, as the CDK CLI runs it."""
    exec(  # noqa: S102 (app.py's own code)
        code.replace("cdk.App()", "cdk.App(context=CONTEXT, outdir=FOLDER)"),
        {"CONTEXT": context, "FOLDER": str(folder)},
    )
    return folder


def without_what_waits(code: str) -> str:
    """Return app.py with README's edits for the first deploy."""
    code, removed = re.subn(r"    identity_center=IdentityCenter\(\n.*?\n    \),\n", "", code, flags=re.DOTALL)
    assert removed == 1
    code, emptied = re.subn(r"enabled_policy_types=\[[^]]+\]", "enabled_policy_types=[]", code)
    assert emptied == 1
    return code


def of_resources(folder: Path, **resources: object) -> tuple[Stack, ...]:
    """Return the first deploy of a stack of these resources."""
    assembly = write_assembly(folder / "cdk.out", {"OrgBaseline": stack(resources)})
    return first_deploy(read_stacks(assembly), assembly, folder / "first")


def test_is_what_the_example_synthesizes_with_the_edits_of_the_readme(
    tmp_path: Path, cdk_context: dict[str, Any]
) -> None:
    code = (ROOT / "app.py").read_text(encoding="utf-8")
    whole = synthesized(tmp_path / "whole", cdk_context, code)
    [edited] = read_stacks(synthesized(tmp_path / "edited", cdk_context, without_what_waits(code)))
    [derived] = first_deploy(read_stacks(whole), whole, tmp_path / "first")

    def compared(template: Any) -> Any:
        outputs = {name: each for name, each in template["Outputs"].items() if name != "NextSteps"}
        return {**template, "Outputs": outputs, "Metadata": None}

    assert compared(derived.template) == compared(edited.template)
    assert derived.template_file.parent == tmp_path / "first"


def test_is_the_whole_where_a_new_organization_takes_everything(tmp_path: Path) -> None:
    resources = {"Organization": {"Type": "AWS::Organizations::Organization"}, "Production": PRODUCTION}
    [whole] = of_resources(tmp_path, **resources, CDKMetadata={"Type": "AWS::CDK::Metadata"})
    assert whole.folder == tmp_path / "cdk.out"
    assert not (tmp_path / "first").exists()


def test_leaves_out_stacks_in_which_nothing_is_left(tmp_path: Path) -> None:
    people = {name: each for name, each in baseline().items() if each["Type"].startswith("AWS::SSO")}
    metadata = {"CDKMetadata": {"Type": "AWS::CDK::Metadata"}}
    core = {name: each for name, each in baseline().items() if name not in people}
    assembly = write_assembly(tmp_path / "cdk.out", {"Core": stack(core), "Access": stack({**people, **metadata})})
    [left] = first_deploy(read_stacks(assembly), assembly, tmp_path / "first")
    assert (left.id, set(left.template["Resources"])) == ("Core", {"Organization", "Dev", "Production"})


def test_leaves_out_what_refers_to_what_waits_in_other_stacks_too(tmp_path: Path) -> None:
    outputs = {
        "Team": {"Value": get("Administrators", "GroupId")},
        "Exported": {"Value": get("Administrators", "GroupId"), "Export": {"Name": "Team"}},
        "Id": {"Value": get("Organization", "Id")},
        "StartUrl": {"Value": "https://acme.awsapps.com/start"},
    }
    parameter = {"Type": "AWS::SSM::Parameter"}
    others = {
        "OfOutput": {"Value": {"Fn::GetStackOutput": {"StackName": "Core", "OutputName": "Team"}}},
        "OfExport": {"Value": {"Fn::ImportValue": "Team"}},
        "OfParameter": {"Value": {"Fn::Sub": "is ${OfOutput}"}},
        "OfOrganization": {"Value": {"Fn::GetStackOutput": {"StackName": "Core", "OutputName": "Id"}}},
    }
    resources = {name: {**parameter, "Properties": properties} for name, properties in others.items()}
    core = {**stack({}), "template": {"Resources": baseline(), "Outputs": outputs}}
    assembly = write_assembly(tmp_path / "cdk.out", {"Core": core, "Other": stack(resources)})
    first, other = first_deploy(read_stacks(assembly), assembly, tmp_path / "first")
    assert set(first.template["Outputs"]) == {"Id"}
    assert set(other.template["Resources"]) == {"OfOrganization"}


def test_leaves_out_the_function_that_makes_users_and_its_role_alone(tmp_path: Path) -> None:
    resources = {
        "Organization": {"Type": "AWS::Organizations::Organization"},
        "Shared": {"Type": "AWS::IAM::ManagedPolicy"},
        "Role": {"Type": "AWS::IAM::Role", "Properties": {"ManagedPolicyArns": [{"Ref": "Shared"}]}},
        "RolePolicy": {"Type": "AWS::IAM::Policy", "Properties": {"Roles": [{"Ref": "Role"}]}},
        "Function": {"Type": "AWS::Lambda::Function", "Properties": {"Role": get("Role", "Arn")}},
        "Log": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": {"Fn::Sub": "/aws/lambda/${Function}"}}},
        "User": {
            "Type": "Custom::IdentityStoreUser",
            "Properties": {"ServiceToken": get("Function", "Arn")},
            "DependsOn": ["RolePolicy", "Organization"],
        },
        "Another": {"Type": "AWS::IAM::Role", "Properties": {"ManagedPolicyArns": [{"Ref": "Shared"}]}},
    }
    [first] = of_resources(tmp_path, **resources)
    assert set(first.template["Resources"]) == {"Organization", "Shared", "Another"}


@pytest.mark.parametrize(
    ("depends_on", "left"),
    [
        ("Guardrails", ["Dev"]),
        (["Guardrails", "Dev"], ["Dev"]),
        (["Admin"], None),
        (["Organization"], ["Organization"]),
    ],
    ids=["of_a_policy", "twice", "of_nothing_before_it", "of_what_is_there"],
)
def test_waits_for_what_the_left_out_would_wait_for(
    tmp_path: Path, depends_on: str | list[str], left: list[str] | None
) -> None:
    [first] = of_resources(
        tmp_path,
        Organization={"Type": "AWS::Organizations::Organization"},
        Workloads={"Type": "AWS::Organizations::OrganizationalUnit", "Properties": {}, "DependsOn": "Organization"},
        Dev={"Type": "AWS::Organizations::Account", "Properties": {}, "DependsOn": "Workloads"},
        Guardrails=POLICY,
        Admin={"Type": "AWS::SSO::PermissionSet"},
        Production={**PRODUCTION, "DependsOn": depends_on},
    )
    assert first.template["Resources"]["Production"].get("DependsOn") == left


def test_leaves_out_a_nested_stack_with_what_waits_in_it(tmp_path: Path) -> None:
    def nested(file: str) -> dict[str, Any]:
        return {"Type": "AWS::CloudFormation::Stack", "Metadata": {"aws:asset:path": file}}

    for name, kind in (("people", "AWS::IdentityStore::Group"), ("units", "AWS::Organizations::OrganizationalUnit")):
        (tmp_path / "cdk.out").mkdir(exist_ok=True)
        template = {"Resources": {"Only": {"Type": kind}}}
        (tmp_path / "cdk.out" / f"{name}.json").write_text(json.dumps(template), encoding="utf-8")
    organization = {"Type": "AWS::Organizations::Organization"}
    [first] = of_resources(
        tmp_path, Organization=organization, People=nested("people.json"), Units=nested("units.json")
    )
    assert set(first.template["Resources"]) == {"Organization", "Units"}


def test_stores_the_template_under_a_name_of_its_own(tmp_path: Path) -> None:
    url = {"stackTemplateAssetObjectUrl": "s3://bucket/abc123.json"}
    assembly = write_assembly(tmp_path / "cdk.out", {"OrgBaseline": stack(baseline(), properties=url)})
    asset = {"source": {"path": "OrgBaseline.template.json"}, "destinations": {"here": {"objectKey": "abc123.json"}}}
    (assembly / "OrgBaseline.assets.json").write_text(json.dumps({"files": {"abc123": asset}}), encoding="utf-8")
    [first] = first_deploy(read_stacks(assembly), assembly, tmp_path / "first")
    [key] = json.loads((tmp_path / "first" / "OrgBaseline.assets.json").read_bytes())["files"]
    assert key != "abc123"
    assert first.artifact["properties"]["stackTemplateAssetObjectUrl"] == f"s3://bucket/{key}.json"


def test_begins_with_an_organization_that_the_app_makes(tmp_path: Path) -> None:
    without = {name: each for name, each in baseline().items() if name != "Organization"}
    assert creates_organization(read_stacks(write_assembly(tmp_path / "new", {"A": stack(baseline())})))
    assert not creates_organization(read_stacks(write_assembly(tmp_path / "existing", {"A": stack(without)})))
