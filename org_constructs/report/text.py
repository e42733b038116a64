"""The report for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from org_constructs.templates.contents import policy_type_in_words
from org_constructs.templates.words import Branch, count, draw_table, draw_tree, in_a_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .model import Account, PolicyHere, Report, Unit
    from .now import Now

_ACCOUNTS_SHOWN_IN_A_ROW: Final = 6
_ACCOUNTS_SHOWN_IN_A_UNIT: Final = 40
_NAMED: Final = 40
"""Things that are listed of one origin."""


def render_text(report: Report) -> str:
    """Return the report as plain text."""
    return "\n".join(_lines(report)) + "\n"


def render_overview(report: Report) -> str:
    """Return the beginning of the text: how much there is, the organization as a tree, and who has access."""
    return "\n".join(_overview(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield from _overview(report)
    if report.permission_sets:
        yield from ("", "What a permission set allows")
        for permission_set in report.permission_sets.values():
            about = f"  {permission_set.description}" if permission_set.description else ""
            yield f"{permission_set.titled}{about}"
            yield from _indented(permission_set.says)
    if report.policies:
        yield from ("", "What policies allow and deny, regardless of permission sets")
        for policy in report.policies:
            where = in_a_line(report.where(policy.accounts), _ACCOUNTS_SHOWN_IN_A_ROW) or "no account"
            yield (
                f"{policy.name} ({policy_type_in_words(policy.type)}), attached to"
                f" {in_a_line(policy.attached_to, _ACCOUNTS_SHOWN_IN_A_ROW) or 'nothing'}, in force in {where}"
            )
            yield from _indented(policy.says)
    if report.now is not None:
        yield from _now(report.now)
    if report.kinds:
        yield from ("", "What happens if you remove a line")
        yield from draw_table(list(_ends(report)))
    yield from ("", "What it costs", *report.costs)


def _overview(report: Report) -> Iterator[str]:
    yield f"{report.name}: {report.summary}"
    if report.stale:
        yield f"Note: {report.stale}"
    if report.now is not None:
        yield f"This is what AWS had at {report.now.read_at}."
        yield from (f"Could not look: {each}" for each in report.now.unread)
    yield ""
    yield from _tree(report)
    if report.people or report.grants:
        yield from ("", "Who has access")
        yield from draw_table(list(_access(report)))


def _tree(report: Report) -> Iterator[str]:
    tops = [Branch(f"root{_attached(report.root.policies)}", _inside(report.root))]
    if report.elsewhere is not None:
        tops.append(Branch(report.unknown_place, _inside(report.elsewhere)))
    yield from draw_tree(tops)


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
        account.account_id if account.account_id != account.name else "",
        "management account" * account.is_management,
        account.closed,
    ]
    role = f" ({', '.join(filter(None, about))})" if any(about) else ""
    email = f"  {account.email}" if account.email else ""
    exists = "  exists already" if account.exists else ""
    in_force = f"  [{', '.join(dict.fromkeys(each.name for each in account.policies))}]" if account.policies else ""
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


def _now(now: Now) -> Iterator[str]:
    for title, lines in now.facts:
        yield from ("", title, *_indented(lines))
    yield from ("", "Where it is from")
    for each in now.origins:
        yield f"{each.origin}: {', '.join(each.counted)}"
        yield from _indented(each.named[:_NAMED])
        if len(each.named) > _NAMED:
            yield from _indented([f"… and {len(each.named) - _NAMED:,} more; `--format json` has all of them"])


def _indented(lines: Sequence[str]) -> Iterator[str]:
    for line in lines:
        yield f"   {line}"
