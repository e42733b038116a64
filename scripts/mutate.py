"""Break the code in many small ways, one at a time, and say which of them no test notices.

Without paths the mutants are of the lines that this branch changed. Each mutant is run against the folder of tests
that mirrors its package, the quick files first, until a test fails. All this happens in copies of the work tree.
What no test notices in a child that has everything imported already is run once more from the start, then against all
of that folder, the folders that mirror what imports the file and the tests of the whole, and last against long tests.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from queue import SimpleQueue
from random import Random, SystemRandom
from socket import socket, socketpair
from tempfile import TemporaryDirectory
from threading import Event, Lock
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

import click
import grimp
from coverage import CoverageData

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from mutants import Mutant

ROOT: Final = Path(__file__).parent.parent
PACKAGE: Final = "org_constructs"
_OUTPUT: Final = "mutate-output.txt"
_QUICK: Final = "not long and not timed"
_LONG_SECONDS: Final = 1800
"""How long a survivor's long tests may take by the clock."""
_FAILED: Final = 1
_NO_TESTS: Final = 5
"""https://docs.pytest.org/en/stable/reference/exit-codes.html"""


def main() -> int:
    """Return 0 when every mutant was noticed, 1 when some survived, and 2 for what cannot be run."""
    options = _parser().parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    os.chdir(ROOT)
    try:
        sample = sample_of(options)
        suites = sorted({mirrored_by(mutant.path) for mutant in sample})
        click.echo(f"{len(sample)} mutants, seed {options.seed}, {options.workers} at a time")
        click.echo(f"first unbroken: {' '.join(suites)}")
        with TemporaryDirectory(prefix="mutate-") as folder:
            run = Run(Path(folder).resolve(), options.workers, options.then)
            try:
                return report(run.results(sample, run.tests(suites)))
            finally:
                run.stop()
    except ValueError as error:
        click.echo(f"error: {error}", err=True)
        return 2
    except KeyboardInterrupt:
        click.echo("interrupted; the work tree is as it was", err=True)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="scripts/mutate", description=__doc__)
    parser.add_argument("paths", nargs="*", type=Path, help="files and folders of org_constructs to break")
    parser.add_argument("--since", default="main", help="break what changed since this commit (default: main)")
    parser.add_argument("--sample", type=int, default=40, help="how many mutants, at most (default: 40)")
    parser.add_argument("--seed", type=int, default=SystemRandom().randrange(10_000), help="which ones (default: any)")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="how many at a time (default: cores)")
    parser.add_argument("--then", nargs="+", default=[], help="further tests to run what survives against")
    return parser


def sample_of(options: argparse.Namespace) -> list[Mutant]:
    """Return as many mutants as asked for, each of another place, all places being as likely."""
    from mutants import mutants_by_place  # noqa: PLC0415 (what it imports is there by now, and not for the tests)

    wanted = files_below(options.paths) if options.paths else changed_lines(options.since)
    places = [
        place for path, lines in sorted(wanted.items()) for place in mutants_by_place(path, path.read_text(), lines)
    ]
    if not places:
        raise ValueError(f"nothing to mutate in {', '.join(map(str, wanted)) or f'what changed since {options.since}'}")
    random = Random(options.seed)  # noqa: S311 (no secret)
    return [random.choice(place) for place in random.sample(places, min(options.sample, len(places)))]


def files_below(paths: Sequence[Path]) -> dict[Path, None]:
    """Return the Python files of the paths, relative to the repository."""
    for path in paths:
        if not path.exists() or not path.resolve().is_relative_to(ROOT / PACKAGE):
            raise ValueError(f"paths must be in {PACKAGE}, got {path}; name a file or a folder of it")
    found = {file for path in paths for file in ([path] if path.is_file() else path.rglob("*.py"))}
    return dict.fromkeys(file.resolve().relative_to(ROOT) for file in found)


