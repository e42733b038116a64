"""From any state of AWS, through the commands that `org-baseline adopt` prints, to the end.

Every printed command is of a form that tests/matching/test_adopt.py or tests/walks/test_recovery.py runs with the real
CDK CLI. Here it does what that does, in CloudFormation's API, and AWS is compared before and after: the stack is
finished, nothing is made twice, nothing else is touched, nothing is lost, and what was said is what happened.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from click.testing import CliRunner

from cloud_assembly import get, stack, write_assembly
from everything_there import snapshot as everything
from in_process import local_aws
from local_aws_stacks import account, assignment, group, membership, permission_set, policy, unit, user
from made_by_hand import ADMINISTRATOR_ACCESS, INSTANCE, MANAGEMENT, STORE, Hand
from org_constructs.commands import adopt as command
from org_constructs.commands import main
from org_constructs.live.organization import Instance, LiveOrganization
from org_constructs.matching import State
from org_constructs.matching.adopt import plan_adoption
from org_constructs.matching.adopt_steps import Steps
from org_constructs.rehearsal.local_aws import Existing
from org_constructs.rehearsal.local_aws.cloudformation import engine
from org_constructs.rehearsal.local_aws.cloudformation.api import backend_of as stacks_of
from org_constructs.rehearsal.local_aws.resources.base import ResourceFailure
from org_constructs.rehearsal.local_aws.services.organizations import backend_of
from org_constructs.templates.assembly import read_stacks
from printed_commands import printed, use_aws_cli
from refusals import assert_refusal, assert_refused, stands_in, without_ids

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from click.testing import Result
    from syrupy.assertion import SnapshotAssertion

    from org_constructs.refusal import Refusal
    from org_constructs.rehearsal.local_aws import LocalAws
    from org_constructs.rehearsal.local_aws.cloudformation.stack import StackResource
    from org_constructs.templates.assembly import Stack

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
DENIAL = {"Effect": "Deny", "Action": "organizations:*", "Resource": "*"}
DENY = {"Version": "2012-10-17", "Statement": [DENIAL]}


def here(resource: dict[str, Any]) -> dict[str, Any]:
    """Return a resource of the instance and the identity store that there are."""
    there = {"InstanceArn": INSTANCE, "IdentityStoreId": STORE}
    properties = resource["Properties"]
    return resource | {"Properties": properties | {key: there[key] for key in there if key in properties}}


def company() -> Resources:
    """One resource of each kind, as the stack has them: an organization with one account, which one person is in."""
    retained = {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}
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
        self.hand = Hand(self.aws)
        self.cloudformation: Any = self.aws.client("cloudformation")

    def app(
        self,
        *,
        needs: Mapping[str, Sequence[str]] | None = None,
        tags: Mapping[str, str] | None = None,
        **stacks: Resources | dict[str, Any],
    ) -> None:
        """Write the app's assembly."""
        made = {}
        for name, resources in stacks.items():
            after = list((needs or {}).get(name, ()))
            made[name] = stack(resources, dependencies=after, properties={"tags": dict(tags or {})})
            if "Outputs" in resources:
                made[name]["template"] = resources
        write_assembly(self.folder / "cdk.out", made)

    def deploy(self, name: str = "OrgBaseline", *, app: str = "cdk.out", rollback: bool = True) -> str:
        """Do as `cdk deploy --exclusively` does; return the stack's status."""
        [there] = [each for each in read_stacks(self.folder / app) if each.id == name]
        if (deployed := LiveOrganization(self.aws.client).stack(name)) and deployed.status in {
            "ROLLBACK_COMPLETE",
            "ROLLBACK_FAILED",
        }:
            self.cloudformation.delete_stack(StackName=deployed.id)
            deployed = None
        change_set = self._change_set(there, "UPDATE" if deployed else "CREATE")
        if self._is_available(change_set):
            self.cloudformation.execute_change_set(ChangeSetName=change_set, DisableRollback=not rollback)
        return self.status(name)

    def differs(self, name: str) -> bool:
        """Tell whether a deploy would change anything."""
        [there] = [each for each in read_stacks(self.folder / "cdk.out") if each.id == name]
        return self._is_available(self._change_set(there, "UPDATE"))

    def _change_set(self, there: Stack, kind: str) -> str:
        tags = [{"Key": key, "Value": value} for key, value in there.tags.items()]
        request = {"StackName": there.name, "TemplateBody": json.dumps(there.template), "Tags": tags}
        return str(self.cloudformation.create_change_set(ChangeSetName="deploy", ChangeSetType=kind, **request)["Id"])

    def _is_available(self, change_set: str) -> bool:
        described = self.cloudformation.describe_change_set(ChangeSetName=change_set)
        return bool(described["ExecutionStatus"] == "AVAILABLE")

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
        if LiveOrganization(self.aws.client).stack(name):
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
        live = LiveOrganization(self.aws.client)
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
    email = "aws@acme.com"
    with local_aws(MANAGEMENT, "us-east-1", management_account_email=email, new_organization_policy_types=kind) as aws:
        aws.seed(Existing(instance_arn=INSTANCE, identity_store_id=STORE))
        monkeypatch.setattr(command, "_connect", lambda *_: LiveOrganization(aws.client))
        yield World(aws, tmp_path, monkeypatch)


