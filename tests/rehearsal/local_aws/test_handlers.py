"""What AWS's own resource handlers answer, the local CloudFormation answers: status, HandlerErrorCode, form of message.

The steps were run on the handlers that AWS publishes, aws-cloudformation/aws-cloudformation-resource-providers-
organizations (2025-06), -sso (2021-04) and -identitystore (2022-09); what CloudFormation runs today is newer.

What nobody outside of AWS knows, and what the local AWS does then:

- an account that was moved by hand to where the template wants it: the move fails, as with the published handler
- a policy that was attached by hand elsewhere: its deletion fails, as with the published handler, though the schema of
  today lets it look for all its targets
- the last managed policy of a permission set, removed: it is detached, which the handler of 2021 does not do
- a key of a stack's tags that an account has too: refused, as CreateAccount documents (DUPLICATE_TAG_KEY)
"""

from __future__ import annotations

import json
import re
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from local_aws_stacks import (
    DEV,
    EXISTING,
    GROUP,
    INSTANCE,
    MANAGEMENT,
    PERMISSION_SET,
    ROOT,
    STORE,
    UNIT,
    USER,
    Resource,
    account,
    assignment,
    group,
    happened,
    membership,
    permission_set,
    policy,
    resource,
    unit,
)
from local_aws_stacks import physical_id as physical_id_of
from org_constructs.rehearsal.local_aws import LocalAws
from org_constructs.rehearsal.local_aws.cloudformation import api
from org_constructs.rehearsal.local_aws.resources import handler_of
from org_constructs.rehearsal.local_aws.resources.base import ImportableHandler, ResourceFailure
from org_constructs.rehearsal.local_aws.services import organizations, sso_admin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from org_constructs.rehearsal.local_aws.resources.base import Model, Place
    from org_constructs.rehearsal.local_aws.values import Value

STACK = "OrgBaseline"
ORGANIZATION = resource("AWS::Organizations::Organization")
CONTENT = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}
RESOURCE_POLICY = resource(
    "AWS::Organizations::ResourcePolicy",
    Content={
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:aws:iam::{DEV}:root"},
                "Action": "organizations:DescribeOrganization",
                "Resource": "*",
            }
        ],
    },
)
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
STAGE = [{"Key": "Stage", "Value": "dev"}]


def guard(*depends_on: str, **properties: object) -> Resource:
    return policy(*depends_on, **{"Name": "Guard", "Content": CONTENT} | properties)


def reader(**properties: object) -> Resource:
    return permission_set(**{"Name": "Reader"} | properties)


class Cloud:
    """One stack, and what else somebody does by hand."""

    def __init__(self, aws: LocalAws) -> None:
        self.aws = aws
        self.organizations = aws.client("organizations")
        self.sso = aws.client("sso-admin")
        self.store = aws.client("identitystore")
        self._cloudformation = aws.client("cloudformation")

    def put(self, tags: Mapping[str, str] | None = None, /, *, rollback: bool = True, **resources: Resource) -> str:
        """Create or update the stack; return its status."""
        request: dict[str, Any] = {
            "StackName": STACK,
            "TemplateBody": json.dumps({"Resources": resources}),
            "DisableRollback": not rollback,
            "Tags": [{"Key": key, "Value": value} for key, value in (tags or {}).items()],
        }
        known = [stack["StackName"] for stack in self._cloudformation.describe_stacks()["Stacks"]]
        (self._cloudformation.update_stack if STACK in known else self._cloudformation.create_stack)(**request)
        return self._status()

    def made(self, tags: Mapping[str, str] | None = None, /, **resources: Resource) -> None:
        """Create or update the stack, which goes well."""
        assert self.put(tags, rollback=True, **resources).endswith(("CREATE_COMPLETE", "UPDATE_COMPLETE")), (
            self.reason()
        )

    def delete(self) -> str:
        self._cloudformation.delete_stack(StackName=STACK)
        return self._status()

    def _stack_id(self) -> str:
        return str(self._cloudformation.list_stacks()["StackSummaries"][-1]["StackId"])

    def _status(self) -> str:
        [stack] = self._cloudformation.describe_stacks(StackName=self._stack_id())["Stacks"]
        return str(stack["StackStatus"])

    def reason(self) -> str:
        """Return why the first resource failed that did in the last operation."""
        events = self._cloudformation.describe_stack_events(StackName=self._stack_id())["StackEvents"]
        last = [event for event in events if event["OperationId"] == events[0]["OperationId"]]
        failed = [e for e in last[::-1] if e["ResourceStatus"].endswith("_FAILED") and e["LogicalResourceId"] != STACK]
        return str(failed[0]["ResourceStatusReason"]) if failed else ""

    def status_of(self, name: str) -> str:
        resources = self._cloudformation.describe_stack_resources(StackName=STACK)["StackResources"]
        return str(next(r["ResourceStatus"] for r in resources if r["LogicalResourceId"] == name))

    def id(self, name: str = "It") -> str:
        return physical_id_of(self.aws, name)

    def tags(self, resource_id: str) -> dict[str, str]:
        """Return the tags of a thing in AWS Organizations that are not CloudFormation's own."""
        tags = self.organizations.list_tags_for_resource(ResourceId=resource_id)["Tags"]
        return {tag["Key"]: tag["Value"] for tag in tags if not tag["Key"].startswith("aws:")}

    def parent(self, child_id: str) -> str:
        return str(self.organizations.list_parents(ChildId=child_id)["Parents"][0]["Id"])

    def unit(self, name: str) -> str:
        made = self.organizations.create_organizational_unit(ParentId=ROOT, Name=name)
        return str(made["OrganizationalUnit"]["Id"])

    def moves(self, account_id: str, destination: str) -> None:
        source = self.parent(account_id)
        self.organizations.move_account(AccountId=account_id, SourceParentId=source, DestinationParentId=destination)

    def assigns(self, permission_set_arn: str = PERMISSION_SET) -> None:
        self.sso.create_account_assignment(**self.assigned(permission_set_arn))

    @staticmethod
    def assigned(permission_set_arn: str = PERMISSION_SET) -> dict[str, str]:
        properties: dict[str, str] = assignment(PermissionSetArn=permission_set_arn)["Properties"]
        return properties

    # What CloudFormation does without telling: how a handler reads, and how it deletes what is gone.

    def _known(self, name: str = "It") -> tuple[Place, Model]:
        stack = api.backend_of(MANAGEMENT, "us-east-1").stack(STACK)
        known = stack.resources[name]
        return stack.place(name, known.resource_type), known.model

    def reads(self) -> Model:
        place, model = self._known()
        handler = handler_of(place.resource_type)
        assert isinstance(handler, ImportableHandler)
        return handler.read(place, model.attributes | model.properties, model.properties)

    def refuses(self, *, reading: bool = False) -> str:
        """Return what a handler says, when it reads or else deletes."""
        place, model = self._known()
        handler = handler_of(place.resource_type)
        assert isinstance(handler, ImportableHandler)
        act = self.reads if reading else partial(handler.delete, place, model)
        with pytest.raises(ResourceFailure) as failure:
            act()
        return str(failure.value)


