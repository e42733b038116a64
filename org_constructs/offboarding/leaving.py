"""What it takes until somebody who leaves has nothing left."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from org_constructs.templates.access import Access, effective_access
from org_constructs.templates.administrators import administers
from org_constructs.templates.condition import read_time
from org_constructs.templates.denial import denial
from org_constructs.templates.description import MANAGEMENT, Origin
from org_constructs.templates.time_limit import now, time_limit
from org_constructs.templates.values import as_json

from .by_hand import Commands
from .denial import UNKNOWN_ID, longest_session, with_denial
from .take_out import Line, lines_of

if TYPE_CHECKING:
    from org_constructs.templates.description import Description, PermissionSet, Unread, User

_CONTROL_POLICY: Final = "SERVICE_CONTROL_POLICY"


@dataclass(frozen=True, kw_only=True)
class Held:
    """What the person has, in the accounts in which it is by the same way."""

    permission_set: str
    accounts: tuple[str, ...]
    through: str
    """The name of the group; empty where the assignment is to the person."""

    origin: Origin | None
    """Where the assignment is from; None in a description of templates."""

    time: str
    """From when and until when, in words; empty where there is no such time."""


@dataclass(frozen=True, kw_only=True)
class Membership:
    """A group that the person is in."""

    group: str
    origin: Origin | None
    """Where it is from that the person is; None in a description of templates."""


@dataclass(frozen=True, kw_only=True)
class Denial:
    """What ends the sessions that may be open."""

    id: str
    """The person's in the Identity Store, or what stands for it."""

    id_command: str
    """What tells the id; empty where it is known."""

    service_control_policy: dict[str, Any] | None
    """What denies it in member accounts; None where the person has nothing there, or such policies are not enabled."""

    inline_policies: tuple[tuple[str, dict[str, Any] | None], ...]
    """The permission sets that have to deny it themselves, each with its inline policy then; None where nobody knows
    what it has now, or the `OrgBaseline` of the app does not make it."""

    has_control_policies: bool
    """Whether such policies are enabled; what templates are for is taken to have them."""

    hours: int
    """How long the sessions last at most, and so how long the denial has to stay once the access is gone."""

    @property
    def statement(self) -> dict[str, Any]:
        """The statement that is in all of them."""
        statement: dict[str, Any] = denial(self.id)["Statement"][0]
        return statement


@dataclass(frozen=True, kw_only=True)
class Leaving:
    """Everything about somebody who leaves."""

    user: User
    is_baseline: bool
    """Whether an `OrgBaseline` describes the app."""

    has: tuple[Held, ...]
    groups: tuple[Membership, ...]
    roles: tuple[str, ...]
    """Roles that the person may assume without a permission set."""

    unknown_groups: tuple[str, ...]
    """Groups with access of which nobody knows who is in them."""

    take_out: tuple[Line, ...]
    commands: tuple[str, ...]
    """What takes away what no stack has."""

    delete_command: str
    """What deletes the person, whom no stack has; empty where somebody else does."""

    elsewhere: tuple[str, ...]
    """What another stack or the identity provider has, and has to take away."""

    denial: Denial | None
    """None where no session can be open, as far as the description tells."""

    named: tuple[str, ...]
    """What else the person is named in, a sentence each."""

    why_not: tuple[str, ...]
    """Why it is not safe to let the person go, a sentence each."""

    unread: tuple[Unread, ...]
    """What AWS would not tell."""

    @property
    def is_safe(self) -> bool:
        """Whether somebody certainly administers the management account afterwards, and nothing is out of sight."""
        return not (self.why_not or self.unread)


def leave(description: Description, user: User, app: Description | None, *, profile: str | None = None) -> Leaving:
    """Return what it takes until a person has nothing left.

    Args:
        description: The organization, as templates say it or as AWS has it.
        user: The person in it.
        app: What the app's templates say; None where there is no app.
        profile: The CLI profile that commands are for; by default none is named.
    """
    return _Leaver(description, user, app, Commands(description, user, profile)).leave()


