import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from org_constructs.commands import main


def python(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False)  # noqa: S603 (see the callers)


def test_lists_its_commands_in_the_order_of_use_and_says_of_each_a_whole_sentence() -> None:
    result = CliRunner().invoke(main, ["--help"])
    assert result.exit_code == 0
    listed = [line.split(maxsplit=1) for line in result.output.partition("Commands:\n")[2].splitlines()]
    assert [name for name, _ in listed] == main.list_commands(click.Context(main))
    assert [name for name, _ in listed][:3] == ["init", "rehearse", "check"]
    assert [said for _, said in listed if not said.endswith(".") or said.endswith("...")] == []


def test_finds_each_command_that_it_lists() -> None:
    context = click.Context(main)
    assert all(main.get_command(context, name) for name in main.list_commands(context))


def test_refuses_an_unknown_command() -> None:
    result = CliRunner().invoke(main, ["rehears"])
    assert result.exit_code == 2
    assert "No such command 'rehears'" in result.output


def test_helps_without_importing_an_aws_or_a_node() -> None:
    code = (
        "import sys; from org_constructs.commands import main; main(['--help'], standalone_mode=False); "
        "print({'aws_cdk', 'boto3', 'jsii', 'moto'} & set(sys.modules))"
    )
    result = python("-c", code)
    assert (result.returncode, result.stdout.splitlines()[-1]) == (0, "set()")


def test_runs_as_a_module() -> None:
    result = python("-m", "org_constructs", "rehearse", "--help")
    assert result.returncode == 0
    assert "Usage: org-baseline rehearse [OPTIONS]" in result.stdout


@pytest.mark.parametrize(
    ("environment", "written"),
    [({}, "\x1b[31mstop\x1b[0m\n"), ({"NO_COLOR": ""}, "\x1b[31mstop\x1b[0m\n"), ({"NO_COLOR": "1"}, "stop\n")],
    ids=["unset", "empty", "set"],
)
def test_writes_no_colour_where_no_color_is_set(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], written: str
) -> None:
    @click.command()
    def stop() -> None:
        click.secho("stop", fg="red")

    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setattr(main, "get_command", lambda _context, _name: stop)
    assert CliRunner(env=environment).invoke(main, ["stop"], color=True).output == written
