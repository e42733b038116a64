"""docs/guardrails.md has every guardrail, and says true numbers."""

from __future__ import annotations

import re

from every_guardrail import DECLARATIVE, RESOURCE_CONTROL, SERVICE_CONTROL
from org_constructs import guardrails
from project import ROOT

PAGE, _, BREAKS = (
    (ROOT / "docs" / "guardrails.md")
    .read_text(encoding="utf-8")
    .partition("\n## What the guardrails of app.py break\n")
)


def test_says_of_every_guardrail_of_the_example_what_it_breaks() -> None:
    used = re.findall(r"guardrails\.((?:deny|allow|protect)_\w+)", (ROOT / "app.py").read_text(encoding="utf-8"))
    assert used == re.findall(r"^\| `(\w+)` \|", BREAKS, re.MULTILINE)


def test_lists_every_guardrail_once() -> None:
    listed = re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)
    assert sorted(listed) == sorted([*SERVICE_CONTROL, *RESOURCE_CONTROL, *DECLARATIVE])


def test_says_the_type_of_each_that_has_another() -> None:
    types = dict(re.findall(r"^\| `(\w+)` \| `([A-Z0-9_]+)` \|", PAGE, re.MULTILINE))
    contents = {**RESOURCE_CONTROL, **DECLARATIVE}
    assert types == {
        name: guardrails.policies(name, content, targets=["root"])[0].type for name, content in contents.items()
    }


def test_says_how_many_policies_all_of_them_take() -> None:
    number = {1: "one", 2: "two", 3: "three"}[len(guardrails.combine(*SERVICE_CONTROL.values()))]
    assert f"all guardrails together take {number} of the nine" in PAGE.replace("\n", " ")
