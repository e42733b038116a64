"""The report for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from org_constructs.templates.contents import policy_type_in_words
from org_constructs.templates.words import Branch, count, draw_table, draw_tree, in_a_line, sentence

if TYPE_CHECKING:
    from .model import Account, PolicyHere, Report, Unit
    from .now import Now

_ACCOUNTS_SHOWN_IN_A_ROW: Final = 6
_ACCOUNTS_SHOWN_IN_A_UNIT: Final = 40
_NAMED: Final = 40
"""Things that are listed of one origin."""


def render_text(report: Report, width: int | None = None) -> str:
    """Return the report as plain text.

    Args:
        report: The report.
        width: That of the terminal, of which sentences take up to 100 characters; by default nothing is wrapped.
    """
    return "\n".join(_Text(report, width).lines()) + "\n"


def render_overview(report: Report) -> str:
    """Return the beginning of the text: how much there is, the organization as a tree, and who has access."""
    return "\n".join(_Text(report, None).overview()) + "\n"


class _Text:
    """Writes a report in lines of a width."""

    def __init__(self, report: Report, width: int | None) -> None:
        self._report = report
        self._width = width

    def lines(self) -> Iterator[str]:
        """Yield everything."""
        report = self._report
        yield from self.overview()
        if report.permission_sets:
            yield from ("", "What a permission set allows")
            for permission_set in report.permission_sets.values():
                about = f"  {permission_set.description}" if permission_set.description else ""
                yield from self._said(f"{permission_set.titled}{about}")
                yield from self._indented(permission_set.says)
        if report.policies:
            yield from ("", "What policies allow and deny, regardless of permission sets")
            for policy in report.policies:
                where = in_a_line(report.where(policy.accounts), _ACCOUNTS_SHOWN_IN_A_ROW) or "no account"
                yield from self._said(
                    f"{policy.name} ({policy_type_in_words(policy.type)}), attached to"
                    f" {in_a_line(policy.attached_to, _ACCOUNTS_SHOWN_IN_A_ROW) or 'nothing'}, in force in {where}"
                )
                yield from self._indented(policy.says)
        for title, lines in report.facts:
            yield from ("", title, *self._indented(lines))
        if report.now is not None:
            yield from self._now(report.now)
        if report.kinds:
            yield from ("", "What happens if you remove a line")
            yield from draw_table(list(_ends(report)), self._width)
        yield from ("", "What it costs")
        for each in report.costs:
            yield from self._said(each)

    def overview(self) -> Iterator[str]:
        """Yield how much there is, the tree, and who has access."""
        report = self._report
        yield from self._said(f"{report.name}: {report.summary}")
        for note in report.notes:
            yield from self._said(f"Note: {note}")
        if report.now is not None:
            yield f"This is what AWS had at {report.now.read_at}."
            for each in report.now.unread:
                yield from self._said(f"Could not look: {each}")
        yield ""
        yield from draw_tree(list(_tops(report)), self._width)
        if report.people or report.grants:
            yield from ("", "Who has access")
            yield from draw_table(list(_access(report)), self._width)

    def _now(self, now: Now) -> Iterator[str]:
        yield from ("", "Where it is from")
        for each in now.origins:
            yield from self._said(f"{each.origin}: {', '.join(each.counted)}")
            yield from self._indented(each.named[:_NAMED])
            if len(each.named) > _NAMED:
                more = f"… and {len(each.named) - _NAMED:,} more; `--format json` has all of them"
                yield from self._indented([more])
        if now.changed:
            yield from self._said(now.changed)

    def _indented(self, lines: Sequence[str]) -> Iterator[str]:
        for line in lines:
            yield from self._said(line, "   ")

    def _said(self, text: str, indent: str = "") -> list[str]:
        return sentence(text, self._width, indent, f"{indent}  ")


def _tops(report: Report) -> Iterator[Branch]:
    yield Branch(f"root{_attached(report.root.policies)}", _inside(report.root))
    if report.elsewhere is not None:
        yield Branch(report.unknown_place, _inside(report.elsewhere))


def _inside(unit: Unit) -> list[Branch]:
    folded = len(unit.accounts) > _ACCOUNTS_SHOWN_IN_A_UNIT
    shown = unit.accounts[: _ACCOUNTS_SHOWN_IN_A_UNIT - 1] if folded else unit.accounts
    branches = [Branch(_account(account)) for account in shown]
    if folded:
        branches.append(Branch(f"… and {count(len(unit.accounts) - len(shown), 'more account')}"))
    for each in unit.units:
        exists = "  exists already" if each.exists else ""
        branches.append(Branch(f"{each.name}{exists}{_attached(each.policies)}", _inside(each)))
    return branches


def _account(account: Account) -> str:
    about = [
        f"called {account.display_name}" * bool(account.display_name),
        account.account_id if account.account_id != account.name else "",
        "management account" * account.is_management,
        "closing" * account.closing,
        account.state,
    ]
    role = f" ({', '.join(filter(None, about))})" if any(about) else ""
    email = f"  {account.email}" if account.email else ""
    exists = "  exists already" if account.exists else ""
    names = list(dict.fromkeys(each.name for each in account.policies)) or ["no guardrails"] * account.has_no_guardrails
    in_force = f"  [{', '.join(names)}]" if names else ""
    return f"{account.name}{role}{email}{exists}{in_force}"


def _attached(policies: Sequence[PolicyHere]) -> str:
    names = [each.name for each in policies if not each.inherited_from]
    return f"  [{', '.join(names)} from here on]" if names else ""


def _access(report: Report) -> Iterator[tuple[str, str, str, str]]:
    for person in report.people:
        for number, each in enumerate(report.access_of(person, _ACCOUNTS_SHOWN_IN_A_ROW)):
            yield "" if number else str(person), *each
    for group, what, where in report.without_members(_ACCOUNTS_SHOWN_IN_A_ROW):
        yield f"group {group}", what, where, "has no members"


def _ends(report: Report) -> Iterator[tuple[str, str]]:
    for kind in report.kinds:
        named = f": {in_a_line(kind.closed, _ACCOUNTS_SHOWN_IN_A_ROW)}" if kind.closed else ""
        yield kind.counted, f"{kind.end}{named}"
