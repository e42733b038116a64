"""What is said of an organization and how, where the app cannot say it or must leave it alone."""

from __future__ import annotations

import ast
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from made_by_hand import INSTANCE, MANAGEMENT, STORE
from org_constructs.app_code import organization
from org_constructs.app_code.from_organization import app_from
from org_constructs.app_code.room import Sizes, Stacks
from org_constructs.constructs.budget import budget_name
from org_constructs.templates.description import (
    Account,
    Assignment,
    Budget,
    BudgetAlert,
    DelegatedAdministrator,
    Description,
    Entitlement,
    Group,
    Instance,
    Live,
    OrganizationalUnit,
    Origin,
    PermissionSet,
    Policy,
    ResourcePolicy,
    Unread,
    User,
    Whence,
)
from org_constructs.templates.metadata import BaselineMetadata
from org_constructs.templates.values import Values
from policy_documents import ALLOW_LISTING, DENY_LEAVING
from refusals import refuses

if TYPE_CHECKING:
    from org_constructs.app_code.from_organization import AppCode

HAND = Origin(whence=Whence.HAND)
AWS = Origin(whence=Whence.AWS)
PROVIDER = Origin(whence=Whence.PROVIDER)
STACK = Origin(whence=Whence.STACK, stack="Other", logical_id="Thing")
SCP = "SERVICE_CONTROL_POLICY"
ARN = "arn:aws:sso:::permissionSet/ssoins-1111222233334444/ps-1111222233334444"
USER = "1111222233-11112222-3333-4444-5555-66667777000"


def account(key: str, name: str, **more: Any) -> Account:
    given = {"email": f"aws+{name}@acme.com", "parent": "root", "state": "ACTIVE", "origin": HAND, "account_id": key}
    return Account(key=key, name=name, **{**given, **more})


def unit(key: str, name: str, parent: str = "root", origin: Origin = HAND) -> OrganizationalUnit:
    return OrganizationalUnit(key=f"ou-ab12-{key}1111111", name=name, parent=parent, origin=origin)


def user(number: int, name: str, **more: Any) -> User:
    given = {"given_name": "Kim", "family_name": "Acme", "display_name": "Kim Acme", "emails": (name,), "origin": HAND}
    return User(key=f"{USER}{number}", name=name, **{**given, **more})


def group(number: int, name: str, **more: Any) -> Group:
    return Group(key=f"{USER}{number}", name=name, **{"origin": HAND, **more})


def permission_set(name: str, origin: Origin = HAND, **properties: Any) -> PermissionSet:
    return PermissionSet(key=f"{ARN[:-4]}{name:0>4}"[: len(ARN)], name=name, origin=origin, properties=properties)


def policy(name: str, *targets: str, **more: Any) -> Policy:
    given = {"key": f"p-{name}11111111", "type": SCP, "content": DENY_LEAVING, "origin": HAND}
    return Policy(name=name, targets=targets, **{**given, **more})


def budget(
    name: str, amount: float | None, *accounts: str, emails: tuple[str, ...] = ("dax@acme.com",), **more: Any
) -> Budget:
    """Return a budget that AWS writes of as of one of `OrgBaseline`."""
    alerts = tuple(
        BudgetAlert(
            type="ACTUAL", comparison="GREATER_THAN", threshold=each, threshold_type="PERCENTAGE", subscribers=emails
        )
        for each in (80, 100)
    )
    name = budget_name(name, emails)
    given = {"amount": amount, "type": "COST", "time_unit": "MONTHLY", "unit": "USD", "alerts": alerts, "origin": HAND}
    return Budget(key=name, name=name, accounts=accounts, **{**given, **more})


