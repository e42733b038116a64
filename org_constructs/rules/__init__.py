"""The rules that `OrgBaselineChecks` applies, one a file; they read templates and need neither aws_cdk nor Node."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from .retain import RETAIN

if TYPE_CHECKING:
    from ._rule import Rule

RULES: Final[tuple[Rule, ...]] = (RETAIN,)
"""Every rule, sorted by id."""
