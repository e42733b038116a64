"""What AWS refuses policies for: at synth with the argument's name, by the local AWS with the service's code."""

from __future__ import annotations

import itertools
import json
import re
import time
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from botocore.exceptions import ClientError
from moto.iam.aws_managed_policies import aws_managed_policies_data

from local_aws_stacks import EXISTING, INSTANCE, MANAGEMENT, PERMISSION_SET
from org_constructs import PolicyType
from org_constructs.aws.policy_syntax import INLINE_POLICY, RESOURCE_POLICY, check_policy_syntax, read_policy
from org_constructs.aws.policy_types import POLICY_TYPES, RESOURCE_CONTROL_SERVICES
from org_constructs.constructs.permission_set import check_permission_set
from org_constructs.constructs.policy import check_policy
from org_constructs.constructs.policy_json import is_unknown, json_content
from org_constructs.rehearsal.local_aws import LocalAws
from policy_documents import ALLOW_LISTING, DENY_LEAVING, content_of
from policy_judges import refused_by_cfn_lint, refused_by_cloud_copilot, refused_by_moto
from refusals import listed_codes, refuses, sentences

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from syrupy.assertion import SnapshotAssertion

INLINE: Final = INLINE_POLICY
SCP: Final = "SERVICE_CONTROL_POLICY"
RCP: Final = "RESOURCE_CONTROL_POLICY"
TAG: Final = "TAG_POLICY"
ABSENT: Final = object()
STATEMENTS: Final[Mapping[str, dict[str, Any]]] = {
    INLINE: {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"},
    SCP: {"Effect": "Deny", "Action": "s3:GetObject", "Resource": "*"},
    RCP: {"Effect": "Deny", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"},
}


def with_changes(mapping: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in {**mapping, **changes}.items() if value is not ABSENT}


def document(kind: str, **changes: Any) -> dict[str, Any]:
    return with_changes({"Version": "2012-10-17", "Statement": [STATEMENTS[kind]]}, changes)


def stating(kind: str, **changes: Any) -> dict[str, Any]:
    return document(kind, Statement=[with_changes(STATEMENTS[kind], changes)])


def tags(setting: Any) -> dict[str, Any]:
    return {"tags": {"team": {"tag_key": setting}}}


REFUSED: Final = {
    "unknown element": (
        SCP,
        document(SCP, Statment=[]),
        ("policy-element-unknown", "", "Version, Id, Statement", "'Statment'", "'Statement'"),
    ),
    "unknown element of a statement": (
        INLINE,
        stating(INLINE, Actions="s3:*"),
        (
            "policy-element-unknown",
            "['Statement'][0]",
            "Sid, Effect, Principal, NotPrincipal, Action, NotAction, Resource, NotResource, Condition",
            "'Actions'",
            "'Action'",
        ),
    ),
    "version of another day": (
        INLINE,
        document(INLINE, Version="2012-10-18"),
        ("policy-version", "['Version']", "'2012-10-17' or '2008-10-17'", "'2012-10-18'"),
    ),
    "old version of a control policy": (
        SCP,
        document(SCP, Version="2008-10-17"),
        ("policy-version", "['Version']", "'2012-10-17'", "'2008-10-17'"),
    ),
    "no version of a control policy": (
        RCP,
        document(RCP, Version=ABSENT),
        ("policy-version", "['Version']", "'2012-10-17'", "none"),
    ),
    "id that is no text": (INLINE, document(INLINE, Id=7), ("policy-id-not-text", "['Id']", "got 7")),
    "no statements": (SCP, document(SCP, Statement=ABSENT), ("policy-without-statement", "")),
    "empty list of statements": (
        INLINE,
        document(INLINE, Statement=[]),
        ("policy-without-statement", "['Statement']", "an inline policy"),
    ),
    "statement that is no mapping": (
        SCP,
        document(SCP, Statement="Deny"),
        ("policy-not-a-mapping", "['Statement']", "'Deny'"),
    ),
    "effect in small letters": (
        SCP,
        stating(SCP, Effect="deny"),
        (
            "policy-effect",
            "['Statement'][0]['Effect']",
            "'Allow' or 'Deny'",
            "a service control policy",
            "'deny'",
            "'Deny'",
        ),
    ),
    "no effect": (
        INLINE,
        stating(INLINE, Effect=ABSENT),
        ("policy-effect", "['Statement'][0]['Effect']", "'Allow' or 'Deny'", "an inline policy", "none"),
    ),
    "no action": (
        SCP,
        stating(SCP, Action=ABSENT),
        ("policy-element-not-one", "['Statement'][0]", "Action", "neither", "add one"),
    ),
    "action with NotAction": (
        SCP,
        stating(SCP, NotAction="iam:*"),
        ("policy-element-not-one", "['Statement'][0]", "Action", "both", "remove one"),
    ),
    "no resource": (
        INLINE,
        stating(INLINE, Resource=ABSENT),
        ("policy-element-not-one", "['Statement'][0]", "Resource", "neither"),
    ),
    "resource with NotResource": (
        SCP,
        stating(SCP, NotResource="*"),
        ("policy-element-not-one", "['Statement'][0]", "Resource", "both"),
    ),
    "empty list of actions": (
        SCP,
        stating(SCP, Action=[]),
        ("policy-list-empty", "['Statement'][0]['Action']"),
    ),
    "action that is no text": (
        SCP,
        stating(SCP, Action=["s3:*", 7]),
        ("policy-value-not-text", "['Statement'][0]['Action'][1]", "got 7"),
    ),
    "action without its service": (
        INLINE,
        stating(INLINE, Action="GetObject"),
        ("policy-action-form", "['Statement'][0]['Action']", "'GetObject'"),
    ),
    "action with two colons": (
        INLINE,
        stating(INLINE, Action="ec2::Describe*"),
        ("policy-action-form", "['Statement'][0]['Action']", "'ec2::Describe*'"),
    ),
    "action of part of a service": (
        SCP,
        stating(SCP, NotAction=["s*:Get"], Action=ABSENT),
        ("policy-action-form", "['Statement'][0]['NotAction'][0]", "'s*:Get'"),
    ),
    "resource that is no ARN": (
        INLINE,
        stating(INLINE, Resource="acme-bucket"),
        (
            "policy-resource-form",
            "['Statement'][0]['Resource']",
            "'acme-bucket'",
            "write all six parts, as in 'arn:aws:s3:::bucket/*'",
        ),
    ),
    "ARN without a part": (
        SCP,
        stating(SCP, Resource=["*", "arn:aws:s3::acme"]),
        ("policy-resource-form", "['Statement'][0]['Resource'][1]", "'arn:aws:s3::acme'"),
    ),
    "ARN of a pseudo parameter": (
        INLINE,
        stating(INLINE, Resource="arn:${AWS::Partition}:s3:::acme"),
        ("policy-resource-form", "['Statement'][0]['Resource']", "'arn:${AWS::Partition}:s3:::acme'"),
    ),
    "sid with a dash": (
        INLINE,
        stating(INLINE, Sid="some-policy-doc"),
        ("policy-sid-form", "['Statement'][0]['Sid']", "'some-policy-doc'"),
    ),
    "sid twice": (
        SCP,
        document(SCP, Statement=[{**STATEMENTS[SCP], "Sid": "Deny"}, {**STATEMENTS[SCP], "Sid": "Deny"}]),
        ("policy-sid-twice", "['Statement'][1]['Sid']", "'Deny'", "ARGUMENT['Statement'][0]"),
    ),
    "condition that is no mapping": (
        INLINE,
        stating(INLINE, Condition=[{"StringEquals": {"aws:a": "b"}}]),
        ("policy-not-a-mapping", "['Statement'][0]['Condition']", "[{'StringEquals': {'aws:a': 'b'}}]"),
    ),
    "operator with no mapping": (
        SCP,
        stating(SCP, Condition={"StringEquals": "b"}),
        ("policy-not-a-mapping", "['Statement'][0]['Condition']['StringEquals']", "'b'"),
    ),
    "unknown operator": (
        SCP,
        stating(SCP, Condition={"ForAnyValue:StringEqual": {"aws:a": "b"}}),
        ("policy-operator-unknown", "['Statement'][0]['Condition']", "'ForAnyValue:StringEqual'", "'StringEquals'"),
    ),
    "unknown set operator": (
        SCP,
        stating(SCP, Condition={"ForSomeValues:StringLike": {"aws:a": "b"}}),
        ("policy-operator-unknown", "['Statement'][0]['Condition']", "'ForSomeValues:StringLike'", "'StringLike'"),
    ),
    "Null that need not exist": (
        INLINE,
        stating(INLINE, Condition={"NullIfExists": {"aws:a": "true"}}),
        ("policy-operator-unknown", "['Statement'][0]['Condition']", "'NullIfExists'", "remove it"),
    ),
    "value that is a mapping": (
        SCP,
        stating(SCP, Condition={"StringEquals": {"aws:a": {"b": "c"}}}),
        ("policy-condition-value", "['Statement'][0]['Condition']['StringEquals']['aws:a']", "{'b': 'c'}"),
    ),
    "date that is none": (
        INLINE,
        stating(INLINE, Condition={"DateGreaterThan": {"aws:CurrentTime": "tomorrow"}}),
        ("policy-date", "['Statement'][0]['Condition']['DateGreaterThan']['aws:CurrentTime']", "'tomorrow'"),
    ),
    "principal of an inline policy": (
        INLINE,
        stating(INLINE, Principal="*"),
        (
            "policy-principal-present",
            "['Statement'][0]",
            "Principal",
            "an inline policy",
            "remove it, and use a Condition on aws:PrincipalArn",
        ),
    ),
    "NotPrincipal of a service control policy": (
        SCP,
        stating(SCP, NotPrincipal="*"),
        ("policy-principal-present", "['Statement'][0]", "NotPrincipal", "a service control policy"),
    ),
    "resource control policy that allows": (
        RCP,
        stating(RCP, Effect="Allow"),
        ("policy-effect", "['Statement'][0]['Effect']", "'Deny'", "a resource control policy", "'Allow'"),
    ),
    "resource control policy without principal": (
        RCP,
        stating(RCP, Principal=ABSENT),
        ("policy-element-not-one", "['Statement'][0]", "Principal", "neither"),
    ),
    "resource control policy of a role": (
        RCP,
        stating(RCP, Principal={"AWS": "*"}),
        (
            "policy-principal-not-all",
            "['Statement'][0]['Principal']",
            "a resource control policy",
            "Principal",
            "{'AWS': '*'}",
            "use a Condition on aws:PrincipalArn",
        ),
    ),
    "resource control policy with NotPrincipal": (
        RCP,
        stating(RCP, Principal=ABSENT, NotPrincipal="*"),
        (
            "policy-principal-not-all",
            "['Statement'][0]['Principal']",
            "a resource control policy",
            "NotPrincipal",
            "'*'",
        ),
    ),
    "resource control policy with NotAction": (
        RCP,
        stating(RCP, Action=ABSENT, NotAction="s3:*"),
        ("policy-not-action", "['Statement'][0]"),
    ),
    "resource control policy of everything": (
        RCP,
        stating(RCP, Action="*"),
        (
            "policy-service",
            "['Statement'][0]['Action']",
            "belong to a service that supported resource control policies on 2026-09-26",
            "'*'",
            "such as 's3:*' or 'sts:*'",
        ),
    ),
    "resource control policy of a service without": (
        RCP,
        stating(RCP, Action=["s3:*", "s3s:Publish"]),
        ("policy-service", "['Statement'][0]['Action'][1]", "'s3s:Publish'", "'s3'"),
    ),
    "tag policy as a service control policy": (
        SCP,
        content_of(TAG),
        ("policy-of-another-type", "", "a service control policy", "'tags'", "the content of a TAG_POLICY"),
    ),
    "service control policy as a tag policy": (
        TAG,
        DENY_LEAVING,
        ("policy-of-another-type", "", "a TAG_POLICY", "'Statement'", "IAM's language"),
    ),
    "backup policy as a tag policy": (
        TAG,
        content_of("BACKUP_POLICY"),
        ("policy-of-another-type", "", "a TAG_POLICY", "'plans'", "the content of a BACKUP_POLICY"),
    ),
    "tag policy with more than tags": (
        TAG,
        {**content_of(TAG), "Version": "2012-10-17"},
        ("policy-element-unknown", "", "tags", "'Version'"),
    ),
    "setting without operator": (
        TAG,
        tags("team"),
        ("policy-operator-missing", "['tags']['team']['tag_key']", "'team'"),
    ),
    "unknown operator of inheritance": (
        TAG,
        tags({"@@asign": "team"}),
        (
            "policy-element-unknown",
            "['tags']['team']['tag_key']",
            "@@assign, @@append, @@remove, @@operators_allowed_for_child_policies",
            "'@@asign'",
            "'@@assign'",
        ),
    ),
    "operator around settings": (
        TAG,
        {"tags": {"@@assign": {"team": {}}}},
        ("policy-operator-value", "['tags']['@@assign']", "{'team': {}}", "@@assign"),
    ),
    "unknown child control": (
        TAG,
        tags({"@@operators_allowed_for_child_policies": ["@@nothing"]}),
        (
            "policy-child-operators",
            "['tags']['team']['tag_key']['@@operators_allowed_for_child_policies'][0]",
            "'@@nothing'",
            "@@all, @@none, @@assign, @@append, @@remove",
        ),
    ),
}


@pytest.fixture(scope="module")
def aws() -> Iterator[LocalAws]:
    with LocalAws(management_account_id=MANAGEMENT, region="us-east-1") as running:
        running.seed(EXISTING)
        yield running


def put(aws: LocalAws, kind: str, text: str, name: str = "refused") -> None:
    """Give the local AWS a policy, as text."""
    if kind == INLINE:
        aws.client("sso-admin").put_inline_policy_to_permission_set(
            InstanceArn=INSTANCE, PermissionSetArn=PERMISSION_SET, InlinePolicy=text
        )
    else:
        aws.client("organizations").create_policy(Name=name, Description="", Type=kind, Content=text)


def check(kind: str, content: Any) -> None:
    """Check a policy as the constructs do."""
    if kind == INLINE:
        check_permission_set(
            "permission_sets[0].",
            name="Set",
            description=None,
            managed_policies=(),
            inline_policy=content,
            customer_managed_policies=(),
            permissions_boundary=None,
            session_duration=None,
            relay_state=None,
            not_before=None,
            until=None,
            tags=None,
        )
    else:
        check_policy("policies[0].", name="policy", type=PolicyType(kind), content=content, description=None, tags=None)


@pytest.mark.parametrize(("kind", "content", "refusal"), REFUSED.values(), ids=REFUSED.keys())
def test_is_refused_at_synth_and_by_the_local_aws(
    aws: LocalAws, kind: str, content: Any, refusal: tuple[str, ...]
) -> None:
    argument = "permission_sets[0].inline_policy" if kind == INLINE else "policies[0].content"
    code, place, *values = refusal
    with refuses(code, f"{argument}{place}", *(value.replace("ARGUMENT", argument) for value in values)) as at_synth:
        check(kind, content)
    with pytest.raises(ClientError) as refused:
        put(aws, kind, json.dumps(content))
    code, says = refused.value.response["Error"]["Code"], refused.value.response["Error"]["Message"]
    sentence = str(at_synth.value).replace(argument, "InlinePolicy" if kind == INLINE else "Content")
    assert says.endswith(f"({sentence})")
    if kind == INLINE:
        assert code == "ValidationException"
        assert says.startswith(f"Invalid PermissionsPolicy Document {json.dumps(content)}. (")
    else:
        assert code == "MalformedPolicyDocumentException"
        assert says.startswith(
            "The provided policy document does not meet the requirements of the specified policy type. ("
        )


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("Deny everything", ("policy-not-json", "'Deny everything'", "line 1 column 1 (char 0)")),
        (
            '{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Effect": "Allow"}}',
            ("policy-key-twice", "['Effect']"),
        ),
        ("[]", ("policy-not-a-mapping", "got []")),
    ],
)
@pytest.mark.parametrize("kind", [INLINE, SCP, TAG])
def test_of_text_is_refused_by_the_local_aws(aws: LocalAws, kind: str, text: str, refusal: tuple[str, ...]) -> None:
    place = "InlinePolicy" if kind == INLINE else "Content"
    with refuses(*refusal, place) as read:
        check_policy_syntax(place, read_policy(place, text), kind)
    with pytest.raises(ClientError, match=re.escape(f"({read.value})")):
        put(aws, kind, text)