def rows(said: str, title: str) -> list[str]:
    """The rows of one part of what adopt says, each time it says it: kind, name and id in single spaces."""
    parts = re.findall(rf"^{title} \(.*?(?=\n\n|\Z)", said, re.MULTILINE | re.DOTALL)
    return [" ".join(line.split()) for part in parts for line in part.splitlines() if re.match(r"  \S", line)]


def told(said: str) -> Iterator[tuple[str, str]]:
    """What adopt says of the rows that it lists: each row, and a line of what is below it."""
    row = ""
    for line in said.splitlines():
        if re.match(r"  \S", line):
            row = " ".join(line.split())
        elif line.startswith("      "):
            yield row, line.strip()


def announced(said: str, key: str) -> set[str]:
    """The properties of something that adopt says a deploy changes, and not in another one that it makes for that."""
    lines = [line for row, line in told(said) if row.endswith(f" {key.rsplit(maxsplit=1)[-1]}")]
    if any(line.startswith("for that, a deploy creates another") for line in lines):
        return set()
    return {change[1] for line in lines if (change := re.match(r"a deploy changes (\w+)", line))}


def deleted(said: str, key: str, name: str) -> bool:
    """Whether adopt says that a deploy deletes something, named by its id or its name."""
    ids = key.rpartition(" ")[2].split("|")
    return any(
        line.endswith(("a deploy deletes it", "and deletes this one"))
        and (row.endswith(f" {name}") or all(each in row for each in ids))
        for row, line in told(said)
    )


NAMES = {
    "account": {"AccountName"},
    "group": {"DisplayName"},
    "permission": {"Name"},
    "policy": {"Name"},
    "unit": {"Name"},
    "user": {"UserName"},
}
"""The properties that the names of things are in; memberships and assignments have those of what they join."""


def finish(world: World, *words: str) -> set[str]:
    """Adopt, follow what is printed to the end, and compare AWS before and after with what was said.

    Returns:
        The properties that were changed.
    """
    before = everything(world.aws)
    result = world.adopt(*words)
    assert result.exit_code == 0, result.output
    world.follow(result.output)
    after = everything(world.aws)
    said = "\n".join(world.said)

    all_changed = set()
    for key, value in before.items():
        if key not in after:
            assert deleted(said, key, value["name"]), f"{key} {value} is lost\n{said}"
            continue
        changed = {name for name in value if value[name] != after[key][name]}
        if "name" in changed:
            changed = changed - {"name"} | NAMES.get(key.split()[0], set())
        assert changed == announced(said, key), f"{key} {value} -> {after[key]}\n{said}"
        all_changed |= changed
    made = rows(said, "Does not exist and is created by a deploy")
    replaced = {row.split()[0] for row, line in told(said) if line.startswith("for that, a deploy creates another")}
    for key in after.keys() - before.keys():
        row = f"{key.rpartition(' ')[0]} {after[key].get('name', 'the organization')}"
        row += f" <{after[key]['Email']}>" if key.startswith("account") else ""
        is_made = any(each.startswith(row) or each.endswith(f"/{row.split()[-1]}") for each in made)
        assert is_made or key.split()[0] in replaced, f"{row}\n{said}"
    living = {key: value for key, value in after.items() if value.get("State", "ACTIVE") == "ACTIVE"}
    kinds_and_names = [
        (key.split()[0], value["name"].casefold(), value.get("ParentId")) for key, value in living.items() if value
    ]
    assert len(kinds_and_names) == len(set(kinds_and_names)), "something is there twice"

    for app in read_stacks(world.folder / "cdk.out"):
        deployed = LiveOrganization(world.aws.client).stack(app.name)
        assert deployed is not None
        assert deployed.resources.keys() == app.template["Resources"].keys()
        assert not world.differs(app.id), "another deploy changes something"
    return all_changed


def refused(world: World, code: str, *values: str, stack: str = "OrgBaseline") -> str:
    """Adopt where something is in the way: that is said, by this code, nothing is written, and nothing changes."""
    before, files = everything(world.aws), sorted(world.folder.iterdir())
    result = world.adopt("--stack", stack)
    assert result.exit_code == 1, result.output
    assert "Nothing is written" in result.output
    assert (everything(world.aws), sorted(world.folder.iterdir())) == (before, files)
    reasons = in_the_way(world, stack)
    assert {each.code for each in reasons} == {code}
    assert_refusal(reasons[0], code, *values)
    assert [each for each in reasons if str(each) not in result.output] == []
    return result.output


