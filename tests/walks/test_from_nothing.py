"""From nothing to an organization: what a newcomer types who has uv or pip alone, and the README of the new app."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import venv
from typing import TYPE_CHECKING, Final

import pytest
from click.testing import CliRunner

from founder import (
    ANSWERS,
    FIRST_DAY_MADE,
    README,
    TUTORIAL,
    Founder,
    code,
    commands,
    output,
    steps,
    without_ids,
)
from org_constructs.cdk_cli.cli import CDK_CLI_VERSION
from org_constructs.commands import main
from org_constructs.rehearsal.local_aws import LocalAws
from project import ROOT
from synthesized_once import synthesize_once

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from loaded_cdk import LoadedCdk

pytestmark = pytest.mark.long

BUILD: Final = "import sys, flit_core.buildapi as b; print(b.build_wheel(sys.argv[1]))"
UV: Final = "uv==0.13.9"
GIT: Final = {f"GIT_{who}_{what}": "dax@acme.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
WITH_UVX: Final = [line for line in commands(TUTORIAL) if line.startswith("uvx ")]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This package, as an index would have it."""
    folder = tmp_path_factory.mktemp("dist")
    done = subprocess.run(  # noqa: S603 (our own program)
        [sys.executable, "-c", BUILD, str(folder)], cwd=ROOT, capture_output=True, check=True, text=True, timeout=60
    )
    return folder / done.stdout.strip()


@pytest.fixture
def nobody(wheel: Path, tmp_path: Path) -> dict[str, str]:
    """The environment of somebody who has nothing of this project but an index that has the wheel."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("AWS_", "PYTHON", "VIRTUAL_ENV", "CDK_"))
    }
    ours = os.path.dirname(sys.executable)  # noqa: PTH120 (as it stands in PATH)
    path = os.pathsep.join(folder for folder in kept["PATH"].split(os.pathsep) if folder != ours)
    nothing = {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull, "HOME": str(tmp_path / "home")}
    index = {"PIP_FIND_LINKS": str(wheel.parent), "UV_FIND_LINKS": str(wheel.parent)}
    return {**kept, **nothing, **index, "AWS_EC2_METADATA_DISABLED": "true", "PATH": path}


def run(command: str, folder: Path, environment: Mapping[str, str]) -> str:
    """Return what a command prints to somebody who is not there to answer."""
    answers = next((answers for start, answers in ANSWERS.items() if command.startswith(start)), [])
    program, *arguments = [*shlex.split(command), *answers]
    done = subprocess.run(  # noqa: S603 (README's commands)
        [program, *arguments],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=1800,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}"
    return done.stdout


def new_app(folder: Path) -> Path:
    """Make acme's app."""
    answers = ANSWERS["uvx org-constructs init"]
    assert CliRunner().invoke(main, ["init", str(folder / "acme"), *answers]).exit_code == 0
    return folder / "acme"


def newcomers_readme(folder: Path) -> tuple[list[str], str]:
    """Return the commands with which the README of an app installs what it needs, and its first day."""
    text = (folder / "README.md").read_text(encoding="utf-8")
    first_day = text.partition("## The first day")[2].partition("\n## ")[0]
    return commands(text.partition("## See it")[0]), first_day


def test_with_uv_alone_two_commands_show_the_first_day(nobody: dict[str, str], tmp_path: Path) -> None:
    venv.create(tmp_path / "uv", with_pip=True)
    run(f"{tmp_path}/uv/bin/python -m pip install --quiet --disable-pip-version-check {UV}", tmp_path, nobody)
    environment = {**nobody, "PATH": f"{tmp_path / 'uv' / 'bin'}{os.pathsep}{nobody['PATH']}"}
    assert [line.split()[-1] for line in WITH_UVX] == ["acme", "rehearse"]
    run(WITH_UVX[0], tmp_path, environment)
    shown = run(WITH_UVX[1], tmp_path / "acme", environment)
    assert re.findall(r"^\d\. ([^:]+)", shown, re.MULTILINE) == [
        "The first deploy",
        "`org-baseline doctor --fix`",
        "The click",
        "The next deploy",
    ]
    assert without_ids(output(TUTORIAL)[0]) in without_ids(shown)


def test_with_pip_alone_the_readme_of_the_app_says_how_to_install_what_shows_it(
    nobody: dict[str, str], tmp_path: Path
) -> None:
    folder = new_app(tmp_path)
    environment = {**nobody, "PIP_NO_COMPILE": "1"}  # of the CDK only what is imported is compiled, when it is
    for command in newcomers_readme(folder)[0]:
        if command == "source .venv/bin/activate":
            environment = {**environment, "PATH": f"{folder / '.venv' / 'bin'}{os.pathsep}{environment['PATH']}"}
        else:
            run(command, folder, environment)
    assert CDK_CLI_VERSION in run("cdk --version", folder, environment)
    example = tmp_path / "example"
    example.mkdir()
    (example / "app.py").write_text(code(README)[0], encoding="utf-8")
    _, rehearse = commands(README)
    assert without_ids(output(README)[0]) in without_ids(run(rehearse, example, environment))


def test_the_readme_of_the_app_leads_to_an_organization(tmp_path: Path, made_before: Path, cdk_cli: LoadedCdk) -> None:
    folder = new_app(tmp_path)
    synthesize_once(folder, made_before)
    _, first_day = newcomers_readme(folder)
    with LocalAws(management_account_id="111122223333", region="us-east-1") as aws:
        founder = Founder(aws, folder, {**os.environ, **GIT}, cdk=cdk_cli)
        founder.spend_the_first_day(first_day)
        assert founder.organization() == FIRST_DAY_MADE
        for command in commands("".join(step for _, step in steps(first_day)[6:])):
            founder.run(command)
