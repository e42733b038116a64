"""What `OrgBaseline` takes in its lists: people, accounts, units, groups, permission sets, assignments and policies.

And budgets, and alternate contacts, which no template can set.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import aws_cdk as cdk
    from aws_cdk import aws_iam as iam

    from org_constructs.constructs.permission_set import CustomerManagedPolicy
    from org_constructs.constructs.policy_type import PolicyType


@dataclass(frozen=True, kw_only=True)
class AccountProps:
    """A member account; see `Account` for what can never be changed later."""

    key: str
    """What the account is called in the code, in outputs and in its plus-address, such as `dev`: lower-case letters and
    digits, in parts joined by `-`. Another key is another account."""

    name: str | None = None
    """The account's name in the template, and in AWS until it has another; by default the company and the key,
    `acme-dev`. Cannot be changed later: to rename the account give it a `display_name`."""

    display_name: str | None = None
    """The name that people see in AWS, which `org-baseline doctor --fix` sets; by default it sets none. It is no part
    of the template, so that a deploy has nothing to do with it."""

    email: str | None = None
    """The address of its root user; by default the plus-address `aws+dev@acme.com`. Cannot be changed later."""

    organizational_unit: str | None = None
    """The path of the unit it is placed in, such as `workloads` or `workloads/staging`; by default the root. A change
    moves it."""

    region: str | None = None
    """The region that its CLI profile uses; by default the baseline's `default_region`."""

    role_name: str | None = None
    """The role which the management account may assume; by default AWS names it OrganizationAccountAccessRole. Cannot
    be set or changed later."""

    tags: Mapping[str, str] | None = None
    """Tags of the account; by default none."""

    closing: bool = False
    """Whether it is about to be closed: it moves into a unit `closing`, where a service control policy denies
    everything but billing, and nobody is assigned anything in it any more. The account stays, and all comes back
    without this. After 7 days `org-baseline account close` closes it; then the line can go. By default it is not."""

    stack: str | None = None
    """The stack beside the baseline's that it is made in, letters and digits; by default it is in the baseline's own.
    Its assignments are in another one beside that; of an account that exists already only these, with the output of its
    id. Needed only where the baseline's own is full. Cannot be changed later: the account would be made again, or its
    access revoked and given again."""

    account_id: str | None = None
    """The id of an account that exists already and that something else manages: nothing is created, and only `key`,
    `name`, `region`, `stack` and this may be given. By default an account is created."""


@dataclass(frozen=True, kw_only=True)
class OrganizationalUnitProps:
    """An organizational unit and the units in it."""

    name: str
    """Its name, unique under its parent."""

    key: str | None = None
    """What it is called in paths; by default its name. To rename a unit keep its old name as the key, since another
    key is another unit."""

    organizational_units: Sequence[OrganizationalUnitProps] = ()
    """The units in it; by default none."""

    tags: Mapping[str, str] | None = None
    """Tags of the unit; by default none."""

    organizational_unit_id: str | None = None
    """The id of a unit that exists already: nothing is created for it, and the units and accounts in it are placed
    there. By default a unit is created."""


@dataclass(frozen=True, kw_only=True)
class UserProps:
    """A person: one that is created, or with `user_id` one that is in the identity store already."""

    user_name: str
    """What the person signs in with, usually the work e-mail; assignments name the person by it. Another name is
    another person."""

    given_name: str | None = None
    """The given name; needed unless there is a `user_id`."""

    family_name: str | None = None
    """The family name; needed unless there is a `user_id`."""

    email: str | None = None
    """The e-mail address; by default the user name."""

    display_name: str | None = None
    """What colleagues see; by default the given name and the family name."""

    groups: Sequence[str] | None = None
    """The groups the person is in. By default a baseline's only user is in `Administrators`; as soon as there is
    another, each created user has to say."""

    stack: str | None = None
    """The stack of people beside the baseline's that the person and the memberships are made in, letters and digits; by
    default they are in the baseline's own. Needed only where that is full, at about 245 people. Cannot be changed
    later: the person would be made again, which AWS refuses."""

    user_id: str | None = None
    """The id of a person whom an identity provider, or somebody, put in the identity store: nobody is created, and
    the names are not given; `stack` is where the memberships are made. By default the person is created."""


@dataclass(frozen=True, kw_only=True)
class GroupProps:
    """A group: one that is created, or with `group_id` one that is in the identity store already."""

    name: str
    """Its name; users and assignments name it by this. Another name is another group."""

    description: str | None = None
    """What it is for; by default none."""

    stack: str | None = None
    """The stack of groups beside the baseline's that it is made in, letters and digits, with the memberships of people
    who are made in the baseline's own; by default it is in the baseline's own. Needed only where that is full. Cannot
    be changed later: the group would be made again, which AWS refuses."""

    group_id: str | None = None
    """The id of a group that an identity provider, or somebody, put in the identity store: nothing is created, and its
    members are managed there. By default the group is created."""


