"""What somebody may do by hand to an organization, each with the drift that has to be found of it."""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import cached_property
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

from drifting import CONTACT, DENY, World
from made_by_hand import INSTANCE, MANAGEMENT, STORE
from org_constructs.live.organization import Assignment, LiveOrganization
from org_constructs.rehearsal.local_aws.services.organizations import backend_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from random import Random

MANAGED: Final = "arn:aws:iam::aws:policy/"
REWRITTEN: Final = {**DENY, "Id": "ByHand"}


class OccupiedError(Exception):
    """What an edit would change is changed by another one already."""


class Hands:
    """One round of edits, none of which changes what another one has changed."""

    def __init__(self, world: World, random: Random) -> None:
        self.world = world
        self.random = random
        self.live = LiveOrganization(world.aws.client)
        self.organizations = world.client("organizations")
        self.sso = world.client("sso-admin")
        self.store = world.client("identitystore")
        self.expected: Counter[tuple[str, str | None]] = Counter()
        """The drift that is to be found: its code, and the id of what it is of."""

        self._used: set[str] = set()
        self._taken: set[str] = set()
        self.there = (self.accounts, self.units, self.sets, self.memberships, self.assignments)
        """What there is before the round, read now."""

        self.targets = {each.id: self.live.policy_targets(each.id) for each in self.policies}
        """What policies are attached to before the round."""

    def expect(self, code: str, found: str | None) -> None:
        self.expected[code, found] += 1

    def use(self, *ids: str) -> None:
        """Have things stay as long as this round is not over."""
        if not self._taken.isdisjoint(ids):
            raise OccupiedError
        self._used.update(ids)

    def take(self, *ids: str) -> None:
        """Have something that no other edit of this round may touch."""
        if not (self._taken | self._used).isdisjoint(ids):
            raise OccupiedError
        self._taken.update(ids)

    def one(self, of: Iterable[Any]) -> Any:
        listed = list(of)
        if not listed:
            raise OccupiedError
        return self.random.choice(listed)

    def new(self, what: str) -> str:
        """Return a name that nothing has."""
        self.world.made += 1
        return f"{what}-by-hand-{self.world.made}"

    def assign(self, account_id: str, arn: str, kind: str, principal: str) -> None:
        """Give access that no template gives."""
        made = Assignment(account_id=account_id, permission_set_arn=arn, principal_type=kind, principal_id=principal)
        if made in self.assignments:
            raise OccupiedError
        key = f"{account_id}|{arn}|{principal}"
        self.take(key)
        self.sso.create_account_assignment(**_assignment(made))
        self.expect("drift-added", key)

    @cached_property
    def owned(self) -> set[str]:
        """The ids of what the stack has."""
        stack = self.live.stack("OrgBaseline")
        assert stack is not None
        return {part.rpartition("/")[2] for each in stack.resources.values() for part in each.split("|")} | {
            part for each in stack.resources.values() for part in each.split("|")
        }

    @cached_property
    def accounts(self) -> Sequence[Any]:
        return [each for each in self.live.accounts() if each.active and each.id in self.owned - {MANAGEMENT}]

    @cached_property
    def units(self) -> Sequence[Any]:
        return [each for each in self.live.all_organizational_units() if each.id in self.owned]

    @cached_property
    def policies(self) -> Sequence[Any]:
        types = sorted(self.live.root().policy_types)
        return [each for kind in types for each in self.live.policies(kind) if each.id in self.owned]

    @cached_property
    def sets(self) -> Sequence[Any]:
        return [each for each in self.live.permission_sets(INSTANCE) if each.arn in self.owned]

    @cached_property
    def groups(self) -> Sequence[Any]:
        return [each for each in self.live.groups(STORE) if each.id in self.owned]

    @cached_property
    def users(self) -> Sequence[Any]:
        return [each for each in self.live.users(STORE) if each.id in self.owned]

    @cached_property
    def memberships(self) -> Sequence[Any]:
        found = (each for group in self.groups for each in self.live.memberships(STORE, group.id))
        return [each for each in found if each.id in self.owned]

    @cached_property
    def assignments(self) -> Sequence[Any]:
        principals = [("GROUP", each.id) for each in self.groups] + [("USER", each.id) for each in self.users]
        return [each for kind, principal in principals for each in self.live.assignments(INSTANCE, kind, principal)]


def policy_content(hands: Hands) -> None:
    policy = hands.one(each for each in hands.policies if each.type == "SERVICE_CONTROL_POLICY")
    hands.use(policy.id)
    hands.take(f"{policy.id}:contents")
    hands.organizations.update_policy(PolicyId=policy.id, Content=json.dumps(REWRITTEN))
    hands.expect("drift-changed", policy.id)


