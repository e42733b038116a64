"""What the benchmarks measure; how long it takes is for them to say, and for no test."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import pytest

from benchmarks.commands import command_lines
from benchmarks.measure import Failed, Program, Times, run
from benchmarks.organizations import FULL, GUIDE, Shape
from org_constructs.commands import main


def test_every_command_is_measured() -> None:
    measured = {words[0] for words in command_lines(Path("cdk.out")).values()}
    assert measured - {"--help"} == set(main.list_commands(click.Context(main)))


@pytest.mark.parametrize("shape", [GUIDE, FULL, Shape.of(1_000, groups=10)])
def test_a_program_measures_the_shape_that_it_is_told(shape: Shape) -> None:
    assert Shape.from_words(shape.words) == shape


def test_a_ratio_is_of_the_rounds_and_not_of_the_medians() -> None:
    # The machine was slow in the second round, for both.
    assert Times([1, 6, 2]) / Times([2, 12, 4]) == 0.5
    assert Times([1, 12, 2]) / Times([2, 6, 4]) == 0.5


def test_processor_time_is_that_of_what_a_program_starts() -> None:
    busy = "import time\nwhile time.process_time() < 0.2: pass"
    clock, processor = run(Program(["sh", "-c", '"$0" -c "$1"; sleep 0.3', sys.executable, busy]))
    assert 0.2 <= processor <= clock - 0.2


def test_a_program_that_fails_says_why() -> None:
    with pytest.raises(Failed, match=r"^it cannot$"):
        run(Program(["sh", "-c", "echo before; echo it cannot >&2; exit 3"]))


def test_a_program_that_waits_takes_nothing_of_a_processor() -> None:
    took = run(Program(["sh", "-c", "sleep 0.5"]))
    assert took.seconds >= 0.5
    assert took.processor < 0.25
