"""A local AWS: moto's server on loopback, with CloudFormation, Organizations and Identity Center made strict."""

import json
import logging
import os
import re
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import Any, Final, Self
from xml.sax.saxutils import escape

from moto.core.base_backend import BackendDict
from moto.iam.models import AccessKey, iam_backends
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import BaseWSGIServer, make_server
from werkzeug.wrappers import Response

from . import run
from .cloudformation import api as cloudformation
from .existing import Existing
from .failures import Failures
from .seed import enable_identity_center, seed
from .services import (
    account_access,
    account_management,
    budgets,
    free_tier,
    iam,
    identity_store,
    organizations,
    service_quotas,
    sso_admin,
)
from .values import Value

_logger: Final = logging.getLogger(__name__)

_OWN_HOST: Final = re.compile(r"127\.0\.0\.1|([a-z0-9.-]+\.)?localhost", re.IGNORECASE)
"""The names that lead to loopback and nowhere else; S3 puts a bucket's name before."""


class _Application(DomainDispatcherApplication):
    """moto's server, where a call that it cannot answer is an error at once: clients try a 500 again and again."""

    def get_application(self, environ: dict[str, Any]) -> Value:
        if environ.get("HTTP_X_AMZ_TARGET", "").startswith(free_tier.TARGET):
            return free_tier.application
        if environ.get("PATH_INFO") in account_access.PATHS:
            return account_access.application
        return super().get_application(environ)

    def __call__(self, environ: dict[str, Any], start_response: Value) -> Value:
        if why := _refusal(environ):
            return Response(f"the local AWS refuses this request: {why}\n", status=403)(environ, start_response)
        try:
            return super().__call__(environ, start_response)
        except Exception as error:  # whatever moto stumbles over, the client must hear of
            code = "NotImplemented" if isinstance(error, NotImplementedError) else "LocalAwsError"
            message = f"the local AWS cannot answer this call: {error or type(error).__name__}"
            _logger.warning("%s", message, exc_info=code == "LocalAwsError")
            if "json" in environ.get("CONTENT_TYPE", ""):
                kind, body = "application/x-amz-json-1.1", json.dumps({"__type": code, "message": message})
            else:
                error_xml = f"<Error><Code>{code}</Code><Message>{escape(message)}</Message></Error>"
                kind, body = "application/xml", f"<ErrorResponse>{error_xml}</ErrorResponse>"
            return Response(body, status=400, content_type=kind)(environ, start_response)


def _refusal(environ: Mapping[str, Any]) -> str | None:
    """Say why a request is none of a program of this machine's.

    A web page can make a browser send requests to loopback, too. It cannot keep the browser from saying so: where a
    request comes from is in Origin and Sec-Fetch-Site, and under which name the page knows this machine is in Host.
    https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Site
    """
    if not _OWN_HOST.fullmatch(environ.get("HTTP_HOST", "").removesuffix(f":{environ['SERVER_PORT']}")):
        return f"it listens to localhost and 127.0.0.1, got Host {environ.get('HTTP_HOST', '')!r}"
    if "HTTP_ORIGIN" in environ or "HTTP_SEC_FETCH_SITE" in environ:
        return "it comes from a web page"
    if environ.get("PATH_INFO", "").startswith("/moto-api"):
        return "moto's own pages are not AWS's"
    return None


