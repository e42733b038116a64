"""`org-baseline drift`: how it ends, what it writes and where, and what it refuses."""

from __future__ import annotations

import json
import shlex
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError
from click.testing import CliRunner

from cloud_assembly import stack, write_assembly
from in_process import local_aws
from local_aws_stacks import EXISTING, MANAGEMENT, UNIT, account, deploy, permission_set, physical_id, policy, resource
from org_constructs.commands import main
from org_constructs.live.organization import LiveOrganization
from org_constructs.templates.denial import denial
from refusals import assert_refused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from click.testing import Result

    from org_constructs.rehearsal.local_aws import LocalAws

RESOURCES = {"Dev": account(), "Deny": policy("Dev", TargetIds=[UNIT]), "Read": permission_set(Name="ReadOnly")}


@pytest.fixture
def aws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalAws]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    (tmp_path / "config").write_text("[profile 'acme dev']\nregion = us-east-1\n", encoding="utf-8")
    with local_aws(MANAGEMENT, "us-east-1") as running:
        running.seed(replace(EXISTING, account_ids=(), permission_set_arns=()))
        monkeypatch.setattr(LiveOrganization, "connect", lambda *_: LiveOrganization(running.client))
        yield running


def write(folder: Path, **stacks: dict[str, Any]) -> None:
    environment = f"aws://{MANAGEMENT}/us-east-1"
    made = {name: stack(resources, environment=environment) for name, resources in stacks.items()}
    write_assembly(folder / "cdk.out", made)


@pytest.fixture
def deployed(aws: LocalAws, tmp_path: Path) -> LocalAws:
    status, why = deploy(aws, **RESOURCES)
    assert status == "CREATE_COMPLETE", why
    write(tmp_path, OrgBaseline=RESOURCES)
    return aws


def detach(aws: LocalAws) -> str:
    """Detach the policy by hand; return its id."""
    policy_id = physical_id(aws, "Deny")
    aws.client("organizations").detach_policy(PolicyId=policy_id, TargetId=UNIT)
    return policy_id


def drift(*words: str) -> Result:
    return CliRunner().invoke(main, ["drift", *words], catch_exceptions=False)


def test_ends_well_where_nothing_drifted(deployed: LocalAws) -> None:
    del deployed
    result = drift()
    assert (result.exit_code, result.stdout) == (0, "Nothing drifted in OrgBaseline (3 resources).\n")
    assert "Reading AWS: assignments (2)" in result.stderr.splitlines()


def test_says_what_drifted_whatever_the_app_says_by_now(deployed: LocalAws, tmp_path: Path) -> None:
    policy_id = detach(deployed)
    write(tmp_path, OrgBaseline={**RESOURCES, "Deny": policy("Dev", TargetIds=[])})
    result = drift("--profile", "acme dev", "--format", "json")
    said = json.loads(result.stdout)
    assert result.stdout == json.dumps(said, indent=2) + "\n"
    [found] = said["drift"]
    assert (result.exit_code, said["compared"], said["couldNotLook"]) == (3, 3, [])
    assert (found["code"], found["id"], found["stack"]) == ("drift-detached", policy_id, "OrgBaseline")
    assert found["changes"] == [{"property": "TargetIds", "template": [UNIT], "aws": None}]
    attach = ["aws", "organizations", "attach-policy", "--policy-id", policy_id, "--target-id", UNIT]
    assert [shlex.split(each) for each in found["takeBack"]["commands"]] == [[*attach, "--profile", "acme dev"]]
    assert found["takeOver"]["paste"] == [
        {"in": "the properties of Deny of stack 'OrgBaseline'", "lines": ["TargetIds: null"]}
    ]
    assert [found[way]["safe"] for way in ("takeBack", "takeOver", "leave")] == [True, True, False]


@pytest.mark.parametrize("words", [["--output", "drift.md"], ["--format", "markdown", "--output", "drift.txt"]])
def test_writes_a_file(deployed: LocalAws, tmp_path: Path, words: list[str]) -> None:
    policy_id = detach(deployed)
    result = drift(*words)
    assert (result.exit_code, result.stdout) == (3, "")
    written = (tmp_path / words[-1]).read_text(encoding="utf-8").splitlines()
    assert f"  aws organizations attach-policy --policy-id {policy_id} --target-id {UNIT}" in written
    assert "`drift-detached`" in written


def test_leaves_what_it_is_asked_to_leave(deployed: LocalAws) -> None:
    key = f"drift-detached:{detach(deployed)}"
    result = drift("--leave", key, "--format", "json")
    said = json.loads(result.stdout)
    assert (result.exit_code, said["drift"], [each["key"] for each in said["left"]]) == (0, [], [key])
    assert "Note" not in result.stderr


