import json
from pathlib import Path
from typing import Any

import pytest

from cloud_assembly import ACCOUNT, baseline, stack, write_assembly
from org_constructs.rehearsal.selection import Selection, select
from org_constructs.templates.assembly import Stack, organization_region, read_stacks
from refusals import refuses

ORGANIZATION = {"Organization": {"Type": "AWS::Organizations::Organization"}}
GROUP = {"Group": {"Type": "AWS::IdentityStore::Group"}}
BUCKET = {"Bucket": {"Type": "AWS::S3::Bucket"}}
REGIONS = ("eu-west-1", "eu-central-1", "us-east-2")
AGNOSTIC = "aws://unknown-account/unknown-region"


def read(folder: Path, **stacks: dict[str, Any]) -> tuple[Stack, ...]:
    return read_stacks(write_assembly(folder, stacks))


def ids(stacks: tuple[Stack, ...]) -> list[str]:
    return [each.id for each in stacks]


def test_reads_account_and_region_of_a_stack(tmp_path: Path) -> None:
    [found] = read(tmp_path, OrgBaseline=stack(baseline(), environment="aws://111122223333/eu-west-1"))
    assert (found.id, found.account, found.region) == ("OrgBaseline", "111122223333", "eu-west-1")


def test_reads_the_stacks_of_a_stage_under_its_name(tmp_path: Path) -> None:
    write_assembly(tmp_path / "assembly-Prod", {"ProdOrg": stack(ORGANIZATION, displayName="Prod/Org")})
    nested = {"type": "cdk:cloud-assembly", "properties": {"directoryName": "assembly-Prod"}}
    (tmp_path / "manifest.json").write_text(json.dumps({"version": "48.0.0", "artifacts": {"assembly-Prod": nested}}))
    assert ids(read_stacks(tmp_path)) == ["Prod/Org"]


def test_reads_the_templates_of_nested_stacks(tmp_path: Path) -> None:
    (tmp_path / "child.nested.template.json").write_text(json.dumps({"Resources": ORGANIZATION}))
    child = {"Type": "AWS::CloudFormation::Stack", "Metadata": {"aws:asset:path": "child.nested.template.json"}}
    [found] = read(tmp_path, Parent=stack({"Child": child}))
    assert [each["Type"] for each in found.resources()] == [
        "AWS::CloudFormation::Stack",
        "AWS::Organizations::Organization",
    ]


def test_refuses_a_folder_that_is_no_assembly(tmp_path: Path) -> None:
    with refuses("assembly-missing", f"'{tmp_path}'", "manifest.json"):
        read_stacks(tmp_path)


def test_needs_no_bootstrap_for_a_small_template_without_assets(tmp_path: Path) -> None:
    [found] = read(tmp_path, OrgBaseline=stack(baseline()))
    assert found.bootstrap_reason == ""


def test_needs_the_bootstrap_that_the_synthesizer_asks_for(tmp_path: Path) -> None:
    properties = {
        "requiresBootstrapStackVersion": 6,
        "bootstrapStackVersionSsmParameter": "/cdk-bootstrap/acme/version",
    }
    [found] = read(tmp_path, OrgBaseline=stack(ORGANIZATION, properties=properties))
    assert found.bootstrap_reason == "its synthesizer requires bootstrap version 6 or newer"
    assert found.bootstrap_qualifier == "acme"


def test_needs_the_bootstrap_for_assets(tmp_path: Path) -> None:
    metadata = {"/OrgBaseline": [{"type": "aws:cdk:asset", "data": {"path": "asset.1", "packaging": "zip"}}]}
    [found] = read(tmp_path, OrgBaseline=stack(ORGANIZATION, metadata=metadata))
    assert found.bootstrap_reason == "it has assets"


