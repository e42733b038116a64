"""Matches the resources of templates with what exists, in the order in which they refer to each other."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from org_constructs.aws import limits
from org_constructs.aws.resource_types import BUDGET
from org_constructs.aws.user_types import CUSTOM_USER, USER
from org_constructs.refusal import Refusal
from org_constructs.templates.values import Value, as_json, written

from .budgets import BudgetsMatcher
from .gains import Gain, Gains
from .identity_center import IdentityCenterMatcher
from .organizations import OrganizationsMatcher
from .result import Match, State, Unknown
from .template import Resource, Templates

if TYPE_CHECKING:
    from org_constructs.live.organization import LiveOrganization
    from org_constructs.templates.assembly import Stack

_MEMBERSHIP: Final = "AWS::IdentityStore::GroupMembership"
_ASSIGNMENT: Final = "AWS::SSO::Assignment"


class Matcher:
    """Matches the resources of stacks with what exists, one resource type at a time, each when it is asked for."""

    def __init__(self, stacks: Sequence[Stack], live: LiveOrganization) -> None:
        """Take the stacks of one organization, and where to look."""
        self.live = live
        self._stacks = tuple(stacks)
        self.templates = Templates(stacks, lambda: live.caller().account_id)
        self._matches: dict[tuple[str, str], Match] = {}
        self._not_found: set[tuple[str, str]] = set()
        self._made_again: dict[tuple[str, str], str] = {}
        organizations, identity_center = OrganizationsMatcher(self), IdentityCenterMatcher(self)
        self.parent = organizations.parent
        self._gains = Gains(self, identity_center)
        self._match_by_type: Mapping[str, Callable[[Resource], Match]] = {
            "AWS::Organizations::Organization": organizations.organization,
            "AWS::Organizations::OrganizationalUnit": organizations.unit,
            "AWS::Organizations::Policy": organizations.policy,
            "AWS::Organizations::Account": organizations.account,
            "AWS::Organizations::ResourcePolicy": organizations.resource_policy,
            "AWS::SSO::PermissionSet": identity_center.permission_set,
            "AWS::IdentityStore::Group": identity_center.group,
            USER: identity_center.user,
            "AWS::IdentityStore::GroupMembership": identity_center.membership,
            "AWS::SSO::Assignment": identity_center.assignment,
            BUDGET: BudgetsMatcher(self).budget,
            CUSTOM_USER: identity_center.custom_user,
        }
        self._all_by_type: Mapping[str, Callable[[], Iterator[tuple[str, str]]]] = {
            "AWS::Organizations::OrganizationalUnit": organizations.all_units,
            "AWS::Organizations::Policy": organizations.all_policies,
            "AWS::Organizations::Account": organizations.all_accounts,
            "AWS::SSO::PermissionSet": identity_center.all_permission_sets,
            "AWS::IdentityStore::Group": identity_center.all_groups,
            USER: identity_center.all_users,
            "AWS::IdentityStore::GroupMembership": identity_center.all_memberships,
            "AWS::SSO::Assignment": identity_center.all_assignments,
        }

    def matches(self, resource_type: str) -> tuple[Match, ...]:
        """Return the resources of a type, in the order of the templates, each with what exists of it.

        Raises:
            Refusal: A template names an instance of IAM Identity Center, an identity store, a root or a unit that
                is not there, or refers to something in a way that only a deploy can follow.
            botocore.exceptions.ClientError: AWS does not let the credentials look, or does not answer.
        """
        found = (self.match(resource) for resource in self.templates.resources(resource_type))
        return tuple(map(self._gains.judged, found) if resource_type == "AWS::IdentityStore::Group" else found)

    def gains(self) -> tuple[Gain, ...]:
        """Return who gets access by a deploy because of a group that exists, and is not named for it.

        Raises:
            Refusal: As `matches`.
            botocore.exceptions.ClientError: As `matches`.
        """
        return tuple(self._gains.all())

    def unknown(self, resource_type: str) -> tuple[Unknown, ...]:
        """Return what exists of a type that no template knows, or names by its id.

        Units are looked for beside those of the templates, and memberships in their groups; assignments are those of
        everybody, so that access that somebody gave by hand is seen, whoever has it. That is a call for each user and
        group.

        Raises:
            Refusal: As `matches`.
            botocore.exceptions.ClientError: As `matches`.
        """
        if resource_type not in self._all_by_type:
            return ()
        known = {match.id for match in self.matches(resource_type)}
        if resource_type == USER:
            known |= {match.id for match in self.matches(CUSTOM_USER)}
        return tuple(
            Unknown(type=resource_type, name=name, id=found)
            for name, found in self._all_by_type[resource_type]()
            if found not in known and found not in self.templates.literals
        )

    def gone(self, match: Match) -> bool:
        """Tell whether a stack has it and AWS no longer has, where the templates are those of the stacks."""
        return (match.stack, match.logical_id) in self._not_found

    def made_again(self, match: Match) -> str | None:
        """Return the id of the membership that joins the same as one that the stack had, and that AWS no longer has.

        Of what is deployed, nothing else can end and begin again without its name being in the way.
        """
        return self._made_again.get((match.stack, match.logical_id))

    def reference(self, resource: Resource, value: Value) -> str | None:
        """Return the id of what a property refers to; None where it does not exist yet.

        Raises:
            Refusal: Only a deploy knows it, or it is the root of another organization.
        """
        if isinstance(value, str):
            return self._check_root(resource, value) if re.fullmatch(limits.ROOT_ID, value) else value
        referred, attribute = self.templates.referred(value)
        if referred is None or referred.type not in self._match_by_type:
            raise Refusal(
                "reference-unknown",
                f"{resource.shown} must refer to accounts, units, people and permission sets by value, Ref,"
                f" Fn::GetAtt, Fn::ImportValue or Fn::GetStackOutput, got {as_json(value)}, which is known only during"
                " the deploy",
            )
        found = self.match(referred).id
        organization = self.live.organization()
        if found is None or referred.type != "AWS::Organizations::Organization" or organization is None:
            return found
        return {"RootId": self.live.root().id, "ManagementAccountId": organization.management_account_id}.get(
            attribute, found
        )

    def joined(self, resource: Resource) -> tuple[str | None, ...]:
        """Return the ids of what a membership or an assignment joins.

        Raises:
            Refusal: As `reference`.
        """
        return tuple(self.reference(resource, each) for each in resource.joined)

    def shown(self, value: Value) -> str:
        """Return what a property refers to as people know it."""
        referred, attribute = self.templates.referred(value)
        if referred is None or referred.type not in self._match_by_type:
            return written(value)
        special = {"RootId": "the root", "ManagementAccountId": "the management account"}
        return special.get(attribute) or self.match(referred).name.partition(" <")[0]

    def match(self, resource: Resource) -> Match:
        """Return a resource of the templates with what exists of it, whoever is in it."""
        key = resource.stack.id, resource.logical_id
        if key not in self._matches:
            match = self._match_by_type[resource.type](resource)
            if deployed := self.deployed_id(resource):
                if match.state is State.CREATED:
                    self._not_found.add(key)
                elif resource.type == _MEMBERSHIP and match.id and match.id != deployed:
                    self._made_again[key] = match.id
                # Joining the same it may be another thing.
                differences = match.differences if match.id == deployed else ()
                match = replace(
                    match, state=State.DEPLOYED, id=deployed, identifier={}, differences=differences, reason=None
                )
            elif match.state is State.ADOPTED and (reason := self._held_otherwise(resource, match)):
                match = replace(match, state=State.IN_THE_WAY, identifier={}, reason=reason, lines=())
            self._matches[key] = match
        return self._matches[key]

    def deployed_id(self, resource: Resource) -> str | None:
        """Return the id of what the stack has of a resource."""
        stack = self.live.stack(resource.stack.name)
        if stack is None or resource.logical_id not in stack.resources:
            return None
        physical = stack.resources[resource.logical_id]
        if resource.type == _ASSIGNMENT:
            return self._match_by_type[resource.type](resource).id or physical
        return _told(resource, physical)

    def _held_otherwise(self, resource: Resource, match: Match) -> Refusal | None:
        """Return why what was found is no other thing, but what a stack has and the next deploy takes out of it."""
        for stack in self._stacks:
            there = self.live.stack(stack.name)
            for logical_id, physical in there.resources.items() if there else ():
                if logical_id not in stack.defined and _told(resource, physical) == match.id:
                    return Refusal(
                        "logical-id-changed",
                        f"the stack {stack.id} has it as {logical_id}, and to CloudFormation another logical id is"
                        " another resource",
                        "restore that id, with the key or name that it had in the app or with"
                        f" `override_logical_id({logical_id!r})`",
                    )
        return None

    def _check_root(self, resource: Resource, root_id: str) -> str:
        found = self.live.root().id if self.live.organization() else "no organization"
        if root_id != found:
            raise Refusal(
                "root-mismatch",
                f"{resource.shown} must be under the organization's root, got {root_id} instead of {found}",
                "look up the root's id in the console of AWS Organizations",
            )
        return root_id


def _told(resource: Resource, physical_id: str) -> str:
    """Return the part of a physical id that tells a resource from others: what a match has as its id."""
    where = {resource.properties.get("InstanceArn"), resource.properties.get("IdentityStoreId")}
    parts = [part for part in physical_id.split("|") if part not in where]
    if resource.type == _ASSIGNMENT:
        return "|".join(part for part in parts if part != resource.properties["TargetType"])
    told = parts[0] if parts else physical_id
    return told.rpartition("/")[2] if resource.type == USER else told
