"""Whether `OrgBaseline` takes an app as it is written, since AWS has what was never looked at so closely."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from org_constructs.baseline.plan import make_plan
from org_constructs.constructs.identity_center import IdentityCenter
from org_constructs.constructs.time_limit import limited_content
from org_constructs.refusal import Refusal, Refusals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .arguments import Arguments, Told

_ENDS: Final = "last-administrator-ends"


def taken(arguments: Arguments) -> Arguments:
    """Return arguments that `OrgBaseline` takes, as far as other lines make just the same; the rest is noted."""
    refusals = _refusals_of(arguments)
    if [each.code for each in refusals] == [_ENDS]:
        arguments.notes.say(
            "permission_sets",
            "Whoever administers the management account does so for a time alone, which no `until` says, lest nobody"
            " is left: the times stay in the inline policies. Give somebody a permission set without an end.",
        )
        arguments = replace(arguments, permission_sets=list(map(_without_times, arguments.permission_sets)))
        refusals = _refusals_of(arguments)
    for each in refusals:
        arguments.notes.say("env", f"Synth refuses what AWS has here: {each}.")
    return arguments


def _refusals_of(arguments: Arguments) -> Sequence[Refusal]:
    def props(name: str) -> list[Any]:
        return [each.props for each in getattr(arguments, name)]

    waits = bool(arguments.policies) and not arguments.organization
    try:
        make_plan(
            company=arguments.company,
            email=arguments.email,
            users=props("users"),
            accounts=props("accounts"),
            organizational_units=list(map(_unit, arguments.organizational_units)),
            groups=props("groups"),
            permission_sets=props("permission_sets"),
            assignments=props("assignments"),
            policies=props("policies"),
            enabled_policy_types=[*arguments.enabled_policy_types] or ([] if waits else None),
            trusted_access=arguments.trusted_access,
            root_access=arguments.root_access,
            delegated_administrators=arguments.delegated_administrators,
            alternate_contacts=props("alternate_contacts"),
            resource_policy=None,
            budgets=arguments.budgets,
            management_account_name=None,
            session_name=None,
            default_region=None,
            identity_center=IdentityCenter(**arguments.identity_center) if arguments.identity_center else None,
        )
    except Refusals as several:
        return several.refusals
    except Refusal as refusal:
        return [refusal]
    return []


def _unit(unit: Told) -> Any:  # noqa: ANN401 (props)
    return replace(unit.props, organizational_units=tuple(map(_unit, unit.inside)))


def _without_times(told: Told) -> Told:
    """Return a permission set whose times are in its inline policy, as they are in AWS."""
    props = told.props
    content = limited_content("inline_policy", props.inline_policy, not_before=props.not_before, until=props.until)
    return replace(told, props=replace(props, inline_policy=content or None, not_before=None, until=None))
