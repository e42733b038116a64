"""How drift is written: as text, as Markdown, and as Python."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from org_constructs.drift.finding import Drift, How, Other, Paste, Report, Unread, Way
from org_constructs.drift.rendering import render_markdown, render_text
from org_constructs.matching.result import Difference
from org_constructs.templates.python_text import argument, call, literal
from policy_documents import DENY_LEAVING

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

POLICY = Drift(
    "drift-changed",
    kind="policy",
    name="deny_leaving <b>\x1b[31m",
    id="p-examplepolicy",
    what="was changed: Content, Description, TargetIds",
    changes=(
        Difference(property="Content", template=DENY_LEAVING, found={**DENY_LEAVING, "Id": "ByHand"}),
        Difference(property="Description", template="Stay", found=None),
        Difference(property="TargetIds", template=["ou-1", "ou-2"], found=["ou-2", "ou-3"]),
        Difference(property="Tags", template=None, found=[{"Key": "a", "Value": "b"}]),
    ),
    stack="OrgBaseline",
    logical_id="Deny",
    take_back=Way(how=How.RUN, text="Run this", safe=True, commands=("aws organizations …",)),
    take_over=Way(
        how=How.PASTE,
        text="Deploy this",
        safe=True,
        pastes=(
            Paste(place='PolicyProps(name="deny")', lines=('description="```",',)),
            Paste(place="accounts", lines=("AccountProps(", "),")),
        ),
    ),
    leave=Way(text="Nothing happens", safe=False),
)
ACCOUNT = Drift(
    "drift-account-changed",
    kind="account",
    name="acme-dev",
    id="222233334444",
    what="was changed: AccountName",
    take_back=Way(how=How.ELSEWHERE, text="Ask", safe=True),
    take_over=Way(text="It cannot", safe=False, possible=False),
    leave=Way(text="Fine", safe=True),
)
REPORT = Report(
    stacks=("OrgBaseline", "More"),
    not_deployed=("New",),
    compared=1234,
    not_compared=("2 AWS::IAM::Role",),
    drifts=(POLICY, ACCOUNT),
    left=(ACCOUNT,),
    others=(Other(kind="user", names=("lou@acme.com",), origin="the identity provider"),),
    unread=(Unread("drift-denied", what="assignments"),),
)


def test_as_text(snapshot: SnapshotAssertion) -> None:
    assert render_text(REPORT) == snapshot


def test_sentences_are_wrapped_and_what_is_to_be_copied_is_not() -> None:
    command = "aws organizations detach-policy --policy-id p-examplepolicy --target-id 222233334444"
    way = Way(how=How.RUN, text="No deploy detaches what no template has attached. Run this", safe=True)
    long = replace(POLICY, take_back=replace(way, commands=(command,)))
    lines = render_text(replace(REPORT, drifts=(long,)), 60).splitlines()
    start = lines.index("  Take it back (safe): No deploy detaches what no template")
    assert lines[start + 1 : start + 3] == ["    has attached. Run this.", f"      {command}"]
    assert max(map(len, render_text(replace(REPORT, drifts=(ACCOUNT,)), 1000).splitlines())) <= 100


def test_as_markdown(snapshot: SnapshotAssertion) -> None:
    assert render_markdown(REPORT) == snapshot


LONG = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Deny", "Action": ["s3:Get*", "s3:Put*"] * 9, "Resource": "*"}],
}
VALUES: dict[str, Any] = {
    "long": LONG,
    "quotes": 'a "quoted" \\ text\n',
    "letters": "Ünïcode 雲",
    "nothing": None,
    "truths": [True, False, 1.5],
    "empty": {},
    "none": [],
}


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES.keys())
def test_a_value_is_python(value: object) -> None:
    assert ast.literal_eval(literal(value)) == value
    [keyword] = ast.parse(f"f({' '.join(argument('name', value))})", mode="eval").body.keywords  # type: ignore[attr-defined] # a call
    assert (keyword.arg, ast.literal_eval(keyword.value)) == ("name", value)


def test_a_value_is_in_one_line_up_to_100_characters() -> None:
    assert literal({"a": [1, "b"]}) == '{"a": [1, "b"]}'
    assert len(literal(["x" * 96]).splitlines()) == 1
    assert literal(["x" * 97]) == literal(("x" * 97,)) == f'[\n    "{97 * "x"}",\n]'


def test_a_long_value_has_several_short_lines() -> None:
    lines = argument("content", LONG)
    assert (lines[0], lines[-1]) == ("content={", "},")
    assert max(map(len, lines)) <= 120


def test_a_call_leaves_out_what_is_not_given() -> None:
    assert call("UserProps", user_name="kim@acme.com", name=None) == 'UserProps(user_name="kim@acme.com")'
