"""The other libraries, each in an environment of its own below `.venv`."""

from __future__ import annotations

import shutil
import subprocess
import sys
import venv
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Final

from .measure import ROOT, Program, module, progress

FOLDER: Final = ROOT / ".venv" / "benchmarks"


@dataclass(frozen=True)
class Peer:
    """A library, and the program of `benchmarks/peers` that uses it."""

    module: str
    requirement: str
    is_cdk: bool = True

    def program(self, *words: str) -> Program:
        """Return its program, installed first where it is not."""
        return module(f"peers.{self.module}", *words, python=self._environment())

    def _environment(self) -> Path:
        """Return the Python of its environment."""
        requirements = [self.requirement, *([f"aws-cdk-lib=={version('aws-cdk-lib')}"] if self.is_cdk else [])]
        folder = FOLDER / self.module
        python = folder / "bin" / "python"
        installed = folder / "installed"
        if not installed.is_file() or installed.read_text(encoding="utf-8").split() != requirements:
            progress(f"Installing {' and '.join(requirements)} into {folder.relative_to(ROOT)} (once)")
            uv = shutil.which("uv", path=Path(sys.executable).parent) or shutil.which("uv")
            venv.create(folder, clear=True, with_pip=uv is None)
            install = [uv, "pip", "install", "--python", str(python)] if uv else [str(python), "-m", "pip", "install"]
            subprocess.run([*install, "--quiet", *requirements], check=True)  # noqa: S603 (an installer, pinned names)
            installed.write_text("\n".join(requirements), encoding="utf-8")
        return python


PEERS: Final = (
    Peer("pepperize", "pepperize.cdk-organizations==0.7.987"),
    Peer("data_landing_zone", "aws-data-landing-zone==0.6.17"),
    Peer("renovosolutions", "renovosolutions.aws-cdk-aws-sso==0.1.151"),
    Peer("sso_util", "aws-sso-util==4.33.0", is_cdk=False),
)
