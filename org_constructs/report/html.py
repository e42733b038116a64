"""The report as one page that needs nothing else: its style, its script and its data are in it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from org_constructs.templates.contents import policy_type_in_words
from org_constructs.templates.words import count, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from .model import Account, PermissionSet, Policy, PolicyHere, Report, Unit

_ACCOUNTS_OPEN: Final = 60
"""With more accounts, the units that hold them are drawn closed, to be opened one by one."""

_NAMES_SHOWN: Final = 40


def render_html(report: Report) -> str:
    """Return the report as a page.

    Every name in it is escaped, and its content security policy lets nothing in that is not the page's own: no request
    leaves it.
    """
    style, script = _part("page.css"), _part("page.js")
    parts = {
        "name": escape(report.name),
        "summary": escape(report.summary),
        "stale": f'<p class="danger">Note: {escape(report.stale)}</p>' if report.stale else "",
        "style": style,
        "style hash": _hash(style),
        "script": script,
        "script hash": _hash(script),
        "tree": "\n".join(_tree(report)),
        "access": "\n".join(_access(report)),
        "empty groups": "\n".join(_empty_groups(report)),
        "permission sets": _cards(map(_permission_set, report.permission_sets.values()), "None."),
        "policies": _cards((_policy(report, each) for each in report.policies), "None."),
        "kinds": "\n".join(_kinds(report)),
        "costs": "\n".join(f"<p>{escape(each)}</p>" for each in report.costs),
        "data": _data(report),
    }
    # In one pass, so that a name which looks like a placeholder stays a name.
    return re.sub(r"\{\{([a-z ]+)\}\}", lambda match: parts[match[1]], _part("page.html"))


def _part(name: str) -> str:
    return files(__package__).joinpath("page", name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _data(report: Report) -> str:
    """Return what the script filters, as JSON that no parser of HTML or JavaScript sees an end in."""
    people = {person.key: index for index, person in enumerate(report.people)}
    accounts = {key: index for index, key in enumerate(report.accounts)}
    permission_sets = {key: index for index, key in enumerate(report.permission_sets)}
    data = {
        "people": [str(person) for person in report.people],
        "everybody": [person.everybody for person in report.people],
        "accounts": [(account.name, _place(unit)) for unit, account in report.places()],
        "sets": [(each.name, each.titled, each.administers) for each in report.permission_sets.values()],
        "grants": [
            (
                permission_sets[grant.permission_set],
                grant.way,
                [people[person.key] for person in grant.people],
                sorted(accounts[key] for key in grant.accounts),
            )
            for grant in report.grants
            if grant.people
        ],
    }
    # https://html.spec.whatwg.org/multipage/scripting.html#restrictions-for-contents-of-script-elements
    text = json.dumps(data, ensure_ascii=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _place(unit: Unit) -> str:
    return unit.path or unit.name


def _tree(report: Report) -> Iterator[str]:
    yield '<ul class="tree">'
    closed = len(report.accounts) > _ACCOUNTS_OPEN
    yield from _unit(report.root, "root", closed=closed)
    if report.elsewhere is not None:
        yield from _unit(report.elsewhere, "place unknown to the templates", closed=closed)
    yield "</ul>"


def _unit(unit: Unit, title: str, *, closed: bool) -> Iterator[str]:
    few = 3
    is_open = "" if closed and len(unit.accounts) > few else " open"
    about = f" <small>{count(len(unit.account_keys), 'account')}{', exists already' * unit.exists}</small>"
    yield f"<li><details{is_open}><summary>{escape(title)}{about} {_chips(unit.policies)}</summary>"
    yield "<ul>"
    for account in unit.accounts:
        yield _account(account)
    for each in unit.units:
        yield from _unit(each, each.name, closed=closed)
    yield "</ul></details></li>"


def _account(account: Account) -> str:
    about = [
        "management account" * account.is_management,
        account.account_id if account.account_id != account.name else "",
        account.email,
        "exists already" * account.exists,
    ]
    described = "".join(f" <small>{escape(each)}</small>" for each in about if each)
    role = " management" * account.is_management
    chips = _chips(account.policies)
    return f'<li><span class="account{role}"><b>{escape(account.name)}</b>{described}</span> {chips}</li>'


def _chips(policies: Sequence[PolicyHere]) -> str:
    return " ".join(
        f'<span class="chip inherited" title="inherited from {escape(each.inherited_from)}">{escape(each.name)}</span>'
        if each.inherited_from
        else f'<span class="chip" title="attached here">{escape(each.name)}</span>'
        for each in policies
    )


def _access(report: Report) -> Iterator[str]:
    for person in report.people:
        for each in report.access_of(person):
            yield _row((str(person), *each))


def _empty_groups(report: Report) -> Iterator[str]:
    for group, what, where in report.without_members():
        yield (
            f'<p class="quiet">Group {escape(group)} has no members; they would have'
            f" {escape(what)} in {escape(where)}.</p>"
        )


def _row(cells: Sequence[str]) -> str:
    first, *others = map(escape, cells)
    return f'<tr><th scope="row">{first}</th>{"".join(f"<td>{cell}</td>" for cell in others)}</tr>'


def _cards(cards: Iterable[str], none: str) -> str:
    inside = "\n".join(cards)
    return f'<div class="cards">\n{inside}\n</div>' if inside else f'<p class="quiet">{none}</p>'


def _permission_set(permission_set: PermissionSet) -> str:
    session = f" <small>{escape(permission_set.session)} a session</small>" if permission_set.session else ""
    about = f"<p>{escape(permission_set.description)}</p>" if permission_set.description else ""
    return (
        f'<article class="card"><h3>{escape(permission_set.name)}{session}</h3>{about}'
        f"{_says(permission_set.says, permission_set.document)}</article>"
    )


def _policy(report: Report, policy: Policy) -> str:
    attached = listed(policy.attached_to, _NAMES_SHOWN) or "nothing"
    where = listed(report.where(policy.accounts), _NAMES_SHOWN) or "no account"
    kind = escape(policy_type_in_words(policy.type))
    return (
        f'<article class="card"><h3>{escape(policy.name)} <small>{kind}</small></h3>'
        f"<p>Attached to {escape(attached)}; in force in {escape(where)}.</p>"
        f"{_says(policy.says, policy.document)}</article>"
    )


def _says(says: Sequence[str], document: str) -> str:
    lines = f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in says)}</ul>" if says else ""
    # Scrolled by the keyboard as well.
    shown = (
        f'<details><summary>The document</summary><pre tabindex="0">{escape(document)}</pre></details>'
        if document
        else ""
    )
    return f"{lines}{shown}"


def _kinds(report: Report) -> Iterator[str]:
    for kind in report.kinds:
        named = f": {', '.join(kind.closed)}" if kind.closed else ""
        danger = ' class="danger"' if kind.closed else ""
        yield f'<tr><th scope="row">{kind.counted}</th><td{danger}>{escape(kind.end + named)}</td></tr>'
