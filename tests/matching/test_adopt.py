"""`org-baseline adopt`, and the way from there with the real CDK CLI: import, diff, deploy; nothing is made twice."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from local_aws_stacks import account, group, unit
from made_by_hand import INSTANCE, MANAGEMENT, STORE, Hand
from org_constructs.commands import main
from org_constructs.live.organization import LiveOrganization
from org_constructs.matching.adopt import CONFIRMATIONS, plan_adoption
from org_constructs.matching.adopt_steps import Steps
from org_constructs.rehearsal.local_aws import Existing, LocalAws
from org_constructs.templates.assembly import Stack, read_stacks
from organizations import ORGANIZATIONS, make_app
from printed_commands import printed, use_aws_cli
from refusals import assert_refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from click.testing import Result
    from syrupy.assertion import SnapshotAssertion

    from loaded_cdk import LoadedCdk

ROOT_ID = {"Fn::GetAtt": ["Organization", "RootId"]}
ORGANIZATION = {"Type": "AWS::Organizations::Organization", "DeletionPolicy": "Retain", "Properties": {}}


@pytest.fixture
def aws(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalAws]:
    """A local AWS that this process has the credentials of; a parameter is what goes wrong in it."""
    failures = getattr(request, "param", ())
    with LocalAws(management_account_id=MANAGEMENT, region="us-east-1", failures=failures) as running:
        running.seed(Existing(instance_arn=INSTANCE, identity_store_id=STORE))
        for name, value in running.environment.items():
            monkeypatch.setenv(name, value)
        yield running


@pytest.fixture
def hand(aws: LocalAws) -> Hand:
    return Hand(aws)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="session")
def assemblies(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """Each organization's assembly, synthesized once; nobody changes it."""
    made = {}
    for name in ("guide", "elsewhere"):
        made[name] = tmp_path_factory.mktemp(name) / "cdk.out"
        app = make_app(made[name])
        ORGANIZATIONS[name](app)
        app.synth()
    return made


@pytest.fixture
def guide(assemblies: Mapping[str, Path], folder: Path) -> Stack:
    (folder / "cdk.out").symlink_to(assemblies["guide"])
    [stack] = read_stacks(folder / "cdk.out")
    return stack


