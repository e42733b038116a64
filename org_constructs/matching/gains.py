"""Who gets access by a deploy without being named for it: people whom AWS has in a group that templates give access."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from org_constructs.aws.user_types import USERS
from org_constructs.refusal import Refusal
from org_constructs.templates.words import and_list

from .result import Match, State

if TYPE_CHECKING:
    from .identity_center import IdentityCenterMatcher
    from .references import References

_GROUP: Final = "AWS::IdentityStore::Group"
_MEMBERSHIP: Final = "AWS::IdentityStore::GroupMembership"
_ASSIGNMENT: Final = "AWS::SSO::Assignment"
_PEOPLE_SHOWN: Final = 20


@dataclass(frozen=True, kw_only=True)
class Gain:
    """Access that people get because they are in a group, or come to be."""

    people: tuple[str, ...]
    """User names."""

    group: str
    access: tuple[str, ...]
    """Permission set and account: `ReadOnly in acme-dev`."""

    known: bool
    """Whether the templates put the people into the group, which has more access than the templates give to it."""

    def __str__(self) -> str:
        """Return it as a sentence."""
        shown = _first(self.people)
        will_have = f"will have {_first(self.access)}"
        if self.known:
            return f"{shown} will join {self.group} and {will_have}, which no template gives the group"
        return f"{shown}, in {self.group} in AWS but in no template, {will_have}"


class Gains:
    """Finds who gets access without being named for it."""

    def __init__(self, matcher: References, identity_center: IdentityCenterMatcher) -> None:
        """Take what matches resources."""
        self._matcher = matcher
        self._live = matcher.live
        self._identity_center = identity_center

    def all(self) -> Iterator[Gain]:
        """Yield what people get by groups that AWS has already; by several assignments of a group at once."""
        judged = {match.id for match in self._matcher.matches(_GROUP) if match.state is State.IN_THE_WAY}
        for group_id in dict.fromkeys(group_id for group_id, _ in self._created()):
            people = self._unknown_members(group_id)
            if people and group_id not in judged:
                name = self._identity_center.named(group_id)
                yield Gain(people=tuple(people.values()), group=name, access=self._access(group_id), known=False)
        known = {match.id for match in self._matcher.matches(_ASSIGNMENT)}
        for resource in self._matcher.templates.resources(_MEMBERSHIP):
            membership = self._matcher.match(resource)
            group_of = self._matcher.reference(resource, resource.properties["GroupId"])
            if membership.state is State.CREATED and group_of:
                user, _, group = membership.name.rpartition(" in ")
                if access := tuple(
                    what for each, what in self._identity_center.assigned(group_of) if each not in known
                ):
                    yield Gain(people=(user,), group=group, access=access, known=True)

    def judged(self, group: Match) -> Match:
        """Return a group that is in the way if taking it over gives access to people whom the templates do not know."""
        if group.state is not State.ADOPTED or not group.id:
            return group
        people, access = self._unknown_members(group.id), self._access(group.id)
        if not (people and access):
            return group
        ours = {match.id for kind in USERS for match in self._matcher.matches(kind)}
        groups = json.dumps([group.name], ensure_ascii=False)
        lines = [
            f"# {name}: groups={groups}, besides the existing groups"
            if user_id in ours
            else f'UserProps(user_name={json.dumps(name, ensure_ascii=False)}, user_id="{user_id}", groups={groups}),'
            for user_id, name in people.items()
        ]
        reason = Refusal(
            "group-gives-access",
            f"in AWS it has {_first(tuple(people.values()))}, who would get {_first(access)} through it",
            "add them to the group in the app, or remove them from it in the IAM Identity Center console",
        )
        return replace(group, state=State.IN_THE_WAY, identifier={}, reason=reason, lines=tuple(lines))

    def _unknown_members(self, group_id: str) -> dict[str, str]:
        """Return user names by id of who is in a group in AWS, and not in the templates."""
        known = {match.id for match in self._matcher.matches(_MEMBERSHIP)}
        return self._identity_center.members(group_id, known)

    def _access(self, group_id: str) -> tuple[str, ...]:
        return tuple(access for each, access in self._created() if each == group_id)

    def _created(self) -> Iterator[tuple[str, str]]:
        """Yield the groups that AWS has, each with what a deploy gives to it."""
        for resource in self._matcher.templates.resources(_ASSIGNMENT):
            match = self._matcher.match(resource)
            if match.state is State.CREATED and resource.properties["PrincipalType"] == "GROUP":
                group_id = self._matcher.reference(resource, resource.properties["PrincipalId"])
                if group_id:
                    yield group_id, match.name.partition(": ")[2]


def _first(names: Sequence[str]) -> str:
    """Return names as people list them, the first ones where there are many."""
    shown = list(names[:_PEOPLE_SHOWN])
    if more := len(names) - len(shown):
        shown.append(f"{more} more")
    return and_list(shown)
