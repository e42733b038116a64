"""Parsed files in which something else stands somewhere, which whoever reads them must take or refuse."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

ODD: Final[tuple[Any, ...]] = (
    None,
    [],
    {},
    "",
    "x",
    "!\0",
    1,
    1.5,
    True,
    [None],
    {"Ref": ["a"]},
    {"Ref": "Gone"},
    {1: 2},
    {"Fn::Sub": 1},
)


def with_odd_values(parsed: Any) -> Iterator[Any]:
    """Yield what was parsed with each odd value in each place, one at a time."""
    for holder, key in [*_places(parsed)]:
        was = holder[key]
        for odd in ODD:
            holder[key] = odd
            yield parsed
        holder[key] = was


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield everything that may be put in the place of something else: what it is in, and under which key."""
    for key in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield value, key
        yield from _places(value[key])