def in_the_way(world: World, stack: str = "OrgBaseline") -> list[Refusal]:
    """What keeps a stack from taking over what exists."""
    stacks = read_stacks(world.folder / "cdk.out")
    [adopting] = [each for each in stacks if each.id == stack]
    adoption = plan_adoption(stacks, adopting, LiveOrganization(world.aws.client))
    obstacle = Steps(adoption=adoption).obstacle()
    matches = (*adoption.of(State.IN_THE_WAY), *adoption.of(State.AMBIGUOUS))
    return [each for each in (obstacle and obstacle.reason, *(match.reason for match in matches)) if each]


def sentence(world: World, stack: str = "OrgBaseline") -> dict[str, str]:
    """What is said of that by its code, for a snapshot: the wordings, asserted once."""
    return {each.code: without_ids(str(each)) for each in in_the_way(world, stack)}


FAILURES = [
    pytest.param(number, rollback, exists, id=f"{kind}-{rolled_back}-{what}", marks=pytest.mark.long if exists else ())
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

    def test_that_cannot_be_taken_back_are_deleted_by_name(self, world: World, snapshot: SnapshotAssertion) -> None:
        world.app(OrgBaseline=company())
        world.failing(len(company()), made=True)
        assert world.deploy() == "ROLLBACK_FAILED"
        said = refused(world, "stack-rollback-failed", "OrgBaseline", "ROLLBACK_FAILED", "Set")
        assert re.search("deletes the stack .* Set:", said)
        assert sentence(world) == snapshot
        [assigned] = world.assignments()
        world.aws.client("sso-admin").delete_account_assignment(
            InstanceArn=INSTANCE, TargetType="AWS_ACCOUNT", **assigned
        )
        before = everything(world.aws)
        world.follow(said)
        gone = before.keys() - everything(world.aws).keys()
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

    def test_wait_for_the_first(self, world: World, snapshot: SnapshotAssertion) -> None:
        self.app(world)
        world.hand.organization()
        world.hand.account("acme-new", "aws+new@acme.com", world.hand.unit("workloads"))
        said = refused(world, "stack-waits", "Later", "OrgBaseline", stack="Later")
        assert sentence(world, "Later") == snapshot
        assert printed(said) == [["org-baseline", "adopt", "--stack", "OrgBaseline"]]

    def test_keep_the_later_one_where_the_first_begins_anew(self, world: World) -> None:
        """The later stack is alive while the first is what a failed creation left, with all that it retained."""
        self.app(world)
        assert world.deploy() == "CREATE_COMPLETE"
        assert world.deploy("Later") == "CREATE_COMPLETE"
        world.cloudformation.delete_stack(StackName="OrgBaseline")
        world.failing(1)
        assert world.deploy() == "ROLLBACK_COMPLETE"
        later = LiveOrganization(world.aws.client).stack("Later")
        finish(world, "--stack", "OrgBaseline")
        assert LiveOrganization(world.aws.client).stack("Later") == later


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
    def test_are_named_with_what_they_would_get(self, world: World, snapshot: SnapshotAssertion) -> None:
        world.app(OrgBaseline=company())
        ids = contractor(world)
        said = refused(world, "group-gives-access", "kim@acme.com", "AdministratorAccess in acme-dev")
        assert sentence(world) == snapshot
        assert f'\n  UserProps(user_name="kim@acme.com", user_id="{ids["Kim"]}", groups=["Team"]),\n' in said

    def test_are_taken_out_of_the_group(self, world: World) -> None:
        world.app(OrgBaseline=company())
        ids = contractor(world)
        refused(world, "group-gives-access")
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
        gains = world.said[0].partition("Gets access with a deploy (1)\n")[2]
        assert stands_in(gains.splitlines()[0], "kim@acme.com", "Team", "AdministratorAccess in acme-dev")

    def test_stay_in_a_group_that_has_it_all_already(self, world: World) -> None:
        world.app(OrgBaseline=company())
        ids = contractor(world)
        arn = world.hand.permission_set(description="All", session="PT1H")
        [dev] = [each.id for each in LiveOrganization(world.aws.client).accounts() if each.name == "acme-dev"]
        world.hand.assign(arn, ids["Team"], dev)
        finish(world)


class TestAnIdentityProvider:
    @pytest.mark.parametrize("kind", ["Dax", "Team"])
    def test_keeps_what_it_manages(self, world: World, kind: str, snapshot: SnapshotAssertion) -> None:
        world.app(OrgBaseline=company())
        world.hand.organization()
        ids = {"Dax": world.hand.user(display="Dax Acme"), "Team": world.hand.group("Team", "Us")}
        world.hand.provided(ids[kind])
        said = refused(world, "managed-by-provider")
        assert sentence(world) == snapshot
        line = {
            "Dax": f'UserProps(user_name="dax@acme.com", user_id="{ids["Dax"]}", groups=["Team"]),',
            "Team": f'GroupProps(name="Team", group_id="{ids["Team"]}"),',
        }[kind]
        assert f"\n  {line}\n" in said
        gone = [kind, "Member"] if kind == "Team" else [kind]
        world.app(OrgBaseline=without(company(), *gone, **{kind: ids[kind]}))
        finish(world)
        stack_ = LiveOrganization(world.aws.client).stack("OrgBaseline")
        assert stack_ is not None
        assert kind not in stack_.resources


def by_hand(world: World) -> dict[str, str]:
    """Make by hand what `company` is, to the last property; return the ids by logical ids."""
    hand, organizations = world.hand, world.aws.client("organizations")
    ids = {"Organization": hand.organization(), "Workloads": hand.unit("workloads")}
    ids["Dev"] = hand.account("acme-dev", "aws+dev@acme.com", ids["Workloads"])
    ids["Guard"] = hand.policy("Guard", json.dumps(DENY), ids["Workloads"])
    organizations.update_policy(PolicyId=ids["Guard"], Description="Stay")
    ids["Set"] = hand.permission_set(description="All", session="PT1H")
    ids["Team"] = hand.group("Team", "Us")
    ids["Dax"] = hand.user(display="Dax Acme")
    ids["Member"] = hand.member(ids["Team"], ids["Dax"])
    hand.assign(ids["Set"], ids["Team"], ids["Dev"])
    return ids


def edited(**properties: Mapping[str, Any]) -> Resources:
    """Return the company with other properties of some resources; None takes one away."""
    made = company()
    for name, values in properties.items():
        merged = made[name]["Properties"] | values
        made[name] = made[name] | {"Properties": {key: value for key, value in merged.items() if value is not None}}
    return made


def tags(**values: str) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in values.items()]


