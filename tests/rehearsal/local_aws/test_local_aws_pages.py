"""A local AWS listens to programs of this machine alone: no page in a browser reads it, changes it or stops it."""

from __future__ import annotations

import http.client
import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from browser import chromium
from local_aws_stacks import EXISTING, MANAGEMENT, deploy, group
from org_constructs.rehearsal.local_aws import LocalAws

if TYPE_CHECKING:
    from collections.abc import Iterator

SIGNED = "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260101/us-east-1/organizations/aws4_request"


@pytest.fixture
def aws() -> Iterator[LocalAws]:
    with LocalAws(management_account_id=MANAGEMENT, region="us-east-1") as running:
        running.seed(EXISTING)
        deploy(running, Team=group())
        yield running


def port(aws: LocalAws) -> int:
    return int(aws.endpoint_url.rpartition(":")[2])


def answers(aws: LocalAws, path: str = "/", /, method: str = "GET", **headers: str) -> tuple[int, str]:
    """Ask with these headers, underscores being hyphens."""
    connection = http.client.HTTPConnection("localhost", port(aws), timeout=10)
    connection.putrequest(method, path, skip_host=True)
    for name, value in ({"Host": f"localhost:{port(aws)}"} | headers).items():
        connection.putheader(name.replace("_", "-"), value)
    connection.endheaders()
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    return answer.status, body


@pytest.mark.parametrize(
    ("path", "headers", "why"),
    [
        ("/", {"Host": "aws.evil.example:PORT"}, "got Host 'aws.evil.example:"),
        ("/", {"Host": "localhost.evil.example:PORT"}, "got Host"),
        ("/", {"Host": "localhost:1"}, "got Host 'localhost:1'"),
        ("/", {"Host": "localhost"}, ""),
        ("/", {"Origin": "http://localhost:1"}, "a web page"),
        ("/", {"Origin": "null"}, "a web page"),
        ("/", {"Sec_Fetch_Site": "cross-site"}, "a web page"),
        ("/moto-api/reset", {}, "moto's own pages"),
        ("/moto-api", {}, "moto's own pages"),
    ],
)
def test_refuses(aws: LocalAws, path: str, headers: dict[str, str], why: str) -> None:
    asked = {name: value.replace("PORT", str(port(aws))) for name, value in headers.items()}
    status, said = answers(aws, path, **asked)
    if why:
        assert (status, why in said) == (403, True), said
    else:
        assert status != 403, "HTTP/1.0 clients leave the port out"
    assert len(aws.client("organizations").list_accounts()["Accounts"]) == 2


@pytest.mark.parametrize("host", ["localhost:PORT", "127.0.0.1:PORT", "LOCALHOST:PORT", "templates.localhost:PORT"])
def test_answers_under_its_own_names(aws: LocalAws, host: str) -> None:
    assert answers(aws, Host=host.replace("PORT", str(port(aws))), Authorization=SIGNED)[0] != 403


def test_gives_an_object_of_a_bucket_that_the_host_names(aws: LocalAws) -> None:
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="templates", ACL="public-read")
    s3.put_object(Bucket="templates", Key="t", Body=b"{}", ACL="public-read")
    signed = SIGNED.replace("organizations", "s3")
    assert answers(aws, "/t", Host=f"templates.localhost:{port(aws)}", Authorization=signed) == (200, "{}")


# What a page tries, each in a way that needs no permission of the other side: it reads, empties, writes a file, and
# deletes the stack, as a script, as a form and as a picture.
PAGE = """<!doctype html><title>evil</title>
<iframe name="sink"></iframe>
<form id="form" method="post" target="sink" enctype="text/plain"
      action="http://HOST/?Action=DeleteStack&Version=2010-05-15&StackName=OrgBaseline"></form>
<script>
async function attack() {
  const told = {};
  const json = {"X-Amz-Target": "AWSOrganizationsV20161128.ListAccounts", "Content-Type": "application/x-amz-json-1.1"};
  const tries = {
    read: () => fetch("http://HOST/", {method: "POST", headers: {...json, Authorization: "SIGNED"}, body: "{}"}),
    simple: () => fetch("http://HOST/moto-api/data.json"),
    reset: () => fetch("http://HOST/moto-api/reset", {method: "POST", mode: "no-cors"}),
    recorder: () => fetch("http://HOST/moto-api/recorder/start-recording", {method: "POST", mode: "no-cors"}),
    stop: () => fetch("http://HOST/", {
      method: "POST", mode: "no-cors", headers: {"Content-Type": "application/x-www-form-urlencoded"},
      body: "Action=DeleteStack&Version=2010-05-15&StackName=OrgBaseline"}),
    signed: () => fetch("http://HOST/?Action=DeleteStack&Version=2010-05-15&StackName=OrgBaseline"
      + "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE/20260101/us-east-1/cloudformation/aws4_request", {mode: "no-cors"}),
    picture: () => new Promise(done => {
      const picture = new Image();
      picture.onload = picture.onerror = event => done({ok: event.type === "load", status: event.type});
      picture.src = "http://HOST/?Action=DeleteStack&Version=2010-05-15&StackName=OrgBaseline";
    }),
    form: () => new Promise(done => {
      document.querySelector("iframe").onload = () => done({ok: false, status: "sent"});
      document.getElementById("form").submit();
    }),
  };
  for (const [name, attempt] of Object.entries(tries)) {
    try { const answer = await attempt(); told[name] = answer.ok ? await answer.text() : "refused"; }
    catch (error) { told[name] = "refused"; }
  }
  return told;
}
</script>"""


@contextmanager
def page(host: str) -> Iterator[str]:
    """Serve the page from another port of loopback; return where."""
    body = PAGE.replace("HOST", host).replace("SIGNED", SIGNED).encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (its name)
            del format, args

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1"])
def test_no_page_reads_changes_or_stops_it(aws: LocalAws, name: str) -> None:
    cloudformation = aws.client("cloudformation")
    with page(f"{name}:{port(aws)}") as address, chromium() as browser:
        browser.get(address)
        told = browser.execute_async_script("attack().then(arguments[0])")
        log = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]  # type: ignore[no-untyped-call]  # selenium's
    assert told.keys() == {"read", "simple", "reset", "recorder", "stop", "signed", "picture", "form"}
    assert set(told.values()) == {"refused"}
    answered = [
        entry["params"]["response"]["status"]
        for entry in log
        if entry["method"] == "Network.responseReceived" and f":{port(aws)}/" in entry["params"]["response"]["url"]
    ]
    assert answered, "the browser did ask"
    assert set(answered) == {403}
    assert [stack["StackName"] for stack in cloudformation.describe_stacks()["Stacks"]] == ["OrgBaseline"]
    assert len(aws.client("organizations").list_accounts()["Accounts"]) == 2
