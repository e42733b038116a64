"""Resources of templates against what exists: by e-mail, path or name, and never by a guess."""

from __future__ import annotations

import json
from collections import Counter
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pytest

from local_aws_stacks import (
    account,
    assignment,
    deploy,
    group,
    membership,
    permission_set,
    policy,
    resource,
    unit,
    user,
)
from made_by_hand import ADMINISTRATOR_ACCESS, INSTANCE, MANAGEMENT, STORE, Hand
from org_constructs.aws.user_types import CUSTOM_USER
from org_constructs.live.organization import LiveOrganization
from org_constructs.matching import PRIMARY_IDENTIFIERS, TYPES, Match, Matcher, State
from org_constructs.matching.template import Templates
from org_constructs.matching.updates import updates
from org_constructs.rehearsal.local_aws import Existing, LocalAws
from org_constructs.templates.assembly import Stack
from organizations import template_of
from policy_documents import ALLOW_LISTING, DENY_LEAVING, DENY_LEAVING_TEXT, content_of
from published_rates import seconds
from refusals import assert_refusal, refuses, stands_in, without_ids

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from syrupy.assertion import SnapshotAssertion

ORGANIZATION = {"Type": "AWS::Organizations::Organization", "Properties": {"FeatureSet": "ALL"}}
ROOT_ID = {"Fn::GetAtt": ["Organization", "RootId"]}


@pytest.fixture
def aws() -> Iterator[LocalAws]:
    with LocalAws(management_account_id=MANAGEMENT, region="us-east-1") as running:
        running.seed(Existing(instance_arn=INSTANCE, identity_store_id=STORE))
        yield running


@pytest.fixture
def hand(aws: LocalAws) -> Hand:
    return Hand(aws)


def stack_of(template: Mapping[str, Any], name: str = "OrgBaseline") -> Stack:
    return Stack(
        id=name,
        name=name,
        account=MANAGEMENT,
        region="us-east-1",
        template=template,
        template_file=Path(),
        folder=Path(),
        artifact={},
    )


def matcher_of(aws: LocalAws, *stacks: Stack, **resources: Any) -> Matcher:
    return Matcher(stacks or (stack_of({"Resources": resources}),), LiveOrganization(aws.client))


def match(aws: LocalAws, logical_id: str, **resources: Any) -> Match:
    """Match one of the resources."""
    matches = matcher_of(aws, **resources).matches(resources[logical_id]["Type"])
    return next(each for each in matches if each.logical_id == logical_id)


def differences(found: Match) -> dict[str, tuple[Any, Any]]:
    """What is there and what the template says, by property."""
    return {each.property: (each.found, each.template) for each in found.differences}


def here(made: Any, **properties: Any) -> dict[str, Any]:
    """One of the local AWS's resources, in the identity center of these tests."""
    resource: dict[str, Any] = made(**properties)
    for name, value in (("InstanceArn", INSTANCE), ("IdentityStoreId", STORE)):
        if name in resource["Properties"]:
            resource["Properties"][name] = value
    return resource


def custom_user(**parameters: Any) -> dict[str, Any]:
    call = {"parameters": {"IdentityStoreId": STORE, "UserName": "dax@acme.com"} | parameters}
    return {"Type": CUSTOM_USER, "Properties": {"Create": json.dumps(call)}}


class TestGuide:
    def test_finds_nothing_of_it_in_an_empty_account(self, aws: LocalAws) -> None:
        matcher = matcher_of(aws, stack_of(template_of("guide")))
        found = [match for resource_type in TYPES for match in matcher.matches(resource_type)]
        assert len(found) == len(template_of("guide")["Resources"])
        assert {match.state for match in found} == {State.CREATED}

    def test_finds_all_of_it_made_by_hand(self, aws: LocalAws, hand: Hand) -> None:
        made = hand.guide()
        matcher = matcher_of(aws, stack_of(template_of("guide")))
        found = [match for resource_type in TYPES for match in matcher.matches(resource_type)]
        assert len(found) == len(template_of("guide")["Resources"])
        assert {(match.state, match.differences) for match in found} == {(State.ADOPTED, ())}
        identifiers = [dict(match.identifier) for match in found]
        assert {"Id": made["organization"]} in identifiers
        assert {"AccountId": made["production"]} in identifiers
        assert {"InstanceArn": INSTANCE, "PermissionSetArn": made["set"]} in identifiers
        assert {"GroupId": made["group"], "IdentityStoreId": STORE} in identifiers
        assert {"MembershipId": made["membership"], "IdentityStoreId": STORE} in identifiers
        assert {"Arn": f"arn:aws:identitystore:::user/{made['user']}"} in identifiers
        assert {
            "InstanceArn": INSTANCE,
            "TargetId": MANAGEMENT,
            "TargetType": "AWS_ACCOUNT",
            "PermissionSetArn": made["set"],
            "PrincipalType": "GROUP",
            "PrincipalId": made["group"],
        } in identifiers
        assert not any(matcher.unknown(resource_type) for resource_type in TYPES)

    @pytest.mark.parametrize("resource_type", PRIMARY_IDENTIFIERS)
    def test_identifies_each_type_as_its_published_schema_says(self, resource_type: str) -> None:
        schemas = files("cfnlint.data.schemas")
        name = json.loads((schemas / "providers" / "us-east-1.json").read_bytes())[resource_type]
        schema = json.loads((schemas / "resources" / f"{name}.json").read_bytes())
        identifier = {pointer.removeprefix("/properties/") for pointer in schema["primaryIdentifier"]}
        assert set(PRIMARY_IDENTIFIERS[resource_type]) == identifier
        assert "read" in schema["handlers"]

    def test_gives_each_found_resource_its_whole_identifier(self, aws: LocalAws, hand: Hand) -> None:
        hand.guide()
        matcher = matcher_of(aws, stack_of(template_of("guide")))
        matches = [found for resource_type in PRIMARY_IDENTIFIERS for found in matcher.matches(resource_type)]
        assert {tuple(found.identifier) for found in matches if found.identifier} == {
            tuple(PRIMARY_IDENTIFIERS[found.type]) for found in matches
        }
        assert len(matches) > 8


