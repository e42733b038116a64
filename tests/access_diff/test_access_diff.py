"""What an access diff says of one change: each on the organization of cloud_assembly.py, in which dax administers."""

from __future__ import annotations

import copy
import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import click
import pytest

from cloud_assembly import IDENTITY_STORE_ID, INSTANCE_ARN, baseline, get
from org_constructs.access_diff.change import Change, Effect
from org_constructs.access_diff.comparison import Comparison, State, compare
from org_constructs.access_diff.documents import allows_no_more, statements
from org_constructs.access_diff.machine import to_json
from org_constructs.access_diff.rendering import COMMENT_MARK, comment, text
from org_constructs.access_diff.wording import named, people_and_groups, plain
from org_constructs.aws.policy_types import POLICY_TYPES
from org_constructs.templates.description import describe
from organizations import template_of
from published_formats import assert_as_published

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Resources = dict[str, Any]

WIDENS, NARROWS, OTHER = Effect.WIDENS, Effect.NARROWS, Effect.OTHER
GROUP_ID: Final = "1111222233-11112222-3333-4444-5555-666677778888"
ANOTHER_ID: Final = "1111222233-11112222-3333-4444-5555-666677779999"
KEEP_OTHERS_OUT: Final = {"CHATBOT_POLICY", "DECLARATIVE_POLICY_EC2", "S3_POLICY"}
SET_ARN: Final = "arn:aws:sso:::permissionSet/ssoins-7223b02f4f2ea1c5/ps-1111222233334444"
ANOTHER_SET_ARN: Final = "arn:aws:sso:::permissionSet/ssoins-7223b02f4f2ea1c5/ps-5555666677778888"


def organization(**more: Any) -> Resources:
    return {**baseline(), **more}


def differ(
    old: Resources, new: Resources, *, names: Mapping[str, str] | None = None, stack: str = "Org", before: str = "Org"
) -> Comparison:
    comparison = compare(state(old, before, names), state(new, stack, names))
    assert_as_published(to_json(comparison))
    return comparison


def state(resources: Resources, name: str, names: Mapping[str, str] | None = None) -> State:
    metadata = {"OrgBaseline": {"Format": 1, "Company": "acme", "ExistingNames": names or {}}}
    templates = {name: {"Resources": resources, "Metadata": metadata}}
    return State.of(describe(templates))


NOTHING: Final = differ(organization(), organization())


def said(old: Resources, new: Resources, **options: Any) -> list[tuple[Effect, str]]:
    comparison = differ(old, new, **options)
    assert comparison.widens == any(change.effect is WIDENS for change in comparison.changes)
    sentences = [(change.effect, change.sentence) for change in comparison.changes]
    # Whether the keys of what the stack makes come before `management` and `root`, or after them.
    later = differ(old, new, **{"stack": "web", **options}, before="web")
    assert [(change.effect, change.sentence) for change in later.changes] == sentences
    return [(effect, plain(sentence)) for effect, sentence in sentences]


def changed(resources: Resources, logical_id: str, **properties: Any) -> Resources:
    """The resources with other properties in one of them; None takes a property away."""
    new = copy.deepcopy(resources)
    new[logical_id]["Properties"].update(properties)
    new[logical_id]["Properties"] = {k: v for k, v in new[logical_id]["Properties"].items() if v is not None}
    return new


def without(resources: Resources, *logical_ids: str) -> Resources:
    return {key: each for key, each in resources.items() if key not in logical_ids}


def user(name: str) -> Resources:
    return {
        "Type": "AWS::IdentityStore::User",
        "Properties": {"IdentityStoreId": IDENTITY_STORE_ID, "UserName": name},
    }


def group(name: str) -> Resources:
    return {
        "Type": "AWS::IdentityStore::Group",
        "Properties": {"IdentityStoreId": IDENTITY_STORE_ID, "DisplayName": name},
    }


def member(of: str, person: str) -> Resources:
    return {
        "Type": "AWS::IdentityStore::GroupMembership",
        "Properties": {
            "IdentityStoreId": IDENTITY_STORE_ID,
            "GroupId": get(of, "GroupId"),
            "MemberId": {"UserId": get(person, "UserId")},
        },
    }


def account(name: str) -> Resources:
    properties = {"AccountName": name, "Email": f"{name}@acme.com"}
    return {"Type": "AWS::Organizations::Account", "Properties": properties}


def assignment(principal: Any, account: Any, kind: str = "GROUP", permission_set: Any = None) -> Resources:
    return {
        "Type": "AWS::SSO::Assignment",
        "Properties": {
            "InstanceArn": INSTANCE_ARN,
            "PermissionSetArn": permission_set or get("AdministratorAccess", "PermissionSetArn"),
            "PrincipalId": principal,
            "PrincipalType": kind,
            "TargetId": account,
            "TargetType": "AWS_ACCOUNT",
        },
    }


def reader(name: str) -> Resources:
    return {"Type": "AWS::SSO::PermissionSet", "Properties": {"InstanceArn": INSTANCE_ARN, "Name": name}}


def unit(name: str, parent: Any = None) -> Resources:
    return {
        "Type": "AWS::Organizations::OrganizationalUnit",
        "Properties": {"Name": name, "ParentId": parent or get("Organization", "RootId")},
    }


def policy(name: str, content: Any, *targets: Any, kind: str = "SERVICE_CONTROL_POLICY") -> Resources:
    return {
        "Type": "AWS::Organizations::Policy",
        "Properties": {"Name": name, "Type": kind, "Content": content, "TargetIds": list(targets)},
    }


def statement(effect: str, action: Any, **more: Any) -> Resources:
    return {"Effect": effect, "Action": action, "Resource": "*", **more}


def document(*statements: Resources) -> Resources:
    return {"Version": "2012-10-17", "Statement": list(statements)}


DENY_LEAVING: Final = document(statement("Deny", "organizations:LeaveOrganization"))
DENY_USERS: Final = document(statement("Deny", "iam:CreateUser"))
CONTRACTOR: Final = {"Con": user("con@acme.com"), "Contractors": group("Contractors")}
OF_PRODUCTION: Final = assignment(get("Contractors", "GroupId"), get("Production", "AccountId"))