def policy_name(hands: Hands) -> None:
    policy = hands.one(hands.policies)
    hands.use(policy.id)
    hands.take(f"{policy.id}:contents")
    hands.organizations.update_policy(PolicyId=policy.id, Name=f"{policy.name} by hand", Description="By hand")
    hands.expect("drift-changed", policy.id)


def policy_detached(hands: Hands) -> None:
    policy = hands.one(hands.policies)
    hands.use(policy.id)
    target = hands.one(hands.targets[policy.id])
    hands.use(target)
    hands.take(f"{policy.id}:detached")
    hands.organizations.detach_policy(PolicyId=policy.id, TargetId=target)
    hands.expect("drift-detached", policy.id)


def policy_attached(hands: Hands) -> None:
    policy = hands.one(hands.policies)
    hands.use(policy.id)
    targets = hands.targets[policy.id]
    target = hands.one(each.id for each in (*hands.units, *hands.accounts) if each.id not in targets)
    hands.use(target)
    hands.take(f"{policy.id}:attached")
    hands.organizations.attach_policy(PolicyId=policy.id, TargetId=target)
    hands.expect("drift-attached", policy.id)


def policy_deleted(hands: Hands) -> None:
    policy = hands.one(each for each in hands.policies if each.name.startswith("spare-"))
    hands.take(policy.id)
    for target in hands.targets[policy.id]:
        hands.organizations.detach_policy(PolicyId=policy.id, TargetId=target)
    hands.organizations.delete_policy(PolicyId=policy.id)
    hands.expect("drift-gone", policy.id)


def organization_tags(hands: Hands) -> None:
    tagged = [each for each in hands.units if re.match("security|spare-", each.name)]
    tagged += [each for each in hands.accounts if each.name.endswith("-production")]
    tagged += [each for each in hands.policies if each.name == "deny-more"]
    found = hands.one(tagged)
    hands.use(found.id)
    hands.take(f"{found.id}:tags")
    [key] = [each for each in hands.live.organizations_tags(found.id) if not each.startswith("aws:")]
    if hands.random.random() < 0.5:
        hands.organizations.untag_resource(ResourceId=found.id, TagKeys=[key])
    else:
        hands.organizations.tag_resource(ResourceId=found.id, Tags=[{"Key": key, "Value": "by-hand"}])
    hands.expect("drift-tags", found.id)


def _of_set(hands: Hands, arn: str) -> Mapping[str, str]:
    hands.use(arn)
    hands.take(f"{arn}:contents")
    hands.expect("drift-changed", arn)
    return {"InstanceArn": INSTANCE, "PermissionSetArn": arn}


def set_settings(hands: Hands) -> None:
    of = _of_set(hands, hands.one(hands.sets).arn)
    hands.sso.update_permission_set(**of, Description="By hand", SessionDuration="PT2H", RelayState="https://acme.com")


def set_managed_policy(hands: Hands) -> None:
    of = _of_set(hands, hands.one(hands.sets).arn)
    hands.sso.attach_managed_policy_to_permission_set(**of, ManagedPolicyArn=f"{MANAGED}SecurityAudit")


def set_managed_policy_gone(hands: Hands) -> None:
    found = hands.one(hands.sets).arn
    hands.use(found)
    arn = hands.one(hands.live.managed_policies(INSTANCE, found))
    of = _of_set(hands, found)
    hands.sso.detach_managed_policy_from_permission_set(**of, ManagedPolicyArn=arn)


def set_customer_managed_policy(hands: Hands) -> None:
    of = _of_set(hands, hands.one(hands.sets).arn)
    hands.sso.attach_customer_managed_policy_reference_to_permission_set(
        **of, CustomerManagedPolicyReference={"Name": "ByHand", "Path": "/"}
    )


def set_inline_policy(hands: Hands) -> None:
    of = _of_set(hands, hands.one(hands.sets).arn)
    if hands.live.inline_policy(INSTANCE, of["PermissionSetArn"]):
        hands.sso.delete_inline_policy_from_permission_set(**of)
    else:
        hands.sso.put_inline_policy_to_permission_set(**of, InlinePolicy=json.dumps(REWRITTEN))


def set_boundary(hands: Hands) -> None:
    of = _of_set(hands, hands.one(hands.sets).arn)
    if hands.live.permissions_boundary(INSTANCE, of["PermissionSetArn"]):
        hands.sso.delete_permissions_boundary_from_permission_set(**of)
    else:
        hands.sso.put_permissions_boundary_to_permission_set(
            **of, PermissionsBoundary={"ManagedPolicyArn": f"{MANAGED}ReadOnlyAccess"}
        )


