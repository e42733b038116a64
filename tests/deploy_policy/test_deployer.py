"""The policy of whoever deploys, by the calls that the real CDK CLI makes on a local AWS, which a simulator decides."""

from __future__ import annotations

import json
import shlex
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pytest
from click.testing import CliRunner

from cdk_calls import Cdk, recorded, requests
from cloud_assembly import IDENTITY_STORE_ID, INSTANCE_ARN, baseline, stack, write_assembly
from iam_simulator import Policies, Request, decide
from made_by_hand import Hand
from made_once import made_once
from org_constructs.commands import main
from org_constructs.deploy_policy import DeployPolicy, make_deploy_policy
from org_constructs.rehearsal.local_aws import Existing, LocalAws
from org_constructs.templates.assembly import read_stacks
from printed_commands import use_aws_cli

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cdk_calls import Call

pytestmark = pytest.mark.long

ACCOUNT: Final = "111122223333"
OTHER_ACCOUNT: Final = "999900001111"
REGION: Final = "us-east-1"
ROLE: Final = f"arn:aws:iam::{ACCOUNT}:role/OrgBaselineDeploy"
OTHER_ROLE: Final = f"arn:aws:iam::{ACCOUNT}:role/Administrator"
BY_ROLE: Final = ("--role-arn", ROLE)
UNATTENDED: Final = ("--require-approval", "never")

ONLY_WHERE_A_CHANGE_SET_FAILS: Final = {"cloudformation:DescribeEvents"}
"""What the CLI asks why CloudFormation could not make a change set; the local AWS never fails to."""
READ_BY_CLOUDFORMATION: Final = {"s3:GetObject"}
"""A template in a bucket CloudFormation reads as whoever names it."""


class Recording(NamedTuple):
    """What was deployed in a flow, and the calls."""

    policy: DeployPolicy
    calls: list[Call]


def assembly(folder: Path, resources: Mapping[str, Any], **artifact: Any) -> Path:
    return write_assembly(folder, {"OrgBaseline": stack(resources, **artifact)})


def policy_of(folder: Path) -> DeployPolicy:
    return make_deploy_policy(read_stacks(folder))


@pytest.fixture
def aws() -> Iterator[LocalAws]:
    with LocalAws(management_account_id=ACCOUNT, region=REGION) as running:
        running.seed(Existing(instance_arn=INSTANCE_ARN, identity_store_id=IDENTITY_STORE_ID))
        yield running


@pytest.fixture(scope="module")
def flows(made_before: Path) -> dict[str, Recording]:
    """By flow what it called."""
    return made_once(made_before / "flows", record_flows)


def record_flows(folder: Path) -> dict[str, Recording]:
    """Do in each flow what people type, in their order."""
    resources = baseline()
    whole = assembly(folder / "whole", resources)
    less = assembly(folder / "less", {key: each for key, each in resources.items() if key != "OfProduction"})
    protected = assembly(folder / "protected", resources, properties={"terminationProtection": True})
    organization = assembly(folder / "organization", {"Organization": resources["Organization"]})
    large = stack(resources)
    large["template"]["Metadata"] = {"Large": "x" * 60_000}
    large_one = write_assembly(folder / "large", {"OrgBaseline": large})
    made: dict[str, Recording] = {}

    def record(name: str, of: Path, *commands: Sequence[str], code: int = 0) -> None:
        with recorded() as calls:
            for command in commands:
                cdk(*command, "--app", str(of), code=code)
        made[name] = Recording(policy_of(of), calls)

    deploy = ("deploy", "OrgBaseline", *BY_ROLE, *UNATTENDED)
    compare = ("diff", "OrgBaseline", "--method", "template")
    destroy = ("destroy", "OrgBaseline", *BY_ROLE, "--force")
    with LocalAws(management_account_id=ACCOUNT, region=REGION) as aws:
        aws.seed(Existing(instance_arn=INSTANCE_ARN, identity_store_id=IDENTITY_STORE_ID))
        cdk = Cdk(aws, folder, ACCOUNT)
        record("first", whole, compare, deploy)
        record("update", less, compare, deploy)
        record("protect", protected, deploy)
        aws.client("cloudformation").update_termination_protection(
            StackName="OrgBaseline", EnableTerminationProtection=False
        )
        record("destroy", less, destroy)
        # The organization is still there: this fails, and is deleted before it is tried again.
        record("fail", whole, deploy, deploy, code=1)
        record("destroy what failed", whole, destroy)
        mapping = folder / "mapping.json"
        existing = aws.client("organizations").describe_organization()["Organization"]["Id"]
        mapping.write_text(json.dumps({"Organization": {"Id": existing}}), encoding="utf-8")
        importing = ("import", "OrgBaseline", *BY_ROLE, "--resource-mapping", str(mapping), "--force")
        record("import", organization, importing)
        record("destroy what was imported", organization, destroy)
    with LocalAws(management_account_id=ACCOUNT, region=REGION) as aws:
        aws.seed(Existing(instance_arn=INSTANCE_ARN, identity_store_id=IDENTITY_STORE_ID))
        cdk = Cdk(aws, folder, ACCOUNT)
        cdk("bootstrap", f"aws://{ACCOUNT}/{REGION}")
        record("large", large_one, deploy)
    return made


