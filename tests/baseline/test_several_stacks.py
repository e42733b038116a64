"""An organization that has outgrown one stack."""

from __future__ import annotations

import fnmatch
import re
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import pytest
from constructs import Construct

from org_constructs import (
    AccountProps,
    AssignmentProps,
    GroupProps,
    OrganizationalUnitProps,
    OrgBaseline,
    PolicyProps,
    PolicyType,
    UserProps,
)
from org_constructs.templates.description import describe
from policy_documents import DENY_LEAVING
from refusals import refuses

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from org_constructs import IdentityCenter

ADMINISTRATE = AssignmentProps(
    principal="Administrators", permission_set="AdministratorAccess", targets=["management", "*"]
)
AUDIT_ELSEWHERE = AssignmentProps(
    principal="Auditors", permission_set="AdministratorAccess", targets=["*"], stack="audit"
)
AUDIT = AssignmentProps(principal="Auditors", permission_set="AdministratorAccess", targets=["*"])

USER_ID = "1111222233-11112222-3333-4444-5555-666677778888"

Templates = dict[str, dict[str, Any]]


def synthesize(identity_center: IdentityCenter, context: dict[str, Any], **arguments: Any) -> Templates:
    """Return the templates of an organization by stack name, in the order in which they are deployed."""
    app = cdk.App(context=context)
    OrgBaseline(
        app,
        "OrgBaseline",
        **{
            "env": cdk.Environment(account="111122223333", region="us-east-1"),
            "company": "acme",
            "email": "aws@acme.com",
            "identity_center": identity_center,
            "groups": [GroupProps(name="Administrators"), GroupProps(name="Auditors")],
            "users": [
                UserProps(
                    user_name="dax@acme.com",
                    given_name="Dax",
                    family_name="Acme",
                    groups=["Administrators", "Auditors"],
                )
            ],
            "assignments": [ADMINISTRATE, AUDIT],
            **arguments,
        },
    )
    return {stack.stack_name: stack.template for stack in app.synth().stacks}


def resources(templates: Templates, *kinds: str) -> dict[str, Any]:
    """Return type and properties of the resources of the kinds by stack and logical id."""
    return {
        f"{stack}/{logical_id}": (resource["Type"], resource["Properties"])
        for stack, template in templates.items()
        for logical_id, resource in template["Resources"].items()
        if not kinds or resource["Type"].rpartition("::")[2] in kinds
    }


def accounts(count: int, *, per_stack: int = 20, first: int = 2) -> list[AccountProps]:
    """Return accounts of which the first ones are in the baseline's stack and the others in stacks of their own."""
    return [
        AccountProps(key=f"a{number}", stack=None if number < first else f"s{(number - first) // per_stack}")
        for number in range(count)
    ]


def people(count: int, *, first: int = 0, stack: str | None = None) -> list[UserProps]:
    """Return people in one group, numbered from the first."""
    return [
        UserProps(
            user_name=f"p{number}@acme.com",
            given_name="P",
            family_name=f"{number}",
            groups=["Administrators"],
            stack=stack,
        )
        for number in range(first, first + count)
    ]


def too_full(count: str, where: str) -> str:
    """Return how a stack is refused that would hold so much."""
    maximum = 500 if "resources" in count else 200
    return (
        f"accounts, people, groups and assignments must fit into their stacks, got {count} in {where}, where"
        f" CloudFormation takes {maximum}; leave what is deployed where it is, and give new ones a stack, such as"
        " stack='more'"
    )


def test_a_small_organization_is_one_flat_template(
    identity_center: IdentityCenter, cdk_context: dict[str, Any]
) -> None:
    assert list(synthesize(identity_center, cdk_context, accounts=accounts(2))) == ["OrgBaseline"]