def set_tags(hands: Hands) -> None:
    found = hands.one(each for each in hands.sets if each.name == "Developer")
    of = _of_set(hands, found.arn)
    hands.sso.tag_resource(
        InstanceArn=INSTANCE, ResourceArn=of["PermissionSetArn"], Tags=[{"Key": "owner", "Value": "by-hand"}]
    )


def set_deleted(hands: Hands) -> None:
    found = hands.one(each for each in hands.sets if each.name.startswith("Spare"))
    hands.take(found.arn)
    hands.sso.delete_permission_set(InstanceArn=INSTANCE, PermissionSetArn=found.arn)
    hands.expect("drift-gone", found.arn)


def group_changed(hands: Hands) -> None:
    group = hands.one(hands.groups)
    hands.use(group.id)
    hands.take(f"{group.id}:contents")
    change = hands.one((("displayName", f"{group.name} by hand"), ("description", "By hand")))
    hands.store.update_group(
        IdentityStoreId=STORE,
        GroupId=group.id,
        Operations=[dict(zip(("AttributePath", "AttributeValue"), change, strict=True))],
    )
    hands.expect("drift-changed", group.id)


def group_deleted(hands: Hands) -> None:
    group = hands.one(hands.groups)
    hands.take(group.id)
    assigned = hands.live.assignments(INSTANCE, "GROUP", group.id)
    hands.use(*(each.account_id for each in assigned))
    for each in assigned:
        hands.sso.delete_account_assignment(**_assignment(each))
    hands.store.delete_group(IdentityStoreId=STORE, GroupId=group.id)
    hands.expect("drift-gone", group.id)


def user_changed(hands: Hands) -> None:
    user = hands.one(hands.users)
    hands.use(user.id)
    hands.take(f"{user.id}:names")
    change = hands.one(
        (
            ("displayName", "By hand"),
            ("name", {"GivenName": "By", "FamilyName": "Hand"}),
            ("userName", f"{user.user_name}.by.hand"),
            ("emails", [{"Value": f"by.hand.{user.user_name}", "Primary": True}]),
        )
    )
    hands.store.update_user(
        IdentityStoreId=STORE,
        UserId=user.id,
        Operations=[dict(zip(("AttributePath", "AttributeValue"), change, strict=True))],
    )
    hands.expect("drift-user-changed", user.id)


def user_deleted(hands: Hands) -> None:
    user = hands.one(hands.users)
    hands.take(user.id)
    assigned = hands.live.assignments(INSTANCE, "USER", user.id)
    hands.use(*(each.account_id for each in assigned))
    for each in assigned:
        hands.sso.delete_account_assignment(**_assignment(each))
    hands.store.delete_user(IdentityStoreId=STORE, UserId=user.id)
    hands.expect("drift-gone", user.id)


def membership_ended(hands: Hands) -> None:
    membership = hands.one(hands.memberships)
    hands.use(membership.group_id, membership.user_id)
    hands.take(membership.id)
    hands.store.delete_group_membership(IdentityStoreId=STORE, MembershipId=membership.id)
    hands.expect("drift-membership-ended", membership.id)


def membership_made_again(hands: Hands) -> None:
    membership = hands.one(hands.memberships)
    hands.use(membership.group_id, membership.user_id)
    hands.take(membership.id)
    hands.store.delete_group_membership(IdentityStoreId=STORE, MembershipId=membership.id)
    hands.store.create_group_membership(
        IdentityStoreId=STORE, GroupId=membership.group_id, MemberId={"UserId": membership.user_id}
    )
    hands.expect("drift-membership-made-again", membership.id)


def assignment_ended(hands: Hands) -> None:
    assignment = hands.one(hands.assignments)
    key = f"{assignment.account_id}|{assignment.permission_set_arn}|{assignment.principal_id}"
    hands.use(assignment.account_id, assignment.permission_set_arn, assignment.principal_id)
    hands.take(key)
    hands.sso.delete_account_assignment(**_assignment(assignment))
    hands.expect("drift-assignment-ended", key)


def account_moved(hands: Hands) -> None:
    account = hands.one(hands.accounts)
    unit = hands.one(each for each in hands.units if each.id != account.parent_id)
    hands.use(account.id, unit.id)
    hands.take(f"{account.id}:parent")
    hands.organizations.move_account(
        AccountId=account.id, SourceParentId=account.parent_id, DestinationParentId=unit.id
    )
    hands.expect("drift-moved", account.id)