def changed_lines(since: str) -> dict[Path, set[int]]:
    """Return the lines that are new or other than at the commit where this branch began, committed or not."""
    try:
        base = _git("merge-base", since, "HEAD").strip()
    except subprocess.CalledProcessError as error:
        raise ValueError(f"--since must be a commit, got {since}: {error.stderr.strip()}") from error
    return lines_of_diff(_git("diff", "--unified=0", "--no-color", "--no-ext-diff", base, "--", f"{PACKAGE}/**.py"))


def lines_of_diff(diff: str) -> dict[Path, set[int]]:
    """Return the lines that a diff without context adds, by file."""
    lines: dict[Path, set[int]] = defaultdict(set)
    path = Path()
    for line in diff.splitlines():
        if line.startswith("+++ b/"):
            path = Path(line.removeprefix("+++ b/"))
        elif hunk := re.match(r"@@ -\S+ \+(\d+)(?:,(\d+))? @@", line):
            first, count = int(hunk[1]), int(hunk[2] or 1)
            lines[path] |= set(range(first, first + count))
    return {path: found for path, found in lines.items() if found}


def mirrored_by(path: Path) -> str:
    """Return the tests that mirror a file of the package: the nearest folder, a file of its own, or all."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    folders = [Path("tests", *parts[:size]) for size in range(len(parts), 0, -1)]
    for tests in (*folders, Path("tests", f"test_{parts[0]}.py")):
        if (ROOT / tests).exists():
            return str(tests)
    return "tests"


def mirroring_importers(path: Path) -> set[str]:
    """Return the tests that mirror what imports a file: they hold what it says, as the rules' do the facts of AWS."""
    module = ".".join(path.with_suffix("").parts).removesuffix(".__init__")
    # But for what the package exports, since not all of the tests are about that.
    importers = _graph().find_modules_that_directly_import(module) - {PACKAGE}
    return {mirrored_by(Path(*importer.split("."))) for importer in importers} - {mirrored_by(path), "tests"}


@cache
def _graph() -> grimp.ImportGraph:
    return grimp.build_graph(PACKAGE, exclude_type_checking_imports=True)


@dataclass(frozen=True)
class Result:
    """What became of a mutant: killed, by a failure or many times the processor time; survived; or timeout.

    A timeout is by the clock, which a busy machine also brings about.
    """

    mutant: Mutant
    fate: str
    seconds: float
    diff: str = ""
    """What a survivor changes in the file as it was when the run began."""


@dataclass(frozen=True)
class Tests:
    """Tests as they ran on what is not broken: how long each took, and which lines it ran."""

    seconds: dict[str, float]
    by_line: dict[tuple[str, int], set[str]]

    def of(self, mutant: Mutant, mirrored: str) -> list[str]:
        """Return the tests that run what is broken, those that mirror its package first, and then the quick ones.

        What runs at import alone, as a constant does, or in another process is up to all that mirror its package, and
        to those that run anything of the file before the others.
        """
        running = {test for line in mutant.lines for test in self.by_line.get((str(mutant.path), line), ())}
        of_file = {test for (path, _), tests in self.by_line.items() if path == str(mutant.path) for test in tests}
        found = running or {test for test in self.seconds if test.startswith(mirrored)} | of_file
        return sorted(
            found,
            key=lambda test: (test not in of_file, not test.startswith(mirrored), self.seconds.get(test, 0), test),
        )


