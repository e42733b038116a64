"""IAM Identity Center's administration: moto's, with the refusals and calls that it lacks.

Added to moto 5.2.5: no instance from nothing; ARNs of the documented form; unique permission-set names; sessions of 1
to 12 hours; assignments of principals and accounts that exist; no deletion under live assignments; permissions
boundaries and tags; DescribeInstance; the instances of every region; provisioned accounts as the assignments make them;
AWS managed policies with a path.
"""

import json
import re
import secrets
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from types import SimpleNamespace
from typing import Any, Final
from unittest.mock import patch

from moto.core.exceptions import JsonRESTError
from moto.core.utils import unix_time
from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.identitystore.models import IdentityStoreData
from moto.organizations.models import organizations_backends
from moto.ssoadmin import models as moto_models
from moto.ssoadmin.exceptions import ConflictException, ResourceNotFoundException
from moto.ssoadmin.models import Instance, ManagedPolicy, PermissionSet, SSOAdminBackend, ssoadmin_backends
from moto.ssoadmin.responses import SSOAdminResponse
from moto.ssoadmin.urls import url_bases

from org_constructs.aws.limits import ATTACHED_POLICIES_MAX, INLINE_POLICY_BYTES_MAX, INLINE_POLICY_NOT
from org_constructs.aws.managed_policies import SERVICE_LINKED_PATH
from org_constructs.aws.policy_syntax import INLINE_POLICY, check_policy_syntax, read_policy

from . import identity_store

SHORTEST_SESSION: Final = timedelta(hours=1)
LONGEST_SESSION: Final = timedelta(hours=12)
"""https://docs.aws.amazon.com/singlesignon/latest/userguide/howtosessionduration.html"""

_DURATION: Final = re.compile(
    r"P(?=.)(?:(?P<days>\d+)D)?(?:T(?=.)(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+)S)?)?"
)


class ValidationException(JsonRESTError):  # noqa: N818 (AWS names it)
    """A request that IAM Identity Center cannot accept as it is written."""

    code = 400

    def __init__(self, message: str) -> None:
        """Take what is wrong."""
        super().__init__("ValidationException", message)


class LocalInstance(Instance):
    """An instance, which knows its region, its key, who reaches it, and whether it has permission sets."""

    def __init__(self, account_id: str, region: str, *, of_organization: bool) -> None:
        """Enable it, as `Single-Region` in the console does."""
        super().__init__(account_id, region)
        self.region = region
        self.of_organization = of_organization
        self.permission_sets_enabled = of_organization
        self.encryption: dict[str, str] = {"KeyType": "AWS_OWNED_KMS_KEY", "EncryptionStatus": "ENABLED"}
        self.network: dict[str, Any] | None = None
        """The NetworkConfigurationDetails, once there are any."""

    def to_json(self) -> dict[str, Any]:
        """Return what ListInstances says."""
        return {**super().to_json(), "PrimaryRegion": self.region}

    def describe(self) -> dict[str, Any]:
        """Return what DescribeInstance says."""
        network = {} if self.network is None else {"NetworkConfigurationDetails": self.network}
        return {
            **self.to_json(),
            "EncryptionConfigurationDetails": self.encryption,
            **network,
            "PermissionSetsEnabled": self.permission_sets_enabled,
        }

    def update(
        self,
        *,
        permission_sets_enabled: bool | None,
        encryption: dict[str, str] | None,
        network: dict[str, Any] | None,
    ) -> None:
        """Change one thing of it.

        See https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_UpdateInstance.html.
        """
        if sum(change is not None for change in (permission_sets_enabled, encryption, network)) > 1:
            raise ValidationException(
                "Specify only one of EncryptionConfiguration, PermissionSetsEnabled and NetworkConfiguration."
            )
        if permission_sets_enabled is not None:
            if not (permission_sets_enabled and self.of_organization):
                raise ValidationException("Permission sets can only be enabled, for an instance of an organization.")
            self.permission_sets_enabled = True
        if encryption is not None:
            self.encryption = {**encryption, "EncryptionStatus": "ENABLED"}
        if network is not None:
            self.network = network


