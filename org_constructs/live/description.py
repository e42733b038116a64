"""What AWS has of an organization, as the description that templates give of one."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar

from org_constructs.aws import account_states, limits
from org_constructs.aws.policy_types import POLICY_TYPES
from org_constructs.aws.root_access import FROM_ELSEWHERE
from org_constructs.refusal import Refusal
from org_constructs.templates.description import (
    MANAGEMENT,
    ROOT,
    Account,
    Assignment,
    Budget,
    DelegatedAdministrator,
    Description,
    Entitlement,
    Entity,
    Group,
    Instance,
    Live,
    OrganizationalUnit,
    Origin,
    PermissionSet,
    Policy,
    ResourcePolicy,
    Unread,
    User,
    described_budget,
)
from org_constructs.templates.metadata import METADATA_KEY, BaselineMetadata, Contact, metadata_of_all
from org_constructs.templates.values import Values

from . import organization as aws
from . import origins
from .errors import DENIED, is_without_account_access, is_without_budgets
from .reads import DETAIL_READS, READS, Read

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    Progress = Callable[[str, int, int], None]
    """Is told what is read, how many of it have been, and of how many."""

_Entity = TypeVar("_Entity", bound=Entity)
_Item = TypeVar("_Item")
_Answer = TypeVar("_Answer")
_Other = TypeVar("_Other")

_AT_ONCE: Final = 4
"""Calls; docs/decisions/0015-asking-aws.md."""

_NOT_OFFERED: Final = frozenset({"InvalidInputException", "UnsupportedAPIEndpointException"})
"""What Organizations says of a type of policies that its partition does not have."""


def describe_live(
    live: aws.LiveOrganization,
    *,
    own_stacks: Collection[str] | None = None,
    also_in: Sequence[aws.LiveOrganization] = (),
    details: bool = False,
    progress: Progress = lambda _what, _done, _of: None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Description:
    """Return what AWS has.

    Keys are AWS's ids, but those of the root and of the management account, and everything is in the order of its
    names. Closed accounts are among the accounts as long as AWS lists them. AWS's own policies, which are attached to
    everything and allow everything, are in `live` alone:
    https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html

    What AWS does not let these credentials see is in `live.unread` and `live.unread_details`. What it leaves unknown is
    `only_named` then: a group whose members, or a permission set whose content may not be seen.

    Args:
        live: Asks AWS, in the region of IAM Identity Center.
        own_stacks: The names of this app's stacks; by default those that `OrgBaseline` made.
        also_in: Ask AWS in the other regions where this app has stacks.
        details: Whether to read what nobody's access depends on as well: the tags of accounts, units and policies, the
            resource policy among them, and the alternate contacts, which are a call for each, and three; and whom AWS
            writes to of budgets, a call for each time that it writes.
        progress: Is told what is read.
        now: Says the time.

    Raises:
        botocore.exceptions.ClientError: AWS refuses for another reason than a missing permission.
        botocore.exceptions.BotoCoreError: AWS does not answer, or there are no credentials.
    """
    return _Reader(live, progress, also_in).describe(own_stacks, now, details=details)


def home_region(live: aws.LiveOrganization) -> str | None:
    """Return the region of the organization's instance of IAM Identity Center; None where AWS would not tell."""
    return _Reader(live).home_region


def permission_set_properties(
    live: aws.LiveOrganization, instance_arn: str, found: aws.PermissionSet
) -> dict[str, Any]:
    """Return the properties with which a template makes such a permission set, but its tags."""
    of = (instance_arn, found.arn)
    properties = {
        "InstanceArn": instance_arn,
        "Name": found.name,
        "Description": found.description,
        "SessionDuration": found.session_duration,
        "RelayStateType": found.relay_state,
        "ManagedPolicies": sorted(live.managed_policies(*of)),
        "CustomerManagedPolicyReferences": list(live.customer_managed_policies(*of)),
        "InlinePolicy": live.inline_policy(*of),
        "PermissionsBoundary": live.permissions_boundary(*of),
    }
    return {name: value for name, value in properties.items() if value}