def test_say_why_and_what_to_do(snapshot_json: SnapshotAssertion) -> None:
    distinct = (
        *("unknown element", "no version of a control policy", "id that is no text", "no statements"),
        *("empty list of statements", "statement that is no mapping", "effect in small letters", "no action"),
        *("action with NotAction", "empty list of actions", "action that is no text", "action without its service"),
        *("action with two colons", "action of part of a service", "resource that is no ARN", "sid with a dash"),
        *("sid twice", "unknown operator", "Null that need not exist", "value that is a mapping", "date that is none"),
        *("principal of an inline policy", "resource control policy of a role"),
        *("resource control policy with NotAction", "resource control policy of everything"),
        *("resource control policy of a service without", "tag policy as a service control policy"),
        *("setting without operator", "operator around settings", "unknown child control"),
    )
    said = sentences(
        [
            *(partial(check, *REFUSED[name][:2]) for name in distinct),
            partial(read_policy, "Content", "Deny everything"),
            partial(read_policy, "Content", '{"Effect": "Deny", "Effect": "Allow"}'),
        ]
    )
    assert said == snapshot_json
    assert set(listed_codes()["aws"]) <= set(said)


@pytest.mark.parametrize(
    "content",
    [
        document(SCP, Statement=STATEMENTS[SCP]),
        stating(SCP, Effect="Allow", Condition={"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/dax"}}),
        stating(SCP, Effect="Allow", Resource="arn:aws:s3:::acme"),
        stating(SCP, Effect="Allow", Action=ABSENT, NotAction="iam:*"),
        stating(SCP, Resource=ABSENT, NotResource="arn:aws:bedrock:*::foundation-model/*"),
        stating(SCP, Action=["*:*", "ec2:*Instances", "s3:?etObject"]),
        stating(SCP, Sid=""),
    ],
)
def test_takes_the_whole_language_as_a_service_control_policy(content: Any) -> None:
    check(SCP, content)