class LocalSsoAdmin(SSOAdminBackend):
    """IAM Identity Center of one account and region."""

    def __init__(self, region_name: str, account_id: str) -> None:
        """Begin without an instance: moto has one in every account and region; at AWS a person enables it, once."""
        super().__init__(region_name, account_id)
        self.instances.clear()
        self.boundaries: dict[str, dict[str, Any]] = {}
        self.provisionings: dict[str, dict[str, Any]] = {}

    @property
    def _url_module(self) -> SimpleNamespace:
        return SimpleNamespace(
            url_bases=url_bases,
            url_paths={"{0}/$": LocalSsoAdminResponse.dispatch},
        )

    def enable(self, instance_arn: str, identity_store_id: str, *, of_organization: bool = True) -> Instance:
        """Enable IAM Identity Center, as a person does in the console, for the organization or the account alone."""
        instance = LocalInstance(self.account_id, self.region_name, of_organization=of_organization)
        instance.instance_arn = instance_arn
        instance.identity_store_id = identity_store_id
        self.instances.append(instance)
        store = identity_store.backend_of(self.account_id, self.region_name)
        store.identity_stores.setdefault(identity_store_id, IdentityStoreData())
        return instance

    def instance(self, instance_arn: str) -> LocalInstance:
        """Return an instance.

        Raises:
            ResourceNotFoundException: if there is none of this ARN in this account and region.
        """
        for instance in self.instances:
            if isinstance(instance, LocalInstance) and instance.instance_arn == instance_arn:
                return instance
        raise ResourceNotFoundException(f"Could not find Instance with id {instance_arn.rsplit('/', 1)[-1]}")

    def create_permission_set(  # noqa: PLR0917 (moto's signature)
        self,
        name: str,
        description: str,
        instance_arn: str,
        session_duration: str,
        relay_state: str,
        tags: list[dict[str, str]],
    ) -> dict[str, Any]:
        """Make a permission set of a free name."""
        self.instance(instance_arn)
        _check_session_duration(session_duration)
        if any(
            other.name.casefold() == name.casefold()
            for other in self.permission_sets
            if other.instance_arn == instance_arn
        ):
            raise ConflictException(f"PermissionSet with name {name} already exists.")
        return super().create_permission_set(name, description, instance_arn, session_duration, relay_state, tags)

    def update_permission_set(
        self,
        instance_arn: str,
        permission_set_arn: str,
        description: str,
        session_duration: str,
        relay_state: str,
    ) -> dict[str, Any]:
        """Change what a permission set says of itself."""
        self.instance(instance_arn)
        _check_session_duration(session_duration)
        return super().update_permission_set(
            instance_arn, permission_set_arn, description, session_duration, relay_state
        )

    def delete_permission_set(self, instance_arn: str, permission_set_arn: str) -> dict[str, Any]:
        """Delete a permission set that nothing is assigned with."""
        permission_set = self._find_permission_set(instance_arn, permission_set_arn)
        if any(assignment.permission_set_arn == permission_set_arn for assignment in self.account_assignments):
            raise ConflictException(
                f"PermissionSet {permission_set.name} is provisioned to accounts and cannot be deleted; "
                "delete its assignments first."
            )
        self.boundaries.pop(permission_set_arn, None)
        return super().delete_permission_set(instance_arn, permission_set_arn)

    def create_account_assignment(  # noqa: PLR0917 (moto's signature)
        self,
        instance_arn: str,
        target_id: str,
        target_type: str,
        permission_set_arn: str,
        principal_type: str,
        principal_id: str,
    ) -> dict[str, Any]:
        """Assign, if account, permission set and principal exist."""
        instance = self.instance(instance_arn)
        self._find_permission_set(instance_arn, permission_set_arn)
        store = identity_store.backend_of(self.account_id, self.region_name).store(instance.identity_store_id)
        principals: Any = store.users if principal_type == "USER" else store.groups
        if principal_id not in principals:
            raise ResourceNotFoundException(f"Could not find {principal_type} with id {principal_id}")
        if target_id not in self._account_ids():
            raise ResourceNotFoundException(f"Could not find an active account with id {target_id} in the organization")
        return super().create_account_assignment(
            instance_arn, target_id, target_type, permission_set_arn, principal_type, principal_id
        )

    def provision(self, instance_arn: str, permission_set_arn: str, account_id: str | None = None) -> dict[str, Any]:
        """Provision a permission set to the accounts where it is a role, or to one; return the request's status."""
        self._find_permission_set(instance_arn, permission_set_arn)
        request_id = str(uuid.uuid4())
        status = {"RequestId": request_id, "PermissionSetArn": permission_set_arn, "Status": "SUCCEEDED"}
        if account_id:
            status["AccountId"] = account_id
        self.provisionings[request_id] = {**status, "CreatedDate": unix_time()}
        return self.provisionings[request_id]

    def provisioning_status(self, instance_arn: str, request_id: str) -> dict[str, Any]:
        """Return what became of a request to provision."""
        self.instance(instance_arn)
        try:
            return self.provisionings[request_id]
        except KeyError:
            raise ResourceNotFoundException(f"Could not find a provisioning request with id {request_id}") from None

    def tag_as_system(self, permission_set_arn: str, tags: Mapping[str, str]) -> None:
        """Set the tags that AWS alone may set."""
        permission_set = self.permission_set(permission_set_arn)
        permission_set.tags = [
            *(permission_set.tags or []),
            *({"Key": key, "Value": value} for key, value in tags.items()),
        ]

    def _account_ids(self) -> set[str]:
        """Return the accounts that may be assigned: the active ones."""
        accounts = organizations_backends[self.account_id]["aws"].accounts
        return {account.id for account in accounts if account.status == "ACTIVE"}

    def list_accounts_for_provisioned_permission_set(self, instance_arn: str, permission_set_arn: str) -> list[str]:
        """List the accounts in which a permission set is a role: those with an assignment of it."""
        self._find_permission_set(instance_arn, permission_set_arn)
        return sorted({a.target_id for a in self.account_assignments if a.permission_set_arn == permission_set_arn})

    def provisioned_to(self, instance_arn: str, account_id: str) -> Sequence[str]:
        """List the permission sets that are roles in an account."""
        self.instance(instance_arn)
        return sorted({a.permission_set_arn for a in self.account_assignments if a.target_id == account_id})

    def put_permissions_boundary(self, instance_arn: str, permission_set_arn: str, boundary: dict[str, Any]) -> None:
        """Set the boundary of what a permission set may allow."""
        self._find_permission_set(instance_arn, permission_set_arn)
        if len(boundary) != 1:
            raise ValidationException(
                "A permissions boundary must be either a ManagedPolicyArn or a CustomerManagedPolicyReference."
            )
        if "ManagedPolicyArn" in boundary:
            self._find_managed_policy(boundary["ManagedPolicyArn"])
        self.boundaries[permission_set_arn] = boundary

    def delete_permissions_boundary(self, instance_arn: str, permission_set_arn: str) -> None:
        """Take the boundary away."""
        self._find_permission_set(instance_arn, permission_set_arn)
        if self.boundaries.pop(permission_set_arn, None) is None:
            raise ResourceNotFoundException("Could not find a permissions boundary")

    def put_inline_policy_to_permission_set(
        self, instance_arn: str, permission_set_arn: str, inline_policy: str
    ) -> None:
        """Set the policy of a permission set's own, if it is one.

        The answer's form: https://github.com/hashicorp/terraform-provider-aws/issues/20767
        """
        if len(inline_policy) > INLINE_POLICY_BYTES_MAX:
            raise ValidationException(
                "Value at 'inlinePolicy' failed to satisfy constraint: Member must have length less than or equal to"
                f" {INLINE_POLICY_BYTES_MAX}"
            )
        if re.search(INLINE_POLICY_NOT, inline_policy):
            raise ValidationException(
                "Value at 'inlinePolicy' failed to satisfy constraint: Member must satisfy regular expression pattern:"
                r" [\u0009\u000A\u000D\u0020-\u00FF]+"
            )
        try:
            check_policy_syntax("InlinePolicy", read_policy("InlinePolicy", inline_policy), INLINE_POLICY)
        except ValueError as error:
            # AWS gives the document and no reason.
            raise ValidationException(f"Invalid PermissionsPolicy Document {inline_policy}. ({error})") from error
        super().put_inline_policy_to_permission_set(instance_arn, permission_set_arn, inline_policy)

    def _find_managed_policy(self, managed_policy_arn: str) -> ManagedPolicy:
        """Find an AWS managed policy; moto reads its `path`, which its data calls `Path`, so it finds none in one."""
        self.aws_managed_policies = _managed_policies()
        if f":aws:policy/{SERVICE_LINKED_PATH}" in managed_policy_arn:
            raise ValidationException("Cannot attach a Service Role Policy to a Customer Role.")
        return super()._find_managed_policy(managed_policy_arn)

    def permission_set(self, permission_set_arn: str) -> PermissionSet:
        """Return a permission set by its ARN alone."""
        instance_id = permission_set_arn.rsplit("/", 2)[-2]
        return self._find_permission_set(f"arn:{self.partition}:sso:::instance/{instance_id}", permission_set_arn)


