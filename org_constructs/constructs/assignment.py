"""`Assignment`: who may use which permission set in which account."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from aws_cdk import aws_sso as sso
from constructs import Construct, IConstruct

from org_constructs.refusal import Refusal

from ._order import order_assignment
from ._path import stack_of
from .account import Account, ExistingAccount
from .group import ExistingGroup, Group
from .organizational_unit import ExistingOrganizationalUnit, OrganizationalUnit
from .permission_set import ExistingPermissionSet, PermissionSet
from .user import ExistingUser, User
from .validate import check_account_id, check_type, is_token

if TYPE_CHECKING:
    import aws_cdk as cdk

Principal = User | ExistingUser | Group | ExistingGroup
"""Who gets access: a user or a group, made here or existing."""

Target = Account | ExistingAccount | OrganizationalUnit | str
"""Where: an account, its id, or a unit, which means every account in it and below it."""


def assignment_id(principal: Principal, target: Target) -> str:
    """Return the id under which `PermissionSet.assign` places the assignment."""
    _check_principal(principal)
    _check_target(target)
    key = target if isinstance(target, str) else target._key
    for argument, part in (("target", key), ("principal", principal._key)):
        if is_token(part):
            raise Refusal(
                "assignment-token",
                f"{argument} must be known at synth, since the assignment's id is derived from it, got a token",
                "use Assignment instead, with its own id",
            )
    return f"{key} {principal._key}"


class Assignment(Construct):
    """Define who may use a permission set in an account, or in every account of an organizational unit.

    Creates one `AWS::SSO::Assignment` for the account, or one for each account in the unit and below it, those placed
    there later in the code included. The management account is in no unit, so it is only assigned when it is named.

    Assignments of one account are made one after the other, and at most ten of a stack at a time, since Identity Center
    refuses more. An assignment cannot be changed, only made and deleted; removing it from the code revokes the access.
    An account that leaves the unit loses the assignment, one that enters it gets it.

    ```python
    Assignment(stack, "OperatorsRead", permission_set=read, principal=operators, target=shop)
    ```

    Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sso-assignment.html
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        permission_set: PermissionSet | ExistingPermissionSet,
        principal: Principal,
        target: Target,
    ) -> None:
        """Define the assignment.

        Args:
            scope: The stack or construct that holds it.
            construct_id: Its id in the scope. Another id revokes the access and gives it again, so never derive it from
                a position.
            permission_set: What they may do.
            principal: The user or group.
            target: The account, its id, or the organizational unit whose accounts, and those below it, are meant.

        Raises:
            Refusal: An argument is of the wrong type, or the same assignment was made before in the app.
        """
        check_type(
            "permission_set",
            permission_set,
            (PermissionSet, ExistingPermissionSet),
            "a PermissionSet, or PermissionSet.from_permission_set_arn(…)",
        )
        _check_principal(principal)
        _check_target(target)
        registry = AssignmentRegistry.in_app_of(scope)

        def path() -> str:
            return f"{scope.node.path}/{construct_id}".removeprefix("/")

        for account_id in _account_ids(target):
            registry.check((permission_set.permission_set_arn, principal_id(principal), account_id), path)
        super().__init__(scope, construct_id)
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

        if isinstance(target, OrganizationalUnit):
            target._accounts_below.for_each(assign)
        else:
            assign("Resource", target if isinstance(target, str) else target.account_id)


def define_assignment(
    scope: Construct,
    resource_id: str,
    *,
    stack: cdk.Stack,
    permission_set: PermissionSet | ExistingPermissionSet,
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


def _check_target(target: object) -> None:
    if isinstance(target, ExistingOrganizationalUnit):
        raise Refusal(
            "unit-accounts-unknown",
            "target must be a unit whose accounts are known at synth, got one that exists already,"
            f" {target.organizational_unit_id!r}",
            "assign to its accounts instead",
        )
    check_type(
        "target",
        target,
        (Account, ExistingAccount, OrganizationalUnit, str),
        "an Account, an account id or an OrganizationalUnit",
    )
    if isinstance(target, str):
        check_account_id("target", target)


def principal_id(principal: Principal) -> str:
    """Return the id of the user or group in the identity store."""
    return principal.user_id if isinstance(principal, User | ExistingUser) else principal.group_id


def _account_ids(target: Target) -> list[str]:
    if isinstance(target, str):
        return [target]
    if isinstance(target, OrganizationalUnit):
        return [account_id for _, account_id in target._accounts_below.accounts]
    return [target.account_id]
