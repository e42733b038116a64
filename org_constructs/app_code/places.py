"""The units and accounts of an app, and what targets call them."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

from org_constructs.aws.account_states import meaning
from org_constructs.aws.sign_up import IDENTITY_ACCOUNT
from org_constructs.baseline.plan.names import MANAGEMENT as MANAGEMENT_NAME
from org_constructs.baseline.plan.names import ROOT as ROOT_NAME
from org_constructs.baseline.props import AccountProps, OrganizationalUnitProps
from org_constructs.constructs.account import check_account
from org_constructs.constructs.email import plus_address
from org_constructs.refusal import Refusal
from org_constructs.templates.description import MANAGEMENT, ROOT
from org_constructs.templates.words import and_list, visible

from .arguments import Told, is_ours, refused, some, why_by_id
from .keys import account_keys, company_of, unit_keys, unit_paths

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from org_constructs.templates.description import Account, Description, OrganizationalUnit

    from .arguments import Notes


class Places:
    """The units and accounts."""

    def __init__(self, description: Description, management: Account, attached: Collection[str], notes: Notes) -> None:
        """Take what there is.

        Args:
            description: What AWS has.
            management: The management account.
            attached: The keys of what policies of the app are attached to.
            notes: Is told what is left out.
        """
        self._units = description.organizational_units
        self._accounts = {key: each for key, each in description.accounts.items() if key != MANAGEMENT}
        self._email = management.email or ""
        self._attached = attached
        self._notes = notes
        self._unit_keys = unit_keys(self._units.values())
        self.paths: Mapping[str, str] = unit_paths(self._units, self._unit_keys)
        """The paths of the units by their keys, parents first."""

        self.company = company_of(management.name, [each.name for each in self._accounts.values()])
        """What the names of accounts begin with."""

        self.left_out: dict[str, str] = {}
        """Accounts that the app does not have: their names, by the description's keys."""

        self._members = self._find_members()
        self._keys = account_keys(self._members.values(), self.company, self.paths, self._units)
        self._by_id = dict(self._find_by_id())

    def name(self, key: str) -> str:
        """Return what targets call the root, a unit or an account of the description."""
        special = {ROOT: ROOT_NAME, MANAGEMENT: MANAGEMENT_NAME}
        return special.get(key) or self.paths.get(key) or self._keys[key]

    @cached_property
    def units_by_id(self) -> Collection[str]:
        """The paths of the units that the app names by their ids: those of others, and whatever these are in."""
        found: set[str] = set()
        for each in self._units.values():
            key = "" if is_ours(each) else each.key
            while key in self._units:
                found.add(self.paths[key])
                key = self._units[key].parent or ""
        return found

    @cached_property
    def places(self) -> Mapping[str, str | None]:
        """The paths that the app's accounts are in, by their keys; None at the root. The order is that of app.py."""
        order = {path: number for number, path in enumerate(self.paths.values())}
        parents = {key: self.paths.get(each.parent or "") for key, each in self._members.items()}
        places = {self._keys[key]: None if key in self._by_id else parents[key] for key in self._members}
        return dict(sorted(places.items(), key=lambda item: (order.get(item[1] or "", -1), item[0])))

    def units(self) -> list[Told]:
        """Return the units at the root, with those in them."""
        paths = defaultdict(list)
        for key, path in self.paths.items():
            paths[self._units[key].name].append(path)
        if twice := sorted(name for name, there in paths.items() if len(there) > 1):
            self._notes.sum_up(f"Several units have one name, and are told apart by their paths: {some(twice)}.")
        named: defaultdict[str, list[str]] = defaultdict(list)
        for key, path in self.paths.items():
            if path in self.units_by_id:
                named[why_by_id(self._units[key]) or "others have units in them"].append(path)
        self._notes.say_named("organizational_units", "units", named)
        inside: defaultdict[str | None, list[OrganizationalUnit]] = defaultdict(list)
        for key in self.paths:
            inside[self._units[key].parent].append(self._units[key])

        def told(unit: OrganizationalUnit) -> Told:
            key, path = self._unit_keys[unit.key], self.paths[unit.key]
            by_id = path in self.units_by_id
            props = OrganizationalUnitProps(
                name=unit.name,
                key=None if key == unit.name else key,
                tags=None if by_id else unit.tags or None,
                organizational_unit_id=unit.key if by_id else None,
            )
            others = [each for each in paths[unit.name] if each != path]
            namesakes = f"Not {and_list(others)}, which {'has' if len(others) == 1 else 'have'} the same name."
            return Told(props, (visible(namesakes),) if others else (), inside=tuple(map(told, inside[unit.key])))

        return list(map(told, inside[ROOT]))

    def accounts(self) -> list[Told]:
        """Return the accounts, in the order of their units and keys."""
        reasons: defaultdict[str, list[str]] = defaultdict(list)
        for key, why in self._by_id.items():
            reasons[why].append(self._keys[key])
        self._notes.say_named("accounts", "accounts", reasons)
        names = Counter(each.name for each in self._members.values())
        if twice := sorted(name for name, number in names.items() if number > 1):
            self._notes.say(
                "accounts", f"Several accounts have one name, and are told apart by their keys: {some(twice)}."
            )
        members = {self._keys[key]: each for key, each in self._members.items()}
        return [self._account(key, members[key], place) for key, place in self.places.items()]

    def _account(self, key: str, account: Account, place: str | None) -> Told:
        name = None if account.name == f"{self.company}-{key}" else account.name
        if account.key in self._by_id:
            return Told(AccountProps(key=key, name=name, account_id=account.account_id or account.key))
        return Told(
            AccountProps(
                key=key,
                name=name,
                email=None if account.email == self._plus_address(key) else account.email,
                organizational_unit=place,
                tags=account.tags or None,
            )
        )

    def _plus_address(self, key: str) -> str | None:
        try:
            return plus_address(self._email, key)
        except Refusal:
            return None

    def _find_members(self) -> dict[str, Account]:
        """Return the accounts of the app, and note which are left out."""
        members: dict[str, Account] = {}
        for key, each in self._accounts.items():
            if each.is_active or key in self._attached:
                members[key] = each
                continue
            self.left_out[key] = each.name
            self._notes.say(
                "accounts",
                f"The account {each.name} <{each.email}>, {each.account_id}, is {meaning(each.state or '')}, and is"
                " left out.",
            )
        return members

    def _find_by_id(self) -> Iterator[tuple[str, str]]:
        """Yield the accounts that the app only names, by their keys, with why."""
        for key, each in self._members.items():
            given = {"name": each.name, "email": each.email or "", "role_name": None, "tags": each.tags}
            if why := why_by_id(each):
                yield key, why
            elif each.name.endswith(IDENTITY_ACCOUNT):
                yield key, "AWS adds them with advanced features"
            elif not each.is_active:
                yield key, f"they are {each.state}, and policies are attached to them"
            elif refusal := refused(check_account, **given):
                yield key, f"this app could not make them ({refusal.why})"
