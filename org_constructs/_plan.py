"""What a baseline is going to make, worked out and checked before anything is made.

Names and addresses are derived, names that point at something are resolved, and everything that AWS would refuse in the
middle of a deploy is refused here.
"""

from __future__ import annotations

import re
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Final

from . import _limits
from ._template_size import OUTPUTS_MAX, RESOURCES_MAX
from ._validate import (
    check_account_id,
    check_email,
    check_known,
    check_sequence,
    check_text,
    check_unique,
    is_token,
)
from .account import check_account
from .email import plus_address
from .group import Group, check_group
from .organizational_unit import OrganizationalUnit, check_organizational_unit
from .permission_set import PermissionSet, check_permission_set
from .policy import check_policy
from .props import (
    AccountProps,
    AlternateContactProps,
    AssignmentProps,
    GroupProps,
    OrganizationalUnitProps,
    PermissionSetProps,
    PolicyProps,
    UserProps,
)
from .user import User, check_user

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from .identity_center import IdentityCenter

MANAGEMENT: Final = "management"
"""The name of the management account in targets."""
EVERY_ACCOUNT: Final = "*"
"""In targets: every account but the management account."""
ROOT: Final = "root"
"""In a policy's targets: the root of the organization."""

ADMINISTRATORS: Final = "Administrators"
ADMINISTRATOR_ACCESS: Final = "AdministratorAccess"

DEFAULT_ACCOUNTS: Final = (AccountProps(key="dev"), AccountProps(key="production"))
DEFAULT_GROUPS: Final = (GroupProps(name=ADMINISTRATORS, description="Administrate every account"),)
DEFAULT_PERMISSION_SETS: Final = (
    PermissionSetProps(
        name=ADMINISTRATOR_ACCESS,
        description="Everything, for 12 hours at a time",
        managed_policies=(ADMINISTRATOR_ACCESS,),
        session_duration="PT12H",
    ),
)
DEFAULT_ASSIGNMENTS: Final = (
    AssignmentProps(principal=ADMINISTRATORS, permission_set=ADMINISTRATOR_ACCESS, targets=(MANAGEMENT, EVERY_ACCOUNT)),
)

_KEY: Final = r"[a-z0-9]+(-[a-z0-9]+)*"
_STACK: Final = r"[a-z0-9]+"
_ACCESS: Final = "access"
_NAME_IN_CONFIG: Final = r"[A-Za-z0-9._-]+"


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
    props: PolicyProps


@dataclass(frozen=True, kw_only=True)
class PlannedContact:
    """An alternate contact and the accounts it is one of: account keys and `management`."""

    accounts: tuple[str, ...]
    props: AlternateContactProps


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What the baseline is going to make, in the order it is made in; mappings are by name, path or key."""

    company: str
    session_name: str
    default_region: str | None
    organizational_units: Mapping[str, PlannedUnit]
    accounts: Mapping[str, PlannedAccount]
    policies: Mapping[str, PlannedPolicy]
    users: Mapping[str, UserProps]
    groups: Mapping[str, PlannedGroup]
    permission_sets: Mapping[str, PermissionSetProps]
    assignments: tuple[PlannedAssignment, ...]
    trusted_access: tuple[str, ...]
    alternate_contacts: tuple[PlannedContact, ...]

    @property
    def stacks(self) -> tuple[str, ...]:
        """The names of the stacks beside the baseline's, in the order in which they are deployed."""
        accounts = [account.props.stack for account in self.accounts.values() if account.props.account_id is None]
        access = [assignment.stack for assignment in self.assignments]
        return tuple(dict.fromkeys(stack for stack in (*accounts, *access) if stack is not None))

    def resources_by_stack(self) -> Counter[str | None]:
        """Return how many resources each stack holds at least, None being the baseline's own."""
        counts: Counter[str | None] = Counter()
        counts[None] += len(self.policies)
        counts[None] += sum(unit.props.organizational_unit_id is None for unit in self.organizational_units.values())
        counts[None] += sum(group.props.group_id is None for group in self.groups.values())
        counts[None] += sum(
            permission_set.permission_set_arn is None for permission_set in self.permission_sets.values()
        )
        counts.update(account.props.stack for account in self.accounts.values() if account.props.account_id is None)
        counts[None] += sum(user.user_id is None for user in self.users.values())
        counts[None] += sum(len(group.members) for group in self.groups.values())
        counts.update(assignment.stack for assignment in self.assignments)
        return counts

    def outputs_by_stack(self) -> Counter[str | None]:
        """Return how many outputs each stack has at least, None being the baseline's own."""
        return Counter(output_stack(account) for account in self.accounts.values())

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
        """The names of accounts, users, groups and permission sets that exist already, by their ids."""
        names = {account.props.account_id: account.name for account in self.accounts.values()}
        names |= {user.user_id: name for name, user in self.users.items()}
        names |= {group.props.group_id: name for name, group in self.groups.items()}
        names |= {permission_set.permission_set_arn: name for name, permission_set in self.permission_sets.items()}
        return {existing_id: name for existing_id, name in names.items() if existing_id is not None}

    @property
    def management_account_has_administrator(self) -> bool:
        """Whether somebody administrates the management account; of a group that exists already it is assumed."""
        return any(
            assignment.account == MANAGEMENT
            and _is_administrator_access(self.permission_sets[assignment.permission_set])
            and assignment.principal not in self.empty_groups_with_access
            for assignment in self.assignments
        )