class TestOrganization:
    def test_is_in_the_way_with_consolidated_billing_only(self, aws: LocalAws, hand: Hand) -> None:
        hand.organization(feature_set="CONSOLIDATED_BILLING")
        found = match(aws, "Organization", Organization=ORGANIZATION)
        assert found.state is State.IN_THE_WAY
        assert differences(found) == {"FeatureSet": ("CONSOLIDATED_BILLING", "ALL")}
        assert_refusal(found.reason, "feature-set-fixed")

    def test_is_in_the_way_where_the_account_is_a_member(
        self, aws: LocalAws, hand: Hand, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        organization = hand.organization()
        live = LiveOrganization(aws.client)
        caller = live.caller()
        monkeypatch.setattr(live, "caller", lambda: type(caller)(account_id="999999999999", arn=caller.arn))
        [found] = Matcher([stack_of({"Resources": {"Organization": ORGANIZATION}})], live).matches(
            "AWS::Organizations::Organization"
        )
        assert found.state is State.IN_THE_WAY
        assert_refusal(found.reason, "organization-member", "999999999999", organization)


class TestUnits:
    def test_are_known_by_their_path(self, aws: LocalAws, hand: Hand) -> None:
        hand.organization()
        ids = {parent: hand.unit("dev", parent=hand.unit(parent)) for parent in ("workloads", "sandbox")}
        resources = {
            "Organization": ORGANIZATION,
            "Sandbox": unit(Name="sandbox", ParentId=ROOT_ID),
            "Dev": unit(Name="dev", ParentId={"Ref": "Sandbox"}),
            "Prod": unit(Name="prod", ParentId={"Ref": "Sandbox"}),
        }
        found = match(aws, "Dev", **resources)
        assert (found.state, found.name, found.id) == (State.ADOPTED, "sandbox/dev", ids["sandbox"])
        assert match(aws, "Prod", **resources).state is State.CREATED

    def test_are_compared_in_their_tags_where_the_template_has_some(self, aws: LocalAws, hand: Hand) -> None:
        hand.organization()
        unit_id = hand.unit("workloads")
        aws.client("organizations").tag_resource(
            ResourceId=unit_id, Tags=[{"Key": "owner", "Value": "kim"}, {"Key": "more", "Value": "stays"}]
        )
        tags = [{"Key": "owner", "Value": "dax"}]
        resources = {
            "Organization": ORGANIZATION,
            "Unit": unit(Name="workloads", ParentId=ROOT_ID, Tags=tags),
        }
        assert differences(match(aws, "Unit", **resources)) == {"Tags": ([{"Key": "owner", "Value": "kim"}], tags)}

    def test_under_a_unit_that_is_not_there_are_refused(self, aws: LocalAws, hand: Hand) -> None:
        hand.organization()
        with refuses("unit-missing", "ou-acme-12345678"):
            match(aws, "Unit", Unit=unit(ParentId="ou-acme-12345678"))

    def test_under_the_root_of_another_organization_are_refused(self, aws: LocalAws, hand: Hand) -> None:
        hand.organization()
        with refuses("root-mismatch", "Unit of stack 'OrgBaseline'", "r-other", hand.root):
            match(aws, "Unit", Unit=unit(ParentId="r-other"))

    def test_under_a_root_where_there_is_no_organization_are_refused(self, aws: LocalAws) -> None:
        with refuses("root-mismatch", "r-other", "no organization"):
            match(aws, "Unit", Unit=unit(ParentId="r-other"))


class TestAccounts:
    def test_are_known_by_their_email_however_it_is_written(self, aws: LocalAws, hand: Hand) -> None:
        hand.organization()
        dev = hand.account("Acme-Dev", "AWS+Dev@acme.com")
        found = match(aws, "Dev", Dev=account())
        assert (found.state, found.id, found.differences) == (State.ADOPTED, dev, ())

    def test_under_another_parent_are_moved_by_the_deploy(self, aws: LocalAws, hand: Hand) -> None:
        hand.organization()
        unit_id, other = hand.unit("workloads"), hand.unit("other")
        hand.account("acme-dev", "aws+dev@acme.com", parent=other)
        resources = {
            "Organization": ORGANIZATION,
            "Unit": unit(Name="workloads", ParentId=ROOT_ID),
            "Dev": account(ParentIds=[{"Fn::GetAtt": ["Unit", "Id"]}]),
        }
        found = match(aws, "Dev", **resources)
        assert found.state is State.ADOPTED
        assert differences(found) == {"ParentIds": ([other], [unit_id])}

    def test_of_a_unit_that_is_still_to_be_made_are_moved_by_the_deploy(self, aws: LocalAws, hand: Hand) -> None:
        hand.organization()
        hand.account("acme-dev", "aws+dev@acme.com")
        resources = {
            "Organization": ORGANIZATION,
            "Unit": unit(Name="workloads", ParentId=ROOT_ID),
            "Dev": account(ParentIds=[{"Fn::GetAtt": ["Unit", "Id"]}]),
        }
        assert differences(match(aws, "Dev", **resources)) == {"ParentIds": ([hand.root], ["workloads"])}

    def test_without_a_parent_are_under_the_root(self, aws: LocalAws, hand: Hand) -> None:
        hand.organization()
        other = hand.unit("other")
        hand.account("acme-dev", "aws+dev@acme.com", parent=other)
        assert differences(match(aws, "Dev", Dev=account())) == {"ParentIds": ([other], [hand.root])}

    def test_of_another_name_are_in_the_way(self, aws: LocalAws, hand: Hand) -> None:
        hand.organization()
        dev = hand.account("Development", "aws+dev@acme.com")
        found = match(aws, "Dev", Dev=account())
        assert (found.state, found.id, found.identifier) == (State.IN_THE_WAY, dev, {})
        assert differences(found) == {"AccountName": ("Development", "acme-dev")}
        assert_refusal(found.reason, "account-name-fixed")

    def test_of_the_name_with_another_email_are_in_the_way(self, aws: LocalAws, hand: Hand) -> None:
        hand.organization()
        dev = hand.account("acme-dev", "aws-dev@acme.com")
        found = match(aws, "Dev", Dev=account())
        assert (found.state, found.id) == (State.IN_THE_WAY, dev)
        assert differences(found) == {"Email": ("aws-dev@acme.com", "aws+dev@acme.com")}
        assert_refusal(found.reason, "account-namesake", dev)

    def test_that_are_closed_are_in_the_way(self, aws: LocalAws, hand: Hand) -> None:
        hand.organization()
        aws.client("organizations").close_account(AccountId=hand.account("acme-dev", "aws+dev@acme.com"))
        found = match(aws, "Dev", Dev=account())
        assert found.state is State.IN_THE_WAY
        assert differences(found) == {"State": ("CLOSED", "ACTIVE")}
        assert_refusal(found.reason, "account-closed", found.id or "")

    def test_with_the_management_accounts_email_are_in_the_way(self, aws: LocalAws, hand: Hand) -> None:
        hand.organization()
        email = LiveOrganization(aws.client).accounts()[0].email
        found = match(aws, "Dev", Dev=account(Email=email))
        assert found.state is State.IN_THE_WAY
        assert_refusal(found.reason, "account-email-management")

    def test_of_an_email_that_only_a_deploy_knows_are_refused(self, aws: LocalAws) -> None:
        with refuses("property-unknown", "Dev of stack", "Email", '{"Ref": "Mail"}'):
            match(aws, "Dev", Dev=account(Email={"Ref": "Mail"}))


class TestPolicies:
    def test_are_known_by_type_and_name(self, aws: LocalAws, hand: Hand) -> None:
        hand.organization()
        hand.service_control_policies()
        policy_id = hand.policy("DenyRoot", DENY_LEAVING_TEXT, hand.root)
        resources = {"Organization": ORGANIZATION, "Policy": policy(TargetIds=[ROOT_ID])}
        found = match(aws, "Policy", **resources)
        assert (found.state, found.id, found.differences) == (State.ADOPTED, policy_id, ())

    def test_differ_in_what_they_say_and_where_they_are_attached(self, aws: LocalAws, hand: Hand) -> None:
        hand.organization()
        dev = hand.account("acme-dev", "aws+dev@acme.com")
        hand.service_control_policies()
        hand.policy("DenyRoot", json.dumps(content_of("SERVICE_CONTROL_POLICY")), dev)
        resources = {"Organization": ORGANIZATION, "Policy": policy(TargetIds=[ROOT_ID], Description="No root")}
        assert differences(match(aws, "Policy", **resources)) == {
            "Description": (None, "No root"),
            "Content": (content_of("SERVICE_CONTROL_POLICY"), DENY_LEAVING),
            "TargetIds": ([dev], [hand.root]),
        }

    def test_of_aws_are_in_the_way(self, aws: LocalAws, hand: Hand) -> None:
        hand.organization()
        found = match(aws, "Policy", Policy=policy(Name="FullAWSAccess"))
        assert found.state is State.IN_THE_WAY
        assert_refusal(found.reason, "policy-of-aws", "p-FullAWSAccess")

    def test_of_awss_sign_up_are_in_the_way_and_named_as_such(self, aws: LocalAws, hand: Hand) -> None:
        hand.organization()
        hand.service_control_policies()
        name = "ManagedAccountSecurityControlPolicy"
        made = hand.policy(name, json.dumps(content_of("SERVICE_CONTROL_POLICY")), hand.root)
        found = match(aws, "Policy", Policy=policy(Name=name))
        assert (found.state, found.identifier) == (State.IN_THE_WAY, {})
        assert_refusal(found.reason, "policy-of-sign-up", made)
        unknown = matcher_of(aws, Policy=policy()).unknown("AWS::Organizations::Policy")
        assert [(each.name, each.id) for each in unknown] == [(f"{name} (SERVICE_CONTROL_POLICY), AWS's own", made)]


class TestResourcePolicy:
    def test_is_the_one_that_there_is(self, aws: LocalAws, hand: Hand) -> None:
        hand.organization()
        dev = hand.account("acme-dev", "aws+dev@acme.com")

        def content(principal: object, action: str = "organizations:List*") -> dict[str, Any]:
            statement = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": action, "Resource": "*"}
            return {"Version": "2012-10-17", "Statement": [statement]}

        by_reference = content({"Fn::GetAtt": ["Dev", "AccountId"]})
        resources = {"Dev": account(), "Policy": resource("AWS::Organizations::ResourcePolicy", Content=by_reference)}
        assert match(aws, "Policy", **resources).state is State.CREATED
        organizations = aws.client("organizations")
        made = organizations.put_resource_policy(Content=json.dumps(content(dev)))["ResourcePolicy"]
        found = match(aws, "Policy", **resources)
        policy_id = made["ResourcePolicySummary"]["Id"]
        assert (found.state, found.identifier, found.differences) == (State.ADOPTED, {"Id": policy_id}, ())
        organizations.put_resource_policy(Content=json.dumps(content(dev, "organizations:Describe*")))
        assert differences(match(aws, "Policy", **resources)) == {
            "Content": (content(dev, "organizations:Describe*"), content(dev))
        }


class TestPermissionSets:
    @pytest.mark.parametrize("session", ["PT12H", "PT720M", "P0DT12H"])
    @pytest.mark.parametrize(
        "arn",
        [
            {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ADMINISTRATOR_ACCESS[7:]]]},
            {"Fn::Sub": f"arn:${{AWS::Partition}}{ADMINISTRATOR_ACCESS[7:]}"},
            ADMINISTRATOR_ACCESS,
        ],
        ids=str,
    )
    def test_are_the_same_however_they_are_written(self, aws: LocalAws, hand: Hand, session: str, arn: Any) -> None:
        hand.permission_set(session="PT12H")
        wanted = here(
            permission_set,
            SessionDuration=session,
            Description="Everything, for 12 hours at a time",
            ManagedPolicies=[arn],
        )
        assert match(aws, "Set", Set=wanted).differences == ()

    def test_differ_in_all_that_they_hold(self, aws: LocalAws, hand: Hand) -> None:
        arn = hand.permission_set(description="Old", session="PT1H")
        sso = aws.client("sso-admin")
        sso.put_inline_policy_to_permission_set(
            InstanceArn=INSTANCE, PermissionSetArn=arn, InlinePolicy=json.dumps(ALLOW_LISTING)
        )
        sso.put_permissions_boundary_to_permission_set(
            InstanceArn=INSTANCE, PermissionSetArn=arn, PermissionsBoundary={"ManagedPolicyArn": ADMINISTRATOR_ACCESS}
        )
        sso.attach_customer_managed_policy_reference_to_permission_set(
            InstanceArn=INSTANCE, PermissionSetArn=arn, CustomerManagedPolicyReference={"Name": "own"}
        )
        wanted = here(permission_set, SessionDuration="PT2H")
        assert differences(match(aws, "Set", Set=wanted)) == {
            "SessionDuration": ("PT1H", "PT2H"),
            "Description": ("Old", None),
            "ManagedPolicies": ([ADMINISTRATOR_ACCESS], None),
            "CustomerManagedPolicyReferences": ([{"Name": "own", "Path": "/"}], None),
            "InlinePolicy": (ALLOW_LISTING, None),
            "PermissionsBoundary": ({"ManagedPolicyArn": ADMINISTRATOR_ACCESS}, None),
        }

    def test_in_an_instance_that_is_not_there_are_refused(self, aws: LocalAws) -> None:
        with refuses("identity-center-mismatch", f"available: {INSTANCE}"):
            match(aws, "Set", Set=permission_set())


