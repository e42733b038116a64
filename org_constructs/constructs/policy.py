"""`Policy`: an Organizations policy of any type, attached to the root, to units and to accounts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

import aws_cdk as cdk
import jsii
from aws_cdk import aws_iam as iam
from aws_cdk import aws_organizations as organizations
from aws_cdk.interfaces import aws_organizations as organizations_refs

from org_constructs.aws import limits
from org_constructs.aws.policy_syntax import check_policy_syntax
from org_constructs.aws.policy_types import POLICY_TYPES
from org_constructs.refusal import Refusal

from ._order import order_organization_change
from ._path import InStack, stack_of
from ._tags import cfn_tags, check_with_stack_tags
from .account import Account, ExistingAccount
from .organization import ExistingOrganization, Organization, policy_types_enabled_in
from .organizational_unit import ExistingOrganizationalUnit, OrganizationalUnit, Parent
from .policy_json import cfn_json, is_unknown, json_characters, json_content
from .policy_type import PolicyType
from .validate import check_sequence, check_tags, check_text, check_type, check_unique

if TYPE_CHECKING:
    from constructs import Construct, IConstruct

CONTENT_MAX: Final = {PolicyType(name): facts.characters for name, facts in POLICY_TYPES.items() if facts.characters}
"""Characters of a policy's content; AWS publishes no limit for the other types."""


@dataclass(frozen=True, kw_only=True)
class ExistingPolicy:
    """A policy that exists already; made by `Policy.from_policy_id`."""

    policy_id: str

    def __post_init__(self) -> None:
        """Refuse an id of the wrong form."""
        check_text(
            "policy_id",
            self.policy_id,
            maximum=130,
            pattern=limits.POLICY_ID,
            rule="an id like 'p-examplepolicyid111'",
        )


def check_policy(
    argument: str,
    *,
    name: str,
    type: PolicyType,  # noqa: A002 (the property's name)
    content: Mapping[str, Any] | iam.PolicyDocument,
    description: str | None,
    tags: Mapping[str, str] | None,
) -> None:
    """Refuse what Organizations would refuse; `argument` is put before the name of the argument."""
    check_text(f"{argument}name", name, maximum=limits.POLICY_NAME_MAX)
    check_type(f"{argument}type", type, PolicyType, "a PolicyType, such as PolicyType.SERVICE_CONTROL_POLICY")
    if description is not None:
        check_text(f"{argument}description", description, minimum=0, maximum=limits.POLICY_DESCRIPTION_MAX)
    check_tags(f"{argument}tags", tags or {})
    if name == POLICY_TYPES[type].attached_by_aws:
        raise Refusal(
            "policy-name-reserved",
            f"{argument}name must not be the name of AWS's own {type.value}, got {name!r}",
            "choose another name",
        )
    document = json_content(f"{argument}content", content)
    check_policy_syntax(f"{argument}content", document, type, is_unknown=is_unknown)
    characters = json_characters(document)
    maximum = CONTENT_MAX.get(type)
    if maximum is not None and characters > maximum:
        raise Refusal(
            "policy-too-large",
            f"{argument}content must be at most {maximum:,} characters without whitespace for a {type.value}, got"
            f" {characters:,} in policy {name!r}",
            "shorten it or split it into several policies",
        )


def check_attached(attached: Counter[tuple[str, str]], policy_type: str, targets: Mapping[str, str]) -> None:
    """Refuse one more policy than a target takes; of the targets errors say the values.

    `attached` counts the policies by type and target; this one is added.
    """
    facts = POLICY_TYPES[policy_type]
    for target, argument in targets.items():
        attached[policy_type, target] += 1
        if facts.own_per_target is not None and attached[policy_type, target] > facts.own_per_target:
            beside = f" beside {facts.attached_by_aws}" if facts.attached_by_aws else ""
            raise Refusal(
                "target-policies-too-many",
                f"{argument} must have at most {facts.own_per_target} policies of the type {policy_type}{beside}, got"
                f" {attached[policy_type, target]}",
                "combine several into one",
            )


