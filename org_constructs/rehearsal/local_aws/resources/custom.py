"""Custom::AWS, CDK's AwsCustomResource: its function makes one SDK call a request; so does this, without the function.

The properties Create, Update and Delete each hold the call as JSON: service, action, parameters, physicalResourceId,
outputPaths, ignoreErrorCodesMatching. See
https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.custom_resources.AwsCustomResource.html.
"""

import json
import re
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError
from moto.awslambda.models import lambda_backends

from org_constructs.rehearsal.local_aws import run
from org_constructs.rehearsal.local_aws.values import Value

from .base import CustomResourceFailure, Model, Place, Properties, ResourceFailure

_PHYSICAL_ID: Final = "PHYSICAL:RESOURCEID:"
_PROVIDED: Final = frozenset(
    {
        "service",
        "action",
        "parameters",
        "physicalResourceId",
        "outputPaths",
        "ignoreErrorCodesMatching",
        "region",
        "apiVersion",
        "logApiResponseData",
        "logging",
    }
)


class AwsCustomResource:
    """Custom::AWS."""

    def create(self, place: Place, properties: Properties) -> Model:
        """Make the call of Create.

        A creation that failed is deleted as well: CloudFormation sends the function a Delete with the physical id that
        it answered with, which is the name of its log stream.
        """
        _check_function(place, properties)
        try:
            return self._request(place, properties, "Create", place.logical_id)
        except ResourceFailure as failure:
            log_stream = f"{datetime.now(UTC):%Y/%m/%d}/[$LATEST]{uuid.uuid4().hex}"
            failure.leftover = Model(properties, {}, log_stream)
            raise

    def update(self, place: Place, model: Model, properties: Properties) -> Model:
        """Make the call of Update, if there is one."""
        if properties.get("ServiceToken") != model.properties.get("ServiceToken"):
            raise ResourceFailure("InvalidRequest", "Modifying service token is not allowed.")
        return self._request(place, properties, "Update", str(model.physical_id))

    def delete(self, place: Place, model: Model) -> None:
        """Make the call of Delete, if there is one."""
        self._request(place, model.properties, "Delete", str(model.physical_id))

    def _request(self, place: Place, properties: Properties, request: str, physical_id: str) -> Model:
        _check_function(place, properties)
        if request not in properties:
            return Model(properties, {}, physical_id)
        try:
            call: dict[str, Any] = json.loads(properties[request])
        except ValueError as error:
            raise _failure(f"{request} is not JSON: {error}") from error
        if unknown := sorted(call.keys() - _PROVIDED):
            raise _failure(f"the local AWS does not provide {', '.join(unknown)} of an SDK call ({request})")
        answer = _call(place, call, physical_id)
        data = dict(_flat(answer))
        attributes = data
        if paths := call.get("outputPaths"):
            attributes = {key: value for key, value in data.items() if any(key.startswith(path) for path in paths)}
        identity = call.get("physicalResourceId") or {}
        if path := identity.get("responsePath"):
            if path not in data:
                raise _failure(f"the answer of {call['service']} {call['action']} has no {path}")
            physical_id = str(data[path])
        elif identity.get("id"):
            physical_id = str(identity["id"])
        return Model(properties, attributes, physical_id)


def _check_function(place: Place, properties: Properties) -> None:
    token = properties.get("ServiceToken", "")
    functions = lambda_backends[place.account_id][place.region].list_functions()
    if all(function.function_arn != token for function in functions):
        raise _failure(f"ServiceToken names no Lambda function of this account and region, got {token!r}")


def _call(place: Place, call: dict[str, Any], physical_id: str) -> Value:
    service = _service_name(call["service"])
    try:
        client = run.current().client(service, call.get("region", place.region))
        operation = call["action"].removesuffix("Command")
        operation = operation[:1].upper() + operation[1:]
        methods = {name: method for method, name in client.meta.method_to_api_mapping.items()}
        if operation not in methods:
            raise _failure(f"the service {call['service']} has no action {call['action']}")
        parameters = _with_physical_id(call.get("parameters", {}), physical_id)
        answer = getattr(client, methods[operation])(**parameters)
    except ClientError as error:
        code = error.response["Error"]["Code"]
        ignored = call.get("ignoreErrorCodesMatching")
        if ignored and re.search(ignored, code):
            return {}
        raise _failure(error.response["Error"].get("Message", "")) from error
    except BotoCoreError as error:
        raise _failure(f"{call['service']} {call['action']}: {error}") from error
    answer.pop("ResponseMetadata", None)
    return answer


def _service_name(service: str) -> str:
    """Turn `IdentityStore`, `identitystore` or `@aws-sdk/client-identitystore` into boto3's name."""
    wanted = re.sub(r"[^a-z0-9]", "", service.removeprefix("@aws-sdk/client-").lower())
    if wanted == "cloudformation":
        raise _failure("a stack's resource cannot wait for calls to CloudFormation itself in this local AWS")
    for name in run.current().available_services():
        if re.sub(r"[^a-z0-9]", "", name) == wanted:
            return name
    raise _failure(f"there is no AWS service {service!r}")


def _with_physical_id(value: Value, physical_id: str) -> Value:
    if isinstance(value, dict):
        return {key: _with_physical_id(item, physical_id) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_physical_id(item, physical_id) for item in value]
    return physical_id if value == _PHYSICAL_ID else value


def _flat(value: Value, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield an answer's leaves by their paths, as the AwsCustomResource's function returns them."""
    if isinstance(value, dict):
        items: Value = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    else:
        yield prefix, value
        return
    for key, item in items:
        yield from _flat(item, f"{prefix}.{key}" if prefix else str(key))


def _failure(message: str) -> ResourceFailure:
    """Return the failure as CloudFormation tells it: no handler's, but in the words of the resource's function."""
    return CustomResourceFailure(message)
