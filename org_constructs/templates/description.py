"""An organization, described: accounts, people, and who may do what where, as templates say it or as AWS has it.

This is the one model of all commands. `describe` makes it of templates, which are read without aws_cdk, so that no Node
is started, and for any app that uses the constructs or the resource types themselves; `live/description.py` makes it of
what AWS has.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from functools import partial
from typing import Any, Final

from org_constructs.aws import account_states, limits
from org_constructs.aws.resource_types import BUDGET, RESOURCE_POLICY
from org_constructs.aws.user_types import USERS
from org_constructs.refusal import Refusal

from .metadata import BaselineMetadata, Contact, is_baseline, metadata_of_all
from .values import Environment, Unknown, Values, as_json, document, from_json, items_of, written

ROOT: Final = "root"
"""The key of the organization's root, the parent of accounts and units that are in no unit."""

MANAGEMENT: Final = "management"
"""The key of the management account."""

_NARROWS_A_BUDGET: Final = ("AutoAdjustData", "FilterExpression", "PlannedBudgetLimits")
"""What changes what a budget is of, beside its limit, its filters and its types of costs."""


class Whence(StrEnum):
    """Who has made something that AWS has."""

    APP = "this app"
    STACK = "another stack"
    AWS = "AWS"
    PROVIDER = "the identity provider"
    HAND = "by hand"
    UNKNOWN = "unknown"
    """Nobody could look: no stack that could be read has it, and not all could be read."""


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where something that AWS has is from."""

    whence: Whence
    stack: str = ""
    """The name of the stack that has it; empty where none does."""

    logical_id: str = ""
    """What that stack calls it. `STACK/LOGICAL_ID` is its key in the description of the stack's template."""

    @property
    def is_by_hand(self) -> bool:
        """Whether somebody has made it by hand, as far as anybody could look."""
        return self.whence in (Whence.HAND, Whence.UNKNOWN)

    @property
    def is_of_others(self) -> bool:
        """Whether another stack, AWS or the identity provider has made it, and looks after it."""
        return not self.is_by_hand and self.whence is not Whence.APP

    def __str__(self) -> str:
        return f"stack {self.stack}" if self.whence is Whence.STACK else str(self.whence)


@dataclass(frozen=True, kw_only=True)
class Entity:
    """What an organization has, by its key and its name."""

    key: str
    name: str
    only_named: bool = False
    """Whether it exists already and is only named, by its id: what more is true of it AWS alone knows.

    In a description of what AWS has: whether AWS would not tell what more is true of it.
    """

    origin: Origin | None = None
    """Where it is from; None in a description of templates, and of what is only named."""


@dataclass(frozen=True, kw_only=True)
class Account(Entity):
    """An account."""

    display_name: str | None = None
    """The name that people are to see, where an assembly says another one than the template's."""

    is_closing: bool = False
    """Whether the app is about to close it."""

    email: str | None = None
    role_name: str | None = None
    """The role in it that its template names; None where it names none, or the account exists already."""

    parent: str | None = None
    """The key of the unit, or `root`; None where no template says it."""

    account_id: str | None = None
    """Its id where a template knows it; None for one that the deploy makes."""

    output: tuple[str, str] | None = None
    """The stack and the name of the output that holds its id after a deploy."""

    region: str | None = None
    """The region of its CLI profiles, where it has one of its own."""

    state: str | None = None
    """The state that AWS gives it, ACTIVE or what else
    https://docs.aws.amazon.com/organizations/latest/APIReference/API_Account.html names; None where no one has asked.
    """

    tags: Mapping[str, str] | None = None
    """None where no one has asked, or AWS would not tell."""

    contacts: tuple[Contact, ...] | None = None
    """Its alternate contacts; None where no one has asked, or AWS would not tell."""

    @property
    def is_active(self) -> bool:
        """Whether it can be used, as far as anyone has asked."""
        return self.state in {None, account_states.ACTIVE}

    @property
    def is_closed(self) -> bool:
        """Whether it was closed, or is about to be, so that nobody can enter it."""
        return self.state in account_states.CLOSED


