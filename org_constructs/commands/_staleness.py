"""What every command says of an assembly that is older than the app, before it reads it all the same.

A command does not synthesize again: only `cdk synth` with the user's credentials and context makes what `cdk deploy`
would.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from org_constructs.templates.assembly import Stack, read_stacks
from org_constructs.templates.staleness import staleness
from org_constructs.templates.words import visible

if TYPE_CHECKING:
    from pathlib import Path


def read_assembly(folder: Path) -> tuple[Stack, ...]:
    """Return the stacks of a folder that `cdk synth` has written, and say so if the app is newer.

    Raises:
        Refusal: As `read_stacks`.
    """
    stacks = read_stacks(folder)
    say_if_stale(folder)
    return stacks


def say_if_stale(folder: Path) -> str:
    """Say in a line on stderr if something of the app is newer than the folder, and return that for what is written."""
    older = staleness(folder)
    if not older:
        return ""
    stale = f"{older}, so this may be out of date; run `cdk synth` first"
    click.secho(f"Note: {visible(stale)}", fg="yellow", err=True)
    return stale
