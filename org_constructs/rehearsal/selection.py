"""What of an assembly one rehearsal deploys: the stacks of the management account."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from org_constructs.aws.examples import EXAMPLE_ACCOUNT
from org_constructs.aws.regions import DEFAULT_REGION
from org_constructs.refusal import Refusal
from org_constructs.templates.assembly import organization_region

if TYPE_CHECKING:
    from org_constructs.templates.assembly import Stack


@dataclass(frozen=True)
class Selection:
    """What of an assembly one rehearsal deploys.

    Attributes:
        account: the management account.
        region: the region of Identity Center, or of the organization's stack where there is none.
        stacks: what is deployed.
        left_out: the stacks of other accounts.
        assumed: what the app does not say and this says instead, "account 111122223333", if anything.
    """

    account: str
    region: str
    stacks: tuple[Stack, ...]
    left_out: tuple[Stack, ...]
    assumed: tuple[str, ...]


def select(stacks: Sequence[Stack]) -> Selection:
    """Select what one rehearsal deploys: the management account's stacks, as the local AWS is that one account.

    Raises:
        Refusal: if no stack holds an organization or Identity Center, or stacks of several accounts do.
    """
    organization = [stack for stack in stacks if stack.holds("AWS::Organizations::")]
    identity_center = [stack for stack in stacks if stack.holds("AWS::SSO::", "AWS::IdentityStore::")]
    decisive = organization or identity_center
    if not decisive:
        found = ", ".join(stack.id for stack in stacks) or "no stack"
        raise Refusal(
            "organization-missing",
            "the app must have a stack with AWS Organizations or IAM Identity Center resources to be rehearsed, "
            f"got {found}",
        )
    accounts = sorted({stack.account or EXAMPLE_ACCOUNT for stack in decisive})
    if len(accounts) > 1:
        raise Refusal(
            "environment-not-one",
            "the stacks with AWS Organizations resources must all be for the management account, got"
            f" {', '.join(f'{stack.id} for {stack.account or EXAMPLE_ACCOUNT}' for stack in decisive)}",
        )
    account = accounts[0]
    region = organization_region([*identity_center, *organization]) or DEFAULT_REGION
    deployed = tuple(stack for stack in stacks if stack.account in {None, account})
    assumed = (
        *([f"account {account}"] if any(stack.account is None for stack in deployed) else []),
        *([f"region {region}"] if any(stack.region is None for stack in deployed) else []),
    )
    left_out = tuple(stack for stack in stacks if stack not in deployed)
    return Selection(account, region, deployed, left_out, assumed)