@pytest.mark.parametrize("kind", POLICY_TYPES)
def test_takes_a_content_of_each_type(aws: LocalAws, kind: str) -> None:
    check(kind, content_of(kind))
    put(aws, kind, json.dumps(content_of(kind)), name=kind)


@pytest.mark.parametrize("kind", ["AWS", "CanonicalUser", "Federated", "Service"])
def test_takes_each_kind_of_principal(kind: str) -> None:
    statement = STATEMENTS[SCP] | {"Principal": {kind: "it"}}
    check_policy_syntax("content", {"Version": "2012-10-17", "Statement": statement}, RESOURCE_POLICY)


def test_refuses_principals_of_no_kind() -> None:
    statement = STATEMENTS[SCP] | {"Principal": ["*"]}
    with refuses("policy-not-a-mapping", "content['Statement']['Principal']", "['*']"):
        check_policy_syntax("content", {"Version": "2012-10-17", "Statement": statement}, RESOURCE_POLICY)


def test_takes_all_services_with_resource_control_policies() -> None:
    check(RCP, stating(RCP, Action=[f"{service}:*" for service in RESOURCE_CONTROL_SERVICES]))


def test_takes_what_the_deploy_alone_knows() -> None:
    token, listed = cdk.Fn.import_value("Value"), cdk.Token.as_list(cdk.Fn.ref("Values"))
    unknown = {"Fn::If": ["Condition", "a", "b"]}
    for kind, statement in STATEMENTS.items():
        for name in (*statement, "Sid", "Condition"):
            for known_later in (token, f"a-{token}", unknown):
                check(kind, stating(kind, **{name: known_later}))
        for value in (token, unknown, [token], listed, [unknown]):
            check(kind, stating(kind, Action=value, Resource=value))
            check(kind, stating(kind, Condition={"StringEquals": {"aws:a": value}}))
            check(kind, document(kind, Statement=value))
        check(kind, stating(kind, Condition={"StringEquals": {f"{token}:sub": token}, "Bool": unknown, token: {}}))
        check(kind, document(kind, Version=token, Id=unknown))
        check(kind, unknown)
    check(TAG, {"tags": {"team": unknown, token: tags({"@@assign": token})["tags"]["team"]}})


