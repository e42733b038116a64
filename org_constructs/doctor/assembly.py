"""The assembly that the checks compare with AWS."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from org_constructs.templates.staleness import staleness

from . import placeholders
from .check import Check
from .finding import Finding, ok, skipped, warning

if TYPE_CHECKING:
    from .examination import Examination


def _look(examination: Examination) -> Iterator[Finding]:
    if not examination.has_assembly:
        yield skipped(
            "assembly-missing",
            f"{examination.where} has no assembly, so no app is compared with AWS",
            next=("Run `cdk synth`, then this again; or name the folder: --assembly FOLDER",),
        )
        return
    assembly = examination.assembly
    stacks = ", ".join(stack.id for stack in assembly.stacks)
    accounts = sum(1 for _ in assembly.resources("AWS::Organizations::Account"))
    yield ok(
        "assembly-read",
        f"{examination.where} has {stacks}, with {accounts} account{'' if accounts == 1 else 's'} in it",
    )
    stale = staleness(examination.where)
    if stale:
        yield warning(
            "assembly-outdated",
            stale,
            why="What follows is about the app as it was then.",
            next=("Run `cdk synth`, then this again",),
        )
    yield from placeholders.surviving(assembly)


CHECK: Final = Check(id="assembly", title="the assembly", look=_look)
