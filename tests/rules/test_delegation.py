"""To whom an organization's resource policy delegates, and what: a table on either side."""

from __future__ import annotations

from typing import Any

import pytest

from checked_templates import allow, deny, document, resource, templates
from cloud_assembly import get
from org_constructs.rules import RULES

BY_ID = {rule.id.removeprefix("OrgBaseline-"): rule for rule in RULES}
SECURITY = {"AWS": "arn:aws:iam::444455556666:root"}
ANYBODY = "*"
OURS = {"StringEquals": {"aws:PrincipalOrgID": "o-abcde12345"}}


def found(rule: str, *statements: dict[str, Any]) -> list[str]:
    it = resource("Organizations::ResourcePolicy", Content=document(*statements))
    return [location for each in BY_ID[rule].find(templates({"It": it})) for location in each.locations]


def lists(principal: Any = ANYBODY, **more: Any) -> dict[str, Any]:
    return allow("organizations:List*", Principal=principal, **more)


def manages(*actions: str, on: Any = "*", **more: Any) -> dict[str, Any]:
    return allow(*(actions or ("organizations:*",)), on=on, **({"Principal": SECURITY} | more))


def besides(**elements: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Resource": "*", "Principal": SECURITY} | elements


@pytest.mark.parametrize(
    "statements",
    [
        [lists()],
        [lists({"AWS": "*"})],
        [lists({"AWS": ["444455556666", "*"]})],
        [{"Effect": "Allow", "NotPrincipal": SECURITY, "Action": "organizations:List*", "Resource": "*"}],
        [lists(Condition={"StringEqualsIfExists": {"aws:RequestedRegion": "us-east-1"}})],
        [lists(Condition={"StringNotEquals": {"aws:PrincipalOrgID": "o-abcde12345"}})],
        [lists(Condition={"StringLike": {"aws:PrincipalOrgID": "*"}})],
        [lists(Condition={"StringLike": {"aws:PrincipalOrgPaths": "o-*/*"}})],
        [lists(Condition={"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/Reader"}})],
        [lists(Condition={"Null": {"aws:PrincipalOrgID": "false"}})],
        [lists(Condition={"Null": {"aws:PrincipalOrgID": "true"}})],
        [lists(Condition={"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-abcde12345"}})],
        [lists(Condition={"ForAllValues:StringEquals": {"aws:PrincipalOrgID": "o-abcde12345"}})],
        [lists(Condition={"ForAllValues:StringLike": {"aws:PrincipalOrgPaths": "o-abcde12345/r-ab12/*"}})],
        [lists(Condition={"StringLikeIfExists": {"aws:PrincipalOrgID": "o-abcde*"}}), lists(Condition=OURS)],
        [lists(Condition={"Bool": {"aws:SecureTransport": "true"}})],
        [lists(), deny("organizations:ListRoots", Principal=ANYBODY)],
        [lists(), deny("organizations:*", Principal=SECURITY)],
        [lists(), deny("organizations:*", Principal=ANYBODY, Condition={"Bool": {"aws:SecureTransport": "false"}})],
    ],
    ids=str,
)
def test_finds_what_is_allowed_to_anybody(statements: list[dict[str, Any]]) -> None:
    assert found("DelegationAnybody", *statements) == ["Properties.Content.Statement.0"]


@pytest.mark.parametrize(
    "statements",
    [
        [lists(SECURITY)],
        [lists({"AWS": ["444455556666", "777788889999"]})],
        [lists({"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}})],
        [lists({"Service": "config.amazonaws.com"})],
        [lists(Condition=OURS)],
        [lists(Condition={"StringEquals": {"aws:PrincipalAccount": "444455556666"}})],
        [lists(Condition={"StringLike": {"aws:PrincipalAccount": "44445555*"}})],
        [lists(Condition={"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-abcde12345/r-ab12/*"}})],
        [lists(Condition={"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::444455556666:role/*"}})],
        [lists(Condition={"ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::444455556666:role/Reader"}})],
        [lists(), deny("organizations:*", Principal=ANYBODY)],
        [lists(), deny("*", Principal="*", Condition={"StringNotEquals": {"aws:PrincipalOrgID": "o-abcde12345"}})],
        [lists(Condition={**OURS, "Null": {"aws:PrincipalOrgID": "false"}})],
        [lists(Condition={**OURS, "StringEqualsIfExists": {"aws:PrincipalOrgID": "o-abcde12345"}})],
        [lists(Condition={"StringEqualsIfExists": {"aws:PrincipalAccount": "444455556666"}})],
        [deny("organizations:*", Principal=ANYBODY)],
        [lists({"AWS": {"Ref": "Account"}})],
    ],
    ids=str,
)
def test_accepts_what_is_allowed_to_some(statements: list[dict[str, Any]]) -> None:
    assert found("DelegationAnybody", *statements) == []


