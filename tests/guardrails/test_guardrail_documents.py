"""Every guardrail's document as it is deployed: a line less in one of them is a thing more that it allows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from every_guardrail import DECLARATIVE, RESOURCE_CONTROL, SERVICE_CONTROL

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

ALL = {**SERVICE_CONTROL, **RESOURCE_CONTROL, **DECLARATIVE}


@pytest.mark.parametrize("name", ALL)
def test_says_what_it_said(name: str, snapshot: SnapshotAssertion) -> None:
    assert json.dumps(ALL[name], indent=1) == snapshot