def tag_set(world: World, ids: Mapping[str, str]) -> None:
    world.aws.client("sso-admin").tag_resource(InstanceArn=INSTANCE, ResourceArn=ids["Set"], Tags=tags(owner="kim"))


def tag(name: str) -> Callable[[World, Mapping[str, str]], None]:
    """Return what tags something of AWS Organizations by hand."""

    def tags_it(world: World, ids: Mapping[str, str]) -> None:
        made = tags(team="one", owner="kim")
        world.aws.client("organizations").tag_resource(ResourceId=ids[name], Tags=made)

    return tags_it


def detach(world: World, ids: Mapping[str, str]) -> None:
    world.aws.client("organizations").detach_policy(PolicyId=ids["Guard"], TargetId=ids["Workloads"])


def leave_unit(world: World, ids: Mapping[str, str]) -> None:
    world.aws.client("organizations").move_account(
        AccountId=ids["Dev"], SourceParentId=ids["Workloads"], DestinationParentId=world.hand.root
    )


def leave_group(world: World, ids: Mapping[str, str]) -> None:
    world.aws.client("identitystore").delete_group_membership(IdentityStoreId=STORE, MembershipId=ids["Member"])


def unassign(world: World, ids: Mapping[str, str]) -> None:
    del ids
    [assigned] = world.assignments()
    world.aws.client("sso-admin").delete_account_assignment(InstanceArn=INSTANCE, TargetType="AWS_ACCOUNT", **assigned)


def nothing(world: World, ids: Mapping[str, str]) -> None:
    del world, ids


VIEW_ONLY = "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess"
ALONE = {"Statement": {**DENIAL, "Action": [DENIAL["Action"]]}, "Version": "2012-10-17"}
MORE = {
    **DENY,
    "Statement": [{**DENIAL, "Action": ["organizations:*", "account:*", *(f"s3:Get{n}" for n in range(9))]}],
}