def write_assembly(
    folder: Path,
    name: str = "cdk.out",
    *,
    needs: Mapping[str, Sequence[str]] | None = None,
    **stacks: Mapping[str, Any],
) -> None:
    """Write an assembly of templates as CDK does, as far as the CDK CLI and the commands need it."""
    assembly = folder / name
    assembly.mkdir()
    artifacts = {}
    for stack, resources in stacks.items():
        template = resources if "Outputs" in resources else {"Resources": resources}
        (assembly / f"{stack}.template.json").write_text(json.dumps(template), encoding="utf-8")
        artifacts[stack] = {
            "type": "aws:cloudformation:stack",
            "environment": f"aws://{MANAGEMENT}/us-east-1",
            "properties": {"templateFile": f"{stack}.template.json", "validateOnSynth": False},
            "displayName": stack,
            "dependencies": list((needs or {}).get(stack, ())),
        }
    manifest = {"version": "55.0.0", "artifacts": artifacts}
    (assembly / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def adopt(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["adopt", *arguments], catch_exceptions=False)


class Cdk:
    """The CDK CLI in a folder with an assembly, against a local AWS."""

    def __init__(self, aws: LocalAws, folder: Path, cli: LoadedCdk) -> None:
        self._aws = aws
        self._folder = folder
        self._cli = cli

    def __call__(self, *arguments: str, fails: bool = False) -> str:
        app = () if "--app" in arguments else ("--app", "cdk.out")
        code, said = self._cli(*arguments, *app, folder=self._folder, environment=self._aws.environment)
        assert (code != 0) is fails, said
        return said

    def deploy(self, *, fails: bool = False) -> str:
        return self("deploy", "OrgBaseline", "--require-approval", "never", "--progress=events", fails=fails)

    def follow(self, said: str) -> list[str]:
        """Run the commands that adopt has printed as the next ones; return what those of the CDK CLI say."""
        return [answer for answer in map(self._follow, printed(said)) if answer is not None]

    def _follow(self, command: list[str]) -> str | None:
        program, *rest = command
        if program == "aws":
            use_aws_cli(self._aws, *rest)
            return None
        if program == "org-baseline":
            return None
        no_questions = {"deploy": ["--require-approval", "never"]}
        return self(*rest, *no_questions.get(rest[0], []))


def everything(aws: LocalAws) -> dict[str, Any]:
    """All that an organization is made of, as AWS lists it."""
    organizations, store, sso = (aws.client(name) for name in ("organizations", "identitystore", "sso-admin"))
    sets = sso.list_permission_sets(InstanceArn=INSTANCE)["PermissionSets"]
    groups = store.list_groups(IdentityStoreId=STORE)["Groups"]
    return {
        "organization": organizations.describe_organization()["Organization"]["Id"],
        "accounts": organizations.get_paginator("list_accounts").paginate().build_full_result()["Accounts"],
        "users": store.list_users(IdentityStoreId=STORE)["Users"],
        "groups": groups,
        "memberships": [
            store.list_group_memberships(IdentityStoreId=STORE, GroupId=each["GroupId"])["GroupMemberships"]
            for each in groups
        ],
        "sets": [
            sso.describe_permission_set(InstanceArn=INSTANCE, PermissionSetArn=arn)["PermissionSet"] for arn in sets
        ],
        "policies": [
            sso.list_managed_policies_in_permission_set(InstanceArn=INSTANCE, PermissionSetArn=arn)[
                "AttachedManagedPolicies"
            ]
            for arn in sets
        ],
        "assignments": [
            sso.list_account_assignments_for_principal(
                InstanceArn=INSTANCE, PrincipalId=each["GroupId"], PrincipalType="GROUP"
            )["AccountAssignments"]
            for each in groups
        ],
    }


class TestByHand:
    @pytest.mark.long
    def test_takes_over_what_a_person_made_and_makes_nothing_again(
        self, aws: LocalAws, hand: Hand, folder: Path, guide: Stack, cdk_cli: LoadedCdk
    ) -> None:
        made = hand.guide()
        before = everything(aws)
        result = adopt()
        assert result.exit_code == 0, result.output
        mapping = json.loads((folder / "adopt.json").read_text(encoding="utf-8"))
        assert mapping.keys() == guide.template["Resources"].keys()
        assert not (folder / "adopt.out").exists(), "the template says what is there"
        shown = [" ".join(line.split()) for line in result.output.splitlines()]
        assert f"account acme-dev <aws+dev@acme.com> {made['dev']}" in shown
        assert "assignment Administrators: AdministratorAccess in acme-production" in shown
        assert "Does not exist" not in result.output

        cdk = Cdk(aws, folder, cdk_cli)
        imported, difference, deployed = cdk.follow(result.output)
        assert imported.count("Resource import completed.") == len(mapping)
        changed = [line for line in difference.splitlines() if line.strip().startswith("[") and "Output" not in line]
        assert not [line for line in changed if "AWS::Organizations" in line]
        assert "Properties" not in difference
        assert "CREATE" not in deployed
        assert everything(aws) == before

        assert "no changes" in cdk.deploy()
        assert "no differences" in cdk("diff", "OrgBaseline")
        assert everything(aws) == before
        assert adopt().stdout.startswith(f"OrgBaseline: {len(mapping)} resources ")

    def test_shows_only_what_exists_in_a_dry_run(self, aws: LocalAws, hand: Hand, folder: Path, guide: Stack) -> None:
        del aws, guide
        hand.guide()
        result = adopt("--dry-run")
        assert result.exit_code == 0
        assert [int(number) for number in re.findall(r"^Exists .*\((\d+)\)", result.output, re.MULTILINE)] == [10]
        assert result.output.endswith("\nNothing is written.\n")
        assert {path.name for path in folder.iterdir()} == {"cdk.out"}

    def test_says_whose_import_was_confirmed_by_whom(
        self, aws: LocalAws, hand: Hand, folder: Path, guide: Stack, snapshot: SnapshotAssertion
    ) -> None:
        del aws, folder, guide
        hand.guide()
        said = adopt("--dry-run").output
        confirmed, others = [line for line in said.splitlines() if " import" in line]
        assert confirmed.endswith(", ".join(CONFIRMATIONS))
        assert (confirmed, others) == snapshot

    def test_writes_nothing_where_there_is_nothing(
        self, aws: LocalAws, folder: Path, guide: Stack, snapshot: SnapshotAssertion
    ) -> None:
        del aws, guide
        result = adopt()
        assert result.exit_code == 0
        assert result.output.partition("\n\n")[2].partition("\n\n")[2] == snapshot
        assert [words[:2] for words in printed(result.output)] == [["cdk", "diff"], ["cdk", "deploy"]]
        assert {path.name for path in folder.iterdir()} == {"cdk.out"}

    def test_lists_what_the_template_does_not_know(self, aws: LocalAws, hand: Hand, folder: Path, guide: Stack) -> None:
        del folder, guide
        made = hand.guide()
        for number in range(25):
            hand.account(f"other-{number}", f"other+{number}@acme.com")
        kim = hand.user("kim@acme.com", "kim@acme.com")
        said = adopt("--dry-run").output
        assert re.findall(r"^Exists but .* \((\d+)\)", said, re.MULTILINE) == ["26"]
        assert "… and 6 more" in said
        assert kim not in said
        assert made["organization"] in said
        assert aws.client("organizations").describe_organization()


class TestHalfMade:
    @pytest.mark.long
    @pytest.mark.parametrize("aws", [("ACCOUNT_TIMEOUT:production",)], indirect=True)
    def test_finishes_a_deploy_that_died_with_an_account_made(
        self, aws: LocalAws, folder: Path, guide: Stack, cdk_cli: LoadedCdk
    ) -> None:
        cdk = Cdk(aws, folder, cdk_cli)
        cdk.deploy(fails=True)
        left = everything(aws)
        assert {each["Name"] for each in left["accounts"]} == {"management", "acme-dev", "acme-production"}
        assert left["users"] == []

        result = adopt()
        assert result.exit_code == 0, result.output
        mapping = json.loads((folder / "adopt.json").read_text(encoding="utf-8"))
        types = sorted(guide.template["Resources"][name]["Type"].rpartition("::")[2] for name in mapping)
        assert types == ["Account", "Account", "Organization"]
        assert "cdk destroy" not in result.output

        cdk.follow(result.output)
        there = everything(aws)
        assert there["accounts"] == left["accounts"], "no account was made again, or moved"
        assert [each["UserName"] for each in there["users"]] == ["dax@acme.com"]
        [assigned] = there["assignments"]
        assert {each["AccountId"] for each in assigned} == {each["Id"] for each in there["accounts"]}
        assert "no changes" in cdk.deploy()
        assert everything(aws) == there

    @pytest.mark.long
    @pytest.mark.parametrize("aws", [("ACCOUNT_TIMEOUT:new",)], indirect=True)
    def test_finishes_an_update_that_died_with_an_account_made(
        self, aws: LocalAws, folder: Path, cdk_cli: LoadedCdk
    ) -> None:
        resources = {"Organization": ORGANIZATION, "Team": group(IdentityStoreId=STORE)}
        write_assembly(folder, "before", OrgBaseline=resources)
        cdk = Cdk(aws, folder, cdk_cli)
        cdk("deploy", "OrgBaseline", "--app", "before", "--require-approval", "never")

        resources["Team"] = group(IdentityStoreId=STORE, DisplayName="People")
        resources["New"] = account("Organization", AccountName="acme-new", Email="aws+new@acme.com")
        write_assembly(folder, OrgBaseline=resources)
        cdk.deploy(fails=True)
        result = adopt()
        assert result.exit_code == 0, result.output
        assert "--force" in result.output, "other changes are pending, and the CDK CLI would ask"

        cdk.follow(result.output)
        there = everything(aws)
        assert [each["Name"] for each in there["accounts"]] == ["management", "acme-new"]
        assert [each["DisplayName"] for each in there["groups"]] == ["People"]


class TestSeveralStacks:
    @pytest.mark.long
    def test_are_taken_over_one_after_the_other(
        self, aws: LocalAws, hand: Hand, folder: Path, cdk_cli: LoadedCdk
    ) -> None:
        hand.organization()
        hand.account("acme-dev", "aws+dev@acme.com", parent=hand.unit("workloads"))
        core = {"Organization": ORGANIZATION, "Unit": unit("Organization", Name="workloads", ParentId=ROOT_ID)}
        of_core = {"Fn::GetStackOutput": {"StackName": "Core", "OutputName": "Unit", "Region": "us-east-1"}}
        write_assembly(
            folder,
            needs={"More": ["Core"]},
            Core={"Resources": core, "Outputs": {"Unit": {"Value": {"Ref": "Unit"}}}},
            More={"Dev": account(ParentIds=[of_core])},
        )
        before = everything(aws)
        cdk = Cdk(aws, folder, cdk_cli)
        assert_refused(adopt(), "several-stacks", "Core, More", "in this order")
        assert adopt("--stack", "More").exit_code == 1
        for stack in ("Core", "More"):
            result = adopt("--stack", stack)
            assert result.exit_code == 0, result.output
            answers = cdk.follow(result.output)
            assert {"Core", "More"} - {name for answer in answers for name in re.findall(r"(Core|More)\b", answer)}
        assert everything(aws) == before
        assert "no changes" in cdk("deploy", "More", "--require-approval", "never")


class TestDifferences:
    @pytest.mark.long
    def test_are_made_right_by_the_deploy_after_the_import(
        self, aws: LocalAws, hand: Hand, folder: Path, cdk_cli: LoadedCdk
    ) -> None:
        hand.organization()
        new, sandbox = (hand.account(f"acme-{name}", f"aws+{name}@acme.com") for name in ("new", "sandbox"))
        team = hand.group("Team", "Old")
        resources = {
            "Organization": ORGANIZATION,
            "Unit": unit("Organization", Name="workloads", ParentId=ROOT_ID),
            "New": account("Unit", AccountName="acme-new", Email="aws+new@acme.com", ParentIds=[{"Ref": "Unit"}]),
            "Sandbox": account("New", AccountName="acme-sandbox", Email="aws+sandbox@acme.com", ParentIds=[ROOT_ID]),
            "Team": group(IdentityStoreId=STORE, Description="New"),
        }
        write_assembly(folder, OrgBaseline=resources)
        result = adopt()
        assert result.exit_code == 0, result.output
        assert f"a deploy changes ParentIds from {hand.root} to workloads" in result.output
        assert "a deploy changes Description from Old to New" in result.output
        assert "Wrote adopt.json and adopt.out" in result.output

        imported, difference, _ = Cdk(aws, folder, cdk_cli).follow(result.output)
        assert "Unit" not in imported.replace("Unit: skipping", "")
        assert "ParentIds" in difference
        organizations = aws.client("organizations")
        [made] = organizations.list_organizational_units_for_parent(ParentId=hand.root)["OrganizationalUnits"]
        in_unit = organizations.list_accounts_for_parent(ParentId=made["Id"])["Accounts"]
        assert [each["Id"] for each in in_unit] == [new]
        assert sandbox in {
            each["Id"] for each in organizations.list_accounts_for_parent(ParentId=hand.root)["Accounts"]
        }
        [described] = aws.client("identitystore").list_groups(IdentityStoreId=STORE)["Groups"]
        assert (described["GroupId"], described["Description"]) == (team, "New")

    def test_are_imported_as_they_are(self, aws: LocalAws, hand: Hand, folder: Path) -> None:
        hand.organization()
        hand.account("acme-new", "aws+new@acme.com")
        hand.group("Team", "")
        resources = {
            "Organization": ORGANIZATION,
            "Unit": unit("Organization", Name="workloads", ParentId=ROOT_ID),
            "New": account("Unit", AccountName="acme-new", Email="aws+new@acme.com", ParentIds=[{"Ref": "Unit"}]),
            "Team": group(IdentityStoreId=STORE, Description="New") | {"DependsOn": "New"},
        }
        write_assembly(folder, OrgBaseline=resources)
        stacks = read_stacks(folder / "cdk.out")
        template = plan_adoption(stacks, stacks[0], LiveOrganization(aws.client)).import_template()["Resources"]
        assert template["New"]["Properties"]["ParentIds"] == [hand.root]
        assert template["New"]["DependsOn"] == []
        assert "Description" not in template["Team"]["Properties"]
        assert template["Team"]["DependsOn"] == "New"
        assert template["Unit"] == resources["Unit"]
        assert template["Organization"] == ORGANIZATION

    def test_replace_an_assembly_of_before_but_nothing_else(self, aws: LocalAws, hand: Hand, folder: Path) -> None:
        del aws
        hand.group("Team", "Old")
        write_assembly(folder, OrgBaseline={"Team": group(IdentityStoreId=STORE, Description="New")} | SET)
        assert adopt().exit_code == 0
        assert adopt().exit_code == 0
        (folder / "adopt.out" / "manifest.json").unlink()
        (folder / "adopt.json").unlink()
        result = adopt()
        assert_refused(result, "folder-taken", "'adopt.out'", before=result.stdout)
        assert not (folder / "adopt.json").exists()


SET = {
    "Set": {"Type": "AWS::SSO::PermissionSet", "Properties": {"InstanceArn": INSTANCE, "Name": "AdministratorAccess"}}
}


class TestInTheWay:
    def test_says_both_values_and_writes_nothing(self, aws: LocalAws, hand: Hand, folder: Path, guide: Stack) -> None:
        del aws, guide
        hand.organization()
        hand.account("Development", "aws+dev@acme.com")
        result = adopt()
        assert result.exit_code == 1
        assert "In the way (1)" in result.output
        assert "AccountName is Development, but acme-dev in the template" in result.output
        assert {path.name for path in folder.iterdir()} == {"cdk.out"}

    def test_never_guesses(self, aws: LocalAws, hand: Hand, folder: Path, guide: Stack) -> None:
        del aws, guide
        hand.user(email="dax@home.acme.com")
        hand.user(user_name="dax")
        result = adopt()
        assert result.exit_code == 1
        assert "Ambiguous (1)" in result.output
        assert re.search("^ +2 users .* dax@acme.com ", result.output, re.MULTILINE)
        assert not (folder / "adopt.json").exists()

    def test_says_how_to_keep_users_that_cannot_be_imported(
        self, monkeypatch: pytest.MonkeyPatch, assemblies: Mapping[str, Path], folder: Path
    ) -> None:
        with LocalAws(management_account_id=MANAGEMENT, region="eu-west-1") as aws:
            aws.seed(Existing(instance_arn=INSTANCE, identity_store_id=STORE))
            for name, value in aws.environment.items():
                monkeypatch.setenv(name, value)
            user_id = Hand(aws).user()
            result = adopt("--assembly", str(assemblies["elsewhere"]))
        assert result.exit_code == 1
        line = f'UserProps(user_name="dax@acme.com", user_id="{user_id}", groups=["Administrators"]),'
        assert re.search(rf"^To refer .* by id.*\n  {re.escape(line)}\n", result.output, re.MULTILINE)
        # They may be of two types.
        assert result.stderr.count("Looking at users …\n") == 1
        assert not (folder / "adopt.json").exists()


class TestInput:
    def test_must_be_an_assembly(self, folder: Path) -> None:
        assert_refused(adopt(), "assembly-missing", "manifest.json")
        assert list(folder.iterdir()) == []

    def test_must_be_one_stack(self, aws: LocalAws, folder: Path) -> None:
        del aws
        write_assembly(folder, One={"Team": group(IdentityStoreId=STORE)} | SET, Two=SET)
        assert_refused(adopt(), "several-stacks", "One, Two")
        assert_refused(adopt("--stack", "Three"), "stack-unknown", "'Three'", "One, Two")
        assert adopt("--stack", "One").exit_code == 0

    def test_must_be_of_the_account_whose_credentials_there_are(self, aws: LocalAws, folder: Path) -> None:
        del aws
        write_assembly(folder, OrgBaseline=SET)
        manifest = folder / "cdk.out" / "manifest.json"
        manifest.write_text(manifest.read_text(encoding="utf-8").replace(MANAGEMENT, "999999999999"), encoding="utf-8")
        assert_refused(adopt(), "account-mismatch", "999999999999", "'OrgBaseline'", MANAGEMENT)

    def test_must_not_be_an_output_that_is_an_assemblys_name(self, folder: Path) -> None:
        del folder
        assert_refused(adopt("--output", "adopt.out"), "output-ending", "'adopt.out'")

    def test_must_name_an_identity_store_that_is_there(self, aws: LocalAws, folder: Path) -> None:
        del aws
        write_assembly(folder, OrgBaseline={"Team": group(IdentityStoreId="d-9999999999")} | SET)
        assert_refused(adopt(), "identity-center-mismatch", "'d-9999999999'", STORE)

    def test_needs_permission_to_look(self, aws: LocalAws, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        write_assembly(folder, OrgBaseline=SET)
        monkeypatch.setenv("AWS_ENDPOINT_URL_SSO_ADMIN", "http://localhost:9")
        monkeypatch.setattr("time.sleep", lambda _: None)
        result = adopt()
        assert_refused(result, "aws-unreachable")
        assert aws.endpoint_url not in result.output


@pytest.mark.parametrize(("size", "needs_it"), [(50_000, False), (52_000, True)])
def test_what_is_too_large_for_a_request_gets_the_bootstrap_before_the_import(
    hand: Hand, folder: Path, size: int, *, needs_it: bool
) -> None:
    hand.permission_set()
    write_assembly(folder, OrgBaseline={"Resources": SET, "Outputs": {}, "Metadata": {"Said": "x" * size}})
    commands = [" ".join(words[:3]) for words in printed(adopt().output)]
    expected = [f"cdk bootstrap aws://{MANAGEMENT}/us-east-1"] if needs_it else []
    assert commands[: len(expected) + 1] == [*expected, "cdk import OrgBaseline"]


@pytest.mark.parametrize("assembly", ["app.out", "later.out"])
def test_the_next_adoption_is_asked_for_with_the_same_options(assembly: str) -> None:
    steps = Steps(adoption=None, assembly=Path(assembly), profile="acme")  # type: ignore[arg-type] # not looked at
    expected = f"org-baseline adopt --stack Teams --assembly {assembly} --profile acme"
    assert steps._adopt("Teams", does="").command == expected
