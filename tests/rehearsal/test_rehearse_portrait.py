from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws
from moto.ssoadmin.models import SSOAdminBackend

from org_constructs.rehearsal.portrait import draw, read_portrait
from policy_documents import DENY_LEAVING_TEXT

ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"


class Acme:
    """An AWS in this process, with short ways to make what a portrait shows."""

    def __init__(self) -> None:
        self.organizations: Any = self.client("organizations")
        self.sso: Any = self.client("sso-admin")
        self.identity_store: Any = self.client("identitystore")
        [instance] = self.sso.list_instances()["Instances"]
        self.instance = {"InstanceArn": instance["InstanceArn"]}
        self.store = {"IdentityStoreId": instance["IdentityStoreId"]}

    @staticmethod
    def client(service: str) -> Any:
        return boto3.client(service, region_name="us-east-1")  # type: ignore[call-overload]  # any of the services

    def organization(self) -> str:
        self.organizations.create_organization(FeatureSet="ALL")
        [root] = self.organizations.list_roots()["Roots"]
        return str(root["Id"])

    def account(self, name: str) -> str:
        created = self.organizations.create_account(AccountName=name, Email=f"aws+{name}@acme.com")
        return str(created["CreateAccountStatus"]["AccountId"])

    def unit(self, name: str, parent: str) -> str:
        created = self.organizations.create_organizational_unit(ParentId=parent, Name=name)
        return str(created["OrganizationalUnit"]["Id"])

    def policy(self, name: str, *targets: str) -> None:
        policy = self.organizations.create_policy(
            Name=name,
            Description=name,
            Type="SERVICE_CONTROL_POLICY",
            Content=DENY_LEAVING_TEXT,
        )
        for target in targets:
            self.organizations.attach_policy(PolicyId=policy["Policy"]["PolicySummary"]["Id"], TargetId=target)

    def user(self, name: str) -> str:
        created = self.identity_store.create_user(
            **self.store, UserName=name, DisplayName=name, Name={"GivenName": "A", "FamilyName": "Person"}
        )
        return str(created["UserId"])

    def group(self, name: str, *members: str) -> str:
        group_id = self.identity_store.create_group(**self.store, DisplayName=name)["GroupId"]
        for member in members:
            self.identity_store.create_group_membership(**self.store, GroupId=group_id, MemberId={"UserId": member})
        return str(group_id)

    def permission_set(self, name: str, managed_policy: str, duration: str = "PT1H") -> str:
        created = self.sso.create_permission_set(**self.instance, Name=name, SessionDuration=duration)
        arn = created["PermissionSet"]["PermissionSetArn"]
        self.sso.attach_managed_policy_to_permission_set(
            **self.instance, PermissionSetArn=arn, ManagedPolicyArn=managed_policy
        )
        return str(arn)

    def assign(self, permission_set: str, principal_type: str, principal: str, *accounts: str) -> None:
        for account in accounts:
            self.sso.create_account_assignment(
                **self.instance,
                PermissionSetArn=permission_set,
                PrincipalType=principal_type,
                PrincipalId=principal,
                TargetId=account,
                TargetType="AWS_ACCOUNT",
            )

    def drawn(self, *existing_groups: str) -> list[str]:
        return list(draw(read_portrait(self.client, existing_groups)))


@pytest.fixture
def acme(monkeypatch: pytest.MonkeyPatch) -> Iterator[Acme]:
    monkeypatch.setenv("MOTO_ACCOUNT_ID", MANAGEMENT)
    with mock_aws():
        yield Acme()


MANAGEMENT = "123456789012"


def test_says_that_no_organization_exists(acme: Acme) -> None:
    assert acme.drawn() == ["No organization exists.", "", "No account but this one, 0 people."]


def test_draws_the_organization_as_a_tree(acme: Acme) -> None:
    root = acme.organization()
    dev = acme.account("acme-dev")
    production = acme.account("acme-production")
    workloads = acme.unit("workloads", root)
    acme.organizations.move_account(AccountId=production, SourceParentId=root, DestinationParentId=workloads)
    acme.policy("deny-leaving", root)
    acme.policy("regions", workloads, production)
    organization = acme.organizations.describe_organization()["Organization"]["Id"]
    assert acme.drawn()[:6] == [
        f"Organization {organization}",
        f"└─ Root {root}  [deny-leaving]",
        f"   ├─ master ({MANAGEMENT}, management account)  master@example.com",
        f"   ├─ acme-dev ({dev})  aws+acme-dev@acme.com",
        f"   └─ workloads ({workloads})  [regions]",
        f"      └─ acme-production ({production})  aws+acme-production@acme.com  [regions]",
    ]


def test_marks_a_closed_account_and_leaves_it_out_of_the_sum(acme: Acme) -> None:
    acme.organization()
    account = acme.account("acme-old")
    acme.organizations.close_account(AccountId=account)
    drawn = acme.drawn()
    assert f"   └─ acme-old ({account})  aws+acme-old@acme.com  SUSPENDED" in drawn
    assert drawn[-1] == "1 account, 0 people; nobody administrates it."


def test_folds_a_unit_of_200_accounts(acme: Acme) -> None:
    acme.organization()
    for number in range(199):
        acme.account(f"acme-{number:03}")
    drawn = acme.drawn()
    assert "acme-008" in drawn[-4]
    assert drawn[-3:] == [
        "   └─ … and 190 more accounts",
        "",
        "200 accounts, 0 people; nobody administrates all of them.",
    ]


