"""Where Organizations policies apply now and no longer, by inheritance, and what that means for access."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from functools import cached_property
from itertools import chain
from typing import Final

from org_constructs.templates.access import applying, lineage
from org_constructs.templates.contents import policy_type_in_words, says_content, says_statement
from org_constructs.templates.description import MANAGEMENT, ROOT, Account, Description, OrganizationalUnit, Policy
from org_constructs.templates.values import written
from org_constructs.templates.words import and_list, count, visible

from .change import Change, Effect, Sides
from .documents import Statement, allows_no_more, denies_all_of, gained, may_allow, same, statements
from .wording import ACCOUNTS_NAMED, gets_and_loses

_OF_IAM: Final = frozenset({"SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"})
"""Types whose statements bound what anybody can be allowed."""

_PROTECTING: Final = frozenset({"CHATBOT_POLICY", "DECLARATIVE_POLICY_EC2", "S3_POLICY"})
"""Types that keep others out, in a language of their own: public access, images and snapshots, chat channels.

https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies.html
"""

_InForce = dict[tuple[str, str], frozenset[str]]
"""What a policy that is in force is attached to, by policy and place."""


def policy_content(sides: Sides, key: str) -> tuple[str, ...]:
    """Return what a policy says, a line each, and then what it no longer says."""
    sayings = [side.policies[key] for side in (sides.old, sides.new) if key in side.policies]
    before, after = sayings[0], sayings[-1]
    if after.type not in _OF_IAM:
        return says_content(after.content)
    lines = tuple(map(_line, statements(after.content)))
    if same(before.content, after.content):
        return lines
    no_longer = (f"no longer {_line(each)}" for each in gained(after.content, before.content))
    return (*lines, *no_longer, "the whole document: org-baseline report --format html")


def policy_changes(sides: Sides) -> Iterator[Change]:
    """Yield where policies apply now and no longer, and which ones say something else where they stay."""
    return _Policies(sides).changes()


class _Policies:
    def __init__(self, sides: Sides) -> None:
        self._names = sides.names
        # What one side does not name is there all the same, unless it is made or closed between the two.
        self._old = _with_accounts_and_units(sides.old, sides.new, lambda each: each.only_named)
        self._new = _with_accounts_and_units(sides.new, sides.old, lambda each: each.key not in sides.closed)
        self._old_force, self._new_force = _in_force(self._old), _in_force(self._new)
        both = self._places(self._old) & self._places(self._new)
        self._judged = both - _emptied_units(sides.old, self._new)
        self._at: dict[str, set[str]] = defaultdict(set)
        for policy, place in self._new_force:
            self._at[place].add(policy)

    def changes(self) -> Iterator[Change]:
        judged = {pair for pair in self._old_force.keys() | self._new_force.keys() if pair[1] in self._judged}
        begins = {pair for pair in judged if pair not in self._old_force}
        ceases = {pair for pair in judged if pair not in self._new_force}
        stays = judged - begins - ceases
        for policy, where in self._by_policy(ceases):
            yield from self._ceases(policy, where)
        for policy, where in self._by_policy(stays):
            yield from self._says_something_else(policy, where)
            yield from self._is_attached_elsewhere(policy, where)
        for policy, where in self._by_policy(begins):
            yield from self._begins(policy, where)

    def _ceases(self, policy: str, where: frozenset[str]) -> Iterator[Change]:
        kind, lost = self._old.policies[policy].type, self._statements(self._old, policy)
        by_effect: dict[Effect, set[str]] = defaultdict(set)
        for others, places in self._by_policies_in_force(kind, where).items():
            if kind in _OF_IAM:
                kept = not may_allow(lost) and denies_all_of(self._all_statements(others), lost)
                by_effect[Effect.OTHER if kept else Effect.WIDENS] |= places
            else:
                by_effect[Effect.WIDENS if kind in _PROTECTING else Effect.OTHER] |= places
        for effect, places in sorted(by_effect.items()):
            kept_sentence = ", but what it denies stays denied" if effect is Effect.OTHER and kind in _OF_IAM else ""
            yield Change(
                effect,
                f"{self._policy(policy)} no longer applies to {self._where(places, self._old, kind)}{kept_sentence}",
                (policy,) if effect is Effect.WIDENS else (),
            )

    def _begins(self, policy: str, where: frozenset[str]) -> Iterator[Change]:
        kind = self._new.policies[policy].type
        sentence = f"{self._policy(policy)} now applies to {self._where(where, self._new, kind)}"
        if kind in _OF_IAM and may_allow(self._statements(self._new, policy)):
            yield Change(Effect.WIDENS, f"{sentence}; where FullAWSAccess was detached, it allows more", (policy,))
        else:
            yield Change(Effect.NARROWS if kind in _OF_IAM | _PROTECTING else Effect.OTHER, sentence, (policy,))

    def _says_something_else(self, policy: str, where: frozenset[str]) -> Iterator[Change]:
        before, after = self._old.policies[policy], self._new.policies[policy]
        if same(before.content, after.content):
            return
        old, new = self._statements(self._old, policy), self._statements(self._new, policy)
        by_effect: dict[Effect, set[str]] = defaultdict(set)
        for others, places in self._by_policies_in_force(before.type, where).items():
            if before.type in _OF_IAM:
                around = [each for each in self._all_statements(others) if each.get("Effect") == "Deny"]
                no_more, no_less = allows_no_more(old, [*new, *around]), allows_no_more(new, old)
                effect = Effect.OTHER if no_more and no_less else Effect.NARROWS if no_more else Effect.WIDENS
                by_effect[effect] |= places
            else:
                by_effect[Effect.WIDENS if before.type in _PROTECTING else Effect.OTHER] |= places
        what = _what_changes(before, after)
        for effect, places in sorted(by_effect.items()):
            restricts = {Effect.WIDENS: "may restrict less", Effect.NARROWS: "restricts more"}
            verb = restricts.get(effect, "restricts the same" if before.type in _OF_IAM else "changes")
            yield Change(
                effect,
                f"{self._policy(policy)} {verb} in {self._where(places, self._new, before.type)}: it {what}",
                (policy,),
            )

    def _is_attached_elsewhere(self, policy: str, where: frozenset[str]) -> Iterator[Change]:
        """Say so of a policy that allows: what it allows counts where every level allows it."""
        kind = self._new.policies[policy].type
        if kind not in _OF_IAM or not may_allow(self._statements(self._new, policy)):
            return
        places = {place for place in where if self._old_force[policy, place] != self._new_force[policy, place]}
        if places:
            yield Change(
                Effect.WIDENS,
                f"{self._policy(policy)} applies to {self._where(places, self._new, kind)} from another"
                " level; where FullAWSAccess was detached, more may be allowed",
                (policy,),
            )

    def _by_policies_in_force(self, kind: str, where: Iterable[str]) -> dict[frozenset[str], set[str]]:
        """Return the places by the policies of the kind that are in force there afterwards."""
        places: dict[frozenset[str], set[str]] = defaultdict(set)
        for place in where:
            of_kind = (policy for policy in self._at[place] if self._new.policies[policy].type == kind)
            places[frozenset(of_kind)].add(place)
        return places

    def _by_policy(self, pairs: Iterable[tuple[str, str]]) -> list[tuple[str, frozenset[str]]]:
        places: dict[str, set[str]] = defaultdict(set)
        for policy, place in pairs:
            places[policy].add(place)
        # Those of one name, each of its own type, by their keys.
        return [
            (policy, frozenset(places[policy])) for policy in sorted(places, key=lambda key: (self._names.of(key), key))
        ]

    def _where(self, places: Collection[str], description: Description, kind: str) -> str:
        """Name units and accounts, and a unit once for all that is in it where all of that is meant."""
        accounts = self._accounts[description is self._old]
        # To the management account these never apply.
        if ROOT in places and accounts - ({MANAGEMENT} if kind in _OF_IAM else set()) <= set(places):
            return "the whole organization"
        parts = ["the root itself"] if ROOT in places else []
        told: set[str] = set()
        units = description.organizational_units.keys() & set(places)
        for unit in sorted(units, key=lambda key: (len(lineage(description, key)), self._names.place(key))):
            if unit in told:
                continue
            inside = self._inside[description is self._old].get(unit, set())
            if inside <= set(places):
                told |= inside
                parts.append(f"{self._names.place(unit)}{self._among(inside & accounts)}")
            else:
                parts.append(f"{self._names.place(unit)} itself")
        alone = self._names.sorted_accounts((accounts & set(places)) - told)
        return and_list([*parts, *map(self._names.account, alone)])

    @cached_property
    def _accounts(self) -> Mapping[bool, AbstractSet[str]]:
        """The accounts that are judged, before (True) and after."""
        return {side is self._old: side.accounts.keys() & self._judged for side in (self._old, self._new)}

    @cached_property
    def _inside(self) -> Mapping[bool, Mapping[str, set[str]]]:
        """What is judged of each unit's inside, before (True) and after."""
        inside: dict[bool, defaultdict[str, set[str]]] = {True: defaultdict(set), False: defaultdict(set)}
        for is_old, description in ((True, self._old), (False, self._new)):
            for place in self._judged:
                for unit in lineage(description, place)[:-1]:
                    inside[is_old][unit].add(place)
        return inside

    def _among(self, accounts: Collection[str]) -> str:
        if len(accounts) > ACCOUNTS_NAMED:
            return f" ({count(len(accounts), 'account')})"
        return f" ({self._names.accounts(accounts)})" if accounts else ""

    def _policy(self, key: str) -> str:
        side = self._new if key in self._new.policies else self._old
        return f"{policy_type_in_words(side.policies[key].type)} {self._names.of(key)}"

    def _all_statements(self, policies: Iterable[str]) -> list[Statement]:
        return [each for policy in policies for each in self._statements(self._new, policy)]

    @staticmethod
    def _statements(description: Description, policy: str) -> list[Statement]:
        return statements(description.policies[policy].content)

    @staticmethod
    def _places(description: Description) -> set[str]:
        return {ROOT, *description.organizational_units, *description.accounts}