CHANGES: dict[str, tuple[Resources, Callable[[World, Mapping[str, str]], None], set[str]]] = {
    "nothing": (company(), nothing, set()),
    "account-parent": (company(), leave_unit, {"ParentIds"}),
    "account-tags": (edited(Dev={"Tags": tags(team="two")}), tag("Dev"), {"Tags"}),
    "account-tags-of-others": (company(), tag("Dev"), set()),
    "account-name-in-other-case": (edited(Dev={"AccountName": "Acme-Dev"}), nothing, set()),
    "account-email-in-other-case": (edited(Dev={"Email": "AWS+dev@acme.com"}), nothing, set()),
    "unit-tags": (edited(Workloads={"Tags": tags(team="two")}), tag("Workloads"), {"Tags"}),
    "unit-tags-of-others": (edited(Workloads={"Tags": tags(team="one")}), tag("Workloads"), set()),
    "policy-content": (edited(Guard={"Content": MORE}), nothing, {"Content"}),
    "policy-one-statement": (edited(Guard={"Content": ALONE}), nothing, set()),
    "policy-description": (edited(Guard={"Description": "Remain"}), nothing, {"Description"}),
    "policy-no-description": (edited(Guard={"Description": None}), nothing, {"Description"}),
    "policy-detached": (company(), detach, {"TargetIds"}),
    "policy-targets": (edited(Guard={"TargetIds": [{"Ref": "Dev"}]}), nothing, {"TargetIds"}),
    "policy-tags": (edited(Guard={"Tags": tags(team="two")}), tag("Guard"), {"Tags"}),
    "set-description": (edited(Set={"Description": "More"}), nothing, {"Description"}),
    "set-session": (edited(Set={"SessionDuration": "PT8H"}), nothing, {"SessionDuration"}),
    "set-session-written-otherwise": (edited(Set={"SessionDuration": "PT60M"}), nothing, set()),
    "set-relay": (edited(Set={"RelayStateType": "https://acme.com"}), nothing, {"RelayStateType"}),
    "set-inline": (edited(Set={"InlinePolicy": DENY}), nothing, {"InlinePolicy"}),
    "set-managed": (edited(Set={"ManagedPolicies": [VIEW_ONLY]}), nothing, {"ManagedPolicies"}),
    "set-customer-managed": (
        edited(Set={"CustomerManagedPolicyReferences": [{"Name": "Reader"}]}),
        nothing,
        {"CustomerManagedPolicyReferences"},
    ),
    "set-boundary": (
        edited(Set={"PermissionsBoundary": {"ManagedPolicyArn": VIEW_ONLY}}),
        nothing,
        {"PermissionsBoundary"},
    ),
    "set-tags": (edited(Set={"Tags": tags(owner="dax")}), tag_set, {"Tags"}),
    "set-tags-that-another-change-drops": (edited(Set={"Description": "More"}), tag_set, {"Description", "Tags"}),
    "set-tags-that-other-tags-drop": (edited(Set={"Tags": tags(team="one")}), tag_set, {"Tags"}),
    "set-tags-of-others": (company(), tag_set, set()),
    "group-description": (edited(Team={"Description": "All of us"}), nothing, {"Description"}),
    "group-no-description": (edited(Team={"Description": None}), nothing, {"Description"}),
    "user-display-name": (edited(Dax={"DisplayName": "Dax"}), nothing, {"DisplayName"}),
    "user-name": (edited(Dax={"Name": {"GivenName": "Dax", "FamilyName": "Ace"}}), nothing, {"Name"}),
    "membership": (company(), leave_group, set()),
    "assignment": (company(), unassign, set()),
}


class TestWhatWasMadeByHand:
    """Everything exists, and the app says something else of one property, or nothing of what somebody has set."""

    @pytest.mark.parametrize("change", CHANGES)
    def test_is_changed_as_announced(self, world: World, change: str) -> None:
        resources, do, properties = CHANGES[change]
        world.app(OrgBaseline=resources)
        do(world, by_hand(world))
        assert finish(world) == properties

    def test_gets_the_stacks_tags_as_announced(self, world: World) -> None:
        world.app(OrgBaseline=company(), tags={"company": "acme"})
        by_hand(world)
        assert finish(world) == {"Tags"}

    def test_is_told_in_full(self, world: World) -> None:
        world.app(OrgBaseline=edited(Guard={"Content": MORE}))
        by_hand(world)
        said = world.adopt("--dry-run").output
        assert f"a deploy changes Content from {json.dumps(DENY)} to {json.dumps(MORE)}\n" in said


def group_described(world: World) -> None:
    """Somebody describes the group in the console, of which no template knows."""
    store = world.aws.client("identitystore")
    [found] = store.list_groups(IdentityStoreId=STORE)["Groups"]
    operations = [{"AttributePath": "description", "AttributeValue": "Theirs"}]
    store.update_group(IdentityStoreId=STORE, GroupId=found["GroupId"], Operations=operations)


def no_drift(world: World) -> None:
    del world