class _Leaver:
    def __init__(self, description: Description, user: User, app: Description | None, commands: Commands) -> None:
        self._description = description
        self._live = description.live
        self._user = user
        self._app = app
        self._commands = commands
        self._at = (read_time(self._live.read_at) if self._live else None) or now()
        self._access = effective_access(description)
        self._mine = [each for each in self._access if each.who.key == user.key and not each.everybody]

    def leave(self) -> Leaving:
        """Put it together."""
        in_app = self._in_app
        commands, live = self._commands, self._live
        return Leaving(
            user=self._user,
            is_baseline=self._app is not None and self._app.metadata.is_of_baseline,
            has=tuple(self._has()),
            groups=tuple(self._groups()),
            roles=tuple(
                f"{each.role_arn} in {self._description.accounts[each.account].name}"
                for each in (live.entitlements if live else ())
                if each.principal in {self._user.key, *self._group_keys}
            ),
            unknown_groups=tuple(sorted({each.who.name for each in self._access if each.everybody})),
            take_out=tuple(lines_of(self._app, in_app)) if self._app and in_app else (),
            commands=tuple(commands.take_away()),
            delete_command=commands.delete(),
            elsewhere=tuple(commands.elsewhere()),
            denial=self._denial(),
            named=tuple(self._named()),
            why_not=tuple(self._why_not()),
            # Most regions have no account access manager, and so no entitlement.
            unread=tuple(
                each
                for each in (live.unread if live else ())
                if each.of_access and each.why != "EndpointConnectionError"
            ),
        )

    @cached_property
    def _in_app(self) -> User | None:
        """The person as the app describes it."""
        if self._app is None or self._app is self._description:
            return self._user
        people = self._app.users
        named = (each for each in people.values() if each.name.casefold() == self._user.name.casefold())
        return people.get(self._user.key) or next(named, None)

    @property
    def _group_keys(self) -> Iterator[str]:
        return (key for key, each in self._description.groups.items() if self._user.key in each.members)

    def _has(self) -> Iterator[Held]:
        origins = {(each.account, each.permission_set, each.principal): each for each in self._description.assignments}
        accounts: defaultdict[tuple[str, str, str, Origin | None], set[str]] = defaultdict(set)
        for each in self._mine:
            principal = each.through.key if each.through else self._user.key
            origin = origins[each.account.key, each.permission_set.key, principal].origin
            origin = replace(origin, logical_id="") if origin else None
            way = each.permission_set.key, each.permission_set.name, each.through.name if each.through else "", origin
            accounts[way].add(each.account.name)
        for key, name, through, origin in sorted(accounts, key=lambda way: (way[1], way[2], str(way[3]), way[0])):
            limit = time_limit(self._description.permission_sets[key].properties)
            yield Held(
                permission_set=name,
                accounts=tuple(sorted(accounts[key, name, through, origin])),
                through=through,
                origin=origin,
                time=limit.at(self._at),
            )

    def _groups(self) -> Iterator[Membership]:
        for key in self._group_keys:
            group = self._description.groups[key]
            yield Membership(group=group.name, origin=group.member_origins.get(self._user.key))

    def _denial(self) -> Denial | None:
        permission_sets = self._description.permission_sets
        # What a group that nobody knows the members of has, the person may have too.
        there = {
            (each.account.key, each.permission_set.key)
            for each in self._access
            if each.who.key == self._user.key or each.everybody
        }
        if self._live is not None:
            # AWS does not tell what was taken away a moment ago: it may be anything that is given to somebody.
            there = there or {(each.account, each.permission_set) for each in self._description.assignments}
        if not there:
            return None
        everywhere = {permission_set for _, permission_set in there}
        is_id = self._live is not None or self._user.only_named
        user_id = self._user.key if is_id else UNKNOWN_ID
        reached = self._live is None or _CONTROL_POLICY in self._live.policy_types
        of_management = {permission_set for account, permission_set in there if account == MANAGEMENT}
        themselves = of_management if reached else everywhere
        return Denial(
            id=user_id,
            id_command="" if is_id else self._commands.tell_id(),
            service_control_policy=denial(user_id)
            if reached and any(account != MANAGEMENT for account, _ in there)
            else None,
            inline_policies=tuple(
                (each.name, with_denial(each, user_id) if self._is_made_here(each) else None)
                for each in sorted((permission_sets[key] for key in themselves), key=lambda each: each.name)
            ),
            has_control_policies=reached,
            hours=longest_session(permission_sets[key] for key in everywhere),
        )

    def _is_made_here(self, permission_set: PermissionSet) -> bool:
        """Tell whether the permission set can be changed in the app; without an `OrgBaseline` its place is open."""
        if self._app is None or not self._app.metadata.is_of_baseline:
            return True
        made = self._app.permission_sets.values()
        return any(each.name == permission_set.name and not each.only_named for each in made)

    def _named(self) -> Iterator[str]:
        """Yield where else the person is named: the addresses of root users and contacts, and policies."""
        addresses = {each.casefold() for each in (self._user.name, *self._user.emails)}
        described = self._description
        email = described.metadata.email or ""
        accounts = [(each.name, each.email or "") for each in described.accounts.values()]
        if MANAGEMENT in described.accounts and email:
            accounts.append((described.accounts[MANAGEMENT].name, email))
        for name in sorted({name for name, address in accounts if address.casefold() in addresses}):
            yield f"The root user of {name} has the person's e-mail address, which sets its password anew"
        contacts = [
            (account.name, contact) for account in described.accounts.values() for contact in account.contacts or ()
        ]
        for name, contact in contacts:
            if contact.email_address.casefold() in addresses:
                yield f"The person is the {contact.type} contact of {name}"
        # Not as a part of another word: lou is not in `cloudtrail`.
        names = "|".join(map(re.escape, (self._user.name, *self._user.emails, self._user.key)))
        named = re.compile(rf"(?<![\w.@+-])({names})(?![\w.@+-])", re.IGNORECASE)
        documents = [(f"policy {each.name}", each.content) for each in described.policies.values()]
        documents += [
            (f"permission set {each.name}", each.properties.get("InlinePolicy"))
            for each in described.permission_sets.values()
        ]
        for what, content in documents:
            if content and named.search(as_json(content)):
                yield f"The {what} names the person"

    def _why_not(self) -> Iterator[str]:
        """Yield why nobody, or nobody known, administers the management account once the person is gone."""
        there = [each for each in self._access if each.account.key == MANAGEMENT and self._may_administer(each)]
        mine = [each for each in there if each.who.key == self._user.key]
        if not mine and not any(each.everybody for each in there):
            return
        others = [each for each in there if each.who.key != self._user.key]
        certain = any(not each.everybody and administers(self._set_of(each)) for each in others)
        if certain:
            return
        if not others:
            yield (
                "nobody administers the management account afterwards, so that only its root user could give access"
                " again; give somebody who stays AdministratorAccess in it first"
            )
            return
        doubtful = sorted({each.who.name for each in others})
        yield (
            "whether anybody administers the management account afterwards is not known:"
            f" only {' and '.join(doubtful)} may; `org-baseline offboard USER live` asks AWS"
            if self._live is None
            else "whether anybody administers the management account afterwards is not known, since AWS would not tell"
        )

    def _set_of(self, access: Access) -> PermissionSet:
        return self._description.permission_sets[access.permission_set.key]

    def _may_administer(self, access: Access) -> bool:
        return administers(self._set_of(access)) is not False