def test_says_who_administrates_what_through_which_group(acme: Acme) -> None:
    acme.organization()
    accounts = (MANAGEMENT, acme.account("acme-dev"), acme.account("acme-production"))
    group = acme.group("Administrators", acme.user("dax@acme.com"))
    acme.assign(acme.permission_set("AdministratorAccess", ADMINISTRATOR, "PT12H"), "GROUP", group, *accounts)
    assert acme.drawn()[-4:] == [
        "Who can do what",
        "dax@acme.com   AdministratorAccess (12 h)   acme-dev, acme-production, master   through group Administrators",
        "",
        "3 accounts, 1 person; dax@acme.com administrates all of them.",
    ]


def test_lists_one_person_after_the_other_with_each_access_once(acme: Acme) -> None:
    acme.organization()
    dev = acme.account("acme-dev")
    zoe, ada = acme.user("zoe@acme.com"), acme.user("ada@acme.com")
    acme.assign(acme.permission_set("ReadOnly", READ_ONLY), "GROUP", acme.group("Readers", zoe, ada), MANAGEMENT, dev)
    acme.assign(acme.permission_set("Admin", ADMINISTRATOR, "PT1H30M"), "USER", zoe, dev)
    acme.user("new@acme.com")
    drawn = acme.drawn()
    assert drawn[drawn.index("Who can do what") + 1 :] == [
        "ada@acme.com   ReadOnly (1 h)       acme-dev, master   through group Readers",
        "new@acme.com   nothing",
        "zoe@acme.com   Admin (1 h 30 min)   acme-dev           directly",
        "               ReadOnly (1 h)       acme-dev, master   through group Readers",
        "",
        "2 accounts, 3 people; nobody administrates all of them.",
    ]


def test_does_not_count_a_groups_access_twice_where_aws_lists_it_for_its_members_too(
    acme: Acme, monkeypatch: pytest.MonkeyPatch
) -> None:
    acme.organization()
    acme.assign(
        acme.permission_set("Admin", ADMINISTRATOR),
        "GROUP",
        acme.group("Admins", acme.user("dax@acme.com")),
        MANAGEMENT,
    )

    def everything(backend: SSOAdminBackend, **_of: object) -> tuple[list[dict[str, str]], None]:
        keys = ("AccountId", "PermissionSetArn", "PrincipalId", "PrincipalType")
        assignments = [each.to_json() for each in backend.account_assignments]
        return [{key: {**each, "AccountId": each["TargetId"]}[key] for key in keys} for each in assignments], None

    # What AWS does and moto does not:
    # https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_ListAccountAssignmentsForPrincipal.html
    monkeypatch.setattr(SSOAdminBackend, "list_account_assignments_for_principal", everything)
    drawn = acme.drawn()
    assert drawn[drawn.index("Who can do what") + 1 : -2] == [
        "dax@acme.com   Admin (1 h)   master   through group Admins"
    ]


def test_shows_access_that_nobody_has_as_its_group_is_empty(acme: Acme) -> None:
    acme.organization()
    acme.assign(acme.permission_set("Admin", ADMINISTRATOR), "GROUP", acme.group("Administrators"), MANAGEMENT)
    assert "group Administrators   Admin (1 h)   master   has no members" in acme.drawn()


def test_knows_no_members_of_a_group_that_exists_already_but_those_that_it_is_given(acme: Acme) -> None:
    acme.organization()
    permission_set = acme.permission_set("Admin", ADMINISTRATOR)
    groups = acme.group("aws-admins"), acme.group("aws-more", acme.user("dax@acme.com"))
    for group in groups:
        acme.assign(permission_set, "GROUP", group, MANAGEMENT)
    drawn = acme.drawn(*groups)
    assert drawn[drawn.index("Who can do what") + 1 : -1] == [
        "dax@acme.com                    Admin (1 h)   master   through group aws-more",
        "everybody in group aws-admins   Admin (1 h)   master   directly",
        "everybody in group aws-more     Admin (1 h)   master   directly",
        "",
    ]
    who = "dax@acme.com, everybody in group aws-admins and everybody in group aws-more"
    assert drawn[-1] == f"1 account, 1 person; {who} administrate it."


def test_does_not_call_someone_an_administrator_for_the_permission_sets_name(acme: Acme) -> None:
    acme.organization()
    acme.assign(acme.permission_set("AdministratorAccess", READ_ONLY), "USER", acme.user("dax@acme.com"), MANAGEMENT)
    assert acme.drawn()[-1] == "1 account, 1 person; nobody administrates it."


@pytest.mark.parametrize(
    ("people", "sentence"),
    [
        (2, "1 account, 2 people; 0@acme.com and 1@acme.com administrate it."),
        (4, "1 account, 4 people; 4 people administrate it."),
    ],
    ids=["two", "four"],
)
def test_names_a_few_administrators_and_counts_many(acme: Acme, people: int, sentence: str) -> None:
    acme.organization()
    group = acme.group("Administrators", *(acme.user(f"{number}@acme.com") for number in range(people)))
    acme.assign(acme.permission_set("Admin", ADMINISTRATOR), "GROUP", group, MANAGEMENT)
    assert acme.drawn()[-1] == sentence


@pytest.mark.parametrize(
    ("assigned", "shown"),
    [(6, "a0, a1, a2, a3, a4, a5"), (7, "a0, a1, a2, a3, a4 … and 2 more"), (8, "all 8 accounts")],
    ids=["six", "seven_of_eight", "all_eight"],
)
def test_folds_the_accounts_of_a_row(acme: Acme, assigned: int, shown: str) -> None:
    acme.organization()
    accounts = [*(acme.account(f"a{number}") for number in range(7)), MANAGEMENT]
    acme.assign(acme.permission_set("Admin", ADMINISTRATOR), "USER", acme.user("dax@acme.com"), *accounts[:assigned])
    assert f"dax@acme.com   Admin (1 h)   {shown}   directly" in acme.drawn()
