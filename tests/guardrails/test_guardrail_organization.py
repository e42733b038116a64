"""Accounts stay in their organization, and open."""

from __future__ import annotations

from typing import Final

from every_guardrail import SERVICE_CONTROL
from guardrail_trials import ADMIN_SESSION, DEV, ROOT_USER, VENDOR, Case, Trials
from org_constructs import guardrails

LEAVING: Final = guardrails.deny_leaving_organization()
LEAVING_CASES: Final = [
    Case(
        says="an administrator does not leave",
        who=ADMIN_SESSION,
        action="organizations:LeaveOrganization",
        resource="*",
        denied_by="DenyLeavingTheOrganization",
    ),
    Case(
        says="an administrator does not follow another organization's invitation",
        who=ADMIN_SESSION,
        action="organizations:AcceptHandshake",
        resource=f"arn:aws:organizations::{VENDOR}:handshake/o-otherorg123/invite/h-examplehandshakeid111",
        denied_by="DenyLeavingTheOrganization",
    ),
    Case(
        says="the root user does not close the account",
        who=ROOT_USER,
        action="account:CloseAccount",
        resource=f"arn:aws:account::{DEV}:account",
        denied_by="DenyLeavingTheOrganization",
    ),
    Case(
        says="a member may look at its organization",
        who=ADMIN_SESSION,
        action="organizations:DescribeOrganization",
        resource="*",
    ),
    Case(
        says="a member may change its contact",
        who=ADMIN_SESSION,
        action="account:PutContactInformation",
        resource=f"arn:aws:account::{DEV}:account",
    ),
]


LEAVING_TRIALS: Final = Trials(LEAVING, LEAVING_CASES)


@LEAVING_TRIALS.parameters()
def test_leaving(number: int) -> None:
    LEAVING_TRIALS.check(number)


def test_leaving_on_both_sides() -> None:
    LEAVING_TRIALS.check_both_sides()
    LEAVING_TRIALS.check_among([*SERVICE_CONTROL.values()])