def make_plan(
    *,
    company: str,
    email: str,
    users: Sequence[UserProps],
    accounts: Sequence[AccountProps] | None,
    organizational_units: Sequence[OrganizationalUnitProps],
    groups: Sequence[GroupProps] | None,
    permission_sets: Sequence[PermissionSetProps] | None,
    assignments: Sequence[AssignmentProps] | None,
    policies: Sequence[PolicyProps],
    trusted_access: Sequence[str],
    alternate_contacts: Sequence[AlternateContactProps],
    session_name: str | None,
    default_region: str | None,
    identity_center: IdentityCenter | None,
) -> Plan:
    """Return the plan of a baseline with these arguments.

    Raises:
        ValueError: An argument breaks a rule of AWS's, repeats what may come once, or names what is not there.
    """
    check_text(
        "company", company, maximum=_limits.ACCOUNT_NAME_MAX, pattern=_limits.ACCOUNT_NAME, rule="printable ASCII"
    )
    if is_token(company):
        raise ValueError("company must be known at synth, since names are made of it, got a token; write it out")
    check_email("email", email)
    if session_name is None:
        session_name = re.sub(r"[^A-Za-z0-9._-]+", "-", company).strip("-")
        if not session_name:
            raise ValueError(
                f"session_name must be given where the company has no letter or digit, got {company!r};"
                " pass session_name"
            )
    check_text("session_name", session_name, maximum=64, pattern=_NAME_IN_CONFIG, rule="letters, digits and ._-")
    if default_region is not None:
        check_text(
            "default_region", default_region, maximum=32, pattern=_limits.AWS_REGION, rule="a region like 'us-east-1'"
        )
    units = _plan_units(organizational_units)
    planned_accounts = _plan_accounts(DEFAULT_ACCOUNTS if accounts is None else accounts, company, email, units)
    targets = _Targets(units, planned_accounts)
    planned_groups, planned_users = _plan_people(users, DEFAULT_GROUPS if groups is None else groups)
    sets = _plan_permission_sets(
        DEFAULT_PERMISSION_SETS if permission_sets is None else permission_sets, identity_center
    )
    plan = Plan(
        company=company,
        session_name=session_name,
        default_region=default_region,
        organizational_units=units,
        accounts=planned_accounts,
        policies=_plan_policies(policies, targets),
        users=planned_users,
        groups=planned_groups,
        permission_sets=sets,
        assignments=_plan_assignments(
            DEFAULT_ASSIGNMENTS if assignments is None else assignments, targets, sets, planned_users, planned_groups
        ),
        trusted_access=_plan_trusted_access(trusted_access),
        alternate_contacts=_plan_alternate_contacts(alternate_contacts, planned_accounts, trusted_access),
    )
    _check_room(plan)
    return plan


