"""IAM's patterns: what they match, and that no pattern takes long."""

from __future__ import annotations

import re
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from org_constructs.templates.iam import matches

TEXT = st.text("ab*?", max_size=9)


@given(TEXT, TEXT)
def test_matches_what_a_regular_expression_does(pattern: str, value: str) -> None:
    meaning = {"*": ".*", "?": "[^*]"}
    expression = "".join(meaning.get(each, re.escape(each)) for each in pattern)
    assert matches(pattern, value) == bool(re.fullmatch(expression, value, re.DOTALL))


@pytest.mark.parametrize(
    ("pattern", "value", "expected"),
    [
        ("s3:get*", "s3:getobject", True),
        ("s3:get*object", "s3:getobject", True),
        ("s3:get*t*object", "s3:getobject", False),
        ("*", "", True),
        ("?*", "", False),
        ("a*a", "a", False),
        ("a\n*", "a\nb", True),
        ("s3:?etobject", "s3:getobject", True),
        ("a?", "a*", False),
        ("a*", "a?", True),
        ("*?", "b*", False),
        (None, "a", False),
    ],
)
def test_one_character_is_not_what_an_asterisk_stands_for(pattern: str | None, value: str, *, expected: bool) -> None:
    assert matches(pattern, value) is expected


@pytest.mark.parametrize(
    "pattern", ["*a" * 5_000 + "b", "*a*" * 3_000 + "b*", "*?a" * 3_000 + "b", "*" + "?a" * 2_000 + "b*", "*" * 9_000]
)
def test_no_pattern_takes_long(pattern: str) -> None:
    start = process_time()
    matches(pattern, "a" * 10_000)
    assert process_time() - start < 0.5
