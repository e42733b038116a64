"""Who else is denied everything with the accounts that are closing: what is in their unit and of no template."""

from __future__ import annotations

from typing import TYPE_CHECKING

from org_constructs.aws.resource_types import ACCOUNT, POLICY
from org_constructs.templates import closing
from org_constructs.templates.metadata import metadata_of

from .result import State

if TYPE_CHECKING:
    from org_constructs.live.organization import Account

    from .matcher import Matcher
    from .template import Resource


def others_denied(matcher: Matcher, policy: Resource) -> tuple[Account, ...]:
    """Return the accounts that the templates do not make and that the policy applies to, such as in units inside.

    https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_inheritance_auth.html

    Raises:
        Refusal: As `Matcher.reference`.
        botocore.exceptions.ClientError: As `Matcher.matches`.
    """
    units = [unit for each in policy.properties.get("TargetIds", ()) if (unit := matcher.reference(policy, each))]
    for unit in units:  # which grows, level by level
        units += (each.id for each in matcher.live.organizational_units(unit))
    if not units:
        return ()
    ours = {match.id for match in matcher.matches(ACCOUNT)}
    return tuple(
        each for each in matcher.live.accounts() if each.parent_id in units and each.id not in ours and not each.closed
    )


def denied_by_deploy(matcher: Matcher, stack: str) -> tuple[Account, ...]:
    """Return the same of the policy that a deploy of a stack is going to attach; nobody where it has none."""
    return tuple(
        account
        for policy in matcher.templates.resources(POLICY)
        if policy.stack.id == stack and _is_the_denial(policy)
        if matcher.match(policy).state is not State.DEPLOYED
        for account in others_denied(matcher, policy)
    )


def _is_the_denial(policy: Resource) -> bool:
    said = metadata_of(policy.stack.template)
    return said is not None and bool(said.closing) and policy.properties["Name"] == closing.POLICY
