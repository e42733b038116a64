"""The findings as text and as JSON."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, Final

import click

from org_constructs.templates.words import sentence, visible

from . import assembly
from .finding import Finding, Status
from .runner import BLOCKED, READY, Result, exit_code

FORMAT: Final = 1
"""Of `--json`; another one is another number."""

_WORDS: Final = {
    Status.OK: "ok",
    Status.SKIPPED: "skipped",
    Status.WARNING: "warning",
    Status.UNKNOWN: "could not look",
    Status.PROBLEM: "problem",
}
_COLOURS: Final = {
    Status.OK: "green",
    Status.SKIPPED: "bright_black",
    Status.WARNING: "yellow",
    Status.UNKNOWN: "magenta",
    Status.PROBLEM: "red",
}
_WIDTH: Final = max(map(len, _WORDS.values()))
_INDENT: Final = " " * (_WIDTH + 2)


def render(result: Result, *, width: int = 100) -> str:
    """Return a check's findings as text, each line no longer than the width but those to be copied."""
    lines = [click.style(result.check.id, bold=True)]
    for finding in result.findings:
        lines += _lines(finding, width)
    return "\n".join(lines)


def render_not_looked_at(results: Collection[Result], *, width: int = 100) -> Iterator[str]:
    """Yield in a line or more for each cause which checks looked at nothing because of it."""
    checks: dict[str, list[str]] = {}
    for result in results:
        if result.cause is not None:
            checks.setdefault(result.cause.id, []).append(result.check.id)
    for cause, ids in checks.items():
        said = f"Not checked, because of {cause}: {', '.join(ids)}"
        yield "\n".join(_stated(Status.SKIPPED, said, width))


def _stated(status: Status, said: str, width: int) -> list[str]:
    """Return the lines of a sentence behind its status."""
    first, *others = sentence(said, width, f"{_WORDS[status].ljust(_WIDTH)}  ", _INDENT)
    return [click.style(first[:_WIDTH], fg=_COLOURS[status]) + first[_WIDTH:], *others]


def _lines(finding: Finding, width: int) -> Iterator[str]:
    # Of what is as it should be nobody looks the code up.
    code = "" if finding.status in (Status.OK, Status.SKIPPED) else f"[{finding.code}]"
    lines = _stated(finding.status, f"{visible(finding.found)} {code}", width)
    lines[-1] = lines[-1].removesuffix(code) + (click.style(code, dim=True) if code else "")
    yield from lines
    if finding.why:
        yield from sentence(finding.why, width, f"{_INDENT}Why: ", f"{_INDENT}     ")
    for step in finding.next:
        yield from sentence(step, width, f"{_INDENT}Next: ", f"{_INDENT}      ")
    for line in finding.paste:
        yield f"{_INDENT}    {click.style(visible(line), fg='cyan')}"


def summary(results: Collection[Result]) -> str:
    """Return in a sentence what it all means."""

    def ids(status: Status) -> str:
        return ", ".join(result.check.id for result in results if result.status is status)

    code = exit_code(results)
    if code == READY:
        warnings = ids(Status.WARNING)
        # Without an assembly, nothing of the app was compared.
        is_all = assembly.CHECK.id not in {each.check.id for each in results if each.status is Status.SKIPPED}
        verdict = "A deploy can go ahead." if is_all else "Nothing stops a deploy so far, but no app was looked at."
        return verdict + (f" Read the warnings first: {warnings}." if warnings else "")
    if code == BLOCKED:
        return f"A deploy cannot go ahead: {ids(Status.PROBLEM)}."
    return f"Whether a deploy can go ahead is unknown: could not check {ids(Status.UNKNOWN)}."


def as_json(results: Collection[Result]) -> dict[str, Any]:
    """Return the findings for machines: ids, statuses and the names of the fields stay."""
    return {
        "format": FORMAT,
        "exit_code": exit_code(results),
        "summary": summary(results),
        "checks": [
            {
                "id": result.check.id,
                "status": result.status,
                "findings": [
                    {
                        "status": finding.status,
                        "code": finding.code,
                        "found": finding.found,
                        "why": finding.why,
                        "next": list(finding.next),
                        "paste": list(finding.paste),
                        "fixable": finding.fix is not None,
                    }
                    for finding in result.findings
                ],
            }
            for result in results
        ],
    }