def test_accounts_and_their_assignments_get_stacks_by_name(
    identity_center: IdentityCenter, cdk_context: dict[str, Any]
) -> None:
    templates = synthesize(identity_center, cdk_context, accounts=accounts(42))
    assert set(templates) == {
        "OrgBaseline",
        "OrgBaseline-s0",
        "OrgBaseline-s0-access",
        "OrgBaseline-s1",
        "OrgBaseline-s1-access",
    }
    kinds = {
        stack: {resource["Type"] for resource in template["Resources"].values()}
        for stack, template in templates.items()
    }
    assert kinds["OrgBaseline-s0"] == {"AWS::Organizations::Account"}
    assert kinds["OrgBaseline-s0-access"] == {"AWS::SSO::Assignment"}
    assert len(templates["OrgBaseline-s1"]["Resources"]) == 20
    assert len(templates["OrgBaseline-s1-access"]["Resources"]) == 40


def test_growing_changes_no_resource_that_is_there(
    identity_center: IdentityCenter, cdk_context: dict[str, Any]
) -> None:
    small, large = (resources(synthesize(identity_center, cdk_context, accounts=accounts(count))) for count in (2, 62))
    assert {key: large[key] for key in small} == small


def test_one_more_account_touches_the_resources_of_no_other(
    identity_center: IdentityCenter, cdk_context: dict[str, Any]
) -> None:
    before = resources(synthesize(identity_center, cdk_context, accounts=accounts(42)))
    more = [*accounts(42), AccountProps(key="new", stack="s0")]
    after = resources(synthesize(identity_center, cdk_context, accounts=more))
    assert {key: after[key] for key in before} == before
    added = sorted(key.partition("/")[0] for key in after.keys() - before.keys())
    assert added == ["OrgBaseline-s0", "OrgBaseline-s0-access", "OrgBaseline-s0-access"]


def test_further_assignments_get_a_stack_where_the_others_are_too_many(
    identity_center: IdentityCenter, cdk_context: dict[str, Any]
) -> None:
    before = resources(synthesize(identity_center, cdk_context, accounts=accounts(22), assignments=[ADMINISTRATE]))
    audit = AssignmentProps(**{**vars(AUDIT), "stack": "audit"})
    after = resources(
        synthesize(identity_center, cdk_context, accounts=accounts(22), assignments=[ADMINISTRATE, audit])
    )
    assert {key: after[key] for key in before} == before
    assert {key.partition("/")[0] for key in after.keys() - before.keys()} == {
        "OrgBaseline-access-audit",
        "OrgBaseline-s0-access-audit",
    }


def test_no_reference_holds_up_what_it_refers_to(identity_center: IdentityCenter) -> None:
    """Whatever the app's default for references is, there is no export, which could not go while it is imported."""
    templates = synthesize(identity_center, {}, accounts=accounts(42))
    assert "Fn::ImportValue" not in str(templates)
    assert not [
        output
        for template in templates.values()
        for output in template.get("Outputs", {}).values()
        if "Export" in output
    ]


def test_a_removed_permission_set_stays_until_its_assignments_in_other_stacks_are_gone(
    identity_center: IdentityCenter, cdk_context: dict[str, Any]
) -> None:
    def policies(count: int) -> list[Any]:
        [template] = [synthesize(identity_center, cdk_context, accounts=accounts(count))["OrgBaseline"]]
        return [
            resource.get("DeletionPolicy")
            for resource in template["Resources"].values()
            if resource["Type"] == "AWS::SSO::PermissionSet"
        ]

    assert policies(2) == [None]
    assert policies(3) == ["Retain"]


def dependencies(app: cdk.App) -> Mapping[str, set[str]]:
    return {
        stack.stack_name: {dependency.id for dependency in stack.dependencies if dependency.id in names}
        for stack in app.synth().stacks
        if (names := {other.stack_name for other in app.synth().stacks})
    }


def test_stacks_of_accounts_wait_for_each_other_and_so_do_stacks_of_assignments(
    identity_center: IdentityCenter, cdk_context: dict[str, Any]
) -> None:
    app = cdk.App(context=cdk_context)
    OrgBaseline(
        app,
        "OrgBaseline",
        env=cdk.Environment(account="111122223333", region="us-east-1"),
        company="acme",
        email="aws@acme.com",
        identity_center=identity_center,
        accounts=accounts(42),
    )
    assert dependencies(app) == {
        "OrgBaseline": set(),
        "OrgBaseline-s0": {"OrgBaseline"},
        "OrgBaseline-s1": {"OrgBaseline", "OrgBaseline-s0"},
        "OrgBaseline-s0-access": {"OrgBaseline", "OrgBaseline-s0"},
        "OrgBaseline-s1-access": {"OrgBaseline", "OrgBaseline-s1", "OrgBaseline-s0-access"},
    }