@jsii.implements(organizations_refs.IPolicyRef)
class Policy(InStack):
    """Define an Organizations policy and what it is attached to.

    Creates one `AWS::Organizations::Policy`, after the Organizations resource defined before it in the stack. The
    policy's type must be enabled on the root already (see `PolicyType`), or the deploy fails; in a stack that creates
    the organization as well, a type that is not among its `enabled_policy_types` is a warning.

    Name, content, description, targets and tags are updated in place; another type is another policy. Removing the
    policy from the code detaches and deletes it, so that what it denied is allowed again. Service control and
    resource control policies never apply to the management account.

    ```python
    Policy(
        stack,
        "StayHere",
        name="stay-here",
        type=PolicyType.SERVICE_CONTROL_POLICY,
        content=guardrails.deny_leaving_organization(),
        targets=[workloads],
    )
    ```

    Source:
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-organizations-policy.html
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        type: PolicyType,  # noqa: A002 (the property's name)
        content: Mapping[str, Any] | iam.PolicyDocument,
        targets: Sequence[Parent | Account | ExistingAccount] = (),
        description: str | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> None:
        """Define the policy.

        Args:
            scope: The stack or construct that holds it.
            construct_id: Its id in the scope.
            name: Its name, 1 to 128 characters, used by no other policy of the type.
            type: Its type. Another type is another policy.
            content: Its content as JSON, in the syntax of the type.
            targets: The organization (its root), units and accounts that it is attached to; by default none.
            description: What it is for, up to 512 characters; by default none.
            tags: Tags of the policy; by default none.

        Raises:
            Refusal: An argument breaks a rule of AWS's, the content is over its type's limit or not in its syntax,
                or a target has more policies of the type in this app than AWS takes.
        """
        check_policy("", name=name, type=type, content=content, description=description, tags=tags)
        check_sequence(
            "targets",
            targets,
            (
                Organization,
                ExistingOrganization,
                OrganizationalUnit,
                ExistingOrganizationalUnit,
                Account,
                ExistingAccount,
            ),
            "an Organization, an OrganizationalUnit or an Account",
        )
        target_ids = [_target_id(target) for target in targets]
        check_unique("targets", target_ids, what="target")
        attached = _attached_in_app.setdefault(scope.node.root, Counter())
        check_attached(attached, type, {target: f"targets[{index}]" for index, target in enumerate(target_ids)})
        super().__init__(scope, construct_id)
        self._resource = organizations.CfnPolicy(
            self,
            "Resource",
            name=name,
            type=type.value,
            content=cfn_json(content),
            target_ids=target_ids or None,
            description=description,
            tags=cfn_tags(tags),
        )
        stack = stack_of(scope)
        check_with_stack_tags(self._resource, stack)
        order_organization_change(
            self._resource, stack, referenced=[resource for target in targets for resource in target._made_by]
        )
        if type not in policy_types_enabled_in(stack, otherwise=(type,)):
            cdk.Annotations.of(self).add_warning_v2(
                "OrgBaseline-PolicyTypeNotEnabled",
                f"a first deploy fails at the policy {name!r}, because the organization that it creates has no"
                f" {type.value} enabled: leave the policy out of that deploy, enable the type with `org-baseline"
                f" doctor --fix`, and pass enabled_policy_types=[PolicyType.{type.name}] to Organization when you add"
                " it again",
            )

    @staticmethod
    def from_policy_id(policy_id: str) -> ExistingPolicy:
        """Name a policy that exists already; nothing is created.

        Args:
            policy_id: Its id, `p-…`.

        Raises:
            Refusal: The id is not of AWS's form.
        """
        return ExistingPolicy(policy_id=policy_id)

    @property
    def policy_ref(self) -> organizations_refs.PolicyReference:
        """The reference that L1 constructs take: id and ARN, tokens."""
        return self._resource.policy_ref

    @cached_property
    def policy_id(self) -> str:
        """The id of the policy, `p-…`; a token."""
        return self._resource.attr_id


_attached_in_app: WeakKeyDictionary[IConstruct, Counter[tuple[str, str]]] = WeakKeyDictionary()


def _target_id(target: Parent | Account | ExistingAccount) -> str:
    return target.account_id if isinstance(target, Account | ExistingAccount) else target.parent_id
