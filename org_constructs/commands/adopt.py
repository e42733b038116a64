"""`org-baseline adopt`: what exists already, as a resource mapping for `cdk import`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from org_constructs.aws.resource_types import ASSIGNMENT, NAMES
from org_constructs.live.errors import said_in_a_sentence
from org_constructs.live.organization import LiveOrganization
from org_constructs.live.target import check_account, region_of
from org_constructs.matching import Match, State, Unknown
from org_constructs.matching.adopt import (
    CONFIRMATIONS,
    CONFIRMED_IMPORTS,
    Adoption,
    in_order,
    plan_adoption,
    write_import_assembly,
    write_mapping,
)
from org_constructs.matching.adopt_steps import Step, Steps
from org_constructs.refusal import Refusal
from org_constructs.templates.assembly import MAPPING, Stack, select_stacks
from org_constructs.templates.words import and_list, visible

from . import _options
from ._staleness import read_assembly

if TYPE_CHECKING:
    from org_constructs.matching.updates import Removal

_UNKNOWN_SHOWN: Final = 20


@click.command()
@_options.assembly
@click.option("--stack", "selected", metavar="ID", help="The stack that adopts what exists; default: the only one.")
@_options.profile
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    default=MAPPING,
    show_default=True,
    help="The resource mapping to write.",
)
@_options.dry_run
def adopt(*, assembly: Path, selected: str | None, profile: str | None, output: Path, dry_run: bool) -> None:
    """Find what exists already, to import it.

    AWS is read and not changed. What is written is a resource mapping for `cdk import`.

    Exits with 0 if the mapping is written or there is nothing to adopt, 1 if something is in the way or could be
    several things, and 2 if AWS could not be asked; nothing is written then.
    """
    if output.suffix == ".out":
        raise Refusal("output-ending", f"--output must not end in .out, which is for assemblies, got {str(output)!r}")
    stacks = read_assembly(assembly)
    stack = _choose(stacks, selected)
    with said_in_a_sentence(profile):
        live = _connect(stack, profile)
        adoption = plan_adoption(stacks, stack, live, announce=_announcer())
    steps = Steps(adoption=adoption, assembly=assembly, output=output, profile=profile)
    obstacle = steps.obstacle()
    _show(adoption)
    if obstacle:
        click.secho(f"\nIn the way\n  {visible(str(obstacle.reason))}", fg="red")
        _show_steps(obstacle.steps)
    if adoption.is_blocked or obstacle:
        click.echo(
            "\nNothing is written, because a deploy would fail at what is in the way. Change that, and run this again."
        )
        sys.exit(1)
    if not adoption.mapping:
        click.echo("\nNothing is left to adopt, and nothing is written.")
        if adoption.deployed.template != adoption.stack.template or adoption.is_paused:
            click.echo("Next:")
            _show_steps(steps.next(writes_assembly=False))
        return
    if dry_run:
        click.echo("\nNothing is written.")
        return
    writes_assembly = write_import_assembly(adoption, assembly, steps.import_assembly)
    if not adoption.is_paused:
        write_mapping(adoption, output)
    written = [*([] if adoption.is_paused else [output]), *([steps.import_assembly] if writes_assembly else [])]
    click.echo(f"\nWrote {' and '.join(map(str, written))}. Next:")
    _show_steps(steps.next(writes_assembly=writes_assembly))
    if writes_assembly and not adoption.is_paused:
        click.echo(
            f"{steps.import_assembly} describes what exists where the app differs from it: an import trusts the"
            " template, and no deploy would notice the difference."
        )


def _choose(stacks: Sequence[Stack], selected: str | None) -> Stack:
    """Return the stack to adopt for: `cdk import` takes one at a time."""
    if selected is not None:
        return select_stacks(stacks, [selected])[0]
    adoptable = in_order(stacks)
    if len(adoptable) != 1:
        found = ", ".join(stack.id for stack in adoptable) or "none"
        raise Refusal(
            "several-stacks",
            f"--stack must name one stack, since `cdk import` imports into one at a time, got {found}",
            "adopt them one after the other with --stack, in this order, and deploy each before the next",
        )
    return adoptable[0]


def _connect(stack: Stack, profile: str | None) -> LiveOrganization:
    import boto3  # noqa: PLC0415 (it takes a third of a second, which `--help` need not wait for)

    session = boto3.Session(profile_name=profile)
    live = LiveOrganization.connect(session, region_of(stack, session))
    check_account(stack, live.caller().account_id)
    return live


def _announcer() -> Callable[[str], None]:
    said = set()

    def announce(resource_type: str) -> None:
        _, kinds = NAMES[resource_type]
        if kinds not in said:  # users are of two types
            click.secho(f"Looking at {kinds} …", err=True, dim=True)
        said.add(kinds)

    return announce


def _show(adoption: Adoption) -> None:
    deployed = len(adoption.of(State.DEPLOYED))
    click.echo(f"{adoption.stack.id}: {deployed} resources are in the stack already" if deployed else adoption.stack.id)
    for state, title, colour in (
        (State.ADOPTED, "Exists and is adopted", "green"),
        (State.CREATED, "Does not exist and is created by a deploy", None),
        (State.IN_THE_WAY, "In the way", "red"),
        (State.AMBIGUOUS, "Ambiguous", "red"),
    ):
        if matches := adoption.of(state):
            click.secho(f"\n{title} ({len(matches)})", fg=colour, bold=True)
            _show_rows((_row(match), [*_details(match)]) for match in matches)
    if changed := [each for each in adoption.of(State.DEPLOYED) if each.differences]:
        click.secho(f"\nIn the stack and changed by a deploy ({len(changed)})", fg="yellow", bold=True)
        _show_rows((_row(match), [*_details(match)]) for match in changed)
    if adoption.removals:
        click.secho(f"\nIn the stack but not in the app ({len(adoption.removals)})", fg="yellow", bold=True)
        left = ("a deploy deletes it", "a deploy removes it from the stack, and leaves it as it is")
        _show_rows((_row(each), [left[each.retained]]) for each in adoption.removals)
    if lines := [line for match in adoption.of(State.IN_THE_WAY) for line in match.lines]:
        click.secho("\nTo refer to it in the app by id, instead of its line there, if any", bold=True)
        for line in lines:
            click.echo(f"  {visible(line)}")
    _show_effects(adoption)
    _show_unknown(adoption.unknown)
    _show_confirmations(adoption)


def _show_effects(adoption: Adoption) -> None:
    """Show whom a deploy gives or takes something without naming them."""
    if adoption.gains:
        click.secho(f"\nGets access with a deploy ({len(adoption.gains)})", fg="yellow", bold=True)
        for gain in adoption.gains:
            click.echo(f"  {visible(str(gain))}")
    if adoption.denied:
        click.secho(f"\nIs denied everything with a deploy ({len(adoption.denied)})", fg="yellow", bold=True)
        for each in adoption.denied:
            click.echo(f"  {visible(f'{each.name} <{each.email}> ({each.id})')}")
        click.echo("  They are in the unit of accounts that are closing; `org-baseline doctor` says how to move them.")


def _row(match: Match | Unknown | Removal) -> tuple[str, str, str]:
    kind, _ = NAMES.get(match.type, (match.type, match.type))
    # An assignment has no id but what it joins.
    found = "" if match.id is None or match.type == ASSIGNMENT else match.id
    return visible(kind), visible(match.name), visible(found)


def _details(match: Match) -> Iterator[str]:
    for difference in match.differences:
        found, wanted = _value(difference.found), _value(difference.template)
        if match.state is State.IN_THE_WAY:
            yield f"{difference.property} is {found}, but {wanted} in the template"
        else:
            yield f"a deploy changes {difference.property} from {found} to {wanted}"
    if match.replaced:
        what = "deletes this one" if match.replaced == "deleted" else "leaves this one as it is, in no stack"
        yield f"for that, a deploy creates another one and {what}"
    if match.reason:
        yield str(match.reason)


def _value(value: Any) -> str:  # noqa: ANN401 (JSON)
    if value is None:
        return "nothing"
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return ", ".join(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _show_rows(rows: Iterable[tuple[tuple[str, str, str], Sequence[str]]]) -> None:
    listed = list(rows)
    widths = [max(len(row[column]) for row, _ in listed) for column in range(2)]
    for (kind, name, found), details in listed:
        click.echo(f"  {kind:<{widths[0]}}  {name:<{widths[1]}}  {found}".rstrip())
        for detail in details:
            click.echo(f"      {visible(detail)}")


def _show_unknown(unknown: Sequence[Unknown]) -> None:
    if not unknown:
        return
    click.secho(f"\nExists but is not in the template ({len(unknown)}); it stays as it is", bold=True)
    _show_rows((_row(each), []) for each in unknown[:_UNKNOWN_SHOWN])
    if len(unknown) > _UNKNOWN_SHOWN:
        click.echo(f"  … and {len(unknown) - _UNKNOWN_SHOWN} more")


def _show_confirmations(adoption: Adoption) -> None:
    """Say which of the adopted types are known to be importable, and by whom."""
    types = list(dict.fromkeys(match.type for match in adoption.of(State.ADOPTED)))
    if not types:
        return
    click.echo()
    if confirmed := [NAMES[each][1] for each in types if each in CONFIRMED_IMPORTS]:
        click.echo(
            f"Users and AWS Support confirm that {and_list(confirmed)} can be imported: {', '.join(CONFIRMATIONS)}"
        )
    if others := [NAMES[each][1] for each in types if each not in CONFIRMED_IMPORTS]:
        click.echo(
            f"That {and_list(others)} can be imported, only the published schemas say. If CloudFormation refuses one,"
            " it imports none, and changes nothing."
        )


def _show_steps(steps: Iterable[Step]) -> None:
    """Write each command on a line of its own: a comment behind it would be arguments to a shell such as zsh."""
    for step in steps:
        click.echo(f"  {visible(step.does)}:\n    {visible(step.command)}")