class TestAccess:
    def test_a_contractor_becomes_administrator_of_production(self) -> None:
        old = organization(**CONTRACTOR, ConContracts=member("Contractors", "Con"))
        assert said(old, {**old, "New": OF_PRODUCTION}) == [
            (WIDENS, "con@acme.com has AdministratorAccess in acme-production (through group Contractors)")
        ]
        assert said({**old, "New": OF_PRODUCTION}, old) == [
            (
                NARROWS,
                "con@acme.com no longer has AdministratorAccess in acme-production (was through group Contractors)",
            )
        ]

    def test_a_group_gets_access_in_one_change_and_its_first_member_in_the_next(self) -> None:
        old = organization(**CONTRACTOR)
        assigned = {**old, "New": OF_PRODUCTION}
        assert said(old, assigned) == [
            (
                OTHER,
                "whoever joins group Contractors gets AdministratorAccess in acme-production; the group has no members",
            )
        ]
        assert said(assigned, {**assigned, "ConContracts": member("Contractors", "Con")}) == [
            (WIDENS, "con@acme.com has AdministratorAccess in acme-production (through group Contractors)")
        ]

    def test_several_accounts_and_the_management_account_in_one_sentence(self) -> None:
        old = organization(Kim=user("kim@acme.com"))
        assert said(old, {**old, "KimAdministrates": member("Administrators", "Kim")}) == [
            (
                WIDENS,
                (
                    "kim@acme.com has AdministratorAccess in acme-dev, acme-production and acme (the management"
                    " account) (through group Administrators)"
                ),
            )
        ]

    def test_another_way_to_the_same_access_is_no_change(self) -> None:
        old = organization()
        new = {**old, "Direct": assignment(get("Dax", "UserId"), get("Dev", "AccountId"), "USER")}
        assert said(old, new) == []
        assert said(new, without(new, "OfDev")) == []

    def test_names_every_way_to_new_access(self) -> None:
        direct = {"Direct": assignment(get("Dax", "UserId"), get("Dev", "AccountId"), "USER")}
        old = without(organization(), "OfDev")
        assert said(old, {**organization(), **direct}) == [
            (WIDENS, "dax@acme.com has AdministratorAccess in acme-dev (through group Administrators and directly)")
        ]
        assert said(old, {**old, **direct}) == [(WIDENS, "dax@acme.com has AdministratorAccess in acme-dev")]

    def test_a_group_that_exists_already_may_hold_anybody(self) -> None:
        old = organization()
        new = {**old, "New": assignment(GROUP_ID, get("Dev", "AccountId"))}
        assert said(old, new, names={GROUP_ID: "aws-admins"}) == [
            (WIDENS, "the members of group aws-admins in AWS have AdministratorAccess in acme-dev")
        ]

    def test_all_accounts_are_said_in_two_words_where_there_are_many(self) -> None:
        accounts = {f"More{n}": account(f"more-{n}") for n in range(5)}
        old = organization(**accounts, Kim=user("kim@acme.com"))
        everywhere = {
            f"Kim{n}": assignment(get("Kim", "UserId"), get(account, "AccountId"), "USER")
            for n, account in enumerate([*accounts, "Dev", "Production"])
        }
        of_management = assignment(get("Kim", "UserId"), get("Organization", "ManagementAccountId"), "USER")
        assert said(old, {**old, **everywhere}) == [
            (
                WIDENS,
                "kim@acme.com has AdministratorAccess in all 7 accounts other than acme (the management account)",
            )
        ]
        assert said(old, {**old, **everywhere, "KimToo": of_management}) == [
            (WIDENS, "kim@acme.com has AdministratorAccess in all 8 accounts")
        ]

    def test_administrators_come_first_and_what_widens_before_the_rest(self) -> None:
        reads = assignment(
            get("Dax", "UserId"), get("Dev", "AccountId"), "USER", permission_set=get("Reader", "PermissionSetArn")
        )
        old = organization(**CONTRACTOR, ConContracts=member("Contractors", "Con"))
        new = {**without(old, "OfDev"), "Reader": reader("AReader"), "Reads": reads, "New": OF_PRODUCTION}
        assert [(effect, sentence.split(" in ")[0]) for effect, sentence in said(old, new)] == [
            (WIDENS, "con@acme.com has AdministratorAccess"),
            (WIDENS, "dax@acme.com has AReader"),
            (NARROWS, "dax@acme.com no longer has AdministratorAccess"),
            (OTHER, "permission set AReader is new"),
        ]

    @pytest.mark.parametrize("first", ["Dev", "Production"])
    def test_the_same_by_several_ways_comes_by_the_names_of_the_accounts(self, first: str) -> None:
        old = without(organization(), "OfDev", "OfProduction")
        second = {"Dev": "Production", "Production": "Dev"}[first]
        given = {
            "Direct": assignment(get("Dax", "UserId"), get(first, "AccountId"), "USER"),
            "Through": assignment(get("Administrators", "GroupId"), get(second, "AccountId")),
        }
        for new in (given, dict(reversed(given.items()))):
            told = [sentence for _, sentence in said(old, {**old, **new})]
            assert [sentence.split()[4] for sentence in told] == ["acme-dev", "acme-production"]

    @pytest.mark.parametrize("in_management", ["A", "Z"])
    def test_what_somebody_gets_in_the_management_account_comes_first(self, in_management: str) -> None:
        of = {in_management: get("Organization", "ManagementAccountId"), "M": get("Dev", "AccountId")}
        old = organization(**{name: reader(name) for name in of})
        new = {
            f"Of{name}": assignment(get("Dax", "UserId"), where, "USER", get(name, "PermissionSetArn"))
            for name, where in of.items()
        }
        for both in (new, dict(reversed(new.items()))):
            assert [sentence.split()[2] for _, sentence in said(old, {**old, **both})] == [in_management, "M"]

    @pytest.mark.parametrize(
        ("more", "shown"),
        [
            (3, "acme-dev, acme-production, more-0, more-1, more-2 and acme (the management account)"),
            (4, "all 7 accounts"),
        ],
    )
    def test_up_to_six_accounts_are_named(self, more: int, shown: str) -> None:
        old = organization(Kim=user("kim@acme.com"), **{f"More{n}": account(f"more-{n}") for n in range(more)})
        places = [get(each, "AccountId") for each in ("Dev", "Production", *(f"More{n}" for n in range(more)))]
        places.append(get("Organization", "ManagementAccountId"))
        new = {f"In{n}": assignment(get("Kim", "UserId"), place, "USER") for n, place in enumerate(places)}
        [(_, sentence)] = said(old, {**old, **new})
        assert sentence == f"kim@acme.com has AdministratorAccess in {shown}"

    def test_access_that_the_template_retains_does_not_end(self) -> None:
        old = organization()
        old["OfDev"] = {**old["OfDev"], "DeletionPolicy": "Retain"}
        assert said(old, without(old, "OfDev")) == [
            (
                NARROWS,
                "dax@acme.com no longer has AdministratorAccess in acme-dev (was through group Administrators)",
            ),
            (
                OTHER,
                (
                    "1 old assignment or membership has the DeletionPolicy Retain: the access stays, whatever is said"
                    " here, until somebody revokes it by hand"
                ),
            ),
        ]

    @pytest.mark.parametrize("deletion_policy", ["Retain", "RetainExceptOnCreate"])
    def test_a_membership_that_the_template_retains_does_not_end(self, deletion_policy: str) -> None:
        old = organization()
        old["DaxAdministrates"] = {**old["DaxAdministrates"], "DeletionPolicy": deletion_policy}
        old["OfDev"] = {**old["OfDev"], "DeletionPolicy": deletion_policy}
        sentences = [sentence for _, sentence in said(old, without(old, "DaxAdministrates"))]
        assert sentences[1].startswith("2 old assignments and memberships have the DeletionPolicy Retain")

    def test_what_is_retained_is_told_beside_new_access_and_not_where_none_ends(self) -> None:
        old = organization(Kim=user("kim@acme.com"))
        old["OfDev"] = {**old["OfDev"], "DeletionPolicy": "Retain"}
        assert said(old, changed(old, "Kim", DisplayName="Kim")) == []
        gained = {"New": assignment(get("Kim", "UserId"), get("Dev", "AccountId"), "USER")}
        effects = [effect for effect, _ in said(old, {**without(old, "OfDev"), **gained})]
        assert effects == [WIDENS, NARROWS, OTHER]

    def test_what_waits_for_members_is_in_alphabetical_order(self) -> None:
        sets = {name: reader(name) for name in ("D", "B", "A", "C", "E")}
        old = organization(**sets, Waiting=group("Waiting"))
        new = old | {
            f"Of{name}": assignment(
                get("Waiting", "GroupId"), get("Dev", "AccountId"), permission_set=get(name, "PermissionSetArn")
            )
            for name in sets
        }
        assert [sentence.split()[5] for _, sentence in said(old, new)] == ["A", "B", "C", "D", "E"]


