"""`Assignment`: who may use which permission set in which account."""

from __future__ import annotations

from weakref import WeakKeyDictionary

import aws_cdk as cdk
from aws_cdk import aws_sso as sso
from constructs import Construct, IConstruct

from ._order import order_assignment
from ._validate import check_account_id, check_type, is_token
from .account import Account, ExistingAccount
from .group import ExistingGroup, Group
from .organizational_unit import ExistingOrganizationalUnit, OrganizationalUnit
from .permission_set import ExistingPermissionSet, PermissionSet
from .user import ExistingUser, User

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
            raise ValueError(
                f"{argument} must be known at synth to give the assignment an id, got a token; use Assignment instead"
            )
    return f"{key} {principal._key}"


class Assignment(Construct):
    """Define who may use a permission set in an account, or in every account of an organizational unit.

    Creates one `AWS::SSO::Assignment` for the account, or one for each account in the unit and below it, those placed
    there later in the code included. The management account is in no unit, so it is only assigned when it is named.

    Assignments of one account are made one after the other, and at most ten of a stack at a time, since Identity Center
    refuses more. An assignment cannot be changed, only made and deleted; removing it from the code revokes the access.
    An account that leaves the unit loses the assignment, one that enters it gets it.

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
            ValueError: An argument is of the wrong type, or the same assignment was made before in the app.
        """
        check_type(
            "permission_set",
            permission_set,
            (PermissionSet, ExistingPermissionSet),
            "a PermissionSet, or PermissionSet.from_permission_set_arn(…)",
        )
        _check_principal(principal)
        _check_target(target)
        self._given = _given.setdefault(scope.node.root, set())
        triples = [
            (permission_set.permission_set_arn, _principal_id(principal), account_id)
            for account_id in _account_ids(target)
        ]
        for triple in triples:
            _check_not_given(self._given, triple, f"{scope.node.path}/{construct_id}")
        super().__init__(scope, construct_id)
        self._stack = cdk.Stack.of(self)
        self._permission_set = permission_set
        self._principal = principal
        if isinstance(target, OrganizationalUnit):
            target._accounts_below.for_each(lambda account: self._assign(account._key, account.account_id))
        else:
            self._assign("Resource", triples[0][2])

    def _assign(self, resource_id: str, account_id: str) -> None:
        triple = (self._permission_set.permission_set_arn, _principal_id(self._principal), account_id)
        _check_not_given(self._given, triple, self.node.path)
        self._given.add(triple)
        resource = sso.CfnAssignment(
            self,
            resource_id,
            instance_arn=self._permission_set.instance_arn,
            permission_set_arn=triple[0],
            principal_type="GROUP" if isinstance(self._principal, Group | ExistingGroup) else "USER",
            principal_id=triple[1],
            target_type="AWS_ACCOUNT",
            target_id=account_id,
        )
        order_assignment(resource, self._stack, account_id=account_id)


_given: WeakKeyDictionary[IConstruct, set[tuple[str, str, str]]] = WeakKeyDictionary()
"""What is assigned in an app already: permission set, principal, account."""


def _check_not_given(given: set[tuple[str, str, str]], triple: tuple[str, str, str], path: str) -> None:
    if triple in given:
        raise ValueError(
            f"target must not be assigned twice, got {path!r}, whose principal has the permission set in"
            " the account already; remove one of the two assignments"
        )


def _check_principal(principal: object) -> None:
    check_type(
        "principal",
        principal,
        (User, ExistingUser, Group, ExistingGroup),
        "a User or Group, or User.from_user_id(…) or Group.from_group_id(…)",
    )


def _check_target(target: object) -> None:
    if isinstance(target, ExistingOrganizationalUnit):
        raise ValueError(
            "target must be a unit whose accounts are known at synth, got an existing one,"
            f" {target.organizational_unit_id!r}; assign to its accounts instead"
        )
    check_type(
        "target",
        target,
        (Account, ExistingAccount, OrganizationalUnit, str),
        "an Account, an account id or an OrganizationalUnit",
    )
    if isinstance(target, str):
        check_account_id("target", target)


def _principal_id(principal: Principal) -> str:
    return principal.user_id if isinstance(principal, User | ExistingUser) else principal.group_id


def _account_ids(target: Target) -> list[str]:
    if isinstance(target, str):
        return [target]
    if isinstance(target, OrganizationalUnit):
        return [account.account_id for account in target._accounts_below.accounts]
    return [target.account_id]