@pytest.mark.parametrize(
    "statements",
    [
        [manages()],
        [manages("ORGANIZATIONS:*")],
        [manages("*")],
        [manages("organizations:?*")],
        [manages("organizations:List*", "organizations:*")],
        [besides(NotAction="organizations:CloseAccount")],
        [besides(NotAction=["iam:*", "s3:*"])],
        [manages(on="arn:aws:organizations::*:*")],
        [manages(on=["arn:aws:organizations::111122223333:ou/o-abcde12345/*"])],
        [manages(on="arn:aws:organizations::111122223333:policy/o-abcde12345/*/*")],
        [manages(Condition={"StringLikeIfExists": {"organizations:PolicyType": "SERVICE_CONTROL_POLICY"}})],
        [manages(Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}})],
        [manages(), deny("organizations:LeaveOrganization", Principal=SECURITY)],
        [manages(Principal={"AWS": {"Fn::Sub": "${Security.AccountId}"}})],
    ],
    ids=str,
)
def test_finds_that_every_action_is_delegated(statements: list[dict[str, Any]]) -> None:
    assert found("DelegationEverything", *statements) == ["Properties.Content.Statement.0"]


@pytest.mark.parametrize(
    "statements",
    [
        [manages("organizations:List*", "organizations:Describe*")],
        [manages("organizations:CreatePolicy", "organizations:UpdatePolicy", "organizations:AttachPolicy")],
        [manages("organizations:*Policy")],
        [manages("organizations:A*")],
        [manages("organizations:*e", "organizations:an*")],
        [manages("iam:*")],
        [besides(NotAction="organizations:*")],
        [besides(NotAction=["organizations:*", "iam:*"])],
        [manages(on="arn:aws:organizations::111122223333:policy/o-abcde12345/tag_policy/*")],
        [manages(on="arn:aws:organizations::111122223333:ou/o-abcde12345/ou-ab12-11112222")],
        [manages(Condition={"StringEquals": {"organizations:PolicyType": "BACKUP_POLICY"}})],
        [manages(Condition={"StringLike": {"organizations:PolicyType": ["TAG_*", "BACKUP_*"]}})],
        [manages(), deny("organizations:*", Principal=SECURITY)],
        [manages(), deny("*", Principal=ANYBODY)],
        [deny("organizations:*", Principal=SECURITY)],
        [manages({"Ref": "Action"})],  # type: ignore[arg-type]
    ],
    ids=str,
)
def test_accepts_that_some_of_it_is_delegated(statements: list[dict[str, Any]]) -> None:
    assert found("DelegationEverything", *statements) == []


LIKE_POLICIES = "arn:aws:organizations::111122223333:policy/o-abcde12345/"


@pytest.mark.parametrize(
    "statements",
    [
        [manages("organizations:AttachPolicy")],
        [manages("organizations:DetachPolicy")],
        [manages("organizations:DeletePolicy")],
        [manages("organizations:UpdatePolicy")],
        [manages("organizations:*Policy", "organizations:List*")],
        [manages("organizations:UpdatePolicy", on="arn:aws:organizations::*:policy/*")],
        [manages("organizations:UpdatePolicy", on="arn:aws:organizations::*:policy/o-*/*_policy/*")],
        [manages("organizations:DetachPolicy", on=f"{LIKE_POLICIES}s*/*")],
        [manages("organizations:DeletePolicy", on=[f"{LIKE_POLICIES}*"])],
        [manages("organizations:DetachPolicy", Condition={"Null": {"organizations:PolicyType": "false"}})],
        [manages("organizations:*Policy", Condition={"StringLike": {"organizations:PolicyType": "*"}})],
        [
            manages(
                "organizations:AttachPolicy",
                Condition={"StringEqualsIfExists": {"organizations:PolicyType": "TAG_POLICY"}},
            )
        ],
        [manages("organizations:*Policy"), deny("organizations:AttachPolicy", Principal=SECURITY)],
        [manages("organizations:DisablePolicyType")],
        [manages("organizations:DisablePolicyType", on="arn:aws:organizations::111122223333:root/o-abcde12345/*")],
    ],
    ids=str,
)
def test_finds_that_changing_policies_of_every_type_is_delegated(statements: list[dict[str, Any]]) -> None:
    assert found("DelegationPolicies", *statements) == ["Properties.Content.Statement.0"]