class TestIdentity:
    def test_other_logical_ids_and_another_stack_are_no_change(self) -> None:
        renamed = json.loads(json.dumps(baseline()).replace('"Dev"', '"Development"').replace('"Dax"', '"Person"'))
        assert set(renamed) != set(baseline())
        assert said(baseline(), renamed, stack="Another") == []

    def test_another_user_name_is_another_person(self) -> None:
        assert said(organization(), changed(organization(), "Dax", UserName="dora@acme.com"))[:2] == [
            (
                WIDENS,
                (
                    "dora@acme.com has AdministratorAccess in acme-dev, acme-production and acme (the management"
                    " account) (through group Administrators)"
                ),
            ),
            (
                NARROWS,
                (
                    "dax@acme.com no longer has AdministratorAccess in acme-dev, acme-production and acme (the"
                    " management account) (was through group Administrators)"
                ),
            ),
        ]

    def test_a_renamed_group_keeps_its_access(self) -> None:
        assert said(organization(), changed(organization(), "Administrators", DisplayName="Admins")) == []

    def test_a_group_is_known_by_its_name_although_another_had_its_logical_id(self) -> None:
        def waiting(logical_id: str) -> Resources:
            return {"Of": assignment(get(logical_id, "GroupId"), get("Dev", "AccountId"))}

        old = organization(One=group("y"), Other=group("x"), **waiting("Other"))
        assert said(old, {**without(old, "Other"), "One": group("x"), **waiting("One")}) == []

    def test_somebody_who_exists_already_takes_no_other_persons_place(self) -> None:
        old = organization(Kim=user("kim@acme.com"))
        new = {"New": assignment(GROUP_ID, get("Dev", "AccountId"), "USER"), **old}
        assert said(old, new, names={GROUP_ID: "kim@acme.com"}) == [
            (WIDENS, f"kim@acme.com ({GROUP_ID}) has AdministratorAccess in acme-dev")
        ]

    def test_a_renamed_unit_moves_nothing(self) -> None:
        old = organization(Unit=unit("workloads"), Inner=unit("dev", get("Unit", "Id")))
        old = changed(old, "Dev", ParentIds=[get("Inner", "Id")])
        assert said(old, changed(old, "Unit", Name="work")) == []

    def test_a_policy_renamed_in_place_applies_as_before(self) -> None:
        old = organization(P=policy("deny", DENY_USERS, get("Organization", "RootId")))
        assert said(old, changed(old, "P", Name="deny-users")) == []

    def test_an_account_is_known_by_its_e_mail_where_it_has_another_logical_id(self) -> None:
        old = organization()
        moved = json.loads(json.dumps(old).replace('"Dev"', '"Development"').replace("aws+dev@", "AWS+dev@"))
        assert said(old, moved) == []

    def test_a_template_file_of_another_name_is_of_the_same_stack(self) -> None:
        old = organization(P=policy("deny", DENY_USERS, get("Dev", "AccountId")))
        new = changed(changed(old, "P", Name="deny-users"), "Dev", Email="aws+dev2@acme.com")
        assert said(old, new, stack="deployed") == [
            (
                OTHER,
                (
                    "the deploy will fail: account acme-dev would have the e-mail address aws+dev2@acme.com, but"
                    " CloudFormation cannot change the name, e-mail address or role name of an existing account"
                ),
            )
        ]

    @pytest.mark.parametrize(
        ("existing", "kind", "own"),
        [
            (GROUP_ID, "USER", (GROUP_ID, ANOTHER_ID)),
            (SET_ARN, "SET", ("ps-1111222233334444", "ps-5555666677778888")),
            ("444455556666", "ACCOUNT", ("444455556666", "555566667777")),
        ],
    )
    def test_another_id_under_the_same_name_is_somebody_else(
        self, existing: str, kind: str, own: tuple[str, str]
    ) -> None:
        another = {"USER": ANOTHER_ID, "SET": ANOTHER_SET_ARN, "ACCOUNT": "555566667777"}[kind]

        def of(an_id: str) -> Resources:
            return assignment(
                an_id if kind == "USER" else get("Dax", "UserId"),
                an_id if kind == "ACCOUNT" else get("Production", "AccountId"),
                "USER",
                permission_set=an_id if kind == "SET" else get("Reader", "PermissionSetArn"),
            )

        base = organization(Reader=reader("Reader"))
        changes = said(
            {**base, "New": of(existing)}, {**base, "New": of(another)}, names={existing: "same", another: "same"}
        )
        (widens, gained), (narrows, lost), *_ = changes
        assert (widens, narrows) == (WIDENS, NARROWS)
        assert f"same ({own[1]})" in gained
        assert f"same ({own[0]})" in lost
        assert gained == lost.replace("no longer has", "has").replace(own[0], own[1])

    @pytest.mark.parametrize(
        ("an_id", "accesses"),
        [
            ("444455556666", 2),
            ("1111222233-11112222-3333-4444-5555-666677778888", 2),
            ("1111222233-11112222-3333-4444-5555-666677779999", 4),
            ("arn:aws:sso:::permissionSet/ssoins-1111222233334444/ps-1111222233334444", 2),
        ],
    )
    def test_another_id_in_the_props_of_a_baseline_is_somebody_else(self, an_id: str, accesses: int) -> None:
        old = template_of("existing")
        assert an_id in old["Metadata"]["OrgBaseline"]["ExistingNames"]
        new = json.loads(json.dumps(old).replace(an_id, f"{an_id[:-1]}0"))
        before, after = (State.of(describe({"S": each})) for each in (old, new))
        comparison = compare(before, after)
        assert comparison.widens
        for effect, side in ((WIDENS, new), (NARROWS, old)):
            said_of = [plain(each.sentence) for each in comparison.changes if each.effect is effect]
            assert all(("0)" in each) == (side is new) for each in said_of)
            assert sum(len(re.split(", | and ", each.split(" in ", 1)[1])) for each in said_of) == accesses

    def test_another_group_id_under_the_same_name_has_other_members(self) -> None:
        old = {**organization(), "Theirs": assignment(GROUP_ID, get("Dev", "AccountId"))}
        new = {**organization(), "Theirs": assignment(ANOTHER_ID, get("Dev", "AccountId"))}
        assert said(old, new, names={GROUP_ID: "admins", ANOTHER_ID: "admins"}) == [
            (
                WIDENS,
                f"the members of group admins ({ANOTHER_ID}) in AWS have AdministratorAccess in acme-dev",
            ),
            (
                NARROWS,
                (f"the members of group admins ({GROUP_ID}) in AWS no longer have AdministratorAccess in acme-dev"),
            ),
        ]

    def test_another_name_for_the_same_id_is_nobody_else(self) -> None:
        old = {**organization(), "Theirs": assignment(GROUP_ID, get("Dev", "AccountId"), "USER")}
        metadata = {"Format": 1, "Company": "acme"}
        before, after = (
            {"Org": {"Resources": old, "Metadata": {"OrgBaseline": {**metadata, "ExistingNames": {GROUP_ID: name}}}}}
            for name in ("kim@acme.com", "kim")
        )
        assert compare(*(State.of(describe(each)) for each in (before, after))).changes == ()

    def test_a_person_made_in_place_of_one_that_exists_is_somebody_else(self) -> None:
        old = {**organization(), "Theirs": assignment(GROUP_ID, get("Dev", "AccountId"), "USER")}
        new = {
            **organization(Kim=user("kim@acme.com")),
            "Theirs": assignment(get("Kim", "UserId"), get("Dev", "AccountId"), "USER"),
        }
        made, exists = "kim@acme.com (made by the templates)", f"kim@acme.com ({GROUP_ID})"
        assert said(old, new, names={GROUP_ID: "kim@acme.com"}) == [
            (WIDENS, f"{made} has AdministratorAccess in acme-dev"),
            (NARROWS, f"{exists} no longer has AdministratorAccess in acme-dev"),
            (OTHER, f"{made} is a new user"),
        ]
        assert said(new, old, names={GROUP_ID: "kim@acme.com"}) == [
            (WIDENS, f"{exists} has AdministratorAccess in acme-dev"),
            (NARROWS, f"{made} no longer has AdministratorAccess in acme-dev"),
            (OTHER, f"{made} is no longer a user"),
        ]

    def test_another_management_account_is_another_account(self) -> None:
        def of(management: str, resources: Resources) -> State:
            template = {
                "Resources": resources,
                "Metadata": {"OrgBaseline": {"Format": 1, "Company": "acme"}},
                "Outputs": {"ManagementAccountId": {"Value": management}},
            }
            return State.of(describe({"Org": template}))

        here = changed(without(organization(), "OfDev", "OfProduction"), "OfManagement", TargetId="111122223333")
        there = changed(here, "OfManagement", TargetId="999988887777")
        changes = compare(of("111122223333", here), of("999988887777", there)).changes
        assert [(change.effect, plain(change.sentence)) for change in changes][:2] == [
            (
                WIDENS,
                (
                    "dax@acme.com has AdministratorAccess in acme (the management account) (through group"
                    " Administrators)"
                ),
            ),
            (
                NARROWS,
                (
                    "dax@acme.com no longer has AdministratorAccess in acme (111122223333) (was through group"
                    " Administrators)"
                ),
            ),
        ]
        # A template without a baseline names the same account by its id.
        assert compare(of("111122223333", here), state(here, "Org")).changes == ()
        assert compare(state(here, "Org"), of("111122223333", here)).changes == ()

    def test_a_unit_in_another_unit_of_the_same_name_is_another_unit(self) -> None:
        old = organization(Unit=unit("dev", "ou-ab12-11112222"), P=policy("deny-users", DENY_USERS, get("Unit", "Id")))
        old = changed(old, "Dev", ParentIds=[get("Unit", "Id")])
        new = json.loads(json.dumps(old).replace("ou-ab12-11112222", "ou-ab12-33334444").replace('"Unit"', '"Other"'))
        names = {"ou-ab12-11112222": "workloads", "ou-ab12-33334444": "workloads"}
        assert said(old, new, names=names) == [
            (OTHER, "account acme-dev moves from unit ou-ab12-11112222/dev to unit ou-ab12-33334444/dev")
        ]


