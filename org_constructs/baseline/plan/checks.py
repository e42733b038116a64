"""Checks that several parts of a plan share."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from typing import Any

from org_constructs.constructs.validate import is_token
from org_constructs.refusal import Refusal


@contextmanager
def argument_in(here: str) -> Iterator[None]:
    """Say of which item the argument is that an error names."""
    try:
        yield
    except Refusal as refusal:
        raise refusal.within(f"{here}.") from None


def check_apart(argument: str, field: str, names: Sequence[str], made_of: Callable[[str], str], *, only: str) -> None:
    """Refuse a name that is not known yet, and two names of which the same is made, since `only` parts them."""
    first_of: dict[str, int] = {}
    for index, name in enumerate(names):
        if is_token(name):
            raise Refusal(
                "id-token",
                f"{argument}[{index}].{field} must be known at synth, since ids are derived from it, got a token",
                "use the literal value",
            )
        first = first_of.setdefault(made_of(name), index)
        if first != index:
            raise Refusal(
                "ids-too-alike",
                f"{argument}[{index}].{field} must differ from {argument}[{first}].{field} in more than {only}, got"
                f" {name!r} and {names[first]!r}",
                f"choose another {field.replace('_', ' ')}",
            )


def construct_id(name: str) -> str:
    """Return what CDK makes of a name as the id of a construct."""
    return name.replace("/", "--")


def refuse_beside(here: str, props: Any, argument: str, others: Sequence[str]) -> None:  # noqa: ANN401 (any Props)
    """Refuse options of props that would change what an id names, which exists already."""
    defaults = {field.name: field.default for field in fields(props)}
    for other in others:
        if getattr(props, other) != defaults[other]:
            raise Refusal(
                "existing-unchanged",
                f"{here}.{other} must not be given together with {argument}, got {getattr(props, other)!r}",
                "leave it out, since this does not change what exists already",
            )
