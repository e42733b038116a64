"""Findings as the workflow commands with which GitHub marks lines of a change, those that matter most first.

Of a step, GitHub shows ten errors, ten warnings and ten notices.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from ._findings import ERROR, SUGGESTION, WARNING, Group, said
from ._places import Places

if TYPE_CHECKING:
    from org_constructs.templates.resources import Templates

_COMMANDS: Final = {ERROR: "error", WARNING: "warning", SUGGESTION: "notice"}


def workflow_commands(groups: Sequence[Group], templates: Templates) -> str:
    """Return a command in a line for each finding."""
    places = Places(templates)
    return "".join(
        f"::{_COMMANDS[severity]} file={_property(place.file.as_posix())},line={place.line},"
        f"title={_property(group.id)}::{_data(chr(10).join(said(group, finding)))}\n"
        for severity in _COMMANDS
        for group in groups
        if group.severity == severity
        for finding in group.findings
        for place in [places.in_app(finding) or places.in_template(finding)]
    )


# What the runner takes back: https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts
def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
