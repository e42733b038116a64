"""A folder of files is there complete or not at all, whenever it is looked at and whatever ends its writing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from org_constructs.app_code import folder as module
from org_constructs.app_code.folder import check_folder, write_folder
from org_constructs.refusal import Refusal
from refusals import refuses, sentences

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

FILES: Final = {
    "app.py": "#!/usr/bin/env python3\nprint('ä')\n",
    "policies/guardrails.json": "{}\n",
    ".gitignore": ".venv/\n",
}

KILLED_AT_EACH_LINE: Final = """
import os, shutil, sys
from pathlib import Path
from org_constructs.app_code import folder

files, file = {files!r}, folder.__file__
there, repository = sys.argv[1] == "there", sys.argv[1] == "repository"


def run(line):
    lines = 0

    def trace(frame, event, argument):
        nonlocal lines
        if frame.f_code.co_filename == file and event == "line":
            lines += 1
            if lines == line:
                os._exit(9)
        return trace

    sys.settrace(trace)
    folder.write_folder(Path("acme"), files)
    sys.settrace(None)
    os._exit(0)


def found():
    paths = [each for each in Path("acme").rglob("*") if each.is_file()]
    names = {{each: str(each.relative_to("acme")) for each in paths}}
    return {{name: each.read_text("utf-8") for each, name in names.items() if not name.startswith(".org-baseline-new")}}


def state():
    if found() == files:
        return "all"
    if repository:
        return "a part" if Path("acme/app.py").exists() else "nothing"
    return "nothing" if not found() and Path("acme").exists() == there else "a part"


for line in range(1, 1000):
    shutil.rmtree("acme", ignore_errors=True)
    if there:
        os.mkdir("acme")
    if repository:
        os.makedirs("acme/.git/refs")
    child = os.fork()
    if child == 0:
        run(line)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    ended = state()
    if ended == "nothing":
        folder.write_folder(Path("acme"), files)
        assert not Path("acme/.org-baseline-new").exists()
    print(code, ended, sorted(os.listdir()) == ["acme"] and found() == files)
    if code == 0:
        break