EMAILS = {"Emails": [{"Value": "dax@home.acme.com", "Primary": True}]}
UPDATES: dict[str, tuple[Resources, Callable[[World], None], set[str], set[str]]] = {
    "nothing": (company(), no_drift, set(), set()),
    "drift-that-no-deploy-sees": (company(), group_described, set(), set()),
    "group-renamed": (edited(Team={"DisplayName": "People"}), no_drift, {"DisplayName"}, set()),
    "group-described": (edited(Team={"Description": "All"}), no_drift, {"Description"}, set()),
    "unit-renamed": (edited(Workloads={"Name": "work"}), no_drift, {"Name"}, set()),
    "policy-renamed": (edited(Guard={"Name": "Guards"}), no_drift, {"Name"}, set()),
    "account-moved": (edited(Dev={"ParentIds": [ROOT_ID]}), no_drift, {"ParentIds"}, set()),
    "set-renamed": (edited(Set={"Name": "Everything"}), no_drift, set(), {"permission", "assignment"}),
    "user-renamed": (edited(Dax={"UserName": "dax"} | EMAILS), no_drift, set(), {"user", "membership"}),
    "user-displayed-otherwise": (edited(Dax={"DisplayName": "Dax"}), no_drift, {"DisplayName"}, set()),
    "access-removed": (without(company(), "Access"), no_drift, set(), {"assignment"}),
    "policy-removed": (without(company(), "Guard"), no_drift, set(), {"policy"}),
    "person-removed": (without(company(), "Dax", "Member"), no_drift, set(), {"user", "membership"}),
    "account-removed": (without(company(), "Dev", "Access"), no_drift, set(), {"assignment"}),
    "unit-moved": (
        edited(Workloads={"ParentId": {"Ref": "Above"}}) | {"Above": unit("Organization", Name="a", ParentId=ROOT_ID)},
        no_drift,
        {"ParentIds", "TargetIds"},
        set(),
    ),
}


class TestWhatTheStackHas:
    """The stack is deployed, and the app says something else now: what a deploy changes and deletes is announced."""

    @pytest.mark.parametrize("update", UPDATES)
    def test_is_changed_and_deleted_as_announced(self, world: World, update: str) -> None:
        resources, drift, properties, kinds = UPDATES[update]
        world.app(OrgBaseline=company())
        world.deploy()
        drift(world)
        world.app(OrgBaseline=resources)
        before = everything(world.aws)
        assert finish(world) == properties
        assert {key.split()[0] for key in before.keys() - everything(world.aws).keys()} == kinds

    @pytest.mark.parametrize("changed", [{"AccountName": "acme-x"}, {"Email": "x@acme.com"}, {"RoleName": "Admin"}])
    def test_is_refused_where_no_deploy_can_change_it(
        self, world: World, changed: dict[str, str], snapshot: SnapshotAssertion
    ) -> None:
        world.app(OrgBaseline=company())
        world.deploy()
        world.app(OrgBaseline=edited(Dev=changed))
        [name] = changed
        refused(world, "change-refused", name)
        assert sentence(world) == snapshot
        world.app(OrgBaseline=company())
        assert finish(world) == set()


def state(world: World, account_id: str, wanted: str) -> None:
    """Let an account be in a state, as its owner and AWS bring it there."""
    account_ = backend_of(MANAGEMENT).get_account_by_id(account_id)
    account_.state = wanted
    account_.status = wanted if wanted in {"ACTIVE", "PENDING_CLOSURE"} else "SUSPENDED"
    assert next(each for each in LiveOrganization(world.aws.client).accounts() if each.id == account_id).state == wanted


class TestAccountStates:
    @pytest.mark.parametrize("wanted", ["PENDING_CLOSURE", "CLOSED"])
    def test_a_closed_account_keeps_its_email_and_not_its_name(
        self, world: World, wanted: str, snapshot: SnapshotAssertion
    ) -> None:
        world.app(OrgBaseline=company())
        ids = by_hand(world)
        unassign(world, ids)
        state(world, ids["Dev"], wanted)
        refused(world, "account-closed", ids["Dev"], "no other account")
        assert sentence(world) == snapshot
        world.app(OrgBaseline=edited(Dev={"Email": "aws+dev2@acme.com"}))
        finish(world)
        assert [each.state for each in LiveOrganization(world.aws.client).accounts() if each.name == "acme-dev"] == [
            wanted,
            "ACTIVE",
        ]

    @pytest.mark.parametrize(
        ("wanted", "code"), [("PENDING_ACTIVATION", "account-unfinished"), ("SUSPENDED", "account-restricted")]
    )
    def test_an_account_that_is_not_active_is_waited_for(
        self, world: World, wanted: str, code: str, snapshot: SnapshotAssertion
    ) -> None:
        world.app(OrgBaseline=company())
        ids = by_hand(world)
        unassign(world, ids)
        state(world, ids["Dev"], wanted)
        refused(world, code, ids["Dev"])
        assert sentence(world) == snapshot
        state(world, ids["Dev"], "ACTIVE")
        finish(world)

    @pytest.mark.parametrize("wanted", ["ACTIVE", "PENDING_ACTIVATION"])
    def test_an_account_of_the_name_is_not_opened_again(
        self, world: World, wanted: str, snapshot: SnapshotAssertion
    ) -> None:
        world.app(OrgBaseline=edited(Dev={"Email": "aws+dev2@acme.com"}))
        ids = by_hand(world)
        state(world, ids["Dev"], wanted)
        refused(world, "account-namesake", ids["Dev"])
        assert sentence(world) == snapshot
        state(world, ids["Dev"], "ACTIVE")
        world.app(OrgBaseline=company())
        finish(world)


