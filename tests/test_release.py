"""What is released: under which licence, with links that lead somewhere, by a workflow that runs what there is."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from typing import TYPE_CHECKING, Any

import pytest
import yaml  # type: ignore[import-untyped]

from project import ROOT

if TYPE_CHECKING:
    from pathlib import Path

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
WORKFLOW: dict[str, Any] = yaml.safe_load((ROOT / ".github/workflows/release.yml").read_text(encoding="utf-8"))
JOBS = WORKFLOW["jobs"]
VERSION = PROJECT["version"]


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """A folder with what scripts/build makes of README.md and pyproject.toml."""
    for file in ("README.md", "pyproject.toml"):
        shutil.copy(ROOT / file, tmp_path)
    subprocess.run([sys.executable, ROOT / "scripts/published.py", tmp_path], check=True)  # noqa: S603 (our own script)
    return tmp_path


def released(version: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run scripts/release-notes as the checkout in the folder has it."""
    script = folder / "scripts/release-notes"
    return subprocess.run(  # noqa: S603 (our own script)
        [sys.executable, script, version], capture_output=True, check=False, text=True
    )


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "scripts").mkdir()
    for file in ("pyproject.toml", "scripts/release-notes"):
        shutil.copy(ROOT / file, tmp_path / file)
    return tmp_path


def test_the_licence_is_the_one_that_is_named() -> None:
    assert PROJECT["license"] == "Apache-2.0"
    assert PROJECT["license-files"] == ["LICENSE", "NOTICE"]
    assert "Apache License\n                           Version 2.0" in (ROOT / "LICENSE").read_text(encoding="utf-8")


def test_the_notice_names_all_data_that_is_made_from_that_of_others() -> None:
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    # cdk.json is what an app says to the CDK CLI, schema.json what `access-diff --format json` writes.
    ours = {"cdk.json", "schema.json"}
    data = [file for file in (ROOT / "org_constructs").rglob("*.json") if file.name not in ours]
    assert data
    for file in data:
        assert file.name in notice
    for script in re.findall(r"scripts/[\w-]+", notice):
        assert (ROOT / script).exists(), script


def test_every_link_of_the_published_readme_is_an_address_of_a_file_that_exists(published: Path) -> None:
    before = re.findall(r"\]\((?!https:)([^)]+)\)", (ROOT / "README.md").read_text(encoding="utf-8"))
    after = re.findall(r"\]\(([^)]+)\)", (published / "README.md").read_text(encoding="utf-8"))
    source = PROJECT["urls"]["Source"]
    ours = [link.removeprefix(source) for link in after if link.startswith(source)]
    assert before
    assert [link.split(f"/v{VERSION}/")[1] for link in ours] == before
    assert all(link.startswith("https://") for link in after)
    for path in before:
        assert (ROOT / path.partition("#")[0]).exists(), path


def test_all_addresses_of_the_metadata_come_from_one(published: Path) -> None:
    assert list(PROJECT["urls"]) == ["Source"]
    urls = tomllib.loads((published / "pyproject.toml").read_text(encoding="utf-8"))["project"]["urls"]
    assert sorted(urls) == ["Changelog", "Documentation", "Issues", "Source"]
    for url in urls.values():
        assert url.startswith(PROJECT["urls"]["Source"])


def test_only_the_job_that_publishes_may_speak_for_the_project_and_runs_nothing_of_it() -> None:
    assert WORKFLOW["permissions"] == {}
    trusted = [name for name, job in JOBS.items() if "id-token" in job["permissions"]]
    assert trusted == ["publish"]
    assert JOBS["publish"]["permissions"] == {"id-token": "write"}
    assert JOBS["publish"]["environment"] == "pypi"
    assert not any("checkout" in step.get("uses", "") for step in JOBS["publish"]["steps"])
    writing = [name for name, job in JOBS.items() if job["permissions"].get("contents") == "write"]
    assert writing == ["announce"]


def test_a_release_is_checked_built_and_installed_before_it_is_published() -> None:
    assert [JOBS[name].get("needs") for name in ("build", "install", "publish", "announce")] == [
        None,
        "build",
        "install",
        "publish",
    ]
    commands = [step["run"] for step in JOBS["build"]["steps"] if "run" in step]
    assert [re.search(r"(scripts|\.ci)/[\w-]+", command)[0] for command in commands] == [  # type: ignore[index]
        "scripts/release-notes",
        ".ci/run",
        "scripts/build",
    ]


def test_the_workflow_runs_scripts_that_there_are_and_hands_on_what_was_built() -> None:
    steps = [step for job in JOBS.values() for step in job["steps"]]
    for script in re.findall(r"(?:scripts|\.ci)/[\w-]+", " ".join(step.get("run", "") for step in steps)):
        assert (ROOT / script).exists(), script
    artifacts = {step["with"]["name"] for step in steps if "-artifact@" in step.get("uses", "")}
    assert artifacts == {"release"}


def test_installs_on_the_oldest_and_the_newest_python_that_are_supported() -> None:
    supported = re.findall(r"Python :: (3\.\d+)", " ".join(PROJECT["classifiers"]))
    assert JOBS["install"]["strategy"]["matrix"]["python"] == [supported[0], supported[-1]]
    assert f">={supported[0]}" == PROJECT["requires-python"]
    finds = (ROOT / "scripts/_environment").read_text(encoding="utf-8")
    assert all(f"python{version}" in finds for version in supported)


def test_the_notes_are_the_section_of_the_version(checkout: Path) -> None:
    text = f"# Changelog\n\n## {VERSION} (2026-11-26)\n\n- One.\n\n### Two\n\n- Two.\n\n## 0.0.1\n\n- Old.\n"
    (checkout / "CHANGELOG.md").write_text(text, encoding="utf-8")
    assert released(VERSION, checkout).stdout == "- One.\n\n### Two\n\n- Two.\n"


@pytest.mark.parametrize(
    ("version", "changelog"), [(VERSION, "## Unreleased\n\n- One.\n"), ("9.9.9", "## 9.9.9\n\n- One.\n")]
)
def test_a_version_without_notes_or_of_another_number_is_refused(checkout: Path, version: str, changelog: str) -> None:
    (checkout / "CHANGELOG.md").write_text(changelog, encoding="utf-8")
    done = released(version, checkout)
    assert (done.returncode, done.stdout) == (2, "")
    assert version in done.stderr
