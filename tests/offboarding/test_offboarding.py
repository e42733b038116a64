"""What it takes until somebody who leaves has nothing left, and that nobody else loses anything."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING, Any, Final

import pytest
from aws_cdk.assertions import Template
from click.testing import CliRunner

from checked_templates import document
from cloud_assembly import baseline, get
from iam_simulator import Policies, Request, decide
from live_answers import NOTHING
from org_constructs import AssignmentProps, OrgBaseline, UserProps
from org_constructs.commands import main
from org_constructs.offboarding.denial import UNKNOWN_ID, with_denial
from org_constructs.offboarding.leaving import Leaving, leave
from org_constructs.offboarding.person import find_person
from org_constructs.offboarding.rendering import as_json, render_markdown, render_text
from org_constructs.offboarding.take_out import Line
from org_constructs.templates.access import Access, effective_access
from org_constructs.templates.denial import denial
from org_constructs.templates.description import (
    MANAGEMENT,
    Description,
    Origin,
    PermissionSet,
    Policy,
    Unread,
    Whence,
    describe,
)
from org_constructs.templates.metadata import METADATA_KEY
from organizations import grown_arguments, make_app, template_of
from random_organizations import organization
from refusals import refuses

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from syrupy.assertion import SnapshotAssertion

IDS: Final = [f"1111222233-{number:08x}-3333-4444-5555-666677778888" for number in range(4)]
ORGANIZATIONS: Final = 50
LIVE: Final = replace(
    NOTHING, organization_id=None, management_account_id=None, policy_types=("SERVICE_CONTROL_POLICY",)
)


def leaving_of(template: Mapping[str, Any], wanted: str, name: str = "S") -> tuple[Description, Leaving]:
    described = describe({name: template})
    return described, leave(described, find_person(described, wanted), described)


def without(template: Mapping[str, Any], lines: Collection[Line]) -> dict[str, Any]:
    """A template without the resources that lines name."""
    gone = {each.logical_id for each in lines}
    return {"Resources": {name: each for name, each in template["Resources"].items() if name not in gone}}


def accesses(described: Description) -> set[tuple[str, str, str, str]]:
    """Who has what where, as names: keys of what templates make stay, whatever is taken out beside them."""

    def key(access: Access) -> tuple[str, str, str, str]:
        through = access.through.key if access.through else ""
        return access.who.key, access.permission_set.key, access.account.key, through

    return set(map(key, effective_access(described)))


def test_nothing_is_left_of_the_person_and_all_of_everybody_else_on_50_random_organizations() -> None:
    tried = 0
    for seed in range(1_000):
        template = {"Resources": organization(Random(seed))}  # noqa: S311 (nothing secret)
        before = describe({"S": template})
        if not before.users:
            continue
        user = Random(seed).choice(list(before.users.values()))  # noqa: S311 (likewise)
        lines = leave(before, user, before).take_out
        after = describe({"S": without(template, lines)})
        assert accesses(after) == {each for each in accesses(before) if each[0] != user.key}, seed
        members = {key: [each for each in group.members if each != user.key] for key, group in before.groups.items()}
        assert {key: list(group.members) for key, group in after.groups.items()} == members, seed
        assert after.users.keys() == before.users.keys() - {user.key}, seed
        assert user.key not in {each.principal for each in after.assignments}, seed
        assert len(lines) == len({each.logical_id for each in lines}), seed
        tried += 1
        if tried == ORGANIZATIONS:
            return
    pytest.fail("too few organizations have people")


def test_the_denial_stops_every_request_of_the_person_and_none_of_anybody_else() -> None:
    """In member accounts by the service control policy, in the management account by the permission sets."""
    asked, stopped = [], []
    for seed in range(ORGANIZATIONS):
        choose = Random(seed)  # noqa: S311 (likewise)
        _, leaving = leaving_of(template_of("grown"), choose.choice(["dax@acme.com", "kim@acme.com"]))
        assert leaving.denial is not None
        gone = choose.choice(IDS)
        control, (of_management,) = (
            json.loads(json.dumps(each).replace(UNKNOWN_ID, gone))
            for each in (leaving.denial.service_control_policy, [each for _, each in leaving.denial.inline_policies])
        )
        for who in IDS:
            account = choose.choice(["111122223333", "444455556666"])
            action, resource = choose.choice(
                [
                    ("s3:GetObject", "arn:aws:s3:::acme/a"),
                    ("iam:CreateUser", f"arn:aws:iam::{account}:user/a"),
                    ("ec2:DescribeInstances", "*"),
                    ("sts:AssumeRole", f"arn:aws:iam::{account}:role/a"),
                ]
            )
            request = Request(
                principal=f"arn:aws:sts::{account}:assumed-role/AWSReservedSSO_Set_0123456789abcdef/session",
                action=action,
                resource=resource,
                account=account,
                context={"identitystore:UserId": who},
            )
            allowing = {"Effect": "Allow", "Action": "*", "Resource": "*"}
            inline = document(allowing, *of_management["Statement"])
            policies = Policies(identity=[inline]) if account == "111122223333" else Policies(service_control=[control])
            asked.append((request, policies))
            stopped.append(who == gone)
    decisions = decide(asked)
    assert len(decisions) == ORGANIZATIONS * len(IDS)
    assert [each.result != "Allowed" for each in decisions] == stopped


def test_whoever_has_nothing_any_more_may_still_be_in_a_session_where_aws_is_asked() -> None:
    described = describe({"S": template_of("grown")})
    kim = find_person(described, "kim@acme.com")
    left = replace(
        described,
        groups={key: replace(each, members=()) for key, each in described.groups.items()},
        assignments=tuple(each for each in described.assignments if each.principal != kim.key),
        live=LIVE,
    )
    of_templates, of_aws = (leave(replace(left, live=live), kim, described) for live in (None, LIVE))
    assert (of_templates.has, of_templates.denial, of_aws.has) == ((), None, ())
    assert of_aws.denial is not None
    assert of_aws.denial.service_control_policy == denial(kim.key)
    assert {name for name, _ in of_aws.denial.inline_policies} == {
        left.permission_sets[each.permission_set].name for each in left.assignments if each.account == MANAGEMENT
    }
    assert "If access was taken away in the last hours, deny what kim@acme.com does" in render_text(of_aws)


@pytest.mark.parametrize(
    "unread", [(), (Unread(what="stacks", action="cloudformation:ListStacks", why="AccessDenied"),)]
)
def test_what_an_unread_stack_may_have_is_not_called_by_hand(unread: tuple[Unread, ...]) -> None:
    described = describe({"S": template_of("grown")})
    whence = Whence.UNKNOWN if unread else Whence.HAND
    assignments = tuple(replace(each, origin=Origin(whence=whence)) for each in described.assignments)
    live = replace(described, assignments=assignments, live=replace(LIVE, unread=unread))
    given = next(each for each in live.assignments if each.principal in live.users)
    text = render_text(leave(live, live.users[given.principal], described))
    assert ("unless a stack that could not be read has it" in text) == bool(unread)
    assert ("no deploy takes away what no stack has" in text) != bool(unread)


def test_the_lines_of_a_baseline_take_two_people_out_and_leave_the_third() -> None:
    template = template_of("grown")
    before = describe({"OrgBaseline": template})
    arguments = grown_arguments()
    for name in ("lou", "Kim Acme"):
        leaving = leave(before, find_person(before, name), before)
        assert leaving.is_safe
        for line in leaving.take_out:
            props = eval(line.what, {"UserProps": dict, "AssignmentProps": dict})  # noqa: S307 (our own output)
            kept = [
                each
                for each in arguments[line.place]
                if any(getattr(each, key) != value for key, value in props.items())
            ]
            assert len(kept) < len(arguments[line.place])
            arguments[line.place] = kept
    after = describe(
        {"OrgBaseline": Template.from_stack(OrgBaseline(make_app(), "OrgBaseline", **arguments)).to_json()}
    )
    dax = find_person(before, "dax@acme.com")
    assert accesses(after) == {each for each in accesses(before) if each[0] == dax.key}
    assert after.groups.keys() == before.groups.keys()
    assert {type(each) for each in (*arguments["users"], *arguments["assignments"])} == {UserProps, AssignmentProps}


def test_the_denial_is_nothing_that_the_rules_find_unsafe(tmp_path: Path) -> None:
    template = deepcopy(template_of("grown"))
    _, leaving = leaving_of(template, "kim@acme.com")
    assert leaving.denial is not None

    def found() -> list[tuple[str, str]]:
        (tmp_path / "S.template.json").write_text(json.dumps(template), encoding="utf-8")
        said = CliRunner().invoke(main, ["check", "--json", str(tmp_path / "S.template.json")])
        return [(each["rule"], each["message"]) for each in json.loads(said.stdout)]

    before = found()
    [name] = [name for name, each in template["Resources"].items() if each["Type"] == "AWS::Organizations::Policy"][:1]
    template["Resources"]["HasLeft"] = deepcopy(template["Resources"][name])
    template["Resources"]["HasLeft"]["Properties"] |= {
        "Name": "has-left",
        "Content": leaving.denial.service_control_policy,
    }
    ((of, policy),) = leaving.denial.inline_policies
    [permission_set] = [each for each in template["Resources"].values() if each.get("Properties", {}).get("Name") == of]
    permission_set["Properties"]["InlinePolicy"] = policy
    assert found() == before


def test_keeps_the_inline_policy_of_a_permission_set_and_leaves_its_end_to_the_app() -> None:
    own = {"Effect": "Deny", "Action": "iam:CreateUser", "Resource": "*"}
    ends = {
        "Sid": "AccessEnds",
        "Effect": "Deny",
        "Action": "*",
        "Resource": "*",
        "Condition": {"DateGreaterThanEquals": {"aws:CurrentTime": "2099-12-31T18:00:00Z"}},
    }
    template = deepcopy(template_of("guide"))
    [permission_set] = [each for each in template["Resources"].values() if each["Type"] == "AWS::SSO::PermissionSet"]
    permission_set["Properties"]["InlinePolicy"] = document(own, ends)
    _, leaving = leaving_of(template, "dax@acme.com")
    assert leaving.denial is not None
    [(_, policy)] = leaving.denial.inline_policies
    assert policy is not None
    assert policy["Statement"] == [own, leaving.denial.statement]
    assert [each.time for each in leaving.has] == ["until 2099-12-31 18:00 UTC"]
    permission_set["Properties"]["InlinePolicy"] = document({**own, "Resource": {"Fn::Sub": "${AWS::Partition}"}})
    _, leaving = leaving_of(template, "dax@acme.com")
    assert leaving.denial is not None
    assert leaving.denial.inline_policies == (("AdministratorAccess", None),)


def test_denies_the_next_one_who_leaves_beside_whom_a_permission_set_denies_already() -> None:
    own = {"Effect": "Deny", "Action": "iam:CreateUser", "Resource": "*"}
    alike = denial(IDS[0])["Statement"][0] | {"Sid": "Mine", "Action": "s3:*"}
    policy: dict[str, Any] | None = document(own, alike)
    for number, gone in enumerate([*IDS[1:], IDS[2]]):
        policy = with_denial(PermissionSet(key="P", name="P", properties={"InlinePolicy": json.dumps(policy)}), gone)
        assert policy is not None
        assert policy["Statement"] == [own, alike, *denial(*IDS[1:][: number + 1])["Statement"]]


def test_names_no_props_of_a_permission_set_that_the_app_does_not_make() -> None:
    app = describe({"S": template_of("guide")})
    sets = {key: replace(each, name="ByHand") for key, each in app.permission_sets.items()}
    leaving = leave(replace(app, permission_sets=sets), find_person(app, "dax@acme.com"), app)
    assert leaving.denial is not None
    assert leaving.denial.inline_policies == (("ByHand", None),)
    assert "PermissionSetProps" not in render_text(leaving)


@pytest.mark.parametrize(("session", "hours"), [("PT1H", 1), ("PT90M", 2), (None, 1), ({"Ref": "P"}, 12)], ids=str)
def test_the_denial_stays_as_long_as_the_longest_session(session: Any, hours: int) -> None:
    template = deepcopy(template_of("guide"))
    [permission_set] = [each for each in template["Resources"].values() if each["Type"] == "AWS::SSO::PermissionSet"]
    permission_set["Properties"] |= {"SessionDuration": session}
    if session is None:
        del permission_set["Properties"]["SessionDuration"]
    _, leaving = leaving_of(template, "dax@acme.com")
    assert leaving.denial is not None
    assert leaving.denial.hours == hours


def test_calls_it_unsafe_where_nobody_administers_the_management_account_afterwards() -> None:
    _, leaving = leaving_of(template_of("guide"), "dax@acme.com")
    assert not leaving.is_safe
    assert [each.partition(" ")[0] for each in leaving.why_not] == ["nobody"]
    _, leaving = leaving_of(template_of("elsewhere"), "dax@acme.com")
    assert leaving.is_safe  # kim stays


def test_does_not_take_somebody_whose_access_has_ended_for_an_administrator() -> None:
    resources = baseline()
    resources["Kim"] = deepcopy(resources["Dax"])
    resources["Kim"]["Properties"] |= {"UserName": "kim@acme.com", "DisplayName": "Kim"}
    resources["Ended"] = deepcopy(resources["AdministratorAccess"])
    ends = {"DateGreaterThanEquals": {"aws:CurrentTime": "2020-12-31T18:00:00Z"}}
    policy = document({"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": ends})
    resources["Ended"]["Properties"] |= {"Name": "Ended", "InlinePolicy": policy}
    resources["OfKim"] = deepcopy(resources["OfManagement"])
    resources["OfKim"]["Properties"] |= {
        "PermissionSetArn": get("Ended", "PermissionSetArn"),
        "PrincipalType": "USER",
        "PrincipalId": get("Kim", "UserId"),
    }
    _, leaving = leaving_of({"Resources": resources}, "dax@acme.com")
    assert len(leaving.why_not) == 1
    _, leaving = leaving_of({"Resources": resources}, "kim@acme.com")
    assert leaving.why_not == ()
    del resources["Ended"]["Properties"]["InlinePolicy"]
    _, leaving = leaving_of({"Resources": resources}, "dax@acme.com")
    assert leaving.why_not == ()


def test_says_whom_it_cannot_know_of_people_whom_an_identity_provider_has() -> None:
    _, leaving = leaving_of(template_of("existing"), "dax@acme.com")
    assert leaving.unknown_groups == ("aws-admins",)
    assert not leaving.is_safe
    assert [(each.place, each.what) for each in leaving.take_out] == [
        ("users", 'UserProps(user_name="dax@acme.com")'),
        ("assignments", 'AssignmentProps(principal="dax@acme.com", permission_set="Support")'),
    ]
    assert leaving.denial is not None
    assert leaving.denial.id == "1111222233-11112222-3333-4444-5555-666677778888"
    # The group may have the person in the management account; AWS says of Support how long its sessions last.
    assert [name for name, _ in leaving.denial.inline_policies] == ["AdministratorAccess"]
    assert leaving.denial.hours == 12


@pytest.mark.parametrize("company", ["acme", {"Ref": "Company"}], ids=["literal", "of the deploy"])
def test_a_single_construct_beside_a_baseline_is_named_by_its_path(company: Any) -> None:
    template = deepcopy(template_of("grown"))
    template["Metadata"][METADATA_KEY]["Company"] = company
    resources = template["Resources"]
    [lou] = [
        each
        for each in resources.values()
        if each["Type"] == "AWS::SSO::Assignment" and each["Properties"]["PrincipalType"] == "USER"
    ]
    resources["Mine"] = deepcopy(lou)
    resources["Mine"]["Metadata"] = {"aws:cdk:path": "OrgBaseline/Mine/Resource"}
    _, leaving = leaving_of(template, "lou", "OrgBaseline")
    assert leaving.take_out[-1] == Line(place="stack OrgBaseline", what="OrgBaseline/Mine/Resource", logical_id="Mine")
    assert leaving.is_baseline
    assert {each.place for each in leaving.take_out[:-1]} == {"users", "assignments"}


def test_says_what_else_the_person_is_named_in() -> None:
    described = describe({"S": template_of("guide")})
    dax = find_person(described, "dax@acme.com")
    accounts = {key: replace(each, email="Dax@acme.com") for key, each in described.accounts.items()}
    leaving = leave(replace(described, accounts=accounts), dax, described)
    assert [each.split(" has ")[0] for each in leaving.named] == [
        "The root user of acme",
        "The root user of acme-dev",
        "The root user of acme-production",
    ]
    assert leave(described, dax, described).named == ()
    policies = {
        name: Policy(
            key=name, name=name, type="SERVICE_CONTROL_POLICY", content=document({"NotPrincipal": {"AWS": of}})
        )
        for name, of in (("a", "user/LOU"), ("b", "cloud"), ("c", "lou@acme.com"), ("d", "lou@acme.com.au"))
    }
    lou = replace(dax, key="1", name="lou", emails=("lou@acme.com",))
    with_lou = replace(described, users={**described.users, lou.key: lou}, policies=policies)
    assert leave(with_lou, lou, described).named == ("The policy a names the person", "The policy c names the person")


@pytest.mark.parametrize("wanted", ["lou", "LOU", "lou@acme.com", "lou from payroll"])
def test_finds_a_person_by_any_name(wanted: str) -> None:
    assert find_person(describe({"S": template_of("grown")}), wanted).name == "lou"


def test_refuses_whom_nobody_is_and_whom_several_are() -> None:
    described = describe({"S": template_of("grown")})
    with refuses("person-unknown", "kin@acme.com", "kim@acme.com"):
        find_person(described, "kin@acme.com")
    with refuses("person-unknown", "dax@", "dax@acme.com"):
        find_person(described, "dax@")
    # Of the same company, and not meant.
    with refuses("person-unknown", "tom@acme.com", "org-baseline offboard USER live"):
        find_person(described, "tom@acme.com")
    with refuses("person-unknown", "mallory", "org-baseline offboard USER live"):
        find_person(described, "mallory")
    both = {key: replace(each, display_name="Kim") for key, each in described.users.items()}
    with refuses("person-ambiguous", "kim", "dax@acme.com, kim@acme.com, lou"):
        find_person(replace(described, users=both), "kim")


@pytest.mark.parametrize("render", [render_text, render_markdown], ids=["text", "markdown"])
def test_is_written(render: Any, snapshot: SnapshotAssertion) -> None:
    described = describe({"OrgBaseline": template_of("existing")})
    leaving = leave(described, find_person(described, "dax@acme.com"), described, profile="acme")
    assert render(leaving) == snapshot
    described = describe({"S": template_of("guide")})
    leaving = leave(described, find_person(described, "dax@acme.com"), described, profile="acme")
    assert render(leaving) == snapshot


def test_is_written_for_programs() -> None:
    _, leaving = leaving_of(template_of("grown"), "lou", "OrgBaseline")
    said = json.loads(json.dumps(as_json(leaving)))
    assert said["person"] == {"userName": "lou", "displayName": "Lou from payroll", "id": None, "origin": None}
    assert said["has"] == [
        {"permissionSet": "ReadOnly", "accounts": ["acme-billing"], "through": None, "origin": None, "time": None}
    ]
    assert (said["safe"], said["denial"]["hours"], said["denial"]["inlinePolicies"]) == (True, 1, [])
    assert [each["in"] for each in said["takeOut"]] == ["users", "assignments"]
