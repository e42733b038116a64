"""What a resource type's handler does, as in CloudFormation's registry: create, update, delete.

See https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-test-contract.html.
"""

import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import ContextDecorator, contextmanager
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Protocol, TypeVar, runtime_checkable

from moto.core.exceptions import JsonRESTError, ServiceException
from werkzeug.exceptions import HTTPException

Properties = dict[str, Any]
_T = TypeVar("_T")


@dataclass(frozen=True)
class Place:
    """Where a handler works: whose credentials, which region, and which resource it is."""

    account_id: str
    region: str
    stack_name: str = ""
    stack_id: str = ""
    logical_id: str = ""
    resource_type: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    """The stack's, which are the resource's too."""
    previous_tags: Mapping[str, str] = field(default_factory=dict)
    """Those that the stack had before."""

    @property
    def system_tags(self) -> dict[str, str]:
        """What CloudFormation itself tags with.

        See https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-resource-tags.html.
        """
        return {
            "aws:cloudformation:stack-name": self.stack_name,
            "aws:cloudformation:stack-id": self.stack_id,
            "aws:cloudformation:logical-id": self.logical_id,
        }


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

    def __init__(self, code: str, message: str, leftover: Model | None = None, *, note: str = "") -> None:
        """Take the HandlerErrorCode, the handler's message, and what exists nevertheless, to be rolled back.

        A note is the local AWS's own, which AWS does not say.
        """
        handled = f'"{message}" (RequestToken: {uuid.uuid4()}, HandlerErrorCode: {code})'
        super().__init__(f"Resource handler returned message: {handled}{f' [local AWS: {note}]' if note else ''}")
        self.code = code
        self.message = message
        self.leftover = leftover


class CustomResourceFailure(ResourceFailure):
    """A custom resource whose function answered FAILED: CloudFormation tells that in words of its own."""

    def __init__(self, message: str) -> None:
        """Take what the function said."""
        super().__init__("GeneralServiceException", message)
        returned = f"Message returned: {message} (RequestId: {uuid.uuid4()})"
        self.args = (f"Received response status [FAILED] from custom resource. {returned}",)


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


@contextmanager
def service_errors(
    service: str, codes: Mapping[str, str] = MappingProxyType({}), default: str = "GeneralServiceException"
) -> Iterator[None]:
    """Turn what a service refuses into the resource's failure, in the words that the SDK for Java has of it.

    They are the service's sentence and whose it is; the exception's name is not among them.

    Args:
        service: the SDK's name of the service.
        codes: the HandlerErrorCode of each of its exceptions, as its handlers have it.
        default: the code of all others.
    """
    try:
        yield
    except ServiceException as error:
        name, message = error.code, error.message
    except JsonRESTError as error:
        name, message = error.error_type, error.message
    except HTTPException as error:  # moto's older services
        name, message = "", str(error)
    else:
        return
    raise ResourceFailure(codes.get(name, default), said_by(service, message))


def refusing(errors: Callable[[], ContextDecorator]) -> Callable[[type[_T]], type[_T]]:
    """Turn, in all that a handler does, what its service refuses into the resource's failure."""

    def refuse(handler: type[_T]) -> type[_T]:
        for name in ("create", "read", "update", "delete"):
            setattr(handler, name, errors()(getattr(handler, name)))
        return handler

    return refuse


def said_by(service: str, message: str) -> str:
    """Return what a handler passes on of a service's answer."""
    return f"{message} (Service: {service}, Status Code: 400, Request ID: {uuid.uuid4()})"


def not_found(resource_type: str, identifier: str) -> ResourceFailure:
    """Return the failure of a resource that does not exist."""
    return ResourceFailure(
        "NotFound", f"Resource of type '{resource_type}' with identifier '{identifier}' was not found."
    )


def tags_on_create(place: Place, properties: Properties) -> list[dict[str, str]]:
    """Return the tags that a resource is made with: the stack's and its own, of which its own win."""
    own = {tag["Key"]: tag["Value"] for tag in properties.get("Tags", ())}
    return [{"Key": key, "Value": value} for key, value in {**place.tags, **own}.items()]


def changed_tags(place: Place, old: Properties, new: Properties) -> tuple[list[dict[str, str]], list[str]]:
    """Return the tags to set and the keys to remove, between two states of a resource and its stack.

    The handlers keep pairs of key and value, not keys, so that a key of two values stays twice.
    """
    before = _pairs(old) | set(place.previous_tags.items())
    after = _pairs(new) | set(place.tags.items())
    to_set = [{"Key": key, "Value": value} for key, value in sorted(after - before)]
    return to_set, sorted({key for key, _ in before} - {key for key, _ in after})


def _pairs(properties: Properties) -> set[tuple[str, str]]:
    return {(tag["Key"], tag["Value"]) for tag in properties.get("Tags", ())}
