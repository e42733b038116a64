"""What now exists, asked of the AWS APIs: the organization as a tree, and who can do what where."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from org_constructs.aws import limits
from org_constructs.aws.durations import in_words
from org_constructs.live.organization import Client, Instance, Live
from org_constructs.templates.administrators import allows_everything
from org_constructs.templates.words import Branch, count, draw_table, draw_tree, listed, sum_up

# Attached to everything by AWS itself, so it says nothing:
# https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
_FULL_ACCESS_POLICIES: Final = frozenset({"FullAWSAccess", "RCPFullAWSAccess"})

# Longer lists end in "… and 190 more": a picture stays a picture with 200 accounts.
_ACCOUNTS_SHOWN_IN_A_UNIT: Final = 12
_ACCOUNTS_SHOWN_IN_A_ROW: Final = 6


@dataclass(frozen=True)
class Account:
    """An account of the organization."""

    id: str
    name: str
    email: str
    active: bool
    status: str
    policies: tuple[str, ...]


@dataclass(frozen=True)
class Unit:
    """The organization's root or one of its organizational units, with what lies in it."""

    id: str
    name: str
    policies: tuple[str, ...]
    units: tuple["Unit", ...]
    accounts: tuple[Account, ...]

    def all_accounts(self) -> Iterator[Account]:
        """Yield the accounts in here, at any depth."""
        yield from self.accounts
        for unit in self.units:
            yield from unit.all_accounts()


@dataclass(frozen=True)
class Organization:
    """An organization."""

    id: str
    management_account_id: str
    root: Unit


@dataclass(frozen=True)
class Access:
    """What one person may do where, by one way."""

    person: str
    permission_set: str
    hours: str
    administrates: bool
    through: str
    """The group that gives the access; empty if the person has it directly."""
    account_ids: frozenset[str]


@dataclass(frozen=True)
class Portrait:
    """Everything the rehearsal shows."""

    organization: Organization | None
    people: tuple[str, ...] = ()
    access: tuple[Access, ...] = ()
    empty_groups: tuple[Access, ...] = field(default=())
    """Access that nobody has, as the group has no members; `person` is empty."""
    groups: tuple[str, ...] = ()
    """What to call everybody in each group of which nobody here knows who is in it, as `Access.person` does."""


def read_portrait(clients: Callable[[str], Client], existing_groups: Collection[str] = ()) -> Portrait:
    """Ask AWS what exists.

    Args:
        clients: Makes boto3 clients from the names of services.
        existing_groups: The ids of groups of which nobody here knows who is in them.
    """
    live = Live(clients)
    organization = _read_organization(live)
    if not live.instances():
        return Portrait(organization)
    return replace(_read_access(live, live.instances()[0], existing_groups), organization=organization)


def draw(portrait: Portrait) -> Iterator[str]:
    """Draw the portrait, line by line: the tree, the table, and one sentence that sums them up."""
    if portrait.organization is None:
        yield "No organization exists."
    else:
        yield f"Organization {portrait.organization.id}"
        yield from _draw_root(portrait.organization)
    if portrait.people or portrait.groups or portrait.empty_groups:
        yield ""
        yield "Who can do what"
        yield from _draw_access(portrait)
    yield ""
    yield _sum_up(portrait)


def _read_organization(live: Live) -> Organization | None:
    organization = live.organization()
    if organization is None:
        return None
    root = live.root()
    policies = _read_policies(live, root.policy_types)
    accounts: dict[str, list[Account]] = {}
    for each in live.accounts():
        accounts.setdefault(each.parent_id, []).append(
            Account(each.id, each.name, each.email, each.active, each.state, policies.get(each.id, ()))
        )

    def read_unit(unit_id: str, name: str) -> Unit:
        units = [read_unit(unit.id, unit.name) for unit in live.organizational_units(unit_id)]
        return Unit(
            unit_id,
            name,
            policies.get(unit_id, ()),
            tuple(sorted(units, key=lambda each: each.name)),
            tuple(sorted(accounts.get(unit_id, ()), key=lambda each: (each.name, each.id))),
        )

    return Organization(organization.id, organization.management_account_id, read_unit(root.id, root.name))


def _read_policies(live: Live, types: frozenset[str]) -> dict[str, tuple[str, ...]]:
    """Return the names of the policies attached to each target."""
    attached: dict[str, list[str]] = {}
    for policy_type in sorted(types | {"SERVICE_CONTROL_POLICY"}):
        for policy in live.policies(policy_type):
            if policy.aws_managed and policy.name in _FULL_ACCESS_POLICIES:
                continue
            for target in live.policy_targets(policy.id):
                attached.setdefault(target, []).append(policy.name)
    return {target: tuple(sorted(names)) for target, names in attached.items()}


