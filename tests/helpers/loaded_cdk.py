"""The real CDK CLI in a process that runs one command after the other, each in a fifth of the time."""

from __future__ import annotations

import json
import os
import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from org_constructs.cdk_cli.cli import find_cdk_cli

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class LoadedCdk(Protocol):
    """What runs a command of the CDK CLI in a folder, and returns its exit code and what it wrote."""

    def __call__(self, *command: str, folder: Path, environment: Mapping[str, str]) -> tuple[int, str]: ...


@contextmanager
def loaded_cdk(home: Path, *, default_account: str) -> Iterator[LoadedCdk]:
    """Load the CDK CLI, which keeps its own files in a folder."""
    cli = find_cdk_cli(home, default_account=default_account)
    bundle = Path(cli.command[0]).resolve().parents[1] / "lib" / "index.js"
    server = Path(__file__).with_name("cdk_cli_server.js")
    with subprocess.Popen(  # noqa: S603 (the venv's)
        ["node", str(server), str(bundle)],  # noqa: S607 (likewise)
        env={**os.environ, "PATH": cli.environment["PATH"]},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        asked, answers = process.stdin, process.stdout
        assert asked is not None
        assert answers is not None

        def run(*command: str, folder: Path, environment: Mapping[str, str]) -> tuple[int, str]:
            whole = {
                "command": [*command, "--no-notices", "--no-color"],
                "folder": str(folder),
                "environment": {**cli.environment, **environment},
            }
            asked.write(f"{json.dumps(whole)}\n")
            asked.flush()
            answer = json.loads(answers.readline())
            return int(answer["code"]), str(answer["said"])

        yield run