class TestUsers:
    def test_are_adopted_with_a_name_that_the_deploy_changes(self, aws: LocalAws, hand: Hand) -> None:
        user_id = hand.user(display="Dax", given="D.", family="Acme")
        found = match(aws, "Dax", Dax=here(user))
        assert (found.state, found.id) == (State.ADOPTED, user_id)
        assert differences(found) == {
            "Name": ({"GivenName": "D.", "FamilyName": "Acme"}, {"GivenName": "Dax", "FamilyName": "Acme"})
        }

    @pytest.mark.parametrize("email", ["dax@old.acme.com", None])
    def test_with_another_email_are_in_the_way(self, aws: LocalAws, hand: Hand, email: str | None) -> None:
        user_id = hand.user(email=email)
        found = match(aws, "Dax", Dax=here(user))
        assert (found.state, found.id) == (State.IN_THE_WAY, user_id)
        assert differences(found) == {"Emails": (email, "dax@acme.com")}
        assert_refusal(found.reason, "user-different")
        assert found.lines == (f'UserProps(user_name="dax@acme.com", user_id="{user_id}"),',)

    def test_with_the_email_under_another_user_name_are_in_the_way(self, aws: LocalAws, hand: Hand) -> None:
        hand.user(user_name="dax")
        found = match(aws, "Dax", Dax=here(user))
        assert found.state is State.IN_THE_WAY
        assert differences(found) == {"UserName": ("dax", "dax@acme.com")}

    @pytest.mark.parametrize("made", [lambda: here(user), lambda: custom_user(Emails=[{"Value": "dax@acme.com"}])])
    def test_are_ambiguous_where_one_has_the_name_and_one_the_email(self, aws: LocalAws, hand: Hand, made: Any) -> None:
        ids = [hand.user(email="dax@home.acme.com"), hand.user(user_name="dax")]
        found = match(aws, "Dax", Dax=made())
        assert (found.state, found.id, found.identifier) == (State.AMBIGUOUS, None, {})
        assert_refusal(found.reason, "ambiguous", *ids)

    def test_that_are_custom_resources_cannot_be_imported(self, aws: LocalAws, hand: Hand) -> None:
        user_id = hand.user()
        found = match(aws, "Dax", Dax=custom_user())
        assert (found.state, found.id, found.identifier) == (State.IN_THE_WAY, user_id, {})
        assert_refusal(found.reason, "user-not-importable")
        assert found.lines == (f'UserProps(user_name="dax@acme.com", user_id="{user_id}"),',)

    def test_that_are_custom_resources_are_made_where_there_is_none(self, aws: LocalAws) -> None:
        assert match(aws, "Dax", Dax=custom_user()).state is State.CREATED


