"""What can be told of each control of the CIS benchmark that is about an organization.

Templates can show that something is there. That something is missing they cannot, as another stack may have it, or
somebody have made it by hand: that AWS alone tells. And what no API tells is left to whoever signs.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from org_constructs.aws.delegation import DELEGABLE
from org_constructs.aws.root_access import NONE_ENABLED
from org_constructs.templates.access import effective_access, lineage, place_named, policies_in_force
from org_constructs.templates.delegation import delegated_account
from org_constructs.templates.description import MANAGEMENT, ROOT, Account, Description
from org_constructs.templates.iam import read_statement, statements
from org_constructs.templates.values import as_json, items_of, written
from org_constructs.templates.words import count, first_of, visible

from .control import Asked, Control, Verdict

if TYPE_CHECKING:
    from org_constructs.live.control_answers import Answer, ControlAnswers

PASS, FAIL, CANNOT_TELL, MANUAL = Verdict.PASS, Verdict.FAIL, Verdict.CANNOT_TELL, Verdict.MANUAL

_NAMED: Final = 3
"""How many a sentence names; what was answered has all."""

_GUARDRAILS: Final = frozenset({"SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"})
_CLOUD_SHELL: Final = "AWSCloudShellFullAccess"

_POLICY_WRITES: Final = tuple(
    f"organizations:{each}policy" for each in ("attach", "create", "delete", "detach", "update")
)
"""What whoever manages an organization's policies does, in lower case.

