"""How many calls a large organization takes to be read, and how long that is at the rates that AWS publishes."""

from __future__ import annotations

import re
from collections import Counter
from threading import Lock
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

import pytest

from made_by_hand import INSTANCE, MANAGEMENT, STORE
from org_constructs.live.description import describe_live
from org_constructs.live.organization import LiveOrganization
from org_constructs.templates.description import Whence
from project import ROOT
from published_rates import seconds

if TYPE_CHECKING:
    from collections.abc import Iterator

ACCOUNTS, UNITS, PEOPLE, GROUPS, SETS, POLICIES = 1_000, 100, 2_000, 500, 20, 50
ASSIGNMENTS: Final = 10_000
ROOT_ID: Final = "r-acme"

_PAGES: Final = {
    "list_accounts": ("Accounts", 20),
    "list_organizational_units_for_parent": ("OrganizationalUnits", 20),
    "list_policies": ("Policies", 20),
    "list_targets_for_policy": ("Targets", 20),
    "list_users": ("Users", 100),
    "list_groups": ("Groups", 100),
    "list_group_memberships": ("GroupMemberships", 100),
    "list_account_assignments_for_principal": ("AccountAssignments", 100),
    "list_permission_sets": ("PermissionSets", 100),
    "list_stack_resources": ("StackResourceSummaries", 100),
    "list_stacks": ("StackSummaries", 100),
}
"""What a page is of, and the most that AWS puts into one, or does without being asked for more."""


def uuid(kind: int, number: int) -> str:
    return f"{kind:08d}-0000-0000-0000-{number:012d}"


def account_id(number: int) -> str:
    return MANAGEMENT if number == 0 else f"{200_000_000_000 + number}"


def arn(number: int) -> str:
    return f"arn:aws:sso:::permissionSet/ssoins-1111222233334444/ps-{number:016d}"