class TestAnIdentityProvider:
    """What it manages is named by its id, and never taken over."""

    RESOURCES = MappingProxyType(
        {
            "Team": here(group),
            "Own": here(group, DisplayName="Own"),
            "Dax": here(user),
            "Member": here(membership, GroupId={"Ref": "Team"}, MemberId={"UserId": {"Fn::GetAtt": ["Dax", "UserId"]}}),
            "MemberOfOwn": here(
                membership, GroupId={"Ref": "Own"}, MemberId={"UserId": {"Fn::GetAtt": ["Dax", "UserId"]}}
            ),
        }
    )

    def test_keeps_its_people_and_the_groups_of_the_app_that_they_are_in(self, aws: LocalAws, hand: Hand) -> None:
        ids = {"Dax": hand.user(), "Team": hand.group("Team", "")}
        hand.member(ids["Team"], ids["Dax"])
        hand.provided(*ids.values())
        lines = {
            "Dax": f'UserProps(user_name="dax@acme.com", user_id="{ids["Dax"]}", groups=["Own"]),',
            "Team": f'GroupProps(name="Team", group_id="{ids["Team"]}"),',
        }
        for logical_id, line in lines.items():
            found = match(aws, logical_id, **self.RESOURCES)
            assert (found.state, found.identifier, found.lines) == (State.IN_THE_WAY, {}, (line,))
            assert_refusal(found.reason, "managed-by-provider")

    def test_keeps_its_people_outside_us_east_1(self, aws: LocalAws, hand: Hand) -> None:
        hand.provided(hand.user())
        assert_refusal(match(aws, "Dax", Dax=custom_user()).reason, "managed-by-provider", "user")

    @pytest.mark.parametrize("there", [True, False])
    def test_keeps_who_is_in_its_groups(self, aws: LocalAws, hand: Hand, there: bool) -> None:  # noqa: FBT001
        team, dax = hand.group("Team", ""), hand.user()
        hand.provided(team)
        if there:
            hand.member(team, dax)
        found = match(aws, "Member", **self.RESOURCES)
        assert found.state is State.IN_THE_WAY
        assert_refusal(found.reason, "managed-by-provider", "group")

    def test_lets_its_people_be_in_the_apps_groups(self, aws: LocalAws, hand: Hand) -> None:
        own, dax = hand.group("Own", ""), hand.user()
        hand.provided(dax)
        hand.member(own, dax)
        assert match(aws, "MemberOfOwn", **self.RESOURCES).state is State.ADOPTED


