"""An organization of 30 accounts that is deployed to a local AWS, to be changed by hand and compared."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import dataclass, field
from itertools import takewhile
from typing import TYPE_CHECKING, Any, Final

import aws_cdk as cdk
from aws_cdk.assertions import Template

from local_aws_stacks import assignment, group, membership, permission_set, policy, unit
from made_by_hand import INSTANCE, MANAGEMENT, STORE
from org_constructs import (
    AccountProps,
    AlternateContactProps,
    AssignmentProps,
    CustomerManagedPolicy,
    GroupProps,
    IdentityCenter,
    OrganizationalUnitProps,
    OrgBaseline,
    PermissionSetProps,
    PolicyProps,
    PolicyType,
    UserProps,
)
from org_constructs.baseline.plan.accounts import output_name
from org_constructs.drift.runner import find_drift
from org_constructs.live.organization import LiveOrganization
from org_constructs.matching import State
from org_constructs.matching.adopt import plan_adoption
from org_constructs.rehearsal.local_aws.services.account_management import codes_of
from org_constructs.templates.assembly import Stack
from org_constructs.templates.metadata import DISPLAY_NAMES

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from org_constructs.drift.finding import Report
    from org_constructs.rehearsal.local_aws import LocalAws

NAME: Final = "OrgBaseline"
DENY: Final = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "iam:CreateUser", "Resource": "*"}]}
STAGES: Final = ("dev", "staging", "production")
TEAMS: Final = tuple("abcdefghij")
SCP: Final = PolicyType.SERVICE_CONTROL_POLICY
CONTACT: Final = AlternateContactProps(
    type="SECURITY",
    name="Kim Acme",
    title="Head of security",
    email="security@acme.com",
    phone_number="+1 206 555 0100",
    accounts=["management", "a-dev", "b-dev"],
)


def arguments() -> dict[str, Any]:
    """What the organization is made of: three accounts for each of ten teams."""
    return {
        "env": cdk.Environment(account=MANAGEMENT, region="us-east-1"),
        "company": "acme",
        "email": "aws@acme.com",
        "identity_center": IdentityCenter(instance_arn=INSTANCE, identity_store_id=STORE),
        "organizational_units": [
            OrganizationalUnitProps(
                name="workloads", organizational_units=[OrganizationalUnitProps(name=each) for each in STAGES]
            ),
            OrganizationalUnitProps(name="security", tags={"owner": "kim"}),
            *(OrganizationalUnitProps(name=f"spare-{each}", tags={"use": "later"}) for each in TEAMS[:4]),
        ],
        "accounts": [
            AccountProps(
                key=f"{team}-{stage}",
                organizational_unit=f"workloads/{stage}",
                tags={"team": team} if stage == "production" else None,
            )
            for team in TEAMS
            for stage in STAGES
        ],
        "users": [
            UserProps(
                user_name=f"{each}@acme.com",
                given_name=each.title(),
                family_name="Acme",
                groups=["Administrators"] if number < 2 else ["Developers", "Auditors"],
            )
            for number, each in enumerate(("dax", "kim", "lou", "ana", "ben", "cleo", "eva", "finn"))
        ],
        "groups": [
            GroupProps(name="Administrators", description="Administer every account"),
            GroupProps(name="Developers"),
            GroupProps(name="Auditors", description="Look and do not touch"),
            *(GroupProps(name=f"Spare {each}") for each in TEAMS[:3]),
        ],
        "permission_sets": [
            PermissionSetProps(
                name="AdministratorAccess", managed_policies=["AdministratorAccess"], session_duration="PT12H"
            ),
            PermissionSetProps(
                name="Developer",
                description="Build and deploy",
                managed_policies=["PowerUserAccess", "job-function/Billing"],
                inline_policy=DENY,
                permissions_boundary=CustomerManagedPolicy(name="Boundary", path="/acme/"),
                session_duration="PT8H",
                tags={"owner": "kim"},
            ),
            PermissionSetProps(
                name="ReadOnly",
                managed_policies=["ReadOnlyAccess"],
                customer_managed_policies=[CustomerManagedPolicy(name="ReadTickets")],
            ),
            PermissionSetProps(name="Inline", inline_policy=DENY),
            *(PermissionSetProps(name=f"Spare-{each}", managed_policies=["ReadOnlyAccess"]) for each in TEAMS[:4]),
        ],
        "assignments": [
            AssignmentProps(
                principal="Administrators",
                permission_set="AdministratorAccess",
                targets=["management", "workloads/dev"],
            ),
            AssignmentProps(
                principal="Developers", permission_set="Developer", targets=["a-dev", "b-dev", "c-dev", "a-staging"]
            ),
            AssignmentProps(
                principal="Auditors", permission_set="ReadOnly", targets=["a-production", "b-production", "j-staging"]
            ),
            AssignmentProps(principal="lou@acme.com", permission_set="ReadOnly", targets=["a-dev", "b-dev"]),
        ],
        "policies": [
            PolicyProps(name="deny-users", type=SCP, content=DENY, targets=["workloads", "a-dev"]),
            PolicyProps(
                name="deny-more", type=SCP, content=DENY, targets=["root"], description="More", tags={"by": "kim"}
            ),
            *(PolicyProps(name=f"spare-{each}", type=SCP, content=DENY, targets=["security"]) for each in TEAMS[:4]),
            PolicyProps(
                name="backups",
                type=PolicyType.BACKUP_POLICY,
                content={"plans": {"daily": {"regions": {"@@assign": ["us-east-1"]}}}},
                targets=["workloads/production"],
            ),
        ],
        "enabled_policy_types": [SCP, PolicyType.BACKUP_POLICY],
        "trusted_access": ["account.amazonaws.com", "cloudtrail.amazonaws.com"],
        "alternate_contacts": [CONTACT],
    }


def synthesize(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the template of an organization; with the paths of the units' constructs, as the CDK CLI asks for them."""
    app = cdk.App(context={"aws:cdk:enable-path-metadata": True})
    template = dict(Template.from_stack(OrgBaseline(app, NAME, **given)).to_json())
    for each in template["Resources"].values():
        if each["Type"] != "AWS::Organizations::OrganizationalUnit":
            each.pop("Metadata", None)  # JSON takes more of the 51,200 bytes than the CDK CLI's YAML does
    return template


