"""`OrganizationalUnit`: a folder of accounts in an organization."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

import aws_cdk as cdk
import jsii
from aws_cdk import aws_iam as iam
from aws_cdk import aws_organizations as organizations
from aws_cdk.interfaces import aws_organizations as organizations_refs

from org_constructs.aws import limits
from org_constructs.refusal import Refusal

from ._accounts_below import AccountsBelow
from ._grantable import Grantable
from ._order import order_organization_change
from ._path import InStack, path_in_stack, stack_of
from ._tags import cfn_tags, check_with_stack_tags
from .organization import ExistingOrganization, Organization
from .validate import check_tags, check_text

if TYPE_CHECKING:
    from constructs import Construct


class ExistingOrganizationalUnit(Grantable):
    """An organizational unit that exists already; made by `OrganizationalUnit.from_organizational_unit_id`."""

    organizational_unit_id: str
    parent: Parent | None
    _made_by: ClassVar[tuple[cdk.CfnResource, ...]] = ()

    def __init__(self, *, organizational_unit_id: str, parent: Parent | None = None) -> None:
        """Refuse an id of the wrong form, and what is no parent."""
        check_text(
            "organizational_unit_id",
            organizational_unit_id,
            maximum=68,
            pattern=limits.ORGANIZATIONAL_UNIT_ID,
            rule="an id like 'ou-ab12-11112222'",
        )
        if parent is not None:
            check_parent("parent", parent)
        super().__init__(organizational_unit_id=organizational_unit_id, parent=parent)

    @property
    def parent_id(self) -> str:
        """The unit's id."""
        return self.organizational_unit_id

    @property
    def grant_principal(self) -> iam.IPrincipal:
        """Everybody in its accounts and those below it, in a policy of the resource.

        Refused without its parent, as IAM asks for the whole path; by way of CDK's `grant…` that is a RuntimeError with
        the sentence of the refusal.
        """
        return _everybody_in(self)

    @cached_property
    def _depth(self) -> int:
        """How far down it is, at least."""
        return 1 if self.parent is None else self.parent._depth + 1

    @cached_property
    def _accounts_below(self) -> AccountsBelow:
        return AccountsBelow(None if self.parent is None else self.parent._accounts_below)


def check_parent(argument: str, parent: object) -> None:
    """Refuse what is not exactly one organization or organizational unit."""
    if isinstance(parent, Organization | ExistingOrganization | OrganizationalUnit | ExistingOrganizationalUnit):
        return
    got = f"a {type(parent).__name__} of {len(parent)}" if isinstance(parent, list | tuple) else repr(parent)
    raise Refusal(
        "parent-not-one",
        f"{argument} must be exactly one Organization or OrganizationalUnit, got {got}",
        "for one that exists already, use Organization.from_attributes or"
        " OrganizationalUnit.from_organizational_unit_id",
    )


def check_organizational_unit(argument: str, *, name: str, depth: int | None, tags: Mapping[str, str] | None) -> None:
    """Refuse what Organizations would refuse; `argument` is put before the name of the argument."""
    check_text(f"{argument}name", name, maximum=limits.ORGANIZATIONAL_UNIT_NAME_MAX)
    check_tags(f"{argument}tags", tags or {})
    if depth is not None and depth > limits.ORGANIZATIONAL_UNIT_DEPTH_MAX:
        raise Refusal(
            "unit-too-deep",
            f"{argument}name must belong to a unit at most {limits.ORGANIZATIONAL_UNIT_DEPTH_MAX} levels below the"
            f" root, got {name!r} at level {depth}",
            "move it up",
        )


