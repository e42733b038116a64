"""`ResourcePolicy`, and `resource_policy` of `OrgBaseline`."""

from __future__ import annotations

import json
from typing import Any, Final

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk.assertions import Match, Template

from org_constructs import AccountProps, Organization, OrgBaseline, ResourcePolicy, ResourcePolicyProps
from organizations import ENV, IDENTITY_CENTER
from refusals import refuses

RESOURCE_POLICY: Final = "AWS::Organizations::ResourcePolicy"


def content(*principals: Any, **more: Any) -> dict[str, Any]:
    statements = [
        {
            "Sid": f"Delegation{number}",
            "Effect": "Allow",
            "Principal": {"AWS": each},
            "Action": "organizations:AttachPolicy",
            "Resource": "*",
            "Condition": {"StringEquals": {"organizations:PolicyType": "BACKUP_POLICY"}},
            **more,
        }
        for number, each in enumerate(principals)
    ]
    return {"Version": "2012-10-17", "Statement": statements}


def test_creates_one_after_what_is_before_it(stack: cdk.Stack) -> None:
    Organization(stack, "Organization")
    policy = ResourcePolicy(stack, "Delegation", content=content("444455556666"))
    template = Template.from_stack(stack)
    [(logical_id, resource)] = template.find_resources(RESOURCE_POLICY).items()
    assert resource["Properties"] == {"Content": content("444455556666")}
    assert resource["DependsOn"] == [*template.find_resources("AWS::Organizations::Organization")]
    assert stack.resolve(policy.resource_policy_id) == {"Fn::GetAtt": [logical_id, "Id"]}


def test_what_it_delegates_goes_with_it(stack: cdk.Stack) -> None:
    ResourcePolicy(stack, "Delegation", content=content("444455556666"))
    Template.from_stack(stack).has_resource(
        RESOURCE_POLICY, {"DeletionPolicy": Match.absent(), "UpdateReplacePolicy": Match.absent()}
    )


def test_has_tags_and_takes_a_policy_document(stack: cdk.Stack) -> None:
    principal = iam.AccountPrincipal("444455556666")
    statement = iam.PolicyStatement(principals=[principal], actions=["organizations:List*"], resources=["*"])
    document = iam.PolicyDocument(statements=[statement])
    ResourcePolicy(stack, "Delegation", content=document, tags={"owner": "kim"})
    Template.from_stack(stack).has_resource_properties(
        RESOURCE_POLICY,
        {
            "Content": {"Statement": [Match.object_like({"Action": "organizations:List*", "Effect": "Allow"})]},
            "Tags": [{"Key": "owner", "Value": "kim"}],
        },
    )


def of_length(characters: int) -> dict[str, Any]:
    empty = content("444455556666", Sid="")
    return content("444455556666", Sid="s" * (characters - len(json.dumps(empty, separators=(",", ":")))))


def test_takes_a_content_at_its_longest(stack: cdk.Stack) -> None:
    ResourcePolicy(stack, "Delegation", content=of_length(40_000))


@pytest.mark.parametrize(
    ("given", "code", "values"),
    [
        ({"content": of_length(40_001)}, "policy-too-large", ("40,000", "40,001")),
        ({"content": {"Statement": []}}, "policy-without-statement", ("content['Statement']",)),
        ({"content": "{}"}, "policy-not-a-mapping", ("content",)),
        ({"content": content("444455556666"), "tags": {"aws:by": "kim"}}, "tag-key-reserved", ("tags",)),
    ],
)
def test_refuses(stack: cdk.Stack, given: dict[str, Any], code: str, values: tuple[str, ...]) -> None:
    with refuses(code, *values):
        ResourcePolicy(stack, "Delegation", **given)


def test_an_app_has_one(stack: cdk.Stack) -> None:
    ResourcePolicy(stack, "Delegation", content=content("444455556666"))
    with refuses("resource-policy-twice", "Delegation"):
        ResourcePolicy(stack, "Another", content=content("444455556666"))


# Of OrgBaseline


def baseline(app: cdk.App, given: object, **more: Any) -> OrgBaseline:
    return OrgBaseline(
        app,
        "OrgBaseline",
        env=ENV,
        company="acme",
        email="aws@acme.com",
        identity_center=IDENTITY_CENTER,
        resource_policy=given,  # type: ignore[arg-type] # some are refused
        **more,
    )


def test_keys_of_accounts_stand_for_their_ids(app: cdk.App) -> None:
    given = ResourcePolicyProps(content=content("security", ["old", "777788889999"]), tags={"owner": "kim"})
    accounts = [AccountProps(key="security"), AccountProps(key="old", account_id="444455556666")]
    stack = baseline(app, given, accounts=accounts)
    [resource] = Template.from_stack(stack).find_resources(RESOURCE_POLICY).values()
    principals = [each["Principal"]["AWS"] for each in resource["Properties"]["Content"]["Statement"]]
    assert principals == [stack.resolve(stack.accounts["security"].account_id), ["444455556666", "777788889999"]]
    assert resource["Properties"]["Tags"] == [{"Key": "owner", "Value": "kim"}]
    assert stack.resource_policy is not None


def test_other_principals_stay_as_they_are(app: cdk.App) -> None:
    root = "arn:aws:iam::444455556666:root"
    statement = {**content(root)["Statement"][0], "Principal": "*", "Sid": "Everybody"}
    said = {**content(root), "Statement": [*content(root, "*", cdk.Aws.ACCOUNT_ID)["Statement"], statement]}
    [resource] = (
        Template.from_stack(baseline(app, ResourcePolicyProps(content=said))).find_resources(RESOURCE_POLICY).values()
    )
    assert [each["Principal"] for each in resource["Properties"]["Content"]["Statement"]] == [
        {"AWS": root},
        {"AWS": "*"},
        {"AWS": {"Ref": "AWS::AccountId"}},
        "*",
    ]


def test_without_one_there_is_none(app: cdk.App) -> None:
    stack = baseline(app, None)
    assert stack.resource_policy is None
    Template.from_stack(stack).resource_count_is(RESOURCE_POLICY, 0)


@pytest.mark.parametrize(
    ("given", "code", "values"),
    [
        (content("444455556666"), "wrong-type", ("resource_policy", "dict")),
        (ResourcePolicyProps(content=content("secruity")), "name-unknown", ("'secruity'", "'security'")),
        (ResourcePolicyProps(content=content("later")), "policy-target-own-stack", ("'later'",)),
        (
            ResourcePolicyProps(content=content("security", Effect="Grant")),
            "policy-effect",
            ("'Grant'",),
        ),
    ],
)
def test_a_baseline_refuses(app: cdk.App, given: object, code: str, values: tuple[str, ...]) -> None:
    with refuses(code, *values):
        baseline(app, given, accounts=[AccountProps(key="security"), AccountProps(key="later", stack="more")])
