"""The report for a code host, with the tree as a Mermaid chart.

https://mermaid.js.org/syntax/flowchart.html · https://github.github.com/gfm/
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from org_constructs._drawing import count, listed

from .costs import policy_type_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .model import Account, Grant, PolicyHere, Report, Unit
    from .retained import Kind

# Mermaid gives up on a chart of more than 500 edges, and code hosts keep that default:
# https://mermaid.js.org/config/schema-docs/config.html (maxEdges)
_EDGES_MAX: Final = 400
_ACCOUNTS_SHOWN_IN_A_ROW: Final = 20
_NODES_OF_A_UNIT: Final = 2  # itself, and what stands for its accounts


def render_markdown(report: Report) -> str:
    """Return the report as Markdown."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield f"# {_text(report.name)}"
    yield from ("", _text(report.summary), "", "## Organization", "", "```mermaid", *_chart(report), "```")
    if report.people or report.grants:
        yield from ("", "## Who can do what", "")
        yield from _table(("Who", "can do", "on", "how"), list(_access(report)))
    if report.permission_sets:
        yield from ("", "## What a permission set allows", "")
        for each in report.permission_sets.values():
            about = f": {_text(each.description)}" if each.description else ""
            yield f"- **{_text(each.titled)}**{about}"
            yield from _inside(each.says, each.document)
    if report.policies:
        yield from ("", "## What policies say, whatever a permission set allows", "")
        for policy in report.policies:
            where = listed(report.where(policy.accounts), _ACCOUNTS_SHOWN_IN_A_ROW) or "no account"
            attached = listed(policy.attached_to, _ACCOUNTS_SHOWN_IN_A_ROW) or "nothing"
            yield (
                f"- **{_text(policy.name)}** ({policy_type_in_words(policy.type)}), attached to {_text(attached)},"
                f" in force in {_text(where)}"
            )
            yield from _inside(policy.says, policy.document)
    yield from ("", "## What happens when a line is removed", "")
    yield from _table(("What there is", "is then"), [(kind.counted, _end(kind)) for kind in report.kinds])
    yield from ("", "## What it costs", "", *(f"- {_text(each)}" for each in report.costs))


def _access(report: Report) -> Iterator[tuple[str, str, str, str]]:
    for person in report.people:
        grants = report.grants_of.get(person.key, ())
        for grant in grants:
            yield str(person), _titled(report, grant), _where(report, grant), grant.way
        if not grants:
            yield str(person), "nothing", "", ""
    for grant in report.grants:
        if not grant.people:
            yield f"group {grant.through}", _titled(report, grant), _where(report, grant), "has no members"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"| {' | '.join('---' for _ in head)} |"
    for row in rows:
        yield f"| {' | '.join(map(_text, row))} |"


def _inside(says: Sequence[str], document: str) -> Iterator[str]:
    for line in says:
        yield f"  - {_text(line)}"
    if document:
        fence = "`" * (max((len(run) for run in re.findall("`+", document)), default=0) + 3)
        yield from ("", "  <details><summary>The document</summary>", "", f"  {fence}json")
        yield from (f"  {line}" for line in document.split("\n"))
        yield from (f"  {fence}", "", "  </details>", "")


def _chart(report: Report) -> Iterator[str]:
    yield "flowchart LR"
    yield "  classDef unit fill:none,stroke-dasharray:4"
    yield "  classDef management stroke-width:3px"
    tops = [unit for unit in (report.root, report.elsewhere) if unit]
    edges = sum(1 + len(unit.account_keys) + sum(1 for _ in _units(unit)) for unit in tops)
    folded = edges > _EDGES_MAX
    numbers = iter(range(edges * _NODES_OF_A_UNIT + len(tops)))
    for unit in tops:
        yield from _node(unit, numbers, None, folded=folded)


def _node(unit: Unit, numbers: Iterator[int], above: str | None, *, folded: bool) -> Iterator[str]:
    name = f"n{next(numbers)}"
    title = unit.name if unit.path or unit.name == "root" else "where no template says"
    yield f'  {name}(["{_label(title)}{_attached(unit.policies)}"]):::unit'
    if above is not None:
        yield f"  {above} --- {name}"
    if folded and unit.accounts:
        accounts = f"n{next(numbers)}"
        yield f'  {accounts}["{count(len(unit.accounts), "account")}"]'
        yield f"  {name} --- {accounts}"
    for account in () if folded else unit.accounts:
        leaf = f"n{next(numbers)}"
        yield f'  {leaf}["{_account(account)}"]{":::management" if account.is_management else ""}'
        yield f"  {name} --- {leaf}"
    for each in unit.units:
        yield from _node(each, numbers, name, folded=folded)


def _units(unit: Unit) -> Iterator[Unit]:
    for each in unit.units:
        yield each
        yield from _units(each)


def _account(account: Account) -> str:
    about = ["management account" * account.is_management, account.email, "exists already" * account.exists]
    names = ", ".join(dict.fromkeys(each.name for each in account.policies))
    lines = [account.name, *filter(None, about), *([f"in force: {names}"] if names else [])]
    return "<br>".join(map(_label, lines))


def _attached(policies: Sequence[PolicyHere]) -> str:
    names = [each.name for each in policies if not each.inherited_from]
    return f"<br>{_label(', '.join(names))} from here on" if names else ""


def _titled(report: Report, grant: Grant) -> str:
    return report.permission_sets[grant.permission_set].titled


def _where(report: Report, grant: Grant) -> str:
    return listed(report.where(grant.accounts), _ACCOUNTS_SHOWN_IN_A_ROW)


def _end(kind: Kind) -> str:
    return f"{kind.end}: {', '.join(kind.names)}" if kind.closes_accounts else kind.end


def _text(text: str) -> str:
    """Escape what Markdown or HTML would take for its own; a name with an @ in front mentions nobody."""
    escaped = re.sub(r"[\\`*_\[\]<>|~&#!]", r"\\\g<0>", text)
    return re.sub(r"(?<!\w)@", "@<!-- -->", escaped)


def _label(text: str) -> str:
    """Escape what ends a label of Mermaid's, or is markup in it."""
    return re.sub(r"[^\w .,+/@:()-]", lambda match: f"#{ord(match[0])};", text, flags=re.ASCII)