class Organization:
    """Answers each call as AWS would, and counts it."""

    def __init__(self) -> None:
        self.calls: Counter[tuple[str, str]] = Counter()
        self._lock = Lock()
        each = ASSIGNMENTS // GROUPS
        self.assigned = [
            (group, (group * each + number) % ACCOUNTS, (group + number) % SETS)
            for group in range(GROUPS)
            for number in range(each)
        ]
        self.members = {group: [(group * 7 + number) % PEOPLE for number in range(12)] for group in range(GROUPS)}
        # Every stack has as many resources as CloudFormation lets it.
        self.resources = [
            {
                "LogicalResourceId": f"Assignment{number}",
                "PhysicalResourceId": "|".join(
                    (INSTANCE, account_id(account), "AWS_ACCOUNT", arn(of_set), "GROUP", uuid(2, group))
                ),
                "ResourceType": "AWS::SSO::Assignment",
                "ResourceStatus": "CREATE_COMPLETE",
            }
            for number, (group, account, of_set) in enumerate(self.assigned)
        ]

    def count(self, service: str, operation: str, number: int) -> None:
        with self._lock:  # several threads ask
            self.calls[service, camel(operation)] += number

    def client(self, service: str) -> Any:
        def paginator(operation: str) -> Any:
            key, most = _PAGES.get(operation, ("", 100))
            listed: Any = getattr(self, f"_{operation}", lambda **_: [])

            def paginate(**arguments: Any) -> Any:
                items = list(listed(**arguments))
                self.count(service, operation, max(1, -(-len(items) // most)))
                return Pages(key or "Items", items)

            return SimpleNamespace(paginate=paginate)

        class Client:
            meta = SimpleNamespace(region_name="us-east-1")
            get_paginator = staticmethod(paginator)
            exceptions = SimpleNamespace(
                AWSOrganizationsNotInUseException=KeyError,
                ResourceNotFoundException=ZeroDivisionError,
                ResourcePolicyNotFoundException=ZeroDivisionError,
            )

            def __getattr__(client, operation: str) -> Any:  # noqa: N805 (of the client)
                def call(**arguments: Any) -> Any:
                    self.count(service, operation, 1)
                    return getattr(self, f"_{operation}")(**arguments)

                return call

        return Client()

    def _get_caller_identity(self) -> Any:
        return {"Account": MANAGEMENT, "Arn": ""}

    def _describe_organization(self) -> Any:
        ids = {"Id": "o-acme123456", "FeatureSet": "ALL", "MasterAccountId": MANAGEMENT, "MasterAccountEmail": ""}
        return {"Organization": ids}

    def _list_roots(self, **_: Any) -> Any:
        return [
            {"Id": ROOT_ID, "Name": "Root", "PolicyTypes": [{"Type": "SERVICE_CONTROL_POLICY", "Status": "ENABLED"}]}
        ]

    def _list_organizational_units_for_parent(self, ParentId: str) -> Any:  # noqa: N803 (AWS's)
        units = range(UNITS) if ParentId == ROOT_ID else ()
        return [{"Id": f"ou-acme-{number:08d}", "Name": f"unit-{number}"} for number in units]

    def _list_aws_service_access_for_organization(self) -> Any:
        return [{"ServicePrincipal": "account.amazonaws.com"}]

    def _list_organizations_features(self) -> Any:
        return {"EnabledFeatures": []}

    def _get_alternate_contact(self, **_: Any) -> Any:
        raise ZeroDivisionError  # that there is none

    def _describe_resource_policy(self) -> Any:
        raise ZeroDivisionError  # that there is none

    def _list_accounts(self) -> Any:
        for number in range(ACCOUNTS):
            own = account_id(number)
            path = f"o-acme123456/{ROOT_ID}/ou-acme-{number % UNITS:08d}/{own}/"
            yield {
                "Id": own,
                "Name": f"acme-{number}",
                "Email": f"{number}@acme.com",
                "State": "ACTIVE",
                "Paths": [path],
            }

    def _list_policies(self, Filter: str) -> Any:  # noqa: N803 (AWS's)
        for number in range(POLICIES if Filter == "SERVICE_CONTROL_POLICY" else 0):
            yield {"Id": f"p-{number:08d}", "Name": f"policy-{number}", "Type": Filter, "AwsManaged": False}

    def _describe_policy(self, **_: Any) -> Any:
        return {"Policy": {"Content": "{}"}}

    def _list_targets_for_policy(self, **_: Any) -> Any:
        return [{"TargetId": ROOT_ID}]

    def _list_instances(self, **_: Any) -> Any:
        return [{"InstanceArn": INSTANCE, "IdentityStoreId": STORE, "OwnerAccountId": MANAGEMENT}]

    def _list_users(self, **_: Any) -> Any:
        return [{"UserId": uuid(1, number), "UserName": f"{number}@acme.com"} for number in range(PEOPLE)]

    def _list_groups(self, **_: Any) -> Any:
        return [{"GroupId": uuid(2, number), "DisplayName": f"group-{number}"} for number in range(GROUPS)]

    def _list_group_memberships(self, GroupId: str, **_: Any) -> Any:  # noqa: N803 (AWS's)
        for member in self.members[int(GroupId[-12:])]:
            yield {"MembershipId": uuid(3, member), "MemberId": {"UserId": uuid(1, member)}}

    def _list_permission_sets(self, **_: Any) -> Any:
        return [arn(number) for number in range(SETS)]

    def _describe_permission_set(self, PermissionSetArn: str, **_: Any) -> Any:  # noqa: N803 (AWS's)
        return {"PermissionSet": {"PermissionSetArn": PermissionSetArn, "Name": f"Set{int(PermissionSetArn[-16:])}"}}

    def _get_inline_policy_for_permission_set(self, **_: Any) -> Any:
        return {"InlinePolicy": ""}

    def _get_permissions_boundary_for_permission_set(self, **_: Any) -> Any:
        return {}

    def _list_account_assignments_for_principal(self, PrincipalId: str, PrincipalType: str, **_: Any) -> Any:  # noqa: N803
        # Of a user, what comes through groups as well.
        number = int(PrincipalId[-12:])
        groups = (
            {number} if PrincipalType == "GROUP" else {key for key, users in self.members.items() if number in users}
        )
        for group, account, of_set in self.assigned:
            if group in groups:
                yield {"AccountId": account_id(account), "PermissionSetArn": arn(of_set), "PrincipalId": uuid(2, group)}

    def _list_stacks(self) -> Any:
        for number in range(ASSIGNMENTS // 500):
            yield {"StackName": f"OrgBaseline{number}", "StackStatus": "CREATE_COMPLETE"}

    def _list_stack_resources(self, StackName: str) -> Any:  # noqa: N803 (AWS's)
        first = int(StackName.removeprefix("OrgBaseline")) * 500
        return self.resources[first : first + 500]

    def _get_template(self, **_: Any) -> Any:
        return {"TemplateBody": {"Metadata": {"OrgBaseline": {"Company": "acme"}}, "Resources": {}}}


class Pages:
    """The pages that a paginator yields: one, as how many there are is counted already."""

    def __init__(self, key: str, items: list[Any]) -> None:
        self.result_keys = [SimpleNamespace(search=lambda page: page[key])]
        self._page = {key: items}

    def __iter__(self) -> Iterator[Any]:
        yield self._page


def camel(operation: str) -> str:
    return operation.title().replace("_", "").replace("Aws", "AWS")


@pytest.mark.long
@pytest.mark.parametrize(("details", "row"), [(False, "1,000 accounts, 10,000 assignments"), (True, "the same, saved")])
def test_a_large_organization_is_read_in_as_many_calls_and_as_long_as_the_docs_say(*, details: bool, row: str) -> None:
    organization = Organization()
    description = describe_live(LiveOrganization(organization.client), details=details)
    assert len(description.accounts) == ACCOUNTS
    assert len(description.assignments) == ASSIGNMENTS
    assert {each.origin and each.origin.whence for each in description.assignments} == {Whence.APP}
    calls, minutes = sum(organization.calls.values()), seconds(organization.calls) / 60
    said = (ROOT / "docs" / "decisions" / "0015-asking-aws.md").read_text(encoding="utf-8")
    found = re.search(rf"^\| {row} \| ([\d,]+) \| ([\d.]+) minutes \|$", said, re.MULTILINE)
    assert found is not None, (calls, minutes)
    assert (int(found[1].replace(",", "")), found[2]) == (calls, f"{minutes:.1f}")
