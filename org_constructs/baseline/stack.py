"""`OrgBaseline`: the stack that is an organization, its people, and what they may do where."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
from constructs import Construct

from org_constructs.aws import limits
from org_constructs.aws.delegation import DELEGABLE, IDENTITY_CENTER
from org_constructs.constructs.account import Account, ExistingAccount
from org_constructs.constructs.assignment import AssignmentRegistry, define_assignment, principal_id
from org_constructs.constructs.budget import Budget
from org_constructs.constructs.group import ExistingGroup, Group, define_membership
from org_constructs.constructs.identity_center import IdentityCenter
from org_constructs.constructs.organization import ExistingOrganization, Organization
from org_constructs.constructs.organizational_unit import ExistingOrganizationalUnit, OrganizationalUnit, Parent
from org_constructs.constructs.permission_set import ExistingPermissionSet, PermissionSet
from org_constructs.constructs.policy import Policy
from org_constructs.constructs.resource_policy import ResourcePolicy
from org_constructs.constructs.user import ExistingUser, User, UserImplementation
from org_constructs.constructs.validate import check_account_id, check_tags, check_text, check_type, is_token
from org_constructs.refusal import Refusal
from org_constructs.templates.metadata import (
    DISPLAY_NAMES,
    METADATA_KEY,
    AccountMetadata,
    AlternateContact,
    BaselineMetadata,
)
from org_constructs.templates.waiting import NO_IDENTITY_CENTER, POLICIES_WAIT
from org_constructs.templates.words import and_list

from .next_steps import next_steps
from .plan import make_plan
from .plan.names import MANAGEMENT
from .plan.regions import check_regions
from .plan.resource_policy import with_account_ids
from .plan.room import check_room
from .plan.stacks import Kind
from .props import (
    AccountProps,
    AlternateContactProps,
    AssignmentProps,
    BudgetsProps,
    GroupProps,
    OrganizationalUnitProps,
    PermissionSetProps,
    PolicyProps,
    ResourcePolicyProps,
    UserProps,
)
from .rehearsed import instance_in, is_rehearsed, with_the_others
from .synthesizer import UnbootstrappedSynthesizer

if TYPE_CHECKING:
    from org_constructs.constructs.policy_type import PolicyType

    from .plan.planned import Plan, PlannedAccount, PlannedPolicy


class OrgBaseline(cdk.Stack):
    """Define an AWS organization with IAM Identity Center: accounts, people, and what they may do where.

    With a company, an e-mail, an Identity Center and one user it creates the organization, the accounts `dev` and
    `production`, the user, a group `Administrators` with the user in it, and a permission set `AdministratorAccess` of
    12 hours, assigned to the group in all three accounts. A list that is passed takes the place of its default.

    Its first deploy takes what a new organization gives: organization, units and accounts. Without an Identity Center
    it creates no people and no access, and with a list of enabled policy types only the policies of those, and says so
    in a warning each: `org-baseline doctor` names what enables them, and the next deploy creates the rest.

    It deploys with the credentials of whoever runs `cdk deploy` and needs no `cdk bootstrap`, unless users are created
    outside us-east-1 (a Lambda function does it there), or the template is over 51,200 bytes; synth says so.

    Past CloudFormation's 500 resources it spans several stacks: accounts, people, groups and assignments with a `stack`
    are made in stacks beside this one, such as `OrgBaseline-WORD`, which `cdk deploy 'OrgBaseline*'` deploys with it.
    In AWS they are named after this one, `STACK_NAME-WORD`.

    Organization, units and accounts are retained, whatever is removed or destroyed. Users, groups, permission sets,
    policies and assignments are not: removing their line revokes the access. In several stacks permission sets stay
    behind in AWS, assigned to nobody.

    ```python
    OrgBaseline(
        app,
        "OrgBaseline",
        env=cdk.Environment(account="111122223333", region="us-east-1"),
        company="acme",
        email="aws@acme.com",
        identity_center=IdentityCenter(
            instance_arn="arn:aws:sso:::instance/ssoins-1111222233334444", identity_store_id="d-1111222233"
        ),
        users=[UserProps(user_name="dax@acme.com", given_name="Dax", family_name="Acme")],
    )
    ```
    """

    organization: Organization | ExistingOrganization
    """The organization."""

    management_account: ExistingAccount
    """The management account."""

    organizational_units: Mapping[str, OrganizationalUnit | ExistingOrganizationalUnit]
    """The units by path."""

    accounts: Mapping[str, Account | ExistingAccount]
    """The accounts by key; the management account is not among them."""

    policies: Mapping[str, Policy]
    """The policies by name; those that wait for their type are not among them."""

    resource_policy: ResourcePolicy | None = None
    """The organization's resource policy; None without one."""

    budgets: Mapping[str, Budget]
    """The budgets by the keys of their accounts, `management` among them, and `Organization` for all accounts."""

    users: Mapping[str, User | ExistingUser]
    """The users by user name; none without an Identity Center."""

    groups: Mapping[str, Group | ExistingGroup]
    """The groups by name; none without an Identity Center."""

    permission_sets: Mapping[str, PermissionSet | ExistingPermissionSet]
    """The permission sets by name; none without an Identity Center."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        company: str,
        email: str,
        users: Sequence[UserProps] = (),
        accounts: Sequence[AccountProps] | None = None,
        organizational_units: Sequence[OrganizationalUnitProps] = (),
        groups: Sequence[GroupProps] | None = None,
        permission_sets: Sequence[PermissionSetProps] | None = None,
        assignments: Sequence[AssignmentProps] | None = None,
        policies: Sequence[PolicyProps] = (),
        enabled_policy_types: Sequence[PolicyType] | None = None,
        resource_policy: ResourcePolicyProps | None = None,
        trusted_access: Sequence[str] = (),
        root_access: bool = False,
        delegated_administrators: Mapping[str, str | Sequence[str]] = MappingProxyType({}),
        alternate_contacts: Sequence[AlternateContactProps] = (),
        management_account_name: str | None = None,
        budgets: BudgetsProps | None = None,
        organization: ExistingOrganization | None = None,
        identity_center: IdentityCenter | None = None,
        session_name: str | None = None,
        default_region: str | None = None,
        **stack_props: Any,  # noqa: ANN401 (whatever Stack takes)
    ) -> None:
        """Define the stack.

        Args:
            scope: The app.
            construct_id: The name of the stack; another name is another stack.
            company: The company's short name, the first part of every account's name, such as `acme`.
            email: The management account's e-mail, such as `aws@acme.com`, which the accounts' plus-addresses are
                made of.
            users: The people; by default nobody.
            accounts: The member accounts; by default `dev` and `production`.
            organizational_units: The units; by default none, and accounts are under the root.
            groups: The groups; by default `Administrators`.
            permission_sets: The permission sets; by default `AdministratorAccess`, of 12 hours.
            assignments: Who may do what where; by default `Administrators` have `AdministratorAccess` in every
                account, the management account included.
            policies: Organizations policies; by default none.
            enabled_policy_types: The policy types that the organization's root has enabled, `[]` in a new organization:
                policies of other types are checked and wait. `org-baseline doctor --fix` enables the types that are
                needed and prints the line. By default nothing waits, which an organization that exists already may
                leave to; with policies of one that is created here it has to be given.
            resource_policy: What the organization lets member accounts administer of its policies; by default nothing.
                Without the argument the deploy deletes the one that it made. An organization has one at most.
            trusted_access: The services that work with the organization, such as `cloudtrail.amazonaws.com`, which
                `org-baseline doctor --fix` enables; by default it checks none.
            root_access: Whether root users of member accounts are managed centrally, so that the management account can
                delete what they sign in with and run `aws sts assume-root`. `org-baseline doctor --fix` enables that,
                and the trusted access of `iam.amazonaws.com` before; by default it checks neither, and without the
                argument nothing is disabled.
                https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user.html#id_root-user-access-management
            delegated_administrators: Which member accounts administer a service for the whole organization, so that
                nobody needs the management account for it: the keys of one account or several by service principals,
                such as `{"guardduty.amazonaws.com": "security"}`. `org-baseline doctor --fix` registers them with
                Organizations, and enables the trusted access of the services before; it prints the call of their own
                that GuardDuty and others want as well. By default it checks none, and without the argument nobody is
                taken out. Whoever administers such an account administers the service in every account: see
                docs/delegation.md.
                https://docs.aws.amazon.com/organizations/latest/userguide/orgs_integrate_delegated_admin.html
            alternate_contacts: Whom AWS writes to beside the root user's address, which `org-baseline doctor --fix`
                sets; by default it checks none.
            management_account_name: The name of the management account that people see, as the accounts'
                `display_name`, which `org-baseline doctor --fix` sets; by default it sets none.
            budgets: Monthly budgets of accounts, and of all of them together, of which AWS writes e-mails; by default
                none.
            organization: The organization that exists already; by default one is created.
            identity_center: The Identity Center, which must be in the stack's region; by default there is none yet.
            session_name: The name of the session in `~/.aws/config`; by default the company.
            default_region: The region of CLI profiles; by default the stack's.
            **stack_props: What `aws_cdk.Stack` takes, such as `env`: the management account and Identity Center's
                region.

        Raises:
            Refusal: An argument breaks a rule of AWS's, repeats what may come once, or names what is not there.
        """
        check_type("organization", organization, (ExistingOrganization, type(None)), "Organization.from_attributes(…)")
        check_type("identity_center", identity_center, (IdentityCenter, type(None)), "an IdentityCenter")
        env = _environment(scope, stack_props.get("env"))
        if is_rehearsed() and organization is None:
            if identity_center is None and users:
                identity_center = instance_in(env.region)
            if isinstance(enabled_policy_types, list | tuple):
                enabled_policy_types = with_the_others(enabled_policy_types)
        plan = make_plan(
            company=company,
            email=email,
            users=users,
            accounts=accounts,
            organizational_units=organizational_units,
            groups=groups,
            permission_sets=permission_sets,
            assignments=assignments,
            policies=policies,
            enabled_policy_types=enabled_policy_types,
            resource_policy=resource_policy,
            trusted_access=trusted_access,
            root_access=root_access,
            delegated_administrators=delegated_administrators,
            alternate_contacts=alternate_contacts,
            management_account_name=management_account_name,
            budgets=budgets,
            session_name=session_name,
            default_region=default_region,
            identity_center=identity_center,
        )
        _check_policy_types_known(organization, enabled_policy_types, plan)
        _check_management_account(env, organization, plan)
        newer_regions = check_regions(env.region, plan, identity_center)
        _check_stack_names(scope, construct_id, stack_props, plan)
        users_by_lambda = _stacks_with_users_by_lambda(env, plan)
        check_room(plan, users_by_lambda, creates_organization=organization is None)
        _check_stack_props(plan, stack_props)
        # The templates then hold nothing but the organization.
        stack_props = {"analytics_reporting": False, **stack_props}
        super().__init__(
            scope,
            construct_id,
            **{
                "description": f"The AWS organization of {company}: accounts, people, and what they may do where",
                "synthesizer": None if None in users_by_lambda else UnbootstrappedSynthesizer(),
                **stack_props,
            },
        )
        for region in newer_regions:
            cdk.Annotations.of(self).add_warning_v2(
                f"OrgBaseline-RegionNotListed:{region}",
                f"the region {region!r} is not one that the installed boto3 knows; unless it is newer, correct it",
            )
        for service in plan.delegated_administrators:
            if service not in DELEGABLE:
                cdk.Annotations.of(self).add_warning_v2(
                    f"OrgBaseline-ServiceNotListed:{service}",
                    f"{service!r} is not a service that this version knows to be administered by member accounts;"
                    " unless it is newer, correct it",
                )
        if IDENTITY_CENTER in plan.delegated_administrators:
            cdk.Annotations.of(self).add_warning_v2("OrgBaseline-IdentityCenterDelegated", _what_a_delegate_may(plan))
        self._plan = plan
        self._outputs_used: dict[tuple[str, str | None], str] = {}
        self._stack_names_used: dict[tuple[str | None, str | None], str] = {}
        self._stacks = self._add_stacks(scope, stack_props, users_by_lambda)
        self._add_organization(organization, enabled_policy_types or ())
        self._add_resource_policy()
        self._add_budgets()
        if waiting := self._plan.waiting_policy_types:
            cdk.Annotations.of(self).add_warning_v2(
                POLICIES_WAIT,
                f"policies are not created until enabled_policy_types lists {' and '.join(waiting)}: deploy, run"
                " `org-baseline doctor --fix`, paste what it prints, and the next deploy creates them",
            )
        if identity_center is None:
            self.users = MappingProxyType({})
            self.groups = MappingProxyType({})
            self.permission_sets = MappingProxyType({})
            cdk.Annotations.of(self).add_warning_v2(
                NO_IDENTITY_CENTER,
                "users, groups, permission sets and assignments are not created until identity_center is given: deploy,"
                " enable IAM Identity Center in the console of the management account, paste what `org-baseline doctor`"
                " prints, and the next deploy creates them",
            )
        else:
            self._add_people(identity_center)
            self._add_assignments()
        self._add_outputs(identity_center)
        self._add_metadata(identity_center)
        self._add_display_names(management_account_name)

    def _add_stacks(
        self, scope: Construct, stack_props: Mapping[str, Any], users_by_lambda: Collection[str | None]
    ) -> Mapping[str | None, cdk.Stack]:
        """Add the stacks beside this one, for what has outgrown it, and return all by name, this one under None.

        References between them are weak, so that what one of them stops making does not hold up another. The stacks of
        accounts are deployed one after the other, and so are those of groups and then people, and those of assignments,
        since the limits of Organizations, the Identity Store and Identity Center hold for all of them together.
        """
        stack_name = self.stack_name
        stacks: dict[str | None, cdk.Stack] = {None: self}
        last_of_kind: dict[Kind, cdk.Stack] = {}
        for name in self._plan.stacks:
            stack = cdk.Stack(
                scope,
                f"{self.node.id}-{name}",
                **{
                    **stack_props,
                    "description": f"A part of {stack_name}: {self._plan.company}, {name}",
                    "stack_name": f"{stack_name}-{name}",
                    "synthesizer": None if name in users_by_lambda else UnbootstrappedSynthesizer(),
                },
            )
            cdk.CrossStackReferences.of(stack).consume(cdk.ReferenceStrength.WEAK)
            kind = Kind.PEOPLE if Kind.of(name) is Kind.GROUPS else Kind.of(name)
            stack.add_stack_dependency(last_of_kind.get(kind, self))
            last_of_kind[kind] = stacks[name] = stack
        if len(stacks) > 1:
            cdk.Annotations.of(self).add_info_v2(
                "OrgBaseline-SeveralStacks",
                f"this organization spans {len(stacks)} stacks; deploy them all with"
                f" `cdk deploy '{self.node.path}*' --concurrency 2`",
            )
        if stack_props.get("synthesizer") is None:
            for stack_of_users in users_by_lambda:
                cdk.Annotations.of(stacks[stack_of_users]).add_info_v2(
                    "OrgBaseline-NeedsBootstrap",
                    "this stack needs `cdk bootstrap`, because AWS::IdentityStore::User is not in its region and a"
                    " Lambda function, whose code the bootstrap stores, creates the users instead",
                )
        return stacks

    def _add_organization(
        self, organization: ExistingOrganization | None, enabled_policy_types: Sequence[PolicyType]
    ) -> None:
        """Add the organization, units, policies and accounts, in the order in which they are deployed.

        Policies come before accounts, so that one which AWS refuses stops the deploy while no account exists yet, and
        accounts come to exist under them; only a policy attached to an account has to wait for it.
        """
        self.organization = organization or Organization(
            self, "Organization", enabled_policy_types=enabled_policy_types
        )
        if is_token(self.account) and is_token(self.organization.management_account_id):
            self._refuse_management_account_at_deploy()
        self.management_account = Account.from_account_id(self.organization.management_account_id)
        units: dict[str, OrganizationalUnit | ExistingOrganizationalUnit] = {}
        scope = Construct(self, "OrganizationalUnits")
        for path, unit in self._plan.organizational_units.items():
            if unit.props.organizational_unit_id is not None:
                units[path] = OrganizationalUnit.from_organizational_unit_id(unit.props.organizational_unit_id)
            else:
                units[path] = OrganizationalUnit(
                    scope,
                    path,
                    name=unit.props.name,
                    parent=self.organization if unit.parent is None else units[unit.parent],
                    tags=unit.props.tags,
                )
        self.organizational_units = MappingProxyType(units)
        accounts: dict[str, Account | ExistingAccount] = {}
        made = {name: policy for name, policy in self._plan.policies.items() if not policy.waits}
        policies: dict[str, Policy] = {}
        scope = Construct(self, "Policies")
        for name, policy in made.items():
            if not policy.accounts:
                policies[name] = self._add_policy(scope, policy, accounts)
        scopes = _Scopes(self, "Accounts")
        for key, account in self._plan.accounts.items():
            if account.props.account_id is not None:
                accounts[key] = Account.from_account_id(account.props.account_id)
            else:
                accounts[key] = Account(
                    scopes.of(self._stacks[account.props.stack]),
                    key,
                    name=account.name,
                    email=account.email,
                    parent=self.organization if account.parent is None else units[account.parent],
                    role_name=account.props.role_name,
                    tags=account.props.tags,
                )
        for name, policy in made.items():
            if policy.accounts:
                policies[name] = self._add_policy(scope, policy, accounts)
        self.accounts = MappingProxyType(accounts)
        self.policies = MappingProxyType(policies)

    def _add_resource_policy(self) -> None:
        """Add the resource policy, which AWS takes once the accounts exist that it names."""
        if props := self._plan.resource_policy:
            content = with_account_ids(props.content, lambda key: self.accounts[key].account_id)
            self.resource_policy = ResourcePolicy(self, "ResourcePolicy", content=content, tags=props.tags)

    def _add_budgets(self) -> None:
        """Add the budgets, each in the stack of its account."""
        scopes = _Scopes(self, "Budgets")
        budgets = {}
        for key, budget in self._plan.budgets.items():
            account = None if budget.account is None else self.accounts.get(budget.account, self.management_account)
            budgets[key] = Budget(
                scopes.of(self._stacks[self._plan.budget_stack(budget)]),
                key,
                name=budget.name,
                limit=budget.limit,
                emails=budget.emails,
                account=account,
            )
        self.budgets = MappingProxyType(budgets)

    def _refuse_management_account_at_deploy(self) -> None:
        """Have CloudFormation stop, before it makes anything, where an account that exists is the management account.

        https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/rules-section-structure.html
        """
        members = {key: account.props.account_id for key, account in self._plan.accounts.items()}
        assertions = [
            cdk.CfnRuleAssertion(
                assert_=cdk.Fn.condition_not(cdk.Fn.condition_equals(cdk.Aws.ACCOUNT_ID, account_id)),
                assert_description=(
                    f"The account_id of the account {key!r} must not be the management account's, {account_id}; leave"
                    f" the account out: targets call the management account {MANAGEMENT!r}"
                ),
            )
            for key, account_id in members.items()
            if account_id is not None
        ]
        if assertions:
            cdk.CfnRule(self, "NoMemberIsTheManagementAccount", assertions=assertions)

    def _add_policy(
        self, scope: Construct, policy: PlannedPolicy, accounts: Mapping[str, Account | ExistingAccount]
    ) -> Policy:
        targets: list[Parent | Account | ExistingAccount] = [self.organization] if policy.root else []
        targets += [self.organizational_units[path] for path in policy.units]
        targets += [self.management_account if key == MANAGEMENT else accounts[key] for key in policy.accounts]
        return Policy(
            scope,
            policy.props.name,
            name=policy.props.name,
            type=policy.props.type,
            content=policy.props.content,
            targets=targets,
            description=policy.props.description,
            tags=policy.props.tags,
        )

    def _add_people(self, identity_center: IdentityCenter) -> None:
        users: dict[str, User | ExistingUser] = {}
        scopes = _Scopes(self, "Users")
        for name, user in self._plan.users.items():
            if user.user_id is not None:
                users[name] = User.from_user_id(user.user_id)
            else:
                users[name] = User(
                    scopes.of(self._stacks[Kind.PEOPLE.stack(user.stack)]),
                    name,
                    identity_center=identity_center,
                    user_name=name,
                    given_name=user.given_name or "",
                    family_name=user.family_name or "",
                    email=user.email,
                    display_name=user.display_name,
                )
        self.users = MappingProxyType(users)
        self._add_groups(identity_center)
        self._add_permission_sets(identity_center)

    def _add_groups(self, identity_center: IdentityCenter) -> None:
        """Add the groups, and the memberships of people in other stacks, there under the group's name."""
        groups: dict[str, Group | ExistingGroup] = {}
        scopes = _Scopes(self, "Groups")
        for name, group in self._plan.groups.items():
            if group.props.group_id is not None:
                groups[name] = Group.from_group_id(group.props.group_id)
                continue
            stack, members = Kind.GROUPS.stack(group.props.stack), self._plan.memberships[name]
            groups[name] = created = Group(
                scopes.of(self._stacks[stack]),
                name,
                identity_center=identity_center,
                name=name,
                description=group.props.description,
                members=[self.users[member] for member in members.get(stack, ())],
            )
            for elsewhere in [other for other in members if other != stack]:
                scope = Construct(scopes.of(self._stacks[elsewhere]), name)
                for member in members[elsewhere]:
                    define_membership(scope, identity_center=identity_center, group=created, member=self.users[member])
        for name in self._plan.empty_groups_with_access:
            cdk.Annotations.of(groups[name]).add_warning_v2(  # type: ignore[arg-type] # only groups made here are empty
                "OrgBaseline-EmptyGroup",
                f"the group {name!r} has access to accounts, but no members; add it to the groups of a user",
            )
        self.groups = MappingProxyType(groups)

    def _add_permission_sets(self, identity_center: IdentityCenter) -> None:
        permission_sets: dict[str, PermissionSet | ExistingPermissionSet] = {}
        scope = Construct(self, "PermissionSets")
        for name, permission_set in self._plan.permission_sets.items():
            if permission_set.permission_set_arn is not None:
                permission_sets[name] = PermissionSet.from_permission_set_arn(
                    permission_set.permission_set_arn, identity_center=identity_center
                )
            else:
                created = PermissionSet(scope, name, identity_center=identity_center, **_arguments(permission_set))
                if any(Kind.of(stack) in (Kind.ACCOUNTS, Kind.ACCESS) for stack in self._plan.stacks):
                    # AWS refuses to delete it before its assignments, which go with stacks that are deployed later.
                    created._resource.apply_removal_policy(cdk.RemovalPolicy.RETAIN)
                permission_sets[name] = created
        self.permission_sets = MappingProxyType(permission_sets)

    def _add_assignments(self) -> None:
        """Add the assignments, those of each account after those of the accounts before it: the order of the lanes.

        They are children of one construct for each permission set and principal, under the keys of the accounts: one
        `Assignment` for each would double the constructs of a large organization.
        """
        registry = AssignmentRegistry.in_app_of(self)
        scopes = _Scopes(self, "Assignments")
        pairs: dict[tuple[str | None, str, str], Construct] = {}
        for assignment in self._plan.assignments:
            stack = self._stacks[assignment.stack]
            pair = (assignment.stack, assignment.permission_set, assignment.principal)
            if pair not in pairs:
                # The name of a permission set holds no space, so no two pairs have the same id.
                pairs[pair] = Construct(scopes.of(stack), f"{assignment.permission_set} {assignment.principal}")
            permission_set = self.permission_sets[assignment.permission_set]
            principal = self.users.get(assignment.principal) or self.groups[assignment.principal]
            account_id = self._account_id(assignment.account, assignment.stack)
            registry.add(
                (permission_set.permission_set_arn, principal_id(principal), account_id),
                lambda: self.node.path,
            )
            define_assignment(
                pairs[pair],
                assignment.account,
                stack=stack,
                permission_set=permission_set,
                principal=principal,
                account_id=account_id,
            )
        if not self._plan.management_account_has_administrator:
            cdk.Annotations.of(self).add_warning_v2(
                "OrgBaseline-NobodyAdministratesManagement",
                "nobody has AdministratorAccess in the management account, so only its root user can change the"
                " organization; assign AdministratorAccess, with targets=['management'], to a group that has members",
            )

    def _account_id(self, account: str, stack: str | None) -> str:
        """Return the id of the account as the stack refers to it: from another stack, by its output."""
        if account == MANAGEMENT:
            return self.management_account.account_id
        planned = self._plan.accounts[account]
        if planned.props.account_id is not None or planned.props.stack == stack:
            return self.accounts[account].account_id
        return self._output_of(planned, stack)

    def _output_of(self, account: PlannedAccount, stack: str | None) -> str:
        made_in = account.props.stack
        if (made_in, stack) not in self._stack_names_used:
            self._stacks[stack].add_stack_dependency(self._stacks[made_in])
            self._stack_names_used[made_in, stack] = self._stacks[made_in].stack_name
        if (account.key, stack) not in self._outputs_used:
            self._outputs_used[account.key, stack] = cdk.Fn.get_stack_output(
                self._stack_names_used[made_in, stack], account.output
            )
        return self._outputs_used[account.key, stack]

    def _add_outputs(self, identity_center: IdentityCenter | None) -> None:
        self._add_output("OrganizationId", self.organization.organization_id, "The id of the organization")
        self._add_output("ManagementAccountId", self.management_account.account_id, "The id of the management account")
        for key, account in self._plan.accounts.items():
            cdk.CfnOutput(
                self._stacks[self._plan.output_stacks[key]],
                account.output,
                value=self.accounts[key].account_id,
                description=f"The id of the account {account.name}",
            )
        if identity_center is not None and identity_center.start_url is not None:
            self._add_output("StartUrl", identity_center.start_url, "The AWS access portal, where people sign in")
        self._add_output("NextSteps", next_steps(self._plan, identity_center, self._known_region), "What to do now")

    def _add_output(self, name: str, value: str, description: str) -> None:
        cdk.CfnOutput(self, name, value=value, description=description)

    def _add_metadata(self, identity_center: IdentityCenter | None) -> None:
        for name, stack in self._stacks.items():
            accounts = {
                key: AccountMetadata(output=account.output, region=account.props.region)
                for key, account in self._plan.accounts.items()
                if self._plan.output_stacks[key] == name
            }
            of_stack = (
                self._metadata(identity_center, accounts)
                if stack is self
                else BaselineMetadata(part_of=self.stack_name, accounts=accounts)
            )
            stack.template_options.metadata = {METADATA_KEY: of_stack.to_dict()}

    def _add_display_names(self, management_account_name: str | None) -> None:
        """Write the names that people see beside the templates, so that no deploy waits for another one.

        CloudFormation deploys no change of a template's metadata alone, and `cdk diff` would go on showing it:
        docs/decisions/0017-the-life-of-accounts.md
        """
        names: dict[cdk.Stack, dict[str, str]] = {}
        if management_account_name is not None:
            names[self] = {MANAGEMENT: management_account_name}
        for key, account in self._plan.accounts.items():
            made = self.accounts[key]
            if account.props.display_name is not None and isinstance(made, Account):
                stack = self._stacks[account.props.stack]
                names.setdefault(stack, {})[stack.resolve(made._resource.logical_id)] = account.props.display_name
        for stack, of_stack in names.items():
            stack.node.add_metadata(DISPLAY_NAMES, of_stack)

    @property
    def _known_region(self) -> str | None:
        return None if is_token(self.region) else self.region

    def _metadata(
        self, identity_center: IdentityCenter | None, accounts: Mapping[str, AccountMetadata]
    ) -> BaselineMetadata:
        plan, region = self._plan, self._known_region
        return BaselineMetadata(
            company=plan.company,
            email=None if is_token(plan.email) else plan.email,
            session_name=plan.session_name,
            default_region=plan.default_region or region,
            identity_center_region=region,
            start_url=identity_center.start_url if identity_center is not None else None,
            existing_names=plan.existing_names,
            policy_types=plan.policy_types,
            trusted_access=plan.trusted_access,
            root_access=plan.root_access,
            delegated_administrators=plan.delegated_administrators,
            alternate_contacts=tuple(
                AlternateContact(
                    type=contact.props.type,
                    name=contact.props.name,
                    title=contact.props.title,
                    email_address=contact.props.email,
                    phone_number=contact.props.phone_number,
                    accounts=contact.accounts,
                )
                for contact in plan.alternate_contacts
            ),
            closing=plan.closing,
            waiting=plan.waiting,
            accounts=accounts,
        )


