"""What `org-baseline check` found, and how each format says it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from org_constructs.rules.rule import Finding, Severity
from org_constructs.templates.words import visible

ERROR: Final = Severity.ERROR.value
WARNING: Final = Severity.WARNING.value
SUGGESTION: Final = "suggestion"
"""What AWS suggests: it fails nothing."""


@dataclass(frozen=True, kw_only=True)
class Group:
    """Findings of which the same is to be said, of a rule or of AWS."""

    id: str
    severity: str
    sentence: str
    detail: str = ""
    explanation: str = ""
    source: str
    findings: Sequence[Finding]
    acknowledged: int


def place(finding: Finding) -> str:
    """Return where it is: the construct's path with the logical id, or the logical id with the template."""
    if finding.resource is None or finding.construct == finding.resource.logical_id:
        template = f" in {finding.resource.template.path}" if finding.resource else ""
        return visible(f"{finding.construct or 'the app'}{template}")
    return visible(f"{finding.construct} ({finding.resource.logical_id})")


def locations(finding: Finding) -> str:
    """Return what in the resource breaks the rule, each after two spaces."""
    return visible("".join(f"  {each}" for each in finding.locations))


def said(group: Group, finding: Finding) -> list[str]:
    """Return the lines that say one finding by itself."""
    each = (group.sentence, visible(group.detail), f"{place(finding)}{locations(finding)}", group.explanation)
    return [line for line in each if line]
