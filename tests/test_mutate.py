"""scripts/mutate: what it breaks, which tests it runs, and that it leaves the work tree as it was."""

from __future__ import annotations

import importlib.util
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from project import ROOT


def program(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # Where dataclasses look for what their annotations name.
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


mutate: Any = program("mutate")
children: Any = program("mutate_children")

DIFF = """\
diff --git a/org_constructs/a.py b/org_constructs/a.py
--- a/org_constructs/a.py
+++ b/org_constructs/a.py
@@ -3 +3,2 @@ def f():
-old
+new
+newer
@@ -9,2 +10,0 @@
-gone
-gone
@@ -20,0 +20 @@
+one
diff --git a/org_constructs/b.py b/org_constructs/b.py
--- a/org_constructs/b.py
+++ b/org_constructs/b.py
@@ -1,2 +0,0 @@
-gone
-gone
"""


def test_breaks_the_lines_that_a_branch_added_or_changed() -> None:
    assert mutate.lines_of_diff(DIFF) == {Path("org_constructs/a.py"): {3, 4, 20}}


@pytest.mark.parametrize(
    ("path", "tests"),
    [
        ("access_diff/documents.py", "tests/access_diff"),
        ("rehearsal/local_aws/cloudformation/api.py", "tests/rehearsal/local_aws"),
        ("baseline/plan/accounts.py", "tests/baseline"),
        ("checks.py", "tests/test_checks.py"),
        ("__main__.py", "tests"),
    ],
)
def test_runs_the_tests_that_mirror_a_file(path: str, tests: str) -> None:
    assert mutate.mirrored_by(Path("org_constructs", path)) == tests


@pytest.mark.parametrize(
    ("path", "tests"),
    [
        ("aws/escalations.py", {"tests/rules", "tests/templates"}),
        ("matching/__init__.py", {"tests/commands", "tests/doctor"}),
        ("rules/retain.py", set()),
    ],
)
def test_runs_what_survives_against_the_tests_that_mirror_what_imports_it(path: str, tests: set[str]) -> None:
    assert mutate.mirroring_importers(Path("org_constructs", path)) == tests


@pytest.mark.parametrize("path", ["tests/test_app.py", "org_constructs/no.py", "../elsewhere.py"])
def test_breaks_nothing_but_the_package(path: str) -> None:
    with pytest.raises(ValueError, match=f"paths must be in org_constructs, got {re.escape(path)}"):
        mutate.files_below([Path(path)])


def test_runs_those_tests_that_run_the_line_the_mirroring_and_quick_ones_first() -> None:
    path = "org_constructs/rules/retain.py"
    seconds = {"tests/rules/t.py::slow": 9.0, "tests/rules/t.py::quick": 1.0, "tests/other/t.py::quicker": 0.1}
    seconds |= {"tests/rules/u.py::of another file": 0.2, "tests/no/t.py::of neither": 0.1}
    of_file = {each for each in seconds if "of" not in each}
    tests = mutate.Tests(seconds, {(path, 7): of_file, (path, 9): {"tests/rules/t.py::slow"}})

    def chosen(*lines: int) -> list[str]:
        tests_chosen: list[str] = tests.of(SimpleNamespace(path=Path(path), lines=lines), "tests/rules")
        return [each.rpartition(":")[2] for each in tests_chosen]

    assert chosen(7) == ["quick", "slow", "quicker"]
    assert chosen(8, 9) == ["slow"]
    # A constant: what runs anything of the file first.
    assert chosen(1) == ["quick", "slow", "quicker", "of another file"]


TEXT = """\
LIMIT = 1
@cache
def outer(size=2):
    def inner(x):
        return x + 3
    return inner
class Shape:
    sides = True
    @property
    def area(self):
        return self.sides * 4
SQUARES = [n * n for n in (5, 6)]
"""


def new_codes(after: str, path: Path) -> list[tuple[str, Any]]:
    names: dict[str, Any] = {"cache": lambda function: SimpleNamespace(wrapped=function)}
    exec(compile(TEXT, path, "exec"), names)  # noqa: S102 (written above)
    found = children.new_codes(TEXT, after, path, children.live_functions())
    for function, code in found:
        function.__code__ = code
    return [(function.__qualname__, names["outer"].wrapped()(10)) for function, _ in found]


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ("x + 3", "x - 3", [("outer", 7)]),
        ("sides * 4", "sides * 5", [("Shape.area", 13)]),
        ("        return x + 3", "        # The same, a line further down.\n        return x + 3", []),
    ],
)
def test_gives_what_is_imported_already_the_code_of_a_mutant(
    tmp_path: Path, old: str, new: str, changed: list[tuple[str, int]]
) -> None:
    assert new_codes(TEXT.replace(old, new), tmp_path) == changed


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("LIMIT = 1", "LIMIT = 0"),
        ("size=2", "size=3"),
        ("sides = True", "sides = 1"),
        ("n * n", "n + n"),
        ("@cache", ""),
    ],
)
def test_declines_what_runs_at_import(tmp_path: Path, old: str, new: str) -> None:
    with pytest.raises(children.RunsAtImportError):
        new_codes(TEXT.replace(old, new), tmp_path)


