"""`Assignment`: who may use which permission set in which account."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, runtime_checkable
from weakref import WeakKeyDictionary

import aws_cdk as cdk
from aws_cdk import aws_sso as sso
from constructs import Construct, IConstruct

from org_constructs.refusal import Refusal

from ._order import order_assignment
from ._path import stack_of
from .account import Account, ExistingAccount
from .group import ExistingGroup, Group
from .organization import ExistingOrganization, Organization
from .organizational_unit import ExistingOrganizationalUnit, OrganizationalUnit
from .user import ExistingUser, User
from .validate import check_account_id, check_type, check_unique, is_token

Principal = User | ExistingUser | Group | ExistingGroup
"""Who gets access: a user or a group, made here or existing."""

Target = Account | ExistingAccount | OrganizationalUnit | Organization | str
"""Where: an account, its id, or a unit or organization, which means every account in it and below it."""


@runtime_checkable
class AnyPermissionSet(Protocol):
    """What an assignment needs of a permission set, made here or existing."""

    @property
    def permission_set_arn(self) -> str:
        """Its ARN."""

    @property
    def instance_arn(self) -> str:
        """The ARN of the Identity Center instance that it belongs to."""


class _Sole(tuple[Target]):
    """The one target of an assignment whose resource has the id `Resource`, as where it is placed says the account."""

    __slots__ = ()


def sole(target: Target) -> Sequence[Target]:
    """Return what `PermissionSet.assign` gives an `Assignment` as its `targets`."""
    return _Sole((target,))


def assignment_id(principal: Principal, target: Target) -> str:
    """Return the id under which `PermissionSet.assign` places the assignment."""
    _check_principal(principal)
    _check_target("target", target)
    key = _key(target)
    for argument, part in (("target", key), ("principal", principal._key)):
        if is_token(part):
            raise Refusal(
                "assignment-token",
                f"{argument} must be known at synth, since the assignment's id is derived from it, got a token",
                "use Assignment instead, with its own id",
            )
    return f"{key} {principal._key}"


class Assignment(Construct):
    """Define who may use a permission set in accounts, and in every account of organizational units.

    Creates one `AWS::SSO::Assignment` for each account that is named, and one for each account in a unit and below it,
    those placed there later in the code included. An organization means every account that the app makes in it. The
    management account is only assigned when it is named. The resources have the accounts in their ids: accounts may
    come and go, in any order.

    Assignments of one account are made one after the other, and at most ten of a stack at a time, since Identity Center
    refuses more. An assignment cannot be changed, only made and deleted; removing it from the code revokes the access.
    An account that leaves the unit loses the assignment, one that enters it gets it.

    ```python
    Assignment(stack, "OperatorsRead", permission_set=read, principal=operators, targets=[shop])
    ```

    Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sso-assignment.html
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        permission_set: AnyPermissionSet,
        principal: Principal,
        targets: Sequence[Target] = (),
        target: Target | None = None,
    ) -> None:
        """Define the assignment.

        Args:
            scope: The stack or construct that holds it.
            construct_id: Its id in the scope. Another id revokes the access and gives it again, so never derive it from
                a position.
            permission_set: What they may do: a `PermissionSet`, or `PermissionSet.from_permission_set_arn(…)`.
            principal: The user or group.
            targets: The accounts, their ids, and the organizational units whose accounts, and those below them, are
                meant, or the organization. At most one id may be known only during the deploy.
            target: The old name of `targets`, for one: deprecated. Its resource has the id `Resource`.

        Raises:
            Refusal: An argument is of the wrong type, there is no target, or the same assignment was made before in the
                app.
        """
        check_type(
            "permission_set",
            permission_set,
            AnyPermissionSet,
            "a PermissionSet, or PermissionSet.from_permission_set_arn(…)",
        )
        _check_principal(principal)
        given = _checked(targets, target)
        registry = AssignmentRegistry.in_app_of(scope)

        def path() -> str:
            return f"{scope.node.path}/{construct_id}".removeprefix("/")

        account_ids = list(_account_ids(given))
        for account_id in account_ids:
            registry.check((permission_set.permission_set_arn, principal_id(principal), account_id), path)
        if len(set(account_ids)) < len(account_ids):
            raise Refusal(
                "assignment-twice",
                f"targets must name each account once, got {path()!r} with one that is in a unit beside it",
                "leave it out",
            )
        super().__init__(scope, construct_id)
        if target is not None:
            # https://github.com/aws/aws-cdk/blob/main/packages/aws-cdk-lib/core/lib/annotations.ts
            cdk.Annotations.of(self).add_deprecation(
                "org_constructs.Assignment#target",
                "Use targets=[…], and see docs/upgrading.md for an assignment that is deployed",
            )
        stack = stack_of(scope)

        def assign(resource_id: str, account_id: str) -> None:
            registry.add((permission_set.permission_set_arn, principal_id(principal), account_id), path)
            define_assignment(
                self,
                resource_id,
                stack=stack,
                permission_set=permission_set,
                principal=principal,
                account_id=account_id,
            )

        for each in given:
            if isinstance(each, OrganizationalUnit | Organization):
                each._accounts_below.for_each(lambda account: assign(account._key, account.account_id))
            else:
                whole = isinstance(given, _Sole) or is_token(_key(each))
                assign("Resource" if whole else _key(each), each if isinstance(each, str) else each.account_id)