@pytest.mark.parametrize(
    ("place", "stack_name", "ids", "names"),
    [
        (lambda app: app, None, "OrgBaseline", "OrgBaseline"),
        (lambda app: app, "acme-org", "OrgBaseline", "acme-org"),
        (lambda app: cdk.Stage(app, "Prod"), None, "Prod/OrgBaseline", "Prod-OrgBaseline"),
        (lambda app: Construct(app, "Platform"), None, "Platform/OrgBaseline", "PlatformOrgBaselineA938F0D4"),
    ],
    ids=["app", "named", "stage", "construct"],
)
def test_its_stacks_are_named_after_the_first_one_and_deployed_with_it(
    cdk_context: dict[str, Any], place: Callable[[cdk.App], Construct], stack_name: str | None, ids: str, names: str
) -> None:
    app = cdk.App(context=cdk_context)
    OrgBaseline(
        place(app),
        "OrgBaseline",
        env=cdk.Environment(account="111122223333", region="us-east-1"),
        company="acme",
        email="aws@acme.com",
        accounts=[AccountProps(key="dev"), AccountProps(key="pay", stack="pay")],
        stack_name=stack_name,
    )
    made = app.synth().stacks_recursively
    assert {stack.hierarchical_id: stack.stack_name for stack in made} == {ids: names, f"{ids}-pay": f"{names}-pay"}
    [deploy] = re.findall(r"`cdk deploy '(.+)' --concurrency 2`", str([each.entry.data for each in made[0].messages]))
    # As the CDK CLI matches: https://github.com/aws/aws-cdk-cli/blob/main/packages/aws-cdk/lib/cxapp/cloud-assembly.ts
    assert fnmatch.filter([stack.hierarchical_id for stack in made], deploy) == [ids, f"{ids}-pay"]


def test_places_accounts_of_other_stacks_in_units_of_the_baselines(
    identity_center: IdentityCenter, cdk_context: dict[str, Any]
) -> None:
    templates = synthesize(
        identity_center,
        cdk_context,
        organizational_units=[OrganizationalUnitProps(name="workloads")],
        accounts=[AccountProps(key="dev"), AccountProps(key="pay", stack="pay", organizational_unit="workloads")],
    )
    [(_, properties)] = resources({"OrgBaseline-pay": templates["OrgBaseline-pay"]}).values()
    [parent] = properties["ParentIds"]
    output = parent["Fn::GetStackOutput"]["OutputName"]
    assert re.search("OrganizationalUnitsworkloads", output)
    assert output in templates["OrgBaseline"]["Outputs"]


