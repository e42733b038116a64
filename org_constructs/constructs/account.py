"""`Account`: a member account of an organization."""

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

from ._grantable import Grantable
from ._order import order_organization_change
from ._path import InStack, path_in_stack, stack_of
from ._tags import cfn_tags, check_with_stack_tags
from .organizational_unit import Parent, check_parent
from .validate import check_account_id, check_email, check_tags, check_text, check_type

if TYPE_CHECKING:
    from constructs import Construct


class ExistingAccount(Grantable):
    """An account that exists already; made by `Account.from_account_id`."""

    account_id: str
    _made_by: ClassVar[tuple[cdk.CfnResource, ...]] = ()

    def __init__(self, *, account_id: str) -> None:
        """Refuse an id of the wrong form."""
        check_account_id("account_id", account_id)
        super().__init__(account_id=account_id)

    @property
    def grant_principal(self) -> iam.IPrincipal:
        """The account, for what grants something to it: `table.grant_read_data(account)`."""
        return iam.AccountPrincipal(self.account_id)

    @property
    def _key(self) -> str:
        return self.account_id


def check_account(
    argument: str, *, name: str, email: str, role_name: str | None, tags: Mapping[str, str] | None
) -> None:
    """Refuse what Organizations would refuse; `argument` is put before the name of the argument."""
    check_text(
        f"{argument}name", name, maximum=limits.ACCOUNT_NAME_MAX, pattern=limits.ACCOUNT_NAME, rule="printable ASCII"
    )
    check_email(f"{argument}email", email)
    if role_name is not None:
        check_text(
            f"{argument}role_name",
            role_name,
            maximum=limits.ROLE_NAME_MAX,
            pattern=limits.ROLE_NAME,
            rule="letters, digits and +=,.@_-",
        )
    check_tags(f"{argument}tags", tags or {})


@jsii.implements(organizations_refs.IAccountRef, iam.IGrantable)
class Account(InStack):
    """Define a member account of the organization.

    Creates one `AWS::Organizations::Account`, after the Organizations resource defined before it in the stack, since
    AWS creates one account at a time. Nobody gets a password: access comes from an `Assignment`.

    The parent and the tags are updated in place; a changed parent moves the account. The name, the e-mail and the
    role name can never be changed by an update: the deploy would fail, and so would its rollback. The account is
    retained: removing it from the code leaves it standing and takes it out of the stack's hands.

    ```python
    shop = Account(stack, "Shop", name="acme-shop", email="aws+shop@acme.com", parent=workloads)
    bucket.grant_write(shop)
    ```

    Source:
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-organizations-account.html
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        email: str,
        parent: Parent,
        role_name: str | None = None,
        tags: Mapping[str, str] | None = None,
        removal_policy: cdk.RemovalPolicy = cdk.RemovalPolicy.RETAIN,
    ) -> None:
        """Define the account.

        Args:
            scope: The stack or construct that holds it.
            construct_id: Its id in the scope. Another id is another account, so never derive it from a position.
            name: Its name, 1 to 50 printable ASCII characters. Cannot be changed later.
            email: The address of its root user, 6 to 64 characters, used by no other AWS account. Cannot be changed
                later, and stays taken for at least 90 days after the account is closed. See `plus_address`.
            parent: The organization, for an account under the root, or a unit.
            role_name: The role in the account which the management account may assume, 1 to 64 characters; by default
                AWS names it OrganizationAccountAccessRole. Cannot be set or changed later.
            tags: Tags of the account; by default none.
            removal_policy: What happens when the account is removed from the code: by default it is retained. DESTROY
                closes it, which cannot be undone after 90 days.

        Raises:
            Refusal: An argument breaks a rule of AWS's.
        """
        check_account("", name=name, email=email, role_name=role_name, tags=tags)
        check_parent("parent", parent)
        _check_removal_policy(removal_policy)
        super().__init__(scope, construct_id)
        self._resource = organizations.CfnAccount(
            self,
            "Resource",
            account_name=name,
            email=email,
            parent_ids=[parent.parent_id],
            role_name=role_name,
            tags=cfn_tags(tags),
        )
        self._resource.apply_removal_policy(removal_policy)
        check_with_stack_tags(self._resource, stack_of(scope))
        order_organization_change(self._resource, stack_of(scope), referenced=parent._made_by)
        self._made_by: tuple[cdk.CfnResource, ...] = (self._resource,)
        parent._accounts_below.place(self)

    @staticmethod
    def from_account_id(account_id: str) -> ExistingAccount:
        """Name an account that exists already; nothing is created.

        Args:
            account_id: Its id, twelve digits in quotes.

        Raises:
            Refusal: The id is not twelve digits.
        """
        return ExistingAccount(account_id=account_id)

    @cached_property
    def account_id(self) -> str:
        """The id of the account, twelve digits; a token."""
        return self._resource.attr_account_id

    @property
    def account_ref(self) -> organizations_refs.AccountReference:
        """The reference that L1 constructs take: id and ARN, tokens."""
        return self._resource.account_ref

    @property
    def grant_principal(self) -> iam.IPrincipal:
        """The account, for what grants something to it: `table.grant_read_data(account)`."""
        return iam.AccountPrincipal(self.account_id)

    @cached_property
    def _key(self) -> str:
        return path_in_stack(self)


def _check_removal_policy(removal_policy: cdk.RemovalPolicy) -> None:
    check_type("removal_policy", removal_policy, cdk.RemovalPolicy, "a RemovalPolicy")
    if removal_policy is cdk.RemovalPolicy.SNAPSHOT:
        raise Refusal(
            "account-removal-policy",
            f"removal_policy must be one that accounts support, got {removal_policy}",
            "use RETAIN",
        )
