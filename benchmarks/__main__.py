"""`scripts/benchmark`: every figure, or those that are named."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from org_constructs.templates.assembly import read_stacks

from .commands import commands, waits
from .environments import PEERS
from .makespan import CONCURRENCY, lower_bound, makespan, simulate
from .measure import Failed, in_turns, module, peak_mib, progress, run
from .organizations import FULL, GUIDE, Shape

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

GROUPS: Final = 10
"""How many groups have access to every account of a large organization."""


def synth() -> None:
    """Our synth beside the same resources as L1 constructs, with the same checks."""
    click.echo("Synth, beside a hand-written app of L1 constructs (checks on in both)")
    shapes = {
        "the guide's organization": GUIDE,
        "240 accounts, 240 assignments": FULL,
        "1,000 accounts, 10,000 assignments": Shape.of(1_000, GROUPS),
    }
    for name, shape in shapes.items():
        seconds = in_turns(
            {"ours": module("synth_baseline", *shape.words), "L1": module("synth_l1", *shape.words)}, rounds=_rounds()
        )
        said = ", ".join(f"{each} {times.median:.2f} s" for each, times in seconds.items())
        ours, theirs = seconds["ours"], seconds["L1"]
        of_processor = ours.of_processor / theirs.of_processor
        click.echo(f"  {name:40} {ours / theirs:.2f}, of processor time {of_processor:.2f}  ({said})")
    click.echo("  Both make the same resources and outputs; what differs is said in benchmarks/synth_l1.py.")


def growth() -> None:
    """Time and memory for each assignment that is added."""
    click.echo(f"Synth of a growing organization, {GROUPS} groups in every account, checks on")
    shapes = {accounts * GROUPS: Shape.of(accounts, GROUPS) for accounts in (1, 10, 100, 1_000)}
    programs = {assignments: module("synth_baseline", *shape.words) for assignments, shape in shapes.items()}
    seconds = in_turns({f"{assignments:,}": program for assignments, program in programs.items()}, rounds=_rounds())
    memory = {f"{assignments:,}": peak_mib(program) for assignments, program in programs.items()}
    each: dict[int, float] = {}
    smaller, *sizes = programs
    for assignments in sizes:
        now, before = f"{assignments:,}", f"{smaller:,}"
        added = assignments - smaller
        each[assignments] = 1_000 * (seconds[now].median - seconds[before].median) / added
        click.echo(
            f"  {now:>6} assignments: {seconds[now].median:6.2f} s, {memory[now]:5.0f} MiB;"
            f" {each[assignments]:.2f} ms and {1_024 * (memory[now] - memory[before]) / added:.1f} KiB"
            " for each that was added"
        )
        smaller = assignments
    click.echo(f"  An added one costs {each[10_000] / each[1_000]:.2f} times at 10,000 what it costs at 1,000.")


def deploy() -> None:
    """A first deploy, simulated, beside what no order could undercut."""
    click.echo(f"First deploy, simulated, {CONCURRENCY} stacks at a time, beside its lower bound")
    shapes = {"the guide's organization": GUIDE}
    shapes |= {
        f"{accounts:,} accounts, {accounts * GROUPS:,} assignments": Shape.of(accounts, GROUPS)
        for accounts in (100, 1_000)
    }
    for name, shape in shapes.items():
        with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
            progress(f"{name}: synthesizing")
            run(module("synth_baseline", *shape.words), Path(folder))
            made = simulate(read_stacks(Path(folder)))
        minutes, least = makespan(made) / 60, lower_bound(made) / 60
        click.echo(f"  {name:40} {minutes / least:.3f}  ({minutes:,.0f} min, at least {least:,.0f})")


def peers() -> None:
    """Other libraries beside ours, on the same intent, without checks of their own or ours."""
    click.echo("Synth by others, as a multiple of ours on the same intent")
    for name, words in (
        ("an organization with 20 accounts", ("accounts", "20")),
        ("an organization with 150 accounts", ("accounts", "150")),
        ("3 groups in 150 accounts", ("access", "150", "3")),
        ("10 groups in 150 accounts", ("access", "150", "10")),
    ):
        programs = {"ours": module("peers.baseline", *words)}
        cannot = {}
        for peer in PEERS:
            program = peer.program(*words)
            try:
                run(program)
            except Failed as failure:
                cannot[peer.requirement] = str(failure)
            else:
                programs[peer.requirement] = program
        seconds = in_turns(programs, rounds=_rounds())
        click.echo(f"  {name} (ours: {seconds['ours'].median:.2f} s)")
        for requirement in (peer.requirement for peer in PEERS):
            if requirement in cannot:
                click.echo(f"    {requirement:42} cannot: {cannot[requirement][:160]}")
            else:
                theirs = seconds[requirement]
                click.echo(f"    {requirement:42} {theirs / seconds['ours']:.2f}  ({theirs.median:.2f} s)")


def times() -> None:
    """Whole-process times of the commands."""
    click.echo("Commands of org-baseline on the guide's organization")
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        run(module("synth_baseline", *GUIDE.words), Path(folder))
        with commands(Path(folder)) as programs:
            for name, each in in_turns(programs, rounds=_rounds()).items():
                click.echo(f"  {name:20} {each.median:.2f} s")


def felt() -> None:
    """What people wait for, beside the parts of it that nothing could leave out."""
    click.echo(
        "What people wait for, beside what it cannot do without (benchmarks/floor.py): processor time, and by a clock"
    )
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        for name, pair in waits(Path(folder)).items():
            took = in_turns(pair, rounds=_rounds())
            ours, floor = took["ours"], took["floor"]
            said = ", ".join(
                f"{each} {times.of_processor.median:.1f} s, {times.median:.1f} s" for each, times in took.items()
            )
            click.echo(f"  {name:20} {ours.of_processor / floor.of_processor:.2f}, {ours / floor:.2f}  ({said})")


FIGURES: Final[dict[str, Callable[[], None]]] = {
    "synth": synth,
    "growth": growth,
    "deploy": deploy,
    "peers": peers,
    "commands": times,
    "felt": felt,
}


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("figures", nargs=-1, type=click.Choice(list(FIGURES)))
@click.option("--rounds", default=5, show_default=True, help="How often each program runs; the median counts.")
@click.pass_context
def main(context: click.Context, figures: Sequence[str], rounds: int) -> None:
    """Measure FIGURES, by default all: whole processes, in turns."""
    context.obj = rounds
    for figure in figures or FIGURES:
        try:
            FIGURES[figure]()
        except Failed as failure:
            raise click.ClickException(str(failure)) from failure


def _rounds() -> int:
    rounds: int = click.get_current_context().obj
    return rounds


if __name__ == "__main__":
    main(prog_name="scripts/benchmark")