@dataclass(frozen=True, kw_only=True)
class OrganizationalUnit(Entity):
    """An organizational unit."""

    parent: str | None = None
    tags: Mapping[str, str] | None = None
    """None where no one has asked, or AWS would not tell."""


@dataclass(frozen=True, kw_only=True)
class User(Entity):
    """A person in the identity store."""

    display_name: str = ""
    """Empty where nothing says it."""

    given_name: str = ""
    family_name: str = ""
    more_names: tuple[str, ...] = ()
    """What else AWS has of the name and no app says, such as `MiddleName`; nothing in a description of templates."""

    emails: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Group(Entity):
    """A group, and the keys of the users whom templates put in it, or whom AWS has in it."""

    members: tuple[str, ...] = ()
    member_origins: Mapping[str, Origin] = field(default_factory=dict)
    """Where it is from that a user is in the group, by the user's key; nothing in a description of templates."""

    description: str = ""


@dataclass(frozen=True, kw_only=True)
class PermissionSet(Entity):
    """A permission set, with the properties that its template gives it; none of one that exists already."""

    properties: Mapping[str, Any] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    """Without AWS's own."""


@dataclass(frozen=True, kw_only=True)
class Policy(Entity):
    """An Organizations policy, and the keys of what it is attached to."""

    type: str
    content: Any
    targets: tuple[str, ...] = ()
    description: str = ""
    tags: Mapping[str, str] | None = None
    """None where no one has asked, or AWS would not tell."""


@dataclass(frozen=True, kw_only=True)
class BudgetAlert:
    """When AWS writes of a budget, and to whom.

    https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_Notification.html
    """

    type: str
    """ACTUAL or FORECASTED."""

    comparison: str
    threshold: float | None
    """None where the deploy alone knows it."""

    threshold_type: str
    subscribers: tuple[str, ...]
    """The addresses, and the ARNs of topics."""


@dataclass(frozen=True, kw_only=True)
class Budget(Entity):
    """A budget of AWS Budgets in the management account.

    https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_Budget.html
    """

    type: str
    time_unit: str
    amount: float | None = None
    """None where it has no fixed one, or the deploy alone knows it."""

    unit: str = ""
    accounts: tuple[str, ...] = ()
    """The keys of the accounts that it is for; empty where it is for all of them together."""

    more: tuple[str, ...] = ()
    """What else narrows or changes it, by AWS's names, such as `AutoAdjustData`, or `Service` of a filter."""

    alerts: tuple[BudgetAlert, ...] | None = None
    """None where no one has asked, or AWS would not tell."""


@dataclass(frozen=True, order=True)
class Assignment:
    """A principal with a permission set in an account, each by its key."""

    account: str
    permission_set: str
    principal: str
    origin: Origin | None = field(default=None, compare=False)
    """Where it is from; None in a description of templates."""


@dataclass(frozen=True, kw_only=True)
class DelegatedAdministrator:
    """An account that administers services for the whole organization.

    https://docs.aws.amazon.com/organizations/latest/userguide/orgs_integrate_delegated_admin.html
    """

    account: str
    services: tuple[str, ...]
    """The principals of the services, such as `sso.amazonaws.com`."""


@dataclass(frozen=True, kw_only=True)
class ResourcePolicy:
    """What the organization lets member accounts administer.

    https://docs.aws.amazon.com/organizations/latest/userguide/orgs_delegate_policies.html
    """

    id: str = ""
    """Its id; empty where the organization has none."""

    content: Any = None
    tags: Mapping[str, str] | None = None
    """None where no one has asked, or AWS would not tell."""

    origin: Origin | None = None


@dataclass(frozen=True, kw_only=True)
class Entitlement:
    """A user or group who may assume an existing role in an account, without any permission set.

    https://docs.aws.amazon.com/account-access/latest/APIReference/API_ListEntitlements.html
    """

    id: str
    principal: str
    account: str
    role_arn: str
    origin: Origin


@dataclass(frozen=True, kw_only=True)
class Instance:
    """An instance of IAM Identity Center."""

    arn: str
    identity_store_id: str
    owner_account_id: str
    status: str
    region: str | None
    """The region in which it was enabled; None where AWS does not say it."""

    is_described: bool
    """Whether the people, groups and permission sets of the description are this instance's."""


