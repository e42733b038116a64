"""Runs a composite action as a runner of GitHub does: its steps in order, in bash, with the environment that they get.

The actions that it uses are played: a checkout is a clone, an artifact a folder, and `gh` answers as it is told. What a
runner does: https://docs.github.com/en/actions/reference/workflows-and-actions/metadata-syntax and
https://docs.github.com/en/actions/reference/workflows-and-actions/variables
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml  # type: ignore[import-untyped]  # its stubs are a package of their own

if TYPE_CHECKING:
    from collections.abc import Mapping

_EXPRESSION: Final = re.compile(r"\$\{\{\s*(.+?)\s*\}\}")
_NAME: Final = re.compile(r"'[^']*'|(?P<name>[a-z_]+(?:\.[\w-]+)+)")
# https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsshell
_BASH: Final = ("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c")


class GithubRunner:
    """A runner of a repository, for the jobs of one run."""

    def __init__(self, action: Path, origin: Path, commit: str, folder: Path) -> None:
        self.action = yaml.safe_load(action.read_text(encoding="utf-8"))
        self.origin, self.commit, self.folder = origin, commit, folder
        self.workspace, self.temp = folder / "workspace", folder / "temp"
        self.artifacts, self.answers = folder / "artifacts", folder / "answers"
        self.fork = False
        self.uploaded: list[Any] = []
        """What code scanning got."""
        tools = folder / "bin"
        for each in (self.artifacts, self.answers, tools):
            each.mkdir()
        self._asked = folder / "asked"
        gh = tools / "gh"
        gh.write_text(
            f'#!/bin/bash\necho "$@" >> {self._asked}\n'
            f'case "$*" in *graphql*) cat {self.answers}/approvals ;;\n'
            f"*--paginate*) cat {self.answers}/comments ;; esac\n",
            encoding="utf-8",
        )
        gh.chmod(0o755)
        self._path = os.pathsep.join([str(tools), str(Path(sys.executable).parent), os.environ["PATH"]])
        self.answer()

    def answer(self, *, comments: str = "", approvals: str = "0\n") -> None:
        """Have GitHub answer which comments are the action's, and how many approve."""
        (self.answers / "comments").write_text(comments, encoding="utf-8")
        (self.answers / "approvals").write_text(approvals, encoding="utf-8")

    @property
    def asked(self) -> str:
        """What `gh` was asked."""
        return self._asked.read_text(encoding="utf-8") if self._asked.exists() else ""

    def job(self, **inputs: str) -> Job:
        """Run the action as a job's only step."""
        for each in (self.workspace, self.temp):
            shutil.rmtree(each, ignore_errors=True)
            each.mkdir()
        return Job(self, inputs)

    def use(self, action: str, given: Mapping[str, str]) -> None:
        """Do what another action does."""
        match action:
            case "actions/checkout":
                for command in (["init", "--quiet"], ["fetch", "--quiet", f"--depth={given['fetch-depth']}"]):
                    more = [f"file://{self.origin}", given["ref"]] if command[0] == "fetch" else []
                    self.git(*command, *more)
                self.git("checkout", "--quiet", "--detach", given["ref"])
            case "actions/upload-artifact":
                shutil.copytree(given["path"], self.artifacts / given["name"])
            case "actions/download-artifact":
                for each in self.artifacts.iterdir():
                    if fnmatch(each.name, given["pattern"]):
                        shutil.copytree(each, f"{given['path']}/{each.name}")
            case "github/codeql-action/upload-sarif":
                self.uploaded.append(json.loads(Path(given["sarif_file"]).read_text(encoding="utf-8")))
            case "actions/setup-python" | "actions/setup-node":
                assert given
            case _:
                raise AssertionError(action)

    def git(self, *arguments: str) -> None:
        subprocess.run(["git", *arguments], cwd=self.workspace, check=True)  # noqa: S603, S607 (of the machine)

    def bash(self, script: str, folder: str, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        """Run a step's script; of this process it has PATH, and where jsii has unpacked the CDK."""
        base = {
            **{name: value for name, value in os.environ.items() if name.startswith("JSII_RUNTIME_PACKAGE_CACHE")},
            "PATH": self._path,
            "HOME": str(self.folder),
            "GITHUB_WORKSPACE": str(self.workspace),
            "RUNNER_TEMP": str(self.temp),
            "GITHUB_OUTPUT": str(self.temp / "output"),
            "GITHUB_STEP_SUMMARY": str(self.temp / "summary"),
        }
        return subprocess.run(  # noqa: S603 (the action's own)
            [*_BASH, script],
            cwd=self.workspace / folder,
            env=base | dict(environment),
            check=False,
            capture_output=True,
            text=True,
        )


class Job:
    """What the steps of an action came to, up to the first that failed."""

    def __init__(self, runner: GithubRunner, inputs: Mapping[str, str]) -> None:
        action = runner.action
        assert inputs.keys() <= action["inputs"].keys()
        self._steps: dict[str, dict[str, str]] = {}
        head = {"sha": "0123abc", "repo": {"full_name": "someone/aws" if runner.fork else "acme/aws"}}
        self._contexts: dict[str, Any] = {
            "inputs": {name: each["default"] for name, each in action["inputs"].items()} | dict(inputs),
            "github": {
                "sha": runner.commit,
                "repository": "acme/aws",
                "token": "of-the-job",
                "workspace": str(runner.workspace),
                "event": {"pull_request": {"number": "7", "head": head}},
            },
            "runner": {"temp": str(runner.temp)},
        }
        self.log = ""
        self.failed = ""
        """The step that failed; empty where none did."""
        self.ran: list[str] = []
        for step in action["runs"]["steps"]:
            name = step.get("name") or step["uses"].partition("@")[0]
            if self._said(f"${{{{ {step.get('if', '1 == 1')} }}}}") != "True":
                continue
            self.ran.append(name)
            if "uses" in step:
                runner.use(name, {key: self._said(str(each)) for key, each in step["with"].items()})
                continue
            given = {key: self._said(each) for key, each in step.get("env", {}).items()}
            done = runner.bash(step["run"], self._said(step.get("working-directory", ".")), given)
            self.log += done.stdout + done.stderr
            if done.returncode:
                self.failed = name
                break
            written = runner.temp / "output"
            lines = written.read_text(encoding="utf-8").splitlines() if written.exists() else []
            self._steps[step.get("id", "")] = dict(line.split("=", 1) for line in lines)
            written.unlink(missing_ok=True)
        self.outputs = {name: self._said(each["value"]) for name, each in action["outputs"].items()}
        summary = runner.temp / "summary"
        self.summary = summary.read_text(encoding="utf-8") if summary.exists() else ""

    def _said(self, text: str) -> str:
        return _EXPRESSION.sub(lambda found: str(self._value(found[1])), text)

    def _value(self, expression: str) -> object:
        """Evaluate what the action uses of the language: names, texts, ==, != and &&."""
        python = _NAME.sub(lambda found: repr(self._of(found["name"])) if found["name"] else found[0], expression)
        return eval(python.replace("&&", "and"), {"__builtins__": {}})  # noqa: S307 (the action's own)

    def _of(self, name: str) -> str:
        context, *way = name.split(".")
        if context == "steps":
            return self._steps.get(way[0], {}).get(way[2], "")
        value = self._contexts[context]
        for each in way:
            value = value[each]
        return str(value)