def test_takes_a_policy_document_with_tokens() -> None:
    statement = iam.PolicyStatement(
        actions=["s3:*"],
        resources=[
            f"arn:{cdk.Aws.PARTITION}:s3:::{cdk.Fn.import_value('Bucket')}",
            *cdk.Fn.split(",", cdk.Fn.ref("Arns")),
        ],
        conditions={"StringEquals": {"aws:PrincipalAccount": cdk.Aws.ACCOUNT_ID}},
    )
    check(INLINE, iam.PolicyDocument(statements=[statement]))
    with refuses(
        "policy-principal-present", "permission_sets[0].inline_policy['Statement'][0]", "Principal", "an inline policy"
    ):
        check(INLINE, iam.PolicyDocument(statements=[iam.PolicyStatement(principals=[iam.AnyPrincipal()])]))


def test_refuses_no_policy_of_awss_own() -> None:
    policies = json.loads(aws_managed_policies_data)
    assert len(policies) > 1_000
    for name, policy in policies.items():
        check_policy_syntax(name, policy["Document"], INLINE)


def test_reads_a_hundred_policies_in_a_moment() -> None:
    statements = [{**STATEMENTS[SCP], "Action": [f"s3:Get{number}" for number in range(20)]} for _ in range(20)]
    read = json_content("content", document(SCP, Statement=statements))
    began = time.perf_counter()
    for _ in range(100):
        check_policy_syntax("content", read, SCP, is_unknown=is_unknown)
    assert time.perf_counter() - began < 5


