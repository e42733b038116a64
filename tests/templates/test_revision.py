"""The revision of git that a file is of."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from org_constructs.templates.revision import revision_of

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def git(folder: Path, *arguments: str) -> str:
    who = ("-c", "user.name=Dax", "-c", "user.email=dax@acme.com")
    done = subprocess.run(["git", "-C", folder, *who, *arguments], capture_output=True, text=True, check=True)  # noqa: S603, S607
    return done.stdout.strip()


def test_is_the_commit_and_whether_it_has_been_changed(tmp_path: Path) -> None:
    assert revision_of(tmp_path) == ""
    git(tmp_path, "init", "--quiet")
    assert revision_of(tmp_path) == ""
    (tmp_path / "app.py").write_text("1", encoding="utf-8")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "--message", "Begin")
    (tmp_path / "cdk.out").mkdir()
    (tmp_path / "cdk.out" / "manifest.json").write_text("{}", encoding="utf-8")
    commit = git(tmp_path, "rev-parse", "HEAD")[:12]
    assert revision_of(tmp_path / "cdk.out") == commit
    (tmp_path / "app.py").write_text("2", encoding="utf-8")
    assert revision_of(tmp_path / "cdk.out") == f"{commit} with uncommitted changes"


def test_is_none_without_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git(tmp_path, "init", "--quiet")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert revision_of(tmp_path) == ""