@pytest.fixture
def empty() -> Iterator[Cloud]:
    with LocalAws(management_account_id=MANAGEMENT, region="us-east-1") as running:
        yield Cloud(running)


@pytest.fixture
def cloud(empty: Cloud) -> Cloud:
    empty.aws.seed(EXISTING)
    return empty


def creates(it: Resource, before: Callable[[Cloud], Value] | None = None) -> Callable[[Cloud], tuple[str, str]]:
    """A stack is created, after something was done by hand."""

    def step(cloud: Cloud) -> tuple[str, str]:
        if before:
            before(cloud)
        return cloud.put(It=it), cloud.reason()

    return step


def updates(
    old: Resource, new: Resource, between: Callable[[Cloud], Value] | None = None
) -> Callable[[Cloud], tuple[str, str]]:
    """A stack is updated, after something was done by hand to what it has made."""

    def step(cloud: Cloud) -> tuple[str, str]:
        cloud.made(It=old)
        if between:
            between(cloud)
        return cloud.put(It=new), cloud.reason()

    return step


def deletes(it: Resource, between: Callable[[Cloud], Value] | None = None) -> Callable[[Cloud], tuple[str, str]]:
    """A stack is deleted, after something was done by hand to what it has made; a handler's NotFound is not told."""

    def step(cloud: Cloud) -> tuple[str, str]:
        cloud.made(It=it)
        if between:
            between(cloud)
        said = cloud.refuses()
        return cloud.delete(), cloud.reason() or said

    return step


def reads(it: Resource, between: Callable[[Cloud], Value]) -> Callable[[Cloud], tuple[str, str]]:
    def step(cloud: Cloud) -> tuple[str, str]:
        cloud.made(It=it)
        between(cloud)
        return "CREATE_COMPLETE", cloud.refuses(reading=True)

    return step


def closes(cloud: Cloud) -> None:
    cloud.organizations.close_account(AccountId=cloud.id())


def closes_another_of_its_email(cloud: Cloud) -> None:
    made = cloud.organizations.create_account(AccountName="acme-dev", Email="aws+dev@acme.com")
    cloud.organizations.close_account(AccountId=made["CreateAccountStatus"]["AccountId"])


def gone_group(cloud: Cloud) -> None:
    cloud.store.delete_group(IdentityStoreId=STORE, GroupId=cloud.id().split("|")[0])


def gone_membership(cloud: Cloud) -> None:
    cloud.store.delete_group_membership(IdentityStoreId=STORE, MembershipId=cloud.id().split("|")[0])


def gone_permission_set(cloud: Cloud) -> None:
    cloud.sso.delete_permission_set(InstanceArn=INSTANCE, PermissionSetArn=cloud.id().split("|")[1])


def gone_unit(cloud: Cloud) -> None:
    cloud.organizations.delete_organizational_unit(OrganizationalUnitId=cloud.id())


NO_UNIT = "ou-acme-87654321"
NAMES = (
    "To modify the account name or account email attributes, you must sign in as the root user and modify the values "
    "on the account settings page in the AWS Management Console."
)
CLOSED = "Account [ID] in state [SUSPENDED], suspended account will not be managed by CloudFormation, return NotFound."
SAME_UNIT = "Failing PreExistenceCheck: OrganizationalUnit with name [{}] already exists in parent [r-…]."