def account_renamed(hands: Hands) -> None:
    account = hands.one(hands.accounts)
    hands.use(account.id)
    hands.take(f"{account.id}:names")
    found = backend_of(MANAGEMENT).get_account_by_id(account.id)  # no API of the local AWS does it
    if hands.random.random() < 0.5:
        found.name = f"{account.name} by hand"
    else:
        found.email = f"by.hand.{account.email}"
    hands.expect("drift-account-changed", account.id)


def account_closed(hands: Hands) -> None:
    account = hands.one(hands.accounts)
    hands.take(account.id)
    hands.organizations.close_account(AccountId=account.id)
    hands.organizations.list_accounts()  # it is being closed until somebody looks, as three may be at a time
    hands.expect("drift-closed", account.id)


def unit_renamed(hands: Hands) -> None:
    unit = hands.one(hands.units)
    hands.use(unit.id)
    hands.take(f"{unit.id}:name")
    hands.organizations.update_organizational_unit(OrganizationalUnitId=unit.id, Name=f"{unit.name} by hand")
    hands.expect("drift-renamed", unit.id)


def unit_deleted(hands: Hands) -> None:
    unit = hands.one(each for each in hands.units if each.name.startswith("spare-"))
    hands.take(unit.id)
    hands.organizations.delete_organizational_unit(OrganizationalUnitId=unit.id)
    hands.expect("drift-gone", unit.id)


def policy_type_disabled(hands: Hands) -> None:
    """Disable a type, which detaches its policies in AWS, if not in moto."""
    [policy] = [each for each in hands.policies if each.type == "BACKUP_POLICY"]
    hands.take(policy.id, *(f"{policy.id}:{each}" for each in ("contents", "detached", "attached")))
    for target in hands.targets[policy.id]:
        hands.organizations.detach_policy(PolicyId=policy.id, TargetId=target)
    hands.organizations.disable_policy_type(RootId=hands.live.root().id, PolicyType=policy.type)
    hands.expect("drift-policy-type", policy.type)
    hands.expect("drift-detached", policy.id)


def service_disabled(hands: Hands) -> None:
    hands.take("cloudtrail.amazonaws.com")
    hands.organizations.disable_aws_service_access(ServicePrincipal="cloudtrail.amazonaws.com")
    hands.expect("drift-service", "cloudtrail.amazonaws.com")


def contact_changed(hands: Hands) -> None:
    key = hands.one(CONTACT.accounts or ())
    account = next((each.id for each in hands.accounts if each.email == f"aws+{key}@acme.com"), MANAGEMENT)
    if (key == "management") != (account == MANAGEMENT):
        raise OccupiedError
    hands.use(account)
    hands.take(f"{account}:contact")
    of = {"AlternateContactType": CONTACT.type, **({} if account == MANAGEMENT else {"AccountId": account})}
    client = hands.world.client("account")
    if hands.random.random() < 0.5:
        client.delete_alternate_contact(**of)
    else:
        contact = {"Name": "Lou", "Title": "By hand", "EmailAddress": "lou@acme.com", "PhoneNumber": "+1 1"}
        client.put_alternate_contact(**of, **contact)
    hands.expect("drift-contact", f"{CONTACT.type}|{account}")


def assignment_made(hands: Hands) -> None:
    account, found = hands.one(hands.accounts), hands.one(hands.sets)
    kind, principal = hands.one(
        [("GROUP", each.id) for each in hands.groups] + [("USER", each.id) for each in hands.users]
    )
    hands.use(account.id, found.arn, principal)
    hands.assign(account.id, found.arn, kind, principal)


def membership_made(hands: Hands) -> None:
    group, user = hands.one(hands.groups), hands.one(hands.users)
    if any((each.group_id, each.user_id) == (group.id, user.id) for each in hands.memberships):
        raise OccupiedError
    hands.use(group.id, user.id)
    hands.take(f"{user.id} in {group.id}")
    made = hands.store.create_group_membership(IdentityStoreId=STORE, GroupId=group.id, MemberId={"UserId": user.id})
    hands.expect("drift-added", made["MembershipId"])