OTHERS: dict[str, tuple[Resources, str]] = {
    "account-name": (edited(Dev={"AccountName": "acme-x"}), "account-name-fixed"),
    "unit-name-in-other-case": (edited(Workloads={"Name": "Workloads"}), "name-in-other-case"),
    "policy-name-in-other-case": (edited(Guard={"Name": "guard"}), "name-in-other-case"),
    "set-name-in-other-case": (edited(Set={"Name": "administratoraccess"}), "name-in-other-case"),
    "group-name-in-other-case": (edited(Team={"DisplayName": "TEAM"}), "name-in-other-case"),
    "user-name-in-other-case": (edited(Dax={"UserName": "Dax@acme.com"}), "user-different"),
    "user-email": (edited(Dax=EMAILS), "user-different"),
    "policy-of-aws": (edited(Guard={"Name": "FullAWSAccess"}), "policy-of-aws"),
    "management-email": (edited(Dev={"Email": "aws@acme.com"}), "account-email-management"),
}


class TestWhatIsInTheWay:
    """Something exists that the app means, or does not, and that no deploy makes what the app says."""

    @pytest.mark.parametrize("logical_id", ["Guard", "Access", "Member"])
    def test_what_the_stack_has_under_another_logical_id_is_in_the_way(self, world: World, logical_id: str) -> None:
        world.app(OrgBaseline=company())
        world.deploy()
        world.app(OrgBaseline={"New" if key == logical_id else key: each for key, each in company().items()})
        refused(world, "logical-id-changed", "OrgBaseline", logical_id, logical_id)

    @pytest.mark.parametrize("other", OTHERS)
    def test_is_said_and_done(self, world: World, other: str, snapshot: SnapshotAssertion) -> None:
        resources, code = OTHERS[other]
        world.app(OrgBaseline=resources)
        by_hand(world)
        refused(world, code)
        assert sentence(world) == snapshot
        world.app(OrgBaseline=company())
        finish(world)

    def test_is_an_instance_of_a_member_account(self, world: World) -> None:
        own = "arn:aws:sso:::instance/ssoins-9999888877776666"
        world.app(OrgBaseline=edited(Set={"InstanceArn": own}, Access={"InstanceArn": own}))
        ids = by_hand(world)
        listed = LiveOrganization.instances
        theirs = Instance(arn=own, identity_store_id="d-9999999999", owner_account_id=ids["Dev"], status="ACTIVE")
        world.patch.setattr(LiveOrganization, "instances", lambda live: (*listed(live), theirs))
        result = world.adopt()
        assert_refused(result, "instance-of-account", own, ids["Dev"], INSTANCE)
        world.app(OrgBaseline=company())
        finish(world)


def in_status(world: World, wanted: str) -> None:
    """Let the stack be in a status."""
    if not LiveOrganization(world.aws.client).stack("OrgBaseline"):
        world.app(OrgBaseline=company())
        world.deploy()
    stacks_of(MANAGEMENT, "us-east-1").stack("OrgBaseline").status = wanted


def failed_update(world: World, *, rollback: bool, made: bool = False) -> str:
    """Deploy, then let an update fail at a new account."""
    world.app(OrgBaseline=company())
    world.deploy()
    new = account("Guard", AccountName="acme-new", Email="aws+new@acme.com", ParentIds=[{"Ref": "Workloads"}])
    world.app(OrgBaseline=edited(Team={"DisplayName": "People"}) | {"New": new | {"DeletionPolicy": "Retain"}})
    world.failing(1, made=made)
    return world.deploy(rollback=rollback)


STATUSES: Any = boto3.client("cloudformation", region_name="us-east-1").meta.service_model.shape_for("StackStatus")
UNDER_WAY = {each for each in STATUSES.enum if each.endswith("_IN_PROGRESS")} - {"REVIEW_IN_PROGRESS"}


