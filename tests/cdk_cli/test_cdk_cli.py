"""How the CDK CLI is started, and what a source is taken for."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from org_constructs.cdk_cli.cli import CdkCli
from org_constructs.cdk_cli.source import is_revision

if TYPE_CHECKING:
    from pathlib import Path


def test_runs_in_its_own_environment_and_what_goes_over_it(tmp_path: Path) -> None:
    said = "import os, sys; print(os.environ['A'], os.environ['B'], *sys.argv[1:]); sys.exit(3)"
    cli = CdkCli((sys.executable, "-c", said), {"A": "own", "B": "own"})
    lines: list[str] = []
    assert cli.run("deploy", folder=tmp_path, each_line=lines.append, environment={"B": "other"}) == 3
    assert cli.run("diff", folder=tmp_path, each_line=lines.append) == 3
    assert lines == ["own other deploy --no-notices --no-color", "own own diff --no-notices --no-color"]


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
