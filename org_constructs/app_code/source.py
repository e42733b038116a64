"""Python as `ruff format` leaves it, from calls, lists and values."""

from __future__ import annotations

import textwrap
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

WIDTH: Final = 120
"""Characters of a line."""


@dataclass(frozen=True)
class Name:
    """A name that stands for a value, such as `PolicyType.TAG_POLICY`."""

    name: str


@dataclass(frozen=True)
class Call:
    """A call: what is called, by its dotted name, and the arguments."""

    function: str
    positional: Sequence[Any] = ()
    keywords: Mapping[str, Any] = field(default_factory=dict)
    one_a_line: bool = False
    """Whether each argument has a line of its own, however short they are."""


@dataclass(frozen=True)
class Lines:
    """A list of which each item has a line of its own."""

    items: Sequence[Any]


@dataclass(frozen=True)
class Noted:
    """A value with comments: before it, each on a line of its own, and behind it."""

    value: Any
    before: Sequence[str] = ()
    behind: str = ""


@dataclass(frozen=True)
class Starred:
    """The items of a value, put into a list."""

    value: Any


@dataclass(frozen=True)
class Comment:
    """A comment in the place of an item."""

    text: str


class Code:
    """Writes values, and remembers which names the code needs."""

    def __init__(self) -> None:
        """Start without any."""
        self.names: set[str] = set()

    def assignment(self, name: str, value: Any) -> str:  # noqa: ANN401 (any value)
        """Return `name = value`."""
        return f"{self._written(value, f'{name} = ', '', '')}\n"

    def statement(self, value: Any) -> str:  # noqa: ANN401 (any value)
        """Return a value as a statement."""
        return f"{self._written(value, '', '', '')}\n"

    def _written(self, value: Any, prefix: str, suffix: str, indent: str) -> str:  # noqa: ANN401 (any value)
        """Return a value behind a prefix and before a suffix, over as many lines as it needs."""
        before: list[str] = []
        if isinstance(value, Noted):
            behind, before, value = value.behind, [*value.before], value.value
            if behind and len(f"{indent}{prefix}{self.flat(value)}{suffix}  # {behind}") <= WIDTH:
                suffix += f"  # {behind}"
            elif behind:
                before.append(behind)
        return "\n".join([*_comments(before, indent), self._lines(value, prefix, suffix, indent)])

    def _lines(self, value: Any, prefix: str, suffix: str, indent: str) -> str:  # noqa: ANN401 (any value)
        if isinstance(value, Comment):
            return "\n".join(_comments([value.text], indent))
        if isinstance(value, Starred):
            return self._lines(value.value, f"{prefix}*", suffix, indent)
        if not _is_spread(value) and len(flat := f"{indent}{prefix}{self.flat(value)}{suffix}") <= WIDTH:
            return flat
        opened, items, closed = self._parts(value)
        if not items:
            return f"{indent}{prefix}{self.flat(value)}{suffix}"
        inside = f"{indent}    "
        # Arguments may share a line below the call, items of a list not.
        if opened[-1] == "(" and not _is_spread(value):
            body = inside + ", ".join(f"{name}{self.flat(each)}" for name, each in items)
            if len(body) <= WIDTH:
                return f"{indent}{prefix}{opened}\n{body}\n{indent}{closed}{suffix}"
        lines = [self._written(each, name, ",", inside) for name, each in items]
        return "\n".join([f"{indent}{prefix}{opened}", *lines, f"{indent}{closed}{suffix}"])

    def flat(self, value: Any) -> str:  # noqa: ANN401, PLR0911 (any value)
        """Return a value in one line, without its comments."""
        match value:
            case Noted():
                return self.flat(value.value)
            case Starred():
                return f"*{self.flat(value.value)}"
            case Name():
                self._use(value.name)
                return value.name
            case Enum():
                self._use(type(value).__name__)
                return f"{type(value).__name__}.{value.name}"
            case str():
                return quoted(value)
            case None | bool() | int() | float():
                return repr(value)
        opened, items, closed = self._parts(value)
        return f"{opened}{', '.join(f'{name}{self.flat(each)}' for name, each in items)}{closed}"

    def _parts(self, value: Any) -> tuple[str, list[tuple[str, Any]], str]:  # noqa: ANN401 (any value)
        """Return how a value begins, its items behind their names, and how it ends."""
        if is_dataclass(value) and not isinstance(value, Call | Lines):
            value = call_of(value)
        match value:
            case Call():
                self._use(value.function)
                arguments = [("", each) for each in value.positional]
                arguments += [(f"{name}=", each) for name, each in value.keywords.items()]
                return f"{value.function}(", arguments, ")"
            case dict():
                return "{", [(f"{quoted(key)}: ", each) for key, each in value.items()], "}"
            case Lines():
                return "[", [("", each) for each in value.items], "]"
            case list() | tuple():
                return "[", [("", each) for each in value], "]"
        return "", [], ""

    def _use(self, name: str) -> None:
        self.names.add(name.partition(".")[0])


def call_of(props: Any) -> Call:  # noqa: ANN401 (a dataclass)
    """Return the call that makes props, without what is a default."""
    return Call(type(props).__name__, keywords=dict(_said(props)))


def _said(props: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 (a dataclass)
    for each in fields(props):
        value = getattr(props, each.name)
        if value != (each.default if each.default_factory is MISSING else each.default_factory()):
            yield each.name, value


def _is_spread(value: Any) -> bool:  # noqa: ANN401 (any value)
    """Tell whether a value has several lines however short it is, since something in it does."""
    inside: Iterable[Any] = ()
    match value:
        case Noted():
            return bool(value.before or value.behind) or _is_spread(value.value)
        case Comment() | Call(one_a_line=True):
            return True
        case Lines():
            return bool(value.items)
        case Starred():
            inside = [value.value]
        case Call():
            inside = [*value.positional, *value.keywords.values()]
        case dict():
            inside = value.values()
        case list() | tuple():
            inside = value
        case _ if is_dataclass(value):
            inside = [each for _, each in _said(value)]
    return any(map(_is_spread, inside))


def quoted(text: str) -> str:
    """Return a text in the quotes that need fewer escapes, as `ruff format` chooses them; what is no print, escaped."""
    quote = "'" if text.count('"') > text.count("'") else '"'
    escaped = "".join(
        f"\\{each}" if each in {quote, "\\"} else each if each.isprintable() else repr(each)[1:-1] for each in text
    )
    return f"{quote}{escaped}{quote}"


def imported(module: str, names: Collection[str]) -> str:
    """Return the line that imports names from a module, or the lines where one is too long."""
    # As ruff sorts them: constants, classes and the rest, each by their letters.
    order = sorted(names, key=lambda name: (not name.isupper(), not name[0].isupper(), name.lower()))
    line = f"from {module} import {', '.join(order)}"
    if len(line) <= WIDTH:
        return f"{line}\n"
    return "\n".join([f"from {module} import (", *(f"    {each}," for each in order), ")\n"])


def _comments(texts: Sequence[str], indent: str) -> Iterator[str]:
    for text in texts:
        yield from textwrap.wrap(
            text, WIDTH, initial_indent=f"{indent}# ", subsequent_indent=f"{indent}# ", break_on_hyphens=False
        )
