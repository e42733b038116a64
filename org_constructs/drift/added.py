"""What somebody made by hand, and no stack has: CloudFormation cannot know of it.

What AWS, an identity provider or another stack has made is no drift; whoever has made it looks after it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final, TypeVar

from org_constructs.aws import limits
from org_constructs.aws.resource_types import (
    ACCOUNT,
    ASSIGNMENT,
    GROUP,
    MEMBERSHIP,
    PERMISSION_SET,
    POLICY,
    RESOURCE_POLICY,
    UNIT,
)
from org_constructs.aws.user_types import USERS
from org_constructs.live.origins import ENTITLEMENT
from org_constructs.matching.restoring import deregister, end_membership, revoke
from org_constructs.templates.denial import denied
from org_constructs.templates.description import (
    MANAGEMENT,
    ROOT,
    Account,
    Assignment,
    Entity,
    Group,
    OrganizationalUnit,
    Origin,
    PermissionSet,
    Policy,
    User,
    Whence,
)
from org_constructs.templates.iam import statements
from org_constructs.templates.python_text import Code, call, call_in_lines, literal

from .finding import Drift, How, Other, Paste, Way

if TYPE_CHECKING:
    from .look import Look

_Entity = TypeVar("_Entity", bound=Entity)
_HAND: Final = Origin(whence=Whence.HAND)
_REVOKE: Final = "No deploy revokes what no stack has. Run this, which takes the access away"
_LEAVE: Final = Way(text="No deploy notices it, and it stays as it is", safe=True)
_ACCESS_STAYS: Final = Way(text="No deploy notices it, and the access stays, which no template shows", safe=False)
_ALLOWED_AGAIN: Final = "; what it forbids is allowed then"
_ENDS_SESSIONS: Final = (
    f" no sooner than {limits.SESSION_HOURS_MAX} hours after the access was taken away: until then it ends the sessions"
    " of somebody who has left"
)
"""Of a denial that `offboard` prints.

