"""Each decision says since when it holds, and what was rejected for it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from project import ROOT

if TYPE_CHECKING:
    from pathlib import Path

DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))


def test_decisions_are_numbered_without_a_gap() -> None:
    assert [int(each.name[:4]) for each in DECISIONS] == [*range(1, len(DECISIONS) + 1)]


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda each: each.stem)
def test_says_its_number_its_status_and_what_was_rejected(decision: Path) -> None:
    title, _, status, *_ = text = decision.read_text(encoding="utf-8").splitlines()
    assert title.startswith(f"# {int(decision.name[:4])}. ")
    assert re.fullmatch(
        r"(Accepted, \d{4}-\d\d-\d\d|Superseded, \d{4}-\d\d-\d\d, by \[decision \d+\]\(\d{4}-[\w-]+\.md\))\.", status
    )
    assert any(line.startswith("**Rejected.** ") for line in text)
