"""What a resource type's handler does, as in CloudFormation's registry: create, update, delete.

See https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-test-contract.html.
"""

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final, Protocol, runtime_checkable

from moto.core.exceptions import JsonRESTError, ServiceException
from werkzeug.exceptions import HTTPException

Properties = dict[str, Any]


@dataclass(frozen=True)
class Place:
    """Where a handler works: whose credentials, which region, and which resource it is."""

    account_id: str
    region: str
    stack_name: str = ""
    stack_id: str = ""
    logical_id: str = ""
    resource_type: str = ""


@dataclass
class Model:
    """A resource that exists: what was asked for and what AWS says of it."""

    properties: Properties
    attributes: Properties = field(default_factory=dict)
    """The values of Fn::GetAtt."""
    physical_id: str | None = None
    """The value of Ref, where it is not the schema's primary identifier."""


class ResourceFailure(Exception):  # noqa: N818 (CloudFormation's word for it)
    """A resource that could not be created, updated or deleted, in the words of CloudFormation's reason."""

    def __init__(self, code: str, message: str, leftover: Model | None = None) -> None:
        """Take the HandlerErrorCode, the handler's message, and what exists nevertheless, to be rolled back."""
        super().__init__(
            f'Resource handler returned message: "{message}" (RequestToken: {uuid.uuid4()}, HandlerErrorCode: {code})'
        )
        self.code = code
        self.message = message
        self.leftover = leftover


class Handler(Protocol):
    """What each resource type does."""

    def create(self, place: Place, properties: Properties) -> Model:
        """Make the resource."""

    def update(self, place: Place, model: Model, properties: Properties) -> Model:
        """Change the resource in place."""

    def delete(self, place: Place, model: Model) -> None:
        """Unmake the resource."""


@runtime_checkable
class ImportableHandler(Handler, Protocol):
    """What a resource type does that CloudFormation can import."""

    def read(self, place: Place, identifier: Mapping[str, str], properties: Properties) -> Model:
        """Return the resource that the primary identifier names, with the properties that a template gives it.

        Raises:
            ResourceFailure: if there is none.
        """


_CODES: Final = {
    "AccessDeniedException": "AccessDenied",
    "AccountAlreadyClosedException": "NotFound",
    "AlreadyInOrganizationException": "AlreadyExists",
    "ConflictException": "ResourceConflict",
    "ConcurrentModificationException": "ResourceConflict",
    "ConstraintViolationException": "ServiceLimitExceeded",
    "DuplicateOrganizationalUnitException": "AlreadyExists",
    "DuplicatePolicyException": "AlreadyExists",
    "InvalidInputException": "InvalidRequest",
    "MalformedPolicyDocumentException": "InvalidRequest",
    "ServiceQuotaExceededException": "ServiceLimitExceeded",
    "ValidationException": "InvalidRequest",
}


@contextmanager
def service_errors() -> Iterator[None]:
    """Turn what a service refuses into the resource's failure."""
    try:
        yield
    except ServiceException as error:
        raise ResourceFailure(_code(error.code), f"{error.code}: {error.message}") from error
    except JsonRESTError as error:
        raise ResourceFailure(_code(error.error_type), f"{error.error_type}: {error.message}") from error
    except HTTPException as error:  # moto's older services
        raise ResourceFailure("GeneralServiceException", str(error)) from error


def _code(error_type: str) -> str:
    if error_type.endswith(("NotFoundException", "NotInUseException")):
        return "NotFound"
    return _CODES.get(error_type, "GeneralServiceException")


def not_found(resource_type: str, identifier: str) -> ResourceFailure:
    """Return the failure of a resource that does not exist."""
    return ResourceFailure(
        "NotFound", f"Resource of type '{resource_type}' with identifier '{identifier}' was not found."
    )


def changed_tags(old: Properties, new: Properties) -> tuple[list[dict[str, str]], list[str]]:
    """Return the tags to set and the keys to remove, between two resources' Tags."""
    before = {tag["Key"]: tag["Value"] for tag in old.get("Tags", ())}
    after = {tag["Key"]: tag["Value"] for tag in new.get("Tags", ())}
    to_set = [{"Key": key, "Value": value} for key, value in after.items() if before.get(key) != value]
    return to_set, sorted(before.keys() - after.keys())
