"""An AWS in which nothing was found, for tests that say what there is beside."""

from __future__ import annotations

from typing import Final

from org_constructs.templates.description import Live

NOTHING: Final = Live(
    read_at="2026-11-26T18:30:00Z",
    region="us-east-1",
    organization_id="o-acme123456",
    management_account_id="111122223333",
    feature_set="ALL",
    policy_types=(),
    trusted_services=(),
    delegated_administrators=(),
    aws_policies={},
    entitlements=(),
    instances=(),
    stacks={},
    unread=(),
)
