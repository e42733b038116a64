"""A template that nobody would write: each command says in a sentence what is wrong with it, or makes nothing of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest
from click.testing import CliRunner

from cloud_assembly import baseline, stack, write_assembly
from org_constructs.commands import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def nested(levels: int, wrap: Callable[[Any], Any]) -> Any:
    inside: Any = "xx"
    for _ in range(levels):
        inside = wrap(inside)
    return inside


REFUSED: Final = {
    "deep": nested(300, lambda inside: {"Fn::Join": ["", [inside]]}),
    "doubling": nested(60, lambda inside: {"Fn::Sub": ["${a}${a}", {"a": inside}]}),
    "in a circle": {"Fn::If": ["A", "a", "b"]},
}
WRONG: Final[dict[str, Any]] = {"a shape": {"Fn::Join": 5}, "a list": [], "nothing": None, "unknown": {"Ref": "Open"}}
PLACES: Final = (
    ("AdministratorAccess", "Name"),
    ("AdministratorAccess", "SessionDuration"),
    ("AdministratorAccess", "InlinePolicy"),
    ("AdministratorAccess", "ManagedPolicies"),
    ("Dev", "AccountName"),
    ("Dev", "ParentIds"),
    ("OfDev", "TargetId"),
    ("DaxAdministrates", "MemberId"),
    ("Dax", "UserName"),
)
COMMANDS: Final = (
    ("report", "{}"),
    ("report", "{}/S.template.json"),
    ("check", "{}"),
    ("access-diff", "{}", "{}"),
    ("deploy-policy", "--assembly", "{}"),
)


def assembly(folder: Path, logical_id: str, name: str, value: Any) -> Path:
    resources = baseline()
    resources[logical_id]["Properties"][name] = value
    made = stack(resources)
    made["template"]["Parameters"] = {"Open": {"Type": "String"}}
    made["template"]["Conditions"] = {"A": {"Condition": "B"}, "B": {"Condition": "A"}}
    return write_assembly(folder / "cdk.out", {"S": made})


def ends(folder: Path, *command: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, [part.format(folder) for part in command])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("what", REFUSED)
def test_is_refused(tmp_path: Path, what: str, command: tuple[str, ...]) -> None:
    folder = assembly(tmp_path, "AdministratorAccess", "Name", REFUSED[what])
    code, output = ends(folder, *command)
    assert (code, len(output.splitlines())) == (2, 2), output
    assert output.endswith(("[template-too-deep]\n", "[template-too-large]\n", "[template-cycle]\n"))


@pytest.mark.parametrize("what", WRONG)
def test_makes_no_command_stumble(tmp_path: Path, what: str) -> None:
    for number, place in enumerate(PLACES):
        folder = assembly(tmp_path / str(number), *place, WRONG[what])
        for command in COMMANDS:
            code, _ = ends(folder, *command)
            assert code in {0, 1, 2}


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_that_is_too_deep_to_be_read_is_refused(tmp_path: Path, command: tuple[str, ...]) -> None:
    folder = assembly(tmp_path, "Dev", "AccountName", "acme-dev")
    deep = json.dumps(baseline()).replace('"acme-dev"', "[" * 9_000 + "]" * 9_000)
    (folder / "S.template.json").write_text(f'{{"Resources": {deep}}}', encoding="utf-8")
    assert ends(folder, *command)[0] == 2
