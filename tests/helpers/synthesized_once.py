"""`python synthesized_once.py FOLDER app.py`: an app that runs once, and is copied where it would run the same again.

The walks deploy the same few edits of app.py a hundred times, and each synthesis takes four seconds of a processor.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

_GIVEN: Final = ("CDK_DEFAULT_ACCOUNT", "CDK_DEFAULT_REGION", "ORG_BASELINE_REHEARSED")
"""What the CDK CLI and a rehearsal tell an app in its environment, but for its context and CDK_OUTDIR."""


def synthesize_once(folder: Path, made: Path) -> None:
    """Make the app of a folder, which has app.py and cdk.json, an app that runs once as long as it stays the same."""
    settings = json.loads((folder / "cdk.json").read_text(encoding="utf-8"))
    assert settings["app"] == "python app.py"
    settings["app"] = f"{sys.executable} {__file__} {made} app.py"
    (folder / "cdk.json").write_text(json.dumps(settings), encoding="utf-8")


def main(made: Path, app: Path) -> int:
    context = json.loads(os.environ.get("CDK_CONTEXT_JSON", "{}"))
    # Whose assets are built, of which `cdk destroy` needs none; there are none.
    context.pop("aws:cdk:bundling-stacks", None)
    given = [app.read_text(encoding="utf-8"), context, *(os.environ.get(name, "") for name in _GIVEN)]
    before = made / hashlib.sha256(repr(given).encode()).hexdigest()
    if not before.is_dir():
        ran = subprocess.run([sys.executable, app], check=False)  # noqa: S603 (the app)
        if ran.returncode:
            return ran.returncode
        made.mkdir(parents=True, exist_ok=True)
        copy = Path(tempfile.mkdtemp(dir=made))
        shutil.copytree(os.environ["CDK_OUTDIR"], copy, dirs_exist_ok=True)
        try:
            copy.rename(before)
        except OSError:  # another worker was first
            shutil.rmtree(copy)
        return 0
    # As new as what has just run: commands say where an assembly is older than its app.
    shutil.copytree(before, os.environ["CDK_OUTDIR"], copy_function=shutil.copyfile, dirs_exist_ok=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