@dataclass(frozen=True, kw_only=True)
class Unread:
    """Something that AWS would not tell, so that nobody knows whether there is any."""

    action: str
    """The permission that is missing, such as `identitystore:ListGroupMemberships`."""

    what: str
    """What is not known, such as `who is in groups`."""

    why: str
    """The code with which AWS refused, such as `AccessDeniedException`."""

    of: tuple[str, ...] = ()
    """The keys of what it is not known of; empty where it is known of nothing."""

    of_access: bool = True
    """Whether it tells who may do what."""

    def __str__(self) -> str:
        of = f", of {len(self.of):,}" if self.of else ""
        return f"{self.what}{of} ({self.action}: {self.why})"


@dataclass(frozen=True, kw_only=True)
class Live:
    """What is known of an organization as AWS has it, and of no other: no template speaks of it."""

    read_at: str
    """When, as `2026-11-26T18:30:00Z`."""

    region: str | None
    """The region of IAM Identity Center and of the stacks."""

    organization_id: str | None
    management_account_id: str | None
    feature_set: str | None
    policy_types: tuple[str, ...]
    """The types of policies that are enabled."""

    trusted_services: tuple[str, ...]
    """The principals of the services that have trusted access."""

    delegated_administrators: tuple[DelegatedAdministrator, ...]
    aws_policies: Mapping[str, Policy]
    """AWS's own policies by their ids, such as FullAWSAccess, with what they are attached to, but not their content."""

    entitlements: tuple[Entitlement, ...]
    """Access by account access manager."""

    instances: tuple[Instance, ...]
    """Every instance of IAM Identity Center that the credentials see, in any region."""

    stacks: Mapping[str, Mapping[str, Any]]
    """The templates with which this app's stacks were deployed last, by the names of the stacks."""

    unread: tuple[Unread, ...]
    """What could not be looked at; it is missing in the description, and not known to be nothing."""

    unread_details: tuple[Unread, ...] = ()
    """The same of tags, contacts and whom AWS writes to of budgets, where that was asked for: no access depends on it,
    and no report has it.
    """

    root_id: str | None = None
    """The id of the root, whose key is `root`."""

    root_features: tuple[str, ...] | None = None
    """The features of central root access that are enabled; None where nobody knows."""

    resource_policy: ResourcePolicy | None = None
    """The organization's resource policy; None where nobody knows."""


@dataclass(frozen=True, kw_only=True)
class Description:
    """An organization as templates describe it, or as AWS has it.

    Mappings are by key, in the order of the templates. The key of what a template makes is `Stack/LogicalId`, of what
    exists already its id, of the management account `management` and of the root `root`. In a name `${Name}` stands for
    what the deploy alone knows. Of what AWS has, everything has its id as its key, and the order is that of the names.
    """

    accounts: Mapping[str, Account]
    organizational_units: Mapping[str, OrganizationalUnit]
    users: Mapping[str, User]
    groups: Mapping[str, Group]
    permission_sets: Mapping[str, PermissionSet]
    policies: Mapping[str, Policy]
    assignments: tuple[Assignment, ...]
    metadata: BaselineMetadata = field(default_factory=BaselineMetadata)
    """What a baseline wrote into its templates; empty where there is none."""

    values: Values = field(compare=False, repr=False)
    """What the templates themselves say, resource by resource."""

    budgets: Mapping[str, Budget] = field(default_factory=dict)
    resource_policies: Mapping[str, Any] = field(default_factory=dict)
    """What the resource policies of templates say: one, as an organization has no more. What AWS has is in `live`."""

    live: Live | None = None
    """What is known of what AWS has alone; None in a description of templates."""

    @property
    def accounts_by_app_key(self) -> dict[str, Account]:
        """The accounts by what the app calls them, as its metadata has it; the management account is none of them."""
        by_output = {each.output[1]: each for each in self.accounts.values() if each.output}
        keys = {key: each.output for key, each in self.metadata.accounts.items()}
        return {key: by_output[output] for key, output in keys.items() if output in by_output}

    def people(self, principal: str) -> tuple[str, ...]:
        """Return the keys of the users whom an assignment to the principal reaches."""
        return self.groups[principal].members if principal in self.groups else (principal,)


