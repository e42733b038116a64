"""A stand-in for what AWS's tools log in with: Identity Center's OIDC service, its portal, and STS, on loopback."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import secrets
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, ClassVar, Final
from urllib.parse import parse_qs, urlencode, urlsplit

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

_HOUR: Final = 3600  # seconds


@dataclass
class SsoPortal:
    """Logs in one person, and gives out credentials for what that person may do.

    https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/ and
    https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/ say how.
    """

    access: Collection[tuple[str, str]]
    """The account ids and permission sets that the person has."""

    start_url: str
    region: str
    endpoint_url: str = ""
    scopes: list[str] = field(default_factory=list)
    """What each login asked for."""

    given: list[str] = field(default_factory=list)
    """The account ids that credentials were given out for."""

    _challenges: dict[str, str] = field(default_factory=dict)
    _tokens: set[str] = field(default_factory=set)
    _keys: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """What sends AWS's tools here."""
        return {
            "AWS_ENDPOINT_URL_SSO": self.endpoint_url,
            "AWS_ENDPOINT_URL_SSO_OIDC": self.endpoint_url,
            "AWS_ENDPOINT_URL_STS": self.endpoint_url,
        }

    def register(self, client: Mapping[str, object]) -> tuple[int, object]:
        """Answer RegisterClient."""
        if client.get("issuerUrl") != self.start_url:
            return 400, {"error": "invalid_request", "error_description": f"no {client.get('issuerUrl')} here"}
        self.scopes += client["scopes"] if isinstance(client["scopes"], list) else []
        now = int(time.time())
        return 200, {
            "clientId": secrets.token_hex(8),
            "clientSecret": secrets.token_hex(8),
            "clientIdIssuedAt": now,
            "clientSecretExpiresAt": now + _HOUR,
        }

    def authorize(self, query: Mapping[str, str]) -> str:
        """Answer the browser, whose user agrees: return where it is sent."""
        code = secrets.token_hex(8)
        self._challenges[code] = query["code_challenge"]
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def token(self, request: Mapping[str, str]) -> tuple[int, object]:
        """Answer CreateToken."""
        verifier = hashlib.sha256(request.get("codeVerifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(verifier).decode().rstrip("=")
        if request["grantType"] != "authorization_code" or self._challenges.pop(request["code"], None) != challenge:
            return 400, {"error": "invalid_grant", "error_description": "no such code"}
        token = secrets.token_hex(16)
        self._tokens.add(token)
        return 200, {
            "accessToken": token,
            "expiresIn": _HOUR,
            "refreshToken": secrets.token_hex(16),
            "tokenType": "Bearer",
        }

    def role_credentials(self, token: str, account_id: str, role_name: str) -> tuple[int, object]:
        """Answer GetRoleCredentials."""
        if token not in self._tokens:
            return 401, {"__type": "UnauthorizedException", "message": "Session token not found or invalid"}
        if (account_id, role_name) not in self.access:
            return 403, {"__type": "ForbiddenException", "message": "No access"}
        key = f"ASIA{secrets.token_hex(8).upper()}"
        self._keys[key] = account_id, role_name
        self.given.append(account_id)
        return 200, {
            "roleCredentials": {
                "accessKeyId": key,
                "secretAccessKey": secrets.token_hex(20),
                "sessionToken": secrets.token_hex(20),
                "expiration": int(time.time() + _HOUR) * 1000,
            }
        }

    def caller_identity(self, access_key_id: str) -> tuple[int, str]:
        """Answer GetCallerIdentity."""
        if access_key_id not in self._keys:
            return 403, "<ErrorResponse><Error><Code>InvalidClientTokenId</Code></Error></ErrorResponse>"
        account_id, role_name = self._keys[access_key_id]
        return 200, (
            '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>'
            f"<Arn>arn:aws:sts::{account_id}:assumed-role/AWSReservedSSO_{role_name}_1111222233334444/dax@acme.com</Arn>"
            f"<UserId>AROAEXAMPLE:dax@acme.com</UserId><Account>{account_id}</Account></GetCallerIdentityResult>"
            "<ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></GetCallerIdentityResponse>"
        )


class _Handler(BaseHTTPRequestHandler):
    portal: ClassVar[SsoPortal]

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        if url.path == "/authorize":
            self.send_response(302)
            self.send_header("Location", self.portal.authorize(query))
            self.end_headers()
        elif url.path == "/federation/credentials":
            token = self.headers["x-amz-sso_bearer_token"]
            self._answer(*self.portal.role_credentials(token, query["account_id"], query["role_name"]))
        else:
            self._answer(404, {"message": f"no {url.path} here"})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.path == "/client/register":
            self._answer(*self.portal.register(json.loads(body)))
        elif self.path == "/token":
            self._answer(*self.portal.token(json.loads(body)))
        elif "Action=GetCallerIdentity" in body:
            key = re.search(r"Credential=(\w+)/", self.headers["Authorization"])
            self._answer(*self.portal.caller_identity(key[1] if key else ""))
        else:
            self._answer(404, {"message": f"no {self.path} here"})

    def _answer(self, status: int, body: object) -> None:
        text = body if isinstance(body, str) else json.dumps(body)
        self.send_response(status)
        self.send_header("Content-Type", "text/xml" if isinstance(body, str) else "application/json")
        self.send_header("Content-Length", str(len(text.encode())))
        if isinstance(body, dict) and "__type" in body:
            self.send_header("x-amzn-ErrorType", str(body["__type"]))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: object) -> None:
        if os.environ.get("SSO_PORTAL_LOG"):
            super().log_message("%s", self.requestline)


@contextmanager
def sso_portal(*, access: Collection[tuple[str, str]], start_url: str, region: str) -> Iterator[SsoPortal]:
    """Run a portal on a free port of loopback."""
    portal = SsoPortal(access=access, start_url=start_url, region=region)

    handler = type("Handler", (_Handler,), {"portal": portal})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, name="sso-portal")
    thread.start()
    portal.endpoint_url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield portal
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
