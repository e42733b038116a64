"""From when, and until when, a permission set allows anything, as its policies say it."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime
from typing import Any, Final

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template

from checked_templates import allow, deny, document
from iam_simulator import Policies, Request, decide
from org_constructs import PermissionSet
from org_constructs.templates.time_limit import TimeLimit, in_words, time_limit
from organizations import IDENTITY_CENTER

BEGINS, ENDS = 1_796_112_000, 1_798_740_000
NOT_BEFORE, UNTIL = "2026-12-01T08:00:00Z", "2026-12-31T18:00:00Z"
NOW: Final = "aws:CurrentTime"
MANAGED: Final = ["arn:aws:iam::aws:policy/ReadOnlyAccess"]


def limit_of(*statements: Any, **properties: Any) -> TimeLimit:
    return time_limit({"InlinePolicy": document(*statements), **properties})


def when(**operators: Any) -> dict[str, Any]:
    return {"Condition": {operator: {NOW: time} for operator, time in operators.items()}}


@pytest.mark.parametrize(
    ("times", "limit"),
    [
        ({}, TimeLimit()),
        ({"until": "2026-12-31T19:00+01:00"}, TimeLimit(None, ENDS)),
        ({"not_before": NOT_BEFORE}, TimeLimit(BEGINS, None)),
        ({"not_before": NOT_BEFORE, "until": UNTIL}, TimeLimit(BEGINS, ENDS)),
    ],
    ids=["always", "until", "not before", "both"],
)
@pytest.mark.parametrize("as_text", [False, True])
def test_reads_what_the_construct_writes(times: dict[str, str], limit: TimeLimit, *, as_text: bool) -> None:
    """And what AWS gives back, which is text."""
    stack = cdk.Stack(cdk.App(), "Stack")
    options: Any = {"managed_policies": ["ReadOnlyAccess"], "inline_policy": document(allow("s3:*")), **times}
    PermissionSet(stack, "Set", identity_center=IDENTITY_CENTER, name="Set", **options)
    (resource,) = Template.from_stack(stack).to_json()["Resources"].values()
    properties = resource["Properties"]
    policy = json.dumps(properties["InlinePolicy"]) if as_text else properties["InlinePolicy"]
    assert time_limit({**properties, "InlinePolicy": policy}) == limit
    assert bool(limit) == bool(times)


@pytest.mark.parametrize(
    ("statements", "limit"),
    [
        ([deny("*", **when(DateGreaterThan=UNTIL))], TimeLimit(None, ENDS)),
        ([deny("*:*", on="arn:aws:*", **when(DateGreaterThanEqualsIfExists=UNTIL))], TimeLimit(None, ENDS)),
        ([deny("*", Condition={"NumericGreaterThan": {"aws:EpochTime": str(ENDS)}})], TimeLimit(None, ENDS)),
        ([deny("*", Condition={"DateLessThanEquals": {"AWS:currentTIME": NOT_BEFORE}})], TimeLimit(BEGINS, None)),
        ([deny("*", **when(DateGreaterThan=each)) for each in (UNTIL, NOT_BEFORE)], TimeLimit(None, BEGINS)),
        ([deny("*", **when(DateGreaterThan=[UNTIL, NOT_BEFORE]))], TimeLimit(None, BEGINS)),
        ([allow("s3:*", **when(DateGreaterThan=NOT_BEFORE, DateLessThan=UNTIL))], TimeLimit(BEGINS, ENDS)),
        (
            [allow("s3:*", **when(DateLessThan=NOT_BEFORE)), allow("ec2:*", **when(DateLessThan=UNTIL))],
            TimeLimit(None, ENDS),
        ),
        ([allow("s3:*", **when(DateLessThan=UNTIL)), allow("ec2:*")], TimeLimit()),
        ([deny("*", **when(DateGreaterThan=NOT_BEFORE, DateLessThan=UNTIL))], TimeLimit()),
        ([deny("s3:*", **when(DateGreaterThan=UNTIL))], TimeLimit()),
        ([deny("*", on="arn:aws:s3:::logs", **when(DateGreaterThan=UNTIL))], TimeLimit()),
        ([{"Effect": "Deny", "NotAction": "iam:*", "Resource": "*", **when(DateGreaterThan=UNTIL)}], TimeLimit()),
        ([deny("*", **when(DateEquals=UNTIL))], TimeLimit()),
        ([deny("*", **when(DateGreaterThan={"Ref": "Until"}))], TimeLimit()),
        ([deny("*", **when(DateGreaterThan="soon"))], TimeLimit()),
        ([deny("*", Condition={"DateGreaterThan": {"aws:TokenIssueTime": UNTIL}})], TimeLimit()),
        ([deny("*", Condition={"DateGreaterThan": {NOW: UNTIL}, "Bool": {"a:b": "true"}})], TimeLimit()),
        ([deny("*")], TimeLimit()),
        ([], TimeLimit()),
    ],
    ids=lambda value: str(value) if isinstance(value, TimeLimit) else None,
)
def test_reads_what_others_write(statements: list[Any], limit: TimeLimit) -> None:
    assert limit_of(*statements) == limit


@pytest.mark.parametrize("others", [{"ManagedPolicies": MANAGED}, {"CustomerManagedPolicyReferences": [{"Name": "a"}]}])
def test_what_other_policies_allow_ends_by_denials_alone(others: dict[str, Any]) -> None:
    allowed, denied = allow("s3:*", **when(DateLessThan=UNTIL)), deny("*", **when(DateGreaterThan=UNTIL))
    assert limit_of(allowed, **others) == TimeLimit()
    assert limit_of(allowed, denied, **others) == TimeLimit(None, ENDS)


@pytest.mark.parametrize("policy", [{"Fn::Sub": "…"}, "no JSON", {}, {"Statement": "…"}, {"Statement": [7]}, None])
def test_a_policy_that_cannot_be_read_has_no_time(policy: Any) -> None:
    assert time_limit({"InlinePolicy": policy}) == TimeLimit()


def test_says_it_in_words() -> None:
    limit = TimeLimit(BEGINS, ENDS)
    assert str(limit) == "from 2026-12-01 08:00 UTC until 2026-12-31 18:00 UTC"
    assert limit.at(ENDS - 1) == str(limit)
    assert limit.at(ENDS) == "ended 2026-12-31 18:00 UTC"
    assert [limit.has_ended(at) for at in (ENDS - 1, ENDS)] == [False, True]
    assert not TimeLimit(BEGINS).has_ended(10.0**12)
    assert in_words(ENDS + 1) == "2026-12-31 18:00:01 UTC"
    assert in_words(10.0**17) == "100000000000000000 s after 1970"


def test_nothing_is_allowed_outside_the_time_that_is_read() -> None:
    """As a simulator of IAM decides of 200 random policies."""
    chance = random.Random(17)  # noqa: S311 (a seed, not a secret)

    def time() -> int:
        return chance.randrange(BEGINS, ENDS, 3600)

    def statement() -> Any:
        operator = f"Date{chance.choice(('LessThan', 'GreaterThan'))}{chance.choice(('', 'Equals'))}"
        condition = {operator: {NOW: text(time())}}
        return chance.choice(
            (
                allow("s3:*", Condition=condition),
                deny("*", Condition=condition),
                deny("s3:GetObject", Condition=condition),
                allow(chance.choice(("*", "s3:GetObject"))),
            )
        )

    def text(at: float) -> str:
        return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%SZ}"

    asked, outside = [], []
    for _ in range(200):
        policy = document(*(statement() for _ in range(chance.randint(1, 4))))
        limit = time_limit({"InlinePolicy": policy})
        for at in [time() for _ in range(5)] + [
            each + by for each in (limit.begins, limit.ends) if each for by in (-1, 1)
        ]:
            request = Request(
                principal="arn:aws:sts::444455556666:assumed-role/AWSReservedSSO_Set_0123456789abcdef/kim@acme.com",
                action=chance.choice(("s3:PutObject", "s3:GetObject")),
                resource="arn:aws:s3:::logs/2026",
                account="444455556666",
                context={NOW: text(at)},
            )
            asked.append((request, Policies(identity=[policy])))
            outside.append((limit.begins is not None and at < limit.begins) or limit.has_ended(at))
    allowed = [each.result == "Allowed" for each in decide(asked)]
    wrong = [case for case, is_out, is_allowed in zip(asked, outside, allowed, strict=True) if is_out and is_allowed]
    assert wrong == []
    assert sum(outside) > 200
    assert sum(allowed) > 200
