"""What was found, as text, as Markdown and as JSON."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from org_constructs.templates.markdown import as_block, as_text
from org_constructs.templates.words import and_list, count, in_a_line, sentence, visible

if TYPE_CHECKING:
    from org_constructs.matching.result import Difference

    from .finding import Drift, Report, Way

FORMAT: Final = 1
"""The version of the JSON: it grows, and another version is another shape."""

_SHOWN: Final = 4
"""Names in a line."""

SINCE: Final = (
    "Since when is not known. CloudTrail's event history has who did what, for 90 days:"
    " https://docs.aws.amazon.com/awscloudtrail/latest/userguide/view-cloudtrail-events.html"
)


def as_json(report: Report) -> dict[str, Any]:
    """Return it for programs; codes and keys stay, wording may change."""
    return {
        "format": FORMAT,
        "stacks": list(report.stacks),
        "notDeployed": list(report.not_deployed),
        "compared": report.compared,
        "notCompared": list(report.not_compared),
        "drift": [_drift_as_json(each) for each in report.drifts],
        "left": [_drift_as_json(each) for each in report.left],
        "noDrift": [asdict(each) for each in report.others],
        "couldNotLook": [{"code": each.code, "what": each.what} for each in report.unread],
    }


def _drift_as_json(drift: Drift) -> dict[str, Any]:
    return {
        "key": drift.key,
        "code": drift.code,
        "kind": drift.kind,
        "name": drift.name,
        "id": drift.id,
        "what": drift.what,
        "origin": str(drift.origin) if drift.origin else None,
        "stack": drift.stack or None,
        "logicalId": drift.logical_id or None,
        "changes": [
            {"property": each.property, "template": each.template, "aws": each.found} for each in drift.changes
        ],
        "since": None,
        "takeBack": _way_as_json(drift.take_back),
        "takeOver": _way_as_json(drift.take_over),
        "leave": _way_as_json(drift.leave),
    }


def _way_as_json(way: Way) -> dict[str, Any]:
    return {
        "possible": way.possible,
        "how": way.how,
        "safe": way.safe,
        "text": way.text,
        "commands": list(way.commands),
        "paste": [{"in": each.place, "lines": list(each.lines)} for each in way.pastes],
    }


def render_text(report: Report, width: int | None = None) -> str:
    """Return it for a terminal of a width, of which sentences take up to 100 characters; by default unwrapped.

    What is to be copied stays in one line, and so does what the template and AWS say.
    """
    parts = [sentence(_summary(report), width)]
    for drift in report.drifts:
        lines = sentence(f"{_title(drift)}  [{drift.code}]", width, rest="  ")
        for change in drift.changes:
            lines += [f"  {visible(line)}" for line in _change(change)]
        for name, way in _ways(drift):
            lines += sentence(f"{name}: {way.text}.", width, "  ", "    ")
            lines += [f"      {visible(line)}" for line in way.commands]
            for paste in way.pastes:
                lines += [f"    In {visible(paste.place)}:", *(f"      {visible(line)}" for line in paste.lines)]
        parts.append(lines)
    for title, items in _lists(report):
        lines = [line for each in items for line in sentence(each, width, "  ", "    ")]
        parts.append([f"{title} ({len(items)})", *lines])
    if report.drifts:
        parts.append(sentence(SINCE, width))
    return "\n".join("".join(f"{line}\n" for line in lines) for lines in parts)


def render_markdown(report: Report) -> str:
    """Return it for an issue or a pull request."""
    parts = [f"# Drift\n\n{_summary(report)}\n"]
    for drift in report.drifts:
        lines = [f"## {as_text(visible(_title(drift)))}", "", f"`{drift.code}`", ""]
        if drift.changes:
            lines += _fenced([line for change in drift.changes for line in _change(change)], "diff")
        for name, way in _ways(drift):
            lines += [f"- **{name}**: {as_text(visible(way.text))}.", ""]
            lines += _indented(_fenced(way.commands, "sh")) if way.commands else []
            for paste in way.pastes:
                lines += _indented([f"In `{paste.place}`:", "", *_fenced(paste.lines, "python")])
        parts.append("\n".join(lines))
    for title, items in _lists(report):
        parts.append("\n".join([f"## {title}", "", *(f"- {as_text(visible(each))}" for each in items)]) + "\n")
    if report.drifts:
        parts.append(f"{SINCE}\n")
    return "\n".join(parts)


def _summary(report: Report) -> str:
    drifted = count(len(report.drifts), "thing") if report.drifts else "nothing"
    left = f", {count(len(report.left), 'thing')} left as asked" if report.left else ""
    return f"{drifted.capitalize()} drifted in {and_list(report.stacks)} ({count(report.compared, 'resource')}){left}."


def _title(drift: Drift) -> str:
    # An assignment has no id but what it joins.
    shown = "" if drift.id is None or "|" in drift.id else f" ({drift.id})"
    return f"The {drift.kind} {drift.name}{shown} {drift.what}"


def _ways(drift: Drift) -> Iterator[tuple[str, Way]]:
    for name, way in (
        ("Take it back", drift.take_back),
        ("Take it over into code", drift.take_over),
        ("Leave it", drift.leave),
    ):
        judged = "no way" if not way.possible else "safe" if way.safe else "not safe"
        yield f"{name} ({judged})", way


def _lists(report: Report) -> Iterator[tuple[str, list[str]]]:
    if report.left:
        yield "Left as it is", [_title(each) for each in report.left]
    if report.not_deployed:
        yield "Not deployed yet", list(report.not_deployed)
    if report.not_compared:
        yield "Not compared, unlike by CloudFormation's own drift detection", list(report.not_compared)
    if report.unread:
        yield "Could not look", [f"{each.what} [{each.code}]" for each in report.unread]
    if report.others:
        yield (
            "In no template of these stacks, and no drift",
            [f"{each.kind} of {each.origin}: {in_a_line(each.names, _SHOWN)}" for each in report.others],
        )


def _change(change: Difference) -> Iterator[str]:
    """Yield what the template says and what AWS has; of long values the lines that differ."""
    yield f"{change.property}:"
    names, there = ([] if each is None else each for each in (change.template, change.found))
    if _are_texts(names) and _are_texts(there):
        yield from (f"- {each}" for each in names if each not in there)
        yield from (f"+ {each}" for each in there if each not in names)
        return
    before, after = (json.dumps(each, indent=2, ensure_ascii=False) for each in (change.template, change.found))
    if "\n" not in before + after or None in (change.template, change.found):
        yield f"- {_one(before, change.template)}"
        yield f"+ {_one(after, change.found)}"
        return
    _, _, *lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=1, lineterm="")
    yield from (line for line in lines if not line.startswith("@@"))


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _one(text: str, value: object) -> str:
    return "nothing" if value is None else " ".join(text.split())


def _fenced(lines: Sequence[str], language: str) -> list[str]:
    return [*as_block("\n".join(map(visible, lines)), language).split("\n"), ""]


def _indented(lines: Sequence[str]) -> list[str]:
    return [f"  {line}" if line else "" for line in lines]
