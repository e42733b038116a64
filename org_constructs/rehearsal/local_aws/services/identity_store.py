"""The Identity Store: moto's, with the refusals and calls that it lacks.

Added to moto 5.2.5: an identity store must exist; user names, user e-mails and memberships are unique; UpdateUser;
what is deleted must exist, and takes its memberships with it.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any, Final
from unittest.mock import patch

from moto.identitystore.exceptions import ConflictException, ResourceNotFoundException, ValidationException
from moto.identitystore.models import (
    IdentityStoreBackend,
    IdentityStoreData,
    Name,
    User,
    identitystore_backends,
)
from moto.identitystore.responses import IdentityStoreResponse
from moto.identitystore.urls import url_bases

from org_constructs.aws.limits import RESERVED_NAMES
from org_constructs.rehearsal.local_aws.values import Value

_RESOURCE_ID: Final = re.compile(r"([0-9a-f]{10}-|)[A-Fa-f0-9]{8}(-[A-Fa-f0-9]{4}){3}-[A-Fa-f0-9]{12}")
"""https://docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/API_DeleteUser.html"""
_NAME_FIELDS: Final = {field[0].lower() + field[1:]: field for field in Name._fields}
_USER_FIELDS: Final = {
    field[0].lower() + field[1:]: field for field in User._fields if field not in {"UserId", "IdentityStoreId", "Name"}
}


class LocalIdentityStore(IdentityStoreBackend):
    """The identity stores of one account and region: those that IAM Identity Center made."""

    @property
    def _url_module(self) -> SimpleNamespace:
        return SimpleNamespace(url_bases=url_bases, url_paths={"{0}/$": LocalIdentityStoreResponse.dispatch})

    def store(self, identity_store_id: str) -> IdentityStoreData:
        """Return an identity store.

        Raises:
            ResourceNotFoundException: if there is none of this id; moto makes one.
        """
        try:
            return self.identity_stores[identity_store_id]
        except KeyError:
            raise ResourceNotFoundException(
                message=f"IdentityStore {identity_store_id} not found.", resource_type="IDENTITY_STORE"
            ) from None

    def create_user(self, identity_store_id: str, user_name: Value, *rest: Value) -> tuple[str, str]:
        """Make a user whose name and e-mail nobody has."""
        store = self.store(identity_store_id)
        _check_not_reserved(user_name)
        self._check_unique(store, user_name, rest[4])
        return super().create_user(identity_store_id, user_name, *rest)

    @staticmethod
    def _check_unique(
        store: IdentityStoreData, user_name: str, emails: list[dict[str, Any]] | None, user_id: str = ""
    ) -> None:
        """Refuse a taken name or e-mail: they are the unique attributes of GetUserId."""
        values = {email.get("Value", "").casefold() for email in emails or ()}
        for user in store.users.values():
            if user.UserId == user_id:
                continue
            if (user.UserName or "").casefold() == (user_name or "").casefold():
                raise ConflictException(message="Duplicate UserName", reason="UNIQUENESS_CONSTRAINT_VIOLATION")
            if values & {email.get("Value", "").casefold() for email in user.Emails or ()}:
                raise ConflictException(message="Duplicate Email", reason="UNIQUENESS_CONSTRAINT_VIOLATION")

    def update_user(self, identity_store_id: str, user_id: str, operations: list[dict[str, Any]]) -> None:
        """Set attributes of a user by their paths; one without a value is removed.

        See https://docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/API_UpdateUser.html.
        """
        store = self.store(identity_store_id)
        user = self.describe_user(identity_store_id, user_id)
        for operation in operations:
            user = _with_attribute(user, operation["AttributePath"], operation.get("AttributeValue"))
        self._check_unique(store, user.UserName, user.Emails, user_id)
        store.users[user_id] = user

    def describe_user(self, identity_store_id: str, user_id: str) -> User:
        """Return a user."""
        if not _RESOURCE_ID.fullmatch(user_id):
            raise ValidationException(message=f"Value at 'userId' must satisfy pattern: {_RESOURCE_ID.pattern}")
        return super().describe_user(identity_store_id, user_id)

    def delete_user(self, identity_store_id: str, user_id: str) -> None:
        """Delete a user and its memberships."""
        self.describe_user(identity_store_id, user_id)
        super().delete_user(identity_store_id, user_id)
        memberships = self.store(identity_store_id).group_memberships
        for membership_id, membership in list(memberships.items()):
            if membership["MemberId"]["UserId"] == user_id:
                del memberships[membership_id]

    def create_group(self, identity_store_id: str, display_name: str, description: str) -> tuple[str, str]:
        """Make a group of a free name, in a store that exists."""
        self.store(identity_store_id)
        _check_not_reserved(display_name)
        return super().create_group(identity_store_id, display_name, description)

    def update_group(self, identity_store_id: str, group_id: str, operations: list[dict[str, Any]]) -> None:
        """Set a group's name or description."""
        group = self.describe_group(identity_store_id, group_id)
        store = self.store(identity_store_id)
        for operation in operations:
            path, value = operation["AttributePath"], operation.get("AttributeValue")
            path = path[:1].lower() + path[1:]  # the published handler writes DisplayName
            if path == "displayName":
                if any(g.DisplayName == value for g in store.groups.values() if g.GroupId != group_id):
                    raise ConflictException(
                        message="Duplicate GroupDisplayName", reason="UNIQUENESS_CONSTRAINT_VIOLATION"
                    )
                group = group._replace(DisplayName=str(value))
            elif path == "description":
                group = group._replace(Description=value or "")
            else:
                raise ValidationException(message=f"The attribute {path} is not an attribute of a group")
        store.groups[group_id] = group

    def delete_group(self, identity_store_id: str, group_id: str) -> None:
        """Delete a group and its memberships."""
        self.describe_group(identity_store_id, group_id)
        super().delete_group(identity_store_id, group_id)
        memberships = self.store(identity_store_id).group_memberships
        for membership_id, membership in list(memberships.items()):
            if membership["GroupId"] == group_id:
                del memberships[membership_id]

    def create_group_membership(
        self, identity_store_id: str, group_id: str, member_id: dict[str, str]
    ) -> tuple[str, str]:
        """Put a user into a group that it is not in."""
        for membership in self.store(identity_store_id).group_memberships.values():
            if membership["GroupId"] == group_id and membership["MemberId"] == member_id:
                raise ConflictException(
                    message="Member and Group relationship already exists", reason="UNIQUENESS_CONSTRAINT_VIOLATION"
                )
        return super().create_group_membership(identity_store_id, group_id, member_id)

    def delete_group_membership(self, identity_store_id: str, membership_id: str) -> None:
        """Take a user out of a group."""
        self.describe_group_membership(identity_store_id, membership_id)
        super().delete_group_membership(identity_store_id, membership_id)