class TestWhoIsWhere:
    def test_a_group_differs_in_its_description(self, aws: LocalAws, hand: Hand) -> None:
        hand.group("Team", "Old")
        found = match(aws, "Team", Team=here(group, Description="New"))
        assert differences(found) == {"Description": ("Old", "New")}

    def test_a_membership_is_made_that_its_group_has_not(self, aws: LocalAws, hand: Hand) -> None:
        hand.group("Team")
        hand.user()
        resources = {
            "Team": here(group),
            "Dax": here(user),
            "Member": here(membership, GroupId={"Ref": "Team"}, MemberId={"UserId": {"Fn::GetAtt": ["Dax", "UserId"]}}),
        }
        found = match(aws, "Member", **resources)
        assert (found.state, found.name) == (State.CREATED, "dax@acme.com in Team")

    def test_an_assignment_is_made_that_its_group_has_elsewhere_only(self, aws: LocalAws, hand: Hand) -> None:
        made = hand.guide()
        resources = {
            name: here(
                assignment, TargetId=target, PermissionSetArn=made["set"], PrincipalId=made["group"], PrincipalType=kind
            )
            for name, target, kind in (("Dev", made["dev"], "GROUP"), ("New", "999999999999", "GROUP"))
        }
        assert match(aws, "Dev", **resources).state is State.ADOPTED
        assert match(aws, "New", **resources).state is State.CREATED

    def test_a_reference_that_only_a_deploy_can_follow_is_refused(self, aws: LocalAws) -> None:
        with refuses("reference-unknown", "Member of stack 'OrgBaseline'"):
            match(aws, "Member", Member=here(membership, GroupId={"Fn::Select": [0, {"Fn::GetAZs": ""}]}))


