"""How commands write in plain text: lines, trees, tables, counts, and names that cannot deceive."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

_NAMED: Final = 3
_GAP: Final = "   "

_WIDEST: Final = 100
"""Characters in a line of sentences, however wide the terminal is."""

# Control and format characters, which move a terminal's cursor or turn text round, lone surrogates, which no encoding
# takes, and line separators.
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


@dataclass(frozen=True)
class Branch:
    """A line of a tree, and what hangs on it."""

    text: str
    inside: Sequence[Branch] = ()


def sentence(text: str, width: int | None, first: str = "", rest: str = "") -> list[str]:
    """Return a sentence for a terminal of a width in lines of up to 100 characters; of None in one line."""
    return wrapped(visible(text), width and min(width, _WIDEST), first, rest)


def wrapped(text: str, width: int | None, first: str = "", rest: str | None = None) -> list[str]:
    """Return a text in lines of a width, as far as its words allow.

    Args:
        text: The text.
        width: The most characters in a line; None for one line.
        first: What the first line begins with.
        rest: What the others begin with; by default the same.
    """
    if width is None:
        return [f"{first}{text}"]
    return textwrap.wrap(
        text,
        width,
        initial_indent=first,
        subsequent_indent=first if rest is None else rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def draw_tree(branches: Sequence[Branch], width: int | None = None, indent: str = "") -> Iterator[str]:
    """Draw branches below the line that `indent` is under, each on a line, or several of a width."""
    for number, branch in enumerate(branches, start=1):
        drawn, below = ("└─ ", "   ") if number == len(branches) else ("├─ ", "│  ")
        hanging = f"{indent}{below}{'│' if branch.inside else ' '}  "
        yield from wrapped(branch.text, width, f"{indent}{drawn}", hanging)
        yield from draw_tree(branch.inside, width, indent + below)


def draw_table(rows: Sequence[Sequence[str]], width: int | None = None) -> Iterator[str]:
    """Draw rows, of as many cells each, with their columns below one another; the widest in lines, to fit a width."""
    columns = list(zip(*rows, strict=True))
    widths = [max(map(len, column)) for column in columns]
    least = [max(len(word) for cell in column for word in ["", *cell.split()]) for column in columns]
    while width is not None and sum(widths) + len(_GAP) * (len(widths) - 1) > width:
        widest = max(range(len(widths)), key=lambda number: (widths[number] > least[number], widths[number]))
        if widths[widest] <= least[widest]:
            break
        widths[widest] -= 1
    for row in rows:
        cells = (wrapped(cell, width and max(each, 1)) for cell, each in zip(row, widths, strict=True))
        for line in zip_longest(*cells, fillvalue=""):
            yield _GAP.join(part.ljust(each) for part, each in zip(line, widths, strict=True)).rstrip()


def in_a_line(items: Sequence[str], at_most: int) -> str:
    """List items in a line, which ends in `… and 3 more` where there are more than `at_most` entries."""
    if len(items) <= at_most:
        return ", ".join(items)
    shown = items[: at_most - 1]
    return f"{', '.join(shown)} … and {len(items) - len(shown):,} more"


def first_of(items: Sequence[str], most: int) -> str:
    """List the first items in a sentence, and say how many more there are."""
    more = len(items) - most
    return ", ".join(items[:most]) + (f" and {more} more" if more > 0 else "")


def choices(names: Iterable[str]) -> str:
    """List what there is to choose from, in alphabetical order."""
    return ", ".join(sorted(names)) or "none"


def and_list(items: Sequence[str]) -> str:
    """Return items as people list them: `a, b and c`."""
    return " and ".join(filter(None, [", ".join(items[:-1]), *items[-1:]]))


def count(number: int, one: str, many: str = "") -> str:
    """Write a number with its noun: `1 account`, `2 accounts`, `3 people`."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def sum_up(accounts: int, people: int, administrators: Sequence[str], groups: Sequence[str] = ()) -> str:
    """Say in a sentence how many accounts and people there are, and who administers all of the accounts."""
    counts = f"{count(accounts, 'account')}, {count(people, 'person', 'people')}"
    them = "it" if accounts == 1 else "all of them"
    match [*administrators, *groups]:
        case []:
            return f"{counts}; nobody administers {them}."
        case [one]:
            return f"{counts}; {one} administers {them}."
        case [*several, last] if len(several) < _NAMED:
            return f"{counts}; {', '.join(several)} and {last} administer {them}."
    many = [count(len(administrators), "person", "people")] * bool(administrators)
    many += [count(len(groups), "group")] * bool(groups)
    return f"{counts}; {' and '.join(many)} administer {them}."


def visible(text: str) -> str:
    r"""Return a text from a template with what cannot be seen written out, like `\u202e`.

    AWS takes most of it in no name, but a template is just a file: a name must neither steer the terminal nor look
    like another one.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(f"\\u{ord(each):04x}" if unicodedata.category(each) in _UNSEEN else each for each in text)
