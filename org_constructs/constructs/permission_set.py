"""`PermissionSet`: what people may do in the accounts where they have it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import jsii
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sso as sso
from aws_cdk.interfaces import aws_sso as sso_refs

from org_constructs.aws import durations, limits
from org_constructs.aws.managed_policies import (
    SERVICE_LINKED_PATH,
    is_listed,
    list_date,
    path_and_name,
    policies_by_name,
)
from org_constructs.aws.policy_syntax import INLINE_POLICY, check_policy_syntax
from org_constructs.refusal import Refusal
from org_constructs.refusal.nearest import nearest

from ._path import InStack, stack_of
from ._portal import say_portal
from ._tags import cfn_tags, check_with_stack_tags
from .assignment import Assignment, Principal, Target, assignment_id, sole
from .identity_center import IdentityCenter
from .policy_json import is_unknown, json_bytes, json_text
from .time_limit import check_times, limited_content, limited_policy
from .validate import check_sequence, check_tags, check_text, check_type, check_unique, is_token, shown

if TYPE_CHECKING:
    from constructs import Construct


@dataclass(frozen=True, kw_only=True)
class CustomerManagedPolicy:
    """An IAM policy which must exist under this name and path in every account that the permission set is used in."""

    name: str
    """The name of the policy, 1 to 128 characters."""

    path: str = "/"
    """The path of the policy."""

    def __post_init__(self) -> None:
        """Refuse a name or a path of the wrong form."""
        check_text(
            "name",
            self.name,
            maximum=limits.CUSTOMER_MANAGED_POLICY_NAME_MAX,
            pattern=limits.ROLE_NAME,
            rule="letters, digits and +=,.@_-",
        )
        check_text(
            "path",
            self.path,
            maximum=limits.CUSTOMER_MANAGED_POLICY_PATH_MAX,
            pattern=limits.CUSTOMER_MANAGED_POLICY_PATH,
            rule="a path like '/' or '/teams/', with a slash at both ends",
        )


@dataclass(frozen=True, kw_only=True)
class ExistingPermissionSet:
    """A permission set that exists already; made by `PermissionSet.from_permission_set_arn`."""

    permission_set_arn: str
    instance_arn: str

    def __post_init__(self) -> None:
        """Refuse an ARN of the wrong form, or of another instance."""
        check_text(
            "permission_set_arn",
            self.permission_set_arn,
            minimum=10,
            maximum=1224,
            pattern=limits.PERMISSION_SET_ARN,
            rule="an ARN like 'arn:aws:sso:::permissionSet/ssoins-1111222233334444/ps-1111222233334444'",
        )
        if is_token(self.permission_set_arn) or is_token(self.instance_arn):
            return
        partition, instance = self.instance_arn.split(":")[1], self.instance_arn.rsplit("/", 1)[1]
        if not self.permission_set_arn.startswith(f"arn:{partition}:sso:::permissionSet/{instance}/"):
            raise Refusal(
                "permission-set-instance",
                f"permission_set_arn must belong to the instance {instance}, got {self.permission_set_arn!r}",
                "copy it from this Identity Center",
            )


def check_permission_set(
    argument: str,
    *,
    name: str,
    description: str | None,
    managed_policies: Sequence[str],
    inline_policy: Mapping[str, Any] | iam.PolicyDocument | None,
    customer_managed_policies: Sequence[CustomerManagedPolicy],
    permissions_boundary: str | CustomerManagedPolicy | None,
    session_duration: cdk.Duration | str | None,
    relay_state: str | None,
    not_before: str | None,
    until: str | None,
    tags: Mapping[str, str] | None,
) -> None:
    """Refuse what Identity Center would refuse; `argument` is put before the name of the argument."""
    check_text(
        f"{argument}name",
        name,
        maximum=limits.PERMISSION_SET_NAME_MAX,
        pattern=limits.PERMISSION_SET_NAME,
        rule="letters, digits and +=,.@_-, without spaces",
    )
    if description is not None:
        check_text(
            f"{argument}description",
            description,
            maximum=limits.PERMISSION_SET_DESCRIPTION_MAX,
            pattern=limits.PERMISSION_SET_DESCRIPTION,
            rule="Latin-1 text",
        )
    check_sequence(f"{argument}managed_policies", managed_policies, str, "the name or ARN of an AWS managed policy")
    for index, policy in enumerate(managed_policies):
        _check_managed_policy(f"{argument}managed_policies[{index}]", policy)
    check_unique(f"{argument}managed_policies", [path_and_name(policy) for policy in managed_policies], what="policy")
    check_sequence(
        f"{argument}customer_managed_policies",
        customer_managed_policies,
        CustomerManagedPolicy,
        "a CustomerManagedPolicy",
    )
    check_unique(
        f"{argument}customer_managed_policies",
        [f"{policy.path}{policy.name}" for policy in customer_managed_policies],
        what="policy",
    )
    attached = len(managed_policies) + len(customer_managed_policies)
    if attached > limits.ATTACHED_POLICIES_MAX:
        raise Refusal(
            "permission-set-policies-too-many",
            f"{argument}managed_policies and customer_managed_policies must be at most {limits.ATTACHED_POLICIES_MAX}"
            f" policies together, got {attached}",
            "combine them into fewer",
        )
    check_times(argument, not_before=not_before, until=until)
    _check_inline_policy(f"{argument}inline_policy", inline_policy, not_before=not_before, until=until)
    if isinstance(permissions_boundary, str):
        _check_managed_policy(f"{argument}permissions_boundary", permissions_boundary)
    else:
        check_type(
            f"{argument}permissions_boundary",
            permissions_boundary,
            (CustomerManagedPolicy, type(None)),
            "the name or ARN of an AWS managed policy, or a CustomerManagedPolicy",
        )
    if session_duration is not None:
        _check_session_duration(f"{argument}session_duration", session_duration)
    if relay_state is not None:
        check_text(
            f"{argument}relay_state",
            relay_state,
            maximum=limits.RELAY_STATE_MAX,
            pattern=limits.RELAY_STATE,
            rule="a URL",
        )
    check_tags(f"{argument}tags", tags or {})
    _check_tag_texts(f"{argument}tags", tags or {})


def check_partition(
    argument: str,
    *,
    managed_policies: Sequence[str],
    permissions_boundary: str | CustomerManagedPolicy | None,
    identity_center: IdentityCenter,
) -> None:
    """Refuse managed policies of another partition; `argument` is put before the name of the argument."""
    partition = _partition(identity_center.instance_arn)
    policies = {f"managed_policies[{index}]": policy for index, policy in enumerate(managed_policies)}
    for name, policy in {**policies, "permissions_boundary": permissions_boundary}.items():
        if isinstance(policy, str) and policy.startswith("arn:") and not is_token(policy + partition):
            own = _managed_policy_arn(path_and_name(policy), partition)
            if policy != own:
                raise Refusal(
                    "managed-policy-partition",
                    f"{argument}{name} must be in the partition of the Identity Center, got {policy!r}",
                    f"write {own!r}",
                )


@jsii.implements(sso_refs.IPermissionSetRef)
class PermissionSet(InStack):
    """Define a permission set: what people may do in the accounts where they have it.

    Creates one `AWS::SSO::PermissionSet`. In each account with an assignment, Identity Center makes a role of it,
    called AWSReservedSSO_NAME_….

    Everything but the name is updated in place, and Identity Center then updates the roles in all accounts. Another
    name is another permission set, with new roles: policies elsewhere which name the old roles stop matching.
    Removing the permission set from the code deletes it and the roles; its assignments have to go with it.

    ```python
    read = PermissionSet(
        stack,
        "Read",
        identity_center=identity_center,
        name="ReadOnly",
        managed_policies=["ReadOnlyAccess"],
        session_duration="PT4H",
    )
    ```

    Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sso-permissionset.html
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        identity_center: IdentityCenter,
        name: str,
        description: str | None = None,
        managed_policies: Sequence[str] = (),
        inline_policy: Mapping[str, Any] | iam.PolicyDocument | None = None,
        customer_managed_policies: Sequence[CustomerManagedPolicy] = (),
        permissions_boundary: str | CustomerManagedPolicy | None = None,
        session_duration: cdk.Duration | str | None = None,
        relay_state: str | None = None,
        not_before: str | None = None,
        until: str | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> None:
        """Define the permission set.

        Args:
            scope: The stack or construct that holds it.
            construct_id: Its id in the scope.
            identity_center: The Identity Center that it belongs to.
            name: Its name, 1 to 32 letters, digits and +=,.@_-; the name of the role to people and tools. Another
                name is another permission set.
            description: What it is for, 1 to 700 Latin-1 characters; by default none.
            managed_policies: AWS managed policies by path and name (`AdministratorAccess`, `job-function/Billing`) or
                ARN; one that is newer than this package by ARN alone. By default none. With the customer managed ones
                25 at most; IAM's own quota of policies for a role, 10 unless raised, applies as well.
            inline_policy: A policy of its own as JSON, up to 10,240 bytes without whitespace; by default none.
            customer_managed_policies: Policies that exist in every account it is used in; by default none.
            permissions_boundary: The most that it can ever allow: an AWS managed policy by name or ARN, or a
                `CustomerManagedPolicy`; by default no boundary.
            session_duration: How long credentials of the role last, 1 to 12 hours, a `Duration` or text like `PT12H`;
                by default 1 hour. Not how long people stay signed in at the access portal, which is a setting of
                Identity Center.
            relay_state: The console page that a sign-in opens; by default the console's home.
            not_before: When the access begins, a time with its zone like `2026-12-01T08:00Z`; by default at once.
            until: When the access ends, a time with its zone like `2026-12-31T18:00Z` or `2026-12-31T19:00+01:00`, at
                most 366 days later than `not_before`; by default never. The inline policy denies everything from then
                on, in sessions that are open as well, and takes about 150 bytes for it, as many again for
                `not_before`; what stays open is in docs/access-that-ends.md.
            tags: Tags of the permission set; by default none.

        Raises:
            Refusal: An argument breaks a rule of AWS's.
        """
        check_type("identity_center", identity_center, IdentityCenter, "an IdentityCenter")
        check_permission_set(
            "",
            name=name,
            description=description,
            managed_policies=managed_policies,
            inline_policy=inline_policy,
            customer_managed_policies=customer_managed_policies,
            permissions_boundary=permissions_boundary,
            session_duration=session_duration,
            relay_state=relay_state,
            not_before=not_before,
            until=until,
            tags=tags,
        )
        check_partition(
            "",
            managed_policies=managed_policies,
            permissions_boundary=permissions_boundary,
            identity_center=identity_center,
        )
        super().__init__(scope, construct_id)
        partition = _partition(identity_center.instance_arn)
        self._instance_arn = identity_center.instance_arn
        say_portal(scope, identity_center)
        self._resource = sso.CfnPermissionSet(
            self,
            "Resource",
            instance_arn=identity_center.instance_arn,
            name=name,
            description=description,
            managed_policies=[_managed_policy_arn(policy, partition) for policy in managed_policies] or None,
            inline_policy=limited_policy(inline_policy, not_before=not_before, until=until),
            customer_managed_policy_references=[
                sso.CfnPermissionSet.CustomerManagedPolicyReferenceProperty(name=policy.name, path=policy.path)
                for policy in customer_managed_policies
            ]
            or None,
            permissions_boundary=_boundary(permissions_boundary, partition),
            session_duration=(
                session_duration.to_iso_string() if isinstance(session_duration, cdk.Duration) else session_duration
            ),
            relay_state_type=relay_state,
            tags=cfn_tags(tags),
        )
        check_with_stack_tags(self._resource, stack_of(scope))
        self._warn(
            name, [*managed_policies, permissions_boundary], len(managed_policies) + len(customer_managed_policies)
        )

    def _warn(self, name: str, policies: Sequence[object], attached: int) -> None:
        """Say what AWS may refuse, of which only the deploy shows whether it does."""
        warn = cdk.Annotations.of(self).add_warning_v2
        for policy in policies:
            if isinstance(policy, str) and not is_token(policy) and not is_listed(policy):
                warn(
                    f"OrgBaseline-ManagedPolicyNotListed:{path_and_name(policy)}",
                    f"the permission set {name!r} has the managed policy {policy!r}, which AWS did not have on"
                    f" {list_date()}; unless it is newer, the deploy will fail at it, and so will a rehearsal",
                )
        if attached > limits.POLICIES_OF_ROLE:
            warn(
                "OrgBaseline-PoliciesOfRole",
                f"the permission set {name!r} has {attached} managed policies, and a role can have"
                f" {limits.POLICIES_OF_ROLE}; before you deploy, raise IAM's quota 'Managed policies per role' in"
                " every account that the permission set is used in, or combine them into fewer",
            )

    @staticmethod
    def from_permission_set_arn(permission_set_arn: str, *, identity_center: IdentityCenter) -> ExistingPermissionSet:
        """Name a permission set that exists already; nothing is created.

        Args:
            permission_set_arn: Its ARN: `aws sso-admin list-permission-sets`.
            identity_center: The Identity Center that it belongs to.

        Raises:
            Refusal: The ARN is not of AWS's form, or of another instance.
        """
        check_type("identity_center", identity_center, IdentityCenter, "an IdentityCenter")
        return ExistingPermissionSet(permission_set_arn=permission_set_arn, instance_arn=identity_center.instance_arn)

    def assign(self, principal: Principal, target: Target) -> Assignment:
        """Give a user or a group this permission set in an account, or in every account of a unit or an organization.

        ```python
        read.assign(dax, workloads)
        ```

        Args:
            principal: The user or group.
            target: The account, its id, or the organizational unit whose accounts, and those below it, are meant, or
                the organization.

        Returns:
            The `Assignment`, placed in this construct under an id made of the target's and the principal's.

        Raises:
            Refusal: An argument is of the wrong type, or the same assignment was made before.
        """
        return Assignment(
            self, assignment_id(principal, target), permission_set=self, principal=principal, targets=sole(target)
        )

    @property
    def permission_set_ref(self) -> sso_refs.PermissionSetReference:
        """The reference that L1 constructs take: its ARN, a token, and that of the instance."""
        return self._resource.permission_set_ref

    @cached_property
    def permission_set_arn(self) -> str:
        """The ARN of the permission set; a token."""
        return self._resource.attr_permission_set_arn

    @property
    def instance_arn(self) -> str:
        """The ARN of the Identity Center instance that it belongs to."""
        return self._instance_arn


