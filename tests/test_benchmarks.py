"""What the benchmarks measure; how long it takes is for them to say, and for no test."""

from __future__ import annotations

import json
import runpy
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import pytest

from benchmarks.commands import command_lines
from benchmarks.measure import Failed, Program, Times, run
from benchmarks.organizations import FULL, GUIDE, Shape
from org_constructs.commands import main

if TYPE_CHECKING:
    from collections.abc import Mapping


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


@pytest.mark.long  # two synths
def test_the_l1_constructs_are_what_the_baseline_makes(monkeypatch: pytest.MonkeyPatch) -> None:
    shape = Shape(accounts=3, groups=2, in_baseline=2, per_stack=1)

    def made_by(name: str) -> Counter[str]:
        monkeypatch.setattr(sys, "argv", [name, *shape.words])
        stacks = runpy.run_module(f"benchmarks.{name}")["app"].synth().stacks
        return sum((_what_it_makes(stack.template) for stack in stacks), Counter())

    assert made_by("synth_l1") == made_by("synth_baseline")


def test_a_program_that_fails_says_why() -> None:
    with pytest.raises(Failed, match=r"^it cannot$"):
        run(Program(["sh", "-c", "echo before; echo it cannot >&2; exit 3"]))


def _what_it_makes(template: Mapping[str, Any]) -> Counter[str]:
    """Count the resources by their properties, whatever they refer to, and the outputs of accounts' ids."""
    resources = template["Resources"].values()
    made = Counter(json.dumps([each["Type"], _literal(each["Properties"])]) for each in resources)
    made["output"] = sum("AccountId" in json.dumps(each) for each in template.get("Outputs", {}).values())
    return made


def _literal(value: Any) -> Any:
    if isinstance(value, dict):
        if value.keys() & {"Ref", "Fn::GetAtt", "Fn::GetStackOutput"}:
            return None
        return {key: _literal(each) for key, each in sorted(value.items())}
    return [_literal(each) for each in value] if isinstance(value, list) else value
