"""`Organization`: the AWS organization of the management account."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar
from weakref import WeakKeyDictionary

import aws_cdk as cdk
import jsii
from aws_cdk import aws_iam as iam
from aws_cdk import aws_organizations as organizations
from aws_cdk.interfaces import aws_organizations as organizations_refs

from org_constructs.aws import limits

from ._accounts_below import AccountsBelow
from ._grantable import Grantable
from ._order import order_organization_change
from ._path import InStack, path_in_stack, stack_of
from .policy_type import PolicyType, check_enabled_policy_types
from .validate import check_account_id, check_text, check_type

if TYPE_CHECKING:
    from constructs import Construct

_policy_types_enabled: WeakKeyDictionary[cdk.Stack, Collection[PolicyType]] = WeakKeyDictionary()


def policy_types_enabled_in(stack: cdk.Stack, *, otherwise: Collection[PolicyType]) -> Collection[PolicyType]:
    """Return what the organization that the stack creates has enabled, and `otherwise` where it creates none."""
    return _policy_types_enabled.get(stack, otherwise)


class FeatureSet(StrEnum):
    """What an organization can do.

    Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreateOrganization.html
    """

    ALL = "ALL"
    """Accounts, one bill, policies, and services such as IAM Identity Center."""
    CONSOLIDATED_BILLING = "CONSOLIDATED_BILLING"
    """Accounts and one bill only: no policies, and no organization instance of IAM Identity Center."""


class ExistingOrganization(Grantable):
    """An organization that exists already; made by `Organization.from_attributes`."""

    organization_id: str
    root_id: str
    management_account_id: str
    _depth: ClassVar[int] = 0
    _made_by: ClassVar[tuple[cdk.CfnResource, ...]] = ()

    def __init__(self, *, organization_id: str, root_id: str, management_account_id: str) -> None:
        """Refuse ids of the wrong form."""
        check_text(
            "organization_id",
            organization_id,
            maximum=34,
            pattern=limits.ORGANIZATION_ID,
            rule="an id like 'o-exampleorg1'",
        )
        check_text("root_id", root_id, maximum=34, pattern=limits.ROOT_ID, rule="an id like 'r-ab12'")
        check_account_id("management_account_id", management_account_id)
        super().__init__(organization_id=organization_id, root_id=root_id, management_account_id=management_account_id)

    @cached_property
    def _accounts_below(self) -> AccountsBelow:
        return AccountsBelow()

    @property
    def grant_principal(self) -> iam.IPrincipal:
        """Everybody in it, for what grants them something: `bucket.grant_read(organization)`."""
        return iam.OrganizationPrincipal(self.organization_id)

    @property
    def parent_id(self) -> str:
        """The root id."""
        return self.root_id


@jsii.implements(organizations_refs.IOrganizationRef, iam.IGrantable)
class Organization(InStack):
    """Define the AWS organization of the account that the stack is deployed to, which becomes its management account.

    Creates one `AWS::Organizations::Organization`. The management account must not be in an organization yet: for one
    that exists, use `Organization.from_attributes`, or adopt it with `cdk import`. Creating an organization ends the
    free-tier credits of the account, and AWS may refuse to create accounts in it for up to an hour. It has no policy
    type enabled, so that its policies come with a later deploy than the organization.

    The organization is retained: removing it from the code leaves it standing. The feature set cannot be changed by
    an update.

    ```python
    organization = Organization(stack, "Organization", enabled_policy_types=[PolicyType.SERVICE_CONTROL_POLICY])
    bucket.grant_put(organization)  # to every account, the management account too
    ```

    Source:
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-organizations-organization.html
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        feature_set: FeatureSet = FeatureSet.ALL,
        enabled_policy_types: Sequence[PolicyType] = (),
    ) -> None:
        """Define the organization.

        Args:
            scope: The stack or construct that holds it.
            construct_id: Its id in the scope.
            feature_set: What the organization can do: by default all features, which policies and Identity Center
                need. An update cannot change it.
            enabled_policy_types: The policy types that its root has enabled; by default none, as in a new one. Listing
                a type does not enable it; a policy in the same stack whose type is not listed is a warning.

        Raises:
            Refusal: The feature set is not one of `FeatureSet`, or a policy type is unknown or comes twice.
        """
        check_type("feature_set", feature_set, FeatureSet, "FeatureSet.ALL or FeatureSet.CONSOLIDATED_BILLING")
        check_enabled_policy_types(enabled_policy_types)
        super().__init__(scope, construct_id)
        _policy_types_enabled[stack_of(scope)] = tuple(enabled_policy_types)
        self._resource = organizations.CfnOrganization(self, "Resource", feature_set=feature_set.value)
        self._resource.apply_removal_policy(cdk.RemovalPolicy.RETAIN)
        order_organization_change(self._resource, stack_of(scope), referenced=())
        self._made_by: tuple[cdk.CfnResource, ...] = (self._resource,)
        self._depth = 0
        self._accounts_below = AccountsBelow()

    @staticmethod
    def from_attributes(*, organization_id: str, root_id: str, management_account_id: str) -> ExistingOrganization:
        """Name an organization that exists already; nothing is created.

        Args:
            organization_id: Its id, `o-…`: `aws organizations describe-organization`.
            root_id: The id of its root, `r-…`: `aws organizations list-roots`.
            management_account_id: The id of its management account, twelve digits.

        Raises:
            Refusal: An id is not of AWS's form.
        """
        return ExistingOrganization(
            organization_id=organization_id, root_id=root_id, management_account_id=management_account_id
        )

    @cached_property
    def organization_id(self) -> str:
        """The id of the organization, `o-…`; a token."""
        return self._resource.attr_id

    @cached_property
    def root_id(self) -> str:
        """The id of the root, `r-…`; a token."""
        return self._resource.attr_root_id

    @cached_property
    def management_account_id(self) -> str:
        """The id of the management account, twelve digits; a token."""
        return self._resource.attr_management_account_id

    @property
    def organization_ref(self) -> organizations_refs.OrganizationReference:
        """The reference that L1 constructs take: id and ARN, tokens."""
        return self._resource.organization_ref

    @property
    def grant_principal(self) -> iam.IPrincipal:
        """Everybody in it, for what grants them something: `bucket.grant_read(organization)`."""
        return iam.OrganizationPrincipal(self.organization_id)

    @property
    def parent_id(self) -> str:
        """The root id; a token."""
        return self.root_id

    @cached_property
    def _key(self) -> str:
        return path_in_stack(self)
