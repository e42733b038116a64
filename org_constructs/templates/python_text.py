"""Values as Python writes them in an app."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

_WIDEST: Final = 100


def literal(value: Any, indent: int = 0) -> str:  # noqa: ANN401 (JSON)
    """Return a value of JSON as Python has it: in one line where that is not long."""
    flat = _flat(value)
    if indent + len(flat) <= _WIDEST or not isinstance(value, Mapping | list | tuple) or not value:
        return flat
    inside = " " * (indent + 4)
    if isinstance(value, Mapping):
        items = [f"{_flat(key)}: {literal(item, indent + 4)}" for key, item in value.items()]
        opened, closed = "{}"
    else:
        items = [literal(item, indent + 4) for item in value]
        opened, closed = "[]"
    return "\n".join([opened, *(f"{inside}{item}," for item in items), " " * indent + closed])


def argument(name: str, value: Any) -> tuple[str, ...]:  # noqa: ANN401 (JSON)
    """Return the lines of a keyword argument: `description="…",`."""
    return tuple(f"{name}={literal(value)},".splitlines())


def call(function: str, /, **arguments: Any) -> str:  # noqa: ANN401 (JSON)
    """Return a call with its arguments but those that are None: `UserProps(user_name="kim@acme.com"),`."""
    given = ", ".join(f"{key}={_flat(value)}" for key, value in arguments.items() if value is not None)
    return f"{function}({given})"


def call_in_lines(function: str, /, **arguments: Any) -> tuple[str, ...]:  # noqa: ANN401 (JSON)
    """Return the lines of an item or an argument that is a call, with a line or more for each of its arguments."""
    given = (line for name, value in arguments.items() if value is not None for line in argument(name, value))
    return (f"{function}(", *(f"    {line}" for line in given), "),")


class Code(str):
    """A text that is Python already."""

    __slots__ = ()


def _flat(value: Any) -> str:  # noqa: ANN401 (JSON)
    match value:
        case Code():
            return str(value)
        case None | bool():
            return repr(value)
        case Mapping():
            return f"{{{', '.join(f'{_flat(key)}: {_flat(item)}' for key, item in value.items())}}}"
        case list() | tuple():
            return f"[{', '.join(map(_flat, value))}]"
    return json.dumps(value, ensure_ascii=False)