class Run:
    """Mutants on their way through the tests, each in one of several copies of the work tree."""

    def __init__(self, folder: Path, workers: int, then: Sequence[str]) -> None:
        """Make the copies, of what git knows and what it does not ignore."""
        self._workers, self._then = workers, then
        self._copies: SimpleQueue[Path] = SimpleQueue()
        self._running: set[subprocess.Popen[bytes]] = set()
        self._children: dict[Path, Children] = {}
        self._suites: Sequence[str] = []
        self._lock, self._stopped = Lock(), Event()
        self._mtime = int(time.time())
        for number in range(workers):
            copy = folder / str(number)
            for name in _git("ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0"):
                if name and (ROOT / name).is_file():
                    (copy / name).parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy2(ROOT / name, copy / name)
            self._copies.put(copy)

    def tests(self, suites: Sequence[str]) -> Tests:
        """Run the tests as they are, and learn from it."""
        self._suites = suites
        copy = self._copies.get()
        report = copy / "times.xml"
        options = ["--cov", "--cov-context=test", "--cov-report=", f"--junitxml={report}", "-o", "junit_family=xunit1"]
        code = self._pytest(copy, [*options, "--maxfail=0", "-n", str(self._workers), "--dist=worksteal", *suites])
        cases = list(ET.parse(report).iter("testcase")) if report.exists() else []  # noqa: S314 (pytest has written it)
        if code == _FAILED:
            # What failed may have waited for a busy machine, and a pass over everything is too long to lose for that.
            code = self._pytest(copy, [_node_id(case) for case in cases if _is_failed(case)])
        if code != 0:
            said = (copy / _OUTPUT).read_text(encoding="utf-8", errors="replace")
            raise ValueError(f"the tests must pass before anything is broken, and do not:\n{said}")
        seconds = {_node_id(case): float(case.get("time", 0)) for case in cases}
        data = CoverageData(str(copy / ".coverage"))
        data.read()
        by_line: dict[tuple[str, int], set[str]] = defaultdict(set)
        for file in data.measured_files():
            path = str(Path(file).relative_to(copy))
            for line, contexts in data.contexts_by_lineno(file).items():
                by_line[path, line] |= {context.rpartition("|")[0] for context in contexts if context}
        data.close()
        self._copies.put(copy)
        return Tests(seconds, by_line)

    def results(self, sample: Sequence[Mutant], tests: Tests) -> Iterator[Result]:
        """Yield what becomes of each mutant, as it becomes known."""
        with ThreadPoolExecutor(self._workers) as pool:
            futures = [pool.submit(self._result, mutant, tests) for mutant in sample]
            try:
                for future in as_completed(futures):
                    yield future.result()
            finally:
                self.stop()
                pool.shutdown(cancel_futures=True)

    def stop(self) -> None:
        """End what runs."""
        self._stopped.set()
        with self._lock:
            for process in self._running:
                _kill(process)

    def _result(self, mutant: Mutant, tests: Tests) -> Result:
        copy, started = self._copies.get(), time.monotonic()
        path = copy / mutant.path
        text = path.read_text(encoding="utf-8")
        try:
            self._write(path, mutant.code(text))
            chosen = tests.of(mutant, mirrored_by(mutant.path))
            seconds = 60 + 5 * round(sum(tests.seconds.get(test, 0) for test in chosen))
            answer = self._in_child(copy, {"path": str(mutant.path), "text": text, "tests": chosen}, seconds)
            if answer in {"failed", "endless"}:
                fate = "killed"
            else:
                code = self._pytest(copy, chosen, 5 * seconds)
                for tests_left, which in self._further(mutant.path):
                    if code == 0 and tests_left:
                        code = self._pytest(copy, sorted(tests_left), _LONG_SECONDS, which)
                        code = 0 if code == _NO_TESTS else code
                fate = {0: "survived", None: "timeout"}.get(code, "killed")
            diff = mutant.diff(text) if fate == "survived" else ""
            return Result(mutant, fate, time.monotonic() - started, diff)
        finally:
            self._write(path, text)
            self._copies.put(copy)

    def _further(self, path: Path) -> Iterator[tuple[set[str], str]]:
        """Yield what a survivor is run against, with pytest's mark of it.

        Tests that read the code instead of running it are in the folder itself and among those of the whole.
        """
        mirroring, whole = {mirrored_by(path)}, {str(each.relative_to(ROOT)) for each in ROOT.glob("tests/test_*.py")}
        yield mirroring | whole | (mirroring_importers(path) - set(self._suites)), _QUICK
        yield mirroring | mirroring_importers(path), "long"
        yield set(self._then), "not timed"

    def _in_child(self, copy: Path, request: dict[str, object], seconds: int) -> str:
        """Return what mutate_children answers, after starting it where it is not there."""
        if copy not in self._children:
            self._children[copy] = Children(copy, self._start, self._suites)
        answer = self._children[copy].answer({**request, "seconds": seconds}, 5 * seconds)
        if answer in {"endless", "broken"}:
            self._end(self._children.pop(copy).process)
        return answer

    def _write(self, path: Path, text: str) -> None:
        """Write a file so that no byte code of another mutant is taken for it: that goes by seconds and size."""
        path.write_text(text, encoding="utf-8")
        with self._lock:
            self._mtime += 1
            os.utime(path, (self._mtime, self._mtime))

    def _pytest(
        self, copy: Path, arguments: Sequence[str], timeout: float | None = None, which: str = _QUICK
    ) -> int | None:
        """Return pytest's exit code, or None after that many seconds."""
        process = self._start(copy, ["-m", which, *arguments])
        try:
            return process.wait(timeout)
        except subprocess.TimeoutExpired:
            return None
        finally:
            self._end(process)

    def _start(self, copy: Path, arguments: Sequence[str], connection: socket | None = None) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "pytest", "-qx", "-p", "no:cacheprovider"]
        # First on the path, also of the programs that tests start: the work tree is installed into .venv.
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(copy), str(copy / "scripts")])}
        descriptors = []
        if connection is not None:
            descriptors.append(connection.fileno())
            environment["MUTATE_SOCKET"] = str(connection.fileno())
        with self._lock:
            if self._stopped.is_set():
                raise KeyboardInterrupt
            with (copy / _OUTPUT).open("wb") as output:
                process = subprocess.Popen(  # noqa: S603
                    [*command, f"--basetemp={copy}-temporary", *arguments],
                    cwd=copy,
                    env=environment,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                    pass_fds=descriptors,
                )
            self._running.add(process)
        return process

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        with self._lock:
            self._running.discard(process)
        # Whatever a test has left running, too.
        _kill(process)