def described(*things: Any, assignments: tuple[Assignment, ...] = (), **live: Any) -> Description:
    """Return what AWS has: the management account, and these things."""
    instance = Instance(
        arn=INSTANCE,
        identity_store_id=STORE,
        owner_account_id=MANAGEMENT,
        status="ACTIVE",
        region="us-east-1",
        is_described=True,
    )
    management = account("management", "acme", email="aws@acme.com", account_id=MANAGEMENT)

    def of(kind: type[Any]) -> dict[str, Any]:
        return {each.key: each for each in (management, *things) if isinstance(each, kind)}

    return Description(
        accounts=of(Account),
        organizational_units=of(OrganizationalUnit),
        users=of(User),
        groups=of(Group),
        permission_sets=of(PermissionSet),
        policies=of(Policy),
        assignments=assignments,
        budgets=of(Budget),
        metadata=BaselineMetadata(),
        values=Values({}),
        live=Live(
            **{
                "read_at": "2026-11-26T18:30:00Z",
                "region": "us-east-1",
                "organization_id": "o-acme111111",
                "management_account_id": MANAGEMENT,
                "feature_set": "ALL",
                "policy_types": (),
                "trusted_services": (),
                "delegated_administrators": (),
                "aws_policies": {},
                "entitlements": (),
                "instances": (instance,),
                "stacks": {},
                "unread": (),
                "root_id": "r-ab12",
                **live,
            }
        ),
    )


def written(*things: Any, **live: Any) -> tuple[str, AppCode]:
    """Return all code, each file of which is Python, and the app."""
    app = app_from(described(*things, **live))
    code = [text for name, text in app.files.items() if name.endswith(".py")]
    for each in code:
        ast.parse(each)
    return "\n".join(code), app


def assert_said(sentence: str, code: str, app: AppCode) -> None:
    """Look that a sentence stands as a comment in the code, and in the summary."""
    assert sentence in " ".join(app.notes)
    assert sentence in " ".join(code.replace("#", " ").split())


class TestLeftAlone:
    def test_is_what_control_tower_has(self) -> None:
        things = (
            group(1, "AWSControlTowerAdmins", origin=AWS),
            permission_set("Own", AWS),
            policy("aws-guardrails-abc", "root", origin=AWS),
        )
        own = Assignment(account="management", permission_set=things[1].key, principal=things[0].key, origin=HAND)
        code, app = written(*things, assignments=(own,), policy_types=(SCP,))
        for sentence in (
            "AWS's own groups are left alone: AWSControlTowerAdmins.",
            "AWS's own permission sets are left alone: Own.",
            "AWS's own policies are left alone: aws-guardrails-abc.",
            "Left alone: 1 assignment of AWS's own permission sets to AWS's own groups.",
        ):
            assert_said(sentence, code, app)
        assert "PolicyProps" not in code

    def test_is_named_where_somebody_was_given_it_by_hand(self) -> None:
        kim, own = user(1, "kim@acme.com"), permission_set("Own", AWS)
        given = Assignment(account="management", permission_set=own.key, principal=kim.key, origin=HAND)
        code, app = written(kim, own, assignments=(given,))
        assert f'name="Own", permission_set_arn="{own.key}"' in code
        assert 'AssignmentProps(principal="kim@acme.com", permission_set="Own", targets=["management"])' in code
        assert_said("Permission sets that are only named, by their ids, since they are AWS's own: Own.", code, app)

    def test_is_what_other_stacks_have(self) -> None:
        above = unit("a", "above")
        below = unit("b", "below", above.key, STACK)
        kim, team = user(1, "kim@acme.com", origin=STACK), group(2, "Team", members=(f"{USER}1",))
        team = replace(team, member_origins={f"{USER}1": STACK})
        read = permission_set("Read")
        given = Assignment(account="management", permission_set=read.key, principal=team.key, origin=STACK)
        code, app = written(
            above,
            below,
            account("111111111111", "acme-dev", origin=STACK),
            *(kim, team, read, policy("Guard", "root", origin=STACK)),
            assignments=(given,),
        )
        for sentence in (
            "Units that are only named, by their ids, since the stack Other has them: above/below.",
            "Units that are only named, by their ids, since others have units in them: above.",
            "Accounts that are only named, by their ids, since the stack Other has them: dev.",
            "Only named, by id: 1 person, since the stack Other has them.",
            "Other stacks have 1 membership, which are left alone.",
            "Policies of others are left alone: Guard (stack Other).",
            "Left alone: 1 assignment that the stack Other has.",
        ):
            assert_said(sentence, code, app)
        assert f'organizational_unit_id="{above.key}"' in code
        assert 'AccountProps(key="dev", account_id="111111111111")' in code
        assert "AssignmentProps" not in code


