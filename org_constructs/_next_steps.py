"""What the first user has to do after a deploy, in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._plan.planned import Plan
    from .identity_center import IdentityCenter


def next_steps(plan: Plan, identity_center: IdentityCenter | None) -> str:
    """Return the steps in one line, since CloudFormation and the CDK CLI print an output on one.

    A user made by the API gets no invitation:
    https://docs.aws.amazon.com/singlesignon/latest/userguide/userswithoutpwd.html
    """
    if identity_center is None:
        return (
            "Enable IAM Identity Center in the console of the management account, in the region that shall"
            " be its home for"
            " ever; then pass identity_center=IdentityCenter(...) to OrgBaseline and deploy again."
        )
    portal = identity_center.start_url or "the AWS access portal (IAM Identity Center, Settings, AWS access portal URL)"
    created = [name for name, user in plan.users.items() if user.user_id is None]
    if not created:
        return f"Sign in at {portal} with your identity provider."
    return (
        f"AWS sends {created[0]} no invitation. In the IAM Identity Center console open Users,"
        f" {created[0]}, Reset password,"
        f" Generate a one-time password; then sign in with it at {portal}, choose a password and register"
        " an MFA device."
    )
