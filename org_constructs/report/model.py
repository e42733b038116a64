"""What a report says of an organization, put together once for all formats."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from org_constructs.aws.account_states import meaning
from org_constructs.aws.consoles import portal
from org_constructs.aws.durations import in_words as duration_in_words
from org_constructs.templates.access import PolicyInForce, lineage, place_named, policies_in_force, reached
from org_constructs.templates.administrators import administers
from org_constructs.templates.condition import read_time
from org_constructs.templates.contents import pretty_json, says_content, says_only_named, says_permission_set
from org_constructs.templates.description import MANAGEMENT, ROOT, Description, Whence
from org_constructs.templates.description import Account as DescribedAccount
from org_constructs.templates.description import Group as DescribedGroup
from org_constructs.templates.permission_set import session
from org_constructs.templates.time_limit import now, time_limit
from org_constructs.templates.waiting import what_waits
from org_constructs.templates.words import in_a_line, sum_up, visible

from .costs import costs
from .facts import facts_of
from .now import Now, from_, now_of, origin_of
from .retained import Kind, kinds
from .statements import Statement, in_words


@dataclass(frozen=True, kw_only=True)
class PolicyHere:
    """A policy in force in a place."""

    key: str
    name: str
    inherited_from: str
    """The name of what it is attached to; empty where that is the place itself."""


@dataclass(frozen=True, kw_only=True)
class Account:
    """An account."""

    key: str
    name: str
    display_name: str
    """The name that people are to see; empty where that is its name."""

    account_id: str
    """Empty where the deploy makes it."""

    email: str
    """Empty where no template says it."""

    exists: bool
    """Whether it exists already, so that the templates only name it."""

    closing: bool
    """Whether the app is about to close it."""

    closed: bool
    """Whether it was closed, so that nobody can enter it."""

    state: str
    """What it is, such as closed or restricted by AWS; empty where it is active, or nobody asked."""

    origin: str
    """Where it is from; empty where templates are described."""

    policies: tuple[PolicyHere, ...]
    has_no_guardrails: bool
    """Whether it is known that none of the organization's policies is in force there; False if there are none."""

    @property
    def is_management(self) -> bool:
        """Whether it is the management account."""
        return self.key == MANAGEMENT


@dataclass(frozen=True, kw_only=True)
class Unit:
    """The root or an organizational unit, with what is in it."""

    name: str
    path: str
    """The names from the root down; empty for the root itself."""

    exists: bool
    origin: str
    """Where it is from; empty where templates are described."""

    policies: tuple[PolicyHere, ...]
    units: tuple[Unit, ...]
    accounts: tuple[Account, ...]

    def all_accounts(self) -> Iterator[tuple[Unit, Account]]:
        """Yield the accounts in here, at any depth, in the order in which they are drawn, each with its unit."""
        for account in self.accounts:
            yield self, account
        for unit in self.units:
            yield from unit.all_accounts()

    @cached_property
    def account_keys(self) -> frozenset[str]:
        """The keys of the accounts in here, at any depth."""
        return frozenset(account.key for _, account in self.all_accounts())


@dataclass(frozen=True, kw_only=True, order=True)
class Person:
    """A user; or a group that exists already, for everybody in it."""

    name: str
    key: str
    everybody: bool
    origin: str = field(default="", compare=False)
    """Where it is from; empty where templates are described."""

    def __str__(self) -> str:
        return f"everybody in group {self.name}" if self.everybody else self.name


@dataclass(frozen=True, kw_only=True)
class Grant:
    """People who all have a permission set in the same accounts, by the same way."""

    people: tuple[Person, ...]
    """Empty where the group through which it goes has no members."""

    permission_set: str
    """Its key."""

    accounts: frozenset[str]
    """Their keys."""

    through: str
    """The name of the group; empty where the assignment is to the person, or to everybody in the group."""

    group: str
    """The key of the group that the assignment is to; empty where it is to a person."""

    origin: str
    """Where the assignment is from; empty where templates are described."""

    not_ours: str
    """What of it is not from this app, such as `by hand, a member by hand`; empty where all is, and for templates."""

    @property
    def way(self) -> str:
        """How the people come to it."""
        way = f"through group {self.through}" if self.through else "directly"
        return f"{way}, {self.not_ours}" if self.not_ours else way


