"""What a report says of the organization itself: its settings, and who administers it beside the management account."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from org_constructs.aws.policy_types import POLICY_TYPES
from org_constructs.aws.root_access import FEATURES
from org_constructs.templates.delegation import delegated_administrators, delegations
from org_constructs.templates.description import ROOT, name_of
from org_constructs.templates.words import and_list, in_a_line, visible

from .now import from_

if TYPE_CHECKING:
    from org_constructs.templates.description import BudgetAlert, Description, Live

_TRUSTED: Final = "Services with trusted access"
_ROOT_USERS: Final = "Central management of root users"
_PERIODS: Final = {"DAILY": "a day", "MONTHLY": "a month", "QUARTERLY": "a quarter", "ANNUALLY": "a year"}
_ACCOUNTS_NAMED: Final = 6
_ADMINISTRATORS: Final = "Delegated administrators"


def facts_of(description: Description) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return what there is to say, as AWS has it or as templates declare it: what it is called, and a line for each."""
    live = description.live
    found = _declared(description) if live is None else _live(description, live)
    return tuple((title, tuple(map(visible, lines))) for title, lines in found if lines)


def _declared(description: Description) -> Iterator[tuple[str, list[str]]]:
    metadata = description.metadata
    yield f"{_TRUSTED}, which `org-baseline doctor --fix` enables", list(metadata.trusted_access)
    yield f"{_ROOT_USERS}, which `org-baseline doctor --fix` enables", [*FEATURES] if metadata.root_access else []
    yield f"{_ADMINISTRATORS}, which `org-baseline doctor --fix` registers", _administrators(description)
    yield from _resource_policy(description, *description.resource_policies.values())
    yield "Budgets", list(_budgets(description))


def _live(description: Description, live: Live) -> Iterator[tuple[str, list[str]]]:
    yield "Policy types that are enabled", list(live.policy_types)
    yield "Where the policy of AWS's own that allows everything is not attached", list(_detached(description, live))
    yield _TRUSTED, list(live.trusted_services)
    yield _ROOT_USERS, list(live.root_features or ())
    yield _ADMINISTRATORS, _administrators(description)
    yield from _resource_policy(description, live.resource_policy.content if live.resource_policy else None)
    yield "Budgets", list(_budgets(description))
    yield (
        "Access by account access manager, without a permission set",
        [
            f"{name_of(description, each.principal)} may assume {each.role_arn} in"
            f" {name_of(description, each.account)}, {from_(each.origin)}"
            for each in live.entitlements
        ],
    )
    yield (
        "Instances of IAM Identity Center",
        [
            f"{each.arn} in {each.region or 'a region that AWS does not name'}, account {each.owner_account_id}"
            + ("" if each.is_described else ", which is not described here")
            for each in live.instances
        ],
    )


def _detached(description: Description, live: Live) -> Iterator[str]:
    """Yield the places without the policy that allows everything, which AWS attaches everywhere.

    https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html
    """
    missing = {"organizations:ListTargetsForPolicy", "organizations:ListRoots"} & {each.action for each in live.unread}
    places = {ROOT: "the root"}
    places |= {key: each.name for key, each in description.organizational_units.items() if not each.only_named}
    places |= {key: each.name for key, each in description.accounts.items() if not (each.only_named or each.is_closed)}
    for policy in live.aws_policies.values():
        by_aws = POLICY_TYPES[policy.type].attached_by_aws if policy.type in POLICY_TYPES else None
        if policy.name == by_aws and policy.type in live.policy_types and not missing:
            yield from (f"{policy.name}: {name}" for key, name in places.items() if key not in policy.targets)


def _administrators(description: Description) -> list[str]:
    return [
        f"{name_of(description, each.account)}: {', '.join(each.services) or 'no service'}"
        for each in delegated_administrators(description)
    ]


def _budgets(description: Description) -> Iterator[str]:
    """Yield what each budget is of, and whom AWS writes to; who that is AWS tells only where it is asked for it."""
    for each in description.budgets.values():
        accounts = [name_of(description, key) for key in each.accounts] or ["all accounts together"]
        period = _PERIODS.get(each.time_unit, each.time_unit)
        fixed = each.amount is not None and f"{each.amount:,.2f}".removesuffix(".00")
        amount = f"{fixed} {each.unit} {period}" if fixed else f"no fixed amount {period}"
        kind = "" if each.type == "COST" else f" ({each.type})"
        only = f", with {and_list(each.more)}" if each.more else ""
        to: dict[tuple[str, ...], list[str]] = {}
        for alert in each.alerts or ():
            to.setdefault(alert.subscribers, []).append(_when(alert))
        writes = "".join(f"; AWS writes to {and_list(whom)} {and_list(when)}" for whom, when in to.items())
        yield f"{each.name}: {amount} of {in_a_line(accounts, _ACCOUNTS_NAMED)}{kind}{only}{writes}"


def _when(alert: BudgetAlert) -> str:
    unit = " %" if alert.threshold_type == "PERCENTAGE" else ""
    forecast = " of the forecast" if alert.type == "FORECASTED" else ""
    threshold = "a threshold of the deploy's" if alert.threshold is None else f"{alert.threshold:g}{unit}"
    return f"at {threshold}{forecast}"


def _resource_policy(description: Description, *contents: Any) -> Iterator[tuple[str, list[str]]]:  # noqa: ANN401 (JSON)
    lines = [str(each) for content in contents for each in delegations(description, content)]
    yield "What the organization's resource policy allows", lines
