"""AWS Organizations: moto's, with the refusals that it lacks.

Added to moto 5.2.5: only the management account changes anything; unique account e-mails, unit names under a parent
and policy names of a type; policy types must be enabled, and are in the background; nothing that is not empty is
deleted; tag keys given once; the resource policy; ids of every documented length; the status of failed creations; how
many accounts are closed at once and in 30 days, and that closing one takes a while; for each service the delegated
administrators that AWS takes, once it has trusted access, which each of them may have.
"""

import json
import uuid
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any, Final
from unittest.mock import patch

from moto.core.utils import utcnow
from moto.organizations import utils
from moto.organizations.exceptions import (
    AccountAlreadyClosedException,
    AWSOrganizationsNotInUseException,
    ConstraintViolationException,
    DuplicateOrganizationalUnitException,
    DuplicatePolicyException,
    InvalidInputException,
    OrganizationNotEmptyException,
    OrganizationsClientError,
    PolicyTypeNotEnabledException,
    TargetNotFoundException,
)
from moto.organizations.models import (
    FakeAccount,
    FakeDelegatedAdministrator,
    FakeOrganization,
    FakeOrganizationalUnit,
    FakePolicy,
    FakeRoot,
    FakeServiceAccess,
    OrganizationsBackend,
    organizations_backends,
)
from moto.organizations.responses import OrganizationsResponse
from moto.organizations.urls import url_bases

from org_constructs.aws.delegation import DELEGABLE, delegates_most
from org_constructs.aws.limits import ORGANIZATIONAL_UNIT_DEPTH_MAX
from org_constructs.aws.policy_syntax import RESOURCE_POLICY, check_policy_syntax, read_policy
from org_constructs.aws.policy_types import POLICY_TYPES
from org_constructs.rehearsal.local_aws.values import Value

EVERYONES_CALLS: Final = frozenset({"CreateOrganization", "DescribeOrganization"})
"""https://docs.aws.amazon.com/organizations/latest/APIReference/API_Operations.html"""

ID_PATTERNS: Final = {
    "ORG_ID_REGEX": r"o-[a-z0-9]{10,32}",
    "ROOT_ID_REGEX": r"r-[a-z0-9]{4,32}",
    "OU_ID_REGEX": r"ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}",
    "POLICY_ID_REGEX": rf"{utils.DEFAULT_SCP_POLICY_ID}|{utils.DEFAULT_RCP_POLICY_ID}|p-[a-z0-9]{{8,128}}",
}
"""The documented forms, where moto's patterns know the shortest ids only."""

CLOSED_AT_ONCE: Final = 3
CLOSED_IN_30_DAYS: Final = (250, 0.2, 1_000)
"""At least, of the member accounts, and at most: the higher of the first two.

https://docs.aws.amazon.com/organizations/latest/APIReference/API_CloseAccount.html as botocore 1.44.5 has it; how many
at once: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
"""

ACCOUNT_PAGES: Final = {"limit_default": 20, "unique_attribute": "Id"}
"""moto's pages are of a hundred, begin by time, and lose accounts that are of one age.

https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListAccounts.html
"""


class Policy(FakePolicy):
    """A policy of any type that CloudFormation has, where moto refuses most of them."""

    def __init__(self, organization: FakeOrganization, **kwargs: Value) -> None:
        """Take what CreatePolicy takes."""
        super().__init__(organization, **{**kwargs, "Type": "SERVICE_CONTROL_POLICY"})
        self.type = kwargs["Type"]
        self._arn_format = f"arn:{{0}}:organizations::{{1}}:policy/{{2}}/{self.type.lower()}/{{3}}"


class Violated(ConstraintViolationException):
    """A refusal with AWS's reason for it, which its sentence does not say."""

    def __init__(self, message: str, reason: str) -> None:
        """Take both; the reason has AWS's name for it, since the answer is made of the attributes."""
        super().__init__(message)
        self.Reason = reason


@dataclass
class ResourcePolicy:
    """The organization's one resource policy."""

    id: str
    arn: str
    content: str
    tags: dict[str, str] = field(default_factory=dict)

    def describe(self) -> dict[str, Any]:
        """Return what DescribeResourcePolicy says."""
        summary = {"Id": self.id, "Arn": self.arn}
        return {"ResourcePolicy": {"ResourcePolicySummary": summary, "Content": self.content}}


