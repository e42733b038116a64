"""AWS::Organizations::*, as the published handlers do it.

https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-organizations
"""

import json
from collections.abc import Mapping

from org_constructs.rehearsal.local_aws import failures, run
from org_constructs.rehearsal.local_aws.resources.base import (
    Model,
    Place,
    Properties,
    ResourceFailure,
    changed_tags,
    not_found,
    service_errors,
)
from org_constructs.rehearsal.local_aws.services.organizations import LocalOrganizations, backend_of
from org_constructs.rehearsal.local_aws.values import Value


def _text(content: Value) -> str:
    return content if isinstance(content, str) else json.dumps(content, separators=(",", ":"))


def _tag(backend: LocalOrganizations, resource_id: str, old: Properties, new: Properties) -> None:
    to_set, to_remove = changed_tags(old, new)
    if to_remove:
        backend.untag_resource(ResourceId=resource_id, TagKeys=to_remove)
    if to_set:
        backend.tag_resource(ResourceId=resource_id, Tags=to_set)


class Organization:
    """AWS::Organizations::Organization."""

    def create(self, place: Place, properties: Properties) -> Model:
        """Make the organization of which the caller is the management account."""
        backend = backend_of(place.account_id)
        with service_errors():
            backend.create_organization(region=place.region, FeatureSet=properties.get("FeatureSet", "ALL"))
        return Model(properties, self._attributes(backend))

    def read(self, place: Place, identifier: Mapping[str, str], properties: Properties) -> Model:
        """Find the organization."""
        backend = backend_of(place.account_id)
        with service_errors():
            if backend.organization.id != identifier["Id"]:
                raise not_found(place.resource_type, identifier["Id"])
        return Model(properties, self._attributes(backend))

    def update(self, place: Place, model: Model, properties: Properties) -> Model:  # noqa: ARG002 (a Handler)
        """Refuse every change there can be: the feature set's."""
        if properties.get("FeatureSet", "ALL") != model.properties.get("FeatureSet", "ALL"):
            raise ResourceFailure("InvalidRequest", "Organization update operation is not supported: FeatureSet")
        return Model(properties, model.attributes)

    def delete(self, place: Place, model: Model) -> None:  # noqa: ARG002 (a Handler)
        """Delete the organization, if nobody else is in it."""
        with service_errors():
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


class OrganizationalUnit:
    """AWS::Organizations::OrganizationalUnit."""

    def create(self, place: Place, properties: Properties) -> Model:
        """Make a unit under its parent."""
        backend = backend_of(place.account_id)
        with service_errors():
            unit = backend.create_organizational_unit(**properties)["OrganizationalUnit"]
        return Model(properties, {"Id": unit["Id"], "Arn": unit["Arn"], "Path": backend.path_of(unit["Id"])})

    def read(self, place: Place, identifier: Mapping[str, str], properties: Properties) -> Model:
        """Find a unit."""
        backend = backend_of(place.account_id)
        with service_errors():
            _ = backend.organization
            unit = next((unit for unit in backend.ou if unit.id == identifier["Id"] and unit.parent_id), None)
        if unit is None:
            raise not_found(place.resource_type, identifier["Id"])
        return Model(properties, {"Id": unit.id, "Arn": unit.arn, "Path": backend.path_of(unit.id)})

    def update(self, place: Place, model: Model, properties: Properties) -> Model:
        """Rename or tag it."""
        backend = backend_of(place.account_id)
        with service_errors():
            backend.update_organizational_unit(OrganizationalUnitId=model.attributes["Id"], Name=properties["Name"])
            _tag(backend, model.attributes["Id"], model.properties, properties)
        return Model(properties, model.attributes)

    def delete(self, place: Place, model: Model) -> None:
        """Delete it, if it is empty."""
        with service_errors():
            backend_of(place.account_id).delete_organizational_unit(OrganizationalUnitId=model.attributes["Id"])


