"""AWS::Organizations::*, as the published handlers do it.

https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-organizations
"""

import json
from collections.abc import Mapping
from functools import partial
from typing import Final

from moto.organizations.exceptions import AccountNotFoundException

from org_constructs.rehearsal.local_aws import failures, run
from org_constructs.rehearsal.local_aws.services.organizations import LocalOrganizations, backend_of
from org_constructs.rehearsal.local_aws.values import Value

from .base import (
    Model,
    Place,
    Properties,
    ResourceFailure,
    changed_tags,
    not_found,
    refusing,
    said_by,
    service_errors,
    tags_on_create,
)

_errors: Final = partial(
    service_errors,
    "Organizations",
    {
        "AccessDeniedException": "AccessDenied",
        "AccountAlreadyClosedException": "NotFound",
        "AccountNotFoundException": "NotFound",
        "AlreadyInOrganizationException": "AlreadyExists",
        "AWSOrganizationsNotInUseException": "NotFound",
        "ConcurrentModificationException": "ResourceConflict",
        "ConflictException": "InvalidRequest",
        "ConstraintViolationException": "ServiceLimitExceeded",
        "DestinationParentNotFoundException": "InvalidRequest",
        "DuplicateOrganizationalUnitException": "AlreadyExists",
        "DuplicatePolicyException": "AlreadyExists",
        "FinalizingOrganizationException": "InvalidRequest",
        "InvalidInputException": "InvalidRequest",
        "MalformedPolicyDocumentException": "InvalidRequest",
        "OrganizationalUnitNotEmptyException": "InvalidRequest",
        "OrganizationalUnitNotFoundException": "NotFound",
        "OrganizationNotEmptyException": "InvalidRequest",
        "ParentNotFoundException": "NotFound",
        "PolicyInUseException": "InvalidRequest",
        "PolicyNotFoundException": "NotFound",
        "PolicyTypeNotAvailableForOrganizationException": "InvalidRequest",
        "PolicyTypeNotEnabledException": "InvalidRequest",
        "ResourcePolicyNotFoundException": "NotFound",
        "SourceParentNotFoundException": "InvalidRequest",
        "TargetNotFoundException": "NotFound",
    },
)
"""What the handlers make of each refusal, in handleErrorTranslation of their BaseHandlerStd."""


def _text(content: Value) -> str:
    return content if isinstance(content, str) else json.dumps(content, separators=(",", ":"), ensure_ascii=False)


def _untagged(properties: Properties, *others: str) -> Properties:
    return {key: value for key, value in properties.items() if key not in ("Tags", *others)}


def _tag(backend: LocalOrganizations, resource_id: str, place: Place, old: Properties, new: Properties) -> None:
    to_set, to_remove = changed_tags(place, old, new)
    if to_remove:
        backend.untag_resource(ResourceId=resource_id, TagKeys=to_remove)
    if to_set:
        backend.tag_resource(ResourceId=resource_id, Tags=to_set)


@refusing(_errors)
class Organization:
    """AWS::Organizations::Organization."""

    def create(self, place: Place, properties: Properties) -> Model:
        """Make the organization of which the caller is the management account."""
        backend = backend_of(place.account_id)
        backend.create_organization(region=place.region, FeatureSet=properties.get("FeatureSet", "ALL"))
        return Model(properties, self._attributes(backend))

    def read(self, place: Place, identifier: Mapping[str, str], properties: Properties) -> Model:
        """Find the organization."""
        backend = backend_of(place.account_id)
        if backend.organization.id != identifier["Id"]:
            raise not_found(place.resource_type, identifier["Id"])
        return Model(properties, self._attributes(backend))

    def update(self, place: Place, model: Model, properties: Properties) -> Model:  # noqa: ARG002 (a Handler)
        """Refuse every change there can be: the feature set's."""
        if properties.get("FeatureSet", "ALL") != model.properties.get("FeatureSet", "ALL"):
            message = "Update between ALL and CONSOLIDATED_BILLING feature set mode is not supported."
            raise ResourceFailure("InvalidRequest", message)
        return Model(properties, model.attributes)

    def delete(self, place: Place, model: Model) -> None:  # noqa: ARG002 (a Handler)
        """Delete the organization, if nobody else is in it."""
        backend_of(place.account_id).delete_organization()

    @staticmethod
    def _attributes(backend: LocalOrganizations) -> Properties:
        organization = backend.organization
        return {
            "Id": organization.id,
            "Arn": organization.arn,
            "RootId": organization.root_id,
            "ManagementAccountArn": organization.master_account_arn,
            "ManagementAccountId": organization.master_account_id,
            "ManagementAccountEmail": organization.master_account_email,
        }