def name_of(description: Description, key: str) -> str:
    """Return the name of an account, a person, a group or a permission set, or the key of what is not described."""
    for things in (description.accounts, description.users, description.groups, description.permission_sets):
        if key in things:
            return things[key].name
    return key


def described_budget(
    key: str,
    said: Mapping[str, Any],
    account: Callable[[Any], str],
    *,
    alerts: Iterable[tuple[Mapping[str, Any], Iterable[Mapping[str, Any]]]] | None,
    origin: Origin | None = None,
) -> Budget:
    """Return a budget as templates and the API describe it, which differ in that the API has amounts as texts.

    Args:
        key: Its key.
        said: The budget.
        account: Returns the key of an account from what a filter has.
        alerts: The notifications, each with its subscribers; None where no one knows.
        origin: Where it is from.
    """
    filters = dict(_mapping(said.get("CostFilters")))
    accounts = items_of(filters.pop("LinkedAccount", None))
    limit = _mapping(said.get("BudgetLimit"))
    costs = _mapping(said.get("CostTypes"))
    other = [name for name in _NARROWS_A_BUDGET if said.get(name)]
    # Metrics come with an expression in place of filters and types of costs, which AWS shows only where it is asked to:
    # https://github.com/hashicorp/terraform-provider-aws/issues/46866
    other += ["Metrics"] if said.get("Metrics") and not costs else []
    # https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_CostTypes.html
    other += [name for name, value in costs.items() if value != name.startswith("Include")]
    return Budget(
        key=key,
        name=written(said.get("BudgetName", key.rpartition("/")[2])),
        type=written(said.get("BudgetType")),
        time_unit=written(said.get("TimeUnit")),
        amount=_number(limit.get("Amount")),
        unit=written(limit.get("Unit", "")),
        accounts=tuple(sorted(map(account, accounts))),
        more=tuple(sorted([*filters, *other])),
        alerts=None
        if alerts is None
        else tuple(
            sorted(
                (
                    BudgetAlert(
                        type=written(each.get("NotificationType")),
                        comparison=written(each.get("ComparisonOperator")),
                        threshold=_number(each.get("Threshold")),
                        # AWS does not always say it: https://github.com/aws/aws-cli/issues/7145
                        threshold_type=written(each.get("ThresholdType", "PERCENTAGE")),
                        subscribers=tuple(sorted(written(to.get("Address")) for to in subscribers)),
                    )
                    for each, subscribers in alerts
                ),
                key=lambda each: (each.type, each.threshold or 0, str(each)),
            )
        ),
        origin=origin,
    )


def user_name(properties: Mapping[str, Any]) -> str:
    """Return the user name in the properties of a user: of the AWS resource, or of the custom resource in its stead."""
    return written(user_attributes(properties)["UserName"])


def describe(
    templates: Mapping[str, Mapping[str, Any]], environments: Mapping[str, Environment] | None = None
) -> Description:
    """Return what templates say of an organization.

    Args:
        templates: The templates, by the names of their stacks.
        environments: Where the stacks are deployed to, as far as that is known.

    Raises:
        Refusal: A property is neither a value nor a reference that can be followed without a deploy, or a template
            is one that `Values` refuses.
    """
    return _Reader(References(templates, environments)).describe()


