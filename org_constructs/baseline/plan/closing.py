"""Accounts that are being closed: the unit that they wait in, and the policy that denies everything there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from org_constructs.baseline.props import OrganizationalUnitProps, PolicyProps
from org_constructs.constructs.policy_type import PolicyType
from org_constructs.refusal import Refusal
from org_constructs.templates.closing import CLOSING, POLICY

from .planned import PlannedAccount, PlannedPolicy, PlannedUnit

_BILLING: Final = (
    "aws-portal:*",
    "billing:*",
    "ce:*",
    "consolidatedbilling:*",
    "cur:*",
    "freetier:*",
    "invoicing:*",
    "payments:*",
    "purchase-orders:*",
    "tax:*",
)
"""https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/migrate-granularaccess-whatis.html"""

DENIAL: Final[Mapping[str, Any]] = {
    "Version": "2012-10-17",
    "Statement": [{"Sid": "DenyAllButBilling", "Effect": "Deny", "NotAction": list(_BILLING), "Resource": "*"}],
}
"""Neither service-linked roles are stopped, by which Identity Center takes its roles away, nor the management account.

https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
"""


def with_closing_unit(
    units: Mapping[str, PlannedUnit], accounts: Mapping[str, PlannedAccount]
) -> Mapping[str, PlannedUnit]:
    """Return the units with the one that closing accounts wait in, where there are any.

    Raises:
        Refusal: Something else is in the unit, where everything is denied.
    """
    if not any(account.props.closing for account in accounts.values()):
        return units
    inside = [path for path in units if path.startswith(f"{CLOSING}/")]
    inside += [key for key, account in accounts.items() if account.parent == CLOSING and not account.props.closing]
    # Two units of one name AWS takes in no parent.
    inside += [path for path, unit in units.items() if unit.parent is None and unit.props.name == CLOSING != path]
    if inside:
        raise Refusal(
            "closing-unit-occupied",
            f"the unit {CLOSING!r} must hold nothing but accounts that are closing, since everything is denied there,"
            f" got {inside[0]!r}",
            "move it elsewhere",
        )
    made = PlannedUnit(path=CLOSING, parent=None, props=OrganizationalUnitProps(name=CLOSING))
    return units if CLOSING in units else {**units, CLOSING: made}


def with_closing_policy(
    policies: Mapping[str, PlannedPolicy],
    accounts: Mapping[str, PlannedAccount],
    *,
    enabled_types: Sequence[PolicyType] | None,
) -> Mapping[str, PlannedPolicy]:
    """Return the policies with the one that denies everything in that unit, where an account is closing.

    Raises:
        Refusal: The app has a policy of that name.
    """
    if not any(account.props.closing for account in accounts.values()):
        return policies
    if POLICY in policies:
        raise Refusal(
            "closing-policy-name",
            f"no policy must have the name {POLICY!r} while an account is closing, since that one's policy has it",
            "give yours another name",
        )
    kind = PolicyType.SERVICE_CONTROL_POLICY
    made = PlannedPolicy(
        units=(CLOSING,),
        accounts=(),
        root=False,
        waits=enabled_types is not None and kind not in enabled_types,
        props=PolicyProps(
            name=POLICY,
            type=kind,
            content=DENIAL,
            description="Accounts that are about to be closed: nothing works but billing",
        ),
    )
    return {**policies, POLICY: made}
