"""What is going to be made, with everything derived and resolved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from org_constructs.templates.metadata import Waiting

from .names import MANAGEMENT
from .permission_sets import administers
from .stacks import Kind, access_stack, membership_stack

if TYPE_CHECKING:
    from org_constructs.baseline.props import (
        AccountProps,
        AlternateContactProps,
        GroupProps,
        OrganizationalUnitProps,
        PermissionSetProps,
        PolicyProps,
        ResourcePolicyProps,
        UserProps,
    )


@dataclass(frozen=True, kw_only=True)
class PlannedAccount:
    """An account with everything derived."""

    key: str
    output: str
    name: str
    email: str
    parent: str | None
    props: AccountProps


@dataclass(frozen=True, kw_only=True)
class PlannedUnit:
    """A unit under its path."""

    path: str
    parent: str | None
    props: OrganizationalUnitProps


@dataclass(frozen=True, kw_only=True)
class PlannedGroup:
    """A group and who is in it."""

    members: tuple[str, ...]
    props: GroupProps


@dataclass(frozen=True, kw_only=True)
class PlannedAssignment:
    """One principal with one permission set in one account."""

    account: str
    permission_set: str
    principal: str
    stack: str | None


@dataclass(frozen=True, kw_only=True)
class PlannedPolicy:
    """A policy with its targets resolved: unit paths, account keys, `root` and `management`."""

    units: tuple[str, ...]
    accounts: tuple[str, ...]
    root: bool
    waits: bool
    """Whether it is not made yet, since its type is not enabled."""

    props: PolicyProps


@dataclass(frozen=True, kw_only=True)
class PlannedContact:
    """An alternate contact and the accounts it is one of: account keys and `management`."""

    accounts: tuple[str, ...]
    props: AlternateContactProps


@dataclass(frozen=True, kw_only=True)
class PlannedBudget:
    """A monthly budget of an account, by its key, or of all of them."""

    name: str
    limit: float
    emails: tuple[str, ...]
    account: str | None


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What the baseline is going to make, in the order it is made in; mappings are by name, path or key."""

    company: str
    email: str
    session_name: str
    default_region: str | None
    has_identity_center: bool
    organizational_units: Mapping[str, PlannedUnit]
    accounts: Mapping[str, PlannedAccount]
    policies: Mapping[str, PlannedPolicy]
    resource_policy: ResourcePolicyProps | None
    users: Mapping[str, UserProps]
    groups: Mapping[str, PlannedGroup]
    permission_sets: Mapping[str, PermissionSetProps]
    assignments: tuple[PlannedAssignment, ...]
    trusted_access: tuple[str, ...]
    root_access: bool
    delegated_administrators: Mapping[str, tuple[str, ...]]
    """The keys of the accounts that administer a service for the organization, by its principal."""

    alternate_contacts: tuple[PlannedContact, ...]
    budgets: Mapping[str, PlannedBudget]

    @property
    def stacks(self) -> tuple[str, ...]:
        """The names of the stacks beside the baseline's, in the order in which they are deployed."""
        stacks = [account.props.stack for account in self.accounts.values() if account.props.account_id is None]
        if self.has_identity_center:
            groups = [Kind.GROUPS.stack(group.props.stack) for group in self.groups.values()]
            users = self.users_made_in.values()
            memberships = [stack for members in self.memberships.values() for stack in members]
            people = [stack for stack in (*users, *memberships) if stack not in groups]
            stacks += [*groups, *people, *(assignment.stack for assignment in self.assignments)]
        return tuple(dict.fromkeys(stack for stack in stacks if stack is not None))

    @cached_property
    def users_made_in(self) -> Mapping[str, str | None]:
        """The stack of each user that is made here, by user name; None is the baseline's own."""
        return {name: Kind.PEOPLE.stack(user.stack) for name, user in self.users.items() if user.user_id is None}

    @cached_property
    def groups_made_in(self) -> Mapping[str, str | None]:
        """The stack of each group that is made here, by name; None is the baseline's own."""
        return {
            name: Kind.GROUPS.stack(group.props.stack)
            for name, group in self.groups.items()
            if group.props.group_id is None
        }

    @cached_property
    def memberships(self) -> Mapping[str, Mapping[str | None, list[str]]]:
        """Who is in which group, by the stack that the membership is made in."""
        memberships: dict[str, dict[str | None, list[str]]] = {name: {} for name in self.groups}
        for name, group in self.groups.items():
            for member in group.members:
                of_user, of_group = Kind.PEOPLE.stack(self.users[member].stack), Kind.GROUPS.stack(group.props.stack)
                memberships[name].setdefault(membership_stack(of_user, of_group), []).append(member)
        return memberships

    @cached_property
    def output_stacks(self) -> Mapping[str, str | None]:
        """The stack that has the output of each account, by the account's key; None is the baseline's own.

        An account that exists already is made in no stack, so its output is with its assignments.
        """
        stacks = self.stacks

        def of(account: PlannedAccount) -> str | None:
            stack = account.props.stack
            if account.props.account_id is None or stack is None:
                return stack
            access = access_stack(stack, None, None)
            return access if access in stacks else None

        return {key: of(account) for key, account in self.accounts.items()}

    def budget_stack(self, budget: PlannedBudget) -> str | None:
        """Return the stack that a budget is made in, beside its account; None is the baseline's own."""
        return None if budget.account is None else self.output_stacks.get(budget.account)

    @property
    def closing(self) -> tuple[str, ...]:
        """The keys of the accounts that are about to be closed."""
        return tuple(key for key, account in self.accounts.items() if account.props.closing)

    @property
    def policy_types(self) -> tuple[str, ...]:
        """The types of the policies, of those that wait as well."""
        return tuple(sorted({policy.props.type.value for policy in self.policies.values()}))

    @property
    def waiting_policy_types(self) -> tuple[str, ...]:
        """The types whose policies wait until they are enabled."""
        return tuple(sorted({policy.props.type.value for policy in self.policies.values() if policy.waits}))

    @property
    def waiting(self) -> Waiting | None:
        """How much is made later, of what these arguments make; None where nothing waits.

        Without people no access waits, as an app may leave out Identity Center for good.
        """
        policies = sum(policy.waits for policy in self.policies.values())
        waiting = (
            Waiting(policies=policies)
            if self.has_identity_center or not self.users
            else Waiting(
                users=len(self.users_made_in),
                groups=len(self.groups_made_in),
                permission_sets=sum(each.permission_set_arn is None for each in self.permission_sets.values()),
                assignments=len(self.assignments),
                policies=policies,
            )
        )
        return None if waiting == Waiting() else waiting

    @property
    def empty_groups_with_access(self) -> tuple[str, ...]:
        """The names of groups made here that nobody is in, although they are assigned to something."""
        assigned = {assignment.principal for assignment in self.assignments}
        return tuple(
            name
            for name, group in self.groups.items()
            if name in assigned and group.props.group_id is None and not group.members
        )

    @property
    def existing_names(self) -> dict[str, str]:
        """The names of units, accounts, users, groups and permission sets that exist already, by their ids."""
        names = {unit.props.organizational_unit_id: unit.props.name for unit in self.organizational_units.values()}
        names |= {account.props.account_id: account.name for account in self.accounts.values()}
        names |= {user.user_id: name for name, user in self.users.items()}
        names |= {group.props.group_id: name for name, group in self.groups.items()}
        names |= {permission_set.permission_set_arn: name for name, permission_set in self.permission_sets.items()}
        return {existing_id: name for existing_id, name in names.items() if existing_id is not None}

    @property
    def management_account_has_administrator(self) -> bool:
        """Whether somebody administers the management account; of a group that exists already it is assumed."""
        return any(
            assignment.account == MANAGEMENT
            and administers(self.permission_sets[assignment.permission_set])
            and assignment.principal not in self.empty_groups_with_access
            for assignment in self.assignments
        )