def test_counts_nothing_as_killed_that_took_too_long(capsys: pytest.CaptureFixture[str]) -> None:
    mutant = SimpleNamespace(path=Path("org_constructs/refusal.py"), start=(1, 0))
    assert mutate.report(mutate.Result(mutant, fate, 1.0) for fate in ("killed", "timeout")) == 1
    assert "together: 1 of 2 killed, 0 survived, 1 not known: their tests took too long" in capsys.readouterr().out
    assert mutate.report(mutate.Result(mutant, "killed", 1.0) for _ in range(2)) == 0


def test_shows_what_survived_and_the_figures_of_each_package(capsys: pytest.CaptureFixture[str]) -> None:
    of = {
        path: SimpleNamespace(path=Path("org_constructs", path), start=(7, 0)) for path in ("rules/a.py", "live/b.py")
    }
    survived = mutate.Result(of["live/b.py"], "survived", 1.0, "-old\n+new")
    assert mutate.report(iter([mutate.Result(of["rules/a.py"], "killed", 1.0), survived])) == 1
    assert capsys.readouterr().out.partition("b.py:7\n")[2].splitlines() == [
        *("-old", "+new"),
        "org_constructs/live: 0 of 1 killed, 1 survived",
        "org_constructs/rules: 1 of 1 killed, 0 survived",
        "together: 1 of 2 killed, 1 survived",
    ]


REPORT = """\
<testsuites><testsuite>
<testcase classname="tests.test_a" file="tests/test_a.py" name="test_passes" time="2.5"/>
<testcase classname="tests.test_a.TestB" file="tests/test_a.py" name="test_waits" time="3"><failure/></testcase>
<testcase classname="tests.test_a" file="tests/test_a.py" name="test_needs[1]" time="0"><error/></testcase>
</testsuite></testsuites>
"""
FAILED = ["tests/test_a.py::TestB::test_waits", "tests/test_a.py::test_needs[1]"]


@pytest.mark.parametrize(("codes", "runs"), [((0,), [[]]), ((1, 0), [[], FAILED])])
def test_what_failed_while_everything_ran_is_run_once_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, codes: tuple[int, ...], runs: list[list[str]]
) -> None:
    assert unbroken(tmp_path, monkeypatch, *codes) == runs


@pytest.mark.parametrize("codes", [(1, 1), (2,), (4,)])
def test_breaks_nothing_while_tests_fail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, codes: tuple[int, ...]
) -> None:
    with pytest.raises(ValueError, match="must pass before anything is broken"):
        unbroken(tmp_path, monkeypatch, *codes)


def unbroken(folder: Path, monkeypatch: pytest.MonkeyPatch, *codes: int) -> list[list[str]]:
    """Return which tests were asked for by name, run by run, if pytest ends like this."""
    monkeypatch.setattr(mutate, "_git", lambda *_: "")
    nothing = SimpleNamespace(read=lambda: None, close=lambda: None, measured_files=list)
    monkeypatch.setattr(mutate, "CoverageData", lambda _: nothing)
    run, asked, ends = mutate.Run(folder, 1, []), [], iter(codes)
    copy = folder / "0"
    copy.mkdir()
    (copy / "mutate-output.txt").touch()

    def pytest_of(_: Path, arguments: list[str]) -> int:
        (copy / "times.xml").write_text(REPORT)
        asked.append([each for each in arguments if "::" in each])
        return next(ends)

    monkeypatch.setattr(run, "_pytest", pytest_of)
    assert run.tests(["tests"]).seconds == {"tests/test_a.py::test_passes": 2.5, FAILED[0]: 3, FAILED[1]: 0}
    assert next(ends, None) is None
    return asked


def tree() -> str:
    """What git says of the package, which alone is broken."""
    status = ["git", "status", "--porcelain", "--untracked-files=all", "org_constructs"]
    diff = ["git", "diff", "HEAD", "org_constructs"]
    return "".join(
        subprocess.run(each, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout  # noqa: S603
        for each in (status, diff)
    )


def start(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603 (our own program)
        [ROOT / "scripts" / "mutate", *arguments],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.mark.long
def test_tells_what_is_noticed_and_what_is_not_and_leaves_everything_as_it_was(tmp_path: Path) -> None:
    before = tree()
    running = start(tmp_path, "org_constructs/aws/durations.py", "--sample", "6", "--seed", "1", "--workers", "2")
    said, _ = running.communicate(timeout=900)
    assert "6 mutants, seed 1, 2 at a time\nfirst unbroken: tests/aws\n" in said
    [figures] = re.findall(r"^together: (\d) of 6 killed, (\d) survived$", said, re.MULTILINE)
    survivors = re.findall(r"^ +\d survived .*\norg_constructs/aws/durations.py:\d+  \w+\n-.*\n", said, re.MULTILINE)
    assert (int(figures[0]), int(figures[1])) == (6 - len(survivors), len(survivors))
    assert int(figures[0]) > 2
    assert running.returncode == bool(survivors)
    assert tree() == before
    assert list(tmp_path.glob("mutate-*")) == []


@pytest.mark.long
def test_leaves_everything_as_it_was_when_it_is_interrupted(tmp_path: Path) -> None:
    before = tree()
    running = start(tmp_path, "org_constructs/aws", "--seed", "1")
    assert running.stdout is not None
    for line in running.stdout:
        if line.startswith("first unbroken"):
            break
    running.send_signal(signal.SIGINT)
    said, _ = running.communicate(timeout=60)
    assert said.endswith("interrupted; the work tree is as it was\n")
    assert running.returncode == 130
    assert tree() == before
    assert list(tmp_path.glob("mutate-*")) == []
