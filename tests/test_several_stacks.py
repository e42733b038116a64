"""An organization that has outgrown one stack."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import pytest
from policy_documents import DENY_LEAVING

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
from org_constructs.description import describe

if TYPE_CHECKING:
    from collections.abc import Mapping

    from org_constructs import IdentityCenter

ADMINISTRATE = AssignmentProps(
    principal="Administrators", permission_set="AdministratorAccess", targets=["management", "*"]
)
AUDIT_ELSEWHERE = AssignmentProps(
    principal="Auditors", permission_set="AdministratorAccess", targets=["*"], stack="audit"
)
AUDIT = AssignmentProps(principal="Auditors", permission_set="AdministratorAccess", targets=["*"])

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
    ("arguments", "message"),
    [
        pytest.param(
            {"accounts": [AccountProps(key=f"a{number}") for number in range(170)]},
            "accounts and assignments must fit into their stacks, got 517 resources in the baseline's own stack, where"
            " CloudFormation takes 500; leave what is deployed where it is, and give new accounts or new assignments a"
            " stack, such as stack='more'",
            id="too-many-resources",
        ),
        pytest.param(
            {
                "accounts": [AccountProps(key=f"a{number}", stack="all") for number in range(201)],
                "assignments": [],
            },
            "accounts and assignments must fit into their stacks, got 201 outputs in the stack 'all', where"
            " CloudFormation takes 200; leave what is deployed where it is, and give new accounts or new assignments a"
            " stack, such as stack='more'",
            id="too-many-outputs",
        ),
        pytest.param(
            {"accounts": accounts(196, first=195), "assignments": [ADMINISTRATE, AUDIT_ELSEWHERE]},
            "accounts and assignments must fit into their stacks, got 201 outputs in the baseline's own stack, where"
            " CloudFormation takes 200; leave what is deployed where it is, and give new accounts or new assignments a"
            " stack, such as stack='more'",
            id="too-many-outputs-with-those-that-other-stacks-refer-to",
        ),
        pytest.param(
            {"accounts": [AccountProps(key="a", stack="a-b")]},
            "accounts[0].stack must be lower-case letters and digits, got 'a-b'",
            id="a-stack-of-two-words",
        ),
        pytest.param(
            {"accounts": [AccountProps(key="a", stack="access")]},
            "accounts[0].stack must not be 'access', which names the stacks of assignments; choose another name",
            id="a-stack-called-access",
        ),
        pytest.param(
            {
                "accounts": [AccountProps(key="a", stack="b")],
                "policies": [
                    PolicyProps(name="p", type=PolicyType.SERVICE_CONTROL_POLICY, content=DENY_LEAVING, targets=["*"])
                ],
            },
            "policies[0].targets must not be accounts with a stack of their own, got 'a', which comes to"
            " exist after the"
            " policies; attach it to their unit instead",
            id="a-policy-on-an-account-of-another-stack",
        ),
        pytest.param(
            {"accounts": [AccountProps(key="a", stack="b")], "synthesizer": cdk.DefaultStackSynthesizer()},
            "synthesizer must not be given with accounts or assignments in stacks of their own, since CDK"
            " takes one for a"
            " single stack, got DefaultStackSynthesizer; leave it out",
            id="a-synthesizer",
        ),
    ],
)
def test_refuses(
    identity_center: IdentityCenter, cdk_context: dict[str, Any], arguments: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
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