def asked(recording: Recording) -> list[Request]:
    return [request for call in recording.calls for request in requests(call, ACCOUNT)]


def decisions(policy: DeployPolicy, asked: Sequence[Request]) -> list[str]:
    decided = decide([(request, Policies(identity=policy.deployer_documents)) for request in asked])
    return [f"{each.identity[0]}: {request.action}" for request, each in zip(asked, decided, strict=True)]


def allowed(policy: DeployPolicy, asked: Sequence[Request]) -> list[str]:
    return [each for each in decisions(policy, asked) if each.startswith("Allowed")]


def test_allows_what_the_cli_calls(flows: Mapping[str, Recording]) -> None:
    for name, recording in flows.items():
        requested = asked(recording)
        denied = [each for each in decisions(recording.policy, requested) if not each.startswith("Allowed")]
        assert (name, denied) == (name, [])
        assert len(requested) > 3


def test_allows_no_action_that_the_cli_does_not_call(flows: Mapping[str, Recording]) -> None:
    called = {request.action for recording in flows.values() for request in asked(recording)}
    in_policies = {
        action
        for recording in flows.values()
        for statement in recording.policy.deployer_statements
        for action in ([statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"])
    }
    assert in_policies - called == ONLY_WHERE_A_CHANGE_SET_FAILS | READ_BY_CLOUDFORMATION
    assert called - in_policies == set()


def elsewhere(request: Request, **replaced: str) -> Request:
    """The same request on another resource, with what is named in place of what it is called here."""
    resource = request.resource
    for old, new in replaced.items():
        resource = resource.replace({"stack": "OrgBaseline", "region": REGION, "account": ACCOUNT}[old], new)
    return replace(request, resource=resource)


@pytest.mark.parametrize(
    "of",
    [{"stack": "Website"}, {"stack": "OrgBaseline2"}, {"region": "eu-west-1"}, {"account": OTHER_ACCOUNT}],
    ids=str,
)
def test_allows_nothing_elsewhere(flows: Mapping[str, Recording], of: Mapping[str, str]) -> None:
    for name, recording in flows.items():
        here = asked(recording)
        there = [other for request in here if (other := elsewhere(request, **of)) not in here]
        assert there
        assert (name, allowed(recording.policy, there)) == (name, [])


def by(request: Request, role: str | None) -> Request:
    context = {key: value for key, value in request.context.items() if key != "cloudformation:RoleArn"}
    return replace(request, context=context | ({"cloudformation:RoleArn": role} if role else {}))


def test_takes_this_role_alone(flows: Mapping[str, Recording]) -> None:
    for name, recording in flows.items():
        with_role = [request for request in asked(recording) if "cloudformation:RoleArn" in request.context]
        assert {request.action.partition(":")[2] for request in with_role} <= {"CreateChangeSet", "DeleteStack"}
        others = [by(request, OTHER_ROLE) for request in with_role]
        without = [by(request, None) for request in with_role if request.action.endswith(":CreateChangeSet")]
        assert (name, allowed(recording.policy, [*others, *without])) == (name, [])


def test_passes_this_role_to_cloudformation_alone(flows: Mapping[str, Recording]) -> None:
    recording = flows["update"]
    (passed, *_) = (request for request in asked(recording) if request.action == "iam:PassRole")
    to_lambda = replace(passed, context={"iam:PassedToService": "lambda.amazonaws.com"})
    to_nobody = replace(passed, context={})
    another = replace(passed, resource=OTHER_ROLE)
    assert allowed(recording.policy, [passed]) != []
    assert allowed(recording.policy, [to_lambda, to_nobody, another]) == []


def test_deletes_without_a_role_as_the_cli_does_what_failed(flows: Mapping[str, Recording]) -> None:
    deleted = [request for request in asked(flows["fail"]) if request.action == "cloudformation:DeleteStack"]
    assert deleted
    assert [request.context for request in deleted] == [{}] * len(deleted)


def test_lets_the_usual_comparison_go_on_without_a_change_set(aws: LocalAws, tmp_path: Path) -> None:
    Hand(aws).organization()
    cdk = Cdk(aws, tmp_path, ACCOUNT)
    whole = assembly(tmp_path / "cdk.out", {key: each for key, each in baseline().items() if key != "Organization"})
    policy = policy_of(whole)

    def denied(call: Call) -> bool:
        requested = requests(call, ACCOUNT)
        return len(allowed(policy, requested)) < len(requested)

    with recorded(denied) as calls:
        said = cdk("diff", "OrgBaseline", "--app", str(whole), *BY_ROLE)
    assert "[+] AWS::SSO::PermissionSet AdministratorAccess" in said
    assert [call.parameters.get("RoleARN") for call in calls if call.operation == "CreateChangeSet"] == [None]


def test_what_is_printed_works_as_typed(aws: LocalAws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    policy = policy_of(assembly(Path("cdk.out"), baseline()))
    said = CliRunner().invoke(main, ["deploy-policy"]).stdout
    cdk = Cdk(aws, tmp_path, ACCOUNT)
    with recorded() as calls:
        for command in [shlex.split(line) for line in said.splitlines() if line.startswith("  ")]:
            match command:
                case ["org-baseline", *arguments, ">", file]:
                    Path(file).write_text(CliRunner().invoke(main, arguments).stdout, encoding="utf-8")
                case ["aws", *arguments]:
                    use_aws_cli(aws, *arguments)
                case ["cdk", *arguments]:
                    cdk(*arguments, "--app", "cdk.out", *(UNATTENDED if "deploy" in arguments else ()))
    assert len(allowed(policy, asked(Recording(policy, calls)))) == len(asked(Recording(policy, calls)))
    assert aws.client("cloudformation").describe_stacks()["Stacks"][0]["StackStatus"] == "CREATE_COMPLETE"
    iam = aws.client("iam")
    assert iam.get_role(RoleName="OrgBaselineDeploy")["Role"]["AssumeRolePolicyDocument"] == policy.trust
    attached = iam.list_attached_role_policies(RoleName="OrgBaselineDeploy")["AttachedPolicies"]
    assert [each["PolicyName"] for each in attached] == ["OrgBaselineDeploy"]
    for name, documents in ("OrgBaselineDeploy", policy.documents), ("OrgBaselineDeployer", policy.deployer_documents):
        arn = f"arn:aws:iam::{ACCOUNT}:policy/{name}"
        version = iam.get_policy_version(PolicyArn=arn, VersionId="v1")["PolicyVersion"]
        assert (version["Document"],) == documents


def test_takes_the_roles_of_the_bootstrap_alone(aws: LocalAws, tmp_path: Path) -> None:
    bootstrap = "arn:${AWS::Partition}:iam::111122223333:role/cdk-hnb659fds-{}-role-111122223333-us-east-1"
    bucket = f"cdk-hnb659fds-assets-{ACCOUNT}-{REGION}"

    def role(name: str) -> str:
        return bootstrap.replace("{}", name)

    folder = assembly(
        tmp_path / "cdk.out",
        {"Organization": baseline()["Organization"]},
        properties={
            "assumeRoleArn": role("deploy"),
            "cloudFormationExecutionRoleArn": role("cfn-exec"),
            "stackTemplateAssetObjectUrl": f"s3://{bucket}/template.json",
            "requiresBootstrapStackVersion": 6,
            "bootstrapStackVersionSsmParameter": "/cdk-bootstrap/hnb659fds/version",
            "lookupRole": {"arn": role("lookup"), "requiresBootstrapStackVersion": 8},
        },
        dependencies=["OrgBaseline.assets"],
    )
    destination = {"bucketName": bucket, "objectKey": "template.json", "assumeRoleArn": role("file-publishing")}
    file = {
        "source": {"path": "OrgBaseline.template.json", "packaging": "file"},
        "destinations": {"here": destination | {"region": REGION}},
    }
    (folder / "OrgBaseline.assets.json").write_text(json.dumps({"version": "48.0.0", "files": {"template": file}}))
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["artifacts"]["OrgBaseline.assets"] = {
        "type": "cdk:asset-manifest",
        "properties": {"file": "OrgBaseline.assets.json", "requiresBootstrapStackVersion": 6},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest))
    policy = policy_of(folder)
    cdk = Cdk(aws, tmp_path, ACCOUNT)
    cdk("bootstrap", f"aws://{ACCOUNT}/{REGION}")
    with recorded() as calls:
        cdk("diff", "OrgBaseline", "--app", str(folder))
        cdk("deploy", "OrgBaseline", "--app", str(folder), *UNATTENDED)
    assumed = asked(Recording(policy, calls))
    assert {request.action for request in assumed} == {"sts:AssumeRole"}
    names = {request.resource.removeprefix(f"arn:aws:iam::{ACCOUNT}:role/cdk-hnb659fds-") for request in assumed}
    assert names == {f"{name}-role-{ACCOUNT}-{REGION}" for name in ("deploy", "file-publishing", "lookup")}
    assert len(allowed(policy, assumed)) == len(assumed)
    (statement,) = policy.deployer_statements
    assert {*statement["Resource"]} == {request.resource for request in assumed}
    assert statement["Action"] == "sts:AssumeRole"
    execution = replace(assumed[0], resource=role("cfn-exec").replace("${AWS::Partition}", "aws"))
    assert allowed(policy, [execution]) == []