class Children:
    """A pytest that has collected the tests and answers what becomes of each mutant: mutate_children.py."""

    def __init__(self, copy: Path, start: Callable[..., subprocess.Popen[bytes]], suites: Sequence[str]) -> None:
        """Start it."""
        self._connection, theirs = socketpair()
        with theirs:
            self.process = start(copy, ["-p", "mutate_children", "-m", _QUICK, *suites], theirs)
        self._lines = self._connection.makefile("rw")
        self._lines.readline()

    def answer(self, request: dict[str, object], seconds: float) -> str:
        """Return the answer, `broken` where none comes within that many seconds."""
        self._connection.settimeout(seconds)
        try:
            print(json.dumps(request), file=self._lines, flush=True)
            return self._lines.readline().strip() or "broken"
        except OSError:
            return "broken"


def report(results: Iterator[Result]) -> int:
    """Print each result, survivors as diffs, and the figures of each folder, and return the exit code."""
    fates: dict[str, Counter[str]] = defaultdict(Counter)
    try:
        for number, each in enumerate(results, start=1):
            fates[str(each.mutant.path.parent)][each.fate] += 1
            click.echo(f"{number:4} {each.fate:8} {each.seconds:4.0f} s  {each.mutant.path}:{each.mutant.start[0]}")
            if each.diff:
                click.echo(each.diff)
    finally:
        total = sum(fates.values(), Counter[str]())
        for where, counts in [*sorted(fates.items()), ("together", total)]:
            said = f"{where}: {counts['killed']} of {counts.total()} killed, {counts['survived']} survived"
            click.echo(said + (f", {counts['timeout']} not known: their tests took too long" * bool(counts["timeout"])))
    return int(total["killed"] < total.total())


def _node_id(case: ET.Element) -> str:
    """Return what pytest calls a test that it has written into a report."""
    file, name, classname = (case.get(attribute, "") for attribute in ("file", "name", "classname"))
    classes = classname.split(".")[len(Path(file).parts) :]
    return "::".join([file, *classes, name])


def _is_failed(case: ET.Element) -> bool:
    return case.find("failure") is not None or case.find("error") is not None


def _kill(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True, text=True).stdout  # noqa: S603, S607


if __name__ == "__main__":
    sys.exit(main())