def test_says_which_key_leaves_nothing(deployed: LocalAws) -> None:
    del deployed
    result = drift("--leave", "drift-detached:p-goneforgood")
    assert result.exit_code == 0
    assert result.stderr.splitlines()[-1] == "Note: nothing that drifted has the key 'drift-detached:p-goneforgood'"


def test_says_what_no_stack_has_of_what_the_stacks_make(deployed: LocalAws) -> None:
    organizations = deployed.client("organizations")
    organizations.create_organizational_unit(ParentId=UNIT, Name="Of no concern: the stack has no unit")
    made = organizations.create_account(AccountName="by-hand", Email="hand@acme.com")["CreateAccountStatus"]
    result = drift("--format", "json")
    [found] = json.loads(result.stdout)["drift"]
    assert (result.exit_code, found["code"], found["id"]) == (3, "drift-added", made["AccountId"])
    assert (found["kind"], found["name"], found["origin"]) == ("account", "by-hand", "by hand")
    assert (found["stack"], found["takeOver"]["paste"]) == (None, [])


def test_says_what_the_denial_of_somebody_who_has_left_is_for(deployed: LocalAws) -> None:
    other = RESOURCES["Deny"]["Properties"]["Content"]
    for name, content in (("HasLeft", denial("11112222-3333-4444-5555-666677778888")), ("Other", other)):
        deployed.client("organizations").create_policy(
            Name=name, Type="SERVICE_CONTROL_POLICY", Description="", Content=json.dumps(content)
        )
    found = {each["name"]: each for each in json.loads(drift("--format", "json").stdout)["drift"]}
    assert {each["code"] for each in found.values()} == {"drift-added"}
    assert {name: "12 hours after" in each["takeBack"]["text"] for name, each in found.items()} == {
        "HasLeft": True,
        "Other": False,
    }


def test_writes_every_letter_as_it_is(deployed: LocalAws) -> None:
    deployed.client("organizations").update_policy(PolicyId=physical_id(deployed, "Deny"), Description="Büro")
    assert '"aws": "Büro"' in drift("--format", "json").stdout


def test_says_what_another_stack_has(deployed: LocalAws) -> None:
    assert deploy(deployed, "Another", More=permission_set(Name="More"))[0] == "CREATE_COMPLETE"
    result = drift("--format", "json")
    said = json.loads(result.stdout)
    assert (result.exit_code, said["drift"]) == (0, [])
    assert said["noDrift"] == [{"kind": "permission sets", "origin": "stack Another", "names": ["More"]}]


def test_says_what_it_does_not_compare(deployed: LocalAws) -> None:
    assert deploy(deployed, **RESOURCES, Topic={"Type": "AWS::SNS::Topic", "Properties": {}})[0] == "UPDATE_COMPLETE"
    result = drift("--format", "json")
    said = json.loads(result.stdout)
    assert (result.exit_code, said["compared"]) == (0, 3)
    assert said["notCompared"] == ["1 AWS::SNS::Topic"]


def delegating(*actions: str) -> dict[str, Any]:
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": {"Ref": "Dev"}},
        "Action": list(actions),
        "Resource": "*",
    }
    return {"Version": "2012-10-17", "Statement": [statement]}


def test_compares_the_resource_policy(deployed: LocalAws) -> None:
    organizations, content = deployed.client("organizations"), delegating("organizations:ListRoots")
    more = {**RESOURCES, "Delegation": resource("AWS::Organizations::ResourcePolicy", "Deny", Content=content)}
    assert deploy(deployed, **more)[0] == "UPDATE_COMPLETE"
    said = json.loads(drift("--format", "json").stdout)
    assert (said["compared"], said["notCompared"], said["drift"]) == (4, [], [])
    there = organizations.describe_resource_policy()["ResourcePolicy"]["Content"]
    organizations.put_resource_policy(Content=there.replace("ListRoots", "ListAccounts"))
    [found] = json.loads(drift("--format", "json").stdout)["drift"]
    assert (found["code"], found["kind"]) == ("drift-changed", "resource policy")
    words = shlex.split(found["takeBack"]["commands"][0])
    assert words[:4] == ["aws", "organizations", "put-resource-policy", "--content"]
    organizations.put_resource_policy(Content=words[4])
    assert json.loads(drift("--format", "json").stdout)["drift"] == []
    organizations.delete_resource_policy()
    [found] = json.loads(drift("--format", "json").stdout)["drift"]
    assert (found["code"], found["kind"]) == ("drift-gone", "resource policy")


