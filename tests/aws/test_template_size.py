"""How many bytes a template has as the CDK CLI sends it."""

from __future__ import annotations

from typing import Any

import pytest

from org_constructs.aws.template_size import yaml_bytes


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ({"A": "b"}, "A: b\n"),
        ({"A": "\u00fc"}, "A: \u00fc\n"),
        ({"A": 12, "B": True}, "A: 12\nB: true\n"),
        ({"A": {"B": "c", "D": {"E": "f"}}}, "A:\n  B: c\n  D:\n    E: f\n"),
        ({"A": ["b", "c"]}, "A:\n  - b\n  - c\n"),
        ({"A": [{"B": "c", "D": "e"}]}, "A:\n  - B: c\n    D: e\n"),
        ({"A": [["b"], ["c", "d"]]}, "A:\n  - - b\n  - - c\n    - d\n"),
        ({"A": [{}, []], "B": {}}, "A:\n  - {}\n  - []\nB: {}\n"),
        ({"A": "111122223333", "B": ["*", "2012-10-17"]}, 'A: "111122223333"\nB:\n  - "*"\n  - "2012-10-17"\n'),
        ({"A": "false", "B": "acme: all", "C": ""}, 'A: "false"\nB: "acme: all"\nC: ""\n'),
        ({"A": "aws:PrincipalArn", "B": "ps-1", "C": "1-a"}, "A: aws:PrincipalArn\nB: ps-1\nC: 1-a\n"),
    ],
    ids=str,
)
def test_is_what_yaml_has(value: Any, written: str) -> None:
    assert yaml_bytes(value) == len(written.encode())
