"""Tags: how they are checked and what they become."""

from __future__ import annotations

import re
from typing import Any

import aws_cdk as cdk
import pytest

from org_constructs._tags import cfn_tags
from org_constructs._validate import check_tags


def test_are_sorted_by_key() -> None:
    assert [(tag.key, tag.value) for tag in cfn_tags({"b": "1", "a": "2", "C": "3"}) or ()] == [
        ("C", "3"),
        ("a", "2"),
        ("b", "1"),
    ]


@pytest.mark.parametrize("tags", [None, {}])
def test_leave_the_property_out_when_there_are_none(tags: dict[str, str] | None) -> None:
    assert cfn_tags(tags) is None


@pytest.mark.parametrize(
    "tags",
    [
        {},
        {"k": ""},
        {"k" * 128: "v" * 256},
        {f"key{number}": "value" for number in range(50)},
        {"Büro_.:/=+-@ 7": "Übersee \u3000二"},
        {"laws:key": "value"},
    ],
    ids=lambda tags: str(tags)[:40],
)
def test_take_what_aws_takes(tags: dict[str, str]) -> None:
    check_tags("tags", tags)


def test_take_tokens() -> None:
    token = cdk.Fn.import_value("Value")
    check_tags("tags", {token: f"{token} & {'v' * 256}", f"key & {token}": token})


@pytest.mark.parametrize(
    ("tags", "error"),
    [
        ({f"key{number}": "value" for number in range(51)}, "tags must be at most 50 tags, got 51"),
        ({"": "v"}, "tags key must be 1 to 128 characters, got 0: ''"),
        ({"k" * 129: "v"}, "tags key must be 1 to 128 characters, got 129: "),
        ({"k": "v" * 257}, "tags['k'] must be 0 to 256 characters, got 257: "),
        ({"aws:k": "v"}, "tags key must not start with 'aws:', which is AWS's own, got 'aws:k'"),
        ({"AWS:k": "v"}, "tags key must not start with 'aws:', which is AWS's own, got 'AWS:k'"),
        ({"k&": "v"}, "tags must consist of letters, digits, spaces and '_.:/=+-@', got 'k&'"),
        ({"k": "v\n"}, "tags must consist of letters, digits, spaces and '_.:/=+-@', got 'v\\n'"),
        ({7: "v"}, "tags key must be text, got int 7"),
        ({"k": 7}, "tags['k'] must be text, got int 7"),
        ({"k": None}, "tags['k'] must be text, got NoneType None"),
        ("k=v", "tags must be a mapping of tag keys to values, got str 'k=v'"),
        ([("k", "v")], "tags must be a mapping of tag keys to values, got list "),
    ],
    ids=lambda value: str(value)[:40],
)
def test_refuse_what_aws_would_refuse(tags: Any, error: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(error)}"):
        check_tags("tags", tags)
