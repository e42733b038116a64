"""What people have to do after a deploy, in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from org_constructs.constructs.identity_center import IdentityCenter

    from .plan.planned import Plan

_NAMES_MAX: Final = 512
"""How many bytes of user names are written out; any single one fits.

AWS publishes no limit of an output's value, and takes 1,024 bytes of one that is exported, half of which is the rest's:
https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/685
"""


def next_steps(plan: Plan, identity_center: IdentityCenter | None, region: str | None) -> str:
    """Return the steps in one line, since CloudFormation and the CDK CLI print an output on one.

    Args:
        plan: What the baseline makes.
        identity_center: The Identity Center, if there is one.
        region: The region of the stack, if it is known.
    """
    steps = []
    if waiting := plan.waiting_policy_types:
        steps.append(
            f"For the policies, run `org-baseline doctor --fix`, which enables {' and '.join(waiting)}, paste the line"
            " that it prints, and deploy again."
        )
    steps.append(_enable(region) if identity_center is None else _sign_in(plan, identity_center))
    return " ".join(steps)


def _enable(region: str | None) -> str:
    """Return how people come to be, for whoever wants them."""
    return (
        "For people and their access, enable IAM Identity Center in the console of the management account, as"
        f" Single-Region (neither Multi-Region nor Custom), in {region or 'the region of this stack'}, which becomes"
        " its home region for good; then paste the lines that `org-baseline doctor` prints, and deploy again."
    )


def _sign_in(plan: Plan, identity_center: IdentityCenter) -> str:
    """Return how everybody signs in.

    A user made by the API gets no invitation:
    https://docs.aws.amazon.com/singlesignon/latest/userguide/userswithoutpwd.html
    """
    portal = identity_center.start_url or "the AWS access portal (IAM Identity Center, Settings, AWS access portal URL)"
    created = sorted(name for name, user in plan.users.items() if user.user_id is None)
    if not created:
        return f"Sign in at {portal} with your identity provider."
    return (
        f"AWS sends {_named(created)} no invitation. Give everybody without a password a one-time password in the IAM"
        " Identity Center console: Users, the user, Reset password, Generate a one-time password; then sign in with it"
        f" at {portal}, choose a password and register an MFA device."
    )


def _named(names: Sequence[str]) -> str:
    *others, last = names
    named = f"{', '.join(others)} and {last}" if others else last
    return named if len(named.encode()) <= _NAMES_MAX else f"each of the {len(names):,} people"
