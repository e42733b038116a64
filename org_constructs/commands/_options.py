"""The options that several commands have, so that they mean the same everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from org_constructs.templates.assembly import CDK_OUT

PATH: Final = click.Path(path_type=Path)

ASSEMBLY: Final = ("-a", "--app", "--assembly", "assembly")
"""The app as the CDK CLI takes it, of commands that run none: what `cdk synth` wrote with the user's credentials."""

assembly = click.option(
    *ASSEMBLY, type=PATH, default=CDK_OUT, show_default=True, help="The folder that `cdk synth` wrote."
)
app = click.option(
    *("-a", "--app"),
    metavar="COMMAND",
    help="The command that runs the app, or the folder that `cdk synth` wrote; default: as in cdk.json.",
)
stacks = click.option("--stack", "stacks", metavar="ID", multiple=True, help="Read only this stack. Can be repeated.")
profile = click.option(
    "--profile", metavar="NAME", help="The profile to call AWS with; default: the credentials that boto3 finds."
)
dry_run = click.option("--dry-run", is_flag=True, help="Show what would be done, but write nothing.")
