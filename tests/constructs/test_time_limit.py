"""`PermissionSet` with a time: the statements that end the access, and what is refused."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk.assertions import Template

from iam_simulator import ALLOW_ALL, Policies, Request, decide
from org_constructs import PermissionSet
from org_constructs.aws.limits import INLINE_POLICY_NON_WHITESPACE_MAX
from organizations import IDENTITY_CENTER
from refusals import refuses

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ALLOW: Final = {"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}
ENDS: Final = {
    "Sid": "AccessEnds",
    "Effect": "Deny",
    "Action": "*",
    "Resource": "*",
    "Condition": {"DateGreaterThanEquals": {"aws:CurrentTime": "2026-12-31T18:00:00Z"}},
}
BEGINS: Final = {
    "Sid": "AccessBegins",
    "Effect": "Deny",
    "Action": "*",
    "Resource": "*",
    "Condition": {"DateLessThan": {"aws:CurrentTime": "2026-12-01T08:00:00Z"}},
}
UNTIL: Final = "2026-12-31T18:00Z"
BOTH: Final = {"not_before": "2026-12-01T08:00Z", "until": UNTIL}


def document(*statements: Any) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def inline_of(inline_policy: Mapping[str, Any] | iam.PolicyDocument | None = None, **options: Any) -> Any:
    """The inline policy in the template of a permission set."""
    return _properties(inline_policy, **options).get("InlinePolicy")


def _properties(inline_policy: Mapping[str, Any] | iam.PolicyDocument | None = None, **options: Any) -> Any:
    stack = cdk.Stack(cdk.App(), "Stack")
    PermissionSet(
        stack, "Set", identity_center=IDENTITY_CENTER, name="Contractor", inline_policy=inline_policy, **options
    )
    (resource,) = Template.from_stack(stack).to_json()["Resources"].values()
    return resource["Properties"]


@pytest.mark.parametrize(
    ("inline_policy", "statements"),
    [
        (None, []),
        (document(ALLOW), [ALLOW]),
        ({"Version": "2012-10-17", "Statement": ALLOW}, [ALLOW]),
        (MappingProxyType(document(MappingProxyType(ALLOW))), [ALLOW]),
        (iam.PolicyDocument.from_json(document(ALLOW)), [ALLOW]),
    ],
    ids=["none", "a list", "one statement", "another mapping", "a PolicyDocument"],
)
@pytest.mark.parametrize(
    ("times", "added"),
    [({"until": UNTIL}, [ENDS]), ({"not_before": BOTH["not_before"]}, [BEGINS]), (BOTH, [BEGINS, ENDS])],
    ids=["until", "not before", "both"],
)
def test_denies_everything_outside_the_time_after_its_own_statements(
    inline_policy: Any, statements: list[Any], times: dict[str, str], added: list[Any]
) -> None:
    assert inline_of(inline_policy, **times) == document(*statements, *added)


def test_leaves_out_no_version_and_adds_none() -> None:
    old = {"Version": "2008-10-17", "Statement": [ALLOW]}
    assert inline_of(old, until=UNTIL) == {"Version": "2008-10-17", "Statement": [ALLOW, ENDS]}
    assert inline_of({"Statement": [ALLOW]}, until=UNTIL) == {"Statement": [ALLOW, ENDS]}


@pytest.mark.parametrize(
    "until",
    ["2026-12-31T18:00Z", "2026-12-31T18:00:00Z", "2026-12-31T19:00+01:00", "2026-12-31T12:30-05:30"],
)
def test_writes_the_instant_in_utc(until: str) -> None:
    assert inline_of(until=until) == document(ENDS)


def test_counts_statements_that_are_added_later_and_keeps_tokens() -> None:
    stack = cdk.Stack(cdk.App(), "Stack")
    policy = iam.PolicyDocument(
        statements=[iam.PolicyStatement(actions=["s3:GetObject"], resources=[f"arn:{cdk.Aws.PARTITION}:s3:::logs/*"])]
    )
    for name, until in (("Contractor", UNTIL), ("Employee", None)):
        PermissionSet(stack, name, identity_center=IDENTITY_CENTER, name=name, inline_policy=policy, until=until)
    policy.add_statements(iam.PolicyStatement.from_json(ALLOW))
    resources = Template.from_stack(stack).to_json()["Resources"].values()
    contractor, employee = (each["Properties"]["InlinePolicy"]["Statement"] for each in resources)
    get, listing = employee
    assert get["Resource"] == {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":s3:::logs/*"]]}
    assert listing == ALLOW
    assert contractor == [get, listing, ENDS]


def test_keeps_tokens_in_json() -> None:
    statement = {**ALLOW, "Resource": cdk.Fn.import_value("Bucket")}
    written = inline_of(document(statement), until=UNTIL)
    assert written == document({**ALLOW, "Resource": {"Fn::ImportValue": "Bucket"}}, ENDS)


def test_the_template_depends_on_no_clock() -> None:
    """What has ended long since and what has not differ in the time that they say, and in nothing else."""
    past, future = (str(_properties(document(ALLOW), until=f"{year}-12-31T18:00Z")) for year in (2001, 2999))
    assert past.replace("2001-12-31", "2999-12-31") == future != past


@pytest.mark.parametrize(
    ("until", "refused"),
    [
        ("2026-12-31T18:00", ("time-zone-missing", "until", "'2026-12-31T18:00Z'")),
        ("2026-12-31T18:00:00", ("time-zone-missing", "until", "'2026-12-31T18:00:00+01:00'")),
        ("2026-12-31", ("time-form", "until", "'2026-12-31'")),
        ("tomorrow", ("time-form", "until", "'tomorrow'")),
        ("", ("time-form", "until", "''")),
        ("2026-13-31T18:00Z", ("time-form", "until", "'2026-13-31T18:00Z'")),
        ("2026-12-31T24:00Z", ("time-form", "until", "'2026-12-31T24:00Z'")),
        ("2026-12-31T18:00z", ("time-form", "until", "'2026-12-31T18:00z'")),
        ("2026-12-31T18:00Z\n", ("time-form", "until")),
        ("2026-12-31T18:00 UTC", ("time-form", "until", "'2026-12-31T18:00 UTC'")),
        ("2026-12-31T18:00+25:00", ("time-form", "until", "'2026-12-31T18:00+25:00'")),
        ("0001-01-01T00:00+01:00", ("time-form", "until", "'0001-01-01T00:00+01:00'")),
        ("1798740000", ("time-form", "until", "'1798740000'")),
        (1798740000, ("wrong-type", "until", "int 1798740000")),
        (cdk.Fn.import_value("Time"), ("time-token", "until")),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "a token" if "Token" in str(value) else str(value),
)
@pytest.mark.parametrize("argument", ["until", "not_before"])
def test_refuses_what_is_no_time_with_a_zone(argument: str, until: Any, refused: tuple[str, ...]) -> None:
    code, _, *values = refused
    stack = cdk.Stack(cdk.App(), "Stack")
    with refuses(code, argument, *values):
        PermissionSet(stack, "Set", identity_center=IDENTITY_CENTER, name="Contractor", **{argument: until})
    assert stack.node.children == []


@pytest.mark.parametrize("until", ["2026-12-01T08:00Z", "2026-12-01T07:59:59Z", "2026-12-01T08:59+01:00"])
def test_refuses_an_end_that_is_not_later_than_the_beginning(until: str) -> None:
    with refuses("time-order", "until", "not_before", until, "2026-12-01T08:00Z"):
        inline_of(not_before="2026-12-01T08:00Z", until=until)


def test_refuses_more_than_a_year_between_them() -> None:
    assert inline_of(not_before="2027-01-01T00:00Z", until="2028-01-02T00:00Z")
    with refuses("time-too-long", "until", "366 days", "'2028-01-02T00:00:01Z'"):
        inline_of(not_before="2027-01-01T00:00Z", until="2028-01-02T00:00:01Z")


@pytest.mark.parametrize("kind", [dict, iam.PolicyDocument.from_json], ids=["JSON", "a PolicyDocument"])
def test_refuses_a_policy_that_leaves_no_room(kind: Callable[[Any], Any]) -> None:
    def with_prefix(prefix: str, *more: Any) -> dict[str, Any]:
        return document({**ALLOW, "Condition": {"StringEquals": {"s3:prefix": prefix}}}, *more)

    room = INLINE_POLICY_NON_WHITESPACE_MAX - len(json.dumps(with_prefix("", ENDS), separators=(",", ":")))
    assert inline_of(kind(with_prefix("s" * room)), until=UNTIL) == with_prefix("s" * room, ENDS)
    assert inline_of(kind(with_prefix("s" * (room + 1)))) == with_prefix("s" * (room + 1))
    with refuses("inline-policy-too-large", "inline_policy", "10,240", "10,241 with the denials outside its time"):
        inline_of(kind(with_prefix("s" * (room + 1))), until=UNTIL)


@pytest.mark.parametrize(
    "statements",
    [{"Fn::If": ["Big", [ALLOW], [ALLOW, ALLOW]]}, cdk.Token.as_list({"Fn::If": ["Big", [ALLOW], []]})],
    ids=["an intrinsic function", "a token"],
)
def test_refuses_statements_that_only_the_deploy_knows(statements: Any) -> None:
    policy = {"Version": "2012-10-17", "Statement": statements}
    assert inline_of(policy)
    with refuses("time-statements-unknown", "inline_policy"):
        inline_of(policy, until=UNTIL)


def test_refuses_a_sid_that_is_ours() -> None:
    with refuses("policy-sid-twice", "inline_policy['Statement'][1]['Sid']", "'AccessEnds'"):
        inline_of(document({**ALLOW, "Sid": "AccessEnds"}), until=UNTIL)


SESSION: Final = "arn:aws:sts::444455556666:assumed-role/AWSReservedSSO_Contractor_0123456789abcdef/kim@acme.com"
ACTIONS: Final = (
    ("s3:GetObject", "arn:aws:s3:::logs/2026"),
    ("s3:ListAllMyBuckets", "*"),
    ("ec2:TerminateInstances", "arn:aws:ec2:us-east-1:444455556666:instance/i-0123456789abcdef0"),
    ("iam:CreateUser", "arn:aws:iam::444455556666:user/kim"),
    ("sts:AssumeRole", "arn:aws:iam::444455556666:role/deploy"),
    ("dynamodb:PutItem", "arn:aws:dynamodb:eu-west-1:444455556666:table/orders"),
)


def test_500_requests_are_allowed_in_the_time_and_denied_outside() -> None:
    """Decided by a simulator of IAM, with the time of the request as the condition sees it."""
    chance = random.Random(17)  # noqa: S311 (a seed, not a secret)
    begins, ends = 1_796_112_000, 1_798_740_000  # 2026-12-01T08:00Z and 2026-12-31T18:00Z
    near = [at + by for at in (begins, ends) for by in (-3600, -60, -1, 0, 1, 60, 3600)]
    policies = {
        "until": inline_of(ALLOW_ALL, until=UNTIL),
        "not before": inline_of(ALLOW_ALL, not_before=BOTH["not_before"]),
        "both": inline_of(iam.PolicyDocument.from_json(ALLOW_ALL), **BOTH),
    }
    asked, expected = [], []
    for _ in range(500):
        at = chance.choice([*near, chance.randrange(begins - 10**8, ends + 10**8)])
        kind = chance.choice(list(policies))
        action, resource = chance.choice(ACTIONS)
        request = Request(
            principal=SESSION,
            action=action,
            resource=resource,
            account="444455556666",
            context={"aws:CurrentTime": f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%SZ}"},
        )
        asked.append((request, Policies(identity=[policies[kind]])))
        early, late = at < begins and kind != "until", at >= ends and kind != "not before"
        expected.append("ExplicitlyDenied" if early or late else "Allowed")
    decided = [each.result for each in decide(asked)]
    wrong = [each for each in zip(asked, decided, expected, strict=True) if each[1] != each[2]]
    assert (len(decided), wrong) == (500, [])
    assert min(map(decided.count, ("ExplicitlyDenied", "Allowed"))) > 100