def _plan_units(props: Sequence[OrganizationalUnitProps]) -> dict[str, PlannedUnit]:
    units: dict[str, PlannedUnit] = {}

    def walk(
        argument: str,
        level: Sequence[OrganizationalUnitProps],
        above: tuple[OrganizationalUnitProps, ...],
        parent: str | None,
    ) -> None:
        check_sequence(argument, level, OrganizationalUnitProps, "an OrganizationalUnitProps")
        check_unique(argument, [unit.name for unit in level], what="name")
        check_unique(argument, [unit.key or unit.name for unit in level], what="key")
        for index, unit in enumerate(level):
            here = f"{argument}[{index}]"
            if any(unit is ancestor for ancestor in above):
                raise ValueError(
                    f"{here} must not be its own ancestor, got {unit.name!r} under itself; make another"
                    " unit for the inner one"
                )
            check_organizational_unit(f"{here}.", name=unit.name, depth=len(above) + 1, tags=unit.tags)
            key = unit.name if unit.key is None else unit.key
            check_text(
                f"{here}.{'name' if unit.key is None else 'key'}", key, maximum=_limits.ORGANIZATIONAL_UNIT_NAME_MAX
            )
            if is_token(key):
                raise ValueError(
                    f"{here}.key must be known at synth, since ids are made of it, got a token; write it out"
                )
            if "/" in key or "--" in key or key.startswith("-") or key.endswith("-"):
                raise ValueError(
                    f"{here}.key must hold neither '/', which parts a path, nor '--', and have no '-' at its ends,"
                    f" got {key!r}; give the unit a plain key"
                )
            path = key if parent is None else f"{parent}/{key}"
            if path in (MANAGEMENT, ROOT, EVERY_ACCOUNT):
                raise ValueError(
                    f"{here}.key must not be {path!r}, which has a meaning of its own in targets; give the"
                    " unit another key"
                )
            if unit.organizational_unit_id is not None:
                _check_existing_unit(here, unit, above, units.values())
            units[path] = PlannedUnit(path=path, parent=parent, props=unit)
            walk(f"{here}.organizational_units", unit.organizational_units, (*above, unit), path)

    walk("organizational_units", props, (), None)
    return units


def _check_existing_unit(
    here: str,
    unit: OrganizationalUnitProps,
    above: Sequence[OrganizationalUnitProps],
    before: Iterable[PlannedUnit],
) -> None:
    with _argument_in(here):
        OrganizationalUnit.from_organizational_unit_id(unit.organizational_unit_id or "")
    _refuse_beside(here, unit, "organizational_unit_id", ("tags",))
    if above and above[-1].organizational_unit_id is None:
        raise ValueError(
            f"{here}.organizational_unit_id must be of a unit under one that exists, got"
            f" {unit.organizational_unit_id!r} in {above[-1].name!r}, which is created; give that one's id, too"
        )
    for planned in before:
        if planned.props.organizational_unit_id == unit.organizational_unit_id:
            raise ValueError(
                f"{here}.organizational_unit_id must be of one unit only, got {unit.organizational_unit_id!r},"
                f" which is {planned.path!r} already; remove one of the two"
            )


def _plan_accounts(
    props: Sequence[AccountProps], company: str, email: str, units: Mapping[str, PlannedUnit]
) -> dict[str, PlannedAccount]:
    check_sequence("accounts", props, AccountProps, "an AccountProps")
    accounts: dict[str, PlannedAccount] = {}
    for index, account in enumerate(props):
        here = f"accounts[{index}]"
        check_text(
            f"{here}.key",
            account.key,
            maximum=_limits.ACCOUNT_NAME_MAX,
            pattern=_KEY,
            rule="lower-case letters and digits, in parts joined by '-'",
        )
        if account.key in (MANAGEMENT, ROOT):
            raise ValueError(
                f"{here}.key must not be {account.key!r}, which has a meaning of its own in targets; choose another key"
            )
        _check_stack(f"{here}.stack", account.stack)
        if account.region is not None:
            check_text(
                f"{here}.region",
                account.region,
                maximum=32,
                pattern=_limits.AWS_REGION,
                rule="a region like 'us-east-1'",
            )
        accounts[account.key] = _plan_account(here, account, company, email, units)
    check_unique("accounts", [account.key for account in props], what="key")
    check_unique("accounts", [account.account_id or account.key for account in props], what="account id")
    _check_apart("accounts", "key", [account.key for account in props], output_name, only="'-'")
    _check_emails(email, [accounts[account.key] for account in props])
    return accounts


