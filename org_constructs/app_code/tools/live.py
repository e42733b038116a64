"""What a file of another tool and the options beside it say of the organization itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from org_constructs.aws.regions import DEFAULT_REGION
from org_constructs.constructs.identity_center import IdentityCenter
from org_constructs.constructs.validate import check_account_id, check_region
from org_constructs.refusal import Refusal
from org_constructs.templates.description import Instance, Live

if TYPE_CHECKING:
    from collections.abc import Mapping

    from org_constructs.templates.description import Account


def live_of(management: Account, answers: Mapping[str, str], *, policy_types: tuple[str, ...] = ()) -> Live:
    """Return what is known of an organization that nobody has looked at.

    Args:
        management: The management account.
        answers: The options of `init`, by the names of their arguments.
        policy_types: The types of policies that the tool has enabled.

    Raises:
        Refusal: An option is of the wrong form, or one of the two that name the instance is missing.
    """
    region = answers.get("region", DEFAULT_REGION)
    check_region("region", region)
    check_account_id("account", management.account_id or "")
    instances = [_instance(answers, region)] if answers.keys() & {"instance_arn", "identity_store_id"} else []
    return Live(
        read_at="",
        region=region,
        organization_id=None,
        management_account_id=management.account_id,
        feature_set=None,
        policy_types=policy_types,
        trusted_services=(),
        delegated_administrators=(),
        aws_policies={},
        entitlements=(),
        instances=tuple(instances),
        stacks={},
        unread=(),
    )


def _instance(answers: Mapping[str, str], region: str) -> Instance:
    missing = {"instance_arn", "identity_store_id"} - answers.keys()
    if missing:
        option = f"--{missing.pop().replace('_', '-')}"
        raise Refusal("instance-incomplete", f"{option} must be given beside the other half of an instance, got none")
    found = IdentityCenter(instance_arn=answers["instance_arn"], identity_store_id=answers["identity_store_id"])
    return Instance(
        arn=found.instance_arn,
        identity_store_id=found.identity_store_id,
        owner_account_id="",
        status="ACTIVE",
        region=region,
        is_described=True,
    )