class TestAccounts:
    @pytest.mark.parametrize(("state", "what"), [("CLOSED", "closed"), ("SUSPENDED", "restricted by AWS")])
    def test_that_nobody_can_use_are_left_out_and_said(self, state: str, what: str) -> None:
        old = account("111111111111", "acme-old", state=state)
        kim, read = user(1, "kim@acme.com"), permission_set("Read")
        dev = account("222222222222", "acme-dev")
        given = tuple(
            Assignment(account=each.key, permission_set=read.key, principal=kim.key, origin=HAND) for each in (old, dev)
        )
        code, app = written(old, dev, kim, read, assignments=given)
        said = f"The account acme-old <aws+acme-old@acme.com>, 111111111111, is {what}, and is left out."
        assert_said(said, code, app)
        assert_said("Left alone: 1 assignment in accounts that are left out.", code, app)
        assert 'targets=["dev"]' in code

    def test_that_are_closed_are_named_where_a_policy_is_attached_to_them(self) -> None:
        old = account("111111111111", "acme-old", state="CLOSED")
        code, _ = written(old, policy("Guard", old.key), policy_types=(SCP,))
        assert 'AccountProps(key="old", account_id="111111111111")' in code
        assert 'targets=["old"]' in code

    def test_that_are_not_usable_yet_are_left_out_and_said(self) -> None:
        code, app = written(account("111111111111", "acme-new", state="PENDING_ACTIVATION"))
        assert_said("is not usable yet, since nobody has completed its sign-up", code, app)
        assert "accounts=[\n        # The account acme-new" in code

    def test_of_one_name_are_said(self) -> None:
        twins = [account(f"{number:012}", "Dev", email=f"aws+{name}@acme.com") for number, name in enumerate("ab")]
        code, app = written(*twins)
        assert_said("Several accounts have one name, and are told apart by their keys: Dev.", code, app)
        assert 'AccountProps(key="dev-a", name="Dev", email="aws+a@acme.com")' in code


class TestUnits:
    def test_of_one_name_say_which_they_are_not(self) -> None:
        pay, web = unit("a", "pay"), unit("b", "web")
        code, app = written(pay, web, unit("c", "dev", pay.key), unit("d", "dev", web.key))
        assert "# Not web/dev, which has the same name." in code
        assert "# Not pay/dev, which has the same name." in code
        assert "Several units have one name, and are told apart by their paths: dev." in app.notes


class TestPeople:
    def test_of_an_identity_provider_are_named_with_their_names(self) -> None:
        kim = user(1, "kim@acme.com", origin=PROVIDER)
        code, app = written(kim, group(2, "Team", origin=PROVIDER, members=(kim.key,)))
        assert f'UserProps(user_name="kim@acme.com", user_id="{kim.key}"),  # Kim Acme' in code
        assert_said("Only named, by id: 1 person, since an identity provider manages them.", code, app)
        assert_said(
            "Groups that are only named, by their ids, since an identity provider manages them: Team.", code, app
        )

    def test_of_one_display_name_are_said(self) -> None:
        code, app = written(user(1, "kim@acme.com"), user(2, "kim.a@acme.com"))
        assert "# Kim Acme, like kim.a@acme.com" in code
        assert "Several people have one display name: Kim Acme." in app.notes

    def test_elsewhere_than_where_they_can_be_imported_are_named(self) -> None:
        code, app = written(user(1, "kim@acme.com"), region="eu-west-1")
        assert "given_name" not in code
        assert_said("Only named, by id: 1 person, since CloudFormation imports nobody in eu-west-1.", code, app)

    @pytest.mark.parametrize(
        "more",
        [
            {"emails": ()},
            {"emails": ("a@acme.com", "b@acme.com")},
            {"given_name": ""},
            {"display_name": ""},
            {"more_names": ("MiddleName",)},
        ],
    )
    def test_that_the_app_could_not_make_are_named(self, more: Any) -> None:
        code, _ = written(user(1, "kim@acme.com", **more))
        assert f'user_id="{USER}1"' in code
        assert "given_name" not in code

    def test_called_like_a_group_are_told_apart(self) -> None:
        kim, read = user(1, "kim"), permission_set("Read")
        given = Assignment(account="management", permission_set=read.key, principal=kim.key, origin=HAND)
        code, _ = written(kim, group(2, "Kim"), read, assignments=(given,))
        assert 'user_name="kim (a person)"' in code
        assert 'principal="kim (a person)"' in code

    def test_that_are_many_have_a_file_of_their_own(self) -> None:
        few, many = (written(*(user(each, f"kim{each}@acme.com") for each in range(number)))[1] for number in (3, 25))
        assert "people.py" not in few.files
        assert many.files["people.py"].count("UserProps(") == 25
        assert "from people import PEOPLE" in many.files["app.py"]
        assert "users=PEOPLE," in many.files["app.py"]