def test_finds_assets_in_the_metadata_file_beside_the_manifest(tmp_path: Path) -> None:
    metadata = {"/OrgBaseline": [{"type": "aws:cdk:asset", "data": {"path": "asset.1", "packaging": "zip"}}]}
    (tmp_path / "OrgBaseline.metadata.json").write_text(json.dumps(metadata))
    [found] = read(tmp_path, OrgBaseline=stack(ORGANIZATION, additionalMetadataFile="OrgBaseline.metadata.json"))
    assert found.bootstrap_reason == "it has assets"


@pytest.mark.parametrize(("length", "needed"), [(51_106, False), (51_107, True)], ids=["51200_bytes", "51201_bytes"])
def test_needs_the_bootstrap_for_a_template_over_51200_bytes_as_yaml(
    tmp_path: Path, length: int, *, needed: bool
) -> None:
    resources = {"Policy": {"Type": "AWS::Organizations::Policy", "Properties": {"Description": "x" * length}}}
    [found] = read(tmp_path, OrgBaseline=stack(resources))
    assert ("more than 51,200 needs a bucket" in found.bootstrap_reason) is needed


def test_deploys_the_stacks_of_the_management_account_and_leaves_others_out(tmp_path: Path) -> None:
    stacks = read(
        tmp_path,
        Org=stack(ORGANIZATION),
        Workload=stack(BUCKET, environment="aws://444455556666/us-east-1"),
        Anywhere=stack(BUCKET, environment=AGNOSTIC),
    )
    selection = select(stacks)
    assert selection.account == ACCOUNT
    assert ids(selection.stacks) == ["Org", "Anywhere"]
    assert ids(selection.left_out) == ["Workload"]


def test_takes_the_organizations_account_before_that_of_identity_center(tmp_path: Path) -> None:
    stacks = read(tmp_path, Access=stack(GROUP, environment="aws://444455556666/us-east-1"), Org=stack(ORGANIZATION))
    assert select(stacks).account == ACCOUNT


def test_takes_the_region_of_identity_center(tmp_path: Path) -> None:
    stacks = read(tmp_path, Org=stack(ORGANIZATION), Access=stack(GROUP, environment=f"aws://{ACCOUNT}/eu-west-1"))
    assert select(stacks).region == "eu-west-1"


def test_assumes_an_account_and_a_region_for_a_stack_that_names_none_and_says_so(tmp_path: Path) -> None:
    stacks = read(tmp_path, Org=stack(ORGANIZATION, environment=AGNOSTIC))
    assert select(stacks) == Selection(
        "111122223333", "us-east-1", stacks, (), ("account 111122223333", "region us-east-1")
    )


def test_refuses_an_app_without_an_organization_or_identity_center(tmp_path: Path) -> None:
    with refuses("organization-missing", "Website"):
        select(read(tmp_path, Website=stack(BUCKET)))


def test_refuses_an_app_without_stacks(tmp_path: Path) -> None:
    with refuses("organization-missing", "got no stack"):
        select(read(tmp_path))


def test_refuses_organizations_in_two_accounts(tmp_path: Path) -> None:
    stacks = read(tmp_path, A=stack(ORGANIZATION), B=stack(ORGANIZATION, environment="aws://444455556666/us-east-1"))
    with refuses("environment-not-one", "A for 111122223333, B for 444455556666"):
        select(stacks)


def test_an_organization_is_asked_where_identity_center_is(tmp_path: Path) -> None:
    nowhere, ireland, frankfurt, ohio = (
        f"aws://{each}" for each in ("unknown-account/unknown-region", *(f"{ACCOUNT}/{region}" for region in REGIONS))
    )
    bucket, organization = stack(BUCKET, environment=ireland), stack(ORGANIZATION, environment=frankfurt)
    assert organization_region(read(tmp_path, A=stack(GROUP, environment=nowhere))) is None
    assert organization_region(read(tmp_path, A=bucket)) == "eu-west-1"
    assert organization_region(read(tmp_path, A=bucket, B=organization)) == "eu-central-1"
    group = stack(GROUP, environment=ohio)
    assert organization_region(read(tmp_path, A=bucket, B=organization, C=group)) == "us-east-2"
