"""What a page says that it is read from."""

from __future__ import annotations

import os
import re
import subprocess
from typing import TYPE_CHECKING

import pytest

from org_constructs.commands._said import said
from org_constructs.templates.description import describe

if TYPE_CHECKING:
    from pathlib import Path

TEMPLATES = describe({})


def git(*arguments: str) -> str:
    who = ("-c", "user.name=kim", "-c", "user.email=kim@acme.com", "-c", "commit.gpgsign=false")
    return subprocess.run(["git", *who, *arguments], check=True, capture_output=True, text=True).stdout.strip()  # noqa: S603, S607


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an assembly of a minute after 1970, whose app is committed."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    (tmp_path / "app.py").write_text("")
    (tmp_path / "cdk.json").write_text('{"app": "python app.py"}')
    (tmp_path / "cdk.out").mkdir()
    (tmp_path / "cdk.out" / "manifest.json").write_text("{}")
    os.utime(tmp_path / "cdk.out" / "manifest.json", (60, 60))
    git("init", "--quiet")
    git("add", "app.py")
    git("commit", "--quiet", "--message", "app")
    return tmp_path


def test_says_of_when_an_assembly_is_and_of_which_revision(app: Path) -> None:
    commit = git("rev-parse", "--short=12", "HEAD")
    assert said("cdk.out", TEMPLATES) == f"cdk.out of 1970-01-01T00:01:00Z, revision {commit}"
    assert said("HEAD", TEMPLATES) == f"revision HEAD ({commit})"
    (app / "app.py").write_text("changed")
    assert said("cdk.out", TEMPLATES).endswith(f", revision {commit} with uncommitted changes")


def test_says_of_when_a_folder_is(app: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_COMMITTER_DATE", "1970-01-01T00:02:00Z")
    git("commit", "--quiet", "--amend", "--message", "app")
    commit = git("rev-parse", "--short=12", "HEAD")
    assert said(".", TEMPLATES) == f"this folder of 1970-01-01T00:02:00Z, revision {commit}"
    (app / "app.py").write_text("changed")
    os.utime(app / "app.py", (180, 180))
    os.utime(app / "cdk.json", (150, 150))
    changed = f"this folder of 1970-01-01T00:03:00Z, revision {commit} with uncommitted changes"
    assert said(".", TEMPLATES) == changed
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    assert said(".", TEMPLATES) == changed.replace("00:03:00Z", "00:00:00Z")


def test_says_of_a_name_of_a_folder_and_a_branch_what_was_read(app: Path) -> None:
    main = git("rev-parse", "--short=12", "HEAD")
    git("switch", "--quiet", "--create", "teams")
    (app / "app.py").write_text("teams")
    git("commit", "--quiet", "--all", "--message", "teams")
    teams = git("rev-parse", "--short=12", "HEAD")
    git("switch", "--quiet", "--detach", main)
    (app / "teams").mkdir()
    assert said("teams", TEMPLATES) == f"revision teams ({teams})"
    of_folder = re.compile(rf"teams of [-\dT:]+Z, revision {main}")
    assert of_folder.fullmatch(said("teams", TEMPLATES, "python app.py"))
    (app / "teams" / "cdk.json").write_text('{"app": "python app.py"}')
    assert of_folder.fullmatch(said("teams", TEMPLATES))


def test_a_date_can_be_given(app: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "120")
    assert app
    assert said("cdk.out", TEMPLATES).startswith("cdk.out of 1970-01-01T00:02:00Z")


def test_says_no_revision_outside_a_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    (tmp_path / "S.json").write_text("{}")
    file = str(tmp_path / "S.json")
    assert said(file, TEMPLATES) == f"{file} of 1970-01-01T00:00:00Z"
