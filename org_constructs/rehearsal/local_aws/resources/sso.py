"""AWS::SSO::PermissionSet and AWS::SSO::Assignment, as the published handlers do it.

https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-sso
"""

import json
import uuid
from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from moto.organizations.models import organizations_backends

from org_constructs.rehearsal.local_aws import failures, run
from org_constructs.rehearsal.local_aws.services.sso_admin import LocalSsoAdmin, backend_of
from org_constructs.rehearsal.local_aws.values import Value

from .base import Model, Place, Properties, ResourceFailure, not_found, service_errors, tags_on_create

_SERVICE: Final = "SsoAdmin"
_on_creation: Final = partial(service_errors, _SERVICE, {"ConflictException": "AlreadyExists"})
_on_policies: Final = partial(
    service_errors, _SERVICE, {"ConflictException": "AlreadyExists", "ValidationException": "InvalidRequest"}
)
_on_change: Final = partial(
    service_errors, _SERVICE, {"ConflictException": "AlreadyExists", "ResourceNotFoundException": "NotFound"}
)
"""What each step of a handler makes of the service's refusals; of all others it is GeneralServiceException."""


class PermissionSet:
    """AWS::SSO::PermissionSet."""

    def create(self, place: Place, properties: Properties) -> Model:
        """Make a permission set and all that belongs to it; what fails after it exists leaves it to be rolled back."""
        backend = backend_of(place.account_id, place.region)
        with _on_creation():
            created = backend.create_permission_set(
                name=properties["Name"],
                description=properties.get("Description", ""),
                instance_arn=properties["InstanceArn"],
                session_duration=properties.get("SessionDuration", "PT1H"),
                relay_state=properties.get("RelayStateType", ""),
                tags=tags_on_create(place, properties),
            )
            backend.tag_as_system(created["PermissionSetArn"], place.system_tags)
        attributes = {"PermissionSetArn": created["PermissionSetArn"]}
        try:
            with _on_policies():
                _apply(backend, created["PermissionSetArn"], {}, properties)
        except ResourceFailure as failure:
            failure.leftover = Model(properties, attributes)
            raise
        return Model(properties, attributes)

    def read(self, place: Place, identifier: Mapping[str, str], properties: Properties) -> Model:
        """Find a permission set."""
        arn = identifier["PermissionSetArn"]
        for found in backend_of(place.account_id, place.region).permission_sets:
            if (found.instance_arn, found.permission_set_arn) == (identifier["InstanceArn"], arn):
                return Model(properties, {"PermissionSetArn": arn})
        raise not_found(place.resource_type, arn)

    def update(self, place: Place, model: Model, properties: Properties) -> Model:
        """Change it, and provision it to every account where it is a role.

        The handler compares policies and tags with those that AWS has, so that what was changed by hand is as the
        template says afterwards. When the last managed policy is removed it is detached, as any other; with the handler
        of 2021 it was not.
        """
        backend = backend_of(place.account_id, place.region)
        arn = model.attributes["PermissionSetArn"]
        with _on_change():
            backend.update_permission_set(
                instance_arn=properties["InstanceArn"],
                permission_set_arn=arn,
                description=properties.get("Description", ""),
                session_duration=properties.get("SessionDuration", "PT1H"),
                relay_state=properties.get("RelayStateType", ""),
            )
            permission_set = backend.permission_set(arn)
            system = [tag for tag in permission_set.tags or () if tag["Key"].startswith("aws:")]
            permission_set.tags = system + tags_on_create(place, properties)
        with _on_policies():
            _apply(backend, arn, _policies(backend, arn), properties)
            backend.provision(properties["InstanceArn"], arn)
        return Model(properties, model.attributes)

    def delete(self, place: Place, model: Model) -> None:
        """Delete it, if nothing is assigned with it."""
        with _on_change():
            backend_of(place.account_id, place.region).delete_permission_set(
                model.properties["InstanceArn"], model.attributes["PermissionSetArn"]
            )


def _text(policy: Value) -> str:
    return policy if isinstance(policy, str) else json.dumps(policy, ensure_ascii=False)


def _policies(backend: LocalSsoAdmin, arn: str) -> dict[str, Any]:
    """Return the policies of a permission set as a template has them."""
    permission_set = backend.permission_set(arn)
    return {
        "ManagedPolicies": [policy.arn for policy in permission_set.managed_policies],
        "CustomerManagedPolicyReferences": [
            {"Name": policy.name, "Path": policy.path} for policy in permission_set.customer_managed_policies
        ],
        "InlinePolicy": permission_set.inline_policy,
        "PermissionsBoundary": backend.boundaries.get(arn),
    }