https://docs.aws.amazon.com/singlesignon/latest/userguide/revoke-user-permissions.html
"""

_ADOPT: Final = "Add this to the app, run `org-baseline adopt`, which imports it, and deploy"
_NAME: Final = "Add this to the app, which names it by its id and leaves it as it is, and deploy"


def _made(
    kind: str,
    name: str,
    aws_id: str,
    origin: Origin | None,
    *,
    take_back: Way,
    take_over: Way,
    leave: Way = _ACCESS_STAYS,
) -> Drift:
    return Drift(
        "drift-added",
        kind=kind,
        name=name,
        id=aws_id,
        what="was made",
        origin=origin,
        take_back=take_back,
        take_over=take_over,
        leave=leave,
    )


class Added:
    """Looks for what no stack has."""

    def __init__(self, at: Look) -> None:
        """Take what is compared."""
        self._at = at
        self._described = at.described
        live = at.described.live
        instance = next((each for each in live.instances if each.is_described), None) if live else None
        self._instance = instance.arn if instance else ""
        self._store = instance.identity_store_id if instance else ""
        self._region = live.region if live else None
        self._others: dict[tuple[str, str], list[str]] = {}

    @property
    def others(self) -> tuple[Other, ...]:
        """What others have made, once it was looked for."""
        return tuple(
            Other(kind=kind, origin=origin, names=tuple(names)) for (kind, origin), names in self._others.items()
        )

    def find(self) -> Iterator[Drift]:
        """Yield it: what refers to other things before these, so that what is taken back leaves nothing behind."""
        described = self._described
        for assignment in described.assignments if self._makes(ASSIGNMENT) else ():
            if self._is_added("assignments", assignment.origin, self._assignment_name(assignment)):
                yield self._assignment(assignment)
        if self._makes(MEMBERSHIP):
            for group in described.groups.values():
                yield from self._memberships(group)
        yield from self._entitlements()
        yield from map(self._user, self._added(described.users, "users", *USERS))
        yield from map(self._group, self._added(described.groups, "groups", GROUP))
        yield from map(self._permission_set, self._added(described.permission_sets, "permission sets", PERMISSION_SET))
        yield from map(self._policy, self._added(described.policies, "policies", POLICY))
        accounts = {key: each for key, each in described.accounts.items() if key != MANAGEMENT and not each.is_closed}
        yield from map(self._account, self._added(accounts, "accounts", ACCOUNT))
        # Those inside others first.
        units = [*self._added(described.organizational_units, "units", UNIT)]
        yield from map(self._unit, sorted(units, key=lambda each: -self._at.app.key(each.key).count("/")))
        yield from self._resource_policy()
        yield from self._delegated()

    def _makes(self, *types: str) -> bool:
        """Tell whether the stacks have anything of a kind: of others they say nothing."""
        return self._at.app.is_baseline or any(
            True for kind in types for _ in self._at.matcher.templates.resources(kind)
        )

    def _is_added(self, kind: str, origin: Origin | None, name: str) -> bool:
        """Tell whether somebody made something by hand; if others have, note what it is."""
        if origin is not None and origin.is_of_others:
            self._others.setdefault((kind, str(origin)), []).append(name)
        return origin is not None and origin.is_by_hand

    def _added(self, entities: Mapping[str, _Entity], kind: str, *types: str) -> Iterator[_Entity]:
        """Yield what no stack has and no template names, and note what others have made."""
        if not self._makes(*types):
            return
        for key, entity in entities.items():
            if key not in self._at.app.named and self._is_added(kind, entity.origin, entity.name):
                yield entity

    def _principal(self, assignment: Assignment) -> Group | User:
        return self._described.groups.get(assignment.principal) or self._described.users[assignment.principal]

    def _assignment_name(self, assignment: Assignment) -> str:
        permission_set = self._described.permission_sets[assignment.permission_set]
        account = self._described.accounts[assignment.account]
        return f"{self._principal(assignment).name}: {permission_set.name} in {account.name}"

    def _assignment(self, assignment: Assignment) -> Drift:
        described, at, principal = self._described, self._at, self._principal(assignment)
        permission_set = described.permission_sets[assignment.permission_set]
        account = described.accounts[assignment.account]
        account_id = account.account_id or assignment.account
        kind = "GROUP" if assignment.principal in described.groups else "USER"
        line = at.assignment_line(permission_set.key, principal.key)
        more = [
            *self._principal_lines(principal, kind),
            *self._set_lines(permission_set),
            *at.app.adding([account_id]),
        ]
        command = revoke(
            instance_arn=self._instance,
            target_id=account_id,
            permission_set_arn=permission_set.key,
            principal_type=kind,
            principal_id=principal.key,
            region=self._region,
        )
        take_over = self._paste(
            f"Replace the app's assignments of {permission_set.name} to {principal.name}, if it has any, by this,"
            " run `org-baseline adopt`, which imports it, and deploy",
            How.ADOPT,
            *([line] if line else []),
            *more,
        )
        name, aws_id = self._assignment_name(assignment), f"{account_id}|{permission_set.key}|{principal.key}"
        take_back = Way.run(_REVOKE, at.run(command), safe=False)
        return _made("assignment", name, aws_id, assignment.origin, take_back=take_back, take_over=take_over)

    def _entitlements(self) -> Iterator[Drift]:
        """Yield who may assume a role without any permission set.

        https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-accountaccess-entitlement.html
        """
        live, described = self._described.live, self._described
        for each in live.entitlements if live and self._makes(ENTITLEMENT) else ():
            who = {**described.users, **described.groups}.get(each.principal)
            account = described.accounts[each.account]
            name = f"{who.name if who else each.principal}: {each.role_arn} in {account.name}"
            if not self._is_added("entitlements", each.origin, name):
                continue
            [application] = [
                arn
                for arn in self._at.live.entitlement_applications()
                if each.id in {found.id for found in self._at.live.entitlements(arn)}
            ]
            named = {"application_arn": application, "entitlement_id": each.id}
            command = self._at.aws("account-access", "delete-entitlement", **named, region=self._region)
            take_back = Way.run(_REVOKE, command, safe=False)
            text = "Add an AWS::AccountAccess::Entitlement to the app, and import it with `cdk import`"
            take_over = Way(how=How.ELSEWHERE, text=text, safe=True)
            yield _made("entitlement", name, each.id, each.origin, take_back=take_back, take_over=take_over)

    def _memberships(self, group: Group) -> Iterator[Drift]:
        """Yield who was put into a group of the stacks: members of other groups are others' business."""
        at = self._at
        if group.key not in at.app.made:
            return
        for member in group.members:
            origin, user = group.member_origins.get(member), self._described.users[member]
            name = f"{user.name} in {group.name}"
            if (group.key, member) in at.app.members or not self._is_added("memberships", origin, name):
                continue
            [found] = [each for each in at.live.memberships(self._store, group.key) if each.user_id == member]
            take_back = Way.run(
                "No deploy ends what no stack has. Run this, which takes the group's access away",
                at.run(end_membership(self._store, found.id, self._region)),
                safe=False,
            )
            take_over = self._paste(_ADOPT, How.ADOPT, at.app.person(member, user.name))
            yield _made("membership", name, found.id, origin, take_back=take_back, take_over=take_over)

    def _user(self, user: User) -> Drift:
        return self._entity(
            user,
            "user",
            self._delete_from_store("delete-user", user_id=user.key),
            self._paste(
                *((_ADOPT, How.ADOPT) if self._at.app.groups_of(user.key) else (_NAME, How.PASTE)),
                *self._principal_lines(user, "USER"),
            ),
            ", which takes away what the person has",
        )

    def _group(self, group: Group) -> Drift:
        return self._entity(
            group,
            "group",
            self._delete_from_store("delete-group", group_id=group.key),
            self._paste(_NAME, How.PASTE, *self._principal_lines(group, "GROUP")),
            ", which takes away what people have through it",
        )

    def _delete_from_store(self, operation: str, **options: str) -> tuple[str, ...]:
        return (
            self._at.aws("identitystore", operation, identity_store_id=self._store, **options, region=self._region),
        )

    def _permission_set(self, permission_set: PermissionSet) -> Drift:
        named = {"instance_arn": self._instance, "permission_set_arn": permission_set.key}
        command = self._at.aws("sso-admin", "delete-permission-set", **named, region=self._region)
        return self._entity(
            permission_set,
            "permission set",
            (command,),
            self._paste(_NAME, How.PASTE, *self._set_lines(permission_set)),
            "; AWS refuses as long as it is assigned",
        )

    def _policy(self, policy: Policy) -> Drift:
        at = self._at
        targets = [self._aws_id(each) for each in policy.targets]
        commands = [
            *(at.aws("organizations", "detach-policy", policy_id=policy.key, target_id=each) for each in targets),
            at.aws("organizations", "delete-policy", policy_id=policy.key),
        ]
        lines = call_in_lines(
            "PolicyProps",
            name=policy.name,
            type=Code(f"PolicyType.{policy.type}"),
            content=policy.content,
            targets=sorted(map(at.app.key, targets)),
            description=policy.description or None,
        )
        return self._entity(
            policy,
            "policy",
            tuple(commands),
            self._paste(_ADOPT, How.ADOPT, Paste(place="policies", lines=lines), *at.app.adding(targets)),
            _ENDS_SESSIONS if any(map(denied, statements(policy.content))) else _ALLOWED_AGAIN,
        )

    def _resource_policy(self) -> Iterator[Drift]:
        """Yield the resource policy, if no stack has it."""
        found = self._described.live.resource_policy if self._described.live else None
        if found is None or not found.id or not self._makes(RESOURCE_POLICY) or found.id in self._at.app.made:
            return
        if self._is_added("resource policies", found.origin, "the resource policy"):
            lines = call_in_lines("resource_policy=ResourcePolicyProps", content=found.content)
            take_back = Way.run(
                "No deploy deletes what no stack has. Run this, which takes back what it allows to member accounts",
                self._at.aws("organizations", "delete-resource-policy"),
                safe=False,
            )
            take_over = self._paste(_ADOPT, How.ADOPT, Paste(place="OrgBaseline", lines=lines))
            yield _made(
                "resource policy",
                "the resource policy",
                found.id,
                found.origin,
                take_back=take_back,
                take_over=take_over,
            )

    def _account(self, account: Account) -> Drift:
        account_id = account.account_id or account.key
        return self._entity(
            account,
            "account",
            (self._at.aws("organizations", "close-account", account_id=account_id),),
            self._paste(
                f"{_NAME}. Assignments and policies of '*', and of the unit that it is in, do not reach it before",
                How.PASTE,
                *self._at.app.adding([account_id]),
            ),
            ", which closes it with all that is in it; only AWS Support can reopen it",
        )

    def _unit(self, unit: OrganizationalUnit) -> Drift:
        command = self._at.aws("organizations", "delete-organizational-unit", organizational_unit_id=unit.key)
        return self._entity(
            unit,
            "unit",
            (command,),
            self._paste(_ADOPT, How.ADOPT, *self._at.app.adding([unit.key])),
            "; AWS refuses as long as something is in it",
        )

    def _entity(self, entity: Entity, kind: str, commands: tuple[str, ...], take_over: Way, consequence: str) -> Drift:
        take_back = Way.run(f"No deploy deletes what no stack has. Run this{consequence}", *commands, safe=False)
        return _made(
            kind, entity.name, entity.key, entity.origin, take_back=take_back, take_over=take_over, leave=_LEAVE
        )

    def _delegated(self) -> Iterator[Drift]:
        """Yield the delegated administrators that the app does not declare: no resource type makes one.

        https://docs.aws.amazon.com/organizations/latest/userguide/orgs_integrate_delegated_admin.html
        """
        if not self._at.app.is_baseline or self._described.live is None:
            return
        for each in self._described.live.delegated_administrators:
            account, key = self._described.accounts[each.account], self._at.app.key(each.account)
            for service in each.services:
                if self._at.app.administers(key, service):
                    continue
                yield Drift(
                    "drift-delegated",
                    kind="delegated administrator",
                    name=f"{account.name} of {service}",
                    id=f"{each.account}|{service}",
                    what="was registered",
                    origin=_HAND,
                    take_back=Way.run(
                        "No deploy does it. Run this; the service may delete what the account administers, so read its"
                        " documentation first",
                        self._at.run(deregister(service, each.account)),
                        safe=False,
                    ),
                    take_over=self._paste(
                        "Add this to the app, which the doctor then looks after, and deploy",
                        How.PASTE,
                        Paste(place="delegated_administrators", lines=(self._delegates(service),)),
                        *self._at.app.adding([each.account]),
                    ),
                    leave=Way(
                        text="No deploy notices it. Who administers the account administers the service everywhere",
                        safe=True,
                    ),
                )

    def _delegates(self, service: str) -> str:
        """Return the line of the app with everybody who administers a service."""
        live, app = self._described.live, self._at.app
        found = (
            [app.key(each.account) for each in live.delegated_administrators if service in each.services]
            if live
            else []
        )
        keys = sorted({*app.now.delegated_administrators.get(service, ()), *found})
        return f"{literal(service)}: {literal(keys[0] if len(keys) == 1 else keys)},"

    def _principal_lines(self, principal: Entity, kind: str) -> Iterator[Paste]:
        if principal.key in self._at.app.named | self._at.app.made:
            return
        if kind == "GROUP":
            line = call("GroupProps", name=principal.name, group_id=principal.key)
            yield Paste(place="groups", lines=(f"{line},",))
        else:
            yield self._at.app.person(principal.key, principal.name)

    def _set_lines(self, permission_set: Entity) -> Iterator[Paste]:
        if permission_set.key not in self._at.app.named | self._at.app.made:
            line = call("PermissionSetProps", name=permission_set.name, permission_set_arn=permission_set.key)
            yield Paste(place="permission_sets", lines=(f"{line},",))

    def _paste(self, text: str, how: How, *pastes: Paste) -> Way:
        if not self._at.app.is_baseline:
            return Way(how=How.ADOPT, text="Add a resource for it, run `org-baseline adopt`, and deploy", safe=True)
        return Way(how=how, text=text, safe=True, pastes=pastes)

    def _aws_id(self, key: str) -> str:
        live = self._described.live
        if key == ROOT:
            return self._at.live.root().id
        return (live.management_account_id or key) if live and key == MANAGEMENT else key