def outside(**times: str) -> list[dict[str, Any]]:
    """Return the statements of an inline policy that deny everything outside a time."""
    of = {"not_before": ("AccessBegins", "DateLessThan"), "until": ("AccessEnds", "DateGreaterThanEquals")}
    return [
        {
            "Sid": of[name][0],
            "Effect": "Deny",
            "Action": "*",
            "Resource": "*",
            "Condition": {of[name][1]: {"aws:CurrentTime": time}},
        }
        for name, time in times.items()
    ]


SINCE = "2026-12-01T08:00:00Z"
UNTIL = "2026-12-31T18:00:00Z"


class TestAccessThatEnds:
    def app(self, *statements: Any) -> tuple[str, list[Any]]:
        """Return the code for a permission set with these statements, and the inline policies in files beside."""
        code, app = written(
            permission_set("Temp", InlinePolicy={**ALLOW_LISTING, "Statement": [*statements]}, SessionDuration="PT1H")
        )
        return code, [json.loads(text) for name, text in app.files.items() if name.startswith("permission_sets/")]

    def test_has_its_end_apart_from_its_policy(self) -> None:
        (own,) = ALLOW_LISTING["Statement"]
        code, documents = self.app(own, *outside(until=UNTIL))
        assert f'until="{UNTIL}"' in code
        assert "not_before" not in code
        assert documents == [ALLOW_LISTING]

    def test_that_nothing_else_is_said_of_has_no_policy(self) -> None:
        code, documents = self.app(*outside(not_before=SINCE, until=UNTIL))
        assert f'not_before="{SINCE}"' in code
        assert f'until="{UNTIL}"' in code
        assert documents == []

    @pytest.mark.parametrize(
        "statements",
        [
            # The arguments would write the time in full, add the end as the last, and begin before they end.
            outside(until="2026-12-31"),
            [*outside(until=UNTIL), *ALLOW_LISTING["Statement"]],
            outside(not_before=UNTIL, until=SINCE),
            outside(not_before=SINCE, until="2028-12-31T18:00:00Z"),
        ],
    )
    def test_stays_in_the_policy_where_the_arguments_would_write_another(self, statements: Any) -> None:
        code, documents = self.app(*statements)
        assert "until" not in code
        assert "not_before" not in code
        assert documents == [{**ALLOW_LISTING, "Statement": statements}]

    def test_stays_in_the_policy_where_nobody_else_administers_the_management_account(self) -> None:
        policy = {**ALLOW_LISTING, "Statement": outside(not_before=SINCE, until=UNTIL)}
        arn = "arn:aws:iam::aws:policy/AdministratorAccess"
        temporary = permission_set("Temp", InlinePolicy=policy, SessionDuration="PT1H", ManagedPolicies=[arn])
        kim = user(1, "kim@acme.com")
        access = (Assignment("management", temporary.key, kim.key),)
        code, app = written(kim, temporary, assignments=access)
        assert "until=" not in code
        assert "not_before=" not in code
        assert json.loads(app.files["permission_sets/temp.json"]) == policy
        assert_said("Give somebody a permission set without an end.", code, app)
        lou = user(2, "lou@acme.com")
        always = permission_set("Always", SessionDuration="PT1H", ManagedPolicies=[arn])
        code, _ = written(
            kim, lou, temporary, always, assignments=(*access, Assignment("management", always.key, lou.key))
        )
        assert f'until="{UNTIL}"' in code