def user_made(hands: Hands) -> None:
    """Make a user, put it in a group, and give it access of its own."""
    group, account, found = hands.one(hands.groups), hands.one(hands.accounts), hands.one(hands.sets)
    hands.use(group.id, account.id, found.arn)
    name = hands.new("user")
    user = hands.store.create_user(
        IdentityStoreId=STORE,
        UserName=name,
        DisplayName=name,
        Name={"GivenName": "By", "FamilyName": "Hand"},
        Emails=[{"Value": f"{name}@acme.com", "Primary": True}],
    )["UserId"]
    made = hands.store.create_group_membership(IdentityStoreId=STORE, GroupId=group.id, MemberId={"UserId": user})
    hands.expect("drift-added", user)
    hands.expect("drift-added", made["MembershipId"])
    hands.assign(account.id, found.arn, "USER", user)


def group_made(hands: Hands) -> None:
    """Make a group with somebody in it, and give it access."""
    user, account, found = hands.one(hands.users), hands.one(hands.accounts), hands.one(hands.sets)
    hands.use(user.id, account.id, found.arn)
    group = hands.store.create_group(IdentityStoreId=STORE, DisplayName=hands.new("group"))["GroupId"]
    hands.store.create_group_membership(IdentityStoreId=STORE, GroupId=group, MemberId={"UserId": user.id})
    hands.expect("drift-added", group)
    hands.assign(account.id, found.arn, "GROUP", group)


def set_made(hands: Hands) -> None:
    group, account = hands.one(hands.groups), hands.one(hands.accounts)
    hands.use(group.id, account.id)
    made = hands.sso.create_permission_set(InstanceArn=INSTANCE, Name=hands.new("set"))["PermissionSet"]
    hands.expect("drift-added", made["PermissionSetArn"])
    hands.assign(account.id, made["PermissionSetArn"], "GROUP", group.id)


def account_made(hands: Hands) -> None:
    name = hands.new("account")
    made = hands.organizations.create_account(AccountName=name, Email=f"{name}@acme.com")
    hands.expect("drift-added", made["CreateAccountStatus"]["AccountId"])


def unit_made(hands: Hands) -> None:
    """Make a unit and one in it, and attach a policy to that."""
    parent, policy = hands.one(hands.units), hands.one(hands.policies)
    hands.use(parent.id, policy.id)
    hands.take(f"{policy.id}:attached")
    for _ in range(2):
        made = hands.organizations.create_organizational_unit(ParentId=parent.id, Name=hands.new("unit"))
        parent = SimpleNamespace(id=made["OrganizationalUnit"]["Id"])
        hands.expect("drift-added", parent.id)
    hands.organizations.attach_policy(PolicyId=policy.id, TargetId=parent.id)
    hands.expect("drift-attached", policy.id)


def policy_made(hands: Hands) -> None:
    unit = hands.one(hands.units)
    hands.use(unit.id)
    made = hands.organizations.create_policy(
        Name=hands.new("policy"), Type="SERVICE_CONTROL_POLICY", Description="", Content=json.dumps(REWRITTEN)
    )["Policy"]["PolicySummary"]["Id"]
    hands.organizations.attach_policy(PolicyId=made, TargetId=unit.id)
    hands.expect("drift-added", made)


def administrator_registered(hands: Hands) -> None:
    account, service = hands.one(hands.accounts), hands.one(("backup.amazonaws.com", "ssm.amazonaws.com"))
    hands.use(account.id)
    hands.take(f"{account.id}:{service}")
    hands.organizations.enable_aws_service_access(ServicePrincipal=service)
    hands.organizations.register_delegated_administrator(AccountId=account.id, ServicePrincipal=service)
    hands.expect("drift-delegated", f"{account.id}|{service}")


def _assignment(assignment: Any) -> dict[str, str]:
    return {
        "InstanceArn": INSTANCE,
        "TargetId": assignment.account_id,
        "TargetType": "AWS_ACCOUNT",
        "PermissionSetArn": assignment.permission_set_arn,
        "PrincipalType": assignment.principal_type,
        "PrincipalId": assignment.principal_id,
    }


EDITS: Final[Sequence[Callable[[Hands], None]]] = (
    policy_content,
    policy_name,
    policy_detached,
    policy_attached,
    policy_deleted,
    organization_tags,
    set_settings,
    set_managed_policy,
    set_managed_policy_gone,
    set_customer_managed_policy,
    set_inline_policy,
    set_boundary,
    set_tags,
    set_deleted,
    group_changed,
    group_deleted,
    user_changed,
    user_deleted,
    membership_ended,
    membership_made_again,
    assignment_ended,
    account_moved,
    account_renamed,
    account_closed,
    unit_renamed,
    unit_deleted,
    policy_type_disabled,
    service_disabled,
    contact_changed,
    assignment_made,
    membership_made,
    user_made,
    group_made,
    set_made,
    account_made,
    unit_made,
    policy_made,
    administrator_registered,
)
