"""How a command says that its input does not allow what was asked."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator


class BadInput(click.ClickException):
    """One sentence on what is wrong with the input; the command ends with 2."""

    exit_code = 2


@contextmanager
def bad_input() -> Iterator[None]:
    """Say a ValueError in its one sentence."""
    try:
        yield
    except ValueError as error:
        raise BadInput(str(error)) from error
