"""What each finding of the doctor's says beside what was found."""

from __future__ import annotations

import ast
from typing import Final

from project import ROOT

SAY_IT_ALL: Final = {"account-names-later", "alternate-contacts-later", "root-access-later"}
"""Findings whose sentence has the reason in it."""


def findings() -> dict[str, list[set[str]]]:
    """What the warnings and problems in the doctor's code are given, by their codes."""
    said: dict[str, list[set[str]]] = {}
    for path in (ROOT / "org_constructs" / "doctor").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Name(id="warning" | "problem" | "say" | "report"), args=[code, *_]):
                    key = str(code.value) if isinstance(code, ast.Constant) else ast.unparse(code)
                    said.setdefault(key, []).append({str(keyword.arg) for keyword in node.keywords})
    return said


def test_whatever_is_in_the_way_comes_with_why_and_with_what_to_do() -> None:
    said = findings()
    assert len(said) > 30
    assert {code for code, each in said.items() if not all("why" in given for given in each)} == SAY_IT_ALL
    assert {code for code, each in said.items() if not all("next" in given for given in each)} == set()