@dataclass(frozen=True, kw_only=True)
class Group:
    """A group, and who is in it."""

    key: str
    name: str
    members: tuple[str, ...]
    """The names of the users whom templates put in it, or whom AWS has in it."""

    from_elsewhere: Mapping[str, str]
    """Where it is from that a user is in it, such as `a member by hand`, where that is not where the group is from."""

    exists: bool
    """Whether it exists already, so that AWS may have more people in it."""

    origin: str
    """Where it is from; empty where templates are described."""


@dataclass(frozen=True, kw_only=True)
class PermissionSet:
    """A permission set, and what it allows."""

    key: str
    name: str
    description: str
    session: str
    """The length of a session; empty where no template says it."""

    origin: str
    """Where it is from; empty where templates are described."""

    time: str
    """From when and until when it allows that, such as `until 2026-12-31 18:00 UTC`, or that it has ended; empty where
    it has no such time."""

    has_ended: bool
    administers: bool
    """Whether it makes administrators, which it no longer does once it has ended."""

    says: tuple[str, ...]
    """What it allows and denies, a line each."""

    document: str
    """Its inline policy as JSON; empty without one."""

    @property
    def titled(self) -> str:
        """The name, with the length of a session where that is known, and the time."""
        return f"{self.name} ({self.about})" if self.about else self.name

    @property
    def about(self) -> str:
        """The length of a session, and the time: `8 h, until 2026-12-31 18:00 UTC`."""
        return ", ".join(filter(None, (self.session, self.time)))


@dataclass(frozen=True, kw_only=True)
class Policy:
    """An Organizations policy."""

    key: str
    name: str
    type: str
    origin: str
    """Where it is from; empty where templates are described."""

    attached_to: tuple[str, ...]
    accounts: frozenset[str]
    """The keys of the accounts in which it is in force."""

    says: tuple[str, ...]
    """Its statements, a line each; none of a type that has other contents."""

    statements: tuple[Statement, ...]
    """The same in words, with their names."""

    document: str


