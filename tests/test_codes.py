"""Every refusal and every finding has a code, and docs/codes.md says what each means: programs hold on to them."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING

import pytest

from project import ROOT
from refusals import CODES, listed_codes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


def package_of(module: Path) -> str:
    """The part of the package that a module is in, as docs/codes.md heads it: `constructs`, or `guardrails`."""
    return module.relative_to(ROOT / "org_constructs").parts[0].removesuffix(".py")


FINDINGS = {
    "doctor": frozenset({"ok", "skipped", "warning", "unknown", "problem", "say", "report"}),
    "drift": frozenset({"Drift", "Unread", "drift_of"}),
}
"""What findings are called by; the doctor's last two are one or another of those before."""

CODE_AT = {"drift_of": 1}
"""Which argument is the code, where it is not the first."""


def codes_in(tree: ast.Module, package: str) -> Iterator[str]:
    """The codes that a module of a package refuses or finds something by."""
    findings = FINDINGS.get(package, frozenset())
    calls = {"Refusal", "Winner", *findings}
    for call in ast.walk(tree):
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name)):
            continue
        name, given = call.func.id, call.args
        if name == "partial" and isinstance(given[0], ast.Name):
            name, given = given[0].id, given[1:]
        if name in calls and (given or call.func.id != "partial"):
            code = given[CODE_AT.get(name, 0)]
            if name == "Drift" and isinstance(code, ast.Name):
                continue  # in drift_of, whose own calls have it
            if name in findings and isinstance(code, ast.Attribute):
                assert code.attr == "code", ast.unparse(call)  # a finding that is made of a refusal has its code
                continue
            assert isinstance(code, ast.Constant), ast.unparse(call)
            assert isinstance(code.value, str), ast.unparse(call)
            yield code.value


@cache
def raised() -> Mapping[str, set[str]]:
    """Which packages refuse or find something by each code."""
    packages = defaultdict(set)
    for module in (ROOT / "org_constructs").rglob("*.py"):
        for code in codes_in(ast.parse(module.read_text(encoding="utf-8")), package_of(module)):
            packages[code].add(package_of(module))
    return packages


SECTIONS = listed_codes()


def test_codes_are_words_in_lower_case() -> None:
    assert [code for code in raised() if not re.fullmatch(r"[a-z]+(-[a-z]+)*", code)] == []


def test_the_page_has_each_code_once_and_no_other() -> None:
    listed = [code for codes in SECTIONS.values() for code in codes]
    assert sorted(listed) == sorted(raised())


@pytest.mark.parametrize("section", SECTIONS)
def test_a_code_is_listed_at_a_package_that_refuses_by_it(section: str) -> None:
    for code in SECTIONS[section]:
        assert section in raised()[code], code


@pytest.mark.parametrize("section", SECTIONS)
def test_a_section_is_sorted(section: str) -> None:
    assert SECTIONS[section] == sorted(SECTIONS[section])


def test_every_line_of_a_section_is_a_code() -> None:
    for part in re.split(r"^## .+\n", CODES, flags=re.MULTILINE)[1:]:
        for line in filter(None, part.splitlines()):
            assert re.fullmatch(r"- `.+?`: [A-Z].+\.", line), line