ARN: Final = "arn:aws:s3:::acme"
VALUES: Final[Mapping[str, list[Any]]] = {
    "Version": [ABSENT, "2008-10-17", "2012-10-18", "2012-10-17 ", 20121017, None],
    "Id": ["acme", 1],
    "Extra": ["x"],
    "Sid": ["", "Abc1", "a b", "a-b", "é", 1, None],
    "Effect": [ABSENT, "Deny", "deny", "ALLOW", "", "Permit", 1, None, ["Allow"]],
    "Action": [
        *(ABSENT, "*", "**", "", [], "s3:*", "s3:Get*Object", "S3:GetObject", ["s3:a", "kms:b"], "GetObject", "s3:"),
        *("s3:Get:Object", "s 3:x", "s*:x", "*:x", "s3.x:y", 1, {}, ["s3:a", 1]),
    ],
    "NotAction": ["s3:*", []],
    "Resource": [
        *(ABSENT, ARN, [ARN, "*"], [], "", "acme", "**", " *", "aws:s3:::acme", "arn:aws", "arn:aws:s3"),
        *("arn:aws:s3::acme", "arn:aws::::acme", "arn:awss:s3:::acme", "arn:*:s3:::acme", "arn:aws-cn:s3:::acme"),
        *("arn:aws*:s3:::acme", "arn:${AWS::Partition}:s3:::acme", "arn:aws:s3:::${aws:username}", 1, {}, [1]),
        *("arn:aws:sqs:*:*:q", "arn:aws:sqs:*:111122223333:q", "arn:aws:sqs:*:1111:q"),
    ],
    "NotResource": [ARN, []],
    "Principal": ["*", {"AWS": "*"}, {"AWS": "111122223333"}, {"Servic": "x"}, 1],
    "NotPrincipal": ["*"],
    "Condition": [
        *({}, [], "a", None, {"StringEquals": {}}, {"StringEquals": "a"}, {"StringEquals": []}, {"Equals": {}}),
        *({"StringEquals": {"aws:a": "b"}}, {"StringEquals": {"aws:a": ["b", "c"]}}, {"StringEquals": {"aws:a": []}}),
        *({"StringEquals": {"aws:a": None}}, {"StringEquals": {"aws:a": {}}}, {"StringEquals": {"aws:a": [["b"]]}}),
        *({"StringEquals": {"aws:a": True}}, {"StringEquals": {"aws:a": 1}}),
        *(
            {operator: {"aws:a": "1"}}
            for operator in (
                *("StringEqual", "stringequals", "StringEqualsIfExists", "StringEqualsExists", "NumericLessThan"),
                *("ForAnyValue:StringLike", "ForAllValues:StringLikeIfExists", "ForSomeValues:StringLike", "ArnLikes"),
                *("ForAnyValue::StringLike", "Bool", "BoolIfExists", "Null", "NullIfExists", "IpAddress", "ArnNotLike"),
                *("NotIpAddressIfExists", "BinaryEquals", "DateLessThanEquals", "StringNotEqualsIgnoreCase"),
            )
        ),
        *({"DateGreaterThan": {"aws:a": date}} for date in ("2026-11-26T00:00:00Z", "2026-11-26", "tomorrow")),
    ],
}
IAM_ANSWERS: Final = "https://github.com/getmoto/moto/blob/master/tests/test_iam/test_iam_policies.py"
ANALYZER: Final = "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html"
OPERATORS: Final = (
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html"
)
SAMPLES: Final = "https://github.com/aws-samples/data-perimeter-policy-examples"  # has `ForAnyValue:Stringlike`
SID: Final = "https://github.com/Wolox/carthage_cache/issues/22"  # IAM's expression for them is in it
PRINCIPAL: Final = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html"
VERSION: Final = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html"
CFN_LINT_DIFFERS: Final = {
    **dict.fromkeys(
        (
            *('Action ""', 'Action "**"', 'Action "GetObject"', 'Action "s 3:x"', 'Action "s*:x"'),
            *('Action "s3:Get:Object"', "Resource []", 'Resource "arn:awss:s3:::acme"', 'Condition {"Equals": {}}'),
            *('Condition {"DateGreaterThan": {"aws:a": "tomorrow"}}', 'Resource "arn:aws:s3"'),
        ),
        IAM_ANSWERS,
    ),
    'Condition {"NullIfExists": {"aws:a": "1"}}': ANALYZER,
    'Condition {"StringEqualsExists": {"aws:a": "1"}}': OPERATORS,
    'Condition {"stringequals": {"aws:a": "1"}}': SAMPLES,
    'Sid ""': SID,
    'Resource "arn:aws:sqs:*:1111:q"': f"{IAM_ANSWERS}: accounts that are no numbers",
}
MOTO_DIFFERS: Final = {
    **dict.fromkeys(('Sid "a b"', 'Sid "a-b"', 'Sid "\\u00e9"'), SID),
    **dict.fromkeys((f"Principal {json.dumps(value)}" for value in VALUES["Principal"]), PRINCIPAL),
    'NotPrincipal "*"': PRINCIPAL,
    **dict.fromkeys(("Version absent", 'Version "2008-10-17"'), f"{VERSION}: it refuses them for managed policies"),
    'Condition {"NullIfExists": {"aws:a": "1"}}': ANALYZER,
    'Condition {"stringequals": {"aws:a": "1"}}': SAMPLES,
    'Condition {"StringEquals": {"aws:a": 1}}': PRINCIPAL,
    'Condition {"StringEquals": {"aws:a": [["b"]]}}': PRINCIPAL,
    'Resource "arn:aws:s3"': f"{IAM_ANSWERS}: 'arn:aws:fdsasf'",
}
# It reads neither ARNs, nor the names of operators, nor Sids.
CLOUD_COPILOT_DIFFERS: Final = {
    'Action "*:x"': IAM_ANSWERS,
    'Action "s3.x:y"': IAM_ANSWERS,
    "Action []": IAM_ANSWERS,
    **dict.fromkeys(
        ("Version absent", 'Version "2008-10-17"'),
        "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_syntax.html",
    ),
}