def _what_changes(before: Policy, after: Policy) -> str:
    """Say which statements a policy gets, loses and changes, by their ids where they have one."""
    if after.type not in _OF_IAM:
        return gets_and_loses((), ())
    new, old = (
        [_sid(each) or says_statement(each) for each in gained(*those)]
        for those in ((before.content, after.content), (after.content, before.content))
    )
    return gets_and_loses(old, new, (each for each in new if each in old))


def _line(statement: Statement) -> str:
    return ": ".join(filter(None, (visible(_sid(statement)), says_statement(statement))))


def _sid(statement: Statement) -> str:
    return written(statement["Sid"]) if "Sid" in statement else ""


def _in_force(description: Description) -> _InForce:
    attached: dict[tuple[str, str], set[str]] = defaultdict(set)
    for policy, place, above in applying(description):
        attached[policy.key, place].add(above)
    return {pair: frozenset(where) for pair, where in attached.items()}


def _with_accounts_and_units(
    description: Description, others: Description, is_there: Callable[[Account | OrganizationalUnit], bool]
) -> Description:
    """Return the description with those of the other's accounts and units that it does not name and that are there."""
    return replace(
        description,
        accounts={**{key: each for key, each in others.accounts.items() if is_there(each)}, **description.accounts},
        organizational_units={
            **{key: each for key, each in others.organizational_units.items() if is_there(each)},
            **description.organizational_units,
        },
    )


def _emptied_units(old: Description, new: Description) -> set[str]:
    """Return the units that templates no longer make and in which nothing is, as far as they say."""
    full = {above for place in chain(new.organizational_units, new.accounts) for above in lineage(new, place)[:-1]}
    return {key for key, unit in old.organizational_units.items() if not unit.only_named} - full