class References:
    """Follows the references between the resources of all templates, by the names of their stacks."""

    def __init__(
        self, templates: Mapping[str, Mapping[str, Any]], environments: Mapping[str, Environment] | None = None
    ) -> None:
        """Find what a baseline says of the management account and of what exists already."""
        known = environments or {}

        def pseudo(stack: str, name: str) -> str | None:
            return known[stack].pseudo_parameter(stack, name) if stack in known else None

        self.templates = templates
        self.values = Values(templates, pseudo)
        self._keys: dict[int, tuple[Unknown, str | None]] = {}
        self.metadata = metadata_of_all(templates.values())
        """What a baseline wrote into its templates; empty where there is none."""

        self.management_account_id = self._output_of_baseline("ManagementAccountId")
        """The id of the management account, where a baseline names it."""

        self._deployed_to = next((known[each].account for each in self._baselines if each in known), None)
        """The account that a baseline is for; the management account, where the baseline names no other."""

        self.organization_id = self._output_of_baseline("OrganizationId")
        """The id of the organization, where a baseline names it."""

    @property
    def _baselines(self) -> Iterator[str]:
        return (stack for stack, template in self.templates.items() if is_baseline(template))

    def _output_of_baseline(self, name: str) -> str | None:
        """Return what the output of a baseline says, as far as it is known before the deploy."""
        for stack in self._baselines:
            if name in self.values.outputs(stack):
                found = self.values.output(stack, name)
                return found if isinstance(found, str) else None
        return None

    def name(self, existing_id: str) -> str:
        """Return the name of what exists already, or its id where no template says the name."""
        return self.metadata.existing_names.get(existing_id, existing_id)

    def key(self, stack: str, value: Any) -> str | None:  # noqa: ANN401 (JSON)
        """Return the key of what the value of a property leads to; None if the deploy alone knows what that is."""
        # What was evaluated before stays as it is; of many assignments it is the same few values.
        if not isinstance(value, Unknown):
            return self._key_of(self.values.of(stack, value))
        known = self._keys.get(id(value))
        if known is None:
            known = self._keys[id(value)] = (value, self._key_of(value))
        return known[1]

    def key_of_output(self, stack: str, name: str) -> str | None:
        """Return the key of what an output says the id of, as `key`; None where the stack has no such output."""
        return self.key(stack, self.values.output(stack, name)) if name in self.values.outputs(stack) else None

    def _key_of(self, found: Any) -> str | None:  # noqa: ANN401 (JSON)
        if isinstance(found, str):
            literal = MANAGEMENT if found == (self.management_account_id or self._deployed_to) else found
            return ROOT if re.fullmatch(limits.ROOT_ID, found) else literal
        reference = found.reference if isinstance(found, Unknown) else None
        if reference is None:
            return None
        if reference.name == "AWS::AccountId":
            return MANAGEMENT
        resource = self.values.resource(reference)
        if resource is None or resource["Type"] == "AWS::CloudFormation::Stack":
            return None
        if resource["Type"] == "AWS::Organizations::Organization":
            return {"RootId": ROOT, "ManagementAccountId": MANAGEMENT}.get(reference.attribute)
        return f"{reference.stack}/{reference.name}"


