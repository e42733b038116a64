"""`OrganizationalUnit`: a folder of accounts in an organization."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

import aws_cdk as cdk
import jsii
from aws_cdk import aws_organizations as organizations
from aws_cdk.interfaces import aws_organizations as organizations_refs

from org_constructs.aws import limits
from org_constructs.refusal import Refusal

from ._accounts_below import AccountsBelow
from ._order import order_organization_change
from ._path import InStack, path_in_stack, stack_of
from ._tags import cfn_tags, check_with_stack_tags
from .organization import ExistingOrganization, Organization
from .validate import check_tags, check_text

if TYPE_CHECKING:
    from constructs import Construct


@dataclass(frozen=True, kw_only=True)
class ExistingOrganizationalUnit:
    """An organizational unit that exists already; made by `OrganizationalUnit.from_organizational_unit_id`."""

    organizational_unit_id: str
    _depth: ClassVar[int] = 1
    """At least: where it is nobody knows."""

    _made_by: ClassVar[tuple[cdk.CfnResource, ...]] = ()
    _accounts_below: AccountsBelow = field(default_factory=AccountsBelow, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Refuse an id of the wrong form."""
        check_text(
            "organizational_unit_id",
            self.organizational_unit_id,
            maximum=68,
            pattern=limits.ORGANIZATIONAL_UNIT_ID,
            rule="an id like 'ou-ab12-11112222'",
        )

    @property
    def parent_id(self) -> str:
        """The unit's id."""
        return self.organizational_unit_id


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


@jsii.implements(organizations_refs.IOrganizationalUnitRef)
class OrganizationalUnit(InStack):
    """Define an organizational unit: a folder of accounts, and of further units, that policies apply to.

    Creates one `AWS::Organizations::OrganizationalUnit`, after the Organizations resource defined before it in the
    stack.

    The name and tags are updated in place. The parent cannot change: another parent is another unit, and the old one,
    which accounts still sit in, stays. The unit is retained: removing it from the code leaves it standing.

    ```python
    workloads = OrganizationalUnit(stack, "Workloads", name="workloads", parent=organization)
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
        self._depth: int = depth
        self._accounts_below: AccountsBelow = AccountsBelow(parent._accounts_below)

    @staticmethod
    def from_organizational_unit_id(organizational_unit_id: str) -> ExistingOrganizationalUnit:
        """Name a unit that exists already; nothing is created.

        It can be the parent of accounts and units and the target of policies. It cannot be the target of an
        assignment, since the accounts in it are not all known at synth.

        Args:
            organizational_unit_id: Its id, `ou-…`.

        Raises:
            Refusal: The id is not of AWS's form.
        """
        return ExistingOrganizationalUnit(organizational_unit_id=organizational_unit_id)

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

    @cached_property
    def _key(self) -> str:
        return path_in_stack(self)


Parent = Organization | ExistingOrganization | OrganizationalUnit | ExistingOrganizationalUnit
"""Where accounts and units are placed: the root of an organization, or a unit, made here or existing."""
