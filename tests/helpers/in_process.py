"""A local AWS without a network: each call is answered where it is made, in a fraction of the time."""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache
from io import BytesIO
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from moto.moto_server.werkzeug_app import create_backend_app
from werkzeug.test import EnvironBuilder, run_wsgi_app

from org_constructs.rehearsal.local_aws import LocalAws, server
from org_constructs.rehearsal.local_aws.services import account_access

if TYPE_CHECKING:
    from collections.abc import Iterator

    from botocore.awsrequest import AWSPreparedRequest

_application = cache(create_backend_app)
"""The application of one of moto's services, which looks for what there is when it is asked."""


@contextmanager
def local_aws(account_id: str, region: str, **options: Any) -> Iterator[LocalAws]:
    """Start a local AWS that no other process can reach, with one client of each service."""
    with (
        patch.object(server, "_serve", lambda _: SimpleNamespace(port=9)),
        LocalAws(management_account_id=account_id, region=region, **options) as aws,
    ):
        client = aws.client

        @cache
        def made(service: str) -> Any:
            new = client(service)
            new.meta.events.register("before-send", _answerer(service))
            return new

        with patch.object(aws, "client", made):
            yield aws


def _answerer(service: str) -> Any:
    application = account_access.application if service == "account-access" else _application(service.replace("-", ""))

    def answer(request: AWSPreparedRequest, **_: object) -> AWSResponse:
        headers = [
            (key, value.decode() if isinstance(value, bytes) else value) for key, value in request.headers.items()
        ]
        body: Any = request.body or b""
        asked = EnvironBuilder(path=request.url, method=request.method, headers=headers, data=body)
        chunks, status, answered = run_wsgi_app(application, asked.get_environ())
        given: Any = HTTPHeaders()
        for key, value in answered:
            given[key] = value
        return AWSResponse(request.url, int(status.split()[0]), given, _Body(b"".join(chunks)))

    return answer


class _Body(BytesIO):
    """What botocore reads an answer from."""

    def stream(self, **_: object) -> Any:
        """Return it in one piece."""
        return iter([self.read()])