https://docs.aws.amazon.com/organizations/latest/userguide/orgs_delegate_policies.html
"""

_READS_ACCOUNTS: Final = (
    "organizations:DescribeOrganization",
    "organizations:ListAccounts",
    "organizations:ListAccountsForParent",
    "organizations:ListOrganizationalUnitsForParent",
    "organizations:ListRoots",
)
_LISTS_POLICIES: Final = "organizations:ListPolicies"
_READS_POLICIES: Final = (
    "organizations:DescribePolicy",
    _LISTS_POLICIES,
    "organizations:ListTargetsForPolicy",
)
_READS_DELEGATION: Final = (
    "organizations:DescribeOrganization",
    "organizations:ListAWSServiceAccessForOrganization",
    "organizations:ListDelegatedAdministrators",
    "organizations:ListDelegatedServicesForAccount",
)
_READS_PEOPLE: Final = ("sso:ListInstances", "identitystore:ListUsers")
_READS_ACCESS: Final = (
    *_READS_PEOPLE,
    "identitystore:ListGroups",
    "identitystore:ListGroupMemberships",
    "sso:ListAccountAssignmentsForPrincipal",
)
_READS_PERMISSION_SETS: Final = (
    "sso:ListInstances",
    "sso:ListPermissionSets",
    "sso:DescribePermissionSet",
    "sso:ListManagedPoliciesInPermissionSet",
)


def judge(description: Description, answers: ControlAnswers | None = None) -> tuple[Control, ...]:
    """Return what can be told of each control, in the benchmark's order.

    Args:
        description: The organization.
        answers: What AWS answered beside it; None where AWS was not asked.
    """
    return tuple(_Judge(description, answers).controls())


class _Judge:
    """Looks at a description, and at what AWS answered beside it."""

    def __init__(self, description: Description, answers: ControlAnswers | None) -> None:
        self._description = description
        self._live = description.live
        self._answers = answers
        known = description.accounts.values()
        self._members = [each for each in known if each.key != MANAGEMENT and not each.is_closed]

    def controls(self) -> Iterator[Control]:
        yield self._root_access()
        yield self._guardrails()
        yield self._management_account()
        yield self._units()
        yield self._delegated_policies()
        yield self._delegated_services()
        yield Control(
            "2.2",
            MANUAL,
            "No API tells whether a contact is the right one.",
            confirm="The contact details of every account are right, and reach more than one person.",
        )
        yield self._security_contacts()
        yield self._people()
        yield self._cloud_shell()
        yield Control(
            "5.15",
            MANUAL,
            "What CloudTrail and its alarms watch is not looked at.",
            confirm="Somebody is told when the organization, its accounts or its policies change.",
        )

    def _root_access(self) -> Control:
        if self._answers is None:
            if not self._description.metadata.root_access:
                return Control("2.1.1", CANNOT_TELL, self._unasked)
            return Control(
                "2.1.1",
                CANNOT_TELL,
                "The app declares it, which templates do not tell to be enabled.",
                asked=(Asked(source="Metadata.OrgBaseline.RootAccess", answer=True),),
            )
        answer = self._answers.root_access
        judged = partial(Control, "2.1.1", asked=(_asked(answer),))
        if answer.error and answer.error not in NONE_ENABLED:
            return judged(CANNOT_TELL, _refused(answer))
        enabled = [] if answer.error else answer.content["EnabledFeatures"]
        if "RootCredentialsManagement" not in enabled:
            return judged(FAIL, "Root users of member accounts are not managed centrally.")
        sessions = "and" if "RootSessions" in enabled else "but not"
        return judged(
            PASS,
            f"Root credentials of member accounts are managed centrally, {sessions} short root sessions.",
            confirm="Member accounts have no root credentials left.",
        )

    def _guardrails(self) -> Control:
        denying = {
            key
            for key, policy in self._description.policies.items()
            if policy.type in _GUARDRAILS and any(each.get("Effect") == "Deny" for each in statements(policy.content))
        }
        guards: dict[str, list[str]] = {each.key: [] for each in self._members}
        for each in policies_in_force(self._description):
            if each.policy.key in denying and each.place.key in guards:
                guards[each.place.key].append(each.policy.name)
        accounts = {_account_id(each): sorted(guards[each.key]) for each in self._members}
        bare = [each for each in self._members if not guards[each.key]]
        judged = self._judging("2.1.2", _READS_POLICIES, "AWS::Organizations::Policy", accounts)
        if unread := self._unread(*_READS_ACCOUNTS, *_READS_POLICIES):
            return judged(CANNOT_TELL, unread)
        if not self._members:
            return self._without_members("2.1.2")
        if bare and self._live:
            return judged(FAIL, f"No policy denies anything in {_names(bare)}.")
        if bare:
            return judged(CANNOT_TELL, f"No policy of the templates denies anything in {_names(bare)}; others may.")
        return judged(
            PASS,
            f"Policies that deny something are in force in {_all(self._members)}.",
            confirm="They deny what our rules ask for.",
        )

    def _management_account(self) -> Control:
        having = {str(each.who) for each in effective_access(self._description) if each.account.key == MANAGEMENT}
        access = self._unread(*_READS_ACCESS) or f"{_counted(having)} access to the management account."
        judged = self._judging("2.1.3", _READS_ACCESS, "AWS::SSO::Assignment", sorted(map(visible, having)))
        return judged(
            MANUAL,
            f"No API tells what is a workload. {access}",
            confirm="Nothing runs in the management account but what governs the organization.",
        )

    def _units(self) -> Control:
        loose = [each for each in self._members if each.parent == ROOT]
        placed = [each for each in self._members if each.parent is not None]
        places = {_account_id(each): self._path(each) for each in placed}
        judged = self._judging("2.1.4", _READS_ACCOUNTS, "AWS::Organizations::Account", places)
        if unread := self._unread(*_READS_ACCOUNTS):
            return judged(CANNOT_TELL, unread)
        if not self._members:
            return self._without_members("2.1.4")
        if loose:
            return judged(FAIL, f"{_names(loose)} {_are(loose)} in no unit.")
        if len(placed) < len(self._members):
            elsewhere = [each for each in self._members if each.parent is None]
            return judged(
                CANNOT_TELL, f"The templates do not tell in which unit {_names(elsewhere)} {_are(elsewhere)}."
            )
        return judged(
            MANUAL,
            f"Every member account is in a unit: {first_of(sorted(set(places.values())), _NAMED)}.",
            confirm="Units follow environment and sensitivity, and every account is in the right one.",
        )

    def _delegated_policies(self) -> Control:
        if self._answers is not None:
            answer = self._answers.delegation
            judged = partial(Control, "2.1.5", asked=(_asked(answer),))
            if answer.error and answer.error != "ResourcePolicyNotFoundException":
                return judged(CANNOT_TELL, _refused(answer))
            documents = [] if answer.error else [answer.content]
        else:
            documents = list(self._description.resource_policies.values())
            asked = [Asked(source="AWS::Organizations::ResourcePolicy", answer=_plain(each)) for each in documents]
            judged = partial(Control, "2.1.5", asked=tuple(asked))
        management = self._description.accounts.get(MANAGEMENT)
        found = {each for one in documents for each in _delegates(one)}
        delegates = {each for each in found if each and not (management and each == management.account_id)}
        if "*" in delegates:
            return judged(FAIL, "The resource policy lets every account manage policies, as far as its conditions do.")
        if delegates:
            names = first_of(sorted(map(self._account_named, delegates)), _NAMED)
            return judged(
                PASS,
                f"The resource policy lets {names} manage policies.",
                confirm="That account is for governance alone.",
            )
        if self._answers is None:
            return judged(CANNOT_TELL, self._unasked)
        return judged(FAIL, "No member account may manage policies, so the management account does.")

    def _delegated_services(self) -> Control:
        if self._live is None:
            return self._declared_delegates()
        trusted = self._live.trusted_services
        administrators = {
            _account_id(self._description.accounts[each.account])
            if each.account in self._description.accounts
            else each.account: sorted(each.services)
            for each in self._live.delegated_administrators
        }
        delegated = {service for services in administrators.values() for service in services}
        missing = sorted(each for each in trusted if each in DELEGABLE and each not in delegated)
        others = sorted(set(trusted) - delegated - set(missing))
        answer = {"EnabledServicePrincipals": sorted(trusted), "DelegatedAdministrators": administrators}
        judged = self._judging("2.1.6", _READS_DELEGATION, "", answer)
        if unread := self._unread(*_READS_DELEGATION):
            return judged(CANNOT_TELL, unread)
        if not self._live.organization_id:
            return self._without_members("2.1.6")
        if missing:
            return judged(FAIL, f"The management account administers {first_of(missing, _NAMED)}.")
        if others:
            return judged(
                MANUAL,
                f"No member account administers {first_of(others, _NAMED)}.",
                confirm="These services let no member account administer them.",
            )
        return judged(
            PASS,
            "Member accounts administer every service that has trusted access."
            if trusted
            else "No service has trusted access.",
            confirm="These accounts are for such services alone." if trusted else "",
        )

    def _declared_delegates(self) -> Control:
        """Say of which services the app declares an administrator, which `org-baseline doctor --fix` registers."""
        declared = self._description.metadata.delegated_administrators
        if not declared:
            return Control("2.1.6", CANNOT_TELL, self._unasked)
        return Control(
            "2.1.6",
            CANNOT_TELL,
            f"The app declares it for {first_of(list(declared), _NAMED)}, which templates do not tell to be so.",
            asked=(Asked(source="Metadata.OrgBaseline.DelegatedAdministrators", answer=_plain(declared)),),
        )

    def _security_contacts(self) -> Control:
        if self._answers is None:
            return self._declared_contacts()
        contacts = self._answers.security_contacts
        told = {account: _asked(each).answer for account, each in contacts.items()}
        judged = partial(Control, "2.3", asked=(Asked(source="account:GetAlternateContact", answer=told),))
        lacking = [account for account, each in contacts.items() if each.error == "ResourceNotFoundException"]
        refused = [account for account, each in contacts.items() if each.error and account not in lacking]
        if lacking:
            names = first_of([self._account_named(each) for each in lacking], _NAMED)
            return judged(FAIL, f"No security contact is set for {names}.")
        if refused:
            names = first_of([self._account_named(each) for each in refused], _NAMED)
            return judged(
                CANNOT_TELL, f"AWS did not tell the security contact of {names}: {contacts[refused[0]].error}."
            )
        if unread := self._unread(*_READS_ACCOUNTS):
            return judged(CANNOT_TELL, unread)
        return judged(
            PASS,
            f"{count(len(contacts), 'account')} {'has' if len(contacts) == 1 else 'have'} a security contact.",
            confirm="Somebody reads what AWS sends there.",
        )

    def _declared_contacts(self) -> Control:
        """Say of which accounts the app declares a security contact, which `org-baseline doctor --fix` sets."""
        given = [each for each in self._description.metadata.alternate_contacts if each.type == "SECURITY"]
        accounts = sorted({visible(account) for each in given for account in each.accounts})
        if not accounts:
            return Control("2.3", CANNOT_TELL, self._unasked)
        return Control(
            "2.3",
            CANNOT_TELL,
            f"The app declares one for {first_of(accounts, _NAMED)}, which templates do not tell to be set.",
            asked=(Asked(source="Metadata.OrgBaseline.AlternateContacts", answer=accounts),),
        )

    def _people(self) -> Control:
        users = len(self._description.users)
        signs = "signs" if users == 1 else "sign"
        counted = f"{count(users, 'person', 'people')} {signs} in through IAM Identity Center."
        judged = self._judging("2.19", _READS_PEOPLE, "AWS::IdentityStore::User", {"users": users})
        return judged(
            MANUAL,
            f"{self._unread(*_READS_PEOPLE) or counted} IAM users of accounts are not looked at.",
            confirm="No account has IAM users for people.",
        )

    def _cloud_shell(self) -> Control:
        sets = self._description.permission_sets
        having = {
            key
            for key, each in sets.items()
            if any(
                written(arn).rpartition("/")[2] == _CLOUD_SHELL
                for arn in items_of(each.properties.get("ManagedPolicies"))
            )
        }
        given = {each.permission_set for each in self._description.assignments}
        names = sorted(visible(sets[key].name) for key in having)
        untold = sorted(visible(sets[key].name) for key in given if sets[key].only_named)
        unknown = f"What is in {first_of(untold, _NAMED)} is not told. " if untold else ""
        judged = self._judging("2.20", _READS_PERMISSION_SETS, "AWS::SSO::PermissionSet", {"PermissionSets": names})
        if assigned := having & given:
            return judged(
                FAIL,
                f"{first_of(sorted(visible(sets[key].name) for key in assigned), _NAMED)} has it, and is assigned.",
            )
        if unread := self._unread(*_READS_PERMISSION_SETS):
            return judged(CANNOT_TELL, unread)
        return judged(
            MANUAL,
            f"{unknown}No other permission set that is assigned has it; other roles are not looked at."
            if unknown
            else "No permission set that is assigned has it; other roles are not looked at.",
            confirm="No role in an account has it.",
        )

    @property
    def _unasked(self) -> str:
        """Why it cannot be told, where AWS was not asked for it."""
        return f"{'Templates do' if self._live is None else 'A saved description does'} not tell it."

    def _unread(self, *actions: str) -> str:
        """Say what AWS would not tell of what the calls ask for; empty where it told all."""
        for each in self._live.unread if self._live else ():
            # Types of policies that a partition does not have are told in the same way.
            if each.action in actions and (each.action != _LISTS_POLICIES or _GUARDRAILS.intersection(each.of)):
                return f"AWS did not answer {each.action}: {each.why}."
        return ""

    def _without_members(self, control: str) -> Control:
        if self._live and self._live.organization_id:
            return Control(control, PASS, "There are no member accounts.")
        where = "There is no organization" if self._live else "The templates have no member accounts"
        return Control(control, CANNOT_TELL, f"{where}.")

    def _judging(
        self,
        control: str,
        calls: Sequence[str],
        resource_type: str,
        answer: Any,  # noqa: ANN401 (JSON)
    ) -> partial[Control]:
        """Return what makes the control, with what was asked for it: the calls, or the resources of templates."""
        asked = Asked(source=", ".join(calls) if self._live else resource_type, answer=answer)
        return partial(Control, control, asked=(asked,))

    def _path(self, account: Account) -> str:
        _, *places, _ = lineage(self._description, account.key)
        return "/".join(visible(place_named(self._description, each).name) for each in places) or "root"

    def _account_named(self, account_id: str) -> str:
        named = (visible(each.name) for each in self._description.accounts.values() if each.account_id == account_id)
        return next(named, account_id)


def _delegates(content: Any) -> Iterator[str | None]:  # noqa: ANN401 (JSON)
    """Yield whom a resource policy lets manage policies: accounts' ids, or `*`; None for one that is not known."""
    for body in statements(content):
        statement = read_statement(body)
        if statement.effect == "Allow" and any(statement.has_action(each) for each in _POLICY_WRITES):
            given = body.get("Principal", "*")
            for each in items_of(given.get("AWS") if isinstance(given, dict) else given):
                yield delegated_account(each)


def _asked(answer: Answer) -> Asked:
    return Asked(source=answer.call, answer={"Error": answer.error} if answer.error else answer.content)


def _refused(answer: Answer) -> str:
    return f"AWS did not answer {answer.call}: {answer.error}."


def _plain(value: Any) -> Any:  # noqa: ANN401 (JSON)
    return json.loads(as_json(value))


def _account_id(account: Account) -> str:
    return account.account_id or visible(account.key)


def _names(accounts: Iterable[Account]) -> str:
    return first_of(sorted(visible(each.name) for each in accounts), _NAMED)


def _all(accounts: Collection[object]) -> str:
    return "the one member account" if len(accounts) == 1 else f"all {len(accounts):,} member accounts"


def _are(things: Collection[object]) -> str:
    return "is" if len(things) == 1 else "are"


def _counted(people: Collection[str]) -> str:
    if not people:
        return "Nobody has"
    return f"{count(len(people), 'person or group', 'people or groups')} {'has' if len(people) == 1 else 'have'}"
