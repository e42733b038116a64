"""People, groups, permission sets and assignments, against what exists."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, partial
from typing import TYPE_CHECKING

from org_constructs.live.description import permission_set_properties
from org_constructs.live.organization import Assignment, User
from org_constructs.refusal import Refusal
from org_constructs.templates.description import user_attributes
from org_constructs.templates.values import Value, as_json, written

from .differences import customer_managed, differences, dropping_tag_differences, session_differences
from .outcome import ambiguous, created, exists, in_other_case
from .result import TYPES, Difference, Match

if TYPE_CHECKING:
    from .references import References
    from .template import Resource

_GROUP = "AWS::IdentityStore::Group"
_AT_ONCE = 4
"""Calls; docs/decisions/0015-asking-aws.md."""


class IdentityCenterMatcher:
    """Matches what IAM Identity Center has."""

    def __init__(self, matcher: References) -> None:
        """Take what follows references."""
        self._matcher = matcher
        self._live = matcher.live
        self._templates = matcher.templates

    def permission_set(self, resource: Resource) -> Match:
        """Match a permission set by its name, which is unique and never changes; one that the stack has by its ARN."""
        name, instance = self._templates.text(resource, "Name"), self._instance(resource)
        there = self._live.permission_sets(instance)
        deployed = self._matcher.deployed_id(resource)
        found = next((each for each in there if (each.arn == deployed if deployed else each.name == name)), None)
        if found is None:
            if deployed:
                return created(resource, name)
            return in_other_case(resource, name, "Name", [(each.name, each.arn) for each in there])
        live, properties, of = self._live, resource.properties, (instance, found.arn)
        template = {
            "Description": properties.get("Description") or None,
            "RelayStateType": properties.get("RelayStateType") or None,
            "ManagedPolicies": sorted(map(written, properties.get("ManagedPolicies", ()))) or None,
            "CustomerManagedPolicyReferences": customer_managed(properties.get("CustomerManagedPolicyReferences")),
            "InlinePolicy": self._templates.document(resource, "InlinePolicy"),
            "PermissionsBoundary": properties.get("PermissionsBoundary") or None,
        }
        properties_there = permission_set_properties(live, instance, found)
        existing = {name: properties_there.get(name) for name in template}
        existing["CustomerManagedPolicyReferences"] = customer_managed(existing["CustomerManagedPolicyReferences"])
        others = (
            *session_differences(properties.get("SessionDuration"), found.session_duration),
            *differences(template, existing),
        )
        tags: tuple[Difference, ...] = ()
        if others or resource.tags:
            # Its update handler removes every tag that the template does not have.
            # https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-sso
            own = {key: tag for key, tag in live.permission_set_tags(*of).items() if not key.startswith("aws:")}
            tags = dropping_tag_differences(resource.tags, own, others)
        identifier = {"InstanceArn": instance, "PermissionSetArn": found.arn}
        return exists(resource, name, found.arn, identifier, (*others, *tags))

    def group(self, resource: Resource) -> Match:
        """Match a group by its name; one that the stack has by its id."""
        name, store = self._templates.text(resource, "DisplayName"), self._store(resource)
        groups = self._live.groups(store)
        deployed = self._matcher.deployed_id(resource)
        found = [each for each in groups if (each.id == deployed if deployed else each.name == name)]
        if not found:
            if deployed:
                return created(resource, name)
            return in_other_case(resource, name, "DisplayName", [(each.name, each.id) for each in groups])
        if len(found) > 1:
            return ambiguous(resource, name, f"groups have the name {name}", [each.id for each in found])
        [group] = found
        if group.external:
            return exists(resource, name, group.id, {}, reason=_external("group"), named=True)
        template = {"DisplayName": name, "Description": resource.properties.get("Description") or None}
        there = {"DisplayName": group.name, "Description": group.description or None}
        identifier = {"GroupId": group.id, "IdentityStoreId": store}
        return exists(resource, name, group.id, identifier, differences(template, there))

    def user(self, resource: Resource) -> Match:
        """Match a user by user name and e-mail, which are unique, and which CloudFormation cannot change.

        One that the stack has is matched by its id.
        """
        name = self._templates.text(resource, "UserName")
        emails = resource.properties.get("Emails") or [{}]
        email = emails[0].get("Value", "")
        found = self._users_of(resource, self._store(resource), name, email)
        if len(found) != 1:
            return _none_or_several(resource, name, email, found)
        [user] = found
        match = partial(exists, resource, name, user.id, groups=self._groups_of(resource))
        if user.external:
            return match({}, reason=_external("user"), named=True)
        fixed = _fixed_differences(user, name, email)
        if fixed and not self._matcher.deployed_id(resource):
            reason = Refusal(
                "user-different",
                "CloudFormation would create another user",
                "use the existing values in the app, or change them in the IAM Identity Center console, or refer to"
                " the user by id",
            )
            return match({}, fixed, reason=reason, named=True)
        return match({"Arn": user.arn}, [*fixed, *_name_differences(user, resource.properties)])

    def custom_user(self, resource: Resource) -> Match:
        """Match a user outside us-east-1, whose name is in the call that makes the user."""
        call = resource.properties["Create"]
        if not isinstance(call, str):
            raise Refusal(
                "property-unknown", f"{resource.shown} must have a user that is known at synth, got {as_json(call)}"
            )
        parameters = user_attributes(resource.properties)
        name = parameters["UserName"]
        email = next((each["Value"] for each in parameters.get("Emails", ())), "")
        found = self._users_of(resource, self._check_store(resource, parameters["IdentityStoreId"]), name, email)
        if len(found) != 1:
            return _none_or_several(resource, name, email, found)
        [user] = found
        reason = (
            _external("user")
            if user.external
            else Refusal(
                "user-not-importable",
                "users outside us-east-1 are custom resources, which cannot be imported",
                "refer to it in the app by id",
            )
        )
        changed = [*_fixed_differences(user, name, email), *_name_differences(user, parameters)]
        different = changed if self._matcher.deployed_id(resource) else ()
        groups = self._groups_of(resource)
        return exists(resource, name, user.id, {}, different, reason=reason, named=True, groups=groups)

    def _groups_of(self, user: Resource) -> list[str]:
        """Return the groups of the templates, none that an identity provider manages, that a user is put into."""
        groups = []
        for group in self._joined.get((user.stack.id, user.logical_id), ()):
            name = self._templates.text(group, "DisplayName")
            if not any(each.external for each in self._live.groups(self._store(group)) if each.name == name):
                groups.append(name)
        return groups

    @cached_property
    def _joined(self) -> Mapping[tuple[str, str], Sequence[Resource]]:
        """The groups that the templates put each user into, by the user's stack and logical id."""
        groups: dict[tuple[str, str], list[Resource]] = defaultdict(list)
        for resource in self._templates.resources("AWS::IdentityStore::GroupMembership"):
            (group, _), (member, _) = map(self._templates.referred, resource.joined)
            if group and member:
                groups[member.stack.id, member.logical_id].append(group)
        return groups

    def membership(self, resource: Resource) -> Match:
        """Match a membership by its group and its user."""
        group, user = resource.joined
        group_id, user_id = (self._matcher.reference(resource, each) for each in resource.joined)
        name = f"{self._shown(user)} in {self._shown(group)}"
        store = self._store(resource)
        if group_id in {each.id for each in self._live.groups(store) if each.external}:
            reason = Refusal(
                "managed-by-provider",
                "an identity provider manages the members of the group",
                "remove the user from the group in the app",
            )
            return exists(resource, name, group_id or "", {}, reason=reason)
        memberships = self._live.memberships(store, group_id) if group_id and user_id else ()
        found = next((each for each in memberships if each.user_id == user_id), None)
        if found is None:
            return created(resource, name)
        return exists(resource, name, found.id, {"MembershipId": found.id, "IdentityStoreId": store})

    def assignment(self, resource: Resource) -> Match:
        """Match an assignment by all of it."""
        properties = resource.properties
        account, permission_set, principal = (self._matcher.reference(resource, each) for each in resource.joined)
        where, what, who = map(self._shown, resource.joined)
        name = f"{who}: {what} in {where}"
        instance = self._instance(resource)
        if not (account and permission_set and principal):
            return created(resource, name)
        assignment = Assignment(
            account_id=account,
            permission_set_arn=permission_set,
            principal_type=properties["PrincipalType"],
            principal_id=principal,
        )
        if assignment not in self._live.assignments(instance, assignment.principal_type, principal):
            return created(resource, name)
        identifier = {
            "InstanceArn": instance,
            "TargetId": account,
            "TargetType": properties["TargetType"],
            "PermissionSetArn": permission_set,
            "PrincipalType": assignment.principal_type,
            "PrincipalId": principal,
        }
        return exists(resource, name, _assignment_id(assignment), identifier)

    def _shown(self, value: Value) -> str:
        """Return what a property refers to as people know it, be it named by its id."""
        shown = self._matcher.shown(value)
        return self.named(shown) if isinstance(value, str) else shown

    def all_permission_sets(self) -> Iterator[tuple[str, str]]:
        """Yield name and ARN of every permission set."""
        for instance in self._instances():
            for permission_set in self._live.permission_sets(instance):
                yield permission_set.name, permission_set.arn

    def all_groups(self) -> Iterator[tuple[str, str]]:
        """Yield name and id of every group."""
        for store in self._stores():
            for group in self._live.groups(store):
                yield group.name, group.id

    def all_users(self) -> Iterator[tuple[str, str]]:
        """Yield name and id of every user."""
        for store in self._stores():
            for user in self._live.users(store):
                yield user.user_name, user.id

    def all_memberships(self) -> Iterator[tuple[str, str]]:
        """Yield who is in which of the templates' groups, and the membership's id."""
        for store in self._stores():
            for group in self._matcher.matches(_GROUP):
                for membership in self._live.memberships(store, group.id) if group.id else ():
                    yield f"{self.named(membership.user_id)} in {group.name}", membership.id

    def all_assignments(self) -> Iterator[tuple[str, str]]:
        """Yield what everybody is assigned, in the templates or not: a call for each user and group."""
        principals = [
            (kind, each.id)
            for store in self._assigned_stores()
            for kind, listed in (("USER", self._live.users(store)), ("GROUP", self._live.groups(store)))
            for each in listed
        ]
        for instance in self._instances():
            with ThreadPoolExecutor(_AT_ONCE) as pool:
                # Their answers are kept.
                list(pool.map(lambda principal, of=instance: self._live.assignments(of, *principal), principals))
        for kind, principal in principals:
            for found, access in self.assigned(principal, kind):
                yield f"{self.named(principal)}: {access}", found

    def assigned(self, principal_id: str, kind: str = "GROUP") -> Iterator[tuple[str, str]]:
        """Yield the assignments of a user or group: id, and permission set and account in words."""
        for instance in self._instances():
            for each in self._live.assignments(instance, kind, principal_id):
                yield _assignment_id(each), f"{self.named(each.permission_set_arn)} in {self.named(each.account_id)}"

    def members(self, group_id: str, known: Container[str | None]) -> dict[str, str]:
        """Return who is in a group by memberships other than the known ones: user names by ids."""
        for store in self._assigned_stores():
            if any(each.id == group_id for each in self._live.groups(store)):
                memberships = self._live.memberships(store, group_id)
                return {each.user_id: self.named(each.user_id) for each in memberships if each.id not in known}
        return {}

    def named(self, found_id: str) -> str:
        """Return the name of an account, permission set, user or group that exists; the id where there is none."""
        return self._names.get(found_id, found_id)

    @cached_property
    def _names(self) -> dict[str, str]:
        names = {each.id: each.name for each in self._live.accounts()} if self._live.organization() else {}
        for instance in self._instances():
            names |= {each.arn: each.name for each in self._live.permission_sets(instance)}
        for store in self._assigned_stores():
            names |= {each.id: each.name for each in self._live.groups(store)}
            names |= {each.id: each.user_name for each in self._live.users(store)}
        return names

    def _assigned_stores(self) -> list[str]:
        """Return the identity stores that the templates name, or that are those of the instances they name."""
        named = self._instances()
        there = (each.identity_store_id for each in self._live.instances() if each.arn in named)
        return list(dict.fromkeys([*self._stores(), *there]))

    def _users_of(self, resource: Resource, store: str, name: str, email: str) -> list[User]:
        """Return whom the stack has, or else who has the user name or the e-mail: both are unique in a store."""
        if deployed := self._matcher.deployed_id(resource):
            return [user for user in self._live.users(store) if user.id == deployed]
        return [
            user
            for user in self._live.users(store)
            if user.user_name.casefold() == name.casefold()
            or (email and email.casefold() in {each.casefold() for each in user.emails})
        ]

    def _instances(self) -> tuple[str, ...]:
        """Return the instances of IAM Identity Center that the templates name."""
        named = (each for each in self._typed() if "InstanceArn" in each.properties)
        return tuple(dict.fromkeys(map(self._instance, named)))

    def _stores(self) -> tuple[str, ...]:
        """Return the identity stores that the templates name."""
        named = (each for each in self._typed() if "IdentityStoreId" in each.properties)
        return tuple(dict.fromkeys(map(self._store, named)))

    def _typed(self) -> Iterator[Resource]:
        for resource_type in TYPES:
            yield from self._templates.resources(resource_type)

    def _instance(self, resource: Resource) -> str:
        wanted = self._templates.text(resource, "InstanceArn")
        there = {instance.arn: instance.owner_account_id for instance in self._live.instances()}
        found = _checked(resource, "an instance of IAM Identity Center", wanted, list(there))
        organization = self._live.organization()
        # https://docs.aws.amazon.com/singlesignon/latest/userguide/identity-center-instances.html
        if organization and (owner := there[found]) and owner != organization.management_account_id:
            own = [arn for arn, each in there.items() if each == organization.management_account_id]
            raise Refusal(
                "instance-of-account",
                f"{resource.shown} must use the organization's instance of IAM Identity Center, got {found}, which"
                f" belongs to account {owner} alone and gives no access to accounts",
                f"available: {', '.join(own) or 'none; enable it in the console of the management account'}",
            )
        return found

    def _store(self, resource: Resource) -> str:
        return self._check_store(resource, self._templates.text(resource, "IdentityStoreId"))

    def _check_store(self, resource: Resource, wanted: str) -> str:
        there = [instance.identity_store_id for instance in self._live.instances()]
        return _checked(resource, "an identity store", wanted, there)