def _everybody_in(unit: OrganizationalUnit | ExistingOrganizationalUnit) -> iam.IPrincipal:
    """Return the principal that stands for all principals of all accounts in a unit and below it.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalorgpaths
    """
    return iam.AnyPrincipal().with_conditions(
        {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": [f"{_entity_path(unit)}*"]}}
    )


def _entity_path(parent: Parent) -> str:
    """Return how IAM names a root or a unit, from the organization down, since their ids are unique only there.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_last-accessed-view-data-orgs.html#access_policies_last-accessed-viewing-orgs-entity-path
    """
    if isinstance(parent, Organization | ExistingOrganization):
        return f"{parent.organization_id}/{parent.root_id}/"
    if parent.parent is None:
        raise Refusal(
            "unit-path-unknown",
            f"parent must be known of a unit that is granted something, got {parent.organizational_unit_id!r} without"
            " it",
            "pass the organization or the unit above as parent to OrganizationalUnit.from_organizational_unit_id",
        )
    return f"{_entity_path(parent.parent)}{parent.organizational_unit_id}/"


@jsii.implements(organizations_refs.IOrganizationalUnitRef, iam.IGrantable)
class OrganizationalUnit(InStack):
    """Define an organizational unit: a folder of accounts, and of further units, that policies apply to.

    Creates one `AWS::Organizations::OrganizationalUnit`, after the Organizations resource defined before it in the
    stack.

    The name and tags are updated in place. The parent cannot change: another parent is another unit, and the old one,
    which accounts still sit in, stays. The unit is retained: removing it from the code leaves it standing.

    ```python
    workloads = OrganizationalUnit(stack, "Workloads", name="workloads", parent=organization)
    bucket.grant_read(workloads)  # to every account in it and below it
    ```

    Source:
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-organizations-organizationalunit.html
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        parent: Parent,
        tags: Mapping[str, str] | None = None,
    ) -> None:
        """Define the unit.

        Args:
            scope: The stack or construct that holds it.
            construct_id: Its id in the scope.
            name: Its name, 1 to 128 characters, unique under its parent.
            parent: The organization, for a unit under the root, or another unit, five levels deep at most.
            tags: Tags of the unit; by default none.

        Raises:
            Refusal: An argument breaks a rule of AWS's.
        """
        check_parent("parent", parent)
        depth = parent._depth + 1
        check_organizational_unit("", name=name, depth=depth, tags=tags)
        super().__init__(scope, construct_id)
        self._resource = organizations.CfnOrganizationalUnit(
            self, "Resource", name=name, parent_id=parent.parent_id, tags=cfn_tags(tags)
        )
        self._resource.apply_removal_policy(cdk.RemovalPolicy.RETAIN)
        check_with_stack_tags(self._resource, stack_of(scope))
        order_organization_change(self._resource, stack_of(scope), referenced=parent._made_by)
        self._made_by: tuple[cdk.CfnResource, ...] = (self._resource,)
        self.parent: Parent = parent
        self._depth: int = depth
        self._accounts_below: AccountsBelow = AccountsBelow(parent._accounts_below)

    @staticmethod
    def from_organizational_unit_id(
        organizational_unit_id: str, *, parent: Parent | None = None
    ) -> ExistingOrganizationalUnit:
        """Name a unit that exists already; nothing is created.

        It can be the parent of accounts and units and the target of policies. It cannot be the target of an
        assignment, since the accounts in it are not all known at synth.

        Args:
            organizational_unit_id: Its id, `ou-…`.
            parent: The organization, if the unit is under the root, or the unit above it, as they are in AWS. Only
                grants to the unit, or to units under it, need it; by default it is unknown.

        Raises:
            Refusal: The id is not of AWS's form, or the parent is neither an organization nor a unit.
        """
        return ExistingOrganizationalUnit(organizational_unit_id=organizational_unit_id, parent=parent)

    @cached_property
    def organizational_unit_id(self) -> str:
        """The id of the unit, `ou-…`; a token."""
        return self._resource.attr_id

    @property
    def parent_id(self) -> str:
        """The unit's id; a token."""
        return self.organizational_unit_id

    @property
    def organizational_unit_ref(self) -> organizations_refs.OrganizationalUnitReference:
        """The reference that L1 constructs take: id and ARN, tokens."""
        return self._resource.organizational_unit_ref

    @property
    def grant_principal(self) -> iam.IPrincipal:
        """Everybody in its accounts and those below it: `bucket.grant_read(workloads)`, in a policy of the bucket.

        Lambda's permissions have no condition for it, so that functions are granted to accounts or the organization.
        """
        return _everybody_in(self)

    @cached_property
    def _key(self) -> str:
        return path_in_stack(self)


Parent = Organization | ExistingOrganization | OrganizationalUnit | ExistingOrganizationalUnit
"""Where accounts and units are placed: the root of an organization, or a unit, made here or existing."""
