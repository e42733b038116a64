"""app.py, as the CDK CLI synthesizes it."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

from org_constructs.cdk_cli.cli import find_cdk_cli
from project import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from syrupy.assertion import SnapshotAssertion

BREAK_RETAIN = """
for key in ("dev", "production"):
    app.node.find_child("OrgBaseline").accounts[key]._resource.apply_removal_policy(cdk.RemovalPolicy.DESTROY)
cdk.Validations.of(app.node.find_child("OrgBaseline").accounts["dev"]).acknowledge(
    cdk.Acknowledgment(id="OrgBaseline::OrgBaseline-Retain", reason="Closed after the workshop.")
)
"""


def synth(folder: Path, *, added: str = "") -> tuple[int, str, Path]:
    """Return exit code, output and assembly of `cdk synth` of app.py with code added at its end."""
    code, end, nothing = (ROOT / "app.py").read_text(encoding="utf-8").partition("app.synth()\n")
    assert (end, nothing) == ("app.synth()\n", "")
    program = folder / "app.py"
    program.write_text(code + added + end, encoding="utf-8")
    cli = find_cdk_cli(folder, default_account="111122223333")
    done = subprocess.run(  # noqa: S603 (the pinned CLI)
        [*cli.command, "synth", "--quiet", "--app", f"python {program}", "--output", str(folder / "cdk.out")],
        cwd=ROOT,
        env=cli.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        text=True,
        timeout=120,
    )
    return done.returncode, done.stdout, folder / "cdk.out"


def without_paths(template: dict[str, Any]) -> dict[str, Any]:
    """Return the template without the construct paths that the CLI asks for."""
    for resource in template["Resources"].values():
        del resource["Metadata"]["aws:cdk:path"]
        if not resource["Metadata"]:
            del resource["Metadata"]
    return template


def test_synthesizes_without_a_warning(tmp_path: Path, snapshot_json: SnapshotAssertion) -> None:
    exit_code, output, assembly = synth(tmp_path)
    assert exit_code == 0, output
    assert "warning" not in output.lower()
    assert "error" not in output.lower()
    template = json.loads((assembly / "OrgBaseline.template.json").read_text(encoding="utf-8"))
    assert without_paths(template) == snapshot_json
    assert not list(assembly.glob("asset*"))


def test_an_account_that_is_not_retained_fails_unless_acknowledged(tmp_path: Path) -> None:
    exit_code, output, assembly = synth(tmp_path, added=BREAK_RETAIN)
    template = json.loads((assembly / "OrgBaseline.template.json").read_text(encoding="utf-8"))
    policies = [body["DeletionPolicy"] for body in template["Resources"].values() if body["Type"].endswith("::Account")]
    assert policies == ["Delete", "Delete"]
    assert exit_code != 0
    assert "OrgBaseline::OrgBaseline-Retain" in output
    assert "OrgBaseline/Accounts/production/Resource" in output
    assert "Set DeletionPolicy and UpdateReplacePolicy to Retain." in output
    assert "Accounts/dev" not in output