# step, stack, HandlerErrorCode, message; `…` is anything.
FAIL: dict[str, tuple[Callable[[Cloud], tuple[str, str]], str, str, str]] = {
    "organization twice": (
        creates(ORGANIZATION),
        *("ROLLBACK_COMPLETE", "AlreadyExists"),
        "The provided account is already a member of an organization. (Service: Organizations…)",
    ),
    "unit twice": (
        creates(unit(Name="dev"), lambda cloud: cloud.unit("dev")),
        *("ROLLBACK_COMPLETE", "AlreadyExists", SAME_UNIT.format("dev")),
    ),
    "unit no parent": (
        creates(unit(ParentId=NO_UNIT)),
        *("ROLLBACK_COMPLETE", "NotFound", "You specified parent that doesn't exist. (Service: Organizations…)"),
    ),
    "unit of 21 siblings": (
        creates(unit(Name="unit-24"), lambda cloud: [cloud.unit(f"unit-{number}") for number in range(25)]),
        *("ROLLBACK_COMPLETE", "AlreadyExists", SAME_UNIT.format("unit-24")),
    ),
    "unit rename to sibling": (
        updates(unit(Name="dev"), unit(Name="prod"), lambda cloud: cloud.unit("prod")),
        *("UPDATE_ROLLBACK_COMPLETE", "AlreadyExists"),
        "An OU with the same name already exists. (Service: Organizations…)",
    ),
    "unit delete not empty": (
        deletes(unit(Name="dev"), lambda cloud: cloud.moves(DEV, cloud.id())),
        *("DELETE_FAILED", "InvalidRequest"),
        "The organizational unit dev is not empty. Move its accounts and delete its units first. (Service…)",
    ),
    "unit delete gone": (
        deletes(unit(), gone_unit),
        *("DELETE_COMPLETE", "NotFound", "You specified an organizational unit that doesn't exist. (Service…)"),
    ),
    "unit update gone": (
        updates(unit(), unit(Name="dev"), gone_unit),
        *("UPDATE_ROLLBACK_FAILED", "NotFound"),
        "You specified an organizational unit that doesn't exist. (Service…)",
    ),
    "account email in organization": (
        creates(
            account(),
            lambda cloud: cloud.organizations.create_account(AccountName="other", Email="aws+dev@acme.com"),
        ),
        *("ROLLBACK_COMPLETE", "AlreadyExists", "Account with email [aws+dev@acme.com] already exists."),
    ),
    "account email of closed": (
        creates(account(), closes_another_of_its_email),
        *("ROLLBACK_COMPLETE", "AlreadyExists", "Account with email [aws+dev@acme.com] already exists."),
    ),
    "account of 25": (
        creates(
            account(Email="a24@acme.com"),
            lambda cloud: [
                cloud.organizations.create_account(AccountName=f"a{number}", Email=f"a{number}@acme.com")
                for number in range(25)
            ],
        ),
        *("ROLLBACK_COMPLETE", "AlreadyExists", "Account with email [a24@acme.com] already exists."),
    ),
    "account two parents": (
        creates(account(ParentIds=[ROOT, UNIT])),
        *("ROLLBACK_COMPLETE", "InvalidRequest", "Can not specify more than one parent id in request."),
    ),
    "account no parent": (
        creates(account(ParentIds=[NO_UNIT])),
        *("ROLLBACK_COMPLETE", "InvalidRequest"),
        "We can't find the destination container ou-… (a root or OU). (Service: Organizations…)",
    ),
    "account moved by hand elsewhere": (
        updates(
            account(),
            account(ParentIds=[UNIT]),
            lambda cloud: cloud.moves(cloud.id(), cloud.unit("elsewhere")),
        ),
        *("UPDATE_ROLLBACK_FAILED", "InvalidRequest"),
        "We can't find r-… as the parent of account ID. (Service: Organizations…)",
    ),
    "account moved by hand there": (
        updates(account(), account(ParentIds=[UNIT]), lambda cloud: cloud.moves(cloud.id(), UNIT)),
        *("UPDATE_ROLLBACK_COMPLETE", "InvalidRequest"),
        "We can't find r-… as the parent of account ID. (Service: Organizations…)",
    ),
    "account move to missing": (
        updates(account(), account(ParentIds=[NO_UNIT])),
        *("UPDATE_ROLLBACK_FAILED", "InvalidRequest"),
        "We can't find the destination container ou-… (a root or OU). (Service: Organizations…)",
    ),
    "account move to two parents": (
        updates(account(), account(ParentIds=[ROOT, UNIT])),
        *("UPDATE_ROLLBACK_COMPLETE", "InvalidRequest"),
        "Can not specify more than one parent id in request for account […].",
    ),
    "account rename": (
        updates(account(), account(AccountName="acme-test")),
        *("UPDATE_ROLLBACK_FAILED", "InvalidRequest", NAMES),
    ),
    "account e-mail": (
        updates(account(), account(Email="aws+test@acme.com")),
        *("UPDATE_ROLLBACK_FAILED", "InvalidRequest", NAMES),
    ),
    "account role": (
        updates(account(RoleName="Admin"), account(RoleName="Root")),
        *("UPDATE_ROLLBACK_FAILED", "InvalidRequest", "You cannot update IAM role name."),
    ),
    "account role default written out": (
        updates(account(), account(RoleName="OrganizationAccountAccessRole")),
        *("UPDATE_ROLLBACK_FAILED", "InvalidRequest", "You cannot update IAM role name."),
    ),
    "account close closed": (
        deletes(account(), closes),
        *("DELETE_COMPLETE", "NotFound", "The provided account is already closed. (Service: Organizations…)"),
    ),
    "account read closed": (reads(account(), closes), "CREATE_COMPLETE", "NotFound", CLOSED),
    "account tag closed": (
        updates(account(), account(Tags=STAGE), closes),
        *("UPDATE_ROLLBACK_FAILED", "NotFound", CLOSED),
    ),
    "account tagged twice": (
        lambda cloud: (cloud.put({"Stage": "dev"}, It=account(Tags=STAGE)), cloud.reason()),
        *("ROLLBACK_COMPLETE", "InvalidRequest", "Your request includes duplicate tag keys. (Service: Organizations…)"),
    ),
    "policy same name": (
        creates(
            guard(),
            lambda cloud: cloud.organizations.create_policy(
                Name="Guard", Type="SERVICE_CONTROL_POLICY", Description="", Content=json.dumps(CONTENT)
            ),
        ),
        *("ROLLBACK_COMPLETE", "AlreadyExists", "Policy already exists for policy name [Guard]."),
    ),
    "policy type not enabled": (
        creates(
            guard(Type="TAG_POLICY", Content={"tags": {"Stage": {"tag_key": {"@@assign": "Stage"}}}}, TargetIds=[ROOT])
        ),
        *("ROLLBACK_COMPLETE", "InvalidRequest"),
        "This operation can be performed only for enabled policy types. (Service: Organizations…)",
    ),
    "policy malformed": (
        creates(guard(Content="Deny everything")),
        *("ROLLBACK_COMPLETE", "InvalidRequest", "…(Service: Organizations…)"),
    ),
    "policy too long": (
        creates(guard(Content=json.dumps(CONTENT) + " " * 10_240)),
        *("ROLLBACK_COMPLETE", "ServiceLimitExceeded", "You have exceeded the …(Service: Organizations…)"),
    ),
    "policy missing target": (
        creates(guard(TargetIds=["999999999999"])),
        *("ROLLBACK_COMPLETE", "NotFound", "You specified a target that doesn't exist. (Service: Organizations…)"),
    ),
    "policy delete attached by hand": (
        deletes(guard(), lambda cloud: cloud.organizations.attach_policy(PolicyId=cloud.id(), TargetId=DEV)),
        *("DELETE_FAILED", "InvalidRequest"),
        (
            "The policy is attached to one or more entities. You must detach it from all roots, OUs, and accounts "
            "before performing this operation. (Service: Organizations…)"
        ),
    ),
    "resource policy twice": (
        creates(
            RESOURCE_POLICY,
            lambda cloud: cloud.organizations.put_resource_policy(
                Content=json.dumps(RESOURCE_POLICY["Properties"]["Content"])
            ),
        ),
        *("ROLLBACK_COMPLETE", "AlreadyExists", "There is already a ResourcePolicy in the Organization!"),
    ),
    "permission set twice": (
        creates(permission_set(Name="Existing1")),
        *("ROLLBACK_COMPLETE", "AlreadyExists"),
        "PermissionSet with name Existing1 already exists. (Service: SsoAdmin…)",
    ),
    "permission set delete assigned": (
        deletes(reader(), lambda cloud: cloud.assigns(cloud.id().split("|")[1])),
        *("DELETE_FAILED", "AlreadyExists"),
        (
            "PermissionSet Reader is provisioned to accounts and cannot be deleted; delete its assignments first. "
            "(Service: SsoAdmin…)"
        ),
    ),
    "permission set delete gone": (
        deletes(reader(), gone_permission_set),
        *("DELETE_COMPLETE", "NotFound", "Could not find PermissionSet with id ps-… (Service: SsoAdmin…)"),
    ),
    "permission set no instance": (
        creates(permission_set(InstanceArn="arn:aws:sso:::instance/ssoins-0000000000000000")),
        *("ROLLBACK_COMPLETE", "GeneralServiceException"),
        "Could not find Instance with id ssoins-0000000000000000 (Service: SsoAdmin…)",
    ),
    "permission set no managed policy": (
        creates(permission_set(ManagedPolicies=["arn:aws:iam::aws:policy/Everything"])),
        *("ROLLBACK_COMPLETE", "GeneralServiceException"),
        "Policy does not exist with ARN: arn:aws:iam::aws:policy/Everything (Service: SsoAdmin…)",
    ),
    "assignment twice": (
        creates(assignment(), lambda cloud: cloud.assigns()),
        *("ROLLBACK_COMPLETE", "AlreadyExists"),
        (
            "Resource of type 'AWS::SSO::Assignment' with identifier 'Assignment already exists. Can't process "
            "creation.' already exists."
        ),
    ),
    "assignment no account": (
        creates(assignment(TargetId="999999999999")),
        *("ROLLBACK_COMPLETE", "GeneralServiceException"),
        "Could not find an active account with id ID in the organization (Service: SsoAdmin…)",
    ),
    "assignment no group": (
        creates(assignment(PrincipalId=USER)),
        *("ROLLBACK_COMPLETE", "GeneralServiceException"),
        f"Could not find GROUP with id {USER} (Service: SsoAdmin…)",
    ),
    "assignment delete gone": (
        deletes(assignment(), lambda cloud: cloud.sso.delete_account_assignment(**cloud.assigned())),
        *("DELETE_COMPLETE", "NotFound"),
        (
            "Resource of type 'AWS::SSO::Assignment' with identifier 'Assignment not exist any more. Can't process "
            "deletion.' was not found."
        ),
    ),
    "group twice": (
        creates(group(DisplayName="existing-1")),
        *("ROLLBACK_COMPLETE", "ResourceConflict", "Duplicate GroupDisplayName (Service: Identitystore…)"),
    ),
    "group delete gone": (
        deletes(group(), gone_group),
        *("DELETE_COMPLETE", "NotFound", "GROUP not found. (Service: Identitystore…)"),
    ),
    "membership twice": (
        creates(
            membership(),
            lambda cloud: cloud.store.create_group_membership(
                IdentityStoreId=STORE, GroupId=GROUP, MemberId={"UserId": USER}
            ),
        ),
        *("ROLLBACK_COMPLETE", "ResourceConflict"),
        "Member and Group relationship already exists (Service: Identitystore…)",
    ),
    "membership no user": (
        creates(membership(MemberId={"UserId": GROUP})),
        *("ROLLBACK_COMPLETE", "NotFound", "Member does not exist (Service: Identitystore…)"),
    ),
    "membership delete gone": (
        deletes(membership(), gone_membership),
        *("DELETE_COMPLETE", "NotFound", "GROUP_MEMBERSHIP not found. (Service: Identitystore…)"),
    ),
}

UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"


def is_said(reason: str, code: str, message: str) -> None:
    """Assert CloudFormation's words around a handler's, and no exception's name in either."""
    reason = re.sub(r"\bou-[a-z0-9]+-[a-z0-9]+", "ou-…", re.sub(r"\br-[a-z0-9]+\b", "r-…", reason))
    reason = re.sub(r"(?<![a-z0-9-])\d{12}\b", "ID", reason)
    service = rf"\(Service: \\1, Status Code: 400, Request ID: {UUID}\)"
    said = re.escape(message).replace("…", ".+")
    said = re.sub(r"\\\(Service: (\w+)\.\+\\\)", service, said)
    said = said.replace(r"\(Service.+\)", rf"\(Service: \w+, Status Code: 400, Request ID: {UUID}\)")
    whole = rf'Resource handler returned message: "{said}" \(RequestToken: {UUID}, HandlerErrorCode: {code}\)'
    assert re.fullmatch(whole, reason), reason
    assert not re.search(r"[A-Z]\w+Exception\b", reason.removesuffix(f"{code})")), reason


@pytest.mark.parametrize(("step", "status", "code", "message"), FAIL.values(), ids=FAIL.keys())
def test_fails(cloud: Cloud, step: Callable[[Cloud], tuple[str, str]], status: str, code: str, message: str) -> None:
    happens, reason = step(cloud)
    is_said(reason, code, message)
    assert happens == status


FAIL_WITHOUT_ORGANIZATION: dict[str, tuple[Callable[[Cloud], tuple[str, str]], str, str, str]] = {
    "organization feature set": (
        updates(ORGANIZATION, resource("AWS::Organizations::Organization", FeatureSet="CONSOLIDATED_BILLING")),
        *("UPDATE_ROLLBACK_FAILED", "InvalidRequest"),
        "Update between ALL and CONSOLIDATED_BILLING feature set mode is not supported.",
    ),
    "organization delete with account": (
        deletes(
            ORGANIZATION,
            lambda cloud: cloud.organizations.create_account(AccountName="acme-dev", Email="aws+dev@acme.com"),
        ),
        *("DELETE_FAILED", "InvalidRequest"),
        "To delete an organization you must first remove all member accounts (except the master). (Service…)",
    ),
    "account no organization": (
        creates(account()),
        *(
            "ROLLBACK_COMPLETE",
            "NotFound",
            "Your account is not a member of an organization. (Service: Organizations…)",
        ),
    ),
}