class _Reader:
    """Puts the description together, resource by resource."""

    def __init__(self, references: References) -> None:
        self._references = references
        self._values = references.values
        self._metadata = references.metadata

    def describe(self) -> Description:
        """Read every resource; what is only named, by its id, is added as it comes up."""
        members: dict[str, list[str]] = {}
        for stack, _, properties in self._resources("AWS::IdentityStore::GroupMembership"):
            group = self._key(stack, properties["GroupId"])
            members.setdefault(group, []).append(self._key(stack, properties["MemberId"], "UserId"))
        accounts, units = self._accounts(), self._units()
        users, groups = self._users(), self._groups(members)
        permission_sets = {
            key: PermissionSet(key=key, name=written(properties["Name"]), properties=properties, tags=_tags(properties))
            for _, key, properties in self._resources("AWS::SSO::PermissionSet")
        }
        assignments = []
        for stack, _, properties in self._resources("AWS::SSO::Assignment"):
            assignment = Assignment(
                account=self._key(stack, properties["TargetId"]),
                permission_set=self._key(stack, properties["PermissionSetArn"]),
                principal=(principal := self._key(stack, properties["PrincipalId"])),
            )
            assignments.append(assignment)
            accounts.setdefault(assignment.account, self._existing_account(assignment.account))
            permission_set = assignment.permission_set
            permission_sets.setdefault(permission_set, PermissionSet(**self._only_named(permission_set)))
            if properties["PrincipalType"] == "USER":
                users.setdefault(principal, User(**self._only_named(principal)))
            else:
                inside = tuple(members.get(principal, ()))
                groups.setdefault(principal, Group(**self._only_named(principal), members=inside))
        for user in (user for inside in members.values() for user in inside):
            users.setdefault(user, User(**self._only_named(user)))
        policies = self._policies()
        for target in {target: None for policy in policies.values() for target in policy.targets}:
            if re.fullmatch(limits.ORGANIZATIONAL_UNIT_ID, target):
                units.setdefault(target, OrganizationalUnit(**self._only_named(target)))
            elif target not in units and target != ROOT:
                accounts.setdefault(target, self._existing_account(target))
        return Description(
            accounts=accounts,
            organizational_units=units,
            users=users,
            groups=groups,
            permission_sets=permission_sets,
            policies=policies,
            assignments=tuple(assignments),
            metadata=self._metadata,
            values=self._values,
            budgets=self._budgets(),
            resource_policies={
                key: document(properties.get("Content")) for _, key, properties in self._resources(RESOURCE_POLICY)
            },
        )

    def _accounts(self) -> dict[str, Account]:
        made = {key: (stack, properties) for stack, key, properties in self._resources("AWS::Organizations::Account")}
        outputs = self._account_outputs(made)
        known = self._metadata.accounts
        named = {account.output: key for key, account in known.items()}
        app_keys = {key: named.get(name, key) for key, (_, name) in outputs.items()}
        regions = {key: known[app_key].region for key, app_key in app_keys.items() if app_key in known}
        contacts = self._contacts({app_key: key for key, app_key in app_keys.items()})
        accounts = {}
        for key, (stack, properties) in made.items():
            parents = items_of(properties.get("ParentIds"))
            accounts[key] = Account(
                key=key,
                name=written(properties["AccountName"]),
                email=written(properties["Email"]),
                role_name=written(properties["RoleName"]) if "RoleName" in properties else None,
                parent=self._key(stack, parents[0]) if parents else ROOT,
                output=outputs.get(key),
                region=regions.get(key),
                is_closing=app_keys.get(key) in self._metadata.closing,
                tags=_tags(properties),
                contacts=contacts.get(key, ()),
            )
        for key in outputs:
            if key not in accounts:
                existing = self._existing_account(key, outputs[key], regions.get(key))
                accounts[key] = replace(existing, contacts=contacts.get(key))
        return accounts

    def _contacts(self, keys: Mapping[str, str]) -> dict[str, tuple[Contact, ...]]:
        """Return the alternate contacts that the app declares, by the accounts' keys, from what the app calls them."""
        contacts: dict[str, tuple[Contact, ...]] = {}
        for each in sorted(self._metadata.alternate_contacts, key=lambda each: each.type):
            values = {of.name: getattr(each, of.name) for of in fields(Contact)}
            for key in each.accounts:
                if key in keys:
                    contacts[keys[key]] = (*contacts.get(keys[key], ()), Contact(**values))
        return contacts

    def _account_outputs(self, made: Mapping[str, object]) -> dict[str, tuple[str, str]]:
        """Return the outputs which hold the ids of accounts, by the accounts' keys."""
        outputs: dict[str, tuple[str, str]] = {}
        listed = {account.output for account in self._metadata.accounts.values()}
        for stack in self._references.templates:
            for name in self._values.outputs(stack):
                key = self._references.key_of_output(stack, name)
                if key is not None and (key in made or key == MANAGEMENT or name in listed):
                    outputs.setdefault(key, (stack, name))
        return outputs

    def _existing_account(self, key: str, output: tuple[str, str] | None = None, region: str | None = None) -> Account:
        management = key == MANAGEMENT
        return Account(
            key=key,
            name=(self._metadata.company or MANAGEMENT) if management else self._references.name(key),
            only_named=True,
            parent=ROOT if management else None,
            account_id=self._references.management_account_id if management else key,
            output=output,
            region=region,
        )

    def _units(self) -> dict[str, OrganizationalUnit]:
        units = {
            key: OrganizationalUnit(
                key=key,
                name=written(properties["Name"]),
                parent=self._key(stack, properties["ParentId"]),
                tags=_tags(properties),
            )
            for stack, key, properties in self._resources("AWS::Organizations::OrganizationalUnit")
        }
        parents = [unit.parent for unit in units.values()]
        parents += [
            self._key(stack, parent)
            for stack, _, properties in self._resources("AWS::Organizations::Account")
            for parent in items_of(properties.get("ParentIds"))
        ]
        for parent in parents:
            if parent is not None and parent != ROOT and parent not in units:
                units[parent] = OrganizationalUnit(**self._only_named(parent))
        return units

    def _users(self) -> dict[str, User]:
        return {
            key: _user(key, properties)
            for resource_type in USERS
            for _, key, properties in self._resources(resource_type)
        }

    def _groups(self, members: Mapping[str, list[str]]) -> dict[str, Group]:
        return {
            key: Group(
                key=key,
                name=written(properties["DisplayName"]),
                members=tuple(members.get(key, ())),
                description=written(properties.get("Description", "")),
            )
            for _, key, properties in self._resources("AWS::IdentityStore::Group")
        }

    def _policies(self) -> dict[str, Policy]:
        return {
            key: Policy(
                key=key,
                name=written(properties["Name"]),
                type=written(properties["Type"]),
                content=properties["Content"],
                targets=tuple(self._key(stack, target) for target in items_of(properties.get("TargetIds"))),
                description=written(properties.get("Description", "")),
                tags=_tags(properties),
            )
            for stack, key, properties in self._resources("AWS::Organizations::Policy")
        }

    def _budgets(self) -> dict[str, Budget]:
        return {
            key: described_budget(
                key,
                _mapping(properties.get("Budget")),
                partial(self._named_account, stack),
                alerts=[
                    (_mapping(each.get("Notification")), map(_mapping, items_of(each.get("Subscribers"))))
                    for each in map(_mapping, items_of(properties.get("NotificationsWithSubscribers")))
                ],
            )
            for stack, key, properties in self._resources(BUDGET)
        }

    def _named_account(self, stack: str, value: Any) -> str:  # noqa: ANN401 (JSON)
        return self._references.key(stack, value) or written(value)

    def _only_named(self, key: str) -> dict[str, Any]:
        return {"key": key, "name": self._references.name(key), "only_named": True}

    def _resources(self, resource_type: str) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
        """Yield stack, key and properties of each resource of the type."""
        for stack in self._references.templates:
            for logical_id, resource in self._values.resources(stack).items():
                if resource["Type"] == resource_type:
                    yield stack, f"{stack}/{logical_id}", self._values.properties(stack, logical_id)

    def _key(self, stack: str, value: Any, *inside: str) -> str:  # noqa: ANN401 (JSON)
        for name in inside:
            value = value[name] if isinstance(value, dict) else value
        key = self._references.key(stack, value)
        if key is None:
            raise Refusal(
                "reference-unknown",
                f"stack {stack!r} must refer to accounts, people and permission sets by value, Ref, Fn::GetAtt,"
                f" Fn::ImportValue or Fn::GetStackOutput, got {as_json(value)}, which is known only during the deploy",
            )
        return key