@refusing(_errors)
class OrganizationalUnit:
    """AWS::Organizations::OrganizationalUnit."""

    def create(self, place: Place, properties: Properties) -> Model:
        """Make a unit under its parent."""
        backend = backend_of(place.account_id)
        name, parent_id = properties["Name"], properties["ParentId"]
        _ = backend.organization
        backend.validate_parent_id(parent_id)
        if any((unit.parent_id, unit.name) == (parent_id, name) for unit in backend.ou):
            message = f"OrganizationalUnit with name [{name}] already exists in parent [{parent_id}]."
            raise ResourceFailure("AlreadyExists", f"Failing PreExistenceCheck: {message}")
        tags = tags_on_create(place, properties)
        unit = backend.create_organizational_unit(**_untagged(properties), Tags=tags)["OrganizationalUnit"]
        backend.tag_as_system(unit["Id"], place.system_tags)
        return Model(properties, {"Id": unit["Id"], "Arn": unit["Arn"], "Path": backend.path_of(unit["Id"])})

    def read(self, place: Place, identifier: Mapping[str, str], properties: Properties) -> Model:
        """Find a unit."""
        backend = backend_of(place.account_id)
        _ = backend.organization
        unit = next((unit for unit in backend.ou if unit.id == identifier["Id"] and unit.parent_id), None)
        if unit is None:
            raise not_found(place.resource_type, identifier["Id"])
        return Model(properties, {"Id": unit.id, "Arn": unit.arn, "Path": backend.path_of(unit.id)})

    def update(self, place: Place, model: Model, properties: Properties) -> Model:
        """Rename or tag it."""
        backend = backend_of(place.account_id)
        backend.update_organizational_unit(OrganizationalUnitId=model.attributes["Id"], Name=properties["Name"])
        _tag(backend, model.attributes["Id"], place, model.properties, properties)
        return Model(properties, model.attributes)

    def delete(self, place: Place, model: Model) -> None:
        """Delete it, if it is empty."""
        backend_of(place.account_id).delete_organizational_unit(OrganizationalUnitId=model.attributes["Id"])


