"""What every test starts from."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import pytest
from hypothesis import settings
from syrupy.extensions.json import JSONSnapshotExtension

from org_constructs import IdentityCenter

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion
    from syrupy.types import PropertyPath, SerializableData

# The same examples in every run and on every machine, however slow it is; nothing is written beside the tests.
settings.register_profile("same", derandomize=True, deadline=None, database=None)
settings.load_profile("same")

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


@pytest.fixture
def snapshot_json(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Compare with a JSON file of the test's own, keys sorted, and what changes with each release of CDK masked."""
    return snapshot.with_defaults(extension_class=JSONSnapshotExtension, matcher=_mask)


def _mask(data: SerializableData, path: PropertyPath) -> SerializableData:
    """Mask the hashes of assets, which change with CDK's releases."""
    del path
    return re.sub(r"\b[0-9a-f]{64}\b", "ASSET-HASH", data) if isinstance(data, str) else data
