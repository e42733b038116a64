"""Every command of org-baseline as a program, on the guide's organization."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from .measure import Program, run
from .organizations import IDENTITY_STORE, INSTANCE_ARN, MANAGEMENT_ACCOUNT, REGION

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER: Final = Path(sys.executable).parent
TEMPLATE: Final = "OrgBaseline.template.json"
INIT: Final = (
    *("no-such-folder", "--company=acme", "--email=aws@acme.com", f"--account={MANAGEMENT_ACCOUNT}"),
    *(f"--region={REGION}", "--user-name=dax@acme.com", "--given-name=Dax", "--family-name=Acme"),
)
"""What a new app's questions are answered with, since nobody is there to answer."""


def command_lines(assembly: Path) -> dict[str, list[str]]:
    """Return the words of each command, by what is shown of them."""
    template = str(assembly / TEMPLATE)
    of_assembly = ("--assembly", str(assembly))
    return {
        "--help": ["--help"],
        "init --check": ["init", "--check", *INIT],
        "check": ["check", template],
        "report": ["report", template],
        "access-diff": ["access-diff", template, template],
        "account email": ["account", "email", "dev", "aws+dev@acme.com", *of_assembly],
        "offboard": ["offboard", "dax@acme.com", template],
        "deploy-policy": ["deploy-policy", *of_assembly],
        "sst": ["sst", *of_assembly],
        "aws-config --print": ["aws-config", "--print", *of_assembly],
        "adopt --dry-run": ["adopt", "--dry-run", *of_assembly],
        "doctor": ["doctor", *of_assembly],
        "drift": ["drift", *of_assembly],
        "rehearse": ["rehearse", "--app", str(assembly)],
    }


def waits(folder: Path) -> dict[str, dict[str, Program]]:
    """Return what people wait for, each as they run it in a clone and as the floor has it.

    Args:
        folder: Where what the floor needs is written.
    """
    # Whoever measures something else does not wait for the import.
    from org_constructs.rehearsal.first_deploy import first_deploy  # noqa: PLC0415
    from org_constructs.templates.assembly import read_stacks  # noqa: PLC0415

    environment = {
        "PATH": f"{FOLDER}{os.pathsep}{os.environ['PATH']}",
        "CDK_DISABLE_CLI_TELEMETRY": "true",
        "CDK_DISABLE_VERSION_CHECK": "true",
    }
    assembly, first = folder / "assembly", folder / "first"
    synth = ("cdk", "synth", "--quiet", "--no-notices", "--output")
    run(Program([*synth, str(assembly)], environment))
    first_deploy(read_stacks(assembly), assembly, first)

    def floor(part: str, *folders: Path, **more: str) -> Program:
        return Program([sys.executable, "-m", "benchmarks.floor", part, *map(str, folders)], {**environment, **more})

    def ours(*words: str, **more: str) -> Program:
        return Program(words, {**environment, **more})

    # A machine that has downloaded what is pinned, and unpacked none of it: jsii unpacks CDK there for the first app.
    fresh = {"JSII_RUNTIME_PACKAGE_CACHE_ROOT": "{out}/jsii"}
    clone = 'git clone --quiet . "$0" && exec "$0/scripts/rehearse"'
    app = f"{sys.executable} -m benchmarks.floor app {assembly}"
    return {
        "first rehearse": {
            "ours": ours("sh", "-c", clone, "{out}/clone", **fresh),
            "floor": floor("first-rehearse", assembly, first, **fresh),
        },
        "rehearse": {"ours": ours("org-baseline", "rehearse"), "floor": floor("rehearse", assembly, first)},
        "cdk synth": {"ours": ours(*synth, "{out}/out"), "floor": ours(*synth, "{out}/out", "--app", app)},
        "access-diff HEAD": {
            "ours": ours("org-baseline", "access-diff", "HEAD"),
            "floor": floor("access-diff", assembly),
        },
    }


@contextmanager
def commands(assembly: Path) -> Iterator[dict[str, Program]]:
    """Provide every command as a program; those that ask AWS ask a local one, where the assembly is deployed."""
    # Whoever measures something else does not wait for the import.
    from org_constructs.rehearsal.local_aws import Existing, LocalAws  # noqa: PLC0415

    with LocalAws(management_account_id=MANAGEMENT_ACCOUNT, region=REGION) as aws:
        aws.seed(Existing(instance_arn=INSTANCE_ARN, identity_store_id=IDENTITY_STORE))
        aws.client("cloudformation").create_stack(
            StackName="OrgBaseline", TemplateBody=(assembly / TEMPLATE).read_text(encoding="utf-8")
        )
        environment = {**aws.environment, "PATH": f"{FOLDER}{os.pathsep}{os.environ['PATH']}"}
        yield {
            # 1 and 3 say that there is something to see to, as the doctor, drift and offboard have here.
            name: Program([str(FOLDER / "org-baseline"), *words], environment, exit_codes=frozenset({0, 1, 3}))
            for name, words in command_lines(assembly).items()
        }
