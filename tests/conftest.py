"""What every test starts from."""

from __future__ import annotations

import gc
import json
import os
import re
import signal
from functools import cache
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import botocore.session
import pytest
from hypothesis import settings
from syrupy.extensions.json import JSONSnapshotExtension

from loaded_cdk import loaded_cdk
from org_constructs import IdentityCenter
from project import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from syrupy.assertion import SnapshotAssertion
    from syrupy.types import PropertyPath, SerializableData

    from loaded_cdk import LoadedCdk

# The same examples in every run and on every machine, however slow it is; nothing is written beside the tests.
settings.register_profile("same", derandomize=True, deadline=None, database=None)
settings.load_profile("same")

# What a shell without job control runs in the background ignores SIGINT, and so does whatever it starts:
# https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_12
signal.signal(signal.SIGINT, signal.default_int_handler)

# AWS's service models, which each of the hundreds of sessions would parse anew.
botocore.session.create_loader = cache(botocore.session.create_loader)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Have each worker begin with its share of the long tests, so that none is waited for with one of them at the end.

    The walks, which take longest, come first. Each worker gets as many tests in a row, and takes those at the end of
    another's when it has no more: https://pytest-xdist.readthedocs.io/en/stable/distribution.html
    """
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    items.sort(key=lambda item: "walks" not in item.path.parts)
    long = [item for item in items if item.get_closest_marker("long")]
    others = (item for item in items if not item.get_closest_marker("long"))
    ends = [len(items) * number // workers for number in range(workers + 1)]
    items[:] = [
        item
        for number, (start, end) in enumerate(pairwise(ends))
        for share in [long[number::workers]]
        for item in (*share, *islice(others, max(0, end - start - len(share))))
    ]


def pytest_collection_finish() -> None:
    """Leave what is imported by now, CDK's classes above all, out of every later look for garbage."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: a test that deploys waits for the CDK CLI and the local AWS in turn."""
    return (os.cpu_count() or 1) + 1


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


@pytest.fixture(scope="session")
def cdk_cli(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LoadedCdk]:
    """The CDK CLI, loaded once for the tests of this worker."""
    with loaded_cdk(tmp_path_factory.mktemp("home"), default_account="111122223333") as run:
        yield run


@pytest.fixture(scope="session")
def made_before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of this run's workers for what synthesized_once.py and made_once.py have made."""
    base = tmp_path_factory.getbasetemp()
    return (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "made"