class LocalOrganizations(OrganizationsBackend):
    """One account's view of AWS Organizations."""

    email: str = "management@example.com"
    """The account's own, which the organization that it makes has of it."""
    new_organization_policy_types: tuple[str, ...] = ()
    """The types that are enabled in the organization that it makes; at AWS none is."""
    resource_policy: ResourcePolicy | None
    failed_creations: dict[str, dict[str, str]]
    """The CreateAccountStatus of each account that could not be created, by the request's id."""
    closings: dict[str, datetime]
    """When each account was closed, by its id."""
    being_closed: set[str]
    """The accounts that were closed, and that nobody has looked at since."""

    @property
    def _url_module(self) -> SimpleNamespace:
        return SimpleNamespace(url_bases=url_bases, url_paths={"{0}/$": LocalOrganizationsResponse.dispatch})

    def _reset(self) -> None:
        super()._reset()
        self.resource_policy = None
        self.failed_creations = {}
        self.closings = {}
        self.being_closed = set()

    @property
    def organization(self) -> FakeOrganization:
        """The organization that this account manages.

        Raises:
            OrganizationsClientError: if it manages none, in the words of AWS.
        """
        if self.org is not None:
            return self.org
        if self.account_id in organizations_backends.master_accounts:
            raise OrganizationsClientError(
                "AccessDeniedException",
                f"You don't have permissions to access this resource: {self.account_id} is not the management account.",
            )
        raise AWSOrganizationsNotInUseException

    @property
    def root(self) -> FakeRoot:
        """The organization's root."""
        return self._get_root_by_id(self.organization.root_id)

    def create_organization(self, region: str, **kwargs: Value) -> dict[str, Any]:
        """Make the organization, at AWS with no policy type enabled.

        The reference says that service control policies are; those who look find none:
        https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/organizations/organization_test.go
        https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/1901
        """
        super().create_organization(region, **kwargs)
        organization = self.organization
        management = self.get_account_by_id(self.account_id)
        management.name = "management"
        organization.master_account_email = management.email = self.email
        self.root.policy_types = [{"Type": each, "Status": "ENABLED"} for each in self.new_organization_policy_types]
        return organization.describe()

    def delete_organization(self) -> None:
        """Delete it, if no account but the management account is in it; a closed one counts."""
        if len(self.organization_accounts()) > 1:
            raise OrganizationNotEmptyException
        self._reset()

    def organization_accounts(self) -> list[FakeAccount]:
        """Return the accounts of the organization that this account manages, closed ones too."""
        _ = self.organization
        return self.accounts

    def create_account(self, **kwargs: Value) -> dict[str, Any]:
        """Make an account, if its e-mail is free."""
        _ = self.organization
        _check_tags(kwargs)
        if self.email_is_taken(kwargs["Email"]):
            return self.fail_creation(kwargs["AccountName"], "EMAIL_ALREADY_EXISTS")
        return super().create_account(**kwargs)

    def fail_creation(self, name: str, reason: str) -> dict[str, Any]:
        """Fail to create an account, and remember it under the request's id."""
        request_id = utils.make_random_create_account_status_id()
        status = {"Id": request_id, "AccountName": name, "State": "FAILED", "FailureReason": reason}
        self.failed_creations[request_id] = status
        return {"CreateAccountStatus": status}

    def describe_create_account_status(self, **kwargs: Value) -> dict[str, Any]:
        """Return what became of a request to create an account."""
        _ = self.organization
        request_id = kwargs["CreateAccountRequestId"]
        if request_id in self.failed_creations:
            return {"CreateAccountStatus": self.failed_creations[request_id]}
        for account in self.accounts:
            if account.create_account_status_id == request_id:
                created: dict[str, Any] = account.create_account_status
                return created
        raise OrganizationsClientError(
            "CreateAccountStatusNotFoundException",
            "We can't find a create account request with the CreateAccountRequestId that you specified.",
        )

    def email_is_taken(self, email: str) -> bool:
        """Tell whether an account has this e-mail, however it is written; a closed account keeps its own."""
        return any(account.email.casefold() == email.casefold() for account in self.accounts)

    def close_account(self, **kwargs: Value) -> None:
        """Begin to close a member account: it is closed when somebody has looked at it once."""
        _ = self.organization
        account_id = str(kwargs["AccountId"])
        if account_id == self.account_id:
            raise Violated("You can't close the management account.", "CANNOT_CLOSE_MANAGEMENT_ACCOUNT")
        if self.get_account_by_id(account_id).status != "ACTIVE":
            raise AccountAlreadyClosedException
        if len(self.being_closed) >= CLOSED_AT_ONCE:
            raise Violated(
                "You have exceeded the number of close account requests at a time.",
                "CLOSE_ACCOUNT_REQUESTS_LIMIT_EXCEEDED",
            )
        fewest, share, most = CLOSED_IN_30_DAYS
        lately = [each for each in self.closings.values() if each > utcnow() - timedelta(days=30)]
        if len(lately) >= min(most, max(fewest, int(share * (len(self.accounts) - 1)))):
            raise Violated(
                "You have exceeded close account quota for the past 30 days.", "CLOSE_ACCOUNT_QUOTA_EXCEEDED"
            )
        super().close_account(**kwargs)
        # Status says SUSPENDED of what State calls CLOSED.
        # https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_account_state.html
        self.get_account_by_id(account_id).state = "CLOSED"
        self.closings[account_id] = utcnow()
        self.being_closed.add(account_id)

    def describe_account(self, **kwargs: Value) -> dict[str, Any]:
        """Describe an account, and go on with closing it."""
        _ = self.organization
        described = super().describe_account(**kwargs)
        if kwargs["AccountId"] in self.being_closed:
            self.being_closed.remove(kwargs["AccountId"])
            described["Account"] |= {"Status": "PENDING_CLOSURE", "State": "PENDING_CLOSURE"}
        return described

    def move_account(self, **kwargs: Value) -> None:
        """Move an account from where it is to another parent."""
        _ = self.organization
        account = self.get_account_by_id(kwargs["AccountId"])
        if account.parent_id != kwargs["SourceParentId"]:
            raise OrganizationsClientError(
                "SourceParentNotFoundException",
                f"We can't find {kwargs['SourceParentId']} as the parent of account {account.id}.",
            )
        if all(unit.id != kwargs["DestinationParentId"] for unit in self.ou):
            raise OrganizationsClientError(
                "DestinationParentNotFoundException",
                f"We can't find the destination container {kwargs['DestinationParentId']} (a root or OU).",
            )
        super().move_account(**kwargs)

    def register_delegated_administrator(self, **kwargs: str) -> None:
        """Let an active member account administer a service that has trusted access, and as many as AWS does.

        See the reasons of ConstraintViolationException:
        https://docs.aws.amazon.com/organizations/latest/APIReference/API_RegisterDelegatedAdministrator.html
        """
        _ = self.organization
        account_id, service = kwargs["AccountId"], kwargs["ServicePrincipal"]
        if account_id == self.account_id:
            raise ConstraintViolationException(
                "You cannot register the management account of the organization as a delegated administrator"
                " (CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR)."
            )
        if self.get_account_by_id(account_id).status != "ACTIVE":
            raise ConstraintViolationException(
                "You cannot register a suspended account as a delegated administrator"
                " (CANNOT_REGISTER_SUSPENDED_ACCOUNT_AS_DELEGATED_ADMINISTRATOR)."
            )
        if service not in {each["ServicePrincipal"] for each in self.services}:
            raise ConstraintViolationException(
                f"You must enable trusted access for {service} first (SERVICE_ACCESS_NOT_ENABLED)."
            )
        others = [each for each in self.admins if service in each.services and each.account.id != account_id]
        most = delegates_most(service)
        if most is not None and len(others) >= most:
            raise ConstraintViolationException(
                "You have registered the maximum number of delegated administrators for the service"
                " (MAX_DELEGATED_ADMINISTRATORS_FOR_SERVICE_LIMIT_EXCEEDED)."
            )
        super().register_delegated_administrator(**kwargs)

    def enable_policy_type(self, **kwargs: str) -> dict[str, Any]:
        """Begin to enable a type of policies, as AWS does it in the background: it is when its status was seen once."""
        answer = super().enable_policy_type(**kwargs)
        self.root.policy_types[-1]["Status"] = "PENDING_ENABLE"
        return answer

    def list_roots(self) -> dict[str, Any]:
        """Return the root, and go on with what happens to it in the background."""
        _ = self.organization
        answer = {"Roots": [json.loads(json.dumps(self.root.describe()))]}
        for policy_type in self.root.policy_types:
            policy_type["Status"] = "ENABLED"
        return answer

    def create_organizational_unit(self, **kwargs: Value) -> dict[str, Any]:
        """Make a unit, if its parent exists and has none of the same name."""
        _ = self.organization
        _check_tags(kwargs)
        parent_id = self.validate_parent_id(kwargs["ParentId"])
        self._check_unit_name(parent_id, str(kwargs["Name"]))
        if self.path_of(parent_id).count("/ou-") >= ORGANIZATIONAL_UNIT_DEPTH_MAX:
            raise ConstraintViolationException(
                f"You can nest organizational units at most {ORGANIZATIONAL_UNIT_DEPTH_MAX} levels deep"
                " (OU_DEPTH_LIMIT_EXCEEDED)."
            )
        return super().create_organizational_unit(**kwargs)

    def update_organizational_unit(self, **kwargs: Value) -> dict[str, Any]:
        """Rename a unit to a name that no other unit of its parent has; moto looks at the whole organization."""
        _ = self.organization
        unit = self.get_organizational_unit_by_id(kwargs["OrganizationalUnitId"])
        name = str(kwargs.get("Name", unit.name))
        if name != unit.name:
            self._check_unit_name(str(unit.parent_id), name)
            unit.name = name
        return unit.describe()

    def delete_organizational_unit(self, **kwargs: Value) -> None:
        """Delete a unit that holds neither unit nor account."""
        _ = self.organization
        unit = self.get_organizational_unit_by_id(kwargs["OrganizationalUnitId"])
        if any(child.parent_id == unit.id for child in self.children()):
            raise OrganizationsClientError(
                "OrganizationalUnitNotEmptyException",
                f"The organizational unit {unit.name} is not empty. Move its accounts and delete its units first.",
            )
        for policy in unit.attached_policies:
            policy.attachments.remove(unit)
        super().delete_organizational_unit(**kwargs)

    def _check_unit_name(self, parent_id: str, name: str) -> None:
        if any(unit.parent_id == parent_id and unit.name == name for unit in self.ou):
            raise DuplicateOrganizationalUnitException

    def create_policy(self, **kwargs: Value) -> dict[str, Any]:
        """Make a policy, if its name is free and its content is JSON."""
        if kwargs["Type"] not in POLICY_TYPES:
            raise InvalidInputException("You specified an invalid value.")
        _check_tags(kwargs)
        self._check_policy_name(kwargs["Name"], kwargs["Type"])
        if self.organization.feature_set != "ALL":
            raise OrganizationsClientError(
                "PolicyTypeNotAvailableForOrganizationException",
                "You can't use the specified policy type with the feature set currently enabled for this organization.",
            )
        self._check_content(kwargs["Content"], kwargs["Type"])
        policy = Policy(self.organization, **kwargs)
        self.policies.append(policy)
        return policy.describe()

    def update_policy(self, **kwargs: Value) -> dict[str, Any]:
        """Change a policy that is not AWS's own, to a name that no other has."""
        _ = self.organization
        policy = self.get_policy_by_id(kwargs["PolicyId"])
        if policy.aws_managed:
            raise InvalidInputException(f"The policy {policy.id} is managed by AWS and cannot be changed.")
        if kwargs.get("Name", policy.name) != policy.name:
            self._check_policy_name(kwargs["Name"], policy.type)
        if "Content" in kwargs:
            self._check_content(kwargs["Content"], policy.type)
        return super().update_policy(**kwargs)

    def _check_policy_name(self, name: str, policy_type: str) -> None:
        """Refuse a name that another policy of the same type has; one of another type may have it."""
        if any(policy.name == name and policy.type == policy_type for policy in self.policies):
            raise DuplicatePolicyException

    @staticmethod
    def _check_content(content: str, policy_type: str) -> None:
        most = POLICY_TYPES[policy_type].characters
        if most is not None and len(content) > most:
            raise ConstraintViolationException(
                f"You have exceeded the maximum policy size of {most} characters with {len(content)} "
                "(POLICY_CONTENT_LIMIT_EXCEEDED)."
            )
        try:
            check_policy_syntax("Content", read_policy("Content", content), policy_type)
        except ValueError as error:
            # AWS says no more than the first sentence.
            raise OrganizationsClientError(
                "MalformedPolicyDocumentException",
                f"The provided policy document does not meet the requirements of the specified policy type. ({error})",
            ) from error

    def attach_policy(self, **kwargs: Value) -> None:
        """Attach a policy whose type is enabled on the root to a root, unit or account that exists."""
        policy = self.get_policy_by_id(kwargs["PolicyId"])
        if not policy.aws_managed and all(enabled["Type"] != policy.type for enabled in self.root.policy_types):
            raise PolicyTypeNotEnabledException
        target = self._target(kwargs["TargetId"])
        most = POLICY_TYPES[policy.type].per_target
        others = [other for other in target.attached_policies if other.type == policy.type and other is not policy]
        if most is not None and len(others) >= most:
            raise ConstraintViolationException(
                "You have attached the maximum number of policies to the specified target."
                " (MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED)"
            )
        super().attach_policy(**kwargs)

    def detach_policy(self, **kwargs: Value) -> None:
        """Detach a policy, unless it is the last service control policy of its target."""
        _ = self.organization
        policy = self.get_policy_by_id(kwargs["PolicyId"])
        target = self._target(kwargs["TargetId"])
        if policy.type == "SERVICE_CONTROL_POLICY":
            left = [p for p in target.attached_policies if p.type == policy.type and p is not policy]
            if not left:
                raise ConstraintViolationException(
                    f"{target.id} must have a service control policy (MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED)."
                )
        super().detach_policy(**kwargs)

    def _target(self, target_id: str) -> Value:
        for target in self.children():
            if target.id == target_id:
                return target
        raise TargetNotFoundException

    def delete_policy(self, **kwargs: Value) -> None:
        """Delete a policy that is attached nowhere."""
        _ = self.organization
        super().delete_policy(**kwargs)

    def put_resource_policy(self, **kwargs: Value) -> dict[str, Any]:
        """Set the organization's one resource policy; tags come with its creation only."""
        organization = self.organization
        _check_tags(kwargs)
        try:
            check_policy_syntax("Content", read_policy("Content", kwargs["Content"]), RESOURCE_POLICY)
        except ValueError as error:
            raise InvalidInputException(f"You provided an invalid resource policy. ({error})") from error
        if self.resource_policy is None:
            policy_id = f"rp-{uuid.uuid4().hex[:8]}"
            arn = organization.arn.replace(":organization/", ":resourcepolicy/") + f"/{policy_id}"
            self.resource_policy = ResourcePolicy(policy_id, arn, kwargs["Content"], _tags(kwargs))
        elif kwargs.get("Tags"):
            raise InvalidInputException("You can't add tags to a resource policy that exists with this operation.")
        self.resource_policy.content = kwargs["Content"]
        return self.describe_resource_policy()

    def describe_resource_policy(self) -> dict[str, Any]:
        """Return the organization's resource policy."""
        _ = self.organization
        if self.resource_policy is None:
            raise OrganizationsClientError("ResourcePolicyNotFoundException", "We can't find a resource policy.")
        return self.resource_policy.describe()

    def delete_resource_policy(self) -> None:
        """Delete the organization's resource policy."""
        self.describe_resource_policy()
        self.resource_policy = None

    def tag_resource(self, **kwargs: Value) -> None:
        """Tag an account, a unit, a policy, the root or the resource policy, each key given once."""
        _ = self.organization
        _check_tags(kwargs)
        super().tag_resource(**kwargs)

    def _get_resource_for_tagging(self, resource_id: str) -> Value:
        if self.resource_policy and self.resource_policy.id == resource_id:
            return self.resource_policy
        return super()._get_resource_for_tagging(resource_id)

    def tag_as_system(self, resource_id: str, tags: Mapping[str, str]) -> None:
        """Set the tags that AWS alone may set."""
        self._get_resource_for_tagging(resource_id).tags.update(tags)

    def children(self) -> list[FakeOrganizationalUnit | FakeAccount]:
        """Return everything in the tree: the root, the units and the accounts."""
        return [*self.ou, *self.accounts]

    def path_of(self, child_id: str) -> str:
        """Return the path of a unit or account: organization, root, units and itself, each followed by a slash."""
        parts: list[str] = []
        children: dict[str, Any] = {child.id: child for child in self.children()}
        current: str | None = child_id
        while current:
            parts.append(current)
            current = children[current].parent_id if current in children else None
        return "/".join([self.organization.id, *reversed(parts), ""])


