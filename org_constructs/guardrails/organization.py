"""What accounts are to their organization."""

from __future__ import annotations

from ._content import Content, service_control


def deny_leaving_organization() -> Content:
    """Return a service control policy that keeps accounts in the organization, and open.

    Denies leaving, accepting another organization's invitation, which makes a member leave its own, and closing the
    account from within. What breaks: nothing that a member has to do; the management account still removes and closes
    accounts.

    Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_AcceptHandshake.html and
    https://github.com/aws-samples/service-control-policy-examples/tree/main/Privileged-access-controls
    """
    actions = ["account:CloseAccount", "organizations:AcceptHandshake", "organizations:LeaveOrganization"]
    return service_control("DenyLeavingTheOrganization", actions)