@pytest.mark.parametrize(
    ("arguments", "refused"),
    [
        pytest.param(
            {"accounts": [AccountProps(key=f"a{number}") for number in range(170)]},
            ("stack-full", "got 518", "resources", "the baseline's own stack", "500"),
            id="too-many-resources",
        ),
        pytest.param({"users": people(246)}, ("stack-full", "got 503", "resources", "500"), id="too-many-people"),
        pytest.param(
            {"users": [*people(1), *people(251, first=1, stack="more")]},
            ("stack-full", "got 502", "resources", "the stack 'more-people'", "500"),
            id="too-many-people-in-a-stack-of-their-own",
        ),
        pytest.param(
            {
                "users": people(249, stack="more"),
                "env": cdk.Environment(account="111122223333", region="eu-west-1"),
            },
            ("stack-full", "got 502", "resources", "500"),
            id="too-many-people-beside-the-function-that-creates-them",
        ),
        pytest.param(
            {
                "users": people(201, stack="more"),
                "assignments": [
                    AssignmentProps(
                        principal=f"p{number}@acme.com", permission_set="AdministratorAccess", targets=["dev"]
                    )
                    for number in range(201)
                ],
            },
            ("stack-full", "got 201", "outputs", "200"),
            id="too-many-people-of-one-stack-with-access-of-their-own",
        ),
        pytest.param(
            {"users": people(1, stack="a-b")},
            ("wrong-form", "users[0].stack", "lower-case letters and digits", "'a-b'"),
            id="a-stack-of-people-of-two-words",
        ),
        pytest.param(
            {"groups": [GroupProps(name="Administrators", stack="access")], "users": []},
            ("stack-name-reserved", "groups[0].stack", "'access'"),
            id="a-stack-of-groups-called-access",
        ),
        pytest.param(
            {"groups": [GroupProps(name="Administrators", group_id=USER_ID, stack="more")], "users": []},
            ("existing-unchanged", "groups[0].stack", "group_id", "'more'"),
            id="a-stack-of-a-group-that-exists",
        ),
        pytest.param(
            {
                "accounts": [AccountProps(key=f"a{number}", stack="all") for number in range(201)],
                "assignments": [],
            },
            ("stack-full", "got 201", "outputs", "the stack 'all'", "200"),
            id="too-many-outputs",
        ),
        pytest.param(
            {"accounts": accounts(196, first=195), "assignments": [ADMINISTRATE, AUDIT_ELSEWHERE]},
            ("stack-full", "got 201", "outputs", "200"),
            id="too-many-outputs-with-those-that-other-stacks-refer-to",
        ),
        pytest.param(
            {"accounts": [AccountProps(key="a", stack="a-b")]},
            ("wrong-form", "accounts[0].stack", "'a-b'"),
            id="a-stack-of-two-words",
        ),
        pytest.param(
            {"accounts": [AccountProps(key="a", stack="access")]},
            ("stack-name-reserved", "accounts[0].stack", "'access'"),
            id="a-stack-called-access",
        ),
        pytest.param(
            {
                "accounts": [AccountProps(key="a", stack="b")],
                "policies": [
                    PolicyProps(name="p", type=PolicyType.SERVICE_CONTROL_POLICY, content=DENY_LEAVING, targets=["*"])
                ],
            },
            ("policy-target-own-stack", "policies[0].targets", "'a'"),
            id="a-policy-on-an-account-of-another-stack",
        ),
        pytest.param(
            {"accounts": [AccountProps(key="a", stack="b")], "synthesizer": cdk.DefaultStackSynthesizer()},
            ("synthesizer-several-stacks", "synthesizer", "DefaultStackSynthesizer"),
            id="a-synthesizer",
        ),
    ],
)
def test_refuses(
    identity_center: IdentityCenter, cdk_context: dict[str, Any], arguments: dict[str, Any], refused: tuple[str, ...]
) -> None:
    with refuses(*refused):
        synthesize(identity_center, cdk_context, **arguments)


def test_the_commands_see_one_organization(identity_center: IdentityCenter, cdk_context: dict[str, Any]) -> None:
    members = [AccountProps(key="dev"), AccountProps(key="pay", stack="pay", region="eu-west-1")]
    description = describe(synthesize(identity_center, cdk_context, accounts=members))
    described = {account.name: (account.output, account.region) for account in description.accounts.values()}
    assert described == {
        "acme": (("OrgBaseline", "ManagementAccountId"), None),
        "acme-dev": (("OrgBaseline", "AccountIdDev"), None),
        "acme-pay": (("OrgBaseline-pay", "AccountIdPay"), "eu-west-1"),
    }
    assigned = {
        (
            description.accounts[assignment.account].name,
            description.permission_sets[assignment.permission_set].name,
            description.groups[assignment.principal].name,
        )
        for assignment in description.assignments
    }
    assert assigned == {
        (account, "AdministratorAccess", group)
        for account, group in [
            ("acme", "Administrators"),
            ("acme-dev", "Administrators"),
            ("acme-dev", "Auditors"),
            ("acme-pay", "Administrators"),
            ("acme-pay", "Auditors"),
        ]
    }


def existing(count: int, *, in_baseline: int) -> list[AccountProps]:
    """Return accounts that exist already, of which the later ones have a stack."""
    return [
        AccountProps(
            key=f"a{number}",
            account_id=f"{444455550000 + number}",
            stack=None if number < in_baseline else "more",
        )
        for number in range(count)
    ]


