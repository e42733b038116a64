"""The regions that a baseline names: that they exist, in the one partition that an organization is in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from org_constructs.aws.regions import partition_of, regions
from org_constructs.constructs.budget import check_budget_region
from org_constructs.constructs.validate import check_region, is_token
from org_constructs.refusal import Refusal

if TYPE_CHECKING:
    from org_constructs.constructs.identity_center import IdentityCenter

    from .planned import Plan


def check_regions(home: str | None, plan: Plan, identity_center: IdentityCenter | None) -> Sequence[str]:
    """Refuse regions that do not exist or are of another partition, and return those that are not listed yet."""
    named = {f"accounts[{index}].region": account.props.region for index, account in enumerate(plan.accounts.values())}
    named |= {"default_region": plan.default_region}
    known = {argument: region for argument, region in named.items() if region is not None and not is_token(region)}
    partition = None
    arn = None if identity_center is None or is_token(identity_center.instance_arn) else identity_center.instance_arn
    if home is not None and not is_token(home):
        check_region("env.region", home)
        partition = partition_of(home).name
        if arn is not None and arn.split(":")[1] != partition:
            raise Refusal(
                "identity-center-partition",
                f"identity_center.instance_arn must be in the partition {partition!r}, like env's region {home!r}, got"
                f" {arn!r}",
                "copy the ARN of the Identity Center of that region, or correct the region",
            )
        if plan.budgets:
            check_budget_region("budgets", home)
    elif arn is not None:
        partition = arn.split(":")[1]
    for argument, region in known.items():
        if partition is not None and partition_of(region).name != partition:
            raise Refusal(
                "region-partition",
                f"{argument} must be in the organization's partition, {partition!r}, got {region!r} in"
                f" {partition_of(region).name!r}",
                "choose a region of that partition, since other partitions need an organization of their own",
            )
    named = {"env.region": home, **known}
    return sorted({region for region in named.values() if region and not is_token(region) and region not in regions()})
