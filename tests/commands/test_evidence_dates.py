"""`org-baseline report --evidence`: of when and of what the templates are that are synthesized for it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from cloud_assembly import baseline, stack, write_assembly
from org_constructs.commands import main

# What an app does, without a Node of its own: it writes the assembly where the CDK CLI wants it, as old as it is.
APP = """
import os, shutil
shutil.copytree("written", os.environ["CDK_OUTDIR"], dirs_exist_ok=True)
"""

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")


def git(*arguments: str) -> str:
    who = ("-c", "user.name=Dax", "-c", "user.email=dax@acme.com")
    return subprocess.run(["git", *who, *arguments], check=True, capture_output=True, text=True).stdout.strip()  # noqa: S603, S607 (of the test's own)


@pytest.fixture(autouse=True)
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An app that was committed on the first of October, and changed since."""
    for variable in [each for each in os.environ if each.startswith(("GIT_", "SOURCE_DATE_"))]:
        monkeypatch.delenv(variable)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2026-10-01T12:00:00Z")
    monkeypatch.chdir(tmp_path)
    Path("app.py").write_text(APP, encoding="utf-8")
    Path("cdk.json").write_text('{"app": "python app.py"}', encoding="utf-8")
    manifest = write_assembly(Path("written"), {"OrgBaseline": stack(baseline())}) / "manifest.json"
    git("init", "--quiet", "--initial-branch", "main")
    git("add", "--all", ".")
    git("commit", "--quiet", "-m", "Start")
    Path("app.py").write_text(f"{APP}# changed\n", encoding="utf-8")
    os.utime(manifest, (1_700_000_000, 1_700_000_000))


def reviewed(source: str) -> dict[str, Any]:
    result = CliRunner().invoke(main, ["report", source, "--evidence", "review"])
    assert result.exit_code == 0, result.output
    [controls] = Path("review").glob("controls-*.json")
    of: dict[str, Any] = json.loads(controls.read_text(encoding="utf-8"))["reviewed"]
    return of


def test_a_revision_is_of_when_it_was_committed() -> None:
    of = reviewed("main")
    assert of["date"] == "2026-10-01T12:00:00Z"
    assert of["revision"] == git("rev-parse", "--short=12", "main")


def test_an_app_is_of_when_it_was_synthesized() -> None:
    of = reviewed(".")
    assert of["date"] == "2023-11-14T22:13:20Z"
    assert of["revision"] == f"{git('rev-parse', '--short=12', 'main')} with uncommitted changes"
