"""What every test starts from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest

from org_constructs import IdentityCenter

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def cdk_context() -> dict[str, Any]:
    """The feature flags of cdk.json: without them tests would see other templates than the CDK CLI makes."""
    context: dict[str, Any] = json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))["context"]
    return context


@pytest.fixture
def app(cdk_context: dict[str, Any]) -> cdk.App:
    return cdk.App(context=cdk_context)


@pytest.fixture
def stack(app: cdk.App) -> cdk.Stack:
    return cdk.Stack(app, "Stack", env=cdk.Environment(account="111122223333", region="us-east-1"))


@pytest.fixture
def identity_center() -> IdentityCenter:
    return IdentityCenter(
        instance_arn="arn:aws:sso:::instance/ssoins-1111222233334444",
        identity_store_id="d-1111222233",
        start_url="https://acme.awsapps.com/start",
    )