@pytest.mark.parametrize(
    "statements",
    [
        [manages("organizations:List*", "organizations:DescribePolicy", "organizations:CreatePolicy")],
        [manages("organizations:*Policy", Condition={"StringEquals": {"organizations:PolicyType": "BACKUP_POLICY"}})],
        [manages("organizations:*Policy", Condition={"StringLike": {"organizations:PolicyType": ["TAG_*", "AI*"]}})],
        [manages("organizations:AttachPolicy", on=f"{LIKE_POLICIES}tag_policy/*")],
        [manages("organizations:AttachPolicy", on=f"{LIKE_POLICIES}service_control_policy/*")],
        [manages("organizations:AttachPolicy", on=f"{LIKE_POLICIES}b*_policy/*")],
        [manages("organizations:DetachPolicy", on="arn:aws:organizations::111122223333:ou/*")],
        [manages("organizations:DisablePolicyType", on=f"{LIKE_POLICIES}*")],
        [manages("organizations:EnablePolicyType")],
        [
            manages(
                "organizations:DisablePolicyType",
                Condition={"StringEquals": {"organizations:PolicyType": "TAG_POLICY"}},
            )
        ],
        [manages("organizations:*Policy"), deny("organizations:*Policy", Principal=ANYBODY)],
        [
            manages("organizations:*Policy"),
            deny(*(f"organizations:{each}Policy" for each in ("Attach", "Delete", "Detach", "Update")), Principal="*"),
        ],
        [deny("organizations:*Policy", Principal=SECURITY)],
        [manages("tag:*", "backup:UpdatePolicy")],
        [besides(NotAction="organizations:*Account")],  # which DelegationEverything finds
        [besides(NotAction="organizations:*")],
    ],
    ids=str,
)
def test_accepts_that_policies_of_a_type_are_delegated(statements: list[dict[str, Any]]) -> None:
    assert found("DelegationPolicies", *statements) == []


def test_says_what_is_delegated_and_nothing_besides_everything() -> None:
    content = document(manages("organizations:Detach*", "organizations:AttachPolicy"), manages())
    resources = {"It": resource("Organizations::ResourcePolicy", Content=content)}
    [finding] = BY_ID["DelegationPolicies"].find(templates(resources))
    assert finding.locations == ("Properties.Content.Statement.0",)
    assert finding.detail == "It delegates organizations:AttachPolicy, organizations:DetachPolicy."


def test_other_policies_delegate_nothing() -> None:
    policy = resource("Organizations::Policy", Type="RESOURCE_CONTROL_POLICY", Content=document(lists(), manages()))
    read = templates({"It": policy, "Role": resource("IAM::Role", AssumeRolePolicyDocument=document(lists()))})
    assert [list(BY_ID[f"Delegation{each}"].find(read)) for each in ("Anybody", "Everything")] == [[], []]


def test_says_that_the_deploy_decides_whom_it_is_for() -> None:
    parameter, made = {"AWS": {"Ref": "Account"}}, {"AWS": get("Security", "AccountId")}
    assert found("PolicyNotJudged", lists(parameter)) == ["Properties.Content.Statement.0"]
    assert found("PolicyNotJudged", lists(parameter, Condition=OURS)) == []
    it = resource("Organizations::ResourcePolicy", Content=document(lists(made)))
    read = templates({"It": it, "Security": resource("Organizations::Account")})
    assert list(BY_ID["PolicyNotJudged"].find(read)) == []