def test_accounts_that_exist_have_their_outputs_with_their_assignments(
    identity_center: IdentityCenter, cdk_context: dict[str, Any]
) -> None:
    templates = synthesize(identity_center, cdk_context, accounts=existing(250, in_baseline=150))
    assert list(templates) == ["OrgBaseline", "OrgBaseline-more-access"]
    outputs = {stack: template["Outputs"] for stack, template in templates.items()}
    assert outputs["OrgBaseline"]["AccountIdA149"]["Value"] == "444455550149"
    assert outputs["OrgBaseline-more-access"]["AccountIdA150"]["Value"] == "444455550150"
    assert len(outputs["OrgBaseline-more-access"]) == 100
    known = {account.account_id for account in describe(templates).accounts.values()}
    assert {f"{444455550000 + number}" for number in range(250)} <= known


def test_an_account_that_exists_without_assignments_has_its_output_in_the_baseline(
    identity_center: IdentityCenter, cdk_context: dict[str, Any]
) -> None:
    templates = synthesize(
        identity_center,
        cdk_context,
        accounts=existing(2, in_baseline=1),
        assignments=[
            AssignmentProps(principal="Administrators", permission_set="AdministratorAccess", targets=["management"])
        ],
    )
    assert list(templates) == ["OrgBaseline"]
    assert "AccountIdA1" in templates["OrgBaseline"]["Outputs"]


def types_of(templates: Templates) -> dict[str, list[str]]:
    """Return the types of each stack, sorted."""
    return {
        stack: sorted(resource["Type"].rpartition("::")[2] for resource in template["Resources"].values())
        for stack, template in templates.items()
    }


def test_people_and_groups_get_stacks_by_name(identity_center: IdentityCenter, cdk_context: dict[str, Any]) -> None:
    late = [GroupProps(name="Late", stack="b")]
    templates = synthesize(
        identity_center,
        cdk_context,
        groups=[GroupProps(name="Administrators"), *late],
        users=[
            *people(1),
            *people(2, first=1, stack="a"),
            UserProps(user_name="kim", given_name="Kim", family_name="Acme", email="k@acme.com", groups=["Late"]),
            UserProps(user_name="lou", given_name="L", family_name="A", email="l@acme.com", groups=["Late"], stack="a"),
            UserProps(user_name="max", user_id=USER_ID, groups=["Administrators"], stack="c"),
        ],
        assignments=[ADMINISTRATE],
    )
    types = types_of(templates)
    assert {stack: kinds for stack, kinds in types.items() if stack != "OrgBaseline"} == {
        "OrgBaseline-b-groups": ["Group", "GroupMembership"],
        "OrgBaseline-a-people": ["GroupMembership"] * 3 + ["User"] * 3,
        "OrgBaseline-c-people": ["GroupMembership"],
    }
    assert (types["OrgBaseline"].count("User"), types["OrgBaseline"].count("GroupMembership")) == (2, 1)
    description = describe(templates)
    members = {
        group.name: {description.users[user].name for user in group.members} for group in description.groups.values()
    }
    assert members == {
        "Administrators": {"p0@acme.com", "p1@acme.com", "p2@acme.com", "max"},
        "Late": {"kim", "lou"},
    }


def test_growing_into_stacks_of_people_changes_no_resource_that_is_there(
    identity_center: IdentityCenter, cdk_context: dict[str, Any]
) -> None:
    before = resources(synthesize(identity_center, cdk_context, users=people(3)))
    grown = [*people(3), *people(3, first=3, stack="a")]
    after = resources(synthesize(identity_center, cdk_context, users=grown))
    assert {key: after[key] for key in before} == before
    more = resources(synthesize(identity_center, cdk_context, users=[*grown, *people(1, first=6, stack="b")]))
    assert {key: more[key] for key in after} == after
    assert {key.partition("/")[0] for key in more.keys() - after.keys()} == {"OrgBaseline-b-people"}


