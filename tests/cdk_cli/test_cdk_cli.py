"""How the CDK CLI is started, what it synthesizes, and what a source is taken for."""

from __future__ import annotations

import re
import sys
from subprocess import CompletedProcess
from typing import TYPE_CHECKING

import pytest

from org_constructs.cdk_cli import source as sources
from org_constructs.cdk_cli.cli import CdkCli
from org_constructs.cdk_cli.source import assembly_of, is_revision
from org_constructs.cdk_cli.synthesis import app_of, synthesize
from refusals import refuses

if TYPE_CHECKING:
    from pathlib import Path


def test_runs_in_its_own_environment_and_what_goes_over_it(tmp_path: Path) -> None:
    said = "import os, sys; print(os.environ['A'], os.environ['B'], *sys.argv[1:]); sys.exit(3)"
    cli = CdkCli((sys.executable, "-c", said), {"A": "own", "B": "own"})
    lines: list[str] = []
    assert cli.run("deploy", folder=tmp_path, each_line=lines.append, environment={"B": "other"}) == 3
    assert cli.run("diff", folder=tmp_path, each_line=lines.append) == 3
    assert lines == ["own other deploy --no-notices --no-color", "own own diff --no-notices --no-color"]


SYNTH = """
import os, pathlib, sys
pathlib.Path("arguments").write_text(" ".join(sys.argv[1:]))
print("what the app said")
if os.environ["WRITES"] == "True":
    output = pathlib.Path(sys.argv[sys.argv.index("--output") + 1])
    output.mkdir()
    (output / "manifest.json").touch()
sys.exit(int(os.environ["EXITS"]))
"""


@pytest.mark.parametrize(
    ("exits", "writes", "against_rules", "said"),
    [
        (0, True, False, r"Synthesized \(\d+\.\d s\)"),
        (0, True, True, r"Synthesized \(\d+\.\d s\)"),
        (1, True, True, r"Synthesized \(\d+\.\d s\), with errors that `cdk synth` shows"),
        (1, True, False, None),
        (1, False, True, None),
    ],
)
def test_synthesizes(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    *,
    exits: int,
    writes: bool,
    against_rules: bool,
    said: str | None,
) -> None:
    cli = CdkCli((sys.executable, "-c", SYNTH), {"EXITS": str(exits), "WRITES": str(writes)})
    lines: list[str] = []
    output = tmp_path / "out"

    def run() -> None:
        synthesize(cli, tmp_path, "python app.py", output, say=lines.append, against_rules=against_rules)

    if said is None:
        with refuses("synth-failed", "'python app.py'"):
            run()
    else:
        run()
    assert [bool(re.fullmatch(said or "", line)) for line in lines] == [True] * (said is not None)
    assert capsys.readouterr().err == ("" if said else "what the app said\n")
    assert (tmp_path / "arguments").read_text(encoding="utf-8") == (
        f"synth --quiet --app python app.py --output {output} --no-lookups --no-notices --no-color"
    )


@pytest.mark.parametrize(
    ("source", "app", "revision"),
    [
        ("template.json", None, False),
        ("cdk.out", None, False),
        ("app", None, False),
        ("empty", None, True),
        ("empty", "python app.py", False),
        ("main", None, True),
        ("main", "python app.py", True),
    ],
)
def test_takes_for_a_revision_what_is_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, source: str, app: str | None, revision: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    for folder, file in (("cdk.out", "manifest.json"), ("app", "cdk.json"), ("empty", "")):
        (tmp_path / folder).mkdir()
        if file:
            (tmp_path / folder / file).touch()
    (tmp_path / "template.json").touch()
    assert is_revision(source, app) is revision


def test_runs_the_app_that_cdk_json_names(tmp_path: Path) -> None:
    with refuses("app-missing", repr(str(tmp_path))):
        app_of(tmp_path)
    (tmp_path / "cdk.json").write_text('{"app": "python app.py"}', encoding="utf-8")
    assert app_of(tmp_path) == "python app.py"


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ("{", "cdk-json-syntax"),
        *((each, "app-missing") for each in ("[]", "{}", '{"app": ""}', '{"app": ["python"]}')),
    ],
)
def test_refuses_a_cdk_json_that_names_no_app(tmp_path: Path, settings: str, code: str) -> None:
    (tmp_path / "cdk.json").write_text(settings, encoding="utf-8")
    with refuses(code, "cdk.json must"):
        app_of(tmp_path)


def test_says_why_git_does_not_check_a_revision_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def git(*arguments: str) -> CompletedProcess[str]:
        return CompletedProcess(arguments, 128, "fcf5e34\n", "fatal: no space\n")

    monkeypatch.setattr(sources, "_git", git)
    with (
        refuses("revision-not-checked-out", "fatal: no space"),
        assembly_of("main", app="python app.py", say=print),
    ):
        pass
