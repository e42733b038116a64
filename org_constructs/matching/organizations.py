"""The organization, its units, accounts and policies, against what exists."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from org_constructs.aws.account_states import RESTRICTED, meaning, way_back
from org_constructs.aws.sign_up import MANAGED_POLICIES
from org_constructs.refusal import Refusal
from org_constructs.templates.values import Unknown

from .differences import differences, tag_differences
from .outcome import ambiguous, created, exists, in_other_case
from .result import Difference, Match

if TYPE_CHECKING:
    from org_constructs.live import organization as live

    from .references import References
    from .template import Resource

_UNIT = "AWS::Organizations::OrganizationalUnit"


class OrganizationsMatcher:
    """Matches what AWS Organizations has."""

    def __init__(self, matcher: References) -> None:
        """Take what follows references."""
        self._matcher = matcher
        self._live = matcher.live
        self._templates = matcher.templates

    def organization(self, resource: Resource) -> Match:
        """Match the organization: an account is in one at most."""
        organization = self._live.organization()
        if organization is None:
            return created(resource, "the organization")
        match = partial(exists, resource, "the organization", organization.id, {"Id": organization.id})
        caller = self._live.caller().account_id
        if organization.management_account_id != caller:
            return match(
                reason=Refusal(
                    "organization-member",
                    f"account {caller} is a member of {organization.id}, whose management account is"
                    f" {organization.management_account_id}",
                    "use credentials of that account",
                )
            )
        wanted = resource.properties.get("FeatureSet", "ALL")
        if wanted != organization.feature_set:
            return match(
                [Difference(property="FeatureSet", template=wanted, found=organization.feature_set)],
                reason=Refusal(
                    "feature-set-fixed",
                    "CloudFormation cannot change it",
                    "enable all features in the console of AWS Organizations",
                ),
            )
        return match()

    def unit(self, resource: Resource) -> Match:
        """Match a unit by its path: no two units of a parent have one name; one that the stack has by its id."""
        name = self._templates.text(resource, "Name")
        path = self._path(resource)
        parent = self._matcher.reference(resource, resource.properties["ParentId"])
        units = self._units_of(parent) if parent else ()
        deployed = self._matcher.deployed_id(resource)
        unit = next((each for each in units if (each.id == deployed if deployed else each.name == name)), None)
        if unit is not None:
            renamed = differences({"Name": name}, {"Name": unit.name})
            return exists(resource, path, unit.id, {"Id": unit.id}, [*renamed, *self._tags(resource, unit.id)])
        if deployed:
            return created(resource, path)
        return in_other_case(resource, path, "Name", [(each.name, each.id) for each in units])

    def account(self, resource: Resource) -> Match:
        """Match an account by its e-mail, which no other AWS account has; one that the stack has by its id."""
        name, email = self._templates.text(resource, "AccountName"), self._templates.text(resource, "Email")
        shown = f"{name} <{email}>"
        accounts = self._live.accounts() if self._live.organization() else ()
        if deployed := self._matcher.deployed_id(resource):
            there = next((account for account in accounts if account.id == deployed), None)
            return self._deployed_account(resource, shown, there) if there else created(resource, shown)
        found = [account for account in accounts if account.email.casefold() == email.casefold()]
        if len(found) > 1:
            return ambiguous(
                resource,
                shown,
                f"accounts have {email}",
                [f"{each.name} ({each.id})" for each in found],
            )
        if found:
            return self._account_of_email(resource, shown, found[0])
        # A closed account keeps its name and gives nobody trouble with it: the name is not unique, the e-mail is.
        namesakes = [each for each in accounts if each.name.casefold() == name.casefold() and not each.closed]
        if not namesakes:
            return created(resource, shown)
        return exists(
            resource,
            shown,
            namesakes[0].id,
            {},
            [Difference(property="Email", template=email, found=each.email) for each in namesakes],
            reason=Refusal(
                "account-namesake",
                f"account {namesakes[0].id} has the same name but another e-mail address, so a deploy would create a"
                " second one",
                "use the existing e-mail address in the app, or another name",
            ),
        )

    def _account_of_email(self, resource: Resource, shown: str, account: live.Account) -> Match:
        match = partial(exists, resource, shown, account.id, {"AccountId": account.id})
        organization = self._live.organization()
        if organization is not None and account.id == organization.management_account_id:
            return match(
                reason=Refusal(
                    "account-email-management",
                    "the e-mail address is the management account's",
                    "give the account its own",
                )
            )
        if not account.active:
            way = f"{way_back(account.state)}, or give the account another e-mail address in the app"
            said = f"account {account.id} is {meaning(account.state)}"
            # https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-closing.html
            if account.closed:
                said = f"account {account.id} keeps its e-mail address, which no other account can have"
                reason = Refusal("account-closed", said, way)
            elif account.state == RESTRICTED:
                reason = Refusal("account-restricted", said, way)
            else:
                reason = Refusal("account-unfinished", said, way)
            return match([Difference(property="State", template="ACTIVE", found=account.state)], reason=reason)
        name = self._templates.text(resource, "AccountName")
        if account.name.casefold() != name.casefold() and _display_name(resource) is None:
            return match(
                [Difference(property="AccountName", template=name, found=account.name)],
                reason=Refusal(
                    "account-name-fixed",
                    "CloudFormation cannot change it",
                    "use the existing name in the app, or rename the account in the AWS Organizations console",
                ),
            )
        return match([*self._move(resource, account), *self._tags(resource, account.id)])

    def _deployed_account(self, resource: Resource, said: str, account: live.Account) -> Match:
        """Compare an account with what may have been changed by hand."""
        shown = _display_name(resource)
        template = {
            "AccountName": shown or self._templates.text(resource, "AccountName"),
            "Email": self._templates.text(resource, "Email"),
            "State": "ACTIVE",
        }
        there = {"AccountName": account.name, "Email": account.email, "State": account.state}
        # A handler's text is the same in another case; a name that people see is not.
        found = [
            each
            for each in differences(template, there)
            if each.template.casefold() != str(each.found).casefold() or (each.property == "AccountName" and shown)
        ]
        changeable = [*self._move(resource, account), *self._tags(resource, account.id)] if account.active else []
        return exists(resource, said, account.id, {"AccountId": account.id}, [*found, *changeable])

    def parent(self, account: Resource) -> str:
        """Return the id of what a template puts an account under; what people call it where it does not exist yet."""
        [parent] = account.properties.get("ParentIds") or [self._live.root().id]
        return self._matcher.reference(account, parent) or self._matcher.shown(parent)

    def _move(self, resource: Resource, account: live.Account) -> Iterator[Difference]:
        if (wanted := self.parent(resource)) != account.parent_id:
            yield Difference(property="ParentIds", template=[wanted], found=[account.parent_id])

    def policy(self, resource: Resource) -> Match:
        """Match a policy by its type and name; one that the stack has by its id."""
        name, policy_type = self._templates.text(resource, "Name"), self._templates.text(resource, "Type")
        shown = f"{name} ({policy_type})"
        policies = self._live.policies(policy_type) if self._live.organization() else ()
        deployed = self._matcher.deployed_id(resource)
        found = [each for each in policies if (each.id == deployed if deployed else each.name == name)]
        if not found:
            if deployed:
                return created(resource, shown)
            return in_other_case(resource, shown, "Name", [(each.name, each.id) for each in policies])
        if len(found) > 1:
            return ambiguous(resource, shown, f"policies have the name {name}", [each.id for each in found])
        [policy] = found
        match = partial(exists, resource, shown, policy.id, {"Id": policy.id})
        if policy.aws_managed:
            return match(
                reason=Refusal(
                    "policy-of-aws",
                    f"{policy.id} is AWS's own, which nobody can change",
                    "give the policy another name",
                )
            )
        if name in MANAGED_POLICIES:
            return match(
                reason=Refusal(
                    "policy-of-sign-up",
                    f"AWS set up {policy.id} at its new sign-up and needs it",
                    "give the policy another name",
                )
            )
        targets = [
            self._matcher.reference(resource, target) or self._matcher.shown(target)
            for target in resource.properties.get("TargetIds", ())
        ]
        template = {
            "Name": name,
            "Description": resource.properties.get("Description") or None,
            "Content": self._templates.document(resource, "Content"),
            "TargetIds": sorted(targets) or None,
        }
        there = {
            "Name": policy.name,
            "Description": policy.description or None,
            "Content": self._live.policy_content(policy.id),
            "TargetIds": sorted(self._live.policy_targets(policy.id)) or None,
        }
        return match([*differences(template, there), *self._tags(resource, policy.id)])

    def resource_policy(self, resource: Resource) -> Match:
        """Match the resource policy: an organization has one at most; one that the stack has by its id."""
        shown = "the resource policy"
        found = self._live.resource_policy() if self._live.organization() else None
        deployed = self._matcher.deployed_id(resource)
        if found is None or (deployed and found.id != deployed):
            return created(resource, shown)
        content = self._resolved(resource, self._templates.document(resource, "Content"))
        differ = differences({"Content": content}, {"Content": found.content})
        return exists(resource, shown, found.id, {"Id": found.id}, [*differ, *self._tags(resource, found.id)])

    def _resolved(self, resource: Resource, value: Any) -> Any:  # noqa: ANN401 (JSON)
        """Return a document with the ids of what it refers to, as far as that exists."""
        match value:
            case Unknown():
                return self._matcher.reference(resource, value) or self._matcher.shown(value)
            case dict():
                return {key: self._resolved(resource, each) for key, each in value.items()}
            case list():
                return [self._resolved(resource, each) for each in value]
        return value

    def all_units(self) -> Iterator[tuple[str, str]]:
        """Yield name and id of the units beside and in those of the templates."""
        if self._live.organization() is None:
            return
        paths = {match.id: f"{match.name}/" for match in self._matcher.matches(_UNIT) if match.id}
        for parent_id, path in {self._live.root().id: "", **paths}.items():
            for unit in self._units_of(parent_id):
                yield f"{path}{unit.name}", unit.id

    def all_accounts(self) -> Iterator[tuple[str, str]]:
        """Yield name and id of every account but the management account."""
        organization = self._live.organization()
        if organization is None:
            return
        for account in self._live.accounts():
            if account.id != organization.management_account_id:
                state = "" if account.active else f", {meaning(account.state)}"
                yield f"{account.name} <{account.email}>{state}", account.id

    def all_policies(self) -> Iterator[tuple[str, str]]:
        """Yield name and id of every policy of the enabled types but AWS's own."""
        if self._live.organization() is None:
            return
        for policy_type in sorted(self._live.root().policy_types):
            for policy in self._live.policies(policy_type):
                if not policy.aws_managed:
                    whose = ", AWS's own" if policy.name in MANAGED_POLICIES else ""
                    yield f"{policy.name} ({policy_type}){whose}", policy.id

    def _units_of(self, parent_id: str) -> tuple[live.OrganizationalUnit, ...]:
        from botocore.exceptions import ClientError  # noqa: PLC0415 (it takes a third of a second)

        try:
            return self._live.organizational_units(parent_id)
        except ClientError as error:
            if error.response["Error"]["Code"] == "ParentNotFoundException":
                if parent_id not in self._templates.literals:
                    return ()  # a stack has it, and somebody has deleted it
                raise Refusal(
                    "unit-missing",
                    f"a unit that the app refers to by id must exist, and {parent_id} does not",
                    "look it up in the console of AWS Organizations",
                ) from None
            raise

    def _path(self, resource: Resource) -> str:
        """Return the names of the units that a unit of a template is in, and its own."""
        name = self._templates.text(resource, "Name")
        parent, _ = self._templates.referred(resource.properties["ParentId"])
        return f"{self._path(parent)}/{name}" if parent and parent.type == _UNIT else name

    def _tags(self, resource: Resource, resource_id: str) -> tuple[Difference, ...]:
        """Compare tags only where the template has some, as asking takes a call for each resource."""
        wanted = resource.tags
        return tag_differences(wanted, self._live.organizations_tags(resource_id)) if wanted else ()


def _display_name(account: Resource) -> str | None:
    """Return the name that the doctor gives to an account in place of that in its template."""
    return account.stack.display_names.get(account.logical_id)