def test_access_of_people_of_another_stack_is_where_their_ids_are_known(
    identity_center: IdentityCenter, cdk_context: dict[str, Any]
) -> None:
    directly = AssignmentProps(
        principal="p0@acme.com", permission_set="AdministratorAccess", targets=["management", "pay"]
    )
    of_late = AssignmentProps(principal="Late", permission_set="AdministratorAccess", targets=["dev"])
    templates = synthesize(
        identity_center,
        cdk_context,
        accounts=[AccountProps(key="dev"), AccountProps(key="pay", stack="pay")],
        groups=[GroupProps(name="Administrators"), GroupProps(name="Late", stack="b")],
        users=people(1, stack="a"),
        assignments=[directly, of_late],
    )
    types = types_of(templates)
    assert types["OrgBaseline-access"] == ["Assignment"] * 2
    assert types["OrgBaseline-pay-access"] == ["Assignment"]
    assert "Assignment" not in types["OrgBaseline"]
    description = describe(templates)
    names = {key: user.name for key, user in description.users.items()}
    names |= {key: group.name for key, group in description.groups.items()}
    assert {(description.accounts[each.account].name, names[each.principal]) for each in description.assignments} == {
        ("acme", "p0@acme.com"),
        ("acme-pay", "p0@acme.com"),
        ("acme-dev", "Late"),
    }


def test_stacks_of_people_wait_for_those_of_groups_and_access_waits_for_whom_it_names(
    identity_center: IdentityCenter, cdk_context: dict[str, Any]
) -> None:
    app = cdk.App(context=cdk_context)
    OrgBaseline(
        app,
        "OrgBaseline",
        env=cdk.Environment(account="111122223333", region="us-east-1"),
        company="acme",
        email="aws@acme.com",
        identity_center=identity_center,
        groups=[GroupProps(name="Administrators"), GroupProps(name="Late", stack="b")],
        users=[*people(1, stack="a"), *people(1, first=1, stack="c")],
        assignments=[
            AssignmentProps(principal="p0@acme.com", permission_set="AdministratorAccess", targets=["management"])
        ],
    )
    assert dependencies(app) == {
        "OrgBaseline": set(),
        "OrgBaseline-b-groups": {"OrgBaseline"},
        "OrgBaseline-a-people": {"OrgBaseline", "OrgBaseline-b-groups"},
        "OrgBaseline-c-people": {"OrgBaseline", "OrgBaseline-a-people"},
        "OrgBaseline-access": {"OrgBaseline", "OrgBaseline-a-people"},
    }


def test_permission_sets_are_deleted_with_the_baseline_where_only_people_are_elsewhere(
    identity_center: IdentityCenter, cdk_context: dict[str, Any]
) -> None:
    template = synthesize(identity_center, cdk_context, users=people(1, stack="a"))["OrgBaseline"]
    [permission_set] = [each for each in template["Resources"].values() if each["Type"] == "AWS::SSO::PermissionSet"]
    assert "DeletionPolicy" not in permission_set


@pytest.mark.parametrize(("in_baseline", "bootstrapped"), [(0, {"OrgBaseline-a-people"}), (1, None)])
def test_functions_that_create_people_are_in_stacks_with_the_bootstrap(
    identity_center: IdentityCenter, cdk_context: dict[str, Any], in_baseline: int, bootstrapped: set[str] | None
) -> None:
    templates = synthesize(
        identity_center,
        cdk_context,
        env=cdk.Environment(account="111122223333", region="eu-west-1"),
        users=[*people(in_baseline), *people(1, first=1, stack="a")],
    )
    with_function = {
        stack
        for stack, template in templates.items()
        if "AWS::Lambda::Function" in {resource["Type"] for resource in template["Resources"].values()}
    }
    assert {
        stack for stack in templates if "BootstrapVersion" in templates[stack].get("Parameters", {})
    } == with_function
    assert with_function == (bootstrapped or {"OrgBaseline", "OrgBaseline-a-people"})


def test_there_are_no_stacks_of_people_before_identity_center_is(cdk_context: dict[str, Any]) -> None:
    app = cdk.App(context=cdk_context)
    OrgBaseline(
        app,
        "OrgBaseline",
        env=cdk.Environment(account="111122223333", region="us-east-1"),
        company="acme",
        email="aws@acme.com",
        accounts=[AccountProps(key="dev"), AccountProps(key="pay", stack="pay")],
        users=people(1, stack="a"),
    )
    assert [stack.stack_name for stack in app.synth().stacks] == ["OrgBaseline", "OrgBaseline-pay"]
