"""What an app calls what AWS has, and the lines with which it says what AWS says."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from org_constructs.aws.user_types import USERS
from org_constructs.templates.description import MANAGEMENT, ROOT, describe
from org_constructs.templates.metadata import is_baseline
from org_constructs.templates.values import as_json

from .finding import How, Way
from .python_text import Code, argument, call

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from org_constructs.matching.deployed import DeployedStacks
    from org_constructs.matching.template import Resource

    from .finding import Change

ACCOUNT: Final = "AWS::Organizations::Account"
UNIT: Final = "AWS::Organizations::OrganizationalUnit"
POLICY: Final = "AWS::Organizations::Policy"
PERMISSION_SET: Final = "AWS::SSO::PermissionSet"
GROUP: Final = "AWS::IdentityStore::Group"
MEMBERSHIP: Final = "AWS::IdentityStore::GroupMembership"
ASSIGNMENT: Final = "AWS::SSO::Assignment"

_PROPS: Final = {
    POLICY: ("PolicyProps", "Name"),
    PERMISSION_SET: ("PermissionSetProps", "Name"),
    GROUP: ("GroupProps", "DisplayName"),
}
_MANAGED: Final = re.compile(r"arn:[^:]+:iam::aws:policy/(.+)")


class App:
    """The app of the stacks: `OrgBaseline` with its props, or resources of any kind."""

    def __init__(self, deployed: DeployedStacks) -> None:
        """Take what is deployed."""
        self._matcher = deployed.matcher
        stacks = {each.name: each for each in deployed.stacks}
        self._described = describe(
            {name: each.template for name, each in stacks.items()}, {name: each.region for name, each in stacks.items()}
        )
        self.metadata = self._described.metadata
        self.is_baseline = any(map(is_baseline, (each.template for each in stacks.values())))

    @cached_property
    def keys(self) -> Mapping[str, str]:
        """What the app's lists of targets call the root, units and accounts, by the ids of AWS."""
        live = self._matcher.live
        keys = dict(self.metadata.existing_names)
        outputs = {account.output[1]: account for account in self._described.accounts.values() if account.output}
        by_resource = {}
        for key, account in self.metadata.accounts.items():
            if found := outputs.get(account.output):
                by_resource[found.key] = key
                keys[found.key] = key  # the id of one that exists already
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

    @staticmethod
    def _unit_path(resource: Resource) -> str | None:
        """Return the path of a unit in the app, by its construct's: keys where they are not the names."""
        body = resource.stack.template["Resources"][resource.logical_id]
        parts = str(body.get("Metadata", {}).get("aws:cdk:path", "")).split("/")
        _, scope, path, _ = parts if len(parts) == 4 else ("", "", "", "")  # noqa: PLR2004 (stack, scope, path, resource)
        return path.replace("--", "/") if scope == "OrganizationalUnits" else None

    def place(self, resource: Resource) -> str:
        """Return where the app says what a resource is."""
        if not self.is_baseline:
            return f"the properties of {resource.shown}"
        if resource.type in _PROPS:
            props, name = _PROPS[resource.type]
            return call(props, name=resource.properties[name])
        if resource.type == ACCOUNT:
            return call("AccountProps", key=self.keys.get(self._matcher.match(resource).id or ""))
        if resource.type == UNIT:
            path = self.keys.get(self._matcher.match(resource).id or "", "")
            return call("OrganizationalUnitProps", key=path.rpartition("/")[2])
        return call("UserProps", user_name=self._matcher.match(resource).name)

    def take_over(self, resource: Resource, changes: Sequence[Change], text: str = "") -> Way:
        """Return the way in which the app says of a resource what AWS has."""
        lines = [line for each in changes for line in self._argument(each.property, each.found)]
        return Way(
            text=text or "Add this to the app in place of what it says, and deploy, which then changes nothing in AWS",
            safe=True,
            place=self.place(resource),
            lines=tuple(lines),
            how=How.PASTE,
        )

    def _argument(self, name: str, found: Any) -> Iterable[str]:  # noqa: ANN401 (JSON)
        if not self.is_baseline:
            return (f"{name}: {as_json(found)}",)
        if name == "Name" and isinstance(found, dict):
            names = {"given_name": found.get("GivenName"), "family_name": found.get("FamilyName")}
            return [line for key, value in names.items() for line in argument(key, value)]
        if name == "TargetIds":
            return argument("targets", sorted(self.keys.get(each, each) for each in found or ()))
        if name == "ParentIds":
            path = self.keys.get(found[0], found[0])
            return argument("organizational_unit", None if path == ROOT else path)
        python_name, of = _ARGUMENTS[name]
        return argument(python_name, of(found))

    def groups_of(self, user: str, besides: Iterable[str] = (), without: Iterable[str] = ()) -> tuple[str, ...]:
        """Return the argument with the groups that the app has a person in, by their ids, and others."""
        groups = [
            self._matcher.match(each).name.rpartition(" in ")[2]
            for each in self._matcher.templates.resources(MEMBERSHIP)
            if self._matcher.reference(each, each.properties["MemberId"]["UserId"]) == user
        ]
        named = dict.fromkeys([*groups, *besides])
        return argument("groups", [each for each in named if each not in set(without)])

    def has_user(self, user: str) -> bool:
        """Tell whether the app creates a user, or names one by its id."""
        made = {match.id for kind in USERS for match in self._matcher.matches(kind)}
        return user in made or user in self._matcher.templates.literals


def _managed(arn: str) -> str:
    found = _MANAGED.fullmatch(arn)
    return found[1] if found else arn


def _customer_managed(reference: Mapping[str, str]) -> Code:
    path = reference.get("Path")
    return Code(call("CustomerManagedPolicy", name=reference["Name"], path=None if path == "/" else path))


def _boundary(boundary: Mapping[str, Any]) -> str | Code:
    if arn := boundary.get("ManagedPolicyArn"):
        return _managed(arn)
    return _customer_managed(boundary["CustomerManagedPolicyReference"])


def _as_is(found: Any) -> Any:  # noqa: ANN401 (JSON)
    return found


_ARGUMENTS: Final[Mapping[str, tuple[str, Callable[[Any], Any]]]] = {
    "Content": ("content", _as_is),
    "CustomerManagedPolicyReferences": (
        "customer_managed_policies",
        lambda found: [_customer_managed(each) for each in found or ()],
    ),
    "Description": ("description", _as_is),
    "DisplayName": ("display_name", _as_is),
    "InlinePolicy": ("inline_policy", _as_is),
    "ManagedPolicies": ("managed_policies", lambda found: [_managed(each) for each in found or ()]),
    "Name": ("name", _as_is),
    "PermissionsBoundary": ("permissions_boundary", lambda found: _boundary(found) if found else None),
    "RelayStateType": ("relay_state", _as_is),
    "SessionDuration": ("session_duration", _as_is),
    "Tags": ("tags", lambda found: {each["Key"]: each["Value"] for each in found or ()}),
}
"""The argument of the props for each property, and how it says what a property says."""