class TestGains:
    """Who gets access by being in a group, and is not named for it."""

    RESOURCES = MappingProxyType(
        {
            "Team": here(group),
            "Set": here(permission_set, Name="ReadOnly"),
            "Dax": here(user),
            "Member": here(membership, GroupId={"Ref": "Team"}, MemberId={"UserId": {"Fn::GetAtt": ["Dax", "UserId"]}}),
            "Access": here(
                assignment,
                TargetId=MANAGEMENT,
                PermissionSetArn={"Fn::GetAtt": ["Set", "PermissionSetArn"]},
                PrincipalId={"Fn::GetAtt": ["Team", "GroupId"]},
            ),
        }
    )

    def test_keep_a_group_from_being_taken_over(self, aws: LocalAws, hand: Hand) -> None:
        team, kim = hand.group("Team", ""), hand.user("kim@acme.com", "kim@acme.com")
        hand.member(team, kim)
        found = match(aws, "Team", **self.RESOURCES)
        assert (found.state, found.id, found.identifier) == (State.IN_THE_WAY, team, {})
        assert_refusal(found.reason, "group-gives-access", "kim@acme.com", f"ReadOnly in {MANAGEMENT}")
        assert found.lines == (f'UserProps(user_name="kim@acme.com", user_id="{kim}", groups=["Team"]),',)
        assert matcher_of(aws, **self.RESOURCES).gains() == ()

    def test_of_who_is_in_the_app_already_are_to_be_said_there(self, aws: LocalAws, hand: Hand) -> None:
        hand.member(hand.group("Team", ""), hand.user())
        resources = {name: each for name, each in self.RESOURCES.items() if name != "Member"}
        found = match(aws, "Team", **resources)
        assert found.lines == ('# dax@acme.com: groups=["Team"], besides the existing groups',)

    @pytest.mark.parametrize("known", [True, False])
    def test_are_none_where_nobody_gets_more(self, aws: LocalAws, hand: Hand, known: bool) -> None:  # noqa: FBT001
        hand.organization()
        team, dax = hand.group("Team", ""), hand.user()
        hand.member(team, dax if known else hand.user("kim@acme.com", "kim@acme.com"))
        if not known:
            hand.assign(hand.permission_set("ReadOnly", policies=()), team, MANAGEMENT)
            hand.member(team, dax)
        assert match(aws, "Team", **self.RESOURCES).state is State.ADOPTED
        assert matcher_of(aws, **self.RESOURCES).gains() == ()

    def test_are_said_of_a_group_that_the_app_names_by_its_id(
        self, aws: LocalAws, hand: Hand, snapshot: SnapshotAssertion
    ) -> None:
        team = hand.group("Team", "")
        for number in range(22):
            hand.member(team, hand.user(f"p{number}@acme.com", f"p{number}@acme.com"))
        given = self.RESOURCES["Access"] | {
            "Properties": self.RESOURCES["Access"]["Properties"] | {"PrincipalId": team}
        }
        [gain] = matcher_of(aws, Set=self.RESOURCES["Set"], Access=given).gains()
        assert len(gain.people) == 22
        assert stands_in(str(gain), "p19@acme.com and 2 more", "Team", f"ReadOnly in {MANAGEMENT}")
        assert without_ids(str(gain)) == snapshot

    def test_are_said_of_who_comes_into_a_group_that_has_more_than_the_app_gives(
        self, aws: LocalAws, hand: Hand, snapshot: SnapshotAssertion
    ) -> None:
        hand.organization()
        team = hand.group("Team", "")
        hand.assign(hand.permission_set("Everything"), team, MANAGEMENT)
        hand.assign(hand.permission_set("ReadOnly", policies=()), team, MANAGEMENT)
        [gain] = matcher_of(aws, **self.RESOURCES).gains()
        assert str(gain) == snapshot