def _check_not_reserved(name: str) -> None:
    if name in RESERVED_NAMES:
        raise ValidationException(message=f"{name} is a reserved name")


def _with_attribute(user: User, path: str, value: Value) -> User:
    head, _, tail = path.partition(".")
    if head == "name":
        fields = user.Name._asdict() if user.Name else {}
        if not tail:
            fields = {_NAME_FIELDS.get(key[0].lower() + key[1:], key): part for key, part in (value or {}).items()}
        elif tail in _NAME_FIELDS:
            fields[_NAME_FIELDS[tail]] = value
        else:
            raise ValidationException(message=f"The attribute {path} is not an attribute of a user")
        return user._replace(Name=Name.from_dict(fields))
    if tail or head not in _USER_FIELDS:
        raise ValidationException(message=f"The attribute {path} is not an attribute of a user")
    if head == "userName" and not value:
        raise ValidationException(message="userName is a required attribute")
    if isinstance(value, list):
        value = [{key[0].upper() + key[1:]: part for key, part in item.items()} for item in value]
    return user._replace(**{_USER_FIELDS[head]: value})


class LocalIdentityStoreResponse(IdentityStoreResponse):
    """The API, with the calls that moto lacks."""

    def update_user(self) -> str:
        body = json.loads(self.body)
        backend_of(self.current_account, self.region).update_user(
            body["IdentityStoreId"], body["UserId"], body["Operations"]
        )
        return "{}"

    def update_group(self) -> str:
        body = json.loads(self.body)
        backend_of(self.current_account, self.region).update_group(
            body["IdentityStoreId"], body["GroupId"], body["Operations"]
        )
        return "{}"


def user_arn(user_id: str) -> str:
    """Return a user's ARN.

    See https://docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/API_User.html.
    """
    return f"arn:aws:identitystore:::user/{user_id}"


def backend_of(account_id: str, region: str) -> LocalIdentityStore:
    """Return the identity stores of an account and region."""
    backend = identitystore_backends[account_id][region]
    if not isinstance(backend, LocalIdentityStore):
        raise TypeError(f"the Identity Store of account {account_id} was made before the local AWS was started")
    return backend


@contextmanager
def installed() -> Iterator[None]:
    """Put this Identity Store in the place of moto's, for a while."""
    with (
        patch.object(identitystore_backends, "backend", LocalIdentityStore),
        patch.object(IdentityStoreBackend, "_IdentityStoreBackend__get_identity_store", LocalIdentityStore.store),
    ):
        yield
