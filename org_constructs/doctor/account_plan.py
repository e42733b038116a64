"""The plan that the account is on, which ends where the account gets an organization."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from org_constructs.aws.regions import partition_of

from .check import Check
from .finding import Finding, ok, warning

if TYPE_CHECKING:
    from .examination import Examination

_REGION: Final = "us-east-1"
"""Where AWS Free Tier answers, in the one partition that has plans: https://docs.aws.amazon.com/general/latest/gr/billing.html"""

_PARTITION: Final = "aws"
_PLANS: Final = "https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/free-tier-plans.html"


def _look(examination: Examination) -> Iterator[Finding]:
    if examination.live.organization() is not None:
        yield ok(
            "account-plan-settled",
            "An organization exists already, so a deploy does not change the account's plan",
        )
        return
    if (partition := partition_of(examination.region).name) != _PARTITION:
        yield ok("account-plan-not-in-partition", f"AWS has no plans for accounts in the partition {partition}")
        return
    client = examination.live_in(_REGION).client("freetier")
    try:
        plan = client.get_account_plan_state()
    except client.exceptions.ResourceNotFoundException:
        yield ok(
            "account-plan-none",
            "The account has no plan that can end",
            why="It is older than AWS's free and paid plans.",
        )
        return
    if plan["accountPlanType"] != "FREE":
        yield ok("account-plan-paid", "The account is on the paid plan")
        return
    yield warning(
        "account-plan-free",
        f"The account is on the free plan{_what_is_left(plan)}",
        why="Creating an organization makes it a paid plan at once and ends the credits, for good.",
        next=(
            "Deploy when you are ready to pay for what runs in the account, or use up the credits first",
            f"See {_PLANS}",
        ),
    )


def _what_is_left(plan: Mapping[str, Any]) -> str:
    credit, ends = plan.get("accountPlanRemainingCredits"), plan.get("accountPlanExpirationDate")
    said = f", with {credit['amount']:.2f} {credit['unit']} of credits left" if credit else ""
    if ends:
        said += f"; it {'ended' if plan['accountPlanStatus'] == 'EXPIRED' else 'ends'} on {ends:%Y-%m-%d}"
    return said


CHECK: Final = Check(id="account-plan", title="the account's plan", look=_look, needs=("credentials", "organization"))
