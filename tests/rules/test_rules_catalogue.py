"""What the rules say of themselves, and that docs/rules.md says the same."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from org_constructs.rules import RULES
from org_constructs.rules.catalogue import catalogue
from project import ROOT

if TYPE_CHECKING:
    from org_constructs.rules.rule import Rule

PAGE = ROOT / "docs" / "rules.md"


def test_the_page_is_what_the_rules_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == catalogue(), "run scripts/rules"


def test_rules_are_sorted_and_their_ids_their_own() -> None:
    ids = [rule.id for rule in RULES]
    assert ids == sorted(set(ids))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_has_an_id_of_the_pack_two_sentences_and_a_source(rule: Rule) -> None:
    assert re.fullmatch(r"OrgBaseline-([A-Z][a-z]+)+", rule.id)
    assert rule.sentence[0].isupper()
    assert rule.sentence.endswith(".")
    assert rule.explanation.endswith(".")
    assert len(rule.explanation) < 700, "what counts exactly is its details, which the page alone has"
    assert not rule.details or "docs/rules.md" in rule.explanation
    assert rule.source.startswith("https://")
    assert "|" not in rule.sentence, "the page has it in a table"