class TestPolicies:
    def test_have_their_contents_beside(self) -> None:
        own = {**DENY_LEAVING, "Statement": [{**DENY_LEAVING["Statement"][0], "Sid": "Own"}]}
        code, app = written(policy("a b", "root", content=own), policy("A/B", content=own), policy_types=(SCP,))
        assert {"policies/a-b.json", "policies/a-b-2.json"} <= app.files.keys()
        assert 'content=document("policies/a-b.json")' in code
        assert "enabled_policy_types=[PolicyType.SERVICE_CONTROL_POLICY]" in code

    def test_of_types_that_are_not_enabled_say_so(self) -> None:
        code, app = written(policy("Guard"))
        said = f"Not in force, and not made by a deploy, as long as the type {SCP} is not enabled."
        assert_said(said, code, app)
        assert "enabled_policy_types=[]" in code

    def test_that_no_app_can_have_are_left_out_and_said(self) -> None:
        things = (policy("New", type="NEW_POLICY"), policy("Bad", content={"Statement": "x"}))
        code, app = written(*things, policy_types=("NEW_POLICY", SCP))
        assert_said("CloudFormation makes no policies of the type NEW_POLICY", code, app)
        assert_said("The policy Bad, p-Bad11111111, a SERVICE_CONTROL_POLICY, is left out:", code, app)
        assert_said("Enabled, too, but not known to this version: NEW_POLICY.", code, app)

    def test_of_aws_say_where_they_are_detached(self) -> None:
        full = policy("FullAWSAccess", "root", "management", origin=AWS)
        dev = account("111111111111", "acme-dev")
        code, app = written(dev, aws_policies={full.key: full}, policy_types=(SCP,))
        assert_said("AWS's FullAWSAccess is detached from dev, which no line here says.", code, app)
        assert "AWS's own policies are left alone: FullAWSAccess." in app.notes


