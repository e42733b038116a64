"""`org-baseline check --validate`: which policies AWS is asked about, and how what it finds is said."""

from __future__ import annotations

import json
import os
import sys
from collections import defaultdict
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import CliRunner, Result

from checked_templates import account, organization, resource
from cloud_assembly import get, stack, write_assembly
from org_constructs.commands import main
from policy_documents import DENY_LEAVING
from refusals import assert_refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from syrupy.assertion import SnapshotAssertion

LINK: Final = "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html"
NEW: Final = "AWS has the action since yesterday, and its analyzer does not know it yet."
READ: Final = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::acme-logs/*"}],
}


class Analyzer:
    """IAM Access Analyzer as boto3 meets it: a page for each finding, by what the document has in it."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.found: Mapping[str, Sequence[tuple[str, str]]] = {}
        self.error: tuple[int, str, str] | None = None

    def answer(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any], dict[str, str]]:
        token = int(parse_qs(urlsplit(path).query).get("nextToken", ["0"])[0])
        if not token:
            self.asked.append(body)
        if self.error:
            status, code, message = self.error
            return status, {"message": message}, {"x-amzn-ErrorType": code}
        findings = [each for part, several in self.found.items() if part in body["policyDocument"] for each in several]
        place = {"line": 1, "column": 0, "offset": 0}
        path_of = [{"value": "Statement"}, {"index": 0}, {"value": "Action"}]
        page = [
            {
                "findingDetails": f"The details of {code}.",
                "findingType": kind,
                "issueCode": code,
                "learnMoreLink": f"{LINK}#{code}",
                "locations": [{"path": path_of, "span": {"start": place, "end": place}}],
            }
            for kind, code in findings[token : token + 1]
        ]
        more = {"nextToken": str(token + 1)} if token + 1 < len(findings) else {}
        return 200, {"findings": page, **more}, {}


@contextmanager
def served(analyzer: Analyzer) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status, answer, headers = analyzer.answer(self.path, body)
            payload = json.dumps(answer).encode()
            self.send_response(status)
            for name, value in {**headers, "Content-Type": "application/json", "Content-Length": len(payload)}.items():
                self.send_header(name, str(value))
            self.end_headers()
            self.wfile.write(payload)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def analyzer(monkeypatch: pytest.MonkeyPatch) -> Iterator[Analyzer]:
    found = Analyzer()
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    with served(found) as url:
        for name, value in {
            "AWS_ENDPOINT_URL_ACCESSANALYZER": url,
            "AWS_ACCESS_KEY_ID": "A",
            "AWS_SECRET_ACCESS_KEY": "B",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_MAX_ATTEMPTS": "1",
        }.items():
            monkeypatch.setenv(name, value)
        yield found


def check(folder: Path, resources: Mapping[str, Any], *arguments: str) -> Result:
    assembly = write_assembly(folder / "cdk.out", {"Org": stack(resources)})
    return CliRunner().invoke(main, ["check", str(assembly), *arguments])


def permission_set(policy: object) -> dict[str, Any]:
    return resource("SSO::PermissionSet", Name="Logs", InstanceArn="arn:aws:sso:::instance/x", InlinePolicy=policy)


def policy(kind: str, content: object) -> dict[str, Any]:
    return resource("Organizations::Policy", Name="one", Type=kind, Content=content)


@pytest.mark.usefixtures("analyzer")
def test_says_that_aws_was_not_asked(tmp_path: Path, snapshot: SnapshotAssertion) -> None:
    none = check(tmp_path, {"Dev": account("dev")})
    assert (none.exit_code, none.stdout, none.stderr) == (0, "nothing found in 1 template\n", "")
    resources = {"Logs": permission_set(READ), "Leaving": policy("SERVICE_CONTROL_POLICY", DENY_LEAVING)}
    told = check(tmp_path, resources).stderr
    assert told == snapshot
    as_json = check(tmp_path, resources, "--json")
    assert as_json.stderr == told
    assert json.loads(as_json.stdout) is not None


def test_goes_on_without_credentials_and_says_so(
    tmp_path: Path, analyzer: Analyzer, monkeypatch: pytest.MonkeyPatch, snapshot: SnapshotAssertion
) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    resources = {"Logs": permission_set(READ)}
    result = check(tmp_path, resources, "--validate")
    assert result.stderr == snapshot
    assert result.stdout == check(tmp_path, resources).stdout
    assert analyzer.asked == []


def test_sends_every_policy_as_what_it_is(tmp_path: Path, analyzer: Analyzer) -> None:
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
    resources = {
        "Logs": permission_set(READ),
        "Text": permission_set(json.dumps({**READ, "Id": "text"})),
        "None": permission_set(""),
        "Leaving": policy("SERVICE_CONTROL_POLICY", DENY_LEAVING),
        "Data": policy("RESOURCE_CONTROL_POLICY", {**DENY_LEAVING, "Id": "data"}),
        "Tags": policy("TAG_POLICY", {"tags": {}}),
        "Delegation": resource("Organizations::ResourcePolicy", Content={**READ, "Id": "delegation"}),
        "Role": resource(
            "IAM::Role",
            AssumeRolePolicyDocument=trust,
            Policies=[{"PolicyName": "a", "PolicyDocument": {**READ, "Id": "role"}}],
        ),
        "Managed": resource("IAM::ManagedPolicy", PolicyDocument={**READ, "Id": "managed"}),
        "Bucket": resource("S3::BucketPolicy", Bucket="acme", PolicyDocument={**READ, "Id": "bucket"}),
        "Key": resource("KMS::Key", KeyPolicy={**READ, "Id": "key"}),
        "Person": resource("IAM::User", Policies=[{"PolicyName": "a", "PolicyDocument": {**READ, "Id": "user"}}]),
        "People": resource("IAM::Group", Policies=[{"PolicyName": "a", "PolicyDocument": {**READ, "Id": "group"}}]),
        **{
            kind: resource(kind, PolicyDocument={**READ, "Id": kind})
            for kind in (
                "IAM::GroupPolicy",
                "IAM::Policy",
                "IAM::RolePolicy",
                "IAM::UserPolicy",
                "SNS::TopicPolicy",
                "SQS::QueuePolicy",
            )
        },
    }
    check(tmp_path, resources, "--validate")
    by_type = defaultdict(list)
    for asked in analyzer.asked:
        document = json.loads(asked["policyDocument"])
        by_type[asked["policyType"], asked.get("validatePolicyResourceType")].append(document.get("Id", ""))
    assert {key: sorted(ids) for key, ids in by_type.items()} == {
        ("IDENTITY_POLICY", None): [
            "",
            "IAM::GroupPolicy",
            "IAM::Policy",
            "IAM::RolePolicy",
            "IAM::UserPolicy",
            "group",
            "managed",
            "role",
            "text",
            "user",
        ],
        ("RESOURCE_POLICY", None): ["SNS::TopicPolicy", "SQS::QueuePolicy", "delegation", "key"],
        ("RESOURCE_POLICY", "AWS::IAM::AssumeRolePolicyDocument"): [""],
        ("RESOURCE_POLICY", "AWS::S3::Bucket"): ["bucket"],
        ("SERVICE_CONTROL_POLICY", None): [""],
        ("RESOURCE_CONTROL_POLICY", None): ["data"],
    }


def test_shows_what_aws_finds_beside_what_the_rules_find_and_suggestions_last(
    tmp_path: Path, analyzer: Analyzer
) -> None:
    analyzer.found = {
        "acme-logs": [("SUGGESTION", "EMPTY_SID"), ("ERROR", "INVALID_ACTION"), ("SECURITY_WARNING", "PASS_ROLE")],
        "Leave": [("WARNING", "DEPRECATED_GLOBAL_CONDITION_KEY")],
    }
    resources = {
        **organization(),
        "Logs": permission_set(READ),
        "Leaving": policy("SERVICE_CONTROL_POLICY", DENY_LEAVING),
    }
    plain = check(tmp_path, resources)
    result = check(tmp_path, resources, "--validate")
    assert (result.exit_code, result.stderr) == (1, "")
    before, summary = plain.stdout.splitlines()[:-1], result.stdout.splitlines()[-1]
    assert result.stdout.splitlines()[: len(before)] == before
    of_aws = result.stdout.splitlines()[len(before) : -1]
    assert [line for line in of_aws if line[:1].strip()] == [
        "WARNING AccessAnalyzer-DEPRECATED_GLOBAL_CONDITION_KEY: The details of DEPRECATED_GLOBAL_CONDITION_KEY.",
        "ERROR AccessAnalyzer-INVALID_ACTION: The details of INVALID_ACTION.",
        "WARNING AccessAnalyzer-PASS_ROLE: The details of PASS_ROLE.",
        "SUGGESTION AccessAnalyzer-EMPTY_SID: The details of EMPTY_SID.",
    ]
    assert "  Logs in " in result.stdout
    assert "  Properties.InlinePolicy.Statement.0.Action" in result.stdout
    assert f"  {LINK}#INVALID_ACTION" in of_aws
    assert "1 suggestion in 1 template" in summary


def test_suggestions_alone_do_not_fail(tmp_path: Path, analyzer: Analyzer) -> None:
    analyzer.found = {"Leave": [("SUGGESTION", "EMPTY_SID")]}
    resources = {"Leaving": policy("SERVICE_CONTROL_POLICY", DENY_LEAVING)}
    plain = check(tmp_path, resources)
    result = check(tmp_path, resources, "--validate", "--json")
    assert result.exit_code == plain.exit_code
    last = json.loads(result.stdout)[-1]
    assert (last["rule"], last["severity"]) == ("AccessAnalyzer-EMPTY_SID", "suggestion")
    assert (last["sentence"], last["source"]) == ("The details of EMPTY_SID.", f"{LINK}#EMPTY_SID")
    assert (last["logicalId"], last["locations"]) == ("Leaving", ["Properties.Content.Statement.0.Action"])


def test_asks_once_about_the_same_and_says_it_of_each(tmp_path: Path, analyzer: Analyzer) -> None:
    analyzer.found = {"acme-logs": [("ERROR", "INVALID_ACTION")]}
    result = check(tmp_path, {"A": permission_set(READ), "B": permission_set(READ)}, "--validate", "--json")
    found = [each["logicalId"] for each in json.loads(result.stdout) if each["rule"].startswith("AccessAnalyzer-")]
    assert (found, len(analyzer.asked)) == (["A", "B"], 1)


def test_leaves_out_what_the_app_acknowledged(tmp_path: Path, analyzer: Analyzer) -> None:
    analyzer.found = {"acme-logs": [("ERROR", "INVALID_ACTION")]}
    entry = {"type": "aws:cdk:acknowledged-rules", "data": {"OrgBaseline::AccessAnalyzer-INVALID_ACTION": NEW}}
    logs = permission_set(READ) | {"Metadata": {"aws:cdk:path": "Org/Logs/Resource"}}
    assembly = write_assembly(tmp_path / "cdk.out", {"Org": stack({"Logs": logs}, metadata={"/Org/Logs": [entry]})})
    result = CliRunner().invoke(main, ["check", str(assembly), "--validate"])
    assert "INVALID_ACTION" not in result.stdout
    assert result.stdout.endswith("; 1 acknowledged\n")


def of(*parts: object) -> dict[str, Any]:
    resources = {"Fn::Join": ["", ["arn:aws:iam::", *parts, ":role/Logs"]]}
    return {**READ, "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": resources}]}


def test_sends_examples_for_what_is_any_account_and_says_so(
    tmp_path: Path, analyzer: Analyzer, snapshot: SnapshotAssertion
) -> None:
    result = check(tmp_path, {"Dev": account("dev"), "Logs": permission_set(of(get("Dev", "AccountId")))}, "--validate")
    (asked,) = analyzer.asked
    assert json.loads(asked["policyDocument"])["Statement"][0]["Resource"] == "arn:aws:iam::444455556666:role/Logs"
    assert result.stderr == snapshot


def test_does_not_send_what_the_deploy_alone_knows(
    tmp_path: Path, analyzer: Analyzer, snapshot: SnapshotAssertion
) -> None:
    logs = permission_set(of({"Fn::ImportValue": "Account"}))
    result = check(tmp_path, {"Logs": logs, "Other": permission_set(READ)}, "--validate")
    assert len(analyzer.asked) == 1
    assert result.stderr == snapshot


def test_says_in_a_sentence_that_it_may_not_ask(tmp_path: Path, analyzer: Analyzer) -> None:
    analyzer.error = (403, "AccessDeniedException", "dax is not authorized")
    result = check(tmp_path, {"Logs": permission_set(READ)}, "--validate")
    assert_refused(result, "aws-refused", "ValidatePolicy", "AccessDeniedException: dax is not authorized")


def test_refuses_a_profile_for_nothing(tmp_path: Path) -> None:
    assert_refused(check(tmp_path, organization(), "--profile", "acme"), "profile-without-validate")


def test_shows_the_progress_on_a_terminal(tmp_path: Path, analyzer: Analyzer, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[tuple[int, str, bool]] = []

    @contextmanager
    def bar(sent: Sequence[object], **options: object) -> Iterator[Sequence[object]]:
        shown.append((len(sent), str(options["label"]), options["file"] is sys.stderr))
        yield sent

    monkeypatch.setattr("org_constructs.commands._validation.click.progressbar", bar)
    monkeypatch.setattr("org_constructs.commands._validation._is_terminal", lambda: True)
    check(tmp_path, {"Logs": permission_set(READ)}, "--validate")
    [(length, label, is_on_stderr)] = shown
    assert (length, is_on_stderr) == (len(analyzer.asked), True) == (1, True)
    assert "AWS" in label