class LocalOrganizationsResponse(OrganizationsResponse):
    """The API, with the resource policy's calls, which moto lacks."""

    @property
    def backend(self) -> LocalOrganizations:
        """The caller's view."""
        return backend_of(self.current_account)

    @property
    def organizations_backend(self) -> LocalOrganizations:
        """The caller's view, which is the management account's except for the calls that every account may make."""
        if self._get_action() not in EVERYONES_CALLS:
            _ = self.backend.organization
        return self.backend

    def list_policies_for_target(self) -> str:
        """Answer ListPoliciesForTarget: of a type that is not enabled there are none, not even moto's."""
        enabled = {policy_type["Type"] for policy_type in self.organizations_backend.root.policy_types}
        return (
            super().list_policies_for_target() if self._get_param("Filter") in enabled else json.dumps({"Policies": []})
        )

    def describe_account(self) -> str:
        described = self.organizations_backend.describe_account(**self.request_params)
        described["Account"]["Paths"] = [self.backend.path_of(described["Account"]["Id"])]
        return json.dumps(described)

    def list_accounts(self) -> str:
        self.backend.being_closed.clear()
        return self._with_paths(super().list_accounts())

    def list_accounts_for_parent(self) -> str:
        return self._with_paths(super().list_accounts_for_parent())

    def _with_paths(self, answer: str) -> str:
        """Say where the accounts are, which moto leaves out."""
        listed = json.loads(answer)
        for account in listed["Accounts"]:
            account["Paths"] = [self.backend.path_of(account["Id"])]
        return json.dumps(listed)

    def put_resource_policy(self) -> str:
        return json.dumps(self.backend.put_resource_policy(**self.request_params))

    def describe_resource_policy(self) -> str:
        return json.dumps(self.backend.describe_resource_policy())

    def delete_resource_policy(self) -> str:
        self.backend.delete_resource_policy()
        return "{}"