class TestBeside:
    def test_everything_that_no_line_says_is_said(self) -> None:
        other = Instance(
            arn="arn:aws:sso:::instance/ssoins-9999222233334444",
            identity_store_id="d-9999222233",
            owner_account_id="111111111111",
            status="ACTIVE",
            region="eu-west-1",
            is_described=False,
        )
        dev = account("111111111111", "acme-dev")
        described_already = described().live
        assert described_already is not None
        code, app = written(
            dev,
            instances=(*described_already.instances, other),
            delegated_administrators=(
                DelegatedAdministrator(account=dev.key, services=("sso.amazonaws.com", "ram.amazonaws.com")),
            ),
            entitlements=(
                Entitlement(id="e", principal="p", account=dev.key, role_arn="arn:aws:iam::1:role/r", origin=HAND),
            ),
            unread=(Unread(action="sso:ListPermissionSets", what="the permission sets", why="AccessDenied"),),
            trusted_services=("sso.amazonaws.com", "Odd"),
        )
        for sentence in (
            "The account 111111111111 has an instance of IAM Identity Center of its own in eu-west-1,",
            "acme-dev administers ram.amazonaws.com for the organization, which no line says.",
            "Account access manager gives access, too, which no line says: in acme-dev.",
            "AWS would not tell: the permission sets (sso:ListPermissionSets: AccessDenied).",
            "Trusted, too, but not of a form that this app takes: Odd.",
        ):
            assert_said(sentence, code, app)
        assert 'delegated_administrators={"sso.amazonaws.com": "dev"},' in code

    def test_what_an_older_description_does_not_have_is_said(self) -> None:
        read = described()
        said = "Tags and alternate contacts were not read"
        assert any(said in each for each in app_from(read).notes)
        management = replace(read.accounts["management"], tags={})
        assert not any(said in each for each in app_from(replace(read, accounts={"management": management})).notes)

    def test_the_resource_policy_is_written(self) -> None:
        statement = {"Effect": "Allow", "Principal": {"AWS": "111111111111"}, "Action": "organizations:List*"}
        content = {"Version": "2012-10-17", "Statement": [{**statement, "Resource": "*"}]}
        code, app = written(resource_policy=ResourcePolicy(id="rp-12345678", content=content, origin=HAND))
        assert 'resource_policy=ResourcePolicyProps(content=document("policies/resource-policy.json")),' in code
        assert json.loads(app.files["policies/resource-policy.json"]) == content
        tagged = ResourcePolicy(id="rp-12345678", content=content, tags={"owner": "kim@acme.com"}, origin=HAND)
        given = 'content=document("policies/resource-policy.json"), tags={"owner": "kim@acme.com"}'
        assert given in " ".join(written(resource_policy=tagged)[0].split())
        assert "resource_policy" not in written(resource_policy=ResourcePolicy())[0]

    def test_a_resource_policy_of_others_is_left_alone(self) -> None:
        other = Origin(whence=Whence.STACK, stack="Other", logical_id="Policy")
        code, app = written(resource_policy=ResourcePolicy(id="rp-12345678", content={"Statement": []}, origin=other))
        assert "resource_policy=" not in code
        assert_said("The stack Other has the resource policy, so that this app leaves it alone.", code, app)
        empty = ResourcePolicy(id="rp-12345678", content={"Statement": []}, origin=HAND)
        assert "The resource policy is left out, since " in written(resource_policy=empty)[0]

    def test_budgets_are_written_with_what_differs_for_single_accounts(self) -> None:
        dev, production = account("111111111111", "acme-dev"), account("222222222222", "acme-production")
        found = (
            budget("all-of-acme", 500),
            budget("acme-management", 50, "management"),
            budget("acme-dev", 50, dev.key),
            budget("acme-production", 200.5, production.key),
        )
        code, app = written(dev, production, *found)
        assert (
            'budgets=BudgetsProps(emails=["dax@acme.com"], organization=500, each_account=50, accounts={"production":'
            " 200.5})," in " ".join(code.split())
        )
        assert not any("udget" in each for each in app.notes)
        # Without one of them there is none that each account has.
        some = " ".join(written(dev, production, *found[2:])[0].split())
        assert 'budgets=BudgetsProps(emails=["dax@acme.com"], accounts={"dev": 50, "production": 200.5}),' in some
        assert "budgets" not in written(dev, production)[0]

    @pytest.mark.parametrize(
        "other",
        [
            budget("monthly", 50, "111111111111"),
            budget("acme-dev", 50),
            budget("acme-dev", 50, "111111111111", "management"),
            budget("acme-dev", 50, "111111111111", type="USAGE"),
            budget("acme-dev", 50, "111111111111", time_unit="DAILY"),
            budget("acme-dev", 50, "111111111111", unit="EUR"),
            budget("acme-dev", 50, "111111111111", more=("Service",)),
            budget("acme-dev", None, "111111111111"),
            budget("acme-dev", 50, "111111111111", emails=("arn:aws:sns:us-east-1:111122223333:spent",)),
            replace(budget("acme-dev", 50, "111111111111"), alerts=()),
            budget("acme-old", 50, "333333333333"),
        ],
        ids=range(11),
    )
    def test_a_budget_of_another_kind_is_left_alone(self, other: Budget) -> None:
        here = (account("111111111111", "acme-dev"), account("333333333333", "acme-old", state="SUSPENDED"))
        code, app = written(*here, other)
        assert "budgets=" not in code
        more = " (with Service)" * bool(other.more)
        said = (
            f"Budgets are left alone that `budgets` would make under other names or in another way: {other.name}{more}."
        )
        assert_said(said, code, app)
        # Beside one that it makes, too.
        code, app = written(*here, other, budget("all-of-acme", 500))
        assert "organization=500" in code
        assert_said(said, code, app)

    def test_of_budgets_with_other_addresses_those_are_written_of_which_there_are_more(self) -> None:
        dev, kim = account("111111111111", "acme-dev"), ("kim@acme.com",)
        few, many = [budget("acme-dev", 9, dev.key)], [budget("all-of-acme", 500, emails=kim)]
        many.append(budget("acme-management", 50, "management", emails=kim))
        code, app = written(dev, *few, *many)
        assert 'emails=["kim@acme.com"], organization=500, accounts={"management": 50}' in " ".join(code.split())
        assert_said(f"in another way: {few[0].name}.", code, app)

    def test_budgets_that_cannot_be_said_say_why(self) -> None:
        unread = budget("all-of-acme", 500, alerts=None)
        assert_said("AWS was not asked, or would not tell, whom it writes to.", *written(unread))
        filtered = budget("all-of-acme", 500, more=("Metrics",))
        expression = "Those with Metrics may have a filter expression, which the app cannot say."
        assert_said(f"{filtered.name} (with Metrics). {expression}", *written(filtered))
        of_stack = budget("all-of-acme", 500, origin=STACK)
        assert_said(f"Budgets of others are left alone: {of_stack.name} (stack Other).", *written(of_stack))
        code, app = written(budget("all-of-acme", 500), region="eu-north-1")
        assert "budgets=" not in code
        assert_said("must be left out in eu-north-1", code, app)

    def test_root_access_is_said(self) -> None:
        both = ("RootCredentialsManagement", "RootSessions")
        assert "root_access=True," in written(root_features=both)[0]
        assert "root_access" not in written(root_features=())[0]

    def test_root_access_in_part_is_said_as_such(self) -> None:
        code, app = written(root_features=("RootSessions",))
        assert "root_access" not in code
        assert_said("Of central root access only RootSessions is enabled, which no line says.", code, app)

    def test_an_organization_that_no_deploy_takes_over_is_named(self) -> None:
        code, app = written(feature_set="CONSOLIDATED_BILLING")
        assert 'root_id="r-ab12"' in code
        assert_said("The organization has consolidated billing alone, so that this app only names it", code, app)

    def test_without_an_identity_center_there_are_no_people_yet(self) -> None:
        code, app = written(instances=())
        assert "identity_center=" not in code
        assert_said("There is no IAM Identity Center yet", code, app)

    def test_a_name_cannot_end_a_comment_or_a_text(self) -> None:
        kim = user(1, "kim@acme.com", display_name='"""\n\u202eimport os', emails=())
        code, _ = written(kim, account("111111111111", 'x", y\\', state="CLOSED"))
        assert "\u202e" not in code
        assert not any(line.strip().startswith("import os") for line in code.splitlines())