@dataclass(frozen=True, kw_only=True)
class PermissionSetProps:
    """A permission set, as `PermissionSet` takes it; or with `permission_set_arn` one that exists already."""

    name: str
    """Its name; assignments name it by this. Another name is another permission set."""

    description: str | None = None
    """What it is for; by default none."""

    managed_policies: Sequence[str] = ()
    """AWS managed policies by path and name, such as `job-function/Billing`, or by ARN; by default none."""

    inline_policy: Mapping[str, Any] | iam.PolicyDocument | None = None
    """A policy of its own; by default none."""

    customer_managed_policies: Sequence[CustomerManagedPolicy] = ()
    """Policies that exist in every account it is used in; by default none."""

    permissions_boundary: str | CustomerManagedPolicy | None = None
    """The most that it can ever allow; by default no boundary."""

    session_duration: cdk.Duration | str | None = None
    """How long credentials of the role last, 1 to 12 hours; by default 1 hour."""

    relay_state: str | None = None
    """The console page that a sign-in opens; by default the console's home."""

    not_before: str | None = None
    """When the access begins, such as `2026-12-01T08:00Z`; by default at once."""

    until: str | None = None
    """When the access ends, for everybody who has it and in open sessions too, such as `2026-12-31T18:00Z`; by default
    never."""

    tags: Mapping[str, str] | None = None
    """Tags of the permission set; by default none."""

    permission_set_arn: str | None = None
    """The ARN of a permission set that exists already: nothing is created, and only the name and this may be given. By
    default a permission set is created."""


@dataclass(frozen=True, kw_only=True)
class AssignmentProps:
    """Who may use which permission set where."""

    principal: str
    """The user name of a person, or the name of a group."""

    permission_set: str
    """The name of the permission set."""

    targets: Sequence[str]
    """Where: keys of accounts, paths of units (every account in it and below it), `management` for the management
    account, `*` for every account but the management account."""

    until: str | None = None
    """When the access ends, such as `2026-12-31T18:00Z`, which then is the end of the permission set: each of its
    assignments has to end at the same time. By default it ends with the permission set."""

    stack: str | None = None
    """The part of the accounts' stacks of assignments that these are made in, letters and digits; by default they are
    with the other assignments of the same accounts. Needed only where those are too many for one stack. Cannot be
    changed later: the access would be revoked and given again."""


@dataclass(frozen=True, kw_only=True)
class PolicyProps:
    """An Organizations policy, as `Policy` takes it, with its targets by name."""

    name: str
    """Its name, used by no other policy. Another name is another policy."""

    type: PolicyType
    """Its type; the policy waits until the type is among the baseline's `enabled_policy_types`."""

    content: Mapping[str, Any] | iam.PolicyDocument
    """Its content, in the syntax of the type."""

    targets: Sequence[str] = ()
    """What it is attached to: keys of accounts, paths of units, `root`, `management`, `*` for each account but the
    management account; by default nothing."""

    description: str | None = None
    """What it is for; by default none."""

    tags: Mapping[str, str] | None = None
    """Tags of the policy; by default none."""


@dataclass(frozen=True, kw_only=True)
class ResourcePolicyProps:
    """The organization's resource policy, as `ResourcePolicy` takes it, with accounts by their keys."""

    content: Mapping[str, Any] | iam.PolicyDocument
    """Its content: statements on actions of Organizations. In `Principal` of a mapping, such as `{"AWS": "security"}`,
    the key of an account stands for its id; an id, an ARN and `*` stay as they are."""

    tags: Mapping[str, str] | None = None
    """Tags of the resource policy; by default none."""


@dataclass(frozen=True, kw_only=True)
class BudgetsProps:
    """Monthly budgets, as `Budget` takes them: AWS writes e-mails at 80 % of a limit and at 100 %, and stops nothing.

    At least one limit is given. The budgets are in the stacks of their accounts, and cost nothing.
    """

    emails: Sequence[str]
    """Who gets the e-mails, 1 to 10 addresses. Others are other budgets, which take the place of these."""

    organization: float | None = None
    """What all accounts together may be charged in a month, in USD; by default there is no such budget."""

    each_account: float | None = None
    """What each account may be charged in a month, in USD, the management account included; by default only those that
    `accounts` names have a budget."""

    accounts: Mapping[str, float] = field(default_factory=dict)
    """What single accounts may be charged in a month, in USD, by their keys and `management`; by default none has
    another limit than `each_account`."""


@dataclass(frozen=True, kw_only=True)
class AlternateContactProps:
    """Whom AWS writes to beside the root user's address; `org-baseline doctor --fix` sets it, as no template can.

    It stands in the template's metadata, where whoever may read the stack sees it.

    Source: https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-update-contact-alternate.html
    """

    type: Literal["BILLING", "OPERATIONS", "SECURITY"]
    """What AWS writes about; an account has one contact of each type."""

    name: str
    """The name of the person, or of the team."""

    title: str
    """What the person or team is, such as `Head of security`."""

    email: str
    """The e-mail address."""

    phone_number: str
    """The phone number, such as `+1 206 555 0100`."""

    accounts: Sequence[str] | None = None
    """The accounts it is the contact of: keys of accounts, `management` for the management account; by default all of
    them."""