class TestStackStatuses:
    def test_what_is_under_way_is_waited_for(self, world: World, snapshot: SnapshotAssertion) -> None:
        assert len(UNDER_WAY) == 9
        in_status(world, "UPDATE_IN_PROGRESS")
        assert sentence(world) == snapshot
        for wanted in UNDER_WAY:
            in_status(world, wanted)
            said = refused(world, "stack-in-progress", "OrgBaseline", wanted)
            assert printed(said) == []
            in_status(world, "CREATE_COMPLETE")

    @pytest.mark.parametrize(
        "wanted", ["CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE", "IMPORT_ROLLBACK_COMPLETE"]
    )
    def test_what_is_finished_is_gone_on_with(self, world: World, wanted: str) -> None:
        in_status(world, wanted)
        world.hand.group("People", "Us")
        more = here(group(DisplayName="People", Description="All"))
        world.app(OrgBaseline=company() | {"People": more})
        assert finish(world) == {"Description"}

    def test_a_change_set_that_nobody_executed_is_no_stack_yet(self, world: World) -> None:
        world.app(OrgBaseline=company())
        [there] = read_stacks(world.folder / "cdk.out")
        world._change_set(there, "CREATE")
        assert world.status() == "REVIEW_IN_PROGRESS"
        by_hand(world)
        finish(world)

    def test_a_stack_that_somebody_deleted_takes_over_what_is_left(self, world: World) -> None:
        world.app(OrgBaseline=company())
        world.deploy()
        world.cloudformation.delete_stack(StackName="OrgBaseline")
        finish(world)

    @pytest.mark.parametrize("made", [False, True])
    @pytest.mark.parametrize("rollback", [True, False])
    def test_an_update_that_failed_is_done_again(self, world: World, rollback: bool, made: bool) -> None:  # noqa: FBT001
        status = failed_update(world, rollback=rollback, made=made)
        assert status == ("UPDATE_ROLLBACK_COMPLETE" if rollback else "UPDATE_FAILED")
        assert finish(world) <= {"DisplayName"}

    @pytest.mark.parametrize("removed", [False, True])
    def test_a_rollback_that_failed_goes_on_without_the_account(
        self,
        world: World,
        removed: bool,  # noqa: FBT001
        snapshot: SnapshotAssertion,
    ) -> None:
        world.app(OrgBaseline=company())
        world.deploy()
        before = everything(world.aws)
        world.app(OrgBaseline=edited(Dev={"AccountName": "acme-x"}, Team={"Description": "All"}))
        assert world.deploy() == "UPDATE_ROLLBACK_FAILED"
        world.app(OrgBaseline=without(company(), "Dev", "Access") if removed else company())
        said = refused(world, "stack-update-rollback-failed", "OrgBaseline", "UPDATE_ROLLBACK_FAILED", "Dev")
        assert sentence(world) == snapshot
        world.follow(said)
        assert everything(world.aws) == before
        assert world.status() == "UPDATE_ROLLBACK_COMPLETE"
        assert finish(world) == set()

    def test_a_rollback_that_failed_leaves_out_nothing_but_accounts(self, world: World) -> None:
        world.app(OrgBaseline=company())
        world.deploy()
        [team] = world.hand._store.list_groups(IdentityStoreId=STORE)["Groups"]
        world.hand._store.delete_group(IdentityStoreId=STORE, GroupId=team["GroupId"])
        world.app(OrgBaseline=edited(Team={"Description": "All"}))
        assert world.deploy() == "UPDATE_ROLLBACK_FAILED"
        said = refused(world, "stack-update-rollback-failed", "OrgBaseline", "UPDATE_ROLLBACK_FAILED", "Team")
        assert "--resources-to-skip" not in said

    def test_a_deletion_that_failed_is_finished_without_what_kept_it(
        self, world: World, snapshot: SnapshotAssertion
    ) -> None:
        world.app(OrgBaseline=company())
        world.deploy()
        [guard] = [
            each
            for each in LiveOrganization(world.aws.client).policies("SERVICE_CONTROL_POLICY")
            if each.name == "Guard"
        ]
        world.aws.client("organizations").attach_policy(PolicyId=guard.id, TargetId=world.hand.root)
        world.cloudformation.delete_stack(StackName="OrgBaseline")
        assert world.status() == "DELETE_FAILED"
        said = refused(world, "stack-delete-failed", "OrgBaseline", "DELETE_FAILED", "Guard")
        assert sentence(world) == snapshot
        assert [words[2:4] for words in printed(said)[:2]] == [
            ["delete-stack", "--stack-name"],
            ["wait", "stack-delete-complete"],
        ]
        before = everything(world.aws)
        world.follow(said)
        assert everything(world.aws) == before
        assert finish(world) == {"TargetIds"}

    def test_an_import_that_could_not_be_taken_back_is_looked_at_by_people(
        self, world: World, snapshot: SnapshotAssertion
    ) -> None:
        in_status(world, "IMPORT_ROLLBACK_FAILED")
        said = refused(world, "stack-stuck", "OrgBaseline", "IMPORT_ROLLBACK_FAILED")
        assert sentence(world) == snapshot
        assert printed(said) == []
