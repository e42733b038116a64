"""What is installed and run is what was reviewed: packages by hash, the CDK CLI by integrity, actions by commit."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest

from org_constructs.cdk_cli.cli import CDK_CLI_VERSION
from project import ROOT

if TYPE_CHECKING:
    from pathlib import Path

REQUIREMENTS = [
    "requirements.txt",
    "requirements-dev.txt",
    "scripts/build-requirements.txt",
    "scripts/mutate-requirements.txt",
]


def requirements(file: str) -> list[str]:
    """Each requirement of a file with all that follows it."""
    return (ROOT / file).read_text(encoding="utf-8").replace("\\\n", "").splitlines()


@pytest.mark.parametrize("file", REQUIREMENTS)
def test_every_package_is_locked_by_hash(file: str) -> None:
    lines = requirements(file)
    assert len(lines) > 20
    for line in lines:
        assert re.fullmatch(r"[a-z0-9.-]+(\[.+\])?==[^ ]+( ; [^-]+)?(\s+--hash=sha256:[0-9a-f]{64})+", line), line


def test_the_cdk_cli_is_locked_and_no_registry_is_named() -> None:
    lock = json.loads((ROOT / "scripts/cdk-cli/package-lock.json").read_text(encoding="utf-8"))
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert packages["node_modules/aws-cdk"]["version"] == CDK_CLI_VERSION
    for package in packages.values():
        assert package["integrity"].startswith("sha512-")
        assert "resolved" not in package


def test_actions_are_pinned_by_commit() -> None:
    workflows = [*(ROOT / "examples").rglob("*.yml"), *(ROOT / ".github").rglob("*.yml")]
    texts = [*(ROOT / "docs").rglob("*.md"), *workflows, ROOT / "README.md"]
    # This project's own action is named by its release, since no commit is known before there is one.
    others = r"- uses: (?!\./|OWNER/org_constructs@)(.+)"
    used = [line for text in texts for line in re.findall(others, text.read_text(encoding="utf-8"))]
    assert len(used) >= 5
    for each in used:
        assert re.fullmatch(r"[\w/.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", each), each


@pytest.mark.long
def test_a_release_has_a_bill_of_materials(tmp_path: Path) -> None:
    checkout = tmp_path / "checkout"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(checkout)], check=True)  # noqa: S603, S607 (git on PATH)
    shutil.copytree(ROOT / "scripts", checkout / "scripts", dirs_exist_ok=True)
    subprocess.run([checkout / "scripts/build"], check=True, timeout=300)  # noqa: S603 (our own script)
    wheel, sdist, bill = (next((checkout / "dist").glob(f"*{end}")) for end in (".whl", ".tar.gz", ".cdx.json"))
    assert sdist.stat().st_size
    assert {each.stat().st_mode & 0o777 for each in (wheel, sdist, bill)} == {0o644}
    with ZipFile(wheel) as archive:
        [metadata] = (archive.read(name).decode() for name in archive.namelist() if name.endswith("/METADATA"))
    assert "License-Expression: Apache-2.0" in metadata
    assert re.search(r"^Project-URL: Changelog, https://", metadata, re.MULTILINE)
    assert not re.search(r"\]\((?!https:)", metadata)
    document = json.loads(bill.read_text(encoding="utf-8"))
    assert document["bomFormat"] == "CycloneDX"
    assert {f"{each['name']}=={each['version']}" for each in document["components"]} == {
        re.sub(r"\[.*\]|[ ;].*", "", line) for line in requirements("requirements.txt")
    }
