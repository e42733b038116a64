"""`Assignment` and `PermissionSet.assign`."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Annotations, Match, Template

from org_constructs import (
    Account,
    Assignment,
    Group,
    IdentityCenter,
    Organization,
    OrganizationalUnit,
    PermissionSet,
    User,
)
from refusals import refuses

if TYPE_CHECKING:
    from collections.abc import Callable

    from org_constructs import Parent

ASSIGNMENT = "AWS::SSO::Assignment"
PRINCIPAL_ID = "1111222233-11112222-3333-4444-5555-666677778888"
ARN = "arn:aws:sso:::permissionSet/ssoins-1111222233334444/ps-1111222233334444"


@pytest.fixture
def organization(stack: cdk.Stack) -> Organization:
    return Organization(stack, "Organization")


@pytest.fixture
def admin(stack: cdk.Stack, identity_center: IdentityCenter) -> PermissionSet:
    return PermissionSet(stack, "Admin", identity_center=identity_center, name="Admin")


@pytest.fixture
def admins(stack: cdk.Stack, identity_center: IdentityCenter) -> Group:
    return Group(stack, "Admins", identity_center=identity_center, name="Administrators")


@pytest.fixture
def dax(stack: cdk.Stack, identity_center: IdentityCenter) -> User:
    return User(
        stack,
        "Dax",
        identity_center=identity_center,
        user_name="dax@acme.com",
        given_name="Dax",
        family_name="Raad",
    )


def account(parent: Parent, name: str, stack: cdk.Stack) -> Account:
    return Account(stack, name.title(), name=name, email=f"aws+{name}@acme.com", parent=parent)


def targets(stack: cdk.Stack) -> list[object]:
    """What the stack's assignments are to, in the template's form."""
    assignments = Template.from_stack(stack).find_resources(ASSIGNMENT)
    return [assignment["Properties"]["TargetId"] for assignment in assignments.values()]


def test_gives_a_group_the_permission_set_in_an_account(
    stack: cdk.Stack, organization: Organization, admin: PermissionSet, admins: Group
) -> None:
    dev = account(organization, "dev", stack)
    Assignment(stack, "Assignment", permission_set=admin, principal=admins, targets=[dev])
    template = Template.from_stack(stack)
    template.resource_count_is(ASSIGNMENT, 1)
    template.has_resource(
        ASSIGNMENT,
        {
            "DependsOn": Match.absent(),
            "DeletionPolicy": Match.absent(),
            "UpdateReplacePolicy": Match.absent(),
            "Properties": {
                "InstanceArn": "arn:aws:sso:::instance/ssoins-1111222233334444",
                "PermissionSetArn": stack.resolve(admin.permission_set_arn),
                "PrincipalType": "GROUP",
                "PrincipalId": stack.resolve(admins.group_id),
                "TargetType": "AWS_ACCOUNT",
                "TargetId": stack.resolve(dev.account_id),
            },
        },
    )


def test_gives_a_user_the_permission_set_in_the_account_of_an_id(
    stack: cdk.Stack, admin: PermissionSet, dax: User
) -> None:
    Assignment(stack, "Assignment", permission_set=admin, principal=dax, targets=["444455556666"])
    Template.from_stack(stack).has_resource_properties(
        ASSIGNMENT,
        {"PrincipalType": "USER", "PrincipalId": stack.resolve(dax.user_id), "TargetId": "444455556666"},
    )


@pytest.mark.parametrize(
    ("principal", "principal_type"),
    [(User.from_user_id(PRINCIPAL_ID), "USER"), (Group.from_group_id(PRINCIPAL_ID), "GROUP")],
    ids=["user", "group"],
)
def test_takes_existing_principals_accounts_and_permission_sets(
    stack: cdk.Stack,
    identity_center: IdentityCenter,
    principal: Any,
    principal_type: str,
) -> None:
    Assignment(
        stack,
        "Assignment",
        permission_set=PermissionSet.from_permission_set_arn(ARN, identity_center=identity_center),
        principal=principal,
        targets=[Account.from_account_id("444455556666")],
    )
    template = Template.from_stack(stack)
    assert len(template.to_json()["Resources"]) == 1
    template.has_resource_properties(
        ASSIGNMENT,
        {
            "InstanceArn": identity_center.instance_arn,
            "PermissionSetArn": ARN,
            "PrincipalType": principal_type,
            "PrincipalId": PRINCIPAL_ID,
            "TargetId": "444455556666",
        },
    )


def test_takes_the_management_account_by_its_id(
    stack: cdk.Stack, organization: Organization, admin: PermissionSet, admins: Group
) -> None:
    Assignment(
        stack, "Assignment", permission_set=admin, principal=admins, targets=[organization.management_account_id]
    )
    assert targets(stack) == [stack.resolve(organization.management_account_id)]


def test_takes_tokens_of_existing_things(stack: cdk.Stack, identity_center: IdentityCenter) -> None:
    Assignment(
        stack,
        "Assignment",
        permission_set=PermissionSet.from_permission_set_arn(
            cdk.Fn.import_value("Arn"), identity_center=identity_center
        ),
        principal=Group.from_group_id(cdk.Fn.import_value("GroupId")),
        targets=[cdk.Aws.ACCOUNT_ID],
    )
    Template.from_stack(stack).has_resource_properties(
        ASSIGNMENT,
        {
            "PermissionSetArn": {"Fn::ImportValue": "Arn"},
            "PrincipalId": {"Fn::ImportValue": "GroupId"},
            "TargetId": {"Ref": "AWS::AccountId"},
        },
    )


def test_reaches_every_account_in_a_unit_and_below_it_and_no_other(
    stack: cdk.Stack, organization: Organization, admin: PermissionSet, admins: Group
) -> None:
    workloads = OrganizationalUnit(stack, "Workloads", name="workloads", parent=organization)
    production = OrganizationalUnit(stack, "Production", name="production", parent=workloads)
    europe = OrganizationalUnit(stack, "Europe", name="europe", parent=production)
    sandbox = OrganizationalUnit(stack, "Sandbox", name="sandbox", parent=organization)
    account(organization, "root", stack)
    account(sandbox, "play", stack)
    before = [account(workloads, "dev", stack), account(europe, "shop", stack)]
    Assignment(stack, "Assignment", permission_set=admin, principal=admins, targets=[workloads])
    after = [account(production, "bank", stack), account(workloads, "test", stack)]
    account(sandbox, "toys", stack)
    assert targets(stack) == [stack.resolve(one.account_id) for one in before + after]


def test_reaches_nothing_in_an_empty_unit(
    stack: cdk.Stack, organization: Organization, admin: PermissionSet, admins: Group
) -> None:
    unit = OrganizationalUnit(stack, "Workloads", name="workloads", parent=organization)
    Assignment(stack, "Assignment", permission_set=admin, principal=admins, targets=[unit])
    assert targets(stack) == []


def test_never_reaches_the_management_account_through_a_unit(
    stack: cdk.Stack, organization: Organization, admin: PermissionSet, admins: Group
) -> None:
    unit = OrganizationalUnit(stack, "Workloads", name="workloads", parent=organization)
    dev = account(unit, "dev", stack)
    Assignment(stack, "Unit", permission_set=admin, principal=admins, targets=[unit])
    Assignment(
        stack, "Management", permission_set=admin, principal=admins, targets=[organization.management_account_id]
    )
    assert targets(stack) == [
        stack.resolve(dev.account_id),
        stack.resolve(organization.management_account_id),
    ]


def test_reaches_every_account_that_the_app_makes_in_the_organization(
    stack: cdk.Stack, organization: Organization, admin: PermissionSet, admins: Group
) -> None:
    old = OrganizationalUnit.from_organizational_unit_id("ou-ab12-11112222", parent=organization)
    made = [account(old, "dev", stack)]
    admin.assign(admins, organization)
    made.append(account(organization, "production", stack))
    assert targets(stack) == [stack.resolve(each.account_id) for each in made]


def test_keeps_the_logical_ids_of_a_unit_when_accounts_come_and_go(
    cdk_context: dict[str, Any], identity_center: IdentityCenter
) -> None:
    def logical_ids(*names: str) -> set[str]:
        stack = cdk.Stack(cdk.App(context=cdk_context), "Stack")
        organization = Organization(stack, "Organization")
        unit = OrganizationalUnit(stack, "Workloads", name="workloads", parent=organization)
        admin = PermissionSet(stack, "Admin", identity_center=identity_center, name="Admin")
        Assignment(
            stack, "Assignment", permission_set=admin, principal=Group.from_group_id(PRINCIPAL_ID), targets=[unit]
        )
        for name in names:
            account(unit, name, stack)
        return set(Template.from_stack(stack).find_resources(ASSIGNMENT))

    one, two, other = logical_ids("dev"), logical_ids("production", "dev"), logical_ids("production")
    assert one | other == two
    assert len(two) == 2


def assigned(cdk_context: dict[str, Any], identity_center: IdentityCenter, *names: str) -> dict[str, Any]:
    """The resources of an assignment to accounts, by logical ids; `unit` is one with an account, `token` an id."""
    stack = cdk.Stack(cdk.App(context=cdk_context), "Stack")
    organization = Organization(stack, "Organization")
    unit = OrganizationalUnit(stack, "Workloads", name="workloads", parent=organization)
    account(unit, "inside", stack)
    there: dict[str, Any] = {"unit": unit, "token": organization.management_account_id, "444455556666": "444455556666"}
    Assignment(
        stack,
        "Assignment",
        permission_set=PermissionSet.from_permission_set_arn(ARN, identity_center=identity_center),
        principal=Group.from_group_id(PRINCIPAL_ID),
        targets=[there.get(name) or account(organization, name, stack) for name in names],
    )
    found = Template.from_stack(stack).find_resources(ASSIGNMENT)
    return {logical_id: each["Properties"] for logical_id, each in found.items()}


def test_keeps_the_logical_ids_of_several_targets_when_some_come_and_go(
    cdk_context: dict[str, Any], identity_center: IdentityCenter
) -> None:
    every = assigned(cdk_context, identity_center, "dev", "unit", "444455556666", "token", "production")
    assert len(every) == 5
    for names in (["production"], ["444455556666", "dev"], ["token", "unit"]):
        some = assigned(cdk_context, identity_center, *names)
        assert some == {logical_id: every[logical_id] for logical_id in some}
        assert len(some) == len(names)


def test_the_old_name_of_targets_keeps_its_logical_id_and_is_deprecated(
    stack: cdk.Stack, admin: PermissionSet, admins: Group
) -> None:
    Assignment(stack, "Old", permission_set=admin, principal=admins, target="444455556666")
    Assignment(stack, "New", permission_set=admin, principal=admins, targets=["777788889999"])
    warned = Annotations.from_stack(stack).find_warning("*", Match.string_like_regexp("deprecated"))
    assert [each.id for each in warned] == ["/Stack/Old"]
    assert "org_constructs.Assignment#target" in str(warned[0].entry.data)
    first, _ = Template.from_stack(stack).find_resources(ASSIGNMENT)
    # As those that are deployed have it: another id would be refused, since the assignment exists.
    assert first == "OldF7E39C65"


def test_refuses_two_targets_whose_ids_are_known_only_during_the_deploy(
    stack: cdk.Stack, admin: PermissionSet, admins: Group
) -> None:
    with refuses("assignment-token", "targets"):
        Assignment(
            stack,
            "Assignment",
            permission_set=admin,
            principal=admins,
            targets=[cdk.Aws.ACCOUNT_ID, cdk.Fn.import_value("Id")],
        )
    assert stack.node.children == [admin, admins]


def test_refuses_an_account_that_is_in_a_unit_beside_it(
    stack: cdk.Stack, organization: Organization, admin: PermissionSet, admins: Group
) -> None:
    unit = OrganizationalUnit(stack, "Workloads", name="workloads", parent=organization)
    dev = account(unit, "dev", stack)
    with refuses("assignment-twice", "targets", "'Stack/Assignment'"):
        Assignment(stack, "Assignment", permission_set=admin, principal=admins, targets=[unit, dev])


def test_refuses_an_existing_unit_or_organization(stack: cdk.Stack, admin: PermissionSet, admins: Group) -> None:
    unit: Any = OrganizationalUnit.from_organizational_unit_id("ou-ab12-11112222")
    root: Any = Organization.from_attributes(
        organization_id="o-exampleorg1", root_id="r-ab12", management_account_id="111122223333"
    )
    for existing, shown in ((unit, "'ou-ab12-11112222'"), (root, "'r-ab12'")):
        with refuses("unit-accounts-unknown", "targets[0]", shown):
            Assignment(stack, "Assignment", permission_set=admin, principal=admins, targets=[existing])
        with refuses("unit-accounts-unknown", "target", shown):
            admin.assign(admins, existing)
    assert stack.node.children == [admin, admins]
    assert len(admin.node.children) == 1


@pytest.mark.parametrize(
    ("options", "refused"),
    [
        (
            {"permission_set": ARN},
            ("wrong-type", "permission_set", "a PermissionSet, or PermissionSet.from_permission_set_arn(…)"),
        ),
        ({"permission_set": None}, ("wrong-type", "permission_set")),
        (
            {"principal": "dax@acme.com"},
            ("wrong-type", "principal", "a User or Group, or User.from_user_id(…) or Group.from_group_id(…)", "str"),
        ),
        ({"principal": [Group.from_group_id(PRINCIPAL_ID)]}, ("wrong-type", "principal")),
        (
            {"targets": [None]},
            ("wrong-type", "targets[0]", "an Account, an account id, an OrganizationalUnit", "NoneType None"),
        ),
        ({"targets": "444455556666"}, ("wrong-type", "targets", "str")),
        ({"targets": ["444455556666", 777788889999]}, ("wrong-type", "targets[1]", "int 777788889999")),
        ({"targets": ["44445555666"]}, ("account-id-form", "targets[0]", "'44445555666'")),
        ({"targets": []}, ("assignment-targets", "targets", "none")),
        ({"targets": ["444455556666"] * 2}, ("not-unique", "targets[1]", "targets[0]", "'444455556666'")),
        ({"target": "444455556666"}, ("assignment-targets", "target")),
        ({"targets": [], "target": "dev"}, ("account-id-form", "target", "'dev'")),
    ],
    ids=lambda value: str(value)[:40],
)
def test_refuses_arguments_of_another_type(
    stack: cdk.Stack, admin: PermissionSet, options: dict[str, Any], refused: tuple[str, ...]
) -> None:
    defaults = {
        "permission_set": admin,
        "principal": Group.from_group_id(PRINCIPAL_ID),
        "targets": ["444455556666"],
    }
    with refuses(*refused):
        Assignment(stack, "Assignment", **{**defaults, **options})
    assert stack.node.children == [admin]


TARGETS: dict[str, Callable[[Account, OrganizationalUnit], Any]] = {
    "account": lambda dev, _: dev,
    "account id": lambda dev, _: dev.account_id,
    "existing account": lambda dev, _: Account.from_account_id(dev.account_id),
    "its unit": lambda _, unit: unit,
}


@pytest.mark.parametrize(("first", "second"), list(itertools.product(TARGETS, TARGETS)))
def test_refuses_the_same_assignment_twice(
    stack: cdk.Stack, organization: Organization, admin: PermissionSet, *, first: str, second: str
) -> None:
    admins = Group.from_group_id(PRINCIPAL_ID)
    unit = OrganizationalUnit(stack, "Workloads", name="workloads", parent=organization)
    dev = account(unit, "dev", stack)
    Assignment(stack, "First", permission_set=admin, principal=admins, targets=[TARGETS[first](dev, unit)])
    children = stack.node.children
    with refuses("assignment-twice", "target", "'Stack/Second'"):
        Assignment(stack, "Second", permission_set=admin, principal=admins, targets=[TARGETS[second](dev, unit)])
    assert stack.node.children == children


def test_refuses_the_same_assignment_twice_by_the_ids_of_existing_things(
    stack: cdk.Stack, identity_center: IdentityCenter
) -> None:
    def assign(construct_id: str, target: Any) -> None:
        Assignment(
            stack,
            construct_id,
            permission_set=PermissionSet.from_permission_set_arn(ARN, identity_center=identity_center),
            principal=Group.from_group_id(PRINCIPAL_ID),
            targets=[target],
        )

    assign("First", "444455556666")
    with refuses("assignment-twice", "target", "'Stack/Second'"):
        assign("Second", Account.from_account_id("444455556666"))
    assign("Other", "777788889999")
    assert len(stack.node.children) == 2


def test_refuses_an_account_that_two_assignments_of_its_units_reach(
    stack: cdk.Stack, organization: Organization, admin: PermissionSet, admins: Group
) -> None:
    outer = OrganizationalUnit(stack, "Outer", name="outer", parent=organization)
    inner = OrganizationalUnit(stack, "Inner", name="inner", parent=outer)
    Assignment(stack, "First", permission_set=admin, principal=admins, targets=[outer])
    Assignment(stack, "Second", permission_set=admin, principal=admins, targets=[inner])
    account(outer, "dev", stack)
    with refuses("assignment-twice", "target") as refused:
        account(inner, "production", stack)
    assert "'Stack/First'" in refused.value.why or "'Stack/Second'" in refused.value.why


def test_refuses_the_same_assignment_in_two_stacks_of_an_app(
    app: cdk.App, stack: cdk.Stack, admin: PermissionSet, admins: Group
) -> None:
    other = cdk.Stack(app, "Other", env=cdk.Environment(account="111122223333", region="us-east-1"))
    Assignment(stack, "First", permission_set=admin, principal=admins, targets=["444455556666"])
    with refuses("assignment-twice", "target", "'Other/Second'"):
        Assignment(other, "Second", permission_set=admin, principal=admins, targets=["444455556666"])
    assert other.node.children == []


def test_takes_another_principal_permission_set_or_account(
    stack: cdk.Stack, identity_center: IdentityCenter, admin: PermissionSet, admins: Group, dax: User
) -> None:
    read = PermissionSet(stack, "Read", identity_center=identity_center, name="Read")
    admin.assign(admins, "444455556666")
    admin.assign(dax, "444455556666")
    admin.assign(admins, "777788889999")
    read.assign(admins, "444455556666")
    assert sorted(map(str, targets(stack))) == ["444455556666", "444455556666", "444455556666", "777788889999"]


def test_assigns_the_same_things_in_another_app(cdk_context: dict[str, Any], identity_center: IdentityCenter) -> None:
    for _ in range(2):
        stack = cdk.Stack(cdk.App(context=cdk_context), "Stack")
        permission_set = PermissionSet.from_permission_set_arn(ARN, identity_center=identity_center)
        principal = Group.from_group_id(PRINCIPAL_ID)
        Assignment(stack, "Admin", permission_set=permission_set, principal=principal, targets=["444455556666"])
        assert len(stack.node.children) == 1


def test_places_what_a_permission_set_assigns_under_the_names_of_target_and_principal(
    stack: cdk.Stack, organization: Organization, admin: PermissionSet, admins: Group, dax: User
) -> None:
    unit = OrganizationalUnit(stack, "Workloads", name="workloads", parent=organization)
    dev = account(organization, "dev", stack)
    assignments = [
        admin.assign(admins, dev),
        admin.assign(dax, dev),
        admin.assign(admins, unit),
        admin.assign(Group.from_group_id(PRINCIPAL_ID), "444455556666"),
        admin.assign(dax, Account.from_account_id("777788889999")),
    ]
    assert [assignment.node.path for assignment in assignments] == [
        "Stack/Admin/Dev Admins",
        "Stack/Admin/Dev dax@acme.com",
        "Stack/Admin/Workloads Admins",
        f"Stack/Admin/444455556666 {PRINCIPAL_ID}",
        "Stack/Admin/777788889999 dax@acme.com",
    ]
    assert len(targets(stack)) == 4


def test_keeps_what_a_permission_set_assigns_when_an_assignment_before_it_goes(
    cdk_context: dict[str, Any], identity_center: IdentityCenter
) -> None:
    def logical_ids(*account_ids: str) -> set[str]:
        stack = cdk.Stack(cdk.App(context=cdk_context), "Stack")
        admin = PermissionSet(stack, "Admin", identity_center=identity_center, name="Admin")
        for account_id in account_ids:
            admin.assign(Group.from_group_id(PRINCIPAL_ID), account_id)
        return set(Template.from_stack(stack).find_resources(ASSIGNMENT))

    assert logical_ids("777788889999") < logical_ids("444455556666", "777788889999")


@pytest.mark.parametrize("argument", ["target", "principal"])
def test_refuses_to_name_an_assignment_after_a_token(stack: cdk.Stack, admin: PermissionSet, argument: str) -> None:
    token = cdk.Fn.import_value("Value")
    target = token if argument == "target" else "444455556666"
    principal = Group.from_group_id(token if argument == "principal" else PRINCIPAL_ID)
    with refuses("assignment-token", argument):
        admin.assign(principal, target)
    assert stack.node.children == [admin]
    assert len(admin.node.children) == 1


@pytest.mark.parametrize(
    ("principal", "target", "refused"),
    [
        ("dax@acme.com", "444455556666", ("wrong-type", "principal")),
        (Group.from_group_id(PRINCIPAL_ID), 444455556666, ("wrong-type", "target")),
        (Group.from_group_id(PRINCIPAL_ID), "4444", ("account-id-form", "target", "'4444'")),
    ],
    ids=["principal", "number", "four digits"],
)
def test_refuses_to_assign_what_assignment_refuses(
    admin: PermissionSet,
    principal: Any,
    target: Any,
    refused: tuple[str, ...],
) -> None:
    with refuses(*refused):
        admin.assign(principal, target)
    assert len(admin.node.children) == 1