class TestAccounts:
    def test_the_management_account_is_not_new_where_the_first_access_to_it_is(self) -> None:
        new = {key: each for key, each in organization().items() if each["Type"] != "AWS::SSO::Assignment"}
        access = assignment(get("Administrators", "GroupId"), get("Organization", "ManagementAccountId"))
        assert [sentence for _, sentence in said(new, {**new, "Access": access})] == [
            "dax@acme.com has AdministratorAccess in acme (the management account) (through group Administrators)"
        ]

    def test_says_where_an_account_is_opened_and_what_applies_there(self) -> None:
        old = organization(
            Unit=unit("workloads"),
            P=policy("deny-leaving", DENY_LEAVING, get("Organization", "RootId")),
            Q=policy("deny-users", DENY_USERS, get("Unit", "Id")),
        )
        account = copy.deepcopy(old["Dev"])
        account["Properties"] |= {
            "AccountName": "acme-staging",
            "Email": "aws+staging@acme.com",
            "ParentIds": [get("Unit", "Id")],
        }
        assert said(old, {**old, "Staging": account}) == [
            (
                OTHER,
                (
                    "account acme-staging (aws+staging@acme.com) is created in unit workloads, where deny-leaving and"
                    " deny-users apply"
                ),
            )
        ]

    def test_an_account_moves(self) -> None:
        old = organization(Unit=unit("workloads"))
        new = changed(old, "Dev", ParentIds=[get("Unit", "Id")])
        assert said(old, new) == [(OTHER, "account acme-dev moves from the root to unit workloads")]

    def test_an_account_without_a_parent_is_in_the_root(self) -> None:
        assert said(organization(), changed(organization(), "Dev", ParentIds=None)) == []

    @pytest.mark.parametrize(
        ("deletion_policy", "end"),
        [
            ("Retain", "is no longer managed: it stays open, but access given here ends"),
            (None, "is no longer managed: it stays open, but access given here ends"),
            ("Delete", "is closed: its DeletionPolicy is Delete, and after 90 days nothing in it can be recovered"),
        ],
    )
    def test_an_account_goes_as_its_deletion_policy_says(self, deletion_policy: str | None, end: str) -> None:
        old = without(organization(), "OfDev")
        old["Dev"] = {key: each for key, each in old["Dev"].items() if key != "DeletionPolicy"}
        if deletion_policy:
            old["Dev"]["DeletionPolicy"] = deletion_policy
        new = without(old, "Dev")
        assert said(old, new) == [(OTHER, f"account acme-dev {end}")]

    @pytest.mark.parametrize(
        ("properties", "would_have"),
        [
            ({"AccountName": "acme-test"}, "the name acme-test"),
            ({"Email": "aws+dev2@acme.com"}, "the e-mail address aws+dev2@acme.com"),
            ({"RoleName": "Admin"}, "the role name Admin"),
            # AWS's default, and all the same another text than none.
            ({"RoleName": "OrganizationAccountAccessRole"}, "the role name OrganizationAccountAccessRole"),
            ({"AccountName": "a", "Email": "b@acme.com"}, "the name a and the e-mail address b@acme.com"),
        ],
    )
    def test_what_cloudformation_cannot_change_of_an_account_fails_and_is_no_other_account(
        self, properties: dict[str, str], would_have: str
    ) -> None:
        assert said(organization(), changed(organization(), "Dev", **properties)) == [
            (
                OTHER,
                (
                    f"the deploy will fail: account acme-dev would have {would_have}, but CloudFormation cannot change"
                    " the name, e-mail address or role name of an existing account"
                ),
            )
        ]

    def test_a_role_name_that_goes_fails_too(self) -> None:
        old = changed(organization(), "Dev", RoleName="Admin")
        ((effect, sentence),) = said(old, organization())
        assert (effect, sentence.partition(",")[0]) == (
            OTHER,
            "the deploy will fail: account acme-dev would have no role name",
        )

    def test_another_case_is_no_change_of_an_account(self) -> None:
        old = changed(organization(), "Dev", RoleName="Admin")
        new = changed(old, "Dev", AccountName="ACME-dev", Email="AWS+Dev@acme.com", RoleName="ADMIN")
        assert said(old, new) == []


HELD = " (1 person in 3 accounts)"


