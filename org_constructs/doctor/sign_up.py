"""Whether AWS set up the account or its organization itself, at its new sign-up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from org_constructs.aws import sign_up

from .finding import Finding, problem, warning

if TYPE_CHECKING:
    from org_constructs.live.organization import Organization

    from .examination import Examination

_SERVICE_CONTROL: Final = "SERVICE_CONTROL_POLICY"
_RESOURCE_CONTROL: Final = "RESOURCE_CONTROL_POLICY"
_SETTINGS: Final = "https://settings.aws.com"


def is_project(examination: Examination) -> bool:
    """Whether these are credentials of a project of the new sign-up: of a role that AWS keeps under its own path."""
    from botocore.exceptions import ClientError  # noqa: PLC0415 (see Examination.session)

    role = re.search(r":assumed-role/([^/]+)/", examination.live.caller().arn)
    if role is None:
        return False
    try:
        path: str = examination.live.client("iam").get_role(RoleName=role[1])["Role"]["Path"]
    except ClientError:  # what may not be looked at is a member account like others
        return False
    return path == sign_up.ROLES


def project(examination: Examination, found: Organization) -> Finding:
    """Return what a project is for an app: nothing to build on."""
    return problem(
        "sign-up-project",
        f"Account {examination.live.caller().account_id} is a project of AWS's new sign-up, in the organization"
        f" {found.id}",
        why=(
            "Unless advanced features are active, only AWS can create accounts, policies and access there. Activating"
            " them is for good: AWS adds an account, ends spend limits, and keeps some of its policies in force."
        ),
        next=(
            (
                "Sign up for an account without all this, with another e-mail address: 'Sign up for AWS (advanced)',"
                f" {sign_up.GUIDE}"
            ),
            f"or, if they are active, use credentials of account {found.management_account_id}: --profile NAME",
            f"or, for good, activate them: {_SETTINGS}, Projects, Actions, 'Explore advanced features'",
        ),
        stops=True,
    )


def kept_by_aws(examination: Examination) -> Iterator[Finding]:
    """Yield what AWS keeps in an organization that it has handed over."""
    live = examination.live
    types = live.root().policy_types
    policies = [
        policy
        for each in (_SERVICE_CONTROL, _RESOURCE_CONTROL)
        if each in types
        for policy in live.policies(each)
        if policy.name in sign_up.MANAGED_POLICIES
    ]
    by_name = {policy.name: policy for policy in policies}
    protecting = by_name.get(sign_up.PROTECTING_POLICY)
    if protecting is None or not sign_up.is_protecting(live.policy_content(protecting.id)):
        return
    accounts = [account.name for account in live.accounts() if account.name.endswith(sign_up.IDENTITY_ACCOUNT)]
    regional = by_name.get(sign_up.REGION_POLICY)
    regions = sign_up.allowed_regions(live.policy_content(regional.id)) if regional else ()
    kept = [f"the policies {', '.join(by_name)}", *(f"the account {name!r}" for name in accounts)]
    yield warning(
        "sign-up-organization",
        f"AWS set up this organization at its new sign-up, and keeps {' and '.join(kept)}",
        why="People who sign in already do so through that account and through roles that the policies protect."
        + (f" In member accounts they deny every region except {', '.join(regions)}." if regions else ""),
        next=(
            "Leave them out of the app, and refer to the organization and IAM Identity Center by id",
            f"See {sign_up.POLICIES_GUIDE} before you change one",
        ),
    )