def _mapping(value: Any) -> Mapping[str, Any]:  # noqa: ANN401 (JSON)
    return value if isinstance(value, Mapping) else {}


def _number(value: Any) -> float | None:  # noqa: ANN401 (JSON)
    """Return a number that stands there as one or as a text; None of what is none before the deploy."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _tags(properties: Mapping[str, Any]) -> dict[str, str]:
    tags = [each for each in items_of(properties.get("Tags")) if isinstance(each, dict)]
    return dict(sorted((written(each.get("Key")), written(each.get("Value"))) for each in tags))


def user_attributes(properties: Mapping[str, Any]) -> Any:  # noqa: ANN401 (JSON)
    """Return what the resource of a user says of it: a custom one in a call of the SDK, in JSON."""
    return from_json(properties["Create"])["parameters"] if "Create" in properties else properties


def _user(key: str, properties: Mapping[str, Any]) -> User:
    attributes = user_attributes(properties)
    names = attributes.get("Name")
    parts = names if isinstance(names, dict) else {}
    return User(
        key=key,
        name=written(attributes["UserName"]),
        display_name=written(attributes.get("DisplayName", "")),
        given_name=written(parts.get("GivenName", "")),
        family_name=written(parts.get("FamilyName", "")),
        emails=tuple(
            written(each["Value"])
            for each in items_of(attributes.get("Emails"))
            if isinstance(each, dict) and each.get("Value")
        ),
    )