class TestPermissionSets:
    @staticmethod
    def says(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[tuple[Effect, str]]:
        before, after = (changed(organization(), "AdministratorAccess", **each) for each in (old, new))
        start = "permission set AdministratorAccess "
        found = said(before, after)
        assert all(sentence.startswith(start) and sentence.endswith(HELD) for _, sentence in found)
        return [(effect, sentence[len(start) : -len(HELD)]) for effect, sentence in found]

    def test_a_managed_policy_more_or_less(self) -> None:
        arn = {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":iam::aws:policy/AdministratorAccess"]]}
        more = [arn, "arn:aws:iam::aws:policy/job-function/Billing"]
        assert self.says({}, {"ManagedPolicies": more}) == [
            (WIDENS, "allows more: it gets the AWS managed policy job-function/Billing")
        ]
        assert self.says({"ManagedPolicies": more}, {}) == [
            (NARROWS, "allows less: it loses the AWS managed policy job-function/Billing")
        ]

    def test_losing_a_managed_policy_that_denies_widens(self) -> None:
        denied = [
            *baseline()["AdministratorAccess"]["Properties"]["ManagedPolicies"],
            "arn:aws:iam::aws:policy/AWSDenyAll",
        ]
        assert self.says({"ManagedPolicies": denied}, {}) == [
            (WIDENS, "allows more: it loses the AWS managed policy AWSDenyAll")
        ]
        assert [effect for effect, _ in self.says({}, {"ManagedPolicies": denied})] == [NARROWS]

    def test_policies_of_the_accounts_own_may_allow_or_deny(self) -> None:
        own = {"CustomerManagedPolicyReferences": [{"Name": "Tickets"}]}
        assert [effect for effect, _ in self.says({}, own)] == [WIDENS]
        assert self.says(own, {}) == [
            (WIDENS, "may allow more: it loses the customer managed policy /Tickets of each account, which may deny")
        ]
        same = {"CustomerManagedPolicyReferences": [{"Name": "Tickets", "Path": "/"}]}
        assert self.says(own, same) == []

    def test_policies_may_be_known_only_in_the_deploy(self) -> None:
        unknown = {"Fn::GetAtt": ["Dev", "State"]}
        assert self.says({}, {"CustomerManagedPolicyReferences": [unknown]}) == [
            (WIDENS, "may allow more: it gets the customer managed policy ${Dev.State} of each account")
        ]
        assert self.says({}, {"PermissionsBoundary": unknown}) == [
            (NARROWS, "allows less: it gets the permissions boundary ${Dev.State}, which limits it")
        ]

    def test_a_boundary_comes_changes_and_goes(self) -> None:
        read_only = {"PermissionsBoundary": {"ManagedPolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}}
        own = {"PermissionsBoundary": {"CustomerManagedPolicyReference": {"Name": "Boundary", "Path": "/acme/"}}}
        assert self.says({}, read_only) == [
            (NARROWS, "allows less: it gets the permissions boundary ReadOnlyAccess, which limits it")
        ]
        assert self.says(read_only, own) == [
            (WIDENS, "may allow more: its permissions boundary is /acme/Boundary instead of ReadOnlyAccess")
        ]
        assert self.says(own, {}) == [
            (WIDENS, "allows more: it loses the permissions boundary /acme/Boundary, which limited it")
        ]

    @pytest.mark.parametrize(
        ("old", "new", "expected"),
        [
            ("PT8H", "PT12H", [(WIDENS, "has sessions of 12 h instead of 8 h")]),
            ("PT12H", "PT1H30M", [(NARROWS, "has sessions of 1 h 30 min instead of 12 h")]),
            (None, "PT2H", [(WIDENS, "has sessions of 2 h instead of 1 h")]),
            (None, "PT1H", []),
            ("PT60M", "PT1H", []),
            ("PT12H", {"Ref": "Hours"}, [(WIDENS, "has sessions of ${Hours} instead of 12 h")]),
        ],
    )
    def test_sessions_get_longer_and_shorter(self, old: Any, new: Any, expected: list[tuple[Effect, str]]) -> None:
        assert self.says({"SessionDuration": old}, {"SessionDuration": new}) == expected

    def test_an_inline_policy_allows_more_less_or_the_same(self) -> None:
        narrow = {"InlinePolicy": document(statement("Allow", ["s3:GetObject", "s3:ListBucket"]))}
        wide = {"InlinePolicy": json.dumps(document(statement("Allow", "s3:*")))}
        assert self.says(narrow, wide) == [
            (WIDENS, "allows more: its inline policy gets Allow s3:* and loses Allow s3:GetObject, s3:ListBucket")
        ]
        assert [effect for effect, _ in self.says(wide, narrow)] == [NARROWS]
        assert self.says({}, {"InlinePolicy": document(statement("Deny", "iam:*"))}) == [
            (NARROWS, "allows less: its inline policy gets Deny iam:*")
        ]
        other_order = {"InlinePolicy": document(statement("Allow", ["s3:ListBucket", "s3:GetObject"], Sid="Reads"))}
        assert self.says(narrow, other_order) == []

    def test_an_inline_policy_that_only_the_deploy_knows_may_allow_more(self) -> None:
        assert [effect for effect, _ in self.says({}, {"InlinePolicy": {"Fn::Sub": "..."}})] == [WIDENS]
        assert [effect for effect, _ in self.says({"InlinePolicy": "{{resolve:ssm:policy}}"}, {})] == [WIDENS]

    @pytest.mark.parametrize(
        ("old", "new", "expected"),
        [
            (
                {"DateGreaterThanEquals": "2026-12-31T18:00:00Z"},
                {"DateGreaterThanEquals": "2027-01-31T18:00:00Z"},
                [(WIDENS, "ends later, at 2027-01-31 18:00 UTC instead of 2026-12-31 18:00 UTC")],
            ),
            (
                {"DateGreaterThanEquals": "2027-01-31T18:00:00Z"},
                {"DateGreaterThan": "2026-12-31T18:00:30Z"},
                [(NARROWS, "ends earlier, at 2026-12-31 18:00:30 UTC instead of 2027-01-31 18:00 UTC")],
            ),
            (
                {"DateGreaterThanEquals": "2026-12-31T18:00:00Z"},
                {},
                [(WIDENS, "no longer ends, as it did at 2026-12-31 18:00 UTC")],
            ),
            (
                {},
                {"DateGreaterThanEquals": "2026-12-31T18:00:00Z"},
                [(NARROWS, "ends at 2026-12-31 18:00 UTC, and did not before")],
            ),
            (
                {"DateLessThan": "2026-12-31T18:00:00Z"},
                {"DateLessThan": "2027-01-31T18:00:00Z"},
                [(NARROWS, "begins later, at 2027-01-31 18:00 UTC instead of 2026-12-31 18:00 UTC")],
            ),
            (
                {"DateLessThan": "2026-12-31T18:00:00Z"},
                {"DateLessThan": "2026-12-01T18:00:00Z"},
                [(WIDENS, "begins earlier, at 2026-12-01 18:00 UTC instead of 2026-12-31 18:00 UTC")],
            ),
            (
                {"DateLessThan": "2026-12-31T18:00:00Z"},
                {},
                [(WIDENS, "no longer begins, as it did at 2026-12-31 18:00 UTC")],
            ),
            (
                {},
                {"DateLessThan": "2026-12-31T18:00:00Z"},
                [(NARROWS, "begins at 2026-12-31 18:00 UTC, and did not before")],
            ),
        ],
    )
    def test_access_ends_and_begins_later_and_earlier(
        self, old: dict[str, str], new: dict[str, str], expected: list[tuple[Effect, str]]
    ) -> None:
        def policy(times: dict[str, str], *more: Resources) -> Resources:
            denials = [
                statement("Deny", "*", Sid="Time", Condition={operator: {"aws:CurrentTime": time}})
                for operator, time in times.items()
            ]
            return {"InlinePolicy": document(*denials, *more)}

        assert self.says(policy(old), policy(new)) == expected
        deny_iam = statement("Deny", "iam:*")
        more = [*expected, (NARROWS, "allows less: its inline policy gets Deny iam:*")]
        assert sorted(self.says(policy(old), policy(new, deny_iam))) == sorted(more)

    def test_a_set_that_exists_in_place_of_one_that_is_made_is_another_set(self) -> None:
        new = without(organization(), "AdministratorAccess")
        for each in ("OfManagement", "OfDev", "OfProduction"):
            new = changed(new, each, PermissionSetArn=SET_ARN)
        made = "AdministratorAccess (made by the templates)"
        exists = "AdministratorAccess (ps-1111222233334444)"
        where = "acme-dev, acme-production and acme (the management account)"
        assert said(organization(), new, names={SET_ARN: "AdministratorAccess"}) == [
            (WIDENS, f"dax@acme.com has {exists} in {where} (through group Administrators)"),
            (NARROWS, f"dax@acme.com no longer has {made} in {where} (was through group Administrators)"),
            (OTHER, f"permission set {made} is deleted"),
            (OTHER, f"permission set {exists} exists already, and is new in the templates"),
        ]
        assert said(new, organization(), names={SET_ARN: "AdministratorAccess"})[2:] == [
            (OTHER, f"permission set {made} is new"),
            (OTHER, f"permission set {exists} is no longer in the templates"),
        ]

    def test_a_set_that_its_template_retains_stays(self) -> None:
        old = organization(Reader=reader("Reader"))
        assert said(old, organization()) == [(OTHER, "permission set Reader is deleted")]
        old["Reader"]["DeletionPolicy"] = "Retain"
        assert said(old, organization()) == [
            (
                OTHER,
                (
                    "permission set Reader is no longer in the templates, but stays in AWS because of its"
                    " DeletionPolicy Retain"
                ),
            )
        ]

    def test_people_and_groups_are_counted_apart(self) -> None:
        old = organization(Kim=user("kim@acme.com"), KimAdministrates=member("Administrators", "Kim"))
        old["Theirs"] = assignment(GROUP_ID, get("Dev", "AccountId"))
        (sentence,) = (
            text
            for _, text in said(
                old, changed(old, "AdministratorAccess", SessionDuration="PT1H"), names={GROUP_ID: "idp"}
            )
        )
        assert sentence.endswith(" (2 people and the group idp in 3 accounts)")
        for n in range(3):
            old[f"Theirs{n}"] = assignment(f"{GROUP_ID[:-1]}{n}", get("Dev", "AccountId"))
        (sentence,) = (text for _, text in said(old, changed(old, "AdministratorAccess", SessionDuration="PT1H")))
        assert sentence.endswith(" (2 people and 4 groups in 3 accounts)")

    def test_nobody_has_a_set_that_is_not_assigned(self) -> None:
        old = organization(Reader=reader("Reader"))
        ((_, sentence),) = said(old, changed(old, "Reader", SessionDuration="PT2H"))
        assert sentence.endswith(" (nobody has it here)")


ROOT_ID: Final = get("Organization", "RootId")


class TestPolicies:
    def test_a_policy_ceases_where_it_was_inherited(self) -> None:
        old = organization(Unit=unit("workloads"), P=policy("deny-users", DENY_USERS, get("Unit", "Id")))
        old = changed(old, "Dev", ParentIds=[get("Unit", "Id")])
        assert said(old, without(old, "P")) == [
            (WIDENS, "service control policy deny-users no longer applies to unit workloads (acme-dev)")
        ]
        assert said(without(old, "P"), old) == [
            (NARROWS, "service control policy deny-users now applies to unit workloads (acme-dev)")
        ]

    def test_a_policy_of_the_root_ceases_for_everybody(self) -> None:
        old = organization(P=policy("deny-users", DENY_USERS, ROOT_ID))
        assert said(old, without(old, "P")) == [
            (WIDENS, "service control policy deny-users no longer applies to the whole organization")
        ]

    def test_a_move_out_of_a_unit_leaves_its_policies(self) -> None:
        old = organization(Unit=unit("workloads"), P=policy("deny-users", DENY_USERS, get("Unit", "Id")))
        old = changed(old, "Dev", ParentIds=[get("Unit", "Id")])
        assert said(old, changed(old, "Dev", ParentIds=[ROOT_ID])) == [
            (WIDENS, "service control policy deny-users no longer applies to acme-dev"),
            (OTHER, "account acme-dev moves from unit workloads to the root"),
        ]

    def test_a_unit_in_a_unit_keeps_what_it_has_itself(self) -> None:
        old = organization(
            Unit=unit("workloads"),
            Inner=unit("dev", get("Unit", "Id")),
            P=policy("deny-users", DENY_USERS, get("Unit", "Id"), get("Inner", "Id")),
        )
        old = changed(old, "Dev", ParentIds=[get("Inner", "Id")])
        old = changed(old, "Production", ParentIds=[get("Unit", "Id")])
        assert said(old, changed(old, "P", TargetIds=[get("Inner", "Id")])) == [
            (WIDENS, "service control policy deny-users no longer applies to unit workloads itself and acme-production")
        ]

    def test_a_unit_is_named_beside_one_that_is_within_another(self) -> None:
        old = organization(
            A=unit("a"), InA=unit("inner", get("A", "Id")), Z=unit("z"), InZ=unit("inner", get("Z", "Id"))
        )
        old = changed(changed(old, "Dev", ParentIds=[get("InA", "Id")]), "Production", ParentIds=[get("InZ", "Id")])
        new = {**old, "P": policy("deny-users", DENY_USERS, get("A", "Id"), get("InZ", "Id"))}
        assert said(old, new) == [
            (
                NARROWS,
                (
                    "service control policy deny-users now applies to unit a (acme-dev) and unit z/inner"
                    " (acme-production)"
                ),
            )
        ]

    def test_an_account_that_is_no_longer_named_loses_the_policy_all_the_same(self) -> None:
        old = organization(P=policy("deny-users", DENY_USERS, "444455556666"))
        assert said(old, without(old, "P"), names={"444455556666": "legacy"}) == [
            (WIDENS, "service control policy deny-users no longer applies to legacy"),
            (OTHER, "account legacy is no longer in the templates; it stays as it is, but access given here ends"),
        ]

    def test_a_unit_that_is_named_by_its_policy_alone_gets_and_loses_it(self) -> None:
        unit_id = "ou-ab12-11112222"
        new = organization(P=policy("deny-users", DENY_USERS, unit_id))
        for old in (organization(), changed(new, "P", TargetIds=None)):
            assert said(old, new, names={unit_id: "legacy"}) == [
                (NARROWS, "service control policy deny-users now applies to unit legacy")
            ]
            assert said(new, old, names={unit_id: "legacy"}) == [
                (WIDENS, "service control policy deny-users no longer applies to unit legacy")
            ]

    def test_an_account_that_is_named_for_the_first_time_gets_the_policy(self) -> None:
        new = organization(P=policy("deny-users", DENY_USERS, "444455556666"))
        assert said(organization(), new, names={"444455556666": "legacy"}) == [
            (NARROWS, "service control policy deny-users now applies to legacy"),
            (OTHER, "account legacy, which exists already, is new in the templates"),
        ]

    def test_an_account_that_is_let_go_keeps_what_its_unit_has(self) -> None:
        old = organization(Unit=unit("workloads"), P=policy("deny-users", DENY_USERS, get("Unit", "Id")))
        old = without(changed(old, "Dev", ParentIds=[get("Unit", "Id")]), "OfDev")
        [(effect, sentence)] = said(old, without(old, "Dev"))
        assert (effect, sentence[:38]) == (OTHER, "account acme-dev is no longer managed:")

    def test_statements_packed_into_another_policy_stay_in_force(self) -> None:
        old = organization(P=policy("guardrails-1", DENY_USERS, ROOT_ID))
        both = document(*DENY_USERS["Statement"], *DENY_LEAVING["Statement"])
        new = organization(Q=policy("guardrails", both, ROOT_ID))
        assert said(old, new) == [
            (NARROWS, "service control policy guardrails now applies to the whole organization"),
            (
                OTHER,
                (
                    "service control policy guardrails-1 no longer applies to the whole organization, but what it"
                    " denies stays denied"
                ),
            ),
        ]

    def test_a_statement_moved_into_another_policy_stays_in_force(self) -> None:
        both = document(*DENY_USERS["Statement"], *DENY_LEAVING["Statement"])
        other = {"Q": policy("deny-leaving", DENY_LEAVING, ROOT_ID)}
        old = organization(P=policy("deny", both, ROOT_ID), **other)
        alone = organization(P=policy("deny", DENY_USERS, ROOT_ID))
        assert [effect for effect, _ in said(old, {**alone, **other})] == [OTHER]
        assert [effect for effect, _ in said(without(old, "Q"), alone)] == [WIDENS]

    def test_a_policy_that_denies_less_or_more(self) -> None:
        old = organization(P=policy("deny", document(statement("Deny", "iam:*")), ROOT_ID))
        new = organization(P=policy("deny", document(statement("Deny", "iam:CreateUser")), ROOT_ID))
        assert said(old, new) == [
            (
                WIDENS,
                (
                    "service control policy deny may restrict less in the whole organization: it gets Deny"
                    " iam:CreateUser and loses Deny iam:*"
                ),
            )
        ]
        assert [effect for effect, _ in said(new, old)] == [NARROWS]

    def test_names_the_statements_that_come_go_and_change(self) -> None:
        def named(sid: str, *actions: str) -> Resources:
            return statement("Deny", [f"iam:{each}" for each in actions], Sid=sid)

        same, many = named("Same", "CreateUser"), [f"Do{number}" for number in range(30)]
        old = organization(P=policy("deny", document(same, named("Old", "*"), named("Some", "A")), ROOT_ID))
        new = organization(P=policy("deny", document(named("Some", "B"), same, named("New", *many)), ROOT_ID))
        [(_, sentence)] = said(old, new)
        assert sentence.endswith(": it gets New, loses Old and changes Some")
        assert said(new, old)[0][1].endswith(": it gets Old, loses New and changes Some")
        [(_, lines)] = contents(old, new)
        assert [re.split(r":| Deny", line)[0] for line in lines] == [
            *("Some", "Same", "New"),
            *("no longer Old", "no longer Some"),
            "the whole document",
        ]
        assert all(len(line) < 200 for line in lines)

    def test_an_exception_to_a_denial_widens(self) -> None:
        spared = {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/Dax"}}
        old = organization(P=policy("deny", document(statement("Deny", "iam:*")), ROOT_ID))
        new = organization(P=policy("deny", document(statement("Deny", "iam:*", Condition=spared)), ROOT_ID))
        assert [effect for effect, _ in said(old, new)] == [WIDENS]

    def test_a_policy_that_allows_may_widen_where_it_begins(self) -> None:
        old = organization()
        new = organization(P=policy("allow", document(statement("Allow", "*")), ROOT_ID))
        assert [effect for effect, _ in said(old, new)] == [WIDENS]
        assert [effect for effect, _ in said(new, old)] == [WIDENS]
        moved = organization(P=policy("allow", document(statement("Allow", "*")), ROOT_ID, get("Dev", "AccountId")))
        assert [effect for effect, _ in said(new, moved)] == [WIDENS]

    def test_a_policy_that_denies_and_allows_may_widen(self) -> None:
        both = document(statement("Deny", "iam:CreateUser"), statement("Allow", "*"))
        assert [effect for effect, _ in said(organization(), organization(P=policy("p", both, ROOT_ID)))] == [WIDENS]

    def test_a_policy_that_allows_and_stays_as_it_is_is_no_change(self) -> None:
        old = organization(P=policy("allow", document(statement("Allow", "*")), ROOT_ID))
        assert said(old, organization(P=policy("allow", document(statement("Allow", "*", Sid="A")), ROOT_ID))) == []

    def test_what_another_type_denies_does_not_stay_denied(self) -> None:
        control = policy("scp", document(statement("Deny", "s3:*")), ROOT_ID)
        resource = policy("rcp", document(statement("Deny", "s3:*")), ROOT_ID, kind="RESOURCE_CONTROL_POLICY")
        old = organization(P=control, Q=resource)
        assert [effect for effect, _ in said(old, without(old, "P"))] == [WIDENS]
        assert [effect for effect, _ in said(old, without(old, "Q"))] == [WIDENS]

    def test_policies_of_one_name_are_told_in_the_order_of_the_template(self) -> None:
        kinds = ["BACKUP_POLICY", "TAG_POLICY", "S3_POLICY", "CHATBOT_POLICY", "AISERVICES_OPT_OUT_POLICY"]
        policies = {f"P{n}": policy("same", {}, ROOT_ID, kind=kind) for n, kind in enumerate(kinds)}
        assert [sentence.split(" same ")[0] for _, sentence in said(organization(), organization(**policies))] == [
            "Amazon S3 policy",
            "chat applications policy",
            "backup policy",
            "tag policy",
            "AI services opt-out policy",
        ]

    @pytest.mark.parametrize(
        "as_written",
        [
            {"Resource": "*", "Action": ["b:C", "a:B"], "Effect": "Deny", "Condition": {"Bool": {"y": "1", "x": "2"}}},
            {
                "Effect": "Deny",
                "Action": ["a:B", "b:C"],
                "Resource": ["*"],
                "Condition": {"Bool": {"x": ["2"], "y": "1"}},
            },
        ],
    )
    def test_another_order_is_no_change(self, as_written: Resources) -> None:
        before = statement("Deny", ["a:B", "b:C"], Condition={"Bool": {"x": "2", "y": "1"}})
        old = organization(P=policy("p", document(before), ROOT_ID))
        assert said(old, changed(old, "P", Content=document(as_written))) == []
        assert said(old, changed(old, "P", Content={"Statement": as_written})) == []

    @pytest.mark.parametrize(
        ("kind", "ceases", "begins"),
        [
            (kind, *((WIDENS, NARROWS) if kind in KEEP_OTHERS_OUT else (OTHER, OTHER)))
            for kind in sorted(POLICY_TYPES.keys() - {"SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"})
        ],
    )
    def test_types_that_keep_others_out_count_and_the_rest_is_told(
        self, kind: str, ceases: Effect, begins: Effect
    ) -> None:
        old, new = organization(), organization(P=policy("p", {"x": {"@@assign": 1}}, ROOT_ID, kind=kind))
        other = changed(new, "P", Content={"x": {"@@assign": 2}})
        assert [effect for effect, _ in said(old, new)] == [begins]
        assert [effect for effect, _ in said(new, old)] == [ceases]
        assert [effect for effect, _ in said(new, other)] == [ceases]

    def test_a_service_control_policy_does_nothing_to_the_management_account(self) -> None:
        management = get("Organization", "ManagementAccountId")
        old = organization(P=policy("deny-users", DENY_USERS, management))
        assert said(old, without(old, "P")) == []
        old = organization(P=policy("tags", {}, management, kind="TAG_POLICY"))
        assert said(old, without(old, "P")) == [
            (OTHER, "tag policy tags no longer applies to acme (the management account)")
        ]

    def test_a_unit_that_goes_when_it_is_empty_takes_its_policies_along(self) -> None:
        old = organization(Unit=unit("sandbox"), P=policy("deny-users", DENY_USERS, get("Unit", "Id")))
        assert said(old, without(old, "Unit", "P")) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ([], [statement("Allow", "s3:*")], False),
        ([statement("Allow", "s3:*")], [statement("Allow", "S3:Get*")], True),
        ([statement("Allow", "s3:Get*")], [statement("Allow", "s3:*")], False),
        ([statement("Allow", "*", Resource="arn:*")], [statement("Allow", "*")], False),
        ([statement("Allow", "*")], [statement("Allow", "*", Resource="arn:*")], True),
        ([statement("Allow", "*", Resource="arn:*")], [statement("Allow", "*", Resource="arn:aws:s3:::a/b")], True),
        ([statement("Allow", "*:*")], [statement("Allow", "*")], True),
        ([statement("Allow", ["ec2:*", "s*:*"])], [statement("Allow", "s3:Get*")], True),
        ([statement("Deny", "s3:*")], [], False),
        ([statement("Deny", "s3:*")], [statement("Deny", "*")], True),
        ([statement("Deny", "s3:*")], [statement("Deny", "*", Resource="arn:aws:s3:::a")], False),
        (
            [{"Effect": "Deny", "NotAction": "s3:*", "Resource": "*"}],
            [{"Effect": "Deny", "NotAction": ["s3:*", "iam:*"], "Resource": "*"}],
            False,
        ),
        (
            [{"Effect": "Deny", "NotAction": ["s3:*", "iam:*"], "Resource": "*"}],
            [{"Effect": "Deny", "NotAction": "s3:*", "Resource": "*"}],
            True,
        ),
        ([statement("Allow", "*", Condition={"Bool": {"a": "b"}})], [statement("Allow", "*")], False),
        ([], [{"Fn::If": ["Condition", {}, {}]}], False),
        ([{"Fn::If": ["Condition", {}, {}]}], [], False),
    ],
)
def test_tells_whether_statements_allow_more(old: list[Resources], new: list[Resources], expected: bool) -> None:  # noqa: FBT001 (of the cases)
    assert allows_no_more(statements(document(*old)), statements(document(*new))) is expected


class TestMarkdown:
    @pytest.mark.parametrize(
        ("name", "shown"),
        [
            ("<script>alert(1)</script>", "`<script>alert(1)</script>`"),
            ("a`b", "``a`b``"),
            ("`", "`` ` ``"),
            ("`a", "`` `a ``"),
            ("a`", "`` a` ``"),
            ("a`b``c", "```a`b``c```"),
            ("a``b`c", "```a``b`c```"),
            ("@dax|[x](http://acme.com)*", "`@dax|[x](http://acme.com)*`"),
            ("two\nlines", "`two\\u000alines`"),
            ("\u202eback\ue000\ue001", "`\\u202eback\\ue000\\ue001`"),
        ],
    )
    def test_a_name_is_code_and_nothing_else(self, name: str, shown: str) -> None:
        old = organization(Kim=user(name))
        line = f"- **+** {shown} has `AdministratorAccess` in `acme-dev`"
        new = {**old, "New": assignment(get("Kim", "UserId"), get("Dev", "AccountId"), "USER")}
        assert line in comment(differ(old, new)).splitlines()

    def test_a_comment_fits_and_keeps_what_widens(self) -> None:
        people = {f"P{n}": user(f"{'x' * 100}{n}@acme.com") for n in range(900)}
        old = organization(**people)
        new = {
            **without(old, *people),
            "New": assignment(get("Dax", "UserId"), "444455556666", "USER"),
        }
        written = comment(differ(old, new))
        assert len(written) < 65_536
        assert "- **+** `dax@acme.com` has `AdministratorAccess` in `444455556666`" in written
        last, blank, more = written.splitlines()[-3:]
        assert last.startswith("- ")
        assert blank == ""
        assert "more lines, which do not fit into a comment" in more

    @pytest.mark.parametrize(("spare", "left"), [(0, 0), (-1, 1)])
    def test_a_comment_is_cut_where_it_is_longer_than_65000_characters(self, spare: int, left: int) -> None:
        def of(length: int) -> str:
            sentences = ("first", *("x" * 9_000 for _ in range(6)), "y" * length)
            return comment(replace(NOTHING, changes=tuple(Change(OTHER, each) for each in sentences)))

        length = 65_000 - len(of(0)) - spare
        written = of(length)
        assert re.findall(r"… and (\d+) more lines", written) == ([str(left)] if left else [])
        assert (len(written) == 65_000) == (not left)
        assert f"- **~** {'x' * 9_000}\n" in written

    def test_a_comment_that_is_cut_in_its_details_closes_them(self) -> None:
        details = tuple((named(name), tuple(f"{'x' * 999}" for _ in range(40))) for name in ("A", "B"))
        written = comment(replace(NOTHING, changes=(Change(WIDENS, "first"),), contents=details))
        kept = written.count("  - `x")
        assert 40 < kept < 80
        assert written.endswith(
            f"\n\n</details>\n\n… and {80 - kept} more lines, which do not fit into a comment;"
            " `--format text` shows all of them.\n"
        )

    def test_says_what_a_set_allows(self) -> None:
        written = comment(differ(without(organization(), "OfDev"), organization()), stale="It is stale")
        # Without a blank line after its summary, what is folded is no Markdown to GitHub.
        assert written.splitlines() == [
            COMMENT_MARK,
            "Note: `It is stale`",
            "",
            "**Access widens: let a second person review this.**",
            "",
            "#### Widens access",
            "",
            "- **+** `dax@acme.com` has `AdministratorAccess` in `acme-dev` (through group `Administrators`)",
            "",
            "<details><summary>Details of these permission sets and policies</summary>",
            "",
            "- `AdministratorAccess`",
            "  - `AWS managed policy AdministratorAccess (everything)`",
            "  - `sessions of 12 h`",
            "",
            "</details>",
        ]

    def test_begins_with_a_mark_and_with_whether_access_widens(self) -> None:
        old = organization()
        assert comment(differ(old, old)) == f"{COMMENT_MARK}\n**Nothing changes for anybody.**\n"
        lines = comment(differ(without(old, "OfDev"), old)).splitlines()
        assert lines[:2] == [COMMENT_MARK, "**Access widens: let a second person review this.**"]
        lines = comment(differ(old, without(old, "OfDev"))).splitlines()
        assert lines[:2] == [COMMENT_MARK, "**Access does not widen.**"]


def test_text_has_signs_and_says_what_a_set_allows() -> None:
    styled = text(differ(without(organization(), "OfDev"), organization()))
    assert styled.startswith("\x1b[1mWidens access:\x1b[0m\n\x1b[31m+ dax@acme.com has")
    written = click.unstyle(styled)
    assert (
        written
        == """\
Widens access:
+ dax@acme.com has AdministratorAccess in acme-dev (through group Administrators)

Details:
  AdministratorAccess
    AWS managed policy AdministratorAccess (everything)
    sessions of 12 h

Access widens: let a second person review this.
"""
    )


def test_a_property_that_is_a_parameter_is_shown_as_that() -> None:
    parameter: Callable[[str], Any] = lambda name: {"Ref": name}  # noqa: E731 (a word for one line)
    old = changed(organization(), "Dev", AccountName=parameter("Name"), Email=parameter("Mail"))
    assert said(old, old) == []
    assert said(without(old, "OfDev"), old) == [
        (WIDENS, "dax@acme.com has AdministratorAccess in ${Name} (through group Administrators)")
    ]


class TestOrder:
    """Whatever the keys are, and whatever Python hashes them to."""

    def test_policies_and_permission_sets_come_by_name(self) -> None:
        more = {
            "A": policy("zones", DENY_USERS, ROOT_ID),
            "B": policy("users", DENY_USERS, ROOT_ID),
            "C": policy("audit", DENY_USERS, ROOT_ID),
            "D": reader("Support"),
            "E": reader("Billing"),
            "F": reader("Auditor"),
        }
        for old, new in ((organization(), organization(**more)), (organization(**more), organization())):
            sentences = [sentence for _, sentence in said(old, new)]
            for kind, names in (
                ("service control policy", "audit users zones"),
                ("permission set", "Auditor Billing Support"),
            ):
                told = [
                    sentence.removeprefix(f"{kind} ").split()[0] for sentence in sentences if sentence.startswith(kind)
                ]
                assert told == names.split()

    def test_users_come_by_name(self) -> None:
        more = {"A": user("zoe@acme.com"), "B": user("ana@acme.com"), "C": user("lou@acme.com")}
        told = [sentence.partition("@")[0] for _, sentence in said(organization(), organization(**more))]
        assert told == ["ana", "lou", "zoe"]

    def test_units_come_from_the_top_down_and_then_by_name(self) -> None:
        units = {f"Unit{n}": unit(f"unit-{n}") for n in range(4)}
        units["Inner"] = unit("inner", get("Unit3", "Id"))
        old = organization(**units)
        for each in units:
            old[f"In{each}"] = copy.deepcopy(old["Dev"])
            told = {"AccountName": each, "Email": f"{each}@acme.com", "ParentIds": [get(each, "Id")]}
            old = changed(old, f"In{each}", **told)
        targets = [get(each, "Id") for each in ("Inner", "Unit2", "Unit0", "Unit1")]
        [(_, sentence)] = said(old, {**old, "P": policy("deny-users", DENY_USERS, *targets)})
        assert re.findall(r"unit ([\w/-]+)", sentence) == ["unit-0", "unit-1", "unit-2", "unit-3/inner"]


def test_says_what_those_policies_and_permission_sets_say_that_widen_access() -> None:
    old = organization(
        P=policy("deny-users", DENY_USERS, ROOT_ID),
        Q=policy("deny-leaving", DENY_LEAVING, ROOT_ID),
        Reader=reader("Reader"),
    )
    everything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    wider = changed(without(old, "P"), "Reader", InlinePolicy=everything)
    assert sorted(name for name, _ in contents(old, wider)) == ["Reader", "deny-users"]
    assert [name for name, _ in contents(wider, old)] == ["deny-users"]
    packed = changed(without(old, "P"), "Q", Content=document(*DENY_USERS["Statement"], *DENY_LEAVING["Statement"]))
    assert [name for name, _ in contents(old, packed)] == ["deny-leaving"]
    condition = {"DateGreaterThanEquals": {"aws:CurrentTime": "2026-12-31T18:00:00Z"}}
    denial = statement("Deny", "*", Condition=condition)
    ending = changed(old, "Reader", InlinePolicy=document(statement("Allow", "*"), denial))
    [(_, lines)] = contents(old, ending)
    assert lines[-2:] == ("sessions of 1 h", "until 2026-12-31 18:00 UTC")


def contents(old: Resources, new: Resources) -> list[tuple[str, tuple[str, ...]]]:
    return [(plain(name), lines) for name, lines in differ(old, new).contents]


@pytest.mark.parametrize(
    ("people", "groups", "words"),
    [
        (1, [], "1 person"),
        (0, ["A", "B", "C"], "the group A, the group B and the group C"),
        (2, ["A", "B", "C", "D"], "2 people and 4 groups"),
    ],
)
def test_names_up_to_three_groups(people: int, groups: list[str], words: str) -> None:
    assert people_and_groups(people, groups) == words
