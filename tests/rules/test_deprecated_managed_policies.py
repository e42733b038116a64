"""What is said of each managed policy that AWS took away: whoever is told of one now is told so by later versions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checked_templates import permission_set, templates
from org_constructs.rules.permission_set_managed_policy import DEPRECATED, PERMISSION_SET_MANAGED_POLICY

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion


def test_tells_what_replaces_each_that_aws_took_away(snapshot_json: SnapshotAssertion) -> None:
    arns = [f"arn:aws:iam::aws:policy/{name}" for name in sorted(DEPRECATED)]
    found = PERMISSION_SET_MANAGED_POLICY.find(templates({"It": permission_set("It", ManagedPolicies=arns)}))
    assert [finding.detail for finding in found] == snapshot_json