def _plan_account(
    here: str, account: AccountProps, company: str, email: str, units: Mapping[str, PlannedUnit]
) -> PlannedAccount:
    name = f"{company}-{account.key}" if account.name is None else account.name
    if account.account_id is not None:
        check_account_id(f"{here}.account_id", account.account_id)
        _refuse_beside(here, account, "account_id", ("email", "organizational_unit", "role_name", "tags"))
        return PlannedAccount(
            key=account.key, output=output_name(account.key), name=name, email="", parent=None, props=account
        )
    if account.organizational_unit is not None:
        check_known(
            f"{here}.organizational_unit", account.organizational_unit, units, what="an organizational unit by its path"
        )
    try:
        address = plus_address(email, account.key) if account.email is None else account.email
    except ValueError as error:
        raise ValueError(f"{here}: {error}") from None
    check_account(f"{here}.", name=name, email=address, role_name=account.role_name, tags=account.tags)
    return PlannedAccount(
        key=account.key,
        output=output_name(account.key),
        name=name,
        email=address,
        parent=account.organizational_unit,
        props=account,
    )


def _check_emails(email: str, accounts: Sequence[PlannedAccount]) -> None:
    for index, account in enumerate(accounts):
        if not is_token(account.email) and account.email.lower() == email.lower():
            raise ValueError(
                f"accounts[{index}].email must not be the management account's, got {account.email!r};"
                " leave it out for a plus-address"
            )
    created = [account.email if account.props.account_id is None else account.key for account in accounts]
    check_unique("accounts", created, what="email", ignore_case=True)


def _plan_people(
    users: Sequence[UserProps], groups: Sequence[GroupProps]
) -> tuple[dict[str, PlannedGroup], dict[str, UserProps]]:
    check_sequence("users", users, UserProps, "a UserProps")
    check_sequence("groups", groups, GroupProps, "a GroupProps")
    for index, group in enumerate(groups):
        check_group(f"groups[{index}].", name=group.name, description=group.description)
        if group.group_id is not None:
            with _argument_in(f"groups[{index}]"):
                Group.from_group_id(group.group_id)
            _refuse_beside(f"groups[{index}]", group, "group_id", ("description",))
    check_unique("groups", [group.name for group in groups], what="name", ignore_case=True)
    check_unique("groups", [group.group_id or group.name for group in groups], what="group id")
    _check_apart("groups", "name", [group.name for group in groups], _construct_id, only="'/' and '--'")
    names = [group.name for group in groups]
    members: dict[str, list[str]] = {name: [] for name in names}
    for index, user in enumerate(users):
        here = f"users[{index}]"
        _check_user(here, user)
        if user.user_name in names:
            raise ValueError(
                f"{here}.user_name must not be the name of a group as well, since assignments would not know which is"
                f" meant, got {user.user_name!r}; rename the group"
            )
        for position, name in enumerate(_groups_of(here, user, names, only=len(users) == 1)):
            check_known(f"{here}.groups[{position}]", name, names, what="a group")
            if groups[names.index(name)].group_id is not None:
                raise ValueError(
                    f"{here}.groups[{position}] must be a group made here, got {name!r}, which exists"
                    " already; add its members"
                    " where it is managed"
                )
            members[name].append(user.user_name)
    check_unique("users", [user.user_name for user in users], what="user name", ignore_case=True)
    check_unique("users", [user.email or user.user_name for user in users], what="email", ignore_case=True)
    check_unique("users", [user.user_id or user.user_name for user in users], what="user id")
    _check_apart("users", "user_name", [user.user_name for user in users], _construct_id, only="'/' and '--'")
    return (
        {group.name: PlannedGroup(members=tuple(members[group.name]), props=group) for group in groups},
        {user.user_name: user for user in users},
    )


