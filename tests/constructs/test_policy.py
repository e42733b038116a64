"""`Policy`."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk.assertions import Annotations, Match, Template

from org_constructs import Account, Organization, OrganizationalUnit, Policy, PolicyType
from org_constructs.constructs.policy import CONTENT_MAX
from policy_documents import DENY_LEAVING, content_of, content_with
from refusals import refuses

POLICY = "AWS::Organizations::Policy"
NO_LIMIT = [policy_type for policy_type in PolicyType if policy_type not in CONTENT_MAX]


def stay(stack: cdk.Stack, **options: Any) -> Policy:
    defaults = {"name": "Stay", "type": PolicyType.SERVICE_CONTROL_POLICY, "content": DENY_LEAVING}
    return Policy(stack, "Stay", **{**defaults, **options})


def test_creates_one_attached_to_nothing(stack: cdk.Stack) -> None:
    policy = stay(stack)
    template = Template.from_stack(stack)
    template.resource_count_is(POLICY, 1)
    template.has_resource_properties(
        POLICY,
        {
            "Name": "Stay",
            "Type": "SERVICE_CONTROL_POLICY",
            "Content": DENY_LEAVING,
            "TargetIds": Match.absent(),
            "Description": Match.absent(),
            "Tags": Match.absent(),
        },
    )
    (logical_id,) = template.find_resources(POLICY)
    assert stack.resolve(policy.policy_id) == {"Fn::GetAtt": [logical_id, "Id"]}


def test_is_deleted_when_it_is_removed(stack: cdk.Stack) -> None:
    stay(stack)
    Template.from_stack(stack).has_resource(
        POLICY, {"DeletionPolicy": Match.absent(), "UpdateReplacePolicy": Match.absent()}
    )


def test_is_attached_to_roots_units_and_accounts_in_the_given_order(stack: cdk.Stack) -> None:
    organization = Organization(stack, "Organization")
    unit = OrganizationalUnit(stack, "Unit", name="unit", parent=organization)
    account = Account(stack, "Dev", name="acme-dev", email="aws+dev@acme.com", parent=unit)
    root = Organization.from_attributes(
        organization_id="o-exampleorg1", root_id="r-ab12", management_account_id="111122223333"
    )
    targets = (
        account,
        organization,
        unit,
        root,
        OrganizationalUnit.from_organizational_unit_id("ou-ab12-11112222"),
        Account.from_account_id("444455556666"),
    )
    stay(stack, targets=targets)
    Template.from_stack(stack).has_resource_properties(
        POLICY,
        {
            "TargetIds": [
                stack.resolve(account.account_id),
                stack.resolve(organization.root_id),
                stack.resolve(unit.organizational_unit_id),
                "r-ab12",
                "ou-ab12-11112222",
                "444455556666",
            ]
        },
    )


def test_takes_a_description_and_tags(stack: cdk.Stack) -> None:
    stay(stack, description="Nobody leaves", tags={"team": "core", "area": "access"})
    Template.from_stack(stack).has_resource_properties(
        POLICY,
        {
            "Description": "Nobody leaves",
            "Tags": [{"Key": "area", "Value": "access"}, {"Key": "team", "Value": "core"}],
        },
    )


def test_takes_a_policy_document_and_the_statements_added_to_it_later(stack: cdk.Stack) -> None:
    deny = iam.PolicyStatement(effect=iam.Effect.DENY, actions=["organizations:LeaveOrganization"], resources=["*"])
    document = iam.PolicyDocument(statements=[deny])
    stay(stack, content=document)
    document.add_statements(iam.PolicyStatement(effect=iam.Effect.DENY, actions=["iam:*"], resources=["*"]))
    Template.from_stack(stack).has_resource_properties(
        POLICY,
        {
            "Content": {
                "Version": "2012-10-17",
                "Statement": [
                    {"Effect": "Deny", "Action": ["iam:*", "organizations:LeaveOrganization"], "Resource": "*"}
                ],
            }
        },
    )


def test_takes_mappings_of_any_kind(stack: cdk.Stack) -> None:
    statements = [MappingProxyType(statement) for statement in DENY_LEAVING["Statement"]]
    stay(stack, content=MappingProxyType({**DENY_LEAVING, "Statement": statements}))
    Template.from_stack(stack).has_resource_properties(POLICY, {"Content": DENY_LEAVING})


@pytest.mark.parametrize("policy_type", PolicyType)
def test_takes_each_type(stack: cdk.Stack, policy_type: PolicyType) -> None:
    content = content_of(policy_type)
    stay(stack, type=policy_type, content=content)
    Template.from_stack(stack).has_resource_properties(POLICY, {"Type": policy_type.value, "Content": content})


def test_knows_the_types_that_cloudformation_creates() -> None:
    assert len(PolicyType) == 14
    assert all(policy_type.name == policy_type.value for policy_type in PolicyType)


@pytest.mark.parametrize(
    ("policy_type", "maximum"),
    [
        ("AISERVICES_OPT_OUT_POLICY", 2_500),
        ("BACKUP_POLICY", 10_000),
        ("CHATBOT_POLICY", 10_000),
        ("DECLARATIVE_POLICY_EC2", 10_000),
        ("RESOURCE_CONTROL_POLICY", 5_120),
        ("SECURITYHUB_POLICY", 10_000),
        ("SERVICE_CONTROL_POLICY", 10_240),
        ("TAG_POLICY", 10_000),
        ("UPGRADE_ROLLOUT_POLICY", 5_120),
    ],
)
def test_takes_content_up_to_the_limit_of_its_type(stack: cdk.Stack, policy_type: str, maximum: int) -> None:
    with refuses("policy-too-large", "content", f"{maximum:,}", policy_type, f"got {maximum + 1:,}", "'Stay'"):
        stay(stack, type=PolicyType(policy_type), content=content_with(maximum + 1, policy_type))
    assert stack.node.children == []
    stay(stack, type=PolicyType(policy_type), content=content_with(maximum, policy_type))
    assert len(stack.node.children) == 1


@pytest.mark.parametrize("policy_type", NO_LIMIT)
def test_takes_longer_content_where_aws_publishes_no_limit(stack: cdk.Stack, policy_type: PolicyType) -> None:
    stay(stack, type=policy_type, content=content_with(20_000, policy_type))
    assert len(stack.node.children) == 1


def test_does_not_count_what_a_token_stands_for(stack: cdk.Stack) -> None:
    account_ids = [cdk.Fn.import_value(f"Account{number}") for number in range(1_000)]
    stay(stack, type=PolicyType.AISERVICES_OPT_OUT_POLICY, content={"services": {"@@assign": account_ids[:700]}})
    assert len(stack.node.children) == 1


@pytest.mark.parametrize(
    "options",
    [{"name": "p"}, {"name": "p" * 128}, {"name": "Zoë's"}, {"description": ""}, {"description": "d" * 512}],
    ids=lambda options: str(options)[:30],
)
def test_takes_what_organizations_takes(stack: cdk.Stack, options: dict[str, Any]) -> None:
    stay(stack, **options)
    assert len(stack.node.children) == 1


def test_takes_tokens(stack: cdk.Stack) -> None:
    token = cdk.Fn.import_value("Value")
    stay(
        stack,
        name=f"{token}{'p' * 128}",
        description=f"{token}{'d' * 512}",
        content=content_of("SERVICE_CONTROL_POLICY", token),
    )
    content = content_of("SERVICE_CONTROL_POLICY", {"Fn::ImportValue": "Value"})
    Template.from_stack(stack).has_resource_properties(POLICY, {"Content": content})


@pytest.mark.parametrize(
    ("options", "refused"),
    [
        ({"name": ""}, ("wrong-length", "name", "1 to 128", "got 0")),
        ({"name": "p" * 129}, ("wrong-length", "name", "1 to 128", "got 129")),
        ({"name": 7}, ("wrong-type", "name", "int 7")),
        (
            {"type": "SERVICE_CONTROL_POLICY"},
            ("wrong-type", "type", "a PolicyType, such as PolicyType.SERVICE_CONTROL_POLICY"),
        ),
        ({"type": None}, ("wrong-type", "type", "NoneType None")),
        ({"description": "d" * 513}, ("wrong-length", "description", "0 to 512", "got 513")),
        ({"description": ["d"]}, ("wrong-type", "description", "list ['d']")),
        ({"tags": {"aws:a": ""}}, ("tag-key-reserved", "tags key")),
        ({"tags": "team"}, ("wrong-type", "tags", "str 'team'")),
        ({"content": {}}, ("policy-not-a-mapping", "content", "dict {}")),
        ({"content": "{}"}, ("policy-not-a-mapping", "content", "str '{}'")),
        ({"name": "FullAWSAccess"}, ("policy-name-reserved", "name", "SERVICE_CONTROL_POLICY", "'FullAWSAccess'")),
        (
            {"type": PolicyType.RESOURCE_CONTROL_POLICY, "name": "RCPFullAWSAccess"},
            ("policy-name-reserved", "name", "RESOURCE_CONTROL_POLICY", "'RCPFullAWSAccess'"),
        ),
        (
            {"content": content_of("TAG_POLICY")},
            ("policy-of-another-type", "content", "a service control policy", "'tags'", "the content of a TAG_POLICY"),
        ),
        ({"content": {"a": (1,)}}, ("policy-value-not-json", "content['a']")),
        ({"targets": "r-ab12"}, ("not-a-list", "targets", "str 'r-ab12'")),
        ({"targets": None}, ("not-a-list", "targets", "NoneType None")),
        (
            {"targets": ["r-ab12"]},
            ("wrong-type", "targets[0]", "an Organization, an OrganizationalUnit or an Account", "str 'r-ab12'"),
        ),
        (
            {"targets": [Account.from_account_id("111122223333"), Account.from_account_id("111122223333")]},
            ("not-unique", "targets[1]", "targets[0]", "target", "'111122223333'"),
        ),
    ],
    ids=lambda value: str(value)[:40],
)
def test_refuses_what_organizations_would_refuse(
    stack: cdk.Stack, options: dict[str, Any], refused: tuple[str, ...]
) -> None:
    with refuses(*refused):
        stay(stack, **options)
    assert stack.node.children == []


def test_refuses_an_empty_policy_document(stack: cdk.Stack) -> None:
    with refuses("policy-without-statement", "content"):
        stay(stack, content=iam.PolicyDocument())
    assert stack.node.children == []


def test_refuses_one_target_outside_a_list(stack: cdk.Stack) -> None:
    organization = Organization(stack, "Organization")
    with refuses("not-a-list", "targets", "Organization"):
        stay(stack, targets=organization)
    assert stack.node.children == [organization]


def test_refuses_a_target_that_comes_twice(stack: cdk.Stack) -> None:
    organization = Organization(stack, "Organization")
    with refuses("not-unique", "targets[1]", "targets[0]", "target"):
        stay(stack, targets=[organization, organization])
    assert stack.node.children == [organization]


@pytest.mark.parametrize(
    ("policy_type", "most", "beside"),
    [
        ("SERVICE_CONTROL_POLICY", 9, "beside FullAWSAccess"),
        ("RESOURCE_CONTROL_POLICY", 4, "beside RCPFullAWSAccess"),
        ("CHATBOT_POLICY", 5, ""),
        ("TAG_POLICY", 10, ""),
    ],
)
def test_refuses_one_more_than_a_target_takes(stack: cdk.Stack, policy_type: str, most: int, beside: str) -> None:
    organization = Organization(stack, "Organization")
    dev = Account.from_account_id("444455556666")
    options: dict[str, Any] = {"type": PolicyType(policy_type), "content": content_of(policy_type)}
    for number in range(most):
        Policy(stack, f"Policy{number}", name=f"Policy{number}", targets=[organization], **options)
    values = ("targets[1]", f"at most {most}", policy_type, beside, f"got {most + 1}")
    with refuses("target-policies-too-many", *values) as refused:
        stay(stack, targets=[dev, organization], **options)
    assert ("beside" in refused.value.why) == bool(beside)
    stay(stack, targets=[dev], **options)


@pytest.mark.parametrize("policy_type", ["BEDROCK_POLICY", "UPGRADE_ROLLOUT_POLICY"])
def test_counts_no_attachments_where_aws_publishes_no_limit(stack: cdk.Stack, policy_type: str) -> None:
    organization = Organization(stack, "Organization")
    for number in range(11):
        Policy(
            stack,
            f"Policy{number}",
            name=f"Policy{number}",
            type=PolicyType(policy_type),
            content=content_of(policy_type),
            targets=[organization],
        )
    assert len(stack.node.children) == 12


def test_names_an_existing_one_without_creating_anything() -> None:
    assert Policy.from_policy_id("p-examplepolicyid111").policy_id == "p-examplepolicyid111"


def test_passes_a_token_as_the_id_of_an_existing_one() -> None:
    token = cdk.Fn.import_value("PolicyId")
    assert Policy.from_policy_id(token).policy_id == token


@pytest.mark.parametrize("policy_id", ["p-12345678", "p-FullAWSAccess", f"p-{'_' * 128}"])
def test_takes_an_existing_one_with_an_id_of_awss_form(policy_id: str) -> None:
    assert Policy.from_policy_id(policy_id).policy_id == policy_id


@pytest.mark.parametrize(
    ("code", "policy_id"),
    [
        ("wrong-length", ""),
        ("wrong-form", "p-1234567"),
        ("wrong-length", f"p-{'_' * 129}"),
        ("wrong-form", "examplepolicyid111"),
        ("wrong-form", "p-12345678\n"),
        ("wrong-type", 7),
    ],
)
def test_refuses_an_existing_one_with_an_id_of_another_form(code: str, policy_id: Any) -> None:
    with refuses(code, "policy_id"):
        Policy.from_policy_id(policy_id)


@pytest.mark.parametrize(
    ("organization_in", "enabled", "warned"),
    [
        ("Stack", [], True),
        ("Stack", [PolicyType.TAG_POLICY], True),
        ("Stack", [PolicyType.SERVICE_CONTROL_POLICY, PolicyType.TAG_POLICY], False),
        ("Other", [], False),
    ],
)
def test_warns_of_a_type_that_the_organization_of_its_stack_does_not_have_enabled(
    app: cdk.App, *, organization_in: str, enabled: list[PolicyType], warned: bool
) -> None:
    stacks = {name: cdk.Stack(app, name) for name in sorted({organization_in, "Stack"})}
    Organization(stacks[organization_in], "Organization", enabled_policy_types=enabled)
    stay(stacks["Stack"])
    warning = (
        "a first deploy fails at the policy 'Stay', because the organization that it creates has no"
        " SERVICE_CONTROL_POLICY enabled: leave the policy out of that deploy, enable the type with `org-baseline"
        " doctor --fix`, and pass enabled_policy_types=[PolicyType.SERVICE_CONTROL_POLICY] to Organization when you"
        " add it again [ack: OrgBaseline-PolicyTypeNotEnabled]"
    )
    found = Annotations.from_stack(stacks["Stack"]).find_warning("*", Match.any_value())
    assert [str(each.entry.data) for each in found] == ([warning] if warned else [])