@pytest.mark.parametrize(
    ("step", "status", "code", "message"),
    FAIL_WITHOUT_ORGANIZATION.values(),
    ids=FAIL_WITHOUT_ORGANIZATION.keys(),
)
def test_fails_of_a_new_organization(
    empty: Cloud, step: Callable[[Cloud], tuple[str, str]], status: str, code: str, message: str
) -> None:
    happens, reason = step(empty)
    is_said(reason, code, message)
    assert happens == status


def then(*stacks: Resource, see: Callable[[Cloud], Value]) -> Callable[[Cloud], Value]:
    """A stack is created and updated, each time well; return what is seen then."""

    def step(cloud: Cloud) -> Value:
        for it in stacks:
            cloud.made(It=it)
        return see(cloud)

    return step


def names(cloud: Cloud) -> list[str]:
    units = cloud.organizations.list_organizational_units_for_parent(ParentId=ROOT)["OrganizationalUnits"]
    return [each["Name"] for each in units if not each["Name"].startswith("existing")]


def described(cloud: Cloud, key: str) -> Value:
    return cloud.organizations.describe_account(AccountId=cloud.id())["Account"][key]


def targets(cloud: Cloud) -> list[str]:
    found = cloud.organizations.list_targets_for_policy(PolicyId=cloud.id())["Targets"]
    return sorted(each["TargetId"] for each in found)


def assignments(cloud: Cloud) -> int:
    found = cloud.sso.list_account_assignments(InstanceArn=INSTANCE, AccountId=DEV, PermissionSetArn=PERMISSION_SET)
    return len(found["AccountAssignments"])


def closes_with_its_stack(cloud: Cloud) -> tuple[str, str]:
    cloud.made(It=account())
    account_id = cloud.id()
    status = cloud.delete()
    return status, str(cloud.organizations.describe_account(AccountId=account_id)["Account"]["State"])


def assigns_and_deletes(cloud: Cloud) -> tuple[str, int]:
    cloud.made(It=assignment())
    return cloud.delete(), assignments(cloud)


def detaches_by_hand_and_deletes(cloud: Cloud) -> str:
    cloud.made(It=guard(TargetIds=[DEV]))
    cloud.organizations.detach_policy(PolicyId=cloud.id(), TargetId=DEV)
    return cloud.delete()


def tagged(tags: Mapping[str, str], it: Resource) -> Callable[[Cloud], Value]:
    def step(cloud: Cloud) -> dict[str, str]:
        cloud.made(tags, It=it)
        return cloud.tags(cloud.id())

    return step


def retagged(it: Resource, *tags: Mapping[str, str]) -> Callable[[Cloud], Value]:
    """A stack whose tags alone change, its resource staying the same."""

    def step(cloud: Cloud) -> dict[str, str]:
        for each in tags:
            cloud.made(each, It=it)
        return cloud.tags(cloud.id())

    return step


SUCCEED: dict[str, tuple[Callable[[Cloud], Value], Value]] = {
    "unit create": (then(unit(Name="dev"), see=names), ["dev"]),
    "unit rename": (then(unit(Name="dev"), unit(Name="prod"), see=names), ["prod"]),
    "unit read": (
        then(unit(), see=lambda cloud: cloud.reads().attributes["Path"].split("/")[1:3]),
        [ROOT, lambda cloud: cloud.id()],
    ),
    "account create": (
        then(account(ParentIds=[UNIT]), see=lambda cloud: (described(cloud, "Email"), cloud.parent(cloud.id()))),
        ("aws+dev@acme.com", UNIT),
    ),
    "account move": (
        then(account(), account(ParentIds=[UNIT]), see=lambda cloud: cloud.parent(cloud.id())),
        UNIT,
    ),
    "account parent removed": (
        then(account(ParentIds=[UNIT]), account(), see=lambda cloud: cloud.parent(cloud.id())),
        ROOT,
    ),
    "account parent written out": (
        then(account(), account(ParentIds=[ROOT]), see=lambda cloud: cloud.parent(cloud.id())),
        ROOT,
    ),
    "account rename case only": (
        then(account(), account(AccountName="Acme-Dev"), see=lambda cloud: described(cloud, "Name")),
        "acme-dev",
    ),
    "account close": (closes_with_its_stack, ("DELETE_COMPLETE", "PENDING_CLOSURE")),
    "account read": (then(account(), see=lambda cloud: cloud.reads().attributes["State"]), "ACTIVE"),
    "tags stack account": (tagged({"Team": "ops"}, account(Tags=STAGE)), {"Team": "ops", "Stage": "dev"}),
    "tags stack unit": (tagged({"Team": "ops"}, unit(Tags=STAGE)), {"Team": "ops", "Stage": "dev"}),
    "tags same key unit": (tagged({"Stage": "prod"}, unit(Tags=STAGE)), {"Stage": "dev"}),
    "tags stack only change unit": (retagged(unit(), {"Team": "ops", "Cost": "1"}, {"Team": "dev"}), {"Team": "dev"}),
    "tags same key update unit": (retagged(unit(Tags=STAGE), {}, {"Stage": "prod"}), {"Stage": "prod"}),
    "tags stack policy": (tagged({"Team": "ops"}, guard(Tags=STAGE)), {"Team": "ops", "Stage": "dev"}),
    "tags same key policy": (tagged({"Stage": "prod"}, guard(Tags=STAGE)), {"Stage": "dev"}),
    "tags stack resource policy": (tagged({"Team": "ops"}, RESOURCE_POLICY), {"Team": "ops"}),
    "tags stack only change account": (retagged(account(), {"Team": "ops"}, {"Team": "dev"}), {"Team": "dev"}),
    "tags stack only change policy": (retagged(guard(), {"Team": "ops"}, {}), {}),
    "tags stack only change resource policy": (retagged(RESOURCE_POLICY, {}, {"Team": "dev"}), {"Team": "dev"}),
    "policy create": (then(guard(TargetIds=[ROOT]), see=targets), [ROOT]),
    "policy targets": (then(guard(TargetIds=[ROOT]), guard(TargetIds=[DEV, UNIT]), see=targets), [DEV, UNIT]),
    "policy delete detached by hand": (detaches_by_hand_and_deletes, "DELETE_COMPLETE"),
    "policy read": (then(guard(), see=lambda cloud: cloud.reads().attributes["AwsManaged"]), False),
    "policy read text content": (
        then(guard(Content=json.dumps(CONTENT)), see=lambda cloud: cloud.reads().attributes["AwsManaged"]),
        False,
    ),
    "permission set create": (
        then(reader(ManagedPolicies=[ADMINISTRATOR]), see=lambda cloud: len(cloud.id().split("|"))),
        2,
    ),
    "assignment create": (then(assignment(), see=assignments), 1),
    "assignment delete": (assigns_and_deletes, ("DELETE_COMPLETE", 0)),
    "group create": (then(group(), see=lambda cloud: cloud.reads().attributes["GroupId"] in cloud.id()), True),
    "membership create": (
        then(membership(), see=lambda cloud: cloud.reads().attributes["MembershipId"] in cloud.id()),
        True,
    ),
}