class _Scopes:
    """One scope of a name in the baseline's stack, and in each other stack that needs it."""

    def __init__(self, stack: cdk.Stack, name: str) -> None:
        self._name = name
        self._scopes = {stack: Construct(stack, name)}

    def of(self, stack: cdk.Stack) -> Construct:
        """Return the scope in the stack."""
        if stack not in self._scopes:
            self._scopes[stack] = Construct(stack, self._name)
        return self._scopes[stack]


def _arguments(permission_set: PermissionSetProps) -> dict[str, Any]:
    """Return what `PermissionSet` takes of the props."""
    return {
        field.name: getattr(permission_set, field.name)
        for field in fields(PermissionSetProps)
        if field.name != "permission_set_arn"
    }


def _check_policy_types_known(
    organization: ExistingOrganization | None, enabled_policy_types: Sequence[PolicyType] | None, plan: Plan
) -> None:
    """Refuse a default that would make a first deploy fail, or take deployed policies away."""
    if organization is None and enabled_policy_types is None and plan.policies:
        line = ", ".join(f"PolicyType.{name}" for name in plan.policy_types)
        raise Refusal(
            "policy-types-missing",
            "enabled_policy_types must be given if the app creates the organization and has policies, since a new one"
            " has no policy type enabled, got None",
            f"pass [] for its first deploy, and from then on [{line}], which `org-baseline doctor --fix` enables",
        )


