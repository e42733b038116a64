"""Who has what where as a table for reviewers: a row for each way in which somebody has something in an account."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Final

from org_constructs.aws.account_states import meaning
from org_constructs.templates.access import Named, reached
from org_constructs.templates.administrators import administers
from org_constructs.templates.description import MANAGEMENT, Description, Origin
from org_constructs.templates.time_limit import time_limit
from org_constructs.templates.words import visible

PERSON: Final = "person"
EVERYBODY: Final = "everybody in the group"
NOBODY: Final = "nobody yet"

YES: Final = "yes"
_ADMINISTERS: Final = {True: YES, False: "no", None: "unknown"}

_FORMULAS: Final = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a spreadsheet takes for the beginning of a formula, in the width of Latin letters and of Chinese ones.

https://owasp.org/www-community/attacks/CSV_Injection, whose tabs and line ends no cell has.
"""


@dataclass(frozen=True, kw_only=True)
class Row:
    """A way in which somebody has a permission set in an account."""

    person: str
    """The user's name; the group's where it stands for everybody in it; empty where the group has no members."""

    display_name: str
    email: str
    person_id: str
    kind: str
    """A person; everybody in a group that exists already; or nobody yet, through a group without members."""

    account: str
    account_id: str
    permission_set: str
    permission_set_id: str
    through: str
    """The group, or `directly`."""

    group_id: str
    administers: str
    """Whether the permission set makes an administrator: `yes`, `no`, or `unknown`."""

    time: str = ""
    """From when and until when it allows that, such as `until 2026-12-31 18:00 UTC`, or that it has ended."""

    origin: str = ""
    """Where the assignment is from, such as `by hand`; empty of templates."""

    origin_of_membership: str = ""
    """Where it is from that the person is in the group; empty of templates, and where there is no group."""

    keep_or_remove: str = ""
    """Left empty, for the reviewer."""

    why: str = ""
    """Left empty, for the reviewer."""


def access_rows(description: Description, *, at: float = float("-inf")) -> tuple[Row, ...]:
    """Return the rows, sorted by person, account, permission set and way.

    Ids are AWS's where they are known, and otherwise what the templates call it: `Stack/LogicalId`. What account access
    manager gives has the role in place of a permission set, and what that role allows is unknown here. Access has ended
    or not by `at`, in seconds since 1970; by default it has not.
    """
    sets = {
        key: {
            "permission_set": each.name,
            "permission_set_id": key,
            "administers": _ADMINISTERS[administers(each) and not time.has_ended(at)],
            "time": time.at(at),
        }
        for key, each in description.permission_sets.items()
        for time in [time_limit(each.properties)]
    }
    rows = {
        row
        for each in description.assignments
        for row in _rows(description, each.principal, each.account, each.origin, sets[each.permission_set])
    }
    for each in description.live.entitlements if description.live else ():
        role = {
            "permission_set": f"role {each.role_arn.rpartition('/')[2]}",
            "permission_set_id": each.role_arn,
            "administers": _ADMINISTERS[None],
        }
        rows.update(_rows(description, each.principal, each.account, each.origin, role))
    return tuple(sorted(rows, key=_order))


def render_csv(rows: Sequence[Row]) -> str:
    """Return the rows as RFC 4180 has it, with a first line of headings and the number of each row.

    No cell begins with what a spreadsheet would run: such a one begins with an apostrophe instead. Where a name is not
    in ASCII, the text begins with a byte order mark, without which Excel reads another encoding.

    https://www.rfc-editor.org/rfc/rfc4180
    """
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    names = [field.name for field in fields(Row)]
    writer.writerow(["row", *(name.replace("_", " ") for name in names)])
    for number, row in enumerate(rows, start=1):
        writer.writerow([str(number), *(_cell(getattr(row, name)) for name in names)])
    written = text.getvalue()
    return written if written.isascii() else f"\ufeff{written}"


def _rows(
    description: Description, principal: str, account_key: str, origin: Origin | None, what: Mapping[str, str]
) -> Iterator[Row]:
    """Yield a row for everybody whom a principal stands for, with what they have."""
    account = description.accounts[account_key]
    about = ["management account"] * (account.key == MANAGEMENT) + [meaning(account.state or "")] * (
        not account.is_active
    )
    group = description.groups.get(principal)
    for who, kind in _reached(description, principal):
        person = description.users.get(who.key) if who and kind == PERSON else None
        membership = group.member_origins.get(person.key) if group and person else None
        yield Row(
            person=who.name if who else "",
            display_name=person.display_name if person else "",
            email=", ".join(person.emails) if person else "",
            person_id=who.key if who and kind == PERSON else "",
            kind=kind,
            account=f"{account.name} ({', '.join(about)})" if about else account.name,
            account_id=account.account_id or account.key,
            through=group.name if group else "directly",
            group_id=group.key if group else "",
            origin=str(origin or ""),
            origin_of_membership=str(membership or ""),
            **what,
        )


def _reached(description: Description, principal: str) -> Iterator[tuple[Named | None, str]]:
    """Yield whom a principal stands for, and what kind of row that is."""
    if principal not in description.groups and principal not in description.users:
        # AWS names somebody in account access manager whom it may not list.
        yield Named(key=principal, name=principal), PERSON
        return
    nobody = True
    for who, everybody, _ in reached(description, principal):
        nobody = False
        yield who, EVERYBODY if everybody else PERSON
    if nobody:
        yield None, NOBODY


def _order(row: Row) -> tuple[str, ...]:
    values = tuple(getattr(row, field.name) for field in fields(Row))
    return (
        row.person.casefold(),
        row.account.casefold(),
        row.permission_set.casefold(),
        row.through.casefold(),
        *values,
    )


def _cell(text: str) -> str:
    shown = visible(text)
    return f"'{shown}" if shown.lstrip().startswith(_FORMULAS) else shown
