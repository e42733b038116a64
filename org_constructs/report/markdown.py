"""The report for a code host, with the tree as a Mermaid chart.

https://mermaid.js.org/syntax/flowchart.html · https://github.github.com/gfm/
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from org_constructs.templates.contents import policy_type_in_words
from org_constructs.templates.markdown import as_block, as_text
from org_constructs.templates.words import count, in_a_line

if TYPE_CHECKING:
    from .model import Account, PolicyHere, Report, Unit
    from .now import Now
    from .retained import Kind

# More is no picture any more, and Mermaid gives up at 500 edges, a limit that code hosts keep:
# https://mermaid.js.org/config/schema-docs/config.html (maxEdges)
_ACCOUNTS_DRAWN: Final = 80
_UNITS_DRAWN: Final = 100
_ACCOUNTS_SHOWN_IN_A_ROW: Final = 20


def render_markdown(report: Report) -> str:
    """Return the report as Markdown."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield f"# {as_text(report.name)}"
    yield from (line for note in report.notes for line in ("", f"**Note: {as_text(note)}**"))
    if report.now is not None:
        yield from ("", f"This is what AWS had at {as_text(report.now.read_at)}.")
        yield from (line for each in report.now.unread for line in ("", f"**Could not look: {as_text(each)}**"))
    yield from ("", as_text(report.summary), "", "## Organization", "", "```mermaid", *_chart(report), "```")
    if report.people or report.grants:
        yield from ("", "## Who has access", "")
        yield from _table(("Who", "has", "in", "how"), list(_access(report)))
    if report.permission_sets:
        yield from ("", "## What a permission set allows", "")
        for each in report.permission_sets.values():
            about = f": {as_text(each.description)}" if each.description else ""
            yield f"- **{as_text(each.titled)}**{about}"
            yield from _inside(each.says, each.document)
    if report.policies:
        yield from ("", "## What policies allow and deny, regardless of permission sets", "")
        for policy in report.policies:
            where = in_a_line(report.where(policy.accounts), _ACCOUNTS_SHOWN_IN_A_ROW) or "no account"
            attached = in_a_line(policy.attached_to, _ACCOUNTS_SHOWN_IN_A_ROW) or "nothing"
            kind = policy_type_in_words(policy.type)
            yield f"- **{as_text(policy.name)}** ({as_text(kind)}), " + as_text(
                f"attached to {attached}, in force in {where}"
            )
            yield from _inside(policy.says, policy.document)
    yield from _settings(report)
    if report.kinds:
        yield from ("", "## What happens if you remove a line", "")
        yield from _table(("Resources", "are then"), [(kind.counted, _end(kind)) for kind in report.kinds])
    yield from ("", "## What it costs", "", *(f"- {as_text(each)}" for each in report.costs))


def _access(report: Report) -> Iterator[tuple[str, str, str, str]]:
    for person in report.people:
        for each in report.access_of(person, _ACCOUNTS_SHOWN_IN_A_ROW):
            yield str(person), *each
    for group, what, where in report.without_members(_ACCOUNTS_SHOWN_IN_A_ROW):
        yield f"group {group}", what, where, "has no members"


def _settings(report: Report) -> Iterator[str]:
    for title, lines in report.facts:
        yield from ("", f"## {title}", "", *(f"- {as_text(line)}" for line in lines))
    if report.now is not None:
        yield from _now(report.now)


def _now(now: Now) -> Iterator[str]:
    yield from ("", "## Where it is from", "")
    if now.changed:
        yield from (now.changed, "")
    for each in now.origins:
        yield f"- **{as_text(each.origin)}**: {', '.join(each.counted)}"
        yield from (f"  - {as_text(name)}" for name in each.named)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"| {' | '.join('---' for _ in head)} |"
    for row in rows:
        yield f"| {' | '.join(map(as_text, row))} |"


def _inside(says: Sequence[str], document: str) -> Iterator[str]:
    for line in says:
        yield f"  - {as_text(line)}"
    if document:
        yield from ("", "  <details><summary>The document</summary>", "")
        yield from (f"  {line}" for line in as_block(document, "json").split("\n"))
        yield from ("", "  </details>", "")


def _chart(report: Report) -> Iterator[str]:
    yield "flowchart LR"
    yield "  classDef unit fill:none,stroke-dasharray:4"
    yield "  classDef management stroke-width:3px"
    drawn = [unit for unit in (report.root, report.elsewhere) if unit]
    tops = len(drawn)
    for unit in drawn:  # which grows, level by level
        drawn += unit.units[: max(0, _UNITS_DRAWN - len(drawn))]
    chart = _Chart(drawn, with_accounts=len(report.accounts) <= _ACCOUNTS_DRAWN, unknown_place=report.unknown_place)
    for unit in drawn[:tops]:
        yield from chart.unit(unit, None)


class _Chart:
    """The nodes and edges of a flowchart."""

    def __init__(self, drawn: Sequence[Unit], *, with_accounts: bool, unknown_place: str) -> None:
        self._drawn = {id(unit) for unit in drawn}
        self._with_accounts = with_accounts
        self._unknown_place = unknown_place
        self._names = (f"n{number}" for number in itertools.count())

    def unit(self, unit: Unit, above: str | None) -> Iterator[str]:
        """Yield the lines of a unit, and of what is in it."""
        name = next(self._names)
        title = unit.name if unit.path or unit.name == "root" else self._unknown_place
        yield f'  {name}(["{_label(title)}{_attached(unit.policies)}"]):::unit'
        if above is not None:
            yield f"  {above} --- {name}"
        for account in unit.accounts if self._with_accounts else ():
            yield from self._leaf(name, _account(account), ":::management" * account.is_management)
        inside = [each for each in unit.units if id(each) in self._drawn]
        left_out = [each for each in unit.units if id(each) not in self._drawn]
        accounts = sum(len(each.account_keys) for each in left_out)
        if not self._with_accounts:
            accounts += len(unit.accounts)
        counts = [count(accounts, "account")] * bool(accounts)
        counts += [f"in {count(len(left_out), 'more unit')}"] * bool(left_out)
        if counts:
            yield from self._leaf(name, " ".join(counts))
        for each in inside:
            yield from self.unit(each, name)

    def _leaf(self, above: str, label: str, role: str = "") -> Iterator[str]:
        name = next(self._names)
        yield f'  {name}["{label}"]{role}'
        yield f"  {above} --- {name}"


def _account(account: Account) -> str:
    about = [
        f"called {account.display_name}" * bool(account.display_name),
        "management account" * account.is_management,
        "closing" * account.closing,
        account.state,
        account.email,
        "exists already" * account.exists,
        "no guardrails" * account.has_no_guardrails,
    ]
    names = ", ".join(dict.fromkeys(each.name for each in account.policies))
    lines = [account.name, *filter(None, about), *([f"in force: {names}"] if names else [])]
    return "<br>".join(map(_label, lines))


def _attached(policies: Sequence[PolicyHere]) -> str:
    names = [each.name for each in policies if not each.inherited_from]
    return f"<br>{_label(', '.join(names))} from here on" if names else ""


def _end(kind: Kind) -> str:
    return f"{kind.end}: {', '.join(kind.closed)}" if kind.closed else kind.end


def _label(text: str) -> str:
    """Escape what ends a label of Mermaid's, or is markup in it."""
    return re.sub(r"[^\w .,+/@:()-]", lambda match: f"#{ord(match[0])};", text, flags=re.ASCII)