def _what_a_delegate_may(plan: Plan) -> str:
    """Say what the account that administers Identity Center can do, and what it can no longer change."""
    [account] = plan.delegated_administrators[IDENTITY_CENTER]
    kept = sorted({each.permission_set for each in plan.assignments if each.account == MANAGEMENT})
    only_from_management = f"; {and_list(kept)}, assigned there, can be changed from there alone" if kept else ""
    return (
        f"whoever administers {account!r} can give anybody access to every account but the management account"
        f"{only_from_management}: docs/delegation.md"
    )


def _check_stack_props(plan: Plan, stack_props: Mapping[str, Any]) -> None:
    check_tags("tags", stack_props.get("tags") or {})
    if plan.stacks and stack_props.get("synthesizer") is not None:
        raise Refusal(
            "synthesizer-several-stacks",
            "synthesizer must not be given if accounts, people, groups or assignments have a stack, since a"
            f" synthesizer is for one stack only, got {type(stack_props['synthesizer']).__name__}",
            "leave it out",
        )


def _check_stack_names(scope: Construct, construct_id: str, stack_props: Mapping[str, Any], plan: Plan) -> None:
    """Refuse names of stacks that CloudFormation refuses; one made of a construct's path is CDK's own care."""
    argument, name = "stack_name", stack_props.get("stack_name")
    if name is None:
        if not isinstance(scope, cdk.Stage):
            return
        argument, name = "construct_id", construct_id.replace("/", "--")
        name = f"{scope.stage_name}-{name}" if scope.stage_name else name
    check_text(
        argument,
        name,
        maximum=limits.STACK_NAME_MAX - max((len(stack) + 1 for stack in plan.stacks), default=0),
        pattern=limits.STACK_NAME,
        rule="letters, digits and '-', beginning with a letter, since the stack is named after it",
    )


