"""Whole processes, measured in turns: what disturbs the machine then disturbs all of them alike."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Final, NamedTuple

import click

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT: Final = Path(__file__).parent.parent
MIB: Final = 1024
SAMPLE_SECONDS: Final = 0.1


@dataclass(frozen=True)
class Program:
    """A command; `{out}` in its words is a folder of its own, which is gone afterwards."""

    words: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    exit_codes: frozenset[int] = frozenset({0})
    """Those of a run that did its work."""


class Failed(Exception):  # noqa: N818 (it is no error of this program)
    """A measured program failed; its message is the last of what it said."""


def module(name: str, *words: str, python: Path | None = None) -> Program:
    """Return a module of this package as a program, run as the CDK CLI runs an app.

    Args:
        name: The module.
        words: Its command line.
        python: The Python that runs it; by default this one.
    """
    interpreter = Path(sys.executable) if python is None else python
    context = json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))["context"]
    context |= {
        "aws:cdk:enable-path-metadata": True,
        "aws:cdk:enable-asset-metadata": True,
        "aws:cdk:version-reporting": False,
    }
    return Program(
        [str(interpreter), "-m", f"benchmarks.{name}", *words],
        {
            "CDK_CONTEXT_JSON": json.dumps(context),
            "CDK_OUTDIR": "{out}",
            # Node, too, is the same one for all.
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        },
    )


class Took(NamedTuple):
    """The seconds of a run, by a clock and of a processor."""

    seconds: float
    processor: float


@dataclass(frozen=True)
class Times:
    """How long a program took in each round."""

    seconds: Sequence[float]
    processor: Sequence[float] = ()
    """The seconds of a processor that it and what it started took, which other programs disturb less."""

    @property
    def of_processor(self) -> Times:
        """What it took of a processor."""
        return Times(self.processor)

    @property
    def median(self) -> float:
        """The median of the seconds."""
        return median(self.seconds)

    def __truediv__(self, other: Times) -> float:
        """Return the median of the ratios of each round, which a slow moment of the machine changes little."""
        return median(mine / theirs for mine, theirs in zip(self.seconds, other.seconds, strict=True))


def in_turns(programs: Mapping[str, Program], *, rounds: int) -> dict[str, Times]:
    """Run the programs in turns and return how long each takes, after a first run that does not count.

    Raises:
        Failed: One of them failed.
    """
    rounds_of: dict[str, list[Took]] = {name: [] for name in programs}
    for number in range(rounds + 1):
        for name, program in programs.items():
            took = run(program)
            progress(f"{name}: {took.seconds:.2f} s ({f'{number} of {rounds}' if number else 'to warm up'})")
            if number:
                rounds_of[name].append(took)
    return {
        name: Times([each.seconds for each in took], [each.processor for each in took])
        for name, took in rounds_of.items()
    }


def peak_mib(program: Program) -> float:
    """Return the most memory that the program and the processes it started had at a time, all together."""
    peak = 0.0
    done = threading.Event()

    def watch() -> None:
        nonlocal peak
        while not done.wait(SAMPLE_SECONDS):
            peak = max(peak, _memory_below(os.getpid()) / MIB)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        run(program)
    finally:
        done.set()
        watcher.join()
    return peak


def progress(line: str) -> None:
    """Say how far it is, apart from the figures."""
    click.secho(f"  {line}", err=True, dim=True)


def run(program: Program, folder: Path | None = None) -> Took:
    """Run the program once and return what it took.

    Args:
        program: The program.
        folder: Where it writes; by default a folder that is gone afterwards.

    Raises:
        Failed: It failed.
    """
    with tempfile.TemporaryDirectory(prefix="benchmark-") as scratch, tempfile.TemporaryFile() as said:
        out = str(folder or scratch)
        environment = {
            # As on everybody's machine, modules are compiled once.
            **{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
            **{name: value.replace("{out}", out) for name, value in program.environment.items()},
        }
        before, start = _processor_of_children(), time.perf_counter()
        code = subprocess.run(  # noqa: S603 (programs of this package and its peers)
            [word.replace("{out}", out) for word in program.words],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            check=False,
        ).returncode
        took = Took(time.perf_counter() - start, _processor_of_children() - before)
        if code not in program.exit_codes:
            said.seek(0)
            lines = said.read().decode(errors="replace").strip().splitlines()
            raise Failed(lines[-1] if lines else f"exit code {code}")
    return took


def _processor_of_children() -> float:
    """Return the seconds of a processor that what this process started took, with what that started."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _memory_below(root: int) -> int:
    """Return the KiB of memory of the processes below one; `ps` is on every Linux and macOS."""
    table = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,rss=,comm="], capture_output=True, text=True, check=True)  # noqa: S607
    processes = [line.split(maxsplit=3) for line in table.stdout.splitlines()]
    below = {root}
    total = 0
    # A process is listed after the one that started it, but for wrapped-around ids: their share is then left out.
    for pid, parent, memory, name in processes:
        if int(parent) in below and name != "ps":
            below.add(int(pid))
            total += int(memory)
    return total
