"""The page to sign: what was reviewed, what can be told of the controls, who administers, and the files' SHA-256 sums.

HTML, since what is to be signed is printed, and every computer can print it as it is; nothing else is needed to see it.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from org_constructs.aws.cis_benchmark import BENCHMARK, VERSION
from org_constructs.report.model import Person, Report, make_report
from org_constructs.templates.description import Description, Whence
from org_constructs.templates.words import in_a_line, visible

from .access_review import EVERYBODY, PERSON, YES, Row
from .control import Control, Verdict

if TYPE_CHECKING:
    from .reviewed import Reviewed

_ADMINISTRATORS: Final = 12
"""How many the page names; the CSV has all of them."""

_ACCOUNTS: Final = 4
"""How many accounts a line names."""


_LINE: Final = '<span class="line"></span>'

_CONFIRM: Final = {
    Verdict.FAIL: f"Accepted, or put right by {_LINE}",
    Verdict.CANNOT_TELL: f"Looked at in another way: {_LINE}",
}
"""What whoever signs confirms where more is to be done."""


def render_sign_off(
    description: Description,
    reviewed: Reviewed,
    *,
    rows: Sequence[Row],
    controls: Sequence[Control],
    sums: Mapping[str, str],
) -> str:
    """Return the page. Every name in it is escaped, and it has no script and loads nothing.

    Args:
        description: The organization.
        reviewed: Where the description is from.
        rows: Who has what where, as the CSV has it.
        controls: What can be told of the controls.
        sums: The SHA-256 sums of the other files, in hexadecimal digits, by their names.
    """
    report = make_report(description, reviewed.stale, at=reviewed.at)
    table, *_ = sums
    # At the foot of every page, which holds them together: digits alone, so that no name gets into the style.
    style = _filled(_part("sign_off.css"), {"date": reviewed.date_in_words, "sum": sums[table][:16]})
    parts = {
        "name": escape(report.name),
        "date": escape(reviewed.date_in_words),
        "style": style,
        "style hash": f"sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}",
        "facts": "\n".join(_facts(description, reviewed)),
        "notes": "\n".join(_notes(description, report)),
        "numbers": "\n".join(_numbers(description, rows)),
        "administrators": "\n".join(_administrators(report)),
        "benchmark": escape(f"{BENCHMARK} v{VERSION}"),
        "verdicts": escape(_verdicts(controls)),
        "controls": "\n".join(map(_control, controls)),
        "table": escape(table),
        "rows": f"{len(rows):,}",
        "sums": "\n".join(
            f'<tr><th scope="row">{escape(name)}</th><td>{sum_}</td></tr>' for name, sum_ in sums.items()
        ),
    }
    return _filled(_part("sign_off.html"), parts)


def _filled(text: str, parts: Mapping[str, str]) -> str:
    # In one pass, so that a name which looks like a placeholder stays a name.
    return re.sub(r"\{\{([a-z ]+)\}\}", lambda match: parts[match[1]], text)


def _part(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _facts(description: Description, reviewed: Reviewed) -> Iterator[str]:
    yield _fact("Source", reviewed.source)
    yield _fact("As of", reviewed.date_in_words)
    if description.live and description.live.organization_id:
        yield _fact("Organization", description.live.organization_id)
    if reviewed.asked_with:
        yield _fact("Asked with", reviewed.asked_with)
    if reviewed.revision:
        yield _fact("Revision", reviewed.revision)


def _notes(description: Description, report: Report) -> Iterator[str]:
    yield from map(_note, report.notes)
    if description.live is None:
        yield _note(
            "AWS was not asked: what somebody did by hand, or another stack did, is not in here;"
            " `org-baseline report live --evidence` asks it"
        )
    elif access := [each for each in description.live.unread if each.of_access]:
        unread = dict.fromkeys(f"{each.what} ({each.action}: {each.why})" for each in access)
        yield _note(f"AWS did not tell {'; '.join(unread)}")


def _numbers(description: Description, rows: Sequence[Row]) -> Iterator[str]:
    people = [row for row in rows if row.kind == PERSON]
    yield _fact("Accounts", len(description.accounts))
    yield _fact("People", len(description.users))
    yield _fact("With access", len({row.person_id for row in people}))
    yield _fact("Administer", len({row.person_id for row in people if row.administers == YES}))
    if groups := {row.group_id for row in rows if row.kind == EVERYBODY}:
        yield _fact("Groups whose members only AWS knows", len(groups))
    yield _fact("Permission sets", len(description.permission_sets))
    yield _fact("Rows to decide on", len(rows))
    if description.live is not None:
        yield _fact(
            "Of these, made by hand", sum(Whence.HAND in {row.origin, row.origin_of_membership} for row in rows)
        )


def _administrators(report: Report) -> Iterator[str]:
    found = [(person, *_administered(report, person)) for person in report.people]
    rows = [each for each in found if each[1]]
    for person, where, ways in rows[:_ADMINISTRATORS]:
        yield f'<tr><th scope="row">{escape(str(person))}</th><td>{escape(where)}</td><td>{escape(ways)}</td></tr>'
    if len(rows) > _ADMINISTRATORS:
        yield f'<tr><td colspan="3">and {len(rows) - _ADMINISTRATORS:,} more, in the table of access</td></tr>'
    if not rows:
        yield '<tr><td colspan="3">Nobody administers anything.</td></tr>'


def _administered(report: Report, person: Person) -> tuple[str, str]:
    grants = [
        each for each in report.grants_of.get(person.key, ()) if report.permission_sets[each.permission_set].administers
    ]
    accounts = {account for each in grants for account in each.accounts}
    return in_a_line(report.where(accounts), _ACCOUNTS) if grants else "", "; ".join(
        sorted({each.way for each in grants})
    )


def _verdicts(controls: Sequence[Control]) -> str:
    counted = {verdict: sum(each.verdict == verdict for each in controls) for verdict in Verdict}
    return ", ".join(f"{number} {verdict}" for verdict, number in counted.items() if number)


def _control(control: Control) -> str:
    confirm = _CONFIRM.get(control.verdict) or escape(control.confirm)
    box = f'<span class="box"></span> {confirm}' if confirm else ""
    return (
        f'<tr><th scope="row">{control.id}</th><td><b>{escape(control.title)}</b><br>{escape(control.why)}</td>'
        f'<td class="{control.verdict.name.lower()}">{control.verdict}</td><td>{box}</td></tr>'
    )


def _note(text: str) -> str:
    return f'<p class="note">{escape(visible(text))}.</p>'


def _fact(name: str, value: str | int) -> str:
    shown = f"{value:,}" if isinstance(value, int) else escape(visible(value))
    return f"<div><dt>{name}</dt><dd>{shown}</dd></div>"
