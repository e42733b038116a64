"""The report as one page that needs nothing else: its style, its script and its data are in it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from itertools import groupby, zip_longest
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from org_constructs.aws import limits
from org_constructs.aws.consoles import console
from org_constructs.templates.contents import policy_type_in_words
from org_constructs.templates.description import Whence
from org_constructs.templates.words import and_list, count, in_a_line

from .cells import Cells, changed_cells

if TYPE_CHECKING:
    from .model import Account, Grant, Group, PermissionSet, Person, Policy, PolicyHere, Report, Unit
    from .statements import Statement

_ACCOUNTS_OPEN: Final = 60
"""With more accounts, the units that hold them are drawn closed, to be opened one by one."""

_NAMES_SHOWN: Final = 12
"""More names than these are folded, and unfold when they are looked for, with these many before them."""

_NAMES_BEFORE_FOLD: Final = 3

_GONE: Final = "no longer here"
"""Where accounts are drawn that are there only before a change."""


@dataclass(frozen=True, kw_only=True)
class Difference:
    """What a page says before all else, where it is of a difference."""

    between: str
    """What changes into what, in a sentence."""

    verdict: str
    changes: Sequence[tuple[str, str, Sequence[Sequence[str]]]]
    """Kinds of changes, each with its title, its sign and its sentences: what of these is no name and what is one, in
    turns.
    """

    before: Report
    """The organization as it was, with the same keys for what is the same: the matrix marks what changes since."""


def render_html(report: Report, difference: Difference | None = None) -> str:
    """Return the report as a page.

    Every name in it is escaped, and its content security policy lets nothing in that is not the page's own: no request
    leaves it. Its links lead to AWS's console and access portal alone.

    Args:
        report: What the page says.
        difference: What changes, for a page that says so first; by default it is of no difference.
    """
    return _Page(report, difference.before if difference else None).render(difference)


class _Page:
    """Writes the parts of a page."""

    def __init__(self, report: Report, before: Report | None) -> None:
        self._report = report
        # What is no longer there has no row in the list, no column and no card, but is in the matrix.
        self._cells = changed_cells(before, report) if before else Cells()
        self._matrix_sets = (*report.permission_sets.values(), *self._cells.permission_sets)
        self._matrix_people = (*report.people, *self._cells.people)
        self._sets = {each.key: number for number, each in enumerate(self._matrix_sets)}
        self._groups = {group.key: number for number, group in enumerate(report.groups)}
        self._policies = {policy.key: number for number, policy in enumerate(report.policies)}
        self._people = {person.key: number for number, person in enumerate(self._matrix_people)}
        self._held = [grant for grant in report.grants if grant.people]
        self._grants = {id(grant): number for number, grant in enumerate(self._held)}

    def render(self, difference: Difference | None) -> str:
        report = self._report
        style, script = _part("page.css"), _part("page.js")
        parts = {
            "name": escape(report.name),
            "shows": escape(difference.between if difference else report.shows),
            "summary": escape(report.summary),
            "notes": "\n".join(self._notes()),
            "links": "\n".join(self._links()),
            "sections": "\n".join(self._sections(difference)),
            "difference": "\n".join(_difference(difference)) if difference else "",
            "style": style,
            "style hash": _hash(style),
            "script": script,
            "script hash": _hash(script),
            "tree": "\n".join(self._tree()),
            "access": "\n".join(map(self._equals, report.equals)),
            "groups": _cards(map(self._group, report.groups), "No group is known."),
            "permission sets": _cards(map(self._permission_set, report.permission_sets.values()), "None."),
            "policies": _cards(map(self._policy, report.policies), "None."),
            "facts": "\n".join(self._facts()),
            "now": "\n".join(self._now()),
            "removal": "\n".join(self._removal()),
            "costs": "\n".join(f"<p>{escape(each)}</p>" for each in report.costs),
            "not printed": self._not_printed(),
            "data": self._data(),
        }
        # In one pass, so that a name which looks like a placeholder stays a name.
        return re.sub(r"\{\{([a-z ]+)\}\}", lambda match: parts[match[1]], _part("page.html"))

    def _sections(self, difference: Difference | None) -> Iterator[str]:
        report = self._report
        users = sum(not person.everybody for person in report.people)
        for anchor, title, number in (
            ("organization", "Accounts", len(report.accounts)),
            ("access", "People", users),
            ("groups", "Groups", len(report.groups)),
            ("permission-sets", "Permission sets", len(report.permission_sets)),
            ("policies", "Policies", len(report.policies)),
        ):
            yield f'<a href="#{anchor}">{title} <b>{number:,}</b></a>'
        if report.facts:
            yield '<a href="#settings">Settings</a>'
        if report.now is not None:
            yield '<a href="#now">Where it is from</a>'
        if report.kinds:
            yield '<a href="#removal">Removal</a>'
        yield '<a href="#costs">Costs</a>'
        if difference:
            number = sum(len(sentences) for _, _, sentences in difference.changes)
            yield f'<a href="#changes">Changes <b>{number:,}</b></a>'

    def _notes(self) -> Iterator[str]:
        yield from (f'<p class="danger">Note: {escape(note)}</p>' for note in self._report.notes)
        if self._report.now is not None and self._report.now.unread:
            yield '<p class="danger">Could not look, so that there may be more than is shown:</p>'
            yield _items(self._report.now.unread)

    def _links(self) -> Iterator[str]:
        region = self._report.region
        for title, url in (
            ("Access portal", self._report.portal),
            ("IAM Identity Center", console(region, "singlesignon/home") if region else ""),
            ("AWS Organizations", console(region, "organizations/v2/home/accounts") if region else ""),
        ):
            if url:
                yield _link(url, title)

    def _tree(self) -> Iterator[str]:
        report = self._report
        closed = len(report.accounts) > _ACCOUNTS_OPEN
        if any(policy.accounts for policy in report.policies):
            yield '<p class="key">Policies in force: <span class="chip">attached here</span> '
            yield '<span class="chip inherited">inherited</span></p>'
        yield '<ul class="tree">'
        yield from self._unit(report.root, "root", closed=closed)
        if report.elsewhere is not None:
            yield from self._unit(report.elsewhere, report.unknown_place, closed=closed)
        yield "</ul>"

    def _unit(self, unit: Unit, title: str, *, closed: bool) -> Iterator[str]:
        few = 3
        is_open = "" if closed and len(unit.accounts) > few else " open"
        about = f" <small>{count(len(unit.account_keys), 'account')}{', exists already' * unit.exists}</small>"
        about += _origin(unit.origin)
        here = self._chips([each for each in unit.policies if not each.inherited_from])
        if unit.path and unit.account_keys:
            here = f'<small class="reach">{_filtered("who has access", unit=unit.path)}</small> {here}'
        yield f'<li><details{is_open}><summary>{escape(title)}{about}</summary><div class="here">{here}</div>'
        yield "<ul>"
        for account in unit.accounts:
            yield self._account(account)
        for each in unit.units:
            yield from self._unit(each, each.name, closed=closed)
        yield "</ul></details></li>"

    def _account(self, account: Account) -> str:
        about = [
            f"called {account.display_name}" * bool(account.display_name),
            "management account" * account.is_management,
            account.account_id if account.account_id != account.name else "",
            account.email,
            "exists already" * account.exists,
            "closing" * account.closing,
            account.state,
        ]
        described = "".join(f" <small>{escape(each)}</small>" for each in about if each)
        page = ""
        if re.fullmatch(limits.ACCOUNT_ID, account.account_id):
            page = console(self._report.region, f"organizations/v2/home/accounts/{account.account_id}")
        to_console = f" {_link(page, 'console', f'{account.name} in the console of AWS Organizations')}" if page else ""
        role = " management" * account.is_management
        return (
            f'<li><span class="account{role}"><b>{escape(account.name)}</b>{described}{to_console}</span>'
            f"{_origin(account.origin)} {self._reach(account)} {self._chips(account.policies)}"
            f"{'<small>no guardrails</small>' * account.has_no_guardrails}</li>"
        )

    def _reach(self, account: Account) -> str:
        """Say how many have access to an account, and how many administer it; both lead to who they are."""
        everybody, administrators = self._report.holders[account.key]
        if not everybody:
            return '<small class="reach">nobody has access</small>'
        reach = _filtered(_heads(everybody), account=account.name)
        if administrators:
            every = len(administrators) > 1 and administrators == everybody
            few = "all administrators" if every else count(len(administrators), "administrator")
            reach += f", {_filtered(few, account=account.name, administrators='yes')}"
        return f'<small class="reach">{reach}</small>'

    def _chips(self, policies: Sequence[PolicyHere]) -> str:
        return " ".join(
            f'<a href="#policy-{self._policies[each.key]}" class="chip{" inherited" * bool(each.inherited_from)}"'
            f' title="{escape(f"inherited from {each.inherited_from}" if each.inherited_from else "attached here")}">'
            f"{escape(each.name)}</a>"
            for each in policies
        )

    def _equals(self, people: tuple[Person, ...]) -> str:
        """Return the row of people who have the same everywhere."""
        numbers = ",".join(str(self._people[person.key]) for person in people)
        who = escape(str(people[0])) + _origin(people[0].origin)
        if len(people) > 1:
            who = _folded(f"{len(people):,} people", list(map(str, people)), [_origin(each.origin) for each in people])
        has = self._report.grants_of.get(people[0].key, ())
        groups = list(dict.fromkeys(each.through for each in has if each.through))
        # On paper a page has room for what each group has, and for the groups of each person, but not for both at once.
        on_paper = f'<span class="on-paper">{escape(and_list(groups))}</span>' if groups else ""
        access = f'<ul class="grants">{"".join(self._grant(each) for each in has)}</ul>'
        row = f'<th scope="row">{who}</th><td>{on_paper}{access if has else "nothing"}</td>'
        return f'<tr data-people="{numbers}">{row}</tr>'

    def _grant(self, grant: Grant, *, of_group: bool = False) -> str:
        permission_set = self._report.permission_sets[grant.permission_set]
        about = f" <small>({escape(permission_set.about)})</small>" if permission_set.about else ""
        what = (
            f"<span>{self._set_chip(permission_set)}{about}</span>"
            f' <span class="where">in {self._where(grant.accounts)}</span>'
        )
        if of_group:
            return f"<li>{what}{_origin(grant.origin)}</li>"
        way = "directly"
        if grant.through:
            way = f'through group <a href="#group-{self._groups[grant.group]}">{escape(grant.through)}</a>'
        kind = ' class="of-group"' if grant.through else ""
        return (
            f'<li{kind} data-grant="{self._grants[id(grant)]}">{what}'
            f' <span class="way">{way}{_origin(grant.not_ours)}</span></li>'
        )

    def _set_chip(self, permission_set: PermissionSet) -> str:
        number = self._sets[permission_set.key]
        return f'<a class="{self._style(permission_set)}" href="#set-{number}">{escape(permission_set.name)}</a>'

    @staticmethod
    def _style(permission_set: PermissionSet) -> str:
        """Return its classes: who administers stands out, and nothing is said of how strong the others are."""
        return f"set{' administers' * permission_set.administers}{' ended' * permission_set.has_ended}"

    def _where(self, accounts: Collection[str]) -> str:
        where = self._report.where(accounts)
        return (
            escape(in_a_line(where, len(where))) if len(where) <= _NAMES_SHOWN else _folded(_accounts(accounts), where)
        )

    def _group(self, group: Group) -> str:
        # Once, also where the members are from here and there.
        grants = {
            (each.permission_set, each.accounts, each.origin): each
            for each in self._report.grants
            if each.group == group.key
        }
        members = count(len(group.members), "member") if group.members else "no members"
        known = f"{members}, and whom AWS has in it" if group.exists and group.members else members
        if group.exists and not group.members:
            known = "exists already: AWS alone knows its members"
        names = ""
        chips = [_origin(group.from_elsewhere.get(member, "")) for member in group.members]
        if len(group.members) > _NAMES_SHOWN:
            names = f"<p>{_folded(count(len(group.members), 'member'), group.members, chips)}</p>"
        elif group.members:
            shown = (f"{escape(member)}{chip}" for member, chip in zip(group.members, chips, strict=True))
            names = f"<p>{', '.join(shown)}</p>"
        has = "".join(self._grant(each, of_group=True) for each in grants.values())
        would = "" if group.members or group.exists else "They would have:"
        access = f'{would}<ul class="grants">{has}</ul>' if has else '<p class="quiet">has access to nothing</p>'
        title = _filtered(escape(group.name), group=group.name) if has and not would else escape(group.name)
        return (
            f'<article class="card" id="group-{self._groups[group.key]}">'
            f"<h3>{title} <small>{known}</small>{_origin(group.origin)}</h3>{names}{access}</article>"
        )

    def _permission_set(self, permission_set: PermissionSet) -> str:
        session = f"{permission_set.session} a session" if permission_set.session else ""
        facts = ", ".join(filter(None, (session, permission_set.time)))
        small = f" <small>{escape(facts)}</small>" if facts else ""
        about = f"<p>{escape(permission_set.description)}</p>" if permission_set.description else ""
        number = self._sets[permission_set.key]
        return (
            f'<article class="card" id="set-{number}"><h3>{escape(permission_set.name)}{small}'
            f"{_origin(permission_set.origin)}</h3>{about}"
            f"{_items(permission_set.says)}{_raw('The inline policy', permission_set.document)}</article>"
        )

    def _policy(self, policy: Policy) -> str:
        attached = escape(in_a_line(policy.attached_to, _NAMES_SHOWN) or "nothing")
        # What forbids nothing must not be read as what is forbidden.
        places = self._report.where(policy.accounts)
        names = [each.name for key, each in self._report.open_accounts.items() if key in policy.accounts]
        where = escape(in_a_line(places, _NAMES_SHOWN)) if places else "<b>no account</b>"
        each = "" if places == names else _folded(_accounts(names), names)
        quiet = ' class="quiet"' if places else ""
        kind = escape(policy_type_in_words(policy.type))
        says = "".join(
            f"<li>{f'<b>{escape(name)}</b>' if name else ''}{''.join(map(_statement, some))}</li>"
            for name, some in groupby(policy.statements, lambda each: each.name)
        )
        document = f'<ul class="forbids">{says}</ul>' if says else _raw("The policy", policy.document)
        return (
            f'<article class="card" id="policy-{self._policies[policy.key]}">'
            f"<h3>{escape(policy.name)} <small>{kind}</small>{_origin(policy.origin)}</h3>"
            f"<p{quiet}>Attached to {attached}; in force in {where}.</p>{each}{document}</article>"
        )

    def _facts(self) -> Iterator[str]:
        """Say what is to be said of the organization itself."""
        if not self._report.facts:
            return
        yield '<section id="settings" aria-labelledby="settings-title">'
        yield '<h2 id="settings-title">Settings of the organization</h2>'
        for title, lines in self._report.facts:
            yield f"<h3>{escape(title.replace('`', ''))}</h3>{_items(lines)}"
        yield "</section>"

    def _now(self) -> Iterator[str]:
        """Say what AWS alone has."""
        now = self._report.now
        if now is None:
            return
        yield '<section id="now" aria-labelledby="now-title">\n<h2 id="now-title">Where it is from</h2>'
        yield '<table>\n<thead><tr><th scope="col">From</th><th scope="col">there are</th></tr></thead>\n<tbody>'
        for each in now.origins:
            named = _folded("Each of them", each.named) if each.named else ""
            yield (
                f'<tr><th scope="row">{escape(each.origin)}</th><td>{escape(", ".join(each.counted))}{named}</td></tr>'
            )
        yield "</tbody>\n</table>"
        if now.changed:
            yield f"<p>{escape(now.changed.replace('`', ''))}</p>"
        yield "</section>"

    def _removal(self) -> Iterator[str]:
        if not self._report.kinds:
            return
        yield '<section id="removal" aria-labelledby="removal-title">'
        yield '<h2 id="removal-title">What happens if you remove a line</h2>'
        yield '<table>\n<thead><tr><th scope="col">Resources</th><th scope="col">are then</th></tr></thead>\n<tbody>'
        for kind in self._report.kinds:
            named = f": {', '.join(kind.closed)}" if kind.closed else ""
            danger = ' class="danger"' if kind.closed else ""
            yield f'<tr><th scope="row">{kind.counted}</th><td{danger}>{escape(kind.end + named)}</td></tr>'
        yield "</tbody>\n</table>\n</section>"

    def _not_printed(self) -> str:
        raw = sum(len(each.statements) or bool(each.document) for each in self._report.policies)
        raw += sum(bool(each.document) for each in self._report.permission_sets.values())
        return f"Not printed: {count(raw, 'statement or policy', 'statements and policies')} as JSON." if raw else ""

    def _equal_rows(self) -> list[list[int]]:
        """Return who is one row of the matrix: those who have the same, and for whom the same changes."""
        changes: dict[str, set[tuple[str, str, str]]] = {}
        for (person, account, permission_set), sign in self._cells.signs.items():
            changes.setdefault(person, set()).add((account, permission_set, sign))
        rows: dict[object, list[int]] = {}
        for number, equals in enumerate((*self._report.equals, *((each,) for each in self._cells.people))):
            for each in equals:
                row = number, frozenset(changes.get(each.key, ()))
                rows.setdefault(row, []).append(self._people[each.key])
        return list(rows.values())

    def _changes(self, accounts: Mapping[str, int]) -> list[tuple[str, int, list[int], list[int]]]:
        """Return each sign with its permission set, the people and the accounts, as many as there are at once."""
        where: dict[tuple[str, str, str], list[int]] = {}
        for (person, account, permission_set), sign in self._cells.signs.items():
            where.setdefault((sign, permission_set, person), []).append(accounts[account])
        people: dict[tuple[str, str, tuple[int, ...]], list[int]] = {}
        for (sign, permission_set, person), among in where.items():
            people.setdefault((sign, permission_set, tuple(sorted(among))), []).append(self._people[person])
        return [
            (sign, self._sets[permission_set], who, list(among))
            for (sign, permission_set, among), who in people.items()
        ]

    def _data(self) -> str:
        """Return what the script filters, as JSON that no parser of HTML or JavaScript sees an end in."""
        report, cells = self._report, self._cells
        places = [
            *((each, unit.path or unit.name) for unit, each in report.places()),
            *((each, _GONE) for each in cells.accounts),
        ]
        accounts = {each.key: number for number, (each, _) in enumerate(places)}
        data = {
            "portal": report.portal,
            "people": [str(person) for person in self._matrix_people],
            "listed": len(report.people),
            "everybody": [person.everybody for person in self._matrix_people],
            "equals": self._equal_rows(),
            "accounts": [(each.name, unit, each.account_id) for each, unit in places],
            "groups": [group.name for group in report.groups],
            "sets": [(each.name, each.titled, bool(each.administers), self._style(each)) for each in self._matrix_sets],
            "grants": [
                (
                    self._sets[grant.permission_set],
                    self._groups.get(grant.group, -1),
                    grant.way,
                    [self._people[person.key] for person in grant.people],
                    sorted(accounts[key] for key in grant.accounts),
                )
                for grant in self._held
            ],
            "changes": self._changes(accounts),
        }
        # https://html.spec.whatwg.org/multipage/scripting.html#restrictions-for-contents-of-script-elements
        text = json.dumps(data, ensure_ascii=True, separators=(",", ":"))
        return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _part(name: str) -> str:
    return files(__package__).joinpath("page", name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _link(url: str, title: str, says: str = "") -> str:
    label = f' aria-label="{escape(says)}"' if says else ""
    return f'<a href="{escape(url)}" rel="noreferrer"{label}>{escape(title)}</a>'


def _filtered(shown: str, **filters: str) -> str:
    """Return a link that filters who has access; without the script it leads to all of it."""
    return f'<a href="#access" data-filter="{escape(urlencode(filters))}">{shown}</a>'


def _heads(people: Collection[Person]) -> str:
    """Count people, and groups apart."""
    groups = sum(person.everybody for person in people)
    users = len(people) - groups
    counts = [count(users, "person", "people")] * bool(users) + [count(groups, "group")] * bool(groups)
    return " and ".join(counts)


def _accounts(accounts: Collection[str]) -> str:
    return count(len(accounts), "account")


def _folded(counted: str, names: Sequence[str], chips: Sequence[str] = ()) -> str:
    """Return names of which the first are seen, and which unfold to all of them, each with its chip."""
    some = ", ".join(names[:_NAMES_BEFORE_FOLD]) + " …" * (len(names) > _NAMES_BEFORE_FOLD)
    items = " ".join(f"<li>{escape(name)}{chip}</li>" for name, chip in zip_longest(names, chips, fillvalue=""))
    return (
        f'<details class="fold"><summary>{counted} <small>{escape(some)}</small></summary>'
        f'<ul class="names">{items}</ul></details>'
    )


def _items(lines: Iterable[str]) -> str:
    return f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>"


def _origin(origin: str) -> str:
    """Return a chip for what is not from this app; none for what is, and where templates are described."""
    return f' <span class="origin">{escape(origin)}</span>' if origin not in {"", Whence.APP} else ""


def _cards(cards: Iterable[str], none: str) -> str:
    inside = "\n".join(cards)
    return f'<div class="cards">\n{inside}\n</div>' if inside else f'<p class="quiet">{none}</p>'


def _statement(statement: Statement) -> str:
    return f"<p>{escape(statement.words)}</p>{_raw('Statement', statement.document)}"


def _raw(title: str, document: str) -> str:
    if not document:
        return ""
    # Scrolled by the keyboard as well.
    pre = f'<pre tabindex="0">{escape(document)}</pre>'
    return f'<details class="raw"><summary>{title}</summary>{pre}</details>'


def _difference(difference: Difference) -> Iterator[str]:
    yield '<section id="changes" aria-labelledby="changes-title">\n<h2 id="changes-title">What changes</h2>'
    yield f"<p><b>{escape(difference.verdict)}</b></p>"
    for title, sign, sentences in difference.changes:
        yield f"<h3>{escape(title)} <small>{len(sentences):,}</small></h3>"
        yield f'<ul class="changes" data-sign="{escape(sign)}">'
        for parts in sentences:
            said = "".join(f"<b>{escape(each)}</b>" if at % 2 else escape(each) for at, each in enumerate(parts))
            yield f'<li><span class="sign">{escape(sign)}</span> {said}</li>'
        yield "</ul>"
    yield "</section>"