class _Reader:
    """Puts the description together, call by call."""

    def __init__(
        self,
        live: aws.LiveOrganization,
        progress: Progress = lambda _what, _done, _of: None,
        also_in: Sequence[aws.LiveOrganization] = (),
    ) -> None:
        self._live = live
        self._regions = (live, *also_in)
        self._progress = progress
        self._unread: dict[Read, tuple[str, set[str]]] = {}
        """By what was read: AWS's code, and of what."""

        self._organization = self._asked(live.organization, None)
        self._management = self._organization.management_account_id if self._organization else None
        self._root = self._asked(live.root, None) if self._organization else None
        self._instances = self._asked(lambda: live.instances(everywhere=True), ())
        # An instance of a member account gives access to no account.
        owners = {"", self._management or live.caller().account_id}
        self._instance = next((each for each in self._instances if each.owner_account_id in owners), None)
        self._stacks: dict[str, Mapping[str, Any]] = {}
        self._origins = origins.Origins({}, (), all_read=False)

    @property
    def home_region(self) -> str | None:
        """The region of the instance that gives access to accounts."""
        return self._instance.primary_region if self._instance else None

    def describe(
        self, own_stacks: Collection[str] | None, now: Callable[[], datetime], *, details: bool
    ) -> Description:
        """Read the organization and the IAM Identity Center, as far as there are any."""
        self._origins = self._read_stacks(own_stacks)
        read_at = now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        units = {each.key: each for each in self._organizational_units()}
        accounts = {each.key: each for each in self._accounts()}
        policies, aws_policies = self._policies()
        users = {each.key: each for each in self._users()}
        groups = {each.key: each for each in self._groups(users)}
        permission_sets = {each.key: each for each in self._permission_sets()}
        assignments = self._assignments([("USER", key) for key in users] + [("GROUP", key) for key in groups])
        entitlements = self._entitlements()
        delegated = self._delegated_administrators()
        trusted = self._trusted_services()
        resource_policy = self._asked(partial(self._resource_policy, details=details), None)
        root_features = self._asked(lambda: self._live.root_features() or (), None) if self._organization else ()
        budgets = self._budgets(details=details)
        if details:
            accounts, units, policies = self._with_details(accounts, units, policies, trusted)
        # What could not be listed is at least named by what is.
        named = [each.account for each in assignments]
        named += [each.account for each in entitlements]
        named += [each.account for each in delegated]
        named += [target for each in policies for target in each.targets]
        named += [each.parent for each in accounts.values() if each.parent]
        named += [each.parent for each in units.values() if each.parent]
        for key in named:
            if re.fullmatch(limits.ORGANIZATIONAL_UNIT_ID, key):
                units.setdefault(key, OrganizationalUnit(key=key, name=key, only_named=True))
            elif key != ROOT:
                accounts.setdefault(key, Account(key=key, name=key, only_named=True, account_id=key))
        for assignment in assignments:
            arn = assignment.permission_set
            permission_sets.setdefault(arn, PermissionSet(key=arn, name=arn.rpartition("/")[2], only_named=True))
        names = {key: each.name for kind in (users, groups, permission_sets, accounts) for key, each in kind.items()}
        return Description(
            accounts=_in_order(accounts.values()),
            organizational_units=_in_order(units.values()),
            users=_in_order(users.values()),
            groups=_in_order(groups.values()),
            permission_sets=_in_order(permission_sets.values()),
            policies=_in_order(policies),
            assignments=tuple(
                sorted(
                    assignments,
                    key=lambda each: (names[each.principal], names[each.permission_set], names[each.account], each),
                )
            ),
            metadata=self._metadata(),
            values=Values({}),
            budgets=_in_order(budgets),
            live=Live(
                read_at=read_at,
                region=self._live.region,
                organization_id=self._organization.id if self._organization else None,
                management_account_id=self._management,
                feature_set=self._organization.feature_set if self._organization else None,
                policy_types=tuple(sorted(self._root.policy_types)) if self._root else (),
                trusted_services=trusted,
                root_features=root_features,
                resource_policy=resource_policy,
                delegated_administrators=delegated,
                aws_policies=_in_order(aws_policies),
                entitlements=tuple(sorted(entitlements, key=lambda each: (each.account, each.role_arn, each.id))),
                instances=tuple(
                    Instance(
                        arn=each.arn,
                        identity_store_id=each.identity_store_id,
                        owner_account_id=each.owner_account_id,
                        status=each.status,
                        region=each.primary_region,
                        is_described=each is self._instance,
                    )
                    for each in sorted(self._instances, key=lambda each: each.arn)
                ),
                stacks=dict(sorted(self._stacks.items())),
                unread=self._unread_of(READS),
                unread_details=self._unread_of(DETAIL_READS),
                root_id=self._root.id if self._root else None,
            ),
        )

    def _asked(
        self, ask: Callable[[], _Answer], instead: _Other, of: str = "", reads: Mapping[str, Read] = READS
    ) -> _Answer | _Other:
        """Return the answer; where AWS does not let these credentials see it, note that, and return what is instead."""
        from botocore.exceptions import (  # noqa: PLC0415 (it takes a third of a second, which `--help` need not wait for)
            ClientError,
            EndpointConnectionError,
        )

        try:
            return ask()
        except ClientError as error:
            operation, why = error.operation_name, str(error.response["Error"]["Code"])
            refused = why in DENIED or why == FROM_ELSEWHERE or (operation == "ListPolicies" and why in _NOT_OFFERED)
            if not refused or operation not in reads:
                raise
        except EndpointConnectionError as error:
            if is_without_account_access(error):
                operation = "ListApplications"
            elif is_without_budgets(error):
                operation = "DescribeBudgets"
            else:
                raise
            why = "EndpointConnectionError"
        self._note(reads[operation], why, of)
        return instead

    def _unread_of(self, reads: Mapping[str, Read]) -> tuple[Unread, ...]:
        return tuple(
            Unread(action=read.action, what=read.what, why=why, of=tuple(sorted(of)), of_access=read.of_access)
            for read in dict.fromkeys(read for _, read in sorted(reads.items()))
            if read in self._unread
            for why, of in [self._unread[read]]
        )

    def _note(self, read: Read, why: str, *of: str) -> None:
        _, known_of = self._unread.setdefault(read, (why, set()))
        known_of.update({*of} - {""})

    def _each(
        self,
        what: str,
        items: Sequence[_Item],
        ask: Callable[[_Item], _Answer],
        of: Callable[[_Item], str] = str,
        reads: Mapping[str, Read] = READS,
    ) -> list[tuple[_Item, _Answer | None]]:
        """Return each item with what AWS answers of it; with None where AWS does not let these credentials see it."""
        if not items:
            return []
        self._progress(what, 0, len(items))
        answers: list[tuple[_Item, _Answer | None]] = []
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            try:
                waiting = [
                    (each, pool.submit(self._asked, partial(ask, each), None, of(each), reads)) for each in items
                ]
                for each, answer in waiting:
                    answers.append((each, answer.result()))
                    self._progress(what, len(answers), len(items))
            finally:
                pool.shutdown(cancel_futures=True)
        return answers

    def _key(self, aws_id: str) -> str:
        if re.fullmatch(limits.ROOT_ID, aws_id):
            return ROOT
        return MANAGEMENT if aws_id == self._management else aws_id

    def _read_stacks(self, own_stacks: Collection[str] | None) -> origins.Origins:
        listed = [(region, name) for region in self._regions for name in self._asked(region.stack_names, None) or ()]
        found = [
            (stack, resources)
            for stack, resources in self._each(
                "stacks", listed, lambda stack: stack[0].stack_resources(stack[1]), lambda stack: stack[1]
            )
            if resources is not None
        ]
        ours = [
            (region, name)
            for (region, name), resources in found
            if any(origins.told_apart(each["ResourceType"], each["PhysicalResourceId"]) for each in resources)
            and (own_stacks is None or name in own_stacks)
        ]
        self._stacks = {
            name: template
            for (_, name), template in self._each(
                "templates", ours, lambda stack: stack[0].template(stack[1]), lambda stack: stack[1]
            )
            if template is not None and (own_stacks is not None or METADATA_KEY in (template.get("Metadata") or {}))
        }
        caller = self._live.caller().account_id
        if self._management not in {None, caller}:
            # As those of a delegated administrator: stacks and budgets are listed for their own account alone.
            for operation in ("ListStacks", "DescribeBudgets"):
                self._note(
                    READS[operation], f"these are credentials of account {caller}, not of the management account"
                )
        own = self._stacks.keys() if own_stacks is None else own_stacks
        all_read = READS["ListStacks"] not in self._unread and len(found) == len(listed)
        by_name: dict[str, list[Mapping[str, Any]]] = {}
        for (_, name), resources in found:
            by_name.setdefault(name, []).extend(resources)  # regions may have stacks of one name
        return origins.Origins(by_name, own, all_read=all_read)

    def _metadata(self) -> BaselineMetadata:
        try:
            # What waits is the app's: AWS has what it has.
            return replace(metadata_of_all(self._stacks.values()), waiting=None)
        except Refusal:  # of a newer version's, and of what is no baseline's
            return BaselineMetadata()

    def _organizational_units(self) -> Iterator[OrganizationalUnit]:
        parents = [self._root.id] if self._root else []
        while parents:
            found = self._each("units", parents, self._live.organizational_units, self._key)
            units = [unit for _, inside in found for unit in inside or ()]
            for each in units:
                yield OrganizationalUnit(
                    key=each.id, name=each.name, parent=self._key(each.parent_id), origin=self._origins.of(each.id)
                )
            parents = [each.id for each in units]

    def _accounts(self) -> Iterator[Account]:
        self._progress("accounts", 0, 1)
        for each in self._asked(self._live.accounts, ()) if self._organization else ():
            # The organization is made in the management account, which nobody else makes.
            made = self._organization.id if each.id == self._management and self._organization else each.id
            yield Account(
                key=self._key(each.id),
                name=each.name,
                email=each.email,
                parent=self._key(each.parent_id),
                account_id=each.id,
                state=each.state,
                origin=self._origins.of(made),
            )
        self._progress("accounts", 1, 1)

    def _policies(self) -> tuple[list[Policy], list[Policy]]:
        """Return the organization's own policies, and AWS's."""
        types = sorted({*POLICY_TYPES, *(self._root.policy_types if self._root else ())}) if self._organization else []
        listed = [each for _, found in self._each("policy types", types, self._live.policies) for each in found or ()]
        # A policy of another type applies to nothing; disabling a type detaches its policies:
        # https://docs.aws.amazon.com/organizations/latest/userguide/disable-policy-type.html
        ids = [each.id for each in listed if self._root is None or each.type in self._root.policy_types]
        targets = dict(self._each("targets of policies", ids, self._live.policy_targets))
        own = [each.id for each in listed if not each.aws_managed]
        contents = dict(self._each("contents of policies", own, self._live.policy_content))

        def described(each: aws.Policy, origin: Origin) -> Policy:
            return Policy(
                key=each.id,
                name=each.name,
                type=each.type,
                content=contents.get(each.id) or {},
                targets=tuple(sorted(map(self._key, targets.get(each.id) or ()))),
                description=each.description,
                origin=origin,
            )

        return (
            [described(each, self._origin_of_policy(each)) for each in listed if not each.aws_managed],
            [described(each, origins.AWS) for each in listed if each.aws_managed],
        )

    def _origin_of_policy(self, policy: aws.Policy) -> Origin:
        of_control_tower = origins.CONTROL_TOWER_POLICY.fullmatch(policy.name)
        return self._origins.of(policy.id, otherwise=origins.AWS if of_control_tower else None)

    def _users(self) -> Iterator[User]:
        self._progress("people", 0, 1)
        for each in self._listed(self._live.users):
            yield User(
                key=each.id,
                name=each.user_name or each.id,
                display_name=each.display_name,
                given_name=each.name.get("GivenName", ""),
                family_name=each.name.get("FamilyName", ""),
                more_names=tuple(sorted(each.name.keys() - {"GivenName", "FamilyName"})),
                emails=each.emails,
                origin=origins.PROVIDER if each.external else self._origins.of(each.id),
            )
        self._progress("people", 1, 1)

    def _groups(self, users: dict[str, User]) -> Iterator[Group]:
        """Yield the groups, and add the users whom these alone tell of."""
        listed = list(self._listed(self._live.groups))
        store = self._instance.identity_store_id if self._instance else ""
        found = self._each(
            "members of groups", listed, lambda each: self._live.memberships(store, each.id), lambda each: each.id
        )
        if READS["ListUsers"] in self._unread:
            ids = {membership.user_id for _, memberships in found for membership in memberships or ()}
            users |= {each: User(key=each, name=each, only_named=True) for each in sorted(ids)}
        for each, memberships in found:
            members = {
                membership.user_id: origins.PROVIDER if each.external else self._origins.of(membership.id)
                for membership in memberships or ()
                # Not a user who was deleted in between.
                if membership.user_id in users
            }
            of_control_tower = each.name in origins.CONTROL_TOWER_GROUPS
            otherwise = origins.AWS if of_control_tower else None
            yield Group(
                key=each.id,
                name=each.name or each.id,
                only_named=memberships is None,
                description=each.description,
                members=tuple(sorted(members)),
                member_origins=members,
                origin=origins.PROVIDER if each.external else self._origins.of(each.id, otherwise=otherwise),
            )

    def _listed(self, ask: Callable[[str], tuple[_Item, ...]]) -> tuple[_Item, ...]:
        """Return what an identity store has of a kind."""
        instance = self._instance
        return self._asked(lambda: ask(instance.identity_store_id), ()) if instance else ()

    def _permission_sets(self) -> Iterator[PermissionSet]:
        if self._instance is None:
            return
        instance = self._instance.arn
        arns = self._asked(lambda: self._live.permission_set_arns(instance), ())
        described = self._each("permission sets", arns, lambda arn: self._live.permission_set(instance, arn))
        tags = dict(
            self._each("tags of permission sets", arns, lambda arn: self._live.permission_set_tags(instance, arn))
        )
        named = {arn: each for arn, each in described if each is not None}
        properties = dict(
            self._each(
                "contents of permission sets",
                list(named),
                lambda arn: permission_set_properties(self._live, instance, named[arn]),
            )
        )
        for arn in arns:
            name = named[arn].name if arn in named else arn.rpartition("/")[2]
            given = tags[arn] or {}
            otherwise = origins.AWS if name in origins.CONTROL_TOWER_PERMISSION_SETS else None
            yield PermissionSet(
                key=arn,
                name=name,
                only_named=properties.get(arn) is None,
                properties=properties.get(arn) or {},
                tags=_without_aws_own(given),
                origin=self._origins.of_tagged(arn, given, otherwise=otherwise),
            )

    def _assignments(self, principals: Sequence[tuple[str, str]]) -> list[Assignment]:
        if self._instance is None:
            return []
        instance = self._instance.arn
        found = self._each(
            "assignments",
            principals,
            lambda principal: self._live.assignments(instance, *principal),
            lambda principal: principal[1],
        )
        return [
            Assignment(
                account=self._key(each.account_id),
                permission_set=each.permission_set_arn,
                principal=principal,
                origin=self._origins.of_assignment(each.account_id, each.permission_set_arn, principal),
            )
            for (_, principal), assigned in found
            for each in assigned or ()
        ]

    def _entitlements(self) -> list[Entitlement]:
        applications = self._asked(self._live.entitlement_applications, ())
        return [
            Entitlement(
                id=each.id,
                principal=each.principal_id,
                account=self._key(each.account_id),
                role_arn=each.role_arn,
                origin=self._origins.of(each.id),
            )
            for _, found in self._each("entitlements", applications, self._live.entitlements)
            for each in found or ()
        ]

    def _with_details(
        self,
        accounts: Mapping[str, Account],
        units: Mapping[str, OrganizationalUnit],
        policies: Sequence[Policy],
        trusted: Collection[str],
    ) -> tuple[dict[str, Account], dict[str, OrganizationalUnit], list[Policy]]:
        """Return accounts, units and policies with tags, and accounts with contacts."""
        ids = {each.key: each.account_id or each.key for each in accounts.values()}
        keys = [*accounts, *units, *(each.key for each in policies)]
        listed = self._each(
            "tags", keys, lambda key: self._live.organizations_tags(ids.get(key, key)), reads=DETAIL_READS
        )
        tags = {key: None if given is None else _without_aws_own(given) for key, given in listed}
        contacts = self._contacts(accounts, ids, trusted)
        return (
            {key: replace(each, tags=tags[key], contacts=contacts.get(key)) for key, each in accounts.items()},
            {key: replace(each, tags=tags[key]) for key, each in units.items()},
            [replace(each, tags=tags[each.key]) for each in policies],
        )

    def _contacts(
        self, accounts: Mapping[str, Account], ids: Mapping[str, str], trusted: Collection[str]
    ) -> dict[str, tuple[Contact, ...]]:
        """Return the alternate contacts by the accounts' keys, without those that nobody may see.

        Those of member accounts are to be seen where the service has trusted access, and the account is active:
        https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-update-contact-alternate.html
        """
        active = [key for key, each in accounts.items() if each.state == account_states.ACTIVE]
        may_be_seen = (
            limits.ACCOUNT_MANAGEMENT in trusted or READS["ListAWSServiceAccessForOrganization"] in self._unread
        )
        asked = [key for key in active if may_be_seen or key == MANAGEMENT]
        if hidden := {*active} - {*asked}:
            why = f"{limits.ACCOUNT_MANAGEMENT} has no trusted access"
            self._note(DETAIL_READS["GetAlternateContact"], why, *hidden)

        def contacts(key: str) -> tuple[Contact, ...]:
            of = None if key == MANAGEMENT else ids[key]
            found = ((kind, self._live.alternate_contact(of, kind)) for kind in limits.CONTACT_TYPES)
            return tuple(
                Contact(
                    type=kind,
                    name=contact["Name"],
                    title=contact["Title"],
                    email_address=contact["EmailAddress"],
                    phone_number=contact["PhoneNumber"],
                )
                for kind, contact in found
                if contact
            )

        listed = self._each("alternate contacts", asked, contacts, reads=DETAIL_READS)
        return {key: found for key, found in listed if found is not None}

    def _resource_policy(self, *, details: bool) -> ResourcePolicy:
        found = self._live.resource_policy() if self._organization else None
        if found is None:
            return ResourcePolicy()
        tags = None
        if details:
            ask = partial(self._live.organizations_tags, found.id)
            tags = self._asked(ask, None, found.id, DETAIL_READS)
        return ResourcePolicy(
            id=found.id,
            content=found.content,
            tags=None if tags is None else _without_aws_own(tags),
            origin=self._origins.of(found.id),
        )

    def _budgets(self, *, details: bool) -> list[Budget]:
        caller = self._live.caller().account_id
        if self._management not in {None, caller}:
            return []  # its own are not those of the organization
        self._progress("budgets", 0, 1)
        found = self._asked(self._live.budgets, {})
        alerts = self._alerts() if details and found else None
        self._progress("budgets", 1, 1)
        return [
            described_budget(
                name,
                each,
                self._key,
                alerts=None if alerts is None else alerts.get(name, ()),
                origin=self._origins.of_budget(name),
            )
            for name, each in found.items()
        ]

    def _alerts(self) -> Mapping[str, Sequence[tuple[Mapping[str, Any], Sequence[Mapping[str, Any]]]]] | None:
        """Return when AWS writes of budgets, each time with whom to, by their names; None where nobody may see it."""
        notifications = self._asked(self._live.budget_notifications, None, reads=DETAIL_READS)
        if notifications is None:
            return None
        asked = [(name, each) for name, some in notifications.items() for each in some]
        found = self._each(
            "whom AWS writes to of budgets",
            asked,
            lambda each: self._live.budget_subscribers(*each),
            lambda each: each[0],
            reads=DETAIL_READS,
        )
        if any(to is None for _, to in found):
            return None
        alerts: dict[str, list[tuple[Mapping[str, Any], Sequence[Mapping[str, Any]]]]] = {}
        for (name, each), to in found:
            alerts.setdefault(name, []).append((each, to or ()))
        return alerts

    def _trusted_services(self) -> tuple[str, ...]:
        return tuple(sorted(self._asked(self._live.trusted_services, ()))) if self._organization else ()

    def _delegated_administrators(self) -> tuple[DelegatedAdministrator, ...]:
        accounts = self._asked(self._live.delegated_administrators, ()) if self._organization else ()
        return tuple(
            DelegatedAdministrator(account=self._key(account), services=tuple(sorted(services or ())))
            for account, services in self._each(
                "delegated administrators", sorted(accounts), self._live.delegated_services
            )
        )


def _without_aws_own(tags: Mapping[str, str]) -> dict[str, str]:
    return {key: value for key, value in sorted(tags.items()) if not key.startswith("aws:")}


def _in_order(entities: Iterable[_Entity]) -> Mapping[str, _Entity]:
    return {each.key: each for each in sorted(entities, key=lambda each: (each.name, each.key))}