def _read_access(live: Live, instance: Instance, existing_groups: Collection[str]) -> Portrait:
    store = instance.identity_store_id
    users = {user.id: user.user_name or user.id for user in live.users(store)}
    permission_sets = {
        each.arn: (
            each.name,
            in_words(each.session_duration or limits.SESSION_DEFAULT),
            allows_everything(
                {
                    "ManagedPolicies": list(live.managed_policies(instance.arn, each.arn)),
                    "InlinePolicy": live.inline_policy(instance.arn, each.arn),
                }
            ),
        )
        for each in live.permission_sets(instance.arn)
    }

    def read_principal(principal_id: str, principal_type: str, people: Sequence[str], through: str) -> Iterator[Access]:
        accounts: dict[str, set[str]] = {}
        for assignment in live.assignments(instance.arn, principal_type, principal_id):
            accounts.setdefault(assignment.permission_set_arn, set()).add(assignment.account_id)
        for arn, account_ids in accounts.items():
            for person in people:
                yield Access(person, *permission_sets[arn], through, frozenset(account_ids))

    access: list[Access] = []
    empty: list[Access] = []
    everybody: list[str] = []
    for user_id, name in users.items():
        access.extend(read_principal(user_id, "USER", [name], ""))
    for group in live.groups(store):
        members = [users.get(each.user_id, each.user_id) for each in live.memberships(store, group.id)]
        if group.id in existing_groups:
            everybody.append(f"everybody in group {group.name or group.id}")
            access.extend(read_principal(group.id, "GROUP", everybody[-1:], ""))
            if not members:
                continue
        into = access if members else empty
        into.extend(read_principal(group.id, "GROUP", members or [""], group.name or group.id))
    in_order = [sorted(each, key=lambda one: (one.person, one.permission_set, one.through)) for each in (access, empty)]
    return Portrait(
        None, tuple(sorted(users.values())), tuple(in_order[0]), tuple(in_order[1]), tuple(sorted(everybody))
    )


def _draw_root(organization: Organization) -> Iterator[str]:
    def name(account: Account) -> str:
        role = ", management account" if account.id == organization.management_account_id else ""
        status = "" if account.active else f"  {account.status}"
        return f"{account.name} ({account.id}{role})  {account.email}{status}{_policies(account.policies)}"

    def inside(unit: Unit) -> list[Branch]:
        accounts = sorted(unit.accounts, key=lambda each: each.id != organization.management_account_id)
        shown = accounts if len(accounts) <= _ACCOUNTS_SHOWN_IN_A_UNIT else accounts[: _ACCOUNTS_SHOWN_IN_A_UNIT - 2]
        branches = [Branch(name(account)) for account in shown]
        if folded := accounts[len(shown) :]:
            inactive = sum(not each.active for each in folded)
            not_active = f", {inactive} of them not active" if inactive else ""
            branches.append(Branch(f"… and {count(len(folded), 'more account')}{not_active}"))
        units = (Branch(f"{each.name} ({each.id}){_policies(each.policies)}", inside(each)) for each in unit.units)
        return [*branches, *units]

    root = organization.root
    yield from draw_tree([Branch(f"{root.name} {root.id}{_policies(root.policies)}", inside(root))])


def _policies(names: Sequence[str]) -> str:
    return f"  [{', '.join(names)}]" if names else ""


def _draw_access(portrait: Portrait) -> Iterator[str]:
    accounts = list(portrait.organization.root.all_accounts()) if portrait.organization else []
    names = {account.id: account.name for account in accounts}
    active = frozenset(account.id for account in accounts if account.active)

    def accounts_of(access: Access) -> str:
        ids = access.account_ids
        where = sorted(names.get(each, each) for each in ids)
        if len(where) > _ACCOUNTS_SHOWN_IN_A_ROW and active and active <= ids:
            return f"all {len(active)} accounts"
        return listed(where, _ACCOUNTS_SHOWN_IN_A_ROW)

    rows: list[tuple[str, ...]] = []
    for person in (*portrait.people, *portrait.groups):
        theirs = [access for access in portrait.access if access.person == person]
        for number, access in enumerate(theirs):
            through = f"through group {access.through}" if access.through else "directly"
            rows.append(
                ("" if number else person, f"{access.permission_set} ({access.hours})", accounts_of(access), through)
            )
        if not theirs:
            rows.append((person, "nothing", "", ""))
    rows += [
        (f"group {access.through}", f"{access.permission_set} ({access.hours})", accounts_of(access), "has no members")
        for access in portrait.empty_groups
    ]
    yield from draw_table(rows)


def _sum_up(portrait: Portrait) -> str:
    if portrait.organization is None:
        return f"No account but this one, {count(len(portrait.people), 'person', 'people')}."
    accounts = [account for account in portrait.organization.root.all_accounts() if account.active]
    everywhere = {account.id for account in accounts}

    def administrates(person: str) -> bool:
        theirs = (each.account_ids for each in portrait.access if each.person == person and each.administrates)
        return everywhere <= frozenset[str]().union(*theirs)

    return sum_up(
        len(accounts),
        len(portrait.people),
        list(filter(administrates, portrait.people)),
        list(filter(administrates, portrait.groups)),
    )
