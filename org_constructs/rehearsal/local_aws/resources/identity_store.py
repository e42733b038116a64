"""AWS::IdentityStore::User, Group and GroupMembership.

https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-identitystore
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

from org_constructs.rehearsal.local_aws.services.identity_store import LocalIdentityStore, backend_of, user_arn

from .base import Model, Place, Properties, ResourceFailure, not_found, refusing, service_errors

_CREATE_ARGUMENTS: Final = (
    "UserName",
    "Name",
    "DisplayName",
    "NickName",
    "ProfileUrl",
    "Emails",
    "Addresses",
    "PhoneNumbers",
    "UserType",
    "Title",
    "PreferredLanguage",
    "Locale",
    "Timezone",
)
_CREATE_ONLY: Final = {"UserName", "Emails", "Addresses", "PhoneNumbers"}


_errors: Final = partial(
    service_errors,
    "Identitystore",
    {
        "AccessDeniedException": "AccessDenied",
        "ConflictException": "ResourceConflict",
        "ResourceNotFoundException": "NotFound",
        "ServiceQuotaExceededException": "ServiceLimitExceeded",
        "ValidationException": "InvalidRequest",
    },
)
"""What the handlers make of each refusal, in their ExceptionTranslator."""


def _store(place: Place) -> LocalIdentityStore:
    return backend_of(place.account_id, place.region)


@refusing(_errors)
class User:
    """AWS::IdentityStore::User, which only us-east-1 has."""

    def create(self, place: Place, properties: Properties) -> Model:
        """Make a user, who gets no invitation."""
        user_id, _ = _store(place).create_user(properties["IdentityStoreId"], *map(properties.get, _CREATE_ARGUMENTS))
        return Model(properties, self._attributes(place, user_id))

    def read(self, place: Place, identifier: Mapping[str, str], properties: Properties) -> Model:
        """Find a user by the ARN."""
        user_id = identifier["Arn"].rpartition("/")[2]
        if identifier["Arn"] != user_arn(user_id):
            raise not_found(place.resource_type, identifier["Arn"])
        _store(place).describe_user(properties["IdentityStoreId"], user_id)
        return Model(properties, self._attributes(place, user_id))

    @staticmethod
    def _attributes(place: Place, user_id: str) -> dict[str, Any]:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        return {
            "UserId": user_id,
            "Arn": user_arn(user_id),
            "UserStatus": "ENABLED",
            "CreatedAt": now,
            "CreatedBy": place.account_id,
            "UpdatedAt": now,
            "UpdatedBy": place.account_id,
        }

    def update(self, place: Place, model: Model, properties: Properties) -> Model:
        """Change the name, and what else is not create-only."""
        operations = [
            {"AttributePath": key[0].lower() + key[1:], "AttributeValue": properties.get(key)}
            for key in _CREATE_ARGUMENTS
            if key not in _CREATE_ONLY and properties.get(key) != model.properties.get(key)
        ]
        _store(place).update_user(properties["IdentityStoreId"], model.attributes["UserId"], operations)
        updated = {"UpdatedAt": datetime.now(UTC).isoformat(timespec="seconds")}
        return Model(properties, {**model.attributes, **updated})

    def delete(self, place: Place, model: Model) -> None:
        """Delete the user."""
        _store(place).delete_user(model.properties["IdentityStoreId"], model.attributes["UserId"])


@refusing(_errors)
class Group:
    """AWS::IdentityStore::Group."""

    def create(self, place: Place, properties: Properties) -> Model:
        """Make a group."""
        group_id, _ = _store(place).create_group(
            properties["IdentityStoreId"], properties["DisplayName"], properties.get("Description", "")
        )
        return Model(properties, {"GroupId": group_id})

    def read(self, place: Place, identifier: Mapping[str, str], properties: Properties) -> Model:
        """Find a group."""
        _store(place).describe_group(identifier["IdentityStoreId"], identifier["GroupId"])
        return Model(properties, {"GroupId": identifier["GroupId"]})

    def update(self, place: Place, model: Model, properties: Properties) -> Model:
        """Rename or describe it."""
        _store(place).update_group(
            properties["IdentityStoreId"],
            model.attributes["GroupId"],
            [
                {"AttributePath": "displayName", "AttributeValue": properties["DisplayName"]},
                {"AttributePath": "description", "AttributeValue": properties.get("Description")},
            ],
        )
        return Model(properties, model.attributes)

    def delete(self, place: Place, model: Model) -> None:
        """Delete the group and its memberships."""
        _store(place).delete_group(model.properties["IdentityStoreId"], model.attributes["GroupId"])


@refusing(_errors)
class GroupMembership:
    """AWS::IdentityStore::GroupMembership."""

    def create(self, place: Place, properties: Properties) -> Model:
        """Put a user into a group."""
        membership_id, _ = _store(place).create_group_membership(
            properties["IdentityStoreId"], properties["GroupId"], properties["MemberId"]
        )
        return Model(properties, {"MembershipId": membership_id})

    def read(self, place: Place, identifier: Mapping[str, str], properties: Properties) -> Model:
        """Find a membership."""
        _store(place).describe_group_membership(identifier["IdentityStoreId"], identifier["MembershipId"])
        return Model(properties, {"MembershipId": identifier["MembershipId"]})

    def update(self, place: Place, model: Model, properties: Properties) -> Model:  # noqa: ARG002 (a Handler)
        """Never happens: every property of a membership is create-only."""
        raise ResourceFailure("NotUpdatable", "A group membership cannot be updated.")

    def delete(self, place: Place, model: Model) -> None:
        """Take the user out of the group."""
        _store(place).delete_group_membership(model.properties["IdentityStoreId"], model.attributes["MembershipId"])