"""


def found(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in folder.rglob("*")
        if path.is_file()
    }


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("there", ["new", "there"])
def test_has_every_file_and_leaves_nothing_beside(tmp_path: Path, there: str) -> None:
    folder = tmp_path / "clients" / "acme"
    if there == "there":
        folder.mkdir(parents=True)
    write_folder(folder, FILES)
    assert found(folder) == FILES
    assert names_in(folder.parent) == ["acme"]


@pytest.mark.parametrize("there", ["new", "there", "repository"])
def test_killed_at_any_line_it_is_complete_or_not_there_and_the_next_run_completes_it(
    tmp_path: Path, there: str
) -> None:
    program = KILLED_AT_EACH_LINE.format(files=FILES)
    done = subprocess.run(  # noqa: S603 (our own program)
        [sys.executable, "-c", program, there], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=120
    )
    *killed, last = [line.split(maxsplit=1) for line in done.stdout.splitlines()]
    assert last == ["0", "all True"]
    assert {code for code, _ in killed} == {"9"}
    states = [state for _, state in killed]
    # Nothing at first, everything at the end, and no part in between.
    assert set(states) == {"nothing True", "all True"}
    assert states == sorted(states, reverse=True)
    assert len(killed) > 60


def test_an_interruption_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_become", lambda *_: os.kill(os.getpid(), signal.SIGINT))
    with pytest.raises(KeyboardInterrupt):
        write_folder(tmp_path / "acme", FILES)
    assert names_in(tmp_path) == []


def test_an_empty_folder_keeps_its_mode_and_a_new_one_has_that_of_any_other(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    write_folder(closed, FILES)
    assert closed.stat().st_mode & 0o777 == 0o700
    write_folder(tmp_path / "new", FILES)
    (tmp_path / "usual").mkdir()
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_what_says_how_it_runs_can_be_run(tmp_path: Path) -> None:
    write_folder(tmp_path / "acme", FILES)
    assert {name for name in FILES if os.access(tmp_path / "acme" / name, os.X_OK)} == {"app.py"}


def test_a_link_to_an_empty_folder_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "acme").symlink_to("there")
    write_folder(tmp_path / "acme", FILES)
    assert (tmp_path / "acme").is_symlink()
    assert found(tmp_path / "there") == FILES


@pytest.mark.parametrize("name", [".", "../acme"])
@pytest.mark.parametrize("has", [[], [".git/config", ".gitattributes", "LICENSE"]], ids=["empty", "clone"])
def test_the_current_folder_and_a_new_repository_get_the_files_and_keep_theirs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, has: list[str]
) -> None:
    folder = tmp_path / "acme"
    for each in has:
        (folder / each).parent.mkdir(parents=True, exist_ok=True)
        (folder / each).write_text("mine", encoding="utf-8")
    folder.mkdir(exist_ok=True)
    monkeypatch.chdir(folder)
    inode = folder.stat().st_ino
    write_folder(Path(name), FILES)
    assert found(folder) == {**FILES, **dict.fromkeys(has, "mine")}
    assert (folder.stat().st_ino, names_in(tmp_path)) == (inode, ["acme"])
    assert os.access("app.py", os.X_OK)


def test_what_fails_in_a_repository_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()

    def fail(path: Path) -> None:
        if path == tmp_path:
            assert (tmp_path / "app.py").exists()
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, "sync", fail)
    with refuses("folder-unwritable", "No space left on device"):
        write_folder(tmp_path, FILES)
    assert names_in(tmp_path) == [".git"]


def test_an_app_that_is_there_is_never_taken_for_what_a_run_left(tmp_path: Path) -> None:
    (tmp_path / ".org-baseline-new").mkdir()
    (tmp_path / ".org-baseline-new" / "app.py").write_text("edited", encoding="utf-8")
    (tmp_path / "app.py").hardlink_to(tmp_path / ".org-baseline-new" / "app.py")
    with refuses("folder-not-empty", "app.py"):
        write_folder(tmp_path, FILES)
    assert (tmp_path / "app.py").read_text(encoding="utf-8") == "edited"


def test_runs_at_the_same_time_write_one_folder(tmp_path: Path) -> None:
    code = (
        f"from pathlib import Path; from org_constructs.app_code.folder import *; write_folder(Path('acme'), {FILES})"
    )
    runs = [
        subprocess.Popen([sys.executable, "-c", code], cwd=tmp_path, stderr=subprocess.PIPE, text=True)  # noqa: S603 (our own program)
        for _ in range(4)
    ]
    said = [run.communicate(timeout=60)[1] for run in runs]
    assert sorted(run.returncode for run in runs) == [0, 1, 1, 1], said
    assert found(tmp_path / "acme") == FILES
    assert names_in(tmp_path) == ["acme"]


@pytest.mark.parametrize("there", ["app.py", "README.md", ".org-baseline-old/config"])
def test_a_folder_that_is_not_empty_is_refused_and_stays(tmp_path: Path, there: str) -> None:
    (tmp_path / there).parent.mkdir(exist_ok=True)
    (tmp_path / there).write_text("mine", encoding="utf-8")
    with refuses("folder-not-empty", str(tmp_path), there.partition("/")[0]):
        write_folder(tmp_path, FILES)
    assert found(tmp_path) == {there: "mine"}


def test_somebody_elses_file_that_comes_meanwhile_is_refused_and_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "acme"

    def write_and_meet(beside: Path, files: dict[str, str]) -> None:
        write(beside, files)
        folder.mkdir()
        (folder / "theirs").touch()

    write = module._write
    monkeypatch.setattr(module, "_write", write_and_meet)
    with refuses("folder-unwritable", str(folder)):
        write_folder(folder, FILES)
    assert found(folder) == {"theirs": ""}
    assert names_in(tmp_path) == ["acme"]


def test_says_what_is_wrong_with_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, snapshot: SnapshotAssertion
) -> None:
    monkeypatch.chdir(tmp_path)
    for folder in ("empty", "full"):
        Path(folder).mkdir()
    for name in "abcd":
        (Path("full") / name).touch()
    Path("file").touch()

    Path("link").symlink_to("nowhere")
    assert snapshot == sentences(
        [
            lambda: check_folder(Path("full")),
            lambda: check_folder(Path("file")),
            lambda: check_folder(Path("link")),
            lambda: write_folder(Path("file/acme"), FILES),
        ]
    )


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Refusal) as refused:
        write_folder(tmp_path / "file" / "acme", FILES)
    assert refused.value.code == "folder-unwritable"