class TestDeployed:
    def test_what_the_stack_has_is_deployed_under_any_name(self, aws: LocalAws) -> None:
        resources = {"Team": here(group, DisplayName="Old"), "Set": here(permission_set), "Dax": here(user)}
        assert deploy(aws, **resources)[0] == "CREATE_COMPLETE"
        physical = LiveOrganization(aws.client).stack("OrgBaseline")
        assert physical is not None
        resources["Team"]["Properties"]["DisplayName"] = "New"
        for logical_id in resources:
            found = match(aws, logical_id, **resources)
            assert found.state is State.DEPLOYED
            assert found.id
            assert found.id in physical.resources[logical_id]
            assert found.identifier == {}

    def test_what_a_rolled_back_stack_lists_is_not_deployed(self, aws: LocalAws, hand: Hand) -> None:
        hand.organization()
        kept = {**account("Team"), "DeletionPolicy": "Retain"}
        resources = {"Team": here(group), "Dev": kept, "Bad": here(group, DisplayName="Team") | {"DependsOn": "Dev"}}
        assert deploy(aws, **resources)[0] == "ROLLBACK_COMPLETE"
        assert match(aws, "Dev", **resources).state is State.ADOPTED
        assert match(aws, "Team", **resources).state is State.CREATED


class TestSeveralStacks:
    @pytest.mark.parametrize(
        "reference",
        [
            {"Fn::ImportValue": "the-unit"},
            {"Fn::GetStackOutput": {"StackName": "OrgBaseline", "OutputName": "Unit"}},
        ],
    )
    def test_refer_to_each_other(self, aws: LocalAws, hand: Hand, reference: dict[str, Any]) -> None:
        hand.organization()
        unit_id = hand.unit("workloads")
        dev = hand.account("acme-dev", "aws+dev@acme.com", parent=unit_id)
        core = {
            "Resources": {"Organization": ORGANIZATION, "Unit": unit(Name="workloads", ParentId=ROOT_ID)},
            "Outputs": {"Unit": {"Value": {"Ref": "Unit"}, "Export": {"Name": "the-unit"}}},
        }
        more = {"Resources": {"Dev": account(ParentIds=[reference])}}
        matcher = matcher_of(aws, stack_of(core), stack_of(more, "OrgBaseline-more"))
        [found] = matcher.matches("AWS::Organizations::Account")
        assert (found.stack, found.id, found.differences) == ("OrgBaseline-more", dev, ())


class TestUnknown:
    def test_lists_what_no_template_knows(self, aws: LocalAws, hand: Hand) -> None:
        made = hand.guide()
        hand.service_control_policies()
        organizations = {
            "AWS::Organizations::OrganizationalUnit": ("sandbox", hand.unit("sandbox")),
            "AWS::Organizations::Account": ("other <other@acme.com>", hand.account("other", "other@acme.com")),
            "AWS::Organizations::Policy": ("deny (SERVICE_CONTROL_POLICY)", hand.policy("deny", DENY_LEAVING_TEXT)),
        }
        kim = hand.user("kim@acme.com", "kim@acme.com")
        people = {
            "AWS::IdentityStore::User": ("kim@acme.com", kim),
            "AWS::IdentityStore::Group": ("Auditors", hand.group("Auditors")),
            "AWS::IdentityStore::GroupMembership": ("kim@acme.com in Administrators", hand.member(made["group"], kim)),
            "AWS::SSO::PermissionSet": ("ReadOnly", hand.permission_set("ReadOnly")),
        }
        hand.assign(made["set"], made["user"], made["dev"], kind="USER")
        matcher = matcher_of(aws, stack_of(template_of("guide")))
        for resource_type, expected in (organizations | people).items():
            assert [(each.name, each.id) for each in matcher.unknown(resource_type)] == [expected]
        [assigned] = matcher.unknown("AWS::SSO::Assignment")
        assert assigned.name == "dax@acme.com: AdministratorAccess in acme-dev"

    def test_leaves_out_what_templates_name_by_its_id(self, aws: LocalAws, hand: Hand) -> None:
        made = hand.guide()
        resource = here(assignment, TargetId=made["dev"], PermissionSetArn=made["set"], PrincipalId=made["group"])
        matcher = matcher_of(aws, Assignment=resource)
        aws.client("organizations").close_account(AccountId=made["production"])
        [unknown] = matcher.unknown("AWS::Organizations::Account")
        assert (unknown.id, unknown.name.rpartition(", ")[2]) == (made["production"], "closed")
        assert matcher.unknown("AWS::SSO::PermissionSet") == ()

    def test_access_by_hand_is_unknown_whoever_has_it(self, aws: LocalAws, hand: Hand) -> None:
        made = hand.guide()
        auditors, kim = hand.group("Auditors", ""), hand.user("kim@acme.com", "kim@acme.com")
        hand.assign(made["set"], auditors, made["dev"])
        hand.assign(made["set"], kim, MANAGEMENT, kind="USER")
        unknown = matcher_of(aws, Team=here(group), Set=here(permission_set)).unknown("AWS::SSO::Assignment")
        assert [each.name for each in unknown] == [
            "kim@acme.com: AdministratorAccess in management",
            *(
                f"Administrators: AdministratorAccess in {name}"
                for name in ("management", "acme-dev", "acme-production")
            ),
            "Auditors: AdministratorAccess in acme-dev",
        ]


