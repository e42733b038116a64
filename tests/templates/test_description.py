"""What templates say of an organization, read back from the templates that the constructs make."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_identitystore as identitystore
from aws_cdk import aws_organizations as organizations
from aws_cdk import aws_sso as sso
from aws_cdk.assertions import Template

from cloud_assembly import baseline, get
from org_constructs import (
    Account,
    AccountProps,
    AlternateContactProps,
    Group,
    GroupProps,
    IdentityCenter,
    Organization,
    OrganizationalUnit,
    OrganizationalUnitProps,
    OrgBaseline,
    PermissionSet,
    Policy,
    PolicyType,
    User,
)
from org_constructs.templates.description import MANAGEMENT, ROOT, Assignment, Description, describe
from org_constructs.templates.metadata import AccountMetadata, BaselineMetadata, Contact
from org_constructs.templates.values import Environment
from organizations import DAX, ENV, IDENTITY_CENTER, elsewhere, existing, grown, guide
from policy_documents import DENY_LEAVING
from refusals import refuses

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


def read(*stacks: cdk.Stack) -> Description:
    return describe({stack.stack_name: Template.from_stack(stack).to_json() for stack in stacks})


def described(description: Description, assignments: Iterable[Assignment] | None = None) -> set[tuple[str, str, str]]:
    """Who has what where, by the names."""
    principals = {key: each.name for key, each in description.users.items()}
    principals |= {key: each.name for key, each in description.groups.items()}
    return {
        (
            description.accounts[each.account].name,
            description.permission_sets[each.permission_set].name,
            principals[each.principal],
        )
        for each in (description.assignments if assignments is None else assignments)
    }


def units_by_path(description: Description) -> dict[str, str]:
    """The keys of the units by the names on the way to them."""

    def path(key: str | None) -> str:
        if key is None or key == ROOT:
            return ""
        unit = description.organizational_units[key]
        return f"{path(unit.parent)}/{unit.name}"

    return {path(key): key for key in description.organizational_units}


def test_reads_the_guide(app: cdk.App) -> None:
    description = read(guide(app))
    assert {(each.name, each.email, each.parent, each.output) for each in description.accounts.values()} == {
        ("acme-dev", "aws+dev@acme.com", ROOT, ("OrgBaseline", "AccountIdDev")),
        ("acme-production", "aws+production@acme.com", ROOT, ("OrgBaseline", "AccountIdProduction")),
        ("acme", None, ROOT, ("OrgBaseline", "ManagementAccountId")),
    }
    assert all(each.account_id is None for each in description.accounts.values())
    assert described(description) == {
        (account, "AdministratorAccess", "Administrators") for account in ("acme-dev", "acme-production", "acme")
    }
    (group,) = description.groups.values()
    assert [description.users[key].name for key in group.members] == ["dax@acme.com"]
    assert description.people(group.key) == group.members
    assert description.people(group.members[0]) == group.members
    assert description.metadata == BaselineMetadata(
        company="acme",
        email="aws@acme.com",
        session_name="acme",
        start_url="https://acme.awsapps.com/start",
        identity_center_region="us-east-1",
        default_region="us-east-1",
        accounts={
            "dev": AccountMetadata(output="AccountIdDev"),
            "production": AccountMetadata(output="AccountIdProduction"),
        },
    )
    (permission_set,) = description.permission_sets.values()
    assert permission_set.properties["SessionDuration"] == "PT12H"


def test_reads_units_policies_regions_and_access_of_a_grown_organization(app: cdk.App) -> None:
    description = read(grown(app))
    units = units_by_path(description)
    assert units.keys() == {
        "/security",
        "/workloads",
        "/workloads/development",
        "/workloads/Production workloads",
    }
    accounts = {each.name: each for each in description.accounts.values()}
    assert {name: each.parent for name, each in accounts.items()} == {
        "acme-logs": units["/security"],
        "acme-dev": units["/workloads/development"],
        "acme-staging": units["/workloads/development"],
        "acme-production": units["/workloads/Production workloads"],
        "acme-billing": units["/workloads/Production workloads"],
        "acme-sandbox": ROOT,
        "acme": ROOT,
    }
    assert {name: each.region for name, each in accounts.items() if each.region} == {"acme-dev": "eu-west-1"}
    lou = next(key for key, each in description.users.items() if each.name == "lou")
    assert described(description, [each for each in description.assignments if each.principal == lou]) == {
        ("acme-billing", "ReadOnly", "lou")
    }
    assert ("acme-staging", "Developer", "Developers") in described(description)
    assert ("acme-production", "ReadOnly", "Developers") in described(description)
    policies = {each.name: each for each in description.policies.values()}
    assert policies["deny-leaving"].targets == (ROOT,)
    assert policies["deny-leaving"].content["Statement"][0]["Effect"] == "Deny"
    assert set(policies["deny-users"].targets) == {units["/workloads"], accounts["acme-sandbox"].key}
    assert len(policies["backups"].targets) == 6
    assert policies["backups"].type == "BACKUP_POLICY"


def test_reads_what_exists_already_by_its_id_and_the_name_in_the_metadata(app: cdk.App) -> None:
    description = read(existing(app))
    accounts = {each.name: each for each in description.accounts.values()}
    assert (accounts["acme-legacy"].key, accounts["acme-legacy"].account_id) == ("444455556666", "444455556666")
    assert accounts["acme-legacy"].output == ("OrgBaseline", "AccountIdLegacy")
    assert (accounts["acme"].key, accounts["acme"].account_id) == (MANAGEMENT, "111122223333")
    assert accounts["acme-dev"].parent == "ou-ab12-11112222"
    unit = description.organizational_units["ou-ab12-11112222"]
    assert (unit.name, unit.parent) == ("workloads", None)
    assert description.users["1111222233-11112222-3333-4444-5555-666677778888"].name == "dax@acme.com"
    admins = description.groups["1111222233-11112222-3333-4444-5555-666677779999"]
    assert (admins.name, admins.members) == ("aws-admins", ())
    assert ("acme-legacy", "Support", "dax@acme.com") in described(description)
    assert ("acme", "AdministratorAccess", "aws-admins") in described(description)
    (policy,) = description.policies.values()
    assert set(policy.targets) == {ROOT, "ou-ab12-11112222", "444455556666"}
    assert (description.metadata.session_name, description.metadata.default_region) == ("acme-sso", "eu-west-1")


def test_reads_users_that_a_function_makes(app: cdk.App) -> None:
    description = read(elsewhere(app))
    assert sorted(each.name for each in description.users.values()) == ["dax@acme.com", "kim@acme.com"]
    (group,) = description.groups.values()
    assert len(group.members) == 2
    assert set(group.members) == set(description.users)


def test_reads_a_baseline_that_has_no_identity_center_yet(app: cdk.App) -> None:
    stack = OrgBaseline(app, "OrgBaseline", env=ENV, company="acme", email="aws@acme.com", users=[DAX])
    description = read(stack)
    assert {each.name for each in description.accounts.values()} == {"acme", "acme-dev", "acme-production"}
    assert description.assignments == ()
    assert description.users == {}
    assert description.metadata.start_url is None


def single_constructs(stack: cdk.Stack, people: cdk.Stack, identity_center: IdentityCenter) -> None:
    organization = Organization(stack, "Organization")
    unit = OrganizationalUnit(stack, "Workloads", name="workloads", parent=organization)
    dev = Account(stack, "Dev", name="dev", email="aws+dev@acme.com", parent=unit)
    Policy(
        stack,
        "Policy",
        name="deny-leaving",
        type=PolicyType.SERVICE_CONTROL_POLICY,
        content=DENY_LEAVING,
        targets=[unit, dev],
    )
    user = User(
        people,
        "Dax",
        identity_center=identity_center,
        user_name="dax@acme.com",
        given_name="Dax",
        family_name="Acme",
        email="dax@acme.com",
    )
    group = Group(people, "Developers", identity_center=identity_center, name="Developers", members=[user])
    permission_set = PermissionSet(
        people, "Admin", identity_center=identity_center, name="Admin", managed_policies=["AdministratorAccess"]
    )
    permission_set.assign(group, dev)
    permission_set.assign(user, Account.from_account_id("444455556666"))


def check_single_constructs(description: Description) -> None:
    assert described(description) == {("dev", "Admin", "Developers"), ("444455556666", "Admin", "dax@acme.com")}
    (unit,) = description.organizational_units.values()
    dev = next(each for each in description.accounts.values() if each.name == "dev")
    assert (dev.parent, unit.parent) == (unit.key, ROOT)
    (policy,) = description.policies.values()
    assert set(policy.targets) == {unit.key, dev.key}
    assert description.metadata == BaselineMetadata()


def test_reads_single_constructs(stack: cdk.Stack, identity_center: IdentityCenter) -> None:
    single_constructs(stack, stack, identity_center)
    description = read(stack)
    check_single_constructs(description)
    assert all(each.output is None for each in description.accounts.values())


@pytest.mark.parametrize(("references", "function"), [("strong", "Fn::ImportValue"), ("weak", "Fn::GetStackOutput")])
def test_follows_what_one_stack_takes_of_another(
    cdk_context: dict[str, Any], identity_center: IdentityCenter, references: str, function: str
) -> None:
    app = cdk.App(context={**cdk_context, "@aws-cdk/core:defaultCrossStackReferences": references})
    stack, people = cdk.Stack(app, "Stack", env=ENV), cdk.Stack(app, "People", env=ENV)
    single_constructs(stack, people, identity_center)
    assert function in json.dumps(Template.from_stack(people).to_json())
    check_single_constructs(read(stack, people))
    check_single_constructs(read(people, stack))


def test_finds_the_output_of_an_account_of_a_single_construct(
    stack: cdk.Stack,
) -> None:
    account = Account(stack, "Dev", name="dev", email="aws+dev@acme.com", parent=Organization(stack, "Organization"))
    cdk.CfnOutput(stack, "Somewhere", value=account.account_id)
    cdk.CfnOutput(stack, "Else", value="x")
    (found,) = read(stack).accounts.values()
    assert found.output == ("Stack", "Somewhere")


def test_reads_resource_types_without_our_constructs(stack: cdk.Stack) -> None:
    account = organizations.CfnAccount(stack, "Dev", account_name="dev", email="aws+dev@acme.com")
    group = identitystore.CfnGroup(stack, "Group", identity_store_id="d-1111222233", display_name="Developers")
    permission_set = sso.CfnPermissionSet(stack, "Set", instance_arn=IDENTITY_CENTER.instance_arn, name="ReadOnly")
    for name, target in ("InDev", account.ref), ("InLegacy", "444455556666"), ("Here", cdk.Aws.ACCOUNT_ID):
        sso.CfnAssignment(
            stack,
            name,
            instance_arn=IDENTITY_CENTER.instance_arn,
            permission_set_arn=permission_set.attr_permission_set_arn,
            principal_id=group.attr_group_id,
            principal_type="GROUP",
            target_id=target,
            target_type="AWS_ACCOUNT",
        )
    description = read(stack)
    assert [(each.account, each.permission_set, each.principal) for each in description.assignments] == [
        ("Stack/Dev", "Stack/Set", "Stack/Group"),
        ("444455556666", "Stack/Set", "Stack/Group"),
        (MANAGEMENT, "Stack/Set", "Stack/Group"),
    ]
    assert description.accounts["Stack/Dev"].parent == ROOT
    assert description.accounts[MANAGEMENT].account_id is None


def one_assignment(**changed: Any) -> dict[str, Any]:
    resources = baseline()
    resources["OfDev"]["Properties"] |= changed
    return {"Resources": resources}


@pytest.mark.parametrize(
    "value",
    [
        {"Ref": "Parameter"},
        {"Fn::ImportValue": "elsewhere"},
        {"Fn::Join": ["", [{"Ref": "Parameter"}]]},
        get("Nothing", "Arn"),
        7,
        None,
    ],
    ids=["a parameter", "another app's export", "a join", "no resource", "a number", "null"],
)
def test_refuses_what_only_a_deploy_can_resolve(value: object) -> None:
    with refuses("reference-unknown", "stack 'S'"):
        describe({"S": one_assignment(TargetId=value)})


def test_refuses_an_attribute_of_the_organization_that_is_no_account() -> None:
    with refuses("reference-unknown", "stack 'S'", '{"Fn::GetAtt": ["Organization", "Id"]}'):
        describe({"S": one_assignment(TargetId=get("Organization", "Id"))})


@pytest.mark.parametrize("make", [guide, grown, existing, elsewhere])
def test_every_key_leads_to_something(app: cdk.App, make: Callable[[cdk.App], OrgBaseline]) -> None:
    description = read(make(app))
    for each in description.assignments:
        assert each.account in description.accounts
        assert each.permission_set in description.permission_sets
        assert each.principal in description.users or each.principal in description.groups
        assert all(person in description.users for person in description.people(each.principal))
    places = {ROOT, None, *description.organizational_units}
    assert {each.parent for each in description.accounts.values()} <= places
    assert {each.parent for each in description.organizational_units.values()} <= places
    for policy in description.policies.values():
        assert set(policy.targets) <= places | set(description.accounts)


def test_reads_a_unit_that_nothing_but_a_policy_names() -> None:
    properties = {"Name": "P", "Type": "TAG_POLICY", "Content": {}, "TargetIds": ["ou-ab12-11112222"]}
    description = describe(
        {"S": {"Resources": {"P": {"Type": "AWS::Organizations::Policy", "Properties": properties}}}}
    )
    [unit] = description.organizational_units.values()
    assert (unit.key, unit.only_named, description.accounts) == ("ou-ab12-11112222", True, {})


def test_takes_no_output_of_another_template_for_the_management_account() -> None:
    template = one_assignment(TargetId="111122223333") | {"Outputs": {"ManagementAccountId": {"Value": "111122223333"}}}
    assert "111122223333" in describe({"S": template}).accounts
    template["Metadata"] = {"OrgBaseline": {"Format": 1, "Company": "acme"}}
    assert "111122223333" not in describe({"S": template}).accounts


@pytest.mark.parametrize("account", ["111122223333", None])
def test_knows_the_management_account_by_the_environment(account: str | None) -> None:
    own = {"Ref": "AWS::AccountId"}
    template = one_assignment(TargetId=own) | {"Metadata": {"OrgBaseline": {"Format": 1, "Company": "acme"}}}
    environments = {"S": Environment(account, "us-east-1")}
    assert describe({"S": template}, environments).accounts[MANAGEMENT].account_id is None
    template["Outputs"] = {"ManagementAccountId": {"Value": own}}
    assert describe({"S": template}, environments).accounts[MANAGEMENT].account_id == account


def test_says_nothing_of_templates_without_an_organization() -> None:
    description = describe({"App": {"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}, "Empty": {}})
    assert (description.accounts, description.assignments, description.metadata) == ({}, (), BaselineMetadata())


def test_gives_accounts_of_the_baseline_their_own_region(app: cdk.App) -> None:
    accounts = [
        AccountProps(key="dev", region="eu-west-1"),
        AccountProps(key="live", account_id="444455556666", region="eu-west-2"),
    ]
    stack = OrgBaseline(
        app, "OrgBaseline", env=ENV, company="acme", email="aws@acme.com", users=[DAX], accounts=accounts,
        identity_center=IDENTITY_CENTER,
    )  # fmt: skip
    regions = {each.name: each.region for each in read(stack).accounts.values()}
    assert regions == {"acme-dev": "eu-west-1", "acme-live": "eu-west-2", "acme": None}


def test_has_what_the_app_says_of_contacts_tags_and_names() -> None:
    contact = AlternateContactProps(
        type="SECURITY",
        name="Kim Acme",
        title="Security",
        email="kim@acme.com",
        phone_number="+1 555 0100",
        accounts=["management", "dev", "legacy"],
    )
    description = read(
        OrgBaseline(
            cdk.App(),
            "OrgBaseline",
            env=ENV,
            company="acme",
            email="aws@acme.com",
            identity_center=IDENTITY_CENTER,
            users=[DAX],
            accounts=[
                AccountProps(key="dev", organizational_unit="workloads", tags={"stage": "dev"}),
                AccountProps(key="production"),
                AccountProps(key="legacy", account_id="222233334444"),
            ],
            organizational_units=[OrganizationalUnitProps(name="workloads", tags={"owner": "kim"})],
            groups=[GroupProps(name="Administrators", description="Administer")],
            trusted_access=["account.amazonaws.com"],
            alternate_contacts=[contact],
        )
    )
    said = Contact(
        type="SECURITY", name="Kim Acme", title="Security", email_address="kim@acme.com", phone_number="+1 555 0100"
    )
    assert {each.name: (each.tags, each.contacts) for each in description.accounts.values()} == {
        "acme": (None, (said,)),
        "acme-dev": ({"stage": "dev"}, (said,)),
        "acme-production": ({}, ()),
        "acme-legacy": (None, (said,)),
    }
    assert [each.tags for each in description.organizational_units.values()] == [{"owner": "kim"}]
    assert [each.description for each in description.groups.values()] == ["Administer"]
    assert [(each.given_name, each.family_name) for each in description.users.values()] == [("Dax", "Acme")]
