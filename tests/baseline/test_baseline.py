"""`OrgBaseline`: what it makes of its arguments, in which order, what it says about it and what it refuses."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Annotations, Match, Template
from jsii._kernel.providers.process import _NodeProcess

from deploy_order import before
from org_constructs import (
    Account,
    AccountProps,
    Assignment,
    AssignmentProps,
    ExistingAccount,
    ExistingGroup,
    ExistingOrganizationalUnit,
    ExistingPermissionSet,
    ExistingUser,
    Group,
    GroupProps,
    IdentityCenter,
    Organization,
    OrganizationalUnit,
    OrganizationalUnitProps,
    OrgBaseline,
    PermissionSet,
    PermissionSetProps,
    Policy,
    PolicyProps,
    PolicyType,
    User,
    UserProps,
)
from org_constructs.aws.template_size import INLINE_TEMPLATE_MAX, yaml_bytes
from organizations import DAX, ENV, IDENTITY_CENTER, ORGANIZATIONS
from policy_documents import content_of

KIM: Final = UserProps(user_name="kim@acme.com", given_name="Kim", family_name="Acme", groups=[])
EXISTING_ID: Final = "1111222233-11112222-3333-4444-5555-666677778888"
PERMISSION_SET_ARN: Final = "arn:aws:sso:::permissionSet/ssoins-1111222233334444/ps-1111222233334444"
GROUP: Final = "AWS::IdentityStore::Group"
EXISTING_ORGANIZATION: Final = Organization.from_attributes(
    organization_id="o-exampleorg1", root_id="r-ab12", management_account_id="111122223333"
)
DENY_ALL: Final = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}


def baseline(app: cdk.App | cdk.Stage, **arguments: Any) -> OrgBaseline:
    """Return a baseline of little, with the arguments."""
    defaults = {
        "env": ENV,
        "company": "acme",
        "email": "aws@acme.com",
        "identity_center": IDENTITY_CENTER,
        "enabled_policy_types": list(PolicyType),
    }
    return OrgBaseline(app, "OrgBaseline", **{**defaults, **arguments})


def user(**fields: Any) -> UserProps:
    return UserProps(
        **{"user_name": "dax@acme.com", "given_name": "Dax", "family_name": "Acme", "groups": [], **fields}
    )


def policy(name: str, *targets: str, **fields: Any) -> PolicyProps:
    defaults = {"type": PolicyType.SERVICE_CONTROL_POLICY, "content": DENY_ALL}
    return PolicyProps(name=name, targets=targets, **{**defaults, **fields})


TAGS: Final = policy("tags", type=PolicyType.TAG_POLICY, content=content_of("TAG_POLICY"))


def administer(*targets: str) -> AssignmentProps:
    return AssignmentProps(principal="Administrators", permission_set="AdministratorAccess", targets=targets)


def resources_of(template: Template, *types: str) -> dict[str, Any]:
    """Return the resources of the types in the order of the template, which is that of the code."""
    resources = template.to_json()["Resources"].items()
    return {logical_id: resource for logical_id, resource in resources if resource["Type"] in types}


def properties_of(template: Template, resource_type: str) -> list[dict[str, Any]]:
    return [resource["Properties"] for resource in resources_of(template, resource_type).values()]


def assigned(stack: OrgBaseline) -> list[str]:
    """Return what is assigned as account, permission set and principal, in the order of the code."""
    return [
        f"{account.node.id} {pair.node.id}"
        for pair in stack.node.find_child("Assignments").node.children
        for account in pair.node.children
    ]


def test_makes_the_guide_of_a_company_an_email_an_identity_center_and_a_user(app: cdk.App) -> None:
    stack = baseline(app, users=[UserProps(user_name="dax@acme.com", given_name="Dax", family_name="Acme")])
    template = Template.from_stack(stack)
    assert [
        (account["AccountName"], account["Email"]) for account in properties_of(template, "AWS::Organizations::Account")
    ] == [("acme-dev", "aws+dev@acme.com"), ("acme-production", "aws+production@acme.com")]
    template.has_resource_properties("AWS::IdentityStore::Group", {"DisplayName": "Administrators"})
    template.resource_count_is("AWS::IdentityStore::GroupMembership", 1)
    template.has_resource_properties(
        "AWS::SSO::PermissionSet",
        {
            "Name": "AdministratorAccess",
            "ManagedPolicies": ["arn:aws:iam::aws:policy/AdministratorAccess"],
            "SessionDuration": "PT12H",
        },
    )
    assert assigned(stack) == [
        f"{account} AdministratorAccess Administrators" for account in ("management", "dev", "production")
    ]
    Annotations.from_stack(stack).has_no_warning("*", Match.any_value())


def test_makes_the_same_when_the_defaults_are_written_out(cdk_context: dict[str, Any]) -> None:
    short = Template.from_stack(baseline(cdk.App(context=cdk_context), users=[DAX])).to_json()
    long = baseline(
        cdk.App(context=cdk_context),
        users=[DAX],
        accounts=[AccountProps(key="dev"), AccountProps(key="production")],
        organizational_units=[],
        groups=[GroupProps(name="Administrators", description="Administer every account")],
        permission_sets=[
            PermissionSetProps(
                name="AdministratorAccess",
                description="Everything, for 12 hours at a time",
                managed_policies=["AdministratorAccess"],
                session_duration=cdk.Duration.hours(12),
            )
        ],
        assignments=[administer("management", "*")],
        policies=[],
        session_name="acme",
        default_region="us-east-1",
    )
    assert Template.from_stack(long).to_json() == short


def test_makes_nothing_but_the_organization_of_empty_lists(app: cdk.App) -> None:
    stack = baseline(app, accounts=[], groups=[], permission_sets=[], assignments=[])
    assert list(Template.from_stack(stack).to_json()["Resources"]) == ["Organization29A5FC3F"]


def test_takes_tuples_as_lists(app: cdk.App) -> None:
    baseline(app, users=(DAX,), accounts=(AccountProps(key="dev"),), policies=(), assignments=(administer("dev"),))


def test_passes_every_field_of_an_account(app: cdk.App) -> None:
    account = AccountProps(
        key="dev",
        name="Development",
        email="dev@acme.com",
        organizational_unit="workloads",
        role_name="Access",
        tags={"b": "2", "a": "1"},
    )
    template = Template.from_stack(
        baseline(app, accounts=[account], organizational_units=[OrganizationalUnitProps(name="workloads")])
    )
    (unit,) = resources_of(template, "AWS::Organizations::OrganizationalUnit")
    assert properties_of(template, "AWS::Organizations::Account") == [
        {
            "AccountName": "Development",
            "Email": "dev@acme.com",
            "ParentIds": [{"Fn::GetAtt": [unit, "Id"]}],
            "RoleName": "Access",
            "Tags": [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}],
        }
    ]


def test_nests_units_and_names_them_by_path(app: cdk.App) -> None:
    units = [
        OrganizationalUnitProps(
            name="workloads",
            organizational_units=[OrganizationalUnitProps(name="Pre-production", key="staging", tags={"a": "1"})],
        )
    ]
    stack = baseline(app, organizational_units=units)
    assert list(stack.organizational_units) == ["workloads", "workloads/staging"]
    template = Template.from_stack(stack)
    workloads, _ = resources_of(template, "AWS::Organizations::OrganizationalUnit")
    assert properties_of(template, "AWS::Organizations::OrganizationalUnit") == [
        {"Name": "workloads", "ParentId": {"Fn::GetAtt": ["Organization29A5FC3F", "RootId"]}},
        {
            "Name": "Pre-production",
            "ParentId": {"Fn::GetAtt": [workloads, "Id"]},
            "Tags": [{"Key": "a", "Value": "1"}],
        },
    ]


def test_a_renamed_unit_that_keeps_its_key_stays_the_same_resource(cdk_context: dict[str, Any]) -> None:
    ids = [
        list(
            resources_of(
                Template.from_stack(baseline(cdk.App(context=cdk_context), organizational_units=[unit])),
                "AWS::Organizations::OrganizationalUnit",
            )
        )
        for unit in (OrganizationalUnitProps(name="old"), OrganizationalUnitProps(name="New", key="old"))
    ]
    assert ids[0] == ids[1]


def test_passes_every_field_of_a_user(app: cdk.App) -> None:
    template = Template.from_stack(
        baseline(app, users=[user(user_name="dax", email="dax@acme.com", display_name="Dax!")])
    )
    template.has_resource_properties(
        "AWS::IdentityStore::User",
        {
            "UserName": "dax",
            "Name": {"GivenName": "Dax", "FamilyName": "Acme"},
            "Emails": [{"Value": "dax@acme.com", "Type": "work", "Primary": True}],
            "DisplayName": "Dax!",
        },
    )


def test_passes_every_field_of_a_permission_set(app: cdk.App) -> None:
    permission_set = PermissionSetProps(
        name="Reader",
        description="Look",
        managed_policies=["ReadOnlyAccess"],
        inline_policy=DENY_ALL,
        permissions_boundary="PowerUserAccess",
        session_duration="PT2H",
        relay_state="https://console.aws.amazon.com/",
        tags={"a": "1"},
    )
    template = Template.from_stack(baseline(app, permission_sets=[permission_set], assignments=[]))
    assert properties_of(template, "AWS::SSO::PermissionSet") == [
        {
            "Name": "Reader",
            "Description": "Look",
            "InstanceArn": IDENTITY_CENTER.instance_arn,
            "ManagedPolicies": ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
            "InlinePolicy": DENY_ALL,
            "PermissionsBoundary": {"ManagedPolicyArn": "arn:aws:iam::aws:policy/PowerUserAccess"},
            "SessionDuration": "PT2H",
            "RelayStateType": "https://console.aws.amazon.com/",
            "Tags": [{"Key": "a", "Value": "1"}],
        }
    ]


def test_puts_each_user_into_the_groups_it_names(app: cdk.App) -> None:
    stack = baseline(
        app,
        users=[user(groups=["a", "b"]), KIM],
        groups=[GroupProps(name="a"), GroupProps(name="b", description="The second")],
        assignments=[],
    )
    template = Template.from_stack(stack)
    assert [(group["DisplayName"], group.get("Description")) for group in properties_of(template, GROUP)] == [
        ("a", None),
        ("b", "The second"),
    ]
    members = properties_of(template, "AWS::IdentityStore::GroupMembership")
    assert {membership["MemberId"]["UserId"]["Fn::GetAtt"][0] for membership in members} == {"Usersdaxacmecom387F660E"}
    assert [membership["GroupId"]["Fn::GetAtt"][0] for membership in members] == list(resources_of(template, GROUP))


def test_leaves_an_only_user_out_of_administrators_that_are_not_there(app: cdk.App) -> None:
    only = UserProps(user_name="dax@acme.com", given_name="Dax", family_name="Acme")
    stack = baseline(app, users=[only], groups=[GroupProps(name="Readers")], assignments=[])
    Template.from_stack(stack).resource_count_is("AWS::IdentityStore::GroupMembership", 0)


@pytest.mark.parametrize(
    ("targets", "accounts"),
    [
        (["management"], ["management"]),
        (["*"], ["in", "below", "out"]),
        (["unit"], ["in", "below"]),
        (["unit/inner"], ["below"]),
        (["unit", "in", "out", "management"], ["management", "in", "below", "out"]),
        (["empty"], []),
    ],
)
def test_assigns_in_the_accounts_that_targets_mean(app: cdk.App, targets: list[str], accounts: list[str]) -> None:
    stack = baseline(
        app,
        users=[DAX],
        organizational_units=[
            OrganizationalUnitProps(name="unit", organizational_units=[OrganizationalUnitProps(name="inner")]),
            OrganizationalUnitProps(name="unit2"),
            OrganizationalUnitProps(name="empty"),
        ],
        accounts=[
            AccountProps(key="in", organizational_unit="unit"),
            AccountProps(key="below", organizational_unit="unit/inner"),
            AccountProps(key="out", organizational_unit="unit2"),
        ],
        assignments=[administer(*targets)],
    )
    assert assigned(stack) == [f"{account} AdministratorAccess Administrators" for account in accounts]


def test_assigns_to_a_user_directly(app: cdk.App) -> None:
    stack = baseline(
        app,
        users=[KIM],
        assignments=[
            AssignmentProps(principal="kim@acme.com", permission_set="AdministratorAccess", targets=["management"])
        ],
    )
    template = Template.from_stack(stack)
    template.has_resource_properties(
        "AWS::SSO::Assignment",
        {
            "PrincipalType": "USER",
            "PrincipalId": {"Fn::GetAtt": ["Userskimacmecom5394C55B", "UserId"]},
            "TargetId": {"Fn::GetAtt": ["Organization29A5FC3F", "ManagementAccountId"]},
        },
    )


@pytest.mark.parametrize(
    ("targets", "ids"),
    [
        ([], None),
        (["root"], ["root"]),
        (["management"], ["management"]),
        (["*"], ["dev", "production"]),
        (["production", "unit", "root", "dev", "management"], ["root", "unit", "dev", "management", "production"]),
        (["*", "dev"], ["dev", "production"]),
    ],
)
def test_attaches_a_policy_to_what_its_targets_mean(app: cdk.App, targets: list[str], ids: list[str] | None) -> None:
    stack = baseline(
        app, organizational_units=[OrganizationalUnitProps(name="unit")], policies=[policy("deny", *targets)]
    )
    known = {
        "root": stack.organization.root_id,
        "management": stack.management_account.account_id,
        "unit": stack.organizational_units["unit"].parent_id,
        **{key: account.account_id for key, account in stack.accounts.items()},
    }
    expected = None if ids is None else stack.resolve([known[name] for name in ids])
    (properties,) = properties_of(Template.from_stack(stack), "AWS::Organizations::Policy")
    assert properties.get("TargetIds") == expected


def test_creates_nothing_for_what_exists_already(app: cdk.App) -> None:
    stack = ORGANIZATIONS["existing"](app)
    assert stack.organization == EXISTING_ORGANIZATION
    assert stack.management_account == ExistingAccount(account_id="111122223333")
    assert stack.organizational_units["workloads"] == ExistingOrganizationalUnit(
        organizational_unit_id="ou-ab12-11112222"
    )
    assert stack.accounts["legacy"] == ExistingAccount(account_id="444455556666")
    assert stack.users["dax@acme.com"] == ExistingUser(user_id=EXISTING_ID)
    assert isinstance(stack.groups["aws-admins"], ExistingGroup)
    assert stack.permission_sets["Support"] == ExistingPermissionSet(
        permission_set_arn=PERMISSION_SET_ARN, instance_arn=IDENTITY_CENTER.instance_arn
    )
    template = Template.from_stack(stack)
    for absent in ("AWS::Organizations::Organization", "AWS::IdentityStore::User", GROUP):
        template.resource_count_is(absent, 0)


def test_exposes_what_it_made_by_the_names_people_gave(app: cdk.App) -> None:
    stack = ORGANIZATIONS["grown"](app)
    assert isinstance(stack.organization, Organization)
    expected: dict[str, tuple[type, list[str]]] = {
        "organizational_units": (
            OrganizationalUnit,
            ["security", "workloads", "workloads/development", "workloads/production"],
        ),
        "accounts": (Account, ["log-archive", "dev", "staging", "production", "billing", "sandbox"]),
        "policies": (Policy, ["deny-leaving", "deny-users", "backups"]),
        "users": (User, ["dax@acme.com", "kim@acme.com", "lou"]),
        "groups": (Group, ["Administrators", "Developers", "Auditors"]),
        "permission_sets": (PermissionSet, ["AdministratorAccess", "Developer", "ReadOnly"]),
    }
    for attribute, (kind, names) in expected.items():
        mapping = getattr(stack, attribute)
        assert isinstance(mapping, Mapping)
        assert sorted(mapping) == sorted(names)
        assert all(isinstance(value, kind) for value in mapping.values())


@pytest.mark.parametrize(
    "attribute", ["organizational_units", "accounts", "policies", "users", "groups", "permission_sets"]
)
@pytest.mark.parametrize("identity_center", [IDENTITY_CENTER, None], ids=["people", "no-people"])
def test_nobody_adds_to_what_it_exposes(app: cdk.App, attribute: str, identity_center: IdentityCenter | None) -> None:
    mapping = getattr(baseline(app, users=[DAX], identity_center=identity_center), attribute)
    with pytest.raises(TypeError, match="does not support item assignment"):
        mapping["new"] = "value"


def test_what_it_exposes_takes_further_assignments(app: cdk.App) -> None:
    stack = baseline(app, users=[DAX, KIM])
    assignment = stack.permission_sets["AdministratorAccess"].assign(  # type: ignore[union-attr] # made here
        stack.users["kim@acme.com"], stack.accounts["dev"]
    )
    assert isinstance(assignment, Assignment)
    Template.from_stack(stack).resource_count_is("AWS::SSO::Assignment", 4)


def outputs_of(stack: OrgBaseline) -> dict[str, Any]:
    return {name: output["Value"] for name, output in Template.from_stack(stack).to_json()["Outputs"].items()}


def test_outputs_the_ids_the_start_url_and_the_next_steps(app: cdk.App) -> None:
    stack = baseline(app, users=[DAX], accounts=[AccountProps(key="dev"), AccountProps(key="log-archive-2")])
    outputs = outputs_of(stack)
    assert outputs == {
        "OrganizationId": {"Fn::GetAtt": ["Organization29A5FC3F", "Id"]},
        "ManagementAccountId": {"Fn::GetAtt": ["Organization29A5FC3F", "ManagementAccountId"]},
        "AccountIdDev": stack.resolve(stack.accounts["dev"].account_id),
        "AccountIdLogArchive2": stack.resolve(stack.accounts["log-archive-2"].account_id),
        "StartUrl": "https://acme.awsapps.com/start",
        "NextSteps": (
            "AWS sends dax@acme.com no invitation. Give everybody without a password a one-time password in the IAM"
            " Identity Center console: Users, the user, Reset password, Generate a one-time password; then sign in"
            " with it at https://acme.awsapps.com/start, choose a password and register an MFA device."
        ),
    }


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["kim@acme.com", "dax@acme.com"], "dax@acme.com and kim@acme.com"),
        (["lou@acme.com", "kim@acme.com", "dax@acme.com"], "dax@acme.com, kim@acme.com and lou@acme.com"),
        ([f"person-{number:02}@acme.com" for number in range(40)], "each of the 40 people"),
        (["𠮷" * 128], "𠮷" * 128),
    ],
)
def test_next_steps_are_of_every_person_in_any_order(app: cdk.App, names: list[str], said: str) -> None:
    known = UserProps(user_name="old@acme.com", user_id=EXISTING_ID)
    stack = baseline(
        app, users=[*(user(user_name=name, email=f"{number}@acme.com") for number, name in enumerate(names)), known]
    )
    assert outputs_of(stack)["NextSteps"].startswith(
        f"AWS sends {said} no invitation. Give everybody without a password"
    )


ENABLE_IDENTITY_CENTER: Final = (
    "For people and their access, enable IAM Identity Center in the console of the management account, as"
    " Single-Region (neither Multi-Region nor Custom), in us-east-1, which becomes its home region for good; then"
    " paste the lines that `org-baseline doctor` prints, and deploy again."
)


def test_next_steps_without_an_identity_center_are_to_enable_it(app: cdk.App) -> None:
    outputs = outputs_of(baseline(app, users=[DAX], identity_center=None))
    assert "StartUrl" not in outputs
    assert outputs["NextSteps"] == ENABLE_IDENTITY_CENTER


@pytest.mark.parametrize(
    ("center", "then"),
    [(None, ENABLE_IDENTITY_CENTER), (IDENTITY_CENTER, "AWS sends dax@acme.com no invitation.")],
    ids=["without an Identity Center", "with one"],
)
def test_next_steps_begin_with_the_policies_that_wait(app: cdk.App, center: IdentityCenter | None, then: str) -> None:
    policies = [policy("deny"), TAGS]
    stack = baseline(app, users=[DAX], identity_center=center, policies=policies, enabled_policy_types=[])
    assert outputs_of(stack)["NextSteps"].startswith(
        "For the policies, run `org-baseline doctor --fix`, which enables SERVICE_CONTROL_POLICY and TAG_POLICY, paste"
        f" the line that it prints, and deploy again. {then}"
    )


def test_next_steps_of_people_who_exist_are_to_sign_in(app: cdk.App) -> None:
    stack = baseline(app, users=[UserProps(user_name="dax@acme.com", user_id=EXISTING_ID)])
    assert outputs_of(stack)["NextSteps"] == ("Sign in at https://acme.awsapps.com/start with your identity provider.")


def test_next_steps_name_the_portal_in_words_where_its_url_is_not_known(app: cdk.App) -> None:
    other_partition = IdentityCenter(
        instance_arn="arn:aws-cn:sso:::instance/ssoins-1111222233334444", identity_store_id="d-1111222233"
    )
    env = cdk.Environment(account="111122223333", region="cn-north-1")
    outputs = outputs_of(baseline(app, env=env, users=[DAX], identity_center=other_partition))
    assert "StartUrl" not in outputs
    assert "at the AWS access portal (IAM Identity Center, Settings, AWS access portal URL)" in outputs["NextSteps"]


def metadata_of(stack: OrgBaseline) -> Any:
    return Template.from_stack(stack).to_json()["Metadata"]["OrgBaseline"]


def test_metadata_says_what_no_property_can(app: cdk.App) -> None:
    stack = baseline(
        app,
        company="Acme, Inc.",
        accounts=[AccountProps(key="dev", region="eu-west-1")],
        policies=[
            TAGS,
            policy("deny"),
            policy("deny-more"),
        ],
    )
    assert metadata_of(stack) == {
        "Format": 1,
        "Company": "Acme, Inc.",
        "Email": "aws@acme.com",
        "SessionName": "Acme-Inc.",
        "DefaultRegion": "us-east-1",
        "IdentityCenterRegion": "us-east-1",
        "StartUrl": "https://acme.awsapps.com/start",
        "PolicyTypes": ["SERVICE_CONTROL_POLICY", "TAG_POLICY"],
        "Accounts": {"dev": {"Output": "AccountIdDev", "Region": "eu-west-1"}},
    }


def test_metadata_takes_session_name_and_default_region(app: cdk.App) -> None:
    metadata = metadata_of(baseline(app, session_name="sso", default_region="eu-central-1"))
    assert metadata["SessionName"] == "sso"
    assert metadata["DefaultRegion"] == "eu-central-1"
    assert metadata["IdentityCenterRegion"] == "us-east-1"


def test_metadata_leaves_out_what_is_not_known(app: cdk.App) -> None:
    address = cdk.Fn.import_value("Email")
    metadata = metadata_of(baseline(app, email=address, env=None, identity_center=None, accounts=[]))
    assert metadata == {"Format": 1, "Company": "acme", "SessionName": "acme", "Accounts": {}}


def test_metadata_names_what_exists_already_by_its_id(app: cdk.App) -> None:
    assert metadata_of(ORGANIZATIONS["existing"](app))["ExistingNames"] == {
        "ou-ab12-11112222": "workloads",
        "444455556666": "acme-legacy",
        EXISTING_ID: "dax@acme.com",
        "1111222233-11112222-3333-4444-5555-666677779999": "aws-admins",
        PERMISSION_SET_ARN: "Support",
    }


def test_deploys_policies_before_accounts_and_policies_of_accounts_after_them(app: cdk.App) -> None:
    stack = baseline(
        app,
        organizational_units=[OrganizationalUnitProps(name="unit")],
        policies=[policy("of-accounts", "*"), policy("of-root", "root")],
    )
    template = Template.from_stack(stack).to_json()
    made_before = before(template)
    chain = sorted(
        (name for name, resource in template["Resources"].items() if "::Organizations::" in resource["Type"]),
        key=lambda name: len(made_before[name]),
    )
    properties = [template["Resources"][name]["Properties"] for name in chain]
    assert [of.get("AccountName") or of.get("Name") or "organization" for of in properties] == [
        "organization",
        "unit",
        "of-root",
        "acme-dev",
        "acme-production",
        "of-accounts",
    ]
    assert [len(made_before[name]) for name in chain] == list(range(6))


def test_an_account_that_exists_already_waits_for_no_account_that_is_created(app: cdk.App) -> None:
    created = [AccountProps(key=f"created{number}") for number in range(12)]
    stack = baseline(app, users=[DAX], accounts=[*created, AccountProps(key="old", account_id="444455556666")])
    template = Template.from_stack(stack)
    (old,) = [
        assignment
        for assignment in resources_of(template, "AWS::SSO::Assignment").values()
        if assignment["Properties"]["TargetId"] == "444455556666"
    ]
    assert "DependsOn" not in old


def test_warns_that_nobody_is_created_without_an_identity_center(app: cdk.App) -> None:
    stack = baseline(app, users=[DAX], identity_center=None)
    Annotations.from_stack(stack).has_warning(
        "/OrgBaseline",
        Match.string_like_regexp(
            r"^users, groups, permission sets and assignments are not created until identity_center is given: deploy, "
            r".*\[ack: OrgBaseline-NoIdentityCenter\]$"
        ),
    )
    assert {**stack.users, **stack.groups, **stack.permission_sets} == {}
    assert metadata_of(stack)["Waiting"] == {
        "Users": 1,
        "Groups": 1,
        "PermissionSets": 1,
        "Assignments": 3,
        "Policies": 0,
    }
    types = {resource["Type"] for resource in Template.from_stack(stack).to_json()["Resources"].values()}
    assert types == {"AWS::Organizations::Organization", "AWS::Organizations::Account"}
    assert len(Annotations.from_stack(stack).find_warning("*", Match.any_value())) == 1


@pytest.mark.parametrize(
    ("arguments", "made"),
    [
        ({"enabled_policy_types": []}, []),
        ({"enabled_policy_types": (PolicyType.SERVICE_CONTROL_POLICY,)}, ["deny", "deny-dev"]),
        ({"enabled_policy_types": list(PolicyType)}, ["deny", "tags", "deny-dev"]),
        ({"enabled_policy_types": None, "organization": EXISTING_ORGANIZATION}, ["deny", "tags", "deny-dev"]),
        ({"enabled_policy_types": [PolicyType.TAG_POLICY], "organization": EXISTING_ORGANIZATION}, ["tags"]),
    ],
    ids=["a first deploy", "a type that waits", "nothing waits", "an organization that exists", "a type of it"],
)
def test_makes_the_policies_whose_type_is_enabled_and_lets_the_others_wait(
    app: cdk.App, arguments: dict[str, Any], made: list[str]
) -> None:
    policies = [
        policy("deny", "root"),
        policy("deny-dev", "dev"),
        TAGS,
    ]
    stack = baseline(app, users=[DAX], policies=policies, **arguments)
    template = Template.from_stack(stack)
    assert list(stack.policies) == made
    assert [properties["Name"] for properties in properties_of(template, "AWS::Organizations::Policy")] == made
    assert metadata_of(stack)["PolicyTypes"] == ["SERVICE_CONTROL_POLICY", "TAG_POLICY"]
    assert metadata_of(stack).get("Waiting", {"Policies": 0})["Policies"] == len(policies) - len(made)
    waiting = sorted({each.type for each in policies if each.name not in made})
    warning = (
        f"policies are not created until enabled_policy_types lists {' and '.join(waiting)}: deploy, run `org-baseline"
        " doctor --fix`, paste what it prints, and the next deploy creates them [ack: OrgBaseline-PoliciesWait]"
    )
    warnings = Annotations.from_stack(stack).find_warning("*", Match.any_value())
    assert [str(each.entry.data) for each in warnings] == ([warning] if waiting else [])


def test_warns_of_a_region_that_boto3_does_not_know(app: cdk.App) -> None:
    stack = baseline(app, users=[DAX], default_region="eu-central-9")
    Annotations.from_stack(stack).has_warning(
        "/OrgBaseline",
        "the region 'eu-central-9' is not one that the installed boto3 knows; unless it is newer, correct it [ack:"
        " OrgBaseline-RegionNotListed:eu-central-9]",
    )


def test_lets_cloudformation_refuse_the_management_account_as_a_member_where_only_it_knows_its_id(app: cdk.App) -> None:
    stack = baseline(
        app, env=None, accounts=[AccountProps(key="dev"), AccountProps(key="old", account_id="444455556666")]
    )
    assert Template.from_stack(stack).to_json()["Rules"] == {
        "NoMemberIsTheManagementAccount": {
            "Assertions": [
                {
                    "Assert": {"Fn::Not": [{"Fn::Equals": [{"Ref": "AWS::AccountId"}, "444455556666"]}]},
                    "AssertDescription": (
                        "The account_id of the account 'old' must not be the management account's, 444455556666; leave"
                        " the account out: targets call the management account 'management'"
                    ),
                }
            ]
        }
    }


def test_has_no_rule_where_synth_knows_the_management_account(app: cdk.App) -> None:
    stack = baseline(app, accounts=[AccountProps(key="old", account_id="444455556666")])
    assert "Rules" not in Template.from_stack(stack).to_json()


def test_warns_of_a_group_with_access_that_nobody_is_in(app: cdk.App) -> None:
    stack = baseline(app, users=[KIM], groups=[GroupProps(name="Administrators"), GroupProps(name="Idle")])
    warnings = Annotations.from_stack(stack)
    warnings.has_warning(
        "/OrgBaseline/Groups/Administrators",
        "the group 'Administrators' has access to accounts, but no members; add it to the groups of a user [ack:"
        " OrgBaseline-EmptyGroup]",
    )
    warnings.has_no_warning("/OrgBaseline/Groups/Idle", Match.any_value())


NOBODY_ADMINISTRATES: Final = Match.string_like_regexp(
    r"^nobody has AdministratorAccess in the management account, .*\[ack: OrgBaseline-NobodyAdministratesManagement\]$"
)


@pytest.mark.parametrize(
    "arguments",
    [
        {"users": [DAX], "assignments": [administer("*")]},
        {"users": [KIM]},
        {"users": [DAX], "assignments": []},
        {
            "users": [DAX],
            "permission_sets": [PermissionSetProps(name="Reader", managed_policies=["ReadOnlyAccess"])],
            "assignments": [
                AssignmentProps(principal="Administrators", permission_set="Reader", targets=["management"])
            ],
        },
    ],
    ids=["not-in-management", "an-empty-group", "no-assignments", "another-permission-set"],
)
def test_warns_that_nobody_administrates_the_management_account(app: cdk.App, arguments: dict[str, Any]) -> None:
    Annotations.from_stack(baseline(app, **arguments)).has_warning("/OrgBaseline", NOBODY_ADMINISTRATES)


@pytest.mark.parametrize(
    "arguments",
    [
        {"users": [DAX]},
        {
            "users": [KIM],
            "assignments": [
                AssignmentProps(principal="kim@acme.com", permission_set="AdministratorAccess", targets=["management"])
            ],
        },
        {"groups": [GroupProps(name="Administrators", group_id=EXISTING_ID)]},
        {
            "users": [DAX],
            "permission_sets": [
                PermissionSetProps(name="Root", managed_policies=["arn:aws:iam::aws:policy/AdministratorAccess"])
            ],
            "assignments": [AssignmentProps(principal="Administrators", permission_set="Root", targets=["management"])],
        },
        {
            "users": [DAX],
            "permission_sets": [PermissionSetProps(name="AdministratorAccess", permission_set_arn=PERMISSION_SET_ARN)],
        },
    ],
    ids=["a-group", "a-user", "an-existing-group", "another-name", "an-existing-permission-set"],
)
def test_does_not_warn_when_somebody_administrates_the_management_account(
    app: cdk.App, arguments: dict[str, Any]
) -> None:
    Annotations.from_stack(baseline(app, **arguments)).has_no_warning("*", Match.any_value())


def test_a_warning_is_acknowledged_by_its_id(app: cdk.App) -> None:
    stack = baseline(app, identity_center=None)
    cdk.Annotations.of(stack).acknowledge_warning("OrgBaseline-NoIdentityCenter", "Enabled after the first deploy")
    Annotations.from_stack(stack).has_no_warning("*", Match.any_value())


NEEDS_BOOTSTRAP: Final = Match.string_like_regexp(r"this stack needs `cdk bootstrap`, because .*")


def needs_bootstrap(stack: OrgBaseline) -> bool:
    template = Template.from_stack(stack).to_json()
    notices = Annotations.from_stack(stack).find_info("*", NEEDS_BOOTSTRAP)
    assert len(notices) <= 1
    assert bool(notices) == ("BootstrapVersion" in template.get("Parameters", {}))
    return bool(notices)


def test_needs_no_bootstrap_in_us_east_1(app: cdk.App) -> None:
    assert not needs_bootstrap(baseline(app, users=[DAX]))


IRELAND: Final = cdk.Environment(account="111122223333", region="eu-west-1")


def test_needs_the_bootstrap_where_a_function_creates_the_users(app: cdk.App) -> None:
    stack = baseline(app, users=[DAX], env=IRELAND)
    Template.from_stack(stack).resource_count_is("Custom::IdentityStoreUser", 1)
    assert needs_bootstrap(stack)


@pytest.mark.parametrize(
    "arguments",
    [{}, {"users": [UserProps(user_name="dax", user_id=EXISTING_ID)]}, {"users": [DAX], "identity_center": None}],
    ids=["nobody", "existing", "no-identity-center"],
)
def test_needs_no_bootstrap_elsewhere_without_users_to_create(app: cdk.App, arguments: dict[str, Any]) -> None:
    assert not needs_bootstrap(baseline(app, env=IRELAND, **arguments))


def test_needs_the_bootstrap_in_a_stage_of_another_region(app: cdk.App) -> None:
    stage = cdk.Stage(app, "Stage", env=IRELAND)
    assert needs_bootstrap(baseline(stage, users=[DAX], env=None))


def test_a_region_of_its_own_comes_before_that_of_the_stage(app: cdk.App) -> None:
    stage = cdk.Stage(app, "Stage", env=IRELAND)
    assert not needs_bootstrap(baseline(stage, users=[DAX]))


def test_needs_the_bootstrap_in_an_env_given_as_a_mapping(app: cdk.App) -> None:
    assert needs_bootstrap(baseline(app, users=[DAX], env={"account": "111122223333", "region": "eu-west-1"}))


def test_leaves_a_synthesizer_that_is_passed_alone(app: cdk.App) -> None:
    synthesizer = cdk.DefaultStackSynthesizer(qualifier="acme")
    stack = baseline(app, users=[DAX], env=IRELAND, synthesizer=synthesizer)
    assert "/cdk-bootstrap/acme/version" in json.dumps(Template.from_stack(stack).to_json()["Parameters"])
    Annotations.from_stack(stack).has_no_info("*", NEEDS_BOOTSTRAP)


@pytest.mark.parametrize("number", [40, 140], ids=["large", "so large that it is not measured"])
def test_says_when_the_template_is_too_large_to_be_deployed_without_the_bootstrap(app: cdk.App, number: int) -> None:
    people = [user(user_name=f"person{each}@acme.com", email=None) for each in range(100)]
    stack = baseline(app, users=people, accounts=[AccountProps(key=f"a{each}") for each in range(number)])
    template = Template.from_stack(stack).to_json()
    assert yaml_bytes(template) > INLINE_TEMPLATE_MAX
    Annotations.from_stack(stack).has_info(
        "/OrgBaseline",
        "this stack needs `cdk bootstrap`, because its template is larger than the 51,200 bytes that CloudFormation"
        " takes without a bucket [ack: OrgBaseline-NeedsBootstrap]",
    )


def test_passes_on_what_a_stack_takes(app: cdk.App) -> None:
    stack = OrgBaseline(
        app,
        "Id",
        company="acme",
        email="aws@acme.com",
        env=ENV,
        stack_name="acme-organization",
        description="Ours",
        termination_protection=True,
        tags={"owner": "dax"},
    )
    assert (stack.account, stack.region) == ("111122223333", "us-east-1")
    assert stack.stack_name == "acme-organization"
    assert stack.termination_protection is True
    assert stack.tags.tag_values() == {"owner": "dax"}
    assert Template.from_stack(stack).to_json()["Description"] == "Ours"


def test_refuses_what_a_stack_does_not_take_and_adds_nothing(app: cdk.App) -> None:
    with pytest.raises(TypeError, match="unexpected keyword argument 'stack_nam'"):
        baseline(app, stack_nam="acme-organization")
    assert app.node.children == []


def test_needs_no_environment(app: cdk.App) -> None:
    stack = baseline(app, users=[DAX], env=None)
    assert cdk.Token.is_unresolved(stack.account)
    Template.from_stack(stack).resource_count_is("AWS::IdentityStore::User", 1)
    assert not Annotations.from_stack(stack).find_info("*", Match.any_value())


def test_asks_node_for_each_account_and_assignment_once_for_what_it_makes(
    app: cdk.App, monkeypatch: pytest.MonkeyPatch
) -> None:
    send = _NodeProcess.send
    calls: list[object] = []

    def counted(process: _NodeProcess, request: Any, response_type: Any) -> Any:
        calls.append(request)
        return send(process, request, response_type)

    monkeypatch.setattr(_NodeProcess, "send", counted)

    def calls_of(accounts: int) -> int:
        calls.clear()
        baseline(
            cdk.Stage(app, f"Of{accounts}"),
            users=[user(groups=["Administrators"])],
            accounts=[AccountProps(key=f"a{number}") for number in range(accounts)],
        )
        return len(calls)

    # The construct, the resource, its removal policy, its dependency, its id and its output; the assignment and its
    # dependency. More than ten accounts, since before that no assignment waits for one.
    assert calls_of(22) - calls_of(12) == 10 * (6 + 2)