def _check_managed_policy(argument: str, policy: str) -> None:
    is_arn = policy.startswith("arn:")
    check_text(
        argument,
        policy,
        maximum=limits.MANAGED_POLICY_ARN_MAX if is_arn else limits.MANAGED_POLICY_NAME_MAX,
        pattern=limits.MANAGED_POLICY_ARN if is_arn else limits.MANAGED_POLICY_NAME,
        rule="an AWS managed policy like 'AdministratorAccess' or 'arn:aws:iam::aws:policy/AdministratorAccess'",
    )
    if is_token(policy):
        return
    name = path_and_name(policy)
    known = policies_by_name().get(name.rpartition("/")[2], name)
    if known.startswith(SERVICE_LINKED_PATH):
        raise Refusal(
            "managed-policy-service-linked",
            f"{argument} must be a policy for people, got {policy!r}, which is only for a service-linked role",
            "choose another",
        )
    if known != name:
        raise Refusal(
            "managed-policy-path",
            f"{argument} must name an AWS managed policy with its path, got {policy!r}",
            f"write {known!r}",
        )
    if not is_arn and not is_listed(policy):
        close = nearest(name, policies_by_name().values())
        hint = f"did you mean {close!r}?" if close else "there is no similar one"
        raise Refusal(
            "managed-policy-unknown",
            f"{argument} must be an AWS managed policy, got {policy!r}",
            f"{hint} (for one newer than {list_date()}, use its ARN)",
        )


