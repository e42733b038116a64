import errno
import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from cloud_assembly import baseline, stack, write_assembly
from org_constructs.commands import _output, main
from project import ROOT
from refusals import assert_refused, refuses


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
    ("environment", "options", "coloured"),
    [
        ({}, [], True),
        ({"NO_COLOR": ""}, [], True),
        ({"NO_COLOR": "1"}, [], False),
        ({"NO_COLOR": "1"}, ["--color"], True),
        ({}, ["--no-color"], False),
        ({"FORCE_COLOR": "1"}, ["--no-color"], False),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, [], False),
    ],
)
def test_writes_in_colour_at_a_terminal_unless_it_is_told_otherwise(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], options: list[str], *, coloured: bool
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(main, "get_command", lambda _context, _name: stop)
    written = CliRunner(env=environment).invoke(main, [*options, "stop"], color=True).output
    assert written == ("\x1b[31mstop\x1b[0m\n" if coloured else "stop\n")


@pytest.mark.parametrize(("environment", "options"), [({"FORCE_COLOR": "1"}, []), ({}, ["--color"])])
def test_writes_in_colour_elsewhere_where_it_is_told_so(environment: dict[str, str], options: list[str]) -> None:
    code = (
        "import click; from org_constructs.commands import main\n"
        "stop = click.command()(lambda: click.secho('stop', fg='red'))\n"
        "main.get_command = lambda context, name: stop\n"
        f"main([*{options}, 'stop'])"
    )
    kept = {name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "FORCE_COLOR"}}
    done = subprocess.run(  # noqa: S603 (the code above)
        [sys.executable, "-c", code],
        env={**kept, **environment},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout == "\x1b[31mstop\x1b[0m\n"


@click.command()
def stop() -> None:
    click.secho("stop", fg="red")


@pytest.mark.parametrize("name", main.list_commands(click.Context(main)))
def test_each_option_means_the_same_in_every_command(name: str) -> None:
    command = main.get_command(click.Context(main), name)
    assert command
    options = {option: each for each in command.params for option in each.opts}
    assert ("-a" in options) == ("--app" in options) == bool({"-a", "--assembly"} & options.keys())
    assert options.get("-a") is options.get("--app")
    for short, long in {"-o": "--output", "-y": "--yes"}.items():
        assert options.get(short) is options.get(long)


@pytest.mark.parametrize(
    ("raised", "code"),
    [
        (KeyboardInterrupt(), 130),
        (click.Abort(), 1),
        (OSError(errno.ENOSPC, "No space left on device", "adopt.json"), 2),
        (OSError(errno.EDQUOT, "Disk quota exceeded", "adopt.json"), 2),
    ],
)
def test_ends_with_the_code_of_its_end(monkeypatch: pytest.MonkeyPatch, raised: BaseException, code: int) -> None:
    @click.command()
    def stop() -> None:
        raise raised

    monkeypatch.setattr(main, "get_command", lambda _context, _name: stop)
    result = CliRunner().invoke(main, ["stop"])
    assert result.exit_code == code
    if code == 2:
        assert_refused(result, "disk-full", "adopt.json")


def test_ctrl_c_at_a_question_is_ctrl_c(monkeypatch: pytest.MonkeyPatch) -> None:
    @click.command()
    def stop() -> None:
        click.confirm("Write it?")

    def press(_prompt: str = "") -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(main, "get_command", lambda _context, _name: stop)
    monkeypatch.setattr("click.termui.visible_prompt_func", press)
    with pytest.raises(SystemExit) as ended:
        main(["stop"])
    assert ended.value.code == 130


def test_says_that_the_disk_of_its_output_is_full(tmp_path: Path) -> None:
    write_assembly(tmp_path / "cdk.out", {"OrgBaseline": stack(baseline())})
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "org_constructs", "report"],
            cwd=tmp_path,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            timeout=60,
        )
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == "[disk-full]"
    assert "Traceback" not in done.stderr


def test_writes_a_file_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "report.txt"
    _output.write("before", file)
    file.chmod(0o600)
    (tmp_path / "link.txt").symlink_to(file)
    _output.write("after", tmp_path / "link.txt")
    assert (file.read_text(encoding="utf-8"), file.stat().st_mode & 0o777) == ("after", 0o600)
    assert (tmp_path / "link.txt").is_symlink()

    def full(path: Path, text: str, **_: object) -> None:
        path.write_bytes(text[:2].encode())
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with refuses("file-unwritable", "No space left on device"):
        _output.write("later", file)
    assert {each.name: each.read_bytes() for each in tmp_path.iterdir()} == {
        "link.txt": b"after",
        "report.txt": b"after",
    }


EXIT_CODES = re.findall(
    r"^\| (\d+) \| .* \| (.+) \|$", (ROOT / "docs" / "commands.md").read_text(encoding="utf-8"), re.MULTILINE
)


@pytest.mark.parametrize("name", main.list_commands(click.Context(main)))
def test_the_table_has_the_exit_codes_that_a_command_says(name: str) -> None:
    command = main.get_command(click.Context(main), name)
    helps = [
        each.help for each in (command.commands.values() if isinstance(command, click.Group) else [command]) if each
    ]
    said = {code for text in helps for code in re.findall(r"\b\d+\b", str(text).partition("Exits with ")[2])}
    listed = {code for code, commands in EXIT_CODES if commands == "all" or name in commands.split(", ")}
    assert "2" in said
    assert said <= listed
    assert listed - said <= {"0", "130"}
