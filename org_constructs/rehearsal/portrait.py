"""What now exists, asked of the AWS APIs: the organization as a tree, and who can do what where."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from botocore.exceptions import ClientError

from org_constructs._drawing import Branch, count, draw_table, draw_tree, hours, listed, sum_up

# Attached to everything by AWS itself, so it says nothing:
# https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
_FULL_ACCESS_POLICIES: Final = frozenset({"FullAWSAccess", "RCPFullAWSAccess"})
_ADMINISTRATOR_ACCESS: Final = ":iam::aws:policy/AdministratorAccess"

# Longer lists end in "… and 190 more": a picture stays a picture with 200 accounts.
_ACCOUNTS_SHOWN_IN_A_UNIT: Final = 12
_ACCOUNTS_SHOWN_IN_A_ROW: Final = 6

Client = Any  # boto3 makes its clients' classes, and their methods, at run time


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


def read_portrait(clients: Callable[[str], Client]) -> Portrait:
    """Ask AWS what exists, by boto3 clients that `clients` makes from the name of a service."""
    organization = _read_organization(clients("organizations"))
    sso = clients("sso-admin")
    instances = _all(sso, "list_instances", "Instances")
    if not instances:
        return Portrait(organization)
    people, access, empty = _read_access(
        sso, clients("identitystore"), instances[0]["InstanceArn"], instances[0]["IdentityStoreId"]
    )
    return Portrait(organization, people, access, empty)


def draw(portrait: Portrait) -> Iterator[str]:
    """Draw the portrait, line by line: the tree, the table, and one sentence that sums them up."""
    if portrait.organization is None:
        yield "No organization exists."
    else:
        yield f"Organization {portrait.organization.id}"
        yield from _draw_root(portrait.organization)
    if portrait.people or portrait.empty_groups:
        yield ""
        yield "Who can do what"
        yield from _draw_access(portrait)
    yield ""
    yield _sum_up(portrait)


def _all(client: Client, operation: str, key: str, **arguments: str) -> list[Any]:
    return [each for page in client.get_paginator(operation).paginate(**arguments) for each in page[key]]


def _read_organization(organizations: Client) -> Organization | None:
    try:
        described = organizations.describe_organization()["Organization"]
    except ClientError as error:
        if error.response["Error"]["Code"] == "AWSOrganizationsNotInUseException":
            return None
        raise
    root = _all(organizations, "list_roots", "Roots")[0]
    policies = _read_policies(organizations, {each["Type"] for each in root.get("PolicyTypes", ())})

    def read_unit(unit: Mapping[str, Any]) -> Unit:
        units = _all(organizations, "list_organizational_units_for_parent", "OrganizationalUnits", ParentId=unit["Id"])
        accounts = _all(organizations, "list_accounts_for_parent", "Accounts", ParentId=unit["Id"])
        return Unit(
            unit["Id"],
            unit["Name"],
            policies.get(unit["Id"], ()),
            tuple(sorted(map(read_unit, units), key=lambda each: each.name)),
            tuple(sorted(map(read_account, accounts), key=lambda each: (each.name, each.id))),
        )

    def read_account(account: Mapping[str, Any]) -> Account:
        # AWS replaces Status by State: https://docs.aws.amazon.com/organizations/latest/APIReference/API_Account.html
        status = account.get("State") or account["Status"]
        return Account(
            account["Id"],
            account["Name"],
            account["Email"],
            status == "ACTIVE",
            status,
            policies.get(account["Id"], ()),
        )

    return Organization(described["Id"], described["MasterAccountId"], read_unit(root))


def _read_policies(organizations: Client, types: set[str]) -> dict[str, tuple[str, ...]]:
    """Return the names of the policies attached to each target."""
    attached: dict[str, list[str]] = {}
    for policy_type in sorted(types | {"SERVICE_CONTROL_POLICY"}):
        for policy in _all(organizations, "list_policies", "Policies", Filter=policy_type):
            if policy["AwsManaged"] and policy["Name"] in _FULL_ACCESS_POLICIES:
                continue
            for target in _all(organizations, "list_targets_for_policy", "Targets", PolicyId=policy["Id"]):
                attached.setdefault(target["TargetId"], []).append(policy["Name"])
    return {target: tuple(sorted(names)) for target, names in attached.items()}


def _read_access(
    sso: Client,
    identity_store: Client,
    instance_arn: str,
    identity_store_id: str,
) -> tuple[tuple[str, ...], tuple[Access, ...], tuple[Access, ...]]:
    users = {
        user["UserId"]: user.get("UserName") or user["UserId"]
        for user in _all(identity_store, "list_users", "Users", IdentityStoreId=identity_store_id)
    }
    groups = {
        group["GroupId"]: group.get("DisplayName") or group["GroupId"]
        for group in _all(identity_store, "list_groups", "Groups", IdentityStoreId=identity_store_id)
    }
    permission_sets = {
        arn: _read_permission_set(sso, instance_arn, arn)
        for arn in _all(sso, "list_permission_sets", "PermissionSets", InstanceArn=instance_arn)
    }

    def read_principal(principal_id: str, principal_type: str, people: Sequence[str], through: str) -> Iterator[Access]:
        accounts: dict[str, set[str]] = {}
        for assignment in _all(
            sso,
            "list_account_assignments_for_principal",
            "AccountAssignments",
            InstanceArn=instance_arn,
            PrincipalId=principal_id,
            PrincipalType=principal_type,
        ):
            # AWS lists for a user what the user's groups have as well.
            if assignment["PrincipalId"] == principal_id:
                accounts.setdefault(assignment["PermissionSetArn"], set()).add(assignment["AccountId"])
        for arn, account_ids in accounts.items():
            for person in people:
                yield Access(person, *permission_sets[arn], through, frozenset(account_ids))

    access: list[Access] = []
    empty: list[Access] = []
    for user_id, name in users.items():
        access.extend(read_principal(user_id, "USER", [name], ""))
    for group_id, name in groups.items():
        memberships = _all(
            identity_store,
            "list_group_memberships",
            "GroupMemberships",
            IdentityStoreId=identity_store_id,
            GroupId=group_id,
        )
        members = [users.get(each["MemberId"]["UserId"], each["MemberId"]["UserId"]) for each in memberships]
        (access if members else empty).extend(read_principal(group_id, "GROUP", members or [""], name))
    in_order = [sorted(each, key=lambda one: (one.person, one.permission_set, one.through)) for each in (access, empty)]
    return tuple(sorted(users.values())), tuple(in_order[0]), tuple(in_order[1])


def _read_permission_set(sso: Client, instance_arn: str, arn: str) -> tuple[str, str, bool]:
    """Return its name, its session's length and whether it gives administrator access."""
    described = sso.describe_permission_set(InstanceArn=instance_arn, PermissionSetArn=arn)["PermissionSet"]
    managed = _all(
        sso,
        "list_managed_policies_in_permission_set",
        "AttachedManagedPolicies",
        InstanceArn=instance_arn,
        PermissionSetArn=arn,
    )
    administrates = any(policy["Arn"].endswith(_ADMINISTRATOR_ACCESS) for policy in managed)
    return described["Name"], hours(described.get("SessionDuration")), administrates


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
    for person in portrait.people:
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
    administrators = [
        person
        for person in portrait.people
        if everywhere
        <= {
            account_id
            for access in portrait.access
            if access.person == person and access.administrates
            for account_id in access.account_ids
        }
    ]
    return sum_up(len(accounts), len(portrait.people), administrators)