def _check_inline_policy(
    argument: str,
    inline_policy: Mapping[str, Any] | iam.PolicyDocument | None,
    *,
    not_before: str | None,
    until: str | None,
) -> None:
    content = limited_content(argument, inline_policy, not_before=not_before, until=until)
    if not content:
        return
    check_policy_syntax(argument, content, INLINE_POLICY, is_unknown=is_unknown)
    refused = re.search(limits.INLINE_POLICY_NOT, json_text(content))
    if refused:
        raise Refusal(
            "inline-policy-character",
            f"{argument} must consist of Latin-1 characters, since IAM accepts no others, got {refused[0]!r}",
            "leave it out, or replace it with the wildcard '?'",
        )
    size = json_bytes(content)
    if size > limits.INLINE_POLICY_NON_WHITESPACE_MAX:
        denials = " with the denials outside its time" if not_before or until else ""
        raise Refusal(
            "inline-policy-too-large",
            f"{argument} must be at most {limits.INLINE_POLICY_NON_WHITESPACE_MAX:,} bytes without whitespace, got"
            f" {size:,}{denials}",
            "move statements into a customer managed policy",
        )


def _check_tag_texts(argument: str, tags: Mapping[str, str]) -> None:
    for text in (text for tag in tags.items() for text in tag):
        if not is_token(text) and not re.search(limits.PERMISSION_SET_TAG, text):
            raise Refusal(
                "tag-blank",
                f"{argument} must have a letter, a digit or one of +=,.@_- in each key and value, got {shown(text)}",
                "write a value such as '-'",
            )


