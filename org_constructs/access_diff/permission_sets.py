"""What a permission set allows more or less than before, for those who have it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from org_constructs.aws.durations import are_same, in_words, seconds
from org_constructs.aws.managed_policies import path_and_name
from org_constructs.templates.access import effective_access
from org_constructs.templates.contents import customer_managed_policy_name, permissions_boundary, says_content
from org_constructs.templates.iam import read_statement
from org_constructs.templates.permission_set import session
from org_constructs.templates.time_limit import TimeLimit, is_time_limit, time_limit
from org_constructs.templates.time_limit import in_words as in_words_of_time
from org_constructs.templates.values import items_of, written
from org_constructs.templates.words import count

from .change import Change, Effect, Sides
from .documents import allows_no_more, same, statements
from .wording import gets_and_loses, named, people_and_groups

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from org_constructs.templates.description import PermissionSet


_DENYING_POLICIES = ("AWSDenyAll", "AWSCompromisedKeyQuarantine")
"""How the names of AWS's managed policies begin that take permissions away.

https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSDenyAll.html
https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSCompromisedKeyQuarantineV3.html
"""


def permission_set_changes(sides: Sides) -> Iterator[Change]:
    """Yield what changes in the permission sets that are in both states, and which ones come and go."""
    held = _holders(sides)
    for key in sorted(sides.old.permission_sets.keys() | sides.new.permission_sets.keys(), key=sides.names.of):
        name = f"permission set {sides.names.of(key)}"
        if key in sides.old.permission_sets and key in sides.new.permission_sets:
            old, new = (side.permission_sets[key].properties for side in (sides.old, sides.new))
            for effect, what in _changes(old, new):
                holders = held.get(key, "nobody has it here")
                yield Change(effect, f"{name} {what} ({holders})", (key,) if effect is Effect.WIDENS else ())
        elif key not in sides.old.permission_sets:
            exists = sides.new.permission_sets[key].only_named
            comes = "exists already, and is new in the templates" if exists else "is new"
            yield Change(Effect.OTHER, f"{name} {comes}", (key,))
        else:
            yield Change(Effect.OTHER, f"{name} {_goes(sides.old.permission_sets[key], sides.retained)}")


def _holders(sides: Sides) -> dict[str, str]:
    """Say who has a permission set afterwards, by its key; nothing of those that nobody has."""
    held: dict[str, tuple[set[str], set[str], set[str]]] = {}
    for access in effective_access(sides.new):
        people, groups, where = held.setdefault(access.permission_set.key, (set(), set(), set()))
        (groups if access.everybody else people).add(access.who.key)
        where.add(access.account.key)
    return {
        key: f"{people_and_groups(len(people), sorted(map(sides.names.of, groups)))} in {count(len(where), 'account')}"
        for key, (people, groups, where) in held.items()
    }


def _goes(permission_set: PermissionSet, retained: Collection[str]) -> str:
    if permission_set.only_named:
        return "is no longer in the templates"
    if permission_set.key in retained:
        return f"is no longer in the templates, but stays in AWS because of its DeletionPolicy {named('Retain')}"
    return "is deleted"


def _changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[tuple[Effect, str]]:
    yield from _managed_policies(old, new)
    yield from _customer_managed_policies(old, new)
    before, after = time_limit(old), time_limit(new)
    yield from _time(before, after)
    policies = old.get("InlinePolicy"), new.get("InlinePolicy")
    # What has been said of the time is not said again of the statements that make it.
    yield from _inline_policy(*policies if before == after else map(_without_time, policies))
    yield from _boundary(*(found and found[1] for found in map(permissions_boundary, (old, new))))
    yield from _session(session(old), session(new))


def _managed_policies(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[tuple[Effect, str]]:
    before, after = (
        {path_and_name(written(each)) for each in items_of(side.get("ManagedPolicies"))} for side in (old, new)
    )
    for verb, names in (("gets", after - before), ("loses", before - after)):
        for name in sorted(names):
            less = name.startswith(_DENYING_POLICIES) == (verb == "gets")
            yield (
                Effect.NARROWS if less else Effect.WIDENS,
                f"allows {'less' if less else 'more'}: it {verb} the AWS managed policy {named(name)}",
            )


def _customer_managed_policies(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[tuple[Effect, str]]:
    before, after = (
        {customer_managed_policy_name(each) for each in items_of(side.get("CustomerManagedPolicyReferences"))}
        for side in (old, new)
    )
    for name in sorted(after - before):
        yield Effect.WIDENS, f"may allow more: it gets the customer managed policy {named(name)} of each account"
    for name in sorted(before - after):
        yield (
            Effect.WIDENS,
            f"may allow more: it loses the customer managed policy {named(name)} of each account, which may deny",
        )


def _time(old: TimeLimit, new: TimeLimit) -> Iterator[tuple[Effect, str]]:
    forever = float("inf")
    for verb, before, after, never, is_end in (
        ("begins", old.begins, new.begins, -forever, False),
        ("ends", old.ends, new.ends, forever, True),
    ):
        if before == after:
            continue
        is_later = (never if after is None else after) > (never if before is None else before)
        effect = Effect.WIDENS if is_later == is_end else Effect.NARROWS
        if after is None:
            yield effect, f"no longer {verb}, as it did at {named(in_words_of_time(before or 0))}"
        elif before is None:
            yield effect, f"{verb} at {named(in_words_of_time(after))}, and did not before"
        else:
            than = f"{named(in_words_of_time(after))} instead of {named(in_words_of_time(before))}"
            yield effect, f"{verb} {'later' if is_later else 'earlier'}, at {than}"


def _without_time(policy: Any) -> Any:  # noqa: ANN401 (JSON)
    return {"Statement": [each for each in statements(policy) if not is_time_limit(read_statement(each))]}


def _inline_policy(old: Any, new: Any) -> Iterator[tuple[Effect, str]]:  # noqa: ANN401 (JSON)
    if same(old, new):
        return
    before, after = statements(old), statements(new)
    no_more, no_less = allows_no_more(before, after), allows_no_more(after, before)
    if no_more and no_less:
        yield Effect.OTHER, "has an inline policy that is written differently and allows the same"
        return
    effect = Effect.NARROWS if no_more else Effect.WIDENS
    more = "allows less" if no_more else "allows more" if no_less else "may allow more"
    yield effect, f"{more}: its inline policy {gets_and_loses(says_content(old), says_content(new))}"


def _boundary(old: str | None, new: str | None) -> Iterator[tuple[Effect, str]]:
    if old == new:
        return
    if old is None:
        yield Effect.NARROWS, f"allows less: it gets the permissions boundary {named(new or '')}, which limits it"
    elif new is None:
        yield Effect.WIDENS, f"allows more: it loses the permissions boundary {named(old)}, which limited it"
    else:
        yield Effect.WIDENS, f"may allow more: its permissions boundary is {named(new)} instead of {named(old)}"


def _session(before: str, after: str) -> Iterator[tuple[Effect, str]]:
    if are_same(before, after):
        return
    long_before, long_after = seconds(before), seconds(after)
    shorter = long_before is not None and long_after is not None and long_after < long_before
    effect = Effect.NARROWS if shorter else Effect.WIDENS
    yield effect, f"has sessions of {named(in_words(after))} instead of {named(in_words(before))}"