class TestBudget:
    """An organization of 1,000 accounts is looked at in less than a minute at AWS's published rates."""

    ACCOUNTS = 1000
    GROUPS = 10

    @pytest.mark.long
    def test_looks_at_a_thousand_accounts_in_less_than_a_minute(self, aws: LocalAws, hand: Hand) -> None:
        ids = tuple(f"3333{number:08}" for number in range(self.ACCOUNTS - 1))
        aws.seed(Existing(account_ids=ids))
        units = {f"unit-{number}": hand.unit(f"unit-{number}") for number in range(50)}
        sets = [hand.permission_set(f"Set{number}") for number in range(30)]
        groups = [hand.group(f"group-{number}") for number in range(self.GROUPS)]
        for number, account_id in enumerate(ids):
            hand.assign(sets[number % 3], groups[number % self.GROUPS], account_id)
        resources: dict[str, Any] = {"Organization": ORGANIZATION}
        resources |= {name.replace("-", ""): unit(Name=name, ParentId=ROOT_ID) for name in units}
        resources |= {f"Set{number}": here(permission_set, Name=f"Set{number}") for number in range(30)}
        resources |= {f"G{number}": here(group, DisplayName=f"group-{number}") for number in range(self.GROUPS)}
        for number in range(self.ACCOUNTS - 1):
            name, email = f"existing-{number + 1}", f"existing-{number + 1}@example.com"
            resources[f"A{number}"] = account(AccountName=name, Email=email)
            resources[f"X{number}"] = here(
                assignment,
                TargetId={"Ref": f"A{number}"},
                PermissionSetArn={"Fn::GetAtt": [f"Set{number % 3}", "PermissionSetArn"]},
                PrincipalId={"Fn::GetAtt": [f"G{number % self.GROUPS}", "GroupId"]},
            )

        calls = Counter[tuple[str, str]]()

        def client(service: str) -> Any:
            made = aws.client(service)
            made.meta.events.register("before-call", lambda model, **_: calls.update([(service, model.name)]))
            return made

        matcher = Matcher([stack_of({"Resources": resources})], LiveOrganization(client))
        found = Counter(match.state for resource_type in TYPES for match in matcher.matches(resource_type))
        assert found == {State.ADOPTED: len(resources)}
        assert not any(matcher.unknown(resource_type) for resource_type in TYPES)
        assert calls["organizations", "ListAccounts"] == self.ACCOUNTS / 20
        assert calls["sso-admin", "ListAccountAssignmentsForPrincipal"] == self.GROUPS
        assert calls["sso-admin", "DescribePermissionSet"] == 30
        assert seconds(calls) < 60


def test_takes_for_changed_what_refers_to_what_is_replaced_and_not_to_its_namesake() -> None:
    units = {"Unit": unit(), "Below": unit(ParentId={"Ref": "Unit"}), "Far": unit(ParentId={"Fn::ImportValue": "Unit"})}
    exporting = stack_of(
        {"Resources": {"Unit": unit()}, "Outputs": {"Unit": {"Value": {"Ref": "Unit"}, "Export": {"Name": "Unit"}}}},
        "Units",
    )
    old, new = (
        Templates([exporting, stack_of({"Resources": {**units, "Unit": each}})], lambda: MANAGEMENT)
        for each in (unit(), unit(ParentId="ou-acme-12345678"))
    )
    pairs = [
        (one, other)
        for name in units
        for one in [old.resource("OrgBaseline", name)]
        for other in [new.resource("OrgBaseline", name)]
        if one and other
    ]
    found = {name: (update.changes, update.is_replacement) for (_, name), update in updates(pairs).items()}
    assert found == {"Unit": (("ParentId",), True), "Below": (("ParentId",), True), "Far": ((), False)}
