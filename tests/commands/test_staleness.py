"""What a command says of an assembly that is older than the app."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from cloud_assembly import baseline, stack, write_assembly
from org_constructs.commands import main
from org_constructs.commands._staleness import say_if_stale
from org_constructs.doctor import assembly
from org_constructs.doctor.examination import Assembly, Examination

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from syrupy.assertion import SnapshotAssertion

SYNTHESIZED = 1_700_000_000


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An app that was synthesized after it was written."""
    folder = tmp_path / "app"
    write_assembly(folder / "cdk.out", {"OrgBaseline": stack(baseline())})
    for name in (
        "cdk.json",
        "cdk.context.json",
        "app.py",
        "acme/people.py",
        "tests/test_people.py",
        ".venv/a.py",
        "old.out/a.py",
    ):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("{}", encoding="utf-8")
    (folder / "elsewhere").mkdir()
    (folder / "elsewhere" / "cdk.json").write_text("{}", encoding="utf-8")
    (folder / "elsewhere" / "app.py").write_text("", encoding="utf-8")
    touch(folder, -60)
    touch(folder / "cdk.out", 0)
    monkeypatch.chdir(folder)
    return folder


def touch(path: Path, seconds: float) -> None:
    """Let a file, or all in a folder, be of so many seconds after the assembly."""
    time = int((SYNTHESIZED + seconds) * 10**9)
    for each in [path, *path.rglob("*")]:
        os.utime(each, ns=(time, time))