class LocalAws:
    """A local AWS on a free loopback port, in a thread of this process, from `with` to its end.

    There is no organization, no IAM Identity Center and no bootstrap in it but what `seed` and calls make. Its
    credentials are the management account's, an access key of its own each time: the CDK CLI remembers under ~/.cdk
    whose account a key is.

    Raises:
        Refusal: if a failure is none of those that there are.
    """

    def __init__(
        self,
        *,
        management_account_id: str,
        region: str,
        management_account_email: str | None = None,
        failures: Sequence[str] = (),
        new_organization_policy_types: Sequence[str] = (),
    ) -> None:
        """Take whose AWS it is, its region, what is to go wrong (see failures.py), and how much kinder than AWS it is.

        AWS enables no policy type in a new organization, so that one deploy cannot make it and its policies.
        """
        self._management_account_id = management_account_id
        self._management_account_email = management_account_email
        self._region = region
        self._failures = Failures(failures)
        self._new_organization_policy_types = tuple(new_organization_policy_types)
        self._cleanup = ExitStack()
        self._run: run.Run | None = None
        self._environment: dict[str, str] = {}

    @property
    def endpoint_url(self) -> str:
        """Where it is: http://localhost:PORT; moto finds buckets in the path only under the name localhost."""
        return self._running.endpoint_url

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs so that AWS is this one, to be laid over the caller's environment.

        The caller's profile, credentials and configuration are replaced: AWS_PROFILE is `default` of a configuration
        and a credentials file that hold this local AWS and nothing else (an empty AWS_PROFILE stops boto3, and a name
        from outside would be looked up).
        """
        return dict(self._environment)

    @property
    def _running(self) -> run.Run:
        if self._run is None:
            raise RuntimeError("the local AWS is not running; use it in a `with` statement")
        return self._run

    def client(self, service: str, region: str | None = None) -> Value:
        """Return a boto3 client of the management account."""
        return self._running.client(service, region)

    def let_fail(self, failures: Sequence[str]) -> None:
        """Let this go wrong from now on (see failures.py)."""
        self._failures.add(failures)

    def seed(self, existing: Existing) -> None:
        """Make what exists before the deploy, with exactly these ids."""
        seed(existing, self._management_account_id, self._region)

    def enable_identity_center(self, instance_arn: str | None = None, identity_store_id: str | None = None) -> None:
        """Enable IAM Identity Center for the organization, as a click in the console does and no call can.

        Raises:
            ValueError: if there is no organization, or IAM Identity Center is enabled.
        """
        enable_identity_center(instance_arn, identity_store_id, self._management_account_id, self._region)

    def __enter__(self) -> Self:
        """Start it."""
        with ExitStack() as cleanup:
            cleanup.enter_context(run.alone())
            _forget_moto_account(cleanup)
            logger = logging.getLogger("werkzeug")
            cleanup.callback(logger.setLevel, logger.level)
            logger.setLevel(logging.ERROR)
            BackendDict.reset()
            for service in (
                *(cloudformation, organizations, account_management, service_quotas),
                *(sso_admin, identity_store, iam, free_tier, account_access, budgets),
            ):
                cleanup.enter_context(service.installed())
            cleanup.callback(BackendDict.reset)
            management = organizations.backend_of(self._management_account_id)
            management.email = self._management_account_email or management.email
            management.new_organization_policy_types = self._new_organization_policy_types
            key = _access_key(self._management_account_id)
            server = _serve(cleanup)
            current = run.Run(
                management_account_id=self._management_account_id,
                region=self._region,
                endpoint_url=f"http://localhost:{server.port}",
                access_key_id=key.access_key_id,
                secret_access_key=key.secret_access_key,
                failures=self._failures,
            )
            run.begin(current)
            self._run = current
            self._environment = _environment(current, Path(cleanup.enter_context(tempfile.TemporaryDirectory())))
            self._cleanup = cleanup.pop_all()
        return self

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop it, and forget all that was in it."""
        self._cleanup.close()
        self._run = None
        self._environment = {}


def _forget_moto_account(cleanup: ExitStack) -> None:
    """Let each key answer for its own account: MOTO_ACCOUNT_ID would win over every key."""
    account = os.environ.pop("MOTO_ACCOUNT_ID", None)
    if account is not None:
        cleanup.callback(os.environ.__setitem__, "MOTO_ACCOUNT_ID", account)


def _access_key(account_id: str) -> AccessKey:
    """Make the access key of this run, which moto knows as the management account's."""
    key: AccessKey = iam_backends[account_id]["aws"].create_temp_access_key()
    return key


def _serve(cleanup: ExitStack) -> BaseWSGIServer:
    application = _Application(create_backend_app)
    server = make_server("localhost", 0, application, threaded=True, request_handler=MotoRequestHandler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, name="local-aws", daemon=True)
    thread.start()

    def stop() -> None:
        server.shutdown()
        thread.join()
        server.server_close()

    cleanup.callback(stop)
    return server


def _environment(current: run.Run, directory: Path) -> dict[str, str]:
    config = directory / "config"
    config.write_text(f"[default]\nregion = {current.region}\n", encoding="utf-8")
    credentials = directory / "credentials"
    credentials.write_text(
        f"[default]\naws_access_key_id = {current.access_key_id}\n"
        f"aws_secret_access_key = {current.secret_access_key}\n",
        encoding="utf-8",
    )
    past_proxy = (os.environ.get("NO_PROXY") or os.environ.get("no_proxy") or "").split(",")
    loopback = ",".join(dict.fromkeys(filter(None, [*past_proxy, "localhost", "127.0.0.1"])))
    return {
        "AWS_ENDPOINT_URL": current.endpoint_url,
        "AWS_ENDPOINT_URL_S3": current.endpoint_url,
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "false",
        "AWS_ACCESS_KEY_ID": current.access_key_id,
        "AWS_SECRET_ACCESS_KEY": current.secret_access_key,
        "AWS_SESSION_TOKEN": "",
        "AWS_REGION": current.region,
        "AWS_DEFAULT_REGION": current.region,
        "AWS_PROFILE": "default",
        "AWS_DEFAULT_PROFILE": "default",
        "AWS_CONFIG_FILE": str(config),
        "AWS_SHARED_CREDENTIALS_FILE": str(credentials),
        "AWS_EC2_METADATA_DISABLED": "true",
        "NO_PROXY": loopback,
        "no_proxy": loopback,
    }
