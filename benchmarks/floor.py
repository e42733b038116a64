"""What no way of doing it could leave out: `python -m benchmarks.floor PART FOLDER…`.

Each part does what a command is for by the tools that it cannot do without, and nothing else: the CDK CLI, CDK's
import and validations, the local AWS. What the parts need is made before, and no part of what is measured.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

ROOT: Final = Path(__file__).parent.parent
PYTHON: Final = sys.executable
QUIET: Final = ("--quiet", "--no-notices", "--no-color", "--no-lookups")


def app(assembly: str) -> None:
    """Synthesize what the templates of an assembly say as L1 constructs, with CDK's checks and cdk-nag's."""
    import aws_cdk as cdk  # noqa: PLC0415 (the other parts do not wait for it)
    from aws_cdk import aws_identitystore, aws_organizations, aws_sso  # noqa: F401, PLC0415 (as every app of L1s)
    from cdk_nag import AwsSolutionsChecks  # noqa: PLC0415

    made = cdk.App()
    for name, template in _templates(Path(assembly)):
        stack = cdk.Stack(
            made,
            name,
            env=cdk.Environment(account="111122223333", region="us-east-1"),
            synthesizer=cdk.LegacyStackSynthesizer(),  # which needs no bootstrap
        )
        for logical_id, definition in template["Resources"].items():
            resource = cdk.CfnResource(
                stack, logical_id, type=definition["Type"], properties=definition.get("Properties", {})
            )
            for word in definition.keys() - {"Type", "Properties", "Metadata"}:
                resource.add_override(word, definition[word])
        for output, said in template.get("Outputs", {}).items():
            cdk.CfnOutput(stack, output, value=cdk.Token.as_string(said["Value"]))
    cdk.Validations.of(made).add_plugins(AwsSolutionsChecks(made))
    made.synth()


def access_diff(assembly: str) -> None:
    """Check HEAD out, synthesize it and the folder side by side, and read the templates of both."""
    with tempfile.TemporaryDirectory(prefix="benchmark-") as scratch:
        tree, *outputs = (Path(scratch) / name for name in ("tree", "old", "new"))
        _run(["git", "worktree", "add", "--quiet", "--detach", str(tree), "HEAD"])
        try:
            running = [
                subprocess.Popen(_synth(assembly, output), cwd=ROOT, env=_environment(scratch))  # noqa: S603 (our own)
                for output in outputs
            ]
            codes = [each.wait() for each in running]
            if any(codes):
                sys.exit(1)
        finally:
            _run(["git", "worktree", "remove", "--force", str(tree)])
        old, new = (dict(_templates(output)) for output in outputs)
        sys.exit(old != new)


def rehearse(assembly: str, first: str) -> None:
    """Synthesize, and deploy twice to a local AWS, between which policies and IAM Identity Center are enabled."""
    from org_constructs.rehearsal.local_aws import LocalAws  # noqa: PLC0415 (the other parts do not wait for it)

    with (
        tempfile.TemporaryDirectory(prefix="benchmark-") as scratch,
        LocalAws(management_account_id="111122223333", region="us-east-1") as aws,
    ):
        synthesized = Path(scratch) / "assembly"
        _run(_synth(assembly, synthesized), _environment(scratch))
        environment = {**_environment(scratch), **aws.environment}
        _run(_deploy(Path(shutil.copytree(first, Path(scratch) / "first"))), environment)
        organizations = aws.client("organizations")
        [root] = organizations.list_roots()["Roots"]
        organizations.enable_policy_type(RootId=root["Id"], PolicyType="SERVICE_CONTROL_POLICY")
        aws.enable_identity_center("arn:aws:sso:::instance/ssoins-1111222233334444", "d-1111222233")
        _run(_deploy(synthesized), environment)


def first_rehearse(assembly: str, first: str) -> None:
    """Install what is pinned into a new virtual environment, and rehearse with that."""
    with tempfile.TemporaryDirectory(prefix="benchmark-") as scratch:
        folder = Path(scratch) / "venv"
        python = str(folder / "bin" / "python")
        requirements = str(ROOT / "requirements.txt")
        if uv := shutil.which("uv"):
            _run([uv, "venv", "--quiet", "--python", PYTHON, str(folder)])
            _run([uv, "pip", "install", "--quiet", "--python", python, "--requirement", requirements])
        else:
            _run([PYTHON, "-m", "venv", str(folder)])
            _run([python, "-m", "pip", "install", "--quiet", "--no-compile", "--requirement", requirements])
        environment = {**os.environ, "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"}
        cli = shutil.copytree(ROOT / "scripts" / "cdk-cli", folder / "cdk-cli")
        words = ("--loglevel=error", "--no-fund", "--no-audit", "--ignore-scripts")
        _run(["npm", "ci", *words, "--prefix", str(cli)], environment)
        (folder / "bin" / "cdk").symlink_to("../cdk-cli/node_modules/.bin/cdk")
        _run([python, "-m", "benchmarks.floor", "rehearse", assembly, first], environment)


PARTS: Final[dict[str, Callable[..., None]]] = {
    "app": app,
    "access-diff": access_diff,
    "rehearse": rehearse,
    "first-rehearse": first_rehearse,
}


def _templates(assembly: Path) -> Iterable[tuple[str, dict[str, Any]]]:
    for file in sorted(assembly.glob("*.template.json")):
        yield file.name.partition(".")[0], json.loads(file.read_bytes())


def _synth(assembly: str, output: Path) -> list[str]:
    return ["cdk", "synth", *QUIET, "--app", f"{PYTHON} -m benchmarks.floor app {assembly}", "--output", str(output)]


def _deploy(assembly: Path) -> list[str]:
    words = ("--require-approval", "never", "--progress", "events", "--ci", "--no-notices", "--no-color")
    return ["cdk", "deploy", "--all", "--app", str(assembly), *words]


def _environment(home: str) -> dict[str, str]:
    return {**os.environ, "CDK_HOME": home, "CDK_DISABLE_CLI_TELEMETRY": "true", "CDK_DISABLE_VERSION_CHECK": "true"}


def _run(words: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
    subprocess.run(words, cwd=ROOT, env=environment, check=True)  # noqa: S603 (our own, and installers)


if __name__ == "__main__":
    PARTS[sys.argv[1]](*sys.argv[2:])