@pytest.mark.parametrize("more", [0, 1])
def test_what_is_made_is_spread_from_one_resource_more_than_a_stack_takes(more: int) -> None:
    kim, sam = user(1, "kim@acme.com"), user(2, "sam@acme.com", origin=PROVIDER)
    ours, theirs = group(3, "Ours", members=(kim.key, sam.key)), group(4, "Theirs", origin=PROVIDER)
    read, write = permission_set("Read"), permission_set("Write", origin=STACK)
    above, not_ours = unit("a", "above"), unit("b", "theirs", origin=STACK)
    units = [unit(f"{each:03}", f"unit-{each}", above.key) for each in range(483 + more)]
    dev, ops = account("111111111111", "acme-dev", parent=above.key), account("222222222222", "acme-ops")
    old = account("333333333333", "acme-old", origin=STACK)
    given: list[tuple[Group | User, PermissionSet, str]]
    given = [(ours, read, "management"), *((ours, read, each.key) for each in (dev, ops, old))]
    given += [(kim, write, "management"), (kim, read, ops.key), (sam, read, dev.key)]
    code, _ = written(
        *(kim, sam, ours, theirs, read, write, above, not_ours, *units, dev, ops, old, policy("Guard", above.key)),
        assignments=tuple(
            Assignment(account=where, permission_set=what.key, principal=who.key, origin=HAND)
            for who, what, where in given
        ),
        policy_types=(SCP,),
    )
    # 484 units, the organization, a policy, a permission set, 2 accounts, a group, a person, 2 memberships and
    # 7 assignments are 500 resources.
    assert code.count('stack="more"') == code.count("stack=") == (8 if more else 0)


def test_groups_and_who_is_only_named_are_no_people_with_assignments(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Sizes] = []

    def spread(sizes: Sizes) -> Stacks:
        asked.append(sizes)
        return Stacks()

    monkeypatch.setattr(organization, "spread", spread)
    kim, sam, team = user(1, "kim@acme.com"), user(2, "sam@acme.com", origin=PROVIDER), group(3, "Team")
    read = permission_set("Read")
    written_for = (
        Assignment(account="management", permission_set=read.key, principal=each.key, origin=HAND)
        for each in (kim, sam, team)
    )
    app_from(described(kim, sam, team, read, assignments=tuple(written_for)))
    assert [each.people_assigned for each in asked] == [1]


def test_what_synth_refuses_is_said() -> None:
    nameless = account("management", "***", email="aws@acme.com", account_id=MANAGEMENT)
    code, app = written(nameless)
    assert_said("Synth refuses what AWS has here: session_name must be given", code, app)


def test_templates_are_refused() -> None:
    with refuses("from-not-live"):
        app_from(replace(described(), live=None))


def test_what_has_no_management_account_is_refused() -> None:
    with refuses("from-no-organization"):
        app_from(replace(described(), accounts={}))