def _tags(request: Mapping[str, Any]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in request.get("Tags") or ()}


def _check_tags(request: Mapping[str, Any]) -> None:
    """Refuse a key that is given twice, or one of AWS's own.

    See InvalidInputException's DUPLICATE_TAG_KEY and INVALID_SYSTEM_TAGS_PARAMETER:
    https://docs.aws.amazon.com/organizations/latest/APIReference/API_TagResource.html, and for the sentence
    https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/2244.
    """
    tags = _tags(request)
    if len(tags) != len(request.get("Tags") or ()):
        raise InvalidInputException("Your request includes duplicate tag keys.")
    if any(key.casefold().startswith("aws:") for key in tags):
        raise InvalidInputException("Your request includes a tag key that is reserved for AWS: it begins with aws:.")


def backend_of(account_id: str) -> LocalOrganizations:
    """Return an account's view of AWS Organizations."""
    backend = organizations_backends[account_id]["aws"]
    if not isinstance(backend, LocalOrganizations):
        raise TypeError(f"AWS Organizations of account {account_id} was made before the local AWS was started")
    return backend


@contextmanager
def installed() -> Iterator[None]:
    """Put this AWS Organizations in the place of moto's, for a while."""
    with ExitStack() as stack:
        stack.enter_context(patch.object(organizations_backends, "backend", LocalOrganizations))
        stack.enter_context(patch.dict(utils.PAGINATION_MODEL["list_accounts"], ACCOUNT_PAGES))
        for name, pattern in ID_PATTERNS.items():
            stack.enter_context(patch.object(utils, name, pattern))
        for model in (FakeRoot, FakePolicy):
            stack.enter_context(patch.object(model, "SUPPORTED_POLICY_TYPES", list(POLICY_TYPES)))
        stack.enter_context(patch.object(FakeDelegatedAdministrator, "SUPPORTED_SERVICES", list(DELEGABLE)))
        trusted = sorted({*FakeServiceAccess.TRUSTED_SERVICES, *DELEGABLE})
        stack.enter_context(patch.object(FakeServiceAccess, "TRUSTED_SERVICES", trusted))
        organizations_backends.master_accounts.clear()
        yield
        organizations_backends.master_accounts.clear()
