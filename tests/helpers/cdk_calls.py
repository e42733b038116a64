"""What the real CDK CLI asks of AWS, recorded at a local one, as requests that a simulator of IAM decides."""

from __future__ import annotations

import io
import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from unittest.mock import patch
from urllib.parse import parse_qsl

from werkzeug.wrappers import Response

from iam_simulator import Request
from org_constructs.cdk_cli.cli import find_cdk_cli
from org_constructs.rehearsal.local_aws import run, server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from org_constructs.rehearsal.local_aws import LocalAws

CALLER: Final = "arn:aws:iam::{}:role/Pipeline"
_STACK_ID: Final = "37d1bbea-1d60-4bd3-b179-ada914ab176a"
_WITHOUT_PERMISSION: Final = {"GetCallerIdentity"}
"""What everybody may: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html"""


@dataclass(frozen=True)
class Call:
    """A call, signed for a service and a region."""

    service: str
    region: str
    operation: str
    parameters: Mapping[str, str] = field(hash=False)


def _call(environ: dict[str, Any]) -> Call | None:
    """Return the call that the CLI makes with a request by the credentials it got, and leave the request as it was."""
    if not environ.get("HTTP_USER_AGENT", "").startswith("aws-sdk-js"):
        return None
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = io.BytesIO(body)
    scope = re.search(r"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/", environ["HTTP_AUTHORIZATION"])
    assert scope is not None
    key, region, service = scope.groups()
    if key != run.current().access_key_id:
        return None  # by a role that was assumed, which has permissions of its own
    if service == "s3":
        query = dict(parse_qsl(environ["QUERY_STRING"], keep_blank_values=True))
        subjects = [name for name in ("encryption", "list-type", "location") if name in query]
        operation = " ".join([environ["REQUEST_METHOD"], *subjects])
        return Call(service, region, operation, {"Path": environ["PATH_INFO"]})
    parameters = dict(parse_qsl(body.decode()))
    return Call(service, region, parameters["Action"], parameters)


@contextmanager
def recorded(denied: Callable[[Call], bool] = lambda _call: False) -> Iterator[list[Call]]:
    """Record the calls of the AWS SDK for JavaScript, and answer those that are denied as AWS does."""
    calls: list[Call] = []
    answer = server._Application.__call__

    def record(self: Any, environ: dict[str, Any], start_response: Any) -> Any:
        call = _call(environ)
        if call is not None:
            calls.append(call)
            if denied(call):
                code = "<Code>AccessDenied</Code><Message>not authorized to perform</Message>"
                body = f"<ErrorResponse><Error><Type>Sender</Type>{code}</Error></ErrorResponse>"
                return Response(body, status=403, content_type="text/xml")(environ, start_response)
        return answer(self, environ, start_response)

    with patch.object(server._Application, "__call__", record):
        yield calls


class Cdk:
    """The CDK CLI against a local AWS."""

    def __init__(self, aws: LocalAws, folder: Path, account: str) -> None:
        self._aws, self._folder = aws, folder
        self._cli = find_cdk_cli(folder / "home", default_account=account)

    def __call__(self, *arguments: str, code: int = 0) -> str:
        lines: list[str] = []
        environment = self._aws.environment
        ended = self._cli.run(*arguments, folder=self._folder, each_line=lines.append, environment=environment)
        assert ended == code, "\n".join(lines)
        return "\n".join(lines)


_OF_S3: Final = {
    "GET encryption": "s3:GetEncryptionConfiguration",
    "GET list-type": "s3:ListBucket",
    "GET location": "s3:GetBucketLocation",
    "PUT": "s3:PutObject",
}


def requests(call: Call, account: str) -> list[Request]:
    """Return what IAM is asked for a call: the action, and iam:PassRole where a role is passed."""
    if call.operation in _WITHOUT_PERMISSION:
        return []

    def request(action: str, resource: str, **context: str) -> Request:
        return Request(
            principal=CALLER.format(account),
            action=action,
            resource=resource,
            account=account,
            context={key.replace("__", ":"): value for key, value in context.items()},
        )

    if call.service == "s3":
        return [request(_OF_S3[call.operation], f"arn:aws:s3:::{call.parameters['Path'].strip('/')}")]
    if call.service == "sts":
        return [request("sts:AssumeRole", call.parameters["RoleArn"])]
    assert call.service == "cloudformation", call
    named = call.parameters["StackName"]
    arn = f"arn:aws:cloudformation:{call.region}:{account}:stack/{named}/{_STACK_ID}"
    role = call.parameters.get("RoleARN")
    asked = request(
        f"cloudformation:{call.operation}",
        named if named.startswith("arn:") else arn,
        **({"cloudformation__RoleArn": role} if role else {}),
    )
    passed = [request("iam:PassRole", role, iam__PassedToService="cloudformation.amazonaws.com")] if role else []
    return [asked, *passed]
