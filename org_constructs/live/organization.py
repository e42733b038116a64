"""What exists in AWS now: the organization, its accounts and policies, people, and who may do what where.

Read only. Everything is asked when it is first needed and then kept, so that several questions cost one answer, and
what the credentials may not see fails where it is asked for. Long answers come in pages, which are followed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial, wraps
from typing import TYPE_CHECKING, Any, Concatenate, Final, ParamSpec, TypeVar

from org_constructs.aws import account_states
from org_constructs.aws.root_access import NONE_ENABLED
from org_constructs.aws.template_text import parse_template
from org_constructs.refusal import Refusal

if TYPE_CHECKING:
    import boto3

_ATTEMPTS: Final = 10
"""How often a call is made that AWS refuses as too fast, unless AWS_MAX_ATTEMPTS says another number."""

Client = Any  # boto3 makes its clients' classes, and their methods, at run time

_P = ParamSpec("_P")
_T = TypeVar("_T")


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Whose credentials these are."""

    account_id: str
    arn: str


@dataclass(frozen=True, kw_only=True)
class Organization:
    """The organization that the caller's account is in."""

    id: str
    feature_set: str
    management_account_id: str
    management_account_email: str


@dataclass(frozen=True, kw_only=True)
class Root:
    """The root of the organization."""

    id: str
    name: str = "Root"
    policy_types: frozenset[str] = frozenset()
    """The types of policies that are enabled."""


@dataclass(frozen=True, kw_only=True)
class OrganizationalUnit:
    """An organizational unit."""

    id: str
    name: str
    parent_id: str


@dataclass(frozen=True, kw_only=True)
class Account:
    """An account of the organization, closed ones included as long as AWS lists them."""

    id: str
    name: str
    email: str
    state: str
    """ACTIVE, or what else https://docs.aws.amazon.com/organizations/latest/APIReference/API_Account.html names."""

    parent_id: str

    @property
    def active(self) -> bool:
        """Whether it can be used."""
        return self.state == account_states.ACTIVE

    @property
    def closed(self) -> bool:
        """Whether it was closed, or is about to be: not whether its sign-up is still to be finished."""
        return self.state in account_states.CLOSED


@dataclass(frozen=True, kw_only=True)
class Policy:
    """An Organizations policy."""

    id: str
    name: str
    type: str
    description: str = ""
    aws_managed: bool = False


@dataclass(frozen=True, kw_only=True)
class ResourcePolicy:
    """The organization's resource policy."""

    id: str
    content: Any


@dataclass(frozen=True, kw_only=True)
class Instance:
    """An instance of IAM Identity Center."""

    arn: str
    identity_store_id: str
    owner_account_id: str
    status: str
    primary_region: str | None = None
    """The region in which it was enabled; None where AWS does not say it."""


@dataclass(frozen=True, kw_only=True)
class User:
    """A person in the identity store."""

    id: str
    arn: str
    user_name: str
    display_name: str = ""
    name: Mapping[str, str] = field(default_factory=dict)
    """GivenName, FamilyName and the like."""

    emails: tuple[str, ...] = ()
    external: bool = False
    """Whether an identity provider has put the user there."""


@dataclass(frozen=True, kw_only=True)
class Group:
    """A group in the identity store."""

    id: str
    name: str
    description: str = ""
    external: bool = False
    """Whether an identity provider has put the group there."""


@dataclass(frozen=True, kw_only=True)
class Membership:
    """A user in a group."""

    id: str
    group_id: str
    user_id: str


@dataclass(frozen=True, kw_only=True)
class PermissionSet:
    """A permission set, with what describing it says; the policies in it are asked for apart."""

    arn: str
    name: str
    description: str = ""
    session_duration: str = ""
    relay_state: str = ""


@dataclass(frozen=True, kw_only=True)
class Entitlement:
    """A user or group who may assume a role, by account access manager."""

    id: str
    principal_id: str
    account_id: str
    role_arn: str


@dataclass(frozen=True, order=True, kw_only=True)
class Assignment:
    """A principal with a permission set in an account."""

    account_id: str
    permission_set_arn: str
    principal_type: str
    principal_id: str