def _check_user(here: str, user: UserProps) -> None:
    if user.user_id is not None:
        with _argument_in(here):
            User.from_user_id(user.user_id)
        check_text(f"{here}.user_name", user.user_name, maximum=_limits.USER_NAME_MAX)
        _refuse_beside(here, user, "user_id", ("given_name", "family_name", "email", "display_name"))
        return
    for field in ("given_name", "family_name"):
        if getattr(user, field) is None:
            raise ValueError(
                f"{here}.{field} must be given, since Identity Center needs it to create a user,"
                f" got none for {user.user_name!r}; for a user that exists already pass user_id"
            )
    check_user(
        f"{here}.",
        user_name=user.user_name,
        given_name=user.given_name or "",
        family_name=user.family_name or "",
        email=user.email,
        display_name=user.display_name,
    )


def _groups_of(here: str, user: UserProps, groups: Sequence[str], *, only: bool) -> Sequence[str]:
    if user.groups is not None:
        check_sequence(f"{here}.groups", user.groups, str, "the name of a group")
        check_unique(f"{here}.groups", user.groups, what="group")
        return user.groups
    if user.user_id is not None:
        return ()
    if only:
        return (ADMINISTRATORS,) if ADMINISTRATORS in groups else ()
    raise ValueError(
        f"{here}.groups must be given when there is more than one user, got none for {user.user_name!r};"
        f" groups=[{ADMINISTRATORS!r}] for somebody who administrates, groups=[] for nobody's access by group"
    )


def _plan_permission_sets(
    props: Sequence[PermissionSetProps], identity_center: IdentityCenter | None
) -> dict[str, PermissionSetProps]:
    check_sequence("permission_sets", props, PermissionSetProps, "a PermissionSetProps")
    own = [field.name for field in fields(PermissionSetProps) if field.name not in ("name", "permission_set_arn")]
    for index, permission_set in enumerate(props):
        here = f"permission_sets[{index}]"
        check_permission_set(
            f"{here}.", name=permission_set.name, **{field: getattr(permission_set, field) for field in own}
        )
        if permission_set.permission_set_arn is not None:
            _refuse_beside(here, permission_set, "permission_set_arn", own)
            if identity_center is not None:
                with _argument_in(here):
                    PermissionSet.from_permission_set_arn(
                        permission_set.permission_set_arn, identity_center=identity_center
                    )
    check_unique("permission_sets", [permission_set.name for permission_set in props], what="name")
    _check_apart(
        "permission_sets", "name", [permission_set.name for permission_set in props], _construct_id, only="'/'"
    )
    check_unique(
        "permission_sets",
        [permission_set.permission_set_arn or permission_set.name for permission_set in props],
        what="permission set ARN",
    )
    return {permission_set.name: permission_set for permission_set in props}


