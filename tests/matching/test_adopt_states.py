"""From any state of AWS, through the commands that `org-baseline adopt` prints, to the end.

Every printed command is of a form that tests/matching/test_adopt.py or tests/walks/test_recovery.py runs with the real
CDK CLI. Here it does what that does, in CloudFormation's API, and AWS is compared before and after: the stack is
finished, nothing is made twice, nothing else is touched, nothing is lost, and what was said is what happened.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from cloud_assembly import get, stack, write_assembly
from everything_there import snapshot
from local_aws_stacks import account, assignment, group, membership, permission_set, policy, unit, user
from made_by_hand import ADMINISTRATOR_ACCESS, INSTANCE, MANAGEMENT, STORE, Hand
from org_constructs.commands import adopt as command
from org_constructs.commands import main
from org_constructs.live.organization import Live
from org_constructs.rehearsal.local_aws import Existing, LocalAws
from org_constructs.rehearsal.local_aws.cloudformation import engine
from org_constructs.rehearsal.local_aws.resources.base import ResourceFailure
from org_constructs.templates.assembly import read_stacks
from printed_commands import printed, use_aws_cli

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from click.testing import Result

    from org_constructs.rehearsal.local_aws.cloudformation.stack import StackResource

Resources = dict[str, dict[str, Any]]

ROOT_ID = get("Organization", "RootId")
FORMS = (
    r"cdk deploy \S+ --exclusively( --no-rollback)? --app \S+",
    r"cdk diff \S+ --exclusively --app \S+",
    r"cdk import \S+ --resource-mapping \S+( --force)? --app \S+",
    r"aws cloudformation delete-stack --stack-name arn:\S+( --retain-resources( \w+)+)? --region \S+",
    r"aws cloudformation continue-update-rollback --stack-name arn:\S+( --resources-to-skip( \w+)+)? --region \S+",
    r"aws cloudformation wait stack-(delete|rollback)-complete --stack-name arn:\S+ --region \S+",
    r"org-baseline adopt --stack \S+",
)
DENY = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "organizations:*", "Resource": "*"}]}


def company() -> Resources:
    """One resource of each kind, as the stack has them: an organization with one account, which one person is in."""
    there = {"InstanceArn": INSTANCE, "IdentityStoreId": STORE}

    def here(resource: dict[str, Any], *after: str) -> dict[str, Any]:
        properties = resource["Properties"]
        return resource | {
            "Properties": properties | {key: there[key] for key in there if key in properties},
            "DependsOn": [*resource.get("DependsOn", ()), *after],
        }

    retained = {"DeletionPolicy": "Retain"}
    return {
        "Organization": {"Type": "AWS::Organizations::Organization", **retained},
        "Workloads": unit("Organization", Name="workloads", ParentId=ROOT_ID) | retained,
        "Dev": account("Workloads", ParentIds=[{"Ref": "Workloads"}]) | retained,
        "Guard": policy("Dev", Name="Guard", Content=DENY, Description="Stay", TargetIds=[{"Ref": "Workloads"}]),
        "Set": here(permission_set(Description="All", ManagedPolicies=[ADMINISTRATOR_ACCESS])),
        "Team": here(group(Description="Us")),
        "Dax": here(user(DisplayName="Dax Acme")),
        "Member": here(membership(GroupId=get("Team", "GroupId"), MemberId={"UserId": get("Dax", "UserId")})),
        "Access": here(
            assignment(
                TargetId={"Ref": "Dev"},
                PermissionSetArn=get("Set", "PermissionSetArn"),
                PrincipalId=get("Team", "GroupId"),
            )
        ),
    }


@dataclass
class World:
    """An AWS, somebody who changes it by hand, and a folder with an app's assembly."""

    aws: LocalAws
    folder: Path
    patch: pytest.MonkeyPatch
    said: list[str] = field(default_factory=list)
    """What adopt has said."""

    ran: list[str] = field(default_factory=list)
    """The commands that were followed."""

    def __post_init__(self) -> None:
        self.patch.setattr(self.aws, "client", cache(self.aws.client))
        self.hand = Hand(self.aws)
        self.cloudformation: Any = self.aws.client("cloudformation")

    def app(self, *, needs: Mapping[str, Sequence[str]] | None = None, **stacks: Resources | dict[str, Any]) -> None:
        """Write the app's assembly."""
        made = {}
        for name, resources in stacks.items():
            made[name] = stack(resources, dependencies=list((needs or {}).get(name, ())))
            if "Outputs" in resources:
                made[name]["template"] = resources
        write_assembly(self.folder / "cdk.out", made)

    def deploy(self, name: str = "OrgBaseline", *, app: str = "cdk.out", rollback: bool = True) -> str:
        """Do as `cdk deploy --exclusively` does; return the stack's status."""
        [there] = [each for each in read_stacks(self.folder / app) if each.id == name]
        tags = [{"Key": key, "Value": value} for key, value in there.artifact["properties"].get("tags", {}).items()]
        request = {"StackName": name, "TemplateBody": json.dumps(there.template), "Tags": tags}
        if (deployed := Live(self.aws.client).stack(name)) and deployed.status in {
            "ROLLBACK_COMPLETE",
            "ROLLBACK_FAILED",
        }:
            self.cloudformation.delete_stack(StackName=deployed.id)
            deployed = None
        change_set = self.cloudformation.create_change_set(
            ChangeSetName="deploy", ChangeSetType="UPDATE" if deployed else "CREATE", **request
        )["Id"]
        if self.cloudformation.describe_change_set(ChangeSetName=change_set)["ExecutionStatus"] == "AVAILABLE":
            self.cloudformation.execute_change_set(ChangeSetName=change_set, DisableRollback=not rollback)
        else:
            self.cloudformation.delete_change_set(ChangeSetName=change_set)
        return self.status(name)

    def status(self, name: str = "OrgBaseline") -> str:
        return str(self.cloudformation.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"])

    def failures(self, name: str) -> list[str]:
        """Return what failed in a stack."""
        events = self.cloudformation.describe_stack_events(StackName=name)["StackEvents"]
        return [str(each["ResourceStatusReason"]) for each in events if each["ResourceStatus"].endswith("_FAILED")]

    def import_(self, name: str, mapping: str, app: str) -> None:
        """Do as `cdk import` does: add to the deployed template what the mapping names."""
        [there] = [each for each in read_stacks(self.folder / app) if each.id == name]
        identifiers = json.loads((self.folder / mapping).read_text(encoding="utf-8"))
        now: dict[str, Any] = {}
        if Live(self.aws.client).stack(name):
            body = self.cloudformation.get_template(StackName=name)["TemplateBody"]
            now = json.loads(body) if isinstance(body, str) else body
        resources = there.template["Resources"]
        added = {key: resources[key] for key in identifiers if key not in now.get("Resources", {})}
        assert added.keys() == identifiers.keys(), "`cdk import` ends well without these"
        added = {key: {"DeletionPolicy": "Retain", **each} for key, each in added.items()}
        change_set = self.cloudformation.create_change_set(
            StackName=name,
            ChangeSetName="import",
            ChangeSetType="IMPORT",
            TemplateBody=json.dumps({**now, "Resources": {**now.get("Resources", {}), **added}}),
            ResourcesToImport=[
                {
                    "LogicalResourceId": key,
                    "ResourceType": resources[key]["Type"],
                    "ResourceIdentifier": identifier,
                }
                for key, identifier in identifiers.items()
            ],
        )["Id"]
        self.cloudformation.execute_change_set(ChangeSetName=change_set)
        assert self.status(name) == "IMPORT_COMPLETE"

    def assignments(self) -> list[dict[str, str]]:
        """Return the assignments that there are, as deleting them takes them."""
        live = Live(self.aws.client)
        [arn] = [each.arn for each in live.permission_sets(INSTANCE)]
        accounts = [each.id for each in live.accounts()]
        found = self.aws.client("sso-admin").list_account_assignments
        return [
            {
                "TargetId": each["AccountId"],
                "PermissionSetArn": arn,
                "PrincipalType": each["PrincipalType"],
                "PrincipalId": each["PrincipalId"],
            }
            for account_id in accounts
            for each in found(InstanceArn=INSTANCE, AccountId=account_id, PermissionSetArn=arn)["AccountAssignments"]
        ]

    def adopt(self, *words: str) -> Result:
        result = CliRunner().invoke(main, ["adopt", *words], catch_exceptions=False)
        self.said.append(result.output)
        return result

    def follow(self, said: str) -> None:
        """Do what adopt has printed, to the end."""
        for words in printed(said):
            line = " ".join(words)
            assert any(re.fullmatch(form, line) for form in FORMS), line
            self.ran.append(line)
            match words:
                case ["cdk", "deploy", name, *options]:
                    status = self.deploy(name, app=options[-1], rollback="--no-rollback" not in options)
                    assert status in {"CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE"}, self.failures(name)
                case ["cdk", "import", name, _, mapping, *_, app]:
                    self.import_(name, mapping, app)
                case ["aws", *rest]:
                    use_aws_cli(self.aws, *rest)
                case ["org-baseline", "adopt", *rest]:
                    result = self.adopt(*rest)
                    assert result.exit_code == 0, result.output
                    self.follow(result.output)

    def failing(self, number: int, *, made: bool = False) -> None:
        """Let the creation of one resource fail, once; with `made` it comes to exist all the same."""
        left, original = [number], engine._Attempt.make

        def make(attempt: engine._Attempt, properties: dict[str, Any]) -> StackResource:
            left[0] -= attempt.old is None
            if attempt.old is None and left[0] == 0:
                if made:
                    original(attempt, properties)
                raise ResourceFailure("NotStabilized", "it takes too long")
            return original(attempt, properties)

        self.patch.setattr(engine._Attempt, "make", make)


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.chdir(tmp_path)
    kind = ("SERVICE_CONTROL_POLICY",)
    with LocalAws(management_account_id=MANAGEMENT, region="us-east-1", new_organization_policy_types=kind) as aws:
        aws.seed(Existing(instance_arn=INSTANCE, identity_store_id=STORE))
        monkeypatch.setattr(command, "_connect", lambda *_: Live(aws.client))
        yield World(aws, tmp_path, monkeypatch)


def rows(said: str, title: str) -> list[str]:
    """The rows of one part of what adopt says, each time it says it: kind, name and id in single spaces."""
    parts = re.findall(rf"^{title} \(.*?(?=\n\n|\Z)", said, re.MULTILINE | re.DOTALL)
    return [" ".join(line.split()) for part in parts for line in part.splitlines() if re.match(r"  \S", line)]


def announced(said: str) -> dict[str, set[str]]:
    """The properties that adopt says a deploy changes, by the last word of the row they are told under: the id."""
    found: dict[str, set[str]] = {}
    row = ""
    for line in said.splitlines():
        if re.match(r"  \S", line):
            row = line.split()[-1]
        elif change := re.match(r"      a deploy changes (\w+)", line):
            found.setdefault(row, set()).add(change[1])
    return found


def finish(world: World, *words: str) -> None:
    """Adopt, follow what is printed to the end, and compare AWS before and after with what was said."""
    before = snapshot(world.aws)
    result = world.adopt(*words)
    assert result.exit_code == 0, result.output
    world.follow(result.output)
    after = snapshot(world.aws)
    said = "\n".join(world.said)

    lost = {key: value for key, value in before.items() if key not in after}
    assert not lost, f"{lost}\n{said}"
    for key, value in before.items():
        changed = {name for name in value if value[name] != after[key][name]}
        assert changed <= announced(said).get(key.split()[-1], set()), f"{key} {value} -> {after[key]}\n{said}"
    made = rows(said, "Does not exist, and is made by a deploy")
    for key in after.keys() - before.keys():
        row = f"{key.rpartition(' ')[0]} {after[key].get('name', 'the organization')}"
        row += f" <{after[key]['Email']}>" if key.startswith("account") else ""
        assert any(each.startswith(row) or each.endswith(f"/{row.split()[-1]}") for each in made), f"{row}\n{said}"
    kinds_and_names = [(key.split()[0], value["name"].casefold()) for key, value in after.items() if value]
    assert len(kinds_and_names) == len(set(kinds_and_names)), "something is there twice"

    for app in read_stacks(world.folder / "cdk.out"):
        deployed = Live(world.aws.client).stack(app.name)
        assert deployed is not None
        assert deployed.resources.keys() == app.template["Resources"].keys()
        world.deploy(app.id)
    assert snapshot(world.aws) == after, "another deploy changes nothing"


def refused(world: World, *words: str) -> str:
    """Adopt where something is in the way: nothing is written, and nothing changes."""
    before, files = snapshot(world.aws), sorted(world.folder.iterdir())
    result = world.adopt(*words)
    assert result.exit_code == 1, result.output
    assert "Nothing is written" in result.output
    assert (snapshot(world.aws), sorted(world.folder.iterdir())) == (before, files)
    return result.output


FAILURES = [
    pytest.param(number, rollback, exists, id=f"{kind}-{rolled_back}-{what}")
    for number, kind in enumerate(company(), 1)
    for rollback, rolled_back in ((True, "rolled-back"), (False, "no-rollback"))
    for exists, what in ((False, "fails"), (True, "exists"))
    # An assignment that exists keeps its permission set from being taken back: see below.
    if (kind, rollback, exists) != ("Access", True, True)
]


class TestFailedCreates:
    """The k-th create of a first deploy fails, rolled back or not; what failed exists all the same, or does not."""

    @pytest.mark.parametrize(("number", "rollback", "exists"), FAILURES)
    def test_are_finished(self, world: World, number: int, rollback: bool, exists: bool) -> None:  # noqa: FBT001
        world.app(OrgBaseline=company())
        world.failing(number, made=exists)
        assert world.deploy(rollback=rollback) == ("ROLLBACK_COMPLETE" if rollback else "CREATE_FAILED")
        finish(world)

    def test_that_cannot_be_taken_back_are_deleted_by_name(self, world: World) -> None:
        world.app(OrgBaseline=company())
        world.failing(len(company()), made=True)
        assert world.deploy() == "ROLLBACK_FAILED"
        said = refused(world)
        assert "the stack OrgBaseline is ROLLBACK_FAILED: its first deploy failed, and it still holds Set;" in said
        assert "deletes the stack and, of the failed deploy, Set:" in said
        [assigned] = world.assignments()
        world.aws.client("sso-admin").delete_account_assignment(
            InstanceArn=INSTANCE, TargetType="AWS_ACCOUNT", **assigned
        )
        before = snapshot(world.aws)
        world.follow(said)
        gone = before.keys() - snapshot(world.aws).keys()
        assert [key.rpartition("/")[0] for key in gone] == [
            f"permission set {INSTANCE.replace('instance', 'permissionSet')}"
        ]
        finish(world)


def later_stack() -> dict[str, Any]:
    """A stack that needs an output of the first: an account in its unit."""
    parent = {"Fn::GetStackOutput": {"StackName": "OrgBaseline", "OutputName": "Unit", "Region": "us-east-1"}}
    new = account(AccountName="acme-new", Email="aws+new@acme.com", ParentIds=[parent])
    return {"New": new | {"DeletionPolicy": "Retain"}}


def first_stack() -> dict[str, Any]:
    return {"Resources": company(), "Outputs": {"Unit": {"Value": {"Ref": "Workloads"}}}}


class TestStacksThatNeedOneAnother:
    def app(self, world: World) -> None:
        world.app(needs={"Later": ["OrgBaseline"]}, OrgBaseline=first_stack(), Later=later_stack())

    def test_are_taken_over_one_after_the_other(self, world: World) -> None:
        self.app(world)
        world.hand.organization()
        unit_id = world.hand.unit("workloads")
        world.hand.account("acme-dev", "aws+dev@acme.com", unit_id)
        world.hand.account("acme-new", "aws+new@acme.com", unit_id)
        finish(world, "--stack", "OrgBaseline")
        assert world.ran[-1] == "cdk deploy Later --exclusively --app cdk.out"

    def test_wait_for_the_first(self, world: World) -> None:
        self.app(world)
        world.hand.organization()
        world.hand.account("acme-new", "aws+new@acme.com", world.hand.unit("workloads"))
        said = refused(world, "--stack", "Later")
        assert "Later needs what OrgBaseline is not deployed with yet; follow that first, and run this again" in said
        assert printed(said) == [["org-baseline", "adopt", "--stack", "OrgBaseline"]]

    def test_keep_the_later_one_where_the_first_begins_anew(self, world: World) -> None:
        """The later stack is alive while the first is what a failed creation left, with all that it retained."""
        self.app(world)
        assert world.deploy() == "CREATE_COMPLETE"
        assert world.deploy("Later") == "CREATE_COMPLETE"
        world.cloudformation.delete_stack(StackName="OrgBaseline")
        world.failing(1)
        assert world.deploy() == "ROLLBACK_COMPLETE"
        later = Live(world.aws.client).stack("Later")
        finish(world, "--stack", "OrgBaseline")
        assert Live(world.aws.client).stack("Later") == later


def without(resources: Resources, *names: str, **ids: str) -> Resources:
    """Return resources without some, whose attributes are the ids that others name them by instead."""
    text = json.dumps({name: each for name, each in resources.items() if name not in names})
    for name in names:
        text = re.sub(rf'"{name}"(, )?', "", text) if name not in ids else text
        text = re.sub(
            rf'\{{"Fn::GetAtt": \["{name}", "\w+"\]\}}|\{{"Ref": "{name}"\}}', json.dumps(ids.get(name)), text
        )
        text = text.replace(f'"{name}"', "")
    made: Resources = json.loads(text)
    for each in made.values():
        each["DependsOn"] = [name for name in each.get("DependsOn", ()) if name in made]
    return made


def contractor(world: World) -> dict[str, str]:
    """A hand-made company with somebody in its group whom no template knows, and who has nothing yet."""
    world.hand.organization()
    world.hand.account("acme-dev", "aws+dev@acme.com", world.hand.unit("workloads"))
    ids = {"Team": world.hand.group("Team", "Us"), "Kim": world.hand.user("kim@acme.com", "kim@acme.com")}
    ids["KimInTeam"] = world.hand.member(ids["Team"], ids["Kim"])
    return ids


class TestPeopleWhomNoTemplateKnows:
    def test_are_named_with_what_they_would_get(self, world: World) -> None:
        world.app(OrgBaseline=company())
        ids = contractor(world)
        said = refused(world)
        assert "AWS has kim@acme.com in it, who would have AdministratorAccess in acme-dev with it; give them" in said
        assert f'\n  UserProps(user_name="kim@acme.com", user_id="{ids["Kim"]}", groups=["Team"]),\n' in said

    def test_are_taken_out_of_the_group(self, world: World) -> None:
        world.app(OrgBaseline=company())
        ids = contractor(world)
        refused(world)
        world.aws.client("identitystore").delete_group_membership(IdentityStoreId=STORE, MembershipId=ids["KimInTeam"])
        finish(world)

    def test_are_given_the_group_in_the_app(self, world: World) -> None:
        ids = contractor(world)
        member = membership(GroupId=get("Team", "GroupId"), MemberId={"UserId": ids["Kim"]}, IdentityStoreId=STORE)
        world.app(OrgBaseline=company() | {"KimInTeam": member})
        finish(world)

    def test_are_said_to_get_access_where_the_app_names_the_group_by_its_id(self, world: World) -> None:
        ids = contractor(world)
        world.app(OrgBaseline=without(company(), "Team", "Member", Team=ids["Team"]))
        finish(world)
        assert (
            "Gets access by a deploy (1)\n  kim@acme.com, whom AWS has in Team and no template does, will have"
            " AdministratorAccess in acme-dev\n"
        ) in world.said[0]

    def test_stay_in_a_group_that_has_it_all_already(self, world: World) -> None:
        world.app(OrgBaseline=company())
        ids = contractor(world)
        arn = world.hand.permission_set(description="All", session="PT1H")
        [dev] = [each.id for each in Live(world.aws.client).accounts() if each.name == "acme-dev"]
        world.hand.assign(arn, ids["Team"], dev)
        finish(world)


class TestAnIdentityProvider:
    @pytest.mark.parametrize("kind", ["Dax", "Team"])
    def test_keeps_what_it_manages(self, world: World, kind: str) -> None:
        world.app(OrgBaseline=company())
        world.hand.organization()
        ids = {"Dax": world.hand.user(display="Dax Acme"), "Team": world.hand.group("Team", "Us")}
        world.hand.provided(ids[kind])
        said = refused(world)
        line = {
            "Dax": f'UserProps(user_name="dax@acme.com", user_id="{ids["Dax"]}", groups=["Team"]),',
            "Team": f'GroupProps(name="Team", group_id="{ids["Team"]}"),',
        }[kind]
        assert f"\n  {line}\n" in said
        gone = [kind, "Member"] if kind == "Team" else [kind]
        world.app(OrgBaseline=without(company(), *gone, **{kind: ids[kind]}))
        finish(world)
        stack_ = Live(world.aws.client).stack("OrgBaseline")
        assert stack_ is not None
        assert kind not in stack_.resources
