"""The rules as a page to read; scripts/rules writes docs/rules.md with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from . import RULES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .rule import Rule

_HEAD: Final = """\
# Rules

What `OrgBaselineChecks` finds in the templates of an app, and `org-baseline check` in any template. An **error** breaks
or endangers something and fails synth; a **warning** is shown, since reasonable people differ. `scripts/rules` writes
this page from the rules themselves.

To accept a finding, acknowledge it on the construct that causes it, and say why it is right there:

```python
cdk.Validations.of(account).acknowledge(
    cdk.Acknowledgment(id="OrgBaseline::OrgBaseline-Retain", reason="A sandbox that is closed after the workshop.")
)
```

What only a deploy can know, such as a parameter's value, no rule guesses: it is left out of what rules compare and
count, and where it decides what a policy allows, OrgBaseline-PolicyNotJudged says so.

| Rule | | Finds |
| --- | --- | --- |
"""


def catalogue() -> str:
    """Return the page, in Markdown."""
    return _HEAD + "".join(_row(rule) for rule in RULES) + "".join(part for rule in RULES for part in _section(rule))


def _row(rule: Rule) -> str:
    return f"| [{rule.id}](#{rule.id.lower()}) | {rule.severity.value} | {rule.sentence} |\n"


def _section(rule: Rule) -> Iterator[str]:
    yield f"\n## {rule.id}\n\n"
    yield f"**{rule.severity.value.capitalize()}.** {rule.sentence}\n\n"
    yield f"{rule.explanation}\n\n"
    yield f"Source: <{rule.source}>\n"