@pytest.mark.parametrize(("step", "seen"), SUCCEED.values(), ids=SUCCEED.keys())
def test_succeeds(cloud: Cloud, step: Callable[[Cloud], Value], seen: Value) -> None:
    saw = step(cloud)
    if isinstance(seen, list):
        seen = [each(cloud) if callable(each) else each for each in seen]
    assert saw == seen


def test_succeeds_at_making_and_reading_an_organization(empty: Cloud) -> None:
    empty.made(It=ORGANIZATION)
    assert empty.reads().attributes["Id"] == empty.id()
    assert empty.organizations.list_roots()["Roots"][0]["PolicyTypes"] == [], "the handler enables nothing"


class TestClosedAccounts:
    """What is not active is not managed: whatever touches it fails, and so does the way back."""

    @pytest.mark.parametrize(
        ("tags", "changed"),
        [({}, account(Tags=STAGE)), ({"Team": "ops"}, account()), ({}, account(ParentIds=[UNIT]))],
        ids=["tags", "stack tags", "move"],
    )
    def test_fail_a_stack_that_touches_one(self, cloud: Cloud, tags: dict[str, str], changed: Resource) -> None:
        cloud.made(It=account())
        closes(cloud)
        assert cloud.put(tags, It=changed) == "UPDATE_ROLLBACK_FAILED"
        is_said(cloud.reason(), "NotFound", CLOSED)

    @pytest.mark.parametrize(
        ("status", "state"),
        [("PENDING_CLOSURE", "PENDING_CLOSURE"), ("SUSPENDED", "SUSPENDED"), ("SUSPENDED", "CLOSED")],
    )
    def test_are_all_that_are_not_active(self, cloud: Cloud, status: str, state: str) -> None:
        cloud.made(It=account())
        found = organizations.backend_of(MANAGEMENT).get_account_by_id(cloud.id())
        found.status, found.state = status, state
        is_said(cloud.refuses(reading=True), "NotFound", CLOSED.replace("SUSPENDED", status))
        assert cloud.delete() == "DELETE_COMPLETE"

    def test_do_not_stand_in_the_way_of_what_does_not_touch_them(self, cloud: Cloud) -> None:
        cloud.made(It=account(), Team=group())
        closes(cloud)
        assert cloud.put(It=account(), Team=group(Description="Everyone")) == "UPDATE_COMPLETE"


class TestTags:
    @pytest.mark.parametrize(
        "it", [account(), unit(), guard(), RESOURCE_POLICY], ids=["account", "unit", "policy", "resource policy"]
    )
    def test_say_which_stack_made_it(self, cloud: Cloud, it: Resource) -> None:
        cloud.made(It=it)
        tags = cloud.organizations.list_tags_for_resource(ResourceId=cloud.id())["Tags"]
        assert {"Key": "aws:cloudformation:stack-name", "Value": STACK} in tags
        assert {"Key": "aws:cloudformation:logical-id", "Value": "It"} in tags
        assert cloud.put({"Team": "ops"}, It=it) == "UPDATE_COMPLETE"
        again = cloud.organizations.list_tags_for_resource(ResourceId=cloud.id())["Tags"]
        assert sorted(tag["Key"] for tag in again) == sorted([*(tag["Key"] for tag in tags), "Team"])

    def test_say_which_stack_made_a_permission_set(self, cloud: Cloud) -> None:
        for tags in ({"Team": "ops"}, {"Team": "dev"}):
            cloud.made(tags, It=reader(Tags=STAGE))
            arn = cloud.id().split("|")[1]
            found = cloud.sso.list_tags_for_resource(InstanceArn=INSTANCE, ResourceArn=arn)["Tags"]
            kept = {tag["Key"]: tag["Value"] for tag in found}
            assert kept.pop("aws:cloudformation:stack-name") == STACK
            assert {key: value for key, value in kept.items() if not key.startswith("aws:")} == {"Stage": "dev", **tags}

    def test_of_aws_are_set_by_aws_alone(self, cloud: Cloud) -> None:
        tags = [{"Key": "aws:cloudformation:stack-name", "Value": "Mine"}]
        with pytest.raises(ClientError, match="reserved for AWS"):
            cloud.organizations.tag_resource(ResourceId=DEV, Tags=tags)

    def test_of_a_stack_that_change_alone_are_in_a_change_set(self, cloud: Cloud) -> None:
        cloud.made(It=unit(), Team=group())
        cloudformation = cloud.aws.client("cloudformation")
        cloudformation.create_change_set(
            StackName=STACK, ChangeSetName="C", UsePreviousTemplate=True, Tags=[{"Key": "Team", "Value": "ops"}]
        )
        changes = cloudformation.describe_change_set(StackName=STACK, ChangeSetName="C")["Changes"]
        found = [(c["ResourceChange"]["LogicalResourceId"], c["ResourceChange"]["Scope"]) for c in changes]
        assert found == [("It", ["Tags"])], "a group takes no tags"

    def test_of_a_stack_come_back_in_a_rollback(self, cloud: Cloud) -> None:
        cloud.made({"Team": "ops"}, It=unit())
        broken = group(DisplayName="existing-1") | {"DependsOn": ["It"]}
        assert cloud.put({"Team": "dev", "Cost": "1"}, It=unit(), Broken=broken) == "UPDATE_ROLLBACK_COMPLETE"
        assert cloud.tags(cloud.id()) == {"Team": "ops"}