def _check_session_duration(argument: str, duration: cdk.Duration | str) -> None:
    rule = f"{argument} must be {limits.SESSION_HOURS_MIN} to {limits.SESSION_HOURS_MAX} hours"
    if isinstance(duration, cdk.Duration):
        if duration.is_unresolved():
            return
        text = duration.to_iso_string()
        length: float | None = float(duration.to_milliseconds()) / 1000
    else:
        check_type(argument, duration, str, "a Duration or text like 'PT12H'")
        if is_token(duration):
            return
        text = duration
        length = durations.seconds(duration)
    if length is None:
        raise Refusal("session-form", f"{rule} in ISO 8601 form like 'PT12H', got {shown(text)}")
    if not limits.SESSION_HOURS_MIN * 3600 <= length <= limits.SESSION_HOURS_MAX * 3600:
        raise Refusal("session-length", f"{rule}, got {text!r}", "use 'PT1H' to 'PT12H'")


def _partition(instance_arn: str) -> str:
    return cdk.Aws.PARTITION if is_token(instance_arn) else instance_arn.split(":")[1]


def _managed_policy_arn(policy: str, partition: str) -> str:
    return policy if policy.startswith("arn:") or is_token(policy) else f"arn:{partition}:iam::aws:policy/{policy}"


def _boundary(
    boundary: str | CustomerManagedPolicy | None, partition: str
) -> sso.CfnPermissionSet.PermissionsBoundaryProperty | None:
    if boundary is None:
        return None
    if isinstance(boundary, str):
        return sso.CfnPermissionSet.PermissionsBoundaryProperty(
            managed_policy_arn=_managed_policy_arn(boundary, partition)
        )
    return sso.CfnPermissionSet.PermissionsBoundaryProperty(
        customer_managed_policy_reference=sso.CfnPermissionSet.CustomerManagedPolicyReferenceProperty(
            name=boundary.name, path=boundary.path
        )
    )