@dataclass(frozen=True, kw_only=True)
class Report:
    """An organization."""

    name: str
    source: str
    """What templates it is read from, and of when; empty where nobody says it."""

    notes: tuple[str, ...]
    """What whoever reads it is to know first: that the assembly is older than its app, and what the app has and the
    templates leave out.
    """

    portal: str
    """The address of the access portal; empty where nobody says it, or it is not AWS's."""

    region: str | None
    """The region of IAM Identity Center; None where nobody says it."""

    root: Unit
    elsewhere: Unit | None
    """What exists already and no template says the place of; None if there is nothing."""

    people: tuple[Person, ...]
    groups: tuple[Group, ...]
    grants: tuple[Grant, ...]
    permission_sets: Mapping[str, PermissionSet]
    """By their keys, in the order of the templates."""

    policies: tuple[Policy, ...]
    kinds: tuple[Kind, ...]
    costs: tuple[str, ...]
    facts: tuple[tuple[str, tuple[str, ...]], ...]
    """What is to be said of the organization itself: what it is called, and a line for each."""

    now: Now | None
    """What is said of what AWS has alone; None where templates are described."""

    @property
    def unknown_place(self) -> str:
        """What `elsewhere` is called."""
        return "place unknown to the templates" if self.now is None else "place unknown"

    @cached_property
    def accounts(self) -> Mapping[str, Account]:
        """The accounts by their keys, in the order in which they are drawn."""
        return {account.key: account for _, account in self.places()}

    def places(self) -> Iterator[tuple[Unit, Account]]:
        """Yield every account, in the order in which they are drawn, each with what it is in."""
        yield from self.root.all_accounts()
        if self.elsewhere is not None:
            yield from self.elsewhere.all_accounts()

    @cached_property
    def open_accounts(self) -> Mapping[str, Account]:
        """The accounts that somebody can enter."""
        return {key: account for key, account in self.accounts.items() if not account.closed}

    def where(self, accounts: Collection[str]) -> list[str]:
        """Say in few words which accounts are meant; many that are all of a unit's are said so.

        Nobody is to read that as the unit: an account that is put there later is not one of them.
        """
        everything, known = len(self.open_accounts), [key for key in accounts if key in self.open_accounts]
        if everything > 1 and len(known) == everything:
            return [f"all {everything:,} accounts"]
        few = 3
        is_spared = MANAGEMENT in self.open_accounts and MANAGEMENT not in known
        if everything >= few and is_spared and len(known) == everything - 1:
            return [f"all {len(known):,} accounts other than {self.accounts[MANAGEMENT].name}"]
        held = Counter(id(unit) for key in known for unit in self._drawn[key][1])
        parts: dict[str | int, str] = {}
        for key in sorted(known, key=lambda key: self._drawn[key][0]):
            for unit in self._drawn[key][1]:
                if unit.path and few < held[id(unit)] == len(unit.account_keys):
                    parts[id(unit)] = f"all {held[id(unit)]:,} accounts now in {unit.path}"
                    break
            else:
                parts[key] = self.accounts[key].name
        return list(parts.values())

    @cached_property
    def _drawn(self) -> Mapping[str, tuple[int, tuple[Unit, ...]]]:
        """Where each account is drawn, and what it is in, the root first."""
        ways = (way for unit in (self.root, self.elsewhere) if unit for way in _ways(unit, ()))
        return {key: (index, way) for index, (key, way) in enumerate(ways)}

    @cached_property
    def grants_of(self) -> Mapping[str, Sequence[Grant]]:
        """The ways in which somebody has access to something, by the keys of those who have it."""
        grants: dict[str, list[Grant]] = {}
        for grant in self.grants:
            for person in grant.people:
                grants.setdefault(person.key, []).append(grant)
        return grants

    @property
    def shows(self) -> str:
        """What the report is of, in a sentence: what AWS has, or what templates make of it."""
        if self.now is not None:
            return f"This is what AWS had at {self.now.read_at}."
        return f"This is what a deploy makes of the organization, from {self.source or 'templates'}."

    @cached_property
    def equals(self) -> tuple[tuple[Person, ...], ...]:
        """The people, together with those who have the same in the same accounts by the same ways; groups alone."""
        equals: dict[object, list[Person]] = {}
        for person in self.people:
            has = frozenset(
                (each.permission_set, each.accounts, each.way) for each in self.grants_of.get(person.key, ())
            )
            equals.setdefault(person.key if person.everybody else has, []).append(person)
        return tuple(map(tuple, equals.values()))

    @cached_property
    def holders(self) -> Mapping[str, tuple[frozenset[Person], frozenset[Person]]]:
        """Who has access to an account, and who administers it, by the accounts' keys."""
        holders: dict[str, tuple[set[Person], set[Person]]] = {key: (set(), set()) for key in self.accounts}
        for grant in self.grants:
            for account in grant.accounts:
                everybody, administrators = holders[account]
                everybody.update(grant.people)
                if self.permission_sets[grant.permission_set].administers:
                    administrators.update(grant.people)
        return {key: (frozenset(some), frozenset(few)) for key, (some, few) in holders.items()}

    def access_of(self, person: Person, most: int | None = None) -> list[tuple[str, str, str]]:
        """Return what somebody has, in which accounts, the first ones where there are many, and how."""
        grants = self.grants_of.get(person.key, ())
        return [(*self._granted(each, most), each.way) for each in grants] or [("nothing", "", "")]

    def without_members(self, most: int | None = None) -> list[tuple[str, str, str]]:
        """Return the groups without members, what they would have, and in which accounts."""
        return [(each.through, *self._granted(each, most)) for each in self.grants if not each.people]

    def _granted(self, grant: Grant, most: int | None) -> tuple[str, str]:
        where = self.where(grant.accounts)
        return self.permission_sets[grant.permission_set].titled, in_a_line(where, most or len(where))

    @cached_property
    def summary(self) -> str:
        """One sentence on how many there are, and who administers everything."""

        def administered(person: Person) -> frozenset[str]:
            grants = self.grants_of.get(person.key, ())
            return frozenset[str]().union(
                *(each.accounts for each in grants if self.permission_sets[each.permission_set].administers)
            )

        administrators = [
            person for person in self.people if self.open_accounts and administered(person) >= self.open_accounts.keys()
        ]
        return sum_up(
            len(self.open_accounts),
            sum(not person.everybody for person in self.people),
            [str(person) for person in administrators if not person.everybody],
            [str(person) for person in administrators if person.everybody],
        )