class TestWithoutRollback:
    """What fails stays; what has no last known stable state is deleted by the next operation."""

    missing = "arn:aws:iam::aws:policy/Everything"

    def sets(self, cloud: Cloud) -> int:
        return len(cloud.sso.list_permission_sets(InstanceArn=INSTANCE)["PermissionSets"]) - 1

    def test_keeps_half_a_resource_and_deletes_it_next(self, cloud: Cloud) -> None:
        assert cloud.put(rollback=False, It=reader(ManagedPolicies=[self.missing])) == "CREATE_FAILED"
        assert (cloud.status_of("It"), self.sets(cloud)) == ("CREATE_FAILED", 1)
        half = cloud.id()
        before = len(happened(cloud.aws))
        assert cloud.put(rollback=False, It=reader()) == "UPDATE_COMPLETE"
        assert happened(cloud.aws, since=before) == [
            "It DELETE_IN_PROGRESS",
            "It DELETE_COMPLETE",
            "It CREATE_IN_PROGRESS",
            "It CREATE_COMPLETE",
        ]
        assert cloud.id() != half
        assert self.sets(cloud) == 1

    def test_is_deleted_with_its_stack(self, cloud: Cloud) -> None:
        cloud.put(rollback=False, It=reader(ManagedPolicies=[self.missing]))
        assert (cloud.delete(), self.sets(cloud)) == ("DELETE_COMPLETE", 0)

    def test_tries_the_same_template_again(self, cloud: Cloud) -> None:
        broken = group(DisplayName="existing-1")
        assert cloud.put(rollback=False, Unit=unit(), It=broken) == "CREATE_FAILED"
        assert cloud.put(rollback=False, Unit=unit(), It=broken) == "UPDATE_FAILED"
        cloud.store.delete_group(IdentityStoreId=STORE, GroupId=GROUP)
        assert cloud.put(rollback=False, Unit=unit(), It=broken) == "UPDATE_COMPLETE"

    def test_has_no_physical_id_where_nothing_came_to_be(self, cloud: Cloud) -> None:
        cloud.put(rollback=False, It=group(DisplayName="existing-1"))
        [found] = cloud.aws.client("cloudformation").describe_stack_resources(StackName=STACK)["StackResources"]
        assert (found["ResourceStatus"], found.get("PhysicalResourceId")) == ("CREATE_FAILED", None)
        assert cloud.delete() == "DELETE_COMPLETE"

    def test_goes_back_to_what_was_there_before_a_failed_update(self, cloud: Cloud) -> None:
        cloud.made(It=unit(Name="dev"))
        prod = cloud.unit("prod")
        assert cloud.put(rollback=False, It=unit(Name="prod")) == "UPDATE_FAILED"
        assert cloud.status_of("It") == "UPDATE_FAILED"
        cloud.organizations.delete_organizational_unit(OrganizationalUnitId=prod)
        assert cloud.put(rollback=False, It=unit(Name="prod")) == "UPDATE_COMPLETE"
        assert names(cloud) == ["prod"]

    def replaced(self, cloud: Cloud) -> None:
        """Replace a permission set in an update that then fails."""
        cloud.made(It=reader())
        broken = group(DisplayName="existing-1") | {"DependsOn": ["It"]}
        assert cloud.put(rollback=False, It=reader(Name="Owner"), Team=broken) == "UPDATE_FAILED"
        assert self.sets(cloud) == 2

    def test_cleans_up_what_a_failed_update_replaced(self, cloud: Cloud) -> None:
        self.replaced(cloud)
        assert cloud.put(It=reader(Name="Owner"), Unit=unit(ParentId=NO_UNIT)) == "UPDATE_ROLLBACK_COMPLETE"
        assert self.sets(cloud) == 2
        assert cloud.put(It=reader(Name="Owner")) == "UPDATE_COMPLETE"
        assert self.sets(cloud) == 1

    def test_is_deleted_with_what_it_replaced(self, cloud: Cloud) -> None:
        self.replaced(cloud)
        assert (cloud.delete(), self.sets(cloud)) == ("DELETE_COMPLETE", 0)

    def test_cannot_go_on_after_an_account_that_timed_out(self) -> None:
        with LocalAws(
            management_account_id=MANAGEMENT, region="us-east-1", failures=["ACCOUNT_TIMEOUT:dev"]
        ) as running:
            running.seed(EXISTING)
            cloud = Cloud(running)
            assert cloud.put(rollback=False, It=account()) == "CREATE_FAILED"
            message = (
                "DescribeCreateAccountStatus returns IN_PROGRESS state before time out.Please check account creation "
                "status with CreateAccountRequestID [car-…] and import account to CloudFormation if it is created "
                "successfully."
            )
            is_said(cloud.reason(), "NotStabilized", message)
            request = re.findall(r"car-[a-z0-9]+", cloud.reason())[0]
            status = cloud.organizations.describe_create_account_status(CreateAccountRequestId=request)
            assert status["CreateAccountStatus"]["State"] == "SUCCEEDED"
            assert cloud.put(rollback=False, It=account()) == "UPDATE_FAILED"
            is_said(cloud.reason(), "AlreadyExists", "Account with email [aws+dev@acme.com] already exists.")


FAILURES = {
    "FINALIZING_ORGANIZATION": (
        "InvalidRequest",
        (
            "AWS Organizations couldn't perform the operation because your organization hasn't finished initializing. "
            "This can take up to an hour. Try again later. (Service: Organizations…)"
        ),
    ),
    "ACCOUNT_EMAIL_EXISTS:dev": (
        "AlreadyExists",
        "Account creation failed with reason [EMAIL_ALREADY_EXISTS] for request id: car-…",
    ),
    "ACCOUNT_LIMIT_EXCEEDED:dev": (
        "ServiceLimitExceeded",
        "You have exceeded the allowed number of AWS accounts. (Service: Organizations…)",
    ),
    "ASSIGNMENT_FAILED:dev": (
        "GeneralServiceException",
        "Error occurred during operation 'Request … failed due to: ….'.",
    ),
}


