"""The wheel and the sdist: what they hold, and that the package works where only the wheel and what it asks for are."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import tomllib
import venv
from functools import partial
from importlib.metadata import PathDistribution, distribution, version
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZipFile

import click
import pytest
from packaging.requirements import Requirement

from made_once import made_once
from org_constructs.commands import main
from project import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

pytestmark = pytest.mark.long

BUILD = "import sys, flit_core.buildapi as b; print(b.build_wheel(sys.argv[1]), b.build_sdist(sys.argv[1]))"
IMPORT_ALL = """
import importlib, pkgutil, org_constructs
for module in pkgutil.walk_packages(org_constructs.__path__, "org_constructs.", onerror=print):
    if not module.name.endswith("__main__"):
        try:
            importlib.import_module(module.name)
        except ImportError:
            print(module.name)
"""


def build(source: Path, into: Path) -> tuple[Path, Path]:
    """Build wheel and sdist of a source folder with the backend of its pyproject.toml."""
    done = subprocess.run(  # noqa: S603 (our own program)
        [sys.executable, "-c", BUILD, str(into)], cwd=source, stdout=subprocess.PIPE, check=True, text=True, timeout=60
    )
    wheel, sdist = done.stdout.split()
    return into / wheel, into / sdist


def files_of(wheel: Path) -> dict[str, bytes]:
    with ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def built(made_before: Path) -> tuple[Path, Path]:
    """The wheel and the sdist of the checkout."""
    return made_once(made_before / "dist", partial(build, ROOT))


class Installation:
    """A fresh virtual environment: the wheel, and links to the packages that its metadata asks for."""

    def __init__(self, wheel: Path, folder: Path, *, extras: Iterable[str] = ()) -> None:
        venv.create(folder, symlinks=True)
        self.bin = folder / "bin"
        [self.packages] = folder.glob("lib/python*/site-packages")
        install = ["install", "--quiet", "--no-deps", "--no-index", "--no-compile", str(wheel)]
        subprocess.run(  # noqa: S603 (pip)
            [sys.executable, "-m", "pip", "--python", str(self.bin / "python"), *install], check=True
        )
        [metadata] = self.packages.glob("*.dist-info")
        for name in _needed(PathDistribution(metadata), frozenset(extras)):
            for file in distribution(name).files or ():
                top = file.parts[0]
                link = self.packages / top
                if top not in {"..", "__pycache__"} and not link.exists():
                    link.symlink_to(str(distribution(name).locate_file(top)))

    def run(self, *command: str, folder: Path) -> subprocess.CompletedProcess[str]:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        environment["PATH"] = f"{self.bin}{os.pathsep}{environment['PATH']}"
        executable = shutil.which(command[0], path=environment["PATH"])
        assert executable
        return subprocess.run(  # noqa: S603 (the package's commands and the pinned CLI)
            [executable, *command[1:]],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def output(self, *command: str, folder: Path) -> str:
        done = self.run(*command, folder=folder)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def failing_modules(self, folder: Path) -> list[str]:
        """Return the modules of the package that do not import."""
        return self.output("python", "-c", IMPORT_ALL, folder=folder).split()


def _needed(package: PathDistribution, extras: frozenset[str]) -> set[str]:
    """Return the names of the distributions that a package needs, directly or not."""
    names: set[str] = set()
    seen: set[tuple[str, frozenset[str]]] = set()
    waiting = [*_requirements(package.requires or (), extras)]
    while waiting:
        requirement = waiting.pop()
        key = requirement.name, frozenset(requirement.extras)
        if key not in seen:
            seen.add(key)
            found = distribution(requirement.name)
            assert requirement.specifier.contains(found.version, prereleases=True), requirement
            names.add(requirement.name)
            waiting += _requirements(found.requires or (), key[1])
    return names


def _requirements(lines: Iterable[str], extras: frozenset[str]) -> Iterator[Requirement]:
    for line in lines:
        requirement = Requirement(line)
        if requirement.marker is None or any(requirement.marker.evaluate({"extra": each}) for each in ("", *extras)):
            yield requirement


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of examples/monorepo far from the checkout."""
    folder = tmp_path_factory.mktemp("example") / "monorepo"
    return shutil.copytree(
        ROOT / "examples" / "monorepo", folder, ignore=shutil.ignore_patterns("cdk.out", "__pycache__")
    )


