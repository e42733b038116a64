"""The profiles that `aws login` writes, with every command that asks AWS."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from botocore.client import BaseClient
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from cloud_assembly import get
from doctor_patient import Patient
from local_aws_stacks import EXISTING, MANAGEMENT, account, assignment, deploy, permission_set
from org_constructs.commands import main
from org_constructs.rehearsal.local_aws import LocalAws

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SESSION = f"arn:aws:iam::{MANAGEMENT}:root"
COMMANDS = {
    "doctor": ("doctor",),
    "adopt": ("adopt",),
    "aws-config": (
        *("aws-config", "--dry-run", "--session", "acme", "--sso-region", "us-east-1"),
        *("--start-url", "https://acme.awsapps.com/start"),
    ),
}


@pytest.fixture
def patient(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Patient]:
    """Someone whose only credentials are those of `aws login --profile acme`."""
    with LocalAws(management_account_id=MANAGEMENT, region="us-east-1") as aws:
        aws.seed(EXISTING)
        resources: Any = {
            "Dev": account(),
            "Set": permission_set(),
            "Access": assignment(TargetId=get("Dev", "AccountId"), PermissionSetArn=get("Set", "PermissionSetArn")),
        }
        deploy(aws, **resources)
        patient = Patient(aws, tmp_path, monkeypatch)
        patient.synthesize(**resources)
        config = tmp_path / "config"
        config.write_text(f"[profile acme]\nlogin_session = {SESSION}\nregion = us-east-1\n", encoding="utf-8")
        monkeypatch.setenv("AWS_PROFILE", "acme")
        monkeypatch.setenv("AWS_DEFAULT_PROFILE", "acme")
        monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
        monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
        monkeypatch.setenv("AWS_LOGIN_CACHE_DIRECTORY", str(tmp_path))
        monkeypatch.setenv("PATH", "")  # of the AWS CLI there, aws-config would ask the version
        monkeypatch.chdir(tmp_path)
        yield patient


def log_in(patient: Patient, *, until: timedelta) -> None:
    """Write what `aws login` keeps: https://docs.aws.amazon.com/sdkref/latest/guide/feature-login-credentials.html."""
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    token = {
        "accessToken": {
            "accessKeyId": patient.aws.environment["AWS_ACCESS_KEY_ID"],
            "secretAccessKey": patient.aws.environment["AWS_SECRET_ACCESS_KEY"],
            "sessionToken": "token",
            "accountId": MANAGEMENT,
            "expiresAt": (datetime.now(UTC) + until).strftime("%Y-%m-%dT%H:%M:%SZ"),
        },
        "refreshToken": "refresh",
        "clientId": "arn:aws:signin:::devtools/same-device",
        "dpopKey": pem.decode(),
    }
    name = hashlib.sha256(SESSION.encode()).hexdigest()
    (patient.folder.parent / f"{name}.json").write_text(json.dumps(token), encoding="utf-8")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, [*arguments, "--profile", "acme"])


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_asks_with_the_credentials_of_aws_login(patient: Patient, command: tuple[str, ...]) -> None:
    log_in(patient, until=timedelta(hours=1))
    result = run(*command)
    assert result.exit_code == 0, result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize("ended", ["signed out", "expired"])
@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_says_that_a_login_has_ended(
    patient: Patient, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], ended: str
) -> None:
    if ended == "expired":
        log_in(patient, until=timedelta(hours=-1))
        refuse_a_new_token(monkeypatch)
    result = run(*command)
    assert result.exit_code == 2
    assert "login of" in " ".join(result.output.split())
    assert "`aws login --profile acme`" in result.output


def refuse_a_new_token(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let AWS say that the session is over: its refresh token is 12 hours old."""
    call = BaseClient._make_api_call  # type: ignore[attr-defined] # not in the stubs

    def make_api_call(client: Any, operation: str, arguments: Any) -> Any:
        if operation != "CreateOAuth2Token":
            return call(client, operation, arguments)
        # https://docs.aws.amazon.com/signin/latest/APIReference/API_CreateOAuth2Token.html
        error = {"Error": {"Code": "AccessDeniedException", "Message": ""}, "error": "TOKEN_EXPIRED"}
        raise client.exceptions.AccessDeniedException(error, operation)

    monkeypatch.setattr(BaseClient, "_make_api_call", make_api_call)
