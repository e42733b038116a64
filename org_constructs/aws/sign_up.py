"""What AWS sets up itself where somebody takes its new way to sign up, `Sign up for AWS (new)`.

There each project is an account of an organization that AWS runs, until its owner activates advanced features for good;
some of AWS's policies stay then. The classic way is `Sign up for AWS (advanced)`.
https://docs.aws.amazon.com/accounts/latest/reference/sign-up-for-aws.html
https://docs.aws.amazon.com/accounts/latest/reference/activate-advanced-features.html
"""

from __future__ import annotations

from typing import Any, Final

GUIDE: Final = "https://docs.aws.amazon.com/accounts/latest/reference/sign-up-for-aws.html"
POLICIES_GUIDE: Final = "https://docs.aws.amazon.com/accounts/latest/reference/scps-and-rcps-for-projects.html"

# The guide has their contents; their names are as owners of such organizations publish them.
PROTECTING_POLICY: Final = "ManagedAccountSecurityControlPolicy"
"""The service control policy that no owner can change before advanced features, and that stays after."""

REGION_POLICY: Final = "AdvancedModeRegionRestrictionSecurityControlPolicy"
"""The one that denies all regions but a few once there are advanced features."""

MANAGED_POLICIES: Final = frozenset({PROTECTING_POLICY, REGION_POLICY, "ManagedAccountResourceControlPolicy"})
"""AWS's policies that are seen in such organizations; Organizations does not count them as `AwsManaged`."""

IDENTITY_ACCOUNT: Final = "Identity Delegated Admin"
"""How the name of the account ends that AWS adds with advanced features, for IAM Identity Center."""

ROLES: Final = "/managed/"
"""The path of AWS's roles in such accounts, which the protecting policy keeps to AWS."""

_SIDS: Final = frozenset({"BlockOrgEscape", "ProtectManagedRoles"})
_REGIONS_SID: Final = "RegionFloor"


def is_protecting(content: Any) -> bool:  # noqa: ANN401 (JSON)
    """Whether a policy says what AWS publishes of the protecting one."""
    return {statement.get("Sid") for statement in _statements(content)} >= _SIDS


def allowed_regions(content: Any) -> tuple[str, ...]:  # noqa: ANN401 (JSON)
    """Return the regions that the region policy leaves, as far as it names some; its owner may change it."""
    for statement in _statements(content):
        if statement.get("Sid") == _REGIONS_SID:
            regions = statement.get("Condition", {}).get("StringNotEquals", {}).get("aws:RequestedRegion", ())
            return tuple(each for each in ([regions] if isinstance(regions, str) else regions) if "-" in each)
    return ()


def _statements(content: Any) -> list[Any]:  # noqa: ANN401 (JSON)
    statements = content.get("Statement", [])
    return statements if isinstance(statements, list) else [statements]