def test_finds_a_resource_policy_that_no_stack_has(deployed: LocalAws, tmp_path: Path) -> None:
    baseline = {**stack(RESOURCES, environment=f"aws://{MANAGEMENT}/us-east-1")}
    baseline["template"]["Metadata"] = {"OrgBaseline": {"Company": "acme"}}
    write_assembly(tmp_path / "cdk.out", {"OrgBaseline": baseline})
    body = json.dumps({**baseline["template"], "Resources": {**RESOURCES, "Deny": policy("Dev", Description="New")}})
    deployed.client("cloudformation").update_stack(StackName="OrgBaseline", TemplateBody=body)
    text = json.dumps(delegating("organizations:ListRoots")).replace('{"Ref": "Dev"}', f'"{MANAGEMENT}"')
    deployed.client("organizations").put_resource_policy(Content=text)
    found = [
        each for each in json.loads(drift("--format", "json").stdout)["drift"] if each["kind"] == "resource policy"
    ]
    assert [(each["code"], each["takeBack"]["commands"]) for each in found] == [
        ("drift-added", ["aws organizations delete-resource-policy"])
    ]
    [paste] = found[0]["takeOver"]["paste"]
    assert paste["in"] == "OrgBaseline"
    assert paste["lines"][0] == "resource_policy=ResourcePolicyProps("


def test_says_which_stack_is_not_deployed_yet(deployed: LocalAws, tmp_path: Path) -> None:
    del deployed
    write(tmp_path, OrgBaseline=RESOURCES, New={"More": permission_set(Name="More")})
    result = drift("--format", "json")
    said = json.loads(result.stdout)
    assert (result.exit_code, said["stacks"], said["notDeployed"]) == (0, ["OrgBaseline"], ["New"])
    assert drift("--stack", "OrgBaseline").stdout == "Nothing drifted in OrgBaseline (3 resources).\n"


def test_could_not_look_is_not_nothing(deployed: LocalAws, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*_: object) -> object:
        raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": "No"}}, "ListTargetsForPolicy")

    policy_id = detach(deployed)
    monkeypatch.setattr(LiveOrganization, "policy_targets", denied)
    result = drift("--format", "json")
    said = json.loads(result.stdout)
    assert (result.exit_code, said["drift"]) == (1, [])
    assert [each["code"] for each in said["couldNotLook"]] == ["drift-denied", "drift-denied"]
    assert [each["what"].partition(":")[0] for each in said["couldNotLook"]] == [
        "policies",
        "what policies are attached to",
    ]
    deployed.client("organizations").close_account(AccountId=physical_id(deployed, "Dev"))
    result = drift("--format", "json")
    assert (result.exit_code, [each["code"] for each in json.loads(result.stdout)["drift"]]) == (3, ["drift-closed"])
    assert policy_id not in result.stdout


def test_an_unfinished_stack_is_not_compared(deployed: LocalAws, tmp_path: Path) -> None:
    failing = {**RESOURCES, "Dev": account(AccountName="other")}
    assert deploy(deployed, **failing)[0] == "UPDATE_ROLLBACK_FAILED"
    deploy(deployed, "Other", More=permission_set(Name="More"))
    write(tmp_path, OrgBaseline=RESOURCES, Other={"More": permission_set(Name="More")})
    result = drift("--format", "json")
    [unread] = json.loads(result.stdout)["couldNotLook"]
    assert (result.exit_code, unread["code"]) == (1, "drift-stack-unfinished")
    assert unread["what"].endswith(" OrgBaseline is UPDATE_ROLLBACK_FAILED")


def test_refuses_where_nothing_is_deployed(aws: LocalAws, tmp_path: Path) -> None:
    del aws
    write(tmp_path, OrgBaseline=RESOURCES)
    assert_refused(drift(), "drift-nothing-deployed", "OrgBaseline")


def test_refuses_credentials_of_another_account(deployed: LocalAws, tmp_path: Path) -> None:
    del deployed
    other = stack(RESOURCES, environment="aws://999988887777/us-east-1")
    write_assembly(tmp_path / "cdk.out", {"OrgBaseline": other})
    assert_refused(drift("--output", "drift.json"), "account-mismatch", "999988887777", "'OrgBaseline'", MANAGEMENT)
    assert not (tmp_path / "drift.json").exists()


def test_refuses_stacks_of_no_known_region(deployed: LocalAws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    del deployed
    for name in ("AWS_DEFAULT_REGION", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(boto3.Session, "region_name", None)
    write_assembly(
        tmp_path / "cdk.out", {"OrgBaseline": stack(RESOURCES, environment="aws://unknown-account/unknown-region")}
    )
    assert_refused(drift(), "region-missing")


def test_refuses_a_file_that_cannot_be_written(deployed: LocalAws) -> None:
    del deployed
    assert_refused(drift("--output", "missing/drift.json"), "file-unwritable", "'missing/drift.json'")


def test_refuses_a_page(deployed: LocalAws) -> None:
    del deployed
    assert_refused(drift("--output", "drift.html"), "drift-format", "'drift.html'")