def permission_set_arn(instance_arn: str) -> str:
    """Return a new permission-set ARN of the documented form, where moto's begins with the instance's ARN."""
    return f"{instance_arn.replace(':instance/', ':permissionSet/')}/ps-{secrets.token_hex(8)}"


def _check_session_duration(duration: str | None) -> None:
    if not duration:
        return
    match = _DURATION.fullmatch(str(duration))
    if match:
        length = timedelta(**{unit: int(value) for unit, value in match.groupdict(default="0").items()})
        if SHORTEST_SESSION <= length <= LONGEST_SESSION:
            return
    raise ValidationException(f"SessionDuration must be an ISO 8601 duration between PT1H and PT12H, got {duration!r}")


class LocalSsoAdminResponse(SSOAdminResponse):
    """The API, with the calls that moto lacks."""

    @property
    def backend(self) -> LocalSsoAdmin:
        """The caller's IAM Identity Center."""
        return backend_of(self.current_account, self.region)

    def create_permission_set(self) -> str:
        """Answer CreatePermissionSet, whose session is one hour by default; moto's is a number."""
        permission_set = self.backend.create_permission_set(
            name=self._get_param("Name"),
            description=self._get_param("Description"),
            instance_arn=self._get_param("InstanceArn"),
            session_duration=self._get_param("SessionDuration", "PT1H"),
            relay_state=self._get_param("RelayState"),
            tags=self._get_param("Tags", []),
        )
        return json.dumps({"PermissionSet": permission_set})

    def update_permission_set(self) -> str:
        """Answer UpdatePermissionSet; what is not said is as by default.

        Of the relay state that is known: https://github.com/hashicorp/terraform-provider-aws/issues/17411.
        """
        self.backend.update_permission_set(
            instance_arn=self._get_param("InstanceArn"),
            permission_set_arn=self._get_param("PermissionSetArn"),
            description=self._get_param("Description", ""),
            session_duration=self._get_param("SessionDuration", "PT1H"),
            relay_state=self._get_param("RelayState", ""),
        )
        return "{}"

    def provision_permission_set(self) -> str:
        status = self.backend.provision(
            self._get_param("InstanceArn"), self._get_param("PermissionSetArn"), self._get_param("TargetId")
        )
        return json.dumps({"PermissionSetProvisioningStatus": status})

    def describe_permission_set_provisioning_status(self) -> str:
        status = self.backend.provisioning_status(
            self._get_param("InstanceArn"), self._get_param("ProvisionPermissionSetRequestId")
        )
        return json.dumps({"PermissionSetProvisioningStatus": status})

    def describe_instance(self) -> str:
        return json.dumps(self.backend.instance(self._get_param("InstanceArn")).describe())

    def update_instance(self) -> str:
        instance = self.backend.instance(self._get_param("InstanceArn"))
        instance.update(
            permission_sets_enabled=self._get_param("PermissionSetsEnabled"),
            encryption=self._get_param("EncryptionConfiguration"),
            network=self._get_param("NetworkConfiguration"),
        )
        instance.name = self._get_param("Name", instance.name)
        return "{}"

    def list_instances(self) -> str:
        """Answer ListInstances, of this region or of all."""
        regions = ssoadmin_backends[self.current_account]
        scope = list(regions) if self._get_param("RegionScope") == "ALL_REGIONS" else [self.region]
        return json.dumps({"Instances": [each.to_json() for region in scope for each in regions[region].instances]})

    def list_permission_sets_provisioned_to_account(self) -> str:
        arns = self.backend.provisioned_to(self._get_param("InstanceArn"), self._get_param("AccountId"))
        return json.dumps({"PermissionSets": arns})

    def put_permissions_boundary_to_permission_set(self) -> str:
        self.backend.put_permissions_boundary(
            self._get_param("InstanceArn"), self._get_param("PermissionSetArn"), self._get_param("PermissionsBoundary")
        )
        return "{}"

    def get_permissions_boundary_for_permission_set(self) -> str:
        arn = self.backend.permission_set(self._get_param("PermissionSetArn")).permission_set_arn
        if arn not in self.backend.boundaries:
            raise ResourceNotFoundException("Could not find a permissions boundary")
        return json.dumps({"PermissionsBoundary": self.backend.boundaries[arn]})

    def delete_permissions_boundary_from_permission_set(self) -> str:
        self.backend.delete_permissions_boundary(self._get_param("InstanceArn"), self._get_param("PermissionSetArn"))
        return "{}"

    def list_tags_for_resource(self) -> str:
        """Answer ListTagsForResource of a permission set."""
        return json.dumps({"Tags": self.backend.permission_set(self._get_param("ResourceArn")).tags or []})

    def tag_resource(self) -> str:
        """Answer TagResource of a permission set."""
        permission_set = self.backend.permission_set(self._get_param("ResourceArn"))
        tags = {tag["Key"]: tag["Value"] for tag in [*(permission_set.tags or []), *self._get_param("Tags")]}
        permission_set.tags = [{"Key": key, "Value": value} for key, value in tags.items()]
        return "{}"

    def untag_resource(self) -> str:
        """Answer UntagResource of a permission set."""
        permission_set = self.backend.permission_set(self._get_param("ResourceArn"))
        keys = self._get_param("TagKeys")
        permission_set.tags = [tag for tag in permission_set.tags or [] if tag["Key"] not in keys]
        return "{}"


@cache
def _managed_policies() -> dict[str, Any]:
    """Return the paths of AWS's managed policies, which are a megabyte to read, by name."""
    policies = json.loads(aws_managed_policies_data)
    return {name: {"path": policy["Path"]} for name, policy in policies.items()}


def backend_of(account_id: str, region: str) -> LocalSsoAdmin:
    """Return IAM Identity Center of an account and region."""
    backend = ssoadmin_backends[account_id][region]
    if not isinstance(backend, LocalSsoAdmin):
        raise TypeError(f"IAM Identity Center of account {account_id} was made before the local AWS was started")
    return backend


@contextmanager
def installed() -> Iterator[None]:
    """Put this IAM Identity Center in the place of moto's, for a while."""
    with (
        patch.object(ssoadmin_backends, "backend", LocalSsoAdmin),
        patch.object(PermissionSet, "generate_id", staticmethod(permission_set_arn)),
        # moto has the older 20.
        patch.object(moto_models, "MAX_MANAGED_POLICIES_PER_PERMISSION_SET", ATTACHED_POLICIES_MAX),
    ):
        yield