def said(folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    say_if_stale(folder)
    printed = capsys.readouterr()
    assert printed.out == ""
    return printed.err


@pytest.mark.parametrize("name", ["app.py", "acme/people.py", "cdk.json", "cdk.context.json"])
def test_says_in_a_line_which_file_is_newer(
    app: Path, capsys: pytest.CaptureFixture[str], name: str, snapshot: SnapshotAssertion
) -> None:
    touch(app / name, 0.001)
    assert said(app / "cdk.out", capsys).replace(str(app), "…") == snapshot


def test_names_the_newest_of_several(app: Path, capsys: pytest.CaptureFixture[str]) -> None:
    touch(app / "app.py", 1)
    touch(app / "acme" / "people.py", 3)
    touch(app / "cdk.json", 2)
    assert "than acme/people.py and 2 more " in said(app / "cdk.out", capsys)


@pytest.mark.parametrize(
    "name", ["tests/test_people.py", ".venv/a.py", "old.out/a.py", "elsewhere/app.py", "elsewhere/cdk.json"]
)
def test_says_nothing_of_what_an_app_is_not_made_of(app: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    touch(app / name, 60)
    assert said(app / "cdk.out", capsys) == ""


@pytest.mark.parametrize(
    ("code", "is_newer"),
    [
        ('json.load(open("people.json"))', True),
        ('Path("data").glob("*.json")', True),
        ('Path("data/people.json").read_text()', True),
        ('json.load(open("other.json"))', False),
        ("", False),
    ],
)
def test_says_so_of_data_that_a_module_names(
    app: Path, capsys: pytest.CaptureFixture[str], code: str, *, is_newer: bool
) -> None:
    (app / "app.py").write_text(code, encoding="utf-8")
    touch(app / "app.py", -60)
    (app / "data").mkdir()
    (app / "data" / "people.json").write_text("{}", encoding="utf-8")
    assert said(app / "cdk.out", capsys).startswith("Note: ") == is_newer


def test_says_nothing_of_the_mapping_that_adopt_writes(app: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (app / "app.py").write_text('Path().glob("*.json")', encoding="utf-8")
    touch(app / "app.py", -60)
    (app / "adopt.json").write_text("{}", encoding="utf-8")
    assert said(app / "cdk.out", capsys) == ""


def test_says_so_of_modules_elsewhere_that_the_command_of_the_app_runs(
    app: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main_module = app.parent / "infrastructure" / "main.py"
    main_module.parent.mkdir()
    main_module.write_text("", encoding="utf-8")
    assert said(app / "cdk.out", capsys) == ""
    (app / "cdk.json").write_text('{"app": "python ../infrastructure/main.py"}', encoding="utf-8")
    touch(app / "cdk.json", -60)
    assert "than ../infrastructure/main.py, " in said(app / "cdk.out", capsys)


# https://docs.aws.amazon.com/cdk/v2/guide/languages.html
@pytest.mark.parametrize(
    ("command", "module", "is_newer"),
    [
        ("npx tsx stack.ts", "stack.ts", True),
        ("npx tsx stack.mts", "stack.cts", True),
        ("npx tsx stack.cts", "stack.mts", True),
        ("node stack.js", "stack.js", True),
        ("node stack.cjs", "stack.mjs", True),
        ("node stack.mjs", "stack.cjs", True),
        ("mvn -e -q compile exec:java", "Stack.java", True),
        ("dotnet run --project src/Acme.csproj", "Stack.cs", True),
        ("go mod download && go run acme.go", "acme.go", True),
        ("npx tsx stack.ts", "helper.py", True),
        ("python app.py", "stack.ts", False),
    ],
)
def test_says_so_of_modules_in_the_language_of_the_app(
    app: Path, capsys: pytest.CaptureFixture[str], command: str, module: str, *, is_newer: bool
) -> None:
    (app / "cdk.json").write_text(json.dumps({"app": command}), encoding="utf-8")
    touch(app / "cdk.json", -60)
    (app / module).write_text("", encoding="utf-8")
    assert (f"is older than {module}" in said(app / "cdk.out", capsys)) == is_newer


@pytest.mark.parametrize("seconds", [-60, 0])
def test_says_nothing_where_nothing_is_newer(app: Path, capsys: pytest.CaptureFixture[str], seconds: float) -> None:
    touch(app / "app.py", seconds)
    assert said(app / "cdk.out", capsys) == ""


def test_says_nothing_of_an_assembly_that_the_app_does_not_write(app: Path, capsys: pytest.CaptureFixture[str]) -> None:
    touch(app / "app.py", 60)
    shutil.copytree(app / "cdk.out", app / "build" / "base")
    touch(app / "build" / "base", 0)
    assert said(app / "build" / "base", capsys) == ""
    (app / "cdk.json").write_text('{"output": "build/base"}', encoding="utf-8")
    assert "base is older than" in said(app / "build" / "base", capsys)
    assert said(app / "cdk.out", capsys) == ""


needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")


@needs_git
class TestInAPipeline:
    """All of the app is newer: it was checked out, and the assembly is an artifact of an earlier job."""

    @pytest.fixture(autouse=True)
    def checked_out(self, app: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        for variable in [each for each in os.environ if each.startswith("GIT_")]:
            monkeypatch.delenv(variable)
        monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
        monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
        (app / ".gitignore").write_text("cdk.out\n.venv\n", encoding="utf-8")
        self.commit(app, -30)
        touch(app, 60)
        touch(app / "cdk.out", 0)

    @staticmethod
    def commit(app: Path, seconds: float) -> None:
        time = f"{int(SYNTHESIZED + seconds)} +0000"
        for arguments in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "--message", "Begin"]):
            subprocess.run(  # noqa: S603 (of the test's own)
                ["git", "-c", "user.name=Dax", "-c", "user.email=dax@acme.com", *arguments],  # noqa: S607
                cwd=app,
                env={**os.environ, "GIT_COMMITTER_DATE": time, "GIT_AUTHOR_DATE": time},
                check=True,
            )

    def test_says_nothing_where_it_was_committed_before(self, app: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert said(app / "cdk.out", capsys) == ""

    def test_says_so_where_a_newer_commit_was_checked_out(self, app: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (app / "app.py").write_text("new", encoding="utf-8")
        self.commit(app, 30)
        assert "is older than" in said(app / "cdk.out", capsys)

    def test_says_so_where_a_file_is_not_as_it_was_committed(
        self, app: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (app / "acme" / "people.py").write_text("new", encoding="utf-8")
        assert "than acme/people.py and 3 more " in said(app / "cdk.out", capsys)

    def test_says_so_where_some_of_it_is_older(self, app: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """As after changing branches, which writes what differs anew, whenever that was committed."""
        touch(app / "cdk.json", -60)
        assert "is older than" in said(app / "cdk.out", capsys)


@pytest.mark.parametrize(
    "arguments",
    [
        ["report", "--output", os.devnull],
        ["report", "--output", os.devnull, "cdk.out/OrgBaseline.template.json"],
        ["check"],
        ["check", "cdk.out/OrgBaseline.template.json"],
        ["sst"],
        ["deploy-policy"],
        ["aws-config", "--print"],
        # What they would then ask AWS is not asked.
        ["adopt", "--stack", "Nowhere"],
        ["doctor", "--stack", "Nowhere"],
        ["access-diff", "cdk.out", "cdk.out"],
        ["account", "close", "dev", "--stack", "Nowhere"],
        ["account", "email", "dev", "dev@acme.com", "--stack", "Nowhere"],
        ["offboard", "nobody"],
    ],
    ids=" ".join,
)
def test_every_command_that_reads_it_says_so_once(
    app: Path, monkeypatch: pytest.MonkeyPatch, arguments: Sequence[str]
) -> None:
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    assert "is older than" not in CliRunner().invoke(main, arguments).stderr
    touch(app / "app.py", 1)
    result = CliRunner().invoke(main, arguments)
    assert result.stderr.count("Note: cdk.out is older than app.py, ") == 1
    assert "is older than" not in result.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        *(["report", "--format", form] for form in ("text", "markdown", "html")),
        ["report", "cdk.out/OrgBaseline.template.json"],
        ["access-diff", "cdk.out", "cdk.out", "--format", "markdown"],
    ],
    ids=" ".join,
)
def test_what_is_kept_or_passed_on_says_so_itself(app: Path, arguments: Sequence[str]) -> None:
    assert "older than" not in CliRunner().invoke(main, arguments).stdout
    touch(app / "app.py", 1)
    said = CliRunner().invoke(main, arguments).stdout.replace("\\", "")
    assert said.count("cdk.out is older than app.py, ") == 1


def test_the_doctor_finds_it(app: Path) -> None:
    where = app / "cdk.out"
    examination = Examination(assembly=Assembly.read(where), where=where)
    assert [each.status for each in assembly.CHECK.look(examination)] == ["ok"]
    touch(app / "app.py", 1)
    _, finding = assembly.CHECK.look(examination)
    assert (finding.status, finding.found) == ("warning", f"{where} is older than app.py")


def test_a_report_after_an_edit_does_not_pass_for_the_new_company(app: Path) -> None:
    """Names of files are anybody's."""
    (app / "<b>.py").write_text("", encoding="utf-8")
    page = CliRunner().invoke(main, ["report", "--format", "html"]).stdout
    assert "Note: cdk.out is older than &lt;b&gt;.py" in page
    assert "<b>.py" not in page
