"""What a baseline is going to make, worked out and checked before anything is made.

Names and addresses are derived, names that point at something are resolved, and everything that AWS would refuse in the
middle of a deploy is refused here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from org_constructs.aws import limits
from org_constructs.constructs.validate import check_email, check_region, check_text, check_type, is_token
from org_constructs.refusal import Mistakes, Refusal

from .accounts import plan_accounts
from .assignments import plan_assignments
from .budgets import plan_budgets
from .closing import with_closing_policy, with_closing_unit
from .defaults import DEFAULT_ACCOUNTS, DEFAULT_ASSIGNMENTS, DEFAULT_GROUPS, DEFAULT_PERMISSION_SETS
from .ends import check_administrator_stays, with_ends_of_assignments
from .people import plan_people
from .permission_sets import plan_permission_sets
from .planned import Plan
from .policies import plan_policies
from .resource_policy import plan_resource_policy
from .services import (
    check_display_names,
    plan_alternate_contacts,
    plan_delegated_administrators,
    plan_trusted_access,
)
from .targets import Targets
from .units import plan_units

if TYPE_CHECKING:
    from org_constructs.baseline.props import (
        AccountProps,
        AlternateContactProps,
        AssignmentProps,
        BudgetsProps,
        GroupProps,
        OrganizationalUnitProps,
        PermissionSetProps,
        PolicyProps,
        ResourcePolicyProps,
        UserProps,
    )
    from org_constructs.constructs.identity_center import IdentityCenter
    from org_constructs.constructs.policy_type import PolicyType

_NAME_IN_CONFIG: Final = r"[A-Za-z0-9._-]+"


def make_plan(
    *,
    company: str,
    email: str,
    users: Sequence[UserProps],
    accounts: Sequence[AccountProps] | None,
    organizational_units: Sequence[OrganizationalUnitProps],
    groups: Sequence[GroupProps] | None,
    permission_sets: Sequence[PermissionSetProps] | None,
    assignments: Sequence[AssignmentProps] | None,
    policies: Sequence[PolicyProps],
    enabled_policy_types: Sequence[PolicyType] | None,
    resource_policy: ResourcePolicyProps | None,
    trusted_access: Sequence[str],
    root_access: bool,
    delegated_administrators: Mapping[str, str | Sequence[str]],
    alternate_contacts: Sequence[AlternateContactProps],
    management_account_name: str | None,
    budgets: BudgetsProps | None,
    session_name: str | None,
    default_region: str | None,
    identity_center: IdentityCenter | None,
) -> Plan:
    """Return the plan of a baseline with these arguments.

    Raises:
        Refusal: An argument breaks a rule of AWS's, repeats what may come once, or names what is not there.
    """
    mistakes = Mistakes()
    with mistakes.gathered():
        _check_company(company)
        session_name = _session_name(session_name, company)
    with mistakes.gathered():
        check_email("email", email)
    with mistakes.gathered():
        units = plan_units(organizational_units)
    # Accounts have names and addresses made of these, and policies are attached to units and accounts.
    if not mistakes:
        with mistakes.gathered():
            planned_accounts = plan_accounts(DEFAULT_ACCOUNTS if accounts is None else accounts, company, email, units)
            targets = Targets(units, planned_accounts)
            planned_policies = plan_policies(policies, targets, enabled_types=enabled_policy_types)
    with mistakes.gathered():
        if default_region is not None:
            check_region("default_region", default_region)
    with mistakes.gathered():
        planned_groups, planned_users = plan_people(users, DEFAULT_GROUPS if groups is None else groups)
    given = DEFAULT_ASSIGNMENTS if assignments is None else assignments
    with mistakes.gathered():
        sets = plan_permission_sets(
            with_ends_of_assignments(DEFAULT_PERMISSION_SETS if permission_sets is None else permission_sets, given),
            identity_center,
        )
    with mistakes.gathered():
        check_type("root_access", root_access, bool, "True or False")
    # What is left names what is above.
    mistakes.refuse()
    with mistakes.gathered():
        planned_assignments = plan_assignments(given, targets, sets, planned_users, planned_groups)
    with mistakes.gathered():
        planned_resource_policy = plan_resource_policy(resource_policy, planned_accounts)
    with mistakes.gathered():
        delegated = plan_delegated_administrators(delegated_administrators, planned_accounts)
        trusted = plan_trusted_access(trusted_access, root_access=root_access, delegated=delegated)
        check_display_names(management_account_name, planned_accounts, trusted)
        contacts = plan_alternate_contacts(alternate_contacts, planned_accounts, trusted)
    with mistakes.gathered():
        planned_budgets = plan_budgets(budgets, planned_accounts, company)
    mistakes.refuse()
    plan = Plan(
        company=company,
        email=email,
        session_name=session_name,
        default_region=default_region,
        has_identity_center=identity_center is not None,
        organizational_units=with_closing_unit(units, planned_accounts),
        accounts=planned_accounts,
        policies=with_closing_policy(planned_policies, planned_accounts, enabled_types=enabled_policy_types),
        resource_policy=planned_resource_policy,
        users=planned_users,
        groups=planned_groups,
        permission_sets=sets,
        assignments=planned_assignments,
        trusted_access=trusted,
        root_access=root_access,
        delegated_administrators=delegated,
        alternate_contacts=contacts,
        budgets=planned_budgets,
    )
    check_administrator_stays(plan)
    return plan


def _check_company(company: str) -> None:
    check_text("company", company, maximum=limits.ACCOUNT_NAME_MAX, pattern=limits.ACCOUNT_NAME, rule="printable ASCII")
    if is_token(company):
        raise Refusal(
            "company-token",
            "company must be known at synth, since names are derived from it, got a token",
            "use the literal value",
        )


def _session_name(given: str | None, company: str) -> str:
    """Return the session's name, by default the company as `~/.aws/config` takes it."""
    if given is None:
        given = re.sub(r"[^A-Za-z0-9._-]+", "-", company).strip("-")
        if not given:
            raise Refusal(
                "session-name-empty",
                f"session_name must be given if the company has no letter or digit, got {company!r}",
                "pass session_name",
            )
    check_text("session_name", given, maximum=64, pattern=_NAME_IN_CONFIG, rule="letters, digits and ._-")
    return given
