"""The groups and people of an app, and what assignments call them."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

from org_constructs.aws import limits
from org_constructs.baseline.props import GroupProps, UserProps
from org_constructs.constructs.group import check_group
from org_constructs.constructs.validate import check_user
from org_constructs.templates.description import Whence
from org_constructs.templates.words import count, visible

from .arguments import Told, in_order, is_of_aws, refused, some, why_by_id

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from org_constructs.templates.description import Description, Group, User

    from .arguments import Notes


class People:
    """The groups and the people."""

    def __init__(self, description: Description, region: str, used: Collection[str], notes: Notes) -> None:
        """Take what there is.

        Args:
            description: What AWS has.
            region: The region of IAM Identity Center.
            used: The keys of those who are assigned to something.
            notes: Is told what is left alone.
        """
        self._groups = description.groups
        self._users = description.users
        self._region = region
        self._used = used
        self._notes = notes
        self._group_names = {each.name.casefold() for each in self._groups.values()}

    def name(self, key: str) -> str:
        """Return what assignments call a group or a person of the description."""
        if key in self._groups:
            return self._groups[key].name
        name = self._users[key].name
        # Assignments have to tell them apart.
        return f"{name} (a person)" if name.casefold() in self._group_names else name

    def is_person(self, key: str) -> bool:
        """Tell whether a principal is a person."""
        return key in self._users

    @cached_property
    def _made(self) -> Mapping[str, Group]:
        """The groups that the app makes."""
        return {
            key: each
            for key, each in self._groups.items()
            if not why_by_id(each) and not refused(check_group, name=each.name, description=each.description or None)
        }

    def groups(self) -> list[Told]:
        """Return the groups."""
        told, left = [], []
        named: defaultdict[str, list[str]] = defaultdict(list)
        for key, each in in_order(self._groups):
            if key in self._made:
                told.append(Told(GroupProps(name=each.name, description=each.description or None)))
            elif is_of_aws(each) and key not in self._used:
                left.append(each.name)
            else:
                told.append(Told(GroupProps(name=each.name, group_id=key)))
                named[why_by_id(each) or "this app could not make them"].append(each.name)
        if left:
            self._notes.say("groups", f"AWS's own groups are left alone: {some(left)}.")
        self._notes.say_named("groups", "groups", named)
        return told

    def people(self) -> list[Told]:
        """Return the people, with the groups that the app puts them into."""
        groups = self._groups_of()
        shown: defaultdict[str, list[str]] = defaultdict(list)
        for each in self._users.values():
            shown[each.display_name].append(each.name)
        told = []
        reasons: Counter[str] = Counter()
        for key, each in in_order(self._users):
            others = [name for name in shown[each.display_name] if name != each.name] if each.display_name else []
            like = f"{each.display_name}, like {some(others)}" if others else ""
            if why := self._why_by_id(each):
                reasons[why] += 1
                props = UserProps(user_name=self.name(key), groups=sorted(groups[key]) or None, user_id=key)
                display = each.display_name if each.display_name != each.name else ""
                told.append(Told(props, behind=visible(like or display)))
            else:
                told.append(Told(self._user(each, sorted(groups[key])), behind=visible(like)))
        for why, number in sorted(reasons.items()):
            self._notes.say("users", f"Only named, by id: {count(number, 'person', 'people')}, since {why}.")
        if twice := sorted(name for name, names in shown.items() if name and len(names) > 1):
            self._notes.sum_up(f"Several people have one display name: {some(twice)}.")
        return told

    def _groups_of(self) -> Mapping[str, list[str]]:
        groups: defaultdict[str, list[str]] = defaultdict(list)
        elsewhere = 0
        for group in self._made.values():
            for member in group.members:
                origin = group.member_origins.get(member)
                if origin is not None and origin.whence is Whence.STACK:
                    elsewhere += 1
                else:
                    groups[member].append(group.name)
        if elsewhere:
            self._notes.say("users", f"Other stacks have {count(elsewhere, 'membership')}, which are left alone.")
        return groups

    def _why_by_id(self, user: User) -> str:
        """Return why the app only names a person, in the words of all whom that holds for; empty where it does not."""
        nameless = not (user.given_name and user.family_name and user.display_name)
        if why := why_by_id(user):
            return why
        reasons = {
            f"CloudFormation imports nobody in {self._region}": self._region not in limits.USER_RESOURCE_REGIONS,
            "there are groups of their names": user.name.casefold() in self._group_names,
            "their names have more than a given and a family name, which a deploy would take away": user.more_names,
            "this app makes nobody without given name, family name, display name and one e-mail address": nameless
            or len(user.emails) != 1,
        }
        if why := next((reason for reason, applies in reasons.items() if applies), ""):
            return why
        refusal = refused(
            check_user,
            user_name=user.name,
            given_name=user.given_name,
            family_name=user.family_name,
            email=user.emails[0],
            display_name=user.display_name,
        )
        return "this app makes nobody of such a name" if refusal else ""

    @staticmethod
    def _user(user: User, groups: Sequence[str]) -> UserProps:
        display = user.display_name
        return UserProps(
            user_name=user.name,
            given_name=user.given_name,
            family_name=user.family_name,
            email=None if user.emails == (user.name,) else user.emails[0],
            display_name=None if display == f"{user.given_name} {user.family_name}" else display,
            groups=groups,
        )