def define_assignment(
    scope: Construct,
    resource_id: str,
    *,
    stack: cdk.Stack,
    permission_set: AnyPermissionSet,
    principal: Principal,
    account_id: str,
) -> None:
    """Define the resource of one assignment, in its place of the stack's order."""
    resource = sso.CfnAssignment(
        scope,
        resource_id,
        instance_arn=permission_set.instance_arn,
        permission_set_arn=permission_set.permission_set_arn,
        principal_type="GROUP" if isinstance(principal, Group | ExistingGroup) else "USER",
        principal_id=principal_id(principal),
        target_type="AWS_ACCOUNT",
        target_id=account_id,
    )
    order_assignment(resource, stack, account_id=account_id)


class AssignmentRegistry:
    """What is assigned in an app already, so that no assignment is made twice."""

    def __init__(self) -> None:
        """Start with nothing."""
        self._triples: set[tuple[str, str, str]] = set()

    @staticmethod
    def in_app_of(scope: Construct) -> AssignmentRegistry:
        """Return what is assigned in the app that the scope is part of."""
        return _registry_of_app.setdefault(scope.node.root, AssignmentRegistry())

    def check(self, triple: tuple[str, str, str], path: Callable[[], str]) -> None:
        """Refuse a permission set's ARN, principal's id and account's id given already; `path` tells where from."""
        if triple in self._triples:
            raise Refusal(
                "assignment-twice",
                f"target must not be assigned twice, got {path()!r}, whose principal has the permission set in the"
                " account already",
                "remove one of the two assignments",
            )

    def add(self, triple: tuple[str, str, str], path: Callable[[], str]) -> None:
        """Remember what is being assigned, and refuse what is assigned already."""
        self.check(triple, path)
        self._triples.add(triple)


_registry_of_app: WeakKeyDictionary[IConstruct, AssignmentRegistry] = WeakKeyDictionary()


def _check_principal(principal: object) -> None:
    check_type(
        "principal",
        principal,
        (User, ExistingUser, Group, ExistingGroup),
        "a User or Group, or User.from_user_id(…) or Group.from_group_id(…)",
    )


def _checked(targets: Sequence[Target], target: Target | None) -> Sequence[Target]:
    """Return what is to be assigned, whichever argument it comes by."""
    if target is not None:
        if targets:
            raise Refusal("assignment-targets", "target must not be given beside targets", "add it to targets")
        targets = sole(target)
    check_type("targets", targets, (list, tuple), "a list of accounts, their ids and units")
    if not targets:
        raise Refusal("assignment-targets", "targets must name at least one account or unit, got none")
    for index, each in enumerate(targets):
        _check_target("target" if isinstance(targets, _Sole) else f"targets[{index}]", each)
    check_unique("targets", [_key(each) for each in targets], what="target")
    if sum(is_token(_key(each)) for each in targets) > 1:
        raise Refusal(
            "assignment-token",
            "targets must have at most one id that is known only during the deploy, since the ids of the others'"
            " resources are derived from theirs",
            "pass the Account itself, or make an Assignment for each",
        )
    return targets


def _key(target: Target) -> str:
    return target if isinstance(target, str) else target._key


def _check_target(argument: str, target: object) -> None:
    if isinstance(target, ExistingOrganizationalUnit | ExistingOrganization):
        raise Refusal(
            "unit-accounts-unknown",
            f"{argument} must be a unit or organization whose accounts are known at synth, got one that exists already,"
            f" {target.parent_id!r}",
            "assign to its accounts instead",
        )
    check_type(
        argument,
        target,
        (Account, ExistingAccount, OrganizationalUnit, Organization, str),
        "an Account, an account id, an OrganizationalUnit or an Organization",
    )
    if isinstance(target, str):
        check_account_id(argument, target)


def principal_id(principal: Principal) -> str:
    """Return the id of the user or group in the identity store."""
    return principal.user_id if isinstance(principal, User | ExistingUser) else principal.group_id


def _account_ids(targets: Sequence[Target]) -> Iterator[str]:
    for target in targets:
        if isinstance(target, OrganizationalUnit | Organization):
            yield from (account.account_id for account in target._accounts_below.accounts)
        else:
            yield target if isinstance(target, str) else target.account_id