def generated(kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield documents that have each value of each element once in each of four places, with what is in them."""
    plain = STATEMENTS[kind]
    conditional = {**plain, "Condition": {"StringEquals": {"aws:a": "b"}}}
    places: list[tuple[Mapping[str, Any], Callable[[Any], Any]]] = [
        (plain, lambda statement: statement),
        (plain, lambda statement: [statement]),
        (plain, lambda statement: [{**plain, "Sid": "First"}, statement]),
        (conditional, lambda statement: [statement, {**plain, "Sid": "Last"}]),
    ]
    for (base, put_in), (element, values) in itertools.product(places, VALUES.items()):
        for value in values:
            label = f"{element} {'absent' if value is ABSENT else json.dumps(value)}"
            if element in {"Version", "Id", "Extra"}:
                yield label, document(kind, **{element: value, "Statement": put_in(base)})
            else:
                yield label, document(kind, Statement=put_in(with_changes(base, {element: value})))


def is_refused(kind: str, content: Any) -> bool:
    try:
        check_policy_syntax("content", content, kind)
    except ValueError:
        return True
    return False


@pytest.mark.parametrize(
    ("refused_by", "differs"), [(refused_by_cfn_lint, CFN_LINT_DIFFERS), (refused_by_moto, MOTO_DIFFERS)]
)
def test_reads_inline_policies_as_others_do(
    refused_by: Callable[[Mapping[str, Any]], bool], differs: Mapping[str, str]
) -> None:
    cases = list(generated(INLINE))
    assert len(cases) > 300
    unlike = {label for label, content in cases if refused_by(content) != is_refused(INLINE, content)}
    assert unlike == set(differs)
    assert not refused_by(ALLOW_LISTING)


@pytest.mark.parametrize("kind", [INLINE, SCP, RCP])
def test_reads_control_policies_as_another_does(kind: str) -> None:
    cases = [
        (label, content)
        for label, content in generated(kind)
        if not re.match(r"Resource \S*[\"\]]|Resource \" |Sid|Condition .*(Date|Arn|If|Equal)", label)
    ]
    theirs = refused_by_cloud_copilot([(kind, content) for _, content in cases])
    assert {True, False} == set(theirs)
    unlike = {
        label for (label, content), refused in zip(cases, theirs, strict=True) if refused != is_refused(kind, content)
    }
    assert unlike <= set(CLOUD_COPILOT_DIFFERS)
