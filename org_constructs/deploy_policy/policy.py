"""The policies of a deploy for stacks of an assembly."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from org_constructs.aws import limits
from org_constructs.aws.regions import partition_of
from org_constructs.refusal import Refusal

from .deployer import deployer_statements, role_arn_of, trust
from .documents import Document, managed_policies
from .role import RoleStatements
from .stacks import one_of, organization_id_of, select

if TYPE_CHECKING:
    from org_constructs.templates.assembly import Stack


@dataclass(frozen=True, kw_only=True)
class DeployPolicy:
    """The policies, and what they are for."""

    account: str
    """The account that the stacks are deployed to: the management account."""

    region: str
    partition: str
    """`aws`, and in China and for governments another."""

    stacks: tuple[str, ...]
    """The ids of the stacks."""

    bootstrapped: tuple[str, ...]
    """The ids of those that the roles of `cdk bootstrap` deploy."""

    statements: tuple[Document, ...]
    """What CloudFormation may do."""

    deployer_statements: tuple[Document, ...]
    """What whoever deploys may do."""

    notes: tuple[str, ...]
    """What could not be narrowed, and why."""

    @property
    def direct(self) -> tuple[str, ...]:
        """The ids of the stacks that CloudFormation deploys by a role of their own."""
        return tuple(stack for stack in self.stacks if stack not in self.bootstrapped)

    @property
    def role_arn(self) -> str:
        """The ARN of that role."""
        return role_arn_of(self.account, self.partition)

    @property
    def documents(self) -> tuple[Document, ...]:
        """What CloudFormation may do, in as many managed policies as it needs, usually one."""
        return managed_policies(self.statements)

    @property
    def deployer_documents(self) -> tuple[Document, ...]:
        """What whoever deploys may do, likewise."""
        return managed_policies(self.deployer_statements)

    @property
    def trust(self) -> Document:
        """Who may assume the role of the stacks."""
        return trust(self.account)


def make_deploy_policy(
    stacks: Collection[Stack],
    *,
    selected: Collection[str] = (),
    organization_id: str | None = None,
    allow_closing: bool = False,
) -> DeployPolicy:
    """Return the policies for stacks of an assembly.

    What the templates retain no deploy deletes, so nothing that does is in them.

    Args:
        stacks: The stacks of an assembly.
        selected: The ids of the ones to deploy; by default those with something of an organization in them.
        organization_id: The organization's id; by default as the stacks say, which know it if it exists already.
        allow_closing: Let a deploy close accounts; by default none can, whatever the templates say.

    Raises:
        Refusal: There is no such stack, or none with anything of an organization; they are for several accounts or
            regions, or do not say which; or one holds a type whose permissions are not known.
    """
    read = select(stacks, selected)
    account = one_of("account", read, [stack.account for stack in read])
    region = one_of("region", read, [stack.region for stack in read])
    if organization_id is not None and not re.fullmatch(limits.ORGANIZATION_ID, organization_id):
        raise Refusal(
            "organization-id-form", f"--organization-id must be an id like 'o-exampleorg1', got {organization_id!r}"
        )
    partition = partition_of(region).name
    role = RoleStatements(
        read,
        account=account,
        region=region,
        partition=partition,
        organization_id=organization_id or organization_id_of([stack for stack in stacks if stack.account == account]),
        allow_closing=allow_closing,
    )
    return DeployPolicy(
        account=account,
        region=region,
        partition=partition,
        stacks=tuple(stack.id for stack in read),
        bootstrapped=tuple(stack.id for stack in read if stack.assumed_roles),
        statements=role.statements(),
        deployer_statements=deployer_statements(read, account=account, region=region, partition=partition),
        notes=tuple(role.notes()),
    )
