"""A template that nobody would write: each command says in a sentence what is wrong with it, or makes nothing of it."""

from __future__ import annotations

import json
from time import process_time
from typing import TYPE_CHECKING, Any, Final

import pytest
from click.testing import CliRunner

from checked_templates import allow, control_policy, deny, document, permission_set
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


SECONDS: Final = 2
"""Of processor time, for one command."""

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
    ("offboard", "dax@acme.com", "{}"),
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
            assert code in {0, 1, 2, 3}


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_that_is_too_deep_to_be_read_is_refused(tmp_path: Path, command: tuple[str, ...]) -> None:
    folder = assembly(tmp_path, "Dev", "AccountName", "acme-dev")
    deep = json.dumps(baseline()).replace('"acme-dev"', "[" * 9_000 + "]" * 9_000)
    (folder / "S.template.json").write_text(f'{{"Resources": {deep}}}', encoding="utf-8")
    assert ends(folder, *command)[0] == 2


def one_of(large: str) -> dict[str, Any]:
    """Return resources that are more, or larger, than anybody writes."""
    match large:
        case "statements":
            return {"It": control_policy(*(deny(f"s3:Get{i}") for i in range(10_000)))}
        case "text":
            return {"It": permission_set("It", InlinePolicy=json.dumps(document(allow("*a" * 500_000))))}
        case "exceptions":
            return {"It": permission_set("It", InlinePolicy=document(allow("*") | {"NotAction": ["s3:Get*"] * 50_000}))}
        case "values":
            arns = [f"arn:aws:iam::*:role/{i}" for i in range(20_000)]
            return {"It": control_policy(deny("*", Condition={"ArnNotLike": {"aws:PrincipalArn": arns}}))}
        case _:
            name = "ou-ab12-{:08}" if large == "units" else "{:012}"
            targets = [[name.format(200 * i + j) for j in range(200)] for i in range(150)]
            return {f"It{i}": control_policy(deny("s3:*"), TargetIds=each) for i, each in enumerate(targets)}


@pytest.mark.timed
@pytest.mark.parametrize("command", [*COMMANDS, ("access-diff", "{0}-before", "{0}")], ids=" ".join)
@pytest.mark.parametrize("large", ["statements", "text", "exceptions", "values", "units", "accounts"])
def test_takes_no_command_long(tmp_path: Path, large: str, command: tuple[str, ...]) -> None:
    write_assembly(tmp_path / "app-before", {"S": stack(baseline())})
    folder = write_assembly(tmp_path / "app", {"S": stack({**baseline(), **one_of(large)})})
    ends(tmp_path / "app-before", "check", "{}")  # what AWS has is read once
    start = process_time()
    code, _ = ends(folder, *command)
    assert process_time() - start < SECONDS
    assert code in {0, 1, 2, 3}