@dataclass(frozen=True, kw_only=True)
class Stack:
    """A stack of CloudFormation, and the physical ids of its resources by their logical ids."""

    name: str
    status: str
    resources: Mapping[str, str]
    types: Mapping[str, str] = field(default_factory=dict)
    """The resource types by logical ids."""

    id: str = ""
    """Its ARN: another stack that gets the name later has another."""

    outputs: frozenset[str] = frozenset()
    """The names of its outputs."""

    failed: frozenset[str] = frozenset()
    """The logical ids of the resources that it holds and could not change, take back or delete."""

    tags: Mapping[str, str] = field(default_factory=dict)
    """Its own tags, which are those of its resources too, where their types take any."""


def _once(method: Callable[Concatenate[LiveOrganization, _P], _T]) -> Callable[Concatenate[LiveOrganization, _P], _T]:
    """Keep what a method has answered, for each of its arguments; an error is not kept."""

    @wraps(method)
    def ask(self: LiveOrganization, /, *args: _P.args, **kwargs: _P.kwargs) -> _T:
        question = (method.__name__, args, tuple(sorted(kwargs.items())))
        if question not in self._answers:
            self._answers[question] = method(self, *args, **kwargs)
        answer: _T = self._answers[question]
        return answer

    return ask


class LiveOrganization:
    """What exists, in one region as far as regions matter: IAM Identity Center's and the stacks'.

    Every method lets botocore's errors pass, AccessDenied among them, but those that say that something does not exist.
    """

    def __init__(self, clients: Callable[[str], Client]) -> None:
        """Take what makes a boto3 client from the name of a service."""
        self._clients = clients
        self._answers: dict[Any, Any] = {}

    @classmethod
    def connect(cls, session: boto3.Session, region: str | None = None) -> LiveOrganization:
        """Ask with the session's credentials, again what AWS refuses as too fast, and then more slowly.

        https://docs.aws.amazon.com/boto3/latest/guide/retries.html, "Adaptive retry mode"; the figures:
        docs/decisions/0015-asking-aws.md

        Args:
            session: The credentials.
            region: The region of IAM Identity Center and of the stacks; by default the session's.
        """
        from botocore.config import Config  # noqa: PLC0415 (boto3 takes a third of a second to import)

        config = Config(retries={"mode": "adaptive", "total_max_attempts": _ATTEMPTS})
        if "AWS_MAX_ATTEMPTS" in os.environ:
            config = Config(retries={"mode": "adaptive"})
        return cls(partial(session.client, region_name=region or session.region_name, config=config))

    def forget(self) -> None:
        """Ask AWS anew, for what has been changed since it answered."""
        self._answers = {question: found for question, found in self._answers.items() if question[0] == "client"}

    @_once
    def client(self, service: str) -> Client:
        """Return the client that a service is asked with."""
        return self._clients(service)

    @property
    def region(self) -> str | None:
        """The region of IAM Identity Center and of the stacks."""
        region: str | None = self.client("sso-admin").meta.region_name
        return region

    @_once
    def caller(self) -> Caller:
        """Return whose credentials these are."""
        answer = self.client("sts").get_caller_identity()
        return Caller(account_id=answer["Account"], arn=answer["Arn"])

    @_once
    def organization(self) -> Organization | None:
        """Return the organization that the caller's account is in, as its management account or a member."""
        try:
            found = self.client("organizations").describe_organization()["Organization"]
        except self._errors("organizations", "AWSOrganizationsNotInUseException"):
            return None
        return Organization(
            id=found["Id"],
            feature_set=found["FeatureSet"],
            management_account_id=found["MasterAccountId"],
            management_account_email=found["MasterAccountEmail"],
        )

    @_once
    def root(self) -> Root:
        """Return the organization's root; an organization has one."""
        [found] = self._pages("organizations", "list_roots")
        enabled = (each["Type"] for each in found.get("PolicyTypes", ()) if each["Status"] == "ENABLED")
        return Root(id=found["Id"], name=found["Name"], policy_types=frozenset(enabled))

    @_once
    def budgets(self) -> Mapping[str, Mapping[str, Any]]:
        """Return the budgets of the caller's account as DescribeBudgets does, by their names."""
        found = self._pages("budgets", "describe_budgets", AccountId=self.caller().account_id)
        return {each["BudgetName"]: each for each in found}

    @_once
    def budget_notifications(self) -> Mapping[str, tuple[Mapping[str, Any], ...]]:
        """Return when AWS writes of the budgets of the caller's account, by the names of those that have any."""
        account_id = self.caller().account_id
        try:
            found = list(self._pages("budgets", "describe_budget_notifications_for_account", AccountId=account_id))
        except self._errors("budgets", "NotFoundException"):  # that there is none
            return {}
        return {each["BudgetName"]: tuple(each.get("Notifications") or ()) for each in found}

    def budget_subscribers(self, budget_name: str, notification: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
        """Return whom AWS writes to of a budget."""
        # As it is asked for: AWS adds its state, which changes.
        keys = ("NotificationType", "ComparisonOperator", "Threshold", "ThresholdType")
        asked = {key: notification[key] for key in keys if key in notification}
        of = {"AccountId": self.caller().account_id, "BudgetName": budget_name, "Notification": asked}
        try:
            return tuple(self._pages("budgets", "describe_subscribers_for_notification", **of))
        except self._errors("budgets", "NotFoundException"):  # it was changed in between
            return ()

    @_once
    def organizational_units(self, parent_id: str) -> tuple[OrganizationalUnit, ...]:
        """Return the units directly under the root or a unit."""
        found = self._pages("organizations", "list_organizational_units_for_parent", ParentId=parent_id)
        return tuple(OrganizationalUnit(id=each["Id"], name=each["Name"], parent_id=parent_id) for each in found)

    def all_organizational_units(self) -> Iterator[OrganizationalUnit]:
        """Yield every unit, a parent before what is in it; one call and more for each unit."""
        parents = [self.root().id]
        while parents:
            units = self.organizational_units(parents.pop())
            yield from units
            parents += [unit.id for unit in units]

    @_once
    def accounts(self) -> tuple[Account, ...]:
        """Return every account, closed ones included as long as AWS lists them.

        A call brings twenty. Where an account is comes with it as `Paths`; should AWS leave that out, the accounts of
        each parent are asked for instead, a call and more for each unit.
        """
        listed = list(self._pages("organizations", "list_accounts"))
        if all(each.get("Paths") for each in listed):
            return tuple(_account(each, parent_id=each["Paths"][0].split("/")[-3]) for each in listed)
        parents = [self.root().id, *(unit.id for unit in self.all_organizational_units())]
        return tuple(
            _account(each, parent_id=parent)
            for parent in parents
            for each in self._pages("organizations", "list_accounts_for_parent", ParentId=parent)
        )

    @_once
    def policies(self, policy_type: str) -> tuple[Policy, ...]:
        """Return the policies of a type, AWS's own among them."""
        return tuple(
            Policy(
                id=each["Id"],
                name=each["Name"],
                type=each["Type"],
                description=each.get("Description") or "",
                aws_managed=each["AwsManaged"],
            )
            for each in self._pages("organizations", "list_policies", Filter=policy_type)
        )

    @_once
    def policy_content(self, policy_id: str) -> Any:  # noqa: ANN401 (JSON)
        """Return what a policy says."""
        return json.loads(self.client("organizations").describe_policy(PolicyId=policy_id)["Policy"]["Content"])

    @_once
    def policy_targets(self, policy_id: str) -> tuple[str, ...]:
        """Return the ids of the roots, units and accounts that a policy is attached to."""
        found = self._pages("organizations", "list_targets_for_policy", PolicyId=policy_id)
        return tuple(each["TargetId"] for each in found)

    @_once
    def resource_policy(self) -> ResourcePolicy | None:
        """Return the organization's resource policy; None where it has none."""
        try:
            found = self.client("organizations").describe_resource_policy()["ResourcePolicy"]
        except self._errors("organizations", "ResourcePolicyNotFoundException"):
            return None
        return ResourcePolicy(id=found["ResourcePolicySummary"]["Id"], content=json.loads(found["Content"]))

    @_once
    def organizations_tags(self, resource_id: str) -> Mapping[str, str]:
        """Return the tags of an account, a unit, a policy or the resource policy."""
        found = self._pages("organizations", "list_tags_for_resource", ResourceId=resource_id)
        return {each["Key"]: each["Value"] for each in found}

    @_once
    def trusted_services(self) -> tuple[str, ...]:
        """Return the principals of the services that have trusted access."""
        found = self._pages("organizations", "list_aws_service_access_for_organization")
        return tuple(each["ServicePrincipal"] for each in found)

    @_once
    def root_features(self) -> tuple[str, ...] | None:
        """Return the features of central root access that are enabled; None where there can be none yet."""
        from botocore.exceptions import ClientError  # noqa: PLC0415 (see connect)

        try:
            return tuple(sorted(self.client("iam").list_organizations_features()["EnabledFeatures"]))
        except ClientError as error:
            if error.response["Error"]["Code"] in NONE_ENABLED:
                return None
            raise

    @_once
    def alternate_contact(self, account_id: str | None, contact_type: str) -> Mapping[str, str] | None:
        """Return whom AWS writes to about something, as PutAlternateContact takes it; None where there is nobody.

        Args:
            account_id: The account; None for the management account, which must not name itself.
            contact_type: BILLING, OPERATIONS or SECURITY.
        """
        of = {"AccountId": account_id} if account_id else {}
        try:
            answer = self.client("account").get_alternate_contact(AlternateContactType=contact_type, **of)
        except self._errors("account", "ResourceNotFoundException"):
            return None
        fields = ("Name", "Title", "EmailAddress", "PhoneNumber")
        return {each: answer["AlternateContact"].get(each) for each in fields}

    @_once
    def delegated_administrators(self, service: str | None = None) -> tuple[str, ...]:
        """Return the ids of the accounts that administer a service for the organization; by default any."""
        of = {"ServicePrincipal": service} if service else {}
        return tuple(each["Id"] for each in self._pages("organizations", "list_delegated_administrators", **of))

    @_once
    def delegated_services(self, account_id: str) -> tuple[str, ...]:
        """Return the principals of the services that an account administers."""
        found = self._pages("organizations", "list_delegated_services_for_account", AccountId=account_id)
        return tuple(each["ServicePrincipal"] for each in found)

    @_once
    def instances(self, *, everywhere: bool = False) -> tuple[Instance, ...]:
        """Return the instances of IAM Identity Center that the caller sees in the region, or in any."""
        scope = {"RegionScope": "ALL_REGIONS"} if everywhere else {}
        listed = {each["InstanceArn"]: each for each in self._pages("sso-admin", "list_instances", **scope)}
        return tuple(
            Instance(
                arn=each["InstanceArn"],
                identity_store_id=each["IdentityStoreId"],
                owner_account_id=each.get("OwnerAccountId", ""),
                status=each.get("Status", "ACTIVE"),
                primary_region=each.get("PrimaryRegion"),
            )
            for each in listed.values()
        )

    @_once
    def users(self, identity_store_id: str) -> tuple[User, ...]:
        """Return every user of an identity store; a call brings a hundred."""
        return tuple(
            User(
                id=each["UserId"],
                # https://docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/API_User.html
                arn=each.get("UserArn") or f"arn:aws:identitystore:::user/{each['UserId']}",
                user_name=each.get("UserName") or "",
                display_name=each.get("DisplayName") or "",
                name={key: value for key, value in (each.get("Name") or {}).items() if value},
                emails=tuple(email["Value"] for email in each.get("Emails") or () if email.get("Value")),
                external=bool(each.get("ExternalIds")),
            )
            for each in self._pages("identitystore", "list_users", IdentityStoreId=identity_store_id)
        )

    @_once
    def groups(self, identity_store_id: str) -> tuple[Group, ...]:
        """Return every group of an identity store; a call brings a hundred."""
        return tuple(
            Group(
                id=each["GroupId"],
                name=each.get("DisplayName") or "",
                description=each.get("Description") or "",
                external=bool(each.get("ExternalIds")),
            )
            for each in self._pages("identitystore", "list_groups", IdentityStoreId=identity_store_id)
        )

    @_once
    def memberships(self, identity_store_id: str, group_id: str) -> tuple[Membership, ...]:
        """Return who is in a group."""
        found = self._pages(
            "identitystore", "list_group_memberships", IdentityStoreId=identity_store_id, GroupId=group_id
        )
        return tuple(
            Membership(id=each["MembershipId"], group_id=group_id, user_id=each["MemberId"]["UserId"]) for each in found
        )

    @_once
    def permission_set_arns(self, instance_arn: str) -> tuple[str, ...]:
        """Return the ARN of every permission set."""
        return tuple(self._pages("sso-admin", "list_permission_sets", InstanceArn=instance_arn))

    @_once
    def permission_set(self, instance_arn: str, permission_set_arn: str) -> PermissionSet:
        """Return a permission set."""
        client = self.client("sso-admin")
        answer = client.describe_permission_set(InstanceArn=instance_arn, PermissionSetArn=permission_set_arn)
        found = answer["PermissionSet"]
        return PermissionSet(
            arn=found["PermissionSetArn"],
            name=found["Name"],
            description=found.get("Description") or "",
            session_duration=found.get("SessionDuration") or "",
            relay_state=found.get("RelayState") or "",
        )

    def permission_sets(self, instance_arn: str) -> tuple[PermissionSet, ...]:
        """Return every permission set: a call for each, as a list of them brings the ARNs alone."""
        return tuple(self.permission_set(instance_arn, arn) for arn in self.permission_set_arns(instance_arn))

    @_once
    def managed_policies(self, instance_arn: str, permission_set_arn: str) -> tuple[str, ...]:
        """Return the ARNs of AWS's managed policies in a permission set."""
        found = self._pages(
            "sso-admin",
            "list_managed_policies_in_permission_set",
            InstanceArn=instance_arn,
            PermissionSetArn=permission_set_arn,
        )
        return tuple(each["Arn"] for each in found)

    @_once
    def customer_managed_policies(self, instance_arn: str, permission_set_arn: str) -> tuple[Mapping[str, str], ...]:
        """Return name and path of the customer managed policies in a permission set."""
        return tuple(
            self._pages(
                "sso-admin",
                "list_customer_managed_policy_references_in_permission_set",
                InstanceArn=instance_arn,
                PermissionSetArn=permission_set_arn,
            )
        )

    @_once
    def inline_policy(self, instance_arn: str, permission_set_arn: str) -> Any:  # noqa: ANN401 (JSON)
        """Return the inline policy of a permission set; None where there is none."""
        text = self.client("sso-admin").get_inline_policy_for_permission_set(
            InstanceArn=instance_arn, PermissionSetArn=permission_set_arn
        )["InlinePolicy"]
        return json.loads(text) if text else None

    @_once
    def permissions_boundary(self, instance_arn: str, permission_set_arn: str) -> Mapping[str, Any] | None:
        """Return the boundary of a permission set; None where there is none."""
        try:
            answer = self.client("sso-admin").get_permissions_boundary_for_permission_set(
                InstanceArn=instance_arn, PermissionSetArn=permission_set_arn
            )
        except self._errors("sso-admin", "ResourceNotFoundException"):
            return None
        boundary: Mapping[str, Any] | None = answer.get("PermissionsBoundary") or None
        return boundary

    @_once
    def permission_set_tags(self, instance_arn: str, permission_set_arn: str) -> Mapping[str, str]:
        """Return the tags of a permission set."""
        found = self._pages(
            "sso-admin", "list_tags_for_resource", InstanceArn=instance_arn, ResourceArn=permission_set_arn
        )
        return {each["Key"]: each["Value"] for each in found}

    @_once
    def assignments(self, instance_arn: str, principal_type: str, principal_id: str) -> tuple[Assignment, ...]:
        """Return what a user or group itself is assigned, without what a user has through groups.

        A call brings a hundred; the other way, by account and permission set, takes a call for each pair.
        """
        found = self._pages(
            "sso-admin",
            "list_account_assignments_for_principal",
            InstanceArn=instance_arn,
            PrincipalId=principal_id,
            PrincipalType=principal_type,
        )
        return tuple(
            Assignment(
                account_id=each["AccountId"],
                permission_set_arn=each["PermissionSetArn"],
                principal_type=principal_type,
                principal_id=principal_id,
            )
            for each in found
            if each["PrincipalId"] == principal_id
        )

    @_once
    def assignments_in(self, instance_arn: str, account_id: str) -> tuple[Assignment, ...]:
        """Return who is assigned what in an account: a call for each permission set that is there."""
        there = self._pages(
            "sso-admin", "list_permission_sets_provisioned_to_account", InstanceArn=instance_arn, AccountId=account_id
        )
        return tuple(
            Assignment(
                account_id=account_id,
                permission_set_arn=arn,
                principal_type=each["PrincipalType"],
                principal_id=each["PrincipalId"],
            )
            for arn in there
            for each in self._pages(
                "sso-admin",
                "list_account_assignments",
                InstanceArn=instance_arn,
                AccountId=account_id,
                PermissionSetArn=arn,
            )
        )

    @_once
    def entitlement_applications(self) -> tuple[str, ...]:
        """Return the ARNs of the applications of account access manager, which entitlements are for."""
        return tuple(each["applicationArn"] for each in self._pages("account-access", "list_applications"))

    @_once
    def entitlements(self, application_arn: str) -> tuple[Entitlement, ...]:
        """Return who may assume which roles by an application of account access manager."""
        listed = (
            (each["entitlementId"], each["entitlement"]["principalRole"])
            for each in self._pages("account-access", "list_entitlements", applicationArn=application_arn, filter={})
        )
        return tuple(
            Entitlement(
                id=entitlement_id,
                principal_id=next(iter(granted["principal"]["identityCenter"].values())),
                account_id=granted["account"],
                role_arn=granted["roleArn"],
            )
            for entitlement_id, granted in listed
        )

    @_once
    def stack_names(self) -> tuple[str, ...]:
        """Return the names of the region's stacks, nested ones included, that are not deleted."""
        # Deleted ones stay listed, for 90 days.
        listed = self._pages("cloudformation", "list_stacks")
        return tuple(each["StackName"] for each in listed if each["StackStatus"] != "DELETE_COMPLETE")

    @_once
    def stack_resources(self, stack_name: str) -> tuple[Mapping[str, Any], ...]:
        """Return what a stack has, as CloudFormation summarizes each resource."""
        return tuple(
            each
            for each in self._pages("cloudformation", "list_stack_resources", StackName=stack_name)
            # What could not be created, was rolled back or is deleted stays listed, for as long as 90 days.
            if each.get("PhysicalResourceId")
            and each["ResourceStatus"] not in {"CREATE_FAILED", "DELETE_COMPLETE", "DELETE_SKIPPED"}
        )

    @_once
    def stack(self, name: str) -> Stack | None:
        """Return a stack of CloudFormation; None where there is none that is not deleted."""
        from botocore.exceptions import ClientError  # noqa: PLC0415 (see connect)

        client = self.client("cloudformation")
        try:
            [described] = client.describe_stacks(StackName=name)["Stacks"]
        except ClientError as error:
            # CloudFormation has no error code of its own for it.
            if error.response["Error"]["Code"] == "ValidationError" and "does not exist" in str(error):
                return None
            raise
        resources = self.stack_resources(name)
        return Stack(
            name=name,
            status=described["StackStatus"],
            resources={each["LogicalResourceId"]: each["PhysicalResourceId"] for each in resources},
            types={each["LogicalResourceId"]: each["ResourceType"] for each in resources},
            id=described["StackId"],
            outputs=frozenset(output["OutputKey"] for output in described.get("Outputs", ())),
            failed=frozenset(
                each["LogicalResourceId"] for each in resources if each["ResourceStatus"].endswith("_FAILED")
            ),
            tags={tag["Key"]: tag["Value"] for tag in described.get("Tags", ())},
        )

    def deployed_template(self, stack_name: str) -> Mapping[str, Any] | None:
        """Return the template with which a stack was deployed last, whether that ended well or not.

        None where it has nothing: it is not there, its first deploy was rolled back, or its change set never executed.

        Raises:
            Refusal: As `template`.
        """
        there = self.stack(stack_name)
        return self.template(stack_name) if there and there.resources else None

    @_once
    def template(self, stack_name: str) -> Mapping[str, Any]:
        """Return the template with which a stack was deployed last; the CDK CLI sends it as YAML.

        Raises:
            Refusal: It is no template that can be read here.
        """
        body = self.client("cloudformation").get_template(StackName=stack_name)["TemplateBody"]
        # botocore has parsed it where it is JSON.
        try:
            template = parse_template(body) if isinstance(body, str) else body
        except ValueError as error:
            raise Refusal(
                "stack-template-unreadable", f"the template of the stack {stack_name} cannot be read: {error}"
            ) from None
        if not isinstance(template, dict):
            raise Refusal(
                "stack-template-unreadable", f"the template of the stack {stack_name} must be a mapping, and is not"
            )
        return template

    def _pages(self, service: str, operation: str, **arguments: object) -> Iterator[Any]:
        pages = self.client(service).get_paginator(operation).paginate(**arguments)
        for page in pages:
            # AWS Budgets leaves out a list of nothing.
            yield from pages.result_keys[0].search(page) or ()

    def _errors(self, service: str, code: str) -> type[Exception]:
        error: type[Exception] = getattr(self.client(service).exceptions, code)
        return error


def _account(listed: Mapping[str, Any], *, parent_id: str) -> Account:
    return Account(
        id=listed["Id"],
        name=listed["Name"],
        email=listed["Email"],
        state=listed.get("State") or _state_of(listed["Status"]),
        parent_id=parent_id,
    )


def _state_of(status: str) -> str:
    """Return the state that a status means, which AWS replaces by it and which calls closed accounts suspended.

    https://docs.aws.amazon.com/organizations/latest/APIReference/API_Account.html
    https://docs.aws.amazon.com/organizations/latest/APIReference/API_CloseAccount.html
    """
    return "CLOSED" if status == "SUSPENDED" else status