@pytest.fixture(scope="module")
def plain(built: tuple[Path, Path], made_before: Path) -> Installation:
    """What `pip install org-constructs` gives."""
    return made_once(made_before / "plain", partial(Installation, built[0]))


@pytest.fixture(scope="module")
def assembly(plain: Installation, example: Path, made_before: Path) -> Path:
    """The example, synthesized by the installed package."""

    def synthesize(folder: Path) -> Path:
        plain.output("cdk", "synth", "--quiet", "--output", str(folder), folder=example)
        return folder

    return made_once(made_before / "example", synthesize)


def test_the_wheel_holds_the_package_and_nothing_else(built: tuple[Path, Path]) -> None:
    package = {
        path.relative_to(ROOT).as_posix(): path.read_bytes()
        for path in (ROOT / "org_constructs").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert "org_constructs/py.typed" in package
    contents = files_of(built[0])
    assert {name: data for name, data in contents.items() if ".dist-info/" not in name} == package


def test_the_wheel_holds_the_licence_and_the_notice(built: tuple[Path, Path]) -> None:
    licences = {name.rpartition("/")[2]: data for name, data in files_of(built[0]).items() if "/licenses/" in name}
    assert licences == {name: (ROOT / name).read_bytes() for name in ("LICENSE", "NOTICE")}


def test_the_sdist_builds_the_same_wheel(built: tuple[Path, Path], tmp_path: Path) -> None:
    wheel, sdist = built
    with tarfile.open(sdist) as archive:
        # Python has filters since 3.11.4: https://docs.python.org/3/library/tarfile.html#supporting-older-python-versions
        archive.extraction_filter = getattr(tarfile, "data_filter", None)
        archive.extractall(tmp_path)  # noqa: S202 (our own)
    (tmp_path / "dist").mkdir()
    again, _ = build(tmp_path / sdist.name.removesuffix(".tar.gz"), tmp_path / "dist")
    assert files_of(again) == files_of(wheel)


def test_the_backend_that_builds_is_the_one_that_is_asked_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["build-system"]["requires"] == [f"flit_core=={version('flit_core')}"]


def test_the_package_comes_from_the_wheel(plain: Installation, tmp_path: Path) -> None:
    code = "import org_constructs, importlib.metadata as m; print(org_constructs.__file__, m.version('org-constructs'))"
    where, installed = plain.output("python", "-c", code, folder=tmp_path).split()
    assert Path(where).is_relative_to(plain.packages)
    assert installed == version("org-constructs")


def test_every_module_imports_but_those_of_the_rehearsal(plain: Installation, tmp_path: Path) -> None:
    assert [name for name in plain.failing_modules(tmp_path) if not name.startswith("org_constructs.rehearsal")] == []


def test_has_every_command(plain: Installation, tmp_path: Path) -> None:
    shown = plain.output("org-baseline", "--help", folder=tmp_path)
    listed = [line.split()[0] for line in shown.partition("Commands:\n")[2].splitlines() if line.startswith("  ")]
    assert listed == main.list_commands(click.Context(main))
    assert listed
    for command in listed:
        plain.output("org-baseline", command, "--help", folder=tmp_path)


def test_synthesizes_and_checks_the_example(plain: Installation, assembly: Path, tmp_path: Path) -> None:
    assert plain.output("org-baseline", "check", str(assembly), folder=tmp_path).startswith("nothing found in 5 ")
    page = tmp_path / "organization.html"
    plain.output("org-baseline", "report", str(assembly), "--output", str(page), folder=tmp_path)
    assert "acme-shop" in page.read_text(encoding="utf-8")
    policy = plain.output("org-baseline", "deploy-policy", "--assembly", str(assembly), folder=tmp_path)
    assert "organizations:CreateAccount" in policy


def test_says_what_to_install_for_a_rehearsal(plain: Installation, example: Path) -> None:
    done = plain.run("org-baseline", "rehearse", folder=example)
    assert done.returncode == 2
    assert "pip install 'org-constructs[rehearsal]'" in done.stderr


def test_the_extra_rehearses_the_example(built: tuple[Path, Path], assembly: Path, tmp_path: Path) -> None:
    with_extra = Installation(built[0], tmp_path / "venv", extras=["rehearsal"])
    printed = with_extra.output("org-baseline", "rehearse", "--app", str(assembly), folder=tmp_path)
    assert "Deployed Organization, ShopAccess" in printed
    assert with_extra.failing_modules(tmp_path) == []