@pytest.mark.parametrize(("failure", "said"), FAILURES.items(), ids=FAILURES.keys())
def test_failures_on_request_say_what_aws_says(failure: str, said: tuple[str, str]) -> None:
    with LocalAws(management_account_id=MANAGEMENT, region="us-east-1", failures=[failure]) as running:
        running.seed(EXISTING)
        cloud = Cloud(running)
        status = cloud.put(It=account(), Access=assignment(TargetId={"Ref": "It"}))
        assert status == "ROLLBACK_COMPLETE"
        is_said(cloud.reason(), *said)


def test_concurrent_changes_of_organizations_conflict(cloud: Cloud) -> None:
    assert cloud.put(One=unit(Name="One"), Other=unit(Name="Other")) == "ROLLBACK_COMPLETE"
    handled, note = re.fullmatch(r"(.+\)) \[local AWS: (.+)\]", cloud.reason()).groups()  # type: ignore[union-attr]
    message = (
        "AWS Organizations can't complete your request because it conflicts with another attempt to modify the same "
        "entity. Try again later. (Service: Organizations…)"
    )
    is_said(handled, "ResourceConflict", message)
    assert note == "Other would run while One does: neither depends on the other; add a DependsOn"


def test_policy_names_are_unique_per_type(cloud: Cloud) -> None:
    tags = {"tags": {"Stage": {"tag_key": {"@@assign": "Stage"}}}}
    cloud.made(It=guard(), Other=guard("It", Type="TAG_POLICY", Content=tags))
    changed = guard("It", Type="TAG_POLICY", Content=tags, Description="Stages")
    assert cloud.put(It=guard(), Other=changed) == "UPDATE_COMPLETE"


def test_an_update_of_a_permission_set_provisions_it(cloud: Cloud) -> None:
    cloud.made(It=reader(ManagedPolicies=[ADMINISTRATOR], SessionDuration="PT12H"))
    cloud.made(It=reader())
    where = {"InstanceArn": INSTANCE, "PermissionSetArn": cloud.id().split("|")[1]}
    assert cloud.sso.list_managed_policies_in_permission_set(**where)["AttachedManagedPolicies"] == []
    assert cloud.sso.describe_permission_set(**where)["PermissionSet"]["SessionDuration"] == "PT1H"
    [request] = sso_admin.backend_of(MANAGEMENT, "us-east-1").provisionings
    status = cloud.sso.describe_permission_set_provisioning_status(
        InstanceArn=INSTANCE, ProvisionPermissionSetRequestId=request
    )["PermissionSetProvisioningStatus"]
    assert (status["Status"], status["PermissionSetArn"]) == ("SUCCEEDED", where["PermissionSetArn"])


class TestCalls:
    """What the handlers, and scripts that are pointed at a kept local AWS, call beyond what moto has."""

    def test_tell_what_became_of_a_permission_sets_provisioning(self, cloud: Cloud) -> None:
        where = {"InstanceArn": INSTANCE, "PermissionSetArn": PERMISSION_SET}
        asked = cloud.sso.provision_permission_set(**where, TargetType="AWS_ACCOUNT", TargetId=DEV)
        request = asked["PermissionSetProvisioningStatus"]["RequestId"]
        told = cloud.sso.describe_permission_set_provisioning_status(
            InstanceArn=INSTANCE, ProvisionPermissionSetRequestId=request
        )["PermissionSetProvisioningStatus"]
        assert (told["Status"], told["AccountId"]) == ("SUCCEEDED", DEV)
        with pytest.raises(ClientError, match="Could not find a provisioning request"):
            cloud.sso.describe_permission_set_provisioning_status(
                InstanceArn=INSTANCE, ProvisionPermissionSetRequestId=GROUP
            )

    def test_change_a_permission_set_without_its_session(self, cloud: Cloud) -> None:
        where = {"InstanceArn": INSTANCE, "PermissionSetArn": PERMISSION_SET}
        cloud.sso.update_permission_set(**where, Description="Read")
        found = cloud.sso.describe_permission_set(**where)["PermissionSet"]
        assert (found["Description"], found["SessionDuration"]) == ("Read", "PT1H")

    @pytest.mark.parametrize("paths", [("DisplayName", "Description"), ("displayName", "description")])
    def test_change_a_group_by_the_paths_of_its_attributes(self, cloud: Cloud, paths: tuple[str, str]) -> None:
        operations = [
            {"AttributePath": path, "AttributeValue": value}
            for path, value in zip(paths, ("Ops", "On call"), strict=True)
        ]
        cloud.store.update_group(IdentityStoreId=STORE, GroupId=GROUP, Operations=operations)
        found = cloud.store.describe_group(IdentityStoreId=STORE, GroupId=GROUP)
        assert (found["DisplayName"], found["Description"]) == ("Ops", "On call")

    def test_tell_why_an_account_was_not_created(self, cloud: Cloud) -> None:
        asked = cloud.organizations.create_account(AccountName="acme", Email="existing-1@example.com")
        request = asked["CreateAccountStatus"]["Id"]
        told = cloud.organizations.describe_create_account_status(CreateAccountRequestId=request)["CreateAccountStatus"]
        assert (told["State"], told["FailureReason"]) == ("FAILED", "EMAIL_ALREADY_EXISTS")
        with pytest.raises(cloud.organizations.exceptions.CreateAccountStatusNotFoundException):
            cloud.organizations.describe_create_account_status(
                CreateAccountRequestId="car-00000000000000000000000000000000"
            )

    def test_tag_the_resource_policy(self, cloud: Cloud) -> None:
        content = json.dumps(RESOURCE_POLICY["Properties"]["Content"])
        made = cloud.organizations.put_resource_policy(Content=content, Tags=STAGE)["ResourcePolicy"]
        policy_id = made["ResourcePolicySummary"]["Id"]
        cloud.organizations.tag_resource(ResourceId=policy_id, Tags=[{"Key": "Team", "Value": "ops"}])
        cloud.organizations.untag_resource(ResourceId=policy_id, TagKeys=["Stage"])
        assert cloud.tags(policy_id) == {"Team": "ops"}
