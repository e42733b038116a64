"""`doctor --fix` from any state of what guards the organization: it reaches what is declared, and removes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from random_guards import check

if TYPE_CHECKING:
    from pathlib import Path

STATES = 12
"""`python tests/helpers/random_guards.py 0 500` looks at more."""


@pytest.mark.parametrize("seed", range(STATES))
def test_a_fix_reaches_what_is_declared_and_removes_nothing(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check(seed, tmp_path, monkeypatch)