class _Targets:
    """What the names in targets mean."""

    def __init__(self, units: Mapping[str, PlannedUnit], accounts: Mapping[str, PlannedAccount]) -> None:
        self._units = units
        self._accounts = accounts
        self._names = [*accounts, *units]

    def check(self, argument: str, targets: Sequence[str], special: Sequence[str]) -> None:
        check_sequence(argument, targets, str, "the name of a target")
        check_unique(argument, targets, what="target")
        for index, target in enumerate(targets):
            here = f"{argument}[{index}]"
            if target in special:
                continue
            check_known(
                here,
                target,
                [*self._names, *special],
                what=f"an account's key, a unit's path or one of {', '.join(map(repr, special))}",
            )
            if target in self._accounts and target in self._units:
                raise ValueError(
                    f"{here} must mean one thing, got {target!r}, which is the key of an account and the"
                    " path of a unit;"
                    " give the unit another key"
                )

    def accounts_of(self, argument: str, target: str) -> Iterator[str]:
        """Yield the keys of the accounts that an assignment's target means."""
        if target == EVERY_ACCOUNT:
            yield from self._accounts
        elif target in self._units:
            yield from self._accounts_below(argument, target)
        else:
            yield target

    def _accounts_below(self, argument: str, path: str) -> Iterator[str]:
        below = [known for known in self._units if known == path or known.startswith(f"{path}/")]
        for known in below:
            if self._units[known].props.organizational_unit_id is not None:
                raise ValueError(
                    f"{argument} must be a unit whose accounts are known at synth, got {path!r}, where"
                    f" {known!r} exists already;"
                    " name its accounts instead"
                )
        for key, account in self._accounts.items():
            if account.parent in below:
                yield key

    def of_policy(self, targets: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the unit paths and the account keys that a policy's targets mean, each sorted.

        The order in which targets and accounts are written means nothing, so it must not change the template.
        """
        units = {target for target in targets if target in self._units}
        accounts = {target for target in targets if target in self._accounts or target == MANAGEMENT}
        if EVERY_ACCOUNT in targets:
            accounts.update(self._accounts)
        return tuple(sorted(units)), tuple(sorted(accounts))

    def stack_of(self, account: str) -> str | None:
        """Return the stack of an account; the management account and accounts that exist may have none."""
        return None if account == MANAGEMENT else self._accounts[account].props.stack

    def order(self) -> dict[str, int]:
        """Return the place of each account in the order in which the accounts come to exist."""
        created_last = sorted(self._accounts, key=lambda key: self._accounts[key].props.account_id is None)
        return {key: place for place, key in enumerate([MANAGEMENT, *created_last])}


def _plan_assignments(
    props: Sequence[AssignmentProps],
    targets: _Targets,
    permission_sets: Mapping[str, PermissionSetProps],
    users: Mapping[str, UserProps],
    groups: Mapping[str, PlannedGroup],
) -> tuple[PlannedAssignment, ...]:
    check_sequence("assignments", props, AssignmentProps, "an AssignmentProps")
    given: dict[tuple[str, str, str], int] = {}
    for index, assignment in enumerate(props):
        here = f"assignments[{index}]"
        check_known(f"{here}.permission_set", assignment.permission_set, permission_sets, what="a permission set")
        check_known(f"{here}.principal", assignment.principal, [*users, *groups], what="a user or a group")
        targets.check(f"{here}.targets", assignment.targets, (MANAGEMENT, EVERY_ACCOUNT))
        _check_stack(f"{here}.stack", assignment.stack)
        if not assignment.targets:
            raise ValueError(
                f"{here}.targets must name at least one account or unit, got none; remove the assignment instead"
            )
        for position, target in enumerate(assignment.targets):
            for account in targets.accounts_of(f"{here}.targets[{position}]", target):
                triple = (account, assignment.permission_set, assignment.principal)
                first = given.setdefault(triple, index)
                if first != index:
                    raise ValueError(
                        f"{here} must not repeat assignments[{first}], got {assignment.principal!r} with"
                        f" {assignment.permission_set!r} in {account!r} again; remove it from one of the two"
                    )
    order = targets.order()
    # By account, in the order in which accounts come to exist, so that no lane waits for a later account than it needs.
    by_account = sorted(given.items(), key=lambda item: order[item[0][0]])
    return tuple(
        PlannedAssignment(
            account=account,
            permission_set=permission_set,
            principal=principal,
            stack=_access_stack(targets.stack_of(account), props[index].stack),
        )
        for (account, permission_set, principal), index in by_account
    )


def output_stack(account: PlannedAccount) -> str | None:
    """Return the stack that has the output of an account: its own; one that exists already has none."""
    return account.props.stack if account.props.account_id is None else None


def _access_stack(of_account: str | None, of_assignment: str | None) -> str | None:
    """Return the stack of an assignment: its account's `access`, and of that the part that the assignment names.

    Apart from the account's own stack, so that the next accounts can be opened while these get their assignments.
    """
    if of_account is None and of_assignment is None:
        return None
    return "-".join(part for part in (of_account, _ACCESS, of_assignment) if part is not None)


def is_access_stack(stack: str) -> bool:
    """Tell whether a stack is one of assignments, by its name."""
    return _ACCESS in stack.split("-")


def _check_stack(argument: str, stack: str | None) -> None:
    if stack is None:
        return
    check_text(argument, stack, maximum=32, pattern=_STACK, rule="lower-case letters and digits")
    if stack == _ACCESS:
        raise ValueError(
            f"{argument} must not be {_ACCESS!r}, which names the stacks of assignments; choose another name"
        )


def _check_room(plan: Plan) -> None:
    """Refuse a stack that CloudFormation would refuse for its size.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
    """
    for noun, counts, maximum in (
        ("resources", plan.resources_by_stack(), RESOURCES_MAX),
        ("outputs", plan.outputs_by_stack(), OUTPUTS_MAX),
    ):
        for stack, count in counts.items():
            if count > maximum:
                where = "the baseline's own stack" if stack is None else f"the stack {stack!r}"
                raise ValueError(
                    f"accounts and assignments must fit into their stacks, got {count:,} {noun} in {where}, where"
                    f" CloudFormation takes {maximum}; leave what is deployed where it is, and give new accounts or new"
                    " assignments a stack, such as stack='more'"
                )


def _plan_policies(props: Sequence[PolicyProps], targets: _Targets) -> dict[str, PlannedPolicy]:
    check_sequence("policies", props, PolicyProps, "a PolicyProps")
    policies: dict[str, PlannedPolicy] = {}
    for index, policy in enumerate(props):
        here = f"policies[{index}]"
        check_policy(
            f"{here}.",
            name=policy.name,
            type=policy.type,
            content=policy.content,
            description=policy.description,
            tags=policy.tags,
        )
        targets.check(f"{here}.targets", policy.targets, (ROOT, MANAGEMENT, EVERY_ACCOUNT))
        units, accounts = targets.of_policy(policy.targets)
        for account in accounts:
            if targets.stack_of(account) is not None:
                raise ValueError(
                    f"{here}.targets must not be accounts with a stack of their own, got {account!r}, which"
                    " comes to exist"
                    " after the policies; attach it to their unit instead"
                )
        policies[policy.name] = PlannedPolicy(units=units, accounts=accounts, root=ROOT in policy.targets, props=policy)
    check_unique("policies", [policy.name for policy in props], what="name")
    _check_apart("policies", "name", [policy.name for policy in props], _construct_id, only="'/' and '--'")
    return policies


def _plan_trusted_access(principals: Sequence[str]) -> tuple[str, ...]:
    check_sequence("trusted_access", principals, str, "a service principal like 'cloudtrail.amazonaws.com'")
    for index, principal in enumerate(principals):
        check_text(
            f"trusted_access[{index}]",
            principal,
            maximum=_limits.SERVICE_PRINCIPAL_MAX,
            pattern=_limits.SERVICE_PRINCIPAL,
            rule="a service principal like 'cloudtrail.amazonaws.com'",
        )
        _check_known_to_doctor(f"trusted_access[{index}]", principal)
    check_unique("trusted_access", principals, what="service principal")
    return tuple(sorted(principals))


def _plan_alternate_contacts(
    props: Sequence[AlternateContactProps], accounts: Mapping[str, PlannedAccount], trusted_access: Sequence[str]
) -> tuple[PlannedContact, ...]:
    check_sequence("alternate_contacts", props, AlternateContactProps, "an AlternateContactProps")
    planned = []
    first_of: dict[tuple[str, str], int] = {}
    for index, contact in enumerate(props):
        here = f"alternate_contacts[{index}]"
        _check_alternate_contact(here, contact)
        every = [MANAGEMENT, *accounts]
        if contact.accounts is not None:
            check_sequence(f"{here}.accounts", contact.accounts, str, "the key of an account")
            check_unique(f"{here}.accounts", contact.accounts, what="account")
            for position, key in enumerate(contact.accounts):
                check_known(f"{here}.accounts[{position}]", key, every, what="an account's key or 'management'")
        of = tuple(key for key in every if contact.accounts is None or key in contact.accounts)
        for key in of:
            first = first_of.setdefault((contact.type, key), index)
            if first != index:
                raise ValueError(
                    f"{here} must not be a second {contact.type} contact of an account, got {key!r}, which"
                    f" alternate_contacts[{first}] has; name the accounts of each"
                )
        if set(of) - {MANAGEMENT} and _limits.ACCOUNT_MANAGEMENT not in trusted_access:
            raise ValueError(
                f"trusted_access must hold {_limits.ACCOUNT_MANAGEMENT!r} for {here}, which is one of member accounts,"
                f" got {list(trusted_access)!r}; add it, or give the contact accounts=[{MANAGEMENT!r}]"
            )
        planned.append(PlannedContact(accounts=of, props=contact))
    return tuple(planned)


def _check_alternate_contact(here: str, contact: AlternateContactProps) -> None:
    check_known(f"{here}.type", contact.type, _limits.CONTACT_TYPES, what="a type of contact")
    check_text(f"{here}.name", contact.name, maximum=_limits.CONTACT_NAME_MAX)
    check_text(f"{here}.title", contact.title, maximum=_limits.CONTACT_TITLE_MAX)
    check_text(
        f"{here}.email",
        contact.email,
        maximum=_limits.CONTACT_EMAIL_MAX,
        pattern=_limits.CONTACT_EMAIL,
        rule="an e-mail address like 'security@acme.com'",
    )
    check_text(
        f"{here}.phone_number",
        contact.phone_number,
        maximum=_limits.CONTACT_PHONE_NUMBER_MAX,
        pattern=_limits.CONTACT_PHONE_NUMBER,
        rule="digits, spaces and ()+-, like '+1 206 555 0100'",
    )
    for field in ("name", "title", "email", "phone_number"):
        _check_known_to_doctor(f"{here}.{field}", getattr(contact, field))


def _check_known_to_doctor(argument: str, value: str) -> None:
    if is_token(value):
        raise ValueError(
            f"{argument} must be known at synth, since `org-baseline doctor` reads it from the template, got a token;"
            " write it out"
        )


def output_name(key: str) -> str:
    """Return the name of the output that holds the account's id: `AccountIdDev` for `dev`."""
    return "AccountId" + "".join(part.capitalize() for part in key.split("-"))


@contextmanager
def _argument_in(here: str) -> Iterator[None]:
    """Say of which item the argument is that an error names."""
    try:
        yield
    except ValueError as error:
        raise ValueError(f"{here}.{error}") from None


def _check_apart(argument: str, field: str, names: Sequence[str], made_of: Callable[[str], str], *, only: str) -> None:
    """Refuse a name that is not known yet, and two names of which the same is made, since `only` parts them."""
    first_of: dict[str, int] = {}
    for index, name in enumerate(names):
        if is_token(name):
            raise ValueError(
                f"{argument}[{index}].{field} must be known at synth, since ids are made of it, got a token;"
                " write it out"
            )
        first = first_of.setdefault(made_of(name), index)
        if first != index:
            raise ValueError(
                f"{argument}[{index}].{field} must differ from {argument}[{first}].{field} in more than {only},"
                f" got {name!r} and {names[first]!r}; choose another {field.replace('_', ' ')}"
            )


def _construct_id(name: str) -> str:
    """Return what CDK makes of a name as the id of a construct."""
    return name.replace("/", "--")


def _refuse_beside(here: str, props: Any, argument: str, others: Sequence[str]) -> None:  # noqa: ANN401 (any Props)
    defaults = {field.name: field.default for field in fields(props)}
    for other in others:
        if getattr(props, other) != defaults[other]:
            raise ValueError(
                f"{here}.{other} must not be given beside {argument}, got {getattr(props, other)!r}; what"
                " exists already"
                " is not changed here"
            )


def _is_administrator_access(permission_set: PermissionSetProps) -> bool:
    if permission_set.permission_set_arn is not None:
        return permission_set.name == ADMINISTRATOR_ACCESS
    return any(policy.rsplit("/", 1)[-1] == ADMINISTRATOR_ACCESS for policy in permission_set.managed_policies)