def make_report(description: Description, stale: str = "", source: str = "", *, at: float | None = None) -> Report:
    """Return what is to be said of an organization.

    Args:
        description: What the templates say.
        stale: What says that they are older than the app; empty where they are not.
        source: What they are read from; by default that is not said.
        at: When access has ended or not, in seconds since 1970; by default when AWS was asked, or now.
    """
    if at is None:
        at = read_time(description.live.read_at) if description.live else None
    time = now() if at is None else at
    in_force: dict[str, list[PolicyInForce]] = {}
    for policy in policies_in_force(description):
        in_force.setdefault(policy.place.key, []).append(policy)
    tree = _Tree(description, in_force)
    elsewhere = tree.top(None, "elsewhere")
    name = description.metadata.company or (description.live and description.live.organization_id)
    return Report(
        name=visible(name) if name else "Organization",
        source=visible(source),
        notes=tuple(visible(each) for each in (stale, *map(str, what_waits(description.metadata))) if each),
        portal=portal(description.metadata.start_url),
        region=description.metadata.identity_center_region or (description.live.region if description.live else None),
        root=tree.top(ROOT, "root"),
        elsewhere=elsewhere if elsewhere.units or elsewhere.accounts else None,
        people=_people(description),
        groups=_groups(description),
        grants=tuple(_grants(description)),
        permission_sets={key: _permission_set(description, key, time) for key in description.permission_sets},
        policies=tuple(_policies(description, in_force)),
        kinds=kinds(description.values),
        costs=costs(description.values, (policy.type for policy in description.policies.values())),
        facts=facts_of(description),
        now=now_of(description),
    )


class _Tree:
    """Puts units and accounts in one another."""

    def __init__(self, description: Description, in_force: Mapping[str, Sequence[PolicyInForce]]) -> None:
        self._description = description
        self._in_force = in_force
        unread = description.live.unread if description.live else ()
        self._policies_are_known = bool(in_force) and not any(
            each.action.startswith("organizations:") for each in unread
        )
        self._units: dict[str | None, list[str]] = {}
        for unit in description.organizational_units.values():
            self._units.setdefault(unit.parent, []).append(unit.key)
        self._accounts: dict[str | None, list[str]] = {}
        for account in sorted(description.accounts.values(), key=lambda each: each.key != MANAGEMENT):
            self._accounts.setdefault(account.parent, []).append(account.key)

    def top(self, key: str | None, name: str) -> Unit:
        """Return the root; or, for None, what no template says the place of."""
        return Unit(
            name=name,
            path="",
            exists=False,
            origin="",
            policies=() if key is None else self._policies(key),
            units=self._units_in(key, ""),
            accounts=self._accounts_in(key),
        )

    def _units_in(self, parent: str | None, above: str) -> tuple[Unit, ...]:
        return tuple(self._unit(key, above) for key in self._units.get(parent, ()))

    def _unit(self, key: str, above: str) -> Unit:
        unit = self._description.organizational_units[key]
        name = visible(unit.name)
        path = f"{above}/{name}" if above else name
        return Unit(
            name=name,
            path=path,
            exists=unit.only_named,
            origin=origin_of(unit),
            policies=self._policies(key),
            units=self._units_in(key, path),
            accounts=self._accounts_in(key),
        )

    def _accounts_in(self, parent: str | None) -> tuple[Account, ...]:
        return tuple(
            self._account(self._description.accounts[key], is_management=key == MANAGEMENT)
            for key in self._accounts.get(parent, ())
        )

    def _account(self, each: DescribedAccount, *, is_management: bool) -> Account:
        email = each.email or (self._description.metadata.email if is_management else "") or ""
        policies = self._policies(each.key)
        return Account(
            key=each.key,
            name=visible(each.name),
            display_name=visible(each.display_name or ""),
            account_id=each.account_id or "",
            email=visible(email),
            exists=each.only_named and not is_management,
            closing=each.is_closing and not each.is_closed,
            closed=each.is_closed,
            state="" if each.is_active else visible(meaning(each.state or "")),
            origin=origin_of(each),
            policies=policies,
            has_no_guardrails=not policies
            and not each.is_closed
            and self._policies_are_known
            and self._is_placed(each.key),
        )

    def _is_placed(self, key: str) -> bool:
        """Tell whether it is known what an account is in, up to the root."""
        top = lineage(self._description, key)[1]
        known = self._description.organizational_units.get(top) or self._description.accounts.get(top)
        return known is not None and known.parent is not None

    def _policies(self, place: str) -> tuple[PolicyHere, ...]:
        above = lineage(self._description, place)
        found = sorted(
            self._in_force.get(place, ()), key=lambda each: (above.index(each.attached_to.key), each.policy.name)
        )
        return tuple(
            PolicyHere(
                key=each.policy.key,
                name=visible(each.policy.name),
                inherited_from="" if each.attached_to == each.place else visible(each.attached_to.name),
            )
            for each in found
        )


