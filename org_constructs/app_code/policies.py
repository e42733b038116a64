"""The policies of an app, and what they are attached to."""

from __future__ import annotations

from dataclasses import replace
from itertools import count, takewhile
from typing import TYPE_CHECKING, Final

from org_constructs.aws.policy_types import POLICY_TYPES
from org_constructs.aws.sign_up import MANAGED_POLICIES
from org_constructs.baseline.props import PolicyProps, ResourcePolicyProps
from org_constructs.constructs.policy import check_policy
from org_constructs.constructs.policy_type import PolicyType
from org_constructs.constructs.resource_policy import check_resource_policy
from org_constructs.templates.description import ROOT

from .arguments import Told, in_order, is_of_aws, is_of_stack, is_ours, refused, some
from .known_policies import calls_of
from .source import Call, Starred
from .targets import policy_targets

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from org_constructs.templates.description import Description, Live, Policy

    from .arguments import Notes
    from .places import Places

_KNOWN: Final = frozenset(PolicyType)


def own_policies(description: Description, notes: Notes) -> list[Policy]:
    """Return the policies that the app may make, and note which are left alone."""
    own, of_aws, of_others = [], [], []
    for _, each in in_order(description.policies):
        if is_of_aws(each) or each.name in MANAGED_POLICIES:
            of_aws.append(each.name)
        elif is_ours(each):
            own.append(each)
        else:
            of_others.append(f"{each.name} ({each.origin})")
    if of_aws:
        notes.say("policies", f"AWS's own policies are left alone: {some(of_aws)}.")
    if of_others:
        notes.say("policies", f"Policies of others are left alone: {some(of_others)}.")
    return own


def policies(own: Collection[Policy], live: Live, places: Places, notes: Notes) -> list[Told]:
    """Return the policies.

    Args:
        own: Those that the app may make.
        live: Says what types are enabled.
        places: Says what targets are called.
        notes: Is told what is left out.
    """
    told: list[Told] = []
    names: set[str] = set()
    for each in own:
        made = _policy(each, places)
        if each.name in names:
            made = "a policy of another type has its name"
        if isinstance(made, str):
            notes.say("policies", f"The policy {each.name}, {each.key}, a {each.type}, is left out: {made}.")
            continue
        names.add(each.name)
        waits = each.type not in live.policy_types
        why = f"Not in force, and not made by a deploy, as long as the type {each.type} is not enabled."
        if waits:
            notes.sum_up(f"{each.name}: {why}")
        told.append(Told(made, (why,) if waits else ()))
    return list(_by_name(told))


def _by_name(told: Sequence[Told]) -> Iterator[Told]:
    """Yield the policies, with the guardrails by their names where they consist of them.

    What `guardrails.policies` makes in several policies has one call: `name`, `name-2` and so on.
    """
    by_name = {each.props.name: each for each in told}
    done: set[str] = set()
    for each in told:
        props = each.props
        if props.name in done:
            continue
        numbered = (f"{props.name}-{number}" for number in count(2))
        more = [by_name[name] for name in takewhile(by_name.__contains__, numbered)]
        for together in ([each, *more], [each]):
            if any(_beside(other) != _beside(each) for other in together) or props.tags:
                continue
            calls = calls_of([other.props.content for other in together])
            if calls:
                done.update(other.props.name for other in together)
                keywords = {"targets": props.targets, "description": props.description}
                given = {name: value for name, value in keywords.items() if value is not None}
                code = Starred(
                    Call("guardrails.policies", (props.name, *calls), {**given, "targets": [*props.targets]})
                )
                yield replace(each, code=code)
                yield from (replace(other, is_alone=False) for other in together[1:])
                break
        else:
            yield each


def _beside(told: Told) -> tuple[object, ...]:
    props = told.props
    return (told.before, props.type, props.targets, props.description, props.tags)


def enabled_policy_types(live: Live, notes: Notes) -> list[PolicyType]:
    """Return the enabled types, and note those that are not known here."""
    if unknown := sorted({*live.policy_types} - _KNOWN):
        notes.say("enabled_policy_types", f"Enabled, too, but not known to this version: {some(unknown)}.")
    return [PolicyType(each) for each in live.policy_types if each in _KNOWN]


def note_policies_of_aws(description: Description, live: Live, places: Places, notes: Notes) -> None:
    """Note AWS's own policies, which are left alone, and where one that allows everything is detached."""
    if live.aws_policies:
        notes.sum_up(
            f"AWS's own policies are left alone: {some(sorted(each.name for each in live.aws_policies.values()))}."
        )
    everywhere = {ROOT, *description.organizational_units, *description.accounts} - places.left_out.keys()
    for each in live.aws_policies.values():
        facts = POLICY_TYPES.get(each.type)
        if facts and each.type in live.policy_types and each.name == facts.attached_by_aws:
            without = sorted(map(places.name, everywhere - {*each.targets}))
            if without:
                notes.say("policies", f"AWS's {each.name} is detached from {some(without)}, which no line here says.")


def resource_policy(live: Live, notes: Notes) -> ResourcePolicyProps | None:
    """Return the organization's resource policy, and note it where the app leaves it alone."""
    found = live.resource_policy
    if found is None or not found.id:
        return None
    if is_of_stack(found):
        notes.say("resource_policy", f"The {found.origin} has the resource policy, so that this app leaves it alone.")
        return None
    given = {"content": found.content, "tags": found.tags or None}
    if refusal := refused(check_resource_policy, **given):
        notes.say("resource_policy", f"The resource policy is left out, since {refusal.why}.")
        return None
    return ResourcePolicyProps(**given)


def _policy(policy: Policy, places: Places) -> PolicyProps | str:
    """Return what makes such a policy, or why nothing does."""
    if policy.type not in _KNOWN:
        return f"CloudFormation makes no policies of the type {policy.type}"
    given = {
        "name": policy.name,
        "type": PolicyType(policy.type),
        "content": policy.content,
        "description": policy.description or None,
        "tags": policy.tags or None,
    }
    if refusal := refused(check_policy, **given):
        return refusal.why
    targets = policy_targets({*map(places.name, policy.targets)}, [*places.paths.values()], [*places.places])
    return PolicyProps(**given, targets=targets or ())