@refusing(_errors)
class Account:
    """AWS::Organizations::Account."""

    def create(self, place: Place, properties: Properties) -> Model:
        """Make an account and move it where it belongs; what fails after it exists leaves it to be rolled back."""
        backend = backend_of(place.account_id)
        if len(properties.get("ParentIds") or ()) > 1:
            raise ResourceFailure("InvalidRequest", "Can not specify more than one parent id in request.")
        email = properties["Email"]
        if any(account.email == email for account in backend.organization_accounts()):
            raise ResourceFailure("AlreadyExists", f"Account with email [{email}] already exists.")
        account_id = self._create(backend, place, properties)
        backend.tag_as_system(account_id, place.system_tags)
        try:
            with _errors():
                source = backend.get_account_by_id(account_id).parent_id
                [destination] = properties.get("ParentIds") or [source]
                if source != destination:
                    backend.move_account(AccountId=account_id, SourceParentId=source, DestinationParentId=destination)
        except ResourceFailure as failure:
            failure.leftover = Model(properties, self._attributes(backend, account_id))
            raise
        return Model(properties, self._attributes(backend, account_id))

    @staticmethod
    def _create(backend: LocalOrganizations, place: Place, properties: Properties) -> str:
        """Ask for an account and wait for it; return its id."""
        asked = run.current().failures
        name = properties["AccountName"]
        for refused in (failures.FINALIZING_ORGANIZATION, failures.ACCOUNT_LIMIT_EXCEEDED):
            if asked.take(refused, name):
                raise ResourceFailure(refused.code, said_by("Organizations", refused.message))
        # The handler appends the stack's tags to the account's, which CreateAccount refuses if both have a key.
        stack_tags = [{"Key": key, "Value": value} for key, value in place.tags.items()]
        tags = [*properties.get("Tags", ()), *stack_tags]
        if asked.take(failures.ACCOUNT_EMAIL_EXISTS, name):
            status = backend.fail_creation(name, "EMAIL_ALREADY_EXISTS")["CreateAccountStatus"]
        else:
            request = _untagged(properties, "ParentIds")
            status = backend.create_account(**request, Tags=tags)["CreateAccountStatus"]
        kind, request_id = failures.ACCOUNT_EMAIL_EXISTS, status["Id"]
        if status["State"] == "FAILED":
            raise ResourceFailure(kind.code, kind.message.format(request=request_id))
        if asked.take(failures.ACCOUNT_TIMEOUT, name):
            # The status never told the account's id, so the handler has none to return: nothing can roll it back.
            kind = failures.ACCOUNT_TIMEOUT
            raise ResourceFailure(kind.code, kind.message.format(request=request_id))
        return str(status["AccountId"])

    def read(self, place: Place, identifier: Mapping[str, str], properties: Properties) -> Model:
        """Find an account; one that is closed is not managed by CloudFormation."""
        backend = backend_of(place.account_id)
        account_id = identifier["AccountId"]
        account = next((each for each in backend.organization_accounts() if each.id == account_id), None)
        if account is None:
            raise AccountNotFoundException
        if (account.status, account.state) != ("ACTIVE", "ACTIVE"):
            raise ResourceFailure(
                "NotFound",
                f"Account [{account_id}] in state [{account.status}], suspended account will not be managed by "
                "CloudFormation, return NotFound.",
            )
        return Model(properties, self._attributes(backend, account_id))

    def update(self, place: Place, model: Model, properties: Properties) -> Model:
        """Move or tag the account, then read it; name, e-mail and role cannot be changed this way."""
        old = model.properties
        if (properties.get("RoleName") or "").casefold() != (old.get("RoleName") or "").casefold():
            raise ResourceFailure("InvalidRequest", "You cannot update IAM role name.")
        if any(properties[key].casefold() != old[key].casefold() for key in ("AccountName", "Email")):
            raise ResourceFailure(
                "InvalidRequest",
                "To modify the account name or account email attributes, you must sign in as the root user and modify "
                "the values on the account settings page in the AWS Management Console.",
            )
        backend = backend_of(place.account_id)
        account_id = model.attributes["AccountId"]
        self._move(backend, account_id, old, properties)
        _tag(backend, account_id, place, old, properties)
        return self.read(place, {"AccountId": account_id}, properties)

    def delete(self, place: Place, model: Model) -> None:
        """Close the account: it stays, suspended, for 90 days, and keeps its e-mail."""
        backend_of(place.account_id).close_account(AccountId=model.attributes["AccountId"])

    @staticmethod
    def _move(backend: LocalOrganizations, account_id: str, old: Properties, new: Properties) -> None:
        """Move it from where the template before has it, so that one which was moved by hand is not found there.

        Not even if it was moved to where it belongs now: nobody knows what today's handler does then, and the
        published one fails.
        """
        if (old.get("ParentIds") or None) == (new.get("ParentIds") or None):
            return
        if len(new.get("ParentIds") or ()) > 1:
            message = f"Can not specify more than one parent id in request for account [{account_id}]."
            raise ResourceFailure("InvalidRequest", message)
        # Of two parents that were refused, a rollback takes one.
        source, destination = ((each.get("ParentIds") or [backend.root.id])[0] for each in (old, new))
        if source != destination:
            backend.move_account(AccountId=account_id, SourceParentId=source, DestinationParentId=destination)

    @staticmethod
    def _attributes(backend: LocalOrganizations, account_id: str) -> Properties:
        account = backend.get_account_by_id(account_id)
        return {
            "AccountId": account.id,
            "Arn": account.arn,
            "Status": account.status,
            "State": account.state,
            "JoinedMethod": account.joined_method,
            "JoinedTimestamp": account.create_time.isoformat(),
            "Paths": [backend.path_of(account.id)],
        }