def _environment(scope: Construct, env: cdk.Environment | Mapping[str, str] | None) -> cdk.Environment:
    """Return the environment that the stack is going to have: its own, and where that says nothing its stage's."""
    own = cdk.Environment(**env) if isinstance(env, Mapping) else env or cdk.Environment()
    # Stage.of a stage is the one around it.
    stage = scope if isinstance(scope, cdk.Stage) else cdk.Stage.of(scope)
    if stage is None:
        return own
    return cdk.Environment(account=own.account or stage.account, region=own.region or stage.region)


def _check_management_account(env: cdk.Environment, organization: ExistingOrganization | None, plan: Plan) -> None:
    account = env.account
    if account is not None:
        check_account_id("env.account", account)
    if organization is not None and not is_token(organization.management_account_id):
        if account is not None and not is_token(account) and account != organization.management_account_id:
            raise Refusal(
                "env-not-management-account",
                f"env must name the management account, {organization.management_account_id!r}, got {account!r}",
                "use that account, since the organization and Identity Center can only be changed there",
            )
        account = organization.management_account_id
    for index, member in enumerate(plan.accounts.values()):
        if member.props.account_id is not None and member.props.account_id == account:
            raise Refusal(
                "member-is-management-account",
                f"accounts[{index}].account_id must not be the management account's, got {account!r}",
                f"leave it out: targets call the management account {MANAGEMENT!r}",
            )


def _stacks_with_users_by_lambda(env: cdk.Environment, plan: Plan) -> Collection[str | None]:
    """Return the stacks whose users become custom resources: these need the bootstrap, for their function's code."""
    if (
        not plan.has_identity_center
        or env.region is None
        or UserImplementation.of_region(env.region) is not UserImplementation.CUSTOM_RESOURCE
    ):
        return ()
    return dict.fromkeys(plan.users_made_in.values())