class Account:
    """AWS::Organizations::Account."""

    def create(self, place: Place, properties: Properties) -> Model:
        """Make an account and move it where it belongs; what fails after it exists leaves it to be rolled back."""
        backend = backend_of(place.account_id)
        asked = run.current().failures
        name = properties["AccountName"]
        _check_parents(properties, name)
        for kind in (
            failures.FINALIZING_ORGANIZATION,
            failures.ACCOUNT_EMAIL_EXISTS,
            failures.ACCOUNT_LIMIT_EXCEEDED,
        ):
            if asked.take(kind, name):
                raise ResourceFailure(kind.code, kind.message.format(account=name))
        request = {key: value for key, value in properties.items() if key != "ParentIds"}
        with service_errors():
            status = backend.create_account(**request)["CreateAccountStatus"]
        if status["State"] == "FAILED":
            raise ResourceFailure(
                "AlreadyExists",
                f"Account creation failed with reason [{status['FailureReason']}] for account {name}, "
                f"e-mail {properties['Email']}",
            )
        if asked.take(failures.ACCOUNT_TIMEOUT, name):
            # The status never told the account's id, so the handler has none to return: nothing can roll it back.
            kind = failures.ACCOUNT_TIMEOUT
            raise ResourceFailure(kind.code, kind.message.format(account=name))
        account_id = status["AccountId"]
        model = Model(properties, self._attributes(backend, account_id))
        try:
            self._move(backend, account_id, {}, properties)
        except ResourceFailure as failure:
            failure.leftover = model
            raise
        return Model(properties, self._attributes(backend, account_id))

    def read(self, place: Place, identifier: Mapping[str, str], properties: Properties) -> Model:
        """Find an account."""
        backend = backend_of(place.account_id)
        with service_errors():
            accounts = backend.organization_accounts()
        if all(account.id != identifier["AccountId"] for account in accounts):
            raise not_found(place.resource_type, identifier["AccountId"])
        return Model(properties, self._attributes(backend, identifier["AccountId"]))

    def update(self, place: Place, model: Model, properties: Properties) -> Model:
        """Move or tag the account; name, e-mail and role cannot be changed this way."""
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
        _check_parents(properties, account_id)
        self._move(backend, account_id, old, properties)
        with service_errors():
            _tag(backend, account_id, old, properties)
        return Model(properties, self._attributes(backend, account_id))

    def delete(self, place: Place, model: Model) -> None:
        """Close the account: it stays, suspended, for 90 days, and keeps its e-mail."""
        with service_errors():
            backend_of(place.account_id).close_account(AccountId=model.attributes["AccountId"])

    @staticmethod
    def _move(backend: LocalOrganizations, account_id: str, old: Properties, new: Properties) -> None:
        """Move it from where the template before has it, so that one which was moved by hand is not found there."""
        with service_errors():
            [source], [destination] = (each.get("ParentIds") or [backend.root.id] for each in (old, new))
            # That it is at its destination already is fine.
            if source != destination and destination != backend.get_account_by_id(account_id).parent_id:
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


def _check_parents(properties: Properties, account: str) -> None:
    if len(properties.get("ParentIds") or ()) > 1:
        raise ResourceFailure(
            "InvalidRequest", f"Can not specify more than one parent id in request for account [{account}]."
        )


class Policy:
    """AWS::Organizations::Policy."""

    def create(self, place: Place, properties: Properties) -> Model:
        """Make a policy and attach it; what fails after it exists leaves it to be rolled back."""
        backend = backend_of(place.account_id)
        request = {key: value for key, value in properties.items() if key not in ("Content", "TargetIds")}
        with service_errors():
            summary = backend.create_policy(**request, Content=_text(properties["Content"]))["Policy"]["PolicySummary"]
        attributes = {"Id": summary["Id"], "Arn": summary["Arn"], "AwsManaged": summary["AwsManaged"]}
        try:
            with service_errors():
                for target in properties.get("TargetIds", ()):
                    backend.attach_policy(PolicyId=summary["Id"], TargetId=target)
        except ResourceFailure as failure:
            failure.leftover = Model(properties, attributes)
            raise
        return Model(properties, attributes)

    def read(self, place: Place, identifier: Mapping[str, str], properties: Properties) -> Model:
        """Find a policy that is not AWS's own."""
        backend = backend_of(place.account_id)
        with service_errors():
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
        with service_errors():
            backend.update_policy(
                PolicyId=policy_id,
                Name=properties["Name"],
                Description=properties.get("Description", ""),
                Content=_text(properties["Content"]),
            )
            for target in sorted(after - before):
                backend.attach_policy(PolicyId=policy_id, TargetId=target)
            for target in sorted(before - after):
                backend.detach_policy(PolicyId=policy_id, TargetId=target)
            _tag(backend, policy_id, model.properties, properties)
        return Model(properties, model.attributes)

    def delete(self, place: Place, model: Model) -> None:
        """Detach it from the targets that the template names, then delete it."""
        backend = backend_of(place.account_id)
        policy_id = model.attributes["Id"]
        with service_errors():
            attached = {target["TargetId"] for target in backend.list_targets_for_policy(PolicyId=policy_id)["Targets"]}
            for target in model.properties.get("TargetIds", ()):
                if target in attached:
                    backend.detach_policy(PolicyId=policy_id, TargetId=target)
            backend.delete_policy(PolicyId=policy_id)


class ResourcePolicy:
    """AWS::Organizations::ResourcePolicy."""

    def create(self, place: Place, properties: Properties) -> Model:
        """Set the organization's resource policy, if it has none."""
        backend = backend_of(place.account_id)
        with service_errors():
            if backend.organization and backend.resource_policy:
                raise ResourceFailure("AlreadyExists", "The organization has a resource policy already.")
            policy = backend.put_resource_policy(Content=_text(properties["Content"]))["ResourcePolicy"]
        return Model(properties, policy["ResourcePolicySummary"])

    def read(self, place: Place, identifier: Mapping[str, str], properties: Properties) -> Model:
        """Find the organization's resource policy."""
        with service_errors():
            summary = backend_of(place.account_id).describe_resource_policy()["ResourcePolicy"]["ResourcePolicySummary"]
        if summary["Id"] != identifier["Id"]:
            raise not_found(place.resource_type, identifier["Id"])
        return Model(properties, summary)

    def update(self, place: Place, model: Model, properties: Properties) -> Model:
        """Change what it says."""
        with service_errors():
            backend_of(place.account_id).put_resource_policy(Content=_text(properties["Content"]))
        return Model(properties, model.attributes)

    def delete(self, place: Place, model: Model) -> None:  # noqa: ARG002 (a Handler)
        """Take it away."""
        with service_errors():
            backend_of(place.account_id).delete_resource_policy()