def _apply(backend: LocalSsoAdmin, arn: str, there: Properties, new: Properties) -> None:
    """Attach, set, detach and delete what differs between what is there and what is to be."""
    instance_arn = new["InstanceArn"]
    before, after = (state.get("ManagedPolicies", []) for state in (there, new))
    for policy in [policy for policy in before if policy not in after]:
        backend.detach_managed_policy_from_permission_set(instance_arn, arn, policy)
    for policy in [policy for policy in after if policy not in before]:
        backend.attach_managed_policy_to_permission_set(instance_arn, arn, policy)
    before = there.get("CustomerManagedPolicyReferences", [])
    after = [{"Path": "/", **reference} for reference in new.get("CustomerManagedPolicyReferences", [])]
    for reference in [reference for reference in before if reference not in after]:
        backend.detach_customer_managed_policy_reference_from_permission_set(instance_arn, arn, reference)
    for reference in [reference for reference in after if reference not in before]:
        backend.attach_customer_managed_policy_reference_to_permission_set(instance_arn, arn, reference)
    if new.get("InlinePolicy"):
        backend.put_inline_policy_to_permission_set(instance_arn, arn, _text(new["InlinePolicy"]))
    elif there.get("InlinePolicy"):
        backend.delete_inline_policy_from_permission_set(instance_arn, arn)
    if new.get("PermissionsBoundary"):
        backend.put_permissions_boundary(instance_arn, arn, new["PermissionsBoundary"])
    elif there.get("PermissionsBoundary"):
        backend.delete_permissions_boundary(instance_arn, arn)


class Assignment:
    """AWS::SSO::Assignment."""

    def create(self, place: Place, properties: Properties) -> Model:
        """Assign, unless it is so already; every property is create-only, so there is nothing to update."""
        backend = backend_of(place.account_id, place.region)
        request = _request(properties)
        if _is_assigned(backend, request):
            identifier = "Assignment already exists. Can't process creation."
            message = f"Resource of type '{place.resource_type}' with identifier '{identifier}' already exists."
            raise ResourceFailure("AlreadyExists", message)
        names = {account.id: account.name for account in organizations_backends[place.account_id]["aws"].accounts}
        name = str(names.get(properties["TargetId"], properties["TargetId"]))
        if run.current().failures.take(failures.ASSIGNMENT_FAILED, name):
            kind = failures.ASSIGNMENT_FAILED
            raise ResourceFailure(kind.code, kind.message.format(request=uuid.uuid4()))
        with service_errors(_SERVICE):
            backend.create_account_assignment(**request)
        return Model(properties)

    def read(self, place: Place, identifier: Mapping[str, str], properties: Properties) -> Model:
        """Find an assignment, which is nothing but what identifies it."""
        if not _is_assigned(backend_of(place.account_id, place.region), _request(dict(identifier))):
            raise not_found(place.resource_type, "Assignment not exists for given entity.")
        return Model(properties)

    def update(self, place: Place, model: Model, properties: Properties) -> Model:  # noqa: ARG002 (a Handler)
        """Never happens: every property of an assignment is create-only."""
        raise ResourceFailure("NotUpdatable", "An assignment cannot be updated.")

    def delete(self, place: Place, model: Model) -> None:
        """Revoke the access."""
        backend = backend_of(place.account_id, place.region)
        request = _request(model.properties)
        if not _is_assigned(backend, request):
            raise not_found(place.resource_type, "Assignment not exist any more. Can't process deletion.")
        with service_errors(_SERVICE):
            backend.delete_account_assignment(**request)


def _request(properties: Properties) -> dict[str, str]:
    return {
        "instance_arn": properties["InstanceArn"],
        "target_id": properties["TargetId"],
        "target_type": properties["TargetType"],
        "permission_set_arn": properties["PermissionSetArn"],
        "principal_type": properties["PrincipalType"],
        "principal_id": properties["PrincipalId"],
    }


def _is_assigned(backend: LocalSsoAdmin, request: dict[str, str]) -> bool:
    return any(
        all(getattr(made, key) == value for key, value in request.items()) for made in backend.account_assignments
    )