def _none_or_several(resource: Resource, name: str, email: str, found: Sequence[User]) -> Match:
    if not found:
        return created(resource, name)
    either = " or ".join(dict.fromkeys(filter(None, [name, email])))
    return ambiguous(
        resource,
        name,
        f"users have {either} as user name or e-mail address",
        [f"{each.user_name} ({each.id})" for each in found],
    )


def _fixed_differences(user: User, name: str, email: str) -> list[Difference]:
    """Return how a user differs in what CloudFormation cannot change."""
    fixed = []
    if user.user_name != name:
        fixed.append(Difference(property="UserName", template=name, found=user.user_name))
    if {email.casefold()} - {""} != {each.casefold() for each in user.emails}:
        fixed.append(Difference(property="Emails", template=email or None, found=", ".join(user.emails) or None))
    return fixed


def _name_differences(user: User, wanted: Mapping[str, Value]) -> tuple[Difference, ...]:
    template = {key: wanted.get(key) or None for key in ("DisplayName", "Name")}
    return differences(template, {"DisplayName": user.display_name or None, "Name": dict(user.name) or None})


def _external(what: str) -> Refusal:
    return Refusal(
        "managed-by-provider",
        f"an identity provider manages the {what}, and would not notice a change",
        "refer to it in the app by id",
    )


def _checked(resource: Resource, what: str, wanted: str, there: Sequence[str]) -> str:
    if wanted not in there:
        raise Refusal(
            "identity-center-mismatch",
            f"{resource.shown} must use {what} that these credentials can see in the stack's region, got {wanted!r}",
            f"available: {', '.join(there) or 'none'}",
        )
    return wanted


def _assignment_id(assignment: Assignment) -> str:
    parts = (assignment.account_id, assignment.permission_set_arn, assignment.principal_type, assignment.principal_id)
    return "|".join(parts)
