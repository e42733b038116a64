"""What an app calls what AWS has, and the lines with which it says what AWS says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from org_constructs.aws.resource_types import ACCOUNT, GROUP, MEMBERSHIP, PERMISSION_SET, POLICY, RESOURCE_POLICY, UNIT
from org_constructs.aws.user_types import USERS
from org_constructs.matching.result import TYPES
from org_constructs.matching.template import Resource, Templates
from org_constructs.templates.assembly import environments_of
from org_constructs.templates.description import MANAGEMENT, ROOT, describe
from org_constructs.templates.metadata import metadata_of_all
from org_constructs.templates.permission_set import arguments
from org_constructs.templates.python_text import Code, argument, call
from org_constructs.templates.resources import construct_path
from org_constructs.templates.values import as_json

from .finding import How, Paste, Way

if TYPE_CHECKING:
    from org_constructs.live import organization as live_
    from org_constructs.matching.deployed import DeployedStacks
    from org_constructs.matching.result import Difference
    from org_constructs.templates.assembly import Stack
    from org_constructs.templates.metadata import BaselineMetadata


_PROPS: Final = {
    POLICY: ("PolicyProps", "Name"),
    PERMISSION_SET: ("PermissionSetProps", "Name"),
    GROUP: ("GroupProps", "DisplayName"),
}


class App:
    """The app of the stacks: `OrgBaseline` with its props, or resources of any kind."""

    def __init__(self, deployed: DeployedStacks, stacks: Sequence[Stack]) -> None:
        """Take what is deployed, and the stacks as the app has them by now."""
        self._matcher = deployed.matcher
        self.named = deployed.matcher.templates.literals | Templates(stacks, str).literals
        """Every text in the templates, the ids of what the app names among them.

        Of those that are deployed as well as of the app's: CloudFormation deploys no change of a template's metadata
        alone, and nothing else may name what exists.
        https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/metadata-section-structure.html
        """

        self._described = describe(
            {each.name: each.template for each in deployed.stacks},
            environments_of(deployed.stacks),
        )
        self.metadata = self._described.metadata
        self.now = metadata_of_all(each.template for each in stacks) if stacks else self.metadata
        """What the app says by now, which no deploy has brought there where metadata alone has changed."""

        self.is_baseline = self.metadata.is_of_baseline

    @cached_property
    def declared(self) -> BaselineMetadata:
        """What the stacks were deployed with and the app still declares, of what no template can set."""
        then, now = self.metadata, self.now
        still = {service: set(keys) for service, keys in now.delegated_administrators.items()}
        return replace(
            then,
            trusted_access=tuple(each for each in then.trusted_access if each in now.trusted_access),
            root_access=then.root_access and now.root_access,
            delegated_administrators={
                service: tuple(key for key in keys if key in still.get(service, ()))
                for service, keys in then.delegated_administrators.items()
            },
        )

    def administers(self, key: str, service: str) -> bool:
        """Tell whether the app declares, or the stacks were deployed with it, that an account administers a service."""
        return any(key in each.delegated_administrators.get(service, ()) for each in (self.metadata, self.now))

    @cached_property
    def keys(self) -> Mapping[str, str]:
        """What the app's lists of targets call the root, units and accounts, by the ids of AWS."""
        live = self._matcher.live
        keys = dict(self.metadata.existing_names)
        by_resource = {account.key: key for key, account in self._described.accounts_by_app_key.items()}
        keys |= by_resource  # the key of one that exists already is its id
        for resource in self._matcher.templates.resources(ACCOUNT):
            match = self._matcher.match(resource)
            name = f"{resource.stack.name}/{resource.logical_id}"
            keys[match.id or ""] = by_resource.get(name, resource.logical_id)
        for resource in self._matcher.templates.resources(UNIT):
            match = self._matcher.match(resource)
            keys[match.id or ""] = self._unit_path(resource) or match.name
        if organization := live.organization():
            keys[organization.management_account_id] = MANAGEMENT
            keys[live.root().id] = ROOT
        return keys

    def key(self, aws_id: str) -> str:
        """Return what the app calls the root, a unit or an account, or would call one that `adding` adds."""
        if aws_id in self.keys:
            return self.keys[aws_id]
        if unit := self._units.get(aws_id):
            return unit.name if unit.parent_id == self._root else f"{self.key(unit.parent_id)}/{unit.name}"
        account = self._accounts.get(aws_id)
        return account_key(account.name, self.metadata.company) if account else aws_id

    def adding(self, aws_ids: Iterable[str]) -> Iterator[Paste]:
        """Yield the lines with which the app names units and accounts that it does not have, and that it refers to."""
        if not self.is_baseline:
            return
        for each in aws_ids:
            if each in self.keys:
                continue
            if unit := self._units.get(each):
                yield from self.adding([unit.parent_id])
                yield self._unit(unit)
            elif account := self._accounts.get(each):
                key = account_key(account.name, self.metadata.company)
                line = call("AccountProps", key=key, name=account.name, account_id=account.id)
                yield Paste(place="accounts", lines=(f"{line},",))

    def _unit(self, unit: live_.OrganizationalUnit) -> Paste:
        """Return the line with which the app has a unit; by its id it may be named in a unit alone that is, too."""
        parent = self.key(unit.parent_id)
        line = call("OrganizationalUnitProps", name=unit.name)
        place = call("OrganizationalUnitProps", key=parent.rpartition("/")[2])
        return Paste(
            place="organizational_units" if parent == ROOT else f"{place}, organizational_units", lines=(f"{line},",)
        )

    @cached_property
    def _root(self) -> str:
        return self._matcher.live.root().id

    @cached_property
    def _units(self) -> Mapping[str, live_.OrganizationalUnit]:
        return {each.id: each for each in self._matcher.live.all_organizational_units()}

    @cached_property
    def _accounts(self) -> Mapping[str, live_.Account]:
        return {each.id: each for each in self._matcher.live.accounts()}

    @staticmethod
    def _unit_path(resource: Resource) -> str | None:
        """Return the path of a unit in the app, by its construct's: keys where they are not the names."""
        parts = (construct_path(resource.stack.defined[resource.logical_id]) or "").split("/")
        _, scope, path, _ = parts if len(parts) == 4 else ("", "", "", "")  # noqa: PLR2004 (stack, scope, path, resource)
        return path.replace("--", "/") if scope == "OrganizationalUnits" else None

    def place(self, resource: Resource) -> str:
        """Return where the app says what a resource is."""
        if not self.is_baseline:
            return f"the properties of {resource.shown}"
        if resource.type in _PROPS:
            props, name = _PROPS[resource.type]
            return call(props, name=resource.properties[name])
        if resource.type == RESOURCE_POLICY:
            return "ResourcePolicyProps"
        if resource.type == ACCOUNT:
            return call("AccountProps", key=self.keys.get(self._matcher.match(resource).id or ""))
        if resource.type == UNIT:
            path = self.keys.get(self._matcher.match(resource).id or "", "")
            return call("OrganizationalUnitProps", key=path.rpartition("/")[2])
        return call("UserProps", user_name=self._matcher.match(resource).name)

    def take_over(
        self, resource: Resource, changes: Sequence[Difference], text: str = "", more: Iterable[Paste] = ()
    ) -> Way:
        """Return the way in which the app says of a resource what AWS has."""
        lines = [line for each in changes for line in self._argument(each)]
        beside = tuple(more)
        adopts = any("organizational_units" in each.place for each in beside)
        imports = ", run `org-baseline adopt`, which imports the unit," if adopts else ","
        return Way(
            text=text
            or f"Use this in the app in place of what it says{imports} and deploy, which changes nothing in AWS",
            safe=True,
            pastes=(Paste(place=self.place(resource), lines=tuple(lines)), *beside),
            how=How.ADOPT if adopts else How.PASTE,
        )

    def _argument(self, change: Difference) -> Iterable[str]:
        name, found = change.property, change.found
        if not self.is_baseline:
            return (f"{name}: {as_json(found)}",)
        if name == "Name" and isinstance(found, dict):
            names = {"given_name": found.get("GivenName"), "family_name": found.get("FamilyName")}
            return [line for key, value in names.items() for line in argument(key, value)]
        if name == "TargetIds":
            return argument("targets", sorted(map(self.key, found or ())))
        if name == "ParentIds":
            path = self.key(found[0])
            return argument("organizational_unit", None if path == ROOT else path)
        if name in _ARGUMENTS:
            python_name, of = _ARGUMENTS[name]
            return argument(python_name, of(found))
        made = _permission_set(name, found)
        if name == "InlinePolicy":  # of it and its times, what is no longer the same
            before = _permission_set(name, change.template)
            made = {key: value for key, value in made.items() if value != before[key]}
        return [line for key, value in made.items() for line in argument(key, value)]

    @cached_property
    def names(self) -> Mapping[str, str]:
        """What the app calls people, groups and permission sets, by the ids of AWS."""
        names = dict(self.metadata.existing_names)
        for kind in (GROUP, *USERS, PERMISSION_SET):
            names |= {match.id: match.name for match in self._matcher.matches(kind) if match.id}
        return names

    def groups_of(self, user: str) -> list[str]:
        """Return the groups of the app that AWS has a person in, by the person's id."""
        groups = []
        for resource in self._matcher.templates.resources(GROUP):
            match, store = self._matcher.match(resource), resource.properties["IdentityStoreId"]
            gone = {each.id for each in self._matcher.live.groups(store)}.isdisjoint([match.id])
            members = () if gone or not match.id else self._matcher.live.memberships(store, match.id)
            if any(each.user_id == user for each in members):
                groups.append(match.name)
        return groups

    def person(self, user: str, name: str) -> Paste:
        """Return the line that puts a person into the groups that AWS has the person in, or names the person, too."""
        if user in self.made or user in self.named:
            place = call("UserProps", user_name=self.names.get(user, name))
            return Paste(place=place, lines=argument("groups", self.groups_of(user)))
        line = call("UserProps", user_name=name, user_id=user, groups=self.groups_of(user) or None)
        return Paste(place="users", lines=(f"{line},",))

    @cached_property
    def made(self) -> frozenset[str | None]:
        """The ids of what the stacks have."""
        return frozenset(match.id for kind in TYPES for match in self._matcher.matches(kind))

    @cached_property
    def members(self) -> frozenset[tuple[str | None, ...]]:
        """Who is in which group as the templates have it, by the ids of group and user."""
        return frozenset(map(self._matcher.joined, self._matcher.templates.resources(MEMBERSHIP)))


def account_key(name: str, company: str | None) -> str:
    """Return a key for an account of this name: lower-case letters and digits, in parts joined by `-`."""
    key = "-".join(re.findall("[a-z0-9]+", name.casefold())) or "account"
    return key.removeprefix(f"{company}-") if company else key


def _permission_set(name: str, value: Any) -> dict[str, Any]:  # noqa: ANN401 (JSON)
    """Return what makes a property of a permission set, by the names of the arguments."""
    return arguments({name: value}, lambda **given: Code(call("CustomerManagedPolicy", **given)))


def _as_is(found: Any) -> Any:  # noqa: ANN401 (JSON)
    return found


_ARGUMENTS: Final[Mapping[str, tuple[str, Callable[[Any], Any]]]] = {
    "Content": ("content", _as_is),
    "Description": ("description", _as_is),
    "DisplayName": ("display_name", _as_is),
    "Name": ("name", _as_is),
    "Tags": ("tags", lambda found: {each["Key"]: each["Value"] for each in found or ()}),
}
"""The argument of the props for each property, and how it says what a property says; not those of permission sets."""