def _people(description: Description) -> tuple[Person, ...]:
    users = (
        Person(name=visible(each.name), key=each.key, everybody=False, origin=origin_of(each))
        for each in description.users.values()
    )
    groups = (
        Person(name=visible(each.name), key=each.key, everybody=True, origin=origin_of(each))
        for each in description.groups.values()
        if each.only_named
    )
    return (*sorted(users), *sorted(groups))


def _groups(description: Description) -> tuple[Group, ...]:
    groups = (
        Group(
            key=each.key,
            name=visible(each.name),
            members=tuple(sorted({visible(description.users[member].name) for member in each.members})),
            from_elsewhere={
                visible(description.users[member].name): visible(f"a member {from_(origin)}")
                for member, origin in each.member_origins.items()
                if visible(from_(origin)) != origin_of(each)
            },
            exists=each.only_named,
            origin=origin_of(each),
        )
        for each in description.groups.values()
    )
    return tuple(sorted(groups, key=lambda each: (each.name, each.key)))


def _grants(description: Description) -> Iterator[Grant]:
    accounts: dict[tuple[str, str, str], set[str]] = {}
    for each in description.assignments:
        if not description.accounts[each.account].is_closed:
            accounts.setdefault((each.principal, each.permission_set, origin_of(each)), set()).add(each.account)
    for (principal, permission_set, origin), held in accounts.items():
        group = description.groups.get(principal)
        by_way: dict[tuple[str, str], list[Person]] = {}
        for who, everybody, through in reached(description, principal):
            person = Person(name=visible(who.name), key=who.key, everybody=everybody)
            by_way.setdefault((visible(through.name) if through else "", _not_ours(group, who.key, origin)), []).append(
                person
            )
        # What a group without members would give its first one is to be seen as well.
        for (way, not_ours), people in (by_way or {(visible(group.name) if group else "", ""): []}).items():
            yield Grant(
                people=tuple(sorted(set(people))),
                permission_set=permission_set,
                accounts=frozenset(held),
                through=way,
                group=principal if group else "",
                origin=origin,
                not_ours=not_ours,
            )


def _not_ours(group: DescribedGroup | None, user: str, origin: str) -> str:
    """Say what of somebody's access is not from this app."""
    parts = [origin] if origin != Whence.APP else []
    member = group.member_origins.get(user) if group else None
    if member is not None and member.whence is not Whence.APP:
        parts.append(f"a member {from_(member)}")
    return ", ".join(filter(None, parts))


def _permission_set(description: Description, key: str, at: float) -> PermissionSet:
    known = description.permission_sets[key]
    properties = known.properties
    time = time_limit(properties)
    return PermissionSet(
        key=key,
        name=visible(known.name),
        description=visible(str(properties.get("Description", ""))),
        session=visible(duration_in_words(session(properties))) if not known.only_named else "",
        origin=origin_of(known),
        time=time.at(at),
        has_ended=time.has_ended(at),
        administers=bool(administers(known)) and not time.has_ended(at),
        says=(says_only_named(description),) if known.only_named else says_permission_set(properties),
        document=pretty_json(properties["InlinePolicy"]) if properties.get("InlinePolicy") else "",
    )


def _policies(description: Description, in_force: Mapping[str, Sequence[PolicyInForce]]) -> Iterator[Policy]:
    places: dict[str, set[str]] = {}
    for key in description.accounts:
        for each in in_force.get(key, ()):
            places.setdefault(each.policy.key, set()).add(key)
    for policy in description.policies.values():
        yield Policy(
            key=policy.key,
            name=visible(policy.name),
            type=visible(policy.type),
            origin=origin_of(policy),
            attached_to=tuple(visible(place_named(description, target).name) for target in policy.targets),
            accounts=frozenset(places.get(policy.key, ())),
            says=says_content(policy.content),
            statements=in_words(policy.content),
            document=pretty_json(policy.content),
        )


def _ways(unit: Unit, above: tuple[Unit, ...]) -> Iterator[tuple[str, tuple[Unit, ...]]]:
    way = (*above, unit)
    for account in unit.accounts:
        yield account.key, way
    for each in unit.units:
        yield from _ways(each, way)