def display_names(given: Mapping[str, Any], template: Mapping[str, Any]) -> dict[str, str]:
    """Return what an organization has people see, by the logical ids of the accounts in its template."""
    outputs = {each.key: template["Outputs"][output_name(each.key)] for each in given["accounts"] if each.display_name}
    return {
        outputs[each.key]["Value"]["Fn::GetAtt"][0]: each.display_name
        for each in given["accounts"]
        if each.display_name
    }


@dataclass
class World:
    """A local AWS with one stack."""

    aws: LocalAws
    template: dict[str, Any]
    """What the app says."""

    display_names: Mapping[str, str] = field(default_factory=dict)
    """What the app has people see, by the logical ids of the accounts."""

    made: int = 0
    """How much was made by hand, so that each has a name of its own."""

    def client(self, service: str) -> Any:
        return self.aws.client(service)

    def deploy(self, template: Mapping[str, Any] | None = None, name: str = NAME) -> None:
        """Do as `cdk deploy` does."""
        cloudformation = self.client("cloudformation")
        there = LiveOrganization(self.aws.client).stack(name)
        change_set = cloudformation.create_change_set(
            StackName=name,
            ChangeSetName="deploy",
            ChangeSetType="UPDATE" if there else "CREATE",
            TemplateBody=json.dumps(template or self.template, separators=(",", ":")),
        )["Id"]
        if cloudformation.describe_change_set(ChangeSetName=change_set)["ExecutionStatus"] != "AVAILABLE":
            return
        cloudformation.execute_change_set(ChangeSetName=change_set)
        status = cloudformation.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]
        events = cloudformation.describe_stack_events(StackName=name)["StackEvents"]
        failed = [
            (each["LogicalResourceId"], each["ResourceStatusReason"])
            for each in events
            if each["ResourceStatus"].endswith("_FAILED")
        ]
        assert status in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}, (status, failed)

    def adopt(self) -> None:
        """Do as `org-baseline adopt` and `cdk import` do."""
        adoption = plan_adoption([self.stack], self.stack, self.live)
        assert not adoption.is_blocked, adoption.of(State.IN_THE_WAY)
        wanted, now = adoption.import_template()["Resources"], dict(self.live.template(NAME))
        resources = {
            **now["Resources"],
            **{each: {"DeletionPolicy": "Retain", **wanted[each]} for each in adoption.mapping},
        }
        change_set = self.client("cloudformation").create_change_set(
            StackName=NAME,
            ChangeSetName="import",
            ChangeSetType="IMPORT",
            TemplateBody=json.dumps({**now, "Resources": resources}, separators=(",", ":")),
            ResourcesToImport=[
                {"LogicalResourceId": each, "ResourceType": wanted[each]["Type"], "ResourceIdentifier": identifier}
                for each, identifier in adoption.mapping.items()
            ],
        )["Id"]
        self.client("cloudformation").execute_change_set(ChangeSetName=change_set)
        [stack] = self.client("cloudformation").describe_stacks(StackName=NAME)["Stacks"]
        assert stack["StackStatus"] == "IMPORT_COMPLETE", stack

    def prepare(self) -> None:
        """Enable what the app needs and no deploy enables."""
        organizations = self.client("organizations")
        for each in ("account.amazonaws.com", "cloudtrail.amazonaws.com"):
            organizations.enable_aws_service_access(ServicePrincipal=each)
        live = self.live
        accounts = {each.name: each.id for each in live.accounts()}
        for key in CONTACT.accounts or ():
            named = {} if key == "management" else {"AccountId": accounts[f"acme-{key}"]}
            self.client("account").put_alternate_contact(
                AlternateContactType=CONTACT.type,
                Name=CONTACT.name,
                Title=CONTACT.title,
                EmailAddress=CONTACT.email,
                PhoneNumber=CONTACT.phone_number,
                **named,
            )
        self._deploy_another(live, accounts["acme-c-dev"])

    def _deploy_another(self, live: LiveOrganization, account_id: str) -> None:
        """Deploy another stack, which is not the app's."""
        sets = {each.name: each.arn for each in live.permission_sets(INSTANCE)}
        groups = {each.name: each.id for each in live.groups(STORE)}
        users = {each.user_name: each.id for each in live.users(STORE)}
        here, there = {"InstanceArn": INSTANCE}, {"IdentityStoreId": STORE}
        resources = {
            "Unit": unit(Name="other", ParentId=live.root().id),
            "Policy": policy("Unit", Name="Other", TargetIds=[{"Ref": "Unit"}]),
            "Set": permission_set(Name="Other", **here),
            "Team": group(DisplayName="Others", **there),
            "Member": membership(GroupId=groups["Administrators"], MemberId={"UserId": users["lou@acme.com"]}, **there),
            "Access": assignment(
                TargetId=account_id,
                PermissionSetArn=sets["ReadOnly"],
                PrincipalId={"Fn::GetAtt": ["Team", "GroupId"]},
                **here,
            ),
        }
        self.deploy({"Resources": resources}, "Other")

    @property
    def live(self) -> LiveOrganization:
        """What AWS has now."""
        return LiveOrganization(self.aws.client)

    def look(self, *leave: str) -> Report:
        """Return what has drifted."""
        live = self.live
        return find_drift([self.stack], lambda _: live, leave=leave)

    @property
    def stack(self) -> Stack:
        """The stack as an assembly has it."""
        names = [{"type": DISPLAY_NAMES, "data": self.display_names}]
        artifact: dict[str, Any] = {"properties": {}, "metadata": {f"/{NAME}": names}}
        here = {"id": NAME, "name": NAME, "account": MANAGEMENT, "region": "us-east-1"}
        return Stack(**here, template=self.template, template_file=None, folder=None, artifact=artifact)  # type: ignore[arg-type] # no test reads them

    def without(self, logical_ids: Collection[str], *, accounts: bool = False) -> dict[str, Any]:
        """Return the template without some resources, and what refers to them."""
        resources = {key: each for key, each in self.template["Resources"].items() if key not in logical_ids}
        gone = set(logical_ids)
        while True:
            referring = {
                key
                for key, each in resources.items()
                if _refers(each.get("Properties", {}), gone)
                and (accounts or each["Type"] != "AWS::Organizations::Account")
                and each["Type"] != "AWS::Organizations::Policy"
            }
            if not referring:
                break
            gone |= referring
            resources = {key: each for key, each in resources.items() if key not in referring}
        body: dict[str, Any] = json.loads(json.dumps({**self.template, "Resources": resources}))
        body["Outputs"] = {key: each for key, each in body["Outputs"].items() if not _refers(each, gone)}
        for each in body["Resources"].values():
            each["DependsOn"] = sorted(self._waits(each, gone))
            targets = each.get("Properties", {}).get("TargetIds")
            if targets:
                each["Properties"]["TargetIds"] = [target for target in targets if not _refers(target, gone)]
        return body

    def _waits(self, resource: Mapping[str, Any], gone: Collection[str]) -> set[str]:
        """Return what a resource waits for where some are gone: what these have waited for, as the app writes it."""
        named = resource.get("DependsOn", [])
        waits = {named} if isinstance(named, str) else set(named)
        further = (self._waits(self.template["Resources"][each], gone) for each in waits & set(gone))
        return (waits - set(gone)).union(*further)

    def run(self, command: str) -> None:
        """Do what a command of the AWS CLI does."""
        words = shlex.split(command)
        assert words[0] == "aws", command
        service, operation, *rest = words[1:]
        client = self.client(service)
        given: dict[str, Any] = {}
        name = operation.replace("-", "_")
        shape = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[name]).input_shape
        for number, word in enumerate(rest):
            if word.startswith("--"):
                key = "".join(part.capitalize() for part in word.removeprefix("--").split("-"))
                [value] = takewhile(lambda each: not each.startswith("--"), rest[number + 1 :])
                if key in {"Region", "Profile"}:
                    continue
                given[key] = value if shape.members[key].type_name == "string" else json.loads(value)
        getattr(client, name)(**given)
        if name == "start_primary_email_update":
            _, code = codes_of(MANAGEMENT)[given["AccountId"]]
            client.accept_primary_email_update(**given, Otp=code)
        if name == "enable_policy_type":
            client.list_roots()  # it is enabled once it was seen to be pending


def _refers(value: Any, names: Collection[str]) -> bool:
    """Tell whether a value refers to one of some resources."""
    match value:
        case {"Ref": str(name)}:
            return name in names
        case {"Fn::GetAtt": [str(name), *_]}:
            return name in names
        case {"Fn::Sub": str(text)}:
            return any(re.search(rf"\$\{{{name}\b", text) for name in names)
        case dict():
            return any(_refers(each, names) for each in value.values())
        case list():
            return any(_refers(each, names) for each in value)
    return False
