"""What a rehearsal gives an app that waits for what is not enabled on the first day, so that it can show the whole day.

An app has no Identity Center and no policy types before its first deploy, and after it those that the doctor prints. A
rehearsal deploys both, so it synthesizes the app as it is going to be: docs/decisions/0008-rehearsal.md.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Final

from org_constructs.aws.examples import EXAMPLE_IDENTITY_STORE, EXAMPLE_INSTANCE
from org_constructs.aws.regions import partition_of
from org_constructs.constructs.identity_center import IdentityCenter
from org_constructs.constructs.policy_type import PolicyType
from org_constructs.constructs.validate import is_token

_REHEARSED: Final = "ORG_BASELINE_REHEARSED"


def rehearsed(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of an app that is rehearsed."""
    return {**environment, _REHEARSED: "1"}


def is_rehearsed() -> bool:
    """Tell whether this is the synthesis of a rehearsal."""
    return _REHEARSED in os.environ


def instance_in(region: str | None) -> IdentityCenter:
    """Return the instance that is going to be enabled in a region: AWS's example of one."""
    partition = "aws" if region is None or is_token(region) else partition_of(region).name
    return IdentityCenter(
        instance_arn=EXAMPLE_INSTANCE.replace("arn:aws:", f"arn:{partition}:"), identity_store_id=EXAMPLE_IDENTITY_STORE
    )


def with_the_others(enabled: Sequence[PolicyType]) -> list[PolicyType]:
    """Return the policy types that are enabled, and behind them those that are going to be."""
    return [*enabled, *(each for each in PolicyType if each not in enabled)]