@refusing(_errors)
class Policy:
    """AWS::Organizations::Policy."""

    def create(self, place: Place, properties: Properties) -> Model:
        """Make a policy and attach it; what fails after it exists leaves it to be rolled back."""
        backend = backend_of(place.account_id)
        name, policy_type = properties["Name"], properties["Type"]
        request = _untagged(properties, "Content", "TargetIds")
        content, tags = _text(properties["Content"]), tags_on_create(place, properties)
        _ = backend.organization
        if any((policy.name, policy.type) == (name, policy_type) for policy in backend.policies):
            raise ResourceFailure("AlreadyExists", f"Policy already exists for policy name [{name}].")
        summary = backend.create_policy(**request, Content=content, Tags=tags)["Policy"]["PolicySummary"]
        backend.tag_as_system(summary["Id"], place.system_tags)
        attributes = {"Id": summary["Id"], "Arn": summary["Arn"], "AwsManaged": summary["AwsManaged"]}
        try:
            with _errors():
                for target in properties.get("TargetIds", ()):
                    backend.attach_policy(PolicyId=summary["Id"], TargetId=target)
        except ResourceFailure as failure:
            failure.leftover = Model(properties, attributes)
            raise
        return Model(properties, attributes)

    def read(self, place: Place, identifier: Mapping[str, str], properties: Properties) -> Model:
        """Find a policy that is not AWS's own."""
        backend = backend_of(place.account_id)
        _ = backend.organization
        for policy in backend.policies:
            if policy.id == identifier["Id"] and not policy.aws_managed:
                return Model(properties, {"Id": policy.id, "Arn": policy.arn, "AwsManaged": False})
        raise not_found(place.resource_type, identifier["Id"])

    def update(self, place: Place, model: Model, properties: Properties) -> Model:
        """Change what it says and what it is attached to."""
        backend = backend_of(place.account_id)
        policy_id = model.attributes["Id"]
        before, after = (set(state.get("TargetIds", ())) for state in (model.properties, properties))
        backend.update_policy(
            PolicyId=policy_id,
            Name=properties["Name"],
            Description=properties.get("Description", ""),
            Content=_text(properties["Content"]),
        )
        attached = {target["TargetId"] for target in backend.list_targets_for_policy(PolicyId=policy_id)["Targets"]}
        for target in sorted(after - before - attached):
            backend.attach_policy(PolicyId=policy_id, TargetId=target)
        for target in sorted((before - after) & attached):
            backend.detach_policy(PolicyId=policy_id, TargetId=target)
        _tag(backend, policy_id, place, model.properties, properties)
        return Model(properties, model.attributes)

    def delete(self, place: Place, model: Model) -> None:
        """Detach it from the targets that the template names, then delete it.

        One that was attached by hand elsewhere stays in use, with the published handler; today's may list its targets
        to detach from each, as the schema lets it.
        """
        backend = backend_of(place.account_id)
        policy_id = model.attributes["Id"]
        attached = {target["TargetId"] for target in backend.list_targets_for_policy(PolicyId=policy_id)["Targets"]}
        for target in model.properties.get("TargetIds", ()):
            if target in attached:
                backend.detach_policy(PolicyId=policy_id, TargetId=target)
        backend.delete_policy(PolicyId=policy_id)


@refusing(_errors)
class ResourcePolicy:
    """AWS::Organizations::ResourcePolicy."""

    def create(self, place: Place, properties: Properties) -> Model:
        """Set the organization's resource policy, if it has none."""
        backend = backend_of(place.account_id)
        if backend.organization and backend.resource_policy:
            raise ResourceFailure("AlreadyExists", "There is already a ResourcePolicy in the Organization!")
        content, tags = _text(properties["Content"]), tags_on_create(place, properties)
        summary = backend.put_resource_policy(Content=content, Tags=tags)["ResourcePolicy"]["ResourcePolicySummary"]
        backend.tag_as_system(summary["Id"], place.system_tags)
        return Model(properties, summary)

    def read(self, place: Place, identifier: Mapping[str, str], properties: Properties) -> Model:
        """Find the organization's resource policy."""
        summary = backend_of(place.account_id).describe_resource_policy()["ResourcePolicy"]["ResourcePolicySummary"]
        if summary["Id"] != identifier["Id"]:
            raise not_found(place.resource_type, identifier["Id"])
        return Model(properties, summary)

    def update(self, place: Place, model: Model, properties: Properties) -> Model:
        """Change what it says, or its tags."""
        backend = backend_of(place.account_id)
        backend.put_resource_policy(Content=_text(properties["Content"]))
        _tag(backend, model.attributes["Id"], place, model.properties, properties)
        return Model(properties, model.attributes)

    def delete(self, place: Place, model: Model) -> None:  # noqa: ARG002 (a Handler)
        """Take it away."""
        backend_of(place.account_id).delete_resource_policy()
